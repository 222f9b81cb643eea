"""What the network is told to do: the losses of one step, each a mean over the batch.

All vectors are rows of length 1. "Teacher" is the embedding of the whole, undamaged photo in the target space; a
view that shows a fifth of the photo is still pulled to it, which teaches meaning and invariance at once.
"""

from typing import Any

import torch
from torch.nn import functional


def distillation(vectors: Any, targets: Any) -> Any:
    """1 - cosine to the teacher's vector."""
    return (1 - (vectors * targets).sum(dim=1)).mean()


def relation(vectors: Any, targets: Any, temperature: float = 0.08) -> Any:
    """Cross-entropy between the similarities inside the batch, the network's and the teacher's.

    Relational distillation by soft neighbours (Fang et al., "SEED", ICLR 2021), with the batch as the queue. A
    photo's similarity to itself is left out.
    """
    self_masked = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    own = (vectors @ vectors.T / temperature).masked_fill(self_masked, -1e4)
    wanted = (targets @ targets.T / temperature).masked_fill(self_masked, -1e4)
    return functional.cross_entropy(own, wanted.softmax(dim=1))


def view_contrast(first: Any, second: Any, targets: Any, temperature: float = 0.1, near: float = 0.6) -> Any:
    """InfoNCE between two views of each photo (van den Oord et al. 2018, as in SimCLR, Chen et al. 2020).

    Args:
        first: Vectors of one view of each photo, [n, d].
        second: Those of the other view.
        targets: The teacher's vectors; other photos whose cosine to this one is above `near` are no negatives,
            since two photos of one thing should not be pushed apart. None: all others are negatives.
        temperature: Of the softmax.
        near: See `targets`.
    """
    scores = first @ second.T / temperature
    if targets is not None:
        close = (targets @ targets.T > near) & ~torch.eye(len(first), dtype=torch.bool, device=first.device)
        scores = scores.masked_fill(close, -1e4)
    wanted = torch.arange(len(first), device=first.device)
    return 0.5 * (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted))


def caption_contrast(pictures: Any, captions: Any, temperature: float = 0.05) -> Any:
    """InfoNCE between pictures in text space and their captions, as in CLIP (Radford et al. 2021)."""
    scores = pictures @ captions.T / temperature
    wanted = torch.arange(len(pictures), device=pictures.device)
    return 0.5 * (functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted))


def supervised_contrast(vectors: Any, labels: Any, temperature: float = 0.1) -> Any:
    """Supervised contrastive loss (Khosla et al., NeurIPS 2020), for photos with labels and no teacher.

    Args:
        vectors: [n, d].
        labels: int64 [n]; -1 is "no label", which takes part as a negative only.
        temperature: Of the softmax.
    """
    self_masked = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    scores = (vectors @ vectors.T / temperature).masked_fill(self_masked, -1e4)
    positive = (labels[:, None] == labels[None, :]) & (labels[:, None] >= 0) & ~self_masked
    counts = positive.sum(dim=1)
    losses = -(scores.log_softmax(dim=1) * positive).sum(dim=1) / counts.clamp(min=1)
    has_any = counts > 0
    return losses[has_any].mean() if bool(has_any.any()) else vectors.sum() * 0.0
