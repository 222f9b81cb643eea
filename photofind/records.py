"""Frozen values: the only things that cross threads and processes.

They carry ids, byte paths, bytes and read-only arrays; never a connection, a Pillow image, a QPixmap or a row
number. Every module may import this one; it imports nothing of the project but `errors`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class MatchKind(StrEnum):
    """How two photos belong together, from the surest to the loosest."""

    IDENTICAL = "identical"
    """The same bytes."""
    SAME = "same"
    """The same picture, saved, resized, cropped or edited differently."""
    BURST = "burst"
    """Two pictures of one moment: similar, taken within seconds of each other by one camera."""
    SIMILAR = "similar"
    """Alike, nothing more."""


class FailureKind(StrEnum):
    """Why a file could not be taken in."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not-an-image"
    NOT_A_PHOTO = "not-a-photo"
    """A file without the name of a photo that is none: remembered, so that it is not read again, but no problem."""
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    UNSUPPORTED = "unsupported"
    UNREADABLE = "unreadable"
    CHANGING = "changing"
    TIMED_OUT = "timed-out"
    OUT_OF_MEMORY = "out-of-memory"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What `lstat` says of one file; enough to see that it changed without reading it."""

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says of the picture (EXIF, XMP, IPTC), cleaned: no control characters, plausible ranges.

    Attributes:
        captured_at_ms: Wall-clock time where the photo was taken, in milliseconds since 1970-01-01 as if that
            wall clock were UTC. Sorting and "same second" want the photographer's watch, not the instant.
        utc_offset_min: Minutes east of UTC of that wall clock, where the file tells.
        exposure_s: Exposure time in seconds.
        rating: 0 to 5, or -1 for rejected (XMP's convention); None when the file says nothing.
        orientation: EXIF orientation as found, 1 to 8. Width and height elsewhere are always upright.
    """

    captured_at_ms: int | None = None
    utc_offset_min: int | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    lens: str | None = None
    exposure_s: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_mm: float | None = None
    focal_35mm: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude_m: float | None = None
    rating: int | None = None
    title: str | None = None
    caption: str | None = None
    keywords: tuple[str, ...] = ()
    creator: str | None = None
    place: tuple[str, ...] = ()
    """Place names from the narrowest to the widest: location, city, region, country."""
    orientation: int = 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that one read and one decode of a file give; made in a decoder process.

    Attributes:
        path: The file that was read.
        facts: `fstat` of the open file, equal before and after the read.
        digest: SHA-256 of the bytes, 32 bytes.
        is_known: True when `digest` was among the digests the caller already has; then nothing was decoded and
            every field below has its default.
        width_px, height_px: Upright size of the full picture.
        format: Pillow's name of the format ("JPEG", "HEIF", ...), or "RAW".
        perceptual_hash: PDQ hashes of the eight turns of the picture, 8 x 32 bytes, the upright one first
            (`photo.hashes.perceptual_hashes` says which turn is which).
        hash_quality: 0 (flat, the hash means nothing) to 100.
        mean_rgb: Mean colour as 0xRRGGBB, for the placeholder of the grid.
        thumbnail: JPEG bytes, upright, sRGB, at most `photo.thumbnail.THUMBNAIL_PX` on the longer side.
        pixels: The network's input, uint8 [input_px, input_px, 3], RGB, upright, the whole photo squashed.
    """

    path: bytes
    facts: FileFacts
    digest: bytes
    is_known: bool = False
    width_px: int = 0
    height_px: int = 0
    format: str = ""
    metadata: Metadata = field(default_factory=Metadata)
    perceptual_hash: bytes = b""
    hash_quality: int = 0
    mean_rgb: int = 0
    thumbnail: bytes = b""
    pixels: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture for the viewer: upright, sRGB.

    Attributes:
        rgbx: Four bytes a pixel, red, green, blue and 255, line by line without padding.
    """

    width_px: int
    height_px: int
    rgbx: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """One file that could not be taken in. `facts` is None when not even `lstat` worked."""

    path: bytes
    kind: FailureKind
    reason: str
    facts: FileFacts | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """One root that the library watches. An offline folder keeps its photos searchable."""

    folder_id: int
    path: bytes
    is_online: bool
    photo_count: int
    offline_reason: str = ""


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory below a folder (or the folder itself), for the sidebar's tree."""

    path: bytes
    folder_id: int
    photo_count: int
    """Photos directly in it, not below."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One file at one place, with the facts of its content.

    Attributes:
        rating: The user's own rating if there is one, else the file's.
        is_online: False while its folder is not available.
        other_paths: The same file under other names (hard link, bind mount).
    """

    photo_id: int
    content_id: int
    path: bytes
    folder_id: int
    size_bytes: int
    mtime_ns: int
    digest: bytes
    width_px: int
    height_px: int
    format: str
    mean_rgb: int
    metadata: Metadata
    rating: int | None
    is_online: bool
    other_paths: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoLabel:
    """An everyday name for what a photo shows, given by a network.

    Attributes:
        name: In English.
        chinese: The same in Chinese; empty where the list of labels no longer has it.
        confidence: Chance that it is right, 0 to 1.
    """

    name: str
    chinese: str
    confidence: float


class SortOrder(StrEnum):
    """Orders of the grid; relevance is the order of an `Answer`."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ADDED = "added"
    NAME = "name"
    SIZE = "size"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on photos, all of which must hold. The empty filter lets every photo through.

    Attributes:
        directory: Only photos at or below this directory.
        captured_from_ms, captured_until_ms: Half-open range of `captured_at_ms` (mtime where the file has none).
        cameras: Camera models, any of them.
        formats: Formats, any of them.
        min_rating: Photos rated at least so.
        orientation: "landscape", "portrait" or "square".
        labels: English names of labels, any of them, as the network in use gave them.
    """

    directory: bytes | None = None
    captured_from_ms: int | None = None
    captured_until_ms: int | None = None
    cameras: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    min_rating: int | None = None
    orientation: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoPart:
    """A photo of the library as part of a query."""

    photo_id: int
    weight: float = 1.0
    region: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom as fractions of the upright picture; None means all of it."""


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image from outside the library: a file, or the encoded bytes of one. It is never stored."""

    path: bytes | None = None
    data: bytes | None = None
    weight: float = 1.0
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class WordsPart:
    """Words, as typed."""

    text: str
    weight: float = 1.0


QueryPart = PhotoPart | ImagePart | WordsPart


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. A negative weight means "less like this"."""

    parts: tuple[QueryPart, ...]
    filter: Filter = Filter()
    k: int = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. For a single-image query `score` is the cosine, at most 1; larger is always better.

    Attributes:
        by_picture: It is near to the images of the query.
        by_words: The words stand in its metadata.
        by_meaning: What the picture shows fits the words.
    """

    photo_id: int
    score: float
    kind: MatchKind = MatchKind.SIMILAR
    by_picture: bool = False
    by_words: bool = False
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits, best first.

    Attributes:
        is_exact: True when no photo can be missing: every candidate was compared.
        model_id: The network that ranked; empty where only metadata was searched.
        unknown_words: Words of the query that mean nothing to the network, because they are Chinese in no list or
            no English ("asdf"); they were looked for in metadata only.
    """

    query: Query
    hits: tuple[Hit, ...]
    is_exact: bool
    model_id: str
    milliseconds: float
    unknown_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """Photos that belong together; `photo_ids[0]` is the best one to keep by the present rules."""

    kind: MatchKind
    photo_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """One file moved to the system trash, as the journal has it."""

    removal_id: int
    batch_id: int
    path: bytes
    trash_path: bytes | None
    state: str
    """"planned", "done", "failed" or "undone"."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """What came of moving some photos to the trash, or of an undo."""

    batch_id: int
    done: tuple[bytes, ...]
    failed: tuple[tuple[bytes, str], ...]
    """Path and reason of every file that stayed where it was."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One network, as the models page and `photofind models` show it."""

    model_id: str
    architecture: str
    is_active: bool
    is_bundled: bool
    input_px: int
    dimension: int
    size_bytes: int
    provider: str = ""
    """The onnxruntime provider in use, for the active one."""
    provider_note: str = ""
    """Why a faster provider is not in use, in a sentence; empty when there is nothing to say."""
    licence: str = ""
    has_words: bool = False
    """Whether it finds photos by words for what they show."""
    embedded: int = 0
    """Contents of the library that it has seen."""
    total: int = 0
    """Contents of the library."""
    measured: Mapping[str, float] = field(default_factory=dict)
    """Figures by name that came with the network, or were measured when it was added."""
    is_coming: bool = False
    """Whether it is reading the photos now, to answer as soon as it has seen them all."""
    name: str = ""
    """What it is called in English, where it came with the program: "Accurate"; empty for others."""


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What one network costs on this computer.

    Attributes:
        provider: The onnxruntime provider it was measured on.
        variant: The file: "int8" or "float".
        cpu_ms: Time of one core for a photo, in batches.
        photos_per_second: By the clock, on that provider with one thread.
    """

    model_id: str
    provider: str
    variant: str
    cpu_ms: float
    photos_per_second: float


@dataclass(frozen=True, slots=True)
class LibrarySummary:
    """Counts and sizes for the status bar and `photofind index`."""

    photos: int
    contents: int
    failed: int
    embedded: int


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify` found. `problems` are sentences; `repaired` those that were mended."""

    is_ok: bool
    photos_checked: int
    problems: tuple[str, ...]
    repaired: tuple[str, ...]
