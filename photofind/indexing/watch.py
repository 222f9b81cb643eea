"""Notices that something changed below a folder, and says where to look.

Owns, for each folder, a watchdog observer and a thread, `photofind-watcher`, which alone starts and ends its watch,
waits until changes have come to rest, polls, and sees the folder go and come. One for each, because every one of
these calls may hang in a disk that does not answer; the others go on, and closing leaves it behind. Events are
hints: whatever they say, only the directory is posted, and the scan finds out. Merged and late is right; missed is
what the rest is against:

- Network disks do not announce what other computers change: they are polled.
- Where the system's inotify watches are used up, watchdog passes over a directory without a word. A watch of our
  own, tried after its own were made, tells; then the root is polled as well.
- When a burst is large enough for the system to have dropped events, the whole root is looked at.
- A root that is not there is looked for every few seconds. A disk mounted over a directory gives it another
  identity.

Alternatives that lost: watchdog's PollingObserver keeps a snapshot of every file in memory and compares it twice;
our scan compares with the catalog anyway. A queue of changed files instead of directories: an overflow loses it.
One observer for all folders: its thread walks new directories, and a dead one keeps it.
"""

import ctypes
import errno
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence

import psutil
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from photofind.indexing.scan import is_within
from photofind.photo.formats import is_candidate, is_ignored_directory

logger = logging.getLogger(__name__)

QUIET_S = 1.0
"""Changes are posted when none came for so long: a camera's card is copied file by file."""
LONGEST_WAIT_S = 5.0
"""... or when the first of them is so old."""
LOOK_S = 5.0
"""How often roots are checked to be there; one `stat` each."""
BURST_EVENTS = 4_000
"""Linux queues 16,384 events and drops the rest. From a quarter of that on the whole root is looked at: at worst a
scan too many, which costs a second for 200,000 files."""

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent, DirDeletedEvent, DirMovedEvent, FileClosedEvent, FileCreatedEvent, FileDeletedEvent,
    FileModifiedEvent, FileMovedEvent,
]  # fmt: skip
"""What is asked of the system. Without such a list every photo the decoders open would be announced, too."""

_NETWORK = frozenset(
    {"9p", "afpfs", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
     "vboxsf", "vmhgfs", "webdav"}
)  # fmt: skip
"""File systems whose changes are made elsewhere; those in user space ("fuse.sshfs") are taken for such, too."""

Hints = Sequence[tuple[bytes, bool]]
"""Directories to look at, each with whether everything below it is meant."""


_CLOSE_S = 0.5
"""Ending a watch takes 20 ms; one that takes longer hangs."""


class Watcher:
    """Watches folders until closed. Any thread may call it.

    Args:
        post: Called on a thread of the watcher with directories to look at.
        notify: Called with a sentence when a folder cannot be watched and is polled instead; once a folder.
        poll_interval_s: How often such folders are looked through; asked each time.
    """

    def __init__(
        self, post: Callable[[Hints], None], notify: Callable[[str], None], poll_interval_s: Callable[[], float]
    ) -> None:
        self._post = post
        self._notify = notify
        self._poll_interval_s = poll_interval_s
        self._guard = threading.Lock()
        self._roots: dict[bytes, RootWatch] = {}
        self._is_closed = False

    def watch(self, roots: Sequence[bytes]) -> None:
        """Watch these folders and no others. A new one is posted as soon as it is watched: nothing is missed."""
        with self._guard:
            if self._is_closed:
                return
            for path in [path for path in self._roots if path not in roots]:
                self._roots.pop(path).end()
            for path in roots:
                if path not in self._roots:
                    self._roots[path] = root = RootWatch(path, self._post, self._notify, self._poll_interval_s)
                    root.start()

    def close(self) -> None:
        """End all watches and the threads; those that hang in a disk are left behind."""
        with self._guard:
            self._is_closed = True
            roots = list(self._roots.values())
            self._roots.clear()
        for root in roots:
            root.end()
        end_s = time.monotonic() + _CLOSE_S
        for root in roots:
            root.join(max(0.0, end_s - time.monotonic()))


