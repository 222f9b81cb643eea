"""The pages that are made when they are first asked for: viewer, comparison, and all that is no list of photos.

Owned by the main window, on its thread. Each is imported, built and wired to the commands here, at its first use;
what a page wants of the window itself comes as a signal. All at once would hold the window up for longer than 50
ms. An alternative that lost: one table of classes and signals, because no two pages are made with the same things.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from photofind.gui import keymap
from photofind.gui.bridge import Bridge
from photofind.gui.folder_actions import FolderActions
from photofind.gui.image_search import ImageSearch
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_actions import PhotoActions
from photofind.gui.sidebar import Place
from photofind.gui.tag_actions import TagActions
from photofind.gui.thumbnail_loader import ThumbnailLoader
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

PLACES = (Place.DUPLICATES, Place.PROBLEMS, Place.NETWORKS, Place.INDEX, Place.TAGS)
"""Places that are a page of their own and no list of photos."""


class LatePages(QObject):
    """See the module.

    Args:
        window: What viewer and comparison cover.
        stack: Takes the pages of `PLACES`.
        thumbnails: Pictures for all of them.
        message: What it says is also said in the viewer.
        settings: Keeps whether the viewer shows its filmstrip.
        move: Moves one file to the trash.
        photo_actions: Acts on photos.
        tag_actions: Renames and removes tags.
        folder_actions: Forgets what is missing.
        image_search: Looks for photos, and for parts of them.
    """

    photo_shown = Signal(int)
    """The viewer went on to another photo."""
    menu_requested = Signal(QPoint)
    command_wanted = Signal(str)
    """The name of an action."""
    tag_chosen = Signal(str)
    model_changed = Signal()

    def __init__(
        self,
        window: QWidget,
        stack: QStackedWidget,
        thumbnails: ThumbnailLoader,
        message: MessageBar,
        settings: Settings,
        move: "MoveToTrash",
        *,
        photo_actions: PhotoActions,
        tag_actions: TagActions,
        folder_actions: FolderActions,
        image_search: ImageSearch,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._stack = stack
        self._thumbnails = thumbnails
        self._message = message
        self._settings = settings
        self._move = move
        self._photo_actions = photo_actions
        self._tag_actions = tag_actions
        self._folder_actions = folder_actions
        self._image_search = image_search
        self._open: tuple[Library, Bridge] | None = None
        self._viewer: Viewer | None = None
        self._compare: CompareView | None = None
        self._duplicates: DuplicatesView | None = None
        self._problems: ProblemsPage | None = None
        self._models: ModelsPage | None = None
        self._index: IndexPage | None = None
        self._tags: TagsPage | None = None
        self._known_tags: tuple[tuple[str, int], ...] = ()

    def attach(self, library: "Library", bridge: Bridge) -> None:
        """Make the pages over this library; it is a bug to ask for one before."""
        self._open = (library, bridge)

    def viewed(self) -> int | None:
        """Return the photo in the viewer; None while it is closed."""
        return self._viewer.photo_id if self._viewer is not None else None

    def close_viewer(self) -> None:
        """Take the viewer away, if it is open."""
        if self._viewer is not None:
            self._viewer.close_over()

    def set_tags(self, tags: tuple[tuple[str, int], ...]) -> None:
        """Set the tags of the library, each with its number of photos."""
        self._known_tags = tags
        if self._tags is not None:
            self._tags.set_tags(tags)

    def show(self, place: Place) -> None:
        """Bring the page of a place to the front.

        Args:
            place: One of `PLACES`.
        """
        page: QWidget
        match place:
            case Place.DUPLICATES:
                page = self.duplicates()
            case Place.PROBLEMS:
                page = self.problems()
            case Place.NETWORKS:
                page = self.models()
            case Place.INDEX:
                page = self.index()
            case _:
                page = self.tags()
        self._stack.setCurrentWidget(page)
        if page is self._duplicates:
            self._duplicates.refresh()

    def viewer(self) -> "Viewer":
        """Return the viewer."""
        if self._viewer is None:
            from photofind.gui.viewer import Viewer

            library, bridge = self._opened()
            self._viewer = viewer = Viewer(library, bridge, self._thumbnails, self._window)
            viewer.find_similar.connect(self._image_search.find_similar)
            viewer.current_changed.connect(self.photo_shown)
            viewer.trash_wanted.connect(self._photo_actions.ask_trash_of)
            viewer.undo_wanted.connect(self._photo_actions.undo)
            viewer.command_wanted.connect(self.command_wanted)
            viewer.menu_requested.connect(self.menu_requested)
            self._message.said.connect(viewer.say)
            viewer.find_part.connect(self._image_search.find_part)
            viewer.set_filmstrip_shown(self._settings.flag("viewer_filmstrip"))
            viewer.filmstrip_toggled.connect(lambda shown: self._settings.set("viewer_filmstrip", shown))
        return self._viewer

    def compare(self) -> "CompareView":
        """Return the comparison of a few photos."""
        if self._compare is None:
            from photofind.gui.compare_view import CompareView

            library, bridge = self._opened()
            self._compare = CompareView(library, bridge, self._thumbnails, self._window)
            self._compare.rating_changed.connect(self._photo_actions.rate)
            self._compare.trash_wanted.connect(self._photo_actions.ask_trash_of)
            self._compare.undo_wanted.connect(self._photo_actions.undo)
        return self._compare

    def duplicates(self) -> "DuplicatesView":
        """Return the page of duplicates."""
        if self._duplicates is None:
            from photofind.gui.duplicates_view import DuplicatesView

            library, bridge = self._opened()
            self._duplicates = DuplicatesView(library, bridge, self._thumbnails, move=self._move)
            self._duplicates.find_similar.connect(self._image_search.find_similar)
            self._duplicates.photo_opened.connect(lambda ids, row: self.viewer().show_photos(ids, row))
            keymap.current().show(self._duplicates.undo_button, "undo")
            self._stack.addWidget(self._duplicates)
        return self._duplicates

    def problems(self) -> "ProblemsPage":
        """Return the page of photos that could not be read."""
        if self._problems is None:
            from photofind.gui.problems_page import ProblemsPage

            self._problems = ProblemsPage(*self._opened())
            self._problems.forget_wanted.connect(self._folder_actions.ask_forget)
            self._stack.addWidget(self._problems)
        return self._problems

    def models(self) -> "ModelsPage":
        """Return the page of networks."""
        if self._models is None:
            from photofind.gui.models_page import ModelsPage

            self._models = ModelsPage(*self._opened())
            self._models.model_changed.connect(self.model_changed)
            self._stack.addWidget(self._models)
        return self._models

    def index(self) -> "IndexPage":
        """Return the page of the vector index."""
        if self._index is None:
            from photofind.gui.index_page import IndexPage

            self._index = IndexPage(*self._opened())
            self._stack.addWidget(self._index)
        return self._index

    def tags(self) -> "TagsPage":
        """Return the page of all tags."""
        if self._tags is None:
            from photofind.gui.tags_page import TagsPage

            self._tags = TagsPage()
            self._tags.show_wanted.connect(self.tag_chosen)
            self._tags.new_name_wanted.connect(self._tag_actions.ask_new_name)
            self._tags.removal_wanted.connect(self._tag_actions.ask_removal)
            self._tags.set_tags(self._known_tags)
            self._stack.addWidget(self._tags)
        return self._tags

    def _opened(self) -> "tuple[Library, Bridge]":
        assert self._open is not None
        return self._open
