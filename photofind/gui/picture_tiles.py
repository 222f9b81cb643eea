"""Parts of large pictures at the scale they are seen, for whoever looks at them closely.

Owned by the viewer and by the comparison, on the GUI thread. The library decodes a picture once, in a process of
its own, and gives what is asked of it in squares of `TILE_PX`: what is seen first, then what lies around it, a few
at a time, so that moving on changes what comes next. A picture that is seen smaller than 1:1 is given smaller, by
halves, as the levels of a map are. The last tiles are kept up to `KEPT_BYTES`; of 200 Mpixel only those can be
here.

Measured with an ICC profile to be converted: 290 CPU-ms of the process to decode 17 Mpixel, 1.2 s for 200, then 5
for each tile, most of it colours; 1 in the program. Tiles of 256 pixels cost twice that for each pixel, and of 1024
a third less, but there a corner that comes into sight takes four times as long. By the clock, on 2 cores with a
load of 9, sharp at 1:1 after 1.5 s at 17 Mpixel (as a whole 1.5), 1.4 at 24 (2.3), 2.8 at 50 (4.3), 2.6 at 108
(9.3), 5.4 at 200 (not at all); the process takes 0.8 GB for these.

What lost: handing over the whole picture. Python's lock is held while its bytes are unpacked and copied, 4 ms for
each Mpixel, and everything in the window waits: 340 ms at 50 Mpixel, 2 s for four pictures side by side, and 200
Mpixel never came. A raw file or shared memory between the processes would have to be written in
full first, colours converted, and cleared away after a crash. QImageReader's clip decodes all above it again for
every part.
"""

import itertools
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from photofind.errors import UserError
from photofind.gui.bridge import Bridge
from photofind.gui.full_image import to_image
from photofind.library import Library
from photofind.records import Photo, Picture

TILE_PX = 512
KEPT_BYTES = 256 * 2**20
LEAST_PIXELS = 4_000_000
"""Smaller pictures are handed over whole: 16 MB, and nothing is ever missing while they are moved."""
_AT_ONCE = 3
"""Tiles asked of the library and not answered: one that is made, one on its way there, one on its way back."""


class Tile(NamedTuple):
    """A square of a picture that was halved `level` times, by its place in the raster."""

    level: int
    column: int
    row: int


@dataclass(slots=True)
class _Wish:
    """What a widget lacks of a photo: what it shows, and what lies around that."""

    photo: Photo
    seen: list[Tile] = field(default_factory=list)
    around: list[Tile] = field(default_factory=list)


class PictureTiles:
    """Tiles of all pictures that one view shows.

    Args:
        library: Asked for them.
        bridge: Brings them here.
        topic: Begins the topics of the questions; each user of the bridge has its own.
        failed: Called with a photo's id and a sentence where a picture cannot be read.
    """

    def __init__(self, library: Library, bridge: Bridge, topic: str, failed: Callable[[int, str], None]) -> None:
        self._library = library
        self._bridge = bridge
        self._topic = topic
        self._failed = failed
        self._kept: OrderedDict[tuple[int, Tile], QImage] = OrderedDict()
        self._kept_bytes = 0
        self._wishes: dict[tuple[QWidget, int], _Wish] = {}
        self._asked: dict[tuple[int, Tile], str] = {}
        self._unreadable: set[int] = set()
        self._numbers = itertools.count(1)
        self._has_asked = False

    def of(self, photo: Photo) -> "TiledPicture | None":
        """Return what a canvas shows of a photo; None for one that is better handed over whole."""
        if photo.width_px * photo.height_px < LEAST_PIXELS or not photo.is_online:
            return None
        return TiledPicture(self, photo)

    def get(self, photo_id: int, tile: Tile) -> QImage | None:
        """Return a tile that is here."""
        key = (photo_id, tile)
        image = self._kept.get(key)
        if image is not None:
            self._kept.move_to_end(key)
        return image

    def want(self, asker: QWidget, photo: Photo, seen: Sequence[Tile], around: Sequence[Tile]) -> None:
        """Replace what `asker` is waiting for; it is updated when something of it came.

        Args:
            asker: Who paints them.
            photo: Whose.
            seen: What it shows, the most urgent first.
            around: What it may show next.
        """

        def lacking(tiles: Sequence[Tile]) -> list[Tile]:
            return [tile for tile in tiles if (photo.photo_id, tile) not in self._kept]

        key = (asker, photo.photo_id)
        self._wishes.pop(key, None)
        if photo.photo_id in self._unreadable:
            return
        wish = _Wish(photo, lacking(seen), lacking(around))
        if wish.seen or wish.around:
            self._wishes[key] = wish
        self._ask()

    def is_waiting(self, asker: QWidget, photo_id: int) -> bool:
        """Tell whether something that `asker` shows of a photo is on its way."""
        wish = self._wishes.get((asker, photo_id))
        return wish is not None and bool(wish.seen)

    def forget(self) -> None:
        """Give the memory back, here and in the process that decodes."""
        self._wishes.clear()
        for topic in self._asked.values():
            self._bridge.drop(topic)
        self._asked.clear()
        self._kept.clear()
        self._kept_bytes = 0
        self._unreadable.clear()
        if self._has_asked:
            self._has_asked = False
            self._library.end_parts()

    def _ask(self) -> None:
        """Ask for what is wanted most."""
        while len(self._asked) < _AT_ONCE:
            chosen = self._next()
            if chosen is None:
                return
            self._begin(*chosen)

    def _next(self) -> tuple[Photo, Tile] | None:
        wishes = list(self._wishes.values())
        tiles = [(wish.photo, tile) for wish in wishes for tile in wish.seen]
        tiles += [(wish.photo, tile) for wish in wishes for tile in wish.around]
        return next((each for each in tiles if (each[0].photo_id, each[1]) not in self._asked), None)

    def _begin(self, photo: Photo, tile: Tile) -> None:
        key = (photo.photo_id, tile)
        topic = self._asked[key] = f"{self._topic}:{next(self._numbers)}"
        self._has_asked = True
        box = box_of(tile, photo.width_px, photo.height_px)
        scale = 1 << tile.level
        size = (-(-box.width() // scale), -(-box.height() // scale))

        def on_picture(picture: Picture) -> None:
            self._asked.pop(key, None)
            self._keep(key, to_image(picture))
            self._ask()

        def on_failed(sentence: str) -> None:
            self._asked.pop(key, None)
            is_first = photo.photo_id not in self._unreadable
            self._unreadable.add(photo.photo_id)
            self._wishes = {each: wish for each, wish in self._wishes.items() if each[1] != photo.photo_id}
            if is_first:
                self._failed(photo.photo_id, sentence)
            self._ask()

        edges = (box.left(), box.top(), box.left() + box.width(), box.top() + box.height())
        try:
            answer: Future[Picture] = self._library.image_part(photo, edges, size)
        except UserError as error:
            on_failed(str(error))
            return
        self._bridge.ask(answer, on_picture, topic=topic, failed=on_failed)

    def _keep(self, key: tuple[int, Tile], image: QImage) -> None:
        self._kept[key] = image
        self._kept_bytes += image.sizeInBytes()
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _key, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.sizeInBytes()
        photo_id, tile = key
        for (asker, wished_id), wish in list(self._wishes.items()):
            if wished_id != photo_id:
                continue
            if tile in wish.seen:
                wish.seen.remove(tile)
                asker.update()
            elif tile in wish.around:
                wish.around.remove(tile)


@dataclass(frozen=True, slots=True)
class TiledPicture:
    """The tiles of one photo, as a canvas asks for them."""

    _tiles: PictureTiles
    photo: Photo

    def get(self, tile: Tile) -> QImage | None:
        """Return a tile that is here."""
        return self._tiles.get(self.photo.photo_id, tile)

    def want(self, asker: QWidget, seen: Sequence[Tile], around: Sequence[Tile]) -> None:
        """Say what is lacking."""
        self._tiles.want(asker, self.photo, seen, around)

    def is_waiting(self, asker: QWidget) -> bool:
        """Tell whether something that `asker` shows is on its way."""
        return self._tiles.is_waiting(asker, self.photo.photo_id)


def box_of(tile: Tile, width_px: int, height_px: int) -> QRect:
    """Return what a tile shows, in pixels of the whole picture."""
    side = TILE_PX << tile.level
    return QRect(tile.column * side, tile.row * side, side, side) & QRect(0, 0, width_px, height_px)


def tiles_in(area: QRect, level: int, width_px: int, height_px: int) -> list[Tile]:
    """Return the tiles of a level that show something of an area, those near its middle first."""
    inside = area & QRect(0, 0, width_px, height_px)
    if inside.isEmpty():
        return []
    side = TILE_PX << level
    middle = inside.center()
    places = [
        Tile(level, column, row)
        for row in range(inside.top() // side, inside.bottom() // side + 1)
        for column in range(inside.left() // side, inside.right() // side + 1)
    ]

    def distance(tile: Tile) -> int:
        x, y = tile.column * side + side // 2 - middle.x(), tile.row * side + side // 2 - middle.y()
        return x * x + y * y

    return sorted(places, key=distance)
