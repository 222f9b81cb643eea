"""Why a hit is one: plain facts in the details of a photo, and the way to see where on the pictures they lie.

Owned by the details panel, on the window's thread. It shows an `Explanation` of the library and asks nobody; the
window asks when a hit is chosen. A diagram of the network's features lost: nobody can check it, and "taken in the
same second" everybody can.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from photofind.gui import icons, theme, wording
from photofind.records import Explanation, PhotoPart


class WhyPanel(QWidget):
    """See the module."""

    where_wanted = Signal(object)
    """The Explanation whose places on both pictures are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explanation: Explanation | None = None
        heading = QLabel(self.tr("Why it matched"), self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(theme.SPACE)
        self._lines.setVerticalSpacing(theme.SPACE // 2)
        self._lines.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._where = QPushButton(self.tr("Show where…"), self)
        self._where.setToolTip(self.tr("Show on both pictures which places make them alike"))
        self._where.clicked.connect(self._on_where)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(heading)
        column.addLayout(self._lines)
        column.addWidget(self._where)
        theme.current().changed.connect(self._tint)
        self.hide()

    def set_explanation(self, explanation: Explanation | None) -> None:
        """Show why; None, or an explanation that says nothing, takes the section away."""
        self._explanation = explanation
        lines = wording.explanation_lines(explanation) if explanation is not None else []
        part = explanation.part if explanation is not None else None
        is_itself = (
            explanation is not None
            and isinstance(part, PhotoPart)
            and part.photo_id == explanation.photo_id
            and part.region is None
        )
        if is_itself:
            lines = [self.tr("It is the photo that was looked for")]
        while len(self._rows) < len(lines):
            self._add_row()
        for row, (sign, text) in enumerate(self._rows):
            if row < len(lines):
                text.setText(lines[row])
            sign.setVisible(row < len(lines))
            text.setVisible(row < len(lines))
        self._where.setVisible(part is not None and not is_itself)
        self.setVisible(bool(lines))

    def _on_where(self) -> None:
        if self._explanation is not None:
            self.where_wanted.emit(self._explanation)

    def lines(self) -> list[str]:
        """Return what is shown."""
        return [text.text() for _sign, text in self._rows if not text.isHidden()] if not self.isHidden() else []

    def _add_row(self) -> None:
        sign, text = QLabel(self), QLabel(self)
        text.setWordWrap(True)
        place = len(self._rows)
        self._rows.append((sign, text))
        # As high as a line of the text, so that both stand on one line in every font.
        sign.setFixedHeight(text.fontMetrics().height())
        self._lines.addWidget(sign, place, 0, Qt.AlignmentFlag.AlignTop)
        self._lines.addWidget(text, place, 1)
        self._tint()

    def _tint(self) -> None:
        drawn = icons.pixmap("check", theme.colours().accent, 14, self.devicePixelRatioF())
        for sign, _text in self._rows:
            sign.setPixmap(drawn)
