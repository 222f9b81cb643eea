"""Where every photo of the grid is: what all layouts answer, and the layout of squares.

Used by the grid, on the window's thread; no widget and no painting here. A layout is a list of lines, in sections
with headers or without. In squares nothing is stored for a photo or a line, places are divisions. Photos in their
own shapes are laid out by `justified_rows`.

Photos come in while people look. What is looked at then stays where it is (`Hold`): in squares the first line of
its section may begin with empty cells, in justified rows the lines in view keep their photos.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from photofind.gui.row_changes import RowChanges

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

_ONE_SECTION: NDArray[np.int64] = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True)
class Hold:
    """What stays where it is when a layout is made anew.

    Attributes:
        row: A photo.
        column: Its place in its line of squares.
        lines: First row, and row after the last, of justified lines that keep their photos; ascending.
    """

    row: int
    column: int = 0
    lines: tuple[tuple[int, int], ...] = ()

    def moved(self, row: int, changes: RowChanges) -> "Hold":
        """Return what is held in a list that takes the place of this one, where the photo is at `row`."""
        lines = []
        for start, stop in self.lines:
            found = changes.rows(np.arange(start, stop))
            found = found[found >= 0]
            # A line that lost or got more than a few photos is another line.
            if len(found) and 3 * (stop - start) <= 4 * len(found):
                first, last = int(found.min()), int(found.max())
                if 3 * (last + 1 - first) <= 4 * (stop - start):
                    lines.append((first, last + 1))
        before = [line for line in lines if line[0] <= row]
        ordered = before[-1:]
        for line in reversed(before[:-1]):
            if line[1] <= ordered[0][0]:
                ordered.insert(0, line)
        for line in lines:
            if line[0] >= (ordered[-1][1] if ordered else row + 1):
                ordered.append(line)
        return Hold(row, self.column, tuple(ordered))


class Geometry(ABC):
    """Where every photo is, in pixels of the whole content.

    Args:
        width: Of the viewport.
        wish: Height of a cell that the user asked for; the real ones fill the width.
        count: Photos.
        starts: First row of every section, ascending from 0; None: no sections and no headers.
    """

    top, bottom = 0, 0
    """Where the whole content begins, and where it ends; both may move as places become known (`look_at`)."""
    lines = 0

    def __init__(self, width: int, wish: int, count: int, starts: NDArray[np.int64] | None) -> None:
        self.width, self.wish, self.count = width, wish, count
        self.has_headers = starts is not None and count > 0
        self._starts = _ONE_SECTION if starts is None or not len(starts) else starts
        self._header_px = HEADER_PX if self.has_headers else 0
        self._first_top = MARGIN // 2 if self.has_headers else MARGIN
        self._section_rows = np.append(self._starts, count)

    @property
    def height(self) -> int:
        """Of the whole content."""
        return self.bottom - self.top

    @abstractmethod
    def look_at(self, top: int, bottom: int) -> None:
        """Make the pixels `top` to `bottom` known: what is there stays there, whatever else is asked next."""

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
    def hold(self, row: int, top: int, bottom: int) -> Hold:
        """Return what keeps a photo, and what is seen with it from `top` to `bottom`, where they are."""

    @abstractmethod
    def gap_between(self, top: int, bottom: int) -> bool:
        """Tell whether what is held leaves a gap between these pixels."""

    # Photos

    @abstractmethod
    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""

    def top_near(self, row: int) -> int:
        """Return about where a row is, without making its place known."""
        return self.rect(row).top()

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

    @abstractmethod
    def runs_in(self, rect: QRect) -> list[tuple[int, int]]:
        """Return first and last row of each run of photos that a rectangle touches."""

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
        return len(self._starts)

    def section_of(self, row: int) -> int:
        """Return the section of a row."""
        return int(self._starts.searchsorted(row, "right")) - 1

    def section_rows(self, section: int) -> range:
        """Return the rows of a section."""
        return range(int(self._section_rows[section]), int(self._section_rows[section + 1]))

    def header(self, section: int) -> QRect:
        """Return the place of a section's header."""
        top = self._section_top(section)
        return QRect(MARGIN, top, max(0, self.width - 2 * MARGIN), self._header_px)

    @abstractmethod
    def _section_top(self, section: int) -> int:
        """Return where a section begins, with its header."""

    def headers_between(self, top: int, bottom: int) -> Iterator[tuple[int, QRect]]:
        """Yield the sections whose headers touch the pixels `top` to `bottom`, inclusive, with their places."""
        line = self.line_from(top)
        if not self.has_headers or line >= self.lines:
            return
        for section in range(self.section_of(self.line_rows(line).start), self.sections):
            place = self.header(section)
            if place.top() > bottom:
                return
            if place.bottom() >= top:
                yield section, place


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
            self.lead = (hold.column - hold.row + int(self._starts[self._led])) % self.columns
        if not count:
            return
        counts = np.diff(self._section_rows)
        if self._led >= 0:
            counts[self._led] += self.lead
        lines = -(-counts // self.columns)
        heights = self._header_px + lines * self.step - GAP
        ends = np.cumsum(heights + SECTION_GAP)
        self._section_tops = ends - heights - SECTION_GAP + self._first_top
        self._lines_before = np.append(0, np.cumsum(lines))
        self.lines = int(self._lines_before[-1])
        self.bottom = int(ends[-1]) - SECTION_GAP + self._first_top + MARGIN

    def _section_top(self, section: int) -> int:
        return int(self._section_tops[section])

    def _lead_of(self, section: int) -> int:
        return self.lead if section == self._led else 0

    def look_at(self, top: int, bottom: int) -> None:
        """All places are known."""

    def line_of(self, row: int) -> int:
        """Return the line of a row."""
        section = self.section_of(row)
        return int(self._lines_before[section]) + self._place(row, section) // self.columns

    def _place(self, row: int, section: int) -> int:
        return row - int(self._starts[section]) + self._lead_of(section)

    def line_from(self, y: int) -> int:
        """Return the first line that ends at or below `y`."""
        if not self.count:
            return 0
        section = max(0, int(self._section_tops.searchsorted(y, "right")) - 1)
        below = y - self._section_top(section) - self._header_px
        line = int(self._lines_before[section]) + max(0, (below + GAP) // self.step)
        return min(line, int(self._lines_before[section + 1]))

    def line_rows(self, line: int) -> range:
        """Return the rows of a line."""
        section = int(self._lines_before.searchsorted(line, "right")) - 1
        in_it = self.section_rows(section)
        start = in_it.start + (line - int(self._lines_before[section])) * self.columns - self._lead_of(section)
        return range(max(in_it.start, start), min(in_it.stop, start + self.columns))

    def cells(self, line: int) -> list[QRect]:
        """Return the cells of the rows of a line."""
        rows = self.line_rows(line)
        first = self.rect(rows.start)
        return [first.translated(self.step * place, 0) for place in range(len(rows))]

    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""
        section = self.section_of(row)
        line, column = divmod(self._place(row, section), self.columns)
        top = self._section_top(section) + self._header_px + line * self.step
        return QRect(MARGIN + column * self.step, top, self.cell, self.cell)

    def runs_in(self, rect: QRect) -> list[tuple[int, int]]:
        """Return first and last row of each run of photos that a rectangle touches."""
        first, last = self._lines_between(rect.top(), rect.bottom())
        if first > last:
            return []
        left = max(0, -(-(rect.left() - MARGIN - self.cell + 1) // self.step))
        right = min(self.columns - 1, (rect.right() - MARGIN) // self.step)
        lines = np.arange(first, last + 1)
        sections = self._lines_before.searchsorted(lines, "right") - 1
        begun = self._starts[sections] + (lines - self._lines_before[sections]) * self.columns
        begun -= np.where(sections == self._led, self.lead, 0)
        firsts = np.maximum(begun + left, self._starts[sections])
        lasts = np.minimum(begun + right, self._section_rows[sections + 1] - 1)
        touched = firsts <= lasts
        firsts, lasts = firsts[touched], lasts[touched]
        begins = np.append(True, firsts[1:] != lasts[:-1] + 1)[: len(firsts)]
        ends = np.append(begins[1:], True)[: len(firsts)]
        return list(zip(firsts[begins].tolist(), lasts[ends].tolist(), strict=True))

    def column(self, row: int) -> int:
        """Return the column of a row."""
        return self._place(row, self.section_of(row)) % self.columns

    def hold(self, row: int, top: int, bottom: int) -> Hold:  # noqa: ARG002
        """Return what keeps a photo where it is."""
        return Hold(row, self.column(row))

    def gap_between(self, top: int, bottom: int) -> bool:
        """Tell whether the empty cells, which keep a photo in its column, begin between these pixels."""
        return self.lead > 0 and top <= self._section_top(self._led) <= bottom
