"""Reads a file once and turns it into an upright sRGB picture no larger than needed.

Runs in decoder processes. JPEGs are reduced while they are decoded (`draft`: 31 ms instead of 181 at 17 Mpixel),
everything else right after, before any costlier step. The size is judged from the header, before memory is taken.
Pillow's plugins are called one by one, chosen by `formats.sniff`; `PIL.Image.open` lost, because it tries them all
(an EPS would start Ghostscript) and hides what the right one said.
"""

import errno
import functools
import importlib
import math
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from photofind.errors import PhotoError
from photofind.photo import containers, formats, raw
from photofind.photo.tiff import Tiff
from photofind.records import FailureKind, FileFacts

MAX_FILE_BYTES = 1 << 30
MAX_PIXELS = 1_000_000_000
"""Pictures above this are refused: no camera makes them, and even reduced decoding takes seconds."""
MAX_PIXELS_WHOLE = 300_000_000
"""The same for formats that can only be decoded whole: 1.2 GB at four bytes a pixel."""
MAX_PIXELS_WEBP = 100_000_000
"""The same for WebP, whose decoder takes twelve bytes a pixel, and takes them when the file is opened."""

_ORIENTATION = 274
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PLUGINS = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
    "JPEG2000": ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "PPM": ("PIL.PpmImagePlugin", "PpmImageFile"),
    "TGA": ("PIL.TgaImagePlugin", "TgaImageFile"),
    "PCX": ("PIL.PcxImagePlugin", "PcxImageFile"),
    "PSD": ("PIL.PsdImagePlugin", "PsdImageFile"),
    "ICO": ("PIL.IcoImagePlugin", "IcoImageFile"),
}
_WORDS_OF_LACK = ("nsupported", "not supported", "not implemented", "not available", "unknown", "cannot handle",
                  "cannot decode", "not yet")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture ready for use.

    Attributes:
        image: Mode RGB, sRGB, upright; the region that was asked for, possibly reduced.
        width_px, height_px: Upright size of the full picture.
        format: Pillow's name of the format, or "RAW".
    """

    image: Image.Image
    width_px: int
    height_px: int
    format: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A picture decoded at all its pixels, of which parts are made ready for use; see `open_whole`.

    Turning and converting colours wait for the part: of 200 Mpixel they would take three seconds and as much memory
    again.

    Attributes:
        width_px, height_px: Upright size of what was decoded.
    """

    width_px: int
    height_px: int
    _image: Image.Image
    _orientation: int
    _profile: bytes | None

    @property
    def size_bytes(self) -> int:
        """Memory that it takes."""
        return self._image.width * self._image.height * (1 if self._image.mode == "L" else 4)

    def part(self, box: tuple[float, float, float, float], size_px: tuple[int, int]) -> Image.Image:
        """Return a part: mode RGB, sRGB, upright.

        Args:
            box: Left, top, right, bottom in pixels of the upright picture.
            size_px: Width and height of the result; not larger than the box.
        """
        left, top, right, bottom = box
        width, height = self.width_px, self.height_px
        # Where the upright box lies in the picture as it is stored.
        stored = {
            2: (width - right, top, width - left, bottom),
            3: (width - right, height - bottom, width - left, height - top),
            4: (left, height - bottom, right, height - top),
            5: (top, left, bottom, right),
            6: (top, width - right, bottom, width - left),
            7: (height - bottom, width - right, height - top, width - left),
            8: (height - bottom, left, height - top, right),
        }.get(self._orientation, box)
        size = (size_px[1], size_px[0]) if self._orientation >= 5 else size_px
        if stored[2] - stored[0] == size[0] and stored[3] - stored[1] == size[1]:
            cut = self._image.crop((round(stored[0]), round(stored[1]), round(stored[2]), round(stored[3])))
        else:
            cut = self._image.resize(size, Image.Resampling.BOX, stored)
        return _upright(_to_srgb(_without_alpha(cut), self._profile), self._orientation)


