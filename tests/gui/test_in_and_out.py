"""What comes into the window and goes out of it: drops, pastes, drags, copies, names; real events, a library in
memory behind them."""

import base64
import csv
import os
import sys
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QProcess, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.gui import programs
from photofind.gui.copy_dialog import CopyDialog
from photofind.gui.folder_check_dialog import FolderCheckDialog
from photofind.gui.image_search import MOST_PARTS
from photofind.gui.incoming import FolderQuestion
from photofind.gui.main_window import MainWindow
from photofind.gui.photo_model import file_url
from photofind.gui.rename_dialog import RenameDialog
from photofind.gui.sidebar import Place
from photofind.records import CheckedFile, FileVerdict, Folder, ImagePart, PhotoPart, Query
from photofind.settings import Settings
from tests.gui.conftest import MakeLibrary, MakeWindow
from tests.gui.fake_library import FakeLibrary

LEFT = Qt.MouseButton.LeftButton
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def called(library: FakeLibrary, name: str) -> list[Any]:
    return [arguments for method, arguments in library.calls if method == name]


def click(window: MainWindow, row: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    grid = window.grid
    QTest.mouseClick(grid.viewport(), LEFT, modifiers, grid.visualRect(grid.model().index(row, 0)).center())


def drop(window: MainWindow, data: QMimeData) -> None:
    place = QPoint(600, 400)
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()


def parts(qtbot: QtBot, library: FakeLibrary) -> tuple[Any, ...]:
    qtbot.waitUntil(lambda: bool(called(library, "search")))
    query = called(library, "search")[-1]
    assert isinstance(query, Query)
    return query.parts


D = TypeVar("D", bound=QDialog)


def dialog(window: MainWindow, kind: type[D]) -> D:
    found = [child for child in window.findChildren(kind) if child.isVisible()]
    assert len(found) == 1
    return found[0]


# --- in


def test_files_named_in_markup_or_text_are_looked_for(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a b.jpg"
    path.write_bytes(b"any")
    data = QMimeData()
    address = file_url(os.fsencode(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    data.setHtml(f'<p><img alt="x" src="{address}"></p>')
    drop(window, data)
    assert parts(qtbot, library) == (ImagePart(path=os.fsencode(path)),)
    window.query_bar.clear()
    library.calls.clear()
    data = QMimeData()
    data.setText(f"file://{tmp_path}/a%20b.jpg\n")
    drop(window, data)
    assert parts(qtbot, library) == (ImagePart(path=os.fsencode(path)),)


def test_a_picture_inside_markup_is_looked_for(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    encoded = base64.b64encode(b"a picture").decode()
    data = QMimeData()
    data.setHtml(f"<img src='data:image/png;base64,{encoded}'>")
    QApplication.clipboard().setMimeData(data)
    QTest.keyClick(window.grid, Qt.Key.Key_V, CTRL)
    assert parts(qtbot, library) == (ImagePart(data=b"a picture"),)


@pytest.mark.parametrize("form", ["text", "html"])
def test_an_address_in_any_form_is_explained(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, form: str
) -> None:
    data = QMimeData()
    if form == "text":
        data.setText("https://example.org/a.jpg")
    else:
        data.setHtml('<a href="https://example.org/a.jpg">a</a>')
    QApplication.clipboard().setMimeData(data)
    QTest.keyClick(window.grid, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: "does not use the internet" in window.message.text())
    assert not called(library, "search")


def test_several_files_are_several_parts_and_known_ones_are_photos(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [os.fsencode(tmp_path / f"{n}.jpg") for n in range(MOST_PARTS + 3)]
    paths[1] = library.photos([7])[0].path
    data = QMimeData()
    data.setUrls([file_url(path) for path in paths])
    drop(window, data)
    found = parts(qtbot, library)
    assert len(found) == MOST_PARTS
    assert found[:2] == (ImagePart(path=paths[0]), PhotoPart(7))
    assert str(MOST_PARTS) in window.message.text()


def folder_data(*paths: bytes) -> QMimeData:
    data = QMimeData()
    data.setUrls([file_url(path) for path in paths])
    return data


def test_a_dropped_folder_asks_and_is_added(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    drop(window, folder_data(os.fsencode(tmp_path)))
    qtbot.waitUntil(lambda: bool(window.findChildren(FolderQuestion)))
    question = dialog(window, FolderQuestion)
    assert not called(library, "add_folder")
    QTest.mouseClick(question.add_button, LEFT)
    qtbot.waitUntil(lambda: called(library, "add_folder") == [os.fsencode(tmp_path)])
    assert not question.isVisible()


def test_a_dropped_folder_of_the_library_can_be_shown(
    make_window: MakeWindow, make_library: MakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "2015").mkdir()
    window = make_window(make_library(60, tmp_path))
    qtbot.waitUntil(lambda: window.sidebar.folder_at(os.fsencode(tmp_path)) is not None)
    drop(window, folder_data(os.fsencode(tmp_path / "2015")))
    qtbot.waitUntil(lambda: bool(window.findChildren(FolderQuestion)))
    question = dialog(window, FolderQuestion)
    assert question.add_button.accessibleName() == "Show it"
    QTest.mouseClick(question.add_button, LEFT)
    qtbot.waitUntil(lambda: window.sidebar.place() is Place.FOLDER)


def checked(tmp_path: Path) -> list[CheckedFile]:
    base = os.fsencode(tmp_path)
    return [
        CheckedFile(base + b"/same.jpg", 5_000, FileVerdict.SAME, 3),
        CheckedFile(base + b"/identical.jpg", 5_000, FileVerdict.IDENTICAL, 4),
        CheckedFile(base + b"/new.jpg", 5_000, FileVerdict.NEW),
        CheckedFile(base + b"/moment.jpg", 5_000, FileVerdict.SIMILAR, 5),
        CheckedFile(base + b"/broken.jpg", 5_000, FileVerdict.UNREADABLE, None, "The file is empty."),
    ]


def test_a_dropped_folder_is_compared(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.checked = checked(tmp_path)
    drop(window, folder_data(os.fsencode(tmp_path)))
    qtbot.waitUntil(lambda: bool(window.findChildren(FolderQuestion)))
    QTest.mouseClick(dialog(window, FolderQuestion).check_button, LEFT)
    qtbot.waitUntil(lambda: bool(window.findChildren(FolderCheckDialog)))
    page = dialog(window, FolderCheckDialog)
    qtbot.waitUntil(lambda: page.is_over)
    assert [page.tabs.tabText(place) for place in range(3)] == [
        "Not in the library (2)", "Already there (2)", "Cannot be read (1)",
    ]  # fmt: skip
    assert page.line() == "5 file(s) compared."
    page.tabs.setCurrentIndex(1)
    page.list.grab()
    out = tmp_path / "list.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_kwargs: (str(out), ""))
    QTest.mouseClick(page.buttons()["export"], LEFT)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 6
    assert [os.fsencode(tmp_path) + b"/same.jpg", b"same", library.photos([3])[0].path] in [
        [os.fsencode(cell) for cell in row[:3]] for row in rows
    ]
    target = tmp_path / "stick"
    target.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_kwargs: str(target))
    QTest.mouseClick(page.buttons()["copy"], LEFT)
    new = (os.fsencode(tmp_path) + b"/new.jpg", os.fsencode(tmp_path) + b"/moment.jpg")
    qtbot.waitUntil(lambda: called(library, "copy_outside") == [(new, os.fsencode(target))])
    QTest.mouseClick(page.buttons()["add"], LEFT)
    qtbot.waitUntil(lambda: called(library, "add_folder") == [os.fsencode(tmp_path)])


def test_a_comparison_that_fails_or_is_stopped_says_so(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    library.error = UserError("This is no folder.")
    window.folder_actions.check((os.fsencode(tmp_path),))
    page = dialog(window, FolderCheckDialog)
    qtbot.waitUntil(lambda: page.is_over)
    assert page.line() == "This is no folder."
    page.close()
    library.error = None
    library.is_held = True
    window.folder_actions.check((os.fsencode(tmp_path),))
    page = dialog(window, FolderCheckDialog)
    QTest.mouseClick(page.buttons()["stop"], LEFT)
    assert page.is_over
    assert page.line().startswith("Stopped")


# --- out


def test_a_drag_takes_copies_a_stack_and_a_count(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[tuple[QDrag, Any]] = []

    def catch(self: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        dragged.append((self, actions))
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", catch)
    for row in range(4):
        click(window, row, CTRL)
    qtbot.waitUntil(lambda: window.thumbnails.pixmap(60) is not None)
    grid = window.grid
    start = grid.visualRect(grid.model().index(1, 0)).center()
    QTest.mousePress(grid.viewport(), LEFT, NONE, start)
    QTest.mouseMove(grid.viewport(), start + QPoint(40, 40))
    qtbot.waitUntil(lambda: bool(dragged))
    QTest.mouseRelease(grid.viewport(), LEFT, NONE, start + QPoint(40, 40))
    drag, actions = dragged[0]
    assert actions == Qt.DropAction.CopyAction
    assert len(drag.mimeData().urls()) == 4
    assert not drag.pixmap().isNull()
    one, four = grid.drag_pixmap(1).toImage(), grid.drag_pixmap(4).toImage()
    assert one != four


def test_photos_that_are_not_connected_are_left_out_with_a_sentence(
    make_library: MakeLibrary, make_window: MakeWindow
) -> None:
    library = make_library(3)
    library.folder_list = [Folder(1, os.fsencode(library.root), False, 3)]
    window = make_window(library)
    QApplication.clipboard().setText("before")
    window.grid.selectAll()
    window.photo_actions.copy_files()
    assert QApplication.clipboard().text() == "before"
    assert window.message.text() == "3 photo(s) left out: their folder is not connected."


def test_the_pixels_of_a_photo_go_to_the_clipboard(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    click(window, 0)
    QApplication.clipboard().clear()
    QTest.keyClick(window.grid, Qt.Key.Key_I, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.message.text().startswith("Copied the picture"))
    image = QApplication.clipboard().image()
    photo = library.photos([60])[0]
    assert (image.width(), image.height()) == (photo.width_px, photo.height_px)
    assert image.pixelColor(0, 0) != QColor(0, 0, 0)
    assert isinstance(image, QImage)


def test_photos_are_copied_to_a_folder_that_is_remembered(
    make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: object, _title: str, start: str) -> str:
        asked.append(start)
        return str(tmp_path)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    settings = Settings()
    window = make_window(library, settings)
    click(window, 0)
    click(window, 1, CTRL)
    QTest.keyClick(window.grid, Qt.Key.Key_E, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.message.text().startswith("Copied 2 file(s)"))
    assert called(library, "copy_files") == [((60, 59), os.fsencode(tmp_path))]
    assert settings.text("copied_to") == str(tmp_path)
    window.photo_actions.copy_to_folder()
    assert asked == ["", str(tmp_path)]
    qtbot.waitUntil(lambda: len(called(library, "copy_files")) == 2)


def test_what_was_not_copied_is_listed_with_its_reason(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    library.uncopied = {library.photos([60])[0].path}
    window.grid.selectAll()
    window.photo_actions.copy_to_folder()
    report = dialog(window, CopyDialog)
    qtbot.waitUntil(report.reasons.isVisible)
    item = report.reasons.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "The drive is full."
    assert report.line() == "Copied 59 file(s)."


def test_a_copying_can_be_stopped(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    library.is_held = True
    window.grid.selectAll()
    window.photo_actions.copy_to_folder()
    running = dialog(window, CopyDialog)
    qtbot.waitUntil(lambda: running.line().startswith("1 of 60"))
    QTest.mouseClick(running.button, LEFT)
    assert window.message.text().startswith("Stopped")


def test_no_room_is_a_sentence(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    library.error = UserError("There is not enough room: 900 MB are needed, 2 MB are free.")
    window.grid.selectAll()
    window.photo_actions.copy_to_folder()
    running = dialog(window, CopyDialog)
    qtbot.waitUntil(lambda: "900 MB" in running.line())
    running.close()


# --- names


def test_f2_renames_with_the_stem_selected_and_ctrl_z_says_and_undoes_it(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    click(window, 0)
    QTest.keyClick(window.grid, Qt.Key.Key_F2)
    asking = dialog(window, RenameDialog)
    qtbot.waitUntil(asking.field.hasFocus)  # else Return belongs to the photos still
    assert asking.field.selectedText() == "IMG_00060"
    assert not asking.rename_button.isEnabled()
    library.error = UserError("Another file has this name already.")
    QTest.keyClicks(asking.field, "lake")
    assert asking.field.text() == "lake.jpg"
    QTest.keyClick(asking.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asking.problem() == "Another file has this name already.")
    assert asking.isVisible()
    library.error = None
    QTest.keyClicks(asking.field, "2")
    assert asking.problem() == ""
    asking.field.setText("pond.jpg")
    QTest.mouseClick(asking.rename_button, LEFT)
    qtbot.waitUntil(lambda: window.message.text() == "Renamed to “pond.jpg”.")
    assert called(library, "rename")[-1] == (60, "pond.jpg")
    undo = window.actions_by_name["undo"]
    qtbot.waitUntil(lambda: undo.text() == "Undo renaming “IMG_00060.jpg”")
    undo.trigger()
    qtbot.waitUntil(lambda: window.message.text() == "“IMG_00060.jpg” has its name again.")
    assert not undo.isEnabled()
    assert undo.text() == "Undo"


def test_undo_says_how_many_photos_come_back(window: MainWindow, library: FakeLibrary, qtbot: QtBot) -> None:
    window.trash([60, 59])
    undo = window.actions_by_name["undo"]
    qtbot.waitUntil(lambda: undo.text() == "Undo moving 2 photo(s) to the trash")


# --- other programs


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="freedesktop.org")
def test_programs_come_from_desktop_entries_the_preferred_first(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, window: MainWindow
) -> None:
    applications = own_home / ".local" / "share" / "applications"
    applications.mkdir(parents=True)
    (own_home / ".config").mkdir(exist_ok=True)
    monkeypatch.setenv("XDG_DATA_DIRS", str(own_home / "none"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(own_home / "none"))
    for name, rest in (
        ("paint", "Exec=/bin/true --edit %U"), ("look", "Exec=sh -c 'exit 0' %f"), ("gone", "Exec=/no/such %f"),
        ("hidden", "Exec=/bin/true\nHidden=true"), ("removed", "Exec=/bin/true %f --removed"),
    ):  # fmt: skip
        (applications / f"{name}.desktop").write_text(
            f"[Desktop Entry]\nName={name.title()}\n{rest}\n[Other]\nName=x\n"
        )
    (applications / "mimeinfo.cache").write_text(
        "[MIME Cache]\nimage/jpeg=paint.desktop;gone.desktop;hidden.desktop;removed.desktop;look.desktop;\n"
    )
    (own_home / ".config" / "mimeapps.list").write_text(
        "[Default Applications]\nimage/jpeg=look.desktop\n[Removed Associations]\nimage/jpeg=removed.desktop;\n"
    )
    found = programs.programs_for(b"/photos/a.jpg")
    assert [program.name for program in found] == ["Look", "Paint"]
    started: list[list[str]] = []

    def start(program: str, words: list[str]) -> tuple[bool, int]:
        started.append([program, *words])
        return True, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    click(window, 0)
    menu = window.photo_menu()
    others = next(action.menu() for action in menu.actions() if action.text() == "Open with")
    assert isinstance(others, QMenu)
    others.aboutToShow.emit()
    assert [action.text() for action in others.actions() if action.text()] == ["Look", "Paint", "Another program…"]
    others.actions()[1].trigger()
    path = os.fsdecode(window.model.photos([60])[0].path)
    assert started == [["/bin/true", "--edit", path]]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: ("/usr/bin/other", ""))
    others.actions()[-1].trigger()
    assert started[-1] == ["/usr/bin/other", path]
