"""What is done to the photos' files besides the trash: copies elsewhere, and new names.

Called by the library: copying on a thread of its own that may take hours, renaming on the indexer thread with the
writing catalog. Originals are only read; a copy is written under a temporary name and gets its own when it is
whole, so that a half copy never looks like a photo. Nothing is ever written over. A photo takes along what belongs
to it: sidecars, the video of a live photo (`photo.companions`), and the RAW file beside its JPEG.

A rename stands in the journal of removals before the first file moves, each file as a removal whose "trash" is the
new name in the same folder: it needs no table of its own, and is undone after a restart. The photo moves first, so
that after a crash its name says whether what belongs to it has to follow. An undo also takes back what came to
belong to the photo since, which the journal does not know.

Alternatives that lost: `shutil.copy2` to the final name (a pulled stick leaves half a photo there), and renaming
with `os.rename` (it writes over whatever has the name on Linux and macOS).
"""

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from photofind.catalog.catalog import Catalog
from photofind.errors import UserError
from photofind.photo.companions import Beside, is_raw
from photofind.photo.decode import facts_of
from photofind.photo.formats import has_photo_extension
from photofind.records import CopyProgress, CopyReport, FileFacts, Photo, Removal, RemovalReport

Stop = Callable[[], bool]

MOST_NAMES = 10_000
"""So many numbered names are tried before a file is given up."""

_CHUNK_BYTES = 1 << 20
_TELL_S = 0.1
_DIRECTORIES_KEPT = 8
_INTERRUPTED = "PhotoFind ended before it was renamed."
_WINDOWS_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)

_REASONS = {
    errno.ENOSPC: "The drive is full.",
    errno.EDQUOT: "Your share of the drive is used up.",
    errno.EACCES: "There is no permission to do this.",
    errno.EEXIST: "Another file has this name already.",
    errno.EPERM: "There is no permission to do this.",
    errno.EROFS: "The drive can only be read.",
    errno.ENOENT: "The file or its folder is no longer there.",
    errno.ENAMETOOLONG: "The name is too long for the drive.",
    errno.EFBIG: "The file is too large for the drive.",
    errno.EIO: "The drive does not answer.",
    errno.ENODEV: "The drive does not answer.",
}


class _RefusedError(Exception):
    """A file stays as it is; the message says why, as a sentence."""


# ------------------------------------------------------------------------------------ what belongs together


class Neighbours:
    """The files that belong to a photo, by the names beside it; the last few directories are remembered."""

    def __init__(self) -> None:
        self._listings: OrderedDict[bytes, Beside | None] = OrderedDict()

    def of(self, path: bytes, *, is_copied: bool = False) -> list[bytes]:
        """Return the names in the photo's directory that belong to it: its RAW or JPEG mate, video, sidecars.

        Args:
            path: The photo.
            is_copied: Whether all stays where it is: then the video belongs also to a photo that shares it.
        """
        directory, name = os.path.split(path)
        beside = self._beside(directory)
        if beside is None:
            return []
        photos = beside.others(name)
        mates = [other for other in photos if is_raw(name) != is_raw(other)]
        found = mates + [sidecar for whole in (name, *mates) for sidecar in beside.own(whole)]
        if len(photos) == len(mates):  # else it may be the sidecar of another photo
            found += beside.shared(name)
        elif is_copied and (video := beside.video(name)) is not None:
            found.append(video)
        return found

    def _beside(self, directory: bytes) -> Beside | None:
        if directory not in self._listings:
            try:
                self._listings[directory] = Beside(directory)
            except OSError:
                self._listings[directory] = None  # reading the photo itself will tell
            while len(self._listings) > _DIRECTORIES_KEPT:
                self._listings.popitem(last=False)
        return self._listings[directory]


def _renamed(name: bytes, photo: bytes, new_photo: bytes) -> bytes:
    """Return the new name of a photo's companion (or of the photo itself)."""
    if name.startswith(photo):
        return new_photo + name[len(photo) :]
    return os.path.splitext(new_photo)[0] + name[len(os.path.splitext(photo)[0]) :]


# ----------------------------------------------------------------------------------------------- copying


@dataclass(slots=True)
class _Unit:
    """A photo and what belongs to it, to be copied under one number."""

    photo: bytes
    files: list[tuple[bytes, os.stat_result]]


