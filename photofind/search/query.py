"""Answers one query: pictures by vectors, words by text, both fused, inside a filter.

Runs on the query thread with that thread's read-only catalog. It owns nothing; the index and the catalog are handed
in, and so is the way to a vector for an image from outside, because decoding and embedding belong to the library.

How parts are combined: positive images are averaged by weight, negative ones likewise and subtracted (Rocchio, "The
SMART Retrieval System", 1971), so that one more example never drowns the others; the sum is one vector and one
search. Words make lists of their own, and lists are fused by reciprocal ranks (Cormack, Clarke, Buettcher,
"Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009), which needs no
common scale; a weighted sum of cosines and bm25 lost because the scale of bm25 changes with every query.
"""

import time
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.errors import UserError
from photofind.photo.hashes import HASH_BYTES, TURNS
from photofind.photo.likeness import NO_TIME, Traits, camera_name, match_kinds, traits
from photofind.records import (
    Answer,
    FileFacts,
    Filter,
    Hit,
    ImagePart,
    MatchKind,
    Photo,
    PhotoPart,
    Prepared,
    Query,
    QueryPart,
    SortOrder,
    WordsPart,
)
from photofind.search.vector_index import VectorIndex

FUSION_K = 60
"""The constant of reciprocal rank fusion, as its authors found it."""

FUSION_DEPTH = 1_000
"""Each list takes part in the fusion with at least so many hits."""

KINDS_LIMIT = 1_000
"""Only so many of the best hits are looked at for their kind; a copy lies far above, and each costs 20 us."""

_NO_FILE = FileFacts(0, 0, 0, 0, 0)
_VectorOfPart = dict[QueryPart, NDArray[np.float32] | None]

_SURENESS = {MatchKind.IDENTICAL: 0, MatchKind.SAME: 1, MatchKind.BURST: 2, MatchKind.SIMILAR: 3}


def answer(
    query: Query,
    *,
    catalog: Catalog,
    index: VectorIndex,
    embed_part: Callable[[QueryPart], NDArray[np.float32] | None],
    same_picture_cosine: float,
    describe_part: Callable[[ImagePart], Prepared | None] = lambda _part: None,
) -> Answer:
    """Answer a query.

    Args:
        query: Its parts; those that give no vector and no words are passed over.
        catalog: A connection of the calling thread.
        index: The vectors of the model in use.
        embed_part: Returns the vector of an image from outside, of a part of a photo, or of a photo that has none
            in the index yet; None when it has none. May raise UserError.
        same_picture_cosine: The model's calibration.
        describe_part: Returns what reading an outside image gave (digest, hash, metadata), for the kinds of hits.

    Returns:
        At most `query.k` photos. Every photo of a content is a hit, with equal scores, in the order of their ids.

    Raises:
        UserError: A photo of the query is no longer in the library, or an image cannot be read.
    """
    start = time.perf_counter()
    photos = _photos_of_parts(query.parts, catalog)
    pictures = [part for part in query.parts if not isinstance(part, WordsPart) and part.weight != 0]
    words = [part for part in query.parts if isinstance(part, WordsPart) and part.text.strip() and part.weight != 0]
    vectors: _VectorOfPart = {part: _vector(part, photos, index, embed_part) for part in pictures}
    vector = _combine([(part.weight, vectors[part]) for part in pictures])

    allowed = None if query.filter == Filter() else catalog.photo_ids(query.filter, SortOrder.ADDED)
    excluded: set[int] = set()
    lists: list[tuple[float, list[tuple[int, float]]]] = []
    depth = max(query.k, FUSION_DEPTH)
    for part in words:
        found = catalog.search_text(part.text, query.filter, depth)
        if part.weight > 0:
            lists.append((part.weight, found))
        else:
            excluded |= {photo_id for photo_id, _ in found}
    by_words = {photo_id for _, found in lists for photo_id, _ in found}

    is_exact = True
    by_picture: set[int] = set()
    if vector is not None:
        wanted = (depth if lists else query.k) + len(excluded)
        found, is_exact = _by_picture(vector, wanted, query.filter, allowed, catalog, index)
        by_picture = {photo_id for photo_id, _ in found}
        lists.append((1.0, found))

    ranked = lists[0][1] if len(lists) == 1 else _fuse(lists)
    ranked = [(photo_id, score) for photo_id, score in ranked if photo_id not in excluded][: query.k]
    kinds = _kinds(
        [photo_id for photo_id, _ in ranked[:KINDS_LIMIT]], pictures, vectors, photos, catalog, index,
        same_picture_cosine, describe_part,
    )  # fmt: skip
    hits = tuple(
        Hit(
            photo_id,
            score,
            kinds.get(photo_id, MatchKind.SIMILAR),
            by_picture=photo_id in by_picture,
            by_words=photo_id in by_words,
        )
        for photo_id, score in ranked
    )
    return Answer(
        query,
        hits,
        is_exact,
        index.model_id if vector is not None else "",
        (time.perf_counter() - start) * 1000,
    )


