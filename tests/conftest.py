"""Fixtures for all tests, and the strictness: what a test leaves behind fails it.

Set before anything else is imported: Qt paints off screen, and the home, the platform folders and the folder for
temporary files are ones made for this run, so that no test touches what belongs to the person at the machine.
A folder of our own for temporary files also makes "nothing left behind" exact beside other programs.
"""

import atexit
import logging
import multiprocessing
import os
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

_SYSTEM_TEMPORARY = tempfile.gettempdir()
# A process that multiprocessing spawns for a test may import this again: it belongs to the run that started it.
# While it starts it does not know its parent yet, only that it is inheriting (multiprocessing.spawn asks so too).
_IS_CHILD = bool(
    multiprocessing.parent_process() or getattr(multiprocessing.current_process(), "_inheriting", False)
)
_RUN = Path(_SYSTEM_TEMPORARY).parent if _IS_CHILD else Path(tempfile.mkdtemp(prefix="photofind-tests-"))
_TEMPORARY = _RUN / "tmp"


def _use_home(home: Path) -> None:
    """Point every platform's variables for personal folders below `home`."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(home)
    os.environ["APPDATA"] = str(home / "AppData" / "Roaming")
    os.environ["LOCALAPPDATA"] = str(home / "AppData" / "Local")
    os.environ["XDG_CONFIG_HOME"] = str(home / ".config")
    os.environ["XDG_DATA_HOME"] = str(home / ".local" / "share")
    os.environ["XDG_STATE_HOME"] = str(home / ".local" / "state")
    os.environ["XDG_CACHE_HOME"] = str(
        _RUN / "cache"
    )  # fontconfig's; one for the run saves scanning the fonts again
    os.environ["XDG_RUNTIME_DIR"] = str(home / "run")
    (home / "run").mkdir(mode=0o700, exist_ok=True)


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and not _IS_CHILD:
    # A shell that starts the tests in the background has Ctrl+C ignored, and programs that are started here, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _SYSTEM_TEMPORARY)  # tmp_path stays where people look for it
if not _IS_CHILD:
    _TEMPORARY.mkdir()
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = str(_TEMPORARY)
    tempfile.tempdir = None
    _use_home(_RUN / "home")
    atexit.register(shutil.rmtree, _RUN, ignore_errors=True)

import psutil  # noqa: E402
import pytest  # noqa: E402

from tests.pictures import write_picture  # noqa: E402

if TYPE_CHECKING:  # not otherwise: processes that multiprocessing spawns need no Qt
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

GRACE_S = 30.0
"""How long what a test started may take to end after it; only a failing test waits so long."""
WAIT_MS = 60_000
"""How long the window's tests wait, where they say nothing else; only a failing test waits so long."""

_LIVES_AS_LONG_AS_PYTHON = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


# --- what a test leaves behind


def _threads() -> set[threading.Thread]:
    # A dummy stands for a thread that Qt or C++ started; Python never learns of its end.
    return {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and not thread.name.startswith("pytest_timeout")
    }


def _describe(process: psutil.Process) -> str:
    """Return the command line, or an empty string when the process is gone, dead, or lives as long as Python."""
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return ""
        command = " ".join(process.cmdline())
    except psutil.Error:
        return ""
    if not command or any(name in command for name in _LIVES_AS_LONG_AS_PYTHON):
        return ""
    return f"{process.pid}: {command}"


def _temporary_names() -> set[str]:
    # multiprocessing keeps one folder for its sockets as long as Python runs
    return {name for name in os.listdir(_TEMPORARY) if not name.startswith("pymp-")}


@contextmanager
def _nothing_left() -> Iterator[None]:
    threads, names = _threads(), _temporary_names()
    children = set(psutil.Process().children(recursive=True))
    yield
    deadline = time.monotonic() + GRACE_S
    for thread in _threads() - threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [f"thread {thread.name}" for thread in _threads() - threads]
    new = set(psutil.Process().children(recursive=True)) - children
    alive = {text for process in new if (text := _describe(process))}
    while alive and time.monotonic() < deadline:
        threading.Event().wait(0.02)
        alive = {text for process in new if (text := _describe(process))}
    left += [f"process {text}" for text in alive]
    for name in _temporary_names() - names:
        left.append(f"temporary file {name}")
        path = _TEMPORARY / name
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if left:
        pytest.fail("Left behind: " + "; ".join(sorted(left)), pytrace=False)


