"""What to keep: the rules that choose the photo of a group that is proposed to stay, in the order a person sets.

Owned by the duplicates view, on the GUI thread. It stands beside the groups and does not block them, because what a
rule does is seen there: every change is in force and saved at once. A row is dragged by the hand of this module and
not by Qt's drag and drop, so that the list shows the new order while the row is still held.
"""

import os
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import accessibility, icons, theme, wording
from photofind.records import KeepRule, KeepRules

_VALUE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_IS_KEPT_ROLE = _VALUE_ROLE + 1
_LEAST_ROWS = 6
_FOLDER_ROWS = 4
_GRIP_PX = 2.0


class KeepRulesDialog(QDialog):
    """See the module.

    Args:
        rules: Those in force.
        start: The directory in which choosing one begins.
    """

    changed = Signal(object)
    """KeepRules: the person set them so."""

    def __init__(self, rules: KeepRules, start: bytes = b"", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules = rules
        self._start = start
        self.setWindowTitle(self.tr("What to keep"))
        intro = QLabel(
            self.tr(
                "The rules are asked from the top. The first one that tells two photos of a group apart says which "
                "is proposed to stay; nothing is marked or moved by that."
            ),
            self,
        )
        intro.setWordWrap(True)
        intro.setObjectName("muted")
        self._list = RuleList(self)
        self._list.order_changed.connect(self._on_edited)
        self._list.itemChanged.connect(self._on_edited)
        self._list.currentRowChanged.connect(self._enable)
        self._up = self._button("chevron-up", self.tr("Up"), self.tr("Ask this rule earlier (Alt+Up)"))
        self._up.clicked.connect(lambda: self._list.move_current(-1))
        self._down = self._button("chevron-down", self.tr("Down"), self.tr("Ask this rule later (Alt+Down)"))
        self._down.clicked.connect(lambda: self._list.move_current(1))
        self._usual = self._button("undo", self.tr("Usual order"), self.tr("The rules as they came; folders stay"))
        self._usual.clicked.connect(self._on_usual)
        heading = QLabel(self.tr("Folders"), self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self._folders = QListWidget(self)
        self._folders.setObjectName("rules")
        self._folders.setItemDelegate(_Roomy(self._folders))
        self._folders.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._folders.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._folders.setAccessibleName(self.tr("Folders"))
        self._folders.setToolTip(self.tr("Of folders inside each other the innermost counts"))
        self._folders.currentRowChanged.connect(self._enable)
        self._keep = self._button(
            "check", self.tr("Rather keep…"), self.tr("Choose a folder whose photos rather stay")
        )
        self._keep.clicked.connect(lambda: self._choose(is_kept=True))
        self._clear = self._button(
            "trash", self.tr("Rather remove…"), self.tr("Choose a folder whose photos rather go")
        )
        self._clear.clicked.connect(lambda: self._choose(is_kept=False))
        self._take_off = self._button(
            "close", self.tr("Take off list"), self.tr("Take the folder off this list (Del)")
        )
        self._take_off.clicked.connect(self._on_take_off)
        self._note = QLabel(self)
        self._note.setObjectName("muted")
        self._note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        column.addWidget(intro)
        column.addLayout(_beside(self._list, (self._up, self._down, self._usual)), 1)
        column.addSpacing(theme.SPACE)
        column.addWidget(heading)
        column.addLayout(_beside(self._folders, (self._keep, self._clear, self._take_off)))
        column.addWidget(self._note)
        column.addWidget(buttons)
        self._show(rules)
        self._list.setCurrentRow(0)
        self._list.setFocus()
        for button in (self._up, self._down, self._usual):
            button.setMinimumWidth(max(b.sizeHint().width() for b in (self._keep, self._clear, self._take_off)))
        row_px, frame_px = self._list.sizeHintForRow(0), theme.SPACE + 4
        self._list.setMinimumHeight(row_px * _LEAST_ROWS + frame_px)
        self._folders.setFixedHeight(row_px * _FOLDER_ROWS + frame_px)
        hinted = max(self._list.sizeHint().height(), self._list.minimumHeight())
        height = self.sizeHint().height() - hinted + row_px * len(KeepRule) + frame_px
        if parent is not None:  # with its title it stays within a small window; the list scrolls then
            height = min(height, parent.window().height() - 8 * theme.SPACE)
        self.resize(QSize(592, height))

    def _button(self, icon: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        icons.bind(button, icon)
        return button

    # What is shown

    @property
    def rule_list(self) -> "RuleList":
        """The rules."""
        return self._list

    @property
    def folder_list(self) -> QListWidget:
        """The folders that one of the rules knows."""
        return self._folders

    @property
    def rules(self) -> KeepRules:
        """The rules as they stand here."""
        return self._rules

    def button(self, name: str) -> QPushButton:
        """Return a button: "up", "down", "usual", "keep", "clear" or "forget"."""
        return {
            "up": self._up,
            "down": self._down,
            "usual": self._usual,
            "keep": self._keep,
            "clear": self._clear,
            "forget": self._take_off,
        }[name]

    def say(self, sentence: str) -> None:
        """Say below the rules what they do, or why they could not be saved."""
        self._note.setText(sentence)

    @property
    def note(self) -> str:
        """What is said there."""
        return self._note.text()

    def _show(self, rules: KeepRules) -> None:
        self._rules = rules
        self._list.show_rules(rules)
        row = self._folders.currentRow()
        self._folders.clear()
        named = [(path, True) for path in rules.keep_in] + [(path, False) for path in rules.remove_in]
        for path, is_kept in named:
            name = wording.display_text(path)
            said = self.tr("Keep what is in {folder}") if is_kept else self.tr("Rather remove what is in {folder}")
            item = QListWidgetItem(said.format(folder=name), self._folders)
            item.setToolTip(item.text())
            item.setData(_VALUE_ROLE, path)
            item.setData(_IS_KEPT_ROLE, is_kept)
        self._folders.setCurrentRow(min(max(row, 0), self._folders.count() - 1))
        self._enable()

    def _enable(self) -> None:
        row = self._list.currentRow()
        self._up.setEnabled(row > 0)
        self._down.setEnabled(0 <= row < self._list.count() - 1)
        usual = KeepRules()
        self._usual.setEnabled((self._rules.order, self._rules.off) != (usual.order, usual.off))
        self._take_off.setEnabled(self._folders.currentRow() >= 0)

    # What the person does

    def _on_edited(self) -> None:
        order, off = self._list.choice()
        self._set(KeepRules(order, off, self._rules.keep_in, self._rules.remove_in))

    def _on_usual(self) -> None:
        usual = KeepRules()
        self._set(KeepRules(usual.order, usual.off, self._rules.keep_in, self._rules.remove_in))

    def _choose(self, *, is_kept: bool) -> None:
        title = self.tr("Keep what is in…") if is_kept else self.tr("Rather remove what is in…")
        name = QFileDialog.getExistingDirectory(self, title, os.fsdecode(self._start))
        if name:
            self.add_folder(os.fsencode(name), is_kept=is_kept)

    def add_folder(self, path: bytes, *, is_kept: bool) -> None:
        """Put a directory on one of the two lists, off the other, and switch the rule of folders on."""
        self._start = os.path.dirname(path)
        rules = self._rules
        keep = [other for other in rules.keep_in if other != path]
        remove = [other for other in rules.remove_in if other != path]
        (keep if is_kept else remove).append(path)
        self._set(KeepRules(rules.order, rules.off - {KeepRule.FOLDER}, tuple(keep), tuple(remove)))

    def _on_take_off(self) -> None:
        item = self._folders.currentItem()
        if item is not None:
            path, rules = bytes(item.data(_VALUE_ROLE)), self._rules
            keep, remove = (
                tuple(other for other in paths if other != path) for paths in (rules.keep_in, rules.remove_in)
            )
            self._set(KeepRules(rules.order, rules.off, keep, remove))

    def _set(self, rules: KeepRules) -> None:
        is_other = rules != self._rules
        self._show(rules)
        if is_other:
            self.changed.emit(rules)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del takes a folder off; Enter closes nothing, for there is nothing to confirm."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._folders.hasFocus():
            self._on_take_off()
        else:
            super().keyPressEvent(event)


class RuleList(QListWidget):
    """The rules, each with a check box; rows are moved by the mouse and by Alt with an arrow."""

    order_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._held: int | None = None
        self._has_moved = False
        self.setObjectName("rules")
        self.setItemDelegate(_Gripped(self))
        self.setAccessibleName(self.tr("Rules, the first ones asked first"))
        self.setToolTip(self.tr("Drag a rule, or move it with Alt and an arrow; Space switches it on and off"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_rules(self, rules: KeepRules) -> None:
        """Show other rules; the chosen one stays chosen."""
        if self.count() and self.choice() == (rules.order, rules.off & set(rules.order)):
            has_folders = bool(rules.keep_in or rules.remove_in)
            self._write(rules.order, has_folders=has_folders)
            return
        current = self.currentItem()
        chosen = current.data(_VALUE_ROLE) if current is not None else None
        self.blockSignals(True)
        self.clear()
        for rule in rules.order:
            item = QListWidgetItem(self)
            item.setData(_VALUE_ROLE, rule.value)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Unchecked if rule in rules.off else Qt.CheckState.Checked)
            if rule.value == chosen:
                self.setCurrentItem(item)
        self.blockSignals(False)
        self._write(rules.order, has_folders=bool(rules.keep_in or rules.remove_in))

    def _write(self, order: Sequence[KeepRule], *, has_folders: bool) -> None:
        self.blockSignals(True)
        for row, rule in enumerate(order):
            text = wording.keep_rule_text(rule)
            if rule is KeepRule.FOLDER and not has_folders:
                text = self.tr("{rule} (none chosen yet)").format(rule=text)
            self.item(row).setText(text)
        self.blockSignals(False)

    def choice(self) -> tuple[tuple[KeepRule, ...], frozenset[KeepRule]]:
        """Return the order as it stands, and the rules that are switched off."""
        items = [self.item(row) for row in range(self.count())]
        order = tuple(KeepRule(item.data(_VALUE_ROLE)) for item in items)
        return order, frozenset(
            rule for rule, item in zip(order, items, strict=True) if item.checkState() is Qt.CheckState.Unchecked
        )

    def move_current(self, step: int) -> None:
        """Move the chosen rule by rows, and say where it is."""
        row = self.currentRow()
        if row >= 0 and 0 <= row + step < self.count():
            self._move(row, row + step)
            self.order_changed.emit()

    def _move(self, row: int, target: int) -> None:
        self.blockSignals(True)
        item = self.takeItem(row)
        self.insertItem(target, item)
        self.blockSignals(False)
        self.setCurrentRow(target)
        self.scrollToItem(item)
        accessibility.announce(
            self,
            self.tr("{rule}: {place} of {count}").format(rule=item.text(), place=target + 1, count=self.count()),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow move the chosen rule."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.move_current(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a row."""
        super().mousePressEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        self._held = row if event.button() is Qt.MouseButton.LeftButton and row >= 0 else None
        self._has_moved = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the row that is held to where the pointer is."""
        if self._held is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        height = max(self.sizeHintForRow(0), 1)
        first = self.visualItemRect(self.item(0)).top()
        target = min(max(int((event.position().y() - first) // height), 0), self.count() - 1)
        if target != self._held:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._move(self._held, target)
            self._held = target
            self._has_moved = True

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the row; one that was carried is not switched, too."""
        has_moved, self._held, self._has_moved = self._has_moved, None, False
        self.unsetCursor()
        if has_moved:
            self.setState(QListWidget.State.NoState)
            self.order_changed.emit()
        else:
            super().mouseReleaseEvent(event)


def _beside(shown: QListWidget, buttons: Sequence[QPushButton]) -> QHBoxLayout:
    """Return a list with a column of buttons at its right."""
    column = QVBoxLayout()
    column.setSpacing(theme.SPACE)
    for button in buttons:
        column.addWidget(button)
    column.addStretch(1)
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE)
    row.addWidget(shown, 1)
    row.addLayout(column)
    return row


class _Roomy(QStyledItemDelegate):
    """Rows that are easily hit."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return a row of three grid units and a bit, more where the font needs it."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height(), 3 * theme.SPACE + 4))


class _Gripped(_Roomy):
    """Rows with six dots at their end, which say that they can be dragged."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the row and its dots."""
        super().paint(painter, option, index)
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.colours().muted))
        centre = QPointF(area.right() - 1.5 * theme.SPACE, area.center().y() + 0.5)
        for x in (-_GRIP_PX, _GRIP_PX):
            for y in (-2.5 * _GRIP_PX, 0.0, 2.5 * _GRIP_PX):
                painter.drawEllipse(centre + QPointF(x, y), 1.2, 1.2)
        painter.restore()
