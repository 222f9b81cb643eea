"""What belongs to a photo, through the façade: the video of a live photo and sidecars go where it goes."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.errors import UserError
from photofind.library import Library
from photofind.records import Companion, KeepRule, KeepRules, MatchKind, Undoable
from tests.conftest import PhotoFile

WAIT_S = 60


@pytest.fixture
def folder(photo_file: PhotoFile, tmp_path: Path) -> Path:
    """A live photo with a sidecar, and another photo, a film and its poster."""
    root = photo_file("IMG_1.JPG", 1, size=(480, 360)).parent
    photo_file("film.jpg", 2, size=(480, 360))
    (root / "IMG_1.MOV").write_bytes(b"three seconds")
    (root / "IMG_1.JPG.xmp").write_bytes(b"<x:xmpmeta/>")
    with (root / "film.mp4").open("wb") as film:
        film.truncate(1 << 30)  # takes no room
    return root


@pytest.fixture
def library(library_dir: Path, folder: Path) -> Iterator[Library]:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


def photo_id(library: Library, path: Path) -> int:
    found = library.photo_at(os.fsencode(path))
    assert found is not None, path
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


ALL = ["IMG_1.JPG", "IMG_1.JPG.xmp", "IMG_1.MOV", "film.jpg", "film.mp4"]


class Trash:
    """A folder that takes files; the place of one is its name there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def move(self, path: bytes) -> bytes:
        to = os.path.join(os.fsencode(self.path), os.path.basename(path))
        os.rename(path, to)
        return to


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(tmp_path / "bin")


def test_companions_are_told_with_size_and_kind(library: Library, folder: Path) -> None:
    live, film = photo_id(library, folder / "IMG_1.JPG"), photo_id(library, folder / "film.jpg")
    at = os.fsencode(folder)
    assert library.companions([live, film, 999]).result(WAIT_S) == {
        live: (
            Companion(at + b"/IMG_1.JPG.xmp", 12, is_video=False),
            Companion(at + b"/IMG_1.MOV", 13, is_video=True),
        )
    }
    shutil.copy(folder / "film.jpg", folder / "IMG_1.png")  # the video is the PNG's as well
    found = library.companions([live]).result(WAIT_S)[live]
    assert [each.is_kept for each in found] == [False, True]


def test_trash_and_undo_after_a_restart(library_dir: Path, folder: Path, trash: Trash) -> None:
    times = {name: (folder / name).stat().st_mtime_ns for name in ALL}
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        live = photo_id(library, folder / "IMG_1.JPG")
        report = library.move_to_trash([live], trash.move, keep_a_copy=False).result(WAIT_S)
        assert report.done == (os.fsencode(folder / "IMG_1.JPG"),)
        assert len(report.along) == 2
        assert names(folder) == ["film.jpg", "film.mp4"]
        assert library.undoable() == Undoable(os.fsencode(folder / "IMG_1.JPG"), 1)
    with Library.open(library_dir) as library:
        back = library.undo_removal().result(WAIT_S)
        assert back is not None
        assert (len(back.done), len(back.along), back.failed) == (1, 2, ())
        assert library.wait_until_indexed(WAIT_S)
        assert library.photo_at(os.fsencode(folder / "IMG_1.JPG")) is not None
    assert {name: (folder / name).stat().st_mtime_ns for name in names(folder)} == times


def test_a_new_name_and_back_after_a_restart(library_dir: Path, folder: Path) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        library.rename(photo_id(library, folder / "IMG_1.JPG"), "beach").result(WAIT_S)
        assert names(folder) == ["beach.JPG", "beach.JPG.xmp", "beach.MOV", "film.jpg", "film.mp4"]
        assert library.undoable() == Undoable(os.fsencode(folder / "IMG_1.JPG"), 1, is_rename=True)
        (folder / "beach.AAE").write_bytes(b"edited since")
    with Library.open(library_dir) as library:
        back = library.undo_removal().result(WAIT_S)
        assert back is not None
        assert (back.failed, back.is_rename) == ((), True)
        assert library.undoable() is None
    assert names(folder) == sorted([*ALL, "IMG_1.AAE"])


def test_a_name_that_the_video_cannot_have_is_refused(library: Library, folder: Path) -> None:
    (folder / "beach.MOV").write_bytes(b"mine")
    with pytest.raises(UserError, match=r"IMG_1\.MOV belongs to it, and there is another beach\.MOV already"):
        library.rename(photo_id(library, folder / "IMG_1.JPG"), "beach").result(WAIT_S)
    assert names(folder) == sorted([*ALL, "beach.MOV"])
    assert (folder / "beach.MOV").read_bytes() == b"mine"
    library.rename(photo_id(library, folder / "film.jpg"), "poster").result(WAIT_S)
    assert "film.mp4" in names(folder)


def test_copies_take_the_video_along(library: Library, folder: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copy(folder / "film.jpg", folder / "IMG_1.png")  # which shares it
    chosen = [photo_id(library, folder / name) for name in ("IMG_1.JPG", "film.jpg")]
    for _ in range(2):
        report = library.copy_files(chosen, os.fsencode(stick), lambda _progress: None).result(WAIT_S)
        assert (len(report.copied), report.failed) == (4, ())
    assert {"IMG_1.JPG", "IMG_1.JPG.xmp", "IMG_1.MOV"} <= set(names(stick))
    assert {"IMG_1 (2).JPG", "IMG_1 (2).JPG.xmp", "IMG_1 (2).MOV"} <= set(names(stick))
    assert (stick / "IMG_1 (2).MOV").read_bytes() == b"three seconds"


def test_of_two_copies_the_one_with_the_video_stays(library: Library, folder: Path, trash: Trash) -> None:
    (folder / "A").mkdir()
    shutil.copy2(folder / "IMG_1.JPG", folder / "A" / "1.JPG")  # older or shorter rules would keep it
    os.utime(folder / "A" / "1.JPG", ns=(1, 1))
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    live, copy = photo_id(library, folder / "IMG_1.JPG"), photo_id(library, folder / "A" / "1.JPG")
    (cluster,) = library.duplicates(MatchKind.IDENTICAL).result(WAIT_S)
    assert (cluster.photo_ids, cluster.decided_by) == ((live, copy), (KeepRule.LIVE_VIDEO,))
    assert cluster.with_video == {live}

    usual = KeepRules()
    library.set_keep_rules(KeepRules(usual.order, usual.off, keep_in=(os.fsencode(folder / "A"),)))
    (ranked,) = library.rank_duplicates([cluster]).result(WAIT_S)
    assert (ranked.photo_ids, ranked.decided_by) == ((copy, live), (KeepRule.FOLDER,))
    assert ranked.with_video == {live}
    library.set_keep_rules(usual)

    (folder / "IMG_1.MOV").rename(folder / "A" / "1.MOV")  # found without a scan
    (cluster,) = library.duplicates(MatchKind.IDENTICAL).result(WAIT_S)
    assert cluster.photo_ids == (copy, live)
    report = library.move_to_trash([copy], trash.move, keep_a_copy=True).result(WAIT_S)
    assert report.along == (os.fsencode(folder / "A" / "1.MOV"),)
    assert names(folder / "A") == []


def test_a_folder_that_is_away_has_nothing_beside_its_photos(library: Library, folder: Path) -> None:
    live = photo_id(library, folder / "IMG_1.JPG")
    folder.rename(folder.with_name("unplugged"))
    assert library.companions([live]).result(WAIT_S) == {}
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert library.companions([live]).result(WAIT_S) == {}
