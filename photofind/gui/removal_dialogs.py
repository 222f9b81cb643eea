"""The plan before files are moved to the trash, and the list of those that stayed afterwards.

Owned by the GUI thread. The plan names every file, the one that stays for it and why; it reads the photos in small
portions between events, so that a plan of 50,000 files opens at once. Last it asks what belongs to them and goes,
too: the videos of live photos, and sidecars. Moving starts only with its button.
"""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.translation import core_sentence, translate
from photofind.library import Library
from photofind.records import Cluster, Companion, MatchKind, Photo

PORTION = 50
"""Files read between two events, with what each leaves to the one that stays."""

_Pair = tuple[int, int, str]
"""The photo that goes, the one that stays for it, and why."""
_Index = QModelIndex | QPersistentModelIndex


class PlanDialog(QDialog):
    """What would be moved to the trash, and what stays for it.

    Args:
        library: Asked for the facts.
        bridge: Brings the answers here.
        kind: The kind of duplicates; for pictures of their own the warning is stronger.
        clusters: Groups with at least one marked photo.
        marked: Photo ids to move.
    """

    confirmed = Signal(object, object)
    """A dict in the order of the plan: the photo id of each file to move, and of the one that stays for it; and a
    frozenset of those that nobody marked and that go along with another file of their shot."""

    def __init__(
        self,
        library: Library,
        bridge: Bridge,
        kind: MatchKind,
        clusters: list[Cluster],
        marked: frozenset[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._bridge = bridge
        self._are_copies = kind in (MatchKind.IDENTICAL, MatchKind.SAME)
        self._marked = marked
        self._along: set[int] = set()
        self._pairs = [pair for cluster in clusters for pair in _pairs(cluster, marked)]
        self._read = 0
        self._is_complete = False
        self._live: set[int] = set()
        """Photos that stay and have their video."""
        count = len(self._pairs)
        self.setWindowTitle(self.tr("Move to trash"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        self._title = QLabel(self.tr("Move %n file(s) to the trash?", "", count), self)
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self._title.setFont(font)
        column.addWidget(self._title)
        self._summary = QLabel(self)
        self._summary.setWordWrap(True)
        column.addWidget(self._summary)
        note = QLabel(self)
        note.setWordWrap(True)
        if self._are_copies:
            note.setText(
                self.tr("Each file is checked again just before, and moves only if the one that stays can be read.")
            )
            note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        else:
            note.setText(
                self.tr("These are different pictures, not copies. Make sure that you do not need the marked ones.")
            )
            theme.ink(note, "warning")
        column.addWidget(note)
        self._model = _PlanModel(self)
        self._table = _table(self, self._model, stretched=(0, 1))
        self._table.setColumnHidden(_TAKEN_OVER, True)
        metrics = self._table.fontMetrics()
        self._table.setColumnWidth(_SIZE, metrics.horizontalAdvance(wording.size_text(999_900)) + 3 * theme.SPACE)
        for narrow in (_WHY, _TAKEN_OVER):
            self._table.setColumnWidth(narrow, 20 * theme.SPACE)
        self._table.setAccessibleName(self.tr("Files to move and files that stay"))
        column.addWidget(self._table, 1)

        # Not a QDialogButtonBox: it makes the first accepting button the default, and Enter pressed without reading
        # must not move anything.
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        self._export = QPushButton(self.tr("Export list…"), self)
        self._export.setToolTip(self.tr("Write this plan to a table; nothing is moved"))
        self._export.clicked.connect(self._on_export)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setToolTip(self.tr("Move nothing; the marks stay (Esc)"))
        self._cancel.clicked.connect(self.reject)
        self._move = QPushButton(self.tr("Move %n file(s) to trash", "", count), self)
        self._move.setObjectName("primary")
        self._move.setToolTip(self.tr("Move the files of this plan to the system's trash; this can be undone"))
        icons.bind(self._move, "trash", "on_accent")
        self._move.clicked.connect(self._on_confirmed)
        buttons.addWidget(self._export)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._move)
        for button in (self._export, self._cancel, self._move):
            button.setAutoDefault(False)
        self._cancel.setFocus()
        column.addLayout(buttons)
        self.resize(QSize(960, 520))

        self._show_summary()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._read_some)
        self._timer.start(0)

    @property
    def cancel_button(self) -> QPushButton:
        """Closes the plan; nothing is moved."""
        return self._cancel

    @property
    def move_button(self) -> QPushButton:
        """Starts the move."""
        return self._move

    @property
    def is_complete(self) -> bool:
        """True when every line of the plan is there."""
        return self._is_complete

    @property
    def summary(self) -> str:
        """The sentence on the whole plan."""
        return self._summary.text()

    def _read_some(self) -> None:
        portion = self._pairs[self._read : self._read + PORTION]
        self._read += len(portion)
        mates = self._library.unit_mates([photo_id for pair in portion for photo_id in pair[:2]])
        ids = {photo_id for gone, stays, _why in portion for photo_id in (gone, stays)}
        ids.update(mate for group in mates.values() for mate in group)
        photos = {photo.photo_id: photo for photo in self._library.photos(sorted(ids))}
        portion = [each for pair in portion for each in (pair, *self._going_along(pair, mates, photos))]
        # A photo that left the library since is no longer part of the plan.
        lines = [
            _Line(photos[a], photos[b], why, self._left_to(b, a))
            for a, b, why in portion
            if a in photos and b in photos
        ]
        self._model.append(lines)
        if any(line.taken_over for line in lines):
            self._table.setColumnHidden(_TAKEN_OVER, False)
        if self._read >= len(self._pairs):
            self._timer.stop()
            going = [line.gone.photo_id for line in self._model.lines if isinstance(line.gone, Photo)]
            self._bridge.ask(self._library.companions(going), self._on_companions, failed=self._on_none_known)

    def _on_companions(self, found: Mapping[int, Sequence[Companion]]) -> None:
        """Take what goes with the photos; of those that stay only their videos matter."""
        if any(each.is_video and not each.is_kept for companions in found.values() for each in companions):
            staying = list({line.stays.photo_id for line in self._model.lines})
            self._bridge.ask(
                self._library.companions(staying),
                lambda beside: self._finish(found, beside),
                failed=lambda _sentence: self._finish(found, {}),
            )
        else:
            self._finish(found, {})

    def _on_none_known(self, _sentence: str) -> None:
        self._finish({}, {})  # the log has the reason; what belongs to a photo goes with it all the same

    def _finish(self, found: Mapping[int, Sequence[Companion]], staying: Mapping[int, Sequence[Companion]]) -> None:
        if not shiboken6.isValid(self):
            return
        live = {photo_id for photo_id, beside in staying.items() if any(each.is_video for each in beside)}
        told: set[bytes] = set()
        lines: list[_Line] = []
        for line in self._model.lines:
            lines.append(line)
            name = wording.display_name(line.gone.path)
            for each in found.get(line.gone.photo_id, ()) if isinstance(line.gone, Photo) else ():
                if each.is_kept or each.path in told:
                    continue
                told.add(each.path)
                if each.is_video and line.stays.photo_id not in live:
                    why = self.tr("no copy of it stays")
                else:
                    why = self.tr("belongs to {name}").format(name=name)
                lines.append(_Line(each, line.stays, why, ""))
        if told:
            self._model.set_lines(lines)
        self._is_complete = True
        self._show_summary()

    def _going_along(
        self, pair: "_Pair", mates: dict[int, tuple[int, ...]], photos: dict[int, Photo]
    ) -> Iterator["_Pair"]:
        """Yield the other files of the shot of one that goes: they go, too, for those of the one that stays."""
        gone, stays, _why = pair
        for mate in mates.get(gone, ()):
            if mate in self._marked or mate in self._along or mate == stays or not {gone, mate} <= photos.keys():
                continue
            self._along.add(mate)
            format = photos[mate].format
            alike = (other for other in mates.get(stays, ()) if other in photos and photos[other].format == format)
            name = wording.display_name(photos[gone].path)
            yield mate, next(alike, stays), self.tr("belongs to {name}").format(name=name)

    def _left_to(self, kept_id: int, gone_id: int) -> str:
        """Return what the photo that stays takes over; pictures of their own hand on nothing."""
        return wording.merge_text(self._library.merge_preview(kept_id, [gone_id])) if self._are_copies else ""

    def _show_summary(self) -> None:
        self._export.setEnabled(self.is_complete)
        self._move.setEnabled(self.is_complete and bool(self._pairs))
        if not self.is_complete:
            self._summary.setText(self.tr("Reading the plan…"))
            return
        count = len(self._model.lines)  # with all that goes along, without what left the library
        self._title.setText(self.tr("Move %n file(s) to the trash?", "", count))
        self._move.setText(self.tr("Move %n file(s) to trash", "", count))
        total = sum(line.gone.size_bytes for line in self._model.lines)
        groups = len({line.stays.photo_id for line in self._model.lines})
        self._summary.setText(
            self.tr("%n group(s); at least one photo of each stays.", "", groups)
            + " "
            + self.tr("{size} become free once the trash is emptied.").format(size=wording.size_text(total))
        )

    def _on_confirmed(self) -> None:
        photos = ((line.gone, line.stays) for line in self._model.lines)
        kept = {gone.photo_id: stays.photo_id for gone, stays in photos if isinstance(gone, Photo)}
        self.confirmed.emit(kept, frozenset(self._along))
        self.accept()

    def _on_export(self) -> None:
        kinds = ";;".join((self.tr("Tables (*.csv)"), self.tr("Texts (*.txt)")))
        path, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Export list"), self.tr("files to remove.csv"), kinds
        )
        if path:
            try:
                self.export(path)
            except OSError as error:
                self._summary.setText(self.tr("The list could not be written: {reason}").format(reason=error))

    def export(self, path: str) -> None:
        """Write the plan: as text for people where the name ends in .txt, else as CSV; no text is escaped."""
        is_text = path.casefold().endswith(".txt")
        encoding = "utf-8" if is_text else "utf-8-sig"  # with the mark spreadsheets know that it is UTF-8
        with open(path, "w", encoding=encoding, errors="backslashreplace", newline="\n" if is_text else "") as file:
            if is_text:
                file.writelines(self._as_text())
                return
            writer = csv.writer(file)
            writer.writerow(["remove", "keep", "bytes", "why", "taken over"])
            for line in self._model.lines:
                gone, stays = os.fsdecode(line.gone.path), os.fsdecode(line.stays.path)
                writer.writerow([gone, stays, line.gone.size_bytes, line.why, line.taken_over])

    def _as_text(self) -> Iterator[str]:
        yield f"{self._summary.text()}\n"
        stays = None
        for line in self._model.lines:
            if line.stays != stays:
                stays = line.stays
                yield "\n" + self.tr("Stays: {path}").format(path=os.fsdecode(stays.path)) + "\n"
            facts = [wording.size_text(line.gone.size_bytes), line.why]
            if line.taken_over:
                facts.append(self.tr("the one that stays takes over: {what}").format(what=line.taken_over))
            gone = self.tr("To the trash: {path}").format(path=os.fsdecode(line.gone.path))
            yield f"    {gone} ({'; '.join(facts)})\n"


def _pairs(cluster: Cluster, marked: frozenset[int]) -> Iterator[_Pair]:
    """Yield the photos of a group that go, each with the one that stays for it and why that one stays."""
    decided_by = dict(zip(cluster.photo_ids[1:], cluster.decided_by, strict=False))
    stays = next(photo_id for photo_id in cluster.photo_ids if photo_id not in marked)
    for photo_id in cluster.photo_ids:
        if photo_id in marked:
            reason = wording.keep_reason([decided_by.get(photo_id)]) if stays == cluster.photo_ids[0] else ""
            yield photo_id, stays, reason or translate("PlanDialog", "you chose it")


class FailuresDialog(QDialog):
    """Files that stayed where they are, each with the reason."""

    def __init__(self, failed: tuple[tuple[bytes, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Files that stayed"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        column.addWidget(QLabel(self.tr("%n file(s) stayed where they are.", "", len(failed)), self))
        table = _table(self, _FailedModel(failed, self), stretched=(0, 1))
        table.setAccessibleName(self.tr("Files that stayed"))
        column.addWidget(table, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(QSize(760, 400))


@dataclass(frozen=True, slots=True)
class _Line:
    """One file of the plan."""

    gone: Photo | Companion
    stays: Photo
    why: str
    taken_over: str


_SIZE, _WHY, _TAKEN_OVER = 2, 3, 4


class _PlanModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[_Line] = []

    def append(self, lines: list[_Line]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), len(self.lines), len(self.lines) + len(lines) - 1)
            self.lines += lines
            self.endInsertRows()

    def set_lines(self, lines: list[_Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 5

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if index.column() == _SIZE:
                return wording.size_text(line.gone.size_bytes)
            if index.column() == _WHY:
                return line.why
            if index.column() == _TAKEN_OVER:
                return line.taken_over
            return wording.display_text((line.gone, line.stays)[index.column()].path)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == _SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (
                self.tr("To the trash"), self.tr("Stays"), self.tr("Size"), self.tr("Why it stays"),
                self.tr("Takes over"),
            )[section]  # fmt: skip
        return None


class _FailedModel(QAbstractTableModel):
    def __init__(self, failed: tuple[tuple[bytes, str], ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._failed = failed

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._failed)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        path, reason = self._failed[index.row()]
        return wording.display_text(path) if index.column() == 0 else core_sentence(reason)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (self.tr("File"), self.tr("Reason"))[section]
        return None


def _table(parent: QWidget, model: QAbstractTableModel, *, stretched: tuple[int, ...]) -> QTableView:
    table = QTableView(parent)
    table.setModel(model)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setWordWrap(False)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setAlternatingRowColors(True)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    table.verticalHeader().hide()
    # Fixed heights: asking 50,000 rows for theirs would block the window.
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + theme.SPACE)
    for column in stretched:
        table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return table
