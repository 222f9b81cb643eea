"""The catalog: what the library knows, in one SQLite file.

Owns all SQL but the words' (`text_index`), a person's decisions (`decisions`), the schema (`migrations`) and what
guards the file (`safekeeping`). A `Catalog` is one connection. The writing one belongs to the thread that opened
it, the indexer; there is one in the whole system, by lock file. Every other thread opens its own with
`read_only=True` and never waits (WAL).

Each writing method is one transaction, committed and synced when it returns: batches are large, and a person's
decision must outlive a power cut. Rows leave here as frozen records and arrays; no cursor does. A mapper of objects
to rows lost: hot paths read tens of thousands of rows, and every query here is short enough to be read as it is.
"""

import json
import math
import os
import re
import sqlite3
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, combinations
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

import photofind
from photofind.catalog import safekeeping, text_index
from photofind.catalog.connection import named_errors, naming_errors
from photofind.catalog.dated_names import date_in_name
from photofind.catalog.decisions import DROP_EMPTY, FLAG, REPEAT_FLAG, Decisions, key
from photofind.catalog.migrations import MODEL_SHIFT
from photofind.errors import LibraryDamagedError
from photofind.records import (
    DatedBy,
    Directory,
    Failure,
    FailureKind,
    FileFacts,
    Filter,
    Folder,
    LibrarySummary,
    Listing,
    Metadata,
    Photo,
    Prepared,
    Removal,
    SortOrder,
)

_SEPARATOR = os.fsencode(os.sep)
_AFTER_SEPARATOR = bytes([_SEPARATOR[0] + 1])
_CHUNK_ROWS = 4_096
_PAGE_PHOTOS = 500
_MAX_INT = (1 << 63) - 1
_ALL = "1"
_RENAMED = "renamed"
"""The reason of a line in the journal of removals that is a rename."""
"""The condition of the empty filter."""
_SHAPES = {"portrait": -1, "square": 0, "landscape": 1}
_HASH_TURNS, _HASH_BYTES = 8, 32

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]
Labels = tuple[tuple[str, float], ...]
"""English names and the chance of each, 0 to 1."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the catalog has of one file, to compare it with the disk.

    Attributes:
        photo_id: None when the file has only failed so far.
        facts: Of the last time it was read, in vain or not. None when it has to be read again whatever its facts
            are: not even `lstat` worked then, or another version of the program failed on it.
        attempts: How often it failed with these facts; 0 for a sound photo.
    """

    photo_id: int | None
    facts: FileFacts | None
    attempts: int = 0


class Meaning(NamedTuple):
    """What a network says in words of what a content shows.

    Attributes:
        vector: [text dimension], L2-normalised: its place among words.
        labels: What can be seen.
    """

    vector: Vectors
    labels: Labels = ()


