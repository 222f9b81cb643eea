"""From a folder of photos to a finished network: the two recipes that made what PhotoFind ships.

`Workshop` holds what both share and what takes long: pixels, teachers' features, words' vectors, all cached in one
folder. `accurate` puts our heads on a teacher as it is; `Workshop.resnet_sets` feeds `train.Trainer`, whose result
`finish` gives its text head. `photofind train` and `python -m photofind.training` call these.
"""

import logging
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from photofind.embedding.text_encoder import TextEncoder
from photofind.errors import UserError
from photofind.training import heads, networks, projection, teachers
from photofind.training.augment import DAMAGED, STRONG, TURNED
from photofind.training.data import Shards
from photofind.training.evaluate import SMALL_SOURCES
from photofind.training.train import Photos

logger = logging.getLogger(__name__)

STORED_PX = 160
"""Side of the pixels that training keeps; most training photos have 128 on their shorter side."""
SMALL_PX = 64
RESNET_INPUT_PX = 160
RESNET_DIMENSION = 384
"""The pair's principal components at 256, 384 and 512 values: class mAP .779, .782, .782."""
ACCURATE_DIMENSION = 512
CENTRE, WHITENING = 0.5, 0.15
"""See `projection`; on five groups of classes .15 ranks best on the mean (.8347; .8341 at .25, .8334 at 0)."""
NAME_TEMPLATES = ("a photo of a {}.", "{}")
VIEWED_PHOTOS = 2400
VIEWS = (STRONG, TURNED, TURNED, DAMAGED, DAMAGED)
SMALL_SHARE = 0.25
"""How often a step draws from the 64-px photos."""
CAPTIONED_SHARE = 2.0
"""A captioned photo is drawn so much more often."""


