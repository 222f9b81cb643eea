"""Where every photo of the grid is: squares or justified rows, in sections with headers or without.

Used by the grid, on the window's thread; no widget and no painting here. A layout is a list of lines. In squares
nothing is stored for a photo or a line, places are divisions; in justified rows the first photo, top and height of
each line are arrays, computed for all photos at once: a million take 24 ms of CPU time (27 in 6,000 sections). Rows
broken one after another, as text is, lost: each break depends on the one before, which in Python is 0.2 s for a
million; so the photos of a section are dealt out evenly to as many lines as they need, which also leaves no ragged
last line.

Photos come in while people look. What is looked at then stays where it is (`Hold`): in squares the first line of
its section may begin with empty cells, in justified rows its line keeps its photos.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

MIN_CELL_PX = 64
MAX_CELL_PX = 512
MARGIN = 12
GAP = 6
PADDING = 5
"""Between the edge of a cell, where selection shows, and the photo."""
HEADER_PX = 40
"""Height of a section's header; the photos follow at once."""
SECTION_GAP = 12
"""Between the last line of a section and the next header."""

_FLATTEST, _NARROWEST = 3.2, 0.4
"""A panorama, or a strip of one, does not shrink the rest of its line further: it is shown inside such a cell."""
_TALLEST = 1.5
"""Lines of few photos are not blown up to more than so many times the size asked for."""
_REMEMBERED_LINES = 512

_ONE_SECTION: NDArray[np.int64] = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class Hold:
    """What stays where it is when a layout is made anew.

    Attributes:
        row: A photo.
        column: Its place in its line of squares.
        start, stop: The rows of its justified line.
    """

    row: int
    column: int
    start: int
    stop: int


