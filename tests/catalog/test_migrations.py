"""Every past library opens, becomes the present one, and is backed up before."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database, Migrations

from photofind.catalog import safekeeping
from photofind.catalog.catalog import Catalog
from photofind.catalog.migrations import migrations
from photofind.errors import LibraryTooNewError, UserError
from photofind.records import Filter, LibrarySummary, SavedQuery, SortOrder
from tests.catalog.sample import LABELS_MADE_BY, LIBRARIES, METADATA, MODEL, QUERY, add, fill, meaning, prepared

VERSIONS = range(1, len(migrations._migrations) + 1)


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as raw:
        return set(raw.execute("SELECT name, coalesce(sql, '') FROM sqlite_master"))


def test_every_version_has_its_fixture() -> None:
    """Write a missing one by `python -m tests.catalog.sample`, before the migration is released."""
    assert sorted(path.name for path in LIBRARIES.glob("v*.db")) == sorted(f"v{n}.db" for n in VERSIONS)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_library_of_each_version_opens_whole(version: int, path: Path, tmp_path: Path) -> None:
    shutil.copyfile(LIBRARIES / f"v{version}.db", path)
    with Catalog.open(path) as catalog:
        assert catalog.check() == []
        assert catalog.notices == ()
        assert catalog.summary(MODEL) == LibrarySummary(photos=4, contents=3, failed=1, embedded=3)
        ids = catalog.photo_ids(Filter(), SortOrder.NAME).tolist()
        photos = catalog.photos(ids)
        assert [photo.path for photo in photos] == [
            b"/photos/2019/caf\xe9.png",
            b"/photos/2019/copy.jpg",
            b"/photos/IMG_2034.jpg",
            b"/photos/2019/summer_beach-2019.jpg",
        ]
        assert photos[2].metadata == METADATA
        assert photos[2].other_paths == (b"/photos/2019/link.jpg",)
        assert [photo.rating for photo in photos] == [None, 5, 3, 5]
        assert len(catalog.dismissed_pairs()) == 1
        assert [failure.path for failure in catalog.failures()] == [b"/photos/bad.jpg"]
        assert [removal.trash_path for removal in catalog.removals()] == [b"/trash/away.jpg"]
        assert catalog.search_text("海滩 berlin", Filter(), 9) != []
        assert catalog.embeddings(MODEL)[1].shape == (3, 16)
        assert (catalog.contents_without_embedding(MODEL, 9, wants_words=True) == []) == (version >= 2)
        if version >= 2:
            assert catalog.text_embeddings(MODEL)[1].shape == (3, 8)
            assert catalog.labels_made_by(MODEL) == LABELS_MADE_BY
            contents = {photo.content_id: photo.digest for photo in photos}
            assert catalog.labels_of(MODEL, list(contents)) == {
                content_id: meaning(digest[0]).labels for content_id, digest in contents.items()
            }
        if version >= 3:
            assert [photo.tags for photo in photos] == [
                (),
                ("Holiday", "海边"),
                ("Holiday", "海边"),
                ("Holiday", "海边"),
            ]
            assert [photo.flag for photo in photos] == [1, 0, 0, 0]
            assert [photo.title for photo in photos] == [None, "First swim", METADATA.title, "First swim"]
            assert photos[3].caption == "Cold,\nbut blue"
            collections = catalog.decisions.collections()
            assert [(c.name, c.photo_count, c.is_live) for c in collections] == [
                ("Best", 2, False),
                ("Swimming", 0, True),
            ]
            assert catalog.decisions.saved_query(collections[1].collection_id) == SavedQuery(QUERY)
        assert catalog.kept_copies() == ({photos[1].photo_id, photos[3].photo_id} if version >= 4 else set())
        add(catalog, prepared(b"/photos/new.jpg", 99))
        assert catalog.check() == []
    fresh = tmp_path / "fresh.db"
    Catalog.open(fresh).close()
    assert schema(path) == schema(fresh)


@pytest.fixture
def version_to_come() -> Iterator[str]:
    """A migration after the last; removed again after the test."""

    @migrations()
    def v99_to_come(db: Database) -> None:
        db.execute("ALTER TABLE folder ADD COLUMN colour TEXT")
        db.execute("UPDATE folder SET colour = 'red'")

    yield "v99_to_come"
    migrations._migrations[:] = [each for each in migrations._migrations if each.name != "v99_to_come"]


def test_a_migration_has_a_backup_from_before(path: Path, version_to_come: str) -> None:
    shutil.copyfile(LIBRARIES / f"v{VERSIONS[-1]}.db", path)
    before = schema(path)
    Catalog.open(path).close()
    (backup,) = (path.parent / "backups").glob(f"before-{version_to_come}-*.db")
    assert schema(backup) == before
    with closing(sqlite3.connect(backup)) as raw:
        assert raw.execute("SELECT count(*) FROM embedding").fetchone() == (4,)
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT colour FROM folder").fetchall() == [("red",)]


def test_a_newer_library_is_refused_and_left_alone(path: Path, version_to_come: str) -> None:
    Catalog.open(path).close()
    newer, written = path.read_bytes(), migrations._migrations.pop()
    for read_only in (False, True):
        with pytest.raises(LibraryTooNewError, match="newer"):
            Catalog.open(path, read_only=read_only)
        assert path.read_bytes() == newer
    migrations._migrations.append(written)
    Catalog.open(path).close()


def test_an_older_library_is_not_migrated_by_a_reader(path: Path, version_to_come: str) -> None:
    shutil.copyfile(LIBRARIES / f"v{VERSIONS[-1]}.db", path)
    with pytest.raises(UserError, match="older"):
        Catalog.open(path, read_only=True)
    assert "colour" not in str(schema(path))


def test_a_failed_migration_leaves_the_old_schema(path: Path) -> None:
    @migrations()
    def v99_fails(db: Database) -> None:
        db.execute("ALTER TABLE folder ADD COLUMN colour TEXT")
        raise RuntimeError("in the middle")

    shutil.copyfile(LIBRARIES / f"v{VERSIONS[-1]}.db", path)
    before = schema(path)
    try:
        with pytest.raises(RuntimeError, match="in the middle"):
            Catalog.open(path)
    finally:
        migrations._migrations.pop()
    assert schema(path) == before
    with Catalog.open(path) as catalog:
        assert catalog.check() == []


# What anybody may have done to a library of the first version.
_DOINGS = (
    "DELETE FROM embedding WHERE key % 5 = {0}",
    "UPDATE content SET user_rating = {0} WHERE id % 3 = {0}",
    "INSERT INTO model (name, dimension) VALUES ('model-{0}', 4) ON CONFLICT DO NOTHING",
    "INSERT INTO embedding SELECT (model.id << 40) + content.id, zeroblob(2 * dimension) FROM model, content"
    " WHERE name = 'model-{0}' AND content.id % 4 = {0} ON CONFLICT DO NOTHING",
    "INSERT INTO decision SELECT digest, {0}, 1 FROM content WHERE id % 4 = {0} ON CONFLICT DO NOTHING",
    "INSERT INTO removal_batch (planned_at_ns) VALUES ({0})",
)


def rows_of_first_version(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(LIBRARIES / "v1.db")) as first, closing(sqlite3.connect(path)) as raw:
        tables = first.execute("SELECT name FROM pragma_table_list WHERE type IN ('table', 'virtual')").fetchall()
        found = {}
        for (table,) in tables:
            if not table.startswith(("sqlite_", "_sqlite_migrations")):
                columns = [row[1] for row in first.execute(f"PRAGMA table_info({table})")]
                rows = raw.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
                found[table] = sorted(rows, key=repr)
        return found


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    doings=st.lists(st.tuples(st.sampled_from(_DOINGS), st.integers(0, 4)), max_size=8),
    fails_at=st.integers(1, 60),
)
def test_a_migration_keeps_every_row_and_may_break_off_anywhere(
    tmp_path: Path, doings: list[tuple[str, int]], fails_at: int
) -> None:
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    path = folder / "catalog.db"
    shutil.copyfile(LIBRARIES / "v1.db", path)
    with closing(sqlite3.connect(path)) as raw:
        for statement, number in doings:
            raw.execute(statement.format(number))
        raw.commit()
    before, old_schemas = rows_of_first_version(path), [schema(LIBRARIES / f"v{n}.db") for n in VERSIONS[:-1]]
    assert "embedding" in before

    statements = 0
    with pytest.MonkeyPatch.context() as patch:
        real = Database.execute

        def execute(self: Database, sql: str, *parameters: Any) -> sqlite3.Cursor:
            nonlocal statements
            statements += sql.lstrip().startswith(("ALTER", "CREATE", "DROP", "INSERT", "UPDATE"))
            if statements == fails_at:
                raise RuntimeError("broken off")
            return real(self, sql, *parameters)

        patch.setattr(Database, "execute", execute)
        try:
            Catalog.open(path).close()
        except RuntimeError:
            # Each migration is done as a whole, or not at all.
            assert rows_of_first_version(path) == before
            assert schema(path) in old_schemas
        else:
            assert statements < fails_at
    with Catalog.open(path) as catalog:
        assert catalog.check() == []
        assert len(catalog.contents_without_embedding(MODEL, 9, wants_words=True)) == 3
    assert rows_of_first_version(path) == before


def test_a_kill_before_the_first_step_leaves_a_new_catalog(path: Path) -> None:
    """The table of what was made, and its index, are there before anything is made."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        Migrations("photofind").ensure_migrations_table(Database(connection))
    with Catalog.open(path) as catalog:
        assert catalog.check() == []
        assert catalog.notices == ()


