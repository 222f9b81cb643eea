"""The manifest of one network: what it is, what its files must be, and how its cosines are to be read.

Called by `ModelStore` on any thread; pure reading. A manifest may come from a folder that anybody wrote, so every
field is checked for type and range before it is believed, and every complaint is one sentence with the file's name.

Version 2 describes networks that PhotoFind did not make, too: how their input is laid out, what is to be done with
their output, and the space in which words meet their pictures. Version 1 knew only networks with all of that in the
graph; it is read with the defaults, which say just this. What can be left out (a curve that nobody fitted, `shows`
among them) is no version of its own: who does not know a field passes it over, who misses it does without.

The alternatives that lost: metadata inside the ONNX file, which cannot carry the file's own checksum and is read
only by handing an unverified file to a native parser; and rewriting a foreign graph until it looks like ours, which
needs the package onnx on every user's machine and makes another file than the one that was published.
"""

import base64
import binascii
import dataclasses
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from photofind.errors import ModelError

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 2
"""Written; 1, which has no input, output, text and text_files, is read as well."""
VARIANTS = ("int8", "float")
"""The files a network may have: quantised for CPUs with int8 dot products, and single precision for the rest."""

MANIFEST_LIMIT_BYTES = 1_000_000
MODEL_LIMIT_BYTES = 1 << 30
"""A larger network is refused: protobuf ends at 2 GiB, and no network for this purpose comes near a tenth of it."""

TEXT_FILES = ("text", "tokenizer")
"""The files of a text encoder that came with its image network as a pair: the ONNX file and its tokenizer.json."""

