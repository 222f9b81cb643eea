"""Thumbnails: order, what is dropped, sizes, and the bound of the cache."""

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from PIL import Image
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from photofind.gui.thumbnail_loader import CACHE_BYTES, Fetch, FetchLarge, ThumbnailLoader
from tests.conftest import ExpectedLog

MakeLoader = Callable[..., ThumbnailLoader]


def jpeg(width: int = 320, height: int = 240) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 40, 40)).save(out, "JPEG")
    return out.getvalue()


class Source:
    """Counts what is fetched; the first fetch waits for `gate`."""

    def __init__(self, data: bytes | None = None) -> None:
        self.data = data or jpeg()
        self.asked: list[int] = []
        self.started = threading.Event()
        self.gate = threading.Event()

    def fetch(self, content_id: int) -> bytes | None:
        self.asked.append(content_id)
        self.started.set()
        self.gate.wait(60)
        return self.data


@pytest.fixture
def make_loader(qapp: QObject) -> Iterator[MakeLoader]:
    made: list[ThumbnailLoader] = []

    def make(
        fetch: Fetch, cache_bytes: int = CACHE_BYTES, fetch_large: FetchLarge | None = None
    ) -> ThumbnailLoader:
        made.append(ThumbnailLoader(fetch, cache_bytes=cache_bytes, fetch_large=fetch_large))
        return made[-1]

    yield make
    for loader in made:
        loader.close()


