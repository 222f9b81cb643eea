"""Why a photo answers a query: plain facts first, and a map of where on both pictures the likeness lies.

Runs on the query thread with its read-only catalog, when a person asks about one hit; nothing here is computed for
every hit, because one costs a decode or half a second of the network. What two files are to each other is decided
in `photo.likeness` alone; here stands what can be said about it without a number: bytes, turn, size, time, camera,
place, folder, labels.

The map is by occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014): a
patch of one picture is covered, and how far its cosine to the other falls is how much that patch mattered. It asks
the network itself and needs nothing but its output. Class activation maps lost: they need the last feature map,
which no bundled file gives out, and a network that somebody added may have none.
"""

import math
import os
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from photofind.catalog.catalog import Catalog
from photofind.errors import ModelError, PhotoError
from photofind.photo.decode import decode
from photofind.photo.likeness import SAME_BITS, Traits, are_other_shots, camera_name, match_kinds, turn_distances
from photofind.records import (
    Explanation,
    FactKind,
    ImagePart,
    MatchFact,
    MatchKind,
    Metadata,
    Photo,
    PhotoPart,
    Prepared,
    Query,
    QueryPart,
    WordsPart,
)
from photofind.search.chances import Chances, Evidence
from photofind.search.query import has_region, photos_of_parts, sense_of, traits_of_part, vector_of_part
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words

SIZE_SHARE = 0.02
"""Sides and shapes that differ by less are the same: saving for the web rounds them."""
SAME_PLACE_M = 1_000.0
"""Two photos within so many metres were taken at one place."""
GREY_SPREAD = 4.0
"""A picture whose channels differ by less, on the average, has no colours; JPEG alone makes 1 or 2 of 255."""
MOST_LABELS = 4

GRID = 6
"""The map has so many parts a side. A patch covers two by two of them, so there are 25 for each picture, and both
take 52 turns of the network: 0.6 CPU-seconds with Lite2, int8. Ten a side show little more and take two."""

AT_ONCE = 5
"""Patches that go through the network in one step, 60 CPU-ms: as long as a search may have to wait for the map."""

LEAST_FALL = 0.004
"""A cosine that falls by less, whatever is covered, tells of no place."""

