"""What a network's cosines mean: curves from cosine to chance, and thresholds, measured on pictures at hand.

Pure functions on arrays and decoded pictures, numpy and Pillow only; the library calls `calibrate` when somebody
adds a network, training calls `fit_chance` with pairs that have labels. A network from outside comes without any of
this, and its cosines are its own: .9 is "the same picture" to one and "two photos of a beach" to the next.

The alternatives that lost: thresholds by architecture, which another way of training moves by more than the margin
between same and different; and isotonic regression, which needs thousands of pairs where these are and has steps.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from photofind.embedding.manifest import Calibration, Chance

SAME_MARGIN = 0.01
"""Added above the highest cosine between different pictures, as for the bundled networks."""
NEAREST = 6
"""So many of the nearest other pictures stand against the edits of each picture when the chance of "same picture"
is fitted: pairs that stand side by side in an answer. All pairs lost: most are of nothing alike, and the curve then
tells a beach from a dog instead of a copy from a neighbour."""
SIMILAR_QUANTILE = 0.999
"""Without labels `similar_cosine` is what one in a thousand pairs of different pictures reaches."""
SCENE_PAIRS = 30
"""Fewer pairs of one scene than this fit no curve."""
EMBED_AT_ONCE = 32
OWN_LIMIT = 100
"""A library with fewer photos than this at hand is not judged by them."""
GENERATED = 192
"""Made-up pictures that stand beside a library's own photos when `same_picture_cosine` is found. They are alike as
only photos of one kind are, and so stand for the hard cases that a sample of a large library misses."""
CAUTION = 0.6
"""Share of the distance from 1 that is left of what photos and made-up pictures give. Measured with networks whose
thresholds were found on 60 photos of each of many kinds, Lite2, Lite0, a ResNet-50 of half width and ResNet-18:
those are .936, .926, .985 and .986. 180 photos of different subjects alone gave .630 (Lite0) and .912 (ResNet-18),
which would call two daisies one picture; with made-up ones .893, .919, .973 and .985, and so .936, .951, .984 and
.991: a copy that is missed costs less than two pictures taken for one."""

Embed = Callable[[Sequence[Image.Image]], NDArray[np.float32]]
"""Pictures to vectors: float32 [n, dimension], rows of length 1."""


def fit_chance(cosines: NDArray[np.floating], is_true: NDArray[np.bool_]) -> Chance:
    """Fit the chance that something holds to the cosine: logistic regression by Newton's method.

    The targets are Platt's: not 1 and 0 but (n + 1) / (n + 2) and 1 / (m + 2), for n pairs of which it holds and m
    of which it does not. So the curve stays finite where a cosine separates them completely, and steeper the more
    pairs say so. (Platt 1999, "Probabilistic outputs for support vector machines"; the steps are those of Lin, Lin
    and Weng 2007, "A note on Platt's probabilistic outputs".)

    The chance is that among pairs mixed as these are.

    Args:
        cosines: [n].
        is_true: bool [n], whether it holds; some must be true and some false.

    Raises:
        ValueError: Nothing can be fitted: one side is missing, a cosine is no number, or larger ones mean less.
    """
    values = np.asarray(cosines, dtype=np.float64)
    true = np.asarray(is_true, dtype=bool)
    if values.shape != true.shape or values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError("a cosine for each answer is needed, all of them finite")
    positive = int(true.sum())
    negative = len(true) - positive
    spread = float(values.std()) if positive and negative else 0.0
    if spread < 1e-9:
        raise ValueError("pairs of both kinds with different cosines are needed")
    # Scaled, so that both parameters are of one size and the Hessian is well conditioned.
    middle = float(values.mean())
    x = np.stack([(values - middle) / spread, np.ones_like(values)], axis=1)
    target = np.where(true, (positive + 1) / (positive + 2), 1 / (negative + 2))
    weights = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    loss = _loss(x @ weights, target)
    for _ in range(100):
        chance = _sigmoid(x @ weights)
        gradient = x.T @ (chance - target)
        if np.abs(gradient).max() < 1e-7 * len(x):
            break
        hessian = (x * (chance * (1 - chance))[:, None]).T @ x + 1e-9 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-10:
            tried = weights - size * step
            new_loss = _loss(x @ tried, target)
            if new_loss < loss - 1e-4 * size * float(gradient @ step):
                weights, loss = tried, new_loss
                break
            size /= 2
        else:
            break
    slope = float(weights[0]) / spread
    if slope < 1e-6:
        raise ValueError("larger cosines do not mean a larger chance")
    return Chance(slope=slope, intercept=float(weights[1]) - slope * middle)


def _sigmoid(exponent: NDArray[np.float64]) -> NDArray[np.float64]:
    small = np.exp(-np.abs(exponent))
    return np.asarray(np.where(exponent >= 0, 1 / (1 + small), small / (1 + small)))


def _loss(exponent: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    """Return the cross-entropy, written so that no exponential overflows."""
    return float((np.logaddexp(0, exponent) - target * exponent).sum())


# --- from pictures


@dataclass(frozen=True, slots=True)
class Sample:
    """A library's own photos to measure on.

    Attributes:
        pictures: n different ones, mode RGB; n may be 0.
        may_match: bool [n, n], symmetric: pairs that may be copies or of one moment after all, which are not taken
            for different pictures; None when there are none.
        scenes: Rows of two pictures each that show one scene, int [m, 2].
    """

    pictures: Sequence[Image.Image] = ()
    may_match: NDArray[np.bool_] | None = None
    scenes: NDArray[np.int64] | None = None


def calibrate(embed: Embed, sample: Sample, *, edited: int = 128, seed: int = 0) -> Calibration:
    """Measure thresholds and curves of one network, on a library's photos and on generated pictures beside them.

    Edits of a picture count as the same picture, other pictures as different ones. `same_picture_cosine` lies above
    every cosine between different pictures and their edits. All else comes from the photos, or from the generated
    pictures where there are fewer than `OWN_LIMIT` photos.

    Args:
        embed: The network.
        sample: Of the library.
        edited: So many pictures are edited, photos and generated ones alike; six edits of each are embedded, which
            takes long with a large network.
        seed: Of the edits.

    Raises:
        ValueError: The network finds edits of a picture no more like it than any other picture.
    """
    photos = len(sample.pictures)
    made = generated_pictures(GENERATED)
    pictures = [*sample.pictures, *made]
    count = len(pictures)
    chosen = [*range(min(photos, edited - edited // 2)), *range(photos, photos + min(edited // 2, len(made)))]
    originals = _embed_all(embed, iter(pictures))
    variants = _embed_all(embed, edits_of([pictures[place] for place in chosen], seed))
    original_of = np.repeat(chosen, len(variants) // len(chosen))

    may_match = np.eye(count, dtype=bool)
    if sample.may_match is not None:
        may_match[:photos, :photos] |= sample.may_match
    apart = np.where(may_match, -1.0, originals @ originals.T)
    crossed = variants @ originals.T
    own = crossed[np.arange(len(variants)), original_of]
    crossed[may_match[original_of]] = -1.0
    highest = min(1.0, float(max(apart.max(), crossed.max())) + SAME_MARGIN)
    same = 1 - CAUTION * (1 - highest)

    judged = slice(0, photos) if photos >= OWN_LIMIT else slice(photos, count)
    among = apart[judged, judged]
    different = among[np.triu_indices(len(among), k=1)]
    different = different[different > -1.0]
    is_judged = (original_of >= judged.start) & (original_of < judged.stop)
    edited_rows = np.unique(original_of[is_judged]) - judged.start
    nearest = np.sort(among[edited_rows], axis=1)[:, -NEAREST:].ravel()
    try:
        same_picture = _fit_two(own[is_judged], nearest[nearest > -1.0])
    except ValueError:
        # A weak network finds some other picture nearer than a turned one. Its curve is that of any two pictures.
        same_picture = _fit_two(own[is_judged], different)
    similar = float(np.quantile(different, SIMILAR_QUANTILE))
    return Calibration(
        same_picture_cosine=round(same, 4),
        similar_cosine=round(max(-1.0, min(similar, same)), 4),
        same_picture_recall=round(float((own >= same).mean()), 4),
        same_picture=same_picture,
        same_scene=_scene_chance(originals, sample.scenes, different),
    )


def _fit_two(true: NDArray[np.float32], false: NDArray[np.float32]) -> Chance:
    is_true = np.concatenate([np.ones(len(true), bool), np.zeros(len(false), bool)])
    return fit_chance(np.concatenate([true, false]), is_true)


def _scene_chance(
    vectors: NDArray[np.float32], scenes: NDArray[np.int64] | None, different: NDArray[np.float32]
) -> Chance | None:
    if scenes is None or len(scenes) < SCENE_PAIRS:
        return None
    together = np.einsum("ij,ij->i", vectors[scenes[:, 0]], vectors[scenes[:, 1]])
    # As many of the others: all of them would make every scene improbable, however alike.
    step = max(1, len(different) // len(together))
    others = np.sort(different)[::step]
    try:
        return _fit_two(together, others)
    except ValueError:
        return None  # it sees no more in common in one moment than in two: then it tells nothing of scenes


def _embed_all(embed: Embed, pictures: Iterator[Image.Image]) -> NDArray[np.float32]:
    """Embed a stream of pictures, some at a time, so that the edits of hundreds are never in memory together."""
    parts: list[NDArray[np.float32]] = []
    waiting: list[Image.Image] = []
    for picture in pictures:
        waiting.append(picture)
        if len(waiting) == EMBED_AT_ONCE:
            parts.append(embed(waiting))
            waiting = []
    if waiting:
        parts.append(embed(waiting))
    return np.concatenate(parts)


def edits_of(pictures: Sequence[Image.Image], seed: int = 0) -> Iterator[Image.Image]:
    """Yield edits of each picture in turn, equally many of each: what programs and people do to copies."""
    random = np.random.default_rng(seed)
    for picture in pictures:
        yield _saved_again(picture, 30)
        yield _saved_again(picture.resize((max(1, picture.width // 3), max(1, picture.height // 3))), 85)
        for removed in (0.1, 0.3):
            yield _cropped(picture, removed, random)
        yield ImageEnhance.Brightness(picture).enhance(0.65 if random.random() < 0.5 else 1.4)
        yield picture.transpose(Image.Transpose.ROTATE_90 if random.random() < 0.5 else Image.Transpose.ROTATE_270)


def _saved_again(picture: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as saved:
        return saved.convert("RGB")


def _cropped(picture: Image.Image, removed: float, random: np.random.Generator) -> Image.Image:
    """Cut off so large a share of the area, anywhere, and keep the shape."""
    kept = (1 - removed) ** 0.5
    width, height = max(1, round(picture.width * kept)), max(1, round(picture.height * kept))
    left = int(random.integers(0, picture.width - width + 1))
    top = int(random.integers(0, picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height))


def generated_pictures(count: int, seed: int = 0, size: tuple[int, int] = (320, 240)) -> list[Image.Image]:
    """Return made-up pictures, for a library that has too few photos yet: light, things, texture; no two alike.

    They resemble each other more than photos do, so thresholds measured on them err on the side of "different".
    """
    random = np.random.default_rng(seed)
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    pictures = []
    for _ in range(count):
        angle = random.uniform(0, 2 * np.pi)
        light = np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5)
        colours = random.uniform(20, 235, (2, 3))
        ground = colours[0] + (light[..., None] + 0.7) / 1.4 * (colours[1] - colours[0])
        picture = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
        draw = ImageDraw.Draw(picture)
        for _ in range(int(random.integers(3, 14))):
            x, y = random.uniform(-0.1, 0.9, 2) * size
            w, h = random.uniform(0.05, 0.6, 2) * size
            fill = tuple(int(part) for part in random.integers(0, 256, 3))
            shape = random.integers(4)
            if shape == 0:
                draw.rectangle((x, y, x + w, y + h), fill=fill)
            elif shape == 1:
                draw.ellipse((x, y, x + w, y + h), fill=fill)
            elif shape == 2:
                draw.polygon([(x, y), (x + w, y + h / 3), (x + w / 4, y + h)], fill=fill)
            else:
                draw.line((x, y, x + w, y + h), fill=fill, width=int(random.integers(2, 16)))
        soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(random.uniform(0, 2))), dtype=np.float32)
        period = random.uniform(4, 40)
        waves = np.sin(2 * np.pi * (across * width * np.sin(angle) + down * height * np.cos(angle)) / period)
        texture = random.uniform(0, 25) * waves[..., None] + random.normal(0, 4, (height, width, 1))
        pictures.append(Image.fromarray(np.clip(soft + texture, 0, 255).astype(np.uint8)))
    return pictures
