"""Files that could not be taken in, by what is the matter with them, and what can be done about it.

Owned by the GUI thread. Two levels in a model of our own: kinds, and below each its files; 100,000 of them cost a
list of pointers, and the view is told of `FETCH_ROWS` at a time, because it walks through all it knows of. A tree
widget with an item for each lost by its memory and by blocking the window while it fills.

Above the files stand the folders that are away: what is the matter with them, and the two things to do about it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
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
from photofind.records import Failure, FailureKind, Folder, Problems

REFRESH_MS = 500
FETCH_ROWS = 500

_Index = QModelIndex | QPersistentModelIndex


class ProblemsPage(QWidget):
    """See the module.

    Args:
        library: Asked for the failures, told to try again.
        bridge: Announces new ones.
        show: Shows one file in the file manager; another one in tests.
    """

    forget_wanted = Signal(object)
    """The Folder whose missing photos are to be forgotten."""

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
        self._bridge = bridge
        self._folder_cards: dict[int, OfflineCard] = {}
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
        inside.setSpacing(2 * theme.SPACE)
        self._folder_column = QVBoxLayout()
        self._folder_column.setSpacing(theme.SPACE)
        inside.addLayout(self._folder_column)
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
        self._file_part = QWidget(page)
        files = QVBoxLayout(self._file_part)
        files.setContentsMargins(0, 0, 0, 0)
        files.setSpacing(theme.SPACE)
        files.addLayout(top)
        inside.addWidget(self._file_part, 1)
        inside.addStretch(0)

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
        files.addWidget(self._tree, 1)

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
        files.addLayout(bottom)
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
        return self._empty.title() if self._pages.currentIndex() else self._title.text()

    def refresh(self) -> None:
        """Ask for the problems anew; what is open and chosen stays so."""
        self._is_stale = False
        self._timer.stop()
        self._bridge.ask(self._library.problems(), self._on_problems, topic="problems")

    def _on_problems(self, problems: Problems) -> None:
        closed = {kind for kind in self._model.kinds if not self._tree.isExpanded(self._model.index_of(kind))}
        known = set(self._model.kinds)
        chosen = {failure.path for failure in self.chosen()}
        self._model.set_failures(problems.failures)
        is_few = len(problems.failures) <= FETCH_ROWS
        for kind in self._model.kinds:
            index = self._model.index_of(kind)
            self._tree.setFirstColumnSpanned(index.row(), QModelIndex(), True)
            # The first group only, when there are so many that the others would be out of sight.
            opens = kind not in closed if kind in known else is_few or index.row() == 0
            self._tree.setExpanded(index, opens)
        self._model.select(self._tree, chosen)
        self._show_folders(problems.offline)
        self._show_state()

    def _show_folders(self, offline: Sequence[Folder]) -> None:
        ids = {folder.folder_id for folder in offline}
        for folder_id in [known for known in self._folder_cards if known not in ids]:
            card = self._folder_cards.pop(folder_id)
            self._folder_column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for folder in offline:
            if folder.folder_id not in self._folder_cards:
                card = OfflineCard(self)
                card.look_again.clicked.connect(lambda _checked=False, card=card: self._look_again(card.folder))
                card.forget.clicked.connect(lambda _checked=False, card=card: self.forget_wanted.emit(card.folder))
                self._folder_cards[folder.folder_id] = card
                self._folder_column.addWidget(card)
            self._folder_cards[folder.folder_id].show_folder(folder, is_read_only=self._library.is_read_only)

    def _look_again(self, folder: Folder | None) -> None:
        if folder is not None and not self._library.is_read_only:
            self._library.rescan(folder.path)

    @property
    def folder_cards(self) -> list["OfflineCard"]:
        """What is said of the folders that are away."""
        return list(self._folder_cards.values())

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
        self._file_part.setVisible(count > 0)
        self._pages.setCurrentIndex(0 if count or self._folder_cards else 1)
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


class OfflineCard(QFrame):
    """One folder that is away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.folder: Folder | None = None
        self.setObjectName("card")
        self._name = QLabel(self)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        font = QFont(self._name.font())
        font.setBold(True)
        self._name.setFont(font)
        self._reason = QLabel(self)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        for label in (self._name, self._reason):
            label.setWordWrap(True)
        self.look_again = QPushButton(self.tr("Look again"), self)
        self.look_again.setToolTip(self.tr("See whether the folder is there now"))
        icons.bind(self.look_again, "rescan")
        self.forget = QPushButton(self.tr("Forget missing…"), self)
        self.forget.setToolTip(self.tr("For photos that were deleted on purpose, outside PhotoFind"))
        icons.bind(self.forget, "remove")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._name)
        texts.addWidget(self._reason)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE * 2, theme.SPACE * 3 // 2, theme.SPACE * 2, theme.SPACE * 3 // 2)
        row.setSpacing(theme.SPACE)
        row.addLayout(texts, 1)
        row.addWidget(self.look_again)
        row.addWidget(self.forget)

    def show_folder(self, folder: Folder, *, is_read_only: bool) -> None:
        """Show a folder and what is the matter with it."""
        self.folder = folder
        self._name.setText(wording.display_text(folder.path))
        self._reason.setText(self.sentence(folder))
        self.setAccessibleName(f"{self._name.text()}: {self._reason.text()}")
        self.look_again.setDisabled(is_read_only)
        self.forget.setDisabled(is_read_only or folder.is_silent)  # what is missing from it nobody can tell

    def sentence(self, folder: Folder) -> str:
        """Return why a folder is away, and what that means."""
        reason = core_sentence(folder.offline_reason) or self.tr("This folder is not connected now.")
        kept = self.tr("Its %Ln photo(s) stay searchable.", "", folder.photo_count)
        return f"{reason} {kept}"

    def text(self) -> str:
        """Return what is said."""
        return f"{self._name.text()}\n{self._reason.text()}"


class FailureModel(QAbstractItemModel):
    """Kinds, and below each its files. The internal id of a file is its kind's row plus one, of a kind 0."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._groups: list[tuple[FailureKind, list[Failure]]] = []
        self._shown: list[int] = []
        """How many of each group the view knows of."""

    @property
    def kinds(self) -> list[FailureKind]:
        """The kinds that occur, in the order of their declaration."""
        return [kind for kind, _failures in self._groups]

    def set_failures(self, failures: Sequence[Failure]) -> None:
        """Show these, in their order."""
        shown = dict(zip(self.kinds, self._shown, strict=True))
        by_kind: dict[FailureKind, list[Failure]] = defaultdict(list)
        for failure in failures:
            by_kind[failure.kind].append(failure)
        self.beginResetModel()
        self._groups = [(kind, by_kind[kind]) for kind in FailureKind if kind in by_kind]
        self._shown = [min(max(shown.get(kind, 0), FETCH_ROWS), len(found)) for kind, found in self._groups]
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
            for row, failure in enumerate(failures[: self._shown[group]]):
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
        return self._shown[parent.row()]

    def canFetchMore(self, parent: _Index) -> bool:
        """Tell whether the view was not told of all files of a kind."""
        if not parent.isValid() or int(parent.internalId()):
            return False
        return self._shown[parent.row()] < len(self._groups[parent.row()][1])

    def fetchMore(self, parent: _Index) -> None:
        """Tell the view of some more."""
        group = parent.row()
        first = self._shown[group]
        last = min(first + FETCH_ROWS, len(self._groups[group][1]))
        if last > first:
            self.beginInsertRows(self.createIndex(group, 0, 0), first, last - 1)
            self._shown[group] = last
            self.endInsertRows()

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
