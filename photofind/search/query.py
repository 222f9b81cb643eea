"""Answers one query: pictures by vectors, words by text and by what pictures show, all fused, inside a filter.

Runs on the query thread with that thread's read-only catalog. It owns nothing; the index and the catalog are handed
in, and so is the way to a vector for an image from outside, because decoding and embedding belong to the library.

How parts are combined: images are added by weight, negative ones subtracted at a quarter; the sum is one vector
and one search. These are Rocchio's terms ("The SMART Retrieval System", 1971) in Ide's form, without dividing by
the number of examples ("New experiments in relevance feedback", the same book), because then three things always
hold: with one more example its own photo gains on every other photo, with one more counterexample its photo loses,
and the more the larger the weight. With means a new example takes from the earlier ones, and its own photo may
fall. That counterexamples weigh less follows Salton and Buckley ("Improving retrieval performance by relevance
feedback", 1990): at full weight, "like this, not like that" of two photos that are much alike asks for the little
in which they differ, and photos of anything else come first. Words make lists of their own: the photos in whose
metadata they stand, those near to them in the network's space of words, and those that carry the label they are.
Lists are fused by reciprocal ranks (Cormack, Clarke, Buettcher, "Reciprocal rank fusion outperforms Condorcet and
individual rank learning methods", SIGIR 2009), which needs no common scale; a weighted sum of cosines and bm25
lost because the scale of bm25 changes with every query. All lists of one part weigh the same.

Labels take part only where the whole text is the name of one. Measured on 1,400 photos that training never saw: 15
classes whose label some photo carries are found with mAP .630 instead of .627 without that list (weights from a
quarter to two made no difference), but captions that only contain names with R@1 .180 instead of .292, and two or
three names in a row with .096 instead of .149: the photo's vector knows what stands beside what, labels do not.

Metadata is searched with the words as typed. Pictures are searched with their English, for the text encoder knows
no other language; Chinese that is in no list and English that is none ("asdf") are named in the answer.
"""

import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from photofind.catalog import text_index
from photofind.catalog.catalog import Catalog
from photofind.embedding import known_words, vocabulary
from photofind.errors import ModelError, UserError
from photofind.photo.hashes import HASH_BYTES, TURNS
from photofind.photo.likeness import (
    Traits,
    are_other_shots,
    match_kinds,
    outside_traits,
    traits,
)
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
from photofind.search.chances import Chances, Evidence
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

