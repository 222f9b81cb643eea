"""Compares the files of a folder with the library: which of these do I have already?

Called on a thread of its own with a read-only catalog of its own; it may take hours. The folder is not added and
nothing is stored: files go through the same decoder processes, network and decision as indexed photos, and what is
known of them is let go as soon as their verdict is told. So a folder of a million files takes no more memory than
one of a thousand: a bounded number of files is read ahead, directories are listed one by one.

Indexing the folder into a library of its own and joining the two lost: it writes thumbnails and vectors of photos
that most people look at once and throw away.
"""

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

import numpy as np

from photofind.catalog.catalog import Catalog
from photofind.duplicates.candidates import Neighbours
from photofind.duplicates.outside import LibraryPictures
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.disks import Alive, Disks, SilentDiskError
from photofind.indexing.prepare import PrepareRequest
from photofind.photo.formats import has_photo_extension, is_candidate, is_ignored_directory
from photofind.records import (
    NOT_ANSWERING,
    CheckedFile,
    CheckProgress,
    Failure,
    FailureKind,
    FileVerdict,
    FolderCheck,
    MatchKind,
    Prepared,
)

AHEAD = 32
"""Files being read at once, a few for each core."""
BATCH = 8
"""Pictures that the network sees together."""
_TELL_S = 0.15
_WAIT_S = 0.2
"""How often a wait for a file looks whether to stop."""

_VERDICTS = {
    MatchKind.IDENTICAL: FileVerdict.IDENTICAL,
    MatchKind.SAME: FileVerdict.SAME,
    MatchKind.BURST: FileVerdict.SIMILAR,
}


@dataclass(frozen=True, slots=True)
class _Reading:
    path: bytes
    size_bytes: int
    known: dict[bytes, int]
    future: "Future[Prepared | Failure]"


class FolderChecking:
    """One run over one folder.

    Args:
        catalog: A connection of the calling thread.
        index: The vectors of the network.
        embedder: The network.
        pool: Reads and decodes.
        same_picture_cosine: The network's calibration.
        on_progress: Called several times a second with the verdicts since the last call.
        should_stop: Asked several times a second.
        disks: Asks the disk of the folder.
    """

    def __init__(
        self,
        catalog: Catalog,
        index: Neighbours,
        embedder: ImageEmbedder,
        pool: DecoderPool,
        *,
        same_picture_cosine: float,
        on_progress: Callable[[CheckProgress], None],
        should_stop: Callable[[], bool],
        disks: Disks,
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._pool = pool
        self._pictures = LibraryPictures(catalog, index, same_picture_cosine=same_picture_cosine)
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._disks = disks
        self._unlisted: list[tuple[bytes, str]] = []
        self._counts: Counter[FileVerdict] = Counter()
        self._seen = 0
        self._found: list[CheckedFile] = []
        self._told_s = 0.0
        self._batch: list[tuple[_Reading, Prepared]] = []

    def run(self, folder: bytes) -> FolderCheck:
        """Compare every file below `folder`; stops early when told to."""
        reading: deque[_Reading] = deque()
        try:
            for path, facts in self._walk(folder):
                if self._should_stop():
                    break
                self._seen += 1
                if (own := self._own_photo(path, facts)) is not None:
                    self._add(CheckedFile(path, facts.st_size, FileVerdict.IDENTICAL, own))
                    continue
                known = self._catalog.photos_of_size(facts.st_size)
                request = PrepareRequest(path, self._embedder.input_px, tuple(known))
                reading.append(_Reading(path, facts.st_size, known, self._pool.submit(request)))
                while len(reading) >= AHEAD or (reading and reading[0].future.done()):
                    self._take(reading.popleft())
            while reading and not self._should_stop():
                self._take(reading.popleft())
        finally:
            for left in reading:
                left.future.cancel()
        if not self._should_stop():
            self._judge()
        self._tell(is_last=True)
        return FolderCheck(folder, dict(self._counts), tuple(self._unlisted))

    def _walk(self, folder: bytes) -> Iterator[tuple[bytes, os.stat_result]]:
        """Yield what may be photos, directory by directory in the order of names; links are not followed."""
        waiting = [folder]
        while waiting:
            directory = waiting.pop()
            try:
                below, files = self._disks.wait_for(folder, partial(_list, directory), self._should_stop)
            except SilentDiskError:
                self._unlisted.append((directory, NOT_ANSWERING))
                return
            except OSError as error:
                self._unlisted.append((directory, f"The folder cannot be read: {error.strerror}."))
                continue
            yield from files
            waiting += reversed(below)

    def _own_photo(self, path: bytes, facts: os.stat_result) -> int | None:
        """Return the photo of the library that this very file is, unchanged since it was taken in."""
        photo_id = self._catalog.photo_at(path)
        photos = self._catalog.photos([photo_id]) if photo_id is not None else []
        if photos and (photos[0].size_bytes, photos[0].mtime_ns) == (facts.st_size, facts.st_mtime_ns):
            return photos[0].photo_id
        return None

    def _take(self, reading: _Reading) -> None:
        while True:
            try:
                result = reading.future.result(_WAIT_S)
                break
            except TimeoutError:
                if self._should_stop():
                    reading.future.cancel()
                    return
        if isinstance(result, Failure):
            if result.kind is FailureKind.NOT_AN_IMAGE and not has_photo_extension(reading.path):
                self._seen -= 1  # it never claimed to be a photo
                return
            self._add(CheckedFile(reading.path, reading.size_bytes, FileVerdict.UNREADABLE, None, result.reason))
        elif result.is_known:
            photo_id = reading.known[result.digest]
            self._add(CheckedFile(reading.path, reading.size_bytes, FileVerdict.IDENTICAL, photo_id))
        else:
            self._batch.append((reading, result))
            if len(self._batch) >= BATCH:
                self._judge()

    def _judge(self) -> None:
        """Let the network see the waiting pictures, and decide."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        pixels = np.stack([prepared.pixels for _, prepared in batch if prepared.pixels is not None])
        for (reading, prepared), vector in zip(batch, self._embedder.embed(pixels), strict=True):
            match = self._pictures.match(prepared, vector)
            verdict = FileVerdict.NEW if match is None else _VERDICTS[match[0]]
            self._add(CheckedFile(reading.path, reading.size_bytes, verdict, match[1] if match else None))

    def _add(self, file: CheckedFile) -> None:
        self._counts[file.verdict] += 1
        self._found.append(file)
        self._tell()

    def _tell(self, *, is_last: bool = False) -> None:
        now_s = time.monotonic()
        if is_last or now_s - self._told_s >= _TELL_S:
            self._told_s = now_s
            found, self._found = tuple(self._found), []
            self._on_progress(CheckProgress(self._counts.total(), self._seen, found))


def _list(directory: bytes, alive: Alive) -> tuple[list[bytes], list[tuple[bytes, os.stat_result]]]:
    """Return the directories in one and what may be photos, both in the order of names; on the disk's thread."""
    below: list[bytes] = []
    files: list[tuple[bytes, os.stat_result]] = []
    with os.scandir(directory) as entries:
        listing = sorted(entries, key=lambda entry: entry.name)
    for entry in listing:
        alive()
        try:
            if entry.is_dir(follow_symlinks=False):
                if not is_ignored_directory(entry.name):
                    below.append(entry.path)
            elif is_candidate(entry.name) and entry.is_file(follow_symlinks=False):
                files.append((entry.path, entry.stat(follow_symlinks=False)))
        except OSError:
            continue  # gone since it was listed
    return below, files
