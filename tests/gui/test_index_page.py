"""The index page: what it reports, and that its buttons do what they say."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.gui.bridge import Bridge
from photofind.gui.index_page import IndexPage
from photofind.records import Recall, VerifyReport
from tests.gui.fake_library import FakeLibrary


class Stage:
    def __init__(self, qtbot: QtBot, library: FakeLibrary) -> None:
        self.library = library
        self.bridge = Bridge(library)
        self.shown: list[bytes] = []
        self.page = IndexPage(library, self.bridge, show=lambda path: not self.shown.append(path))  # type: ignore[func-returns-value]
        qtbot.addWidget(self.page)
        self.page.resize(1000, 800)
        self.page.show()

    def button(self, text: str) -> QPushButton:
        return next(each for each in self.page.findChildren(QPushButton) if each.text() == text)

    def click(self, qtbot: QtBot, text: str) -> None:
        qtbot.mouseClick(self.button(text), Qt.MouseButton.LeftButton)

    def settle(self, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: bool(self.page.figures))


@pytest.fixture
def stage(qtbot: QtBot, library: FakeLibrary, look: None) -> Iterator[Stage]:
    made = Stage(qtbot, library)
    yield made
    made.page.close()
    made.bridge.close()


def test_it_tells_how_the_index_does(qtbot: QtBot, stage: Stage) -> None:
    stage.settle(qtbot)
    figures = stage.page.figures
    assert figures["Found"] == "100 %"
    assert figures["Photos a second"] == "143"
    assert figures["Runs on"] == "Processor (CPU)"
    assert figures["Thumbnails"].startswith("1.9")
    assert "No GPU was found." in stage.page.lines
    assert "none can be missed" in stage.page.lines
    assert "2026" in stage.page.lines


def test_a_recall_is_never_rounded_up(qtbot: QtBot, library: FakeLibrary, stage: Stage) -> None:
    stage.settle(qtbot)
    library.index_result = replace(
        library.index_result, is_exact=False, in_graph=60, recall=Recall(20, 100, 0.9996, 0.8, 17.0)
    )
    stage.page.refresh()
    qtbot.waitUntil(lambda: stage.page.figures["Found"] == "99.9 %")
    assert "100 photos and the 20 nearest" in stage.page.lines


def test_the_index_is_rebuilt_with_progress(qtbot: QtBot, library: FakeLibrary, stage: Stage) -> None:
    stage.settle(qtbot)
    library.is_held = True
    library.built = (20, 60)
    stage.click(qtbot, "Rebuild the index")
    assert not stage.button("Rebuild the index").isEnabled()
    assert ("rebuild_index", None) in library.calls
    library.is_held = False
    library.release()
    qtbot.waitUntil(lambda: "made anew" in stage.page.sentence)
    assert stage.button("Rebuild the index").isEnabled()


def test_a_rebuilding_and_a_check_are_stopped(qtbot: QtBot, library: FakeLibrary, stage: Stage) -> None:
    stage.settle(qtbot)
    library.is_held = True
    for start, done in (("Rebuild the index", "The rest of the index"), ("Check everything", "Stopped before")):
        stage.click(qtbot, start)
        (stop,) = (
            each for each in stage.page.findChildren(QPushButton) if each.text() == "Stop" and each.isVisible()
        )
        (future, _work), *_ = library._held[-1:]
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
        assert future.cancelled()
        assert done in stage.page.sentence + stage.page.lines
        assert not stop.isVisible()
        assert stage.button(start).isEnabled()


def test_thumbnails_are_made_anew(qtbot: QtBot, library: FakeLibrary, stage: Stage) -> None:
    stage.click(qtbot, "Make thumbnails anew")
    qtbot.waitUntil(lambda: "in the background" in stage.page.sentence)
    assert ("rebuild_thumbnails", None) in library.calls


def test_the_folder_of_the_library_is_opened(qtbot: QtBot, library: FakeLibrary, stage: Stage) -> None:
    stage.settle(qtbot)
    stage.click(qtbot, "Open folder")
    assert stage.shown == [library.index_result.directory]


def test_a_check_tells_what_it_found(
    qtbot: QtBot, library: FakeLibrary, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = VerifyReport(False, 60, ("The vector index lacks 3 photos.",), ())
    monkeypatch.setattr(library, "verify", lambda *, repair=False: library._later(lambda: found))
    stage.click(qtbot, "Check everything")
    qtbot.waitUntil(lambda: "lacks 3 photos" in stage.page.lines)
    assert stage.button("Check everything").isEnabled()


def test_an_error_is_a_sentence(
    qtbot: QtBot, library: FakeLibrary, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.settle(qtbot)

    def fail() -> None:
        raise UserError("The disk of the library is full.")

    monkeypatch.setattr(library, "rebuild_index", lambda: library._later(fail))
    stage.click(qtbot, "Rebuild the index")
    qtbot.waitUntil(lambda: stage.page.sentence == "The disk of the library is full.")


def test_nothing_is_rebuilt_in_a_library_that_is_only_read(qtbot: QtBot, library: FakeLibrary) -> None:
    library.is_read_only = True
    stage = Stage(qtbot, library)
    assert not stage.button("Rebuild the index").isEnabled()
    assert not stage.button("Make thumbnails anew").isEnabled()
    assert stage.button("Check everything").isEnabled()
    stage.settle(qtbot)
    stage.page.close()
    stage.bridge.close()
