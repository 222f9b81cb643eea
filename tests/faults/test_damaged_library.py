"""Faults 21, 23 and 27 for the catalog: a killed writer, a damaged or lost file, a place that cannot be written."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.errors import DiskFullError, LibraryDamagedError, LibraryReadOnlyError
from photofind.records import Filter, PhotoPart, Query, SortOrder
from tests.catalog.sample import MODEL, ROOT, add, fill, prepared
from tests.conftest import ExpectedLog

ALL = Filter()


@pytest.fixture
def path(library_dir: Path) -> Path:
    return library_dir / "catalog.db"


def make(path: Path, *, photos: int = 200, backup: bool = True) -> None:
    """Make a closed library with decisions from before and after its backup."""
    with Catalog.open(path) as catalog:
        fill(catalog)
        ids = add(catalog, *(prepared(b"/photos/%d.jpg" % i, 100 + i) for i in range(photos)))
        if backup:
            assert catalog.backup_daily() is not None
        catalog.set_rating(ids[:1], 4)
        catalog.dismiss(ids[:2])


def ratings(catalog: Catalog) -> dict[bytes, int | None]:
    return {photo.path: photo.rating for photo in catalog.photos(catalog.photo_ids(ALL, SortOrder.NAME).tolist())}


def assert_whole(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def damage(path: Path, kind: str) -> None:
    size = path.stat().st_size
    match kind:
        case "header":
            with path.open("rb+") as file:
                file.write(b"not a database any more")
        case "schema":
            with path.open("rb+") as file:
                file.seek(100)
                file.write(b"\xff" * 4_000)
        case "truncated":
            os.truncate(path, size // 2)
        case "pages":
            with path.open("rb+") as file:
                for page in range(2, size // 8_192, 3):
                    file.seek(page * 8_192)
                    file.write(b"\xa5" * 8_192)
        case "text":
            path.write_text("A letter to my aunt. " * 1_000)


@pytest.mark.parametrize("kind", ["header", "schema", "truncated", "pages", "text"])
def test_a_damaged_catalog_is_kept_and_restored_from_the_backup(
    path: Path, kind: str, expected_log: ExpectedLog
) -> None:
    make(path)
    damage(path, kind)
    broken = path.read_bytes()
    expected_log("is damaged")
    with Catalog.open(path) as catalog:
        assert any("damaged" in notice for notice in catalog.notices)
        assert any("backup of" in notice and "lost" in notice for notice in catalog.notices)
        assert [folder.path for folder in catalog.folders()] == [ROOT]
        assert len(catalog.photo_ids(ALL, SortOrder.NAME)) == 204
        found = ratings(catalog)
        assert found[b"/photos/2019/copy.jpg"] == 5  # decided before the backup
        assert found[b"/photos/0.jpg"] in (4, None)  # decided after it, saved if its page could be read
        assert len(catalog.dismissed_pairs()) >= 1
        assert catalog.check() == []
        assert len(catalog.contents_without_embedding(MODEL, 999)) == 203
        new_id = add(catalog, prepared(b"/photos/new.jpg", 7))[0]
        assert new_id > 1_000_000  # no id of before comes back, caches may still know it
    (kept,) = path.parent.glob("catalog.damaged-*.db")
    assert kept.read_bytes()[200:] == broken[200:]
    assert_whole(path)
    with Catalog.open(path) as catalog:  # and the next start is an ordinary one
        assert catalog.notices == ()


@pytest.mark.parametrize("kind", ["header", "schema", "truncated", "text"])
def test_a_reader_of_a_damaged_catalog_is_told_so(path: Path, kind: str) -> None:
    make(path, photos=3, backup=False)
    damage(path, kind)
    broken = path.read_bytes()
    with pytest.raises(LibraryDamagedError):
        Catalog.open(path, read_only=True)
    assert path.read_bytes() == broken


def test_decisions_since_the_backup_are_saved_where_they_can_be_read(path: Path, expected_log: ExpectedLog) -> None:
    make(path)
    with closing(sqlite3.connect(path)) as raw:
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'photo_inode'").fetchone()
    with path.open("rb+") as file:
        file.seek((page - 1) * 8_192)
        file.write(b"\x5a" * 8_192)
    expected_log("is damaged")
    with Catalog.open(path) as catalog:
        assert ratings(catalog)[b"/photos/0.jpg"] == 4
        assert len(catalog.dismissed_pairs()) == 2
        assert any("2 ratings, tags and verdicts" in notice for notice in catalog.notices)


def test_all_kinds_of_decisions_are_saved_without_a_backup(path: Path, expected_log: ExpectedLog) -> None:
    make(path, backup=False)
    with Catalog.open(path) as catalog:
        decisions = catalog.decisions
        photo_id = catalog.photo_at(b"/photos/0.jpg")
        assert photo_id is not None
        decisions.set_flag([photo_id], -1)
        decisions.set_caption([photo_id], "caption")
        decisions.add_tags([photo_id], ["Tag"])
        decisions.add_collection("Mine", [photo_id])
        catalog.keep_copies([photo_id])
        decisions.add_collection("Live", query=Query((PhotoPart(photo_id),)))
    with closing(sqlite3.connect(path)) as raw:
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'photo_inode'").fetchone()
    with path.open("rb+") as file:
        file.seek((page - 1) * 8_192)
        file.write(b"\x5a" * 8_192)
    expected_log("is damaged")
    with Catalog.open(path) as catalog:
        (photo_id,) = add(catalog, prepared(b"/photos/0.jpg", 100))
        (photo,) = catalog.photos([photo_id])
        assert (photo.flag, photo.caption, photo.tags) == (-1, "caption", ("Tag",))
        assert catalog.kept_copies() == {photo_id}
        found = catalog.decisions.collections()
        assert [(each.name, each.photo_count, each.is_live) for each in found] == [
            ("Best", 0, False), ("Live", 0, True), ("Mine", 1, False), ("Swimming", 0, True),
        ]  # fmt: skip
        assert catalog.decisions.saved_query(found[1].collection_id).query.parts == (PhotoPart(photo_id),)
        assert catalog.check() == []


def test_without_a_backup_it_says_so_and_saves_what_it_can(path: Path, expected_log: ExpectedLog) -> None:
    make(path, backup=False)
    os.truncate(path, path.stat().st_size - 8_192)
    expected_log("is damaged")
    with Catalog.open(path) as catalog:
        assert any("no usable backup" in notice for notice in catalog.notices)
        assert [folder.path for folder in catalog.folders()] == [ROOT]
        ids = add(catalog, prepared(b"/photos/0.jpg", 100))
        assert catalog.photos(ids)[0].rating == 4
        assert catalog.check() == []


def test_a_damaged_backup_is_passed_over(path: Path, expected_log: ExpectedLog) -> None:
    make(path)
    (newest,) = path.parent.glob("backups/*.db")
    shutil.copyfile(newest, newest.with_name("catalog-2001-01-01.db"))
    os.truncate(newest, 20_000)
    damage(path, "header")
    expected_log("catalog .* is damaged")
    expected_log("backup .* is of no use")
    with Catalog.open(path) as catalog:
        assert any("backup of 2001-01-01" in notice for notice in catalog.notices)
        assert len(catalog.photo_ids(ALL, SortOrder.NAME)) == 204


@pytest.mark.parametrize("lost", ["removed", "emptied"])
def test_a_lost_catalog_is_no_silent_empty_library(path: Path, lost: str) -> None:
    make(path)
    if lost == "removed":
        path.unlink()
    else:
        path.write_bytes(b"")
    with Catalog.open(path) as catalog:
        assert any("missing" in notice for notice in catalog.notices)
        assert len(catalog.photo_ids(ALL, SortOrder.NAME)) == 204
        assert catalog.check() == []


def test_a_new_library_has_no_notices(path: Path) -> None:
    with Catalog.open(path) as catalog:
        assert catalog.notices == ()
        catalog.add_folder(ROOT)
        assert add(catalog, prepared(b"/photos/a.jpg", 1)) == (1,)


def test_random_damage_never_ends_in_a_wrong_or_silently_empty_library(
    tmp_path: Path, expected_log: ExpectedLog
) -> None:
    """Bytes anywhere are overwritten; the next start has every photo, or says what it did."""
    expected_log("is damaged", may_be_missing=True)
    expected_log("is of no use", may_be_missing=True)
    sound = tmp_path / "sound"
    make(sound / "catalog.db", photos=60)
    with Catalog.open(sound / "catalog.db") as catalog:
        expected = ratings(catalog)
    size = (sound / "catalog.db").stat().st_size
    restored = 0
    for seed in range(60):
        chance = random.Random(seed)
        folder = tmp_path / str(seed)
        shutil.copytree(sound, folder)
        with (folder / "catalog.db").open("rb+") as file:
            for _ in range(chance.choice((1, 3, 10))):
                file.seek(chance.randrange(size))
                file.write(chance.randbytes(chance.choice((1, 16, 8_192))))
        with Catalog.open(folder / "catalog.db") as catalog:
            assert catalog.check() == [], seed
            if not catalog.notices:
                assert set(ratings(catalog)) == set(expected), seed
            restored += any("backup" in notice for notice in catalog.notices)
            catalog.embeddings(MODEL)
            catalog.hashes()
            assert len(catalog.search_text("jpg", ALL, 99)) > 40
        shutil.rmtree(folder)
    assert restored > 10


KILLED = """
import os, random, signal, sys
from pathlib import Path
from photofind.catalog.catalog import Catalog
from tests.catalog.sample import add, prepared
import sqlite3
catalog = Catalog.open(Path(sys.argv[1]))
first = int(sys.argv[2])
steps = int(sys.argv[3])

