"""What a person says of photos: picked or rejected, a title, a caption, tags.

Part of the details panel, on the window's thread. It shows the frozen photos it is given; what the person does
leaves as a signal, and the answer comes back as changed photos. A text is taken when Enter is pressed or the field
is left, never letter by letter: each would be a write. Esc gives back what stood there.

Of several photos it shows what all have in common; a tag that only some have is muted, and a click gives it to all.
"""

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme
from photofind.gui.flow_layout import FlowLayout
from photofind.gui.keys import asks_for_escape
from photofind.records import Photo

T = TypeVar("T")

PICKED, UNSET, REJECTED = 1, 0, -1
_TITLE_LINES = 3
_CAPTION_LINES = 8


class DecisionsEditor(QWidget):
    """See the module."""

    flag_changed = Signal(int)
    """1 picked, -1 rejected, 0 neither."""
    title_changed = Signal(object)
    """The new title, or None for none of the person's own."""
    caption_changed = Signal(object)
    """The new caption, or None."""
    tag_added = Signal(str)
    tag_removed = Signal(str)
    tag_chosen = Signal(str)
    """A tag whose photos are wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.flag = FlagEditor(self)
        self.flag.flagged.connect(self.flag_changed)
        self.title = TextEditor(
            self.tr("Title"), self.tr("Add a title"), lines=_TITLE_LINES, is_title=True, parent=self
        )
        self.title.edited.connect(self.title_changed)
        self.caption = TextEditor(self.tr("Caption"), self.tr("Add a caption"), lines=_CAPTION_LINES, parent=self)
        self.caption.edited.connect(self.caption_changed)
        self.tags = TagsEditor(self)
        self.tags.added.connect(self.tag_added)
        self.tags.removed.connect(self.tag_removed)
        self.tags.chosen.connect(self.tag_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(self.title)
        column.addWidget(self.caption)
        column.addWidget(self.tags)

    def set_photos(self, photos: Sequence[Photo]) -> None:
        """Show what was said of these; a field that is being written in stays as it is."""
        self.flag.set_flag(_common(photo.flag for photo in photos) or UNSET)
        key = tuple(photo.photo_id for photo in photos)
        for editor, texts in (
            (self.title, [photo.title or "" for photo in photos]),
            (self.caption, [photo.caption or "" for photo in photos]),
        ):
            common = _common(texts)
            editor.set_text(key, common or "", is_mixed=common is None)
        by_folded: dict[str, tuple[str, int]] = {}
        for photo in photos:
            for tag in photo.tags:
                spelling, count = by_folded.get(tag.casefold(), (tag, 0))
                by_folded[tag.casefold()] = spelling, count + 1
        tags = sorted(by_folded.items())
        self.tags.set_tags([(spelling, count == len(photos)) for _folded, (spelling, count) in tags])

    def set_known_tags(self, tags: Sequence[str]) -> None:
        """Offer these while a tag is typed, the most frequent first."""
        self.tags.set_known(tags)


def _common(values: Iterable[T]) -> T | None:
    """Return what all are; None when they differ, or there are none."""
    different = list(dict.fromkeys(values))
    return different[0] if len(different) == 1 else None


class FlagEditor(QWidget):
    """Two buttons, picked and rejected; the one in force again takes the mark away."""

    flagged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE // 2)
        self.pick = self._button("flag", self.tr("Picked"), self.tr("Mark as picked; once more: no mark"))
        self.reject = self._button("reject", self.tr("Rejected"), self.tr("Mark as rejected; once more: no mark"))
        self.pick.clicked.connect(lambda checked: self._choose(PICKED if checked else UNSET))
        self.reject.clicked.connect(lambda checked: self._choose(REJECTED if checked else UNSET))
        row.addWidget(self.pick)
        row.addWidget(self.reject)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _button(self, icon: str, name: str, tooltip: str) -> QToolButton:
        button = QToolButton(self)
        icons.bind(button, icon)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setAccessibleName(name)
        button.setToolTip(tooltip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def set_flag(self, flag: int) -> None:
        """Show a mark; 0 shows none."""
        self.pick.setChecked(flag == PICKED)
        self.reject.setChecked(flag == REJECTED)

    def _choose(self, flag: int) -> None:
        self.set_flag(flag)
        self.flagged.emit(flag)


class TextEditor(QPlainTextEdit):
    """A text that wraps, as high as what stands in it.

    Args:
        name: For screen readers.
        placeholder: What stands in the empty field.
        lines: More than these scroll.
        is_title: Enter ends the writing and breaks are spaces; else Ctrl+Enter or leaving the field ends it.
    """

    edited = Signal(object)
    """The text, or None when it was emptied."""

    def __init__(
        self, name: str, placeholder: str, *, lines: int, is_title: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._lines = lines
        self._is_title = is_title
        self._key: object = None
        self._shown = ""
        self.setObjectName("text-editor")
        self.setAccessibleName(name)
        self.setToolTip(
            self.tr("Enter keeps it, Esc gives back what stood here")
            if is_title
            else self.tr("Ctrl+Enter or leaving the field keeps it, Esc gives back what stood here")
        )
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(2)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self._fit()

    def set_text(self, key: object, text: str, *, is_mixed: bool) -> None:
        """Show a text.

        Args:
            key: What it belongs to. Of the same key a text that is being written is left alone.
            text: The text.
            is_mixed: The photos say different things; what is written now replaces them all.
        """
        is_writing = self.hasFocus() and self.toPlainText() != self._shown
        if is_writing and key == self._key:
            return
        self._take()  # what was written of the photos before belongs to them
        self._key = key
        self._shown = text
        self.setPlaceholderText(self.tr("Different texts") if is_mixed else self._placeholder)
        if self.toPlainText() != text:
            self.setPlainText(text)

    def _take(self) -> None:
        written = " ".join(self.toPlainText().split()) if self._is_title else self.toPlainText().strip()
        if self._key is not None and written != self._shown:
            self._shown = written
            self.edited.emit(written or None)

    def _fit(self) -> None:
        document = self.document()
        lines = max(1, min(self._lines, round(document.size().height())))
        first = document.firstBlock().layout()
        # Of a text in another script than the font's, a line is higher; less than one more line is never in sight.
        line_px = first.lineAt(0).height() if first.lineCount() else self.fontMetrics().lineSpacing()
        around = self.height() - self.viewport().height()
        self.setFixedHeight(math.ceil(line_px * lines + 2 * document.documentMargin()) + around)
        is_long = round(document.size().height()) > self._lines
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_long else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere now."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font, another height."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def event(self, event: QEvent) -> bool:
        """Take Esc while there is something to give back."""
        if asks_for_escape(event) and self.toPlainText() != self._shown:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the text or give it back; every other key writes."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and (self._is_title or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self._take()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.toPlainText() != self._shown:
            self.setPlainText(self._shown)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving keeps the text; opening a menu of the field does not leave it."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take()


class TagsEditor(QWidget):
    """Tags as chips, and a field that completes."""

    added = Signal(str)
    removed = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[str, bool], ...] = ()
        chips = QWidget(self)
        self._flow = FlowLayout(chips)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        self._chips = chips
        self.field = _TagField(self)
        self.field.setObjectName("tag-field")
        self.field.setPlaceholderText(self.tr("Add a tag"))
        self.field.setAccessibleName(self.tr("Add a tag"))
        self.field.setToolTip(self.tr("Enter or a comma adds the tag; Down shows tags that are in use"))
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(8)
        self.field.setCompleter(completer)
        self.field.entered.connect(self._on_entered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addWidget(chips)
        column.addWidget(self.field)
        chips.hide()

    def set_known(self, tags: Sequence[str]) -> None:
        """Complete to these."""
        self._known.setStringList(list(tags))

    def set_tags(self, tags: Sequence[tuple[str, bool]]) -> None:
        """Show tags, each with whether all photos have it."""
        if tuple(tags) == self._shown:
            return  # the chip that has the focus keeps it
        self._shown = tuple(tags)
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for tag, is_common in self._shown:
            chip = _TagChip(tag, self._chips, is_common=is_common)
            chip.added.connect(self.added)
            chip.removed.connect(self.removed)
            chip.chosen.connect(self.chosen)
            self._flow.addWidget(chip)
        self._chips.setVisible(bool(self._shown))
        self._chips.updateGeometry()

    def _on_entered(self, text: str) -> None:
        for tag in text.split(","):
            if tag.strip():
                self.added.emit(tag.strip())


class _TagChip(QFrame):
    """A tag: its name shows its photos, the cross takes it away; muted where only some photos have it."""

    added = Signal(str)
    removed = Signal(str)
    chosen = Signal(str)

    def __init__(self, tag: str, parent: QWidget, *, is_common: bool) -> None:
        super().__init__(parent)
        self.setObjectName("tag-chip")
        self.setProperty("some", not is_common)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, 0, 2, 0)
        row.setSpacing(2)
        name = QToolButton(self)
        name.setObjectName("tag-name")
        name.setText(self.fontMetrics().elidedText(tag, Qt.TextElideMode.ElideRight, 160))
        name.setAccessibleName(tag)
        if is_common:
            name.setToolTip(self.tr("Show only photos with the tag “{tag}”").format(tag=tag))
            name.clicked.connect(lambda: self.chosen.emit(tag))
        else:
            name.setToolTip(
                self.tr("Only some of these photos have the tag “{tag}”; give it to all").format(tag=tag)
            )
            name.clicked.connect(lambda: self.added.emit(tag))
        cross = QToolButton(self)
        cross.setObjectName("tag-cross")
        icons.bind(cross, "close", "muted")
        cross.setIconSize(QSize(12, 12))
        cross.setAccessibleName(self.tr("Remove the tag {tag}").format(tag=tag))
        cross.setToolTip(self.tr("Remove the tag “{tag}”").format(tag=tag))
        cross.clicked.connect(lambda: self.removed.emit(tag))
        row.addWidget(name)
        row.addWidget(cross)


class _TagField(QLineEdit):
    """The field for a new tag."""

    entered = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Take Esc while there are letters to erase."""
        if asks_for_escape(event) and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the tag at Enter and at a comma."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (is_enter or event.text() in (",", "，")) and self.text().strip():
            text = self.text()
            self.clear()
            self.entered.emit(text.replace("，", ","))
        elif is_enter:
            return
        elif event.key() == Qt.Key.Key_Down and not self.text():
            self.completer().setCompletionPrefix("")
            self.completer().complete()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
