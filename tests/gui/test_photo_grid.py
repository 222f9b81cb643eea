"""The grid: geometry, selection by mouse and keys, and what must not move."""

import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photofind.gui.grid_geometry import GAP, MARGIN, SquareGeometry
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.photo_model import PhotoModel, file_url, local_path
from photofind.records import Hit, Photo
from tests.gui.fake_library import FakeLibrary

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton

# --- the view


@pytest.fixture
def grid(qtbot: QtBot, look: None) -> Iterator[PhotoGrid]:
    library = FakeLibrary(500)
    view = PhotoGrid(PhotoModel(library.photos))
    qtbot.addWidget(view)
    view.resize(800, 600)
    # Far from the pointer, which would else be over a photo.
    QCursor.setPos(2000, 2000)
    view.show()
    view.set_photos(library.ids)
    yield view
    library.close()


def click(grid: PhotoGrid, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, modifiers, middle(grid, row))


def squares(grid: PhotoGrid) -> SquareGeometry:
    geometry = grid.geometry_now()
    assert isinstance(geometry, SquareGeometry)
    return geometry


def middle(grid: PhotoGrid, row: int) -> QPoint:
    return grid.visualRect(grid.model().index(row, 0)).center()


def test_a_click_selects_one_ctrl_toggles_shift_extends(grid: PhotoGrid) -> None:
    click(grid, 3)
    assert grid.selected_ids().tolist() == [4]
    click(grid, 6, CTRL)
    assert grid.selected_ids().tolist() == [4, 7]
    click(grid, 3, CTRL)
    assert grid.selected_ids().tolist() == [7]
    click(grid, 9)
    click(grid, 5, SHIFT)
    assert grid.selected_ids().tolist() == [6, 7, 8, 9, 10]
    click(grid, 11, SHIFT)
    assert grid.selected_ids().tolist() == [10, 11, 12]


def test_a_click_beside_the_photos_selects_none(grid: PhotoGrid) -> None:
    click(grid, 3)
    QTest.mouseClick(grid.viewport(), LEFT, NONE, QPoint(2, 2))
    assert grid.selected_count() == 0


def test_a_rubber_band_selects_what_it_touches_and_ctrl_adds(grid: PhotoGrid) -> None:
    columns = squares(grid).columns
    click(grid, 2)
    start, end = QPoint(3, 3), middle(grid, columns + 1)
    QTest.mousePress(grid.viewport(), LEFT, CTRL, start)
    QTest.mouseMove(grid.viewport(), end / 2)
    QTest.mouseMove(grid.viewport(), end)
    QTest.mouseRelease(grid.viewport(), LEFT, CTRL, end)
    assert grid.selected_ids().tolist() == [1, 2, 3, columns + 1, columns + 2]


def test_keys_move_and_select(grid: PhotoGrid, qtbot: QtBot) -> None:
    grid.setFocus()
    columns = squares(grid).columns
    click(grid, 0)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current_id() == 2
    QTest.keyClick(grid, Qt.Key.Key_Down, SHIFT)
    assert grid.current_id() == 2 + columns
    assert grid.selected_count() == columns + 1
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.current_id() == 500
    assert grid.visualRect(grid.currentIndex()).bottom() <= grid.viewport().height()
    QTest.keyClick(grid, Qt.Key.Key_PageUp)
    assert 400 < (grid.current_id() or 0) < 500
    QTest.keyClick(grid, Qt.Key.Key_Home)
    assert grid.current_id() == 1
    assert grid.verticalScrollBar().value() == 0
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.current_id() == 1


def test_down_in_the_line_before_a_short_last_line_reaches_it(grid: PhotoGrid, qtbot: QtBot) -> None:
    columns = squares(grid).columns
    grid.set_photos(np.arange(1, columns + 2, dtype=np.int64))
    click(grid, columns - 1)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current_id() == columns + 1


def test_typing_a_name_goes_to_it(grid: PhotoGrid, qtbot: QtBot) -> None:
    click(grid, 0)
    QTest.keyClicks(grid, "img_0012")
    assert grid.current_id() == 120


def test_ctrl_wheel_asks_for_another_size(grid: PhotoGrid, qtbot: QtBot) -> None:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    event = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    with qtbot.waitSignal(grid.cell_size_changed) as asked:
        grid.wheelEvent(event)
    assert asked.args is not None
    assert asked.args[0] > grid.cell_size()


def test_selection_and_current_survive_insertion(grid: PhotoGrid) -> None:
    click(grid, 3)
    click(grid, 8, CTRL)
    ids = grid.selected_ids()
    grid.set_photos(np.concatenate(([900, 901, 902], np.arange(1, 501))).astype(np.int64))
    assert grid.selected_ids().tolist() == ids.tolist()
    assert grid.current_id() == 9


def test_when_the_current_photo_goes_the_next_takes_its_place(grid: PhotoGrid) -> None:
    click(grid, 3)
    grid.set_photos(np.delete(np.arange(1, 501, dtype=np.int64), 3))
    assert grid.current_id() == 5
    assert grid.selected_count() == 0


@pytest.mark.parametrize("added", [1, 2, 3, 4, 5, 100])
def test_what_is_at_the_top_stays_when_photos_come_before_it(grid: PhotoGrid, added: int) -> None:
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    row = grid.indexAt(QPoint(60, 60)).row()
    photo_id, before = int(grid.photo_model().ids[row]), grid.visualRect(grid.model().index(row, 0))
    grid.set_photos(np.concatenate((np.arange(1000, 1000 + added), np.arange(1, 501))).astype(np.int64))
    after = grid.visualRect(grid.model().index(grid.photo_model().row_of(photo_id), 0))
    assert after == before


