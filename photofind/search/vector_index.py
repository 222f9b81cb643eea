"""The vector index: which contents lie nearest to a vector.

Owns every vector of one model in memory, and the graph file `index-<model>.hnsw` with its `.graph` beside it. The
indexer thread adds, removes and saves; the query and duplicates threads search. A read-write lock keeps them apart
(hnswlib's `add_items` is not safe beside `knn_query`); changes are made in steps of a few milliseconds, and a
waiting search goes before the next step.

How it is built, and why:

- All vectors stand in blocks of rows, rounded to float16 as the catalog stores them, so that an answer does not
  change with a restart. Rows outside the graph are float32 for a fast product; a block that lies in the graph as a
  whole is kept as float16, half the memory.
- Up to `EXACT_LIMIT` vectors every row is compared: nothing to build, nothing to go stale, and the answer is exact.
- Above it the oldest rows move into an HNSW graph, a few at a time (`add` moves some, `build` the rest); rows that
  wait are compared one by one, so a search is complete at any moment of the move.
- A search among given ids is always exact. Every score is computed again from the rows in double precision, so both
  sides of the limit give the same numbers and equal vectors tie exactly; ties are ordered by id.
- Opening compares the ids in the graph with the catalog's, and some vectors; what is missing is added, what is gone
  is taken out. That finds more than a generation number would, and costs little.

Alternatives that lost: reading vectors back from hnswlib (`get_items` takes 15 to 39 us a row with the GIL held, so
a filter of 100,000 would take seconds; rows of our own take 0.7 us); hnswlib's filter callback (200 times slower
than exact at 1 %); one file with header and graph together (hnswlib loads from a path only and refuses trailing
bytes, so every opening would copy a gigabyte); re-using deleted slots (`replace_deleted` repairs links by
`updatePoint`, slower than building anew, and needs the labels of the dead to be forgotten).
"""

import errno
import hashlib
import json
import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import hnswlib
import numpy as np
from numpy.typing import NDArray

from photofind.errors import CacheDamagedError

logger = logging.getLogger(__name__)

EXACT_LIMIT = 100_000
"""Up to so many vectors all are compared. Measured on one core: 100,000 x 256 takes 8 to 10 ms, x 512 15 to 18
(bounded by memory bandwidth). Nobody sees the difference to the graph's 0.7 ms (120,000 x 256, recall@20 .996),
which costs 0.63 CPU-ms a row to build and the certainty of the answer."""

M = 16
EF_CONSTRUCTION = 200
EF = 128
"""Least breadth of a graph search; at twice k when that is more."""

GRAPH_STEP = 8
"""Rows put into the graph while searches wait: 3 ms at 30,000 rows, 5 at 120,000."""

PATIENCE_S = 0.02
"""How long a step of the indexer lets searches go before it; see `_ReadWriteLock`."""

REBUILD_SHARE = 0.2
"""The graph is built anew when more than this share of it is deleted: dead nodes cost time and memory."""

BLOCK_ROWS = 16_384
LOAD_ROWS = 16_384
NEIGHBOURS = 48
"""Neighbours a row is compared with when pairs are looked for through the graph."""

FORMAT_VERSION = 1
MAGIC = b"PHOTOFIND-INDEX\n"
HEADER_LIMIT_BYTES = 64 << 20

_TIE = 1e-5
"""Products of equal rows differ by float32 rounding, depending on their place in the block: less than this."""

_SAMPLE = 512

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]
Load = Callable[[], tuple[Ids, Vectors]]
LoadSome = Callable[[Ids], tuple[Ids, Vectors]]


