"""Every key of the main window, declared once: the actions are made from this table, and so is the list under F1.

Used on the window's thread. Keys are `QAction` shortcuts rather than a big `keyPressEvent`: Qt finds a shortcut of
a letter by the key's place when the layout has no Latin letters (seen on X11 with Russian alone, Russian beside
English, and Chinese), text fields keep their letters by themselves, and menus show the keys.

A person may choose other keys; the settings file holds only what differs from this table. Whatever the file says,
no key has two commands and no command takes a key that moves among the photos: Qt would call the first ambiguous
and do nothing, and the second would take the arrows away. A person's choice wins over a usual key, also over one
that a later version brings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QKeyCombination, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
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

from photofind.gui import icons, theme
from photofind.settings import Settings

Keys = Mapping[str, tuple[str, ...]]
"""Portable key sequences of every command, by its name; the first one is shown in menus."""

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
        Shortcut("settings", translate("Shortcuts", "Settings…"), ("Ctrl+,",), True, "settings"),
        Shortcut("keys", translate("Shortcuts", "List of keys"), ("F1",), True, "keyboard"),
        Shortcut("quit", translate("Shortcuts", "Quit"), ("Ctrl+Q",), True),
    )


def fixed_keys() -> tuple[tuple[str, str], ...]:
    """Return what the photos do with the keyboard and the mouse by themselves: what it does, and the keys."""
    return (
        (translate("Shortcuts", "Move"), translate("Shortcuts", "Arrows, Home, End, Page Up, Page Down")),
        (translate("Shortcuts", "Select more"), translate("Shortcuts", "Shift or Ctrl with a click or the arrows")),
        (translate("Shortcuts", "Select or leave out the current photo"), native_text(("Ctrl+Space",))),
        (translate("Shortcuts", "Size of the photos"), translate("Shortcuts", "Ctrl+wheel")),
        (translate("Shortcuts", "Go to a name"), translate("Shortcuts", "Type its first letters")),
        (translate("Shortcuts", "Menu of the photo"), native_text(("Menu", "Shift+F10"))),
    )


def viewer_keys() -> tuple[tuple[str, str], ...]:
    """Return what `viewer` does with the keyboard."""
    return (
        (translate("Shortcuts", "Back to the photos"), native_text(("Esc", "Space", "Return", "Backspace"))),
        (translate("Shortcuts", "Previous photo"), native_text(("Left", "Up", "PgUp"))),
        (translate("Shortcuts", "Next photo"), native_text(("Right", "Down", "PgDown"))),
        (translate("Shortcuts", "First photo, last photo"), native_text(("Home", "End"))),
        (translate("Shortcuts", "Nearer, farther"), native_text(("+", "-"))),
        (translate("Shortcuts", "Whole picture or actual pixels"), native_text(("Z",))),
        (translate("Shortcuts", "Find similar"), native_text(("S",))),
        (translate("Shortcuts", "Find a part: draw a box"), native_text(("B",))),
        (translate("Shortcuts", "Move the box, with Shift resize it"), translate("Shortcuts", "Arrows")),
        (translate("Shortcuts", "Find what is in the box"), native_text(("Return",))),
        (translate("Shortcuts", "Show or hide the facts"), native_text(("I",))),
        (translate("Shortcuts", "Show or hide the filmstrip"), native_text(("T",))),
        (translate("Shortcuts", "Rate with stars"), translate("Shortcuts", "0 to 5")),
        (translate("Shortcuts", "Mark as picked"), native_text(("P",))),
        (translate("Shortcuts", "Mark as rejected"), native_text(("X",))),
        (translate("Shortcuts", "No mark"), native_text(("U",))),
        (translate("Shortcuts", "Move to trash…").removesuffix("…"), native_text(("Del",))),
        (translate("Shortcuts", "Undo"), native_text(("Ctrl+Z",))),
        (translate("Shortcuts", "Full screen"), native_text(("F11",))),
    )


def duplicates_keys() -> tuple[tuple[str, str], ...]:
    """Return what `cluster_list` does with the keyboard."""
    return (
        (translate("Shortcuts", "Move among photos and groups"), translate("Shortcuts", "Arrows")),
        (translate("Shortcuts", "Mark or unmark a photo"), native_text(("Space",))),
        (translate("Shortcuts", "Open"), native_text(("Return",))),
        (translate("Shortcuts", "Keep best, mark others"), native_text(("K",))),
        (translate("Shortcuts", "Unmark"), native_text(("U",))),
        (translate("Shortcuts", "Compare"), native_text(("C",))),
        (translate("Shortcuts", "Not a duplicate, or copies to keep"), native_text(("N",))),
        (translate("Shortcuts", "Find similar"), native_text(("S",))),
    )


def comparison_keys() -> tuple[tuple[str, str], ...]:
    """Return what `compare_view` does with the keyboard."""
    return (
        (translate("Shortcuts", "Back"), native_text(("Esc",))),
        (translate("Shortcuts", "Move all pictures together"), translate("Shortcuts", "Arrows")),
        (translate("Shortcuts", "Nearer, farther"), native_text(("+", "-"))),
        (translate("Shortcuts", "Whole picture or actual pixels"), native_text(("Z",))),
        (translate("Shortcuts", "Show the photos in one place by turns"), native_text(("B",))),
        (translate("Shortcuts", "Pull a line across two photos"), native_text(("S",))),
        (translate("Shortcuts", "Move the line"), native_text(("Left", "Right"))),
        (translate("Shortcuts", "Show where two photos differ"), native_text(("D",))),
        (translate("Shortcuts", "Keep this one"), translate("Shortcuts", "1 to 4")),
        (translate("Shortcuts", "Undo"), native_text(("Ctrl+Z",))),
        (translate("Shortcuts", "Full screen"), native_text(("F11",))),
    )


def native_text(keys: tuple[str, ...]) -> str:
    """Return portable key sequences as this system writes them; in Chinese both keys for Enter are one word."""
    native = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
    return ", ".join(dict.fromkeys(native))


# Keys that a person chose


_MOVING = frozenset(
    {
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
        Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    }
)  # fmt: skip
_LEAVING = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})


def refusal(key: str) -> str:
    """Return why no command can have a portable key sequence; "" when one can."""
    sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
    # The stubs of PySide6 do not know that it can be indexed.
    combination: QKeyCombination | None = sequence[0] if sequence.count() == 1 else None  # type: ignore[index]
    if combination is None or combination.key() == Qt.Key.Key_unknown:
        return translate("Shortcuts", "“{key}” is no key.").format(key=key)
    pressed, held = combination.key(), combination.keyboardModifiers()
    extends = ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
    native = native_text((key,))
    if pressed in _MOVING and not held & extends:
        return translate("Shortcuts", "“{key}” moves among the photos.").format(key=native)
    if pressed == Qt.Key.Key_Space and held == Qt.KeyboardModifier.ControlModifier:
        return translate("Shortcuts", "“{key}” selects photos.").format(key=native)
    if pressed in _LEAVING:
        return translate("Shortcuts", "“{key}” moves among the controls.").format(key=native)
    return ""


def taker_of(key: str, keys: Keys, but: str = "") -> str:
    """Return the name of the command that has a portable key sequence, "" when it is free.

    Args:
        key: Looked for.
        keys: Of every command.
        but: A command that may have it.
    """
    sequence = QKeySequence(key)
    return next(
        (name for name, own in keys.items() if name != but and sequence in [QKeySequence(one) for one in own]), ""
    )


def default_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys of the table."""
    return {shortcut.name: shortcut.keys for shortcut in shortcuts()}


