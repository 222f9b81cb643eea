"""From pixels to vectors: one network in an onnxruntime session, on the fastest provider that computes it rightly.

Made on the indexer's thread or the query's; `embed` may be called from any thread at once (onnxruntime releases
the GIL; its CPU sessions take concurrent runs, those of other providers are run one at a time). onnxruntime is
imported when an embedder is made, not with this module: a command that only lists photos should not pay the 0.1 s.

A session is trusted only after it has computed the manifest's probe picture. That one inference finds what no list
of processors and drivers does: a GPU driver that returns nonsense, a CPU whose int8 products saturate, a file that
is a network but not this one. A provider other than the CPU is held to more: its vectors must be those of the CPU,
or the catalog would mix two spaces. The alternative that lost is choosing by lists alone; the processor's flags
only settle which file is tried first.

Own networks take uint8 pixels and promise unit vectors; a network that PhotoFind did not make is run as it is, with
its preparation, pooling and normalisation done here in numpy, as its manifest says.

One intra-op thread by default and no spinning: indexing works beside decoder processes, and a spinning pool makes
a busy machine several times slower.
"""

import contextlib
import ctypes
import hashlib
import io
import logging
import platform
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofind.embedding.manifest import InputFormat, Manifest, ModelFile, probe_pixels
from photofind.errors import ModelError

logger = logging.getLogger(__name__)

INPUT_NAME = "pixels"
OUTPUT_NAME = "embedding"
TEXT_OUTPUT_NAME = "text"

RUN_LIMIT = 16
"""Photos in one run on the CPU. Beyond 8 the time per photo no longer falls, only the memory for activations
grows."""

GPU_RUN_LIMIT = 256
"""The most photos in one run of another provider; how many are best is measured on the device, by doubling."""
GPU_RUN_BYTES = 256_000_000
"""The most a run's input may take: networks of 1024 pixels would come to gigabytes."""
GPU_RUN_S = 0.25
"""The doubling ends at a run that takes longer: a query waits for the run before it."""

PROBE_COSINE = 0.97
"""Least cosine between the probe's vector here and the manifest's. Correct int8 reaches .98 and more, correct
float .9999; saturated int8 and broken drivers fall far below."""

AGREEMENT = 1e-3
"""How far from 1 the cosine between a provider's vector and the CPU's may be, both from the float file."""
CHEAP_BYTES = 64_000_000
"""Up to this size of the file a provider is compared with the CPU itself; beyond, with the manifest's probe: a
second session of a large network would cost seconds and its memory."""

_ORT_NAMES = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
"""Names of the setting `provider` but auto, fastest first, which is the order auto tries them in."""

_ORT_OPTIONS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "cuda": (
        {
            # Trying out every algorithm, the default, starts again at each new batch size.
            "cudnn_conv_algo_search": "HEURISTIC",
            # Twice the weights of the largest network and as much again for the activations; what does not fit is
            # an error that ends the doubling of the batch, and the rest of the device's memory stays with others.
            "gpu_mem_limit": str(4 << 30),
            "arena_extend_strategy": "kSameAsRequested",
            # 10 bits of mantissa, the default on newer devices, are not the CPU's float32.
            "use_tf32": "0",
        },
    ),
    # Adapter 0, the default, is the one of the display; in a laptop that is the slow one.
    "directml": ({"performance_preference": "high_performance", "device_filter": "gpu"},),
    # The older format computes in half precision.
    "coreml": ({"ModelFormat": "MLProgram", "MLComputeUnits": "ALL"},),
    # ACCURACY keeps the network's own precision; the GPU's default would be half of it.
    "openvino": ({"device_type": "GPU", "precision": "ACCURACY"}, {"device_type": "CPU", "precision": "ACCURACY"}),
}
"""What each provider's documentation asks for; where there are several, they are tried in this order."""


