"""Views of a photo as training wants them: crops, turns, colours and damage, on a batch at once.

Two strengths. The weak view is the photo as another program might show it; the strong one is what happens to
pictures on their way through phones, messengers and screens: cut down to a fifth, turned, tilted, framed, turned
grey, blurred, saved at JPEG quality 8, written over, partly covered. The network is to call both by one name.

Crop, turn, mirror, tilt and border are one affine map and one resampling; everything but JPEG and text runs as
tensor arithmetic on whatever device the batch is on. torchvision's transforms lost: they work photo by photo and
resample once for each step, which blurs.
"""

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch.nn import functional

OVERLAY_WORDS = ("PREVIEW", "2024-06-01", "sample", "© photo", "IMG_0042", "copy", "HAPPY BIRTHDAY", "12:45")


@dataclass(frozen=True, slots=True)
class Strength:
    """How far a view may stray. Areas are shares of the photo, chances are per photo, angles are in degrees.

    The values of `WEAK` and `STRONG` are those of the recipe that the starting ResNet was trained with, crops and
    damage a little wider.
    """

    least_area: float
    tilt_chance: float
    tilt: float
    turn_chance: float
    border_chance: float
    colour: float
    grey_chance: float
    gamma_chance: float
    blur_chance: float
    shrink_chance: float
    noise_chance: float
    text_chance: float
    patch_chance: float
    jpeg_chance: float


WEAK = Strength(
    least_area=0.45, tilt_chance=0.0, tilt=0.0, turn_chance=0.0, border_chance=0.0, colour=0.15, grey_chance=0.0,
    gamma_chance=0.0, blur_chance=0.0, shrink_chance=0.0, noise_chance=0.0, text_chance=0.0, patch_chance=0.0,
    jpeg_chance=0.0,
)  # fmt: skip
STRONG = Strength(
    least_area=0.2, tilt_chance=0.3, tilt=12.0, turn_chance=0.22, border_chance=0.15, colour=0.4, grey_chance=0.12,
    gamma_chance=0.2, blur_chance=0.15, shrink_chance=0.15, noise_chance=0.15, text_chance=0.05, patch_chance=0.15,
    jpeg_chance=0.25,
)  # fmt: skip

TURNED = Strength(
    least_area=0.75, tilt_chance=0.0, tilt=0.0, turn_chance=1.0, border_chance=0.0, colour=0.1, grey_chance=0.0,
    gamma_chance=0.0, blur_chance=0.0, shrink_chance=0.0, noise_chance=0.0, text_chance=0.0, patch_chance=0.0,
    jpeg_chance=0.2,
)  # fmt: skip
DAMAGED = Strength(
    least_area=0.75, tilt_chance=0.4, tilt=8.0, turn_chance=0.0, border_chance=0.4, colour=0.2, grey_chance=0.2,
    gamma_chance=0.3, blur_chance=0.3, shrink_chance=0.3, noise_chance=0.25, text_chance=0.15, patch_chance=0.25,
    jpeg_chance=0.6,
)  # fmt: skip
"""Two kinds of copies, the photo nearly whole: for heads, which cannot learn what a fifth of it shows."""


def augment(photos: Any, side_px: int, strength: Strength, generator: torch.Generator) -> Any:
    """Return one view of each photo.

    Args:
        photos: uint8 [n, 3, h, w], each the whole photo squashed to one size.
        side_px: Side of the views.
        strength: `WEAK`, `STRONG`, or something between.
        generator: On the CPU; the only source of chance, so that equal seeds give equal views.

    Returns:
        float32 [n, 3, side_px, side_px] in 0 to 255.
    """
    chance = _Chance(generator, len(photos), photos.device)
    views = _geometry(photos, side_px, strength, chance)
    views = _colours(views, strength, chance)
    views = _optics(views, strength, chance)
    if strength.patch_chance:
        views = _patches(views, strength, chance)
    return _encoded(views, strength, chance).clamp_(0, 255)


