"""A session without a mouse: the keyboard is where it is expected, Esc goes one step back, menus stand right."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.decisions_editor import DecisionsEditor
from photofind.gui.main_window import MainWindow
from photofind.gui.models_page import AddPanel
from photofind.gui.sidebar import Place
from photofind.settings import Settings
from tests.gui.conftest import MakeLibrary, MakeWindow
from tests.gui.fake_library import FakeLibrary
from tests.gui.showing import fill


@pytest.fixture
def session(qtbot: QtBot, make_window: MakeWindow, library: FakeLibrary) -> MainWindow:
    """A window that has just been opened, with everything in it."""
    fill(library)
    window = make_window(library)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: window.sidebar.collections_heading().childCount() == 3)
    return window


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, *, shift: bool = False) -> None:
    QTest.keyClick(focus(), key, Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier)


def search_like(window: MainWindow, qtbot: QtBot, photo_id: int = 59) -> None:
    window.grid.setFocus()
    window.grid.select_photo(photo_id)
    press(Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.query_bar.chip_count() == 1 and not window.bridge.is_waiting("list"))


def test_the_photos_have_the_keyboard_at_the_start(session: MainWindow) -> None:
    assert focus() is session.grid
    press(Qt.Key.Key_Right)
    assert session.grid.current_id() is not None


def test_words_typed_while_the_library_opens_keep_the_keyboard(
    qtbot: QtBot, make_window: MakeWindow, library: FakeLibrary
) -> None:
    library.is_held = True
    window = make_window(library, Settings())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.query_bar.focus_words()
    qtbot.keyClicks(window.query_bar.words, "be")
    library.is_held = False
    while library.held_count:
        library.release()
    qtbot.waitUntil(lambda: len(window.model.ids) > 0 and not window.bridge.is_waiting("list"))
    assert focus() is window.query_bar.words


def test_on_the_first_screen_enter_adds_the_proposed_folder_and_the_menu_is_there(
    qtbot: QtBot, make_window: MakeWindow, make_library: MakeLibrary
) -> None:
    library = make_library(0)
    window = make_window(None)
    window.first_run.propose(b"/photos")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.attach(library)
    qtbot.waitUntil(lambda: focus() is window.first_run.buttons()[0])
    press(Qt.Key.Key_Backtab, shift=True)
    assert focus() is window.query_bar.menu_button
    assert not window.query_bar.words.isEnabled()
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ("add_folder", b"/photos") in library.calls)
    qtbot.waitUntil(window.query_bar.words.isEnabled)


def test_enter_presses_the_one_button_of_a_state(session: MainWindow, qtbot: QtBot) -> None:
    session.query_bar.filters.choose_tag("nobody has it")
    qtbot.waitUntil(session.state_page.isVisible)
    session.state_page.button().setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: focus() is session.grid)
    assert session.query_bar.filters.active_count() == 0


def test_tab_goes_as_the_eye_does(session: MainWindow) -> None:
    """Along the bar from left to right, then the left side, the photos, the details from top to bottom."""
    session.query_bar.menu_button.setFocus()
    seen: list[QPoint] = []
    for _step in range(5):
        seen.append(focus().mapTo(session, QPoint(0, 0)))
        press(Qt.Key.Key_Tab)
    assert [place.x() for place in seen] == sorted(place.x() for place in seen)
    assert all(place.y() < 50 for place in seen)
    assert focus() is session.sidebar.tree()
    while focus() is not session.grid:
        assert session.sidebar.isAncestorOf(focus())
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    assert session.details.isAncestorOf(focus())
    press(Qt.Key.Key_Backtab, shift=True)
    assert focus() is session.grid


@pytest.mark.parametrize("field", ["title", "caption", "tag"])
def test_esc_gives_back_what_stood_in_a_field_and_then_leads_to_the_photos(
    session: MainWindow, library: FakeLibrary, qtbot: QtBot, field: str
) -> None:
    search_like(session, qtbot)
    qtbot.waitUntil(lambda: [photo.photo_id for photo in session.details.photos] == [59])
    (editor,) = session.details.findChildren(DecisionsEditor)
    widget = {"title": editor.title, "caption": editor.caption, "tag": editor.tags.field}[field]
    widget.setFocus()
    before = widget.text() if field == "tag" else widget.toPlainText()  # type: ignore[attr-defined]
    qtbot.keyClicks(widget, "written by mistake")
    press(Qt.Key.Key_Escape)
    assert (widget.text() if field == "tag" else widget.toPlainText()) == before  # type: ignore[attr-defined]
    assert focus() is widget
    assert session.query_bar.chip_count() == 1
    press(Qt.Key.Key_Escape)
    assert focus() is session.grid
    assert session.query_bar.chip_count() == 1
    press(Qt.Key.Key_Escape)
    assert session.query_bar.chip_count() == 0
    assert not [name for name, _arguments in library.calls if name in ("set_title", "set_caption", "add_tags")]


def test_esc_erases_the_words_then_leaves_the_field_then_the_search(session: MainWindow, qtbot: QtBot) -> None:
    search_like(session, qtbot)
    session.query_bar.focus_words()
    qtbot.keyClicks(session.query_bar.words, "sea")
    press(Qt.Key.Key_Escape)
    assert session.query_bar.words.text() == ""
    assert session.query_bar.chip_count() == 1
    press(Qt.Key.Key_Escape)
    assert focus() is session.grid
    assert session.query_bar.chip_count() == 1
    press(Qt.Key.Key_Escape)
    assert session.query_bar.chip_count() == 0


@pytest.mark.parametrize("place", [Place.DUPLICATES, Place.PROBLEMS, Place.NETWORKS, Place.INDEX, Place.TAGS])
def test_esc_leads_from_a_page_to_the_photos(session: MainWindow, qtbot: QtBot, place: Place) -> None:
    session.sidebar.tree().setFocus()
    session.sidebar.choose(place)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Escape)
    assert session.sidebar.place() is Place.ALL
    qtbot.waitUntil(lambda: focus() is session.grid)


def test_esc_closes_what_is_open_on_a_page_first(session: MainWindow, qtbot: QtBot) -> None:
    session.sidebar.choose(Place.TAGS)
    page = session.late_pages.tags()
    page.field.setFocus()
    qtbot.keyClicks(page.field, "zz")
    press(Qt.Key.Key_Escape)
    assert page.field.text() == ""
    assert session.sidebar.place() is Place.TAGS
    session.sidebar.choose(Place.NETWORKS)
    panel = session.late_pages.models().findChild(AddPanel)
    assert panel is not None
    panel.start()
    qtbot.waitUntil(lambda: panel.isAncestorOf(focus()))
    press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert session.sidebar.place() is Place.NETWORKS


def test_the_arrows_never_rest_on_a_heading(session: MainWindow) -> None:
    tree = session.sidebar.tree()
    tree.setFocus()
    headings = {"Library", "Collections", "Tags", "Folders"}
    keys = [Qt.Key.Key_Down] * 24 + [Qt.Key.Key_Left, Qt.Key.Key_Left] + [Qt.Key.Key_Up] * 24
    for key in [*keys, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown]:
        press(key)
        item = tree.currentItem()
        assert item is not None
        assert item.text(0) not in headings
        assert item.isSelected()
    session.sidebar.choose_tag("假期")
    press(Qt.Key.Key_Left)
    assert session.sidebar.tag() == "假期"


def menu_of(session: MainWindow, qtbot: QtBot) -> QMenu:
    handle = session.windowHandle()
    assert handle is not None
    QApplication.sendEvent(handle, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_menu_key_works_where_the_current_one_was_scrolled_away(session: MainWindow, qtbot: QtBot) -> None:
    grid = session.grid
    session.set_cell_size(300)
    grid.setFocus()
    grid.select_photo(60)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    menu = menu_of(session, qtbot)
    assert grid.viewport().rect().contains(grid.viewport().mapFromGlobal(menu.pos()))
    assert grid.viewport().rect().intersects(grid.visualRect(grid.currentIndex()))
    menu.close()
    tree = session.sidebar.tree()
    session.resize(1000, 480)
    tree.setFocus()
    session.sidebar.choose(Place.FOLDER, library_root(session))
    tree.scrollToTop()
    menu = menu_of(session, qtbot)
    assert menu.actions()[0].text() == "Look for changes"
    assert tree.viewport().rect().contains(tree.viewport().mapFromGlobal(menu.pos()))
    menu.close()


def library_root(session: MainWindow) -> bytes:
    return session.library.folders()[0].path


def test_a_group_of_duplicates_has_its_menu_by_key(session: MainWindow, qtbot: QtBot) -> None:
    session.sidebar.choose(Place.DUPLICATES)
    view = session.late_pages.duplicates()
    qtbot.waitUntil(lambda: bool(view.clusters) and not view._pending)
    view.group_list.setFocus()
    press(Qt.Key.Key_Down)
    card = focus()
    menu = menu_of(session, qtbot)
    assert card.rect().contains(card.mapFromGlobal(menu.pos()))
    menu.close()
