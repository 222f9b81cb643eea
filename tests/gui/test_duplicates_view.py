"""Duplicates: nothing is marked by itself, one of each group stays, and the plan comes before the move."""

import csv
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QTabBar, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.gui.bridge import Bridge
from photofind.gui.cluster_list import MOST_CARDS, ClusterRow, PhotoCard
from photofind.gui.duplicates_view import DuplicatesView
from photofind.gui.keep_rules_dialog import KeepRulesDialog
from photofind.gui.removal_dialogs import FailuresDialog, PlanDialog
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.trash import move_to_trash
from photofind.records import Cluster, KeepRule, KeepRules, MatchKind, Merge, Photo
from tests.gui.conftest import MakeLibrary
from tests.gui.fake_library import FakeLibrary


class Trash:
    """Where files go; refuses those whose path ends so."""

    def __init__(self) -> None:
        self.paths: list[bytes] = []
        self.refused = b"nothing"

    def __call__(self, path: bytes) -> bytes | None:
        if path.endswith(self.refused):
            raise OSError("The drive has no trash.")
        self.paths.append(path)
        return b"/trash/" + path


class Stage:
    def __init__(self, qtbot: QtBot, library: FakeLibrary) -> None:
        self.library = library
        self.trash = Trash()
        self.bridge = Bridge(library)
        self.thumbnails = ThumbnailLoader(library.thumbnail)
        self.view = DuplicatesView(library, self.bridge, self.thumbnails, move=self.trash)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 800)

    def show(self, qtbot: QtBot) -> None:
        self.view.show()
        qtbot.waitActive(self.view)
        qtbot.waitUntil(lambda: not self.view._pending)

    def close(self) -> None:
        self.view.close()
        self.bridge.close()
        self.thumbnails.close()

    def row(self, index: int) -> ClusterRow:
        return self.view._list.rows[index]

    def calls(self, name: str) -> list[object]:
        return [arguments for called, arguments in self.library.calls if called == name]


def clusters() -> list[Cluster]:
    return [
        Cluster(MatchKind.IDENTICAL, (1, 2, 3)),
        Cluster(MatchKind.IDENTICAL, (4, 5)),
        Cluster(MatchKind.SAME, (6, 7)),
        Cluster(MatchKind.SAME, (8, 9, 10)),
        Cluster(MatchKind.SIMILAR, (11, 12)),
    ]


@pytest.fixture
def stage(qtbot: QtBot, library: FakeLibrary) -> Iterator[Stage]:
    library.clusters = clusters()
    made = Stage(qtbot, library)
    made.show(qtbot)
    yield made
    made.close()


def tabs(stage: Stage) -> list[str]:
    bar = stage.view.findChildren(QTabBar)[0]
    return [bar.tabText(i) for i in range(bar.count())]


def button(stage: Stage, text: str) -> QPushButton:
    return next(b for b in stage.view.findChildren(QPushButton) if text in b.text() and b.isVisibleTo(stage.view))


def open_plan(qtbot: QtBot, stage: Stage) -> PlanDialog:
    qtbot.mouseClick(button(stage, "to trash"), Qt.MouseButton.LeftButton)
    dialog = stage.view.findChildren(PlanDialog)[-1]
    qtbot.waitUntil(lambda: dialog.is_complete)
    return dialog


def test_kinds_are_apart_and_counted(stage: Stage) -> None:
    assert tabs(stage) == ["Identical  2", "Same picture  2", "Burst  0", "Similar  1"]
    assert [card.photo.photo_id for card in stage.row(0).cards if card.photo] == [1, 2, 3]


def test_nothing_is_marked_by_itself(stage: Stage) -> None:
    for kind in MatchKind:
        stage.view.set_kind(kind)
        assert stage.view.marked == set()
    assert not button(stage, "trash").isEnabled() or stage.view.kind != MatchKind.IDENTICAL


def test_keep_best_marks_the_others_of_one_group(qtbot: QtBot, stage: Stage) -> None:
    qtbot.mouseClick(stage.row(0).keep_best, Qt.MouseButton.LeftButton)
    assert stage.view.marked == {2, 3}
    assert [card.is_marked for card in stage.row(0).cards] == [False, True, True]
    assert not any(card.is_marked for card in stage.row(1).cards)
    qtbot.mouseClick(stage.row(0).unmark, Qt.MouseButton.LeftButton)
    assert stage.view.marked == set()


