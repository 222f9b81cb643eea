"""Words, as far as one network knows them: the vector of a query's words, the labels of photos, the index of both.

One `Words` belongs to one network that has a text space. The query thread asks it for vectors and searches its
index; the indexer's thread adds to the index and asks for labels. Nothing is loaded before it is needed: the text
encoder (23 MB, 0.2 s) with the first words or the first new photo, the index with the first words. A library whose
owner never searches by words pays neither the time nor the memory of a second index.

As long as the index is not open, what the indexer adds is dropped here: it is in the catalog, and opening reads it
there. The lock makes that safe: who opens holds it from before the catalog is read until the index is there, so a
vector is either committed before that reading, or added after it.

The alternative that lost is one index with both vectors of a photo side by side: a search by likeness would read
past the words' half of every row, and networks without words would need another layout.
"""

import hashlib
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Labels
from photofind.embedding import vocabulary
from photofind.embedding.manifest import TextSpace
from photofind.embedding.text_encoder import LABEL_SENTENCES, TextEncoder, labels_vectors, words_vector
from photofind.errors import ModelError
from photofind.search.chances import at
from photofind.search.vector_index import Ids, VectorIndex, Vectors

MOST_LABELS = 8
"""Labels a photo gets at most, the surest; more would be a paragraph in the details and a tenth more catalog."""

LEAST_CHANCE = 0.3
"""A label with a smaller chance is not kept. The chances are cautious: they were fitted on photos where only the
names of one class count as right, and a dog on a beach shows more than a dog. Looked at, about half of the labels
at .3 are right; what is less sure is still found by the photo's vector."""


class Words:
    """The words of one network. Thread-safe.

    Args:
        space: The network's text space.
        load_encoder: Loads its text encoder; called once, on whichever thread needs it first. May raise ModelError.
        open_index: Opens its index over the catalog's vectors among words; called at most once, in the same way.

    Attributes:
        found_cosine: Below it a photo is no answer to words.
        tells_chances: Whether there is a chance that a photo shows what words say.
    """

    def __init__(
        self, space: TextSpace, load_encoder: Callable[[], TextEncoder], open_index: Callable[[], VectorIndex]
    ) -> None:
        self.found_cosine = space.found_cosine
        self.tells_chances = space.shows is not None
        self._space = space
        self._load_encoder = load_encoder
        self._open_index = open_index
        self._encoder_guard = threading.Lock()
        self._encoder: TextEncoder | ModelError | None = None
        self._labels: Vectors | None = None
        self._index_guard = threading.Lock()
        self._index: VectorIndex | None = None
        self._is_closed = False

    # ------------------------------------------------------------------------------------------ for queries

    def vector(self, text: str) -> Vectors:
        """Return the vector of English words: float32 [dimension], of length 1.

        Raises:
            ModelError: The encoder cannot be used.
        """
        return words_vector(self._loaded_encoder(), self._space, text)

    def index(self) -> VectorIndex:
        """Return the index, opened now if nobody did before: 1.5 CPU-seconds at 100,000 photos.

        Raises:
            ModelError: It was closed, because another network answers from now on.
        """
        with self._index_guard:
            if self._is_closed:
                raise ModelError("Another network answers now; search again.")
            if self._index is None:
                self._index = self._open_index()
            return self._index

    def chances(self, ids: Ids, vector: Vectors) -> NDArray[np.float64]:
        """Return the chances that photos show what words say: float64 [n], NaN for those without a vector here.

        Args:
            ids: Contents, [n].
            vector: Of the words.

        Raises:
            ModelError: As for `index`.
        """
        found = np.full(len(ids), np.nan)
        if self._space.shows is not None:
            index = self.index()
            inside = index.known(ids)
            found[inside] = at(self._space.shows, index.vectors(ids[inside]) @ vector)
        return found

    # ------------------------------------------------------------------------------------------ for indexing

    @property
    def labels_made_by(self) -> str:
        """What labels depend on beside the photo's vector, as a mark: when it changes, all are made anew.

        Raises:
            ModelError: The list of labels cannot be read.
        """
        space = self._space
        given = (space.encoder, space.label, MOST_LABELS, LEAST_CHANCE, LABEL_SENTENCES, vocabulary.labels_sha256())
        mark = hashlib.sha256(repr(given).encode())
        if space.centre is not None:
            mark.update(space.centre.tobytes())
        return mark.hexdigest()[:16]

    def labels(self, vectors: Vectors) -> list[Labels]:
        """Return the labels of photos, the surest first; none where the network has no calibration for them.

        One product with 1,500 labels: 0.03 CPU-ms a photo.

        Args:
            vectors: [n, dimension], of length 1: the photos among words.

        Raises:
            ModelError: The encoder or the list of labels cannot be used.
        """
        chance = self._space.label
        if chance is None:
            return [()] * len(vectors)
        names = vocabulary.labels()
        cosines = vectors @ self._label_vectors().T
        least = chance.cosine(LEAST_CHANCE)
        found: list[Labels] = []
        for row in cosines:
            places = np.flatnonzero(row >= least)
            best = places[np.argsort(-row[places], kind="stable")][:MOST_LABELS]
            found.append(tuple((names[place].name, chance.probability(float(row[place]))) for place in best))
        return found

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors that are in the catalog already; see `VectorIndex.add`."""
        with self._index_guard:
            if self._index is not None:
                self._index.add(ids, vectors)

    def build(self, should_stop: Callable[[], bool]) -> bool:
        """Do what the index leaves for quiet moments; see `VectorIndex.build`."""
        index = self._index
        return index is None or index.build(should_stop)

    def save(self) -> None:
        """Write the index; see `VectorIndex.save`."""
        if (index := self._index) is not None:
            index.save()

    def close(self) -> None:
        """Save the index and let go of it; it is not opened again."""
        with self._index_guard:
            self._is_closed = True
            if self._index is not None:
                self._index.close()

    # ------------------------------------------------------------------------------------------ inside

    def _loaded_encoder(self) -> TextEncoder:
        with self._encoder_guard:
            if self._encoder is None:
                try:
                    self._encoder = self._load_encoder()
                except ModelError as error:
                    self._encoder = error  # once is enough: each attempt reads 23 MB
            if isinstance(self._encoder, ModelError):
                raise self._encoder
            return self._encoder

    def _label_vectors(self) -> Vectors:
        if self._labels is None:  # two threads at once would only do the same twice
            self._labels = labels_vectors(self._loaded_encoder(), self._space)
        return self._labels
