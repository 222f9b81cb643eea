"""Moves photos to the system trash and back, without ever losing a picture.

Called on the indexer thread with the writing catalog. How a file gets into the trash is handed in
(`move_to_trash`), because only the window's toolkit knows every platform's trash.

The order of things, and why: all removals are in the journal before the first file moves, so that a crash leaves a
list of what may have happened. Then each file is looked at again, read again, moved, and its line finished, one by
one; looking at all first and moving then lost, because minutes may lie between. A file goes only if its bytes are
those of the catalog, and among duplicates only if another file, on another inode, holds the same bytes or the same
picture, which is read again to the last byte for that purpose. The trash is the only way out: where it fails the
file stays and is named, there is no deleting instead.

The files of one shot (a RAW and its JPEG, a live photo) are one unit among duplicates: all of those chosen go, or
all stay, and a RAW that only goes along needs a copy of its very bytes.

What is no photo and belongs to one (`photo.companions`: the video of a live photo, sidecars) goes just before it,
in lines of the journal of its own, and comes back where the photo then stays: so the photo's own line says what
became of all. What a photo that stays has as well, NAME.xmp of a RAW whose JPEG goes, stays with that.

What was decided about a photo that goes (rating, pick, tags, texts, collections) is taken over by the one that
stays, when its line is finished, and given back by `undo`.
"""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from photofind.catalog.catalog import Catalog
from photofind.photo.companions import Beside
from photofind.photo.decode import facts_of
from photofind.records import Photo, Removal, RemovalReport

MoveToTrash = Callable[[bytes], bytes | None]
"""Moves one file to the system trash and returns its place there, None when unknown; OSError when that fails."""

SAME_FILE = "This is the same file as the copy that would stay."

_INTERRUPTED = "PhotoFind ended before the file was moved; it stayed where it was."

_REASONS = {
    errno.EXDEV: "The trash is on another drive and cannot take it.",
    errno.ENOSPC: "The drive of the trash is full.",
    errno.EDQUOT: "Your share of the trash's drive is used up.",
    errno.EPERM: "You are not allowed to move it.",
    errno.EACCES: "You are not allowed to move it.",
    errno.EROFS: "Its drive can only be read.",
    errno.ENOENT: "There is no trash on its drive, or the file is gone.",
    errno.ENAMETOOLONG: "Its name is too long for the trash.",
    errno.EIO: "Its drive does not answer.",
}


class _RefusedError(Exception):
    """The file stays; the message says why, as a sentence."""


def remove(
    catalog: Catalog,
    photo_ids: Sequence[int],
    move_to_trash: MoveToTrash,
    *,
    keep_a_copy: bool,
    same_picture: Callable[[int], Sequence[int]] = lambda _content_id: (),
    kept: Mapping[int, int] = MappingProxyType({}),
    along: Container[int] = (),
) -> RemovalReport:
    """Move photos to the trash as one batch that `undo` can put back.

    Args:
        catalog: The writing connection.
        photo_ids: What to remove; ids that are gone are passed over.
        move_to_trash: See `MoveToTrash`.
        keep_a_copy: True among duplicates: a photo goes only if a distinct file with the same bytes stays, or one
            of those contents that `same_picture` names. False for photos the user chose to delete.
        same_picture: Content id -> content ids of the same picture (`clusters.same_picture_finder`).
        kept: By photo that goes, the one that takes over what was decided about it. For a duplicate that is not
            named, or whose heir goes too, it is the one that was proven to stay.
        along: Of `photo_ids` those that nobody chose: they go along with another file of their shot.

    Returns:
        What was moved, and what stayed with the reason in a sentence.
    """
    photos = {photo.photo_id: photo for photo in catalog.photos(list(dict.fromkeys(photo_ids)))}
    planned = catalog.plan_removals(list(photos))
    done: list[bytes] = []
    failed: list[tuple[bytes, str]] = []
    changed: set[int] = set()
    belongings = _Belongings(catalog, move_to_trash)
    units = _Units(catalog, photos, same_picture, along) if keep_a_copy else None
    for removal, photo in zip(planned, photos.values(), strict=True):
        try:
            survivor = units.survivor(photo) if units is not None else None
            heir_id = kept.get(photo.photo_id)
            if heir_id is None or heir_id in photos:
                heir_id = None if survivor is None else survivor.photo_id
            if heir_id is not None:
                catalog.decisions.note_heir(removal.removal_id, heir_id)
            facts = _checked(photo.path, photo.digest)
            belongings.send(removal, photo.path)
            trash_path = _send(photo.path, photo.digest, facts, move_to_trash)
        except _RefusedError as refusal:
            failed += belongings.take_back(str(refusal))
            if units is not None:
                units.keep_rest(photo)
            catalog.finish_removal(removal.removal_id, None, str(refusal))
            failed.append((removal.path, str(refusal)))
        else:
            changed.update(catalog.finish_removal(removal.removal_id, trash_path))
            done.append(removal.path)
            belongings.let_go()
    batch_id = planned[0].batch_id if planned else 0
    changed_ids = tuple(sorted(changed - photos.keys()))
    return RemovalReport(batch_id, tuple(done), tuple(failed), changed_ids, along=tuple(belongings.gone))


