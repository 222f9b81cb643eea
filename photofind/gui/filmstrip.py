"""The neighbours of the photo in the viewer, small, in one row.

Owned by the GUI thread. It holds ids and a place in pixels, and looks up only what is in sight: the first paint of
a million photos costs that of twenty. A QListView lost: laid out in a row it visits every item.

The thumbnails are asked for at the viewer's own size, not the strip's: a step to a neighbour then has its picture
at once, and the loader keeps one pixmap for both.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from photofind.gui import theme, wording
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.library import Library
from photofind.records import Photo

CELL_PX = 72
THUMBNAIL_BOX_PX = 320
_KNOWN_PHOTOS = 512


class Filmstrip(QWidget):
    """See the module.

    Args:
        library: Asked for the photos in sight.
        thumbnails: Their pictures.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.List

    chosen = Signal(int)
    """Position among the photos that was clicked."""

    def __init__(self, library: Library, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._thumbnails = thumbnails
        self._photo_ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._position = 0
        self._left_px = 0.0
        self._hovered = -1
        self._known: dict[int, Photo] = {}
        self.setAccessibleName(self.tr("Filmstrip"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        thumbnails.loaded.connect(self._on_thumbnail_loaded)

    def sizeHint(self) -> QSize:
        """Return room for one row."""
        return QSize(CELL_PX * 9, CELL_PX + theme.SPACE)

    # What is shown

    def set_photos(self, photo_ids: NDArray[np.int64], position: int) -> None:
        """Show these photos, one of them current and in the middle."""
        self._photo_ids = photo_ids
        self._known.clear()
        self.set_position(position)

    def set_position(self, position: int) -> None:
        """Make another photo the current one, in the middle."""
        self._position = position
        self._hovered = -1
        self._centre()
        count = len(self._photo_ids)
        self.setAccessibleDescription(
            self.tr("{n} of {total}").format(
                n=self.locale().toString(position + 1), total=self.locale().toString(count)
            )
        )

    def forget(self, photo_ids: Sequence[int]) -> None:
        """Look these photos up anew; they changed."""
        for photo_id in photo_ids:
            self._known.pop(photo_id, None)
        self.update()

    def positions_in_sight(self) -> range:
        """Return the positions of which at least a part shows."""
        first = max(0, int(self._left_px // CELL_PX))
        last = int((self._left_px + self.width() - 1) // CELL_PX)
        return range(first, min(last + 1, len(self._photo_ids)))

    def cell_rect(self, position: int) -> QRectF:
        """Return where a position is drawn; outside the widget for those not in sight."""
        return QRectF(position * CELL_PX - self._left_px, 0, CELL_PX, self.height())

    def _centre(self) -> None:
        self._scroll_to(self._position * CELL_PX + CELL_PX / 2 - self.width() / 2)

    def _scroll_to(self, left_px: float) -> None:
        whole = len(self._photo_ids) * CELL_PX
        if whole <= self.width():
            self._left_px = (whole - self.width()) / 2
        else:
            self._left_px = min(max(left_px, 0.0), float(whole - self.width()))
        self._want()
        self.update()

    def _want(self) -> None:
        if not self.isVisible():
            return
        # The nearest to the current one first: they are the next to be looked at.
        order = sorted(self.positions_in_sight(), key=lambda position: abs(position - self._position))
        photos = self._photos(order)
        missing = [p.content_id for p in photos if self._thumbnails.pixmap(p.content_id) is None]
        self._thumbnails.want(self, missing, THUMBNAIL_BOX_PX)

    def _photos(self, positions: Sequence[int]) -> list[Photo]:
        ids = [int(self._photo_ids[position]) for position in positions]
        unknown = [photo_id for photo_id in ids if photo_id not in self._known]
        if unknown:
            if len(self._known) > _KNOWN_PHOTOS:
                self._known = {photo_id: self._known[photo_id] for photo_id in ids if photo_id in self._known}
            self._known |= {photo.photo_id: photo for photo in self._library.photos(unknown)}
        return [self._known[photo_id] for photo_id in ids if photo_id in self._known]

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        if self.isVisible() and any(photo.content_id == content_id for photo in self._known.values()):
            self.update()

    # Events

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme.colours()
        painter.fillRect(self.rect(), QColor(colours.surface))
        photos = {photo.photo_id: photo for photo in self._photos(self.positions_in_sight())}
        for position in self.positions_in_sight():
            photo = photos.get(int(self._photo_ids[position]))
            inside = self.cell_rect(position).adjusted(4, 8, -4, -8)
            if photo is not None:
                _paint_photo(painter, photo, self._thumbnails.pixmap(photo.content_id), inside)
            if position in (self._position, self._hovered):
                is_current = position == self._position
                painter.setPen(
                    QPen(QColor(colours.accent if is_current else colours.muted), 2 if is_current else 1)
                )
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(inside.adjusted(-3, -3, 3, 3), 6, 6)
        if self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark what a click would open."""
        position = self._position_at(event.position())
        if position != self._hovered:
            self._hovered = position
            self.setCursor(Qt.CursorShape.PointingHandCursor if position >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Mark nothing."""
        self._hovered = -1
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the photo that is clicked."""
        position = self._position_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and position >= 0:
            self.chosen.emit(position)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll along, the photo shown stays."""
        turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        by = turned.x() if abs(turned.x()) > abs(turned.y()) else turned.y()
        self._scroll_to(self._left_px - by)
        event.accept()

    def resizeEvent(self, _event: QEvent) -> None:
        """Keep the current photo in the middle."""
        self._centre()

    def showEvent(self, _event: QEvent) -> None:
        """Ask for pictures only once there is somebody to see them."""
        self._centre()

    def event(self, event: QEvent) -> bool:
        """Name the photo under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = self._position_at(QPointF(event.pos()))
            photos = self._photos([position]) if position >= 0 else []
            if photos:
                QToolTip.showText(event.globalPos(), wording.display_name(photos[0].path), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _position_at(self, point: QPointF) -> int:
        position = int((point.x() + self._left_px) // CELL_PX)
        return position if 0 <= position < len(self._photo_ids) else -1


def _paint_photo(painter: QPainter, photo: Photo, pixmap: QPixmap | None, inside: QRectF) -> None:
    size = QSizeF(max(photo.width_px, 1), max(photo.height_px, 1))
    size = size.scaled(inside.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSizeF(8, 8))
    target = QRectF(inside.center().x() - size.width() / 2, inside.center().y() - size.height() / 2, 0, 0)
    target.setSize(size)
    shape = QPainterPath()
    shape.addRoundedRect(target, 3, 3)
    painter.save()
    painter.setClipPath(shape)
    if pixmap is None:
        painter.fillRect(target, QColor.fromRgb(photo.mean_rgb))
    else:
        painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
    if not photo.is_online:
        veil = QColor(theme.colours().surface)
        veil.setAlphaF(0.5)
        painter.fillRect(target, veil)
    painter.restore()
