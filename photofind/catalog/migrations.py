"""The schema of `catalog.db`, as the steps that made it.

Owns every CREATE and ALTER. Called by `Catalog.open` on the writing connection. A step is never edited once a
release has it: a change of the schema is a new function at the end. Each step runs in one transaction together
with the record that it ran (sqlite-utils' `Migrations`), so a kill leaves the old schema or the new one. A number
in `PRAGMA user_version` lost against that record: it says neither when a step ran nor by which name.

Why the tables look as they do:

- `photo` repeats what lists are filtered and sorted by (camera, format, rating, shape, taken_ms, name_key): joining
  300,000 contents costs more than the whole query may take.
- `embedding.key` packs model and content into one rowid (`model_id << 40 | content_id`), so that a model's vectors
  lie together in the order of their contents and need no second index of 12-byte keys. A WITHOUT ROWID table lost:
  its pages keep at most a quarter page of a row, so every vector of 1 KiB would spill into an overflow page.
- `text_embedding` is keyed in the same way and is a table of its own: a network may know no words, a library of
  before has vectors without them, and a search by likeness need not read past them.
- `content_label` leads with model and label, the order in which filters and counts ask; its index answers what one
  content is called. Numbers of labels by trigger lost: up to eight more rows to update for each photo, to save
  0.1 s at 300,000 photos of five labels whenever the filters are opened.
- Triggers keep the counts: a status bar that asks ten times a second must not count 300,000 rows each time, nor the
  list of tags with each letter that is typed.
- `decision_tag` and `collection_member` name contents by digest, as `decision` does, and not by id: a catalog that
  was restored from a backup has other ids for what came later, and decisions must still be about the same bytes.
- `photo.alias_of` has no foreign key: its check would scan for aliases on each deletion; `Catalog.check` does it.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x50684664  # "PhFd": tells our file from any other SQLite database
MODEL_SHIFT = 40
"""Bits of an embedding's key that hold the content id."""

_SET = "photofind"


class Step(NamedTuple):
    """One migration."""

    name: str
    make: "Callable[[Database], None]"


class Steps:
    """The steps in their order; `@migrations()` adds one.

    What sqlite-utils' `Migrations` is, but for one thing: sqlite-utils is imported only when a step is to be made.
    It brings click and dateutil, a tenth of a second of every start.
    """

    def __init__(self) -> None:
        self._migrations: list[Step] = []

    def __call__(self) -> "Callable[[Callable[[Database], None]], Callable[[Database], None]]":
        """Return what adds a function as the last step, by its name."""

        def add(make: "Callable[[Database], None]") -> "Callable[[Database], None]":
            self._migrations.append(Step(make.__name__, make))
            return make

        return add

    def names(self) -> list[str]:
        """Return the names of all steps."""
        return [step.name for step in self._migrations]

    def applied(self, connection: sqlite3.Connection) -> list[str]:
        """Return the names of the steps that were made in a file, the first one first."""
        table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'"
        if connection.execute(table).fetchone() is None:
            return []
        rows = connection.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", (_SET,)
        )
        return [name for (name,) in rows]

    def apply(self, connection: sqlite3.Connection) -> None:
        """Make every step that was not made yet."""
        from sqlite_utils import Database, Migrations

        every = Migrations(_SET)
        for step in self._migrations:
            every(name=step.name)(step.make)
        every.apply(Database(connection, execute_plugins=False))


migrations = Steps()