def undo(catalog: Catalog, batch_id: int) -> RemovalReport:
    """Put the files of a batch back where they were, bytes and times as they were; also after a restart.

    Nothing is ever written over: where another file has taken the place, the one in the trash stays there, and what
    belongs to it with it.
    """
    done: list[bytes] = []
    along: list[bytes] = []
    failed: list[tuple[bytes, str]] = []
    changed: set[int] = set()
    in_trash: dict[int, Removal] = {}
    for removal in sorted(catalog.removals(batch_id), key=lambda each: (each.is_companion, -each.removal_id)):
        if removal.state != "done":
            continue
        facts = catalog.removal_facts(removal.removal_id)
        try:
            if removal.is_companion:
                _require_back(in_trash.get(removal.photo_id))
            _restore(removal, facts[1] if facts else None)
        except _RefusedError as refusal:
            catalog.mark_undone(removal.removal_id, str(refusal))
            failed.append((removal.path, str(refusal)))
            if not removal.is_companion:
                in_trash[removal.photo_id] = removal
        else:
            changed.update(catalog.mark_undone(removal.removal_id))
            (along if removal.is_companion else done).append(removal.path)
    return RemovalReport(batch_id, tuple(done), tuple(failed), tuple(sorted(changed)), along=tuple(along))


def settle(catalog: Catalog, answers: Callable[[bytes], bool] = lambda _path: True) -> list[str]:
    """Finish the journal after a crash: each planned file is either still in its place or in the trash.

    Called once at the start, before anything else writes.

    Args:
        catalog: The writing connection.
        answers: Whether the disk of a path answers; where it does not, its line waits for the next start.

    Returns:
        Sentences for the person; empty when nothing was interrupted.
    """
    moved = stayed = 0
    removals = [removal for removal in catalog.removals() if not removal.is_rename]
    with_photo: dict[tuple[int, int], list[Removal]] = {}
    for removal in removals:
        if removal.is_companion and removal.state in ("planned", "done"):
            with_photo.setdefault((removal.batch_id, removal.photo_id), []).append(removal)
    for removal in removals:
        if removal.state != "planned" or removal.is_companion or not answers(removal.path):
            continue
        if os.path.lexists(removal.path):
            for companion in with_photo.get((removal.batch_id, removal.photo_id), ()):
                _settle_companion(catalog, companion)
            catalog.finish_removal(removal.removal_id, None, _INTERRUPTED)
            stayed += 1
        elif not os.path.isdir(os.path.dirname(removal.path)):
            # Its drive is not here: nothing can be said yet. "Not seen" is never "deleted".
            continue
        else:
            facts = catalog.removal_facts(removal.removal_id)
            catalog.finish_removal(removal.removal_id, _find_in_trash(removal.path, facts[1] if facts else b""))
            moved += 1
    if not moved and not stayed:
        return []
    return [f"Moving photos to the trash was interrupted: {moved} had been moved, {stayed} stayed where they were."]


def _settle_companion(catalog: Catalog, companion: Removal) -> None:
    """Put back what went ahead of a photo that stayed; where that fails it can still be undone."""
    if os.path.lexists(companion.path):
        catalog.finish_removal(companion.removal_id, None, _INTERRUPTED)
        return
    facts = catalog.removal_facts(companion.removal_id)
    digest = facts[1] if facts else b""
    place = companion.trash_path or _find_in_trash(companion.path, digest)
    try:
        _restore(replace(companion, trash_path=place), digest)
    except _RefusedError:
        catalog.finish_removal(companion.removal_id, place)
    else:
        catalog.finish_removal(companion.removal_id, None, _INTERRUPTED)


