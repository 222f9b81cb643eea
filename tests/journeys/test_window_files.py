"""What comes into the window and goes out of it, and what it says of itself; the real library behind it."""

import os
import random
import shutil
from pathlib import Path
from xml.dom import minidom

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QDrag, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from photofind.gui import file_manager
from photofind.gui.compare_view import CompareView
from photofind.gui.folder_check_dialog import FolderCheckDialog
from photofind.gui.incoming import FolderQuestion
from photofind.gui.rename_dialog import RenameDialog
from photofind.gui.sidebar import Place
from photofind.records import Failure, FailureKind, FileVerdict, ImagePart
from tests import scenes
from tests.journeys.album import COPY, COUNT, SMALLER
from tests.journeys.program import BUTTON, CTRL, KEY, NONE, SHIFT, Program
from tests.journeys.test_window import button, choose_place, details_of, type_tag


@pytest.fixture(autouse=True)
def _nothing_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """No journey may start another program."""

    def refuse(path: bytes) -> bool:
        raise AssertionError(path)

    monkeypatch.setattr(file_manager, "open_path", refuse)
    monkeypatch.setattr(file_manager, "show_file", refuse)


def test_copies_and_names(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    window = program.start_with(COUNT)
    (program.elsewhere / "sea 3.jpg").write_bytes(b"another")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_kw: str(program.elsewhere))
    program.click("2022/Harbour/sea 3.jpg", "2023/Alps/ridge 2.jpg")
    program.press(KEY.Key_E, CTRL | SHIFT)
    program.wait(lambda: window.message.text().startswith("Copied 2 file(s)"))
    assert sorted(os.listdir(program.elsewhere)) == ["ridge 2.jpg", "sea 3 (2).jpg", "sea 3.jpg"]
    original = program.photos / "2022/Harbour/sea 3.jpg"
    assert (program.elsewhere / "sea 3 (2).jpg").read_bytes() == original.read_bytes()
    assert (program.elsewhere / "sea 3.jpg").read_bytes() == b"another"

    program.click("2023/Alps/ridge 2.jpg")
    program.press(KEY.Key_I, CTRL | SHIFT)
    program.wait(lambda: QApplication.clipboard().image().width() == 600)
    program.press(KEY.Key_C, CTRL)
    urls = QApplication.clipboard().mimeData().urls()
    assert [url.toLocalFile() for url in urls] == [str(program.photos / "2023/Alps/ridge 2.jpg")]

    dragged: list[list[str]] = []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, _actions: dragged.append([url.toLocalFile() for url in drag.mimeData().urls()])
    )
    program.click("2022/Harbour/sea 3.jpg", "2023/Alps/ridge 2.jpg")
    start = window.grid.visualRect(window.grid.currentIndex()).center()
    QTest.mousePress(window.grid.viewport(), BUTTON.LeftButton, NONE, start)
    QTest.mouseMove(window.grid.viewport(), start * 1.3)
    QTest.mouseRelease(window.grid.viewport(), BUTTON.LeftButton, NONE, start * 1.3)
    assert [sorted(each) for each in dragged] == [
        sorted(str(program.photos / place) for place in ("2022/Harbour/sea 3.jpg", "2023/Alps/ridge 2.jpg"))
    ]


def rename(program: Program, name: str) -> RenameDialog:
    program.press(KEY.Key_F2)
    dialog = program.wait_for_dialog(RenameDialog)
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, name)
    program.press(KEY.Key_Return, on=dialog.field)
    return dialog


