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

An alternative that lost: comparing with directory times to skip unchanged directories. Rewriting a file in place
leaves them as they are, and the whole comparison of 200,000 unchanged files costs a second.
"""

import errno
import os
import stat
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from photofind.catalog.catalog import Catalog, KnownFile
from photofind.photo.formats import is_candidate, is_ignored_directory
from photofind.records import Failure, FailureKind, FileFacts, Folder

STEP_FILES = 256
"""Files looked at in one step: about 3 ms, so that batches and commands are never kept waiting."""

MASS_LOSS_PHOTOS = 50
MASS_LOSS_SHARE = 0.2
"""A folder of at least so many photos that lacks more than this share at once is taken for not available."""

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
        is_whole: Whether the whole folder was looked at; a part says nothing of a folder that was offline.
    """

    folder_id: int
    missing: Sequence[int] = ()
    missing_count: int = 0
    recovered: Sequence[bytes] = ()
    offline_reason: str = ""
    is_whole: bool = True


_Identity = tuple[int, int]
_Chain = tuple[_Identity, "_Chain | None"]  # the directory and those above it


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


class Scan:
    """One comparison of some directories with the catalog.

    Args:
        catalog: The indexer's connection; only read.
        folders: All folders of the library.
        targets: What to look at; directories outside all folders are ignored.
        forget: Ids of folders whose missing photos the user agreed to forget, however many.
        is_retried: Whether a failed file whose facts are the same is to be read again.
    """

    def __init__(
        self,
        catalog: Catalog,
        folders: Sequence[Folder],
        targets: Sequence[Target],
        *,
        forget: frozenset[int] = frozenset(),
        is_retried: Callable[[bytes], bool] = lambda _: False,
    ) -> None:
        self._catalog = catalog
        self._folders = folders
        self._forget = forget
        self.is_retried = is_retried
        self._moved: set[int] = set()
        self._known_elsewhere: tuple[bytes, Mapping[bytes, KnownFile]] = (b"", {})
        by_folder: dict[int, _Walk] = {}
        for target in targets:
            folder = folder_of(target.directory, folders)
            if folder is not None and _is_reachable(target.directory, folder.path):
                by_folder.setdefault(folder.folder_id, _Walk(folder, [])).targets.append(target)
        self._walks = list(by_folder.values())

    # ------------------------------------------------------------------------------------- walking

    def steps(self) -> Iterator[ScanStep]:
        """Walk, and yield what is to be done, a few files at a time.

        The caller must have written each step's moves before it asks for the next one.
        """
        for walk in self._walks:
            yield from self._steps(walk)

    def _steps(self, walk: _Walk) -> Iterator[ScanStep]:
        root = walk.folder.path
        walk.offline_reason = available(root)
        if not walk.offline_reason and self._is_emptied(walk.folder):
            walk.offline_reason = "The folder is empty. Is its disk connected?"
        if walk.offline_reason:
            return
        walk.device = os.stat(root).st_dev
        whole = not walk.folder.is_online or any(t == Target(root) for t in walk.targets)
        walk.targets = [Target(root)] if whole else self._widened(walk)
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
        with os.scandir(folder.path) as entries:
            is_empty = next(entries, None) is None
        return is_empty and folder.folder_id not in self._forget and self._catalog.photo_count(folder.folder_id) > 0

    def _widened(self, walk: _Walk) -> list[Target]:
        """Return the targets, each that vanished with the nearest directory above it that is there."""
        targets: dict[bytes, bool] = {}
        for target in walk.targets:
            directory = target.directory
            while directory != walk.folder.path and is_gone(directory):
                targets[directory] = True  # rows below it are looked for, though nothing can be listed
                directory = os.path.dirname(directory)
            is_same = directory == target.directory
            targets[directory] = targets.get(directory, False) or (is_same and target.is_recursive)
        return [Target(directory, is_recursive) for directory, is_recursive in sorted(targets.items())]

    def _recall_failure(self, walk: _Walk, directory: bytes) -> None:
        """Learn whether the catalog lists a directory as failed whose parent is not looked at."""
        parent, name = os.path.split(directory)
        file = self._catalog.known_files(parent).get(name)
        if file is not None and file.photo_id is None:
            walk.failed_before.add(directory)

    def _directory_steps(
        self, walk: _Walk, directory: bytes, above: _Chain | None
    ) -> Generator[ScanStep, None, list[tuple[bytes, _Chain | None]]]:
        """Compare one directory; return those directly below it, the first by name last."""
        try:
            status = os.stat(directory)
            identity = (status.st_dev, status.st_ino)
            if _contains(above, identity):
                return []
            with os.scandir(directory) as entries:
                listing = sorted(entries, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []  # gone since its parent was listed; the verdict looks again
        except OSError as error:
            walk.unlisted.add(directory)
            if directory not in walk.failed_before:
                reason = f"The folder cannot be read: {error.strerror}."
                yield ScanStep(failures=[Failure(directory, FailureKind.UNREADABLE, reason)])
            return []
        walk.listed[directory] = status.st_dev
        known = self._catalog.known_files(directory)
        files, below = [], []
        for entry in listing:
            if entry.is_dir(follow_symlinks=False):
                if not is_ignored_directory(entry.name):
                    below.append(entry.path)
                    row = known.get(entry.name)
                    if row is not None and row.photo_id is None:
                        walk.failed_before.add(entry.path)
            elif entry.name in known or is_candidate(entry.name):
                files.append(entry)
        comparison = _Comparison(self, walk, directory, known, {entry.name for entry in files})
        for start in range(0, len(files), STEP_FILES):
            yield comparison.step(files[start : start + STEP_FILES])
        yield comparison.last_step()
        for name, file in known.items():
            path = os.path.join(directory, name)
            if name not in comparison.seen and path not in walk.failed_before:
                walk.missing[path] = file
        chain = (identity, above)
        return [(path, chain) for path in reversed(below)]

    def place(self, path: bytes, facts: FileFacts, names: Set[bytes]) -> tuple[int | None, bool]:
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
                old = os.lstat(old_path)
            except (FileNotFoundError, NotADirectoryError):
                if self._is_same_disk(old_path, facts):
                    self._moved.add(photo_id)
                    return photo_id, True
            except OSError:
                continue
            else:
                if (old.st_dev, old.st_ino) != (facts.device, facts.inode):
                    continue
                directory, name = os.path.split(old_path)
                if directory == os.path.dirname(path) and name not in names:
                    self._moved.add(photo_id)
                    return photo_id, True
                alias = photo_id
        return alias, False

    def _is_same_disk(self, old_path: bytes, facts: FileFacts) -> bool:
        """Return whether a photo that is gone from `old_path` may have moved to where `facts` come from.

        While its root is there it certainly left; its device may have been numbered anew since. While its root is
        away it may wait there on another disk, of which this one is a copy down to the inode: then devices tell.
        """
        folder = folder_of(old_path, self._folders)
        if folder is not None and not available(folder.path):
            return True
        directory, name = os.path.split(old_path)
        if self._known_elsewhere[0] != directory:
            self._known_elsewhere = (directory, self._catalog.known_files(directory))
        file = self._known_elsewhere[1].get(name)
        return file is not None and file.facts is not None and file.facts.device == facts.device

    # ------------------------------------------------------------------------------------ concluding

    def verdicts(self) -> list[Verdict]:
        """Conclude what is missing; to be called when the steps are at their end and dealt with."""
        return [self._verdict(walk) for walk in self._walks]

    def _verdict(self, walk: _Walk) -> Verdict:
        folder = walk.folder
        reason = walk.offline_reason or available(folder.path)
        if not reason and os.stat(folder.path).st_dev != walk.device:
            reason = "The disk went away while it was looked at."
        if reason:
            return Verdict(folder.folder_id, offline_reason=reason)
        self._add_vanished_directories(walk)
        is_forgotten = folder.folder_id in self._forget
        photos: list[int] = []
        recovered: list[bytes] = []
        for path, file in walk.missing.items():
            if file.photo_id in self._moved or _is_photo_there(path):
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

    def _add_vanished_directories(self, walk: _Walk) -> None:
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
        for failure in self._catalog.failures():
            path = failure.path
            if path not in walk.missing and is_vanished(os.path.dirname(path)) and is_gone(path):
                walk.missing[path] = KnownFile(None, failure.facts, 0)

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

    def step(self, files: Sequence[os.DirEntry[bytes]]) -> ScanStep:
        """Compare some files."""
        to_read: list[Found] = []
        moved: list[tuple[int, bytes, FileFacts]] = []
        touched: list[tuple[int, FileFacts]] = []
        aliases: list[tuple[bytes, FileFacts, int]] = []
        failures: list[Failure] = []
        for entry in files:
            known = self._known.get(entry.name)
            try:
                facts = _look_at_entry(entry)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.seen.add(entry.name)
                if error.errno != errno.ENAMETOOLONG:
                    self._error = error
                elif known is None:
                    reason = "The path is longer than this system can open."
                    failures.append(Failure(entry.path, FailureKind.UNREADABLE, reason))
                continue
            if facts is None:
                continue  # a link, a pipe, a socket, a device
            self.seen.add(entry.name)
            if known is None:
                photo_id, is_moved = self._scan.place(entry.path, facts, self._names)
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


def _is_reachable(directory: bytes, root: bytes) -> bool:
    """Return whether a walk from the root would come there: through no link and no ignored directory."""
    names = [name for name in directory[len(root) :].split(_SEPARATOR) if name]
    if any(is_ignored_directory(name) for name in names):
        return False
    return os.path.realpath(directory) == os.path.join(os.path.realpath(root), *names)


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
