"""The viewer: a picture at once, the whole one when it comes, and never that of another photo."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.gui import viewer as viewer_module
from photofind.gui.bridge import Bridge
from photofind.gui.histogram import HistogramView, histogram
from photofind.gui.image_canvas import ImageCanvas, View
from photofind.gui.region_selector import RegionDialog
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.viewer import Viewer
from photofind.records import Photo, Picture
from tests.gui.conftest import MakeLibrary
from tests.gui.fake_library import FakeLibrary

NONE = Qt.KeyboardModifier.NoModifier


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
    with qtbot.waitSignal(stage.viewer.command_wanted) as signal:
        qtbot.keyClick(stage.viewer, Qt.Key.Key_4)
    assert signal.args == ["rate_4"]


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


def parts(stage: Stage) -> list[tuple[int, tuple[int, int, int, int], tuple[int, int]]]:
    return [arguments for name, arguments in stage.library.calls if name == "image_part"]


def show_sharp(qtbot: QtBot, stage: Stage, photo_id: int) -> None:
    """Show a photo at 1:1 and wait for what is seen of it."""
    stage.viewer.show_photos([photo_id], 0)
    qtbot.waitUntil(lambda: has_pixels(stage, 700))
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: parts(stage) != [] and stage.viewer.canvas.is_sharp)


def test_nearer_asks_for_what_is_seen(qtbot: QtBot, stage: Stage) -> None:
    show_sharp(qtbot, stage, 2)  # 6000 x 4000
    canvas = stage.viewer.canvas
    assert canvas.device_px_per_px == pytest.approx(1.0)
    assert not canvas.is_fitted
    first = parts(stage)[0][1]
    assert first[0] <= 3000 <= first[2]
    assert first[1] <= 2000 <= first[3]  # the middle comes first
    asked = sum((box[2] - box[0]) * (box[3] - box[1]) for _photo, box, _size in parts(stage))
    assert asked < 6_000_000  # of 24; never all of it
    assert all(px < 6000 for _photo, px in stage.full_images())


def test_what_is_painted_at_1_to_1_is_the_picture_pixel_for_pixel(qtbot: QtBot, stage: Stage) -> None:
    def checked(photo: Photo, box: tuple[int, int, int, int], size_px: tuple[int, int]) -> Future[Picture]:
        # Red counts columns, green rows, blue every other pixel: nothing may be shifted, blurred or left out.
        across, down = np.meshgrid(np.arange(box[0], box[2]), np.arange(box[1], box[3]))
        assert across.shape == (size_px[1], size_px[0])
        opaque = np.full_like(across, 255)
        pixels = np.stack([across % 256, down % 256, (across + down) % 2 * 255, opaque], 2)
        done: Future[Picture] = Future()
        done.set_result(Picture(*size_px, pixels.astype(np.uint8).tobytes()))
        return done

    stage.library.image_part = checked  # type: ignore[method-assign]
    stage.viewer.show_photos([2], 0)
    canvas = stage.viewer.canvas
    canvas.toggle_fit(QPointF(101.3, 77.7))
    qtbot.waitUntil(lambda: canvas.is_sharp)
    canvas.move_by(QPointF(-33.4, 12.7))
    qtbot.waitUntil(lambda: canvas.is_sharp)
    rect = canvas.picture_rect
    shown = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    seen = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.width(), 4)
    across = np.arange(shown.width()) - round(rect.left())
    down = np.arange(shown.height()) - round(rect.top())
    assert np.array_equal(seen[:, :, 0], np.broadcast_to(across % 256, seen.shape[:2]))
    assert np.array_equal(seen[:, :, 1], np.broadcast_to((down % 256)[:, None], seen.shape[:2]))
    assert np.array_equal(seen[:, :, 2], (across[None] + down[:, None]) % 2 * 255)


@pytest.mark.parametrize("zoom", [1.7, 2.9, 4.3, 6.1])
def test_tiles_leave_no_gap_between_them(qtbot: QtBot, stage: Stage, zoom: float) -> None:
    def green(photo: Photo, box: tuple[int, int, int, int], size_px: tuple[int, int]) -> Future[Picture]:
        done: Future[Picture] = Future()
        done.set_result(Picture(*size_px, bytes((0, 200, 0, 255)) * (size_px[0] * size_px[1])))
        return done

    stage.library.image_part = green  # type: ignore[method-assign]
    stage.viewer.show_photos([2], 0)
    canvas = stage.viewer.canvas
    canvas.zoom_by(zoom, QPointF(123.4, 56.7))
    qtbot.waitUntil(lambda: canvas.is_sharp)
    shown = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGBX8888)
    seen = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.width(), 4)
    inside = canvas.picture_rect.intersected(canvas.rect()).toRect().adjusted(1, 1, -1, -1)
    seen = seen[inside.top() : inside.bottom() + 1, inside.left() : inside.right() + 1]
    assert (seen == (0, 200, 0, 255)).all()


def test_moving_on_asks_for_what_comes_into_view(qtbot: QtBot, stage: Stage) -> None:
    show_sharp(qtbot, stage, 2)
    canvas = stage.viewer.canvas
    canvas.move_by(QPointF(-100_000, -100_000))
    qtbot.waitUntil(lambda: canvas.is_sharp)
    assert any(box[2:] == (6000, 4000) for _photo, box, _size in parts(stage))
    canvas.fit()
    asked = len(parts(stage))
    canvas.move_by(QPointF(5, 5))
    assert canvas.is_sharp
    assert len(parts(stage)) <= asked + 1  # one may have been on its way


def test_halfway_near_fewer_pixels_are_asked_for(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.waitUntil(lambda: has_pixels(stage, 700))
    stage.viewer.canvas.zoom_by(2)  # about a quarter of 1:1
    qtbot.waitUntil(lambda: parts(stage) != [] and stage.viewer.canvas.is_sharp)
    scales = {round((box[2] - box[0]) / size[0]) for _photo, box, size in parts(stage)}
    assert scales == {2} or scales == {4}


def test_closing_gives_the_decoded_picture_back(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    stage.viewer.close_over()
    assert ("end_parts", ()) not in stage.library.calls  # nobody looked closely
    show_sharp(qtbot, stage, 2)
    stage.viewer.close_over()
    assert ("end_parts", ()) in stage.library.calls


def test_a_part_that_cannot_be_read_says_why_once(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: Future[Picture] = Future()
    failed.set_exception(UserError("The file is cut short."))
    stage.viewer.show_photos([2], 0)
    qtbot.waitUntil(lambda: has_pixels(stage, 700))
    monkeypatch.setattr(stage.library, "image_part", lambda *_arguments: failed)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Z)
    qtbot.waitUntil(
        lambda: any("The file is cut short." in label.text() for label in stage.viewer.findChildren(QLabel))
    )
    assert stage.viewer.canvas.is_sharp  # nothing more is waited for
    assert has_pixels(stage, 700)


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


# Pinch


def test_a_touchpad_pinch_zooms_at_the_pointer(canvas: ImageCanvas) -> None:
    at = QPointF(90, 200)
    before = fraction_at(canvas, at)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, at, at,
        canvas.mapToGlobal(at), 1.0, QPointF(),
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert canvas.view.zoom == pytest.approx(2.0)
    assert fraction_at(canvas, at) == pytest.approx(before, abs=1e-3)


def test_two_fingers_on_the_screen_zoom_between_them(qtbot: QtBot, canvas: ImageCanvas) -> None:
    screen = QTest.createTouchDevice()
    between = QPointF(200, 150)
    before = fraction_at(canvas, between)
    touch = QTest.touchEvent(canvas, screen)
    touch.press(0, QPoint(180, 150), canvas).press(1, QPoint(220, 150), canvas).commit()
    for apart in range(30, 110, 10):
        left, right = QPoint(200 - apart, 150), QPoint(200 + apart, 150)
        QTest.touchEvent(canvas, screen).move(0, left, canvas).move(1, right, canvas).commit()
    QTest.touchEvent(canvas, screen).release(0, QPoint(100, 150), canvas).release(
        1, QPoint(300, 150), canvas
    ).commit()
    assert canvas.view.zoom > 2
    assert fraction_at(canvas, between) == pytest.approx(before, abs=0.02)


# The filmstrip


def strip_click(stage: Stage, position: int) -> None:
    strip = stage.viewer.filmstrip
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.cell_rect(position).center().toPoint())


def test_a_click_in_the_filmstrip_goes_there(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos(np.arange(1, 31, dtype=np.int64), 14)
    assert 14 in stage.viewer.filmstrip.positions_in_sight()
    with qtbot.waitSignal(stage.viewer.current_changed) as signal:
        strip_click(stage, 17)
    assert signal.args == [18]
    # The current one is in the middle again.
    middle = stage.viewer.filmstrip.cell_rect(17).center().x()
    assert abs(middle - stage.viewer.filmstrip.width() / 2) <= 1


def test_the_filmstrip_shows_the_neighbours(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos(np.arange(1, 31, dtype=np.int64), 14)
    strip = stage.viewer.filmstrip
    seen = [int(stage.viewer._photo_ids[n]) for n in strip.positions_in_sight()]
    qtbot.waitUntil(lambda: all(stage.thumbnails.pixmap(photo_id) is not None for photo_id in seen))
    cell = strip.cell_rect(15).center().toPoint()
    shown = strip.grab().toImage().pixelColor(cell)
    surface = strip.grab().toImage().pixelColor(QPoint(cell.x() - 36, 1))
    assert shown != surface
    # Nothing far away was read.
    assert set(stage.library.thumbnail_calls) <= set(range(seen[0] - 1, seen[-1] + 2))


def test_a_million_photos_cost_the_filmstrip_nothing(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(1_000_000)
    stage = Stage(qtbot, library)
    try:
        stage.viewer.show_photos(library.ids, 500_000)
        strip = stage.viewer.filmstrip
        assert len(strip.positions_in_sight()) < 20
        qtbot.keyClick(stage.viewer, Qt.Key.Key_End)
        assert strip.positions_in_sight()[-1] == 999_999
        event = QWheelEvent(
            QPointF(40, 40), strip.mapToGlobal(QPointF(40, 40)), QPoint(0, 0), QPoint(0, 1200),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(strip, event)
        assert strip.positions_in_sight()[-1] < 999_999
        assert stage.viewer.photo_id == 1_000_000
    finally:
        stage.close()


def test_t_hides_the_filmstrip_and_gives_its_room_to_the_picture(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3, 4], 0)
    height = stage.viewer.canvas.height()
    with qtbot.waitSignal(stage.viewer.filmstrip_toggled) as signal:
        qtbot.keyClick(stage.viewer, Qt.Key.Key_T)
    assert signal.args == [False]
    assert not stage.viewer.filmstrip.isVisible()
    assert stage.viewer.canvas.height() > height
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
    assert not stage.viewer.filmstrip.isVisible()


def test_in_full_screen_the_bars_stay_away_while_keys_go_on(qtbot: QtBot, stage: Stage) -> None:
    viewer = stage.viewer
    viewer.show_photos([2, 8, 14], 0)
    qtbot.keyClick(viewer, Qt.Key.Key_F11)
    qtbot.waitUntil(stage.window.isFullScreen)
    qtbot.waitUntil(lambda: viewer.canvas.height() == viewer.height())
    QTest.mouseMove(viewer.canvas, viewer.canvas.rect().center())
    qtbot.waitUntil(viewer.canvas.underMouse)
    assert viewer.filmstrip.isVisible()
    viewer._hide_timer.setInterval(1)
    viewer._hide_timer.start()
    qtbot.waitUntil(lambda: not viewer.filmstrip.isVisible())
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.photo_id == 8
    assert not viewer.filmstrip.isVisible()
    assert "JPEG" not in label_texts(stage)
    viewer._hide_timer.setInterval(60_000)
    QTest.mouseMove(viewer.canvas, viewer.canvas.rect().center() + QPoint(9, 9))
    qtbot.waitUntil(viewer.filmstrip.isVisible)
    assert "JPEG" in label_texts(stage)
    qtbot.keyClick(viewer, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: not stage.window.isFullScreen())


# Loading


def test_both_neighbours_are_loaded_ahead(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2, 3, 4], 1)
    qtbot.waitUntil(lambda: {2, 4} <= {photo_id for photo_id, _px in stage.full_images()})
    qtbot.waitUntil(lambda: all(stage.viewer._images.get(n, 300) is not None for n in (2, 4)))
    count = len(stage.full_images())
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
    assert has_pixels(stage, 400)  # at once: no turn of the loop in between
    assert [n for n, _px in stage.full_images()[count:] if n == 4] == []


def test_a_neighbour_on_its_way_is_not_asked_for_again(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(10, is_held=True)
    stage = Stage(qtbot, library)
    try:
        stage.viewer.show_photos([2, 8], 0)
        library.release(0)
        qtbot.waitUntil(lambda: len(stage.full_images()) == 2)
        qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: not stage.viewer._rest_timer.isActive())
        assert [photo_id for photo_id, _px in stage.full_images()] == [2, 8]
        library.release(0)
        qtbot.waitUntil(lambda: has_pixels(stage, 400))
    finally:
        stage.close()


def test_going_through_fast_decodes_only_where_it_ends(
    qtbot: QtBot, make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library(60, is_held=True)
    stage = Stage(qtbot, library)
    monkeypatch.setattr(viewer_module, "REST_MS", 60_000)  # how soon is fast; the timer has its own
    try:
        stage.viewer.show_photos(library.ids, 0)
        for _ in range(20):
            stage.viewer.step(1)
        qtbot.waitUntil(lambda: any(photo_id == 21 for photo_id, _px in stage.full_images()))
        assert [photo_id for photo_id, _px in stage.full_images()] == [1, 21]
    finally:
        stage.close()


# Facts


def label_texts(stage: Stage) -> str:
    return "\n".join(label.text() for label in stage.viewer.findChildren(QLabel) if label.isVisible())


def test_the_place_is_told_by_its_names_or_else_as_a_position(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = stage.library._photo

    def photo(number: int) -> Photo:
        made = plain(number)
        place = ("Belém", "Lisbon", "Portugal") if number == 3 else ()
        facts = replace(made.metadata, place=place, latitude=-33.8568, longitude=151.2153)
        return replace(made, metadata=facts)

    monkeypatch.setattr(stage.library, "_photo", photo)
    stage.viewer.show_photos([3, 4], 0)
    assert "Belém, Lisbon, Portugal" in label_texts(stage)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Right)
    assert "33.85680° S, 151.21530° E" in label_texts(stage)


def test_the_histogram_follows_the_pixels(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3], 0)
    view = stage.viewer.findChild(HistogramView)
    assert isinstance(view, HistogramView)
    qtbot.waitUntil(lambda: not view.is_empty)
    assert view.isVisible()
    before = view.grab().toImage()
    stage.viewer.close_over()
    stage.viewer.show_photos([8], 0)
    qtbot.waitUntil(lambda: view.grab().toImage() != before)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_I)
    assert not view.isVisible()


def test_a_histogram_counts_every_colour() -> None:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(QColor(255, 64, 0))
    counted = histogram(image).channels
    assert counted[0, 255] == counted[1, 64] == counted[2, 0] == 1.0
    assert counted.sum(1) == pytest.approx([1, 1, 1, 1])
    assert counted[3].argmax() == round(0.2126 * 255 + 0.7152 * 64)
    for x in range(100):
        for y in range(100):
            image.setPixelColor(x, y, Qt.GlobalColor.black)
    halves = histogram(image)
    assert halves.dark_share == pytest.approx(0.5, abs=0.02)
    assert halves.bright_share == pytest.approx(0.5, abs=0.02)


# More keys


def test_flags_and_the_trash_are_asked_for(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3, 4], 0)
    for key, command in ((Qt.Key.Key_P, "pick"), (Qt.Key.Key_X, "reject"), (Qt.Key.Key_U, "unflag")):
        with qtbot.waitSignal(stage.viewer.command_wanted) as signal:
            qtbot.keyClick(stage.viewer, key)
        assert signal.args == [command]
    with qtbot.waitSignal(stage.viewer.trash_wanted) as signal:
        qtbot.keyClick(stage.viewer, Qt.Key.Key_Delete)
    assert signal.args == [[3]]
    stage.library.remove_photos([3])
    qtbot.waitUntil(lambda: stage.viewer.photo_id == 4)
    assert "Moved to the trash" in label_texts(stage)
    with qtbot.waitSignal(stage.viewer.undo_wanted):
        qtbot.keyClick(stage.viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_plus_and_minus_zoom_and_z_goes_to_1_to_1(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Plus)
    assert stage.viewer.canvas.view.zoom == pytest.approx(1.25)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Minus)
    assert stage.viewer.canvas.is_fitted
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Z)
    assert stage.viewer.canvas.device_px_per_px == pytest.approx(1.0)


def test_every_control_is_named_explained_and_reached_by_tab(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([3, 4, 5], 1)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    buttons = [b for b in stage.viewer.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) >= 10
    for button in buttons:
        assert button.accessibleName() or button.text()
        assert button.toolTip()
    reached: set[QWidget] = set()
    for _ in range(40):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert {b for b in buttons if b.isEnabled()} <= reached
    assert stage.viewer.filmstrip in reached


# A part of the photo


def drag(qtbot: QtBot, widget: QWidget, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, modifier, start)
    qtbot.mouseMove(widget, (start + end) / 2)
    qtbot.mouseMove(widget, end)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, modifier, end)


def at_fraction(stage: Stage, x: float, y: float) -> QPoint:
    rect = stage.viewer.canvas.picture_rect
    return QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height()).toPoint()


def test_a_box_is_drawn_and_enter_looks_for_the_part(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2, 3], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    selector = stage.viewer.selector
    assert selector.isVisible()
    assert selector.region is None
    drag(qtbot, selector, at_fraction(stage, 0.2, 0.3), at_fraction(stage, 0.6, 0.7))
    with qtbot.waitSignal(stage.viewer.find_part) as signal:
        qtbot.keyClick(selector, Qt.Key.Key_Return)
    assert signal.args is not None
    photo_id, region = signal.args
    assert photo_id == 2
    assert region == pytest.approx((0.2, 0.3, 0.6, 0.7), abs=0.01)
    assert not stage.viewer.isVisible()


def test_shift_and_drag_draws_without_the_tool(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    start, end = at_fraction(stage, 0.5, 0.5), at_fraction(stage, 0.25, 0.75)
    drag(qtbot, stage.viewer.canvas, start, end, Qt.KeyboardModifier.ShiftModifier)
    assert stage.viewer.selector.region == pytest.approx((0.25, 0.5, 0.5, 0.75), abs=0.01)
    assert stage.viewer.canvas.is_fitted
    button = next(b for b in stage.viewer.findChildren(QPushButton) if b.text() == "Find this part")
    with qtbot.waitSignal(stage.viewer.find_part):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_box_stays_on_its_object_while_the_picture_is_zoomed(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    selector = stage.viewer.selector
    drag(qtbot, selector, at_fraction(stage, 0.4, 0.4), at_fraction(stage, 0.6, 0.6))
    region, width = selector.region, selector.box_rect().width()
    qtbot.keyClick(selector, Qt.Key.Key_Plus)
    qtbot.keyClick(selector, Qt.Key.Key_Plus)
    assert selector.region == region
    assert selector.box_rect().width() == pytest.approx(width * 1.25**2)
    at = selector.box_rect().center()
    wheel_over = QWheelEvent(
        at, selector.mapToGlobal(at), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(selector, wheel_over)
    assert stage.viewer.canvas.view.zoom == pytest.approx(1.25**3)
    assert selector.region == region


def test_handles_resize_and_the_inside_moves(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    selector = stage.viewer.selector
    drag(qtbot, selector, at_fraction(stage, 0.2, 0.2), at_fraction(stage, 0.6, 0.6))
    drag(qtbot, selector, at_fraction(stage, 0.6, 0.4), at_fraction(stage, 0.8, 0.45))  # the right side
    assert selector.region == pytest.approx((0.2, 0.2, 0.8, 0.6), abs=0.01)
    drag(qtbot, selector, at_fraction(stage, 0.2, 0.2), at_fraction(stage, 0.3, 0.3))  # the corner
    assert selector.region == pytest.approx((0.3, 0.3, 0.8, 0.6), abs=0.01)
    drag(
        qtbot, selector, at_fraction(stage, 0.5, 0.45), at_fraction(stage, 0.5, 0.95)
    )  # the inside, up to the edge
    assert selector.region == pytest.approx((0.3, 0.7, 0.8, 1.0), abs=0.01)
    drag(qtbot, selector, at_fraction(stage, 0.1, 0.1), at_fraction(stage, 0.11, 0.1))  # a slip
    assert selector.region is None


def test_the_box_by_keys_alone(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    selector = stage.viewer.selector
    assert QApplication.focusWidget() is selector
    qtbot.keyClick(selector, Qt.Key.Key_Right)
    assert selector.region == (0.25, 0.25, 0.75, 0.75)
    qtbot.keyClick(selector, Qt.Key.Key_Left)
    qtbot.keyClick(selector, Qt.Key.Key_Down)
    assert selector.region == pytest.approx((0.23, 0.27, 0.73, 0.77))
    qtbot.keyClick(selector, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(selector, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert selector.region == pytest.approx((0.23, 0.27, 0.75, 0.75))
    for _ in range(60):
        qtbot.keyClick(selector, Qt.Key.Key_Left)
    assert selector.region == pytest.approx((0.0, 0.27, 0.52, 0.75))
    assert selector.accessibleDescription() == "From 0 to 52 % across, from 27 to 75 % down"


def test_esc_puts_the_box_away_and_only_then_closes(qtbot: QtBot, stage: Stage) -> None:
    stage.viewer.show_photos([2], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    qtbot.keyClick(stage.viewer.selector, Qt.Key.Key_Escape)
    assert not stage.viewer.selector.isVisible()
    assert stage.viewer.isVisible()
    assert QApplication.focusWidget() is stage.viewer
    qtbot.keyClick(stage.viewer, Qt.Key.Key_Escape)
    assert not stage.viewer.isVisible()


def test_no_box_over_a_photo_that_is_away(qtbot: QtBot, stage: Stage) -> None:
    stage.library.folder_list[0] = replace(stage.library.folder_list[0], is_online=False)
    stage.viewer.show_photos([2], 0)
    qtbot.keyClick(stage.viewer, Qt.Key.Key_B)
    assert not stage.viewer.selector.isVisible()
    assert "once its folder is available again" in label_texts(stage)


def test_the_dialog_chooses_a_part_or_all(qtbot: QtBot, look: None) -> None:
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor(20, 90, 160))
    dialog = RegionDialog(picture, (0.1, 0.1, 0.5, 0.5))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.region == (0.1, 0.1, 0.5, 0.5)
    box = dialog.selector.box_rect()
    drag(qtbot, dialog.selector, box.bottomRight().toPoint(), (box.bottomRight() + QPointF(40, 0)).toPoint())
    assert dialog.region is not None
    assert dialog.region[2] > 0.5
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert dialog.region is not None
    again = RegionDialog(picture, dialog.region)
    qtbot.addWidget(again)
    again.show()
    with qtbot.waitSignal(again.accepted):
        qtbot.mouseClick(again.all, Qt.MouseButton.LeftButton)
    assert again.region is None
