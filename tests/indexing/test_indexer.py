"""The indexer thread: what it writes, what it never does twice, how it stops, waits, and survives."""

import itertools
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import psutil
import pytest

from photofind.catalog.catalog import Catalog
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.model_store import ModelStore
from photofind.errors import DiskFullError, LibraryBusyError, PhotofindError, UserError
from photofind.events import FoldersChanged, PhotoFailed, PhotosAdded, PhotosChanged, PhotosRemoved, Progress, Stage
from photofind.indexing import indexer
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.prepare import PrepareRequest, answer
from photofind.records import Failure, FailureKind
from tests.conftest import ExpectedLog, PhotoFile
from tests.indexing.rig import SMALL, TIMEOUT_S, LocalPool, QuickEmbedder, Rig, rig, write

SOON_S = TIMEOUT_S / 2
"""A busy machine gets there in time; whoever waits for a file that is read or for the next try does not."""


def closes_soon(library: Rig) -> None:
    start = time.monotonic()
    library.indexer.close()
    assert time.monotonic() - start < SOON_S


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path / "library") as made:
        yield made


# --- taking in


def test_photos_are_taken_in_with_thumbnail_vector_and_place_in_the_index(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 40)
    library.add(photos)
    assert len(library.photos()) == library.embedder.seen == 40
    assert sorted(i for event in library.of(PhotosAdded) for i in event.photo_ids) == sorted(
        photo.photo_id for photo in library.photos()
    )
    progress = library.last_progress()
    assert (progress.stage, progress.done, progress.total, progress.failed) == (Stage.IDLE, 40, 40, 0)
    library.check()
    photo = library.photos()[7]
    ids, scores, _ = library.index.search(library.index.vectors(np.array([photo.content_id]))[0], 1)
    assert (ids[0], round(float(scores[0]), 3)) == (photo.content_id, 1.0)


def test_a_second_scan_reads_nothing(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 3)
    library.add(photos)
    library.asked()
    library.scan()
    assert library.asked() == []


def test_a_bad_file_costs_one_file(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 3)
    (photos / "bad.jpg").write_bytes(b"no picture")
    library.add(photos)
    assert len(library.photos()) == 3
    assert library.failures()[b"bad.jpg"].kind is FailureKind.NOT_AN_IMAGE
    assert [event.failure.path for event in library.of(PhotoFailed)] == [os.fsencode(photos / "bad.jpg")]
    assert library.last_progress().failed == 1
    library.asked()
    library.scan()
    assert library.asked() == []
    library.indexer.retry([os.fsencode(photos / "bad.jpg")])
    library.settle()
    assert library.asked() == [b"bad.jpg"]
    photo_file("bad.jpg", 9, size=SMALL)
    library.scan()
    assert (len(library.photos()), library.failures()) == (4, {})


def test_retrying_a_file_that_is_gone_forgets_it(library: Rig, photos: Path) -> None:
    (photos / "bad.jpg").write_bytes(b"no picture")
    (photos / "other.jpg").write_bytes(b"no picture")
    library.add(photos)
    (photos / "bad.jpg").unlink()
    library.indexer.retry([os.fsencode(photos / "bad.jpg")])
    library.settle()
    assert list(library.failures()) == [b"other.jpg"]