class _Chance:
    """Random numbers for a batch, drawn on the CPU and moved: the same on every device."""

    def __init__(self, generator: torch.Generator, count: int, device: Any) -> None:
        self._generator = generator
        self.count = count
        self.device = device

    def uniform(self, low: float, high: float, *shape: int) -> Any:
        drawn = torch.rand((self.count, *shape), generator=self._generator) * (high - low) + low
        return drawn.to(self.device)

    def happens(self, chance: float) -> Any:
        """Return bool [n]."""
        return self.uniform(0, 1) < chance

    def normal(self, shape: Any) -> Any:
        return torch.randn(tuple(shape), generator=self._generator).to(self.device)

    def integers(self, below: int) -> Any:
        return torch.randint(below, (self.count,), generator=self._generator).to(self.device)

    def numpy(self) -> np.random.Generator:
        """A NumPy generator that continues this one, for what is drawn photo by photo."""
        return np.random.default_rng(int(torch.randint(2**31, (1,), generator=self._generator)))


def _geometry(photos: Any, side_px: int, strength: Strength, chance: _Chance) -> Any:
    """Crop, mirror, turn, tilt and frame in one resampling."""
    area = chance.uniform(strength.least_area, 1.0)
    stretch = torch.exp(chance.uniform(-math.log(4 / 3), math.log(4 / 3)))
    width = (area * stretch).sqrt().clamp(max=1.0)
    height = (area / stretch).sqrt().clamp(max=1.0)
    framed = chance.happens(strength.border_chance)
    # A frame shows more than the photo: the window is wider, on one axis (letterbox) or on both.
    frame = 1 + chance.uniform(0.04, 0.4, 2) * (chance.uniform(0, 1, 2) < 0.7)
    width = torch.where(framed, frame[:, 0], width)
    height = torch.where(framed, frame[:, 1], height)
    x = (1 - width.clamp(max=1)) * chance.uniform(-1, 1)
    y = (1 - height.clamp(max=1)) * chance.uniform(-1, 1)
    mirror = torch.where(chance.happens(0.5), -1.0, 1.0)
    angle = torch.where(chance.happens(strength.tilt_chance), chance.uniform(-strength.tilt, strength.tilt), 0.0)
    quarters = 1 + chance.integers(3)
    angle = angle + 90.0 * quarters * chance.happens(strength.turn_chance)
    angle = angle * (math.pi / 180)
    cos, sin = torch.cos(angle), torch.sin(angle)
    # From the view's coordinates to the photo's, both -1 to 1: turn, then mirror and scale, then move.
    theta = torch.stack(
        [
            torch.stack([width * mirror * cos, -width * mirror * sin, x], dim=1),
            torch.stack([height * sin, height * cos, y], dim=1),
        ],
        dim=1,
    )
    grid = functional.affine_grid(theta, [len(photos), 3, side_px, side_px], align_corners=False)
    fill = chance.uniform(0, 255, 3)
    plain = chance.uniform(0, 1)
    fill = torch.where((plain < 0.4)[:, None], 0.0, torch.where((plain < 0.7)[:, None], 255.0, fill))[
        :, :, None, None
    ]
    # Outside the photo grid_sample gives 0; with the fill taken off before and put back after, it gives the fill.
    return functional.grid_sample(photos.float() - fill, grid, align_corners=False) + fill