def test_a_click_marks_and_the_last_one_cannot_be(qtbot: QtBot, stage: Stage) -> None:
    first, second = stage.row(1).cards
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert stage.view.marked == {4}
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert stage.view.marked == {4}
    assert "At least one" in stage.view.message.text()
    assert not second.is_marked
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert stage.view.marked == set()


def test_double_click_opens_and_marks_nothing(qtbot: QtBot, stage: Stage) -> None:
    card = stage.row(0).cards[1]
    with qtbot.waitSignal(stage.view.photo_opened) as signal:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
        qtbot.mouseDClick(card, Qt.MouseButton.LeftButton)
    assert signal.args == [[1, 2, 3], 1]
    assert stage.view.marked == set()


def test_marking_all_leaves_what_was_decided_by_hand(qtbot: QtBot, stage: Stage) -> None:
    stage.view.keep_only(stage.view.clusters[0], 3)
    qtbot.mouseClick(button(stage, "Mark by the rules"), Qt.MouseButton.LeftButton)
    assert stage.view.marked == {1, 2, 5}


def test_marking_all_is_not_offered_for_similar_photos(stage: Stage) -> None:
    assert button(stage, "Mark by the rules").isEnabled()
    stage.view.set_kind(MatchKind.SIMILAR)
    assert not button(stage, "Mark by the rules").isEnabled()


