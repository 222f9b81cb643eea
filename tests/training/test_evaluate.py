"""The judge itself, on rankings worked out by hand; needs numpy alone."""

import numpy as np
import pytest

from photofind.training.evaluate import class_retrieval


def test_perfect_order_scores_one() -> None:
    vectors = np.repeat(np.eye(3, 8, dtype=np.float32), 4, axis=0)
    found = class_retrieval(vectors, [str(index // 4) for index in range(12)])
    assert found.mean_average_precision == pytest.approx(1)
    # Three right ones are among the first ten; there are no more.
    assert found.precision_at_10 == pytest.approx(0.3)
    assert found.queries == 12


def test_average_precision_by_hand() -> None:
    angles = np.radians([0, 10, 20, 35])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = class_retrieval(vectors, ["a", "b", "a", "a"])
    # a at 0:  b a a -> (1/2 + 2/3) / 2;  a at 20: b (10 away), a (15), a (20) -> the same;
    # a at 35: a (15), b (25), a (35) -> (1 + 2/3) / 2.  b has no other of its class and is no query.
    expected = ((1 / 2 + 2 / 3) / 2 * 2 + (1 + 2 / 3) / 2) / 3
    assert found.mean_average_precision == pytest.approx(expected)
    assert found.queries == 3


def test_chance_is_far_below_one() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(600, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = class_retrieval(vectors, [str(index % 10) for index in range(600)])
    assert 0.08 < found.mean_average_precision < 0.14
