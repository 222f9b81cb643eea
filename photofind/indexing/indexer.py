"""The indexer: one thread that owns the only write connection, embeds, and writes the vector index.

The window and the command line reach it through `Library`; every public method may be called from any thread and
returns at once (`start` and `close` wait for the thread). The thread takes turns: the user's commands first, then
what the decoders finished (embedded and written as one batch, one transaction), then a step of the scan. So a
command waits for one batch at most, thumbnails appear while the walk still goes on, and a kill loses one batch.

Order of writing: the catalog, then thumbnails and index. Both are caches: what a kill leaves out of them is added
at the next start, thumbnails here, vectors by `VectorIndex.open`.

It never waits for a disk: what it wants to know of files it asks `disks`, and goes on. A root that does not answer,
or gives no byte of its photos, is offline until it does; what was under way from it is dropped, because the scan
that follows its return finds it again.

Alternatives that lost: a thread that scans beside one that writes needs a second connection, locks around the
catalog's state and an answer to what a command sees in between, and gains nothing while decoding takes 95 % of the
time. A lower priority for this thread: while it waits for a core with the GIL held, the window waits as well; only
the decoder processes are nice.
"""

import heapq
import itertools
import logging
import os
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog, Meaning
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.errors import DiskFullError, LibraryBusyError, LibraryReadOnlyError, ModelError, UserError
from photofind.events import (
    FoldersChanged,
    Listener,
    Notice,
    PhotoFailed,
    PhotosAdded,
    PhotosChanged,
    PhotosRemoved,
    Progress,
    Stage,
)
from photofind.indexing import disks
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.disks import Alive, Disks
from photofind.indexing.inquiries import Inquiries, Inquiry
from photofind.indexing.pace import Pace
from photofind.indexing.prepare import PrepareRequest
from photofind.indexing.scan import Found, Scan, ScanStep, Target, Verdict, folder_of
from photofind.indexing.standing import Standing, facts_at, look_at_failed, look_at_file
from photofind.indexing.watch import Watcher
from photofind.photo.formats import has_photo_extension
from photofind.records import NOT_ANSWERING, Failure, FailureKind, FileFacts, Folder, Prepared
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words
from photofind.settings import Settings

logger = logging.getLogger(__name__)

T = TypeVar("T")

BATCH_PHOTOS = 32
"""Photos embedded and written together. A synced transaction takes 6 ms whatever it holds, the network gains
nothing above 8 at a time on a CPU, and 32 keep what a kill loses, and what a command waits for, small."""
FIRST_BATCH_PHOTOS = 6
BATCH_WAIT_S = 0.25
"""A batch that is not full is written after so long."""
LOOK_AHEAD = 2 * BATCH_PHOTOS + 4 * (os.cpu_count() or 1)
"""Files before the decoders: while one batch is embedded and written, they live on what lies there."""
PENDING_LIMIT = 50_000
"""Files found but not yet given to the decoders (17 MB); above it the walk waits."""
SAME_SIZE_LIMIT = 256
"""At most so many known digests travel with a file; formats of one fixed size have thousands. A copy beyond them is
decoded once more, but not embedded."""
CHANGING_ATTEMPTS = 5
QUIET_S = 1.0
"""First wait for a file that changed while it was read; doubled each time, 31 s in all."""
OBSTACLE_WAIT_S = 5.0
READS_CHECK_S = 1.0
BATTERY_CHECK_S = 30.0
PROGRESS_S = 0.2
ANNOUNCE_S = 0.1
STANDSTILL_S = 1.0
"""Where nothing moves, that is told so often: the rate falls."""
QUERY_WAIT_S = 0.5
"""How long the work stands back at most for one query that waits."""
SAVE_AFTER_ADDS = 20_000
"""In a long run the index is saved this often; adding so many again takes 8 s, saving 100,000 vectors 0.5 s."""
SAVE_IDLE_ADDS = 500
"""Fewer new vectors are not worth writing the whole index for; opening adds them in 0.2 s."""
FILL_CONTENTS = 2_048
"""Contents asked for at once when caches are filled; asking costs 0.2 s in a library of 300,000."""
CHECK_CONTENTS = 16_384
LABEL_CONTENTS = 2_048
"""Contents labelled anew in one step: 0.1 CPU-seconds."""
REMOVE_PHOTOS = 500
DISK_RESERVE_MB = 50
LEAVE_S = 5.0
"""So long closing waits for a command that does something to files: photos may be on their way to the trash."""
BATCH_S = 0.5
"""A network that needs longer for a whole batch gets smaller ones: Stop and commands wait for one at most."""

_WATCH_S = 0.25
"""How often it is seen whether a disk that was asked stays silent."""
_NOT_LOOKED_AT = FileFacts(0, 0, 0, 0, 0)
"""Of files that are read again for a cache: their decoder looks at them."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One file on its way through a decoder.

    Attributes:
        attempt: How often it was read before and changed meanwhile.
        content_id, digest: Set when the file is read again for the caches of a content that is in the catalog.
        wants_vector: Whether such a content is to be embedded, or lacks its thumbnail only.
    """

    found: Found
    attempt: int = 0
    content_id: int | None = None
    digest: bytes = b""
    wants_vector: bool = True


_Identity = tuple[int, int, int, int]


def _identity(facts: FileFacts) -> _Identity | None:
    """Return what two names of one file have in common; None on file systems without inodes."""
    if facts.inode == 0:
        return None
    return facts.device, facts.inode, facts.size_bytes, facts.mtime_ns


_Answer = Future[Prepared | Failure]


