"""One picture that can be fitted, zoomed and moved; shared by the viewer and the comparison.

Owned by the GUI thread. It paints what it has: the thumbnail at once, better pixels when they come. Positions are
fractions of the picture, so that pictures of different sizes can follow each other and better pixels change nothing
on the screen. Seen from near a large picture is painted in tiles (`picture_tiles`), over the pixels of the whole
where they are still to come. QGraphicsView lost: its scene coordinates are those of one image, and its smooth
scaling works on the whole picture even where a corner is shown.

A pinch comes in two ways: touchpads of macOS and Wayland send native gestures, touch screens send touches that Qt
makes a gesture of. On macOS Qt offers the first as the second, too, so there only native ones are taken.
"""

import math
import sys
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from photofind.gui import theme
from photofind.gui.picture_tiles import Tile, TiledPicture, box_of, tiles_in

MOST_DEVICE_PX_PER_PX = 16.0
"""Nearest zoom: one pixel of the picture as 16 of the screen."""
WHEEL_STEP = 1.25
_NEARER = 1.1
"""A view that shows so many times the pixels of the fitted one wants more of them."""


@dataclass(frozen=True, slots=True)
class View:
    """Which part of a picture is seen, independent of its size.

    Attributes:
        zoom: 1.0 fits the picture into the window; larger is nearer.
        centre: Fractions of the picture that lie at the middle of the window.
    """

    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)