LESS = 0.25
"""Share of its weight with which "less like this" is subtracted. Measured with Lite2 on 1,500 photos of 190 kinds,
one photo asked for and its nearest of another kind taken away: mean average precision of the first 200 is .442
without the latter, .462 at .15 and at .25, .412 at a half, .131 at full weight; of the first 20, 4.0, 3.3, 2.7,
1.6 and 0.2 are of the unwanted kind. (Two photos of one kind: .480 for their sum, .450 for the larger of two
cosines.)"""

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
    chances: Chances | None = None,
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
        chances: What its cosines mean to people; without it hits carry no chances.
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
    photos = photos_of_parts(query.parts, catalog)
    pictures = [part for part in query.parts if not isinstance(part, WordsPart) and part.weight != 0]
    texts = [part for part in query.parts if isinstance(part, WordsPart) and part.text.strip() and part.weight != 0]
    vectors: _VectorOfPart = {part: vector_of_part(part, photos, index, embed_part) for part in pictures}
    vector = combine((part.weight, vectors[part]) for part in pictures)

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
    told: list[_Shown] = []
    for part in texts:
        if words is None or part.weight < 0:
            continue
        try:
            shown = _by_meaning(part.text, depth, among, words)
        except ModelError as error:
            tell(error)
            break
        unknown.update(dict.fromkeys(shown.sense.unknown))
        told.append(shown)
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
    likeness = _likeness(
        [photo_id for photo_id, _ in ranked], pictures, vectors, photos, catalog, index, same_picture_cosine,
        chances, describe_part,
    )  # fmt: skip
    shows = _chances_shown([photo_id for photo_id, _ in ranked], told, words, catalog)
    kinds = likeness.kinds
    if is_one_picture:
        ranked.sort(key=lambda hit: kinds.get(hit[0]) not in (MatchKind.IDENTICAL, MatchKind.SAME))  # stable
    is_cut = len(ranked) >= query.k
    ranked = ranked[: query.k]
    hits = tuple(
        Hit(
            photo_id,
            score,
            kinds.get(photo_id, MatchKind.SIMILAR),
            by_picture=photo_id in by_picture,
            by_words=photo_id in by_words,
            by_meaning=photo_id in by_meaning,
            same_picture=likeness.same_picture.get(photo_id),
            same_scene=likeness.same_scene.get(photo_id),
            shows=shows.get(photo_id),
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
        is_cut,
    )


def photos_of_parts(parts: Iterable[QueryPart], catalog: Catalog) -> dict[int, Photo]:
    """Return the photos of a query by id.

    Raises:
        UserError: One is no longer in the library.
    """
    wanted = [part.photo_id for part in parts if isinstance(part, PhotoPart)]
    photos = {photo.photo_id: photo for photo in catalog.photos(wanted)} if wanted else {}
    if any(photo_id not in photos for photo_id in wanted):
        raise UserError("A photo of this query is no longer in the library.")
    return photos


def vector_of_part(
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


def combine(parts: Iterable[tuple[float, NDArray[np.float32] | None]]) -> NDArray[np.float32] | None:
    """Return the one vector that parts of a query amount to, of any length; None without any.

    Args:
        parts: Weights, negative for "less like this", and unit vectors.
    """
    known = [(weight if weight > 0 else LESS * weight, vector) for weight, vector in parts if vector is not None]
    if not known:
        return None
    total = sum((weight * vector.astype(np.float64) for weight, vector in known), np.zeros(len(known[0][1])))
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


class Sense(NamedTuple):
    """What a text means to the network.

    Attributes:
        vector: Among words; None where no word of it means anything.
        label: The label whose name the whole text is, or an empty string.
        unknown: Words that mean nothing.
    """

    vector: NDArray[np.float32] | None
    label: str
    unknown: tuple[str, ...]


def sense_of(text: str, words: Words) -> Sense:
    """Return what a text of a query means.

    Raises:
        ModelError: The words cannot be used.
    """
    plain = text_index.parse(text).plain
    english = vocabulary.to_english(plain)
    known = known_words.only_known(english.text)
    unknown = (*english.unknown, *known.unknown)
    if not known.text:
        return Sense(None, "", unknown)
    return Sense(words.vector(known.text), _label_named(plain) or _label_named(known.text), unknown)


class _Shown(NamedTuple):
    """What pictures show of some words: ranked lists, whether all were compared, what the words mean.

    `by_label` is the last list, or empty where the words are no label: photos and the chance of that.
    """

    lists: list[list[tuple[int, float]]]
    is_exact: bool
    sense: Sense
    by_label: list[tuple[int, float]]


def _by_meaning(text: str, k: int, among: _Among, words: Words) -> _Shown:
    """Return the photos that show what the text says."""
    what = sense_of(text, words)
    if what.vector is None:
        return _Shown([], True, what, [])
    near, is_exact = _by_picture(what.vector, k, among, words.index(), words.found_cosine)
    if not what.label:
        return _Shown([near], is_exact, what, [])
    by_label = among.labelled(what.label, k)
    return _Shown([near, by_label], is_exact, what, by_label)


def _chances_shown(
    photo_ids: list[int], told: Sequence[_Shown], words: Words | None, catalog: Catalog
) -> dict[int, float]:
    """Return the chances by photo that it shows what one of the texts says; 2,000 hits take 4 CPU-ms a text."""
    best: dict[int, float] = {}
    if words is None or not words.tells_chances or not photo_ids:
        return best
    content_of = catalog.content_of(photo_ids)
    content_ids = np.array([content_of.get(photo_id, -1) for photo_id in photo_ids], dtype=np.int64)
    for shown in told:
        if shown.sense.vector is None:
            continue
        by_label = dict(shown.by_label)
        try:
            chances = words.chances(content_ids, shown.sense.vector).tolist()
        except ModelError:  # another network answers from now on
            break
        for photo_id, chance in zip(photo_ids, chances, strict=True):
            known = [each for each in (chance, by_label.get(photo_id)) if each is not None and not math.isnan(each)]
            if known:
                best[photo_id] = max(best.get(photo_id, 0.0), *known)
    return best


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


class _Likeness(NamedTuple):
    """What hits are to that positive image of the query to which each is most.

    Attributes:
        kinds: By photo; only the best hits are looked at, and only where a whole picture is asked for.
        same_picture, same_scene: Chances by photo, see `Hit`.
    """

    kinds: dict[int, MatchKind]
    same_picture: dict[int, float]
    same_scene: dict[int, float]


def _likeness(
    photo_ids: list[int],
    pictures: Sequence[QueryPart],
    vectors: _VectorOfPart,
    photos: dict[int, Photo],
    catalog: Catalog,
    index: VectorIndex,
    same_picture_cosine: float,
    chances: Chances | None,
    describe_part: Callable[[ImagePart], Prepared | None],
) -> _Likeness:
    """Compare hits with each positive image of the query; 2,000 hits with one image take 30 CPU-ms."""
    found = _Likeness({}, {}, {})
    references = [part for part in pictures if part.weight > 0]
    if not photo_ids or not references:
        return found
    content_of = catalog.content_of(photo_ids)
    content_ids = np.array([content_of.get(photo_id, -1) for photo_id in photo_ids], dtype=np.int64)
    inside = index.known(content_ids)
    rows = np.zeros((len(photo_ids), index.dimension), dtype=np.float32)
    rows[inside] = index.vectors(content_ids[inside])
    looked_at = catalog.photos(photo_ids[:KINDS_LIMIT]) if not all(map(has_region, references)) else []
    those = _library_traits(looked_at, catalog)
    place = {photo_id: row for row, photo_id in enumerate(photo_ids)}
    at = np.array([place[photo.photo_id] for photo in looked_at], dtype=np.int64)
    best_picture, best_scene = np.zeros(len(photo_ids)), np.zeros(len(photo_ids))
    for part in references:
        vector = vectors[part]
        cosines = np.full(len(photo_ids), -1, dtype=np.float32)
        if vector is not None:
            cosines[inside] = np.minimum(rows @ vector, np.float32(1))[inside]
        evidence = Evidence.none(len(photo_ids))
        if not has_region(part) and looked_at:
            this = traits_of_part(part, photos, catalog, describe_part)
            kinds = match_kinds(this, those, cosines[at], same_picture_cosine=same_picture_cosine)
            for photo, kind in zip(looked_at, kinds, strict=True):
                if _SURENESS[kind] < _SURENESS[found.kinds.get(photo.photo_id, MatchKind.SIMILAR)]:
                    found.kinds[photo.photo_id] = kind
            evidence = Evidence.of(kinds, are_other_shots(this, those)).spread(at, len(photo_ids))
        if chances is not None:
            best_picture = np.maximum(best_picture, chances.same_picture(cosines, evidence))
            best_scene = np.maximum(best_scene, chances.same_scene(cosines, evidence))
    if chances is not None:
        found.same_picture.update(zip(photo_ids, best_picture.tolist(), strict=True))
        if chances.tells_scenes:
            found.same_scene.update(zip(photo_ids, best_scene.tolist(), strict=True))
    return found


def traits_of_part(
    part: QueryPart,
    photos: Mapping[int, Photo],
    catalog: Catalog,
    describe_part: Callable[[ImagePart], Prepared | None],
) -> Traits:
    """Return the traits of one whole image of a query.

    Args:
        part: An image; `photos` has it if it is one of the library.
        photos: By id.
        catalog: Of the calling thread.
        describe_part: See `answer`.
    """
    if isinstance(part, PhotoPart):
        return _library_traits([photos[part.photo_id]], catalog)
    prepared = describe_part(part) if isinstance(part, ImagePart) else None
    # Without `prepared` nothing is known but its vector.
    return outside_traits(prepared or Prepared(b"", _NO_FILE, b""))


def has_region(part: QueryPart) -> bool:
    """Tell whether only a part of an image is looked for."""
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
