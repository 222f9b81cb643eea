"""Fault 29: moving photos to the trash never loses a picture, whatever fails; and undo brings the very file back.

The trash is a folder laid out as freedesktop.org says, filled by `os.rename` as the real one is. Photos are real
files with real digests in a real catalog.
"""

import errno
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import numpy as np
import pytest

from photofind import originals
from photofind.catalog.catalog import Catalog
from photofind.duplicates import cleanup
from photofind.photo.decode import read_file
from photofind.records import Filter, Merge, Metadata, Prepared, RemovalReport

MODEL = "m"


@dataclass
class Place:
    """A folder of photos, its catalog and a trash."""

    root: Path
    catalog: Catalog
    trash: Path

    def add(
        self,
        name: str,
        data: bytes | None = None,
        *,
        alias_of: int | None = None,
        format: str = "JPEG",
        time_ms: int | None = None,
    ) -> int:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if alias_of is None:
            path.write_bytes(name.encode() * 100 if data is None else data)
            os.utime(path, ns=(1_500_000_000_123_456_789, 1_400_000_000_987_654_321))
        return self.take_in(path, alias_of=alias_of, format=format, time_ms=time_ms)

    def take_in(
        self, path: Path, *, alias_of: int | None = None, format: str = "JPEG", time_ms: int | None = None
    ) -> int:
        data, facts = read_file(os.fsencode(path))
        prepared = Prepared(
            os.fsencode(path), facts, hashlib.sha256(data).digest(), width_px=4, height_px=3, format=format,
            metadata=Metadata(captured_at_ms=time_ms), perceptual_hash=bytes(256), thumbnail=b"jpeg",
        )  # fmt: skip
        self.catalog.add_prepared(
            [(prepared, np.eye(1, 4, dtype=np.float32)[0])], MODEL,
            aliases={} if alias_of is None else {os.fsencode(path): alias_of},
        )  # fmt: skip
        photo_id = self.catalog.photo_at(os.fsencode(path))
        assert photo_id is not None
        return photo_id

    def move(self, path: bytes) -> bytes:
        """Do what the system does: rename into files/, a note in info/."""
        (self.trash / "files").mkdir(parents=True, exist_ok=True)
        (self.trash / "info").mkdir(exist_ok=True)
        target = self.trash / "files" / os.path.basename(os.fsdecode(path))
        note = self.trash / "info" / f"{target.name}.trashinfo"
        note.write_text(f"[Trash Info]\nPath={quote(path)}\nDeletionDate=2026-01-01T00:00:00\n")
        os.rename(path, target)
        return os.fsencode(target)

    def remove(
        self, *photo_ids: int, move: Callable[[bytes], bytes | None] | None = None, keep_a_copy: bool = True
    ) -> RemovalReport:
        return cleanup.remove(self.catalog, photo_ids, move or self.move, keep_a_copy=keep_a_copy)

    def path(self, name: str) -> bytes:
        return os.fsencode(self.root / name)


@pytest.fixture
def place(tmp_path: Path, own_home: Path) -> Iterator[Place]:
    root = tmp_path / "photos"
    root.mkdir()
    place = Place(root, Catalog.open(tmp_path / "catalog.db"), Path(os.environ["XDG_DATA_HOME"]) / "Trash")
    place.catalog.add_folder(os.fsencode(root))
    yield place
    problems = place.catalog.check()
    place.catalog.close()
    assert problems == []


def facts_of(path: bytes) -> tuple[bytes, int, int]:
    status = os.stat(path)
    return Path(os.fsdecode(path)).read_bytes(), status.st_mtime_ns, status.st_mode


def reasons(report: RemovalReport) -> list[str]:
    return [reason for _, reason in report.failed]


def test_a_duplicate_goes_and_comes_back_as_it_was(place: Place) -> None:
    place.add("kept.jpg", b"same" * 100)
    gone = place.add("gone.jpg", b"same" * 100)
    before = facts_of(place.path("gone.jpg"))
    report = place.remove(gone)
    assert report.done == (place.path("gone.jpg"),)
    assert report.failed == ()
    assert not os.path.exists(place.path("gone.jpg"))
    assert place.catalog.photos([gone]) == []
    assert os.listdir(place.trash / "files") == ["gone.jpg"]

    back = cleanup.undo(place.catalog, report.batch_id)
    assert back.done == (place.path("gone.jpg"),)
    assert facts_of(place.path("gone.jpg")) == before
    assert os.listdir(place.trash / "files") == []
    assert os.listdir(place.trash / "info") == []
    assert place.catalog.last_batch() is None
    assert cleanup.undo(place.catalog, report.batch_id).done == ()


