"""Raw photos of camera makers: recognises them and finds the camera's own preview inside.

Pure; runs in decoder processes. The preview comes first, developing (rawpy, where installed) second: nearly every
raw photo carries a full-size JPEG with the camera's own colours, which costs 30 ms where developing costs a second,
and it is what the photographer saw on the camera.
"""

import importlib
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from photofind.errors import PhotoError
from photofind.photo import formats
from photofind.photo.tiff import Tiff
from photofind.records import FailureKind

_COLOUR_FILTER, _LINEAR_RAW = 32803, 34892
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_SIZES = 256, 257, 259, 262, 273, 279
_JPEG_AT, _JPEG_SIZE, _PANASONIC_JPEG, _DNG_VERSION = 513, 514, 46, 50706
_SOI = b"\xff\xd8\xff"
_READABLE_FRAMES = (0xC0, 0xC1, 0xC2)
"""Start-of-frame markers of JPEGs that show a picture; 0xC3 is the lossless kind that holds sensor data."""
_MOST_CANDIDATES = 256


@dataclass(frozen=True, slots=True)
class Preview:
    """A JPEG inside a raw photo."""

    offset: int
    width_px: int
    height_px: int


def is_raw(data: bytes) -> bool:
    """Tell whether bytes are a raw photo: by a mark of their own, or a TIFF that holds sensor data."""
    kind = formats.sniff(data)
    if kind != "TIFF":
        return kind == "RAW"
    if data[8:10] == b"CR":
        return True
    for picture in Tiff(data).pictures():
        if _DNG_VERSION in picture or picture.integer(_PHOTOMETRIC) in (_COLOUR_FILTER, _LINEAR_RAW):
            return True
    return False


def sensor_size(data: bytes) -> tuple[int, int]:
    """Return width and height of the sensor data before turning, (0, 0) when the file does not say."""
    best = (0, 0)
    for picture in Tiff(data).pictures():
        width, height = picture.integer(_WIDTH) or 0, picture.integer(_HEIGHT) or 0
        sensor = picture.integer(_PHOTOMETRIC) in (_COLOUR_FILTER, _LINEAR_RAW)
        if sensor and width * height > best[0] * best[1]:
            best = (width, height)
    return best


def largest_preview(data: bytes) -> Preview | None:
    """Return the largest JPEG preview of a raw photo.

    The directories are asked first. Where they know none (other containers, previews inside maker notes) the bytes
    are searched for JPEG headers; never in DNG files, whose own tiles may be JPEGs.
    """
    offsets: list[int] = []
    is_dng = False
    for picture in Tiff(data).pictures():
        is_dng = is_dng or _DNG_VERSION in picture
        if picture.integer(_PHOTOMETRIC) in (_COLOUR_FILTER, _LINEAR_RAW):
            continue
        offsets += [int(at) for at in picture.numbers(_JPEG_AT, 1)]
        if picture.integer(_COMPRESSION) in (6, 7) and len(picture.numbers(_STRIPS)) == 1:
            offsets += [int(at) for at in picture.numbers(_STRIPS, 1)]
        if _PANASONIC_JPEG in picture and data.startswith(b"IIU\0"):
            offsets.append(picture[_PANASONIC_JPEG][2])
    best = _largest(data, offsets)
    if best is None and not is_dng:
        offsets, at = [], data.find(_SOI, 4)
        while at >= 0 and len(offsets) < _MOST_CANDIDATES:
            offsets.append(at)
            at = data.find(_SOI, at + 3)
        best = _largest(data, offsets)
    return best


def develop(data: bytes) -> Image.Image:
    """Return the picture made from the sensor data at half size, upright, sRGB.

    Raises:
        PhotoError: rawpy is not installed, or it cannot read the file.
    """
    try:
        rawpy: Any = importlib.import_module("rawpy")
    except ImportError as error:
        raise PhotoError(
            FailureKind.UNSUPPORTED, "This raw photo has no preview inside, and raw support is not installed."
        ) from error
    try:
        with rawpy.imread(BytesIO(data)) as opened:
            pixels = opened.postprocess(half_size=True, use_camera_wb=True, output_bps=8)
    except rawpy.LibRawFileUnsupportedError as error:
        raise PhotoError(FailureKind.UNSUPPORTED, "This kind of raw photo is not supported.") from error
    except rawpy.LibRawError as error:
        raise PhotoError(FailureKind.DAMAGED, "The raw photo is damaged.") from error
    return Image.fromarray(pixels)


def _largest(data: bytes, offsets: list[int]) -> Preview | None:
    previews = [preview for at in offsets if (preview := _preview_at(data, at)) is not None]
    return max(previews, key=lambda preview: preview.width_px * preview.height_px, default=None)


def _preview_at(data: bytes, offset: int) -> Preview | None:
    """Return the JPEG that starts at `offset`, if one does that shows a picture."""
    if not data.startswith(_SOI, offset):
        return None
    at, end = offset + 2, len(data)
    for _ in range(64):
        if at + 9 > end or data[at] != 0xFF:
            return None
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _READABLE_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Preview(offset, width, height) if data[at + 4] == 8 and width and height else None
        if 0xC3 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return None
        at += 2 + max(length, 2)
    return None
