"""The query side of the window: how alike, how many, why, and where; parts that come by drop and by Enter."""

import os
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.gui import wording
from photofind.gui.likeness_slider import ALL, LIKELY, OF_WORDS, WITH_SCENES, WITHOUT_SCENES, LikenessSlider, passes
from photofind.gui.main_window import MainWindow
from photofind.gui.photo_model import file_url
from photofind.gui.query_bar import ChipLook, QueryBar
from photofind.gui.where_dialog import WhereDialog
from photofind.records import (
    ChanceOf,
    Cut,
    Explanation,
    FactKind,
    Hit,
    ImagePart,
    MatchFact,
    PhotoPart,
    Picture,
    Query,
    SortOrder,
    WordsPart,
)
from tests.gui.conftest import MakeLibrary, MakeWindow
from tests.gui.fake_library import FakeLibrary
from tests.gui.test_main_window import LEFT, click, press, queries, wait_for_query


def shown_text(widget: QWidget, name: str) -> str:
    label = widget.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def find_similar(window: MainWindow, library: FakeLibrary, qtbot: QtBot, photo_id: int = 5) -> None:
    count = len(queries(library))
    window.image_search.find_similar(photo_id)
    wait_for_query(qtbot, window, library, count + 1)
    qtbot.waitUntil(lambda: len(window.model.ids) > 0 and int(window.model.ids[0]) == photo_id)


# --- the slider by itself


def hits(*chances: tuple[float | None, float | None]) -> list[Hit]:
    return [
        Hit(number, 1.0, same_picture=picture, same_scene=scene)
        for number, (picture, scene) in enumerate(chances, start=1)
    ]


@pytest.fixture
def slider(qtbot: QtBot, look: None) -> LikenessSlider:
    made = LikenessSlider()
    qtbot.addWidget(made)
    made.resize(800, 40)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_its_places_are_chances_said_in_words(slider: LikenessSlider) -> None:
    assert slider.set_hits(hits((1.0, 1.0), (0.4, 0.95)))
    assert slider.stop() == ALL
    said = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_End):
        QTest.keyClick(slider.handle, key)
        said.append(slider.sentence())
        assert slider.handle.toolTip() == slider.handle.accessibleDescription() == said[-1]
    assert said[0] == "Only exact copies"
    assert said[1] == "At least 90 % chance of the same picture"
    assert said[-1] == "Everything that was found, the most alike first"
    slider.handle.setValue(WITH_SCENES.index(Cut(0.9, ChanceOf.SCENE)))
    assert slider.sentence() == "At least 90 % chance of the same scene"
    assert slider.handle.accessibleName() == "Likeness"


@pytest.mark.parametrize("stops", [WITH_SCENES, WITHOUT_SCENES])
def test_what_passes_at_one_place_passes_further_right(stops: tuple[Cut, ...]) -> None:
    chances = [0.0, 0.1, 0.45, 0.5, 0.55, 0.9, 0.95, 1.0]
    for picture in chances:
        for scene in (*chances, None):
            passed = [passes(cut, hits((picture, scene))[0]) for cut in stops]
            assert passed == sorted(passed)
            assert passed[-1]


def test_a_network_without_scenes_has_places_of_the_same_picture_alone(slider: LikenessSlider) -> None:
    slider.set_hits(hits((1.0, 1.0)))
    slider.handle.setValue(WITH_SCENES.index(Cut(0.7, ChanceOf.PICTURE)))
    moves: list[bool] = []
    slider.changed.connect(lambda: moves.append(True))
    assert slider.set_hits(hits((0.75, None), (0.2, None)))
    assert slider.stop() == Cut(0.7, ChanceOf.PICTURE)
    assert slider.passing().tolist() == [1]
    slider.handle.setValue(slider.handle.maximum() - 1)
    assert slider.sentence() == "At least 10 % chance of the same picture"
    slider.set_hits(hits((1.0, 1.0)))
    assert slider.stop() == ALL
    assert len(moves) == 1