def _photos_of_parts(parts: Iterable[QueryPart], catalog: Catalog) -> dict[int, Photo]:
    wanted = [part.photo_id for part in parts if isinstance(part, PhotoPart)]
    photos = {photo.photo_id: photo for photo in catalog.photos(wanted)} if wanted else {}
    if any(photo_id not in photos for photo_id in wanted):
        raise UserError("A photo of this query is no longer in the library.")
    return photos


def _vector(
    part: QueryPart,
    photos: dict[int, Photo],
    index: VectorIndex,
    embed_part: Callable[[QueryPart], NDArray[np.float32] | None],
) -> NDArray[np.float32] | None:
    """Return the unit vector of one part, or None when it has no direction."""
    if isinstance(part, PhotoPart) and part.region is None:
        content_id = photos[part.photo_id].content_id
        if content_id in index:
            vector: NDArray[np.float32] = index.vectors(np.array([content_id], dtype=np.int64))[0]
            return vector
    embedded = embed_part(part)
    if embedded is None:
        return None
    wide = np.asarray(embedded, dtype=np.float64)
    length = float(np.linalg.norm(wide))
    return np.asarray(wide / length, dtype=np.float32) if np.isfinite(length) and length > 0 else None


def _combine(parts: Sequence[tuple[float, NDArray[np.float32] | None]]) -> NDArray[np.float32] | None:
    """Return the mean of the positive vectors less the weighted mean of the negative ones; None without any."""
    known = [(weight, vector) for weight, vector in parts if vector is not None]
    positive = [(weight, vector) for weight, vector in known if weight > 0]
    negative = [(weight, vector) for weight, vector in known if weight < 0]
    if not known:
        return None
    total = np.zeros_like(known[0][1])
    if positive:
        total = total + sum(weight * vector for weight, vector in positive) / sum(weight for weight, _ in positive)
    if negative:
        total = total + sum(weight * vector for weight, vector in negative) / len(negative)
    return np.asarray(total, dtype=np.float32)


def _by_picture(
    vector: NDArray[np.float32],
    k: int,
    filter: Filter,
    allowed: NDArray[np.int64] | None,
    catalog: Catalog,
    index: VectorIndex,
) -> tuple[list[tuple[int, float]], bool]:
    """Return the k nearest photos with their scores, and whether all were compared."""
    among = None if allowed is None else catalog.content_ids(filter)
    passing = None if allowed is None else set(allowed.tolist())
    want = k + 32  # some contents may have no photo left
    while True:
        ids, scores, is_exact = index.search(vector, want, among)
        places = catalog.photos_of(ids.tolist())
        found = [
            (photo_id, score)
            for content_id, score in zip(ids.tolist(), scores.tolist(), strict=True)
            for photo_id in sorted(places.get(content_id, ()))
            if passing is None or photo_id in passing
        ]
        if len(found) >= k or len(ids) < want:
            # Contents of equal score stand side by side: their photos are ordered by id across contents.
            found.sort(key=lambda hit: (-hit[1], hit[0]))
            return found[:k], is_exact
        want *= 4