def test_a_foreign_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA application_id = 77")
        raw.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(UserError, match="another program"):
        Catalog.open(path)
    assert path.read_bytes()[100:] == before[100:]  # the header notes the journal's mode
    assert schema(path) == {("theirs", "CREATE TABLE theirs (x)")}


KILLED = """
import os, signal, sys
from pathlib import Path
from photofind.catalog.catalog import Catalog
from photofind.catalog.migrations import migrations

@migrations()
def v99_killed(db):
    db.execute("ALTER TABLE folder ADD COLUMN colour TEXT")
    os.kill(os.getpid(), signal.SIGKILL)

Catalog.open(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_inside_a_migration_leaves_the_old_schema(path: Path) -> None:
    """Fault 21."""
    shutil.copyfile(LIBRARIES / f"v{VERSIONS[-1]}.db", path)
    before = schema(path)
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == -9
    assert schema(path) == before
    with Catalog.open(path) as catalog:
        assert catalog.check() == []
        assert catalog.notices == ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_a_backup_is_the_library_without_what_can_be_computed(tmp_path: Path, steps: list[tuple[int, int]]) -> None:
    """Whatever happened to a library, its backup opens as a whole one with the same photos and decisions."""
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    with Catalog.open(folder / "catalog.db") as catalog:
        fill(catalog)
        for action, seed in steps:
            ids = catalog.photo_ids(Filter(), SortOrder.NAME).tolist()
            chosen = ids[seed % len(ids) :][:2] if ids else []
            match action:
                case 0 | 1:
                    add(catalog, prepared(b"/photos/%d/%d.jpg" % (action, seed), seed))
                case 2:
                    catalog.remove_photos(chosen)
                case 3:
                    catalog.set_rating(chosen, seed % 6)
                case 4:
                    catalog.dismiss(chosen)
                    catalog.keep_copies(chosen)
                case 5 if chosen:
                    catalog.move_photos([(chosen[0], b"/photos/moved/%d.jpg" % seed, prepared(b"x", seed).facts)])
                case 6:
                    catalog.add_folder(b"/more/%d" % seed)
                case 7:
                    catalog.decisions.add_tags(chosen, [f"tag {seed}", "common"])
                    catalog.decisions.set_flag(chosen, seed % 3 - 1)
                case 8:
                    catalog.decisions.set_title(chosen, f"title {seed}")
                    catalog.decisions.remove_tags(chosen, ["common"])
                case 9:
                    best = catalog.decisions.collections()[0].collection_id
                    catalog.decisions.add_to_collection(best, chosen)
        assert catalog.check() == []
        backup = catalog.backup_daily()
        assert backup is not None
        restored = folder / "restored" / "catalog.db"
        restored.parent.mkdir()
        shutil.copyfile(backup, restored)
        with Catalog.open(restored) as again:
            assert again.check() == []
            whole = catalog.photo_ids(Filter(), SortOrder.NAME).tolist()
            assert again.photos(again.photo_ids(Filter(), SortOrder.NAME).tolist()) == catalog.photos(whole)
            assert again.dismissed_pairs() == catalog.dismissed_pairs()
            assert again.kept_copies() == catalog.kept_copies()
            assert again.decisions.tags() == catalog.decisions.tags()
            assert again.decisions.collections() == catalog.decisions.collections()
            assert again.folders() == catalog.folders()
            assert again.failures() == catalog.failures()
            assert again.removals() == catalog.removals()
            assert again.search_text("jpg", Filter(), 99) == catalog.search_text("jpg", Filter(), 99)
            assert again.summary(MODEL).embedded == len(again.text_embedding_ids(MODEL)) == 0
            assert again.labels(MODEL) == []
            wanted = {content for content, _ in again.contents_without_embedding(MODEL, 99, wants_words=True)}
            assert wanted == set(catalog.content_ids(Filter()).tolist())


def test_seven_backups_are_kept_one_a_day(path: Path) -> None:
    with Catalog.open(path) as catalog:
        assert catalog.backup_daily() is not None
        assert catalog.backup_daily() is None
        for day in range(1, 10):
            assert safekeeping.backup_daily(path, 1_600_000_000 + day * 86_400) is not None
        names = sorted(each.name for each in (path.parent / "backups").iterdir())
        assert len(names) == safekeeping.KEPT_BACKUPS == 7
        assert names[0] == "catalog-2020-09-17.db"