def read_keys(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the keys in force: those a person chose, else the table's without what was given to others.

    What cannot be used is reported to `settings.problems` as a sentence, and the command has its usual keys.
    """
    defaults = default_keys()
    chosen: dict[str, tuple[str, ...]] = {}
    for name, text in settings.keys.items():
        if name not in defaults:
            unknown = translate("Shortcuts", "The settings give keys to “{name}”, which is no command.")
            settings.report(unknown.format(name=name))
            continue
        keys = tuple(part.strip() for part in text.split("; ") if part.strip())
        why = next((why for key in keys if (why := refusal(key) or taken_sentence(key, chosen, name))), "")
        if why:
            usual = translate("Shortcuts", "“{command}” has its usual keys: {why}")
            settings.report(usual.format(command=command_text(name), why=why))
        else:
            chosen[name] = keys
    return {
        name: chosen[name] if name in chosen else tuple(key for key in keys if not taker_of(key, chosen))
        for name, keys in defaults.items()
    }


def choose_keys(settings: Settings, name: str, keys: tuple[str, ...]) -> None:
    """Give a command these keys, taking them from whoever has them, and save.

    Raises:
        OSError: They cannot be saved.
    """
    changes: dict[str, str | None] = {name: None if keys == default_keys()[name] else "; ".join(keys)}
    for other, text in settings.keys.items():
        own = text.split("; ")
        left = [key for key in own if QKeySequence(key) not in [QKeySequence(taken) for taken in keys]]
        if other != name and left != own:
            changes[other] = "; ".join(left)
    settings.set_keys(changes)


def taken_sentence(key: str, keys: Keys, but: str = "") -> str:
    """Return the sentence that a portable key sequence belongs to a command, "" when it is free."""
    taker = taker_of(key, keys, but)
    if not taker:
        return ""
    sentence = translate("Shortcuts", "“{key}” belongs to “{command}”.")
    return sentence.format(key=native_text((key,)), command=command_text(taker))


def command_text(name: str) -> str:
    """Return what a command is called in lists."""
    return next(shortcut.text.removesuffix("…") for shortcut in shortcuts() if shortcut.name == name)


# Actions


def make_actions(
    window: QWidget, photos: QWidget, calls: Mapping[str, Callable[[], None]], keys: Keys | None = None
) -> dict[str, QAction]:
    """Make an action of every shortcut.

    Args:
        window: Has those that work everywhere.
        photos: Has those that work while it or a child has the focus.
        calls: What each does, by name; every name must be there.
        keys: Those in force; the table's when None.
    """
    actions: dict[str, QAction] = {}
    for shortcut in shortcuts():
        owner = window if shortcut.in_window else photos
        action = QAction(shortcut.text, owner)
        action.setObjectName(shortcut.name)
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
    apply_keys(actions, default_keys() if keys is None else keys)
    return actions


def apply_keys(actions: Mapping[str, QAction], keys: Keys) -> None:
    """Put keys in force at once."""
    for name, own in keys.items():
        actions[name].setShortcuts([QKeySequence(key) for key in own])


def show_key(widget: QWidget, action: QAction) -> None:
    """Let a widget's tooltip end with the key of the action that does the same, also when it changes."""
    tip = widget.toolTip()

    def update() -> None:
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        widget.setToolTip(f"{tip} ({key})" if key else tip)

    action.changed.connect(update)
    update()


class ShortcutsDialog(QDialog):
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
        self._add_section(self.tr("Everywhere"), _rows_of(keys, in_window=True))
        self._add_section(self.tr("Photos"), (*fixed_keys(), *_rows_of(keys, in_window=False)))
        self._add_section(self.tr("In the viewer"), viewer_keys())
        self._add_section(self.tr("Among duplicates"), duplicates_keys())
        self._add_section(self.tr("In the comparison"), comparison_keys())
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


def _rows_of(keys: Keys, *, in_window: bool) -> tuple[tuple[str, str], ...]:
    """Return the lines of the table's commands; the six of the stars are one."""
    lines = []
    stars = [keys[f"rate_{number}"][0] for number in range(6) if keys[f"rate_{number}"]]
    for shortcut in shortcuts():
        if shortcut.in_window != in_window:
            continue
        if shortcut.name == "rate_0":
            lines.append((translate("Shortcuts", "Rate with stars"), native_text(tuple(stars))))
        elif not shortcut.name.startswith("rate_"):
            none = translate("Shortcuts", "no key")
            lines.append((command_text(shortcut.name), native_text(keys[shortcut.name]) or none))
    return tuple(lines)