@pytest.mark.parametrize("added", [1, 2, 3, 7])
def test_what_is_under_the_pointer_stays_even_at_the_top(grid: PhotoGrid, qtbot: QtBot, added: int) -> None:
    grid.activateWindow()
    point = middle(grid, 2)
    QCursor.setPos(grid.viewport().mapToGlobal(point))
    QTest.mouseMove(grid.viewport(), point)
    if not grid.viewport().underMouse():
        pytest.skip("the platform plugin does not track the pointer")
    grid.set_photos(np.concatenate((np.arange(1000, 1000 + added), np.arange(1, 501))).astype(np.int64))
    row = grid.indexAt(point).row()
    assert grid.photo_model().ids[row] == 3


def test_a_resting_pointer_does_not_hold_the_first_fill_back(
    grid: PhotoGrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = middle(grid, 2)
    QCursor.setPos(grid.viewport().mapToGlobal(point))
    QTest.mouseMove(grid.viewport(), point)
    later = time.monotonic() + 60
    monkeypatch.setattr("photofind.gui.photo_grid.time.monotonic", lambda: later)
    grid.set_photos(np.concatenate((np.arange(1000, 1100), np.arange(1, 501))).astype(np.int64))
    assert grid.verticalScrollBar().value() == 0


def test_at_the_top_new_photos_are_seen(grid: PhotoGrid) -> None:
    grid.set_photos(np.concatenate(([900], np.arange(1, 501))).astype(np.int64))
    assert grid.verticalScrollBar().value() == 0
    assert grid.photo_model().ids[grid.indexAt(middle(grid, 0)).row()] == 900


def test_empty_cells_at_the_front_go_when_the_top_is_reached(grid: PhotoGrid) -> None:
    grid.verticalScrollBar().setValue(900)
    grid.set_photos(np.concatenate(([900], np.arange(1, 501))).astype(np.int64))
    assert squares(grid).lead > 0
    grid.verticalScrollBar().setValue(0)
    assert squares(grid).lead == 0
    assert grid.visualRect(grid.model().index(0, 0)).left() == MARGIN


def test_a_smaller_window_keeps_the_photo_at_the_top(grid: PhotoGrid) -> None:
    grid.verticalScrollBar().setValue(4000)
    first = grid.geometry_now().rows_between(4000 + GAP, 4000 + GAP).start
    grid.resize(500, 600)
    rect = grid.visualRect(grid.model().index(first, 0))
    assert -rect.height() <= rect.top() < grid.viewport().height() // 2


def test_all_of_a_million_are_selected_at_once(grid: PhotoGrid) -> None:
    grid.set_photos(np.arange(1, 1_000_001, dtype=np.int64))
    grid.selectAll()
    assert grid.selected_count() == 1_000_000
    assert len(grid.selected_ids()) == 1_000_000


def test_only_visible_rows_are_fetched(qtbot: QtBot, look: None) -> None:
    library = FakeLibrary(200_000)
    asked: list[int] = []

    def fetch(ids: Sequence[int]) -> list[Photo]:
        assert len(ids) <= 200
        asked.extend(ids)
        return library.photos(ids)

    view = PhotoGrid(PhotoModel(fetch))
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.set_photos(library.ids)
    view.grab()
    assert 0 < len(asked) <= 200
    library.close()


def test_placeholders_show_the_mean_colour_in_the_right_shape(grid: PhotoGrid) -> None:
    image: QImage = grid.viewport().grab().toImage()
    for row in range(4):
        photo = grid.photo_model().photo(row)
        assert photo is not None
        rect = grid.visualRect(grid.model().index(row, 0))
        ratio = image.devicePixelRatio()
        centre = rect.center() * ratio
        assert image.pixel(centre) & 0xFFFFFF == photo.mean_rgb
        edge = QPoint(rect.left() + 7, rect.center().y()) * ratio
        is_wide = photo.width_px >= photo.height_px
        assert (image.pixel(edge) & 0xFFFFFF == photo.mean_rgb) == is_wide


def test_likeness_is_painted_on_hits_and_can_be_hidden(grid: PhotoGrid) -> None:
    ids = np.arange(1, 10, dtype=np.int64)
    grid.set_photos(ids)
    plain = grid.viewport().grab().toImage()
    grid.set_photos(ids, {n: Hit(n, 0.5) for n in range(1, 10)})
    assert grid.viewport().grab().toImage() != plain
    grid.set_shows_scores(False)
    assert grid.viewport().grab().toImage() == plain


def test_drags_carry_the_files_as_copies(grid: PhotoGrid) -> None:
    click(grid, 3)
    click(grid, 4, CTRL)
    urls = grid.mime_data().urls()
    assert [local_path(url) for url in urls] == [photo.path for photo in grid.photo_model().photos([4, 5])]


@pytest.mark.parametrize(
    "path", [b"/a/b c.jpg", b"/a/%41#?.jpg", "/ä/日本.jpg".encode(), b"/a/\xff\xfe.jpg", b"/a/x\ny"]
)
def test_any_name_survives_the_way_through_a_url(path: bytes) -> None:
    assert local_path(file_url(path)) == path
