"""The window begins as it was left: place, scroll, open folders, size, layout, order, sides."""

from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from photofind.gui.main_window import MainWindow
from photofind.gui.sidebar import Place
from photofind.records import Filter, LibraryOverview, Query, SortOrder, WordsPart
from photofind.settings import Settings
from tests.gui.conftest import MakeWindow
from tests.gui.fake_library import FakeLibrary
from tests.gui.test_main_window import browses


@pytest.fixture
def settings_path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def opened(make_window: MakeWindow, library: FakeLibrary, path: Path, qtbot: QtBot) -> MainWindow:
    window = make_window(library, Settings(path))
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("overview") and not window.bridge.is_waiting("list"))
    return window


def shown(window: MainWindow) -> list[int]:
    return [int(photo_id) for photo_id in window.model.ids]


@pytest.mark.parametrize("layout", ["squares", "rows"])
def test_what_was_in_sight_is_again(
    make_window: MakeWindow, library: FakeLibrary, settings_path: Path, qtbot: QtBot, layout: str
) -> None:
    """Also where the chosen photo had been scrolled away."""
    first = opened(make_window, library, settings_path, qtbot)
    first.query_bar.layout_changed.emit(layout)
    first.set_cell_size(220)
    first.grid.select_photo(58)
    bar = first.grid.verticalScrollBar()
    bar.setValue(bar.maximum() * 2 // 3 + 7)
    before = first.grid.place()
    assert before is not None
    assert before[0] not in (0, 58)
    first.close()
    again = opened(make_window, library, settings_path, qtbot)
    qtbot.waitUntil(lambda: again.grid.current_id() == 58)
    qtbot.waitUntil(lambda: again.grid.place() == before)
    assert again.grid.cell_size() == 220
    assert again.grid.selected_ids().tolist() == [58]


@pytest.mark.parametrize("comes_first", ["photos", "folders"])
def test_the_choice_stays_whatever_the_library_answers_first(
    make_window: MakeWindow,
    library: FakeLibrary,
    settings_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    comes_first: str,
) -> None:
    settings = Settings(settings_path)
    settings.set("place", "folder:/photos/2016")
    settings.set("current_photo", 32)
    folders: Future[LibraryOverview] = Future()
    answer_overview = library.overview
    if comes_first == "photos":
        monkeypatch.setattr(library, "overview", lambda: folders)
    library.is_held = comes_first == "folders"
    window = make_window(library, settings)
    if comes_first == "photos":
        qtbot.waitUntil(lambda: window.grid.selected_ids().tolist() == [32])
        library.is_held = True
        asked = len(browses(library))
        library.add_photos(1)
        qtbot.waitUntil(lambda: len(browses(library)) > asked)  # and not answered when the folders come
        folders.set_result(answer_overview().result())
    qtbot.waitUntil(lambda: window.sidebar.path() == b"/photos/2016")
    library.is_held = False
    while library.held_count:
        library.release()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list"))
    assert window.grid.selected_ids().tolist() == [32]
    asked = len(browses(library))
    library.add_photos(1)
    qtbot.waitUntil(lambda: len(browses(library)) > asked and not window.bridge.is_waiting("list"))
    assert window.grid.selected_ids().tolist() == [32]


def test_a_tag_is_shown_again(
    make_window: MakeWindow, library: FakeLibrary, settings_path: Path, qtbot: QtBot
) -> None:
    library.tags_of.update(dict.fromkeys((5, 6, 9), ("sea: cold",)))
    first = opened(make_window, library, settings_path, qtbot)
    first.sidebar.choose_tag("sea: cold")
    qtbot.waitUntil(lambda: sorted(shown(first)) == [5, 6, 9])
    first.close()
    again = opened(make_window, library, settings_path, qtbot)
    qtbot.waitUntil(lambda: sorted(shown(again)) == [5, 6, 9])
    assert again.sidebar.tag() == "sea: cold"
    again.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: len(shown(again)) == 60)
    first.close()


