"""Compares folders on the disk with the catalog and says what has to be done; writes nothing itself.

Called by the indexer thread alone, on its own catalog connection. The scan is the truth, watcher events are hints.
A scan is a generator of small steps, so that one folder of 100,000 files neither delays the first thumbnail nor a
click on Stop. Directories are walked with `os.scandir` on bytes and a list of our own instead of recursion: no
depth is too deep, no name is lost to decoding, and the price is one `lstat` per candidate (200,000 files in 0.56 s,
`rglob` takes 1.8 s).

Links are not followed, neither to files nor to directories: what they name is found where it lies, and no loop is
possible but one of bind mounts, which the chain of (device, inode) above each directory cuts. A hard link or a
file that a bind mount shows a second time has the identity of a photo that is there already and becomes its alias.

What is missing is concluded only at the end, from directories that were listed without an error: until then
a file that vanished here may turn up there as a move. "Not seen" is never "deleted": a root that is gone, empty or
short of more than a fifth of its photos goes offline, with every row kept; so do rows of a disk that is not
mounted where it was below a root.

Nothing here touches a disk itself: every look is a question to the thread of its root (`disks`), and while one root
has not answered the walks of the others go on. A root that stays silent goes offline as well.

An alternative that lost: comparing with directory times to skip unchanged directories. Rewriting a file in place
leaves them as they are, and the whole comparison of 200,000 unchanged files costs a second.
"""

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from photofind.catalog.catalog import Catalog, KnownFile
from photofind.indexing.disks import Alive, Disks, SilentDiskError
from photofind.photo.formats import is_candidate, is_ignored_directory
from photofind.records import NOT_ANSWERING, Failure, FailureKind, FileFacts, Folder

T = TypeVar("T")

STEP_FILES = 256
"""Files looked at in one step: about 3 ms, so that batches and commands are never kept waiting."""

MASS_LOSS_PHOTOS = 50
MASS_LOSS_SHARE = 0.2
"""A folder of at least so many photos that lacks more than this share at once is taken for not available."""

AT_ONCE_S = 0.02
"""So long an answer is waited for on the spot; a disk that is awake gives it in a tenth of that."""

_SEPARATOR = os.fsencode(os.sep)


def is_within(path: bytes, directory: bytes) -> bool:
    """Return whether `path` is `directory` or lies somewhere below it, by name alone."""
    return path == directory or path.startswith(directory.rstrip(_SEPARATOR) + _SEPARATOR)


def folder_of(path: bytes, folders: Sequence[Folder]) -> Folder | None:
    """Return the folder that `path` lies in, if there is one."""
    return max((f for f in folders if is_within(path, f.path)), key=lambda f: len(f.path), default=None)


def look_at(path: bytes) -> FileFacts | None:
    """Return the facts of a regular file, None for what is no regular file; OSError as `os.lstat`."""
    found = os.lstat(path)
    return _facts(found) if stat.S_ISREG(found.st_mode) else None


def is_gone(path: bytes) -> bool:
    """Return whether there is certainly nothing at `path`; False when that cannot be told."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def available(root: bytes) -> str:
    """Return why a root cannot be looked through, or an empty string."""
    try:
        with os.scandir(root):
            return ""
    except (FileNotFoundError, NotADirectoryError):
        return "The folder is not there. Is its disk connected?"
    except OSError as error:
        return f"The folder cannot be read: {error.strerror}."


@dataclass(frozen=True, slots=True)
class Target:
    """A directory to look at, with everything below it or by itself."""

    directory: bytes
    is_recursive: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A file that has to be read: new, or other than the catalog has it (then with the photo's id)."""

    path: bytes
    facts: FileFacts
    photo_id: int | None = None


