"""Fault 18: the disk of a folder stops answering, in the middle of everything.

That folder goes offline and comes back by itself; the others go on; Pause, Stop and closing act at once. Nobody but
the thread that asked the dead disk ever waits for it.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from photofind.errors import UserError
from photofind.events import FoldersChanged, PhotosRemoved, Progress, Stage
from photofind.indexing import disks, indexer, inquiries, watch
from photofind.indexing.prepare import PrepareRequest, answer
from photofind.library import Library
from photofind.records import Failure, FailureKind, Filter, Folder, MatchKind, PhotoPart, Query, SortOrder
from photofind.settings import Settings
from tests.conftest import PhotoFile
from tests.faults.hung_disk import HungDisk
from tests.indexing.rig import SMALL, TIMEOUT_S, LocalPool, Rig, rig

MAY_HANG = {"photofind-disk", "photofind-watcher"}
"""Threads that ask one folder and do nothing else."""
AT_ONCE_S = 1.0
"""What "at once" means to a person."""


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "PATIENCE_S", 0.3)
    monkeypatch.setattr(inquiries, "RETRY_S", 0.1)
    monkeypatch.setattr(indexer, "READS_CHECK_S", 0.05)
    monkeypatch.setattr(watch, "LOOK_S", 0.1)
    monkeypatch.setattr(watch, "QUIET_S", 0.1)


@pytest.fixture
def nas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HungDisk]:
    (tmp_path / "nas").mkdir()
    disk = HungDisk(tmp_path / "nas", monkeypatch)
    yield disk
    disk.answer()


@pytest.fixture
def home(tmp_path: Path, photo_file: PhotoFile) -> Path:
    """Three photos on a disk that answers; four lie on the other."""
    for number in range(3):
        photo_file(f"{number}.jpg", number, size=SMALL, folder=tmp_path / "home")
    for number in range(4):
        photo_file(f"{number}.jpg", 10 + number, size=SMALL, folder=tmp_path / "nas")
    return tmp_path / "home"


def folder_of(library: Rig, root: bytes) -> Folder:
    (folder,) = (folder for folder in library.reader.folders() if folder.path == root)
    return folder


def of_nas(library: Rig, nas: HungDisk) -> list[bytes]:
    return [photo.path for photo in library.photos() if photo.path.startswith(nas.root)]


def test_a_listing_that_hangs_sets_its_folder_aside_and_the_others_go_on(
    tmp_path: Path, nas: HungDisk, home: Path, photo_file: PhotoFile
) -> None:
    with rig(tmp_path / "library") as library:
        library.add(nas.root)
        library.add(home)
        nas.hang()
        photo_file("new.jpg", 50, size=SMALL, folder=home)
        library.scan()
        silent, other = folder_of(library, nas.root), folder_of(library, os.fsencode(home))
        assert (silent.is_online, silent.is_silent, other.is_online) == (False, True, True)
        assert b"new.jpg" in library.names()
        assert len(of_nas(library, nas)) == 4  # searchable all the while
        assert library.of(PhotosRemoved) == []
        assert library.notices() == ["nas does not answer; its photos stay searchable."]
        assert library.last_progress().stage is Stage.IDLE
        library.asked()
        nas.answer()
        library.wait_for(lambda: folder_of(library, nas.root).is_online)
        library.settle()
        assert (library.asked(), len(library.photos())) == ([], 8)
        assert set(nas.held) <= MAY_HANG
        library.check()


def test_it_is_asked_again_by_itself_and_told_of_once(tmp_path: Path, nas: HungDisk, home: Path) -> None:
    with rig(tmp_path / "library") as library:
        library.add(nas.root)
        library.events.clear()
        nas.hang()
        library.scan()
        asked = len(nas.held)
        deadline = time.monotonic() + TIMEOUT_S
        while len(nas.held) < asked + 3 and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        assert len(nas.held) >= asked + 3
        assert len(library.notices()) == len(library.of(FoldersChanged)) == 1
        assert {progress.stage for progress in library.of(Progress)} <= {Stage.SCANNING, Stage.IDLE}
        assert library.last_progress().stage is Stage.IDLE  # asking again is no scan


@pytest.mark.parametrize("moment", ["scan", "read"])
@pytest.mark.parametrize("act", ["stop", "pause", "close", "command"])
def test_nothing_waits_for_a_dead_disk(
    tmp_path: Path, nas: HungDisk, home: Path, moment: str, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "PATIENCE_S", 30.0)  # nobody knows yet that it is dead
    with rig(tmp_path / "library") as library:
        library.indexer.submit(lambda catalog: catalog.add_folder(nas.root)).result(TIMEOUT_S)
        if moment == "read":
            library.pool.may_go_on.clear()
        else:
            nas.hang()
        library.indexer.rescan()
        if moment == "read":
            library.wait_for(lambda: library.pool.asked)
        else:
            nas.wait_until_asked()
        start = time.monotonic()
        if act == "stop":
            library.indexer.stop()
            assert library.indexer.wait_idle(AT_ONCE_S)
            assert library.last_progress().stage is Stage.IDLE
        elif act == "pause":
            library.indexer.pause()
            library.wait_for(lambda: library.last_progress().stage is Stage.PAUSED)
        elif act == "command":
            library.indexer.submit(lambda catalog: catalog.folders()).result(AT_ONCE_S)
        else:
            library.indexer.close()
        assert time.monotonic() - start < AT_ONCE_S
        assert set(nas.held) <= MAY_HANG
        nas.answer()
        library.pool.may_go_on.set()


def test_reads_that_hang_set_the_folder_aside_and_list_nothing(tmp_path: Path, nas: HungDisk, home: Path) -> None:
    """The directories may still be known to the system while no file gives a byte."""

    def read(request: PrepareRequest) -> Any:
        if request.path.startswith(nas.root) and not nas.answers_within(0.5):
            return Failure(
                request.path, FailureKind.TIMED_OUT, "Reading took longer than 20 seconds.", request.facts
            )
        return answer(request)

    nas.hang("open")
    with rig(tmp_path / "library", pool=LocalPool(read)) as library:
        for folder in (nas.root, os.fsencode(home)):
            library.indexer.submit(lambda catalog, folder=folder: catalog.add_folder(folder)).result(TIMEOUT_S)  # type: ignore[misc]
        library.scan()
        assert folder_of(library, nas.root).is_silent
        assert folder_of(library, os.fsencode(home)).is_online
        assert (len(library.photos()), library.failures()) == (3, {})
        progress = library.last_progress()
        assert (progress.done, progress.total, progress.failed) == (3, 3, 0)
        nas.answer()
        library.wait_for(lambda: len(library.photos()) == 7)
        library.settle()
        assert folder_of(library, nas.root).is_online
        library.check()


def test_one_file_that_hangs_is_listed_and_its_folder_stays(tmp_path: Path, nas: HungDisk, home: Path) -> None:
    """A decoder that hangs is the file's doing, as long as the disk gives the file."""

    def read(request: PrepareRequest) -> Any:
        if request.path.endswith(b"/2.jpg"):
            return Failure(
                request.path, FailureKind.TIMED_OUT, "Reading took longer than 20 seconds.", request.facts
            )
        return answer(request)

    with rig(tmp_path / "library", pool=LocalPool(read)) as library:
        library.add(home)
        assert folder_of(library, os.fsencode(home)).is_online
        assert list(library.failures()) == [b"2.jpg"]
        assert len(library.photos()) == 2