# ----------------------------------------------------------------------------------------------- one file


def _checked(path: bytes, digest: bytes) -> os.stat_result:
    """Return what a file is that has these bytes still; or refuse."""
    before = _look(path)
    if _digest(path) != digest:
        raise _RefusedError("It changed since it was indexed.")
    after = _look(path)
    if _identity(before) != _identity(after):
        raise _RefusedError("It changed while it was read.")
    return after


def _send(path: bytes, digest: bytes, facts: os.stat_result, move_to_trash: MoveToTrash) -> bytes | None:
    """Move one file to the trash that was looked at just now; return its place there."""
    try:
        trash_path = move_to_trash(path)
    except OSError as error:
        if _same_place(path, facts):
            raise _RefusedError(_in_words(error)) from error
        # It said it failed, and yet the file is gone: the journal must say so, or undo would never look for it.
        return _find_in_trash(path, digest)
    if _same_place(path, facts):
        raise _RefusedError("The trash did not take it.")
    return trash_path if trash_path is not None else _find_in_trash(path, digest)


class _Belongings:
    """What belongs to the photos of one run and goes with them; each directory is listed once.

    Attributes:
        gone: What went with photos that went.
    """

    def __init__(self, catalog: Catalog, move_to_trash: MoveToTrash) -> None:
        self._catalog = catalog
        self._move_to_trash = move_to_trash
        self._listings: dict[bytes, Beside] = {}
        self._moved: list[tuple[Removal, bytes]] = []
        """Lines of the journal and digests, of the photo that is about to go."""
        self.gone: list[bytes] = []

    def send(self, removal: Removal, path: bytes) -> None:
        """Move to the trash what belongs to a photo that is about to go; or refuse, for `take_back` to follow."""
        for companion in self._of(path):
            line = None
            try:
                before = _look(companion)
                digest = _digest(companion)
                planned = [(companion, digest, facts_of(before), None)]
                (line,) = self._catalog.plan_companions(removal.removal_id, planned)
                facts = _checked(companion, digest)
                trash_path = _send(companion, digest, facts, self._move_to_trash)
            except _RefusedError as refusal:
                if line is not None:
                    self._catalog.finish_removal(line.removal_id, None, str(refusal))
                raise _RefusedError(f"{_name(companion)} belongs to it and has to stay: {refusal}") from refusal
            self._catalog.finish_removal(line.removal_id, trash_path)
            self._moved.append((replace(line, trash_path=trash_path), digest))

    def take_back(self, reason: str) -> list[tuple[bytes, str]]:
        """Put back what went before a photo that stays after all; return what could not be, with reasons."""
        stuck: list[tuple[bytes, str]] = []
        for line, digest in reversed(self._moved):
            try:
                _restore(line, digest)
            except _RefusedError as refusal:
                stuck.append((line.path, str(refusal)))
            else:
                self._catalog.finish_removal(line.removal_id, None, reason)
        self._moved = []
        return stuck

    def let_go(self) -> None:
        """Note that the photo went, too."""
        self.gone += [line.path for line, _ in self._moved]
        self._moved = []

    def _of(self, path: bytes) -> list[bytes]:
        directory, name = os.path.split(path)
        if directory not in self._listings:
            try:
                self._listings[directory] = Beside(directory)
            except OSError as error:
                raise _RefusedError(_in_words(error)) from error
        beside = self._listings[directory]
        found = beside.own(name)
        if not any(os.path.lexists(os.path.join(directory, other)) for other in beside.others(name)):
            found += beside.shared(name)
        paths = [os.path.join(directory, each) for each in found]
        return [each for each in paths if os.path.lexists(each)]


