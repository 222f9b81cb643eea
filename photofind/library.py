"""The façade: opens, wires and closes everything below, and is all that the window and the command line see.

Who calls it: the window's thread (every method that returns a plain value is short; whatever takes longer returns a
`Future`), the command line, and nobody else. What it owns: the write lock, the query thread, the decoder pool, the
indexer, and what it wires them with. One process writes a library; others open it read-only and search.

An alternative that lost: letting the window talk to the indexer and the catalog directly. Then every widget knows
threads, and the command line repeats the wiring.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from photofind import file_changes
from photofind.catalog.catalog import Catalog
from photofind.catalog.kept_listing import KeptListing
from photofind.catalog.readers import Readers
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.errors import ModelError, UserError
from photofind.events import (
    CollectionsChanged,
    Event,
    FoldersChanged,
    Listener,
    Notice,
    PhotosChanged,
    PhotosRemoved,
    Progress,
    Stage,
)
from photofind.file_changes import FileChanges
from photofind.indexing.belongings import Belongings
from photofind.indexing.command_queue import CommandQueue
from photofind.indexing.folder_name import as_named
from photofind.indexing.large_thumbnails import LargeThumbnails
from photofind.indexing.networks import Networks
from photofind.indexing.pace import RunMeter
from photofind.indexing.pictures import Pictures
from photofind.listeners import Listeners
from photofind.long_runs import LongRuns, OneByOne
from photofind.opening import Opened, open_directory
from photofind.records import (
    Answer,
    CheckProgress,
    Cluster,
    Collection,
    Companion,
    CopyProgress,
    CopyReport,
    Directory,
    Explanation,
    ExportReport,
    Failure,
    Filter,
    Folder,
    FolderCheck,
    ImagePart,
    IndexReport,
    KeepRules,
    LibraryOverview,
    LibrarySummary,
    LikenessMap,
    Listing,
    MatchKind,
    Merge,
    ModelCost,
    ModelFacts,
    Photo,
    PhotoLabel,
    Picture,
    Problems,
    Query,
    RemovalReport,
    RemovedTag,
    SavedQuery,
    SortOrder,
    Undoable,
    VerifyReport,
)
from photofind.settings import Settings, resource_folder

# What takes in, searches and compares is imported where it is first used: a window shows photos before.
if TYPE_CHECKING:
    from photofind.answering import Answering
    from photofind.embedding.model_store import ModelStore
    from photofind.indexing.adoption import Adoption
    from photofind.search.engine import Engine

logger = logging.getLogger(__name__)

T = TypeVar("T")

MoveToTrash = file_changes.MoveToTrash

LEAVE_S = 1.0
"""What hangs in a disk that does not answer is left behind after so long, when the library closes."""


def _log_failed_backup(done: Future[Path | None]) -> None:
    if (error := done.exception()) is not None:
        logger.warning("The daily backup of the catalog failed: %s", error)


class Library:
    """One library: a directory with the catalog, its caches and the user's own models.

    Use as a context manager, or call `close`.
    """

    def __init__(
        self,
        opened: Opened,
        settings: Settings,
        *,
        shows_first: bool = False,
    ) -> None:
        """Private: use `open`."""
        self.directory = directory = opened.directory
        self.settings = settings
        self.is_read_only = opened.lock is None
        self._opened = opened
        self._audience = Listeners(opened.notices)
        self._progress = Progress(Stage.IDLE)
        self._readers = Readers(directory / "catalog.db")
        self._reader = self._readers.here
        self._thumbnails = ThumbnailStore.open(directory / "thumbnails.db", read_only=self.is_read_only)
        self._kept_listing = KeptListing(directory, read_only=self.is_read_only)
        self._models_guard = threading.Lock()
        self._models_made: ModelStore | None = None
        self._queries = ThreadPoolExecutor(1, thread_name_prefix="photofind-query")
        # Clusters and checks of a large library take long; a search must not wait behind them.
        self._slow = OneByOne("photofind-slow", lambda: self._is_closing.is_set())
        # What stands around the photos is asked for all the time while they come in; nobody must wait behind it.
        self._overviews = ThreadPoolExecutor(1, thread_name_prefix="photofind-overview")
        self._run_meter = RunMeter()
        self._pictures = Pictures(settings, is_read_only=self.is_read_only)
        self._disks = opened.disks
        self._belongings = Belongings(opened.disks)
        self._waiting_guard = threading.Lock()
        self._queries_waiting = 0
        self._has_told_of_words = False
        self._is_closing = threading.Event()
        self._long = LongRuns(self._is_closing.is_set)
        """Copies, sidecars, checks of folders, and first looks at new ones."""
        self._large_thumbnails = LargeThumbnails(
            directory / "large-thumbnails.db", self._reader, self._pictures.pool, read_only=self.is_read_only
        )
        self._commands = CommandQueue(lambda: self._networks.want(), is_read_only=self.is_read_only)
        self._networks = Networks(
            self._models,
            directory,
            settings,
            self._reader,
            self._queries,
            self._commands,
            self._emit,
            is_read_only=self.is_read_only,
        )
        self._file_changes = FileChanges(self._networks, self._emit, self.rescan)
        if not shows_first:
            self._networks.want()
        self._networks.start(self._start_indexer)

    @classmethod
    def open(
        cls,
        directory: Path,
        settings: Settings | None = None,
        *,
        read_only: bool = False,
        wait_s: float = 10.0,
        shows_first: bool = False,
    ) -> Self:
        """Open a library, or make an empty one.

        Args:
            directory: Made when missing.
            settings: In-memory defaults when None.
            read_only: Search only; several processes may do so beside the one that writes.
            wait_s: How long to wait for another process that writes.
            shows_first: For a window: the network and the vectors, seconds of work, are loaded when a search, a
                command or `start_indexing` wants them, or a moment later, so that photos are shown before.

        Raises:
            LibraryBusyError: Another process still writes after `wait_s`.
            LibraryTooNewError: A newer PhotoFind wrote this library.
            LibraryDamagedError: The catalog is damaged and cannot be restored.
            UserError: The directory cannot be made or read.
        """
        settings = settings or Settings()
        opened = open_directory(directory, settings, read_only=read_only, wait_s=wait_s)
        try:
            return cls(opened, settings, shows_first=shows_first)
        except BaseException:
            opened.close()
            raise

    def close(self) -> None:
        """Stop everything and save; returns within about a second. A second call does nothing."""
        if self._is_closing.is_set():
            return
        self._is_closing.set()
        self._networks.stop_loading()  # what is being loaded must be closed, too
        self._long.join(LEAVE_S)
        if (indexer := self._commands.indexer) is not None:
            indexer.close()
        self._pictures.close()  # now: nobody is to wait for a picture that does not come
        self._slow.close(2 * LEAVE_S)
        self._overviews.shutdown(cancel_futures=True)
        self._large_thumbnails.stop()
        self._queries.shutdown(cancel_futures=True)
        self._networks.close()
        self._kept_listing.keep(self._reader)
        self._large_thumbnails.close()  # what it waited for in the pool was given up
        self._readers.close()
        self._thumbnails.close()
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------ events

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event, on library threads; return a function that ends it.

        Notices from before the first listener (a restored backup, say) are given to it at once.
        """
        return self._audience.add(listener)

    def _emit(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._progress = event
            if (run := self._run_meter.take(event)) is not None:
                self._command(lambda catalog: catalog.note_run(*run))
        self._audience.tell(event)

    # ---------------------------------------------------------------------------- folders and indexing

    def folders(self) -> list[Folder]:
        """Return the roots, in the order they were added."""
        return self._reader().folders()

    def directories(self) -> list[Directory]:
        """Return every directory that holds photos, sorted by path."""
        return self._reader().directories()

    def add_folder(self, path: bytes) -> Future[Folder]:
        """Add a root and index it; a folder inside a known root gives that root.

        The Future raises UserError when `path` is no folder, or does not answer.
        """
        self._commands.require_writable()

        def look(should_stop: Callable[[], bool]) -> Folder:
            named = as_named(path, self._folders_now(), self._disks, should_stop)
            return self._command(lambda catalog: add(catalog, named)).result()

        def add(catalog: Catalog, named: bytes) -> Folder:
            folder = catalog.add_folder(named)
            self._emit(FoldersChanged())
            self.rescan(folder.path)
            return folder

        return self._long.start("adding", look)

    def remove_folder(self, folder_id: int) -> Future[None]:
        """Forget a root and its photos; the files stay where they are, and so does what was computed."""

        def remove(catalog: Catalog) -> None:
            removed = catalog.remove_folder(folder_id)
            self._emit(PhotosRemoved(removed))
            self._emit(FoldersChanged())

        return self._command(remove)

    def start_indexing(self, *, watch: bool) -> None:
        """Look through all folders now; with `watch`, go on noticing changes until closed."""
        self._commands.tell(lambda indexer: indexer.start_watching() if watch else None)
        self.rescan()

    def rescan(self, directory: bytes | None = None) -> None:
        """Look through one directory, or all folders, again."""
        self._commands.tell(lambda indexer: indexer.rescan(directory))

    def pause(self) -> None:
        """Stop taking up new photos until `resume`; acts within a second."""
        self._commands.tell(lambda indexer: indexer.pause())

    def resume(self) -> None:
        """Go on after `pause`."""
        self._commands.tell(lambda indexer: indexer.resume())

    def stop(self) -> None:
        """Drop what is queued; the next rescan takes it up again."""
        self._commands.tell(lambda indexer: indexer.stop())

    def progress(self) -> Progress:
        """Return how far indexing is."""
        return self._progress

    def wait_until_indexed(self, timeout_s: float | None = None) -> bool:
        """Block until nothing is left to do; for the command line and tests, never the window.

        Returns:
            False when `timeout_s` ran out.
        """
        try:
            # Behind everything asked for so far, even while the network still loads: also a change of it, which one
            # thread begins and another hands on.
            self._networks.wait_loaded(timeout_s)
            self._queries.submit(lambda: None).result(timeout_s)
            self._command(lambda _: None).result(timeout_s)
        except TimeoutError:
            return False
        assert self._commands.indexer is not None
        return self._commands.indexer.wait_idle(timeout_s)

    def forget_missing(self, folder_id: int) -> None:
        """Look through a folder again and forget the photos that are gone, however many.

        Only after the user agreed to their number; a folder that cannot be looked through keeps them all.
        """
        self._commands.tell(lambda indexer: indexer.forget_missing(folder_id))

    # ---------------------------------------------------------------------------------------- reading

    def summary(self) -> LibrarySummary:
        """Return the counts."""
        return self._reader().summary(self._networks.active_id())

    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        """Return photos in the order asked; ids that are gone are left out. At most a few hundred a call."""
        return self._reader().photos(photo_ids)

    def photo_at(self, path: bytes) -> int | None:
        """Return the id of the photo at this path, if there is one."""
        return self._reader().photo_at(path)

    def browse(self, filter: Filter, order: SortOrder) -> Future[Listing]:
        """Return all photos that pass, sorted."""

        def read() -> Listing:
            model_id = self._networks.active_id() if filter.labels else ""
            return self._kept_listing.listing(self._reader(), filter, order, model_id)

        return self._queries.submit(read)

    def facets(self) -> Future[dict[str, list[tuple[str, int]]]]:
        """Return the values the filters can take, with counts: "cameras", "formats", "years", "labels", "tags".

        Labels are those of the network that answers, by their English names.
        """

        def read() -> dict[str, list[tuple[str, int]]]:
            reader = self._reader()
            return {
                "cameras": reader.cameras(),
                "formats": reader.formats(),
                "years": reader.years(),
                "labels": reader.labels(self._networks.active_id()),
                "tags": reader.decisions.tags(),
            }

        return self._queries.submit(read)

    def labels(self, photo_id: int) -> tuple[PhotoLabel, ...]:
        """Return what the network that answers sees on a photo, the surest first; short."""
        reader = self._reader()
        content = reader.content_of([photo_id])
        found = reader.labels_of(self._networks.active_id(), list(content.values())).get(
            content.get(photo_id, 0), ()
        )
        if not found:
            return ()
        from photofind.embedding import vocabulary

        try:
            chinese = vocabulary.chinese_names()
        except ModelError as error:
            logger.warning("Labels are shown in English only: %s", error)
            chinese = {}
        return tuple(PhotoLabel(name, chinese.get(name, ""), chance) for name, chance in found)

    def prepare_labels(self) -> None:
        """Read what `labels` needs beside the catalog, for which its first caller waits 40 CPU-ms. Any thread."""
        from photofind.embedding import vocabulary

        with suppress(ModelError):  # `labels` says it
            self._models().manifests()
            vocabulary.chinese_names()

    def thumbnail(self, content_id: int) -> bytes | None:
        """Return the JPEG of a content, or None when it is not made yet. Any thread."""
        return self._thumbnails.get(content_id)

    def large_thumbnail(self, content_id: int, side_px: int) -> Future[bytes | None]:
        """Return a JPEG of a content whose longer side is `side_px`, or that of the original where it is smaller.

        Made from the original when it is first asked for, in a decoder process, and kept; None when no file of the
        content is there now, or it cannot be read, or the ordinary thumbnail shows all there is. They are answered
        in the order asked; cancel what is no longer looked at. Any thread.
        """
        return self._large_thumbnails.get(content_id, side_px)

    def search(self, query: Query) -> Future[Answer]:
        """Answer a query. The Future raises UserError when an image of it cannot be read."""
        self._networks.want()
        with self._waiting_guard:
            self._queries_waiting += 1
        future = self._queries.submit(lambda: self._answering().answer(query, self._tell_of_words))
        future.add_done_callback(self._query_done)
        return future

    def alike(self, photo_id: int, count: int) -> Future[list[Photo]]:
        """Return up to `count` other pictures that look like a photo of the library, the most alike first.

        For showing unasked: indexing does not yield to it. Empty for a photo that is gone or not embedded yet.
        """
        self._networks.want()
        return self._queries.submit(lambda: self._answering().alike(photo_id, count))

    def explain(self, query: Query, photo_id: int) -> Future[Explanation]:
        """Say in plain facts why a photo answers a query with images; 5 ms, with an image from outside 100."""
        return self._queries.submit(lambda: self._answering().explain(query, photo_id, self._thumbnails.get))

    def likeness_map(self, query: Query, photo_id: int, max_px: int) -> Future[LikenessMap]:
        """Show where on a photo, and on the picture of a query that it is most like, the likeness lies.

        Half a second of the network, in steps on the query thread: whatever is asked meanwhile goes before the next
        step, and cancelling the Future is heeded at once. It raises UserError when a picture cannot be read, or the
        query has no positive image.

        Args:
            query: With a positive image.
            photo_id: A hit.
            max_px: Longer side of the pictures that come with it.
        """
        from photofind.answering import in_steps

        return in_steps(self._queries, lambda: self._answering().likeness_map(query, photo_id, max_px))

    def duplicates(self, kind: MatchKind | None = None) -> Future[list[Cluster]]:
        """Return groups of photos that belong together, of one kind or of all; largest gain first.

        Cancelling the Future ends the search.
        """

        def find(should_stop: Callable[[], bool]) -> list[Cluster]:
            from photofind.duplicates.clusters import find_clusters

            engine = self._networks.engine()
            reader = self._reader()
            return find_clusters(
                reader,
                engine.index,
                kind,
                same_picture_cosine=engine.same_picture_cosine,
                rules=self.settings.keep_rules,
                has_video=self._belongings.live(reader.folders(), should_stop),
                should_stop=should_stop,
            )

        return self._slow.start(find)

    def keep_rules(self) -> KeepRules:
        """Return how the photo of a group that is proposed to stay is chosen; short."""
        return self.settings.keep_rules

    def set_keep_rules(self, rules: KeepRules) -> None:
        """Choose it otherwise from now on, and save that; `rank_duplicates` applies it to groups found before.

        Raises:
            OSError: It cannot be saved; it is in force until the program ends all the same.
        """
        self.settings.keep_rules = rules

    def rank_duplicates(self, clusters: Sequence[Cluster]) -> Future[list[Cluster]]:
        """Return the same groups in the same order, each as the present keep rules put its photos.

        Not behind a search for duplicates that goes on: 20,000 photos take 0.6 s of CPU.
        """
        from photofind.duplicates.clusters import ranked

        return self._overviews.submit(lambda: ranked(self._reader(), clusters, self.settings.keep_rules))

    def full_image(self, photo_id: int, max_px: int) -> Future[Picture]:
        """Return the pixels of a photo, its longer side at most `max_px`; decoded in a child process."""
        photos = self.photos([photo_id])
        if not photos:
            raise UserError("This photo is no longer in the library.")
        from photofind.indexing.prepare import RenderRequest

        return self._pictures.render(RenderRequest(photos[0].path, max_px))

    def query_image(self, part: ImagePart, max_px: int) -> Future[Picture]:
        """Return the pixels of an image from outside, all of it, its longer side at most `max_px`."""
        from photofind.indexing.prepare import RenderRequest

        return self._pictures.render(RenderRequest(part.path or b"", max_px, data=part.data))

    def image_part(self, photo: Photo, box: tuple[int, int, int, int], size_px: tuple[int, int]) -> Future[Picture]:
        """Return the pixels of a part of a photo; the whole stays decoded in a child process until `end_parts`.

        Args:
            photo: Whose.
            box: Left, top, right, bottom of the part in pixels of the upright photo.
            size_px: Width and height of the answer, not larger than the box.
        """
        from photofind.indexing.prepare import PartRequest

        photo_px = (max(photo.width_px, 1), max(photo.height_px, 1))
        return self._pictures.render(PartRequest(photo.path, photo_px, box, size_px))

    def end_parts(self) -> None:
        """Nobody looks at parts of photos any more: give the memory of the wholes back."""
        self._pictures.end_parts()

    # --------------------------------------------------------------------------------------- problems

    def failures(self) -> list[Failure]:
        """Return the files that could not be taken in."""
        return self._reader().failures()

    def retry(self, paths: Sequence[bytes]) -> None:
        """Try files again that failed."""
        self._commands.tell(lambda indexer: indexer.retry(paths))

    # ----------------------------------------------------------------------------- the user's decisions

    def set_rating(self, photo_ids: Sequence[int], rating: int | None) -> Future[None]:
        """Rate photos 0 to 5, -1 for rejected; None takes the user's rating away."""

        def rate(catalog: Catalog) -> None:
            self._emit(PhotosChanged(catalog.set_rating(photo_ids, rating)))

        return self._command(rate)

    def dismiss_duplicates(self, photo_ids: Sequence[int]) -> Future[int]:
        """Remember by content that these photos are not duplicates of each other.

        Returns:
            The number for `undo_dismissal`.
        """
        return self._command(lambda catalog: catalog.dismiss(photo_ids))

    def keep_copies(self, photo_ids: Sequence[int]) -> Future[int]:
        """Remember by content and place that these identical files are kept on purpose.

        They are no group any more until another copy joins; one that is moved or renamed is no other.

        Returns:
            The number for `undo_dismissal`.
        """
        return self._command(lambda catalog: catalog.keep_copies(photo_ids))

    def undo_dismissal(self, number: int) -> Future[None]:
        """Take back one `dismiss_duplicates` or `keep_copies`."""
        return self._command(lambda catalog: catalog.undo_dismissal(number))

    def move_to_trash(
        self,
        photo_ids: Sequence[int],
        move: MoveToTrash,
        *,
        keep_a_copy: bool,
        kept: Mapping[int, int] = MappingProxyType({}),
        along: Set[int] = frozenset(),
    ) -> Future[RemovalReport]:
        """Move photos to the system trash, each re-checked against the disk first, with their `companions`.

        What was decided about a duplicate that goes is taken over by the photo that stays; see `merge_preview`.

        Args:
            photo_ids: What to remove.
            move: Does it; called on the indexer thread.
            keep_a_copy: True for duplicates: a file goes only if a distinct, readable copy of the same content or
                of the same picture stays. False for photos the user chose to delete.
            kept: By photo that goes, the one of its group that stays and takes over. For a duplicate that is not
                named it is the photo that was proven to stay.
            along: Of `photo_ids` those that only go along with another file of their shot (`unit_mates`): all files
                of a shot that are named here go, or all stay.
        """
        return self._commands.submit_on_disk(
            lambda catalog: file_changes.paths_of(catalog, [*photo_ids, *kept.values()]),
            lambda catalog: self._file_changes.trash(
                catalog, photo_ids, move, keep_a_copy=keep_a_copy, kept=kept, along=along
            ),
        )

    def undo_removal(self) -> Future[RemovalReport | None]:
        """Put the last batch back where it was, or take the last rename back, also after a restart.

        None when there is none.
        """
        return self._commands.submit_on_disk(file_changes.paths_of_last, self._file_changes.undo)

    def can_undo(self) -> bool:
        """Return whether there is a batch to put back."""
        return self._reader().last_batch() is not None

    # ------------------------------------------------- tags, texts, flags, collections, sidecars
    #
    # All hang on the bytes of a photo: they hold for its copies, too, and survive moves and its going and coming.
    # Ids that are gone are passed over. Every setter is undone by another call of the same kind.

    def set_flag(self, photo_ids: Sequence[int], flag: int | None) -> Future[None]:
        """Pick (1), reject (-1) or unflag (0) photos; None takes the person's word back, and the file's counts."""
        return self._decide(lambda catalog: catalog.decisions.set_flag(photo_ids, flag))

    def add_tags(self, photo_ids: Sequence[int], tags: Sequence[str]) -> Future[None]:
        """Give photos tags, each once, whatever its case; its first spelling in the library holds.

        The Future raises UserError for an empty tag, one of more than 100 characters or with control characters.
        """
        return self._decide(lambda catalog: catalog.decisions.add_tags(photo_ids, tags))

    def remove_tags(self, photo_ids: Sequence[int], tags: Sequence[str]) -> Future[None]:
        """Take tags, whatever their case, off photos."""
        return self._decide(lambda catalog: catalog.decisions.remove_tags(photo_ids, tags))

    def tags(self) -> list[tuple[str, int]]:
        """Return the person's tags and how many photos have each, the most frequent first; short."""
        return self._reader().decisions.tags()

    def rename_tag(self, old: str, new: str) -> Future[None]:
        """Spell a tag otherwise on all photos; where `new` is a tag already, the two become one.

        The Future raises UserError when there is no tag `old`, or `new` can be none.
        """
        return self._decide(lambda catalog: catalog.decisions.rename_tag(old, new))

    def remove_tag(self, tag: str) -> Future[RemovedTag]:
        """Take a tag off all photos, also those that are not there now; `restore_tag` undoes it.

        The Future raises UserError when there is no such tag.
        """

        def remove(catalog: Catalog) -> RemovedTag:
            removed, changed = catalog.decisions.remove_tag(tag)
            self._emit(PhotosChanged(changed))
            return removed

        return self._command(remove)

    def restore_tag(self, removed: RemovedTag) -> Future[None]:
        """Give a removed tag back to all that had it."""
        return self._decide(lambda catalog: catalog.decisions.restore_tag(removed))

    def set_title(self, photo_ids: Sequence[int], text: str | None) -> Future[None]:
        """Give photos a title; None or nothing but spaces takes the person's away, and the file's counts again.

        The Future raises UserError for more than 1,000 characters.
        """
        return self._decide(lambda catalog: catalog.decisions.set_title(photo_ids, text))

    def set_caption(self, photo_ids: Sequence[int], text: str | None) -> Future[None]:
        """Give photos a caption of up to 8,000 characters, which may have lines; else as `set_title`."""
        return self._decide(lambda catalog: catalog.decisions.set_caption(photo_ids, text))

    def collections(self) -> list[Collection]:
        """Return the collections by name, live ones among them; short.

        Counts change with `CollectionsChanged`, and when photos come into the library or leave it.
        """
        return self._reader().decisions.collections()

    def collections_of(self, photo_id: int) -> list[Collection]:
        """Return the collections that a photo is in, by name; short."""
        return self._reader().decisions.collections_of(photo_id)

    def add_collection(self, name: str, photo_ids: Sequence[int] = ()) -> Future[Collection]:
        """Make a collection of these photos, in this order.

        The Future raises UserError when the name is taken (case aside), empty, or longer than 100 characters.
        """
        return self._arrange(lambda catalog: catalog.decisions.add_collection(name, photo_ids))

    def add_live_collection(self, name: str, query: Query) -> Future[Collection]:
        """Keep a query, its filter among it, under a name.

        The Future raises UserError as that of `add_collection`, and for an image that is not in the library: images
        from outside are never stored.
        """
        return self._arrange(lambda catalog: catalog.decisions.add_collection(name, query=query))

    def saved_query(self, collection_id: int) -> SavedQuery:
        """Return the query of a live collection, with the present ids of its photos; short.

        Raises:
            UserError: There is no such live collection, or a newer PhotoFind saved it.
        """
        return self._reader().decisions.saved_query(collection_id)

    def rename_collection(self, collection_id: int, name: str) -> Future[None]:
        """Give a collection another name; the Future raises UserError as that of `add_collection`."""
        return self._arrange(lambda catalog: catalog.decisions.rename_collection(collection_id, name))

    def remove_collection(self, collection_id: int) -> Future[None]:
        """Forget a collection; its photos stay."""
        return self._arrange(lambda catalog: catalog.decisions.remove_collection(collection_id))

    def add_to_collection(self, collection_id: int, photo_ids: Sequence[int]) -> Future[None]:
        """Put photos at the end of a collection; those that are in it stay where they are.

        The Future raises UserError when the collection is gone or live.
        """
        return self._arrange(lambda catalog: catalog.decisions.add_to_collection(collection_id, photo_ids))

    def remove_from_collection(self, collection_id: int, photo_ids: Sequence[int]) -> Future[None]:
        """Take photos out of a collection; they stay in the library."""
        return self._arrange(lambda catalog: catalog.decisions.remove_from_collection(collection_id, photo_ids))

    def unit_mates(self, photo_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """Return, for photos of a shot in several files (RAW and JPEG, a live photo), the others; short."""
        return self._reader().unit_mates(photo_ids)

    def companions(self, photo_ids: Sequence[int]) -> Future[dict[int, tuple[Companion, ...]]]:
        """Return what belongs to photos and is none: videos of live photos, sidecars; by photo id, where any is.

        The disks are asked, so that it may take as long as one that sleeps; what cannot be seen now is left out.
        """

        def work(should_stop: Callable[[], bool]) -> dict[int, tuple[Companion, ...]]:
            with Catalog.open(self.directory / "catalog.db", read_only=True) as catalog:
                photos = list(catalog.each_photo(photo_ids))
                folders = catalog.folders()
            return self._belongings.of(photos, folders, should_stop)

        return self._long.start("companions", work)

    def merge_preview(self, kept_id: int, trashed_ids: Sequence[int]) -> Merge:
        """Return what a photo will take over from duplicates of it that go to the trash; short."""
        return self._reader().decisions.merge_of(kept_id, trashed_ids)

    def export_xmp(self, photo_ids: Sequence[int], *, overwrite: bool = False) -> Future[ExportReport]:
        """Write rating, tags, title and caption beside the originals, as NAME.ext.xmp (darktable, digiKam).

        The originals stay as they are, and so does all else that a sidecar says. A photo about which nothing was
        decided gets no new sidecar. Rejected is a rating of -1; a pick has no place in XMP. The keywords of the
        file are written with the tags, because other programs believe the sidecar and not the file.

        Args:
            photo_ids: The photos.
            overwrite: Write over what a sidecar says of the four; else that stays, and tags are added to its own.
        """
        chosen = list(photo_ids)

        def export(should_stop: Callable[[], bool]) -> ExportReport:
            from photofind.photo import sidecar

            def each_open(catalog: Catalog) -> Iterator[Photo]:
                for photo in catalog.each_photo(chosen):
                    if should_stop():
                        raise UserError("The library is closed.")
                    yield photo

            with self._readers.another() as catalog:
                return sidecar.write_all(each_open(catalog), overwrite=overwrite)

        return self._long.start("sidecars", export)

    def _decide(self, work: Callable[[Catalog], tuple[int, ...]]) -> Future[None]:
        """Write a decision, and announce the photos that it is about."""

        def decide(catalog: Catalog) -> None:
            if changed := work(catalog):
                self._emit(PhotosChanged(changed))

        return self._command(decide)

    def _arrange(self, work: Callable[[Catalog], T]) -> Future[T]:
        """Write to collections, and announce it."""

        def arrange(catalog: Catalog) -> T:
            result = work(catalog)
            self._emit(CollectionsChanged())
            return result

        return self._command(arrange)

    # ------------------------------------------------------------------------------ files in and out

    def undoable(self) -> Undoable | None:
        """Return what `undo_removal` would take back; None when there is nothing."""
        return file_changes.last(self._reader())

    def rename(self, photo_id: int, new_name: str) -> Future[Photo]:
        """Give a photo's file another name in its folder; its `companions` and the RAW or JPEG beside it go along.

        Args:
            photo_id: The photo.
            new_name: Without an extension of photos the old one stays.

        Returns:
            The photo at its new path; `undo_removal` takes it back. The Future raises UserError when the file keeps
            its name: another has the new one, it is no name, it is not allowed.
        """
        return self._commands.submit_on_disk(
            lambda catalog: file_changes.paths_of(catalog, [photo_id]),
            lambda catalog: self._file_changes.rename(catalog, photo_id, new_name),
        )

    def copy_files(
        self, photo_ids: Sequence[int], destination: bytes, on_progress: Callable[[CopyProgress], None]
    ) -> Future[CopyReport]:
        """Copy photos into a folder, with `companions` and the RAW or JPEG beside them; originals are only read.

        Nothing there is written over: what has a name already gets "name (2).jpg". Cancelling the Future stops
        within a second; whole copies stay.

        Args:
            photo_ids: What to copy; photos that are offline are reported as failed.
            destination: A folder.
            on_progress: Called on a library thread, at most ten times a second.

        Returns:
            The report. The Future raises UserError when there is no such folder, or not enough room.
        """

        def work(should_stop: Callable[[], bool]) -> CopyReport:
            from photofind import originals

            with self._readers.another() as catalog:
                paths, away = originals.online(catalog.each_photo(photo_ids))
            return originals.Copying(destination, on_progress, should_stop).run(paths, away)

        return self._long.start("copying", work)

    def copy_outside(
        self, paths: Sequence[bytes], destination: bytes, on_progress: Callable[[CopyProgress], None]
    ) -> Future[CopyReport]:
        """Copy files that are not in the library, as `copy_files` does."""

        def work(should_stop: Callable[[], bool]) -> CopyReport:
            from photofind import originals

            return originals.Copying(destination, on_progress, should_stop).run(paths)

        return self._long.start("copying", work)

    def check_folder(self, path: bytes, on_progress: Callable[[CheckProgress], None]) -> Future[FolderCheck]:
        """Compare the photos of a folder outside with the library; nothing is added and nothing stored.

        Cancelling the Future stops within a second; what was found until then has been told.

        Args:
            path: The folder.
            on_progress: Called on a library thread, several times a second, with the new verdicts.

        Returns:
            The counts. The Future raises UserError when `path` is no folder, or another network answers meanwhile.
        """

        def work(should_stop: Callable[[], bool]) -> FolderCheck:
            from photofind.indexing.folder_check import FolderChecking

            folder = as_named(path, self._folders_now(), self._disks, should_stop)
            while True:
                try:
                    engine = self._networks.engine(0.2)
                    break
                except TimeoutError:
                    if should_stop():
                        return FolderCheck(path, {})

            def is_over() -> bool:
                # Once another network answers, the index of the one before is closed.
                return should_stop() or self._networks.loaded() is not engine

            with self._readers.another() as catalog:
                checking = FolderChecking(
                    catalog, engine.index, engine.embedder, self._pictures.pool(),
                    same_picture_cosine=engine.same_picture_cosine, on_progress=on_progress, should_stop=is_over,
                    disks=self._disks,
                )  # fmt: skip
                report = checking.run(folder)
            if not should_stop() and is_over():
                raise UserError("Another network answers now; compare the folder once more.")
            return report

        return self._long.start("checking", work)

    # ------------------------------------------------------------------------- the network, maintenance

    def models(self) -> list[ModelFacts]:
        """Return the networks at hand."""
        return self._networks.facts()

    def use_model(self, model_id: str) -> Future[None]:
        """Answer with another network; old vectors answer while everything is embedded again in the background.

        The choice holds from now on: closed before the end, the library goes on when it is opened again. Choosing
        the network that still answers gives up the change.

        The Future is done when the new network answers. It raises ModelError when the network cannot be used, and
        UserError when another was chosen meanwhile.
        """
        return self._networks.use(model_id)

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
        """Add a network; it is examined, copied and calibrated on the library's photos, which takes a minute.

        What was assumed of it, and what to know, comes as notices. It does not answer before `use_model`.

        Args:
            file: An ONNX file from anywhere, or a folder with a network and its manifest.
            model_id: What to call it; from the file's name when None.
            text: The ONNX file that belongs to it and takes words; of a pair as CLIP is one.
            tokenizer: The tokenizer.json of that.
            mean: Of a network that takes float pixels, by channel in units of 0..255; assumed when None.
            std: The deviation, likewise.

        Returns:
            Its id. The Future raises ModelError when the file is no network that can be used, UserError when the id
            is taken.
        """
        self._commands.require_writable()
        if (text is None) != (tokenizer is None):
            raise UserError("A text network and its tokenizer.json come together; name both, or neither.")
        file = file.absolute()  # as it is now, not when its turn comes

        def adopt() -> str:
            from photofind.embedding import foreign
            from photofind.indexing.adoption import Candidate

            name = model_id or foreign.model_id_from(file.stem)
            try:
                remarks = self._adoption.adopt(Candidate(file, name, text, tokenizer, mean, std))
            except OSError as error:
                raise UserError(f"The network cannot be added to {self.directory}: {error.strerror}.") from error
            for sentence in remarks:
                self._emit(Notice(sentence))
            return name

        return self._slow.start(lambda _: adopt())

    def remove_model(self, model_id: str) -> Future[None]:
        """Remove an added network and all vectors of it.

        The Future raises UserError when it came with the program or is in use.
        """
        return self._command(lambda catalog: self._networks.remove(catalog, model_id))

    def bench_models(self) -> Future[list[ModelCost]]:
        """Measure what each network costs on this computer, on the CPU and where else it runs; seconds for each.

        A network that cannot be used is left out, with a notice that says why.
        """

        def measure() -> list[ModelCost]:
            from photofind.embedding.cost import measure_cost

            costs = []
            for manifest in self._models().manifests():
                self._stop_if_closing()
                try:
                    costs += measure_cost(manifest, self.settings.text("provider"))
                except ModelError as error:
                    self._emit(Notice(f"{manifest.model_id} cannot be measured: {error}"))
            return costs

        return self._slow.start(lambda _: measure())

    def reload_models(self) -> None:
        """Look again for networks, after another program added some."""
        self._models().reload()

    def sample_thumbnails(self, count: int) -> Future[list[bytes]]:
        """Return JPEGs of up to so many photos of the library, spread over it; for adjusting a network to it."""
        return self._queries.submit(lambda: [jpeg for _, jpeg in self._adoption.sample(count)])

    @property
    def _adoption(self) -> "Adoption":
        from photofind.indexing.adoption import Adoption

        return Adoption(
            self._models(),
            self._reader,
            self._thumbnails,
            forget=self._forget_vectors,
            check_open=self._stop_if_closing,
        )

    def _forget_vectors(self, model_id: str) -> None:
        self._command(lambda catalog: self._networks.forget_vectors(catalog, model_id)).result()

    def _stop_if_closing(self) -> None:
        if self._is_closing.is_set():
            raise UserError("The library is closed.")

    def embeddings(self) -> tuple[list[bytes], NDArray[np.float32], str]:
        """Return the path of every photo, its vector (float32 [n, d], L2-normalised) and the model's id."""
        reader = self._reader()
        model_id = self._networks.active_id()
        ids, vectors = reader.embeddings(model_id)
        photos = reader.photos_of([int(i) for i in ids])
        rows = [
            (row, photo_id) for row, content_id in enumerate(ids) for photo_id in photos.get(int(content_id), ())
        ]
        paths = {photo.photo_id: photo.path for photo in reader.each_photo([photo_id for _, photo_id in rows])}
        rows = [(row, photo_id) for row, photo_id in rows if photo_id in paths]
        return [paths[photo_id] for _, photo_id in rows], vectors[[row for row, _ in rows]], model_id

    def verify(self, *, repair: bool = False) -> Future[VerifyReport]:
        """Check the catalog, the index, and the bytes of every file against their digest.

        Takes as long as reading every photo. Files that are offline are passed over. Cancelling the Future ends it.

        Args:
            repair: Mend what is derived, and take changed files in again; needs a library open for writing.
        """
        if repair:
            self._commands.require_writable()

        def check(should_stop: Callable[[], bool]) -> VerifyReport:
            from photofind.indexing import inspection

            repairs = inspection.Repairs(
                mend_catalog=lambda: self._command(lambda catalog: catalog.repair()).result(),
                look_again=look_again,
            )
            return inspection.verify(
                self._networks.engine(), self._reader(), should_stop, repairs if repair else None,
                disks=self._disks,
            )  # fmt: skip

        def look_again(paths: Sequence[bytes]) -> None:
            self.retry(paths)
            self.wait_until_indexed()

        return self._slow.start(check)

    # ------------------------------------------------------------------------------- the index, looked at
    #
    # What the index page shows and its buttons do. Nothing here is needed to search.

    def overview(self) -> Future[LibraryOverview]:
        """Return what stands around the photos; reading 50,000 directories takes a third of a second."""
        from photofind.catalog import overview

        return self._overviews.submit(lambda: overview.overview(self._reader(), self._networks.active_id()))

    def problems(self) -> Future[Problems]:
        """Return what could not be taken in and which folders are away; 100,000 failures take half a second."""
        from photofind.catalog import overview

        return self._overviews.submit(lambda: overview.problems(self._reader()))

    def index_report(self) -> Future[IndexReport]:
        """Return how the index does; measures it on a sample against comparing everything, for ten seconds at most.

        The Future raises ModelError when the network cannot be used.
        """

        def report(should_stop: Callable[[], bool]) -> IndexReport:
            from photofind.indexing import inspection

            return inspection.report(self._networks.engine(), self._reader(), self.directory, should_stop)

        return self._slow.start(report)

    def index_built(self) -> tuple[int, int]:
        """Return how many vectors the graph finds and how many there are; short, for progress."""
        engine = self._networks.loaded()
        return (engine.index.in_graph(), len(engine.index)) if engine is not None else (0, 0)

    def rebuild_index(self) -> Future[None]:
        """Take all vectors from the catalog again and build the graph anew; searches go on and are exact meanwhile.

        Takes a CPU-minute for 100,000 photos; `index_built` tells how far it is. Cancelling the Future ends it, as
        closing does; what is left is built when nothing else is to be done.
        """
        self._commands.require_writable()

        def rebuild(should_stop: Callable[[], bool]) -> None:
            try:
                self._networks.engine().rebuild(self._reader(), should_stop)
            except OSError as error:
                raise UserError(f"The index cannot be written to {self.directory}: {error.strerror}.") from error

        return self._slow.start(rebuild)

    def rebuild_thumbnails(self) -> Future[None]:
        """Make all thumbnails anew in the background, as indexing does; done when that has begun."""
        return self._commands.ask(lambda indexer: indexer.remake_thumbnails())

    # --------------------------------------------------------------------------------------- the inside

    def _folders_now(self) -> list[Folder]:
        """Return the roots, on a thread that has no connection of its own."""
        with self._readers.another() as catalog:
            return catalog.folders()

    def _models(self) -> "ModelStore":
        """Return the networks at hand; their manifests are read when somebody asks for the first time."""
        from photofind.embedding.model_store import ModelStore

        with self._models_guard:
            if self._models_made is None:
                self._models_made = ModelStore(resource_folder() / "models", self.directory / "models")
            return self._models_made

    def _answering(self) -> "Answering":
        """Return what answers one question, on the query thread."""
        from photofind.answering import Answering

        return Answering(self._networks.engine(), self._reader(), self._pictures.pool)

    def _tell_of_words(self, error: ModelError) -> None:
        """Say once that words find nothing by what photos show; their metadata is searched all the same."""
        if not self._has_told_of_words:
            self._has_told_of_words = True
            logger.warning("Words are looked for in metadata only: %s", error)
            self._emit(Notice(f"Words are looked for in names and descriptions only: {error}"))

    def _query_done(self, _: Future[Answer]) -> None:
        with self._waiting_guard:
            self._queries_waiting -= 1

    def _start_indexer(self, done: "Future[Engine]") -> None:
        if self.is_read_only or (self._is_closing.is_set() and done.exception() is not None):
            return
        try:
            from photofind.indexing.indexer import Indexer

            engine = done.result()
            indexer = Indexer(
                self.directory / "catalog.db",
                self._thumbnails,
                engine.index,
                engine.embedder,
                self.settings,
                self._emit,
                pool=self._pictures.pool(),
                words=engine.words,
                is_query_waiting=lambda: self._queries_waiting > 0,
                disks=self._disks,
            )
            indexer.start()
            # Not while opening: at 300,000 photos it takes a second, once a day.
            indexer.submit(lambda catalog: catalog.backup_daily()).add_done_callback(_log_failed_backup)
        except BaseException as error:
            # Without its network or its catalog the library still lists and browses; every write says why not.
            logger.exception("The indexer did not start")
            self._emit(Notice(f"Photos cannot be taken in: {error}"))
            self._commands.refuse(error)
        else:
            self._commands.serve(indexer)

    def _command(self, work: Callable[[Catalog], T]) -> Future[T]:
        """Run a write on the indexer thread, before its next batch."""
        return self._commands.submit(work)
