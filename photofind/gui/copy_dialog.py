"""Copying into a folder as a person sees it: how far it is, a button that stops it, and what could not be copied.

Owned by the window, on its thread; the library copies on a thread of its own. The dialog does not block the window:
photos can be looked at while a card is filled. It closes by itself when all went well.
"""

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.translation import core_sentence
from photofind.records import CopyProgress, CopyReport

MOST_REASONS = 1_000
"""Files that are listed with their reasons."""
_STEPS = 1_000

Start = Callable[[Callable[[CopyProgress], None]], "Future[CopyReport]"]
"""Begins the copying, given where to tell how far it is."""


class CopyDialog(QDialog):
    """See the module.

    Args:
        bridge: Brings the answers here.
        destination: The folder, for the heading.
        start: Begins the copying.
    """

    copied = Signal(object)
    """CopyReport, at the end."""
    stopped = Signal()
    """The person ended it before."""

    def __init__(self, bridge: Bridge, destination: bytes, start: Start, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Copy to folder"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._report: CopyReport | None = None
        self._title = QLabel(
            self.tr("Copying to “{folder}”").format(folder=wording.display_text(destination)), self
        )
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.SPACE // 2)
        self._bar.setAccessibleName(self.tr("Progress of copying"))
        self._line = QLabel(" ", self)
        self._line.setObjectName("muted")
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self.reasons = QTreeWidget(self)
        self.reasons.setObjectName("problems")
        self.reasons.setRootIsDecorated(False)
        self.reasons.setUniformRowHeights(True)
        self.reasons.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.reasons.setHeaderLabels([self.tr("File"), self.tr("Reason")])
        self.reasons.setAccessibleName(self.tr("Files that were not copied"))
        self.reasons.hide()
        self.button = QPushButton(self.tr("Stop"), self)
        self.button.setToolTip(self.tr("Copy no more files; what was copied whole stays (Esc)"))
        self.button.setAutoDefault(False)  # Enter must not stop it
        self.button.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(theme.SPACE)
        for widget in (self._title, self._bar, self._line):
            column.addWidget(widget)
        column.addWidget(self.reasons, 1)
        column.addSpacing(theme.SPACE)
        column.addLayout(row)
        self.setMinimumWidth(60 * theme.SPACE)
        self._future = start(bridge.carry(self._on_progress))
        bridge.ask(self._future, self._on_copied, failed=self._on_failed)

    def line(self) -> str:
        """Return the sentence below the bar."""
        return self._line.text()

    def done(self, result: int) -> None:
        """Stop what still runs; whole copies stay."""
        if self._future.cancel():
            self.stopped.emit()
        super().done(result)

    def _on_progress(self, progress: CopyProgress) -> None:
        if self._report is not None:
            return
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(_STEPS * progress.size_bytes / max(1, progress.total_bytes)))
        locale = self.locale()
        self._line.setText(
            self.tr("{done} of {total} files, {size} of {whole}").format(
                done=locale.toString(progress.files),
                total=locale.toString(progress.total_files),
                size=wording.size_text(progress.size_bytes),
                whole=wording.size_text(progress.total_bytes),
            )
        )

    def _on_copied(self, report: CopyReport) -> None:
        self._report = report
        self.copied.emit(report)
        if not report.failed:
            self.accept()
            return
        self._bar.hide()
        self._title.setText(self.tr("%n file(s) could not be copied.", "", len(report.failed)))
        self._line.setText(self.tr("Copied %n file(s).", "", len(report.copied)))
        for path, reason in report.failed[:MOST_REASONS]:
            item = QTreeWidgetItem([wording.display_text(path), core_sentence(reason)])
            item.setToolTip(0, item.text(0))
            item.setToolTip(1, item.text(1))
            self.reasons.addTopLevelItem(item)
        self.reasons.header().resizeSection(0, 44 * theme.SPACE)
        self.reasons.show()
        self._offer_close()
        self.resize(88 * theme.SPACE, 44 * theme.SPACE)

    def _on_failed(self, sentence: str) -> None:
        self._bar.hide()
        self._title.setText(self.tr("Nothing was copied."))
        self._line.setWordWrap(True)
        self._line.setText(core_sentence(sentence))
        self._offer_close()

    def _offer_close(self) -> None:
        self.button.setText(self.tr("Close"))
        self.button.setToolTip(self.tr("Close this window (Esc)"))
