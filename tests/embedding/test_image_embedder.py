"""The embedder: right vectors from the bundled networks, a sentence for every bad file, a fallback for every bad
provider."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from photofind.embedding import image_embedder
from photofind.embedding.image_embedder import (
    AGREEMENT,
    GPU_RUN_LIMIT,
    RUN_LIMIT,
    ImageEmbedder,
    has_int8_dot_products,
)
from photofind.embedding.manifest import Manifest, probe_pixels
from photofind.embedding.model_store import ModelStore
from photofind.errors import ModelError
from photofind.photo.decode import decode
from photofind.photo.thumbnail import network_input
from tests.conftest import ExpectedLog, PhotoFile
from tests.embedding.tiny_networks import DIMENSION, PX, tiny_network, write_model
from tests.pictures import make_picture

BUNDLED = ("efficientnet-lite2-260-p512-v1", "resnet50-half-160-p384-v1")


def variant_of(manifest: Manifest, variant: str) -> ImageEmbedder:
    return ImageEmbedder(dataclasses.replace(manifest, files={variant: manifest.files[variant]}), "cpu")


def pictures(px: int, count: int, first: int = 0) -> NDArray[np.uint8]:
    return np.stack([network_input(make_picture(seed), px) for seed in range(first, first + count)])


@pytest.fixture(scope="module", params=BUNDLED)
def bundled(request: pytest.FixtureRequest) -> ImageEmbedder:
    return ImageEmbedder(ModelStore().manifest(request.param), "cpu")


# --- the bundled networks


def test_gives_read_only_unit_vectors(bundled: ImageEmbedder) -> None:
    vectors = bundled.embed(pictures(bundled.input_px, 3))
    assert vectors.shape == (3, bundled.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert not vectors.flags.writeable


def test_no_photos_give_no_vectors(bundled: ImageEmbedder) -> None:
    side = bundled.input_px
    assert bundled.embed(np.empty((0, side, side, 3), np.uint8)).shape == (0, bundled.dimension)


def test_black_and_white_photos_have_vectors_too(bundled: ImageEmbedder) -> None:
    side = bundled.input_px
    flat = np.stack([np.zeros((side, side, 3), np.uint8), np.full((side, side, 3), 255, np.uint8)])
    assert np.isfinite(bundled.embed(flat)).all()


@pytest.mark.parametrize("variant", ["int8", "float"])
@pytest.mark.parametrize("model_id", BUNDLED)
def test_both_files_compute_the_probe_of_the_manifest(model_id: str, variant: str) -> None:
    if variant == "int8" and not has_int8_dot_products():
        pytest.skip("int8 products may saturate on this processor")
    manifest = ModelStore().manifest(model_id)
    assert manifest.probe is not None
    cosine = float(variant_of(manifest, variant).embed(probe_pixels(manifest.input_px))[0] @ manifest.probe)
    assert cosine >= {"int8": 0.985, "float": 0.9995}[variant]


@pytest.mark.parametrize("model_id", BUNDLED)
def test_int8_agrees_with_float(model_id: str) -> None:
    if not has_int8_dot_products():
        pytest.skip("int8 products may saturate on this processor")
    manifest = ModelStore().manifest(model_id)
    pixels = pictures(manifest.input_px, 8)
    cosines = np.einsum(
        "ij,ij->i", variant_of(manifest, "int8").embed(pixels), variant_of(manifest, "float").embed(pixels)
    )
    assert cosines.mean() >= 0.98
    assert cosines.min() >= 0.96


def test_a_vector_does_not_depend_on_its_companions(bundled: ImageEmbedder) -> None:
    pixels = pictures(bundled.input_px, RUN_LIMIT + 3)
    together = bundled.embed(pixels)
    alone = np.concatenate([bundled.embed(pixels[index : index + 1]) for index in range(len(pixels))])
    pairs = np.concatenate([bundled.embed(pixels[index : index + 2]) for index in range(0, len(pixels), 2)])
    # The same photo must have score 1.000 with itself, however it was batched.
    assert np.einsum("ij,ij->i", together, alone).min() > 0.9999
    assert np.einsum("ij,ij->i", together, pairs).min() > 0.9999


def test_several_threads_may_ask_at_once(bundled: ImageEmbedder) -> None:
    sets = [pictures(bundled.input_px, 4, first=4 * index) for index in range(4)]
    expected = [bundled.embed(pixels) for pixels in sets]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(bundled.embed, sets * 2))
    for index, vectors in enumerate(found):
        assert np.allclose(vectors, expected[index % 4], atol=1e-4)


def test_copies_lie_nearer_than_other_pictures(bundled: ImageEmbedder, photo_file: PhotoFile) -> None:
    side = bundled.input_px

    def vector(image: Image.Image) -> NDArray[np.float32]:
        found: NDArray[np.float32] = bundled.embed(network_input(image, side)[None])[0]
        return found

    others = bundled.embed(pictures(side, 12))
    original = make_picture(3)
    saved = decode(photo_file("a.jpg", 3, quality=60).read_bytes(), min_side_px=side).image
    for copy in (
        saved,
        original.resize((320, 240)),
        ImageEnhance.Brightness(original).enhance(1.2),
        original.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    ):
        scores = others @ vector(copy)
        assert scores.argmax() == 3
        assert scores[3] > np.sort(scores)[-2] + 0.03


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_turned_file_has_the_vector_of_the_upright_one(
    bundled: ImageEmbedder, photo_file: PhotoFile, orientation: int
) -> None:
    back = {1: 0, 3: 180, 6: 90, 8: 270}[orientation]
    path = photo_file("upright.png", 5)
    upright = Image.open(path)
    turned = path.with_name("turned.png")
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright.rotate(back, expand=True).save(turned, exif=exif)
    pixels = [
        network_input(decode(file.read_bytes(), min_side_px=bundled.input_px).image, bundled.input_px)
        for file in (path, turned)
    ]
    first, second = bundled.embed(np.stack(pixels))
    assert float(first @ second) > 0.995


def test_wrong_pixels_are_a_bug_of_the_caller(bundled: ImageEmbedder) -> None:
    side = bundled.input_px
    for wrong in (
        np.zeros((1, side, side, 4), np.uint8),
        np.zeros((side, side, 3), np.uint8),
        np.zeros((1, side + 1, side, 3), np.uint8),
    ):
        with pytest.raises(ValueError, match="uint8"):
            bundled.embed(wrong)
    with pytest.raises(ValueError, match="uint8"):
        bundled.embed(np.zeros((1, side, side, 3), np.float32))


def test_real_photos_are_told_apart(shared: Path) -> None:
    embedder = ImageEmbedder(ModelStore().manifest(BUNDLED[0]), "cpu")
    paths = sorted((shared / "photos" / "real").iterdir())[:24]
    images = [decode(path.read_bytes(), min_side_px=embedder.input_px).image for path in paths]
    vectors = embedder.embed(np.stack([network_input(image, embedder.input_px) for image in images]))
    smaller = [image.resize((max(1, image.width // 2), max(1, image.height // 2))) for image in images]
    queries = embedder.embed(np.stack([network_input(image, embedder.input_px) for image in smaller]))
    scores = queries @ vectors.T
    assert (scores.argmax(axis=1) == np.arange(len(paths))).all()
    # Photos of different subjects stay far below the bound for "the same picture".
    apart = vectors @ vectors.T - 2 * np.eye(len(paths))
    assert apart.max() < embedder.manifest.calibration.same_picture_cosine - 0.2


# --- files that are not what they should be


def test_a_good_tiny_network_works(tmp_path: Path) -> None:
    embedder = ImageEmbedder(write_model(tmp_path / "tiny-v1", float=tiny_network()))
    pixels = np.random.default_rng(0).integers(0, 256, (20, PX, PX, 3), dtype=np.uint8)
    means = pixels.mean(axis=1).reshape(20, DIMENSION)
    expected = means / np.linalg.norm(means, axis=1, keepdims=True)
    assert np.allclose(embedder.embed(pixels), expected, atol=1e-5)
    assert (embedder.model_id, embedder.provider, embedder.provider_note) == ("tiny-v1", "cpu", "")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04 not a network" * 50, id="another format"),
        pytest.param(os.urandom(5000), id="noise"),
        pytest.param(tiny_network()[:-40], id="cut off"),
        pytest.param(tiny_network(input_name="image"), id="another input"),
        pytest.param(tiny_network(output_name="logits"), id="another output"),
        pytest.param(tiny_network(input_type=1), id="float pixels"),
        pytest.param(tiny_network(px=64), id="another size"),
        pytest.param(tiny_network(batch=1), id="one photo only"),
        pytest.param(tiny_network(dimension=95), id="another dimension"),
        pytest.param(tiny_network(more_inputs=("text",)), id="more inputs"),
        pytest.param(tiny_network(is_normalised=False), id="no unit vectors"),
    ],
)
def test_a_hostile_file_is_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str], data: bytes) -> None:
    manifest = write_model(tmp_path / "bad-v1", float=data or b"\0")
    with pytest.raises(ModelError, match=r"\.$"):
        ImageEmbedder(manifest)
    assert capfd.readouterr().err == ""


def test_an_altered_file_is_refused_before_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = write_model(tmp_path / "tiny-v1", float=tiny_network())
    path = tmp_path / "tiny-v1" / "model-float.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *_, **__: pytest.fail("loaded"))
    for wrong in (bytes(data), bytes(data[:-1]), bytes(data) + b"\0"):
        path.write_bytes(wrong)
        with pytest.raises(ModelError, match="not the file"):
            ImageEmbedder(manifest)
    path.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        ImageEmbedder(manifest)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    manifest = write_model(tmp_path / "tiny-v1", float=tiny_network())
    with (tmp_path / "tiny-v1" / "model-float.onnx").open("r+b") as file:
        file.truncate(1 << 40)  # sparse; reading it would take the machine's memory
    with pytest.raises(ModelError, match="not the file"):
        ImageEmbedder(manifest)


def test_another_network_than_the_manifest_means_is_refused(tmp_path: Path) -> None:
    manifest = write_model(tmp_path / "tiny-v1", float=tiny_network())
    wrong = np.zeros(DIMENSION, np.float32)
    wrong[0] = 1
    with pytest.raises(ModelError, match="something else"):
        ImageEmbedder(dataclasses.replace(manifest, probe=wrong))


# --- providers


class FakeRuntime:
    """onnxruntime with a provider on a pretended device; its CPU is the real one.

    Attributes:
        start: Called with the provider's options when a session is made on it.
        alter: What the device makes of the right outputs of a run.
        calls: Of each run on the device: the number of photos, and whether input and outputs were bound to it.
        made: Of each session: the provider, its options and the session's.
    """

    def __init__(self, provider: str = "CUDAExecutionProvider") -> None:
        self.provider = provider
        self.start: Callable[[dict[str, str]], None] = lambda options: None
        self.alter: Callable[[list[NDArray[np.float32]]], list[NDArray[np.float32]]] = lambda outputs: outputs
        self.calls: list[tuple[int, bool]] = []
        self.made: list[tuple[str, dict[str, str], Any]] = []
        self.OrtValue = FakeValue

    def __getattr__(self, name: str) -> Any:
        return getattr(onnxruntime, name)

    def get_available_providers(self) -> list[str]:
        return [self.provider, "CPUExecutionProvider"]

    def InferenceSession(self, data: bytes, sess_options: Any, providers: list[Any], enable_fallback: int) -> Any:
        assert not enable_fallback, "onnxruntime would go on with the CPU by itself, and print so"
        real = onnxruntime.InferenceSession(data, sess_options=sess_options, providers=["CPUExecutionProvider"])
        if providers[0] == "CPUExecutionProvider":
            self.made.append(("CPUExecutionProvider", {}, sess_options))
            return real
        name, options = providers[0]
        self.made.append((name, options, sess_options))
        self.start(options)
        return FakeSession(real, self)


class FakeValue:
    def __init__(self, array: NDArray[Any], device: str) -> None:
        self.array = array
        self.device = device

    @classmethod
    def ortvalue_from_numpy(cls, array: NDArray[Any], device: str, index: int) -> "FakeValue":
        assert index == 0
        return cls(array.copy(), device)


class FakeBinding:
    def __init__(self) -> None:
        self.inputs: dict[str, FakeValue] = {}
        self.outputs: dict[str, str] = {}
        self.found: list[NDArray[np.float32]] = []

    def bind_ortvalue_input(self, name: str, value: FakeValue) -> None:
        self.inputs[name] = value

    def bind_output(self, name: str, device: str) -> None:
        self.outputs[name] = device

    def copy_outputs_to_cpu(self) -> list[NDArray[np.float32]]:
        return self.found


class FakeSession:
    def __init__(self, real: Any, runtime: FakeRuntime) -> None:
        self._real = real
        self._runtime = runtime
        self._running = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def get_providers(self) -> list[str]:
        return [self._runtime.provider, "CPUExecutionProvider"]

    def io_binding(self) -> FakeBinding:
        return FakeBinding()

    def run_with_iobinding(self, binding: FakeBinding) -> None:
        devices = {value.device for value in binding.inputs.values()} | set(binding.outputs.values())
        feeds = {name: value.array for name, value in binding.inputs.items()}
        binding.found = self._compute(list(binding.outputs), feeds, is_bound=devices == {"cuda"})

    def run(self, names: list[str], feeds: dict[str, Any]) -> Any:
        return self._compute(names, feeds, is_bound=False)

    def _compute(self, names: list[str], feeds: dict[str, Any], *, is_bound: bool) -> list[NDArray[np.float32]]:
        self._running += 1
        assert self._running == 1, "two runs at once"
        (batch,) = feeds.values()
        self._runtime.calls.append((len(batch), is_bound))
        try:
            return self._runtime.alter(self._real.run(names, feeds))
        finally:
            self._running -= 1


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> FakeRuntime:
    runtime = FakeRuntime()
    monkeypatch.setattr(image_embedder, "_runtime", lambda: runtime)
    return runtime


def failing(message: str) -> Callable[[Any], Any]:
    def fail(_: Any) -> Any:
        raise RuntimeError(message)

    return fail


@pytest.fixture
def tiny(tmp_path: Path) -> Manifest:
    return write_model(tmp_path / "tiny-v1", float=tiny_network())


def random_pixels(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (count, PX, PX, 3), dtype=np.uint8)


def test_auto_takes_the_faster_provider(tiny: Manifest, runtime: FakeRuntime) -> None:
    embedder = ImageEmbedder(tiny)
    assert (embedder.provider, embedder.provider_note) == ("cuda", "")
    assert ImageEmbedder(tiny, "cpu").provider == "cpu"


def test_cuda_keeps_input_and_outputs_on_the_device(tiny: Manifest, runtime: FakeRuntime) -> None:
    pixels = random_pixels(20)
    assert np.allclose(ImageEmbedder(tiny).embed(pixels), ImageEmbedder(tiny, "cpu").embed(pixels), atol=1e-6)
    assert {is_bound for _, is_bound in runtime.calls} == {True}


@pytest.mark.parametrize(
    ("provider", "name", "expected"),
    [
        ("cuda", "CUDAExecutionProvider", {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}),
        ("directml", "DmlExecutionProvider", {"performance_preference": "high_performance"}),
        ("coreml", "CoreMLExecutionProvider", {"ModelFormat": "MLProgram"}),
        ("openvino", "OpenVINOExecutionProvider", {"device_type": "GPU", "precision": "ACCURACY"}),
    ],
)
def test_each_provider_gets_the_options_it_asks_for(
    tiny: Manifest, runtime: FakeRuntime, provider: str, name: str, expected: dict[str, str]
) -> None:
    runtime.provider = name
    embedder = ImageEmbedder(tiny, provider)
    assert (embedder.provider, embedder.provider_note) == (provider, "")
    assert embedder.embed(random_pixels(3)).shape == (3, DIMENSION)
    made, options, of_session = runtime.made[0]
    assert made == name
    assert options.items() >= expected.items()
    assert all(isinstance(value, str) for value in options.values())
    assert of_session.enable_mem_pattern == (provider != "directml")
    is_left_alone = of_session.graph_optimization_level == onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    assert is_left_alone == (provider == "openvino")


def test_openvino_without_a_gpu_uses_its_own_way_on_the_cpu(
    tmp_path: Path, runtime: FakeRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_cpu(options: dict[str, str]) -> None:
        if options["device_type"] == "GPU":
            raise RuntimeError("Device GPU is not available")

    monkeypatch.setattr(image_embedder, "has_int8_dot_products", lambda: True)
    runtime.provider, runtime.start = "OpenVINOExecutionProvider", only_cpu
    embedder = ImageEmbedder(write_model(tmp_path / "both-v1", int8=tiny_network(), float=tiny_network()))
    assert (embedder.provider, embedder.variant, embedder.provider_note) == ("openvino", "int8", "")


def test_a_provider_that_does_not_start_gives_way_with_the_reason(
    tiny: Manifest, runtime: FakeRuntime, expected_log: ExpectedLog
) -> None:
    runtime.start = failing("no CUDA-capable device is detected")
    expected_log("no CUDA-capable device")
    embedder = ImageEmbedder(tiny)
    assert embedder.provider == "cpu"
    assert "no CUDA-capable device" in embedder.provider_note


def test_a_provider_that_silently_became_the_cpu_is_named(
    tiny: Manifest, runtime: FakeRuntime, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    monkeypatch.setattr(FakeSession, "get_providers", lambda _: ["CPUExecutionProvider"])
    expected_log("cuda could not be started")
    assert ImageEmbedder(tiny).provider == "cpu"


def test_a_provider_that_computes_nonsense_gives_way(
    tiny: Manifest, runtime: FakeRuntime, expected_log: ExpectedLog
) -> None:
    probe = ImageEmbedder(tiny, "cpu").embed(probe_pixels(PX))[0]
    runtime.alter = lambda outputs: [np.eye(*output.shape, dtype=np.float32) for output in outputs]
    expected_log("cuda computes something else")
    embedder = ImageEmbedder(dataclasses.replace(tiny, probe=probe))
    assert embedder.provider == "cpu"
    assert np.allclose(embedder.embed(probe_pixels(PX))[0], probe, atol=1e-5)


def strayed(distance: float) -> Callable[[list[NDArray[np.float32]]], list[NDArray[np.float32]]]:
    """Return what a device does whose vectors have cosine 1 - distance to the right ones."""

    def stray(outputs: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        found = []
        for rows in outputs:
            aside = np.zeros_like(rows)
            aside[:, 0] = 1
            aside -= (aside * rows).sum(axis=1, keepdims=True) * rows
            aside /= np.linalg.norm(aside, axis=1, keepdims=True)
            found.append((rows * (1 - distance) + aside * np.sqrt(1 - (1 - distance) ** 2)).astype(np.float32))
        return found

    return stray


@pytest.mark.parametrize("is_cheap", [True, False])
def test_a_provider_must_agree_with_the_cpu(
    tiny: Manifest,
    runtime: FakeRuntime,
    monkeypatch: pytest.MonkeyPatch,
    expected_log: ExpectedLog,
    is_cheap: bool,
) -> None:
    probe = ImageEmbedder(tiny, "cpu").embed(probe_pixels(PX))[0]
    manifest = tiny if is_cheap else dataclasses.replace(tiny, probe=probe)
    if not is_cheap:
        monkeypatch.setattr(image_embedder, "CHEAP_BYTES", 0)
    runtime.made.clear()
    runtime.alter = strayed(AGREEMENT / 2)
    assert ImageEmbedder(manifest).provider == "cuda"
    # A second session of a large network is what must not be paid for.
    assert [name for name, _, _ in runtime.made].count("CPUExecutionProvider") == int(is_cheap)
    runtime.alter = strayed(AGREEMENT * 2)
    expected_log("something else than the CPU")
    embedder = ImageEmbedder(manifest)
    assert embedder.provider == "cpu"
    assert "cosine 0.998" in embedder.provider_note


def test_the_file_of_int8_need_not_agree_to_the_last_digit(tmp_path: Path, runtime: FakeRuntime) -> None:
    runtime.alter = strayed(AGREEMENT * 5)
    assert ImageEmbedder(write_model(tmp_path / "small-v1", int8=tiny_network())).provider == "cuda"


def test_a_provider_that_fails_later_gives_way_in_the_middle_of_work(
    tiny: Manifest, runtime: FakeRuntime, expected_log: ExpectedLog
) -> None:
    embedder = ImageEmbedder(tiny)
    pixels = random_pixels(40)
    before = embedder.embed(pixels)
    runtime.alter = failing("device was reset\nand more lines")
    expected_log("device was reset")
    with ThreadPoolExecutor(3) as pool:
        for vectors in pool.map(embedder.embed, [pixels] * 3):
            assert np.allclose(vectors, before, atol=1e-5)
    assert embedder.provider == "cpu"
    assert embedder.run_limit == RUN_LIMIT
    assert "device was reset" in embedder.provider_note


def test_a_provider_that_fails_while_it_is_measured_gives_way(
    tiny: Manifest, runtime: FakeRuntime, expected_log: ExpectedLog
) -> None:
    embedder = ImageEmbedder(tiny)
    runtime.alter = failing("device was removed")
    expected_log("device was removed")
    assert embedder.embed(random_pixels(3)).shape == (3, DIMENSION)
    assert embedder.provider == "cpu"


class Clock:
    """Stands for the module `time`; a run on the device takes what the test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


