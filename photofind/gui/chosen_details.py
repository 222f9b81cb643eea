"""What the details show of the chosen photos: facts, why one was found, what lies beside it, what looks like it.

Owned by the main window, on its thread. The choice may change with every repeat of an arrow key, so each part waits
until it rests: the facts for a moment, for they are at hand; what looks alike longer, because the index is asked.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from photofind.gui import similar_strip, wording
from photofind.gui.bridge import Bridge
from photofind.gui.details_panel import DetailsPanel
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.shown_answer import ShownAnswer
from photofind.gui.translation import core_sentence
from photofind.records import Explanation, ImagePart, Photo, PhotoPart, WordsPart

if TYPE_CHECKING:
    from photofind.library import Library

DETAILED_PHOTOS = 200
"""Photos of a selection that the details add up."""
_FACTS_MS = 30
_ALIKE_MS = 300
"""The choice must rest so long before its likes are looked for: whoever holds an arrow key wants none."""


class ChosenDetails(QObject):
    """See the module.

    Args:
        window: Parent of dialogs.
        panel: Shows the details; nothing is asked while it is hidden.
        grid: Has the choice.
        pages: Where the grid is in front, or another page that has no choice.
        shown: Knows why a photo is among those of the grid.
    """

    photos_opened = Signal(list, int)
    """Ids of photos that look alike, and the place of the one that was chosen among them."""

    def __init__(
        self, window: QWidget, panel: DetailsPanel, grid: PhotoGrid, pages: QStackedWidget, shown: ShownAnswer
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._grid = grid
        self._pages = pages
        self._shown = shown
        self._open: tuple[Library, Bridge] | None = None
        self._alike_of = 0
        """The photo whose likes were asked for last."""
        self._beside_of: tuple[int, bytes] | None = None
        """The photo, and its path, of which what lies beside it was asked for last. Once is enough: its folder is
        listed for it, which may hold 100,000 files, and lists change all the time while photos come in."""
        self._facts = QTimer(self, singleShot=True, interval=_FACTS_MS)
        self._facts.timeout.connect(self._update)
        self._alike = QTimer(self, singleShot=True, interval=_ALIKE_MS)
        self._alike.timeout.connect(self._ask_alike)
        panel.why.where_wanted.connect(self._on_where_wanted)
        panel.alike.chosen.connect(self._on_alike_chosen)

    def attach(self, library: "Library", bridge: Bridge) -> None:
        """Ask this library from now on, and show what is chosen."""
        self._open = (library, bridge)
        self._facts.start()

    def close(self) -> None:
        """Let the library go."""
        self._facts.stop()
        self._alike.stop()
        self._open = None

    def update_soon(self) -> None:
        """Show the chosen photos as they are now."""
        self._facts.start()

    def is_waiting(self) -> bool:
        """Tell whether other facts are about to be shown."""
        return self._facts.isActive()

    def take_out(self, photo_ids: tuple[int, ...]) -> None:
        """Show nothing alike any more that is gone."""
        alike = self._panel.alike
        alike.set_photos([photo for photo in alike.photos if photo.photo_id not in photo_ids])

    def _update(self) -> None:
        if self._open is None or self._panel.isHidden():
            return
        library, bridge = self._open
        is_grid = self._pages.currentWidget() is self._grid
        photos = self._grid.photo_model().photos(self._grid.chosen_ids(DETAILED_PHOTOS)) if is_grid else []
        if len(photos) != 1:
            bridge.drop("companions")
            self._beside_of = None
            self._panel.set_photos(photos, chosen=self._grid.selected_ids() if is_grid else ())
            self._alike_of = 0
            return
        photo = photos[0]
        if photo.photo_id != self._alike_of:
            self._alike.start()
        answer, hit = self._shown.answer, self._shown.hits.get(photo.photo_id)
        words = [
            part.text
            for part in (answer.query.parts if answer is not None else ())
            if isinstance(part, WordsPart) and part.weight > 0
        ]
        self._panel.set_photos(
            photos,
            library.labels(photo.photo_id),
            found_by=wording.found_by(hit, photo, words) if hit is not None and words else "",
        )
        if (photo.photo_id, photo.path) != self._beside_of:
            self._beside_of = photo.photo_id, photo.path
            bridge.ask(
                library.companions([photo.photo_id]),
                lambda found: self._panel.set_companions(photo.photo_id, found.get(photo.photo_id, ())),
                topic="companions",
            )
        if answer is not None and hit is not None and (hit.same_picture, hit.shows) != (None, None):
            bridge.ask(
                library.explain(answer.query, photo.photo_id),
                self._on_explained,
                topic="why",
                failed=lambda _sentence: self._panel.why.set_explanation(None),
            )
        else:
            bridge.drop("why")
            self._panel.why.set_explanation(None)

    def _ask_alike(self) -> None:
        """Look for what is like the photo in the details, once the choice has rested."""
        photos = self._panel.photos
        if self._open is None or self._panel.isHidden() or len(photos) != 1:
            return
        library, bridge = self._open
        self._alike_of = photos[0].photo_id

        def show(found: list[Photo]) -> None:
            if [photo.photo_id for photo in self._panel.photos] == [photos[0].photo_id]:
                self._panel.alike.set_photos(found)

        # Nobody asked for it: a failure is in the log, and a search will say it.
        future = library.alike(photos[0].photo_id, similar_strip.MOST)
        bridge.ask(future, show, topic="alike", failed=lambda _sentence: self._panel.alike.set_photos(()))

    def _on_alike_chosen(self, place: int) -> None:
        self.photos_opened.emit([photo.photo_id for photo in self._panel.alike.photos], place)

    def _on_explained(self, explanation: Explanation) -> None:
        if [photo.photo_id for photo in self._panel.photos] == [explanation.photo_id]:
            self._panel.why.set_explanation(explanation)

    def _on_where_wanted(self, explanation: Explanation) -> None:
        """Show on both pictures where the likeness lies."""
        answer = self._shown.answer
        if answer is None or self._open is None:
            return
        library, bridge = self._open
        from photofind.gui.where_dialog import PICTURE_PX, WhereDialog

        model = self._grid.photo_model()
        photos = model.photos([explanation.photo_id])
        part = explanation.part
        asked = self.tr("the picture")
        if isinstance(part, PhotoPart):
            asked = "".join(wording.display_name(photo.path) for photo in model.photos([part.photo_id]))
        elif isinstance(part, ImagePart) and part.path is not None:
            asked = wording.display_name(part.path)
        found = "".join(wording.display_name(photo.path) for photo in photos)
        dialog = WhereDialog(asked, found, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _result: bridge.drop("where"))
        bridge.ask(
            library.likeness_map(answer.query, explanation.photo_id, PICTURE_PX),
            dialog.show_map,
            topic="where",
            failed=lambda sentence: dialog.show_state(core_sentence(sentence)),
        )
        dialog.open()
