"""What a person says of photos leaves the panel once it is meant, and belongs to the photos it was written for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui.decisions_editor import DecisionsEditor
from photofind.gui.details_panel import DetailsPanel
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Photo
from tests.gui.fake_library import FakeLibrary

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def photos(library: FakeLibrary) -> list[Photo]:
    first, second = library.photos([3, 4])
    return [
        replace(first, tags=("sea", "Ana"), flag=1, title="Evening", caption="At the lake"),
        replace(second, tags=("Sea",), flag=0, title=None, caption="At the lake"),
    ]


@pytest.fixture
def editor(qtbot: QtBot) -> DecisionsEditor:
    widget = DecisionsEditor()
    qtbot.addWidget(widget)
    widget.resize(280, 400)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def panel(qtbot: QtBot, library: FakeLibrary) -> Iterator[DetailsPanel]:
    loader = ThumbnailLoader(library.thumbnail)
    widget = DetailsPanel(loader)
    qtbot.addWidget(widget)
    widget.resize(304, 900)
    widget.show()
    yield widget
    loader.close()


def buttons(editor: DecisionsEditor) -> dict[str, QToolButton]:
    found = editor.tags.findChildren(QToolButton)
    return {button.accessibleName(): button for button in found if button.isVisibleTo(editor)}


def test_a_title_is_taken_at_enter_and_not_letter_by_letter(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]
) -> None:
    editor.set_photos(photos[:1])
    editor.title.setFocus()
    editor.title.selectAll()
    with qtbot.assertNotEmitted(editor.title_changed):
        qtbot.keyClicks(editor.title, "Dusk  again")
    with qtbot.waitSignal(editor.title_changed) as signal:
        qtbot.keyClick(editor.title, ENTER)
    assert signal.args == ["Dusk again"]
    with qtbot.assertNotEmitted(editor.title_changed):  # nothing new
        qtbot.keyClick(editor.title, ENTER)


def test_an_emptied_title_is_none(qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]) -> None:
    editor.set_photos(photos[:1])
    editor.title.setFocus()
    editor.title.selectAll()
    qtbot.keyClick(editor.title, Qt.Key.Key_Delete)
    with qtbot.waitSignal(editor.title_changed) as signal:
        qtbot.keyClick(editor.title, ENTER)
    assert signal.args == [None]


def test_escape_gives_back_what_stood_there(qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]) -> None:
    editor.set_photos(photos[:1])
    editor.caption.setFocus()
    qtbot.keyClicks(editor.caption, "nonsense")
    with qtbot.assertNotEmitted(editor.caption_changed):
        qtbot.keyClick(editor.caption, ESCAPE)
        editor.caption.clearFocus()
    assert editor.caption.toPlainText() == "At the lake"


def test_a_caption_has_lines_and_grows_with_them(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]
) -> None:
    editor.set_photos([replace(photos[0], caption=None)])
    low = editor.caption.height()
    editor.caption.setFocus()
    qtbot.keyClicks(editor.caption, "one")
    qtbot.keyClick(editor.caption, ENTER)
    qtbot.keyClicks(editor.caption, "two")
    assert editor.caption.height() > low
    with qtbot.waitSignal(editor.caption_changed) as signal:
        qtbot.keyClick(editor.caption, ENTER, Qt.KeyboardModifier.ControlModifier)
    assert signal.args == ["one\ntwo"]


def test_what_is_being_written_survives_news_of_the_same_photo(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]
) -> None:
    editor.set_photos(photos[:1])
    editor.title.setFocus()
    editor.title.selectAll()
    qtbot.keyClicks(editor.title, "Half a wo")
    editor.set_photos([replace(photos[0], rating=4)])
    assert editor.title.toPlainText() == "Half a wo"


def test_a_text_belongs_to_the_photo_it_was_written_for(
    qtbot: QtBot, panel: DetailsPanel, photos: list[Photo]
) -> None:
    panel.set_photos(photos[:1])
    title = panel.findChildren(DecisionsEditor)[0].title
    title.setFocus()
    title.selectAll()
    qtbot.keyClicks(title, "Mine")
    with qtbot.waitSignal(panel.title_changed) as signal:
        panel.set_photos(photos[1:])
    assert signal.args == [[photos[0].photo_id], "Mine"]
    assert title.toPlainText() == ""


def test_several_photos_show_what_they_share(editor: DecisionsEditor, photos: list[Photo]) -> None:
    editor.set_photos(photos)
    assert editor.title.toPlainText() == ""
    assert editor.title.placeholderText() == "Different texts"
    assert editor.caption.toPlainText() == "At the lake"
    assert not editor.flag.pick.isChecked()
    # Of one tag in two spellings, both photos have it.
    assert sorted(buttons(editor)) == ["Ana", "Remove the tag Ana", "Remove the tag sea", "sea"]


def test_a_tag_that_only_some_have_can_be_given_to_all(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]
) -> None:
    editor.set_photos(photos)
    with qtbot.waitSignal(editor.tag_added) as signal:
        qtbot.mouseClick(buttons(editor)["Ana"], Qt.MouseButton.LeftButton)
    assert signal.args == ["Ana"]
    with qtbot.waitSignal(editor.tag_chosen) as signal:
        qtbot.mouseClick(buttons(editor)["sea"], Qt.MouseButton.LeftButton)
    assert signal.args == ["sea"]


def test_tags_are_typed_with_commas_and_taken_away_with_the_cross(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]
) -> None:
    editor.set_photos(photos[:1])
    added: list[str] = []
    editor.tag_added.connect(added.append)
    qtbot.keyClicks(editor.tags.field, "holiday,")
    assert editor.tags.field.text() == ""
    qtbot.keyClicks(editor.tags.field, "with Bo")
    qtbot.keyClick(editor.tags.field, ENTER)
    qtbot.keyClick(editor.tags.field, ENTER)
    assert added == ["holiday", "with Bo"]
    with qtbot.waitSignal(editor.tag_removed) as signal:
        qtbot.mouseClick(buttons(editor)["Remove the tag sea"], Qt.MouseButton.LeftButton)
    assert signal.args == ["sea"]


def test_known_tags_complete_from_anywhere_in_the_word(qtbot: QtBot, editor: DecisionsEditor) -> None:
    editor.set_known_tags(["summer holiday", "sea"])
    qtbot.keyClicks(editor.tags.field, "holi")
    completer = editor.tags.field.completer()
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "summer holiday"
    popup = completer.popup()
    assert popup is not None
    popup.hide()


def test_the_mark_in_force_goes_with_a_second_click(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo]
) -> None:
    editor.set_photos(photos[:1])
    assert editor.flag.pick.isChecked()
    with qtbot.waitSignal(editor.flag_changed) as signal:
        editor.flag.pick.click()
    assert signal.args == [0]
    with qtbot.waitSignal(editor.flag_changed) as signal:
        editor.flag.reject.click()
    assert signal.args == [-1]
    assert not editor.flag.pick.isChecked()


def test_a_title_wraps_and_shows_whole_lines(
    qtbot: QtBot, editor: DecisionsEditor, photos: list[Photo], look: None
) -> None:
    editor.set_photos(photos[:1])
    title = editor.title
    one = title.height()
    editor.set_photos([replace(photos[0], title="祖母的生日和 long words " * 2)])
    qtbot.waitUntil(lambda: title.height() > one)
    editor.set_photos([replace(photos[0], title="祖母的生日和 long words " * 20)])
    line_px = title.document().firstBlock().layout().lineAt(0).height()
    qtbot.waitUntil(lambda: title.viewport().height() - 2 * title.document().documentMargin() >= 3 * line_px)
    assert title.viewport().height() < 4 * line_px
