"""The row of chips: it goes on in the next line, and from the third line on it scrolls.

Owned by the query bar, on the window's thread. One line that scrolls sideways lost: at 720 px it shows two chips
and hides that there are more.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from photofind.gui import theme
from photofind.gui.flow_layout import FlowLayout

MOST_LINES = 2


class ChipTray(QScrollArea):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trayScroll")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self._inside.setObjectName("trayInside")
        self._flow = FlowLayout(self._inside)
        self._flow.setSpacing(theme.SPACE)
        self.setWidget(self._inside)
        self._wants_end = False
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self._inside.installEventFilter(self)

    def add(self, chip: QWidget, place: int) -> None:
        """Put a chip before the one that is at a place now, or behind all others."""
        self._wants_end = place >= self._flow.count()
        self._flow.insert_widget(place, chip)
        chip.show()
        self._fit()

    def remove(self, chip: QWidget) -> None:
        """Take a chip out; it is hidden, and its owner's to delete."""
        self._wants_end = False
        self._flow.removeWidget(chip)
        chip.hide()
        self._fit()

    def _on_range_changed(self, _least: int, most: int) -> None:
        # Only now is the line of a new chip there to scroll to.
        if self._wants_end:
            self.verticalScrollBar().setValue(most)

    def _fit(self) -> None:
        """Be as high as the lines, up to the most."""
        chips = [self._flow.itemAt(place) for place in range(self._flow.count())]
        line = max((chip.sizeHint().height() for chip in chips if chip is not None), default=0)
        lines = self._flow.heightForWidth(self.viewport().width()) if chips else 0
        most = MOST_LINES * line + (MOST_LINES - 1) * self._flow.spacing()
        self.setFixedHeight(min(lines, most))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the lines at this width."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit again when a chip changed its size."""
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)