class VectorIndex:
    """Nearest vectors by cosine among the contents of one model. Thread-safe.

    Use `open`; the constructor makes an empty one.

    Args:
        model_id: The model whose vectors these are.
        dimension: Their length.
        path: Header of the graph file; None keeps nothing on disk.
        writable: False never touches the disk.
        exact_limit: See `EXACT_LIMIT`; tests set it low to stand on both sides of it.
    """

    def __init__(
        self,
        model_id: str,
        dimension: int,
        *,
        path: Path | None = None,
        writable: bool = True,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        self.model_id = model_id
        self.dimension = dimension
        self._path = path
        self._writable = writable and path is not None
        self._exact_limit = exact_limit
        self._lock = _ReadWriteLock()
        self._ef_guard = threading.Lock()
        self._save_guard = threading.Lock()
        self._blocks: list[_Block] = []
        self._count = 0
        self._largest_id = np.iinfo(np.int64).min
        self._sorted: tuple[Ids, NDArray[np.int64]] | None = None
        self._graph: Any = None
        self._deleted: set[int] = set()
        self._is_saved = True

    @classmethod
    def open(
        cls,
        path: Path | None,
        model_id: str,
        dimension: int,
        load: Load,
        ids: Ids,
        load_some: LoadSome,
        *,
        writable: bool,
        exact_limit: int = EXACT_LIMIT,
    ) -> Self:
        """Load all vectors from the catalog, and the graph from its file where there is one that can be trusted.

        A missing, damaged, older or foreign file is no error: its rows are compared one by one until `build` has
        made the graph again.

        Args:
            path: The header file; None keeps nothing on disk.
            model_id: The model whose vectors these are.
            dimension: Their length.
            load: Returns all ids and vectors; called for a library up to the limit.
            ids: All content ids that have a vector in the catalog.
            load_some: Returns ids and vectors of the given ids; called in steps, so that a large library is never
                in memory twice.
            writable: False repairs in memory only.
            exact_limit: See `EXACT_LIMIT`.
        """
        index = cls(model_id, dimension, path=path, writable=writable, exact_limit=exact_limit)
        ids = np.unique(np.asarray(ids, dtype=np.int64))
        in_graph = np.empty(0, dtype=np.int64)
        if path is not None and ids.size > exact_limit:
            try:
                index._graph, dead = _read_graph(path, model_id, dimension)
            except CacheDamagedError as error:
                logger.info("The vector index is built anew: %s", error)
                index._is_saved = False
            else:
                labels = np.sort(np.asarray(index._graph.get_ids_list(), dtype=np.int64))
                index._deleted = set(dead.tolist())
                in_graph = labels[np.isin(labels, dead, invert=True)]
        if ids.size <= exact_limit:
            index._append(*load())
            return index
        # Rows of the graph come first: they are a prefix of all rows, so one number tells where the graph ends.
        shared = in_graph[np.isin(in_graph, ids)]
        for start in range(0, shared.size, LOAD_ROWS):
            index._append(*load_some(shared[start : start + LOAD_ROWS]))
            for block in index._blocks:
                block.indexed = block.count
                block.demote()
        index._forget_in_graph(in_graph[np.isin(in_graph, index._live_ids(), invert=True)])
        index._check_against_graph()
        rest = ids[np.isin(ids, shared, invert=True)]
        for start in range(0, rest.size, LOAD_ROWS):
            index._append(*load_some(rest[start : start + LOAD_ROWS]))
        return index

    def __len__(self) -> int:
        return self._count

    def __contains__(self, content_id: int) -> bool:
        return bool(self.known(np.array([content_id], dtype=np.int64))[0])

    def known(self, ids: Ids) -> NDArray[np.bool_]:
        """Return for each id whether the content has a vector here."""
        with self._lock.reading():
            return self._positions(np.asarray(ids, dtype=np.int64)) >= 0

    def ids(self) -> Ids:
        """Return all contents that have a vector here, in no order."""
        with self._lock.reading():
            return self._live_ids()

    def in_graph(self) -> int:
        """Return how many vectors the graph finds; without waiting, so the number may be of a moment ago."""
        return 0 if self._graph is None else sum(block.indexed for block in tuple(self._blocks))

    # ------------------------------------------------------------------------------------------ search

    def search(
        self, vector: NDArray[np.floating[Any]], k: int, among: Ids | None = None, *, is_exact: bool = False
    ) -> tuple[Ids, Vectors, bool]:
        """Return the nearest contents, best first.

        Args:
            vector: [dimension]; it need not have unit length. One without direction (zero, NaN) is near to nothing.
            k: At most so many.
            among: Only these contents; ids the index does not have are ignored.
            is_exact: Compare everything, also where there is a graph.

        Returns:
            Content ids, cosines (at most 1; equal ones in the order of their ids), and whether every candidate was
            compared.

        Raises:
            ValueError: The vector has another dimension.
        """
        query = _unit(vector, self.dimension)
        if query is None or k <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32), True
        with self._lock.reading():
            if among is not None:
                positions = self._positions(np.unique(np.asarray(among, dtype=np.int64)))
                positions = np.sort(positions[positions >= 0])
                ids, scores = self._score(query, positions)
            elif is_exact or self._graph is None or self._count <= self._exact_limit or 2 * k >= self._count:
                ids, scores = self._score(query, None)
            else:
                near = self._search_graph(query, k)
                if near is not None:
                    return *near, False
                ids, scores = self._score(query, None)
            return *self._best(query, ids, scores, k), True

    def vectors(self, ids: Ids) -> Vectors:
        """Return the vectors of these contents in their order, float32 [n, dimension].

        Raises:
            KeyError: A content has no vector here.
        """
        ids = np.asarray(ids, dtype=np.int64)
        with self._lock.reading():
            positions = self._positions(ids)
            if positions.size and positions.min() < 0:
                raise KeyError(int(ids[np.argmin(positions)]))
            return self._rows(positions)

    def pairs(
        self, min_cosine: float, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[Ids, Ids, Vectors]]:
        """Stream pairs of contents at or above a cosine: ids, other ids, cosines.

        Without a graph every pair is compared and comes once. With one, each row meets its `NEIGHBOURS` nearest and
        all rows that wait for the graph, and a pair may come twice. Stops early when `should_stop` says so.
        """
        with self._lock.reading():
            ids = self._live_ids()
            waiting = np.concatenate([block.ids[block.indexed : block.count] for block in self._blocks] or [ids])
            by_graph = self._graph is not None and self._count > self._exact_limit
        tile = 2048
        for start in range(0, ids.size, tile):
            some, rows = self._known(ids[start : start + tile])
            if by_graph and some.size:
                yield from self._pairs_in_graph(some, rows, min_cosine)
            others = waiting if by_graph else ids[start:]
            for other_start in range(0, others.size, tile):
                if should_stop():
                    return
                other, other_rows = self._known(others[other_start : other_start + tile])
                cosines = rows @ other_rows.T
                left, right = np.nonzero(cosines >= min_cosine)
                same_tile = other_start == 0 and not by_graph
                keep = some[left] < other[right] if same_tile else some[left] != other[right]
                left, right = left[keep], right[keep]
                if left.size:
                    yield some[left], other[right], np.minimum(cosines[left, right], np.float32(1))

    # ------------------------------------------------------------------------------------------ changes

    def add(self, ids: Ids, vectors: NDArray[np.floating[Any]]) -> None:
        """Add vectors, or replace those of contents that are here already; searchable when this returns.

        Above the limit this also moves a few older rows into the graph, so that the cost is spread over indexing.

        Args:
            ids: Content ids [n].
            vectors: L2-normalised [n, dimension]. A row that is not finite is stored as zeros: near to nothing.

        Raises:
            ValueError: Shapes do not fit.
        """
        with self._lock.writing():
            self._append(ids, vectors)
        self._build(lambda: False, 4 * len(ids))

    def remove(self, ids: Ids) -> None:
        """Take contents out; ids that are not here are ignored."""
        with self._lock.writing():
            self._remove(np.asarray(ids, dtype=np.int64))

    def build(self, should_stop: Callable[[], bool] = lambda: False) -> bool:
        """Move rows into the graph until none waits, or until `should_stop` (asked every few milliseconds).

        For when nothing else is to be done; without it searches stay right and only take longer.

        Returns:
            True when nothing is left to do.
        """
        return self._build(should_stop, self._count)

    def renew(self, read_ids: Callable[[], Ids], load_some: LoadSome) -> None:
        """Take every vector from the catalog again and throw the graph away; `build` makes it anew.

        Searches go on meanwhile and are exact, only slower where the library is large.

        Args:
            read_ids: Returns all content ids that have a vector in the catalog.
            load_some: Returns ids and vectors of the given ids; called in steps.
        """
        before = self.ids()  # first: what comes in from now on is in the catalog already
        ids = np.unique(np.asarray(read_ids(), dtype=np.int64))
        for start in range(0, ids.size, LOAD_ROWS):
            some, vectors = load_some(ids[start : start + LOAD_ROWS])
            with self._lock.reading():
                positions = self._positions(some)
                differs = positions < 0
                rows = self._rows(positions[~differs])
            wanted = np.asarray(vectors, dtype=np.float16).astype(np.float32)
            differs[~differs] = (rows != wanted[~differs]).any(axis=1)
            if differs.any():
                self.add(some[differs], vectors[differs])
        self.remove(before[np.isin(before, ids, invert=True)])
        with self._lock.writing():
            self._graph, self._deleted, self._is_saved = None, set(), False
            for block in self._blocks:
                block.indexed = 0

    def save(self) -> None:
        """Write the graph, if it changed: temporary file, fsync, rename; the header last.

        A crash in between leaves the old pair of files. Up to the limit there is nothing to write.

        Raises:
            OSError: The disk is full or not writable; the old files are still there.
        """
        if not self._writable or self._path is None:
            return
        with self._save_guard, self._lock.reading():
            if self._is_saved:
                return
            if self._graph is None:
                _remove_files(self._path)
            else:
                _write_graph(self._path, self.model_id, self.dimension, self._graph, self._deleted)
            self._is_saved = True

    def close(self) -> None:
        """Save and let go of the memory. A failure to save is logged: it is a cache."""
        try:
            self.save()
        except OSError as error:
            logger.warning("The vector index was not saved and will be built again: %s", error)
        with self._lock.writing():
            self._blocks, self._count, self._sorted, self._graph = [], 0, None, None
            self._deleted = set()
            self._is_saved = True

    # ---------------------------------------------------------------- rows; all with the lock held by the caller

    def _append(self, ids: Ids, vectors: NDArray[np.floating[Any]]) -> None:
        ids = np.asarray(ids, dtype=np.int64)
        vectors = np.asarray(vectors)
        if not ids.size and not len(vectors):
            return  # a catalog that never met this network cannot tell the dimension
        if vectors.shape != (ids.size, self.dimension):
            raise ValueError(
                f"{ids.size} ids and vectors of shape {vectors.shape} do not fit [n, {self.dimension}]"
            )
        # Of an id given twice the last vector counts.
        kept = ids.size - 1 - np.unique(ids[::-1], return_index=True)[1]
        ids = ids[kept]
        with np.errstate(over="ignore"):
            rows = vectors[kept].astype(np.float16)
        rows[~np.isfinite(rows).all(axis=1)] = 0
        if ids[0] <= self._largest_id:  # new contents have larger ids: usually nothing to look for
            self._remove(ids)
        self._largest_id = max(self._largest_id, int(ids[-1]))
        done = 0
        while done < ids.size:
            if not self._blocks or self._blocks[-1].count == BLOCK_ROWS:
                self._blocks.append(_Block(self.dimension))
            done += self._blocks[-1].append(ids[done:], rows[done:])
        self._count += ids.size
        self._sorted = None

    def _remove(self, ids: Ids) -> None:
        positions = self._positions(ids)
        positions = np.unique(positions[positions >= 0])
        if not positions.size:
            return
        start = 0
        for block in self._blocks:
            inside = positions[(positions >= start) & (positions < start + block.count)] - start
            start += block.count
            if inside.size:
                self._forget_in_graph(block.ids[inside[inside < block.indexed]])
                block.remove(inside)
        self._blocks = [block for block in self._blocks if block.count]
        self._count -= positions.size
        self._sorted = None

    def _live_ids(self) -> Ids:
        return np.concatenate([block.ids[: block.count] for block in self._blocks] or [np.empty(0, dtype=np.int64)])

    def _positions(self, ids: Ids) -> NDArray[np.int64]:
        """Return the place of each id in the order of all rows, -1 for one that is not here."""
        if self._sorted is None:
            live = self._live_ids()
            order = np.argsort(live, kind="stable")
            self._sorted = live[order], order
        known, order = self._sorted
        if not known.size:
            return np.full(ids.size, -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(known, ids), known.size - 1)
        return np.where(known[at] == ids, order[at], -1)

    def _rows(self, positions: NDArray[np.int64]) -> Vectors:
        """Return the rows at these positions as float32."""
        rows = np.empty((positions.size, self.dimension), dtype=np.float32)
        start = 0
        for block in self._blocks:
            inside = np.flatnonzero((positions >= start) & (positions < start + block.count))
            if inside.size:
                rows[inside] = block.vectors[positions[inside] - start]
            start += block.count
        return rows

    def _known(self, ids: Ids) -> tuple[Ids, Vectors]:
        """Return those of the ids that are (still) here, and their rows; takes the lock itself."""
        with self._lock.reading():
            positions = self._positions(ids)
            here = positions >= 0
            return ids[here], self._rows(positions[here])

    def _score(self, query: Vectors, positions: NDArray[np.int64] | None) -> tuple[Ids, Vectors]:
        """Return ids and products of the rows at the sorted `positions`, or of all rows."""
        ids: list[Ids] = [np.empty(0, dtype=np.int64)]
        scores: list[Vectors] = [np.empty(0, dtype=np.float32)]
        start = 0
        for block in self._blocks:
            if positions is None:
                ids.append(block.ids[: block.count])
                scores.append(block.products(query, None))
            else:
                low, high = np.searchsorted(positions, (start, start + block.count))
                if high > low:
                    inside = positions[low:high] - start
                    ids.append(block.ids[inside])
                    scores.append(block.products(query, inside))
            start += block.count
        return np.concatenate(ids), np.concatenate(scores)

    def _best(self, query: Vectors, ids: Ids, scores: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Return the k best with exact scores; equal ones in the order of their ids."""
        if ids.size > k:
            least = np.partition(scores, ids.size - k)[ids.size - k] - _TIE
            ids = ids[scores >= least]
        exact = np.empty(ids.size, dtype=np.float64)
        positions = self._positions(ids)
        wide = query.astype(np.float64)
        for start in range(0, ids.size, 4096):
            rows = self._rows(positions[start : start + 4096])
            # Row by row (not one matrix product), so that equal rows give equal sums to the last bit.
            exact[start : start + 4096] = (rows * wide).sum(axis=1)
        order = np.lexsort((ids, -exact))[:k]
        return ids[order], np.minimum(exact[order], 1.0).astype(np.float32)

    # ----------------------------------------------------------- graph; all with the lock held by the caller

    def _search_graph(self, query: Vectors, k: int) -> tuple[Ids, Vectors] | None:
        """Return the best of the graph and of the rows that wait for it, or None when the graph gives too few."""
        inside = sum(block.indexed for block in self._blocks)
        if not inside:
            return None
        labels = self._nearest_in_graph(query[None, :], min(k, inside))
        if labels is None:
            return None
        waiting = [self._waiting_positions(number) for number in range(len(self._blocks))]
        positions = self._positions(labels[0])
        candidates = np.unique(np.concatenate([positions[positions >= 0], *waiting]))
        ids, scores = self._score(query, candidates)
        return self._best(query, ids, scores, k)

    def _waiting_positions(self, number: int) -> NDArray[np.int64]:
        start = sum(block.count for block in self._blocks[:number])
        block = self._blocks[number]
        return np.arange(start + block.indexed, start + block.count, dtype=np.int64)

    def _nearest_in_graph(self, queries: Vectors, k: int) -> Ids | None:
        # `ef` belongs to the graph, not to the query; it is 10 again after every load.
        with self._ef_guard:
            try:
                self._graph.set_ef(max(EF, 2 * k))
                labels, _ = self._graph.knn_query(queries, k=k, num_threads=1)
            except RuntimeError:
                # Fewer than k were reached: many deleted nodes around the query. Comparing all is always right.
                return None
        return np.asarray(labels, dtype=np.int64)

    def _pairs_in_graph(self, ids: Ids, rows: Vectors, min_cosine: float) -> Iterator[tuple[Ids, Ids, Vectors]]:
        """Yield the pairs of these rows with their neighbours in the graph; takes the lock itself."""
        for start in range(0, ids.size, 64):
            some, vectors = ids[start : start + 64], rows[start : start + 64]
            with self._lock.reading():
                inside = sum(block.indexed for block in self._blocks)
                if not inside:
                    return
                labels = self._nearest_in_graph(vectors, min(NEIGHBOURS, inside))
                if labels is None:
                    continue
                flat = labels.ravel()
                positions = self._positions(flat)
                left = np.repeat(np.arange(some.size), labels.shape[1])
                keep = (positions >= 0) & (some[left] != flat)
                left, flat = left[keep], flat[keep]
                cosines = np.einsum("ij,ij->i", vectors[left], self._rows(positions[keep]))
            near = cosines >= min_cosine
            yield some[left[near]], flat[near], np.minimum(cosines[near], np.float32(1))

    def _build(self, should_stop: Callable[[], bool], rows: int) -> bool:
        """Move up to `rows` rows into the graph, a step at a time; takes the lock itself."""
        while True:
            with self._lock.writing():
                if self._count <= self._exact_limit:
                    return True
                if self._graph is not None and len(self._deleted) > REBUILD_SHARE * self._graph.element_count:
                    self._graph, self._deleted = None, set()
                    for block in self._blocks:
                        block.indexed = 0
                waiting = next((block for block in self._blocks if block.indexed < block.count), None)
                if waiting is None:
                    return True
                if rows <= 0:
                    return False
                rows -= self._move(waiting)
            if should_stop():
                return False

    def _move(self, block: "_Block") -> int:
        start, end = block.indexed, min(block.indexed + GRAPH_STEP, block.count)
        if self._graph is None:
            self._graph = hnswlib.Index(space="ip", dim=self.dimension)
            self._graph.init_index(max_elements=BLOCK_ROWS, M=M, ef_construction=EF_CONSTRUCTION)
        if self._graph.element_count + end - start > self._graph.max_elements:
            self._graph.resize_index(self._graph.max_elements * 5 // 4 + GRAPH_STEP)
        ids = block.ids[start:end]
        # A label that was deleted comes to life again with its new vector.
        self._graph.add_items(block.vectors[start:end].astype(np.float32), ids, num_threads=1)
        self._deleted.difference_update(ids.tolist())
        block.indexed = end
        block.demote()
        self._is_saved = False
        return end - start

    def _forget_in_graph(self, ids: Ids) -> None:
        for content_id in ids.tolist():
            self._graph.mark_deleted(content_id)  # a second time would raise: only live ids come here
            self._deleted.add(content_id)
            self._is_saved = False

    def _check_against_graph(self) -> None:
        """Drop the graph when it holds other vectors than the catalog for the same ids.

        The catalog of another library, or ids used again after a restored backup, would go unnoticed otherwise. The
        newest rows, where that happens, and an even sample of all are compared.
        """
        live = self._live_ids()
        if not live.size:
            return
        sample = np.unique(
            np.concatenate([np.sort(live)[-_SAMPLE:], live[np.linspace(0, live.size - 1, _SAMPLE).astype(int)]])
        )
        stored = np.asarray(self._graph.get_items(sample), dtype=np.float32)
        if np.allclose(stored, self._rows(self._positions(sample)), atol=1e-3):
            return
        logger.info("The vector index is built anew: it does not belong to this catalog")
        self._graph, self._deleted, self._is_saved = None, set(), False
        for block in self._blocks:
            block.indexed = 0


class _Block:
    """Some rows: ids, vectors, and how many of them, from the first, are in the graph."""

    __slots__ = ("count", "ids", "indexed", "vectors")

    def __init__(self, dimension: int) -> None:
        self.ids: Ids = np.empty(BLOCK_ROWS, dtype=np.int64)
        self.vectors: NDArray[np.floating[Any]] = np.empty((BLOCK_ROWS, dimension), dtype=np.float32)
        self.count = 0
        self.indexed = 0

    def append(self, ids: Ids, rows: NDArray[np.floating[Any]]) -> int:
        """Take as many rows as fit; return how many."""
        taken = min(ids.size, BLOCK_ROWS - self.count)
        if taken:
            self.vectors = self.vectors.astype(np.float32, copy=False)
        self.ids[self.count : self.count + taken] = ids[:taken]
        self.vectors[self.count : self.count + taken] = rows[:taken]
        self.count += taken
        return taken

    def remove(self, rows: NDArray[np.int64]) -> None:
        keep = np.ones(self.count, dtype=bool)
        keep[rows] = False
        left = int(keep.sum())
        self.indexed = int(keep[: self.indexed].sum())
        self.ids[:left] = self.ids[: self.count][keep]
        self.vectors[:left] = self.vectors[: self.count][keep]
        self.count = left

    def demote(self) -> None:
        """Halve the memory of a full block whose rows are all in the graph; their values are float16 already."""
        if self.indexed == self.count == BLOCK_ROWS:
            self.vectors = self.vectors.astype(np.float16, copy=False)

    def products(self, query: Vectors, rows: NDArray[np.int64] | None) -> Vectors:
        """Return the inner products with these rows, or with all."""
        if rows is None and self.vectors.dtype == np.float32:
            return np.asarray(self.vectors[: self.count] @ query, dtype=np.float32)
        size = self.count if rows is None else rows.size
        result = np.empty(size, dtype=np.float32)
        # In steps that stay in the processor's cache: the rows are copied, and widened from float16.
        for start in range(0, size, 1024):
            end = min(start + 1024, size)
            part = self.vectors[start:end] if rows is None else self.vectors[rows[start:end]]
            result[start:end] = part.astype(np.float32, copy=False) @ query
        return result


class _ReadWriteLock:
    """Many readers or one writer. Readers go first: a writer works in small steps and asks again for each.

    A writer that has waited for `PATIENCE_S` lets no new reader in until it had its turn: searches that follow each
    other without a pause would else keep it out for ever.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._readers = 0
        self._readers_waiting = 0
        self._is_writing = False
        self._is_writer_impatient = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._condition:
            self._readers_waiting += 1
            try:
                self._condition.wait_for(lambda: not self._is_writing and not self._is_writer_impatient)
            finally:
                self._readers_waiting -= 1
            self._readers += 1
        try:
            yield
        finally:
            with self._condition:
                self._readers -= 1
                self._condition.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._condition:
            if not self._condition.wait_for(
                lambda: not self._is_writing and not self._readers and not self._readers_waiting, PATIENCE_S
            ):
                self._is_writer_impatient = True
                self._condition.wait_for(lambda: not self._is_writing and not self._readers)
                self._is_writer_impatient = False
            self._is_writing = True
        try:
            yield
        finally:
            with self._condition:
                self._is_writing = False
                self._condition.notify_all()


def _unit(vector: NDArray[np.floating[Any]], dimension: int) -> Vectors | None:
    """Return the vector at unit length, or None when it has no direction."""
    wide = np.asarray(vector, dtype=np.float64)
    if wide.shape != (dimension,):
        raise ValueError(f"The query vector has shape {wide.shape}, not ({dimension},)")
    with np.errstate(over="ignore", invalid="ignore"):
        length = float(np.linalg.norm(wide))
    if not np.isfinite(length) or length < 1e-12:
        return None
    return np.asarray(wide / length, dtype=np.float32)


# ------------------------------------------------------------------------------------------------ the files
#
# header   MAGIC, version (4 bytes), length of the JSON (4 bytes), JSON, SHA-256 of all before
# graph    as hnswlib writes it; its name, size and SHA-256 stand in the JSON
#
# The graph's name holds its checksum, so replacing the header switches from the old pair to the new in one step.


def _graph_files(path: Path) -> list[Path]:
    pattern = re.compile(re.escape(path.stem) + r"\.[0-9a-f]{16}\.graph")
    with suppress(FileNotFoundError):
        return [entry for entry in path.parent.iterdir() if pattern.fullmatch(entry.name)]
    return []


def _remove_files(path: Path) -> None:
    path.unlink(missing_ok=True)
    for graph in _graph_files(path):
        graph.unlink(missing_ok=True)


def _write_graph(path: Path, model_id: str, dimension: int, graph: Any, deleted: set[int]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".index-")
    os.close(handle)
    temporary = Path(name)
    try:
        _call_hnswlib(graph.save_index, os.fsencode(temporary))
        _check_size(temporary, graph.index_file_size())
        with temporary.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        target = path.parent / f"{path.stem}.{digest[:16]}.graph"
        os.replace(temporary, target)
        body = json.dumps(
            {
                "model_id": model_id,
                "dimension": dimension,
                "M": M,
                "count": graph.element_count,
                "byte_order": sys.byteorder,
                "deleted": sorted(deleted),
                "graph": target.name,
                "graph_bytes": target.stat().st_size,
                "graph_sha256": digest,
            }
        ).encode()
        head = MAGIC + FORMAT_VERSION.to_bytes(4, "little") + len(body).to_bytes(4, "little") + body
        with temporary.open("wb") as file:
            file.write(head + hashlib.sha256(head).digest())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    for old in _graph_files(path):
        if old != target:
            old.unlink(missing_ok=True)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _check_size(path: Path, wanted: int) -> None:
    """Raise OSError when not all was written; hnswlib does not look."""
    if path.stat().st_size != wanted:
        raise OSError(errno.ENOSPC, "The disk took only a part of the index")


def _read_graph(path: Path, model_id: str, dimension: int) -> tuple[Any, Ids]:
    """Return the graph and the ids deleted in it. hnswlib sees the file only after its checksum was verified.

    Raises:
        CacheDamagedError: There is no file, or none that was written by this version for this model.
    """
    try:
        if path.stat().st_size > HEADER_LIMIT_BYTES:
            raise CacheDamagedError("its header is too long")
        head = path.read_bytes()
    except OSError as error:
        raise CacheDamagedError(f"there is no file ({error.strerror})") from error
    start = len(MAGIC) + 8
    if head[: len(MAGIC)] != MAGIC or len(head) < start + 32:
        raise CacheDamagedError("it is not an index file")
    if int.from_bytes(head[len(MAGIC) : len(MAGIC) + 4], "little") != FORMAT_VERSION:
        raise CacheDamagedError("it is of another version")
    if hashlib.sha256(head[:-32]).digest() != head[-32:]:
        raise CacheDamagedError("its header is damaged")
    facts = json.loads(head[start:-32])
    wanted = {"model_id": model_id, "dimension": dimension, "M": M, "byte_order": sys.byteorder}
    if any(facts[name] != value for name, value in wanted.items()):
        raise CacheDamagedError("it belongs to another model")
    graph_path = path.parent / facts["graph"]
    try:
        if graph_path.stat().st_size != facts["graph_bytes"]:
            raise CacheDamagedError("the graph is cut off")
        with graph_path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CacheDamagedError(f"the graph cannot be read ({error.strerror})") from error
    if digest != facts["graph_sha256"]:
        raise CacheDamagedError("the graph is damaged")
    graph = hnswlib.Index(space="ip", dim=dimension)
    try:
        _call_hnswlib(graph.load_index, os.fsencode(graph_path))
    except (OSError, RuntimeError) as error:
        raise CacheDamagedError(f"hnswlib refuses the graph ({error})") from error
    if graph.element_count != facts["count"]:
        raise CacheDamagedError("the graph has another number of nodes")
    return graph, np.array(facts["deleted"], dtype=np.int64)


def _call_hnswlib(method: Callable[[Any], None], path: bytes) -> None:
    """Save or load; hnswlib says RuntimeError, or nothing, where the disk failed."""
    try:
        method(path)
    except RuntimeError as error:
        raise OSError(f"hnswlib: {error}") from error