@dataclass(slots=True, eq=False)
class _Work:
    """One run: what a scan found and how far it is. Stop throws it away whole."""

    scan: Scan | None = None
    steps: Iterator[ScanStep | Verdict | None] | None = None
    targets: list[Target] = field(default_factory=list)
    forget: frozenset[int] = frozenset()
    is_scan_broken: bool = False
    pending: deque[_Job] = field(default_factory=deque)
    held: dict[bytes, list[_Job]] = field(default_factory=dict)
    """Files of roots that gave none for a while, until it is known whether these answer at all."""
    asking: dict[bytes, _Job] = field(default_factory=dict)
    """Files about which a disk was asked, by path."""
    questions: int = 0
    """Questions to disks about files that are in none of these."""
    later: list[tuple[float, int, _Job]] = field(default_factory=list)
    """Heap of files that change: when to look again, a number that keeps their order, the job."""
    outstanding: dict[_Answer, _Job] = field(default_factory=dict)
    running: dict[_Answer, float] = field(default_factory=dict)
    """Since when those are being read, as far as it was seen."""
    heard: dict[bytes, float] = field(default_factory=dict)
    """When a root gave a file last."""
    batch: list[tuple[_Job, Prepared]] = field(default_factory=list)
    batch_since: float = 0.0
    failures: list[Failure] = field(default_factory=list)
    paths: set[bytes] = field(default_factory=set)
    """All files of `pending`, `held`, `asking`, `later`, `outstanding` and `batch`."""
    names: dict[_Identity, bytes] = field(default_factory=dict)
    """The same files by identity, to find their twins: other names (hard links, bind mounts) of the same file."""
    twins: dict[_Identity, list[Found]] = field(default_factory=dict)
    filling: set[int] = field(default_factory=set)
    """Contents that are read again because a cache lacks them."""
    wants_fill: bool = False
    may_lack_vectors: bool = True
    """Whether to look for contents without a vector: a second among a million, so once in vain is enough."""
    done: int = 0
    total: int = 0
    failed: int = 0
    most_photos: int = BATCH_PHOTOS
    """Of one batch, for the pace of the network."""

    def is_empty(self) -> bool:
        """Return whether no file is on its way."""
        return not (self.pending or self.held or self.asking or self.questions or self.later or self.has_read())

    def has_read(self) -> bool:
        """Return whether files are being read, or wait to be written."""
        return bool(self.outstanding or self.batch or self.failures)

    @property
    def batch_photos(self) -> int:
        """Photos of the next batch: few at first, because somebody waits for the first thumbnails."""
        return min(self.most_photos, BATCH_PHOTOS if self.done else min(FIRST_BATCH_PHOTOS, BATCH_PHOTOS))

    def is_batch_due(self, now: float) -> bool:
        """Return whether to write what there is: it is a full batch, old, or all."""
        if not self.batch:
            return bool(self.failures)
        is_all = not self.outstanding and not self.pending
        return len(self.batch) >= self.batch_photos or is_all or now - self.batch_since >= BATCH_WAIT_S

    def want_fill(self) -> None:
        """Look again for contents that a cache lacks."""
        self.wants_fill = self.may_lack_vectors = True

    def wants_more(self) -> bool:
        """Return whether the decoders run dry."""
        return not self.pending and len(self.outstanding) < BATCH_PHOTOS


class _Announcements:
    """Ids to be announced, merged to at most one event of a kind every `ANNOUNCE_S`."""

    def __init__(self, emit: Listener) -> None:
        self._emit = emit
        self._last = -ANNOUNCE_S
        self.added: list[int] = []
        self.changed: list[int] = []
        self.removed: list[int] = []

    @property
    def due(self) -> float | None:
        """When to flush; None when there is nothing."""
        return self._last + ANNOUNCE_S if self.added or self.changed or self.removed else None

    def flush(self, now: float, *, at_once: bool = False) -> None:
        """Emit what is due."""
        if self.due is None or (now < self.due and not at_once):
            return
        self._last = now
        added, changed, removed = self.added, self.changed, self.removed
        self.added, self.changed, self.removed = [], [], []
        if added:
            self._emit(PhotosAdded(tuple(added)))
        if changed:
            self._emit(PhotosChanged(tuple(dict.fromkeys(changed))))
        if removed:
            self._emit(PhotosRemoved(tuple(removed)))


