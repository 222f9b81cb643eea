"""The networks page: what each costs and gains, changing them, and every complaint in place."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.errors import ModelError
from photofind.events import Progress, Stage
from photofind.gui.bridge import Bridge
from photofind.gui.models_page import ModelCard, ModelsPage
from tests.gui.fake_library import FakeLibrary

LEFT = Qt.MouseButton.LeftButton
FILES = {"Choose the network": "/n/clip.onnx", "Choose the text network": "/n/text.onnx",
         "Choose the tokenizer": "/n/tokenizer.json"}  # fmt: skip

MakePage = Callable[[FakeLibrary], ModelsPage]


@pytest.fixture
def make_page(qtbot: QtBot, look: None) -> Iterator[MakePage]:
    bridges: list[Bridge] = []

    def make(library: FakeLibrary) -> ModelsPage:
        bridges.append(Bridge(library))
        page = ModelsPage(library, bridges[-1], choose=lambda _parent, title, _patterns: FILES[title])
        qtbot.addWidget(page)
        page.resize(800, 700)
        page.show()
        qtbot.waitExposed(page)
        return page

    yield make
    for bridge in bridges:
        bridge.close()


@pytest.fixture
def page(make_page: MakePage, library: FakeLibrary) -> ModelsPage:
    return make_page(library)


def card(page: ModelsPage, model_id: str) -> ModelCard:
    return next(card for card in page.cards if card.facts is not None and card.facts.model_id == model_id)


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def named(widget: QWidget) -> str:
    return "\n".join(label.accessibleName() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def click(widget: QWidget, text: str) -> None:
    button = next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisibleTo(widget))
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)


def called(library: FakeLibrary, name: str) -> list[object]:
    return [arguments for method, arguments in library.calls if method == name]


def test_each_network_says_what_it_is_costs_and_gains(page: ModelsPage) -> None:
    bundled, added = page.cards
    for part in (
        "fake-1", "answers now", "EfficientNet-Lite0, a compact network made for phones", "comes with PhotoFind",
        "licence Apache-2.0", "by words", "5.0 MB", "224 px", "93 %", "99.4 %", "52 %", "61 %",
        "Runs on: Processor (CPU)", "No GPU was found.", "Has read all photos.",
    ):  # fmt: skip
        assert part in texts(bundled), part
    for part in ("ResNet-18, a network of 18 layers", "added by you", "understands no words", "Nobody measured"):
        assert part in texts(added), part
    assert "answers now" not in texts(added)
    assert "%" not in texts(added)


def test_a_network_with_a_name_is_called_by_it_and_keeps_its_id_for_whoever_looks(
    make_page: MakePage, library: FakeLibrary
) -> None:
    library.model_list[0] = dataclasses.replace(library.model_list[0], name="Accurate")
    page = make_page(library)
    named, added = page.cards
    assert "Accurate — EfficientNet-Lite0, 224 px" in texts(named)
    assert "A compact network made for phones · comes with PhotoFind" in texts(named)
    assert "fake-1" not in texts(named)
    assert any(label.toolTip() == "fake-1" for label in named.findChildren(QLabel))
    assert named.accessibleName() == "Accurate — EfficientNet-Lite0, 224 px"
    assert "mine-2" in texts(added)
    library.is_held = True
    added.use.click()
    library.read_photos_by("mine-2", 7)
    page.refresh()
    assert page.exchange.text().startswith("Accurate (EfficientNet-Lite0) answers your searches meanwhile.")


def test_a_figure_nobody_measured_is_a_dash_and_says_what_shows_it(page: ModelsPage) -> None:
    assert "Time a photo: not measured" in named(page.cards[0])
    dash = next(label for label in page.cards[0].findChildren(QLabel) if label.text() == "–")
    assert "Measure on this computer" in dash.toolTip()


def test_measuring_runs_beside_the_page_and_fills_the_cards(
    page: ModelsPage, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.is_held = True
    click(page, "Measure on this computer")
    assert page.measuring.isVisible()
    library.release()
    qtbot.waitUntil(lambda: "4.2 ms" in texts(card(page, "fake-1")))
    assert "231" in texts(card(page, "fake-1"))
    assert "12 ms" in texts(card(page, "mine-2"))
    assert not page.measuring.isVisible()


def test_a_measurement_can_be_given_up(page: ModelsPage, library: FakeLibrary, qtbot: QtBot) -> None:
    library.is_held = True
    click(page, "Measure on this computer")
    click(page.measuring, "Cancel")
    assert not page.measuring.isVisible()
    library.release()  # whatever it says is not waited for any more
    library.is_held = False
    click(page, "Measure on this computer")
    qtbot.waitUntil(lambda: "4.2 ms" in texts(card(page, "fake-1")))
    assert called(library, "bench_models") == [None, None]


def test_a_measurement_that_fails_says_why(page: ModelsPage, library: FakeLibrary, qtbot: QtBot) -> None:
    library.model_error = ModelError("PhotoFind's network is missing; please install the program again.")
    click(page, "Measure on this computer")
    qtbot.waitUntil(lambda: "missing" in page.sentence)
    assert not page.measuring.isVisible()


def test_both_networks_show_while_the_new_one_reads(page: ModelsPage, library: FakeLibrary, qtbot: QtBot) -> None:
    library.is_held = True
    card(page, "mine-2").use.setFocus()
    QTest.keyClick(card(page, "mine-2").use, Qt.Key.Key_Space)
    assert called(library, "use_model") == ["mine-2"]
    lines = page.exchange.text().splitlines()
    assert lines == ["fake-1 answers your searches meanwhile.", "mine-2 has read 0 of 60 different photos."]
    library.read_photos_by("mine-2", 21)
    library.emit(Progress(Stage.INDEXING, 21, 60))
    qtbot.waitUntil(lambda: "21 of 60" in page.exchange.text())
    assert "answers now" in texts(card(page, "fake-1"))
    assert "reads your photos" in texts(card(page, "mine-2"))
    assert not card(page, "mine-2").remove.isEnabled()
    library.emit(Progress(Stage.PAUSED, 21, 60))
    qtbot.waitUntil(lambda: "paused" in page.exchange.text())
    with qtbot.waitSignal(page.model_changed):
        library.release()
    assert not page.exchange.isVisible()
    assert page.sentence == "mine-2 answers from now on."
    assert "answers now" in texts(card(page, "mine-2"))


def test_the_present_network_can_be_kept(page: ModelsPage, library: FakeLibrary, qtbot: QtBot) -> None:
    library.is_held = True
    card(page, "mine-2").use.click()
    click(page.exchange, "Keep the present one")
    assert called(library, "use_model") == ["mine-2", "fake-1"]
    assert not page.exchange.isVisible()
    library.release(1)
    qtbot.waitUntil(lambda: page.sentence == "fake-1 answers from now on.")
    assert "answers now" in texts(card(page, "fake-1"))


def test_a_change_begun_before_the_last_restart_is_shown_and_its_end_announced(
    make_page: MakePage, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.is_held = True
    library.use_model("mine-2")
    library.read_photos_by("mine-2", 7)
    page = make_page(library)
    assert "mine-2 has read 7 of 60 different photos." in page.exchange.text()
    library.release()
    with qtbot.waitSignal(page.model_changed):
        library.emit(Progress(Stage.IDLE))
    assert not page.exchange.isVisible()


def test_a_network_that_cannot_be_used_is_a_sentence_and_the_old_one_stays(
    page: ModelsPage, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.model_error = ModelError("The network mine-2 is not the file its manifest describes.")
    card(page, "mine-2").use.click()
    qtbot.waitUntil(lambda: "manifest" in page.sentence)
    assert not page.exchange.isVisible()
    assert card(page, "mine-2").use.isVisible()


def test_an_added_network_appears_with_the_keyboard_on_its_use(
    page: ModelsPage, library: FakeLibrary, qtbot: QtBot
) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    click(page, "Add a network…")
    QTest.mouseClick(page.add_panel.file.button, LEFT)
    QTest.keyClicks(page.add_panel.name, "mine-3")
    library.is_held = True
    click(page.add_panel, "Add")
    assert page.add_panel.is_busy
    assert not page.add_panel.add.isEnabled()
    library.release()
    qtbot.waitUntil(lambda: not page.add_panel.isVisible())
    assert called(library, "add_model") == [(Path("/n/clip.onnx"), "mine-3", None, None)]
    assert "mine-3 is added." in page.sentence
    assert card(page, "mine-3").use.hasFocus()


def test_a_pair_is_added_with_its_text_network_and_tokenizer(
    page: ModelsPage, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(page, "Add a network…")
    form = page.add_panel
    assert not form.text.isVisible()
    form.is_pair.click()
    assert form.text.isVisible()
    QTest.mouseClick(form.file.button, LEFT)
    click(form, "Add")
    assert "text network" in form.complaint
    QTest.mouseClick(form.text.button, LEFT)
    assert not form.complaint
    QTest.mouseClick(form.tokenizer.button, LEFT)
    click(form, "Add")
    qtbot.waitUntil(lambda: not form.isVisible())
    wanted = (Path("/n/clip.onnx"), None, Path("/n/text.onnx"), Path("/n/tokenizer.json"))
    assert called(library, "add_model") == [wanted]


def test_a_refused_network_is_a_sentence_in_the_form(page: ModelsPage, library: FakeLibrary, qtbot: QtBot) -> None:
    click(page, "Add a network…")
    click(page.add_panel, "Add")
    assert page.add_panel.complaint == "Choose the file of the network first."
    assert not called(library, "add_model")
    QTest.mouseClick(page.add_panel.file.button, LEFT)
    library.model_error = ModelError("clip.onnx gives no vector.")
    click(page.add_panel, "Add")
    qtbot.waitUntil(lambda: page.add_panel.complaint == "clip.onnx gives no vector.")
    assert page.add_panel.isVisible()
    assert page.add_panel.add.isEnabled()
    QTest.keyClick(page.add_panel.name, Qt.Key.Key_Escape)
    assert not page.add_panel.isVisible()


def test_a_network_is_removed_only_after_a_yes(page: ModelsPage, library: FakeLibrary, qtbot: QtBot) -> None:
    assert not card(page, "fake-1").remove.isVisible()
    card(page, "mine-2").remove.click()
    box = page.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "Your photos stay" in box.informativeText()
    assert not called(library, "remove_model")
    QTest.mouseClick(next(button for button in box.buttons() if button.text() == "Remove"), LEFT)
    qtbot.waitUntil(lambda: len(page.cards) == 1)
    assert page.sentence == "mine-2 is removed."


def test_the_keyboard_keeps_its_place_when_numbers_change(
    page: ModelsPage, library: FakeLibrary, qtbot: QtBot
) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    button = card(page, "mine-2").use
    button.setFocus()
    library.read_photos_by("mine-2", 30)
    page.refresh()
    assert "30 of 60" in texts(card(page, "mine-2"))
    assert button.hasFocus()


def test_a_library_for_reading_only_changes_no_network(make_page: MakePage, library: FakeLibrary) -> None:
    library.is_read_only = True
    page = make_page(library)
    other = card(page, "mine-2")
    assert not other.use.isEnabled()
    assert not other.remove.isEnabled()
    assert "searching only" in other.use.toolTip()
    add = next(b for b in page.findChildren(QPushButton) if b.text() == "Add a network…")
    assert not add.isEnabled()


def test_without_a_network_the_page_says_what_is_left_and_offers_to_add_one(
    make_page: MakePage, library: FakeLibrary
) -> None:
    library.model_list = []
    page = make_page(library)
    assert page.state == "There is no network"
    click(page, "Add a network…")
    assert page.add_panel.isVisible()
    click(page.add_panel, "Cancel")
    assert page.state == "There is no network"


def test_networks_that_cannot_be_listed_are_asked_for_again(make_page: MakePage, library: FakeLibrary) -> None:
    models, library.model_list = library.model_list, []
    library.model_error = ModelError("The folder of networks cannot be read.")
    page = make_page(library)
    assert page.state == "The networks cannot be listed"
    library.model_list, library.model_error = models, None
    click(page, "Try again")
    assert page.state == ""
    assert len(page.cards) == 2


def test_every_button_is_named_and_explained(page: ModelsPage) -> None:
    click(page, "Add a network…")
    page.add_panel.is_pair.click()
    for button in page.findChildren(QAbstractButton):
        if button.isVisibleTo(page):
            assert button.accessibleName() or button.text(), button
            assert button.toolTip() or button.text() in ("Add", "Cancel"), button.text()
    assert card(page, "mine-2").use.accessibleName() == "Use mine-2"
