"""Looking for images: photos of the library, files and pixels from outside, and parts of any of them.

Owned by the main window, on its thread. It turns images into parts of the query and gives each its chip; what the
query then finds is the window's concern. Chips come at once: one whose picture is not in memory gets it as soon as
it is decoded.
"""

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from photofind.gui import wording
from photofind.gui.bridge import Bridge
from photofind.gui.chosen import Chosen
from photofind.gui.commands import Commands
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.query_bar import ChipLook, QueryBar, part_look, photo_look
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import ImagePart, Photo, PhotoPart, Picture, QueryPart

if TYPE_CHECKING:
    from photofind.gui.region_selector import Region
    from photofind.library import Library

CHIP_PHOTO_PX = 96
"""Pictures of chips are asked for so large: a part of the photo is cut from it, on a screen of two pixels a
point."""
MOST_PARTS = 24
"""Photos taken into one query at once."""
REGION_PX = 1024
"""Longer side of the picture on which a part is chosen, in device-independent pixels."""


class ImageSearch(Commands):
    """See the module.

    Args:
        window: Parent of dialogs.
        chosen: Tells which photos are meant.
        grid: Has the keyboard once a search began.
        message: Says what the library refused.
        query_bar: Holds the parts of the query.
        thumbnails: Pictures for the chips.
    """

    starting = Signal()
    """The query is about to be replaced: an image is looked for everywhere."""

    def __init__(
        self,
        window: QWidget,
        chosen: Chosen,
        grid: PhotoGrid,
        message: MessageBar,
        query_bar: QueryBar,
        thumbnails: ThumbnailLoader,
    ) -> None:
        super().__init__(window, message)
        self._chosen = chosen
        self._grid = grid
        self._query_bar = query_bar
        self._thumbnails = thumbnails
        self._chip_photos: dict[int, int] = {}
        """Photos in the tray that have no picture yet, by content."""
        self._coming: set[tuple[bytes | None, bytes | None]] = set()
        """Images from outside whose pictures were asked for, by path and data."""
        thumbnails.loaded.connect(self._on_thumbnail_loaded)

    # Beginning anew

    def find_similar(self, photo_id: int) -> None:
        """Make the grid the ranking by one photo."""
        self._look_for([photo_id])

    def find_chosen(self) -> None:
        """Make the grid the ranking by the chosen photos."""
        chosen = self._chosen.ids(MOST_PARTS)
        if chosen:
            self._look_for(chosen)

    def find_part(self, photo_id: int, region: "Region") -> None:
        """Make the grid the ranking by a part of a photo: left, top, right, bottom as fractions."""
        for photo in self._grid.photo_model().photos([photo_id]):
            self.start([(PhotoPart(photo_id, region=region), part_look(self.look(photo)))])

    def find_image(self, part: ImagePart, name: str) -> None:
        """Make the grid the ranking by an image from outside."""
        known = self._known(part.path) if part.path is not None else None
        if known is not None:
            self._look_for([known])
        else:
            self.start([(part, ChipLook(name))])

    def ask_image(self) -> None:
        """Let the person choose an image file, and look for it."""
        name, _kind = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Find by image"),
            "",
            self.tr("Images ({patterns});;All files (*)").format(
                patterns="*.jpg *.jpeg *.png *.heic *.heif *.webp *.avif *.tif *.tiff *.gif *.bmp"
            ),
        )
        if name:
            self.find_image(ImagePart(path=os.fsencode(name)), os.path.basename(name))

    def start(self, parts: list[tuple[QueryPart, ChipLook]]) -> None:
        """Make these parts the whole query."""
        self.starting.emit()
        self._query_bar.set_parts(parts)
        self._grid.setFocus()

    def _look_for(self, photo_ids: list[int]) -> None:
        photos = self._grid.photo_model().photos(photo_ids[:MOST_PARTS])
        self.start([(PhotoPart(photo.photo_id), self.look(photo)) for photo in photos])

    # Changing the query

    def weigh(self, weight: float) -> None:
        """Ask for more (1) or less (-1) like the chosen photos."""
        for photo in self._chosen.photos(MOST_PARTS):
            self._query_bar.add_part(PhotoPart(photo.photo_id, weight), self.look(photo))

    def ask_region(self, part: ImagePart | PhotoPart) -> None:
        """Let the person choose which region of a query image is looked for."""
        from photofind.gui.full_image import to_image
        from photofind.gui.region_selector import RegionDialog

        name = self.tr("Pasted image")
        if isinstance(part, PhotoPart):
            photos = self._grid.photo_model().photos([part.photo_id])
            name = "".join(wording.display_name(photo.path) for photo in photos)
        elif part.path is not None:
            name = wording.display_name(part.path)

        def open_dialog(picture: Picture) -> None:
            image = to_image(picture)
            dialog = RegionDialog(image, part.region, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: use(dialog.region, ChipLook(name, QPixmap.fromImage(image))))
            dialog.open()

        def use(region: "Region | None", whole: ChipLook) -> None:
            look = whole if region is None else part_look(whole)
            self._query_bar.replace_part(part, replace(part, region=region), look)

        def ask(library: "Library", bridge: Bridge) -> None:
            px = round(REGION_PX * self._window.devicePixelRatioF())
            if isinstance(part, PhotoPart):
                picture = library.full_image(part.photo_id, px)
            else:
                picture = library.query_image(part, px)
            bridge.ask(picture, open_dialog, topic="region")

        self._tell(ask)

    # Parts and their chips

    def part_of(self, path: bytes) -> tuple[QueryPart, ChipLook]:
        """Return what a file is as a part of a query: a photo of the library, or an image from outside."""
        known = self._known(path)
        photos = self._grid.photo_model().photos([known]) if known is not None else []
        if photos:
            return PhotoPart(photos[0].photo_id), self.look(photos[0])
        part = ImagePart(path=path)
        return part, ChipLook(wording.display_name(path))

    def look(self, photo: Photo) -> ChipLook:
        """Return how a photo's chip looks; its picture follows when it is not in memory."""
        picture = self._thumbnails.pixmap(photo.content_id)
        if picture is None:
            self._chip_photos[photo.content_id] = photo.photo_id
            self._thumbnails.want(self._query_bar, list(self._chip_photos), CHIP_PHOTO_PX)
        return photo_look(photo.path, picture)

    def show_pictures(self) -> None:
        """Ask for the pictures of images from outside that have none yet.

        To be called when the search with them was answered: the process that decodes them read them for that, and
        the search must not wait for a chip. Decoding on this thread lost: a pasted photo of 50 million pixels
        takes most of a second.
        """

        def ask(library: "Library", bridge: Bridge) -> None:
            for part in self._query_bar.images_without_picture():
                key = (part.path, part.data)
                if key not in self._coming:
                    self._coming.add(key)
                    show = partial(self._on_picture, part)
                    gone = partial(self._on_no_picture, part)
                    bridge.ask(library.query_image(part, CHIP_PHOTO_PX), show, failed=gone)

        self._tell(ask)

    def _on_picture(self, part: ImagePart, picture: Picture) -> None:
        from photofind.gui.full_image import to_image

        self._coming.discard((part.path, part.data))
        self._query_bar.set_image_picture(part, QPixmap.fromImage(to_image(picture)))

    def _on_no_picture(self, part: ImagePart, _sentence: str) -> None:
        self._coming.discard((part.path, part.data))  # the sign stays; what is wrong with it the search says

    def _known(self, path: bytes) -> int | None:
        return self._open[0].photo_at(path) if self._open is not None else None

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        photo_id = self._chip_photos.pop(content_id, None)
        picture = self._thumbnails.pixmap(content_id)
        if photo_id is not None and picture is not None:
            self._query_bar.set_picture(photo_id, picture)
