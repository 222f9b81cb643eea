"""All tags in a list: found by a part of their names, shown, renamed, merged, removed.

Owned by the main window, on its thread, which hands it the tags with each overview; what the person wants leaves as
a signal. A table over a list of pairs: a diligent person has thousands. A dialog lost, since a list is looked
through with the photos of its tags in between.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme
from photofind.gui.keys import asks_for_escape
from photofind.gui.state_page import StatePage

_WIDEST_PX = 720
"""Where names and counts stand farther apart, the eye loses the line."""
_NAME, _COUNT = range(2)

_Index = QModelIndex | QPersistentModelIndex


class TagsPage(QWidget):
    """See the module."""

    show_wanted = Signal(str)
    """The tag whose photos are wanted."""
    new_name_wanted = Signal(str)
    removal_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Tags"))
        self._model = TagModel(self)
        self._title = QLabel(self)
        font = QFont(self._title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self._title.setFont(font)
        sentence = QLabel(self.tr("A tag that gets the name of another becomes one with it."), self)
        sentence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        sentence.setWordWrap(True)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Find a tag"))
        self.field.setAccessibleName(self.tr("Find a tag"))
        self.field.setToolTip(self.tr("Show only tags with these letters in their names"))
        self.field.textChanged.connect(self._on_text)
        self.table = _Table(self)
        self.table.setModel(self._model)
        self.table.setAccessibleName(self.tr("Tags"))
        self._style_table()
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        self.show_button = QPushButton(self.tr("Show photos"), self)
        self.show_button.setToolTip(self.tr("Show only photos with this tag (Enter)"))
        icons.bind(self.show_button, "photos")
        self.show_button.clicked.connect(lambda: self._emit(self.show_wanted))
        self.rename_button = QPushButton(self.tr("Rename…"), self)
        self.rename_button.setToolTip(self.tr("Give the tag another name on all its photos, or merge it (F2)"))
        icons.bind(self.rename_button, "tag")
        self.rename_button.clicked.connect(lambda: self._emit(self.new_name_wanted))
        self.remove_button = QPushButton(self.tr("Remove…"), self)
        self.remove_button.setToolTip(self.tr("Take the tag off all its photos (Del)"))
        icons.bind(self.remove_button, "remove")
        self.remove_button.clicked.connect(lambda: self._emit(self.removal_wanted))
        for button in (self.show_button, self.rename_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._nothing = StatePage(self)
        self._lists = QStackedWidget(self)
        self._lists.addWidget(self.table)
        self._lists.addWidget(self._nothing)
        inside = QWidget(self)
        inside.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._title)
        column.addWidget(sentence)
        column.addSpacing(theme.SPACE)
        column.addWidget(self.field)
        column.addWidget(self._lists, 1)
        column.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inside, 1)
        row.addStretch(0)
        self._update()

    def _style_table(self) -> None:
        table = self.table
        table.setObjectName("tags")
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open_menu)
        table.doubleClicked.connect(lambda _index: self._emit(self.show_wanted))
        table.selectionModel().selectionChanged.connect(self._update_buttons)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(4 * theme.SPACE)
        header = table.horizontalHeader()
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_COUNT, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_COUNT, 12 * theme.SPACE)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(_NAME, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._on_sorted)
        table.keys = {
            Qt.Key.Key_Return: lambda: self._emit(self.show_wanted),
            Qt.Key.Key_Enter: lambda: self._emit(self.show_wanted),
            Qt.Key.Key_F2: lambda: self._emit(self.new_name_wanted),
            Qt.Key.Key_Delete: lambda: self._emit(self.removal_wanted),
        }

    def set_tags(self, tags: Sequence[tuple[str, int]]) -> None:
        """Show these; what is chosen and in sight stays so.

        Args:
            tags: Each with the number of its photos.
        """
        if self._model.has(tags):
            return
        chosen, row = self.chosen(), self.table.currentIndex().row()
        scrolled = self.table.verticalScrollBar().value()
        self._model.set_tags(tags)
        self._choose(chosen, row)
        self.table.verticalScrollBar().setValue(scrolled)
        self._update()

    def chosen(self) -> str | None:
        """Return the tag that is chosen."""
        rows = self.table.selectionModel().selectedRows()
        return self._model.tag_at(rows[0].row()) if rows else None

    def choose(self, tag: str) -> None:
        """Choose a tag."""
        self._choose(tag, 0)

    def _choose(self, tag: str | None, else_row: int) -> None:
        """Choose a tag; where it is gone, what stands in its place now."""
        if tag is None or not self._model.rowCount():
            return
        row = self._model.row_of(tag)
        row = row if row is not None else max(0, min(else_row, self._model.rowCount() - 1))
        self.table.setCurrentIndex(self._model.index(row, _NAME))

    def _on_text(self, text: str) -> None:
        chosen = self.chosen()
        self._model.set_part(text)
        if chosen is not None and self._model.row_of(chosen) is not None:
            self._choose(chosen, 0)
        self._update()

    def _on_sorted(self, column: int, order: Qt.SortOrder) -> None:
        chosen = self.chosen()
        self._model.set_order(column, is_descending=order == Qt.SortOrder.DescendingOrder)
        self._choose(chosen, 0)

    def _emit(self, signal: SignalInstance) -> None:
        tag = self.chosen()
        if tag is not None:
            signal.emit(tag)

    def _open_menu(self, place: QPoint) -> None:
        if self.chosen() is None:
            return
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """Return the menu of the chosen tag."""
        menu = QMenu(self)
        for icon, text, button in (
            ("photos", self.tr("Show photos"), self.show_button),
            ("tag", self.tr("Rename…"), self.rename_button),
            ("remove", self.tr("Remove…"), self.remove_button),
        ):
            action = menu.addAction(text)
            icons.bind(action, icon)
            action.triggered.connect(button.click)
        return menu

    def event(self, event: QEvent) -> bool:
        """Take Esc while there are letters to erase."""
        if asks_for_escape(event) and self.field.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc empties the field before it goes any further back."""
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
            self.table.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self._model.rowCount():
            self.table.setFocus()
            self.table.setCurrentIndex(self._model.index(0, _NAME))
        else:
            super().keyPressEvent(event)

    def _update(self) -> None:
        total, shown = self._model.total(), self._model.rowCount()
        self._title.setText(self.tr("%Ln tag(s)", "", total))
        self.field.setVisible(total > 0)
        self._lists.setCurrentIndex(0 if shown else 1)
        if not total:
            self._nothing.say(
                "tags", self.tr("No tags yet"), self.tr("Choose photos and write tags in the details at the right.")
            )
        elif not shown:
            none_found = self.tr("No tag has these letters")
            self._nothing.say("search", none_found, "", self.tr("Show all tags"), self.field.clear)
        self._update_buttons()

    def _update_buttons(self) -> None:
        has_chosen = self.chosen() is not None
        for button in (self.show_button, self.rename_button, self.remove_button):
            button.setVisible(self._model.total() > 0)
            button.setEnabled(has_chosen)


