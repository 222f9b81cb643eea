"""The bridge: everything arrives on the window's thread, stale answers and dead receivers are dropped."""

import threading
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.events import (
    FoldersChanged,
    Notice,
    PhotoFailed,
    PhotosAdded,
    PhotosChanged,
    PhotosRemoved,
    Progress,
    Stage,
)
from photofind.gui.bridge import Bridge
from photofind.records import Failure, FailureKind
from tests.conftest import ExpectedLog
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def bridge(qtbot: QtBot, library: FakeLibrary) -> Bridge:
    return Bridge(library)


def settle(qtbot: QtBot, bridge: Bridge) -> None:
    """Wait until everything queued before now was delivered."""
    done: Future[None] = Future()
    seen: list[None] = []
    bridge.ask(done, seen.append)
    done.set_result(None)
    qtbot.waitUntil(lambda: bool(seen))


def test_announcements_become_signals_on_the_windows_thread(
    qtbot: QtBot, library: FakeLibrary, bridge: Bridge
) -> None:
    seen: list[object] = []
    threads: set[int] = set()

    def note(value: object = None) -> None:
        seen.append(value)
        threads.add(threading.get_ident())

    for signal in (
        bridge.photos_added, bridge.photos_changed, bridge.photos_removed, bridge.photo_failed,
        bridge.progress_changed, bridge.notice,
    ):  # fmt: skip
        signal.connect(note)
    bridge.folders_changed.connect(lambda: note("folders"))
    failure = Failure(b"/x", FailureKind.EMPTY, "It is empty.")
    progress = Progress(Stage.INDEXING, 1, 2)
    for event in (
        PhotosAdded((1, 2)), PhotosChanged((3,)), PhotosRemoved((4,)), FoldersChanged(), PhotoFailed(failure),
        progress, Notice("Hello."),
    ):  # fmt: skip
        library.emit(event)
    qtbot.waitUntil(lambda: len(seen) == 7)
    assert seen == [(1, 2), (3,), (4,), "folders", failure, progress, "Hello."]
    assert threads == {threading.get_ident()}


def test_an_overtaken_answer_is_dropped(qtbot: QtBot, bridge: Bridge) -> None:
    old: Future[str] = Future()
    new: Future[str] = Future()
    old.set_running_or_notify_cancel()
    seen: list[str] = []
    bridge.ask(old, seen.append, topic="list")
    bridge.ask(new, seen.append, topic="list")
    new.set_result("new")
    qtbot.waitUntil(lambda: bool(seen))
    old.set_result("old")
    settle(qtbot, bridge)
    assert seen == ["new"]


def test_an_old_answer_that_was_already_on_its_way_is_dropped_too(qtbot: QtBot, bridge: Bridge) -> None:
    old: Future[str] = Future()
    seen: list[str] = []
    bridge.ask(old, seen.append, topic="list")
    old.set_result("old")
    new: Future[str] = Future()
    bridge.ask(new, seen.append, topic="list")
    new.set_result("new")
    settle(qtbot, bridge)
    assert seen == ["new"]


def test_topics_do_not_disturb_each_other(qtbot: QtBot, bridge: Bridge) -> None:
    one: Future[str] = Future()
    two: Future[str] = Future()
    seen: list[str] = []
    bridge.ask(one, seen.append, topic="list")
    bridge.ask(two, seen.append, topic="facets")
    two.set_result("two")
    one.set_result("one")
    settle(qtbot, bridge)
    assert seen == ["two", "one"]


def test_a_question_waits_until_answered_or_dropped(bridge: Bridge) -> None:
    future: Future[str] = Future()
    bridge.ask(future, print, topic="list")
    assert bridge.is_waiting("list")
    bridge.drop("list")
    assert not bridge.is_waiting("list")
    assert future.cancelled()


def test_errors_for_people_are_sentences(qtbot: QtBot, bridge: Bridge) -> None:
    future: Future[str] = Future()
    said: list[str] = []
    bridge.ask(future, lambda _result: pytest.fail("no result"), failed=said.append)
    future.set_exception(UserError("This file is no image."))
    settle(qtbot, bridge)
    assert said == ["This file is no image."]


def test_bugs_are_logged_and_said(qtbot: QtBot, bridge: Bridge, expected_log: ExpectedLog) -> None:
    expected_log("CRITICAL photofind.gui.bridge: An answer of the library failed")
    future: Future[str] = Future()
    with qtbot.waitSignal(bridge.failed) as said:
        bridge.ask(future, lambda _result: pytest.fail("no result"))
        future.set_exception(ZeroDivisionError("division by zero"))
    assert said.args is not None
    assert "division by zero" in said.args[0]


def test_a_receiver_that_is_gone_is_not_called(qtbot: QtBot, bridge: Bridge) -> None:
    class Receiver(QObject):
        def take(self, _result: str) -> None:
            pytest.fail("called after its end")

    receiver = Receiver()
    future: Future[str] = Future()
    bridge.ask(future, receiver.take)
    import shiboken6

    shiboken6.delete(receiver)
    future.set_result("late")
    settle(qtbot, bridge)


def test_after_closing_nothing_arrives(qtbot: QtBot, library: FakeLibrary, bridge: Bridge) -> None:
    future: Future[str] = Future()
    future.set_running_or_notify_cancel()
    other = Bridge(library)
    bridge.ask(future, lambda _result: pytest.fail("arrived"))
    bridge.photos_added.connect(lambda _ids: pytest.fail("arrived"))
    bridge.close()
    bridge.close()
    with qtbot.waitSignal(other.photos_added):
        library.emit(PhotosAdded((1,)))
    future.set_result("late")
    settle(qtbot, other)
    late: Future[str] = Future()
    bridge.ask(late, print)
    assert late.cancelled()