def test_a_watcher_that_hangs_in_one_folder_goes_on_in_the_others(
    tmp_path: Path, nas: HungDisk, home: Path, photo_file: PhotoFile
) -> None:
    with rig(tmp_path / "library") as library:
        library.add(nas.root)
        library.add(home)
        library.indexer.start_watching()
        library.indexer.submit(lambda _: None).result(TIMEOUT_S)
        library.settle()
        nas.hang()
        nas.wait_until_asked()
        photo_file("new.jpg", 60, size=SMALL, folder=home)
        library.wait_for(lambda: b"new.jpg" in library.names())
        start = time.monotonic()
        library.indexer.close()
        assert time.monotonic() - start < AT_ONCE_S
        nas.answer()


# --- the whole library


def test_whatever_is_asked_of_a_library_is_answered(
    tmp_path: Path, library_dir: Path, nas: HungDisk, home: Path
) -> None:
    """Searching, deciding, checking; and what would need the dead disk says so."""
    moved: list[bytes] = []

    def move(path: bytes) -> None:
        moved.append(path)

    with Library.open(library_dir, Settings()) as library:
        for folder in (nas.root, os.fsencode(home)):
            library.add_folder(folder).result(TIMEOUT_S)
        assert library.wait_until_indexed(TIMEOUT_S)
        library.start_indexing(watch=True)
        nas.hang()
        library.rescan()
        assert library.wait_until_indexed(TIMEOUT_S)
        (silent,) = (folder for folder in library.folders() if folder.is_silent)
        assert silent.path == nas.root
        ids = library.browse(Filter(), SortOrder.NAME).result(TIMEOUT_S).ids.tolist()
        photos = library.photos(ids)
        lost = next(photo.photo_id for photo in photos if photo.path.startswith(nas.root))
        assert len(library.search(Query((PhotoPart(lost),))).result(TIMEOUT_S).hits) == 7
        library.set_rating([lost], 4).result(TIMEOUT_S)
        assert library.photos([lost])[0].rating == 4
        for refused in (
            library.move_to_trash([lost], move, keep_a_copy=False),
            library.rename(lost, "other"),
            library.add_folder(nas.root + b"/2021"),
        ):
            with pytest.raises(UserError, match="does not answer"):
                refused.result(TIMEOUT_S)
        assert moved == []
        assert library.companions([lost]).result(TIMEOUT_S) == {}
        assert library.verify().result(TIMEOUT_S).photos_checked == 7
        assert library.large_thumbnail(photos[0].content_id, 512).result(TIMEOUT_S) is None
        report = library.check_folder(nas.root, lambda _: None)
        with suppress(UserError):  # its root was asked a moment ago and is no longer waited for
            assert report.result(TIMEOUT_S).unlisted
        assert [folder.path for folder in library.problems().result(TIMEOUT_S).offline] == [nas.root]
        start = time.monotonic()
    assert time.monotonic() - start < TIMEOUT_S
    # The lock is free, and the next start has nobody to wait for either.
    with Library.open(library_dir, Settings()) as library:
        assert len(library.browse(Filter(), SortOrder.NAME).result(TIMEOUT_S).ids) == 7
        assert set(nas.held) <= MAY_HANG
        nas.answer()
        library.rescan()
        assert library.wait_until_indexed(TIMEOUT_S)
        assert all(folder.is_online for folder in library.folders())


