"""The viewer: a picture at once, the whole one when it comes, and never that of another photo."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui.bridge import Bridge
from photofind.gui.image_canvas import ImageCanvas, View
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.viewer import Viewer
from tests.gui.conftest import MakeLibrary
from tests.gui.fake_library import FakeLibrary


class Stage:
    """A viewer over a window with a field that has the keyboard."""

    def __init__(self, qtbot: QtBot, library: FakeLibrary) -> None:
        self.library = library
        self.bridge = Bridge(library)
        self.thumbnails = ThumbnailLoader(library.thumbnail)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(800, 600)
        self.field = QLineEdit()
        QVBoxLayout(self.window).addWidget(self.field)
        self.window.show()
        qtbot.waitActive(self.window)
        self.field.setFocus()
        self.viewer = Viewer(library, self.bridge, self.thumbnails, self.window)

    def close(self) -> None:
        self.viewer.close_over()
        self.bridge.close()
        self.thumbnails.close()

    def full_images(self) -> list[tuple[int, int]]:
        return [arguments for name, arguments in self.library.calls if name == "full_image"]


@pytest.fixture
def stage(qtbot: QtBot, library: FakeLibrary) -> Iterator[Stage]:
    made = Stage(qtbot, library)
    yield made
    made.close()


def has_pixels(stage: Stage, at_least: int) -> bool:
    pixels = stage.viewer.canvas.pixels
    return pixels is not None and max(pixels.width(), pixels.height()) >= at_least


def test_thumbnail_first_then_the_whole_picture(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(10, is_held=True)
    stage = Stage(qtbot, library)
    try:
        stage.viewer.show_photos([5], 0)
        qtbot.waitUntil(lambda: has_pixels(stage, 300))
        assert not has_pixels(stage, 400)
        library.release()
        # No more than the window can show is asked for.
        ((asked, asked_px),) = stage.full_images()
        assert asked == 5
        assert 400 < asked_px <= 600
        qtbot.waitUntil(lambda: has_pixels(stage, asked_px))
    finally:
        stage.close()


def test_an_answer_for_another_photo_is_dropped(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(10, is_held=True)
    stage = Stage(qtbot, library)
    try:
        stage.viewer.show_photos([5, 6], 0)
        qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
        assert stage.viewer.photo_id == 6
        library.release(0)  # photo 5's answer comes late, if at all
        qtbot.waitUntil(lambda: library.held_count == 1)
        library.release(0)
        qtbot.waitUntil(lambda: has_pixels(stage, 400))
        pixels = stage.viewer.canvas.pixels
        assert pixels is not None
        # Photo 6 is landscape, photo 5 portrait.
        assert pixels.width() > pixels.height()
    finally:
        stage.close()


def test_arrows_go_through_the_photos(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos(np.array([3, 4, 5], np.int64), 1)
    assert stage.viewer.photo_id == 4
    with qtbot.waitSignal(stage.viewer.current_changed) as signal:
        qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
    assert signal.args == [5]
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
    assert stage.viewer.photo_id == 5
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Home)
    assert stage.viewer.photo_id == 3
    qtbot.keyClick(stage.viewer, Qt.Key.Key_End)
    assert stage.viewer.photo_id == 5


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_closing_gives_the_keyboard_back(qtbot: QtBot, stage: Stage, key: Qt.Key) -> None:
    stage.viewer.show_photos([3], 0)
    assert QApplication.focusWidget() is stage.viewer
    with qtbot.waitSignal(stage.viewer.closed):
        qtbot.keyClick(stage.viewer, key)
    assert not stage.viewer.isVisible()
    assert QApplication.focusWidget() is stage.field


def test_s_finds_similar(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3, 4], 1)
    with qtbot.waitSignal(stage.viewer.find_similar) as signal:
        qtbot.keyClick(stage.viewer, Qt.Key.Key_S)
    assert signal.args == [4]
    assert not stage.viewer.isVisible()


def test_digits_rate(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3], 0)
    with qtbot.waitSignal(stage.viewer.rating_changed) as signal:
        qtbot.keyClick(stage.viewer, Qt.Key.Key_4)
    assert signal.args == [[3], 4]


def test_a_new_rating_shows_at_once(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3], 0)
    stage.library.set_rating([3], 2)
    qtbot.waitUntil(lambda: any("★★☆☆☆" in label.text() for label in stage.viewer.findChildren(QLabel)))


def test_f11_fills_the_screen_and_esc_leaves_it(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_F11)
    qtbot.waitUntil(stage.window.isFullScreen)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not stage.window.isFullScreen())


def test_nearer_asks_for_all_pixels(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.waitUntil(lambda: has_pixels(stage, 700))
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: (2, 6000) in stage.full_images())
    qtbot.waitUntil(lambda: has_pixels(stage, 6000), timeout=20_000)
    assert stage.viewer.canvas.device_px_per_px == pytest.approx(1.0)
    assert not stage.viewer.canvas.is_fitted


def test_the_next_picture_is_there_before_it_is_asked_for(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2, 3], 0)
    qtbot.waitUntil(lambda: any(photo_id == 3 for photo_id, _px in stage.full_images()))


def test_a_photo_that_is_removed_leaves(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3, 4, 5], 1)
    stage.library.remove_photos([4])
    qtbot.waitUntil(lambda: stage.viewer.photo_id == 5)
    stage.library.remove_photos([3, 5])
    qtbot.waitUntil(lambda: not stage.viewer.isVisible())


def test_an_unreadable_photo_says_why_and_keeps_its_thumbnail(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import Future

    from photofind.errors import UserError

    failed: Future[bytes] = Future()
    failed.set_exception(UserError("The file is cut short."))
    monkeypatch.setattr(stage.library, "full_image", lambda _photo_id, _px: failed)
    stage.viewer.show_photos([3], 0)
    qtbot.waitUntil(
        lambda: any("The file is cut short." in label.text() for label in stage.viewer.findChildren(QLabel))
    )
    qtbot.waitUntil(lambda: has_pixels(stage, 300))


# The canvas


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    widget = ImageCanvas()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.set_picture(4000, 3000, None)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def wheel(canvas: ImageCanvas, at: QPointF, steps: int) -> None:
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(0, 0), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def fraction_at(canvas: ImageCanvas, at: QPointF) -> tuple[float, float]:
    rect = canvas._picture_rect(canvas.view)
    return (at.x() - rect.left()) / rect.width(), (at.y() - rect.top()) / rect.height()


def test_the_wheel_zooms_at_the_pointer(canvas: ImageCanvas) -> None:
    at = QPointF(120, 90)
    before = fraction_at(canvas, at)
    wheel(canvas, at, 5)
    assert canvas.view.zoom == pytest.approx(1.25**5)
    assert fraction_at(canvas, at) == pytest.approx(before)
    wheel(canvas, at, -20)
    assert canvas.is_fitted
    assert canvas.view == View()


def test_dragging_moves_and_stops_at_the_edge(qtbot: QtBot, canvas: ImageCanvas) -> None:
    canvas.zoom_by(2)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(canvas, QPoint(210, 150))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(210, 150))
    assert canvas.view.centre[0] == pytest.approx(0.5 - 10 / 800, abs=1e-3)
    canvas.move_by(QPointF(10_000, 10_000))
    assert canvas.view.centre == (0.25, 0.25)


def test_double_click_changes_between_whole_and_1_to_1(qtbot: QtBot, canvas: ImageCanvas) -> None:
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.device_px_per_px == pytest.approx(1.0)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert canvas.is_fitted


def test_a_small_picture_is_not_blown_up(canvas: ImageCanvas) -> None:
    canvas.set_picture(40, 30, None)
    assert canvas.device_px_per_px == pytest.approx(1.0)


def test_fewer_pixels_never_replace_more(canvas: ImageCanvas) -> None:
    large, small = (QImage(QSize(side, side), QImage.Format.Format_RGB32) for side in (64, 32))
    canvas.set_pixels(large)
    canvas.set_pixels(small)
    assert canvas.pixels is large


def test_one_pixel_is_one_pixel_of_the_screen(canvas: ImageCanvas) -> None:
    image = QImage(4000, 3000, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    ratio = canvas.devicePixelRatioF()
    image.setPixelColor(2000, 1500, Qt.GlobalColor.white)
    canvas.set_pixels(image)
    canvas.show_actual_pixels()
    shot = canvas.grab().toImage()
    white = sum(
        shot.pixelColor(x, y).lightness() > 128
        for x in range(int(190 * ratio), int(210 * ratio))
        for y in range(int(140 * ratio), int(160 * ratio))
    )
    assert white == 1
