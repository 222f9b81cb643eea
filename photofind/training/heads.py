"""Heads for features that are there already: a projection that ranks like the teachers, an output in text space.

A frozen trunk's features are computed once; what is learned on them are single matrices, in seconds. The same text
head serves the fine-tuned ResNet and the frozen teacher, so that both are given words in one way.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from photofind.training import losses

TEXT_WHITENING = 0.3
"""Power to which the covariance of captions is divided out of the predicted text vectors. Predictions crowd along
the directions in which captions vary most (people, dogs); held-out captions found their photo among the first ten
of 1,000 in .647 of the cases at 0, .682 at .3, .691 at .5."""
TEXT_PENALTY = 1.0
"""Of the ridge regression, in units of the mean diagonal; .3 and 3 lose .005."""
NAMES_SHARE = 0.7
"""Mean length of what class names say against what captions taught. Measured at 0, .5 and 1: held-out
captions among the first ten of 161 photos .81, .81, .80; the first everyday label right .15, .37, .40."""


class TextHead(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Features to text space: what captions taught, and the mean of class names by their chance.

    The second part is ConSE (Norouzi et al., "Zero-shot learning by convex combination of semantic embeddings",
    ICLR 2014), inside the graph. One linear layer for both lost: it found .46 of the labels among the first five
    where the two parts together find .57, and captions less often, too.

    Args:
        captions: Features to text space.
        classifier: Features to classes.
        names: Chances of classes to text space; its columns are the names' vectors.
    """

    def __init__(self, captions: nn.Linear, classifier: nn.Linear, names: nn.Linear) -> None:
        super().__init__()
        self.captions = captions
        self.classifier = classifier
        self.names = names

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """[n, c] to [n, t]."""
        made: torch.Tensor = self.captions(features) + self.names(self.classifier(features).softmax(dim=1))
        return made


@dataclass(frozen=True, slots=True)
class Captions:
    """Photos that somebody described.

    Attributes:
        features: float32 [m, c].
        meanings: Mean of each one's centred captions, float32 [m, t].
        vectors: All captions, centred unit vectors, float32 [k, t].
    """

    features: NDArray[np.float32]
    meanings: NDArray[np.float32]
    vectors: NDArray[np.float32]


def fit_text_head(
    features: NDArray[np.float32],
    classifier: nn.Linear,
    names: NDArray[np.float32],
    captions: Captions | None = None,
) -> TextHead:
    """Return the head from features to text space.

    Args:
        features: Of photos of all kinds, float32 [n, c]; their mean lies in the middle of the space afterwards.
        classifier: Features to classes.
        names: Centred unit vectors of the classes' names, float32 [classes, t].
        captions: None for photos that nobody described; then the names alone speak.
    """
    if captions is None:
        plain = _layer(np.zeros((features.shape[1], names.shape[1])), np.zeros(names.shape[1]))
        mixed = _layer(names, np.zeros(names.shape[1]))
    else:
        plain = fit_captions(captions.features, captions.meanings, captions.vectors)
        mixed = _layer(names @ _whitening(captions.vectors), np.zeros(names.shape[1]))
    head = TextHead(plain, classifier, mixed)
    given = torch.from_numpy(np.ascontiguousarray(features))
    with torch.no_grad():
        told, named = plain(given), mixed(classifier(given).softmax(dim=1))
        for layer, made, share in ((plain, told, 1.0), (mixed, named, NAMES_SHARE)):
            length = max(float(made.norm(dim=1).mean()), 1e-6)
            layer.weight.mul_(share / length)
            layer.bias.mul_(share / length)
        plain.bias.sub_(head(given).mean(dim=0))
    head.eval()
    return head


def fit_captions(
    features: NDArray[np.float32], meanings: NDArray[np.float32], captions: NDArray[np.float32]
) -> nn.Linear:
    """Return the layer from features to text space that captions teach: ridge regression, partly whitened.

    On 7,000 captioned photos it finds captions as well as a contrastive loss does (.647 against .636 and less of
    1,000), which learns them by heart.

    Args:
        features: Of photos with captions, float32 [m, c].
        meanings: Mean of each one's centred captions, float32 [m, t].
        captions: All captions, centred unit vectors, float32 [k, t].
    """
    return fit_linear(features, meanings @ _whitening(captions), TEXT_PENALTY)