def _fuse(lists: Sequence[tuple[float, list[tuple[int, float]]]]) -> list[tuple[int, float]]:
    """Fuse ranked lists by reciprocal ranks; equal scores in a list share a rank."""
    total: dict[int, float] = {}
    for weight, found in lists:
        rank, last = 0, None
        for place, (photo_id, score) in enumerate(found):
            if score != last:
                rank, last = place, score
            total[photo_id] = total.get(photo_id, 0.0) + weight / (FUSION_K + 1 + rank)
    return sorted(total.items(), key=lambda item: (-item[1], item[0]))


def _kinds(
    photo_ids: list[int],
    pictures: Sequence[QueryPart],
    vectors: _VectorOfPart,
    photos: dict[int, Photo],
    catalog: Catalog,
    index: VectorIndex,
    same_picture_cosine: float,
    describe_part: Callable[[ImagePart], Prepared | None],
) -> dict[int, MatchKind]:
    """Return what each hit is to that whole positive image of the query to which it is most."""
    references = [part for part in pictures if part.weight > 0 and not _has_region(part)]
    if not photo_ids or not references:
        return {}
    hits = catalog.photos(photo_ids)
    those = _library_traits(hits, catalog)
    content_ids = np.array([photo.content_id for photo in hits], dtype=np.int64)
    inside = index.known(content_ids)
    rows = np.zeros((len(hits), index.dimension), dtype=np.float32)
    rows[inside] = index.vectors(content_ids[inside])
    best: dict[int, MatchKind] = {}
    for part in references:
        if isinstance(part, PhotoPart):
            this = _library_traits([photos[part.photo_id]], catalog)
        else:
            prepared = describe_part(part) if isinstance(part, ImagePart) else None
            this = _outside_traits(prepared)
        vector = vectors[part]
        cosines = np.full(len(hits), -1, dtype=np.float32)
        if vector is not None:
            cosines[inside] = (rows @ vector)[inside]
        kinds = match_kinds(this, those, cosines, same_picture_cosine=same_picture_cosine)
        for photo, kind in zip(hits, kinds, strict=True):
            if _SURENESS[kind] < _SURENESS[best.get(photo.photo_id, MatchKind.SIMILAR)]:
                best[photo.photo_id] = kind
    return best


def _has_region(part: QueryPart) -> bool:
    return not isinstance(part, WordsPart) and part.region is not None


def _library_traits(photos: list[Photo], catalog: Catalog) -> Traits:
    wanted = np.array([photo.content_id for photo in photos], dtype=np.int64)
    ids, turns, quality = catalog.hashes_of(np.unique(wanted))
    all_turns = np.zeros((len(photos), TURNS, HASH_BYTES), dtype=np.uint8)
    all_quality = np.zeros(len(photos), dtype=np.uint8)
    rows = {content_id: row for row, content_id in enumerate(ids.tolist())}
    for place, content_id in enumerate(wanted.tolist()):
        if content_id in rows:
            all_turns[place] = turns[rows[content_id]]
            all_quality[place] = quality[rows[content_id]]
    return traits(photos, all_turns, all_quality)


def _outside_traits(prepared: Prepared | None) -> Traits:
    """Return the traits of an image from outside; without `prepared` nothing is known but its vector."""
    prepared = prepared or Prepared(b"", _NO_FILE, b"")
    metadata = prepared.metadata
    turns = np.zeros((1, TURNS, HASH_BYTES), dtype=np.uint8)
    if len(prepared.perceptual_hash) == turns.size:
        turns = np.frombuffer(prepared.perceptual_hash, dtype=np.uint8).reshape(turns.shape)
    digests = np.empty(1, dtype=object)
    digests[0] = prepared.digest
    return Traits(
        digests=digests,
        turns=turns,
        quality=np.array([prepared.hash_quality], dtype=np.uint8),
        captured_at_ms=np.array(
            [NO_TIME if metadata.captured_at_ms is None else metadata.captured_at_ms], dtype=np.int64
        ),
        cameras=np.array([camera_name(metadata)], dtype=np.str_),
        sides=np.array([sorted((prepared.width_px, prepared.height_px))], dtype=np.int64),
    )