def read_file(path: bytes) -> tuple[bytes, FileFacts]:
    """Read a regular file, once, without ever waiting for a writer.

    Returns:
        Its bytes, and its facts, the same before and after reading.

    Raises:
        PhotoError: It is no regular file, empty, too large, unreadable, or changed meanwhile.
    """
    try:
        # lstat first: opening a FIFO or a device can wait for ever or do harm.
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise PhotoError(FailureKind.NOT_AN_IMAGE, "This is not a regular file.")
        flags = os.O_RDONLY
        for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
            flags |= getattr(os, name, 0)
        handle = os.open(path, flags)
        with open(handle, "rb", buffering=0) as file:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise PhotoError(FailureKind.NOT_AN_IMAGE, "This is not a regular file.")
            if before.st_size == 0:
                raise PhotoError(FailureKind.EMPTY, "The file is empty.")
            if before.st_size > MAX_FILE_BYTES:
                raise PhotoError(FailureKind.TOO_LARGE, "The file is larger than 1 GiB.")
            data = file.read()
            after = os.fstat(handle)
    except FileNotFoundError as error:
        raise PhotoError(FailureKind.CHANGING, "The file disappeared while it was being read.") from error
    except PermissionError as error:
        raise PhotoError(FailureKind.UNREADABLE, "There is no permission to read the file.") from error
    except OSError as error:
        what = "is a link" if error.errno == errno.ELOOP else f"cannot be read ({error.strerror})"
        raise PhotoError(FailureKind.UNREADABLE, f"The file {what}.") from error
    facts = facts_of(after)
    if facts != facts_of(before) or len(data) != after.st_size:
        raise PhotoError(FailureKind.CHANGING, "The file changed while it was being read.")
    return data, facts


def facts_of(status: os.stat_result) -> FileFacts:
    """Return the facts of a file from its status."""
    return FileFacts(
        size_bytes=status.st_size,
        mtime_ns=status.st_mtime_ns,
        ctime_ns=status.st_ctime_ns,
        inode=status.st_ino,
        device=status.st_dev,
    )


def decode(
    data: bytes,
    *,
    min_side_px: int,
    min_long_side_px: int = 0,
    region: tuple[float, float, float, float] | None = None,
) -> Decoded:
    """Decode a picture: upright, sRGB, reduced as far as the wanted sizes allow.

    Args:
        data: The encoded picture.
        min_side_px: The shorter side of the result is at least so long, unless the picture itself is smaller.
        min_long_side_px: The same for the longer side. The result is less than twice as large as both demand, but
            for formats that could be reduced no further.
        region: Left, top, right, bottom as fractions of the upright picture; the result is that part.

    Raises:
        PhotoError: The bytes are no picture, or one that cannot be read.
    """
    with _blaming():
        return _decode(data, _Wish(min_side_px, min_long_side_px, _checked(region)))


def open_whole(data: bytes) -> Whole:
    """Decode all pixels of a picture, for parts of it to be looked at closely.

    Above `MAX_PIXELS_WHOLE` a JPEG is reduced while it is decoded.

    Raises:
        PhotoError: The bytes are no picture, or one that cannot be read.
    """
    with _blaming():
        return _open_whole(data)


@contextmanager
def _blaming() -> Iterator[None]:
    """Make a `PhotoError` of what plugins raise, and keep their warnings quiet."""
    with warnings.catch_warnings():
        # A plugin's warning (odd EXIF, a large picture) is no reason to refuse a photo, nor news for anybody.
        warnings.simplefilter("ignore")
        try:
            yield
        except PhotoError:
            raise
        except MemoryError as error:
            raise PhotoError(FailureKind.OUT_OF_MEMORY, "The picture needs too much memory.") from error
        except Exception as error:  # plugins raise nearly anything on damaged bytes
            raise _blame(error) from error


@dataclass(frozen=True, slots=True)
class _Wish:
    min_side_px: int
    min_long_side_px: int
    region: tuple[float, float, float, float]

    def scale(self, width_px: int, height_px: int) -> float:
        """Return by how much an upright picture of this size may be scaled down, at most 1."""
        left, top, right, bottom = self.region
        sides = sorted((max(1.0, width_px * (right - left)), max(1.0, height_px * (bottom - top))))
        return min(1.0, max(self.min_side_px / sides[0], self.min_long_side_px / sides[1]))


def _checked(region: tuple[float, float, float, float] | None) -> tuple[float, float, float, float]:
    if region is None:
        return (0.0, 0.0, 1.0, 1.0)
    left, top, right, bottom = (min(1.0, max(0.0, edge)) if math.isfinite(edge) else 0.0 for edge in region)
    return (left, top, right, bottom) if left < right and top < bottom else (0.0, 0.0, 1.0, 1.0)


def _decode(data: bytes, wish: _Wish) -> Decoded:
    kind = formats.sniff(data)
    if kind is None:
        raise PhotoError(FailureKind.NOT_AN_IMAGE, "This is not an image, or of a kind PhotoFind does not know.")
    if kind == "RAW" or (kind == "TIFF" and raw.is_raw(data)):
        return _decode_raw(data, wish)
    image = _open(kind, data)
    orientation = _orientation(kind, image, data)
    size_px = (image.height, image.width) if orientation >= 5 else image.size
    _refuse_too_large(kind, image)
    image = _load(image, wish.scale(*size_px))
    return Decoded(_cut(_upright(image, orientation), wish.region), *size_px, kind)