@dataclass
class Pictures:
    """Three files of one picture, and how to move the others to the trash for the first."""

    place: Place
    kept: int
    gone: int
    more: int

    def contents(self, content_id: int) -> list[int]:
        found = self.place.catalog.content_of([self.kept, self.gone, self.more]).values()
        return [each for each in found if each != content_id]

    def remove(
        self,
        *photo_ids: int,
        kept: Mapping[int, int] = MappingProxyType({}),
        move: Callable[[bytes], bytes | None] | None = None,
    ) -> RemovalReport:
        return cleanup.remove(
            self.place.catalog, photo_ids, move or self.place.move, keep_a_copy=True, same_picture=self.contents,
            kept=kept,
        )  # fmt: skip

    def said(self, photo_id: int) -> tuple[object, ...]:
        catalog = self.place.catalog
        (photo,) = catalog.photos([photo_id])
        collections = tuple(each.name for each in catalog.decisions.collections_of(photo_id))
        return photo.tags, photo.rating, photo.flag, photo.title, photo.caption, collections


NOTHING = ((), None, 0, None, None, ())


@pytest.fixture
def pictures(place: Place) -> Pictures:
    pictures = Pictures(place, place.add("kept.jpg"), place.add("gone.jpg"), place.add("more.jpg"))
    decisions = place.catalog.decisions
    decisions.add_tags([pictures.gone], ["sea"])
    place.catalog.set_rating([pictures.gone], 3)
    decisions.set_title([pictures.gone], "title")
    decisions.set_flag([pictures.more], 1)
    place.catalog.set_rating([pictures.more], 4)
    decisions.add_tags([pictures.more], ["Sea", "sun"])
    decisions.add_collection("Best", [pictures.more])
    return pictures


def test_what_was_decided_stays_with_the_copy_that_stays_and_goes_back_with_an_undo(pictures: Pictures) -> None:
    catalog = pictures.place.catalog
    before = pictures.said(pictures.gone), pictures.said(pictures.more)
    preview = catalog.decisions.merge_of(pictures.kept, [pictures.gone, pictures.more])
    report = pictures.remove(pictures.gone, pictures.more)
    assert len(report.done) == 2
    assert report.changed == (pictures.kept,)
    assert pictures.said(pictures.kept) == (("sea", "sun"), 4, 1, "title", None, ("Best",))
    assert preview == Merge(("sea", "sun"), 4, 1, "title", None, ("Best",))
    assert catalog.search_text("sun", Filter(), 9) != []
    catalog.decisions.set_caption([pictures.kept], "written since")
    back = cleanup.undo(catalog, report.batch_id)
    assert back.changed == (pictures.kept,)
    assert pictures.said(pictures.kept) == ((), None, 0, None, "written since", ())
    assert catalog.search_text("sun", Filter(), 9) == []
    again = [pictures.place.take_in(pictures.place.root / name) for name in ("gone.jpg", "more.jpg")]
    assert tuple(pictures.said(each) for each in again) == before


def test_what_was_decided_since_is_not_taken_back(pictures: Pictures) -> None:
    report = pictures.remove(pictures.gone)
    pictures.place.catalog.set_rating([pictures.kept], 1)
    cleanup.undo(pictures.place.catalog, report.batch_id)
    assert pictures.said(pictures.kept) == ((), 1, 0, None, None, ())


def test_an_heir_may_be_named_but_not_one_that_goes_too(pictures: Pictures) -> None:
    pictures.remove(pictures.gone, kept={pictures.gone: pictures.more})
    assert pictures.said(pictures.kept) == NOTHING
    assert pictures.said(pictures.more)[:4] == (("sea", "sun"), 4, 1, "title")
    other = pictures.place.add("other.jpg")
    pictures.gone = other
    pictures.place.catalog.decisions.add_tags([other], ["other"])
    pictures.remove(other, pictures.more, kept={other: pictures.more})
    assert pictures.said(pictures.kept)[0] == ("other", "sea", "sun")


def test_a_photo_that_stays_gives_nothing_away(pictures: Pictures) -> None:
    def refuse(path: bytes) -> bytes:
        raise OSError(errno.EACCES, "no")

    assert pictures.remove(pictures.gone, move=refuse).done == ()
    assert pictures.said(pictures.kept) == NOTHING


def test_a_kill_between_the_move_and_the_journal_loses_no_decision(pictures: Pictures) -> None:
    def move_and_die(path: bytes) -> bytes:
        pictures.place.move(path)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pictures.remove(pictures.gone, move=move_and_die)
    assert pictures.said(pictures.kept) == NOTHING
    assert cleanup.settle(pictures.place.catalog) != []
    assert pictures.said(pictures.kept) == (("sea",), 3, 0, "title", None, ())
    batch = pictures.place.catalog.last_batch()
    assert batch is not None
    cleanup.undo(pictures.place.catalog, batch)
    assert pictures.said(pictures.kept) == NOTHING


