"""The grid of photos: an item view of our own, whatever the number of photos.

Owned by the main window, on its thread. QListView in icon mode lays every item out (a million took 2.5 s to the
first paint, and 16 rows inserted into 100,000 took 326 ms); here `grid_geometry` computes the rows of a rectangle
and the rectangle of a row, and `grid_painter` paints the cells that are seen. CPU time at a million photos
(tests/benchmarks/grid.py): first paint 3 ms in squares, 10 in squares with 59,000 days, 25 in justified rows, 33 in
both; a page scrolled 2 to 3 ms in all of them; 16 photos more 4 to 43 ms, nearly all of it the layout.

Photos come in while people look. What is under the pointer stays there: the geometry is told what to hold.
Selection, current photo and place are carried over by photo id.
"""

import time
from collections.abc import Iterator, Mapping, Sequence

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
from photofind.gui.grid_geometry import (
    GAP,
    MARGIN,
    MAX_CELL_PX,
    MIN_CELL_PX,
    Geometry,
    Hold,
    RowGeometry,
    SquareGeometry,
)
from photofind.gui.grid_painter import CellLook, CellPainter
from photofind.gui.photo_model import PhotoModel, file_url
from photofind.gui.photo_sections import Sections, place_title, sections_of, year_rows
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Hit, Listing

DRAG_LIMIT = 2_000
"""Files in one drag; a program that is handed more mostly hangs."""

_POINTER_RESTS_S = 3.0
"""A pointer that has not moved for so long aims at nothing: at the top, new photos then come in above."""

_TYPE_AHEAD_S = 1.0
_TYPE_AHEAD_ROWS = 2_000
_WANT_MS = 15
_WANT_AFTER_RESIZE_MS = 120

