"""Which photo of a group to keep, and why, in a sentence.

Pure; called on any thread. Rules are asked in order, and the first that tells two photos apart decides, so that the
reason is always one rule that a person can check. A score that adds up points lost: nobody can say why it chose.
"""

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from photofind.records import Metadata, Photo


class KeepRule(StrEnum):
    """One preference between two photos."""

    AVAILABLE = "available"
    LARGEST_PICTURE = "largest-picture"
    RAW_FIRST = "raw-first"
    RATING = "rating"
    METADATA = "metadata"
    LARGEST_FILE = "largest-file"
    OLDEST = "oldest"
    SHORTEST_PATH = "shortest-path"


DEFAULT_RULES = tuple(KeepRule)

_UNTOLD = Metadata()
_FACTS_OF_METADATA = (
    "captured_at_ms", "camera_model", "lens", "exposure_s", "latitude", "rating", "title", "caption", "keywords",
    "creator", "place",
)  # fmt: skip


def _metadata_facts(photo: Photo) -> int:
    return sum(getattr(photo.metadata, name) != getattr(_UNTOLD, name) for name in _FACTS_OF_METADATA)


_RANK: dict[KeepRule, Callable[[Photo], int]] = {
    KeepRule.AVAILABLE: lambda photo: int(photo.is_online),
    KeepRule.LARGEST_PICTURE: lambda photo: photo.width_px * photo.height_px,
    KeepRule.RAW_FIRST: lambda photo: int(photo.format == "RAW"),
    KeepRule.RATING: lambda photo: -2 if photo.rating is None else photo.rating,
    KeepRule.METADATA: _metadata_facts,
    KeepRule.LARGEST_FILE: lambda photo: photo.size_bytes,
    KeepRule.OLDEST: lambda photo: -photo.mtime_ns,
    KeepRule.SHORTEST_PATH: lambda photo: -len(photo.path),
}
"""Larger is kept."""

_REASON: dict[KeepRule, Callable[[Photo, Photo], str]] = {
    KeepRule.AVAILABLE: lambda _kept, _other: "its folder is available",
    KeepRule.LARGEST_PICTURE: lambda kept, other: (
        f"it is larger: {kept.width_px} x {kept.height_px} pixels, not {other.width_px} x {other.height_px}"
    ),
    KeepRule.RAW_FIRST: lambda _kept, _other: "it is the camera's RAW file",
    KeepRule.RATING: lambda kept, other: (
        f"you rated it higher: {_rating(kept.rating)}, not {_rating(other.rating)}"
    ),
    KeepRule.METADATA: lambda _kept, _other: "it knows more of when, where and how it was taken",
    KeepRule.LARGEST_FILE: lambda kept, other: (
        f"its file is larger: {kept.size_bytes:,} bytes, not {other.size_bytes:,}"
    ),
    KeepRule.OLDEST: lambda _kept, _other: "its file is older",
    KeepRule.SHORTEST_PATH: lambda kept, _other: f"its path is shorter: {os.fsdecode(os.path.basename(kept.path))}",
}


def _rating(rating: int | None) -> str:
    return "unrated" if rating is None else str(rating)


def best_first(photos: Iterable[Photo], rules: Sequence[KeepRule] = DEFAULT_RULES) -> list[Photo]:
    """Return photos with the one to keep first; where no rule decides, by path."""
    return sorted(photos, key=lambda photo: ([-_RANK[rule](photo) for rule in rules], photo.path, photo.photo_id))


def reason(kept: Photo, other: Photo, rules: Sequence[KeepRule] = DEFAULT_RULES) -> str:
    """Return why `kept` comes before `other`: the rule that decided, as the end of "Kept because ..."."""
    for rule in rules:
        if _RANK[rule](kept) != _RANK[rule](other):
            return _REASON[rule](kept, other)
    return "nothing tells the two apart"


def without_unit_mates(photos: Sequence[Photo]) -> list[Photo]:
    """Return photos, best first as given, without those that are another file of a shot already in the list.

    A RAW and its JPEG, or the two files of a live photo, are one shot in two files: same directory, same name but
    for the ending, same capture time, and one of them RAW or HEIF. They are never duplicates of each other.
    """
    kept: list[Photo] = []
    shots: dict[tuple[bytes, int], list[Photo]] = {}
    for photo in photos:
        time = photo.metadata.captured_at_ms
        if time is not None:
            mates = shots.setdefault((os.path.splitext(photo.path)[0].lower(), time), [])
            if any(_is_pair(photo.format, mate.format) for mate in mates):
                continue
            mates.append(photo)
        kept.append(photo)
    return kept


@functools.cache
def _is_pair(one: str, other: str) -> bool:
    return one != other and bool({one, other} & {"RAW", "HEIF"})