class AddedContent(NamedTuple):
    """What the caches need of one content: a thumbnail and its vectors, each as far as it is new."""

    content_id: int
    digest: bytes
    thumbnail: bytes
    vector: Vectors | None
    text_vector: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What `Catalog.add_prepared` did. Aliases are among neither of the photo ids."""

    photo_ids_added: tuple[int, ...]
    photo_ids_changed: tuple[int, ...]
    contents: tuple[AddedContent, ...]


class Catalog:
    """One connection to `catalog.db`. Use as a context manager, or `close` it.

    Every method raises the errors of `photofind.errors`: `LibraryBusyError` when another program holds the file for
    30 s, `DiskFullError` (nothing of the call was written), `LibraryReadOnlyError`, `LibraryDamagedError`.
    """

    def __init__(
        self, connection: sqlite3.Connection, path: Path, *, read_only: bool, notices: Sequence[str]
    ) -> None:
        """Private: use `open`."""
        self._connection = connection
        self._path = path
        self._is_read_only = read_only
        self._is_sound = True
        self._shapes: NDArray[np.float32] = np.ones(1, np.float32)
        self.notices: tuple[str, ...] = tuple(notices)
        """Sentences for the person on what opening had to do: a backup restored, what was lost."""
        self.decisions = Decisions(self)
        """What the person decided, but for ratings and verdicts."""

    # ------------------------------------------------------------------------------------ opening, closing

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open a catalog; for writing it is made, migrated (after a backup) or restored as needed.

        Args:
            path: `catalog.db` of the library directory.
            read_only: Also works in a place that cannot be written.

        Raises:
            LibraryTooNewError: A newer PhotoFind wrote it.
            LibraryDamagedError: It is damaged, and was opened for reading only or could not be restored.
            UserError: It is missing or older and was opened for reading only; or it is no catalog at all.
        """
        with named_errors():
            if read_only:
                return cls(safekeeping.open_reading(path), path, read_only=True, notices=())
            connection, notices, needs_repair = safekeeping.open_writing(path)
            if needs_repair:
                try:
                    mended = cls(connection, path, read_only=False, notices=()).repair()
                except LibraryDamagedError as error:
                    connection.close()
                    connection, more = safekeeping.restore(path, str(error))
                    notices += more
                    cls(connection, path, read_only=False, notices=()).repair()
                except BaseException:
                    connection.close()
                    raise
                else:
                    if mended and not notices:
                        notices = ["The library's catalog was altered by something else, and mended.", *mended]
        return cls(connection, path, read_only=False, notices=notices)

    def close(self) -> None:
        """Close the connection; a second call does nothing. Any thread may close a read-only one."""
        if self._is_read_only or not self._is_sound:
            self._connection.close()
        else:
            safekeeping.close_writing(self._connection, self._path)
            self._is_sound = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @naming_errors
    def generation(self) -> int:
        """Return a number that grows with every change of photos or embeddings."""
        return int(self._one("SELECT value FROM state WHERE name = 'generation'"))

    # ------------------------------------------------------------------------------------ folders

    @naming_errors
    def folders(self) -> list[Folder]:
        """Return all folders by path."""
        rows = self._connection.execute(
            "SELECT folder.id, folder.path, is_online, coalesce(sum(photo_count), 0), offline_reason"
            " FROM folder LEFT JOIN directory ON folder_id = folder.id GROUP BY folder.id ORDER BY folder.path"
        )
        return [Folder(id_, path, bool(online), count, reason) for id_, path, online, count, reason in rows]

    @naming_errors
    def add_folder(self, path: bytes) -> Folder:
        """Add a root. One inside another returns that other; one around others takes their photos over."""
        path = path.rstrip(_SEPARATOR) or _SEPARATOR
        with self._write() as connection:
            around = self._folder_of(path)
            if around is None:
                inside = _below("path", path)
                cursor = connection.execute("INSERT INTO folder (path) VALUES (?)", (path,))
                around = int(cursor.lastrowid or 0)
                connection.execute(f"UPDATE directory SET folder_id = ? WHERE {inside[0]}", (around, *inside[1]))
                connection.execute(f"DELETE FROM folder WHERE {inside[0]} AND id <> ?", (*inside[1], around))
                # Words of a photo's folders start at its root.
                taken_over = self._ids(f"directory_id IN (SELECT id FROM directory WHERE {inside[0]})", inside[1])
                self._index_words(taken_over, is_new=False)
        return next(folder for folder in self.folders() if folder.folder_id == around)

    @naming_errors
    def remove_folder(self, folder_id: int) -> tuple[int, ...]:
        """Forget a root and return the ids of its photos, now removed; contents and decisions stay."""
        with self._write() as connection:
            row = connection.execute("SELECT path FROM folder WHERE id = ?", (folder_id,)).fetchone()
            if row is None:
                return ()
            photo_ids = self._ids("directory_id IN (SELECT id FROM directory WHERE folder_id = ?)", (folder_id,))
            self._delete_photos(photo_ids)
            inside = _below("directory", row[0])
            connection.execute(f"DELETE FROM failure WHERE {inside[0]}", inside[1])
            # A directory that is itself the root and failed to be listed is a row in the directory above.
            self._delete_failures([row[0]])
            connection.execute("DELETE FROM directory WHERE folder_id = ?", (folder_id,))
            connection.execute("DELETE FROM folder WHERE id = ?", (folder_id,))
        return tuple(photo_ids)

    @naming_errors
    def set_folder_online(self, folder_id: int, online: bool, reason: str = "") -> bool:
        """Note whether a root is there, and why not; return whether that is news."""
        reason = "" if online else reason
        with self._write(bumps=False) as connection:
            changed = connection.execute(
                "UPDATE folder SET is_online = ?, offline_reason = ? WHERE id = ? AND (is_online, offline_reason)"
                " <> (?, ?)",
                (online, reason, folder_id, online, reason),
            ).rowcount
            if changed:
                self._bump()
        return bool(changed)

    @naming_errors
    def directories(self) -> list[Directory]:
        """Return the directories that hold photos, by path."""
        rows = self._connection.execute("SELECT path, folder_id, photo_count FROM directory ORDER BY path")
        return [Directory(*row) for row in rows]

    @naming_errors
    def directories_of(self, folder_id: int) -> set[bytes]:
        """Return the directories of a root in which the catalog has photos or failures."""
        row = self._connection.execute("SELECT path FROM folder WHERE id = ?", (folder_id,)).fetchone()
        if row is None:
            return set()
        inside = _below("directory", row[0])
        rows = self._connection.execute(
            f"SELECT path FROM directory WHERE folder_id = ? UNION SELECT directory FROM failure WHERE {inside[0]}",
            (folder_id, *inside[1]),
        )
        return {path for (path,) in rows}

    @naming_errors
    def photo_count(self, folder_id: int) -> int:
        """Return how many photos (without aliases) a root has."""
        return int(self._one("SELECT coalesce(sum(photo_count), 0) FROM directory WHERE folder_id = ?", folder_id))

    # ------------------------------------------------------------------------------------ for the scan

    @naming_errors
    def known_files(self, directory: bytes) -> dict[bytes, KnownFile]:
        """Return what the catalog has directly in a directory: photos, aliases and failures by name."""
        known = {
            name: KnownFile(photo_id, _facts(facts))
            for name, photo_id, *facts in self._connection.execute(
                "SELECT name, photo.id, size_bytes, mtime_ns, ctime_ns, inode, device FROM photo JOIN directory"
                " ON directory.id = directory_id WHERE path = ?",
                (directory,),
            )
        }
        for name, attempts, version, *facts in self._connection.execute(
            "SELECT name, attempts, program_version, size_bytes, mtime_ns, ctime_ns, inode, device FROM failure"
            " WHERE directory = ?",
            (directory,),
        ):
            photo = known.get(name)
            is_ours = version == photofind.__version__
            known[name] = KnownFile(
                photo.photo_id if photo else None,
                _facts(facts) if is_ours and facts[0] is not None else None,
                attempts if is_ours else 0,
            )
        return known

    @naming_errors
    def find_by_inode(self, facts: FileFacts) -> list[tuple[int, bytes]]:
        """Return photos with this inode, size and mtime: the file before a move, or under another name.

        The device is not compared: it may change when a disk is mounted anew. A file system without inodes (0)
        finds nothing.
        """
        if facts.inode == 0:
            return []
        rows = self._connection.execute(
            "SELECT photo.id, path, name FROM photo JOIN directory ON directory.id = directory_id"
            " WHERE inode = ? AND size_bytes = ? AND mtime_ns = ? ORDER BY alias_of IS NOT NULL, photo.id",
            (_fit(facts.inode), facts.size_bytes, _fit(facts.mtime_ns)),
        )
        return [(photo_id, _join(path, name)) for photo_id, path, name in rows]

    @naming_errors
    def digests_of_size(self, size_bytes: int, limit: int = -1) -> tuple[bytes, ...]:
        """Return the digests of the contents of so many bytes, those of removed photos among them.

        Args:
            size_bytes: The size.
            limit: At most so many, the newest; formats of one fixed size have thousands. -1 for all.
        """
        rows = self._connection.execute(
            "SELECT digest FROM content WHERE byte_size = ? ORDER BY id DESC LIMIT ?", (size_bytes, limit)
        )
        return tuple(digest for (digest,) in rows)

    @naming_errors
    def photos_of_size(self, size_bytes: int) -> dict[bytes, int]:
        """Return a photo of each content of so many bytes that has one, by digest."""
        rows = self._connection.execute(
            "SELECT digest, min(photo.id) FROM content JOIN photo ON content_id = content.id"
            " WHERE byte_size = ? AND alias_of IS NULL GROUP BY content.id",
            (size_bytes,),
        )
        return dict(rows.fetchall())

    @naming_errors
    def known_digests(self, digests: Sequence[bytes]) -> set[bytes]:
        """Return those of the digests that are contents here, those of removed photos among them."""
        return {digest for (digest,) in self._digest_rows("digest", digests)}

    # ------------------------------------------------------------------------------------ written by the indexer

    @naming_errors
    def add_prepared(
        self,
        items: Sequence[tuple[Prepared, Vectors | None]],
        model_id: str,
        *,
        aliases: Mapping[bytes, int] = MappingProxyType({}),
        meanings: Mapping[bytes, Meaning] = MappingProxyType({}),
        labels_made_by: str = "",
    ) -> Added:
        """Take in what was read from files, new or changed.

        Args:
            items: What was prepared, and its vector ([dimension], L2-normalised) if there is one. A known
                digest needs neither metadata nor vector. Files outside all folders (one was just removed) and
                known digests that are unknown here are passed over: the next scan finds them again.
            model_id: The network that made the vectors.
            aliases: Paths that are other names of the file of a photo.
            meanings: By digest, what the network says in words; from a network that knows words.
            labels_made_by: What made the labels of `meanings`, see `labels_made_by`; empty where they lack them.

        Returns:
            The ids of new photos, those with new content, and what the caches should take in.
        """
        if not items:
            return Added((), (), ())
        with self._write():
            self._insert_contents([prepared for prepared, _ in items if not prepared.is_known])
            content_of = self._contents_by_digest([prepared.digest for prepared, _ in items])
            fresh = self._insert_embeddings(
                model_id,
                {
                    content_of[prepared.digest].content_id: vector
                    for prepared, vector in items
                    if vector is not None and prepared.digest in content_of
                },
            )
            fresh_text = self._insert_meanings(
                model_id,
                {content_of[d].content_id: meaning for d, meaning in meanings.items() if d in content_of},
                labels_made_by,
            )
            unused = self._unused_among([each.content_id for each in content_of.values()])
            added: list[int] = []
            changed: list[int] = []
            places = _Places(self)
            for prepared, _ in items:
                content = content_of.get(prepared.digest)
                directory_id, name = places.of(prepared.path)
                if content is not None and directory_id is not None:
                    self._put_photo(
                        directory_id, name, prepared.facts, content, aliases.get(prepared.path), added, changed
                    )
            self._index_words(changed, is_new=False)
            self._index_words(added)
            self._delete_failures([prepared.path for prepared, _ in items])
            aliased = self._aliases_among(added + changed)
            # Contents whose photos had all gone come back with the vectors they had.
            back = sorted(unused - self._unused_among(unused))
            vectors = _by_id(self.embeddings_of(model_id, back)) | fresh
            text_vectors = _by_id(self.text_embeddings_of(model_id, back)) | fresh_text
        contents: dict[int, AddedContent] = {}
        for prepared, _ in items:
            content = content_of.get(prepared.digest)
            id_ = None if content is None else content.content_id
            if id_ is not None and (prepared.thumbnail or id_ in vectors or id_ in text_vectors):
                contents.setdefault(
                    id_,
                    AddedContent(id_, prepared.digest, prepared.thumbnail, vectors.get(id_), text_vectors.get(id_)),
                )
        return Added(
            tuple(each for each in added if each not in aliased),
            tuple(each for each in changed if each not in aliased),
            tuple(contents.values()),
        )

    @naming_errors
    def move_photos(self, moves: Sequence[tuple[int, bytes, FileFacts]]) -> None:
        """Give photos new paths; photos that these paths had and that do not move themselves are removed.

        Everything else of the photos stays. A photo that is moved outside all folders is removed.
        """
        if not moves:
            return
        with self._write() as connection:
            places = _Places(self)
            left = {row[0] for row in self._where("SELECT directory_id FROM photo WHERE id", [m[0] for m in moves])}
            # Two steps, so that photos may swap names: first to names that no file can have.
            connection.executemany(
                "UPDATE photo SET name = ? WHERE id = ?", ((b"\0%d" % move[0], move[0]) for move in moves)
            )
            outside: list[int] = []
            for photo_id, path, facts in moves:
                directory_id, name = places.of(path)
                if directory_id is None:
                    outside.append(photo_id)
                    continue
                self._delete_photos(self._ids("directory_id = ? AND name = ?", (directory_id, name)))
                connection.execute(
                    "UPDATE photo SET directory_id = ?, name = ?, name_key = ?, size_bytes = ?, mtime_ns = ?,"
                    " ctime_ns = ?, inode = ?, device = ? WHERE id = ?",
                    (directory_id, name, name_key(name), *_stored(facts), photo_id),
                )
            self._delete_photos(outside)
            self._date_anew([move[0] for move in moves])
            self._index_words([move[0] for move in moves], is_new=False)
            self._delete_failures([path for _, path, _ in moves])
            self._drop_empty_directories(left)

    @naming_errors
    def touch_photos(self, touched: Sequence[tuple[int, FileFacts]]) -> None:
        """Note new facts of files whose content is the same."""
        if not touched:
            return
        with self._write(bumps=False) as connection:
            connection.executemany(
                "UPDATE photo SET size_bytes = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, device = ? WHERE id = ?",
                ((*_stored(facts), photo_id) for photo_id, facts in touched),
            )
            self._date_anew([photo_id for photo_id, _ in touched])

    @naming_errors
    def settle_dates(self) -> None:
        """File photos whose files say no date by their names; once, for those taken in before names were read.

        Of 300,000 photos of which a third has no date it takes 0.7 CPU-s.
        """
        if self._one("SELECT EXISTS (SELECT 1 FROM state WHERE name = 'dated_by_names')"):
            return
        with self._write() as connection:
            self._date(connection.execute(_UNDATED).fetchall())
            connection.execute("INSERT INTO state VALUES ('dated_by_names', 1)")

    def _date_anew(self, photo_ids: Sequence[int]) -> None:
        """File photos whose files say no date by their names and times as they are now."""
        self._date(self._where(f"{_UNDATED} AND photo.id", photo_ids))

    def _date(self, rows: Iterable[tuple[int, bytes, int, int]]) -> None:
        self._connection.executemany(
            "UPDATE photo SET taken_ms = ? WHERE id = ?",
            [
                (taken_ms, photo_id)
                for photo_id, name, mtime_ns, was_ms in rows
                if (taken_ms := _undated_ms(name, _unfit(mtime_ns))) != was_ms
            ],
        )

    @naming_errors
    def remove_photos(self, photo_ids: Sequence[int]) -> tuple[int, ...]:
        """Forget photos; contents, embeddings and decisions stay, so that their return costs nothing.

        Returns:
            Ids of aliases that took the place of a removed photo and are shown from now on.
        """
        if not photo_ids:
            return ()
        with self._write():
            directories = {row[0] for row in self._where("SELECT directory_id FROM photo WHERE id", photo_ids)}
            promoted = self._delete_photos(photo_ids)
            self._drop_empty_directories(directories)
        return promoted

    @naming_errors
    def record_failures(self, failures: Sequence[Failure]) -> None:
        """Note files that could not be taken in; a photo already there keeps its row."""
        if not failures:
            return
        with self._write(bumps=False) as connection:
            connection.executemany(
                "INSERT INTO failure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)"
                " ON CONFLICT (directory, name) DO UPDATE SET attempts = CASE"
                # A file that changes all the while has other facts each time; these attempts count together.
                " WHEN program_version = excluded.program_version AND (kind = 'changing' AND excluded.kind = kind"
                " OR (size_bytes, mtime_ns, ctime_ns, inode, device) IS (excluded.size_bytes, excluded.mtime_ns,"
                " excluded.ctime_ns, excluded.inode, excluded.device)) THEN attempts + 1 ELSE 1 END,"
                " kind = excluded.kind, reason = excluded.reason, size_bytes = excluded.size_bytes,"
                " mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, inode = excluded.inode,"
                " device = excluded.device, program_version = excluded.program_version,"
                " failed_at_ns = excluded.failed_at_ns",
                (
                    (
                        *_split(failure.path),
                        failure.kind,
                        _plain(failure.reason),
                        *(_stored(failure.facts) if failure.facts else (None,) * 5),
                        photofind.__version__,
                        time.time_ns(),
                    )
                    for failure in failures
                ),
            )

    @naming_errors
    def failures(self) -> list[Failure]:
        """Return all files that could not be taken in, by path; not what never claimed to be a photo."""
        rows = self._connection.execute(
            "SELECT directory, name, kind, reason, size_bytes, mtime_ns, ctime_ns, inode, device FROM failure"
            " WHERE kind != ? ORDER BY directory, name",
            (FailureKind.NOT_A_PHOTO,),
        )
        return [
            Failure(
                _join(directory, name),
                FailureKind(kind),
                reason,
                _facts(facts) if facts[0] is not None else None,
            )
            for directory, name, kind, reason, *facts in rows
        ]

    @naming_errors
    def clear_failures(self, paths: Sequence[bytes]) -> None:
        """Forget that these files failed."""
        if paths:
            with self._write(bumps=False):
                self._delete_failures(paths)

    @naming_errors
    def contents_without_embedding(
        self, model_id: str, limit: int, *, wants_words: bool = False
    ) -> list[tuple[int, bytes]]:
        """Return contents that a network has not seen, each with the path of a photo that is online.

        Left out: photos that failed since, with this version of the program.

        Args:
            model_id: The network.
            limit: At most so many.
            wants_words: Also those whose vector among words is missing.
        """
        row = self._connection.execute(
            "SELECT embedded, text_embedded FROM model WHERE name = ?", (model_id,)
        ).fetchone()
        seen, seen_in_words = row or (0, 0)
        if min(seen, seen_in_words if wants_words else seen) >= self._one(
            "SELECT value FROM state WHERE name = 'contents'"
        ):
            return []
        complete = self.embedding_ids(model_id)
        if wants_words:
            complete = np.intersect1d(complete, self.text_embedding_ids(model_id), assume_unique=True)
        missing = np.setdiff1d(self._used_contents(), complete, assume_unique=True)
        if len(missing) > _CHUNK_ROWS and self._is_any_folder_away():
            # To ask for each of a million on a drive that is away would take 5 s.
            missing = np.intersect1d(missing, self.contents_online(), assume_unique=True)
        found: list[tuple[int, bytes]] = []
        for content_id in missing.tolist():
            row = self._connection.execute(
                "SELECT directory.path, photo.name FROM photo JOIN directory ON directory.id = directory_id"
                " JOIN folder ON folder.id = folder_id WHERE content_id = ? AND is_online AND NOT EXISTS ("
                "SELECT 1 FROM failure WHERE directory = directory.path AND name = photo.name"
                " AND program_version = ?) ORDER BY photo.id LIMIT 1",
                (content_id, photofind.__version__),
            ).fetchone()
            if row is not None:
                found.append((content_id, _join(*row)))
                if len(found) >= limit:
                    break
        return found

    @naming_errors
    def add_embeddings(
        self,
        model_id: str,
        content_ids: Sequence[int] | Ids,
        vectors: Vectors,
        *,
        meanings: Sequence[Meaning] = (),
        labels_made_by: str = "",
    ) -> set[int]:
        """Store what a network made of known contents; what it made of them before stays.

        Args:
            model_id: The network.
            content_ids: n contents; those that are unknown are passed over.
            vectors: [n, dimension], L2-normalised; kept as float16.
            meanings: n of them, or none; their vectors are kept as float16.
            labels_made_by: What made the labels of `meanings`, see `labels_made_by`; empty where they lack them.

        Returns:
            The contents that had no vector of this network; others lacked at most their words.
        """
        ids = [int(each) for each in content_ids]
        if not ids:
            return set()
        with self._write():
            known = {row[0] for row in self._where("SELECT id FROM content WHERE id", ids)}
            pairs = zip(ids, vectors, strict=True)
            fresh = self._insert_embeddings(model_id, {i: v for i, v in pairs if i in known})
            if meanings:
                said = {i: m for i, m in zip(ids, meanings, strict=True) if i in known}
                self._insert_meanings(model_id, said, labels_made_by)
        return set(fresh)

    @naming_errors
    def labels_made_by(self, model_id: str) -> str:
        """Return what made the labels of a network: a mark of the list of labels and of how they are judged.

        Empty where some contents have their vector among words but were given no labels yet.
        """
        row = self._connection.execute("SELECT labels_made_by FROM model WHERE name = ?", (model_id,)).fetchone()
        return str(row[0]) if row else ""

    @naming_errors
    def text_embeddings_after(self, model_id: str, content_id: int, limit: int) -> tuple[Ids, Vectors]:
        """Return the next vectors among words behind a content, also of contents without a photo.

        For giving labels anew: content ids ascending [n], vectors [n, text dimension], n at most `limit`.
        """
        first, end, dimension = self._model_range(model_id, "text_dimension")
        rows = self._connection.execute(
            "SELECT key, vector FROM text_embedding WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
            (first + content_id, end, limit),
        ).fetchall()
        ids = np.fromiter((key - first for key, _ in rows), np.int64, len(rows))
        return _fill_vectors(iter(rows), ids, first, dimension)

    @naming_errors
    def set_labels(self, model_id: str, labels: Mapping[int, Sequence[tuple[str, float]]]) -> None:
        """Give contents other labels, English names and chances; those that are unknown are passed over."""
        if labels:
            with self._write():
                known = {row[0] for row in self._where("SELECT id FROM content WHERE id", labels)}
                self._insert_labels(model_id, {id_: labels[id_] for id_ in labels if id_ in known})

    @naming_errors
    def set_labels_made_by(self, model_id: str, mark: str) -> None:
        """Note that all labels of a network are made by this; see `labels_made_by`."""
        with self._write(bumps=False) as connection:
            connection.execute("UPDATE model SET labels_made_by = ? WHERE name = ?", (mark, model_id))

    @naming_errors
    def forget_model(self, model_id: str) -> None:
        """Drop all that a network made; another one may take its name."""
        first, end, _ = self._model_range(model_id)
        for table in ("embedding", "text_embedding") if first else ():
            while True:  # in steps: the write-ahead log holds every page that one transaction touches
                with self._write() as connection:
                    gone = connection.execute(
                        f"DELETE FROM {table} WHERE key IN (SELECT key FROM {table} WHERE key >= ? AND key < ?"
                        " LIMIT ?)",
                        (first, end, _CHUNK_ROWS),
                    ).rowcount
                if not gone:
                    break
        with self._write() as connection:
            connection.execute("DELETE FROM content_label WHERE model_id = ?", (first >> MODEL_SHIFT,))
            connection.execute("DELETE FROM model WHERE name = ?", (model_id,))

    # ------------------------------------------------------------------------------------ reading

    @naming_errors
    def summary(self, model_id: str) -> LibrarySummary:
        """Return the counts of the status bar; cheap enough for ten times a second."""
        row = self._connection.execute(
            "SELECT (SELECT coalesce(sum(photo_count), 0) FROM directory),"
            " (SELECT value FROM state WHERE name = 'contents'), (SELECT count(*) FROM failure WHERE kind != ?),"
            " coalesce((SELECT embedded FROM model WHERE name = ?), 0)",
            (FailureKind.NOT_A_PHOTO, model_id),
        ).fetchone()
        return LibrarySummary(*row)

    @naming_errors
    def photo_ids(self, filter: Filter, order: SortOrder, model_id: str = "") -> Ids:
        """Return the photos that a filter lets through, in order, without aliases.

        Equal ones follow their ids, so that the order never depends on chance. Relevance is no order of a list;
        the newest come first then.

        Args:
            filter: The conditions.
            order: The order.
            model_id: The network whose labels `filter.labels` means; here and in all that takes a filter.
        """
        if order is SortOrder.COLLECTION and filter.collection_id is None:
            order = SortOrder.ADDED
        if order is SortOrder.COLLECTION:
            assert filter.collection_id is not None
            ids = self._members(filter.collection_id)
            others = replace(filter, collection_id=None)
            if others == Filter():
                return ids
            # Not as one query: SQLite would go through the members once more for each of them.
            return ids[np.isin(ids, self.photo_ids(others, SortOrder.ADDED, model_id))]
        if order is SortOrder.FOLDER:
            return self.listing(filter, order, model_id).ids
        condition, parameters = self._condition(filter, model_id)
        where = f"FROM photo WHERE alias_of IS NULL AND {condition}"
        if condition == _ALL or order is SortOrder.NAME:
            # A plus keeps SQLite from walking the order's index and looking up each row for the condition.
            plus = "" if condition == _ALL else "+"
            return _first_column(
                self._connection.execute(f"SELECT id {where} ORDER BY {plus}{_ORDERS[order]}", parameters)
            )
        # Sorted here: of 300,000 photos, 285,000 let through, SQLite's own sort took twice as long.
        key, is_descending = _NUMBERS[order]
        rows = self._connection.execute(f"SELECT id, +{key} {where}", parameters)
        ids, keys = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 2).T
        places = np.lexsort((ids, keys))
        return ids[places[::-1] if is_descending else places]

    @naming_errors
    def listing(self, filter: Filter, order: SortOrder, model_id: str = "") -> Listing:
        """Return what `photo_ids` does, with date, shape and directory of each photo.

        One pass over the table in its own order, sorted here: a million take 600 ms of CPU time, where the ids
        alone by an index took 275. Joining the contents for their sizes would take 300 more each time; a content's
        size never changes, so this connection remembers the shapes and reads only those of new contents.
        """
        condition, parameters = self._condition(filter, model_id)
        size = ", size_bytes" if order is SortOrder.SIZE else ""
        # One view of the library for all statements.
        self._connection.execute("BEGIN")
        try:
            rows = self._connection.execute(
                f"SELECT id, taken_ms, content_id << {_DIRECTORY_BITS} | directory_id{size} FROM photo"
                f" WHERE alias_of IS NULL AND {condition}",
                parameters,
            )
            columns = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 4 if size else 3).T
            shapes = self._shapes_of_contents()
            paths = dict(self._connection.execute("SELECT id, path FROM directory"))
            is_own = order is SortOrder.COLLECTION and filter.collection_id is not None
            is_by_number = order in _NUMBERS and not is_own
            named_first = SortOrder.NAME if order is SortOrder.FOLDER else order
            in_order = None if is_by_number else self.photo_ids(filter, named_first, model_id)
        finally:
            self._connection.execute("COMMIT")
        ids, taken_ms, packed = columns[:3]
        if in_order is None:
            name, is_descending = _NUMBERS[order]
            places = np.lexsort((ids, {"id": ids, "taken_ms": taken_ms}.get(name, columns[-1])))
            places = places[::-1] if is_descending else places
        else:
            by_id = np.argsort(ids)
            places = by_id[np.searchsorted(ids[by_id], in_order)]
        used, directory = np.unique(packed & ((1 << _DIRECTORY_BITS) - 1), return_inverse=True)
        named = [paths[each] for each in used.tolist()]
        by_path = sorted(range(len(named)), key=lambda place: (named[place].lower(), named[place]))
        rank = np.empty(len(named), np.int32)
        rank[by_path] = np.arange(len(named), dtype=np.int32)
        if order is SortOrder.FOLDER:
            places = places[np.argsort(rank[directory[places]], kind="stable")]
        return Listing(
            order,
            ids[places],
            taken_ms[places],
            shapes[packed[places] >> _DIRECTORY_BITS],
            rank[directory[places]],
            tuple(named[place] for place in by_path),
        )

    def _shapes_of_contents(self) -> NDArray[np.float32]:
        """Return width by height of every content by its id; 1 where there is none."""
        first = len(self._shapes)
        rows = self._connection.execute(
            "SELECT id, width_px << 32 | height_px FROM content WHERE id >= ?", (first,)
        )
        ids, packed = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 2).T
        if len(ids):
            grown = np.ones(int(ids.max()) + 1, np.float32)
            grown[:first] = self._shapes
            grown[ids] = (packed >> 32) / np.maximum(packed & 0xFFFFFFFF, 1)
            self._shapes = grown
        return self._shapes

    @naming_errors
    def content_ids(self, filter: Filter, model_id: str = "") -> Ids:
        """Return the contents of the photos that a filter lets through, ascending, each once."""
        condition, parameters = self._condition(filter, model_id)
        rows = self._connection.execute(
            f"SELECT content_id FROM photo WHERE alias_of IS NULL AND {condition}", parameters
        )
        return np.unique(_first_column(rows))

    @naming_errors
    def contents_online(self) -> Ids:
        """Return the contents of the photos whose folders are there, ascending, each once."""
        if not self._is_any_folder_away():
            return self.content_ids(Filter())
        rows = self._connection.execute(
            "SELECT content_id FROM folder JOIN directory ON folder_id = folder.id"
            " JOIN photo ON directory_id = directory.id WHERE is_online AND alias_of IS NULL"
        )
        return np.unique(_first_column(rows))

    @naming_errors
    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        """Return photos in the order asked for; ids that are gone are left out."""
        names = self._names_of(photo_ids)
        found: dict[int, Photo] = {}
        rows = list(self._where(_PHOTO_ROWS, [int(each) for each in photo_ids]))
        tags = self.decisions.tags_of({row[9] for row in rows})
        for row in rows:
            photo_id, alias_of, content_id, directory, name, folder_id, size_bytes, mtime_ns, *facts = row[:20]
            taken_ms, digest, width_px, height_px, format_, mean_rgb, user_rating, *rest = facts
            is_online, flag, copies, *own = rest
            path = _join(directory, name)
            metadata = _metadata(row[20:])
            found[photo_id] = Photo(
                photo_id,
                content_id,
                path,
                folder_id,
                size_bytes,
                _unfit(mtime_ns),
                digest,
                width_px,
                height_px,
                format_,
                mean_rgb,
                metadata,
                metadata.rating if user_rating is None else user_rating,
                bool(is_online),
                tuple(other for other in names.get(alias_of or photo_id, ()) if other != path),
                flag,
                tags.get(digest, ()),
                metadata.title if own[0] is None else own[0],
                metadata.caption if own[1] is None else own[1],
                own[0] is not None,
                own[1] is not None,
                copies,
                taken_ms,
                _dated_by(metadata, name),
            )
        return [found[each] for each in map(int, photo_ids) if each in found]

    def each_photo(self, photo_ids: Sequence[int] | Ids) -> Iterator[Photo]:
        """Yield any number of photos as `photos` does, a page read at a time: a million need no more memory."""
        for start in range(0, len(photo_ids), _PAGE_PHOTOS):
            yield from self.photos([int(each) for each in photo_ids[start : start + _PAGE_PHOTOS]])

    @naming_errors
    def photo_at(self, path: bytes) -> int | None:
        """Return the photo (perhaps an alias) at a path."""
        row = self._connection.execute(
            "SELECT photo.id FROM photo JOIN directory ON directory.id = directory_id WHERE path = ? AND name = ?",
            _split(path),
        ).fetchone()
        return None if row is None else int(row[0])

    @naming_errors
    def content_of(self, photo_ids: Sequence[int] | Ids) -> dict[int, int]:
        """Return the content of each photo."""
        return dict(self._where("SELECT id, content_id FROM photo WHERE id", [int(each) for each in photo_ids]))

    @naming_errors
    def photos_of(self, content_ids: Sequence[int] | Ids) -> dict[int, tuple[int, ...]]:
        """Return the photos (without aliases) of each content that has any, by id."""
        found: dict[int, list[int]] = {}
        for content_id, photo_id in self._where(
            "SELECT content_id, id FROM photo WHERE alias_of IS NULL AND content_id", [int(i) for i in content_ids]
        ):
            found.setdefault(content_id, []).append(photo_id)
        return {content_id: tuple(sorted(ids)) for content_id, ids in found.items()}

    @naming_errors
    def unit_mates(self, photo_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Return for each photo of a shot in several files the others, as `keep_rules.without_unit_mates` has it.

        A RAW and its JPEG, or the two files of a live photo: one directory, one name but for the ending, one
        capture time, and one of the two is RAW or HEIF. 6 us a photo.
        """
        found: dict[int, tuple[int, ...]] = {}
        for photo_id, directory_id, name, format, time_ms in self._where(
            "SELECT photo.id, directory_id, name, content.format, captured_at_ms FROM photo JOIN content"
            " ON content.id = content_id WHERE captured_at_ms IS NOT NULL AND photo.id",
            photo_ids,
        ):
            stem = os.path.splitext(name)[0]
            beside = self._connection.execute(
                "SELECT photo.id, name, content.format FROM photo JOIN content ON content.id = content_id"
                " WHERE directory_id = ? AND name > ? AND name < ? AND alias_of IS NULL"
                " AND captured_at_ms = ? AND content.format <> ? ORDER BY name",
                (directory_id, stem + b".", stem + b"/", time_ms, format),  # "/" follows "."
            )
            mates = tuple(
                mate
                for mate, other, its_format in beside
                if os.path.splitext(other)[0] == stem and {format, its_format} & {"RAW", "HEIF"}
            )
            if mates:
                found[photo_id] = mates
        return found

    @naming_errors
    def digests_of(self, content_ids: Sequence[int] | Ids) -> dict[int, bytes]:
        """Return the digest of each content."""
        return dict(self._where("SELECT id, digest FROM content WHERE id", [int(each) for each in content_ids]))

    @naming_errors
    def embedding_ids(self, model_id: str) -> Ids:
        """Return the contents that have a photo and a vector of this network, ascending."""
        return self._vector_ids("embedding", model_id)

    @naming_errors
    def embeddings(self, model_id: str) -> tuple[Ids, Vectors]:
        """Return all vectors of a network whose content has a photo.

        Returns:
            Content ids ascending [n], vectors [n, dimension].
        """
        return self._all_vectors("embedding", model_id)

    @naming_errors
    def embeddings_of(self, model_id: str, content_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        """Return the vectors of some contents: ids ascending [n], vectors [n, dimension]; unknown ones left out."""
        return self._some_vectors("embedding", model_id, content_ids)

    @naming_errors
    def text_embedding_ids(self, model_id: str) -> Ids:
        """Return the contents that have a photo and a vector of this network among words, ascending."""
        return self._vector_ids("text_embedding", model_id)

    @naming_errors
    def text_embeddings(self, model_id: str) -> tuple[Ids, Vectors]:
        """Return all vectors of a network among words whose content has a photo, as `embeddings` does."""
        return self._all_vectors("text_embedding", model_id)

    @naming_errors
    def text_embeddings_of(self, model_id: str, content_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        """Return the vectors of some contents among words, as `embeddings_of` does."""
        return self._some_vectors("text_embedding", model_id, content_ids)

    @naming_errors
    def hashes(self) -> tuple[Ids, NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the perceptual hashes of all contents that have a photo.

        Returns:
            Content ids ascending [n], hashes [n, 8 turns, 32 bytes], qualities [n].
        """
        ids, turns, qualities = _hash_arrays(
            self._connection.execute("SELECT content_id, turns, quality FROM perceptual_hash ORDER BY content_id")
        )
        is_used = ~np.isin(ids, self._unused_contents())
        return ids[is_used], turns[is_used], qualities[is_used]

    @naming_errors
    def hashes_of(self, content_ids: Sequence[int] | Ids) -> tuple[Ids, NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the same for some contents; those without a hash are left out."""
        wanted = [int(each) for each in content_ids]
        sql = "SELECT content_id, turns, quality FROM perceptual_hash WHERE content_id"
        return _hash_arrays(sorted(self._where(sql, wanted)))

    @naming_errors
    def moments(self, content_ids: Sequence[int] | Ids) -> list[tuple[int, int | None, str]]:
        """Return when (`Metadata.captured_at_ms`) and with which camera model contents were taken, by id."""
        rows = self._where(
            "SELECT id, captured_at_ms, coalesce(camera_model, '') FROM content WHERE id",
            [int(each) for each in content_ids],
        )
        return sorted((id_, captured_at_ms, camera) for id_, captured_at_ms, camera in rows)

    @naming_errors
    def search_text(self, text: str, filter: Filter, limit: int, model_id: str = "") -> list[tuple[int, float]]:
        """Find photos by words over names, folders, titles, captions, keywords, creators, cameras and places.

        Words are prefixes and must all occur; "quoted phrases"; -not. Any text is allowed.

        Returns:
            Photo ids without aliases and scores, best first; larger is better, 0 when only "not" was asked.
        """
        condition, parameters = self._condition(filter, model_id)
        return text_index.search(self._connection, text, condition, parameters, limit)

    @naming_errors
    def taken_out_by_text(self, text: str, *, is_negative: bool = False) -> set[int]:
        """Return all photos, without aliases, in whose metadata a -not of the text stands.

        Args:
            text: As typed.
            is_negative: The text as a whole is a -not: all photos that it finds are returned.
        """
        return text_index.taken_out(self._connection, text, is_negative=is_negative)

    @naming_errors
    def labels_of(self, model_id: str, content_ids: Sequence[int] | Ids) -> dict[int, Labels]:
        """Return the labels that a network gave to contents: English names and chances, the surest first."""
        found: dict[int, list[tuple[int, str]]] = {}
        for content_id, permille, name in self._where(
            "SELECT content_id, permille, label.name FROM content_label JOIN label ON label.id = label_id"
            f" WHERE model_id = {self._model_number(model_id)} AND content_id",
            [int(each) for each in content_ids],
        ):
            found.setdefault(content_id, []).append((-permille, name))
        return {
            content_id: tuple((name, -permille / 1000) for permille, name in sorted(labels))
            for content_id, labels in found.items()
        }

    @naming_errors
    def labelled(self, model_id: str, name: str, filter: Filter, limit: int) -> list[tuple[int, float]]:
        """Find photos by a label that a network gave them.

        Returns:
            Photo ids without aliases and the chance of the label, best first.
        """
        condition, parameters = self._condition(filter, model_id)
        rows = self._connection.execute(
            # CROSS JOIN fixes the order: from the label to the photos.
            "SELECT photo.id, permille FROM content_label CROSS JOIN photo"
            f" ON photo.content_id = content_label.content_id WHERE model_id = {self._model_number(model_id)}"
            " AND label_id = (SELECT id FROM label WHERE label.name = ?)"
            f" AND alias_of IS NULL AND {condition} ORDER BY permille DESC, photo.id LIMIT ?",
            (name, *parameters, limit),
        )
        return [(photo_id, permille / 1000) for photo_id, permille in rows]

    @naming_errors
    def labels(self, model_id: str) -> list[tuple[str, int]]:
        """Return the labels that a network gave and how many photos have each, the most frequent first."""
        number = self._model_number(model_id)
        # Contents are counted, which reads one index from end to end; then those are put right that have copies or
        # no photo. Looking up each content's number of photos takes 1.1 s at 300,000 of five labels each, this 0.1.
        counts = dict(
            self._connection.execute(
                "SELECT label_id, count(*) FROM content_label WHERE model_id = ? GROUP BY label_id", (number,)
            )
        )
        for label_id, more in self._connection.execute(
            "SELECT label_id, sum(photo_count - 1) FROM content CROSS JOIN content_label"
            " ON content_id = content.id WHERE photo_count <> 1 AND model_id = ? GROUP BY label_id",
            (number,),
        ):
            counts[label_id] += more
        names = dict(self._where("SELECT id, label.name FROM label WHERE id", counts))
        found = [(names[label_id], count) for label_id, count in counts.items() if count]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    @naming_errors
    def cameras(self) -> list[tuple[str, int]]:
        """Return the camera models and how many photos each took, the most used first."""
        return self._facet("camera")

    @naming_errors
    def formats(self) -> list[tuple[str, int]]:
        """Return the formats and how many photos have each, the most frequent first."""
        return self._facet("format")

    @naming_errors
    def years(self) -> list[tuple[str, int]]:
        """Return the years and how many photos are of each, the latest first."""
        return self._connection.execute(
            "SELECT strftime('%Y', taken_ms / 1000, 'unixepoch') AS year, count(*) FROM photo"
            " WHERE alias_of IS NULL GROUP BY year HAVING year IS NOT NULL ORDER BY year DESC"
        ).fetchall()

    # ------------------------------------------------------------------------------------ the user's decisions

    @naming_errors
    def set_rating(self, photo_ids: Sequence[int], rating: int | None) -> tuple[int, ...]:
        """Rate photos, and with them every other photo of the same bytes; return the ids of all of them.

        Args:
            photo_ids: Unknown ones are passed over.
            rating: 0 to 5, -1 for rejected; None takes the user's own rating back, and the file's counts again.
        """
        if rating is not None and not -1 <= rating <= 5:
            raise ValueError(f"a rating lies between -1 and 5, not {rating}")
        contents = sorted(set(self.content_of(photo_ids).values()))
        if not contents:
            return ()
        with self._write() as connection:
            connection.executemany(
                "INSERT INTO decision (digest, rating, decided_at_ns) SELECT digest, ?, ? FROM content WHERE id = ?"
                " ON CONFLICT (digest) DO UPDATE SET rating = excluded.rating,"
                " decided_at_ns = excluded.decided_at_ns",
                ((rating, time.time_ns(), each) for each in contents),
            )
            if rating is None:
                digests = self.digests_of(contents).values()
                connection.executemany(DROP_EMPTY, ((digest,) for digest in digests))
            connection.executemany(
                "UPDATE content SET user_rating = ? WHERE id = ?", ((rating, each) for each in contents)
            )
            connection.executemany(
                "UPDATE photo SET rating = (SELECT coalesce(user_rating, file_rating) FROM content"
                " WHERE id = content_id) WHERE content_id = ?",
                ((each,) for each in contents),
            )
            connection.executemany(f"{REPEAT_FLAG} WHERE content_id = ?", ((each,) for each in contents))
        return tuple(sorted(chain.from_iterable(self.photos_of(contents).values())))

    @naming_errors
    def dismiss(self, photo_ids: Sequence[int]) -> int:
        """Remember that these photos are no duplicates of each other, by their bytes.

        Returns:
            The number for `undo_dismissal`.
        """
        decided_at_ns = time.time_ns()
        digests = sorted(set(self.digests_of(list(self.content_of(photo_ids).values())).values()))
        if len(digests) > 1:
            with self._write() as connection:
                connection.executemany(
                    "INSERT OR IGNORE INTO verdict VALUES (?, ?, ?)",
                    ((low, high, decided_at_ns) for low, high in combinations(digests, 2)),
                )
        return decided_at_ns

    @naming_errors
    def keep_copies(self, photo_ids: Sequence[int]) -> int:
        """Remember that these copies of one another are kept on purpose, by their bytes and their places.

        Returns:
            The number for `undo_dismissal`.
        """
        decided_at_ns = time.time_ns()
        with self._write() as connection:
            rows = self._where(
                "SELECT digest, path, name FROM photo JOIN content ON content.id = content_id"
                " JOIN directory ON directory.id = directory_id WHERE photo.id",
                photo_ids,
            )
            connection.executemany(
                "INSERT OR IGNORE INTO kept_copy VALUES (?, ?, ?, ?)", [(*row, decided_at_ns) for row in rows]
            )
        return decided_at_ns

    @naming_errors
    def undo_dismissal(self, number: int) -> None:
        """Take back what one `dismiss` or `keep_copies` remembered, and nothing that was remembered before."""
        with self._write() as connection:
            for table in ("verdict", "kept_copy"):
                connection.execute(f"DELETE FROM {table} WHERE decided_at_ns = ?", (number,))

    @naming_errors
    def kept_copies(self) -> set[int]:
        """Return the photos that are copies kept on purpose."""
        rows = self._connection.execute(
            "SELECT photo.id FROM kept_copy CROSS JOIN directory ON directory.path = kept_copy.directory"
            " CROSS JOIN photo ON photo.directory_id = directory.id AND photo.name = kept_copy.name"
            " CROSS JOIN content ON content.id = content_id AND content.digest = kept_copy.digest"
        )
        return {photo_id for (photo_id,) in rows}

    @naming_errors
    def dismissed_pairs(self) -> set[tuple[int, int]]:
        """Return the pairs of contents that are no duplicates, the lower id first."""
        rows = self._connection.execute(
            "SELECT min(low.id, high.id), max(low.id, high.id) FROM verdict"
            " JOIN content AS low ON low.digest = digest_low JOIN content AS high ON high.digest = digest_high"
        )
        return set(rows.fetchall())

    # ------------------------------------------------------------------------------------ the journal of removals

    @naming_errors
    def plan_removals(self, photo_ids: Sequence[int]) -> list[Removal]:
        """Write down, as one batch, which files are about to be moved to the trash; unknown ids are passed over."""
        if not photo_ids:
            return []
        with self._write(bumps=False) as connection:
            cursor = connection.execute("INSERT INTO removal_batch (planned_at_ns) VALUES (?)", (time.time_ns(),))
            batch_id = cursor.lastrowid
            rows = {
                row[0]: row
                for row in self._where(
                    "SELECT photo.id, path, name, digest, size_bytes, mtime_ns, ctime_ns, inode, device FROM photo"
                    " JOIN directory ON directory.id = directory_id JOIN content ON content.id = content_id"
                    " WHERE photo.id",
                    photo_ids,
                )
            }
            for photo_id in dict.fromkeys(photo_ids):
                if photo_id in rows:
                    _, directory, name, *rest = rows[photo_id]
                    connection.execute(
                        "INSERT INTO removal (batch_id, photo_id, path, digest, size_bytes, mtime_ns, ctime_ns,"
                        " inode, device, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned')",
                        (batch_id, photo_id, _join(directory, name), *rest),
                    )
        return self.removals(batch_id)

    @naming_errors
    def plan_companions(
        self, removal_id: int, files: Sequence[tuple[bytes, bytes, FileFacts, bytes | None]]
    ) -> list[Removal]:
        """Write down that files which are no photos go with the one of a planned removal or rename.

        They bear the id of the photo negated: no photo is found by it, so that nothing else hangs on their lines.

        Args:
            removal_id: Of the photo.
            files: Path, digest and facts of each, and for a rename its new path.

        Returns:
            Their lines of the journal.
        """
        if not files:
            return []
        added = []
        with self._write(bumps=False) as connection:
            for path, digest, facts, new_path in files:
                cursor = connection.execute(
                    "INSERT INTO removal (batch_id, photo_id, path, digest, size_bytes, mtime_ns, ctime_ns, inode,"
                    " device, trash_path, state, reason) SELECT batch_id, -photo_id, ?, ?, ?, ?, ?, ?, ?, ?,"
                    " 'planned', reason FROM removal WHERE id = ?",
                    (path, digest, *_stored(facts), new_path, removal_id),
                )
                added.append(cursor.lastrowid)
        return self._removals("id BETWEEN ? AND ?", added[0], added[-1])

    @naming_errors
    def finish_removal(self, removal_id: int, trash_path: bytes | None, error: str = "") -> tuple[int, ...]:
        """Note what came of a planned removal: done, or failed when `error` says why.

        A photo whose file is in the trash is removed from the catalog in the same transaction, and its heir
        (`Decisions.note_heir`) takes over what was decided about it.

        Returns:
            The photos that took over.
        """
        changed: tuple[int, ...] = ()
        with self._write() as connection:
            connection.execute(
                "UPDATE removal SET state = ?, trash_path = ?, reason = ? WHERE id = ?",
                ("failed" if error else "done", trash_path, _plain(error), removal_id),
            )
            if not error:
                changed = self.decisions.take_over(removal_id)
                row = connection.execute(
                    "SELECT photo.id, directory_id FROM removal JOIN photo ON photo.id = photo_id"
                    " WHERE removal.id = ?",
                    (removal_id,),
                ).fetchone()
                if row is not None:
                    self._delete_photos([row[0]])
                    self._drop_empty_directories({row[1]})
        return changed

    @naming_errors
    def mark_undone(self, removal_id: int, error: str = "") -> tuple[int, ...]:
        """Note that a file was put back from the trash; or with `error`, why it stays there.

        The scan of its directory that follows takes it in again, at the cost of reading it. What another photo took
        over from it is taken back.

        Returns:
            The photos that gave back.
        """
        changed: tuple[int, ...] = ()
        with self._write() as connection:
            connection.execute(
                "UPDATE removal SET state = CASE WHEN ? THEN state ELSE 'undone' END, reason = ? WHERE id = ?",
                (bool(error), _plain(error), removal_id),
            )
            if not error:
                changed = self.decisions.give_back(removal_id)
        return changed

    @naming_errors
    def plan_rename(self, photo_id: int, new_path: bytes) -> int:
        """Write down, as a batch of its own, that a photo's file is about to get another name in its folder.

        Returns:
            The number for `finish_rename` and `undo_rename`.
        """
        (planned,) = self.plan_removals([photo_id])
        with self._write(bumps=False) as connection:
            connection.execute(
                "UPDATE removal SET trash_path = ?, reason = ? WHERE id = ?",
                (new_path, _RENAMED, planned.removal_id),
            )
        return planned.removal_id

    @naming_errors
    def finish_rename(self, removal_id: int, error: str = "") -> None:
        """Note what came of a planned rename: done, or failed when `error` says why."""
        with self._write(bumps=False) as connection:
            connection.execute(
                "UPDATE removal SET state = ?, reason = ? WHERE id = ?",
                ("failed" if error else "done", _plain(error) or _RENAMED, removal_id),
            )

    @naming_errors
    def undo_rename(self, removal_id: int, error: str = "") -> None:
        """Note that a file has its name of before again; or with `error`, why it never will have."""
        with self._write(bumps=False) as connection:
            connection.execute(
                "UPDATE removal SET state = ?, reason = ? WHERE id = ?",
                ("failed" if error else "undone", _plain(error) or _RENAMED, removal_id),
            )

    @naming_errors
    def removals(self, batch_id: int | None = None) -> list[Removal]:
        """Return the journal of one batch, or all of it, in the order planned; renames are among it."""
        return self._removals("? IS NULL OR batch_id = ?", batch_id, batch_id)

    def _removals(self, condition: str, *values: int | None) -> list[Removal]:
        rows = self._connection.execute(
            "SELECT id, batch_id, path, trash_path, state, reason, reason = ?, abs(photo_id), photo_id < 0"
            f" FROM removal WHERE {condition} ORDER BY id",
            (_RENAMED, *values),
        )
        return [
            Removal(removal_id, batch, path, trash_path, state, reason, bool(is_rename), photo_id, bool(belongs))
            for removal_id, batch, path, trash_path, state, reason, is_rename, photo_id, belongs in rows
        ]

    @naming_errors
    def has_planned_removals(self) -> bool:
        """Tell whether the journal has a removal or a rename of which nobody noted what came of it."""
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM removal WHERE state = 'planned')"))

    @naming_errors
    def removal_facts(self, removal_id: int) -> tuple[int, bytes, FileFacts] | None:
        """Return photo id, negated for a companion, digest and facts that a file had when its line was planned."""
        row = self._connection.execute(
            "SELECT photo_id, digest, size_bytes, mtime_ns, ctime_ns, inode, device FROM removal WHERE id = ?",
            (removal_id,),
        ).fetchone()
        return None if row is None else (row[0], row[1], _facts(row[2:]))

    @naming_errors
    def last_batch(self) -> int | None:
        """Return the latest batch of which something lies in the trash and can be undone."""
        batch: int | None = self._one("SELECT max(batch_id) FROM removal WHERE state = 'done'")
        return batch

    # ------------------------------------------------------------------------------------ keeping it whole

    def check(self) -> list[str]:
        """Look at everything, and return what is wrong in sentences; reads the whole file."""
        problems: list[str] = []
        try:
            rows = self._connection.execute("PRAGMA integrity_check(5)").fetchall()
            problems += [f"The catalog is damaged: {row[0]}." for row in rows if row[0] != "ok"]
            if self._connection.execute("PRAGMA foreign_key_check").fetchone():
                problems.append("Some rows of the catalog refer to others that are missing.")
            for question, sentence in _CHECKS:
                count = self._one(question)
                if count:
                    problems.append(sentence.format(count))
            if not self._is_read_only:
                problems += filter(None, [text_index.problem(self._connection)])
        except sqlite3.DatabaseError as error:
            problems.append(f"The catalog is damaged: {error}.")
        return problems

    @naming_errors
    def repair(self) -> list[str]:
        """Mend what can be mended from the rest: indexes, counts, aliases, orphans, words.

        Returns:
            Sentences on what was mended.

        Raises:
            LibraryDamagedError: Something is wrong that cannot be mended so; the next start restores the library.
        """
        before = self.check()
        is_marked = self._one("SELECT EXISTS (SELECT 1 FROM state WHERE name = 'needs_repair')")
        if not before and not is_marked:
            return []
        with self._write() as connection:
            try:
                connection.execute("REINDEX")
            except sqlite3.IntegrityError as error:  # two rows that must not both be there
                raise LibraryDamagedError(f"The catalog is damaged: {error}.") from error
            for statement in _REPAIRS:
                connection.execute(statement)
            connection.execute("DELETE FROM state WHERE name = 'needs_repair'")
            text_index.rebuild(connection, self._texts(None))
        after = self.check()
        if after:
            self._is_sound = False  # no clean end: the next start looks at it again
            raise LibraryDamagedError(f"The catalog cannot be mended: {' '.join(after)}")
        return before

    def backup_daily(self) -> Path | None:
        """Make today's backup if there is none yet, and keep the last seven.

        A backup is a catalog of its own without vectors and index of words, which can be computed again.

        Returns:
            The new backup, None when there was one of today.

        Raises:
            DiskFullError: There is no room; nothing half-written stays.
        """
        with named_errors():
            return safekeeping.backup_daily(self._path)

    # ------------------------------------------------------------------------------------ how fast it went

    @naming_errors
    def note_run(self, photos: int, seconds: float) -> None:
        """Remember how long the last run took for how many photos."""
        with self._write(bumps=False) as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO state VALUES (?, ?)",
                [("run_photos", photos), ("run_ms", round(seconds * 1000))],
            )

    @naming_errors
    def last_run(self) -> tuple[int, float] | None:
        """Return photos and seconds of the last run that was noted."""
        noted = dict(
            self._connection.execute("SELECT name, value FROM state WHERE name IN ('run_photos', 'run_ms')")
        )
        return (noted["run_photos"], noted["run_ms"] / 1000) if len(noted) == 2 else None

    @naming_errors
    def text_embedded(self, model_id: str) -> int:
        """Return how many contents with a photo have a vector among words."""
        row = self._connection.execute("SELECT text_embedded FROM model WHERE name = ?", (model_id,)).fetchone()
        return 0 if row is None else int(row[0])

    # ------------------------------------------------------------------------------------ inside: transactions, SQL

    @contextmanager
    def _write(self, *, bumps: bool = True) -> Iterator[sqlite3.Connection]:
        connection = self._connection
        # IMMEDIATE: wait for the lock here, not in the middle where SQLite cannot wait.
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            if bumps:
                self._bump()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _bump(self) -> None:
        self._connection.execute("UPDATE state SET value = value + 1 WHERE name = 'generation'")

    def _one(self, sql: str, *parameters: object) -> Any:
        return self._connection.execute(sql, parameters).fetchone()[0]

    def _where(self, sql: str, values: Iterable[int | bytes]) -> Iterator[tuple[Any, ...]]:
        """Run `sql`, which ends in a column, for rows where that column is among `values`; in any order."""
        wanted = list(values)
        for start in range(0, len(wanted), _CHUNK_ROWS):
            chunk = wanted[start : start + _CHUNK_ROWS]
            yield from self._connection.execute(f"{sql} IN ({','.join('?' * len(chunk))})", chunk)

    def _ids(self, condition: str, parameters: Sequence[object]) -> list[int]:
        return [row[0] for row in self._connection.execute(f"SELECT id FROM photo WHERE {condition}", parameters)]

    def _facet(self, column: str) -> list[tuple[str, int]]:
        return self._connection.execute(
            f"SELECT {column}, count(*) FROM photo WHERE alias_of IS NULL AND {column} > ''"
            f" GROUP BY {column} ORDER BY 2 DESC, 1"
        ).fetchall()

    def _members(self, collection_id: int) -> Ids:
        """Return the photos of a collection in the order they were added; copies side by side."""
        return _first_column(
            self._connection.execute(
                "SELECT photo.id FROM collection_member"
                " CROSS JOIN content ON content.digest = collection_member.digest"
                " CROSS JOIN photo ON photo.content_id = content.id"
                " WHERE collection_id = ? AND alias_of IS NULL ORDER BY collection_member.id, photo.id",
                (collection_id,),
            )
        )

    def _condition(self, filter_: Filter, model_id: str) -> tuple[str, list[object]]:
        """Return SQL over `photo` and what it binds."""
        conditions: list[str] = []
        parameters: list[object] = []
        if filter_.directory is not None:
            inside = _below("path", filter_.directory.rstrip(_SEPARATOR) or _SEPARATOR)
            conditions.append(f"directory_id IN (SELECT id FROM directory WHERE {inside[0]})")
            parameters += inside[1]
        if filter_.captured_from_ms is not None:
            conditions.append("taken_ms >= ?")
            parameters.append(filter_.captured_from_ms)
        if filter_.captured_until_ms is not None:
            conditions.append("taken_ms < ?")
            parameters.append(filter_.captured_until_ms)
        for column, values in (("photo.camera", filter_.cameras), ("photo.format", filter_.formats)):
            if values:
                conditions.append(f"{column} IN ({_marks(values)})")
                parameters += values
        if filter_.labels:
            conditions.append(
                f"photo.content_id IN (SELECT content_id FROM content_label WHERE model_id ="
                f" {self._model_number(model_id)} AND label_id IN"
                f" (SELECT id FROM label WHERE label.name IN ({_marks(filter_.labels)})))"
            )
            parameters += filter_.labels
        if filter_.tags:
            keys = [key(tag) for tag in filter_.tags]
            conditions.append(
                "photo.content_id IN (SELECT content.id FROM decision_tag CROSS JOIN content ON content.digest ="
                f" decision_tag.digest WHERE tag_id IN (SELECT id FROM tag WHERE tag.key IN ({_marks(keys)})))"
            )
            parameters += keys
        if filter_.collection_id is not None:
            conditions.append(
                "photo.content_id IN (SELECT content.id FROM collection_member CROSS JOIN content"
                " ON content.digest = collection_member.digest WHERE collection_id = ?)"
            )
            parameters.append(filter_.collection_id)
        if filter_.flag is not None:
            conditions.append("photo.flag = ?")
            parameters.append(filter_.flag)
        if filter_.min_rating is not None:
            conditions.append("rating >= ?")
            parameters.append(filter_.min_rating)
        if filter_.orientation is not None:
            conditions.append("shape = ?")
            parameters.append(_SHAPES[filter_.orientation])
        return " AND ".join(conditions) or _ALL, parameters

    # ------------------------------------------------------------------------------------ inside: contents

    def _insert_contents(self, items: Sequence[Prepared]) -> None:
        """Add the contents that are new."""
        known = {row[0] for row in self._digest_rows("digest", [each.digest for each in items])}
        for prepared in items:
            if prepared.digest in known:
                continue
            known.add(prepared.digest)
            facts = prepared.metadata
            cursor = self._connection.execute(
                _INSERT_CONTENT,
                (
                    prepared.digest,
                    prepared.facts.size_bytes,
                    prepared.width_px,
                    prepared.height_px,
                    prepared.format,
                    prepared.mean_rgb,
                    facts.captured_at_ms,
                    facts.utc_offset_min,
                    *map(_text, (facts.camera_make, facts.camera_model, facts.lens)),
                    *map(_real, (facts.exposure_s, facts.f_number)),
                    _integer(facts.iso),
                    *map(_real, (facts.focal_mm, facts.focal_35mm)),
                    *map(_real, (facts.latitude, facts.longitude, facts.altitude_m)),
                    facts.rating,
                    *map(_text, (facts.title, facts.caption)),
                    _list(facts.keywords),
                    _text(facts.creator),
                    _list(facts.place),
                    facts.orientation,
                    prepared.digest,
                    time.time_ns(),
                ),
            )
            if prepared.perceptual_hash:
                self._connection.execute(
                    "INSERT INTO perceptual_hash VALUES (?, ?, ?)",
                    (cursor.lastrowid, prepared.hash_quality, prepared.perceptual_hash),
                )

    def _digest_rows(self, columns: str, digests: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(digests), _CHUNK_ROWS):
            chunk = digests[start : start + _CHUNK_ROWS]
            yield from self._connection.execute(
                f"SELECT {columns} FROM content WHERE digest IN ({','.join('?' * len(chunk))})", chunk
            )

    def _contents_by_digest(self, digests: Sequence[bytes]) -> dict[bytes, "_Content"]:
        return {
            row[0]: _Content(*row[1:])
            for row in self._digest_rows(
                "digest, id, captured_at_ms, camera_model, format, coalesce(user_rating, file_rating),"
                f" (width_px > height_px) - (width_px < height_px), {FLAG}",
                digests,
            )
        }

    def _unused_among(self, content_ids: Iterable[int]) -> set[int]:
        return {row[0] for row in self._where("SELECT id FROM content WHERE photo_count = 0 AND id", content_ids)}

    def _used_contents(self) -> Ids:
        rows = self._connection.execute("SELECT DISTINCT content_id FROM photo ORDER BY content_id")
        return np.setdiff1d(_first_column(rows), self._unused_contents(), assume_unique=True)

    def _is_any_folder_away(self) -> bool:
        return bool(self._one("SELECT EXISTS (SELECT 1 FROM folder WHERE NOT is_online)"))

    def _unused_contents(self) -> Ids:
        return _first_column(self._connection.execute("SELECT id FROM content WHERE photo_count = 0 ORDER BY id"))

    # ------------------------------------------------------------------------------------ inside: embeddings

    def _model_number(self, model_id: str) -> int:
        """Return the id of a model's row; 0, which no row has, for an unknown one."""
        row = self._connection.execute("SELECT id FROM model WHERE name = ?", (model_id,)).fetchone()
        return 0 if row is None else int(row[0])

    def _model_range(self, model_id: str, dimension: str = "dimension") -> tuple[int, int, int]:
        """Return the first key of a model, the key after its last, and a dimension; zeros for an unknown one."""
        row = self._connection.execute(f"SELECT id, {dimension} FROM model WHERE name = ?", (model_id,)).fetchone()
        if row is None:
            return 0, 0, 0
        return row[0] << MODEL_SHIFT, (row[0] + 1) << MODEL_SHIFT, row[1]

    def _vector_ids(self, table: str, model_id: str) -> Ids:
        first, end, _ = self._model_range(model_id)
        rows = self._connection.execute(
            f"SELECT key FROM {table} INDEXED BY {table}_key WHERE key >= ? AND key < ? ORDER BY key", (first, end)
        )
        return np.setdiff1d(_first_column(rows) - first, self._unused_contents(), assume_unique=True)

    def _all_vectors(self, table: str, model_id: str) -> tuple[Ids, Vectors]:
        first, end, dimension = self._model_range(model_id, _DIMENSIONS[table])
        ids = self._vector_ids(table, model_id)
        rows = self._connection.execute(
            f"SELECT key, vector FROM {table} WHERE key >= ? AND key < ? ORDER BY key", (first, end)
        )
        return _fill_vectors(rows, ids, first, dimension)

    def _some_vectors(self, table: str, model_id: str, content_ids: Sequence[int] | Ids) -> tuple[Ids, Vectors]:
        first, _, dimension = self._model_range(model_id, _DIMENSIONS[table])
        keys = (np.unique(np.asarray(content_ids, np.int64)) + first).tolist()
        rows = list(self._where(f"SELECT key, vector FROM {table} WHERE key", keys)) if first else []
        ids = np.sort(np.fromiter((key - first for key, _ in rows), np.int64, len(rows)))
        return _fill_vectors(iter(rows), ids, first, dimension)

    def _insert_embeddings(self, model_id: str, vectors: Mapping[int, Vectors]) -> dict[int, Vectors]:
        """Store vectors by content id; return those written."""
        if not vectors:
            return {}
        dimension = len(next(iter(vectors.values())))
        self._connection.execute(
            "INSERT OR IGNORE INTO model (name, dimension) VALUES (?, ?)", (model_id, dimension)
        )
        return self._insert_vectors("embedding", model_id, vectors)

    def _insert_vectors(self, table: str, model_id: str, vectors: Mapping[int, Vectors]) -> dict[int, Vectors]:
        first, _, dimension = self._model_range(model_id, _DIMENSIONS[table])
        if any(vector.shape != (dimension,) for vector in vectors.values()):
            raise ValueError(f"vectors of {model_id} have {dimension} dimensions")
        known = {
            row[0] - first
            for row in self._where(f"SELECT key FROM {table} WHERE key", [first + each for each in vectors])
        }
        written = {id_: vectors[id_] for id_ in sorted(vectors) if id_ not in known}
        self._connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?)",
            ((first + id_, vector.astype("<f2").tobytes()) for id_, vector in written.items()),
        )
        return written

    def _insert_meanings(
        self, model_id: str, meanings: Mapping[int, Meaning], labels_made_by: str
    ) -> dict[int, Vectors]:
        """Store what a network, whose vectors are there, says of contents in words; return the vectors written."""
        if not meanings:
            return {}
        connection = self._connection
        dimension = len(next(iter(meanings.values())).vector)
        connection.execute(
            "UPDATE model SET text_dimension = ? WHERE name = ? AND text_dimension = 0", (dimension, model_id)
        )
        first, end, _ = self._model_range(model_id)
        is_first = not self._one(
            "SELECT EXISTS (SELECT 1 FROM text_embedding WHERE key >= ? AND key < ?)", first, end
        )
        written = self._insert_vectors(
            "text_embedding",
            model_id,
            {id_: meaning.vector for id_, meaning in meanings.items()},
        )
        self._insert_labels(model_id, {id_: meanings[id_].labels for id_ in written})
        # Where others were labelled by something else, or these not at all, all are to be labelled anew.
        if is_first or not labels_made_by:
            connection.execute("UPDATE model SET labels_made_by = ? WHERE name = ?", (labels_made_by, model_id))
        return written

    def _insert_labels(self, model_id: str, labels: Mapping[int, Sequence[tuple[str, float]]]) -> None:
        """Give contents these labels in the place of those they have of the same network."""
        connection, number = self._connection, self._model_number(model_id)
        names = sorted({name for each in labels.values() for name, _ in each})
        connection.executemany("INSERT OR IGNORE INTO label (name) VALUES (?)", ((name,) for name in names))
        ids = {
            name: id_
            for start in range(0, len(names), _CHUNK_ROWS)
            for id_, name in connection.execute(
                f"SELECT id, name FROM label WHERE name IN ({_marks(names[start : start + _CHUNK_ROWS])})",
                names[start : start + _CHUNK_ROWS],
            )
        }
        connection.executemany(
            "DELETE FROM content_label INDEXED BY content_label_content WHERE content_id = ? AND model_id = ?",
            ((content_id, number) for content_id in labels),
        )
        connection.executemany(
            "INSERT INTO content_label (model_id, label_id, content_id, permille) VALUES (?, ?, ?, ?)",
            (
                (number, ids[name], content_id, round(1000 * chance))
                for content_id, each in labels.items()
                for name, chance in each
            ),
        )

    # ------------------------------------------------------------------------------------ inside: photos, places

    def _folder_of(self, path: bytes) -> int | None:
        """Return the folder at or above `path`."""
        for folder_id, root in self._connection.execute("SELECT id, path FROM folder"):
            if path == root or path.startswith(_prefix(root)):
                return int(folder_id)
        return None

    def _put_photo(
        self,
        directory_id: int,
        name: bytes,
        facts: FileFacts,
        content: "_Content",
        alias_of: int | None,
        added: list[int],
        changed: list[int],
    ) -> None:
        """Insert or update the photo at a place, and note its id in `added` or `changed`."""
        connection = self._connection
        taken_ms = content.captured_at_ms
        if taken_ms is None:
            taken_ms = _undated_ms(name, facts.mtime_ns)
        row = connection.execute(
            "SELECT id, content_id, alias_of FROM photo WHERE directory_id = ? AND name = ?", (directory_id, name)
        ).fetchone()
        if alias_of is not None:
            alias_of = self._primary(alias_of)
            if row is not None and alias_of == row[0]:
                alias_of = None
        from_content = (taken_ms, content.camera, content.format, content.rating, content.shape, content.flag)
        if row is None:
            cursor = connection.execute(
                "INSERT INTO photo (directory_id, name, content_id, size_bytes, mtime_ns, ctime_ns, inode,"
                " device, alias_of, added_ns, name_key, taken_ms, camera, format, rating, shape, flag)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (directory_id, name, content.content_id, *_stored(facts), alias_of, time.time_ns(),
                 name_key(name), *from_content),
            )  # fmt: skip
            added.append(int(cursor.lastrowid or 0))
            return
        if row[1] != content.content_id or (alias_of is not None and row[2] is None):
            self._promote([row[0]])
        connection.execute(
            "UPDATE photo SET content_id = ?, alias_of = ?, size_bytes = ?, mtime_ns = ?, ctime_ns = ?, inode = ?,"
            " device = ?, taken_ms = ?, camera = ?, format = ?, rating = ?, shape = ?, flag = ? WHERE id = ?",
            (content.content_id, alias_of, *_stored(facts), *from_content, row[0]),
        )
        if (content.content_id, alias_of) != row[1:] and row[0] not in added + changed:
            changed.append(row[0])

    def _primary(self, photo_id: int) -> int | None:
        """Return the photo that is shown for this one; None when it is gone."""
        row = self._connection.execute(
            "SELECT coalesce(alias_of, id) FROM photo WHERE id = ?", (photo_id,)
        ).fetchone()
        return None if row is None else int(row[0])

    def _aliases_among(self, photo_ids: Sequence[int]) -> set[int]:
        return {row[0] for row in self._where("SELECT id FROM photo WHERE alias_of IS NOT NULL AND id", photo_ids)}

    def _promote(self, photo_ids: Iterable[int], leaving: frozenset[int] = frozenset()) -> list[int]:
        """Let the first alias that stays take the place of each of these photos; return those aliases."""
        promoted: list[int] = []
        for primary in photo_ids:
            heirs = [each for each in self._ids("alias_of = ? ORDER BY id", (primary,)) if each not in leaving]
            if heirs:
                self._connection.execute("UPDATE photo SET alias_of = NULL WHERE id = ?", (heirs[0],))
                self._connection.execute("UPDATE photo SET alias_of = ? WHERE alias_of = ?", (heirs[0], primary))
                promoted.append(heirs[0])
        return promoted

    def _delete_photos(self, photo_ids: Sequence[int]) -> tuple[int, ...]:
        """Remove rows and their words; return the aliases that took the place of one."""
        if not photo_ids:
            return ()
        leaving = frozenset(photo_ids)
        primaries = [row[0] for row in self._where("SELECT DISTINCT alias_of FROM photo WHERE alias_of", photo_ids)]
        promoted = self._promote(primaries, leaving)
        text_index.remove(self._connection, leaving)
        self._connection.executemany("DELETE FROM photo WHERE id = ?", ((each,) for each in leaving))
        return tuple(promoted)

    def _drop_empty_directories(self, directory_ids: Iterable[int]) -> None:
        self._connection.executemany(
            "DELETE FROM directory WHERE id = ? AND NOT EXISTS (SELECT 1 FROM photo WHERE directory_id = ?)",
            ((each, each) for each in directory_ids),
        )

    def _delete_failures(self, paths: Iterable[bytes]) -> None:
        self._connection.executemany("DELETE FROM failure WHERE directory = ? AND name = ?", map(_split, paths))

    # ------------------------------------------------------------------------------------ inside: words

    def _index_words(self, photo_ids: Sequence[int], *, is_new: bool = True) -> None:
        """Bring the words of photos up to date."""
        if not is_new:
            text_index.remove(self._connection, photo_ids)
        text_index.write(self._connection, self._texts(photo_ids))

    def _texts(self, photo_ids: Sequence[int] | None) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the texts by which photos are found; of all photos for None."""
        rows = self._connection.execute(_TEXT_ROWS) if photo_ids is None else self._where(
            f"{_TEXT_ROWS} WHERE photo.id", photo_ids
        )  # fmt: skip
        for (
            photo_id,
            name,
            directory,
            root,
            title,
            caption,
            keywords,
            creator,
            make,
            model,
            lens,
            place,
            tags,
        ) in rows:
            folders = directory[len(os.path.dirname(root)) :]
            yield (
                photo_id,
                (
                    _display(name),
                    _display(folders),
                    title or "",
                    caption or "",
                    text_index.BREAK.join(
                        (*(json.loads(keywords) if keywords else ()), *(json.loads(tags) if tags else ()))
                    ),
                    creator or "",
                    " ".join(filter(None, (make, model, lens))),
                    text_index.BREAK.join(json.loads(place)) if place else "",
                ),
            )

    def _names_of(self, photo_ids: Sequence[int]) -> dict[int, list[bytes]]:
        """Return all paths of the files among these photos that have several, by the photo that is shown."""
        ids = [int(each) for each in photo_ids]
        primaries = {row[0] for row in self._where("SELECT alias_of FROM photo WHERE alias_of", ids)}
        primaries |= {
            row[0] for row in self._where("SELECT alias_of FROM photo WHERE alias_of IS NOT NULL AND id", ids)
        }
        names: dict[int, list[bytes]] = {}
        for column in ("photo.id", "alias_of"):
            for primary, path, name in self._where(
                "SELECT coalesce(alias_of, photo.id), path, name FROM photo JOIN directory"
                f" ON directory.id = directory_id WHERE {column}",
                primaries,
            ):
                names.setdefault(primary, []).append(_join(path, name))
        return {primary: sorted(paths) for primary, paths in names.items()}


class _Content(NamedTuple):
    """What a photo's row repeats of its content."""

    content_id: int
    captured_at_ms: int | None
    camera: str | None
    format: str
    rating: int | None
    shape: int
    flag: int