def count():
    global steps
    steps -= 1
    if steps == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return 0

catalog._connection.set_progress_handler(count, 50)
for batch in range(first, first + 1_000):
    add(catalog, *(prepared(b"/photos/%d-%d.jpg" % (batch, i), batch * 10 + i) for i in range(5)))
    print(batch, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_at_any_moment_loses_at_most_the_batch(path: Path) -> None:
    """Fault 21: the child is killed inside SQLite, at another of its steps each time."""
    with Catalog.open(path) as catalog:
        catalog.add_folder(ROOT)
    committed = 0
    chance = random.Random(0)
    for _ in range(6):
        run = subprocess.run(
            [sys.executable, "-c", KILLED, path, str(1 + committed), str(chance.randint(20, 1_500))],
            check=False,
            capture_output=True,
            cwd=Path(__file__).parent.parent.parent,
        )
        assert run.returncode == -9, run.stderr
        lines = run.stdout.split()
        said = int(lines[-1]) if lines else committed
        with Catalog.open(path) as catalog:
            assert catalog.notices == ()
            assert catalog.check() == []
            photos = len(catalog.photo_ids(ALL, SortOrder.NAME))
            assert photos in (5 * said, 5 * said + 5)  # whole batches, none lost that was confirmed
            committed = photos // 5


def test_a_lost_wal_is_an_older_library_not_a_broken_one(path: Path, tmp_path: Path) -> None:
    catalog = Catalog.open(path)
    catalog.add_folder(ROOT)
    add(catalog, prepared(b"/photos/a.jpg", 1))
    catalog._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    add(catalog, prepared(b"/photos/b.jpg", 2))
    copy = tmp_path / "copy" / "catalog.db"
    copy.parent.mkdir()
    shutil.copyfile(path, copy)  # without catalog.db-wal
    catalog.close()
    with Catalog.open(copy) as older:
        assert older.check() == []
        assert list(ratings(older)) == [b"/photos/a.jpg"]


def test_a_full_disk_is_named_and_nothing_is_half_written(path: Path) -> None:
    """Fault 26, with SQLite's own limit on the file's size as the disk."""
    with Catalog.open(path) as catalog:
        fill(catalog)
        before = ratings(catalog)
        (pages,) = catalog._connection.execute("PRAGMA page_count").fetchone()
        catalog._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(DiskFullError):
            add(catalog, *(prepared(b"/photos/%d.jpg" % i, 100 + i) for i in range(500)))
        assert ratings(catalog) == before
        assert catalog.search_text("beach", ALL, 9) != []
        catalog._connection.execute("PRAGMA max_page_count = 1000000")
        assert len(add(catalog, *(prepared(b"/photos/%d.jpg" % i, 100 + i) for i in range(500)))) == 500
        assert catalog.check() == []


READ_ONLY = """
import encodings.ascii, encodings.idna, os, sys  # Python itself may lie where only its owner can read
from pathlib import Path
from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.errors import LibraryReadOnlyError
from photofind.records import Filter, SortOrder
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
path = Path(sys.argv[1])
try:
    Catalog.open(path)
except LibraryReadOnlyError as error:
    print("refused:", error)
with Catalog.open(path, read_only=True) as catalog:
    print(len(catalog.photo_ids(Filter(), SortOrder.NAME)), len(catalog.search_text("beach", Filter(), 9)))
with ThumbnailStore.open(path.with_name("thumbnails.db"), read_only=True) as store:
    print(store.get(1))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file modes")
def test_a_library_in_a_place_that_cannot_be_written_can_be_searched(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Fault 27; run as an ordinary user, for whom file modes count."""
    folder = tmp_path_factory.mktemp("read-only")
    path = folder / "catalog.db"
    make(path, photos=3, backup=False)
    with ThumbnailStore.open(folder / "thumbnails.db") as store:
        store.put_many([(1, b"jpeg")])
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    modes = {each: each.stat().st_mode for each in (folder, *folder.parents) if each != Path("/")}
    try:
        for parent in list(folder.parents)[:3]:
            parent.chmod(0o755) if parent.stat().st_uid == os.getuid() and parent != Path("/") else None
        for each in folder.iterdir():
            each.chmod(0o444)
        folder.chmod(0o555)
        run = subprocess.run(
            [sys.executable, "-c", READ_ONLY, path],
            check=False,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )
    finally:
        folder.chmod(0o755)
        for each, mode in modes.items():
            if each != folder and each.stat().st_uid == os.getuid():
                each.chmod(mode)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "refused: The library cannot be written where it lies.\n7 2\nb'jpeg'\n"
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_a_catalog_damaged_while_open_is_named_and_mended_at_the_next_start(
    path: Path, expected_log: ExpectedLog
) -> None:
    make(path)
    catalog = Catalog.open(path)
    damage(path, "pages")
    with pytest.raises(LibraryDamagedError):
        catalog.repair()
    assert catalog.check() != []
    expected_log("not closed cleanly", may_be_missing=True)
    catalog.close()
    expected_log("is damaged")
    with Catalog.open(path) as mended:
        assert mended.notices != ()
        assert mended.check() == []


def test_errors_say_who_can_act(path: Path) -> None:
    make(path, photos=1, backup=False)
    with Catalog.open(path, read_only=True) as reader, pytest.raises(LibraryReadOnlyError):
        reader.set_rating([1], 3)
