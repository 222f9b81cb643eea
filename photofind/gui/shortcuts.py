"""Every key of the main window, declared once: the actions are made from this table, and so is the list under F1.

Used on the window's thread. Keys are `QAction` shortcuts rather than a big `keyPressEvent`: Qt finds a shortcut of
a letter by the key's place when the layout has no Latin letters, text fields keep their letters by themselves, and
menus show the keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from photofind.gui import icons, theme

translate = QCoreApplication.translate

_LARGER = ("+", "=", "Ctrl++", "Ctrl+=")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One command.

    Attributes:
        name: Of the command, for the code.
        text: In menus and in the list of keys, translated.
        keys: Portable key sequences, the first one shown.
        in_window: True: works wherever the focus is; False: only while the photos have it.
        icon: Its icon, if any.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    in_window: bool = False
    icon: str = ""


def shortcuts() -> tuple[Shortcut, ...]:
    """Return every command, in the language in force."""
    return (
        Shortcut("find", translate("Shortcuts", "Search words"), ("Ctrl+F",), True, "search"),
        Shortcut("open_image", translate("Shortcuts", "Find by image…"), ("Ctrl+O",), True, "image-search"),
        Shortcut("save_search", translate("Shortcuts", "Save this search…"), ("Ctrl+S",), True, "collection-live"),
        Shortcut("paste", translate("Shortcuts", "Find the image in the clipboard"), ("Ctrl+V",), True),
        Shortcut("back", translate("Shortcuts", "Back: clear the search"), ("Esc",), True),
        Shortcut("similar", translate("Shortcuts", "Find similar"), ("S",), False, "similar"),
        Shortcut("preview", translate("Shortcuts", "Preview"), ("Space",), False, "preview"),
        Shortcut("open", translate("Shortcuts", "Open"), ("Return", "Enter"), False, "open"),
        Shortcut("compare", translate("Shortcuts", "Compare"), ("C",), False, "compare"),
        Shortcut("info", translate("Shortcuts", "Show or hide the details"), ("I",), False, "info"),
        Shortcut("copy", translate("Shortcuts", "Copy files"), ("Ctrl+C",), False, "copy"),
        Shortcut("copy_path", translate("Shortcuts", "Copy path"), ("Ctrl+Shift+C",), False),
        Shortcut("copy_image", translate("Shortcuts", "Copy image"), ("Ctrl+Shift+I",), False, "image"),
        Shortcut("copy_to", translate("Shortcuts", "Copy to folder…"), ("Ctrl+Shift+E",), False, "folder"),
        Shortcut("rename", translate("Shortcuts", "Rename…"), ("F2",), False),
        Shortcut("select_all", translate("Shortcuts", "Select all"), ("Ctrl+A",), False),
        Shortcut("trash", translate("Shortcuts", "Move to trash…"), ("Del",), False, "trash"),
        Shortcut("undo", translate("Shortcuts", "Undo"), ("Ctrl+Z",), True, "undo"),
        Shortcut("rate_0", translate("Shortcuts", "No stars"), ("0",), False),
        Shortcut("rate_1", translate("Shortcuts", "One star"), ("1",), False),
        Shortcut("rate_2", translate("Shortcuts", "Two stars"), ("2",), False),
        Shortcut("rate_3", translate("Shortcuts", "Three stars"), ("3",), False),
        Shortcut("rate_4", translate("Shortcuts", "Four stars"), ("4",), False),
        Shortcut("rate_5", translate("Shortcuts", "Five stars"), ("5",), False),
        Shortcut("pick", translate("Shortcuts", "Mark as picked"), ("P",), False, "flag"),
        Shortcut("reject", translate("Shortcuts", "Mark as rejected"), ("X",), False, "reject"),
        Shortcut("unflag", translate("Shortcuts", "No mark"), ("U",), False),
        Shortcut("larger", translate("Shortcuts", "Larger photos"), _LARGER, False, "zoom-in"),
        Shortcut("smaller", translate("Shortcuts", "Smaller photos"), ("-", "Ctrl+-"), False, "zoom-out"),
        Shortcut("sidebar", translate("Shortcuts", "Show or hide the sidebar"), ("F9",), True, "sidebar"),
        Shortcut("full_screen", translate("Shortcuts", "Full screen"), ("F11",), True, "full-screen"),
        Shortcut("keys", translate("Shortcuts", "List of keys"), ("F1",), True, "keyboard"),
        Shortcut("quit", translate("Shortcuts", "Quit"), ("Ctrl+Q",), True),
    )


def fixed_keys() -> tuple[tuple[str, str], ...]:
    """Return what the photos do with the keyboard and the mouse by themselves: what it does, and the keys."""
    return (
        (translate("Shortcuts", "Move"), translate("Shortcuts", "Arrows, Home, End, Page Up, Page Down")),
        (translate("Shortcuts", "Select more"), translate("Shortcuts", "Shift or Ctrl with a click or the arrows")),
        (translate("Shortcuts", "Size of the photos"), translate("Shortcuts", "Ctrl+wheel")),
        (translate("Shortcuts", "Rate with stars"), translate("Shortcuts", "0 to 5")),
        (translate("Shortcuts", "Go to a name"), translate("Shortcuts", "Type its first letters")),
    )


def make_actions(window: QWidget, photos: QWidget, calls: Mapping[str, Callable[[], None]]) -> dict[str, QAction]:
    """Make an action of every shortcut.

    Args:
        window: Has those that work everywhere.
        photos: Has those that work while it or a child has the focus.
        calls: What each does, by name; every name must be there.
    """
    actions: dict[str, QAction] = {}
    for shortcut in shortcuts():
        owner = window if shortcut.in_window else photos
        action = QAction(shortcut.text, owner)
        action.setObjectName(shortcut.name)
        action.setShortcuts([QKeySequence(keys) for keys in shortcut.keys])
        action.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut
            if shortcut.in_window
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        if shortcut.icon:
            icons.bind(action, shortcut.icon)
        call = calls[shortcut.name]
        action.triggered.connect(lambda _checked=False, call=call: call())
        owner.addAction(action)
        actions[shortcut.name] = action
    return actions


class ShortcutsDialog(QDialog):
    """The list of keys (F1)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(4 * theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE // 2)
        rows = list(fixed_keys())
        for shortcut in shortcuts():
            if shortcut.name.startswith("rate_"):
                continue  # one line of `fixed_keys` says it for all six
            native = QKeySequence(shortcut.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            rows.append((shortcut.text, native))
        half = -(-len(rows) // 2)
        for number, (text, keys) in enumerate(rows):
            row, block = number % half, number // half
            name = QLabel(text, self)
            key = QLabel(keys, self)
            key.setObjectName("muted")
            grid.addWidget(name, row, 3 * block)
            grid.addWidget(key, row, 3 * block + 1)
        grid.setColumnMinimumWidth(2, 2 * theme.SPACE)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * theme.SPACE, 3 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(2 * theme.SPACE)
        column.addLayout(grid)
        column.addWidget(buttons)
