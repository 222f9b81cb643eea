"""What indexing costs: the whole against the sum of its stages, two cores against one.

    python -m tests.benchmarks.indexing [FOLDER] [--repeat N]

FOLDER defaults to the real photos beside the repository. Stages are measured alone, one after the other in one
process on one core: `prepare` (read, digest, decode, thumbnail, hash, network input), `embed` (batches of
`BATCH_PHOTOS`) and `write` (catalog, thumbnails, vector index). The whole is an indexer with its decoder processes
in a process of its own; its CPU includes theirs. The same for two photos shows what starting and stopping takes.
CPU times and ratios travel between machines, wall times do not, and mean something only on a quiet one.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.model_store import ModelStore, bundled_folder
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.indexer import BATCH_PHOTOS, Indexer
from photofind.indexing.prepare import PrepareRequest, prepare
from photofind.indexing.scan import Scan, ScanStep, Target
from photofind.search.vector_index import VectorIndex
from photofind.settings import Settings

REAL = Path(__file__).resolve().parents[3] / "shared" / "photos" / "real"
CPU_LIMIT = 1.25
"""The whole may cost so many times the sum of its stages."""
WALL_LIMIT = 0.6
"""With two cores it may take so many times the wall time of one."""


def _embedder() -> ImageEmbedder:
    store = ModelStore(bundled_folder())
    return ImageEmbedder(store.manifest(store.default_id()), provider="cpu")


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of its children that ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))


def _index(embedder: ImageEmbedder) -> VectorIndex:
    none = np.empty(0, np.int64), np.empty((0, embedder.dimension), np.float32)
    return VectorIndex.open(
        None, embedder.model_id, embedder.dimension, lambda: none, none[0], lambda _: none, writable=True
    )


def stages(folder: Path) -> dict[str, float]:
    """Measure each stage alone, in CPU seconds."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    embedder = _embedder()
    embedder.embed(np.zeros((BATCH_PHOTOS, embedder.input_px, embedder.input_px, 3), np.uint8))
    with tempfile.TemporaryDirectory() as temporary, Catalog.open(Path(temporary) / "catalog.db") as catalog:
        root = os.fsencode(folder)
        catalog.add_folder(root)
        start = time.process_time()
        steps = Scan(catalog, catalog.folders(), [Target(root)]).steps()
        paths = [found.path for step in steps if isinstance(step, ScanStep) for found in step.to_read]
        scanned = time.process_time() - start
        prepared = []
        start = time.process_time()
        for path in paths:
            try:
                prepared.append(prepare(PrepareRequest(path, embedder.input_px)))
            except Exception as error:
                print(f"{os.fsdecode(path)!r}: {error}", file=sys.stderr)
        prepared_s = time.process_time() - start
        fresh = list({each.digest: each for each in prepared}.values())
        pixels = [each.pixels for each in fresh if each.pixels is not None]
        start = time.process_time()
        vectors = np.concatenate(
            [embedder.embed(np.stack(pixels[at : at + BATCH_PHOTOS])) for at in range(0, len(pixels), BATCH_PHOTOS)]
        )
        embedded_s = time.process_time() - start
        index = _index(embedder)
        start = time.process_time()
        with ThumbnailStore.open(Path(temporary) / "thumbnails.db") as thumbnails:
            of_digest = dict(zip([each.digest for each in fresh], vectors, strict=True))
            for at in range(0, len(prepared), BATCH_PHOTOS):
                batch = prepared[at : at + BATCH_PHOTOS]
                items = [(each, of_digest.pop(each.digest, None)) for each in batch]
                contents = catalog.add_prepared(items, embedder.model_id).contents
                thumbnails.put_many([(content.content_id, content.thumbnail) for content in contents])
                new = [(content.content_id, content.vector) for content in contents if content.vector is not None]
                if new:
                    index.add(np.array([each[0] for each in new]), np.stack([each[1] for each in new]))
        written_s = time.process_time() - start
        index.close()
    return {
        "photos": len(prepared), "scan": scanned, "prepare": prepared_s, "embed": embedded_s, "write": written_s,
    }  # fmt: skip


