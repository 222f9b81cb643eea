"""From pixels to vectors: one network in an onnxruntime session, on the fastest provider that computes it rightly.

Made on the indexer's thread or the query's; `embed` may be called from any thread at once (onnxruntime releases
the GIL and its sessions take concurrent runs). onnxruntime is imported when an embedder is made, not with this
module: a command that only lists photos should not pay the 0.1 s.

A session is trusted only after it has computed the manifest's probe picture. That one inference finds what no list
of processors and drivers does: a GPU driver that returns nonsense, a CPU whose int8 products saturate, a file that
is a network but not this one. The alternative that lost is choosing by such lists alone; the processor's flags
only settle which file is tried first.

One intra-op thread by default and no spinning: indexing works beside decoder processes, and a spinning pool makes
a busy machine several times slower.
"""

import ctypes
import hashlib
import logging
import platform
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofind.embedding.manifest import Manifest, ModelFile, probe_pixels
from photofind.errors import ModelError

logger = logging.getLogger(__name__)

INPUT_NAME = "pixels"
OUTPUT_NAME = "embedding"

RUN_LIMIT = 16
"""Photos in one run. Beyond 8 the time per photo no longer falls, only the memory for activations grows."""

PROBE_COSINE = 0.97
"""Least cosine between the probe's vector here and the manifest's. Correct int8 reaches .98 and more, correct
float .9999; saturated int8 and broken drivers fall far below."""

_ORT_NAMES = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
"""Names of the setting `provider` but auto, fastest first, which is the order auto tries them in."""


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
        side = self.input_px
        if pixels.dtype != np.uint8 or pixels.ndim != 4 or pixels.shape[1:] != (side, side, 3):
            raise ValueError(f"pixels should be uint8 [n, {side}, {side}, 3], not {pixels.dtype} {pixels.shape}")
        vectors = np.empty((len(pixels), self.dimension), dtype=np.float32)
        for start in range(0, len(pixels), RUN_LIMIT):
            batch = np.ascontiguousarray(pixels[start : start + RUN_LIMIT])
            vectors[start : start + len(batch)] = self._run(batch)
        vectors.flags.writeable = False
        return vectors

    def _run(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        session = self._session
        try:
            return _compute(session.ort, batch, self.dimension)
        except ModelError as error:
            if session.provider == "cpu":
                raise
            # A GPU that was reset or ran out of memory: the work goes on, slower, and says so.
            with self._lock:
                if self._session is session:
                    self.provider_note = f"{session.provider} failed while running ({error}); the CPU is used."
                    logger.warning("%s", self.provider_note)
                    self._use(self._open_cpu())
            return self._run(batch)

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
            variant = self._cpu_variant() if name == "openvino" else "float"
            try:
                return self._open_session(name, variant if variant in self.manifest.files else self._any_variant())
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

    def _open_session(self, provider: str, variant: str) -> "_Session":
        """Open one file on one provider and let it compute the probe.

        Raises:
            ModelError: The file is at fault; no provider can help.
            _ProviderError: This provider cannot run the file, or computes something else.
        """
        file = self.manifest.files[variant]
        data = read_verified(self.manifest.folder / file.name, file)
        runtime = _runtime()
        options = runtime.SessionOptions()
        options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        options.log_severity_level = 4
        if provider == "directml":
            options.enable_mem_pattern = False  # DirectML refuses it
        names = [_ORT_NAMES[provider]]
        if provider != "cpu":
            names.append(_ORT_NAMES["cpu"])
        try:
            # From the bytes that were verified, never from the path: the file may change in between.
            ort = runtime.InferenceSession(data, sess_options=options, providers=names)
        except Exception as error:  # onnxruntime raises a dozen kinds, plain RuntimeError among them
            if provider == "cpu":
                raise ModelError(
                    f"{file.name} is not a network that onnxruntime can load: {_first_line(error)}"
                ) from error
            raise _ProviderError(f"cannot load the network ({_first_line(error)})") from error
        _check_signature(ort, self.manifest, file)
        if _ORT_NAMES[provider] not in ort.get_providers():
            raise _ProviderError("could not be started; its libraries or its device are missing")
        session = _Session(ort, provider, variant)
        probe = probe_pixels(self.input_px)
        try:
            vector = _compute(ort, probe, self.dimension)[0]
        except ModelError as error:
            if provider == "cpu":
                raise
            raise _ProviderError(f"cannot run the network ({error})") from error
        expected = self.manifest.probe
        if expected is not None and not float(vector @ expected) >= PROBE_COSINE:
            raise _ProviderError("computes something else than it should")
        start = time.perf_counter()
        _compute(ort, probe, self.dimension)
        session.probe_ms = (time.perf_counter() - start) * 1000
        return session


@dataclass(slots=True)
class _Session:
    ort: Any
    provider: str
    variant: str
    probe_ms: float = 0.0


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


def _check_signature(ort: Any, manifest: Manifest, file: ModelFile) -> None:
    """Raise ModelError unless the network takes uint8 pixels and gives the vector that the manifest promises."""
    side = manifest.input_px
    inputs, outputs = ort.get_inputs(), ort.get_outputs()
    if [entry.name for entry in inputs] != [INPUT_NAME] or [entry.name for entry in outputs] != [OUTPUT_NAME]:
        raise ModelError(f"{file.name} should have one input {INPUT_NAME!r} and one output {OUTPUT_NAME!r}.")
    pixels, embedding = inputs[0], outputs[0]
    if pixels.type != "tensor(uint8)" or list(pixels.shape[1:]) != [side, side, 3]:
        raise ModelError(f"{file.name} should take uint8 [n, {side}, {side}, 3], not {pixels.type} {pixels.shape}.")
    if embedding.type != "tensor(float)" or list(embedding.shape[1:]) != [manifest.dimension]:
        raise ModelError(
            f"{file.name} should give float [n, {manifest.dimension}], not {embedding.type} {embedding.shape}."
        )
    if any(isinstance(entry.shape[0], int) for entry in (pixels, embedding)):
        raise ModelError(f"{file.name} should take any number of photos at once.")


def _compute(ort: Any, batch: NDArray[np.uint8], dimension: int) -> NDArray[np.float32]:
    """Run one batch; rows of length 1, or ModelError."""
    try:
        (vectors,) = ort.run([OUTPUT_NAME], {INPUT_NAME: batch})
    except Exception as error:  # see InferenceSession above
        raise ModelError(f"The network failed: {_first_line(error)}") from error
    if vectors.shape != (len(batch), dimension) or vectors.dtype != np.float32:
        raise ModelError(f"The network gave {vectors.dtype} {vectors.shape}, not the vectors it promises.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # Written so that NaN fails. The network normalises already; a row far from 1 means it does not.
    if not (np.abs(lengths - 1) < 0.01).all():
        raise ModelError("The network gives vectors that are not of length 1.")
    # int8 networks and float16 providers leave the length some 1e-4 off; scores promise 1.000 for the same photo.
    result: NDArray[np.float32] = (vectors / lengths).astype(np.float32, copy=False)
    return result


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
