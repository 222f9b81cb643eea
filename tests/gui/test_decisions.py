"""Decisions in the window: marks and tags by key and panel, collections in the sidebar, searches that are kept."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.decisions_editor import DecisionsEditor
from photofind.gui.main_window import MainWindow
from photofind.gui.sidebar import Place
from photofind.records import Collection, Filter, PhotoPart, Query, WordsPart
from tests.gui.fake_library import FakeLibrary


@pytest.fixture(autouse=True)
def active(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.grid.setFocus()


@pytest.fixture
def collected(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> MainWindow:
    """A window whose library has a collection and two kept searches."""
    library.add_collection("Norway", (7, 3, 12)).result()
    library.add_live_collection("Best of the sea", Query((WordsPart("sea"),), Filter(min_rating=4))).result()
    library.add_live_collection("Like nine", Query((PhotoPart(9), PhotoPart(4, -0.5)), Filter())).result()
    window._update_counts()
    qtbot.waitUntil(lambda: len(window.sidebar._collection_items()) == 3)
    return window


def calls(library: FakeLibrary, name: str) -> list[object]:
    return [arguments for method, arguments in library.calls if method == name]


def asked_last(library: FakeLibrary) -> Query:
    query = calls(library, "search")[-1]
    assert isinstance(query, Query)
    return query


def choose(window: MainWindow, name: str) -> Collection:
    item = next(each for each in window.sidebar._collection_items() if each.collection.name == name)
    window.sidebar.tree().setCurrentItem(item)
    return item.collection


def shown(window: MainWindow) -> list[int]:
    return [int(n) for n in window.model.ids]


def entry(menu: QMenu, text: str) -> None:
    """Trigger the entry of a menu or of one below it."""
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            entry(below, text)
        elif action.text().replace("&", "") == text:
            action.trigger()


def answer(qtbot: QtBot, name: str) -> None:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QInputDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue(name)
    dialog.accept()


def test_keys_mark_the_chosen_photos(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> None:
    window.grid.select_photo(11)
    for key, flag in ((Qt.Key.Key_P, 1), (Qt.Key.Key_X, -1), (Qt.Key.Key_U, 0)):
        QTest.keyClick(window.grid, key)
        expected = ((11,), flag)
        qtbot.waitUntil(lambda wanted=expected: wanted in calls(library, "set_flag"))  # type: ignore[misc]


def test_what_is_written_in_the_details_reaches_the_library(
    qtbot: QtBot, window: MainWindow, library: FakeLibrary
) -> None:
    window.grid.select_photo(11)
    qtbot.waitUntil(lambda: [p.photo_id for p in window.details.photos] == [11])
    editor = window.details.findChildren(DecisionsEditor)[0]
    qtbot.keyClicks(editor.tags.field, "Sea,")
    editor.title.setFocus()
    editor.title.selectAll()
    qtbot.keyClicks(editor.title, "Evening")
    qtbot.keyClick(editor.title, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.details.photos[0].tags == ("Sea",))
    qtbot.waitUntil(lambda: window.details.photos[0].title == "Evening")
    assert calls(library, "add_tags") == [((11,), ("Sea",))]
    assert calls(library, "set_title") == [((11,), "Evening")]


def test_a_tag_shows_its_photos_and_lets_the_others_come_back(
    qtbot: QtBot, window: MainWindow, library: FakeLibrary
) -> None:
    library.add_tags((5, 6), ("sea",)).result()
    window.show_tag("sea")
    qtbot.waitUntil(lambda: sorted(shown(window)) == [5, 6])
    window.message.button().click()  # the others come back
    qtbot.waitUntil(lambda: len(shown(window)) == 60)


def test_a_collection_lists_its_photos_in_its_order(qtbot: QtBot, collected: MainWindow) -> None:
    choose(collected, "Norway")
    qtbot.waitUntil(lambda: shown(collected) == [7, 3, 12])
    collected.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: len(shown(collected)) == 60)


def test_a_kept_search_asks_again_and_takes_its_filters_away_with_it(
    qtbot: QtBot, collected: MainWindow, library: FakeLibrary
) -> None:
    choose(collected, "Best of the sea")
    qtbot.waitUntil(lambda: bool(calls(library, "search")))
    asked = asked_last(library)
    assert asked.parts == (WordsPart("sea"),)
    assert asked.filter.min_rating == 4
    assert collected.query_bar.filters.active_count() == 1
    collected.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: len(shown(collected)) == 60)
    assert collected.query_bar.filters.active_count() == 0
    assert collected.query_bar.parts() == ()


def test_a_kept_search_keeps_photos_and_their_weights(
    qtbot: QtBot, collected: MainWindow, library: FakeLibrary
) -> None:
    choose(collected, "Like nine")
    qtbot.waitUntil(lambda: bool(calls(library, "search")))
    assert asked_last(library).parts == (PhotoPart(9), PhotoPart(4, -0.5))


def test_a_search_is_kept_under_a_name(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> None:
    window.actions_by_name["save_search"].trigger()
    assert "Search for something" in window.message.text()
    qtbot.keyClicks(window.query_bar.words, "beach")
    qtbot.waitUntil(lambda: bool(calls(library, "search")))
    window.actions_by_name["save_search"].trigger()
    answer(qtbot, "Beaches")
    qtbot.waitUntil(lambda: [c.name for c in library.collections()] == ["Beaches"])
    (collection,) = library.collections()
    assert library.saved_query(collection.collection_id).query.parts == (WordsPart("beach"),)
    qtbot.waitUntil(lambda: len(window.sidebar._collection_items()) == 1)


def test_the_menu_fills_a_collection_and_takes_out_of_it(
    qtbot: QtBot, collected: MainWindow, library: FakeLibrary
) -> None:
    collected.grid.select_photo(20)
    entry(collected.photo_menu(), "Norway")
    qtbot.waitUntil(lambda: library.collection_members[1] == [7, 3, 12, 20])
    choose(collected, "Norway")
    qtbot.waitUntil(lambda: shown(collected) == [7, 3, 12, 20])
    collected.grid.select_photo(3)
    entry(collected.photo_menu(), "Take out of “Norway”")
    qtbot.waitUntil(lambda: shown(collected) == [7, 12, 20])
    collected.message.button().click()  # Undo
    qtbot.waitUntil(lambda: shown(collected) == [7, 12, 20, 3])


def test_a_name_that_is_taken_is_refused_in_a_sentence(
    qtbot: QtBot, collected: MainWindow, library: FakeLibrary
) -> None:
    collected.grid.select_photo(20)
    entry(collected.photo_menu(), "New collection…")
    answer(qtbot, "norway")
    qtbot.waitUntil(lambda: "already" in collected.message.text())
    assert len(library.collections()) == 3


def test_a_collection_is_renamed_and_removed(qtbot: QtBot, collected: MainWindow, library: FakeLibrary) -> None:
    norway = choose(collected, "Norway")
    entry(collected.sidebar.collection_menu(norway), "Rename…")
    answer(qtbot, "Lofoten")
    qtbot.waitUntil(lambda: "Lofoten" in [c.name for c in library.collections()])
    qtbot.waitUntil(lambda: (c := collected.sidebar.collection()) is not None and c.name == "Lofoten")
    entry(collected.sidebar.collection_menu(norway), "Remove collection…")
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(button for button in box.buttons() if button.text() == "Remove").click()
    qtbot.waitUntil(lambda: len(library.collections()) == 2)
    qtbot.waitUntil(lambda: collected.sidebar.place() is Place.ALL)
    qtbot.waitUntil(lambda: len(shown(collected)) == 60)


class _Drop(QDropEvent):
    """A drop that comes from the grid; Qt knows the source only of real drags."""

    def __init__(self, point: QPointF, window: MainWindow, source: QWidget) -> None:
        self._data = window.grid.mime_data(window.grid.chosen_ids())  # the event does not own it
        super().__init__(
            point, Qt.DropAction.CopyAction, self._data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        self._source = source

    def source(self) -> QWidget:
        return self._source


@pytest.mark.parametrize("name", ["Norway", "Best of the sea"])
def test_photos_dropped_on_a_collection_go_into_it(
    qtbot: QtBot, collected: MainWindow, library: FakeLibrary, name: str
) -> None:
    collected.grid.select_photo(20)
    tree = collected.sidebar.tree()
    item = next(each for each in collected.sidebar._collection_items() if each.collection.name == name)
    event = _Drop(QPointF(tree.visualItemRect(item).center()), collected, collected.grid)
    tree.dropEvent(event)
    if name == "Norway":
        qtbot.waitUntil(lambda: library.collection_members[1] == [7, 3, 12, 20])
        qtbot.waitUntil(lambda: "Norway" in collected.message.text())
    else:  # it fills itself
        assert not calls(library, "add_to_collection")


def test_xmp_files_are_written_for_the_chosen_photos(
    qtbot: QtBot, window: MainWindow, library: FakeLibrary
) -> None:
    window.grid.select_photo(4)
    entry(window.photo_menu(), "Write XMP files beside the photos")
    qtbot.waitUntil(lambda: "1 XMP file" in window.message.text())
    assert calls(library, "export_xmp") == [((4,), False)]