class _Places:
    """Directory ids of paths, made as needed; remembers them for one transaction."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[bytes, int | None] = {}

    def of(self, path: bytes) -> tuple[int | None, bytes]:
        """Return the directory's id and the name; None outside all folders."""
        directory, name = _split(path)
        if directory not in self._known:
            self._known[directory] = self._find(directory)
        return self._known[directory], name

    def _find(self, directory: bytes) -> int | None:
        connection = self._catalog._connection
        row = connection.execute("SELECT id FROM directory WHERE path = ?", (directory,)).fetchone()
        if row is not None:
            return int(row[0])
        folder_id = self._catalog._folder_of(directory)
        if folder_id is None:
            return None
        cursor = connection.execute("INSERT INTO directory (folder_id, path) VALUES (?, ?)", (folder_id, directory))
        return cursor.lastrowid


_ORDERS: Mapping[SortOrder, str] = {
    SortOrder.NEWEST: "taken_ms DESC, id DESC",
    SortOrder.OLDEST: "taken_ms, id",
    SortOrder.ADDED: "id DESC",
    SortOrder.NAME: "name_key, id",
    SortOrder.SIZE: "size_bytes DESC, id DESC",
    SortOrder.COLLECTION: "id DESC",
    SortOrder.RELEVANCE: "taken_ms DESC, id DESC",
}

