"""Candidate pairs: nothing near is missed on either side of the switch, and memory stays bounded."""

import numpy as np
import pytest

from photofind.duplicates.candidates import PairSet, hash_pairs, moment_pairs
from photofind.photo.likeness import BOTH_BITS
from tests.duplicates.rows import flipped, turns


def found(hashes: list[np.ndarray], *, all_pairs_limit: int, quality: int = 100) -> set[tuple[int, int]]:
    ids = np.arange(len(hashes), dtype=np.int64) + 50
    pairs = PairSet()
    for part in hash_pairs(
        ids, np.stack(hashes), np.full(ids.size, quality), lambda: False, all_pairs_limit=all_pairs_limit
    ):
        pairs.add(*part)
    low, high = pairs.pairs()
    return {(int(a) - 50, int(b) - 50) for a, b in zip(low, high, strict=True)}


@pytest.mark.parametrize("count", [3, 255, 256, 257, 2_100])
def test_all_pairs_are_found_across_tiles(count: int) -> None:
    hashes = [turns(seed) for seed in range(count)]
    expected = set()
    for place in range(count // 3):
        hashes[count - 1 - place] = flipped(hashes[place], BOTH_BITS, place)
        expected.add((place, count - 1 - place))
    pairs = found(hashes, all_pairs_limit=count)
    assert expected <= pairs
    assert len(pairs - expected) <= count * count / 50_000  # chance: one of a million pairs is that near at a turn


def test_both_sides_of_the_switch_agree_on_what_is_close() -> None:
    hashes = [turns(seed) for seed in range(400)]
    for place in range(0, 200, 2):
        hashes[place + 1] = flipped(hashes[place], 12, place)
    turned = turns(1_000)
    turned[0], turned[3] = hashes[300][3], hashes[300][0]
    hashes.append(turned)
    exact = found(hashes, all_pairs_limit=401)
    assert len(exact) == 101
    assert found(hashes, all_pairs_limit=400) == exact


def test_flat_pictures_are_left_out() -> None:
    assert found([turns(1)] * 5, all_pairs_limit=10, quality=2) == set()
    assert len(found([turns(1)] * 5, all_pairs_limit=10)) == 10
    assert len(found([turns(1)] * 5, all_pairs_limit=1)) == 10


def test_the_strongest_pairs_are_kept() -> None:
    pairs = PairSet(limit=100)
    random = np.random.default_rng(0)
    strengths: dict[tuple[int, int], float] = {}
    for _ in range(20):
        left, right = random.integers(0, 500, 90), random.integers(500, 1_000, 90)
        strength = random.random(90).astype(np.float32)
        pairs.add(right, left, strength)
        for a, b, s in zip(left.tolist(), right.tolist(), strength.tolist(), strict=True):
            strengths[a, b] = max(s, strengths.get((a, b), 0))
    low, high = pairs.pairs()
    assert low.size == 100
    assert (low < high).all()
    best = sorted(strengths, key=lambda pair: -strengths[pair])[:100]
    assert set(zip(low.tolist(), high.tolist(), strict=True)) == set(best)


def test_moments_pair_one_camera_within_ten_seconds() -> None:
    low, high = moment_pairs(
        [(1, 0, "A"), (2, 10_000, "A"), (3, 10_001, "A"), (4, 5, "B"), (5, None, "A"), (6, 5, ""), (7, 6, "")]
    )
    assert set(zip(low.tolist(), high.tolist(), strict=True)) == {(1, 2), (2, 3)}


def test_a_thousand_photos_of_one_moment_do_not_make_a_million_pairs() -> None:
    low, _ = moment_pairs([(number, 0, "scanner") for number in range(1_000)])
    assert low.size <= 200_000
