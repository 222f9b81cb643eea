"""What a network costs on this computer, measured: CPU time of a photo, photos a second, where and from which file.

Called on the library's thread for long work. Measured with batches, as indexing runs them, after a run that warms
up; the least of several rounds, because whatever else the computer does can only add.
"""

import time

import numpy as np

from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Manifest, probe_pixels
from photofind.records import ModelCost

BATCH = 8
ROUNDS = 5
ENOUGH_S = 2.0
"""No further round begins after so long: a large network takes a second for each."""


def measure_cost(manifest: Manifest, provider: str = "auto") -> list[ModelCost]:
    """Measure a network on the CPU with one thread and, where that works here, on a faster provider as well.

    Args:
        manifest: Which network.
        provider: As for `ImageEmbedder`.

    Raises:
        ModelError: The network cannot be used.
    """
    on_cpu = _measure(ImageEmbedder(manifest, "cpu"))
    if provider == "cpu":
        return [on_cpu]
    other = ImageEmbedder(manifest, provider)
    return [on_cpu] if other.provider == "cpu" else [on_cpu, _measure(other)]


def _measure(embedder: ImageEmbedder) -> ModelCost:
    count = BATCH if embedder.provider == "cpu" else 4 * BATCH
    # Shifted against each other: equal photos would be kinder to a cache than those of a library.
    pixels = np.stack([np.roll(probe_pixels(embedder.input_px)[0], 7 * shift, axis=1) for shift in range(count)])
    embedder.embed(pixels)
    cpu_s = wall_s = float("inf")
    begin = time.perf_counter()
    for _ in range(ROUNDS):
        # Of this thread alone, on which onnxruntime computes when it has one: others may index meanwhile.
        before, start = time.thread_time(), time.perf_counter()
        embedder.embed(pixels)
        cpu_s = min(cpu_s, time.thread_time() - before)
        wall_s = min(wall_s, time.perf_counter() - start)
        if time.perf_counter() - begin > ENOUGH_S:
            break
    return ModelCost(
        embedder.model_id,
        embedder.provider,
        embedder.variant,
        cpu_ms=round(1000 * cpu_s / count, 2),
        photos_per_second=round(count / wall_s, 1),
    )