class Copying:
    """One run of copying into one folder.

    Args:
        destination: The folder.
        on_progress: Called at most ten times a second.
        should_stop: Asked for every megabyte.
    """

    def __init__(self, destination: bytes, on_progress: Callable[[CopyProgress], None], should_stop: Stop) -> None:
        self._destination = destination
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._told_s = 0.0
        self._files = self._total_files = self._bytes = self._total_bytes = 0
        self._copied: list[tuple[bytes, bytes]] = []
        self._failed: list[tuple[bytes, str]] = []
        self._next_number: dict[bytes, int] = {}

    def run(self, paths: Iterable[bytes], refused: Sequence[tuple[bytes, str]] = ()) -> CopyReport:
        """Copy photos with what belongs to them.

        Args:
            paths: The photos.
            refused: Photos that cannot be copied, with reasons, for the report.

        Raises:
            UserError: There is no such folder, or not enough room in it.
        """
        if not os.path.isdir(self._destination):
            raise UserError(f"{os.fsdecode(self._destination)!r} is not a folder.")
        self._failed += refused
        units = list(self._units(paths))
        self._check_room()
        for unit in units:
            if self._should_stop():
                break
            self._copy_unit(unit)
        self._tell(b"", is_last=True)
        return CopyReport(
            self._destination, tuple(self._copied), tuple(self._failed), self._bytes, is_stopped=self._should_stop()
        )

    def _units(self, paths: Iterable[bytes]) -> Iterator[_Unit]:
        neighbours = Neighbours()
        taken: set[bytes] = set()
        for path in paths:
            if self._should_stop():
                return
            if path in taken:
                continue
            directory, name = os.path.split(path)
            files = []
            beside = neighbours.of(path, is_copied=True)
            try:
                for file in (path, *(os.path.join(directory, other) for other in beside)):
                    if file not in taken:
                        files.append((file, _look(file)))
            except (_RefusedError, OSError) as error:
                self._failed.append((file, _in_words(error)))
                if file == path:
                    continue
            taken.update(file for file, _ in files)
            self._total_files += len(files)
            self._total_bytes += sum(facts.st_size for _, facts in files)
            yield _Unit(name, files)

    def _check_room(self) -> None:
        free = shutil.disk_usage(self._destination).free
        if self._total_bytes > free:
            needed, there = self._total_bytes / 1e6, free / 1e6
            raise UserError(f"There is not enough room: {needed:.0f} MB are needed, {there:.0f} MB are free.")

    def _copy_unit(self, unit: _Unit) -> None:
        names = [os.path.basename(path) for path, _ in unit.files]
        for place, (path, facts) in enumerate(unit.files):
            try:
                temporary = self._write(path, facts)
                if temporary is None:
                    return
                # The photo looks for a number that is free for all; the others take the same.
                target = self._name(temporary, unit.photo, names if place == 0 else names[place : place + 1])
            except (_RefusedError, OSError) as error:
                self._failed.append((path, _in_words(error)))
                if place == 0:
                    return  # a sidecar without its photo is of no use
            else:
                self._copied.append((path, target))
                self._files += 1
                self._tell(path)

    def _name(self, temporary: bytes, photo: bytes, names: list[bytes]) -> bytes:
        """Give a whole copy the name of the first of `names`, with a number that is free for all of them."""
        for number in range(self._next_number.get(photo, 1), MOST_NAMES):
            targets = [os.path.join(self._destination, _numbered(name, photo, number)) for name in names]
            if any(os.path.lexists(target) for target in targets):
                continue
            try:
                _place(temporary, targets[0])
            except FileExistsError:
                continue  # made since
            except OSError:
                os.unlink(temporary)
                raise
            self._next_number[photo] = number
            return targets[0]
        os.unlink(temporary)
        raise _RefusedError("Another file has this name already.")

    def _write(self, path: bytes, facts: os.stat_result) -> bytes | None:
        """Copy a file under a temporary name beside its place; None when it was stopped."""
        before = self._bytes
        handle, temporary = tempfile.mkstemp(dir=self._destination, prefix=b".photofind-", suffix=b".part")
        is_whole = False
        try:
            with os.fdopen(handle, "wb") as writer, open(path, "rb") as reader:
                while chunk := reader.read(_CHUNK_BYTES):
                    if self._should_stop():
                        return None
                    writer.write(chunk)
                    self._bytes += len(chunk)
                    self._tell(path)
                after = os.fstat(reader.fileno())
                writer.flush()
                os.fsync(writer.fileno())
                written = os.fstat(writer.fileno()).st_size
            _check_whole(facts, after, written)
            with contextlib.suppress(OSError):  # FAT knows no modes
                shutil.copymode(path, temporary)
            os.utime(temporary, ns=(facts.st_atime_ns, facts.st_mtime_ns))
            is_whole = True
        finally:
            if not is_whole:
                self._bytes = before
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
        return temporary

    def _tell(self, path: bytes, *, is_last: bool = False) -> None:
        now_s = time.monotonic()
        if is_last or now_s - self._told_s >= _TELL_S:
            self._told_s = now_s
            self._on_progress(CopyProgress(self._files, self._total_files, self._bytes, self._total_bytes, path))


