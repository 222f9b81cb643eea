"""The cache of thumbnails: it holds what it was given, or nothing."""

import os
import random
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from photofind.catalog.thumbnail_store import ThumbnailStore
from tests.conftest import ExpectedLog

ROWS = {content_id: random.Random(content_id).randbytes(3_000) for content_id in range(1, 60)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "thumbnails.db"


@pytest.fixture
def store(path: Path) -> Iterator[ThumbnailStore]:
    with ThumbnailStore.open(path) as opened:
        opened.put_many(ROWS.items())
        yield opened


def test_what_is_put_is_found(store: ThumbnailStore, path: Path) -> None:
    assert store.get(7) == ROWS[7]
    assert store.get(999) is None
    assert store.get_many([1, 999, 2, 1]) == {1: ROWS[1], 2: ROWS[2]}
    assert store.has([1, 999]) == {1}
    store.put_many([(1, b"other"), (2, b"")])
    assert store.get_many([1, 2]) == {1: b"other", 2: ROWS[2]}
    store.close()
    assert store.get(1) is None
    with ThumbnailStore.open(path) as again:
        assert again.get(7) == ROWS[7]


def test_threads_read_while_one_writes(store: ThumbnailStore) -> None:
    wrong: list[object] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            wrong.extend(i for i, jpeg in store.get_many(list(ROWS)).items() if jpeg[:100] != ROWS[i][:100])

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for round_ in range(20):
        store.put_many((i, jpeg + b"%d" % round_) for i, jpeg in ROWS.items())
    is_over.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_closing_while_others_read_ends_in_nothing_found(store: ThumbnailStore) -> None:
    errors: list[BaseException] = []
    reads = threading.Semaphore(0)

    def read() -> None:
        try:
            while store.get(1) is not None:
                reads.release()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        assert reads.acquire(timeout=60)
    store.close()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_reader_of_another_process_writes_nothing(store: ThumbnailStore, path: Path, tmp_path: Path) -> None:
    with ThumbnailStore.open(path, read_only=True) as reader:
        reader.put_many([(1, b"no")])
        assert reader.get(1) == ROWS[1]
    missing = tmp_path / "none" / "thumbnails.db"
    with ThumbnailStore.open(missing, read_only=True) as reader:
        assert reader.get(1) is None
        missing.parent.mkdir()
        with ThumbnailStore.open(missing) as owner:
            owner.put_many([(1, b"now")])
        assert reader.get(1) == b"now"


def test_a_flipped_bit_in_a_thumbnail_is_noticed(store: ThumbnailStore, path: Path) -> None:
    store.close()
    data = bytearray(path.read_bytes())
    data[data.index(ROWS[5][:64]) + 10] ^= 1
    path.write_bytes(data)
    with ThumbnailStore.open(path) as again:
        assert again.get(5) is None
        assert again.get(6) == ROWS[6]


@pytest.mark.parametrize("kind", ["empty", "garbage", "foreign", "newer", "truncated"])
def test_a_file_of_no_use_is_begun_anew(path: Path, kind: str, expected_log: ExpectedLog) -> None:
    with ThumbnailStore.open(path) as store:
        store.put_many(ROWS.items())
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "garbage":
        path.write_bytes(b"no database " * 1_000)
    elif kind == "truncated":
        os.truncate(path, path.stat().st_size // 2)
    else:
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA user_version = 2" if kind == "newer" else "PRAGMA application_id = 5")
    expected_log("made anew", may_be_missing=kind == "empty")
    with ThumbnailStore.open(path) as store:
        assert all(store.get(i) in (None, jpeg) for i, jpeg in ROWS.items())
        store.put_many([(1, b"new")])
        assert store.get(1) == b"new"
        assert store.get(2) is None


def test_random_damage_costs_thumbnails_only(tmp_path: Path, expected_log: ExpectedLog) -> None:
    """Fault 22: whatever happens to the file, nothing wrong comes out of it and it can be written again."""
    expected_log("made anew", may_be_missing=True)
    sound = tmp_path / "sound.db"
    with ThumbnailStore.open(sound) as store:
        store.put_many(ROWS.items())
    size = sound.stat().st_size
    for seed in range(60):
        chance = random.Random(seed)
        path = tmp_path / f"{seed}.db"
        shutil.copyfile(sound, path)
        with path.open("rb+") as file:
            for _ in range(chance.choice((1, 5, 50))):
                file.seek(chance.randrange(size))
                file.write(chance.randbytes(chance.choice((1, 8, 4_096))))
        with ThumbnailStore.open(path) as store:
            for content_id in chance.sample(list(ROWS), 20):
                assert store.get(content_id) in (None, ROWS[content_id])
            store.put_many(ROWS.items())
            # A tree whose order is damaged may hide a few; what it shows must be right.
            assert store.get_many(list(ROWS)).items() <= ROWS.items()


def test_a_bound_lets_go_of_what_was_stored_first(path: Path) -> None:
    with ThumbnailStore.open(path, bound_bytes=10_000) as store:
        for content_id in (5, 1, 3):
            store.put_many([(content_id, ROWS[content_id])])
        store.put_many([(5, ROWS[6])])  # again, and so the newest
        store.put_many([(2, ROWS[2])])
        assert store.has(list(ROWS)) == {5, 3, 2}
        assert store.get(5) == ROWS[6]
    with ThumbnailStore.open(path, bound_bytes=10_000) as store:
        store.put_many([(7, ROWS[7])])
        assert store.has(list(ROWS)) == {5, 2, 7}
        store.put_many([(8, b"x" * 20_000)])
        assert store.has(list(ROWS)) == set()