_DIRECTORY_BITS = 24
"""Of a packed number that hold a directory's id: sixteen million directories."""

_NUMBERS: Mapping[SortOrder, tuple[str, bool]] = {
    SortOrder.NEWEST: ("taken_ms", True),
    SortOrder.OLDEST: ("taken_ms", False),
    SortOrder.ADDED: ("id", True),
    SortOrder.SIZE: ("size_bytes", True),
    SortOrder.COLLECTION: ("id", True),
    SortOrder.RELEVANCE: ("taken_ms", True),
}
"""The same for orders by a number: the column, and whether the largest comes first (and of equals the last id)."""

_METADATA_COLUMNS = (
    "captured_at_ms, utc_offset_min, camera_make, camera_model, lens, exposure_s, f_number, iso, focal_mm,"
    " focal_35mm, latitude, longitude, altitude_m, file_rating, title, caption, keywords, creator, place,"
    " orientation"
)
_LIST_COLUMNS = (16, 18)  # keywords, place: JSON
_INSERT_CONTENT = (
    f"INSERT INTO content (digest, byte_size, width_px, height_px, format, mean_rgb, {_METADATA_COLUMNS},"
    f" user_rating, first_seen_ns) VALUES ({'?, ' * 26}(SELECT rating FROM decision WHERE digest = ?), ?)"
)
_OWN_TITLE, _OWN_CAPTION = (
    f"(SELECT decision.{column} FROM decision WHERE decision.digest = content.digest)"
    for column in ("title", "caption")
)
_PHOTO_ROWS = (
    "SELECT photo.id, alias_of, content_id, directory.path, name, folder_id, size_bytes, mtime_ns, taken_ms,"
    " digest, width_px, height_px, content.format, mean_rgb, user_rating, is_online, flag, content.photo_count,"
    f" {_OWN_TITLE}, {_OWN_CAPTION}, {_METADATA_COLUMNS} FROM photo JOIN content ON content.id = content_id"
    " JOIN directory ON directory.id = directory_id JOIN folder ON folder.id = folder_id WHERE photo.id"
)
_UNDATED = (
    "SELECT photo.id, name, mtime_ns, taken_ms FROM photo JOIN content ON content.id = content_id"
    " WHERE captured_at_ms IS NULL"
)
_TEXT_ROWS = (
    f"SELECT photo.id, name, directory.path, folder.path, coalesce({_OWN_TITLE}, title),"
    f" coalesce({_OWN_CAPTION}, caption), keywords, creator, camera_make, camera_model, lens, place,"
    " (SELECT json_group_array(tag.name) FROM decision_tag JOIN tag ON tag.id = tag_id"
    " WHERE decision_tag.digest = content.digest)"
    " FROM photo JOIN content ON content.id = content_id JOIN directory ON directory.id = directory_id"
    " JOIN folder ON folder.id = folder_id"
)

