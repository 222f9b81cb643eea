"""Faults 24 and 25: whatever stands in the index files, hnswlib never sees a damaged one, and search goes on.

10,000 random corruptions cannot crash what is never loaded: the checksum is looked at first. So a few hundred are
tried here, in the same process (a crash would end the test run), and one test proves that a damaged file does not
reach hnswlib at all. `tests/benchmarks/vector_search.py --corruptions 10000` tries them all.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photofind.errors import CacheDamagedError
from photofind.search import vector_index
from tests.search.test_vector_index import Store, graph_size, saved, unit_vectors

COUNT = 300


@pytest.fixture
def store() -> Store:
    return Store(np.arange(COUNT), unit_vectors(COUNT))


@pytest.fixture
def path(tmp_path: Path, store: Store) -> Path:
    path = tmp_path / "index-m.hnsw"
    saved(store, path)
    return path


def graph_path(path: Path) -> Path:
    (graph,) = path.parent.glob("*.graph")
    return graph


def assert_answers(store: Store, path: Path, *, graph_used: bool, model_id: str = "m") -> None:
    index = store.open(path, exact_limit=100, model_id=model_id)
    try:
        assert (graph_size(index) > 0) == graph_used
        for row in (0, COUNT // 2, COUNT - 1):
            assert index.search(store.rows[row], 1)[0].tolist() == [row]
    finally:
        index.close()


def test_the_undamaged_file_is_used(store: Store, path: Path) -> None:
    assert_answers(store, path, graph_used=True)


@pytest.mark.parametrize("which", ["header", "graph"])
def test_random_corruptions_are_noticed(
    store: Store, path: Path, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = path if which == "header" else graph_path(path)
    good = target.read_bytes()
    random = np.random.default_rng(7)
    seen_by_hnswlib: list[Any] = []
    monkeypatch.setattr(vector_index, "_call_hnswlib", lambda method, name: seen_by_hnswlib.append(name))
    for _ in range(150):
        bad = bytearray(good)
        how = random.integers(4)
        if how == 0:
            for place in random.integers(0, len(bad), random.integers(1, 20)):
                bad[place] ^= int(random.integers(1, 256))
        elif how == 1:
            del bad[int(random.integers(0, len(bad))) :]
        elif how == 2:
            start = int(random.integers(0, len(bad)))
            bad[start : start + 512] = bytes(min(512, len(bad) - start))
        else:
            bad += random.bytes(int(random.integers(1, 2_000)))
        if bytes(bad) == good:
            continue
        target.write_bytes(bad)
        with pytest.raises(CacheDamagedError):
            vector_index._read_graph(path, "m", 24)
    assert not seen_by_hnswlib


@pytest.mark.parametrize("content", [b"", b"x", b"PHOTOFIND-INDEX\n", bytes(5_000), b"\xff" * 5_000])
@pytest.mark.parametrize("which", ["header", "graph"])
def test_a_foreign_file_is_built_anew_and_mended(store: Store, path: Path, which: str, content: bytes) -> None:
    (path if which == "header" else graph_path(path)).write_bytes(content)
    assert_answers(store, path, graph_used=False)
    saved(store, path)
    assert_answers(store, path, graph_used=True)
    assert len(list(path.parent.iterdir())) == 2


def test_a_missing_graph_or_header_is_built_anew(store: Store, path: Path) -> None:
    graph_path(path).unlink()
    assert_answers(store, path, graph_used=False)
    saved(store, path)
    path.unlink()
    assert_answers(store, path, graph_used=False)


def test_a_directory_in_place_of_the_file_does_no_harm(store: Store, path: Path) -> None:
    path.unlink()
    path.mkdir()
    index = store.open(path, exact_limit=100, writable=False)
    assert index.search(store.rows[4], 1)[0].tolist() == [4]


def test_the_index_of_another_model_is_not_used(store: Store, path: Path) -> None:
    assert_answers(store, path, graph_used=False, model_id="other")


def test_the_index_of_another_version_is_not_used(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "FORMAT_VERSION", vector_index.FORMAT_VERSION + 1)
    assert_answers(store, path, graph_used=False)