def test_a_check_of_a_folder_and_a_verification_end_when_told_to(
    library_dir: Path, nas: HungDisk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "PATIENCE_S", 30.0)
    library = Library.open(library_dir, Settings())
    library.add_folder(nas.root).result(TIMEOUT_S)
    assert library.wait_until_indexed(TIMEOUT_S)
    nas.hang()
    checking = library.check_folder(nas.root, lambda _: None)
    verifying = library.verify()
    adding = library.add_folder(nas.root)
    nas.wait_until_asked()
    assert checking.cancel()
    library.close()  # and with it the others
    assert verifying.done()
    assert not adding.done() or adding.exception() is not None
    assert set(nas.held) <= MAY_HANG
    nas.answer()


def test_what_belongs_to_photos_of_a_dead_disk_is_not_waited_for(
    library_dir: Path, nas: HungDisk, home: Path
) -> None:
    """Nobody knows yet that it is dead when a comparison, a plan or the search for duplicates asks."""
    shutil.copytree(home, Path(os.fsdecode(nas.root)) / "copies")
    (home / "0.MOV").write_bytes(b"video")
    with Library.open(library_dir, Settings()) as library:
        for folder in (nas.root, os.fsencode(home)):
            library.add_folder(folder).result(TIMEOUT_S)
        assert library.wait_until_indexed(TIMEOUT_S)
        nas.hang()
        ids = library.browse(Filter(), SortOrder.NAME).result(TIMEOUT_S).ids.tolist()
        live = library.photo_at(os.fsencode(home / "0.jpg"))
        assert list(library.companions(ids).result(TIMEOUT_S)) == [live]
        found = library.duplicates(MatchKind.IDENTICAL).result(TIMEOUT_S)
        assert (len(found), [cluster.with_video for cluster in found if cluster.with_video]) == (
            3,
            [frozenset({live})],
        )
        assert set(nas.held) <= MAY_HANG
        nas.answer()


LEAVING = """
import os, sys
from pathlib import Path
from photofind.indexing import disks
from photofind.library import Library
disks.PATIENCE_S = 600.0
root, real = os.fsencode(sys.argv[2]), os.scandir
never, _keep = os.pipe()
def scandir(path="."):
    if path == root:
        print("hangs", flush=True)
        os.read(never, 1)  # in the kernel, and for ever
    return real(path)
library = Library.open(Path(sys.argv[1]))
library.add_folder(root).result(60)
library.wait_until_indexed(60)
os.scandir = scandir
library.rescan()
sys.stdin.readline()
library.close()
print("closed", flush=True)
"""


def test_the_program_ends_though_a_thread_hangs_in_the_kernel(library_dir: Path, home: Path) -> None:
    command = [sys.executable, "-c", LEAVING, str(library_dir), str(home)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "hangs\n"
            out, _ = process.communicate("close\n", timeout=60)
        finally:
            process.kill()
    assert (out, process.returncode) == ("closed\n", 0)
    with Library.open(library_dir, Settings(), wait_s=0) as library:
        assert len(library.browse(Filter(), SortOrder.NAME).result(TIMEOUT_S).ids) == 3
