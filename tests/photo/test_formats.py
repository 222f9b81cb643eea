"""Names and marks of formats."""

from io import BytesIO

import pytest
from PIL import Image

from photofind.photo import formats


@pytest.mark.parametrize(
    "name",
    [
        b"a.jpg",
        b"A.JPG",
        b".jpg",
        b".hidden.jpeg",
        b"x.nef",
        b"x.CR3",
        b"no_extension",
        b"caf\xe9.HEIC",
        b"a.b.avif",
    ],
)
def test_candidates(name: bytes) -> None:
    assert formats.is_candidate(name)


@pytest.mark.parametrize(
    "name", [b"a.txt", b"a.mp4", b"._a.jpg", b".DS_Store", b"photo.jpg.part", b"a.xmp", b"Thumbs.db", b"a.jpg~"]
)
def test_others(name: bytes) -> None:
    assert not formats.is_candidate(name)


def test_a_name_without_extension_makes_no_promise() -> None:
    assert not formats.has_photo_extension(b"README")
    assert not formats.has_photo_extension(b"jpg")
    assert formats.has_photo_extension(b".jpg")


@pytest.mark.parametrize(
    "name", [b"@eaDir", b"$RECYCLE.BIN", b".Trash-1000", b".thumbnails", b"Catalog Previews.lrdata"]
)
def test_directories_of_others(name: bytes) -> None:
    assert formats.is_ignored_directory(name)


def test_ordinary_directories() -> None:
    assert not any(formats.is_ignored_directory(name) for name in (b"2024", b".hidden", b"trash", b"git"))


@pytest.mark.parametrize(
    "kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "JPEG2000", "PPM", "TGA", "PCX", "ICO"]
)
def test_sniff_knows_what_pillow_writes(kind: str) -> None:
    for mode in ("RGB", "L"):
        if kind == "ICO" and mode == "L":
            continue
        buffer = BytesIO()
        Image.new(mode, (64, 48), 90).save(buffer, kind)
        assert formats.sniff(buffer.getvalue()) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff", b"\0" * 200, b"this is not a photo\n" * 50, b"<!doctype html><html></html>",
        b"BM is a company",
        b"P1 is a priority", b"\0\0\0\x20ftypisom" + b"\0" * 100, b"\0\0\1\0" + b"\xff" * 30, b"RIFF\0\0\0\0WAVE",
        bytes(range(256)) * 4,
    ],
)  # fmt: skip
def test_sniff_refuses_what_is_no_picture(data: bytes) -> None:
    kind = formats.sniff(data)
    assert kind is None or (kind == "PPM" and data.startswith(b"P1"))
