"""How sure the photos of an answer must be: one handle from "same" over "near" to "alike", and its words.

Owned by the query bar, on the window's thread. The places of the handle are chances, round ones, so that what it
says is a sentence a person can check: first of the same picture, then of the same scene, at the end everything that
was found. An answer to words alone has a scale of its own: the chance that a photo shows what they say. A photo in
whose name, tags or captions the words stand is there at every place of it. What is left out is decided from the
answer at hand: the handle asks nobody.

Likeness begins open, for its end is far away and the nearest come first. Words begin at `LIKELY`: behind the last
dog stand a hundred photos that are merely nearer to a dog than others are. Where nothing is so sure, the handle
goes to the first place that shows something, until a person moves it: then it stays where they put it. What that
lists, and how much of it is right, `tests.benchmarks.words_cut` tells.

A scale of cosines lost: .55 is a near copy to one network and a stranger to the next. Two handles lost as well:
nobody looks for what is alike but not too much, and "same" at the left is always meant.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme, wording
from photofind.records import ChanceOf, Cut, Hit

TRACK_PX = 300
_LEAST_PX = 176
HANDLE_PX = 24
_WORDS_PX = 14
_KNOB_PX = 16
"""Width of the knob in the style sheet, its border included."""
_SENTENCE_FROM_PX = 760
"""From this width on there is room for the sentence beside the handle."""
_MORE_FROM_PX = 940
"""And from this on for the button behind it."""


ALL = Cut(0.0, ChanceOf.SCENE)
_PICTURE = tuple(Cut(percent / 100, ChanceOf.PICTURE) for percent in (100, 90, 80, 70, 60, 50))
_SCENE = tuple(Cut(percent / 100, ChanceOf.SCENE) for percent in range(90, 0, -10))
_PICTURE_ONLY = tuple(Cut(percent / 100, ChanceOf.PICTURE) for percent in (40, 30, 20, 10))
WITH_SCENES = (*_PICTURE, *_SCENE, ALL)
WITHOUT_SCENES = (*_PICTURE, *_PICTURE_ONLY, ALL)
"""For a network that tells nothing of scenes."""
OF_WORDS = tuple(Cut(percent / 100, ChanceOf.WORDS) for percent in range(90, -10, -10))
"""For an answer to words alone."""
LIKELY = Cut(0.2, ChanceOf.WORDS)
"""Where words begin. Of what is listed for 28 words about 180 photos of another origin .73 is right, .58 of the
right photos are listed, 2.6 for a word; of 11 sentences .71, .33, 3.5 (Fast: .55, .45, 2.7 and .49, .33, 5.0). All
that was found: .10, .90 and 28.6; .18, .83 and 33.2. At .3 more is right, .84 and .77, and less is listed, .51 and
.25; at .15 it is the other way round, .58 and .65. The curve errs on the side of too small chances there."""


def passes(cut: Cut, hit: Hit) -> bool:
    """Tell whether a hit is sure enough; what passes at one place of a scale passes at all further right."""
    if cut.of is ChanceOf.WORDS:
        return hit.by_words or (hit.shows or 0.0) >= cut.chance
    picture, scene = hit.same_picture or 0.0, hit.same_scene or 0.0
    if cut.of is ChanceOf.PICTURE:
        return picture >= cut.chance
    return max(scene, float(picture >= 0.5)) >= cut.chance


class LikenessSlider(QWidget):
    """See the module. Hidden while no answer has a chance; the places are kept for the session."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cuts: tuple[Cut, ...] = WITH_SCENES
        self._chosen: dict[bool, Cut] = {}
        """Where a person put the handle, by whether it is the scale of words."""
        self._first_place: NDArray[np.int64] = np.empty(0, np.int64)
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._is_quiet = False
        self._width_px = 0
        self._title = QLabel(self)
        self._title.setObjectName("muted")
        self.handle = QSlider(Qt.Orientation.Horizontal, self)
        self.handle.setObjectName("likeness")
        self.handle.setPageStep(3)
        self.handle.setFixedHeight(HANDLE_PX)
        self.handle.setRange(0, len(self._cuts) - 1)
        self.handle.setValue(len(self._cuts) - 1)
        self.handle.valueChanged.connect(self._on_moved)
        self._title.setBuddy(self.handle)
        self._words = _Words(self.handle, self)
        self._words.chosen.connect(self.handle.setValue)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("muted")
        self._more = QToolButton(self)
        self._more.setObjectName("quiet")
        self._more.setToolTip(self.tr("Move the handle to the next place that shows more photos"))
        self._more.clicked.connect(self.show_more)
        track = QVBoxLayout()
        track.setSpacing(0)
        track.addWidget(self.handle)
        track.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        # The title stands beside the handle, not beside handle and words together.
        for beside in (self._title, self._sentence, self._more):
            beside.setFixedHeight(HANDLE_PX)
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(track)
        row.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self._words.setMinimumWidth(_LEAST_PX)
        self.handle.setMinimumWidth(_LEAST_PX)
        self.handle.setMaximumWidth(TRACK_PX)
        self._words.setMaximumWidth(TRACK_PX)
        self.handle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name_places()
        self._say()

    # What the window asks

    def set_hits(self, hits: Sequence[Hit]) -> bool:
        """Take the hits of a new answer; return whether there is anything to choose among them.

        The handle stays where a person put it, as far as this network knows the place.
        """
        has_likeness = any(hit.same_picture is not None for hit in hits)
        is_of_words = not has_likeness and any(hit.shows is not None and not hit.by_words for hit in hits)
        cuts = self._cuts
        if is_of_words:
            cuts = OF_WORDS
        elif has_likeness:
            cuts = WITH_SCENES if any(hit.same_scene is not None for hit in hits) else WITHOUT_SCENES
        self._ids = np.array([hit.photo_id for hit in hits], np.int64)
        self._first_place = np.zeros(len(hits), np.int64)
        if has_likeness or is_of_words:
            for row, hit in enumerate(hits):
                self._first_place[row] = next(place for place, cut in enumerate(cuts) if passes(cut, hit))
        self._is_quiet = True
        if cuts != self._cuts:
            self._cuts = cuts
            self.handle.setRange(0, len(cuts) - 1)
            self._name_places()
        self.handle.setValue(self._place())
        self._is_quiet = False
        self._say()
        return has_likeness or is_of_words

    def stop(self) -> Cut:
        """Return where the handle is."""
        return self._cuts[self.handle.value()]

    def chosen(self) -> Cut | None:
        """Return where a person put the handle of this scale; None where they left it."""
        return self._chosen.get(self._is_of_words())

    def choose(self, cut: Cut | None) -> None:
        """Put the handle there with the next answer that has this scale; None leaves it where it is."""
        if cut is not None:
            self._chosen[cut.of is ChanceOf.WORDS] = cut

    def passing(self) -> NDArray[np.int64]:
        """Return the ids of the photos that are sure enough, int64 [n], in the order of the answer."""
        return self._ids[self._first_place <= self.handle.value()]

    def is_open(self) -> bool:
        """Tell whether photos beyond the end of the answer may be sure enough, too: some of its last tenth are."""
        last = self._first_place[-max(1, len(self._first_place) // 10) :]
        return bool((last <= self.handle.value()).any())

    def show_more(self) -> None:
        """Go to the next place that shows more photos."""
        hidden = self._first_place[self._first_place > self.handle.value()]
        if hidden.size:
            self.handle.setValue(int(hidden.min()))

    def more_text(self) -> str:
        """Return what `show_more` does, for a button."""
        return self.tr("Show less sure photos") if self._is_of_words() else self.tr("Show less alike photos")

    def nothing_text(self) -> str:
        """Return what to say where no photo passes."""
        if self._is_of_words():
            return self.tr("No photo shows this for sure")
        if self.stop().chance >= 1:
            return self.tr("There is no exact copy")
        return self.tr("No photo is close enough")

    def sentence(self) -> str:
        """Return what the handle says, in words."""
        cut = self.stop()
        if cut.chance == 0:
            if self._is_of_words():
                return self.tr("Everything that was found, the best first")
            return self.tr("Everything that was found, the most alike first")
        if cut.chance >= 1:
            return self.tr("Only exact copies")
        chance = wording.percent_text(cut.chance)
        if cut.of is ChanceOf.WORDS:
            return self.tr("At least {chance} chance that they show it").format(chance=chance)
        if cut.of is ChanceOf.PICTURE:
            return self.tr("At least {chance} chance of the same picture").format(chance=chance)
        return self.tr("At least {chance} chance of the same scene").format(chance=chance)

    # Inside

    def _is_of_words(self) -> bool:
        return self._cuts is OF_WORDS

    def _place(self) -> int:
        """Return where the handle belongs in this scale."""
        chosen = self.chosen()
        if chosen is not None:
            return self._cuts.index(chosen) if chosen in self._cuts else len(self._cuts) - 1
        if not self._is_of_words():
            return len(self._cuts) - 1
        likely = OF_WORDS.index(LIKELY)
        surest = int(self._first_place.min()) if self._first_place.size else 0
        # At the end of the scale stands whatever is nearer than most; that is for who asks for it.
        return surest if likely < surest < len(self._cuts) - 1 else likely

    def _name_places(self) -> None:
        title = self.tr("How sure") if self._is_of_words() else self.tr("Likeness")
        self._title.setText(title)
        self.handle.setAccessibleName(title)
        self._words.set_words(self._named_places())

    def _named_places(self) -> tuple[tuple[int, str], ...]:
        end = len(self._cuts) - 1
        if self._is_of_words():
            return (
                (0, self.tr("sure", "words")),
                (self._cuts.index(LIKELY), self.tr("likely", "words")),
                (end, self.tr("all", "words")),
            )
        near = Cut(0.9, ChanceOf.SCENE)
        if near not in self._cuts:
            near = Cut(0.5, ChanceOf.PICTURE)
        return (
            (self._cuts.index(Cut(0.9, ChanceOf.PICTURE)), self.tr("same", "likeness")),
            (self._cuts.index(near), self.tr("near", "likeness")),
            (end, self.tr("alike", "likeness")),
        )

    def _on_moved(self) -> None:
        if not self._is_quiet:
            self._chosen[self._is_of_words()] = self.stop()
        self._say()
        if self.handle.isSliderDown():
            place = QPoint(self.handle.width() // 2, self.handle.height())
            QToolTip.showText(self.handle.mapToGlobal(place), self.sentence(), self.handle)
        if not self._is_quiet:
            self.changed.emit()

    def _say(self) -> None:
        sentence = self.sentence()
        self.handle.setToolTip(sentence)
        self.handle.setAccessibleDescription(sentence)
        self._words.setToolTip(sentence)
        self._sentence.setText(sentence if self.stop().chance > 0 else "")
        self._more.setText(self.more_text())
        self._more.setAccessibleName(self.more_text())
        self._show_more_button()

    def fit(self, width_px: int) -> None:
        """Leave the sentence to the tooltip where the bar is narrow."""
        self._width_px = width_px
        self._sentence.setVisible(width_px >= _SENTENCE_FROM_PX)
        self._show_more_button()

    def _show_more_button(self) -> None:
        is_more = bool((self._first_place > self.handle.value()).any())
        self._more.setVisible(is_more and self._width_px >= _MORE_FROM_PX)


class _Words(QWidget):
    """The words below the handle, each under its place; a click goes there."""

    chosen = Signal(int)

    def __init__(self, slider: QSlider, parent: QWidget) -> None:
        super().__init__(parent)
        self._slider = slider
        self._places: tuple[tuple[int, str], ...] = ()
        self.setFixedHeight(_WORDS_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        slider.valueChanged.connect(self.update)
        theme.current().changed.connect(self.update)

    def set_words(self, places: tuple[tuple[int, str], ...]) -> None:
        self._places = places
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(TRACK_PX, _WORDS_PX)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.84))
        return font

    def _lefts(self) -> list[int]:
        metrics = QFontMetrics(self._font())
        room = self._slider.width() - _KNOB_PX
        lefts = []
        for place, word in self._places:
            x = QStyle.sliderPositionFromValue(0, self._slider.maximum(), place, room) + _KNOB_PX // 2
            width = metrics.horizontalAdvance(word)
            lefts.append(max(0, min(x - width // 2, self.width() - width)))
        return lefts

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._font()
        painter.setFont(font)
        colours = theme.colours()
        metrics = QFontMetrics(font)
        for (place, word), left in zip(self._places, self._lefts(), strict=True):
            is_here = place == self._slider.value()
            painter.setPen(QColor(colours.accent if is_here else colours.muted))
            painter.drawText(left, metrics.ascent(), word)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        metrics = QFontMetrics(self._font())
        x = event.position().x()
        for (place, word), left in zip(self._places, self._lefts(), strict=True):
            if left - 4 <= x <= left + metrics.horizontalAdvance(word) + 4:
                self.chosen.emit(place)
                return