class Workshop:
    """Training photos with everything that is computed of them once.

    Args:
        shards: The photos.
        cache: Folder for what is computed; gigabytes for large collections.
        encoder: Makes words into vectors.

    Raises:
        UserError: There is nothing to train on.
    """

    def __init__(self, shards: Shards, cache: Path, encoder: TextEncoder) -> None:
        self.shards = shards
        self.cache = cache
        self._encoder = encoder
        cache.mkdir(parents=True, exist_ok=True)
        photos = shards.photos
        is_small = np.array([photo.source in SMALL_SOURCES for photo in photos], dtype=bool)
        may_train = np.array([photo.may_train for photo in photos], dtype=bool)
        self.rows = np.flatnonzero(may_train & ~is_small)
        """Of `shards.photos`, those that training may see, without the small ones."""
        self.small_rows = np.flatnonzero(may_train & is_small)
        if not len(self.rows):
            raise UserError("There are no photos to train on.")

    # What is computed once

    def pixels(self, rows: NDArray[np.int64], side_px: int, name: str) -> NDArray[np.uint8]:
        """Return the pixels of some photos, uint8 [n, side_px, side_px, 3], memory-mapped."""
        path = self.cache / f"{name}-{side_px}.npy"
        if not path.is_file():
            temporary = path.with_suffix(".tmp")
            made = np.lib.format.open_memmap(temporary, "w+", np.uint8, (len(rows), side_px, side_px, 3))
            start = 0
            for batch in self.shards.pixels([self.shards.photos[row] for row in rows], side_px, 64):
                made[start : start + len(batch)] = batch
                start += len(batch)
            made.flush()
            temporary.replace(path)
            logger.info("%s: %d photos at %d px", name, len(rows), side_px)
        kept: NDArray[np.uint8] = np.load(path, mmap_mode="r")
        if len(kept) != len(rows):
            raise UserError(f"{path} was made from other photos; delete it, or name another cache folder.")
        return kept

    def features(self, level: int) -> NDArray[np.float16]:
        """Return a teacher's unit features of all photos, float16 [n, 1280]."""
        return teachers.Teacher(level, self.cache, self.shards).features(self.shards.photos)

    @cached_property
    def words_centre(self) -> NDArray[np.float32]:
        """The mean vector of captions (of class names where there are none), which is taken off all words."""
        vectors = self._captions[1] if len(self._captions[1]) else self._raw_names
        centre: NDArray[np.float32] = vectors.mean(axis=0).astype(np.float32)
        return centre

    def words(self, texts: list[str]) -> NDArray[np.float32]:
        """Return centred unit vectors of words, float32 [n, t]."""
        return _unit(self._encoder.encode(texts) - self.words_centre)

    @cached_property
    def captions(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The photo's row of each caption that training may see, and its centred unit vector."""
        rows, vectors = self._captions
        return rows, _unit(vectors - self.words_centre) if len(vectors) else vectors

    @cached_property
    def _captions(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        path = self.cache / f"captions-{self._encoder.encoder_id}.npz"
        if not path.is_file():
            pairs = [(row, text) for row in self.rows.tolist() for text in self.shards.photos[row].captions]
            texts = [text for _, text in pairs]
            parts = [self._encoder.encode(texts[i : i + 64]) for i in range(0, len(texts), 64)]
            vectors = np.concatenate(parts) if parts else np.zeros((0, self._encoder.dimension), np.float32)
            np.savez(path, rows=np.array([row for row, _ in pairs], np.int64), vectors=vectors)
        with np.load(path) as kept:
            return kept["rows"], kept["vectors"]

    @cached_property
    def _raw_names(self) -> NDArray[np.float32]:
        made = [
            self._encoder.encode([form.format(name) for name in teachers.class_names()]) for form in NAME_TEMPLATES
        ]
        return np.asarray(np.mean(made, axis=0), dtype=np.float32)

    @cached_property
    def names(self) -> NDArray[np.float32]:
        """Centred unit vectors of the teachers' class names, float32 [1000, t]."""
        return _unit(self._raw_names - self.words_centre)

    # The recipes

    def accurate(self, level: int = 2) -> networks.EmbeddingNetwork:
        """Return EfficientNet-Lite with our heads: its trunk as it is, both heads learned on its features."""
        own, other = self.features(level), self.features(0 if level else 2)
        rows = self.rows
        features = own[rows].astype(np.float32)
        pair = np.concatenate([features, other[rows].astype(np.float32)], axis=1)
        pair = _unit(pair - CENTRE * pair.mean(axis=0))
        start = projection.fit(features).layer(ACCURATE_DIMENSION, centre=CENTRE, whitening=WHITENING)
        viewed = np.sort(np.random.default_rng(5).permutation(len(rows))[:VIEWED_PHOTOS])
        pixels = self.pixels(rows, STORED_PX, "photos")[viewed]
        views = teachers.Teacher(level, self.cache, self.shards).view_features(pixels, VIEWS)
        network = teachers.lite(level)
        network.projection = heads.learn_projection(start, features, pair, features[viewed], views)
        network.text_head = self.text_head(features, rows, teachers.classifier(level))
        network.normalise_features = True
        network.eval()
        return network

    def text_head(self, features: NDArray[np.float32], rows: NDArray[np.int64], classifier: nn.Linear) -> nn.Module:
        """Return the text head for features [n, c] of the photos `rows`, all of which training may see."""
        caption_rows, captions = self.captions
        place = {row: index for index, row in enumerate(rows.tolist())}
        told = [row for row in np.unique(caption_rows).tolist() if row in place]
        if not told:
            return heads.fit_text_head(features, classifier, self.names)
        meanings = np.stack([captions[caption_rows == row].mean(axis=0) for row in told])
        told_by = heads.Captions(features[[place[row] for row in told]], meanings, captions)
        return heads.fit_text_head(features, classifier, self.names, told_by)

    def resnet_targets(self) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
        """Return what the ResNet learns: the pair's vectors and text vectors of all photos, float16, unit rows."""
        pair = np.concatenate([self.features(0), self.features(2)], axis=1).astype(np.float32) * 0.5**0.5
        layer = projection.fit(pair[self.rows]).layer(RESNET_DIMENSION, centre=CENTRE, whitening=WHITENING)
        own = np.asarray(self.features(2), np.float32)
        head = self.text_head(own[self.rows], self.rows, teachers.classifier(2))
        with torch.no_grad():
            vectors, texts = layer(torch.from_numpy(pair)).numpy(), head(torch.from_numpy(own)).numpy()
        return _unit(vectors).astype(np.float16), _unit(texts).astype(np.float16)

    def resnet_sets(self) -> list[Photos]:
        """Return the photos for `train.Trainer`, with the teachers' vectors."""
        vectors, texts = self.resnet_targets()
        rows = self.rows
        caption_rows, captions = self.captions
        place = {row: index for index, row in enumerate(rows.tolist())}
        captions_of: dict[int, tuple[int, ...]] = {}
        for index, row in enumerate(caption_rows.tolist()):
            captions_of[place[row]] = (*captions_of.get(place[row], ()), index)
        # By size^0.6 of their source: the large ones would drown the rest, all alike would wear out the small ones.
        sources = np.array([self.shards.photos[row].source for row in rows])
        _, which, counts = np.unique(sources, return_inverse=True, return_counts=True)
        weights = counts[which] ** -0.4
        weights[list(captions_of)] *= CAPTIONED_SHARE
        sets = [
            Photos(
                self.pixels(rows, STORED_PX, "photos"),
                vectors[rows],
                texts[rows],
                captions if len(captions) else None,
                captions_of,
                share=1 - SMALL_SHARE,
                weights=weights,
            )
        ]
        if len(self.small_rows):
            small = self.pixels(self.small_rows, SMALL_PX, "small")
            sets.append(Photos(small, vectors[self.small_rows], texts[self.small_rows], share=SMALL_SHARE))
        return sets

    def labelled_sets(self) -> list[Photos]:
        """Return the photos with labels for `train.Trainer`, without any teacher.

        Raises:
            UserError: No photo has a label.
        """
        names = sorted({self.shards.photos[row].label.casefold() for row in self.rows} - {""})
        if not names:
            raise UserError("No photo has a label, so that there is nothing to learn without a teacher.")
        number = {name: place for place, name in enumerate(names)}
        labels = [number.get(self.shards.photos[row].label.casefold(), -1) for row in self.rows]
        return [Photos(self.pixels(self.rows, STORED_PX, "photos"), labels=np.array(labels, np.int64))]

    def warm_up(
        self, network: networks.EmbeddingNetwork, part: Photos, *, only_words: bool, count: int = 5000
    ) -> None:
        """Fit the heads of a ResNet to its first features, so that training starts from something.

        Args:
            network: Its heads are changed in place.
            part: Photos with a teacher.
            only_words: Keep the projection, which came with the weights.
            count: So many photos are looked at.
        """
        assert part.vectors is not None
        assert part.text_vectors is not None
        chosen = np.sort(np.random.default_rng(0).permutation(len(part.pixels))[:count])
        features = clean_features(network, part.pixels, chosen)
        heads_of = [(network.text_head, part.text_vectors)]
        if not only_words:
            heads_of.append((network.projection, part.vectors))
        for head, targets in heads_of:
            if head is not None:
                head.load_state_dict(heads.fit_linear(features, targets[chosen].astype(np.float32)).state_dict())

    def finish(self, network: networks.EmbeddingNetwork, count: int = 16000) -> None:
        """Give a trained ResNet its text head, fitted to its own features as the teacher's is."""
        chosen = np.sort(np.random.default_rng(1).permutation(len(self.rows))[:count])
        described = np.flatnonzero(np.isin(self.rows, self.captions[0]))
        chosen = np.union1d(chosen, described)
        features = clean_features(network, self.pixels(self.rows, STORED_PX, "photos"), chosen)
        taught = torch.from_numpy(self.features(2)[self.rows[chosen]].astype(np.float32))
        with torch.no_grad():
            chances = teachers.classifier(2)(taught).softmax(dim=1).numpy()
        classifier = heads.fit_classifier(features, chances)
        network.text_head = self.text_head(features, self.rows[chosen], classifier)


def clean_features(
    network: networks.EmbeddingNetwork, pixels: NDArray[np.uint8], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the pooled features of some photos as the network sees them at its own input size, float32 [n, c]."""
    network.eval()
    made = []
    with torch.no_grad():
        for start in range(0, len(rows), 32):
            batch = torch.from_numpy(np.ascontiguousarray(pixels[rows[start : start + 32]]))
            images = network.images(batch)
            if images.shape[-1] != network.input_px:
                size = (network.input_px, network.input_px)
                images = nn.functional.interpolate(images, size=size, mode="bicubic", antialias=True)
            made.append(network.features(images).numpy())
    return np.concatenate(made)


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
