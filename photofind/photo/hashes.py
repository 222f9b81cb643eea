"""Digest of the bytes, and perceptual hash of the picture (PDQ), for duplicates.

Pure; digests and hashes are made in decoder processes, `hamming` is called where duplicates are sought.

PDQ: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook 2019
(github.com/facebook/ThreatExchange). Luminance, two box ("Jarosz") filters, 64 x 64 samples, 16 x 16 DCT
coefficients without the constant ones, each compared with their median.

Ours differs in one point: the two box filters of n/128 pixels, one after the other, are written as the tent they
amount to, centred on each sample. The original's even-sized windows shift the picture by a pixel, so that the hash
of a turned photo is not quite the turned hash of the photo; with the tent it is, to the bit but for rounding. Both
hashes of one photo differ by few bits of 256, where 31 to 77 count as "the same". The filters and samples of one
axis are one matrix, so a hash is two small matrix products: 0.3 ms where passes over the pixels take 2.
"""

import functools
import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

HASH_BYTES = 32
TURNS = 8
_SAMPLES = 64
_FREQUENCIES = 16
_LONGEST_PX = 512


def digest(data: bytes) -> bytes:
    """Return the SHA-256 of some bytes, 32 bytes."""
    return hashlib.sha256(data, usedforsecurity=False).digest()


def perceptual_hash(image: Image.Image) -> tuple[bytes, int]:
    """Return the PDQ hash of a picture (32 bytes) and its quality, 0 (flat) to 100."""
    turns, quality = perceptual_hashes(image)
    return turns[0], quality


def perceptual_hashes(image: Image.Image) -> tuple[tuple[bytes, ...], int]:
    """Return the PDQ hashes of all eight turns of a picture, upright first, and the quality.

    The turns come from one transform: mirroring a picture changes the sign of every second DCT coefficient, and
    transposing it transposes them. Turn `t` is the hash of the picture, first transposed if `t & 4`, then mirrored
    left to right if `t & 1` and top to bottom if `t & 2`.

    Returns:
        Eight times 32 bytes, and the quality: 0 when the picture is flat and the hash means nothing, to 100.
    """
    grey = image.convert("L")
    factor = max(grey.size) // _LONGEST_PX
    if factor > 1:
        grey = grey.reduce(factor)
    luminance = np.asarray(grey, dtype=np.float32)
    height, width = luminance.shape
    samples = _sampling(height) @ luminance @ _sampling(width).T
    cosines = _cosines()
    plain = cosines @ samples @ cosines.T
    turned = np.stack([plain, plain.T])[:, None] * _SIGNS  # [transposed, mirrored, 16, 16]
    flat = turned.reshape(TURNS, -1)
    middle = flat.shape[1] // 2 - 1
    medians = np.partition(flat, middle, axis=1)[:, middle, None]
    bits = np.packbits(flat > medians, axis=1)
    return tuple(row.tobytes() for row in bits), _quality(samples)


def hamming(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return the number of bits that differ between every two hashes.

    Args:
        a: uint8 [n, 32].
        b: uint8 [m, 32].

    Returns:
        uint16 [n, m], 0 to 256.
    """
    left = np.ascontiguousarray(a).view(np.uint64)
    right = np.ascontiguousarray(b).view(np.uint64)
    distances = np.zeros((len(left), len(right)), np.uint16)
    for word in range(left.shape[1]):  # word by word: a quarter of the memory of all at once
        distances += np.bitwise_count(left[:, word, None] ^ right[None, :, word])
    return distances


def _make_signs() -> NDArray[np.float32]:
    """Return the signs of mirroring, [4, 16, 16]: none, left to right, top to bottom, both.

    Row and column `i` of the block hold frequency i + 1, and mirroring changes the sign of the odd ones.
    """
    alternating = np.where(np.arange(1, _FREQUENCIES + 1) % 2, -1, 1).astype(np.float32)
    ones = np.ones_like(alternating)
    return np.stack([np.outer(ones, ones), np.outer(ones, alternating), np.outer(alternating, ones),
                     np.outer(alternating, alternating)])  # fmt: skip


_SIGNS = _make_signs()


@functools.lru_cache(maxsize=256)
def _sampling(length: int) -> NDArray[np.float32]:
    """Return the matrix [64, length] that filters one axis and samples it at 64 places."""
    centres = (np.arange(_SAMPLES) + 0.5) * length / _SAMPLES - 0.5
    half_width = max(length / (2 * _SAMPLES), 1.0)
    weights = np.maximum(0, 1 - np.abs(np.arange(length) - centres[:, None]) / half_width)
    sums = weights.sum(axis=1, keepdims=True)
    return np.ascontiguousarray(weights / sums, dtype=np.float32)


@functools.cache
def _cosines() -> NDArray[np.float32]:
    """Return the DCT-II matrix [16, 64] of frequencies 1 to 16."""
    rows, columns = np.arange(1, _FREQUENCIES + 1)[:, None], np.arange(_SAMPLES)
    angles = np.pi / (2 * _SAMPLES) * rows * (2 * columns + 1)
    cosines: NDArray[np.float32] = (np.sqrt(2 / _SAMPLES) * np.cos(angles)).astype(np.float32)
    return cosines


def _quality(samples: NDArray[np.floating[Any]]) -> int:
    """Return PDQ's quality: the sum of the steps between neighbours, in whole percent of white, by 90."""
    steps = sum(int(np.abs(np.diff(samples, axis=axis) * (100 / 255)).astype(np.int32).sum()) for axis in (0, 1))
    return min(100, steps // 90)
