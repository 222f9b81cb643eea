"""Invented photographs: painted landscapes, seas, cities, people and still lifes, for screenshots and journeys.

`python -m tests.scenes OUT [--count 60]` writes a small, plausible photo library: journeys of a few days each,
cameras, places, captions, portraits and panoramas, bursts, copies and edited versions. Everything follows from the
seed; no real photo is involved. A scene is painted twice as large as it is kept, so that its edges are smooth.
"""

import argparse
import datetime
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from tests.pictures import make_exif

Colour = tuple[int, int, int]
Size = tuple[int, int]
Painter = Callable[[random.Random, Size], Image.Image]

LANDSCAPE: Size = (1440, 960)
PORTRAIT: Size = (960, 1440)
PANORAMA: Size = (2600, 900)

_DAY = ((64, 118, 190), (196, 222, 240))
_EVENING = ((36, 46, 92), (246, 158, 98))
_HAZE = ((120, 160, 200), (250, 226, 190))
_NIGHT = ((8, 12, 36), (52, 66, 118))
_GREY = ((150, 170, 186), (222, 226, 226))
_ROSE = ((92, 88, 150), (250, 190, 176))
_SKIES: tuple[tuple[Colour, Colour], ...] = (_DAY, _EVENING, _HAZE, _NIGHT, _GREY, _ROSE)
_CAMERAS = (
    ("Canon", "Canon EOS R6"),
    ("NIKON CORPORATION", "NIKON Z 6_2"),
    ("Apple", "iPhone 13"),
    ("FUJIFILM", "X-T4"),
)


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    """Return `first` with a share of `second`, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _gradient(size: Size, top: Colour, bottom: Colour) -> Image.Image:
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


def _finished(picture: Image.Image, rng: random.Random, sigma: float = 3) -> Image.Image:
    """Reduce to half, darken the corners a little and add the sensor's grain."""
    picture = picture.reduce(2)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, sigma, (picture.height, picture.width, 1))
    across, down = np.linspace(-1, 1, picture.width)[None, :], np.linspace(-1, 1, picture.height)[:, None]
    corners = 1 - 0.16 * np.clip(across**2 + down**2 - 0.5, 0, None)
    pixels: NDArray[np.float64] = np.asarray(picture, dtype=np.float64) * corners[..., None] + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _sun(picture: Image.Image, rng: random.Random, x: float, y: float) -> Image.Image:
    width, height = picture.size
    across, down = np.meshgrid(np.arange(width) - x * width, np.arange(height) - y * height)
    distance = np.hypot(across, down) / (height * rng.uniform(0.03, 0.05))
    light = np.clip(np.where(distance < 1, 1.0, 0.55 / np.maximum(distance, 1) ** 1.1), 0, 1)
    glow = light[..., None] * np.array((255, 238, 200))
    return ImageChops.screen(picture, Image.fromarray(glow.astype(np.uint8)))


