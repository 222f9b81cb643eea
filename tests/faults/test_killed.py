"""Fault 21: kill -9 at any moment of indexing costs one batch at most.

A child process indexes a folder in batches of four and is killed: between any two steps of its own, at a random
moment, and (with strace) at the very system call that writes, syncs or renames. After each kill the catalog must be
sound; the next child goes on; in the end everything is in, and hardly anything was computed twice.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from photofind.catalog.catalog import Catalog
from tests.indexing.rig import rig
from tests.pictures import write_picture

PHOTOS = 24
BATCH = 4

CHILD = """
import os, signal, sys
from pathlib import Path
from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.indexing import indexer
from photofind.search.vector_index import VectorIndex
from tests.indexing.rig import QuickEmbedder, rig

photos, library, seen, kill_at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
indexer.BATCH_PHOTOS = 4
marks = 0

def mark():
    global marks
    marks += 1
    if marks == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

def marked(owner, name):
    real = getattr(owner, name)
    def step(*args, **options):
        mark()
        result = real(*args, **options)
        mark()
        return result
    setattr(owner, name, step)

embed = QuickEmbedder.embed
def counted(self, pixels):
    vectors = embed(self, pixels)
    with open(seen, "ab", buffering=0) as file:
        file.write(b"." * len(pixels))
    return vectors
QuickEmbedder.embed = counted
for owner, name in ((QuickEmbedder, "embed"), (Catalog, "add_prepared"), (ThumbnailStore, "put_many"),
                    (VectorIndex, "add"), (Catalog, "set_folder_online")):
    marked(owner, name)
print("ready", flush=True)
with rig(library) as made:
    made.add(photos)
print("done", flush=True)
"""


class Victim:
    """The folder, the library, and children that index it."""

    def __init__(self, tmp_path: Path) -> None:
        self.photos = tmp_path / "photos"
        self.library = tmp_path / "library"
        self.seen = tmp_path / "seen"
        self.seen.touch()
        for number in range(PHOTOS):
            write_picture(self.photos / f"{number:02}.jpg", number, size=(96, 64))

    def start(self, kill_at: int = 0, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*prefix, sys.executable, "-c", CHILD, self.photos, self.library, self.seen, str(kill_at)],
            cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ends(self, child: subprocess.Popen[str]) -> bool:
        """Wait for a child; return whether it came to its end, False when it was killed."""
        out, errors = child.communicate(timeout=60)
        if child.returncode == 0:
            assert "done" in out
            return True
        assert child.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), errors
        return False

    def assert_sound(self) -> None:
        """What must hold right after a kill."""
        path = self.library / "catalog.db"
        if not path.exists():
            return
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        with Catalog.open(path) as catalog:
            assert catalog.notices == ()
            assert catalog.check() == []
            summary = catalog.summary("quick")
            assert summary.contents == summary.embedded == summary.photos

    def assert_complete(self, kills: int) -> None:
        """What must hold in the end."""
        with rig(self.library) as library:
            library.scan()
            assert len(library.photos()) == PHOTOS
            assert library.embedder.seen == 0
            library.check()
        assert PHOTOS <= self.seen.stat().st_size <= PHOTOS + kills * BATCH


@pytest.fixture
def victim(tmp_path: Path) -> Victim:
    return Victim(tmp_path)


def test_killed_between_any_two_steps(victim: Victim) -> None:
    kills = 0
    # Each child gets a little further into one batch than the one before.
    for kill_at in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12):
        if victim.ends(victim.start(kill_at)):
            break
        kills += 1
        victim.assert_sound()
    assert kills >= 6
    assert victim.ends(victim.start())
    victim.assert_complete(kills)


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_random_moments(victim: Victim, seed: int) -> None:
    moments = random.Random(seed)
    kills = 0
    for _ in range(3):
        child = victim.start()
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        try:
            child.wait(moments.uniform(0.02, 0.5))
        except subprocess.TimeoutExpired:
            child.kill()
        if victim.ends(child):
            break
        kills += 1
        victim.assert_sound()
    assert victim.ends(victim.start())
    victim.assert_complete(kills)


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize(
    ("call", "times"),
    [("pwrite64", (3, 11, 29, 60)), ("fdatasync,fsync", (1, 2, 4)), ("rename,renameat,renameat2,unlink", (1,))],
)
def test_killed_within_a_system_call(victim: Victim, call: str, times: tuple[int, ...]) -> None:
    kills = 0
    for when in times:
        strace = ("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}")
        child = victim.start(prefix=(*strace, "-e", f"inject={call}:signal=KILL:when={when}"))
        if victim.ends(child):
            break
        kills += 1
        victim.assert_sound()
    assert kills or call.startswith("rename")  # a new library need not rename anything
    assert victim.ends(victim.start())
    victim.assert_complete(kills)
