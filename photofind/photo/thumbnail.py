"""What is made from a decoded picture: the thumbnail, its mean colour, and the network's input.

Pure functions on an upright sRGB picture; they run in decoder processes. All three come from the same pixels, so
that nothing is decoded twice.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

THUMBNAIL_PX = 320
_QUALITY = 82


def make_thumbnail(image: Image.Image) -> bytes:
    """Return a JPEG whose longer side is at most `THUMBNAIL_PX`; smaller pictures keep their size.

    JPEG, not WebP: 0.3 ms instead of 4.5, for 28 % more bytes.
    """
    return encode_jpeg(fitted(image, THUMBNAIL_PX), _QUALITY)


def encode_jpeg(image: Image.Image, quality: int) -> bytes:
    """Return an RGB picture as JPEG bytes."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def fitted(image: Image.Image, longest_px: int) -> Image.Image:
    """Return the picture scaled down so that its longer side is `longest_px`, if it is longer."""
    scale = longest_px / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    # As sharp as bicubic at half its time.
    return image.resize(size, Image.Resampling.HAMMING)


def mean_rgb(image: Image.Image) -> int:
    """Return the mean colour as 0xRRGGBB."""
    # `reduce` to a single pixel: 0.05 ms where numpy's mean over the pixels takes 0.8.
    pixel = image.reduce(image.size).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    red, green, blue = (int(value) for value in pixel)
    return red << 16 | green << 8 | blue


def network_input(image: Image.Image, input_px: int) -> NDArray[np.uint8]:
    """Return the whole picture squashed into a square, uint8 [input_px, input_px, 3], read-only.

    Squashed, not cropped: what lies at the edges belongs to the photo too.
    """
    pixels = np.asarray(image.resize((input_px, input_px), Image.Resampling.BILINEAR))
    pixels.setflags(write=False)
    return pixels