def _whitening(captions: NDArray[np.float32]) -> NDArray[np.float64]:
    spread = np.cov(captions.T)
    values, axes = np.linalg.eigh(spread + 1e-3 * np.trace(spread) / len(spread) * np.eye(len(spread)))
    made: NDArray[np.float64] = (axes * (values / values.mean()) ** -TEXT_WHITENING) @ axes.T
    return made


def fit_classifier(features: NDArray[np.float32], chances: NDArray[np.float32], steps: int = 400) -> nn.Linear:
    """Return softmax regression from features [n, c] to a teacher's chances of classes [n, classes].

    Distillation in its first form (Hinton et al. 2015), of the last layer alone.
    """
    generator = torch.Generator().manual_seed(0)
    scale = float(np.linalg.norm(features, axis=1).mean())
    layer = nn.Linear(features.shape[1], chances.shape[1])
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    given, wanted = torch.from_numpy(features / scale), torch.from_numpy(chances)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=0.3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        rows = torch.randint(len(given), (min(512, len(given)),), generator=generator)
        loss = functional.cross_entropy(layer(given[rows]), wanted[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        layer.weight.div_(scale)
    return layer.eval()


def learn_projection(
    start: nn.Linear,
    features: NDArray[np.float32],
    teacher: NDArray[np.float32],
    originals: NDArray[np.float32],
    views: NDArray[np.float32],
    *,
    steps: int = 400,
    invariance: float = 0.5,
    seed: int = 0,
) -> nn.Linear:
    """Return a projection that ranks photos as the teacher does and edited views with their originals.

    Measured on Lite2 with the pair Lite0 + Lite2 as the teacher, 512 values: class mAP .786 at an invariance of .3,
    .782 at 1 and .779 at 3 (principal components .788, features as they are .773); of 20 kinds of edits .982, .983
    and .983 came first (principal components .954, features .955), of quarter turns .93 instead of .77.

    Args:
        start: Where to begin: principal components.
        features: Unit features of whole photos, float32 [n, c].
        teacher: The teacher's unit vectors of the same photos, float32 [n, t].
        originals: Unit features of other photos, float32 [m, c].
        views: Unit features of edited views of those, float32 [m, k, c].
        steps: Of Adam.
        invariance: Weight of the contrast between views and originals.
        seed: Of the samples.
    """
    layer = nn.Linear(start.in_features, start.out_features)
    layer.load_state_dict(start.state_dict())
    rate = 0.01 * float(start.weight.detach().abs().mean())
    optimiser = torch.optim.Adam(layer.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    random = np.random.default_rng(seed)
    for _ in range(steps):
        rows = random.choice(len(features), min(512, len(features)), replace=False)
        loss = losses.relation(_embedded(layer, features[rows]), torch.from_numpy(teacher[rows]))
        if invariance:
            chosen = random.choice(len(originals), min(256, len(originals)), replace=False)
            seen = views[chosen, random.integers(0, views.shape[1], len(chosen))]
            contrast = losses.view_contrast(_embedded(layer, seen), _embedded(layer, originals[chosen]), None, 0.07)
            loss = loss + invariance * contrast
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return layer.eval()


def fit_linear(features: NDArray[np.float32], targets: NDArray[np.floating], penalty: float = 0.3) -> nn.Linear:
    """Return the ridge regression from features [n, c] to targets [n, d]; penalty in units of the mean diagonal."""
    centre, middle = features.mean(axis=0, dtype=np.float64), targets.mean(axis=0, dtype=np.float64)
    centred = (features - centre).astype(np.float32)
    gram = (centred.T @ centred).astype(np.float64)
    gram += penalty * np.trace(gram) / len(gram) * np.eye(len(gram))
    weights = np.linalg.solve(gram, centred.T @ (targets - middle))
    return _layer(weights, middle - centre @ weights)


def _embedded(layer: nn.Linear, features: NDArray[np.float32]) -> torch.Tensor:
    return functional.normalize(layer(torch.from_numpy(np.ascontiguousarray(features))), dim=1)


def _layer(weights: NDArray[np.floating], bias: NDArray[np.floating]) -> nn.Linear:
    layer = nn.Linear(*weights.shape)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights.T))
        layer.bias.copy_(torch.from_numpy(bias))
    return layer.eval()
