"""What two photos are to each other: the one place that decides between same picture, burst and similar.

Pure functions over arrays; the query and duplicates threads call them. They stand here, below both search and
duplicates, so that a hit and a cluster never disagree about the same two photos.

Two measures are at hand. The perceptual hash finds what was saved again, made small, recoloured, turned or
mirrored; the network finds crops, borders, tilts and text. Either is enough to call two files the same picture,
unless the camera says otherwise: two times of one camera are two pictures, however alike, and two files of one
second and one size are taken for two frames of a burst unless their hashes agree nearly to the bit; two cameras at
two times took two pictures unless their hashes agree. A copy that lost its metadata says nothing and is judged by
its pixels.

The alternative that lost: one threshold on a weighted sum of both measures. It calls tripod frames copies, and no
weight holds for two networks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofind.photo.hashes import HASH_BYTES, TURNS
from photofind.records import MatchKind, Metadata, Photo, Prepared

SAME_BITS = 64
"""At most so many of 256 bits differ between two savings of one picture.

Measured on 60 photos in 22 edits each among 180 (1.1 million pairs of different pictures): no false pair up to 77,
the closest are 78 apart; re-encoding down to quality 8, colour, blur, noise, size, quarter turns and mirroring all
stay below 25, text over the picture below 70 (98 % within 64), a crop of a tenth in 45 %. 64 keeps a distance to 77
for libraries with more pictures.
"""

SURE_BITS = 24
"""At most so many bits differ between two savings of one camera file at its own size (the most of the edits above
without text over them); frames of a burst differ by more unless nothing in them moved."""

BOTH_BITS = 90
"""So many bits are enough where the network agrees nearly (`near_cosine`): finds borders and small crops. Measured
as above: 6 false pairs in 100,000 have so few bits, and none of all a cosine above 0.61."""

MIN_QUALITY = 30
"""Below it the picture is too flat for its hash to mean anything (PDQ's own scale, 0 to 100)."""

BURST_MS = 10_000
"""Frames of one burst follow each other within so many milliseconds."""

NO_TIME = np.iinfo(np.int64).min
NO_DISTANCE = 8 * HASH_BYTES

_KINDS = (MatchKind.IDENTICAL, MatchKind.SAME, MatchKind.BURST, MatchKind.SIMILAR)


@dataclass(frozen=True, slots=True)
class Traits:
    """What the decision needs to know of n contents, as columns.

    Attributes:
        digests: [n] bytes objects; empty where unknown.
        turns: uint8 [n, 8, 32], the hashes of all turns, upright first.
        quality: [n], 0 where there is no hash.
        captured_at_ms: int64 [n], `NO_TIME` where the file says nothing.
        cameras: [n] strings, maker and model; empty where the file says nothing.
        sides: int64 [n, 2], shorter and longer side in pixels, 0 where unknown.
    """

    digests: NDArray[np.object_]
    turns: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    captured_at_ms: NDArray[np.int64]
    cameras: NDArray[np.str_]
    sides: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.digests)

    def take(self, rows: NDArray[np.integer]) -> "Traits":
        """Return the traits of these rows."""
        return Traits(
            self.digests[rows], self.turns[rows], self.quality[rows], self.captured_at_ms[rows], self.cameras[rows],
            self.sides[rows],
        )  # fmt: skip


def traits(photos: list[Photo], turns: NDArray[np.uint8], quality: NDArray[np.uint8]) -> Traits:
    """Return the traits of photos whose hashes are given in the same order."""
    digests = np.empty(len(photos), dtype=object)
    digests[:] = [photo.digest for photo in photos]
    times = [photo.metadata.captured_at_ms for photo in photos]
    return Traits(
        digests=digests,
        turns=turns,
        quality=quality,
        captured_at_ms=np.array([NO_TIME if time is None else time for time in times], dtype=np.int64),
        cameras=np.array([camera_name(each.metadata) for each in photos], dtype=np.str_),
        sides=np.array([sorted((each.width_px, each.height_px)) for each in photos], np.int64).reshape(-1, 2),
    )


def outside_traits(prepared: Prepared) -> Traits:
    """Return the traits of one picture that is not in the library."""
    metadata = prepared.metadata
    turns = np.zeros((1, TURNS, HASH_BYTES), dtype=np.uint8)
    if len(prepared.perceptual_hash) == turns.size:
        turns = np.frombuffer(prepared.perceptual_hash, dtype=np.uint8).reshape(turns.shape)
    digests = np.empty(1, dtype=object)
    digests[0] = prepared.digest
    return Traits(
        digests=digests,
        turns=turns,
        quality=np.array([prepared.hash_quality], dtype=np.uint8),
        captured_at_ms=np.array(
            [NO_TIME if metadata.captured_at_ms is None else metadata.captured_at_ms], dtype=np.int64
        ),
        cameras=np.array([camera_name(metadata)], dtype=np.str_),
        sides=np.array([sorted((prepared.width_px, prepared.height_px))], dtype=np.int64),
    )


