"""Manifests: what is read back, and that no hostile one gets further than a sentence."""

import base64
import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photofind.embedding.manifest import (
    MANIFEST_NAME,
    MANIFEST_VERSION,
    MODEL_LIMIT_BYTES,
    Calibration,
    Chance,
    InputFormat,
    Manifest,
    ModelFile,
    OutputFormat,
    TextSpace,
    load,
    probe_pixels,
)
from photofind.embedding.model_store import bundled_folder
from photofind.errors import ModelError
from tests.embedding.tiny_networks import DIMENSION, tiny_network, write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-v1"
    write_model(folder, float=tiny_network())
    return folder


CENTRE = np.linspace(-0.1, 0.1, 16, dtype=np.float32)
PAIR: dict[str, Any] = {
    "text": TextSpace("tiny-v1", 16, CENTRE, Chance(20.0, -5.0), 0.2, Chance(12.0, -4.0)),
    "text_files": {
        "text": ModelFile("text.onnx", "a" * 64, 1000),
        "tokenizer": ModelFile("tokenizer.json", "b" * 64, 2000),
    },
    "input": InputFormat("image", "nchw", "float32", (1.5, 2.0, 3.0), (4.0, 5.0, 6.0), 8),
    "output": OutputFormat("tokens", "first"),
}
"""Every optional part of version 2 at once."""


@pytest.fixture
def whole(folder: Path) -> Path:
    """Return the folder with a manifest that has every section."""
    found = load(folder)
    calibration = dataclasses.replace(
        found.calibration, same_picture=Chance(30.0, -24.0), same_scene=Chance(9.0, -4.0)
    )
    manifest = dataclasses.replace(found, calibration=calibration, **PAIR)
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return folder


def change(folder: Path, path: str, value: Any) -> None:
    """Set one field of the manifest by its dotted path; `...` removes it."""
    file = folder / MANIFEST_NAME
    document = json.loads(file.read_text(encoding="utf-8"))
    *parents, last = (int(name) if name.isdigit() else name for name in path.split("."))
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


def test_every_section_is_read_back(whole: Path) -> None:
    manifest = load(whole)
    assert (manifest.text, manifest.text_files) == (PAIR["text"], PAIR["text_files"])
    assert (manifest.input, manifest.output) == (PAIR["input"], PAIR["output"])
    assert manifest.calibration.same_picture == Chance(30.0, -24.0)
    assert manifest.is_foreign
    assert manifest.text is not None
    assert manifest.text.centre is not None
    assert np.array_equal(manifest.text.centre, CENTRE)
    assert not manifest.text.centre.flags.writeable


def test_version_1_has_the_formats_of_a_network_that_does_all_by_itself(folder: Path) -> None:
    document = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    del document["input"], document["output"]
    document |= {"manifest_version": 1, "preprocessing": "in-graph"}
    (folder / MANIFEST_NAME).write_text(json.dumps(document), encoding="utf-8")
    found = load(folder)
    assert (found.input, found.output, found.text, found.text_files) == (InputFormat(), OutputFormat(), None, {})
    assert found.calibration.same_picture is found.calibration.same_scene is None
    assert not found.is_foreign
    change(folder, "preprocessing", "somewhere")
    with pytest.raises(ModelError, match="somewhere"):
        load(folder)


def test_the_bundled_manifests_are_read_and_written_back(tmp_path: Path) -> None:
    folders = [path.parent for path in bundled_folder().glob(f"*/{MANIFEST_NAME}")]
    assert folders
    for folder in folders:
        found = load(folder)
        (tmp_path / MANIFEST_NAME).write_text(found.to_json(), encoding="utf-8")
        assert load(tmp_path) == dataclasses.replace(found, folder=tmp_path)


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
    ("path", "value"),
    [
        ("input", []),
        ("input.name", ""),
        ("input.name", "line\nbreak"),
        ("input.layout", "chwn"),
        ("input.layout", ["nchw"]),
        ("input.dtype", "float64"),
        ("input.dtype", ...),
        ("input.mean", [0, 0]),
        ("input.mean", 127.5),
        ("input.mean.1", float("nan")),
        ("input.std.2", 0),
        ("input.std.0", "58.4"),
        ("input.batch", 0),
        ("input.batch", None),
        ("input.batch", True),
        ("output", "embedding"),
        ("output.name", ...),
        ("output.pooling", "max"),
        ("text", None),
        ("text.encoder", "../minilm"),
        ("text.encoder", ...),
        ("text.dimension", 7),
        ("text.dimension", 384.0),
        ("text.centre", "not base64!"),
        ("text.centre", base64.b64encode(np.zeros(15, "<f4").tobytes()).decode()),
        ("text.centre", base64.b64encode(np.full(16, np.inf, "<f4").tobytes()).decode()),
        ("text.centre", None),
        ("text.label", 0.5),
        ("text.label.slope", 0),
        ("text.label.slope", -3),
        ("text.label.intercept", float("nan")),
        ("text.found_cosine", 1.01),
        ("text.shows", 0.5),
        ("text.shows.slope", 0),
        ("text.found_cosine", ...),
        ("text_files", []),
        ("text_files.text", ...),
        ("text_files.tokenizer", ...),
        ("text_files.text.name", "text.json"),
        ("text_files.tokenizer.name", "manifest.json"),
        ("text_files.tokenizer.name", "../tokenizer.json"),
        ("text_files.tokenizer.sha256", "b" * 63),
        ("text_files.tokenizer.bytes", 0),
        ("calibration.same_picture", []),
        ("calibration.same_picture.slope", "steep"),
        ("calibration.same_scene.slope", float("inf")),
        ("calibration.same_scene.intercept", ...),
    ],
)
def test_a_wrong_field_of_version_2_is_a_sentence_that_names_it(whole: Path, path: str, value: Any) -> None:
    load(whole)
    change(whole, path, value)
    with pytest.raises(ModelError) as caught:
        load(whole)
    assert str(whole / MANIFEST_NAME) in str(caught.value)
    assert f"{path} should be" in str(caught.value)


