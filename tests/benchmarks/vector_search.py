"""Vector search measured: `python -m tests.benchmarks.vector_search [--count N] [--dimension D] [--corruptions N]`.

Prints one JSON object: CPU milliseconds of exact, graph and filtered search, recall against exact, CPU of building,
memory, and how many random corruptions of the index files were noticed (all of them, or it says so and exits 1).

The vectors are made up: 24 directions of variation and noise, which is about as hard for a graph as embeddings of
photos; vectors without structure are harder, clustered ones easier.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.errors import CacheDamagedError
from photofind.search import vector_index
from photofind.search.vector_index import VectorIndex

LOAD_ROWS = 16_384


def make_vectors(count: int, dimension: int) -> NDArray[np.float32]:
    random = np.random.default_rng(0)
    directions = random.normal(size=(24, dimension)).astype(np.float32)
    rows = np.empty((count, dimension), dtype=np.float16)
    for start in range(0, count, LOAD_ROWS):
        size = min(LOAD_ROWS, count - start)
        part = random.normal(size=(size, 24)).astype(np.float32) @ directions
        part += 0.8 * random.normal(size=(size, dimension)).astype(np.float32)
        rows[start : start + size] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return rows  # type: ignore[return-value]


def timed(work: Callable[[int], object], repeats: int) -> dict[str, float]:
    """Return CPU milliseconds of `work(i)`: the middle and the 99th percentile."""
    spent = []
    for number in range(repeats):
        start = time.thread_time()
        work(number)
        spent.append((time.thread_time() - start) * 1000)
    return {"p50_ms": round(float(np.median(spent)), 3), "p99_ms": round(float(np.percentile(spent, 99)), 3)}


def noticed_corruptions(path: Path, model_id: str, dimension: int, count: int) -> int:
    random = np.random.default_rng(1)
    (graph,) = path.parent.glob("*.graph")
    noticed = 0
    for number in range(count):
        target = path if number % 2 else graph
        good = target.read_bytes()
        bad = bytearray(good)
        for place in random.integers(0, len(bad), random.integers(1, 9)):
            bad[place] ^= int(random.integers(1, 256))
        if number % 3 == 0:
            del bad[int(random.integers(0, len(bad))) :]
        target.write_bytes(bad)
        try:
            vector_index._read_graph(path, model_id, dimension)
        except CacheDamagedError:
            noticed += 1
        target.write_bytes(good)
    return noticed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--exact-limit", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--corruptions", type=int, default=200)
    options = parser.parse_args()
    rows = make_vectors(options.count, options.dimension)
    ids = np.arange(options.count, dtype=np.int64)
    random = np.random.default_rng(2)
    noise = 0.02 * random.normal(size=(options.queries, options.dimension))
    queries = rows[random.integers(0, options.count, options.queries)].astype(np.float32) + noise
    filters = [random.choice(options.count, options.count // 100, replace=False) for _ in range(20)]

    def load_some(wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return wanted, rows[wanted].astype(np.float32)

    def opened(path: Path | None, exact_limit: int) -> VectorIndex:
        return VectorIndex.open(
            path, "m", options.dimension, lambda: load_some(ids), ids, load_some, writable=True,
            exact_limit=exact_limit,
        )  # fmt: skip

    figures: dict[str, object] = {"count": options.count, "dimension": options.dimension}
    exact = opened(None, options.count)
    truth = [exact.search(query, 20)[0] for query in queries]
    figures["exact"] = timed(lambda number: exact.search(queries[number], 20), options.queries)
    figures["exact_k2000"] = timed(lambda number: exact.search(queries[number], 2_000), 20)
    exact.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index-m.hnsw"
        index = opened(path, options.exact_limit)
        start = time.process_time()
        index.build()
        figures["build_ms_a_row"] = round((time.process_time() - start) * 1000 / options.count, 3)
        found = [index.search(query, 20)[0] for query in queries]
        figures["graph"] = timed(lambda number: index.search(queries[number], 20), options.queries)
        figures["graph_k200"] = timed(lambda number: index.search(queries[number], 200), options.queries)
        figures["graph_k2000"] = timed(lambda number: index.search(queries[number], 2_000), 20)
        hits = sum(len(set(a.tolist()) & set(b.tolist())) for a, b in zip(found, truth, strict=True))
        figures["recall_at_20"] = round(hits / (20 * options.queries), 4)
        figures["filtered_1_percent"] = timed(
            lambda number: index.search(queries[number], 20, filters[number % 20]), options.queries
        )
        half = np.arange(0, options.count, 2)
        figures["filtered_half"] = timed(lambda number: index.search(queries[number], 20, half), 10)
        start = time.process_time()
        index.close()
        figures["save_cpu_ms"] = round((time.process_time() - start) * 1000)
        start = time.process_time()
        opened(path, options.exact_limit)
        figures["open_cpu_ms"] = round((time.process_time() - start) * 1000)
        noticed = noticed_corruptions(path, "m", options.dimension, options.corruptions)
    figures["corruptions_noticed"] = f"{noticed} of {options.corruptions}"
    figures["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(figures, indent=2))
    return 0 if noticed == options.corruptions else 1


if __name__ == "__main__":
    sys.exit(main())
