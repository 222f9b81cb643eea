"""The details panel says what is known of the chosen photos, and hands on what the person does."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from photofind.gui import wording
from photofind.gui.decisions_editor import TextEditor
from photofind.gui.details_panel import DetailsPanel, StarsEditor
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Hit, KeepRule, Metadata, Photo, PhotoLabel
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def thumbnails(qtbot: QtBot, library: FakeLibrary) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(library.thumbnail)
    yield loader
    loader.close()


@pytest.fixture
def panel(qtbot: QtBot, thumbnails: ThumbnailLoader, english: None) -> DetailsPanel:
    widget = DetailsPanel(thumbnails)
    qtbot.addWidget(widget)
    widget.resize(304, 800)
    widget.show()
    return widget


def texts(panel: DetailsPanel) -> str:
    QApplication.processEvents()  # a layout shows what was added to it in the next round
    shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel)]
    return "\n".join(shown).replace("\u200b", "").replace("\u202f", " ")


def stars(panel: DetailsPanel) -> StarsEditor:
    return panel.findChildren(StarsEditor)[0]


def test_one_photo_is_told_in_human_words(panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos(library.photos([7]))
    text = texts(panel)
    assert "IMG_00007.jpg" in text
    assert "Tuesday, May 13, 2014, 11:53 PM" in text
    assert "1/250 s · f/2.8 · ISO 200" in text
    assert "35 mm" in text
    assert "3,024 × 4,032 · 12 MP" in text
    assert "JPEG · 1.0 MB" in text
    assert "beach, summer" in text


def test_what_the_file_does_not_say_takes_no_line(panel: DetailsPanel, library: FakeLibrary) -> None:
    photo = replace(library.photos([7])[0], metadata=Metadata())
    panel.set_photos([photo])
    text = texts(panel)
    for absent in ("Lens", "Exposure", "Position", "Caption", "None"):
        assert absent not in text


def test_the_picture_is_drawn_when_it_comes(
    qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary, thumbnails: ThumbnailLoader
) -> None:
    photo = library.photos([7])[0]
    with qtbot.waitSignal(thumbnails.loaded):
        panel.set_photos([photo])
    pixmap = thumbnails.pixmap(photo.content_id)
    assert pixmap is not None
    painted = panel.grab().toImage()
    # The middle of the picture has the colours of the picture, not of the panel.
    at = panel.grab().toImage().pixelColor(int(152 * panel.devicePixelRatioF()), 60)
    assert at != painted.pixelColor(4, 4)


def test_every_place_is_listed_and_copied(qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary) -> None:
    photo = replace(library.photos([7])[0], other_paths=(b"/mnt/nas/copy of it.jpg",))
    panel.set_photos([photo])
    assert "/mnt/nas/copy of it.jpg" in texts(panel)
    QApplication.processEvents()
    buttons = [b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Copy path"]
    assert len(buttons) == 2
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "/mnt/nas/copy of it.jpg"


def test_a_name_that_is_no_text_is_shown(panel: DetailsPanel, library: FakeLibrary) -> None:
    photo = replace(library.photos([7])[0], path=b"/photos/bad\xff\nname\xe2\x80\xae.jpg")
    panel.set_photos([photo])
    assert "bad\ufffd\ufffdname\ufffd.jpg" in texts(panel)


def test_markup_in_a_caption_stays_text(panel: DetailsPanel, library: FakeLibrary) -> None:
    photo = library.photos([7])[0]
    panel.set_photos([replace(photo, caption="<b>bold</b> & more")])
    editor = next(each for each in panel.findChildren(TextEditor) if "bold" in each.toPlainText())
    assert editor.toPlainText() == "<b>bold</b> & more"


def test_a_click_on_a_star_rates(qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos(library.photos([7]))
    editor = stars(panel)
    with qtbot.waitSignal(panel.rating_changed) as signal:
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(editor.width() * 7 // 10, 10))
    assert signal.args == [[7], 4]
    assert editor.rating == 4


def test_the_same_star_again_takes_the_rating_away(qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary) -> None:
    library.ratings[7] = 4
    panel.set_photos(library.photos([7]))
    editor = stars(panel)
    with qtbot.waitSignal(panel.rating_changed) as signal:
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(editor.width() * 7 // 10, 10))
    assert signal.args == [[7], None]


@pytest.mark.parametrize(("key", "rating"), [(Qt.Key.Key_3, 3), (Qt.Key.Key_5, 5), (Qt.Key.Key_Right, 2)])
def test_keys_rate_all_chosen_photos(
    qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary, key: Qt.Key, rating: int
) -> None:
    library.ratings.update({7: 1, 8: 1})
    panel.set_photos(library.photos([7, 8]))
    with qtbot.waitSignal(panel.rating_changed) as signal:
        qtbot.keyClick(stars(panel), key)
    assert signal.args == [[7, 8], rating]


def test_find_similar_names_the_photo(qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos(library.photos([9]))
    with qtbot.waitSignal(panel.find_similar) as signal:
        button = next(b for b in panel.findChildren(QPushButton) if b.text() == "Find similar")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert signal.args == [9]


LABELS = (PhotoLabel("beach", "海滩", 0.93), PhotoLabel("sunset", "日落", 0.994))


def chips(panel: DetailsPanel) -> list[QToolButton]:
    QApplication.processEvents()
    found = panel.findChildren(QToolButton, "label-chip")
    return [chip for chip in found if isinstance(chip, QToolButton) and chip.isVisibleTo(panel)]


def test_what_a_photo_shows_are_chips_with_their_sureness(
    qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary
) -> None:
    panel.set_photos(library.photos([7]), LABELS)
    beach, sunset = chips(panel)
    assert (beach.text(), sunset.text()) == ("beach", "sunset")
    assert "93 % sure" in beach.toolTip()
    assert "99.4 % sure" in sunset.toolTip()
    with qtbot.waitSignal(panel.label_chosen) as signal:
        qtbot.mouseClick(sunset, Qt.MouseButton.LeftButton)
    assert signal.args == ["sunset"]
    with qtbot.waitSignal(panel.label_chosen) as signal:
        qtbot.keyClick(beach, Qt.Key.Key_Space)
    assert signal.args == ["beach"]


def test_chips_are_chinese_in_a_chinese_window(panel: DetailsPanel, library: FakeLibrary) -> None:
    QLocale.setDefault(QLocale("zh_CN"))
    panel.set_photos(library.photos([7]), (*LABELS, PhotoLabel("gone from the list", "", 0.5)))
    assert [chip.text() for chip in chips(panel)] == ["海滩", "日落", "gone from the list"]


def test_many_chips_go_on_in_the_next_line_and_none_is_cut(
    qtbot: QtBot, panel: DetailsPanel, library: FakeLibrary
) -> None:
    names = [f"a name of some length {n}" for n in range(6)]
    panel.set_photos(library.photos([7]), [PhotoLabel(name, "", 0.5) for name in names])
    shown = chips(panel)
    around = shown[0].parentWidget()
    assert around is not None
    qtbot.waitUntil(lambda: all(chip.geometry().bottom() <= around.height() for chip in shown))
    tops = [chip.y() for chip in shown]
    assert len(set(tops)) > 1
    assert tops == sorted(tops)
    for chip in shown:
        assert chip.geometry().right() <= around.width()


def test_chips_leave_with_their_photo(panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos(library.photos([7]), LABELS, found_by="Found by what it shows")
    assert "Shows" in texts(panel)
    assert "Found by what it shows" in texts(panel)
    panel.set_photos(library.photos([8]))
    assert not chips(panel)
    assert "Shows" not in texts(panel)
    assert "Found by" not in texts(panel)
    panel.set_photos(library.photos([7, 8]), LABELS, found_by="Found by what it shows")
    assert not chips(panel)
    assert "Found by" not in texts(panel)


@pytest.mark.parametrize(
    ("words", "hit", "text"),
    [
        ("img", Hit(1, 1.0, by_words=True), "Found by its file name"),
        ("Beach", Hit(1, 1.0, by_words=True), "Found by its tags"),
        ("trips", Hit(1, 1.0, by_words=True), "Found by its folder"),
        ("img -beach", Hit(1, 1.0, by_words=True), "Found by its file name"),
        ('"surf board"', Hit(1, 1.0, by_words=True), "Found by its caption"),
        ("strände", Hit(1, 1.0, by_words=True), "Found by its words"),
        ("beach", Hit(1, 1.0, by_meaning=True), "Found by what it shows"),
        ("beach", Hit(1, 1.0, by_words=True, by_meaning=True), "Found by its tags and by what it shows"),
        ("beach", Hit(1, 1.0, by_picture=True, by_meaning=True), "Found by what it shows and by its likeness"),
        ("beach", Hit(1, 1.0), ""),
    ],
)
def test_a_hit_says_which_search_found_it(words: str, hit: Hit, text: str, library: FakeLibrary) -> None:
    photo = replace(
        library.photos([1])[0],
        path=b"/photos/trips/IMG_1.jpg",
        metadata=Metadata(keywords=("beach",), caption="A board for surf"),
    )
    assert wording.found_by(hit, photo, [words]) == text


@pytest.mark.parametrize(
    ("architecture", "text"),
    [
        ("ResNet-34, attention pooling", "ResNet-34, a network of 34 layers with short cuts"),
        ("resnet152", "resnet152, a network of 152 layers with short cuts"),
        ("vgg16", "vgg16, a plain network of 16 layers, large and from 2014"),
        ("EfficientNet-Lite2", "EfficientNet-Lite2, a compact network made for phones"),
        ("something new", "something new"),
    ],
)
def test_kinds_of_networks_in_plain_words(architecture: str, text: str) -> None:
    assert wording.architecture_text(architecture) == text


def test_no_share_is_rounded_up_to_perfect(english: None) -> None:
    assert [wording.percent_text(share) for share in (0.0, 0.524, 0.994, 0.9996, 1.0)] == [
        "0 %",
        "52 %",
        "99.4 %",
        "99.9 %",
        "100 %",
    ]


def test_several_photos_are_summed_up(panel: DetailsPanel, library: FakeLibrary) -> None:
    photos = library.photos([1, 2, 3])
    panel.set_photos(photos)
    text = texts(panel)
    assert "3 photo" in text
    assert wording.size_text(sum(p.size_bytes for p in photos)) in text
    assert "Stored at" not in text


def test_nothing_chosen_says_so(panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos(library.photos([1]))
    panel.set_photos([])
    assert "Nothing chosen" in texts(panel)
    assert not stars(panel).isVisibleTo(panel)


@pytest.mark.parametrize(
    ("seconds", "text"), [(1 / 250, "1/250 s"), (1 / 8000, "1/8,000 s"), (0.5, "0.5 s"), (2.0, "2 s"), (0.0, "")]
)
def test_exposure_in_words(english: None, seconds: float, text: str) -> None:
    assert wording.exposure_text(seconds) == text


def test_position_and_focal_length_in_words(english: None) -> None:
    metadata = Metadata(latitude=-33.8568, longitude=151.2153, altitude_m=4.4, focal_mm=24, focal_35mm=36)
    assert wording.position_text(metadata) == "33.85680° S, 151.21530° E · 4\u00a0m"
    assert wording.focal_text(metadata) == "24 mm (36 mm on 35-mm film)"


@pytest.mark.parametrize(
    ("make", "model", "text"),
    [("Canon", "Canon EOS R6", "Canon EOS R6"), ("NIKON CORPORATION", "NIKON D1X", "NIKON D1X"),
     ("Apple", "iPhone 4", "Apple iPhone 4"), (None, "X100", "X100"), (None, None, "")],
)  # fmt: skip
def test_the_maker_is_named_once(make: str | None, model: str | None, text: str) -> None:
    assert wording.camera_text(Metadata(camera_make=make, camera_model=model)) == text


def test_dates_beyond_the_calendar_do_not_raise(english: None) -> None:
    for ms in (-(2**62), 2**62, -1):
        assert wording.date_text(ms)


def test_better_values_are_marked(library: FakeLibrary) -> None:
    first, second = library.photos([1, 2])
    photos: list[Photo] = [
        replace(first, width_px=4000, height_px=3000, size_bytes=5, format="JPEG"),
        replace(second, width_px=2000, height_px=1500, size_bytes=9, format="PNG"),
    ]
    resolution, size, kind, taken = wording.compare_facts(photos)
    assert resolution.better == {0}
    assert size.better == {1}
    assert kind.better == {1}
    assert taken.better == {0}
    assert all(not fact.better for fact in wording.compare_facts([first, first]))
    assert all(fact.why for fact in (resolution, size, kind, taken))
    as_raw = replace(first, format="RAW")
    assert wording.compare_facts([as_raw, replace(second, format="PNG")])[2].better == {0}


def test_sharpness_is_marked_only_where_it_is_plain(library: FakeLibrary, english: None) -> None:
    photos = library.photos([1, 2])
    assert len(wording.compare_facts(photos)) == 4
    *_others, clear = wording.compare_facts(photos, [0.4, 1.0])
    assert clear.texts == ("40 % as sharp", "sharper")
    assert clear.better == {1}
    *_others, near = wording.compare_facts(photos, [0.9, 1.0])
    assert near.texts == ("equally sharp", "equally sharp")
    assert not near.better


def test_every_rule_is_said_in_words() -> None:
    for say in (wording.keep_rule_text, wording.go_reason, lambda rule: wording.keep_reason([rule])):
        assert len({say(rule) for rule in KeepRule} - {""}) == len(KeepRule)
    both = [KeepRule.OLDEST, KeepRule.LARGEST_PICTURE, KeepRule.OLDEST]
    assert wording.keep_reason(both) == "oldest file, highest resolution"
    assert wording.keep_reason([*both, None]) == ""  # one that no rule tells apart: neither is the best
    assert wording.keep_reason([]) == ""


def test_of_very_many_the_first_are_shown_and_a_decision_is_for_all(
    panel: DetailsPanel, library: FakeLibrary, qtbot: QtBot
) -> None:
    panel.set_photos(library.photos([1, 2]), chosen=[1, 2, 3])
    assert "3 photo(s) chosen" in texts(panel)
    assert "the first 2" in texts(panel)
    with qtbot.waitSignal(panel.rating_changed) as rated:
        QTest.keyClick(stars(panel), Qt.Key.Key_4)
    assert rated.args == [[1, 2, 3], 4]
    panel.set_photos(library.photos([1, 2]))
    assert "the first" not in texts(panel)
    with qtbot.waitSignal(panel.tag_added) as tagged:
        panel._decisions.tags.added.emit("sea")
    assert tagged.args == [[1, 2], "sea"]
