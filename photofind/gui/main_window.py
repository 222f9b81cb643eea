"""The window: holds the parts together, turns what a person does into questions, and answers into what is shown.

Owned by the application, on Qt's thread. It stands before the library does: everything is built without one, and
`attach` brings it to life, so that the first paint waits for no database and no network. What is shown follows from
four things only: the place in the sidebar, the filter, the query and the order. Each change asks the library anew,
and an answer that was overtaken is dropped by the bridge.
"""

import base64
import binascii
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.errors import PhotofindError
from photofind.events import Progress, Stage
from photofind.gui import file_manager, icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.details_panel import DetailsPanel
from photofind.gui.drop_hint import DropHint, Incoming, may_hold, sort_incoming
from photofind.gui.first_run_page import FirstRunPage
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.photo_model import PhotoModel
from photofind.gui.query_bar import ChipLook, QueryBar, image_look, photo_look
from photofind.gui.shortcuts import ShortcutsDialog, make_actions
from photofind.gui.sidebar import Place, Sidebar
from photofind.gui.state_page import StatePage
from photofind.gui.status_bar import StatusBar
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.translation import core_sentence
from photofind.gui.trash import move_to_trash
from photofind.records import (
    Answer,
    Filter,
    Folder,
    Hit,
    ImagePart,
    Photo,
    PhotoPart,
    Query,
    QueryPart,
    RemovalReport,
    SortOrder,
    WordsPart,
)
from photofind.settings import Settings

if TYPE_CHECKING:
    from photofind.gui.duplicates_view import DuplicatesView
    from photofind.gui.models_page import ModelsPage
    from photofind.gui.problems_page import ProblemsPage
    from photofind.gui.viewer import Viewer
    from photofind.library import Library, MoveToTrash

HITS = 500
MOST_PARTS = 24
"""Photos taken into one query at once."""
DETAILED_PHOTOS = 200
"""Photos of a selection that the details add up."""
REFRESH_MS = 300
_PATIENCE_MS = 400
"""An answer that takes longer is announced."""
_COUNTS_MS = 700
_PAGES = (Place.DUPLICATES, Place.PROBLEMS, Place.NETWORKS)
"""Places that are a page of their own and no list of photos."""


