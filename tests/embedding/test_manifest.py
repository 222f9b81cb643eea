"""Manifests: what is read back, and that no hostile one gets further than a sentence."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photofind.embedding.manifest import MANIFEST_NAME, MANIFEST_VERSION, load, probe_pixels
from photofind.errors import ModelError
from tests.embedding.tiny_networks import DIMENSION, tiny_network, write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-v1"
    write_model(folder, float=tiny_network())
    return folder


def change(folder: Path, path: str, value: Any) -> None:
    """Set one field of the manifest by its dotted path; `...` removes it."""
    file = folder / MANIFEST_NAME
    document = json.loads(file.read_text(encoding="utf-8"))
    *parents, last = path.split(".")
    inner = document
    for name in parents:
        inner = inner[name]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    file.write_text(json.dumps(document), encoding="utf-8")


def test_reads_back_what_was_written(folder: Path) -> None:
    manifest = load(folder)
    assert manifest.model_id == "tiny-v1"
    assert (manifest.input_px, manifest.dimension) == (32, DIMENSION)
    assert manifest.files["float"].size_bytes == (folder / "model-float.onnx").stat().st_size
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    assert load(folder) == manifest


def test_reads_the_probe_as_a_unit_vector(folder: Path) -> None:
    probe = np.zeros(DIMENSION)
    probe[:2] = 0.6, 0.8
    change(folder, "probe", base64.b64encode(probe.astype("<f2").tobytes()).decode())
    found = load(folder).probe
    assert found is not None
    assert np.allclose(found, probe, atol=1e-3)
    assert np.linalg.norm(found) == pytest.approx(1)
    assert load(folder) == load(folder)


def test_unknown_fields_are_ignored(folder: Path) -> None:
    change(folder, "comment", {"by": "a later version of the same format"})
    assert load(folder).model_id == "tiny-v1"


def test_a_newer_version_is_refused(folder: Path) -> None:
    change(folder, "manifest_version", MANIFEST_VERSION + 1)
    with pytest.raises(ModelError, match="newer PhotoFind"):
        load(folder)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("manifest_version", ...),
        ("manifest_version", "1"),
        ("manifest_version", 0),
        ("manifest_version", True),
        ("id", "../../etc"),
        ("id", ""),
        ("id", "Größe"),
        ("id", "a" * 65),
        ("id", "fine\n"),
        ("id", 7),
        ("architecture", "line\nbreak"),
        ("architecture", "x" * 201),
        ("input_px", 0),
        ("input_px", 32.0),
        ("input_px", 10**9),
        ("input_px", True),
        ("dimension", -512),
        ("dimension", 10**9),
        ("preprocessing", "somewhere"),
        ("files", {}),
        ("files", []),
        ("files", {"fp8": {}}),
        ("files.float", "model-float.onnx"),
        ("files.float.name", "../model-float.onnx"),
        ("files.float.name", "/etc/passwd"),
        ("files.float.name", "C:\\model.onnx"),
        ("files.float.name", "model.onnx\0.txt"),
        ("files.float.name", "manifest.json"),
        ("files.float.sha256", "0" * 63),
        ("files.float.sha256", "Z" * 64),
        ("files.float.sha256", None),
        ("files.float.bytes", -1),
        ("files.float.bytes", 1 << 40),
        ("calibration", ...),
        ("calibration.same_picture_cosine", 1.5),
        ("calibration.same_picture_cosine", float("nan")),
        ("calibration.similar_cosine", "0.5"),
        ("calibration.same_picture_recall", False),
        ("measured", {"cpu_ms": float("inf")}),
        ("measured", {"cpu_ms": "fast"}),
        ("licence", ...),
        ("source", 3),
        ("probe", "not base64!"),
        ("probe", base64.b64encode(b"odd").decode()),
        ("probe", base64.b64encode(np.zeros(DIMENSION, "<f2").tobytes()).decode()),
        ("probe", base64.b64encode(np.full(DIMENSION, np.nan, "<f2").tobytes()).decode()),
        ("probe", base64.b64encode(np.eye(1, 8, dtype="<f2").tobytes()).decode()),
    ],
)
def test_a_wrong_field_is_a_sentence_that_names_it(folder: Path, path: str, value: Any) -> None:
    change(folder, path, value)
    name = "files" if path == "files" else path.split(".")[-1]
    with pytest.raises(ModelError, match=re.escape(str(folder))) as caught:
        load(folder)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"[]",
        b"null",
        b'{"manifest_version": 1',
        b"[" * 200_000,
        b'{"manifest_version": ' + b"9" * 10_000 + b"}",
        b" " * 2_000_000,
    ],
)
def test_what_is_no_manifest_is_a_sentence(folder: Path, data: bytes) -> None:
    (folder / MANIFEST_NAME).write_bytes(data)
    with pytest.raises(ModelError):
        load(folder)


def test_a_missing_manifest_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("px", [32, 128, 224])
def test_the_probe_picture_never_changes(px: int) -> None:
    picture = probe_pixels(px)
    assert picture.shape == (1, px, px, 3)
    assert picture.dtype == np.uint8
    # Sums over the picture, written down once: another picture would make every manifest's probe wrong.
    assert int(picture.astype(np.int64).sum()) == {32: 415858, 128: 6640488, 224: 20335442}[px]