def test_plan_then_move_then_undo(qtbot: QtBot, stage: Stage) -> None:
    qtbot.mouseClick(button(stage, "Mark by the rules"), Qt.MouseButton.LeftButton)
    assert stage.view.marked == {2, 3, 5}
    dialog = open_plan(qtbot, stage)
    table = dialog.findChildren(QTableView)[0]
    model = table.model()
    lines = [[model.index(row, column).data() for column in (0, 1)] for row in range(model.rowCount())]
    names = [[str(text).rsplit("_", 1)[-1] for text in line] for line in lines]
    assert names == [["00002.jpg", "00001.jpg"], ["00003.jpg", "00001.jpg"], ["00005.jpg", "00004.jpg"]]
    assert stage.calls("move_to_trash") == []  # showing the plan moves nothing
    qtbot.mouseClick(dialog.move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "3 file" in stage.view.message.text())
    assert stage.calls("move_to_trash") == [((2, 3, 5), True)]
    assert len(stage.trash.paths) == 3
    qtbot.waitUntil(lambda: tabs(stage)[0] == "Identical  0")
    assert stage.view.marked == set()
    qtbot.mouseClick(stage.view.message.button(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "put back" in stage.view.message.text())
    assert stage.calls("undo_removal") == [None]
    qtbot.waitUntil(lambda: tabs(stage)[0] == "Identical  2")


def test_the_plan_says_what_the_photo_that_stays_takes_over(qtbot: QtBot, stage: Stage) -> None:
    stage.library.merge = Merge(tags=("sea",), rating=4, flag=1, title="Dusk", collections=("Norway",))
    stage.view.mark_all()
    dialog = open_plan(qtbot, stage)
    table = dialog.findChildren(QTableView)[0]
    assert not table.isColumnHidden(4)
    assert table.model().index(0, 4).data() == "sea, Norway, 4 star(s), picked, title"
    qtbot.mouseClick(dialog.move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "3 file" in stage.view.message.text())
    assert stage.library.kept == {2: 1, 3: 1, 5: 4}


def test_where_nothing_is_taken_over_the_plan_has_no_column_for_it(qtbot: QtBot, stage: Stage) -> None:
    stage.view.mark_all()
    dialog = open_plan(qtbot, stage)
    assert dialog.findChildren(QTableView)[0].isColumnHidden(4)
    dialog.reject()


def test_cancel_and_enter_move_nothing(qtbot: QtBot, stage: Stage) -> None:
    stage.view.mark_all()
    dialog = open_plan(qtbot, stage)
    qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert stage.calls("move_to_trash") == []
    assert dialog.isVisible()
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert stage.calls("move_to_trash") == []
    assert stage.view.marked == {2, 3, 5}


def test_similar_pictures_are_moved_as_chosen_ones(qtbot: QtBot, stage: Stage) -> None:
    stage.view.set_kind(MatchKind.SIMILAR)
    qtbot.mouseClick(stage.row(0).cards[0], Qt.MouseButton.LeftButton)
    dialog = open_plan(qtbot, stage)
    qtbot.mouseClick(dialog.move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.calls("move_to_trash") == [((11,), False)])
    assert stage.library.kept == {}  # pictures of their own hand on nothing
    qtbot.waitUntil(lambda: bool(stage.view.message.text()))


def test_files_that_stayed_are_named_with_the_reason(qtbot: QtBot, stage: Stage) -> None:
    stage.trash.refused = b"00003.jpg"
    qtbot.mouseClick(stage.row(0).keep_best, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(open_plan(qtbot, stage).move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "stayed" in stage.view.message.text())
    assert [card.photo.photo_id for card in stage.row(0).cards if card.photo] == [1, 3]
    qtbot.mouseClick(stage.view.message.button(), Qt.MouseButton.LeftButton)
    dialog = stage.view.findChildren(FailuresDialog)[-1]
    model = dialog.findChildren(QTableView)[0].model()
    assert model.rowCount() == 1
    assert str(model.index(0, 0).data()).endswith("00003.jpg")
    assert model.index(0, 1).data() == "The drive has no trash."


def test_the_plan_can_be_written_to_a_table(qtbot: QtBot, stage: Stage, tmp_path: Path) -> None:
    stage.view.mark_all()
    dialog = open_plan(qtbot, stage)
    target = tmp_path / "plan.csv"
    dialog.export(str(target))
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["remove", "keep", "bytes", "why", "taken over"]
    assert len(lines) == 4
    assert [line[3] for line in lines[1:]] == ["highest resolution"] * 2 + ["highest resolution"]
    text = tmp_path / "plan.TXT"
    dialog.export(str(text))
    said = text.read_text(encoding="utf-8").splitlines()
    assert "2 group(s)" in said[0]
    assert [line for line in said if line.startswith("Stays: ")] == [
        "Stays: " + os.fsdecode(photo.path) for photo in stage.library.photos([1, 4])
    ]
    assert sum(line.startswith("    To the trash: ") and "highest resolution" in line for line in said) == 3
    assert stage.calls("move_to_trash") == []
    dialog.reject()


def test_the_plan_says_why_each_file_stays(qtbot: QtBot, stage: Stage) -> None:
    stage.view.keep_best(stage.view.clusters[1])
    stage.view.keep_only(stage.view.clusters[0], 3)
    dialog = open_plan(qtbot, stage)
    model = dialog.findChildren(QTableView)[0].model()
    assert [model.index(row, 3).data() for row in range(3)] == ["you chose it"] * 2 + ["highest resolution"]
    dialog.reject()


def test_what_belongs_to_a_photo_stands_below_it_in_the_plan(qtbot: QtBot, stage: Stage, tmp_path: Path) -> None:
    stage.library.add_companion(2, ".MOV")
    stage.library.add_companion(2, ".xmp", is_kept=True)
    stage.library.add_companion(3, ".MP4")
    stage.library.add_companion(5, ".xmp")
    stage.library.add_companion(1, ".MOV")
    stage.view.mark_all()
    dialog = open_plan(qtbot, stage)
    model = dialog.findChildren(QTableView)[0].model()
    lines = [[str(model.index(row, column).data()) for column in (0, 2, 3)] for row in range(model.rowCount())]
    assert [[line[0][-9:], *line[1:]] for line in lines] == [
        ["00002.jpg", "1.0 MB", "highest resolution"],
        ["00002.MOV", "3.0 MB", "belongs to IMG_00002.jpg"],
        ["00003.jpg", "1.0 MB", "highest resolution"],
        ["00003.MP4", "3.0 MB", "belongs to IMG_00003.jpg"],
        ["00005.jpg", "1.0 MB", "highest resolution"],
        ["00005.xmp", "4.0 kB", "belongs to IMG_00005.jpg"],
    ]
    assert "6 file" in dialog.move_button.text()
    target = tmp_path / "plan.csv"
    dialog.export(str(target))
    assert target.read_text(encoding="utf-8-sig").count("MOV") == 1
    qtbot.mouseClick(dialog.move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.calls("move_to_trash") == [((2, 3, 5), True)])
    assert stage.library.kept == {2: 1, 3: 1, 5: 4}


def test_the_plan_warns_of_a_video_of_which_no_other_stays(qtbot: QtBot, stage: Stage) -> None:
    stage.library.add_companion(5, ".MOV")
    stage.view.keep_best(stage.view.clusters[1])
    dialog = open_plan(qtbot, stage)
    model = dialog.findChildren(QTableView)[0].model()
    assert model.index(1, 3).data() == "no copy of it stays"
    dialog.reject()


def test_a_live_photo_is_marked_and_stays_by_the_rules(qtbot: QtBot, stage: Stage) -> None:
    stage.library.clusters = [Cluster(MatchKind.IDENTICAL, (5, 4), with_video=frozenset({5}))]
    stage.view.refresh()
    qtbot.waitUntil(lambda: len(stage.view.clusters) == 1)
    live, still = stage.row(0).cards
    assert "live photo, its video is beside it" in live.accessibleName()
    assert "A live photo: its video is beside it" in live.toolTip()
    assert "has its live video" in live.accessibleName()
    assert "without the live video" in still.accessibleName()
    assert "live photo" not in still.accessibleName()


def test_the_other_file_of_a_shot_goes_along(qtbot: QtBot, stage: Stage) -> None:
    stage.library.mates = {5: (25,), 25: (5,), 4: (24,), 24: (4,)}
    stage.view.keep_best(stage.view.clusters[1])
    dialog = open_plan(qtbot, stage)
    model = dialog.findChildren(QTableView)[0].model()
    assert model.rowCount() == 2
    assert [str(model.index(1, column).data())[-9:] for column in (0, 1)] == ["00025.jpg", "00024.jpg"]
    assert model.index(1, 3).data() == "belongs to IMG_00005.jpg"
    assert "2 file" in dialog.move_button.text()
    qtbot.mouseClick(dialog.move_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "2 file" in stage.view.message.text())
    assert stage.library.kept == {5: 4, 25: 24}
    assert stage.library.along == {25}


def test_not_a_duplicate_is_remembered(qtbot: QtBot, stage: Stage) -> None:
    stage.view.set_kind(MatchKind.SAME)
    assert stage.row(0).dismiss.isVisibleTo(stage.view)
    qtbot.mouseClick(stage.row(0).dismiss, Qt.MouseButton.LeftButton)
    assert [c.photo_ids for c in stage.view.clusters] == [(8, 9, 10)]
    assert stage.calls("dismiss_duplicates") == [(6, 7)]
    assert tabs(stage)[1] == "Same picture  1"


def test_a_dismissal_can_be_taken_back(qtbot: QtBot, stage: Stage) -> None:
    stage.view.set_kind(MatchKind.SAME)
    qtbot.mouseClick(stage.row(0).dismiss, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "not duplicates" in stage.view.message.text())
    qtbot.mouseClick(stage.view.message.button(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tabs(stage)[1] == "Same picture  2")
    assert stage.calls("undo_dismissal") == [0]


def test_copies_can_be_kept_on_purpose(qtbot: QtBot, stage: Stage) -> None:
    row = stage.row(0)
    assert row.dismiss.text() == "Keep all copies"
    stage.view.keep_only(stage.view.clusters[0], 3)
    qtbot.mouseClick(row.dismiss, Qt.MouseButton.LeftButton)
    assert [c.photo_ids for c in stage.view.clusters] == [(4, 5)]
    assert stage.view.marked == set()
    assert stage.calls("keep_copies") == [(1, 2, 3)]
    assert stage.calls("dismiss_duplicates") == []
    qtbot.waitUntil(lambda: "another copy joins" in stage.view.message.text())
    qtbot.mouseClick(stage.view.message.button(), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tabs(stage)[0] == "Identical  2")


def test_compare_opens_and_its_choice_marks(qtbot: QtBot, stage: Stage) -> None:
    stage.view.set_kind(MatchKind.SAME)
    qtbot.mouseClick(stage.row(1).compare, Qt.MouseButton.LeftButton)
    compare = stage.view.compare_view
    assert compare is not None
    assert compare.isVisible()
    assert len(compare.canvases) == 3
    qtbot.keyClick(compare, Qt.Key.Key_2)
    assert not compare.isVisible()
    assert stage.view.marked == {8, 10}


def test_the_keyboard_alone_is_enough(qtbot: QtBot, stage: Stage) -> None:
    view = stage.view._list
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is stage.row(0).cards[0]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert QApplication.focusWidget() is stage.row(0).cards[1]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert stage.view.marked == {2}
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is stage.row(1).cards[1]
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_K)
    assert stage.view.marked == {2, 5}
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_U)
    assert stage.view.marked == {2}
    with qtbot.waitSignal(stage.view.photo_opened) as signal:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert signal.args == [[4, 5], 1]
    with qtbot.waitSignal(stage.view.find_similar) as similar:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_S)
    assert similar.args == [5]


