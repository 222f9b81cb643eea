"""The grid of photos: an item view of our own, whatever the number of photos.

Owned by the main window, on its thread. QListView in icon mode lays every item out (a million took 2.5 s to the
first paint, and 16 rows inserted into 100,000 took 326 ms); here `grid_geometry` computes the rows of a rectangle
and the rectangle of a row, and `grid_painter` paints the cells that are seen. CPU time at a million photos
(tests/benchmarks/grid.py): first paint 3 ms in squares, 5 in squares with 58,000 days, 4 in justified rows, 8 in
both; a page scrolled, or a jump to anywhere, 2 to 4 ms in all of them; 16 photos more or fewer 4 to 14 ms; a turn
of the size 1 to 5 ms. Nothing else takes more than 35 ms of a turn of the event loop.

Photos come in while people look. What is under the pointer stays there: the geometry is told what to hold. In
justified rows the content has no fixed beginning (`justified_rows`): whoever scrolls goes through `_scroll_to`, and
the top is `Geometry.top`, never 0. Selection, current photo and place are carried over by photo id (`row_changes`).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListView, QWidget

from photofind.gui import accessibility, theme, wording
from photofind.gui.date_scrubber import DateScrubber
from photofind.gui.drag_preview import HOT_SPOT, MOST_SHOWN, drag_preview
from photofind.gui.grid_geometry import GAP, MARGIN, MAX_CELL_PX, MIN_CELL_PX, Geometry, Hold, SquareGeometry
from photofind.gui.grid_painter import CellLook, CellPainter
from photofind.gui.justified_rows import RowGeometry
from photofind.gui.photo_model import PhotoModel, file_url
from photofind.gui.photo_sections import Sections, place_title, sections_of, year_rows
from photofind.gui.row_changes import RowChanges
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Hit, Listing

DRAG_LIMIT = 2_000
"""Files in one drag; a program that is handed more mostly hangs."""

_POINTER_RESTS_S = 3.0
"""A pointer that has not moved for so long aims at nothing: at the top, new photos then come in above."""

_TYPE_AHEAD_S = 1.0
_TYPE_AHEAD_ROWS = 2_000
_TYPE_AHEAD_TURN_ROWS = 500
"""Names compared in one turn of the event loop; to fetch them takes a library 7 to 12 ms of CPU time."""
_WANT_MS = 15
_WANT_AFTER_RESIZE_MS = 120

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Point:
    """A point of a photo, and where it is in the viewport.

    Attributes:
        row: The photo.
        part: How far down in its cell, from 0 to 1.
        y: Pixel of the viewport.
    """

    row: int
    part: float
    y: int


class PhotoGrid(QListView):
    """Shows a `PhotoModel`.

    A QListView by type alone, of which nothing but the name is left: by it Qt tells screen readers of a list with
    cells. A plain QAbstractItemView is a blank area to them, and an interface of our own would be thousands of
    objects shared with C++.

    Args:
        model: What is shown.
        thumbnails: Where pictures come from; None until the library is open.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.List

    activated_photo = Signal(int)
    """Photo id: double click."""
    selection_changed = Signal()
    menu_requested = Signal(QPoint)
    """Global place of a right click or the menu key; the selection is already what the menu is for."""
    left_out = Signal(int)
    """So many of the photos taken out have no file now: their folder is not connected."""
    cell_size_changed = Signal(int)
    """The size that Ctrl+wheel asked for."""

    def __init__(self, model: PhotoModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photo_model = model
        self._painter = CellPainter(self)
        self._thumbnails: ThumbnailLoader | None = None
        self._wish = 176
        self._is_justified = False
        self._shows_sections = True
        self._sections: Sections | None = None
        self._geometry: Geometry | None = None
        self._hold: Hold | None = None
        self._is_placing = False
        self._lasting: _Point | None = None
        self._hovered = -1
        self._hovered_section = -1
        self._pointer_moved_s = -_POINTER_RESTS_S
        self._pressed_row = -1
        self._pressed_at = QPoint()
        self._band: QRect | None = None
        self._band_start = QPoint()
        self._band_base = QItemSelection()
        self._may_drag = False
        self._range_start = -1
        self._typed = ""
        self._typed_at = 0.0
        self._sought: range = range(0)
        self._seek_timer = QTimer(self, singleShot=True, interval=0)
        self._seek_timer.timeout.connect(self._seek)
        self._seen: tuple[int, int, int] | None = None
        self._want_timer = QTimer(self, singleShot=True)
        self._want_timer.timeout.connect(self._want_visible)
        self._edge_timer = QTimer(self, interval=30)
        self._edge_timer.timeout.connect(self._scroll_at_edge)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: a bar that comes and goes changes the width, and with it the number of columns.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setTabKeyNavigation(False)
        # Letters are commands and names here; an input method would keep them for itself.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(self.tr("Photos"))
        self.setObjectName("photo-grid")
        self.scrubber = DateScrubber(self.verticalScrollBar(), self._place_at, self._year_places, self)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        theme.current().changed.connect(self._on_theme_changed)

    # What is shown

    def photo_model(self) -> PhotoModel:
        """Return the model, by its own type."""
        return self._photo_model

    def set_thumbnails(self, thumbnails: ThumbnailLoader) -> None:
        """Take pictures from there from now on."""
        self._thumbnails = self._painter.thumbnails = thumbnails
        thumbnails.loaded.connect(self._on_thumbnail_loaded)
        self._photo_model.forget_all()
        self.refresh()

    def set_photos(
        self,
        photos: NDArray[np.int64] | Listing,
        hits: Mapping[int, Hit] | None = None,
        *,
        keep_place: bool = True,
    ) -> None:
        """Show these photos, in this order.

        Args:
            photos: A listing, which may have sections, or the ids of an answer, int64 [n].
            hits: By photo id, when they are an answer.
            keep_place: What is under the pointer, or at the top, stays where it is; False: begin at the top.
        """
        ids = photos.ids if isinstance(photos, Listing) else photos
        changes = RowChanges(self._photo_model.ids, ids)
        selected = changes.ranges(self._selected_rows())
        had_selection = self.selectionModel().hasSelection()
        self._sought = range(0)
        current_row = self.currentIndex().row()
        anchor = self._anchor(changes) if keep_place else None
        was_at_top = self._is_at_top() or not keep_place
        self._photo_model.set_photos(photos, hits)
        self._find_sections()
        self._hovered = self._hovered_section = -1
        self._seen = None
        if anchor is None:
            self._arrange(None, None, is_at_top=was_at_top)
        else:
            self._restore_place(*anchor)
        self._restore_selection(selected, current_row, changes)
        if had_selection:
            self.selection_changed.emit()
        self.viewport().update()

    def refresh(self) -> None:
        """Paint again, and ask again for thumbnails."""
        self._seen = None
        self.viewport().update()

    def set_cell_size(self, side_px: int) -> None:
        """Change the size of the cells; what is at the top of the view stays in it."""
        side_px = min(MAX_CELL_PX, max(MIN_CELL_PX, side_px))
        if side_px != self._wish:
            point = self._lasting_point()
            self._wish = side_px
            self._arrange_around(point)

    def cell_size(self) -> int:
        """Return the size that was asked for."""
        return self._wish

    def set_justified(self, is_justified: bool) -> None:
        """Show justified rows, where every photo has its own shape, or squares."""
        if is_justified != self._is_justified:
            point = self._lasting_point()
            self._is_justified = is_justified
            self._arrange_around(point)

    def set_shows_sections(self, shows: bool) -> None:
        """Divide listings by date or folder, under headers, or not."""
        if shows != self._shows_sections:
            point = self._lasting_point()
            self._shows_sections = shows
            self._find_sections()
            self._arrange_around(point)

    def sections(self) -> Sections | None:
        """Return the sections shown; None when there are none."""
        return self._sections

    def set_shows_scores(self, shows: bool) -> None:
        """Show or hide the likeness on every hit."""
        self._painter.shows_scores = shows
        self.viewport().update()

    def geometry_now(self) -> Geometry:
        """Return the geometry in force."""
        width = self.viewport().width()
        if self._geometry is None or self._geometry.width != width:
            starts = self._sections.starts if self._sections is not None else None
            if self._is_justified:
                aspects = self._photo_model.aspects()
                self._geometry = RowGeometry(width, self._wish, aspects, starts, self._hold)
            else:
                count = len(self._photo_model.ids)
                self._geometry = SquareGeometry(width, self._wish, count, starts, self._hold)
        return self._geometry

    def _find_sections(self) -> None:
        listing = self._photo_model.listing
        self._sections = sections_of(listing) if listing is not None and self._shows_sections else None

    def _arrange(self, hold: Hold | None, point: _Point | None, *, is_at_top: bool) -> None:
        """Make the geometry anew.

        Args:
            hold: What is held where it is, or nothing.
            point: What shall be where in the viewport.
            is_at_top: Where there is no such point, begin at the top.
        """
        self._hold = hold
        self._geometry = None
        geometry = self.geometry_now()
        if point is not None:
            rect = geometry.rect(point.row)
            self._scroll_to(rect.top() + round(point.part * rect.height()) - point.y)
        else:
            self._scroll_to(geometry.top if is_at_top else self.verticalOffset())

    def _scroll_to(self, y: int) -> None:
        """Show the content from a pixel on, as far as it goes, and give the scroll bar its range.

        What comes into view becomes known first: the content may then begin and end elsewhere.
        """
        geometry, bar, height = self.geometry_now(), self.verticalScrollBar(), self.viewport().height()
        before = bar.value()
        while True:
            y = max(geometry.top, min(y, geometry.bottom - height))
            geometry.look_at(y, y + height - 1)
            if geometry.top <= y <= max(geometry.top, geometry.bottom - height):
                break
        self._is_placing = True
        bar.setRange(geometry.top, max(geometry.top, geometry.bottom - height))
        bar.setValue(y)
        self._is_placing = False
        if y != before:
            self._on_scrolled()

    def _is_at_top(self) -> bool:
        return self.verticalOffset() <= self.geometry_now().top

    def _aimed_row(self) -> int:
        """Return the row under the pointer; -1 where there is none, or where it only rests while new ones come."""
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        if not self.viewport().underMouse():
            return -1
        return self.geometry_now().row_at(pointer.x(), pointer.y() + self.verticalOffset())

    def _lasting_point(self) -> _Point | None:
        """Return what stays where it is while the layout changes; None at the top, which stays the top.

        The photo under a pointer that moved lately, else the current one, else the first one seen. It stays the
        same one as long as nothing else scrolls: chosen anew at each turn of the wheel, it would be the first of
        its line each time, and the list would creep.
        """
        if self._lasting is None and not self._is_at_top():
            geometry, offset, rows = self.geometry_now(), self.verticalOffset(), self._visible_rows()
            row = self._aimed_row() if time.monotonic() - self._pointer_moved_s < _POINTER_RESTS_S else -1
            if row >= 0:
                y = self.viewport().mapFromGlobal(self.cursor().pos()).y()
            elif (row := self.currentIndex().row()) in rows:
                y = min(self.viewport().height() - 1, max(0, geometry.rect(row).center().y() - offset))
            elif rows:
                row = rows.start
                y = max(0, geometry.rect(row).top() - offset)
            else:
                return None
            self._lasting = _point(geometry, offset, row, y)
        return self._lasting

    def _arrange_around(self, point: _Point | None) -> None:
        self._arrange(None, point, is_at_top=True)
        self._lasting = point
        self._seen = None
        self.viewport().update()

    def place(self) -> tuple[int, int] | None:
        """Return the first photo seen and where its cell begins, for `show_place`; None at the top."""
        rows = range(0) if self._is_at_top() else self._visible_rows()
        if not rows:
            return None
        top = self.geometry_now().rect(rows.start).top() - self.verticalOffset()
        return int(self._photo_model.ids[rows.start]), top

    def show_place(self, place: tuple[int, int] | None) -> None:
        """Scroll to where `place` was told; to the top when its photo is no more."""
        row = self._photo_model.row_of(place[0]) if place is not None else -1
        geometry = self.geometry_now()
        self._scroll_to(geometry.rect(row).top() - place[1] if place is not None and row >= 0 else geometry.top)

    # Selection, by id

    def selected_ids(self) -> NDArray[np.int64]:
        """Return the ids of the selected photos in the order of the grid."""
        ids = self._photo_model.ids
        parts = [ids[first : last + 1] for first, last in self._selected_rows()]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def _selected_rows(self) -> list[tuple[int, int]]:
        """Return first and last row of each run that is selected, ascending."""
        return sorted((part.top(), part.bottom()) for part in self.selectionModel().selection().toList())

    def selected_count(self) -> int:
        """Return how many photos are selected."""
        return sum(last - first + 1 for first, last in self._selected_rows())

    def current_id(self) -> int | None:
        """Return the id of the photo that has the keyboard."""
        row = self.currentIndex().row()
        return int(self._photo_model.ids[row]) if 0 <= row < len(self._photo_model.ids) else None

    def chosen_ids(self, limit: int | None = None) -> list[int]:
        """Return the selected photos, or else the current one."""
        selected = self.selected_ids()
        if len(selected):
            chosen: list[int] = selected[:limit].tolist()
            return chosen
        current = self.current_id()
        return [] if current is None else [current]

    def select_photo(self, photo_id: int) -> None:
        """Make one photo the current and only selected one, and scroll to it."""
        row = self._photo_model.row_of(photo_id)
        if row >= 0:
            self._go_to(row, Qt.KeyboardModifier.NoModifier)

    def step(self, by: int) -> None:
        """Choose the photo so many places after the current one; past the ends nothing changes."""
        row = self.currentIndex().row() + by
        if 0 <= row < len(self._photo_model.ids):
            self._go_to(row, Qt.KeyboardModifier.NoModifier)

    # Carrying selection and place over

    def _anchor(self, changes: RowChanges) -> tuple[Hold, _Point] | None:
        """Return what must not move, by its new rows; None: nothing need stay."""
        geometry, offset, rows = self.geometry_now(), self.verticalOffset(), self._visible_rows()
        rests = time.monotonic() - self._pointer_moved_s > _POINTER_RESTS_S
        under = -1 if rests and self._is_at_top() else self._aimed_row()
        if not rows or (under < 0 and self._is_at_top()):
            return None
        new_rows = changes.rows(np.arange(rows.start, rows.stop))
        stayed = np.flatnonzero(new_rows >= 0)
        if not len(stayed):
            return None
        wished = (under if under >= 0 else rows.start) - rows.start
        nearest = int(stayed[np.abs(stayed - wished).argmin()])
        row, new_row = rows.start + nearest, int(new_rows[nearest])
        hold = geometry.hold(row, offset, offset + self.viewport().height() - 1)
        return hold.moved(new_row, changes), _Point(new_row, 0.0, geometry.rect(row).top() - offset)

    def _restore_place(self, hold: Hold, point: _Point) -> None:
        self._arrange(hold, point, is_at_top=False)
        geometry, offset, height = self.geometry_now(), self.verticalOffset(), self.viewport().height()
        # A gap before the very first photo would look like a mistake; then rather all move up.
        if geometry.height <= height or (self._is_at_top() and geometry.gap_between(offset, offset + height - 1)):
            self._arrange(None, None, is_at_top=True)

    def _restore_selection(
        self, selected: Sequence[tuple[int, int]], current_row: int, changes: RowChanges
    ) -> None:
        count = len(self._photo_model.ids)
        model = self.selectionModel()
        if current_row >= 0 and count:
            row = int(changes.rows(np.array([current_row]))[0])
            # What had the keyboard is gone: the one that took its place has it now.
            row = row if row >= 0 else min(current_row, count - 1)
            model.setCurrentIndex(self._photo_model.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
            self._range_start = row
        if selected:
            model.select(self._ranges(selected), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _ranges(self, runs: Sequence[tuple[int, int]]) -> QItemSelection:
        selection = QItemSelection()
        for first, last in runs:
            selection.select(self._photo_model.index(first), self._photo_model.index(last))
        return selection

    def _on_selection_changed(self) -> None:
        self.viewport().update()
        self.selection_changed.emit()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells and headers that the event's rectangle touches."""
        geometry, offset = self.geometry_now(), self.verticalOffset()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(theme.colours().canvas))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top, bottom = offset + event.rect().top(), offset + event.rect().bottom()
        rows = geometry.rows_between(top, bottom)
        if rows:
            self._photo_model.ensure(rows.start, rows.stop - 1)
        selection = self.selectionModel()
        current = self.currentIndex().row() if self.hasFocus() else -1
        for row, cell in geometry.cells_between(top, bottom):
            photo = self._photo_model.photo(row)
            hit = self._photo_model.hit(photo.photo_id) if photo is not None else None
            look = CellLook(
                selection.isSelected(self._photo_model.index(row)), row == self._hovered, row == current
            )
            self._painter.paint(painter, cell.translated(0, -offset), photo, hit, look)
        for section, place in geometry.headers_between(top, bottom):
            self._paint_header(painter, section, place.translated(0, -offset))
        if self._band is not None:
            self._paint_band(painter, offset)
        painter.end()
        self._ask_for_thumbnails()

    def _paint_header(self, painter: QPainter, section: int, place: QRect) -> None:
        assert self._sections is not None
        count = self.locale().toString(len(self.geometry_now().section_rows(section)))
        detail = self._sections.detail(section)
        note = f"{count} · {detail}" if detail else count
        self._painter.paint_header(
            painter, place, self._sections.title(section), note, is_hovered=section == self._hovered_section
        )

    def _paint_band(self, painter: QPainter, offset: int) -> None:
        colours = theme.colours()
        fill = QColor(colours.accent)
        fill.setAlphaF(0.16)
        painter.setPen(QPen(QColor(colours.accent), 1))
        painter.setBrush(fill)
        assert self._band is not None
        painter.drawRect(self._band.translated(0, -offset).adjusted(0, 0, -1, -1))

    # Thumbnails

    def _ask_for_thumbnails(self) -> None:
        rows = self._visible_rows()
        seen = (rows.start, rows.stop, self._size_px())
        if self._thumbnails is None or seen == self._seen:
            return
        before, self._seen = self._seen, seen
        if before is None:
            self._want_timer.start(0)  # another list: nobody scrolls
        else:
            self._want_timer.start(_WANT_MS if before[2] == seen[2] else _WANT_AFTER_RESIZE_MS)

    def _want_visible(self) -> None:
        rows = self._visible_rows()
        if self._thumbnails is None:
            return
        # A page more than is seen, so that the next turn of the wheel finds its pictures; those seen come first.
        page = len(rows)
        stop = min(len(self._photo_model.ids), rows.stop + page)
        self._photo_model.ensure(rows.start, stop - 1)
        geometry = self.geometry_now()
        wanted, boxes = [], []
        for row in range(rows.start, stop):
            photo = self._photo_model.photo(row)
            if photo is not None:
                wanted.append(photo.content_id)
                boxes.append(self._painter.box_px(geometry.rect(row), photo))
        self._thumbnails.want(self, wanted, boxes)

    def _size_px(self) -> int:
        """Return what the size of every thumbnail depends on, besides its row, in device pixels."""
        geometry = self.geometry_now()
        size = geometry.cell if isinstance(geometry, SquareGeometry) else geometry.width + self._wish
        return round(size * self.devicePixelRatioF())

    def _visible_rows(self) -> range:
        offset = self.verticalOffset()
        return self.geometry_now().rows_between(offset, offset + self.viewport().height() - 1)

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        geometry, offset = self.geometry_now(), self.verticalOffset()
        for row in self._visible_rows():
            photo = self._photo_model.photo(row)
            if photo is not None and photo.content_id == content_id:
                self.viewport().update(geometry.rect(row).translated(0, -offset))

    def _on_theme_changed(self) -> None:
        self._painter.forget()
        self.viewport().update()

    # What is where, for the scrubber

    def _place_at(self, value: int) -> str:
        listing = self._photo_model.listing
        row = self._row_from(value)
        return place_title(listing, row) if listing is not None and row >= 0 else ""

    def _row_from(self, y: int) -> int:
        """Return the first row that is not above a pixel of the content."""
        geometry = self.geometry_now()
        line = min(geometry.lines - 1, geometry.line_from(y))
        return geometry.line_rows(line).start if line >= 0 else -1

    def _year_places(self) -> list[tuple[str, int]]:
        listing, geometry = self._photo_model.listing, self.geometry_now()
        years = year_rows(listing) if listing is not None else []
        return [(str(year), geometry.top_near(row)) for year, row in years]

    # Geometry for Qt

    def doItemsLayout(self) -> None:
        """Lay nothing out: places are computed."""
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        """Give the scroll bar its range."""
        if self._is_placing:
            return
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(24, self._wish // 3))
        self._scroll_to(self.verticalOffset())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is at the top of the view there when the lines change."""
        old, offset = self._geometry, self.verticalOffset()
        self._is_placing = True  # Qt asks for the range at once, of lines that are made anew below
        QAbstractItemView.resizeEvent(self, event)
        self._is_placing = False
        if old is not None and old.width != self.viewport().width():
            if self._lasting is None and offset > old.top:
                rows = old.rows_between(offset + GAP, offset + GAP + self._wish)
                self._lasting = _point(old, offset, rows.start, 0) if rows else None
            self._arrange_around(self._lasting)
        self.updateGeometries()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Paint the new place."""
        if not self._is_placing:
            self._scroll_to(self.verticalOffset())
            self._on_scrolled()

    def _on_scrolled(self) -> None:
        """Give up what was held where the gap that it takes comes into view."""
        self._lasting = None
        geometry, offset, height = self.geometry_now(), self.verticalOffset(), self.viewport().height()
        if self._hold is not None and geometry.gap_between(offset, offset + height - 1):
            row = -1 if self._is_at_top() else self._visible_rows().start
            point = _point(geometry, offset, row, geometry.rect(row).top() - offset) if row >= 0 else None
            self._arrange(None, point, is_at_top=True)
            self._seen = None
        self._hover(-1, -1)
        self.viewport().update()

    def verticalOffset(self) -> int:
        """Return the first visible pixel of the content."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        """Nothing is ever beside the view."""
        return 0

    def visualRect(self, index: _Index) -> QRect:
        """Return the cell of an index in the viewport."""
        if not index.isValid():
            return QRect()
        return self.geometry_now().rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the index at a place of the viewport."""
        row = self.geometry_now().row_at(point.x(), point.y() + self.verticalOffset())
        return self._photo_model.index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scroll as little as brings the cell into view."""
        if not index.isValid():
            return
        rect, bar = self.geometry_now().rect(index.row()), self.verticalScrollBar()
        height = self.viewport().height()
        # The first line of a section is shown with its header.
        geometry = self.geometry_now()
        section = geometry.section_of(index.row())
        is_first = geometry.has_headers and rect.top() == geometry.header(section).bottom() + 1
        top = geometry.header(section).top() - MARGIN // 2 if is_first else rect.top() - MARGIN
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            self._scroll_to(rect.center().y() - height // 2)
        elif top < bar.value():
            self._scroll_to(top)
        elif rect.bottom() + MARGIN > bar.value() + height:
            self._scroll_to(rect.bottom() + MARGIN - height)

    def isIndexHidden(self, index: _Index) -> bool:  # noqa: ARG002
        """No photo is hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select what a rectangle of the viewport touches."""
        content = rect.normalized().translated(0, self.verticalOffset())
        self.selectionModel().select(self._ranges(self.geometry_now().runs_in(content)), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: ARG002
        """Return the viewport: it is repainted whole, which costs less than a region of many cells."""
        return QRegion(self.viewport().rect())

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,  # noqa: ARG002
    ) -> QModelIndex:
        """Return where a movement of the keyboard leads."""
        row = self._moved(action)
        return self._photo_model.index(row) if row >= 0 else QModelIndex()

    def _moved(self, action: QAbstractItemView.CursorAction) -> int:
        count = len(self._photo_model.ids)
        if not count:
            return -1
        geometry = self.geometry_now()
        row = self.currentIndex().row()
        if row < 0:
            visible = self._visible_rows()
            return visible.start if visible else 0
        actions, page = QAbstractItemView.CursorAction, self.viewport().height() - MARGIN
        match action:
            case actions.MoveUp:
                return geometry.lines_away(row, -1)
            case actions.MoveDown:
                return geometry.lines_away(row, 1)
            case actions.MovePageUp:
                return geometry.pixels_away(row, -page)
            case actions.MovePageDown:
                return geometry.pixels_away(row, page)
            case actions.MoveHome:
                return 0
            case actions.MoveEnd:
                return count - 1
        return min(count - 1, max(0, row + (1 if action in (actions.MoveRight, actions.MoveNext) else -1)))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select, or begin a rubber band or a drag."""
        point = event.position().toPoint()
        row = self.indexAt(point).row()
        self._pressed_row, self._pressed_at, self._may_drag = row, point, False
        modifiers = event.modifiers()
        is_chosen = row >= 0 and self.selectionModel().isSelected(self._photo_model.index(row))
        if event.button() == Qt.MouseButton.RightButton:
            if row >= 0 and not is_chosen:
                self._go_to(row, Qt.KeyboardModifier.NoModifier, scrolls=False)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        section = self.section_at(point)
        if section >= 0:
            self._select_section(section, modifiers)
            self._pressed_row = section  # no rubber band begins here
            return
        if row >= 0:
            self._may_drag = True
            if is_chosen and not modifiers:
                # Selecting this one alone waits for the release: it may be the start of a drag of them all.
                self._set_current(row)
            else:
                self._go_to(row, modifiers, scrolls=False)
        else:
            keeps = bool(modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
            self._band_base = QItemSelection(self.selectionModel().selection()) if keeps else QItemSelection()
            if not keeps:
                self.clearSelection()
            self._band_start = point + QPoint(0, self.verticalOffset())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag out, draw the rubber band, or show what is under the pointer."""
        point = event.position().toPoint()
        self._pointer_moved_s = time.monotonic()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._lasting = None
            self._hover(self.indexAt(point).row(), self.section_at(point))
            return
        far = (point - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if self._may_drag:
            if far:
                self._may_drag = False
                self._pressed_row = -1
                self.startDrag(Qt.DropAction.CopyAction)
        elif self._pressed_row < 0 and (far or self._band is not None):
            self._stretch_band(point)
            self._edge_timer.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish what the press began."""
        if event.button() == Qt.MouseButton.LeftButton:
            row = self.indexAt(event.position().toPoint()).row()
            if self._may_drag and row == self._pressed_row and not event.modifiers() and row >= 0:
                self._go_to(row, Qt.KeyboardModifier.NoModifier, scrolls=False)
            self._end_band()
        self._may_drag = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the photo."""
        row = self.indexAt(event.position().toPoint()).row()
        self._may_drag = False
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.activated_photo.emit(int(self._photo_model.ids[row]))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._hover(-1, -1)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or with Ctrl change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turn = event.angleDelta().y()
            if turn:
                self._pointer_moved_s = time.monotonic()
                factor = 1.12 ** (turn / 120)
                self.cell_size_changed.emit(min(MAX_CELL_PX, max(MIN_CELL_PX, round(self._wish * factor))))
            event.accept()
            return
        super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, at the pointer or at the current photo."""
        if not self.chosen_ids(1):
            return
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_requested.emit(place)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: ARG002, N803
        """Hand the selected originals out as copies; nothing outside may move them."""
        data = self.mime_data(self.chosen_ids(DRAG_LIMIT))
        if not data.hasUrls():
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.drag_pixmap(len(data.urls())))
        drag.setHotSpot(HOT_SPOT)
        drag.exec(Qt.DropAction.CopyAction)

    def drag_pixmap(self, count: int) -> QPixmap:
        """Return what hangs on the pointer while `count` photos are dragged: the current one on top."""
        current = self.current_id()
        chosen = [current] if current is not None else []
        chosen += [photo_id for photo_id in self.chosen_ids(MOST_SHOWN) if photo_id != current]
        shown = [photo for photo in self._photo_model.photos(chosen[: min(count, MOST_SHOWN)]) if photo.is_online]
        loader = self._thumbnails
        pictures = [loader.pixmap(photo.content_id) if loader is not None else None for photo in shown]
        return drag_preview(pictures, count, self.devicePixelRatioF())

    def mime_data(self, photo_ids: Sequence[int]) -> QMimeData:
        """Return the files of photos as URLs and as text, for the clipboard and for drags.

        Files that are not connected are left out, and `left_out` tells how many.
        """
        chosen = self._photo_model.photos(photo_ids)
        photos = [photo for photo in chosen if photo.is_online]
        if len(photos) < len(chosen):
            self.left_out.emit(len(chosen) - len(photos))
        data = QMimeData()
        if photos:
            data.setUrls([file_url(photo.path) for photo in photos])
            data.setText("\n".join(wording.display_text(photo.path) for photo in photos))
        return data

    def section_at(self, point: QPoint) -> int:
        """Return the section whose title is at a place of the viewport, -1 elsewhere."""
        y = point.y() + self.verticalOffset()
        for section, place in self.geometry_now().headers_between(y, y):
            assert self._sections is not None
            if point.x() - place.left() < self._painter.title_width(place, self._sections.title(section)):
                return section
        return -1

    def _select_section(self, section: int, modifiers: Qt.KeyboardModifier) -> None:
        """Select the photos of a section; with Ctrl or Shift besides the others, and a second time not any more."""
        rows = self.geometry_now().section_rows(section)
        chosen = self._ranges([(rows.start, rows.stop - 1)])
        flags, model = QItemSelectionModel.SelectionFlag, self.selectionModel()
        if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier):
            runs = [(part.top(), part.bottom()) for part in model.selection().toList()]
            covered = sum(max(0, min(last + 1, rows.stop) - max(first, rows.start)) for first, last in runs)
            model.select(chosen, flags.Deselect if covered == len(rows) else flags.Select)
        else:
            model.select(chosen, flags.ClearAndSelect)
        self._range_start = rows.start
        self._set_current(rows.start)

    def _hover(self, row: int, section: int) -> None:
        if (row, section) == (self._hovered, self._hovered_section):
            return
        geometry, offset = self.geometry_now(), self.verticalOffset()
        for changed in (row, self._hovered):
            if 0 <= changed < geometry.count:
                self.viewport().update(geometry.rect(changed).translated(0, -offset))
        for changed in (section, self._hovered_section):
            if 0 <= changed < geometry.sections and geometry.has_headers:
                self.viewport().update(geometry.header(changed).translated(0, -offset))
        self._hovered, self._hovered_section = row, section
        if section >= 0:
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.viewport().unsetCursor()

    def _stretch_band(self, point: QPoint) -> None:
        end = point + QPoint(0, self.verticalOffset())
        self._band = QRect(self._band_start, end).normalized()
        selection = QItemSelection(self._band_base)
        touched = self._ranges(self.geometry_now().runs_in(self._band))
        selection.merge(touched, QItemSelectionModel.SelectionFlag.Select)
        # In two steps: Qt compares each run of before with each of now, and 4,000 of both take 360 ms of CPU time.
        model = self.selectionModel()
        model.blockSignals(True)
        model.clearSelection()
        model.blockSignals(False)
        model.select(selection, QItemSelectionModel.SelectionFlag.Select)
        if selection.isEmpty():
            self._on_selection_changed()
        self.viewport().update()

    def _scroll_at_edge(self) -> None:
        if self._band is None:
            self._edge_timer.stop()
            return
        point = self.viewport().mapFromGlobal(self.cursor().pos())
        beyond = min(0, point.y()) + max(0, point.y() - self.viewport().height())
        if beyond:
            self.verticalScrollBar().setValue(self.verticalOffset() + max(-80, min(80, beyond)))
            self._stretch_band(point)

    def _end_band(self) -> None:
        self._edge_timer.stop()
        if self._band is not None:
            self._band = None
            self.viewport().update()

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """While a name is being typed, its letters are not shortcuts."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_typing()
            and _is_text(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select, or find by name."""
        actions = QAbstractItemView.CursorAction
        if self._band is not None:
            return  # its other end is under the pointer, wherever a key would lead
        movement = {
            Qt.Key.Key_Left: actions.MoveLeft,
            Qt.Key.Key_Right: actions.MoveRight,
            Qt.Key.Key_Up: actions.MoveUp,
            Qt.Key.Key_Down: actions.MoveDown,
            Qt.Key.Key_Home: actions.MoveHome,
            Qt.Key.Key_End: actions.MoveEnd,
            Qt.Key.Key_PageUp: actions.MovePageUp,
            Qt.Key.Key_PageDown: actions.MovePageDown,
        }.get(Qt.Key(event.key()))
        if movement is not None:
            row = self._moved(movement)
            if row >= 0:
                self._go_to(row, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        elif event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Toggle)
        elif _is_text(event):
            self._type_ahead(event.text())
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if not self.currentIndex().isValid() and len(self._photo_model.ids):
            rows = self._visible_rows()
            self._set_current(rows.start if rows else 0)
        elif event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.scrollTo(self.currentIndex())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop showing it."""
        super().focusOutEvent(event)
        self.viewport().update()

    def selectAll(self) -> None:
        """Select every photo, as one range."""
        count = len(self._photo_model.ids)
        if count:
            self.selectionModel().select(
                self._ranges([(0, count - 1)]), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def _go_to(self, row: int, modifiers: Qt.KeyboardModifier, *, scrolls: bool = True) -> None:
        """Make `row` current and select as Ctrl and Shift say."""
        flags = QItemSelectionModel.SelectionFlag
        with_control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        index = self._photo_model.index(row)
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            start = self._range_start if 0 <= self._range_start < len(self._photo_model.ids) else row
            selection = self._ranges([(min(start, row), max(start, row))])
            self.selectionModel().select(selection, flags.Select if with_control else flags.ClearAndSelect)
        elif with_control:
            # By mouse it toggles; by keyboard it only moves, and Ctrl+Space toggles.
            if not scrolls:
                self.selectionModel().select(index, flags.Toggle)
            self._range_start = row
        else:
            self.selectionModel().select(index, flags.ClearAndSelect)
            self._range_start = row
        self._set_current(row)
        if scrolls:
            self.scrollTo(index)

    def _set_current(self, row: int) -> None:
        if self._range_start < 0:
            self._range_start = row
        self.selectionModel().setCurrentIndex(
            self._photo_model.index(row), QItemSelectionModel.SelectionFlag.NoUpdate
        )
        self.viewport().update()

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: ARG002
        """Do not scroll by itself: a click must not move what is under the pointer. Screen readers are told."""
        self._lasting = None
        self._sought = range(0)
        spoken = current.data(Qt.ItemDataRole.AccessibleTextRole) if current.isValid() else None
        accessibility.announce(
            self,
            self.tr("{photo}, {n} of {total}").format(
                photo=spoken,
                n=self.locale().toString(current.row() + 1),
                total=self.locale().toString(len(self._photo_model.ids)),
            )
            if spoken
            else "",
        )

    def _is_typing(self) -> bool:
        return bool(self._typed) and time.monotonic() - self._typed_at < _TYPE_AHEAD_S

    def _type_ahead(self, text: str) -> None:
        """Go to the next photo, among the following few thousand, whose name begins with what was typed."""
        self._typed = (self._typed if self._is_typing() else "") + text.casefold()
        self._typed_at = time.monotonic()
        start = max(0, self.currentIndex().row())
        first = start if len(self._typed) > 1 else start + 1
        self._sought = range(first, first + min(len(self._photo_model.ids), _TYPE_AHEAD_ROWS))
        self._seek()

    def _seek(self) -> None:
        """Look for the name among the next rows, and among those after them in another turn."""
        count = len(self._photo_model.ids)
        sought, self._sought = self._sought[:_TYPE_AHEAD_TURN_ROWS], self._sought[_TYPE_AHEAD_TURN_ROWS:]
        for row in (each % count for each in sought):
            photo = self._photo_model.photo(row)
            if photo is not None and wording.display_name(photo.path).casefold().startswith(self._typed):
                self._sought = range(0)
                self._go_to(row, Qt.KeyboardModifier.NoModifier)
                return
        if self._sought:
            self._seek_timer.start()


def _point(geometry: Geometry, offset: int, row: int, y: int) -> _Point:
    """Return the point of a photo that is at `y` of a viewport which shows the content from `offset` on."""
    rect = geometry.rect(row)
    return _Point(row, (y + offset - rect.top()) / rect.height(), y)


def _is_text(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return bool(event.text()) and event.text().isprintable() and not held
