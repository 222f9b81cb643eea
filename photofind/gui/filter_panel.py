"""The filters: which photos may be among the answers, chosen in a panel that stays open while they are tried.

Part of the query bar, on the window's thread. It offers what the library holds (`Library.facets`) and holds what is
chosen; the window asks anew whenever that changes. A dialog with an OK button lost: nobody knows how many photos a
filter leaves before they see it.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QDate, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QFrame, QGridLayout, QLabel, QPushButton, QWidget

from photofind.gui import theme
from photofind.gui.label_picker import LabelPicker
from photofind.records import Filter

_DAY_MS = 86_400_000
_LABELS_PX = 240

Facets = dict[str, list[tuple[str, int]]]


class FilterPanel(QFrame):
    """The filters, in a panel that stays open while they are tried."""

    changed = Signal()
    """Ask anew."""
    shown_changed = Signal()
    """Another number of filters may be chosen; comes also where the window asks anew by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filter-panel")
        self.setAccessibleName(self.tr("Filters"))
        self._is_quiet = False
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        grid.setHorizontalSpacing(2 * theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE)
        self._year = self._combo(grid, 0, self.tr("Year"), self.tr("When the photo was taken"))
        self._has_from = QCheckBox(self.tr("Taken from"), self)
        self._from = self._date(QDate(2000, 1, 1))
        self._has_until = QCheckBox(self.tr("Taken until"), self)
        self._until = self._date(QDate.currentDate())
        pairs = (
            (self._has_from, self._from, self.tr("Only photos taken on this day or later")),
            (self._has_until, self._until, self.tr("Only photos taken on this day or before")),
        )
        for row, (box, edit, tip) in enumerate(pairs, 1):
            grid.addWidget(box, row, 0)
            grid.addWidget(edit, row, 1)
            edit.setAccessibleName(box.text())
            for widget in (box, edit):
                widget.setToolTip(tip)
            edit.setEnabled(False)
            box.toggled.connect(edit.setEnabled)
            box.toggled.connect(self._on_date)
            edit.dateChanged.connect(self._on_date)
        self._camera = self._combo(grid, 3, self.tr("Camera"), self.tr("The camera model"))
        self._format = self._combo(grid, 4, self.tr("Type"), self.tr("The kind of file"))
        self._rating = self._combo(grid, 5, self.tr("Rating"), self.tr("Stars given by you or found in the file"))
        self._orientation = self._combo(grid, 6, self.tr("Shape"), self.tr("Landscape, portrait or square"))
        self._flag = self._combo(grid, 7, self.tr("Mark"), self.tr("Picked or rejected by you or in the file"))
        self._tag = self._combo(grid, 8, self.tr("Tag"), self.tr("Your own tags"))
        self._combos = (
            self._year, self._camera, self._format, self._rating, self._orientation, self._flag, self._tag,
        )  # fmt: skip
        for flag, name in ((1, self.tr("Picked")), (-1, self.tr("Rejected")), (0, self.tr("Not marked"))):
            self._flag.addItem(name, flag)
        for stars in range(1, 6):
            text = "★" * stars if stars == 5 else self.tr("{stars} or more").format(stars="★" * stars)
            self._rating.addItem(text, stars)
        for value, name in (
            ("landscape", self.tr("Landscape")),
            ("portrait", self.tr("Portrait")),
            ("square", self.tr("Square")),
        ):
            self._orientation.addItem(name, value)
        self._labels = LabelPicker(self)
        self._labels.setFixedWidth(_LABELS_PX)
        self._labels.changed.connect(self._on_changed)
        grid.addWidget(self._labels, 0, 2, 10, 1)
        self._clear = QPushButton(self.tr("Clear filters"), self)
        self._clear.setToolTip(self.tr("Let all photos through again"))
        self._clear.clicked.connect(self.clear)
        self._clear.setEnabled(False)
        grid.addWidget(self._clear, 9, 1, Qt.AlignmentFlag.AlignRight)

    def _combo(self, grid: QGridLayout, row: int, name: str, tip: str) -> QComboBox:
        label = QLabel(name, self)
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        combo.setMinimumWidth(200)
        combo.setMaximumWidth(280)
        combo.addItem(self.tr("Any"), None)
        combo.currentIndexChanged.connect(self._on_changed)
        label.setBuddy(combo)
        grid.addWidget(label, row, 0)
        grid.addWidget(combo, row, 1)
        return combo

    def _date(self, date: QDate) -> QDateEdit:
        edit = QDateEdit(date, self)
        edit.setCalendarPopup(True)
        edit.setDisplayFormat("yyyy-MM-dd")
        return edit

    def open_below(self, button: QWidget) -> None:
        """Show the panel under a button, inside the screen."""
        self._labels.start_over()
        self.adjustSize()
        place = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        screen = button.screen().availableGeometry()
        place.setX(max(screen.left(), min(place.x(), screen.right() - self.width())))
        self.move(place)
        self.show()
        self._year.setFocus()

    def set_facets(self, facets: Facets) -> None:
        """Offer the cameras, types, years and names that are in the library, with counts."""
        self._is_quiet = True
        offered = (
            (self._camera, "cameras"), (self._format, "formats"), (self._year, "years"), (self._tag, "tags"),
        )  # fmt: skip
        for combo, key in offered:
            chosen = combo.currentData()
            while combo.count() > 1:
                combo.removeItem(1)
            for value, count in facets.get(key, []):
                combo.addItem(f"{value}  ({self.locale().toString(count)})", value)
            if chosen is not None and combo.findData(chosen) < 0:
                combo.addItem(str(chosen), chosen)  # no photo has it any more, and it is still what is asked for
            place = combo.findData(chosen)
            combo.setCurrentIndex(max(0, place))
        self._labels.set_labels(facets.get("labels", []))
        self._is_quiet = False

    def filter(self) -> Filter:
        """Return what is chosen."""
        earliest, latest = self._range()
        camera, file_format, tag = (box.currentData() for box in (self._camera, self._format, self._tag))
        return Filter(
            captured_from_ms=earliest,
            captured_until_ms=latest,
            cameras=(str(camera),) if camera is not None else (),
            formats=(str(file_format),) if file_format is not None else (),
            min_rating=self._rating.currentData(),
            orientation=self._orientation.currentData(),
            labels=self._labels.chosen(),
            tags=(str(tag),) if tag is not None else (),
            flag=self._flag.currentData(),
        )

    def set_filter(self, chosen: Filter, *, is_quiet: bool = False) -> None:
        """Choose what a saved query had chosen, and unless `is_quiet` announce it when it is something else."""
        if replace(chosen, directory=None) == self.filter():
            return
        self._is_quiet = True
        self._year.setCurrentIndex(0)
        for box, edit, day_ms, last in (
            (self._has_from, self._from, chosen.captured_from_ms, 0),
            (self._has_until, self._until, chosen.captured_until_ms, 1),
        ):
            box.setChecked(day_ms is not None)
            if day_ms is not None:
                edit.setDate(QDate(1970, 1, 1).addDays(day_ms // _DAY_MS - last))
        _choose(self._camera, next(iter(chosen.cameras), None))
        _choose(self._format, next(iter(chosen.formats), None))
        _choose(self._rating, chosen.min_rating)
        _choose(self._orientation, chosen.orientation)
        _choose(self._flag, chosen.flag)
        _choose(self._tag, next(iter(chosen.tags), None))
        self._labels.choose(chosen.labels)
        self._end_quiet(is_quiet=is_quiet)

    def choose_tag(self, tag: str | None, *, is_quiet: bool = False) -> None:
        """Let only photos with a tag through, None for all, and unless `is_quiet` announce it."""
        if self._tag.currentData() == tag:
            return
        self._is_quiet = True
        _choose(self._tag, tag)
        self._end_quiet(is_quiet=is_quiet)

    def choose_labels(self, names: Sequence[str]) -> None:
        """Let only photos with one of these labels (English names) through."""
        self._labels.choose(names)

    def _range(self) -> tuple[int | None, int | None]:
        earliest = _day_ms(self._from.date()) if self._has_from.isChecked() else None
        latest = _day_ms(self._until.date()) + _DAY_MS if self._has_until.isChecked() else None
        year = self._year.currentData()
        if year is not None and str(year).isdecimal():
            first, last = _day_ms(QDate(int(year), 1, 1)), _day_ms(QDate(int(year) + 1, 1, 1))
            earliest = first if earliest is None else max(earliest, first)
            latest = last if latest is None else min(latest, last)
        return earliest, latest

    def active_count(self) -> int:
        """Return how many filters are chosen."""
        return (
            sum(combo.currentIndex() > 0 for combo in self._combos)
            + sum(box.isChecked() for box in (self._has_from, self._has_until))
            + bool(self._labels.chosen())
        )

    def clear(self, *, is_quiet: bool = False) -> None:
        """Choose nothing, and unless `is_quiet` announce it."""
        if not self.active_count():
            return
        self._is_quiet = True
        for combo in self._combos:
            combo.setCurrentIndex(0)
        for box in (self._has_from, self._has_until):
            box.setChecked(False)
        self._labels.choose(())
        self._end_quiet(is_quiet=is_quiet)

    def _end_quiet(self, *, is_quiet: bool) -> None:
        self._is_quiet = False
        self._clear.setEnabled(bool(self.active_count()))
        self.shown_changed.emit()
        if not is_quiet:
            self.changed.emit()

    def _on_date(self) -> None:
        self._on_changed()

    def _on_changed(self) -> None:
        if not self._is_quiet:
            self._end_quiet(is_quiet=False)

    def event(self, event: QEvent) -> bool:
        """Close on Esc wherever the focus is inside."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.hide()
            return True
        return super().event(event)


def _choose(combo: QComboBox, value: object) -> None:
    """Choose a value; one that is not offered (yet) is added."""
    place = combo.findData(value)
    if place < 0:
        combo.addItem(str(value), value)
        place = combo.count() - 1
    combo.setCurrentIndex(place)


def _day_ms(day: QDate) -> int:
    """Return midnight of a day as `Metadata.captured_at_ms` counts it."""
    return QDate(1970, 1, 1).daysTo(day) * _DAY_MS
