"""Thumbnails for everything that shows photos: one thread reads and scales, the window's thread keeps pixmaps.

Views call `pixmap` while they paint and `want` with what they see; the last call of `want` is served first, and
what is no longer in any list is never read. Answers carry the content's id, never a row, for rows move. A QImage is
made and scaled in the thread (QPixmap belongs to the window's), to the exact device pixels of the cell, so that
painting is a plain copy: a page of 48 paints in 2 ms. An alternative that lost: a thread pool, whose queue cannot
be reordered when the user scrolls on.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

logger = logging.getLogger(__name__)

CACHE_BYTES = 256 * 2**20


class ThumbnailLoader(QObject):
    """Pixmaps by content id.

    Args:
        fetch: Returns the JPEG of a content id, None when there is none (yet). Called on the thumbnail thread.
        cache_bytes: Bound of the pixmaps kept.
    """

    loaded = Signal(int)
    """Content id whose pixmap is new; repaint it."""
    caught_up = Signal()
    """Something was loaded, and nothing that anybody asked for is missing now."""

    _decoded = Signal(int, int, object)

    def __init__(
        self, fetch: Callable[[int], bytes | None], parent: QObject | None = None, cache_bytes: int = CACHE_BYTES
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._cache_bytes = cache_bytes
        self._cached_bytes = 0
        # By content and box: the grid and the details show one photo in two sizes at once.
        self._cache: OrderedDict[tuple[int, int], QPixmap] = OrderedDict()
        self._boxes: dict[int, list[int]] = {}
        self._missing: set[int] = set()
        # Guarded by the condition: lists of (content id, box) by asker, the newest asker last, and what was taken
        # from them but has not come back yet.
        self._wanted: OrderedDict[int, list[tuple[int, int]]] = OrderedDict()
        self._under_way: set[tuple[int, int]] = set()
        self._wake = threading.Condition()
        self._closed = threading.Event()
        self._decoded.connect(self._on_decoded, Qt.ConnectionType.QueuedConnection)
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

    def want(self, asker: QObject, content_ids: Sequence[int], box_px: int) -> None:
        """Replace what `asker` is waiting for.

        Args:
            asker: The view; its list ends with it.
            content_ids: The most urgent first. Those already here at this size cost nothing.
            box_px: Side of the square that the picture fits into, in device pixels.
        """
        wish = [
            (content_id, box_px)
            for content_id in content_ids
            if content_id not in self._missing and not self._has(content_id, box_px)
        ]
        key = id(asker)
        with self._wake:
            self._wanted.pop(key, None)
            wish = [item for item in wish if item not in self._under_way]
            if wish:
                self._wanted[key] = wish
                self._wake.notify()

    def retry_missing(self) -> None:
        """Ask again for those that had no thumbnail; call it when photos were added or changed."""
        self._missing.clear()

    def close(self) -> None:
        """End the thread; at most one thumbnail is still read."""
        with self._wake:
            self._closed.set()
            self._wanted.clear()
            self._wake.notify()
        self._thread.join()

    def _has(self, content_id: int, box_px: int) -> bool:
        return (content_id, box_px) in self._cache

    @Slot(int, int, object)
    def _on_decoded(self, content_id: int, box_px: int, image: QImage | None) -> None:
        with self._wake:
            self._under_way.discard((content_id, box_px))
            if self._closed.is_set():
                return
        if image is None:
            self._missing.add(content_id)
            return
        if self._has(content_id, box_px):
            self._drop((content_id, box_px))
        pixmap = QPixmap.fromImage(image)
        self._cache[content_id, box_px] = pixmap
        self._boxes.setdefault(content_id, []).append(box_px)
        self._cached_bytes += _bytes_of(pixmap)
        while self._cached_bytes > self._cache_bytes and len(self._cache) > 1:
            self._drop(next(iter(self._cache)))
        self.loaded.emit(content_id)
        with self._wake:
            is_behind = bool(self._wanted or self._under_way)
        if not is_behind:
            self.caught_up.emit()

    def _drop(self, key: tuple[int, int]) -> None:
        self._cached_bytes -= _bytes_of(self._cache.pop(key))
        boxes = self._boxes[key[0]]
        boxes.remove(key[1])
        if not boxes:
            del self._boxes[key[0]]

    # The thumbnail thread

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closed.is_set() or bool(self._wanted))
                if self._closed.is_set():
                    return
                key = next(reversed(self._wanted))
                wish = self._wanted[key]
                content_id, box_px = wish.pop(0)
                self._under_way.add((content_id, box_px))
                if not wish:
                    del self._wanted[key]
            image = self._load(content_id, box_px)
            with self._wake:
                if self._closed.is_set():
                    return
                self._decoded.emit(content_id, box_px, image)

    def _load(self, content_id: int, box_px: int) -> QImage | None:
        try:
            data = self._fetch(content_id)
        except Exception:  # one unreadable thumbnail must not end the thread for all others
            logger.exception("The thumbnail of content %d could not be read", content_id)
            return None
        if data is None:
            return None
        image = QImage.fromData(data)
        if image.isNull():
            logger.warning("The thumbnail of content %d is damaged", content_id)
            return None
        size = fitted(image.size(), box_px)
        if size.width() < image.width():
            image = image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        return image.convertToFormat(QImage.Format.Format_RGB32)


def fitted(size: QSize, box_px: int) -> QSize:
    """Return `size` scaled, up or down, to fit a square of `box_px`; each side at least 1."""
    if size.isEmpty():
        return QSize(box_px, box_px)
    scaled = size.scaled(box_px, box_px, Qt.AspectRatioMode.KeepAspectRatio)
    return scaled.expandedTo(QSize(1, 1))


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
