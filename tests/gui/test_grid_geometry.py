"""Geometry of the grid: squares and justified rows, with sections and without, and what is held in its place."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from photofind.gui.grid_geometry import (
    GAP,
    HEADER_PX,
    MARGIN,
    PADDING,
    SECTION_GAP,
    Geometry,
    Hold,
    SquareGeometry,
)
from photofind.gui.justified_rows import RowGeometry

SHAPES = (4 / 3, 3 / 4, 1.5, 1.0, 16 / 9, 2.39, 8.0, 0.1)


def shapes(count: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).choice(np.array(SHAPES, np.float32), count)


@st.composite
def section_starts(draw: st.DrawFn, count: int) -> NDArray[np.int64] | None:
    if not draw(st.booleans()) or not count:
        return None
    inside = draw(st.lists(st.integers(0, count - 1), max_size=30))
    return np.unique(np.array([0, *inside], np.int64))


@st.composite
def squares(draw: st.DrawFn, most: int = 2_000_000) -> SquareGeometry:
    count = draw(st.integers(0, most))
    starts = draw(section_starts(count))
    width, wish = draw(st.integers(60, 4000)), draw(st.integers(64, 512))
    hold = None
    if count and draw(st.booleans()):
        columns = SquareGeometry(width, wish, count).columns
        hold = Hold(draw(st.integers(0, count - 1)), draw(st.integers(0, columns - 1)))
    return SquareGeometry(width, wish, count, starts, hold)


@st.composite
def rows(draw: st.DrawFn, most: int = 3_000) -> RowGeometry:
    """Justified rows of which every place is known."""
    geometry = draw(unknown_rows(most))
    know_all(geometry)
    return geometry


def know_all(geometry: RowGeometry) -> None:
    """Lay everything out."""
    geometry.rows_between(geometry.top, 10 * geometry.bottom + 10_000)


@st.composite
def unknown_rows(draw: st.DrawFn, most: int = 8_000) -> RowGeometry:
    """Justified rows of which nothing was looked at."""
    count = draw(st.integers(0, most))
    starts = draw(section_starts(count))
    hold = None
    if count and draw(st.booleans()):
        row = draw(st.integers(0, count - 1))
        begin = max(0, row - draw(st.integers(0, 4)))
        cuts = {begin, *(begin + n for n in draw(st.lists(st.integers(1, 40), max_size=6))), row + 1}
        ends = sorted(cut for cut in cuts if cut <= count)
        hold = Hold(row, 0, tuple(pairwise(ends)))
    aspect = shapes(count, draw(st.integers(0, 99)))
    return RowGeometry(draw(st.integers(60, 4000)), draw(st.integers(64, 512)), aspect, starts, hold)


layouts: st.SearchStrategy[Geometry] = st.one_of(squares(), rows())


@given(layouts, st.data())
def test_a_row_is_found_where_it_is_drawn(geometry: Geometry, data: st.DataObject) -> None:
    if not geometry.count:
        assert geometry.row_at(MARGIN, MARGIN) == -1
        assert geometry.height == 0
        assert geometry.rows_between(0, 10_000) == range(0)
        return
    row = data.draw(st.integers(0, geometry.count - 1))
    rect = geometry.rect(row)
    for point in (rect.topLeft(), rect.bottomRight(), rect.center()):
        assert geometry.row_at(point.x(), point.y()) == row
    assert geometry.row_at(rect.right() + 1, rect.top()) != row
    assert rect.bottom() < geometry.height
    line = geometry.line_of(row)
    assert row in geometry.line_rows(line)
    assert geometry.line_from(rect.top()) == geometry.line_from(rect.bottom()) == line


@given(layouts, st.data())
def test_cells_do_not_overlap(geometry: Geometry, data: st.DataObject) -> None:
    if geometry.count < 2:
        return
    row = data.draw(st.integers(0, geometry.count - 2))
    first, second = geometry.rect(row), geometry.rect(row + 1)
    assert not first.intersects(second)
    if first.top() == second.top():
        assert second.left() - first.right() - 1 == GAP
    else:
        assert second.top() > first.bottom()


@given(squares())
def test_squares_fill_the_width(geometry: SquareGeometry) -> None:
    if geometry.width >= 200:
        last = MARGIN + geometry.columns * geometry.step - GAP
        assert last <= geometry.width - MARGIN
        assert geometry.width - MARGIN - last < geometry.columns


@given(rows(), st.data())
def test_justified_rows_fill_the_width_with_photos_in_their_shapes(
    geometry: RowGeometry, data: st.DataObject
) -> None:
    if not geometry.count or geometry.width < 200:
        return
    line = data.draw(st.integers(0, geometry.lines - 1))
    cells = geometry.cells(line)
    assert cells[0].left() == MARGIN
    assert cells[-1].right() < geometry.width - MARGIN + 1
    heights = {cell.height() for cell in cells}
    assert len(heights) == 1
    if heights.pop() < round((geometry.wish - 2 * PADDING) * 1.5) + 2 * PADDING - 1:
        assert abs(cells[-1].right() + 1 - (geometry.width - MARGIN)) <= 1


def test_justified_rows_are_about_as_high_as_asked() -> None:
    aspect = shapes(20_000, 3)
    geometry = RowGeometry(1200, 200, aspect)
    heights = np.array([geometry.cells(line)[0].height() for line in range(geometry.lines)])
    assert 180 < np.median(heights) < 220
    assert np.quantile(heights, 0.02) > 120
    ordinary = np.flatnonzero(aspect == np.float32(1.5))[:200].tolist()
    for cell in (geometry.rect(row) for row in ordinary):
        shape = (cell.width() - 2 * PADDING) / (cell.height() - 2 * PADDING)
        assert shape == pytest.approx(1.5, abs=0.02)


def test_the_lines_of_a_section_are_alike() -> None:
    aspect = np.array([1.52, 1.5, 1.5, 1.5, 0.67, 1.5, 1.5, 1.5], np.float32)
    geometry = RowGeometry(890, 200, aspect, np.zeros(1, np.int64))
    # Cut at equal lengths the first line would hold two photos and the second four.
    assert [len(geometry.line_rows(line)) for line in range(geometry.lines)] == [3, 3, 2]


@given(layouts, st.integers(0, 10_000_000), st.integers(0, 3000))
def test_rows_between_are_exactly_those_whose_lines_touch(geometry: Geometry, top: int, height: int) -> None:
    top = top % (geometry.height + 100)
    found = geometry.rows_between(top, top + height)
    for row in (*found[:3], *found[-3:]):
        rect = geometry.rect(row)
        assert rect.bottom() >= top
        assert rect.top() <= top + height
    if found and found.start > 0:
        assert geometry.rect(found.start - 1).bottom() < top
    if found and found.stop < geometry.count:
        assert geometry.rect(found.stop).top() > top + height
    assert [row for row, _ in geometry.cells_between(top, top + height)] == list(found)
    if not found and geometry.count:
        # Nothing but a header, a gap or a margin is there.
        line = geometry.line_from(top)
        assert line == geometry.lines or geometry.cells(line)[0].top() > top + height


@given(rows())
def test_every_photo_is_in_one_line_and_every_line_in_one_section(geometry: RowGeometry) -> None:
    found = [row for line in range(geometry.lines) for row in geometry.line_rows(line)]
    assert found == list(range(geometry.count))
    for line in range(geometry.lines):
        line_rows = geometry.line_rows(line)
        assert geometry.section_of(line_rows.start) == geometry.section_of(line_rows.stop - 1)


@given(layouts, st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 900), st.integers(1, 900))
def test_a_rubber_band_takes_every_cell_it_touches_and_no_other(
    geometry: Geometry, x: int, y: int, width: int, height: int
) -> None:
    band = QRect(x, y, width, height)
    runs = geometry.runs_in(band)
    found = {row for first, last in runs for row in range(first, last + 1)}
    assert all(one[1] + 1 < other[0] for one, other in pairwise(runs))
    near = geometry.rows_between(max(0, y - 600), y + height + 600)
    assert found <= set(near)
    for row in near:
        assert (row in found) == geometry.rect(row).intersects(band)


@given(layouts, st.data())
def test_headers_stand_above_their_photos(geometry: Geometry, data: st.DataObject) -> None:
    if not geometry.has_headers:
        assert list(geometry.headers_between(0, 10_000)) == []
        return
    section = data.draw(st.integers(0, geometry.sections - 1))
    place, in_it = geometry.header(section), geometry.section_rows(section)
    assert place.height() == HEADER_PX
    assert geometry.rect(in_it.start).top() == place.bottom() + 1
    if section:
        assert geometry.rect(in_it.start - 1).bottom() < place.top()
    for y in (place.top(), place.bottom()):
        assert (section, place) in geometry.headers_between(y, y)
        assert geometry.row_at(place.center().x(), y) == -1
    assert section not in [s for s, _ in geometry.headers_between(place.bottom() + 1, place.bottom() + 2)]
    assert section not in [s for s, _ in geometry.headers_between(place.top() - 2, place.top() - 1)]
    assert geometry.section_of(in_it.start) == geometry.section_of(in_it.stop - 1) == section


@given(squares(), st.data())
def test_squares_keep_a_photo_in_its_column(geometry: SquareGeometry, data: st.DataObject) -> None:
    if not geometry.count:
        return
    row = data.draw(st.integers(0, geometry.count - 1))
    held = SquareGeometry(
        geometry.width,
        geometry.wish,
        geometry.count,
        np.array([0], np.int64),
        Hold(row, row % geometry.columns),
    )
    assert held.column(row) == row % geometry.columns
    assert 0 <= held.lead < held.columns


@given(layouts, st.data())
def test_up_and_down_lead_to_the_next_line_and_nothing_else(geometry: Geometry, data: st.DataObject) -> None:
    if not geometry.count:
        return
    row = data.draw(st.integers(0, geometry.count - 1))
    line = geometry.line_of(row)
    assert geometry.line_of(geometry.lines_away(row, 1)) == min(line + 1, geometry.lines - 1)
    assert geometry.line_of(geometry.lines_away(row, -1)) == max(line - 1, 0)
    below = geometry.pixels_away(row, 700)
    assert below == row or geometry.line_of(below) > line
    reach = geometry.rect(row).top() + 700 + SECTION_GAP + HEADER_PX
    assert geometry.rect(below).top() <= reach or geometry.line_of(below) == line + 1
