"""Files that could not be taken in, by what is the matter with them, and what can be done about it.

Owned by the GUI thread. Two levels in a model of our own: kinds, and below each its files; 100,000 of them cost a
list of pointers. A tree widget with an item for each lost by its memory and by blocking the window while it fills.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.file_manager import show_file
from photofind.gui.state_page import StatePage
from photofind.gui.translation import core_sentence, failure_sentence, failure_title
from photofind.library import Library
from photofind.records import Failure, FailureKind

REFRESH_MS = 500

_Index = QModelIndex | QPersistentModelIndex


class ProblemsPage(QWidget):
    """See the module.

    Args:
        library: Asked for the failures, told to try again.
        bridge: Announces new ones.
        show: Shows one file in the file manager; another one in tests.
    """

    def __init__(
        self,
        library: Library,
        bridge: Bridge,
        parent: QWidget | None = None,
        *,
        show: Callable[[bytes], bool] = show_file,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._show_file = show
        self._is_stale = True
        self.setAccessibleName(self.tr("Problems"))
        self._model = FailureModel(self)
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        bridge.photo_failed.connect(self._on_changed)
        # A file that failed and is mended leaves the list without an announcement of its own.
        bridge.photos_added.connect(self._on_changed)
        bridge.photos_changed.connect(self._on_changed)
        bridge.folders_changed.connect(self._on_changed)
        self._show_state()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._pages = QStackedWidget(self)
        column.addWidget(self._pages)
        page = QWidget(self)
        inside = QVBoxLayout(page)
        inside.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        inside.setSpacing(theme.SPACE)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self._title = QLabel(page)
        font = QFont(self._title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self._title.setFont(font)
        sentence = QLabel(self.tr("The files themselves were not changed; all others are in the library."), page)
        sentence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        sentence.setWordWrap(True)
        texts.addWidget(self._title)
        texts.addWidget(sentence)
        top.addLayout(texts, 1)
        self._retry_all = QPushButton(self.tr("Try all again"), page)
        self._retry_all.setToolTip(self.tr("Read every file of this list once more"))
        icons.bind(self._retry_all, "rescan")
        self._retry_all.clicked.connect(lambda: self._retry(self._model.failures()))
        top.addWidget(self._retry_all, 0, Qt.AlignmentFlag.AlignBottom)
        inside.addLayout(top)

        self._tree = QTreeView(page)
        self._tree.setObjectName("problems")
        self._tree.setModel(self._model)
        self._tree.setAccessibleName(self.tr("Files with problems"))
        self._tree.setUniformRowHeights(True)
        self._tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.customContextMenuRequested.connect(self._show_menu)
        self._tree.selectionModel().selectionChanged.connect(self._show_buttons)
        header = self._tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.resizeSection(0, 420)
        inside.addWidget(self._tree, 1)

        bottom = QHBoxLayout()
        bottom.setSpacing(theme.SPACE)
        self._retry_button = self._button(
            page, "rescan", self.tr("Try again"), self.tr("Read the chosen files once more"), self.retry_chosen
        )
        self._folder_button = self._button(
            page,
            "open",
            self.tr("Show in file manager"),
            self.tr("Open the folder that holds the file"),
            self.show_chosen,
        )
        self._copy_button = self._button(
            page,
            "copy",
            self.tr("Copy path"),
            self.tr("Copy the paths of the chosen files to the clipboard"),
            self.copy_chosen,
        )
        for button in (self._retry_button, self._folder_button, self._copy_button):
            bottom.addWidget(button)
        bottom.addStretch(1)
        inside.addLayout(bottom)
        self._pages.addWidget(page)
        self._empty = StatePage(self)
        self._pages.addWidget(self._empty)

    def _button(
        self, parent: QWidget, icon: str, text: str, tooltip: str, clicked: Callable[[], None]
    ) -> QPushButton:
        button = QPushButton(text, parent)
        button.setToolTip(tooltip)
        icons.bind(button, icon)
        button.clicked.connect(lambda _checked=False: clicked())
        return button

    @property
    def tree(self) -> QTreeView:
        """The list."""
        return self._tree

    @property
    def title(self) -> str:
        """The heading in sight."""
        return self._title.text() if self._pages.currentIndex() == 0 else self._empty.title()

    def refresh(self) -> None:
        """Read the failures anew; what is open and chosen stays so."""
        self._is_stale = False
        self._timer.stop()
        closed = {kind for kind in self._model.kinds if not self._tree.isExpanded(self._model.index_of(kind))}
        chosen = {failure.path for failure in self.chosen()}
        is_first = not self._model.kinds
        self._model.set_failures(self._library.failures())
        for kind in self._model.kinds:
            index = self._model.index_of(kind)
            self._tree.setFirstColumnSpanned(index.row(), QModelIndex(), True)
            # The first group only, when there are so many that the others would be out of sight.
            is_few = len(self._model.failures()) <= 500 or index.row() == 0
            self._tree.setExpanded(index, kind not in closed if not is_first else is_few)
        self._model.select(self._tree, chosen)
        self._show_state()

    def chosen(self) -> list[Failure]:
        """Return the failures of the chosen lines; a heading stands for all below it."""
        return self._model.failures_at(self._tree.selectionModel().selectedRows())

    def retry_chosen(self) -> None:
        """Try the chosen files again."""
        self._retry(self.chosen())

    def show_chosen(self) -> None:
        """Open the folder of the first chosen file."""
        failures = self.chosen()
        if failures:
            self._show_file(failures[0].path)

    def copy_chosen(self) -> None:
        """Copy the paths of the chosen files, one a line."""
        QGuiApplication.clipboard().setText("\n".join(wording.display_text(f.path) for f in self.chosen()))

    def _retry(self, failures: Sequence[Failure]) -> None:
        if failures and not self._library.is_read_only:
            self._library.retry([failure.path for failure in failures])
            self._timer.start()

    def _show_menu(self, at: QPoint) -> None:
        if not self.chosen():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for icon, text, call in (
            ("rescan", self.tr("Try again"), self.retry_chosen),
            ("open", self.tr("Show in file manager"), self.show_chosen),
            ("copy", self.tr("Copy path"), self.copy_chosen),
        ):
            action = QAction(icons.icon(icon), text, menu)
            action.triggered.connect(lambda _checked=False, call=call: call())
            menu.addAction(action)
        menu.popup(self._tree.viewport().mapToGlobal(at))

    def _on_changed(self, _what: object = None) -> None:
        self._is_stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QEvent) -> None:
        """Read the list when first seen and when it changed meanwhile."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self._is_stale:
            self.refresh()

    def _show_state(self) -> None:
        count = len(self._model.failures())
        self._title.setText(self.tr("%n file(s) could not be taken in", "", count))
        self._pages.setCurrentIndex(0 if count else 1)
        self._empty.say(
            "check", self.tr("No problems"), self.tr("Every file that looks like a photo could be read.")
        )
        self._show_buttons()

    def _show_buttons(self) -> None:
        has_chosen = bool(self._tree.selectionModel().hasSelection())
        may_retry = not self._library.is_read_only
        self._retry_all.setEnabled(may_retry)
        self._retry_button.setEnabled(has_chosen and may_retry)
        self._folder_button.setEnabled(has_chosen)
        self._copy_button.setEnabled(has_chosen)