@dataclass(frozen=True, slots=True)
class ScanStep:
    """What some files, or one directory, ask for. Empty steps are given too: they are the caller's turn.

    Attributes:
        to_read: Goes to the decoders.
        moved: Photo id, new path and facts; the bytes need not be read.
        touched: Photo id and facts of photos whose facts changed but not their bytes.
        aliases: Path, facts, and the id of the photo that is the same file under another name.
        failures: Directories and files that cannot be looked at.
        recovered: Paths listed as failures that are none any more.
    """

    to_read: Sequence[Found] = ()
    moved: Sequence[tuple[int, bytes, FileFacts]] = ()
    touched: Sequence[tuple[int, FileFacts]] = ()
    aliases: Sequence[tuple[bytes, FileFacts, int]] = ()
    failures: Sequence[Failure] = ()
    recovered: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scan concludes of one folder when everything it found has been dealt with.

    Attributes:
        missing: Ids of photos that are gone; empty while the folder is offline.
        missing_count: How many were not seen, also when the folder goes offline for it.
        recovered: Paths listed as failures whose files are gone.
        offline_reason: Empty when the folder is available.
        is_silent: Whether it is offline because it does not answer.
        is_whole: Whether the whole folder was looked at; a part says nothing of a folder that was offline.
    """

    folder_id: int
    missing: Sequence[int] = ()
    missing_count: int = 0
    recovered: Sequence[bytes] = ()
    offline_reason: str = ""
    is_whole: bool = True
    is_silent: bool = False


_Identity = tuple[int, int]
_Chain = tuple[_Identity, "_Chain | None"]  # the directory and those above it
_Asking = Generator[None, None, T]
"""Yields while the disk has not answered."""
_Looked = FileFacts | OSError | None
"""What a look at a file found: a regular file, that it cannot be looked at, or something else."""


@dataclass(slots=True)
class _Walk:
    """What is known of one folder while it is walked."""

    folder: Folder
    targets: list[Target]
    is_whole: bool = False
    offline_reason: str = ""
    device: int = -1
    """st_dev of the root; another one at the end means that the disk went away meanwhile."""
    listed: dict[bytes, int] = field(default_factory=dict)
    """Directories listed without error, with their st_dev."""
    unlisted: set[bytes] = field(default_factory=set)
    missing: dict[bytes, KnownFile] = field(default_factory=dict)
    devices: set[tuple[int, int]] = field(default_factory=set)
    """(stored device, st_dev of the directory) of photos that are where they were. They differ where the system
    numbered a disk anew, and on overlay file systems."""
    failed_before: set[bytes] = field(default_factory=set)
    """Directories that the catalog lists as failures."""
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class _FirstLook:
    """What the root itself says.

    Attributes:
        targets: Those that a walk from the root would come to.
        reason: As `available`.
        device: st_dev.
    """

    targets: list[Target]
    reason: str = ""
    is_empty: bool = False
    device: int = -1


@dataclass(frozen=True, slots=True)
class _Listing:
    """What one directory holds.

    Attributes:
        identity: None where it is gone.
        is_loop: Whether it is one of those above it; then it is not listed.
        below: Directories in it.
        files: What may be photos, or was, by name.
        looked: What the first of `files` are.
    """

    identity: _Identity | None
    is_loop: bool = False
    below: Sequence[os.DirEntry[bytes]] = ()
    files: Sequence[os.DirEntry[bytes]] = ()
    looked: Sequence[_Looked] = ()


class Scan:
    """One comparison of some directories with the catalog.

    Args:
        catalog: The indexer's connection; only read.
        folders: All folders of the library.
        targets: What to look at; directories outside all folders are ignored.
        forget: Ids of folders whose missing photos the user agreed to forget, however many.
        is_retried: Whether a failed file whose facts are the same is to be read again.
        disks: Asks the disks; None asks on the spot, and waits as long as it takes.
        on_answer: Called, on any thread, when a disk answered that was waited for.
    """

    def __init__(
        self,
        catalog: Catalog,
        folders: Sequence[Folder],
        targets: Sequence[Target],
        *,
        forget: frozenset[int] = frozenset(),
        is_retried: Callable[[bytes], bool] = lambda _: False,
        disks: Disks | None = None,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._catalog = catalog
        self._folders = folders
        self._forget = forget
        self.is_retried = is_retried
        self._disks = disks
        self._on_answer = on_answer
        self._moved: set[int] = set()
        self._known_elsewhere: tuple[bytes, Mapping[bytes, KnownFile]] = (b"", {})
        by_folder: dict[int, _Walk] = {}
        for target in targets:
            folder = folder_of(target.directory, folders)
            if folder is not None:
                by_folder.setdefault(folder.folder_id, _Walk(folder, [])).targets.append(target)
        self._walks = list(by_folder.values())

    # ------------------------------------------------------------------------------------- walking

    def steps(self) -> Iterator[ScanStep | Verdict | None]:
        """Walk, and yield what is to be done, a few files at a time.

        The caller must have written each step's moves before it asks for the next one. A verdict comes at once for
        a folder that does not answer. None says that there is nothing to do until a disk answered.
        """
        walking = deque((walk, self._steps(walk)) for walk in self._walks)
        waiting = 0
        while walking:
            walk, steps = walking[0]
            try:
                step = next(steps)
            except StopIteration:
                walking.popleft()
                waiting = 0
            except SilentDiskError:
                walking.popleft()
                waiting = 0
                walk.is_silent = True
                yield _silent(walk)
            else:
                if step is not None:
                    waiting = 0
                    yield step
                    continue
                walking.rotate(-1)
                waiting += 1
                if waiting >= len(walking):
                    waiting = 0
                    yield None

    def _ask(self, root: bytes, question: Callable[[Alive], T]) -> _Asking[T]:
        """Return what the disk says; SilentDiskError when it says nothing."""
        disks = self._disks
        if disks is None:
            return question(lambda: None)
        answer = disks.ask(root, question)
        if not wait((answer,), AT_ONCE_S).done:
            answer.add_done_callback(lambda _: self._on_answer())
        while not answer.done():
            yield
            disks.give_up(root)
        return answer.result()

    def _steps(self, walk: _Walk) -> Generator[ScanStep | None, None, None]:
        root = walk.folder.path
        look = yield from self._ask(root, partial(_look_first, root, walk.targets))
        walk.targets = look.targets
        if not look.targets:
            self._walks.remove(walk)  # a walk from the root would not come there
            return
        walk.offline_reason, walk.device = look.reason, look.device
        if not look.reason and look.is_empty and self._is_emptied(walk.folder):
            walk.offline_reason = "The folder is empty. Is its disk connected?"
        if walk.offline_reason:
            return
        whole = not walk.folder.is_online or any(t == Target(root) for t in walk.targets)
        if whole:
            walk.targets = [Target(root)]
        else:
            walk.targets = yield from self._ask(root, partial(_widened, root, walk.targets))
        walk.is_whole = whole
        for target in walk.targets:
            waiting: list[tuple[bytes, _Chain | None]] = [(target.directory, None)]
            if target.directory != root:
                self._recall_failure(walk, target.directory)
            while waiting:
                directory, above = waiting.pop()
                if directory in walk.listed:
                    continue
                below = yield from self._directory_steps(walk, directory, above)
                if target.is_recursive:
                    waiting += below

    def _is_emptied(self, folder: Folder) -> bool:
        return folder.folder_id not in self._forget and self._catalog.photo_count(folder.folder_id) > 0

    def _recall_failure(self, walk: _Walk, directory: bytes) -> None:
        """Learn whether the catalog lists a directory as failed whose parent is not looked at."""
        parent, name = os.path.split(directory)
        file = self._catalog.known_files(parent).get(name)
        if file is not None and file.photo_id is None:
            walk.failed_before.add(directory)

    def _directory_steps(
        self, walk: _Walk, directory: bytes, above: _Chain | None
    ) -> Generator[ScanStep | None, None, list[tuple[bytes, _Chain | None]]]:
        """Compare one directory; return those directly below it, the first by name last."""
        root = walk.folder.path
        known = self._catalog.known_files(directory)
        try:
            listing = yield from self._ask(root, partial(_list, directory, known, above))
        except OSError as error:
            walk.unlisted.add(directory)
            if directory not in walk.failed_before:
                reason = f"The folder cannot be read: {error.strerror}."
                yield ScanStep(failures=[Failure(directory, FailureKind.UNREADABLE, reason)])
            return []
        if listing.identity is None or listing.is_loop:
            return []  # gone since its parent was listed: the verdict looks again
        walk.listed[directory] = listing.identity[0]
        for entry in listing.below:
            row = known.get(entry.name)
            if row is not None and row.photo_id is None:
                walk.failed_before.add(entry.path)
        comparison = _Comparison(self, walk, directory, known, {entry.name for entry in listing.files})
        looked = listing.looked
        for start in range(0, len(listing.files), STEP_FILES):
            files = listing.files[start : start + STEP_FILES]
            if start:
                looked = yield from self._ask(root, partial(_look_at_entries, files))
            yield (yield from comparison.step(files, looked))
        yield comparison.last_step()
        for name, file in known.items():
            path = os.path.join(directory, name)
            if name not in comparison.seen and path not in walk.failed_before:
                walk.missing[path] = file
        chain = (listing.identity, above)
        return [(entry.path, chain) for entry in reversed(listing.below)]

    def place(self, path: bytes, facts: FileFacts, names: Set[bytes]) -> _Asking[tuple[int | None, bool]]:
        """Return the photo that a file at a new path is, and whether it moved here (else: another name of it).

        Args:
            path: Not in the catalog.
            facts: Of the file there.
            names: All file names in its directory, to tell a new spelling on a file system that ignores case
                from a second name.
        """
        alias: int | None = None
        for photo_id, old_path in self._catalog.find_by_inode(facts):
            if photo_id in self._moved:
                alias = photo_id
                continue
            try:
                old = yield from self._ask_elsewhere(old_path, partial(_where, old_path))
                if old is None and (yield from self._is_same_disk(old_path, facts)):
                    self._moved.add(photo_id)
                    return photo_id, True
            except (OSError, SilentDiskError):
                continue
            if old is None or old != (facts.device, facts.inode):
                continue
            directory, name = os.path.split(old_path)
            if directory == os.path.dirname(path) and name not in names:
                self._moved.add(photo_id)
                return photo_id, True
            alias = photo_id
        return alias, False

    def _ask_elsewhere(self, path: bytes, question: Callable[[Alive], T]) -> _Asking[T]:
        """Ask about a path anywhere. A root that was silent already is not waited for again."""
        folder = folder_of(path, self._folders)
        root = folder.path if folder is not None else os.path.dirname(path)
        if self._disks is not None and self._disks.is_given_up(root):
            raise SilentDiskError
        return (yield from self._ask(root, question))

    def _is_same_disk(self, old_path: bytes, facts: FileFacts) -> _Asking[bool]:
        """Return whether a photo that is gone from `old_path` may have moved to where `facts` come from.

        While its root is there it certainly left; its device may have been numbered anew since. While its root is
        away it may wait there on another disk, of which this one is a copy down to the inode: then devices tell.
        """
        folder = folder_of(old_path, self._folders)
        if folder is not None:
            reason = yield from self._ask_elsewhere(folder.path, lambda _: available(folder.path))
            if not reason:
                return True
        directory, name = os.path.split(old_path)
        if self._known_elsewhere[0] != directory:
            self._known_elsewhere = (directory, self._catalog.known_files(directory))
        file = self._known_elsewhere[1].get(name)
        return file is not None and file.facts is not None and file.facts.device == facts.device

    # ------------------------------------------------------------------------------------ concluding

    def verdicts(self) -> Iterator[Verdict | None]:
        """Conclude what is missing; to be asked for when the steps are at their end and dealt with.

        None is as in `steps`. Folders that did not answer have their verdict already.
        """
        for walk in self._walks:
            if walk.is_silent:
                continue
            try:
                verdict = yield from self._verdict(walk)
            except SilentDiskError:
                verdict = _silent(walk)
            yield verdict

    def _verdict(self, walk: _Walk) -> _Asking[Verdict]:
        folder = walk.folder
        reason = walk.offline_reason
        if not reason:
            reason, device = yield from self._ask(folder.path, lambda _: _look_again(folder.path))
            if not reason and device != walk.device:
                reason = "The disk went away while it was looked at."
        if reason:
            return Verdict(folder.folder_id, offline_reason=reason)
        yield from self._add_vanished_directories(walk)
        missing = [path for path, file in walk.missing.items() if file.photo_id not in self._moved]
        there = (yield from self._ask(folder.path, partial(_photos_there, missing))) if missing else set()
        is_forgotten = folder.folder_id in self._forget
        photos: list[int] = []
        recovered: list[bytes] = []
        for path in missing:
            file = walk.missing[path]
            if path in there:
                continue
            if file.photo_id is None:
                recovered.append(path)
            elif is_forgotten or self._was_here(walk, path, file):
                photos.append(file.photo_id)
        total = self._catalog.photo_count(folder.folder_id)
        if not is_forgotten and total >= MASS_LOSS_PHOTOS and len(photos) > MASS_LOSS_SHARE * total:
            reason = f"{len(photos)} of {total} photos are missing."
            return Verdict(folder.folder_id, missing_count=len(photos), offline_reason=reason)
        return Verdict(folder.folder_id, photos, len(photos), recovered, is_whole=walk.is_whole)

    def _add_vanished_directories(self, walk: _Walk) -> _Asking[None]:
        """Add to the missing what the catalog has in directories that nobody came past."""
        roots = [target.directory for target in walk.targets if target.is_recursive]
        if not roots:
            return

        def is_vanished(directory: bytes) -> bool:
            return (
                directory not in walk.listed
                and any(is_within(directory, root) for root in roots)
                and _nearest(directory, walk.folder.path, walk.listed.keys() | walk.unlisted) not in walk.unlisted
            )

        for directory in self._catalog.directories_of(walk.folder.folder_id):
            if is_vanished(directory):
                for name, file in self._catalog.known_files(directory).items():
                    walk.missing[os.path.join(directory, name)] = file
        failed = {
            failure.path: failure.facts
            for failure in self._catalog.failures()
            if failure.path not in walk.missing and is_vanished(os.path.dirname(failure.path))
        }
        if failed:
            for path in (yield from self._ask(walk.folder.path, partial(_gone, list(failed)))):
                walk.missing[path] = KnownFile(None, failed[path], 0)

    def _was_here(self, walk: _Walk, path: bytes, file: KnownFile) -> bool:
        """Return whether the disk that had the photo is still the one mounted where it was."""
        directory = _nearest(os.path.dirname(path), walk.folder.path, walk.listed.keys())
        if directory is None or file.facts is None:
            return False
        device = walk.listed[directory]
        return file.facts.device == device or (file.facts.device, device) in walk.devices


class _Comparison:
    """One directory's files against what the catalog has there."""

    def __init__(
        self, scan: Scan, walk: _Walk, directory: bytes, known: Mapping[bytes, KnownFile], names: Set[bytes]
    ) -> None:
        self._scan = scan
        self._walk = walk
        self._directory = directory
        self._known = known
        self._names = names
        self.seen: set[bytes] = set()
        self._photos_seen = 0
        self._other_inode: list[Found] = []
        self._error: OSError | None = None

    def step(self, files: Sequence[os.DirEntry[bytes]], looked: Sequence[_Looked]) -> _Asking[ScanStep]:
        """Compare some files, given what a look at each found."""
        to_read: list[Found] = []
        moved: list[tuple[int, bytes, FileFacts]] = []
        touched: list[tuple[int, FileFacts]] = []
        aliases: list[tuple[bytes, FileFacts, int]] = []
        failures: list[Failure] = []
        for entry, facts in zip(files, looked, strict=True):
            known = self._known.get(entry.name)
            if isinstance(facts, OSError):
                self.seen.add(entry.name)
                if facts.errno != errno.ENAMETOOLONG:
                    self._error = facts
                elif known is None:
                    reason = "The path is longer than this system can open."
                    failures.append(Failure(entry.path, FailureKind.UNREADABLE, reason))
                continue
            if facts is None:
                continue  # a link, a pipe, a socket, a device; or gone
            self.seen.add(entry.name)
            if known is None:
                photo_id, is_moved = yield from self._scan.place(entry.path, facts, self._names)
                if photo_id is None:
                    to_read.append(Found(entry.path, facts))
                elif is_moved:
                    moved.append((photo_id, entry.path, facts))
                else:
                    aliases.append((entry.path, facts, photo_id))
            elif known.photo_id is None:
                if known.facts != facts or self._scan.is_retried(entry.path):
                    to_read.append(Found(entry.path, facts))
            else:
                self._compare(Found(entry.path, facts, known.photo_id), known.facts, to_read, touched)
        return ScanStep(to_read, moved, touched, aliases, failures)

    def _compare(
        self,
        found: Found,
        before: FileFacts | None,
        to_read: list[Found],
        touched: list[tuple[int, FileFacts]],
    ) -> None:
        now = found.facts
        self._photos_seen += 1
        if before is None or replace(before, inode=now.inode, device=now.device) != now:
            # A change of ctime alone may be a rename over it at equal size and mtime; reading settles it.
            to_read.append(found)
        elif before.inode != now.inode:
            self._other_inode.append(found)
        else:
            self._walk.devices.add((before.device, self._walk.listed[self._directory]))
            if before.device != now.device and found.photo_id is not None:
                touched.append((found.photo_id, now))

    def last_step(self) -> ScanStep:
        """Settle what needs the whole directory.

        FAT and many network file systems number their inodes anew at every mount. So when every photo of a
        directory has another inode and else the facts it had, the disk was mounted again; when only some have, they
        were replaced within one tick of the clock and are read.
        """
        touched: list[tuple[int, FileFacts]] = []
        to_read: list[Found] = []
        if len(self._other_inode) == self._photos_seen > 1:
            touched = [(f.photo_id, f.facts) for f in self._other_inode if f.photo_id is not None]
        else:
            to_read = self._other_inode
        failures, recovered = [], []
        has_failed_before = self._directory in self._walk.failed_before
        if self._error is not None and not has_failed_before:
            reason = f"Files in this folder cannot be looked at: {self._error.strerror}."
            failures.append(Failure(self._directory, FailureKind.UNREADABLE, reason))
        elif self._error is None and has_failed_before:
            recovered.append(self._directory)
        return ScanStep(to_read, touched=touched, failures=failures, recovered=recovered)


