"""Adapts the compact network to somebody's own photos: a folder, no labels, no captions, minutes instead of days.

`photofind train` calls it where the folder holds plain photos and the weights to start from are ours. The network
goes on learning from a teacher, the best of the bundled networks, on the very photos it will search. Only its
projection learns, unless fewer frozen stages are asked for, so that words mean what they meant: exactly in the
float file; that of int8 has other ranges, and drawn pictures lay at a cosine of .95 to where the shipped one saw
them.

Measured on 317 odd pictures in 60 steps of 32 (33 CPU-seconds), on 35 that it did not learn from but that chose
the rate: correlation of the similarities with the teacher's .685 before, .776 after; of the five nearest .51 and
.56 are the teacher's. Drawn pictures, all alike, gain nothing: what the views lose of them is more than what tells
them apart. The trunk learning too, at 5e-5, lost: 40 steps of 16 took 54 drawn pictures' cosine to the teacher
from .955 to .892.

The teacher's vectors are turned (orthogonal Procrustes; Schoenemann 1966) until they lie as near to the network's
own as they can: which axis is which means nothing, and without it the first minutes would be spent on learning the
teacher's axes. The alternative that lost is the recipe of the shipped networks (`recipe`), which fits the axes to
principal components of the training photos and words to captions: a family's 500 photos have too few of the first
and none of the second.
"""

import itertools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.embedding import manifest as manifests
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import MANIFEST_NAME, Manifest
from photofind.embedding.model_store import ModelStore
from photofind.errors import UserError
from photofind.photo.decode import decode
from photofind.photo.thumbnail import network_input
from photofind.training.data import Shards, TrainingPhoto
from photofind.training.train import Photos

logger = logging.getLogger(__name__)

MOST_PHOTOS = 20_000
"""Of a larger library a sample: looking at a photo takes some 40 CPU-ms, and what is new in it soon repeats."""
LEAST_PHOTOS = 24
"""Fewer photos than this are no library to adapt to."""
JUDGED_ONE_IN = 10
"""Every so many photos judge and are not learned from."""
LEAST_JUDGED = 20
NEAREST = 5
BATCH = 16


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a network can learn from a folder of photos.

    Attributes:
        learned: The photos with the teacher's vectors, for `train.Trainer`.
        photos: The same, for the ranges of int8.
        judged: Photos that are not learned from.
        teacher: The teacher's vectors of `judged`.
        before: What the network saw there before, float32 [n, d].
        start: The network that is adapted.
    """

    learned: Photos
    photos: list[TrainingPhoto]
    judged: list[TrainingPhoto]
    teacher: NDArray[np.float32]
    before: NDArray[np.float32]
    start: Manifest


def applies_to(shards: Shards, weights: Path) -> bool:
    """Tell whether photos without words are to be learned from by a network that is finished already."""
    return (weights.parent / MANIFEST_NAME).is_file() and not any(
        photo.label or photo.captions for photo in shards.photos
    )


def prepare(shards: Shards, weights: Path, stored_px: int, cache: Path) -> Lesson:
    """Look at the photos as the teacher and the network see them; gone on from when it was done before.

    Args:
        shards: The photos.
        weights: Of the network; its manifest and its files lie beside them.
        stored_px: Side of the pixels that training gets.
        cache: Folder for what is computed.

    Raises:
        UserError: There are too few photos, or no teacher; or the cache was made from others.
    """
    start, teacher = manifests.load(weights.parent), _teacher(weights.parent)
    photos = list(shards.photos)
    if len(photos) < LEAST_PHOTOS:
        raise UserError(f"{len(photos)} photos are too few to adapt to; {LEAST_PHOTOS} are the least.")
    if len(photos) > MOST_PHOTOS:
        chosen = np.sort(np.random.default_rng(0).permutation(len(photos))[:MOST_PHOTOS])
        photos = [photos[place] for place in chosen]
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / "own-photos.npz"
    names = np.array([photo.name for photo in photos])
    ids = np.array([start.model_id, teacher.model_id])
    if not path.is_file():
        pixels, own, words, taught = _looked_at(shards, photos, start, teacher, stored_px)
        partial = cache / "own-photos.tmp.npz"
        np.savez(partial, pixels=pixels, own=own, words=words, taught=taught, names=names, ids=ids)
        partial.replace(path)
    with np.load(path) as kept:
        if not np.array_equal(kept["names"], names) or not np.array_equal(kept["ids"], ids):
            raise UserError(f"{path} was made from other photos; delete it, or name another cache folder.")
        pixels, own, words, taught = (kept[name] for name in ("pixels", "own", "words", "taught"))
    taught = turned_to(taught, own)
    is_judged = np.arange(len(photos)) % JUDGED_ONE_IN == JUDGED_ONE_IN - 1
    return Lesson(
        Photos(pixels[~is_judged], taught[~is_judged], words[~is_judged] if words.shape[1] else None),
        [photo for photo, judges in zip(photos, is_judged, strict=True) if not judges],
        [photo for photo, judges in zip(photos, is_judged, strict=True) if judges],
        taught[is_judged],
        own[is_judged],
        start,
    )


def turned_to(vectors: NDArray[np.float32], own: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors turned so that they lie nearest to a network's own; the angles between them stay.

    Args:
        vectors: Rows of length 1, [n, c]; of more than d axes the d that hold most are kept, which changes angles a
            little.
        own: Rows of length 1, [n, d].

    Returns:
        float32 [n, d], rows of length 1.
    """
    dimension = own.shape[1]
    wide = vectors.astype(np.float64)
    _, axes = np.linalg.eigh(wide.T @ wide)
    kept = wide @ axes[:, ::-1][:, :dimension]
    kept = np.pad(kept, ((0, 0), (0, dimension - kept.shape[1])))
    left, _, right = np.linalg.svd(kept.T @ own)
    turned = kept @ left @ right
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), np.float32)