def test_uint8_input_is_not_scaled(whole: Path) -> None:
    change(whole, "input.dtype", "uint8")
    with pytest.raises(ModelError, match=r"input\.mean should be 0 and std 1"):
        load(whole)


def test_text_files_belong_to_a_pair_of_networks(whole: Path) -> None:
    change(whole, "text.encoder", "minilm-l6-v2")
    with pytest.raises(ModelError, match="text_files"):
        load(whole)
    change(whole, "text", ...)
    with pytest.raises(ModelError, match="text_files"):
        load(whole)


def texts(limit: int) -> st.SearchStrategy[str]:
    return st.text(min_size=1, max_size=limit).filter(lambda text: text.isprintable() and bool(text.strip()))


IDS = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,63}", fullmatch=True)
COSINES = st.floats(-1, 1)
CHANCES = st.builds(Chance, st.floats(1e-6, 1e6), st.floats(-1e6, 1e6))
TRIPLES = st.tuples(*[st.floats(-1e6, 1e6)] * 3)
INPUTS = st.builds(
    InputFormat,
    name=texts(200),
    layout=st.sampled_from(["nhwc", "nchw"]),
    dtype=st.just("float32"),
    mean=TRIPLES,
    std=st.tuples(*[st.floats(1e-6, 1e6)] * 3),
    batch=st.none() | st.integers(1, 1024),
)


def files(name: str) -> st.SearchStrategy[ModelFile]:
    return st.builds(
        ModelFile,
        st.just(name),
        st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
        st.integers(1, MODEL_LIMIT_BYTES),
    )


def vectors(dimension: int) -> st.SearchStrategy[Any]:
    floats = st.floats(width=32, allow_nan=False, allow_infinity=False)
    return st.lists(floats, min_size=dimension, max_size=dimension).map(
        lambda values: np.asarray(values, np.float32)
    )


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    model_id, dimension, text_dimension = draw(IDS), draw(st.integers(8, 24)), draw(st.integers(8, 24))
    encoder = draw(IDS | st.just(model_id))
    text = draw(
        st.none()
        | st.builds(
            TextSpace,
            encoder=st.just(encoder),
            dimension=st.just(text_dimension),
            centre=st.none() | vectors(text_dimension),
            label=st.none() | CHANCES,
            found_cosine=COSINES,
            shows=st.none() | CHANCES,
        )
    )
    is_pair = text is not None and encoder == model_id and draw(st.booleans())
    probe = draw(st.none() | vectors(dimension))
    if probe is not None:
        probe = probe / np.float32(1 + np.abs(probe).max())
        length = np.linalg.norm(probe)
        probe = (probe / length).astype(np.float32) if length > 0.01 else None
    variants = draw(st.sets(st.sampled_from(["int8", "float"]), min_size=1))
    return Manifest(
        folder=Path(),
        model_id=model_id,
        architecture=draw(texts(200)),
        input_px=draw(st.integers(32, 1024)),
        dimension=dimension,
        files={variant: draw(files(f"model-{variant}.onnx")) for variant in sorted(variants)},
        calibration=draw(
            st.builds(Calibration, COSINES, COSINES, st.floats(0, 1), st.none() | CHANCES, st.none() | CHANCES)
        ),
        licence=draw(texts(200)),
        source=draw(texts(4000)),
        probe=probe,
        measured=draw(st.dictionaries(st.text(max_size=20), st.floats(-1e12, 1e12), max_size=4)),
        input=draw(st.just(InputFormat()) | INPUTS),
        output=draw(st.builds(OutputFormat, texts(200), st.sampled_from(["none", "mean", "first"]))),
        text=text,
        text_files={"text": draw(files("t.onnx")), "tokenizer": draw(files("tokenizer.json"))} if is_pair else {},
    )


# Each example overwrites the one file.
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(manifest=manifests())
def test_what_is_written_is_what_is_read(tmp_path: Path, manifest: Manifest) -> None:
    (tmp_path / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    found = load(tmp_path)
    assert found == dataclasses.replace(manifest, folder=tmp_path)
    assert (found.probe is None) == (manifest.probe is None)
    if found.probe is not None and manifest.probe is not None:
        assert float(found.probe @ manifest.probe) > 0.99999
    read, written = (space.centre if space is not None else None for space in (found.text, manifest.text))
    assert (read is None) == (written is None)
    if read is not None and written is not None:
        assert np.array_equal(read, written)


@given(st.floats(0.01, 1e3), st.floats(-1e3, 1e3), st.floats(1e-9, 1 - 1e-9))
def test_a_chance_and_its_cosine_are_inverse(slope: float, intercept: float, probability: float) -> None:
    chance = Chance(slope, intercept)
    assert chance.probability(chance.cosine(probability)) == pytest.approx(probability, rel=1e-6, abs=1e-9)


def test_a_chance_rises_with_the_cosine_and_never_overflows() -> None:
    chance = Chance(40.0, -30.0)
    assert chance.probability(0.75) == pytest.approx(0.5)
    assert chance.probability(0.8) == pytest.approx(1 / (1 + math.exp(-2)))
    assert chance.probability(0.7) < chance.probability(0.8)
    assert Chance(1e6, 0).probability(-1) == 0
    assert Chance(1e6, 0).probability(1) == 1
    for outside in (0, 1, -0.5, math.nan):
        with pytest.raises(ValueError, match="between 0 and 1"):
            chance.cosine(outside)


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
