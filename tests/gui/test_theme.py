"""The look changes with the system while the window runs, also on what was built before."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui import theme
from photofind.gui.main_window import MainWindow
from tests.gui.fake_library import FakeLibrary
from tests.gui.showing import fill, walk

MOST_PX = 24
"""Of a photo or of the edge of a letter that happen to have a colour of the other look."""
SEEN = frozenset(
    {
        "one photo with all that was decided", "an answer with everything", "why it matched",
        "a tray of several lines", "several chosen while indexing", "a long message", "the first screen",
        "marked duplicates", "the comparison",
        "the plan, with what is taken over", "problems with a folder that is away", "networks", "adding a network",
        "all tags", "no tags yet", "the index", "the viewer", "filters", "a compared folder",
        "a name that cannot be had",
    }
)  # fmt: skip
"""Every state would take two minutes: styling the window anew takes half a second."""
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
    left = set(SEEN)
    for name, widget in walk(qtbot, window, library):
        if name not in left:
            continue
        left.remove(name)
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
    assert not left


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
