"""Adapting to one's own photos: a plain folder in, a network out that can be added to a library and answers."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import load
from photofind.embedding.model_store import ModelStore, bundled_folder
from photofind.errors import UserError
from tests.pictures import make_picture

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("matplotlib")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch and onnxruntime.quantization warn about themselves when imported
    from photofind.training import adapt, package_model
    from photofind.training.data import Shards

WEIGHTS = next(iter(sorted(bundled_folder().glob("*/weights.safetensors"))))


@pytest.fixture(autouse=True)
def own_compiler_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # torchvision makes torch open its compiler's cache; let it lie where the test cleans up.
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def photofind(library: Path, *words: str) -> str:
    command = [sys.executable, "-m", "photofind", "--library", str(library), *words]
    result = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


def embedded(folder: Path, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    # The float file: int8 has its ranges from the photos it was made with.
    vectors, words = ImageEmbedder(package_model.only(load(folder), "float"), "cpu").embed_both(pixels)
    assert words is not None
    return vectors, words


def write_photos(folder: Path, count: int) -> Path:
    folder.mkdir()
    for seed in range(count):
        make_picture(seed, (200, 150)).save(folder / f"{seed}.jpg")
    return folder


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_from_a_folder_of_photos_to_a_network_that_answers(tmp_path: Path) -> None:
    """Some 60 CPU-seconds, half of them learning. Through the command line, as a person does it."""
    photos, library, out = write_photos(tmp_path / "photos", 30), tmp_path / "library", tmp_path / "mine-v1"
    photofind(library, "index", str(photos))
    # More in a step than there are photos: every step sees all, and losses compare.
    train = ("train", "--data", str(photos), "--out", str(out), "--batch", "32", "--steps")
    assert f"models add {out}" in photofind(library, *train, "20")
    photofind(library, *train, "60")  # goes on
    log = [json.loads(line) for line in (out / "training" / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == [1, 20, 40, 60]
    assert log[-1]["loss"] < 0.95 * log[0]["loss"]
    assert log[0]["distil"] < 0.4, "it starts from what it knew, in its own axes"

    start, adapted = load(WEIGHTS.parent), load(out)
    assert set(adapted.files) == {"int8", "float"}
    assert (out / "weights.safetensors").is_file()
    assert adapted.text is not None
    assert start.text is not None
    assert (adapted.text.label, adapted.text.found_cosine) == (start.text.label, start.text.found_cosine)
    seen = np.stack([np.asarray(make_picture(seed, (start.input_px,) * 2)) for seed in range(8)])
    (was, said_was), (now, said_now) = (embedded(folder, seen) for folder in (WEIGHTS.parent, out))
    assert 0.5 < float(np.einsum("ij,ij->i", was, now).mean()) < 0.9999, "changed, and not beyond recognition"
    assert float(np.einsum("ij,ij->i", said_was, said_now).mean()) > 0.9999, "words mean what they meant"

    assert json.loads(photofind(library, "models", "add", str(out), "--json"))["id"] == "mine-v1"
    photofind(library, "models", "use", "mine-v1")
    answer = json.loads(photofind(library, "similar", str(photos / "3.jpg"), "-k", "3", "--json"))
    assert answer["model"] == "mine-v1"
    assert Path(answer["hits"][0]["path"]).name == "3.jpg"
    assert json.loads(photofind(library, "search", "a picture of a beach", "--json"))["model"] == "mine-v1"


def test_other_photos_under_the_same_cache_are_refused(tmp_path: Path) -> None:
    few = write_photos(tmp_path / "few", 5)
    with pytest.raises(UserError, match="too few"):
        adapt.prepare(Shards(few), WEIGHTS, 32, tmp_path / "cache")
    lesson = adapt.prepare(Shards(write_photos(tmp_path / "photos", 24)), WEIGHTS, 32, tmp_path / "cache")
    assert lesson.learned.vectors is not None
    assert lesson.learned.vectors.shape == (22, lesson.start.dimension)
    assert lesson.learned.pixels.shape == (22, 32, 32, 3)
    assert len(lesson.judged) == len(lesson.before) == 2
    with pytest.raises(UserError, match="other photos"):
        adapt.prepare(Shards(write_photos(tmp_path / "others", 25)), WEIGHTS, 32, tmp_path / "cache")


def test_the_teacher_is_the_best_of_the_others() -> None:
    store = ModelStore()
    default = store.manifest(store.default_id())
    assert adapt._teacher(WEIGHTS.parent).model_id == default.model_id
    assert adapt._teacher(default.folder).model_id != default.model_id


def test_photos_with_words_take_the_whole_recipe(tmp_path: Path) -> None:
    folder = write_photos(tmp_path / "photos", 2)
    assert adapt.applies_to(Shards(folder), WEIGHTS)
    assert not adapt.applies_to(Shards(folder), tmp_path / "open-nsfw.onnx")
    rows = ["shard,name,source,label,captions", ",0.jpg,made,,a picture"]
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    assert not adapt.applies_to(Shards(folder), WEIGHTS)


@given(st.integers(3, 12), st.integers(2, 12), st.integers(1, 30), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_turning_keeps_angles_and_finds_the_own_axes(own_axes: int, axes: int, count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = unit(random.normal(size=(count, axes)))
    own = unit(random.normal(size=(count, own_axes)))
    turned = adapt.turned_to(vectors, own)
    assert turned.shape == own.shape
    assert np.allclose(np.linalg.norm(turned, axis=1), 1, atol=1e-5)
    if axes <= own_axes:
        assert np.allclose(turned @ turned.T, vectors @ vectors.T, atol=1e-5)
    rotation, _ = np.linalg.qr(random.normal(size=(own_axes, own_axes)))
    assert np.allclose(adapt.turned_to(unit(own @ rotation), own), own, atol=1e-4)
