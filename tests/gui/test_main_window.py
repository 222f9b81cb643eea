"""The window as a person meets it: real keys and clicks, a library in memory behind it."""

import os
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QContextMenuEvent, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.events import PhotosChanged, PhotosRemoved, Progress, Stage
from photofind.gui import similar_strip, theme, wording
from photofind.gui.compare_view import CompareView
from photofind.gui.main_window import MainWindow
from photofind.gui.photo_model import file_url
from photofind.gui.region_selector import RegionDialog
from photofind.gui.sidebar import Place
from photofind.gui.viewer import Viewer
from photofind.records import (
    NOT_ANSWERING,
    Companion,
    DirectoryTree,
    Filter,
    Folder,
    ImagePart,
    LibraryOverview,
    LibrarySummary,
    PhotoPart,
    Query,
    SortOrder,
    WordsPart,
)
from photofind.settings import Settings
from tests.gui.conftest import MakeLibrary, MakeWindow
from tests.gui.fake_library import FakeLibrary

LEFT = Qt.MouseButton.LeftButton
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def click(window: MainWindow, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    grid = window.grid
    QTest.mouseClick(grid.viewport(), LEFT, modifiers, grid.visualRect(grid.model().index(row, 0)).center())


def queries(library: FakeLibrary) -> list[Query]:
    return [call for name, call in library.calls if name == "search"]


def browses(library: FakeLibrary) -> list[tuple[Filter, SortOrder]]:
    return [call for name, call in library.calls if name == "browse"]


def called(library: FakeLibrary, name: str) -> list[object]:
    return [arguments for method, arguments in library.calls if method == name]


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.grid, key, modifiers)


def wait_for_query(qtbot: QtBot, window: MainWindow, library: FakeLibrary, count: int) -> Query:
    qtbot.waitUntil(lambda: len(queries(library)) >= count and not window.bridge.is_waiting("list"))
    return queries(library)[-1]


def drop(window: MainWindow, data: QMimeData) -> None:
    place = QPoint(600, 400)
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()
    assert event.dropAction() is Qt.DropAction.CopyAction


def urls(*paths: str | bytes) -> QMimeData:
    data = QMimeData()
    data.setUrls([file_url(os.fsencode(path)) for path in paths])
    return data


# --- states


def test_an_empty_library_asks_for_a_folder_and_nothing_else(
    make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot, own_home: Path
) -> None:
    (own_home / "Pictures").mkdir()
    library = make_library(0)
    window = make_window(library)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.first_run)
    propose, choose = window.first_run.buttons()
    assert choose.isVisible()
    assert not window.sidebar.isVisible()
    window.first_run.propose(os.fsencode(own_home / "Pictures"))
    assert propose.isVisible()
    QTest.mouseClick(propose, LEFT)
    qtbot.waitUntil(lambda: called(library, "add_folder") == [os.fsencode(own_home / "Pictures")])
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.state_page)
    assert window.sidebar.isVisible()
    library.add_photos(3)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)
    assert len(window.model.ids) == 3


def test_a_folder_dropped_on_the_first_screen_is_added_at_once(
    make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    library = make_library(0)
    window = make_window(library)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.first_run)
    drop(window, urls(str(tmp_path)))
    qtbot.waitUntil(lambda: called(library, "add_folder") == [os.fsencode(tmp_path)])


def test_without_a_library_the_window_stands_and_says_why(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window(None)
    qtbot.waitUntil(lambda: window.state_page.title() == "Opening the library")
    again: list[bool] = []
    window.show_open_error("Another PhotoFind is writing.", lambda: again.append(True))
    assert window.state_page.title() == "The library cannot be opened"
    QTest.mouseClick(window.state_page.button(), LEFT)
    assert again == [True]


def test_nothing_found_offers_to_clear_the_search(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    ids, library.ids = library.ids, library.ids[:0]
    window.query_bar.words.setFocus()
    QTest.keyClicks(window.query_bar.words, "unicorn")
    library.ids = ids[:0]
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.state_page)
    library.ids = ids
    window.state_page.button().click()
    window.query_bar.clear()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)


def test_a_search_that_fails_is_a_sentence_with_a_way_out(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.error = UserError("This file is no image.")
    window.image_search.find_image(ImagePart(path=b"/tmp/no-image"), "no-image")
    qtbot.waitUntil(lambda: window.state_page.title() == "This search did not work")
    library.error = None
    window.state_page.button().click()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)
    assert window.query_bar.parts() == ()


# --- looking for


