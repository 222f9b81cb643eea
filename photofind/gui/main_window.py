"""The window: holds the parts together, turns what a person does into questions, and answers into what is shown.

Owned by the application, on Qt's thread. It stands before the library does: everything is built without one, and
`attach` brings it to life, so that the first paint waits for no database and no network. What is shown follows from
four things only: the place in the sidebar, the filter, the query and the order. Each change asks the library anew,
and an answer that was overtaken is dropped by the bridge.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
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
from photofind.events import Progress
from photofind.gui import icons, keymap, theme, wording
from photofind.gui.asking import Asking
from photofind.gui.bridge import Bridge
from photofind.gui.chosen import Chosen
from photofind.gui.chosen_details import DETAILED_PHOTOS, ChosenDetails
from photofind.gui.details_panel import DetailsPanel
from photofind.gui.first_run_page import FirstRunPage
from photofind.gui.folder_actions import FolderActions
from photofind.gui.image_search import ImageSearch
from photofind.gui.intake import Intake
from photofind.gui.last_session import LastSession
from photofind.gui.late_pages import PLACES, LatePages
from photofind.gui.message_bar import MessageBar
from photofind.gui.no_photos import NoPhotos
from photofind.gui.photo_actions import MOST_COMPARED, PhotoActions
from photofind.gui.photo_decisions import PhotoDecisions
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.photo_model import PhotoModel
from photofind.gui.query_bar import QueryBar
from photofind.gui.shortcuts import apply_keys, make_actions, read_keys
from photofind.gui.shown_answer import PATIENCE_MS, ShownAnswer
from photofind.gui.sidebar import Place, Sidebar
from photofind.gui.state_page import StatePage
from photofind.gui.status_bar import StatusBar
from photofind.gui.tag_actions import TagActions
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.translation import core_sentence
from photofind.gui.trash import move_to_trash
from photofind.records import (
    Collection,
    LibraryOverview,
    Photo,
    Query,
    SortOrder,
)
from photofind.settings import Settings

if TYPE_CHECKING:
    from photofind.library import Library, MoveToTrash

REFRESH_MS = 300
_COUNTS_MS = 700
_WIDE_PX = 900
"""In a narrower window the details give way to the photos until they are asked for."""


class MainWindow(QMainWindow):
    """See the module.

    Args:
        settings: Read and written: size, order, layout, language, appearance.
        move: Moves one file to the trash; another one in tests.
    """

    def __init__(self, settings: Settings, *, move: "MoveToTrash" = move_to_trash) -> None:
        super().__init__()
        self._settings = settings
        self._library: Library | None = None
        self._is_closed = False
        self._bridge: Bridge | None = None
        self._counted_at = 0.0
        self._waits_for_photos = False
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
        chosen = Chosen(self.grid, lambda: self.late_pages.viewed())
        self.photo_actions = PhotoActions(self, chosen, self.message, settings, move)
        self.decisions = PhotoDecisions(self, chosen, self.message)
        self.tag_actions = TagActions(self, self.message)
        self.folder_actions = FolderActions(self, self.message, self.thumbnails, self.photo_actions)
        self.image_search = ImageSearch(self, chosen, self.grid, self.message, self.query_bar, self.thumbnails)
        self.intake = Intake(self, self.grid, self.message, self.query_bar, self.image_search)
        self.asking = Asking(self, self.message, self.sidebar, self.query_bar, self.model, self.image_search)
        self.shown = ShownAnswer(self, self.grid, self.query_bar, self.image_search)
        self._no_photos = NoPhotos(
            self, self.message, self.pages, self.state_page, self.first_run, self.query_bar, self.sidebar,
            self.shown,
        )  # fmt: skip
        self.chosen_details = ChosenDetails(self, self.details, self.grid, self.pages, self.shown)
        self._last_session = LastSession(
            self, self.splitter, settings, self.sidebar, self.query_bar, self.grid, self.asking
        )
        self.late_pages = LatePages(
            self, self.pages, self.thumbnails, self.message, settings, move, photo_actions=self.photo_actions,
            tag_actions=self.tag_actions, folder_actions=self.folder_actions, image_search=self.image_search,
        )  # fmt: skip
        keymap.current().use(read_keys(settings))
        self.actions_by_name = make_actions(self, self.grid, self._calls(), keymap.current().keys)
        self._make_menu()
        self._timers()
        self._connect()
        self.set_cell_size(int(settings.number("cell_px")))
        self._size_timer.stop()
        self._last_session.restore_layout()
        self._enable(False)
        self._no_photos.show_nothing()
        self._opening.start()

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
            calls[name] = partial(self._mark, partial(self.decisions.flag_chosen, flag))
        for stars in range(6):
            calls[f"rate_{stars}"] = partial(self._mark, partial(self.photo_actions.rate_chosen, stars))
        return calls

    def _mark(self, act: Callable[[], None]) -> None:
        """Let the chosen photos be marked, and go on to the next one if the person works so."""
        act()
        if not self._settings.flag("advances"):
            return
        if self.late_pages.viewed() is not None:
            self.late_pages.viewer().step(1)
        elif self.grid.selected_count() <= 1:
            self.grid.step(1)

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
        bar.filter_changed.connect(self.asking.follow_filter)
        bar.order_changed.connect(self._on_order_changed)
        bar.likeness_changed.connect(self.shown.choose_alike)
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
        self.tag_actions.renamed.connect(self.asking.follow_tag)
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
        self.chosen_details.photos_opened.connect(lambda ids, row: self.late_pages.viewer().show_photos(ids, row))
        self.pages.currentChanged.connect(self._on_page_changed)
        self.image_search.starting.connect(self.asking.look_everywhere)
        self.asking.changed.connect(self._ask)
        self.shown.arrived.connect(self._on_arrived)
        self.shown.browsed.connect(self._last_session.begin_at_photo)
        self.shown.search_failed.connect(self._no_photos.show_search_failure)
        self.shown.browse_failed.connect(self._no_photos.show_list_failure)
        self._no_photos.list_wanted.connect(self._ask)
        self._no_photos.add_folder_wanted.connect(self.folder_actions.ask_folder)
        self.intake.folders_came.connect(self._on_folders_came)
        self.folder_actions.added.connect(self._on_folder_added)
        self.folder_actions.removed.connect(self._ask)
        self.folder_actions.show_wanted.connect(lambda path: sidebar.choose(Place.FOLDER, path))
        self.late_pages.photo_shown.connect(grid.select_photo)
        self.late_pages.menu_requested.connect(self._on_menu_requested)
        self.late_pages.command_wanted.connect(lambda name: self.actions_by_name[name].trigger())
        self.late_pages.tag_chosen.connect(sidebar.choose_tag)
        self.late_pages.model_changed.connect(self._on_model_changed)
        self.photo_actions.similar_wanted.connect(self.image_search.find_chosen)
        self.photo_actions.weight_wanted.connect(self.image_search.weigh)
        self.photo_actions.undo_changed.connect(self._update_undo)
        self.photo_actions.files_changed.connect(self._refresh_soon)

    def _timers(self) -> None:
        self._refresh = QTimer(self, singleShot=True)
        self._refresh.timeout.connect(self._on_refresh)
        self._counts = QTimer(self, singleShot=True, interval=_COUNTS_MS)
        self._counts.timeout.connect(self._update_counts)
        self._opening = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._opening.timeout.connect(self._no_photos.show_opening)
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
            photos_first: Ask for nothing but photos before `show_the_rest` is called.
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
        self.asking.attach(library, bridge)
        self.shown.attach(library, bridge)
        self._no_photos.attach(library, bridge)
        self.late_pages.attach(library, bridge)
        self._opening.stop()
        self._enable(True)
        self.thumbnails.retry_missing()
        self._on_progress(library.progress())
        self._last_session.restore_place()
        self.grid.setFocus()
        self._ask()
        self._refresh.stop()  # the progress may have wanted the same
        self._waits_for_photos = True
        if not photos_first:
            self.show_the_rest()  # after the list

    def show_open_error(self, sentence: str, again: Callable[[], None]) -> None:
        """Say why the library could not be opened."""
        self._no_photos.show_open_error(sentence, again)

    def say(self, sentence: str) -> None:
        """Show a sentence in the message bar."""
        self.message.say(sentence)

    def show_the_rest(self) -> None:
        """Ask for what stands around the photos: counts, folders, collections, details."""
        if self._waits_for_photos:
            self._waits_for_photos = False
            self._update_counts()
            self.chosen_details.attach(self.library, self.bridge)

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

    # The list

    def _ask(self) -> None:
        """Ask the library for what should be shown now."""
        if self._library is None:
            return
        place, parts = self.sidebar.place(), self.query_bar.parts()
        if place in PLACES:
            self.bridge.drop("list")
            self.late_pages.show(place)
            self._on_selection_changed()
            return
        self.query_bar.set_relevance_offered(bool(parts))
        self.shown.ask(self.asking.question())

    def _on_arrived(self, has_photos: bool) -> None:
        if has_photos:
            had_focus = self.state_page.isAncestorOf(QApplication.focusWidget() or self)
            had_focus = had_focus or (self._wants_focus and self._is_focus_idle())
            self._wants_focus = False
            self.pages.setCurrentWidget(self.grid)
            if had_focus:
                self.grid.setFocus()
        else:
            self._no_photos.show_reason()
        self._on_selection_changed()

    def _is_focus_idle(self) -> bool:
        """Return whether the keyboard is where it fell when the window opened, and not where a person put it."""
        focus, bar = QApplication.focusWidget(), self.query_bar
        return focus is None or (bar.isAncestorOf(focus) and not bar.words.text())

    def _on_query_changed(self) -> None:
        self.late_pages.close_viewer()  # "More like this" was chosen there
        self.shown.keep_sight()
        self.asking.follow_query()

    def _on_order_changed(self) -> None:
        if self.shown.reorder(self.asking.question()):
            return
        if self.query_bar.order() is not SortOrder.RELEVANCE:
            self._settings.set("sort_order", self.query_bar.order().value)
        self._ask()

    def _on_layout_changed(self, layout: str) -> None:
        self._settings.set("grid_layout", layout)
        self.grid.set_justified(layout == "rows")

    def _on_sections_changed(self, shows: bool) -> None:
        self._settings.set("grid_sections", shows)
        self.grid.set_shows_sections(shows)

    def _on_place_chosen(self, _place: str, path: bytes | None) -> None:
        self.shown.forget_sight()
        self._last_session.forget_collection()
        self.asking.follow_place()
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

    def _save_search(self) -> None:
        """Keep what is asked for now as a live collection."""
        if not self.query_bar.parts() and not self.query_bar.filters.active_count():
            self.message.say(self.tr("Search for something or choose filters first; then the search can be saved."))
            return
        slider = self.query_bar.likeness
        cut = slider.chosen() if slider.isVisibleTo(self.query_bar) else None
        self.decisions.ask_live_collection(Query(self.query_bar.parts(), self.asking.question().filter, cut=cut))

    def _on_photos_collected(self, collection: Collection | None) -> None:
        chosen = self.grid.chosen_ids()
        if collection is None:
            self.decisions.ask_collection(chosen)
        else:
            self.decisions.collect(collection, chosen)

    def _on_photos_tagged(self, tag: str) -> None:
        chosen = self.grid.chosen_ids()
        self.tag_actions.give(tag, chosen, self.model.photos(chosen[:DETAILED_PHOTOS]))

    def go_back(self) -> None:
        """Go one step back: from the details or a page to the photos, out of the search, out of the selection."""
        focus = QApplication.focusWidget()
        if focus is not None and self.details.isAncestorOf(focus) and self.pages.currentWidget() is self.grid:
            self.grid.setFocus()
            return
        if self.sidebar.place() in PLACES and not self.query_bar.parts():
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
        self.chosen_details.update_soon()

    # Announcements

    def _on_photos_added(self, _photo_ids: tuple[int, ...]) -> None:
        self.thumbnails.retry_missing()
        self._count_soon()
        self._refresh_soon()

    def _on_photos_changed(self, photo_ids: tuple[int, ...]) -> None:
        self.model.forget(photo_ids)
        self.thumbnails.retry_missing()
        self.grid.refresh()
        self.chosen_details.update_soon()
        self._count_soon()
        self._refresh_soon()

    def _on_photos_removed(self, photo_ids: tuple[int, ...]) -> None:
        self.chosen_details.take_out(photo_ids)
        if self.shown.take_out(photo_ids) and self.pages.currentWidget() is self.grid and not len(self.model.ids):
            self._no_photos.show_reason()
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
            pause_ms = max(REFRESH_MS, 4 * self.shown.waited_ms) if len(self.model.ids) else 0
            self._refresh.start(round(pause_ms))

    def _on_refresh(self) -> None:
        if self.sidebar.place() in PLACES:
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
        if self._library is None or self._waits_for_photos:
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
        self.asking.find_folder()
        self.sidebar.set_collections(overview.collections)
        self._last_session.begin_in_collection()
        self.sidebar.set_tags(overview.tags)
        self.details.set_known_tags([tag for tag, _count in overview.tags])
        self.late_pages.set_tags(overview.tags)
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
            self.late_pages.viewer().show_photos(self.model.ids, row)

    def _on_compare(self) -> None:
        chosen = self.grid.chosen_ids(MOST_COMPARED + 1)
        if 2 <= len(chosen) <= MOST_COMPARED:
            self.late_pages.compare().show_photos(self.model.photos(chosen))
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
        self.chosen_details.update_soon()

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
        self.shown.forget_question()
        self.chosen_details.update_soon()

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

    def _save_layout(self) -> None:
        self._save_size()
        if self._library is not None:
            self._last_session.save_place()
        wide = self._wanted_when_wide
        self._settings.set("shows_sidebar", self._wants_sidebar)
        self._settings.set("shows_details", self._wants_details if wide is None else wide)
        self._last_session.save_layout()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout and let the library go; the application closes it."""
        self._save_layout()
        for timer in (self._refresh, self._counts, self._opening, self._size_timer):
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
        self.asking.close()
        self.shown.close()
        self._no_photos.close()
        self.chosen_details.close()
        self._library = None
        self._is_closed = True
        super().closeEvent(event)
