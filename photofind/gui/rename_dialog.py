"""Asks for a photo's new name (F2); it stays open until the file has it, so that a refusal can be mended.

Owned by the window, on its thread. A field inside the grid lost: names are long, cells are small, and the reason
why a name cannot be had needs room.
"""

import os

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from photofind.gui import theme, wording


class RenameDialog(QDialog):
    """See the module.

    Args:
        path: Of the photo.
    """

    name_wanted = Signal(str)

    def __init__(self, path: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = wording.display_name(path)
        self._old_name = name
        self.setWindowTitle(self.tr("Rename"))
        label = QLabel(self.tr("New name"), self)
        self.field = QLineEdit(name, self)
        self.field.setMinimumWidth(44 * theme.SPACE)
        self.field.setToolTip(self.tr("Name of the file, with its ending"))
        self.field.textChanged.connect(self._on_text)
        label.setBuddy(self.field)
        note = QLabel(
            self.tr("Sidecar files, the video of a live photo and the RAW or JPEG beside it are renamed along."),
            self,
        )
        note.setObjectName("muted")
        note.setWordWrap(True)
        self._problem = QLabel(self)
        self._problem.setWordWrap(True)
        theme.ink(self._problem, "danger")
        self._problem.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.rename_button = QPushButton(self.tr("Rename"), self)
        buttons.addButton(self.rename_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.rename_button.setDefault(True)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(theme.SPACE)
        for widget in (label, self.field, note, self._problem):
            column.addWidget(widget)
        column.addSpacing(theme.SPACE)
        column.addWidget(buttons)
        self.field.setFocus()
        self.field.setSelection(0, len(os.path.splitext(name)[0]))
        self._on_text()

    def problem(self) -> str:
        """Return why the name cannot be had, empty as long as nothing is wrong."""
        return self._problem.text()

    def show_problem(self, sentence: str) -> None:
        """Say why the file kept its name; another one may be tried."""
        self._problem.setText(sentence)
        self._problem.show()
        # A wrapped label does not make the dialog larger by itself.
        self.adjustSize()
        self._on_text(keeps_problem=True)
        self.field.setFocus()

    def _on_text(self, _text: str = "", *, keeps_problem: bool = False) -> None:
        if not keeps_problem:
            self._problem.hide()
            self._problem.setText("")
        text = self.field.text().strip()
        self.rename_button.setEnabled(bool(text) and text != self._old_name)

    def _on_accepted(self) -> None:
        self.rename_button.setEnabled(False)
        self.name_wanted.emit(self.field.text().strip())