@pytest.fixture(autouse=True, scope="module")
def _nothing_left_by_the_module() -> Iterator[None]:
    with _nothing_left():
        yield


@pytest.fixture(autouse=True)
def _nothing_left_by_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("checked_by_module"):
        yield
    else:
        with _nothing_left():
            yield


@pytest.fixture(autouse=True)
def own_home(_nothing_left_by_the_test: None) -> Iterator[Path]:
    """An empty home folder for this test alone; settings, log and library go below it."""
    before = os.environ["HOME"]
    home = Path(tempfile.mkdtemp(prefix="home-", dir=_RUN))
    _use_home(home)
    yield home
    _use_home(Path(before))
    shutil.rmtree(home, ignore_errors=True)


# --- the log


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected: dict[re.Pattern[str], bool] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _log(_nothing_left_by_the_test: None) -> Iterator[_Collector]:
    collector = _Collector()
    logger = logging.getLogger("photofind")
    logger.addHandler(collector)
    yield collector
    logger.removeHandler(collector)
    messages = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in collector.records]
    surprises = [text for text in messages if not any(pattern.search(text) for pattern in collector.expected)]
    if surprises:
        pytest.fail("Unexpected in the log: " + "; ".join(surprises), pytrace=False)
    missing = [
        pattern.pattern
        for pattern, may_be_missing in collector.expected.items()
        if not may_be_missing and not any(pattern.search(text) for text in messages)
    ]
    if missing:
        pytest.fail("Expected in the log, but never written: " + "; ".join(missing), pytrace=False)


class ExpectedLog(Protocol):
    """Call it with a regular expression that a record of WARNING or above will match."""

    def __call__(self, pattern: str, *, may_be_missing: bool = False) -> None: ...


@pytest.fixture
def expected_log(_log: _Collector) -> ExpectedLog:
    """Allow records of WARNING or above that match, and demand that there is one (unless `may_be_missing`).

    The text matched is "LEVEL logger.name: message".
    """

    def expect(pattern: str, *, may_be_missing: bool = False) -> None:
        _log.expected[re.compile(pattern)] = may_be_missing

    return expect


# --- the window


@pytest.fixture
def qtbot(qapp: "QApplication", request: pytest.FixtureRequest) -> "QtBot":
    """pytest-qt's, but patient: its five seconds are too few on a machine that does other things, too."""
    from pytestqt.qtbot import QtBot

    bot = QtBot(request)
    for name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
        setattr(bot, name, partial(getattr(bot, name), timeout=WAIT_MS))
    return bot


# --- photos, folders


class PhotoFile(Protocol):
    """Writes one made-up photo and returns its path. See `tests.pictures.write_picture`."""

    def __call__(
        self,
        name: str = "photo.jpg",
        seed: int = 0,
        *,
        folder: Path | None = None,
        size: tuple[int, int] = (640, 480),
        exif: Mapping[int, object] | None = None,
        gps: Mapping[int, object] | None = None,
        quality: int = 90,
        format: str | None = None,
    ) -> Path: ...


@pytest.fixture
def photo_file(tmp_path: Path) -> PhotoFile:
    """Make photos: equal seeds give equal bytes, other seeds other pictures; put into tmp_path/photos."""

    def write(
        name: str = "photo.jpg",
        seed: int = 0,
        *,
        folder: Path | None = None,
        size: tuple[int, int] = (640, 480),
        exif: Mapping[int, object] | None = None,
        gps: Mapping[int, object] | None = None,
        quality: int = 90,
        format: str | None = None,
    ) -> Path:
        path = (folder or tmp_path / "photos") / name
        return write_picture(path, seed, size=size, exif=exif, gps=gps, quality=quality, format=format)

    return write


@pytest.fixture
def library_dir(tmp_path: Path) -> Path:
    """Return an empty directory for a library."""
    path = tmp_path / "library"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of photos that measurements use; skips where it is absent."""
    path = (Path(__file__).resolve().parent.parent.parent / "shared").resolve()
    if not (path / "photos" / "README.md").is_file():
        pytest.skip("needs ../shared/photos beside the repository")
    return path
