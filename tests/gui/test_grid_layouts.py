"""Layouts and sections from the view menu: what they change, and that they are remembered."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.gui.grid_geometry import SquareGeometry
from photofind.gui.justified_rows import RowGeometry
from photofind.gui.main_window import MainWindow
from photofind.records import SortOrder
from photofind.settings import Settings
from tests.gui.conftest import MakeWindow
from tests.gui.fake_library import FakeLibrary


def choose(window: MainWindow, text: str) -> QAction:
    """Choose in the view menu, as a click would."""
    menu = window.query_bar.view_menu
    (action,) = [each for each in menu.actions() if each.text() == text]
    menu.popup(window.mapToGlobal(QPoint(50, 50)))
    QTest.mouseClick(
        menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center()
    )
    assert not menu.isVisible()
    return action


def test_the_layout_is_chosen_and_remembered(make_window: MakeWindow, library: FakeLibrary) -> None:
    settings = Settings()
    window = make_window(library, settings)
    assert isinstance(window.grid.geometry_now(), SquareGeometry)
    assert choose(window, "Justified rows").isChecked()
    assert isinstance(window.grid.geometry_now(), RowGeometry)
    assert settings.text("grid_layout") == "rows"
    again = make_window(library, settings)
    assert isinstance(again.grid.geometry_now(), RowGeometry)
    choose(again, "Squares")
    assert settings.text("grid_layout") == "squares"


def test_sections_are_switched_off_and_stay_off(make_window: MakeWindow, library: FakeLibrary) -> None:
    settings = Settings()
    window = make_window(library, settings)
    assert window.grid.sections() is not None
    choose(window, "Sections by date or folder")
    assert window.grid.sections() is None
    assert not settings.flag("grid_sections")
    assert make_window(library, settings).grid.sections() is None


def test_by_folder_lists_folder_by_folder(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    choose(window, "By folder")
    qtbot.waitUntil(lambda: window.model.listing is not None and window.model.listing.order is SortOrder.FOLDER)
    sections = window.grid.sections()
    assert sections is not None
    assert sections.title(0) == "2014"
    names = [photo.path for photo in window.model.photos(window.model.ids.tolist())]
    assert names == sorted(names)


def test_rankings_have_no_sections(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    window.image_search.find_similar(5)
    qtbot.waitUntil(lambda: window.model.listing is None)
    assert window.grid.sections() is None
    window.query_bar.clear()
    qtbot.waitUntil(lambda: window.grid.sections() is not None)


def test_removing_photos_keeps_the_sections(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    library.is_held = True
    library.remove_photos([60, 59])
    qtbot.waitUntil(lambda: len(window.model.ids) == 58)
    sections = window.grid.sections()
    assert sections is not None
    assert len(sections.listing) == 58


@pytest.mark.parametrize("order", ["name", "size", "added"])
def test_orders_without_dates_have_no_sections(make_window: MakeWindow, library: FakeLibrary, order: str) -> None:
    settings = Settings()
    settings.set("sort_order", order)
    assert make_window(library, settings).grid.sections() is None
