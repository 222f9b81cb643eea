"""Fixtures of the journeys through the window: photos, the program, and that no original is ever touched."""

import functools
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from photofind.gui import application
from photofind.gui.main_window import MainWindow
from tests.gui.conftest import look, unhurried
from tests.journeys import album as albums
from tests.journeys.program import Program

__all__ = ["look", "unhurried"]


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The painted photos; to be copied, never changed."""
    folder = tmp_path_factory.mktemp("album")
    albums.paint(folder)
    return folder


@pytest.fixture
def program(
    qtbot: QtBot, look: None, unhurried: None, album: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Program]:
    """The program, not started, beside the whole album; at the end every original must be what it was.

    An original may lie elsewhere afterwards, where the person renamed or removed it, but its bytes and its time of
    change are the same.
    """
    program = Program(qtbot, tmp_path)
    monkeypatch.setattr(application, "MainWindow", functools.partial(MainWindow, move=program.move_to_trash))
    albums.lay(album, program.photos)
    before = _originals(program.photos)
    yield program
    program.stop()
    missing = before - _originals(program.photos, program.trash_folder)
    assert not missing, "An original was changed."


def _originals(*folders: Path) -> Counter[tuple[str, int]]:
    """Return digest and time of change of every file."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return Counter((hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in files)
