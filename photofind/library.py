"""The façade: opens, wires and closes everything below, and is all that the window and the command line see.

Who calls it: the window's thread (every method that returns a plain value is short; whatever takes longer returns a
`Future`), the command line, and nobody else. What it owns: the write lock, the query thread, the decoder pool, the
network, the vector index, the indexer. One process writes a library; others open it read-only and search.

An alternative that lost: letting the window talk to the indexer and the catalog directly. Then every widget knows
threads, and the command line repeats the wiring.
"""

import hashlib
import logging
import os
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.duplicates import cleanup
from photofind.duplicates.clusters import find_clusters, same_picture_finder
from photofind.embedding import foreign, vocabulary
from photofind.embedding.cost import measure_cost
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Manifest, TextSpace
from photofind.embedding.model_store import ModelStore
from photofind.embedding.text_encoder import TextEncoder, encoder_folder
from photofind.errors import LibraryBusyError, ModelError, UserError
from photofind.events import Event, FoldersChanged, Listener, Notice, PhotosChanged, PhotosRemoved, Progress, Stage
from photofind.indexing.adoption import Adoption, Candidate
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.indexer import Indexer
from photofind.indexing.prepare import PrepareRequest, RenderRequest
from photofind.records import (
    Answer,
    Cluster,
    Directory,
    Failure,
    Filter,
    Folder,
    ImagePart,
    LibrarySummary,
    MatchKind,
    ModelCost,
    ModelFacts,
    Photo,
    PhotoLabel,
    PhotoPart,
    Picture,
    Prepared,
    Query,
    QueryPart,
    RemovalReport,
    SortOrder,
    VerifyReport,
)
from photofind.search.query import answer
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words
from photofind.settings import Settings, resource_folder

logger = logging.getLogger(__name__)

T = TypeVar("T")

MoveToTrash = Callable[[bytes], bytes | None]
"""Moves one file to the system trash and returns its place there; OSError when that fails."""

BUSY = "Another PhotoFind is writing to this library; wait for it, or close it, and try again."


@dataclass(frozen=True, slots=True)
class _Engine:
    """What answers by picture."""

    embedder: ImageEmbedder
    index: VectorIndex
    words: Words | None
    """None where the network knows no words."""

    def close(self) -> None:
        self.index.close()
        if self.words is not None:
            self.words.close()


def _name_of(part: QueryPart) -> str:
    if isinstance(part, ImagePart) and part.path is not None:
        return os.fsdecode(os.path.basename(part.path))
    return "This picture"


def _as_named(path: bytes, folders: Sequence[Folder]) -> bytes:
    """Return the path of a root as the person named it, so that answers name it so, too.

    Only a link is followed, because a walk never follows one, and a root that is known by another name keeps that.
    """
    path = os.path.realpath(path) if os.path.islink(path) else os.path.abspath(path)
    for folder in folders:
        try:
            if os.path.samefile(path, folder.path):
                return folder.path
        except OSError:
            continue  # offline
    return path


def _differs(photo: Photo) -> str:
    """Return in a sentence how the file differs from what was taken in; empty when it does not."""
    name = os.fsdecode(photo.path)
    try:
        with open(photo.path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        return f"{name} is gone."
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}."
    return "" if digest == photo.digest else f"{name} changed since it was taken in."


