"""The manifest of one network: what it is, what its files must be, and how its cosines are to be read.

Called by `ModelStore` on any thread; pure reading. A manifest may come from a folder that anybody wrote, so every
field is checked for type and range before it is believed, and every complaint is one sentence with the file's name.

The alternative that lost: metadata inside the ONNX file. It cannot carry the file's own checksum, and reading it
means handing an unverified file to a native parser first.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofind.errors import ModelError

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 1
VARIANTS = ("int8", "float")
"""The files a network may have: quantised for CPUs with int8 dot products, and single precision for the rest."""

MANIFEST_LIMIT_BYTES = 1_000_000
MODEL_LIMIT_BYTES = 1 << 30
"""A larger network is refused: protobuf ends at 2 GiB, and no network for this purpose comes near a tenth of it."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One ONNX file of a network. `name` is a plain name inside the manifest's folder."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What cosines of this network mean, measured.

    Attributes:
        same_picture_cosine: At or above it two photos are edits of one picture; chosen so that even among photos of
            one kind of subject only a few pairs in a million reach it.
        similar_cosine: At or above it nine of ten pairs, in a mixed collection, show the same kind of subject.
        same_picture_recall: Share of edited copies (all kinds of edits) that reach `same_picture_cosine`.
    """

    same_picture_cosine: float
    similar_cosine: float
    same_picture_recall: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is known of one network before it is loaded.

    Attributes:
        folder: Where the manifest lies; its files lie beside it.
        model_id: Stands with every vector in the catalog. Other weights or another projection: another id.
        input_px: Side of the square input.
        dimension: Length of the vector.
        files: By variant, at least one of `VARIANTS`.
        probe: Expected unit vector for `probe_pixels`, or None. A provider that computes another one is broken.
        licence: Name of the licence of the weights.
        source: Where the weights come from, and what they were trained on.
        measured: Figures by name, for people.
    """

    folder: Path
    model_id: str
    architecture: str
    input_px: int
    dimension: int
    files: Mapping[str, ModelFile]
    calibration: Calibration
    licence: str
    source: str
    probe: NDArray[np.float32] | None = field(default=None, compare=False)  # == on arrays is no truth value
    measured: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text that `load` reads back as an equal manifest."""
        document: dict[str, Any] = {
            "manifest_version": MANIFEST_VERSION,
            "id": self.model_id,
            "architecture": self.architecture,
            "input_px": self.input_px,
            "dimension": self.dimension,
            "preprocessing": "in-graph",
            "files": {
                variant: {"name": file.name, "sha256": file.sha256, "bytes": file.size_bytes}
                for variant, file in self.files.items()
            },
            "calibration": {
                "same_picture_cosine": self.calibration.same_picture_cosine,
                "similar_cosine": self.calibration.similar_cosine,
                "same_picture_recall": self.calibration.same_picture_recall,
            },
            "measured": dict(self.measured),
            "licence": self.licence,
            "source": self.source,
        }
        if self.probe is not None:
            document["probe"] = base64.b64encode(self.probe.astype("<f2").tobytes()).decode("ascii")
        return json.dumps(document, indent=2) + "\n"


def load(folder: Path) -> Manifest:
    """Read and check the manifest in `folder`; the ONNX files are not touched.

    Raises:
        ModelError: The manifest is missing, not of the right form, or of a newer version.
    """
    path = folder / MANIFEST_NAME
    fields = _Fields(path, _read(path))
    version = fields.integer("manifest_version", 1, 1_000_000)
    if version > MANIFEST_VERSION:
        raise ModelError(f"{path} was made for a newer PhotoFind; please update.")
    preprocessing = fields.text("preprocessing", 40)
    if preprocessing != "in-graph":
        raise ModelError(f"{path}: preprocessing {preprocessing!r} is not known; only in-graph is.")
    dimension = fields.integer("dimension", 8, 4096)
    return Manifest(
        folder=folder,
        model_id=fields.matching("id", _ID),
        architecture=fields.text("architecture", 200),
        input_px=fields.integer("input_px", 32, 1024),
        dimension=dimension,
        files=_files(fields.section("files")),
        calibration=_calibration(fields.section("calibration")),
        licence=fields.text("licence", 200),
        source=fields.text("source", 4000),
        probe=_probe(fields, dimension),
        measured=fields.section("measured").all_numbers(),
    )


def probe_pixels(input_px: int) -> NDArray[np.uint8]:
    """Return the picture whose vector a manifest records: uint8 [1, input_px, input_px, 3].

    Made by integer arithmetic alone, so that it is the same on every machine: a sky over a ground, three discs and
    some texture, enough like a photo to wake the network up.
    """
    side = np.arange(input_px, dtype=np.int64) * 256 // input_px
    y, x = np.meshgrid(side, side, indexing="ij")
    ground = y > 150 + x // 16
    texture = (x * 7 + y * 13 + (x * y) // 5) % 32
    red = np.where(ground, 70 + x // 4 + texture, 90 + y // 3)
    green = np.where(ground, 100 + y // 4 + texture, 140 + y // 4)
    blue = np.where(ground, 40 + texture, 235 - y // 3)
    picture = np.stack([red, green, blue], axis=-1)
    for centre_x, centre_y, radius, colour in (
        (70, 60, 30, (250, 220, 90)),
        (150, 170, 48, (170, 40, 50)),
        (205, 120, 26, (40, 60, 150)),
    ):
        inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 < radius * radius
        picture[inside] = np.asarray(colour) - texture[inside, None] // 2
    return np.ascontiguousarray(picture.clip(0, 255).astype(np.uint8)[None])


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MANIFEST_LIMIT_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > MANIFEST_LIMIT_BYTES:
        raise ModelError(f"{path} is too large for a manifest.")
    try:
        document = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise ModelError(f"{path} is not JSON.") from error
    if not isinstance(document, dict):
        raise ModelError(f"{path} is not a JSON object.")
    return document


class _Fields:
    """Typed access to one JSON object; every complaint names the file and the field."""

    def __init__(self, path: Path, values: Mapping[str, Any], prefix: str = "") -> None:
        self._path = path
        self._values = values
        self._prefix = prefix

    def __iter__(self) -> Any:
        return iter(self._values)

    def complain(self, name: str, expected: str) -> ModelError:
        return ModelError(f"{self._path}: {self._prefix}{name} should be {expected}.")

    def text(self, name: str, limit: int) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > limit or not value.isprintable():
            raise self.complain(name, f"a line of text of at most {limit} characters")
        return value

    def optional_text(self, name: str, limit: int) -> str | None:
        return self.text(name, limit) if name in self._values else None

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise self.complain(name, f"text of the form {pattern.pattern}")
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.complain(name, f"a whole number from {low} to {high}")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        value = self._values.get(name)
        # The range is written so that NaN, which json accepts, fails it.
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self.complain(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def all_numbers(self) -> dict[str, float]:
        return {name: self.number(name, -1e12, 1e12) for name in self._values}

    def section(self, name: str) -> "_Fields":
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise self.complain(name, "a JSON object")
        return _Fields(self._path, value, f"{self._prefix}{name}.")


def _files(section: _Fields) -> dict[str, ModelFile]:
    files = {}
    for variant in section:
        if variant not in VARIANTS:
            raise section.complain(variant, f"one of {' and '.join(VARIANTS)}")
        entry = section.section(variant)
        files[variant] = ModelFile(
            # A plain name: nothing outside the manifest's own folder can be named.
            name=entry.matching("name", _FILE_NAME),
            sha256=entry.matching("sha256", _SHA256),
            size_bytes=entry.integer("bytes", 1, MODEL_LIMIT_BYTES),
        )
    if not files:
        raise section.complain("int8", "there, or float")
    return files


def _calibration(section: _Fields) -> Calibration:
    return Calibration(
        same_picture_cosine=section.number("same_picture_cosine", -1, 1),
        similar_cosine=section.number("similar_cosine", -1, 1),
        same_picture_recall=section.number("same_picture_recall", 0, 1),
    )


def _probe(fields: _Fields, dimension: int) -> NDArray[np.float32] | None:
    text = fields.optional_text("probe", 4 * dimension)
    if text is None:
        return None
    try:
        vector = np.frombuffer(base64.b64decode(text, validate=True), dtype="<f2").astype(np.float32)
    except (binascii.Error, ValueError) as error:
        raise fields.complain("probe", "a base64 vector of float16") from error
    length = float(np.sqrt((vector**2).sum())) if np.isfinite(vector).all() else math.nan
    if vector.shape != (dimension,) or not 0.9 < length < 1.1:
        raise fields.complain("probe", f"a unit vector of {dimension} float16 values")
    vector = np.asarray(vector / length, dtype=np.float32)
    vector.flags.writeable = False
    return vector
