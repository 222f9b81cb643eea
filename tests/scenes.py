"""Invented photographs: painted landscapes, seas, cities and still lifes, for screenshots and journeys.

`python -m tests.scenes OUT [--count 60]` writes a small, plausible photo library: holiday folders, camera names,
dates, keywords, a burst, copies and edited versions. Everything follows from the seed; no real photo is involved.
"""

import argparse
import datetime
import itertools
import math
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

Colour = tuple[int, int, int]

SIZE = (1200, 800)

_SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((64, 118, 190), (196, 222, 240)),
    ((36, 46, 92), (246, 158, 98)),
    ((120, 160, 200), (250, 226, 190)),
    ((12, 18, 44), (58, 72, 120)),
    ((150, 170, 186), (222, 226, 226)),
)
_CAMERAS = (
    ("Canon", "Canon EOS R6"),
    ("NIKON CORPORATION", "NIKON Z 6_2"),
    ("Apple", "iPhone 13"),
    ("FUJIFILM", "X-T4"),
)
_FOLDERS = ("2019/Norway", "2020/Garden", "2021/Lisbon", "2022/Alps", "2023/Harbour", "2024/Home")


def _gradient(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    rows = np.linspace(0, 1, size[1])[:, None, None]
    picture = (1 - rows) * np.array(top, float) + rows * np.array(bottom, float)
    return Image.fromarray(np.broadcast_to(picture, (size[1], size[0], 3)).astype(np.uint8))


def _ridge(rng: random.Random, width: int, base: float, height: float, roughness: float) -> list[float]:
    """Midpoint displacement, the usual one-dimensional mountain line."""
    points = [base + rng.uniform(-height, height), base + rng.uniform(-height, height)]
    spread = height
    while len(points) < width:
        spread *= roughness
        wider = [points[0]]
        for left, right in itertools.pairwise(points):
            wider += [(left + right) / 2 + rng.uniform(-spread, spread), right]
        points = wider
    return [points[i * (len(points) - 1) // (width - 1)] for i in range(width)]


def _grain(picture: Image.Image, rng: random.Random, sigma: float = 4) -> Image.Image:
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, sigma, (picture.height, picture.width, 1))
    pixels: NDArray[np.float64] = np.asarray(picture, dtype=np.float64) + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _sun(picture: Image.Image, rng: random.Random, x: float, y: float) -> Image.Image:
    width, height = picture.size
    glow = Image.new("RGB", picture.size)
    draw = ImageDraw.Draw(glow)
    radius = height * rng.uniform(0.04, 0.08)
    for step in range(12, 0, -1):
        r = radius * (1 + step * 0.6)
        level = int(90 / step)
        draw.ellipse(
            (x * width - r, y * height - r, x * width + r, y * height + r),
            fill=(level, int(level * 0.8), level // 2),
        )
    draw.ellipse(
        (x * width - radius, y * height - radius, x * width + radius, y * height + radius), fill=(255, 240, 205)
    )
    return ImageChops.screen(picture, glow.filter(ImageFilter.GaussianBlur(radius / 4)))


def mountains(rng: random.Random) -> Image.Image:
    """Layered ridges under a sky."""
    top, bottom = rng.choice(_SKIES)
    picture = _sun(_gradient(SIZE, top, bottom), rng, rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.4))
    draw = ImageDraw.Draw(picture)
    near = (rng.randint(10, 50), rng.randint(30, 70), rng.randint(30, 60))
    for layer in range(4):
        share = layer / 3
        colour = tuple(int(b * (1 - share) * 0.8 + n * share) for b, n in zip(bottom, near, strict=True))
        line = _ridge(rng, SIZE[0], SIZE[1] * (0.45 + 0.14 * layer), SIZE[1] * 0.12, 0.52)
        draw.polygon([(0, SIZE[1]), *enumerate(line), (SIZE[0], SIZE[1])], fill=colour)
    return _grain(picture, rng)


def sea(rng: random.Random) -> Image.Image:
    """Water with a glittering path and perhaps a sail."""
    top, bottom = rng.choice(_SKIES)
    x, horizon = rng.uniform(0.2, 0.8), rng.uniform(0.4, 0.6)
    picture = _sun(_gradient(SIZE, top, bottom), rng, x, horizon - rng.uniform(0.08, 0.25))
    line = int(SIZE[1] * horizon)
    deep: Colour = (bottom[0] // 5, bottom[1] // 3, bottom[2] // 2)
    shallow: Colour = (bottom[0] // 2, int(bottom[1] / 1.6), int(bottom[2] / 1.3))
    picture.paste(_gradient((SIZE[0], SIZE[1] - line), shallow, deep), (0, line))
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(700):
        y = line + (SIZE[1] - line) * rng.random() ** 1.6
        spread = 30 + (y - line) * 0.7
        cx = x * SIZE[0] + rng.gauss(0, spread)
        length = 6 + (y - line) * 0.09
        draw.line((cx - length, y, cx + length, y), fill=(255, 240, 210, rng.randint(20, 120)), width=2)
    if rng.random() < 0.7:
        sx, h = rng.uniform(0.1, 0.9) * SIZE[0], rng.uniform(60, 170)
        draw.polygon([(sx, line - h), (sx, line + 6), (sx + h * 0.45, line + 6)], fill=(245, 245, 240, 255))
        draw.polygon(
            [(sx - 6, line - h * 0.8), (sx - 6, line + 6), (sx - h * 0.3, line + 6)], fill=(226, 226, 224, 255)
        )
        draw.polygon(
            [
                (sx - h * 0.4, line + 10),
                (sx + h * 0.5, line + 10),
                (sx + h * 0.35, line + 26),
                (sx - h * 0.3, line + 26),
            ],
            fill=(120, 40, 34, 255),
        )
    return _grain(picture, rng)


def city(rng: random.Random) -> Image.Image:
    """Blocks with lit windows."""
    top, bottom = rng.choice((_SKIES[1], _SKIES[3], _SKIES[2]))
    picture = _gradient(SIZE, top, bottom)
    draw = ImageDraw.Draw(picture)
    for row in range(3):
        x = -40
        tone = 70 - row * 22
        while x < SIZE[0]:
            width, height = rng.randint(60, 150), rng.randint(160, 520 - row * 90)
            y = SIZE[1] - height - (2 - row) * 70
            shade = tone + rng.randint(-8, 8)
            draw.rectangle((x, y, x + width, SIZE[1]), fill=(shade, shade + 4, shade + 16))
            for wy in range(y + 14, SIZE[1] - 10, 26):
                for wx in range(x + 10, x + width - 14, 22):
                    if rng.random() < 0.36:
                        draw.rectangle(
                            (wx, wy, wx + 10, wy + 14), fill=(255, rng.randint(190, 226), rng.randint(110, 160))
                        )
            x += width + rng.randint(2, 20)
    return _grain(picture, rng)


def flowers(rng: random.Random) -> Image.Image:
    """A meadow in soft focus with sharp blossoms in front."""
    picture = _gradient(SIZE, (150, 186, 120), (52, 98, 48))
    draw = ImageDraw.Draw(picture)
    hue = rng.choice(((226, 66, 92), (246, 196, 60), (156, 96, 206), (244, 244, 240), (240, 126, 60)))
    for depth in range(3):
        for _ in range(26 - depth * 8):
            cx, cy = rng.uniform(0, SIZE[0]), rng.uniform(SIZE[1] * (0.2 + 0.2 * depth), SIZE[1])
            r = rng.uniform(10, 20) * (1 + depth * 1.6)
            draw.line((cx, cy, cx + rng.uniform(-20, 20), SIZE[1]), fill=(44, 92 + 20 * depth, 40), width=3 + depth)
            petals = rng.randint(5, 8)
            for petal in range(petals):
                angle = petal * math.tau / petals
                px, py = cx + math.cos(angle) * r, cy + math.sin(angle) * r
                tint = tuple(max(0, min(255, c + rng.randint(-18, 18))) for c in hue)
                draw.ellipse((px - r * 0.7, py - r * 0.7, px + r * 0.7, py + r * 0.7), fill=tint)
            draw.ellipse((cx - r * 0.5, cy - r * 0.5, cx + r * 0.5, cy + r * 0.5), fill=(110, 76, 30))
        if depth < 2:
            picture = picture.filter(ImageFilter.GaussianBlur(9 - depth * 6))
            draw = ImageDraw.Draw(picture)
    return _grain(picture, rng)


def table(rng: random.Random) -> Image.Image:
    """Fruit on a table before a wall."""
    wall = rng.choice(((196, 180, 160), (120, 140, 150), (178, 140, 120), (90, 96, 110)))
    picture = _gradient(SIZE, tuple(min(255, c + 30) for c in wall), wall)  # type: ignore[arg-type]
    draw = ImageDraw.Draw(picture)
    line = int(SIZE[1] * 0.62)
    picture.paste(_gradient((SIZE[0], SIZE[1] - line), (136, 92, 58), (84, 54, 34)), (0, line))
    for _ in range(rng.randint(3, 7)):
        r = rng.uniform(60, 120)
        cx, cy = rng.uniform(150, SIZE[0] - 150), line + rng.uniform(0, 60) - r * 0.4
        colour = rng.choice(((206, 52, 44), (242, 160, 40), (140, 176, 60), (226, 204, 70), (104, 40, 74)))
        draw.ellipse((cx - r, cy + r * 0.75, cx + r * 1.3, cy + r * 1.1), fill=(58, 38, 26))
        for step in range(24):
            share = step / 24
            q = r * (1 - share)
            tint = tuple(int(c + (255 - c) * share * 0.55) for c in colour)
            ox = -r * 0.32 * share
            draw.ellipse((cx - q + ox, cy - q + ox, cx + q + ox, cy + q + ox), fill=tint)
    return _grain(picture.filter(ImageFilter.GaussianBlur(1)), rng)


PAINTERS = (mountains, sea, city, flowers, table)


def _save(picture: Image.Image, path: Path, rng: random.Random, taken: datetime.datetime, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    make, model = _CAMERAS[rng.randrange(len(_CAMERAS))]
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x010E] = make, model, words
    details = exif.get_ifd(0x8769)
    details[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
    details[0x829A], details[0x829D], details[0x8827] = (
        1 / rng.choice((60, 125, 250, 500)),
        rng.choice((1.8, 2.8, 5.6, 8.0)),
        100,
    )
    details[0x920A] = float(rng.choice((24, 35, 50, 85)))
    picture.save(path, quality=88, exif=exif)


def write_library(out: Path, count: int = 60, seed: int = 7) -> int:
    """Write about `count` invented photos below `out`, some of them copies and edits; return how many files."""
    rng = random.Random(seed)
    written = 0
    number = 1000
    while written < count:
        painter = PAINTERS[written % len(PAINTERS)]
        folder = _FOLDERS[rng.randrange(len(_FOLDERS))]
        year = int(folder[:4])
        taken = datetime.datetime(
            year, rng.randint(1, 12), rng.randint(1, 28), rng.randint(7, 20), rng.randint(0, 59)
        )
        picture = painter(rng)
        if rng.random() < 0.3:
            picture = picture.crop((300, 0, 900, 800))
        number += rng.randint(1, 9)
        path = out / folder / f"IMG_{number}.jpg"
        state = rng.getstate()
        _save(picture, path, rng, taken, painter.__name__)
        written += 1
        if written % 9 == 4:  # a resized copy, as a messenger leaves it
            rng.setstate(state)
            _save(
                picture.resize((picture.width // 2, picture.height // 2)),
                path.with_name(f"IMG_{number}-WA001.jpg"),
                rng,
                taken,
                painter.__name__,
            )
            written += 1
        if written % 11 == 5:  # a plain copy
            (path.parent / f"IMG_{number} (1).jpg").write_bytes(path.read_bytes())
            written += 1
        if written % 13 == 6:  # a brightened crop
            rng.setstate(state)
            inner = picture.crop((20, 20, picture.width - 20, picture.height - 20))
            _save(
                ImageEnhance.Brightness(inner).enhance(1.15),
                path.with_name(f"IMG_{number}_edited.jpg"),
                rng,
                taken,
                painter.__name__,
            )
            written += 1
    return written


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=60)
    arguments = parser.parse_args()
    print(write_library(arguments.out, arguments.count), "files")
