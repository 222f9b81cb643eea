"""What the details say of photos that no file dates, and how they stand where they are long or high."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui import wording
from photofind.gui.details_panel import DetailsPanel, _Picture
from photofind.gui.photo_model import PhotoModel
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import DatedBy, Metadata, Photo
from tests.gui.fake_library import FakeLibrary

MORNING_MS = 1_549_188_672_000
"""2019-02-03 10:11:12."""
MIDNIGHT_MS = MORNING_MS // 86_400_000 * 86_400_000


@pytest.fixture
def panel(qtbot: QtBot, look: None, library: FakeLibrary) -> Iterator[DetailsPanel]:
    loader = ThumbnailLoader(library.thumbnail)
    widget = DetailsPanel(loader)
    qtbot.addWidget(widget)
    widget.resize(304, 900)
    widget.show()
    yield widget
    loader.close()


def undated(library: FakeLibrary, dated_by: DatedBy, taken_ms: int = MORNING_MS, number: int = 7) -> Photo:
    (photo,) = library.photos([number])
    return replace(photo, metadata=Metadata(), dated_by=dated_by, taken_ms=taken_ms)


def texts(widget: QWidget) -> list[str]:
    QApplication.processEvents()
    return [label.text().replace("\u202f", " ") for label in widget.findChildren(QLabel) if label.isVisible()]


def test_without_a_date_they_say_under_which_day_it_stands(panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos([undated(library, DatedBy.FILE)])
    assert "No date in the file; filed under its last change, 2/3/19" in texts(panel)


@pytest.mark.parametrize(
    ("taken_ms", "said"),
    [
        (MORNING_MS, "Sunday, February 3, 2019, 10:11 AM, from the file name"),
        (MIDNIGHT_MS, "Sunday, February 3, 2019, from the file name"),
    ],
)
def test_a_date_from_the_name_says_so(panel: DetailsPanel, library: FakeLibrary, taken_ms: int, said: str) -> None:
    photo = undated(library, DatedBy.NAME, taken_ms)
    panel.set_photos([photo])
    assert said in texts(panel)


def test_tooltips_say_the_same(library: FakeLibrary, qtbot: QtBot) -> None:
    photos = [undated(library, DatedBy.NAME), undated(library, DatedBy.FILE, number=8), library.photos([9])[0]]
    for photo in photos:
        assert wording.taken_text(photo) in PhotoModel(lambda _ids: [])._tooltip(photo)


def test_several_photos_leave_out_those_without_a_date(panel: DetailsPanel, library: FakeLibrary) -> None:
    panel.set_photos([undated(library, DatedBy.NAME), undated(library, DatedBy.FILE, number=8)])
    said = texts(panel)
    assert "Sunday, February 3, 2019, 10:11 AM" in said
    assert said[said.index("Without a date") + 1].startswith("1 photo")
    panel.set_photos(library.photos([7, 8]))
    assert "Without a date" not in texts(panel)


def picture_of(panel: DetailsPanel, photo: Photo, width_px: int, height_px: int) -> QWidget:
    panel.set_photos([replace(photo, width_px=width_px, height_px=height_px)])
    QApplication.processEvents()
    return panel.findChildren(_Picture)[0]


@pytest.mark.parametrize("panel_px", [240, 304, 520])
def test_the_picture_takes_no_more_room_than_it_needs(
    panel: DetailsPanel, library: FakeLibrary, panel_px: int
) -> None:
    panel.resize(panel_px, 900)
    photo = library.photos([7])[0]
    wide = picture_of(panel, photo, 6000, 4000).width()
    for width, height in ((6000, 4000), (9000, 3000), (20_000, 5_000)):
        picture = picture_of(panel, photo, width, height)
        assert picture.height() == min(320, round(wide * height / width))
    assert picture_of(panel, photo, 90_000, 1_000).height() == 48  # a line would not be seen
    for width, height in ((3000, 4000), (1000, 9000)):
        assert picture_of(panel, photo, width, height).height() == min(wide, 320)


def test_the_scroll_bar_does_not_come_and_go(panel: DetailsPanel, library: FakeLibrary, qtbot: QtBot) -> None:
    """Where the picture fits only without the bar, and the bar is only there because of the picture."""
    photo = library.photos([7])[0]
    for height in range(420, 760, 4):
        panel.resize(304, height)
        widths = []
        for _turn in range(4):
            widths.append(picture_of(panel, photo, 4000, 4000).width())
        assert len(set(widths[1:])) == 1
