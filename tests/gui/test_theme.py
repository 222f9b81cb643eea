"""The look changes with the system while the window runs, also on what was built before."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.main_window import MainWindow
from tests.gui.fake_library import FakeLibrary
from tests.gui.showing import fill, walk

MOST_PX = 24
"""Of a photo or of the edge of a letter that happen to have a colour of the other look."""
ON_PHOTOS = ("#ffffff",)
"""Lines over photos are white in both."""


@pytest.fixture
def system(qapp: QApplication, look: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Whether the system is dark; `follow` announces it."""
    is_dark = [False]
    monkeypatch.setattr(theme, "_system_is_dark", lambda: is_dark[0])
    theme.current().apply("system")
    theme.current().follow_system()
    yield is_dark
    qapp.styleHints().colorSchemeChanged.disconnect(theme.current()._on_system_changed)
    theme.current().apply("light")


def follow(system: list[bool], *, is_dark: bool) -> None:
    system[0] = is_dark
    scheme = Qt.ColorScheme.Dark if is_dark else Qt.ColorScheme.Light
    QApplication.styleHints().colorSchemeChanged.emit(scheme)


def pixels(widget: QWidget) -> NDArray[np.uint32]:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4) & np.uint32(0xFFFFFF)


def test_nothing_of_a_light_window_stays_light(
    qtbot: QtBot, window: MainWindow, library: FakeLibrary, system: list[bool]
) -> None:
    """States are built light; then the system goes dark, and no icon, text or ground is left behind."""
    fill(library)
    window.resize(1400, 900)
    dark = set(map(str, asdict(theme.DARK).values()))
    stale = []
    for name, widget in walk(qtbot, window, library):
        follow(system, is_dark=True)
        QApplication.processEvents()
        found = pixels(widget)
        for role, value in asdict(theme.LIGHT).items():
            if str(value).startswith("#") and value not in dark and value not in ON_PHOTOS:
                count = int((found == int(value[1:], 16)).sum())
                if count > MOST_PX:
                    stale.append(f"{name}: {count} pixels of {role}")
        follow(system, is_dark=False)
        QApplication.processEvents()
    assert stale == []


def test_each_widget_is_styled_once(qtbot: QtBot, window: MainWindow, system: list[bool]) -> None:
    """Qt tells each of every ancestor, which held the window for 300 ms; what is hidden waits for later turns."""

    class Told(QObject):
        count = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.count += event.type() == QEvent.Type.StyleChange
            return False

    told, page = Told(), QWidget(window)
    label = QLabel("██", page)
    theme.ink(label, "danger")
    page.show()
    page.hide()
    widgets = QApplication.allWidgets()
    QApplication.instance().installEventFilter(told)  # type: ignore[union-attr]
    follow(system, is_dark=True)
    assert told.count < len(widgets)
    assert window.palette().window().color().name() == theme.DARK.window
    page.show()
    assert label.palette().windowText().color().name() == theme.DARK.danger, "shown, it does not wait"
    page.hide()
    follow(system, is_dark=False)
    qtbot.waitUntil(lambda: label.palette().windowText().color().name() == theme.LIGHT.danger)


def test_a_label_with_a_colour_of_its_own_changes_too(qtbot: QtBot, system: list[bool]) -> None:
    label = QLabel("██")
    qtbot.addWidget(label)
    theme.ink(label, "danger")
    label.show()
    assert label.palette().windowText().color().name() == theme.LIGHT.danger
    follow(system, is_dark=True)
    assert label.palette().windowText().color().name() == theme.DARK.danger
    theme.ink(label, "success")
    assert label.palette().windowText().color().name() == theme.DARK.success
