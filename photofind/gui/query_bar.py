"""What is looked for: the field for words, the tray of chips, filters and view.

Owned by the main window, on its thread. It holds the question (parts, filter, order) and says when it changed; the
window asks the library. Typing waits 150 ms for the next letter, everything else counts at once.

A chip's weight is chosen from five words ("more like this", "less like this") rather than set by a slider for each
part: with slides people moved numbers about without seeing what they meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QDate, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.label_picker import LabelPicker
from photofind.records import Filter, ImagePart, PhotoPart, QueryPart, SortOrder, WordsPart

TYPING_MS = 150
CHIP_PICTURE_PX = 24
_DAY_MS = 86_400_000
_NAME_PX = 140
_LABELS_PX = 240

Facets = dict[str, list[tuple[str, int]]]


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
    filters_opened = Signal()
    """The filter menu is about to show; new facets are welcome."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("query-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
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
        self.words.entered.connect(self._on_words_entered)
        self.words.pinned.connect(self._pin_words)
        self.words.pasted.connect(self.paste_wanted)
        self.words.left_downwards.connect(self.left_downwards)
        self._image_button = _tool_button(
            "image-search", self.tr("Find by image"), self.tr("Choose an image to find similar photos (Ctrl+O)")
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
        self.filters.changed.connect(self._on_filter_changed)
        self._filters_button.clicked.connect(self._open_filters)
        self.view_menu = self._make_view_menu()
        self._view_button.setMenu(self.view_menu)

        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        top.addWidget(self.menu_button)
        top.addWidget(self.words, 1)
        top.addWidget(self._image_button)
        top.addSpacing(theme.SPACE)
        top.addWidget(self._filters_button)
        top.addWidget(self._view_button)
        self._tray = self._make_tray()
        self._notice = self._make_notice()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addLayout(top)
        column.addWidget(self._tray)
        column.addWidget(self._notice)
        self._tray.hide()

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

    def _on_words_entered(self) -> None:
        self._typing.stop()
        self.query_changed.emit()

    def _pin_words(self) -> None:
        text = self.words.text().strip()
        if text:
            self._typing.stop()
            self.words.clear()
            self._add_chip(WordsPart(text), ChipLook(text))
            self.query_changed.emit()

    # The tray

    def _make_tray(self) -> QWidget:
        tray = QWidget(self)
        tray.setObjectName("tray")
        inside = QWidget()
        inside.setObjectName("trayInside")
        self._chip_row = QHBoxLayout(inside)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        self._chip_row.setSpacing(theme.SPACE)
        self._chip_row.addStretch(1)
        scroll = QScrollArea(tray)
        scroll.setObjectName("trayScroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setFixedHeight(CHIP_PICTURE_PX + 3 * theme.SPACE // 2)
        self._tray_scroll = scroll
        self._result = QLabel(tray)
        self._result.setObjectName("result")
        self._exact = QLabel(self.tr("exact"), tray)
        self._exact.setObjectName("exact")
        self._exact.setToolTip(self.tr("Every photo was compared: none can be missing."))
        self._clear = QToolButton(tray)
        self._clear.setObjectName("quiet")
        self._clear.setText(self.tr("Clear search"))
        self._clear.setToolTip(self.tr("Remove words and chips and show all photos again (Esc)"))
        self._clear.clicked.connect(self.clear)
        row = QHBoxLayout(tray)
        row.setContentsMargins(theme.SPACE // 2, 0, theme.SPACE // 2, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(scroll, 1)
        row.addWidget(self._result)
        row.addWidget(self._exact)
        row.addWidget(self._clear)
        self._exact.hide()
        return tray

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

    def chip_count(self) -> int:
        """Return the number of chips in the tray."""
        return len(self._chips)

    def set_tray_shown(self, shown: bool) -> None:
        """Show the tray, which also has the result line."""
        self._tray.setVisible(shown)
        if not shown:
            self.show_notice("")

    def _add_chip(self, part: QueryPart, look: ChipLook) -> None:
        chip = _Chip(part, look, self)
        chip.changed.connect(self.query_changed)
        chip.removed.connect(self._on_chip_removed)
        self._chips.append(chip)
        self._chip_row.insertWidget(len(self._chips) - 1, chip)
        self._show_tray()

    def _on_chip_removed(self, chip: "_Chip") -> None:
        place = self._chips.index(chip)
        self._chips.remove(chip)
        self._chip_row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        if self._chips:
            self._chips[min(place, len(self._chips) - 1)].setFocus()
        self._show_tray()
        self.query_changed.emit()

    def _remove_chips(self) -> None:
        for chip in self._chips:
            self._chip_row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips.clear()

    def _show_tray(self) -> None:
        self._tray.setVisible(bool(self.parts()))

    # Filters and view

    def _open_filters(self) -> None:
        self.filters_opened.emit()
        self.filters.open_below(self._filters_button)

    def _on_filter_changed(self) -> None:
        count = self.filters.active_count()
        text = self.tr("Filters")
        self._filters_button.setText(f"{text} · {count}" if count else text)
        self._filters_button.setProperty("active", bool(count))
        self._filters_button.style().unpolish(self._filters_button)
        self._filters_button.style().polish(self._filters_button)
        icons.bind(self._filters_button, "filter", "accent" if count else "text")
        self.filter_changed.emit()

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
    entered = Signal()
    pinned = Signal()
    pasted = Signal()
    left_downwards = Signal()

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
        search = QAction(self.tr("Search words"), self)
        icons.bind(search, "search", "muted")
        self.addAction(search, QLineEdit.ActionPosition.LeadingPosition)
        self._pin = QAction(self.tr("Keep these words as a chip (Ctrl+Enter)"), self)
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
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.pinned.emit()
            else:
                self.entered.emit()
        else:
            super().keyPressEvent(event)


class _Chip(QFrame):
    """One part of the query: picture or sign of words, name, weight, and a cross."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, part: QueryPart, look: ChipLook, parent: QWidget) -> None:
        super().__init__(parent)
        self.part = part
        self._name = look.text
        self.setObjectName("chip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        picture = QLabel(self)
        ratio = self.devicePixelRatioF()
        if look.picture is not None:
            side = round(CHIP_PICTURE_PX * ratio)
            fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            drawn = look.picture.scaled(side, side, fill, Qt.TransformationMode.SmoothTransformation)
            drawn = drawn.copy((drawn.width() - side) // 2, (drawn.height() - side) // 2, side, side)
            drawn.setDevicePixelRatio(ratio)
            picture.setPixmap(drawn)
        else:
            name = "words" if isinstance(part, WordsPart) else "image"
            picture.setPixmap(icons.pixmap(name, theme.colours().muted, CHIP_PICTURE_PX - 6, ratio))
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
        self._weight.setMenu(menu)
        cross = _tool_button("close", self.tr("Remove"), self.tr("Remove this part of the search (Del)"))
        cross.setObjectName("cross")
        cross.setIconSize(QSize(14, 14))
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(lambda: self.removed.emit(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 3, 3)
        row.setSpacing(6)
        row.addWidget(picture)
        row.addWidget(text)
        row.addWidget(self._weight)
        row.addWidget(cross)
        self.set_part(part)

    def _weights(self) -> tuple[tuple[float, str], ...]:
        return (
            (2.0, self.tr("Much more like this (+2)")),
            (1.0, self.tr("More like this (+1)")),
            (0.5, self.tr("A little like this (+0.5)")),
            (-0.5, self.tr("A little less like this (−0.5)")),
            (-1.0, self.tr("Less like this (−1)")),
        )

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
        """Remove with Del, weigh with plus and minus."""
        steps = [weight for weight, _name in self._weights()]
        near = min(range(len(steps)), key=lambda i: abs(steps[i] - self.part.weight))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self)
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._set_weight(steps[max(0, near - 1)])
        elif event.key() == Qt.Key.Key_Minus:
            self._set_weight(steps[min(len(steps) - 1, near + 1)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._weight.showMenu()
        else:
            super().keyPressEvent(event)


class FilterPanel(QFrame):
    """The filters, in a panel that stays open while they are tried."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("filter-panel")
        self.setAccessibleName(self.tr("Filters"))
        self._is_quiet = False
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        grid.setHorizontalSpacing(2 * theme.SPACE)
        grid.setVerticalSpacing(theme.SPACE)
        self._year = self._combo(grid, 0, self.tr("Year"), self.tr("When the photo was taken"))
        self._has_from = QCheckBox(self.tr("Taken from"), self)
        self._from = self._date(QDate(2000, 1, 1))
        self._has_until = QCheckBox(self.tr("Taken until"), self)
        self._until = self._date(QDate.currentDate())
        for row, (box, edit) in enumerate(((self._has_from, self._from), (self._has_until, self._until)), 1):
            grid.addWidget(box, row, 0)
            grid.addWidget(edit, row, 1)
            edit.setAccessibleName(box.text())
            edit.setEnabled(False)
            box.toggled.connect(edit.setEnabled)
            box.toggled.connect(self._on_date)
            edit.dateChanged.connect(self._on_date)
        self._camera = self._combo(grid, 3, self.tr("Camera"), self.tr("The camera model"))
        self._format = self._combo(grid, 4, self.tr("Type"), self.tr("The kind of file"))
        self._rating = self._combo(grid, 5, self.tr("Rating"), self.tr("Stars given by you or found in the file"))
        self._orientation = self._combo(grid, 6, self.tr("Shape"), self.tr("Landscape, portrait or square"))
        for stars in range(1, 6):
            text = "★" * stars if stars == 5 else self.tr("{stars} or more").format(stars="★" * stars)
            self._rating.addItem(text, stars)
        for value, name in (
            ("landscape", self.tr("Landscape")),
            ("portrait", self.tr("Portrait")),
            ("square", self.tr("Square")),
        ):
            self._orientation.addItem(name, value)
        self._labels = LabelPicker(self)
        self._labels.setFixedWidth(_LABELS_PX)
        self._labels.changed.connect(self._on_changed)
        grid.addWidget(self._labels, 0, 2, 8, 1)
        self._clear = QPushButton(self.tr("Clear filters"), self)
        self._clear.clicked.connect(self.clear)
        self._clear.setEnabled(False)
        grid.addWidget(self._clear, 7, 1, Qt.AlignmentFlag.AlignRight)

    def _combo(self, grid: QGridLayout, row: int, name: str, tip: str) -> QComboBox:
        label = QLabel(name, self)
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        combo.setMinimumWidth(200)
        combo.setMaximumWidth(280)
        combo.addItem(self.tr("Any"), None)
        combo.currentIndexChanged.connect(self._on_changed)
        label.setBuddy(combo)
        grid.addWidget(label, row, 0)
        grid.addWidget(combo, row, 1)
        return combo

    def _date(self, date: QDate) -> QDateEdit:
        edit = QDateEdit(date, self)
        edit.setCalendarPopup(True)
        edit.setDisplayFormat("yyyy-MM-dd")
        return edit

    def open_below(self, button: QWidget) -> None:
        """Show the panel under a button, inside the screen."""
        self._labels.start_over()
        self.adjustSize()
        place = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        screen = button.screen().availableGeometry()
        place.setX(max(screen.left(), min(place.x(), screen.right() - self.width())))
        self.move(place)
        self.show()
        self._year.setFocus()

    def set_facets(self, facets: Facets) -> None:
        """Offer the cameras, types, years and names that are in the library, with counts."""
        self._is_quiet = True
        for combo, key in ((self._camera, "cameras"), (self._format, "formats"), (self._year, "years")):
            chosen = combo.currentData()
            while combo.count() > 1:
                combo.removeItem(1)
            for value, count in facets.get(key, []):
                combo.addItem(f"{value}  ({self.locale().toString(count)})", value)
            place = combo.findData(chosen)
            combo.setCurrentIndex(max(0, place))
        self._labels.set_labels(facets.get("labels", []))
        self._is_quiet = False

    def filter(self) -> Filter:
        """Return what is chosen."""
        earliest, latest = self._range()
        camera, file_format = self._camera.currentData(), self._format.currentData()
        return Filter(
            captured_from_ms=earliest,
            captured_until_ms=latest,
            cameras=(str(camera),) if camera is not None else (),
            formats=(str(file_format),) if file_format is not None else (),
            min_rating=self._rating.currentData(),
            orientation=self._orientation.currentData(),
            labels=self._labels.chosen(),
        )

    def choose_labels(self, names: Sequence[str]) -> None:
        """Let only photos with one of these labels (English names) through."""
        self._labels.choose(names)

    def _range(self) -> tuple[int | None, int | None]:
        earliest = _day_ms(self._from.date()) if self._has_from.isChecked() else None
        latest = _day_ms(self._until.date()) + _DAY_MS if self._has_until.isChecked() else None
        year = self._year.currentData()
        if year is not None and str(year).isdecimal():
            first, last = _day_ms(QDate(int(year), 1, 1)), _day_ms(QDate(int(year) + 1, 1, 1))
            earliest = first if earliest is None else max(earliest, first)
            latest = last if latest is None else min(latest, last)
        return earliest, latest

    def active_count(self) -> int:
        """Return how many filters are chosen."""
        combos = (self._year, self._camera, self._format, self._rating, self._orientation)
        return (
            sum(combo.currentIndex() > 0 for combo in combos)
            + sum(box.isChecked() for box in (self._has_from, self._has_until))
            + bool(self._labels.chosen())
        )

    def clear(self) -> None:
        """Choose nothing."""
        if not self.active_count():
            return
        self._is_quiet = True
        for combo in (self._year, self._camera, self._format, self._rating, self._orientation):
            combo.setCurrentIndex(0)
        for box in (self._has_from, self._has_until):
            box.setChecked(False)
        self._labels.choose(())
        self._is_quiet = False
        self._on_changed()

    def _on_date(self) -> None:
        self._on_changed()

    def _on_changed(self) -> None:
        if not self._is_quiet:
            self._clear.setEnabled(bool(self.active_count()))
            self.changed.emit()

    def event(self, event: QEvent) -> bool:
        """Close on Esc wherever the focus is inside."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.hide()
            return True
        return super().event(event)


def photo_look(path: bytes, picture: QPixmap | None) -> ChipLook:
    """Return the look of a photo's or a file's chip."""
    return ChipLook(wording.display_name(path), picture)


def image_look(part: ImagePart, name: str) -> ChipLook:
    """Return the look of an image from outside; its own pixels when they were pasted."""
    picture = QPixmap()
    if part.data is not None:
        picture.loadFromData(part.data)
    return ChipLook(name, None if picture.isNull() else picture)


def _day_ms(day: QDate) -> int:
    """Return midnight of a day as `Metadata.captured_at_ms` counts it."""
    return QDate(1970, 1, 1).daysTo(day) * _DAY_MS


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