def _check_whole(before: os.stat_result, after: os.stat_result, written_bytes: int) -> None:
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise _RefusedError("The file changed while it was being read.")
    if written_bytes != before.st_size:
        raise _RefusedError("The drive did not take the whole file.")


def _numbered(name: bytes, photo: bytes, number: int) -> bytes:
    """Return "name (2).jpg" for the second; companions take the number of their photo."""
    if number == 1:
        return name
    stem, extension = os.path.splitext(photo)
    return _renamed(name, photo, b"%s (%d)%s" % (stem, number, extension))


def _look(path: bytes) -> os.stat_result:
    facts = os.lstat(path)
    if not stat.S_ISREG(facts.st_mode):
        raise _RefusedError("This is not a regular file.")
    return facts


def _in_words(error: Exception) -> str:
    if not isinstance(error, OSError):
        return str(error)
    return _REASONS.get(error.errno or 0) or (error.strerror and f"{error.strerror}.") or str(error)


def _place(source: bytes, target: bytes) -> None:
    """Give a file its name on the same drive; FileExistsError rather than writing over another."""
    if sys.platform == "win32":
        os.rename(source, target)  # refuses an existing target there
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        # No links on this drive (FAT, some network shares): a look before is the best there is.
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL):
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        os.rename(source, target)
    else:
        os.unlink(source)


# ----------------------------------------------------------------------------------------------- renaming


def rename(catalog: Catalog, photo_id: int, new_name: str) -> bytes:
    """Give a photo's file another name in its folder, with what belongs to it; `undo_rename` takes it back.

    Args:
        catalog: The writing connection.
        photo_id: The photo.
        new_name: With or without an extension of photos; without one the old stays.

    Returns:
        The new path.

    Raises:
        UserError: The file keeps its name; the message says why.
    """
    photos = catalog.photos([photo_id])
    if not photos:
        raise UserError("This photo is no longer in the library.")
    photo = photos[0]
    directory, old_name = os.path.split(photo.path)
    new = _checked(new_name, old_name)
    if new == old_name:
        return photo.path
    target = os.path.join(directory, new)
    planned = [catalog.plan_rename(photo_id, target)]
    try:
        moves = _moves(photo.path, target)
        along = [(source, b"", facts_of(_look(source)), to) for source, to in moves[1:]]
        planned += [each.removal_id for each in catalog.plan_companions(planned[0], along)]
        _rename_unit(catalog, moves)
    except (_RefusedError, OSError) as error:
        reason = _in_words(error)
        for removal_id in reversed(planned):
            catalog.finish_rename(removal_id, reason)
        raise UserError(reason) from error
    for removal_id in reversed(planned):  # the photo last: as long as it is open, a crash is settled
        catalog.finish_rename(removal_id)
    return target


def undo_rename(catalog: Catalog, batch_id: int) -> RemovalReport:
    """Give the file of a rename its name of before, with what belongs to it now."""
    done: list[bytes] = []
    failed: list[tuple[bytes, str]] = []
    renames = [each for each in catalog.removals(batch_id) if each.state == "done" and each.trash_path is not None]
    along = [each for each in renames if each.is_companion]
    for removal in renames:
        if removal.is_companion or removal.trash_path is None:
            continue
        reason = ""
        try:
            moves = _moves(removal.trash_path, removal.path)
            known = {source for source, _ in moves}
            moves += [
                (each.trash_path, each.path)
                for each in along
                if each.trash_path is not None and each.trash_path not in known and os.path.lexists(each.trash_path)
            ]
            if _is_back(catalog, removal):
                moves = moves[1:]  # an undo was interrupted
            _rename_unit(catalog, moves)
        except (_RefusedError, OSError) as error:
            reason = _in_words(error)
            failed.append((removal.trash_path, reason))
        else:
            done.append(removal.path)
        for each in (*along, removal):
            catalog.undo_rename(each.removal_id, reason)
    return RemovalReport(batch_id, tuple(done), tuple(failed), is_rename=True)


def _is_back(catalog: Catalog, removal: Removal) -> bool:
    """Return whether the file of a rename has its name of before again."""
    facts = catalog.removal_facts(removal.removal_id)
    if facts is None or removal.trash_path is None or os.path.lexists(removal.trash_path):
        return False
    with contextlib.suppress(OSError):
        now = os.lstat(removal.path)
        return (now.st_ino, now.st_size) == (facts[2].inode, facts[2].size_bytes)
    return False


