"""Thumbnails for everything that shows photos: one thread reads and scales, the window's thread keeps pixmaps.

Views call `pixmap` while they paint and `want` with what they see; the last call of `want` is served first, and
what is no longer in any list is never read. Answers carry the content's id, never a row, for rows move. A QImage is
made and scaled in the thread (QPixmap belongs to the window's), to the exact device pixels of the cell, so that
painting is a plain copy: a page of 48 paints in 2 ms. An alternative that lost: a thread pool, whose queue cannot
be reordered when the user scrolls on. So did `QImage.fromData`: 20 pictures of 512 pixels take 45 ms of CPU with
Python's lock held, up to 4 on end, while the window paints and wants it; Pillow takes 23 and lets go of it. Pillow
is loaded with the first thumbnail, in the time it saves on a page of them.

The stored thumbnail is always shown first. Where its pixels do not suffice (large cells, screens of two or three
device pixels to one), a larger one is asked of the library once all small ones are here; it takes the place of the
small one under the same key, so that nothing is ever empty in between.
"""

import io
import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

logger = logging.getLogger(__name__)

CACHE_BYTES = 256 * 2**20
ENLARGED_UNSEEN = 1.15
"""A picture may be drawn so many times larger than its pixels before that is seen."""
LARGE_PX = (512, 1024, 1536)
"""Sizes of large thumbnails; the smallest that suffices is asked for."""

_LARGE_AT_ONCE = 2
"""Large thumbnails asked of the library and not answered: few, so that what comes into view meanwhile waits for
little; two, so that one is decoded while the next is read."""

_Key = tuple[int, int]
Fetch = Callable[[int], bytes | None]
FetchLarge = Callable[[int, int], "Future[bytes | None] | None"]


