"""Real photos: edits of a picture are found, and different pictures are never called the same.

Hash and network are measured apart; here the hash alone, which needs no model.
"""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from photofind.photo.decode import decode
from photofind.photo.hashes import perceptual_hashes
from photofind.photo.likeness import SAME_BITS, turn_distances

PHOTOS = 12

EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "half size": lambda image: image.resize((image.width // 2, image.height // 2)),
    "quarter size": lambda image: image.resize((image.width // 4, image.height // 4)),
    "grey": lambda image: image.convert("L"),
    "mirrored": ImageOps.mirror,
    "upside down": lambda image: image.rotate(180),
    "turned left": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "turned right": lambda image: image.transpose(Image.Transpose.ROTATE_270),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.25),
    "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.75),
}


def hashed(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    turns, quality = perceptual_hashes(decode(data, min_side_px=224).image)
    return (
        np.frombuffer(b"".join(turns), dtype=np.uint8).reshape(1, 8, 32),
        np.array([quality], dtype=np.uint8),
    )


def encoded(image: Image.Image, quality: int = 85) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def originals(shared: Path) -> list[bytes]:
    paths = sorted((shared / "photos" / "real").iterdir())
    return [path.read_bytes() for path in paths if path.suffix.lower() in {".jpg", ".jpeg"}]


def test_edits_are_the_same_picture(originals: list[bytes]) -> None:
    missed = []
    for place, data in enumerate(originals[:PHOTOS]):
        original = hashed(data)
        image = Image.open(io.BytesIO(data)).convert("RGB")
        edits = {name: encoded(edit(image)) for name, edit in EDITS.items()}
        edits["quality 20"] = encoded(image, 20)
        for name, edited in edits.items():
            bits = int(turn_distances(*original, *hashed(edited))[0])
            if bits > SAME_BITS:
                missed.append((place, name, bits))
    assert not missed


def test_different_pictures_are_not(originals: list[bytes]) -> None:
    parts = [hashed(data) for data in originals[:100]]
    turns = np.concatenate([part[0] for part in parts])
    quality = np.concatenate([part[1] for part in parts])
    near = []
    for place in range(len(parts)):
        bits = turn_distances(turns[place : place + 1], quality[place : place + 1], turns, quality)
        near += [
            (place, int(other), int(bits[other])) for other in np.flatnonzero(bits <= SAME_BITS) if other > place
        ]
    assert len(parts) == 100
    assert not near