def test_renaming_and_taking_it_back(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 3.jpg")
    program.press(KEY.Key_P)
    dialog = rename(program, "sea 4")
    program.wait(lambda: bool(dialog.problem()))
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "the long pier")
    program.press(KEY.Key_Return, on=dialog.field)
    pier = program.photos / "2022/Harbour/the long pier.jpg"
    program.wait(lambda: pier.exists() and "the long pier.jpg" in program.names())
    program.wait(lambda: window.actions_by_name["undo"].text() == "Undo renaming “sea 3.jpg”")
    program.press(KEY.Key_Z, CTRL)
    program.wait(lambda: "sea 3.jpg" in program.names())
    program.settle()
    assert not pier.exists()
    rename(program, "the long pier")
    program.wait(lambda: pier.exists() and "the long pier.jpg" in program.names())
    program.settle()

    # The page of duplicates takes back what it did itself, not a name.
    choose_place(program, Place.DUPLICATES)
    view = window.late_pages.duplicates()
    program.wait(lambda: not view._pending and bool(view.clusters))
    assert not view.undo_button.isVisible()

    window = program.restart()
    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT)
    assert program.photo("2022/Harbour/the long pier.jpg").flag == 1
    program.wait(window.actions_by_name["undo"].isEnabled)
    program.press(KEY.Key_Z, CTRL)
    program.wait(lambda: "sea 3.jpg" in program.names())
    program.settle()
    assert len(program.names()) == COUNT
    assert program.photo("2022/Harbour/sea 3.jpg").flag == 1


def test_pictures_and_folders_from_outside(program: Program, album: Path) -> None:
    window = program.start_with(COUNT)
    picture = np.ascontiguousarray(Image.open(album / "2022/Harbour/sea 3.jpg").convert("RGB").resize((450, 300)))
    QApplication.clipboard().setImage(QImage(picture.data, 450, 300, 1350, QImage.Format.Format_RGB888).copy())
    program.press(KEY.Key_V, CTRL)
    program.wait(lambda: program.names()[0] == "sea 3.jpg")
    (part,) = window.query_bar.parts()
    assert isinstance(part, ImagePart)
    program.press(KEY.Key_Escape)
    program.wait_for_photos(COUNT)

    outside = program.elsewhere / "card"
    outside.mkdir()
    shutil.copy(album / "2023/Alps/ridge 3.jpg", outside / "DSC1.jpg")
    with Image.open(album / "2024/Home/fruit 1.jpg") as image:
        image.resize((300, 200)).save(outside / "DSC2.jpg")
    scenes.city(random.Random("new")).resize((600, 400)).save(outside / "DSC3.jpg")
    (outside / "DSC4.jpg").write_bytes(b"\xff\xd8\xff no picture")
    program.drop_files(outside / "DSC2.jpg")
    program.wait(lambda: program.names()[0] == "fruit 1.jpg")
    program.press(KEY.Key_Escape)
    program.wait_for_photos(COUNT)

    before = program.library.overview().result(30)
    program.drop_files(outside)
    question = program.wait_for_dialog(FolderQuestion)
    QTest.mouseClick(question.check_button, BUTTON.LeftButton)
    check = program.wait_for_dialog(FolderCheckDialog)
    program.wait(lambda: check.is_over)
    verdicts = {os.path.basename(file.path): file.verdict for model in check.models for file in model.files}
    assert verdicts == {
        b"DSC1.jpg": FileVerdict.IDENTICAL,
        b"DSC2.jpg": FileVerdict.SAME,
        b"DSC3.jpg": FileVerdict.NEW,
        b"DSC4.jpg": FileVerdict.UNREADABLE,
    }
    assert [check.tabs.tabText(place) for place in range(3)] == [
        "Not in the library (1)", "Already there (2)", "Cannot be read (1)",
    ]  # fmt: skip
    check.close()
    program.settle()
    after = program.library.overview().result(30)
    assert (after.summary, after.folders) == (before.summary, before.folders)
    assert program.library.failures() == []