class MainWindow(QMainWindow):
    """See the module.

    Args:
        settings: Read and written: size, order, layout, language, appearance.
        move: Moves one file to the trash; another one in tests.
    """

    def __init__(self, settings: Settings, *, move: "MoveToTrash" = move_to_trash) -> None:
        super().__init__()
        self._settings = settings
        self._move = move
        self._library: Library | None = None
        self._is_closed = False
        self._bridge: Bridge | None = None
        self._viewer: Viewer | None = None
        self._duplicates: DuplicatesView | None = None
        self._problems: ProblemsPage | None = None
        self._models: ModelsPage | None = None
        self._shown_question: tuple[object, ...] = ()
        self._answer: Answer | None = None
        self._hits: dict[int, Hit] = {}
        self._asked_at = 0.0
        self._answer_ms = 0.0
        self._browsed_at: tuple[int, int | None] | None = None
        self._wants_sidebar = True
        self._wants_details = True
        self.setWindowTitle("PhotoFind")
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)

        self.thumbnails = ThumbnailLoader(self._fetch_thumbnail, self)
        self.model = PhotoModel(self._fetch_photos, self)
        self.grid = PhotoGrid(self.model)
        self.grid.set_thumbnails(self.thumbnails)
        self.query_bar = QueryBar()
        self.sidebar = Sidebar()
        self.details = DetailsPanel(self.thumbnails)
        self.status = StatusBar()
        self.message = MessageBar()
        self.state_page = StatePage()
        self.first_run = FirstRunPage()
        self.pages = QStackedWidget()
        for page in (self.state_page, self.first_run, self.grid):
            self.pages.addWidget(page)
        self._lay_out()
        self._drop_hint = DropHint(self)
        self.actions_by_name = make_actions(self, self.grid, self._calls())
        self._make_menu()
        self._timers()
        self._connect()
        self._restore_layout()
        self._enable(False)
        self._show_state("photos", "")
        self._patience.start(_PATIENCE_MS)

    # Building

    def _lay_out(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.message)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        for widget in (self.sidebar, centre, self.details):
            self.splitter.addWidget(widget)
        self.splitter.setCollapsible(1, False)
        for place, stretch in enumerate((0, 1, 0)):
            self.splitter.setStretchFactor(place, stretch)
        self.sidebar.setMinimumWidth(160)
        centre.setMinimumWidth(280)
        self.splitter.setSizes([232, 900, 304])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.query_bar)
        rows.addWidget(self.splitter, 1)
        rows.addWidget(self.status)
        self.setCentralWidget(whole)

    def _calls(self) -> dict[str, Callable[[], None]]:
        calls: dict[str, Callable[[], None]] = {
            "find": self._focus_words,
            "open_image": self._on_open_image,
            "paste": self._on_paste,
            "back": self.go_back,
            "similar": self._on_find_similar,
            "preview": self._on_preview,
            "open": self._on_preview,
            "info": self._toggle_details,
            "copy": self._on_copy,
            "copy_path": self._on_copy_path,
            "select_all": self.grid.selectAll,
            "trash": self._on_trash,
            "undo": self._on_undo,
            "larger": lambda: self.set_cell_size(round(self.grid.cell_size() * 1.2)),
            "smaller": lambda: self.set_cell_size(round(self.grid.cell_size() / 1.2)),
            "sidebar": self._toggle_sidebar,
            "full_screen": self._toggle_full_screen,
            "keys": self._on_keys,
            "quit": self._on_quit,
        }
        calls |= {f"rate_{stars}": partial(self._on_rate, stars) for stars in range(6)}
        return calls

    def _make_menu(self) -> None:
        menu = QMenu(self)
        self._add_folder_action = QAction(self.tr("Add folder…"), self)
        icons.bind(self._add_folder_action, "folder-add")
        self._add_folder_action.triggered.connect(self._on_add_folder)
        self._settings_action = QAction(self.tr("Settings…"), self)
        icons.bind(self._settings_action, "settings")
        self._settings_action.setShortcut("Ctrl+,")
        self._settings_action.triggered.connect(self._on_settings)
        by_name = self.actions_by_name
        menu.addAction(self._add_folder_action)
        menu.addAction(by_name["open_image"])
        menu.addAction(by_name["undo"])
        menu.addSeparator()
        for name in ("sidebar", "info", "full_screen"):
            menu.addAction(by_name[name])
        menu.addSeparator()
        menu.addAction(self._settings_action)
        menu.addAction(by_name["keys"])
        menu.addAction(by_name["quit"])
        self.query_bar.menu_button.setMenu(menu)

    def _connect(self) -> None:
        bar, grid, sidebar, status = self.query_bar, self.grid, self.sidebar, self.status
        bar.query_changed.connect(self._on_query_changed)
        bar.filter_changed.connect(self._ask)
        bar.order_changed.connect(self._on_order_changed)
        bar.shows_scores_changed.connect(grid.set_shows_scores)
        bar.open_image_wanted.connect(self._on_open_image)
        bar.paste_wanted.connect(self._on_paste)
        bar.left_downwards.connect(grid.setFocus)
        bar.filters_opened.connect(self._on_filters_opened)
        grid.activated_photo.connect(self.open_viewer)
        grid.selection_changed.connect(self._on_selection_changed)
        grid.selectionModel().currentChanged.connect(self._on_selection_changed)
        grid.menu_requested.connect(self._on_menu_requested)
        grid.cell_size_changed.connect(self.set_cell_size)
        sidebar.chosen.connect(self._on_place_chosen)
        sidebar.add_folder_wanted.connect(self._on_add_folder)
        sidebar.rescan_wanted.connect(self._rescan)
        sidebar.remove_wanted.connect(self._on_remove_folder)
        sidebar.forget_wanted.connect(self._on_forget_missing)
        sidebar.show_wanted.connect(self._open_outside)
        status.pause_wanted.connect(lambda: self._tell(self.library.pause))
        status.resume_wanted.connect(lambda: self._tell(self.library.resume))
        status.stop_wanted.connect(lambda: self._tell(self.library.stop))
        status.problems_wanted.connect(lambda: sidebar.choose(Place.PROBLEMS))
        status.size_changed.connect(self.set_cell_size)
        self.first_run.add_folder_wanted.connect(self._on_add_folder)
        self.first_run.folder_chosen.connect(self.add_folder)
        self.details.find_similar.connect(self.find_similar)
        self.details.rating_changed.connect(self._rate)
        self.details.label_chosen.connect(self.show_label)
        self.pages.currentChanged.connect(self._on_page_changed)

    def _timers(self) -> None:
        self._refresh = QTimer(self, singleShot=True)
        self._refresh.timeout.connect(self._on_refresh)
        self._counts = QTimer(self, singleShot=True, interval=_COUNTS_MS)
        self._counts.timeout.connect(self._update_counts)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._on_patience_ended)
        self._details_timer = QTimer(self, singleShot=True, interval=30)
        self._details_timer.timeout.connect(self._update_details)
        self._size_timer = QTimer(self, singleShot=True, interval=800)
        self._size_timer.timeout.connect(self._save_size)

    # The library

    @property
    def library(self) -> "Library":
        """The open library; it is a bug to ask before `attach`."""
        assert self._library is not None
        return self._library

    @property
    def bridge(self) -> Bridge:
        """The library's voice; it is a bug to ask before `attach`."""
        assert self._bridge is not None
        return self._bridge

    def attach(self, library: "Library") -> None:
        """Bring the window to life."""
        if self._is_closed:  # closed while the library was being opened
            return
        self._library = library
        self._bridge = bridge = Bridge(library, self)
        bridge.photos_added.connect(self._on_photos_added)
        bridge.photos_changed.connect(self._on_photos_changed)
        bridge.photos_removed.connect(self._on_photos_removed)
        bridge.folders_changed.connect(self._on_folders_changed)
        bridge.photo_failed.connect(lambda _failure: self._count_soon())
        bridge.progress_changed.connect(self._on_progress)
        bridge.notice.connect(lambda sentence: self.message.say(core_sentence(sentence)))
        bridge.failed.connect(lambda sentence: self.message.say(core_sentence(sentence), stays=True))
        self._enable(True)
        self.thumbnails.retry_missing()
        self._on_progress(library.progress())
        self._update_counts()
        self.grid.setFocus()
        self._ask()

    # Pages that are made when they are first asked for: all at once would hold the window up for longer than 50 ms.

    def _viewer_page(self) -> "Viewer":
        if self._viewer is None:
            from photofind.gui.viewer import Viewer

            self._viewer = Viewer(self.library, self.bridge, self.thumbnails, self)
            self._viewer.find_similar.connect(self.find_similar)
            self._viewer.current_changed.connect(self.grid.select_photo)
            self._viewer.rating_changed.connect(self._rate)
        return self._viewer

    def _duplicates_page(self) -> "DuplicatesView":
        if self._duplicates is None:
            from photofind.gui.duplicates_view import DuplicatesView

            self._duplicates = DuplicatesView(self.library, self.bridge, self.thumbnails, move=self._move)
            self._duplicates.find_similar.connect(self.find_similar)
            self._duplicates.photo_opened.connect(lambda ids, row: self._viewer_page().show_photos(ids, row))
            self.pages.addWidget(self._duplicates)
        return self._duplicates

    def _problems_page(self) -> "ProblemsPage":
        if self._problems is None:
            from photofind.gui.problems_page import ProblemsPage

            self._problems = ProblemsPage(self.library, self.bridge)
            self.pages.addWidget(self._problems)
        return self._problems

    def _models_page(self) -> "ModelsPage":
        if self._models is None:
            from photofind.gui.models_page import ModelsPage

            self._models = ModelsPage(self.library, self.bridge)
            self._models.model_changed.connect(self._on_model_changed)
            self.pages.addWidget(self._models)
        return self._models

    def show_open_error(self, sentence: str, again: Callable[[], None]) -> None:
        """Say why the library could not be opened."""
        self._show_state("problem", self.tr("The library cannot be opened"), core_sentence(sentence),
                         self.tr("Try again"), again)  # fmt: skip

    def say(self, sentence: str) -> None:
        """Show a sentence in the message bar."""
        self.message.say(sentence)

    def add_folders(self, paths: tuple[bytes, ...]) -> None:
        """Add several folders, as given on the command line."""
        for path in paths:
            self.add_folder(path)

    def raise_up(self) -> None:
        """Come to the front: the program was started a second time."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def _tell(self, act: Callable[[], None]) -> None:
        """Give the library a command; a refusal (open for searching only) is a sentence.

        Nothing is told to a library the window let go: events that were on their way still arrive after closing.
        """
        if self._library is None:
            return
        try:
            act()
        except PhotofindError as error:
            self.message.say(core_sentence(str(error)))

    def _rescan(self, directory: bytes) -> None:
        self._tell(lambda: self.library.rescan(directory))

    def _fetch_photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        return self._library.photos(photo_ids) if self._library is not None else []

    def _fetch_thumbnail(self, content_id: int) -> bytes | None:
        return self._library.thumbnail(content_id) if self._library is not None else None

    def _enable(self, is_open: bool) -> None:
        for widget in (self.query_bar, self.sidebar):
            widget.setEnabled(is_open)
        for action in self.actions_by_name.values():
            if action.objectName() not in ("quit", "full_screen", "keys"):
                action.setEnabled(is_open)

    # The question

    def _filter(self) -> Filter:
        return replace(self.query_bar.filter(), directory=self.sidebar.path())

    def _order(self) -> SortOrder:
        return SortOrder.ADDED if self.sidebar.place() is Place.RECENT else self.query_bar.order()

    def _question(self) -> tuple[object, ...]:
        return (self.sidebar.place(), self._filter(), self.query_bar.parts(), self._order())

    def _ask(self) -> None:
        """Ask the library for what should be shown now."""
        if self._library is None:
            return
        place, parts = self.sidebar.place(), self.query_bar.parts()
        if place is Place.DUPLICATES:
            self.bridge.drop("list")
            self.pages.setCurrentWidget(self._duplicates_page())
            self._duplicates_page().refresh()
            self._on_selection_changed()
            return
        if place is Place.PROBLEMS:
            self.bridge.drop("list")
            self.pages.setCurrentWidget(self._problems_page())
            self._on_selection_changed()
            return
        if place is Place.NETWORKS:
            self.bridge.drop("list")
            self.pages.setCurrentWidget(self._models_page())
            self._on_selection_changed()
            return
        self.query_bar.set_relevance_offered(bool(parts))
        question = self._question()
        self._asked_at = time.monotonic()
        self._patience.start(_PATIENCE_MS)
        if parts:
            query = Query(parts, self._filter(), HITS)
            self.bridge.ask(
                self.library.search(query),
                lambda answer: self._on_answer(question, answer),
                topic="list",
                failed=self._on_search_failed,
            )
        else:
            self.bridge.ask(
                self.library.browse(self._filter(), self._order()),
                lambda ids: self._on_browsed(question, ids),
                topic="list",
                failed=self._on_browse_failed,
            )

    def _on_browsed(self, question: tuple[object, ...], ids: NDArray[np.int64]) -> None:
        self._answer = None
        self._hits = {}
        self._arrived(question, ids, None)
        if self._browsed_at is not None and len(ids):
            scroll, current = self._browsed_at
            self._browsed_at = None
            if current is not None:
                self.grid.select_photo(current)
            self.grid.verticalScrollBar().setValue(scroll)

    def _on_answer(self, question: tuple[object, ...], answer: Answer) -> None:
        self._answer = answer
        self._hits = {hit.photo_id: hit for hit in answer.hits}
        ids = np.array([hit.photo_id for hit in answer.hits], np.int64)
        self._arrived(question, self._sorted(ids), _badged(answer))
        count = self.locale().toString(len(ids))
        is_cut = len(ids) >= HITS
        text = self.tr("The {n} best").format(n=count) if is_cut else self.tr("%n photo(s)", "", len(ids))
        note = ""
        if answer.model_id:
            note = self.tr("Ranked by the network {model} in {ms} ms").format(
                model=wording.network_named(self.library.models(), answer.model_id),
                ms=self.locale().toString(round(answer.milliseconds)),
            )
        self.query_bar.show_result(text, is_exact=answer.is_exact and len(ids) > 0, note=note)
        self.query_bar.show_notice(self._notice_on(answer))

    def _notice_on(self, answer: Answer) -> str:
        """Return what a person should know of the words they typed; "" when all were understood."""
        if answer.unknown_words:
            words = self.tr(", ", "between unknown words").join(answer.unknown_words)
            return self.tr(
                "Not among the known words: {words}. Names, captions and tags were searched all the same; try a "
                "more common word for what photos show."
            ).format(words=words)
        has_words = any(isinstance(part, WordsPart) for part in answer.query.parts)
        if has_words and not any(hit.by_meaning for hit in answer.hits) and not self._understands_words():
            return self.tr(
                "The network in use understands no words, so only names, folders, captions and tags were searched. "
                "Another one can be chosen under Networks."
            )
        return ""

    def _understands_words(self) -> bool:
        return any(facts.has_words for facts in self.library.models() if facts.is_active)

    def _arrived(self, question: tuple[object, ...], ids: NDArray[np.int64], hits: dict[int, Hit] | None) -> None:
        self._patience.stop()
        self._answer_ms = (time.monotonic() - self._asked_at) * 1000
        is_same = question == self._shown_question
        self._shown_question = question
        self.grid.set_photos(ids, hits, keep_place=is_same)
        if not is_same:
            self.grid.clearSelection()
        if len(ids):
            had_focus = self.state_page.isAncestorOf(QApplication.focusWidget() or self)
            self.pages.setCurrentWidget(self.grid)
            if had_focus:
                self.grid.setFocus()
        else:
            self._show_empty()
        self._on_selection_changed()

    def _sorted(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return an answer's ids in the order chosen in the view menu."""
        order = self.query_bar.order()
        if order in (SortOrder.RELEVANCE, SortOrder.ADDED):
            # The library numbers photos as they come in.
            return ids if order is SortOrder.RELEVANCE else np.sort(ids)[::-1]
        photos = self.model.photos([int(n) for n in ids])
        if order is SortOrder.NAME:
            photos.sort(key=lambda photo: os.path.basename(photo.path).lower())
        elif order is SortOrder.SIZE:
            photos.sort(key=lambda photo: -photo.size_bytes)
        else:
            sign = -1 if order is SortOrder.NEWEST else 1
            photos.sort(key=lambda photo: sign * _taken_ms(photo))
        return np.array([photo.photo_id for photo in photos], np.int64)

    def _on_query_changed(self) -> None:
        parts = self.query_bar.parts()
        was_query = bool(self._shown_question and self._shown_question[2])
        if parts and not was_query and self._browsed_at is None:
            self._browsed_at = (self.grid.verticalOffset(), self.grid.current_id())
        if parts and self.sidebar.place() in _PAGES:
            self._choose_quietly(Place.ALL)
        self.query_bar.set_tray_shown(bool(parts))
        self._ask()

    def _on_order_changed(self) -> None:
        if self.query_bar.parts() and self._answer is not None:
            self._on_answer(self._question(), self._answer)
        else:
            if self.query_bar.order() is not SortOrder.RELEVANCE:
                self._settings.set("sort_order", self.query_bar.order().value)
            self._ask()

    def _on_place_chosen(self, value: str, path: bytes | None) -> None:
        place = Place(value)
        self._browsed_at = None
        if place is not Place.FOLDER and self.query_bar.parts():
            # Choosing a list means to see that list; choosing a folder narrows the search to it.
            self.query_bar.clear()
        else:
            self._ask()
        folder = self.sidebar.folder_at(path) if path is not None else None
        if folder is not None and not folder.is_online:
            self.message.say(
                self.tr("{folder} is not connected. Its photos stay searchable.").format(
                    folder=wording.display_text(folder.path)
                ),
                self.tr("Look again"),
                lambda: self._rescan(folder.path),
            )

    def _choose_quietly(self, place: Place) -> None:
        """Move the sidebar's choice without asking anew."""
        self.sidebar.blockSignals(True)
        self.sidebar.choose(place)
        self.sidebar.blockSignals(False)

    def go_back(self) -> None:
        """Leave the search, or else give up the selection."""
        if self.message.isVisible() and not self.query_bar.parts():
            self.message.hide()
        if self.query_bar.parts():
            self.query_bar.clear()
            self.grid.setFocus()
        else:
            self.grid.clearSelection()

    # States without photos

    def _show_state(
        self, icon: str, title: str, sentence: str = "", action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        self.state_page.say(icon, title, sentence, action, act)
        self.pages.setCurrentWidget(self.state_page)

    def _show_empty(self) -> None:
        progress = self.library.progress()
        is_busy = progress.stage in (Stage.SCANNING, Stage.INDEXING)
        if self.query_bar.parts():
            if not self.library.summary().photos:
                self._show_state("search", self.tr("There is nothing to search yet"),
                                 self.tr("Photos appear here as soon as they are read."))  # fmt: skip
            else:
                self._show_state("search", self.tr("No photo matches"),
                                 self.tr("Try other words or fewer filters."),
                                 self.tr("Clear search"), self._clear_everything)  # fmt: skip
        elif self.query_bar.filters.active_count():
            self._show_state("filter", self.tr("No photo passes the filters"), "",
                             self.tr("Clear filters"), self.query_bar.filters.clear)  # fmt: skip
        elif not self.library.folders():
            self.pages.setCurrentWidget(self.first_run)
        elif is_busy:
            self._show_state("photos", self.tr("Looking for photos"),
                             self.tr("They appear here as soon as they are read."))  # fmt: skip
        elif progress.stage is Stage.PAUSED:
            self._show_state("pause", self.tr("Indexing is paused"), "", self.tr("Resume"),
                             lambda: self._tell(self.library.resume))  # fmt: skip
        else:
            self._show_state("folder", self.tr("There are no photos here"), "",
                             self.tr("Add folder…"), self._on_add_folder)  # fmt: skip

    def _on_page_changed(self) -> None:
        """Leave only the one question on the first screen, and the details only beside the photos."""
        page = self.pages.currentWidget()
        is_first_run = page is self.first_run
        self.sidebar.setVisible(self._wants_sidebar and not is_first_run)
        self.details.setVisible(self._wants_details and page in (self.grid, self.state_page))
        self.status.setHidden(is_first_run)
        self.query_bar.setEnabled(self._library is not None and not is_first_run)
        self._details_timer.start()

    def _clear_everything(self) -> None:
        self.query_bar.filters.clear()
        self.query_bar.clear()

    def _on_search_failed(self, sentence: str) -> None:
        self._patience.stop()
        self._shown_question = ()
        self._show_state("problem", self.tr("This search did not work"), core_sentence(sentence),
                         self.tr("Clear search"), self.query_bar.clear)  # fmt: skip
        self.query_bar.show_result("")
        self.query_bar.show_notice("")

    def _on_browse_failed(self, sentence: str) -> None:
        self._patience.stop()
        self._show_state("problem", self.tr("The photos cannot be listed"), core_sentence(sentence),
                         self.tr("Try again"), self._ask)  # fmt: skip

    def _on_patience_ended(self) -> None:
        if self._library is None:
            if not self.state_page.title():
                self._show_state("photos", self.tr("Opening the library"))
        elif self.query_bar.parts():
            self.query_bar.show_result(self.tr("Searching…"))

    # Announcements

    def _on_photos_added(self, _photo_ids: tuple[int, ...]) -> None:
        self.thumbnails.retry_missing()
        self._count_soon()
        self._refresh_soon()

    def _on_photos_changed(self, photo_ids: tuple[int, ...]) -> None:
        self.model.forget(photo_ids)
        self.thumbnails.retry_missing()
        self.grid.refresh()
        self._details_timer.start()
        self._refresh_soon()

    def _on_photos_removed(self, photo_ids: tuple[int, ...]) -> None:
        ids = self.model.ids
        stays = ~np.isin(ids, np.array(photo_ids, np.int64))
        if not stays.all():
            self.grid.set_photos(ids[stays], _badged(self._answer) if self._answer is not None else None)
            if self.pages.currentWidget() is self.grid and not stays.any():
                self._show_empty()
        self._count_soon()
        self._refresh_soon()

    def _on_folders_changed(self) -> None:
        self.model.forget_all()
        self._count_soon()
        self._refresh_soon()

    def _on_progress(self, progress: Progress) -> None:
        self.status.show_progress(progress)
        self._count_soon()
        if self.pages.currentWidget() in (self.state_page, self.first_run):
            self._refresh_soon()

    def _refresh_soon(self) -> None:
        # The list of a million takes longer to read than that of a thousand: the pause grows with it.
        if not self._refresh.isActive():
            pause_ms = max(REFRESH_MS, 4 * self._answer_ms) if len(self.model.ids) else 0
            self._refresh.start(round(pause_ms))

    def _on_refresh(self) -> None:
        if self.sidebar.place() in _PAGES:
            return
        if self.bridge.is_waiting("list"):
            self._refresh_soon()
        else:
            self._ask()

    def _count_soon(self) -> None:
        if not self._counts.isActive():
            self._counts.start()

    def _update_counts(self) -> None:
        if self._library is None:
            return
        started = time.monotonic()
        summary = self.library.summary()
        self.sidebar.set_counts(summary.photos, summary.failed)
        self.sidebar.set_folders(self.library.folders(), self.library.directories())
        self.status.show_problems(summary.failed)
        self.actions_by_name["undo"].setEnabled(self.library.can_undo())
        # Reading 50,000 directories is felt; then it is done less often.
        self._counts.setInterval(max(_COUNTS_MS, round((time.monotonic() - started) * 20_000)))

    # Looking for images

    def find_similar(self, photo_id: int) -> None:
        """Make the grid the ranking by one photo."""
        self._look_for([photo_id])

    def find_image(self, part: ImagePart, name: str) -> None:
        """Make the grid the ranking by an image from outside."""
        known = self.library.photo_at(part.path) if part.path is not None else None
        if known is not None:
            self._look_for([known])
        else:
            self._start_search([(part, image_look(part, name))])

    def _look_for(self, photo_ids: list[int]) -> None:
        photos = self.model.photos(photo_ids[:MOST_PARTS])
        self._start_search([(PhotoPart(photo.photo_id), self._look(photo)) for photo in photos])

    def _start_search(self, parts: list[tuple[QueryPart, ChipLook]]) -> None:
        # An image is looked for everywhere; a folder chosen afterwards narrows it.
        if self.sidebar.place() is not Place.ALL:
            self._choose_quietly(Place.ALL)
        self.query_bar.set_parts(parts)
        self.grid.setFocus()

    def _look(self, photo: Photo) -> ChipLook:
        return photo_look(photo.path, self.thumbnails.pixmap(photo.content_id))

    def _weigh(self, weight: float) -> None:
        for photo in self.model.photos(self.grid.chosen_ids(MOST_PARTS)):
            self.query_bar.add_part(PhotoPart(photo.photo_id, weight), self._look(photo))

    def _on_find_similar(self) -> None:
        chosen = self.grid.chosen_ids(MOST_PARTS)
        if chosen:
            self._look_for(chosen)

    def _on_open_image(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self,
            self.tr("Find by image"),
            "",
            self.tr("Images ({patterns});;All files (*)").format(
                patterns="*.jpg *.jpeg *.png *.heic *.heif *.webp *.avif *.tif *.tiff *.gif *.bmp"
            ),
        )
        if name:
            self.find_image(ImagePart(path=os.fsencode(name)), os.path.basename(name))

    # Drop and paste

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop would do."""
        if self._library is None or event.source() is self.grid or not may_hold(event.mimeData()):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        urls = event.mimeData().urls()[:8]
        incoming_folder = any(url.isLocalFile() and os.path.isdir(url.toLocalFile()) for url in urls)
        self._drop_hint.show_text(
            self.tr("Drop to add this folder") if incoming_folder else self.tr("Drop to find photos like this")
        )

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the veil away."""
        self._drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Look for what was dropped."""
        self._drop_hint.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        # Not inside the drop: the program it came from waits until this returns.
        incoming = sort_incoming(event.mimeData())
        QTimer.singleShot(0, self, lambda: self.take_in(incoming))

    def _on_paste(self) -> None:
        data: QMimeData | None = QApplication.clipboard().mimeData()
        incoming = sort_incoming(data) if data is not None else Incoming()
        if incoming.is_empty and data is not None and data.hasText():
            self._focus_words()
            self.query_bar.words.paste()
            self.query_bar.query_changed.emit()
        elif incoming.is_empty:
            self.message.say(self.tr("There is no image in the clipboard."))
        else:
            self.take_in(incoming)

    def take_in(self, incoming: Incoming) -> None:
        """Look for the images of a drop or a paste, or offer to add its folders."""
        if incoming.is_from_web:
            self.message.say(
                self.tr("PhotoFind fetches nothing from the web. Copy the picture and paste it, or save it first.")
            )
        elif incoming.image is not None:
            self.find_image(ImagePart(data=incoming.image), self.tr("Pasted image"))
        elif incoming.files:
            if len(incoming.files) == 1:
                self.find_image(ImagePart(path=incoming.files[0]), wording.display_name(incoming.files[0]))
            else:
                parts = [ImagePart(path=path) for path in incoming.files[:MOST_PARTS]]
                self._start_search(
                    [(part, image_look(part, wording.display_name(part.path or b""))) for part in parts]
                )
        elif incoming.folders and self.pages.currentWidget() is self.first_run:
            self.add_folders(tuple(incoming.folders))
        elif incoming.folders:
            names = ", ".join(wording.display_name(path) for path in incoming.folders[:3])
            self.message.say(
                self.tr("Add “{folder}” to the library? The files stay where they are.").format(folder=names),
                self.tr("Add folder"),
                lambda: self.add_folders(tuple(incoming.folders)),
                stays=True,
            )

    # Folders

    def add_folder(self, path: bytes) -> None:
        """Add a folder and index it."""
        self._tell(lambda: self.bridge.ask(self.library.add_folder(path), self._on_folder_added))

    def _on_folder_added(self, _folder: Folder) -> None:
        self._update_counts()
        self._ask()

    def _on_add_folder(self) -> None:
        if self._library is None:
            return
        name = QFileDialog.getExistingDirectory(self, self.tr("Add a folder of photos"))
        if name:
            self.add_folder(os.fsencode(name))

    def _on_remove_folder(self, folder: Folder | None) -> None:
        if folder is None:
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Remove folder"),
            self.tr("Remove “{folder}” from the library?").format(folder=wording.display_text(folder.path)),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        box.setInformativeText(
            self.tr("The files stay where they are. Your stars come back when the folder is added again.")
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.clicked.connect(lambda: self._remove_folder(folder))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _on_forget_missing(self, folder: Folder) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            self.tr("Forget missing photos"),
            self.tr("Forget the photos that are missing from “{folder}”?").format(
                folder=wording.display_text(folder.path)
            ),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        why = self.tr(
            "Only if they were deleted or moved on purpose. If a disk is not connected, connect it instead."
        )
        box.setInformativeText(f"{core_sentence(folder.offline_reason)} {why}".strip())
        forget = box.addButton(self.tr("Forget"), QMessageBox.ButtonRole.AcceptRole)
        forget.clicked.connect(lambda: self._tell(lambda: self.library.forget_missing(folder.folder_id)))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _remove_folder(self, folder: Folder) -> None:
        self._tell(lambda: self.bridge.ask(self.library.remove_folder(folder.folder_id), lambda _none: self._ask()))

    # What is done to photos

    def _on_menu_requested(self, place: QPoint) -> None:
        menu = self.photo_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def photo_menu(self) -> QMenu:
        """Return the menu for the selected photos."""
        chosen = self.grid.chosen_ids(2)
        is_many = len(chosen) > 1
        by_name = self.actions_by_name
        menu = QMenu(self)
        menu.addAction(by_name["preview"])
        outside = menu.addAction(self.tr("Open with its program"))
        outside.triggered.connect(lambda: self._with_current(lambda photo: self._open_outside(photo.path)))
        show = menu.addAction(self.tr("Show in file manager"))
        show.triggered.connect(lambda: self._with_current(lambda photo: self._show_outside(photo.path)))
        menu.addSeparator()
        # The key is only shown: the action that has it belongs to the grid and says "Find similar".
        text = self.tr("Find similar to these") if is_many else self.tr("Find similar")
        similar = menu.addAction(f"{text}\t{by_name['similar'].shortcut().toString()}")
        icons.bind(similar, "similar")
        similar.triggered.connect(self._on_find_similar)
        more = menu.addAction(self.tr("More like this"))
        icons.bind(more, "add")
        more.triggered.connect(lambda: self._weigh(1.0))
        less = menu.addAction(self.tr("Less like this"))
        icons.bind(less, "remove")
        less.triggered.connect(lambda: self._weigh(-1.0))
        menu.addSeparator()
        rate = menu.addMenu(self.tr("Rate"))
        icons.bind(rate, "star")
        for stars in range(6):
            rate.addAction(by_name[f"rate_{stars}"])
        menu.addAction(by_name["copy"])
        menu.addAction(by_name["copy_path"])
        if is_many:
            apart = menu.addAction(self.tr("These are not duplicates"))
            apart.triggered.connect(self._on_dismiss)
        menu.addSeparator()
        menu.addAction(by_name["trash"])
        return menu

    def _with_current(self, act: Callable[[Photo], None]) -> None:
        photos = self.model.photos(self.grid.chosen_ids(1))
        if photos:
            act(photos[0])

    def _open_outside(self, path: bytes) -> None:
        if not file_manager.open_path(path):
            self.message.say(self.tr("The system found no program for this."))

    def _show_outside(self, path: bytes) -> None:
        if not file_manager.show_file(path):
            self.message.say(self.tr("The system found no file manager."))

    def _on_preview(self) -> None:
        current = self.grid.current_id()
        if current is not None:
            self.open_viewer(current)

    def open_viewer(self, photo_id: int) -> None:
        """Show one photo large, the others of the grid beside it."""
        row = self.model.row_of(photo_id)
        if self._library is not None and row >= 0:
            self._viewer_page().show_photos(self.model.ids, row)

    def _on_copy(self) -> None:
        data = self.grid.mime_data()
        count = len(data.urls())
        if count:
            QApplication.clipboard().setMimeData(data)
            self.message.say(self.tr("Copied %n photo(s).", "", count))

    def _on_copy_path(self) -> None:
        photos = self.model.photos(self.grid.chosen_ids(DETAILED_PHOTOS))
        if photos:
            QApplication.clipboard().setText("\n".join(wording.display_text(photo.path) for photo in photos))
            self.message.say(self.tr("Copied %n path(s).", "", len(photos)))

    def _on_rate(self, stars: int) -> None:
        chosen = self.grid.chosen_ids()
        if chosen:
            self._rate(chosen, stars or None)

    def _rate(self, photo_ids: list[int], rating: int | None) -> None:
        self._tell(lambda: self.bridge.ask(self.library.set_rating(photo_ids, rating), lambda _none: None))

    def _on_dismiss(self) -> None:
        chosen = self.grid.chosen_ids(DETAILED_PHOTOS)
        self._tell(lambda: self.bridge.ask(self.library.dismiss_duplicates(chosen), self._on_dismissed))

    def _on_dismissed(self, _none: None) -> None:
        self.message.say(self.tr("Remembered: these are not duplicates of each other."))

    def _on_trash(self) -> None:
        chosen = self.grid.chosen_ids()
        if not chosen:
            return
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.tr("Move to trash"),
            self.tr("Move %n photo(s) to the trash?", "", len(chosen)),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        box.setInformativeText(self.tr("You can undo this, also after a restart, until the trash is emptied."))
        move = box.addButton(self.tr("Move to trash"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(move)
        move.clicked.connect(lambda: self.trash(chosen))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def trash(self, photo_ids: list[int]) -> None:
        """Move photos to the system's trash, with an undo."""
        self._tell(
            lambda: self.bridge.ask(
                self.library.move_to_trash(photo_ids, self._move, keep_a_copy=False), self._on_trashed
            )
        )

    def _on_trashed(self, report: RemovalReport) -> None:
        self.actions_by_name["undo"].setEnabled(self.library.can_undo())
        undo = self.tr("Undo")
        if report.failed:
            _path, reason = report.failed[0]
            sentence = self.tr("%n photo(s) stayed where they were.", "", len(report.failed))
            action = undo if report.done else ""
            self.message.say(f"{sentence} {core_sentence(reason)}", action, self._on_undo, stays=True)
        elif report.done:
            self.message.say(self.tr("Moved %n photo(s) to the trash.", "", len(report.done)), undo, self._on_undo)

    def _on_undo(self) -> None:
        self._tell(lambda: self.bridge.ask(self.library.undo_removal(), self._on_undone))

    def _on_undone(self, report: RemovalReport | None) -> None:
        self.actions_by_name["undo"].setEnabled(self.library.can_undo())
        if report is None:
            self.message.say(self.tr("There is nothing to undo."))
        elif report.failed:
            _path, reason = report.failed[0]
            sentence = self.tr("%n photo(s) could not be put back.", "", len(report.failed))
            self.message.say(f"{sentence} {core_sentence(reason)}", stays=True)
        else:
            self.message.say(self.tr("Put %n photo(s) back.", "", len(report.done)))
        self._refresh_soon()

    # Selection, details, size

    def _on_selection_changed(self) -> None:
        is_grid = self.pages.currentWidget() is self.grid
        total = len(self.model.ids) if is_grid else 0
        self.status.show_selection(self.grid.selected_count() if is_grid else 0, total)
        self._details_timer.start()

    def _update_details(self) -> None:
        if self._library is None or self.details.isHidden():
            return
        is_grid = self.pages.currentWidget() is self.grid
        photos = self.model.photos(self.grid.chosen_ids(DETAILED_PHOTOS)) if is_grid else []
        if len(photos) != 1:
            self.details.set_photos(photos)
            return
        photo = photos[0]
        hit = self._hits.get(photo.photo_id)
        words = [
            part.text
            for part in (self._answer.query.parts if self._answer is not None else ())
            if isinstance(part, WordsPart) and part.weight > 0
        ]
        self.details.set_photos(
            photos,
            self.library.labels(photo.photo_id),
            found_by=wording.found_by(hit, photo, words) if hit is not None and words else "",
        )

    def _toggle_details(self) -> None:
        self._wants_details = not self._wants_details
        self._on_page_changed()

    def _toggle_sidebar(self) -> None:
        self._wants_sidebar = not self._wants_sidebar
        self._on_page_changed()

    def set_cell_size(self, side_px: int) -> None:
        """Change the size of the photos, from wherever it is asked."""
        self.grid.set_cell_size(side_px)
        self.status.set_size(self.grid.cell_size())
        self._size_timer.start()

    def _save_size(self) -> None:
        self._settings.set("cell_px", self.grid.cell_size())

    # The rest

    def _focus_words(self) -> None:
        self.query_bar.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query_bar.words.selectAll()

    def show_label(self, name: str) -> None:
        """Show only the photos that have a label, given by its English name."""
        before = self.query_bar.filter().labels
        if before == (name,):
            return
        self.query_bar.filters.choose_labels((name,))
        self.message.say(
            self.tr("Only photos that show “{label}”.").format(label=wording.label_name(name)),
            self.tr("Show the others again"),
            lambda: self.query_bar.filters.choose_labels(before),
        )

    def show_networks(self) -> None:
        """Show the page of networks."""
        self.sidebar.choose(Place.NETWORKS)

    def _on_model_changed(self) -> None:
        # What was found, and which names photos have, is the other network's now.
        self._shown_question = ()
        self._details_timer.start()

    def _on_filters_opened(self) -> None:
        self.bridge.ask(self.library.facets(), self.query_bar.filters.set_facets, topic="facets")

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _on_keys(self) -> None:
        dialog = ShortcutsDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_settings(self) -> None:
        from photofind.gui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._settings, self.library, self.bridge, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: theme.current().apply(self._settings.text("theme")))
        dialog.networks_wanted.connect(self.show_networks)
        dialog.open()

    def _on_quit(self) -> None:
        self.close()

    def sizeHint(self) -> QSize:
        """Return a size that suits most screens at the first start."""
        return QSize(1280, 800)

    def _restore_layout(self) -> None:
        self.set_cell_size(int(self._settings.number("cell_px")))
        self._size_timer.stop()
        self.query_bar.set_order(SortOrder(self._settings.text("sort_order")))
        geometry = _decoded(self._settings.text("window_geometry"))
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(self.sizeHint())
        state = _decoded(self._settings.text("window_state"))
        if state is not None:
            self.splitter.restoreState(state)

    def _save_layout(self) -> None:
        self._save_size()
        self._settings.set("window_geometry", base64.b64encode(bytes(self.saveGeometry().data())).decode())
        self._settings.set("window_state", base64.b64encode(bytes(self.splitter.saveState().data())).decode())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout and let the library go; the application closes it."""
        self._save_layout()
        for timer in (self._refresh, self._counts, self._patience, self._details_timer, self._size_timer):
            timer.stop()
        if self._bridge is not None:
            self._bridge.close()
        self.thumbnails.close()
        self._library = None
        self._is_closed = True
        super().closeEvent(event)


def _decoded(text: str) -> QByteArray | None:
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except binascii.Error:
        return None


def _badged(answer: Answer) -> dict[int, Hit]:
    """Return the hits whose likeness says something, by photo.

    Not the photos that were looked for, and none where words took part: the score of words knows no scale.
    """
    if any(isinstance(part, WordsPart) for part in answer.query.parts):
        return {}
    own = {part.photo_id for part in answer.query.parts if isinstance(part, PhotoPart)}
    return {hit.photo_id: hit for hit in answer.hits if hit.photo_id not in own}


def _taken_ms(photo: Photo) -> int:
    taken = photo.metadata.captured_at_ms
    return photo.mtime_ns // 1_000_000 if taken is None else taken
