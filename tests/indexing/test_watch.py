"""The watcher: every change is posted soon, as a directory; what cannot announce changes is polled."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from watchdog.events import DirCreatedEvent, DirMovedEvent, FileCreatedEvent, FileDeletedEvent, FileMovedEvent

from photofind.indexing import watch
from photofind.indexing.watch import RootWatch, Watcher
from tests.conftest import PhotoFile
from tests.indexing.rig import TIMEOUT_S, rig

needs_inotify = pytest.mark.skipif(not os.path.exists("/proc/sys/fs/inotify"), reason="needs inotify")


class Listener:
    """A watcher and what it said."""

    def __init__(self, interval_s: float = 300.0) -> None:
        self.interval_s = interval_s
        self.posted: list[tuple[bytes, bool]] = []
        self.told: list[str] = []
        self._news = threading.Condition()
        self.watcher = Watcher(self._post, self.told.append, lambda: self.interval_s)

    def _post(self, hints: Sequence[tuple[bytes, bool]]) -> None:
        with self._news:
            self.posted += hints
            self._news.notify_all()

    def wait_for(self, *hints: tuple[Path, bool]) -> None:
        """Block until all these were posted; then forget everything posted."""
        wanted = [(os.fsencode(path), is_recursive) for path, is_recursive in hints]
        with self._news:
            assert self._news.wait_for(lambda: all(hint in self.posted for hint in wanted), TIMEOUT_S), self.posted
            self.posted.clear()

    def forget(self) -> None:
        with self._news:
            self.posted.clear()

    def watch(self, *roots: Path) -> None:
        """Watch, and wait until every root is posted: then it is being watched."""
        self.watcher.watch([os.fsencode(root) for root in roots])
        self.wait_for(*((root, True) for root in roots))


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "QUIET_S", 0.1)
    monkeypatch.setattr(watch, "LOOK_S", 0.1)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.watcher.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "photos"
    path.mkdir()
    return path


def test_a_root_is_posted_once_it_is_watched(listener: Listener, root: Path) -> None:
    listener.watch(root)


def test_a_new_file_posts_its_directory(listener: Listener, root: Path) -> None:
    (root / "sub").mkdir()
    listener.watch(root)
    (root / "sub" / "a.jpg").write_bytes(b"x")
    listener.wait_for((root / "sub", False))


def test_changes_and_removals_post_the_directory(listener: Listener, root: Path) -> None:
    (root / "a.jpg").write_bytes(b"x")
    listener.watch(root)
    with open(root / "a.jpg", "ab") as file:
        file.write(b"y")
    listener.wait_for((root, False))
    (root / "a.jpg").unlink()
    listener.wait_for((root, False))


def test_a_move_posts_both_directories(listener: Listener, root: Path) -> None:
    (root / "one").mkdir()
    (root / "two").mkdir()
    (root / "one" / "a.jpg").write_bytes(b"x")
    listener.watch(root)
    (root / "one" / "a.jpg").rename(root / "two" / "a.jpg")
    listener.wait_for((root / "one", False), (root / "two", False))


def test_a_directory_moved_in_is_posted_with_all_below(listener: Listener, root: Path, tmp_path: Path) -> None:
    (tmp_path / "new" / "deep").mkdir(parents=True)
    (tmp_path / "new" / "deep" / "a.jpg").write_bytes(b"x")
    listener.watch(root)
    (tmp_path / "new").rename(root / "new")
    listener.wait_for((root / "new", True))
    (root / "new" / "deep" / "b.jpg").write_bytes(b"x")  # and is watched from now on
    listener.wait_for((root / "new" / "deep", False))


def test_a_directory_that_vanishes_is_posted(listener: Listener, root: Path) -> None:
    (root / "sub").mkdir()
    listener.watch(root)
    (root / "sub").rmdir()
    listener.wait_for((root / "sub", True))


def test_names_need_not_be_text(listener: Listener, root: Path) -> None:
    odd = os.path.join(os.fsencode(root), b"\xff\xfe")
    os.mkdir(odd)
    listener.watch(root)
    with open(os.path.join(odd, b"\xe9.jpg"), "wb") as file:
        file.write(b"x")
    listener.wait_for((Path(os.fsdecode(odd)), False))


def test_what_is_no_photo_and_what_is_merely_read_is_not_posted(listener: Listener, root: Path) -> None:
    (root / "a.jpg").write_bytes(b"x")
    listener.watch(root)
    (root / "a.jpg").read_bytes()
    (root / "a.xmp").write_bytes(b"x")
    (root / "@eaDir").mkdir()
    (root / "last").mkdir()
    listener.wait_for((root / "last", True))
    assert listener.posted == []
    (root / "last").rmdir()
    listener.wait_for((root / "last", True))


def test_hints_below_others_are_merged() -> None:
    hints = {b"/a": True, b"/a/b": False, b"/a/b/c": True, b"/ab": False, b"/d": False, b"/d/e": False}
    assert watch._merged(hints) == [(b"/a", True), (b"/ab", False), (b"/d", False), (b"/d/e", False)]


def test_changes_wait_for_a_quiet_moment_but_not_for_ever(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(watch, "QUIET_S", 1.0)
    posted: list[Any] = []
    watcher = RootWatch(os.fsencode(root), posted.append, print, lambda: 300.0)  # not started: time stands still
    for step in range(9):
        watcher.hear(FileCreatedEvent(str(root / f"{step}.jpg")))
        watcher.flush()
        assert posted == []
        now[0] += 0.5
    now[0] += 0.5  # five seconds since the first
    watcher.flush()
    assert posted == [[(os.fsencode(root), False)]]
    watcher.hear(FileCreatedEvent(str(root / "x.jpg")))
    now[0] += 1.0
    watcher.flush()
    assert len(posted) == 2


def test_a_burst_posts_the_whole_root(monkeypatch: pytest.MonkeyPatch, listener: Listener, root: Path) -> None:
    """Fault 28: the system may have dropped events, so no single one is relied on."""
    monkeypatch.setattr(watch, "BURST_EVENTS", 20)
    (root / "sub").mkdir()
    listener.watch(root)
    for number in range(40):
        (root / "sub" / f"{number}.jpg").write_bytes(b"x")
    listener.wait_for((root, True))


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (FileMovedEvent("/r/a.jpg.part", "/r/a.jpg"), {b"/r": False}),
        (FileMovedEvent("/r/a.jpg", "/r/a.bak"), {b"/r": False}),
        (FileDeletedEvent("/r/s/a.jpg"), {b"/r/s": False}),
        (FileDeletedEvent("/r/s/a.txt"), {}),
        (DirMovedEvent("/r/old", "/r/new"), {b"/r/old": True, b"/r/new": True}),
        (DirCreatedEvent("/r/.git"), {}),
    ],
)
def test_what_events_say(event: Any, expected: dict[bytes, bool]) -> None:
    watcher = RootWatch(b"/r", print, print, lambda: 300.0)
    watcher.hear(event)
    assert watcher.hints == expected


def test_a_root_that_goes_and_returns_is_posted_and_watched_again(
    listener: Listener, root: Path, tmp_path: Path
) -> None:
    listener.watch(root)
    root.rename(tmp_path / "away")
    listener.wait_for((root, True))
    (tmp_path / "away").rename(root)
    listener.wait_for((root, True))
    (root / "a.jpg").write_bytes(b"x")
    listener.wait_for((root, False))


def test_another_disk_in_the_place_of_a_root_is_posted(listener: Listener, root: Path, tmp_path: Path) -> None:
    listener.watch(root)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.jpg").write_bytes(b"x")
    shutil.rmtree(root)
    listener.wait_for((root, True))
    (tmp_path / "other").rename(root)
    listener.wait_for((root, True))


def test_a_root_that_is_not_there_yet_is_waited_for(listener: Listener, tmp_path: Path) -> None:
    late = tmp_path / "late"
    listener.watch(late)
    late.mkdir()
    listener.wait_for((late, True))
    (late / "a.jpg").write_bytes(b"x")
    listener.wait_for((late, False))


def test_a_root_no_longer_wanted_is_let_go(listener: Listener, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    listener.watch(root, other)
    listener.watcher.watch([os.fsencode(other)])
    (other / "a.jpg").write_bytes(b"x")
    listener.wait_for((other, False))
    (root / "a.jpg").write_bytes(b"x")
    (other / "b.jpg").write_bytes(b"x")
    listener.wait_for((other, False))
    assert (os.fsencode(root), False) not in listener.posted


def test_a_network_disk_is_polled_with_one_quiet_notice(
    monkeypatch: pytest.MonkeyPatch, listener: Listener, root: Path
) -> None:
    monkeypatch.setattr(watch, "_is_remote", lambda _: True)
    listener.watch(root)
    assert listener.told == [
        f"{root} is on a disk that does not announce changes; it is looked through every 5 minutes."
    ]
    listener.interval_s = 0.0
    listener.wait_for((root, True))
    listener.wait_for((root, True))
    assert len(listener.told) == 1


@pytest.mark.parametrize(
    ("mount", "kind", "expected"),
    [("/", "ext4", False), ("/", "nfs4", True), ("/", "fuse.sshfs", True), ("/nowhere", "cifs", False)],
)
def test_network_disks_are_known_by_their_file_system(
    monkeypatch: pytest.MonkeyPatch, root: Path, mount: str, kind: str, expected: bool
) -> None:
    class Partition:
        mountpoint = mount
        fstype = kind

    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [Partition])
    assert watch._is_remote(os.fsencode(root)) is expected


def test_where_watching_fails_the_root_is_polled(
    monkeypatch: pytest.MonkeyPatch, listener: Listener, root: Path
) -> None:
    def refuse() -> None:
        raise OSError(24, "inotify instance limit reached")

    monkeypatch.setattr(watch, "Observer", refuse)
    listener.watch(root)
    assert "cannot be watched" in listener.told[0]
    listener.interval_s = 0.0
    listener.wait_for((root, True))


def test_when_watches_run_out_the_root_is_polled_as_well(
    monkeypatch: pytest.MonkeyPatch, listener: Listener, root: Path
) -> None:
    listener.watch(root)
    assert listener.told == []
    monkeypatch.setattr(watch, "_has_room", lambda _: False)
    (root / "new").mkdir()
    listener.wait_for((root / "new", True))
    assert "more directories than the system can watch" in listener.told[0]
    listener.interval_s = 0.0
    listener.wait_for((root, True))


@needs_inotify
def test_there_is_room_for_watches_here(root: Path) -> None:
    handles = len(os.listdir("/proc/self/fd"))
    assert watch._has_room(os.fsencode(root))
    assert len(os.listdir("/proc/self/fd")) == handles


def test_from_a_new_file_to_a_photo(tmp_path: Path, root: Path, photo_file: PhotoFile) -> None:
    """The whole way, with the indexer; a folder added later is watched, too."""
    with rig(tmp_path / "library") as library:
        library.indexer.start_watching()
        library.add(root)
        later = tmp_path / "later"
        later.mkdir()
        library.add(later)
        photo_file("one.jpg", 1, size=(80, 60))
        photo_file("deep/two.jpg", 2, size=(80, 60), folder=later)
        library.wait_for(lambda: len(library.photos()) == 2)
        (root / "one.jpg").rename(later / "three.jpg")
        library.wait_for(lambda: library.names() == [b"three.jpg", b"two.jpg"])
        library.settle()
        assert library.embedder.seen == 2


EXHAUSTED = """
import os, sys
from pathlib import Path
from photofind.indexing import watch
watch.QUIET_S = watch.LOOK_S = 0.1
from tests.indexing.test_watch import Listener
root = Path(sys.argv[1])
listener = Listener(interval_s=0.3)
listener.watch(root)
assert "more directories than the system can watch" in listener.told[0], listener.told
assert len(listener.told) == 1
listener.wait_for((root, True))
listener.wait_for((root, True))
listener.watcher.close()
print("done")
"""


@needs_inotify
def test_the_limit_of_the_system_is_noticed(root: Path) -> None:
    """Fault 28: watchdog passes over the directories that it cannot watch without a word."""
    for number in range(30):
        (root / str(number)).mkdir()
    script = 'echo 20 > /proc/sys/user/max_inotify_watches && exec "$0" -c "$1" "$2"'
    ran = subprocess.run(
        ["unshare", "-Ur", "sh", "-c", script, sys.executable, EXHAUSTED, root],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "unshare:" in ran.stderr or "sh:" in ran.stderr:
        pytest.skip(f"needs user namespaces: {ran.stderr.strip()}")
    assert ran.stdout.strip() == "done", ran.stderr
