"""The groups of duplicates, one row each, with their photos as cards.

Owned by the duplicates view, on the GUI thread. Only the rows on the screen are widgets: their place is a
multiplication, and a row that leaves at the top is used again at the bottom, so that 50,000 groups cost what five
cost. A list view with a delegate lost: its rows would be painted buttons that neither the keyboard nor a screen
reader can reach.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, keymap, theme, wording
from photofind.gui.elided_label import ElidedLabel
from photofind.gui.shortcuts import Room
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Cluster, MatchKind, Photo

if TYPE_CHECKING:
    from photofind.gui.duplicates_view import DuplicatesView

CARD_PICTURE = QSize(192, 144)
MOST_CARDS = 24
"""More photos of one group are counted, not drawn; marks and plan know them all."""
_CHECK_PX = 14
_WORDY_PX = 620
"""Rows so wide have buttons with words."""


class ClusterList(QAbstractScrollArea):
    """The groups, one row each; only the rows on the screen exist.

    Args:
        view: Knows photos and marks, and is told what the person does.
        thumbnails: Pictures of the cards.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.List

    def __init__(self, view: "DuplicatesView", thumbnails: ThumbnailLoader) -> None:
        super().__init__(view)
        self._view = view
        self._thumbnails = thumbnails
        self._clusters: list[Cluster] = []
        self._rows: dict[int, ClusterRow] = {}
        self._free: list[ClusterRow] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(self.tr("Groups of duplicates"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        thumbnails.loaded.connect(self._on_thumbnail_loaded)

    @property
    def rows(self) -> dict[int, "ClusterRow"]:
        """The rows that exist, by position of their group."""
        return self._rows

    def set_clusters(self, clusters: list[Cluster]) -> None:
        """Show these groups; the one that the person is at stays where it is on the screen, with the keyboard.

        That is the group with the keyboard, else the one under the pointer, else the first in sight when the list
        was scrolled: whoever is about to press a key or a button must not do it to another group.
        """
        bar, height = self.verticalScrollBar(), self._row_height()
        here = self._focused()
        photo_id, button = self._rows[here[0]].place_of_focus(here[1]) if here is not None else (None, "")
        under = next((index for index, row in self._rows.items() if row.underMouse()), None)
        index = here[0] if here is not None else under if under is not None else -(-bar.value() // height)
        anchor = None
        if index < len(self._clusters) and (bar.value() or here is not None or under is not None):
            anchor = photo_id or self._clusters[index].photo_ids[0]
        self._clusters = clusters
        self._update_range()
        found = next((i for i, cluster in enumerate(clusters) if anchor in cluster.photo_ids), None)
        if found is not None:
            bar.setValue(bar.value() + (found - index) * height)
        self.rebind()
        if here is not None:
            if found in self._rows:
                self._rows[found].take_focus(photo_id, button)
            else:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def rebind(self) -> None:
        """Show the rows on the screen anew: facts or marks changed."""
        for index, row in self._rows.items():
            if index < len(self._clusters):
                self._bind(row, index)
        self._place_rows()

    def _bind(self, row: "ClusterRow", index: int) -> None:
        cluster = self._clusters[index]
        row.set_cluster(cluster, self._view.photos_of(cluster.photo_ids[:MOST_CARDS]), self._view.marked)

    def _row_height(self) -> int:
        return ClusterRow.height_for(self)

    def _update_range(self) -> None:
        bar = self.verticalScrollBar()
        page = self.viewport().height()
        bar.setPageStep(page)
        bar.setSingleStep(max(self._row_height() // 4, 1))
        bar.setRange(0, max(0, len(self._clusters) * self._row_height() - page))

    def _place_rows(self) -> None:
        height = self._row_height()
        top = self.verticalScrollBar().value()
        first = top // height
        last = min((top + self.viewport().height()) // height, len(self._clusters) - 1)
        wanted = range(first, last + 1)
        focus = QApplication.focusWidget()
        for index in [index for index in self._rows if index not in wanted]:
            row = self._rows.pop(index)
            if focus is not None and row.isAncestorOf(focus):
                # The row is about to show another group; the keyboard must not go along.
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            row.hide()
            self._free.append(row)
        for index in wanted:
            if index not in self._rows:
                self._rows[index] = (
                    self._free.pop() if self._free else ClusterRow(self.viewport(), self._view, self._thumbnails)
                )
                self._bind(self._rows[index], index)
            self._rows[index].setGeometry(0, index * height - top, self.viewport().width(), height)
            self._rows[index].show()
        ids = [photo.content_id for index in wanted for photo in self._rows[index].photos]
        self._thumbnails.want(self, ids, round(CARD_PICTURE.width() * self.devicePixelRatioF()))

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        for row in self._rows.values():
            row.update_picture(content_id)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Place the rows anew."""
        self._place_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the width."""
        super().resizeEvent(event)
        self._update_range()
        self._place_rows()

    def changeEvent(self, event: QEvent) -> None:
        """A larger font makes higher rows."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._update_range()
            self._place_rows()

    def _focused(self) -> tuple[int, int] | None:
        """Return position of the group and of the photo that has the keyboard."""
        focus = QApplication.focusWidget()
        for index, row in self._rows.items():
            position = row.position_of(focus)
            if position is not None:
                return index, position
        return None

    def focus_photo(self, index: int, position: int) -> None:
        """Give the keyboard to one photo of one group, scrolling to it."""
        if not self._clusters:
            return
        index = min(max(index, 0), len(self._clusters) - 1)
        height, bar = self._row_height(), self.verticalScrollBar()
        if index * height < bar.value():
            bar.setValue(index * height)
        elif (index + 1) * height > bar.value() + self.viewport().height():
            bar.setValue(max((index + 1) * height - self.viewport().height(), 0))
        if index in self._rows:
            self._rows[index].focus_card(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from photo to photo and from group to group; letters act on the group."""
        here = self._focused()
        key = event.key()
        if here is None:
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Left):
                height = self._row_height()
                self.focus_photo(-(-self.verticalScrollBar().value() // height), 0)
            else:
                super().keyPressEvent(event)
            return
        index, position = here
        cluster = self._clusters[index]
        page = max(self.viewport().height() // self._row_height(), 1)
        moves = {
            Qt.Key.Key_Down: (index + 1, position),
            Qt.Key.Key_Up: (index - 1, position),
            Qt.Key.Key_Right: (index, position + 1),
            Qt.Key.Key_Left: (index, position - 1),
            Qt.Key.Key_PageDown: (index + page, position),
            Qt.Key.Key_PageUp: (index - page, position),
            Qt.Key.Key_Home: (0, 0),
            Qt.Key.Key_End: (len(self._clusters) - 1, 0),
        }
        if key in moves:
            self.focus_photo(*moves[Qt.Key(key)])
            return
        photo_id = self._rows[index].photos[position].photo_id
        match keymap.current().command(event, Room.DUPLICATES):
            case "open":
                self._view.open_photo(cluster, photo_id)
            case "keep_best":
                self._view.keep_best(cluster)
            case "unmark":
                self._view.unmark(cluster)
            case "compare":
                self._view.compare(cluster)
            case "dismiss" if self._view.may_dismiss(cluster):
                self._view.dismiss(cluster)
                self.focus_photo(index, 0)
            case "similar":
                self._view.find_similar.emit(photo_id)
            case _:
                super().keyPressEvent(event)


class ClusterRow(QWidget):
    """One group: what it is, what can be done with it, and its photos as cards."""

    def __init__(self, parent: QWidget, view: "DuplicatesView", thumbnails: ThumbnailLoader) -> None:
        super().__init__(parent)
        self._view = view
        self._thumbnails = thumbnails
        self._cluster: Cluster | None = None
        self._photos: list[Photo] = []
        self._cards: list[PhotoCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE * 2, 0)
        column.setSpacing(theme.SPACE)
        header = QHBoxLayout()
        header.setSpacing(theme.SPACE)
        self._title = QLabel(self)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._reason = ElidedLabel(self)
        self._reason.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._reason.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        header.addWidget(self._title)
        header.addWidget(self._reason, 1)
        self.keep_best = self._button(
            "check",
            self.tr("Keep best, mark others"),
            self.tr("Mark what the rules propose to go of this group for the trash"),
            self._on_keep_best,
            "keep_best",
        )
        self.unmark = self._button(
            "undo", self.tr("Unmark"), self.tr("Keep all photos of this group"), self._on_unmark, "unmark"
        )
        self.compare = self._button(
            "compare", self.tr("Compare"), self.tr("See the photos side by side"), self._on_compare, "compare"
        )
        self.dismiss = self._button(
            "close",
            self.tr("Not a duplicate"),
            self.tr("Remember that these photos do not belong together"),
            self._on_dismiss,
            "dismiss",
        )
        self._buttons = {
            "keep_best": self.keep_best,
            "unmark": self.unmark,
            "compare": self.compare,
            "dismiss": self.dismiss,
        }
        for button in self._buttons.values():
            header.addWidget(button)
        column.addLayout(header)
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("cards")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._cards_row = QHBoxLayout(inside)
        self._cards_row.setContentsMargins(0, 0, 0, 0)
        self._cards_row.setSpacing(theme.SPACE)
        self._more = QLabel(inside)
        self._more.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._cards_row.addWidget(self._more)
        self._cards_row.addStretch(1)
        self._scroll.setWidget(inside)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column.addWidget(self._scroll, 1)

    def _button(self, icon: str, text: str, tooltip: str, clicked: Callable[[], None], command: str) -> QToolButton:
        button = QToolButton(self)
        icons.bind(button, icon)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tooltip)
        keymap.current().show(button, command)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        button.clicked.connect(lambda _checked=False: clicked())
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words of the buttons out where they would be cut off; their tooltips have them."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        look = style.ToolButtonTextBesideIcon if self.width() >= _WORDY_PX else style.ToolButtonIconOnly
        for button in self._buttons.values():
            button.setToolButtonStyle(look)

    @staticmethod
    def height_for(widget: QWidget) -> int:
        """Return the height of every row at the font of `widget`."""
        bar = widget.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        header = max(widget.fontMetrics().height() + 14, 32)
        return theme.SPACE + header + theme.SPACE + PhotoCard.height_for(widget) + bar + theme.SPACE

    @property
    def view(self) -> "DuplicatesView":
        """The view this row belongs to."""
        return self._view

    @property
    def photos(self) -> list[Photo]:
        """The photos that have a card."""
        return self._photos

    @property
    def cards(self) -> list["PhotoCard"]:
        """Their cards, the proposed one first."""
        return self._cards[: len(self._photos)]

    def set_cluster(self, cluster: Cluster, photos: list[Photo], marked: set[int]) -> None:
        """Show another group."""
        is_other = self._cluster is None or self._cluster.photo_ids != cluster.photo_ids
        self._cluster = cluster
        self._photos = photos
        marks = marked.intersection(cluster.photo_ids)
        count = len(cluster.photo_ids)
        self._title.setText(self.tr("%n photo(s)", "", count))
        reason = wording.keep_reason(cluster.decided_by)
        gain = sum(photo.size_bytes for photo in photos[1:])
        text = self.tr("Best: {reason}").format(reason=reason) if reason else self.tr("No rule tells them apart")
        if reason and count <= MOST_CARDS:
            text += " · " + self.tr("the others take {size}").format(size=wording.size_text(gain))
        self._reason.setText(text)
        why = self.tr("Why the first photo is proposed to stay: {reason}").format(reason=reason) if reason else ""
        self._reason.setToolTip(f"{text}\n{why}".strip())
        facts = wording.compare_facts(photos) if photos else []
        while len(self._cards) < len(photos):
            card = PhotoCard(self, self._thumbnails)
            card.clicked.connect(lambda _checked=False, card=card: self._on_card_clicked(card))
            self._cards.append(card)
            self._cards_row.insertWidget(len(self._cards) - 1, card, 0, Qt.AlignmentFlag.AlignTop)
        for index, card in enumerate(self._cards):
            card.setVisible(index < len(photos))
            if index < len(photos):
                lines = [(fact.texts[index], index in fact.better) for fact in facts]
                is_best = bool(reason) and index == 0
                rules = cluster.decided_by[index - 1 : index] if index else ()
                card.set_photo(
                    photos[index],
                    lines,
                    is_best=is_best,
                    is_live=photos[index].photo_id in cluster.with_video,
                    is_marked=photos[index].photo_id in marks,
                    why=reason if is_best else "".join(map(wording.go_reason, rules)),
                )
        self._more.setVisible(count > len(photos))
        self._more.setText(self.tr("and %n more", "", count - len(photos)))
        self._word_dismissal(cluster.kind)
        self.dismiss.setVisible(self._view.may_dismiss(cluster))
        self.keep_best.setVisible(not marks and bool(cluster.superfluous))
        self.unmark.setVisible(bool(marks))
        if is_other:
            self._scroll.horizontalScrollBar().setValue(0)

    def _word_dismissal(self, kind: MatchKind) -> None:
        """Nobody can make equal bytes unequal by saying so; but copies may be wanted."""
        if kind is MatchKind.IDENTICAL:
            text = self.tr("Keep all copies")
            tip = self.tr("Remember that these copies stay; they come back only when another one joins")
        else:
            text = self.tr("Not a duplicate")
            tip = self.tr("Remember that these photos do not belong together")
        if self.dismiss.text() != text:
            self.dismiss.setText(text)
            self.dismiss.setAccessibleName(text)
            self.dismiss.setToolTip(tip)
            keymap.current().show(self.dismiss, "dismiss")

    def place_of_focus(self, position: int) -> tuple[int | None, str]:
        """Return the photo of a card, and the name of the button that has the keyboard, empty for none."""
        focus = QApplication.focusWidget()
        name = next((name for name, button in self._buttons.items() if button is focus), "")
        return self._photos[position].photo_id, name

    def take_focus(self, photo_id: int | None, button: str) -> None:
        """Give the keyboard to the button of this name, or to a photo's card."""
        if button and self._buttons[button].isVisibleTo(self):
            self._buttons[button].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        ids = [photo.photo_id for photo in self._photos]
        self.focus_card(ids.index(photo_id) if photo_id in ids else 0)

    def update_picture(self, content_id: int) -> None:
        """Paint the cards of a content again."""
        for card in self.cards:
            if card.photo is not None and card.photo.content_id == content_id:
                card.update()

    def position_of(self, widget: QWidget | None) -> int | None:
        """Return which card `widget` is or which card a button of this row stands for."""
        for position, card in enumerate(self.cards):
            if card is widget:
                return position
        return 0 if widget is not None and self._photos and self.isAncestorOf(widget) else None

    def focus_card(self, position: int) -> None:
        """Give the keyboard to a card."""
        cards = self.cards
        if cards:
            card = cards[min(max(position, 0), len(cards) - 1)]
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(card, theme.SPACE, 0)

    def _on_card_clicked(self, card: "PhotoCard") -> None:
        if self._cluster is not None and card.photo is not None:
            self._view.set_marked(self._cluster, card.photo.photo_id, is_marked=not card.is_marked)

    def open_card(self, card: "PhotoCard") -> None:
        """Show a card's photo in the viewer."""
        if self._cluster is not None and card.photo is not None:
            self._view.open_photo(self._cluster, card.photo.photo_id)

    def show_menu(self, card: "PhotoCard", at: QPoint) -> None:
        """Show what can be done with one photo."""
        cluster, photo = self._cluster, card.photo
        if cluster is None or photo is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open"), lambda: self._view.open_photo(cluster, photo.photo_id))
        menu.addAction(self.tr("Keep this one, mark others"), lambda: self._view.keep_only(cluster, photo.photo_id))
        menu.addAction(self.tr("Find similar"), lambda: self._view.find_similar.emit(photo.photo_id))
        menu.popup(at)

    def _on_keep_best(self) -> None:
        if self._cluster is not None:
            self._view.keep_best(self._cluster)

    def _on_unmark(self) -> None:
        if self._cluster is not None:
            self._view.unmark(self._cluster)

    def _on_compare(self) -> None:
        if self._cluster is not None:
            self._view.compare(self._cluster)

    def _on_dismiss(self) -> None:
        if self._cluster is not None:
            self._view.dismiss(self._cluster)


class PhotoCard(QAbstractButton):
    """One photo of a group with its facts; a click marks it for the trash or takes the mark away.

    It is a checkable button, so that keyboard and screen readers treat it as the check box it is.
    """

    def __init__(self, row: ClusterRow, thumbnails: ThumbnailLoader) -> None:
        super().__init__(row)
        self._row = row
        self._thumbnails = thumbnails
        self._photo: Photo | None = None
        self._lines: list[tuple[str, bool]] = []
        self._why = ""
        self._is_best = False
        self._is_live = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(CARD_PICTURE.width() + theme.SPACE * 2, self.height_for(self))

    @staticmethod
    def height_for(widget: QWidget) -> int:
        """Return the height of a card at the font of `widget`: picture, seven lines, check box."""
        return CARD_PICTURE.height() + (widget.fontMetrics().height() + 3) * 8 + theme.SPACE * 3

    @property
    def photo(self) -> Photo | None:
        """The photo shown."""
        return self._photo

    @property
    def is_marked(self) -> bool:
        """True when the photo is marked for the trash."""
        return self._is_marked

    _is_marked = False

    def set_photo(
        self,
        photo: Photo,
        lines: list[tuple[str, bool]],
        *,
        is_best: bool,
        is_live: bool,
        is_marked: bool,
        why: str = "",
    ) -> None:
        """Show another photo.

        Args:
            photo: The photo.
            lines: Facts in the order of `wording.compare_facts`, True for the better value.
            is_best: The one proposed to stay.
            is_live: The video of a live photo lies beside it.
            is_marked: Marked for the trash.
            why: The reason for the proposal to keep it, or to let it go.
        """
        self._photo = photo
        self._lines = lines
        self._why = why
        self._is_best = is_best
        self._is_live = is_live
        self._is_marked = is_marked
        self.setChecked(is_marked)
        name = wording.display_name(photo.path)
        states = [name]
        if is_best:
            states.append(self.tr("best"))
        states.append(self.tr("marked for the trash") if is_marked else self.tr("stays"))
        if is_live:
            states.append(self.tr("live photo, its video is beside it"))
        states += [text for text, _is_better in lines if text]
        if why:
            states.append(why)
        self.setAccessibleName(", ".join(states))
        tip = [wording.display_text(photo.path)]
        if photo.other_paths:
            tip.append(self.tr("The same file, not a copy of it, is also at:"))
            tip += [wording.display_text(path) for path in photo.other_paths]
        if is_live:
            tip.append(self.tr("A live photo: its video is beside it"))
        if why:
            tip.append(self.tr("Stays: {reason}").format(reason=why) if is_best else why)
        self.setToolTip("\n".join(tip))
        self.update()

    def nextCheckState(self) -> None:
        """The view decides: the last photo of a group cannot be marked."""

    def mouseDoubleClickEvent(self, event: QEvent) -> None:
        """Open the photo, and take back what the first click of the two did."""
        self.click()
        self._row.open_card(self)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done with the photo."""
        self._row.show_menu(self, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space marks; everything else goes to the list, past the scroll area between, which would scroll."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select):
            super().keyPressEvent(event)
        else:
            self._row.view.group_list.keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw picture, facts and check box."""
        photo = self._photo
        if photo is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme.colours()
        frame = self.rect().adjusted(1, 1, -1, -1)
        painter.setBrush(QColor(colours.hover if self.underMouse() else colours.surface))
        border = colours.danger if self._is_marked else colours.accent if self.hasFocus() else colours.border
        pen = painter.pen()
        pen.setColor(QColor(border))
        pen.setWidthF(2 if self._is_marked or self.hasFocus() else 1)
        painter.setPen(pen)
        painter.drawRoundedRect(frame, theme.SPACE, theme.SPACE)
        picture = QRect(QPoint(theme.SPACE, theme.SPACE), CARD_PICTURE)
        self._paint_picture(painter, picture, photo)
        self._paint_badge(painter, picture, photo)
        if self._is_live:
            self._paint_live(painter, picture, photo)
        self._paint_facts(painter, picture, photo)
        if self._is_marked and self.hasFocus():
            # The edge is red already: the focus is a ring inside it.
            painter.setPen(QPen(QColor(colours.text), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), theme.SPACE - 3, theme.SPACE - 3)

    def _paint_picture(self, painter: QPainter, area: QRect, photo: Photo) -> None:
        target = _fitted(area, photo)
        painter.save()
        shape = QPainterPath()
        shape.addRoundedRect(target, 4, 4)
        painter.setClipPath(shape)
        if self._is_marked:
            painter.setOpacity(0.4)
        pixmap = self._thumbnails.pixmap(photo.content_id)
        if pixmap is None:
            painter.fillRect(target, QColor.fromRgb(photo.mean_rgb))
        else:
            painter.drawPixmap(target, pixmap)
        painter.restore()

    def _paint_badge(self, painter: QPainter, area: QRect, photo: Photo) -> None:
        colours = theme.colours()
        if self._is_marked:
            text, ground = self.tr("To the trash"), colours.danger
        elif self._is_best:
            text, ground = self.tr("Best"), colours.accent
        else:
            return
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        width, corner = metrics.horizontalAdvance(text) + 14, _fitted(area, photo).topLeft()
        left = min(corner.x() + 6, max(area.left(), area.right() + 1 - width))  # a strip is narrower than its badge
        badge = QRect(left, corner.y() + 6, width, metrics.height() + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(QColor(colours.surface if self._is_marked else colours.on_accent))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_live(self, painter: QPainter, area: QRect, photo: Photo) -> None:
        """Say in the lower corner, where no other badge is, that there is a video."""
        colours = theme.colours()
        painter.setFont(self.font())
        metrics = painter.fontMetrics()
        text = self.tr("Live")
        width, height = metrics.horizontalAdvance(text) + 14, metrics.height() + 4
        corner = _fitted(area, photo).bottomLeft()
        left = min(corner.x() + 6, max(area.left(), area.right() + 1 - width))
        badge = QRect(left, corner.y() + 1 - 6 - height, width, height)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_facts(self, painter: QPainter, picture: QRect, photo: Photo) -> None:
        colours = theme.colours()
        metrics = self.fontMetrics()
        line_height = metrics.height() + 3
        line = QRect(picture.left(), picture.bottom() + theme.SPACE, picture.width(), line_height)

        def draw(text: str, colour: str, elide: Qt.TextElideMode, *, bold: bool = False) -> None:
            font = self.font()
            font.setBold(bold)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(text, elide, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, line_height)

        right = Qt.TextElideMode.ElideRight
        draw(wording.display_name(photo.path), colours.text, Qt.TextElideMode.ElideMiddle, bold=True)
        folder = wording.display_folder(photo.path)
        if photo.other_paths:
            folder += " · " + self.tr("%n more name(s)", "", len(photo.other_paths))
        draw(folder, colours.muted, Qt.TextElideMode.ElideLeft)
        for text, is_better in self._lines:
            draw(
                f"{text} ✓" if is_better else (text or "–"),
                colours.success if is_better else colours.muted,
                right,
                bold=is_better,
            )
        draw(self._why, colours.text, right)
        line.translate(0, 4)
        self._paint_check(painter, line)
        line.setLeft(line.left() + _CHECK_PX + 6)
        draw(self.tr("Move to trash") if photo.is_online else self.tr("Not available now"), colours.text, right)

    def _paint_check(self, painter: QPainter, line: QRect) -> None:
        """Draw the box by hand: the style's own cannot be seen on the dark ground of a card."""
        colours = theme.colours()
        box = QRect(line.left(), line.center().y() - _CHECK_PX // 2, _CHECK_PX, _CHECK_PX)
        painter.setPen(QColor(colours.danger if self._is_marked else colours.muted))
        painter.setBrush(QColor(colours.danger) if self._is_marked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        if self._is_marked:
            tick = icons.pixmap("check", colours.surface, _CHECK_PX - 2, self.devicePixelRatioF())
            painter.drawPixmap(box.left() + 1, box.top() + 1, tick)


def _fitted(area: QRect, photo: Photo) -> QRect:
    """Return where in its area a picture is, in its own shape."""
    size = QSize(max(photo.width_px, 1), max(photo.height_px, 1))
    target = QRect(QPoint(0, 0), size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio))
    target.setSize(target.size().expandedTo(QSize(1, 1)))
    target.moveCenter(area.center())
    return target
