"""Queries as text, to be kept in the catalog: the form in which a live collection outlives the ids of its photos.

Pure. The text is JSON with a version. Photos stand in it by digest, because ids change when a library is restored
or a folder comes back; directories as hexadecimal, because paths are bytes. Images from outside are refused: the
library never stores a picture that somebody only asked with. Keeping their vector instead lost: after a change of
the network it means nothing, and a region or "why it matched" could not be shown.

Only conditions of the filter that are set are written, so that a query kept before a condition existed reads as
ever. Version 2 has the cut, too, and is written only where there is one: what an older program can show as it was
meant, it may read.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from photofind.errors import UserError
from photofind.records import (
    ChanceOf,
    Cut,
    Filter,
    ImagePart,
    PhotoPart,
    Query,
    QueryPart,
    SavedQuery,
    WordsPart,
)

VERSION = 2

OUTSIDE = "Add the image to the library first: images from outside are not kept."
NEWER = "A newer PhotoFind saved this live collection; this one cannot read it."
_DAMAGED = "This live collection is damaged; remove it, and save it again."

_CONDITIONS = {field.name: field.default for field in fields(Filter)}


def to_text(query: Query, digest_of: Callable[[int], bytes | None]) -> str:
    """Return the text of a query.

    Args:
        query: What is looked for.
        digest_of: Photo id -> digest of its content; None where there is no such photo.

    Raises:
        UserError: It has an image from outside, or a photo that is gone.
    """
    conditions = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, default in _CONDITIONS.items()
        if (value := getattr(query.filter, name)) != default
    }
    parts = [_part_to_json(part, digest_of) for part in query.parts]
    kept = {"version": 1, "parts": parts, "filter": conditions, "k": query.k}
    if query.cut is not None:
        kept |= {"version": VERSION, "cut": {"chance": query.cut.chance, "of": query.cut.of.value}}
    return json.dumps(kept, ensure_ascii=False, allow_nan=False)


def _part_to_json(part: QueryPart, digest_of: Callable[[int], bytes | None]) -> dict[str, Any]:
    match part:
        case WordsPart(text, weight):
            # What cannot be stored, half of a pair of UTF-16, cannot be found either.
            return {"words": text.encode("utf-8", "replace").decode(), "weight": weight}
        case ImagePart():
            raise UserError(OUTSIDE)
        case PhotoPart(photo_id, weight, region):
            digest = digest_of(photo_id)
            if digest is None:
                raise UserError("A photo of this query is no longer in the library.")
            return {"photo": digest.hex(), "weight": weight, "region": region}


def from_text(text: str, photo_of: Callable[[bytes], int | None]) -> SavedQuery:
    """Return the query of a text.

    Args:
        text: What `to_text` returned.
        photo_of: Digest -> id of a photo with this content; None where there is none now.

    Raises:
        UserError: A newer program wrote it, or it is damaged.
    """
    try:
        kept = json.loads(text)
        if kept["version"] > VERSION:
            raise UserError(NEWER)
        parts = [_part_from_json(part, photo_of) for part in kept["parts"]]
        cut = kept.get("cut")
        query = Query(
            tuple(part for part in parts if part is not None),
            _filter(kept["filter"]),
            int(kept["k"]),
            None if cut is None else Cut(float(cut["chance"]), ChanceOf(cut["of"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(_DAMAGED) from error
    missing = parts.count(None)
    if not missing:
        return SavedQuery(query)
    return SavedQuery(
        query,
        (
            "A photo of this query is no longer in the library and was left out."
            if missing == 1
            else f"{missing} photos of this query are no longer in the library and were left out.",
        ),
    )


def with_tag_renamed(text: str, is_old: Callable[[str], bool], new: str) -> str:
    """Return the text of a query whose filter asks for the tag `new` where it asked for the old one."""
    try:
        kept = json.loads(text)
        tags = kept["filter"]["tags"]
        kept["filter"]["tags"] = list(dict.fromkeys(new if is_old(tag) else tag for tag in tags))
    except (ValueError, TypeError, KeyError):  # asks for no tag, or cannot be read: it says so when it is asked
        return text
    return json.dumps(kept, ensure_ascii=False)


def _part_from_json(part: Mapping[str, Any], photo_of: Callable[[bytes], int | None]) -> QueryPart | None:
    weight = float(part["weight"])
    if "words" in part:
        return WordsPart(str(part["words"]), weight)
    photo_id = photo_of(bytes.fromhex(part["photo"]))
    if photo_id is None:
        return None
    region = part["region"]
    if region is None:
        return PhotoPart(photo_id, weight)
    left, top, right, bottom = map(float, region)
    return PhotoPart(photo_id, weight, (left, top, right, bottom))


def _filter(conditions: Mapping[str, Any]) -> Filter:
    read: dict[str, Any] = {}
    for name, value in conditions.items():
        if name not in _CONDITIONS:
            raise UserError(NEWER)
        if name == "directory":
            read[name] = bytes.fromhex(value)
        else:
            read[name] = tuple(value) if isinstance(value, list) else value
    return Filter(**read)
