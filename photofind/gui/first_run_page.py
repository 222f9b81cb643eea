"""The first screen of an empty library: add a folder. Nothing else is asked.

Owned by the main window, on its thread; shown as long as the library has neither folders nor photos.
"""

import os
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from photofind.gui import icons, theme, wording
from photofind.gui.quick_look import folders_among


class FirstRunPage(QWidget):
    """A card with the pictures folder proposed, any other to choose, and the promise of privacy."""

    add_folder_wanted = Signal()
    """The person wants to choose a folder."""
    folder_chosen = Signal(object)
    """The proposed folder (bytes) is taken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first-run")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        card = _DropCard(self)
        self._icon = QLabel(card)
        title = QLabel(self.tr("Add a folder of photos"), card)
        title.setObjectName("first-run-title")
        hint = QLabel(self.tr("Drop it here, or choose one below."), card)
        hint.setObjectName("muted")
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._propose = QPushButton(card)
        self._propose.setObjectName("primary")
        self._propose.clicked.connect(self._on_proposal)
        self._choose = QPushButton(self.tr("Choose a folder…"), card)
        self._choose.setToolTip(self.tr("Choose the folder that is looked through; the files stay where they are"))
        self._choose.clicked.connect(self.add_folder_wanted)
        for button in (self._propose, self._choose):
            button.setAutoDefault(True)  # Enter presses it; outside a dialog only Space would
        privacy = QLabel(self.tr("Your photos never leave this computer, and PhotoFind never changes them."), self)
        privacy.setObjectName("muted")
        privacy.setWordWrap(True)
        privacy.setAlignment(Qt.AlignmentFlag.AlignCenter)

        inside = QVBoxLayout(card)
        inside.setContentsMargins(6 * theme.SPACE, 5 * theme.SPACE, 6 * theme.SPACE, 5 * theme.SPACE)
        inside.setSpacing(theme.SPACE)
        inside.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addSpacing(theme.SPACE)
        inside.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addWidget(hint)
        inside.addSpacing(2 * theme.SPACE)
        inside.addWidget(self._propose)
        inside.addWidget(self._choose)
        card.setFixedWidth(480)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(2 * theme.SPACE)
        column.addWidget(privacy)
        column.addStretch(3)
        self.propose(pictures_folder())
        theme.current().changed.connect(self._tint)
        self._tint()

    def propose(self, folder: bytes | None) -> None:
        """Offer this folder on the first button; None when the computer has none."""
        self._proposed = folder
        self._propose.setVisible(folder is not None)
        if folder is not None:
            self._propose.setToolTip(wording.display_text(folder))
            self._propose.setText(self.tr("Add {folder}").format(folder=wording.display_text(_shortened(folder))))
        self._choose.setObjectName("primary" if folder is None else "")
        self._choose.style().unpolish(self._choose)
        self._choose.style().polish(self._choose)
        self.setFocusProxy(self._choose if folder is None else self._propose)

    def buttons(self) -> tuple[QPushButton, QPushButton]:
        """Return the proposal and the choice."""
        return self._propose, self._choose

    def _on_proposal(self) -> None:
        self.folder_chosen.emit(self._proposed)

    def _tint(self) -> None:
        self._icon.setPixmap(icons.pixmap("folder-add", theme.colours().accent, 56, self.devicePixelRatioF()))


class _DropCard(QFrame):
    """A surface with a dashed edge: things can be dropped here."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(colours.border), 1.5, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 12, 12)

    def sizeHint(self) -> QSize:
        return QSize(480, 360)


def pictures_folder() -> bytes | None:
    """Return the person's folder of pictures, if there is one."""
    text = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    path = os.fsencode(text)
    return path if text and Path(text) != Path.home() and folders_among([path]) else None


def _shortened(folder: bytes) -> bytes:
    """Return a path with ~ for the person's own folder."""
    home = bytes(Path.home())
    return b"~" + folder[len(home) :] if folder.startswith(home + b"/") else folder