def whole(folder: Path, cores: int) -> dict[str, float]:
    """Index once on so many cores; CPU seconds from here to the end of all processes, wall seconds of the work."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    start_cpu = _cpu_s()
    embedder = _embedder()
    index = _index(embedder)
    with tempfile.TemporaryDirectory() as temporary:
        with ThumbnailStore.open(Path(temporary) / "thumbnails.db") as thumbnails, DecoderPool(cores) as pool:
            indexer = Indexer(
                Path(temporary) / "catalog.db",
                thumbnails,
                index,
                embedder,
                Settings(),
                lambda _: None,
                pool=pool,
            )
            indexer.start()
            start = time.perf_counter()
            indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(folder))).result()
            indexer.rescan()
            indexer.wait_idle()
            wall = time.perf_counter() - start
            photos = indexer.submit(lambda catalog: catalog.photo_count(1)).result()
            indexer.close()
        index.close()
    assert threading.active_count() == 1, threading.enumerate()
    return {"photos": photos, "cpu": _cpu_s() - start_cpu, "wall": wall}


def _measure(task: str, folder: Path, repeat: int) -> dict[str, float]:
    """Run one task in processes of its own; return the run with the least CPU."""
    runs: list[dict[str, Any]] = []
    for _ in range(repeat):
        command = [sys.executable, "-m", "tests.benchmarks.indexing", str(folder), "--task", task]
        # As the decoder processes have it: threads of BLAS that spin would be counted as work.
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"} if task == "stages" else None
        ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        runs.append(json.loads(ran.stdout))
    return min(runs, key=lambda run: run.get("cpu", run.get("prepare", 0)))


def main() -> None:
    """Measure and print the table, or run one task for it."""
    parser = argparse.ArgumentParser(description="What indexing costs.")
    parser.add_argument("folder", nargs="?", type=Path, default=REAL)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--task", choices=("stages", "one", "two"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder.resolve()
    if options.task:
        print(
            json.dumps(stages(folder) if options.task == "stages" else whole(folder, 1 + (options.task == "two")))
        )
        return
    for path in folder.rglob("*"):  # the disk is not what is measured
        if path.is_file():
            path.read_bytes()
    alone = _measure("stages", folder, options.repeat)
    one = _measure("one", folder, options.repeat)
    two = _measure("two", folder, options.repeat)
    with tempfile.TemporaryDirectory() as few:
        for number, path in enumerate(sorted(path for path in folder.rglob("*.*") if path.is_file())[:2]):
            (Path(few) / f"{number}{path.suffix}").write_bytes(path.read_bytes())
        idle_one, idle_two = (_measure(task, Path(few), options.repeat) for task in ("one", "two"))
    photos = alone["photos"]
    parts = ("scan", "prepare", "embed", "write")
    total = sum(alone[part] for part in parts)
    print(f"{photos:.0f} photos of {folder}\n")
    print("CPU ms a photo, stages alone")
    for part in parts:
        print(f"  {part:8}{1000 * alone[part] / photos:8.2f}")
    print(f"  {'sum':8}{1000 * total / photos:8.2f}\n")
    print("the whole          CPU ms a photo   wall s   photos/s")
    for name, run in (("one core", one), ("two cores", two)):
        print(f"  {name:16}{1000 * run['cpu'] / photos:14.2f}{run['wall']:11.2f}{photos / run['wall']:11.1f}")
    print(f"  with two photos: {idle_one['cpu']:.2f} and {idle_two['cpu']:.2f} CPU-s, nearly all of it starting\n")
    for name, run, idle in (("one core", one, idle_one), ("two cores", two, idle_two)):
        net = run["cpu"] - idle["cpu"]
        print(f"CPU, {name}: {run['cpu'] / total:.3f} of the stages' sum (at most {CPU_LIMIT});")
        print(f"  {net / total:.3f} without that of two photos")
    if len(os.sched_getaffinity(0)) > 1:
        print(f"wall, two cores: {two['wall'] / one['wall']:.3f} of one core's (at most {WALL_LIMIT})")
    print("\nanchors, CPU ms a photo: decode 500x375 1.27 to 4.10, 17 Mpixel 28.7 to 49; ResNet-18 int8 @224 4.7;")
    print("end to end with it 7.0 for a small photo, 35 for 17 Mpixel")


if __name__ == "__main__":
    main()