class ThumbnailLoader(QObject):
    """Pixmaps by content id.

    Args:
        fetch: Returns the JPEG of a content id, None when there is none (yet). Called on the thumbnail thread.
        cache_bytes: Bound of the pixmaps kept.
        fetch_large: Begins to fetch the JPEG of a content id with a longer side of so many pixels; None when the
            library is not there. Called on the thumbnail thread. Without it the stored sizes are all there is.
    """

    loaded = Signal(int)
    """Content id whose pixmap is new; repaint it."""
    caught_up = Signal()
    """Something was loaded, and nothing that anybody asked for is missing now."""

    _decoded = Signal(int, int, object, bool)
    _failed = Signal(int, int, bool)
    _large_failed = Signal(int, int)

    def __init__(
        self,
        fetch: Fetch,
        parent: QObject | None = None,
        cache_bytes: int = CACHE_BYTES,
        fetch_large: FetchLarge | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._fetch_large = fetch_large
        self._cache_bytes = cache_bytes
        self._cached_bytes = 0
        # By content and box: the grid and the details show one photo in two sizes at once.
        self._cache: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._boxes: dict[int, list[int]] = {}
        self._missing: set[int] = set()
        self._damaged: set[int] = set()
        # Drawn larger than its pixels: a large thumbnail would be sharper, where there is one.
        self._coarse: set[_Key] = set()
        self._no_large: set[int] = set()
        self._asked: dict[int, frozenset[_Key]] = {}
        # Guarded by the condition: lists of (content id, box) by asker, the newest asker last, and what was taken
        # from them but has not come back yet.
        self._wanted: OrderedDict[int, list[_Key]] = OrderedDict()
        self._wanted_large: OrderedDict[int, list[_Key]] = OrderedDict()
        self._under_way: set[_Key] = set()
        self._large_under_way: set[_Key] = set()
        self._large_arrived: deque[tuple[_Key, bytes]] = deque()
        self._wake = threading.Condition()
        self._closed = threading.Event()
        self._decoded.connect(self._on_decoded, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        self._large_failed.connect(self._on_large_failed, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="thumbnails", daemon=True)
        self._thread.start()

    # The window's thread

    def pixmap(self, content_id: int, box_px: int | None = None) -> QPixmap | None:
        """Return a pixmap with device pixel ratio 1; None before one is loaded.

        Args:
            content_id: Whose.
            box_px: The size preferred, as in `want`; another one, the newest, is returned as long as it is missing.
        """
        boxes = self._boxes.get(content_id)
        if not boxes:
            return None
        key = (content_id, box_px if box_px in boxes else boxes[-1])
        self._cache.move_to_end(key)
        return self._cache[key]

    def has_failed(self, content_id: int) -> bool:
        """Tell whether the thumbnail is there and cannot be shown."""
        return content_id in self._damaged

    def want(self, asker: QObject, content_ids: Sequence[int], box_px: int | Sequence[int]) -> None:
        """Replace what `asker` is waiting for.

        Args:
            asker: The view; its list ends with it.
            content_ids: The most urgent first. Those already here at this size cost nothing.
            box_px: Side of the square that the picture fits into, in device pixels; one for all, or one for each.
        """
        boxes = [box_px] * len(content_ids) if isinstance(box_px, int) else box_px
        keys = [key for key in zip(content_ids, boxes, strict=True) if key[0] not in self._missing]
        wish = [key for key in keys if key not in self._cache]
        large = [key for key in keys if key in self._coarse and key[0] not in self._no_large]
        asker_id = id(asker)
        self._asked[asker_id] = frozenset(keys)
        with self._wake:
            for wanted, lacking, taken in (
                (self._wanted, wish, self._under_way),
                (self._wanted_large, large, self._large_under_way),
            ):
                wanted.pop(asker_id, None)
                lacking = [key for key in lacking if key not in taken]
                if lacking:
                    wanted[asker_id] = lacking
            self._wake.notify()

    def retry_missing(self) -> None:
        """Ask again for those that had none, or no large one; call it when photos or folders came or changed."""
        self._missing.clear()
        self._damaged.clear()
        self._no_large.clear()

    def close(self) -> None:
        """End the thread; at most one thumbnail is still read."""
        with self._wake:
            self._closed.set()
            self._wanted.clear()
            self._wanted_large.clear()
            self._wake.notify()
        self._thread.join()

    @Slot(int, int, object, bool)
    def _on_decoded(self, content_id: int, box_px: int, image: QImage, is_coarse: bool) -> None:
        if self._closed.is_set():
            return
        key = (content_id, box_px)
        if key in self._cache:
            self._drop(key)
        pixmap = QPixmap.fromImage(image)
        self._cache[key] = pixmap
        self._boxes.setdefault(content_id, []).append(box_px)
        self._cached_bytes += _bytes_of(pixmap)
        while self._cached_bytes > self._cache_bytes and len(self._cache) > 1:
            self._drop(next(iter(self._cache)))
        with self._wake:
            self._under_way.discard(key)
            if not is_coarse:
                self._large_under_way.discard(key)
            if is_coarse and self._fetch_large is not None and content_id not in self._no_large:
                self._coarse.add(key)
                for asker_id, keys in self._asked.items():
                    if key in keys and key not in self._wanted_large.get(asker_id, ()):
                        self._wanted_large.setdefault(asker_id, []).append(key)
            self._wake.notify()
        self.loaded.emit(content_id)
        with self._wake:
            is_behind = bool(self._wanted or self._under_way)
        if not is_behind:
            self.caught_up.emit()

    @Slot(int, int, bool)
    def _on_failed(self, content_id: int, box_px: int, is_damaged: bool) -> None:
        if self._closed.is_set():
            return
        with self._wake:
            self._under_way.discard((content_id, box_px))
        self._missing.add(content_id)
        if is_damaged:
            self._damaged.add(content_id)
            self.loaded.emit(content_id)

    @Slot(int, int)
    def _on_large_failed(self, content_id: int, box_px: int) -> None:
        with self._wake:
            self._large_under_way.discard((content_id, box_px))
            self._wake.notify()
        self._no_large.add(content_id)

    def _drop(self, key: tuple[int, int]) -> None:
        self._cached_bytes -= _bytes_of(self._cache.pop(key))
        self._coarse.discard(key)
        boxes = self._boxes[key[0]]
        boxes.remove(key[1])
        if not boxes:
            del self._boxes[key[0]]

    # The thumbnail thread

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(self._has_work)
                if self._closed.is_set():
                    return
                # First whatever is empty, then what has become sharper.
                arrived = None if self._wanted or not self._large_arrived else self._large_arrived.popleft()
                is_small = bool(self._wanted)
                if arrived is None:
                    key = _take_newest(self._wanted if is_small else self._wanted_large)
                    (self._under_way if is_small else self._large_under_way).add(key)
            if arrived is not None:
                self._show(*arrived, is_large=True)
            elif is_small:
                self._load(key)
            else:
                self._begin_large(key)

    def _has_work(self) -> bool:
        may_begin = len(self._large_under_way) < _LARGE_AT_ONCE and bool(self._wanted_large)
        return self._closed.is_set() or bool(self._wanted) or bool(self._large_arrived) or may_begin

    def _load(self, key: _Key) -> None:
        try:
            data = self._fetch(key[0])
        except Exception:  # one unreadable thumbnail must not end the thread for all others
            logger.exception("The thumbnail of content %d could not be read", key[0])
            self._failed.emit(*key, True)
            return
        if data is None:
            self._failed.emit(*key, False)
        else:
            self._show(key, data, is_large=False)

    def _show(self, key: _Key, data: bytes, *, is_large: bool) -> None:
        box_px = key[1]
        try:
            image, longest_px = _image_of(data, box_px)
        except (OSError, SyntaxError, ValueError) as error:
            logger.warning("The thumbnail of content %d is damaged: %s", key[0], error)
            if is_large:
                self._large_failed.emit(*key)
            else:
                self._failed.emit(*key, True)
            return
        is_coarse = not is_large and box_px > ENLARGED_UNSEEN * longest_px
        self._decoded.emit(*key, image, is_coarse)

    def _begin_large(self, key: _Key) -> None:
        assert self._fetch_large is not None
        content_id, box_px = key
        side_px = next((side for side in LARGE_PX if side * ENLARGED_UNSEEN >= box_px), LARGE_PX[-1])
        future = self._fetch_large(content_id, side_px)
        if future is None:
            self._large_failed.emit(*key)
        else:
            future.add_done_callback(lambda done: self._on_large(key, done))

    def _on_large(self, key: _Key, done: "Future[bytes | None]") -> None:
        """Take an answer of the library, on a thread of its own."""
        data = None
        try:
            data = done.result()
        except CancelledError:
            pass  # the library is closing
        except Exception:
            logger.exception("The large thumbnail of content %d could not be made", key[0])
        with self._wake:
            if self._closed.is_set():
                return
            if data is None:
                self._large_failed.emit(*key)
            else:
                self._large_arrived.append((key, data))
                self._wake.notify()


def _image_of(jpeg: bytes, box_px: int) -> tuple[QImage, int]:
    """Return a picture scaled down to fit a square, and the longer side it has.

    Raises:
        OSError, SyntaxError, ValueError: It is damaged.
    """
    from PIL import Image, JpegImagePlugin

    with JpegImagePlugin.JpegImageFile(io.BytesIO(jpeg)) as picture:
        width_px, height_px = picture.size
        size = fitted(QSize(width_px, height_px), box_px)
        if size.width() < width_px:
            picture.draft("RGB", size.toTuple())
            shown = picture.resize(size.toTuple(), Image.Resampling.HAMMING)
        else:
            picture.load()
            shown = picture
        pixels = shown.convert("RGB").convert("RGBA").tobytes("raw", "BGRA")
    image = QImage(pixels, shown.width, shown.height, shown.width * 4, QImage.Format.Format_RGB32)
    return image.copy(), max(width_px, height_px)  # the bytes belong to Python


def _take_newest(wanted: OrderedDict[int, list[_Key]]) -> _Key:
    """Take the first wish of the newest asker."""
    asker_id = next(reversed(wanted))
    wish = wanted[asker_id]
    key = wish.pop(0)
    if not wish:
        del wanted[asker_id]
    return key


def fitted(size: QSize, box_px: int) -> QSize:
    """Return `size` scaled, up or down, to fit a square of `box_px`; each side at least 1."""
    if size.isEmpty():
        return QSize(box_px, box_px)
    scaled = size.scaled(box_px, box_px, Qt.AspectRatioMode.KeepAspectRatio)
    return scaled.expandedTo(QSize(1, 1))


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
