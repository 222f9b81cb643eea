"""What is looked for: the field for words, the tray of chips, filters and view.

Owned by the main window, on its thread. It holds the question (parts, filter, order) and says when it changed; the
window asks the library. Typing waits 150 ms for the next letter, everything else counts at once. Enter makes a
chip of the words, and Backspace in the empty field takes them back to be edited; what is dropped here becomes one
more part.

A chip's weight is chosen from five words ("more like this", "less like this") rather than set by a slider for each
part: with slides people moved numbers about without seeing what they meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QActionGroup,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.chip_tray import ChipTray
from photofind.gui.filter_panel import FilterPanel
from photofind.gui.incoming import may_hold, sort_incoming
from photofind.gui.keys import asks_for_escape
from photofind.gui.likeness_slider import HANDLE_PX, LikenessSlider
from photofind.records import Filter, ImagePart, PhotoPart, QueryPart, SortOrder, WordsPart

TYPING_MS = 150
CHIP_PICTURE_PX = 24
CHIP_PX = CHIP_PICTURE_PX + theme.SPACE
_NAME_PX = 140
_WORDS_MOST_PX = 880
"""A wider field for words is a strip across a large screen, with its buttons far from what is typed."""
_WORDED_FROM_PX = 900
"""In a narrower bar the chips need the room more than the words of a button with an icon."""


@dataclass(frozen=True, slots=True)
class ChipLook:
    """How a part of the query shows in the tray."""

    text: str
    picture: QPixmap | None = None


class QueryBar(QWidget):
    """The top of the window. Words and chips together are the query."""

    query_changed = Signal()
    filter_changed = Signal()
    order_changed = Signal()
    shows_scores_changed = Signal(bool)
    layout_changed = Signal(str)
    """"squares" or "rows", as in the settings."""
    sections_changed = Signal(bool)
    open_image_wanted = Signal()
    paste_wanted = Signal()
    """Ctrl+V in the field while the clipboard holds an image or files."""
    left_downwards = Signal()
    """Down or Esc in the field: the keyboard goes to the photos."""
    region_wanted = Signal(object)
    """The image or photo part of which only a region shall be looked for; the answer is `replace_part`."""
    likeness_changed = Signal()
    """The photos of the answer must be more alike, or less."""
    dropped = Signal(object)
    """incoming.Incoming: to be added to what is looked for."""
    save_wanted = Signal()
    """What is looked for is to be kept as a live collection."""
    filters_opened = Signal()
    """The filter menu is about to show; new facets are welcome."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("query-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._chips: list[_Chip] = []
        self._orders = QActionGroup(self)
        self._order_before = SortOrder.NEWEST
        self._layouts = QActionGroup(self)
        self._sections = QAction(self.tr("Sections by date or folder"), self, checkable=True)
        self._relevance = QAction(self.tr("Most alike first"), self, checkable=True, visible=False)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.query_changed)

        self.menu_button = _tool_button("menu", self.tr("Menu"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.words = _WordsField(self)
        self.words.textEdited.connect(lambda: self._typing.start())
        self.words.cleared.connect(self._on_words_cleared)
        self.words.pinned.connect(self._pin_words)
        self.words.left_backwards.connect(self._take_back)
        self.words.pasted.connect(self.paste_wanted)
        self.words.left_downwards.connect(self.left_downwards)
        self._image_button = _tool_button(
            "image-search", self.tr("Find by image"), self.tr("Choose an image to find similar photos")
        )
        self._image_button.clicked.connect(self.open_image_wanted)
        self._filters_button = _tool_button(
            "filter",
            self.tr("Filters"),
            self.tr("Show only photos of a date, camera, rating or type, or of what they show"),
            text=True,
        )
        self._view_button = _tool_button(
            "view", self.tr("View"), self.tr("Order and layout of the photos"), text=True
        )
        self._view_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.filters = FilterPanel(self)
        self.filters.shown_changed.connect(self._show_filter_count)
        self.filters.changed.connect(self.filter_changed)
        self._filters_button.clicked.connect(self._open_filters)
        self.view_menu = self._make_view_menu()
        self._view_button.setMenu(self.view_menu)

        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addWidget(self.menu_button)
        top.addWidget(self.words, 1)
        top.addWidget(self._image_button)
        top.addStretch()  # takes what the words leave beyond their most
        top.addSpacing(theme.SPACE)
        top.addWidget(self._filters_button)
        top.addWidget(self._view_button)
        self.likeness = LikenessSlider(self)
        self.likeness.changed.connect(self.likeness_changed)
        self._tray = self._make_tray()
        self._notice = self._make_notice()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addLayout(top)
        column.addWidget(self._tray)
        column.addLayout(self._likeness_row)
        column.addWidget(self._notice)
        self.setTabOrder(self.menu_button, self.words)
        self.setTabOrder(self.words, self._image_button)
        self._tray.hide()
        self.show_likeness(False)

    def set_offers_search(self, is_offered: bool) -> None:
        """Let photos be looked for; while there are none the menu stays, for the language and the look."""
        for widget in (self.words, self._image_button, self._filters_button, self._view_button):
            widget.setEnabled(is_offered)

    def keyed(self) -> tuple[tuple[str, QToolButton], ...]:
        """Return the buttons that do what a command with keys does, after the command's name."""
        return ("open_image", self._image_button), ("back", self._clear), ("save_search", self._save)

    # The question

    def parts(self) -> tuple[QueryPart, ...]:
        """Return everything that is looked for; empty when the library is only browsed."""
        parts = [chip.part for chip in self._chips]
        text = self.words.text().strip()
        if text:
            parts.append(WordsPart(text))
        return tuple(parts)

    def add_part(self, part: QueryPart, look: ChipLook) -> None:
        """Put one more part into the tray; the same photo again replaces its first chip."""
        if isinstance(part, PhotoPart):
            for chip in self._chips:
                if (
                    isinstance(chip.part, PhotoPart)
                    and chip.part.photo_id == part.photo_id
                    and chip.part.region == part.region
                ):
                    chip.set_part(part)
                    self.query_changed.emit()
                    return
        self._add_chip(part, look)
        self.query_changed.emit()

    def replace_part(self, old: QueryPart, new: QueryPart, look: ChipLook) -> None:
        """Look for another part in the place of one; nothing happens when its chip is gone."""
        for place, chip in enumerate(self._chips):
            if chip.part == old:
                self._drop_chip(chip)
                self._add_chip(new, look, place)
                self._chips[place].setFocus()
                self.query_changed.emit()
                return

    def set_parts(self, parts: Sequence[tuple[QueryPart, ChipLook]], *, keeps_words: bool = False) -> None:
        """Look for exactly these."""
        self._remove_chips()
        self._typing.stop()
        if not keeps_words:
            self.words.clear()
        for part, look in parts:
            self._add_chip(part, look)
        self._show_tray()
        self.query_changed.emit()

    def focus_words(self) -> None:
        """Give the words the keyboard; what is typed replaces them."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    def clear(self) -> None:
        """Look for nothing: browse."""
        if self._chips or self.words.text():
            self.set_parts([])

    def filter(self) -> Filter:
        """Return the conditions of the filter panel; the directory is the sidebar's."""
        return self.filters.filter()

    def order(self) -> SortOrder:
        """Return the order chosen in the view menu."""
        action = self._orders.checkedAction()
        return SortOrder(action.data()) if action is not None else SortOrder.NEWEST

    def set_order(self, order: SortOrder) -> None:
        """Choose an order without announcing it."""
        for action in self._orders.actions():
            if action.data() == order.value:
                action.setChecked(True)

    def set_layout(self, layout: str, *, has_sections: bool) -> None:
        """Choose how photos are arranged without announcing it."""
        for action in self._layouts.actions():
            action.setChecked(action.data() == layout)
        self._sections.blockSignals(True)
        self._sections.setChecked(has_sections)
        self._sections.blockSignals(False)

    def set_relevance_offered(self, offered: bool) -> None:
        """Offer likeness as an order, and choose it, while there is a query; else what was chosen before."""
        if offered == self._relevance.isVisible():
            return
        self._relevance.setVisible(offered)
        if offered:
            self._order_before = self.order()
            self._relevance.setChecked(True)
        elif self._relevance.isChecked():
            self.set_order(self._order_before)

    def show_result(self, text: str, *, is_exact: bool = False, note: str = "") -> None:
        """Say how many photos the answer has and whether it is provably complete; the note is a tooltip."""
        self._result.setText(text)
        self._exact.setVisible(is_exact)
        self._result.setToolTip(note)

    def show_notice(self, sentence: str) -> None:
        """Say something about the question itself, below it, until it changes; "" takes it away."""
        self._notice_text.setText(sentence)
        self._notice_text.setAccessibleName(sentence)
        self._notice.setVisible(bool(sentence))

    def notice(self) -> str:
        """Return what `show_notice` shows."""
        return self._notice_text.text()

    def _on_words_cleared(self) -> None:
        self._typing.stop()
        self.query_changed.emit()

    def _pin_words(self) -> None:
        text = self.words.text().strip()
        if text:
            self._typing.stop()
            self.words.clear()
            self._add_chip(WordsPart(text), ChipLook(text))
            self.query_changed.emit()

    def _take_back(self) -> None:
        """Give the last chip back: its words into the field, or the keyboard to a picture."""
        if not self._chips:
            return
        last = self._chips[-1]
        if isinstance(last.part, WordsPart):
            self._drop_chip(last)
            self.words.setText(last.part.text)
            self.query_changed.emit()
        else:
            last.setFocus(Qt.FocusReason.BacktabFocusReason)

    # The tray

    def _make_tray(self) -> QWidget:
        tray = QWidget(self)
        tray.setObjectName("tray")
        self._chip_tray = ChipTray(tray)
        self._count = QWidget(tray)
        self._result = QLabel(self._count)
        self._result.setObjectName("result")
        self._exact = QLabel(self.tr("exact"), self._count)
        self._exact.setObjectName("exact")
        self._exact.setToolTip(self.tr("Every photo was compared: no better match can be missing."))
        self._save = QToolButton(tray)
        self._save.setObjectName("quiet")
        self._save.setText(self.tr("Save search…"))
        self._save.setAccessibleName(self._save.text())
        self._save.setToolTip(self.tr("Keep this search as a collection that fills itself"))
        icons.bind(self._save, "collection-live", "muted")
        self._save.setIconSize(QSize(16, 16))
        self._save.clicked.connect(self.save_wanted)
        self._clear = QToolButton(tray)
        self._clear.setObjectName("quiet")
        self._clear.setText(self.tr("Clear search"))
        self._clear.setToolTip(self.tr("Remove words and chips and show all photos again"))
        self._clear.clicked.connect(self.clear)
        row = QHBoxLayout(tray)
        row.setContentsMargins(theme.SPACE // 2, 0, theme.SPACE // 2, 0)
        row.setSpacing(theme.SPACE)
        count = QHBoxLayout(self._count)
        count.setContentsMargins(0, 0, 0, 0)
        count.setSpacing(theme.SPACE)
        count.addWidget(self._result)
        count.addWidget(self._exact)
        row.addWidget(self._chip_tray, 1)
        row.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        for button in (self._save, self._clear):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._tray_row = row
        self._likeness_row = QHBoxLayout()
        self._likeness_row.setContentsMargins(theme.SPACE // 2, 0, theme.SPACE // 2, 0)
        self._likeness_row.setSpacing(theme.SPACE)
        self._likeness_row.addWidget(self.likeness, 1)
        self._exact.hide()
        return tray

    def show_likeness(self, shown: bool) -> None:
        """Show the likeness slider, and beside it how many are alike enough; without it that stands in the tray."""
        self.likeness.setVisible(shown)
        self._show_tray()

    def _make_notice(self) -> QWidget:
        notice = QWidget(self)
        self._notice_sign = QLabel(notice)
        self._notice_text = QLabel(notice)
        self._notice_text.setObjectName("muted")
        self._notice_text.setTextFormat(Qt.TextFormat.PlainText)
        self._notice_text.setWordWrap(True)
        row = QHBoxLayout(notice)
        row.setContentsMargins(theme.SPACE // 2, 0, theme.SPACE // 2, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self._notice_sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._notice_text, 1)
        notice.hide()
        theme.current().changed.connect(self._tint_notice)
        self._tint_notice()
        return notice

    def _tint_notice(self) -> None:
        ratio = self.devicePixelRatioF()
        self._notice_sign.setPixmap(icons.pixmap("info", theme.colours().muted, 16, ratio))

    def set_picture(self, photo_id: int, picture: QPixmap) -> None:
        """Show the picture of a photo on its chips; it comes later than the chip where no view had it."""
        for chip in self._chips:
            if isinstance(chip.part, PhotoPart) and chip.part.photo_id == photo_id:
                chip.set_picture(picture)

    def images_without_picture(self) -> list[ImagePart]:
        """Return the images from outside whose chips show a sign still."""
        return [chip.part for chip in self._chips if isinstance(chip.part, ImagePart) and not chip.has_picture]

    def set_image_picture(self, image: ImagePart, picture: QPixmap) -> None:
        """Show the picture of an image from outside on its chips, whatever part of it and weight they have."""
        for chip in self._chips:
            if isinstance(chip.part, ImagePart) and (chip.part.path, chip.part.data) == (image.path, image.data):
                chip.set_picture(picture)

    def chip_count(self) -> int:
        """Return the number of chips in the tray."""
        return len(self._chips)

    def set_tray_shown(self, shown: bool) -> None:
        """Show the tray, which also has the result line."""
        if shown:
            self._show_tray()
            return
        self.show_notice("")
        self.show_result("")
        self.show_likeness(False)
        self._tray.hide()

    def _add_chip(self, part: QueryPart, look: ChipLook, place: int | None = None) -> None:
        chip = _Chip(part, look, self)
        chip.changed.connect(self.query_changed)
        chip.removed.connect(self._on_chip_removed)
        chip.region_wanted.connect(self.region_wanted)
        chip.left_sideways.connect(self._on_chip_left)
        place = len(self._chips) if place is None else place
        self._chips.insert(place, chip)
        self._chip_tray.add(chip, place)
        self._show_tray()

    def _on_chip_removed(self, chip: "_Chip") -> None:
        place = self._chips.index(chip)
        self._drop_chip(chip)
        if self._chips:
            self._chips[min(place, len(self._chips) - 1)].setFocus()
        else:
            self.words.setFocus()
        self._show_tray()
        self.query_changed.emit()

    def _on_chip_left(self, chip: "_Chip", step: int) -> None:
        place = self._chips.index(chip) + step
        if 0 <= place < len(self._chips):
            self._chips[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._chip_tray.ensureWidgetVisible(self._chips[place], 0, 0)

    def _drop_chip(self, chip: "_Chip") -> None:
        self._chips.remove(chip)
        self._chip_tray.remove(chip)
        chip.deleteLater()

    def _remove_chips(self) -> None:
        for chip in list(self._chips):
            self._drop_chip(chip)

    def _show_tray(self) -> None:
        """Show the rows that have something in them, and what stands at their end: words alone need no tray."""
        has_likeness, has_chips = not self.likeness.isHidden(), bool(self._chips)
        self._move(self._count, to_likeness=has_likeness)
        for button in (self._save, self._clear):
            self._move(button, to_likeness=has_likeness and not has_chips)
        self._tray.setVisible(bool(self.parts()) and (has_chips or not has_likeness))

    def _move(self, widget: QWidget, *, to_likeness: bool) -> None:
        """Let a widget stand at the end of the slider's row, or of the tray."""
        old, new = self._tray_row, self._likeness_row
        if not to_likeness:
            old, new = new, old
        if new.indexOf(widget) < 0:
            old.removeWidget(widget)
            new.insertWidget(1 if widget is self._count else -1, widget, 0, Qt.AlignmentFlag.AlignTop)
            widget.show()  # the layout gave it another parent, which hides it until later
        # As high as what it stands beside: the handle, or a chip.
        widget.setFixedHeight(HANDLE_PX if to_likeness else CHIP_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self.likeness.fit(self.width())
        style = Qt.ToolButtonStyle
        is_wide = self.width() >= _WORDED_FROM_PX
        self._save.setToolButtonStyle(style.ToolButtonTextBesideIcon if is_wide else style.ToolButtonIconOnly)

    # Drops: one more part, where a drop on the photos begins a new search

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show that a drop is welcome."""
        if not may_hold(event.mimeData()):
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._show_drop(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show it no more."""
        self._show_drop(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        self._show_drop(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        # Not inside the drop: the program it came from waits until this returns.
        incoming = sort_incoming(event.mimeData())
        QTimer.singleShot(0, self, lambda: self.dropped.emit(incoming))

    def _show_drop(self, is_over: bool) -> None:
        self.setProperty("dropping", is_over)
        self.style().unpolish(self)
        self.style().polish(self)

    # Filters and view

    def _open_filters(self) -> None:
        self.filters_opened.emit()
        self.filters.open_below(self._filters_button)

    def _show_filter_count(self) -> None:
        count = self.filters.active_count()
        text = self.tr("Filters")
        self._filters_button.setText(f"{text} · {count}" if count else text)
        self._filters_button.setProperty("active", bool(count))
        self._filters_button.style().unpolish(self._filters_button)
        self._filters_button.style().polish(self._filters_button)
        icons.bind(self._filters_button, "filter", "accent" if count else "text")

    def _make_view_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("View"))
        names = (
            (SortOrder.NEWEST, self.tr("Newest first")),
            (SortOrder.OLDEST, self.tr("Oldest first")),
            (SortOrder.ADDED, self.tr("Recently added first")),
            (SortOrder.NAME, self.tr("By name")),
            (SortOrder.FOLDER, self.tr("By folder")),
            (SortOrder.SIZE, self.tr("Largest files first")),
        )
        orders = [(SortOrder.RELEVANCE, self._relevance)]
        orders += [(order, QAction(name, self, checkable=True)) for order, name in names]
        for order, action in orders:
            action.setData(order.value)
            self._orders.addAction(action)
            menu.addAction(action)
        self.set_order(SortOrder.NEWEST)
        self._orders.triggered.connect(self.order_changed)
        menu.addSeparator()
        for layout, name, tip in (
            ("squares", self.tr("Squares"), self.tr("Every photo in a square of one size")),
            (
                "rows",
                self.tr("Justified rows"),
                self.tr("Every photo in its own shape, in rows that fill the width"),
            ),
        ):
            action = QAction(name, self, checkable=True)
            action.setData(layout)
            action.setToolTip(tip)
            self._layouts.addAction(action)
            menu.addAction(action)
        self._layouts.triggered.connect(lambda action: self.layout_changed.emit(action.data()))
        menu.addSeparator()
        self._sections.setToolTip(self.tr("Headers over the photos of a day, month or year, or of a folder"))
        self._sections.toggled.connect(self.sections_changed)
        menu.addAction(self._sections)
        menu.setToolTipsVisible(True)
        self.set_layout("squares", has_sections=True)
        scores = QAction(self.tr("Show likeness on photos"), self, checkable=True, checked=True)
        scores.toggled.connect(self.shows_scores_changed)
        menu.addAction(scores)
        return menu


class _WordsField(QLineEdit):
    """The field for words; hands pasted images on instead of ignoring them."""

    cleared = Signal()
    pinned = Signal()
    pasted = Signal()
    left_downwards = Signal()
    left_backwards = Signal()
    """Backspace where there is nothing to erase."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("words")
        self.setPlaceholderText(self.tr("Search what photos show, or their words; or drop an image"))
        self.setAccessibleName(self.tr("Search words"))
        self.setToolTip(
            self.tr(
                "Words find what photos show, such as “dog on a beach”, and what names, folders, captions and tags "
                "say. Quotes find a phrase, a minus leaves a word out."
            )
        )
        # A dropped image belongs to the window, not into the text.
        self.setAcceptDrops(False)
        self.setMinimumWidth(160)
        self.setMaximumWidth(_WORDS_MOST_PX)
        search = QAction(self.tr("Search words"), self)
        icons.bind(search, "search", "muted")
        self.addAction(search, QLineEdit.ActionPosition.LeadingPosition)
        self._pin = QAction(self.tr("Keep these words as a chip (Enter)"), self)
        icons.bind(self._pin, "add", "muted")
        self._pin.triggered.connect(self.pinned)
        self._erase = QAction(self.tr("Clear the words"), self)
        icons.bind(self._erase, "close", "muted")
        self._erase.triggered.connect(self._on_erase)
        self.addAction(self._erase, QLineEdit.ActionPosition.TrailingPosition)
        self.addAction(self._pin, QLineEdit.ActionPosition.TrailingPosition)
        self._erase.setVisible(False)
        self._pin.setVisible(False)
        self.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self, text: str) -> None:
        self._erase.setVisible(bool(text))
        self._pin.setVisible(bool(text.strip()))

    def _on_erase(self) -> None:
        self.clear()
        self.cleared.emit()

    def event(self, event: QEvent) -> bool:
        """Take Esc: first it erases the words, then it leaves the field."""
        if asks_for_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on what is not text."""
        if event.matches(QKeySequence.StandardKey.Paste):
            data = QApplication.clipboard().mimeData()
            if data is not None and (data.hasUrls() or data.hasImage()):
                self.pasted.emit()
                return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._on_erase()
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
            self.left_downwards.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pinned.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.left_backwards.emit()
        else:
            super().keyPressEvent(event)


class _Chip(QFrame):
    """One part of the query: picture or sign of words, name, weight, and a cross."""

    ACCESSIBLE_ROLE = QAccessible.Role.Grouping

    changed = Signal()
    removed = Signal(object)
    region_wanted = Signal(object)
    left_sideways = Signal(object, int)
    """The chip, and -1 for the one before it or 1 for the one behind it."""

    def __init__(self, part: QueryPart, look: ChipLook, parent: QWidget) -> None:
        super().__init__(parent)
        self.part = part
        self._name = look.text
        self.setObjectName("chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(CHIP_PX)  # with and without a picture
        self._picture = QLabel(self)
        self.set_picture(look.picture)
        text = QLabel(self)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setText(text.fontMetrics().elidedText(look.text, Qt.TextElideMode.ElideMiddle, _NAME_PX))
        text.setToolTip(look.text)
        self._weight = QToolButton(self)
        self._weight.setObjectName("weight")
        self._weight.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._weight.setToolTip(self.tr("How much the search goes towards this, or away from it"))
        self._weight.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self._weight)
        for weight, name in self._weights():
            action = menu.addAction(name)
            action.triggered.connect(lambda _checked=False, weight=weight: self._set_weight(weight))
        if not isinstance(part, WordsPart):
            menu.addSeparator()
            region = menu.addAction(self.tr("Use only a part…"))
            icons.bind(region, "region")
            region.triggered.connect(lambda: self.region_wanted.emit(self.part))
        self._weight.setMenu(menu)
        cross = _tool_button("close", self.tr("Remove"), self.tr("Remove this part of the search (Del)"))
        cross.setObjectName("cross")
        cross.setIconSize(QSize(14, 14))
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(lambda: self.removed.emit(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 3, 3)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(text)
        row.addWidget(self._weight)
        row.addWidget(cross)
        self.set_part(part)
        theme.current().changed.connect(self._tint)

    def _tint(self) -> None:
        if not self.has_picture:
            self.set_picture(None)

    def _weights(self) -> tuple[tuple[float, str], ...]:
        return (
            (2.0, self.tr("Much more like this (+2)")),
            (1.0, self.tr("More like this (+1)")),
            (0.5, self.tr("A little like this (+0.5)")),
            (-0.5, self.tr("A little less like this (−0.5)")),
            (-1.0, self.tr("Less like this (−1)")),
        )

    def set_picture(self, whole: QPixmap | None) -> None:
        """Show the picture, or that part of it that is looked for; a sign in its place while there is none."""
        ratio = self.devicePixelRatioF()
        self.has_picture = whole is not None
        if whole is None:
            name = "words" if isinstance(self.part, WordsPart) else "image"
            self._picture.setPixmap(icons.pixmap(name, theme.colours().muted, CHIP_PICTURE_PX - 6, ratio))
            return
        side = round(CHIP_PICTURE_PX * ratio)
        fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        drawn = _region_of(whole, self.part).scaled(side, side, fill, Qt.TransformationMode.SmoothTransformation)
        drawn = drawn.copy((drawn.width() - side) // 2, (drawn.height() - side) // 2, side, side)
        drawn.setDevicePixelRatio(ratio)
        self._picture.setPixmap(drawn)

    def set_part(self, part: QueryPart) -> None:
        """Show the weight of this part."""
        self.part = part
        sign = "−" if part.weight < 0 else "+"
        self._weight.setText(f"{sign}{abs(part.weight):g}")
        self.setProperty("negative", part.weight < 0)
        self.style().unpolish(self)
        self.style().polish(self)
        name = self.tr("{name}, weight {weight}").format(name=self._name, weight=f"{part.weight:+g}")
        self.setAccessibleName(name)
        self._weight.setAccessibleName(self.tr("Weight of {name}").format(name=self._name))

    def _set_weight(self, weight: float) -> None:
        self.set_part(replace(self.part, weight=weight))
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove with Del, weigh with plus and minus, go to the next with the arrows."""
        steps = [weight for weight, _name in self._weights()]
        near = min(range(len(steps)), key=lambda i: abs(steps[i] - self.part.weight))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self)
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._set_weight(steps[max(0, near - 1)])
        elif event.key() == Qt.Key.Key_Minus:
            self._set_weight(steps[min(len(steps) - 1, near + 1)])
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.left_sideways.emit(self, 1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._weight.showMenu()
        else:
            super().keyPressEvent(event)


def photo_look(path: bytes, picture: QPixmap | None) -> ChipLook:
    """Return the look of a photo's or a file's chip."""
    return ChipLook(wording.display_name(path), picture)


def part_look(look: ChipLook) -> ChipLook:
    """Return the look of a part of what another look shows; the chip cuts it out of the whole picture."""
    return ChipLook(QCoreApplication.translate("QueryBar", "Part of {name}").format(name=look.text), look.picture)


def _region_of(picture: QPixmap, part: QueryPart) -> QPixmap:
    """Return the part of a picture that is looked for; all of it when it is all."""
    if isinstance(part, WordsPart) or part.region is None:
        return picture
    left, top, right, bottom = part.region
    width, height = picture.width(), picture.height()
    cut = QRectF(left * width, top * height, (right - left) * width, (bottom - top) * height).toAlignedRect()
    return picture.copy(cut.intersected(picture.rect()))


def _tool_button(icon: str, name: str, tip: str = "", *, text: bool = False) -> QToolButton:
    button = QToolButton()
    icons.bind(button, icon)
    button.setText(name)
    button.setAccessibleName(name)
    button.setToolTip(tip or name)
    button.setIconSize(QSize(icons.ICON_PX, icons.ICON_PX))
    if text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
