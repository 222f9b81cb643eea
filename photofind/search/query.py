"""Answers one query: pictures by vectors, words by text and by what pictures show, all fused, inside a filter.

Runs on the query thread with that thread's read-only catalog. It owns nothing; the index and the catalog are handed
in, and so is the way to a vector for an image from outside, because decoding and embedding belong to the library.

How parts are combined: positive images are averaged by weight, negative ones likewise and subtracted (Rocchio, "The
SMART Retrieval System", 1971), so that one more example never drowns the others; the sum is one vector and one
search. Words make lists of their own: the photos in whose metadata they stand, those near to them in the network's
space of words, and those that carry the label they are. Lists are fused by reciprocal ranks (Cormack, Clarke,
Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009), which
needs no common scale; a weighted sum of cosines and bm25 lost because the scale of bm25 changes with every query.
All lists of one part weigh the same.

Labels take part only where the whole text is the name of one. Measured on 1,400 photos that training never saw: 15
classes whose label some photo carries are found with mAP .630 instead of .627 without that list (weights from a
quarter to two made no difference), but captions that only contain names with R@1 .180 instead of .292, and two or
three names in a row with .096 instead of .149: the photo's vector knows what stands beside what, labels do not.

Metadata is searched with the words as typed. Pictures are searched with their English, for the text encoder knows
no other language; Chinese that is in no list and English that is none ("asdf") are named in the answer.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from photofind.catalog import text_index
from photofind.catalog.catalog import Catalog
from photofind.embedding import known_words, vocabulary
from photofind.errors import ModelError, UserError
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
from photofind.search.words import Words

FUSION_K = 60
"""The constant of reciprocal rank fusion, as its authors found it."""

FUSION_DEPTH = 1_000
"""Each list takes part in the fusion with at least so many hits."""

COPIES_DEPTH = 200
"""Among so many of the nearest, copies of the picture come before what is merely like it. A quarter turn moves a
copy away in the network's eyes, and the perceptual hash knows it still: 4 ms for 200 looked at."""

KINDS_LIMIT = 1_000
"""Only so many of the best hits are looked at for their kind; a copy lies far above, and each costs 20 us."""

