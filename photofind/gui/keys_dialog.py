"""The list of keys under F1: every command of every room with its keys, and a field that narrows it.

Owned by the GUI thread. Only a list: keys are changed in the settings (`keys_page`), where there is room to say
whose key it was.
"""

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import keymap, theme
from photofind.gui.shortcuts import Keys, Room, fixed_keys, native_text, shortcuts

translate = QCoreApplication.translate


class KeysDialog(QDialog):
    """The list of keys (F1), in sections, with a field that narrows it.

    Args:
        keys: Those in force.
    """

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._sections: list[tuple[QLabel, list[tuple[QLabel, QLabel]]]] = []
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search commands and keys"))
        self._search.setAccessibleName(self.tr("Search commands and keys"))
        self._search.setToolTip(self.tr("Show only lines that contain this"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._narrow)
        inside = QWidget(self)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, theme.SPACE, 0)
        self._grid.setHorizontalSpacing(3 * theme.SPACE)
        self._grid.setVerticalSpacing(theme.SPACE // 2)
        self._grid.setColumnStretch(0, 1)
        for title, room in (
            (self.tr("Everywhere"), Room.WINDOW),
            (self.tr("Photos"), Room.PHOTOS),
            (self.tr("In the viewer"), Room.VIEWER),
            (self.tr("Among duplicates"), Room.DUPLICATES),
            (self.tr("In the comparison"), Room.COMPARISON),
        ):
            self._add_section(title, (*fixed_keys(room), *rows_of(keys, room)))
        self._nothing = QLabel(self.tr("No command and no key is called that."), inside)
        self._nothing.setObjectName("muted")
        self._nothing.hide()
        self._grid.addWidget(self._nothing, self._grid.rowCount(), 0, 1, 2)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName(self.tr("Commands and their keys"))
        self._scroll.setWidget(inside)
        # As wide as the list wants to be: there is no bar to scroll sideways.
        self._scroll.setMinimumWidth(inside.sizeHint().width() + 3 * theme.SPACE)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setToolTip(self.tr("Close the list (Esc)"))
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(2 * theme.SPACE)
        column.addWidget(self._search)
        column.addWidget(self._scroll, 1)
        column.addWidget(buttons)

    def sizeHint(self) -> QSize:
        """Return a height that every screen has."""
        return QSize(super().sizeHint().width(), 600)

    def lines(self) -> list[tuple[str, str]]:
        """Return what is shown: command and keys."""
        return [(name.text(), keys.text()) for name, keys in self._rows if not name.isHidden()]

    @property
    def search(self) -> QLineEdit:
        """The field that narrows the list."""
        return self._search

    def _add_section(self, title: str, lines: tuple[tuple[str, str], ...]) -> None:
        row = self._grid.rowCount()
        heading = QLabel(title, self)
        heading.setObjectName("section")
        heading.setIndent(0)
        self._grid.addWidget(heading, row, 0, 1, 2)
        rows = []
        for number, (text, keys) in enumerate(lines, row + 1):
            name, key = QLabel(text, self), QLabel(keys, self)
            key.setObjectName("muted")
            self._grid.addWidget(name, number, 0)
            self._grid.addWidget(key, number, 1)
            rows.append((name, key))
        self._rows += rows
        self._sections.append((heading, rows))

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().strip()
        for heading, rows in self._sections:
            for name, key in rows:
                fits = wanted in name.text().casefold() or wanted in key.text().casefold()
                name.setVisible(fits)
                key.setVisible(fits)
            heading.setVisible(any(not name.isHidden() for name, _key in rows))
        self._nothing.setVisible(not self.lines())


def show_keys(parent: QWidget) -> None:
    """Open the list over the window that a widget is in."""
    dialog = KeysDialog(keymap.current().keys, parent.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def rows_of(keys: Keys, room: Room) -> tuple[tuple[str, str], ...]:
    """Return the lines of the commands of a room; the six of the stars are one."""
    lines = []
    stars = [keys[f"rate_{number}"][0] for number in range(6) if keys[f"rate_{number}"]]
    for shortcut in shortcuts():
        if not shortcut.rooms & room:
            continue
        if shortcut.name == "rate_0":
            lines.append((translate("Shortcuts", "Rate with stars"), native_text(tuple(stars))))
        elif not shortcut.name.startswith("rate_"):
            none = translate("Shortcuts", "no key")
            lines.append((shortcut.listed, native_text(keys[shortcut.name]) or none))
    return tuple(lines)
