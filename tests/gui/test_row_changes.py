"""Rows and ranges of rows, carried from one list over to the next."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from photofind.gui.row_changes import RowChanges, runs


@st.composite
def lists(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Two lists: a few ids out and in, or all in another order; near each other or far apart."""
    far = draw(st.sampled_from([1, 3, 1_000_003]))
    old = draw(st.lists(st.integers(0, 60), unique=True, max_size=50))
    if draw(st.booleans()):
        new = draw(st.permutations(draw(st.lists(st.integers(0, 60), unique=True, max_size=50))))
    else:
        gone = draw(st.sets(st.integers(0, 60), max_size=4))
        new = [each for each in old if each not in gone]
        for each in draw(st.lists(st.integers(61, 70), unique=True, max_size=3)):
            new.insert(draw(st.integers(0, len(new))), each)
    return np.array(old, np.int64) * far, np.array(new, np.int64) * far


@given(lists())
def test_each_row_is_found_where_its_photo_is(both: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
    old, new = both
    place = {photo_id: row for row, photo_id in enumerate(new.tolist())}
    found = RowChanges(old, new).rows(np.arange(len(old)))
    assert found.tolist() == [place.get(photo_id, -1) for photo_id in old.tolist()]


@given(lists(), st.sets(st.integers(0, 49)))
def test_ranges_hold_the_same_photos(both: tuple[NDArray[np.int64], NDArray[np.int64]], chosen: set[int]) -> None:
    old, new = both
    rows = np.array(sorted(row for row in chosen if row < len(old)), np.int64)
    ranges = RowChanges(old, new).ranges(runs(rows))
    found = [int(new[row]) for first, last in ranges for row in range(first, last + 1)]
    assert len(found) == len(set(found))
    assert set(found) == set(old[rows].tolist()) & set(new.tolist())
    assert all(one[1] + 1 < other[0] for one, other in pairwise(ranges))


def test_all_that_is_selected_stays_one_range_beside_what_comes_in() -> None:
    old = np.arange(1_000_000)
    changes = RowChanges(old, np.concatenate((np.arange(2_000_000, 2_000_016), old)))
    assert changes.ranges([(0, 999_999)]) == [(16, 1_000_015)]