class Geometry(ABC):
    """Where every photo is, in pixels of the whole content.

    Args:
        width: Of the viewport.
        wish: Height of a cell that the user asked for; the real ones fill the width.
        count: Photos.
        starts: First row of every section, ascending from 0; None: no sections and no headers.
    """

    height = 0
    """Of the whole content."""
    lines = 0

    def __init__(self, width: int, wish: int, count: int, starts: NDArray[np.int64] | None) -> None:
        self.width, self.wish, self.count = width, wish, count
        self.has_headers = starts is not None and count > 0
        self._starts = _ONE_SECTION if starts is None or not len(starts) else starts
        self._header_px = HEADER_PX if self.has_headers else 0
        self._first_top = MARGIN // 2 if self.has_headers else MARGIN
        self._section_rows: list[int] = [*self._starts.tolist(), count]
        self._section_tops: list[int] = []

    # Lines

    @abstractmethod
    def line_of(self, row: int) -> int:
        """Return the line of a row."""

    @abstractmethod
    def line_from(self, y: int) -> int:
        """Return the first line that ends at or below `y`; `lines` when all end above."""

    @abstractmethod
    def line_rows(self, line: int) -> range:
        """Return the rows of a line."""

    @abstractmethod
    def cells(self, line: int) -> list[QRect]:
        """Return the cells of the rows of a line."""

    @abstractmethod
    def hold(self, row: int) -> Hold:
        """Return what keeps a photo where it is."""

    # Photos

    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""
        line = self.line_of(row)
        return self.cells(line)[row - self.line_rows(line).start]

    def row_at(self, x: int, y: int) -> int:
        """Return the row at a place, -1 between and beyond cells."""
        line = self.line_from(y)
        if 0 <= line < self.lines:
            for row, cell in zip(self.line_rows(line), self.cells(line), strict=True):
                if cell.contains(x, y):
                    return row
        return -1

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the rows whose lines touch the pixels `top` to `bottom`, inclusive."""
        first, last = self._lines_between(top, bottom)
        if first > last:
            return range(0)
        return range(self.line_rows(first).start, self.line_rows(last).stop)

    def cells_between(self, top: int, bottom: int) -> Iterator[tuple[int, QRect]]:
        """Yield each row of `rows_between` with its cell."""
        first, last = self._lines_between(top, bottom)
        for line in range(first, last + 1):
            yield from zip(self.line_rows(line), self.cells(line), strict=True)

    def runs_in(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """Yield first and last row of each line's part inside a rectangle."""
        first, last = self._lines_between(rect.top(), rect.bottom())
        for line in range(first, last + 1):
            touched = [
                row
                for row, cell in zip(self.line_rows(line), self.cells(line), strict=True)
                if cell.intersects(rect)
            ]
            if touched:
                yield touched[0], touched[-1]

    def lines_away(self, row: int, lines: int) -> int:
        """Return the row nearest below (or above, when negative) so many lines away, or as far as there are."""
        line = self.line_of(row)
        target = min(self.lines - 1, max(0, line + lines))
        if target == line:
            return row
        middle = self.rect(row).center().x()
        distances = [abs(cell.center().x() - middle) for cell in self.cells(target)]
        return self.line_rows(target).start + distances.index(min(distances))

    def pixels_away(self, row: int, pixels: int) -> int:
        """Return the row about so many pixels below (or above), at least one line away where there is one."""
        line = self.line_of(row)
        target = self.line_from(self.rect(row).top() + pixels)
        by = max(1, target - line) if pixels > 0 else min(-1, target - line)
        return self.lines_away(row, by)

    def _lines_between(self, top: int, bottom: int) -> tuple[int, int]:
        if not self.lines or bottom < top:
            return 0, -1
        first = self.line_from(top)
        last = self.line_from(bottom)
        if last >= self.lines or self.cells(last)[0].top() > bottom:
            last -= 1
        return first, last

    # Sections

    @property
    def sections(self) -> int:
        """How many there are; without headers one holds all photos."""
        return len(self._section_rows) - 1

    def section_of(self, row: int) -> int:
        """Return the section of a row."""
        return min(self.sections, bisect_right(self._section_rows, row)) - 1

    def section_rows(self, section: int) -> range:
        """Return the rows of a section."""
        return range(self._section_rows[section], self._section_rows[section + 1])

    def header(self, section: int) -> QRect:
        """Return the place of a section's header."""
        return QRect(MARGIN, self._section_tops[section], max(0, self.width - 2 * MARGIN), self._header_px)

    def headers_between(self, top: int, bottom: int) -> Iterator[tuple[int, QRect]]:
        """Yield the sections whose headers touch the pixels `top` to `bottom`, inclusive, with their places."""
        if not self.has_headers:
            return
        section = max(0, bisect_right(self._section_tops, top - self._header_px))
        while section < self.sections and self._section_tops[section] <= bottom:
            yield section, self.header(section)
            section += 1


