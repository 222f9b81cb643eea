"""What is done to a tag as a whole: another name, one tag of two, none at all; and photos dropped on it.

Owned by the main window, on its thread. Removing asks first, because the photos that lose it are out of sight, and
can be undone afterwards; a merge says what it is before and cannot.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox

from photofind.gui.commands import Commands
from photofind.gui.tag_name_dialog import TagNameDialog
from photofind.gui.translation import core_sentence
from photofind.records import Photo, RemovedTag


class TagActions(Commands):
    """See the module."""

    renamed = Signal(str, str)
    """A tag and the name it has now, before the photos are announced."""

    def ask_new_name(self, tag: str) -> None:
        """Ask for another name of a tag."""
        if self._open is None:
            return
        library, _bridge = self._open
        dialog = TagNameDialog(tag, library.tags(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.name_wanted.connect(lambda name: self.rename(tag, name))
        dialog.open()

    def rename(self, tag: str, name: str) -> None:
        """Give a tag another name; one of another tag makes the two one."""

        def done(_none: None) -> None:
            self._message.say(self.tr("“{old}” is “{new}” now.").format(old=tag, new=name))

        def failed(sentence: str) -> None:
            self.renamed.emit(name, tag)
            self._message.say(core_sentence(sentence))

        self.renamed.emit(tag, name)
        self._tell(lambda library, bridge: bridge.ask(library.rename_tag(tag, name), done, failed=failed))

    def ask_removal(self, tag: str) -> None:
        """Take a tag off all photos once the person agreed."""
        if self._open is None:
            return
        library, _bridge = self._open
        count = dict(library.tags()).get(tag, 0)
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.tr("Remove tag"),
            self.tr("Take the tag “{tag}” off %n photo(s)?", "", count).format(tag=tag),
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(self.tr("The photos themselves stay as they are."))
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.clicked.connect(lambda: self.remove(tag))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def remove(self, tag: str) -> None:
        """Take a tag off all photos, with a way back."""

        def done(removed: RemovedTag) -> None:
            self._message.say(
                self.tr("Removed the tag “{tag}”.").format(tag=tag), self.tr("Undo"), lambda: self.restore(removed)
            )

        self._tell(lambda library, bridge: bridge.ask(library.remove_tag(tag), done))

    def restore(self, removed: RemovedTag) -> None:
        """Give a removed tag back to all that had it."""
        self._tell(lambda library, bridge: bridge.ask(library.restore_tag(removed), lambda _none: None))

    def give(self, tag: str, photo_ids: Sequence[int], known: Sequence[Photo]) -> None:
        """Give photos a tag, and offer to take it off those that had it not.

        Args:
            tag: As it is spelled in the library.
            photo_ids: All of them.
            known: The photos, or only the first of very many; then there is no way back at one press.
        """
        if not photo_ids:
            return
        lacking = [photo.photo_id for photo in known if tag not in photo.tags]

        def done(_none: None) -> None:
            given = self.tr("%n photo(s) have the tag “{tag}” now.", "", len(photo_ids)).format(tag=tag)
            if lacking and len(known) == len(photo_ids):
                self._message.say(given, self.tr("Undo"), lambda: self._take_off(tag, lacking))
            else:
                self._message.say(given)

        self._tell(lambda library, bridge: bridge.ask(library.add_tags(photo_ids, [tag]), done))

    def _take_off(self, tag: str, photo_ids: Sequence[int]) -> None:
        self._tell(lambda library, bridge: bridge.ask(library.remove_tags(photo_ids, [tag]), lambda _none: None))
