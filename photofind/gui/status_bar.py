"""The bottom line: what indexing does, with Pause and Stop, the problems, and the size of the photos.

Owned by the main window, on its thread. It is never a dialog and never in the way: the library is usable all the
while.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QSlider, QToolButton, QWidget

from photofind.events import Progress, Stage
from photofind.gui import icons, theme
from photofind.gui.elided_label import ElidedLabel
from photofind.gui.grid_geometry import MAX_CELL_PX, MIN_CELL_PX
from photofind.gui.translation import core_sentence

_WIDE_PX = 900


class StatusBar(QFrame):
    """See the module."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    problems_wanted = Signal()
    size_changed = Signal(int)
    """Side of a cell in pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status-bar")
        self._is_paused = False
        self._progress = Progress(Stage.IDLE)
        self._silent: tuple[str, ...] = ()
        self._has_run = False
        """Whether something was done since the start; before there is nothing to say of it."""
        self._text = ElidedLabel(self, least_px=96)
        self._text.setObjectName("status-text")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 4)
        self._bar.setAccessibleName(self.tr("Progress of indexing"))
        self._pause = self._button("pause", self.tr("Pause"), self.tr("Pause indexing; it goes on where it was"))
        self._pause.clicked.connect(self._on_pause)
        tip = self.tr("Stop indexing until folders are looked at again")
        self._stop = self._button("stop", self.tr("Stop"), tip)
        self._stop.clicked.connect(self.stop_wanted)
        self._problems = QToolButton(self)
        self._problems.setObjectName("link")
        self._problems.setToolTip(self.tr("Files that could not be read, with reasons"))
        self._problems.clicked.connect(self.problems_wanted)
        self._selection = QLabel(self)
        self._selection.setObjectName("muted")
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._size.setRange(MIN_CELL_PX, MAX_CELL_PX)
        self._size.setSingleStep(16)
        self._size.setPageStep(48)
        self._size.setFixedWidth(140)
        self._size.setAccessibleName(self.tr("Size of the photos"))
        self._size.setToolTip(self.tr("Size of the photos (Ctrl+wheel)"))
        self._size.valueChanged.connect(self.size_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, 4, 2 * theme.SPACE, 4)
        row.setSpacing(theme.SPACE)
        row.addWidget(self._bar)
        row.addWidget(self._text)
        row.addWidget(self._pause)
        row.addWidget(self._stop)
        row.addWidget(self._problems)
        row.addStretch(1)
        row.addWidget(self._selection)
        row.addSpacing(theme.SPACE)
        self._size_icons = [QLabel(self), QLabel(self)]
        row.addWidget(self._size_icons[0])
        row.addWidget(self._size)
        row.addWidget(self._size_icons[1])
        self.show_progress(Progress(Stage.IDLE))
        theme.current().changed.connect(self._tint)
        self._tint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the words need the room more than the bar and the slider."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE_PX
        self._bar.setFixedWidth(120 if is_wide else 48)
        self._size.setFixedWidth(140 if is_wide else 80)

    def show_progress(self, progress: Progress) -> None:
        """Show what indexing does."""
        self._progress = progress
        is_busy = progress.stage in (Stage.SCANNING, Stage.INDEXING, Stage.WAITING)
        self._is_paused = progress.stage is Stage.PAUSED
        self._has_run = self._has_run or progress.stage is not Stage.IDLE
        self._show_text()
        self._bar.setVisible(is_busy and progress.stage is not Stage.WAITING)
        # A scan does not know its end: the bar only shows that something goes on.
        known = progress.stage is Stage.INDEXING and progress.total > 0
        self._bar.setRange(0, progress.total if known else 0)
        if known:
            self._bar.setValue(min(progress.done, progress.total))
        self._pause.setVisible(is_busy or self._is_paused)
        self._stop.setVisible(is_busy or self._is_paused)
        name = self.tr("Resume") if self._is_paused else self.tr("Pause")
        icons.bind(self._pause, "play" if self._is_paused else "pause")
        self._pause.setText(name)
        self._pause.setAccessibleName(name)

    def show_silent(self, folders: tuple[str, ...]) -> None:
        """Say which folders do not answer, by their names, beside what goes on in the others."""
        if folders != self._silent:
            self._silent = folders
            self._show_text()

    def _show_text(self) -> None:
        sentence, silent = self._sentence(self._progress), self._silence()
        # While something goes on that comes first; else what is the matter now comes before what is over.
        is_over = self._progress.stage is Stage.IDLE
        parts = (silent, sentence) if is_over else (sentence, silent)
        self._text.setText(" · ".join(part for part in parts if part))
        self._text.setToolTip(self._text.text())
        self._text.setVisible(bool(self._text.text()))

    def _silence(self) -> str:
        if len(self._silent) == 1:
            return self.tr("{folder} does not answer").format(folder=self._silent[0])
        return self.tr("%n folder(s) do not answer", "", len(self._silent)) if self._silent else ""

    def show_problems(self, count: int) -> None:
        """Show the link to the problems, when there are any."""
        self._problems.setVisible(count > 0)
        self._problems.setText(self.tr("%n problem(s)", "", count))

    def show_selection(self, selected: int, total: int) -> None:
        """Say how many photos are selected, or shown."""
        if selected > 1:
            locale = self.locale()
            self._selection.setText(
                self.tr("{n} of {total} selected").format(n=locale.toString(selected), total=locale.toString(total))
            )
        else:
            self._selection.setText(self.tr("%n photo(s)", "", total) if total else "")

    def show_size(self, shown: bool) -> None:
        """Show the slider only where it does something: beside photos."""
        for widget in (self._size, *self._size_icons):
            widget.setVisible(shown)

    def set_size(self, side_px: int) -> None:
        """Move the slider."""
        self._size.setValue(side_px)

    def text(self) -> str:
        """Return the sentence shown."""
        return self._text.text()

    def _sentence(self, progress: Progress) -> str:
        locale = self.locale()
        done, total = locale.toString(progress.done), locale.toString(progress.total)
        match progress.stage:
            case Stage.IDLE:
                return core_sentence(progress.message) or self._outcome(progress)
            case Stage.SCANNING:
                if progress.total:
                    return self.tr("Looking for photos, {n} found").format(n=total)
                return self.tr("Looking for photos")
            case Stage.PAUSED:
                if progress.message:
                    return core_sentence(progress.message)
                if progress.total > progress.done:
                    return self.tr("Paused at {n} of {total}").format(n=done, total=total)
                return self.tr("Paused")
            case Stage.WAITING:
                return core_sentence(progress.message) or self.tr("Waiting")
            case Stage.INDEXING:
                parts = [self.tr("Indexing {n} of {total}").format(n=done, total=total)]
                if progress.per_second >= 0.1:
                    rate = locale.toString(progress.per_second, "f", 0 if progress.per_second >= 10 else 1)
                    parts.append(self.tr("{rate} photos/s").format(rate=rate))
                if progress.seconds_left is not None:
                    parts.append(self._time_left(progress.seconds_left))
                return " · ".join(parts)

    def _outcome(self, progress: Progress) -> str:
        """Return what came of the last run."""
        if not self._has_run:
            return ""
        if not progress.done and not progress.failed:
            return self.tr("Everything is up to date")
        parts = [self.tr("Read %Ln photo(s)", "", progress.done)]
        if progress.failed:
            parts.append(self.tr("%Ln could not be read", "", progress.failed))
        left = progress.total - progress.done - progress.failed
        if left > 0:
            parts.append(self.tr("stopped before %Ln more", "", left))
        return " · ".join(parts)

    def _time_left(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("less than a minute left")
        minutes = round(seconds / 60)
        if minutes < 90:
            return self.tr("%n minute(s) left", "", minutes)
        return self.tr("%n hour(s) left", "", round(minutes / 60))

    def _on_pause(self) -> None:
        (self.resume_wanted if self._is_paused else self.pause_wanted).emit()

    def _button(self, icon: str, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setIconSize(QSize(16, 16))
        icons.bind(button, icon)
        return button

    def _tint(self) -> None:
        ratio, colour = self.devicePixelRatioF(), theme.colours().muted
        for label, name in zip(self._size_icons, ("size-small", "size-large"), strict=True):
            label.setPixmap(icons.pixmap(name, colour, 16, ratio))
