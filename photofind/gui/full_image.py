"""Whole pictures for the viewer and the comparison: asked of the library, made a QImage off the window's thread.

Used on the GUI thread; one short-lived thread for each picture makes the QImage, so that nothing has to be ended
when the window closes. A pool that stays lost: it would need an owner to close it. An encoded picture read by
QImageReader lost, too: it holds a lock of Qt's while it asks Python's QBuffer for bytes, and QImage.fromData on
another thread holds Python's lock while it waits for Qt's. Both then wait for ever. The last pictures are kept,
because going back and forth between two is the most usual thing to do. A picture that is on its way for one place
and is wanted at another (the neighbour loaded ahead, stepped to before it came) is handed over, not decoded twice.
"""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtGui import QImage

from photofind.errors import UserError
from photofind.gui.bridge import Bridge
from photofind.library import Library
from photofind.records import Picture

CACHE_BYTES = 384 * 2**20

Then = Callable[[int, QImage], None]
Failed = Callable[[int, str], None]


@dataclass(slots=True)
class _Load:
    """A picture on its way."""

    photo_id: int
    px: int
    topic: str
    then: Then
    failed: Failed | None


class FullImages:
    """Pictures by photo id and size.

    Args:
        library: Asked for the encoded picture.
        bridge: Brings the answers to the window's thread.
        topic: Begins the topics of the questions; each user of the bridge has its own.
    """

    def __init__(self, library: Library, bridge: Bridge, topic: str) -> None:
        self._library = library
        self._bridge = bridge
        self._topic = topic
        self._kept: OrderedDict[int, tuple[int, QImage]] = OrderedDict()
        self._kept_bytes = 0
        self._loads: dict[str, _Load] = {}
        self._numbers = itertools.count(1)

    def get(self, photo_id: int, px: int) -> QImage | None:
        """Return a picture that was loaded with at least `px` on its longer side allowed."""
        entry = self._kept.get(photo_id)
        if entry is None or entry[0] < px:
            return None
        self._kept.move_to_end(photo_id)
        return entry[1]

    def load(self, photo_id: int, px: int, then: Then, failed: Failed | None = None, *, place: str = "") -> None:
        """Load a picture and call `then` on this thread.

        Args:
            photo_id: The photo.
            px: Longer side at most.
            then: Called with the photo's id and the picture.
            failed: Called with the photo's id and a sentence; None ignores failures.
            place: A newer question for the same place makes this one stale: it is never answered.
        """
        for other, load in self._loads.items():
            if load.photo_id == photo_id and load.px == px:
                if other != place:
                    self.drop(place)
                    self._loads[place] = self._loads.pop(other)
                load.then, load.failed = then, failed
                return
        self.drop(place)
        load = _Load(photo_id, px, f"{self._topic}:{next(self._numbers)}", then, failed)
        self._loads[place] = load

        def on_failed(sentence: str) -> None:
            self._end(load)
            if load.failed is not None:
                load.failed(photo_id, sentence)

        def on_image(image: QImage) -> None:
            self._end(load)
            self._keep(photo_id, px, image)
            load.then(photo_id, image)

        def on_picture(picture: Picture) -> None:
            self._bridge.ask(_image_later(picture), on_image, topic=load.topic, failed=on_failed)

        try:
            answer = self._library.full_image(photo_id, px)
        except UserError as error:
            # The photo left the library since it was shown.
            on_failed(str(error))
            return
        self._bridge.ask(answer, on_picture, topic=load.topic, failed=on_failed)

    def drop(self, place: str = "") -> None:
        """Forget the open question of a place."""
        load = self._loads.pop(place, None)
        if load is not None:
            self._bridge.drop(load.topic)

    def drop_all(self) -> None:
        """Forget every open question."""
        for place in list(self._loads):
            self.drop(place)

    def _end(self, load: _Load) -> None:
        self._loads = {place: other for place, other in self._loads.items() if other is not load}

    def forget(self) -> None:
        """Give the memory back."""
        self._kept.clear()
        self._kept_bytes = 0

    def _keep(self, photo_id: int, px: int, image: QImage) -> None:
        old = self._kept.pop(photo_id, None)
        if old is not None:
            self._kept_bytes -= old[1].sizeInBytes()
        self._kept[photo_id] = (px, image)
        self._kept_bytes += image.sizeInBytes()
        while self._kept_bytes > CACHE_BYTES and len(self._kept) > 1:
            _photo_id, (_px, oldest) = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.sizeInBytes()


def to_image(picture: Picture) -> QImage:
    """Return a picture as Qt paints it; from any thread, 2 ms for each Mpixel."""
    stride = picture.width_px * 4
    shared = QImage(picture.rgbx, picture.width_px, picture.height_px, stride, QImage.Format.Format_RGBX8888)
    # Converting copies: the bytes belong to Python.
    return shared.convertToFormat(QImage.Format.Format_RGB32)


def _image_later(picture: Picture) -> "Future[QImage]":
    future: Future[QImage] = Future()

    def work() -> None:
        if not future.set_running_or_notify_cancel():
            return
        future.set_result(to_image(picture))

    threading.Thread(target=work, name="full-image", daemon=True).start()
    return future