def test_every_control_has_a_name_and_a_tooltip(stage: Stage) -> None:
    for control in (*stage.view.findChildren(QToolButton), *stage.row(0).cards):
        if control.isVisibleTo(stage.view):
            assert control.accessibleName()
            assert control.toolTip()
    assert "marked for the trash" not in stage.row(0).cards[1].accessibleName()
    stage.view.keep_only(stage.view.clusters[0], 1)
    assert "marked for the trash" in stage.row(0).cards[1].accessibleName()
    assert "best" in stage.row(0).cards[0].accessibleName()


def test_the_best_and_its_better_values_are_said(stage: Stage) -> None:
    lines = [text for text, is_better in stage.row(1).cards[0]._lines if is_better]
    assert stage.row(1).cards[0]._is_best
    assert any("9.0 MP" in line for line in lines)  # more pixels than the other one


def test_thousands_of_groups_cost_a_handful_of_rows(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(9_000)
    library.clusters = [Cluster(MatchKind.IDENTICAL, (2 * n + 1, 2 * n + 2)) for n in range(4_000)]
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        bar = stage.view._list.verticalScrollBar()
        for value in range(0, bar.maximum(), bar.maximum() // 50):
            bar.setValue(value)
        assert len(stage.view.findChildren(ClusterRow)) <= 6
        bar.setValue(bar.maximum())
        last = max(stage.view._list.rows)
        assert last == 3_999
        assert [card.photo.photo_id for card in stage.row(last).cards if card.photo] == [7_999, 8_000]
        stage.view.mark_all()
        assert len(stage.view.marked) == 4_000
    finally:
        stage.close()


def test_a_group_of_thousands_counts_the_rest(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(500)
    library.clusters = [Cluster(MatchKind.IDENTICAL, tuple(range(1, 401)))]
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        assert len(stage.row(0).cards) == MOST_CARDS
        qtbot.mouseClick(stage.row(0).keep_best, Qt.MouseButton.LeftButton)
        assert len(stage.view.marked) == 399
    finally:
        stage.close()


def test_removed_photos_leave_their_groups(qtbot: QtBot, stage: Stage) -> None:
    stage.view.keep_only(stage.view.clusters[1], 5)  # marks 4
    stage.library.remove_photos([1, 5])
    qtbot.waitUntil(lambda: [c.photo_ids for c in stage.view.clusters] == [(2, 3)])
    assert stage.view.marked == set()  # nothing of a group that is gone stays marked


def test_one_of_a_group_is_freed_when_its_keeper_is_gone(qtbot: QtBot, stage: Stage) -> None:
    stage.view.keep_only(stage.view.clusters[0], 1)
    stage.library.remove_photos([1])
    qtbot.waitUntil(lambda: stage.view.clusters[0].photo_ids == (2, 3))
    assert stage.view.marked == {3}


def test_old_groups_stay_in_sight_while_looking_anew(qtbot: QtBot, stage: Stage) -> None:
    stage.library.is_held = True
    stage.view.refresh()
    assert len(stage.view.clusters) == 2
    stage.library.clusters = clusters()[:1]
    stage.library.release()
    qtbot.waitUntil(lambda: len(stage.view.clusters) == 1)


def test_empty_searching_and_error_each_say_so(
    qtbot: QtBot, make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library(10, is_held=True)
    stage = Stage(qtbot, library)
    try:
        stage.view.show()
        assert "Looking" in stage.view._empty.title()
        library.release()
        qtbot.waitUntil(lambda: library.held_count == 1)
        library.release()
        qtbot.waitUntil(lambda: stage.view._empty.title() == "No identical files")
        library.is_held = False

        def fail(_kind: MatchKind | None = None) -> object:
            return library._later(lambda: (_ for _ in ()).throw(UserError("The index is being built.")))

        monkeypatch.setattr(library, "duplicates", fail)
        stage.view.refresh()
        qtbot.waitUntil(lambda: "stopped" in stage.view._empty.title())
        monkeypatch.undo()
        qtbot.mouseClick(stage.view._empty.button(), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: stage.view._empty.title() == "No identical files")
    finally:
        stage.close()


def test_a_library_for_reading_only_says_why_nothing_moves(qtbot: QtBot, library: FakeLibrary) -> None:
    library.clusters = clusters()
    library.is_read_only = True
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        stage.view.keep_only(stage.view.clusters[0], 1)
        assert not button(stage, "to trash").isEnabled()
        assert "searching only" in stage.view._plan_text.text()
    finally:
        stage.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into the trash as Linux desktops keep it")
def test_the_real_trash_takes_a_file_and_says_where(tmp_path: Path, own_home: Path) -> None:
    file = tmp_path / "a photo.jpg"
    file.write_bytes(b"picture")
    place = move_to_trash(os.fsencode(file))
    assert not file.exists()
    assert place is not None
    assert Path(os.fsdecode(place)).read_bytes() == b"picture"
    assert Path(os.fsdecode(place)).is_relative_to(own_home)


@pytest.mark.parametrize("name", [b"gone.jpg", b"not\xfftext.jpg"])
def test_what_the_trash_cannot_take_stays_with_a_sentence(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)
    if name != b"gone.jpg":
        Path(os.fsdecode(path)).write_bytes(b"picture")
    with pytest.raises(OSError, match=r"\.$"):
        move_to_trash(path)
    assert os.path.exists(path) == (name != b"gone.jpg")


def test_a_photo_that_is_offline_says_so(
    qtbot: QtBot, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = library.photos

    def photos(ids: list[int]) -> list[Photo]:
        return [replace(photo, is_online=photo.photo_id != 1) for photo in original(ids)]

    monkeypatch.setattr(library, "photos", photos)
    library.clusters = clusters()
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        photo = stage.row(0).cards[0].photo
        assert photo is not None
        assert not photo.is_online
        stage.view.grab()
    finally:
        stage.close()


# The rules


def open_rules(qtbot: QtBot, stage: Stage) -> KeepRulesDialog:
    qtbot.mouseClick(button(stage, "What to keep"), Qt.MouseButton.LeftButton)
    dialog = stage.view.rules_dialog
    assert dialog is not None
    qtbot.waitExposed(dialog)
    return dialog


def shown_order(dialog: KeepRulesDialog) -> tuple[KeepRule, ...]:
    return dialog.rule_list.choice()[0]


def choose(dialog: KeepRulesDialog, rule: KeepRule) -> int:
    row = shown_order(dialog).index(rule)
    dialog.rule_list.setCurrentRow(row)
    return row


def ids_of(row: ClusterRow) -> list[int]:
    return [card.photo.photo_id for card in row.cards if card.photo]


def test_every_proposal_has_its_reason(stage: Stage) -> None:
    first, second = stage.row(1).cards
    assert "highest resolution" in first.toolTip()
    assert "fewer pixels" in second.toolTip()
    assert "fewer pixels" in second.accessibleName()
    assert "Best: highest resolution" in stage.row(1)._reason.text()


def test_rules_are_ordered_by_keys_and_the_groups_follow_at_once(qtbot: QtBot, stage: Stage) -> None:
    assert ids_of(stage.row(1)) == [4, 5]
    dialog = open_rules(qtbot, stage)
    row = choose(dialog, KeepRule.LARGEST_FILE)
    for _ in range(row):
        qtbot.keyClick(dialog.rule_list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert shown_order(dialog)[0] is KeepRule.LARGEST_FILE
    assert dialog.rule_list.currentRow() == 0
    assert "1 of 13" in dialog.rule_list.accessibleDescription()
    assert stage.library.rules.order == shown_order(dialog)
    qtbot.waitUntil(lambda: ids_of(stage.row(1)) == [5, 4])
    assert "Best: largest file" in stage.row(1)._reason.text()
    assert "smaller file" in stage.row(1).cards[1].toolTip()
    qtbot.waitUntil(lambda: "in 2 of 2" in dialog.note)
    assert stage.view.marked == set()  # a rule alone marks nothing
    qtbot.keyClick(dialog.rule_list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert shown_order(dialog)[1] is KeepRule.LARGEST_FILE
    dialog.close()


def test_rules_are_ordered_by_buttons_and_set_back(qtbot: QtBot, stage: Stage) -> None:
    dialog = open_rules(qtbot, stage)
    assert not dialog.button("up").isEnabled()
    assert not dialog.button("usual").isEnabled()
    row = choose(dialog, KeepRule.OLDEST)
    qtbot.mouseClick(dialog.button("down"), Qt.MouseButton.LeftButton)
    assert shown_order(dialog)[row + 1] is KeepRule.OLDEST
    qtbot.mouseClick(dialog.button("up"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.button("up"), Qt.MouseButton.LeftButton)
    assert shown_order(dialog)[row - 1] is KeepRule.OLDEST
    qtbot.mouseClick(dialog.button("usual"), Qt.MouseButton.LeftButton)
    assert stage.library.rules == KeepRules()
    assert shown_order(dialog) == KeepRules().order
    choose(dialog, KeepRules().order[-1])
    assert not dialog.button("down").isEnabled()
    dialog.close()


def test_a_rule_is_dragged_to_its_place(qtbot: QtBot, stage: Stage) -> None:
    dialog = open_rules(qtbot, stage)
    rules, viewport = dialog.rule_list, dialog.rule_list.viewport()
    order = list(shown_order(dialog))
    places = [rules.visualItemRect(rules.item(row)).center() for row in range(rules.count())]
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=places[4])
    for row in (3, 2, 1):
        qtbot.mouseMove(viewport, places[row])
    assert stage.calls("set_keep_rules") == []  # while it is held
    assert rules.currentRow() == 1
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=places[1])
    order.insert(1, order.pop(4))
    assert list(shown_order(dialog)) == list(stage.library.rules.order) == order
    assert stage.library.rules.off == KeepRules().off  # dragging switches nothing
    dialog.close()


def test_a_rule_is_switched_off_by_mouse_and_keyboard(qtbot: QtBot, stage: Stage) -> None:
    dialog = open_rules(qtbot, stage)
    row = choose(dialog, KeepRule.LARGEST_PICTURE)
    qtbot.keyClick(dialog.rule_list, Qt.Key.Key_Space)
    assert KeepRule.LARGEST_PICTURE in stage.library.rules.off
    qtbot.waitUntil(lambda: "Best: knows most" in stage.row(1)._reason.text())
    item = dialog.rule_list.visualItemRect(dialog.rule_list.item(row))
    box = QPoint(item.left() + 12, item.center().y())
    qtbot.mouseClick(dialog.rule_list.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert KeepRule.LARGEST_PICTURE not in stage.library.rules.off
    dialog.close()


def test_folders_are_preferred(qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = open_rules(qtbot, stage)
    row = choose(dialog, KeepRule.FOLDER)
    assert "none chosen yet" in dialog.rule_list.item(row).text()
    qtbot.keyClick(dialog.rule_list, Qt.Key.Key_Space)
    assert ids_of(stage.row(1))[0] == 4
    chosen = os.path.join(os.fsdecode(stage.library.root), "2019")  # that of photo 5
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: chosen)
    qtbot.mouseClick(dialog.button("keep"), Qt.MouseButton.LeftButton)
    assert stage.library.rules.keep_in == (os.fsencode(chosen),)
    assert KeepRule.FOLDER not in stage.library.rules.off  # whoever names one means it
    assert dialog.folder_list.item(0).text().startswith("Keep what is in ")
    assert "none chosen" not in dialog.rule_list.item(row).text()
    qtbot.waitUntil(lambda: ids_of(stage.row(1)) == [5, 4])
    assert "you prefer the other folder" in stage.row(1).cards[1].toolTip()
    qtbot.mouseClick(dialog.button("clear"), Qt.MouseButton.LeftButton)
    rules = stage.library.rules
    assert (rules.keep_in, rules.remove_in) == ((), (os.fsencode(chosen),))
    dialog.folder_list.setFocus()
    qtbot.keyClick(dialog.folder_list, Qt.Key.Key_Delete)
    assert stage.library.rules.remove_in == ()
    assert dialog.folder_list.count() == 0
    dialog.close()


def test_marks_of_the_rules_follow_them_and_those_by_hand_stay(qtbot: QtBot, stage: Stage) -> None:
    qtbot.mouseClick(stage.row(0).cards[0], Qt.MouseButton.LeftButton)  # 1, by hand
    qtbot.mouseClick(button(stage, "Mark by the rules"), Qt.MouseButton.LeftButton)
    assert stage.view.marked == {1, 5}
    dialog = open_rules(qtbot, stage)
    for _ in range(choose(dialog, KeepRule.LARGEST_FILE)):
        qtbot.keyClick(dialog.rule_list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: stage.view.marked == {1, 4})
    dialog.close()


def test_without_a_rule_nothing_is_proposed(qtbot: QtBot, stage: Stage) -> None:
    dialog = open_rules(qtbot, stage)
    for row in range(dialog.rule_list.count()):
        dialog.rule_list.item(row).setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: "No rule" in stage.row(0)._reason.text())
    assert not stage.row(0).keep_best.isVisibleTo(stage.view)
    assert not stage.row(0).cards[0]._is_best
    qtbot.mouseClick(button(stage, "Mark by the rules"), Qt.MouseButton.LeftButton)
    assert stage.view.marked == set()
    dialog.close()
    stage.view.activateWindow()
    stage.view.group_list.focus_photo(0, 0)
    card = stage.row(0).cards[0]
    qtbot.waitUntil(card.hasFocus)
    qtbot.keyClick(card, Qt.Key.Key_K)
    assert stage.view.marked == set()
    assert "No rule" in stage.view.message.text()


def test_rules_that_cannot_be_saved_hold_and_say_so(qtbot: QtBot, stage: Stage) -> None:
    stage.library.unsaved = OSError(28, "No space left on device")
    dialog = open_rules(qtbot, stage)
    qtbot.mouseClick(dialog.button("down"), Qt.MouseButton.LeftButton)
    assert "could not be saved" in stage.view.message.text()
    assert stage.library.rules.order == shown_order(dialog)
    dialog.close()


def test_groups_found_while_the_rules_changed_are_ranked_by_the_new_ones(qtbot: QtBot, stage: Stage) -> None:
    stage.library.is_held = True
    stage.view.refresh()
    stage.library.rules = KeepRules(
        (KeepRule.LARGEST_FILE, *(r for r in KeepRule if r is not KeepRule.LARGEST_FILE))
    )
    stage.library.release()
    qtbot.waitUntil(lambda: stage.library.held_count > 1)  # not only the question for the other kinds
    stage.library.is_held = False
    stage.library.release()
    qtbot.waitUntil(lambda: ids_of(stage.row(1)) == [5, 4])
    while stage.library.held_count:
        stage.library.release()


def test_a_rating_ranks_its_group_at_once(qtbot: QtBot, stage: Stage) -> None:
    order = (KeepRule.RATING, *(rule for rule in KeepRule if rule is not KeepRule.RATING))
    stage.library.rules = KeepRules(order)
    stage.library.set_rating([5], 4)
    qtbot.waitUntil(lambda: ids_of(stage.row(1)) == [5, 4])
    assert "Best: highest rating" in stage.row(1)._reason.text()


# Groups that come and go under the hand


def many(count: int, first: int = 1) -> list[Cluster]:
    return [Cluster(MatchKind.IDENTICAL, (2 * n + first, 2 * n + first + 1)) for n in range(count)]


def test_the_keyboard_stays_with_its_group_when_others_come_in(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(400)
    library.clusters = many(20)
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        stage.view.group_list.focus_photo(1, 1)
        card = QApplication.focusWidget()
        assert isinstance(card, PhotoCard)
        assert card.photo is not None
        assert card.photo.photo_id == 4
        library.clusters = [*many(30, 201), *many(20)]  # larger ones, which stand before
        stage.view.refresh()
        qtbot.waitUntil(lambda: len(stage.view.clusters) == 50)
        card = QApplication.focusWidget()
        assert isinstance(card, PhotoCard)
        assert card.photo is not None
        assert card.photo.photo_id == 4
        qtbot.keyClick(card, Qt.Key.Key_Space)
        assert stage.view.marked == {4}
        qtbot.waitUntil(lambda: not stage.view._pending)
        library.clusters = many(30, 201)
        stage.view.refresh()
        qtbot.waitUntil(lambda: len(stage.view.clusters) == 30)
        assert QApplication.focusWidget() is stage.view.group_list  # never another group's photo
    finally:
        stage.close()


def test_the_scroll_position_stays_while_groups_come_in(qtbot: QtBot, make_library: MakeLibrary) -> None:
    library = make_library(400)
    library.clusters = many(40)
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        bar = stage.view.group_list.verticalScrollBar()
        bar.setValue(bar.maximum() // 2)
        first = min(index for index, row in stage.view.group_list.rows.items() if row.y() >= 0)
        before = (ids_of(stage.row(first)), stage.row(first).y())
        library.clusters = [*many(30, 201), *many(40)]
        stage.view.refresh()
        qtbot.waitUntil(lambda: len(stage.view.clusters) == 70)
        assert (ids_of(stage.row(first + 30)), stage.row(first + 30).y()) == before
    finally:
        stage.close()


def test_a_removal_before_the_start_can_be_undone_here(qtbot: QtBot, library: FakeLibrary) -> None:
    library.clusters = clusters()
    library.move_to_trash([2], lambda path: path, keep_a_copy=True).result(10)
    stage = Stage(qtbot, library)
    try:
        stage.show(qtbot)
        assert stage.view.undo_button.isVisible()
        qtbot.mouseClick(stage.view.undo_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "put back" in stage.view.message.text())
        qtbot.waitUntil(lambda: not stage.view.undo_button.isVisible())
    finally:
        stage.close()