def camera_name(metadata: Metadata) -> str:
    """Return maker and model as one key, empty where the file does not tell."""
    return f"{metadata.camera_make or ''} {metadata.camera_model or ''}".strip().casefold()


def turn_distances(
    turns: NDArray[np.uint8],
    quality: NDArray[np.uint8],
    others: NDArray[np.uint8],
    other_quality: NDArray[np.uint8],
) -> NDArray[np.uint16]:
    """Return how many bits differ at the best of the eight turns, row by row.

    Args:
        turns: uint8 [n, 8, 32], or one row.
        quality: [n] or [1].
        others: uint8 [n, 8, 32], or one row.
        other_quality: [n] or [1].

    Returns:
        uint16 [n], 0 to 256; `NO_DISTANCE` where either hash means nothing.
    """
    left = np.ascontiguousarray(turns).view(np.uint64)
    right = np.ascontiguousarray(others[:, :1]).view(np.uint64)
    bits = np.bitwise_count(left ^ right).sum(axis=2, dtype=np.uint16).min(axis=1)
    worthless = (quality < MIN_QUALITY) | (other_quality < MIN_QUALITY)
    return np.where(worthless, np.uint16(NO_DISTANCE), bits)


def are_other_shots(a: Traits, b: Traits) -> NDArray[np.bool_]:
    """Return whether the camera says that two photos are two pictures, however alike, row by row."""
    return _other_shots(a, b, turn_distances(a.turns, a.quality, b.turns, b.quality))


def match_kinds(
    a: Traits,
    b: Traits,
    cosines: NDArray[np.float32],
    *,
    same_picture_cosine: float,
) -> list[MatchKind]:
    """Decide for each row of `a` and `b` (n each, or one on either side) what the two are to each other.

    Args:
        a: n contents, or one.
        b: n contents, or one.
        cosines: [n] of the two embeddings; -1 where unknown.
        same_picture_cosine: The model's calibration; at or above it two photos are edits of one picture.
    """
    near = cosines >= near_cosine(same_picture_cosine)
    identical = (a.digests == b.digests) & (a.digests != b"")
    distances = turn_distances(a.turns, a.quality, b.turns, b.quality)
    same = (distances <= SAME_BITS) | (cosines >= same_picture_cosine) | ((distances <= BOTH_BITS) & near)
    same &= ~_other_shots(a, b, distances)
    timed, apart_ms = _apart(a, b)
    burst = timed & (apart_ms <= BURST_MS) & near
    codes = np.where(identical, 0, np.where(same, 1, np.where(burst, 2, 3)))
    return [_KINDS[code] for code in codes.tolist()]


def _other_shots(a: Traits, b: Traits, distances: NDArray[np.uint16]) -> NDArray[np.bool_]:
    timed, apart_ms = _apart(a, b)
    same_sides = (a.sides == b.sides).all(axis=1) & (a.sides > 0).all(axis=1)
    # One camera, one size, one second: two frames, or one frame saved twice, which differs by a few bits only.
    others: NDArray[np.bool_] = timed & ((apart_ms > 0) | (same_sides & (distances > SURE_BITS)))
    # Two cameras at two times took two pictures, however alike the network finds them; only a hash that agrees
    # weighs more, because some programs write a camera and a time of their own.
    told = (a.cameras != "") & (b.cameras != "") & (a.captured_at_ms != NO_TIME) & (b.captured_at_ms != NO_TIME)
    strangers = told & (a.cameras != b.cameras) & (a.captured_at_ms != b.captured_at_ms)
    others |= strangers & (distances > SAME_BITS)
    return others


def _apart(a: Traits, b: Traits) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return where one camera gave both a time, and how many milliseconds lie between (0 elsewhere)."""
    timed = (a.cameras == b.cameras) & (a.cameras != "")
    timed &= (a.captured_at_ms != NO_TIME) & (b.captured_at_ms != NO_TIME)
    return timed, np.where(timed, np.abs(a.captured_at_ms - b.captured_at_ms), 0)


def near_cosine(same_picture_cosine: float) -> float:
    """Return the cosine from which two pictures are near: three times the squared distance of one picture's edits.

    Near is not the same: it makes a burst of what one camera took within seconds, and the same picture only of what
    the hashes nearly call so. Measured: with `BOTH_BITS` it raises the share of edits found from 80 to 86 %.
    """
    return max(0.0, 1.0 - 3.0 * (1.0 - same_picture_cosine))
