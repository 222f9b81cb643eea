"""Fixtures of the window's tests: a library in memory, and a window that has it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui import keymap, message_bar, quick_look, theme
from photofind.gui.main_window import MainWindow
from photofind.gui.shortcuts import default_keys
from photofind.settings import Settings
from tests.conftest import WAIT_MS
from tests.gui.fake_library import FakeLibrary

MakeLibrary = Callable[..., FakeLibrary]
MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def make_library() -> Iterator[MakeLibrary]:
    """Make libraries with the arguments of `FakeLibrary`; all are closed at the end."""
    made: list[FakeLibrary] = []

    def make(*args: object, **kwargs: object) -> FakeLibrary:
        made.append(FakeLibrary(*args, **kwargs))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for library in made:
        library.close()


@pytest.fixture
def library(make_library: MakeLibrary) -> FakeLibrary:
    """A library of 60 photos."""
    return make_library(60)


@pytest.fixture(scope="session")
def look(qapp: QApplication) -> Iterator[None]:
    """The window's own look, light; the look of before afterwards."""
    style, locale = qapp.style().name(), QLocale()
    QLocale.setDefault(QLocale("en_US"))
    palette, sheet = qapp.palette(), qapp.styleSheet()
    qapp.setStyle("Fusion")
    theme.current().apply("light")
    yield
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setStyle(style)
    QLocale.setDefault(locale)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the window waits for or shows a moment only, it does so as long as a busy machine needs."""
    monkeypatch.setattr(quick_look, "PATIENCE_S", WAIT_MS / 1000)
    monkeypatch.setattr(message_bar, "_SHOWN_MS", WAIT_MS)


@pytest.fixture
def make_window(qtbot: QtBot, look: None, unhurried: None, make_library: MakeLibrary) -> Iterator[MakeWindow]:
    """Make a shown window with a library, photos listed; closed at the end."""
    made: list[MainWindow] = []

    def make(library: FakeLibrary | None, settings: Settings | None = None) -> MainWindow:
        window = MainWindow(settings or Settings(), move=lambda path: path)
        made.append(window)
        window.resize(1200, 800)
        window.show()
        if library is not None:
            window.attach(library)
            if not library.is_held and len(library.ids):
                qtbot.waitUntil(lambda: len(window.model.ids) > 0)
        return window

    yield make
    keymap.current().use(default_keys())
    for window in made:
        window.close()
        window.deleteLater()
    # Now, not at some later turn of the loop: every living window is styled anew with the next one.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window: MakeWindow, library: FakeLibrary) -> MainWindow:
    """A window over `library`."""
    return make_window(library)
