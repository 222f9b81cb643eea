"""Chances: cautious between the thresholds, never against evidence, finite for any network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.embedding.manifest import Calibration, Chance
from photofind.records import MatchKind
from photofind.search.chances import Chances, Evidence

KINDS = st.lists(st.sampled_from(list(MatchKind)), min_size=1, max_size=8)


def test_the_curve_goes_through_the_two_thresholds() -> None:
    chances = Chances.of(Calibration(0.9355, 0.4798, 0.5))
    found = chances.same_picture(np.array([0.4798, 0.70765, 0.9355], np.float32), Evidence.none(3))
    assert found.tolist() == pytest.approx([0.1, 0.5, 0.9], abs=1e-3)
    assert not chances.tells_scenes


def test_it_never_says_more_than_the_networks_own_curve() -> None:
    own = Chance(slope=30.0, intercept=-29.0)
    cosines = np.linspace(-1, 1, 101).astype(np.float32)
    found = Chances.of(Calibration(0.9, 0.5, 0.5, own)).same_picture(cosines, Evidence.none(101))
    assert all(
        chance <= own.probability(float(cosine)) + 1e-9 for chance, cosine in zip(found, cosines, strict=True)
    )


@given(
    same=st.floats(-0.9, 1.0),
    width=st.floats(0, 1.0),
    slope=st.floats(0.01, 1e4),
    kinds=KINDS,
    are_two=st.booleans(),
)
def test_any_network_gives_chances_that_grow_with_the_cosine(
    same: float, width: float, slope: float, kinds: list[MatchKind], are_two: bool
) -> None:
    curve = Chance(slope, -slope / 2)
    chances = Chances.of(Calibration(same, max(-1.0, same - width), 0.5, curve, curve))
    evidence = Evidence.of(kinds, np.full(len(kinds), are_two))
    steps = [np.full(len(kinds), cosine, np.float32) for cosine in np.linspace(-1, 1, 21)]
    pictures = np.stack([chances.same_picture(cosines, evidence) for cosines in steps])
    scenes = np.stack([chances.same_scene(cosines, evidence) for cosines in steps])
    assert np.isfinite(pictures).all()
    assert pictures.min() >= 0
    assert scenes.max() <= 1
    assert (np.diff(pictures, axis=0) >= 0).all()
    assert (np.diff(scenes, axis=0) >= -1e-12).all()
    assert (scenes >= pictures).all()
    for column, kind in enumerate(kinds):
        if kind is MatchKind.IDENTICAL:
            assert (pictures[:, column] == 1).all()
        if kind is MatchKind.BURST:
            assert pictures[:, column].max() <= 0.01
