"""What people do with PhotoFind from beginning to end: the real window over the real library, by keys and mouse."""

import os

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from photofind.gui.sidebar import Place
from photofind.gui.viewer import Viewer
from tests.journeys.album import BURST, COPY, COUNT, DRAWING, SMALLER
from tests.journeys.program import BUTTON, CTRL, KEY, NONE, SHIFT, Program


def test_the_first_start_and_the_second(program: Program) -> None:
    window = program.start()
    program.wait(lambda: window.pages.currentWidget() is window.first_run)
    program.drop_files(program.photos)
    program.wait_for_photos(COUNT)
    assert window.pages.currentWidget() is window.grid
    assert window.sidebar.isVisible()
    program.wait(lambda: all(window.thumbnails.pixmap(photo.content_id) for photo in program.shown()[:6]))
    sections = window.grid.sections()
    assert sections is not None
    assert [sections.title(n) for n in range(len(sections.starts))][-1] == "May 2021"
    program.trigger(window.query_bar.view_menu, "Justified rows")
    program.press(KEY.Key_Plus)
    size = window.grid.cell_size()
    harbour = os.fsencode(program.photos / "2022/Harbour")
    window.sidebar.choose(Place.FOLDER, harbour)
    program.wait_for_photos(6)
    program.click("2022/Harbour/sea 3.jpg")
    assert program.chosen() == ["sea 3.jpg"]

    window = program.restart()
    program.wait_for_photos(6)
    assert window.sidebar.path() == harbour
    assert window.grid.current_id() == program.photo("2022/Harbour/sea 3.jpg").photo_id
    assert window.grid.cell_size() == size
    assert window.grid._is_justified
    assert program.settings.text("grid_layout") == "rows"
    window.sidebar.choose(Place.ALL)
    program.wait_for_photos(COUNT)


def test_culling(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2023/Alps/ridge 1.jpg")
    program.press(KEY.Key_P)
    program.press(KEY.Key_4)
    program.wait(lambda: program.photo("2023/Alps/ridge 1.jpg").rating == 4)
    assert program.photo("2023/Alps/ridge 1.jpg").flag == 1
    program.click("2023/Alps/ridge 2.jpg", "2023/Alps/ridge 3.jpg")
    program.press(KEY.Key_X)
    program.wait(lambda: program.photo("2023/Alps/ridge 3.jpg").flag == -1)

    program.click("2024/Home/fruit 1.jpg")
    program.press(KEY.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    program.press(KEY.Key_P, on=viewer)
    program.press(KEY.Key_5, on=viewer)
    program.wait(lambda: program.photo("2024/Home/fruit 1.jpg").rating == 5)
    program.press(KEY.Key_Right, on=viewer)
    shown = viewer.photo_id
    program.press(KEY.Key_X, on=viewer)
    program.wait(lambda: program.library.photos([shown or 0])[0].flag == -1)
    program.press(KEY.Key_U, on=viewer)
    program.wait(lambda: program.library.photos([shown or 0])[0].flag == 0)
    program.press(KEY.Key_Escape, on=viewer)
    assert window.grid.current_id() == shown

    panel = window.query_bar.filters
    panel._flag.setCurrentIndex(panel._flag.findData(1))
    program.wait(lambda: sorted(program.names()) == ["fruit 1.jpg", "ridge 1.jpg"])
    # Unmarked under the filter it goes from the list.
    program.click("2024/Home/fruit 1.jpg")
    program.press(KEY.Key_U)
    program.wait(lambda: program.names() == ["ridge 1.jpg"])
    program.settle()

    os.makedirs(program.photos / "best")
    os.rename(program.photos / "2023/Alps/ridge 1.jpg", program.photos / "best/ridge.jpg")
    program.library.rescan(os.fsencode(program.photos))
    program.wait(lambda: program.names() == ["ridge.jpg"])
    program.restart()
    program.wait_for_photos(COUNT)
    moved = program.photo("best/ridge.jpg")
    assert (moved.flag, moved.rating) == (1, 4)
