"""How alike the photos of an answer must be: one handle from "same" over "near" to "alike", and its words.

Owned by the query bar, on the window's thread. The places of the handle are chances, round ones, so that what it
says is a sentence a person can check: first of the same picture, then of the same scene, at the end everything that
was found. What is left out is decided from the answer at hand: the handle asks nobody.

A scale of cosines lost: .55 is a near copy to one network and a stranger to the next. Two handles lost as well:
nobody looks for what is alike but not too much, and "same" at the left is always meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QStyle, QToolTip, QVBoxLayout, QWidget

from photofind.gui import theme, wording
from photofind.records import Hit

TRACK_PX = 300
_LEAST_PX = 176
HANDLE_PX = 22
_WORDS_PX = 14
_KNOB_PX = 16
"""Width of the knob in the style sheet, its border included."""
_SENTENCE_FROM_PX = 760
"""From this width on there is room for the sentence beside the handle."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One place of the handle: the least chance, of the same picture or else of the same scene; 0 lets all pass."""

    chance: float
    is_picture: bool = False

    def passes(self, hit: Hit) -> bool:
        """Tell whether a hit is alike enough; what passes at one place passes at all further right."""
        picture, scene = hit.same_picture or 0.0, hit.same_scene or 0.0
        if self.is_picture:
            return picture >= self.chance
        return max(scene, float(picture >= 0.5)) >= self.chance


ALL = Stop(0.0)
_PICTURE = tuple(Stop(percent / 100, is_picture=True) for percent in (100, 90, 80, 70, 60, 50))
_SCENE = tuple(Stop(percent / 100) for percent in range(90, 0, -10))
_PICTURE_ONLY = tuple(Stop(percent / 100, is_picture=True) for percent in (40, 30, 20, 10))
WITH_SCENES = (*_PICTURE, *_SCENE, ALL)
WITHOUT_SCENES = (*_PICTURE, *_PICTURE_ONLY, ALL)
"""For a network that tells nothing of scenes."""


class LikenessSlider(QWidget):
    """See the module. Hidden while no answer has a likeness; its place is kept for the session."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stops: tuple[Stop, ...] = WITH_SCENES
        self._first_stop: NDArray[np.int64] = np.empty(0, np.int64)
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._is_quiet = False
        self._title = QLabel(self.tr("Likeness"), self)
        self._title.setObjectName("muted")
        self.handle = QSlider(Qt.Orientation.Horizontal, self)
        self.handle.setObjectName("likeness")
        self.handle.setAccessibleName(self.tr("Likeness"))
        self.handle.setPageStep(3)
        self.handle.setFixedHeight(HANDLE_PX)
        self.handle.setRange(0, len(self._stops) - 1)
        self.handle.setValue(len(self._stops) - 1)
        self.handle.valueChanged.connect(self._on_moved)
        self._title.setBuddy(self.handle)
        self._words = _Words(self.handle, self)
        self._words.chosen.connect(self.handle.setValue)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("muted")
        track = QVBoxLayout()
        track.setSpacing(0)
        track.addWidget(self.handle)
        track.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        # The title stands beside the handle, not beside handle and words together.
        for label in (self._title, self._sentence):
            label.setFixedHeight(HANDLE_PX)
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(track)
        row.addWidget(self._sentence, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self._words.setMinimumWidth(_LEAST_PX)
        self.handle.setMinimumWidth(_LEAST_PX)
        self.handle.setMaximumWidth(TRACK_PX)
        self._words.setMaximumWidth(TRACK_PX)
        self.handle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words.set_words(self._named_places())
        self._say()

    # What the window asks

    def set_hits(self, hits: Sequence[Hit]) -> bool:
        """Take the hits of a new answer; return whether they have a likeness at all.

        The handle stays where it was, as far as this network knows the place.
        """
        has_likeness = any(hit.same_picture is not None for hit in hits)
        stops = WITH_SCENES if any(hit.same_scene is not None for hit in hits) else WITHOUT_SCENES
        if has_likeness and stops != self._stops:
            place = self.stop()
            self._stops = stops
            self._is_quiet = True
            self.handle.setRange(0, len(stops) - 1)
            self.handle.setValue(stops.index(place) if place in stops else len(stops) - 1)
            self._is_quiet = False
            self._words.set_words(self._named_places())
        self._ids = np.array([hit.photo_id for hit in hits], np.int64)
        self._first_stop = np.zeros(len(hits), np.int64)
        if has_likeness:
            for row, hit in enumerate(hits):
                self._first_stop[row] = next(place for place, stop in enumerate(self._stops) if stop.passes(hit))
        self._say()
        return has_likeness

    def stop(self) -> Stop:
        """Return where the handle is."""
        return self._stops[self.handle.value()]

    def passing(self) -> NDArray[np.int64]:
        """Return the ids of the photos that are alike enough, int64 [n], in the order of the answer."""
        return self._ids[self._first_stop <= self.handle.value()]

    def is_open(self) -> bool:
        """Tell whether photos beyond the end of the answer may be alike enough, too: some of its last tenth are."""
        last = self._first_stop[-max(1, len(self._first_stop) // 10) :]
        return bool((last <= self.handle.value()).any())

    def show_all(self) -> None:
        """Let everything pass."""
        self.handle.setValue(len(self._stops) - 1)

    def sentence(self) -> str:
        """Return what the handle says, in words."""
        stop = self.stop()
        if stop == ALL:
            return self.tr("Everything that was found, the most alike first")
        if stop.chance >= 1:
            return self.tr("Identical copies only")
        chance = wording.percent_text(stop.chance)
        if stop.is_picture:
            return self.tr("At least {chance} chance of the same picture").format(chance=chance)
        return self.tr("At least {chance} chance of the same scene").format(chance=chance)

    # Inside

    def _named_places(self) -> tuple[tuple[int, str], ...]:
        near = Stop(0.9) if Stop(0.9) in self._stops else Stop(0.5, is_picture=True)
        return (
            (self._stops.index(Stop(0.9, is_picture=True)), self.tr("same", "likeness")),
            (self._stops.index(near), self.tr("near", "likeness")),
            (len(self._stops) - 1, self.tr("alike", "likeness")),
        )

    def _on_moved(self) -> None:
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
        self._sentence.setText(sentence if self.stop() != ALL else "")

    def fit(self, width_px: int) -> None:
        """Leave the sentence to the tooltip where the bar is narrow."""
        self._sentence.setVisible(width_px >= _SENTENCE_FROM_PX)


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
