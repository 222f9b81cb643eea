"""What stands where there are no photos: why there are none, and the one thing that helps.

Owned by the main window, on its thread. An empty list has many reasons, and the nearest is said: first what the
person asked for themselves, then what indexing does, then the disk, last the place. The page itself only shows
words and a button; where there is no folder at all, the first screen stands instead.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from photofind.events import Stage
from photofind.gui.commands import Commands
from photofind.gui.first_run_page import FirstRunPage
from photofind.gui.message_bar import MessageBar
from photofind.gui.query_bar import QueryBar
from photofind.gui.shown_answer import ShownAnswer
from photofind.gui.sidebar import Place, Sidebar
from photofind.gui.state_page import StatePage
from photofind.gui.translation import core_sentence
from photofind.records import Folder


class NoPhotos(Commands):
    """See the module.

    Args:
        window: Owner.
        message: Says what the library refused.
        pages: Has both pages, and shows the one that is meant.
        page: Says why.
        first_run: Stands where the library has no folder.
        query_bar: What is asked for may be the reason.
        sidebar: So may the place.
        shown: Knows what was found, though too little alike.
    """

    add_folder_wanted = Signal()
    list_wanted = Signal()
    """Listing failed, and may be tried again."""

    def __init__(
        self,
        window: QWidget,
        message: MessageBar,
        pages: QStackedWidget,
        page: StatePage,
        first_run: FirstRunPage,
        query_bar: QueryBar,
        sidebar: Sidebar,
        shown: ShownAnswer,
    ) -> None:
        super().__init__(window, message)
        self._pages = pages
        self._page = page
        self._first_run = first_run
        self._query_bar = query_bar
        self._sidebar = sidebar
        self._shown = shown

    # Before there is a library

    def show_nothing(self) -> None:
        """Say nothing yet: most libraries are open before anybody has read it."""
        self._say("photos", "")

    def show_opening(self) -> None:
        """Say that the library is being opened, unless why it cannot be is said already."""
        if not self._page.title():
            self._say("photos", self.tr("Opening the library"))

    def show_open_error(self, sentence: str, again: Callable[[], None]) -> None:
        """Say why the library could not be opened."""
        self._say("problem", self.tr("The library cannot be opened"), core_sentence(sentence),
                  self.tr("Try again"), again)  # fmt: skip

    # With one

    def show_search_failure(self, sentence: str) -> None:
        """Say why nothing could be searched."""
        self._say("problem", self.tr("This search did not work"), core_sentence(sentence),
                  self.tr("Clear search"), self._query_bar.clear)  # fmt: skip

    def show_list_failure(self, sentence: str) -> None:
        """Say why the photos could not be listed."""
        self._say("problem", self.tr("The photos cannot be listed"), core_sentence(sentence),
                  self.tr("Try again"), self.list_wanted.emit)  # fmt: skip

    def show_reason(self) -> None:
        """Say why the list is empty."""
        if self._open is None:
            return
        library, _bridge = self._open
        progress = library.progress()
        is_busy = progress.stage in (Stage.SCANNING, Stage.INDEXING)
        if self._query_bar.parts():
            if not library.summary().photos:
                self._say("search", self.tr("There is nothing to search yet"),
                          self.tr("Photos appear here as soon as they are read."),
                          self.tr("Clear search"), self._clear_everything)  # fmt: skip
            elif self._shown.answer is not None and self._shown.answer.hits:
                slider = self._query_bar.likeness
                self._say("search", slider.nothing_text(), slider.sentence(), slider.more_text(),
                          slider.show_more)  # fmt: skip
            else:
                self._say("search", self.tr("No photo matches"),
                          self.tr("Try other words or fewer filters."),
                          self.tr("Clear search"), self._clear_everything)  # fmt: skip
        elif self._query_bar.filters.active_count():
            self._say("filter", self.tr("No photo passes the filters"),
                      self.tr("None has everything that is asked for."),
                      self.tr("Clear filters"), self._query_bar.filters.clear)  # fmt: skip
        elif not library.folders():
            self._pages.setCurrentWidget(self._first_run)
        elif is_busy:
            self._say("photos", self.tr("Looking for photos"),
                      self.tr("They appear here as soon as they are read."), self.tr("Pause"),
                      lambda: self._tell(lambda library, _bridge: library.pause()))  # fmt: skip
        elif progress.stage is Stage.PAUSED:
            self._say("pause", self.tr("Indexing is paused"),
                      self.tr("Photos appear here when it goes on."), self.tr("Resume"),
                      lambda: self._tell(lambda library, _bridge: library.resume()))  # fmt: skip
        elif (folder := self._chosen_folder()) is not None and not folder.is_online:
            path = folder.path
            title = (self.tr("This folder does not answer now") if folder.is_silent
                     else self.tr("This folder is not connected now"))  # fmt: skip
            self._say("offline", title,
                      core_sentence(folder.offline_reason) or self.tr("Connect its drive, then look again."),
                      self.tr("Look again"),
                      lambda: self._tell(lambda library, _bridge: library.rescan(path)))  # fmt: skip
        elif self._sidebar.collection() is not None:
            self._say("collection", self.tr("This collection is empty"),
                      self.tr("Drag photos onto its name, or use “Add to collection” in their menu."),
                      self.tr("Show all photos"), partial(self._sidebar.choose, Place.ALL))  # fmt: skip
        else:
            self._say("folder", self.tr("There are no photos here"),
                      self.tr("New photos appear by themselves."),
                      self.tr("Add folder…"), self.add_folder_wanted.emit)  # fmt: skip

    def _say(
        self, icon: str, title: str, sentence: str = "", action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        self._page.say(icon, title, sentence, action, act)
        self._pages.setCurrentWidget(self._page)

    def _chosen_folder(self) -> Folder | None:
        path = self._sidebar.path()
        return self._sidebar.folder_at(path) if path is not None else None

    def _clear_everything(self) -> None:
        self._query_bar.filters.clear()
        self._query_bar.clear()
