"""The keys in force, for the rooms that read the keyboard themselves, and for the tooltips that name a key.

Owned by the GUI thread; there is one, as there is one theme, because a key means the same in the whole program. The
table and a person's choice are `shortcuts`. Handing the keys from the window to every room and every button lost: a
card of a duplicate would get them through five hands, to write one letter into a tooltip.
"""

import functools

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from photofind.gui.keys import physical_key
from photofind.gui.shortcuts import Keys, Room, default_keys, native_text, rooms_of

_TIP = "tipWithoutKey"
_COMMAND = "tipCommand"


class Keymap:
    """See the module."""

    def __init__(self) -> None:
        self._keys: Keys = {}
        self._commands: dict[tuple[Room, str], str] = {}
        self.use(default_keys())

    @property
    def keys(self) -> Keys:
        """Portable key sequences of every command."""
        return self._keys

    def use(self, keys: Keys) -> None:
        """Put keys in force, in the rooms and in every tooltip that names one."""
        if keys == self._keys:
            return
        self._keys = dict(keys)
        self._commands = {
            (room, QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)): name
            for name, own in keys.items()
            for room in Room
            if room & rooms_of(name)
            for key in own
        }
        for widget in QApplication.allWidgets():
            if widget.property(_COMMAND):
                self._write_tip(widget)

    def command(self, event: QKeyEvent, room: Room) -> str:
        """Return the name of the command that a key press is in a room, "" when it is none."""
        # The digits and signs of the keypad are those of the other keys.
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = physical_key(event)
        name = self._commands.get((room, _portable(held, key)), "")
        if not name and not Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
            # Many layouts write + and the digits with Shift.
            name = self._commands.get((room, _portable(held & ~Qt.KeyboardModifier.ShiftModifier, key)), "")
        return name

    def show(self, widget: QWidget, name: str) -> None:
        """Let a widget's tooltip end with the key of the command that does the same, also when it changes."""
        widget.setProperty(_TIP, widget.toolTip())
        widget.setProperty(_COMMAND, name)
        self._write_tip(widget)

    def _write_tip(self, widget: QWidget) -> None:
        tip = str(widget.property(_TIP))
        key = native_text(self._keys[str(widget.property(_COMMAND))][:1])
        widget.setToolTip(f"{tip} ({key})" if key else tip)


def _portable(held: Qt.KeyboardModifier, key: Qt.Key) -> str:
    return QKeySequence(QKeyCombination(held, key)).toString(QKeySequence.SequenceFormat.PortableText)


@functools.cache
def current() -> Keymap:
    """Return the keys in force."""
    return Keymap()
