"""What is dropped and pasted: images are looked for, folders are passed on, and of the rest it is said why not.

Owned by the main window, on its thread. `incoming` sorts what the data hold; here it is decided what follows. The
window hands its drag events over: a veil says beforehand what a drop would do.
"""

import os

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from photofind.gui import wording
from photofind.gui.commands import Commands
from photofind.gui.drop_hint import DropHint
from photofind.gui.image_search import MOST_PARTS, ImageSearch
from photofind.gui.incoming import Incoming, may_hold, sort_incoming
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.query_bar import ChipLook, QueryBar
from photofind.gui.quick_look import folders_among
from photofind.records import ImagePart


class Intake(Commands):
    """See the module.

    Args:
        window: What the veil covers.
        grid: Its own photos are not taken in.
        message: Says what came of it.
        query_bar: Takes pasted words, and images that are dropped on it.
        search: Looks for the images.
    """

    folders_came = Signal(object)
    """A tuple of paths."""

    def __init__(
        self, window: QWidget, grid: PhotoGrid, message: MessageBar, query_bar: QueryBar, search: ImageSearch
    ) -> None:
        super().__init__(window, message)
        self._grid = grid
        self._query_bar = query_bar
        self._search = search
        self._hint = DropHint(window)

    # Dropping

    def enter(self, event: QDragEnterEvent) -> None:
        """Say what a drop would do."""
        if self._open is None or event.source() is self._grid or not may_hold(event.mimeData()):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        urls = event.mimeData().urls()[:8]
        incoming_folder = bool(folders_among([os.fsencode(url.toLocalFile()) for url in urls if url.isLocalFile()]))
        self._hint.show_text(
            self.tr("Drop to add this folder, or to compare it with your library")
            if incoming_folder
            else self.tr("Drop to find photos like this")
        )

    def leave(self) -> None:
        """Take the veil away."""
        self._hint.hide()

    def drop(self, event: QDropEvent) -> None:
        """Look for what was dropped."""
        self._hint.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        # Not inside the drop: the program it came from waits until this returns.
        incoming = sort_incoming(event.mimeData())
        QTimer.singleShot(0, self, lambda: self.take_in(incoming))

    # Pasting

    def paste(self) -> None:
        """Look for the image in the clipboard, or for its words."""
        data: QMimeData | None = QApplication.clipboard().mimeData()
        incoming = sort_incoming(data) if data is not None else Incoming()
        if incoming.is_empty and data is not None and data.hasText():
            self._query_bar.focus_words()
            self._query_bar.words.paste()
            self._query_bar.query_changed.emit()
        elif incoming.is_empty:
            self._message.say(self.tr("There is no image in the clipboard."))
        else:
            self.take_in(incoming)

    # Taking in

    def take_in(self, incoming: Incoming) -> None:
        """Look for the images of a drop or a paste, and pass its folders on."""
        if self._open is None:  # the window closed before the drop was acted on
            return
        if incoming.is_from_web:
            self._message.say(
                self.tr(
                    "PhotoFind does not use the internet, and this is only an address on the web. Drag the picture "
                    "itself, or copy it and paste it here."
                )
            )
        elif incoming.image is not None:
            self._search.find_image(ImagePart(data=incoming.image), self.tr("Pasted image"))
        elif incoming.files:
            files = incoming.files
            if len(files) == 1:
                self._search.find_image(ImagePart(path=files[0]), wording.display_name(files[0]))
            else:
                self._search.start([self._search.part_of(path) for path in files[:MOST_PARTS]])
            if len(files) > MOST_PARTS:
                self._message.say(
                    self.tr("Looking for the first {n}; more at once say nothing clear.").format(n=MOST_PARTS)
                )
        if incoming.folders:
            self.folders_came.emit(tuple(incoming.folders))

    def add_to_query(self, incoming: Incoming) -> None:
        """Add what was dropped beside the words to what is looked for, where a drop on the photos begins anew."""
        if incoming.folders or incoming.is_from_web or self._open is None:
            self.take_in(incoming)
            return
        if incoming.image is not None:
            part = ImagePart(data=incoming.image)
            self._query_bar.add_part(part, ChipLook(self.tr("Pasted image")))
        for path in incoming.files[:MOST_PARTS]:
            self._query_bar.add_part(*self._search.part_of(path))