def test_undo_works_after_a_restart(place: Place, tmp_path: Path) -> None:
    place.add("kept.jpg", b"same" * 100)
    report = place.remove(place.add("gone.jpg", b"same" * 100))
    place.catalog.close()
    place.catalog = Catalog.open(tmp_path / "catalog.db")
    assert cleanup.settle(place.catalog) == []
    batch = place.catalog.last_batch()
    assert batch == report.batch_id
    assert cleanup.undo(place.catalog, batch).done == (place.path("gone.jpg"),)
    assert os.path.exists(place.path("gone.jpg"))


def test_the_last_copy_cannot_be_chosen(place: Place) -> None:
    ids = [place.add(name, b"same" * 100) for name in ("a.jpg", "b.jpg")]
    alone = place.add("alone.jpg")
    report = place.remove(*ids, alone)
    assert report.done == ()
    assert reasons(report) == ["No other copy would stay."] * 3
    assert len(place.catalog.photos([*ids, alone])) == 3
    assert not place.trash.exists()


def test_a_photo_may_be_deleted_on_purpose(place: Place) -> None:
    alone = place.add("alone.jpg")
    assert place.remove(alone, keep_a_copy=False).done == (place.path("alone.jpg"),)


def test_another_name_of_the_file_proves_nothing(place: Place) -> None:
    first = place.add("a.jpg")
    os.link(place.path("a.jpg"), place.path("link.jpg"))
    alias = place.add("link.jpg", alias_of=first)
    for photo_id in (first, alias):
        assert reasons(place.remove(photo_id)) == ["This is the same file as the copy that would stay."]


def test_a_link_that_the_catalog_does_not_know_proves_nothing(place: Place) -> None:
    first = place.add("a.jpg")
    os.link(place.path("a.jpg"), place.path("b.jpg"))
    place.take_in(place.root / "b.jpg")  # as if it had been a file of its own when it was indexed
    assert reasons(place.remove(first)) == ["This is the same file as the copy that would stay."]
    assert os.path.exists(place.path("a.jpg"))


@pytest.mark.parametrize("fault", ["changed", "gone", "directory", "link", "unreadable"])
def test_a_survivor_is_read_again_to_the_last_byte(place: Place, fault: str) -> None:
    place.add("kept.jpg", b"same" * 100)
    gone = place.add("gone.jpg", b"same" * 100)
    kept = place.path("kept.jpg")
    os.unlink(kept)
    if fault == "changed":
        Path(os.fsdecode(kept)).write_bytes(b"same" * 99 + b"samE")
    elif fault == "directory":
        os.mkdir(kept)
    elif fault == "link":
        os.symlink(place.path("gone.jpg"), kept)
    elif fault == "unreadable":
        os.mkfifo(kept)
    report = place.remove(gone)
    assert report.done == ()
    assert "copy that would stay" in reasons(report)[0]
    assert "kept.jpg" in reasons(report)[0]
    assert os.path.exists(place.path("gone.jpg"))


@pytest.mark.parametrize("fault", ["changed", "touched", "gone", "directory"])
def test_a_file_is_looked_at_again_before_it_moves(place: Place, fault: str) -> None:
    place.add("kept.jpg", b"same" * 100)
    gone = place.add("gone.jpg", b"same" * 100)
    path = Path(os.fsdecode(place.path("gone.jpg")))
    if fault == "changed":
        path.write_bytes(b"same" * 99 + b"EDIT")
    elif fault == "touched":
        os.utime(path)
    else:
        path.unlink()
        if fault == "directory":
            path.mkdir()
    report = place.remove(gone)
    if fault == "touched":  # the same bytes: nothing of worth would be lost
        assert report.done
    else:
        assert report.done == ()
        expected = {
            "changed": "It changed since it was indexed.",
            "gone": "The file is no longer there.",
            "directory": "It is no longer a plain file.",
        }
        assert reasons(report) == [expected[fault]]
        assert not place.trash.exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EXDEV, "another drive"),
        (errno.ENOSPC, "full"),
        (errno.EPERM, "not allowed"),
        (errno.EACCES, "not allowed"),
        (errno.EROFS, "only be read"),
        (errno.ENOENT, "no trash"),
        (errno.EBADF, "Bad file descriptor."),
    ],
)
def test_where_the_trash_fails_the_file_stays_and_is_named(place: Place, code: int, words: str) -> None:
    place.add("kept.jpg", b"same" * 100)
    first, second = place.add("one.jpg", b"same" * 100), place.add("two.jpg", b"same" * 100)

    def move(path: bytes) -> bytes:
        if path.endswith(b"one.jpg"):
            raise OSError(code, os.strerror(code))
        return place.move(path)

    report = place.remove(first, second, move=move)
    assert report.done == (place.path("two.jpg"),)  # one failure does not stop the rest
    ((path, reason),) = report.failed
    assert path == place.path("one.jpg")
    assert words in reason
    assert os.path.exists(path)
    assert place.catalog.photos([first])
    assert {removal.state for removal in place.catalog.removals(report.batch_id)} == {"failed", "done"}
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path("two.jpg"),)


