"""Export, quantisation, fitting and calibration on tiny networks; runs where the extra train is installed."""

import csv
import json
import warnings
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photofind.embedding.image_embedder import ImageEmbedder, has_int8_dot_products
from photofind.embedding.manifest import TextSpace, load
from photofind.errors import UserError
from tests.conftest import ExpectedLog
from tests.pictures import make_picture

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch and onnxruntime.quantization warn about themselves when imported
    from photofind.training import __main__ as doorway
    from photofind.training import calibrate, evaluate, export_onnx, networks, package_model, projection, quantize
    from photofind.training.data import Shards

PX = 32


def tiny_network(channels: int = 24) -> networks.EmbeddingNetwork:
    """Return two convolutions with one-sided padding as TensorFlow has it, and a batch normalisation to fold."""
    torch.manual_seed(0)
    trunk = torch.nn.Sequential(
        torch.nn.ZeroPad2d((0, 1, 0, 1)),
        torch.nn.Conv2d(3, 16, 3, stride=2, bias=False),
        torch.nn.BatchNorm2d(16),
        torch.nn.ReLU6(),
        torch.nn.Conv2d(16, channels, 3, padding=1),
        torch.nn.ReLU(),
    )
    network = networks.EmbeddingNetwork(
        trunk,
        networks.GeM(),
        torch.nn.Sequential(torch.nn.Linear(channels, 16, bias=False), torch.nn.BatchNorm1d(16)),
        input_px=PX,
        mean=networks.IMAGENET_MEAN,
        std=networks.IMAGENET_STD,
    )
    network.eval()
    return network


NOTE = package_model.ModelNote(architecture="two convolutions", licence="CC0-1.0", source="made in a test")