def agreement(lesson: Lesson, shards: Shards, adapted: Manifest) -> tuple[float, float] | None:
    """Return how many of a photo's five nearest are the teacher's, before and after; None for too few photos."""
    if len(lesson.judged) < LEAST_JUDGED:
        return None
    embedder = ImageEmbedder(adapted, "cpu")
    after = np.concatenate([embedder.embed(batch) for batch in shards.pixels(lesson.judged, adapted.input_px)])
    return _shared(lesson.before, lesson.teacher), _shared(after, lesson.teacher)


def _shared(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    nearest = [np.argsort(-(each @ each.T - 3 * np.eye(len(each))), axis=1)[:, :NEAREST] for each in (one, other)]
    return float(
        np.mean([len(set(a) & set(b)) / NEAREST for a, b in zip(*map(np.ndarray.tolist, nearest), strict=True)])
    )


def _teacher(start: Path) -> Manifest:
    """Return the bundled network that finds best, other than the one that is adapted."""
    others = [each for each in ModelStore().manifests() if each.folder.resolve() != start.resolve()]
    if not others:
        raise UserError("There is no other network to learn from.")
    return max(others, key=lambda manifest: manifest.measured.get("class_map", 0.0))


def _looked_at(
    shards: Shards, photos: Sequence[TrainingPhoto], start: Manifest, teacher: Manifest, stored_px: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return pixels, the network's own vectors, its vectors among words ([n, 0] without), and the teacher's."""
    embedders = [ImageEmbedder(each, "cpu") for each in (start, teacher)]
    sides = (stored_px, start.input_px, teacher.input_px)
    parts: list[tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]] = []
    files = iter(shards.files(photos))
    while batch := list(itertools.islice(files, BATCH)):
        # Each is decoded once, for all three.
        pictures = [decode(data, min_side_px=max(sides)).image for data in batch]
        pixels, seen, shown = (np.stack([network_input(picture, side) for picture in pictures]) for side in sides)
        own, words = embedders[0].embed_both(seen)
        words = np.zeros((len(own), 0), np.float32) if words is None else words
        parts.append((pixels, own, words, embedders[1].embed(shown)))
        if len(parts) % 100 == 0:
            logger.info("%d of %d photos looked at", len(parts) * BATCH, len(photos))
    pixels, own, words, taught = (np.concatenate(each) for each in zip(*parts, strict=True))
    return pixels, own, words, taught