_V1 = f"""
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('generation', 0), ('contents', 0);

CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path BLOB NOT NULL UNIQUE,
    is_online INTEGER NOT NULL DEFAULT 1,
    offline_reason TEXT NOT NULL DEFAULT ''
);
CREATE TABLE directory (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder_id INTEGER NOT NULL REFERENCES folder (id),
    path BLOB NOT NULL UNIQUE,
    photo_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX directory_folder ON directory (folder_id);

CREATE TABLE content (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE,
    byte_size INTEGER NOT NULL,
    photo_count INTEGER NOT NULL DEFAULT 0,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    format TEXT NOT NULL,
    mean_rgb INTEGER NOT NULL,
    captured_at_ms INTEGER,
    utc_offset_min INTEGER,
    camera_make TEXT,
    camera_model TEXT,
    lens TEXT,
    exposure_s REAL,
    f_number REAL,
    iso INTEGER,
    focal_mm REAL,
    focal_35mm REAL,
    latitude REAL,
    longitude REAL,
    altitude_m REAL,
    file_rating INTEGER,
    title TEXT,
    caption TEXT,
    keywords TEXT,
    creator TEXT,
    place TEXT,
    orientation INTEGER NOT NULL,
    user_rating INTEGER,
    first_seen_ns INTEGER NOT NULL
);
CREATE INDEX content_size ON content (byte_size);
CREATE INDEX content_unused ON content (id) WHERE photo_count = 0;
CREATE TABLE perceptual_hash (
    content_id INTEGER PRIMARY KEY REFERENCES content (id),
    quality INTEGER NOT NULL,
    turns BLOB NOT NULL
);

CREATE TABLE photo (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    directory_id INTEGER NOT NULL REFERENCES directory (id),
    name BLOB NOT NULL,
    content_id INTEGER NOT NULL REFERENCES content (id),
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    device INTEGER NOT NULL,
    alias_of INTEGER,
    added_ns INTEGER NOT NULL,
    taken_ms INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    camera TEXT,
    format TEXT NOT NULL,
    rating INTEGER,
    shape INTEGER NOT NULL,
    UNIQUE (directory_id, name)
);
CREATE INDEX photo_content ON photo (content_id);
CREATE INDEX photo_inode ON photo (inode);
CREATE INDEX photo_alias ON photo (alias_of) WHERE alias_of IS NOT NULL;
CREATE INDEX photo_taken ON photo (taken_ms) WHERE alias_of IS NULL;
CREATE INDEX photo_name ON photo (name_key) WHERE alias_of IS NULL;
CREATE INDEX photo_size ON photo (size_bytes) WHERE alias_of IS NULL;
CREATE INDEX photo_id ON photo (id) WHERE alias_of IS NULL;

CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dimension INTEGER NOT NULL,
    embedded INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE embedding (key INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE INDEX embedding_key ON embedding (key);

CREATE TABLE failure (
    directory BLOB NOT NULL,
    name BLOB NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    size_bytes INTEGER,
    mtime_ns INTEGER,
    ctime_ns INTEGER,
    inode INTEGER,
    device INTEGER,
    attempts INTEGER NOT NULL,
    program_version TEXT NOT NULL,
    failed_at_ns INTEGER NOT NULL,
    PRIMARY KEY (directory, name)
) WITHOUT ROWID;

CREATE TABLE decision (
    digest BLOB PRIMARY KEY,
    rating INTEGER,
    decided_at_ns INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE verdict (
    digest_low BLOB NOT NULL,
    digest_high BLOB NOT NULL,
    decided_at_ns INTEGER NOT NULL,
    PRIMARY KEY (digest_low, digest_high)
) WITHOUT ROWID;

CREATE TABLE removal_batch (id INTEGER PRIMARY KEY AUTOINCREMENT, planned_at_ns INTEGER NOT NULL);
CREATE TABLE removal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch_id INTEGER NOT NULL REFERENCES removal_batch (id),
    photo_id INTEGER NOT NULL,
    path BLOB NOT NULL,
    digest BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    device INTEGER NOT NULL,
    trash_path BLOB,
    state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'failed', 'undone')),
    reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX removal_of_batch ON removal (batch_id);

CREATE VIRTUAL TABLE photo_text USING fts5 (
    name, folders, title, caption, keywords, creator, camera, place,
    tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
);

CREATE TRIGGER photo_inserted AFTER INSERT ON photo WHEN new.alias_of IS NULL BEGIN
    UPDATE directory SET photo_count = photo_count + 1 WHERE id = new.directory_id;
    UPDATE content SET photo_count = photo_count + 1 WHERE id = new.content_id;
END;
CREATE TRIGGER photo_deleted AFTER DELETE ON photo WHEN old.alias_of IS NULL BEGIN
    UPDATE directory SET photo_count = photo_count - 1 WHERE id = old.directory_id;
    UPDATE content SET photo_count = photo_count - 1 WHERE id = old.content_id;
END;
CREATE TRIGGER photo_updated AFTER UPDATE OF directory_id, content_id, alias_of ON photo BEGIN
    UPDATE directory SET photo_count = photo_count - (old.alias_of IS NULL) WHERE id = old.directory_id;
    UPDATE directory SET photo_count = photo_count + (new.alias_of IS NULL) WHERE id = new.directory_id;
    UPDATE content SET photo_count = photo_count - (old.alias_of IS NULL) WHERE id = old.content_id;
    UPDATE content SET photo_count = photo_count + (new.alias_of IS NULL) WHERE id = new.content_id;
END;
CREATE TRIGGER content_used AFTER UPDATE OF photo_count ON content
WHEN (old.photo_count = 0) <> (new.photo_count = 0) BEGIN
    UPDATE state SET value = value + (new.photo_count > 0) - (old.photo_count > 0) WHERE name = 'contents';
    UPDATE model SET embedded = embedded + (new.photo_count > 0) - (old.photo_count > 0)
    WHERE EXISTS (SELECT 1 FROM embedding WHERE key = (model.id << {MODEL_SHIFT}) + new.id);
END;
CREATE TRIGGER embedding_inserted AFTER INSERT ON embedding BEGIN
    UPDATE model SET embedded = embedded + 1
    WHERE id = new.key >> {MODEL_SHIFT} AND EXISTS (
        SELECT 1 FROM content WHERE id = new.key & {(1 << MODEL_SHIFT) - 1} AND photo_count > 0
    );
END;
CREATE TRIGGER embedding_deleted AFTER DELETE ON embedding BEGIN
    UPDATE model SET embedded = embedded - 1
    WHERE id = old.key >> {MODEL_SHIFT} AND EXISTS (
        SELECT 1 FROM content WHERE id = old.key & {(1 << MODEL_SHIFT) - 1} AND photo_count > 0
    );
END;
"""


