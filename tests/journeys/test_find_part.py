"""A person frames a thing in one photo and finds the others that have it: window, library, decoders and network."""

import os
import random
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofind.gui.main_window import MainWindow
from photofind.library import Library
from photofind.records import ImagePart, PhotoPart, Query
from photofind.settings import Settings
from tests import scenes

WAIT_S = 60
POSTER = (0.5, 0.15, 0.9, 0.85)
"""Where the poster hangs in the photo that is looked at."""


def hang(poster: Image.Image, wall: Image.Image, place: tuple[float, float, float, float]) -> Image.Image:
    """Return a photo of a wall with the poster at a place, given as fractions."""
    left, top, right, bottom = (
        round(edge * side) for edge, side in zip(place, (wall.width, wall.height) * 2, strict=True)
    )
    whole = wall.copy()
    whole.paste(poster.resize((right - left, bottom - top), Image.Resampling.LANCZOS), (left, top))
    return whole


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A poster alone and on two walls, among twelve photos of other things; to be read, never changed."""
    folder = tmp_path_factory.mktemp("poster")
    poster = scenes.flowers(random.Random(3)).crop((200, 100, 900, 800))
    walls = [painter(random.Random(11)) for painter in (scenes.city, scenes.sea)]
    hang(poster, walls[0], POSTER).save(folder / "in the street.jpg", quality=90)
    hang(poster, walls[1], (0.2, 0.05, 0.75, 0.95)).save(folder / "at the sea.jpg", quality=90)
    poster.save(folder / "the poster.jpg", quality=90)
    for number in range(12):
        painter = (scenes.city, scenes.sea, scenes.mountains, scenes.table)[number % 4]
        painter(random.Random(100 + number)).save(folder / f"other {number}.jpg", quality=90)
    return folder


def names(window: MainWindow) -> list[str]:
    photos = window.model.photos([int(n) for n in window.model.ids])
    return [os.fsdecode(os.path.basename(photo.path)) for photo in photos]


def test_a_framed_poster_is_found_wherever_it_hangs(qtbot: QtBot, folder: Path, library_dir: Path) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        street = library.photo_at(os.fsencode(folder / "in the street.jpg"))
        assert street is not None
        window = MainWindow(Settings())
        try:
            window.resize(1200, 800)
            window.show()
            window.attach(library)
            qtbot.waitUntil(lambda: len(window.model.ids) == 15)
            window.open_viewer(street)
            viewer = window.late_pages.viewer()
            assert viewer.isVisible()
            QTest.keyClick(viewer, Qt.Key.Key_B)
            picture = viewer.canvas.picture_rect

            def at(x: float, y: float) -> QPoint:
                return QPointF(picture.left() + x * picture.width(), picture.top() + y * picture.height()).toPoint()

            QTest.mousePress(viewer.selector, Qt.MouseButton.LeftButton, pos=at(*POSTER[:2]))
            QTest.mouseMove(viewer.selector, at(*POSTER[2:]))
            QTest.mouseRelease(viewer.selector, Qt.MouseButton.LeftButton, pos=at(*POSTER[2:]))
            QTest.keyClick(viewer.selector, Qt.Key.Key_Return)
            qtbot.waitUntil(
                lambda: window.shown.answer is not None and not window.bridge.is_waiting("list"), timeout=20_000
            )
            assert window.shown.answer is not None
            (part,) = window.shown.answer.query.parts
            assert isinstance(part, PhotoPart)
            assert part.region == pytest.approx(POSTER, abs=0.01)
            found = names(window)
            assert found[0] == "the poster.jpg"
            assert set(found[:3]) == {"the poster.jpg", "at the sea.jpg", "in the street.jpg"}
        finally:
            window.close()
            window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

        # The same from a picture that is not in the library; the whole of it asks for the city.
        outside = os.fsencode(folder / "in the street.jpg")
        by_part = library.search(Query((ImagePart(path=outside, region=POSTER),))).result(WAIT_S)
        assert library.photos([by_part.hits[0].photo_id])[0].path.endswith(b"the poster.jpg")
        by_whole = library.search(Query((ImagePart(path=outside),))).result(WAIT_S)
        ranks = [os.path.basename(library.photos([hit.photo_id])[0].path) for hit in by_whole.hits]
        assert ranks.index(b"the poster.jpg") > 0


def test_a_query_image_can_be_looked_at(folder: Path, library_dir: Path) -> None:
    with Library.open(library_dir) as library:
        path = os.fsencode(folder / "the poster.jpg")
        by_path = library.query_image(ImagePart(path=path), 200).result(WAIT_S)
        assert (by_path.width_px, by_path.height_px) == (200, 200)
        data = (folder / "at the sea.jpg").read_bytes()
        by_data = library.query_image(ImagePart(data=data, region=(0, 0, 0.5, 0.5)), 300).result(WAIT_S)
        assert (by_data.width_px, by_data.height_px) == (300, 200)  # all of it: the region is chosen on it
        assert len(by_data.rgbx) == 300 * 200 * 4