def _log_failed_backup(done: Future[Path | None]) -> None:
    if (error := done.exception()) is not None:
        logger.warning("The daily backup of the catalog failed: %s", error)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Library:
    """One library: a directory with the catalog, its caches and the user's own models.

    Use as a context manager, or call `close`.
    """

    def __init__(self, directory: Path, settings: Settings, lock: FileLock | None, notices: Sequence[str]) -> None:
        """Private: use `open`."""
        self.directory = directory
        self.settings = settings
        self.is_read_only = lock is None
        self._lock = lock
        self._notices = list(notices)
        self._listeners: list[Listener] = []
        self._listeners_guard = threading.Lock()
        self._progress = Progress(Stage.IDLE)
        self._readers = threading.local()
        self._all_readers: list[Catalog] = []
        self._readers_guard = threading.Lock()
        self._thumbnails = ThumbnailStore.open(directory / "thumbnails.db", read_only=self.is_read_only)
        self._models = ModelStore(resource_folder() / "models", directory / "models")
        self._adoption = Adoption(
            self._models,
            self._reader,
            self._thumbnails,
            forget=self._forget_vectors,
            check_open=self._stop_if_closing,
        )
        self._queries = ThreadPoolExecutor(1, thread_name_prefix="photofind-query")
        # Clusters and checks of a large library take long; a search must not wait behind them.
        self._slow = ThreadPoolExecutor(1, thread_name_prefix="photofind-slow")
        self._pool_guard = threading.Lock()
        self._pool_made: DecoderPool | None = None
        self._queries_waiting = 0
        self._has_told_of_words = False
        self._is_closing = threading.Event()
        self._engine: Future[_Engine] = Future()
        self._coming = ""
        """The network that reads all photos to answer afterwards."""
        self._indexer: Indexer | None = None
        self._indexer_error: BaseException | None = None
        self._untold: list[tuple[Callable[[Indexer], object], Callable[[BaseException], None]]] = []
        self._indexer_guard = threading.RLock()
        if not self.is_read_only:
            self._engine.add_done_callback(self._start_indexer)
        # On a thread of its own: browsing must not wait for it, only what searches does.
        self._loading = threading.Thread(target=self._load_engine, name="photofind-loading")
        self._loading.start()

    @classmethod
    def open(
        cls,
        directory: Path,
        settings: Settings | None = None,
        *,
        read_only: bool = False,
        wait_s: float = 10.0,
    ) -> Self:
        """Open a library, or make an empty one.

        Args:
            directory: Made when missing.
            settings: In-memory defaults when None.
            read_only: Search only; several processes may do so beside the one that writes.
            wait_s: How long to wait for another process that writes.

        Raises:
            LibraryBusyError: Another process still writes after `wait_s`.
            LibraryTooNewError: A newer PhotoFind wrote this library.
            LibraryDamagedError: The catalog is damaged and cannot be restored.
            UserError: The directory cannot be made or read.
        """
        settings = settings or Settings()
        lock: FileLock | None = None
        notices: list[str] = list(settings.problems)
        if not read_only:
            try:
                directory.mkdir(parents=True, exist_ok=True)
                lock = FileLock(directory / "write.lock")
                lock.acquire(timeout=wait_s)
            except Timeout as error:
                raise LibraryBusyError(BUSY) from error
            except OSError as error:
                if not (directory / "catalog.db").exists():
                    raise UserError(f"The library {directory} cannot be made: {error.strerror}.") from error
                lock = None
                notices.append("The library cannot be written to; it is open for searching only.")
        try:
            if lock is not None:
                with Catalog.open(directory / "catalog.db") as catalog:
                    notices += catalog.notices
                    notices += cleanup.settle(catalog)
            return cls(directory, settings, lock, notices)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    def close(self) -> None:
        """Stop everything and save; returns within about a second. A second call does nothing."""
        if self._is_closing.is_set():
            return
        self._is_closing.set()
        self._loading.join()  # what is being loaded must be closed, too
        if self._indexer is not None:
            self._indexer.close()
        self._slow.shutdown(cancel_futures=True)
        self._queries.shutdown(cancel_futures=True)
        if (engine := self._loaded_engine()) is not None:
            engine.close()
        with self._pool_guard:
            if self._pool_made is not None:
                self._pool_made.close()
        for reader in self._all_readers:
            reader.close()
        self._thumbnails.close()
        if self._lock is not None:
            self._lock.release()

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
        with self._listeners_guard:
            self._listeners.append(listener)
            waiting, self._notices = self._notices, []
        for sentence in waiting:
            listener(Notice(sentence))

        def unsubscribe() -> None:
            with self._listeners_guard:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def _emit(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._progress = event
        with self._listeners_guard:
            listeners = tuple(self._listeners)
            if not listeners and isinstance(event, Notice):
                self._notices.append(event.message)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                logger.exception("A listener failed on %s", type(event).__name__)

    # ---------------------------------------------------------------------------- folders and indexing

    def folders(self) -> list[Folder]:
        """Return the roots, in the order they were added."""
        return self._reader().folders()

    def directories(self) -> list[Directory]:
        """Return every directory that holds photos, sorted by path."""
        return self._reader().directories()

    def add_folder(self, path: bytes) -> Future[Folder]:
        """Add a root and index it; a folder inside a known root gives that root.

        The Future raises UserError when `path` is no folder.
        """

        def add(catalog: Catalog) -> Folder:
            if not os.path.isdir(path):
                raise UserError(f"{os.fsdecode(path)!r} is not a folder.")
            folder = catalog.add_folder(_as_named(path, catalog.folders()))
            self._emit(FoldersChanged())
            self.rescan(folder.path)
            return folder

        return self._command(add)

    def remove_folder(self, folder_id: int) -> Future[None]:
        """Forget a root and its photos; the files stay where they are, and so does what was computed."""

        def remove(catalog: Catalog) -> None:
            removed = catalog.remove_folder(folder_id)
            self._emit(PhotosRemoved(removed))
            self._emit(FoldersChanged())

        return self._command(remove)

    def start_indexing(self, *, watch: bool) -> None:
        """Look through all folders now; with `watch`, go on noticing changes until closed."""
        self._tell_indexer(lambda indexer: indexer.start_watching() if watch else None)
        self.rescan()

    def rescan(self, directory: bytes | None = None) -> None:
        """Look through one directory, or all folders, again."""
        self._tell_indexer(lambda indexer: indexer.rescan(directory))

    def pause(self) -> None:
        """Stop taking up new photos until `resume`; acts within a second."""
        self._tell_indexer(lambda indexer: indexer.pause())

    def resume(self) -> None:
        """Go on after `pause`."""
        self._tell_indexer(lambda indexer: indexer.resume())

    def stop(self) -> None:
        """Drop what is queued; the next rescan takes it up again."""
        self._tell_indexer(lambda indexer: indexer.stop())

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
            self._loading.join(timeout_s)
            self._queries.submit(lambda: None).result(timeout_s)
            self._command(lambda _: None).result(timeout_s)
        except TimeoutError:
            return False
        assert self._indexer is not None
        return self._indexer.wait_idle(timeout_s)

    def forget_missing(self, folder_id: int) -> None:
        """Look through a folder again and forget the photos that are gone, however many.

        Only after the user agreed to their number; a folder that cannot be looked through keeps them all.
        """
        self._tell_indexer(lambda indexer: indexer.forget_missing(folder_id))

    # ---------------------------------------------------------------------------------------- reading

    def summary(self) -> LibrarySummary:
        """Return the counts."""
        return self._reader().summary(self._active_model())

    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        """Return photos in the order asked; ids that are gone are left out. At most a few hundred a call."""
        return self._reader().photos(photo_ids)

    def photo_at(self, path: bytes) -> int | None:
        """Return the id of the photo at this path, if there is one."""
        return self._reader().photo_at(path)

    def browse(self, filter: Filter, order: SortOrder) -> Future[NDArray[np.int64]]:
        """Return the ids of all photos that pass, int64 [n], sorted."""
        return self._queries.submit(lambda: self._reader().photo_ids(filter, order, self._active_model()))

    def facets(self) -> Future[dict[str, list[tuple[str, int]]]]:
        """Return the values the filters can take, with counts: "cameras", "formats", "years" and "labels".

        Labels are those of the network that answers, by their English names.
        """

        def read() -> dict[str, list[tuple[str, int]]]:
            reader = self._reader()
            return {
                "cameras": reader.cameras(),
                "formats": reader.formats(),
                "years": reader.years(),
                "labels": reader.labels(self._active_model()),
            }

        return self._queries.submit(read)

    def labels(self, photo_id: int) -> tuple[PhotoLabel, ...]:
        """Return what the network that answers sees on a photo, the surest first; short."""
        reader = self._reader()
        content = reader.content_of([photo_id])
        found = reader.labels_of(self._active_model(), list(content.values())).get(content.get(photo_id, 0), ())
        try:
            chinese = {label.name: label.chinese for label in vocabulary.labels()} if found else {}
        except ModelError as error:
            logger.warning("Labels are shown in English only: %s", error)
            chinese = {}
        return tuple(PhotoLabel(name, chinese.get(name, ""), chance) for name, chance in found)

    def thumbnail(self, content_id: int) -> bytes | None:
        """Return the JPEG of a content, or None when it is not made yet. Any thread."""
        return self._thumbnails.get(content_id)

    def search(self, query: Query) -> Future[Answer]:
        """Answer a query. The Future raises UserError when an image of it cannot be read."""
        with self._readers_guard:
            self._queries_waiting += 1
        future = self._queries.submit(self._answer, query)
        future.add_done_callback(self._query_done)
        return future

    def duplicates(self, kind: MatchKind | None = None) -> Future[list[Cluster]]:
        """Return groups of photos that belong together, of one kind or of all; largest gain first."""

        def find() -> list[Cluster]:
            engine = self._engine.result()
            return find_clusters(
                self._reader(),
                engine.index,
                kind,
                same_picture_cosine=self._same_cosine(engine),
                should_stop=self._is_closing.is_set,
            )

        return self._slow.submit(find)

    def full_image(self, photo_id: int, max_px: int) -> Future[Picture]:
        """Return the pixels of a photo, its longer side at most `max_px`; decoded in a child process."""
        photos = self.photos([photo_id])
        if not photos:
            raise UserError("This photo is no longer in the library.")
        outer: Future[Picture] = Future()
        outer.set_running_or_notify_cancel()

        def done(inner: Future[Picture | Failure]) -> None:
            try:
                result = inner.result()
            except BaseException as error:  # noqa: BLE001 - handed on to whoever waits
                outer.set_exception(error)
                return
            if isinstance(result, Failure):
                outer.set_exception(UserError(result.reason))
            else:
                outer.set_result(result)

        self._pool().submit(RenderRequest(photos[0].path, max_px), urgent=True).add_done_callback(done)
        return outer

    # --------------------------------------------------------------------------------------- problems

    def failures(self) -> list[Failure]:
        """Return the files that could not be taken in."""
        return self._reader().failures()

    def retry(self, paths: Sequence[bytes]) -> None:
        """Try files again that failed."""
        self._tell_indexer(lambda indexer: indexer.retry(paths))

    # ----------------------------------------------------------------------------- the user's decisions

    def set_rating(self, photo_ids: Sequence[int], rating: int | None) -> Future[None]:
        """Rate photos 0 to 5, -1 for rejected; None takes the user's rating away."""

        def rate(catalog: Catalog) -> None:
            catalog.set_rating(photo_ids, rating)
            self._emit(PhotosChanged(tuple(photo_ids)))

        return self._command(rate)

    def dismiss_duplicates(self, photo_ids: Sequence[int]) -> Future[None]:
        """Remember by content that these photos are not duplicates of each other."""
        return self._command(lambda catalog: catalog.dismiss(photo_ids))

    def move_to_trash(
        self, photo_ids: Sequence[int], move: MoveToTrash, *, keep_a_copy: bool
    ) -> Future[RemovalReport]:
        """Move photos to the system trash, each re-checked against the disk first.

        Args:
            photo_ids: What to remove.
            move: Does it; called on the indexer thread.
            keep_a_copy: True for duplicates: a file goes only if a distinct, readable copy of the same content or
                of the same picture stays. False for photos the user chose to delete.
        """

        def remove(catalog: Catalog) -> RemovalReport:
            engine = self._engine.result()
            same_picture = same_picture_finder(catalog, engine.index, same_picture_cosine=self._same_cosine(engine))
            report = cleanup.remove(catalog, photo_ids, move, keep_a_copy=keep_a_copy, same_picture=same_picture)
            left = {photo.photo_id for photo in catalog.photos(photo_ids)}
            self._emit(PhotosRemoved(tuple(i for i in photo_ids if i not in left)))
            return report

        return self._command(remove)

    def undo_removal(self) -> Future[RemovalReport | None]:
        """Put the last batch back where it was, also after a restart; None when there is none."""

        def undo(catalog: Catalog) -> RemovalReport | None:
            batch = catalog.last_batch()
            if batch is None:
                return None
            report = cleanup.undo(catalog, batch)
            for directory in sorted({os.path.dirname(path) for path in report.done}):
                self.rescan(directory)
            return report

        return self._command(undo)

    def can_undo(self) -> bool:
        """Return whether there is a batch to put back."""
        return self._reader().last_batch() is not None

    # ------------------------------------------------------------------------- the network, maintenance

    def models(self) -> list[ModelFacts]:
        """Return the networks at hand."""
        active = self._active_model()
        engine = self._loaded_engine()
        reader = self._reader()
        facts = []
        for manifest in self._models.manifests():
            counts = reader.summary(manifest.model_id)
            is_active = manifest.model_id == active
            facts.append(
                ModelFacts(
                    manifest.model_id,
                    manifest.architecture,
                    is_active,
                    self._models.is_bundled(manifest.model_id),
                    manifest.input_px,
                    manifest.dimension,
                    sum(file.size_bytes for file in (*manifest.files.values(), *manifest.text_files.values())),
                    engine.embedder.provider if engine and is_active else "",
                    engine.embedder.provider_note if engine and is_active else "",
                    licence=manifest.licence,
                    has_words=manifest.text is not None,
                    embedded=counts.embedded,
                    total=counts.contents,
                    measured=manifest.measured,
                    is_coming=manifest.model_id == self._coming,
                    name=self._models.name(manifest.model_id),
                )
            )
        return facts

    def use_model(self, model_id: str) -> Future[None]:
        """Answer with another network; old vectors answer while everything is embedded again in the background.

        The choice holds from now on: closed before the end, the library goes on when it is opened again. Choosing
        the network that still answers gives up the change.

        The Future is done when the new network answers. It raises ModelError when the network cannot be used, and
        UserError when another was chosen meanwhile.
        """
        done: Future[None] = Future()
        done.set_running_or_notify_cancel()

        def exchange() -> None:
            try:
                manifest = self._models.manifest(model_id)
                current = self._loaded_engine()
                is_back = current is not None and current.embedder.model_id == model_id
                engine = current if current is not None and is_back else self._open_engine(manifest)
            except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
                done.set_exception(error)
                return
            self._choose(model_id)
            if is_back and not self._coming:
                done.set_result(None)
                return
            self._coming = model_id
            self._tell_indexer(
                lambda indexer: indexer.set_embedder(engine.embedder, engine.index, engine.words).add_done_callback(
                    lambda embedded: answer_with(engine, embedded)
                ),
                done.set_exception,
            )

        def answer_with(engine: _Engine, embedded: Future[None]) -> None:
            before = self._loaded_engine()
            if (error := embedded.exception()) is not None:
                if engine is not before:
                    engine.close()
                done.set_exception(error)
                return
            self._coming = ""
            if engine is not before:
                after: Future[_Engine] = Future()
                after.set_result(engine)
                self._engine = after
                if before is not None:
                    before.close()
            done.set_result(None)

        self._require_writable()
        self._queries.submit(exchange)
        return done

    def _choose(self, model_id: str) -> None:
        try:
            self.settings.set("model", model_id)
        except OSError as failed:
            logger.warning("The choice of network could not be saved: %s", failed)

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
        self._require_writable()
        if (text is None) != (tokenizer is None):
            raise UserError("A text network and its tokenizer.json come together; name both, or neither.")
        name = model_id or foreign.model_id_from(file.stem)
        return self._slow.submit(self._adopt, Candidate(file.absolute(), name, text, tokenizer, mean, std))

    def remove_model(self, model_id: str) -> Future[None]:
        """Remove an added network and all vectors of it.

        The Future raises UserError when it came with the program or is in use.
        """

        def remove(catalog: Catalog) -> None:
            if self._models.is_bundled(model_id):
                raise UserError(f"{model_id} came with PhotoFind and stays.")
            if model_id in (self._active_model(), self._coming):
                raise UserError(f"{model_id} is in use; choose another network first, then remove it.")
            catalog.forget_model(model_id)
            self._remove_index_files(model_id)
            try:
                self._models.take_out(model_id)
            except OSError as error:
                raise UserError(f"The network {model_id} cannot be removed: {error.strerror}.") from error

        return self._command(remove)

    def bench_models(self) -> Future[list[ModelCost]]:
        """Measure what each network costs on this computer, on the CPU and where else it runs; seconds for each.

        A network that cannot be used is left out, with a notice that says why.
        """

        def measure() -> list[ModelCost]:
            costs = []
            for manifest in self._models.manifests():
                self._stop_if_closing()
                try:
                    costs += measure_cost(manifest, self.settings.text("provider"))
                except ModelError as error:
                    self._emit(Notice(f"{manifest.model_id} cannot be measured: {error}"))
            return costs

        return self._slow.submit(measure)

    def reload_models(self) -> None:
        """Look again for networks, after another program added some."""
        self._models.reload()

    def sample_thumbnails(self, count: int) -> Future[list[bytes]]:
        """Return JPEGs of up to so many photos of the library, spread over it; for adjusting a network to it."""
        return self._queries.submit(lambda: [jpeg for _, jpeg in self._adoption.sample(count)])

    def _adopt(self, candidate: Candidate) -> str:
        try:
            remarks = self._adoption.adopt(candidate)
        except OSError as error:
            raise UserError(f"The network cannot be added to {self.directory}: {error.strerror}.") from error
        for sentence in remarks:
            self._emit(Notice(sentence))
        return candidate.model_id

    def _forget_vectors(self, model_id: str) -> None:
        self._command(lambda catalog: catalog.forget_model(model_id)).result()
        self._remove_index_files(model_id)

    def _remove_index_files(self, model_id: str) -> None:
        """Remove the caches of a network's vectors; nobody has them open."""
        pattern = re.compile(rf"(index|words)-{re.escape(model_id)}\.(hnsw|[0-9a-f]{{16}}\.graph)")
        for path in self.directory.iterdir():
            if pattern.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _stop_if_closing(self) -> None:
        if self._is_closing.is_set():
            raise UserError("The library is closed.")

    def embeddings(self) -> tuple[list[bytes], NDArray[np.float32], str]:
        """Return the path of every photo, its vector (float32 [n, d], L2-normalised) and the model's id."""
        reader = self._reader()
        model_id = self._active_model()
        ids, vectors = reader.embeddings(model_id)
        photos = reader.photos_of([int(i) for i in ids])
        rows = [
            (row, photo_id) for row, content_id in enumerate(ids) for photo_id in photos.get(int(content_id), ())
        ]
        paths: dict[int, bytes] = {}
        for start in range(0, len(rows), 500):
            chunk = reader.photos([photo_id for _, photo_id in rows[start : start + 500]])
            paths |= {photo.photo_id: photo.path for photo in chunk}
        rows = [(row, photo_id) for row, photo_id in rows if photo_id in paths]
        return [paths[photo_id] for _, photo_id in rows], vectors[[row for row, _ in rows]], model_id

    def verify(self, *, repair: bool = False) -> Future[VerifyReport]:
        """Check the catalog, the index, and the bytes of every file against their digest.

        Takes as long as reading every photo. Files that are offline are passed over.

        Args:
            repair: Mend what is derived, and take changed files in again; needs a library open for writing.
        """
        if repair:
            self._require_writable()
        return self._slow.submit(self._verify, repair)

    def _verify(self, repair: bool) -> VerifyReport:
        reader, engine = self._reader(), self._engine.result()
        problems = reader.check()
        repaired: list[str] = []
        if repair and problems:
            repaired += self._command(lambda catalog: catalog.repair()).result()
        # More in the index than in the catalog is no fault: what no photo shows any more is passed over.
        expected = reader.embedding_ids(engine.embedder.model_id)
        missing = int((~engine.index.known(expected)).sum())
        if missing:
            problems.append(f"The vector index lacks {missing} photos.")
        if engine.words is not None:
            among_words = reader.text_embedding_ids(engine.embedder.model_id)
            missing = int((~engine.words.index().known(among_words)).sum())
            if missing:
                problems.append(f"The index for words lacks {missing} photos.")
        checked = 0
        stale: set[bytes] = set()
        photo_ids = reader.photo_ids(Filter(), SortOrder.NAME)
        for start in range(0, len(photo_ids), 500):
            for photo in reader.photos([int(i) for i in photo_ids[start : start + 500]]):
                if self._is_closing.is_set():
                    return VerifyReport(False, checked, (*problems, "Stopped before the end."), tuple(repaired))
                checked += 1
                if photo.is_online and (sentence := _differs(photo)):
                    problems.append(sentence)
                    stale.add(photo.path)
        if repair and stale:
            self.retry(sorted(stale))
            self.wait_until_indexed()
            repaired.append(f"{len(stale)} changed or missing files were looked at again.")
        return VerifyReport(not problems, checked, tuple(problems), tuple(repaired))

    # --------------------------------------------------------------------------------------- the inside

    def _reader(self) -> Catalog:
        """Return this thread's read-only connection."""
        reader: Catalog | None = getattr(self._readers, "catalog", None)
        if reader is None:
            reader = Catalog.open(self.directory / "catalog.db", read_only=True)
            self._readers.catalog = reader
            with self._readers_guard:
                self._all_readers.append(reader)
        return reader

    def _active_model(self) -> str:
        """Return the network that answers: the chosen one, or as long as another has seen more photos, that."""
        if (engine := self._loaded_engine()) is not None:
            return engine.embedder.model_id
        chosen = self._chosen_model()
        reader = self._reader()
        seen = {each.model_id: reader.summary(each.model_id).embedded for each in self._models.manifests()}
        most = max(seen, key=lambda model_id: seen[model_id])
        return most if seen[most] > seen[chosen] else chosen

    def _chosen_model(self) -> str:
        chosen = self.settings.text("model")
        known = {manifest.model_id for manifest in self._models.manifests()}
        return chosen if chosen in known else self._models.default_id()

    def _loaded_engine(self) -> _Engine | None:
        """Return what answers by picture if it is loaded already."""
        return self._engine.result() if self._engine.done() and self._engine.exception() is None else None

    def _load_engine(self) -> None:
        try:
            active, chosen = self._active_model(), self._chosen_model()
            try:
                engine = self._open_engine(self._models.manifest(active))
            except ModelError:
                if active == chosen:
                    raise
                engine = self._open_engine(self._models.manifest(chosen))
        except BaseException as error:  # noqa: BLE001 - handed on to every query
            self._engine.set_exception(error)
            return
        self._engine.set_result(engine)
        if engine.embedder.model_id != chosen and not self.is_read_only:
            # A change that the last session did not end, or a program that brought another network.
            self.use_model(chosen).add_done_callback(self._tell_failed_change)

    def _tell_failed_change(self, done: Future[None]) -> None:
        error = done.exception()
        if error is not None and not isinstance(error, CancelledError | UserError):
            self._emit(Notice(f"The chosen network cannot be used: {error}"))

    def _open_engine(self, manifest: Manifest) -> _Engine:
        embedder = ImageEmbedder(manifest, provider=self.settings.text("provider"))
        reader = self._reader()
        index = VectorIndex.open(
            self.directory / f"index-{embedder.model_id}.hnsw",
            embedder.model_id,
            embedder.dimension,
            load=lambda: self._reader().embeddings(embedder.model_id),
            ids=reader.embedding_ids(embedder.model_id),
            load_some=lambda ids: self._reader().embeddings_of(embedder.model_id, ids),
            writable=not self.is_read_only,
        )
        return _Engine(embedder, index, None if manifest.text is None else self._words_of(manifest, manifest.text))

    def _words_of(self, manifest: Manifest, space: TextSpace) -> Words:
        model_id = manifest.model_id
        return Words(
            space,
            lambda: TextEncoder(encoder_folder(manifest)),
            lambda: VectorIndex.open(
                self.directory / f"words-{model_id}.hnsw",
                model_id,
                space.dimension,
                load=lambda: self._reader().text_embeddings(model_id),
                ids=self._reader().text_embedding_ids(model_id),
                load_some=lambda ids: self._reader().text_embeddings_of(model_id, ids),
                writable=not self.is_read_only,
            ),
        )

    def _answer(self, query: Query) -> Answer:
        engine = self._engine.result()
        read: dict[QueryPart, Prepared] = {}

        def prepare(part: QueryPart) -> Prepared | None:
            if part not in read:
                request = self._request(part, engine.embedder.input_px)
                if request is None:
                    return None
                result = self._pool().submit(request, urgent=True).result()
                if isinstance(result, Failure):
                    raise UserError(f"{_name_of(part)} cannot be searched with: {result.reason}")
                read[part] = result
            return read[part]

        def embed(part: QueryPart) -> NDArray[np.float32] | None:
            prepared = prepare(part)
            if prepared is None or prepared.pixels is None:
                return None
            vector: NDArray[np.float32] = engine.embedder.embed(prepared.pixels[None])[0]
            return vector

        return answer(
            query,
            catalog=self._reader(),
            index=engine.index,
            embed_part=embed,
            same_picture_cosine=self._same_cosine(engine),
            describe_part=prepare,
            words=engine.words,
            tell=self._tell_of_words,
        )

    def _tell_of_words(self, error: ModelError) -> None:
        """Say once that words find nothing by what photos show; their metadata is searched all the same."""
        if not self._has_told_of_words:
            self._has_told_of_words = True
            logger.warning("Words are looked for in metadata only: %s", error)
            self._emit(Notice(f"Words are looked for in names and descriptions only: {error}"))

    def _same_cosine(self, engine: _Engine) -> float:
        return self._models.manifest(engine.embedder.model_id).calibration.same_picture_cosine

    def _request(self, part: QueryPart, input_px: int) -> PrepareRequest | None:
        """Return how to read what a part shows; None for words."""
        if isinstance(part, PhotoPart):
            photos = self._reader().photos([part.photo_id])
            return PrepareRequest(photos[0].path, input_px, region=part.region) if photos else None
        if isinstance(part, ImagePart):
            return PrepareRequest(part.path or b"", input_px, data=part.data, region=part.region)
        return None

    def _query_done(self, _: Future[Answer]) -> None:
        with self._readers_guard:
            self._queries_waiting -= 1

    def _start_indexer(self, done: Future[_Engine]) -> None:
        try:
            engine = done.result()
            indexer = Indexer(
                self.directory / "catalog.db",
                self._thumbnails,
                engine.index,
                engine.embedder,
                self.settings,
                self._emit,
                pool=self._pool(),
                words=engine.words,
                is_query_waiting=lambda: self._queries_waiting > 0,
            )
            indexer.start()
            # Not while opening: at 300,000 photos it takes a second, once a day.
            indexer.submit(lambda catalog: catalog.backup_daily()).add_done_callback(_log_failed_backup)
        except BaseException as error:
            # Without its network or its catalog the library still lists and browses; every write says why not.
            logger.exception("The indexer did not start")
            self._emit(Notice(f"Photos cannot be taken in: {error}"))
            with self._indexer_guard:
                self._indexer_error = error
                for _, refused in self._untold:
                    refused(error)
        else:
            with self._indexer_guard:
                self._indexer = indexer
                for tell, _ in self._untold:
                    tell(indexer)

    def _pool(self) -> DecoderPool:
        """Return the decoder processes; a library that only reads needs one, for query images."""
        with self._pool_guard:
            if self._pool_made is None:
                wanted = int(self.settings.number("decoder_processes")) or usable_cores()
                self._pool_made = DecoderPool(
                    1 if self.is_read_only else wanted, timeout_s=self.settings.number("decode_timeout_s")
                )
            return self._pool_made

    def _require_writable(self) -> None:
        if self.is_read_only:
            raise UserError("This library is open for searching only.")

    def _tell_indexer(
        self, tell: Callable[[Indexer], object], refused: Callable[[BaseException], None] = lambda _: None
    ) -> None:
        """Call `tell` now or as soon as the indexer runs; the window never waits for the network to load.

        Args:
            tell: Called with the indexer.
            refused: Called instead when there will be none.
        """
        self._require_writable()

        with self._indexer_guard:  # held while telling: what was asked first is told first
            if self._indexer is not None:
                tell(self._indexer)
            elif self._indexer_error is not None:
                refused(self._indexer_error)
            else:
                self._untold.append((tell, refused))

    def _command(self, work: Callable[[Catalog], T]) -> Future[T]:
        """Run a write on the indexer thread, before its next batch."""
        outer: Future[T] = Future()
        outer.set_running_or_notify_cancel()  # a write that was asked for is done

        def hand_over(inner: Future[T]) -> None:
            error = inner.exception()
            if error is not None:
                outer.set_exception(error)
            else:
                outer.set_result(inner.result())

        self._tell_indexer(lambda indexer: indexer.submit(work).add_done_callback(hand_over), outer.set_exception)
        return outer
