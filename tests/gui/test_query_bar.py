"""Chips: signs, weights and removal by keyboard, and words that become one; names to filter by."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QScrollArea, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui.label_picker import LabelPicker
from photofind.gui.main_window import MainWindow
from photofind.gui.query_bar import ChipLook, QueryBar, _Chip
from photofind.records import Filter, PhotoPart, SortOrder, WordsPart
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def bar(qtbot: QtBot, look: None) -> QueryBar:
    made = QueryBar()
    qtbot.addWidget(made)
    made.resize(1000, 100)
    made.show()
    return made


def chips(bar: QueryBar) -> list[_Chip]:
    return list(bar._chips)


def test_a_chip_shows_and_changes_its_weight_by_keys(bar: QueryBar, qtbot: QtBot) -> None:
    bar.add_part(PhotoPart(1), ChipLook("one.jpg"))
    (chip,) = chips(bar)
    assert chip.accessibleName() == "one.jpg, weight +1"
    with qtbot.waitSignal(bar.query_changed):
        QTest.keyClick(chip, Qt.Key.Key_Minus)
    assert bar.parts() == (PhotoPart(1, 0.5),)
    QTest.keyClick(chip, Qt.Key.Key_Minus)
    assert bar.parts() == (PhotoPart(1, -0.5),)
    assert chip.accessibleName() == "one.jpg, weight -0.5"
    QTest.keyClick(chip, Qt.Key.Key_Plus)
    QTest.keyClick(chip, Qt.Key.Key_Plus)
    QTest.keyClick(chip, Qt.Key.Key_Plus)
    QTest.keyClick(chip, Qt.Key.Key_Plus)
    assert bar.parts() == (PhotoPart(1, 2.0),)


def test_chips_go_by_del_and_by_their_cross(bar: QueryBar, qtbot: QtBot) -> None:
    for number in (1, 2, 3):
        bar.add_part(PhotoPart(number), ChipLook(f"{number}.jpg"))
    QTest.keyClick(chips(bar)[1], Qt.Key.Key_Delete)
    assert bar.parts() == (PhotoPart(1), PhotoPart(3))
    cross = chips(bar)[0].findChild(QToolButton, "cross")
    assert isinstance(cross, QToolButton)
    with qtbot.waitSignal(bar.query_changed):
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert bar.parts() == (PhotoPart(3),)


def test_the_tray_is_as_high_as_its_chips(bar: QueryBar, qtbot: QtBot) -> None:
    bar.set_tray_shown(True)
    bar.add_part(PhotoPart(1), ChipLook("one.jpg"))
    (chip,) = chips(bar)
    tray = bar._chip_tray
    qtbot.waitUntil(lambda: tray.viewport().height() == chip.height())
    assert not tray.verticalScrollBar().isVisible()


def test_the_same_photo_again_changes_its_chip(bar: QueryBar) -> None:
    bar.add_part(PhotoPart(1), ChipLook("one.jpg"))
    bar.add_part(PhotoPart(1, -1.0), ChipLook("one.jpg"))
    assert bar.parts() == (PhotoPart(1, -1.0),)
    assert bar.chip_count() == 1


def test_enter_keeps_the_words_as_a_chip(bar: QueryBar) -> None:
    QTest.keyClicks(bar.words, "beach")
    QTest.keyClick(bar.words, Qt.Key.Key_Return)
    QTest.keyClicks(bar.words, "dog")
    assert bar.parts() == (WordsPart("beach"), WordsPart("dog"))
    assert bar.words.text() == "dog"


def test_esc_in_the_field_clears_it_then_leaves_it(bar: QueryBar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.words, "beach")
    with qtbot.waitSignal(bar.query_changed):
        QTest.keyClick(bar.words, Qt.Key.Key_Escape)
    assert bar.parts() == ()
    with qtbot.waitSignal(bar.left_downwards):
        QTest.keyClick(bar.words, Qt.Key.Key_Escape)


def test_enter_searches_at_once(bar: QueryBar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.words, "beach")
    with qtbot.waitSignal(bar.query_changed, timeout=100):
        QTest.keyClick(bar.words, Qt.Key.Key_Return)


def test_likeness_is_an_order_only_while_something_is_looked_for(bar: QueryBar) -> None:
    bar.set_order(SortOrder.NAME)
    bar.set_relevance_offered(True)
    assert bar.order() is SortOrder.RELEVANCE
    bar.set_relevance_offered(False)
    assert bar.order() is SortOrder.NAME


def test_a_notice_stands_below_the_words_until_there_are_none(bar: QueryBar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.words, "beach")
    bar.set_tray_shown(True)
    bar.show_notice("Not among the known words: x.")
    assert bar.notice() == "Not among the known words: x."
    bar.set_tray_shown(False)
    assert bar.notice() == ""


# --- names of what photos show


@pytest.fixture
def picker(qtbot: QtBot, look: None) -> LabelPicker:
    made = LabelPicker()
    qtbot.addWidget(made)
    made.resize(240, 300)
    made.set_labels([("dog", 90), ("cat", 40), ("sea", 30), ("house cat", 7), ("catamaran", 2)])
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def chinese_names() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("zh_CN"))
    yield
    QLocale.setDefault(before)


def offered(picker: LabelPicker) -> list[str]:
    return [str(picker.model.index(row).data()) for row in range(picker.model.rowCount())]


def test_the_most_frequent_names_stand_first(picker: LabelPicker) -> None:
    assert offered(picker) == ["dog  (90)", "cat  (40)", "sea  (30)", "house cat  (7)", "catamaran  (2)"]


def test_typing_narrows_the_names_and_enter_takes_the_first(picker: LabelPicker, qtbot: QtBot) -> None:
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert picker.chosen() == ()
    QTest.keyClicks(picker.field, "cat")
    assert offered(picker) == ["cat  (40)", "catamaran  (2)", "house cat  (7)"]
    with qtbot.waitSignal(picker.changed):
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert picker.chosen() == ("cat",)
    QTest.keyClicks(picker.field, "zebra")
    assert not picker.list.isVisible()


def test_down_goes_to_the_list_and_space_ticks(picker: LabelPicker, qtbot: QtBot) -> None:
    picker.activateWindow()
    qtbot.waitUntil(picker.isActiveWindow)
    picker.field.setFocus()
    QTest.keyClick(picker.field, Qt.Key.Key_Down)
    assert picker.list.hasFocus()
    QTest.keyClick(picker.list, Qt.Key.Key_Down)
    QTest.keyClick(picker.list, Qt.Key.Key_Space)
    QTest.keyClick(picker.list, Qt.Key.Key_Down)
    QTest.keyClick(picker.list, Qt.Key.Key_Return)
    assert picker.chosen() == ("cat", "sea")
    QTest.keyClick(picker.list, Qt.Key.Key_Space)
    assert picker.chosen() == ("cat",)


def test_a_click_ticks_once_and_the_name_stays_under_the_pointer(picker: LabelPicker) -> None:
    row = picker.list.visualRect(picker.model.index(3))
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert picker.chosen() == ("house cat",)
    assert offered(picker)[3].startswith("house cat")
    picker.start_over()
    assert offered(picker)[0].startswith("house cat")


def test_a_chosen_name_that_no_photo_has_any_more_can_be_given_up(picker: LabelPicker) -> None:
    picker.choose(("unicorn",))
    picker.set_labels([("dog", 90)])
    assert offered(picker) == ["unicorn  (0)", "dog  (90)"]
    picker.model.toggle(0)
    assert picker.chosen() == ()


def test_names_are_chinese_in_a_chinese_window_and_found_by_either(
    chinese_names: None, picker: LabelPicker
) -> None:
    assert offered(picker)[0] == "狗  (90)"
    picker.field.insert("狗")  # QTest has no keys for it; an input method inserts, too
    assert offered(picker) == ["狗  (90)"]
    picker.field.clear()
    QTest.keyClicks(picker.field, "dog")
    assert offered(picker) == ["狗  (90)"]


def test_before_any_photo_has_a_name_the_list_says_when(picker: LabelPicker) -> None:
    picker.set_labels([])
    assert not picker.list.isVisible()
    assert not picker.field.isEnabled()


def test_fifteen_hundred_names_are_offered_within_a_frame(picker: LabelPicker) -> None:
    from time import process_time

    names = [(f"name {n}", 2000 - n) for n in range(1500)]
    start = process_time()
    picker.set_labels(names)
    QTest.keyClicks(picker.field, "name 14")
    assert (process_time() - start) / 8 < 0.05
    assert len(offered(picker)) == sum("14" in str(n) for n in range(1500))


def test_names_are_one_filter_among_the_others(bar: QueryBar, qtbot: QtBot) -> None:
    panel = bar.filters
    panel.set_facets({"labels": [("dog", 9), ("cat", 4)]})
    with qtbot.waitSignal(bar.filter_changed):
        panel.choose_labels(("cat", "dog"))
    assert bar.filter() == Filter(labels=("cat", "dog"))
    assert panel.active_count() == 1
    panel.set_facets({"labels": [("dog", 9), ("cat", 4)]})
    assert bar.filter().labels == ("cat", "dog")
    with qtbot.waitSignal(bar.filter_changed):
        panel.clear()
    assert bar.filter() == Filter()


def test_one_line_of_chips_does_not_scroll(bar: QueryBar, qtbot: QtBot) -> None:
    bar.add_part(PhotoPart(1), ChipLook("one.jpg"))
    tray = bar.findChild(QScrollArea, "trayScroll")
    assert isinstance(tray, QScrollArea)
    qtbot.waitUntil(lambda: tray.height() == chips(bar)[0].height())
    assert tray.verticalScrollBar().maximum() == 0


def test_a_search_is_saved_by_a_button_beside_it(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    window.query_bar.words.setText("beach")
    window.query_bar.query_changed.emit()
    button = next(b for b in window.query_bar.findChildren(QToolButton) if b.text() == "Save search…")
    assert button.isVisible()
    assert "Ctrl+S" in button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = next(dialog for dialog in window.findChildren(QInputDialog) if dialog.isVisible())
    dialog.setTextValue("Sea")
    dialog.accept()
    qtbot.waitUntil(lambda: any(name == "add_live_collection" for name, _arguments in library.calls))
    wide = button.width()
    window.resize(720, 480)
    qtbot.waitUntil(lambda: button.width() < wide)
