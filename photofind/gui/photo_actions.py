"""What a person does to the photos chosen in the grid: open elsewhere, copy, rate, move to the trash, undo.

Owned by the main window, on its thread, and made before the library is open: `attach` gives it one. It stands apart
from the window because none of it asks what the window shows; the grid tells which photos are meant and the message
bar says what came of it.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QWidget

from photofind.errors import PhotofindError
from photofind.gui import file_manager, icons, wording
from photofind.gui.bridge import Bridge
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.translation import core_sentence
from photofind.records import Photo, RemovalReport

if TYPE_CHECKING:
    from photofind.library import Library, MoveToTrash

MOST_PATHS = 200
"""Photos whose paths are copied, or that are called no duplicates, at once."""


class PhotoActions(QObject):
    """See the module.

    Args:
        window: Parent of menus and dialogs.
        grid: Tells which photos are meant.
        message: Says what came of it.
        move: Moves one file to the trash.
    """

    similar_wanted = Signal()
    weight_wanted = Signal(float)
    """More (1) or less (-1) like the chosen photos."""
    undo_changed = Signal()
    files_changed = Signal()

    def __init__(self, window: QWidget, grid: PhotoGrid, message: MessageBar, move: "MoveToTrash") -> None:
        super().__init__(window)
        self._window = window
        self._grid = grid
        self._message = message
        self._move = move
        self._open: tuple[Library, Bridge] | None = None

    def attach(self, library: "Library", bridge: Bridge) -> None:
        """Act on this library from now on."""
        self._open = (library, bridge)

    def close(self) -> None:
        """Let the library go; what is asked for afterwards is passed over."""
        self._open = None

    def _tell(self, act: Callable[["Library", Bridge], None]) -> None:
        """Give the library a command; a refusal (open for searching only) is a sentence."""
        if self._open is None:
            return
        try:
            act(*self._open)
        except PhotofindError as error:
            self._message.say(core_sentence(str(error)))

    def menu(self, by_name: Mapping[str, QAction]) -> QMenu:
        """Return a menu for the chosen photos.

        Args:
            by_name: The window's actions.
        """
        is_many = len(self._grid.chosen_ids(2)) > 1
        menu = QMenu(self._window)
        menu.addAction(by_name["preview"])
        outside = menu.addAction(self.tr("Open with its program"))
        outside.triggered.connect(lambda: self._with_current(lambda photo: self.open_outside(photo.path)))
        show = menu.addAction(self.tr("Show in file manager"))
        show.triggered.connect(lambda: self._with_current(lambda photo: self._show_outside(photo.path)))
        menu.addSeparator()
        # The key is only shown: the action that has it belongs to the grid and says "Find similar".
        text = self.tr("Find similar to these") if is_many else self.tr("Find similar")
        similar = menu.addAction(f"{text}\t{by_name['similar'].shortcut().toString()}")
        icons.bind(similar, "similar")
        similar.triggered.connect(self.similar_wanted)
        more = menu.addAction(self.tr("More like this"))
        icons.bind(more, "add")
        more.triggered.connect(lambda: self.weight_wanted.emit(1.0))
        less = menu.addAction(self.tr("Less like this"))
        icons.bind(less, "remove")
        less.triggered.connect(lambda: self.weight_wanted.emit(-1.0))
        menu.addSeparator()
        rate = menu.addMenu(self.tr("Rate"))
        icons.bind(rate, "star")
        for stars in range(6):
            rate.addAction(by_name[f"rate_{stars}"])
        menu.addAction(by_name["copy"])
        menu.addAction(by_name["copy_path"])
        if is_many:
            apart = menu.addAction(self.tr("These are not duplicates"))
            apart.triggered.connect(self._dismiss)
        menu.addSeparator()
        menu.addAction(by_name["trash"])
        return menu

    def _chosen(self, limit: int) -> list[Photo]:
        return self._grid.photo_model().photos(self._grid.chosen_ids(limit))

    def _with_current(self, act: Callable[[Photo], None]) -> None:
        photos = self._chosen(1)
        if photos:
            act(photos[0])

    # Outside

    def open_outside(self, path: bytes) -> None:
        """Open a file with its program, or a folder in the file manager."""
        if not file_manager.open_path(path):
            self._message.say(self.tr("The system found no program for this."))

    def _show_outside(self, path: bytes) -> None:
        if not file_manager.show_file(path):
            self._message.say(self.tr("The system found no file manager."))

    # Copying

    def copy_files(self) -> None:
        """Put the chosen files into the clipboard."""
        data = self._grid.mime_data()
        count = len(data.urls())
        if count:
            QApplication.clipboard().setMimeData(data)
            self._message.say(self.tr("Copied %n photo(s).", "", count))

    def copy_path(self) -> None:
        """Put the paths of the chosen photos into the clipboard."""
        photos = self._chosen(MOST_PATHS)
        if photos:
            QApplication.clipboard().setText("\n".join(wording.display_text(photo.path) for photo in photos))
            self._message.say(self.tr("Copied %n path(s).", "", len(photos)))

    # Deciding

    def rate_chosen(self, stars: int) -> None:
        """Rate the chosen photos; no stars takes the rating away."""
        chosen = self._grid.chosen_ids()
        if chosen:
            self.rate(chosen, stars or None)

    def rate(self, photo_ids: list[int], rating: int | None) -> None:
        """Rate photos."""
        self._tell(lambda library, bridge: bridge.ask(library.set_rating(photo_ids, rating), lambda _none: None))

    def _dismiss(self) -> None:
        chosen = self._grid.chosen_ids(MOST_PATHS)
        self._tell(lambda library, bridge: bridge.ask(library.dismiss_duplicates(chosen), self._on_dismissed))

    def _on_dismissed(self, _none: None) -> None:
        self._message.say(self.tr("Remembered: these are not duplicates of each other."))

    # The trash

    def ask_trash(self) -> None:
        """Move the chosen photos to the trash once the person agreed."""
        chosen = self._grid.chosen_ids()
        if not chosen:
            return
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.tr("Move to trash"),
            self.tr("Move %n photo(s) to the trash?", "", len(chosen)),
            QMessageBox.StandardButton.Cancel,
            self._window,
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
            lambda library, bridge: bridge.ask(
                library.move_to_trash(photo_ids, self._move, keep_a_copy=False), self._on_trashed
            )
        )

    def _on_trashed(self, report: RemovalReport) -> None:
        self.undo_changed.emit()
        undo = self.tr("Undo")
        if report.failed:
            _path, reason = report.failed[0]
            sentence = self.tr("%n photo(s) stayed where they were.", "", len(report.failed))
            action = undo if report.done else ""
            self._message.say(f"{sentence} {core_sentence(reason)}", action, self.undo, stays=True)
        elif report.done:
            self._message.say(self.tr("Moved %n photo(s) to the trash.", "", len(report.done)), undo, self.undo)

    def undo(self) -> None:
        """Take the last removal back."""
        self._tell(lambda library, bridge: bridge.ask(library.undo_removal(), self._on_undone))

    def _on_undone(self, report: RemovalReport | None) -> None:
        self.undo_changed.emit()
        if report is None:
            self._message.say(self.tr("There is nothing to undo."))
        elif report.failed:
            _path, reason = report.failed[0]
            sentence = self.tr("%n photo(s) could not be put back.", "", len(report.failed))
            self._message.say(f"{sentence} {core_sentence(reason)}", stays=True)
        else:
            self._message.say(self.tr("Put %n photo(s) back.", "", len(report.done)))
        self.files_changed.emit()