class _Units:
    """The shots among the chosen photos, and the proof that each of their files is superfluous.

    A whole shot is proven just before the first of its files moves: proving each file alone would leave half a shot
    where the second has no copy.
    """

    def __init__(
        self,
        catalog: Catalog,
        chosen: dict[int, Photo],
        same_picture: Callable[[int], Sequence[int]],
        along: Container[int],
    ) -> None:
        self._catalog = catalog
        self._chosen = chosen
        self._same_picture = same_picture
        self._along = along
        self._mates = catalog.unit_mates(list(chosen))
        self._survivors: dict[int, Photo] = {}
        self._stays: dict[int, Photo] = {}

    def survivor(self, photo: Photo) -> Photo:
        """Return another file that holds this picture and stays, having found one for its whole shot; or refuse."""
        if photo.photo_id in self._stays:
            name = _name(self._stays[photo.photo_id].path)
            raise _RefusedError(f"It belongs to {name}, which stays.")
        if photo.photo_id not in self._survivors:
            self._survivors[photo.photo_id] = self._proven(photo)
            for mate in self._mates_of(photo):
                try:
                    self._survivors[mate.photo_id] = self._proven(mate)
                except _RefusedError as refusal:
                    raise _RefusedError(f"{_name(mate.path)} belongs to it and has to stay: {refusal}") from refusal
        return self._survivors[photo.photo_id]

    def keep_rest(self, photo: Photo) -> None:
        """Note that a file stays, and with it those of its shot that have not gone."""
        for mate in self._mates_of(photo):
            self._stays.setdefault(mate.photo_id, photo)

    def _mates_of(self, photo: Photo) -> list[Photo]:
        return [self._chosen[mate] for mate in self._mates.get(photo.photo_id, ()) if mate in self._chosen]

    def _proven(self, photo: Photo) -> Photo:
        is_lone_raw = photo.photo_id in self._along and photo.format == "RAW"
        same_picture = (lambda _content_id: ()) if is_lone_raw else self._same_picture
        return _survivor(self._catalog, photo, self._chosen, same_picture)


def _survivor(
    catalog: Catalog, photo: Photo, chosen: dict[int, Photo], same_picture: Callable[[int], Sequence[int]]
) -> Photo:
    """Read another file that holds this picture and stays, and return its photo; or refuse."""
    try:
        victim = os.lstat(photo.path)
    except OSError as error:
        raise _RefusedError(_in_words(error)) from error
    # All its names in the library are one file: to trash one of them may be to trash the picture.
    reason = SAME_FILE if photo.other_paths else "No other copy would stay."
    for survivor in _survivors(catalog, photo, same_picture):
        if survivor.photo_id in chosen:
            continue
        if not survivor.is_online:
            reason = f"The copy that would stay cannot be read: {os.fsdecode(survivor.path)}"
            continue
        try:
            facts = _look(survivor.path)
            if (facts.st_dev, facts.st_ino) == (victim.st_dev, victim.st_ino):
                reason = SAME_FILE
                continue
            if _digest(survivor.path) == survivor.digest:
                return survivor
            reason = f"The copy that would stay has changed: {os.fsdecode(survivor.path)}"
        except _RefusedError:
            reason = f"The copy that would stay cannot be read: {os.fsdecode(survivor.path)}"
    raise _RefusedError(reason)


def _survivors(catalog: Catalog, photo: Photo, same_picture: Callable[[int], Sequence[int]]) -> Iterator[Photo]:
    """Yield the photos that may prove this one superfluous: the same bytes first, then the same picture."""
    yield from catalog.photos(catalog.photos_of([photo.content_id]).get(photo.content_id, ()))
    for content_id in same_picture(photo.content_id):
        yield from catalog.photos(catalog.photos_of([content_id]).get(content_id, ()))


def _require_back(photo: Removal | None) -> None:
    """Refuse to put back what belongs to a photo that stays in the trash."""
    if photo is not None:
        raise _RefusedError(f"It belongs to {_name(photo.path)}, which stays.")


def _look(path: bytes) -> os.stat_result:
    try:
        facts = os.lstat(path)
    except OSError as error:
        raise _RefusedError(_in_words(error)) from error
    if not stat.S_ISREG(facts.st_mode):
        raise _RefusedError("It is no longer a plain file.")
    return facts


def _name(path: bytes) -> str:
    return os.fsdecode(os.path.basename(path))