def settle(catalog: Catalog, answers: Callable[[bytes], bool] = lambda _path: True) -> None:
    """Finish the renames of the journal after a crash; the scan finds by itself where the photos are now.

    Args:
        catalog: The writing connection.
        answers: Whether the disk of a path answers; where it does not, its line waits for the next start.
    """
    planned = [each for each in catalog.removals() if each.state == "planned" and each.is_rename]
    for removal in planned:
        if removal.is_companion or removal.trash_path is None or not answers(removal.path):
            continue
        is_done = _is_renamed(removal)
        for each in planned:
            if each.is_companion and each.batch_id == removal.batch_id:
                catalog.finish_rename(each.removal_id, _follow(each) if is_done else _INTERRUPTED)
        catalog.finish_rename(removal.removal_id, "" if is_done else _INTERRUPTED)


def _is_renamed(removal: Removal) -> bool:
    new = removal.trash_path
    return new is not None and os.path.lexists(new) and not os.path.lexists(removal.path)


def _follow(companion: Removal) -> str:
    """Rename what belongs to a photo that was renamed before a crash; return why that cannot be."""
    if not _is_renamed(companion) and companion.trash_path is not None:
        try:
            _rename_file(companion.path, companion.trash_path)
        except OSError as error:
            return _in_words(error)
    return ""


def _checked(new_name: str, old_name: bytes) -> bytes:
    """Return the full new name, or refuse what is none."""
    new_name = new_name.strip()
    if not new_name or set(new_name) <= {"."}:
        raise UserError("A file needs a name.")
    illegal = '<>:"/\\|?*' if sys.platform == "win32" else "/"
    if any(sign in illegal or ord(sign) < 32 for sign in new_name):
        raise UserError(f"A name must not contain any of {' '.join(illegal)}")
    name = os.fsencode(new_name)
    if not has_photo_extension(name):
        name += os.path.splitext(old_name)[1]
    if sys.platform == "win32":
        if new_name.endswith(".") or new_name.split(".")[0].lower().strip() in _WINDOWS_NAMES:
            raise UserError("The system keeps this name for itself.")
    if not name.rpartition(b".")[0].strip(b". "):
        raise UserError("A file needs a name.")
    return name


def _moves(path: bytes, target: bytes) -> list[tuple[bytes, bytes]]:
    """Return old and new path of a photo, and then of all that belongs to it."""
    directory, name = os.path.split(path)
    new_name = os.path.basename(target)
    names = [name, *Neighbours().of(path)]
    return [(os.path.join(directory, n), os.path.join(directory, _renamed(n, name, new_name))) for n in names]


def _rename_unit(catalog: Catalog, moves: Sequence[tuple[bytes, bytes]]) -> None:
    """Rename a photo's file and what belongs to it: all of them or none; then the rows of the catalog."""
    done: list[tuple[bytes, bytes]] = []
    try:
        for source, _ in moves[:1]:
            _look(source)
        for source, to in moves:
            _rename_file(source, to)
            done.append((source, to))
    except (_RefusedError, OSError) as error:
        for source, to in reversed(done):
            with contextlib.suppress(OSError):  # what cannot go back is found where it is by the next scan
                _rename_file(to, source)
        if isinstance(error, FileExistsError) and done:
            old, new = (os.fsdecode(os.path.basename(each)) for each in moves[len(done)])
            raise _RefusedError(f"{old} belongs to it, and there is another {new} already.") from error
        raise _RefusedError(_in_words(error)) from error
    rows: list[tuple[int, bytes, FileFacts]] = []
    for source, to in moves:
        photo_id = catalog.photo_at(source)
        if photo_id is not None:
            rows.append((photo_id, to, facts_of(os.lstat(to))))
    catalog.move_photos(rows)


def _rename_file(source: bytes, target: bytes) -> None:
    if os.path.lexists(target) and _is_same_name(source, target):
        os.rename(source, target)  # only the case changes, on a drive that ignores it
    else:
        _place(source, target)


def _is_same_name(source: bytes, target: bytes) -> bool:
    names = os.listdir(os.path.dirname(source))
    return os.path.samefile(source, target) and os.path.basename(target) not in names


def online(photos: Iterable[Photo]) -> tuple[list[bytes], list[tuple[bytes, str]]]:
    """Return the paths of photos that are there, and the others with the reason."""
    there: list[bytes] = []
    away: list[tuple[bytes, str]] = []
    for photo in photos:
        if photo.is_online:
            there.append(photo.path)
        else:
            away.append((photo.path, "Its folder is not connected now."))
    return there, away