_ARTICLE = re.compile(r"^(?:an?|the)\s+")
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
    words: Words | None = None,
    tell: Callable[[ModelError], None] = lambda _error: None,
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
        words: What the network knows of words; without it, words are looked for in metadata only.
        tell: Called when the words cannot be used: the answer is then of metadata only.

    Returns:
        At most `query.k` photos. Every photo of a content is a hit, with equal scores, in the order of their ids.
        Where one picture alone is asked for, its copies come first, then the others, each by their score.

    Raises:
        UserError: A photo of the query is no longer in the library, or an image cannot be read.
    """
    start = time.perf_counter()
    photos = _photos_of_parts(query.parts, catalog)
    pictures = [part for part in query.parts if not isinstance(part, WordsPart) and part.weight != 0]
    texts = [part for part in query.parts if isinstance(part, WordsPart) and part.text.strip() and part.weight != 0]
    vectors: _VectorOfPart = {part: _vector(part, photos, index, embed_part) for part in pictures}
    vector = _combine([(part.weight, vectors[part]) for part in pictures])

    among = _Among(query.filter, catalog, index.model_id)
    lists: list[tuple[float, list[tuple[int, float]]]] = []
    depth = max(query.k, FUSION_DEPTH)
    by_words: set[int] = set()
    for part in texts:
        among.without |= catalog.taken_out_by_text(part.text, is_negative=part.weight < 0)
        if part.weight > 0:
            found = catalog.search_text(part.text, query.filter, depth, index.model_id)
            lists.append((part.weight, found))
            by_words |= {photo_id for photo_id, _ in found}

    is_exact = True
    by_meaning: set[int] = set()
    looked_at_pictures = vector is not None
    unknown: dict[str, None] = {}
    for part in texts:
        if words is None or part.weight < 0:
            continue
        try:
            shown = _by_meaning(part.text, depth, among, words)
        except ModelError as error:
            tell(error)
            break
        unknown.update(dict.fromkeys(shown.unknown))
        is_exact = is_exact and shown.is_exact
        for found in shown.lists:
            looked_at_pictures = True
            lists.append((part.weight, found))
            by_meaning |= {photo_id for photo_id, _ in found}

    # A mixture of pictures asks for what lies between them, not for copies of one.
    is_one_picture = not texts and len(pictures) == 1 and pictures[0].weight > 0
    least = max(query.k, COPIES_DEPTH) if is_one_picture else query.k
    by_picture: set[int] = set()
    if vector is not None:
        found, all_compared = _by_picture(vector, max(depth, least) if lists else least, among, index)
        is_exact = is_exact and all_compared
        by_picture = {photo_id for photo_id, _ in found}
        lists.append((1.0, found))

    lists = [each for each in lists if each[1]]
    ranked = lists[0][1] if len(lists) == 1 else _fuse(lists)
    ranked = [(photo_id, score) for photo_id, score in ranked if photo_id not in among.without]
    ranked = ranked[:least]
    kinds = _kinds(
        [photo_id for photo_id, _ in ranked[:KINDS_LIMIT]], pictures, vectors, photos, catalog, index,
        same_picture_cosine, describe_part,
    )  # fmt: skip
    if is_one_picture:
        ranked.sort(key=lambda hit: kinds.get(hit[0]) not in (MatchKind.IDENTICAL, MatchKind.SAME))  # stable
        ranked = ranked[: query.k]
    hits = tuple(
        Hit(
            photo_id,
            score,
            kinds.get(photo_id, MatchKind.SIMILAR),
            by_picture=photo_id in by_picture,
            by_words=photo_id in by_words,
            by_meaning=photo_id in by_meaning,
        )
        for photo_id, score in ranked
    )
    return Answer(
        query,
        hits,
        is_exact,
        index.model_id if looked_at_pictures else "",
        (time.perf_counter() - start) * 1000,
        tuple(unknown),
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


class _Among:
    """The photos a query may find: those that its filter lets through, less those taken out by words.

    Attributes:
        without: Photos that are no answer, whatever they show.
    """

    def __init__(self, filter: Filter, catalog: Catalog, model_id: str) -> None:
        self.without: set[int] = set()
        self._filter = filter
        self._catalog = catalog
        self._model_id = model_id

    @cached_property
    def contents(self) -> NDArray[np.int64] | None:
        """The contents among which is searched; None for all."""
        return None if self._filter == Filter() else self._catalog.content_ids(self._filter, self._model_id)

    @cached_property
    def _passing(self) -> set[int] | None:
        if self._filter == Filter():
            return None
        return set(self._catalog.photo_ids(self._filter, SortOrder.ADDED, self._model_id).tolist())

    def photos(self, ids: NDArray[np.int64], scores: NDArray[np.float32]) -> list[tuple[int, float]]:
        """Return the photos of contents, with the score of each."""
        places = self._catalog.photos_of(ids.tolist())
        passing = self._passing
        return [
            (photo_id, score)
            for content_id, score in zip(ids.tolist(), scores.tolist(), strict=True)
            for photo_id in sorted(places.get(content_id, ()))
            if photo_id not in self.without and (passing is None or photo_id in passing)
        ]

    def labelled(self, name: str, k: int) -> list[tuple[int, float]]:
        """Return the photos with this label and its chance, best first."""
        found = self._catalog.labelled(self._model_id, name, self._filter, k + len(self.without))
        return [hit for hit in found if hit[0] not in self.without][:k]


def _by_picture(
    vector: NDArray[np.float32], k: int, among: _Among, index: VectorIndex, least: float = -1.0
) -> tuple[list[tuple[int, float]], bool]:
    """Return the k nearest photos with their scores, none below `least`, and whether all were compared."""
    want = k + 32  # some contents may have no photo left
    while True:
        ids, scores, is_exact = index.search(vector, want, among.contents)
        near = scores >= least
        found = among.photos(ids[near], scores[near])
        if len(found) >= k or len(ids) < want or not near.all():
            # Contents of equal score stand side by side: their photos are ordered by id across contents.
            found.sort(key=lambda hit: (-hit[1], hit[0]))
            return found[:k], is_exact
        want *= 4


class _Shown(NamedTuple):
    """What pictures show of some words: ranked lists, whether all were compared, words that mean nothing."""

    lists: list[list[tuple[int, float]]]
    is_exact: bool
    unknown: tuple[str, ...]


def _by_meaning(text: str, k: int, among: _Among, words: Words) -> _Shown:
    """Return the photos that show what the text says."""
    plain = text_index.parse(text).plain
    english = vocabulary.to_english(plain)
    known = known_words.only_known(english.text)
    unknown = (*english.unknown, *known.unknown)
    if not known.text:
        return _Shown([], True, unknown)
    near, is_exact = _by_picture(words.vector(known.text), k, among, words.index(), words.found_cosine)
    name = _label_named(plain) or _label_named(known.text)
    return _Shown([near, among.labelled(name, k)] if name else [near], is_exact, unknown)


def _label_named(text: str) -> str:
    """Return the label whose name, in English or Chinese, the whole text is; or an empty string."""
    wanted = _ARTICLE.sub("", text.casefold().strip())
    return next((label.name for label in vocabulary.labels() if wanted in (label.name, label.chinese)), "")


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
