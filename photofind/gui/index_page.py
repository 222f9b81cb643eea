"""How the index does: how surely photos are found, how fast they are read, what it takes on the disk.

Owned by the main window, on its thread; asks the library for one report and shows it. A page of the sidebar beside
the networks: it answers "is it the graphics card", "is anything missing from the answers" and "what fills my disk",
each with the button that mends it. In the settings it lost, because whoever rebuilds an index wants to see how far
it is while the window works on. Measuring takes seconds, so it begins when the page comes into sight, and a report
of a moment ago is shown until the next one is there.
"""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QDate, QEvent, QLocale, Qt, QTimer
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from photofind.errors import PhotofindError
from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.file_manager import open_path
from photofind.gui.flow_layout import FlowLayout
from photofind.gui.translation import choice_label, core_sentence, read_only_sentence
from photofind.library import Library
from photofind.records import IndexReport, VerifyReport

FRESH_S = 30.0
"""A report as old as this is asked for again when the page comes into sight."""
BUILT_MS = 300
_WIDEST_PX = 1040
_TILE_PX = 132
_SHOWN_PROBLEMS = 50


class IndexPage(QWidget):
    """See the module.

    Args:
        library: Asked for the report, told to rebuild and to check.
        bridge: Brings the answers.
        show: Opens a folder in the file manager; another one in tests.
    """

    def __init__(
        self,
        library: Library,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        show: Callable[[bytes], bool] = open_path,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._bridge = bridge
        self._show_folder = show
        self._report: IndexReport | None = None
        self._reported_at = -FRESH_S
        self.setObjectName("models")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Index"))
        self._built_timer = QTimer(self, interval=BUILT_MS)
        self._built_timer.timeout.connect(self._show_built)
        self._build()

    def _build(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("models-inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE * 3 // 2)
        title = QLabel(self.tr("Index"), inside)
        font = QFont(title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        title.setFont(font)
        heading = QVBoxLayout()
        heading.setSpacing(theme.SPACE // 2)
        heading.addWidget(title)
        heading.addWidget(
            _muted(self.tr("How surely and how fast photos are found, and what that takes on the disk."), inside)
        )
        column.addLayout(heading)
        self._said = _muted("", inside)
        self._said.hide()
        column.addWidget(self._said)
        self._finding = self._make_finding(inside)
        self._reading = _Card(self.tr("Reading photos"), inside)
        self._disk = self._make_disk(inside)
        self._checking = self._make_checking(inside)
        for card in (self._finding, self._reading, self._disk, self._checking):
            column.addWidget(card)
        column.addStretch(1)
        inside.setMaximumWidth(_WIDEST_PX)
        scroll = QScrollArea(self)
        scroll.setObjectName("models-scroll")
        scroll.setAccessibleName(self.tr("Index"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)

    def _make_finding(self, parent: QWidget) -> "_Card":
        card = _Card(self.tr("Finding"), parent)
        self._stop_rebuilding = self._add_stop(
            card, self.tr("Stop rebuilding the index"), "rebuild-index", self._on_rebuild_stopped
        )
        self._measure = card.add_button(
            "measure",
            self.tr("Measure again"),
            self.tr(
                "Look for some photos of the library and compare the answers with a search that leaves nothing out"
            ),
            self.refresh,
        )
        self._rebuild = card.add_button(
            "rescan",
            self.tr("Rebuild the index"),
            self.tr("Make the index anew from the catalog, in the background; search goes on meanwhile"),
            self.rebuild,
        )
        return card

    def _make_disk(self, parent: QWidget) -> "_Card":
        card = _Card(self.tr("On the disk"), parent)
        self._open = card.add_button(
            "open",
            self.tr("Open folder"),
            self.tr("Show the folder of the library in the file manager"),
            self._open_folder,
        )
        self._remake = card.add_button(
            "photos",
            self.tr("Make thumbnails anew"),
            self.tr(
                "Read all photos once more for their thumbnails, in the background; the old ones stay until then"
            ),
            self.remake_thumbnails,
        )
        return card

    def _make_checking(self, parent: QWidget) -> "_Card":
        card = _Card(self.tr("Checking"), parent)
        self._stop_checking = self._add_stop(card, self.tr("Stop checking"), "verify-index", self._on_check_stopped)
        self._check = card.add_button(
            "check",
            self.tr("Check everything"),
            self.tr("Compare the catalog, the index and every file with each other; only reads"),
            self.check,
        )
        card.set_lines(
            [self.tr("Reads every photo once, which takes long in a large library. Nothing is changed.")]
        )
        return card

    def _add_stop(self, card: "_Card", tip: str, topic: str, stopped: Callable[[], None]) -> QPushButton:
        """Add a button that ends what goes on, shown while it does."""

        def stop() -> None:
            self._bridge.drop(topic)  # which cancels it
            stopped()

        button = card.add_button("stop", self.tr("Stop"), tip, stop)
        button.setAccessibleName(tip)
        button.hide()
        return button

    # What is shown

    def refresh(self) -> None:
        """Ask for a new report."""
        self._measure.setEnabled(False)
        self._finding.set_busy(self.tr("Measuring"), 0, 0)
        self._bridge.ask(
            self._library.index_report(), self._on_report, failed=self._on_report_failed, topic="index-report"
        )

    @property
    def sentence(self) -> str:
        """What the page says of the last thing done."""
        return self._said.text()

    @property
    def figures(self) -> dict[str, str]:
        """All figures shown, by their names."""
        return self._finding.figures() | self._reading.figures() | self._disk.figures()

    @property
    def lines(self) -> str:
        """The sentences of all cards."""
        return "\n".join(card.lines() for card in (self._finding, self._reading, self._disk, self._checking))

    def showEvent(self, event: QEvent) -> None:
        """Measure when the page comes into sight, unless that was a moment ago."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._show_buttons()
        is_fresh = time.monotonic() - self._reported_at < FRESH_S
        if not is_fresh and not self._bridge.is_waiting("index-report"):
            self.refresh()

    def _on_report(self, report: IndexReport) -> None:
        self._report = report
        self._reported_at = time.monotonic()
        self._show_finding(report)
        self._show_reading(report)
        self._show_disk(report)
        self._end_measuring()

    def _on_report_failed(self, sentence: str) -> None:
        self._end_measuring()
        self._finding.set_lines([core_sentence(sentence)])

    def _end_measuring(self) -> None:
        self._measure.setEnabled(True)
        if not self._bridge.is_waiting("rebuild-index"):
            self._finding.set_idle()

    def _show_finding(self, report: IndexReport) -> None:
        locale = QLocale()
        recall = report.recall
        share = wording.percent_text(recall.share) if recall is not None else ""
        self._finding.set_figures(
            [
                (
                    self.tr("Found"),
                    share,
                    self.tr("Of the photos that a search without short cuts finds, so many."),
                ),
                (
                    self.tr("Time of a search"),
                    wording.milliseconds_text(recall.fast_ms) if recall else "",
                    self.tr("For the index alone, on this computer."),
                ),
                (
                    self.tr("Without short cuts"),
                    wording.milliseconds_text(recall.exact_ms) if recall else "",
                    self.tr("What it takes to compare a picture with every photo."),
                ),
                (
                    self.tr("Photos"),
                    locale.toString(report.photos),
                    self.tr("Files in the library. Copies of one file share their place in the index."),
                ),
                (
                    self.tr("Different photos"),
                    locale.toString(report.contents),
                    self.tr("Copies counted once."),
                ),
                (self.tr("In the index"), locale.toString(report.vectors), self.tr("Found by likeness.")),
                (self.tr("Found by words"), locale.toString(report.word_vectors), self.tr("For what they show.")),
            ]
        )
        lines = []
        if report.is_exact:
            lines.append(self.tr("Every search compares all photos, so none can be missed."))
        elif recall is not None:
            lines.append(
                self.tr(
                    "A search finds {share} of what a comparison with every photo finds: measured just now with "
                    "{n} photos and the {k} nearest to each."
                ).format(share=share, n=locale.toString(recall.queries), k=recall.k)
            )
        if report.vectors < report.contents:
            missing = report.contents - report.vectors
            lines.append(self.tr("%Ln photo(s) were not read yet, or could not be read again.", "", missing))
        self._finding.set_lines(lines)

    def _show_reading(self, report: IndexReport) -> None:
        rate = wording.rate_text(report.photos_per_second) if report.photos_per_second else ""
        self._reading.set_figures(
            [
                (
                    self.tr("Photos a second"),
                    rate,
                    self.tr(
                        "Measured while photos were taken in the last time, with everything that belongs to it."
                    ),
                ),
                (self.tr("Runs on"), choice_label(report.provider.lower()), self.tr("Where the network computes.")),
                (
                    self.tr("Network"),
                    wording.network_named(self._library.models(), report.model_id),
                    self.tr("What recognises your photos; see Networks."),
                ),
            ]
        )
        lines = [core_sentence(report.provider_note)] if report.provider_note else []
        if report.run_photos:
            lines.append(self.tr("The last run took in %Ln photo(s).", "", report.run_photos))
        else:
            lines.append(self.tr("How fast it is will stand here when more photos have come in."))
        self._reading.set_lines(lines)

    def _show_disk(self, report: IndexReport) -> None:
        disk = report.disk
        sizes = (
            (self.tr("Catalog"), disk.catalog_bytes, self.tr("All facts on your photos, and what you decided.")),
            (self.tr("Thumbnails"), disk.thumbnails_bytes, self.tr("Small pictures for the grid.")),
            (self.tr("Index"), disk.index_bytes, self.tr("Made for large libraries only; small ones need none.")),
            (self.tr("Index of words"), disk.words_bytes, self.tr("The same, for searches by words.")),
            (self.tr("Backups"), disk.backups_bytes, self.tr("Copies of the catalog of the last seven days.")),
            (self.tr("Added networks"), disk.models_bytes, self.tr("Without those that came with PhotoFind.")),
        )
        self._disk.set_figures([(name, wording.size_text(size), tip) for name, size, tip in sizes])
        lines = [wording.display_text(report.directory)]
        if disk.last_backup_day:
            lines.append(self.tr("Last backup: {day}").format(day=_day_text(disk.last_backup_day)))
        else:
            lines.append(self.tr("There is no backup yet; one is made every day that PhotoFind runs."))
        self._disk.set_lines(lines)

    def _show_buttons(self) -> None:
        for button in (self._rebuild, self._remake):
            is_busy = button is self._rebuild and self._bridge.is_waiting("rebuild-index")
            button.setDisabled(self._library.is_read_only or is_busy)
            if button is self._rebuild:
                self._stop_rebuilding.setVisible(is_busy)
            if self._library.is_read_only:
                button.setToolTip(read_only_sentence())

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    # What the buttons do

    def rebuild(self) -> None:
        """Make the index anew in the background."""
        self._say("")
        try:
            rebuilt = self._library.rebuild_index()
        except PhotofindError as error:
            self._say(core_sentence(str(error)))
            return
        self._bridge.ask(rebuilt, self._on_rebuilt, failed=self._on_rebuild_failed, topic="rebuild-index")
        self._show_buttons()
        self._built_timer.start()
        self._show_built()

    def _show_built(self) -> None:
        done, total = self._library.index_built()
        locale = QLocale()
        text = self.tr("Rebuilding the index: {n} of {total}").format(
            n=locale.toString(done), total=locale.toString(total)
        )
        self._finding.set_busy(text, done, total)

    def _on_rebuilt(self, _none: None) -> None:
        self._end_rebuilding(self.tr("The index is made anew."))
        self.refresh()

    def _on_rebuild_stopped(self) -> None:
        self._end_rebuilding(self.tr("Stopped. The rest of the index is made when nothing else is to be done."))

    def _on_rebuild_failed(self, sentence: str) -> None:
        self._end_rebuilding(core_sentence(sentence))

    def _end_rebuilding(self, sentence: str) -> None:
        self._built_timer.stop()
        self._finding.set_idle()
        self._show_buttons()
        self._say(sentence)

    def remake_thumbnails(self) -> None:
        """Make all thumbnails anew in the background."""
        try:
            begun = self._library.rebuild_thumbnails()
        except PhotofindError as error:
            self._say(core_sentence(str(error)))
            return
        self._bridge.ask(begun, self._on_remaking, failed=self._on_failed, topic="rebuild-thumbnails")

    def _on_remaking(self, _none: None) -> None:
        self._say(
            self.tr("Thumbnails are made anew in the background; the line at the bottom tells how far it is.")
        )

    def _on_failed(self, sentence: str) -> None:
        self._say(core_sentence(sentence))

    def _open_folder(self) -> None:
        if self._report is not None and not self._show_folder(self._report.directory):
            self._say(self.tr("The system found no file manager."))

    def check(self) -> None:
        """Check catalog, index and files in the background."""
        self._check.setEnabled(False)
        self._stop_checking.show()
        self._checking.set_busy(self.tr("Checking; you can go on working."), 0, 0)
        self._bridge.ask(
            self._library.verify(), self._on_checked, failed=self._on_check_failed, topic="verify-index"
        )

    def _on_checked(self, report: VerifyReport) -> None:
        lines = [self.tr("%Ln photo(s) checked.", "", report.photos_checked)]
        if report.is_ok:
            lines.append(self.tr("Everything is in order."))
        lines += [f"• {core_sentence(problem)}" for problem in report.problems[:_SHOWN_PROBLEMS]]
        more = len(report.problems) - _SHOWN_PROBLEMS
        if more > 0:
            lines.append(self.tr("… and %n more.", "", more))
        if report.problems:
            lines.append(self.tr("“Check and repair” in the settings mends what can be mended."))
        self._end_checking(lines)

    def _on_check_stopped(self) -> None:
        self._end_checking([self.tr("Stopped before everything was checked.")])

    def _on_check_failed(self, sentence: str) -> None:
        self._end_checking([core_sentence(sentence)])

    def _end_checking(self, lines: Sequence[str]) -> None:
        self._check.setEnabled(True)
        self._stop_checking.hide()
        self._checking.set_idle()
        self._checking.set_lines(lines)


class _Card(QFrame):
    """A heading with buttons, figures over their names, and sentences."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        heading = QLabel(title, self)
        font = QFont(heading.font())
        font.setBold(True)
        heading.setFont(font)
        self._top = QHBoxLayout()
        self._top.setSpacing(theme.SPACE)
        self._top.addWidget(heading, 1)
        self._tiles: list[tuple[QLabel, QLabel]] = []
        self._flow_widget = QWidget(self)
        self._flow = FlowLayout(self._flow_widget)
        self._flow.setSpacing(theme.SPACE)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self._flow_widget.setSizePolicy(policy)
        self._flow_widget.hide()
        self._lines = _muted("", self)
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lines.hide()
        self._busy = _muted("", self)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 3 // 2, theme.SPACE * 2, theme.SPACE * 3 // 2)
        column.setSpacing(theme.SPACE)
        column.addLayout(self._top)
        for widget in (self._flow_widget, self._busy, self._bar, self._lines):
            column.addWidget(widget)
        self.set_idle()

    def add_button(self, icon: str, text: str, tip: str, clicked: Callable[[], None]) -> QPushButton:
        """Add a button to the heading."""
        button = QPushButton(text, self)
        button.setToolTip(tip)
        icons.bind(button, icon)
        button.clicked.connect(lambda _checked=False: clicked())
        self._top.addWidget(button)
        return button

    def set_figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        """Show these: name, figure, what it means. As many each time."""
        while len(self._tiles) < len(figures):
            self._tiles.append(self._make_tile())
        for (value, name), (label, text, tip) in zip(self._tiles, figures, strict=True):
            value.setText(text or "–")
            value.setAccessibleName(f"{label}: {text or self.tr('not measured')}")
            name.setText(label)
            for widget in (value, name):
                widget.setToolTip(tip)
        self._flow_widget.show()

    def _make_tile(self) -> tuple[QLabel, QLabel]:
        tile = QWidget(self._flow_widget)
        tile.setMinimumWidth(_TILE_PX)
        value, name = QLabel(tile), _muted("", tile)
        value.setObjectName("figure")
        value.setTextFormat(Qt.TextFormat.PlainText)
        name.setWordWrap(False)
        column = QVBoxLayout(tile)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(value)
        column.addWidget(name)
        self._flow.addWidget(tile)
        return value, name

    def figures(self) -> dict[str, str]:
        """Return the figures by their names."""
        return {name.text(): value.text() for value, name in self._tiles}

    def set_lines(self, lines: Sequence[str]) -> None:
        """Show these sentences, one a line."""
        self._lines.setText("\n".join(lines))
        self._lines.setVisible(bool(lines))

    def lines(self) -> str:
        """Return the sentences."""
        return self._lines.text()

    def set_busy(self, sentence: str, done: int, total: int) -> None:
        """Show that something goes on; a total of 0 for what does not know its end."""
        self._busy.setText(sentence)
        self._bar.setRange(0, total)
        self._bar.setValue(min(done, total))
        self._bar.setAccessibleName(sentence)
        self._busy.show()
        self._bar.show()

    def set_idle(self) -> None:
        """Show that nothing goes on."""
        self._busy.hide()
        self._bar.hide()


def _muted(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label


def _day_text(day: str) -> str:
    """Return a day YYYY-MM-DD as the person writes it."""
    date = QDate.fromString(day, Qt.DateFormat.ISODate)
    return QLocale().toString(date, QLocale.FormatType.LongFormat) if date.isValid() else day