def test_the_sentence_of_the_trash_is_passed_on(place: Place) -> None:
    alone = place.add("a.jpg")

    def move(path: bytes) -> bytes:
        raise OSError("The trash is on holiday.")

    assert reasons(place.remove(alone, move=move, keep_a_copy=False)) == ["The trash is on holiday."]


def test_a_trash_that_lies_is_not_believed(place: Place) -> None:
    first, second = place.add("a.jpg"), place.add("b.jpg")
    report = place.remove(first, move=lambda path: path, keep_a_copy=False)
    assert reasons(report) == ["The trash did not take it."]
    assert place.catalog.photos([first])

    def moves_and_fails(path: bytes) -> bytes:
        place.move(path)
        raise OSError(errno.EIO, "after the fact")

    report = place.remove(second, move=moves_and_fails, keep_a_copy=False)
    assert report.done == (place.path("b.jpg"),)
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path("b.jpg"),)


def test_a_trash_that_does_not_say_where_is_searched(place: Place) -> None:
    name = "umlaut ä % \n.jpg"
    alone = place.add(name)

    def move(path: bytes) -> None:
        place.move(path)

    report = place.remove(alone, move=move, keep_a_copy=False)
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path(name),)
    assert os.path.exists(place.path(name))


def test_undo_never_writes_over_another_file(place: Place) -> None:
    alone = place.add("a.jpg")
    report = place.remove(alone, keep_a_copy=False)
    Path(os.fsdecode(place.path("a.jpg"))).write_bytes(b"new")
    back = cleanup.undo(place.catalog, report.batch_id)
    assert reasons(back) == ["Another file has taken its place."]
    assert Path(os.fsdecode(place.path("a.jpg"))).read_bytes() == b"new"
    os.unlink(place.path("a.jpg"))
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path("a.jpg"),)  # and can be tried again


@pytest.mark.parametrize(
    ("fault", "words"), [("emptied", "no longer in the trash"), ("other", "Another file"), ("folder", "folder")]
)
def test_undo_says_what_is_in_the_way(place: Place, fault: str, words: str) -> None:
    report = place.remove(place.add("sub/a.jpg"), keep_a_copy=False)
    lying = place.trash / "files" / "a.jpg"
    if fault == "emptied":
        lying.unlink()
    elif fault == "other":
        lying.write_bytes(b"of somebody else")
    else:
        os.rmdir(place.root / "sub")
    back = cleanup.undo(place.catalog, report.batch_id)
    assert back.done == ()
    assert words in reasons(back)[0]


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM])
def test_undo_copies_where_it_cannot_link(place: Place, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    alone = place.add("a.jpg", b"x" * 3_000_000)
    before = facts_of(place.path("a.jpg"))
    report = place.remove(alone, keep_a_copy=False)

    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path("a.jpg"),)
    assert facts_of(place.path("a.jpg")) == before
    assert os.listdir(place.trash / "files") == []


def test_a_copy_back_that_fails_leaves_the_file_in_the_trash(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = place.add("a.jpg", b"x" * 3_000_000)
    report = place.remove(alone, keep_a_copy=False)

    def no_link(*_args: object, **_options: object) -> None:
        raise OSError(errno.EXDEV, "cross-device")

    def full(_reader: object, writer: object, _size: int) -> None:
        writer.write(b"x" * 1_000)  # type: ignore[attr-defined]
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", no_link)
    monkeypatch.setattr("shutil.copyfileobj", full)
    back = cleanup.undo(place.catalog, report.batch_id)
    assert "No space left" in reasons(back)[0]
    assert not os.path.exists(place.path("a.jpg"))
    assert (place.trash / "files" / "a.jpg").stat().st_size == 3_000_000
    monkeypatch.undo()
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path("a.jpg"),)


def test_the_same_picture_may_stay_instead_of_the_same_bytes(place: Place) -> None:
    small, large, other = place.add("small.jpg"), place.add("large.jpg"), place.add("other.jpg")
    contents = place.catalog.content_of([small, large, other])

    def same_picture(content_id: int) -> list[int]:
        pair = [contents[small], contents[large]]
        return [other_id for other_id in pair if content_id in pair and other_id != content_id]

    def remove(*photo_ids: int) -> RemovalReport:
        return cleanup.remove(place.catalog, photo_ids, place.move, keep_a_copy=True, same_picture=same_picture)

    assert reasons(remove(other)) == ["No other copy would stay."]
    assert reasons(remove(small, large)) == ["No other copy would stay."] * 2
    assert remove(small).done == (place.path("small.jpg"),)
    assert reasons(remove(large)) == ["No other copy would stay."]