def test_copies_are_embedded_once(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    (first,) = write(photo_file, 1)
    for number in range(50):
        shutil.copy(first, photos / f"copy{number}.jpg")
    library.add(photos)
    assert len(library.photos()) == 51
    assert len({photo.content_id for photo in library.photos()}) == 1
    assert library.embedder.seen == 1
    shutil.copy(first, photos / "later.jpg")
    library.scan()
    assert (len(library.photos()), library.embedder.seen) == (52, 1)
    library.check()


@pytest.mark.parametrize("count", [indexer.BATCH_PHOTOS - 1, indexer.BATCH_PHOTOS, indexer.BATCH_PHOTOS + 1])
def test_batches_of_every_size(library: Rig, photos: Path, photo_file: PhotoFile, count: int) -> None:
    write(photo_file, count)
    library.add(photos)
    assert len(library.photos()) == count
    library.check()


def test_a_changed_photo_keeps_its_id(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 2)
    library.add(photos)
    before = library.by_name()[b"0.jpg"]
    photo_file("0.jpg", 77, size=SMALL)
    library.scan()
    after = library.by_name()[b"0.jpg"]
    assert (after.photo_id, after.content_id != before.content_id) == (before.photo_id, True)
    assert library.of(PhotosChanged)[-1].photo_ids == (before.photo_id,)
    library.check()


def test_a_photo_that_turns_bad_keeps_its_row_and_is_listed(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 2)
    library.add(photos)
    (photos / "0.jpg").write_bytes(b"no picture")
    library.scan()
    assert list(library.failures()) == [b"0.jpg"]
    assert library.names() == [b"0.jpg", b"1.jpg"]
    library.asked()
    library.scan()
    assert library.asked() == []


# --- moving, removing


def test_a_renamed_folder_reads_and_embeds_nothing(
    library: Rig, tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    for number in range(60):
        photo_file(f"year{number % 3}/{number}.jpg", number, size=SMALL)
    library.add(photos)
    before = {photo.photo_id: os.path.relpath(photo.path, os.fsencode(photos)) for photo in library.photos()}
    library.asked()
    renamed = tmp_path / "renamed"
    photos.rename(renamed)
    library.scan()
    assert not library.folder().is_online
    assert len(library.photos()) == 60
    library.add(renamed)
    after = {photo.photo_id: os.path.relpath(photo.path, os.fsencode(renamed)) for photo in library.photos()}
    assert after == before
    assert (library.asked(), library.embedder.seen) == ([], 60)
    assert library.of(PhotosRemoved) == []


def test_deleted_photos_go_and_their_return_costs_no_embedding(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    paths = write(photo_file, 5)
    library.add(photos)
    gone = library.by_name()[b"0.jpg"]
    data = paths[0].read_bytes()
    paths[0].unlink()
    library.scan()
    assert library.of(PhotosRemoved)[-1].photo_ids == (gone.photo_id,)
    assert len(library.photos()) == 4
    paths[0].write_bytes(data)
    library.scan()
    assert library.by_name()[b"0.jpg"].content_id == gone.content_id
    assert library.embedder.seen == 5
    library.check()


def test_a_photo_that_comes_back_after_a_restart_is_in_the_index(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    first, *_ = write(photo_file, 5)
    data = first.read_bytes()
    with rig(tmp_path / "library") as library:
        library.add(photos)
        first.unlink()
        library.scan()
    first.write_bytes(data)
    with rig(tmp_path / "library") as library:
        assert len(library.index) == 4
        library.scan()
        assert len(library.index) == 5
        assert library.embedder.seen == 0
        library.check()


def test_offline_folders_keep_their_photos_and_come_back_for_nothing(
    library: Rig, tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 6)
    folder = library.add(photos)
    library.asked()
    photos.rename(tmp_path / "unplugged")
    library.scan()
    assert not library.folder().is_online
    assert library.folder().offline_reason
    assert not any(photo.is_online for photo in library.photos())
    assert len(library.of(FoldersChanged)) == 1
    (tmp_path / "unplugged").rename(photos)
    library.scan(folder.path)
    assert library.folder().is_online
    assert (len(library.photos()), library.asked(), library.embedder.seen) == (6, [], 6)


def test_mass_loss_is_forgotten_only_on_demand(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    paths = write(photo_file, 50)
    folder = library.add(photos)
    for path in paths[:20]:
        path.unlink()
    library.scan()
    assert (len(library.photos()), library.folder().is_online) == (50, False)
    assert "20 of 50" in library.folder().offline_reason
    library.indexer.forget_missing(folder.folder_id)
    library.wait_for(lambda: library.of(PhotosRemoved))
    library.settle()
    assert (len(library.photos()), library.folder().is_online) == (30, True)


def test_photos_of_a_folder_removed_meanwhile_are_passed_over(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 3)
    library.pool.may_go_on.clear()
    folder = library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos))).result(TIMEOUT_S)
    library.indexer.rescan()
    library.wait_for(lambda: library.pool.asked)
    library.indexer.submit(lambda catalog: catalog.remove_folder(folder.folder_id)).result(TIMEOUT_S)
    library.pool.may_go_on.set()
    library.settle()
    assert library.photos() == []


# --- two names of one file


def test_two_new_names_of_one_file_become_photo_and_alias(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    (first,) = write(photo_file, 1)
    os.link(first, photos / "z.jpg")
    library.add(photos)
    (photo,) = library.photos()
    assert photo.other_paths == (os.fsencode(photos / "z.jpg"),)
    assert library.asked() == [b"0.jpg"]
    library.scan()
    assert library.asked() == []
    first.unlink()
    library.scan()
    (photo,) = library.photos()
    assert photo.path == os.fsencode(photos / "z.jpg")
    library.check()


def test_a_second_name_of_a_bad_file_fails_as_well(library: Rig, photos: Path) -> None:
    (photos / "a.jpg").write_bytes(b"no picture")
    os.link(photos / "a.jpg", photos / "b.jpg")
    library.add(photos)
    assert set(library.failures()) == {b"a.jpg", b"b.jpg"}


def test_the_count_of_failures_is_that_of_the_problems(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    """A file that has no photo's name and is none is no problem, though it was looked into."""
    write(photo_file, 1)
    (photos / "bad.jpg").write_bytes(b"no picture")
    (photos / "notes").write_bytes(b"no picture either")
    library.add(photos)
    assert set(library.failures()) == {b"bad.jpg"}
    progress = library.last_progress()
    assert (progress.done, progress.total, progress.failed) == (1, 2, 1)


# --- changing and vanishing files


class Scripted:
    """Answers for some names with a failure, a number of times."""

    def __init__(self, **failures: list[FailureKind]) -> None:
        self.failures = failures
        self.before: Callable[[bytes], None] = lambda path: None

    def __call__(self, request: PrepareRequest) -> Any:
        self.before(request.path)
        left = self.failures.get(os.path.basename(request.path).decode().partition(".")[0])
        if left:
            return Failure(request.path, left.pop(0), "It is so.")
        return answer(request)


def test_a_file_that_changes_is_read_again_when_it_is_quiet(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 13."""
    monkeypatch.setattr(indexer, "QUIET_S", 0.01)
    write(photo_file, 1)
    script = Scripted(**{"0": [FailureKind.CHANGING] * indexer.CHANGING_ATTEMPTS})
    with rig(tmp_path / "library", pool=LocalPool(script)) as library:
        library.add(photos)
        assert library.asked() == [b"0.jpg"] * (indexer.CHANGING_ATTEMPTS + 1)
        assert (library.names(), library.failures()) == ([b"0.jpg"], {})


def test_a_file_that_never_rests_is_listed(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "QUIET_S", 0.01)
    write(photo_file, 2)
    script = Scripted(**{"0": [FailureKind.CHANGING] * 99})
    with rig(tmp_path / "library", pool=LocalPool(script)) as library:
        library.add(photos)
        assert library.asked().count(b"0.jpg") == indexer.CHANGING_ATTEMPTS + 1
        assert library.failures()[b"0.jpg"].kind is FailureKind.CHANGING
        assert library.names() == [b"1.jpg"]


def test_a_file_that_vanishes_before_it_is_read_is_no_failure(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    """Fault 15."""
    write(photo_file, 3)
    script = Scripted()
    script.before = lambda path: os.unlink(path) if path.endswith(b"/1.jpg") else None
    with rig(tmp_path / "library", pool=LocalPool(script)) as library:
        library.add(photos)
        assert (library.names(), library.failures()) == ([b"0.jpg", b"2.jpg"], {})
        progress = library.last_progress()
        assert (progress.done, progress.total, progress.failed) == (2, 2, 0)


def test_a_root_that_vanishes_while_its_photos_are_read_goes_offline(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 30)
    script = Scripted()

    def unplug(path: bytes) -> None:
        if path.endswith(b"/20.jpg"):
            photos.rename(tmp_path / "unplugged")

    script.before = unplug
    with rig(tmp_path / "library", pool=LocalPool(script)) as library:
        library.add(photos)
        assert not library.folder().is_online
        assert library.failures() == {}


# --- pause, resume, stop, close, commands


def test_pause_holds_and_resume_goes_on(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 150)
    library.pool.may_go_on.clear()
    library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos)))
    library.indexer.rescan()
    library.wait_for(lambda: library.pool.asked)
    library.indexer.pause()
    library.wait_for(lambda: library.last_progress().stage is Stage.PAUSED)
    library.pool.may_go_on.set()
    assert library.indexer.submit(lambda catalog: catalog.photo_count(1)).result(TIMEOUT_S) <= 150
    assert not library.indexer.wait_idle(0.3)
    assert len(library.pool.asked) == 2  # what the decoders had begun
    library.indexer.resume()
    library.settle()
    assert len(library.photos()) == 150
    assert len(library.pool.asked) == 150


def test_pausing_with_nothing_to_do_is_idle(library: Rig, photos: Path) -> None:
    library.indexer.pause()
    library.settle()
    library.indexer.rescan()
    assert not library.indexer.wait_idle(0.1)
    library.indexer.resume()
    library.settle()


def test_stop_drops_the_queue_and_the_next_scan_finds_it_again(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 60)
    library.pool.may_go_on.clear()
    library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos)))
    library.indexer.rescan()
    library.wait_for(lambda: len(library.pool.asked) == 2)
    library.indexer.stop()
    assert library.indexer.wait_idle(1.0)
    library.pool.may_go_on.set()
    assert library.last_progress().stage is Stage.IDLE
    assert len(library.pool.asked) == 2
    library.scan()
    assert len(library.photos()) == 60
    library.check()


def test_close_is_quick_in_the_midst_and_keeps_what_is_written(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 100)
    may_end, count = threading.Event(), itertools.count()

    def read(request: PrepareRequest) -> Any:
        if next(count) >= 10:
            assert may_end.wait(TIMEOUT_S)
        return answer(request)

    with rig(tmp_path / "library", pool=LocalPool(read)) as library:
        library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos)))
        library.indexer.rescan()
        library.wait_for(lambda: library.of(PhotosAdded))
        closes_soon(library)  # while files are still being read
        written = len(library.photos())
        assert 0 < written <= 10
        may_end.set()
    with rig(tmp_path / "library") as library:
        library.scan()
        assert len(library.photos()) == 100
        assert library.embedder.seen == 100 - written
        library.check()


def test_commands_run_in_order_before_the_next_batch(library: Rig) -> None:
    seen: list[int] = []
    futures = [library.indexer.submit(lambda _, n=n: seen.append(n)) for n in range(20)]  # type: ignore[misc]
    for future in futures:
        future.result(TIMEOUT_S)
    assert seen == list(range(20))


def test_a_command_that_fails_harms_nobody_else(library: Rig) -> None:
    def fail(_: Catalog) -> None:
        raise UserError("No.")

    with pytest.raises(UserError):
        library.indexer.submit(fail).result(TIMEOUT_S)
    assert library.indexer.submit(lambda _: 5).result(TIMEOUT_S) == 5


def test_commands_given_before_closing_run_and_later_ones_are_refused(tmp_path: Path) -> None:
    with rig(tmp_path / "library") as library:
        release = threading.Event()
        library.indexer.submit(lambda _: release.wait(TIMEOUT_S))
        last = library.indexer.submit(lambda _: "done")
        closing = threading.Thread(target=library.indexer.close)
        closing.start()
        release.set()
        closing.join()
        assert last.result(0) == "done"
        with pytest.raises(UserError):
            library.indexer.submit(lambda _: None).result(0)
        assert library.indexer.wait_idle(0)


def test_opening_errors_reach_start(tmp_path: Path) -> None:
    (tmp_path / "other" / "catalog.db").mkdir(parents=True)
    with rig(tmp_path / "library") as library:
        other = indexer.Indexer(
            tmp_path / "other" / "catalog.db",
            library.thumbnails,
            library.index,
            cast(ImageEmbedder, library.embedder),
            library.settings,
            lambda _: None,
            pool=cast(Any, library.pool),
        )
        with pytest.raises(PhotofindError):
            other.start()
        other.close()


# --- obstacles and bugs


@pytest.mark.parametrize("error", [DiskFullError("full"), LibraryBusyError("busy")])
@pytest.mark.parametrize("method", ["add_prepared", "record_failures", "find_by_inode", "folders"])
def test_an_obstacle_is_waited_out(
    tmp_path: Path,
    photos: Path,
    photo_file: PhotoFile,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    error: Exception,
) -> None:
    """Faults 20 and 26: indexing waits, says why, and goes on by itself with nothing lost."""
    monkeypatch.setattr(indexer, "OBSTACLE_WAIT_S", 0.05)
    write(photo_file, 5)
    (photos / "bad.jpg").write_bytes(b"no picture")
    real = getattr(Catalog, method)
    left = [error, error]
    with rig(tmp_path / "library") as library:
        library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos))).result(TIMEOUT_S)

        def hindered(self: Catalog, *args: object, **options: object) -> object:
            if left and threading.current_thread().name == "photofind-indexer":
                raise left.pop()
            return real(self, *args, **options)

        monkeypatch.setattr(Catalog, method, hindered)
        library.scan()
        assert left == []
        assert len(library.photos()) == 5
        assert list(library.failures()) == [b"bad.jpg"]
        waits = [progress.message for progress in library.of(Progress) if progress.stage is Stage.WAITING]
        assert waits
        assert all(("full" if isinstance(error, DiskFullError) else "Another program") in wait for wait in waits)
        library.check()


def test_a_full_disk_under_the_thumbnails_is_waited_out(
    library: Rig, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "OBSTACLE_WAIT_S", 0.05)
    write(photo_file, 5)
    real, left = library.thumbnails.put_many, [DiskFullError("full")] * 3

    def put_many(thumbnails: Any) -> None:
        if left:
            raise left.pop()
        real(thumbnails)

    monkeypatch.setattr(library.thumbnails, "put_many", put_many)
    library.add(photos)
    assert left == []
    library.check()


def test_commands_run_while_an_obstacle_is_in_the_way(
    library: Rig, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(photo_file, 2)

    def add_prepared(*_: object, **__: object) -> None:
        raise DiskFullError("full")

    with monkeypatch.context() as patch:
        patch.setattr(indexer, "OBSTACLE_WAIT_S", 600.0)
        patch.setattr(Catalog, "add_prepared", add_prepared)
        library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos)))
        library.indexer.rescan()
        library.wait_for(lambda: library.last_progress().stage is Stage.WAITING)
        assert library.indexer.submit(lambda catalog: len(catalog.folders())).result(SOON_S) == 1
        closes_soon(library)


def test_a_photo_that_cannot_be_written_does_not_keep_the_others_out(
    library: Rig, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("A batch could not be written")
    expected_log("A photo could not be written")
    write(photo_file, 5)
    real = Catalog.add_prepared

    def add_prepared(self: Catalog, items: Any, *args: Any, **options: Any) -> Any:
        if any(prepared.path.endswith(b"/3.jpg") for prepared, _ in items):
            raise ValueError("a bug")
        return real(self, items, *args, **options)

    monkeypatch.setattr(Catalog, "add_prepared", add_prepared)
    library.add(photos)
    assert library.names() == [b"0.jpg", b"1.jpg", b"2.jpg", b"4.jpg"]
    assert library.failures()[b"3.jpg"].kind is FailureKind.CRASHED
    progress = library.last_progress()
    assert (progress.done, progress.failed, progress.total) == (4, 1, 5)


def test_the_thread_survives_a_bug_and_tells(
    library: Rig, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("Indexing met a bug")
    write(photo_file, 2)

    def known_files(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "known_files", known_files)
        library.add(photos)
    assert any("a bug" in notice for notice in library.notices())
    library.scan()
    assert len(library.photos()) == 2


def test_on_battery_indexing_waits_until_mains_power_or_the_setting_says_so(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Battery:
        power_plugged = False

    monkeypatch.setattr(psutil, "sensors_battery", lambda: Battery, raising=False)
    monkeypatch.setattr(indexer, "BATTERY_CHECK_S", 0.05)
    write(photo_file, 3)
    with rig(tmp_path / "library") as library:
        library.settings.set("pause_on_battery", True)
        library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos)))
        library.indexer.rescan()
        library.wait_for(lambda: library.last_progress().stage is Stage.WAITING)
        assert "mains power" in library.last_progress().message
        assert library.asked() == []
        Battery.power_plugged = True
        library.settle()
        assert len(library.photos()) == 3


def test_work_stands_back_while_a_query_waits(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "QUERY_WAIT_S", 0.2)
    write(photo_file, 3)
    asked: list[float] = []

    def is_waiting() -> bool:
        asked.append(time.monotonic())
        return len(asked) < 5

    with rig(tmp_path / "library", is_query_waiting=is_waiting) as library:
        library.add(photos)
        assert len(library.photos()) == 3
        assert len(asked) >= 5


# --- caches, another network


def test_thumbnails_that_a_kill_left_out_are_made_at_the_next_start(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 70)
    with rig(tmp_path / "library") as library:
        library.add(photos)
    (tmp_path / "library" / "thumbnails.db").unlink()
    with rig(tmp_path / "library") as library:
        library.scan()
        assert library.embedder.seen == 0
        library.check()
        library.asked()
        library.scan()
        assert library.asked() == []


def test_a_content_that_cannot_be_filled_is_not_tried_for_ever(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 3)
    with rig(tmp_path / "library") as library:
        library.add(photos)
    (tmp_path / "library" / "thumbnails.db").unlink()
    script = Scripted(**{"1": [FailureKind.TIMED_OUT] * 99})
    with rig(tmp_path / "library", pool=LocalPool(script)) as library:
        library.scan()
        library.scan()
        assert library.asked().count(b"1.jpg") == 1
        assert library.last_progress().stage is Stage.IDLE


def test_for_photos_that_are_away_vectors_are_looked_for_once(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(photo_file, 4)
    with rig(tmp_path / "library") as library:
        library.add(photos)
    photos.rename(tmp_path / "elsewhere")
    asked: list[str] = []
    real = Catalog.contents_without_embedding

    def ask(catalog: Catalog, model_id: str, *rest: Any, **named: Any) -> list[tuple[int, bytes]]:
        asked.append(model_id)
        return real(catalog, model_id, *rest, **named)

    monkeypatch.setattr(Catalog, "contents_without_embedding", ask)
    monkeypatch.setattr(indexer, "CHECK_CONTENTS", 1)  # four turns for the thumbnails of four contents
    with rig(tmp_path / "library", embedder=QuickEmbedder("other")) as library:
        library.scan()
        assert asked == ["other"]
        (tmp_path / "elsewhere").rename(photos)
        library.scan()
        assert library.embedder.seen == 4


def test_another_network_embeds_everything_in_the_background(
    library: Rig, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 80)
    library.add(photos)
    other = QuickEmbedder("other")
    index = library.open_index(other)
    done = library.indexer.set_embedder(cast(ImageEmbedder, other), index)
    write(photo_file, 4, start=80)
    library.indexer.rescan()
    done.result(TIMEOUT_S)
    library.settle()
    assert (other.seen, library.embedder.seen, len(index)) == (84, 80, 84)
    assert len(library.index) == 80  # went on answering with what it had
    assert library.reader.summary("other").embedded == 84
    assert any("new network" in notice for notice in library.notices())
    index.close()


def test_a_change_of_network_goes_on_after_a_restart(tmp_path: Path, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 10)
    with rig(tmp_path / "library") as library:
        library.add(photos)
    with rig(tmp_path / "library", embedder=QuickEmbedder("other")) as library:
        assert len(library.index) == 0
        library.scan()
        assert library.embedder.seen == 10
        library.check()


# --- events


def test_events_are_merged(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    (first,) = write(photo_file, 1)
    for number in range(400):
        shutil.copy(first, photos / f"copy{number}.jpg")
    start = time.monotonic()
    library.add(photos)
    seconds = time.monotonic() - start
    assert len(library.of(PhotosAdded)) <= seconds / indexer.ANNOUNCE_S + 2
    assert len(library.of(Progress)) <= seconds / indexer.PROGRESS_S + 4
    assert sum(len(event.photo_ids) for event in library.of(PhotosAdded)) == 401


def test_two_indexers_worth_of_paths_are_queued_once(library: Rig, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 10)
    library.pool.may_go_on.clear()
    library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos)))
    for _ in range(3):
        library.indexer.rescan()
        library.indexer.submit(lambda _: None).result(TIMEOUT_S)
    library.wait_for(lambda: library.pool.asked)
    library.pool.may_go_on.set()
    library.settle()
    assert sorted(library.asked()) == sorted(b"%d.jpg" % number for number in range(10))


# --- the real parts


def test_with_real_decoder_processes_and_the_bundled_network(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 6)
    (photos / "bad.jpg").write_bytes(b"\xff\xd8\xff no picture")
    models = ModelStore()
    embedder = ImageEmbedder(models.manifest(models.default_id()), provider="cpu")
    with DecoderPool(1) as pool, rig(tmp_path / "library", embedder=embedder, pool=pool) as library:
        library.add(photos)
        library.check()
        assert len(library.photos()) == 6
        assert list(library.failures()) == [b"bad.jpg"]
        vectors = library.index.vectors(np.array([photo.content_id for photo in library.photos()]))
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
        closes_soon(library)
