"""Which photo of the library a picture from outside is: the decision of `photo.likeness` over the whole library.

Called on the thread that checks a folder, with that thread's read-only catalog. It owns the upright hashes of the
library (32 bytes a content, read once) and nothing else.

Candidates come from the same two sources as those of duplicates: hashes near at any of the eight turns, and
neighbours by embedding. Asking the search for each file lost: it ranks, fuses and reads 200 photos to answer one
yes or no, and it looks at hashes only among the nearest.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.duplicates.candidates import Ids, Neighbours
from photofind.photo.hashes import HASH_BYTES, TURNS
from photofind.photo.likeness import (
    BOTH_BITS,
    MIN_QUALITY,
    NO_DISTANCE,
    match_kinds,
    near_cosine,
    outside_traits,
    traits,
    turn_distances,
)
from photofind.records import MatchKind, Prepared

_STEP = 8_192
_NEAREST = 64
_SUREST_FIRST = (MatchKind.IDENTICAL, MatchKind.SAME, MatchKind.BURST)


class LibraryPictures:
    """See the module.

    Args:
        catalog: A connection of the calling thread.
        index: The vectors of the model in use.
        same_picture_cosine: The model's calibration.
    """

    def __init__(self, catalog: Catalog, index: Neighbours, *, same_picture_cosine: float) -> None:
        self._catalog = catalog
        self._index = index
        self._same_picture_cosine = same_picture_cosine
        ids, turns, quality = catalog.hashes()
        good = quality >= MIN_QUALITY
        self._hashed: Ids = ids[good]
        # [4, n]: a word of all hashes lies together.
        self._upright = np.ascontiguousarray(turns[good, 0]).view(np.uint64).T.copy()

    def match(self, prepared: Prepared, vector: NDArray[np.float32]) -> tuple[MatchKind, int] | None:
        """Return what a picture is to the photo it is most to, and that photo's id.

        Args:
            prepared: The picture, with its hash.
            vector: Its embedding, float32 [d], of length 1.

        Returns:
            `IDENTICAL` or `SAME` for the same picture, `BURST` for another of the same moment, else None. What is
            only alike is no answer here: for a person it is a new picture.
        """
        near = self._near_by_hash(prepared) if prepared.hash_quality >= MIN_QUALITY else set()
        ids, scores, _ = self._index.search(vector, _NEAREST)
        near |= set(ids[scores >= near_cosine(self._same_picture_cosine)].tolist())
        return self._surest(prepared, vector, sorted(near))

    def _near_by_hash(self, prepared: Prepared) -> set[int]:
        """Return the contents whose upright hash is near to one of the picture's turns.

        All of them are looked at, in place: 11 ms for 300,000, where `likeness.turn_distances`, which makes an
        array of eight turns for each, took 86 (CPU time).
        """
        turns = outside_traits(prepared).turns[0].view(np.uint64)  # [8, 4]
        near: set[int] = set()
        xor = np.empty(_STEP, np.uint64)
        ones = np.empty(_STEP, np.uint8)
        for start in range(0, self._hashed.size, _STEP):
            words = self._upright[:, start : start + _STEP]
            count = words.shape[1]
            best = np.full(count, NO_DISTANCE, np.uint16)
            sums = np.empty(count, np.uint16)
            for turn in turns:
                sums[:] = 0
                for word, of_all in zip(turn, words, strict=True):
                    np.bitwise_xor(of_all, word, out=xor[:count])
                    sums += np.bitwise_count(xor[:count], out=ones[:count])
                np.minimum(best, sums, out=best)
            near |= set(self._hashed[start : start + count][best <= BOTH_BITS].tolist())
        return near

    def _surest(
        self, prepared: Prepared, vector: NDArray[np.float32], contents: Sequence[int]
    ) -> tuple[MatchKind, int] | None:
        places = self._catalog.photos_of(contents)
        photos = self._catalog.photos([of_content[0] for of_content in places.values()])
        if not photos:
            return None
        ids = np.array([photo.content_id for photo in photos], dtype=np.int64)
        known = self._index.known(ids)
        likeness = np.full(ids.size, -1, dtype=np.float32)
        if known.any():
            likeness[known] = self._index.vectors(ids[known]) @ vector
        turns = np.zeros((ids.size, TURNS, HASH_BYTES), dtype=np.uint8)
        quality = np.zeros(ids.size, dtype=np.uint8)
        hashed, some, qualities = self._catalog.hashes_of(ids)
        rows = {content_id: row for row, content_id in enumerate(ids.tolist())}
        for content_id, turn, worth in zip(hashed.tolist(), some, qualities, strict=True):
            turns[rows[content_id]], quality[rows[content_id]] = turn, worth
        this, those = outside_traits(prepared), traits(photos, turns, quality)
        kinds = match_kinds(this, those, likeness, same_picture_cosine=self._same_picture_cosine)
        bits = turn_distances(this.turns, this.quality, those.turns, those.quality)
        strength = np.maximum(likeness, 1 - bits / np.float32(10 * BOTH_BITS))
        best: tuple[int, float, int, MatchKind] | None = None
        for row, (photo, kind) in enumerate(zip(photos, kinds, strict=True)):
            if kind is MatchKind.SIMILAR:
                continue
            candidate = (_SUREST_FIRST.index(kind), -float(strength[row]), photo.photo_id, kind)
            best = min(best, candidate) if best is not None else candidate
        return None if best is None else (best[3], best[2])