_Index = QModelIndex | QPersistentModelIndex


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
        selected, current = self.selected_ids(), self.current_id()
        old_current_row = self.currentIndex().row()
        anchor = self._anchor(photos.ids if isinstance(photos, Listing) else photos) if keep_place else None
        self._photo_model.set_photos(photos, hits)
        self._find_sections()
        self._hovered = self._hovered_section = -1
        self._seen = None
        if anchor is None:
            self._arrange(None)
            if not keep_place:
                self.verticalScrollBar().setValue(0)
        else:
            self._restore_place(*anchor)
        self._restore_selection(selected, current, old_current_row)
        self.viewport().update()

    def refresh(self) -> None:
        """Paint again, and ask again for thumbnails."""
        self._seen = None
        self.viewport().update()

    def set_cell_size(self, side_px: int) -> None:
        """Change the size of the cells; what is at the top of the view stays in it."""
        side_px = min(MAX_CELL_PX, max(MIN_CELL_PX, side_px))
        if side_px != self._wish:
            row = self._lasting_row()
            self._wish = side_px
            self._arrange_around(row)

    def cell_size(self) -> int:
        """Return the size that was asked for."""
        return self._wish

    def set_justified(self, is_justified: bool) -> None:
        """Show justified rows, where every photo has its own shape, or squares."""
        if is_justified != self._is_justified:
            row = self._lasting_row()
            self._is_justified = is_justified
            self._arrange_around(row)

    def set_shows_sections(self, shows: bool) -> None:
        """Divide listings by date or folder, under headers, or not."""
        if shows != self._shows_sections:
            row = self._lasting_row()
            self._shows_sections = shows
            self._find_sections()
            self._arrange_around(row)

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

    def _arrange(self, hold: Hold | None) -> None:
        """Make the geometry anew, something held where it is or nothing."""
        self._hold = hold
        self._geometry = None
        self.updateGeometries()

    def _lasting_row(self) -> int:
        """Return the row to keep in view while the layout changes, -1 at the top."""
        if self.verticalScrollBar().value() == 0:
            return -1
        rows = self._visible_rows()
        current = self.currentIndex().row()
        return current if current in rows else (rows.start if rows else -1)

    def _arrange_around(self, row: int) -> None:
        self._arrange(None)
        if row >= 0:
            self.verticalScrollBar().setValue(self.geometry_now().rect(row).top() - MARGIN)
        self._seen = None
        self.viewport().update()

    # Selection, by id

    def selected_ids(self) -> NDArray[np.int64]:
        """Return the ids of the selected photos in the order of the grid."""
        ids = self._photo_model.ids
        ranges = sorted((r.top(), r.bottom()) for r in self.selectionModel().selection().toList())
        parts = [ids[top : bottom + 1] for top, bottom in ranges]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def selected_count(self) -> int:
        """Return how many photos are selected."""
        return sum(r.bottom() - r.top() + 1 for r in self.selectionModel().selection().toList())

    def current_id(self) -> int | None:
        """Return the id of the photo that has the keyboard."""
        row = self.currentIndex().row()
        return int(self._photo_model.ids[row]) if 0 <= row < len(self._photo_model.ids) else None

    def chosen_ids(self, limit: int | None = None) -> list[int]:
        """Return the selected photos, or else the current one."""
        selected = self.selected_ids()
        if len(selected):
            return [int(n) for n in selected[:limit]]
        current = self.current_id()
        return [] if current is None else [current]

    def select_photo(self, photo_id: int) -> None:
        """Make one photo the current and only selected one, and scroll to it."""
        row = self._photo_model.row_of(photo_id)
        if row >= 0:
            self._go_to(row, Qt.KeyboardModifier.NoModifier)

    # Carrying selection and place over

    def _anchor(self, new_ids: NDArray[np.int64]) -> tuple[Hold, int] | None:
        """Return what must not move, by its new rows, and its top in the viewport; None: nothing need stay."""
        geometry, offset = self.geometry_now(), self.verticalOffset()
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        under = -1
        rests = time.monotonic() - self._pointer_moved_s > _POINTER_RESTS_S
        if self.viewport().underMouse() and not (rests and offset == 0):
            under = geometry.row_at(pointer.x(), pointer.y() + offset)
        if under < 0 and offset == 0:
            return None
        rows = self._visible_rows()
        if not rows or not len(new_ids):
            return None
        visible = self._photo_model.ids[rows.start : rows.stop]
        survivors = np.flatnonzero(np.isin(new_ids, visible))
        if not len(survivors):
            return None
        place = {int(new_ids[row]): int(row) for row in survivors}
        wished = under if under >= 0 else rows.start
        for row in sorted(rows, key=lambda row: abs(row - wished)):
            new_row = place.get(int(self._photo_model.ids[row]))
            if new_row is not None:
                hold = geometry.hold(row)
                mates = [place.get(int(each)) for each in self._photo_model.ids[hold.start : hold.stop]]
                found = [mate for mate in mates if mate is not None]
                # A line that lost a photo, or got one, is another line; it still begins where it did.
                held = Hold(new_row, hold.column, min(found), max(found) + 1)
                return held, geometry.rect(row).top() - offset
        return None

    def _restore_place(self, hold: Hold, top: int) -> None:
        self._arrange(hold)
        if self.geometry_now().height <= self.viewport().height():
            self._arrange(None)
        self.verticalScrollBar().setValue(self.geometry_now().rect(hold.row).top() - top)
        if self.verticalScrollBar().value() == 0:
            # A gap before the very first photo would look like a mistake; then rather all move up.
            self._arrange(None)

    def _restore_selection(self, selected: NDArray[np.int64], current: int | None, old_row: int) -> None:
        ids = self._photo_model.ids
        model = self.selectionModel()
        if current is not None and len(ids):
            row = self._photo_model.row_of(current)
            # What had the keyboard is gone: the one that took its place has it now.
            row = row if row >= 0 else min(old_row, len(ids) - 1)
            model.setCurrentIndex(self._photo_model.index(row), QItemSelectionModel.SelectionFlag.NoUpdate)
            self._range_start = row
        if len(selected) and len(ids):
            rows = np.flatnonzero(np.isin(ids, selected))
            model.select(self._ranges(_runs(rows)), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(selected):
            self.selection_changed.emit()

    def _ranges(self, runs: Sequence[tuple[int, int]] | Iterator[tuple[int, int]]) -> QItemSelection:
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
        return [(str(year), geometry.rect(row).top()) for year, row in years]

    # Geometry for Qt

    def doItemsLayout(self) -> None:
        """Lay nothing out: places are computed."""
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        """Give the scroll bar its range."""
        geometry, height = self.geometry_now(), self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, geometry.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(24, self._wish // 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is at the top of the view there when the lines change."""
        old, offset = self._geometry, self.verticalOffset()
        rows = old.rows_between(offset + GAP, offset + GAP + self._wish) if old is not None and offset else range(0)
        is_as_wide = old is not None and old.width == self.viewport().width()
        if not is_as_wide:
            self._arrange(None)
        QAbstractItemView.resizeEvent(self, event)
        self.updateGeometries()
        if old is not None and rows and not is_as_wide:
            before, after = old.rect(rows.start), self.geometry_now().rect(rows.start)
            within = (offset - before.top()) * after.height() / before.height()
            self.verticalScrollBar().setValue(after.top() + round(within))

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Paint the new place; what was held is given up where the gap that it takes comes into view."""
        geometry = self.geometry_now()
        if self._hold is not None:
            gap_top = geometry.led_top if isinstance(geometry, SquareGeometry) else -1
            is_top = self.verticalOffset() == 0
            if is_top or (0 <= gap_top - self.verticalOffset() < self.viewport().height()):
                self._give_up_hold(-1 if is_top else self._visible_rows().start)
        self._hover(-1, -1)
        self.viewport().update()

    def _give_up_hold(self, row: int) -> None:
        """Close the gap; the line of `row`, if it is one, stays where it is."""
        top = self.geometry_now().rect(row).top() if row >= 0 else 0
        self._arrange(None)
        self._seen = None
        if row >= 0:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.geometry_now().rect(row).top() - top)

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
        top = geometry.header(section).top() if is_first else rect.top() - MARGIN
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(rect.center().y() - height // 2)
        elif top < bar.value():
            bar.setValue(top)
        elif rect.bottom() + MARGIN > bar.value() + height:
            bar.setValue(rect.bottom() + MARGIN - height)

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
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_requested.emit(place)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: ARG002, N803
        """Hand the selected originals out as copies; nothing outside may move them."""
        data = self.mime_data()
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

    def mime_data(self) -> QMimeData:
        """Return the selected files as URLs and as text, for the clipboard and for drags.

        Files that are not connected are left out, and `left_out` tells how many.
        """
        chosen = self._photo_model.photos(self.chosen_ids(DRAG_LIMIT))
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
        selection.merge(
            self._ranges(self.geometry_now().runs_in(self._band)), QItemSelectionModel.SelectionFlag.Select
        )
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
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
        count = len(self._photo_model.ids)
        start = max(0, self.currentIndex().row())
        first = start if len(self._typed) > 1 else start + 1
        for step in range(min(count, _TYPE_AHEAD_ROWS)):
            row = (first + step) % count
            photo = self._photo_model.photo(row)
            if photo is not None and wording.display_name(photo.path).casefold().startswith(self._typed):
                self._go_to(row, Qt.KeyboardModifier.NoModifier)
                return


def _runs(rows: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return first and last of each run of consecutive numbers in a sorted array."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) != 1)
    firsts = rows[np.concatenate(([0], breaks + 1))]
    lasts = rows[np.concatenate((breaks, [len(rows) - 1]))]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _is_text(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return bool(event.text()) and event.text().isprintable() and not held
