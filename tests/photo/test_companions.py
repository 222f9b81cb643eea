"""Which files beside a photo belong to it."""

import os
from pathlib import Path

import pytest

from photofind.photo import companions
from photofind.photo.companions import Beside


def beside(folder: Path, *names: str) -> Beside:
    for name in names:
        (folder / name).write_bytes(b"x")
    return Beside(os.fsencode(folder))


def test_a_live_photo_has_its_video_and_its_sidecars(tmp_path: Path) -> None:
    there = beside(
        tmp_path, "IMG_1.HEIC", "IMG_1.mov", "IMG_1.mov.xmp", "IMG_1.AAE", "IMG_1.xmp", "IMG_1.HEIC.XMP",
        "IMG_11.HEIC", "IMG_11.MOV", "IMG_E1.HEIC", "IMG_1.txt",
    )  # fmt: skip
    assert there.own(b"IMG_1.HEIC") == [b"IMG_1.HEIC.XMP"]
    assert there.shared(b"IMG_1.HEIC") == [b"IMG_1.AAE", b"IMG_1.mov", b"IMG_1.mov.xmp", b"IMG_1.xmp"]
    assert there.others(b"IMG_1.HEIC") == []
    assert there.video(b"IMG_1.HEIC") == b"IMG_1.mov"
    assert there.shared(b"IMG_E1.HEIC") == []
    assert there.videos() == {b"IMG_1.HEIC", b"IMG_11.HEIC"}


def test_photos_of_one_stem_share_what_bears_only_the_stem(tmp_path: Path) -> None:
    there = beside(tmp_path, "a.heic", "a.jpg", "a.MP4", "a.jpg.xmp")
    assert there.others(b"a.jpg") == [b"a.heic"]
    assert there.shared(b"a.jpg") == there.shared(b"a.heic") == [b"a.MP4"]
    assert (there.own(b"a.jpg"), there.own(b"a.heic")) == ([b"a.jpg.xmp"], [])


def test_what_is_no_live_video_belongs_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "b.mov").mkdir()
    (tmp_path / "c.mov").symlink_to(tmp_path / "a.mov")
    there = beside(tmp_path, "a.mov", "a.CR2", "b.jpg", "c.jpg")
    assert there.videos() == frozenset()
    assert there.shared(b"a.CR2") == there.shared(b"b.jpg") == there.shared(b"c.jpg") == []
    monkeypatch.setattr(companions, "VIDEO_MOST_BYTES", 10)
    (tmp_path / "film.mp4").write_bytes(bytes(11))  # beside its poster
    assert beside(tmp_path, "film.jpg").shared(b"film.jpg") == []


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Beside(os.fsencode(tmp_path / "gone"))
