"""What a person does to folders: add, remove, forget what is missing from them, compare them with the library.

Owned by the main window, on its thread. It stands apart from the window because none of it asks what the window
shows; what the window must do afterwards it learns through signals.
"""

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from photofind.gui import wording
from photofind.gui.commands import Commands
from photofind.gui.incoming import FolderQuestion
from photofind.gui.message_bar import MessageBar
from photofind.gui.photo_actions import PhotoActions
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.translation import core_sentence
from photofind.records import Folder


class FolderActions(Commands):
    """See the module.

    Args:
        window: Parent of dialogs.
        message: Says what came of it.
        thumbnails: Pictures for the comparison with the library.
        photo_actions: Copies what the comparison found missing.
    """

    added = Signal()
    removed = Signal()
    show_wanted = Signal(object)
    """The path of a folder of the library."""

    def __init__(
        self,
        window: QWidget,
        message: MessageBar,
        thumbnails: ThumbnailLoader,
        photo_actions: PhotoActions,
    ) -> None:
        super().__init__(window, message)
        self._thumbnails = thumbnails
        self._photo_actions = photo_actions

    def add(self, path: bytes) -> None:
        """Add a folder and index it."""
        self._tell(lambda library, bridge: bridge.ask(library.add_folder(path), lambda _folder: self.added.emit()))

    def add_all(self, paths: tuple[bytes, ...]) -> None:
        """Add several folders."""
        for path in paths:
            self.add(path)

    def ask_folder(self) -> None:
        """Let the person choose a folder, and add it."""
        if self._open is None:
            return
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Add a folder of photos"))
        if name:
            self.add(os.fsencode(name))

    def ask_removal(self, folder: Folder | None) -> None:
        """Take a folder out of the library once the person agreed; None is a folder that is gone already."""
        if folder is None:
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Remove folder"),
            self.tr("Remove “{folder}” from the library?").format(folder=wording.display_text(folder.path)),
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setInformativeText(
            self.tr("The files stay where they are. Your stars come back when the folder is added again.")
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.clicked.connect(lambda: self._remove(folder))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _remove(self, folder: Folder) -> None:
        self._tell(
            lambda library, bridge: bridge.ask(
                library.remove_folder(folder.folder_id), lambda _none: self.removed.emit()
            )
        )

    def ask_forget(self, folder: Folder) -> None:
        """Forget the photos that are missing from a folder once the person agreed."""
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            self.tr("Forget missing photos"),
            self.tr("Forget the photos that are missing from “{folder}”?").format(
                folder=wording.display_text(folder.path)
            ),
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        why = self.tr(
            "Only if they were deleted or moved on purpose. If a disk is not connected, connect it instead."
        )
        box.setInformativeText(f"{core_sentence(folder.offline_reason)} {why}".strip())
        forget = box.addButton(self.tr("Forget"), QMessageBox.ButtonRole.AcceptRole)
        forget.clicked.connect(
            lambda: self._tell(lambda library, _bridge: library.forget_missing(folder.folder_id))
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def ask_purpose(self, folders: tuple[bytes, ...]) -> None:
        """Ask what dropped folders are for."""
        if self._open is None:
            return
        roots = [os.path.join(folder.path, b"") for folder in self._open[0].folders()]
        is_inside = all(any(os.path.join(path, b"").startswith(root) for root in roots) for path in folders)
        question = FolderQuestion(folders, is_inside=is_inside, parent=self._window)
        question.add_wanted.connect(lambda: self.add_all(folders))
        question.show_wanted.connect(lambda: self.show_wanted.emit(folders[0]))
        question.check_wanted.connect(lambda: self.check(folders, is_inside=is_inside))
        question.open()

    def check(self, folders: tuple[bytes, ...], *, is_inside: bool = False) -> None:
        """Show which photos of folders are in the library already."""
        from photofind.gui.folder_check_dialog import FolderCheckDialog

        if self._open is None:
            return
        library, bridge = self._open
        dialog = FolderCheckDialog(library, bridge, self._thumbnails, folders, self._window, is_inside=is_inside)
        dialog.add_wanted.connect(lambda: self.add_all(folders))
        dialog.copy_wanted.connect(
            lambda paths: self._photo_actions.copy_with(
                lambda library, target: lambda tell: library.copy_outside(paths, target, tell), dialog
            )
        )
        dialog.show()
