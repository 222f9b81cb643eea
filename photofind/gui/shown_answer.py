"""The photos of a question: asks the library for them and puts what arrives into the grid.

Owned by the main window, on its thread. An answer of the search is kept whole, because the likeness slider, another
order and photos that go away choose anew among its hits, without asking. A mere list is the library's and only
passed on. What the window shows where there is nothing to show is its own concern: it is told that a list arrived.
"""

import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from photofind.gui import wording
from photofind.gui.asking import Question
from photofind.gui.bridge import Bridge
from photofind.gui.image_search import ImageSearch
from photofind.gui.photo_grid import PhotoGrid
from photofind.gui.photo_model import is_found_by_words
from photofind.gui.query_bar import QueryBar
from photofind.records import Answer, Hit, Listing, PhotoPart, Query, SortOrder, WordsPart

if TYPE_CHECKING:
    from photofind.library import Library

HITS = 2_000
"""Photos of one answer: what the likeness slider chooses among. Among 100,000 vectors it takes 55 CPU-ms."""
PATIENCE_MS = 400
"""An answer that takes longer is announced."""


class ShownAnswer(QObject):
    """See the module.

    Args:
        window: Owner.
        grid: Shows the photos.
        query_bar: Has the slider and the order, and says how many photos there are.
        image_search: Has the pictures of the query.
    """

    arrived = Signal(bool)
    """Whether there are photos in what is shown now."""
    browsed = Signal()
    """Photos were listed, and not searched for."""
    search_failed = Signal(str)
    browse_failed = Signal(str)

    def __init__(self, window: QWidget, grid: PhotoGrid, query_bar: QueryBar, image_search: ImageSearch) -> None:
        super().__init__(window)
        self._grid = grid
        self._query_bar = query_bar
        self._image_search = image_search
        self._open: tuple[Library, Bridge] | None = None
        self._question: Question | None = None
        self._answer: Answer | None = None
        self._hits: dict[int, Hit] = {}
        self._ordered: NDArray[np.int64] = np.empty(0, np.int64)
        """The photos of the answer in the order of the view menu, alike enough or not."""
        self._asked_at = 0.0
        self._waited_ms = 0.0
        self._browsed_at: tuple[tuple[int, int] | None, int | None] | None = None
        """What was in sight and had the keyboard before the search."""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_ended)

    def attach(self, library: "Library", bridge: Bridge) -> None:
        """Ask this library from now on."""
        self._open = (library, bridge)

    def close(self) -> None:
        """Let the library go."""
        self._patience.stop()
        self._open = None

    @property
    def question(self) -> Question | None:
        """What the photos in the grid answer; None when that counts no more."""
        return self._question

    @property
    def answer(self) -> Answer | None:
        """What was found; None when photos are only listed."""
        return self._answer

    @property
    def hits(self) -> dict[int, Hit]:
        """The hits of the answer, by photo."""
        return self._hits

    @property
    def waited_ms(self) -> float:
        """How long the last answer took to arrive."""
        return self._waited_ms

    # Asking

    def ask(self, question: Question) -> None:
        """Show the photos of a question, once they are here; `bridge` knows the wait as "list"."""
        if self._open is None:
            return
        library, bridge = self._open
        self._asked_at = time.monotonic()
        self._patience.start()
        if question.parts:
            bridge.ask(
                library.search(Query(question.parts, question.filter, HITS)),
                lambda answer: self._on_answer(question, answer),
                topic="list",
                failed=self._on_search_failed,
            )
        else:
            bridge.ask(
                library.browse(question.filter, question.order),
                lambda listing: self._on_browsed(question, listing),
                topic="list",
                failed=self._on_browse_failed,
            )

    def reorder(self, question: Question) -> bool:
        """Put what was found into the order of the view menu; False where nothing was searched for."""
        if not question.parts or self._answer is None:
            return False
        self._on_answer(question, self._answer)
        return True

    def choose_alike(self) -> None:
        """Show as many of what was found as the slider lets through."""
        if self._answer is not None and self._query_bar.parts():
            self._show_alike(self._question)

    def take_out(self, photo_ids: tuple[int, ...]) -> bool:
        """Take photos that are gone out of what is shown; False when none of them was there."""
        model = self._grid.photo_model()
        ids, gone = model.ids, np.array(photo_ids, np.int64)
        stays = ~np.isin(ids, gone)
        if stays.all():
            return False
        self._ordered = self._ordered[~np.isin(self._ordered, gone)]
        listing = model.listing
        hits = _badged(self._answer) if self._answer is not None else None
        self._grid.set_photos(ids[stays] if listing is None else listing.only(stays), hits)
        return True

    def forget_question(self) -> None:
        """Take the next list for another one, whatever is asked for."""
        self._question = None

    # Where the person was before the search

    def keep_sight(self) -> None:
        """Come back to what is in sight now, when the search that begins is over."""
        is_search = self._question is not None and bool(self._question.parts)
        if self._query_bar.parts() and not is_search and self._browsed_at is None:
            self._browsed_at = (self._grid.place(), self._grid.current_id())

    def forget_sight(self) -> None:
        """Begin the next list at its beginning."""
        self._browsed_at = None

    # Arriving

    def _on_browsed(self, question: Question, listing: Listing) -> None:
        self._answer = None
        self._hits = {}
        self._stop_waiting()
        self._show_list(question, listing, None)
        if not len(listing):
            return
        self.browsed.emit()
        if self._browsed_at is not None:
            place, current = self._browsed_at
            self._browsed_at = None
            if current is not None:
                self._grid.select_photo(current)
            self._grid.show_place(place)

    def _on_answer(self, question: Question, answer: Answer) -> None:
        order = self._query_bar.order()
        ids = np.array([hit.photo_id for hit in answer.hits], np.int64)
        if order in (SortOrder.RELEVANCE, SortOrder.ADDED):
            # The library numbers photos as they come in.
            self._take_answer(question, answer, ids if order is SortOrder.RELEVANCE else np.sort(ids)[::-1])
            return
        library, bridge = self._opened()
        # Dates and sizes of 2,000 photos are not read on this thread: the library sorts all, and the others go.
        bridge.ask(
            library.browse(answer.query.filter, order),
            lambda found: self._take_answer(question, answer, found.ids[np.isin(found.ids, ids)]),
            topic="list",
            failed=self._on_browse_failed,
        )

    def _take_answer(self, question: Question, answer: Answer, ordered: NDArray[np.int64]) -> None:
        self._answer = answer
        self._image_search.show_pictures()
        self._hits = {hit.photo_id: hit for hit in answer.hits}
        self._ordered = ordered
        self._query_bar.show_likeness(self._query_bar.likeness.set_hits(answer.hits))
        self._stop_waiting()
        self._show_alike(question)
        self._query_bar.show_notice(self._notice_on(answer))

    def _show_alike(self, question: Question | None) -> None:
        """Show the photos of the answer that are alike enough, and how many there are."""
        answer, slider = self._answer, self._query_bar.likeness
        assert answer is not None
        ids = self._ordered
        if slider.isVisibleTo(self._query_bar):
            ids = ids[np.isin(ids, slider.passing())]
        self._show_list(question, ids, _badged(answer))
        locale = self._query_bar.locale()
        count = locale.toString(len(ids))
        if answer.is_cut and len(ids) == len(self._ordered):
            text = self.tr("The {n} best").format(n=count)
        elif answer.is_cut and slider.is_open():
            text = self.tr("{n}+ photos").format(n=count)
        else:
            text = self.tr("%n photo(s)", "", len(ids))
        note = ""
        if answer.model_id:
            note = self.tr("Ranked by the network {model} in {ms} ms").format(
                model=wording.network_named(self._opened()[0].models(), answer.model_id),
                ms=locale.toString(round(answer.milliseconds)),
            )
            if not answer.is_exact:
                note += "\n" + self.tr(
                    "Not every photo was compared: a match may be missing. Inside a folder or a filter all are."
                )
        self._query_bar.show_result(text, is_exact=answer.is_exact and len(ids) > 0, note=note)

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
        return any(facts.has_words for facts in self._opened()[0].models() if facts.is_active)

    def _show_list(
        self, question: Question | None, photos: NDArray[np.int64] | Listing, hits: dict[int, Hit] | None
    ) -> None:
        is_same = question == self._question
        self._question = question
        self._grid.set_photos(photos, hits, keep_place=is_same)
        if not is_same:
            self._grid.clearSelection()
        self.arrived.emit(len(photos) > 0)

    def _stop_waiting(self) -> None:
        self._patience.stop()
        self._waited_ms = (time.monotonic() - self._asked_at) * 1000

    def _on_search_failed(self, sentence: str) -> None:
        self._patience.stop()
        self._question = None
        self.search_failed.emit(sentence)
        self._query_bar.show_result("")
        self._query_bar.show_notice("")

    def _on_browse_failed(self, sentence: str) -> None:
        self._patience.stop()
        self.browse_failed.emit(sentence)

    def _on_patience_ended(self) -> None:
        if self._query_bar.parts():
            self._query_bar.show_result(self.tr("Searching…"))

    def _opened(self) -> "tuple[Library, Bridge]":
        assert self._open is not None
        return self._open


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