def test_comparing(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 2.jpg", SMALLER)
    program.press(KEY.Key_C)
    view = window.findChild(CompareView)
    assert view is not None
    assert view.isVisible()
    first, second = view.canvases
    program.press(KEY.Key_Plus, on=view)
    program.press(KEY.Key_Plus, on=view)
    assert not first.is_fitted
    assert first.view == second.view
    assert first.picture_rect.width() == pytest.approx(second.picture_rect.width(), abs=1)
    program.press(KEY.Key_Right, on=view)
    assert first.view == second.view
    program.press(KEY.Key_B, on=view)
    assert view.is_blinking
    program.wait(lambda: view.front == 1)
    program.press(KEY.Key_S, on=view)
    program.wait(lambda: not view.is_blinking)
    split = view.split
    assert split is not None
    program.press(KEY.Key_Minus, on=view)
    program.press(KEY.Key_Minus, on=view)
    program.press(KEY.Key_Minus, on=view)
    program.press(KEY.Key_Right, on=view)
    assert split.fraction > 0.5
    program.press(KEY.Key_D, on=view)
    program.wait(lambda: view.difference_image is not None)
    program.press(KEY.Key_Escape, on=view)
    assert view.isHidden()
    assert sorted(program.chosen()) == ["sea 2-WA0001.jpg", "sea 2.jpg"]


def test_a_damaged_file_is_mended(program: Program, album: Path) -> None:
    program.start_with(COUNT)
    broken = program.photos / "2024/Home/broken.jpg"
    whole = (album / "2021/Lisbon/street 1.jpg").read_bytes()
    broken.write_bytes(b"\xff\xd8\xff no picture")
    window = program.window
    program.look_for_changes()
    program.wait(lambda: "1 problem" in window.status._problems.text() and window.status._problems.isVisible())
    QTest.mouseClick(window.status._problems, BUTTON.LeftButton)
    page = window.late_pages.problems()
    program.wait(lambda: page.title == "1 file(s) could not be taken in")
    (failure,) = program.library.failures()
    assert isinstance(failure, Failure)
    assert failure.kind in (FailureKind.DAMAGED, FailureKind.NOT_A_PHOTO)
    facts = broken.stat()
    broken.write_bytes(whole)
    os.utime(broken, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    QTest.mouseClick(button(page, "Try all again"), BUTTON.LeftButton)
    program.wait(lambda: page.title == "No problems")
    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT + 1)
    program.wait(lambda: not window.status._problems.isVisible())


def test_the_index_and_the_networks(program: Program) -> None:
    window = program.start_with(COUNT)
    choose_place(program, Place.INDEX)
    page = window.late_pages.index()
    program.wait(lambda: page.figures.get("Photos") == str(COUNT))
    figures = page.figures
    assert figures["Different photos"] == figures["In the index"] == str(COUNT - 1)
    assert any(figures["Catalog"].endswith(unit) for unit in ("KB", "MB", "KiB", "MiB", "kB")), figures["Catalog"]
    QTest.mouseClick(button(page, "Rebuild the index"), BUTTON.LeftButton)
    program.wait(lambda: "rebuilt" in page.sentence.lower() or "anew" in page.sentence.lower())
    QTest.mouseClick(button(page, "Check everything"), BUTTON.LeftButton)
    program.wait(lambda: "Everything is in order." in page.lines)
    choose_place(program, Place.NETWORKS)
    program.wait(lambda: window.pages.currentWidget() is window.late_pages.models())
    window.grab()
    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT)
    program.click("2022/Harbour/sea 2.jpg")
    program.press(KEY.Key_S)
    program.wait(lambda: program.names()[:2] == ["sea 2.jpg", "sea 2-WA0001.jpg"])


def test_sidecars(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 1.jpg")
    program.wait(lambda: details_of(program, "2022/Harbour/sea 1.jpg"))
    type_tag(program, "boats & ropes")
    program.press(KEY.Key_4)
    program.wait(lambda: program.photo(COPY).rating == 4 and bool(program.photo(COPY).tags))
    program.click("2022/Harbour/sea 1.jpg", "2023/Alps/ridge 1.jpg")
    program.choose_from_menu("Write XMP files beside the photos")
    program.wait(lambda: window.message.text().startswith("Wrote 1 XMP file(s)."))
    sidecar = program.photos / "2022/Harbour/sea 1.jpg.xmp"
    document = minidom.parse(str(sidecar))
    (keyword,) = document.getElementsByTagName("rdf:li")
    assert keyword.toxml() == "<rdf:li>boats &amp; ropes</rdf:li>"
    (rating,) = document.getElementsByTagName("xmp:Rating")
    assert rating.toxml() == "<xmp:Rating>4</xmp:Rating>"
    program.settle()
    assert len(program.names()) == COUNT
