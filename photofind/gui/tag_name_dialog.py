"""Asks for a tag's new name, and says before it is done when that name is a tag already: the two become one.

Owned by the window, on its thread. A question after the name was given lost: what the button does should stand on
the button.
"""

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme


class TagNameDialog(QDialog):
    """See the module.

    Args:
        tag: To rename.
        tags: All tags, with how many photos have each.
    """

    name_wanted = Signal(str)

    def __init__(self, tag: str, tags: Sequence[tuple[str, int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tag = tag
        self._others = {_folded(name): (name, count) for name, count in tags if _folded(name) != _folded(tag)}
        self.setWindowTitle(self.tr("Rename tag"))
        label = QLabel(self.tr("New name of the tag “{tag}”").format(tag=tag), self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self.field = QLineEdit(tag, self)
        self.field.setMinimumWidth(44 * theme.SPACE)
        self.field.setMaxLength(100)
        self.field.setAccessibleName(self.tr("New name"))
        self.field.setToolTip(self.tr("The name of another tag makes the two one"))
        completer = QCompleter([name for name, _count in self._others.values()], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.setCompleter(completer)
        self._note = QLabel(self)
        self._note.setObjectName("muted")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        # Two lines, also while there is nothing to say: the button must not move from under the pointer.
        self._note.setMinimumHeight(2 * self._note.fontMetrics().lineSpacing())
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.rename_button = QPushButton(self.tr("Rename"), self)
        buttons.addButton(self.rename_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.rename_button.setDefault(True)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(theme.SPACE)
        for widget in (label, self.field, self._note):
            column.addWidget(widget)
        column.addSpacing(theme.SPACE)
        column.addWidget(buttons)
        self.field.textChanged.connect(self._on_text)
        self.field.setFocus()
        self.field.selectAll()
        self._on_text()

    def note(self) -> str:
        """Return what is said of the name in the field."""
        return self._note.text()

    def _on_text(self) -> None:
        name = " ".join(self.field.text().split())
        other = self._others.get(_folded(name))
        self.rename_button.setEnabled(bool(name) and name != self._tag)
        self.rename_button.setText(self.tr("Merge") if other is not None else self.tr("Rename"))
        if other is None:
            self._note.setText("")
            return
        name, count = other
        said = self.tr("“{name}” is on %n photo(s) already. Both become one tag; this cannot be undone.", "", count)
        self._note.setText(said.format(name=name))

    def _on_accepted(self) -> None:
        name = " ".join(self.field.text().split())
        name, _count = self._others.get(_folded(name), (name, 0))  # that one's spelling holds
        self.name_wanted.emit(name)
        self.accept()


def _folded(name: str) -> str:
    """Return what two spellings of one tag have in common, as the library tells them apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.strip()).casefold())