MODEL_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
"""What a network, and a text encoder, may be called: it becomes a folder's name on every system."""
ONNX_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx")
TOKENIZER_NAME = re.compile(r"(?!manifest\.json$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.json")
SHA256 = re.compile(r"[0-9a-f]{64}")
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a network. `name` is a plain name inside the manifest's folder."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely something is at a cosine: 1 / (1 + exp(-(slope * cosine + intercept))), fitted on held-back pairs.

    Attributes:
        slope: Above 0: a larger cosine never means less.
        intercept: What the exponent is at cosine 0.
    """

    slope: float
    intercept: float

    def probability(self, cosine: float) -> float:
        """Return the chance at this cosine, from 0 to 1."""
        exponent = self.slope * cosine + self.intercept
        if exponent >= 0:
            return 1 / (1 + math.exp(-exponent))
        odds = math.exp(exponent)  # exp of a large number would overflow, so that of its negative is used
        return odds / (1 + odds)

    def cosine(self, probability: float) -> float:
        """Return the cosine at which the chance is `probability`; it may lie outside -1..1.

        Raises:
            ValueError: The probability is not between 0 and 1; the curve only comes near both.
        """
        if not 0 < probability < 1:
            raise ValueError(f"probability {probability} is not between 0 and 1")
        return (math.log(probability) - math.log1p(-probability) - self.intercept) / self.slope


@dataclass(frozen=True, slots=True)
class Calibration:
    """What cosines of this network mean, measured.

    Attributes:
        same_picture_cosine: At or above it two photos are edits of one picture; chosen so that even among photos of
            one kind of subject only a few pairs in a million reach it.
        similar_cosine: At or above it nine of ten pairs, in a mixed collection, show the same kind of subject.
        same_picture_recall: Share of edited copies (all kinds of edits) that reach `same_picture_cosine`.
        same_picture: Chance that two photos are edits of one picture.
        same_scene: Chance that two photos show the same scene or kind of subject.
    """

    same_picture_cosine: float
    similar_cosine: float
    same_picture_recall: float
    same_picture: Chance | None = None
    same_scene: Chance | None = None


@dataclass(frozen=True, slots=True)
class InputFormat:
    """How a network takes its pictures; the defaults are those of a network that does everything in its graph.

    A channel's value is (uint8 value - mean) / std.

    Attributes:
        name: Of the ONNX input.
        layout: "nhwc" or "nchw".
        dtype: "uint8", "float32" or "float16"; uint8 goes in as it is, float16 is computed as float32 and rounded.
        mean: By channel, red first, in units of 0..255.
        std: By channel, in the same units.
        batch: A batch size that is fixed in the graph; None where it takes any number of photos.
    """

    name: str = "pixels"
    layout: Literal["nhwc", "nchw"] = "nhwc"
    dtype: Literal["uint8", "float32", "float16"] = "uint8"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """How a network gives its vectors.

    Attributes:
        name: Of the ONNX output.
        pooling: What makes one vector of the output: "none" where it is one, "mean" over a map or over tokens, or
            the "first" of the tokens.
    """

    name: str = "embedding"
    pooling: Literal["none", "mean", "first"] = "none"


@dataclass(frozen=True, slots=True)
class TextSpace:
    """Where words and pictures meet: the network's second output, the ONNX output named "text".

    A photo's vector there is that output, float32 [dimension] of length 1. The vector of words is
    normalise(encode(words) - centre).

    Attributes:
        encoder: Id of the text encoder. Equal to the model's own id for a pair of networks trained together; then
            the encoder lies in the model's folder, and where the network has no output "text" its embedding is it.
        dimension: Length of the vectors.
        centre: float32 [dimension], what all texts have in common in this space, or None.
        label: Chance that a label holds, by the cosine of photo and label.
        found_cosine: Below it a photo is no answer to words.
        shows: Chance that a photo shows what words say, by their cosine; None where nobody measured it.
    """

    encoder: str
    dimension: int
    centre: NDArray[np.float32] | None = field(default=None, compare=False)  # == on arrays is no truth value
    label: Chance | None = None
    found_cosine: float = -1.0
    shows: Chance | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is known of one network before it is loaded.

    Attributes:
        folder: Where the manifest lies; its files lie beside it.
        model_id: Stands with every vector in the catalog. Other weights or another projection: another id.
        input_px: Side of the square input.
        dimension: Length of the vector.
        files: By variant, at least one of `VARIANTS`.
        input: How the network takes its pictures.
        output: How it gives their vectors.
        text: The space of words, or None for a network that knows none.
        text_files: All `TEXT_FILES` of the model's own text encoder, or none.
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
    input: InputFormat = InputFormat()
    output: OutputFormat = OutputFormat()
    text: TextSpace | None = None
    text_files: Mapping[str, ModelFile] = field(default_factory=dict)

    @property
    def is_foreign(self) -> bool:
        """Whether PhotoFind prepares the pictures for this network and makes its vectors of length 1.

        A network with the default formats promises to do both itself, and is refused when it does not.
        """
        return self.input != InputFormat() or self.output != OutputFormat()

    def to_json(self) -> str:
        """Return the text that `load` reads back as an equal manifest."""
        document: dict[str, Any] = {
            "manifest_version": MANIFEST_VERSION,
            "id": self.model_id,
            "architecture": self.architecture,
            "input_px": self.input_px,
            "dimension": self.dimension,
            "input": _without_none(dataclasses.asdict(self.input)),
            "output": dataclasses.asdict(self.output),
            "files": _files_to_json(self.files),
            "calibration": _without_none(dataclasses.asdict(self.calibration)),
            "measured": dict(self.measured),
            "licence": self.licence,
            "source": self.source,
        }
        if self.probe is not None:
            document["probe"] = _base64(self.probe, "<f2")
        if self.text is not None:
            centre = None if self.text.centre is None else _base64(self.text.centre, "<f4")
            document["text"] = _without_none(dataclasses.asdict(self.text) | {"centre": centre})
        if self.text_files:
            document["text_files"] = _files_to_json(self.text_files)
        return json.dumps(document, indent=2) + "\n"


def load(folder: Path) -> Manifest:
    """Read and check the manifest in `folder`; the ONNX files are not touched.

    Raises:
        ModelError: The manifest is missing, not of the right form, or of a newer version.
    """
    path = folder / MANIFEST_NAME
    fields = Fields(path, read_document(path))
    version = fields.integer("manifest_version", 1, 1_000_000)
    if version > MANIFEST_VERSION:
        raise ModelError(f"{path} was made for a newer PhotoFind; please update.")
    if version == 1:
        preprocessing = fields.text("preprocessing", 40)
        if preprocessing != "in-graph":
            raise ModelError(f"{path}: preprocessing {preprocessing!r} is not known; only in-graph is.")
    dimension = fields.integer("dimension", 8, 4096)
    model_id = fields.matching("id", MODEL_ID)
    text = _text_space(fields.optional_section("text"))
    text_files = _text_files(fields.optional_section("text_files"))
    if text_files and (text is None or text.encoder != model_id):
        raise fields.complain("text_files", f"there only when text.encoder is {model_id!r}, the network's own id")
    return Manifest(
        folder=folder,
        model_id=model_id,
        architecture=fields.text("architecture", 200),
        input_px=fields.integer("input_px", 32, 1024),
        dimension=dimension,
        files=_files(fields.section("files")),
        calibration=_calibration(fields.section("calibration")),
        licence=fields.text("licence", 200),
        source=fields.text("source", 4000),
        probe=_probe(fields, dimension),
        measured=fields.section("measured").all_numbers(),
        input=_input_format(fields.optional_section("input")),
        output=_output_format(fields.optional_section("output")),
        text=text,
        text_files=text_files,
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


def read_document(path: Path) -> dict[str, Any]:
    """Read a manifest as JSON, this program's or a text encoder's; see `Fields` for what is in it.

    Raises:
        ModelError: It cannot be read, is too large for a manifest, or no JSON object.
    """
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


class Fields:
    """Typed access to one JSON object; every complaint, a ModelError, names the file and the field.

    Args:
        path: Of the manifest.
        values: The object.
        prefix: Where it stands in the manifest: "calibration." for what is inside that.
    """

    def __init__(self, path: Path, values: Mapping[str, Any], prefix: str = "") -> None:
        self._path = path
        self._values = values
        self._prefix = prefix

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def complain(self, name: str, expected: str) -> ModelError:
        """Return the error that a field is not what it should be."""
        return ModelError(f"{self._path}: {self._prefix}{name} should be {expected}.")

    def text(self, name: str, limit: int) -> str:
        """Return a line of text of at most `limit` characters."""
        value = self._values.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > limit or not value.isprintable():
            raise self.complain(name, f"a line of text of at most {limit} characters")
        return value

    def optional_text(self, name: str, limit: int) -> str | None:
        """Return the same, or None where there is no such field."""
        return self.text(name, limit) if name in self._values else None

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        """Return text of this form."""
        value = self._values.get(name)
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise self.complain(name, f"text of the form {pattern.pattern}")
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        """Return a whole number of this range, both ends included."""
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.complain(name, f"a whole number from {low} to {high}")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """Return a number of this range, both ends included."""
        value = self._values.get(name)
        # The range is written so that NaN, which json accepts, fails it.
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise self.complain(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def numbers(self, name: str, low: float, high: float) -> tuple[float, float, float]:
        """Return one number for each channel."""
        value = self._values.get(name)
        if not isinstance(value, list) or len(value) != 3:
            raise self.complain(name, "three numbers, for red, green and blue")
        inner = Fields(self._path, {str(index): item for index, item in enumerate(value)}, f"{self._prefix}{name}.")
        red, green, blue = (inner.number(str(index), low, high) for index in range(3))
        return red, green, blue

    def choice(self, name: str, choices: "tuple[_Choice, ...]") -> "_Choice":
        """Return one of these texts."""
        for choice in choices:
            if self._values.get(name) == choice:
                return choice
        raise self.complain(name, f"one of {', '.join(choices)}")

    def all_numbers(self) -> dict[str, float]:
        """Return every field, all of them numbers."""
        return {name: self.number(name, -1e12, 1e12) for name in self._values}

    def section(self, name: str) -> "Fields":
        """Return the object inside."""
        value = self._values.get(name)
        if not isinstance(value, dict):
            raise self.complain(name, "a JSON object")
        return Fields(self._path, value, f"{self._prefix}{name}.")

    def optional_section(self, name: str) -> "Fields | None":
        """Return the object inside, or None where there is none."""
        return self.section(name) if name in self._values else None


def _files(section: Fields) -> dict[str, ModelFile]:
    files = {}
    for variant in section:
        if variant not in VARIANTS:
            raise section.complain(variant, f"one of {' and '.join(VARIANTS)}")
        files[variant] = model_file(section.section(variant), ONNX_NAME)
    if not files:
        raise section.complain("int8", "there, or float")
    return files


def _text_files(section: Fields | None) -> dict[str, ModelFile]:
    if section is None:
        return {}
    names = {"text": ONNX_NAME, "tokenizer": TOKENIZER_NAME}
    return {kind: model_file(section.section(kind), names[kind]) for kind in TEXT_FILES}


def model_file(entry: Fields, pattern: re.Pattern[str]) -> ModelFile:
    """Return one file of a network whose name has this form.

    Raises:
        ModelError: A field is missing or not of its form.
    """
    return ModelFile(
        # A plain name: nothing outside the manifest's own folder can be named.
        name=entry.matching("name", pattern),
        sha256=entry.matching("sha256", SHA256),
        size_bytes=entry.integer("bytes", 1, MODEL_LIMIT_BYTES),
    )


def _calibration(section: Fields) -> Calibration:
    return Calibration(
        same_picture_cosine=section.number("same_picture_cosine", -1, 1),
        similar_cosine=section.number("similar_cosine", -1, 1),
        same_picture_recall=section.number("same_picture_recall", 0, 1),
        same_picture=_chance(section.optional_section("same_picture")),
        same_scene=_chance(section.optional_section("same_scene")),
    )


def _chance(section: Fields | None) -> Chance | None:
    if section is None:
        return None
    return Chance(slope=section.number("slope", 1e-6, 1e6), intercept=section.number("intercept", -1e6, 1e6))


def _input_format(section: Fields | None) -> InputFormat:
    if section is None:
        return InputFormat()
    found = InputFormat(
        name=section.text("name", 200),
        layout=section.choice("layout", ("nhwc", "nchw")),
        dtype=section.choice("dtype", ("uint8", "float32", "float16")),
        mean=section.numbers("mean", -1e6, 1e6),
        std=section.numbers("std", 1e-6, 1e6),
        batch=section.integer("batch", 1, 1024) if "batch" in section else None,
    )
    if found.dtype == "uint8" and (found.mean, found.std) != (InputFormat().mean, InputFormat().std):
        raise section.complain("mean", "0 and std 1 where dtype is uint8")
    return found


def _output_format(section: Fields | None) -> OutputFormat:
    if section is None:
        return OutputFormat()
    return OutputFormat(
        name=section.text("name", 200), pooling=section.choice("pooling", ("none", "mean", "first"))
    )


def _text_space(section: Fields | None) -> TextSpace | None:
    if section is None:
        return None
    dimension = section.integer("dimension", 8, 4096)
    return TextSpace(
        encoder=section.matching("encoder", MODEL_ID),
        dimension=dimension,
        centre=_vector(section, "centre", dimension, "<f4"),
        label=_chance(section.optional_section("label")),
        found_cosine=section.number("found_cosine", -1, 1),
        shows=_chance(section.optional_section("shows")),
    )


def _probe(fields: Fields, dimension: int) -> NDArray[np.float32] | None:
    vector = _vector(fields, "probe", dimension, "<f2")
    if vector is None:
        return None
    length = float(np.linalg.norm(vector))
    if not 0.9 < length < 1.1:
        raise fields.complain("probe", f"a unit vector of {dimension} float16 values")
    vector = np.asarray(vector / length, dtype=np.float32)
    vector.flags.writeable = False
    return vector


def _vector(fields: Fields, name: str, dimension: int, dtype: str) -> NDArray[np.float32] | None:
    """Return a vector written in base64, read-only, or None where it is not there."""
    kind = np.dtype(dtype)
    text = fields.optional_text(name, 4 * kind.itemsize * dimension)
    if text is None:
        return None
    try:
        vector = np.frombuffer(base64.b64decode(text, validate=True), dtype=kind).astype(np.float32)
    except (binascii.Error, ValueError) as error:
        raise fields.complain(name, f"a base64 vector of {kind.name}") from error
    if vector.shape != (dimension,) or not np.isfinite(vector).all():
        raise fields.complain(name, f"a vector of {dimension} finite {kind.name} values")
    vector.flags.writeable = False
    return vector


def _base64(vector: NDArray[np.float32], dtype: str) -> str:
    return base64.b64encode(vector.astype(dtype).tobytes()).decode("ascii")


def _files_to_json(files: Mapping[str, ModelFile]) -> dict[str, Any]:
    return {
        kind: {"name": file.name, "sha256": file.sha256, "bytes": file.size_bytes} for kind, file in files.items()
    }


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
