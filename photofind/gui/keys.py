"""Which key was pressed on the keyboard itself, whatever the layout writes with it.

Used on the GUI thread. On a Russian or Greek layout Qt reports the letter that would be typed, and a shortcut on S
would be out of reach; then the key's place decides. An input method for Chinese takes letters before anyone sees
them, so widgets that use letters as commands switch it off (`WA_InputMethodEnabled`).
"""

import sys

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

# Linux key codes of the letter rows, plus 8 as X11 and Wayland report them.
_EVDEV_ROWS = ((24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
_BY_SCAN_CODE = {first + i: letter for first, row in _EVDEV_ROWS for i, letter in enumerate(row)}
# macOS virtual key codes (HIToolbox/Events.h).
_BY_MAC_CODE = dict(
    zip(
        (0, 11, 8, 2, 14, 3, 5, 4, 34, 38, 40, 37, 46, 45, 31, 35, 12, 15, 1, 17, 32, 9, 13, 7, 16, 6),
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        strict=True,
    )
)


def asks_for_escape(event: QEvent) -> bool:
    """Return whether an event asks a widget if it wants Esc for itself, which else is the window's way back.

    Who accepts it is given the key; a `keyPressEvent` alone would never see it.
    """
    is_asking = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
    return is_asking and event.key() == Qt.Key.Key_Escape  # type: ignore[attr-defined]


def physical_key(event: QKeyEvent) -> Qt.Key:
    """Return the key of an event; for a letter outside A to Z the one at the same place of a Latin keyboard."""
    key = Qt.Key(event.key())
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z or not event.text().isalpha() or event.text().isascii():
        return key
    if sys.platform == "win32":
        code = event.nativeVirtualKey()
        letter = chr(code) if 0x41 <= code <= 0x5A else ""
    elif sys.platform == "darwin":
        letter = _BY_MAC_CODE.get(event.nativeVirtualKey(), "")
    else:
        letter = _BY_SCAN_CODE.get(event.nativeScanCode(), "")
    return Qt.Key(ord(letter)) if letter else key