def test_a_tag_that_is_gone_gives_way_to_all_photos(
    make_window: MakeWindow, library: FakeLibrary, settings_path: Path, qtbot: QtBot
) -> None:
    Settings(settings_path).set("place", "tag:gone")
    library.tags_of[7] = ("sea",)
    window = MainWindow(Settings(settings_path))
    qtbot.addWidget(window)
    window.show()
    window.attach(library)
    qtbot.waitUntil(lambda: len(shown(window)) == 60)
    assert window.sidebar.place() is Place.ALL
    assert window.query_bar.filter() == Filter()
    window.close()


def test_a_collection_is_shown_again_and_one_that_is_gone_is_not(
    make_window: MakeWindow, library: FakeLibrary, settings_path: Path, qtbot: QtBot
) -> None:
    kept = library.add_collection("Norway", (7, 3, 12)).result()
    live = library.add_live_collection("Sea", Query((WordsPart("sea"),))).result()
    for collection in (kept, live):
        first = opened(make_window, library, settings_path, qtbot)
        qtbot.waitUntil(lambda: len(first.sidebar._collection_items()) == 2)  # noqa: B023
        first.sidebar.choose_collection(collection.collection_id)
        qtbot.waitUntil(lambda: not first.bridge.is_waiting("list"))  # noqa: B023
        first.close()
        again = opened(make_window, library, settings_path, qtbot)
        qtbot.waitUntil(lambda: again.sidebar.collection() == collection)  # noqa: B023
        if collection is kept:
            qtbot.waitUntil(lambda: shown(again) == [7, 3, 12])  # noqa: B023
        else:
            qtbot.waitUntil(lambda: again.query_bar.parts() == (WordsPart("sea"),))  # noqa: B023
        again.close()
    library.remove_collection(live.collection_id).result()
    window = opened(make_window, library, settings_path, qtbot)
    qtbot.waitUntil(lambda: len(shown(window)) == 60)
    assert window.sidebar.place() is Place.ALL


def test_open_folders_are_open_again(
    make_window: MakeWindow, library: FakeLibrary, settings_path: Path, qtbot: QtBot
) -> None:
    def root(window: MainWindow) -> QTreeWidgetItem:
        item = window.sidebar._find(b"/photos")
        assert item is not None
        return item

    first = opened(make_window, library, settings_path, qtbot)
    assert not root(first).isExpanded()
    root(first).setExpanded(True)
    first.close()
    again = opened(make_window, library, settings_path, qtbot)
    qtbot.waitUntil(lambda: root(again).isExpanded())
    assert root(again).childCount() == 10
    root(again).setExpanded(False)
    again.close()
    assert not root(opened(make_window, library, settings_path, qtbot)).isExpanded()


def test_size_order_layout_and_sides_come_back(
    make_window: MakeWindow, library: FakeLibrary, settings_path: Path, qtbot: QtBot
) -> None:
    first = opened(make_window, library, settings_path, qtbot)
    first.resize(790, 633)  # the screen of the tests is small
    qtbot.waitUntil(lambda: first.width() == 790)
    first.splitter.setSizes([290, 490, 0])
    assert first.sidebar.width() == 290
    first.query_bar.layout_changed.emit("rows")
    first.query_bar.sections_changed.emit(False)
    next(each for each in first.query_bar.view_menu.actions() if each.text() == "Oldest first").trigger()
    first.close()
    settings = Settings(settings_path)
    again = MainWindow(settings)
    qtbot.addWidget(again)
    again.show()
    assert (again.width(), again.height()) == (790, 633)
    qtbot.waitUntil(lambda: again.sidebar.width() == 290)
    assert again.query_bar.order() is SortOrder.OLDEST
    assert settings.text("grid_layout") == "rows"
    assert not settings.flag("grid_sections")
    again.close()
