"""How much the vector index finds of what an exact comparison would, measured on a sample of its own vectors.

Called on the slow thread. It only searches, so searches of the person go on beside it; the time is bounded, because
an exact comparison of a million vectors takes 50 ms. A query finds itself, which every index manages: the first hit
is left out of the count.
"""

import random
import time
from collections.abc import Callable

import numpy as np

from photofind.records import Recall
from photofind.search.vector_index import VectorIndex

QUERIES = 100
K = 20
LIMIT_S = 10.0
"""No further query is begun after so long."""


def sampled_recall(index: VectorIndex, should_stop: Callable[[], bool] = lambda: False) -> Recall | None:
    """Return how the index does on vectors chosen at random; None where it has none.

    Args:
        index: Asked as a search asks it, and again with every vector compared.
        should_stop: Ends the measurement with what there is so far.
    """
    ids = index.ids()
    if ids.size < 2:
        return None
    # numpy.random is loaded when first named: eight libraries, during which no other thread has Python's lock.
    chosen = ids[random.sample(range(ids.size), min(QUERIES, ids.size))]
    begun = time.monotonic()
    found = wanted = queries = 0
    fast_s = exact_s = 0.0
    for content_id in chosen:
        if should_stop() or (queries and time.monotonic() - begun > LIMIT_S):
            break
        try:
            vector = index.vectors(np.array([content_id], dtype=np.int64))[0]
        except KeyError:  # taken out meanwhile
            continue
        start = time.perf_counter()
        near = index.search(vector, K + 1)[0]
        middle = time.perf_counter()
        exact = index.search(vector, K + 1, is_exact=True)[0]
        exact_s += time.perf_counter() - middle
        fast_s += middle - start
        others = set(exact.tolist()) - {int(content_id)}
        found += len(others & set(near.tolist()))
        wanted += len(others)
        queries += 1
    if not wanted:
        return None
    return Recall(K, queries, found / wanted, fast_s / queries * 1000, exact_s / queries * 1000)
