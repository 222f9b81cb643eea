"""The scrubber: beside the scroll bar it says which month, or which folder, a place of the list is.

A child of the grid that lies over its right edge while the pointer is on the scroll bar or drags it; it takes no
mouse itself and changes nothing, the scroll bar stays what it is. The window's thread. While a list of dates is
looked through, its years stand along the bar, as far apart as they need to be read.

An alternative that lost: a scroll bar of our own; each platform's has keys, wheels and page clicks that people
know.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QHoverEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

from photofind.gui import theme

_WIDTH_PX = 320
_BUBBLE_PX = 32
_YEAR_PX = 24
"""Least distance between two years."""

Describe = Callable[[int], str]
Years = Callable[[], list[tuple[str, int]]]


class DateScrubber(QWidget):
    """See the module.

    Args:
        bar: The vertical scroll bar of `parent`.
        describe: Returns what is at a pixel of the content; "" hides the scrubber.
        years: Returns each year with the pixel of the content where it begins.
        parent: The view.
    """

    def __init__(self, bar: QScrollBar, describe: Describe, years: Years, parent: QWidget) -> None:
        super().__init__(parent)
        self._bar = bar
        self._view = parent
        self._describe = describe
        self._years = years
        self._text = ""
        self._bubble_y = 0
        self._ticks: list[tuple[int, str]] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        bar.setAttribute(Qt.WidgetAttribute.WA_Hover)
        bar.installEventFilter(self)
        bar.valueChanged.connect(self._on_value_changed)

    def text(self) -> str:
        """Return what is said now; "" while hidden."""
        return self._text if self.isVisible() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer on the scroll bar."""
        kind = event.type()
        if kind in (QEvent.Type.HoverEnter, QEvent.Type.HoverMove) and isinstance(event, QHoverEvent):
            if not self._bar.isSliderDown():
                self._show_at(event.position().toPoint().y())
        elif kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and not self._bar.isSliderDown():
            self._show_at(event.position().toPoint().y())
        elif (
            (kind == QEvent.Type.HoverLeave and not self._bar.isSliderDown())
            or (
                kind == QEvent.Type.MouseButtonRelease
                and not self._bar.rect().contains(self._bar.mapFromGlobal(self._bar.cursor().pos()))
            )
            or kind in (QEvent.Type.Hide, QEvent.Type.WindowDeactivate)
        ):
            self.hide()
        return super().eventFilter(watched, event)

    def _on_value_changed(self, value: int) -> None:
        if self._bar.isSliderDown():
            handle = self._handle()
            self._say(handle.center().y(), value)

    def _show_at(self, y: int) -> None:
        """Say what a click at `y` of the bar would lead to; over the handle, what is at the top now."""
        handle, groove = self._handle(), self._groove()
        if handle.top() <= y <= handle.bottom():
            self._say(y, self._bar.value())
            return
        span = groove.height() - handle.height()
        position = y - groove.top() - handle.height() // 2
        self._say(
            y, QStyle.sliderValueFromPosition(self._bar.minimum(), self._bar.maximum(), position, max(1, span))
        )

    def _say(self, y: int, value: int) -> None:
        text = self._describe(value) if self._bar.maximum() > self._bar.minimum() else ""
        if not text:
            self.hide()
            return
        self._text = text
        top_left = self._bar.mapTo(self._view, QPoint(0, 0))
        self.setGeometry(
            max(0, top_left.x() - _WIDTH_PX), top_left.y(), min(_WIDTH_PX, top_left.x()), self._bar.height()
        )
        self._bubble_y = y
        self._ticks = self._readable_ticks()
        self.show()
        self.raise_()
        self.update()

    def _readable_ticks(self) -> list[tuple[int, str]]:
        handle, groove = self._handle(), self._groove()
        span = max(1, groove.height() - handle.height())
        ticks: list[tuple[int, str]] = []
        for year, value in self._years():
            place = QStyle.sliderPositionFromValue(self._bar.minimum(), self._bar.maximum(), value, span)
            y = groove.top() + handle.height() // 2 + place
            if not ticks or y - ticks[-1][0] >= _YEAR_PX:
                ticks.append((y, year))
        return ticks if len(ticks) > 1 else []

    def _handle(self) -> QRect:
        return self._part(QStyle.SubControl.SC_ScrollBarSlider)

    def _groove(self) -> QRect:
        return self._part(QStyle.SubControl.SC_ScrollBarGroove)

    def _part(self, control: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self._bar.initStyleOption(option)
        return self._bar.style().subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, control, self._bar)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the years, and the bubble over them."""
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        middle = min(self.height() - _BUBBLE_PX // 2 - 2, max(_BUBBLE_PX // 2 + 2, self._bubble_y))
        width = min(self.width() - 8, metrics.horizontalAdvance(self._text) + 28)
        bubble = QRect(self.width() - width - 8, middle - _BUBBLE_PX // 2, width, _BUBBLE_PX)
        for y, year in self._ticks:
            plate = QRect(0, 0, metrics.horizontalAdvance(year) + 12, metrics.height() + 2)
            plate.moveCenter(QPoint(0, y))
            plate.moveRight(self.width() - 6)
            if plate.adjusted(0, -2, 0, 2).intersects(bubble) or plate.top() < 0 or plate.bottom() > self.height():
                continue
            ground = QColor(colours.surface)
            ground.setAlphaF(0.86)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(plate, 4, 4)
            painter.setPen(QColor(colours.muted))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, year)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        painter.drawRoundedRect(bubble, _BUBBLE_PX / 2, _BUBBLE_PX / 2)
        painter.setPen(QColor(colours.canvas))
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideMiddle, bubble.width() - 24)
        painter.drawText(bubble, Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()