def test_typing_searches_once_after_a_pause(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    assert window.query_bar.words.hasFocus()
    QTest.keyClicks(window.query_bar.words, "beach sunset")
    query = wait_for_query(qtbot, window, library, 1)
    assert query.parts == (WordsPart("beach sunset"),)
    assert len(queries(library)) == 1


def test_the_letters_of_shortcuts_are_letters_while_typing(window: MainWindow, qtbot: QtBot) -> None:
    window.query_bar.words.setFocus()
    QTest.keyClicks(window.query_bar.words, "is 5+0-si")
    assert window.query_bar.words.text() == "is 5+0-si"
    assert window.details.isVisible()


def test_s_finds_similar_and_esc_goes_back_to_the_same_place(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    window.grid.verticalScrollBar().setValue(300)
    row = next(r for y in range(100, 400, 20) if (r := window.grid.indexAt(QPoint(100, y)).row()) >= 0)
    click(window, row)
    photo_id = int(window.model.ids[row])
    press(window, Qt.Key.Key_S)
    query = wait_for_query(qtbot, window, library, 1)
    assert query.parts == (PhotoPart(photo_id),)
    qtbot.waitUntil(lambda: int(window.model.ids[0]) == photo_id)
    assert window.grid.verticalOffset() == 0
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(window.model.ids) == 60 and window.grid.verticalOffset() == 300)
    assert window.grid.current_id() == photo_id
    assert browses(library)[-1][0] == Filter()


def test_more_and_less_like_this_add_chips_with_signs(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(window, 0)
    menu = window.photo_menu()
    actions = {action.text(): action for action in menu.actions()}
    actions["More like this"].trigger()
    wait_for_query(qtbot, window, library, 1)
    click(window, 5)
    less = int(window.model.ids[5])
    {action.text(): action for action in window.photo_menu().actions()}["Less like this"].trigger()
    query = wait_for_query(qtbot, window, library, 2)
    assert query.parts == (PhotoPart(60, 1.0), PhotoPart(less, -1.0))
    assert window.query_bar.chip_count() == 2


def test_several_selected_photos_are_looked_for_together(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(window, 1)
    click(window, 3, CTRL)
    press(window, Qt.Key.Key_S)
    assert wait_for_query(qtbot, window, library, 1).parts == (PhotoPart(59), PhotoPart(57))


def test_a_dropped_file_becomes_the_query_and_is_not_added(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"any")
    drop(window, urls(str(path)))
    query = wait_for_query(qtbot, window, library, 1)
    assert query.parts == (ImagePart(path=os.fsencode(path)),)
    assert not called(library, "add_folder")


def test_a_dropped_photo_of_the_library_uses_what_is_known(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    drop(window, urls(library.photos([7])[0].path))
    assert wait_for_query(qtbot, window, library, 1).parts == (PhotoPart(7),)


def test_dropped_pixels_become_the_query(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    image = QImage(2400, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    data = QMimeData()
    data.setImageData(image)
    data.setUrls([QUrl("https://example.org/picture.jpg")])
    drop(window, data)
    (part,) = wait_for_query(qtbot, window, library, 1).parts
    assert isinstance(part, ImagePart)
    again = QImage.fromData(part.data or b"")
    assert (again.width(), again.height()) == (1536, 768)
    assert again.pixelColor(5, 5) == QColor("teal")


def test_an_address_of_the_web_is_explained_not_fetched(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/picture.jpg")])
    drop(window, data)
    qtbot.waitUntil(lambda: "does not use the internet" in window.message.text())
    assert not queries(library)


@pytest.mark.parametrize("in_field", [False, True])
def test_a_pasted_image_becomes_the_query_wherever_the_focus_is(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, in_field: bool
) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("orange"))
    QApplication.clipboard().setImage(image)
    if in_field:
        window.query_bar.words.setFocus()
        QTest.keyClick(window.query_bar.words, Qt.Key.Key_V, CTRL)
    else:
        press(window, Qt.Key.Key_V, CTRL)
    (part,) = wait_for_query(qtbot, window, library, 1).parts
    assert isinstance(part, ImagePart)
    assert QImage.fromData(part.data or b"").pixelColor(1, 1) == QColor("orange")


def test_pasted_text_is_words(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    QApplication.clipboard().setText("beach")
    press(window, Qt.Key.Key_V, CTRL)
    assert wait_for_query(qtbot, window, library, 1).parts == (WordsPart("beach"),)


def test_a_stale_answer_never_shows(make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot) -> None:
    library = make_library(60)
    window = make_window(library)
    library.is_held = True
    window.image_search.find_similar(5)
    window.image_search.find_similar(9)
    # The first was cancelled; whatever it would have said, only the second counts.
    library.release(library.held_count - 1)
    qtbot.waitUntil(lambda: int(window.model.ids[0]) == 9)
    while library.held_count:
        library.release()
    QApplication.processEvents()
    assert int(window.model.ids[0]) == 9


def test_only_likeness_to_pictures_is_shown_as_a_number(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    window.image_search.find_similar(5)
    wait_for_query(qtbot, window, library, 1)
    qtbot.waitUntil(lambda: window.model.hit(int(window.model.ids[-1])) is not None)
    window.query_bar.clear()
    QTest.keyClicks(window.query_bar.words, "photo")
    wait_for_query(qtbot, window, library, 2)

    def shows_what_was_found() -> bool:
        hits = [window.model.hit(int(i)) for i in window.model.ids]
        return all(hit is not None and (hit.by_words or hit.by_meaning) for hit in hits)

    # What words found says so; a number would mean nothing.
    qtbot.waitUntil(shows_what_was_found)
    tip = window.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Found by" in tip
    assert "likeness" not in tip


def test_the_exact_badge_shows_only_for_complete_answers(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    window.image_search.find_similar(5)
    wait_for_query(qtbot, window, library, 1)
    from PySide6.QtWidgets import QLabel

    badge = window.query_bar.findChild(QLabel, "exact")
    assert isinstance(badge, QLabel)
    qtbot.waitUntil(badge.isVisible)
    window.query_bar.show_result("3 photos", is_exact=False)
    assert not badge.isVisible()


# --- words that find what pictures show


def details_text(window: MainWindow) -> str:
    from PySide6.QtWidgets import QLabel

    shown = [label.text() for label in window.details.findChildren(QLabel) if label.isVisibleTo(window.details)]
    return "\n".join(shown)


def test_a_hit_of_words_says_what_found_it(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    def says(sentence: str) -> bool:
        return sentence in details_text(window).splitlines()

    QTest.keyClicks(window.query_bar.words, "img")
    wait_for_query(qtbot, window, library, 1)
    for row, sentence in (
        (0, "Found by its file name"),
        (1, "Found by what it shows"),
        (2, "Found by its file name and by what it shows"),
    ):
        click(window, row)
        qtbot.waitUntil(partial(says, sentence))
    window.query_bar.clear()
    qtbot.waitUntil(lambda: len(window.model.ids) == 60 and "Found by" not in details_text(window))


def test_words_that_no_list_knows_are_named_calmly(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    library.unknown_words = ("雪橇犬", "琉璃瓦")
    window.query_bar.words.setText("雪橇犬 琉璃瓦")
    window.query_bar.query_changed.emit()
    qtbot.waitUntil(lambda: "Not among the known words: 雪橇犬, 琉璃瓦." in window.query_bar.notice())
    assert window.pages.currentWidget() is window.grid
    library.unknown_words = ()
    QTest.keyClicks(window.query_bar.words, "x")
    qtbot.waitUntil(lambda: window.query_bar.notice() == "")


def test_a_network_without_words_is_said_with_the_way_out(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.use_model("mine-2").result()
    QTest.keyClicks(window.query_bar.words, "beach")
    qtbot.waitUntil(lambda: "understands no words" in window.query_bar.notice())
    assert "Networks" in window.query_bar.notice()
    window.query_bar.clear()
    assert window.query_bar.notice() == ""


def test_a_chip_of_the_details_shows_only_such_photos_and_can_be_taken_back(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    from PySide6.QtWidgets import QToolButton

    click(window, 0)
    wanted = library.labels(60)[0].name
    qtbot.waitUntil(lambda: bool(window.details.findChildren(QToolButton, "label-chip")))
    chips = window.details.findChildren(QToolButton, "label-chip")
    QTest.mouseClick(next(chip for chip in chips if chip.text() == wanted), LEFT)
    qtbot.waitUntil(lambda: browses(library)[-1][0] == Filter(labels=(wanted,)))
    qtbot.waitUntil(lambda: 0 < len(window.model.ids) < 60)
    assert wanted in window.message.text()
    QTest.mouseClick(window.message.button(), LEFT)
    qtbot.waitUntil(lambda: len(window.model.ids) == 60)
    assert browses(library)[-1][0] == Filter()


def test_a_label_narrows_a_search(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    window.image_search.find_similar(5)
    wait_for_query(qtbot, window, library, 1)
    window.show_label("beach")
    assert wait_for_query(qtbot, window, library, 2).filter.labels == ("beach",)


def test_the_networks_are_a_place_of_the_sidebar(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    from photofind.gui.models_page import ModelsPage

    window.sidebar.choose(Place.NETWORKS)
    page = window.pages.currentWidget()
    assert isinstance(page, ModelsPage)
    assert not window.details.isVisible()
    library.emit(Progress(Stage.INDEXING, 3, 60))
    library.add_photos(2)
    qtbot.waitUntil(lambda: library.summary().photos == 62 and not window._refresh.isActive())
    assert window.pages.currentWidget() is page
    QTest.keyClicks(window.query_bar.words, "beach")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)
    assert window.sidebar.place() is Place.ALL


def test_the_settings_lead_to_the_networks(window: MainWindow, qtbot: QtBot) -> None:
    from photofind.gui.settings_dialog import SettingsDialog

    window.actions_by_name["settings"].trigger()
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Networks…").click()
    assert window.sidebar.place() is Place.NETWORKS


# --- while photos come in


def test_photos_appear_while_indexing_and_the_selection_stays(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(window, 4)
    chosen = window.grid.selected_ids().tolist()
    library.add_photos(5)
    qtbot.waitUntil(lambda: len(window.model.ids) == 65)
    assert window.grid.selected_ids().tolist() == chosen


def test_removed_photos_leave_at_once(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    library.is_held = True
    library.remove_photos([60, 59])
    qtbot.waitUntil(lambda: len(window.model.ids) == 58)


def test_the_size_is_offered_only_beside_photos(window: MainWindow, qtbot: QtBot) -> None:
    size = window.status._size
    assert size.isVisible()
    window.sidebar.choose(Place.PROBLEMS)
    assert not size.isVisible()
    window.sidebar.choose(Place.ALL)
    qtbot.waitUntil(size.isVisible)


def test_the_status_bar_says_what_came_of_it(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    assert window.status.text() == ""  # nothing was done yet
    library.emit(Progress(Stage.SCANNING))
    library.emit(Progress(Stage.IDLE))
    qtbot.waitUntil(lambda: window.status.text() == "Everything is up to date")
    library.emit(Progress(Stage.WAITING, 12, 1300, message="Indexing waits for mains power."))
    qtbot.waitUntil(lambda: window.status.text() == "Indexing waits for mains power.")
    library.emit(Progress(Stage.IDLE, 1231, 1234, 3))
    qtbot.waitUntil(lambda: window.status.text().startswith("Read 1,231 photo"))
    assert "3 could not be read" in window.status.text()
    library.emit(Progress(Stage.IDLE, 100, 1234))
    qtbot.waitUntil(lambda: "stopped before 1,134 more" in window.status.text())


def test_the_index_is_a_place_of_the_sidebar(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    window.sidebar.choose(Place.INDEX)
    qtbot.waitUntil(lambda: ("index_report", None) in library.calls)
    assert window.pages.currentWidget() is window.late_pages.index()
    assert not window.details.isVisible()
    window.query_bar.words.setText("beach")
    qtbot.keyClick(window.query_bar.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)
    assert window.sidebar.place() is Place.ALL


def test_folders_with_very_many_directories_are_read_elsewhere(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: Future[LibraryOverview] = Future()
    monkeypatch.setattr(library, "overview", lambda: held)
    monkeypatch.setattr(library, "directories", lambda: pytest.fail("asked on the window's thread"))
    library.add_photos(3)
    qtbot.waitUntil(lambda: window.bridge.is_waiting("overview"))
    assert window.sidebar.isEnabled()
    held.set_result(LibraryOverview(LibrarySummary(63, 63, 2, 63), (), DirectoryTree()))
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("overview"))
    assert "2 problem" in window.status._problems.text()


def test_the_status_bar_says_how_far_and_pauses(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    library.emit(Progress(Stage.INDEXING, 12_480, 31_002, 3, 143.2, 125.0))
    qtbot.waitUntil(lambda: "12,480" in window.status.text())
    assert window.status.text().startswith("Indexing 12,480 of 31,002 · 143 photos/s · 2 minute")
    from PySide6.QtWidgets import QToolButton

    pause = next(b for b in window.status.findChildren(QToolButton) if b.accessibleName() == "Pause")
    QTest.mouseClick(pause, LEFT)
    assert called(library, "pause")
    library.emit(Progress(Stage.PAUSED, 12_480, 31_002))
    qtbot.waitUntil(lambda: pause.accessibleName() == "Resume")
    QTest.mouseClick(pause, LEFT)
    assert called(library, "resume")
    library.emit(Progress(Stage.IDLE))
    qtbot.waitUntil(lambda: not pause.isVisible())


def test_an_offline_folder_stays_listed_and_says_why(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.folder_list.append(Folder(2, b"/mnt/nas", False, 100, "The drive is not connected."))
    window._update_counts()
    qtbot.waitUntil(lambda: window.sidebar.folder_at(b"/mnt/nas") is not None)
    window.sidebar.choose(Place.FOLDER, b"/mnt/nas")
    qtbot.waitUntil(lambda: "/mnt/nas" in window.message.text())
    QTest.mouseClick(window.message.button(), LEFT)
    assert called(library, "rescan") == [b"/mnt/nas"]


def test_a_folder_that_does_not_answer_is_named_beside_what_goes_on(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.folder_list.append(Folder(2, b"/mnt/NAS", False, 100, NOT_ANSWERING))
    library.emit(Progress(Stage.INDEXING, 3, 8))
    qtbot.waitUntil(lambda: window.status.text() == "Indexing 3 of 8 · NAS does not answer")
    library.emit(Progress(Stage.IDLE, 8, 8))
    qtbot.waitUntil(lambda: window.status.text().startswith("NAS does not answer · Read 8"))
    library.folder_list.append(Folder(3, b"/mnt/old", False, 100, NOT_ANSWERING))
    window._update_counts()
    qtbot.waitUntil(lambda: window.status.text().startswith("2 folder"))
    library.folder_list[1:] = [Folder(2, b"/mnt/NAS", True, 100)]
    window._update_counts()
    qtbot.waitUntil(lambda: window.status.text().startswith("Read 8"))


def test_a_folder_narrows_the_search_and_all_photos_ends_it(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    window.query_bar.words.setFocus()
    QTest.keyClicks(window.query_bar.words, "beach")
    wait_for_query(qtbot, window, library, 1)
    window.sidebar.choose(Place.FOLDER, b"/photos/2016")
    query = wait_for_query(qtbot, window, library, 2)
    assert query.filter.directory == b"/photos/2016"
    window.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: window.query_bar.parts() == () and len(window.model.ids) == 60)


# --- what is done to photos


def test_digits_rate(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    click(window, 0)
    click(window, 1, CTRL)
    press(window, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: called(library, "set_rating") == [((60, 59), 4)])
    press(window, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: called(library, "set_rating")[-1] == ((60, 59), None))


def test_del_asks_moves_and_ctrl_z_brings_back(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    click(window, 0)
    click(window, 2, CTRL)
    press(window, Qt.Key.Key_Delete)
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert not called(library, "move_to_trash")
    button = next(b for b in box.findChildren(QPushButton) if b.text() == "Move to trash")
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: len(window.model.ids) == 58)
    assert called(library, "move_to_trash") == [((60, 58), False)]
    qtbot.waitUntil(lambda: window.message.text() == "Moved 2 photo(s) to the trash.")
    assert window.message.button().text() == "Undo"
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    press(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: len(window.model.ids) == 60)
    assert "2 photo(s) back" in window.message.text()


def test_the_question_names_what_goes_along(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    library.add_companion(60, ".MOV")
    library.add_companion(60, ".xmp", is_kept=True)
    for number in range(52, 60):
        library.add_companion(number, ".AAE")
    click(window, 0)
    press(window, Qt.Key.Key_Delete)
    (box,) = window.findChildren(QMessageBox)
    qtbot.waitUntil(lambda: "goes, too: IMG_00060.MOV\n" in box.informativeText())
    assert "undo" in box.informativeText()
    box.reject()
    window.photo_actions.ask_trash_of(list(range(52, 61)))
    box = window.findChildren(QMessageBox)[-1]
    qtbot.waitUntil(lambda: "goes, too: " in box.informativeText())
    assert ", IMG_00056.AAE, and 4 more\n" in box.informativeText()
    box.reject()


def test_the_details_show_what_lies_beside(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    library.add_companion(60, ".MOV")

    def shown() -> dict[str, str]:
        return {label.text(): label.toolTip() for label in window.details.findChildren(QLabel)}

    click(window, 0)
    qtbot.waitUntil(lambda: "IMG_00060.MOV" in shown())
    assert shown()["IMG_00060.MOV"] == "The video of this live photo, 3.0 MB; it goes where the photo goes"
    click(window, 1)
    qtbot.waitUntil(lambda: [photo.photo_id for photo in window.details.photos] == [59])
    qtbot.waitUntil(lambda: "IMG_00060.MOV" not in shown())


def test_the_undo_bar_undoes(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    window.trash([60])
    qtbot.waitUntil(lambda: window.message.button().isVisible())
    QTest.mouseClick(window.message.button(), LEFT)
    qtbot.waitUntil(lambda: bool(called(library, "undo_removal")))
    qtbot.waitUntil(lambda: len(window.model.ids) == 60)


def test_missing_photos_are_forgotten_only_after_a_yes(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    folder = Folder(7, b"/mnt/nas", False, 50, "11 of 50 photos are missing.")
    window.sidebar.forget_wanted.emit(folder)
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "11 of 50" in box.informativeText()
    assert not called(library, "forget_missing")
    forget = next(button for button in box.buttons() if button.text() == "Forget")
    QTest.mouseClick(forget, LEFT)
    qtbot.waitUntil(lambda: called(library, "forget_missing") == [7])


def test_cancelling_moves_nothing(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    click(window, 0)
    press(window, Qt.Key.Key_Delete)
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not called(library, "move_to_trash")


def test_a_file_that_stays_is_reported_with_its_reason(
    make_library: MakeLibrary, make_window: MakeWindow, qtbot: QtBot
) -> None:
    library = make_library(3)
    window = make_window(library)

    def refuse(path: bytes) -> bytes | None:
        raise OSError("The drive is read-only.")

    window.photo_actions._move = refuse
    window.trash([3, 2])
    qtbot.waitUntil(lambda: "The drive is read-only." in window.message.text())
    assert len(window.model.ids) == 3


def test_copy_puts_files_and_paths_on_the_clipboard(window: MainWindow, library: FakeLibrary) -> None:
    click(window, 0)
    press(window, Qt.Key.Key_C, CTRL)
    assert [url.toLocalFile() for url in QApplication.clipboard().mimeData().urls()] == [
        os.fsdecode(library.photos([60])[0].path)
    ]
    press(window, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.clipboard().text() == os.fsdecode(library.photos([60])[0].path)


def test_space_previews_and_esc_returns(window: MainWindow, qtbot: QtBot) -> None:
    click(window, 3)
    press(window, Qt.Key.Key_Space)
    assert window.late_pages.viewer().isVisible()
    assert window.late_pages.viewer().photo_id == 57
    QTest.keyClick(window.late_pages.viewer(), Qt.Key.Key_Escape)
    assert not window.late_pages.viewer().isVisible()
    assert window.grid.hasFocus()


def test_filters_ask_with_their_conditions(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    panel = window.query_bar.filters
    window.query_bar.filters_opened.emit()
    qtbot.waitUntil(lambda: panel._camera.count() == 4)
    panel._camera.setCurrentIndex(2)
    qtbot.waitUntil(lambda: browses(library)[-1][0].cameras == ("iPhone 13",))
    panel._year.setCurrentIndex(panel._year.findData("2015"))
    wanted = browses(library)[-1][0]
    assert (wanted.captured_from_ms, wanted.captured_until_ms) == (1_420_070_400_000, 1_451_606_400_000)
    assert panel.active_count() == 2
    panel.clear()
    assert browses(library)[-1][0] == Filter()


def test_order_is_remembered(make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    settings = Settings()
    window = make_window(library, settings)
    oldest = next(a for a in window.query_bar.view_menu.actions() if a.text() == "Oldest first")
    oldest.trigger()
    qtbot.waitUntil(lambda: int(window.model.ids[0]) == 1)
    assert settings.text("sort_order") == "oldest"
    assert make_window(library, settings).query_bar.order() is SortOrder.OLDEST


def test_size_follows_keys_and_slider_and_is_remembered(
    make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    settings = Settings()
    window = make_window(library, settings)
    before = window.grid.cell_size()
    window.grid.setFocus()
    press(window, Qt.Key.Key_Plus)
    assert window.grid.cell_size() > before
    window.status.size_changed.emit(100)
    assert window.grid.cell_size() == 100
    window.close()
    assert settings["cell_px"] == 100
    assert settings.text("window_geometry")


def test_what_looks_similar_stands_in_the_details_and_leads_on(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    strip = window.details.alike
    at_the_start, first = (int(window.model.ids[row]) for row in (0, 3))
    qtbot.waitUntil(lambda: len(strip.photos) == similar_strip.MOST)
    assert called(library, "alike") == [at_the_start]
    click(window, 3)
    qtbot.waitUntil(lambda: len(called(library, "alike")) == 2 and not window.bridge.is_waiting("alike"))
    assert len(strip.photos) == similar_strip.MOST
    assert called(library, "alike")[1] == first
    wanted = [photo.photo_id for photo in strip.photos]
    assert first not in wanted
    tile = next(one for one in strip.findChildren(QAbstractButton) if one.isVisible())
    assert tile.accessibleName() == wording.display_name(strip.photos[0].path)
    library.emit(PhotosRemoved((wanted[1],)))
    qtbot.waitUntil(lambda: len(strip.photos) == similar_strip.MOST - 1)
    del wanted[1]
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    assert viewer.photo_id == wanted[0]
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.photo_id == wanted[1]
    QTest.keyClick(viewer, Qt.Key.Key_Escape)
    # Whoever runs through the photos asks for none of what they pass.
    window.grid.setFocus()
    for _step in range(4):
        press(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(called(library, "alike")) == 3)
    assert called(library, "alike")[2] == int(window.model.ids[window.grid.currentIndex().row()])
    press(window, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(strip.isHidden)


def test_what_lies_beside_a_photo_is_asked_once_while_others_change(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []
    ask = library.companions

    def companions(photo_ids: Sequence[int]) -> Future[dict[int, tuple[Companion, ...]]]:
        asked.append(list(photo_ids))
        return ask(photo_ids)

    monkeypatch.setattr(library, "companions", companions)
    click(window, 3)
    first, other = int(window.model.ids[3]), int(window.model.ids[9])
    qtbot.waitUntil(lambda: asked == [[first]])
    library.emit(PhotosChanged((other,)))
    qtbot.waitUntil(window.chosen_details.is_waiting)
    qtbot.waitUntil(lambda: not window.chosen_details.is_waiting())
    assert asked == [[first]]
    click(window, 9)
    qtbot.waitUntil(lambda: asked == [[first], [other]])


def test_the_viewer_has_the_menu_and_the_keys_of_the_photo_in_sight(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(window, 3)
    strip = window.details.alike
    qtbot.waitUntil(lambda: bool(strip.photos))
    strip.chosen.emit(2)  # a photo that is not the grid's
    viewer = window.findChild(Viewer)
    assert viewer is not None
    seen = strip.photos[2]
    assert viewer.photo_id == seen.photo_id
    QTest.keyClick(viewer, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.clipboard().text() == wording.display_text(seen.path)
    assert "Copied 1 path(s)." in [label.text() for label in viewer.findChildren(QLabel) if label.isVisible()]
    QTest.keyClick(viewer, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().mimeData().urls() == [file_url(seen.path)]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(viewer, event)
    menu = window.findChild(QMenu, "photo-menu")
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert "Preview" not in texts
    assert "Copy files" in texts
    next(action for action in menu.actions() if action.text() == "More like this").trigger()
    menu.close()
    assert not viewer.isVisible()
    query = wait_for_query(qtbot, window, library, 1)
    assert query.parts == (PhotoPart(seen.photo_id, 1.0),)


@pytest.mark.parametrize("advances", [False, True])
def test_marks_go_on_to_the_next_photo_if_wished(
    make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot, advances: bool
) -> None:
    settings = Settings()
    settings.set("advances", advances)
    window = make_window(library, settings)
    ids = [int(photo_id) for photo_id in window.model.ids]
    step = 1 if advances else 0
    click(window, 2)
    press(window, Qt.Key.Key_P)
    press(window, Qt.Key.Key_4)
    assert called(library, "set_flag") == [((ids[2],), 1)]
    assert called(library, "set_rating") == [((ids[2 + step],), 4)]
    assert window.grid.selected_ids().tolist() == [ids[2 + 2 * step]]
    press(window, Qt.Key.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    QTest.keyClick(viewer, Qt.Key.Key_X)
    assert called(library, "set_flag")[-1] == ((ids[2 + 2 * step],), -1)
    assert viewer.photo_id == ids[2 + 3 * step]
    viewer.close_over()
    # A mark for several photos leaves them chosen.
    click(window, 5)
    click(window, 7, CTRL)
    press(window, Qt.Key.Key_U)
    assert sorted(window.grid.selected_ids().tolist()) == sorted([ids[5], ids[7]])


def test_i_hides_the_details(window: MainWindow) -> None:
    window.grid.setFocus()
    press(window, Qt.Key.Key_I)
    assert not window.details.isVisible()
    press(window, Qt.Key.Key_I)
    assert window.details.isVisible()


# --- look


def test_dark_and_light_change_at_run_time(window: MainWindow, qapp: QApplication) -> None:
    def canvas() -> QColor:
        image = window.grid.viewport().grab().toImage()
        return image.pixelColor(1, 1)

    theme.current().apply("light")
    assert canvas().name() == theme.LIGHT.canvas
    theme.current().apply("dark")
    assert canvas().name() == theme.DARK.canvas
    assert window.palette().window().color().name() == theme.DARK.window
    theme.current().apply("light")


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_text_is_readable_on_every_surface(colours: theme.Colours) -> None:
    def luminance(name: str) -> float:
        def linear(v: float) -> float:
            return v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4

        c = QColor(name)
        return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())

    def contrast(one: str, two: str) -> float:
        high, low = sorted((luminance(one), luminance(two)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for ground in (colours.window, colours.sidebar, colours.surface, colours.canvas, colours.accent_soft):
        assert contrast(colours.text, ground) >= 7
        assert contrast(colours.muted, ground) >= 4.5, (colours.muted, ground)
    for ground in (colours.window, colours.surface):
        for ink in (colours.accent, colours.danger, colours.warning, colours.success):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(colours.on_accent, colours.accent) >= 4.5


def test_every_control_has_a_name_and_a_tooltip(window: MainWindow) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider

    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider):
        for widget in window.findChildren(kind):
            if not widget.isVisibleTo(window) or widget.objectName() == "qt_toolbar_ext_button":
                continue
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text or widget.toolTip(), widget


# A part of a photo, and photos side by side


def test_a_box_in_the_viewer_becomes_a_chip(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> None:
    click(window, 3)
    press(window, Qt.Key.Key_Space)
    viewer = window.late_pages.viewer()
    assert viewer.isVisible()
    photo_id = viewer.photo_id
    assert photo_id == 57
    qtbot.waitUntil(lambda: window.thumbnails.pixmap(57) is not None)
    QTest.keyClick(viewer, Qt.Key.Key_B)
    QTest.keyClick(viewer.selector, Qt.Key.Key_Right)
    QTest.keyClick(viewer.selector, Qt.Key.Key_Return)
    query = wait_for_query(qtbot, window, library, 1)
    assert query.parts == (PhotoPart(57, region=(0.25, 0.25, 0.75, 0.75)),)
    assert not viewer.isVisible()
    (chip,) = window.query_bar._chips
    assert chip.accessibleName() == "Part of IMG_00057.jpg, weight +1"


def test_a_part_of_an_outside_image_is_chosen_on_its_chip(
    qtbot: QtBot, window: MainWindow, library: FakeLibrary, tmp_path: Path
) -> None:
    picture = tmp_path / "outside.jpg"
    QImage(40, 30, QImage.Format.Format_RGB32).save(str(picture))
    outside = ImagePart(path=os.fsencode(picture))
    window.image_search.find_image(outside, "outside.jpg")
    wait_for_query(qtbot, window, library, 1)

    def choose() -> RegionDialog:
        (chip,) = window.query_bar._chips
        menu = chip.findChild(QMenu)
        assert isinstance(menu, QMenu)
        (action,) = (action for action in menu.actions() if action.text() == "Use only a part…")
        action.trigger()
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), RegionDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RegionDialog)
        return dialog

    dialog = choose()
    assert not dialog.use.isEnabled()
    QTest.keyClick(dialog.selector, Qt.Key.Key_Down)
    QTest.keyClick(dialog.selector, Qt.Key.Key_Return)
    region = (0.25, 0.25, 0.75, 0.75)
    assert wait_for_query(qtbot, window, library, 2).parts == (ImagePart(outside.path, region=region),)
    assert window.query_bar._chips[0].accessibleName() == "Part of outside.jpg, weight +1"
    QTest.mouseClick(choose().all, LEFT)
    assert wait_for_query(qtbot, window, library, 3).parts == (outside,)
    assert window.query_bar._chips[0].accessibleName() == "outside.jpg, weight +1"


def test_c_compares_two_to_four_photos(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> None:
    click(window, 0)
    assert "Compare" not in [action.text() for action in window.photo_menu().actions()]
    press(window, Qt.Key.Key_C)
    assert window.message.isVisible()
    assert not window.findChildren(CompareView)
    click(window, 2, CTRL)
    assert "Compare" in [action.text() for action in window.photo_menu().actions()]
    press(window, Qt.Key.Key_C)
    compare = window.late_pages.compare()
    assert compare.isVisible()
    assert len(compare.canvases) == 2
    QTest.keyClick(compare, Qt.Key.Key_Escape)
    assert not compare.isVisible()
    assert QApplication.focusWidget() is window.grid
    for row in (3, 4, 5):
        click(window, row, CTRL)
    press(window, Qt.Key.Key_C)
    assert not compare.isVisible()


def test_del_in_the_viewer_asks_and_goes_on_to_the_next(
    qtbot: QtBot, window: MainWindow, library: FakeLibrary
) -> None:
    click(window, 3)
    press(window, Qt.Key.Key_Space)
    viewer = window.late_pages.viewer()
    assert viewer.isVisible()
    QTest.keyClick(viewer, Qt.Key.Key_Delete)
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert called(library, "move_to_trash") == []
    move = next(button for button in box.buttons() if button.text().replace("&", "") == "Move to trash")
    QTest.mouseClick(move, LEFT)
    qtbot.waitUntil(lambda: called(library, "move_to_trash") == [((57,), False)])
    qtbot.waitUntil(lambda: viewer.photo_id == 56)
    QTest.keyClick(viewer, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: bool(called(library, "undo_removal")))


def test_the_hidden_filmstrip_is_remembered(
    qtbot: QtBot, make_window: MakeWindow, library: FakeLibrary, make_library: MakeLibrary
) -> None:
    settings = Settings()
    window = make_window(library, settings)
    window.open_viewer(57)
    QTest.keyClick(window.late_pages.viewer(), Qt.Key.Key_T)
    again = make_window(make_library(10), settings)
    again.open_viewer(5)
    assert not again.late_pages.viewer().is_filmstrip_shown
    assert not again.late_pages.viewer().filmstrip.isVisible()


# Where the person was


def test_the_window_begins_where_it_was_left(
    make_window: MakeWindow, library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = Settings(tmp_path / "settings.toml")
    first = make_window(library, settings)
    first.sidebar.choose(Place.FOLDER, b"/photos/2016")
    qtbot.waitUntil(lambda: 0 < len(first.model.ids) < 60)
    chosen = int(first.model.ids[3])
    first.grid.select_photo(chosen)
    first.actions_by_name["info"].trigger()
    first.close()
    again = make_window(library, Settings(tmp_path / "settings.toml"))
    qtbot.waitUntil(lambda: again.sidebar.path() == b"/photos/2016")
    qtbot.waitUntil(lambda: again.grid.current_id() == chosen)
    assert again.grid.selected_ids().tolist() == [chosen]
    assert again.details.isHidden()
    again.actions_by_name["info"].trigger()
    assert again.details.width() >= again.details.minimumWidth()


def test_what_is_gone_meanwhile_is_no_trouble(
    make_window: MakeWindow, library: FakeLibrary, tmp_path: Path, qtbot: QtBot
) -> None:
    settings = Settings(tmp_path / "settings.toml")
    settings.set("place", "folder:/photos/1066")
    settings.set("current_photo", 4_000)
    window = make_window(library, settings)
    assert window.sidebar.place() is Place.ALL
    assert len(window.grid.selected_ids()) == 0


def test_the_window_begins_at_a_page(make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    settings = Settings()
    settings.set("place", "problems")
    library.is_held = True  # no list of photos to wait for
    window = make_window(library, settings)
    assert window.pages.currentWidget() is window.late_pages.problems()


def test_details_give_way_in_a_narrow_window(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.details.isHidden()
    window.resize(760, 600)
    qtbot.waitUntil(window.details.isHidden)
    window.actions_by_name["info"].trigger()
    assert not window.details.isHidden()
    window.resize(1200, 600)
    qtbot.waitUntil(lambda: window.width() == 1200)
    assert not window.details.isHidden()


def test_an_empty_folder_that_is_not_connected_says_so_and_can_be_looked_at_again(
    make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot
) -> None:
    library = make_library(60)
    library.folder_list.append(Folder(2, b"/away", False, 0, "The folder is empty. Is its disk connected?"))
    window = make_window(library)
    library.ids = library.ids[:0]
    window.sidebar.choose(Place.FOLDER, b"/away")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.state_page)
    assert "not connected" in window.state_page.title()
    window.state_page.button().click()
    assert ("rescan", b"/away") in library.calls