def _silent(walk: _Walk) -> Verdict:
    return Verdict(walk.folder.folder_id, offline_reason=NOT_ANSWERING, is_silent=True)


# ------------------------------------------------------------------------- questions, on the thread of the root


def _look_first(root: bytes, targets: Sequence[Target], alive: Alive) -> _FirstLook:
    """Look at a root, and at how to come to the targets from there."""
    reachable = []
    for target in targets:
        if _is_reachable(target.directory, root):
            reachable.append(target)
        alive()
    reason, device = _look_again(root)
    is_empty = False
    if not reason:
        with os.scandir(root) as entries:
            is_empty = next(entries, None) is None
    return _FirstLook(reachable, reason, is_empty, device)


def _look_again(root: bytes) -> tuple[str, int]:
    """Return why a root is not available, or an empty string, and its st_dev."""
    reason = available(root)
    try:
        return reason, -1 if reason else os.stat(root).st_dev
    except OSError as error:
        return f"The folder cannot be read: {error.strerror}.", -1


def _is_reachable(directory: bytes, root: bytes) -> bool:
    """Return whether a walk from the root would come there: through no link and no ignored directory."""
    names = [name for name in directory[len(root) :].split(_SEPARATOR) if name]
    if any(is_ignored_directory(name) for name in names):
        return False
    return not names or os.path.realpath(directory) == os.path.join(os.path.realpath(root), *names)


