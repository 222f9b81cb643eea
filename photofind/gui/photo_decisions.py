"""What a person decides about photos: marks, tags, texts, collections, and writing all that down beside the files.

Owned by the main window, on its thread. Every decision is a command to the library, which answers by announcing the
photos or collections that changed; nothing is shown before it is kept. Only what cannot be seen at once, such as
photos that went into a collection, is said in the message bar.
"""

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QMessageBox, QWidget

from photofind.gui import icons, theme, wording
from photofind.gui.chosen import Chosen
from photofind.gui.commands import Commands
from photofind.gui.message_bar import MessageBar
from photofind.gui.translation import core_sentence
from photofind.records import Collection, ExportReport, Query

logger = logging.getLogger(__name__)

_MENU_COLLECTIONS = 20
"""A menu of more is not read; the others are reached by dragging onto the sidebar."""


class PhotoDecisions(Commands):
    """See the module.

    Args:
        window: Parent of dialogs.
        chosen: Tells which photos are meant.
        message: Says what came of it.
    """

    def __init__(self, window: QWidget, chosen: Chosen, message: MessageBar) -> None:
        super().__init__(window, message)
        self._chosen = chosen

    # Marks, tags, texts

    def flag_chosen(self, flag: int) -> None:
        """Pick (1), reject (-1) or unmark (0) the chosen photos."""
        chosen = self._chosen.ids()
        if chosen:
            self.flag(chosen, flag)

    def flag(self, photo_ids: Sequence[int], flag: int) -> None:
        """Pick (1), reject (-1) or unmark (0) photos."""
        self._tell(lambda library, bridge: bridge.ask(library.set_flag(photo_ids, flag), _nothing))

    def add_tag(self, photo_ids: Sequence[int], tag: str) -> None:
        """Give photos a tag."""
        self._tell(lambda library, bridge: bridge.ask(library.add_tags(photo_ids, [tag]), _nothing))

    def remove_tag(self, photo_ids: Sequence[int], tag: str) -> None:
        """Take a tag off photos."""
        self._tell(lambda library, bridge: bridge.ask(library.remove_tags(photo_ids, [tag]), _nothing))

    def set_title(self, photo_ids: Sequence[int], text: str | None) -> None:
        """Give photos a title, None for none of the person's own."""
        self._tell(lambda library, bridge: bridge.ask(library.set_title(photo_ids, text), _nothing))

    def set_caption(self, photo_ids: Sequence[int], text: str | None) -> None:
        """Give photos a caption, None for none of the person's own."""
        self._tell(lambda library, bridge: bridge.ask(library.set_caption(photo_ids, text), _nothing))

    # Collections

    def collect(self, collection: Collection, photo_ids: Sequence[int]) -> None:
        """Put photos into a collection."""

        def done(_none: None) -> None:
            added = self.tr("Added %n photo(s) to “{name}”.", "", len(photo_ids))
            self._message.say(added.format(name=collection.name))

        self._tell(
            lambda library, bridge: bridge.ask(library.add_to_collection(collection.collection_id, photo_ids), done)
        )

    def uncollect(self, collection: Collection, photo_ids: Sequence[int]) -> None:
        """Take photos out of a collection, with a way back."""

        def done(_none: None) -> None:
            taken = self.tr("Took %n photo(s) out of “{name}”.", "", len(photo_ids))
            self._message.say(
                taken.format(name=collection.name), self.tr("Undo"), lambda: self.collect(collection, photo_ids)
            )

        self._tell(
            lambda library, bridge: bridge.ask(
                library.remove_from_collection(collection.collection_id, photo_ids), done
            )
        )

    def ask_collection(self, photo_ids: Sequence[int] = ()) -> None:
        """Ask for a name and make a collection of photos; of none it can be filled by dragging."""
        self._ask_name(
            self.tr("New collection"),
            "",
            lambda name: self._tell(
                lambda library, bridge: bridge.ask(library.add_collection(name, photo_ids), self._on_added)
            ),
        )

    def ask_live_collection(self, query: Query) -> None:
        """Ask for a name and keep a query under it."""
        self._ask_name(
            self.tr("Save this search"),
            "",
            lambda name: self._tell(
                lambda library, bridge: bridge.ask(library.add_live_collection(name, query), self._on_added)
            ),
        )

    def ask_new_name(self, collection: Collection) -> None:
        """Ask for another name of a collection."""
        self._ask_name(
            self.tr("Rename collection"),
            collection.name,
            lambda name: self._tell(
                lambda library, bridge: bridge.ask(
                    library.rename_collection(collection.collection_id, name), _nothing
                )
            ),
        )

    def ask_removal(self, collection: Collection) -> None:
        """Forget a collection once the person agreed."""
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.tr("Remove collection"),
            self.tr("Remove the collection “{name}”?").format(name=collection.name),
            QMessageBox.StandardButton.Cancel,
            self._window,
        )
        box.setInformativeText(self.tr("Its photos stay where they are."))
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.clicked.connect(
            lambda: self._tell(
                lambda library, bridge: bridge.ask(library.remove_collection(collection.collection_id), _nothing)
            )
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _on_added(self, collection: Collection) -> None:
        self._message.say(self.tr("“{name}” is in the list at the left.").format(name=collection.name))

    def _ask_name(self, title: str, name: str, act: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(name)
        field = dialog.findChild(QLineEdit)
        if field is not None:
            field.setMinimumWidth(40 * theme.SPACE)
            field.setToolTip(self.tr("What the collection is called in the list at the left"))
        dialog.textValueSelected.connect(lambda text: act(text) if text.strip() else None)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Sidecars

    def export_chosen(self) -> None:
        """Write what was decided about the chosen photos into XMP files beside them."""
        chosen = self._chosen.ids()
        if chosen:
            self._tell(lambda library, bridge: bridge.ask(library.export_xmp(chosen), self._on_exported))

    def _on_exported(self, report: ExportReport) -> None:
        sentences = [self.tr("Wrote %n XMP file(s).", "", len(report.written))]
        if report.unchanged:
            sentences.append(self.tr("%n were up to date.", "", report.unchanged))
        if report.failed:
            path, reason = report.failed[0]
            for each, why in report.failed:
                logger.info("No sidecar of %r was written: %s", each, why)
            sentences.append(
                self.tr("%n could not be written: {name}: {reason}", "", len(report.failed)).format(
                    name=wording.display_name(path), reason=core_sentence(reason)
                )
            )
        self._message.say(" ".join(sentences), stays=bool(report.failed))

    # Menus

    def fill_menu(self, menu: QMenu, by_name: dict[str, QAction], shown: Collection | None) -> None:
        """Add what can be decided about the chosen photos.

        Args:
            menu: Of the chosen photos.
            by_name: The window's actions.
            shown: The collection that the grid shows, if it does.
        """
        mark = menu.addMenu(self.tr("Mark"))
        icons.bind(mark, "flag")
        for name in ("pick", "reject", "unflag"):
            mark.addAction(by_name[name])
        into = menu.addMenu(self.tr("Add to collection"))
        icons.bind(into, "collection")
        chosen = self._chosen.ids()
        new = into.addAction(self.tr("New collection…"))
        icons.bind(new, "add")
        new.triggered.connect(lambda: self.ask_collection(chosen))
        into.addSeparator()
        for collection in self._fixed_collections()[:_MENU_COLLECTIONS]:
            action = into.addAction(collection.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, each=collection: self.collect(each, chosen))
        if shown is not None and not shown.is_live:
            out = menu.addAction(self.tr("Take out of “{name}”").format(name=shown.name.replace("&", "&&")))
            icons.bind(out, "remove")
            out.triggered.connect(lambda: self.uncollect(shown, chosen))
        export = menu.addAction(self.tr("Write XMP files beside the photos"))
        export.setToolTip(
            self.tr("Stars, marks, tags, titles and captions for other programs; the photos stay as they are")
        )
        export.triggered.connect(self.export_chosen)

    def _fixed_collections(self) -> list[Collection]:
        if self._open is None:
            return []
        library, _bridge = self._open
        return [collection for collection in library.collections() if not collection.is_live]


def _nothing(_none: object) -> None:
    """Take note of the answer: the announcement says what changed."""