def _open_whole(data: bytes) -> Whole:
    kind = formats.sniff(data)
    if kind is None:
        raise PhotoError(FailureKind.NOT_AN_IMAGE, "This is not an image, or of a kind PhotoFind does not know.")
    if kind == "RAW" or (kind == "TIFF" and raw.is_raw(data)):
        image = _decode_raw(data, _Wish(1, MAX_PIXELS, _checked(None))).image
        return Whole(image.width, image.height, image, 1, None)
    image = _open(kind, data)
    orientation = _orientation(kind, image, data)
    _refuse_too_large(kind, image)
    if image.width * image.height > MAX_PIXELS_WHOLE:
        image.draft(image.mode, (image.width // 2, image.height // 2))
    image.load()
    profile = image.info.get("icc_profile")
    image = _plain_mode(image)
    size_px = (image.height, image.width) if orientation >= 5 else image.size
    return Whole(*size_px, image, orientation, profile)


def _decode_raw(data: bytes, wish: _Wish) -> Decoded:
    blocks = containers.find_blocks(data)
    orientation = _exif_orientation(blocks)
    preview = raw.largest_preview(data)
    sensor_px = raw.sensor_size(data)
    if preview is None or (max(preview.width_px, preview.height_px) < max(320, wish.min_side_px) < max(sensor_px)):
        try:
            image = raw.develop(data)
        except PhotoError:
            if preview is None:
                raise
        else:
            size_px = (image.width * 2, image.height * 2)  # developed at half size, and upright already
            image = _load(image, wish.scale(*size_px) * 2)
            return Decoded(_cut(image, wish.region), *size_px, "RAW")
    assert preview is not None
    if max(sensor_px) < max(preview.width_px, preview.height_px):
        sensor_px = (preview.width_px, preview.height_px)
    image = _open("JPEG", data[preview.offset :])
    _refuse_too_large("JPEG", image)
    shown_px = (image.height, image.width) if orientation >= 5 else image.size
    image = _load(image, wish.scale(*shown_px))
    size_px = (sensor_px[1], sensor_px[0]) if orientation >= 5 else sensor_px
    return Decoded(_cut(_upright(image, orientation), wish.region), *size_px, "RAW")


def _open(kind: str, data: bytes) -> Image.Image:
    """Read the header of a picture."""
    if kind == "WEBP" and math.prod(size_px := _webp_size(data)) > MAX_PIXELS_WEBP:
        raise _too_large(size_px)
    module, name = _PLUGINS[kind]
    try:
        plugin = _plugin(module)
    except ImportError as error:
        raise PhotoError(FailureKind.UNSUPPORTED, f"{kind} pictures cannot be read on this computer.") from error
    opened: Image.Image = getattr(plugin, name)(BytesIO(data), "")
    if opened.width < 1 or opened.height < 1:
        raise PhotoError(FailureKind.DAMAGED, "The picture has no size.")
    return opened


@functools.cache
def _plugin(module: str) -> Any:
    plugin: Any = importlib.import_module(module)
    if module == "pillow_heif":
        plugin.options.DECODE_THREADS = 1  # the pool has a process for every core already
        plugin.options.AUX_IMAGES = plugin.options.DEPTH_IMAGES = False
    elif module == "PIL.AvifImagePlugin":
        plugin.DEFAULT_MAX_THREADS = 1
    return plugin


def _refuse_too_large(kind: str, image: Image.Image) -> None:
    pixels = image.width * image.height
    whole = kind != "JPEG" or bool(image.info.get("progressive"))
    if pixels > (MAX_PIXELS_WHOLE if whole else MAX_PIXELS):
        raise _too_large(image.size)


def _too_large(size_px: tuple[int, int]) -> PhotoError:
    return PhotoError(FailureKind.TOO_LARGE, f"The picture is too large ({size_px[0]} x {size_px[1]} pixels).")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return width and height from a WebP header (RFC 9649)."""
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _orientation(kind: str, image: Image.Image, data: bytes) -> int:
    """Return the EXIF orientation that is still to be applied, 1 to 8."""
    if kind in ("HEIF", "TIFF"):  # their plugins turn the picture themselves
        return 1
    if kind == "AVIF":  # its plugin puts the container's own rotation into the EXIF block
        block = containers.without_exif_mark(image.info.get("exif") or b"")
        return _exif_orientation(containers.Blocks((block,)))
    return _exif_orientation(containers.find_blocks(data))


def _exif_orientation(blocks: containers.Blocks) -> int:
    for block in blocks.exif[:1]:
        orientation = Tiff(block).main().integer(_ORIENTATION)
        if orientation in _TURNS:
            return orientation
    return 1


def _load(image: Image.Image, scale: float) -> Image.Image:
    """Decode a picture at not less than `scale`, and convert it to sRGB."""
    width_px, height_px = image.size
    if scale < 1:
        image.draft(image.mode, (math.ceil(width_px * scale), math.ceil(height_px * scale)))
    image.load()
    profile = image.info.get("icc_profile")
    image = _plain_mode(image)
    # Rounded first, because ceil above and the arithmetic here must not differ by one part in 10^16.
    factor = min(
        int(image.width / max(1.0, width_px * scale) + 1e-6), int(image.height / max(1.0, height_px * scale) + 1e-6)
    )
    if factor > 1:
        image = image.reduce(factor)
    return _to_srgb(_without_alpha(image), profile)


def _plain_mode(image: Image.Image) -> Image.Image:
    """Return a picture of mode L, LA, RGB, RGBA, CMYK, YCbCr or LAB, which `reduce` can average."""
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("RGB", "L") and "transparency" in image.info:  # one colour stands for "nothing here"
        return image.convert("RGBA" if image.mode == "RGB" else "LA")
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_to_8_bits(np.asarray(image)))
    return image


def _to_8_bits(grey: "np.ndarray[Any, Any]") -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """Scale grey values of 16 or 32 bits or floats to 0..255.

    The full range of the type is white, except for what instruments write: 12-bit values in 16 bits, floats in 0..1
    or 0..255, and anything beyond, which is stretched from its least to its largest value.
    """
    values = np.nan_to_num(grey.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if grey.dtype.kind == "f" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255 and grey.dtype.itemsize == 4:
        low, high = 0.0, 255.0
    elif low >= 0 and high <= 65_535 and grey.dtype.kind != "f":
        low, high = 0.0, 4_095.0 if 255 < high <= 4_095 else 65_535.0
    values -= low
    values *= 255.0 / max(high - low, 1e-30)
    scaled: np.ndarray[Any, np.dtype[np.uint8]] = np.clip(values + 0.5, 0, 255).astype(np.uint8)
    return scaled


def _without_alpha(image: Image.Image) -> Image.Image:
    """Lay a picture with transparent parts over white, as a page would show it."""
    if image.mode not in ("RGBA", "LA", "La", "RGBa"):
        return image
    if image.mode != "RGBA":
        image = image.convert("RGBA")
    page = Image.new("RGBA", image.size, (255, 255, 255, 255))
    page.alpha_composite(image)
    return page.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB, by the picture's own colour profile where it has a sound one."""
    if image.mode == "LAB":
        to_srgb = ImageCms.buildTransform(
            ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB"
        )
        image = ImageCms.applyTransform(image, to_srgb) or image
    elif profile and image.mode in ("RGB", "L", "CMYK"):
        transform = _srgb_transform(bytes(profile), image.mode)
        if transform is not None:
            converted = ImageCms.applyTransform(image, transform)
            if converted is not None:
                return converted
    return image if image.mode == "RGB" else image.convert("RGB")


@functools.lru_cache(maxsize=16)
def _srgb_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB; None when it is sRGB already, damaged, or for another mode.

    Cached: building one takes 2 to 20 ms, and one camera writes the same profile into every photo.
    """
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        if opened.profile.xcolor_space.strip() != {"L": "GRAY"}.get(mode, mode):
            return None
        if "sRGB" in ImageCms.getProfileDescription(opened):
            return None
        return ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _cut(image: Image.Image, region: tuple[float, float, float, float]) -> Image.Image:
    left, top, right, bottom = region
    if region == (0.0, 0.0, 1.0, 1.0):
        return image
    x, y = int(left * image.width), int(top * image.height)
    return image.crop((
        x, y, max(x + 1, math.ceil(right * image.width)), max(y + 1, math.ceil(bottom * image.height))
    ))  # fmt: skip


def _blame(error: Exception) -> PhotoError:
    """Turn what a plugin raised into a sentence."""
    text = str(error)
    if any(word in text.lower() for word in _WORDS_OF_LACK):
        return PhotoError(FailureKind.UNSUPPORTED, "This variant of the format is not supported.")
    if "truncated" in text or "EOF" in text or isinstance(error, EOFError):
        return PhotoError(FailureKind.DAMAGED, "The file is cut short.")
    return PhotoError(FailureKind.DAMAGED, "The picture is damaged and cannot be read.")
