"""A line of text that ends in “…” where there is no room, and then has its whole text in the tooltip.

Used on the GUI thread for what may be of any length: names of files, reasons, how far indexing is. QLabel only cuts
a letter in half.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget


class ElidedLabel(QLabel):
    """See the module; one line of plain text.

    Args:
        parent: Its widget.
        mode: Which end gives way.
        least_px: Width that it always has.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        *,
        least_px: int = 32,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._least_px = least_px
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """Return little width: the rest may be left out."""
        return QSize(min(self._least_px, super().sizeHint().width()), super().minimumSizeHint().height())

    def shown_text(self) -> str:
        """Return what there is room for."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text, elided."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self.shown_text())