def _widened(root: bytes, targets: Sequence[Target], alive: Alive) -> list[Target]:
    """Return the targets, each that vanished with the nearest directory above it that is there."""
    found: dict[bytes, bool] = {}
    for target in targets:
        directory = target.directory
        while directory != root and is_gone(directory):
            found[directory] = True  # rows below it are looked for, though nothing can be listed
            directory = os.path.dirname(directory)
            alive()
        is_same = directory == target.directory
        found[directory] = found.get(directory, False) or (is_same and target.is_recursive)
    return [Target(directory, is_recursive) for directory, is_recursive in sorted(found.items())]


def _list(directory: bytes, known: Mapping[bytes, KnownFile], above: _Chain | None, alive: Alive) -> _Listing:
    """List a directory, and look at the first of its files; OSError when it cannot be listed."""
    try:
        status = os.stat(directory)
        identity = (status.st_dev, status.st_ino)
        if _contains(above, identity):
            return _Listing(identity, is_loop=True)
        found = []
        with os.scandir(directory) as entries:
            for entry in entries:
                found.append(entry)
                alive()
    except (FileNotFoundError, NotADirectoryError):
        return _Listing(None)
    files, below = [], []
    for entry in sorted(found, key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            if not is_ignored_directory(entry.name):
                below.append(entry)
        elif entry.name in known or is_candidate(entry.name):
            files.append(entry)
        alive()
    return _Listing(identity, False, below, files, _look_at_entries(files[:STEP_FILES], alive))


def _look_at_entries(files: Sequence[os.DirEntry[bytes]], alive: Alive) -> list[_Looked]:
    looked: list[_Looked] = []
    for entry in files:
        try:
            looked.append(_look_at_entry(entry))
        except FileNotFoundError:
            looked.append(None)
        except OSError as error:
            looked.append(error)
        alive()
    return looked


def _where(path: bytes, _alive: Alive) -> _Identity | None:
    """Return what the file at a path is; None when it is gone."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def _photos_there(paths: Sequence[bytes], alive: Alive) -> set[bytes]:
    there = set()
    for path in paths:
        if _is_photo_there(path):
            there.add(path)
        alive()
    return there


def _gone(paths: Sequence[bytes], alive: Alive) -> list[bytes]:
    found = []
    for path in paths:
        if is_gone(path):
            found.append(path)
        alive()
    return found


def _facts(status: os.stat_result) -> FileFacts:
    return FileFacts(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)


def _look_at_entry(entry: os.DirEntry[bytes]) -> FileFacts | None:
    if os.name == "nt":  # DirEntry.stat has no inode there
        return look_at(entry.path)
    if not entry.is_file(follow_symlinks=False):
        return None
    status = entry.stat(follow_symlinks=False)
    return _facts(status) if stat.S_ISREG(status.st_mode) else None


def _is_photo_there(path: bytes) -> bool:
    try:
        return look_at(path) is not None
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # it cannot be told, so it stays


def _contains(chain: _Chain | None, identity: _Identity) -> bool:
    while chain is not None:
        if chain[0] == identity:
            return True
        chain = chain[1]
    return False


def _nearest(directory: bytes, root: bytes, among: Set[bytes]) -> bytes | None:
    """Return `directory` or the nearest one above it, no higher than `root`, that is in `among`."""
    while directory not in among:
        if directory == root:
            return None
        directory = os.path.dirname(directory)
    return directory
