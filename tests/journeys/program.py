"""PhotoFind as a person has it: started on a library and a settings file, used by keys and mouse, started again.

The window, the library, decoder processes, the network and the watching of folders are the real ones; only the
system's trash is a folder of the test's own.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from photofind.events import Stage
from photofind.gui import application
from photofind.gui.main_window import MainWindow
from photofind.gui.photo_model import file_url
from photofind.library import Library
from photofind.records import Photo
from photofind.settings import Settings

KEY, BUTTON = Qt.Key, Qt.MouseButton
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

D = TypeVar("D", bound=QDialog)
W = TypeVar("W", bound=QWidget)


class Program:
    """See the module.

    Args:
        qtbot: Waits.
        base: Photos, library, settings and trash go below it.
    """

    def __init__(self, qtbot: QtBot, base: Path) -> None:
        self._qtbot = qtbot
        self.photos = base / "photos"
        self.photos.mkdir()
        self.trash_folder = base / "trash"
        self.trash_folder.mkdir()
        self.elsewhere = base / "elsewhere"
        """A place outside the library."""
        self.elsewhere.mkdir()
        self._library_dir = base / "library"
        self._settings_path = base / "settings.toml"
        self._session: application.Session | None = None

    # Its life

    def start(self) -> MainWindow:
        """Open the window and wait until the library is there."""
        self.settings = Settings(self._settings_path)
        self._session = session = application.Session(self._library_dir, (), self.settings, "")
        session.window.show()
        session.open_library()
        self.wait(lambda: session.window._library is not None)
        return session.window

    def start_with(self, count: int) -> MainWindow:
        """Start on the folder of photos, all read."""
        self.start()
        self.window.folder_actions.add(os.fsencode(self.photos))
        self.wait_for_photos(count)
        return self.window

    def stop(self) -> None:
        """Close the window, as its cross does."""
        session, self._session = self._session, None
        if session is None:
            return
        session.window.close()
        session.close()
        session.window.deleteLater()
        session.deleteLater()
        # Now, not at some later turn of the loop: every living window is styled anew with the next one.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def restart(self) -> MainWindow:
        """Close it and start it again."""
        self.stop()
        return self.start()

    @property
    def window(self) -> MainWindow:
        """The window."""
        assert self._session is not None
        return self._session.window

    @property
    def library(self) -> Library:
        """What the window shows."""
        return self.window.library

    # Waiting

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the program work until something holds."""
        try:
            self._qtbot.waitUntil(condition)
        except TimeoutError as error:
            raise AssertionError(self._state()) from error

    def _state(self) -> str:
        """Return what is seen when something did not come."""
        window = self.window
        if window._library is None:
            return f"No library: {window.state_page.title()}"
        return (
            f"{window.sidebar.place()}, {type(window.pages.currentWidget()).__name__}, "
            f"says {window.message.text()!r}, {self.library.progress()}, "
            f"shows {self.names()}, chosen {self.chosen()}"
        )

    def wait_for_photos(self, count: int) -> None:
        """Wait until the grid shows so many and nothing is left to do."""
        self.wait(lambda: len(self.window.model.ids) == count and self.is_idle())

    def is_idle(self) -> bool:
        """Tell whether nothing is being read, asked or about to be."""
        window = self.window
        return (
            self.library.progress().stage is Stage.IDLE
            and not window._refresh.isActive()
            and not window._counts.isActive()
            and not any(window.bridge.is_waiting(topic) for topic in ("list", "overview"))
        )

    def settle(self) -> None:
        """Wait until it is idle."""
        self.wait(self.is_idle)

    def wait_for_dialog(self, kind: type[D]) -> D:
        """Wait for a dialog and return it."""
        self.wait(lambda: bool(self._dialogs(kind)))
        (dialog,) = self._dialogs(kind)
        return dialog

    def _dialogs(self, kind: type[D]) -> list[D]:
        return [dialog for dialog in self.window.findChildren(kind) if dialog.isVisible()]

    # Looking

    def names(self) -> list[str]:
        """Return the names of the files in the grid, in its order."""
        return [os.fsdecode(os.path.basename(photo.path)) for photo in self.shown()]

    def shown(self) -> list[Photo]:
        """Return the photos in the grid, in its order."""
        return self.library.photos([int(photo_id) for photo_id in self.window.model.ids])

    def photo(self, place: str) -> Photo:
        """Return the photo at a place below the folder of photos, as the library has it now."""
        photo_id = self.library.photo_at(os.fsencode(self.photos / place))
        assert photo_id is not None, place
        return self.library.photos([photo_id])[0]

    def chosen(self) -> list[str]:
        """Return the names of the selected photos."""
        photos = self.library.photos(self.window.grid.selected_ids().tolist())
        return [os.fsdecode(os.path.basename(photo.path)) for photo in photos]

    # Doing

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
        """Press a key, in the grid where nothing else is named; the focus goes there first, as by Tab."""
        target = on or self.window.grid
        target.activateWindow()  # off screen nobody does it when a dialog has gone
        self.wait(target.isActiveWindow)
        if target is not self.window:
            target.setFocus()
        QTest.keyClick(target, key, modifiers)

    def write(self, text: str, on: QWidget) -> None:
        """Click a field and write into it."""
        QTest.mouseClick(on, BUTTON.LeftButton)
        QTest.keyClicks(on, text)

    def click(self, *places: str) -> None:
        """Click photos of the grid, the second and those after it with Ctrl."""
        grid = self.window.grid
        for number, place in enumerate(places):
            row = self.window.model.row_of(self.photo(place).photo_id)
            assert row >= 0, place
            index = self.window.model.index(row)
            grid.scrollTo(index)
            QTest.mouseClick(
                grid.viewport(), BUTTON.LeftButton, CTRL if number else NONE, grid.visualRect(index).center()
            )
        if len(places) == 1:  # what the pointer does next is no double click
            QTest.qWait(0)
        grid.setFocus()

    def choose_from_menu(self, *texts: str) -> None:
        """Open the menu of the chosen photos and choose an entry, the last of these, below the others."""
        menu = self.window.photo_menu()
        self.trigger(menu, *texts)
        menu.deleteLater()

    @staticmethod
    def trigger(menu: QMenu, *texts: str) -> None:
        """Choose an entry of a menu, the last of these, below the others."""
        for text in texts:
            found = [action for action in menu.actions() if action.text().split("\t")[0] == text]
            assert found, (text, [action.text() for action in menu.actions()])
            below = found[0].menu()
            if isinstance(below, QMenu):
                menu = below
            else:
                assert found[0].isEnabled(), text
                found[0].trigger()

    def look_for_changes(self) -> None:
        """Choose "Look for changes" of the folder of photos: what the watching would find a second later."""
        self.trigger(self.window.sidebar.folder_menu(os.fsencode(self.photos), is_root=True), "Look for changes")

    def drop(self, target: QWidget, data: QMimeData, place: QPoint | None = None) -> None:
        """Drop something from another program."""
        at = place or target.rect().center()
        enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, BUTTON.LeftButton, NONE)
        QApplication.sendEvent(target, enter)
        assert enter.isAccepted()
        move = QDragMoveEvent(at, Qt.DropAction.CopyAction, data, BUTTON.LeftButton, NONE)
        QApplication.sendEvent(target, move)
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, BUTTON.LeftButton, NONE)
        QApplication.sendEvent(target, event)
        assert event.isAccepted()

    def drop_files(self, *paths: Path) -> None:
        """Drop files or folders onto the middle of the window."""
        data = QMimeData()
        data.setUrls([file_url(os.fsencode(path)) for path in paths])
        self.drop(self.window, data)

    def move_to_trash(self, path: bytes) -> bytes:
        """Be the system's trash."""
        target = self.trash_folder / f"{len(os.listdir(self.trash_folder))} {os.fsdecode(os.path.basename(path))}"
        os.rename(path, target)
        return os.fsencode(target)
