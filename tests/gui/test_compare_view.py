"""The comparison: one zoom and one place for all photos."""

from collections.abc import Iterator
from concurrent.futures import Future

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QTransform, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.bridge import Bridge
from photofind.gui.compare_view import CompareView, difference
from photofind.gui.details_panel import StarsEditor
from photofind.gui.sharpness import common_size, measure_later
from photofind.gui.split_canvas import SplitCanvas
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Picture
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


def test_the_one_with_its_live_video_is_marked(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    library.add_companion(8, ".MOV")
    library.add_companion(2, ".xmp")
    compare.show_photos(library.photos([2, 8]))

    def facts() -> list[str]:
        return [label.text() for label in compare.findChildren(QLabel) if "video" in label.text()]

    qtbot.waitUntil(lambda: facts() == ["without video", "with live video ✓"])


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


# The line between two


def whole(compare: CompareView) -> bool:
    return all(isinstance(canvas.pixels, QImage) for canvas in compare.canvases)


def split_of(compare: CompareView) -> SplitCanvas:
    split = compare.split
    assert split is not None
    return split


def test_a_line_is_pulled_across_two_photos(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8]))
    qtbot.waitUntil(lambda: whole(compare))
    qtbot.keyClick(compare, Qt.Key.Key_S)
    split = split_of(compare)
    assert split.isVisible()
    assert in_sight(compare) == [False, False]
    rect = split.picture_rect
    place = QPointF(rect.left() + rect.width() * 0.7, rect.top() + 12).toPoint()
    assert split.fraction == 0.5
    right_photo = split.grab().toImage().pixelColor(place)
    line = QPoint(split.width() // 2, split.height() // 3)
    qtbot.mousePress(split, Qt.MouseButton.LeftButton, pos=line)
    qtbot.mouseMove(split, QPoint(split.width() * 9 // 10, line.y()))
    qtbot.mouseRelease(split, Qt.MouseButton.LeftButton, pos=QPoint(split.width() * 9 // 10, line.y()))
    assert split.fraction == pytest.approx(0.9, abs=0.01)
    left_photo = split.grab().toImage().pixelColor(place)
    assert left_photo != right_photo
    assert split.is_fitted  # the photos did not move with the line
    qtbot.keyClick(compare, Qt.Key.Key_Left)
    assert split.fraction == pytest.approx(0.85, abs=0.01)
    qtbot.keyClick(compare, Qt.Key.Key_S)
    assert compare.split is None
    assert in_sight(compare) == [True, True]


def test_the_line_keeps_the_part_that_is_seen(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8]))
    qtbot.waitUntil(lambda: whole(compare))
    compare.canvases[1].zoom_by(3, QPointF(50, 50))
    view = compare.canvases[0].view
    qtbot.keyClick(compare, Qt.Key.Key_S)
    assert split_of(compare).view.zoom == pytest.approx(view.zoom)
    split_of(compare).zoom_by(1.5)
    qtbot.keyClick(compare, Qt.Key.Key_S)
    assert compare.canvases[0].view.zoom == pytest.approx(view.zoom * 1.5)
    assert compare.canvases[1].view == compare.canvases[0].view


def test_one_way_of_looking_at_a_time(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8]))
    qtbot.keyClick(compare, Qt.Key.Key_S)
    qtbot.keyClick(compare, Qt.Key.Key_D)
    assert compare.split is None
    qtbot.keyClick(compare, Qt.Key.Key_B)
    assert not has_difference(compare)
    qtbot.keyClick(compare, Qt.Key.Key_S)
    assert not compare.is_blinking
    compare.show_photos(library.photos([2, 8, 14]))
    qtbot.keyClick(compare, Qt.Key.Key_S)
    assert compare.split is None


# Sharpness


def detailed(width: int, height: int) -> QImage:
    """Return fine lines under a slow change of light."""
    y, x = np.mgrid[:height, :width]
    grey = (60 + 120 * x // width + 40 * ((x // 2 + y // 3) % 2)).astype(np.uint8)
    shared = QImage(grey.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return shared.convertToFormat(QImage.Format.Format_RGB32)


def soft(image: QImage) -> QImage:
    smooth, aspect = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio
    return image.scaled(image.size() / 4, aspect, smooth).scaled(image.size(), aspect, smooth)


def test_the_sharper_one_is_known_at_one_size() -> None:
    sharp = detailed(240, 160)
    size = common_size([sharp.size(), QSize(480, 320)])
    assert size == QSize(240, 160)
    shares = measure_later([soft(sharp), sharp], size).result()
    assert shares[1] == 1.0
    assert shares[0] < 0.5
    # Blown up it is not sharper than it was, and the same at the same size.
    large = sharp.scaled(480, 320, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation)
    assert min(measure_later([sharp, large], size).result()) > 0.8


def test_sharpness_of_different_things_is_not_told() -> None:
    assert common_size([QSize(300, 200), QSize(200, 300)]) is None
    sharp = detailed(240, 160)
    assert measure_later([sharp, sharp.transformed(QTransform().scale(-1, 1))], QSize(240, 160)).result() == []


def test_the_sharper_photo_is_marked_and_nearly_equal_ones_are_not(
    qtbot: QtBot, compare: CompareView, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    sharp = detailed(480, 320)
    images = {2: soft(sharp), 8: sharp, 14: sharp.copy()}

    def full_image(photo_id: int, _max_px: int) -> "Future[Picture]":
        image = images[photo_id].convertToFormat(QImage.Format.Format_RGBX8888)
        answer: Future[Picture] = Future()
        answer.set_result(Picture(image.width(), image.height(), bytes(image.constBits())))
        return answer

    monkeypatch.setattr(library, "full_image", full_image)

    def texts() -> list[str]:
        return [label.text() for label in compare.findChildren(QLabel) if label.isVisible()]

    compare.show_photos(library.photos([2, 8]))
    qtbot.waitUntil(lambda: "sharper ✓" in texts())
    assert any(text.endswith("% as sharp") for text in texts())
    better = next(label for label in compare.findChildren(QLabel) if label.text() == "sharper ✓")
    assert better.parentWidget() is compare.canvases[1].parentWidget()
    assert "more fine detail" in better.toolTip()
    compare.show_photos(library.photos([8, 14]))
    qtbot.waitUntil(lambda: texts().count("equally sharp") == 2)


# What is done to photos here


def test_a_photo_is_rated_and_trashed_from_here(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8]))
    _first, second = compare.findChildren(StarsEditor)
    with qtbot.waitSignal(compare.rating_changed) as signal:
        qtbot.keyClick(second, Qt.Key.Key_4)
    assert signal.args == [[8], 4]
    library.set_rating([8], 2)
    qtbot.waitUntil(lambda: second.rating == 2)
    trash = [
        b for b in compare.findChildren(QToolButton) if b.accessibleName() == "Move IMG_00002.jpg to the trash"
    ]
    with qtbot.waitSignal(compare.trash_wanted) as signal:
        qtbot.mouseClick(trash[0], Qt.MouseButton.LeftButton)
    assert signal.args == [[2]]


def test_every_control_is_named_explained_and_reached_by_tab(
    qtbot: QtBot, compare: CompareView, library: FakeLibrary
) -> None:
    compare.show_photos(library.photos([2, 8]))
    buttons = [b for b in compare.findChildren(QAbstractButton) if b.isVisible()]
    assert all((b.accessibleName() or b.text()) and b.toolTip() for b in buttons)
    reached: set[QWidget] = set()
    for _ in range(30):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert set(buttons) <= reached
    assert set(compare.findChildren(StarsEditor)) <= reached


def test_ctrl_z_takes_back_and_zooms_nothing(qtbot: QtBot, compare: CompareView, library: FakeLibrary) -> None:
    compare.show_photos(library.photos([2, 8]))
    view = compare.canvases[0].view
    with qtbot.waitSignal(compare.undo_wanted):
        qtbot.keyClick(compare, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert compare.canvases[0].view == view


@pytest.mark.parametrize("width", [420, 520, 640, 760, 900])
@pytest.mark.parametrize("ids", [(2, 3), (1, 4, 5), (1, 2, 3, 4)])
def test_all_pictures_have_one_height_however_their_facts_wrap(
    qtbot: QtBot, compare: CompareView, library: FakeLibrary, width: int, ids: tuple[int, ...]
) -> None:
    window = compare.parentWidget()
    assert window is not None
    window.resize(width, 600)
    compare.show_photos(library.photos(ids), may_choose=True)

    def are_level() -> bool:
        heights = [canvas.height() for canvas in compare.canvases]
        # Two rows share the height of the window, which may be an odd number of pixels.
        return max(heights) - min(heights) <= (1 if len(ids) == 4 else 0)

    qtbot.waitUntil(are_level)
    compare._panes[0].say("This picture cannot be read, and here stands a longer sentence that says why.")
    qtbot.waitUntil(are_level)
