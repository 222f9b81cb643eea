"""Thumbnails: `thumbnails.db`, a cache of JPEG bytes by content id.

Owns that file. Written by the indexer thread, read by the window's thumbnail thread and others: each thread gets a
connection of its own (WAL: readers never wait). One database lost nothing against a file per thumbnail and was 4.4
times faster to write and 1.5 times to read.

It is a cache: when the file is damaged, foreign or of another version it is thrown away and begun anew, and every
thumbnail carries a checksum, because SQLite does not notice a flipped bit inside a value. A power cut may take the
last thumbnails (they are synced at checkpoints only), never the file.

A store may have a bound: large thumbnails, made only of what somebody looks at, have a file of their own
(`large-thumbnails.db`, written by one library thread) from which the oldest made go when it is full. Both sizes in
one file lost: two threads would write it.
"""

import logging
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from photofind.catalog.connection import connect_reading, connect_writing, is_damage, named_errors

logger = logging.getLogger(__name__)

VERSION = 1
_APPLICATION_ID = 0x50685468  # "PhTh"
_CHUNK_ROWS = 4_096

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Handle:
    """One thread's connection. The lock is held while it works: closing one in use crashes the interpreter."""

    connection: sqlite3.Connection
    lock: threading.Lock


class ThumbnailStore:
    """Thumbnails by content id; every method may be called from any thread."""

    def __init__(self, path: Path, *, read_only: bool, bound_bytes: int | None = None) -> None:
        """Private: use `open`."""
        self._path = path
        self._bound_bytes = bound_bytes
        self._is_read_only = read_only
        self._is_closed = False
        self._local = threading.local()
        self._guard = threading.Lock()
        self._handles: list[_Handle] = []
        self._edition = 0
        """Counts how often the file was thrown away; a thread's connection of an earlier one is of no use."""

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, bound_bytes: int | None = None) -> Self:
        """Open the store, making it anew when it is missing or of no use.

        Args:
            path: `thumbnails.db`.
            read_only: Another process owns the file: nothing is written, and what is missing or damaged is simply
                not found.
            bound_bytes: When the JPEG bytes of all come to more, those stored longest ago are removed.

        Raises:
            DiskFullError, LibraryReadOnlyError: The file cannot be made.
        """
        store = cls(path, read_only=read_only, bound_bytes=bound_bytes)
        with named_errors():
            store._with_connection(lambda _: None)
        return store

    def get(self, content_id: int) -> bytes | None:
        """Return the JPEG bytes of a content's thumbnail."""
        return self.get_many([content_id]).get(content_id)

    def get_many(self, content_ids: Sequence[int]) -> dict[int, bytes]:
        """Return the thumbnails of those contents that have one."""

        def read(connection: sqlite3.Connection) -> dict[int, bytes]:
            found: dict[int, bytes] = {}
            for marks, chunk in _chunks(content_ids):
                for content_id, crc, jpeg in connection.execute(
                    f"SELECT content_id, crc, jpeg FROM thumbnail WHERE content_id IN ({marks})",
                    chunk,
                ):
                    if zlib.crc32(jpeg) == crc:
                        found[content_id] = jpeg
            return found

        with named_errors():
            return self._with_connection(read) or {}

    def has(self, content_ids: Sequence[int]) -> set[int]:
        """Return those of the contents that have a thumbnail, without reading it."""

        def read(connection: sqlite3.Connection) -> set[int]:
            return {
                row[0]
                for marks, chunk in _chunks(content_ids)
                for row in connection.execute(
                    f"SELECT content_id FROM thumbnail WHERE content_id IN ({marks})",
                    chunk,
                )
            }

        with named_errors():
            return self._with_connection(read) or set()

    def put_many(self, thumbnails: Iterable[tuple[int, bytes]]) -> None:
        """Store JPEG bytes by content id, over earlier ones, in one transaction.

        Empty ones are passed over, and everything is by a read-only store.

        Raises:
            DiskFullError: Nothing of the call was written.
        """
        rows = [(content_id, zlib.crc32(jpeg), jpeg) for content_id, jpeg in thumbnails if jpeg]
        if not rows or self._is_read_only:
            return

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.executemany("INSERT OR REPLACE INTO thumbnail VALUES (?, ?, ?)", rows)
                if self._bound_bytes is not None:
                    _forget_oldest(connection, [(row[0], len(row[2])) for row in rows], self._bound_bytes)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

        with named_errors():
            self._with_connection(write)

    def close(self) -> None:
        """Close the connections of all threads; afterwards nothing is found any more."""
        with self._guard:
            self._is_closed = True
            self._close_connections()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _with_connection(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """Run `work` with this thread's connection; over a damaged file begin anew and run it again."""
        for is_last in (False, True):
            edition = self._edition
            try:
                handle = self._handle()
                if handle is None:
                    return None
                with handle.lock:
                    return work(handle.connection)
            except sqlite3.ProgrammingError:
                # Another thread closed this connection: the store was closed, or the file thrown away.
                if is_last and not self._is_closed:
                    raise
            except sqlite3.DatabaseError as error:
                if not is_damage(error) or is_last:
                    raise
                if self._is_read_only:
                    return None
                self._begin_anew(edition, error)
        return None

    def _handle(self) -> _Handle | None:
        local = self._local
        if getattr(local, "edition", None) != self._edition:
            with self._guard:
                if self._is_closed:
                    return None
                local.edition = self._edition
                local.handle = None
                connection = self._connect()
                if connection is not None:
                    local.handle = _Handle(connection, threading.Lock())
                    self._handles.append(local.handle)
        handle: _Handle | None = local.handle
        return handle

    def _connect(self) -> sqlite3.Connection | None:
        if self._is_read_only:
            if not self._path.exists():
                self._local.edition = None  # looked for again next time: its owner may make it
                return None
            connection = connect_reading(self._path, any_thread=True)
        else:
            connection = connect_writing(self._path, synchronous="NORMAL", any_thread=True)
        try:
            (application_id,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables == 0 and not self._is_read_only:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS thumbnail"
                    " (content_id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, jpeg BLOB NOT NULL)"
                )
                connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
                connection.execute("COMMIT")
            elif (application_id, version) != (_APPLICATION_ID, VERSION):
                error = sqlite3.DatabaseError("not a store of thumbnails of this version")
                error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
                raise error  # noqa: TRY301 - caught where damage is
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin_anew(self, edition: int, error: sqlite3.Error) -> None:
        """Throw the file away, unless another thread just did."""
        with self._guard:
            if self._edition == edition and not self._is_closed:
                logger.warning("The thumbnails in %s are made anew: %s", self._path, error)
                self._close_connections()
                for suffix in ("", "-wal", "-shm"):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
                self._edition += 1

    def _close_connections(self) -> None:
        for handle in self._handles:
            with handle.lock:
                handle.connection.close()
        self._handles.clear()


def _forget_oldest(connection: sqlite3.Connection, stored: Sequence[tuple[int, int]], bound_bytes: int) -> None:
    """Note what was stored just now, and remove what was stored first until the rest is within the bound.

    The sum reads the small table of ages only: 0.8 ms at 5,000 thumbnails.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS age (place INTEGER PRIMARY KEY AUTOINCREMENT, content_id INTEGER UNIQUE,"
        " byte_size INTEGER NOT NULL)"
    )
    connection.executemany("INSERT OR REPLACE INTO age (content_id, byte_size) VALUES (?, ?)", stored)
    (total,) = connection.execute("SELECT sum(byte_size) FROM age").fetchone()
    gone: list[tuple[int]] = []
    for content_id, byte_size in connection.execute("SELECT content_id, byte_size FROM age ORDER BY place"):
        if total <= bound_bytes:
            break
        total -= byte_size
        gone.append((content_id,))
    for table in ("thumbnail", "age"):
        connection.executemany(f"DELETE FROM {table} WHERE content_id = ?", gone)


def _chunks(content_ids: Sequence[int]) -> Iterable[tuple[str, list[int]]]:
    for start in range(0, len(content_ids), _CHUNK_ROWS):
        chunk = [int(each) for each in content_ids[start : start + _CHUNK_ROWS]]
        yield ",".join("?" * len(chunk)), chunk
