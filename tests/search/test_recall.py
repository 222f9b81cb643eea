"""The sampled recall: 1 where everything is compared, less where the graph misses."""

import numpy as np
import pytest

from photofind.search import recall
from photofind.search.recall import sampled_recall
from photofind.search.vector_index import VectorIndex
from tests.search.test_vector_index import DIMENSION, Store, made, unit_vectors

IDS = np.arange(1, 401, dtype=np.int64)


def test_comparing_everything_finds_everything() -> None:
    found = sampled_recall(made(IDS, unit_vectors(400)))
    assert found is not None
    assert found.share == 1
    assert found.queries == recall.QUERIES


def test_an_index_that_misses_half_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(IDS, unit_vectors(400), exact_limit=10)
    assert index.build()
    real = index._search_graph

    def half(query: np.ndarray, k: int) -> object:
        found = real(query, k)
        assert found is not None
        return found[0][::2], found[1][::2]

    monkeypatch.setattr(index, "_search_graph", half)
    found = sampled_recall(index)
    assert found is not None
    assert 0.4 < found.share < 0.6


def test_without_vectors_there_is_nothing_to_measure() -> None:
    assert sampled_recall(VectorIndex("m", DIMENSION)) is None
    assert sampled_recall(made(IDS, unit_vectors(400)), lambda: True) is None


def test_renewing_takes_everything_from_the_catalog_again() -> None:
    store = Store(IDS, unit_vectors(400))
    index = store.open(None, exact_limit=10)
    assert index.build()
    assert index.in_graph() == 400
    other = unit_vectors(3, seed=9)
    index.add(np.array([5, 900], np.int64), other[:2])  # one that differs, and one the catalog does not have
    index.remove(np.array([7], np.int64))
    index.renew(store.ids, store.load_some)
    assert index.in_graph() == 0
    assert sorted(index.ids()) == IDS.tolist()
    assert np.array_equal(index.vectors(np.array([5, 7], np.int64)), np.stack([store.rows[5], store.rows[7]]))
    assert index.build()
    assert index.in_graph() == 400
    assert index.search(store.rows[5], 1)[0].tolist() == [5]
