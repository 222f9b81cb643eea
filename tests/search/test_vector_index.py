"""The vector index: right answers on both sides of its limit, and a file that can be trusted or is thrown away."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photofind.search import vector_index
from photofind.search.vector_index import VectorIndex

DIMENSION = 24

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]


def unit_vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    """Vectors as the catalog has them: unit length, values of float16."""
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


def made(ids: Ids, vectors: Vectors, *, exact_limit: int = 1_000_000) -> VectorIndex:
    index = VectorIndex("m", vectors.shape[1], exact_limit=exact_limit)
    index.add(ids, vectors)
    return index


class Store:
    """What the catalog has."""

    def __init__(self, ids: Ids, vectors: Vectors) -> None:
        self.rows = dict(zip(ids.tolist(), vectors, strict=True))

    def ids(self) -> Ids:
        return np.array(sorted(self.rows), dtype=np.int64)

    def load(self) -> tuple[Ids, Vectors]:
        return self.load_some(self.ids())

    def load_some(self, ids: Ids) -> tuple[Ids, Vectors]:
        known = np.array([i for i in ids.tolist() if i in self.rows], dtype=np.int64)
        rows = [self.rows[i] for i in known.tolist()]
        return known, np.array(rows, dtype=np.float32).reshape(-1, DIMENSION)

    def open(
        self, path: Path | None, *, exact_limit: int, writable: bool = True, model_id: str = "m"
    ) -> VectorIndex:
        return VectorIndex.open(
            path, model_id, DIMENSION, self.load, self.ids(), self.load_some,
            writable=writable, exact_limit=exact_limit,
        )  # fmt: skip


def test_the_nearest_come_first_with_their_cosine() -> None:
    ids, vectors = np.arange(10, 510, dtype=np.int64), unit_vectors(500)
    index = made(ids, vectors)
    found, scores, is_exact = index.search(vectors[7] * 3, 20)
    cosines = vectors @ vectors[7]
    expected = np.argsort(-cosines)[:20]
    assert found.tolist() == ids[expected].tolist()
    np.testing.assert_allclose(scores, np.minimum(cosines[expected], 1), atol=1e-3)
    assert is_exact
    assert scores[0] == pytest.approx(1, abs=1e-3)
    assert scores.max() <= 1


def test_equal_vectors_tie_by_id_whatever_their_place() -> None:
    vectors = unit_vectors(3_000)
    same = np.random.default_rng(1).permutation(3_000)[:40]
    vectors[same] = vectors[same[0]]
    ids = np.random.default_rng(2).permutation(3_000).astype(np.int64)
    index = made(ids, vectors)
    found, scores, _ = index.search(vectors[same[0]], 25)
    assert found.tolist() == sorted(ids[same].tolist())[:25]
    assert np.unique(scores).size == 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_k_may_be_larger_than_the_index(count: int) -> None:
    index = made(np.arange(count, dtype=np.int64), unit_vectors(count), exact_limit=1)
    index.build()
    assert sorted(index.search(unit_vectors(1)[0], 1_000)[0].tolist()) == list(range(count))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
@pytest.mark.parametrize("exact_limit", [10, 1_000])
def test_a_query_without_direction_finds_nothing(bad: float, exact_limit: int) -> None:
    index = made(np.arange(100, dtype=np.int64), unit_vectors(100), exact_limit=exact_limit)
    index.build()
    found, scores, _ = index.search(np.full(DIMENSION, bad), 5)
    assert found.size == scores.size == 0
    assert index.search(unit_vectors(1)[0], 0)[0].size == 0


def test_an_empty_index_answers() -> None:
    index = VectorIndex("m", DIMENSION)
    assert index.search(unit_vectors(1)[0], 5)[0].size == 0
    assert len(index) == 0
    assert index.vectors(np.empty(0, dtype=np.int64)).shape == (0, DIMENSION)
    assert list(index.pairs(0.5)) == []


def test_a_stored_vector_that_is_not_finite_is_near_to_nothing() -> None:
    vectors = unit_vectors(50)
    vectors[3] = np.nan
    vectors[4] = 1e30
    index = made(np.arange(50, dtype=np.int64), vectors, exact_limit=10)
    index.build()
    found, scores, _ = index.search(vectors[0], 50)
    assert np.isfinite(scores).all()
    assert dict(zip(found.tolist(), scores.tolist(), strict=True))[3] == 0


def test_wrong_shapes_are_refused() -> None:
    index = VectorIndex("m", DIMENSION)
    with pytest.raises(ValueError, match="shape"):
        index.search(np.ones(3), 5)
    with pytest.raises(ValueError, match="shape"):
        index.add(np.arange(2), np.ones((2, 3)))


@pytest.mark.parametrize("extra", [-1, 0, 1, 40])
def test_both_sides_of_the_limit_give_the_same_answers(extra: int) -> None:
    """Fault 30: N and N+1 agree, in order and to the last bit of the score."""
    limit = 1_500
    count = limit + extra
    ids, vectors = np.arange(count, dtype=np.int64) * 3, unit_vectors(count)
    exact = made(ids, vectors)
    other = made(ids, vectors, exact_limit=limit)
    assert other.build()
    flags = set()
    for query in unit_vectors(50, seed=9):
        expected, expected_scores, _ = exact.search(query, 10)
        found, scores, is_exact = other.search(query, 10)
        flags.add(is_exact)
        assert found.tolist() == expected.tolist()
        assert scores.tolist() == expected_scores.tolist()
    assert flags == {extra <= 0}


def test_the_graph_finds_nearly_all() -> None:
    vectors = unit_vectors(4_000)
    ids = np.arange(4_000, dtype=np.int64)
    index = made(ids, vectors, exact_limit=100)
    index.build()
    exact = made(ids, vectors)
    hits = 0
    for query in unit_vectors(100, seed=3):
        hits += len(set(index.search(query, 20)[0].tolist()) & set(exact.search(query, 20)[0].tolist()))
    assert hits / 2_000 >= 0.99


def test_answers_stay_complete_while_rows_move_into_the_graph() -> None:
    vectors = unit_vectors(600)
    index = Store(np.arange(600), vectors).open(None, exact_limit=100)
    steps = 0

    def stop() -> bool:
        return True

    while not index.build(stop):
        steps += 1
        for row in (0, 299, 599):
            assert index.search(vectors[row], 1)[0].tolist() == [row]
    assert steps > 10


@pytest.mark.parametrize("exact_limit", [10, 10_000])
def test_among_is_exact_and_ignores_unknown_ids(exact_limit: int) -> None:
    ids, vectors = np.arange(900, dtype=np.int64), unit_vectors(900)
    index = made(ids, vectors, exact_limit=exact_limit)
    index.build()
    among = np.array([5, 5, 880, 17, 99_999, -3, 400], dtype=np.int64)
    found, scores, is_exact = index.search(vectors[17], 3, among)
    rows = np.array([5, 17, 400, 880])
    order = rows[np.argsort(-(vectors[rows] @ vectors[17]))][:3]
    assert found.tolist() == order.tolist()
    assert scores[0] == pytest.approx(1, abs=1e-3)
    assert is_exact
    nothing = index.search(vectors[17], 3, np.empty(0, dtype=np.int64))
    assert nothing[0].size == 0
    assert nothing[2]


@pytest.mark.parametrize("exact_limit", [10, 10_000])
def test_removed_contents_are_never_found_and_may_come_back(exact_limit: int) -> None:
    ids, vectors = np.arange(500, dtype=np.int64), unit_vectors(500)
    index = made(ids, vectors, exact_limit=exact_limit)
    index.build()
    index.remove(np.array([3, 3, 77, 12_345], dtype=np.int64))
    index.remove(np.array([3], dtype=np.int64))
    assert len(index) == 498
    assert 3 not in index
    assert 4 in index
    assert 3 not in index.search(vectors[3], 498)[0]
    assert 77 not in index.search(vectors[77], 5)[0]
    with pytest.raises(KeyError, match="77"):
        index.vectors(np.array([1, 77], dtype=np.int64))

    index.add(np.array([3], dtype=np.int64), vectors[400:401])
    index.build()
    assert set(index.search(vectors[400], 2)[0].tolist()) == {3, 400}
    assert len(index) == 499


@pytest.mark.parametrize("exact_limit", [10, 10_000])
def test_adding_again_replaces(exact_limit: int) -> None:
    ids, vectors = np.arange(200, dtype=np.int64), unit_vectors(200)
    index = made(ids, vectors, exact_limit=exact_limit)
    index.build()
    fresh = unit_vectors(1, seed=5)
    index.add(np.array([8, 8], dtype=np.int64), np.concatenate([vectors[:1], fresh]))
    index.build()
    assert len(index) == 200
    assert index.search(fresh[0], 1)[0].tolist() == [8]
    np.testing.assert_array_equal(index.vectors(np.array([8, 1], dtype=np.int64)), np.stack([fresh[0], vectors[1]]))


def test_a_graph_full_of_dead_nodes_is_built_anew() -> None:
    ids, vectors = np.arange(800, dtype=np.int64), unit_vectors(800)
    index = made(ids, vectors, exact_limit=50)
    index.build()
    index.remove(ids[:300])
    # Right at once, although the dead crowd out the neighbourhood ...
    for row in (300, 500, 799):
        assert index.search(vectors[row], 1)[0].tolist() == [row]
    assert index.build()
    # ... and small again after building.
    assert index._graph.element_count == 500
    for row in (300, 500, 799):
        assert index.search(vectors[row], 1)[0].tolist() == [row]


@pytest.mark.parametrize("exact_limit", [10, 10_000])
def test_pairs_are_all_pairs_above_the_cosine(exact_limit: int) -> None:
    vectors = unit_vectors(300)
    vectors[200:260] = vectors[:60] + 0.05 * unit_vectors(60, seed=8)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = np.arange(300, dtype=np.int64) + 1_000
    index = made(ids, vectors, exact_limit=exact_limit)
    index.build()
    found = set()
    for left, right, cosines in index.pairs(0.9):
        assert (cosines >= 0.9).all()
        assert (left != right).all()
        found |= {(min(a, b), max(a, b)) for a, b in zip(left.tolist(), right.tolist(), strict=True)}
    near = vectors @ vectors.T >= 0.9
    expected = {(int(a) + 1_000, int(b) + 1_000) for a, b in zip(*np.nonzero(near), strict=True) if a < b}
    assert len(expected) >= 60
    assert found == expected


def test_searching_beside_adding_and_removing() -> None:
    vectors = unit_vectors(1_500)
    index = made(np.arange(500, dtype=np.int64), vectors[:500], exact_limit=200)
    done = threading.Event()
    wrong: list[str] = []

    def ask() -> None:
        while not done.is_set():
            for row in (1, 250, 499):
                found, scores, _ = index.search(vectors[row], 5)
                if found[0] != row or not np.isfinite(scores).all():
                    wrong.append(f"{row}: {found}")

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for start in range(500, 1_500, 100):
        index.add(np.arange(start, start + 100, dtype=np.int64), vectors[start : start + 100])
        index.remove(np.arange(start, start + 30, dtype=np.int64))
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(index) == 500 + 10 * 70


def test_small_libraries_leave_no_file(tmp_path: Path) -> None:
    store = Store(np.arange(50), unit_vectors(50))
    index = store.open(tmp_path / "index-m.hnsw", exact_limit=50)
    index.save()
    index.close()
    assert list(tmp_path.iterdir()) == []


def saved(store: Store, path: Path, *, exact_limit: int = 100) -> None:
    index = store.open(path, exact_limit=exact_limit)
    index.build()
    index.close()


def graph_size(index: VectorIndex) -> int:
    return 0 if index._graph is None else int(index._graph.element_count)


def test_a_saved_graph_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "index-m.hnsw"
    vectors = unit_vectors(400)
    store = Store(np.arange(400), vectors)
    saved(store, path)
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert sorted(before)[1] == "index-m.hnsw"
    assert len(before) == 2

    index = store.open(path, exact_limit=100)
    assert graph_size(index) == 400
    assert index.build()
    for row in (0, 399):
        assert index.search(vectors[row], 1)[0].tolist() == [row]
    index.close()
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before  # unchanged: not written

    index = store.open(path, exact_limit=100)
    index.add(np.array([400]), unit_vectors(1, seed=4))
    index.close()
    assert len(list(tmp_path.iterdir())) == 2  # the old graph is gone


def test_what_changed_in_the_catalog_is_repaired_on_opening(tmp_path: Path) -> None:
    """Fault 25: index and catalog drift apart after a crash."""
    path = tmp_path / "index-m.hnsw"
    vectors = unit_vectors(420)
    store = Store(np.arange(400), vectors[:400])
    saved(store, path)
    for gone in (0, 5, 399):
        del store.rows[gone]
    for new in range(400, 420):
        store.rows[new] = vectors[new]
    index = store.open(path, exact_limit=100)
    assert graph_size(index) == 400  # the file was used
    assert len(index) == 417
    for gone in (0, 5, 399):
        assert gone not in index.search(vectors[gone], 100)[0]
    for row in (1, 398, 400, 419):
        assert index.search(vectors[row], 1)[0].tolist() == [row]
    index.build()
    index.close()
    # The dead stay dead after saving, and one that comes back is found.
    store.rows[5] = vectors[5]
    index = store.open(path, exact_limit=100)
    assert index.search(vectors[5], 1)[0].tolist() == [5]
    assert 0 not in index.search(vectors[0], 100)[0]
    assert index.build()
    assert index.search(vectors[5], 1)[0].tolist() == [5]


def test_the_same_ids_with_other_vectors_are_noticed(tmp_path: Path) -> None:
    """A catalog restored from a backup may have given an id to another content."""
    path = tmp_path / "index-m.hnsw"
    saved(Store(np.arange(400), unit_vectors(400)), path)
    vectors = unit_vectors(400)
    vectors[380:] = unit_vectors(20, seed=6)
    index = Store(np.arange(400), vectors).open(path, exact_limit=100)
    assert graph_size(index) == 0
    assert index.search(vectors[390], 1)[0].tolist() == [390]


def test_opening_for_reading_repairs_in_memory_only(tmp_path: Path) -> None:
    path = tmp_path / "index-m.hnsw"
    vectors = unit_vectors(400)
    store = Store(np.arange(400), vectors)
    saved(store, path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    store.rows[400] = unit_vectors(1, seed=4)[0]
    index = store.open(path, exact_limit=100, writable=False)
    assert index.search(store.rows[400], 1)[0].tolist() == [400]
    index.build()
    index.save()
    index.close()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_a_disk_that_takes_only_a_part_leaves_the_old_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_log: Callable[[str], None]
) -> None:
    path = tmp_path / "index-m.hnsw"
    store = Store(np.arange(400), unit_vectors(400))
    saved(store, path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def short(method: Callable[[bytes], None], name: bytes) -> None:
        method(name)
        with Path(name.decode()).open("rb+") as file:
            file.truncate(1_000)

    index = store.open(path, exact_limit=100)
    index.add(np.array([400]), unit_vectors(1, seed=4))
    monkeypatch.setattr(vector_index, "_call_hnswlib", short)
    expected_log("was not saved")
    index.close()
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
