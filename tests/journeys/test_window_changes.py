"""Photos, folders and drives that go and come back while the window is open; the real library behind it."""

import os
import shutil
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from photofind.gui.sidebar import Place
from photofind.gui.viewer import Viewer
from tests.journeys.album import COUNT
from tests.journeys.program import BUTTON, CTRL, KEY, Program
from tests.journeys.test_window import (
    button,
    choose_collection,
    choose_place,
    details_of,
    give_name,
    search_words,
    type_tag,
)


def test_a_picture_dropped_before_there_are_photos(program: Program) -> None:
    window = program.start()
    program.wait(lambda: window.pages.currentWidget() is window.first_run)
    program.drop_files(program.photos / "2024/Home/plan.png")
    program.wait(lambda: window.state_page.title() == "There is nothing to search yet")
    QTest.mouseClick(button(window.state_page, "Clear search"), BUTTON.LeftButton)
    program.wait(lambda: window.pages.currentWidget() is window.first_run)


def test_trash_from_the_viewer_and_from_an_answer(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2024/Home/fruit 2.jpg")
    program.press(KEY.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    program.press(KEY.Key_Delete, on=viewer)
    box = program.wait_for_dialog(QMessageBox)
    QTest.mouseClick(button(box, "Move to trash"), BUTTON.LeftButton)
    program.wait(lambda: len(os.listdir(program.trash_folder)) == 1 and len(window.model.ids) == COUNT - 1)
    assert viewer.isVisible()
    program.press(KEY.Key_Z, CTRL, on=viewer)
    program.wait(lambda: len(window.model.ids) == COUNT)
    program.press(KEY.Key_Escape, on=viewer)
    program.settle()

    program.click("2022/Harbour/sea 2.jpg")
    program.press(KEY.Key_S)
    program.wait(lambda: program.names()[:2] == ["sea 2.jpg", "sea 2-WA0001.jpg"])
    program.settle()
    program.click("2022/Harbour/sea 2-WA0001.jpg")
    program.press(KEY.Key_P)
    program.press(KEY.Key_Delete)
    box = program.wait_for_dialog(QMessageBox)
    QTest.mouseClick(button(box, "Move to trash"), BUTTON.LeftButton)
    program.wait(lambda: len(program.names()) == COUNT - 1)
    program.settle()
    assert window.query_bar._result.text() == f"{COUNT - 1} photo(s)"
    assert program.names()[0] == "sea 2.jpg"
    program.press(KEY.Key_Z, CTRL)
    program.wait(lambda: program.names()[:2] == ["sea 2.jpg", "sea 2-WA0001.jpg"])
    program.settle()
    assert program.photo("2022/Harbour/sea 2-WA0001.jpg").flag == 1


def test_a_folder_goes_from_the_library_and_comes_back(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 4.jpg")
    program.wait(lambda: details_of(program, "2022/Harbour/sea 4.jpg"))
    type_tag(program, "pier")
    program.press(KEY.Key_5)
    program.choose_from_menu("Add to collection", "New collection…")
    give_name(program, "Calendar")
    program.trigger(
        window.sidebar.folder_menu(os.fsencode(program.photos), is_root=True), "Remove from the library…"
    )
    box = program.wait_for_dialog(QMessageBox)
    QTest.mouseClick(button(box, "Remove"), BUTTON.LeftButton)
    program.wait(lambda: window.pages.currentWidget() is window.first_run)
    program.settle()
    program.drop_files(program.photos)
    program.wait_for_photos(COUNT)
    photo = program.photo("2022/Harbour/sea 4.jpg")
    assert (photo.tags, photo.rating) == (("pier",), 5)
    choose_collection(program, "Calendar")
    program.wait(lambda: program.names() == ["sea 4.jpg"])


def test_a_drive_is_unplugged_and_plugged_in_again(program: Program) -> None:
    window = program.start_with(COUNT)
    away = program.photos.with_name("unplugged")
    os.rename(program.photos, away)
    program.look_for_changes()
    program.wait(lambda: not window.library.folders()[0].is_online)
    program.settle()
    assert len(program.names()) == COUNT
    search_words(program, "harbour")
    program.wait(lambda: "sea 1.jpg" in program.names()[:6])
    program.press(KEY.Key_Escape, on=window.query_bar.words)
    program.wait_for_photos(COUNT)
    choose_place(program, Place.PROBLEMS)
    page = window.late_pages.problems()
    program.wait(lambda: len(page.folder_cards) == 1)
    os.rename(away, program.photos)
    QTest.mouseClick(page.folder_cards[0].look_again, BUTTON.LeftButton)
    program.wait(lambda: page.title == "No problems")
    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT)
    assert all(photo.is_online for photo in program.shown())


def test_photos_change_while_they_are_looked_at(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2021/Lisbon/street 3.jpg")
    program.press(KEY.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    os.rename(program.photos / "2021/Lisbon/street 3.jpg", program.photos / "2021/Lisbon/tram.jpg")
    program.look_for_changes()
    program.wait(lambda: "tram.jpg" in program.names())
    program.settle()
    program.wait(lambda: viewer._name.text() == "tram.jpg")
    os.rename(program.photos / "2021/Lisbon/tram.jpg", program.elsewhere / "tram.jpg")
    program.look_for_changes()
    program.wait(lambda: len(program.names()) == COUNT - 1)
    assert viewer.isVisible()
    assert viewer.photo_id in window.model.ids
    os.rename(program.elsewhere / "tram.jpg", program.photos / "2021/Lisbon/street 3.jpg")
    program.look_for_changes()
    program.wait(lambda: len(program.names()) == COUNT)
    program.press(KEY.Key_Escape, on=viewer)


def test_a_photo_is_written_anew_while_it_is_looked_at(program: Program, album: Path) -> None:
    window = program.start_with(COUNT)
    mine = program.photos / "2024/Home/fruit.jpg"
    shutil.copy2(album / "2024/Home/fruit 1.jpg", mine)
    program.look_for_changes()
    program.wait_for_photos(COUNT + 1)
    program.click("2024/Home/fruit.jpg")
    program.wait(lambda: details_of(program, "2024/Home/fruit.jpg"))
    program.press(KEY.Key_4)
    type_tag(program, "kitchen")
    program.wait(lambda: program.photo("2024/Home/fruit.jpg").tags == ("kitchen",))
    program.press(KEY.Key_Space)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    program.press(KEY.Key_I, on=viewer)
    program.press(KEY.Key_P, on=viewer)
    program.wait(lambda: viewer._message.isVisible() and viewer._message.text().startswith("Picked"))
    with Image.open(mine) as image:
        image.convert("L").resize((900, 600)).save(program.elsewhere / "gray.jpg")
    os.replace(program.elsewhere / "gray.jpg", mine)
    program.look_for_changes()
    program.wait(lambda: program.photo("2024/Home/fruit.jpg").width_px == 900)

    def is_gray() -> bool:
        pixels = viewer.canvas.pixels
        image = pixels.toImage() if isinstance(pixels, QPixmap) else pixels
        if image is None or image.isNull():
            return False
        colour = image.pixelColor(image.width() // 2, image.height() // 2)
        return colour.red() == colour.green() == colour.blue()

    program.wait(is_gray)
    program.press(KEY.Key_Escape, on=viewer)
    program.settle()
    assert window.details.photos[0].width_px == 900
