"""What the window's commands share: the library once it is open, and the bar that says what came.

Used on the window's thread. Commands are made with the window, before the library is open; what is asked for before
`attach` or after `close` is passed over.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from photofind.errors import PhotofindError
from photofind.gui.bridge import Bridge
from photofind.gui.message_bar import MessageBar
from photofind.gui.translation import core_sentence

if TYPE_CHECKING:
    from photofind.library import Library


class Commands(QObject):
    """See the module.

    Args:
        window: Parent of menus and dialogs.
        message: Says what came of it.
    """

    def __init__(self, window: QWidget, message: MessageBar) -> None:
        super().__init__(window)
        self._window = window
        self._message = message
        self._open: tuple[Library, Bridge] | None = None

    def attach(self, library: "Library", bridge: Bridge) -> None:
        """Act on this library from now on."""
        self._open = (library, bridge)

    def close(self) -> None:
        """Let the library go."""
        self._open = None

    def _tell(self, act: Callable[["Library", Bridge], object]) -> None:
        """Give the library a command; a refusal (open for searching only) is a sentence."""
        if self._open is None:
            return
        try:
            act(*self._open)
        except PhotofindError as error:
            self._message.say(core_sentence(str(error)))
