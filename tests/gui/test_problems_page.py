"""The problems page: what failed, why in words, and another try."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from photofind.events import FoldersChanged, PhotoFailed
from photofind.gui.bridge import Bridge
from photofind.gui.problems_page import FETCH_ROWS, ProblemsPage
from photofind.gui.translation import failure_sentence, failure_title
from photofind.records import Failure, FailureKind, Folder
from tests.gui.fake_library import FakeLibrary

KINDS = [kind for kind in FailureKind if kind is not FailureKind.NOT_A_PHOTO]


class Stage:
    def __init__(self, qtbot: QtBot, library: FakeLibrary) -> None:
        self.library = library
        self.bridge = Bridge(library)
        self.shown: list[bytes] = []
        self.page = ProblemsPage(library, self.bridge, show=self._show)
        qtbot.addWidget(self.page)
        self.page.resize(900, 600)
        self.page.show()
        qtbot.waitExposed(self.page)
        self.settle(qtbot)

    def settle(self, qtbot: QtBot) -> None:
        """Wait for the answer to what the page asked."""
        qtbot.waitUntil(lambda: not self.bridge.is_waiting("problems"))

    def refresh(self, qtbot: QtBot) -> None:
        self.page.refresh()
        self.settle(qtbot)

    def _show(self, path: bytes) -> bool:
        self.shown.append(path)
        return True

    def headings(self) -> list[str]:
        model = self.page.tree.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def choose(self, group: int, row: int) -> None:
        model = self.page.tree.model()
        self.page.tree.setCurrentIndex(model.index(row, 0, model.index(group, 0)))

    def click(self, qtbot: QtBot, text: str) -> None:
        button = next(b for b in self.page.findChildren(QPushButton) if b.text() == text)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def stage(qtbot: QtBot, library: FakeLibrary) -> Iterator[Stage]:
    # The library keeps files that only turned out to be no photos to itself.
    library.failure_list[:] = [
        Failure(b"/photos/broken_%d.jpg" % number, kind, f"The file is {kind.value}.")
        for number, kind in enumerate(KINDS)
    ]
    made = Stage(qtbot, library)
    yield made
    made.page.close()
    made.bridge.close()


def test_each_kind_is_a_group_with_its_meaning(stage: Stage) -> None:
    headings = stage.headings()
    assert len(headings) == len(KINDS)
    for kind, heading in zip(KINDS, headings, strict=True):
        assert failure_title(kind) in heading
        assert failure_sentence(kind) in heading
    model = stage.page.tree.model()
    child = model.index(0, 0, model.index(2, 0))
    assert str(child.data()).endswith("broken_2.jpg")
    assert model.index(0, 1, model.index(2, 0)).data() == "The file is damaged."
    assert model.parent(child) == model.index(2, 0)
    assert model.parent(model.index(2, 0)) == QModelIndex()
    assert "10 file" in stage.page.title


def test_a_chosen_file_is_tried_again(qtbot: QtBot, stage: Stage) -> None:
    stage.choose(2, 0)
    stage.click(qtbot, "Try again")
    assert ("retry", (b"/photos/broken_2.jpg",)) in stage.library.calls


def test_a_heading_stands_for_its_files(qtbot: QtBot, stage: Stage) -> None:
    stage.library.failure_list.append(Failure(b"/photos/other.jpg", FailureKind.EMPTY, "x"))
    stage.refresh(qtbot)
    stage.page.tree.setCurrentIndex(stage.page.tree.model().index(0, 0))
    stage.click(qtbot, "Try again")
    assert ("retry", (b"/photos/broken_0.jpg", b"/photos/other.jpg")) in stage.library.calls


def test_all_are_tried_again(qtbot: QtBot, stage: Stage) -> None:
    stage.click(qtbot, "Try all again")
    paths = next(arguments for name, arguments in stage.library.calls if name == "retry")
    assert len(paths) == len(KINDS)


def test_show_and_copy_path(qtbot: QtBot, stage: Stage) -> None:
    stage.choose(3, 0)
    stage.click(qtbot, "Show in file manager")
    assert stage.shown == [b"/photos/broken_3.jpg"]
    stage.click(qtbot, "Copy path")
    assert QGuiApplication.clipboard().text() == "/photos/broken_3.jpg"


def test_new_failures_appear_and_the_choice_stays(qtbot: QtBot, stage: Stage) -> None:
    stage.choose(2, 0)
    stage.page.tree.collapse(stage.page.tree.model().index(1, 0))
    new = Failure(b"/photos/a_new_one.jpg", FailureKind.DAMAGED, "cut short")
    stage.library.failure_list.append(new)
    stage.library.emit(PhotoFailed(new))
    qtbot.waitUntil(lambda: "11 file" in stage.page.title)
    assert [failure.path for failure in stage.page.chosen()] == [b"/photos/broken_2.jpg"]
    assert not stage.page.tree.isExpanded(stage.page.tree.model().index(1, 0))


def test_mended_files_leave(qtbot: QtBot, stage: Stage) -> None:
    stage.library.failure_list.clear()
    stage.library.add_photos(1)
    qtbot.waitUntil(lambda: stage.page.title == "No problems")


def test_no_problems_is_said(qtbot: QtBot, library: FakeLibrary) -> None:
    stage = Stage(qtbot, library)
    assert stage.page.title == "No problems"
    stage.page.close()
    stage.bridge.close()


def test_a_path_that_is_no_text_is_shown_and_tried_byte_for_byte(qtbot: QtBot, stage: Stage) -> None:
    stage.library.failure_list[:] = [Failure(b"/photos/\xff\n.jpg", FailureKind.EMPTY, "x")]
    stage.refresh(qtbot)
    stage.choose(0, 0)
    assert stage.page.tree.currentIndex().data() == "/photos/\ufffd\ufffd.jpg"
    stage.click(qtbot, "Try again")
    assert ("retry", (b"/photos/\xff\n.jpg",)) in stage.library.calls


def test_a_hundred_thousand_do_not_block(qtbot: QtBot, stage: Stage) -> None:
    stage.library.failure_list[:] = [
        Failure(b"/photos/%06d.jpg" % number, FailureKind.DAMAGED, "x") for number in range(100_000)
    ]
    stage.refresh(qtbot)
    assert "100,000" in stage.page.title or "100000" in stage.page.title
    model = stage.page.tree.model()
    group = model.index(0, 0)
    assert stage.page.tree.isExpanded(group)
    known = model.rowCount(group)
    assert known <= 10 * FETCH_ROWS  # the view walks through all it knows of
    stage.page.tree.verticalScrollBar().setValue(stage.page.tree.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: model.rowCount(group) > known)
    stage.page.tree.setCurrentIndex(group)
    stage.click(qtbot, "Try again")
    paths = next(arguments for name, arguments in stage.library.calls if name == "retry")
    assert len(paths) == 100_000


NAS = Folder(2, b"/mnt/nas", False, 512, "The folder is not there. Is its disk connected?")


def test_a_folder_that_is_away_is_a_problem_with_a_reason(qtbot: QtBot, library: FakeLibrary) -> None:
    library.folder_list.append(NAS)
    stage = Stage(qtbot, library)
    (card,) = stage.page.folder_cards
    assert "/mnt/nas" in card.text()
    assert "Is its disk connected?" in card.text()
    assert "512" in card.text()
    stage.click(qtbot, "Look again")
    assert ("rescan", b"/mnt/nas") in library.calls
    with qtbot.waitSignal(stage.page.forget_wanted) as wanted:
        stage.click(qtbot, "Forget missing…")
    assert wanted.args == [NAS]
    library.folder_list.remove(NAS)
    library.emit(FoldersChanged())
    qtbot.waitUntil(lambda: stage.page.title == "No problems")
    assert not stage.page.folder_cards
    stage.page.close()
    stage.bridge.close()
