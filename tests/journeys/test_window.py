"""What people do with PhotoFind from beginning to end: the real window over the real library, by keys and mouse."""

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QInputDialog,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from photofind.gui.removal_dialogs import PlanDialog
from photofind.gui.sidebar import Place
from photofind.gui.viewer import Viewer
from photofind.records import MatchKind
from tests.journeys.album import COPY, COUNT, DRAWING, SMALLER
from tests.journeys.program import BUTTON, CTRL, KEY, NONE, Program


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
    program.look_for_changes()
    program.wait(lambda: program.names() == ["ridge.jpg"])
    program.restart()
    program.wait_for_photos(COUNT)
    moved = program.photo("best/ridge.jpg")
    assert (moved.flag, moved.rating) == (1, 4)


def details_of(program: Program, *places: str) -> bool:
    """Tell whether the details show these photos."""
    shown = [photo.photo_id for photo in program.window.details.photos]
    return sorted(shown) == sorted(program.photo(place).photo_id for place in places)


def chips(program: Program) -> list[str]:
    """Return the tags on the chips of the details."""
    found = program.window.details.findChildren(QToolButton, "tag-name")
    return sorted(chip.accessibleName() for chip in found if chip.isVisible())


def type_tag(program: Program, tag: str) -> None:
    field = program.window.details.findChild(QLineEdit, "tag-field")
    assert field is not None
    program.write(tag, field)
    program.press(KEY.Key_Return, on=field)


def search_words(program: Program, text: str) -> None:
    window = program.window
    program.press(KEY.Key_F, CTRL, on=window)
    QTest.keyClicks(window.query_bar.words, text)
    program.wait(lambda: not window.query_bar._typing.isActive())
    program.settle()


def found_by_words(program: Program) -> list[str]:
    """Return the names of the photos whose words were found."""
    hits = program.window.shown.hits
    return sorted(
        os.fsdecode(os.path.basename(photo.path)) for photo in program.shown() if hits[photo.photo_id].by_words
    )


