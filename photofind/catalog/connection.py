"""Opening SQLite files, and naming what goes wrong with them.

Owns the pragmas and the translation of SQLite's errors into ours; called by `Catalog` and `ThumbnailStore`, on any
thread. Memory-mapped reading lost, whatever it would gain: a file that shrinks under the map (an unplugged drive, a
truncated copy) kills the process by SIGBUS instead of raising an error.
"""

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from photofind.errors import (
    DiskFullError,
    LibraryBusyError,
    LibraryDamagedError,
    LibraryReadOnlyError,
    PhotofindError,
)

BUSY_TIMEOUT_S = 30.0
"""How long a connection waits for another program that holds the file."""

_PAGE_BYTES = 8192  # seven vectors of 1 KiB in a page instead of three in one of 4 KiB

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def connect_writing(path: Path, *, synchronous: str, any_thread: bool = False) -> sqlite3.Connection:
    """Open a file for writing in WAL mode, making it when missing.

    Args:
        path: The database.
        synchronous: "FULL" syncs at each commit; "NORMAL" at checkpoints: never damaged, but a power cut may take
            the last commits.
        any_thread: Allow use from other threads than this.

    Raises:
        sqlite3.Error: As it comes; see `named_errors`.
    """
    connection = _connect(path, "rwc", any_thread)
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":  # a file system without shared memory; the rollback journal is as safe, only slower
            connection.execute("PRAGMA journal_mode = TRUNCATE")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        _tune(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reading(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """Open a file for reading only, also where no WAL files can be made beside it.

    Raises:
        sqlite3.Error: As it comes; see `named_errors`.
    """
    connection = _connect(path, "ro", any_thread)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if _code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        # A read-only place: nobody can be writing there, which is what "immutable" promises to SQLite.
        connection = _connect(path, "ro&immutable=1", any_thread)
    except BaseException:
        connection.close()
        raise
    _tune(connection)
    return connection


def _connect(path: Path, mode: str, any_thread: bool) -> sqlite3.Connection:
    # isolation_level None: transactions begin where the code says so, not where the module guesses.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=not any_thread,
    )


def _tune(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -32000")
    connection.execute("PRAGMA temp_store = MEMORY")


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 for errors of the Python module itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether the file is not what it should be."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def named(error: sqlite3.Error) -> PhotofindError | None:
    """Return the error that says who can act on it; None when it is a bug."""
    match _code(error):
        case sqlite3.SQLITE_FULL:
            return DiskFullError("The disk of the library is full.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LibraryBusyError("Another program is using the library.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return LibraryReadOnlyError("The library cannot be written where it lies.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LibraryDamagedError("The library's catalog is damaged; start again to restore it.")
        case sqlite3.SQLITE_IOERR:
            return PhotofindError(f"The disk of the library reports an error: {error}.")
    return None


@contextmanager
def named_errors() -> Iterator[None]:
    """Translate SQLite's errors inside the block; bugs pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        better = named(error)
        if better is None:
            raise
        raise better from error


def naming_errors(function: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
    """Do the same for a whole method."""

    @functools.wraps(function)
    def wrapped(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
        with named_errors():
            return function(*args, **kwargs)

    return wrapped
