"""Where the rows of one list are in the list that takes its place.

Used by the grid to carry selection and place over, on the window's thread. Both lists are arrays of photo ids, none
twice. Mostly they begin alike and end alike, and a few photos came in or went between: these two ends are
compared (1 ms of CPU time for a million), and only what is between them is looked up, by a table from id to row
(6 ms when it is all of a million in another order). `numpy.isin` for everything lost: 5 ms for the photos in view,
10 to 400 ms for a large selection, at each photo that comes in.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_TABLE_FACTOR = 8
"""A table of so many places a photo, or fewer, is made; ids that lie farther apart are sorted."""


class RowChanges:
    """See the module.

    Args:
        old, new: Photo ids, int64 [n] and [m].
    """

    def __init__(self, old: NDArray[np.int64], new: NDArray[np.int64]) -> None:
        self._old, self._new = old, new
        both = min(len(old), len(new))
        self._head = _alike(old[:both], new[:both])
        rest = both - self._head
        self._tail = _alike(old[::-1][:rest], new[::-1][:rest])
        self._rows_by_id: tuple[int, NDArray[np.int32]] | None = None
        self._sorted: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def rows(self, old_rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the new row of each old one, int64 of the same length; -1: it has left the list."""
        shift = len(self._new) - len(self._old)
        found = np.where(old_rows < self._head, old_rows, old_rows + shift)
        between = (old_rows >= self._head) & (old_rows < len(self._old) - self._tail)
        if between.any():
            found[between] = self._looked_up(self._old[old_rows[between]])
        return found

    def ranges(self, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the runs of new rows that hold what was in these ranges of old ones (first and last row each)."""
        middle, stop = self._head, len(self._old) - self._tail
        shift = len(self._new) - len(self._old)
        found, loose = [], []
        for first, last in ranges:
            if first < middle:
                found.append((first, min(last, middle - 1)))
            if last >= stop:
                found.append((max(first, stop) + shift, last + shift))
            if first < stop and last >= middle:
                loose.append(self._looked_up(self._old[max(first, middle) : min(last + 1, stop)]))
        if loose:
            rows = np.concatenate(loose)
            is_found = np.zeros(len(self._new), np.bool_)  # sorting a million took 50 ms
            is_found[rows[rows >= 0]] = True
            found += runs(np.flatnonzero(is_found))
        found.sort()
        return _joined(found)

    def _looked_up(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the new row of each id of the part between; -1: not there."""
        between = self._new[self._head : len(self._new) - self._tail]
        if not len(between) or not len(ids):
            return np.full(len(ids), -1, np.int64)
        if self._sorted is None and self._rows_by_id is None:
            lowest, highest = int(between.min()), int(between.max())
            if highest - lowest < _TABLE_FACTOR * (len(between) + 1000):
                table = np.full(highest - lowest + 1, -1, np.int32)
                table[between - lowest] = np.arange(self._head, self._head + len(between), dtype=np.int32)
                self._rows_by_id = (lowest, table)
            else:
                order = np.argsort(between)
                self._sorted = (between[order], order + self._head)
        if self._rows_by_id is not None:
            lowest, table = self._rows_by_id
            places = ids - lowest
            is_inside = (places >= 0) & (places < len(table))
            return np.where(is_inside, table[np.where(is_inside, places, 0)], -1)
        assert self._sorted is not None
        in_order, rows = self._sorted
        places = np.minimum(in_order.searchsorted(ids), len(in_order) - 1)
        return np.where(in_order[places] == ids, rows[places], -1)


def runs(rows: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return first and last of each run of consecutive numbers in an ascending array."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) != 1)
    firsts = rows[np.concatenate(([0], breaks + 1))]
    lasts = rows[np.concatenate((breaks, [len(rows) - 1]))]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    """Return how many of the first numbers are the same in two arrays of one length."""
    differs = one != other
    first = int(differs.argmax()) if len(differs) else 0
    return first if len(differs) and differs[first] else len(differs)


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ascending ranges with those that follow at once made one."""
    joined: list[tuple[int, int]] = []
    for first, last in ranges:
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined
