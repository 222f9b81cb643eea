"""Frozen values: the only things that cross threads and processes.

They carry ids, byte paths, bytes and read-only arrays; never a connection, a Pillow image, a QPixmap or a row
number. Every module may import this one; it imports nothing of the project but `errors`.
"""

from collections.abc import Mapping, Set
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


NOT_ANSWERING = "The folder does not answer. Is its disk or server still there?"
"""Why a folder is offline whose disk hangs: neither what it holds nor that it is gone can be told."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One root that the library watches. An offline folder keeps its photos searchable."""

    folder_id: int
    path: bytes
    is_online: bool
    photo_count: int
    offline_reason: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether it is offline because its disk does not answer."""
        return not self.is_online and self.offline_reason == NOT_ANSWERING


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory below a folder (or the folder itself), for the sidebar's tree."""

    path: bytes
    folder_id: int
    photo_count: int
    """Photos directly in it, not below."""


class DatedBy(StrEnum):
    """What says when a photo was taken."""

    METADATA = "metadata"
    NAME = "name"
    """The name of its file; a whole day where that says no time."""
    FILE = "file"
    """Nothing: it is filed under when the file was last changed."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One file at one place, with the facts of its content.

    Attributes:
        rating: The user's own rating if there is one, else the file's.
        is_online: False while its folder is not available.
        other_paths: The same file under other names (hard link, bind mount).
        flag: 1 for a pick, -1 for rejected, 0 for neither: what the person said; where they said nothing, -1 for a
            rating of -1 ("rejected" in XMP).
        tags: The person's own, in alphabetical order; the file's are `metadata.keywords`.
        title, caption: The person's own if there is one, else the file's (`metadata.title`, `metadata.caption`).
        has_own_title, has_own_caption: Whether they are the person's own.
        copies: How many photos hold the same bytes, this one among them.
        taken_ms: The moment that lists, filters and sections go by, as `Metadata.captured_at_ms` counts.
        dated_by: Where that comes from.
        has_video: Whether the video of a live photo lies beside it; known only where it was looked for.
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
    flag: int = 0
    tags: tuple[str, ...] = ()
    title: str | None = None
    caption: str | None = None
    has_own_title: bool = False
    has_own_caption: bool = False
    copies: int = 1
    taken_ms: int = 0
    dated_by: DatedBy = DatedBy.METADATA
    has_video: bool = False


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
    COLLECTION = "collection"
    """As they were added to the collection of the filter; without one, as ADDED."""
    FOLDER = "folder"
    """Directory by directory, by name within each."""
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The photos of a list in its order, with what arranging them takes: read-only arrays of one length.

    A million weigh 24 MB. Rows of `Photo` would be two gigabytes, and only those painted are ever needed.

    Attributes:
        order: What it is sorted by.
        ids: Photo ids, int64 [n].
        taken_ms: When taken (`Photo.taken_ms`), int64 [n].
        aspect: Width by height of the upright picture, float32 [n].
        directory: Place of each one's directory in `directories`, int32 [n].
        directories: Paths.
    """

    order: SortOrder
    ids: NDArray[np.int64]
    taken_ms: NDArray[np.int64]
    aspect: NDArray[np.float32]
    directory: NDArray[np.int32]
    directories: tuple[bytes, ...]

    def __post_init__(self) -> None:
        for array in (self.ids, self.taken_ms, self.aspect, self.directory):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, stays: NDArray[np.bool_]) -> "Listing":
        """Return those photos where `stays` (bool [n]) is true, in the same order."""
        return Listing(
            self.order,
            self.ids[stays],
            self.taken_ms[stays],
            self.aspect[stays],
            self.directory[stays],
            self.directories,
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on photos, all of which must hold. The empty filter lets every photo through.

    Attributes:
        directory: Only photos at or below this directory.
        captured_from_ms, captured_until_ms: Half-open range of `Photo.taken_ms`.
        cameras: Camera models, any of them.
        formats: Formats, any of them.
        min_rating: Photos rated at least so.
        orientation: "landscape", "portrait" or "square".
        labels: English names of labels, any of them, as the network in use gave them.
        tags: The person's own tags, any of them; case aside.
        flag: Photos with this flag: 1, 0 or -1.
        collection_id: Only photos of this collection; a live one has none (ask its query instead).
    """

    directory: bytes | None = None
    captured_from_ms: int | None = None
    captured_until_ms: int | None = None
    cameras: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    min_rating: int | None = None
    orientation: str | None = None
    labels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    flag: int | None = None
    collection_id: int | None = None


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


class ChanceOf(StrEnum):
    """What a chance is of."""

    PICTURE = "picture"
    """The same picture as one that is looked for."""
    SCENE = "scene"
    """The same scene or kind of subject."""
    WORDS = "words"
    """It shows what the words say."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How sure a hit must be to be shown; chance 0 lets everything pass."""

    chance: float
    of: ChanceOf


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. A negative weight means "less like this".

    `cut` is what a person wants to see of the answer; None leaves that to who shows it. The answer is whole in any
    case, so that more can be shown without asking again.
    """

    parts: tuple[QueryPart, ...]
    filter: Filter = Filter()
    k: int = 200
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. For a single-image query `score` is the cosine, at most 1; larger is always better.

    Attributes:
        by_picture: It is near to the images of the query.
        by_words: The words stand in its metadata.
        by_meaning: What the picture shows fits the words.
        same_picture: Chance, 0 to 1, that it is the same picture as one of the positive images of the query; None
            without such images.
        same_scene: Chance that it shows the same scene or kind of subject as one of them, at least `same_picture`;
            None as well where the network does not tell.
        shows: Chance that it shows what one of the positive words of the query say; None without such words, and
            where the network does not tell.
    """

    photo_id: int
    score: float
    kind: MatchKind = MatchKind.SIMILAR
    by_picture: bool = False
    by_words: bool = False
    by_meaning: bool = False
    same_picture: float | None = None
    same_scene: float | None = None
    shows: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits, best first.

    Attributes:
        is_exact: True when no photo can be missing: every candidate was compared.
        model_id: The network that ranked; empty where only metadata was searched.
        unknown_words: Words of the query that mean nothing to the network, because they are Chinese in no list or
            no English ("asdf"); they were looked for in metadata only.
        is_cut: True when there are, or may be, more photos than the query's `k`.
    """

    query: Query
    hits: tuple[Hit, ...]
    is_exact: bool
    model_id: str
    milliseconds: float
    unknown_words: tuple[str, ...] = ()
    is_cut: bool = False


class FactKind(StrEnum):
    """What a hit has in common with the picture that was looked for, or how the two differ."""

    SAME_BYTES = "same-bytes"
    SAME_PICTURE = "same-picture"
    BURST = "burst"
    TURNED = "turned"
    """`number`: degrees clockwise from the picture looked for to the hit, 90, 180 or 270."""
    MIRRORED = "mirrored"
    SIZE = "size"
    """`number`: the hit's longer side as a share of the other's, as a picture that was made smaller or larger."""
    OTHER_SHAPE = "other-shape"
    """The same picture in another shape: cropped, or with a border."""
    GREY = "grey"
    """The hit has no colours, the other has."""
    COLOURED = "coloured"
    """The other way round."""
    SAME_SECOND = "same-second"
    SAME_MINUTE = "same-minute"
    SAME_DAY = "same-day"
    SAME_CAMERA = "same-camera"
    """`texts`: its name."""
    SAME_FOLDER = "same-folder"
    SAME_PLACE = "same-place"
    """`number`: metres between the two, where both know; or `texts`: the name of the place."""
    SAME_LABELS = "same-labels"
    """`texts`: English names of what the network sees on both."""


@dataclass(frozen=True, slots=True)
class MatchFact:
    """One fact, with what its kind says of `number` and `texts`."""

    kind: FactKind
    number: float = 0.0
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a photo answers a query: plain facts, the surest first.

    Attributes:
        photo_id: The hit.
        part: The positive image of the query that it is most like; None without one.
        facts: What both have in common, and how they differ.
        cosine: Of the network's vectors; None where one is missing.
        same_picture, same_scene, shows: As in `Hit`.
        words: The words of the query that it shows with this chance, as typed; empty without.
    """

    photo_id: int
    part: QueryPart | None = None
    facts: tuple[MatchFact, ...] = ()
    cosine: float | None = None
    same_picture: float | None = None
    same_scene: float | None = None
    shows: float | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class LikenessMap:
    """Where on two pictures their likeness lies.

    Attributes:
        asked, found: The picture looked for and the hit, as the viewer shows them.
        asked_heat, found_heat: float32 [rows, columns], 0 to 1: how much of the likeness goes when this part of the
            picture is covered, as a share of the part that matters most.
        region: The part of `asked` that was looked for, as fractions; None for all of it. Its heat covers that
            part.
    """

    asked: Picture
    found: Picture
    asked_heat: NDArray[np.float32]
    found_heat: NDArray[np.float32]
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Photos that a person put together, or a query that they kept: a live collection.

    Attributes:
        photo_count: Photos of it that are in the library; 0 for a live one, whose answer nobody knows before it is
            asked.
    """

    collection_id: int
    name: str
    photo_count: int
    is_live: bool


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """What a live collection looks for, as it can be asked now.

    Attributes:
        query: With the present ids of its photos.
        remarks: Sentences on what of it is missing by now, and was left out.
    """

    query: Query
    remarks: tuple[str, ...] = ()


class KeepRule(StrEnum):
    """One preference between two photos of a group; the first order is the one that most people want."""

    AVAILABLE = "available"
    FOLDER = "folder"
    """By the directories that `KeepRules` names."""
    LIVE_VIDEO = "live-video"
    """Before the size: of the picture there is another copy, of the video there may be none."""
    RAW_FIRST = "raw-first"
    """Before the size: the preview that is read of a RAW may have fewer pixels than a JPEG made of it."""
    LARGEST_PICTURE = "largest-picture"
    PICKED = "picked"
    RATING = "rating"
    METADATA = "metadata"
    LARGEST_FILE = "largest-file"
    OLDEST = "oldest"
    NEWEST = "newest"
    SHORTEST_PATH = "shortest-path"
    FIRST_PATH = "first-path"


@dataclass(frozen=True, slots=True)
class KeepRules:
    """How the photo of a group that is proposed to stay is chosen, as the person set it.

    Attributes:
        order: Every rule once; the first that tells two photos apart decides.
        off: Rules that are not asked.
        keep_in: Directories whose photos rather stay; of nested ones the innermost counts.
        remove_in: Directories whose photos rather go.
    """

    order: tuple[KeepRule, ...] = tuple(KeepRule)
    off: frozenset[KeepRule] = frozenset({KeepRule.NEWEST})
    keep_in: tuple[bytes, ...] = ()
    remove_in: tuple[bytes, ...] = ()

    @property
    def in_force(self) -> tuple[KeepRule, ...]:
        """The rules that are asked, in their order."""
        return tuple(rule for rule in self.order if rule not in self.off)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Photos that belong together; `photo_ids[0]` is the best one to keep by the present rules.

    Attributes:
        decided_by: For each photo after the first the rule that prefers the first to it; None where no rule tells
            the two apart, so that neither is proposed to go. Empty where no rules were asked yet.
        with_video: Those of its photos that have the video of a live photo beside them.
    """

    kind: MatchKind
    photo_ids: tuple[int, ...]
    decided_by: tuple[KeepRule | None, ...] = ()
    with_video: frozenset[int] = frozenset()

    @property
    def superfluous(self) -> tuple[int, ...]:
        """The photos that a rule proposes to go."""
        if None not in self.decided_by:  # nearly always; of 50,000 groups the other way takes 60 ms longer
            return self.photo_ids[1:] if self.decided_by else ()
        pairs = zip(self.photo_ids[1:], self.decided_by, strict=True)
        return tuple(photo_id for photo_id, rule in pairs if rule is not None)

    def without(self, photo_ids: Set[int]) -> "Cluster":
        """Return the group when photos have left it; without its first the rules must be asked anew."""
        left = tuple(photo_id for photo_id in self.photo_ids if photo_id not in photo_ids)
        if not self.decided_by or left[:1] != self.photo_ids[:1]:
            return Cluster(self.kind, left, with_video=self.with_video - photo_ids)
        pairs = zip(self.photo_ids[1:], self.decided_by, strict=True)
        rules = tuple(rule for photo_id, rule in pairs if photo_id not in photo_ids)
        return Cluster(self.kind, left, rules, self.with_video - photo_ids)


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
    is_rename: bool = False
    """True when the file got another name: then `trash_path` is the new one, in the same folder."""
    photo_id: int = 0
    """Of the photo that it was, or belongs to."""
    is_companion: bool = False
    """True for a file that is no photo of its own line and goes with one; see `Companion`."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A file that is no photo and belongs to one: the video of a live photo, or a sidecar.

    Attributes:
        is_video: True for the video, False for a sidecar.
        is_kept: Whether it stays when the photos that were asked for go: another one has it, too.
    """

    path: bytes
    size_bytes: int
    is_video: bool
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """What came of moving some photos to the trash, or of an undo."""

    batch_id: int
    done: tuple[bytes, ...]
    failed: tuple[tuple[bytes, str], ...]
    """Path and reason of every file that stayed where it was."""
    changed: tuple[int, ...] = ()
    """Photos that stay and took over what was decided about one that went, or gave it back."""
    is_rename: bool = False
    """True for the undo of a rename."""
    along: tuple[bytes, ...] = ()
    """Files that belong to those of `done` and went with them; see `Companion`."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What the photo that stays takes over from those that go to the trash; all empty where there is nothing.

    Attributes:
        tags: Tags and keywords that it has not.
        rating: Its new one, 1 to 5; None where its own is as good.
        flag: 1 where it becomes a pick, else 0.
        title, caption: Where it has none.
        collections: Names of collections that it comes into.
    """

    tags: tuple[str, ...] = ()
    rating: int | None = None
    flag: int = 0
    title: str | None = None
    caption: str | None = None
    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of writing sidecars.

    Attributes:
        written: Sidecars that are new or have changed.
        unchanged: How many photos needed nothing.
        failed: Path of the photo and a sentence for each that could not be written.
    """

    written: tuple[bytes, ...]
    unchanged: int
    failed: tuple[tuple[bytes, str], ...]


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the next undo takes back.

    Attributes:
        path: Of the first file, as it will be again.
        count: How many files.
    """

    path: bytes
    count: int
    is_rename: bool = False


@dataclass(frozen=True, slots=True)
class CopyProgress:
    """How far copying into a folder is; sidecars and the like are files of their own.

    Attributes:
        path: What is being copied; empty at the end.
    """

    files: int
    total_files: int
    size_bytes: int
    total_bytes: int
    path: bytes


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What came of copying photos into a folder.

    Attributes:
        copied: Source and copy of every file.
        failed: Source and reason of every file that was not copied, in a sentence.
        is_stopped: True when it was stopped before the end; what was copied stays.
    """

    destination: bytes
    copied: tuple[tuple[bytes, bytes], ...]
    failed: tuple[tuple[bytes, str], ...]
    size_bytes: int
    is_stopped: bool = False


class FileVerdict(StrEnum):
    """What a file outside is to the library."""

    IDENTICAL = "identical"
    """A photo of the library has the same bytes."""
    SAME = "same"
    """A photo of the library is the same picture."""
    SIMILAR = "similar"
    """Not in the library, but a photo there is of the same moment."""
    NEW = "new"
    """Not in the library."""
    UNREADABLE = "unreadable"
    """It could not be read."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file of a folder that was compared with the library.

    Attributes:
        photo_id: The photo of the library that it is, or that is of the same moment; None without one.
        reason: Why it could not be read, in a sentence.
    """

    path: bytes
    size_bytes: int
    verdict: FileVerdict
    photo_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """How far comparing a folder with the library is.

    Attributes:
        done: Files that have a verdict.
        seen: Files found so far; grows while the folder is walked.
        found: Verdicts since the last report, in no particular order.
    """

    done: int
    seen: int
    found: tuple[CheckedFile, ...]


@dataclass(frozen=True, slots=True)
class FolderCheck:
    """The end of comparing a folder with the library.

    Attributes:
        counts: Files of each verdict.
        unlisted: Folders that could not be listed, with reasons.
    """

    path: bytes
    counts: Mapping[FileVerdict, int]
    unlisted: tuple[tuple[bytes, str], ...] = ()


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


# ------------------------------------------------------------------------- the overview, and how the index does


@dataclass(frozen=True, slots=True)
class DirectoryTree:
    """The directories of a library with what lies below them.

    Attributes:
        children: The directories directly below each that has some, by name.
        counts: Photos in each directory and all below it.
        owners: Id of the folder that each belongs to.
        shape: Differs when other directories are there; equal when only numbers changed.
    """

    children: Mapping[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    counts: Mapping[bytes, int] = field(default_factory=dict)
    owners: Mapping[bytes, int] = field(default_factory=dict)
    shape: int = 0


@dataclass(frozen=True, slots=True)
class RemovedTag:
    """A tag that was taken off all photos, and the contents that had it: what putting it back takes."""

    name: str
    digests: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class LibraryOverview:
    """What stands around the photos: counts, folders, collections, tags, whether there is something to undo."""

    summary: LibrarySummary
    folders: tuple[Folder, ...]
    tree: DirectoryTree
    can_undo: bool = False
    collections: tuple[Collection, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    """The person's with how many photos have each, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Problems:
    """What a person might have to look after.

    Attributes:
        failures: Files that could not be taken in, by path.
        offline: Folders that are not there now.
    """

    failures: tuple[Failure, ...]
    offline: tuple[Folder, ...]


@dataclass(frozen=True, slots=True)
class Recall:
    """How much an index finds of what comparing everything finds, on a sample.

    Attributes:
        k: Neighbours that were compared for each query.
        queries: Vectors that were looked for.
        share: Neighbours found among those there are, 0 to 1.
        fast_ms: Time of one search as it is done.
        exact_ms: Time of one that compares everything.
    """

    k: int
    queries: int
    share: float
    fast_ms: float
    exact_ms: float


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What a library takes on the disk. Models are those that were added, not those that came along.

    Attributes:
        last_backup_day: As YYYY-MM-DD; empty before the first one.
    """

    catalog_bytes: int = 0
    thumbnails_bytes: int = 0
    index_bytes: int = 0
    words_bytes: int = 0
    backups_bytes: int = 0
    models_bytes: int = 0
    last_backup_day: str = ""


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What answers, how well, how fast photos are taken in, and what it takes on the disk.

    Attributes:
        provider: The onnxruntime provider in use.
        provider_note: Why a faster one is not in use, in a sentence; empty when there is nothing to say.
        vectors: Contents in the vector index.
        in_graph: Those of them that the graph finds; the others are compared one by one.
        is_exact: Whether every search compares everything.
        word_vectors: Contents that have a vector among words.
        photos_per_second: Of the last run that took photos in; 0 when none was measured.
        run_photos: Photos of that run.
    """

    directory: bytes
    model_id: str
    provider: str
    provider_note: str
    photos: int
    contents: int
    vectors: int
    in_graph: int
    is_exact: bool
    word_vectors: int
    recall: Recall | None
    photos_per_second: float
    run_photos: int
    disk: DiskUse
