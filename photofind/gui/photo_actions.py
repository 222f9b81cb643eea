"""What a person does to the photos chosen in the grid: open elsewhere, copy, rename, rate, trash, undo.

Owned by the main window, on its thread. It stands apart
from the window because none of it asks what the window shows; the grid tells which photos are meant and the message
bar says what came of it.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QWidget

from photofind.gui import file_manager, icons, programs, wording
from photofind.gui.bridge import Bridge
from photofind.gui.chosen import Chosen
from photofind.gui.commands import Commands
from photofind.gui.copy_dialog import CopyDialog, Start
from photofind.gui.message_bar import MessageBar
from photofind.gui.quick_look import folders_among
from photofind.gui.rename_dialog import RenameDialog
from photofind.gui.translation import core_sentence
from photofind.records import Companion, CopyReport, Photo, RemovalReport, Undoable
from photofind.settings import Settings

if TYPE_CHECKING:
    from photofind.gui.full_image import FullImages
    from photofind.library import Library, MoveToTrash

COPIED_PX = 12_000
"""Longer side of a picture in the clipboard, at most; larger ones fill the memory of whoever pastes them."""
MOST_COMPARED = 4
MOST_COMPANIONS = 5
"""So many are named in the question before photos go to the trash; the rest are counted."""
MOST_PATHS = 200
"""Photos whose paths are copied, or that are called no duplicates, at once."""


class PhotoActions(Commands):
    """See the module.

    Args:
        window: Parent of menus and dialogs.
        chosen: Tells which photos are meant.
        message: Says what came of it.
        settings: Remembers where photos were copied to.
        move: Moves one file to the trash.
    """

    similar_wanted = Signal()
    weight_wanted = Signal(float)
    """More (1) or less (-1) like the chosen photos."""
    undo_changed = Signal()
    files_changed = Signal()

    def __init__(
        self, window: QWidget, chosen: Chosen, message: MessageBar, settings: Settings, move: "MoveToTrash"
    ) -> None:
        super().__init__(window, message)
        self._chosen = chosen
        self._settings = settings
        self._move = move
        self._images: FullImages | None = None

    def attach(self, library: "Library", bridge: Bridge) -> None:
        """Act on this library from now on."""
        # Not before: it brings the library's code along, which the first paint does not wait for.
        from photofind.gui.full_image import FullImages

        super().attach(library, bridge)
        self._images = FullImages(library, bridge, "copied")

    def close(self) -> None:
        """Let the library go."""
        super().close()
        self._images = None

    def menu(self, by_name: Mapping[str, QAction], fill: Callable[[QMenu], None]) -> QMenu:
        """Return a menu for the chosen photos.

        Args:
            by_name: The window's actions.
            fill: Adds what can be decided about them, after the stars.
        """
        chosen = len(self._chosen.ids(MOST_COMPARED + 1))
        is_many = chosen > 1
        menu = QMenu(self._window)
        if not self._chosen.is_viewed:
            menu.addAction(by_name["preview"])
        if 2 <= chosen <= MOST_COMPARED:
            menu.addAction(by_name["compare"])
        # To hand over a file of a disk that does not answer may hang: the system looks at it first.
        is_there = any(photo.is_online for photo in self._chosen.photos(1))
        outside = menu.addAction(self.tr("Open with its program"))
        outside.triggered.connect(lambda: self._with_current(lambda photo: self.open_outside(photo.path)))
        others = menu.addMenu(self.tr("Open with"))
        others.aboutToShow.connect(lambda: self._fill_programs(others))
        show = menu.addAction(self.tr("Show in file manager"))
        show.triggered.connect(lambda: self._with_current(lambda photo: self._show_outside(photo.path)))
        for action in (outside, others.menuAction(), show):
            action.setEnabled(is_there)
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
        fill(menu)
        menu.addSeparator()
        menu.addAction(by_name["copy"])
        menu.addAction(by_name["copy_image"])
        menu.addAction(by_name["copy_path"])
        menu.addAction(by_name["copy_to"])
        menu.addAction(by_name["rename"])
        if is_many:
            apart = menu.addAction(self.tr("These are not duplicates"))
            apart.triggered.connect(self._dismiss)
        menu.addSeparator()
        menu.addAction(by_name["trash"])
        return menu

    def _with_current(self, act: Callable[[Photo], None]) -> None:
        photos = self._chosen.photos(1)
        if photos:
            act(photos[0])

    # Outside

    def open_outside(self, path: bytes) -> None:
        """Open a file with its program, or a folder in the file manager."""
        if not file_manager.open_path(path):
            self._message.say(self.tr("The system found no program for this."))

    def _fill_programs(self, menu: QMenu) -> None:
        """Fill the menu of programs when it opens, not before: their list is read from files."""
        menu.clear()
        photos = self._chosen.photos(1)
        if not photos:
            return
        path = photos[0].path
        for program in programs.programs_for(path):
            action = menu.addAction(program.name.replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, program=program: self._say_refusal(programs.open_with(program, path))
            )
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction(self.tr("Another program…")).triggered.connect(lambda: self._open_with_another(path))

    def _open_with_another(self, path: bytes) -> None:
        if sys.platform == "win32":
            self._say_refusal(programs.ask_windows(path))
            return
        start = "/Applications" if sys.platform == "darwin" else "/usr/bin"
        name, _kind = QFileDialog.getOpenFileName(self._window, self.tr("Choose a program"), start)
        if name:
            self._say_refusal(programs.open_with_file(name, path))

    def _say_refusal(self, has_started: bool) -> None:
        if not has_started:
            self._message.say(self.tr("The system could not start this program."))

    def _show_outside(self, path: bytes) -> None:
        if not file_manager.show_file(path):
            self._message.say(self.tr("The system found no file manager."))

    # Copying

    def copy_files(self) -> None:
        """Put the chosen files into the clipboard."""
        data = self._chosen.mime_data()
        count = len(data.urls())
        if count:
            QApplication.clipboard().setMimeData(data)
            self._message.say(self.tr("Copied %n photo(s).", "", count))

    def copy_path(self) -> None:
        """Put the paths of the chosen photos into the clipboard."""
        photos = self._chosen.photos(MOST_PATHS)
        if photos:
            QApplication.clipboard().setText("\n".join(wording.display_text(photo.path) for photo in photos))
            self._message.say(self.tr("Copied %n path(s).", "", len(photos)))

    def copy_image(self) -> None:
        """Put the pixels of the current photo into the clipboard."""
        photos = self._chosen.photos(1)
        if photos and self._images is not None:
            self._message.say(self.tr("Reading the picture…"))
            self._images.load(photos[0].photo_id, COPIED_PX, self._on_image, self._on_no_image)

    def _on_image(self, _photo_id: int, image: QImage) -> None:
        QApplication.clipboard().setImage(image)
        self._message.say(
            self.tr("Copied the picture, {size}.").format(
                size=wording.dimensions_text(image.width(), image.height())
            )
        )
        if self._images is not None:
            self._images.forget()

    def _on_no_image(self, _photo_id: int, sentence: str) -> None:
        self._message.say(core_sentence(sentence))

    def copy_to_folder(self) -> None:
        """Copy the chosen photos into a folder that the person chooses."""
        chosen = self._chosen.ids()
        if not chosen:
            return
        self.copy_with(lambda library, destination: lambda tell: library.copy_files(chosen, destination, tell))

    def copy_with(self, make: Callable[["Library", bytes], Start], parent: QWidget | None = None) -> None:
        """Ask for a folder and copy into it.

        Args:
            make: Returns what begins the copying, given the library and the folder.
            parent: Of the dialogs; the window when None.
        """
        if self._open is None:
            return
        parent = parent or self._window
        before = self._settings.text("copied_to")
        start = before if folders_among([os.fsencode(before)]) else ""
        name = QFileDialog.getExistingDirectory(parent, self.tr("Copy to folder"), start)
        if not name:
            return
        library, bridge = self._open
        self._remember_destination(name)
        dialog = CopyDialog(bridge, os.fsencode(name), make(library, os.fsencode(name)), parent)
        dialog.copied.connect(self._on_copied_to)
        dialog.stopped.connect(lambda: self._message.say(self.tr("Stopped. What was copied whole stays there.")))
        dialog.show()

    def _remember_destination(self, name: str) -> None:
        try:
            self._settings.set("copied_to", name)
        except (OSError, ValueError) as error:
            self._message.say(self.tr("The folder could not be remembered: {reason}").format(reason=error))

    def _on_copied_to(self, report: CopyReport) -> None:
        if report.copied:
            self._message.say(
                self.tr("Copied %n file(s) to “{folder}”.", "", len(report.copied)).format(
                    folder=wording.display_text(report.destination)
                ),
                self.tr("Show folder"),
                lambda: self.open_outside(report.destination),
            )

    def say_left_out(self, count: int) -> None:
        """Say that files are not connected and were not handed out."""
        self._message.say(self.tr("%n photo(s) left out: their folder is not connected.", "", count))

    # Names

    def ask_name(self) -> None:
        """Ask for a new name of the current photo's file."""
        photo = self._chosen.current()
        if photo is None or self._open is None:
            return
        dialog = RenameDialog(photo.path, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def rename(name: str) -> None:
            self._tell(
                lambda library, bridge: bridge.ask(library.rename(photo.photo_id, name), renamed, failed=refused)
            )

        def renamed(new: Photo) -> None:
            if self._is_there(dialog):
                dialog.accept()
            self.undo_changed.emit()
            self.files_changed.emit()
            self._message.say(
                self.tr("Renamed to “{name}”.").format(name=wording.display_name(new.path)),
                self.tr("Undo"),
                self.undo,
            )

        def refused(sentence: str) -> None:
            if self._is_there(dialog):
                dialog.show_problem(core_sentence(sentence))

        dialog.name_wanted.connect(rename)
        dialog.open()

    @staticmethod
    def _is_there(dialog: QWidget) -> bool:
        return shiboken6.isValid(dialog) and dialog.isVisible()

    # Deciding

    def rate_chosen(self, stars: int) -> None:
        """Rate the chosen photos; no stars takes the rating away."""
        chosen = self._chosen.ids()
        if chosen:
            self.rate(chosen, stars or None)

    def rate(self, photo_ids: list[int], rating: int | None) -> None:
        """Rate photos."""
        self._tell(lambda library, bridge: bridge.ask(library.set_rating(photo_ids, rating), lambda _none: None))

    def _dismiss(self) -> None:
        chosen = self._chosen.ids(MOST_PATHS)
        self._tell(lambda library, bridge: bridge.ask(library.dismiss_duplicates(chosen), self._on_dismissed))

    def _on_dismissed(self, number: int) -> None:
        def undo() -> None:
            self._tell(lambda library, bridge: bridge.ask(library.undo_dismissal(number), lambda _none: None))

        self._message.say(self.tr("Remembered: these are not duplicates of each other."), self.tr("Undo"), undo)

    # The trash

    def ask_trash(self) -> None:
        """Move the chosen photos to the trash once the person agreed."""
        self.ask_trash_of(self._chosen.ids())

    def ask_trash_of(self, chosen: list[int]) -> None:
        """Move photos to the trash once the person agreed."""
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
        self._tell(
            lambda library, bridge: bridge.ask(
                library.companions(chosen),
                lambda found: self._name_companions(box, found),
                topic="trash:companions",
            )
        )

    def _name_companions(self, box: QMessageBox, found: Mapping[int, Sequence[Companion]]) -> None:
        """Say in the question what goes with the photos."""
        paths = dict.fromkeys(each.path for companions in found.values() for each in companions if not each.is_kept)
        if paths and shiboken6.isValid(box):
            named = [wording.display_name(path) for path in list(paths)[:MOST_COMPANIONS]]
            if len(paths) > len(named):
                named.append(self.tr("and %n more", "", len(paths) - len(named)))
            text = self.tr("What belongs to them goes, too: {names}").format(names=", ".join(named))
            box.setInformativeText(f"{text}\n\n{box.informativeText()}")

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

    def undo_text(self) -> str:
        """Return what Ctrl+Z would do, for the menu; empty when there is nothing to undo."""
        undoable: Undoable | None = self._open[0].undoable() if self._open is not None else None
        if undoable is None:
            return ""
        if undoable.is_rename:
            return self.tr("Undo renaming “{name}”").format(name=wording.display_name(undoable.path))
        return self.tr("Undo moving %n photo(s) to the trash", "", undoable.count)

    def undo(self) -> None:
        """Take the last removal or rename back."""
        self._tell(lambda library, bridge: bridge.ask(library.undo_removal(), self._on_undone))

    def _on_undone(self, report: RemovalReport | None) -> None:
        self.undo_changed.emit()
        if report is None:
            self._message.say(self.tr("There is nothing to undo."))
        elif report.is_rename and report.failed:
            path, reason = report.failed[0]
            sentence = self.tr("“{name}” keeps its name.").format(name=wording.display_name(path))
            self._message.say(f"{sentence} {core_sentence(reason)}", stays=True)
        elif report.is_rename:
            names = ", ".join(wording.display_name(path) for path in report.done)
            self._message.say(self.tr("“{name}” has its name again.").format(name=names))
        elif report.failed:
            _path, reason = report.failed[0]
            sentence = self.tr("%n photo(s) could not be put back.", "", len(report.failed))
            self._message.say(f"{sentence} {core_sentence(reason)}", stays=True)
        else:
            self._message.say(self.tr("Put %n photo(s) back.", "", len(report.done)))
        self.files_changed.emit()
