"""What is done to files through the façade: copies into a folder, new names, folders compared with the library."""

import errno
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from photofind.errors import UserError
from photofind.events import Event, PhotosAdded, PhotosChanged
from photofind.library import Library
from photofind.records import CheckedFile, CheckProgress, CopyProgress, CopyReport, FileVerdict, SortOrder
from photofind.records import Filter as PhotoFilter
from tests.conftest import PhotoFile

WAIT_S = 60
TIME_NS = 1_500_000_000_123_456_700


@pytest.fixture
def folder(photo_file: PhotoFile, tmp_path: Path) -> Path:
    """Three photos; the first has a sidecar of each style."""
    for seed in range(3):
        path = photo_file(f"photo_{seed}.jpg", seed, size=(480, 360))
        os.utime(path, ns=(TIME_NS, TIME_NS))
    root = tmp_path / "photos"
    (root / "photo_0.xmp").write_text("<x:xmpmeta/>")
    (root / "photo_0.jpg.xmp").write_text("<x:xmpmeta/>")
    return root


@pytest.fixture
def library(library_dir: Path, folder: Path) -> Iterator[Library]:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "stick"
    path.mkdir()
    return path


def photo_id(library: Library, path: Path) -> int:
    found = library.photo_at(os.fsencode(path))
    assert found is not None, path
    return found


def copy(library: Library, target: Path, *paths: Path) -> CopyReport:
    ids = [photo_id(library, path) for path in paths]
    return library.copy_files(ids, os.fsencode(target), lambda _progress: None).result(WAIT_S)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- copying


def test_copies_are_whole_and_take_sidecars_along(library: Library, folder: Path, target: Path) -> None:
    told: list[CopyProgress] = []
    ids = [photo_id(library, folder / f"photo_{n}.jpg") for n in range(3)]
    report = library.copy_files(ids, os.fsencode(target), told.append).result(WAIT_S)
    assert names(target) == ["photo_0.jpg", "photo_0.jpg.xmp", "photo_0.xmp", "photo_1.jpg", "photo_2.jpg"]
    for name in names(target):
        assert (target / name).read_bytes() == (folder / name).read_bytes()
    assert (target / "photo_1.jpg").stat().st_mtime_ns == TIME_NS
    assert not report.failed
    assert not report.is_stopped
    assert len(report.copied) == 5
    assert report.size_bytes == sum(path.stat().st_size for path in target.iterdir())
    assert (told[-1].files, told[-1].total_files) == (5, 5)


def test_a_raw_goes_with_its_jpeg_and_once_only(library: Library, folder: Path, target: Path) -> None:
    (folder / "photo_1.CR2").write_bytes(b"raw")
    (folder / "photo_1.CR2.xmp").write_bytes(b"x")
    (folder / "photo_1 edit.jpg").write_bytes(b"another")
    first = copy(library, target, folder / "photo_1.jpg", folder / "photo_1.jpg")
    assert names(target) == ["photo_1.CR2", "photo_1.CR2.xmp", "photo_1.jpg"]
    assert len(first.copied) == 3
    copy(library, target, folder / "photo_1.jpg")
    assert names(target) == [
        "photo_1 (2).CR2", "photo_1 (2).CR2.xmp", "photo_1 (2).jpg",
        "photo_1.CR2", "photo_1.CR2.xmp", "photo_1.jpg",
    ]  # fmt: skip


def test_nothing_is_written_over(library: Library, folder: Path, target: Path) -> None:
    (target / "photo_1.jpg").write_bytes(b"mine")
    (target / "photo_0.xmp").write_bytes(b"mine, too")
    report = copy(library, target, folder / "photo_0.jpg", folder / "photo_1.jpg")
    assert (target / "photo_1.jpg").read_bytes() == b"mine"
    assert (target / "photo_0.xmp").read_bytes() == b"mine, too"
    # The photo and its sidecars keep one name, though only one of them was taken.
    assert names(target) == [
        "photo_0 (2).jpg", "photo_0 (2).jpg.xmp", "photo_0 (2).xmp", "photo_0.xmp",
        "photo_1 (2).jpg", "photo_1.jpg",
    ]  # fmt: skip
    assert not report.failed