class FailureModel(QAbstractItemModel):
    """Kinds, and below each its files. The internal id of a file is its kind's row plus one, of a kind 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._groups: list[tuple[FailureKind, list[Failure]]] = []

    @property
    def kinds(self) -> list[FailureKind]:
        """The kinds that occur, in the order of their declaration."""
        return [kind for kind, _failures in self._groups]

    def set_failures(self, failures: Sequence[Failure]) -> None:
        """Show these."""
        by_kind: dict[FailureKind, list[Failure]] = defaultdict(list)
        for failure in failures:
            by_kind[failure.kind].append(failure)
        self.beginResetModel()
        self._groups = [
            (kind, sorted(by_kind[kind], key=lambda f: f.path)) for kind in FailureKind if kind in by_kind
        ]
        self.endResetModel()

    def failures(self) -> list[Failure]:
        """Return all of them."""
        return [failure for _kind, failures in self._groups for failure in failures]

    def index_of(self, kind: FailureKind) -> QModelIndex:
        """Return the heading of a kind."""
        return self.index(self.kinds.index(kind), 0)

    def failures_at(self, rows: Sequence[QModelIndex]) -> list[Failure]:
        """Return the failures that these lines stand for, each once."""
        result: dict[bytes, Failure] = {}
        for index in rows:
            group = int(index.internalId())
            found = self._groups[index.row()][1] if group == 0 else [self._groups[group - 1][1][index.row()]]
            result.update((failure.path, failure) for failure in found)
        return list(result.values())

    def select(self, tree: QTreeView, paths: set[bytes]) -> None:
        """Choose the lines of these paths."""
        flags = tree.selectionModel().SelectionFlag
        for group, (_kind, failures) in enumerate(self._groups if paths else ()):
            for row, failure in enumerate(failures):
                if failure.path in paths:
                    tree.selectionModel().select(self.createIndex(row, 0, group + 1), flags.Select | flags.Rows)

    # QAbstractItemModel

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Return a heading or a file."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: _Index) -> QModelIndex:  # type: ignore[override]
        """Return the heading of a file."""
        group = int(index.internalId()) if index.isValid() else 0
        return self.createIndex(group - 1, 0, 0) if group else QModelIndex()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of headings, or of files below one."""
        if not parent.isValid():
            return len(self._groups)
        if int(parent.internalId()) or parent.column():
            return 0
        return len(self._groups[parent.row()][1])

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, ARG002
        """Return two: file and reason."""
        return 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return texts; headings are bold."""
        group = int(index.internalId())
        if group == 0:
            kind, failures = self._groups[index.row()]
            if role == Qt.ItemDataRole.DisplayRole and index.column() == 0:
                return self.tr("{title} ({n}) – {sentence}").format(
                    title=failure_title(kind), n=len(failures), sentence=failure_sentence(kind)
                )
            if role == Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setBold(True)
                return font
            return failure_sentence(kind) if role == Qt.ItemDataRole.ToolTipRole else None
        failure = self._groups[group - 1][1][index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return wording.display_text(failure.path) if index.column() == 0 else core_sentence(failure.reason)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the names of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (self.tr("File"), self.tr("Reason"))[section]
        return None