_TURNED = {5: 90, 3: 180, 6: 270, 2: 180, 7: 90, 4: 270}
"""Degrees clockwise by turn (`photo.hashes.perceptual_hashes`); of a mirrored one, after mirroring left to
right."""
_MIRRORED = (1, 2, 4, 7)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of two pictures, from the library or from outside."""

    traits: Traits
    metadata: Metadata
    size_px: tuple[int, int]
    path: bytes | None
    content_id: int | None
    thumbnail: bytes


def explain(
    query: Query,
    photo_id: int,
    *,
    catalog: Catalog,
    index: VectorIndex,
    embed_part: Callable[[QueryPart], NDArray[np.float32] | None],
    same_picture_cosine: float,
    chances: Chances | None = None,
    describe_part: Callable[[ImagePart], Prepared | None] = lambda _part: None,
    thumbnail: Callable[[int], bytes | None] = lambda _content_id: None,
    words: Words | None = None,
) -> Explanation:
    """Say why a photo answers a query.

    Args:
        query: What was asked.
        photo_id: A hit.
        catalog: A connection of the calling thread.
        index: The vectors of the model in use.
        embed_part: As for `query.answer`.
        same_picture_cosine: The model's calibration.
        chances: What its cosines mean.
        describe_part: As for `query.answer`.
        thumbnail: The JPEG of a content.
        words: What the network knows of words.

    Returns:
        Without facts when the photo is gone, or the query has no positive image.

    Raises:
        UserError: A photo of the query is no longer in the library, or an image cannot be read.
    """
    hits = catalog.photos([photo_id])
    if not hits:
        return Explanation(photo_id)
    shows, text = _shown(query, hits[0], catalog, index.model_id, words)
    part, cosine = most_like(query, hits[0], catalog, index, embed_part)
    if part is None:
        return Explanation(photo_id, shows=shows, words=text)
    photos = photos_of_parts(query.parts, catalog)
    found = _library_side(hits[0], catalog, describe_part, thumbnail)
    if isinstance(part, PhotoPart):
        asked = _library_side(photos[part.photo_id], catalog, describe_part, thumbnail)
    else:
        assert isinstance(part, ImagePart)
        asked = _outside_side(part, catalog, describe_part)
    cosines = np.array([-1.0 if cosine is None else cosine], dtype=np.float32)
    evidence = Evidence.none(1)
    kind = MatchKind.SIMILAR
    if not has_region(part):
        (kind,) = match_kinds(asked.traits, found.traits, cosines, same_picture_cosine=same_picture_cosine)
        evidence = Evidence.of([kind], are_other_shots(asked.traits, found.traits))
    facts = (
        *_facts_of_pictures(asked, found, kind),
        *_facts_of_metadata(asked, found),
        *_shared_labels(asked, found, catalog, index.model_id),
    )
    if chances is None:
        return Explanation(photo_id, part, facts, cosine, shows=shows, words=text)
    tells = chances.tells_scenes
    return Explanation(
        photo_id,
        part,
        facts,
        cosine,
        float(chances.same_picture(cosines, evidence)[0]),
        float(chances.same_scene(cosines, evidence)[0]) if tells else None,
        shows,
        text,
    )


def most_like(
    query: Query,
    photo: Photo,
    catalog: Catalog,
    index: VectorIndex,
    embed_part: Callable[[QueryPart], NDArray[np.float32] | None],
) -> tuple[QueryPart | None, float | None]:
    """Return the positive image of a query that a photo is most like, and their cosine."""
    photos = photos_of_parts(query.parts, catalog)
    parts = [part for part in query.parts if not isinstance(part, WordsPart) and part.weight > 0]
    if not parts:
        return None, None
    if photo.content_id not in index:
        return parts[0], None
    own = index.vectors(np.array([photo.content_id], dtype=np.int64))[0]
    best: tuple[QueryPart, float | None] = (parts[0], None)
    for part in parts:
        vector = vector_of_part(part, photos, index, embed_part)
        cosine = None if vector is None else min(1.0, float(vector @ own))
        if cosine is not None and (best[1] is None or cosine > best[1]):
            best = (part, cosine)
    return best


def _shown(
    query: Query, photo: Photo, catalog: Catalog, model_id: str, words: Words | None
) -> tuple[float | None, str]:
    """Return the chance that a photo shows what the likeliest of the query's words say, and these; None without."""
    best: tuple[float | None, str] = (None, "")
    texts = [part.text for part in query.parts if isinstance(part, WordsPart) and part.weight > 0]
    if words is None or not words.tells_chances:
        return best
    for text in texts:
        try:
            sense = sense_of(text, words)
            if sense.vector is None:
                continue
            (chance,) = words.chances(np.array([photo.content_id], dtype=np.int64), sense.vector).tolist()
        except ModelError:  # the answer said so
            return best
        labels = dict(catalog.labels_of(model_id, [photo.content_id]).get(photo.content_id, ()))
        known = [each for each in (chance, labels.get(sense.label, math.nan)) if not math.isnan(each)]
        if known and (best[0] is None or max(known) > best[0]):
            best = (max(known), text)
    return best


def _library_side(
    photo: Photo,
    catalog: Catalog,
    describe_part: Callable[[ImagePart], Prepared | None],
    thumbnail: Callable[[int], bytes | None],
) -> _Side:
    part = PhotoPart(photo.photo_id)
    return _Side(
        traits_of_part(part, {photo.photo_id: photo}, catalog, describe_part),
        photo.metadata,
        (photo.width_px, photo.height_px),
        photo.path,
        photo.content_id,
        thumbnail(photo.content_id) or b"",
    )


