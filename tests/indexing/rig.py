"""An indexer with everything it needs, small: a quick network, decoding on threads, events one can wait for."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import TextSpace
from photofind.embedding.text_encoder import TextEncoder
from photofind.events import Event, Notice, Progress, Stage
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.indexer import Indexer
from photofind.indexing.prepare import PrepareRequest, answer
from photofind.records import Failure, Filter, Folder, Photo, Prepared, SortOrder
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words
from photofind.settings import Settings
from tests.words import SPACE, EncoderByLot, vector_of

if TYPE_CHECKING:
    from tests.conftest import PhotoFile  # not otherwise: children that index use this module, and are killed

TIMEOUT_S = 60.0
SMALL = (160, 120)
"""Of a photo, in px, where only its being there matters."""

T = TypeVar("T")


class QuickEmbedder:
    """Vectors from mean colours; says how many pictures it saw."""

    def __init__(self, model_id: str = "quick") -> None:
        self.model_id = model_id
        self.input_px = 32
        self.dimension = 48
        self.provider = "none"
        self.provider_note = ""
        self.seen = 0
        self.error: Exception | None = None

    def embed(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        if self.error is not None:
            raise self.error
        self.seen += len(pixels)
        cells = pixels.reshape(len(pixels), 4, 8, 4, 8, 3).mean(axis=(2, 4)).reshape(len(pixels), -1) - 127.3
        vectors: NDArray[np.float32] = (cells / np.linalg.norm(cells, axis=1, keepdims=True)).astype(np.float32)
        return vectors


NAMES = ("beach", "dog", "cat", "bear")


class WordyEmbedder(QuickEmbedder):
    """The same with words: each picture shows one of `NAMES`, which one its pixels tell."""

    def embed_both(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        names = [NAMES[int(picture.sum(dtype=np.int64)) % len(NAMES)] for picture in pixels]
        return self.embed(pixels), np.stack([vector_of(name) for name in names])


class LocalPool:
    """Prepares on two threads of this process; keeps what was asked; can be held up."""

    def __init__(self, read: Callable[[PrepareRequest], Any] = answer) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="local-pool")
        self._read = read
        self.asked: list[PrepareRequest] = []
        self.on_asked: Callable[[], None] = lambda: None
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def submit(self, request: PrepareRequest, *, urgent: bool = False) -> "Future[Prepared | Failure]":
        return self._threads.submit(self._work, request)

    def _work(self, request: PrepareRequest) -> "Prepared | Failure":
        self.asked.append(request)
        self.on_asked()
        assert self.may_go_on.wait(TIMEOUT_S)
        return cast("Prepared | Failure", self._read(request))

    def close(self) -> None:
        self.may_go_on.set()
        self._threads.shutdown(cancel_futures=True)


class Rig:
    """One library directory with an indexer at work."""

    def __init__(
        self,
        directory: Path,
        *,
        embedder: QuickEmbedder | ImageEmbedder | None = None,
        pool: LocalPool | DecoderPool | None = None,
        settings: Settings | None = None,
        space: TextSpace = SPACE,
        **more: Any,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.embedder = cast(QuickEmbedder, embedder or QuickEmbedder())
        self.pool = cast(LocalPool, pool or LocalPool())
        self.settings = settings or Settings()
        self.settings.set("pause_on_battery", False)
        self.thumbnails = ThumbnailStore.open(directory / "thumbnails.db")
        with Catalog.open(directory / "catalog.db"):
            pass  # makes it
        self.reader = Catalog.open(directory / "catalog.db", read_only=True)
        self.encoder = EncoderByLot()
        self.index = self.open_index(self.embedder)
        self.words = self.words_of(self.embedder, space) if isinstance(embedder, WordyEmbedder) else None
        self.events: list[Event] = []
        self._news = threading.Condition()
        if isinstance(self.pool, LocalPool):
            self.pool.on_asked = self._look_again
        self.indexer = Indexer(
            directory / "catalog.db",
            self.thumbnails,
            self.index,
            cast(ImageEmbedder, self.embedder),
            self.settings,
            self._hear,
            pool=cast(DecoderPool, self.pool),
            words=self.words,
            **more,
        )
        self.indexer.start()

    def open_index(self, embedder: QuickEmbedder) -> VectorIndex:
        reader = self.reader
        return VectorIndex.open(
            self.directory / f"index-{embedder.model_id}.hnsw",
            embedder.model_id,
            embedder.dimension,
            load=lambda: reader.embeddings(embedder.model_id),
            ids=reader.embedding_ids(embedder.model_id),
            load_some=lambda ids: reader.embeddings_of(embedder.model_id, ids),
            writable=True,
        )

    def words_of(self, embedder: QuickEmbedder, space: TextSpace = SPACE) -> Words:
        reader, model_id = self.reader, embedder.model_id
        return Words(
            space,
            lambda: cast(TextEncoder, self.encoder),
            lambda: VectorIndex.open(
                self.directory / f"words-{model_id}.hnsw",
                model_id,
                space.dimension,
                load=lambda: reader.text_embeddings(model_id),
                ids=reader.text_embedding_ids(model_id),
                load_some=lambda ids: reader.text_embeddings_of(model_id, ids),
                writable=True,
            ),
        )

    def close(self) -> None:
        if isinstance(self.pool, LocalPool):
            self.pool.may_go_on.set()
        self.indexer.close()
        self.index.close()
        if self.words is not None:
            self.words.close()
        self.pool.close()
        self.reader.close()
        self.thumbnails.close()

    # --- events

    def _hear(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def _look_again(self) -> None:
        with self._news:
            self._news.notify_all()

    def wait_for(self, is_so: Callable[[], T]) -> T:
        """Block until `is_so`, asked again at every event and every file read, gives something true."""
        with self._news:
            found = self._news.wait_for(is_so, TIMEOUT_S)
        assert found, f"waited in vain; the last events: {self.events[-5:]}"
        return found

    def of(self, kind: type[T]) -> list[T]:
        """Return the events of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def notices(self) -> list[str]:
        return [notice.message for notice in self.of(Notice)]

    def last_progress(self) -> Progress:
        return [Progress(Stage.IDLE), *self.of(Progress)][-1]

    # --- doing

    def add(self, folder: Path | bytes) -> Folder:
        """Add a folder and take in what it holds."""
        path = folder if isinstance(folder, bytes) else os.fsencode(folder)
        added = self.indexer.submit(lambda catalog: catalog.add_folder(path)).result(TIMEOUT_S)
        self.scan(path)
        return added

    def scan(self, directory: bytes | None = None) -> None:
        """Look through everything, or one directory, and wait until that is done."""
        self.indexer.rescan(directory)
        self.settle()

    def settle(self) -> None:
        assert self.indexer.wait_idle(TIMEOUT_S), self.events[-5:]

    # --- looking

    def photos(self) -> list[Photo]:
        ids = self.reader.photo_ids(Filter(), SortOrder.NAME)
        return self.reader.photos(ids.tolist())

    def names(self) -> list[bytes]:
        return sorted(os.path.basename(photo.path) for photo in self.photos())

    def by_name(self) -> dict[bytes, Photo]:
        return {os.path.basename(photo.path): photo for photo in self.photos()}

    def failures(self) -> dict[bytes, Failure]:
        return {os.path.basename(failure.path): failure for failure in self.reader.failures()}

    def folder(self, number: int = 0) -> Folder:
        return self.reader.folders()[number]

    def asked(self) -> list[bytes]:
        """Return the names that were given to the decoders, and forget them."""
        names = [os.path.basename(request.path) for request in self.pool.asked]
        self.pool.asked.clear()
        return names

    def check(self) -> None:
        """Assert what must hold at any rest: a sound catalog, its caches complete."""
        assert self.indexer.submit(lambda catalog: catalog.check()).result(TIMEOUT_S) == []
        contents = self.reader.content_ids(Filter())
        assert self.reader.embedding_ids(self.embedder.model_id).tolist() == contents.tolist()
        assert self.thumbnails.has(contents.tolist()) == set(contents.tolist())
        assert all(content_id in self.index for content_id in contents.tolist())
        if self.words is not None:
            model_id = self.embedder.model_id
            assert self.reader.text_embedding_ids(model_id).tolist() == contents.tolist()
            assert self.words.index().known(contents).all()
            assert self.reader.labels_made_by(model_id) == self.words.labels_made_by
            labels = self.reader.labels_of(model_id, contents)
            ids, vectors = self.reader.text_embeddings(model_id)
            assert [labels.get(i, ()) for i in ids.tolist()] == [
                tuple((name, round(chance, 3)) for name, chance in each) for each in self.words.labels(vectors)
            ]


@contextmanager
def rig(directory: Path, **options: Any) -> Iterator[Rig]:
    """Open a rig for as long as the block lasts."""
    made = Rig(directory, **options)
    try:
        yield made
    finally:
        made.close()


def facts_of_originals(folders: Sequence[Path]) -> dict[bytes, tuple[bytes, int, int]]:
    """Return bytes, mtime_ns and inode of every regular file: what no run may change."""
    found = {}
    for folder in folders:
        for directory, _, names in os.walk(os.fsencode(folder)):
            for name in names:
                path = os.path.join(directory, name)
                status = os.lstat(path)
                if os.path.isfile(path) and not os.path.islink(path) and os.access(path, os.R_OK):
                    with open(path, "rb") as file:
                        found[path] = (file.read(), status.st_mtime_ns, status.st_ino)
    return found


def write(photo_file: "PhotoFile", count: int, start: int = 0) -> list[Path]:
    """Write small photos named by their numbers, each of another picture."""
    return [photo_file(f"{number}.jpg", number, size=SMALL) for number in range(start, start + count)]
