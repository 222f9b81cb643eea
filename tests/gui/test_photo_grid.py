"""The grid: geometry, selection by mouse and keys, and what must not move."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QCursor, QHoverEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from photofind.gui import photo_grid
from photofind.gui.grid_geometry import GAP, HEADER_PX, MARGIN, SquareGeometry
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.photo_model import PhotoModel, file_url, local_path
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Hit, Photo, SortOrder
from tests.gui.fake_library import FakeLibrary

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton

# --- the view


@pytest.fixture
def grid(qtbot: QtBot, look: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[PhotoGrid]:
    for name in ("_POINTER_RESTS_S", "_TYPE_AHEAD_S"):  # between two lines of a test a busy machine may do others
        monkeypatch.setattr(photo_grid, name, 30.0)
    library = FakeLibrary(500)
    view = shown(qtbot, library)
    view.set_photos(library.ids)
    yield view
    library.close()


def shown(qtbot: QtBot, library: FakeLibrary) -> PhotoGrid:
    view = PhotoGrid(PhotoModel(library.photos))
    qtbot.addWidget(view)
    view.resize(800, 600)
    # Far from the pointer, which would else be over a photo.
    QCursor.setPos(2000, 2000)
    view.show()
    return view


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
    grid.set_photos(ids, {n: Hit(n, 0.5, same_picture=0.1, same_scene=0.5) for n in range(1, 10)})
    assert grid.viewport().grab().toImage() != plain
    grid.set_shows_scores(False)
    assert grid.viewport().grab().toImage() == plain


def test_drags_carry_the_files_as_copies(grid: PhotoGrid) -> None:
    click(grid, 3)
    click(grid, 4, CTRL)
    urls = grid.mime_data(grid.chosen_ids()).urls()
    assert [local_path(url) for url in urls] == [photo.path for photo in grid.photo_model().photos([4, 5])]


@pytest.mark.parametrize(
    "path", [b"/a/b c.jpg", b"/a/%41#?.jpg", "/ä/日本.jpg".encode(), b"/a/\xff\xfe.jpg", b"/a/x\ny"]
)
def test_any_name_survives_the_way_through_a_url(path: bytes) -> None:
    assert local_path(file_url(path)) == path


# --- sections, justified rows, the scrubber


@pytest.fixture
def listed(grid: PhotoGrid) -> Iterator[PhotoGrid]:
    """500 photos of 21 days, newest first, in sections."""
    library = FakeLibrary(500)
    grid.set_photos(library.listing(library.ids[::-1]))
    yield grid
    library.close()


def header(grid: PhotoGrid, section: int) -> QPoint:
    place = grid.geometry_now().header(section).translated(0, -grid.verticalOffset())
    return QPoint(place.left() + 30, place.bottom() - 8)


def test_a_header_selects_its_photos(listed: PhotoGrid) -> None:
    sections = listed.sections()
    assert sections is not None
    assert sections.unit == "D"
    rows = listed.geometry_now().section_rows(0)
    QTest.mouseClick(listed.viewport(), LEFT, NONE, header(listed, 0))
    assert listed.selected_ids().tolist() == listed.photo_model().ids[: rows.stop].tolist()
    QTest.mouseClick(listed.viewport(), LEFT, CTRL, header(listed, 1))
    both = listed.geometry_now().section_rows(1).stop
    assert listed.selected_count() == both
    QTest.mouseClick(listed.viewport(), LEFT, CTRL, header(listed, 0))
    assert listed.selected_ids().tolist() == listed.photo_model().ids[rows.stop : both].tolist()
    QTest.mouseClick(listed.viewport(), LEFT, NONE, header(listed, 0))
    assert listed.selected_count() == len(rows)


def test_a_header_shows_that_it_can_be_clicked(listed: PhotoGrid) -> None:
    QTest.mouseMove(listed.viewport(), middle(listed, 0))
    assert listed.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseMove(listed.viewport(), header(listed, 0))
    assert listed.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    beside = listed.geometry_now().header(0).topRight() + QPoint(-4, 20)
    assert listed.section_at(beside) == -1


def test_keys_go_from_section_to_section(listed: PhotoGrid) -> None:
    first, second = listed.geometry_now().section_rows(0), listed.geometry_now().section_rows(1)
    click(listed, first.stop - 1)
    QTest.keyClick(listed, Qt.Key.Key_Right)
    assert listed.currentIndex().row() == second.start
    QTest.keyClick(listed, Qt.Key.Key_Up)
    assert listed.currentIndex().row() in first
    QTest.keyClick(listed, Qt.Key.Key_Down)
    assert listed.currentIndex().row() in second


def test_home_shows_the_first_header_again(listed: PhotoGrid) -> None:
    click(listed, 0)
    QTest.keyClick(listed, Qt.Key.Key_End)
    assert listed.verticalScrollBar().value() > 0
    QTest.keyClick(listed, Qt.Key.Key_Home)
    assert listed.geometry_now().header(0).top() >= listed.verticalOffset()


def test_a_rubber_band_reaches_over_a_header(listed: PhotoGrid) -> None:
    geometry = squares(listed)
    last = geometry.section_rows(0).stop - 1
    start = middle(listed, last) + QPoint(geometry.cell // 2 + GAP // 2, 0)
    end = middle(listed, last + geometry.columns)
    end.setX(start.x() - geometry.cell)
    QTest.mousePress(listed.viewport(), LEFT, NONE, start)
    QTest.mouseMove(listed.viewport(), (start + end) / 2)
    QTest.mouseMove(listed.viewport(), end)
    QTest.mouseRelease(listed.viewport(), LEFT, NONE, end)
    rows = {
        geometry.section_of(int(np.flatnonzero(listed.photo_model().ids == n)[0])) for n in listed.selected_ids()
    }
    assert rows == {0, 1}


@pytest.mark.parametrize("is_justified", [False, True])
@pytest.mark.parametrize("added", [1, 2, 3, 30])
def test_in_sections_and_rows_what_is_looked_at_stays(listed: PhotoGrid, is_justified: bool, added: int) -> None:
    listed.set_justified(is_justified)
    library = FakeLibrary(530)
    bar = listed.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    row = next(r for y in range(150, 500, 10) if (r := listed.indexAt(QPoint(60, y)).row()) >= 0)
    photo_id, before = int(listed.photo_model().ids[row]), listed.visualRect(listed.model().index(row, 0))
    listed.set_photos(library.listing(library.ids[: 500 + added][::-1]))
    assert listed.photo_model().row_of(photo_id) == row + added
    after = listed.visualRect(listed.model().index(row + added, 0))
    assert after.top() == before.top()
    assert after == before or is_justified
    library.close()


def test_the_line_under_the_pointer_keeps_its_photos_in_rows(listed: PhotoGrid) -> None:
    listed.set_justified(True)
    library = FakeLibrary(530)
    bar = listed.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    geometry, offset = listed.geometry_now(), listed.verticalOffset()
    line = geometry.line_of(geometry.rows_between(offset, offset + 500).start)
    rows = geometry.line_rows(line)
    cells = [cell.translated(0, -offset) for cell in geometry.cells(line)]
    listed.set_photos(library.listing(library.ids[::-1]))
    now = [listed.visualRect(listed.model().index(row + 30, 0)) for row in rows]
    assert now == cells
    library.close()


def test_changing_the_layout_keeps_the_current_photo_in_view(listed: PhotoGrid) -> None:
    listed.verticalScrollBar().setValue(listed.verticalScrollBar().maximum() // 3)
    row = next(r for y in range(100, 400, 10) if (r := listed.indexAt(QPoint(60, y)).row()) >= 0)
    click(listed, row)
    changes: tuple[Callable[[], None], ...] = (
        lambda: listed.set_justified(True),
        lambda: listed.set_shows_sections(False),
        lambda: listed.set_cell_size(300),
        lambda: listed.set_justified(False),
        lambda: listed.set_shows_sections(True),
    )
    for change in changes:
        change()
        assert listed.visualRect(listed.currentIndex()).intersects(listed.viewport().rect())
        assert listed.selected_count() == 1


# --- many photos in justified rows, of which only a part is ever laid out


@pytest.fixture(params=[False, True], ids=["plain", "days"])
def many(qtbot: QtBot, look: None, request: pytest.FixtureRequest) -> Iterator[PhotoGrid]:
    """12,000 photos in justified rows."""
    library = FakeLibrary(12_000)
    grid = shown(qtbot, library)
    grid.set_shows_sections(request.param)
    grid.set_justified(True)
    grid.set_photos(library.listing(library.ids[::-1]))
    yield grid
    library.close()


def in_view(grid: PhotoGrid) -> dict[int, QRect]:
    """Return the cells that are seen, by photo id."""
    geometry, offset = grid.geometry_now(), grid.verticalOffset()
    cells = geometry.cells_between(offset, offset + grid.viewport().height() - 1)
    return {int(grid.photo_model().ids[row]): cell.translated(0, -offset) for row, cell in cells}


@pytest.mark.parametrize("step", [-90, -560, 90, 560])
def test_scrolling_moves_everything_by_as_much_and_reaches_the_ends(many: PhotoGrid, step: int) -> None:
    bar = many.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    end = bar.minimum if step < 0 else bar.maximum
    turns = 0
    while bar.value() != end():
        before, value = in_view(many), bar.value()
        bar.setValue(value + step)
        after, moved = in_view(many), bar.value() - value
        assert all(after[each] == before[each].translated(0, -moved) for each in before.keys() & after.keys())
        turns += 1
    assert turns > 300
    geometry = many.geometry_now()
    if step < 0:
        assert many.visualRect(many.model().index(0, 0)).top() in (MARGIN, MARGIN // 2 + HEADER_PX)
        assert many.place() is None
    else:
        last = many.visualRect(many.model().index(geometry.count - 1, 0))
        assert last.bottom() + 1 + MARGIN == many.viewport().height()


def test_jumps_to_either_end_arrive_there(many: PhotoGrid) -> None:
    bar = many.verticalScrollBar()
    for value in (bar.maximum(), bar.maximum() // 3, bar.minimum(), bar.maximum(), bar.minimum()):
        bar.setValue(value)
        assert bar.value() in (value, bar.minimum(), bar.maximum())
        assert len(in_view(many)) > 3
    bar.setValue(bar.maximum())
    assert bar.value() == bar.maximum()
    assert int(many.photo_model().ids[-1]) in in_view(many)
    QTest.keyClick(many, Qt.Key.Key_Home)
    assert bar.value() == bar.minimum()
    assert int(many.photo_model().ids[0]) in in_view(many)


def test_lines_that_did_not_change_stay_when_photos_come_and_go(many: PhotoGrid) -> None:
    library = FakeLibrary(12_100)
    listing = library.listing(library.ids[::-1])
    many.verticalScrollBar().setValue(many.verticalScrollBar().maximum() // 2)
    for added in (1, 16, 3, 80):
        before = in_view(many)
        first = 100 - added
        many.set_photos(listing.only(np.arange(12_100) >= first))
        assert in_view(many) == before
    gone = sorted(before)[len(before) // 2]
    many.set_photos(listing.only(listing.ids != gone))
    after = in_view(many)
    kept = [photo_id for photo_id, rect in before.items() if rect.bottom() < before[gone].top()]
    assert all(after[photo_id] == before[photo_id] for photo_id in kept)
    library.close()


@pytest.mark.parametrize("is_justified", [False, True])
def test_turns_of_the_size_do_not_creep(many: PhotoGrid, is_justified: bool) -> None:
    many.set_justified(is_justified)
    many.verticalScrollBar().setValue(many.verticalScrollBar().maximum() // 2)
    many.set_cell_size(100)
    first = min(in_view(many).items(), key=lambda each: (each[1].top(), each[1].left()))[0]
    for size in (*range(105, 300, 5), *range(300, 95, -5)):
        many.set_cell_size(size)
    again = min(in_view(many).items(), key=lambda each: (each[1].top(), each[1].left()))[0]
    assert again == first


def test_the_current_photo_stays_where_it_is_at_another_size(many: PhotoGrid) -> None:
    many.verticalScrollBar().setValue(many.verticalScrollBar().maximum() // 2)
    row = many.indexAt(QPoint(300, 350)).row()
    click(many, row)
    before = middle(many, row).y()
    for size in (120, 250, 400, 90):
        many.set_cell_size(size)
        assert abs(middle(many, row).y() - before) <= 1


def test_the_photo_under_the_pointer_stays_under_it_at_another_size(many: PhotoGrid) -> None:
    many.verticalScrollBar().setValue(many.verticalScrollBar().maximum() // 2)
    row = many.indexAt(QPoint(300, 350)).row()
    point = middle(many, row)
    QCursor.setPos(many.viewport().mapToGlobal(point))
    QTest.mouseMove(many.viewport(), point)
    if not many.viewport().underMouse():
        pytest.skip("the platform plugin does not track the pointer")
    for size in (120, 250, 400, 90, 176):
        many.set_cell_size(size)
        rect = many.visualRect(many.model().index(row, 0))
        assert abs(rect.center().y() - point.y()) <= 1


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_a_window_that_becomes_narrower_and_back_shows_the_same_near_the_end(many: PhotoGrid, part: float) -> None:
    bar = many.verticalScrollBar()
    bar.setValue(int(bar.maximum() * part))
    before = min(in_view(many), key=lambda each: in_view(many)[each].top())
    for width in (700, 400, 1500, 2500, 800):
        many.resize(width, 600)
    assert before in in_view(many)


def test_a_narrower_window_and_back_shows_the_same(many: PhotoGrid) -> None:
    many.verticalScrollBar().setValue(many.verticalScrollBar().maximum() // 2)
    before = in_view(many)
    for width in (*range(780, 500, -40), *range(500, 800, 40), 800):
        many.resize(width, 600)
    after = in_view(many)
    assert after.keys() == before.keys()
    assert all(abs(after[each].top() - before[each].top()) <= 1 for each in before)


def test_a_place_is_found_again_in_another_list(many: PhotoGrid) -> None:
    listing = many.photo_model().listing
    assert listing is not None
    many.verticalScrollBar().setValue(many.verticalScrollBar().maximum() // 3)
    before, place = in_view(many), many.place()
    assert place is not None
    many.set_photos(np.arange(1, 50, dtype=np.int64), keep_place=False)
    assert many.place() is None
    many.set_photos(listing, keep_place=False)
    many.show_place(place)
    after = in_view(many)
    assert all(after[each] == before[each] for each in before)
    many.show_place(None)
    assert many.verticalScrollBar().value() == many.verticalScrollBar().minimum()


def test_a_band_keeps_its_beginning_while_the_list_scrolls_up(many: PhotoGrid) -> None:
    bar = many.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    first = max(in_view(many).items(), key=lambda each: each[1].top())[0]
    rect = in_view(many)[first]
    start = QPoint(2, rect.center().y())
    QTest.mousePress(many.viewport(), LEFT, NONE, start)
    QTest.mouseMove(many.viewport(), QPoint(700, 300))
    for _ in range(60):
        bar.setValue(bar.value() - 200)
    QTest.mouseMove(many.viewport(), QPoint(700, 200))
    QTest.mouseMove(many.viewport(), QPoint(790, 200))
    chosen = many.selected_ids()
    QTest.mouseRelease(many.viewport(), LEFT, NONE, QPoint(790, 200))
    ids = many.photo_model().ids.tolist()
    line = many.geometry_now().line_rows(many.geometry_now().line_of(ids.index(first)))
    begin = ids.index(int(chosen[0]))
    # Newest first: the band reaches from a line above to the line where it began, without a gap.
    assert chosen.tolist() == ids[begin : line.stop]
    assert len(chosen) > 200


def test_a_name_far_away_is_found_in_several_turns(many: PhotoGrid, qtbot: QtBot) -> None:
    click(many, 0)
    wanted = many.photo_model().photo(1_700)
    assert wanted is not None
    name = os.fsdecode(os.path.basename(wanted.path)).casefold().removesuffix(".jpg")
    QTest.keyClicks(many, name)
    qtbot.waitUntil(lambda: many.currentIndex().row() == 1_700)


def test_an_answer_has_no_sections_but_shapes(grid: PhotoGrid) -> None:
    grid.set_justified(True)
    grid.set_photos(np.arange(1, 30, dtype=np.int64), {n: Hit(n, 0.5) for n in range(1, 30)})
    assert grid.sections() is None
    shapes = {round(r.width() / r.height(), 1) for r in map(grid.geometry_now().rect, range(29))}
    assert len(shapes) > 3


def test_a_click_is_on_the_photo_it_hits_in_rows(listed: PhotoGrid) -> None:
    listed.set_justified(True)
    for row in (0, 3, 7):
        click(listed, row)
        assert listed.selected_ids().tolist() == [int(listed.photo_model().ids[row])]


def test_by_folder_each_folder_has_a_header(grid: PhotoGrid) -> None:
    library = FakeLibrary(100)
    grid.set_photos(library.listing(library.ids, SortOrder.FOLDER))
    sections = grid.sections()
    assert sections is not None
    assert [sections.title(n) for n in range(3)] == ["2014", "2015", "2016"]
    assert grid.geometry_now().sections == 10
    library.close()


def test_dragging_the_scroll_bar_says_the_month(listed: PhotoGrid) -> None:
    bar = listed.verticalScrollBar()
    option = QStyleOptionSlider()
    bar.initStyleOption(option)
    handle = bar.style().subControlRect(
        QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, bar
    )
    QTest.mousePress(bar, LEFT, NONE, handle.center())
    QTest.mouseMove(bar, handle.center() + QPoint(0, 200))
    assert bar.value() > 0
    assert listed.scrubber.isVisible()
    assert listed.scrubber.text() == "May 2014"
    QTest.mouseRelease(bar, LEFT, NONE, handle.center() + QPoint(200, 200))
    QCursor.setPos(2000, 2000)
    QApplication.sendEvent(
        bar, QHoverEvent(QEvent.Type.HoverLeave, QPointF(-1, -1), QPointF(-1, -1), QPointF(1, 1))
    )
    assert not listed.scrubber.isVisible()


def test_the_scroll_bar_says_where_a_click_would_lead(grid: PhotoGrid) -> None:
    library = FakeLibrary(500)
    library.apart_ms = 86_400_000 * 20
    grid.set_photos(library.listing(library.ids))
    bar = grid.verticalScrollBar()
    said = []
    for y in (2, bar.height() // 2, bar.height() - 2):
        point = QPointF(4, y)
        QApplication.sendEvent(bar, QHoverEvent(QEvent.Type.HoverMove, point, point, point))
        said.append(grid.scrubber.text())
    assert len(set(said)) == 3
    assert all(len(text.split()) == 2 for text in said)
    # An answer has no dates to look through.
    grid.set_photos(library.ids)
    QApplication.sendEvent(bar, QHoverEvent(QEvent.Type.HoverMove, QPointF(4, 9), QPointF(4, 9), QPointF(4, 8)))
    assert grid.scrubber.text() == ""
    library.close()


# --- signs, sharpness, screen readers


def test_signs_stand_on_photos_of_enough_size(grid: PhotoGrid) -> None:
    library = FakeLibrary(5)

    def fetch(ids: Sequence[int]) -> list[Photo]:
        return [replace(photo, format="RAW", is_online=False, rating=3) for photo in library.photos(ids)]

    view = PhotoGrid(PhotoModel(fetch))
    plain = PhotoGrid(PhotoModel(library.photos))
    differ = []
    for size in (64, 176):
        pictures = []
        for shown in (view, plain):
            shown.resize(800, 600)
            shown.set_cell_size(size)
            shown.set_photos(library.ids)
            pictures.append(shown.viewport().grab().toImage())
        differ.append(pictures[0] != pictures[1])
    assert differ == [False, True]
    view.deleteLater()
    plain.deleteLater()
    library.close()


def test_words_say_how_they_found_a_photo(grid: PhotoGrid) -> None:
    ids = np.arange(1, 4, dtype=np.int64)
    plain = grid.viewport().grab().toImage()
    grid.set_photos(ids, {1: Hit(1, 0.1, by_words=True), 2: Hit(2, 0.1, by_meaning=True)})
    assert grid.viewport().grab().toImage() != plain
    tips = [grid.model().index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(3)]
    assert "Found by its words" in tips[0]
    assert "Found by what it shows" in tips[1]
    assert "Found by" not in tips[2]
    assert "likeness" not in tips[0]


@pytest.fixture
def large() -> Iterator[tuple[FakeLibrary, ThumbnailLoader]]:
    """A library of two photos and a loader that may ask it for large thumbnails."""
    library = FakeLibrary(2)
    loader = ThumbnailLoader(library.thumbnail, fetch_large=library.large_thumbnail)
    yield library, loader
    loader.close()
    library.close()


def test_large_cells_become_sharp_without_ever_being_empty(
    large: tuple[FakeLibrary, ThumbnailLoader], qtbot: QtBot, look: None
) -> None:
    library, loader = large
    view = PhotoGrid(PhotoModel(library.photos))
    qtbot.addWidget(view)
    view.set_thumbnails(loader)
    view.resize(1200, 600)
    view.set_cell_size(500)
    view.set_photos(library.ids)
    view.show()
    first = view.geometry_now().rect(0)
    box_px = first.width() - 10
    seen = []

    def note(content_id: int) -> None:
        pixmap = loader.pixmap(content_id, box_px)
        seen.append(max(pixmap.width(), pixmap.height()) if pixmap is not None else 0)

    loader.loaded.connect(note)
    qtbot.waitUntil(lambda: len(seen) >= 4)
    # A larger one than 512 would be no sharper to the eye.
    assert 512 < box_px < 1.15 * 512
    assert sorted(seen) == [320, 320, 512, 512]
    assert library.larger_calls == [(1, 512), (2, 512)]


def test_screen_readers_are_told_what_the_current_photo_is(listed: PhotoGrid) -> None:
    assert listed.accessibleName() == "Photos"
    listed.setFocus()
    click(listed, 1)
    told = listed.accessibleDescription()
    assert told.startswith("IMG_00499.jpg, ")
    assert "2014" in told
    assert told.endswith(", 2 of 500")
