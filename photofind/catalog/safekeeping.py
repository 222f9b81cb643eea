"""What guards `catalog.db`: looking it over at the start, daily backups, and the way back from damage.

Called by `Catalog` on the thread that opens or closes it. Beside the catalog lie

- `catalog.closed`: size and time of the file after a clean end. While it agrees, the file is trusted unread:
  reading the pages of 300,000 photos costs 0.6 s at each start. After a kill it is missing and the pages are
  checked; when it disagrees, another program wrote the file, and all else is checked and mended as well (4 s).
  A flag inside the database lost: it cannot tell that the file was altered.
- `backups/catalog-YYYY-MM-DD.db`, seven of them: catalogs without vectors and words, which are computed again.
- `backups/before-NAME-TIME.db`: whole copies from before each migration.
- `catalog.damaged-TIME.db`: a damaged catalog, kept. It is never deleted by us.
"""

import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from photofind.catalog.connection import connect_reading, connect_writing, is_damage, named
from photofind.catalog.decisions import REPEAT_FLAG
from photofind.catalog.migrations import APPLICATION_ID, migrations
from photofind.errors import LibraryDamagedError, LibraryTooNewError, UserError

logger = logging.getLogger(__name__)

KEPT_BACKUPS = 7

_DERIVED = ("embedding", "text_embedding", "content_label", "photo_text")
"""Tables that a backup leaves empty."""


def open_reading(path: Path) -> sqlite3.Connection:
    """Open an existing catalog of this version for reading; any thread may use and close the connection."""
    if not path.exists():
        raise UserError(f"There is no library in {path.parent}.")
    with _naming_damage():
        connection = connect_reading(path, any_thread=True)
        try:
            pending = _pending(connection)
        except BaseException:
            connection.close()
            raise
    if pending:
        connection.close()
        raise UserError("This library is of an older PhotoFind; open it once for writing.")
    return connection


def open_writing(path: Path) -> tuple[sqlite3.Connection, list[str], bool]:
    """Open, make, migrate or restore a catalog.

    Returns:
        The connection, sentences for the person, and whether `Catalog.repair` must run first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    notices: list[str] = []
    is_missing = not path.exists() or path.stat().st_size == 0
    if is_missing and _has_lost_its_catalog(path.parent):
        notices += _restore(path)
    try:
        connection, needs_repair = _open_sound(path)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        connection, more = restore(path, str(error))
        return connection, notices + more, True
    return connection, notices, needs_repair


def restore(path: Path, reason: str) -> tuple[sqlite3.Connection, list[str]]:
    """Put a damaged catalog aside and open one made from the newest backup; `Catalog.repair` must run next.

    Returns:
        The connection, and sentences on what was kept and what was lost.
    """
    logger.warning("The catalog %s is damaged: %s", path, reason)
    notices = _restore(path)
    try:
        connection, _ = _open_sound(path)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        raise LibraryDamagedError(f"The catalog could not be restored: {error}.") from error
    return connection, notices


def close_writing(connection: sqlite3.Connection, path: Path) -> None:
    """Close the writing connection, and note the file's state if all of it reached the file."""
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        is_clean = not busy
    except sqlite3.Error as error:
        logger.warning("The catalog was not closed cleanly: %s", error)
        is_clean = False
    connection.close()
    if is_clean:
        try:
            _seal(path).write_text(_state_of(path), encoding="ascii")
        except OSError as error:  # only costs a check at the next start
            logger.info("The catalog's state could not be noted: %s", error)


def backup_daily(path: Path, now_s: float | None = None) -> Path | None:
    """Make today's backup if there is none, and delete all but the last seven; see `Catalog.backup_daily`."""
    day = time.strftime("%Y-%m-%d", time.localtime(time.time() if now_s is None else now_s))
    target = path.parent / "backups" / f"catalog-{day}.db"
    if target.exists():
        return None
    target.parent.mkdir(exist_ok=True)
    with _replacing(target) as draft:
        _copy_decided(path, draft)
    for old in sorted(target.parent.glob("catalog-*.db"))[:-KEPT_BACKUPS]:
        old.unlink()
    return target


# ---------------------------------------------------------------------------------------- opening


