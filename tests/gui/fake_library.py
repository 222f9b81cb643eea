"""A small library in memory with drawn pictures, for tests of the window and for looking at it.

It is a `Library` by type, so mypy holds its methods to the façade's signatures, but shares no code with it.
Photo n has id n and content n. Futures are done on one thread of its own; with
`is_held` they wait until `release()` so that a test decides the order of answers.
"""

import hashlib
import io
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photofind.catalog import directory_tree
from photofind.duplicates import keep_rules
from photofind.duplicates.clusters import with_videos
from photofind.errors import UserError
from photofind.events import (
    CollectionsChanged,
    Event,
    FoldersChanged,
    Listener,
    PhotosAdded,
    PhotosChanged,
    PhotosRemoved,
    Progress,
    Stage,
)
from photofind.library import Library, MoveToTrash
from photofind.records import (
    Answer,
    CheckedFile,
    CheckProgress,
    Cluster,
    Collection,
    Companion,
    CopyProgress,
    CopyReport,
    Directory,
    DiskUse,
    Explanation,
    ExportReport,
    FactKind,
    Failure,
    FailureKind,
    Filter,
    Folder,
    FolderCheck,
    Hit,
    ImagePart,
    IndexReport,
    KeepRules,
    LibraryOverview,
    LibrarySummary,
    LikenessMap,
    Listing,
    MatchFact,
    MatchKind,
    Merge,
    Metadata,
    ModelCost,
    ModelFacts,
    Photo,
    PhotoLabel,
    PhotoPart,
    Picture,
    Problems,
    Query,
    Recall,
    RemovalReport,
    RemovedTag,
    SavedQuery,
    SortOrder,
    Undoable,
    VerifyReport,
    WordsPart,
)

SIZES = ((4032, 3024), (3024, 4032), (6000, 4000), (1080, 1080), (4000, 2250), (2316, 3088))
CAMERAS = (("Canon", "EOS R6"), ("Apple", "iPhone 13"), ("FUJIFILM", "X-T4"))
FIRST_MS = 1_400_000_000_000
LABELS = (
    ("beach", "海滩"), ("sunset", "日落"), ("mountain", "山"), ("hill", "山丘"), ("sky", "天空"), ("sea", "大海"),
    ("forest", "森林"), ("landscape", "风景"), ("cloud", "云"),
)  # fmt: skip
"""Photo n has three of them."""


def draw_picture(number: int, width: int, height: int) -> Image.Image:
    """Return a calm landscape whose sky, hill and sun depend on `number`."""
    rng = np.random.default_rng(number)
    top, bottom = rng.integers(90, 235, 3), rng.integers(40, 200, 3)
    ramp = np.linspace(0, 1, height)[:, None, None]
    pixels = np.broadcast_to(top + (bottom - top) * ramp, (height, width, 3)).astype(np.uint8)
    image = Image.fromarray(pixels)
    pen = ImageDraw.Draw(image)
    x, y, r = rng.random() * width, rng.random() * height * 0.5, min(width, height) * (0.05 + 0.1 * rng.random())
    pen.ellipse((x - r, y - r, x + r, y + r), fill=(250, 240, 210))
    for depth in range(3):
        base = height * (0.55 + 0.14 * depth)
        shade = tuple(int(v) for v in bottom * (0.75 - 0.2 * depth))
        swing, phase = height * 0.1, rng.random() * 6
        points = [(i * width / 24, base + swing * np.sin(i / 3 + phase + depth)) for i in range(25)]
        pen.polygon([(0, height), *points, (width, height)], fill=shade)
    return image