_COUNT_OF_DIRECTORY = "(SELECT count(*) FROM photo WHERE directory_id = directory.id AND alias_of IS NULL)"
_COUNT_OF_CONTENT = "(SELECT count(*) FROM photo WHERE content_id = content.id AND alias_of IS NULL)"
_COUNTS_OF_NAMES = {
    table: f"(SELECT coalesce(sum(content.photo_count), 0) FROM {members} JOIN content USING (digest)"
    f" WHERE {table}_id = {table}.id)"
    for table, members in (("tag", "decision_tag"), ("collection", "collection_member"))
}
_DIMENSIONS = {"embedding": "dimension", "text_embedding": "text_dimension"}
"""Tables of vectors, and the column of `model` that has their length."""
_COUNTS_OF_MODEL = {
    table: f"(SELECT count(*) FROM content WHERE photo_count > 0 AND EXISTS (SELECT 1 FROM {table}"
    f" WHERE key = (model.id << {MODEL_SHIFT}) + content.id))"
    for table in _DIMENSIONS
}
_ORPHAN_VECTORS = tuple(
    f"{table} WHERE key & {(1 << MODEL_SHIFT) - 1} NOT IN (SELECT id FROM content)"
    f" OR key >> {MODEL_SHIFT} NOT IN (SELECT id FROM model)"
    f" OR length(vector) <> (SELECT 2 * {dimension} FROM model WHERE id = key >> {MODEL_SHIFT})"
    for table, dimension in _DIMENSIONS.items()
)
_ORPHAN_LABELS = (
    "content_label WHERE content_id NOT IN (SELECT id FROM content) OR label_id NOT IN (SELECT id FROM label)"
    " OR model_id NOT IN (SELECT id FROM model)"
)
_BAD_ALIASES = (
    "photo WHERE alias_of IS NOT NULL AND NOT EXISTS (SELECT 1 FROM photo AS shown WHERE shown.id = photo.alias_of"
    " AND shown.alias_of IS NULL)"
)
_CHECKS = (
    (f"SELECT count(*) FROM {_BAD_ALIASES}", "{} photos are other names of files that are not there."),
    (
        f"SELECT count(*) FROM directory WHERE photo_count <> {_COUNT_OF_DIRECTORY}",
        "The number of photos is wrong in {} directories.",
    ),
    (
        f"SELECT count(*) FROM content WHERE photo_count <> {_COUNT_OF_CONTENT}",
        "The number of photos is wrong for {} contents.",
    ),
    (
        "SELECT count(*) FROM state WHERE name = 'contents'"
        " AND value <> (SELECT count(*) FROM content WHERE photo_count > 0)",
        "The number of contents is wrong.",
    ),
    (
        f"SELECT count(*) FROM model WHERE embedded <> {_COUNTS_OF_MODEL['embedding']}"
        f" OR text_embedded <> {_COUNTS_OF_MODEL['text_embedding']}",
        "The number of vectors is wrong.",
    ),
    *(
        (
            f"SELECT count(*) FROM {table} WHERE photo_count <> {count}",
            f"The number of photos is wrong for {{}} {table}s.",
        )
        for table, count in _COUNTS_OF_NAMES.items()
    ),
    *((f"SELECT count(*) FROM {orphans}", "{} vectors are of no use.") for orphans in _ORPHAN_VECTORS),
    ("SELECT count(*) FROM perceptual_hash WHERE length(turns) <> 256", "{} perceptual hashes are of no use."),
)
_REPAIRS = (
    "DELETE FROM directory WHERE folder_id NOT IN (SELECT id FROM folder)"
    " AND id NOT IN (SELECT directory_id FROM photo)",
    "INSERT INTO folder (id, path) SELECT folder_id, min(path) FROM directory"
    " WHERE folder_id NOT IN (SELECT id FROM folder) GROUP BY folder_id",
    "DELETE FROM photo WHERE directory_id NOT IN (SELECT id FROM directory)"
    " OR content_id NOT IN (SELECT id FROM content)",
    "DELETE FROM perceptual_hash WHERE content_id NOT IN (SELECT id FROM content)",
    "INSERT INTO removal_batch (id, planned_at_ns) SELECT DISTINCT batch_id, 0 FROM removal"
    " WHERE batch_id NOT IN (SELECT id FROM removal_batch)",
    *(f"DELETE FROM {orphans}" for orphans in _ORPHAN_VECTORS),
    f"DELETE FROM {_ORPHAN_LABELS}",
    "DELETE FROM perceptual_hash WHERE length(turns) <> 256",
    f"UPDATE photo SET alias_of = NULL WHERE id IN (SELECT id FROM {_BAD_ALIASES})",
    f"UPDATE directory SET photo_count = {_COUNT_OF_DIRECTORY}",
    f"UPDATE content SET photo_count = {_COUNT_OF_CONTENT}",
    "DELETE FROM decision_tag WHERE tag_id NOT IN (SELECT id FROM tag)",
    "DELETE FROM collection_member WHERE collection_id NOT IN (SELECT id FROM collection)",
    *(f"UPDATE {table} SET photo_count = {count}" for table, count in _COUNTS_OF_NAMES.items()),
    "INSERT INTO state VALUES ('contents', 0) ON CONFLICT (name) DO NOTHING",
    "UPDATE state SET value = (SELECT count(*) FROM content WHERE photo_count > 0) WHERE name = 'contents'",
    f"UPDATE model SET embedded = {_COUNTS_OF_MODEL['embedding']},"
    f" text_embedded = {_COUNTS_OF_MODEL['text_embedding']}",
)