def test_tags_titles_and_captions(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 3.jpg", "2024/Home/fruit 2.jpg")
    program.wait(lambda: details_of(program, "2022/Harbour/sea 3.jpg", "2024/Home/fruit 2.jpg"))
    type_tag(program, "Grandmother")
    program.wait(lambda: chips(program) == ["Grandmother"])
    assert program.photo("2024/Home/fruit 2.jpg").tags == ("Grandmother",)
    # A copy has what is said of its bytes.
    program.click("2022/Harbour/sea 1.jpg")
    program.wait(lambda: details_of(program, "2022/Harbour/sea 1.jpg"))
    type_tag(program, "boats")
    program.wait(lambda: program.photo(COPY).tags == ("boats",))

    title, caption = (
        next(field for field in window.details.findChildren(QPlainTextEdit) if field.accessibleName() == name)
        for name in ("Title", "Caption")
    )
    program.write("Regatta", title)
    program.press(KEY.Key_Return, on=title)
    program.write("Uncle at the helm", caption)
    window.grid.setFocus()
    program.wait(lambda: program.photo(COPY).caption == "Uncle at the helm")
    assert program.photo("2022/Harbour/sea 1.jpg").title == "Regatta"

    search_words(program, "grandmother")
    program.wait(lambda: found_by_words(program) == ["fruit 2.jpg", "sea 3.jpg"])
    program.press(KEY.Key_Escape, on=window.query_bar.words)
    for word in ("regatta", "helm"):
        search_words(program, word)
        program.wait(lambda: found_by_words(program) == ["sea 1 (1).jpg", "sea 1.jpg"])
        program.press(KEY.Key_Escape, on=window.query_bar.words)
    program.press(KEY.Key_Escape, on=window.query_bar.words)
    program.wait_for_photos(COUNT)

    program.click("2024/Home/fruit 2.jpg")
    program.wait(lambda: details_of(program, "2024/Home/fruit 2.jpg") and chips(program) == ["Grandmother"])
    (chip,) = window.details.findChildren(QToolButton, "tag-name")
    QTest.mouseClick(chip, BUTTON.LeftButton)
    program.wait(lambda: sorted(program.names()) == ["fruit 2.jpg", "sea 3.jpg"])
    assert "Grandmother" in window.message.text()
    QTest.mouseClick(window.message.button(), BUTTON.LeftButton)
    program.wait_for_photos(COUNT)

    program.click("2022/Harbour/sea 3.jpg")
    program.wait(lambda: details_of(program, "2022/Harbour/sea 3.jpg") and chips(program) == ["Grandmother"])
    (cross,) = window.details.findChildren(QToolButton, "tag-cross")
    QTest.mouseClick(cross, BUTTON.LeftButton)
    program.wait(lambda: program.photo("2022/Harbour/sea 3.jpg").tags == () and not chips(program))
    panel = window.query_bar.filters
    window.query_bar.filters_opened.emit()
    program.wait(lambda: panel._tag.findData("boats") > 0)
    assert panel._tag.itemText(panel._tag.findData("Grandmother")) == "Grandmother  (1)"
    panel._tag.setCurrentIndex(panel._tag.findData("boats"))
    program.wait(lambda: sorted(program.names()) == ["sea 1 (1).jpg", "sea 1.jpg"])
    program.library.rename_tag("boats", "Sailing").result(30)
    program.wait(lambda: program.photo(COPY).tags == ("Sailing",))


class Enter(QDragEnterEvent):
    """A drag that comes from the grid; Qt knows the source only of drags by a real hand."""

    origin: QWidget

    def source(self) -> QWidget:
        return self.origin


class Move(QDragMoveEvent):
    """The same, over the target."""

    origin: QWidget

    def source(self) -> QWidget:
        return self.origin


class Drop(QDropEvent):
    """Its end."""

    origin: QWidget

    def source(self) -> QWidget:
        return self.origin


def drag_to_collection(program: Program, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drag the selected photos, by the current one, onto a collection of the sidebar."""
    grid, tree = program.window.grid, program.window.sidebar.tree()
    (item,) = [each for each in program.window.sidebar._collection_items() if each.collection.name == name]
    place = tree.visualItemRect(item).center()

    def carry(drag: QDrag, _actions: Qt.DropAction) -> Qt.DropAction:
        copy = Qt.DropAction.CopyAction
        for event in (
            Enter(place, copy, drag.mimeData(), BUTTON.LeftButton, NONE),
            Move(place, copy, drag.mimeData(), BUTTON.LeftButton, NONE),
            Drop(QPointF(place), copy, drag.mimeData(), BUTTON.LeftButton, NONE),
        ):
            event.origin = grid
            QApplication.sendEvent(tree.viewport(), event)
            assert event.isAccepted()
        return copy

    monkeypatch.setattr(QDrag, "exec", carry)
    start = grid.visualRect(grid.currentIndex()).center()
    QTest.mousePress(grid.viewport(), BUTTON.LeftButton, NONE, start)
    QTest.mouseMove(grid.viewport(), start + QPoint(30, 30))
    QTest.mouseRelease(grid.viewport(), BUTTON.LeftButton, NONE, start + QPoint(30, 30))


def give_name(program: Program, name: str) -> None:
    dialog = program.wait_for_dialog(QInputDialog)
    dialog.setTextValue(name)
    dialog.accept()
    program.wait(lambda: name in [each.collection.name for each in program.window.sidebar._collection_items()])


def choose_collection(program: Program, name: str) -> None:
    (item,) = [each for each in program.window.sidebar._collection_items() if each.collection.name == name]
    tree = program.window.sidebar.tree()
    tree.scrollToItem(item)
    QTest.mouseClick(tree.viewport(), BUTTON.LeftButton, NONE, tree.visualItemRect(item).center())


def choose_place(program: Program, place: Place) -> None:
    item, tree = program.window.sidebar._items[place], program.window.sidebar.tree()
    QTest.mouseClick(tree.viewport(), BUTTON.LeftButton, NONE, tree.visualItemRect(item).center())


def test_collections(program: Program, album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 4.jpg")
    program.choose_from_menu("Add to collection", "New collection…")
    give_name(program, "Calendar")
    program.click("2021/Lisbon/street 2.jpg", "2023/Alps/ridge 4.jpg")
    drag_to_collection(program, "Calendar", monkeypatch)
    program.wait(lambda: window.message.text() == "Added 2 photo(s) to “Calendar”.")
    program.settle()
    choose_collection(program, "Calendar")
    order = ["sea 4.jpg", "ridge 4.jpg", "street 2.jpg"]
    program.wait(lambda: program.names() == order)
    program.click("2023/Alps/ridge 4.jpg")
    program.choose_from_menu("Take out of “Calendar”")
    program.wait(lambda: program.names() == ["sea 4.jpg", "street 2.jpg"])
    QTest.mouseClick(window.message.button(), BUTTON.LeftButton)
    program.wait(lambda: sorted(program.names()) == sorted(order))

    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT)
    window.query_bar.filters.choose_tag("keep")
    program.wait(lambda: not program.names())
    program.press(KEY.Key_S, CTRL, on=window)
    give_name(program, "Kept ones")
    choose_place(program, Place.ALL)
    window.query_bar.filters.clear()
    program.wait_for_photos(COUNT)
    program.click(DRAWING)
    program.wait(lambda: details_of(program, DRAWING))
    type_tag(program, "keep")
    program.wait(lambda: program.photo(DRAWING).tags == ("keep",))
    choose_collection(program, "Kept ones")
    program.wait(lambda: program.names() == ["plan.png"])
    # Into a folder that is there: of several new ones in each other watchdog sometimes warns, harmlessly, and here
    # a warning on its thread ends it.
    shutil.copy2(album / DRAWING, program.photos / "2024/Garden/plan.png")
    program.look_for_changes()
    program.wait(lambda: program.names() == ["plan.png", "plan.png"])

    window = program.restart()
    program.wait(lambda: len(window.sidebar._collection_items()) == 2)
    choose_collection(program, "Kept ones")
    program.wait(lambda: program.names() == ["plan.png", "plan.png"])
    choose_collection(program, "Calendar")
    program.wait(lambda: sorted(program.names()) == sorted(order))


def test_a_saved_search_means_the_same_wherever_it_was_saved(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 4.jpg", "2024/Home/fruit 1.jpg")
    program.choose_from_menu("Add to collection", "New collection…")
    give_name(program, "Calendar")
    program.click("2024/Home/fruit 1.jpg")
    program.press(KEY.Key_P)
    program.click("2024/Home/fruit 2.jpg")
    program.press(KEY.Key_P)
    choose_collection(program, "Calendar")
    window.query_bar.filters._flag.setCurrentIndex(1)
    program.wait(lambda: program.names() == ["fruit 1.jpg"])
    program.press(KEY.Key_S, CTRL, on=window)
    give_name(program, "Picked for the calendar")
    choose_place(program, Place.ALL)
    program.settle()
    choose_collection(program, "Picked for the calendar")
    program.settle()
    assert program.names() == ["fruit 1.jpg"]


def test_leaving_a_search_and_coming_back(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2022/Harbour/sea 2.jpg")
    program.press(KEY.Key_S)
    program.wait(lambda: program.names()[:1] == ["sea 2.jpg"])
    program.press(KEY.Key_S, CTRL, on=window)
    give_name(program, "Like the harbour")
    # The list that is chosen already is seen again by one more click.
    choose_place(program, Place.ALL)
    program.wait(lambda: window.query_bar.chip_count() == 0 and program.names()[0] == "plan.png")

    choose_collection(program, "Like the harbour")
    program.wait(lambda: program.names()[:1] == ["sea 2.jpg"])
    program.click("2021/Lisbon/street 1.jpg")
    program.press(KEY.Key_S)
    program.wait(lambda: program.names()[:1] == ["street 1.jpg"])
    choose_collection(program, "Like the harbour")
    program.wait(lambda: program.names()[:1] == ["sea 2.jpg"])
    window.query_bar.filters._orientation.setCurrentIndex(2)
    program.wait(lambda: program.names() == ["plan.png"])
    choose_collection(program, "Like the harbour")
    program.wait(lambda: len(program.names()) == COUNT and program.names()[0] == "sea 2.jpg")
    program.press(KEY.Key_Escape)
    program.wait(lambda: window.query_bar.chip_count() == 0 and program.names()[0] == "plan.png")
    assert window.sidebar.place() is Place.ALL


def count_shown(program: Program) -> str:
    return program.window.query_bar._result.text()


def test_looking_for_more_like_it(program: Program) -> None:
    window = program.start_with(COUNT)
    bar, slider = window.query_bar, window.query_bar.likeness
    program.click("2022/Harbour/sea 2.jpg")
    scroll = window.grid.verticalOffset()
    assert scroll > 0
    program.press(KEY.Key_S)
    program.wait(lambda: program.names()[:2] == ["sea 2.jpg", "sea 2-WA0001.jpg"])
    assert bar.chip_count() == 1
    assert slider.isVisible()
    assert count_shown(program) == "24 photo(s)"
    counts = []
    program.press(KEY.Key_Home, on=slider.handle)
    for _ in range(3):
        program.settle()
        counts.append(len(program.names()))
        program.press(KEY.Key_PageUp, on=slider.handle)
    assert counts[0] < COUNT
    assert counts == sorted(counts)
    assert count_shown(program).startswith(str(len(program.names())))
    program.press(KEY.Key_End, on=slider.handle)
    program.wait(lambda: len(program.names()) == COUNT)

    program.click(SMALLER)
    program.wait(lambda: "Half the resolution" in window.details.why.lines())
    program.click("2022/Harbour/sea 4.jpg")
    program.choose_from_menu("Less like this")
    program.wait(lambda: bar.chip_count() == 2 and not window.bridge.is_waiting("list"))
    assert [part.weight for part in bar.parts()] == [1.0, -1.0]
    program.wait(lambda: program.names()[0] == "sea 2.jpg")
    assert "sea 4.jpg" not in program.names()[:4]
    program.press(KEY.Key_F, CTRL, on=window)
    QTest.keyClicks(bar.words, "harbour")
    program.press(KEY.Key_Return, on=bar.words)
    program.wait(lambda: bar.chip_count() == 3)
    program.settle()
    program.press(KEY.Key_Escape)
    program.wait_for_photos(COUNT)
    assert bar.chip_count() == 0
    assert program.chosen() == ["sea 2.jpg"]
    assert window.grid.verticalOffset() == scroll


def test_a_part_of_a_photo(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click("2024/Garden/burst 1.jpg")
    program.press(KEY.Key_Return)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    program.press(KEY.Key_B, on=viewer)
    picture = viewer.canvas.picture_rect
    first = QPointF(picture.left() + 0.3 * picture.width(), picture.top() + 0.3 * picture.height()).toPoint()
    last = QPointF(picture.left() + 0.9 * picture.width(), picture.top() + 0.9 * picture.height()).toPoint()
    QTest.mousePress(viewer.selector, BUTTON.LeftButton, NONE, first)
    QTest.mouseMove(viewer.selector, last)
    QTest.mouseRelease(viewer.selector, BUTTON.LeftButton, NONE, last)
    program.press(KEY.Key_Return, on=viewer.selector)
    program.wait(lambda: window.query_bar.chip_count() == 1 and window.shown.answer is not None)
    program.settle()
    assert viewer.isHidden()
    assert {name.split()[0] for name in program.names()[:3]} == {"burst"}
    program.press(KEY.Key_Escape)
    program.wait_for_photos(COUNT)
    assert program.chosen() == ["burst 1.jpg"]


def button(parent: QWidget, text: str) -> QAbstractButton:
    (found,) = [each for each in parent.findChildren(QAbstractButton) if each.text() == text and each.isVisible()]
    return found


def test_duplicates_go_and_come_back(program: Program) -> None:
    window = program.start_with(COUNT)
    program.click(SMALLER)
    program.wait(lambda: details_of(program, SMALLER))
    type_tag(program, "regatta")
    program.press(KEY.Key_3)
    program.wait(lambda: program.photo(SMALLER).rating == 3 and program.photo(SMALLER).tags == ("regatta",))
    choose_place(program, Place.DUPLICATES)
    view = window.late_pages.duplicates()
    program.wait(lambda: not view._pending and bool(view.clusters))
    view.set_kind(MatchKind.SAME)
    (cluster,) = view.clusters
    big, small = program.photo("2022/Harbour/sea 2.jpg").photo_id, program.photo(SMALLER).photo_id
    assert cluster.photo_ids == (big, small)
    QTest.mouseClick(button(view, "Mark by the rules"), BUTTON.LeftButton)
    assert view.marked == {small}
    QTest.mouseClick(button(view, "Move 1 file(s) to trash…"), BUTTON.LeftButton)
    plan = program.wait_for_dialog(PlanDialog)
    program.wait(lambda: plan.is_complete)
    (line,) = plan._model.lines
    assert "regatta" in line.taken_over
    QTest.mouseClick(plan.move_button, BUTTON.LeftButton)
    program.wait(lambda: not (program.photos / SMALLER).exists() and not view._is_removing)
    assert len(os.listdir(program.trash_folder)) == 1
    kept = program.photo("2022/Harbour/sea 2.jpg")
    assert (kept.tags, kept.rating) == (("regatta",), 3)
    choose_place(program, Place.ALL)
    program.wait_for_photos(COUNT - 1)

    window = program.restart()
    program.wait_for_photos(COUNT - 1)
    program.wait(window.actions_by_name["undo"].isEnabled)
    program.press(KEY.Key_Z, CTRL)
    program.wait_for_photos(COUNT)
    assert (program.photos / SMALLER).exists()
    back, kept = program.photo(SMALLER), program.photo("2022/Harbour/sea 2.jpg")
    assert (back.tags, back.rating) == (("regatta",), 3)
    assert (kept.tags, kept.rating) == ((), None)
    assert os.listdir(program.trash_folder) == []
