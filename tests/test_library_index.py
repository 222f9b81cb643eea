"""What the window shows around the photos, how the index does, and what is made anew on demand."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.events import Event, Notice
from photofind.indexing import networks
from photofind.library import Library
from photofind.records import Filter, PhotoPart, Query, SortOrder
from tests.conftest import PhotoFile

WAIT_S = 60


@pytest.fixture
def folder(photo_file: PhotoFile, tmp_path: Path) -> Path:
    for seed in range(6):
        photo_file(f"trip/day_{seed % 2}/photo_{seed}.jpg", seed, size=(320, 240))
    (tmp_path / "photos" / "bad.jpg").write_bytes(b"no picture")
    return tmp_path / "photos"


@pytest.fixture
def library(library_dir: Path, folder: Path) -> Iterator[Library]:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


def test_the_overview_adds_up_what_lies_below(library: Library, folder: Path) -> None:
    overview = library.overview().result(WAIT_S)
    root = os.fsencode(folder)
    assert overview.summary.photos == 6
    assert [each.path for each in overview.folders] == [root]
    assert overview.tree.counts[root] == 6
    assert overview.tree.counts[root + b"/trip"] == 6
    assert overview.tree.children[root + b"/trip"] == (root + b"/trip/day_0", root + b"/trip/day_1")
    assert not overview.can_undo


def test_problems_are_files_and_folders(library: Library, folder: Path) -> None:
    problems = library.problems().result(WAIT_S)
    assert [each.path for each in problems.failures] == [os.fsencode(folder / "bad.jpg")]
    assert problems.offline == ()
    folder.rename(folder.with_name("away"))
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    (away,) = library.problems().result(WAIT_S).offline
    assert away.path == os.fsencode(folder)
    assert away.offline_reason


def test_the_report_tells_how_the_index_does(library: Library, library_dir: Path) -> None:
    report = library.index_report().result(WAIT_S)
    assert (report.photos, report.contents, report.vectors) == (6, 6, 6)
    assert report.provider
    assert report.is_exact
    assert report.recall is not None
    assert report.recall.share == 1
    assert report.directory == os.fsencode(library_dir)
    assert report.disk.catalog_bytes > 0
    assert report.disk.thumbnails_bytes > 0
    assert report.run_photos == 0  # six photos say nothing of speed


def test_an_index_that_lost_photos_is_rebuilt(library: Library) -> None:
    engine = library._networks.loaded()
    assert engine is not None
    ids = engine.index.ids()
    engine.index.remove(ids[:2])
    assert library.index_report().result(WAIT_S).vectors == 4
    library.rebuild_index().result(WAIT_S)
    assert library.index_built() == (0, 6)
    assert sorted(engine.index.ids()) == sorted(ids)
    assert library.verify().result(WAIT_S).problems == ()


def test_thumbnails_are_made_anew_over_damaged_ones(library: Library, library_dir: Path) -> None:
    heard: list[Event] = []
    told = threading.Event()

    def listen(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Notice) and "anew" in event.message:
            told.set()

    library.subscribe(listen)
    ids = [int(i) for i in library.browse(Filter(), SortOrder.NAME).result(WAIT_S).ids]
    contents = [photo.content_id for photo in library.photos(ids)]
    library._thumbnails.put_many([(content_id, b"damaged") for content_id in contents])
    library.rebuild_thumbnails().result(WAIT_S)
    assert told.wait(WAIT_S)
    assert all((library.thumbnail(content_id) or b"").startswith(b"\xff\xd8") for content_id in contents)


def test_a_library_for_a_window_browses_before_its_network_is_loaded(
    library_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
    monkeypatch.setattr(networks, "WAIT_S", 3600.0)
    with Library.open(library_dir, shows_first=True) as library:
        ids = library.browse(Filter(), SortOrder.NAME).result(WAIT_S).ids
        assert len(ids) == 6
        assert library.overview().result(WAIT_S).summary.photos == 6
        assert library._networks.loaded() is None
        answer = library.search(Query((PhotoPart(int(ids[0])),))).result(WAIT_S)
        assert answer.hits
    with Library.open(library_dir, shows_first=True) as library:
        library.rescan()
        assert library.wait_until_indexed(WAIT_S)
    Library.open(library_dir, shows_first=True).close()  # before anything was loaded
