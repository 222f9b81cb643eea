"""The log keeps the traceback of every bug, in a file that stays small and never gets in the way."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind import log
from tests.conftest import ExpectedLog


@pytest.fixture(autouse=True)
def _restored(expected_log: ExpectedLog) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook
    yield
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks


def text_of(folder: Path) -> str:
    return (folder / "photofind.log").read_text(encoding="utf-8")


def test_an_uncaught_error_is_in_the_file_and_on_the_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected_log: ExpectedLog
) -> None:
    expected_log("Uncaught error")
    log.start(tmp_path / "logs")
    try:
        raise RuntimeError("the bug")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    for text in (text_of(tmp_path / "logs"), capsys.readouterr().err):
        assert "RuntimeError: the bug" in text
        assert "test_log.py" in text


def test_an_error_in_a_thread_is_kept_with_the_name_of_the_thread(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("Uncaught error")
    log.start(tmp_path)
    thread = threading.Thread(target=lambda: 1 // 0, name="indexer")
    thread.start()
    thread.join()
    assert "indexer photofind: Uncaught error" in text_of(tmp_path)
    assert "ZeroDivisionError" in text_of(tmp_path)


def test_leaving_a_thread_on_purpose_is_no_error(tmp_path: Path) -> None:
    log.start(tmp_path)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert text_of(tmp_path) == ""


def test_ctrl_c_is_no_bug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.start(tmp_path)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert text_of(tmp_path) == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_the_console_shows_warnings_and_the_file_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected_log: ExpectedLog
) -> None:
    expected_log("careful")
    log.start(tmp_path)
    logging.getLogger("photofind.x").info("by the way")
    logging.getLogger("photofind.x").warning("careful")
    assert capsys.readouterr().err == "photofind: careful\n"
    assert "by the way" in text_of(tmp_path)


def test_names_that_are_not_utf_8_can_be_logged(tmp_path: Path) -> None:
    log.start(tmp_path)
    logging.getLogger("photofind.x").info("Cannot read %s", b"caf\xe9.jpg".decode("utf-8", "surrogateescape"))
    assert "caf\\udce9.jpg" in text_of(tmp_path)


def test_the_file_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LOG_BYTES", 1_000)
    log.start(tmp_path)
    for number in range(200):
        logging.getLogger("photofind.x").info("line %d", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["photofind.log", *(f"photofind.log.{number}" for number in range(1, log.LOG_BACKUPS + 1))]
    assert all(path.stat().st_size <= 1_000 for path in tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_leaves_the_console(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    log.start(tmp_path / "file" / "logs")
    assert "The log cannot be written to" in capsys.readouterr().err


def test_a_full_disk_is_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.start(tmp_path)
    handler = next(one for one in logging.getLogger().handlers if isinstance(one, logging.FileHandler))

    class Full:
        def write(self, text: str) -> None:
            raise OSError(28, "No space left on device")

        def __getattr__(self, name: str) -> object:
            return getattr(stream, name)

    stream = handler.stream
    handler.stream = Full()  # type: ignore[assignment]
    try:
        logging.getLogger("photofind.x").info("lost")
    finally:
        handler.stream = stream
    assert capsys.readouterr().err == ""


def test_a_program_without_a_console_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    log.start(tmp_path)
    logging.getLogger("photofind.x").info("here")
    assert "here" in text_of(tmp_path)