class SquareGeometry(Geometry):
    """Equal squares: places are divisions, whatever the number of photos.

    Args:
        hold: What stays in its column.
    """

    def __init__(
        self,
        width: int,
        wish: int,
        count: int,
        starts: NDArray[np.int64] | None = None,
        hold: Hold | None = None,
    ) -> None:
        super().__init__(width, wish, count, starts)
        self.columns = max(1, round((width - 2 * MARGIN + GAP) / (wish + GAP)))
        """Photos in a line: as many as bring the cell nearest to the wish."""
        self.cell = max(16, (width - 2 * MARGIN - GAP * (self.columns - 1)) // self.columns)
        """Side of a cell."""
        self.step = self.cell + GAP
        """Distance from one cell to the next."""
        self._led, self.lead = -1, 0
        if hold is not None and 0 <= hold.row < count:
            self._led = self.section_of(hold.row)
            self.lead = (hold.column - hold.row + self._section_rows[self._led]) % self.columns
        if not count:
            return
        counts = np.diff(np.append(self._starts, count))
        if self._led >= 0:
            counts[self._led] += self.lead
        lines = -(-counts // self.columns)
        heights = self._header_px + lines * self.step - GAP
        ends = np.cumsum(heights + SECTION_GAP)
        self._section_tops = (ends - heights - SECTION_GAP + self._first_top).tolist()
        self._lines_before: list[int] = [0, *np.cumsum(lines).tolist()]
        self.lines = self._lines_before[-1]
        self.height = int(ends[-1]) - SECTION_GAP + self._first_top + MARGIN

    @property
    def led_top(self) -> int:
        """Where the section begins whose first line has empty cells; -1 when none has."""
        return self._section_tops[self._led] if self.lead else -1

    def _lead_of(self, section: int) -> int:
        return self.lead if section == self._led else 0

    def line_of(self, row: int) -> int:
        """Return the line of a row."""
        section = self.section_of(row)
        return self._lines_before[section] + self._place(row, section) // self.columns

    def _place(self, row: int, section: int) -> int:
        return row - self._section_rows[section] + self._lead_of(section)

    def line_from(self, y: int) -> int:
        """Return the first line that ends at or below `y`."""
        if not self.count:
            return 0
        section = max(0, bisect_right(self._section_tops, y) - 1)
        below = y - self._section_tops[section] - self._header_px
        line = self._lines_before[section] + max(0, (below + GAP) // self.step)
        return min(line, self._lines_before[section + 1])

    def line_rows(self, line: int) -> range:
        """Return the rows of a line."""
        section = bisect_right(self._lines_before, line) - 1
        first, end = self._section_rows[section], self._section_rows[section + 1]
        start = first + (line - self._lines_before[section]) * self.columns - self._lead_of(section)
        return range(max(first, start), min(end, start + self.columns))

    def cells(self, line: int) -> list[QRect]:
        """Return the cells of the rows of a line."""
        rows = self.line_rows(line)
        first = self.rect(rows.start)
        return [first.translated(self.step * place, 0) for place in range(len(rows))]

    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""
        section = self.section_of(row)
        line, column = divmod(self._place(row, section), self.columns)
        top = self._section_tops[section] + self._header_px + line * self.step
        return QRect(MARGIN + column * self.step, top, self.cell, self.cell)

    def column(self, row: int) -> int:
        """Return the column of a row."""
        return self._place(row, self.section_of(row)) % self.columns

    def hold(self, row: int) -> Hold:
        """Return what keeps a photo where it is."""
        return Hold(row, self.column(row), row, row + 1)


class RowGeometry(Geometry):
    """Justified rows: lines of pictures in their own shapes that fill the width.

    Args:
        aspect: Width by height of every photo, float32 [n].
        hold: Whose line keeps its photos.
    """

    def __init__(
        self,
        width: int,
        wish: int,
        aspect: NDArray[np.float32],
        starts: NDArray[np.int64] | None = None,
        hold: Hold | None = None,
    ) -> None:
        super().__init__(width, wish, len(aspect), starts)
        self._cells: dict[int, list[QRect]] = {}
        if not self.count:
            return
        self._usable = max(2 * PADDING + 8, width - 2 * MARGIN)
        self._aspect = np.clip(aspect, np.float32(_NARROWEST), np.float32(_FLATTEST))
        bounds, held = self._starts, -1
        if hold is not None and 0 <= hold.start < hold.stop <= self.count:
            held = hold.start
            pins = np.array([hold.start, hold.stop], np.int64)
            bounds = np.union1d(bounds, pins[pins < self.count])  # few: among a million this takes 70 ms
        firsts = self._line_firsts(bounds, held)
        counts = np.diff(np.append(firsts, self.count))
        wished = self.wish - 2 * PADDING
        room = self._usable - counts * 2 * PADDING - (counts - 1) * GAP
        fill = room / np.add.reduceat(self._aspect, firsts, dtype=np.float64)
        self._picture_px = np.clip(fill, 8, wished * _TALLEST)
        heights = np.floor(self._picture_px + 0.5).astype(np.int64) + 2 * PADDING
        opening = np.searchsorted(firsts, self._starts)
        before = np.full(len(firsts), GAP, np.int64)
        before[opening] = SECTION_GAP + self._header_px
        before[0] = self._first_top + self._header_px
        tops = np.cumsum(before + heights) - heights
        self._firsts, self._tops, self._heights = firsts, tops, heights
        self._section_tops = (tops[opening] - self._header_px).tolist()
        self.lines = len(firsts)
        self.height = int(tops[-1] + heights[-1]) + MARGIN

    def _line_firsts(self, bounds: NDArray[np.int64], held: int) -> NDArray[np.int64]:
        """Return the first row of every line; each lies between two neighbours of `bounds`.

        What begins at row `held` is one line, whatever its length.
        """
        wished = self.wish - 2 * PADDING
        extents = self._aspect * np.float32(wished) + np.float32(2 * PADDING + GAP)
        ends = np.cumsum(extents, dtype=np.float64)
        begun = np.where(bounds > 0, ends[bounds - 1], 0.0)
        totals = np.diff(np.append(begun, ends[-1]))
        lines = np.maximum(1, np.rint(totals / (self._usable + GAP)))
        lines[bounds == held] = 1
        # The line of each photo is that of its middle, were its part of the content cut into equal lengths.
        ends -= extents * np.float32(0.5)
        if len(bounds) == 1:
            ends *= lines[0] / totals[0]
        else:
            sizes = np.diff(np.append(bounds, self.count))
            scale = lines / totals
            ends *= np.repeat(scale, sizes)
            ends -= np.repeat(begun * scale, sizes)
        numbers = ends.astype(np.int32)
        begins = np.empty(self.count, np.bool_)
        np.not_equal(numbers[1:], numbers[:-1], out=begins[1:])
        begins[bounds] = True  # whatever rounding says
        firsts = np.flatnonzero(begins)
        _level(firsts, extents, bounds)
        return firsts

    def line_of(self, row: int) -> int:
        """Return the line of a row."""
        return int(np.searchsorted(self._firsts, row, "right")) - 1

    def line_from(self, y: int) -> int:
        """Return the first line that ends at or below `y`."""
        if not self.count:
            return 0
        line = max(0, int(np.searchsorted(self._tops, y, "right")) - 1)
        return line + (int(self._tops[line] + self._heights[line]) <= y)

    def line_rows(self, line: int) -> range:
        """Return the rows of a line."""
        stop = int(self._firsts[line + 1]) if line + 1 < self.lines else self.count
        return range(int(self._firsts[line]), stop)

    def cells(self, line: int) -> list[QRect]:
        """Return the cells of the rows of a line."""
        known = self._cells.get(line)
        if known is None:
            if len(self._cells) >= _REMEMBERED_LINES:
                self._cells.clear()
            rows = self.line_rows(line)
            widths = self._aspect[rows.start : rows.stop].astype(np.float64) * self._picture_px[line] + 2 * PADDING
            ends = MARGIN + np.cumsum(widths) + GAP * np.arange(len(rows))
            lefts = np.floor(ends - widths + 0.5).astype(np.int64).tolist()
            rights = np.floor(ends + 0.5).astype(np.int64).tolist()
            top, height = int(self._tops[line]), int(self._heights[line])
            known = [QRect(left, top, right - left, height) for left, right in zip(lefts, rights, strict=True)]
            self._cells[line] = known
        return known

    def hold(self, row: int) -> Hold:
        """Return what keeps a photo where it is."""
        rows = self.line_rows(self.line_of(row))
        return Hold(row, 0, rows.start, rows.stop)


def _level(firsts: NDArray[np.int64], extents: NDArray[np.float32], bounds: NDArray[np.int64]) -> None:
    """Move one photo over the end of a line where that brings two lines nearer to each other, in place.

    Where a cut falls on the middle of a photo chance decides, and two lines of one section may differ by half.

    Args:
        firsts: First row of every line.
        extents: Length of every photo.
        bounds: Lines that begin here stay.
    """
    lengths = np.add.reduceat(extents, firsts)
    first, last = extents[firsts], extents[firsts - 1]
    first[np.searchsorted(firsts, bounds)] = np.inf  # longer than every difference
    last[np.searchsorted(firsts, bounds)] = np.inf
    for begin in (1, 2):  # every second end at a time: no line changes at both
        after = lengths[begin::2]
        before = lengths[begin - 1 :: 2][: len(after)]
        gap = after - before
        moved = np.where(gap > first[begin::2], first[begin::2], 0)
        moved = np.where(-gap > last[begin::2], -last[begin::2], moved)
        before += moved
        after -= moved
        firsts[begin::2] += np.sign(moved).astype(np.int64)
