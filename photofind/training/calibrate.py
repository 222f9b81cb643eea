"""What the cosines of a finished network mean, and what it costs: measured, then written into its manifest.

Two questions: from which cosine on are two photos edits of one picture, and from which on do they look alike?
Both are asked of the exported file that users run, not of the torch network.
"""

import csv
import dataclasses
import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.embedding.calibration import NEAREST, SAME_MARGIN, fit_chance
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Calibration, Chance
from photofind.errors import UserError
from photofind.training.data import Shards, TrainingPhoto, pixels_of

logger = logging.getLogger(__name__)

FALSE_SAME_RATE = 5e-6
"""Share of pairs of judging photos that may reach `same_picture_cosine`.

These photos are the worst case: up to 60 of each kind of subject, product shots and textures among them, so the
pairs at the top are two instruments of one model, or a picture and its recoloured twin. Among photos of different
subjects the highest cosine lies far below (Lite0: .55). At a rate of 1e-4, two different daisies were "the same".
"""
SCENE_NEIGHBOURS = 50
"""The chance of "same scene" is fitted on so many of each photo's nearest: pairs that stand side by side in an
answer. All pairs lost: hardly any of them show one scene, and the curve tells that and nothing of the near ones."""
LABELS_ASKED = 8
"""The chance of a label is fitted on so many of the nearest labels of each photo."""
PHOTOS_SHOWN = 50
"""The chance that a photo shows what words say is fitted on so many of the nearest photos of each name."""
FOUND_SHARE = 0.95
"""Of captioned photos are found by a caption of their own, at `found_cosine`."""
SIMILAR_PRECISION = 0.9
"""Share of pairs at or above `similar_cosine`, in a mixed collection, that show the same kind of subject."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Pictures and edits of them.

    Attributes:
        originals: float32 [n, d].
        variants: float32 [m, d].
        original_of: int [m], row in `originals`.
        kinds: Kind of edit of each variant.
    """

    originals: NDArray[np.float32]
    variants: NDArray[np.float32]
    original_of: NDArray[np.int64]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What `calibrate` found: the thresholds, and the share of edits of each kind that reach the first."""

    calibration: Calibration
    recall_by_kind: Mapping[str, float]
    highest_different: float
    """Highest cosine between a picture and another picture or an edit of another one."""


def embed_edits(embedder: ImageEmbedder, folder: Path) -> Edits:
    """Embed a folder of pictures and edits, as its `truth.csv` (variant, original, kind) names them.

    Raises:
        UserError: There is no truth.csv in the folder or beside it.
    """
    truth = next((path for path in (folder / "truth.csv", folder.parent / "truth.csv") if path.is_file()), None)
    if truth is None:
        raise UserError(f"{folder} has no truth.csv in it or beside it.")
    with truth.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = sorted({row["original"] for row in rows})
    place = {name: index for index, name in enumerate(names)}
    return Edits(
        originals=_embed_files(embedder, [folder / name for name in names]),
        variants=_embed_files(embedder, [folder / row["variant"] for row in rows]),
        original_of=np.array([place[row["original"]] for row in rows], dtype=np.int64),
        kinds=tuple(row["kind"] for row in rows),
    )


def embed_shards(embedder: ImageEmbedder, shards: Shards, photos: Sequence[TrainingPhoto]) -> NDArray[np.float32]:
    """Embed training photos: float32 [n, d]."""
    return np.concatenate([embedder.embed(batch) for batch in shards.pixels(photos, embedder.input_px)])


def calibrate(edits: Edits, others: NDArray[np.float32], labels: Sequence[str]) -> Measured:
    """Choose the two thresholds.

    Args:
        edits: From `embed_edits`.
        others: Vectors of photos that are different pictures and have a class, float32 [n, d].
        labels: Their classes.
    """
    own_of = np.einsum("ij,ij->i", edits.variants, edits.originals[edits.original_of])
    crossed = edits.variants @ edits.originals.T
    crossed[np.arange(len(crossed)), edits.original_of] = -1.0
    apart = edits.originals @ edits.originals.T
    np.fill_diagonal(apart, -1.0)
    highest = float(max(crossed.max(), apart.max()))

    first, second = np.triu_indices(len(others), k=1)
    cosines = np.concatenate([others[i] @ others[i + 1 :].T for i in range(len(others) - 1)])
    _, classes = np.unique(np.asarray(labels), return_inverse=True)
    same_class = classes[first] == classes[second]
    order = np.argsort(-cosines)
    allowed = max(1, int(FALSE_SAME_RATE * len(cosines)))
    same = min(1.0, float(max(highest + SAME_MARGIN, cosines[order[allowed]])))

    precision = same_class[order].cumsum() / np.arange(1, len(order) + 1)
    reaching = np.flatnonzero(precision >= SIMILAR_PRECISION)
    similar = float(cosines[order[reaching[-1]]]) if len(reaching) else same

    by_kind: dict[str, list[bool]] = defaultdict(list)
    reached = own_of >= same
    for kind, is_reached in zip(edits.kinds, reached, strict=True):
        by_kind[kind].append(bool(is_reached))
    return Measured(
        calibration=Calibration(
            same_picture_cosine=round(same, 4),
            similar_cosine=round(min(similar, same), 4),
            same_picture_recall=round(float(reached.mean()), 4),
            same_picture=_chance(own_of, np.sort(crossed, axis=1)[:, -NEAREST:]),
            same_scene=_scene_chance(others, classes),
        ),
        recall_by_kind={kind: round(float(np.mean(values)), 3) for kind, values in by_kind.items()},
        highest_different=highest,
    )


def label_chance(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> Chance | None:
    """Return the chance that a label holds, by its cosine; None where the cosines tell nothing of it.

    A photo shows more than its class names, so that labels counted as wrong here may well be right: the chance is
    rather too small than too large.

    Args:
        scores: Cosines of photos and labels, float32 [n, labels].
        right: The labels that their class makes right, bool [n, labels].
    """
    nearest = np.argsort(-scores, axis=1)[:, :LABELS_ASKED]
    return _fitted(np.take_along_axis(scores, nearest, axis=1), np.take_along_axis(right, nearest, axis=1))


def shows_chance(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> Chance | None:
    """Return the chance that a photo shows what words say, by their cosine; None where that tells nothing of it.

    Fitted on names alone. Captions lost: of two photos of running dogs each caption fits the one photo only, and a
    curve that learns this lists no dog for "a dog".

    One curve over the cosine for all words. What is near by the measure of all photos for the same words lost, by
    each way to say it. Asked 59 words and sentences of 180 photos of other origin, all pairs in one order have an
    average precision of .578 by the cosine, .545 by its distance from the mean photo's, .517 in standard deviations
    of all photos, .515 in those of the quartiles (Accurate; Fast .383, .371, .294, .265; all encoded as typed). How
    near the photo is to its own labels adds .005.

    Args:
        scores: Cosines of names as they are typed and photos, float32 [names, photos].
        right: Whether the photo shows it, bool [names, photos].
    """
    nearest = np.argsort(-scores, axis=1)[:, :PHOTOS_SHOWN]
    return _fitted(np.take_along_axis(scores, nearest, axis=1), np.take_along_axis(right, nearest, axis=1))


def found_cosine(scores: NDArray[np.float32], described: NDArray[np.int64]) -> float:
    """Return the cosine that `FOUND_SHARE` of captions reach with the photo they describe.

    Args:
        scores: Cosines of captions and photos, float32 [captions, photos].
        described: Column of each caption's photo.
    """
    own = scores[np.arange(len(scores)), described]
    return round(float(np.quantile(own, 1 - FOUND_SHARE)), 4)


def _fitted(cosines: NDArray[np.float32], is_true: NDArray[np.bool_]) -> Chance | None:
    """Return the fitted chance, or None where a larger cosine does not mean a larger one."""
    try:
        return fit_chance(cosines.ravel(), is_true.ravel())
    except ValueError as error:
        logger.warning("A chance is left out: %s", error)
        return None


def _chance(true: NDArray[np.float32], false: NDArray[np.float32]) -> Chance | None:
    cosines = np.concatenate([true.ravel(), false.ravel()])
    return _fitted(cosines, np.arange(len(cosines)) < true.size)


def _scene_chance(vectors: NDArray[np.float32], classes: NDArray[np.int64]) -> Chance | None:
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -1.0)
    nearest = np.argsort(-scores, axis=1)[:, :SCENE_NEIGHBOURS]
    same = classes[nearest] == classes[:, None]
    return _fitted(np.take_along_axis(scores, nearest, axis=1), same)


def cpu_ms(embedder: ImageEmbedder, batch: int = 8, rounds: int = 5) -> float:
    """Return the CPU milliseconds of one photo in batches of `batch`: the least of some rounds."""
    side = embedder.input_px
    pixels = np.random.default_rng(0).integers(0, 256, (batch, side, side, 3), dtype=np.uint8)
    embedder.embed(pixels)
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        embedder.embed(pixels)
        best = min(best, time.process_time() - start)
    return round(best / batch * 1000, 2)


def only_variant(embedder_of: ImageEmbedder, variant: str) -> ImageEmbedder:
    """Return the same network on the CPU with one of its files alone."""
    manifest = embedder_of.manifest
    return ImageEmbedder(dataclasses.replace(manifest, files={variant: manifest.files[variant]}), "cpu")


def _embed_files(embedder: ImageEmbedder, paths: Sequence[Path]) -> NDArray[np.float32]:
    vectors = []
    for start in range(0, len(paths), 16):
        batch = [pixels_of(path.read_bytes(), embedder.input_px) for path in paths[start : start + 16]]
        vectors.append(embedder.embed(np.stack(batch)))
    return np.concatenate(vectors)
