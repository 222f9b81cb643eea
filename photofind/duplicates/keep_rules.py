"""Which photo of a group to keep, and why, in a sentence.

Pure; called on any thread. Rules are asked in the order that the person set, and the first that tells two photos
apart decides, so that the reason is always one rule that a person can check. A score that adds up points lost:
nobody can say why it chose.
"""

import functools
import os
from collections.abc import Callable, Iterable, Sequence

from photofind.records import KeepRule, KeepRules, Metadata, Photo

USUAL = KeepRules()

_UNTOLD = Metadata()
_FACTS_OF_METADATA = (
    "captured_at_ms", "camera_model", "lens", "exposure_s", "latitude", "rating", "title", "caption", "keywords",
    "creator", "place",
)  # fmt: skip


def _metadata_facts(photo: Photo) -> int:
    return sum(getattr(photo.metadata, name) != getattr(_UNTOLD, name) for name in _FACTS_OF_METADATA)


def _folder_worth(photo: Photo, rules: KeepRules) -> int:
    """Return 1 in a directory that is kept, -1 in one that is cleared, 0 elsewhere; the innermost one counts."""
    path = os.path.normcase(photo.path)
    deepest, worth = -1, 0
    for directories, its_worth in ((rules.keep_in, 1), (rules.remove_in, -1)):
        for directory in directories:
            start = os.path.join(os.path.normcase(directory), b"")
            if len(start) > deepest and path.startswith(start):
                deepest, worth = len(start), its_worth
    return worth


_RANK: dict[KeepRule, Callable[[Photo, KeepRules], object]] = {
    KeepRule.AVAILABLE: lambda photo, _rules: not photo.is_online,
    KeepRule.FOLDER: lambda photo, rules: -_folder_worth(photo, rules),
    KeepRule.LIVE_VIDEO: lambda photo, _rules: not photo.has_video,
    KeepRule.LARGEST_PICTURE: lambda photo, _rules: -photo.width_px * photo.height_px,
    KeepRule.RAW_FIRST: lambda photo, _rules: photo.format != "RAW",
    KeepRule.PICKED: lambda photo, _rules: -photo.flag,
    KeepRule.RATING: lambda photo, _rules: 2 if photo.rating is None else -photo.rating,
    KeepRule.METADATA: lambda photo, _rules: -_metadata_facts(photo),
    KeepRule.LARGEST_FILE: lambda photo, _rules: -photo.size_bytes,
    KeepRule.OLDEST: lambda photo, _rules: photo.mtime_ns,
    KeepRule.NEWEST: lambda photo, _rules: -photo.mtime_ns,
    # Without the ending, so that a RAW and its JPEG, of which there are copies elsewhere, stay in one folder.
    KeepRule.SHORTEST_PATH: lambda photo, _rules: len(os.path.splitext(photo.path)[0]),
    KeepRule.FIRST_PATH: lambda photo, _rules: photo.path,
}
"""Smaller is kept."""

_REASON: dict[KeepRule, Callable[[Photo, Photo], str]] = {
    KeepRule.AVAILABLE: lambda _kept, _other: "its folder is available",
    KeepRule.FOLDER: lambda _kept, _other: "you prefer its folder",
    KeepRule.LIVE_VIDEO: lambda _kept, _other: "it has the video of the live photo",
    KeepRule.LARGEST_PICTURE: lambda kept, other: (
        f"it is larger: {kept.width_px} x {kept.height_px} pixels, not {other.width_px} x {other.height_px}"
    ),
    KeepRule.RAW_FIRST: lambda _kept, _other: "it is the camera's RAW file",
    KeepRule.PICKED: lambda kept, _other: "you picked it" if kept.flag > 0 else "you rejected the other",
    KeepRule.RATING: lambda kept, other: (
        f"you rated it higher: {_rating(kept.rating)}, not {_rating(other.rating)}"
    ),
    KeepRule.METADATA: lambda _kept, _other: "it knows more of when, where and how it was taken",
    KeepRule.LARGEST_FILE: lambda kept, other: (
        f"its file is larger: {kept.size_bytes:,} bytes, not {other.size_bytes:,}"
    ),
    KeepRule.OLDEST: lambda _kept, _other: "its file is older",
    KeepRule.NEWEST: lambda _kept, _other: "its file is newer",
    KeepRule.SHORTEST_PATH: lambda kept, _other: f"its path is shorter: {os.fsdecode(os.path.basename(kept.path))}",
    KeepRule.FIRST_PATH: lambda _kept, _other: "its path comes first in the alphabet",
}


def _rating(rating: int | None) -> str:
    return "unrated" if rating is None else str(rating)


def best_first(photos: Iterable[Photo], rules: KeepRules = USUAL) -> list[Photo]:
    """Return photos with the one to keep first; where no rule decides, by path."""
    ranks = [_RANK[rule] for rule in rules.in_force]
    return sorted(photos, key=lambda photo: ([rank(photo, rules) for rank in ranks], photo.path, photo.photo_id))


def decider(kept: Photo, other: Photo, rules: KeepRules = USUAL) -> KeepRule | None:
    """Return the rule that put `kept` before `other`; None where none tells the two apart."""
    for rule in rules.in_force:
        if _RANK[rule](kept, rules) != _RANK[rule](other, rules):
            return rule
    return None


def reason(kept: Photo, other: Photo, rule: KeepRule | None) -> str:
    """Return why `kept` comes before `other`, as the end of "Kept because ..."."""
    return "nothing tells the two apart" if rule is None else _REASON[rule](kept, other)


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
