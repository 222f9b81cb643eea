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
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.errors import PhotofindError
from photofind.events import Progress, Stage
from photofind.gui import icons, keymap, similar_strip, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.chosen import Chosen
from photofind.gui.details_panel import DetailsPanel
from photofind.gui.first_run_page import FirstRunPage
from photofind.gui.folder_actions import FolderActions
from photofind.gui.image_search import ImageSearch
from photofind.gui.intake import Intake
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_actions import MOST_COMPARED, PhotoActions
from photofind.gui.photo_decisions import PhotoDecisions
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.photo_model import PhotoModel, is_found_by_words
from photofind.gui.query_bar import ChipLook, QueryBar
from photofind.gui.shortcuts import apply_keys, make_actions, read_keys
from photofind.gui.sidebar import Place, Sidebar
from photofind.gui.state_page import StatePage
from photofind.gui.status_bar import StatusBar
from photofind.gui.tag_actions import TagActions
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.translation import core_sentence
from photofind.gui.trash import move_to_trash
from photofind.records import (
    Answer,
    Collection,
    Explanation,
    Filter,
    Folder,
    Hit,
    ImagePart,
    LibraryOverview,
    Listing,
    Photo,
    PhotoPart,
    Query,
    SortOrder,
    WordsPart,
)
from photofind.settings import Settings

if TYPE_CHECKING:
    from photofind.gui.compare_view import CompareView
    from photofind.gui.duplicates_view import DuplicatesView
    from photofind.gui.index_page import IndexPage
    from photofind.gui.models_page import ModelsPage
    from photofind.gui.problems_page import ProblemsPage
    from photofind.gui.tags_page import TagsPage
    from photofind.gui.viewer import Viewer
    from photofind.library import Library, MoveToTrash