class ImageEmbedder:
    """One network, ready to run.

    Args:
        manifest: Which network.
        provider: auto, cpu, cuda, directml, coreml or openvino. One that is not there or does not work is replaced
            by the CPU, with the reason in `provider_note`.
        threads: Intra-op threads of the CPU session.

    Attributes:
        provider: What is in use, one of the names above but auto.
        provider_note: Why it is not the one asked for, in a sentence; empty when there is nothing to say.
        variant: The file in use, "int8" or "float".

    Raises:
        ModelError: A file is missing, altered, no network, or none that takes these pixels and gives this vector.
    """

    def __init__(self, manifest: Manifest, provider: str = "auto", threads: int = 1) -> None:
        if provider != "auto" and provider not in _ORT_NAMES:
            raise ValueError(f"unknown provider {provider!r}")
        self.manifest = manifest
        self.model_id = manifest.model_id
        self.input_px = manifest.input_px
        self.dimension = manifest.dimension
        self.provider_note = ""
        self._threads = threads
        self._lock = threading.Lock()
        """Guards the change to the CPU when another provider fails in the middle of work."""
        self._use(self._open(provider))

    @property
    def run_limit(self) -> int:
        """Photos in one run; more at once than this gain nothing, and less waste a provider that is not the CPU."""
        return self._session.run_limit or RUN_LIMIT

    def embed(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the vectors of some photos.

        Args:
            pixels: uint8 [n, input_px, input_px, 3], RGB, upright, each the whole photo squashed; n may be 0.

        Returns:
            float32 [n, dimension], rows of length 1, read-only. A photo's vector does not depend on its companions.

        Raises:
            ValueError: The array is not of that shape and type.
            ModelError: The network failed on every provider left.
        """
        return self._embed(pixels, wants_text=False)[0]

    def embed_both(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return the vectors of some photos, and their vectors in the space of words, by one run.

        Args:
            pixels: As for `embed`.

        Returns:
            The first is what `embed` returns. The second is float32 [n, text.dimension], rows of length 1 and
            read-only, or None when `manifest.text` is; for a pair of networks trained together it equals the first.

        Raises:
            ValueError: The array is not of that shape and type.
            ModelError: The network failed on every provider left.
        """
        return self._embed(pixels, wants_text=True)

    def _embed(
        self, pixels: NDArray[np.uint8], *, wants_text: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        side = self.input_px
        if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[1:] != (side, side, 3):
            raise ValueError(f"pixels should be uint8 [n, {side}, {side}, 3], not {pixels.dtype} {pixels.shape}")
        text = self.manifest.text
        vectors = np.empty((len(pixels), self.dimension), dtype=np.float32)
        words = np.empty((len(pixels), text.dimension), dtype=np.float32) if wants_text and text else None
        start = 0
        while start < len(pixels):
            session = self._session
            try:
                if not session.run_limit and len(pixels) > 1:  # nobody waits for a measurement with one photo
                    session.measure_run_limit()
                run = pixels[start : start + (session.run_limit or 1)]
                found, found_words = session.compute(run, wants_text=words is not None)
            except ModelError as error:
                if session.provider == "cpu":
                    raise
                self._give_up(session, error)
                continue
            vectors[start : start + len(run)] = found
            if words is not None:
                words[start : start + len(run)] = found_words
            start += len(run)
        vectors.flags.writeable = False
        if words is not None:
            words.flags.writeable = False
        return vectors, words

    def _give_up(self, session: "_Session", error: ModelError) -> None:
        """Change to the CPU: after a GPU was reset or ran out of memory the work goes on, slower, and says so."""
        with self._lock:
            if self._session is session:
                self.provider_note = f"{session.provider} failed while running ({error}); the CPU is used."
                logger.warning("%s", self.provider_note)
                self._use(self._open_cpu())

    def _use(self, session: "_Session") -> None:
        self.provider = session.provider
        self.variant = session.variant
        self._session = session

    def _open(self, wanted: str) -> "_Session":
        available = set(_runtime().get_available_providers())
        candidates = list(_ORT_NAMES) if wanted == "auto" else [wanted]
        reasons = []
        for name in candidates:
            if name == "cpu":
                break
            if _ORT_NAMES[name] not in available:
                # Under auto a provider that this installation does not have is no news.
                if wanted != "auto":
                    reasons.append(f"{name} is not part of the installed onnxruntime")
                continue
            for options in _ORT_OPTIONS[name]:
                variant = self._cpu_variant() if options.get("device_type") == "CPU" else "float"
                try:
                    return self._open_session(
                        name, variant if variant in self.manifest.files else self._any_variant(), options
                    )
                except _ProviderError as error:
                    reasons.append(f"{name} {error}")
        if reasons:
            self.provider_note = f"The CPU is used: {'; '.join(reasons)}."
            logger.warning("%s", self.provider_note)
        return self._open_cpu()

    def _open_cpu(self) -> "_Session":
        """Open on the CPU: the preferred file, and if the probe says its arithmetic is wrong here, the other."""
        preferred = self._cpu_variant()
        order = sorted(self.manifest.files, key=lambda variant: variant != preferred)
        for variant in order[:-1]:
            try:
                return self._open_session("cpu", variant)
            except _ProviderError as error:
                logger.warning("The %s network on this CPU %s; trying the other.", variant, error)
        try:
            return self._open_session("cpu", order[-1])
        except _ProviderError as error:
            raise ModelError(f"The network {self.model_id} {error}.") from error

    def _any_variant(self) -> str:
        return next(iter(self.manifest.files))

    def _cpu_variant(self) -> str:
        """Return the quicker file for this CPU, without running anything where the processor tells."""
        files = self.manifest.files
        if len(files) == 1:
            return self._any_variant()
        knows = has_int8_dot_products()
        if knows is not None:
            return "int8" if knows else "float"
        times = {}
        for variant in files:
            try:
                times[variant] = self._open_session("cpu", variant).probe_ms
            except _ProviderError:
                times[variant] = float("inf")
        return min(times, key=lambda variant: times[variant])

    def _open_session(
        self, provider: str, variant: str, provider_options: Mapping[str, str] | None = None
    ) -> "_Session":
        """Open one file on one provider and let it compute the probe.

        Raises:
            ModelError: The file is at fault; no provider can help.
            _ProviderError: This provider cannot run the file, or computes something else.
        """
        file = self.manifest.files[variant]
        data = read_verified(self.manifest.folder / file.name, file)
        runtime = _runtime()
        options = runtime.SessionOptions()
        levels = runtime.GraphOptimizationLevel
        # OpenVINO optimises by itself, and asks for the graph as it is.
        options.graph_optimization_level = (
            levels.ORT_DISABLE_ALL if provider == "openvino" else levels.ORT_ENABLE_ALL
        )
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        options.log_severity_level = 4
        if provider == "directml":
            options.enable_mem_pattern = False  # DirectML refuses it
        providers: list[Any] = [_ORT_NAMES["cpu"]]
        if provider != "cpu":
            providers.insert(0, (_ORT_NAMES[provider], dict(provider_options or {})))
        if provider == "cuda":
            _load_cuda_libraries(runtime)
        try:
            # From the bytes that were verified, never from the path: the file may change in between. Without its
            # fallback, which prints to stdout and goes on with the CPU where we should not know.
            ort = runtime.InferenceSession(data, sess_options=options, providers=providers, enable_fallback=0)
        except Exception as error:  # onnxruntime raises a dozen kinds, plain RuntimeError among them
            if provider == "cpu":
                raise ModelError(
                    f"{file.name} is not a network that onnxruntime can load: {_first_line(error)}"
                ) from error
            raise _ProviderError(f"cannot load the network ({_first_line(error)})") from error
        _check_signature(ort, self.manifest, file)
        if _ORT_NAMES[provider] not in ort.get_providers():
            raise _ProviderError("could not be started; its libraries or its device are missing")
        session = _Session(ort, provider, variant, self.manifest)
        probe = probe_pixels(self.input_px)
        try:
            vector = session.compute(probe, wants_text=True)[0][0]
        except ModelError as error:
            if provider == "cpu":
                raise
            raise _ProviderError(f"cannot run the network ({error})") from error
        expected = self.manifest.probe
        if expected is not None and not float(vector @ expected) >= PROBE_COSINE:
            raise _ProviderError("computes something else than it should")
        if provider == "cpu":
            start = time.perf_counter()
            session.compute(probe, wants_text=False)
            session.probe_ms = (time.perf_counter() - start) * 1000
        elif variant == "float":
            self._check_agreement(session, file)
        return session

    def _check_agreement(self, session: "_Session", file: ModelFile) -> None:
        """Raise _ProviderError unless a provider computes the float file as the CPU does.

        int8 files are left out: their rounding differs between providers by more than this bound.
        """
        probe = probe_pixels(self.input_px)
        try:
            if file.size_bytes <= CHEAP_BYTES:
                # Turned, mirrored and in negative, so that no single picture's luck decides.
                pictures = np.concatenate([probe, probe.transpose(0, 2, 1, 3), probe[:, :, ::-1], 255 - probe])
                expected = _compute_singly(self._open_session("cpu", session.variant), pictures)
                found = _compute_singly(session, pictures)
            elif self.manifest.probe is not None:
                expected = [self.manifest.probe[None]]
                found = [session.compute(probe, wants_text=False)[0]]
            else:
                return
        except ModelError as error:
            raise _ProviderError(f"cannot run the network ({error})") from error
        least = min(float(np.einsum("ij,ij->i", *pair).min()) for pair in zip(found, expected, strict=True))
        if not 1 - least <= AGREEMENT:
            raise _ProviderError(f"computes something else than the CPU (cosine {least:.4f})")


@dataclass(slots=True)
class _Session:
    """A network in an onnxruntime session, with what its manifest says of its input and outputs.

    Attributes:
        run_limit: Photos in one run; 0 as long as that was not measured.
        probe_ms: Time of the probe on the CPU.
    """

    ort: Any
    provider: str
    variant: str
    manifest: Manifest
    run_limit: int = 0
    probe_ms: float = 0.0
    _has_text_output: bool = field(init=False)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    """One run at a time on all but the CPU: DirectML demands it, and two at once only take a GPU's memory."""

    def __post_init__(self) -> None:
        self._has_text_output = self.manifest.text is not None and any(
            entry.name == TEXT_OUTPUT_NAME for entry in self.ort.get_outputs()
        )
        if self.manifest.input.batch is not None:
            self.run_limit = self.manifest.input.batch
        elif self.provider == "cpu":
            self.run_limit = RUN_LIMIT

    def compute(
        self, pixels: NDArray[np.uint8], *, wants_text: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Run one batch.

        Args:
            pixels: uint8 [n, input_px, input_px, 3]; n from 1 to the network's batch size, where it has one.
            wants_text: Whether to compute the second output as well.

        Returns:
            float32 [n, dimension] and, if wanted and there, float32 [n, text.dimension]; rows of length 1.

        Raises:
            ModelError: The network failed, or gave something else.
        """
        manifest = self.manifest
        names = [manifest.output.name]
        if wants_text and self._has_text_output:
            names.append(TEXT_OUTPUT_NAME)
        try:
            arrays = self._run(names, _network_input(pixels, manifest.input))
        except Exception as error:  # see InferenceSession above
            raise ModelError(f"The network failed: {_first_line(error)}") from error
        count, is_promised = len(pixels), not manifest.is_foreign
        # Before anything is summed: a mean over a map is beyond what float16 can hold.
        arrays = [array.astype(np.float32) if array.dtype == np.float16 else array for array in arrays]
        vectors = _pooled(arrays[0], manifest)[:count]
        vectors = _unit_rows(vectors, count, manifest.dimension, is_promised=is_promised)
        if not wants_text or manifest.text is None:
            return vectors, None
        if not self._has_text_output:
            return vectors, vectors
        return vectors, _unit_rows(arrays[1][:count], count, manifest.text.dimension, is_promised=is_promised)

    def _run(self, outputs: list[str], batch: NDArray[Any]) -> list[NDArray[Any]]:
        name = self.manifest.input.name
        if self.provider == "cpu":
            found: list[NDArray[Any]] = self.ort.run(outputs, {name: batch})
            return found
        with self._lock:
            if self.provider == "cuda":
                # Input and outputs stay on the device during the run; each is copied once.
                binding = self.ort.io_binding()
                binding.bind_ortvalue_input(name, _runtime().OrtValue.ortvalue_from_numpy(batch, "cuda", 0))
                for output in outputs:
                    binding.bind_output(output, "cuda")
                self.ort.run_with_iobinding(binding)
                found = binding.copy_outputs_to_cpu()
            else:
                found = self.ort.run(outputs, {name: batch})
            return found

    def measure_run_limit(self) -> None:
        """Find out how many photos this provider should get in one run; the first who asks waits, about a second.

        The batch is doubled until it is slow, no longer fits, or is no longer computed as one photo is; the
        smallest size that comes within a tenth of the best time per photo is taken. Where memory ended the
        doubling, half of what still fitted is the most: other programs use the device, too.

        Raises:
            ModelError: Not even one photo could be computed.
        """
        with self._lock:
            if self.run_limit:
                return
            probe = probe_pixels(self.manifest.input_px)
            alone = self.compute(probe, wants_text=False)[0]
            times: dict[int, float] = {}
            bytes_each = _network_input(probe, self.manifest.input).nbytes
            most = max(1, min(GPU_RUN_LIMIT, GPU_RUN_BYTES // bytes_each))
            size = 1
            while size <= most:
                batch = np.repeat(probe, size, axis=0)
                try:
                    self.compute(batch, wants_text=True)  # the first run of a size allocates and chooses algorithms
                    start = time.perf_counter()
                    vectors = self.compute(batch, wants_text=True)[0]
                    seconds = time.perf_counter() - start
                except ModelError as error:
                    logger.debug("%s runs no %d photos at once: %s", self.provider, size, error)
                    most = max(1, size // 4)
                    break
                if not 1 - float((vectors @ alone[0]).min()) <= AGREEMENT:
                    logger.debug("%s computes %d photos at once otherwise than one", self.provider, size)
                    break
                times[size] = seconds / size
                if seconds > GPU_RUN_S:
                    break
                size *= 2
            fitting = {size: each for size, each in times.items() if size <= most} or {1: 0.0}
            best = min(fitting.values())
            self.run_limit = min(size for size, each in fitting.items() if each <= 1.1 * best)
            logger.info("%s runs %d photos at once", self.provider, self.run_limit)


class _ProviderError(Exception):
    """One provider is of no use; the text goes on after its name."""


def read_verified(path: Path, file: ModelFile) -> bytes:
    """Return the bytes of a model file whose size and SHA-256 are those of the manifest.

    Raises:
        ModelError: The file is missing or is not the one described.
    """
    try:
        with path.open("rb") as stream:
            # One byte more than promised is enough to see that it is too long, however huge it is.
            data = stream.read(file.size_bytes + 1)
    except OSError as error:
        raise ModelError(f"The network {path} cannot be read: {error.strerror or error}.") from error
    if len(data) != file.size_bytes or hashlib.sha256(data).hexdigest() != file.sha256:
        raise ModelError(f"The network {path} is not the file its manifest describes; please install it again.")
    return data


def has_int8_dot_products() -> bool | None:
    """Tell whether this CPU multiplies and adds int8 in one instruction; None where it cannot be told cheaply.

    With it (VNNI on x86, dotprod on ARM) the int8 file is three times quicker than float; without it hardly.
    """
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return machine == "arm64"  # every Apple processor has them, hardly an Intel Mac does
    if sys.platform == "win32":
        if machine == "arm64":
            return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(43))  # PF_ARM_V82_DP_INSTRUCTIONS
        return None
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    return not {"avx512_vnni", "avx_vnni", "asimddp"}.isdisjoint(text.split())


def _runtime() -> Any:
    import onnxruntime

    # Its own log goes to stderr, past ours; what matters comes back as an exception anyway.
    onnxruntime.set_default_logger_severity(4)
    onnxruntime.disable_telemetry_events()  # Windows; elsewhere the package's own __init__ has seen to it
    return onnxruntime


def _load_cuda_libraries(runtime: Any) -> None:
    """Load CUDA and cuDNN from pip's packages, if they are there; onnxruntime finds only the system's by itself."""
    if not hasattr(runtime, "preload_dlls"):  # from 1.21 on
        return
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):  # it prints what it misses; stdout belongs to our commands
            runtime.preload_dlls()
    except Exception as error:  # noqa: BLE001 - the session tells better what is missing, if anything is
        logger.debug("The libraries of CUDA could not be loaded: %s", error)
    if said.getvalue():
        logger.debug("The libraries of CUDA: %s", said.getvalue().strip())


def _check_signature(ort: Any, manifest: Manifest, file: ModelFile) -> None:
    """Raise ModelError unless the network takes pixels and names outputs as the manifest promises.

    A side that the file leaves open may be anything; the probe settles it, and the shape of the outputs.
    """
    side, form = manifest.input_px, manifest.input
    inputs = ort.get_inputs()
    outputs = {entry.name: entry for entry in ort.get_outputs()}
    names = [manifest.output.name]
    text = manifest.text
    if text is not None:
        if TEXT_OUTPUT_NAME in outputs:
            names.append(TEXT_OUTPUT_NAME)
        elif text.encoder != manifest.model_id:
            raise ModelError(f"{file.name} should have an output {TEXT_OUTPUT_NAME!r}, as its manifest says.")
        elif text.dimension != manifest.dimension:
            raise ModelError(
                f"{file.name} has one output for {manifest.dimension} and {text.dimension} dimensions."
            )
    if [entry.name for entry in inputs] != [form.name] or not outputs.keys() >= set(names):
        wanted = " and ".join(repr(name) for name in names)
        raise ModelError(f"{file.name} should have one input {form.name!r} and the output {wanted}.")
    pixels = inputs[0]
    kind = {"uint8": "tensor(uint8)", "float32": "tensor(float)", "float16": "tensor(float16)"}[form.dtype]
    shape = [side, side, 3] if form.layout == "nhwc" else [3, side, side]
    if pixels.type != kind or len(pixels.shape) != 4 or not _may_be(pixels.shape[1:], shape):
        wanted = f"{form.dtype} [n, {', '.join(map(str, shape))}]"
        raise ModelError(f"{file.name} should take {wanted}, not {pixels.type} {pixels.shape}.")
    dimensions = [manifest.dimension, *([text.dimension] if text is not None else [])]
    for name, dimension in zip(names, dimensions, strict=False):
        entry = outputs[name]
        # A foreign network's output may be pooled yet, or of a shape that the file does not tell.
        has_dimension = manifest.is_foreign or list(entry.shape[1:]) == [dimension]
        has_type = entry.type == "tensor(float)" or (manifest.is_foreign and entry.type == "tensor(float16)")
        if not has_type or not has_dimension:
            wanted = f"float [n, {dimension}]"
            raise ModelError(f"{file.name} should give {wanted} as {name!r}, not {entry.type} {entry.shape}.")
    for entry in (pixels, *(outputs[name] for name in names)):
        if entry.shape and isinstance(entry.shape[0], int) and entry.shape[0] != form.batch:
            wanted = "any number of photos" if form.batch is None else f"{form.batch} photos"
            raise ModelError(f"{file.name} should take {wanted} at once, not {entry.shape[0]}.")


def _may_be(declared: list[Any], expected: list[int]) -> bool:
    return all(not isinstance(one, int) or one == other for one, other in zip(declared, expected, strict=True))


def _network_input(pixels: NDArray[np.uint8], form: InputFormat) -> NDArray[Any]:
    """Return uint8 [n, px, px, 3] as the network takes it; a fixed batch is filled up with the last photo."""
    if form.batch is not None and len(pixels) < form.batch:
        pixels = np.concatenate([pixels, np.repeat(pixels[-1:], form.batch - len(pixels), axis=0)])
    batch: NDArray[Any] = pixels
    if form.dtype != "uint8":
        batch = (pixels - np.asarray(form.mean, np.float32)) / np.asarray(form.std, np.float32)
        batch = batch.astype(form.dtype, copy=False)
    if form.layout == "nchw":
        batch = batch.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(batch)


def _pooled(array: NDArray[Any], manifest: Manifest) -> NDArray[Any]:
    """Return one row for each photo of the output [n, ...], pooled as the manifest says."""
    pooling = manifest.output.pooling
    if pooling == "mean" and array.ndim in (3, 4):
        # The channels are last for tokens, in a map where the input has them; or else where the size fits.
        last = array.ndim - 1
        likely = (1, last) if array.ndim == 4 and manifest.input.layout == "nchw" else (last, 1)
        channels = next((axis for axis in likely if array.shape[axis] == manifest.dimension), last)
        rows: NDArray[Any] = array.mean(axis=tuple(axis for axis in range(1, array.ndim) if axis != channels))
        return rows
    if pooling == "first" and array.ndim == 3:
        return array[:, 0]
    if pooling != "none":
        raise ModelError(f"The network gave {list(array.shape)}, with nothing to pool as its manifest says.")
    if array.ndim > 2 and set(array.shape[2:]) == {1}:
        return array.reshape(array.shape[:2])  # a map of one place
    return array


def _unit_rows(vectors: NDArray[Any], count: int, dimension: int, *, is_promised: bool) -> NDArray[np.float32]:
    """Return rows of length 1, or raise ModelError.

    Args:
        vectors: What the network gave, float32 [count, dimension] if it is right.
        count: Photos in the batch.
        dimension: Of the manifest.
        is_promised: Whether the network promises length 1 itself; a row far from it means it is broken then.
    """
    if vectors.shape != (count, dimension) or vectors.dtype != np.float32:
        wanted = f"float32 [{count}, {dimension}]"
        raise ModelError(
            f"The network gave {vectors.dtype} {list(vectors.shape)}, not {wanted} as its manifest says."
        )
    if is_promised:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        # Written so that NaN fails.
        if not (np.abs(lengths - 1) < 0.01).all():
            raise ModelError("The network gives vectors that are not of length 1.")
        # int8 networks leave the length some 1e-4 off; scores promise 1.000 for the same photo.
        rows: NDArray[np.float32] = (vectors / lengths).astype(np.float32, copy=False)
        return rows
    exact = vectors.astype(np.float64)  # the square of a large float32 is none
    lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ModelError("The network gives vectors without a direction: zeros or no numbers.")
    return np.asarray(exact / lengths, np.float32)


def _compute_singly(session: _Session, pictures: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """Return all outputs of a session for some pictures, each run alone: [n, dimension] each."""
    runs = [session.compute(picture[None], wants_text=True) for picture in pictures]
    outputs = [np.concatenate([vectors for vectors, _ in runs])]
    words = [words for _, words in runs if words is not None]
    return [*outputs, np.concatenate(words)] if words else outputs


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