def _identity(facts: os.stat_result) -> tuple[int, int, int, int]:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _same_place(path: bytes, facts: os.stat_result) -> bool:
    """Return whether the very file is still there."""
    try:
        now = os.lstat(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return (now.st_dev, now.st_ino) == (facts.st_dev, facts.st_ino)


def _digest(path: bytes) -> bytes:
    # Never waits for a FIFO and never follows a link, should one have taken the place.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(path, "rb", opener=lambda name, _flags: os.open(name, flags)) as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise _RefusedError(f"It cannot be read: {error.strerror or error}.") from error


def _in_words(error: OSError) -> str:
    known = _REASONS.get(error.errno or 0)
    if isinstance(error, FileNotFoundError) and error.errno == errno.ENOENT and error.filename is not None:
        return "The file is no longer there."
    return known or (error.strerror and f"{error.strerror}.") or str(error) or "The trash did not take it."


# ----------------------------------------------------------------------------------------------- back again


def _restore(removal: Removal, digest: bytes | None) -> None:
    """Move one file from the trash to its place, never over another."""
    source, target = removal.trash_path, removal.path
    if source is None:
        raise _RefusedError("The system did not say where in the trash it lies; put it back from there.")
    if not os.path.lexists(source):
        if digest is not None and _is_back(target, digest):
            return  # an undo was interrupted after its last step
        raise _RefusedError("It is no longer in the trash.")
    if not os.path.isdir(os.path.dirname(target)):
        raise _RefusedError("The folder it was in is not there.")
    if digest is not None and _digest(source) != digest:
        raise _RefusedError("Another file lies at its place in the trash.")
    try:
        if os.path.lexists(target) and os.path.samefile(source, target):
            os.unlink(source)  # an undo was interrupted between its two steps
        else:
            _move(source, target)
    except FileExistsError as error:
        raise _RefusedError("Another file has taken its place.") from error
    except OSError as error:
        raise _RefusedError(f"It could not be put back: {error.strerror or error}.") from error
    _forget_in_trash(source)


def _is_back(target: bytes, digest: bytes) -> bool:
    try:
        return _digest(target) == digest
    except _RefusedError:
        return False


def _move(source: bytes, target: bytes) -> None:
    """Move a file, across drives if need be; raises FileExistsError rather than writing over one."""
    if sys.platform == "win32":
        try:
            os.rename(source, target)  # refuses an existing target there
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
        else:
            return
    else:
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError as error:
            # No links on this drive (FAT), or another drive.
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
                raise
        else:
            os.unlink(source)
            return
    _copy(source, target)
    os.unlink(source)


def _copy(source: bytes, target: bytes) -> None:
    with open(source, "rb") as reader, open(target, "xb") as writer:
        try:
            shutil.copyfileobj(reader, writer, 1 << 20)
            writer.flush()
            os.fsync(writer.fileno())
        except BaseException:
            os.unlink(target)  # ours: opened with "x", and the original is still in the trash
            raise
    shutil.copystat(source, target)  # times to the nanosecond, mode


# ---------------------------------------------------------------- the trash of freedesktop.org, for what it tells


def _forget_in_trash(trash_path: bytes) -> None:
    """Remove the note that lies beside a file in a freedesktop trash, or file managers show a ghost."""
    folder, name = os.path.split(trash_path)
    if os.path.basename(folder) == b"files":
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(os.path.dirname(folder), b"info", name + b".trashinfo"))


def _find_in_trash(path: bytes, digest: bytes) -> bytes | None:
    """Return where a file lies in a freedesktop trash, by the notes there; None when it is not found.

    See specifications.freedesktop.org/trash-spec, 1.0: the home trash notes absolute paths, the trash of another
    drive paths from its top.
    """
    home = os.environb.get(b"XDG_DATA_HOME") if os.supports_bytes_environ else None
    data = home or os.path.join(os.path.expanduser(b"~"), b".local", b"share")
    trashes = [(os.path.join(data, b"Trash"), b"")]
    if hasattr(os, "getuid"):
        top = os.path.dirname(path)
        while not os.path.ismount(top) and top != os.path.dirname(top):
            top = os.path.dirname(top)
        user = str(os.getuid()).encode()
        trashes += [(os.path.join(top, b".Trash", user), top), (os.path.join(top, b".Trash-" + user), top)]
    for trash, top in trashes:
        found = _find_in_one(trash, top, path, digest)
        if found is not None:
            return found
    return None


def _find_in_one(trash: bytes, top: bytes, path: bytes, digest: bytes) -> bytes | None:
    try:
        notes = os.listdir(os.path.join(trash, b"info"))
    except OSError:
        return None
    for note in notes:
        place = os.path.join(trash, b"files", note.removesuffix(b".trashinfo"))
        try:
            with open(os.path.join(trash, b"info", note), "rb") as file:
                lines = file.read(65_536).splitlines()
            noted = next(unquote_to_bytes(line[5:]) for line in lines if line.startswith(b"Path="))
            if os.path.join(top, noted) == path and _digest(place) == digest:
                return place
        except (OSError, StopIteration, _RefusedError):
            continue
    return None
