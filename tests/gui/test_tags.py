"""Tags as a whole: the sidebar's and the page's, shown, renamed, merged, removed, given by dropping."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from photofind.gui.main_window import MainWindow
from photofind.gui.sidebar import SHOWN_TAGS, Place, Sidebar, _TagItem
from photofind.gui.tag_name_dialog import TagNameDialog
from photofind.gui.tags_page import TagsPage
from photofind.records import WordsPart
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def tagged(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> MainWindow:
    """A window with three tags: sea on five photos, Sun on two, dog on one."""
    library.tags_of.update(dict.fromkeys(range(5, 10), ("sea",)))
    library.tags_of.update({5: ("sea", "Sun"), 9: ("sea", "Sun"), 10: ("dog",)})
    window.model.forget_all()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window._update_counts()
    qtbot.waitUntil(lambda: names(window.sidebar) == ["dog", "sea", "Sun"])
    window.sidebar.tree().setFocus()
    return window


def items(sidebar: Sidebar) -> list[_TagItem]:
    return sidebar._tag_items()


def names(sidebar: Sidebar) -> list[str]:
    return [item.tag for item in items(sidebar)]


def shown(window: MainWindow) -> list[int]:
    return sorted(int(n) for n in window.model.ids)


def calls(library: FakeLibrary, name: str) -> list[object]:
    return [arguments for method, arguments in library.calls if method == name]


def click(window: MainWindow, tag: str, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    tree = window.sidebar.tree()
    item = next(each for each in items(window.sidebar) if each.tag == tag)
    tree.scrollToItem(item)
    QTest.mouseClick(tree.viewport(), button, pos=tree.visualItemRect(item).center())


def asked_name(qtbot: QtBot, window: MainWindow) -> TagNameDialog:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(TagNameDialog)))
    dialog = next(each for each in window.findChildren(TagNameDialog) if each.isVisible())
    qtbot.waitUntil(dialog.field.hasFocus)
    return dialog


def agree(qtbot: QtBot, text: str = "Remove") -> QMessageBox:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    button = next(each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return box


# --- the sidebar


def test_a_click_shows_the_photos_of_a_tag_and_another_list_shows_all(qtbot: QtBot, tagged: MainWindow) -> None:
    click(tagged, "Sun")
    qtbot.waitUntil(lambda: shown(tagged) == [5, 9])
    assert tagged.query_bar.filter().tags == ("Sun",)
    click(tagged, "sea")
    qtbot.waitUntil(lambda: shown(tagged) == [5, 6, 7, 8, 9])
    tagged.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: len(shown(tagged)) == 60)
    assert tagged.query_bar.filter().tags == ()


def test_arrows_go_through_the_tags(qtbot: QtBot, tagged: MainWindow) -> None:
    tagged.sidebar.choose_tag("dog")
    qtbot.waitUntil(lambda: shown(tagged) == [10])
    QTest.keyClick(tagged.sidebar.tree(), Qt.Key.Key_Down)
    assert tagged.sidebar.tag() == "sea"
    qtbot.waitUntil(lambda: shown(tagged) == [5, 6, 7, 8, 9])


def test_a_search_stays_inside_the_tag(qtbot: QtBot, tagged: MainWindow, library: FakeLibrary) -> None:
    click(tagged, "sea")
    qtbot.waitUntil(lambda: shown(tagged) == [5, 6, 7, 8, 9])
    tagged.query_bar.focus_words()
    qtbot.keyClicks(tagged.query_bar.words, "boat")
    qtbot.waitUntil(lambda: bool(calls(library, "search")))
    query = calls(library, "search")[-1]
    assert query.filter.tags == ("sea",)  # type: ignore[attr-defined]
    assert query.parts == (WordsPart("boat"),)  # type: ignore[attr-defined]
    assert tagged.sidebar.tag() == "sea"


def test_other_filters_narrow_the_tag_and_another_tag_leaves_it(qtbot: QtBot, tagged: MainWindow) -> None:
    click(tagged, "sea")
    tagged.query_bar.filters.choose_labels(("beach",))
    assert tagged.sidebar.tag() == "sea"
    tagged.query_bar.filters.choose_tag("Sun")
    assert tagged.sidebar.place() is Place.ALL
    tagged.query_bar.filters.clear()
    qtbot.waitUntil(lambda: len(shown(tagged)) == 60)
    assert tagged.sidebar.place() is Place.ALL


def test_f2_renames_and_the_photos_stay_in_sight(qtbot: QtBot, tagged: MainWindow, library: FakeLibrary) -> None:
    click(tagged, "Sun")
    qtbot.waitUntil(lambda: shown(tagged) == [5, 9])
    QTest.keyClick(tagged.sidebar.tree(), Qt.Key.Key_F2)
    dialog = asked_name(qtbot, tagged)
    assert not dialog.rename_button.isEnabled()
    qtbot.keyClicks(dialog.field, "Sunshine")
    assert dialog.rename_button.text() == "Rename"
    assert dialog.note() == ""
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(tagged.sidebar) == ["dog", "sea", "Sunshine"])
    assert tagged.sidebar.tag() == "Sunshine"
    qtbot.waitUntil(lambda: shown(tagged) == [5, 9] and not tagged.bridge.is_waiting("list"))
    assert tagged.query_bar.filter().tags == ("Sunshine",)


def test_a_merge_is_said_before(qtbot: QtBot, tagged: MainWindow, library: FakeLibrary) -> None:
    click(tagged, "Sun")
    QTest.keyClick(tagged.sidebar.tree(), Qt.Key.Key_F2)
    dialog = asked_name(qtbot, tagged)
    qtbot.keyClicks(dialog.field, " SEA")
    assert dialog.rename_button.text() == "Merge"
    assert "“sea” is on 5 photo" in dialog.note()
    qtbot.mouseClick(dialog.rename_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(tagged.sidebar) == ["dog", "sea"])
    assert calls(library, "rename_tag") == [((5, 9), ("Sun", "sea"))]
    assert tagged.sidebar.tag() == "sea"
    qtbot.waitUntil(lambda: shown(tagged) == [5, 6, 7, 8, 9])


def test_another_case_is_no_merge(qtbot: QtBot, tagged: MainWindow) -> None:
    tagged.tag_actions.ask_new_name("sea")
    dialog = asked_name(qtbot, tagged)
    qtbot.keyClicks(dialog.field, "Sea")
    assert dialog.rename_button.text() == "Rename"
    assert dialog.rename_button.isEnabled()
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_delete_asks_with_the_number_and_can_be_undone(
    qtbot: QtBot, tagged: MainWindow, library: FakeLibrary
) -> None:
    click(tagged, "sea")
    qtbot.waitUntil(lambda: shown(tagged) == [5, 6, 7, 8, 9])
    QTest.keyClick(tagged.sidebar.tree(), Qt.Key.Key_Delete)
    box = agree(qtbot)
    assert "“sea” off 5 photo" in box.text()
    qtbot.waitUntil(lambda: names(tagged.sidebar) == ["dog", "Sun"])
    qtbot.waitUntil(lambda: len(shown(tagged)) == 60)  # and not an empty list of a tag that is gone
    assert tagged.sidebar.place() is Place.ALL
    qtbot.waitUntil(tagged.message.button().isVisible)
    QTest.mouseClick(tagged.message.button(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(tagged.sidebar) == ["dog", "sea", "Sun"])
    assert library.tags_of[9] == ("Sun", "sea")


def test_the_menu_key_opens_the_menu_at_the_tag(qtbot: QtBot, tagged: MainWindow) -> None:
    tagged.sidebar.choose_tag("Sun")
    tree = tagged.sidebar.tree()
    handle = tagged.windowHandle()
    assert handle is not None
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPointF().toPoint(), QPointF().toPoint())
    QApplication.sendEvent(handle, event)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == ["Rename…", "Remove tag…", "All tags"]
    row = tree.visualItemRect(next(each for each in items(tagged.sidebar) if each.tag == "Sun"))
    assert row.contains(tree.viewport().mapFromGlobal(menu.pos()))
    menu.close()


def drop(window: MainWindow, tag: str) -> QDropEvent:
    tree = window.sidebar.tree()
    item = next(each for each in items(window.sidebar) if each.tag == tag)

    class Dropped(QDropEvent):
        def source(self) -> object:  # type: ignore[override]
            return window.grid

    event = Dropped(
        QPointF(tree.visualItemRect(item).center()), Qt.DropAction.CopyAction,
        window.model.mimeData([window.grid.currentIndex()]), Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    tree.dropEvent(event)
    return event


def test_photos_dropped_on_a_tag_get_it_and_the_undo_takes_it_off_those_that_had_it_not(
    qtbot: QtBot, tagged: MainWindow, library: FakeLibrary
) -> None:
    tagged.grid.select_photo(9)
    model = tagged.grid.selectionModel()
    model.select(tagged.model.index(tagged.model.row_of(12)), model.SelectionFlag.Select)
    assert drop(tagged, "sea").isAccepted()
    qtbot.waitUntil(lambda: "“sea”" in tagged.message.text())
    assert library.tags_of[12] == ("sea",)
    QTest.mouseClick(tagged.message.button(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: library.tags_of[12] == ())
    assert library.tags_of[9] == ("sea", "Sun")


# --- thousands


@pytest.fixture
def sidebar(qtbot: QtBot, look: None) -> Sidebar:
    made = Sidebar()
    qtbot.addWidget(made)
    made.resize(240, 600)
    made.show()
    return made


MANY = [(f"tag {number:05}", 20_000 - number) for number in range(10_000)]


def test_of_thousands_the_most_used_are_shown_and_the_chosen_one(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.set_tags(MANY)
    assert names(sidebar) == [name for name, _count in MANY[:SHOWN_TAGS]]
    sidebar.choose_tag("tag 09000")
    assert names(sidebar)[-1] == "tag 09000"
    with qtbot.assertNotEmitted(sidebar.chosen):
        sidebar.set_tags([(name, count + 1) for name, count in MANY])
    assert sidebar.tag() == "tag 09000"
    assert names(sidebar)[-1] == "tag 09000"
    sidebar.choose(Place.ALL)
    sidebar.set_tags(MANY)
    assert "tag 09000" not in names(sidebar)
    with qtbot.waitSignal(sidebar.chosen) as chosen:
        sidebar.choose_tag("tag 00003")
        sidebar.set_tags([])
    assert chosen.args is not None
    assert sidebar.place() is Place.ALL


@pytest.fixture
def page(qtbot: QtBot, look: None) -> TagsPage:
    made = TagsPage()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.set_tags(MANY)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_page_of_ten_thousand_finds_by_letters_in_no_time(page: TagsPage, qtbot: QtBot) -> None:
    began = time.process_time()
    qtbot.keyClicks(page.field, "0900")
    assert time.process_time() - began < 1.0  # 4 letters: 60 ms
    assert page.table.model().rowCount() == 11
    qtbot.keyClick(page.field, Qt.Key.Key_Down)
    assert page.chosen() == "tag 00900"
    assert page.table.hasFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Escape)
    assert page.field.text() == ""
    assert page.chosen() == "tag 00900"
    assert page.table.model().rowCount() == len(MANY)


def test_letters_that_no_tag_has_say_so(page: TagsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.field, "zzz")
    button = next(each for each in page.findChildren(QPushButton) if each.text() == "Show all tags")
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.table.model().rowCount() == len(MANY)
    assert page.table.isVisible()


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_Return, "show_wanted"),
        (Qt.Key.Key_F2, "new_name_wanted"),
        (Qt.Key.Key_Delete, "removal_wanted"),
    ],
)
def test_keys_of_the_page(page: TagsPage, qtbot: QtBot, key: Qt.Key, signal: str) -> None:
    page.table.setFocus()
    page.choose("tag 00007")
    with qtbot.waitSignal(getattr(page, signal)) as wanted:
        qtbot.keyClick(page.table, key)
    assert wanted.args == ["tag 00007"]


def test_the_page_sorts_by_the_number_of_photos(page: TagsPage, qtbot: QtBot) -> None:
    header = page.table.horizontalHeader()
    place = header.sectionViewportPosition(1) + 20
    first: Callable[[], object] = lambda: page.table.model().index(0, 0).data()  # noqa: E731
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(place, 8).toPoint())
    assert first() == "tag 09999"
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(place, 8).toPoint())
    assert first() == "tag 00000"


def test_when_a_tag_goes_the_next_one_is_chosen(page: TagsPage) -> None:
    page.choose("tag 00007")
    page.set_tags([pair for pair in MANY if pair[0] != "tag 00007"])
    assert page.chosen() == "tag 00008"


def test_the_page_in_the_window(qtbot: QtBot, tagged: MainWindow, library: FakeLibrary) -> None:
    tagged.sidebar.choose(Place.TAGS)
    page = tagged.late_pages.tags()
    assert tagged.pages.currentWidget() is page
    page.choose("Sun")
    QTest.mouseClick(page.remove_button, Qt.MouseButton.LeftButton)
    agree(qtbot)
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 2)
    assert tagged.sidebar.place() is Place.TAGS
    page.choose("dog")
    QTest.mouseClick(page.show_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(tagged) == [10])
    assert tagged.sidebar.tag() == "dog"
    tagged.sidebar.choose(Place.TAGS)
    library.tags_of.clear()
    tagged._update_counts()
    qtbot.waitUntil(lambda: tagged.sidebar.place() is not Place.TAG and not names(tagged.sidebar))