def _metadata(row: Sequence[Any]) -> Metadata:
    """Return the record of `_METADATA_COLUMNS`, which stand in the order of its fields."""
    values: list[Any] = list(row)
    for column in _LIST_COLUMNS:
        values[column] = tuple(json.loads(values[column])) if values[column] else ()
    return Metadata(*values)


def _fill_vectors(rows: Iterator[tuple[int, bytes]], ids: Ids, first: int, dimension: int) -> tuple[Ids, Vectors]:
    """Return `ids` (ascending) and their vectors from rows of (key, vector), in chunks to spare memory."""
    vectors = np.zeros((len(ids), dimension), np.float32)
    chunk: list[tuple[int, bytes]] = []

    def take() -> None:
        keys = np.fromiter((key for key, _ in chunk), np.int64, len(chunk)) - first
        values = np.frombuffer(b"".join([vector for _, vector in chunk]), "<f2").reshape(len(chunk), dimension)
        start = int(np.searchsorted(ids, keys[0]))
        if np.array_equal(ids[start : start + len(keys)], keys):  # all wanted, as nearly always
            vectors[start : start + len(keys)] = values
        else:
            place = np.searchsorted(ids, keys)
            is_wanted = (place < len(ids)) & (ids[np.minimum(place, len(ids) - 1)] == keys)
            vectors[place[is_wanted]] = values[is_wanted]
        chunk.clear()

    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK_ROWS:
            take()
    if chunk and len(ids):
        take()
    return ids, vectors


