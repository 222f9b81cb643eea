"""Reading and decoding: upright, sRGB, reduced, and every refusal a sentence."""

import os
import socket
import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from photofind.errors import PhotoError
from photofind.photo import decode, raw
from photofind.records import FailureKind
from tests.pictures import make_exif, make_picture

ORIENTATION = 274
T = Image.Transpose
STORED = {  # how a camera stores an upright picture that it marks with this orientation
    1: None, 2: T.FLIP_LEFT_RIGHT, 3: T.ROTATE_180, 4: T.FLIP_TOP_BOTTOM, 5: T.TRANSPOSE, 6: T.ROTATE_90,
    7: T.TRANSVERSE, 8: T.ROTATE_270,
}  # fmt: skip


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def corner_picture(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Return a picture whose upper left quarter is red, upper right green, lower left blue, lower right white."""
    image = Image.new("RGB", size, "white")
    half_x, half_y = size[0] // 2, size[1] // 2
    image.paste("red", (0, 0, half_x, half_y))
    image.paste("lime", (half_x, 0, size[0], half_y))
    image.paste("blue", (0, half_y, half_x, size[1]))
    return image


def corners(image: Image.Image) -> list[str]:
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 1): "white"}
    w, h = image.size
    found = []
    for x, y in ((w // 8, h // 8), (w - w // 8, h // 8), (w // 8, h - h // 8), (w - w // 8, h - h // 8)):
        pixel = image.getpixel((x, y))
        assert isinstance(pixel, tuple)
        found.append(names.get((int(pixel[0] > 127), int(pixel[1] > 127), int(pixel[2] > 127)), str(pixel)))
    return found


UPRIGHT = ["red", "lime", "blue", "white"]


def exif_with_orientation(value: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = value
    return exif.tobytes()


def reason_of(data: bytes) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        decode.decode(data, min_side_px=64)
    assert caught.value.reason.endswith(".")
    assert caught.value.reason[0].isupper()
    return caught.value


# --- turning


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_comes_out_upright(kind: str, orientation: int) -> None:
    turn = STORED[orientation]
    image = corner_picture()
    stored = image if turn is None else image.transpose(turn)
    decoded = decode.decode(encoded(stored, kind, exif=exif_with_orientation(orientation)), min_side_px=64)
    assert corners(decoded.image) == UPRIGHT
    assert (decoded.width_px, decoded.height_px) == (300, 200)


@pytest.mark.parametrize("value", [0, 9, 99, 65535])
def test_impossible_orientations_count_as_upright(value: int) -> None:
    data = encoded(corner_picture(), "JPEG", exif=exif_with_orientation(value))
    assert corners(decode.decode(data, min_side_px=64).image) == UPRIGHT


def test_heif_is_turned_once() -> None:
    image = corner_picture().transpose(T.ROTATE_90)
    heif = pillow_heif.from_pillow(image)
    buffer = BytesIO()
    heif.save(buffer, exif=exif_with_orientation(6), quality=90)
    decoded = decode.decode(buffer.getvalue(), min_side_px=64)
    assert decoded.format == "HEIF"
    assert corners(decoded.image) == UPRIGHT
    assert (decoded.width_px, decoded.height_px) == (300, 200)


# --- reducing


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(3000, 2000), (2000, 3000), (1999, 1501), (640, 480), (300, 200), (40, 3000)])
def test_reduced_as_far_as_allowed_and_no_further(kind: str, size: tuple[int, int]) -> None:
    decoded = decode.decode(encoded(Image.new("RGB", size, "teal"), kind), min_side_px=224, min_long_side_px=320)
    short, long = sorted(decoded.image.size)
    assert (decoded.width_px, decoded.height_px) == size
    assert short >= min(224, *size)
    assert long >= min(320, max(size))
    assert short < 2 * 224 or long < 2 * 320 or min(size) < 2 * 224


def test_a_reduced_jpeg_looks_like_the_whole_one() -> None:
    picture = make_picture(3, (1600, 1200))
    small = decode.decode(encoded(picture, "JPEG", quality=95), min_side_px=224).image
    whole = picture.resize(small.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(small, int) - np.asarray(whole, int)).mean() < 3


def test_a_region_is_cut_from_the_upright_picture_at_full_detail() -> None:
    image = corner_picture((4000, 3000))
    data = encoded(image.transpose(T.ROTATE_90), "JPEG", exif=exif_with_orientation(6))
    decoded = decode.decode(data, min_side_px=224, region=(0.5, 0.0, 1.0, 0.5))
    assert corners(decoded.image) == ["lime"] * 4
    assert min(decoded.image.size) >= 224
    assert (decoded.width_px, decoded.height_px) == (4000, 3000)


@pytest.mark.parametrize("region", [(0.9, 0.1, 0.2, 0.4), (float("nan"),) * 4, (0.5, 0.5, 0.5, 0.5)])
def test_an_empty_region_means_the_whole(region: tuple[float, float, float, float]) -> None:
    data = encoded(corner_picture(), "PNG")
    assert corners(decode.decode(data, min_side_px=64, region=region).image) == UPRIGHT


# --- colours


def centre(data: bytes) -> tuple[int, ...]:
    image = decode.decode(data, min_side_px=64).image
    assert image.mode == "RGB"
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return tuple(int(value) for value in pixel)


def test_transparent_lies_over_white() -> None:
    assert centre(encoded(Image.new("RGBA", (64, 64), (200, 0, 0, 0)), "PNG")) == (255, 255, 255)
    assert centre(encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 128)), "PNG")) == pytest.approx((127,) * 3, abs=1)
    assert centre(encoded(Image.new("LA", (64, 64), (0, 0)), "PNG")) == (255, 255, 255)


def test_transparent_palette_and_colour() -> None:
    palette = Image.new("P", (64, 64), 1)
    palette.putpalette([10, 20, 30, 40, 50, 60])
    assert centre(encoded(palette, "PNG")) == (40, 50, 60)
    assert centre(encoded(palette, "PNG", transparency=1)) == (255, 255, 255)
    assert centre(encoded(palette, "GIF")) == (40, 50, 60)
    assert centre(encoded(Image.new("RGB", (64, 64), (1, 2, 3)), "PNG", transparency=(1, 2, 3))) == (255, 255, 255)


def grey(values: NDArray[np.generic], kind: str) -> int:
    data = encoded(Image.fromarray(values), kind)
    red, green, blue = centre(data)
    assert red == green == blue
    return red


def test_deep_greys_are_scaled() -> None:
    assert grey(np.full((64, 64), 30_000, np.uint16), "PNG") == 117
    assert grey(np.full((64, 64), 65_535, np.uint16), "TIFF") == 255
    twelve_bits = np.tile(np.linspace(0, 4095, 64).astype(np.uint16), (64, 1))
    assert grey(twelve_bits, "TIFF") == pytest.approx(130, abs=1)
    assert grey(np.full((64, 64), 0.5, np.float32), "TIFF") == 128
    assert grey(np.full((64, 64), 100, np.float32), "TIFF") == 100
    beyond = np.tile(np.linspace(-5000, 5000, 65, dtype=np.float32), (65, 1))
    assert grey(beyond, "TIFF") == 128
    beyond[0, 0], beyond[0, 1] = np.nan, np.inf
    assert grey(beyond, "TIFF") == 128
    assert grey(np.full((64, 64), 40_000, np.int32), "TIFF") == 156


def test_one_bit_and_cmyk() -> None:
    assert centre(encoded(Image.new("1", (64, 64), 1), "PNG")) == (255, 255, 255)
    red, green, blue = centre(encoded(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG"))
    assert red > 200
    assert max(green, blue) < 60


def swapped_profile() -> bytes:
    """Return an RGB profile that is plainly not sRGB: one with linear light, made from sRGB's by its curves."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    for entry in range(count):
        tag, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        if tag == b"rTRC":
            profile[offset : offset + size] = (b"curv" + bytes(8)).ljust(size, b"\0")  # no points: identity
        if tag == b"desc":
            profile[offset + 8 : offset + size] = bytes(size - 8)
    return bytes(profile)


def test_colour_profiles_are_applied() -> None:
    image = Image.new("RGB", (64, 64), (128, 128, 128))
    assert centre(encoded(image, "PNG")) == (128, 128, 128)
    with_profile = centre(encoded(image, "PNG", icc_profile=swapped_profile()))
    assert min(with_profile) > 170  # half the light is brighter than half the value of sRGB


def wide_profile(
    red: tuple[float, float, float], green: tuple[float, float, float], blue: tuple[float, float, float]
) -> bytes:
    """Return an RGB profile with sRGB's curves and other primaries (XYZ at D50), as a matrix profile has them."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", profile, 128)[0]
    primaries = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}
    for entry in range(count):
        tag, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
        if tag in primaries:
            struct.pack_into(">3i", profile, offset + 8, *(round(value * 65536) for value in primaries[tag]))
        if tag == b"desc":
            profile[offset + 8 : offset + size] = bytes(size - 8)
    return bytes(profile)


DISPLAY_P3 = wide_profile((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
"""Primaries of the profile that telephones write, adapted to D50; its curve is sRGB's."""


@pytest.mark.parametrize(
    ("in_p3", "in_srgb"),
    # Computed from both sets of primaries (IEC 61966-2-1, SMPTE EG 432-1), cut to 0..255.
    [((128, 128, 128), (128, 128, 128)), ((200, 100, 50), (215, 93, 31)), ((0, 255, 0), (0, 255, 0)),
     ((100, 150, 200), (83, 152, 205))],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_colours_of_display_p3_come_as_srgb(
    kind: str, in_p3: tuple[int, int, int], in_srgb: tuple[int, int, int]
) -> None:
    options = {} if kind == "PNG" else {"quality": 100}
    data = encoded(Image.new("RGB", (640, 480), in_p3), kind, icc_profile=DISPLAY_P3, **options)
    assert centre(data) == pytest.approx(in_srgb, abs=3)
    # The reduced decode of the viewer and the thumbnail takes the same way.
    reduced = decode.decode(data, min_side_px=1, min_long_side_px=100).image
    assert reduced.getpixel((reduced.width // 2, reduced.height // 2)) == pytest.approx(in_srgb, abs=3)


@pytest.mark.parametrize("profile", [b"garbage" * 30, b"", swapped_profile()[:200]])
def test_a_bad_profile_is_ignored(profile: bytes) -> None:
    assert centre(encoded(Image.new("RGB", (64, 64), (9, 99, 199)), "PNG", icc_profile=profile)) == (9, 99, 199)


def test_a_profile_for_another_mode_is_ignored() -> None:
    data = encoded(Image.new("L", (64, 64), 128), "PNG", icc_profile=swapped_profile())
    assert centre(data) == (128, 128, 128)


# --- damaged and hostile


def png(width: int, height: int, rows: bytes = b"", bits: int = 8, colour: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"this is not a photo\n" * 50, FailureKind.NOT_AN_IMAGE),
        (b"\xff", FailureKind.NOT_AN_IMAGE),
        (encoded(make_picture(1), "JPEG")[:60], FailureKind.DAMAGED),
        (encoded(make_picture(1), "JPEG")[:-9000], FailureKind.DAMAGED),
        (encoded(make_picture(1), "PNG")[:-9000], FailureKind.DAMAGED),
        (png(50_000, 50_000, bits=1, colour=0), FailureKind.TOO_LARGE),
        (png(20_000, 20_000, bits=1, colour=0), FailureKind.TOO_LARGE),
        (png(2**31 - 1, 2**31 - 1), FailureKind.TOO_LARGE),
        (png(0, 0), FailureKind.DAMAGED),
        (b"8BPS" + b"\0" * 60, FailureKind.DAMAGED),
        (b"II*\0\x08\0\0\0\0\0", FailureKind.DAMAGED),
        (b"IIU\0\x18\0\0\0" + b"\0" * 300, FailureKind.UNSUPPORTED),
    ],
)
def test_refusals(data: bytes, kind: FailureKind) -> None:
    assert reason_of(data).kind == kind


def test_damage_inside_a_jpeg_is_no_reason_to_refuse_it() -> None:
    data = bytearray(encoded(make_picture(2), "JPEG"))
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    decode.decode(bytes(data), min_side_px=64)
    decode.decode(encoded(make_picture(2), "JPEG") + b"trailing rubbish" * 500, min_side_px=64)


def test_no_warning_gets_out() -> None:
    broken_exif = b"Exif\0\0II*\0\xff\xff\xff\x7f"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = encoded(make_picture(1), "JPEG", exif=broken_exif)
        decode.decode(data, min_side_px=64)
        decode.decode(encoded(Image.new("L", (14_000, 14_000)), "PNG"), min_side_px=64)  # Pillow would warn
    assert caught == []


# --- raw photos


def tiff_with_preview(preview: bytes, orientation: int = 1, *, dng: bool = True) -> bytes:
    """Return a TIFF like a raw photo: IFD0 has a JPEG preview, its SubIFD would have the sensor data."""
    entries = [
        (254, 4, 1, 1), (256, 4, 1, 160), (257, 4, 1, 120), (259, 3, 1, 6), (262, 3, 1, 6),
        (274, 3, 1, orientation), (330, 4, 1, 0), (513, 4, 1, 0), (514, 4, 1, len(preview)),
    ] + ([(50706, 1, 4, 0x0401)] if dng else [])  # fmt: skip
    sub = [(256, 4, 1, 4000), (257, 4, 1, 3000), (259, 3, 1, 7), (262, 3, 1, 32803)]
    sub_at = 8 + 2 + 12 * len(entries) + 4
    preview_at = sub_at + 2 + 12 * len(sub) + 4
    places = {330: sub_at, 513: preview_at}
    out = b"II*\0" + struct.pack("<I", 8)
    for ifd in (entries, sub):
        out += struct.pack("<H", len(ifd))
        for tag, kind, count, value in ifd:
            out += struct.pack("<HHII", tag, kind, count, places.get(tag, value))
        out += struct.pack("<I", 0)
    return out + preview


@pytest.mark.parametrize("dng", [True, False])
def test_a_raw_photo_shows_its_preview(dng: bool) -> None:
    stored = corner_picture((640, 480)).transpose(T.ROTATE_90)
    data = tiff_with_preview(encoded(stored, "JPEG"), 6, dng=dng)
    assert raw.is_raw(data)
    decoded = decode.decode(data, min_side_px=224, min_long_side_px=320)
    assert decoded.format == "RAW"
    assert corners(decoded.image) == UPRIGHT
    assert (decoded.width_px, decoded.height_px) == (3000, 4000)


def test_previews_hidden_in_maker_notes_are_found() -> None:
    data = b"FUJIFILMCCD-RAW " + bytes(500) + encoded(corner_picture((640, 480)), "JPEG") + bytes(100)
    decoded = decode.decode(data, min_side_px=224)
    assert decoded.format == "RAW"
    assert corners(decoded.image) == UPRIGHT


def test_an_ordinary_tiff_is_not_raw() -> None:
    data = encoded(corner_picture(), "TIFF")
    assert not raw.is_raw(data)
    assert decode.decode(data, min_side_px=64).format == "TIFF"


# --- files


def refused(path: Path) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        decode.read_file(os.fsencode(path))
    return caught.value


def test_read_gives_bytes_and_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x" * 70_000)
    data, facts = decode.read_file(os.fsencode(path))
    status = path.stat()
    assert data == b"x" * 70_000
    assert (facts.size_bytes, facts.mtime_ns, facts.inode) == (70_000, status.st_mtime_ns, status.st_ino)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.jpg")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "link.jpg").symlink_to("self.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.jpg"))
        for name in ("fifo.jpg", "folder.jpg", "link.jpg", "socket.jpg"):
            assert refused(tmp_path / name).kind == FailureKind.NOT_AN_IMAGE


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    assert refused(tmp_path / "empty.jpg").kind == FailureKind.EMPTY
    assert refused(tmp_path / "gone.jpg").kind == FailureKind.CHANGING
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(decode.MAX_FILE_BYTES + 1)
    assert refused(huge).kind == FailureKind.TOO_LARGE


def test_a_file_that_grows_while_it_is_read_is_changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x" * 1000)
    real = os.fstat
    calls: list[int] = []

    def fstat(handle: int) -> os.stat_result:
        if calls:
            with path.open("ab") as file:
                file.write(b"more")
        calls.append(handle)
        return real(handle)

    monkeypatch.setattr(os, "fstat", fstat)
    assert refused(path).kind == FailureKind.CHANGING


# --- real photos


def test_real_orientations(shared: Path) -> None:
    folder = shared / "photos" / "orientation"
    for name in ("Landscape", "Portrait"):
        pictures = []
        for number in range(9):
            decoded = decode.decode((folder / f"{name}_{number}.jpg").read_bytes(), min_side_px=64)
            assert (decoded.width_px > decoded.height_px) == (name == "Landscape")
            pictures.append(np.asarray(decoded.image.resize((48, 48)), int))
        for picture in pictures[1:]:
            assert np.abs(picture - pictures[0]).mean() < 6  # the number in the middle differs


# Parts of a picture decoded whole


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("icc_profile", [None, DISPLAY_P3])
def test_parts_are_those_of_the_whole(orientation: int, icc_profile: bytes | None) -> None:
    image = make_picture(5, (96, 64))
    exif = make_exif({ExifTags.Base.Orientation: orientation})
    data = encoded(image, "PNG", exif=exif, icc_profile=icc_profile)
    upright = np.asarray(decode.decode(data, min_side_px=1, min_long_side_px=1000).image)
    whole = decode.open_whole(data)
    assert (whole.width_px, whole.height_px) == (upright.shape[1], upright.shape[0])
    for left, top, right, bottom in ((0, 0, 40, 30), (13, 7, 53, 64 - 9), (0, 0, whole.width_px, whole.height_px)):
        part = whole.part((left, top, right, bottom), (right - left, bottom - top))
        assert np.array_equal(np.asarray(part), upright[top:bottom, left:right])


def test_a_part_at_half_the_size_is_the_mean_of_its_pixels() -> None:
    data = encoded(make_picture(6, (96, 64)), "PNG")
    whole = decode.open_whole(data)
    half = np.asarray(whole.part((16, 8, 48, 40), (16, 16)), np.float32)
    pixels = np.asarray(whole.part((16, 8, 48, 40), (32, 32)), np.float32)
    assert np.abs(half - pixels.reshape(16, 2, 16, 2, 3).mean((1, 3))).max() <= 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "I;16"])
def test_parts_have_the_colours_of_the_whole(mode: str) -> None:
    grey = make_picture(7, (64, 48)).convert("L")
    image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257) if mode == "I;16" else grey.convert(mode)
    data = encoded(image, "TIFF")
    whole = decode.open_whole(data)
    upright = np.asarray(decode.decode(data, min_side_px=1, min_long_side_px=1000).image)
    part = np.asarray(whole.part((8, 8, 40, 40), (32, 32)))
    assert np.abs(part.astype(int) - upright[8:40, 8:40]).max() <= 1


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff" + bytes(100)])
def test_what_is_no_picture_has_no_parts(data: bytes) -> None:
    with pytest.raises(PhotoError):
        decode.open_whole(data)