def test_names_that_are_not_text(place: Place) -> None:
    name = os.fsdecode(b"\xff\xfe -rf \n%41.jpg")
    alone = place.add(name, b"1" * 50)
    report = place.remove(alone, keep_a_copy=False)
    assert report.done == (place.path(name),)
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path(name),)


def test_ids_that_are_gone_are_passed_over(place: Place) -> None:
    report = place.remove(123, 456, keep_a_copy=False)
    assert report == RemovalReport(report.batch_id, (), ())
    alone = place.add("a.jpg")
    assert place.remove(alone, alone, 999, keep_a_copy=False).done == (place.path("a.jpg"),)


_CHILD = """
import os, signal, sys
from pathlib import Path
from photofind import originals
from photofind.catalog.catalog import Catalog
from photofind.duplicates import cleanup
library, trash, when, *names = sys.argv[1:]

def move(path):
    target = os.path.join(os.fsencode(trash), os.path.basename(path))
    if os.path.basename(path) == b"2.jpg" and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    info = Path(trash).parent / "info" / (os.path.basename(os.fsdecode(path)) + ".trashinfo")
    info.write_text("[Trash Info]\\nPath=" + os.fsdecode(path) + "\\n")
    os.rename(path, target)
    if os.path.basename(path) == b"2.jpg" and when == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return target

with Catalog.open(Path(library)) as catalog:
    ids = [catalog.photo_at(os.fsencode(name)) for name in names]
    cleanup.remove(catalog, ids, move, keep_a_copy=False)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_leaves_each_file_at_one_of_two_places(place: Place, tmp_path: Path, when: str) -> None:
    names = ["1.jpg", "2.jpg", "3.jpg"]
    for name in names:
        place.add(name)
    before = {name: facts_of(place.path(name)) for name in names}
    (place.trash / "files").mkdir(parents=True)
    (place.trash / "info").mkdir()
    place.catalog.close()
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path / "catalog.db"), str(place.trash / "files"), when]
        + [os.fsdecode(place.path(name)) for name in names],
        check=False,
        timeout=60,
    )
    assert child.returncode == -signal.SIGKILL
    for name in names:
        places = [place.root / name, place.trash / "files" / name]
        assert sum(path.exists() for path in places) == 1

    place.catalog = Catalog.open(tmp_path / "catalog.db")
    (sentence,) = cleanup.settle(place.catalog)
    moved = {"before": ["1.jpg"], "after": ["1.jpg", "2.jpg"]}[when]
    assert f"{len(moved) - 1} had been moved, {3 - len(moved)} stayed" in sentence
    assert cleanup.settle(place.catalog) == []
    for name in names:
        assert (place.catalog.photo_at(place.path(name)) is None) == (name in moved)
    batch = place.catalog.last_batch()
    assert batch is not None
    assert sorted(cleanup.undo(place.catalog, batch).done) == [place.path(name) for name in moved]
    assert {name: facts_of(place.path(name)) for name in names} == before


def test_a_drive_that_is_not_there_settles_nothing(place: Place) -> None:
    """Not seen is never deleted."""
    (removal,) = place.catalog.plan_removals([place.add("away/a.jpg")])
    os.rename(place.root / "away", place.root / "unplugged")
    assert cleanup.settle(place.catalog) == []
    assert place.catalog.removals(removal.batch_id)[0].state == "planned"
    os.rename(place.root / "unplugged", place.root / "away")
    assert len(cleanup.settle(place.catalog)) == 1
    assert place.catalog.removals(removal.batch_id)[0].state == "failed"


def test_an_undo_that_was_interrupted_goes_on(place: Place) -> None:
    report = place.remove(place.add("a.jpg"), keep_a_copy=False)
    os.link(place.trash / "files" / "a.jpg", place.path("a.jpg"))  # killed between the link and the unlink
    assert cleanup.undo(place.catalog, report.batch_id).done == (place.path("a.jpg"),)
    assert os.listdir(place.trash / "files") == []


# Files of one shot


def shot(place: Place, folder: str, *, raw: bytes = b"raw" * 99, jpeg: bytes = b"jpeg" * 99) -> tuple[int, int]:
    """Put a RAW and its JPEG into a folder."""
    return (
        place.add(f"{folder}/IMG_1.CR2", raw, format="RAW", time_ms=5_000),
        place.add(f"{folder}/IMG_1.JPG", jpeg, time_ms=5_000),
    )


def test_the_files_of_a_shot_know_each_other(place: Place) -> None:
    raw, jpeg = shot(place, "a")
    other = place.add("a/IMG_1.edited.jpg", time_ms=5_000)
    later = place.add("b/IMG_1.CR2", format="RAW", time_ms=9_000)
    place.add("b/IMG_1.JPG", time_ms=5_000)
    assert place.catalog.unit_mates([raw, jpeg, other, later]) == {raw: (jpeg,), jpeg: (raw,)}


def test_a_shot_goes_as_a_whole_and_comes_back(place: Place) -> None:
    shot(place, "a")
    raw, jpeg = shot(place, "b")
    report = cleanup.remove(place.catalog, [raw, jpeg], place.move, keep_a_copy=True, along={jpeg})
    assert report.done == (place.path("b/IMG_1.CR2"), place.path("b/IMG_1.JPG"))
    assert cleanup.undo(place.catalog, report.batch_id).failed == ()
    assert sorted(os.listdir(place.root / "b")) == ["IMG_1.CR2", "IMG_1.JPG"]


@pytest.mark.parametrize("is_raw_chosen", [False, True])
def test_a_shot_of_which_one_file_has_no_copy_stays_as_a_whole(place: Place, is_raw_chosen: bool) -> None:
    place.add("a/IMG_1.JPG", b"jpeg" * 99, time_ms=5_000)
    raw, jpeg = shot(place, "b")
    chosen = [raw, jpeg] if is_raw_chosen else [jpeg, raw]
    report = cleanup.remove(place.catalog, chosen, place.move, keep_a_copy=True, along=chosen[1:])
    assert report.done == ()
    said = dict(report.failed)
    first, second = (
        said[place.path(f"b/IMG_1.{name}")] for name in (("CR2", "JPG") if is_raw_chosen else ("JPG", "CR2"))
    )
    if is_raw_chosen:
        assert first == "No other copy would stay."
        assert second == "It belongs to IMG_1.CR2, which stays."
    else:
        assert first == "IMG_1.CR2 belongs to it and has to stay: No other copy would stay."
        assert second == "It belongs to IMG_1.JPG, which stays."


def test_a_raw_never_goes_along_for_a_jpeg_that_stays(place: Place) -> None:
    stays = place.add("a/IMG_1.JPG", b"jpeg" * 99, time_ms=5_000)
    raw, jpeg = shot(place, "b")
    contents = place.catalog.content_of([stays, raw])

    def same_picture(content_id: int) -> list[int]:
        return [each for each in contents.values() if each != content_id]

    def remove(*chosen: int, along: set[int]) -> RemovalReport:
        return cleanup.remove(
            place.catalog, chosen, place.move, keep_a_copy=True, same_picture=same_picture, along=along
        )

    assert remove(jpeg, raw, along={raw}).done == ()
    # Who marks the RAW itself has decided so.
    assert len(remove(raw, jpeg, along={jpeg}).done) == 2


def test_where_the_trash_refuses_the_first_the_rest_of_the_shot_stays(place: Place) -> None:
    shot(place, "a")
    raw, jpeg = shot(place, "b")

    def refuse(path: bytes) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    report = cleanup.remove(place.catalog, [raw, jpeg], refuse, keep_a_copy=True)
    assert reasons(report) == ["The drive of the trash is full.", "It belongs to IMG_1.CR2, which stays."]


# What belongs to a photo and is none


LIVE = ("IMG_1.HEIC", "IMG_1.MOV", "IMG_1.xmp", "IMG_1.HEIC.xmp")


def live_photo(place: Place, folder: str = "a", *, data: bytes = b"heic" * 99) -> int:
    """Put a live photo with two sidecars into a folder."""
    photo_id = place.add(f"{folder}/IMG_1.HEIC", data, format="HEIF", time_ms=5_000)
    for name in LIVE[1:]:
        beside(place, f"{folder}/{name}")
    return photo_id


def beside(place: Place, name: str) -> None:
    path = place.root / name
    path.write_bytes(b"belongs" + name.encode())
    os.utime(path, ns=(1_500_000_000_123_456_789, 1_300_000_000_987_654_321))


def state(place: Place, folder: str = "a") -> dict[str, tuple[bytes, int, int]]:
    return {name: facts_of(place.path(f"{folder}/{name}")) for name in sorted(os.listdir(place.root / folder))}


def in_trash(place: Place) -> list[str]:
    return sorted(os.listdir(place.trash / "files"))


def test_a_live_photo_goes_with_its_video_and_comes_back_after_a_restart(place: Place, tmp_path: Path) -> None:
    photo_id = live_photo(place)
    beside(place, "a/IMG_2.MOV")
    before = state(place)
    report = place.remove(photo_id, keep_a_copy=False)
    assert report.done == (place.path("a/IMG_1.HEIC"),)
    assert set(report.along) == {place.path(f"a/{name}") for name in LIVE[1:]}
    assert list(state(place)) == ["IMG_2.MOV"]
    assert in_trash(place) == sorted(LIVE)

    place.catalog.close()
    place.catalog = Catalog.open(tmp_path / "catalog.db")
    assert cleanup.settle(place.catalog) == []
    back = cleanup.undo(place.catalog, report.batch_id)
    assert (back.done, back.failed) == (report.done, ())
    assert set(back.along) == set(report.along)
    assert state(place) == before
    assert place.catalog.last_batch() is None
    assert os.listdir(place.trash / "info") == []


def test_what_another_photo_has_too_stays_with_that(place: Place) -> None:
    raw, jpeg = shot(place, "a")
    for name in ("IMG_1.xmp", "IMG_1.JPG.xmp", "IMG_1.MOV"):
        beside(place, f"a/{name}")
    first = place.remove(jpeg, keep_a_copy=False)
    assert first.along == (place.path("a/IMG_1.JPG.xmp"),)
    assert list(state(place)) == ["IMG_1.CR2", "IMG_1.MOV", "IMG_1.xmp"]
    assert cleanup.undo(place.catalog, first.batch_id).failed == ()
    jpeg = place.take_in(place.root / "a/IMG_1.JPG", time_ms=5_000)
    both = place.remove(jpeg, raw, keep_a_copy=False)
    assert len(both.done) == 2
    assert state(place) == {}, both.along
    assert cleanup.undo(place.catalog, both.batch_id).failed == ()
    assert len(state(place)) == 5


def test_what_the_last_of_a_shot_leaves_stays_where_the_other_was_refused(place: Place) -> None:
    raw, jpeg = shot(place, "a")
    beside(place, "a/IMG_1.xmp")

    def move(path: bytes) -> bytes:
        if path.endswith(b"CR2"):
            raise OSError(errno.EACCES, "Permission denied")
        return place.move(path)

    report = place.remove(raw, jpeg, move=move, keep_a_copy=False)
    assert report.done == (place.path("a/IMG_1.JPG"),)
    assert list(state(place)) == ["IMG_1.CR2", "IMG_1.xmp"]


@pytest.mark.parametrize("refused", LIVE)
def test_a_live_photo_goes_as_a_whole_or_stays_as_a_whole(place: Place, refused: str) -> None:
    photo_id = live_photo(place)
    before = state(place)

    def move(path: bytes) -> bytes:
        if os.path.basename(path) == refused.encode():
            raise OSError(errno.EACCES, "Permission denied")
        return place.move(path)

    report = place.remove(photo_id, move=move, keep_a_copy=False)
    assert (report.done, report.along) == ((), ())
    ((path, reason),) = report.failed
    assert path == place.path("a/IMG_1.HEIC")
    said = "" if refused == LIVE[0] else f"{refused} belongs to it and has to stay: "
    assert reason == f"{said}You are not allowed to move it."
    assert state(place) == before
    assert place.catalog.last_batch() is None
    assert place.catalog.photo_at(path) == photo_id


def test_a_video_that_vanished_or_came_back_changed_holds_nothing_up(place: Place) -> None:
    photo_id = live_photo(place)

    def move(path: bytes) -> bytes:
        video = place.root / "a/IMG_1.MOV"
        if path == place.path("a/IMG_1.HEIC.xmp"):
            video.unlink()  # by another program, after the folder was listed
        return place.move(path)

    report = place.remove(photo_id, move=move, keep_a_copy=False)
    # It was seen a moment before: nobody knows where it is, so the photo stays and says so.
    assert reasons(report) == ["IMG_1.MOV belongs to it and has to stay: The file is no longer there."]
    assert sorted(state(place)) == ["IMG_1.HEIC", "IMG_1.HEIC.xmp", "IMG_1.xmp"]
    assert place.remove(photo_id, keep_a_copy=False).failed == ()


def test_where_it_cannot_be_put_back_it_is_named_and_undo_still_can(place: Place) -> None:
    photo_id = live_photo(place)

    def move(path: bytes) -> bytes:
        if path.endswith(b".HEIC"):
            beside(place, "a/IMG_1.MOV")  # another program takes the place
            raise OSError(errno.EACCES, "Permission denied")
        return place.move(path)

    report = place.remove(photo_id, move=move, keep_a_copy=False)
    assert dict(report.failed) == {
        place.path("a/IMG_1.MOV"): "Another file has taken its place.",
        place.path("a/IMG_1.HEIC"): "You are not allowed to move it.",
    }
    os.unlink(place.path("a/IMG_1.MOV"))
    assert cleanup.undo(place.catalog, report.batch_id).along == (place.path("a/IMG_1.MOV"),)
    assert sorted(state(place)) == sorted(LIVE)


def test_what_belongs_to_a_photo_waits_in_the_trash_with_it(place: Place) -> None:
    report = place.remove(live_photo(place), keep_a_copy=False)
    beside(place, "a/IMG_1.HEIC")
    back = cleanup.undo(place.catalog, report.batch_id)
    assert back.done == back.along == ()
    assert set(reasons(back)) == {"Another file has taken its place.", "It belongs to IMG_1.HEIC, which stays."}
    assert in_trash(place) == sorted(LIVE)
    os.unlink(place.path("a/IMG_1.HEIC"))
    assert cleanup.undo(place.catalog, report.batch_id).failed == ()


def test_an_undo_that_was_killed_between_photo_and_video_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = place.remove(live_photo(place), keep_a_copy=False)

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place.catalog, "mark_undone", die)
    with pytest.raises(KeyboardInterrupt):
        cleanup.undo(place.catalog, report.batch_id)
    monkeypatch.undo()
    assert list(state(place)) == ["IMG_1.HEIC"]
    assert cleanup.undo(place.catalog, report.batch_id).failed == ()
    assert sorted(state(place)) == sorted(LIVE)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", LIVE)
def test_a_kill_within_a_live_photo_leaves_all_of_it_or_nothing(
    place: Place, tmp_path: Path, name: str, when: str
) -> None:
    photo_id = live_photo(place)
    before = state(place)

    def move_and_die(path: bytes) -> bytes:
        is_it = os.path.basename(path) == name.encode()
        if is_it and when == "before":
            raise KeyboardInterrupt
        moved = place.move(path)
        if is_it:
            raise KeyboardInterrupt
        return moved

    (place.trash / "files").mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt):
        place.remove(photo_id, move=move_and_die, keep_a_copy=False)
    place.catalog.close()
    place.catalog = Catalog.open(tmp_path / "catalog.db")
    (sentence,) = cleanup.settle(place.catalog)
    is_gone = (name, when) == (LIVE[0], "after")
    assert ("1 had been moved" if is_gone else "1 stayed") in sentence
    assert state(place) == ({} if is_gone else before)
    assert in_trash(place) == (sorted(LIVE) if is_gone else [])
    assert not place.catalog.has_planned_removals()
    batch = place.catalog.last_batch()
    assert (batch is not None) == is_gone
    if batch is not None:
        assert cleanup.undo(place.catalog, batch).failed == ()
        assert state(place) == before


# New names


def rename_and_die(place: Place, photo_id: int, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Rename a photo to "lake", and end after so many of its files moved."""
    place_one = originals._place
    moved: list[bytes] = []

    def place_or_die(source: bytes, target: bytes) -> None:
        if len(moved) == after:
            raise KeyboardInterrupt
        place_one(source, target)
        moved.append(source)

    with monkeypatch.context() as patch:
        patch.setattr(originals, "_place", place_or_die)
        with pytest.raises(KeyboardInterrupt):
            originals.rename(place.catalog, photo_id, "lake")


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_kill_within_a_rename_leaves_one_name_for_all(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    photo_id = live_photo(place)
    before = state(place)
    rename_and_die(place, photo_id, monkeypatch, after=after)
    place.catalog.close()
    place.catalog = Catalog.open(tmp_path / "catalog.db")
    originals.settle(place.catalog)
    new = [name.replace("IMG_1", "lake") for name in LIVE]
    assert sorted(state(place)) == sorted(new if after else LIVE)
    assert not place.catalog.has_planned_removals()
    batch = place.catalog.last_batch()
    assert (batch is not None) == bool(after)
    if batch is not None:
        back = originals.undo_rename(place.catalog, batch)
        assert (back.done, back.failed) == ((place.path("a/IMG_1.HEIC"),), ())
    assert state(place) == before


def test_after_a_kill_what_has_no_place_keeps_its_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    photo_id = live_photo(place)
    rename_and_die(place, photo_id, monkeypatch, after=1)
    beside(place, "a/lake.MOV")
    originals.settle(place.catalog)
    assert {"lake.HEIC", "IMG_1.MOV", "lake.xmp", "lake.HEIC.xmp"} <= state(place).keys()
    said = {os.path.basename(each.path): each.reason for each in place.catalog.removals() if each.state == "failed"}
    assert said == {b"IMG_1.MOV": "Another file has this name already."}


def test_an_undone_rename_that_was_killed_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    photo_id = live_photo(place)
    before = state(place)
    originals.rename(place.catalog, photo_id, "lake")
    batch = place.catalog.last_batch()
    assert batch is not None
    os.rename(place.path("a/lake.HEIC"), place.path("a/IMG_1.HEIC"))  # killed after the first
    assert originals.undo_rename(place.catalog, batch).failed == ()
    assert state(place) == before
