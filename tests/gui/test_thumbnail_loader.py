"""Thumbnails: order, what is dropped, sizes, and the bound of the cache."""

import io
import threading
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from photofind.gui.thumbnail_loader import CACHE_BYTES, ThumbnailLoader
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
        self.gate.wait(10)
        return self.data


@pytest.fixture
def make_loader(qapp: QObject) -> Iterator[MakeLoader]:
    made: list[ThumbnailLoader] = []

    def make(fetch: Callable[[int], bytes | None], cache_bytes: int = CACHE_BYTES) -> ThumbnailLoader:
        made.append(ThumbnailLoader(fetch, cache_bytes=cache_bytes))
        return made[-1]

    yield make
    for loader in made:
        loader.close()


def test_the_last_asked_comes_first_and_what_is_no_longer_seen_never(qtbot: QtBot, make_loader: MakeLoader) -> None:
    source = Source()
    loader = make_loader(source.fetch)
    view = QObject()
    loader.want(view, range(1, 50), 100)
    assert source.started.wait(10)
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
    assert source.started.wait(10)
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
    assert source.started.wait(10)
    loader.close()
    assert len(source.asked) < 100_000
    assert not [thread for thread in threading.enumerate() if thread.name == "thumbnails"]