def test_a_click_on_a_word_goes_there(slider: LikenessSlider, qtbot: QtBot) -> None:
    slider.set_hits(hits((0.95, 1.0), (0.4, 0.95), (0.0, 0.3)))
    found = []
    for x in range(2, slider._words.width(), 4):
        QTest.mouseClick(slider._words, LEFT, pos=QPoint(x, 6))
        if slider.stop() not in found:
            found.append(slider.stop())
    assert found == [ALL, Cut(0.9, ChanceOf.PICTURE), Cut(0.9, ChanceOf.SCENE)]


def test_words_of_which_the_network_tells_no_chance_have_no_slider(slider: LikenessSlider) -> None:
    assert not slider.set_hits(hits((None, None)))
    assert not slider.set_hits([])
    assert not slider.set_hits([Hit(1, 1.0, by_words=True, shows=0.2)]), "what has the words is there in any case"


def shown(*chances: float | None) -> list[Hit]:
    """Hits of words that pictures show; None for one that has them in its name."""
    return [
        Hit(number, 1.0, by_words=chance is None, by_meaning=chance is not None, shows=chance)
        for number, chance in enumerate(chances, start=1)
    ]


def test_words_have_places_of_their_own_and_begin_where_it_is_likely(slider: LikenessSlider) -> None:
    assert slider.set_hits(shown(0.95, None, 0.5, 0.15, 0.02))
    assert slider.stop() == LIKELY
    assert slider.passing().tolist() == [1, 2, 3]
    assert slider.sentence() == "At least 20 % chance that they show it"
    assert slider.handle.accessibleName() == "How sure"
    said = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End):
        QTest.keyClick(slider.handle, key)
        said.append((slider.sentence(), slider.passing().tolist()))
    assert said == [
        ("At least 90 % chance that they show it", [1, 2]),
        ("At least 80 % chance that they show it", [1, 2]),
        ("Everything that was found, the best first", [1, 2, 3, 4, 5]),
    ]


def test_where_nothing_is_likely_the_surest_are_shown(slider: LikenessSlider) -> None:
    slider.set_hits(shown(0.15, 0.11, 0.06, 0.02))
    assert slider.stop() == Cut(0.1, ChanceOf.WORDS)
    assert slider.passing().tolist() == [1, 2]
    slider.set_hits(shown(0.99, 0.2))
    assert slider.stop() == LIKELY, "not where the answer before was"
    slider.set_hits(shown(0.06, 0.02))
    assert slider.stop() == LIKELY
    assert slider.passing().tolist() == [], "hardly any chance is no answer before somebody wants it"
    slider.show_more()
    assert slider.passing().tolist() == [1, 2]


def test_each_scale_keeps_its_own_place(slider: LikenessSlider) -> None:
    slider.set_hits(shown(0.95, 0.5))
    assert slider.chosen() is None
    slider.handle.setValue(0)
    assert slider.chosen() == Cut(0.9, ChanceOf.WORDS)
    slider.set_hits(hits((1.0, 1.0)))
    assert slider.stop() == ALL
    assert slider.chosen() is None
    slider.handle.setValue(WITH_SCENES.index(Cut(0.5, ChanceOf.SCENE)))
    slider.set_hits(shown(0.5))
    assert slider.stop() == Cut(0.9, ChanceOf.WORDS), "a person put it there"
    assert slider.passing().tolist() == []
    slider.choose(Cut(0.7, ChanceOf.WORDS))
    slider.choose(None)
    slider.set_hits(shown(0.75))
    assert slider.stop() == Cut(0.7, ChanceOf.WORDS)
    slider.set_hits(hits((1.0, 1.0)))
    assert slider.stop() == Cut(0.5, ChanceOf.SCENE)


def test_a_picture_beside_the_words_is_what_the_slider_goes_by(slider: LikenessSlider) -> None:
    mixed = [Hit(1, 1.0, by_picture=True, same_picture=0.9, same_scene=0.95, shows=0.1)]
    assert slider.set_hits(mixed)
    assert slider.stop() == ALL
    assert slider.handle.accessibleName() == "Likeness"


@pytest.mark.parametrize("chance", [None, 0.0, 0.05, 0.1, 0.4, 0.9, 1.0])
def test_what_is_sure_enough_for_one_place_is_for_all_further_right(chance: float | None) -> None:
    (hit,) = shown(chance)
    passed = [passes(cut, hit) for cut in OF_WORDS]
    assert passed == sorted(passed)
    assert passed[-1]
    if chance is None:
        assert all(passed)