def _clouds(picture: Image.Image, rng: random.Random, lowest: float, tint: Colour = (255, 255, 255)) -> Image.Image:
    """Lay streaks of cloud over the part of the picture above `lowest`, 0 to 1."""
    width, height = picture.size
    mask = Image.new("L", (width // 4, height // 4))
    draw = ImageDraw.Draw(mask)
    for _ in range(rng.randint(3, 8)):
        x, y = rng.uniform(0, width / 4), rng.uniform(0.04, lowest) * height / 4
        for _ in range(rng.randint(8, 20)):
            rx, ry = rng.uniform(10, 60), rng.uniform(2, 8)
            cx, cy = x + rng.gauss(0, 46), y + rng.gauss(0, 5)
            draw.ellipse((cx - rx, cy - ry, cx + rx, cy + ry), fill=rng.randint(50, 130))
    mask = mask.filter(ImageFilter.GaussianBlur(7)).resize(picture.size, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", picture.size, tint), picture, mask)


def _stars(picture: Image.Image, rng: random.Random, lowest: float) -> None:
    draw = ImageDraw.Draw(picture)
    for _ in range(240):
        x, y = rng.uniform(0, picture.width), rng.uniform(0, lowest) * picture.height
        level, r = rng.randint(110, 255), rng.choice((1, 1, 2, 3))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(level, level, min(255, level + 20)))


def _pine(draw: ImageDraw.ImageDraw, x: float, foot: float, height: float, fill: Colour) -> None:
    for tier in range(6):
        top = foot - height * (1 - tier * 0.13)
        half = height * (0.06 + tier * 0.028)
        draw.polygon([(x, top), (x - half, top + height * 0.3), (x + half, top + height * 0.3)], fill=fill)
    draw.rectangle((x - height * 0.02, foot - height * 0.08, x + height * 0.02, foot), fill=fill)


def mountains(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Layered ridges in the haze under a sky, pines in front."""
    width, height = size[0] * 2, size[1] * 2
    top, bottom = rng.choice(_SKIES)
    picture = _gradient((width, height), top, bottom)
    if (top, bottom) == _NIGHT:
        _stars(picture, rng, 0.5)
    else:
        picture = _clouds(_sun(picture, rng, rng.uniform(0.15, 0.85), rng.uniform(0.14, 0.36)), rng, 0.35)
    draw = ImageDraw.Draw(picture)
    near = (rng.randint(10, 40), rng.randint(30, 60), rng.randint(34, 60))
    layers = rng.randint(4, 6)
    for layer in range(layers):
        share = (layer + 0.6) / layers
        colour = _mixed(_mixed(bottom, top, 0.4), near, share)
        line = _ridge(rng, width, height * (0.4 + 0.5 * layer / layers), height * (0.2 - 0.02 * layer), 0.5)
        draw.polygon([(0, height), *enumerate(line), (width, height)], fill=colour)
        if layer == layers - 1:
            for _ in range(rng.randint(20, 60)):
                x = rng.randrange(width)
                _pine(draw, x, line[x] + 30, rng.uniform(0.06, 0.2) * height, _mixed(near, (0, 0, 0), 0.3))
    return _finished(picture, rng)


def sea(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Water with a glittering path and perhaps a sail."""
    width, height = size[0] * 2, size[1] * 2
    top, bottom = rng.choice((_DAY, _EVENING, _HAZE, _ROSE))
    x, horizon = rng.uniform(0.2, 0.8), rng.uniform(0.4, 0.6)
    picture = _sun(_gradient((width, height), top, bottom), rng, x, horizon - rng.uniform(0.06, 0.25))
    picture = _clouds(picture, rng, horizon * 0.8, _mixed((255, 255, 255), bottom, 0.5))
    line = int(height * horizon)
    deep: Colour = (bottom[0] // 6, bottom[1] // 3, bottom[2] // 2)
    shallow: Colour = (bottom[0] // 2, int(bottom[1] / 1.6), int(bottom[2] / 1.3))
    picture.paste(_gradient((width, height - line), shallow, deep), (0, line))
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(1400):
        y = line + (height - line) * rng.random() ** 1.6
        nearness = (y - line) / (height - line)
        is_path = rng.random() < 0.55
        cx = x * width + rng.gauss(0, 40 + nearness * 460) if is_path else rng.uniform(0, width)
        length = 6 + nearness * 90
        tint = (255, 240, 210, rng.randint(20, 130)) if is_path else (*_mixed(shallow, deep, 0.7), 90)
        draw.ellipse((cx - length, y - 1 - nearness * 3, cx + length, y + 1 + nearness * 3), fill=tint)
    if rng.random() < 0.7:
        sx, h = rng.uniform(0.15, 0.85) * width, rng.uniform(0.1, 0.24) * height
        draw.polygon([(sx, line - h), (sx, line + 10), (sx + h * 0.45, line + 10)], fill=(248, 246, 240, 255))
        draw.polygon([(sx - 8, line - h * 0.8), (sx - 8, line + 10), (sx - h * 0.3, line + 10)],
                     fill=(226, 224, 222, 255))  # fmt: skip
        hull = [(sx - h * 0.4, line + 16), (sx + h * 0.5, line + 16), (sx + h * 0.35, line + 40)]
        draw.polygon([*hull, (sx - h * 0.3, line + 40)], fill=(120, 40, 34, 255))
    return _finished(picture, rng)


def beach(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Sand, surf and a parasol."""
    width, height = size[0] * 2, size[1] * 2
    picture = _clouds(_gradient((width, height), (70, 150, 214), (206, 232, 240)), rng, 0.3)
    line = int(height * rng.uniform(0.34, 0.44))
    picture.paste(_gradient((width, height - line), (28, 128, 160), (98, 196, 190)), (0, line))
    draw = ImageDraw.Draw(picture)
    shore = _ridge(rng, width, height * 0.66, height * 0.06, 0.42)
    for offset, colour in ((0.0, (236, 244, 240)), (0.02, (176, 214, 206)), (0.035, (238, 246, 244)),
                           (0.055, (206, 184, 142)), (0.1, (230, 210, 170))):  # fmt: skip
        edge = [(at, y + offset * height) for at, y in enumerate(shore)]
        draw.polygon([(0, height), *edge, (width, height)], fill=colour)
    for _ in range(rng.randint(1, 3)):
        x, foot, r = rng.uniform(0.15, 0.85) * width, height * rng.uniform(0.84, 0.93), height * 0.11
        hue = rng.choice(((214, 60, 56), (240, 170, 50), (40, 110, 170)))
        draw.ellipse((x - r * 1.1, foot - 8, x + r * 0.7, foot + r * 0.2), fill=(196, 172, 130))
        draw.line((x, foot, x + r * 0.1, foot - r * 1.9), fill=(240, 236, 226), width=9)
        for stripe in range(8):
            fill = hue if stripe % 2 else (246, 242, 232)
            draw.pieslice((x - r, foot - r * 2.4, x + r * 1.2, foot - r * 0.2), 180 + stripe * 22.5,
                          202.5 + stripe * 22.5, fill=fill)  # fmt: skip
    return _finished(picture, rng)


def forest(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Trunks in the mist, the light falling in from one side."""
    width, height = size[0] * 2, size[1] * 2
    light, dark = rng.choice((((214, 226, 190), (40, 62, 34)), ((240, 214, 150), (92, 50, 24)),
                              ((206, 220, 224), (38, 52, 60))))  # fmt: skip
    picture = _gradient((width, height), _mixed(light, dark, 0.15), _mixed(light, dark, 0.5))
    layers = 6
    for layer in range(layers):
        share = (layer + 1) / layers
        colour = _mixed(light, _mixed(dark, (0, 0, 0), 0.5 * share), share**1.2)
        draw = ImageDraw.Draw(picture)
        ground = _ridge(rng, width, height * (0.66 + 0.055 * layer), height * 0.04, 0.5)
        for _ in range(22 - 3 * layer):
            x = rng.randrange(width)
            half = (4 + 11 * share**2) * height / 800 * rng.uniform(0.6, 1.4)
            lean = rng.uniform(-0.03, 0.03) * height
            draw.polygon([(x + lean - half * 0.6, 0), (x + lean + half * 0.6, 0), (x + half, ground[x] + 20),
                          (x - half, ground[x] + 20)], fill=colour)  # fmt: skip
            for _ in range(5):
                cx, cy = x + lean + rng.gauss(0, 90), rng.uniform(-0.05, 0.3) * height
                r = rng.uniform(20, 70) * (0.6 + share)
                draw.ellipse((cx - r, cy - r * 0.6, cx + r, cy + r * 0.6), fill=_mixed(colour, light, 0.12))
        draw.polygon([(0, height), *enumerate(ground), (width, height)], fill=colour)
        if layer < layers - 1:
            picture = picture.filter(ImageFilter.GaussianBlur(5 - layer))
    return _finished(_sun(picture, rng, rng.choice((0.2, 0.8)), rng.uniform(0.2, 0.4)), rng)


def city(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Blocks with lit windows."""
    width, height = size[0] * 2, size[1] * 2
    unit = height / 800
    top, bottom = rng.choice((_EVENING, _NIGHT, _ROSE))
    picture = _clouds(_gradient((width, height), top, bottom), rng, 0.5, _mixed(bottom, (255, 230, 220), 0.4))
    draw = ImageDraw.Draw(picture)
    for row in range(3):
        x = -40.0
        far = _mixed(_mixed(bottom, top, 0.5), (24, 26, 40), 0.5 + row * 0.25)
        while x < width:
            wide, high = rng.uniform(60, 150) * unit, rng.uniform(160, 520 - row * 90) * unit
            y = height - high - (2 - row) * 70 * unit
            shade = _mixed(far, (0, 0, 0), rng.uniform(0, 0.25))
            draw.rectangle((x, y, x + wide, height), fill=shade)
            for wy in np.arange(y + 14 * unit, height - 10 * unit, 24 * unit):
                for wx in np.arange(x + 10 * unit, x + wide - 14 * unit, 20 * unit):
                    if rng.random() < 0.34:
                        lamp = (255, rng.randint(190, 226), rng.randint(110, 160))
                        draw.rectangle(
                            (wx, wy, wx + 8 * unit, wy + 12 * unit), fill=_mixed(shade, lamp, 0.5 + row * 0.22)
                        )
            x += wide + rng.uniform(2, 20) * unit
    return _finished(picture, rng)


def street(rng: random.Random, size: Size = PORTRAIT) -> Image.Image:
    """Painted house fronts with shutters along a lane."""
    width, height = size[0] * 2, size[1] * 2
    picture = _clouds(_gradient((width, height), *rng.choice((_DAY, _HAZE))), rng, 0.3)
    draw = ImageDraw.Draw(picture)
    walls = ((226, 178, 92), (206, 110, 84), (232, 214, 190), (150, 176, 184), (218, 150, 132))
    shutters = ((52, 92, 84), (70, 92, 130), (120, 52, 44), (240, 236, 226))
    x = 0.0
    while x < width:
        wide, roof = rng.uniform(0.2, 0.3) * height * 0.62, rng.uniform(0.12, 0.3) * height
        wall, shutter = rng.choice(walls), rng.choice(shutters)
        draw.rectangle((x, roof, x + wide, height * 0.9), fill=wall)
        draw.polygon([(x - 12, roof), (x + wide + 12, roof), (x + wide - 20, roof - 60), (x + 20, roof - 60)],
                     fill=(150, 78, 58))  # fmt: skip
        columns = 2 if wide < 0.16 * height else 3
        step = wide / columns
        for floor in range(4):
            y = roof + 70 + floor * (height * 0.9 - roof) / 4.2
            for column in range(columns):
                cx, half, tall = x + step * (column + 0.5), step * 0.16, height * 0.075
                draw.rectangle((cx - half * 2.1, y, cx + half * 2.1, y + tall), fill=shutter)
                draw.rectangle((cx - half, y, cx + half, y + tall), fill=(60, 70, 80))
                draw.rectangle(
                    (cx - half * 2.2, y + tall, cx + half * 2.2, y + tall + 8),
                    fill=_mixed(wall, (255, 255, 255), 0.5),
                )
                if rng.random() < 0.3:
                    for _ in range(14):
                        px, py = cx + rng.gauss(0, half), y + tall - rng.uniform(-6, 22)
                        draw.ellipse(
                            (px - 11, py - 11, px + 11, py + 11), fill=rng.choice(((206, 50, 70), (60, 116, 54)))
                        )
        draw.rectangle((x + wide - 6, roof, x + wide, height * 0.9), fill=_mixed(wall, (0, 0, 0), 0.25))
        x += wide
    picture.paste(
        _gradient((width, height - int(height * 0.9)), (150, 142, 134), (98, 92, 88)), (0, int(height * 0.9))
    )
    return _finished(picture, rng)


def flowers(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """A meadow in soft focus with sharp blossoms in front."""
    width, height = size[0] * 2, size[1] * 2
    unit = height / 800
    picture = _gradient((width, height), (158, 194, 128), (46, 90, 44))
    draw = ImageDraw.Draw(picture)
    hue = rng.choice(((226, 66, 92), (246, 196, 60), (156, 96, 206), (244, 244, 240), (240, 126, 60)))
    for depth in range(3):
        for _ in range(26 - depth * 8):
            cx, cy = rng.uniform(0, width), rng.uniform(height * (0.2 + 0.2 * depth), height)
            r = rng.uniform(10, 20) * (1 + depth * 1.6) * unit
            draw.line((cx, cy, cx + rng.uniform(-20, 20) * unit, height), fill=(44, 92 + 20 * depth, 40),
                      width=round((3 + depth) * unit))  # fmt: skip
            petals = rng.randint(5, 8)
            for petal in range(petals):
                angle = petal * math.tau / petals
                px, py = cx + math.cos(angle) * r, cy + math.sin(angle) * r
                tint = tuple(max(0, min(255, c + rng.randint(-18, 18))) for c in hue)
                draw.ellipse((px - r * 0.7, py - r * 0.7, px + r * 0.7, py + r * 0.7), fill=tint)
            draw.ellipse((cx - r * 0.5, cy - r * 0.5, cx + r * 0.5, cy + r * 0.5), fill=(110, 76, 30))
        if depth < 2:
            picture = picture.filter(ImageFilter.GaussianBlur((9 - depth * 6) * unit))
            draw = ImageDraw.Draw(picture)
    return _finished(picture, rng)


def table(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Fruit on a table before a wall."""
    width, height = size[0] * 2, size[1] * 2
    unit = height / 800
    wall = rng.choice(((196, 180, 160), (120, 140, 150), (178, 140, 120), (90, 96, 110)))
    picture = _gradient((width, height), _mixed(wall, (255, 255, 255), 0.3), wall)
    line = int(height * 0.62)
    picture.paste(_gradient((width, height - line), (136, 92, 58), (84, 54, 34)), (0, line))
    draw = ImageDraw.Draw(picture)
    for _ in range(rng.randint(3, 7)):
        r = rng.uniform(60, 130) * unit
        cx, cy = rng.uniform(0.15, 0.85) * width, line + rng.uniform(10, 90) * unit - r * 0.4
        colour = rng.choice(((206, 52, 44), (242, 160, 40), (140, 176, 60), (226, 204, 70), (104, 40, 74)))
        draw.ellipse((cx - r, cy + r * 0.75, cx + r * 1.3, cy + r * 1.1), fill=(58, 38, 26))
        for step in range(60):
            share = step / 60
            q = r * (1 - share)
            off = -r * 0.34 * share
            tint = _mixed(_mixed(colour, (0, 0, 0), 0.25 * (1 - share)), (255, 255, 255), share**3 * 0.8)
            draw.ellipse((cx - q + off, cy - q + off, cx + q + off, cy + q + off), fill=tint)
        draw.line(
            (cx - r * 0.1, cy - r * 0.8, cx + r * 0.05, cy - r * 1.1), fill=(70, 50, 30), width=round(5 * unit)
        )
    return _finished(picture.filter(ImageFilter.GaussianBlur(1)), rng)


def person(rng: random.Random, size: Size = PORTRAIT) -> Image.Image:
    """Somebody seen from the shoulders up, before lights out of focus."""
    width, height = size[0] * 2, size[1] * 2
    top, bottom = rng.choice((((56, 84, 70), (150, 170, 110)), ((60, 60, 96), (210, 140, 110)),
                              ((150, 170, 190), (220, 214, 204)), ((96, 70, 60), (226, 180, 120))))  # fmt: skip
    picture = _gradient((width, height), top, bottom)
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(34):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height * 0.8), rng.uniform(0.02, 0.07) * height
        tint = _mixed(bottom, (255, 250, 220), rng.uniform(0.2, 0.8))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(*tint, rng.randint(40, 120)))
    picture = picture.filter(ImageFilter.GaussianBlur(12))
    draw = ImageDraw.Draw(picture)
    unit = min(width, height) / 1000
    cx, cy = width * rng.uniform(0.42, 0.58), height * 0.46
    skin = rng.choice(((236, 196, 166), (214, 164, 128), (150, 100, 72), (104, 68, 50)))
    hair = rng.choice(((44, 30, 24), (92, 58, 34), (176, 134, 76), (24, 22, 26), (150, 150, 152)))
    cloth = rng.choice(((44, 74, 110), (168, 60, 52), (232, 226, 214), (62, 92, 70), (220, 168, 60)))
    is_long = rng.random() < 0.5
    if is_long:
        draw.rounded_rectangle(
            (cx - 235 * unit, cy - 270 * unit, cx + 235 * unit, cy + 380 * unit), 230 * unit, fill=hair
        )
    draw.rounded_rectangle(
        (cx - 420 * unit, cy + 330 * unit, cx + 420 * unit, height + 300), 200 * unit, fill=cloth
    )
    draw.ellipse(
        (cx - 120 * unit, cy + 290 * unit, cx + 120 * unit, cy + 420 * unit), fill=_mixed(skin, (0, 0, 0), 0.14)
    )
    draw.rectangle(
        (cx - 82 * unit, cy + 150 * unit, cx + 82 * unit, cy + 360 * unit), fill=_mixed(skin, (0, 0, 0), 0.14)
    )
    draw.ellipse((cx - 180 * unit, cy - 230 * unit, cx + 180 * unit, cy + 250 * unit), fill=skin)
    for side in (-1, 1):
        ear = cx + side * 178 * unit
        draw.ellipse((ear - 30 * unit, cy - 30 * unit, ear + 30 * unit, cy + 60 * unit),
                     fill=_mixed(skin, (0, 0, 0), 0.08))  # fmt: skip
        ex = cx + side * 72 * unit
        draw.ellipse((ex - 30 * unit, cy - 26 * unit, ex + 30 * unit, cy + 14 * unit), fill=(246, 244, 240))
        draw.ellipse((ex - 16 * unit, cy - 24 * unit, ex + 16 * unit, cy + 12 * unit), fill=(60, 50, 44))
        draw.arc(
            (ex - 48 * unit, cy - 78 * unit, ex + 48 * unit, cy - 10 * unit),
            205,
            335,
            fill=hair,
            width=round(12 * unit),
        )
    draw.arc((cx - 24 * unit, cy + 20 * unit, cx + 24 * unit, cy + 84 * unit), 20, 160,
             fill=_mixed(skin, (0, 0, 0), 0.25), width=round(8 * unit))  # fmt: skip
    draw.chord((cx - 70 * unit, cy + 84 * unit, cx + 70 * unit, cy + 164 * unit), 10, 170, fill=(176, 70, 66))
    draw.chord((cx - 196 * unit, cy - 290 * unit, cx + 196 * unit, cy + 120 * unit), 190, 350, fill=hair)
    shade = Image.new("L", picture.size)
    ImageDraw.Draw(shade).ellipse((cx - 20 * unit, cy - 300 * unit, cx + 560 * unit, cy + 700 * unit), fill=60)
    shade = shade.filter(ImageFilter.GaussianBlur(90 * unit))
    return _finished(Image.composite(Image.new("RGB", picture.size, (20, 16, 24)), picture, shade), rng)


def balloons(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """Hot-air balloons over hills in the morning."""
    width, height = size[0] * 2, size[1] * 2
    top, bottom = rng.choice((_HAZE, _ROSE, _DAY))
    picture = _clouds(_gradient((width, height), top, bottom), rng, 0.5)
    draw = ImageDraw.Draw(picture)
    for layer in range(3):
        line = _ridge(rng, width, height * (0.76 + 0.08 * layer), height * 0.05, 0.45)
        draw.polygon([(0, height), *enumerate(line), (width, height)],
                     fill=_mixed(bottom, (58, 76, 52), 0.4 + 0.25 * layer))  # fmt: skip
    for _ in range(rng.randint(4, 8)):
        r = rng.uniform(0.03, 0.12) * height
        x, y = rng.uniform(0.08, 0.92) * width, rng.uniform(0.14, 0.6) * height
        hues = rng.sample(
            ((214, 60, 56), (240, 170, 50), (40, 110, 170), (244, 240, 230), (90, 60, 120), (60, 140, 100)), 2
        )
        for stripe in range(7):
            half = r * math.cos(math.pi / 2 * stripe / 7)
            draw.ellipse((x - half, y - r, x + half, y + r), fill=hues[stripe % 2])
            shoulder, mouth = [(x - half * 0.92, y + r * 0.38), (x + half * 0.92, y + r * 0.38)], y + r * 1.4
            draw.polygon([*shoulder, (x + half * 0.16, mouth), (x - half * 0.16, mouth)], fill=hues[stripe % 2])
        draw.rectangle((x - r * 0.14, y + r * 1.5, x + r * 0.14, y + r * 1.7), fill=(96, 62, 36))
    return _finished(picture, rng)


def snow(rng: random.Random, size: Size = LANDSCAPE) -> Image.Image:
    """A hut among pines in deep snow."""
    width, height = size[0] * 2, size[1] * 2
    top, bottom = rng.choice((_DAY, _GREY, _NIGHT, _ROSE))
    picture = _gradient((width, height), top, bottom)
    is_night = (top, bottom) == _NIGHT
    if is_night:
        _stars(picture, rng, 0.5)
    white = (150, 164, 206) if is_night else (240, 244, 250)
    draw = ImageDraw.Draw(picture)
    for layer in range(3):
        line = _ridge(rng, width, height * (0.5 + 0.14 * layer), height * (0.1 - 0.03 * layer), 0.5)
        draw.polygon(
            [(0, height), *enumerate(line), (width, height)],
            fill=_mixed(_mixed(bottom, top, 0.3), white, 0.5 + 0.25 * layer),
        )
        for _ in range(26 - layer * 6):
            root = rng.randrange(width)
            tall = rng.uniform(0.06, 0.12) * height * (1 + layer * 0.6)
            _pine(draw, root, line[root] + 16, tall, _mixed((30, 56, 50), top, 0.4 - 0.15 * layer))
    x, foot, w = rng.uniform(0.25, 0.7) * width, height * 0.84, height * 0.2
    draw.rectangle((x, foot - w * 0.5, x + w, foot), fill=(92, 58, 38))
    draw.polygon(
        [(x - w * 0.14, foot - w * 0.46), (x + w * 1.14, foot - w * 0.46), (x + w * 0.5, foot - w * 1.0)],
        fill=white,
    )
    for step in (0.14, 0.62):
        draw.rectangle(
            (x + w * step, foot - w * 0.36, x + w * (step + 0.22), foot - w * 0.14), fill=(255, 214, 120)
        )
    for _ in range(300):
        fx, fy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(1, 5)
        draw.ellipse((fx - r, fy - r, fx + r, fy + r), fill=(246, 248, 252))
    return _finished(picture, rng)


PAINTERS: tuple[Painter, ...] = (
    mountains, sea, city, flowers, table, beach, forest, street, person, balloons, snow,
)  # fmt: skip
_UPRIGHT = (street, person, forest, flowers, city)
_WIDE = (mountains, sea, snow, balloons)


@dataclass(frozen=True, slots=True)
class _Journey:
    """A folder with its photos of a few days.

    Attributes:
        motifs: What is painted, and what the photographer wrote below it.
        place: Latitude and longitude in degrees, None where the camera knows no position.
    """

    folder: str
    begins: datetime.date
    motifs: tuple[tuple[Painter, str], ...]
    place: tuple[float, float] | None = None


_JOURNEYS = (
    _Journey("2019/Norway", datetime.date(2019, 8, 3),
             ((mountains, "Above the fjord"), (sea, "Ferry to Geiranger"), (forest, "Hike to the lake"),
              (person, "Ingrid on the ferry")), (62.101, 7.206)),
    _Journey("2020/Garden", datetime.date(2020, 5, 16),
             ((flowers, "Poppies behind the shed"), (table, "First fruit of the year"),
              (flowers, "The meadow in May"), (person, "Grandmother in the garden")), None),
    _Journey("2021/Lisbon", datetime.date(2021, 9, 22),
             ((street, "Houses in Alfama"), (city, "The city at night"), (sea, "Sailing on the Tejo"),
              (person, "Ana in Lisbon")), (38.711, -9.130)),
    _Journey("2022/Alps", datetime.date(2022, 1, 29),
             ((snow, "The hut in the snow"), (mountains, "Last light on the ridge"), (snow, "Snow overnight")),
             (46.558, 7.893)),
    _Journey("2023/Cappadocia", datetime.date(2023, 4, 12),
             ((balloons, "Balloons at six in the morning"), (balloons, "Over the valley"),
              (mountains, "The hills of Göreme")), (38.643, 34.829)),
    _Journey("2024/Harbour", datetime.date(2024, 7, 6),
             ((sea, "Ana sails"), (beach, "The long beach"), (city, "The harbour town at dusk"),
              (beach, "Parasols")), (43.508, 16.440)),
    _Journey("2024/Home", datetime.date(2024, 10, 19),
             ((table, "Apples from the market"), (forest, "Autumn walk"), (person, "Tom in October"),
              (flowers, "The last flowers")), None),
)  # fmt: skip


@dataclass(slots=True)
class _Shot:
    """One photo about to be written, and what its camera says of it."""

    picture: Image.Image
    path: Path
    camera: tuple[str, str]
    taken: datetime.datetime
    words: str
    place: tuple[float, float] | None
    exposure: tuple[float, float, int, float]

    def save(self, path: Path | None = None, picture: Image.Image | None = None, quality: int = 90) -> None:
        """Write it, or another version of it."""
        gps: dict[int, object] = {}
        if self.place is not None:
            for number, degrees, names in ((1, self.place[0], "NS"), (3, self.place[1], "EW")):
                minutes = abs(degrees) % 1 * 60
                gps[number] = names[0] if degrees >= 0 else names[1]
                gps[number + 1] = (float(int(abs(degrees))), float(int(minutes)), round(minutes % 1 * 60, 2))
        base, seconds = ExifTags.Base, self.exposure[0]
        exif = make_exif(
            {
                base.Make: self.camera[0], base.Model: self.camera[1], base.ImageDescription: self.words,
                base.DateTimeOriginal: self.taken.strftime("%Y:%m:%d %H:%M:%S"), base.ExposureTime: seconds,
                base.FNumber: self.exposure[1], base.ISOSpeedRatings: self.exposure[2],
                base.FocalLength: self.exposure[3],
            },
            gps,
        )  # fmt: skip
        (picture or self.picture).save(path or self.path, quality=quality, exif=exif)


def write_library(out: Path, count: int = 60, seed: int = 7) -> int:
    """Write about `count` invented photos below `out`, some of them copies and edits; return how many files."""
    rng = random.Random(seed)
    written, taken_photos, number = 0, 0, 1000
    per_day = max(2, count // (3 * len(_JOURNEYS)))
    while written < count:
        journey = _JOURNEYS[taken_photos // per_day % len(_JOURNEYS)]
        day = taken_photos // (per_day * len(_JOURNEYS))
        painter, words = rng.choice(journey.motifs)
        size = LANDSCAPE
        if painter in (street, person) or (painter in _UPRIGHT and rng.random() < 0.3):
            size = PORTRAIT
        elif painter in _WIDE and rng.random() < 0.16:
            size = PANORAMA
        minutes = rng.randint(7 * 60, 20 * 60)
        taken = datetime.datetime.combine(journey.begins, datetime.time()) + datetime.timedelta(
            days=day, minutes=minutes
        )
        number += rng.randint(1, 9)
        place = journey.place
        if place is not None:
            place = (place[0] + rng.gauss(0, 0.004), place[1] + rng.gauss(0, 0.004))
        shot = _Shot(
            painter(rng, size), out / journey.folder / f"IMG_{number}.jpg", rng.choice(_CAMERAS), taken,
            words, place,
            (1 / rng.choice((60, 125, 250, 500)), rng.choice((1.8, 2.8, 5.6, 8.0)),
             rng.choice((100, 200, 400, 1600)), float(rng.choice((24, 35, 50, 85)))),
        )  # fmt: skip
        shot.path.parent.mkdir(parents=True, exist_ok=True)
        shot.save()
        written += 1
        taken_photos += 1
        written += _write_versions(shot, taken_photos)
    return written


def _write_versions(shot: _Shot, number: int) -> int:
    """Write what becomes of some photos in the course of time; return how many files."""
    path, picture = shot.path, shot.picture
    if number % 9 == 4:  # a resized copy, as a messenger leaves it
        small = picture.resize((picture.width // 2, picture.height // 2))
        shot.save(path.with_name(f"{path.stem}-WA001.jpg"), small, 70)
        return 1
    if number % 11 == 5:  # a plain copy
        path.with_name(f"{path.stem} (1).jpg").write_bytes(path.read_bytes())
        return 1
    if number % 13 == 6:  # a brightened crop
        inner = picture.crop((20, 20, picture.width - 20, picture.height - 20))
        shot.save(path.with_name(f"{path.stem}_edited.jpg"), ImageEnhance.Brightness(inner).enhance(1.15))
        return 1
    if number % 17 == 3:  # the shutter held down
        for frame in (1, 2):
            shot.taken += datetime.timedelta(seconds=1)
            moved = picture.crop((14 * frame, 0, picture.width - 14 * (2 - frame), picture.height))
            shot.save(path.with_name(f"{path.stem}_{frame}.jpg"), moved)
        return 2
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=60)
    arguments = parser.parse_args()
    print(write_library(arguments.out, arguments.count), "files")
