"""Looks at a library's index: how it does, and whether it and the files are as they should be.

On the library's slow thread, only when a person asks. Nothing here changes anything: whoever asks for repairs says
how each is done, because only the indexer writes.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from photofind.catalog.catalog import Catalog
from photofind.catalog.disk_use import disk_use
from photofind.indexing.disks import Alive, Disks, SilentDiskError
from photofind.records import Filter, IndexReport, Photo, SortOrder, VerifyReport
from photofind.search.engine import Engine
from photofind.search.recall import sampled_recall


@dataclass(frozen=True, slots=True)
class Repairs:
    """How to mend what is found; both block until it is done.

    Attributes:
        mend_catalog: Mends the catalog; returns sentences on what was mended.
        look_again: Takes in files anew that are not as they were taken in.
    """

    mend_catalog: Callable[[], Sequence[str]]
    look_again: Callable[[Sequence[bytes]], None]


def report(engine: Engine, catalog: Catalog, directory: Path, should_stop: Callable[[], bool]) -> IndexReport:
    """Return how the index of a library does; measures it on a sample for ten seconds at most.

    Args:
        engine: What answers.
        catalog: A connection of the calling thread.
        directory: Of the library.
        should_stop: Asked several times a second.
    """
    counts = catalog.summary(engine.model_id)
    photos, seconds = catalog.last_run() or (0, 0.0)
    in_graph = engine.index.in_graph()
    return IndexReport(
        directory=os.fsencode(directory),
        model_id=engine.model_id,
        provider=engine.embedder.provider,
        provider_note=engine.embedder.provider_note,
        photos=counts.photos,
        contents=counts.contents,
        vectors=len(engine.index),
        in_graph=in_graph,
        is_exact=in_graph == 0,
        word_vectors=catalog.text_embedded(engine.model_id),
        recall=sampled_recall(engine.index, should_stop),
        photos_per_second=photos / seconds if seconds else 0.0,
        run_photos=photos,
        disk=disk_use(directory),
    )


def verify(
    engine: Engine,
    catalog: Catalog,
    should_stop: Callable[[], bool],
    repairs: Repairs | None = None,
    *,
    disks: Disks,
) -> VerifyReport:
    """Check the catalog, the index, and the bytes of every file against their digest; reads every photo.

    Args:
        engine: What answers.
        catalog: A connection of the calling thread.
        should_stop: Asked before each photo; what was found until then is returned.
        repairs: Mends what can be mended; nothing is when None.
        disks: Asks the disks; photos of one that does not answer are passed over.
    """
    problems = catalog.check()
    repaired: list[str] = []
    if repairs is not None and problems:
        repaired += repairs.mend_catalog()
    # More in the index than in the catalog is no fault: what no photo shows any more is passed over.
    missing = int((~engine.index.known(catalog.embedding_ids(engine.model_id))).sum())
    if missing:
        problems.append(f"The vector index lacks {missing} photos.")
    if engine.words is not None:
        missing = int((~engine.words.index().known(catalog.text_embedding_ids(engine.model_id))).sum())
        if missing:
            problems.append(f"The index for words lacks {missing} photos.")
    checked = 0
    stale: set[bytes] = set()
    roots = {folder.folder_id: folder.path for folder in catalog.folders()}
    silent: set[int] = set()
    for photo in catalog.each_photo([int(i) for i in catalog.photo_ids(Filter(), SortOrder.NAME)]):
        if should_stop():
            return VerifyReport(False, checked, (*problems, "Stopped before the end."), tuple(repaired))
        checked += 1
        if not photo.is_online or photo.folder_id in silent:
            continue
        try:
            sentence = disks.wait_for(roots[photo.folder_id], partial(_differs, photo), should_stop)
        except SilentDiskError:
            if not should_stop():
                silent.add(photo.folder_id)
                problems.append(f"{os.fsdecode(roots[photo.folder_id])} does not answer.")
            continue
        if sentence:
            problems.append(sentence)
            stale.add(photo.path)
    if repairs is not None and stale:
        repairs.look_again(sorted(stale))
        repaired.append(f"{len(stale)} changed or missing files were looked at again.")
    return VerifyReport(not problems, checked, tuple(problems), tuple(repaired))


def _differs(photo: Photo, alive: Alive) -> str:
    """Return in a sentence how the file differs from what was taken in; empty when it does not."""
    name = os.fsdecode(photo.path)
    try:
        digest = hashlib.sha256()
        with open(photo.path, "rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                alive()
    except FileNotFoundError:
        return f"{name} is gone."
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}."
    return "" if digest.digest() == photo.digest else f"{name} changed since it was taken in."