def _colours(views: Any, strength: Strength, chance: _Chance) -> Any:
    amount = strength.colour
    gains = (1 + chance.uniform(-amount, amount, 1) + chance.uniform(-amount / 3, amount / 3, 3))[:, :, None, None]
    views = views * gains
    mean = views.mean(dim=(1, 2, 3), keepdim=True)
    views = mean + (views - mean) * (1 + chance.uniform(-amount, amount))[:, None, None, None]
    grey = (views * views.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(dim=1, keepdim=True)
    keep = 1 + chance.uniform(-amount, amount)
    keep = torch.where(chance.happens(strength.grey_chance), 0.0, keep)[:, None, None, None]
    views = (grey + (views - grey) * keep).clamp(0, 255)
    if strength.gamma_chance:
        gamma = torch.where(chance.happens(strength.gamma_chance), torch.exp(chance.uniform(-0.6, 0.6)), 1.0)
        views = 255 * (views / 255).pow(gamma[:, None, None, None])
    return views


def _optics(views: Any, strength: Strength, chance: _Chance) -> Any:
    """Blur, shrink and noise, each on the photos that drew it."""
    side = views.shape[-1]
    blurry = torch.nonzero(chance.happens(strength.blur_chance)).flatten()
    if len(blurry):
        sigma = float(chance.uniform(0.5, 2.5)[0])
        reach = math.ceil(2 * sigma)
        offsets = torch.arange(-reach, reach + 1, device=views.device, dtype=views.dtype)
        kernel = torch.exp(-(offsets**2) / (2 * sigma**2))
        kernel = (kernel / kernel.sum()).expand(3, 1, -1)
        blurred = functional.pad(views[blurry], (reach, reach, reach, reach), mode="replicate")
        blurred = functional.conv2d(blurred, kernel[:, :, None, :], groups=3)
        views[blurry] = functional.conv2d(blurred, kernel[:, :, :, None], groups=3)
    small = torch.nonzero(chance.happens(strength.shrink_chance)).flatten()
    if len(small):
        to_px = int(chance.uniform(0.3, 0.7)[0] * side)
        shrunk = functional.interpolate(views[small], size=(to_px, to_px), mode="area")
        views[small] = functional.interpolate(shrunk, size=(side, side), mode="bilinear", align_corners=False)
    noisy = torch.nonzero(chance.happens(strength.noise_chance)).flatten()
    if len(noisy):
        strengths = chance.uniform(3, 25)[: len(noisy), None, None, None]
        views[noisy] = views[noisy] + strengths * chance.normal((len(noisy), 3, side, side))
    return views.clamp(0, 255)


def _patches(views: Any, strength: Strength, chance: _Chance) -> Any:
    """Cover a corner with a part of the neighbouring photo: inserts, stickers, picture in picture."""
    side = views.shape[-1]
    others = views.roll(1, dims=0).clone()
    generator = chance.numpy()
    for row in torch.nonzero(chance.happens(strength.patch_chance)).flatten().tolist():
        width, height = (int(side * generator.uniform(0.15, 0.4)) for _ in range(2))
        x = 0 if generator.random() < 0.5 else side - width
        y = 0 if generator.random() < 0.5 else side - height
        views[row, :, y : y + height, x : x + width] = others[row, :, :height, :width]
    return views


def _encoded(views: Any, strength: Strength, chance: _Chance) -> Any:
    """Write text over and save as JPEG, through Pillow, the photos that drew it."""
    written = chance.happens(strength.text_chance)
    saved = chance.happens(strength.jpeg_chance)
    rows = torch.nonzero(written | saved).flatten().tolist()
    if not rows:
        return views
    generator = chance.numpy()
    pixels = views[rows].round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    for place, row in enumerate(rows):
        picture = Image.fromarray(pixels[place])
        if written[row]:
            side = picture.width
            draw = ImageDraw.Draw(picture)
            for _ in range(int(generator.integers(1, 4))):
                word = OVERLAY_WORDS[int(generator.integers(len(OVERLAY_WORDS)))]
                at = (float(generator.uniform(-0.1, 0.7) * side), float(generator.uniform(0, 0.85) * side))
                colour = tuple(int(value) for value in generator.integers(0, 256, 3))
                draw.text(at, word, fill=colour, font_size=float(generator.uniform(0.08, 0.25) * side))
        if saved[row]:
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=int(generator.integers(8, 61)))
            picture = Image.open(buffer)
        changed = torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1)
        views[row] = changed.to(views.device, views.dtype)
    return views