def _outside_side(
    part: ImagePart, catalog: Catalog, describe_part: Callable[[ImagePart], Prepared | None]
) -> _Side:
    prepared = describe_part(part)
    return _Side(
        traits_of_part(part, {}, catalog, describe_part),
        Metadata() if prepared is None else prepared.metadata,
        (0, 0) if prepared is None else (prepared.width_px, prepared.height_px),
        part.path,
        None,
        b"" if prepared is None else prepared.thumbnail,
    )


# ------------------------------------------------------------------------------------------ facts


def _facts_of_pictures(asked: _Side, found: _Side, kind: MatchKind) -> list[MatchFact]:
    if kind is MatchKind.IDENTICAL:
        return [MatchFact(FactKind.SAME_BYTES)]
    if kind is MatchKind.BURST:
        return [MatchFact(FactKind.BURST)]
    if kind is not MatchKind.SAME:
        return []
    facts = [MatchFact(FactKind.SAME_PICTURE)]
    turn = _turn(asked.traits, found.traits)
    if turn in _MIRRORED:
        facts.append(MatchFact(FactKind.MIRRORED))
    if turn in _TURNED:
        facts.append(MatchFact(FactKind.TURNED, _TURNED[turn]))
    sides, other_sides = sorted(asked.size_px), sorted(found.size_px)
    if sides[0] > 0 and other_sides[0] > 0:
        if abs(sides[0] * other_sides[1] / (sides[1] * other_sides[0]) - 1) > SIZE_SHARE:
            facts.append(MatchFact(FactKind.OTHER_SHAPE))
        share = other_sides[1] / sides[1]
        if abs(share - 1) > SIZE_SHARE:
            facts.append(MatchFact(FactKind.SIZE, share))
    was_grey, is_grey = _is_grey(asked.thumbnail), _is_grey(found.thumbnail)
    if was_grey is not None and is_grey is not None and was_grey is not is_grey:
        facts.append(MatchFact(FactKind.GREY if is_grey else FactKind.COLOURED))
    return facts


def _turn(asked: Traits, found: Traits) -> int:
    """Return the turn that makes the one picture the other; 0 where it is none, or the hashes do not tell."""
    distances = [
        int(turn_distances(asked.turns[:, turn : turn + 1], asked.quality, found.turns, found.quality)[0])
        for turn in range(asked.turns.shape[1])
    ]
    best = int(np.argmin(distances))
    return best if distances[best] <= SAME_BITS < distances[0] else 0


def _is_grey(jpeg: bytes) -> bool | None:
    if not jpeg:
        return None
    try:
        image = decode(jpeg, min_side_px=64).image
    except PhotoError:
        return None
    pixels = np.asarray(image.convert("RGB").resize((64, 64)), dtype=np.float32)
    return bool((pixels.max(axis=2) - pixels.min(axis=2)).mean() < GREY_SPREAD)


def _facts_of_metadata(asked: _Side, found: _Side) -> list[MatchFact]:
    facts: list[MatchFact] = []
    if asked.metadata.captured_at_ms is not None and found.metadata.captured_at_ms is not None:
        # By the photographer's watch: the same minute on the wall, not within sixty seconds.
        for kind, unit_ms in (
            (FactKind.SAME_SECOND, 1_000),
            (FactKind.SAME_MINUTE, 60_000),
            (FactKind.SAME_DAY, 86_400_000),
        ):
            if asked.metadata.captured_at_ms // unit_ms == found.metadata.captured_at_ms // unit_ms:
                facts.append(MatchFact(kind))
                break
    if camera_name(asked.metadata) and camera_name(asked.metadata) == camera_name(found.metadata):
        name = found.metadata.camera_model or found.metadata.camera_make or ""
        facts.append(MatchFact(FactKind.SAME_CAMERA, texts=(name,)))
    place = _same_place(asked.metadata, found.metadata)
    if place is not None:
        facts.append(place)
    if asked.path is not None and found.path is not None:
        folder = os.path.dirname(asked.path)
        if folder and folder == os.path.dirname(found.path):
            facts.append(MatchFact(FactKind.SAME_FOLDER))
    return facts