def _open_sound(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Open for writing; sqlite3.DatabaseError when the file is damaged."""
    seal = _seal(path)
    recorded = seal.read_text(encoding="ascii", errors="replace") if seal.exists() else ""
    is_new = not path.exists() or path.stat().st_size == 0
    is_trusted = recorded == _state_of(path)
    with _naming_damage():
        connection = connect_writing(path, synchronous="FULL")
    try:
        with _naming_damage():
            pending = _pending(connection)
            seal.unlink(missing_ok=True)  # from here on the file may change
            if not is_new and not is_trusted:
                _check_pages(connection, "quick_check")
        if pending:
            if not is_new:
                _back_up_whole(connection, path, pending[0])
            migrations.apply(connection)
        with _naming_damage():
            if recorded and not is_trusted and _schema(connection) != _schema_of_a_new_catalog():
                raise _damage("its schema is damaged")  # noqa: TRY301
            (is_marked,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM state WHERE name = 'needs_repair')"
            ).fetchone()
    except BaseException:
        connection.close()
        raise
    return connection, bool(is_marked or (recorded and not is_trusted))


@contextmanager
def _naming_damage() -> Iterator[None]:
    """Let errors of the block, which only reads a catalog, that are no obstacle from outside mean damage.

    A damaged schema may name no table that we know, or be no text at all. Never put around a migration: a bug in it
    must not send a sound library to its backup.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise _damage(str(error)) from error
    except sqlite3.Error as error:
        if named(error) is None:
            raise _damage(str(error)) from error
        raise


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'"))


def _schema_of_a_new_catalog() -> set[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrations.apply(connection)
        return _schema(connection)


def _pending(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the migrations to come.

    Raises:
        LibraryTooNewError: There are records of migrations that this version does not have.
        UserError: The file is a database of another program.
        sqlite3.DatabaseError: It is ours, but damaged where that stands.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE tbl_name <> '_sqlite_migrations'"
    ).fetchone()
    known = migrations.names()
    applied = migrations.applied(connection)
    if tables == 0 and not applied:
        return known
    if application_id != APPLICATION_ID and not applied:
        raise UserError("The library's catalog is a database of another program.")
    # A newer library has our steps and more; a damaged one has names that never were.
    if application_id != APPLICATION_ID or (set(applied) - set(known) and set(known) - set(applied)) or not applied:
        raise _damage("the record of its schema is damaged")
    if set(applied) - set(known):
        raise LibraryTooNewError("This library was written by a newer PhotoFind; please update.")
    return [name for name in known if name not in applied]


def _damage(sentence: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(sentence)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _check_pages(connection: sqlite3.Connection, pragma: str) -> None:
    """Read every page; raise sqlite3.DatabaseError at damage."""
    (answer,) = connection.execute(f"PRAGMA {pragma}(1)").fetchone()
    if answer != "ok":
        raise _damage(" ".join(answer.split()))


def _seal(path: Path) -> Path:
    return path.with_name("catalog.closed")


def _state_of(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "missing"
    return f"{status.st_size} {status.st_mtime_ns}\n"


# ---------------------------------------------------------------------------------------- copies


def _back_up_whole(connection: sqlite3.Connection, path: Path, before: str) -> None:
    """Copy the catalog as it is, before a migration."""
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"before-{before}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    with _replacing(target) as draft, closing(sqlite3.connect(draft)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _copy_decided(path: Path, draft: Path) -> None:
    """Write a catalog like `path` but for what can be computed again."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        copy.execute("PRAGMA page_size = 8192")
        copy.execute("PRAGMA journal_mode = OFF")  # a draft: thrown away when anything goes wrong
        copy.execute("PRAGMA synchronous = OFF")
        migrations.apply(copy)
        triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        copy.execute("ATTACH ? AS whole", (f"{path.absolute().as_uri()}?mode=ro",))
        copy.execute("BEGIN")
        for name, _ in triggers:  # counts are copied, not counted again
            copy.execute(f"DROP TRIGGER {name}")
        tables = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '!_sqlite!_%' ESCAPE '!'"
        ).fetchall()
        for (table,) in tables:
            if not table.startswith(_DERIVED):
                copy.execute(f"DELETE FROM {table}")
                copy.execute(f"INSERT INTO {table} SELECT * FROM whole.{table}")
        copy.execute("UPDATE model SET embedded = 0, text_embedded = 0")
        copy.execute("INSERT OR REPLACE INTO state VALUES ('needs_repair', 1)")
        for _, definition in triggers:
            copy.execute(definition)
        copy.execute("COMMIT")
        copy.execute("DETACH whole")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Give a file to write; it becomes `target` when the block ends well, and is gone otherwise."""
    draft = target.with_name(f"{target.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(draft, target)
        _sync_directory(target.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _sync_directory(directory: Path) -> None:
    if os.name == "nt":  # Windows cannot open a directory; its file system journals renames
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---------------------------------------------------------------------------------------- the way back


def _has_lost_its_catalog(directory: Path) -> bool:
    """Tell whether there was a catalog here: backups, a note of its end, or an index remain."""
    if not directory.is_dir():
        return False
    signs = ("catalog.closed", "backups/catalog-*.db", "catalog.damaged-*.db", "index-*.hnsw")
    return any(True for sign in signs for _ in directory.glob(sign))


def _restore(path: Path) -> list[str]:
    """Put a catalog in the place of a damaged or lost one; return sentences on what was kept and what was lost.

    The new one is complete before the old one is put aside, and is marked as in need of repair: a kill at any
    moment leaves a state from which the next start goes on.
    """
    aside = path.with_name(f"catalog.damaged-{time.strftime('%Y%m%d-%H%M%S')}.db")
    was_there = path.exists() and path.stat().st_size > 0
    notices: list[str] = []
    draft = path.with_name("catalog.restoring.db")
    day = _start_from_backup(path.parent, draft)
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        if day is None:
            migrations.apply(connection)
        saved = _save_decisions(path, connection) if was_there else 0
        _continue_ids(connection)
        connection.execute("INSERT OR REPLACE INTO state VALUES ('needs_repair', 1)")
        (folders,) = connection.execute("SELECT count(*) FROM folder").fetchone()
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    os.replace(draft, path)
    _sync_directory(path.parent)
    if was_there:
        notices.append(f"The library's catalog was damaged. The damaged file is kept as {aside.name}.")
    else:
        notices.append("The library's catalog was missing.")
    if day is not None:
        notices.append(
            f"Folders, photos, ratings, tags and verdicts are as in the backup of {day}; what came later is lost"
            + (f", but for {saved} ratings, tags and verdicts that could still be read." if saved else ".")
        )
    else:
        notices.append(
            "There was no usable backup. "
            + (
                f"{folders} folders and {saved} ratings, tags and verdicts could still be read; "
                if folders or saved
                else ""
            )
            + "other folders must be added again, and other ratings, tags and verdicts are lost."
        )
    notices.append("Photos are looked through anew; that takes as long as the first time.")
    return notices


def _start_from_backup(directory: Path, draft: Path) -> str | None:
    """Copy the newest sound backup to `draft`; return its day, None (and no draft) when there is none."""
    for suffix in ("", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    for backup in sorted(directory.glob("backups/catalog-*.db"), reverse=True):
        try:
            shutil.copyfile(backup, draft)
            with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
                _pending(connection)
                _check_pages(connection, "integrity_check")
                if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    raise sqlite3.DatabaseError("not a catalog")
                migrations.apply(connection)
        except (OSError, sqlite3.Error, UserError, LibraryTooNewError) as error:
            logger.warning("The backup %s is of no use: %s", backup, error)
            draft.unlink(missing_ok=True)
            continue
        return backup.stem.removeprefix("catalog-")
    return None


_SALVAGED = {
    "folder": ("path", "is_online", "offline_reason"),
    "decision": ("digest", "decided_at_ns", "rating", "flag", "title", "caption"),
    "verdict": ("digest_low", "digest_high", "decided_at_ns"),
    "decision_tag JOIN tag ON tag.id = tag_id": ("digest", "name", "key"),
    "collection": ("name", "key", "query"),
    "collection_member JOIN collection ON collection.id = collection_id ORDER BY collection_member.id": (
        "digest",
        "key",
    ),
    "kept_copy": ("digest", "directory", "name", "decided_at_ns"),
}
"""What is saved from a damaged catalog, row by row, in the columns that its version has. Ids mean nothing beside
those of a backup, so tags and collections go by their keys."""


def _save_decisions(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy what can be read of folders and decisions into the new catalog; return how many decisions."""
    saved = 0
    rows = {source: _readable(damaged, source, columns) for source, columns in _SALVAGED.items()}
    folders, decisions, verdicts, tags, collections, members, copies = rows.values()
    known = connection.execute("SELECT count(*) FROM folder").fetchone()[0]
    connection.execute("BEGIN")
    for path, is_online, reason in folders if not known else ():
        if isinstance(path, bytes) and path:
            connection.execute(
                "INSERT OR IGNORE INTO folder (path, is_online, offline_reason) VALUES (?, ?, ?)",
                (path, bool(is_online), str(reason)),
            )
    for digest, when, *said in decisions:
        if _is_digest(digest) and isinstance(when, int) and _can_be_said(*said):
            saved += connection.execute(
                "INSERT INTO decision (digest, decided_at_ns, rating, flag, title, caption)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET rating = excluded.rating,"
                " flag = excluded.flag, title = excluded.title, caption = excluded.caption,"
                " decided_at_ns = excluded.decided_at_ns WHERE excluded.decided_at_ns > decided_at_ns",
                (digest, when, *said),
            ).rowcount
    for low, high, when in verdicts:
        if _is_digest(low) and _is_digest(high) and isinstance(when, int):
            saved += connection.execute(
                "INSERT OR IGNORE INTO verdict VALUES (?, ?, ?)", (low, high, when)
            ).rowcount
    for digest, name, key in tags:
        if _is_digest(digest) and isinstance(name, str) and isinstance(key, str):
            connection.execute("INSERT OR IGNORE INTO tag (name, key) VALUES (?, ?)", (name, key))
            saved += connection.execute(
                "INSERT OR IGNORE INTO decision_tag SELECT id, ? FROM tag WHERE key = ?", (digest, key)
            ).rowcount
    for name, key, query in collections:
        if isinstance(name, str) and isinstance(key, str) and isinstance(query, str | None):
            saved += connection.execute(
                "INSERT OR IGNORE INTO collection (name, key, query) VALUES (?, ?, ?)", (name, key, query)
            ).rowcount
    for digest, key in members:
        if _is_digest(digest):
            saved += connection.execute(
                "INSERT OR IGNORE INTO collection_member (collection_id, digest)"
                " SELECT id, ? FROM collection WHERE key = ?",
                (digest, key),
            ).rowcount
    for digest, directory, name, when in copies:
        if (
            _is_digest(digest)
            and isinstance(directory, bytes)
            and isinstance(name, bytes)
            and isinstance(when, int)
        ):
            saved += connection.execute(
                "INSERT OR IGNORE INTO kept_copy VALUES (?, ?, ?, ?)", (digest, directory, name, when)
            ).rowcount
    connection.execute(
        "UPDATE content SET user_rating = (SELECT rating FROM decision WHERE decision.digest = content.digest)"
    )
    connection.execute(
        "UPDATE photo SET rating = (SELECT coalesce(user_rating, file_rating) FROM content WHERE id = content_id)"
    )
    connection.execute(REPEAT_FLAG)
    connection.execute("COMMIT")
    return saved


def _readable(damaged: Path, source: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Return the rows that can be read, as far as that goes; None for columns that its version has not."""
    rows: list[tuple[object, ...]] = []
    try:
        with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as old:
            old.execute("PRAGMA writable_schema = ON")  # lets a file be read that is too short
            there = {row[0] for row in old.execute("SELECT name FROM pragma_table_info(?)", (source.split()[0],))}
            is_joined = " JOIN " in source
            wanted = ", ".join(name if is_joined or name in there else "NULL" for name in columns)
            for row in old.execute(f"SELECT {wanted} FROM {source}"):
                rows.append(row)
    except sqlite3.Error as error:
        logger.info("Of %s in the damaged catalog %d rows could be read: %s", source.split()[0], len(rows), error)
    return rows


def _can_be_said(rating: object, flag: object, title: object, caption: object) -> bool:
    """Tell whether a decision read from a damaged file is one."""
    return (
        (rating is None or (isinstance(rating, int) and -1 <= rating <= 5))
        and (flag is None or (isinstance(flag, int) and -1 <= flag <= 1))
        and isinstance(title, str | None)
        and isinstance(caption, str | None)
    )


def _is_digest(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == 32


def _continue_ids(connection: sqlite3.Connection) -> None:
    """Let ids go on above all that the lost catalog can have given out: caches beside it know things by id.

    The clock in seconds is above them: no library takes in a photo each second from 1970 on.
    """
    now = int(time.time())
    for table in ("content", "photo"):
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        if row is None:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, now))
        else:
            connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (now, table))
