"""What two photos are to each other: the verdicts on made-up traits, both sides of every rule."""

import numpy as np
import pytest

from photofind.photo.hashes import HASH_BYTES, TURNS
from photofind.photo.likeness import BURST_MS, NO_TIME, SAME_BITS, SURE_BITS, Traits, match_kinds
from photofind.records import MatchKind

SAME_COSINE = 0.93


def trait(
    digest: bytes = b"a",
    bits: int = 0,
    *,
    camera: str = "",
    time_ms: int = NO_TIME,
    sides: tuple[int, int] = (0, 0),
) -> Traits:
    """One content whose hash differs from that of `bits=0` by so many bits in every turn."""
    turn = np.packbits(np.arange(8 * HASH_BYTES) < bits)
    return Traits(
        digests=np.array([digest], dtype=object),
        turns=np.tile(turn, (1, TURNS, 1)),
        quality=np.array([100], np.uint8),
        captured_at_ms=np.array([time_ms], np.int64),
        cameras=np.array([camera], np.str_),
        sides=np.array([sides], np.int64),
    )


def verdict(a: Traits, b: Traits, cosine: float) -> MatchKind:
    """The verdict, which must not depend on the order."""
    cosines = np.array([cosine], np.float32)
    there = match_kinds(a, b, cosines, same_picture_cosine=SAME_COSINE)
    assert there == match_kinds(b, a, cosines, same_picture_cosine=SAME_COSINE)
    return there[0]


def test_equal_bytes_are_identical_whatever_else_is_said() -> None:
    a = trait(camera="x", time_ms=0, sides=(10, 20))
    assert verdict(a, trait(bits=200, camera="y", time_ms=9, sides=(10, 20)), 0.1) == MatchKind.IDENTICAL


@pytest.mark.parametrize(("bits", "kind"), [(SAME_BITS, MatchKind.SAME), (SAME_BITS + 1, MatchKind.SIMILAR)])
def test_hashes_alone_decide_up_to_their_limit(bits: int, kind: MatchKind) -> None:
    assert verdict(trait(), trait(b"b", bits), 0.2) == kind


def test_the_network_alone_decides_from_its_calibration_on() -> None:
    assert verdict(trait(), trait(b"b", 128), SAME_COSINE + 0.001) == MatchKind.SAME
    assert verdict(trait(), trait(b"b", 128), SAME_COSINE - 0.001) == MatchKind.SIMILAR


def test_two_times_of_one_camera_are_two_pictures() -> None:
    a = trait(camera="x", time_ms=0, sides=(10, 20))
    assert verdict(a, trait(b"b", 0, camera="x", time_ms=1, sides=(10, 20)), 0.99) == MatchKind.BURST
    assert verdict(a, trait(b"b", 0, camera="x", time_ms=BURST_MS + 1, sides=(10, 20)), 0.99) == MatchKind.SIMILAR


def test_one_second_of_one_camera_is_one_picture_only_if_the_hashes_agree_nearly_to_the_bit() -> None:
    a = trait(camera="x", time_ms=0, sides=(10, 20))
    assert verdict(a, trait(b"b", SURE_BITS, camera="x", time_ms=0, sides=(10, 20)), 0.99) == MatchKind.SAME
    assert verdict(a, trait(b"b", SURE_BITS + 1, camera="x", time_ms=0, sides=(10, 20)), 0.99) == MatchKind.BURST
    # Another size is an edit, and no camera makes two sizes of one moment.
    assert verdict(a, trait(b"b", SURE_BITS + 1, camera="x", time_ms=0, sides=(5, 10)), 0.99) == MatchKind.SAME


def test_two_cameras_at_two_times_took_two_pictures_unless_the_hashes_agree() -> None:
    a = trait(camera="x", time_ms=0)
    assert verdict(a, trait(b"b", SAME_BITS + 1, camera="y", time_ms=5), 0.99) == MatchKind.SIMILAR
    assert verdict(a, trait(b"b", SAME_BITS, camera="y", time_ms=5), 0.99) == MatchKind.SAME
    # A copy that lost its metadata says nothing.
    assert verdict(a, trait(b"b", 128), 0.99) == MatchKind.SAME