def _same_place(asked: Metadata, found: Metadata) -> MatchFact | None:
    metres = _metres_between(asked, found)
    if metres is not None:
        return MatchFact(FactKind.SAME_PLACE, metres) if metres <= SAME_PLACE_M else None
    if asked.place and found.place and asked.place[0].casefold() == found.place[0].casefold():
        return MatchFact(FactKind.SAME_PLACE, texts=(found.place[0],))
    return None


def _metres_between(a: Metadata, b: Metadata) -> float | None:
    """Return the distance on a sphere, by the haversine, which stays exact where both are near."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    north, other_north = np.radians(a.latitude), np.radians(b.latitude)
    east = np.radians(b.longitude - a.longitude)
    half = np.sin((other_north - north) / 2) ** 2
    half += np.cos(north) * np.cos(other_north) * np.sin(east / 2) ** 2
    return float(2 * 6_371_000 * np.arcsin(np.sqrt(min(1.0, half))))


def _shared_labels(asked: _Side, found: _Side, catalog: Catalog, model_id: str) -> list[MatchFact]:
    if asked.content_id is None or found.content_id is None or asked.content_id == found.content_id:
        return []
    labels = catalog.labels_of(model_id, [asked.content_id, found.content_id])
    others = {name for name, _chance in labels.get(asked.content_id, ())}
    shared = tuple(name for name, _chance in labels.get(found.content_id, ()) if name in others)
    return [MatchFact(FactKind.SAME_LABELS, texts=shared[:MOST_LABELS])] if shared else []


# ------------------------------------------------------------------------------------------ where


def heat_maps(
    asked: NDArray[np.uint8],
    found: NDArray[np.uint8],
    embed: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
) -> Generator[None, None, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Return where on each of two pictures their likeness lies; yields between steps of `AT_ONCE` patches.

    Args:
        asked: uint8 [px, px, 3], the network's input.
        found: Likewise.
        embed: The network: uint8 [n, px, px, 3] to unit vectors [n, d].

    Returns:
        Two maps, float32 [GRID, GRID], 0 to 1, of what matters most; all zeros where no place matters.
    """
    both = embed(np.stack([asked, found]))
    base = float(both[0] @ both[1])
    asked_heat = yield from _heat(asked, both[1], base, embed)
    found_heat = yield from _heat(found, both[0], base, embed)
    return asked_heat, found_heat


def _heat(
    picture: NDArray[np.uint8],
    other: NDArray[np.float32],
    base: float,
    embed: Callable[[NDArray[np.uint8]], NDArray[np.float32]],
) -> Generator[None, None, NDArray[np.float32]]:
    # Covered by its own colours without any shape: grey patches have edges, and those are something to see.
    side = picture.shape[0]
    blurred = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(side / GRID)))
    edges = np.linspace(0, side, GRID + 1).round().astype(int)
    places = [(row, column) for row in range(GRID - 1) for column in range(GRID - 1)]
    covered = np.repeat(picture[None], len(places), axis=0)
    for number, (row, column) in enumerate(places):
        window = (slice(edges[row], edges[row + 2]), slice(edges[column], edges[column + 2]))
        covered[number][window] = blurred[window]
    cosines: list[float] = []
    for start in range(0, len(covered), AT_ONCE):
        yield
        cosines += (embed(covered[start : start + AT_ONCE]) @ other).tolist()
    falls = np.maximum(0.0, base - np.array(cosines))
    total = np.zeros((GRID, GRID))
    count = np.zeros((GRID, GRID))
    for (row, column), fall in zip(places, falls.tolist(), strict=True):
        total[row : row + 2, column : column + 2] += fall
        count[row : row + 2, column : column + 2] += 1
    heat = total / count
    return np.asarray(heat / heat.max() if heat.max() >= LEAST_FALL else np.zeros_like(heat), dtype=np.float32)