def mean_rgb(number: int) -> int:
    rng = np.random.default_rng(number)
    top, bottom = rng.integers(90, 235, 3), rng.integers(40, 200, 3)
    r, g, b = (int(v) for v in (top + bottom) // 2)
    return (r << 16) | (g << 8) | b


class FakeLibrary(Library):
    """See the module.

    Args:
        count: Photos in the library at the start, ids 1 to `count`.
        root: Where the photos pretend to be; files exist there only after `write_files`.
        is_held: Futures wait for `release()`.
    """

    def __init__(self, count: int = 60, root: Path = Path("/photos"), *, is_held: bool = False) -> None:
        self.root = root
        self.ids = np.arange(1, count + 1, dtype=np.int64)
        self.is_held = is_held
        self.calls: list[tuple[str, Any]] = []
        """Every command of the window, as (method, arguments)."""
        self.ratings: dict[int, int] = {}
        self.flags: dict[int, int] = {}
        self.tags_of: dict[int, tuple[str, ...]] = {}
        self.titles: dict[int, str] = {}
        self.captions: dict[int, str] = {}
        self.copies_of: dict[int, int] = {}
        self.collection_members: dict[int, list[int]] = {}
        self.collection_names: dict[int, str] = {}
        self.saved_queries: dict[int, SavedQuery] = {}
        self.merge = Merge()
        """What every preview of a merge says."""
        self.kept: dict[int, int] = {}
        """Who stays for whom, as `move_to_trash` was last told."""
        self.along: set[int] = set()
        """Who only goes along, as `move_to_trash` was last told."""
        self.mates: dict[int, tuple[int, ...]] = {}
        self.beside: dict[int, tuple[Companion, ...]] = {}
        """Files of one shot."""
        self.clusters: list[Cluster] = []
        self._dismissed: list[list[Cluster]] = []
        self.rules = KeepRules()
        self.unsaved: OSError | None = None
        """Why rules that are chosen cannot be saved."""
        self.failure_list: list[Failure] = []
        self.folder_list: list[Folder] = []
        self.thumbnail_calls: list[int] = []
        self.apart_ms = 3_600_000
        """Between one photo and the next."""
        self.larger_calls: list[tuple[int, int]] = []
        self.answer_scores: Callable[[int], float] = lambda rank: 1.0 - rank * 0.004
        self.chances: Callable[[int], tuple[float, float]] = lambda rank: (
            (1.0, 0.95, 0.95)[rank] if rank < 3 else max(0.0, 0.6 - rank * 0.03),
            1.0 if rank < 3 else max(0.0, 1.0 - rank * 0.018),
        )
        """Of the same picture and of the same scene, by rank."""
        self.words_chances: Callable[[int], float] | None = None
        """That it shows the words, by rank; None where the network tells none."""
        self.has_names = True
        """Whether words stand in names, too."""
        self.is_cut = False
        self.error: Exception | None = None
        """Raised by browse and search when set."""
        self.unknown_words: tuple[str, ...] = ()
        """Of every answer to words."""
        self.model_list = [
            ModelFacts(
                "fake-1", "EfficientNet-Lite0, mean pooling, linear projection", True, True, 224, 512, 5_000_000,
                "cpu", "No GPU was found.", licence="Apache-2.0", has_words=True, embedded=count, total=count,
                measured={"class_map": 0.93, "near_recall": 0.994, "words_r10": 0.52, "label_top5": 0.61},
            ),
            ModelFacts(
                "mine-2", "ResNet-18", False, False, 160, 256, 44_700_000,
                licence="BSD-3-Clause", has_words=False, embedded=0, total=count, measured={},
            ),
        ]  # fmt: skip
        self.index_result = IndexReport(
            os.fsencode(root / "library"), "fake-1", "cpu", "No GPU was found.", count, count, count, 0, True,
            count, Recall(20, 100, 1.0, 2.4, 2.4), 143.0, 12_480,
            DiskUse(412_000_000, 1_900_000_000, 0, 0, 96_000_000, 0, "2026-05-03"),
        )  # fmt: skip
        self.built = (0, count)
        self.model_error: Exception | None = None
        """Raised by all that is done to networks when set."""
        self._hearers: list[Listener] = []
        self._held: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fake-library")
        self._progress = Progress(Stage.IDLE)
        self._undo: list[int] = []
        self._undone_path = b""
        self.last_rename: tuple[int, bytes] | None = None
        """Photo and its path of before."""
        self.names: dict[int, bytes] = {}
        """New names of renamed photos."""
        self.uncopied: set[bytes] = set()
        """Paths that cannot be copied."""
        self.checked: list[CheckedFile] = []
        """What any folder is found to hold."""
        self.is_closed = False
        self.is_read_only = False
        self.is_read_only = False
        if count:
            self.folder_list.append(Folder(1, os.fsencode(root), True, count))

    # What tests use

    def write_files(self) -> None:
        """Put a real small JPEG where every photo pretends to be."""
        for photo in self.photos(self.ids.tolist()):
            path = os.fsdecode(photo.path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            draw_picture(photo.content_id, photo.width_px // 10, photo.height_px // 10).save(path, "JPEG")

    def emit(self, event: Event) -> None:
        """Announce from the library's thread, as the real one does, and wait until it is delivered."""
        if isinstance(event, Progress):
            self._progress = event
        self._thread.submit(lambda: [listener(event) for listener in list(self._hearers)]).result()

    def add_photos(self, count: int) -> tuple[int, ...]:
        """Add `count` photos newer than all others and announce them."""
        first = int(self.ids[-1]) + 1 if len(self.ids) else 1
        new = tuple(range(first, first + count))
        self.ids = np.append(self.ids, np.array(new, np.int64))
        if not self.folder_list:
            self.folder_list.append(Folder(1, os.fsencode(self.root), True, len(self.ids)))
        self.emit(PhotosAdded(new))
        return new

    def remove_photos(self, photo_ids: Sequence[int]) -> None:
        """Remove these photos and announce it."""
        self.ids = self.ids[~np.isin(self.ids, np.array(photo_ids))]
        self.emit(PhotosRemoved(tuple(photo_ids)))

    def release(self, index: int = 0) -> None:
        """Answer the held future number `index`."""
        future, work = self._held.pop(index)
        self._thread.submit(self._finish, future, work).result()

    @property
    def held_count(self) -> int:
        return len(self._held)

    def _later(self, work: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        if self.is_held:
            self._held.append((future, work))
        else:
            self._thread.submit(self._finish, future, work)
        return future

    @staticmethod
    def _finish(future: Future[Any], work: Callable[[], Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    # The façade

    def close(self) -> None:
        self.is_closed = True
        for future, _work in self._held:
            future.cancel()
        self._thread.shutdown(wait=True)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._hearers.append(listener)
        return lambda: self._hearers.remove(listener)

    def folders(self) -> list[Folder]:
        return list(self.folder_list)

    def directories(self) -> list[Directory]:
        result = []
        for folder in self.folder_list:
            result.append(Directory(folder.path, folder.folder_id, 0))
            if folder.folder_id == 1:
                for year in sorted({2014 + int(n) % 10 for n in self.ids[:200]}):
                    path = os.path.join(folder.path, b"%d" % year)
                    result.append(Directory(path, 1, len(self.ids) // 10))
        return result

    def add_folder(self, path: bytes) -> Future[Folder]:
        self.calls.append(("add_folder", path))

        def add() -> Folder:
            folder = Folder(len(self.folder_list) + 1, path, True, 0)
            self.folder_list.append(folder)
            for listener in list(self._hearers):
                listener(FoldersChanged())
            return folder

        return self._later(add)

    def remove_folder(self, folder_id: int) -> Future[None]:
        self.calls.append(("remove_folder", folder_id))

        def remove() -> None:
            self.folder_list = [f for f in self.folder_list if f.folder_id != folder_id]
            for listener in list(self._hearers):
                listener(FoldersChanged())

        return self._later(remove)

    def forget_missing(self, folder_id: int) -> None:
        self.calls.append(("forget_missing", folder_id))

    def start_indexing(self, *, watch: bool) -> None:
        self.calls.append(("start_indexing", watch))

    def rescan(self, directory: bytes | None = None) -> None:
        self.calls.append(("rescan", directory))

    def pause(self) -> None:
        self.calls.append(("pause", None))

    def resume(self) -> None:
        self.calls.append(("resume", None))

    def stop(self) -> None:
        self.calls.append(("stop", None))

    def progress(self) -> Progress:
        return self._progress

    def wait_until_indexed(self, timeout_s: float | None = None) -> bool:
        return True

    def summary(self) -> LibrarySummary:
        return LibrarySummary(len(self.ids), len(self.ids), len(self.failure_list), len(self.ids))

    def overview(self) -> Future[LibraryOverview]:
        """Answered at once, held or not: what it brings must not stand between a test and its own futures."""
        future: Future[LibraryOverview] = Future()
        future.set_running_or_notify_cancel()
        tree = directory_tree.grow(self.folders(), self.directories())
        tags = tuple(self.tags())
        future.set_result(
            LibraryOverview(
                self.summary(), tuple(self.folders()), tree, self.can_undo(), tuple(self.collections()), tags
            )
        )
        return future

    def problems(self) -> Future[Problems]:
        failures = sorted(self.failure_list, key=lambda failure: failure.path)
        offline = tuple(folder for folder in self.folder_list if not folder.is_online)
        future: Future[Problems] = Future()
        future.set_running_or_notify_cancel()
        future.set_result(Problems(tuple(failures), offline))
        return future

    def index_report(self) -> Future[IndexReport]:
        self.calls.append(("index_report", None))
        return self._later(lambda: self.index_result)

    def index_built(self) -> tuple[int, int]:
        return self.built

    def rebuild_index(self) -> Future[None]:
        self.calls.append(("rebuild_index", None))
        return self._later(lambda: None)

    def rebuild_thumbnails(self) -> Future[None]:
        self.calls.append(("rebuild_thumbnails", None))
        return self._later(lambda: None)

    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        known = set(self.ids.tolist()) if len(self.ids) < 10_000 else range(1, int(self.ids[-1]) + 1)
        return [self._photo(int(n)) for n in photo_ids if int(n) in known]

    def _photo(self, number: int) -> Photo:
        width, height = SIZES[number % len(SIZES)]
        make, model = CAMERAS[number % len(CAMERAS)]
        captured = FIRST_MS + number * self.apart_ms
        name = b"%d/%s" % (2014 + number % 10, self.names.get(number, b"IMG_%05d.jpg" % number))
        is_online = all(f.is_online for f in self.folder_list if f.folder_id == 1)
        return Photo(
            photo_id=number,
            content_id=number,
            path=os.path.join(os.fsencode(self.root), name),
            folder_id=1,
            size_bytes=1_000_000 + number * 1000,
            mtime_ns=captured * 1_000_000,
            digest=hashlib.sha256(b"%d" % number).digest(),
            width_px=width,
            height_px=height,
            format="JPEG",
            mean_rgb=mean_rgb(number),
            metadata=Metadata(
                captured_at_ms=captured, camera_make=make, camera_model=model, exposure_s=0.004, f_number=2.8,
                iso=200, focal_mm=35.0, title=f"Picture {number}",
                keywords=("beach", "summer") if number % 2 else (),
            ),
            rating=self.ratings.get(number),
            is_online=is_online,
            flag=self.flags.get(number, 0),
            tags=self.tags_of.get(number, ()),
            title=self.titles.get(number, f"Picture {number}"),
            caption=self.captions.get(number),
            has_own_title=number in self.titles,
            has_own_caption=number in self.captions,
            copies=self.copies_of.get(number, 1),
            taken_ms=captured,
        )  # fmt: skip

    def photo_at(self, path: bytes) -> int | None:
        for photo in self.photos(self.ids[:1000].tolist()):
            if photo.path == path:
                return photo.photo_id
        return None

    def browse(self, filter: Filter, order: SortOrder) -> Future[Listing]:
        self.calls.append(("browse", (filter, order)))

        def work() -> Listing:
            if self.error is not None:
                raise self.error
            ids = self.ids if order in (SortOrder.OLDEST, SortOrder.NAME) else self.ids[::-1]
            if filter.directory is not None and filter.directory != os.fsencode(self.root):
                ids = np.array(
                    [p.photo_id for p in self.photos(ids.tolist()) if p.path.startswith(filter.directory)]
                )
            if filter.cameras:
                ids = np.array(
                    [p.photo_id for p in self.photos(ids.tolist()) if p.metadata.camera_model in filter.cameras]
                )
            if filter.labels:
                ids = np.array([n for n in ids.tolist() if {x.name for x in self.labels(n)} & set(filter.labels)])
            if filter.tags:
                ids = np.array(
                    [n for n in ids.tolist() if set(self.tags_of.get(n, ())) & set(filter.tags)], np.int64
                )
            if filter.flag is not None:
                ids = np.array([n for n in ids.tolist() if self.flags.get(n, 0) == filter.flag], np.int64)
            if filter.collection_id is not None:
                members = [n for n in self.collection_members.get(filter.collection_id, ()) if n in ids]
                by_order = [n for n in ids.tolist() if n in members]
                ids = np.array(members if order is SortOrder.COLLECTION else by_order, np.int64)
            if filter.min_rating is not None:
                ids = np.array([n for n in ids.tolist() if self.ratings.get(n, 0) >= filter.min_rating], np.int64)
            return self.listing(np.array(ids, np.int64), order)

        return self._later(work)

    def listing(self, ids: NDArray[np.int64], order: SortOrder = SortOrder.NEWEST) -> Listing:
        """Return the listing of these photos, sorted already unless by folder."""
        if order is SortOrder.FOLDER:
            ids = ids[np.lexsort((ids, ids % 10))]
        sizes = np.array(SIZES, np.float32)[ids % len(SIZES)]
        folders = tuple(os.path.join(os.fsencode(self.root), b"%d" % year) for year in range(2014, 2024))
        return Listing(
            order,
            ids.copy(),
            FIRST_MS + ids * self.apart_ms,
            sizes[:, 0] / sizes[:, 1],
            (ids % 10).astype(np.int32),
            folders,
        )

    def facets(self) -> Future[dict[str, list[tuple[str, int]]]]:
        third = len(self.ids) // 3
        return self._later(
            lambda: {
                "cameras": [(model, third) for _make, model in CAMERAS],
                "formats": [("JPEG", len(self.ids))],
                "years": [("2015", third), ("2014", third)],
                "labels": Counter(x.name for n in self.ids.tolist() for x in self.labels(n)).most_common(),
                "tags": self.tags(),
            }
        )

    def prepare_labels(self) -> None:
        """There is nothing to read."""

    def labels(self, photo_id: int) -> tuple[PhotoLabel, ...]:
        chosen = [LABELS[photo_id * step % len(LABELS)] for step in (1, 2, 4)]
        return tuple(
            PhotoLabel(name, chinese, round(0.93 - 0.21 * place, 2)) for place, (name, chinese) in enumerate(chosen)
        )

    def thumbnail(self, content_id: int) -> bytes | None:
        self.thumbnail_calls.append(content_id)
        width, height = SIZES[content_id % len(SIZES)]
        scale = 320 / max(width, height)
        out = io.BytesIO()
        draw_picture(content_id, round(width * scale), round(height * scale)).save(out, "JPEG", quality=80)
        return out.getvalue()

    def large_thumbnail(self, content_id: int, side_px: int) -> Future[bytes | None]:
        self.larger_calls.append((content_id, side_px))

        def work() -> bytes:
            width, height = SIZES[content_id % len(SIZES)]
            scale = side_px / max(width, height)
            out = io.BytesIO()
            draw_picture(content_id, round(width * scale), round(height * scale)).save(out, "JPEG", quality=80)
            return out.getvalue()

        return self._later(work)

    def search(self, query: Query) -> Future[Answer]:
        self.calls.append(("search", query))

        def work() -> Answer:
            if self.error is not None:
                raise self.error
            shuffled = np.random.default_rng(len(query.parts)).permutation(self.ids)[: query.k]
            own = [p.photo_id for p in query.parts if isinstance(p, PhotoPart) and p.weight > 0]
            ids = own + [int(n) for n in shuffled if int(n) not in own]
            has_words = any(isinstance(part, WordsPart) for part in query.parts)
            has_images = any(not isinstance(part, WordsPart) for part in query.parts)
            knows_words = any(facts.has_words for facts in self.model_list if facts.is_active)
            # Of an answer to words every third photo has them in its name, two of three show it, one does both.
            hits = tuple(
                Hit(
                    n, self.answer_scores(rank), MatchKind.SAME if rank < 3 else MatchKind.SIMILAR,
                    by_picture=has_images,
                    by_words=has_words and self.has_names and (rank % 3 != 1 or not knows_words),
                    by_meaning=has_words and rank % 3 != 0 and knows_words,
                    same_picture=self.chances(rank)[0] if has_images else None,
                    same_scene=self.chances(rank)[1] if has_images else None,
                    shows=self.words_chances(rank) if has_words and self.words_chances is not None else None,
                )
                for rank, n in enumerate(ids)
            )  # fmt: skip
            unknown = self.unknown_words if has_words else ()
            return Answer(
                query, hits, is_exact=True, model_id="fake-1", milliseconds=1.0, unknown_words=unknown,
                is_cut=self.is_cut,
            )  # fmt: skip

        return self._later(work)

    def alike(self, photo_id: int, count: int) -> Future[list[Photo]]:
        self.calls.append(("alike", photo_id))

        def work() -> list[Photo]:
            ids = self.ids
            if photo_id not in ids:
                return []
            at = ids.tolist().index(photo_id)
            return self.photos(np.roll(ids, -at - 1)[: min(count, len(ids) - 1)].tolist())

        return self._later(work)

    def explain(self, query: Query, photo_id: int) -> Future[Explanation]:
        self.calls.append(("explain", (query, photo_id)))
        part = next((p for p in query.parts if not isinstance(p, WordsPart) and p.weight > 0), None)
        facts = (
            MatchFact(FactKind.SAME_DAY),
            MatchFact(FactKind.SAME_CAMERA, texts=("EOS R6",)),
            MatchFact(FactKind.SAME_LABELS, texts=("beach", "sea")),
        )
        if part is None:
            text = next(p.text for p in query.parts if isinstance(p, WordsPart))
            return self._later(lambda: Explanation(photo_id, shows=0.82, words=text))
        return self._later(lambda: Explanation(photo_id, part, facts, 0.71, 0.41, 0.97))

    def likeness_map(self, query: Query, photo_id: int, max_px: int) -> Future[LikenessMap]:
        self.calls.append(("likeness_map", (query, photo_id, max_px)))

        def work() -> LikenessMap:
            if self.error is not None:
                raise self.error
            pictures = [
                Picture(image.width, image.height, image.tobytes("raw", "RGBX"))
                for image in (draw_picture(number, 480, 360) for number in (photo_id, photo_id + 1))
            ]
            heat = np.zeros((6, 6), np.float32)
            heat[1:3, 2:4] = ((0.6, 1.0), (0.5, 0.8))
            return LikenessMap(pictures[0], pictures[1], heat, heat[:, ::-1].copy())

        return self._later(work)

    def duplicates(self, kind: MatchKind | None = None) -> Future[list[Cluster]]:
        # The usual rules leave the photos as the test put them; others are applied, as they were when asked.
        put = self._decided_cluster if self.rules == KeepRules() else partial(self._ranked_cluster, self.rules)
        return self._later(lambda: [put(c) for c in self.clusters if kind in (None, c.kind)])

    def _ranked_cluster(self, rules: KeepRules, cluster: Cluster) -> Cluster:
        photos = with_videos(self.photos(cluster.photo_ids), cluster.with_video)
        photos = keep_rules.best_first(photos, rules)
        decided_by = tuple(keep_rules.decider(photos[0], other, rules) for other in photos[1:])
        ids = tuple(photo.photo_id for photo in photos)
        return Cluster(cluster.kind, ids, decided_by, cluster.with_video)

    def _decided_cluster(self, cluster: Cluster) -> Cluster:
        """Return the group in the order that the test gave it, with the rules that tell its photos apart."""
        if cluster.decided_by:
            return cluster
        first, *others = with_videos([self._photo(each) for each in cluster.photo_ids], cluster.with_video)
        decided_by = tuple(keep_rules.decider(first, other, self.rules) for other in others)
        return replace(cluster, decided_by=decided_by)

    def keep_rules(self) -> KeepRules:
        return self.rules

    def set_keep_rules(self, rules: KeepRules) -> None:
        self.calls.append(("set_keep_rules", rules))
        self.rules = rules
        if self.unsaved is not None:
            raise self.unsaved

    def rank_duplicates(self, clusters: Sequence[Cluster]) -> Future[list[Cluster]]:
        return self._later(lambda: [self._ranked_cluster(self.rules, cluster) for cluster in clusters])

    def failures(self) -> list[Failure]:
        return list(self.failure_list)

    def add_failures(self) -> None:
        """List one failure of every kind."""
        for number, kind in enumerate(FailureKind):
            self.failure_list.append(
                Failure(os.fsencode(self.root) + b"/broken_%d.jpg" % number, kind, f"The file is {kind.value}.")
            )

    def retry(self, paths: Sequence[bytes]) -> None:
        self.calls.append(("retry", tuple(paths)))

    def set_rating(self, photo_ids: Sequence[int], rating: int | None) -> Future[None]:
        self.calls.append(("set_rating", (tuple(photo_ids), rating)))

        def work() -> None:
            for number in photo_ids:
                if rating is None:
                    self.ratings.pop(number, None)
                else:
                    self.ratings[number] = rating
            for listener in list(self._hearers):
                listener(PhotosChanged(tuple(photo_ids)))

        return self._later(work)

    def dismiss_duplicates(self, photo_ids: Sequence[int]) -> Future[int]:
        self.calls.append(("dismiss_duplicates", tuple(photo_ids)))
        return self._later(lambda: self._dismiss(set(photo_ids)))

    def keep_copies(self, photo_ids: Sequence[int]) -> Future[int]:
        self.calls.append(("keep_copies", tuple(photo_ids)))
        return self._later(lambda: self._dismiss(set(photo_ids)))

    def _dismiss(self, gone: set[int]) -> int:
        self._dismissed.append(self.clusters)
        self.clusters = [c for c in self.clusters if not set(c.photo_ids) <= gone]
        return len(self._dismissed) - 1

    def undo_dismissal(self, number: int) -> Future[None]:
        self.calls.append(("undo_dismissal", number))

        def work() -> None:
            self.clusters = self._dismissed[number]

        return self._later(work)

    def unit_mates(self, photo_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
        return {photo_id: self.mates[photo_id] for photo_id in photo_ids if photo_id in self.mates}

    def companions(self, photo_ids: Sequence[int]) -> Future[dict[int, tuple[Companion, ...]]]:
        # Answered at once, also where others are held: it is asked for beside what a test is about.
        answer: Future[dict[int, tuple[Companion, ...]]] = Future()
        answer.set_result({each: self.beside[each] for each in photo_ids if each in self.beside})
        return answer

    def add_companion(self, photo_id: int, ending: str, *, is_kept: bool = False) -> Companion:
        """Let a file lie beside a photo that belongs to it, and return it."""
        path = os.path.splitext(self._photo(photo_id).path)[0] + ending.encode()
        is_video = ending in (".MOV", ".MP4")
        companion = Companion(path, 3_000_000 if is_video else 4_000, is_video, is_kept)
        self.beside[photo_id] = (*self.beside.get(photo_id, ()), companion)
        return companion

    def move_to_trash(
        self,
        photo_ids: Sequence[int],
        move: MoveToTrash,
        *,
        keep_a_copy: bool,
        kept: Mapping[int, int] = MappingProxyType({}),
        along: Set[int] = frozenset(),
    ) -> Future[RemovalReport]:
        self.kept = dict(kept)
        self.along = set(along)
        self.calls.append(("move_to_trash", (tuple(photo_ids), keep_a_copy)))

        def work() -> RemovalReport:
            done: list[bytes] = []
            failed: list[tuple[bytes, str]] = []
            gone: list[int] = []
            for photo in self.photos(photo_ids):
                try:
                    move(photo.path)
                except OSError as error:
                    failed.append((photo.path, str(error)))
                else:
                    done.append(photo.path)
                    gone.append(photo.photo_id)
            self._undo = gone
            self._undone_path = done[0] if done else b""
            self.last_rename = None
            self.ids = self.ids[~np.isin(self.ids, np.array(gone, np.int64))]
            if gone:
                for listener in list(self._hearers):
                    listener(PhotosRemoved(tuple(gone)))
            return RemovalReport(1, tuple(done), tuple(failed))

        return self._later(work)

    def undo_removal(self) -> Future[RemovalReport | None]:
        self.calls.append(("undo_removal", None))

        def work() -> RemovalReport | None:
            if self.last_rename is not None:
                photo_id, path = self.last_rename
                self.last_rename = None
                del self.names[photo_id]
                for listener in list(self._hearers):
                    listener(PhotosChanged((photo_id,)))
                return RemovalReport(1, (path,), (), is_rename=True)
            if not self._undo:
                return None
            back, self._undo = self._undo, []
            self.ids = np.sort(np.append(self.ids, np.array(back, np.int64)))
            for listener in list(self._hearers):
                listener(PhotosAdded(tuple(back)))
            return RemovalReport(1, tuple(p.path for p in self.photos(back)), ())

        return self._later(work)

    def can_undo(self) -> bool:
        return self.undoable() is not None

    def undoable(self) -> Undoable | None:
        if self.last_rename is not None:
            return Undoable(self.last_rename[1], 1, is_rename=True)
        return Undoable(self._undone_path, len(self._undo)) if self._undo else None

    def rename(self, photo_id: int, new_name: str) -> Future[Photo]:
        self.calls.append(("rename", (photo_id, new_name)))

        def work() -> Photo:
            if self.error is not None:
                raise self.error
            photo = self._photo(photo_id)
            self.last_rename = (photo_id, photo.path)
            self.names[photo_id] = os.fsencode(new_name)
            for listener in list(self._hearers):
                listener(PhotosChanged((photo_id,)))
            return self._photo(photo_id)

        return self._later(work)

    def copy_files(
        self, photo_ids: Sequence[int], destination: bytes, on_progress: Callable[[CopyProgress], None]
    ) -> Future[CopyReport]:
        self.calls.append(("copy_files", (tuple(photo_ids), destination)))
        return self._copy([photo.path for photo in self.photos(photo_ids)], destination, on_progress)

    def copy_outside(
        self, paths: Sequence[bytes], destination: bytes, on_progress: Callable[[CopyProgress], None]
    ) -> Future[CopyReport]:
        self.calls.append(("copy_outside", (tuple(paths), destination)))
        return self._copy(paths, destination, on_progress)

    def _copy(
        self, paths: Sequence[bytes], destination: bytes, on_progress: Callable[[CopyProgress], None]
    ) -> Future[CopyReport]:
        failed = tuple((path, "The drive is full.") for path in paths if path in self.uncopied)
        copied = tuple(
            (path, os.path.join(destination, os.path.basename(path))) for path in paths if path not in self.uncopied
        )

        def work() -> CopyReport:
            if self.error is not None:
                raise self.error
            return CopyReport(destination, copied, failed, 1_000_000 * len(copied))

        on_progress(CopyProgress(1, len(paths), 1_000_000, 1_000_000 * len(paths), paths[0]))
        return self._later(work)

    def check_folder(self, path: bytes, on_progress: Callable[[CheckProgress], None]) -> Future[FolderCheck]:
        self.calls.append(("check_folder", path))
        found = tuple(self.checked)

        def work() -> FolderCheck:
            if self.error is not None:
                raise self.error
            on_progress(CheckProgress(len(found), len(found), found))
            return FolderCheck(path, Counter(file.verdict for file in found))

        return self._later(work)

    # Decisions

    def _decided(
        self, name: str, photo_ids: Sequence[int], value: object, work: Callable[[int], object]
    ) -> Future[None]:
        self.calls.append((name, (tuple(photo_ids), value)))

        def decide() -> None:
            for number in photo_ids:
                work(number)
            self._tell(PhotosChanged(tuple(photo_ids)))

        return self._later(decide)

    def _tell(self, event: Event) -> None:
        for listener in list(self._hearers):
            listener(event)

    def set_flag(self, photo_ids: Sequence[int], flag: int | None) -> Future[None]:
        return self._decided("set_flag", photo_ids, flag, lambda n: self.flags.update({n: flag or 0}))

    def add_tags(self, photo_ids: Sequence[int], tags: Sequence[str]) -> Future[None]:
        def add(number: int) -> None:
            known = {tag.casefold(): tag for tag in self.tags_of.get(number, ())}
            known = {tag.strip().casefold(): tag.strip() for tag in tags} | known
            self.tags_of[number] = tuple(sorted(known.values(), key=str.casefold))

        return self._decided("add_tags", photo_ids, tuple(tags), add)

    def remove_tags(self, photo_ids: Sequence[int], tags: Sequence[str]) -> Future[None]:
        gone = {tag.casefold() for tag in tags}

        def remove(number: int) -> None:
            self.tags_of[number] = tuple(t for t in self.tags_of.get(number, ()) if t.casefold() not in gone)

        return self._decided("remove_tags", photo_ids, tuple(tags), remove)

    def tags(self) -> list[tuple[str, int]]:
        present = set(self.ids.tolist())
        return Counter(t for n, tags in self.tags_of.items() if n in present for t in tags).most_common()

    def rename_tag(self, old: str, new: str) -> Future[None]:
        having = [n for n, tags in self.tags_of.items() if old in tags]

        def rename(number: int) -> None:
            self.tags_of[number] = tuple(sorted({new if tag == old else tag for tag in self.tags_of[number]}))

        return self._decided("rename_tag", having, (old, new), rename)

    def remove_tag(self, tag: str) -> Future[RemovedTag]:
        self.calls.append(("remove_tag", tag))

        def work() -> RemovedTag:
            having = [n for n, tags in self.tags_of.items() if tag in tags]
            for number in having:
                self.tags_of[number] = tuple(each for each in self.tags_of[number] if each != tag)
            self._tell(PhotosChanged(tuple(having)))
            return RemovedTag(tag, tuple(b"%d" % number for number in having))

        return self._later(work)

    def restore_tag(self, removed: RemovedTag) -> Future[None]:
        def add(number: int) -> None:
            self.tags_of[number] = tuple(sorted({*self.tags_of.get(number, ()), removed.name}))

        return self._decided("restore_tag", [int(each) for each in removed.digests], removed.name, add)

    def set_title(self, photo_ids: Sequence[int], text: str | None) -> Future[None]:
        return self._decided("set_title", photo_ids, text, lambda n: self._put_text(self.titles, n, text))

    def set_caption(self, photo_ids: Sequence[int], text: str | None) -> Future[None]:
        return self._decided("set_caption", photo_ids, text, lambda n: self._put_text(self.captions, n, text))

    @staticmethod
    def _put_text(texts: dict[int, str], number: int, text: str | None) -> None:
        if text and text.strip():
            texts[number] = text.strip()
        else:
            texts.pop(number, None)

    def _collection(self, collection_id: int) -> Collection:
        count = sum(n in self.ids for n in self.collection_members.get(collection_id, ()))
        name, is_live = self.collection_names[collection_id], collection_id in self.saved_queries
        return Collection(collection_id, name, count, is_live)

    def collections(self) -> list[Collection]:
        return sorted(map(self._collection, self.collection_names), key=lambda each: each.name.casefold())

    def collections_of(self, photo_id: int) -> list[Collection]:
        return [c for c in self.collections() if photo_id in self.collection_members.get(c.collection_id, ())]

    def _new_collection(self, name: str) -> int:
        if name.casefold() in {each.casefold() for each in self.collection_names.values()}:
            raise UserError(f"There is a collection \u201c{name}\u201d already.")
        collection_id = max(self.collection_names, default=0) + 1
        self.collection_names[collection_id] = name.strip()
        return collection_id

    def add_collection(self, name: str, photo_ids: Sequence[int] = ()) -> Future[Collection]:
        self.calls.append(("add_collection", (name, tuple(photo_ids))))

        def add() -> Collection:
            collection_id = self._new_collection(name)
            self.collection_members[collection_id] = list(dict.fromkeys(photo_ids))
            self._tell(CollectionsChanged())
            return self._collection(collection_id)

        return self._later(add)

    def add_live_collection(self, name: str, query: Query) -> Future[Collection]:
        self.calls.append(("add_live_collection", (name, query)))

        def add() -> Collection:
            if any(isinstance(part, ImagePart) for part in query.parts):
                raise UserError("Add the image to the library first: images from outside are not kept.")
            collection_id = self._new_collection(name)
            self.saved_queries[collection_id] = SavedQuery(query)
            self._tell(CollectionsChanged())
            return self._collection(collection_id)

        return self._later(add)

    def saved_query(self, collection_id: int) -> SavedQuery:
        if collection_id not in self.saved_queries:
            raise UserError("This live collection is no longer there.")
        return self.saved_queries[collection_id]

    def _arranged(self, name: str, arguments: object, work: Callable[[], object]) -> Future[None]:
        self.calls.append((name, arguments))

        def arrange() -> None:
            work()
            self._tell(CollectionsChanged())

        return self._later(arrange)

    def rename_collection(self, collection_id: int, name: str) -> Future[None]:
        def rename() -> None:
            self.collection_names[collection_id] = name.strip()

        return self._arranged("rename_collection", (collection_id, name), rename)

    def remove_collection(self, collection_id: int) -> Future[None]:
        def remove() -> None:
            self.collection_names.pop(collection_id, None)
            self.collection_members.pop(collection_id, None)
            self.saved_queries.pop(collection_id, None)

        return self._arranged("remove_collection", collection_id, remove)

    def add_to_collection(self, collection_id: int, photo_ids: Sequence[int]) -> Future[None]:
        def add() -> None:
            members = self.collection_members[collection_id]
            members += [n for n in photo_ids if n not in members]

        return self._arranged("add_to_collection", (collection_id, tuple(photo_ids)), add)

    def remove_from_collection(self, collection_id: int, photo_ids: Sequence[int]) -> Future[None]:
        def remove() -> None:
            self.collection_members[collection_id] = [
                n for n in self.collection_members[collection_id] if n not in photo_ids
            ]

        return self._arranged("remove_from_collection", (collection_id, tuple(photo_ids)), remove)

    def merge_preview(self, kept_id: int, trashed_ids: Sequence[int]) -> Merge:
        return self.merge

    def export_xmp(self, photo_ids: Sequence[int], *, overwrite: bool = False) -> Future[ExportReport]:
        self.calls.append(("export_xmp", (tuple(photo_ids), overwrite)))
        return self._later(lambda: ExportReport(tuple(p.path + b".xmp" for p in self.photos(photo_ids)), 0, ()))

    def models(self) -> list[ModelFacts]:
        if self.model_error is not None and not self.model_list:
            raise self.model_error
        return list(self.model_list)

    def use_model(self, model_id: str) -> Future[None]:
        self.calls.append(("use_model", model_id))

        self.model_list = [replace(facts, is_coming=facts.model_id == model_id) for facts in self.model_list]

        def work() -> None:
            self.model_list = [replace(facts, is_coming=False) for facts in self.model_list]
            self._fail_for_models()
            self.model_list = [
                replace(facts, is_active=True, embedded=facts.total)
                if facts.model_id == model_id
                else replace(facts, is_active=False)
                for facts in self.model_list
            ]

        return self._later(work)

    def add_model(
        self,
        file: Path,
        *,
        model_id: str | None = None,
        text: Path | None = None,
        tokenizer: Path | None = None,
        mean: tuple[float, float, float] | None = None,
        std: tuple[float, float, float] | None = None,
    ) -> Future[str]:
        self.calls.append(("add_model", (file, model_id, text, tokenizer)))

        def work() -> str:
            self._fail_for_models()
            name = model_id or file.stem
            facts = ModelFacts(
                name, "vit-b-32", False, False, 224, 512, 350_000_000, licence="MIT", has_words=text is not None,
                embedded=0, total=len(self.ids), measured={},
            )  # fmt: skip
            self.model_list.append(facts)
            return name

        return self._later(work)

    def remove_model(self, model_id: str) -> Future[None]:
        self.calls.append(("remove_model", model_id))

        def work() -> None:
            self._fail_for_models()
            self.model_list = [facts for facts in self.model_list if facts.model_id != model_id]

        return self._later(work)

    def bench_models(self) -> Future[list[ModelCost]]:
        self.calls.append(("bench_models", None))

        def work() -> list[ModelCost]:
            self._fail_for_models()
            return [
                ModelCost(facts.model_id, "cpu", "int8", 4.2 + 8 * place, 231.0 / (place + 1))
                for place, facts in enumerate(self.model_list)
            ]

        return self._later(work)

    def read_photos_by(self, model_id: str, count: int) -> None:
        """Let a network have read so many photos."""
        self.model_list = [
            replace(facts, embedded=count) if facts.model_id == model_id else facts for facts in self.model_list
        ]

    def _fail_for_models(self) -> None:
        if self.model_error is not None:
            raise self.model_error

    def embeddings(self) -> tuple[list[bytes], NDArray[np.float32], str]:
        return [], np.empty((0, 512), np.float32), "fake-1"

    def verify(self, *, repair: bool = False) -> Future[VerifyReport]:
        return self._later(lambda: VerifyReport(True, len(self.ids), (), ()))

    def query_image(self, part: ImagePart, max_px: int) -> Future[Picture]:
        self.calls.append(("query_image", (part, max_px)))

        def work() -> Picture:
            image = draw_picture(0, max_px, max_px * 3 // 4)
            return Picture(image.width, image.height, image.tobytes("raw", "RGBX"))

        return self._later(work)

    def image_part(self, photo: Photo, box: tuple[int, int, int, int], size_px: tuple[int, int]) -> Future[Picture]:
        self.calls.append(("image_part", (photo.photo_id, box, size_px)))

        def work() -> Picture:
            # Drawn small and enlarged: what is where in it is what tests look at.
            whole = draw_picture(photo.photo_id, photo.width_px // 8, photo.height_px // 8)
            image = whole.resize(size_px, box=(box[0] / 8, box[1] / 8, box[2] / 8, box[3] / 8))
            return Picture(image.width, image.height, image.tobytes("raw", "RGBX"))

        return self._later(work)

    def end_parts(self) -> None:
        self.calls.append(("end_parts", ()))

    def full_image(self, photo_id: int, max_px: int) -> Future[Picture]:
        self.calls.append(("full_image", (photo_id, max_px)))

        def work() -> Picture:
            width, height = SIZES[photo_id % len(SIZES)]
            scale = min(1.0, max_px / max(width, height))
            image = draw_picture(photo_id, round(width * scale), round(height * scale))
            return Picture(image.width, image.height, image.tobytes("raw", "RGBX"))

        return self._later(work)
