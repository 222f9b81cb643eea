"""The keys of the settings: every command with its keys, and a field to press another one in.

Owned by the settings dialog, on the GUI thread. A change is in force and saved at once, as everywhere in that
dialog. A key that another command has is not refused but shown with its owner, and the button says that it is taken
over: whoever wants `K` for one command has decided already. A field in every row lost: thirty fields are thirty Tab
stops, and each would swallow the key meant for leaving it.
"""

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme
from photofind.gui.keys import physical_key
from photofind.gui.shortcuts import (
    Room,
    choose_keys,
    default_keys,
    native_text,
    read_keys,
    refusal,
    rooms_of,
    shortcuts,
    taken_sentence,
)
from photofind.settings import Settings

_LEAST_PX = 96
_NAME_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class KeysPage(QWidget):
    """See the module.

    Args:
        settings: Read, and changed at once.
    """

    changed = Signal()
    """Other keys are in force and saved."""
    failed = Signal(str)
    """They are in force, but could not be saved; the reason."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._list = QTreeWidget(self)
        self._list.setObjectName("keys")
        self._list.setAccessibleName(self.tr("Commands and their keys"))
        self._list.setToolTip(self.tr("Choose a command, then press its new key in the field below"))
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setAllColumnsShowFocus(True)
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._list.setHeaderLabels([self.tr("Command"), self.tr("Keys"), self.tr("Where")])
        for column in (0, 1):
            self._list.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._list.header().setSectionsMovable(False)
        self._field = _KeyField(self)
        self._field.setMaximumSequenceLength(1)
        self._field.setAccessibleName(self.tr("New key"))
        self._field.setToolTip(self.tr("Press the key here; Tab leaves the field"))
        label = QLabel(self.tr("New key"), self)
        label.setBuddy(self._field)
        self._use = self._button("", self.tr("The command has this key instead of its keys of now"))
        self._add = self._button(self.tr("Add"), self.tr("The command has this key and keeps its others"))
        self._take_away = self._button(self.tr("No key"), self.tr("Take all keys from the command"))
        self._reset = self._button(self.tr("Usual keys"), self.tr("Give the command the keys it came with"))
        self._reset_all = self._button(
            self.tr("Usual keys for all"), self.tr("Give every command the keys it came with")
        )
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.setObjectName("muted")
        self._lay_out(label)
        self._list.currentItemChanged.connect(self._on_command_changed)
        self._field.keySequenceChanged.connect(self._show_state)
        self._use.clicked.connect(lambda: self._choose((self._key(),)))
        self._add.clicked.connect(lambda: self._choose((*self._own(), self._key())))
        self._take_away.clicked.connect(lambda: self._choose(()))
        self._reset.clicked.connect(lambda: self._choose(default_keys()[self._name()]))
        self._reset_all.clicked.connect(self.reset_all)
        self._make_list()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _lay_out(self, label: QLabel) -> None:
        field = QHBoxLayout()
        field.setSpacing(theme.SPACE)
        for widget in (label, self._field, self._use, self._add):
            field.addWidget(widget, 1 if widget is self._field else 0)
        resets = QGridLayout()
        resets.setSpacing(theme.SPACE)
        for place, button in enumerate((self._take_away, self._reset, self._reset_all)):
            resets.addWidget(button, 0, place)
        resets.setColumnStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE * 2, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._list, 1)
        column.addLayout(field)
        column.addWidget(self._sentence)
        column.addLayout(resets)

    def _make_list(self) -> None:
        for shortcut in shortcuts():
            item = QTreeWidgetItem([shortcut.listed, "", self._where(shortcut.rooms)])
            item.setData(0, _NAME_ROLE, shortcut.name)
            self._list.addTopLevelItem(item)
        self._show_keys()
        self._list.setCurrentItem(self._items()[0])
        # As wide as what stands in it: where a command works is not for those who scroll sideways.
        bar = self._list.verticalScrollBar().sizeHint().width()
        columns = sum(max(self._list.sizeHintForColumn(column), _LEAST_PX) for column in range(3))
        self._list.setMinimumSize(columns + bar + 4 * theme.SPACE, 40 * theme.SPACE)

    def _where(self, rooms: Room) -> str:
        names = {
            Room.WINDOW: self.tr("Everywhere"),
            Room.PHOTOS: self.tr("Photos"),
            Room.VIEWER: self.tr("Viewer"),
            Room.DUPLICATES: self.tr("Duplicates"),
            Room.COMPARISON: self.tr("Comparison"),
        }
        if Room.WINDOW & rooms:
            return names[Room.WINDOW]
        return ", ".join(name for room, name in names.items() if room & rooms)

    # What is shown

    @property
    def field(self) -> QKeySequenceEdit:
        """Where the new key is pressed."""
        return self._field

    @property
    def use_button(self) -> QPushButton:
        """Gives the command the key, taking it from another one if need be."""
        return self._use

    @property
    def reset_button(self) -> QPushButton:
        """Gives the command its usual keys back."""
        return self._reset

    @property
    def sentence(self) -> str:
        """Whose key it is, or why it cannot be one."""
        return self._sentence.text()

    def choose_command(self, name: str) -> None:
        """Choose a command as a click would."""
        self._list.setCurrentItem(next(item for item in self._items() if item.data(0, _NAME_ROLE) == name))

    def keys_shown(self, name: str) -> str:
        """Return the keys that stand beside a command."""
        return next(item.text(1) for item in self._items() if item.data(0, _NAME_ROLE) == name)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self._list.topLevelItem(row) for row in range(self._list.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _name(self) -> str:
        item = self._list.currentItem()
        return str(item.data(0, _NAME_ROLE)) if item is not None else ""

    def _key(self) -> str:
        return self._field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _own(self) -> tuple[str, ...]:
        return self._keys[self._name()]

    def _show_keys(self) -> None:
        self._keys = read_keys(self._settings)
        usual = default_keys()
        for item in self._items():
            name = str(item.data(0, _NAME_ROLE))
            item.setText(1, native_text(self._keys[name]))
            font = item.font(1)
            font.setBold(self._keys[name] != usual[name])
            item.setFont(1, font)
        self._show_state()

    def _on_command_changed(self) -> None:
        self._field.clear()
        self._show_state()

    def _show_state(self) -> None:
        name, key = self._name(), self._key()
        if not name:
            return
        why = refusal(key, rooms_of(name)) if key else ""
        has_it = QKeySequence(key) in [QKeySequence(own) for own in self._own()]
        owner = "" if why or not key else taken_sentence(key, self._keys, name)
        may_use = bool(key) and not why and not has_it
        self._use.setText(self.tr("Take over") if owner else self.tr("Use"))
        self._use.setEnabled(may_use)
        self._add.setEnabled(may_use)
        self._take_away.setEnabled(bool(self._own()))
        self._reset.setEnabled(self._own() != default_keys()[name])
        self._reset_all.setEnabled(bool(self._settings.keys))
        self._sentence.setText(why or owner)
        # A line is kept free for it: what is below must not jump while keys are tried.
        self._sentence.setMinimumHeight(self._sentence.fontMetrics().height())

    # What the person does

    def _choose(self, keys: tuple[str, ...]) -> None:
        try:
            choose_keys(self._settings, self._name(), keys)
        except OSError as error:
            self.failed.emit(str(error))
        self._field.clear()
        self._show_keys()
        self.changed.emit()

    def reset_all(self) -> None:
        """Give every command its usual keys."""
        try:
            self._settings.set_keys(dict.fromkeys(self._settings.keys))
        except OSError as error:
            self.failed.emit(str(error))
        self._field.clear()
        self._show_keys()
        self.changed.emit()


class _KeyField(QKeySequenceEdit):
    """Takes the key by its place, so that the same one works whatever the layout writes with it."""

    ACCESSIBLE_ROLE = QAccessible.Role.HotkeyField

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        line = self.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        line.setAccessibleName(self.tr("New key"))
        self.setFinishingKeyCombinations(
            [
                QKeyCombination(Qt.Key.Key_Tab),
                QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Backtab),
            ]
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read a letter of another alphabet as the Latin one at its place."""
        key = physical_key(event)
        if key != event.key():
            event = QKeyEvent(QEvent.Type.KeyPress, key, event.modifiers(), chr(key))
        super().keyPressEvent(event)
