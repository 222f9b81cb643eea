"""Justified rows: photos in their own shapes, in lines that fill the width; laid out where they are looked at.

Used by the grid, on the window's thread. The list is cut into blocks of about a thousand photos. How many lines a
block has is known from the lengths of its photos, and so is about how high it is: for a million photos both take
0.5 ms of CPU time (3.4 in 59,000 sections). Where each photo is, is computed for a block once something in it is
asked for (0.1 to 0.3 ms). It then turns out 0.1 to 2 % higher than it was taken for (13 % where each line is a
single photo). What is looked at stays where it is, so the blocks below it move down, and those above it move up,
which brings the `top` of the content above 0. A scroll bar that begins at -40 does not mind, and nothing that is
seen moves.

Alternatives that lost: all million at once, which took 26 to 40 ms at each photo that came in and at each turn of
the size; heights of blocks that are kept as they were taken for, with the difference dealt out among the gaps
between lines, which at large sizes in narrow windows is more than a gap can hide; measuring the remaining blocks
while nothing else is to be done, which changes nothing that can be seen.

Rows broken one after another, as text is, lost too: each break depends on the one before. The photos of a section,
or of a thousand, are dealt out evenly to as many lines as they need, which also leaves no ragged last line.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect

from photofind.gui.grid_geometry import GAP, MARGIN, PADDING, SECTION_GAP, Geometry, Hold
from photofind.gui.row_changes import runs

_FLATTEST, _NARROWEST = 3.2, 0.4
"""A panorama, or a strip of one, does not shrink the rest of its line further: it is shown inside such a cell."""
_TALLEST = 1.5
"""Lines of few photos are not blown up to more than so many times the size asked for."""
_BLOCK_PHOTOS = 1024
_EMPTIEST, _FULLEST = 0.8, 1.25
"""How long the photos of a line are, by the width, where lines beside them are held."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Where the photos of a block are, in pixels from its top.

    Attributes:
        firsts: First row of each line, and the row after the last, int64 [lines + 1].
        tops, heights: Of each line, int64 [lines].
        lefts, rights: Of each photo, the right edge exclusive, int32 [photos].
        height: Of the block, with the gap or header above its first line.
    """

    firsts: NDArray[np.int64]
    tops: NDArray[np.int64]
    heights: NDArray[np.int64]
    lefts: NDArray[np.int32]
    rights: NDArray[np.int32]
    height: int


class RowGeometry(Geometry):
    """Justified rows.

    Args:
        aspect: Width by height of every photo, float32 [n].
        hold: Whose lines keep their photos.
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
        if not self.count:
            return
        self._usable = max(2 * PADDING + 8, width - 2 * MARGIN)
        self._wished = wish - 2 * PADDING
        self._aspect = np.clip(aspect, np.float32(_NARROWEST), np.float32(_FLATTEST))
        self._is_held = hold is not None
        # Segments: what is dealt out evenly to lines of its own.
        self._bounds, kept = self._segments(hold)
        self._sizes = np.diff(self._bounds, append=self.count)
        totals = np.add.reduceat(self._aspect, self._bounds)
        lengths = totals * self._wished + self._sizes * (2 * PADDING + GAP)
        self._counts = np.clip(np.rint(lengths / (self._usable + GAP)).astype(np.int64), 1, self._sizes)
        self._counts[kept] = 1
        self._opens = np.append(_changes(self._bounds // _BLOCK_PHOTOS), len(self._bounds))
        self._block_rows = np.append(self._bounds, self.count)[self._opens]
        self._block_lines = np.append(0, np.cumsum(self._counts))[self._opens]
        self.lines = int(self._block_lines[-1])
        self._tops = np.append(0, np.cumsum(np.add.reduceat(self._guess(totals), self._opens[:-1])))
        self._tops = np.rint(self._tops).astype(np.int64)
        self._blocks: dict[int, _Block] = {}
        self._is_known = np.zeros(len(self._opens) - 1, np.bool_)
        self._fixed = 0
        self._note_extent()

    def _segments(self, hold: Hold | None) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Return the first row of every segment, and which of them are one line each, whatever their length."""
        sizes = np.diff(self._section_rows)
        pieces = np.maximum(1, sizes // _BLOCK_PHOTOS)
        bounds = self._starts
        if len(bounds) < pieces.sum():
            section = np.repeat(np.arange(len(pieces)), pieces)
            place = np.arange(len(section)) - (np.cumsum(pieces) - pieces)[section]
            bounds = bounds[section] + place * sizes[section] // pieces[section]
        held = [line for line in hold.lines if 0 <= line[0] < line[1] <= self.count] if hold is not None else []
        if hold is None or not held:
            return bounds, np.empty(0, np.intp)
        # A cut just beside a line that is held would leave few photos between them, in a line that is not full.
        near = (held[0][0] - _BLOCK_PHOTOS // 2, held[-1][1] + _BLOCK_PHOTOS // 2)
        first, stop = bounds.searchsorted(near)
        opening = self._starts[slice(*self._starts.searchsorted(near))]
        bounds = np.concatenate((bounds[:first], opening, bounds[stop:]))
        kept: list[tuple[int, int]] = []
        for line in held:
            begin = max(kept[-1][1] if kept else 0, int(bounds[bounds.searchsorted(line[0], "right") - 1]))
            if self._is_uneven(begin, line[0]):
                # What came in or was left before this line goes into one with it; never with that of the photo.
                if not line[0] <= hold.row < line[1]:
                    continue
                del kept[-1:]
            kept.append(line)
        if not kept:
            return bounds, np.empty(0, np.intp)
        after = bounds[bounds.searchsorted(kept[-1][1]) :]
        if kept[-1][0] > hold.row and self._is_uneven(kept[-1][1], int(after[0]) if len(after) else self.count):
            del kept[-1]
        pins = np.unique(kept)  # few: to unite them with 59,000 sections takes 9 ms
        pins = pins[pins < self.count]
        pins = pins[bounds[np.minimum(bounds.searchsorted(pins), len(bounds) - 1)] != pins]
        bounds = np.insert(bounds, bounds.searchsorted(pins), pins)
        return bounds, bounds.searchsorted([line[0] for line in kept])

    def _is_uneven(self, start: int, stop: int) -> bool:
        """Tell whether the photos from one row to another would make lines too short or too long."""
        length = float(self._aspect[start:stop].sum()) * self._wished + (stop - start) * (2 * PADDING + GAP)
        lines = length / (self._usable + GAP)
        return start < stop and not _EMPTIEST <= lines / max(1, round(lines)) <= _FULLEST

    def _guess(self, totals: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return about how high every segment is, with what is above it, as if its lines were all alike."""
        counts = self._counts.astype(np.float64)
        room = self._usable * counts - self._sizes * 2 * PADDING - (self._sizes - counts) * GAP
        pictures = np.clip(room / totals, 8, self._wished * _TALLEST)
        heights: NDArray[np.float64] = counts * (pictures + 2 * PADDING + GAP)
        heights[self._bounds.searchsorted(self._starts)] += SECTION_GAP + self._header_px - GAP
        heights[0] += self._first_top - SECTION_GAP
        return heights

    # Blocks

    def _note_extent(self) -> None:
        self.top, self.bottom = int(self._tops[0]), int(self._tops[-1]) + MARGIN

    def _block(self, number: int) -> _Block:
        """Return a block whose place and height are known from now on."""
        known = self._blocks.get(number)
        if known is None:
            known = self._blocks[number] = self._laid_out(number)
            self._is_known[number] = True
            more = known.height - int(self._tops[number + 1] - self._tops[number])
            if number < self._fixed:
                self._tops[: number + 1] -= more
            else:
                self._tops[number + 1 :] += more
            self._note_extent()
        return known

    def _block_at(self, y: int) -> int:
        """Return the block at a pixel; the first or last one beyond them."""
        number = int(self._tops.searchsorted(y, "right")) - 1
        return min(len(self._is_known) - 1, max(0, number))

    def _block_of(self, row: int) -> int:
        return int(self._block_rows.searchsorted(row, "right")) - 1

    def _known_between(self, top: int, bottom: int) -> None:
        """Make the blocks that touch these pixels known."""
        while True:
            first, last = self._block_at(top), self._block_at(bottom)
            known = self._is_known[first : last + 1]
            if known.all():
                return
            self._block(first + int(known.argmin()))

    def look_at(self, top: int, bottom: int) -> None:
        """Make the pixels `top` to `bottom` known: what is there stays there, whatever else is asked next."""
        if not self.count:
            return
        first, last = self._block_at(top), self._block_at(bottom)
        known = self._is_known[first : last + 1]
        if known.any():
            # What is seen already stays; what comes into view above it grows upwards.
            self._fixed = first + int(known.argmax())
        elif top <= self.top:
            self._fixed = 0
        elif bottom >= self.bottom - 1:
            self._fixed = len(self._is_known)
        elif self._is_known[last + 1 : last + 2].any():
            # A page up: what follows is what was seen before.
            self._fixed = last + 1
        else:
            self._fixed = first
        self._known_between(top, bottom)

    def _laid_out(self, number: int) -> _Block:
        """Deal the photos of a block out to its lines."""
        begin, end = int(self._opens[number]), int(self._opens[number + 1])
        start, stop = int(self._block_rows[number]), int(self._block_rows[number + 1])
        bounds, sizes, counts = (each[begin:end] for each in (self._bounds, self._sizes, self._counts))
        bounds = bounds - start
        aspect = self._aspect[start:stop].astype(np.float64)
        extents = aspect * self._wished + (2 * PADDING + GAP)
        ends = np.cumsum(extents)
        # The line of each photo is that of its middle, were its segment cut into equal lengths ...
        begun = np.append(0.0, ends)[bounds]
        pitch = (np.append(begun[1:], ends[-1]) - begun) / counts
        segment = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(len(segment)) - (np.cumsum(counts) - counts)[segment]
        firsts = (ends - extents / 2).searchsorted(begun[segment] + place * pitch[segment])
        # ... and each line has one at least.
        latest = (bounds + sizes - counts)[segment] + place
        firsts = np.clip(firsts, bounds[segment] + place, latest)
        ascending = np.arange(len(firsts))
        firsts = np.maximum.accumulate(firsts - ascending) + ascending
        _level(firsts, extents, bounds)
        per_line = np.diff(firsts, append=stop - start)
        room = self._usable - per_line * 2 * PADDING - (per_line - 1) * GAP
        pictures = np.clip(room / np.add.reduceat(aspect, firsts), 8, self._wished * _TALLEST)
        heights = np.floor(pictures + 0.5).astype(np.int64) + 2 * PADDING
        before = np.full(len(firsts), GAP, np.int64)
        opening = self._starts[slice(*self._starts.searchsorted((start, stop)))] - start
        before[firsts.searchsorted(opening)] = SECTION_GAP + self._header_px
        if number == 0:
            before[0] = self._first_top + self._header_px
        bottoms = np.cumsum(before + heights)
        widths = aspect * np.repeat(pictures, per_line) + 2 * PADDING
        rights = np.cumsum(widths + GAP) - GAP
        rights -= np.repeat((rights - widths)[firsts], per_line) - MARGIN
        rights = np.floor(rights + 0.5).astype(np.int32)
        lefts = np.append(0, rights[:-1]) + GAP
        lefts[firsts] = MARGIN
        return _Block(
            np.append(firsts, stop - start) + start,
            bottoms - heights,
            heights,
            lefts.astype(np.int32),
            rights,
            int(bottoms[-1]),
        )

    # Lines

    def line_of(self, row: int) -> int:
        """Return the line of a row."""
        number = self._block_of(row)
        return int(self._block_lines[number] + self._block(number).firsts.searchsorted(row, "right")) - 1

    def line_from(self, y: int) -> int:
        """Return the first line that ends at or below `y`."""
        if not self.count:
            return 0
        self._known_between(y, y)
        number = self._block_at(y)
        block = self._block(number)
        bottoms = block.tops + block.heights
        return int(self._block_lines[number] + bottoms.searchsorted(y - int(self._tops[number]), "right"))

    def _line(self, line: int) -> tuple[int, _Block, int]:
        """Return the block of a line, by number and itself, and the line's place in it."""
        number = int(self._block_lines.searchsorted(line, "right")) - 1
        return number, self._block(number), line - int(self._block_lines[number])

    def line_rows(self, line: int) -> range:
        """Return the rows of a line."""
        _, block, place = self._line(line)
        return range(int(block.firsts[place]), int(block.firsts[place + 1]))

    def cells(self, line: int) -> list[QRect]:
        """Return the cells of the rows of a line."""
        number, block, place = self._line(line)
        begin = int(block.firsts[0])
        part = slice(int(block.firsts[place]) - begin, int(block.firsts[place + 1]) - begin)
        top, height = int(self._tops[number] + block.tops[place]), int(block.heights[place])
        edges = zip(block.lefts[part].tolist(), block.rights[part].tolist(), strict=True)
        return [QRect(left, top, right - left, height) for left, right in edges]

    def _lines_between(self, top: int, bottom: int) -> tuple[int, int]:
        if self.count and top <= bottom:
            self._known_between(top, bottom)
        return super()._lines_between(top, bottom)

    def hold(self, row: int, top: int, bottom: int) -> Hold:
        """Return what keeps the lines that are seen where they are."""
        first, last = self._lines_between(top, bottom)
        lines = [self.line_rows(line) for line in range(first, last + 1)]
        return Hold(row, 0, tuple((rows.start, rows.stop) for rows in lines))

    def gap_between(self, top: int, bottom: int) -> bool:  # noqa: ARG002
        """Tell whether what is held leaves a gap there: a first line of what came in, and that is not full."""
        if not self._is_held or top > self.top:
            return False
        return self.cells(0)[-1].right() < self.width - MARGIN - GAP

    # Photos

    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""
        number = self._block_of(row)
        block = self._block(number)
        line = int(block.firsts.searchsorted(row, "right")) - 1
        place = row - int(block.firsts[0])
        left, right = int(block.lefts[place]), int(block.rights[place])
        return QRect(left, int(self._tops[number] + block.tops[line]), right - left, int(block.heights[line]))

    def top_near(self, row: int) -> int:
        """Return about where a row is, without making its place known."""
        number = self._block_of(row)
        if self._is_known[number]:
            return self.rect(row).top()
        start, stop = int(self._block_rows[number]), int(self._block_rows[number + 1])
        height = int(self._tops[number + 1] - self._tops[number])
        return int(self._tops[number]) + height * (row - start) // (stop - start)

    def runs_in(self, rect: QRect) -> list[tuple[int, int]]:
        """Return first and last row of each run of photos that a rectangle touches."""
        rows = self.rows_between(rect.top(), rect.bottom())
        if not rows:
            return []
        first, last = self._block_of(rows.start), self._block_of(rows.stop - 1)
        blocks = [self._block(number) for number in range(first, last + 1)]
        touched = [(block.lefts <= rect.right()) & (block.rights > rect.left()) for block in blocks]
        found = np.flatnonzero(np.concatenate(touched)) + int(self._block_rows[first])
        return runs(found[slice(*found.searchsorted((rows.start, rows.stop)))])

    # Sections

    def _section_top(self, section: int) -> int:
        return self.rect(int(self._starts[section])).top() - self._header_px


def _changes(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places where a value differs from the one before, the first place included."""
    return np.flatnonzero(np.append(True, values[1:] != values[:-1]))


def _level(firsts: NDArray[np.int64], extents: NDArray[np.float64], bounds: NDArray[np.int64]) -> None:
    """Move one photo over the end of a line where that brings two lines nearer to each other, in place.

    Where a cut falls on the middle of a photo chance decides, and two lines of one section may differ by half.

    Args:
        firsts: First row of every line.
        extents: Length of every photo.
        bounds: Lines that begin here stay.
    """
    lengths = np.add.reduceat(extents, firsts)
    first, last = extents[firsts], extents[firsts - 1]
    first[firsts.searchsorted(bounds)] = np.inf  # longer than every difference
    last[firsts.searchsorted(bounds)] = np.inf
    for begin in (1, 2):  # every second end at a time: no line changes at both
        after = lengths[begin::2]
        before = lengths[begin - 1 :: 2][: len(after)]
        gap = after - before
        moved = np.where(gap > first[begin::2], first[begin::2], 0)
        moved = np.where(-gap > last[begin::2], -last[begin::2], moved)
        before += moved
        after -= moved
        firsts[begin::2] += np.sign(moved).astype(np.int64)