@migrations()
def v1_first_library(db: "Database") -> None:
    """Make everything."""
    db.executescript(_V1)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


_V2 = (
    "ALTER TABLE model ADD COLUMN text_dimension INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE model ADD COLUMN text_embedded INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE model ADD COLUMN labels_made_by TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE text_embedding (key INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    "CREATE INDEX text_embedding_key ON text_embedding (key)",
    "CREATE TABLE label (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """
CREATE TABLE content_label (
    model_id INTEGER NOT NULL REFERENCES model (id),
    label_id INTEGER NOT NULL REFERENCES label (id),
    content_id INTEGER NOT NULL REFERENCES content (id),
    permille INTEGER NOT NULL,
    PRIMARY KEY (model_id, label_id, content_id)
) WITHOUT ROWID""",
    "CREATE INDEX content_label_content ON content_label (content_id, model_id, permille)",
    "CREATE INDEX content_copies ON content (id, photo_count) WHERE photo_count <> 1",
    "DROP TRIGGER content_used",
    f"""
CREATE TRIGGER content_used AFTER UPDATE OF photo_count ON content
WHEN (old.photo_count = 0) <> (new.photo_count = 0) BEGIN
    UPDATE state SET value = value + (new.photo_count > 0) - (old.photo_count > 0) WHERE name = 'contents';
    UPDATE model SET embedded = embedded + (new.photo_count > 0) - (old.photo_count > 0)
    WHERE EXISTS (SELECT 1 FROM embedding WHERE key = (model.id << {MODEL_SHIFT}) + new.id);
    UPDATE model SET text_embedded = text_embedded + (new.photo_count > 0) - (old.photo_count > 0)
    WHERE EXISTS (SELECT 1 FROM text_embedding WHERE key = (model.id << {MODEL_SHIFT}) + new.id);
END""",
    f"""
CREATE TRIGGER text_embedding_inserted AFTER INSERT ON text_embedding BEGIN
    UPDATE model SET text_embedded = text_embedded + 1
    WHERE id = new.key >> {MODEL_SHIFT} AND EXISTS (
        SELECT 1 FROM content WHERE id = new.key & {(1 << MODEL_SHIFT) - 1} AND photo_count > 0
    );
END""",
    f"""
CREATE TRIGGER text_embedding_deleted AFTER DELETE ON text_embedding BEGIN
    UPDATE model SET text_embedded = text_embedded - 1
    WHERE id = old.key >> {MODEL_SHIFT} AND EXISTS (
        SELECT 1 FROM content WHERE id = old.key & {(1 << MODEL_SHIFT) - 1} AND photo_count > 0
    );
END""",
)


@migrations()
def v2_words_in_pictures(db: "Database") -> None:
    """Add what networks say of contents in words: their vectors among words, and their labels."""
    for statement in _V2:  # one by one: executescript would commit what went before
        db.execute(statement)


_V3 = (
    "ALTER TABLE decision ADD COLUMN flag INTEGER",
    "ALTER TABLE decision ADD COLUMN title TEXT",
    "ALTER TABLE decision ADD COLUMN caption TEXT",
    "ALTER TABLE photo ADD COLUMN flag INTEGER NOT NULL DEFAULT 0",
    "UPDATE photo SET flag = -1 WHERE rating = -1",
    """
CREATE TABLE tag (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    photo_count INTEGER NOT NULL DEFAULT 0
)""",
    """
CREATE TABLE decision_tag (
    tag_id INTEGER NOT NULL REFERENCES tag (id),
    digest BLOB NOT NULL,
    PRIMARY KEY (tag_id, digest)
) WITHOUT ROWID""",
    "CREATE INDEX decision_tag_digest ON decision_tag (digest)",
    """
CREATE TABLE collection (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    query TEXT,
    photo_count INTEGER NOT NULL DEFAULT 0
)""",
    """
CREATE TABLE collection_member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collection (id),
    digest BLOB NOT NULL,
    UNIQUE (collection_id, digest)
)""",
    "CREATE INDEX collection_member_digest ON collection_member (digest)",
    "ALTER TABLE removal ADD COLUMN kept_digest BLOB",
    "ALTER TABLE removal ADD COLUMN merged TEXT",
    """