HITS = 2_000
"""Photos of one answer: what the likeness slider chooses among. Among 100,000 vectors it takes 55 CPU-ms."""
DETAILED_PHOTOS = 200
"""Photos of a selection that the details add up."""
REFRESH_MS = 300
_PATIENCE_MS = 400
"""An answer that takes longer is announced."""
_COUNTS_MS = 700
_ALIKE_MS = 300
"""The choice must rest so long before its likes are looked for: whoever holds an arrow key wants none."""
_OPEN_FOLDERS = 200
"""Of those open in the sidebar, what is opened again at the next start."""
_WIDE_PX = 900
"""In a narrower window the details give way to the photos until they are asked for."""
_PAGES = (Place.DUPLICATES, Place.PROBLEMS, Place.NETWORKS, Place.INDEX, Place.TAGS)
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
        self._compare: CompareView | None = None
        self._duplicates: DuplicatesView | None = None
        self._problems: ProblemsPage | None = None
        self._models: ModelsPage | None = None
        self._index: IndexPage | None = None
        self._tags: TagsPage | None = None
        self._known_tags: tuple[tuple[str, int], ...] = ()
        self._placed_tag: str | None = None
        """The tag that the sidebar put into the filters; it goes out of them with another choice there."""
        self._shown_question: tuple[object, ...] = ()
        self._answer: Answer | None = None
        self._hits: dict[int, Hit] = {}
        self._ordered: NDArray[np.int64] = np.empty(0, np.int64)
        """The photos of the answer in the order of the view menu, alike enough or not."""
        self._asked_at = 0.0
        self._answer_ms = 0.0
        self._counted_at = 0.0
        self._browsed_at: tuple[tuple[int, int] | None, int | None] | None = None
        self._live: Query | None = None
        """What the chosen live collection asks for."""
        self._start_photo = 0
        self._start_path: bytes | None = None
        """The folder to begin with, until the sidebar knows the folders."""
        self._start_collection = 0
        """The collection to begin with, until the sidebar knows the collections."""
        self._wants_sidebar = settings.flag("shows_sidebar")
        self._wants_details = settings.flag("shows_details")
        self._wanted_when_wide: bool | None = None
        self._wants_focus = True
        """The photos get the keyboard with the first list: before, they cannot have it."""
        self.setWindowTitle("PhotoFind")
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)

        self.thumbnails = ThumbnailLoader(self._fetch_thumbnail, self, fetch_large=self._fetch_large)
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
        chosen = Chosen(self.grid, lambda: self._viewer.photo_id if self._viewer is not None else None)
        self.photo_actions = PhotoActions(self, chosen, self.message, settings, move)
        self.decisions = PhotoDecisions(self, chosen, self.message)
        self.tag_actions = TagActions(self, self.message)
        self.folder_actions = FolderActions(self, self.message, self.thumbnails, self.photo_actions)
        self.image_search = ImageSearch(self, chosen, self.grid, self.message, self.query_bar, self.thumbnails)
        self.intake = Intake(self, self.grid, self.message, self.query_bar, self.image_search)
        keymap.current().use(read_keys(settings))
        self.actions_by_name = make_actions(self, self.grid, self._calls(), keymap.current().keys)
        self._make_menu()
        self._timers()
        self._connect()
        self._restore_layout()
        self._enable(False)
        self._show_state("photos", "")
        self._patience.start(_PATIENCE_MS)

    # Building

    def _lay_out(self) -> None:
        # From the outside in: a widget that gets a parent is styled anew with all that is in it.
        whole = QWidget()
        self.setCentralWidget(whole)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        # One after another as the eye goes: Tab follows the order in which they come into the window.
        rows.addWidget(self.query_bar)
        rows.addWidget(self.splitter, 1)
        self.splitter.addWidget(self.sidebar)
        centre = QWidget(self.splitter)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.message)
        self.splitter.addWidget(self.details)
        rows.addWidget(self.status)
        self.splitter.setCollapsible(1, False)
        for place, stretch in enumerate((0, 1, 0)):
            self.splitter.setStretchFactor(place, stretch)
        self.sidebar.setMinimumWidth(160)
        centre.setMinimumWidth(280)
        self.splitter.setSizes([232, 900, 304])

    def _calls(self) -> dict[str, Callable[[], None]]:
        calls: dict[str, Callable[[], None]] = {
            "find": self.query_bar.focus_words,
            "open_image": self.image_search.ask_image,
            "paste": self.intake.paste,
            "back": self.go_back,
            "similar": self.image_search.find_chosen,
            "preview": self._on_preview,
            "open": self._on_preview,
            "compare": self._on_compare,
            "info": self._toggle_details,
            "copy": self.photo_actions.copy_files,
            "copy_path": self.photo_actions.copy_path,
            "copy_image": self.photo_actions.copy_image,
            "copy_to": self.photo_actions.copy_to_folder,
            "rename": self.photo_actions.ask_name,
            "select_all": self.grid.selectAll,
            "trash": self.photo_actions.ask_trash,
            "undo": self.photo_actions.undo,
            "larger": lambda: self.set_cell_size(round(self.grid.cell_size() * 1.2)),
            "smaller": lambda: self.set_cell_size(round(self.grid.cell_size() / 1.2)),
            "sidebar": self._toggle_sidebar,
            "full_screen": self._toggle_full_screen,
            "save_search": self._save_search,
            "settings": self._on_settings,
            "keys": self._on_keys,
            "quit": self._on_quit,
        }
        for name, flag in (("pick", 1), ("reject", -1), ("unflag", 0)):
            calls[name] = partial(self.decisions.flag_chosen, flag)
        calls |= {f"rate_{stars}": partial(self.photo_actions.rate_chosen, stars) for stars in range(6)}
        return calls

    def _make_menu(self) -> None:
        menu = QMenu(self)
        self._add_folder_action = QAction(self.tr("Add folder…"), self)
        icons.bind(self._add_folder_action, "folder-add")
        self._add_folder_action.triggered.connect(self.folder_actions.ask_folder)
        by_name = self.actions_by_name
        menu.addAction(self._add_folder_action)
        menu.addAction(by_name["open_image"])
        menu.addAction(by_name["save_search"])
        menu.addAction(by_name["undo"])
        menu.addSeparator()
        for name in ("sidebar", "info", "full_screen"):
            menu.addAction(by_name[name])
        menu.addSeparator()
        menu.addAction(by_name["settings"])
        menu.addAction(by_name["keys"])
        menu.addAction(by_name["quit"])
        self.query_bar.menu_button.setMenu(menu)
        for name, widget in (*self.query_bar.keyed(), *self.details.keyed()):
            keymap.current().show(widget, name)

    def _connect(self) -> None:
        bar, grid, sidebar, status = self.query_bar, self.grid, self.sidebar, self.status
        bar.query_changed.connect(self._on_query_changed)
        bar.filter_changed.connect(self._on_filter_changed)
        bar.order_changed.connect(self._on_order_changed)
        bar.likeness_changed.connect(self._on_likeness_changed)
        bar.dropped.connect(self.intake.add_to_query)
        bar.shows_scores_changed.connect(grid.set_shows_scores)
        bar.layout_changed.connect(self._on_layout_changed)
        bar.sections_changed.connect(self._on_sections_changed)
        bar.open_image_wanted.connect(self.image_search.ask_image)
        bar.paste_wanted.connect(self.intake.paste)
        bar.left_downwards.connect(grid.setFocus)
        bar.filters_opened.connect(self._on_filters_opened)
        bar.region_wanted.connect(self.image_search.ask_region)
        bar.save_wanted.connect(self.actions_by_name["save_search"].trigger)
        grid.activated_photo.connect(self.open_viewer)
        grid.selection_changed.connect(self._on_selection_changed)
        grid.selectionModel().currentChanged.connect(self._on_selection_changed)
        grid.menu_requested.connect(self._on_menu_requested)
        grid.left_out.connect(self.photo_actions.say_left_out)
        grid.cell_size_changed.connect(self.set_cell_size)
        sidebar.chosen.connect(self._on_place_chosen)
        sidebar.add_folder_wanted.connect(self.folder_actions.ask_folder)
        sidebar.rescan_wanted.connect(self._rescan)
        sidebar.remove_wanted.connect(self.folder_actions.ask_removal)
        sidebar.new_name_wanted.connect(self.decisions.ask_new_name)
        sidebar.collection_removal_wanted.connect(self.decisions.ask_removal)
        sidebar.photos_dropped.connect(self._on_photos_collected)
        sidebar.photos_tagged.connect(self._on_photos_tagged)
        sidebar.new_tag_name_wanted.connect(self.tag_actions.ask_new_name)
        sidebar.tag_removal_wanted.connect(self.tag_actions.ask_removal)
        self.tag_actions.renamed.connect(self._on_tag_renamed)
        sidebar.forget_wanted.connect(self.folder_actions.ask_forget)
        sidebar.show_wanted.connect(self.photo_actions.open_outside)
        status.pause_wanted.connect(lambda: self._tell(self.library.pause))
        status.resume_wanted.connect(lambda: self._tell(self.library.resume))
        status.stop_wanted.connect(lambda: self._tell(self.library.stop))
        status.problems_wanted.connect(lambda: sidebar.choose(Place.PROBLEMS))
        status.size_changed.connect(self.set_cell_size)
        self.first_run.add_folder_wanted.connect(self.folder_actions.ask_folder)
        self.first_run.folder_chosen.connect(self.folder_actions.add)
        self.details.find_similar.connect(self.image_search.find_similar)
        self.details.rating_changed.connect(self.photo_actions.rate)
        self.details.flag_changed.connect(self.decisions.flag)
        self.details.title_changed.connect(self.decisions.set_title)
        self.details.caption_changed.connect(self.decisions.set_caption)
        self.details.tag_added.connect(self.decisions.add_tag)
        self.details.tag_removed.connect(self.decisions.remove_tag)
        self.details.label_chosen.connect(self.show_label)
        self.details.tag_chosen.connect(self.show_tag)
        self.details.why.where_wanted.connect(self._on_where_wanted)
        self.details.alike.chosen.connect(self._on_alike_chosen)
        self.pages.currentChanged.connect(self._on_page_changed)
        self.image_search.starting.connect(self._look_everywhere)
        self.intake.folders_came.connect(self._on_folders_came)
        self.folder_actions.added.connect(self._on_folder_added)
        self.folder_actions.removed.connect(self._ask)
        self.folder_actions.show_wanted.connect(lambda path: sidebar.choose(Place.FOLDER, path))
        self.photo_actions.similar_wanted.connect(self.image_search.find_chosen)
        self.photo_actions.weight_wanted.connect(self.image_search.weigh)
        self.photo_actions.undo_changed.connect(self._update_undo)
        self.photo_actions.files_changed.connect(self._refresh_soon)

    def _timers(self) -> None:
        self._refresh = QTimer(self, singleShot=True)
        self._refresh.timeout.connect(self._on_refresh)
        self._counts = QTimer(self, singleShot=True, interval=_COUNTS_MS)
        self._counts.timeout.connect(self._update_counts)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._on_patience_ended)
        self._details_timer = QTimer(self, singleShot=True, interval=30)
        self._details_timer.timeout.connect(self._update_details)
        self._alike_timer = QTimer(self, singleShot=True, interval=_ALIKE_MS)
        self._alike_timer.timeout.connect(self._ask_alike)
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

    def attach(self, library: "Library", *, photos_first: bool = False) -> None:
        """Bring the window to life.

        Args:
            library: What is shown.
            photos_first: Ask for counts, folders and collections when the first photos stand, and not beside them.
        """
        if self._is_closed:  # closed while the library was being opened
            return
        self._library = library
        self._bridge = bridge = Bridge(library, self)
        bridge.photos_added.connect(self._on_photos_added)
        bridge.photos_changed.connect(self._on_photos_changed)
        bridge.photos_removed.connect(self._on_photos_removed)
        bridge.folders_changed.connect(self._on_folders_changed)
        bridge.collections_changed.connect(self._on_collections_changed)
        bridge.photo_failed.connect(lambda _failure: self._count_soon())
        bridge.progress_changed.connect(self._on_progress)
        bridge.notice.connect(lambda sentence: self.message.say(core_sentence(sentence)))
        bridge.failed.connect(lambda sentence: self.message.say(core_sentence(sentence), stays=True))
        self.photo_actions.attach(library, bridge)
        self.decisions.attach(library, bridge)
        self.tag_actions.attach(library, bridge)
        self.folder_actions.attach(library, bridge)
        self.image_search.attach(library, bridge)
        self.intake.attach(library, bridge)
        self._enable(True)
        self.thumbnails.retry_missing()
        self._on_progress(library.progress())
        self._restore_place()
        self.grid.setFocus()
        self._ask()
        self._refresh.stop()  # the progress may have wanted the same
        if photos_first:  # where there are none, the progress has asked for the rest already
            self.thumbnails.caught_up.connect(self._update_counts, Qt.ConnectionType.SingleShotConnection)
        else:
            self._update_counts()  # after the list

    # Pages that are made when they are first asked for: all at once would hold the window up for longer than 50 ms.

    def _viewer_page(self) -> "Viewer":
        if self._viewer is None:
            from photofind.gui.viewer import Viewer

            self._viewer = Viewer(self.library, self.bridge, self.thumbnails, self)
            self._viewer.find_similar.connect(self.image_search.find_similar)
            self._viewer.current_changed.connect(self.grid.select_photo)
            self._viewer.rating_changed.connect(self.photo_actions.rate)
            self._viewer.flag_changed.connect(self.decisions.flag)
            self._viewer.trash_wanted.connect(self.photo_actions.ask_trash_of)
            self._viewer.undo_wanted.connect(self.photo_actions.undo)
            self._viewer.command_wanted.connect(lambda name: self.actions_by_name[name].trigger())
            self._viewer.menu_requested.connect(self._on_menu_requested)
            self.message.said.connect(self._viewer.say)
            self._viewer.find_part.connect(self.image_search.find_part)
            self._viewer.set_filmstrip_shown(self._settings.flag("viewer_filmstrip"))
            self._viewer.filmstrip_toggled.connect(lambda shown: self._settings.set("viewer_filmstrip", shown))
        return self._viewer

    def _compare_page(self) -> "CompareView":
        if self._compare is None:
            from photofind.gui.compare_view import CompareView

            self._compare = CompareView(self.library, self.bridge, self.thumbnails, self)
            self._compare.rating_changed.connect(self.photo_actions.rate)
            self._compare.trash_wanted.connect(self.photo_actions.ask_trash_of)
            self._compare.undo_wanted.connect(self.photo_actions.undo)
        return self._compare

    def _duplicates_page(self) -> "DuplicatesView":
        if self._duplicates is None:
            from photofind.gui.duplicates_view import DuplicatesView

            self._duplicates = DuplicatesView(self.library, self.bridge, self.thumbnails, move=self._move)
            self._duplicates.find_similar.connect(self.image_search.find_similar)
            self._duplicates.photo_opened.connect(lambda ids, row: self._viewer_page().show_photos(ids, row))
            keymap.current().show(self._duplicates.undo_button, "undo")
            self.pages.addWidget(self._duplicates)
        return self._duplicates

    def _problems_page(self) -> "ProblemsPage":
        if self._problems is None:
            from photofind.gui.problems_page import ProblemsPage

            self._problems = ProblemsPage(self.library, self.bridge)
            self._problems.forget_wanted.connect(self.folder_actions.ask_forget)
            self.pages.addWidget(self._problems)
        return self._problems

    def _models_page(self) -> "ModelsPage":
        if self._models is None:
            from photofind.gui.models_page import ModelsPage

            self._models = ModelsPage(self.library, self.bridge)
            self._models.model_changed.connect(self._on_model_changed)
            self.pages.addWidget(self._models)
        return self._models

    def _index_page(self) -> "IndexPage":
        if self._index is None:
            from photofind.gui.index_page import IndexPage

            self._index = IndexPage(self.library, self.bridge)
            self.pages.addWidget(self._index)
        return self._index

    def _tags_page(self) -> "TagsPage":
        if self._tags is None:
            from photofind.gui.tags_page import TagsPage

            self._tags = TagsPage()
            self._tags.show_wanted.connect(self.sidebar.choose_tag)
            self._tags.new_name_wanted.connect(self.tag_actions.ask_new_name)
            self._tags.removal_wanted.connect(self.tag_actions.ask_removal)
            self._tags.set_tags(self._known_tags)
            self.pages.addWidget(self._tags)
        return self._tags

    def show_open_error(self, sentence: str, again: Callable[[], None]) -> None:
        """Say why the library could not be opened."""
        self._show_state("problem", self.tr("The library cannot be opened"), core_sentence(sentence),
                         self.tr("Try again"), again)  # fmt: skip

    def say(self, sentence: str) -> None:
        """Show a sentence in the message bar."""
        self.message.say(sentence)

    def is_listing(self) -> bool:
        """Tell whether the library has not answered yet which photos to show."""
        return self._bridge is not None and self._bridge.is_waiting("list")

    def add_folders(self, paths: tuple[bytes, ...]) -> None:
        """Add several folders, as given on the command line."""
        self.folder_actions.add_all(paths)

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

    def _fetch_large(self, content_id: int, side_px: int) -> "Future[bytes | None] | None":
        library = self._library
        return library.large_thumbnail(content_id, side_px) if library is not None else None

    def _enable(self, is_open: bool) -> None:
        for widget in (self.query_bar, self.sidebar):
            widget.setEnabled(is_open)
        for action in self.actions_by_name.values():
            if action.objectName() not in ("quit", "full_screen", "keys"):
                action.setEnabled(is_open)

    # The question

    def _filter(self) -> Filter:
        collection = self.sidebar.collection()
        if collection is None:
            return replace(self.query_bar.filter(), directory=self._start_path or self.sidebar.path())
        if collection.is_live:
            # What no panel shows: where the search was saved.
            saved = self._live.filter if self._live is not None else Filter()
            return replace(self.query_bar.filter(), directory=saved.directory, collection_id=saved.collection_id)
        return replace(self.query_bar.filter(), collection_id=collection.collection_id)

    def _order(self) -> SortOrder:
        fixed = {Place.RECENT: SortOrder.ADDED, Place.COLLECTION: SortOrder.COLLECTION}
        collection = self.sidebar.collection()
        if collection is not None and collection.is_live:
            return self.query_bar.order()
        return fixed.get(self.sidebar.place(), self.query_bar.order())

    def _question(self) -> tuple[object, ...]:
        # The folder to begin with is the same before the sidebar knows it and after.
        place = self.sidebar.place() if self._start_path is None else Place.FOLDER
        return (place, self._filter(), self.query_bar.parts(), self._order())

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
        if place is Place.INDEX:
            self.bridge.drop("list")
            self.pages.setCurrentWidget(self._index_page())
            self._on_selection_changed()
            return
        if place is Place.TAGS:
            self.bridge.drop("list")
            self.pages.setCurrentWidget(self._tags_page())
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
                lambda listing: self._on_browsed(question, listing),
                topic="list",
                failed=self._on_browse_failed,
            )

    def _on_browsed(self, question: tuple[object, ...], listing: Listing) -> None:
        self._answer = None
        self._hits = {}
        self._arrived(question, listing, None)
        if self._start_photo and len(listing) and not self._start_collection:
            self._begin_at_photo()
        if self._browsed_at is not None and len(listing):
            place, current = self._browsed_at
            self._browsed_at = None
            if current is not None:
                self.grid.select_photo(current)
            self.grid.show_place(place)

    def _on_answer(self, question: tuple[object, ...], answer: Answer) -> None:
        order = self.query_bar.order()
        ids = np.array([hit.photo_id for hit in answer.hits], np.int64)
        if order in (SortOrder.RELEVANCE, SortOrder.ADDED):
            # The library numbers photos as they come in.
            self._take_answer(question, answer, ids if order is SortOrder.RELEVANCE else np.sort(ids)[::-1])
            return
        # Dates and sizes of 2,000 photos are not read on this thread: the library sorts all, and the others go.
        self.bridge.ask(
            self.library.browse(answer.query.filter, order),
            lambda found: self._take_answer(question, answer, found.ids[np.isin(found.ids, ids)]),
            topic="list",
            failed=self._on_browse_failed,
        )

    def _take_answer(self, question: tuple[object, ...], answer: Answer, ordered: NDArray[np.int64]) -> None:
        self._answer = answer
        self.image_search.show_pictures()
        self._hits = {hit.photo_id: hit for hit in answer.hits}
        self._ordered = ordered
        self.query_bar.show_likeness(self.query_bar.likeness.set_hits(answer.hits))
        self._patience.stop()
        self._answer_ms = (time.monotonic() - self._asked_at) * 1000
        self._show_alike(question)
        self.query_bar.show_notice(self._notice_on(answer))

    def _show_alike(self, question: tuple[object, ...]) -> None:
        """Show the photos of the answer that are alike enough, and how many there are."""
        answer, slider = self._answer, self.query_bar.likeness
        assert answer is not None
        ids = self._ordered
        if slider.isVisibleTo(self.query_bar):
            ids = ids[np.isin(ids, slider.passing())]
        self._show_list(question, ids, _badged(answer))
        count = self.locale().toString(len(ids))
        if answer.is_cut and len(ids) == len(self._ordered):
            text = self.tr("The {n} best").format(n=count)
        elif answer.is_cut and slider.is_open():
            text = self.tr("{n}+ photos").format(n=count)
        else:
            text = self.tr("%n photo(s)", "", len(ids))
        note = ""
        if answer.model_id:
            note = self.tr("Ranked by the network {model} in {ms} ms").format(
                model=wording.network_named(self.library.models(), answer.model_id),
                ms=self.locale().toString(round(answer.milliseconds)),
            )
            if not answer.is_exact:
                note += "\n" + self.tr(
                    "Not every photo was compared: a match may be missing. Inside a folder or a filter all are."
                )
        self.query_bar.show_result(text, is_exact=answer.is_exact and len(ids) > 0, note=note)

    def _on_likeness_changed(self) -> None:
        if self._answer is not None and self.query_bar.parts():
            self._show_alike(self._shown_question)

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

    def _arrived(
        self, question: tuple[object, ...], photos: NDArray[np.int64] | Listing, hits: dict[int, Hit] | None
    ) -> None:
        self._patience.stop()
        self._answer_ms = (time.monotonic() - self._asked_at) * 1000
        self._show_list(question, photos, hits)

    def _show_list(
        self, question: tuple[object, ...], photos: NDArray[np.int64] | Listing, hits: dict[int, Hit] | None
    ) -> None:
        is_same = question == self._shown_question
        self._shown_question = question
        self.grid.set_photos(photos, hits, keep_place=is_same)
        if not is_same:
            self.grid.clearSelection()
        if len(photos):
            had_focus = self.state_page.isAncestorOf(QApplication.focusWidget() or self)
            had_focus = had_focus or (self._wants_focus and self._is_focus_idle())
            self._wants_focus = False
            self.pages.setCurrentWidget(self.grid)
            if had_focus:
                self.grid.setFocus()
        else:
            self._show_empty()
        self._on_selection_changed()

    def _is_focus_idle(self) -> bool:
        """Return whether the keyboard is where it fell when the window opened, and not where a person put it."""
        focus, bar = QApplication.focusWidget(), self.query_bar
        return focus is None or (bar.isAncestorOf(focus) and not bar.words.text())

    def _on_query_changed(self) -> None:
        if self._viewer is not None:
            self._viewer.close_over()  # "More like this" was chosen there
        parts = self.query_bar.parts()
        was_query = bool(self._shown_question and self._shown_question[2])
        if parts and not was_query and self._browsed_at is None:
            self._browsed_at = (self.grid.place(), self.grid.current_id())
        if parts and self.sidebar.place() in _PAGES:
            self._choose_quietly(Place.ALL)
        elif not parts and self._live is not None and self._live.parts:
            # Without what it looks for nothing of the live collection is left; its filters go with it.
            self._live = None
            self.query_bar.filters.clear(is_quiet=True)
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

    def _on_layout_changed(self, layout: str) -> None:
        self._settings.set("grid_layout", layout)
        self.grid.set_justified(layout == "rows")

    def _on_sections_changed(self, shows: bool) -> None:
        self._settings.set("grid_sections", shows)
        self.grid.set_shows_sections(shows)

    def _on_place_chosen(self, value: str, path: bytes | None) -> None:
        place = Place(value)
        self._place_tag(self.sidebar.tag())
        self._browsed_at = None
        self._start_path = None
        self._start_collection = 0
        collection = self.sidebar.collection()
        if collection is not None and collection.is_live:
            self._show_live(collection)
            return
        if self._live is not None:  # its filters go with it
            self._live = None
            self.query_bar.filters.clear(is_quiet=True)
        if place is not Place.FOLDER and self.query_bar.parts():
            # Choosing a list means to see that list; choosing a folder narrows the search to it.
            self.query_bar.clear()
        else:
            self._ask()
        folder = self.sidebar.folder_at(path) if path is not None else None
        if folder is not None and not folder.is_online:
            sentence = (
                self.tr("{folder} does not answer. Its photos stay searchable.")
                if folder.is_silent
                else self.tr("{folder} is not connected. Its photos stay searchable.")
            )
            self.message.say(
                sentence.format(folder=wording.display_text(folder.path)),
                self.tr("Look again"),
                lambda: self._rescan(folder.path),
            )

    def _place_tag(self, tag: str | None) -> None:
        """Put the tag of the sidebar into the filters, or take it out of them, without asking anew."""
        if tag is not None:
            self.query_bar.filters.choose_tag(tag, is_quiet=True)
        elif self._placed_tag is not None and self.query_bar.filter().tags == (self._placed_tag,):
            self.query_bar.filters.choose_tag(None, is_quiet=True)
        self._placed_tag = tag

    def _on_filter_changed(self) -> None:
        tag = self.sidebar.tag()
        if tag is not None and self.query_bar.filter().tags != (tag,):
            self._placed_tag = None
            self._choose_quietly(Place.ALL)
        self._ask()

    def _show_live(self, collection: Collection) -> None:
        """Make the saved query the one in force; changing it afterwards changes nothing saved."""
        try:
            saved = self.library.saved_query(collection.collection_id)
        except PhotofindError as error:
            self.message.say(core_sentence(str(error)))
            return
        for remark in saved.remarks:
            self.message.say(core_sentence(remark))
        self._live = saved.query
        self.query_bar.likeness.choose(saved.query.cut)
        ids = [part.photo_id for part in saved.query.parts if isinstance(part, PhotoPart)]
        photos = {photo.photo_id: photo for photo in self.model.photos(ids)}
        self.query_bar.filters.set_filter(saved.query.filter, is_quiet=True)
        look = self.image_search.look
        self.query_bar.set_parts(
            [
                (part, look(photos[part.photo_id]) if isinstance(part, PhotoPart) else ChipLook(part.text))
                for part in saved.query.parts
                if isinstance(part, WordsPart) or (isinstance(part, PhotoPart) and part.photo_id in photos)
            ]
        )

    def _save_search(self) -> None:
        """Keep what is asked for now as a live collection."""
        if not self.query_bar.parts() and not self.query_bar.filters.active_count():
            self.message.say(self.tr("Search for something or choose filters first; then the search can be saved."))
            return
        slider = self.query_bar.likeness
        cut = slider.chosen() if slider.isVisibleTo(self.query_bar) else None
        self.decisions.ask_live_collection(Query(self.query_bar.parts(), self._filter(), cut=cut))

    def _on_photos_collected(self, collection: Collection | None) -> None:
        chosen = self.grid.chosen_ids()
        if collection is None:
            self.decisions.ask_collection(chosen)
        else:
            self.decisions.collect(collection, chosen)

    def _on_photos_tagged(self, tag: str) -> None:
        chosen = self.grid.chosen_ids()
        self.tag_actions.give(tag, chosen, self.model.photos(chosen[:DETAILED_PHOTOS]))

    def _on_tag_renamed(self, old: str, new: str) -> None:
        """Go on showing the photos of a tag under its new name, and look for them by it."""
        self.sidebar.follow_tag(old, new)
        if self._placed_tag == old:
            self._placed_tag = new
        if self.query_bar.filter().tags == (old,):
            self.query_bar.filters.choose_tag(new, is_quiet=True)

    def _choose_quietly(self, place: Place, path: bytes | None = None) -> None:
        """Move the sidebar's choice without asking anew."""
        self.sidebar.blockSignals(True)
        self.sidebar.choose(place, path)
        self.sidebar.blockSignals(False)

    def go_back(self) -> None:
        """Go one step back: from the details or a page to the photos, out of the search, out of the selection."""
        focus = QApplication.focusWidget()
        if focus is not None and self.details.isAncestorOf(focus) and self.pages.currentWidget() is self.grid:
            self.grid.setFocus()
            return
        if self.sidebar.place() in _PAGES and not self.query_bar.parts():
            self.sidebar.choose(Place.ALL)
            self.grid.setFocus()
            return
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
                                 self.tr("Photos appear here as soon as they are read."),
                                 self.tr("Clear search"), self._clear_everything)  # fmt: skip
            elif self._answer is not None and self._answer.hits:
                slider = self.query_bar.likeness
                self._show_state("search", slider.nothing_text(), slider.sentence(), slider.more_text(),
                                 slider.show_more)  # fmt: skip
            else:
                self._show_state("search", self.tr("No photo matches"),
                                 self.tr("Try other words or fewer filters."),
                                 self.tr("Clear search"), self._clear_everything)  # fmt: skip
        elif self.query_bar.filters.active_count():
            self._show_state("filter", self.tr("No photo passes the filters"),
                             self.tr("None has everything that is asked for."),
                             self.tr("Clear filters"), self.query_bar.filters.clear)  # fmt: skip
        elif not self.library.folders():
            self.pages.setCurrentWidget(self.first_run)
        elif is_busy:
            self._show_state("photos", self.tr("Looking for photos"),
                             self.tr("They appear here as soon as they are read."), self.tr("Pause"),
                             lambda: self._tell(self.library.pause))  # fmt: skip
        elif progress.stage is Stage.PAUSED:
            self._show_state("pause", self.tr("Indexing is paused"),
                             self.tr("Photos appear here when it goes on."), self.tr("Resume"),
                             lambda: self._tell(self.library.resume))  # fmt: skip
        elif (folder := self._chosen_folder()) is not None and not folder.is_online:
            title = (self.tr("This folder does not answer now") if folder.is_silent
                     else self.tr("This folder is not connected now"))  # fmt: skip
            self._show_state("offline", title,
                             core_sentence(folder.offline_reason) or self.tr("Connect its drive, then look again."),
                             self.tr("Look again"), partial(self._rescan, folder.path))  # fmt: skip
        elif self.sidebar.collection() is not None:
            self._show_state("collection", self.tr("This collection is empty"),
                             self.tr("Drag photos onto its name, or use “Add to collection” in their menu."),
                             self.tr("Show all photos"), partial(self.sidebar.choose, Place.ALL))  # fmt: skip
        else:
            self._show_state("folder", self.tr("There are no photos here"),
                             self.tr("New photos appear by themselves."),
                             self.tr("Add folder…"), self.folder_actions.ask_folder)  # fmt: skip

    def _chosen_folder(self) -> Folder | None:
        path = self.sidebar.path()
        return self.sidebar.folder_at(path) if path is not None else None

    def _on_page_changed(self) -> None:
        """Leave only the one question on the first screen, and the details only beside the photos."""
        page = self.pages.currentWidget()
        is_first_run = page is self.first_run
        self.sidebar.setVisible(self._wants_sidebar and not is_first_run)
        self.details.setVisible(self._wants_details and page in (self.grid, self.state_page))
        self.status.setHidden(is_first_run)
        self.status.show_size(page is self.grid)
        self.query_bar.setEnabled(self._library is not None)
        self.query_bar.set_offers_search(not is_first_run)
        if is_first_run and self._is_focus_idle():
            self.first_run.setFocus()
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

    def _look_everywhere(self) -> None:
        # An image is looked for everywhere; a folder chosen afterwards narrows it.
        if self.sidebar.place() is not Place.ALL:
            self._place_tag(None)
            self._choose_quietly(Place.ALL)

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
        self._count_soon()
        self._refresh_soon()

    def _on_photos_removed(self, photo_ids: tuple[int, ...]) -> None:
        alike = self.details.alike
        alike.set_photos([photo for photo in alike.photos if photo.photo_id not in photo_ids])
        ids = self.model.ids
        stays = ~np.isin(ids, np.array(photo_ids, np.int64))
        if not stays.all():
            self._ordered = self._ordered[~np.isin(self._ordered, np.array(photo_ids, np.int64))]
            listing = self.model.listing
            hits = _badged(self._answer) if self._answer is not None else None
            self.grid.set_photos(ids[stays] if listing is None else listing.only(stays), hits)
            if self.pages.currentWidget() is self.grid and not stays.any():
                self._show_empty()
        self._count_soon()
        self._refresh_soon()

    def _on_folders_changed(self) -> None:
        self.model.forget_all()
        self.thumbnails.retry_missing()
        self._count_soon()
        self._refresh_soon()

    def _on_collections_changed(self) -> None:
        self._count_soon()
        if self.sidebar.place() is Place.COLLECTION:
            self._refresh_soon()

    def _on_folder_added(self) -> None:
        self._update_counts()
        self._ask()

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
            # Never at once: without photos yet that would be a loop that keeps the answer itself from coming.
            self._refresh.start(REFRESH_MS)
        else:
            self._ask()

    def _count_soon(self) -> None:
        if not self._counts.isActive():
            self._counts.start()

    def _update_counts(self) -> None:
        if self._library is None:
            return
        if self.bridge.is_waiting("overview"):  # the answer may be of before; it is followed by another
            self._count_soon()
            return
        self._counted_at = time.monotonic()
        self.bridge.ask(self.library.overview(), self._on_overview, topic="overview")

    def _on_overview(self, overview: LibraryOverview) -> None:
        summary = overview.summary
        self.sidebar.set_counts(summary.photos, summary.failed)
        self.sidebar.set_folders(overview.folders, overview.tree)
        self._begin_in_folder()
        self.sidebar.set_collections(overview.collections)
        self._begin_in_collection()
        self._known_tags = overview.tags
        self.sidebar.set_tags(overview.tags)
        self.details.set_known_tags([tag for tag, _count in overview.tags])
        if self._tags is not None:
            self._tags.set_tags(overview.tags)
        self.status.show_problems(summary.failed)
        self.status.show_silent(tuple(wording.display_name(f.path) for f in overview.folders if f.is_silent))
        self._update_undo()
        # Reading 50,000 directories costs a core a third of a second; then it is done less often.
        self._counts.setInterval(max(_COUNTS_MS, round((time.monotonic() - self._counted_at) * 20_000)))

    def _update_undo(self) -> None:
        text = self.photo_actions.undo_text()
        self.actions_by_name["undo"].setEnabled(bool(text))
        self.actions_by_name["undo"].setText(text or self.tr("Undo"))

    # Drop: see `intake`

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop would do."""
        self.intake.enter(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the veil away."""
        self.intake.leave()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Look for what was dropped."""
        self.intake.drop(event)

    def _on_folders_came(self, folders: tuple[bytes, ...]) -> None:
        if self.pages.currentWidget() is self.first_run:
            self.folder_actions.add_all(folders)
        else:
            self.folder_actions.ask_purpose(folders)

    # What is done to photos: see `photo_actions`

    def _on_menu_requested(self, place: QPoint) -> None:
        menu = self.photo_menu()
        menu.setObjectName("photo-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def photo_menu(self) -> QMenu:
        """Return the menu for the selected photos."""
        by_name, shown = self.actions_by_name, self.sidebar.collection()
        return self.photo_actions.menu(by_name, lambda menu: self.decisions.fill_menu(menu, by_name, shown))

    def _on_preview(self) -> None:
        current = self.grid.current_id()
        if current is not None:
            self.open_viewer(current)

    def open_viewer(self, photo_id: int) -> None:
        """Show one photo large, the others of the grid beside it."""
        row = self.model.row_of(photo_id)
        if self._library is not None and row >= 0:
            self._viewer_page().show_photos(self.model.ids, row)

    def _on_compare(self) -> None:
        chosen = self.grid.chosen_ids(MOST_COMPARED + 1)
        if 2 <= len(chosen) <= MOST_COMPARED:
            self._compare_page().show_photos(self.model.photos(chosen))
        else:
            self.message.say(self.tr("Select two to four photos to compare them."))

    def trash(self, photo_ids: list[int]) -> None:
        """Move photos to the system's trash, with an undo."""
        self.photo_actions.trash(photo_ids)

    # Selection, details, size

    def _on_selection_changed(self) -> None:
        is_grid = self.pages.currentWidget() is self.grid
        total = len(self.model.ids) if is_grid else 0
        self.status.show_selection(self.grid.selected_count() if is_grid else 0, total)
        self._details_timer.start()
        self._alike_timer.start()

    def _ask_alike(self) -> None:
        """Look for what is like the photo in the details, once the choice has rested."""
        photos = self.details.photos
        if self._library is None or self.details.isHidden() or len(photos) != 1:
            return

        def show(found: list[Photo]) -> None:
            if [photo.photo_id for photo in self.details.photos] == [photos[0].photo_id]:
                self.details.alike.set_photos(found)

        # Nobody asked for it: a failure is in the log, and a search will say it.
        future = self.library.alike(photos[0].photo_id, similar_strip.MOST)
        self.bridge.ask(future, show, topic="alike", failed=lambda _sentence: self.details.alike.set_photos(()))

    def _on_alike_chosen(self, place: int) -> None:
        self._viewer_page().show_photos([photo.photo_id for photo in self.details.alike.photos], place)

    def _update_details(self) -> None:
        if self._library is None or self.details.isHidden():
            return
        is_grid = self.pages.currentWidget() is self.grid
        photos = self.model.photos(self.grid.chosen_ids(DETAILED_PHOTOS)) if is_grid else []
        if len(photos) != 1:
            self.details.set_photos(photos, chosen=self.grid.selected_ids() if is_grid else ())
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
        if self._answer is not None and hit is not None and (hit.same_picture, hit.shows) != (None, None):
            self.bridge.ask(
                self.library.explain(self._answer.query, photo.photo_id),
                self._on_explained,
                topic="why",
                failed=lambda _sentence: self.details.why.set_explanation(None),
            )
        else:
            self.bridge.drop("why")
            self.details.why.set_explanation(None)

    def _on_explained(self, explanation: Explanation) -> None:
        if [photo.photo_id for photo in self.details.photos] == [explanation.photo_id]:
            self.details.why.set_explanation(explanation)

    def _on_where_wanted(self, explanation: Explanation) -> None:
        """Show on both pictures where the likeness lies."""
        if self._answer is None:
            return
        from photofind.gui.where_dialog import PICTURE_PX, WhereDialog

        photos = self.model.photos([explanation.photo_id])
        part = explanation.part
        asked = self.tr("the picture")
        if isinstance(part, PhotoPart):
            asked = "".join(wording.display_name(photo.path) for photo in self.model.photos([part.photo_id]))
        elif isinstance(part, ImagePart) and part.path is not None:
            asked = wording.display_name(part.path)
        found = "".join(wording.display_name(photo.path) for photo in photos)
        dialog = WhereDialog(asked, found, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: self.bridge.drop("where"))
        self.bridge.ask(
            self.library.likeness_map(self._answer.query, explanation.photo_id, PICTURE_PX),
            dialog.show_map,
            topic="where",
            failed=lambda sentence: dialog.show_state(core_sentence(sentence)),
        )
        dialog.open()

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

    def show_tag(self, tag: str) -> None:
        """Show only the photos that have a tag."""
        before = self.query_bar.filter()
        if before.tags == (tag,):
            return
        self.query_bar.filters.choose_tag(tag)
        self.message.say(
            self.tr("Only photos with the tag “{tag}”.").format(tag=tag),
            self.tr("Show the others again"),
            lambda: self.query_bar.filters.set_filter(before),
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
        from photofind.gui.keys_dialog import show_keys

        show_keys(self)

    def _on_settings(self) -> None:
        from photofind.gui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._settings, self.library, self.bridge, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: theme.current().choose(self._settings.text("theme")))
        dialog.networks_wanted.connect(self.show_networks)
        dialog.keys_changed.connect(self._on_keys_changed)
        dialog.open()

    def _on_keys_changed(self) -> None:
        keymap.current().use(read_keys(self._settings))
        apply_keys(self.actions_by_name, keymap.current().keys)

    def _on_quit(self) -> None:
        self.close()

    def sizeHint(self) -> QSize:
        """Return a size that suits most screens at the first start."""
        return QSize(1280, 800)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the details give way in a narrow window, and come back in a wide one."""
        super().resizeEvent(event)
        if event.size().width() < _WIDE_PX and self._wanted_when_wide is None:
            self._wanted_when_wide = self._wants_details
            self._wants_details = False
            self._on_page_changed()
        elif event.size().width() >= _WIDE_PX and self._wanted_when_wide is not None:
            self._wants_details = self._wanted_when_wide
            self._wanted_when_wide = None
            self._on_page_changed()

    def _restore_layout(self) -> None:
        self.set_cell_size(int(self._settings.number("cell_px")))
        self._size_timer.stop()
        self.query_bar.set_order(SortOrder(self._settings.text("sort_order")))
        layout, has_sections = self._settings.text("grid_layout"), self._settings.flag("grid_sections")
        self.query_bar.set_layout(layout, has_sections=has_sections)
        self.grid.set_justified(layout == "rows")
        self.grid.set_shows_sections(has_sections)
        geometry = _decoded(self._settings.text("window_geometry"))
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(self.sizeHint())
        state = _decoded(self._settings.text("window_state"))
        if state is not None:
            self.splitter.restoreState(state)

    def _restore_place(self) -> None:
        """Begin where the person was: the list or folder of the last time, and the photo that had the keyboard."""
        name, _colon, path = self._settings.text("place").partition(":")
        if name == Place.FOLDER and path:
            self._start_path = os.fsencode(path)
        elif name == Place.COLLECTION and path.isdecimal():
            self._start_collection = int(path)
        elif name == Place.TAG and path:
            self.sidebar.blockSignals(True)
            self.sidebar.choose_tag(path)
            self.sidebar.blockSignals(False)
            self._place_tag(path)
        elif name in [place.value for place in Place]:
            self._choose_quietly(Place(name))
        self._start_photo = int(self._settings.number("current_photo"))
        open_folders = self._settings.text("open_folders")
        self.sidebar.open_later([os.fsencode(path) for path in open_folders.split("\n") if path])

    def _begin_at_photo(self) -> None:
        """Choose the photo of the last time, and scroll to what was in sight then."""
        self.grid.select_photo(self._start_photo)
        self.grid.scrollTo(self.grid.currentIndex(), PhotoGrid.ScrollHint.PositionAtCenter)
        self._start_photo = 0
        top_photo = int(self._settings.number("top_photo"))
        if self.model.row_of(top_photo) >= 0:
            self.grid.show_place((top_photo, int(self._settings.number("top_px"))))

    def _begin_in_collection(self) -> None:
        """Choose the collection of the last time, now that the sidebar has them."""
        collection_id, self._start_collection = self._start_collection, 0
        if collection_id and not self.sidebar.choose_collection(collection_id) and self._start_photo:
            self._begin_at_photo()

    def _begin_in_folder(self) -> None:
        """Choose the folder of the last time, now that the sidebar has the folders; all photos if it is gone."""
        if self._start_path is None:
            return
        path, self._start_path = self._start_path, None
        self._choose_quietly(Place.FOLDER, path)
        if self.sidebar.path() != path:
            self._ask()

    def _save_place(self) -> None:
        path = self.sidebar.path()
        try:
            place = f"{self.sidebar.place()}:{path.decode()}" if path is not None else str(self.sidebar.place())
        except UnicodeDecodeError:
            place = Place.ALL.value  # TOML holds text, and this name is none
        if (collection := self.sidebar.collection()) is not None:
            place = f"{Place.COLLECTION}:{collection.collection_id}"
        elif (tag := self.sidebar.tag()) is not None:
            place = f"{Place.TAG}:{tag}"
        self._settings.set("place", place)
        folders = [path for path in self.sidebar.open_folders() if b"\n" not in path][:_OPEN_FOLDERS]
        self._settings.set("open_folders", "\n".join(path.decode() for path in folders if _is_text(path)))
        current = self.grid.current_id()
        if self._start_photo == 0:  # else the photos were never listed
            self._settings.set("current_photo", current or 0)
            sight = self.grid.place() if not self.query_bar.parts() else None
            self._settings.set("top_photo", sight[0] if sight is not None else 0)
            self._settings.set("top_px", sight[1] if sight is not None else 0)

    def _save_layout(self) -> None:
        self._save_size()
        if self._library is not None:
            self._save_place()
        wide = self._wanted_when_wide
        self._settings.set("shows_sidebar", self._wants_sidebar)
        self._settings.set("shows_details", self._wants_details if wide is None else wide)
        self._settings.set("window_geometry", base64.b64encode(bytes(self.saveGeometry().data())).decode())
        self._settings.set("window_state", base64.b64encode(bytes(self.splitter.saveState().data())).decode())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout and let the library go; the application closes it."""
        self._save_layout()
        for timer in (
            self._refresh, self._counts, self._patience, self._details_timer, self._alike_timer, self._size_timer
        ):  # fmt: skip
            timer.stop()
        if self._bridge is not None:
            self._bridge.close()
        self.thumbnails.close()
        self.photo_actions.close()
        self.decisions.close()
        self.tag_actions.close()
        self.folder_actions.close()
        self.image_search.close()
        self.intake.close()
        self._library = None
        self._is_closed = True
        super().closeEvent(event)


def _is_text(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(text: str) -> QByteArray | None:
    try:
        return QByteArray(base64.b64decode(text, validate=True)) if text else None
    except binascii.Error:
        return None


def _badged(answer: Answer) -> dict[int, Hit]:
    """Return the hits that have something to say on their photos, by photo.

    Not the photos that were looked for; of what neither an image nor words found there is nothing to say.
    """
    own = {part.photo_id for part in answer.query.parts if isinstance(part, PhotoPart)}
    return {
        hit.photo_id: hit
        for hit in answer.hits
        if hit.photo_id not in own and (hit.same_picture is not None or is_found_by_words(hit))
    }
