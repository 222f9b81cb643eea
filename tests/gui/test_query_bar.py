"""Chips: signs, weights and removal by keyboard, and words that become one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui.query_bar import ChipLook, QueryBar, _Chip
from photofind.records import PhotoPart, SortOrder, WordsPart


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


def test_the_same_photo_again_changes_its_chip(bar: QueryBar) -> None:
    bar.add_part(PhotoPart(1), ChipLook("one.jpg"))
    bar.add_part(PhotoPart(1, -1.0), ChipLook("one.jpg"))
    assert bar.parts() == (PhotoPart(1, -1.0),)
    assert bar.chip_count() == 1


def test_ctrl_enter_keeps_the_words_as_a_chip(bar: QueryBar) -> None:
    QTest.keyClicks(bar.words, "beach")
    QTest.keyClick(bar.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
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
