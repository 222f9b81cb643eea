"""Fault 18 as a person sees it: the server with half of the photos stops answering while the window is open."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from photofind.events import Stage
from photofind.gui import quick_look
from photofind.gui.sidebar import Place
from photofind.indexing import disks, inquiries, watch
from tests.faults.hung_disk import HungDisk
from tests.journeys.album import COUNT
from tests.journeys.program import BUTTON, KEY, Program
from tests.journeys.test_window import button, choose_place
from tests.pictures import write_picture

MAY_HANG = {"photofind-disk", "photofind-watcher", "quick-look"}


@pytest.fixture
def nas(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HungDisk]:
    # After the program, which has all the time in the world otherwise.
    monkeypatch.setattr(disks, "PATIENCE_S", 1.0)
    monkeypatch.setattr(inquiries, "RETRY_S", 0.5)
    monkeypatch.setattr(watch, "LOOK_S", 0.5)
    monkeypatch.setattr(quick_look, "PATIENCE_S", 0.15)
    for number in range(3):
        write_picture(tmp_path / "NAS" / f"far {number}.jpg", 40 + number, size=(160, 120))
    disk = HungDisk(tmp_path / "NAS", monkeypatch)
    yield disk
    disk.answer()


def pressed(program: Program, name: str) -> None:
    buttons = program.window.status.findChildren(QToolButton)
    (found,) = (button for button in buttons if button.accessibleName() == name and button.isVisible())
    QTest.mouseClick(found, BUTTON.LeftButton)


def row_text(program: Program, path: bytes) -> str:
    """Return what the sidebar's row of a folder says."""
    item = program.window.sidebar._find(path)
    assert item is not None
    return str(item.data(0, Qt.ItemDataRole.DisplayRole))


def test_a_server_stops_answering_and_comes_back(program: Program, nas: HungDisk) -> None:
    window = program.start_with(COUNT)
    window.folder_actions.add(nas.root)
    program.wait_for_photos(COUNT + 3)

    nas.hang()
    program.library.rescan()
    program.wait(lambda: "NAS does not answer" in window.status.text())
    assert row_text(program, nas.root) == "NAS does not answer"
    assert window.message.text() == "NAS does not answer; its photos stay searchable."
    program.settle()
    assert len(program.names()) == COUNT + 3

    # Everything else goes on: what is new elsewhere comes in, words and folders are looked for, stars are given.
    write_picture(program.photos / "new.jpg", 77, size=(160, 120))
    program.look_for_changes()
    program.wait_for_photos(COUNT + 4)
    window.sidebar.choose(Place.FOLDER, nas.root)
    program.wait_for_photos(3)
    assert window.message.text().endswith("NAS does not answer. Its photos stay searchable.")
    window.grid.select_photo(int(window.model.ids[0]))
    program.press(KEY.Key_4)
    program.wait(lambda: program.shown()[0].rating == 4)
    program.drop_files(Path(os.fsdecode(nas.root)))  # as a file, since nobody can tell what it is
    program.wait(lambda: window.pages.currentWidget() is window.state_page and bool(window.query_bar.parts()))
    QTest.mouseClick(button(window.state_page, "Clear search"), BUTTON.LeftButton)
    choose_place(program, Place.PROBLEMS)
    page = window.late_pages.problems()
    program.wait(lambda: len(page.folder_cards) == 1)
    assert "The folder does not answer." in page.folder_cards[0].text()

    assert set(nas.held) <= MAY_HANG, "the window or the library waited for the disk"
    nas.answer()
    program.wait(lambda: page.title == "No problems")
    program.wait(lambda: "does not answer" not in window.status.text())
    assert row_text(program, nas.root) == "NAS"
    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT + 4)


def test_stop_pause_and_the_cross_act_while_a_listing_hangs(
    program: Program, nas: HungDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "PATIENCE_S", 600.0)  # nobody gives up before the test ends
    window = program.start_with(COUNT)
    window.folder_actions.add(nas.root)
    program.wait_for_photos(COUNT + 3)
    nas.hang()
    program.library.rescan()
    program.wait(lambda: program.library.progress().stage is Stage.SCANNING)
    nas.wait_until_asked()
    pressed(program, "Pause")
    program.wait(lambda: window.status.text() == "Paused")
    pressed(program, "Resume")
    program.wait(lambda: program.library.progress().stage is Stage.SCANNING)
    pressed(program, "Stop")
    program.wait(lambda: program.library.progress().stage is Stage.IDLE)
    program.library.rescan()
    program.wait(lambda: program.library.progress().stage is Stage.SCANNING)
    program.stop()  # though the disk hangs until the test ends
    assert set(nas.held) <= MAY_HANG
    assert not any(thread.name == "photofind-indexer" for thread in threading.enumerate())