def test_the_last_asked_comes_first_and_what_is_no_longer_seen_never(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = Source()
    loader = make_loader(source.fetch)
    view = QObject()
    loader.want(view, range(1, 50), 100)
    assert source.started.wait(60)
    loader.want(view, [100, 101, 102], 100)
    done: list[int] = []
    loader.loaded.connect(done.append)
    source.gate.set()
    qtbot.waitUntil(lambda: len(done) == 4)
    assert source.asked == [1, 100, 101, 102]


def test_of_two_views_the_one_that_asked_last_is_served_first(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = Source()
    loader = make_loader(source.fetch)
    one, two = QObject(), QObject()
    loader.want(one, [1, 2], 100)
    assert source.started.wait(60)
    loader.want(two, [7, 8], 100)
    source.gate.set()
    qtbot.waitUntil(lambda: loader.pixmap(2) is not None)
    assert source.asked == [1, 7, 8, 2]


def test_a_pixmap_fits_the_box_and_is_never_blown_up(qtbot: QtBot, make_loader: MakeLoader) -> None:
    loader = make_loader(lambda content_id: jpeg(320, 240) if content_id == 1 else jpeg(32, 24))
    view = QObject()
    loader.want(view, [1, 2], 160)
    qtbot.waitUntil(lambda: loader.pixmap(1) is not None and loader.pixmap(2) is not None)
    large, small = loader.pixmap(1), loader.pixmap(2)
    assert large is not None
    assert small is not None
    assert (large.width(), large.height()) == (160, 120)
    assert (small.width(), small.height()) == (32, 24)


def test_another_size_is_loaded_beside_the_first(qtbot: QtBot, make_loader: MakeLoader) -> None:
    loader = make_loader(lambda _content_id: jpeg())
    view, other = QObject(), QObject()
    loader.want(view, [1], 160)
    qtbot.waitUntil(lambda: loader.pixmap(1) is not None)
    with qtbot.waitSignal(loader.loaded):
        loader.want(other, [1], 80)
    for box in (160, 80):
        pixmap = loader.pixmap(1, box)
        assert pixmap is not None
        assert pixmap.width() == box


def test_what_is_here_is_not_fetched_again(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = Source()
    source.gate.set()
    loader = make_loader(source.fetch)
    view = QObject()
    loader.want(view, [1, 2], 100)
    qtbot.waitUntil(lambda: loader.pixmap(2) is not None)
    loader.want(view, [1, 2, 3], 100)
    qtbot.waitUntil(lambda: loader.pixmap(3) is not None)
    assert source.asked == [1, 2, 3]


def test_the_cache_is_bounded_and_forgets_what_was_used_longest_ago(qtbot: QtBot, make_loader: MakeLoader) -> None:
    loader = make_loader(lambda _content_id: jpeg(100, 100), cache_bytes=3 * 100 * 100 * 4)
    view = QObject()
    for content_id in (1, 2, 3):
        with qtbot.waitSignal(loader.loaded):
            loader.want(view, [content_id], 100)
    assert loader.pixmap(1) is not None
    loader.want(view, [4], 100)
    qtbot.waitUntil(lambda: loader.pixmap(4) is not None)
    assert loader.pixmap(2) is None
    assert loader.pixmap(1) is not None


def test_a_missing_thumbnail_is_asked_again_only_after_news(qtbot: QtBot, make_loader: MakeLoader) -> None:
    pictures: dict[int, bytes] = {2: jpeg()}
    asked: list[int] = []

    def fetch(content_id: int) -> bytes | None:
        asked.append(content_id)
        return pictures.get(content_id)

    loader = make_loader(fetch)
    view = QObject()
    loader.want(view, [1, 2], 100)
    qtbot.waitUntil(lambda: loader.pixmap(2) is not None)
    loader.want(view, [1, 2, 3], 100)
    qtbot.waitUntil(lambda: asked == [1, 2, 3])
    pictures[1] = jpeg()
    loader.retry_missing()
    loader.want(view, [1], 100)
    qtbot.waitUntil(lambda: loader.pixmap(1) is not None)


def test_a_damaged_or_failing_thumbnail_stops_none_of_the_others(
    qtbot: QtBot, make_loader: MakeLoader, expected_log: ExpectedLog
) -> None:
    expected_log("could not be read")
    expected_log("is damaged")

    def fetch(content_id: int) -> bytes | None:
        if content_id == 1:
            raise OSError("disk on fire")
        return b"no picture" if content_id == 2 else jpeg()

    loader = make_loader(fetch)
    loader.want(QObject(), [1, 2, 3], 100)
    qtbot.waitUntil(lambda: loader.pixmap(3) is not None)


def test_closing_ends_the_thread_while_much_is_wanted(make_loader: MakeLoader) -> None:
    source = Source()
    source.gate.set()
    loader = make_loader(source.fetch)
    loader.want(QObject(), range(100_000), 100)
    assert source.started.wait(60)
    loader.close()
    assert len(source.asked) < 100_000
    assert not [thread for thread in threading.enumerate() if thread.name == "thumbnails"]


# --- large thumbnails


class LargeSource:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.futures: list[Future[bytes | None]] = []
        self.is_gone = False

    def fetch(self, content_id: int, side_px: int) -> "Future[bytes | None] | None":
        if self.is_gone:
            return None
        future: Future[bytes | None] = Future()
        self.asked.append((content_id, side_px))
        self.futures.append(future)
        return future


def test_what_is_larger_than_the_stored_picture_becomes_sharp(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = LargeSource()
    loader = make_loader(lambda _content_id: jpeg(), fetch_large=source.fetch)
    loader.want(QObject(), [1], 900)
    qtbot.waitUntil(lambda: len(source.futures) == 1)
    small = loader.pixmap(1, 900)
    assert small is not None
    assert small.width() == 320
    assert source.asked == [(1, 1024)]
    with qtbot.waitSignal(loader.loaded):
        source.futures[0].set_result(jpeg(1024, 768))
    sharp = loader.pixmap(1, 900)
    assert sharp is not None
    assert (sharp.width(), sharp.height()) == (900, 675)


def test_a_little_larger_is_left_as_it_is(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = LargeSource()
    loader = make_loader(lambda _content_id: jpeg(), fetch_large=source.fetch)
    view = QObject()
    loader.want(view, [1], 360)
    qtbot.waitUntil(lambda: loader.pixmap(1) is not None)
    loader.want(view, [1], 360)
    loader.want(view, [2], 360)
    qtbot.waitUntil(lambda: loader.pixmap(2) is not None)
    assert source.asked == []


def test_small_ones_come_before_large_ones_and_few_are_asked_at_once(qtbot: QtBot, make_loader: MakeLoader) -> None:
    small, source = Source(), LargeSource()
    small.gate.set()
    loader = make_loader(small.fetch, fetch_large=source.fetch)
    view = QObject()
    loader.want(view, range(1, 9), 600)
    qtbot.waitUntil(lambda: loader.pixmap(8) is not None and len(source.futures) == 2)
    assert small.asked == list(range(1, 9))
    # What is no longer seen is not asked for when there is room again.
    loader.want(view, [8], 600)
    source.futures[0].set_result(None)
    qtbot.waitUntil(lambda: len(source.futures) == 3)
    assert source.asked[2] == (8, 1024)


def test_where_there_is_no_large_one_the_small_one_stays_and_nothing_is_asked_again(
    qtbot: QtBot, make_loader: MakeLoader
) -> None:
    source = LargeSource()
    loader = make_loader(lambda _content_id: jpeg(), fetch_large=source.fetch)
    view = QObject()
    loader.want(view, [1, 2], 600)
    qtbot.waitUntil(lambda: len(source.futures) == 2)
    source.futures[0].set_result(None)
    source.futures[1].cancel()
    source.futures[1].set_running_or_notify_cancel()
    loader.want(view, [3], 600)
    qtbot.waitUntil(lambda: len(source.futures) == 3)
    loader.want(view, [1, 2], 600)
    loader.want(view, [4], 600)
    qtbot.waitUntil(lambda: len(source.futures) == 4)
    assert [content_id for content_id, _ in source.asked] == [1, 2, 3, 4]
    assert loader.pixmap(1) is not None
    # Its folder is there again.
    source.futures[2].set_result(None)
    loader.retry_missing()
    loader.want(view, [1], 600)
    qtbot.waitUntil(lambda: len(source.futures) == 5)
    assert source.asked[4] == (1, 1024)


def test_each_picture_may_have_a_size_of_its_own(qtbot: QtBot, make_loader: MakeLoader) -> None:
    loader = make_loader(lambda _content_id: jpeg())
    loader.want(QObject(), [1, 2], [100, 200])
    qtbot.waitUntil(lambda: loader.pixmap(1) is not None and loader.pixmap(2) is not None)
    sizes = [pixmap.width() for content_id in (1, 2) if (pixmap := loader.pixmap(content_id)) is not None]
    assert sizes == [100, 200]


def test_answers_after_closing_are_dropped(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = LargeSource()
    loader = make_loader(lambda _content_id: jpeg(), fetch_large=source.fetch)
    loader.want(QObject(), [1], 900)
    qtbot.waitUntil(lambda: len(source.futures) == 1)
    loader.close()
    source.futures[0].set_result(jpeg(1024, 768))


def test_a_damaged_thumbnail_is_told_from_one_not_made_yet(
    qtbot: QtBot, make_loader: MakeLoader, expected_log: ExpectedLog
) -> None:
    expected_log("is damaged")
    loader = make_loader(lambda content_id: b"no picture" if content_id == 1 else None)
    with qtbot.waitSignal(loader.loaded):
        loader.want(QObject(), [1, 2], 100)
    assert loader.has_failed(1)
    assert not loader.has_failed(2)
    loader.retry_missing()
    assert not loader.has_failed(1)