def _hash_arrays(
    rows: Iterable[tuple[int, bytes, int]],
) -> tuple[Ids, NDArray[np.uint8], NDArray[np.uint8]]:
    ids: list[int] = []
    turns: list[bytes] = []
    qualities: list[int] = []
    for content_id, hashes, quality in rows:
        ids.append(content_id)
        turns.append(hashes)
        qualities.append(quality)
    array = np.frombuffer(b"".join(turns), np.uint8).reshape(-1, _HASH_TURNS, _HASH_BYTES)
    return np.array(ids, np.int64), array, np.array(qualities, np.uint8)


def _by_id(found: tuple[Ids, Vectors]) -> dict[int, Vectors]:
    return dict(zip(found[0].tolist(), found[1], strict=True))


def _marks(values: Sequence[object]) -> str:
    """Return the question marks that bind these values."""
    return ",".join("?" * len(values))


def _first_column(rows: Iterable[tuple[int, ...]]) -> Ids:
    return np.fromiter((row[0] for row in rows), np.int64)


def _facts(row: Sequence[Any]) -> FileFacts:
    return FileFacts(row[0], *map(_unfit, row[1:]))


def _stored(facts: FileFacts) -> tuple[int | str, ...]:
    return (
        facts.size_bytes,
        _fit(facts.mtime_ns),
        _fit(facts.ctime_ns),
        _fit(facts.inode),
        _fit(facts.device),
    )


