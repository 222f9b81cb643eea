"""What is asked for: the place in the sidebar, the filters, the query and the order, made one question.

Owned by the main window, on its thread; it asks nothing itself. Sidebar and query bar know nothing of each other,
yet a choice in one changes the other: a tag chosen at the left is a filter, a live collection brings its query,
and what is looked for cannot stand beside a page that is no list. All of that is kept here, so that the window has
one question and one signal that it is another one. An alternative that lost: signals between the two widgets, where
each change came back as a second question.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from photofind.errors import PhotofindError
from photofind.gui.commands import Commands
from photofind.gui.image_search import ImageSearch
from photofind.gui.late_pages import PLACES
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_model import PhotoModel
from photofind.gui.query_bar import ChipLook, QueryBar
from photofind.gui.sidebar import Place, Sidebar
from photofind.gui.translation import core_sentence
from photofind.records import Collection, Filter, PhotoPart, Query, QueryPart, SortOrder, WordsPart


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for; two that are equal ask for the same list."""

    place: Place
    filter: Filter
    parts: tuple[QueryPart, ...]
    """Of the query; without any the photos are only listed."""
    order: SortOrder
    """Of a mere list."""


class Asking(Commands):
    """See the module.

    Args:
        window: Owner.
        message: Says what of a live collection is not there any more.
        sidebar: Where photos are looked for.
        query_bar: What is looked for.
        model: Knows the photos of a live collection's query.
        image_search: Gives them their chips.
    """

    changed = Signal()
    """Another question is to be asked, or the same one anew."""

    def __init__(
        self,
        window: QWidget,
        message: MessageBar,
        sidebar: Sidebar,
        query_bar: QueryBar,
        model: PhotoModel,
        image_search: ImageSearch,
    ) -> None:
        super().__init__(window, message)
        self._sidebar = sidebar
        self._query_bar = query_bar
        self._model = model
        self._image_search = image_search
        self._placed_tag: str | None = None
        """The tag that the sidebar put into the filters; it goes out of them with another choice there."""
        self._live: Query | None = None
        """What the chosen live collection asks for."""
        self._awaited: bytes | None = None
        """The folder that is meant, until the sidebar knows the folders."""

    def question(self) -> Question:
        """Return what is asked for now."""
        place = self._sidebar.place() if self._awaited is None else Place.FOLDER
        return Question(place, self._filter(), self._query_bar.parts(), self._order())

    def _filter(self) -> Filter:
        collection = self._sidebar.collection()
        if collection is None:
            return replace(self._query_bar.filter(), directory=self._awaited or self._sidebar.path())
        if collection.is_live:
            # What no panel shows: where the search was saved.
            saved = self._live.filter if self._live is not None else Filter()
            return replace(self._query_bar.filter(), directory=saved.directory, collection_id=saved.collection_id)
        return replace(self._query_bar.filter(), collection_id=collection.collection_id)

    def _order(self) -> SortOrder:
        fixed = {Place.RECENT: SortOrder.ADDED, Place.COLLECTION: SortOrder.COLLECTION}
        collection = self._sidebar.collection()
        if collection is not None and collection.is_live:
            return self._query_bar.order()
        return fixed.get(self._sidebar.place(), self._query_bar.order())

    # Choices that do not ask anew

    def choose_quietly(self, place: Place, path: bytes | None = None) -> None:
        """Move the sidebar's choice without asking anew."""
        self._sidebar.blockSignals(True)
        self._sidebar.choose(place, path)
        self._sidebar.blockSignals(False)

    def choose_tag_quietly(self, tag: str) -> None:
        """Choose a tag in the sidebar without asking anew."""
        self._sidebar.blockSignals(True)
        self._sidebar.choose_tag(tag)
        self._sidebar.blockSignals(False)
        self._place_tag(tag)

    def choose_later(self, path: bytes) -> None:
        """Mean a folder that the sidebar will only know with `find_folder`."""
        self._awaited = path

    def look_everywhere(self) -> None:
        """Leave the chosen place: an image is looked for everywhere; a folder chosen afterwards narrows it."""
        if self._sidebar.place() is not Place.ALL:
            self._place_tag(None)
            self.choose_quietly(Place.ALL)

    # What changed

    def find_folder(self) -> None:
        """Choose the folder that is meant, now that the sidebar has the folders; all photos if it is gone."""
        if self._awaited is None:
            return
        path, self._awaited = self._awaited, None
        self.choose_quietly(Place.FOLDER, path)
        if self._sidebar.path() != path:
            self.changed.emit()

    def follow_place(self) -> None:
        """Ask for what was chosen in the sidebar."""
        self._place_tag(self._sidebar.tag())
        self._awaited = None
        collection = self._sidebar.collection()
        if collection is not None and collection.is_live:
            self._show_live(collection)
            return
        if self._live is not None:  # its filters go with it
            self._live = None
            self._query_bar.filters.clear(is_quiet=True)
        if self._sidebar.place() is not Place.FOLDER and self._query_bar.parts():
            # Choosing a list means to see that list; choosing a folder narrows the search to it.
            self._query_bar.clear()
        else:
            self.changed.emit()

    def follow_query(self) -> None:
        """Ask for what was put into the query, or list the photos once nothing is left in it."""
        parts = self._query_bar.parts()
        if parts and self._sidebar.place() in PLACES:
            self.choose_quietly(Place.ALL)
        elif not parts and self._live is not None and self._live.parts:
            # Without what it looks for nothing of the live collection is left; its filters go with it.
            self._live = None
            self._query_bar.filters.clear(is_quiet=True)
            self.choose_quietly(Place.ALL)
        self._query_bar.set_tray_shown(bool(parts))
        self.changed.emit()

    def follow_filter(self) -> None:
        """Ask with the filters as they are now; without its tag among them a tag is not chosen any more."""
        tag = self._sidebar.tag()
        if tag is not None and self._query_bar.filter().tags != (tag,):
            self._placed_tag = None
            self.choose_quietly(Place.ALL)
        self.changed.emit()

    def follow_tag(self, old: str, new: str) -> None:
        """Go on showing the photos of a tag under its new name, and look for them by it."""
        self._sidebar.follow_tag(old, new)
        if self._placed_tag == old:
            self._placed_tag = new
        if self._query_bar.filter().tags == (old,):
            self._query_bar.filters.choose_tag(new, is_quiet=True)

    def _place_tag(self, tag: str | None) -> None:
        """Put the tag of the sidebar into the filters, or take it out of them, without asking anew."""
        if tag is not None:
            self._query_bar.filters.choose_tag(tag, is_quiet=True)
        elif self._placed_tag is not None and self._query_bar.filter().tags == (self._placed_tag,):
            self._query_bar.filters.choose_tag(None, is_quiet=True)
        self._placed_tag = tag

    def _show_live(self, collection: Collection) -> None:
        """Make the saved query the one in force; changing it afterwards changes nothing saved."""
        if self._open is None:
            return
        library, _bridge = self._open
        try:
            saved = library.saved_query(collection.collection_id)
        except PhotofindError as error:
            self._message.say(core_sentence(str(error)))
            return
        for remark in saved.remarks:
            self._message.say(core_sentence(remark))
        self._live = saved.query
        self._query_bar.likeness.choose(saved.query.cut)
        ids = [part.photo_id for part in saved.query.parts if isinstance(part, PhotoPart)]
        photos = {photo.photo_id: photo for photo in self._model.photos(ids)}
        self._query_bar.filters.set_filter(saved.query.filter, is_quiet=True)
        look = self._image_search.look
        self._query_bar.set_parts(
            [
                (part, look(photos[part.photo_id]) if isinstance(part, PhotoPart) else ChipLook(part.text))
                for part in saved.query.parts
                if isinstance(part, WordsPart) or (isinstance(part, PhotoPart) and part.photo_id in photos)
            ]
        )
