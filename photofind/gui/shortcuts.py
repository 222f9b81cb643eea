"""Every key of the program, declared once: the window's actions are made from this table, and the list under F1.

Used on the window's thread. The keys of the window are `QAction` shortcuts rather than a big `keyPressEvent`: Qt
finds a shortcut of a letter by the key's place when the layout has no Latin letters (seen on X11 with Russian
alone, Russian beside English, and Chinese), text fields keep their letters by themselves, and menus show the keys.
Viewer, comparison and groups of duplicates have buttons that want Space and Enter first, which a shortcut would
take from them; they ask `keymap` which command an event is.

A command works in one room or in several, and has the same keys in all of them: who finds similar photos with F
among the photos does so in the viewer, too. A person may choose other keys; the settings file holds only what
differs from this table. Whatever the file says, no key has two commands in one room and no command takes a key that
moves among the photos: Qt would call the first ambiguous and do nothing, and the second would take the arrows away.
A person's choice wins over a usual key, also over one that a later version brings.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Flag, auto

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from photofind.gui import icons
from photofind.settings import Settings

Keys = Mapping[str, tuple[str, ...]]
"""Portable key sequences of every command, by its name; the first one is shown in menus."""

translate = QCoreApplication.translate

_LARGER = ("+", "=", "Ctrl++", "Ctrl+=")
_SMALLER = ("-", "Ctrl+-")


class Room(Flag):
    """Where a command has its keys."""

    WINDOW = auto()
    """Wherever the focus is, but in viewer and comparison, which lie over the window."""
    PHOTOS = auto()
    DUPLICATES = auto()
    VIEWER = auto()
    COMPARISON = auto()


_OVER = Room.VIEWER | Room.COMPARISON
_PICTURES = Room.PHOTOS | Room.VIEWER


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One command.

    Attributes:
        name: Of the command, for the code.
        text: In menus and in the list of keys, translated.
        keys: Portable key sequences, the first one shown.
        rooms: Where they work.
        icon: Its icon, if any.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    rooms: Room
    icon: str = ""

    @property
    def listed(self) -> str:
        """What it is called in lists, where nothing follows."""
        return self.text.removesuffix("…")


def shortcuts() -> tuple[Shortcut, ...]:
    """Return every command, in the language in force."""
    window, photos, viewer, duplicates, comparison = (
        Room.WINDOW, Room.PHOTOS, Room.VIEWER, Room.DUPLICATES, Room.COMPARISON
    )  # fmt: skip
    return (
        Shortcut("find", translate("Shortcuts", "Search words"), ("Ctrl+F",), window, "search"),
        Shortcut("open_image", translate("Shortcuts", "Find by image…"), ("Ctrl+O",), window, "image-search"),
        Shortcut(
            "save_search", translate("Shortcuts", "Save this search…"), ("Ctrl+S",), window, "collection-live"
        ),
        Shortcut("paste", translate("Shortcuts", "Find the image in the clipboard"), ("Ctrl+V",), window),
        Shortcut("back", translate("Shortcuts", "Back: clear the search"), ("Esc",), window),
        Shortcut("similar", translate("Shortcuts", "Find similar"), ("S",), _PICTURES | duplicates, "similar"),
        Shortcut("preview", translate("Shortcuts", "Preview"), ("Space",), _PICTURES, "preview"),
        Shortcut("open", translate("Shortcuts", "Open"), ("Return", "Enter"), _PICTURES | duplicates, "open"),
        Shortcut("compare", translate("Shortcuts", "Compare"), ("C",), photos | duplicates, "compare"),
        Shortcut("info", translate("Shortcuts", "Show or hide the details"), ("I",), _PICTURES, "info"),
        Shortcut("copy", translate("Shortcuts", "Copy files"), ("Ctrl+C",), _PICTURES, "copy"),
        Shortcut("copy_path", translate("Shortcuts", "Copy path"), ("Ctrl+Shift+C",), _PICTURES),
        Shortcut("copy_image", translate("Shortcuts", "Copy image"), ("Ctrl+Shift+I",), _PICTURES, "image"),
        Shortcut("copy_to", translate("Shortcuts", "Copy to folder…"), ("Ctrl+Shift+E",), _PICTURES, "folder"),
        Shortcut("rename", translate("Shortcuts", "Rename…"), ("F2",), _PICTURES),
        Shortcut("select_all", translate("Shortcuts", "Select all"), ("Ctrl+A",), photos),
        Shortcut("trash", translate("Shortcuts", "Move to trash…"), ("Del",), _PICTURES, "trash"),
        Shortcut("undo", translate("Shortcuts", "Undo"), ("Ctrl+Z",), window | _OVER, "undo"),
        Shortcut("rate_0", translate("Shortcuts", "No stars"), ("0",), _PICTURES),
        Shortcut("rate_1", translate("Shortcuts", "One star"), ("1",), _PICTURES),
        Shortcut("rate_2", translate("Shortcuts", "Two stars"), ("2",), _PICTURES),
        Shortcut("rate_3", translate("Shortcuts", "Three stars"), ("3",), _PICTURES),
        Shortcut("rate_4", translate("Shortcuts", "Four stars"), ("4",), _PICTURES),
        Shortcut("rate_5", translate("Shortcuts", "Five stars"), ("5",), _PICTURES),
        Shortcut("pick", translate("Shortcuts", "Mark as picked"), ("P",), _PICTURES, "flag"),
        Shortcut("reject", translate("Shortcuts", "Mark as rejected"), ("X",), _PICTURES, "reject"),
        Shortcut("unflag", translate("Shortcuts", "No mark"), ("U",), _PICTURES),
        Shortcut("larger", translate("Shortcuts", "Larger photos"), _LARGER, photos, "zoom-in"),
        Shortcut("smaller", translate("Shortcuts", "Smaller photos"), _SMALLER, photos, "zoom-out"),
        Shortcut("nearer", translate("Shortcuts", "Nearer"), _LARGER, _OVER),
        Shortcut("farther", translate("Shortcuts", "Farther"), _SMALLER, _OVER),
        Shortcut("fit", translate("Shortcuts", "Whole picture or actual pixels"), ("Z",), _OVER),
        Shortcut("region", translate("Shortcuts", "Find a part: draw a box"), ("B",), viewer),
        Shortcut("filmstrip", translate("Shortcuts", "Show or hide the filmstrip"), ("T",), viewer),
        Shortcut("keep_best", translate("Shortcuts", "Keep best, mark others"), ("K",), duplicates),
        Shortcut("unmark", translate("Shortcuts", "Unmark"), ("U",), duplicates),
        Shortcut("dismiss", translate("Shortcuts", "Not a duplicate, or copies to keep"), ("N",), duplicates),
        Shortcut("blink", translate("Shortcuts", "Show the photos in one place by turns"), ("B",), comparison),
        Shortcut("slide", translate("Shortcuts", "Pull a line across two photos"), ("S",), comparison),
        Shortcut("difference", translate("Shortcuts", "Show where two photos differ"), ("D",), comparison),
        Shortcut("sidebar", translate("Shortcuts", "Show or hide the sidebar"), ("F9",), window, "sidebar"),
        Shortcut("full_screen", translate("Shortcuts", "Full screen"), ("F11",), window | _OVER, "full-screen"),
        Shortcut("settings", translate("Shortcuts", "Settings…"), ("Ctrl+,",), window, "settings"),
        Shortcut("keys", translate("Shortcuts", "List of keys"), ("F1",), window | _OVER, "keyboard"),
        Shortcut("quit", translate("Shortcuts", "Quit"), ("Ctrl+Q",), window),
    )


def fixed_keys(room: Room) -> tuple[tuple[str, str], ...]:
    """Return what a room does with the keyboard and the mouse by itself: what it does, and the keys."""
    arrows = translate("Shortcuts", "Arrows")
    if room is Room.PHOTOS:
        return (
            (translate("Shortcuts", "Move"), translate("Shortcuts", "Arrows, Home, End, Page Up, Page Down")),
            (
                translate("Shortcuts", "Select more"),
                translate("Shortcuts", "Shift or Ctrl with a click or the arrows"),
            ),
            (translate("Shortcuts", "Select or leave out the current photo"), native_text(("Ctrl+Space",))),
            (translate("Shortcuts", "Size of the photos"), translate("Shortcuts", "Ctrl+wheel")),
            (translate("Shortcuts", "Go to a name"), translate("Shortcuts", "Type its first letters")),
            (translate("Shortcuts", "Menu of the photo"), native_text(("Menu", "Shift+F10"))),
        )
    if room is Room.VIEWER:
        return (
            (translate("Shortcuts", "Back to the photos"), native_text(("Esc", "Backspace"))),
            (translate("Shortcuts", "Previous photo"), native_text(("Left", "Up", "PgUp"))),
            (translate("Shortcuts", "Next photo"), native_text(("Right", "Down", "PgDown"))),
            (translate("Shortcuts", "First photo, last photo"), native_text(("Home", "End"))),
            (translate("Shortcuts", "Move the box, with Shift resize it"), arrows),
            (translate("Shortcuts", "Find what is in the box"), native_text(("Return",))),
        )
    if room is Room.DUPLICATES:
        return (
            (translate("Shortcuts", "Move among photos and groups"), arrows),
            (translate("Shortcuts", "Mark or unmark a photo"), native_text(("Space",))),
        )
    if room is Room.COMPARISON:
        return (
            (translate("Shortcuts", "Back"), native_text(("Esc",))),
            (translate("Shortcuts", "Move all pictures together"), arrows),
            (translate("Shortcuts", "Move the line"), native_text(("Left", "Right"))),
            (translate("Shortcuts", "Keep this one"), translate("Shortcuts", "1 to 4")),
        )
    return ()


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


_TAKEN: dict[Room, tuple[str, ...]] = {
    Room.VIEWER: ("Esc", "Backspace"),
    Room.DUPLICATES: ("Space",),
    Room.COMPARISON: ("Esc", "1", "2", "3", "4"),
}
"""What the rooms do by themselves, beside the keys that move."""


def refusal(key: str, rooms: Room = Room.PHOTOS) -> str:
    """Return why no command of these rooms can have a portable key sequence; "" when one can."""
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
    if any(room & rooms and key in taken for room, taken in _TAKEN.items()):
        return translate(
            "Shortcuts", "“{key}” has a fixed meaning there; the list of keys (F1) tells which."
        ).format(key=native)
    return ""


def rooms_of(name: str) -> Room:
    """Return where a command has its keys."""
    return _rooms()[name]


def taker_of(key: str, keys: Keys, name: str) -> str:
    """Return the name of the command that a portable key sequence would be taken from, "" when it is free.

    Args:
        key: Looked for.
        keys: Of every command.
        name: The command that wants it; only those that work where it does stand in its way.
    """
    sequence = QKeySequence(key)
    for other, own in keys.items():
        if other != name and _share_room(other, name) and sequence in [QKeySequence(one) for one in own]:
            return other
    return ""


@functools.cache
def _rooms() -> dict[str, Room]:
    return {shortcut.name: shortcut.rooms for shortcut in shortcuts()}


def _share_room(one: str, other: str) -> bool:
    """Return whether two commands would hear the same key; a name that is no command shares no room."""
    return bool(_reach(one) & _reach(other))


def _reach(name: str) -> Room:
    """What works everywhere in the window is heard among photos and duplicates, too."""
    rooms = _rooms().get(name, Room(0))
    return rooms | Room.PHOTOS | Room.DUPLICATES if rooms & Room.WINDOW else rooms


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
        rooms = rooms_of(name)
        why = next((why for key in keys if (why := refusal(key, rooms) or taken_sentence(key, chosen, name))), "")
        if why:
            usual = translate("Shortcuts", "“{command}” has its usual keys: {why}")
            settings.report(usual.format(command=command_text(name), why=why))
        else:
            chosen[name] = keys
    return {
        name: chosen[name] if name in chosen else tuple(key for key in keys if not taker_of(key, chosen, name))
        for name, keys in defaults.items()
    }


def choose_keys(settings: Settings, name: str, keys: tuple[str, ...]) -> None:
    """Give a command these keys, taking them from whoever has them, and save.

    Raises:
        OSError: They cannot be saved.
    """
    changes: dict[str, str | None] = {name: None if keys == default_keys()[name] else "; ".join(keys)}
    for other, text in settings.keys.items():
        if other == name or not _share_room(other, name):
            continue
        own = text.split("; ")
        left = [key for key in own if QKeySequence(key) not in [QKeySequence(taken) for taken in keys]]
        if left != own:
            changes[other] = "; ".join(left)
    settings.set_keys(changes)


def taken_sentence(key: str, keys: Keys, name: str) -> str:
    """Return the sentence that a key belongs to another command where this one works, "" when it is free."""
    taker = taker_of(key, keys, name)
    if not taker:
        return ""
    sentence = translate("Shortcuts", "“{key}” belongs to “{command}”.")
    return sentence.format(key=native_text((key,)), command=command_text(taker))


def command_text(name: str) -> str:
    """Return what a command is called in lists; who lists all has `Shortcut.listed`, 0.3 ms cheaper each."""
    return next(shortcut.listed for shortcut in shortcuts() if shortcut.name == name)


# Actions


def make_actions(
    window: QWidget, photos: QWidget, calls: Mapping[str, Callable[[], None]], keys: Keys | None = None
) -> dict[str, QAction]:
    """Make an action of every command of the window and of the photos.

    Args:
        window: Has those that work everywhere.
        photos: Has those that work while it or a child has the focus.
        calls: What each does, by name; every name must be there.
        keys: Those in force; the table's when None.
    """
    actions: dict[str, QAction] = {}
    for shortcut in shortcuts():
        in_window = bool(shortcut.rooms & Room.WINDOW)
        if not in_window and not shortcut.rooms & Room.PHOTOS:
            continue
        owner = window if in_window else photos
        action = QAction(shortcut.text, owner)
        action.setObjectName(shortcut.name)
        action.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut if in_window else Qt.ShortcutContext.WidgetWithChildrenShortcut
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
    for name, action in actions.items():
        action.setShortcuts([QKeySequence(key) for key in keys[name]])
