"""Announcements: what the library tells whoever listens.

Emitted on library threads; a listener returns at once (the window's bridge re-emits them as queued signals).
They name ids only: by the time one is read, the catalog is the truth, not the event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from photofind.records import Failure


@dataclass(frozen=True, slots=True)
class PhotosAdded:
    """These photos are in the catalog now, and searchable."""

    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PhotosChanged:
    """Facts of these photos changed: another place, other content, a decision, online or offline."""

    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PhotosRemoved:
    """These photos are no longer in the catalog."""

    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """A folder was added, removed, went offline or came back."""


@dataclass(frozen=True, slots=True)
class CollectionsChanged:
    """A collection was made, renamed or removed, or has other photos.

    Not announced where photos of a collection come into the library or leave it; those have events of their own.
    """


@dataclass(frozen=True, slots=True)
class PhotoFailed:
    """One file could not be taken in."""

    failure: Failure


class Stage(StrEnum):
    """What the indexer is doing."""

    IDLE = "idle"
    SCANNING = "scanning"
    INDEXING = "indexing"
    PAUSED = "paused"
    WAITING = "waiting"
    """Something outside is in the way (disk full, library busy); `Progress.message` says what."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing is. `total` grows while a scan still runs.

    Attributes:
        per_second: Photos a second over the last seconds; 0 when unknown.
        seconds_left: Estimate, None when unknown.
    """

    stage: Stage
    done: int = 0
    total: int = 0
    failed: int = 0
    per_second: float = 0.0
    seconds_left: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One quiet sentence for the person: a fallback, a restored backup, an unwatched folder."""

    message: str


Event = (
    PhotosAdded
    | PhotosChanged
    | PhotosRemoved
    | FoldersChanged
    | CollectionsChanged
    | PhotoFailed
    | Progress
    | Notice
)
Listener = Callable[[Event], None]
