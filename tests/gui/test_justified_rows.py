"""Justified rows where only a part was looked at: what is seen does not move, and what is held keeps its lines."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from photofind.gui.grid_geometry import PADDING, Hold
from photofind.gui.justified_rows import RowGeometry
from photofind.gui.row_changes import RowChanges
from tests.gui.test_grid_geometry import know_all, shapes, unknown_rows

Seen = list[tuple[int, QRect]]
ROOM_PX = 800


def seen(geometry: RowGeometry, top: int) -> Seen:
    return list(geometry.cells_between(top, top + ROOM_PX - 1))


def look(geometry: RowGeometry, y: int) -> int:
    """Look at a place as the grid does, and return where the view begins."""
    while True:
        y = max(geometry.top, min(y, geometry.bottom - ROOM_PX))
        geometry.look_at(y, y + ROOM_PX - 1)
        if geometry.top <= y <= max(geometry.top, geometry.bottom - ROOM_PX):
            return y


@st.composite
def places(draw: st.DrawFn) -> float:
    """A place of the content, from 0 to 1, its ends more often."""
    return draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1)))


def ask(geometry: RowGeometry, kind: int, place: float) -> None:
    row = min(geometry.count - 1, int(place * geometry.count))
    y = geometry.top + int(place * geometry.height)
    if kind == 0:
        geometry.rect(row)
    elif kind == 1:
        geometry.line_from(y)
    elif kind == 2:
        geometry.runs_in(QRect(20, y, 300, 2000))
    else:
        geometry.pixels_away(row, 700)


questions = st.lists(st.tuples(st.integers(0, 3), places()), max_size=8)


@settings(max_examples=50, deadline=None)
@given(unknown_rows(), places(), questions)
def test_nothing_that_is_seen_moves_whatever_else_is_asked(
    geometry: RowGeometry, place: float, asked: list[tuple[int, float]]
) -> None:
    if not geometry.count:
        return
    top = look(geometry, geometry.top + int(place * geometry.height))
    before = seen(geometry, top)
    assert before or geometry.headers_between(top, top + ROOM_PX)
    for kind, where in asked:
        ask(geometry, kind, where)
        assert seen(geometry, top) == before
    know_all(geometry)
    assert seen(geometry, top) == before


@settings(max_examples=50, deadline=None)
@given(unknown_rows(), places(), st.lists(st.integers(-ROOM_PX, ROOM_PX), min_size=1, max_size=12), questions)
def test_what_stays_in_view_moves_only_as_far_as_it_is_scrolled(
    geometry: RowGeometry, place: float, steps: list[int], asked: list[tuple[int, float]]
) -> None:
    if not geometry.count:
        return
    top = look(geometry, geometry.top + int(place * geometry.height))
    for step in steps:
        before = dict(seen(geometry, top))
        for kind, where in asked[:2]:
            ask(geometry, kind, where)
        top = look(geometry, top + step)
        after = dict(seen(geometry, top))
        both = before.keys() & after.keys()
        assert all(before[row] == after[row] for row in both)
        if abs(step) < ROOM_PX // 2 and len(before) > 1:
            rows = sorted(before.keys() | after.keys())
            assert rows == list(range(rows[0], rows[-1] + 1))


@settings(max_examples=50, deadline=None)
@given(unknown_rows(), questions, places())
def test_known_in_any_order_it_is_the_same_layout(
    geometry: RowGeometry, asked: list[tuple[int, float]], place: float
) -> None:
    if not geometry.count:
        return
    lines = geometry.lines
    look(geometry, geometry.top + int(place * geometry.height))
    for kind, where in asked:
        ask(geometry, kind, where)
    know_all(geometry)
    found = [row for line in range(lines) for row in geometry.line_rows(line)]
    assert found == list(range(geometry.count))
    cells = [geometry.cells(line)[0] for line in range(lines)]
    assert all(one.bottom() < other.top() for one, other in pairwise(cells))
    assert geometry.top < cells[0].top()
    assert cells[-1].bottom() < geometry.bottom
    other = RowGeometry(geometry.width, geometry.wish, geometry._aspect, _starts(geometry))
    if not geometry._is_held:
        know_all(other)
        assert other.height == geometry.height
        assert [cell.translated(0, -geometry.top) for cell in cells] == [other.cells(n)[0] for n in range(lines)]


def _starts(geometry: RowGeometry) -> NDArray[np.int64] | None:
    return geometry._starts if geometry.has_headers else None


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 99), st.integers(64, 300), st.integers(600, 3000))
def test_the_guess_of_the_height_is_near(seed: int, wish: int, width: int) -> None:
    geometry = RowGeometry(width, wish, np.clip(shapes(9_000, seed), 0.5, 2.5))
    guessed = geometry.height
    assert abs(geometry.top_near(4_500) / geometry.height - 0.5) < 0.03
    know_all(geometry)
    assert abs(geometry.height / guessed - 1) < 0.08


@st.composite
def changed(draw: st.DrawFn, count: int, near: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids of `count` photos, and of those that take their place: some gone, some come in."""
    old = np.arange(count, dtype=np.int64)
    gone = draw(st.lists(st.integers(0, count - 1), max_size=30))
    gone += [min(count - 1, near + n) for n in draw(st.lists(st.integers(0, 40), max_size=5))]
    new = np.delete(old, np.unique(np.array(gone, np.int64)))
    for place, added in draw(st.lists(st.tuples(st.integers(0, count), st.integers(1, 60)), max_size=4)):
        at = min(len(new), place)
        new = np.insert(new, at, np.arange(1_000_000 + at * 100, 1_000_000 + at * 100 + added))
    return old, new