def test_copying_into_the_same_folder_makes_a_second(library: Library, folder: Path) -> None:
    copy(library, folder, folder / "photo_2.jpg")
    assert (folder / "photo_2 (2).jpg").read_bytes() == (folder / "photo_2.jpg").read_bytes()


def test_one_file_that_cannot_be_read_does_not_stop_the_others(
    library: Library, folder: Path, target: Path
) -> None:
    (folder / "photo_1.jpg").unlink()
    ids = [int(i) for i in library.browse(PhotoFilter(), SortOrder.NAME).result(WAIT_S).ids]
    if len(ids) < 3:
        pytest.skip("the watcher was quicker")
    report = library.copy_files(ids, os.fsencode(target), lambda _progress: None).result(WAIT_S)
    assert report.failed == ((os.fsencode(folder / "photo_1.jpg"), "The file or its folder is no longer there."),)
    assert "photo_2.jpg" in names(target)


@pytest.mark.parametrize("links", [True, False])
def test_a_full_drive_leaves_no_half_copy(
    library: Library, folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_links(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if not links:  # FAT
        monkeypatch.setattr(os, "link", no_links)
        assert not copy(library, target, folder / "photo_2.jpg").failed
        assert not copy(library, target, folder / "photo_2.jpg").failed
        assert names(target) == ["photo_2 (2).jpg", "photo_2.jpg"]
    before = names(target)
    monkeypatch.setattr(os, "fsync", full)
    report = copy(library, target, folder / "photo_1.jpg")
    assert report.failed == ((os.fsencode(folder / "photo_1.jpg"), "The drive is full."),)
    assert names(target) == before


def test_too_little_room_is_said_before_anything_is_copied(
    library: Library, folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(target)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=10))
    with pytest.raises(UserError, match=r"There is not enough room: .* needed"):
        copy(library, target, folder / "photo_1.jpg")
    assert names(target) == []
    with pytest.raises(UserError, match="is not a folder"):
        copy(library, target / "missing", folder / "photo_1.jpg")


def test_a_folder_that_may_not_be_written_to_is_a_reason(library: Library, folder: Path, target: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("needs an ordinary user")
    target.chmod(0o500)
    try:
        report = copy(library, target, folder / "photo_1.jpg")
    finally:
        target.chmod(0o700)
    assert [reason for _, reason in report.failed] == ["There is no permission to do this."]


def test_cancelling_stops_and_keeps_whole_copies(library: Library, folder: Path, target: Path) -> None:
    (folder / "photo_1.CR2").write_bytes(bytes(40 << 20))
    begun = threading.Event()

    def on_progress(_progress: CopyProgress) -> None:
        begun.set()

    ids = [photo_id(library, folder / "photo_1.jpg"), photo_id(library, folder / "photo_2.jpg")]
    future = library.copy_files(ids, os.fsencode(target), on_progress)
    assert begun.wait(WAIT_S)
    future.cancel()
    assert library._long.join(WAIT_S)
    assert not any(name.endswith(".part") for name in names(target))
    for name in names(target):
        assert (target / name).read_bytes() == (folder / name).read_bytes()


def test_offline_photos_are_reported(library: Library, folder: Path, target: Path) -> None:
    number = photo_id(library, folder / "photo_1.jpg")
    folder.rename(folder.with_name("away"))
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    report = library.copy_files([number], os.fsencode(target), lambda _progress: None).result(WAIT_S)
    assert report.failed == ((os.fsencode(folder / "photo_1.jpg"), "Its folder is not connected now."),)


# --- names


def test_a_new_name_moves_file_row_and_sidecars_and_embeds_nothing(library: Library, folder: Path) -> None:
    number = photo_id(library, folder / "photo_0.jpg")
    library.set_rating([number], 5).result(WAIT_S)
    before = library.photos([number])[0]
    events: list[Event] = []
    library.subscribe(events.append)
    photo = library.rename(number, "Sunday at the lake").result(WAIT_S)
    assert photo.photo_id == number
    assert photo.path == os.fsencode(folder / "Sunday at the lake.jpg")
    assert (photo.content_id, photo.rating) == (before.content_id, 5)
    assert names(folder) == [
        "Sunday at the lake.jpg", "Sunday at the lake.jpg.xmp", "Sunday at the lake.xmp",
        "photo_1.jpg", "photo_2.jpg",
    ]  # fmt: skip
    assert PhotosChanged((number,)) in events
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert library.photos([number])[0].path == photo.path
    assert not any(isinstance(event, PhotosAdded) for event in events)
    assert library.verify().result(WAIT_S).is_ok


def test_a_rename_is_undone_also_after_a_restart(library_dir: Path, folder: Path) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        assert library.undoable() is None
        number = photo_id(library, folder / "photo_0.jpg")
        library.rename(number, "lake.JPG").result(WAIT_S)
        assert "lake.JPG" in names(folder)
    with Library.open(library_dir) as library:
        undoable = library.undoable()
        assert undoable is not None
        assert undoable.is_rename
        assert undoable.path == os.fsencode(folder / "photo_0.jpg")
        report = library.undo_removal().result(WAIT_S)
        assert report is not None
        assert report.is_rename
        assert names(folder) == ["photo_0.jpg", "photo_0.jpg.xmp", "photo_0.xmp", "photo_1.jpg", "photo_2.jpg"]
        assert photo_id(library, folder / "photo_0.jpg") == number
        assert library.undoable() is None
        assert library.undo_removal().result(WAIT_S) is None


def test_a_taken_name_is_refused_and_nothing_moves(library: Library, folder: Path) -> None:
    number = photo_id(library, folder / "photo_0.jpg")
    with pytest.raises(UserError, match="Another file has this name already"):
        library.rename(number, "photo_1").result(WAIT_S)
    (folder / "lake.xmp").write_bytes(b"mine")  # only the sidecar's name is taken
    with pytest.raises(UserError, match=r"photo_0\.xmp belongs to it, and there is another lake\.xmp"):
        library.rename(number, "lake").result(WAIT_S)
    assert (folder / "lake.xmp").read_bytes() == b"mine"
    assert names(folder) == [
        "lake.xmp",
        "photo_0.jpg",
        "photo_0.jpg.xmp",
        "photo_0.xmp",
        "photo_1.jpg",
        "photo_2.jpg",
    ]
    assert library.photos([number])[0].path == os.fsencode(folder / "photo_0.jpg")
    assert library.undoable() is None


@pytest.mark.parametrize("name", ["", "  ", "..", "a/b", "a\0b", ".jpg", "line\nbreak"])
def test_what_is_no_name_is_refused(library: Library, folder: Path, name: str) -> None:
    with pytest.raises(UserError):
        library.rename(photo_id(library, folder / "photo_1.jpg"), name).result(WAIT_S)
    assert "photo_1.jpg" in names(folder)


@pytest.mark.parametrize("name", ["a:b", "con", "LPT1.jpg", "question?"])
def test_names_that_windows_keeps_are_refused_there(
    library: Library, folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    try:
        with pytest.raises(UserError):
            library.rename(photo_id(library, folder / "photo_1.jpg"), name).result(WAIT_S)
    finally:
        monkeypatch.undo()
    assert "photo_1.jpg" in names(folder)


def test_a_name_with_a_dot_keeps_its_extension(library: Library, folder: Path) -> None:
    number = photo_id(library, folder / "photo_1.jpg")
    assert library.rename(number, "trip 12.07").result(WAIT_S).path.endswith(b"/trip 12.07.jpg")
    assert library.rename(number, "trip.jpeg").result(WAIT_S).path.endswith(b"/trip.jpeg")


def test_a_sidecar_of_another_photo_stays(library: Library, folder: Path) -> None:
    with Image.open(folder / "photo_2.jpg") as image:
        image.save(folder / "photo_0.png")
    library.rename(photo_id(library, folder / "photo_0.jpg"), "lake").result(WAIT_S)
    assert {"lake.jpg", "lake.jpg.xmp", "photo_0.xmp", "photo_0.png"} <= set(names(folder))


def test_trash_and_rename_are_undone_in_turn(library: Library, folder: Path, tmp_path: Path) -> None:
    trash = tmp_path / "bin"
    trash.mkdir()

    def move(path: bytes) -> bytes:
        to = os.path.join(os.fsencode(trash), os.path.basename(path))
        os.rename(path, to)
        return to

    library.rename(photo_id(library, folder / "photo_1.jpg"), "one").result(WAIT_S)
    library.move_to_trash([photo_id(library, folder / "one.jpg")], move, keep_a_copy=False).result(WAIT_S)
    for expected in ("one.jpg", "photo_1.jpg"):
        report = library.undo_removal().result(WAIT_S)
        assert report is not None
        assert not report.failed
        assert expected in names(folder)


# --- comparing a folder


def check(library: Library, folder: Path) -> dict[str, CheckedFile]:
    told: list[CheckProgress] = []
    report = library.check_folder(os.fsencode(folder), told.append).result(WAIT_S)
    files = {os.fsdecode(os.path.basename(file.path)): file for progress in told for file in progress.found}
    assert sum(report.counts.values()) == len(files) == told[-1].done == told[-1].seen
    return files


def test_a_folder_is_compared_and_nothing_is_stored(
    library: Library, folder: Path, photo_file: PhotoFile, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    (card / "deep" / "deeper").mkdir(parents=True)
    shutil.copy(folder / "photo_0.jpg", card / "deep" / "copy.jpg")
    with Image.open(folder / "photo_1.jpg") as image:
        image.resize((240, 180)).save(card / "half.jpg", quality=80)
        image.rotate(90, expand=True).save(card / "deep" / "deeper" / "turned.png")
    photo_file("new.jpg", 77, folder=card)
    (card / "broken.jpg").write_bytes(b"not a photo")
    (card / "notes").write_bytes(b"no claim to be one")
    (card / "list.txt").write_bytes(b"text")
    before = library.summary()
    files = check(library, card)
    assert {name: file.verdict for name, file in files.items()} == {
        "copy.jpg": FileVerdict.IDENTICAL,
        "half.jpg": FileVerdict.SAME,
        "turned.png": FileVerdict.SAME,
        "new.jpg": FileVerdict.NEW,
        "broken.jpg": FileVerdict.UNREADABLE,
    }
    assert files["copy.jpg"].photo_id == photo_id(library, folder / "photo_0.jpg")
    assert files["turned.png"].photo_id == photo_id(library, folder / "photo_1.jpg")
    assert files["broken.jpg"].reason.endswith(".")
    assert library.summary() == before
    assert [item.path for item in library.folders()] == [os.fsencode(folder)]


def test_a_folder_of_the_library_is_all_there(library: Library, folder: Path) -> None:
    files = check(library, folder)
    assert {file.verdict for file in files.values()} == {FileVerdict.IDENTICAL}
    assert files["photo_2.jpg"].photo_id == photo_id(library, folder / "photo_2.jpg")


def test_photos_in_the_trash_are_not_in_the_library(library: Library, folder: Path, tmp_path: Path) -> None:
    card = tmp_path / "card"
    card.mkdir()
    shutil.copy(folder / "photo_0.jpg", card / "copy.jpg")

    def move(path: bytes) -> bytes | None:
        os.rename(path, path + b".gone")
        return path + b".gone"

    library.move_to_trash([photo_id(library, folder / "photo_0.jpg")], move, keep_a_copy=False).result(WAIT_S)
    assert check(library, card)["copy.jpg"].verdict is FileVerdict.NEW


def test_a_check_stops_when_cancelled(library: Library, photo_file: PhotoFile, tmp_path: Path) -> None:
    card = tmp_path / "card"
    for seed in range(40):
        photo_file(f"{seed}.jpg", seed, folder=card)
    begun = threading.Event()
    future = library.check_folder(os.fsencode(card), lambda _progress: begun.set())
    assert begun.wait(WAIT_S)
    assert future.cancel()
    assert library._long.join(WAIT_S)


def test_what_is_no_folder_cannot_be_compared(library: Library, folder: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        library.check_folder(os.fsencode(folder / "photo_0.jpg"), lambda _progress: None).result(WAIT_S)
