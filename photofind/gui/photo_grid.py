"""The grid of photos: an item view of our own whose geometry is two divisions, whatever the number of photos.

Owned by the main window, on its thread. QListView in icon mode lays every item out (a million took 2.5 s to the
first paint, and 16 rows inserted into 100,000 took 326 ms); here nothing is laid out, the rows of a rectangle and
the rectangle of a row are computed: a million photos paint in 4 ms at first, a page scrolled in 3 ms (CPU time).

Photos come in while people look. So that what is under the pointer stays there, the first line may begin with empty
cells (`lead`): cell = row + lead, line and column = divmod(cell, columns). Selection, current photo and place are
carried over by photo id.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
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
    QPointF,
    QRect,
    QRectF,
    QSize,
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
    QFontMetrics,
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
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QWidget

from photofind.gui import accessibility, icons, theme, wording
from photofind.gui.drag_preview import HOT_SPOT, MOST_SHOWN, drag_preview
from photofind.gui.photo_model import PhotoModel, file_url
from photofind.gui.thumbnail_loader import ThumbnailLoader, fitted
from photofind.records import Hit, MatchKind, Photo

MIN_CELL_PX = 64
MAX_CELL_PX = 512
MARGIN = 12
GAP = 6
PADDING = 5
"""Between the edge of a cell, where selection shows, and the photo."""
DRAG_LIMIT = 2_000
"""Files in one drag; a program that is handed more mostly hangs."""

_POINTER_RESTS_S = 3.0
"""A pointer that has not moved for so long aims at nothing: at the top, new photos then come in above."""

_TYPE_AHEAD_S = 1.0
_TYPE_AHEAD_ROWS = 2_000
_WANT_MS = 15
_WANT_AFTER_RESIZE_MS = 120

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """Where every photo is, in pixels of the whole content.

    Args:
        width: Of the viewport.
        wish: Side that the user asked for; the real one fills the width.
        count: Photos.
        lead: Empty cells before the first photo, less than a line.
    """

    width: int
    wish: int
    count: int
    lead: int = 0

    @property
    def columns(self) -> int:
        """Photos in a line: as many as bring the cell nearest to the wish."""
        return max(1, round((self.width - 2 * MARGIN + GAP) / (self.wish + GAP)))

    @property
    def cell(self) -> int:
        """Side of a cell."""
        return max(16, (self.width - 2 * MARGIN - GAP * (self.columns - 1)) // self.columns)

    @property
    def step(self) -> int:
        """Distance from one cell to the next."""
        return self.cell + GAP

    @property
    def lines(self) -> int:
        """Lines, a last unfinished one included."""
        return -(-(self.count + self.lead) // self.columns) if self.count else 0

    @property
    def height(self) -> int:
        """Height of the whole content."""
        return 2 * MARGIN + self.lines * self.step - GAP if self.count else 0

    def rect(self, row: int) -> QRect:
        """Return the cell of a row."""
        line, column = divmod(row + self.lead, self.columns)
        return QRect(MARGIN + column * self.step, MARGIN + line * self.step, self.cell, self.cell)

    def column(self, row: int) -> int:
        """Return the column of a row."""
        return (row + self.lead) % self.columns

    def row_at(self, x: int, y: int) -> int:
        """Return the row at a place, -1 between and beyond cells."""
        column, dx = divmod(x - MARGIN, self.step)
        line, dy = divmod(y - MARGIN, self.step)
        row = line * self.columns + column - self.lead
        inside = 0 <= column < self.columns and dx < self.cell and dy < self.cell and line >= 0
        return row if inside and 0 <= row < self.count else -1

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the rows whose lines touch the pixels `top` to `bottom`, inclusive."""
        first = max(0, (top - MARGIN + GAP) // self.step) * self.columns - self.lead
        last = ((bottom - MARGIN) // self.step + 1) * self.columns - self.lead
        return range(max(0, first), max(0, min(self.count, last)))

    def runs_in(self, rect: QRect) -> Iterator[tuple[int, int]]:
        """Yield first and last row of each line's part inside a rectangle."""
        left = max(0, (rect.left() - MARGIN + GAP) // self.step)
        right = min(self.columns - 1, (rect.right() - MARGIN) // self.step)
        top = max(0, (rect.top() - MARGIN + GAP) // self.step)
        bottom = min(self.lines - 1, (rect.bottom() - MARGIN) // self.step)
        if left > right:
            return
        for line in range(top, bottom + 1):
            first = max(0, line * self.columns + left - self.lead)
            last = min(self.count - 1, line * self.columns + right - self.lead)
            if first <= last:
                yield first, last


class PhotoGrid(QAbstractItemView):
    """Shows a `PhotoModel`.

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
        self._thumbnails: ThumbnailLoader | None = None
        self._wish = 176
        self._lead = 0
        self._shows_scores = True
        self._hovered = -1
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
        self._badges: dict[tuple[str, str, float], QPixmap] = {}
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
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        theme.current().changed.connect(self._on_theme_changed)

    # What is shown

    def photo_model(self) -> PhotoModel:
        """Return the model, by its own type."""
        return self._photo_model

    def set_thumbnails(self, thumbnails: ThumbnailLoader) -> None:
        """Take pictures from there from now on."""
        self._thumbnails = thumbnails
        thumbnails.loaded.connect(self._on_thumbnail_loaded)
        self._photo_model.forget_all()
        self.refresh()

    def set_photos(
        self, ids: NDArray[np.int64], hits: Mapping[int, Hit] | None = None, *, keep_place: bool = True
    ) -> None:
        """Show these photos, in this order.

        Args:
            ids: int64 [n].
            hits: By photo id, when they are an answer.
            keep_place: What is under the pointer, or at the top, stays where it is; False: begin at the top.
        """
        selected, current = self.selected_ids(), self.current_id()
        old_current_row = self.currentIndex().row()
        anchor = self._anchor(ids) if keep_place else None
        self._photo_model.set_ids(ids, hits)
        self._hovered = -1
        self._seen = None
        if anchor is None:
            self._lead = 0
            self.updateGeometries()
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
        if side_px == self._wish:
            return
        rows = self._visible_rows()
        current = self.currentIndex().row()
        anchor = current if current in rows else (rows.start if rows else -1)
        at_top = self.verticalScrollBar().value() == 0
        self._wish = side_px
        self._lead = 0
        self.updateGeometries()
        if anchor >= 0 and not at_top:
            self.verticalScrollBar().setValue(self.geometry_now().rect(anchor).top() - MARGIN)
        self.viewport().update()

    def cell_size(self) -> int:
        """Return the size that was asked for."""
        return self._wish

    def set_shows_scores(self, shows: bool) -> None:
        """Show or hide the likeness on every hit."""
        self._shows_scores = shows
        self.viewport().update()

    def geometry_now(self) -> GridGeometry:
        """Return the geometry in force."""
        return GridGeometry(self.viewport().width(), self._wish, len(self._photo_model.ids), self._lead)

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

    def _anchor(self, new_ids: NDArray[np.int64]) -> tuple[int, int, int] | None:
        """Return (new row, its top in the viewport, its column) of what must not move; None: nothing need stay."""
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
                return new_row, geometry.rect(row).top() - offset, geometry.column(row)
        return None

    def _restore_place(self, row: int, top: int, column: int) -> None:
        self._lead = (column - row) % self.geometry_now().columns
        if self.geometry_now().height <= self.viewport().height():
            self._lead = 0
        self.updateGeometries()
        self.verticalScrollBar().setValue(self.geometry_now().rect(row).top() - top)
        if self.verticalScrollBar().value() == 0:
            # A gap before the very first photo would look like a mistake; then rather all move up.
            self._lead = 0
            self.updateGeometries()

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
        """Paint the cells that the event's rectangle touches."""
        geometry, offset = self.geometry_now(), self.verticalOffset()
        colours = theme.colours()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(colours.canvas))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        rows = geometry.rows_between(offset + event.rect().top(), offset + event.rect().bottom())
        if rows:
            self._photo_model.ensure(rows.start, rows.stop - 1)
            self._paint_cells(painter, geometry, rows, offset)
        if self._band is not None:
            self._paint_band(painter, offset)
        painter.end()
        self._ask_for_thumbnails()

    def _paint_cells(self, painter: QPainter, geometry: GridGeometry, rows: range, offset: int) -> None:
        colours = theme.colours()
        selection = self.selectionModel()
        current = self.currentIndex().row() if self.hasFocus() else -1
        ratio = self.devicePixelRatioF()
        selected_fill = QColor(colours.accent_soft)
        hover_fill = QColor(colours.hover)
        hover_fill.setAlphaF(0.55)
        for row in rows:
            cell = geometry.rect(row).translated(0, -offset)
            is_selected = selection.isSelected(self._photo_model.index(row))
            if is_selected or row == self._hovered:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(colours.accent), 2) if is_selected else Qt.PenStyle.NoPen)
                painter.setBrush(selected_fill if is_selected else hover_fill)
                painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 6, 6)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            photo = self._photo_model.photo(row)
            if photo is not None:
                self._paint_photo(painter, cell, photo, ratio)
            if row == current:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                inset = 3 if is_selected else 1
                painter.setPen(QPen(QColor(colours.text), 1.5))
                painter.drawRoundedRect(cell.adjusted(inset, inset, -inset, -inset), 5, 5)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_photo(self, painter: QPainter, cell: QRect, photo: Photo, ratio: float) -> None:
        box = cell.width() - 2 * PADDING
        box_px = round(box * ratio)
        pixmap = self._thumbnails.pixmap(photo.content_id, box_px) if self._thumbnails is not None else None
        if pixmap is not None and max(pixmap.width(), pixmap.height()) == box_px:
            size = pixmap.size()  # the exact pixels: a plain copy
        else:
            # Never larger than its own pixels: an icon of 32 pixels is shown as one.
            full = QSize(max(1, photo.width_px), max(1, photo.height_px))
            size = fitted(full, min(box_px, max(full.width(), full.height())))
        # Snapped to device pixels, or a ratio of 1.25 or 1.5 would blur every photo.
        left = round((cell.left() + PADDING) * ratio) + (box_px - size.width()) // 2
        top = round((cell.top() + PADDING) * ratio) + (box_px - size.height()) // 2
        target = QRectF(left / ratio, top / ratio, size.width() / ratio, size.height() / ratio)
        if pixmap is None:
            colour = QColor(photo.mean_rgb >> 16 & 255, photo.mean_rgb >> 8 & 255, photo.mean_rgb & 255)
            painter.fillRect(target, colour)
        elif size == pixmap.size() and ratio == 1:
            painter.drawPixmap(left, top, pixmap)
        else:
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        self._paint_badges(painter, cell, target, photo)

    def _paint_badges(self, painter: QPainter, cell: QRect, target: QRectF, photo: Photo) -> None:
        if cell.width() < 88:
            return
        y = target.bottom() - 4
        hit = self._photo_model.hit(photo.photo_id)
        if hit is not None and self._shows_scores:
            is_match = hit.kind in (MatchKind.IDENTICAL, MatchKind.SAME)
            text = wording.kind_text(hit.kind) if is_match and cell.width() >= 132 else wording.likeness_text(hit)
            badge = self._badge(text, "match" if is_match else "plain")
            painter.drawPixmap(QPointF(target.left() + 4, y - badge.deviceIndependentSize().height()), badge)
        elif photo.rating is not None and photo.rating > 0:
            badge = self._badge("★" * photo.rating, "stars")
            painter.drawPixmap(QPointF(target.left() + 4, y - badge.deviceIndependentSize().height()), badge)
        if not photo.is_online:
            badge = self._badge("", "offline")
            width = badge.deviceIndependentSize().width()
            painter.drawPixmap(QPointF(target.right() - 4 - width, target.top() + 4), badge)

    def _badge(self, text: str, look: str) -> QPixmap:
        """Return a small label, drawn once: text in a paint of 60 cells cost more than their photos."""
        ratio = self.devicePixelRatioF()
        key = (text, look, ratio)
        if key in self._badges:
            return self._badges[key]
        colours = theme.colours()
        font = self.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.86))
        metrics = QFontMetrics(font)
        height = metrics.height() + 4
        width = height if not text else metrics.horizontalAdvance(text) + 12
        badge = QPixmap(round(width * ratio), round(height * ratio))
        badge.setDevicePixelRatio(ratio)
        badge.fill(Qt.GlobalColor.transparent)
        painter = QPainter(badge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent) if look == "match" else QColor(16, 18, 20, 176))
        painter.drawRoundedRect(QRectF(0, 0, width, height), height / 2, height / 2)
        if look == "offline":
            painter.drawPixmap(QPointF(3, 3), icons.pixmap("offline", "#ffffff", height - 6, ratio))
        else:
            ink = {"match": colours.on_accent, "stars": "#ffd479"}.get(look, "#ffffff")
            painter.setPen(QColor(ink))
            painter.setFont(font)
            painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        self._badges[key] = badge
        return badge

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
        seen = (rows.start, rows.stop, self._box_px())
        if self._thumbnails is None or seen == self._seen:
            return
        was_resized = self._seen is not None and self._seen[2] != seen[2]
        self._seen = seen
        self._want_timer.start(_WANT_AFTER_RESIZE_MS if was_resized else _WANT_MS)

    def _want_visible(self) -> None:
        rows = self._visible_rows()
        if self._thumbnails is None:
            return
        # A page more than is seen, so that the next turn of the wheel finds its pictures; those seen come first.
        page = len(rows)
        stop = min(len(self._photo_model.ids), rows.stop + page)
        self._photo_model.ensure(rows.start, stop - 1)
        photos = (self._photo_model.photo(row) for row in range(rows.start, stop))
        wanted = [photo.content_id for photo in photos if photo is not None]
        self._thumbnails.want(self, wanted, self._box_px())

    def _box_px(self) -> int:
        return round((self.geometry_now().cell - 2 * PADDING) * self.devicePixelRatioF())

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
        self._badges.clear()
        self.viewport().update()

    # Geometry for Qt

    def updateGeometries(self) -> None:
        """Give the scroll bar its range."""
        geometry, height = self.geometry_now(), self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, geometry.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(24, geometry.step // 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is at the top of the view there when the number of columns changes."""
        old = GridGeometry(event.oldSize().width(), self._wish, len(self._photo_model.ids), self._lead)
        offset = self.verticalOffset()
        rows = old.rows_between(offset + GAP, offset + GAP) if offset and event.oldSize().width() > 0 else range(0)
        if old.columns != self.geometry_now().columns:
            self._lead = 0
        super().resizeEvent(event)
        self.updateGeometries()
        if rows and (old.columns != self.geometry_now().columns or old.cell != self.geometry_now().cell):
            within = offset - old.rect(rows.start).top()
            top = self.geometry_now().rect(rows.start).top() + round(within * self.geometry_now().cell / old.cell)
            self.verticalScrollBar().setValue(top)

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Paint the new place; at the very top the empty cells of the first line are given up."""
        if self._lead and self.verticalScrollBar().value() == 0:
            self._lead = 0
            self.updateGeometries()
        self._hovered = -1
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
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(rect.center().y() - height // 2)
        elif rect.top() - MARGIN < bar.value():
            bar.setValue(rect.top() - MARGIN)
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
        lines = max(1, self.viewport().height() // geometry.step)
        actions = QAbstractItemView.CursorAction
        by = {
            actions.MoveLeft: -1,
            actions.MovePrevious: -1,
            actions.MoveRight: 1,
            actions.MoveNext: 1,
            actions.MoveUp: -geometry.columns,
            actions.MoveDown: geometry.columns,
            actions.MovePageUp: -geometry.columns * lines,
            actions.MovePageDown: geometry.columns * lines,
            actions.MoveHome: -count,
            actions.MoveEnd: count,
        }[action]
        new = row + by
        if action in (actions.MoveUp, actions.MovePageUp) and new < 0:
            # The first line, same column; a step up from it stays.
            lines_up = (row + geometry.lead) // geometry.columns
            new = row - lines_up * geometry.columns
            new = row if new < 0 and lines_up <= 1 else max(0, new)
        if action in (actions.MoveDown, actions.MovePageDown) and new >= count:
            last_line = (count - 1 + geometry.lead) // geometry.columns
            lines_down = last_line - (row + geometry.lead) // geometry.columns
            new = min(count - 1, row + lines_down * geometry.columns)
        return min(count - 1, max(0, new))

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
            self._hover(self.indexAt(point).row())
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
        self._hover(-1)
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

    def _hover(self, row: int) -> None:
        if row == self._hovered:
            return
        geometry, offset = self.geometry_now(), self.verticalOffset()
        for changed in (row, self._hovered):
            if 0 <= changed < geometry.count:
                self.viewport().update(geometry.rect(changed).translated(0, -offset))
        self._hovered = row

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
        """Do not scroll by itself: a click must not move what is under the pointer."""
        photo = self._photo_model.photo(current.row()) if current.isValid() else None
        accessibility.announce(
            self,
            self.tr("{name}, {n} of {total}").format(
                name=wording.display_name(photo.path),
                n=self.locale().toString(current.row() + 1),
                total=self.locale().toString(len(self._photo_model.ids)),
            )
            if photo is not None
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
