"""Edits that people and programs make to photos, for judging whether a network still knows the picture.

Training makes its own views, on tensors (`augment`). These are made photo by photo with Pillow, by other code on
purpose: judged by the functions it was trained with, a network would only show that it knows those.

Every length is a share of the picture, so that an edit means the same to a photo of 128 px and to one of 4,000.
Each result is a JPEG, since that is what an editor, a phone or a messenger leaves behind.
"""

import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from photofind.photo.thumbnail import encode_jpeg

EDITOR_QUALITY = 92
"""What an editor saves with; the edits that are about JPEG itself come with lower ones of their own."""
SMALLEST_PX = 64
"""A thumbnail has at least so many pixels on its shorter side: less is no copy that anybody keeps."""

Random = np.random.Generator
Edit = Callable[[Image.Image, Random], Image.Image]


def edited(image: Image.Image, kind: str, seed: int = 0) -> bytes:
    """Return an edited copy of a picture as a JPEG file.

    Args:
        image: Mode RGB.
        kind: One of `KINDS`.
        seed: Decides where, which way and what colour; equal seeds give equal bytes.
    """
    random = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    return encode_jpeg(EDITS[kind](image, random), _QUALITIES.get(kind, EDITOR_QUALITY))


def _as_it_is(image: Image.Image, _random: Random) -> Image.Image:
    return image


def _quarter(image: Image.Image, _random: Random) -> Image.Image:
    """A quarter of the width and height, as a messenger's preview has it."""
    scale = min(1.0, max(0.25, SMALLEST_PX / min(image.size)))
    return image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)


def _crop(removed: float) -> Edit:
    """Cut off so large a share of the area, anywhere, and keep the shape."""

    def crop(image: Image.Image, random: Random) -> Image.Image:
        kept = (1 - removed) ** 0.5
        width, height = round(image.width * kept), round(image.height * kept)
        left = int(random.integers(0, image.width - width + 1))
        top = int(random.integers(0, image.height - height + 1))
        return image.crop((left, top, left + width, top + height))

    return crop


def _quarter_turn(image: Image.Image, random: Random) -> Image.Image:
    turn = Image.Transpose.ROTATE_90 if random.random() < 0.5 else Image.Transpose.ROTATE_270
    return image.transpose(turn)


def _mirror(image: Image.Image, _random: Random) -> Image.Image:
    return ImageOps.mirror(image)


def _tilt(image: Image.Image, random: Random) -> Image.Image:
    """Five degrees either way, the whole photo kept on a black ground, as a scanner leaves it."""
    angle = 5.0 if random.random() < 0.5 else -5.0
    return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(0, 0, 0))


def _border(image: Image.Image, random: Random) -> Image.Image:
    width = max(2, round(0.07 * min(image.size)))
    return ImageOps.expand(image, width, fill=(255, 255, 255) if random.random() < 0.5 else (0, 0, 0))


