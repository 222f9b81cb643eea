"""Two photos in one place with a line between them that is pulled over both.

Owned by the GUI thread. It is an `ImageCanvas` that paints a second picture to the right of the line, so zoom, move
and pinch are the canvas's own and both photos always show the same part. Two canvases on each other with a mask
lost: each would have to hand its events to the other.
"""

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from photofind.gui import theme
from photofind.gui.image_canvas import ImageCanvas
from photofind.gui.picture_tiles import TiledPicture

_REACH_PX = 12
_KNOB_PX = 14
_ALIKE = 0.02
"""Pictures whose shapes differ by less fill the same place; others keep their shape inside the first one's."""


class SplitCanvas(ImageCanvas):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._second: QPixmap | QImage | None = None
        self._second_size = QSize(1, 1)
        self._second_tiles: TiledPicture | None = None
        self._fraction = 0.5
        self._is_pulled = False
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Both photos, with a line between them"))

    @property
    def fraction(self) -> float:
        """Where the line is: 0 at the left edge of the widget, 1 at the right one."""
        return self._fraction

    def set_fraction(self, fraction: float) -> None:
        """Move the line."""
        self._fraction = min(max(fraction, 0.0), 1.0)
        percent = round(100 * self._fraction)
        self.setAccessibleDescription(self.tr("{n} % of the width shows the first photo").format(n=percent))
        self.update()

    def set_second(
        self, width_px: int, height_px: int, pixels: QPixmap | QImage | None, tiles: TiledPicture | None = None
    ) -> None:
        """Show this to the right of the line."""
        if self._second_tiles is not None and self._second_tiles != tiles:
            self._second_tiles.want(self, (), ())
        self._second_size = QSize(max(width_px, 1), max(height_px, 1))
        self._second = pixels
        self._second_tiles = tiles
        self.update()
        if self.isVisible():
            self._ask_for_tiles()

    @property
    def is_sharp(self) -> bool:
        """True where no tile of what is seen of either photo is still to come."""
        second = self._second_tiles
        return super().is_sharp and (second is None or not second.is_waiting(self))

    def _ask_for_tiles(self) -> None:
        super()._ask_for_tiles()
        target = self.picture_rect
        if not target.isEmpty():
            # All of its place, not only what is right of the line: that is pulled back and forth.
            placed = _placed(QSizeF(self._second_size), target)
            self._want_tiles(self._second_tiles, self._second_size, placed, QRectF(self.rect()))

    def _line_x(self) -> float:
        return self._fraction * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the first photo, the second one over its right part, and the line."""
        super().paintEvent(event)
        target = self.picture_rect
        if target.isEmpty():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self._line_x()
        right = QRectF(x, 0, self.width() - x, self.height())
        painter.fillRect(right, QColor(theme.colours().canvas))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        placed = _placed(QSizeF(self._second_size), target)
        self._paint_picture(painter, self._second, self._second_tiles, self._second_size, placed, right)
        painter.restore()
        line = QLineF(x, 0, x, self.height())
        for colour, width in ((QColor(0, 0, 0, 140), 4.0), (QColor("white"), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(line)
        knob = QPointF(x, self.height() / 2)
        painter.setPen(QPen(QColor(0, 0, 0, 140), 1.0))
        painter.setBrush(QColor("white"))
        painter.drawEllipse(knob, _KNOB_PX, _KNOB_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#3b4148"))
        for side in (-1, 1):
            tip = QPointF(knob.x() + side * 9, knob.y())
            painter.drawPolygon(
                QPolygonF([tip, QPointF(tip.x() - side * 5, tip.y() - 4), QPointF(tip.x() - side * 5, tip.y() + 4)])
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line, or move the photos."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_near(event.position()):
            self._is_pulled = True
            event.ignore()  # as the canvas does: whoever holds it takes the focus
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull the line, or move the photos."""
        if self._is_pulled:
            self.set_fraction(event.position().x() / max(self.width(), 1))
            return
        super().mouseMoveEvent(event)
        if not event.buttons():
            if self._is_near(event.position()):
                self.setCursor(Qt.CursorShape.SplitHCursor)
            else:
                self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._is_pulled = False
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put the line into the middle, or change the zoom."""
        if self._is_near(event.position()):
            self.set_fraction(0.5)
        else:
            super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show the plain pointer elsewhere."""
        self._show_cursor()
        super().leaveEvent(event)

    def _is_near(self, at: QPointF) -> bool:
        return abs(at.x() - self._line_x()) <= _REACH_PX


def _placed(shape: QSizeF, target: QRectF) -> QRectF:
    """Return where a picture of this shape goes within the place of the other."""
    ratio = (shape.width() / shape.height()) / (target.width() / target.height())
    if abs(ratio - 1) <= _ALIKE:
        return target
    fitted = QRectF(QPointF(), shape.scaled(target.size(), Qt.AspectRatioMode.KeepAspectRatio))
    fitted.moveCenter(target.center())
    return fitted
