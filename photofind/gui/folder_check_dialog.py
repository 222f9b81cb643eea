"""Which of these do I have already? A folder beside the library: what is there, what is new, what cannot be read.

Owned by the window, on its thread; the library compares on a thread of its own and tells its verdicts in portions.
The folder is not added and nothing is stored. A window of its own, because comparing a card takes minutes and the
library stays usable meanwhile; closing it stops the work. Each file of the lists costs about 200 bytes, and rows
are painted only where they are seen, so that a folder of a million files can be looked at.
"""

import csv
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import file_manager, icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.translation import core_sentence
from photofind.records import CheckedFile, CheckProgress, FileVerdict, FolderCheck, Photo

if TYPE_CHECKING:
    from photofind.library import Library

translate = QCoreApplication.translate

_Index = QModelIndex | QPersistentModelIndex
_ROW_PX = 7 * theme.SPACE
_PICTURE_PX = 5 * theme.SPACE
_PHOTOS_KEPT = 2_000

_GROUPS = (
    (FileVerdict.NEW, FileVerdict.SIMILAR),
    (FileVerdict.IDENTICAL, FileVerdict.SAME),
    (FileVerdict.UNREADABLE,),
)
"""What each tab lists."""


class CheckedModel(QAbstractListModel):
    """The files of one tab."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.files: list[CheckedFile] = []

    def append(self, files: Sequence[CheckedFile]) -> None:
        """Add files at the end."""
        if files:
            self.beginInsertRows(QModelIndex(), len(self.files), len(self.files) + len(files) - 1)
            self.files += files
            self.endInsertRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of files."""
        return 0 if parent.isValid() else len(self.files)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the file's name, or its whole path as a tooltip."""
        if not index.isValid():
            return None
        file = self.files[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return wording.display_name(file.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            return wording.display_text(file.path)
        return None


class FolderCheckDialog(QDialog):
    """See the module.

    Args:
        library: Compares.
        bridge: Brings the answers here.
        thumbnails: Of the photos that files are compared with.
        folders: What is compared, one after the other.
    """

    add_wanted = Signal()
    copy_wanted = Signal(object)
    """list[bytes]: the files that are not in the library."""

    def __init__(
        self,
        library: "Library",
        bridge: Bridge,
        thumbnails: ThumbnailLoader,
        folders: Sequence[bytes],
        parent: QWidget | None = None,
        *,
        is_inside: bool = False,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._bridge = bridge
        self._thumbnails = thumbnails
        self._waiting = list(folders)
        self._photos: dict[int, Photo | None] = {}
        self._done_before = self._seen_before = 0
        self._progress = CheckProgress(0, 0, ())
        self._is_over = False
        self.setWindowTitle(self.tr("Which of these do I have already?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.models = [CheckedModel(self) for _ in _GROUPS]
        self._build(folders, is_inside=is_inside)
        thumbnails.loaded.connect(self._on_thumbnail)
        self.resize(112 * theme.SPACE, 76 * theme.SPACE)
        self._show_counts()
        self._check_next()

    def _build(self, folders: Sequence[bytes], *, is_inside: bool) -> None:
        title = QLabel(", ".join(wording.display_text(path) for path in folders), self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setObjectName("state-title")
        title.setWordWrap(True)
        self._line = QLabel(self)
        self._line.setObjectName("muted")
        self._line.setWordWrap(True)
        self._stop = QPushButton(self.tr("Stop"), self)
        icons.bind(self._stop, "stop")
        self._stop.setToolTip(self.tr("Compare no more files; what was found stays in the list"))
        self._stop.setAutoDefault(False)
        self._stop.clicked.connect(self.stop)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.SPACE // 2)
        self._bar.setAccessibleName(self.tr("Progress of the comparison"))
        self._bar.setRange(0, 0)
        head = QHBoxLayout()
        head.addWidget(self._line, 1)
        head.addWidget(self._stop)
        self.tabs = QTabBar(self)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for _group in _GROUPS:
            self.tabs.addTab("")
        self.tabs.currentChanged.connect(self._on_tab)
        self.list = QListView(self)
        self.list.setObjectName("checked")
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setItemDelegate(_FileDelegate(self))
        self.list.setAccessibleName(self.tr("Files"))
        self.list.doubleClicked.connect(self._show_outside)
        self._show = self._button(
            "open",
            self.tr("Show in file manager"),
            self.tr("Open the folder that holds the chosen file"),
            self._show_outside,
        )
        self._export = self._button(
            "details", self.tr("Export list…"), self.tr("Write all three lists to a table"), self._on_export
        )
        self._copy = self._button(
            "copy",
            self.tr("Copy the new ones to…"),
            self.tr("Copy the files that are not in the library into a folder"),
            self._on_copy,
        )
        self._add = self._button(
            "folder-add",
            self.tr("Add this folder"),
            self.tr("Add the folder to the library; the files stay where they are"),
            self._on_add,
        )
        self._add.setVisible(not is_inside)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(self._show)
        row.addWidget(self._export)
        row.addStretch(1)
        row.addWidget(self._copy)
        row.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addWidget(title)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(self.tabs)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self._on_tab(0)

    def _button(self, icon: str, text: str, tip: str, clicked: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        icons.bind(button, icon)
        button.clicked.connect(lambda _checked=False: clicked())
        return button

    # What tests and the window ask

    def line(self) -> str:
        """Return the sentence on how far it is."""
        return self._line.text()

    def buttons(self) -> dict[str, QPushButton]:
        """Return the buttons by what they do."""
        return {
            "stop": self._stop, "show": self._show, "export": self._export, "copy": self._copy, "add": self._add,
        }  # fmt: skip

    @property
    def is_over(self) -> bool:
        """True when everything was compared, or it was stopped."""
        return self._is_over

    # Comparing

    def _check_next(self) -> None:
        folder = self._waiting.pop(0)
        self._done_before += self._progress.done
        self._seen_before += self._progress.seen
        self._progress = CheckProgress(0, 0, ())
        self._future = self._library.check_folder(folder, self._bridge.carry(self._on_progress))
        self._bridge.ask(self._future, self._on_checked, failed=self._on_failed)

    def _on_progress(self, progress: CheckProgress) -> None:
        self._progress = progress
        for model, group in zip(self.models, _GROUPS, strict=True):
            model.append([file for file in progress.found if file.verdict in group])
        self._show_counts()

    def _on_checked(self, report: FolderCheck) -> None:
        self.models[-1].append(
            [CheckedFile(path, 0, FileVerdict.UNREADABLE, None, reason) for path, reason in report.unlisted]
        )
        if self._waiting and not self._is_over:
            self._check_next()
        else:
            self._end(self.tr("%n file(s) compared.", "", self._done_before + self._progress.done))

    def _on_failed(self, sentence: str) -> None:
        self._end(core_sentence(sentence))

    def stop(self) -> None:
        """Compare no further; what was found stays in sight."""
        self._future.cancel()
        if not self._is_over:
            self._end(self.tr("Stopped. %n file(s) compared.", "", self._done_before + self._progress.done))

    def done(self, result: int) -> None:
        """Stop what still runs."""
        self._is_over = True
        self._future.cancel()
        super().done(result)

    def _end(self, sentence: str) -> None:
        self._is_over = True
        self._show_counts()
        self._line.setText(sentence)
        self._bar.hide()
        self._stop.hide()

    def _show_counts(self) -> None:
        locale = self.locale()
        done, seen = self._done_before + self._progress.done, self._seen_before + self._progress.seen
        if not self._is_over:
            self._bar.setRange(0, seen)
            self._bar.setValue(done)
            self._line.setText(
                self.tr("Comparing… {done} of {seen} files found so far").format(
                    done=locale.toString(done), seen=locale.toString(seen)
                )
            )
        texts = (
            self.tr("Not in the library ({n})"),
            self.tr("Already there ({n})"),
            self.tr("Cannot be read ({n})"),
        )
        for place, (text, model) in enumerate(zip(texts, self.models, strict=True)):
            self.tabs.setTabText(place, text.format(n=locale.toString(len(model.files))))
        self._copy.setEnabled(bool(self.models[0].files) and self._is_over)
        self._export.setEnabled(any(model.files for model in self.models))
        self._show.setEnabled(bool(self._current_model().files))

    # What is done with it

    def _current_model(self) -> CheckedModel:
        return self.models[self.tabs.currentIndex()]

    def _on_tab(self, place: int) -> None:
        self.list.setModel(self.models[place])
        if hasattr(self, "_show"):
            self._show.setEnabled(bool(self.models[place].files))

    def _show_outside(self) -> None:
        files, index = self._current_model().files, self.list.currentIndex()
        if files and not file_manager.show_file(files[max(0, index.row())].path):
            self._line.setText(self.tr("The system found no file manager."))

    def _on_copy(self) -> None:
        self.copy_wanted.emit([file.path for file in self.models[0].files])

    def _on_add(self) -> None:
        self.add_wanted.emit()
        self.accept()

    def _on_export(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Export list"), self.tr("compared files.csv"), self.tr("Tables (*.csv)")
        )
        if path:
            try:
                self.export(path)
            except OSError as error:
                self._line.setText(self.tr("The list could not be written: {reason}").format(reason=error))

    def export(self, path: str) -> None:
        """Write all files as CSV: path, verdict, the photo of the library, bytes, reason."""
        with open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["file", "verdict", "match", "bytes", "reason"])
            for model in self.models:
                for start in range(0, len(model.files), 200):
                    portion = model.files[start : start + 200]
                    ids = [file.photo_id for file in portion if file.photo_id is not None]
                    matches = {photo.photo_id: photo for photo in self._library.photos(ids)}
                    for file in portion:
                        match = matches.get(file.photo_id or 0)
                        writer.writerow(
                            [
                                os.fsdecode(file.path),
                                file.verdict.value,
                                os.fsdecode(match.path) if match else "",
                                file.size_bytes,
                                file.reason,
                            ]
                        )

    # Painting

    def match(self, file: CheckedFile) -> Photo | None:
        """Return the photo of the library that a file is; kept, because rows are painted often."""
        if file.photo_id is None:
            return None
        if file.photo_id not in self._photos:
            if len(self._photos) > _PHOTOS_KEPT:
                self._photos.clear()
            found = self._library.photos([file.photo_id])
            self._photos[file.photo_id] = found[0] if found else None
        return self._photos[file.photo_id]

    def want_visible(self) -> None:
        """Ask for the thumbnails of the rows in sight."""
        files = self._current_model().files
        first = max(0, self.list.indexAt(self.list.viewport().rect().topLeft()).row())
        rows = files[first : first + self.list.viewport().height() // _ROW_PX + 2]
        photos = [photo for file in rows if (photo := self.match(file)) is not None]
        box_px = round(_PICTURE_PX * self.devicePixelRatioF())
        self._thumbnails.want(self, [photo.content_id for photo in photos], box_px)

    def picture(self, photo: Photo) -> QPixmap | None:
        """Return the thumbnail of a photo if it is here."""
        return self._thumbnails.pixmap(photo.content_id, round(_PICTURE_PX * self.devicePixelRatioF()))

    def _on_thumbnail(self, _content_id: int) -> None:
        self.list.viewport().update()


class _FileDelegate(QStyledItemDelegate):
    """Name and folder of the file at the left; at the right the photo that it is, or why it cannot be read."""

    def __init__(self, dialog: FolderCheckDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002
        return QSize(320, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, CheckedModel)
        file = model.files[index.row()]
        colours = theme.colours()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.accent_soft))
        inside = rect.adjusted(2 * theme.SPACE, theme.SPACE, -2 * theme.SPACE, -theme.SPACE)
        half = inside.width() // 2
        left = QRect(inside.left(), inside.top(), half - theme.SPACE, inside.height())
        right = QRect(inside.left() + half, inside.top(), half, inside.height())
        size = wording.size_text(file.size_bytes) if file.size_bytes else ""
        folder = wording.display_folder(file.path)
        below = f"{size} · {folder}" if size else folder
        self._two_lines(painter, option, left, wording.display_name(file.path), below)
        match = self._dialog.match(file)
        if match is not None:
            picture = self._dialog.picture(match)
            box = QRect(right.left(), right.top(), _PICTURE_PX, _PICTURE_PX)
            if picture is None:
                painter.fillRect(box, QColor(colours.hover))
                self._dialog.want_visible()
            else:
                fitted = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
                target = QRect(0, 0, fitted.width(), fitted.height())
                target.moveCenter(box.center())
                painter.drawPixmap(target, picture)
            words = right.adjusted(_PICTURE_PX + theme.SPACE, 0, 0, 0)
            self._two_lines(painter, option, words, verdict_text(file.verdict), wording.display_text(match.path))
        elif file.reason:
            self._two_lines(painter, option, right, core_sentence(file.reason), "")
        else:
            self._two_lines(painter, option, right, verdict_text(file.verdict), "")

    @staticmethod
    def _two_lines(painter: QPainter, option: QStyleOptionViewItem, rect: QRect, first: str, second: str) -> None:
        colours = theme.colours()
        metrics = option.fontMetrics
        height = metrics.height()
        top = rect.top() + (rect.height() - height * (2 if second else 1)) // 2
        for text, colour, mode in (
            (first, colours.text, Qt.TextElideMode.ElideRight),
            (second, colours.muted, Qt.TextElideMode.ElideMiddle),
        ):
            painter.setPen(QColor(colour))
            place = QRect(rect.left(), top, rect.width(), height)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(text, mode, rect.width()),
            )  # fmt: skip
            top += height


def verdict_text(verdict: FileVerdict) -> str:
    """Return in a few words what a file is to the library."""
    match verdict:
        case FileVerdict.IDENTICAL:
            return translate("Checked", "The same file")
        case FileVerdict.SAME:
            return translate("Checked", "The same picture")
        case FileVerdict.SIMILAR:
            return translate("Checked", "New, of the same moment as")
        case FileVerdict.NEW:
            return translate("Checked", "New")
        case FileVerdict.UNREADABLE:
            return translate("Checked", "Cannot be read")