class Indexer:
    """Takes in what folders hold, and runs the user's writes.

    Args:
        catalog_path: Opened for writing on the indexer's thread.
        thumbnails: Where thumbnails go.
        index: Where vectors go; only this thread adds.
        embedder: The network.
        settings: `pause_on_battery` and `poll_interval_s` are read whenever they matter.
        emit: Called with every event, on the indexer's or the watcher's thread.
        pool: The decoder processes; not closed here.
        words: What the network knows of words; None where it knows none.
        is_query_waiting: While it returns True, the work stands back for up to `QUERY_WAIT_S` at a time.
        disks: Asks the disks; closed with this.
    """

    def __init__(
        self,
        catalog_path: Path,
        thumbnails: ThumbnailStore,
        index: VectorIndex,
        embedder: ImageEmbedder,
        settings: Settings,
        emit: Listener,
        *,
        pool: DecoderPool,
        words: Words | None = None,
        is_query_waiting: Callable[[], bool] = lambda: False,
        disks: Disks | None = None,
    ) -> None:
        self._catalog_path = catalog_path
        self._thumbnails = thumbnails
        self._index = index
        self._embedder = embedder
        self._words = words
        self._settings = settings
        self._emit = emit
        self._pool = pool
        self._is_query_waiting = is_query_waiting
        self._disks = disks if disks is not None else Disks()
        self._inquiries = Inquiries(
            self._disks, self._on_disk_news, self._lose, lambda root: self._post([(root, True)])
        )
        self._thread = threading.Thread(target=self._main, name="photofind-indexer", daemon=True)
        self._opened: Future[None] = Future()
        self._watcher: Watcher | None = None

        # Guarded by _wake: what other threads say and ask.
        self._wake = threading.Condition()
        self._commands: deque[tuple[Callable[[], None], Future[object]]] = deque()
        self._hints: dict[bytes, bool] = {}
        self._is_whole_wanted = False
        self._forget: set[int] = set()
        self._completed: deque[tuple[_Work, _Answer]] = deque()
        self._has_disk_news = False
        self._need = 1
        self._is_paused = False
        self._is_stopped = False
        self._is_closing = False
        self._is_idle = True

        # The thread's own.
        self._catalog: Catalog
        self._work = _Work()
        self._announcements = _Announcements(emit)
        self._obstacle = ""
        self._obstacle_until = 0.0
        self._battery_checked = -BATTERY_CHECK_S
        self._is_on_battery = False
        self._unsaved_adds = 0
        self._unchecked: NDArray[np.int64] | None = None
        self._is_remaking = False
        """Whether contents that have a thumbnail get a new one, too."""
        self._cannot_fill: set[int] = set()
        self._exchange: Future[None] | None = None
        self._new_thumbnails: list[tuple[int, bytes]] = []
        self._new_vectors: list[tuple[int, NDArray[np.float32]]] = []
        self._new_words: list[tuple[int, NDArray[np.float32]]] = []
        self._labelled_until: int | None = None
        self._cannot_label = False
        self._numbers = itertools.count()
        self._progress = Progress(Stage.IDLE)
        self._progress_due = 0.0
        self._pace = Pace()
        self._folders: list[Folder] | None = None
        self._reads_checked = 0.0
        self._commands_on_disks = 0
        self._is_on_disk = False

    # ------------------------------------------------------------------------------ from any thread

    def start(self) -> None:
        """Start the thread and wait until its catalog is open.

        Raises:
            PhotofindError: As `Catalog.open`.
        """
        self._thread.start()
        self._opened.result()

    def close(self) -> None:
        """End after the batch at hand and the commands given so far, and wait for it; save the index.

        A command that hangs in a disk is left behind: the journal knows what it was about.
        """
        with self._wake:
            self._is_closing = True
            self._wake.notify_all()
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()
        start = time.monotonic()
        while self._thread.is_alive() and not (self._is_on_disk and time.monotonic() - start >= LEAVE_S):
            self._thread.join(_WATCH_S)
        self._disks.close()

    def start_watching(self) -> None:
        """Notice changes in all folders from now on."""

        def begin(catalog: Catalog) -> None:
            with self._wake:
                if self._watcher is not None or self._is_closing:
                    return
                self._watcher = Watcher(
                    post=self._post,
                    notify=lambda sentence: self._emit(Notice(sentence)),
                    poll_interval_s=lambda: self._settings.number("poll_interval_s"),
                )
            self._watcher.watch([folder.path for folder in catalog.folders()])

        self.submit(begin)

    def rescan(self, directory: bytes | None = None) -> None:
        """Look through one directory and what lies below, or through all folders."""
        if directory is not None:
            self._post([(os.path.abspath(directory), True)])
            return
        with self._wake:
            self._is_whole_wanted = True
            self._is_idle = False
            self._wake.notify_all()

    def retry(self, paths: Sequence[bytes]) -> None:
        """Read files again that failed, though they did not change."""
        chosen = list(paths)

        def ask(_: Catalog) -> None:
            self._cannot_fill.clear()
            by_root: dict[bytes, list[bytes]] = {}
            for path in chosen:
                by_root.setdefault(self._root_of(path) or os.path.dirname(path), []).append(path)
            for root, of_root in by_root.items():
                self._ask_for_work(root, partial(look_at_failed, of_root), queue_again)

        def queue_again(found: Sequence[tuple[bytes, FileFacts | None, bool, bool]]) -> None:
            vanished = []
            for path, facts, is_directory, is_lost in found:
                if is_directory:
                    self._post([(path, True)])
                elif facts is not None:
                    self._queue(Found(path, facts, self._catalog.photo_at(path)))
                elif is_lost:
                    vanished.append(path)
            if vanished:
                self._catalog.clear_failures(vanished)

        self.submit(ask)

    def forget_missing(self, folder_id: int) -> None:
        """Look through a folder again and remove all photos that are missing, however many.

        Only after the user agreed to their number. A folder that cannot be looked through at all keeps them.
        """

        def begin(catalog: Catalog) -> None:
            for folder in catalog.folders():
                if folder.folder_id == folder_id:
                    with self._wake:
                        self._forget.add(folder_id)
                    self._post([(folder.path, True)])

        self.submit(begin)

    def remake_thumbnails(self) -> Future[None]:
        """Make the thumbnail of every content anew in the background; the old ones are shown until then."""

        def begin(_: Catalog) -> None:
            self._unchecked, self._is_remaking = None, True
            self._work.want_fill()

        return self.submit(begin)

    def set_embedder(self, embedder: ImageEmbedder, index: VectorIndex, words: Words | None = None) -> Future[None]:
        """Change to another network.

        From now on photos are embedded by it, into `index` and `words`, and all known contents are embedded again
        in the background. The one before goes on answering, without what is new, until the Future is done; then the
        caller answers from these.
        """
        done: Future[None] = Future()
        done.set_running_or_notify_cancel()

        def exchange(_: Catalog) -> None:
            self._save_index(least_adds=1)
            given_up = self._exchange
            self._embedder, self._index, self._words, self._exchange = embedder, index, words, done
            if given_up is not None:
                given_up.set_exception(UserError("Another network was chosen meanwhile."))
            work = self._work
            work.pending.extendleft(job for job, prepared in work.batch if not self._fits(prepared))
            work.batch = [(job, prepared) for job, prepared in work.batch if self._fits(prepared)]
            self._unsaved_adds = 0
            self._cannot_fill.clear()
            self._labelled_until, self._cannot_label = None, False
            work.most_photos = FIRST_BATCH_PHOTOS  # until it is known how quick it is
            work.want_fill()

        self.submit(exchange)
        return done

    def pause(self) -> None:
        """Take up nothing new until `resume`; commands still run."""
        self._set_paused(True)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._set_paused(False)

    def _set_paused(self, is_paused: bool) -> None:
        with self._wake:
            self._is_paused = is_paused
            self._is_idle = False
            self._wake.notify_all()

    def stop(self) -> None:
        """Drop the present scan and all it found; the next one finds it again."""
        with self._wake:
            self._is_stopped = True
            self._is_idle = False
            self._hints.clear()
            self._is_whole_wanted = False
            self._wake.notify_all()

    def submit(self, command: Callable[[Catalog], T]) -> Future[T]:
        """Run a short write on the indexer's thread, before its next batch, also while paused."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = command(self._catalog)
            except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._wake:
            if not self._is_closing:
                self._commands.append((run, future))  # type: ignore[arg-type]
                self._is_idle = False
                self._wake.notify_all()
                return future
        future.set_exception(UserError("The library is closed."))
        return future

    def submit_on_disk(
        self, find_paths: Callable[[Catalog], Sequence[bytes]], command: Callable[[Catalog], T]
    ) -> Future[T]:
        """Run a command that does something to files, once it is known that their disks answer.

        A command runs on this thread, and one that hangs in a dead disk would hold up all others.

        Args:
            find_paths: Says what files it is about.
            command: As `submit` takes it.

        Returns:
            The Future raises UserError when a disk does not answer.
        """
        outer: Future[T] = Future()
        outer.set_running_or_notify_cancel()  # what was asked for is done

        def hand_over(inner: Future[T]) -> None:
            error = inner.exception()
            if error is not None:
                outer.set_exception(error)
            else:
                outer.set_result(inner.result())

        def begin(catalog: Catalog) -> None:
            self._commands_on_disks += 1
            outer.add_done_callback(ended)
            paths = {root: path for path in find_paths(catalog) if (root := self._root_of(path)) is not None}
            left = set(paths)

            def on_disk(catalog: Catalog) -> T:
                self._is_on_disk = True
                try:
                    return command(catalog)
                finally:
                    self._is_on_disk = False

            def answered(root: bytes, _: object) -> None:
                left.discard(root)
                if not left and not outer.done():
                    self.submit(on_disk).add_done_callback(hand_over)

            def lost() -> None:
                if not outer.done():
                    outer.set_exception(UserError("The library is closed." if self._is_closing else NOT_ANSWERING))

            if any(self._inquiries.is_silent(root) for root in paths):
                lost()
                return
            for root, path in paths.items():
                look = partial(look_at_file, root, path)
                self._inquiries.ask(Inquiry(root, partial(answered, root), lost), look)
            if not paths:
                self.submit(on_disk).add_done_callback(hand_over)

        def ended(_: Future[T]) -> None:
            self._commands_on_disks -= 1

        def refused(done: Future[None]) -> None:
            error = done.exception()
            if error is not None and not outer.done():
                outer.set_exception(error)

        self.submit(begin).add_done_callback(refused)
        return outer

    def wait_idle(self, timeout_s: float | None = None) -> bool:
        """Block until everything asked for so far is done; False when `timeout_s` ran out first."""
        with self._wake:
            return self._wake.wait_for(lambda: self._is_idle or self._is_closing, timeout_s)

    def _post(self, hints: Sequence[tuple[bytes, bool]]) -> None:
        """Ask for directories to be looked at, each with all below it or alone."""
        with self._wake:
            for directory, is_recursive in hints:
                self._hints[directory] = self._hints.get(directory, False) or is_recursive
            self._is_idle = False
            self._wake.notify_all()

    # ------------------------------------------------------------------------------- the thread's turns

    def _main(self) -> None:
        try:
            self._catalog = Catalog.open(self._catalog_path)
        except BaseException as error:  # noqa: BLE001 - raised again by `start`
            self._opened.set_exception(error)
            return
        try:
            self._opened.set_result(None)
            while not self._is_closing:
                try:
                    self._run_commands()
                    self._take_stop()
                    self._inquiries.hear(self._work, lambda error: bool(self._obstacle_of(error)))
                    has_worked = self._turn()
                except Exception as error:  # noqa: BLE001 - the thread must outlive any bug
                    self._hinder(error)
                    has_worked = False
                self._tell(time.monotonic())
                if not has_worked:
                    self._wait()
            self._end()
        finally:
            self._catalog.close()

    def _run_commands(self) -> None:
        """Run what the user asked for, in order."""
        has_run = False
        while True:
            with self._wake:
                if not self._commands:
                    break
                run, _ = self._commands.popleft()
            run()
            has_run = True
        if has_run:
            self._folders = None
            self._follow_folders()

    def _follow_folders(self) -> None:
        watcher = self._watcher
        if watcher is not None:
            watcher.watch([folder.path for folder in self._catalog.folders()])

    def _take_stop(self) -> None:
        with self._wake:
            is_stopped, self._is_stopped = self._is_stopped, False
        if is_stopped:
            for future in self._work.outstanding:
                future.cancel()
            self._work = _Work(most_photos=self._work.most_photos)
            self._is_remaking = False
            if self._exchange is not None:
                self._work.want_fill()  # a change of the network is not a scan; it goes on

    def _turn(self) -> bool:
        """Do a little of what there is to do; return False when there is nothing but waiting."""
        now = time.monotonic()
        self._inquiries.call_silent(lambda: {folder.path for folder in self._known_folders()})
        if now < self._obstacle_until:
            return False
        self._write_caches()
        is_blocked = self._is_paused or self._must_save_power(now)
        if is_blocked:
            self._withdraw()
        else:
            self._stand_back()
            self._begin_scan()
            self._take_up_later(now)
            self._watch_reads(now)
            self._refill()
        self._collect()
        has_worked = False
        if self._work.is_batch_due(now):
            self._commit()
            has_worked = True
        if not is_blocked:
            if self._work.steps is not None and len(self._work.pending) < PENDING_LIMIT:
                has_worked = self._step() or has_worked
            elif self._work.wants_fill and self._work.wants_more():
                self._fill()
                has_worked = True
        self._obstacle = ""
        return has_worked

    def _stand_back(self) -> None:
        """Let a waiting query have the core, for a moment."""
        until = time.monotonic() + QUERY_WAIT_S
        with self._wake:
            while self._is_query_waiting() and not self._is_closing and time.monotonic() < until:
                self._wake.wait(0.01)

    def _wait(self) -> None:
        """Block until there is something to do."""
        work = self._work
        is_done = (
            work.steps is None
            and work.is_empty()
            and not work.wants_fill
            and not self._commands_on_disks
            and not self._new_thumbnails
            and not self._new_vectors
            and not self._new_words
        )
        if is_done and not self._is_idle:
            self._rest()
        now = time.monotonic()
        deadlines = [self._announcements.due]
        if work.outstanding or work.batch:
            deadlines.append(now + BATCH_WAIT_S)
        if work.later:
            deadlines.append(work.later[0][0])
        if work.steps is not None and not self._is_paused:
            deadlines.append(now + _WATCH_S)
        deadlines += self._inquiries.due_s(_WATCH_S)
        if now < self._obstacle_until:
            deadlines.append(self._obstacle_until)
        elif self._is_on_battery and (not is_done or self._has_demands()):
            deadlines.append(self._battery_checked + BATTERY_CHECK_S)
        soonest = min((deadline for deadline in deadlines if deadline is not None), default=None)
        is_blocked = self._is_paused or self._is_on_battery
        with self._wake:
            self._need = need = max(1, min(work.batch_photos - len(work.batch), len(work.outstanding)))
            if is_done and not self._has_demands():
                self._is_idle = True
                self._wake.notify_all()
            state = (self._is_paused, self._is_stopped)

            def is_wanted() -> bool:
                return (
                    self._is_closing
                    or bool(self._commands)
                    or self._inquiries.has_news
                    or self._has_disk_news
                    or (self._is_paused, self._is_stopped) != state
                    or (bool(self._hints or self._is_whole_wanted) and not is_blocked and work.steps is None)
                    or (len(self._completed) >= need and now >= self._obstacle_until)
                )

            timeout = None if soonest is None else max(0.0, soonest - now)
            self._wake.wait_for(is_wanted, timeout)
            self._has_disk_news = False

    def _has_demands(self) -> bool:
        return bool(self._commands or self._hints or self._is_whole_wanted or self._is_stopped)

    def _rest(self) -> None:
        """Do what is kept for when nothing else is to be done."""

        def is_called() -> bool:
            return self._is_closing or self._has_demands() or self._is_query_waiting()

        self._announcements.flush(time.monotonic(), at_once=True)
        try:
            if self._index.build(is_called) and (self._words is None or self._words.build(is_called)):
                self._save_index(least_adds=SAVE_IDLE_ADDS)
        except Exception as error:  # noqa: BLE001 - a cache; the thread must outlive it
            self._hinder(error)

    def _end(self) -> None:
        """Write what is decoded already, and the index."""
        with self._wake:
            commands = list(self._commands)
            self._commands.clear()
        for run, _ in commands:
            run()
        self._inquiries.end(self._work)
        for future in self._work.outstanding:
            future.cancel()
        try:
            self._collect()
            if self._work.batch or self._work.failures:
                self._commit()
            self._write_caches()
            self._save_index(least_adds=SAVE_IDLE_ADDS)
        except Exception as error:
            if self._obstacle_of(error):
                logger.info("The last photos were not written and will be read again: %s", error)
            else:
                logger.exception("Closing met a bug")
        self._announcements.flush(time.monotonic(), at_once=True)
        if self._exchange is not None:
            self._exchange.set_exception(CancelledError())
        with self._wake:
            self._wake.notify_all()

    # ------------------------------------------------------------------------------------- obstacles

    def _hinder(self, error: Exception) -> None:
        """Wait and try again when something outside is in the way; else keep the traceback and go on."""
        work = self._work
        reason = self._obstacle_of(error)
        if reason:
            if reason != self._obstacle:
                logger.info("Indexing waits: %s", reason)
            self._obstacle = reason
            self._obstacle_until = time.monotonic() + OBSTACLE_WAIT_S
        else:
            logger.error("Indexing met a bug", exc_info=error)
            self._emit(Notice(f"Something went wrong while indexing and was written to the log: {error}"))
        if work.steps is not None and work.is_scan_broken:
            # The walk cannot be taken up where it broke off; after an obstacle it starts again.
            if reason:
                with self._wake:
                    self._forget |= work.forget
                self._post([(target.directory, target.is_recursive) for target in work.targets])
            work.steps = None

    def _obstacle_of(self, error: Exception) -> str:
        """Return what is in the way, in a sentence; empty for a bug."""
        if isinstance(error, DiskFullError):
            free_mb = shutil.disk_usage(self._catalog_path.parent).free // 1_000_000
            return f"The disk of the library is full: {free_mb} MB are free, {DISK_RESERVE_MB} MB needed."
        if isinstance(error, LibraryBusyError):
            return "Another program holds the library's catalog."
        return str(error) if isinstance(error, LibraryReadOnlyError) else ""

    def _must_save_power(self, now: float) -> bool:
        if not self._settings.flag("pause_on_battery"):
            self._is_on_battery = False
        elif now - self._battery_checked >= BATTERY_CHECK_S:
            self._battery_checked = now
            battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
            self._is_on_battery = battery is not None and battery.power_plugged is False
        return self._is_on_battery

    # --------------------------------------------------------------------------------------- the scan

    def _begin_scan(self) -> None:
        work = self._work
        if work.steps is not None:
            return
        with self._wake:
            if not self._hints and not self._is_whole_wanted:
                return
        folders = self._catalog.folders()  # first: when it cannot be read now, what is wanted must not be lost
        with self._wake:
            hints, self._hints = self._hints, {}
            is_whole, self._is_whole_wanted = self._is_whole_wanted, False
            work.forget, self._forget = frozenset(self._forget), set()
        work.targets = [Target(directory, is_recursive) for directory, is_recursive in hints.items()]
        if is_whole:
            work.targets += [Target(folder.path) for folder in folders]
            work.want_fill()
        if work.is_empty():
            work.done = work.total = work.failed = 0
        self._folders = folders
        work.scan = Scan(
            self._catalog,
            folders,
            work.targets,
            forget=work.forget,
            disks=self._disks,
            on_answer=self._on_disk_news,
        )
        work.steps = itertools.chain(work.scan.steps(), work.scan.verdicts())
        self._follow_folders()

    def _step(self) -> bool:
        """Do the next step of the scan; return False when that waits for a disk."""
        work = self._work
        assert work.steps is not None
        work.is_scan_broken = True  # until this step is through
        try:
            step = next(work.steps)
        except StopIteration:
            work.steps = work.scan = None
        else:
            if isinstance(step, ScanStep):
                self._apply(step)
            elif step is not None:
                self._conclude(step)
            else:
                work.is_scan_broken = False
                return False
        work.is_scan_broken = False
        return True

    def _apply(self, step: ScanStep) -> None:
        catalog, news = self._catalog, self._announcements
        if step.moved:
            catalog.move_photos(step.moved)
            news.changed.extend(photo_id for photo_id, _, _ in step.moved)
        if step.touched:
            catalog.touch_photos(step.touched)
        if step.recovered:
            catalog.clear_failures(step.recovered)
        if step.failures:
            self._record(step.failures)
        if step.aliases:
            self._add_aliases(step.aliases)
        for found in step.to_read:
            self._queue(found)

    def _add_aliases(self, aliases: Sequence[tuple[bytes, FileFacts, int]]) -> None:
        """Write other names of photos that are in the catalog; nothing is read."""
        photos = {photo.photo_id: photo for photo in self._catalog.photos([alias[2] for alias in aliases])}
        items: list[tuple[Prepared, NDArray[np.float32] | None]] = []
        primaries: dict[bytes, int] = {}
        for path, facts, photo_id in aliases:
            photo = photos.get(photo_id)
            if photo is None:
                self._queue(Found(path, facts))
            else:
                items.append((Prepared(path, facts, photo.digest, is_known=True), None))
                primaries[path] = photo_id
        if items:
            self._catalog.add_prepared(items, self._embedder.model_id, aliases=primaries)
            self._announcements.changed.extend(primaries.values())

    def _conclude(self, verdict: Verdict) -> None:
        """Write what a scan says of one folder."""
        catalog, news = self._catalog, self._announcements
        is_online = not verdict.offline_reason
        root = next((f.path for f in self._known_folders() if f.folder_id == verdict.folder_id), b"")
        if verdict.is_silent:
            self._lose(root)
            return
        if not is_online or verdict.is_whole:
            self._inquiries.forget_silence(root)
        if (not is_online or verdict.is_whole) and catalog.set_folder_online(
            verdict.folder_id, is_online, verdict.offline_reason
        ):
            self._emit(FoldersChanged())
            self._cannot_fill.clear()  # what was away may be there now
        for start in range(0, len(verdict.missing), REMOVE_PHOTOS):
            missing = verdict.missing[start : start + REMOVE_PHOTOS]
            news.added.extend(catalog.remove_photos(missing))
            news.removed.extend(missing)
        if verdict.recovered:
            catalog.clear_failures(verdict.recovered)

    # ------------------------------------------------------------------------------------ the decoders

    def _queue(self, found: Found) -> None:
        """Put a file before the decoders, unless it waits there already or another name of it does."""
        work = self._work
        if found.path in work.paths:
            return
        identity = _identity(found.facts)
        if identity is not None:
            if identity in work.names:
                work.twins.setdefault(identity, []).append(found)
                return
            work.names[identity] = found.path
        work.paths.add(found.path)
        work.pending.append(_Job(found))
        work.total += 1

    def _refill(self) -> None:
        """Keep the decoders busy, a bounded number of files ahead."""
        work = self._work
        while work.pending and len(work.outstanding) < LOOK_AHEAD:
            job = work.pending.popleft()
            root = self._root_of(job.found.path)
            if root in work.held:
                work.held[root].append(job)
                continue
            facts = None if job.found.facts == _NOT_LOOKED_AT else job.found.facts
            known = () if job.content_id is not None else self._known_digests(job.found)
            request = PrepareRequest(job.found.path, self._embedder.input_px, known, facts=facts)
            future = self._pool.submit(request)
            work.outstanding[future] = job
            if root is not None:
                work.heard.setdefault(root, time.monotonic())
            future.add_done_callback(partial(self._on_prepared, work))

    def _known_digests(self, found: Found) -> tuple[bytes, ...]:
        """Return the digests with which the file need not be decoded."""
        known = self._catalog.digests_of_size(found.facts.size_bytes, SAME_SIZE_LIMIT)
        if found.photo_id is not None and len(known) == SAME_SIZE_LIMIT:
            contents = self._catalog.content_of([found.photo_id]).values()
            known += tuple(self._catalog.digests_of(list(contents)).values())  # often only its times changed
        return known

    def _on_prepared(self, work: _Work, future: _Answer) -> None:
        """Take a decoder's answer; called on the pool's thread."""
        if future.cancelled():
            return
        with self._wake:
            self._completed.append((work, future))
            if len(self._completed) >= self._need:
                self._wake.notify_all()

    def _withdraw(self, root: bytes | None = None) -> None:
        """Take back what no decoder has begun, of one root or of all."""
        work = self._work
        for future, job in reversed(list(work.outstanding.items())):
            if (root is None or self._root_of(job.found.path) == root) and future.cancel():
                del work.outstanding[future]
                work.pending.appendleft(job)

    def _collect(self) -> None:
        """Sort what the decoders finished into the next batch."""
        with self._wake:
            # No more than fit: on a busy machine the decoders may be far ahead, and a kill must not lose all that.
            room = max(0, self._work.batch_photos - len(self._work.batch))
            completed = [self._completed.popleft() for _ in range(min(room, len(self._completed)))]
        for work, future in completed:
            if work is not self._work:
                continue  # of a run that was stopped
            job = work.outstanding.pop(future)
            work.running.pop(future, None)
            try:
                result = future.result()
            except Exception as error:
                logger.exception("A decoder's answer was lost")
                result = Failure(job.found.path, FailureKind.CRASHED, f"PhotoFind failed on it: {error}")
            if isinstance(result, Failure):
                self._fail(job, result)
                continue
            root = self._root_of(job.found.path)
            if root is not None:
                work.heard[root] = time.monotonic()
            if not self._fits(result):
                work.pending.appendleft(job)
            else:
                if not work.batch:
                    work.batch_since = time.monotonic()
                work.batch.append((job, result))

    def _fits(self, prepared: Prepared) -> bool:
        """Return whether a photo was prepared for the present network; one read for that before is read again."""
        return prepared.pixels is None or prepared.pixels.shape[0] == self._embedder.input_px

    def _fail(self, job: _Job, failure: Failure) -> None:
        """Decide what becomes of a file that could not be read."""
        work = self._work
        path = job.found.path
        if job.content_id is not None:
            self._cannot_fill.add(job.content_id)
            work.total -= 1
            self._finish(job)
            return
        root = self._root_of(path)
        if root is None or self._inquiries.is_silent(root):
            self._drop(job)
        elif failure.kind in (FailureKind.CHANGING, FailureKind.UNREADABLE, FailureKind.TIMED_OUT):
            self._ask_about(job, root, partial(look_at_file, root, path), partial(self._judge, failure))
        else:
            self._give_up(job, failure)

    def _judge(self, failure: Failure, job: _Job, found: Standing) -> None:
        """Decide what becomes of a file that could not be read, now that its disk says how it stands."""
        path = job.found.path
        if found.is_root_away:
            root = self._root_of(path)
            if root is not None:
                self._post([(root, True)])  # finds it offline
            self._drop(job)
        elif found.is_gone:
            self._drop(job)
        elif failure.kind is FailureKind.CHANGING and job.attempt < CHANGING_ATTEMPTS:
            self._put_off(job, found.facts)
        else:
            self._give_up(job, failure)

    def _give_up(self, job: _Job, failure: Failure) -> None:
        work = self._work
        failure = _without_promise(replace(failure, facts=failure.facts or job.found.facts))
        work.failures.append(failure)
        if failure.kind is FailureKind.NOT_A_PHOTO:
            self._drop(job)  # it is remembered, and no problem: the numbers agree with the list of problems
            return
        work.failed += 1
        self._finish(job)

    def _drop(self, job: _Job) -> None:
        """Let go of a file that is no problem, and no photo now."""
        self._work.total -= 1
        self._finish(job)

    def _put_off(self, job: _Job, facts: FileFacts | None) -> None:
        """Look again at a file that changes, when it had time to come to rest."""
        if facts is None:
            self._drop(job)
            return
        due = time.monotonic() + QUIET_S * 2**job.attempt
        again = replace(job, found=replace(job.found, facts=facts), attempt=job.attempt + 1)
        heapq.heappush(self._work.later, (due, next(self._numbers), again))

    def _take_up_later(self, now: float) -> None:
        work = self._work

        def take_up(job: _Job, facts: FileFacts | None) -> None:
            if facts == job.found.facts or job.attempt >= CHANGING_ATTEMPTS:
                work.pending.appendleft(job)
            else:
                self._put_off(job, facts)

        while work.later and work.later[0][0] <= now:
            job = heapq.heappop(work.later)[2]
            root = self._root_of(job.found.path)
            if root is None or self._inquiries.is_silent(root):
                self._drop(job)
            else:
                self._ask_about(job, root, partial(facts_at, job.found.path), take_up)

    # ---------------------------------------------------------------------------- disks that do not answer

    def _known_folders(self) -> list[Folder]:
        if self._folders is None:
            self._folders = self._catalog.folders()
        return self._folders

    def _root_of(self, path: bytes) -> bytes | None:
        folder = folder_of(path, self._known_folders())
        return None if folder is None else folder.path

    def _ask_about(
        self, job: _Job, root: bytes, question: Callable[[Alive], T], then: Callable[[_Job, T], None]
    ) -> None:
        """Ask about a file that is on its way; it is dropped when its disk does not answer."""
        work, path = self._work, job.found.path
        work.asking[path] = job

        def answered(found: T) -> None:
            if path in work.asking:  # else it was dropped with its root
                then(job, found)
                work.asking.pop(path, None)

        def lost() -> None:
            if work.asking.pop(path, None) is not None:
                self._drop(job)

        self._inquiries.ask(Inquiry(root, answered, lost, work, path), question)

    def _ask_for_work(self, root: bytes, question: Callable[[Alive], T], then: Callable[[T], None]) -> None:
        """Ask for files that are to be taken in."""
        work = self._work
        work.questions += 1

        def answered(found: T) -> None:
            then(found)
            work.questions -= 1

        def lost() -> None:
            work.questions -= 1

        self._inquiries.ask(Inquiry(root, answered, lost, work), question)

    def _on_disk_news(self) -> None:
        """Wake up: a disk answered; called on the thread that asked it."""
        with self._wake:
            self._has_disk_news = True
            self._wake.notify_all()

    def _watch_reads(self, now: float) -> None:
        """Find out about roots of which the decoders got nothing for a while."""
        if now - self._reads_checked < READS_CHECK_S:
            return
        self._reads_checked = now
        work = self._work
        for future, job in list(work.outstanding.items()):
            if future.running():
                work.running.setdefault(future, now)
            since = work.running.get(future)
            root = self._root_of(job.found.path)
            if since is None or root is None or root in work.held or self._inquiries.is_silent(root):
                continue
            if now - max(since, work.heard.get(root, 0.0)) >= disks.PATIENCE_S:
                self._doubt(root, job.found.path)

    def _doubt(self, root: bytes, path: bytes) -> None:
        """Give the decoders nothing more of a root, until it is known whether it answers."""
        work = self._work
        work.held[root] = []
        self._withdraw(root)

        def trust(_: object = None) -> None:
            work.heard[root] = time.monotonic()
            work.pending.extendleft(reversed(work.held.pop(root, [])))

        def lost() -> None:
            for job in work.held.pop(root, []):
                self._drop(job)

        inquiry = Inquiry(root, trust, lost, work, path)
        self._inquiries.ask(inquiry, partial(look_at_file, root, path))

    def _lose(self, root: bytes, witness: bytes = b"") -> None:
        """Go on without a root that does not answer; it is asked again later, see `Inquiries.note_silence`."""
        is_news = self._inquiries.note_silence(root, witness)
        self._forget_work(root)
        folder = next((folder for folder in self._known_folders() if folder.path == root), None)
        if folder is None:
            self._inquiries.forget_silence(root)
            return
        if is_news:
            logger.info("%r does not answer", root)
            self._emit(Notice(f"{_shown(root)} does not answer; its photos stay searchable."))
        if self._catalog.set_folder_online(folder.folder_id, False, NOT_ANSWERING):
            self._emit(FoldersChanged())

    def _forget_work(self, root: bytes) -> None:
        """Drop all files of a root that are on their way, but those that a decoder holds until its time is up."""
        work = self._work

        def is_of(job: _Job) -> bool:
            return self._root_of(job.found.path) == root

        self._withdraw(root)
        dropped = [job for job in work.asking.values() if is_of(job)] + work.held.pop(root, [])
        for job in dropped:
            work.asking.pop(job.found.path, None)
        dropped += [job for _, _, job in work.later if is_of(job)]
        work.later = [each for each in work.later if not is_of(each[2])]
        heapq.heapify(work.later)
        while True:
            dropped += [job for job in work.pending if is_of(job)]
            if not dropped:
                break
            work.pending = deque(job for job in work.pending if not is_of(job))
            for job in dropped:
                self._drop(job)  # which queues other names of it
            dropped = []

    def _finish(self, job: _Job) -> None:
        """Forget a file that is through, and see to other names of it that waited."""
        work = self._work
        path = job.found.path
        work.paths.discard(path)
        if job.content_id is not None:
            work.filling.discard(job.content_id)
        for identity in [i for i in (_identity(job.found.facts),) if i and work.names.get(i) == path]:
            del work.names[identity]
            twins = work.twins.pop(identity, [])
            photo_id = self._catalog.photo_at(path) if twins else None
            for twin in twins:
                if photo_id is None:
                    self._queue(twin)
                else:
                    self._add_aliases([(twin.path, twin.facts, photo_id)])

    # ---------------------------------------------------------------------------------------- writing

    def _commit(self) -> None:
        """Embed and write the batch at hand. When that fails for one photo, the others are written."""
        work = self._work
        batch = work.batch
        try:
            self._write(batch)
        except Exception as error:
            if self._obstacle_of(error):
                raise
            logger.exception("A batch could not be written; its photos are written one by one")
            batch = [(job, prepared) for job, prepared in batch if self._write_one(job, prepared)]
        self._record(work.failures)
        jobs = [job for job, _ in work.batch]
        work.batch, work.failures = [], []
        work.done += len(batch)
        for job in jobs:
            self._finish(job)
        self._write_caches()

    def _write_one(self, job: _Job, prepared: Prepared) -> bool:
        try:
            self._write([(job, prepared)])
        except Exception as error:
            if self._obstacle_of(error):
                raise
            logger.exception("A photo could not be written: %r", prepared.path)
            reason = f"PhotoFind could not take it in: {error}"
            self._work.failures.append(Failure(prepared.path, FailureKind.CRASHED, reason, prepared.facts))
            self._work.failed += 1
            return False
        return True

    def _write(self, batch: Sequence[tuple[_Job, Prepared]]) -> None:
        photos: list[Prepared] = []
        fills: list[tuple[int, Prepared]] = []
        for job, prepared in batch:
            if job.content_id is None or prepared.digest != job.digest:
                photos.append(prepared)
            elif job.wants_vector:
                fills.append((job.content_id, prepared))
            else:
                self._new_thumbnails.append((job.content_id, prepared.thumbnail))
        fresh = self._fresh(photos)
        pixels = [p.pixels for p in (*fresh.values(), *(p for _, p in fills)) if p.pixels is not None]
        start = time.monotonic()
        vectors, meanings, labels_made_by = self._embed(pixels)
        if pixels:
            photo_s = (time.monotonic() - start) / len(pixels)
            self._work.most_photos = max(1, min(BATCH_PHOTOS, int(BATCH_S / max(photo_s, 1e-6))))
        model_id = self._embedder.model_id
        if photos:
            of_digest = dict(zip(fresh, vectors, strict=False))
            items = [(prepared, of_digest.pop(prepared.digest, None)) for prepared in photos]
            said = dict(zip(fresh, meanings, strict=False))
            added = self._catalog.add_prepared(items, model_id, meanings=said, labels_made_by=labels_made_by)
            self._announcements.added.extend(added.photo_ids_added)
            self._announcements.changed.extend(added.photo_ids_changed)
            for content_id, _, thumbnail, vector, text_vector in added.contents:
                self._new_thumbnails.append((content_id, thumbnail))
                if vector is not None:
                    self._new_vectors.append((content_id, vector))
                if text_vector is not None:
                    self._new_words.append((content_id, text_vector))
            self._revive((*added.photo_ids_added, *added.photo_ids_changed))
        if fills:
            ids = [content_id for content_id, _ in fills]
            filled, also = vectors[len(fresh) :], meanings[len(fresh) :]
            new = self._catalog.add_embeddings(model_id, ids, filled, meanings=also, labels_made_by=labels_made_by)
            self._new_vectors += [each for each in zip(ids, filled, strict=True) if each[0] in new]
            self._new_words += [(i, meaning.vector) for i, meaning in zip(ids, also, strict=bool(also))]
            self._new_thumbnails += [(content_id, prepared.thumbnail) for content_id, prepared in fills]

    def _embed(self, pixels: Sequence[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], list[Meaning], str]:
        """Return the vectors of photos [n, dimension], and where the network knows words what it says in them.

        The text is `Catalog.labels_made_by`: empty when no labels could be given.
        """
        if not pixels:
            return np.empty((0, 0), np.float32), [], ""
        if self._words is None:
            return self._embedder.embed(np.stack(pixels)), [], ""
        vectors, among_words = self._embedder.embed_both(np.stack(pixels))
        assert among_words is not None, "a network with words gives both"
        try:
            labels, made_by = self._words.labels(among_words), self._words.labels_made_by
        except ModelError as error:
            self._tell_no_labels(error)
            labels, made_by = [()] * len(among_words), ""
        return vectors, [Meaning(*each) for each in zip(among_words, labels, strict=True)], made_by

    def _tell_no_labels(self, error: ModelError) -> None:
        if not self._cannot_label:
            self._cannot_label = True  # once for each network and start; then all that have none are labelled
            logger.warning("Photos get no labels: %s", error)
            self._emit(Notice(f"Photos get no labels: {error}"))

    def _fresh(self, photos: Sequence[Prepared]) -> dict[bytes, Prepared]:
        """Return the photos whose content is to be embedded, one of each digest."""
        fresh = {prepared.digest: prepared for prepared in photos if prepared.pixels is not None}
        for digest in self._catalog.known_digests(list(fresh)):
            del fresh[digest]  # a copy of it was written while this one was decoded
        return fresh

    def _revive(self, photo_ids: Sequence[int]) -> None:
        """Bring contents back into the index that had no photo for a while, and so were left out when it opened."""
        ids = set(self._catalog.content_of(photo_ids).values())
        new = {content_id for content_id, _ in self._new_vectors}
        absent = [content_id for content_id in sorted(ids - new) if content_id not in self._index]
        if absent:
            known, vectors = self._catalog.embeddings_of(self._embedder.model_id, absent)
            self._new_vectors += zip(known.tolist(), vectors, strict=True)
            if len(known) < len(absent):
                self._work.want_fill()  # another network saw them
        if self._words is not None:
            others = sorted(ids - {content_id for content_id, _ in self._new_words})
            if len(self._catalog.text_embeddings_of(self._embedder.model_id, others)[0]) < len(others):
                self._work.want_fill()  # they were away when the library got its words

    def _write_caches(self) -> None:
        """Hand thumbnails and vectors of what is committed to their stores."""
        if self._new_thumbnails:
            self._thumbnails.put_many(self._new_thumbnails)
            self._new_thumbnails = []
        if self._new_vectors:
            new, self._new_vectors = self._new_vectors, []
            ids = np.array([content_id for content_id, _ in new], dtype=np.int64)
            self._index.add(ids, np.stack([vector for _, vector in new]))
            self._unsaved_adds += len(new)
        if self._new_words:
            new, self._new_words = self._new_words, []
            if self._words is not None:
                ids = np.array([content_id for content_id, _ in new], dtype=np.int64)
                self._words.add(ids, np.stack([vector for _, vector in new]))
        self._save_index(least_adds=SAVE_AFTER_ADDS)

    def _save_index(self, *, least_adds: int) -> None:
        if self._unsaved_adds < least_adds:
            return
        try:
            self._index.save()
            if self._words is not None:
                self._words.save()
        except OSError as error:
            logger.warning("The vector index could not be saved and will be completed at the next start: %s", error)
        self._unsaved_adds = 0

    def _record(self, failures: Sequence[Failure]) -> None:
        if failures:
            self._catalog.record_failures(failures)
            for failure in failures:
                if failure.kind is not FailureKind.NOT_A_PHOTO:
                    self._emit(PhotoFailed(failure))

    # ---------------------------------------------------------------------------------- filling caches

    def _fill(self) -> None:
        """Read contents again that lack their vector (another network, a kill) or their thumbnail."""
        work = self._work
        model_id = self._embedder.model_id
        wanted: list[tuple[int, bytes, bool]] = []
        if work.may_lack_vectors:
            passed_over = self._cannot_fill | work.filling
            missing = self._catalog.contents_without_embedding(
                model_id, FILL_CONTENTS + len(passed_over), wants_words=self._words is not None
            )
            wanted = [(content_id, path, True) for content_id, path in missing if content_id not in passed_over]
        if not wanted and not work.filling:
            work.may_lack_vectors = False
            wanted = [(content_id, path, False) for content_id, path in self._without_thumbnail()]
        if not wanted:
            if (
                not work.filling
                and (self._unchecked is None or not len(self._unchecked))
                and not self._label_some()
            ):
                work.wants_fill = False
                self._end_remaking()
                self._end_exchange()
            return
        digests = self._catalog.digests_of([content_id for content_id, _, _ in wanted])
        for content_id, path, wants_vector in wanted:
            if path in work.paths:
                self._cannot_fill.add(content_id)
                continue
            work.paths.add(path)
            work.filling.add(content_id)
            found = Found(path, _NOT_LOOKED_AT)
            work.pending.append(_Job(found, 0, content_id, digests[content_id], wants_vector))
            work.total += 1

    def _label_some(self) -> bool:
        """Label some contents anew if their labels are of another list or calibration; return whether it did."""
        words, model_id = self._words, self._embedder.model_id
        if words is None or self._cannot_label:
            return False
        try:
            made_by = words.labels_made_by
            if self._labelled_until is None:
                if self._catalog.labels_made_by(model_id) == made_by:
                    return False
                self._labelled_until = 0
            ids, vectors = self._catalog.text_embeddings_after(model_id, self._labelled_until, LABEL_CONTENTS)
            labels = words.labels(vectors) if len(ids) else []
        except ModelError as error:
            self._tell_no_labels(error)
            return False
        if len(ids):
            self._catalog.set_labels(model_id, dict(zip(ids.tolist(), labels, strict=True)))
            self._labelled_until = int(ids[-1])
            return True
        self._catalog.set_labels_made_by(model_id, made_by)
        self._labelled_until = None
        return False

    def _without_thumbnail(self) -> list[tuple[int, bytes]]:
        """Return contents without a thumbnail, of the next ones that were not looked at since the start."""
        if self._unchecked is None:
            self._unchecked = self._catalog.contents_online()
        ids, self._unchecked = self._unchecked[:CHECK_CONTENTS].tolist(), self._unchecked[CHECK_CONTENTS:]
        has_one = set() if self._is_remaking else self._thumbnails.has(ids)
        missing = sorted(set(ids) - has_one - self._cannot_fill)
        photos = self._catalog.photos([each[0] for each in self._catalog.photos_of(missing).values()])
        return [(photo.content_id, photo.path) for photo in photos if photo.is_online]

    def _end_remaking(self) -> None:
        """Tell that all thumbnails are new."""
        if self._is_remaking:
            self._is_remaking = False
            self._emit(PhotosChanged(()))
            self._emit(Notice("All thumbnails were made anew."))

    def _end_exchange(self) -> None:
        """Tell that the new network has seen everything."""
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            self._save_index(least_adds=1)
            exchange.set_result(None)
            self._emit(Notice("The new network has seen all photos and answers from now on."))

    # --------------------------------------------------------------------------------------- progress

    def _tell(self, now: float) -> None:
        """Announce what is new, each kind only so often."""
        self._announcements.flush(now)
        work = self._work
        stage, message = self._stage()
        is_news = (stage, message) != (self._progress.stage, self._progress.message)
        counts = (work.done, work.total, work.failed)
        has_moved = counts != (self._progress.done, self._progress.total, self._progress.failed)
        is_going = stage in (Stage.INDEXING, Stage.SCANNING)
        due = self._progress_due if has_moved else self._progress_due - PROGRESS_S + STANDSTILL_S
        if not is_news and (now < due or not (has_moved or is_going)):
            return
        self._progress_due = now + PROGRESS_S
        if is_going:
            left = max(0, work.total - work.done - work.failed)
            per_second, seconds_left = self._pace.take(
                now, work.done + work.failed, left if work.steps is None else None
            )
        else:
            self._pace.clear()
            per_second, seconds_left = 0.0, None
        self._progress = Progress(stage, *counts, per_second, seconds_left, message)
        self._emit(self._progress)

    def _stage(self) -> tuple[Stage, str]:
        work = self._work
        is_busy = work.steps is not None or work.wants_fill or not work.is_empty() or self._has_demands()
        if self._is_paused:
            return Stage.PAUSED, ""
        if not is_busy:
            return Stage.IDLE, ""
        if self._obstacle:
            return Stage.WAITING, self._obstacle
        if self._is_on_battery:
            return Stage.WAITING, "Indexing waits for mains power."
        return (Stage.SCANNING if work.is_empty() else Stage.INDEXING), ""


def _shown(path: bytes) -> str:
    return os.fsencode(os.path.basename(path) or path).decode("utf-8", "replace")


def _without_promise(failure: Failure) -> Failure:
    """Return the failure, as no problem if nothing but its lack of a name ending made the file a candidate."""
    is_no_image = failure.kind in (FailureKind.NOT_AN_IMAGE, FailureKind.EMPTY)
    if is_no_image and not has_photo_extension(os.path.basename(failure.path)):
        return replace(failure, kind=FailureKind.NOT_A_PHOTO)
    return failure
