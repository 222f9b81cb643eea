"""What is remembered between sessions: how the window stood, and where in the library the person was.

Owned by the main window, on its thread. The layout is back before the first paint. The place comes back by and by,
because lists arrive one after the other: the folder with the folders, the collection with the collections, the
photo with the first photos; and a choice the person makes meanwhile wins. What is remembered here is read from the
widgets at closing; saving each change as it comes lost, because scrolling is one.
"""

import base64
import binascii
import os

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QMainWindow, QSplitter

from photofind.gui.asking import Asking
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.query_bar import QueryBar
from photofind.gui.sidebar import Place, Sidebar
from photofind.records import SortOrder
from photofind.settings import Settings

_OPEN_FOLDERS = 200
"""Of those open in the sidebar, what is opened again at the next start."""


class LastSession(QObject):
    """See the module.

    Args:
        window: Has a size and a place on the screen.
        splitter: Its columns.
        settings: Read and written.
        sidebar: Has a choice, and open folders.
        query_bar: Has an order and a layout; while something is looked for, what is in sight is not remembered.
        grid: Has a photo with the keyboard, and what is in sight.
        asking: Takes the place of the last time.
    """

    def __init__(
        self,
        window: QMainWindow,
        splitter: QSplitter,
        settings: Settings,
        sidebar: Sidebar,
        query_bar: QueryBar,
        grid: PhotoGrid,
        asking: Asking,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._splitter = splitter
        self._settings = settings
        self._sidebar = sidebar
        self._query_bar = query_bar
        self._grid = grid
        self._asking = asking
        self._photo = 0
        """The photo to begin at, until photos were listed."""
        self._collection = 0
        """The collection to begin with, until the sidebar knows the collections."""

    # Beginning

    def restore_layout(self) -> None:
        """Give the window the size, the columns and the order of the last time."""
        self._query_bar.set_order(SortOrder(self._settings.text("sort_order")))
        layout, has_sections = self._settings.text("grid_layout"), self._settings.flag("grid_sections")
        self._query_bar.set_layout(layout, has_sections=has_sections)
        self._grid.set_justified(layout == "rows")
        self._grid.set_shows_sections(has_sections)
        geometry = _decoded(self._settings.text("window_geometry"))
        if geometry is None or not self._window.restoreGeometry(geometry):
            self._window.resize(self._window.sizeHint())
        state = _decoded(self._settings.text("window_state"))
        if state is not None:
            self._splitter.restoreState(state)

    def restore_place(self) -> None:
        """Begin where the person was: the list or folder of the last time, and the photo that had the keyboard."""
        name, _colon, path = self._settings.text("place").partition(":")
        if name == Place.FOLDER and path:
            self._asking.choose_later(os.fsencode(path))
        elif name == Place.COLLECTION and path.isdecimal():
            self._collection = int(path)
        elif name == Place.TAG and path:
            self._asking.choose_tag_quietly(path)
        elif name in [place.value for place in Place]:
            self._asking.choose_quietly(Place(name))
        self._photo = int(self._settings.number("current_photo"))
        open_folders = self._settings.text("open_folders")
        self._sidebar.open_later([os.fsencode(path) for path in open_folders.split("\n") if path])

    def begin_at_photo(self) -> None:
        """Choose the photo of the last time once it can be listed, and scroll to what was in sight then."""
        if not self._photo or self._collection:
            return
        self._grid.select_photo(self._photo)
        self._grid.scrollTo(self._grid.currentIndex(), PhotoGrid.ScrollHint.PositionAtCenter)
        self._photo = 0
        top_photo = int(self._settings.number("top_photo"))
        if self._grid.photo_model().row_of(top_photo) >= 0:
            self._grid.show_place((top_photo, int(self._settings.number("top_px"))))

    def begin_in_collection(self) -> None:
        """Choose the collection of the last time, now that the sidebar has them."""
        collection_id, self._collection = self._collection, 0
        if collection_id and not self._sidebar.choose_collection(collection_id):
            self.begin_at_photo()

    def forget_collection(self) -> None:
        """Stay where the person went meanwhile."""
        self._collection = 0

    # Ending

    def save_layout(self) -> None:
        """Remember size and columns."""
        self._settings.set("window_geometry", _encoded(self._window.saveGeometry()))
        self._settings.set("window_state", _encoded(self._splitter.saveState()))

    def save_place(self) -> None:
        """Remember the list, the photo with the keyboard and what is in sight."""
        path = self._sidebar.path()
        try:
            place = f"{self._sidebar.place()}:{path.decode()}" if path is not None else str(self._sidebar.place())
        except UnicodeDecodeError:
            place = Place.ALL.value  # TOML holds text, and this name is none
        if (collection := self._sidebar.collection()) is not None:
            place = f"{Place.COLLECTION}:{collection.collection_id}"
        elif (tag := self._sidebar.tag()) is not None:
            place = f"{Place.TAG}:{tag}"
        self._settings.set("place", place)
        folders = [path for path in self._sidebar.open_folders() if b"\n" not in path][:_OPEN_FOLDERS]
        self._settings.set("open_folders", "\n".join(path.decode() for path in folders if _is_text(path)))
        if self._photo == 0:  # else the photos were never listed
            self._settings.set("current_photo", self._grid.current_id() or 0)
            sight = self._grid.place() if not self._query_bar.parts() else None
            self._settings.set("top_photo", sight[0] if sight is not None else 0)
            self._settings.set("top_px", sight[1] if sight is not None else 0)


def _is_text(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def _encoded(state: QByteArray) -> str:
    return base64.b64encode(bytes(state.data())).decode()


def _decoded(text: str) -> QByteArray | None:
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except binascii.Error:
        return None
