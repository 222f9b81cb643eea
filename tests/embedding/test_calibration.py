"""Curves and thresholds: the fit finds what the pairs were drawn from, and thresholds keep their promise."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from photofind.embedding import calibration
from photofind.embedding.calibration import Sample, calibrate, edits_of, fit_chance, generated_pictures
from tests.pictures import make_picture


def test_the_fit_finds_the_curve_that_the_pairs_were_drawn_from() -> None:
    random = np.random.default_rng(0)
    cosines = random.uniform(-0.2, 1.0, 20_000)
    chance = 1 / (1 + np.exp(-(12.0 * cosines - 7.0)))
    found = fit_chance(cosines, random.random(20_000) < chance)
    assert found.slope == pytest.approx(12.0, rel=0.05)
    assert found.intercept == pytest.approx(-7.0, rel=0.05)
    assert found.probability(7 / 12) == pytest.approx(0.5, abs=0.02)


def test_the_fit_is_the_least_of_platts_loss() -> None:
    random = np.random.default_rng(1)
    cosines = np.concatenate([random.normal(0.8, 0.1, 40), random.normal(0.4, 0.15, 90)])
    is_true = np.arange(130) < 40
    found = fit_chance(cosines, is_true)
    target = np.where(is_true, 41 / 42, 1 / 92)

    def loss(slope: float, intercept: float) -> float:
        exponent = slope * cosines + intercept
        return float((np.logaddexp(0, exponent) - target * exponent).sum())

    least = loss(found.slope, found.intercept)
    for slope, intercept in ((1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99)):
        assert least < loss(found.slope * slope, found.intercept * intercept)


def test_complete_separation_stays_finite_and_more_pairs_are_surer() -> None:
    few = fit_chance(np.repeat([0.9, 0.1], 5), np.repeat([True, False], 5))
    many = fit_chance(np.repeat([0.9, 0.1], 500), np.repeat([True, False], 500))
    assert few.probability(0.9) == pytest.approx(6 / 7, abs=1e-3)
    assert many.probability(0.9) == pytest.approx(501 / 502, abs=1e-3)


@pytest.mark.parametrize(
    ("cosines", "is_true"),
    [
        ([0.1, 0.2, 0.3], [True, True, True]),
        ([0.1, 0.2, 0.3], [False, False, False]),
        ([0.5, 0.5, 0.5], [True, False, True]),
        ([0.9, 0.8, 0.1, 0.2], [False, False, True, True]),
        ([0.9, float("nan"), 0.1], [True, True, False]),
        ([], []),
    ],
)
def test_what_cannot_be_fitted_is_an_error(cosines: list[float], is_true: list[bool]) -> None:
    with pytest.raises(ValueError, match=r"cosine"):
        fit_chance(np.array(cosines), np.array(is_true, dtype=bool))


@pytest.fixture(autouse=True)
def fewer_generated_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "GENERATED", 64)


def small_pictures(pictures: Sequence[Image.Image]) -> np.ndarray:
    """Stand in for a network: the picture at 8 px, centred, turned so that brightness does not matter."""
    rows = np.stack([np.asarray(picture.resize((8, 8), Image.Resampling.BOX), np.float32) for picture in pictures])
    flat = rows.reshape(len(rows), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return np.asarray(flat / np.linalg.norm(flat, axis=1, keepdims=True), np.float32)


def test_no_two_different_pictures_reach_the_threshold_and_copies_do() -> None:
    photos = [make_picture(seed, (160, 120)) for seed in range(120)]
    found = calibrate(small_pictures, Sample(photos), edited=32)
    vectors = small_pictures(photos)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    assert cosines.max() < found.same_picture_cosine <= 1
    assert 0.2 < found.same_picture_recall < 1  # a quarter turn is another picture to this network
    assert found.same_picture is not None
    assert found.same_picture.probability(0.999) > 0.8
    assert found.same_picture.probability(0.0) < 0.2
    assert found.similar_cosine <= found.same_picture_cosine
    assert found.same_scene is None
    above = (cosines[np.triu_indices(120, 1)] >= found.similar_cosine).mean()
    assert above == pytest.approx(0.001, abs=0.0005)


def test_copies_among_the_photos_do_not_spoil_the_threshold_where_they_are_known() -> None:
    photos = [make_picture(seed, (160, 120)) for seed in range(110)]
    clean = calibrate(small_pictures, Sample(photos), edited=16)
    spoiled = calibrate(small_pictures, Sample([*photos, photos[0]]), edited=16)
    assert spoiled.same_picture_cosine == 1.0
    may_match = np.zeros((111, 111), bool)
    may_match[0, 110] = may_match[110, 0] = True
    known = calibrate(small_pictures, Sample([*photos, photos[0]], may_match), edited=16)
    assert known.same_picture_cosine == pytest.approx(clean.same_picture_cosine, abs=0.02)


def test_scenes_get_a_curve_of_their_own_when_there_are_enough() -> None:
    photos = [make_picture(seed // 2, (160, 120)) for seed in range(120)]
    photos = [picture.rotate(4, expand=False) if place % 2 else picture for place, picture in enumerate(photos)]
    may_match = np.zeros((120, 120), bool)
    scenes = np.array([[place, place + 1] for place in range(0, 120, 2)])
    may_match[scenes[:, 0], scenes[:, 1]] = may_match[scenes[:, 1], scenes[:, 0]] = True
    found = calibrate(small_pictures, Sample(photos, may_match, scenes), edited=16)
    assert found.same_scene is not None
    assert found.same_scene.probability(0.95) > 0.5 > found.same_scene.probability(0.0)
    few = calibrate(small_pictures, Sample(photos, may_match, scenes[: calibration.SCENE_PAIRS - 1]), edited=16)
    assert few.same_scene is None


def test_a_library_without_photos_is_calibrated_on_generated_pictures() -> None:
    found = calibrate(small_pictures, Sample(), edited=16)
    vectors = small_pictures(generated_pictures(calibration.GENERATED))
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    assert cosines.max() < found.same_picture_cosine
    assert found.same_picture is not None


def test_edits_are_of_equal_number_and_repeatable() -> None:
    pictures = [make_picture(seed, (90, 120)) for seed in range(3)]
    edits = list(edits_of(pictures))
    assert len(edits) % len(pictures) == 0
    again = list(edits_of(pictures))
    assert all(np.array_equal(np.asarray(one), np.asarray(other)) for one, other in zip(edits, again, strict=True))
    assert {edit.mode for edit in edits} == {"RGB"}
    assert len({edit.size for edit in edits}) > 2


def test_a_network_that_tells_nothing_apart_is_an_error_and_a_weak_one_is_not() -> None:
    def mean_colours(pictures: Sequence[Image.Image]) -> np.ndarray:
        rows = np.stack([np.asarray(picture, np.float32).mean(axis=(0, 1)) for picture in pictures])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    weak = calibrate(mean_colours, Sample(), edited=16)
    assert weak.same_picture_cosine == 1.0
    assert weak.same_picture is not None
    assert weak.same_picture.slope > 0

    def backwards(pictures: Sequence[Image.Image]) -> np.ndarray:
        rows = mean_colours(pictures)
        turned = np.array([picture.size != (320, 240) for picture in pictures])
        rows[turned] *= -1
        return rows

    with pytest.raises(ValueError, match="larger cosines"):
        calibrate(backwards, Sample(), edited=16)