CREATE TRIGGER content_counted AFTER UPDATE OF photo_count ON content WHEN old.photo_count <> new.photo_count BEGIN
    UPDATE tag SET photo_count = photo_count + new.photo_count - old.photo_count
    WHERE id IN (SELECT tag_id FROM decision_tag WHERE digest = new.digest);
    UPDATE collection SET photo_count = photo_count + new.photo_count - old.photo_count
    WHERE id IN (SELECT collection_id FROM collection_member WHERE digest = new.digest);
END""",
    *(
        f"""
CREATE TRIGGER {table}_{done} AFTER {event} ON {table} BEGIN
    UPDATE {counted} SET photo_count = photo_count
    {sign} coalesce((SELECT photo_count FROM content WHERE digest = {row}.digest), 0) WHERE id = {row}.{counted}_id;
END"""
        for table, counted in (("decision_tag", "tag"), ("collection_member", "collection"))
        for done, event, row, sign in (("inserted", "INSERT", "new", "+"), ("deleted", "DELETE", "old", "-"))
    ),
)


@migrations()
def v3_decisions(db: "Database") -> None:
    """Add what a person decides beyond a rating: flags, titles, captions, tags, collections; and who takes over."""
    for statement in _V3:
        db.execute(statement)


_V4 = (
    """
CREATE TABLE kept_copy (
    digest BLOB NOT NULL,
    directory BLOB NOT NULL,
    name BLOB NOT NULL,
    decided_at_ns INTEGER NOT NULL,
    PRIMARY KEY (digest, directory, name)
) WITHOUT ROWID""",
    # A copy that is moved or renamed is not a new one.
    """
CREATE TRIGGER photo_moved AFTER UPDATE OF directory_id, name ON photo BEGIN
    UPDATE OR REPLACE kept_copy
    SET directory = (SELECT path FROM directory WHERE id = new.directory_id), name = new.name
    WHERE digest = (SELECT digest FROM content WHERE id = new.content_id)
    AND directory = (SELECT path FROM directory WHERE id = old.directory_id) AND name = old.name;
END""",
)


@migrations()
def v4_kept_copies(db: "Database") -> None:
    """Add the copies of identical files that a person keeps on purpose, by content and place."""
    for statement in _V4:
        db.execute(statement)
