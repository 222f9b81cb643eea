"""Starting: the window before the library, one window for one library, bugs that are shown."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from photofind.errors import LibraryBusyError
from photofind.gui import application
from photofind.gui.application import Session, hand_over, server_name
from photofind.settings import Settings
from tests.gui.conftest import MakeLibrary
from tests.gui.fake_library import FakeLibrary


def start_again(qtbot: QtBot, library_dir: Path, *folders: bytes) -> tuple[str, float]:
    """Start the program a second time, as another process; return what `hand_over` said and how long it took."""
    code = (
        "import sys, os, time; from PySide6.QtCore import QCoreApplication; "
        "from photofind.gui import application; application.ANSWER_MS = 60_000; hand_over = application.hand_over; "
        "app = QCoreApplication([]); started = time.monotonic(); "
        "print(hand_over(sys.argv[1], tuple(os.fsencode(a) for a in sys.argv[2:])), time.monotonic() - started)"
    )
    command: list[str | bytes] = [sys.executable, "-c", code, server_name(library_dir), *folders]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        qtbot.waitUntil(lambda: process.poll() is not None)
        assert process.stdout is not None
        answer, seconds = process.stdout.read().split()
    return answer, float(seconds)


@pytest.fixture
def session(
    qtbot: QtBot, look: None, make_library: MakeLibrary, library_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    library = make_library(12)
    monkeypatch.setattr("photofind.library.Library.open", lambda *args, **kwargs: library)
    made = Session(library_dir, (b"/given",), Settings(), server_name(library_dir))
    yield made
    made.close()
    made.window.deleteLater()


def library_of(session: Session) -> FakeLibrary:
    library = session._library
    assert isinstance(library, FakeLibrary)
    return library


def test_the_window_comes_to_life_and_adds_what_was_given(session: Session, qtbot: QtBot) -> None:
    session.start()
    assert session.window.isVisible()
    qtbot.waitUntil(lambda: len(session.window.model.ids) == 12)
    names = [name for name, _arguments in library_of(session).calls]
    assert names.index("start_indexing") < names.index("add_folder")
    assert ("add_folder", b"/given") in library_of(session).calls
    session.close()
    assert library_of(session).is_closed


def test_a_second_start_hands_its_folders_over_and_ends_soon(
    session: Session, qtbot: QtBot, library_dir: Path
) -> None:
    session.start()
    qtbot.waitUntil(lambda: len(session.window.model.ids) == 12)
    answer, seconds = start_again(qtbot, library_dir, b"/new", b"/odd-\xff")
    assert answer == "True"
    assert seconds < 30
    qtbot.waitUntil(lambda: ("add_folder", b"/odd-\xff") in library_of(session).calls)
    assert ("add_folder", b"/new") in library_of(session).calls


def test_another_library_has_a_window_of_its_own(session: Session, tmp_path: Path) -> None:
    session.start()
    assert not hand_over(server_name(tmp_path / "other"), ())


def test_the_same_library_by_another_path_has_the_same_window(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert server_name(tmp_path / "real") == server_name(tmp_path / "link")
    assert server_name(tmp_path / "real") != server_name(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe leaves nothing behind on Windows")
def test_a_socket_left_by_a_dead_program_is_taken_over(session: Session, qtbot: QtBot, library_dir: Path) -> None:
    import socket

    probe = QLocalServer()
    assert probe.listen(server_name(library_dir))
    path = probe.fullServerName()
    probe.close()
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(path)
    stale.close()
    assert Path(path).exists()
    assert not hand_over(server_name(library_dir), ())
    session.start()
    assert start_again(qtbot, library_dir)[0] == "True"


@pytest.mark.parametrize("message", [b"nonsense\n", b"{}\n", b'{"folders": 3}\n', b'{"folders": [1]}\n'])
def test_a_strange_message_is_refused(session: Session, qtbot: QtBot, library_dir: Path, message: bytes) -> None:
    session.start()
    qtbot.waitUntil(lambda: len(session.window.model.ids) == 12)
    client = QLocalSocket()
    client.connectToServer(server_name(library_dir))
    assert client.waitForConnected(60_000)
    with qtbot.waitSignal(client.disconnected):
        client.write(message)
        client.flush()
    assert [name for name, _arguments in library_of(session).calls].count("add_folder") == 1


def test_a_library_that_cannot_be_opened_is_a_sentence_and_can_be_tried_again(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, make_library: MakeLibrary
) -> None:
    def busy(*args: object, **kwargs: object) -> FakeLibrary:
        raise LibraryBusyError("Another PhotoFind is writing to this library.")

    monkeypatch.setattr("photofind.library.Library.open", busy)
    session.start()
    window = session.window
    qtbot.waitUntil(lambda: window.state_page.title() == "The library cannot be opened")
    monkeypatch.setattr("photofind.library.Library.open", lambda *args, **kwargs: make_library(4))
    window.state_page.button().click()
    qtbot.waitUntil(lambda: len(window.model.ids) == 4)


def test_a_bug_in_a_thread_is_shown_and_keeps_its_traceback(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    session.start()
    qtbot.waitUntil(lambda: len(session.window.model.ids) == 12)

    def fail() -> None:
        raise ZeroDivisionError("by nought")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "by nought" in session.window.message.text())
    assert seen[0].exc_traceback is not None
    session.close()
    assert threading.excepthook == seen.append


def test_messages_of_qt_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    from PySide6.QtCore import QMessageLogContext, QtMsgType

    with caplog.at_level(logging.DEBUG):
        application._log_qt_message(QtMsgType.QtWarningMsg, QMessageLogContext(), "hello from Qt")
    assert [(record.name, record.levelno) for record in caplog.records] == [("qt", logging.WARNING)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_a_signal_waits_until_the_method_that_runs_has_ended(qtbot: QtBot) -> None:
    class Program(QObject):
        has_quit = False

        @Slot()
        def quit(self) -> None:
            self.has_quit = True

    program = Program()
    with application._ending_on_signals(program):
        signal.raise_signal(signal.SIGTERM)
        assert not program.has_quit
        qtbot.waitUntil(lambda: program.has_quit)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_the_program_starts_takes_a_second_start_and_ends_on_a_signal(
    qtbot: QtBot, library_dir: Path, tmp_path: Path
) -> None:
    code = "import sys; from pathlib import Path; from photofind.gui import application as a; "
    code += "a.ANSWER_MS = 60_000; sys.exit(a.run(Path(sys.argv[1]), tuple(x.encode() for x in sys.argv[2:])))"
    command = [sys.executable, "-c", code, str(library_dir)]
    (tmp_path / "photos").mkdir()
    name = server_name(library_dir)

    def is_up() -> bool:
        client = QLocalSocket()
        client.connectToServer(name)
        return client.waitForConnected(100)

    with subprocess.Popen(command, stderr=subprocess.PIPE) as first:
        try:
            qtbot.waitUntil(is_up)
            second = subprocess.run([*command, str(tmp_path / "photos")], timeout=60, check=False)
            assert second.returncode == 0
        finally:
            first.terminate()
        _out, errors = first.communicate(timeout=60)
    assert first.returncode == 0, errors.decode()
    assert b"Traceback" not in errors, errors.decode()


def test_nothing_heavy_is_imported_before_the_window_stands() -> None:
    code = (
        "import sys; import photofind.__main__, photofind.cli, photofind.gui.application; "
        "heavy = {'photofind.library', 'photofind.catalog', 'onnxruntime', 'hnswlib', 'sqlite_utils', 'PIL', "
        "'watchdog', 'photofind.gui.duplicates_view', 'photofind.gui.viewer'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_opening_a_library_of_this_version_loads_nothing_heavy(library_dir: Path) -> None:
    code = (
        "import sys, pathlib; from photofind.library import Library; "
        "Library.open(pathlib.Path(sys.argv[1]), shows_first=True).close(); "
        "heavy = {'onnxruntime', 'sqlite_utils', 'hnswlib', 'watchdog', 'multiprocessing', 'xml.dom'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(library_dir)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # makes it
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_folders_are_looked_through_after_the_first_photos(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "PATIENCE_MS", 3_600_000)
    session._folders = ()
    session._beginning.setInterval(3_600_000)
    session.start()
    qtbot.waitUntil(lambda: any(name == "start_indexing" for name, _arguments in library_of(session).calls))
    assert library_of(session).thumbnail_calls