def _letterbox(image: Image.Image, _random: Random) -> Image.Image:
    """Bars on two sides: wide photos become square, others as wide as a video."""
    width, height = image.size
    size = (width, width) if width > 1.2 * height else (round(height * 16 / 9), height)
    canvas = Image.new("RGB", size, (0, 0, 0))
    canvas.paste(image, ((size[0] - width) // 2, (size[1] - height) // 2))
    return canvas


def _grey(image: Image.Image, _random: Random) -> Image.Image:
    return image.convert("L").convert("RGB")


def _brightness(image: Image.Image, random: Random) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(0.65 if random.random() < 0.5 else 1.4)


def _gamma(image: Image.Image, random: Random) -> Image.Image:
    power = 0.6 if random.random() < 0.5 else 1.6
    table = [round(255 * (value / 255) ** power) for value in range(256)]
    return image.point(table * 3)


def _colours(image: Image.Image, random: Random) -> Image.Image:
    """A filter: contrast, saturation and a warm or cold cast."""
    image = ImageEnhance.Contrast(image).enhance(float(random.uniform(0.75, 1.3)))
    image = ImageEnhance.Color(image).enhance(float(random.uniform(0.5, 1.6)))
    cast = 1.12 if random.random() < 0.5 else 0.88
    red, green, blue = image.split()
    return Image.merge("RGB", (_scaled(red, cast), green, _scaled(blue, 1 / cast)))


def _scaled(channel: Image.Image, factor: float) -> Image.Image:
    return channel.point([min(255, round(value * factor)) for value in range(256)])


def _blur(image: Image.Image, _random: Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(min(image.size) / 80))


def _noise(image: Image.Image, random: Random) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32)
    return Image.fromarray(np.clip(pixels + random.normal(0, 12, pixels.shape), 0, 255).astype(np.uint8))


def _text(image: Image.Image, random: Random) -> Image.Image:
    """A large pale word over the middle and a small line below, as picture agencies do."""
    image = image.copy()
    width, height = image.size
    draw = ImageDraw.Draw(image, "RGBA")
    large = ImageFont.load_default(size=max(12, 0.18 * height))
    small = ImageFont.load_default(size=max(8, 0.07 * height))
    place = (width * float(random.uniform(0.05, 0.3)), height * float(random.uniform(0.3, 0.5)))
    draw.text(place, "SAMPLE", font=large, fill=(255, 255, 255, 150), stroke_width=1, stroke_fill=(0, 0, 0, 90))
    draw.text((0.04 * width, 0.89 * height), "(c) 2026 A. Photographer", font=small, fill=(255, 255, 255, 230))
    return image


def _pasted_corner(image: Image.Image, random: Random) -> Image.Image:
    """A sticker over one corner: a flat square of a third of the shorter side, with a disc on it."""
    image = image.copy()
    side = max(1, round(min(image.size) / 3))
    left = 0 if random.random() < 0.5 else image.width - side
    top = 0 if random.random() < 0.5 else image.height - side
    ground, disc = (tuple(int(part) for part in random.integers(0, 256, 3)) for _ in range(2))
    draw = ImageDraw.Draw(image)
    draw.rectangle((left, top, left + side - 1, top + side - 1), fill=ground)
    draw.ellipse((left + side // 5, top + side // 5, left + 4 * side // 5, top + 4 * side // 5), fill=disc)
    return image


def _screenshot(image: Image.Image, random: Random) -> Image.Image:
    """The photo in the window of a viewer: a title bar with buttons, a bar of tools below, a margin around."""
    is_dark = random.random() < 0.5
    ground, bar, ink = ((32, 33, 36), (53, 54, 58), (200, 200, 200)) if is_dark else (
        (245, 245, 247), (222, 222, 226), (70, 70, 70)
    )  # fmt: skip
    width, height = image.size
    unit = max(4, round(0.1 * min(image.size)))
    canvas = Image.new("RGB", (width + unit, height + 3 * unit), ground)
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, 0, canvas.width, unit - 1), fill=bar)
    draw.rectangle((0, canvas.height - unit, canvas.width, canvas.height), fill=bar)
    for number, colour in enumerate(((255, 95, 86), (255, 189, 46), (39, 201, 63))):
        left = unit // 3 + number * unit
        draw.ellipse((left, unit // 4, left + unit // 2, 3 * unit // 4), fill=colour)
    draw.rectangle((canvas.width // 3, unit // 3, 2 * canvas.width // 3, 2 * unit // 3), fill=ink)
    for number in range(5):
        left = round((number + 0.7) * canvas.width / 6)
        top = canvas.height - 3 * unit // 4
        draw.rectangle((left, top, left + unit // 2, top + unit // 2), outline=ink)
    canvas.paste(image, (unit // 2, 3 * unit // 2))
    return canvas


EDITS: Mapping[str, Edit] = MappingProxyType(
    {
        "jpeg 30": _as_it_is,
        "jpeg 8": _as_it_is,
        "quarter size": _quarter,
        "crop 10 %": _crop(0.1),
        "crop 30 %": _crop(0.3),
        "crop 50 %": _crop(0.5),
        "quarter turn": _quarter_turn,
        "mirror": _mirror,
        "tilt 5": _tilt,
        "border": _border,
        "letterbox": _letterbox,
        "grey": _grey,
        "brightness": _brightness,
        "gamma": _gamma,
        "colours": _colours,
        "blur": _blur,
        "noise": _noise,
        "text": _text,
        "pasted corner": _pasted_corner,
        "screenshot": _screenshot,
    }
)
KINDS = tuple(EDITS)
_QUALITIES = {"jpeg 30": 30, "jpeg 8": 8}