class _Table(QTableView):
    """The list, which hands its keys on."""

    keys: Mapping[Qt.Key, Callable[[], None]]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the chosen tag; the rest moves and finds by first letters."""
        act = self.keys.get(Qt.Key(event.key()))
        if act is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            act()
        else:
            super().keyPressEvent(event)


class TagModel(QAbstractTableModel):
    """The tags that have the letters looked for, sorted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: tuple[tuple[str, int], ...] = ()
        self._shown: list[tuple[str, int]] = []
        self._rows: dict[str, int] = {}
        self._part = ""
        self._column = _NAME
        self._is_descending = False

    def has(self, tags: Sequence[tuple[str, int]]) -> bool:
        """Tell whether these are the tags it has."""
        return tuple(tags) == self._tags

    def set_tags(self, tags: Sequence[tuple[str, int]]) -> None:
        """Take these."""
        self._tags = tuple(tags)
        self._arrange()

    def set_part(self, text: str) -> None:
        """Show only tags whose names have this text in them; case aside."""
        self._part = text.strip().casefold()
        self._arrange()

    def set_order(self, column: int, *, is_descending: bool) -> None:
        """Sort by name or by the number of photos."""
        self._column, self._is_descending = column, is_descending
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        found = sorted((pair for pair in self._tags if self._part in pair[0].casefold()), key=_by_name)
        if self._column == _COUNT:
            found.sort(key=lambda pair: pair[1], reverse=self._is_descending)
        elif self._is_descending:
            found.reverse()
        self._shown = found
        self._rows = {name: row for row, (name, _count) in enumerate(found)}
        self.endResetModel()

    def total(self) -> int:
        """Return how many tags there are, found or not."""
        return len(self._tags)

    def tag_at(self, row: int) -> str:
        """Return the tag of a row."""
        return self._shown[row][0]

    def row_of(self, tag: str) -> int | None:
        """Return the row of a tag, None when it is not shown."""
        return self._rows.get(tag)

    # QAbstractTableModel

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of tags shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, ARG002
        """Return two: name and photos."""
        return 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return names and counts."""
        name, count = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if index.column() == _NAME else QLocale().toString(count)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == _NAME:
            return name
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _COUNT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the names of the columns."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return (self.tr("Tag"), self.tr("Photos"))[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignLeft if section == _NAME else Qt.AlignmentFlag.AlignRight
                return side | Qt.AlignmentFlag.AlignVCenter
        return None


def _by_name(pair: tuple[str, int]) -> tuple[str, str]:
    return pair[0].casefold(), pair[0]