def pixels(count: int, first: int = 0) -> Any:
    return np.stack(
        [np.asarray(make_picture(seed, (PX, PX)), dtype=np.uint8) for seed in range(first, first + count)]
    )


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """Return a folder with one shard: 60 photos in 12 classes, a few without a label, one with captions."""
    folder = tmp_path / "shards"
    folder.mkdir()
    with (
        zipfile.ZipFile(folder / "photos-1.zip", "w") as shard,
        (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file,
    ):
        rows = csv.writer(file)
        rows.writerow(["shard", "name", "source", "label", "captions"])
        for seed in range(60):
            buffer = BytesIO()
            make_picture(seed, (64, 48)).save(buffer, "WEBP")
            name = f"a/{seed:05}.webp"
            shard.writestr(name, buffer.getvalue())
            label = "" if seed % 13 == 12 else f"class {seed % 12}"
            rows.writerow(["photos-1.zip", name, "made", label, "a shape || some shapes" if seed == 0 else ""])
    return folder


def test_the_exported_file_computes_what_torch_does(tmp_path: Path) -> None:
    network = tiny_network()
    photos = pixels(6)
    with torch.no_grad():
        expected = network(torch.from_numpy(photos)).numpy()
    manifest = package_model.write_model(network, NOTE, [pixels(16, 100)], photos, tmp_path / "tiny-v1")
    assert load(tmp_path / "tiny-v1") == manifest
    assert (manifest.dimension, manifest.input_px) == (16, PX)
    found = calibrate.only_variant(ImageEmbedder(manifest, "cpu"), "float").embed(photos)
    assert np.einsum("ij,ij->i", found, expected).min() > 0.999
    if has_int8_dot_products():
        quick = calibrate.only_variant(ImageEmbedder(manifest, "cpu"), "int8").embed(photos)
        assert np.einsum("ij,ij->i", quick, expected).min() > 0.97


def test_a_text_head_gives_a_second_output(tmp_path: Path) -> None:
    network = tiny_network()
    network.text_head = torch.nn.Linear(24, 10)
    network.eval()
    photos = pixels(6)
    with torch.no_grad():
        expected = network(torch.from_numpy(photos))[1].numpy()
    text = TextSpace("some-encoder", 10, centre=np.full(10, 0.1, np.float32))
    manifest = package_model.write_model(network, NOTE, [], photos, tmp_path / "tiny-v1", text=text)
    assert set(manifest.files) == {"float"}
    assert manifest.text == text
    _, found = ImageEmbedder(load(tmp_path / "tiny-v1"), "cpu").embed_both(photos)
    assert found is not None
    assert np.einsum("ij,ij->i", found, expected).min() > 0.999


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    network, other = tiny_network(), tiny_network()
    with torch.no_grad():
        other.projection[0].weight.add_(1.0)
    package_model.save_weights(network, tmp_path / "weights.safetensors")
    package_model.load_weights(other, tmp_path / "weights.safetensors")
    with torch.no_grad():
        cosines = (network(torch.from_numpy(pixels(4))) * other(torch.from_numpy(pixels(4)))).sum(dim=1)
    assert cosines.min() > 0.9999
    with pytest.raises(UserError, match="does not hold"):
        package_model.load_weights(tiny_network(channels=12), tmp_path / "weights.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"no weights")
    with pytest.raises(UserError, match="does not hold"):
        package_model.load_weights(network, tmp_path / "broken.safetensors")


def test_padding_and_normalisation_are_folded_and_weights_are_stored_as_float16() -> None:
    plain = export_onnx.export(tiny_network())
    kinds = [node.op_type for node in plain.graph.node]
    assert "Pad" not in kinds
    assert "BatchNormalization" not in kinds
    stored = export_onnx.store_as_half(plain)
    types = {entry.data_type for entry in stored.graph.initializer if np.prod(entry.dims) >= 256}
    assert types == {onnx.TensorProto.FLOAT16}
    assert {entry.data_type for entry in plain.graph.initializer} & {onnx.TensorProto.FLOAT16} == set()


def test_the_int8_file_has_no_activation_left_between_convolutions() -> None:
    quantised = quantize.quantize(export_onnx.export(tiny_network()), [pixels(8)])
    before_pooling = [node.op_type for node in quantised.graph.node if "pooling" not in node.name]
    assert "Relu" not in before_pooling
    assert before_pooling.count("Conv") == 2
    assert any(entry.data_type == onnx.TensorProto.INT8 for entry in quantised.graph.initializer)


def test_a_projection_that_centres_and_rotates_keeps_distances() -> None:
    random = np.random.default_rng(0)
    features = (random.normal(size=(400, 12)) * np.linspace(3, 0.1, 12) + 5).astype(np.float32)
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    components = projection.fit(features)
    with torch.no_grad():
        projected = components.layer(12, centre=1.0)(torch.from_numpy(unit)).numpy()
        fewer = components.layer(3, centre=1.0)(torch.from_numpy(unit)).numpy()
        white = components.layer(12, centre=1.0, whitening=1.0)(torch.from_numpy(unit)).numpy()
    centred = unit - unit.mean(axis=0)
    assert np.allclose(projected @ projected.T, centred @ centred.T, atol=1e-5)
    assert np.allclose(fewer, projected[:, :3], atol=1e-5)
    assert np.allclose(white.std(axis=0, ddof=1), 1, atol=1e-2)


def test_a_class_lies_on_one_side_of_the_split_only(shards: Path) -> None:
    data = Shards(shards)
    held_out = {photo.label for photo in data.photos if photo.is_held_out}
    fitted = {photo.label for photo in data.photos if not photo.is_held_out}
    assert held_out
    assert held_out.isdisjoint(fitted)
    assert "" in fitted
    assert data.photos[0].captions == ("a shape", "some shapes")
    assert data.sample(5, held_out=False) == data.sample(5, held_out=False)
    assert data.sample(5, held_out=False) != data.sample(5, held_out=False, seed=1)
    judged = data.classes(per_class=3, at_least=4)
    assert {photo.label for photo in judged} <= held_out
    assert max(sum(photo.label == label for photo in judged) for label in held_out) == 3


def test_shards_give_the_pixels_that_indexing_makes(shards: Path) -> None:
    data = Shards(shards)
    batches = list(data.pixels(data.photos[:5], PX, batch=2))
    assert [batch.shape for batch in batches] == [(2, PX, PX, 3), (2, PX, PX, 3), (1, PX, PX, 3)]
    assert not np.array_equal(batches[0][0], batches[0][1])
    with pytest.raises(UserError, match=r"manifest\.csv"):
        Shards(shards / "absent")


def test_calibration_puts_the_bound_above_every_other_picture() -> None:
    random = np.random.default_rng(0)

    def unit(rows: Any) -> Any:
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    originals = unit(random.normal(size=(20, 32)))
    near = unit(originals + 0.05 * random.normal(size=(20, 32)) / 5)
    far = unit(originals + 3.0 * random.normal(size=(20, 32)))
    edits = calibrate.Edits(
        originals, np.concatenate([near, far]), np.arange(40) % 20, ("near",) * 20 + ("far",) * 20
    )
    centres = random.normal(size=(6, 32))
    labels = [str(index % 6) for index in range(60)]
    others = unit(np.stack([centres[index % 6] for index in range(60)]) + 0.5 * random.normal(size=(60, 32)))
    found = calibrate.calibrate(edits, others, labels)
    bound = found.calibration.same_picture_cosine
    assert found.highest_different < bound < 1
    assert found.recall_by_kind == {"near": 1.0, "far": 0.0}
    assert found.calibration.same_picture_recall == 0.5
    alike = others @ others.T >= found.calibration.similar_cosine
    same = np.equal.outer(labels, labels)
    upper = np.triu(np.ones_like(same), 1)
    assert same[alike & upper].mean() >= 0.89


def test_the_doorway_calibrates_and_evaluates(
    tmp_path: Path,
    expected_log: ExpectedLog,
    shards: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_log("A chance is left out", may_be_missing=True)  # it was never trained
    model = tmp_path / "tiny-v1"
    package_model.write_model(tiny_network(), NOTE, [pixels(8)], pixels(4), model)
    edits = tmp_path / "edits"
    edits.mkdir()
    rows = [["variant", "original", "kind"]]
    for seed in range(8):
        make_picture(seed).save(edits / f"{seed}.jpg", quality=95)
        make_picture(seed).save(edits / f"{seed}-30.jpg", quality=30)
        rows.append([f"{seed}-30.jpg", f"{seed}.jpg", "jpeg30"])
    with (edits / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    monkeypatch.setattr(evaluate, "CLASS_LEAST", 2)
    assert doorway.main(["calibrate", "--model", str(model), "--edits", str(edits), "--data", str(shards)]) == 0
    document = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    assert document["measured"]["cpu_ms_float"] > 0
    assert document["calibration"]["same_picture_cosine"] <= 1
    assert "similar_cosine" in document["calibration"]
    assert doorway.main(["evaluate", "--model", str(model), "--data", str(shards)]) == 0
    assert "| tiny-v1 | int8 |" in capsys.readouterr().out
    assert doorway.main(["evaluate", "--model", str(tmp_path), "--data", str(shards)]) == 1
    assert "manifest.json" in capsys.readouterr().err


def test_weights_of_another_network_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # torchvision makes torch open its compiler's cache; let it lie where the test cleans up.
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))
    safetensors = pytest.importorskip("safetensors.torch")
    pytest.importorskip("torchvision")
    safetensors.save_file({"c.0.weight": torch.zeros(3)}, tmp_path / "wrong.safetensors")
    with pytest.raises(UserError, match="does not hold"):
        networks.resnet18_start(tmp_path / "wrong.safetensors")
