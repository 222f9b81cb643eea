"""Choosing among the 1,500 names that photos can have: type a few letters, tick what is wanted.

Part of the filter panel, on the window's thread. The chosen names stand first, then the most frequent ones; typing
narrows the list. A combo box with a completer lost: it holds one name, and its list opens over the panel.
"""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QLocale, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListView,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording

NAME_ROLE = int(Qt.ItemDataRole.UserRole) + 1

_Index = QModelIndex | QPersistentModelIndex


class LabelPicker(QWidget):
    """See the module."""

    changed = Signal()
    """Other names are chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LabelModel(self)
        self.model.changed.connect(self._on_changed)
        self._heading = QLabel(self)
        self.field = _Field(self)
        self.field.setPlaceholderText(self.tr("Type to find a name"))
        self.field.setAccessibleName(self.tr("Find a name"))
        self.field.setToolTip(self.tr("Names of what photos show; Enter takes the first, Down goes to the list"))
        search = QAction(self.tr("Find a name"), self.field)
        icons.bind(search, "search", "muted")
        self.field.addAction(search, QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.went_down.connect(self._enter_list)
        self.field.entered.connect(self._take_first)
        self.list = _List(self)
        self.list.setObjectName("labels")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName(self.tr("What photos show"))
        self.list.clicked.connect(lambda index: self.model.toggle(index.row()))
        self._empty = QLabel(self)
        self._empty.setObjectName("muted")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        places = QWidget(self)
        self._places = QStackedLayout(places)
        self._places.addWidget(self.list)
        self._places.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._heading)
        column.addWidget(self.field)
        column.addWidget(places, 1)
        self._heading.setBuddy(self.field)
        self._show()

    def set_labels(self, counts: Sequence[tuple[str, int]]) -> None:
        """Offer these English names with the number of their photos, most frequent first."""
        self.model.set_labels(counts)
        self._show()

    def chosen(self) -> tuple[str, ...]:
        """Return the English names that are chosen."""
        return self.model.chosen

    def choose(self, names: Sequence[str]) -> None:
        """Choose exactly these, and announce it when they are others."""
        self.model.choose(names)

    def start_over(self) -> None:
        """Empty the field and put the chosen first: the panel opens anew."""
        self.field.clear()
        self.model.sort_chosen_first()
        self.list.scrollToTop()

    def _on_text_changed(self, text: str) -> None:
        self.model.set_text(text)
        self.list.scrollToTop()
        self._show()

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _enter_list(self) -> None:
        if self.model.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))

    def _take_first(self) -> None:
        # Only what was typed for: Enter in the empty field would take whatever is most frequent.
        if self.field.text().strip() and self.model.rowCount():
            self.model.toggle(0)
            self.field.selectAll()

    def _show(self) -> None:
        count = len(self.model.chosen)
        text = self.tr("What they show")
        self._heading.setText(f"{text} · {self.locale().toString(count)}" if count else text)
        is_known = self.model.has_labels
        self.field.setEnabled(is_known)
        if not is_known:
            self._empty.setText(self.tr("Names appear here as the network looks at the photos."))
        else:
            self._empty.setText(self.tr("No photo has such a name. The search above finds by any words."))
        self._places.setCurrentIndex(0 if self.model.rowCount() else 1)


class LabelModel(QAbstractListModel):
    """Names with counts and ticks; those that fit what was typed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._labels: list[tuple[str, str, int]] = []
        """English name, name shown, photos; most frequent first."""
        self._rows: list[int] = []
        self._chosen: tuple[str, ...] = ()
        self._first: tuple[str, ...] = ()
        """What stands first. Not `_chosen`: a name must not jump away from under the pointer that ticks it."""
        self._text = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """English names, in the order they were chosen."""
        return self._chosen

    @property
    def has_labels(self) -> bool:
        """Whether any photo has a name."""
        return bool(self._labels)

    def set_labels(self, counts: Sequence[tuple[str, int]]) -> None:
        """Offer these; a chosen name that no photo has any more stays, with 0."""
        known = {name for name, _count in counts}
        gone = [(name, 0) for name in self._chosen if name not in known]
        self._labels = [(name, wording.label_name(name), count) for name, count in (*gone, *counts)]
        self.sort_chosen_first()

    def set_text(self, text: str) -> None:
        """Offer the names that hold all these words, by their English names or by those shown."""
        self._text = text
        self._arrange()

    def sort_chosen_first(self) -> None:
        """Put the chosen names before all others."""
        self._first = self._chosen
        self._arrange()

    def choose(self, names: Sequence[str]) -> None:
        """Choose exactly these."""
        if tuple(names) == self._chosen:
            return
        self._chosen = tuple(names)
        known = {name for name, _shown, _count in self._labels}
        self._labels[:0] = [(name, wording.label_name(name), 0) for name in self._chosen if name not in known]
        self.sort_chosen_first()
        self.changed.emit()

    def toggle(self, row: int) -> None:
        """Tick a row, or take its tick away."""
        name = self._labels[self._rows[row]][0]
        if name in self._chosen:
            self._chosen = tuple(other for other in self._chosen if other != name)
        else:
            self._chosen = (*self._chosen, name)
        index = self.index(row)
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
        self.changed.emit()

    def _arrange(self) -> None:
        words = self._text.casefold().split()
        fitting = [
            (name not in self._first, not shown.casefold().startswith(words[0]) if words else False, place)
            for place, (name, shown, _count) in enumerate(self._labels)
            if all(word in name or word in shown.casefold() for word in words)
        ]
        self.beginResetModel()
        # While typing, names that begin so come before those that only hold it.
        self._rows = [place for _is_other, _begins_not, place in sorted(fitting)]
        self.endResetModel()

    # QAbstractListModel

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of names offered."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every name can be ticked; by `toggle`, so that a click anywhere on the row does it once."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name with its count, its tick, or with `NAME_ROLE` the English name."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        name, shown, count = self._labels[self._rows[index.row()]]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{shown}  ({QLocale().toString(count)})"
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if name in self._chosen else Qt.CheckState.Unchecked
            case _ if role == NAME_ROLE:
                return name
        return None


class _Field(QLineEdit):
    """The field above the list; what is no text goes to the list."""

    went_down = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on Down and Enter; Esc empties the field before it closes the panel."""
        if event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class _List(QListView):
    """Names to tick by Space or Enter."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current name; everything else as in every list."""
        index = self.currentIndex()
        model = self.model()
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and index.isValid() and isinstance(model, LabelModel):
            model.toggle(index.row())
        else:
            super().keyPressEvent(event)
