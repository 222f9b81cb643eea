"""How well vectors find their like: class mAP and precision at 10, on photos of classes nothing was fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Means over all queries: average precision of the ranking, and the share of right ones in its first ten."""

    mean_average_precision: float
    precision_at_10: float
    queries: int


def class_retrieval(vectors: NDArray[np.float32], labels: Sequence[str]) -> Retrieval:
    """Let every photo query all others; those of its class are right.

    Args:
        vectors: float32 [n, d], rows of length 1.
        labels: Class of each; a class of one photo is no query.
    """
    _, classes = np.unique(np.asarray(labels), return_inverse=True)
    precisions: list[float] = []
    firsts: list[float] = []
    for start in range(0, len(vectors), 512):
        block = slice(start, start + 512)
        scores = vectors[block] @ vectors.T
        rows = np.arange(scores.shape[0])
        scores[rows, rows + start] = -np.inf  # itself last, where it is cut off
        ranking = np.argsort(-scores, axis=1, kind="stable")[:, :-1]
        right = classes[ranking] == classes[block][:, None]
        places = np.arange(1, right.shape[1] + 1)
        hits = right.cumsum(axis=1)
        totals = hits[:, -1]
        average = (hits / places * right).sum(axis=1) / np.maximum(totals, 1)
        precisions.extend(average[totals > 0].tolist())
        firsts.extend(right[totals > 0, :10].mean(axis=1).tolist())
    return Retrieval(float(np.mean(precisions)), float(np.mean(firsts)), len(precisions))
