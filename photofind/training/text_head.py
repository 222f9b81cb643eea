"""Words for a network that knows none: its text head fitted on captioned photos, and what its cosines mean.

For networks that somebody adds by name. Its own classes are not used, as they are for the networks that PhotoFind
ships (`recipe`): captions alone are what every network can be given in one way, and what the literature's networks
lack. Everything is measured on photos that the head was not fitted on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from torch import nn

from photofind.embedding.image_embedder import INPUT_NAME
from photofind.embedding.manifest import Chance, TextSpace
from photofind.embedding.text_encoder import TextEncoder, centred, encode_typed, labels_vectors
from photofind.training import heads
from photofind.training.calibrate import found_cosine, label_chance, shows_chance
from photofind.training.data import Shards, TrainingPhoto
from photofind.training.evaluate import labelled_photos, typed_scores
from photofind.training.export_onnx import export
from photofind.training.networks import EmbeddingNetwork

FITTED_PHOTOS = 8000
LEAST_PHOTOS = 500
"""Fewer captioned photos than this say too little of the world."""
JUDGED_PHOTOS = 1000
LEAST_JUDGED = 30
"""Fewer photos than this measure nothing; then a cautious guess would be one nobody could check."""


@dataclass(frozen=True, slots=True)
class FittedWords:
    """What `fit_to` found.

    Attributes:
        space: For the manifest.
        photos: Captioned photos that the head was fitted on.
        judged: Captioned photos that it was not fitted on.
        recall_at_10: Share of their captions with their photo among the first ten of them.
    """

    space: TextSpace
    photos: int
    judged: int
    recall_at_10: float


def captioned(shards: Shards, *, held_out: bool) -> list[TrainingPhoto]:
    """Return the photos with captions on one side of the split."""
    return [photo for photo in shards.photos if photo.captions and photo.may_train != held_out]


def fit_to(network: EmbeddingNetwork, shards: Shards, encoder: TextEncoder) -> FittedWords | None:
    """Give a network its text head, in place; None where there are too few captions.

    Args:
        network: Its features are brought to length 1 from now on.
        shards: Photos, some with captions.
        encoder: Makes words into vectors.
    """
    fitted = captioned(shards, held_out=False)[:FITTED_PHOTOS]
    judged = captioned(shards, held_out=True)[:JUDGED_PHOTOS]
    if len(fitted) < LEAST_PHOTOS or len(judged) < LEAST_JUDGED:
        return None
    network.normalise_features = True
    captions, photo_of = _encoded(fitted, encoder)
    centre = captions.mean(axis=0)
    captions = _unit(captions - centre)
    means = np.zeros((len(fitted), captions.shape[1]), np.float32)
    np.add.at(means, photo_of, captions)
    means /= np.bincount(photo_of, minlength=len(fitted))[:, None]
    session = _feature_session(network)
    features = _features(session, shards.pixels(fitted, network.input_px))
    network.text_head = heads.fit_captions(features, means, captions)
    space = TextSpace(encoder.encoder_id, captions.shape[1], centre=centre.astype(np.float32))

    shown = _shown(network, _features(session, shards.pixels(judged, network.input_px)))
    told = [(row, text) for row, photo in enumerate(judged) for text in photo.captions]
    described = np.array([row for row, _ in told], dtype=np.int64)
    scores = centred(encode_typed(encoder, space, [text for _, text in told]), space) @ shown.T
    own = scores[np.arange(len(scores)), described]
    recall = float(((scores > own[:, None]).sum(axis=1) < 10).mean())
    label, shows = _chances(network, session, shards, encoder, space)
    space = replace(space, label=label, shows=shows, found_cosine=found_cosine(scores, described))
    return FittedWords(space, len(fitted), len(judged), round(recall, 3))


def _chances(
    network: EmbeddingNetwork, session: Any, shards: Shards, encoder: TextEncoder, space: TextSpace
) -> tuple[Chance | None, Chance | None]:
    """Return the chances that a label holds and that a photo shows what words say; None where nothing tells.

    From held-out photos whose class is an everyday word.
    """
    right_of = labelled_photos([photo for photo in shards.photos if photo.label and not photo.may_train])
    if len(right_of) < LEAST_JUDGED:
        return None, None
    photos = list(right_of)
    shown = _shown(network, _features(session, shards.pixels(photos, network.input_px)))
    scores = shown @ labels_vectors(encoder, space).T
    right = np.zeros(scores.shape, dtype=bool)
    for row, photo in enumerate(photos):
        right[row, list(right_of[photo])] = True
    typed = typed_scores(shown, [photo.label.casefold() for photo in photos], right, space, encoder)
    return label_chance(scores, right), shows_chance(*typed)


def _feature_session(network: EmbeddingNetwork) -> Any:
    """Return the network without its heads in onnxruntime, twice as quick as torch on a CPU; unit features."""
    projection, head = network.projection, network.text_head
    network.projection, network.text_head = nn.Identity(), None
    try:
        data = export(network).SerializeToString()
    finally:
        network.projection, network.text_head = projection, head
    return onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])


def _features(session: Any, batches: Iterable[NDArray[np.uint8]]) -> NDArray[np.float32]:
    return np.concatenate([session.run(None, {INPUT_NAME: batch})[0] for batch in batches])


def _shown(network: EmbeddingNetwork, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return where photos lie in text space: rows of length 1."""
    head = network.text_head
    assert isinstance(head, nn.Linear)
    return _unit(features @ head.weight.detach().numpy().T + head.bias.detach().numpy())


def _encoded(photos: list[TrainingPhoto], encoder: TextEncoder) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the vectors of all captions, float32 [m, t], and the photo of each, [m]."""
    pairs = [(row, text) for row, photo in enumerate(photos) for text in photo.captions]
    return encoder.encode([text for _, text in pairs]), np.array([row for row, _ in pairs], dtype=np.int64)


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)