@settings(max_examples=50, deadline=None)
@given(st.data(), st.integers(300, 2500), st.integers(64, 400), st.booleans())
def test_lines_that_are_seen_stay_while_photos_come_and_go(
    data: st.DataObject, width: int, wish: int, has_sections: bool
) -> None:
    count = 6_000
    aspect = shapes(count, data.draw(st.integers(0, 99)))
    starts = np.arange(0, count, 130) if has_sections else None
    geometry = RowGeometry(width, wish, aspect, starts)
    top = look(geometry, int(data.draw(places()) * geometry.height))
    rows = geometry.rows_between(top, top + ROOM_PX - 1)
    old, new = data.draw(changed(count, rows.start))
    changes = RowChanges(old, new)
    moved = changes.rows(np.arange(rows.start, rows.stop))
    stayed = np.flatnonzero(moved >= 0)
    if not len(stayed):
        return
    row, new_row = rows.start + int(stayed[0]), int(moved[stayed[0]])
    hold = geometry.hold(row, top, top + ROOM_PX - 1).moved(new_row, changes)
    by_id = np.ones(2_000_000, np.float32)
    by_id[:count] = aspect
    new_starts = None
    if starts is not None:
        new_starts = np.unique(np.append(0, changes.rows(starts)))
        new_starts = new_starts[new_starts >= 0]
    after = RowGeometry(width, wish, by_id[new], new_starts, hold)
    place = after.rect(new_row).top()
    after.look_at(place - ROOM_PX, place + ROOM_PX)
    know_all(after)
    assert [r for line in range(after.lines) for r in after.line_rows(line)] == list(range(len(new)))
    line = geometry.line_rows(geometry.line_of(row))
    images = changes.rows(np.arange(line.start, line.stop))
    is_whole = bool((images == np.arange(images[0], images[0] + len(images))).all()) and images[0] >= 0
    crossed = new_starts is not None and any(images[0] < start <= images[-1] for start in new_starts)
    if is_whole and not crossed:
        # The line of the photo that is held is the same in every pixel; up and down it goes with the photo.
        assert after.line_rows(after.line_of(new_row)) == range(int(images[0]), int(images[-1]) + 1)
        one, other = geometry.rect(row), after.rect(new_row)
        assert (one.left(), one.size()) == (other.left(), other.size())


def test_lines_that_did_not_change_stay_pixel_by_pixel() -> None:
    aspect = shapes(6_000, 3)
    geometry = RowGeometry(1000, 176, aspect)
    top = look(geometry, geometry.height // 2)
    before = seen(geometry, top)
    row = before[0][0]
    changes = RowChanges(np.arange(6_000), np.concatenate((np.arange(9_000, 9_016), np.arange(6_000))))
    hold = geometry.hold(row, top, top + ROOM_PX - 1).moved(row + 16, changes)
    after = RowGeometry(1000, 176, np.concatenate((shapes(16, 4), aspect)), None, hold)
    shift = after.rect(row + 16).top() - geometry.rect(row).top()
    new_top = top + shift
    after.look_at(new_top, new_top + ROOM_PX - 1)
    assert [(r - 16, rect.translated(0, -shift)) for r, rect in seen(after, new_top)] == before


def test_few_photos_left_over_beside_a_held_line_are_not_blown_up() -> None:
    # New ones come in one by one before the very first line, which is seen.
    aspect = np.full(300, 1.5, np.float32)
    hold: Hold | None = None
    for added in range(1, 40):
        geometry = RowGeometry(1000, 176, np.full(300 + added, 1.5, np.float32), None, hold)
        assert geometry.lines <= RowGeometry(1000, 176, aspect).lines + 1 + added // 3
        cells = geometry.cells(1)
        assert cells[0].height() < (176 - 2 * PADDING) * 1.5
        assert cells[-1].right() > 980
        row = geometry.line_rows(3).start
        ids = np.arange(300 + added)
        changes = RowChanges(ids, np.append(9_000, ids))
        hold = geometry.hold(row, 0, 800).moved(row + 1, changes)


def test_a_line_that_is_held_without_the_photo_may_go_into_one_with_what_is_left_over() -> None:
    aspect = np.full(500, 1.5, np.float32)
    # One photo is between the beginning and the only line that is held.
    geometry = RowGeometry(1000, 176, aspect, None, Hold(400, 0, ((1, 4),)))
    know_all(geometry)
    assert geometry.cells(0)[-1].right() > 980
    assert [row for line in range(geometry.lines) for row in geometry.line_rows(line)] == list(range(500))


def test_a_narrow_window_with_huge_photos_has_one_in_each_line() -> None:
    geometry = RowGeometry(120, 512, shapes(3_000, 1))
    know_all(geometry)
    assert geometry.lines == 3_000
