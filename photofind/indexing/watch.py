"""Notices that something changed below a folder, and says where to look.

Owns a watchdog observer and one thread, `photofind-watcher`, which alone starts and ends watches, waits until
changes have come to rest, polls, and sees roots go and come. Events are hints: whatever they say, only the
directory is posted, and the scan finds out. Merged and late is right; missed is what the rest is against:

- Network disks do not announce what other computers change: they are polled.
- Where the system's inotify watches are used up, watchdog passes over a directory without a word. A watch of our
  own, tried after its own were made, tells; then the root is polled as well.
- When a burst is large enough for the system to have dropped events, the whole root is looked at.
- A root that is not there is looked for every few seconds. A disk mounted over a directory gives it another
  identity.

Alternatives that lost: watchdog's PollingObserver keeps a snapshot of every file in memory and compares it twice;
our scan compares with the catalog anyway. A queue of changed files instead of directories: an overflow loses it.
"""

import ctypes
import errno
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from watchdog.observers.api import BaseObserver, ObservedWatch

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


@dataclass(slots=True)
class _Root:
    """One watched folder."""

    path: bytes
    identity: tuple[int, int] | None = None
    """(st_dev, st_ino) when last seen; None while it is not there."""
    watch: ObservedWatch | None = None
    is_polled: bool = False
    polled_at: float = 0.0


class Watcher:
    """Watches folders until closed.

    Args:
        post: Called on the watcher's thread with directories to look at.
        notify: Called with a sentence when a folder cannot be watched and is polled instead; once a folder.
        poll_interval_s: How often such folders are looked through; asked each time.
    """

    def __init__(
        self, post: Callable[[Hints], None], notify: Callable[[str], None], poll_interval_s: Callable[[], float]
    ) -> None:
        self._post = post
        self._notify = notify
        self._poll_interval_s = poll_interval_s
        self._wake = threading.Condition()
        self._wanted: tuple[bytes, ...] = ()
        self._is_wanted_new = False
        self._hints: dict[bytes, bool] = {}
        self._hint_count = 0
        self._first_hint = self._last_hint = 0.0
        self._is_closing = False
        # The thread's own.
        self._roots: dict[bytes, _Root] = {}
        self._observer: BaseObserver | None = None
        self._told: set[bytes] = set()
        self._looked_at = 0.0
        self._thread = threading.Thread(target=self._main, name="photofind-watcher", daemon=True)
        self._thread.start()

    def watch(self, roots: Sequence[bytes]) -> None:
        """Watch these folders and no others. A new one is posted as soon as it is watched: nothing is missed."""
        with self._wake:
            if tuple(roots) != self._wanted:
                self._wanted = tuple(roots)
                self._is_wanted_new = True
                self._wake.notify_all()

    def close(self) -> None:
        """End all watches and the threads."""
        with self._wake:
            self._is_closing = True
            self._wake.notify_all()
        self._thread.join()

    # ------------------------------------------------------------------------------- watchdog's thread

    def _hear(self, event: FileSystemEvent) -> None:
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
            if not self._hints:
                self._first_hint = now
                self._wake.notify_all()
            self._last_hint = now
            self._hint_count += 1
            for directory, is_recursive in hints:
                self._hints[directory] = self._hints.get(directory, False) or is_recursive

    # --------------------------------------------------------------------------------- its own thread

    def _main(self) -> None:
        try:
            while True:
                with self._wake:
                    self._wake.wait_for(lambda: self._is_closing or self._is_wanted_new, self._timeout())
                    if self._is_closing:
                        return
                    wanted = self._wanted if self._is_wanted_new else None
                    self._is_wanted_new = False
                try:
                    if wanted is not None:
                        self._follow(wanted)
                    self._look()
                    self._flush()
                except Exception:
                    logger.exception("Watching met a bug")
        finally:
            if self._observer is not None:
                self._observer.stop()
                self._observer.join()

    def _timeout(self) -> float | None:
        """Return how long there is nothing to do; called with the condition held."""
        now = time.monotonic()
        due = []
        if self._hints:
            due.append(min(self._last_hint + QUIET_S, self._first_hint + LONGEST_WAIT_S))
        if self._roots:
            due.append(self._looked_at + LOOK_S)
        return max(0.0, min(due) - now) if due else None

    def _follow(self, wanted: Sequence[bytes]) -> None:
        for path in [path for path in self._roots if path not in wanted]:
            self._unwatch(self._roots.pop(path))
        for path in wanted:
            if path not in self._roots:
                root = self._roots[path] = _Root(path)
                self._begin(root)

    def _look(self) -> None:
        """See which roots went or came, and poll those that must be."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        for root in self._roots.values():
            identity = _identity(root.path)
            if identity != root.identity:
                self._begin(root)
            elif root.is_polled and now - root.polled_at >= self._poll_interval_s():
                root.polled_at = now
                self._post([(root.path, True)])

    def _begin(self, root: _Root) -> None:
        """Watch a root that came, changed its identity, or went; and have it looked at."""
        self._unwatch(root)
        root.identity = _identity(root.path)
        root.is_polled = False
        root.polled_at = time.monotonic()
        if root.identity is not None:
            reason = "is on a disk that does not announce changes" if _is_remote(root.path) else self._watch(root)
            if reason:
                self._poll(root, reason)
        self._post([(root.path, True)])

    def _watch(self, root: _Root) -> str:
        """Begin to watch; return why that failed, or is incomplete."""
        try:
            if self._observer is None:
                observer = Observer()
                observer.start()
                self._observer = observer
            root.watch = self._observer.schedule(
                _Ear(self._hear), os.fsdecode(root.path), recursive=True, event_filter=_EVENTS
            )
        except OSError as error:
            logger.info("No watch on %r: %s", root.path, error)
            return "cannot be watched"
        return "" if _has_room(root.path) else "has more directories than the system can watch"

    def _poll(self, root: _Root, reason: str) -> None:
        root.is_polled = True
        if root.path not in self._told:
            self._told.add(root.path)
            minutes = self._poll_interval_s() / 60
            self._notify(
                f"{os.fsencode(root.path).decode('utf-8', 'replace')} {reason}; "
                f"it is looked through every {minutes:.0f} minutes."
            )

    def _unwatch(self, root: _Root) -> None:
        if root.watch is not None and self._observer is not None:
            self._observer.unschedule(root.watch)
        root.watch = None

    def _flush(self) -> None:
        """Post what came to rest."""
        now = time.monotonic()
        with self._wake:
            is_due = now >= min(self._last_hint + QUIET_S, self._first_hint + LONGEST_WAIT_S)
            if not self._hints or not is_due:
                return
            hints, self._hints = self._hints, {}
            count, self._hint_count = self._hint_count, 0
        for root in self._roots.values():
            of_root = [path for path in hints if is_within(path, root.path)]
            if not of_root:
                continue
            if count >= BURST_EVENTS:
                hints[root.path] = True
            has_new_directories = any(hints[path] for path in of_root)
            if has_new_directories and root.watch is not None and not root.is_polled and not _has_room(root.path):
                self._poll(root, "has more directories than the system can watch")
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