class RootWatch:
    """Watches one folder, as `Watcher` says."""

    def __init__(
        self,
        path: bytes,
        post: Callable[[Hints], None],
        notify: Callable[[str], None],
        poll_interval_s: Callable[[], float],
    ) -> None:
        self.path = path
        self._post = post
        self._notify = notify
        self._poll_interval_s = poll_interval_s
        self._wake = threading.Condition()
        self.hints: dict[bytes, bool] = {}
        """What was heard and not posted yet."""
        self._hint_count = 0
        self._first_hint = self._last_hint = 0.0
        self._is_ending = False
        # The thread's own.
        self._identity: tuple[int, int] | None = None
        """(st_dev, st_ino) when last seen; None while it is not there."""
        self._observer: BaseObserver | None = None
        self._is_polled = False
        self._polled_at = 0.0
        self._is_told = False
        self._looked_at = 0.0
        self._thread = threading.Thread(target=self._main, name="photofind-watcher", daemon=True)

    def start(self) -> None:
        """Begin on a thread of its own."""
        self._thread.start()

    def end(self) -> None:
        """End soon."""
        with self._wake:
            self._is_ending = True
            self._wake.notify_all()

    def join(self, timeout_s: float) -> None:
        """Wait for the end."""
        self._thread.join(timeout_s)

    # ------------------------------------------------------------------------------- watchdog's thread

    def hear(self, event: FileSystemEvent) -> None:
        """Note where something changed."""
        hints: list[tuple[bytes, bool]] = []
        for raw in (event.src_path, event.dest_path):
            if not raw:
                continue
            path = os.fsencode(raw)
            directory, name = os.path.split(path)
            if event.is_directory:
                if not is_ignored_directory(name):
                    hints.append((path, True))
            elif is_candidate(name):
                # Windows does not say whether what is gone was a directory.
                is_unsure = os.name == "nt" and isinstance(event, FileDeletedEvent)
                hints.append((path, True) if is_unsure else (directory, False))
        if not hints:
            return
        now = time.monotonic()
        with self._wake:
            if not self.hints:
                self._first_hint = now
                self._wake.notify_all()
            self._last_hint = now
            self._hint_count += 1
            for directory, is_recursive in hints:
                self.hints[directory] = self.hints.get(directory, False) or is_recursive

    # --------------------------------------------------------------------------------- its own thread

    def _main(self) -> None:
        try:
            self._begin()
            while True:
                with self._wake:
                    self._wake.wait_for(lambda: self._is_ending, self._timeout())
                    if self._is_ending:
                        return
                try:
                    self._look()
                    self.flush()
                except Exception:
                    logger.exception("Watching met a bug")
        finally:
            self._unwatch()

    def _timeout(self) -> float:
        """Return how long there is nothing to do; called with the condition held."""
        now = time.monotonic()
        due = self._looked_at + LOOK_S
        if self.hints:
            due = min(due, self._last_hint + QUIET_S, self._first_hint + LONGEST_WAIT_S)
        return max(0.0, due - now)

    def _look(self) -> None:
        """See whether the root went or came, and poll it if it must be."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        if _identity(self.path) != self._identity:
            self._begin()
        elif self._is_polled and now - self._polled_at >= self._poll_interval_s():
            self._polled_at = now
            self._post([(self.path, True)])

    def _begin(self) -> None:
        """Watch a root that is new, came, changed its identity, or went; and have it looked at."""
        self._unwatch()
        self._identity = _identity(self.path)
        self._is_polled = False
        self._looked_at = self._polled_at = time.monotonic()
        if self._identity is not None:
            reason = "is on a disk that does not announce changes" if _is_remote(self.path) else self._watch()
            if reason:
                self._poll(reason)
        self._post([(self.path, True)])

    def _watch(self) -> str:
        """Begin to watch; return why that failed, or is incomplete."""
        try:
            observer = Observer()
            self._observer = observer
            observer.start()
            observer.schedule(_Ear(self.hear), os.fsdecode(self.path), recursive=True, event_filter=_EVENTS)
        except OSError as error:
            logger.info("No watch on %r: %s", self.path, error)
            return "cannot be watched"
        return "" if _has_room(self.path) else "has more directories than the system can watch"

    def _poll(self, reason: str) -> None:
        self._is_polled = True
        if not self._is_told:
            self._is_told = True
            name, minutes = self.path.decode("utf-8", "replace"), self._poll_interval_s() / 60
            self._notify(f"{name} {reason}; it is looked through every {minutes:.0f} minutes.")

    def _unwatch(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None and observer.is_alive():
            observer.stop()
            observer.join()

    def flush(self) -> None:
        """Post what came to rest."""
        now = time.monotonic()
        with self._wake:
            is_due = now >= min(self._last_hint + QUIET_S, self._first_hint + LONGEST_WAIT_S)
            if not self.hints or not is_due:
                return
            hints, self.hints = self.hints, {}
            count, self._hint_count = self._hint_count, 0
        if count >= BURST_EVENTS:
            hints[self.path] = True
        has_new_directories = any(hints.values())
        if has_new_directories and self._observer is not None and not self._is_polled and not _has_room(self.path):
            self._poll("has more directories than the system can watch")
        self._post(_merged(hints))


class _Ear(FileSystemEventHandler):
    def __init__(self, hear: Callable[[FileSystemEvent], None]) -> None:
        self._hear = hear

    def on_any_event(self, event: FileSystemEvent) -> None:
        self._hear(event)


def _merged(hints: dict[bytes, bool]) -> Hints:
    """Return the hints without those that lie below one that means everything below it."""

    def is_covered(path: bytes) -> bool:
        parent = os.path.dirname(path)
        while parent != path:
            if hints.get(parent, False):
                return True
            path, parent = parent, os.path.dirname(parent)
        return False

    return [(path, is_recursive) for path, is_recursive in hints.items() if not is_covered(path)]


def _identity(path: bytes) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_remote(path: bytes) -> bool:
    """Return whether a path lies on a file system that other computers change."""
    real = os.path.realpath(path)
    mounts = [m for m in psutil.disk_partitions(all=True) if is_within(real, os.fsencode(m.mountpoint))]
    kind = max(mounts, key=lambda mount: len(mount.mountpoint)).fstype.lower() if mounts else ""
    return kind in _NETWORK or (kind.startswith("fuse.") and kind != "fuse.portal")


def _has_room(path: bytes) -> bool:
    """Return whether the system grants one more inotify watch; True where there is no inotify."""
    if not sys.platform.startswith("linux"):
        return True
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_CLOEXEC)
    if handle < 0:
        return False
    try:
        delete_self = 0x400
        is_granted = libc.inotify_add_watch(handle, ctypes.c_char_p(path), ctypes.c_uint32(delete_self)) >= 0
        return is_granted or ctypes.get_errno() != errno.ENOSPC
    finally:
        os.close(handle)
