"""The comparison: one zoom and one place for all photos."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.bridge import Bridge
from photofind.gui.compare_view import CompareView, difference
from photofind.gui.thumbnail_loader import ThumbnailLoader
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def compare(qtbot: QtBot, library: FakeLibrary) -> Iterator[CompareView]:
    bridge = Bridge(library)
    thumbnails = ThumbnailLoader(library.thumbnail)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    qtbot.waitActive(window)
    view = CompareView(library, bridge, thumbnails, window)
    yield view
    view.close_over()
    bridge.close()
    thumbnails.close()


def in_sight(compare: CompareView) -> list[bool]:
    return [canvas.isVisible() for canvas in compare.canvases]


def has_difference(compare: CompareView) -> bool:
    return compare.difference_image is not None


def test_all_photos_show_the_same_part(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8, 14]))
    first, second, third = compare.canvases
    at = QPointF(60, 80)
    event = QWheelEvent(
        at, first.mapToGlobal(at), QPoint(0, 0), QPoint(0, 360), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(first, event)
    assert first.view.zoom > 1.5
    assert second.view == first.view
    assert third.view == first.view
    qtbot.mousePress(second, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(second, QPoint(60, 70))
    qtbot.mouseRelease(second, Qt.MouseButton.LeftButton, pos=QPoint(60, 70))
    assert first.view == second.view == third.view


def test_whole_pictures_arrive_in_their_own_panes(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 7]))  # landscape and portrait

    def are_there() -> bool:
        sizes = [canvas.pixels.size() for canvas in compare.canvases if canvas.pixels is not None]
        return len(sizes) == 2 and all(max(size.width(), size.height()) > 320 for size in sizes)

    qtbot.waitUntil(are_there)
    left, right = (canvas.pixels for canvas in compare.canvases)
    assert left is not None
    assert right is not None
    assert left.width() > left.height()
    assert right.width() < right.height()


def test_blink_shows_one_after_the_other_in_one_place(
    qtbot: QtBot, compare: CompareView, library: FakeLibrary
) -> None:
    compare.show_photos(library.photos([2, 8]))
    qtbot.keyClick(compare, Qt.Key.Key_B)
    assert in_sight(compare) == [True, False]
    qtbot.waitUntil(lambda: compare.front == 1)
    assert in_sight(compare) == [False, True]
    qtbot.keyClick(compare, Qt.Key.Key_B)
    assert in_sight(compare) == [True, True]


def test_the_difference_of_equal_pictures_is_black(qtbot: QtBot) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 120, 200))
    other = image.copy()
    assert difference(image, other, QSize(40, 30)).pixelColor(20, 15) == QColor(0, 0, 0)
    other.setPixelColor(20, 15, QColor(30, 120, 200))
    found = difference(image, other, QSize(40, 30))
    assert found.pixelColor(20, 15) == QColor(40, 0, 0)
    assert found.pixelColor(5, 5) == QColor(0, 0, 0)


def test_the_difference_is_offered_for_two(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8]))
    qtbot.waitUntil(lambda: all(canvas.pixels is not None for canvas in compare.canvases))
    qtbot.keyClick(compare, Qt.Key.Key_D)
    assert has_difference(compare)
    qtbot.keyClick(compare, Qt.Key.Key_D)
    assert not has_difference(compare)
    compare.show_photos(library.photos([2, 8, 14]))
    qtbot.keyClick(compare, Qt.Key.Key_D)
    assert not has_difference(compare)


def test_keep_names_the_one_and_the_others(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8, 14]), may_choose=True)
    with qtbot.waitSignal(compare.keep_chosen) as signal:
        qtbot.keyClick(compare, Qt.Key.Key_3)
    assert signal.args == [14, [2, 8]]
    assert not compare.isVisible()


def test_digits_do_nothing_where_nothing_is_to_be_chosen(
    qtbot: QtBot, compare: CompareView, library: FakeLibrary
) -> None:
    compare.show_photos(library.photos([2, 8]))
    with qtbot.assertNotEmitted(compare.keep_chosen):
        qtbot.keyClick(compare, Qt.Key.Key_1)
    assert compare.isVisible()


def test_at_most_four_and_at_least_two(compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2]))
    assert not compare.isVisible()
    compare.show_photos(library.photos([2, 3, 4, 5, 6, 7]))
    assert len(compare.canvases) == 4


def test_a_removed_photo_leaves(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 3, 4]))
    library.remove_photos([3])
    qtbot.waitUntil(lambda: len(compare.canvases) == 2)
    library.remove_photos([2])
    qtbot.waitUntil(lambda: not compare.isVisible())
