"""Pairs of contents that may belong together, found without comparing all in memory.

Called on the duplicates thread. Pairs are streamed by tiles; what is kept are the pairs that passed, never a matrix
of all with all, and never more than `PAIRS_LIMIT` of them.

Three sources, because each is blind where another sees (measured, see `clusters`): perceptual hashes at all eight
turns, neighbours by embedding, and what one camera took within seconds.

The alternative that lost: hashing every turn of both sides. Turning is a symmetry of the hash, so all turns of one
side against the upright other find the same pairs for an eighth of the work.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from photofind.photo.likeness import BOTH_BITS, BURST_MS, MIN_QUALITY

ALL_PAIRS_LIMIT = 40_000
"""Up to so many hashes every pair is compared: 31 ns a pair with its eight turns, 25 CPU-s. Above it only pairs
that agree in one of 16 bands are: nearly all up to 16 bits apart, 87 % at 32; the network finds most others."""

PAIRS_LIMIT = 4_000_000
"""The strongest so many pairs are kept (100 MB)."""

_BANDS = 16
_ROWS = 256
_COLUMNS = 2048
_CHUNK = 1 << 18
_BURST_NEIGHBOURS = 200
"""A frame is compared with so many that follow it; a thousand scans dated alike must not become a million pairs."""

Ids = NDArray[np.int64]
Stop = Callable[[], bool]


class Neighbours(Protocol):
    """What is needed of the vector index."""

    def __contains__(self, content_id: int) -> bool: ...

    def known(self, ids: Ids) -> NDArray[np.bool_]:
        """Return for each id whether the content has a vector."""
        ...

    def vectors(self, ids: Ids) -> NDArray[np.float32]:
        """Return vectors in the order of the ids."""
        ...

    def search(
        self, vector: NDArray[np.float32], k: int, among: Ids | None = None
    ) -> tuple[Ids, NDArray[np.float32], bool]:
        """Return the nearest contents, their cosines, and whether all were compared."""
        ...

    def pairs(self, min_cosine: float, should_stop: Stop) -> Iterator[tuple[Ids, Ids, NDArray[np.float32]]]:
        """Stream the pairs at or above a cosine."""
        ...


class PairSet:
    """Unordered pairs of content ids with their strength; the strongest are kept when there are too many."""

    def __init__(self, limit: int = PAIRS_LIMIT) -> None:
        self._limit = limit
        self._parts: list[tuple[Ids, Ids, NDArray[np.float32]]] = []
        self._count = 0

    def add(self, left: Ids, right: Ids, strength: NDArray[np.float32]) -> None:
        """Take pairs; which side is which does not matter."""
        self._parts.append((np.minimum(left, right), np.maximum(left, right), strength.astype(np.float32)))
        self._count += left.size
        if self._count > 2 * self._limit:
            self._parts = [self._merged()]
            self._count = self._parts[0][0].size

    def pairs(self) -> tuple[Ids, Ids]:
        """Return every pair once, lower id and higher id, sorted."""
        low, high, _ = self._merged()
        return low, high

    def _merged(self) -> tuple[Ids, Ids, NDArray[np.float32]]:
        if not self._parts:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
        low, high, strength = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        order = np.lexsort((-strength, high, low))
        low, high, strength = low[order], high[order], strength[order]
        first = np.ones(low.size, dtype=bool)
        first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        low, high, strength = low[first], high[first], strength[first]
        if low.size > self._limit:
            strongest = np.sort(np.argsort(-strength, kind="stable")[: self._limit])
            low, high, strength = low[strongest], high[strongest], strength[strongest]
        return low, high, strength


def hash_pairs(
    ids: Ids,
    turns: NDArray[np.uint8],
    quality: NDArray[np.uint8],
    should_stop: Stop,
    *,
    all_pairs_limit: int = ALL_PAIRS_LIMIT,
) -> Iterator[tuple[Ids, Ids, NDArray[np.float32]]]:
    """Stream pairs whose hashes differ in at most `BOTH_BITS` bits at one of the eight turns.

    Args:
        ids: Content ids [n].
        turns: uint8 [n, 8, 32].
        quality: [n]; contents below `MIN_QUALITY` are left out.
        should_stop: Asked for every tile.
        all_pairs_limit: See `ALL_PAIRS_LIMIT`; tests set it low.

    Yields:
        Ids, other ids, and a strength from 0.9 (at the threshold) to 1.
    """
    good = quality >= MIN_QUALITY
    ids = ids[good]
    words = np.ascontiguousarray(turns[good]).view(np.uint64)  # [n, 8, 4]
    compare = _all_pairs if ids.size <= all_pairs_limit else _banded_pairs
    for left, right, bits in compare(words, should_stop):
        yield ids[left], ids[right], (1 - bits / (10 * BOTH_BITS)).astype(np.float32)


def _all_pairs(
    words: NDArray[np.uint64], should_stop: Stop
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16]]]:
    upright = np.ascontiguousarray(words[:, 0].T)  # [4, n]: a word of all hashes lies together
    turned = np.ascontiguousarray(words.transpose(1, 2, 0))  # [8, 4, n]
    count = len(words)
    xor = np.empty((_ROWS, _COLUMNS), np.uint64)
    ones = np.empty((_ROWS, _COLUMNS), np.uint8)
    bits = np.empty((_ROWS, _COLUMNS), np.uint16)
    for top in range(0, count, _ROWS):
        if should_stop():
            return
        height = min(_ROWS, count - top)
        for start in range(top, count, _COLUMNS):
            width = min(_COLUMNS, count - start)
            best = np.full((height, width), np.iinfo(np.uint16).max, np.uint16)
            for turn in turned:
                sums = bits[:height, :width]
                for word in range(4):
                    np.bitwise_xor(
                        turn[word, top : top + height, None],
                        upright[word, start : start + width],
                        out=xor[:height, :width],
                    )
                    counted = np.bitwise_count(xor[:height, :width], out=ones[:height, :width])
                    if word:
                        sums += counted
                    else:
                        sums[...] = counted
                np.minimum(best, sums, out=best)
            left, right = np.nonzero(best <= BOTH_BITS)
            keep = left + top < right + start
            left, right = left[keep], right[keep]
            if left.size:
                yield left + top, right + start, best[left, right]


def _banded_pairs(
    words: NDArray[np.uint64], should_stop: Stop
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16]]]:
    keys = words.view(np.uint16)  # [n, 8, 16]
    for band in range(_BANDS):
        order = np.argsort(keys[:, 0, band], kind="stable")
        starts = np.searchsorted(keys[order, 0, band], np.arange(1 << 16))
        ends = np.append(starts[1:], order.size)
        for turn in range(words.shape[1]):
            wanted = keys[:, turn, band]
            sizes = (ends - starts)[wanted]
            totals = np.cumsum(sizes)
            top = 0
            while top < wanted.size:
                # As many rows at once as give about `_CHUNK` candidates, but one at least.
                before = totals[top - 1] if top else 0
                bottom = max(top + 1, int(np.searchsorted(totals, before + _CHUNK, side="right")))
                if should_stop():
                    return
                rows = np.arange(top, bottom, dtype=np.int64)
                top = bottom
                repeat = sizes[rows]
                left = np.repeat(rows, repeat)
                offsets = np.arange(left.size) - np.repeat(np.cumsum(repeat) - repeat, repeat)
                right = order[starts[wanted[left]] + offsets]
                keep = left != right
                left, right = left[keep], right[keep]
                bits = np.bitwise_count(words[left, turn] ^ words[right, 0]).sum(axis=1, dtype=np.uint16)
                near = bits <= BOTH_BITS
                if near.any():
                    yield left[near], right[near], bits[near]


def moment_pairs(moments: list[tuple[int, int | None, str]]) -> tuple[Ids, Ids]:
    """Return pairs that one camera took at most `BURST_MS` apart.

    Args:
        moments: Content id, capture time in milliseconds, camera; no time or no camera means no burst.
    """
    cameras: dict[str, int] = {}
    timed = [
        (content_id, time, cameras.setdefault(camera, len(cameras)))
        for content_id, time, camera in moments
        if time is not None and camera
    ]
    # NumPy sorts while other threads run: Python's sort of 200,000 kept them waiting for 100 to 150 ms on end.
    ids, times, taken_by = np.fromiter(chain.from_iterable(timed), np.int64, 3 * len(timed)).reshape(-1, 3).T
    order = np.lexsort((ids, times, taken_by))
    ids, times, taken_by = ids[order], times[order], taken_by[order]
    left, right = [ids[:0]], [ids[:0]]
    for apart in range(1, min(_BURST_NEIGHBOURS, ids.size - 1) + 1):
        is_near = (taken_by[apart:] == taken_by[:-apart]) & (times[apart:] - times[:-apart] <= BURST_MS)
        if not is_near.any():
            break  # who is farther on in the order is no nearer in time
        left.append(ids[:-apart][is_near])
        right.append(ids[apart:][is_near])
    return np.concatenate(left), np.concatenate(right)