class ImageCanvas(QWidget):
    """See the module."""

    view_changed = Signal()
    """The person zoomed or moved; not emitted by `set_view`."""
    placed = Signal()
    """The picture lies elsewhere in the widget now, for whatever reason; see `picture_rect`."""
    pixels_changed = Signal()
    """Other pixels are painted."""
    detail_wanted = Signal(int)
    """The longer side in pixels that the present zoom could show; asked again only when it grows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size_px = QSize()
        self._pixels: QPixmap | QImage | None = None
        self._tiles: TiledPicture | None = None
        self._view = View()
        self._dragged_from: QPointF | None = None
        self._asked_px = 0
        self._most_enlarged = 1.0
        self.setMinimumSize(64, 64)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        if sys.platform != "darwin":
            self.grabGesture(Qt.GestureType.PinchGesture)

    # What is shown

    def set_picture(
        self, width_px: int, height_px: int, pixmap: QPixmap | None, tiles: TiledPicture | None = None
    ) -> None:
        """Show another picture, fitted.

        Args:
            width_px: Its full upright width.
            height_px: Its full upright height.
            pixmap: What can be painted at once; None paints a calm area of the right shape.
            tiles: Where parts of it come from when it is seen from near; None asks for all its pixels then.
        """
        self._leave_tiles()
        self._tiles = tiles
        self._size_px = QSize(max(width_px, 1), max(height_px, 1))
        self._pixels = pixmap
        self._view = View()
        self._asked_px = 0
        self.update()
        self.pixels_changed.emit()
        self.placed.emit()
        self._ask_for_detail()

    def set_most_enlarged(self, factor: float) -> None:
        """Let a picture smaller than the widget be enlarged so many times when it is fitted; 1 at first."""
        self._most_enlarged = factor

    def set_pixels(self, pixels: QPixmap | QImage) -> None:
        """Take better pixels of the same picture; fewer than there are now are ignored."""
        if self._pixels is None or pixels.width() >= self._pixels.width():
            self._pixels = pixels
            self.update()
            self.pixels_changed.emit()

    def clear(self) -> None:
        """Show nothing."""
        self._leave_tiles()
        self._size_px = QSize()
        self._pixels = None
        self.update()
        self.pixels_changed.emit()
        self.placed.emit()

    @property
    def pixels(self) -> QPixmap | QImage | None:
        """What is painted of the whole, at whatever size it came."""
        return self._pixels

    @property
    def is_sharp(self) -> bool:
        """True where no tile of what is seen is still to come."""
        return self._tiles is None or not self._tiles.is_waiting(self)

    def _leave_tiles(self) -> None:
        if self._tiles is not None:
            self._tiles.want(self, (), ())
        self._tiles = None

    # Where it is seen

    @property
    def view(self) -> View:
        """The part that is seen."""
        return self._view

    def set_view(self, view: View) -> None:
        """See this part, as far as the picture goes."""
        self._set_view(view)

    def fit(self) -> None:
        """See the whole picture."""
        self._change_view(View())

    def show_actual_pixels(self, at: QPointF | None = None) -> None:
        """See one pixel of the picture as one of the screen, keeping what is at `at` where it is."""
        if not self._size_px.isEmpty():
            self.zoom_by(1 / self.device_px_per_px, at)

    def toggle_fit(self, at: QPointF | None = None) -> None:
        """Change between the whole picture and its actual pixels."""
        if self.is_fitted:
            self.show_actual_pixels(at)
        else:
            self.fit()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Go nearer or farther; what lies at `at` (the middle if None) stays there."""
        if self._size_px.isEmpty():
            return
        point = QRectF(self.rect()).center() if at is None else at
        before = self._picture_rect(self._view)
        fraction_x = (point.x() - before.left()) / before.width()
        fraction_y = (point.y() - before.top()) / before.height()
        zoom = self._allowed_zoom(self._view.zoom * factor)
        after = self._picture_rect(View(zoom, self._view.centre))
        middle = QRectF(self.rect()).center()
        centre = (
            fraction_x + (middle.x() - point.x()) / after.width(),
            fraction_y + (middle.y() - point.y()) / after.height(),
        )
        self._change_view(View(zoom, centre))

    @property
    def picture_rect(self) -> QRectF:
        """Where the whole picture lies in the widget, also beyond its edges; empty without a picture."""
        return QRectF() if self._size_px.isEmpty() else self._picture_rect(self._view)

    @property
    def is_fitted(self) -> bool:
        """True while the whole picture is seen."""
        return self._view.zoom <= 1.0 + 1e-6

    @property
    def device_px_per_px(self) -> float:
        """Zoom as pixels of the screen per pixel of the picture; 1.0 is 1:1."""
        if self._size_px.isEmpty():
            return 1.0
        return self._fit_scale() * self._view.zoom * self.devicePixelRatioF()

    def _fit_scale(self) -> float:
        """Return logical pixels per pixel of the fitted picture; a small one is not blown up unless told."""
        scale = min(self.width() / self._size_px.width(), self.height() / self._size_px.height())
        return max(min(scale, self._most_enlarged / self.devicePixelRatioF()), 1e-6)

    def fitted_px(self, width_px: int, height_px: int) -> int:
        """Return the longer side that `detail_wanted` would ask for when another picture is shown fitted."""
        ratio = self.devicePixelRatioF()
        scale = min(self.width() / max(width_px, 1), self.height() / max(height_px, 1), 1 / ratio)
        longer = max(width_px, height_px, 1)
        return min(round(longer * max(scale, 1e-6) * ratio), longer)

    def _allowed_zoom(self, zoom: float) -> float:
        nearest = MOST_DEVICE_PX_PER_PX / (self._fit_scale() * self.devicePixelRatioF())
        return min(max(zoom, 1.0), max(nearest, 1.0))

    def _picture_rect(self, view: View) -> QRectF:
        scale = self._fit_scale() * view.zoom
        width, height = self._size_px.width() * scale, self._size_px.height() * scale
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - view.centre[0] * width, middle.y() - view.centre[1] * height, width, height)

    def _set_view(self, view: View) -> bool:
        if self._size_px.isEmpty():
            return False
        zoom = self._allowed_zoom(view.zoom)
        scale = self._fit_scale() * zoom
        centre = (
            _clamped(view.centre[0], self.width() / (self._size_px.width() * scale)),
            _clamped(view.centre[1], self.height() / (self._size_px.height() * scale)),
        )
        if View(zoom, centre) == self._view:
            return False
        self._view = View(zoom, centre)
        self._show_cursor()
        self.update()
        self.placed.emit()
        self._ask_for_detail()
        return True

    def _change_view(self, view: View) -> None:
        if self._set_view(view):
            self.view_changed.emit()

    def _ask_for_detail(self) -> None:
        if self._size_px.isEmpty() or not self.isVisible():
            return
        longer = max(self._size_px.width(), self._size_px.height())
        fit_px = round(longer * self._fit_scale() * self.devicePixelRatioF())
        # Two steps only, what the window shows and all there is: every step is a decode of the whole file.
        is_near = self._tiles is None and self.device_px_per_px * longer > fit_px * _NEARER
        wanted = longer if is_near else min(fit_px, longer)
        if wanted > self._asked_px:
            self._asked_px = wanted
            self.detail_wanted.emit(wanted)
        self._ask_for_tiles()

    def _ask_for_tiles(self) -> None:
        self._want_tiles(self._tiles, self._size_px, self._picture_rect(self._view), QRectF(self.rect()))

    def _want_tiles(self, tiles: TiledPicture | None, size_px: QSize, target: QRectF, within: QRectF) -> None:
        """Ask for what lies within, and for half as much again on every side of it."""
        if tiles is None:
            return
        seen = self._tiles_seen(size_px, target, within)
        if not seen:
            tiles.want(self, (), ())
            return
        half = within.width() / 2, within.height() / 2
        wider = self._tiles_seen(size_px, target, within.adjusted(-half[0], -half[1], half[0], half[1]))
        here = set(seen)
        tiles.want(self, seen, [tile for tile in wider if tile not in here])

    def _tiles_seen(self, size_px: QSize, target: QRectF, within: QRectF, coarser: int = 0) -> list[Tile]:
        """Return the tiles that the view needs; none where the pixels of the whole suffice.

        Args:
            size_px: Of the picture.
            target: Where all of it lies.
            within: What is looked at.
            coarser: By how many levels they are coarser than needed.
        """
        seen = target.intersected(within)
        fitted_px = target.width() / self._view.zoom * self.devicePixelRatioF()
        if seen.isEmpty() or self._view.zoom <= _NEARER or size_px.width() <= fitted_px * _NEARER:
            return []
        scale = size_px.width() / target.width(), size_px.height() / target.height()
        level = max(0, math.floor(math.log2(scale[0] / self.devicePixelRatioF()) + 1e-6)) + coarser
        area = QRectF(
            (seen.left() - target.left()) * scale[0],
            (seen.top() - target.top()) * scale[1],
            seen.width() * scale[0],
            seen.height() * scale[1],
        )
        return tiles_in(area.toAlignedRect(), level, size_px.width(), size_px.height()) if level >= 0 else []

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the part that is seen."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.colours().canvas))
        if self._size_px.isEmpty():
            return
        target = self._picture_rect(self._view)
        self._paint_picture(painter, self._pixels, self._tiles, self._size_px, target, QRectF(self.rect()))

    def _paint_picture(
        self,
        painter: QPainter,
        pixels: QPixmap | QImage | None,
        tiles: TiledPicture | None,
        size_px: QSize,
        target: QRectF,
        within: QRectF,
    ) -> None:
        """Paint what lies `within` of a picture that fills `target`: its tiles, over coarser ones and the whole."""
        ratio = self.devicePixelRatioF()
        is_actual = abs(target.width() * ratio / size_px.width() - 1) < 1e-6
        if is_actual:
            # A pixel of the picture is one of the screen, not the mean of four.
            target = QRectF(
                round(target.left() * ratio) / ratio, round(target.top() * ratio) / ratio,
                size_px.width() / ratio, size_px.height() / ratio,
            )  # fmt: skip
        seen = [] if tiles is None else self._tiles_seen(size_px, target, within)
        if tiles is None or not seen:
            is_smooth = not (is_actual and pixels is not None and pixels.width() == size_px.width())
            self._paint_pixels(painter, pixels, target, within, is_smooth=is_smooth)
            return
        scale = target.width() / size_px.width(), target.height() / size_px.height()

        def paint(each: Tile, image: QImage) -> None:
            box = box_of(each, size_px.width(), size_px.height())
            left, top = target.left() + box.left() * scale[0], target.top() + box.top() * scale[1]
            right = target.left() + (box.left() + box.width()) * scale[0]
            bottom = target.top() + (box.top() + box.height()) * scale[1]
            place = QRectF(left, top, right - left, bottom - top)
            self._paint_pixels(painter, image, place, within, is_smooth=not (is_actual and each.level == 0))

        here = [(tile, image) for tile in seen if (image := tiles.get(tile)) is not None]
        if len(here) < len(seen):
            self._paint_pixels(painter, pixels, target, within)
            for coarser in (2, 1, -1):
                for tile in self._tiles_seen(size_px, target, within, coarser):
                    image = tiles.get(tile)
                    if image is not None:
                        paint(tile, image)
        for tile, image in here:
            paint(tile, image)

    def _paint_pixels(
        self,
        painter: QPainter,
        pixels: QPixmap | QImage | None,
        target: QRectF,
        within: QRectF,
        *,
        is_smooth: bool = True,
    ) -> None:
        """Paint what lies `within` of pixels that fill `target`; only that part is scaled."""
        seen = target.intersected(within)
        if seen.isEmpty():
            return
        if pixels is None:
            painter.fillRect(seen, QColor(theme.colours().hover))
            return
        scale = pixels.width() / target.width(), pixels.height() / target.height()
        source = QRectF(
            (seen.left() - target.left()) * scale[0],
            (seen.top() - target.top()) * scale[1],
            seen.width() * scale[0],
            seen.height() * scale[1],
        )
        # Near enough to count pixels they are shown as they are.
        is_smooth = is_smooth and self.device_px_per_px < 4
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
        if isinstance(pixels, QPixmap):
            painter.drawPixmap(seen, pixels, source)
        else:
            painter.drawImage(seen, pixels, source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is in the middle in the middle."""
        super().resizeEvent(event)
        if not self._set_view(self._view):
            self.placed.emit()
            self._ask_for_detail()

    def showEvent(self, event: QEvent) -> None:
        """Ask for pixels only once there is a window to show them in."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._ask_for_detail()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; a touchpad's two fingers move."""
        pixels = event.pixelDelta()
        is_moving = (
            not pixels.isNull()
            and event.phase() != Qt.ScrollPhase.NoScrollPhase
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if is_moving:
            self.move_by(QPointF(pixels))
        else:
            steps = event.angleDelta().y() / 120
            if steps:
                self.zoom_by(WHEEL_STEP**steps, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Take the pinch of a touchpad or a touch screen."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch)
                event.accept(pinch)
                return True
        return super().event(event)

    def _pinch(self, pinch: QPinchGesture) -> None:
        """Zoom and move with two fingers; what lies between them stays there."""
        self._dragged_from = None  # the first finger came as a mouse
        if pinch.changeFlags() & QPinchGesture.ChangeFlag.CenterPointChanged and not self.is_fitted:
            self.move_by(pinch.centerPoint() - pinch.lastCenterPoint())
        if pinch.changeFlags() & QPinchGesture.ChangeFlag.ScaleFactorChanged and pinch.scaleFactor() > 0:
            self.zoom_by(pinch.scaleFactor(), self.mapFromGlobal(pinch.centerPoint()))

    def move_by(self, by: QPointF) -> None:
        """Move the picture by logical pixels."""
        if self._size_px.isEmpty():
            return
        rect = self._picture_rect(self._view)
        x, y = self._view.centre
        self._change_view(View(self._view.zoom, (x - by.x() / rect.width(), y - by.y() / rect.height())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            self._show_cursor()
            # Not accepted: whoever holds the canvas takes the focus.
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move with the pointer."""
        if self._dragged_from is not None:
            self.move_by(event.position() - self._dragged_from)
            self._dragged_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End moving."""
        self._dragged_from = None
        self._show_cursor()
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Change between whole and 1:1 at the pointer."""
        self._dragged_from = None
        self.toggle_fit(event.position())
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self.is_fitted:
            self.unsetCursor()
        elif self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def sizeHint(self) -> QSize:
        """Return a size that shows something."""
        return QSize(640, 480)


def _clamped(centre: float, seen: float) -> float:
    """Return the centre so that no empty border shows on one side only; `seen` is the visible fraction."""
    if seen >= 1:
        return 0.5
    return min(max(centre, seen / 2), 1 - seen / 2)