def test_where_memory_ends_half_of_what_fits_is_used(tiny: Manifest, runtime: FakeRuntime) -> None:
    embedder = ImageEmbedder(tiny)

    def until_100(outputs: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        if len(outputs[0]) > 100:
            raise RuntimeError("Failed to allocate memory")
        return outputs

    runtime.alter = until_100
    assert embedder.embed(random_pixels(200)).shape == (200, DIMENSION)
    assert embedder.provider == "cuda"
    assert embedder.run_limit <= 32
    assert max(count for count, _ in runtime.calls) == 128


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        pytest.param(lambda n: 0.01 + 0.0001 * n, GPU_RUN_LIMIT, id="each more photo is cheaper"),
        pytest.param(lambda n: max(0.032, 0.001 * n), 32, id="nothing gained beyond 32"),
        pytest.param(lambda n: 0.05 * n, 1, id="one at a time is as good"),
        pytest.param(lambda n: 0.1 + 0.02 * n, 8, id="a run becomes too long"),
    ],
)
def test_the_photos_in_one_run_are_measured_on_the_device(
    tiny: Manifest,
    runtime: FakeRuntime,
    monkeypatch: pytest.MonkeyPatch,
    cost: Callable[[int], float],
    expected: int,
) -> None:
    clock = Clock()

    def slowly(outputs: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        clock.now += cost(len(outputs[0]))
        return outputs

    monkeypatch.setattr(image_embedder, "time", clock)
    runtime.alter = slowly
    embedder = ImageEmbedder(tiny)
    embedder.embed(random_pixels(1))
    assert [count for count, _ in runtime.calls if count > 1] == [], "nobody waits for that with one photo"
    embedder.embed(random_pixels(2))
    assert embedder.run_limit == expected
    runtime.calls.clear()
    embedder.embed(random_pixels(2 * expected + 1))
    assert [count for count, _ in runtime.calls] == [expected, expected, 1]


def test_a_batch_that_is_computed_otherwise_than_one_photo_is_not_used(
    tiny: Manifest, runtime: FakeRuntime
) -> None:
    embedder = ImageEmbedder(tiny)

    def wrong_above_4(outputs: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        return strayed(0.1)(outputs) if len(outputs[0]) > 4 else outputs

    runtime.alter = wrong_above_4
    pixels = random_pixels(30)
    assert np.allclose(embedder.embed(pixels), ImageEmbedder(tiny, "cpu").embed(pixels), atol=1e-5)
    assert embedder.run_limit <= 4


def test_a_run_does_not_take_more_than_its_share_of_memory(
    tiny: Manifest, runtime: FakeRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_embedder, "GPU_RUN_BYTES", 10 * PX * PX * 3)
    ImageEmbedder(tiny).embed(random_pixels(50))
    assert max(count for count, _ in runtime.calls) == 8


def test_what_onnxruntime_says_of_missing_libraries_stays_off_stdout(
    tiny: Manifest, runtime: FakeRuntime, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded = []

    def preload_dlls() -> None:
        print("Failed to load libcudnn.so.9")
        loaded.append(True)

    runtime.preload_dlls = preload_dlls  # type: ignore[attr-defined]
    assert ImageEmbedder(tiny).provider == "cuda"
    assert loaded
    assert capfd.readouterr().out == ""
    runtime.preload_dlls = lambda: failing("not supported")(None)  # type: ignore[attr-defined]
    assert ImageEmbedder(tiny).provider == "cuda"


def test_a_provider_asked_for_by_name_and_not_there_is_explained(tiny: Manifest, expected_log: ExpectedLog) -> None:
    absent = next(
        name for name in ("directml", "coreml")
        if image_embedder._ORT_NAMES[name] not in onnxruntime.get_available_providers()
    )  # fmt: skip
    expected_log("not part of the installed onnxruntime")
    embedder = ImageEmbedder(tiny, absent)
    assert embedder.provider == "cpu"
    assert absent in embedder.provider_note
    with pytest.raises(ValueError, match="unknown provider"):
        ImageEmbedder(tiny, "abacus")


@pytest.mark.parametrize(("knows", "variant"), [(True, "int8"), (False, "float")])
def test_the_processor_decides_between_int8_and_float(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: bool, variant: str
) -> None:
    manifest = write_model(tmp_path / "both-v1", int8=tiny_network(), float=tiny_network())
    monkeypatch.setattr(image_embedder, "has_int8_dot_products", lambda: knows)
    assert ImageEmbedder(manifest, "cpu").variant == variant


def test_where_the_processor_does_not_tell_the_quicker_file_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = write_model(tmp_path / "both-v1", int8=tiny_network(), float=tiny_network())
    monkeypatch.setattr(image_embedder, "has_int8_dot_products", lambda: None)
    real = ImageEmbedder._open_session

    def timed(self: ImageEmbedder, provider: str, variant: str) -> Any:
        session = real(self, provider, variant)
        session.probe_ms = {"int8": 5.0, "float": 3.0}[variant]
        return session

    monkeypatch.setattr(ImageEmbedder, "_open_session", timed)
    assert ImageEmbedder(manifest, "cpu").variant == "float"


def test_an_int8_file_that_saturates_gives_way_to_float(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    good = tiny_network()
    probe = ImageEmbedder(write_model(tmp_path / "good-v1", float=good)).embed(probe_pixels(PX))[0]
    manifest = dataclasses.replace(write_model(tmp_path / "both-v1", int8=good, float=good), probe=probe)
    monkeypatch.setattr(image_embedder, "has_int8_dot_products", lambda: True)
    real = image_embedder._Session._run
    sessions: list[Any] = []

    def saturating(session: Any, outputs: list[str], batch: NDArray[Any]) -> list[NDArray[Any]]:
        sessions.append(session)
        return [-array if session is sessions[0] else array for array in real(session, outputs, batch)]

    monkeypatch.setattr(image_embedder._Session, "_run", saturating)
    expected_log("int8 network on this CPU computes something else")
    embedder = ImageEmbedder(manifest, "cpu")
    assert (embedder.provider, embedder.variant) == ("cpu", "float")


def test_onnxruntime_is_imported_only_when_an_embedder_is_made() -> None:
    code = "import sys, photofind.embedding.image_embedder as m; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