def test_one_button_shows_more(slider: LikenessSlider) -> None:
    slider.fit(1200)
    slider.set_hits(hits((1.0, 1.0), (0.7, 0.9), (0.1, 0.4)))
    button = slider.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert not button.isVisible(), "everything is shown"
    slider.handle.setValue(0)
    assert slider.sentence() == "Only exact copies"
    assert (button.isVisible(), button.text()) == (True, "Show less alike photos")
    QTest.mouseClick(button, LEFT)
    assert slider.passing().tolist() == [1, 2]
    assert slider.stop() == Cut(0.7, ChanceOf.PICTURE)
    slider.fit(800)
    assert not button.isVisible(), "no room"
    slider.set_hits(shown(0.9, 0.1))
    slider.fit(1200)
    assert (button.isVisible(), button.text()) == (True, "Show less sure photos")


# --- in the window


def test_the_slider_leaves_out_what_is_less_alike_at_once_and_counts(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    slider = window.query_bar.likeness
    assert not slider.isVisible()
    find_similar(window, library, qtbot)
    assert slider.isVisible()
    assert len(window.model.ids) == 60
    before = window.model.ids.copy()
    slider.handle.setFocus()
    QTest.keyClick(slider.handle, Qt.Key.Key_Home)
    assert window.model.ids.tolist() == before[:1].tolist()
    assert shown_text(window, "result").startswith("1 photo")
    QTest.keyClick(slider.handle, Qt.Key.Key_Right)
    assert window.model.ids.tolist() == before[:3].tolist()
    slider.handle.setValue(WITH_SCENES.index(Cut(0.5, ChanceOf.SCENE)))
    alike = [hit.photo_id for hit in window.shown.hits.values() if (hit.same_scene or 0) >= 0.5]
    assert window.model.ids.tolist() == alike
    assert 3 < len(alike) < 60
    assert len(queries(library)) == 1, "no new run of the network"
    find_similar(window, library, qtbot, 9)
    assert slider.stop() == Cut(0.5, ChanceOf.SCENE), "kept for the session"
    assert 3 < len(window.model.ids) < 60


def test_what_stays_does_not_move(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    find_similar(window, library, qtbot)
    window.grid.verticalScrollBar().setValue(250)
    row = window.grid._visible_rows().start
    photo_id, top = int(window.model.ids[row]), window.grid.visualRect(window.grid.model().index(row, 0)).top()
    window.query_bar.likeness.handle.setValue(WITH_SCENES.index(Cut(0.3, ChanceOf.SCENE)))
    assert len(window.model.ids) < 60
    row = window.model.row_of(photo_id)
    assert window.grid.visualRect(window.grid.model().index(row, 0)).top() == top


def test_nothing_that_alike_offers_the_rest(
    make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot
) -> None:
    library = make_library(20)
    library.chances = lambda rank: (0.2, 0.6)
    window = make_window(library)
    find_similar(window, library, qtbot)
    window.query_bar.likeness.handle.setValue(1)
    assert window.pages.currentWidget() is window.state_page
    assert window.state_page.title() == "No photo is close enough"
    assert window.state_page.button().text() == "Show less alike photos"
    QTest.mouseClick(window.state_page.button(), LEFT)
    assert window.pages.currentWidget() is window.grid
    assert len(window.model.ids) == 20
    assert window.query_bar.likeness.stop() == Cut(0.6, ChanceOf.SCENE), "no further than needed"
    window.query_bar.likeness.handle.setValue(0)
    assert window.state_page.title() == "There is no exact copy"


def test_a_count_that_may_be_larger_says_so(
    make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot
) -> None:
    library = make_library(60)
    library.is_cut = True
    window = make_window(library)
    find_similar(window, library, qtbot)
    assert shown_text(window, "result") == "The 60 best"
    window.query_bar.likeness.handle.setValue(1)
    assert shown_text(window, "result").startswith("3 photo")
    window.query_bar.likeness.handle.setValue(window.query_bar.likeness.handle.maximum())
    library.chances = lambda rank: (0.2, 0.6 if rank % 2 else 0.95)
    find_similar(window, library, qtbot, 9)
    window.query_bar.likeness.handle.setValue(WITH_SCENES.index(Cut(0.9, ChanceOf.SCENE)))
    assert shown_text(window, "result") == "30+ photos"


def test_words_alone_hide_the_slider_and_keep_all(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    find_similar(window, library, qtbot)
    window.query_bar.likeness.handle.setValue(1)
    window.query_bar.clear()
    qtbot.waitUntil(lambda: len(window.model.ids) == 60)
    QTest.keyClicks(window.query_bar.words, "beach")
    wait_for_query(qtbot, window, library, 2)
    qtbot.waitUntil(lambda: shown_text(window, "result").startswith("60 photo"))
    assert not window.query_bar.likeness.isVisible()
    assert len(window.model.ids) == 60


def search_words(window: MainWindow, library: FakeLibrary, qtbot: QtBot, words: str, count: int) -> None:
    before = len(queries(library))
    window.query_bar.words.clear()
    QTest.keyClicks(window.query_bar.words, words)
    wait_for_query(qtbot, window, library, before + 1)
    qtbot.waitUntil(lambda: shown_text(window, "result").startswith(f"{count} photo"))


def test_words_list_what_likely_shows_them_and_the_slider_the_rest(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.words_chances = lambda rank: 1 - rank / 60
    search_words(window, library, qtbot, "beach", 56)
    slider = window.query_bar.likeness
    assert slider.isVisible()
    every = [hit.photo_id for hit in window.shown.answer.hits] if window.shown.answer is not None else []
    # Of 11 that are not likely, 7 have the word in their name.
    likely = [
        n for n in every if (window.shown.hits[n].shows or 0) >= LIKELY.chance or window.shown.hits[n].by_words
    ]
    assert window.model.ids.tolist() == likely
    assert shown_text(window, "exact") == "exact"
    slider.handle.setValue(slider.handle.maximum())
    assert window.model.ids.tolist() == every
    slider.handle.setValue(0)
    assert len(queries(library)) == 1
    search_words(window, library, qtbot, "sea", 42)
    assert slider.stop() == Cut(0.9, ChanceOf.WORDS)


def test_where_no_photo_likely_shows_it_the_nearest_are_one_click_away(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.words_chances = lambda rank: 0.05 if rank else 0.07
    library.has_names = False
    QTest.keyClicks(window.query_bar.words, "walrus")
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.state_page)
    assert window.state_page.title() == "No photo shows this for sure"
    assert window.state_page.button().text() == "Show less sure photos"
    QTest.mouseClick(window.state_page.button(), LEFT)
    assert window.pages.currentWidget() is window.grid
    assert len(window.model.ids) == 60


def test_photos_found_by_words_say_how_likely_they_show_them(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    library.words_chances = lambda rank: 0.82
    search_words(window, library, qtbot, "beach", 60)
    by_meaning = next(row for row in range(60) if window.shown.hits[int(window.model.ids[row])].by_meaning)
    tip = str(window.model.index(by_meaning).data(Qt.ItemDataRole.ToolTipRole))
    assert "82 % chance that it shows the words" in tip
    click(window, by_meaning)
    why = window.details.why
    qtbot.waitUntil(lambda: why.lines() == ["82 % chance that it shows “beach”"])
    button = why.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    assert not button.isVisible(), "there is no picture to show it on"


def test_a_saved_search_keeps_where_the_handle_was(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.words_chances = lambda rank: 1 - rank / 60
    search_words(window, library, qtbot, "beach", 56)
    saved: list[Query] = []
    monkeypatch.setattr(window.decisions, "ask_live_collection", saved.append)
    window.query_bar.save_wanted.emit()
    window.query_bar.likeness.handle.setValue(OF_WORDS.index(Cut(0.7, ChanceOf.WORDS)))
    window.query_bar.save_wanted.emit()
    assert [query.cut for query in saved] == [None, Cut(0.7, ChanceOf.WORDS)]
    library.add_live_collection("Beaches", saved[1]).result()
    qtbot.waitUntil(lambda: len(window.sidebar._collection_items()) == 1)
    window.query_bar.likeness.handle.setValue(0)
    window.sidebar.tree().setCurrentItem(window.sidebar._collection_items()[0])
    qtbot.waitUntil(lambda: window.query_bar.likeness.stop() == Cut(0.7, ChanceOf.WORDS))
    assert window.query_bar.parts() == (WordsPart("beach"),)


def test_matches_are_sorted_by_date_within_what_is_alike(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    find_similar(window, library, qtbot)
    window.query_bar.likeness.handle.setValue(WITH_SCENES.index(Cut(0.5, ChanceOf.SCENE)))
    alike = sorted(window.model.ids.tolist())
    oldest = next(a for a in window.query_bar.view_menu.actions() if a.data() == SortOrder.OLDEST.value)
    oldest.trigger()
    qtbot.waitUntil(lambda: window.model.ids.tolist() == alike)
    window.query_bar.likeness.handle.setValue(1)
    assert len(window.model.ids) == 3
    assert window.model.ids.tolist() == sorted(window.model.ids.tolist())
    relevance = next(a for a in window.query_bar.view_menu.actions() if a.data() == SortOrder.RELEVANCE.value)
    relevance.trigger()
    assert int(window.model.ids[0]) == 5


def test_badges_and_tooltips_speak_of_chances(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    find_similar(window, library, qtbot)
    hit = window.model.hit(int(window.model.ids[10]))
    assert hit is not None
    assert wording.likeness_text(hit) == "82 %"
    tip = str(window.model.index(10).data(Qt.ItemDataRole.ToolTipRole)).splitlines()
    assert tip[-3:] == [
        "82 % chance of the same scene", "30 % chance of the same picture", "Score 0.960"
    ]  # fmt: skip
    assert wording.likeness_text(Hit(1, 0.5)) == "0.50"


# --- why, and where


def test_the_details_say_why_and_the_dialog_shows_where(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    find_similar(window, library, qtbot)
    click(window, 4)
    why = window.details.why
    qtbot.waitUntil(why.isVisible)
    assert why.lines() == [
        "Taken on the same day", "Same camera: EOS R6", "Both show: beach, sea", "97 % chance of the same scene",
        "41 % chance of the same picture",
    ]  # fmt: skip
    button = why.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, LEFT)
    dialog = window.findChild(WhereDialog)
    assert isinstance(dialog, WhereDialog)
    qtbot.waitUntil(lambda: dialog.state() == "")
    dark = dialog._pictures[0].grab().toImage()
    QTest.keyPress(dialog, Qt.Key.Key_Space)
    plain = dialog._pictures[0].grab().toImage()
    QTest.keyRelease(dialog, Qt.Key.Key_Space)
    # The heat of the stand-in lies a little above the middle; the corner is dark.
    place = plain.rect().center()
    assert dark.pixelColor(place).lightness() > 0.5 * plain.pixelColor(place).lightness()
    corner = QPoint(place.x(), place.y() + round(plain.width() * 0.3))
    assert dark.pixelColor(corner).lightness() < 0.5 * max(40, plain.pixelColor(corner).lightness())
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    click(window, 0)
    qtbot.waitUntil(lambda: why.lines() == ["It is the photo that was looked for"])
    window.query_bar.clear()
    qtbot.waitUntil(lambda: not why.isVisible())


def test_pictures_that_cannot_be_read_are_a_sentence(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    find_similar(window, library, qtbot)
    click(window, 4)
    qtbot.waitUntil(window.details.why.isVisible)
    library.error = UserError("The file is gone.")
    button = window.details.why.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, LEFT)
    dialog = window.findChild(WhereDialog)
    assert isinstance(dialog, WhereDialog)
    qtbot.waitUntil(lambda: dialog.state() == "The file is gone.")
    library.error = None


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (MatchFact(FactKind.SIZE, 0.5), "Half the resolution"),
        (MatchFact(FactKind.SIZE, 0.25), "25 % of the resolution"),
        (MatchFact(FactKind.SIZE, 1.03), "103 % of the resolution"),
        (MatchFact(FactKind.SIZE, 2.0), "Twice the resolution"),
        (MatchFact(FactKind.SIZE, 3.5), "3.5 times the resolution"),
        (MatchFact(FactKind.TURNED, 90), "Turned to the right"),
        (MatchFact(FactKind.SAME_PLACE, 12.0), "Taken at the same place"),
        (MatchFact(FactKind.SAME_PLACE, 94.6), "Taken 95 m away"),
        (MatchFact(FactKind.SAME_PLACE, 541.0), "Taken 540 m away"),
        (MatchFact(FactKind.SAME_PLACE, texts=("Paris",)), "Same place: Paris"),
    ],
)
def test_facts_in_plain_words(look: None, fact: MatchFact, text: str) -> None:
    assert wording.fact_text(fact) == text


def test_every_fact_has_words(look: None) -> None:
    for kind in FactKind:
        assert wording.fact_text(MatchFact(kind, 1.0, ("x",)))
    sure = Explanation(1, PhotoPart(2), (MatchFact(FactKind.SAME_BYTES),), 1.0, 1.0, 1.0)
    assert wording.explanation_lines(sure) == ["The same file, byte for byte"]


# --- parts


@pytest.fixture
def bar(qtbot: QtBot, look: None) -> QueryBar:
    made = QueryBar()
    qtbot.addWidget(made)
    made.resize(1000, 140)
    made.show()
    return made


def test_enter_makes_a_chip_and_backspace_takes_it_back(bar: QueryBar, qtbot: QtBot) -> None:
    QTest.keyClicks(bar.words, "beach")
    QTest.keyClick(bar.words, Qt.Key.Key_Return)
    assert (bar.words.text(), bar.chip_count()) == ("", 1)
    assert bar.parts() == (WordsPart("beach"),)
    with qtbot.waitSignal(bar.query_changed):
        QTest.keyClick(bar.words, Qt.Key.Key_Backspace)
    assert (bar.words.text(), bar.chip_count()) == ("beach", 0)
    QTest.keyClick(bar.words, Qt.Key.Key_Backspace)
    assert bar.words.text() == "beac"


def test_backspace_goes_to_a_picture_and_arrows_from_chip_to_chip(bar: QueryBar, qtbot: QtBot) -> None:
    for number in (1, 2, 3):
        bar.add_part(PhotoPart(number), ChipLook(f"{number}.jpg"))
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    bar.words.setFocus()
    QTest.keyClick(bar.words, Qt.Key.Key_Backspace)
    chips = bar._chips
    assert chips[2].hasFocus()
    QTest.keyClick(chips[2], Qt.Key.Key_Left)
    assert chips[1].hasFocus()
    QTest.keyClick(chips[1], Qt.Key.Key_Backspace)
    assert bar.parts() == (PhotoPart(1), PhotoPart(3))
    assert bar._chips[1].hasFocus()
    QTest.keyClick(bar._chips[1], Qt.Key.Key_Delete)
    QTest.keyClick(bar._chips[0], Qt.Key.Key_Delete)
    assert bar.words.hasFocus()


def test_a_chip_of_a_part_shows_that_part(bar: QueryBar) -> None:
    picture = QPixmap(100, 100)
    picture.fill(Qt.GlobalColor.red)
    from PySide6.QtGui import QPainter

    painter = QPainter(picture)
    painter.fillRect(60, 60, 40, 40, Qt.GlobalColor.blue)
    painter.end()
    bar.add_part(PhotoPart(1, region=(0.6, 0.6, 1.0, 1.0)), ChipLook("1.jpg", picture))
    bar.add_part(PhotoPart(2), ChipLook("2.jpg"))
    bar.set_picture(2, picture)
    colours = [chip._picture.pixmap().toImage().pixelColor(4, 4).name() for chip in bar._chips]
    assert colours == ["#0000ff", "#ff0000"]


def test_images_from_outside_get_their_picture_after_the_search(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    part = ImagePart(path=b"/elsewhere/holiday.jpg")
    window.image_search.find_image(part, "holiday.jpg")
    (chip,) = window.query_bar._chips
    assert not chip.has_picture
    wait_for_query(qtbot, window, library, 1)
    qtbot.waitUntil(lambda: chip.has_picture)
    names = [name for name, _ in library.calls if name in ("search", "query_image")]
    assert names == ["search", "query_image"], "the search does not wait for a chip"
    # A second image: the first is not asked for again. Its bytes are nothing this thread tries to decode.
    pasted = ImagePart(data=b"no picture to Qt")
    window.query_bar.add_part(pasted, ChipLook("Pasted image"))
    wait_for_query(qtbot, window, library, 2)
    qtbot.waitUntil(lambda: all(chip.has_picture for chip in window.query_bar._chips))
    assert [call[1][0] for call in library.calls if call[0] == "query_image"] == [part, pasted]


def test_an_image_that_cannot_be_shown_keeps_its_sign(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(part: ImagePart, max_px: int) -> Future[Picture]:
        asked.append(part)
        future: Future[Picture] = Future()
        future.set_exception(UserError("The file is gone."))
        return future

    asked: list[ImagePart] = []
    monkeypatch.setattr(library, "query_image", refuse)
    window.image_search.find_image(ImagePart(path=b"/gone.jpg"), "gone.jpg")
    wait_for_query(qtbot, window, library, 1)
    qtbot.waitUntil(lambda: bool(asked) and not window.image_search._coming)
    assert not window.query_bar._chips[0].has_picture
    assert not window.message.isVisible()


def test_the_field_for_words_has_a_sensible_width(bar: QueryBar, qtbot: QtBot) -> None:
    for width, least, most in ((720, 160, 500), (1600, 800, 880), (2560, 880, 880)):
        bar.resize(width, 140)
        qtbot.waitUntil(lambda width=width: bar.width() == width)  # type: ignore[misc]
        assert least <= bar.words.width() <= most
        assert bar._view_button.geometry().right() > width - 16, "filters and view stay at the edge"
        assert bar._image_button.x() - bar.words.geometry().right() < 16, "what belongs to the words stands by them"


def test_many_chips_go_on_in_the_next_line_and_none_is_cut(bar: QueryBar, qtbot: QtBot) -> None:
    bar.resize(720, 200)
    bar.add_part(PhotoPart(0), ChipLook("A rather long name 0.jpg"))
    one = bar._chip_tray.height()
    for number in range(1, 4):
        bar.add_part(PhotoPart(number), ChipLook(f"A rather long name {number}.jpg"))
    qtbot.waitUntil(lambda: bar._chip_tray.height() > one)
    two = bar._chip_tray.height()
    for number in range(4, 16):
        bar.add_part(PhotoPart(number), ChipLook(f"A rather long name {number}.jpg"))
    qtbot.waitUntil(lambda: bar._chip_tray.verticalScrollBar().maximum() > 0)
    assert bar._chip_tray.height() == two
    newest, first = bar._chips[-1], bar._chips[0]
    qtbot.waitUntil(lambda: not newest.visibleRegion().isEmpty())
    assert first.visibleRegion().isEmpty()
    for chip in bar._chips[:0:-1]:
        QTest.keyClick(chip, Qt.Key.Key_Left)
    assert not first.visibleRegion().isEmpty()
    for chip in bar._chips:
        assert chip.geometry().right() <= bar._chip_tray.viewport().width()
    bar.set_parts([(PhotoPart(1), ChipLook("1.jpg"))])
    qtbot.waitUntil(lambda: bar._chip_tray.height() == one)


def drop_on_bar(window: MainWindow, data: QMimeData) -> None:
    place, bar = QPoint(300, 20), window.query_bar
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bar, enter)
    assert enter.isAccepted()
    assert bar.property("dropping")
    event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bar, event)
    assert event.isAccepted()
    assert event.dropAction() is Qt.DropAction.CopyAction
    assert not bar.property("dropping")


def test_a_photo_dragged_onto_the_words_is_one_more_part(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    find_similar(window, library, qtbot)
    click(window, 4)
    second = int(window.model.ids[4])
    drop_on_bar(window, window.grid.mime_data(window.grid.chosen_ids()))
    assert wait_for_query(qtbot, window, library, 2).parts == (PhotoPart(5), PhotoPart(second))
    data = QMimeData()
    data.setUrls([file_url(os.fsencode("/elsewhere/holiday.jpg"))])
    drop_on_bar(window, data)
    assert wait_for_query(qtbot, window, library, 3).parts[-1] == ImagePart(path=b"/elsewhere/holiday.jpg")
    text = QMimeData()
    text.setText("words")
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, text, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.query_bar, enter)
    assert not enter.isAccepted()


def test_a_query_asks_for_as_many_as_the_slider_can_use(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(window, 0)
    press(window, Qt.Key.Key_S)
    query = wait_for_query(qtbot, window, library, 1)
    assert query == Query((PhotoPart(60),), k=2_000)
