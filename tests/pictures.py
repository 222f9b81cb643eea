"""Pictures made up for tests: the same seed gives the same picture, another seed one that nobody would mix up.

They have what a photo has and a flat colour has not: a gradient as light, a few large shapes as things, fine
texture. So perceptual hashes have quality, JPEG has something to lose, and embeddings differ.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter

_EXIF_IFD_TAGS = frozenset((*range(0x829A, 0x829E), *range(0x8822, 0x8835), *range(0x9000, 0xA500)))
"""Tags that belong into the Exif sub-directory, not into the main one (0x8825 is the GPS pointer)."""


def make_picture(seed: int = 0, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Return the RGB picture of this seed, `size` as (width, height) in pixels."""
    random = np.random.default_rng(seed)
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    angle = random.uniform(0, 2 * np.pi)
    light = np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5)
    colours = random.uniform(20, 235, (2, 3))
    pixels = colours[0] + (light[..., None] + 0.7) / 1.4 * (colours[1] - colours[0])
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(9):
        x, y = random.uniform(-0.1, 0.9, 2) * size
        w, h = random.uniform(0.08, 0.5, 2) * size
        fill = tuple(int(part) for part in random.integers(0, 256, 3))
        shape = random.integers(3)
        if shape == 0:
            draw.rectangle((x, y, x + w, y + h), fill=fill)
        elif shape == 1:
            draw.ellipse((x, y, x + w, y + h), fill=fill)
        else:
            draw.polygon([(x, y), (x + w, y + h / 3), (x + w / 4, y + h)], fill=fill)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(max(size) / 400)), dtype=np.float32)
    grain = random.normal(0, 4, (height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8))


def make_exif(tags: Mapping[int, object], gps: Mapping[int, object] | None = None) -> Image.Exif:
    """Return EXIF data; each tag is put into the directory where cameras put it.

    Args:
        tags: Values by `PIL.ExifTags.Base` number.
        gps: Values by `PIL.ExifTags.GPS` number.
    """
    exif = Image.Exif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    for tag, value in tags.items():
        (inner if tag in _EXIF_IFD_TAGS else exif)[int(tag)] = value
    if gps:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({int(tag): value for tag, value in gps.items()})
    return exif


def write_picture(
    path: Path,
    seed: int = 0,
    *,
    size: tuple[int, int] = (640, 480),
    exif: Mapping[int, object] | None = None,
    gps: Mapping[int, object] | None = None,
    quality: int = 90,
    format: str | None = None,
) -> Path:
    """Write the picture of this seed; the folder is made when needed, the format follows the name unless given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, object] = {}
    kind = format or Image.registered_extensions().get(path.suffix.lower(), "JPEG")
    if kind in {"JPEG", "WEBP", "AVIF", "HEIF"}:
        options["quality"] = quality
    if exif or gps:
        options["exif"] = make_exif(exif or {}, gps)
    make_picture(seed, size).save(path, kind, **options)
    return path