def _fit(value: int) -> int | str:
    """Return a number as SQLite can keep it: inodes and times may be larger than its 64 bits with a sign."""
    return value if -_MAX_INT <= value <= _MAX_INT else f"x{value:x}"


def _unfit(value: int | str) -> int:
    return value if isinstance(value, int) else int(value[1:], 16)


def _integer(value: int | None) -> int | None:
    return value if value is not None and abs(value) <= _MAX_INT else None


def _real(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _text(value: str | None) -> str | None:
    return None if value is None else _plain(value)


def _plain(value: str) -> str:
    """Return text that can be stored: lone surrogates cannot."""
    return value.encode("utf-8", "replace").decode() if not value.isascii() else value


def _list(values: tuple[str, ...]) -> str | None:
    return json.dumps([_plain(each) for each in values], ensure_ascii=False) if values else None


def _display(path: bytes) -> str:
    """Return a path as text, with U+FFFD for what is not in the file system's encoding."""
    return re.sub("[\ud800-\udfff]", "\ufffd", os.fsdecode(path))


def name_key(name: bytes) -> str:
    """Return the key by which a file name sorts: case aside, numbers by value ("IMG_2" before "IMG_10")."""
    plain = unicodedata.normalize("NFKC", _display(name)).casefold().replace("\0", "\ufffd")
    return _NUMBER.sub(_sortable_number, plain)


_NUMBER = re.compile("[0-9]+")


def _sortable_number(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0")
    # Its length first: a longer number is a larger one.
    return f"{len(digits):03}{digits}"


def _undated_ms(name: bytes, mtime_ns: int) -> int:
    """Return under which moment a photo is filed whose file says none."""
    taken_ms = date_in_name(name)
    return _wall_clock_ms(mtime_ns) if taken_ms is None else taken_ms


def _dated_by(metadata: Metadata, name: bytes) -> DatedBy:
    if metadata.captured_at_ms is not None:
        return DatedBy.METADATA
    return DatedBy.FILE if date_in_name(name) is None else DatedBy.NAME


def _wall_clock_ms(mtime_ns: int) -> int:
    """Return a file's time as `Metadata.captured_at_ms` counts: the wall clock here, as if it were UTC."""
    seconds = mtime_ns // 1_000_000_000
    try:
        offset_s = time.localtime(seconds).tm_gmtoff
    except (OverflowError, OSError, ValueError):  # a year that the platform's calendar does not reach
        offset_s = 0
    return mtime_ns // 1_000_000 + offset_s * 1_000


def _prefix(directory: bytes) -> bytes:
    return directory if directory.endswith(_SEPARATOR) else directory + _SEPARATOR


def _below(column: str, directory: bytes) -> tuple[str, list[bytes]]:
    """Return SQL for "`column` is this directory or below it", and what it binds."""
    start = _prefix(directory)
    end = start[: -len(_SEPARATOR)] + _AFTER_SEPARATOR
    return f"({column} = ? OR {column} >= ? AND {column} < ?)", [directory, start, end]


def _split(path: bytes) -> tuple[bytes, bytes]:
    directory, name = os.path.split(path)
    return directory, name


def _join(directory: bytes, name: bytes) -> bytes:
    return _prefix(directory) + name
