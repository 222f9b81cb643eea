"""Digest and perceptual hash."""

import hashlib
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photofind.photo import hashes
from tests.pictures import make_picture

T = Image.Transpose


def bits(*values: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)


def distance(a: bytes, b: bytes) -> int:
    return int(hashes.hamming(bits(a), bits(b))[0, 0])


def turned(image: Image.Image, turn: int) -> Image.Image:
    if turn & 4:
        image = image.transpose(T.TRANSPOSE)
    if turn & 1:
        image = image.transpose(T.FLIP_LEFT_RIGHT)
    return image.transpose(T.FLIP_TOP_BOTTOM) if turn & 2 else image


def test_digest_is_sha256() -> None:
    assert hashes.digest(b"abc") == hashlib.sha256(b"abc").digest()


@pytest.mark.parametrize("size", [(640, 480), (333, 500), (1500, 1000), (64, 64)])
def test_turn_t_is_the_hash_of_the_turned_picture(size: tuple[int, int]) -> None:
    image = make_picture(5, size)
    turns, _ = hashes.perceptual_hashes(image)
    assert len(turns) == hashes.TURNS
    assert len(set(turns)) == hashes.TURNS
    for turn, expected in enumerate(turns):
        assert len(expected) == hashes.HASH_BYTES
        # luminance is rounded to whole numbers, reducing rounds again: a bit at the median may fall either way
        assert distance(hashes.perceptual_hash(turned(image, turn))[0], expected) <= 4


def test_half_of_the_bits_are_set() -> None:
    for turn in hashes.perceptual_hashes(make_picture(1))[0]:
        assert int(np.unpackbits(bits(turn)).sum()) == 128


def test_the_same_picture_stays_near_and_others_far() -> None:
    image = make_picture(7, (1200, 900))
    original = hashes.perceptual_hash(image)[0]
    buffer = BytesIO()
    image.resize((400, 300)).save(buffer, "JPEG", quality=40)
    assert distance(original, hashes.perceptual_hash(Image.open(buffer))[0]) <= 31
    brighter = image.point(lambda value: min(255, int(value * 1.15)))
    assert distance(original, hashes.perceptual_hash(brighter)[0]) <= 31
    others = [hashes.perceptual_hash(make_picture(seed, (640, 480)))[0] for seed in range(20, 40)]
    assert min(distance(original, other) for other in others) > 77


def test_quality_tells_flat_from_rich() -> None:
    assert hashes.perceptual_hash(Image.new("RGB", (300, 200), "navy"))[1] == 0
    assert hashes.perceptual_hash(make_picture(2))[1] > 30
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    assert hashes.perceptual_hash(Image.fromarray(noise))[1] == 100


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (3, 2), (63, 65)])
def test_tiny_pictures_have_hashes_too(size: tuple[int, int]) -> None:
    turns, quality = hashes.perceptual_hashes(Image.new("RGB", size, "red"))
    assert [len(turn) for turn in turns] == [32] * 8
    assert quality == 0


def test_hamming_counts_bits() -> None:
    random = np.random.default_rng(1)
    a = random.integers(0, 256, (7, 32), dtype=np.uint8)
    b = random.integers(0, 256, (5, 32), dtype=np.uint8)
    expected = np.unpackbits(a[:, None] ^ b[None], axis=2).sum(axis=2)
    got = hashes.hamming(a, b)
    assert got.dtype == np.uint16
    np.testing.assert_array_equal(got, expected)
    assert hashes.hamming(bits(b"\0" * 32), bits(b"\xff" * 32))[0, 0] == 256
    assert hashes.hamming(a[::2], b[1:]).shape == (4, 4)
    assert hashes.hamming(a[:0], b).shape == (0, 5)
