"""Two to four photos side by side, so that a person can tell which one to keep.

Owned by the GUI thread. All panes show the same part: one zoom, one place, as fractions of each picture, so that a
small copy lies exactly over its large original. Blinking shows the photos in one place by turns, which finds what
the eye misses side by side; the line (`split_canvas`) is pulled across two of them; the difference paints two over
each other, equal parts black. Painting the difference with QPainter takes a few ms at the size of the window;
computing it over all pixels lost.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photofind.gui import icons, keymap, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.details_panel import StarsEditor
from photofind.gui.elided_label import ElidedLabel
from photofind.gui.flow_layout import FlowLayout
from photofind.gui.full_image import FullImages
from photofind.gui.image_canvas import WHEEL_STEP, ImageCanvas, View
from photofind.gui.keys_dialog import show_keys
from photofind.gui.overlay import Overlay
from photofind.gui.picture_tiles import PictureTiles, TiledPicture
from photofind.gui.sharpness import common_size, measure_later
from photofind.gui.shortcuts import Room
from photofind.gui.split_canvas import SplitCanvas
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.library import Library
from photofind.records import Companion, Photo

MOST_PHOTOS = 4
BLINK_MS = 600
_LINE_STEP = 0.05
_SHARPNESS_TOPIC = "compare:sharpness"
_COMPANIONS_TOPIC = "compare:companions"
THUMBNAIL_BOX_PX = 320


class CompareView(Overlay):
    """Covers its parent while it is open.

    Args:
        library: Asked for whole pictures.
        bridge: Brings the answers here.
        thumbnails: What is shown at once.
    """

    keep_chosen = Signal(int, list)
    """Photo id to keep, and the ids of the others compared; only when opened with `may_choose`."""
    rating_changed = Signal(list, object)
    """Photo ids, and 1 to 5 or None; only when opened without `may_choose`, as the next."""
    trash_wanted = Signal(list)
    """Photo ids; whoever listens asks the person first."""
    undo_wanted = Signal()

    def __init__(
        self, library: Library, bridge: Bridge, thumbnails: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._bridge = bridge
        self._thumbnails = thumbnails
        self._images = FullImages(library, bridge, "compare")
        self._tiles = PictureTiles(library, bridge, "compare-tiles", self._on_failed)
        self._photos: list[Photo] = []
        self._panes: list[_Pane] = []
        self._front = 0
        self._may_choose = False
        self._is_measured = False
        self._shares: list[float] = []
        self.setAccessibleName(self.tr("Compare"))

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_bar())
        self._grid = QGridLayout()
        self._grid.setContentsMargins(theme.SPACE, 0, theme.SPACE, theme.SPACE)
        self._grid.setSpacing(theme.SPACE)
        column.addLayout(self._grid, 1)
        self._difference = _Difference(self)
        self._difference.hide()
        self._split = SplitCanvas(self)
        self._split.hide()
        self._split.view_changed.connect(self._on_split_moved)
        self._split.detail_wanted.connect(self._on_split_detail_wanted)
        self._blink_timer = QTimer(self)
        self._blink_timer.setInterval(BLINK_MS)
        self._blink_timer.timeout.connect(self._show_next)
        thumbnails.loaded.connect(self._on_thumbnail_loaded)
        bridge.photos_removed.connect(self._on_photos_removed)
        bridge.photos_changed.connect(self._on_photos_changed)

    def _build_bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.SPACE, theme.SPACE // 2, theme.SPACE, theme.SPACE // 2)
        row.setSpacing(theme.SPACE // 2)
        row.addWidget(_button(bar, "chevron-left", self.tr("Back"), self.tr("Back (Esc)"), self.close_over))
        self._title = QLabel(bar)
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        row.addWidget(self._title, 1)
        self._blink = _button(
            bar,
            "play",
            self.tr("Blink"),
            self.tr("Show the photos in one place by turns"),
            self._on_blink_toggled,
            "blink",
        )
        self._blink.setCheckable(True)
        self._subtract = _button(
            bar,
            "compare",
            self.tr("Difference"),
            self.tr("Show where two photos differ; equal parts are black"),
            self._on_difference_toggled,
            "difference",
        )
        self._subtract.setCheckable(True)
        self._slide = _button(
            bar,
            "split",
            self.tr("Slide"),
            self.tr("Lay two photos on each other and pull a line across them"),
            self._on_slide_toggled,
            "slide",
        )
        self._slide.setCheckable(True)
        for button in (self._blink, self._slide, self._subtract):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            row.addWidget(button)
        row.addSpacing(theme.SPACE)
        row.addWidget(
            _button(
                bar,
                "zoom-out",
                self.tr("Farther"),
                self.tr("Zoom out"),
                lambda: self._zoom(1 / WHEEL_STEP),
                "farther",
            )
        )
        row.addWidget(
            _button(bar, "zoom-in", self.tr("Nearer"), self.tr("Zoom in"), lambda: self._zoom(WHEEL_STEP), "nearer")
        )
        row.addWidget(
            _button(
                bar,
                "fit",
                self.tr("Whole or 1:1"),
                self.tr("Whole picture or actual pixels"),
                self._toggle_fit,
                "fit",
            )
        )
        row.addWidget(
            _button(
                bar,
                "full-screen",
                self.tr("Full screen"),
                self.tr("Fill the screen"),
                self.toggle_full_screen,
                "full_screen",
            )
        )
        return bar

    # What is shown

    def show_photos(self, photos: list[Photo], *, may_choose: bool = False) -> None:
        """Open with these photos.

        Args:
            photos: Two to four; more are left out.
            may_choose: Offer "Keep this one" under each.
        """
        photos = photos[:MOST_PHOTOS]
        if len(photos) < 2:
            return
        self._photos = photos
        self._may_choose = may_choose
        self._front = 0
        self._blink.setChecked(False)
        self._subtract.setChecked(False)
        self._slide.setChecked(False)
        self._blink_timer.stop()
        self._bridge.drop(_SHARPNESS_TOPIC)
        self._is_measured = False
        self._shares = []
        self._subtract.setVisible(len(photos) == 2)
        self._slide.setVisible(len(photos) == 2)
        self._title.setText(self.tr("Compare %n photo(s)", "", len(photos)))
        self._build_panes()
        self.open_over()
        # As large on the screen as the largest: only then does the same zoom show the same part.
        longest_px = max(max(photo.width_px, photo.height_px) for photo in photos)
        for pane in self._panes:
            own_px = max(pane.photo.width_px, pane.photo.height_px, 1)
            pane.canvas.set_most_enlarged(longest_px / own_px)
            pane.start(self._thumbnails.pixmap(pane.photo.content_id), self._tiles.of(pane.photo))
        self._split.set_most_enlarged(longest_px / max(photos[0].width_px, photos[0].height_px, 1))
        self._thumbnails.want(
            self,
            [p.content_id for p in photos if self._thumbnails.pixmap(p.content_id) is None],
            THUMBNAIL_BOX_PX,
        )
        self._arrange()
        ids = [photo.photo_id for photo in photos]
        self._bridge.ask(self._library.companions(ids), self._on_companions, topic=_COMPANIONS_TOPIC)

    @property
    def canvases(self) -> list[ImageCanvas]:
        """Where the photos are painted, in order."""
        return [pane.canvas for pane in self._panes]

    @property
    def is_blinking(self) -> bool:
        """True while the photos take turns."""
        return self._blink.isChecked()

    @property
    def front(self) -> int:
        """Position of the photo that is in front while blinking."""
        return self._front

    @property
    def difference_image(self) -> QImage | None:
        """What the difference paints; None while it is not shown."""
        return self._difference.image if self._subtract.isChecked() else None

    @property
    def split(self) -> SplitCanvas | None:
        """Where two photos are shown on each other; None while they are not."""
        return self._split if self._slide.isChecked() else None

    def close_over(self) -> None:
        """Close and give the memory of the pictures back."""
        self._blink_timer.stop()
        self._images.drop_all()
        self._bridge.drop(_SHARPNESS_TOPIC)
        self._bridge.drop(_COMPANIONS_TOPIC)
        super().close_over()
        self._images.forget()
        self._split.clear()
        self._split.set_second(1, 1, None)
        self._drop_panes()
        self._tiles.forget()
        self._photos = []

    def _build_panes(self) -> None:
        self._drop_panes()
        facts = wording.compare_facts(self._photos)
        for index, photo in enumerate(self._photos):
            pane = _Pane(self, photo)
            pane.show_facts(facts, index)
            pane.canvas.view_changed.connect(lambda pane=pane: self._on_view_changed(pane))
            pane.canvas.detail_wanted.connect(lambda px, pane=pane: self._on_detail_wanted(pane, px))
            pane.keep.setVisible(self._may_choose)
            pane.keep.clicked.connect(lambda _checked=False, pane=pane: self._on_keep(pane))
            pane.trash.setVisible(not self._may_choose)
            pane.trash.clicked.connect(
                lambda _checked=False, pane=pane: self.trash_wanted.emit([pane.photo.photo_id])
            )
            pane.stars.setVisible(not self._may_choose)
            pane.stars.rated.connect(lambda rating, pane=pane: self._on_rated(pane, rating))
            pane.canvas.pixels_changed.connect(self._measure)
            pane.below_changed.connect(self._level)
            self._panes.append(pane)

    def _drop_panes(self) -> None:
        for pane in self._panes:
            self._grid.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self._panes = []

    def _arrange(self) -> None:
        """Lay the panes out: side by side, or the one in front alone."""
        over = self._difference if self._subtract.isChecked() else self._split if self._slide.isChecked() else None
        is_single = self._blink.isChecked()
        columns = 1 if is_single else (2 if len(self._panes) in (2, 4) else 3)
        for index, pane in enumerate(self._panes):
            self._grid.removeWidget(pane)
            row, column = (0, 0) if is_single else divmod(index, columns)
            # Under a picture of both stand the facts of each.
            pane.canvas.setVisible(over is None)
            self._grid.addWidget(pane, row + (over is not None), column)
            pane.setVisible(not is_single or index == self._front)
        rows = 1 if is_single or over is not None else -(-len(self._panes) // columns)
        for row in range(2):
            self._grid.setRowStretch(row, int(row < rows))
        for widget in (self._difference, self._split):
            self._grid.removeWidget(widget)
            widget.setVisible(widget is over)
        if over is not None:
            self._grid.addWidget(over, 0, 0, 1, 2)
            self._show_pair()

    def _level(self) -> None:
        """Give all panes the same room for what is said below, or their pictures would be of different heights."""
        shown = [pane for pane in self._panes if pane.isVisibleTo(self)]
        if shown:
            width = min(pane.width() for pane in shown)
            height = max(pane.height_below(width) for pane in self._panes)
            for pane in self._panes:
                pane.set_height_below(height, width)

    def _show_pair(self) -> None:
        """Give the picture of both the pixels that are there."""
        if self._subtract.isChecked():
            self._difference.show_pair(self._panes[0].canvas.pixels, self._panes[1].canvas.pixels)
        elif self._slide.isChecked():
            first, second = self._panes
            if first.canvas.pixels is not None:
                self._split.set_pixels(first.canvas.pixels)
            photo = second.photo
            self._split.set_second(photo.width_px, photo.height_px, second.canvas.pixels, self._tiles.of(photo))

    # Answers

    def _on_detail_wanted(self, pane: "_Pane", px: int) -> None:
        photo = pane.photo
        kept = self._images.get(photo.photo_id, px)
        if kept is not None:
            self._on_image(photo.photo_id, kept)
        elif photo.is_online:
            self._images.load(photo.photo_id, px, self._on_image, self._on_failed, place=str(photo.photo_id))

    def _on_split_detail_wanted(self, px: int) -> None:
        for pane in self._panes:
            self._on_detail_wanted(pane, px)

    def _on_image(self, photo_id: int, image: QImage) -> None:
        for pane in self._panes:
            if pane.photo.photo_id == photo_id:
                pane.canvas.set_pixels(image)
        self._show_pair()

    def _measure(self) -> None:
        """Say how sharp the photos are, once, as soon as all whole pictures are there."""
        images = [pane.canvas.pixels for pane in self._panes]
        whole = [image for image in images if isinstance(image, QImage)]
        if self._is_measured or len(whole) < len(self._photos):
            return
        self._is_measured = True
        size = common_size([image.size() for image in whole])
        if size is not None:
            self._bridge.ask(measure_later(whole, size), self._on_measured, topic=_SHARPNESS_TOPIC)

    def _on_measured(self, shares: list[float]) -> None:
        """Take the answer; it is empty where the photos show different things."""
        self._shares = shares
        self._show_facts()

    def _on_companions(self, found: Mapping[int, Sequence[Companion]]) -> None:
        """Say which of them are live photos."""
        live = {photo_id for photo_id, companions in found.items() if any(each.is_video for each in companions)}
        self._photos = [replace(photo, has_video=photo.photo_id in live) for photo in self._photos]
        if live:
            self._show_facts()

    def _show_facts(self) -> None:
        facts = wording.compare_facts(self._photos, self._shares)
        for index, pane in enumerate(self._panes):
            pane.show_facts(facts, index)

    def _on_failed(self, photo_id: int, sentence: str) -> None:
        for pane in self._panes:
            if pane.photo.photo_id == photo_id:
                pane.say(sentence)

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        pixmap = self._thumbnails.pixmap(content_id)
        for pane in self._panes:
            if pane.photo.content_id == content_id and pixmap is not None:
                pane.canvas.set_pixels(pixmap)

    def _on_photos_removed(self, photo_ids: tuple[int, ...]) -> None:
        left = [photo for photo in self._photos if photo.photo_id not in photo_ids]
        if not self.isVisible() or len(left) == len(self._photos):
            return
        if len(left) < 2:
            self.close_over()
        else:
            self.show_photos(left, may_choose=self._may_choose)

    def _on_photos_changed(self, photo_ids: tuple[int, ...]) -> None:
        if not self.isVisible():
            return
        shown = {pane.photo.photo_id for pane in self._panes}
        changed = {photo.photo_id: photo for photo in self._library.photos(sorted(shown.intersection(photo_ids)))}
        for pane in self._panes:
            if pane.photo.photo_id in changed:
                pane.stars.set_rating(changed[pane.photo.photo_id].rating)

    # What the person does

    def _on_rated(self, pane: "_Pane", rating: object) -> None:
        self.rating_changed.emit([pane.photo.photo_id], rating)

    def _front_canvas(self) -> ImageCanvas:
        return self._split if self._slide.isChecked() else self._panes[self._front].canvas

    def _toggle_fit(self) -> None:
        """Change between all and the actual pixels: those of the largest, where the photos stand side by side."""
        if self._slide.isChecked() or self._blink.isChecked():
            self._front_canvas().toggle_fit()
        else:
            largest = max(self._panes, key=lambda pane: pane.photo.width_px * pane.photo.height_px)
            largest.canvas.toggle_fit()

    def _zoom(self, factor: float) -> None:
        self._front_canvas().zoom_by(factor)

    def _on_view_changed(self, source: "_Pane") -> None:
        view: View = source.canvas.view
        for pane in self._panes:
            if pane is not source:
                pane.canvas.set_view(view)

    def _on_split_moved(self) -> None:
        for pane in self._panes:
            pane.canvas.set_view(self._split.view)

    def _on_blink_toggled(self) -> None:
        self._choose_way(self._blink)

    def _on_difference_toggled(self) -> None:
        self._choose_way(self._subtract)

    def _on_slide_toggled(self) -> None:
        if self._slide.isChecked():
            photo = self._photos[0]
            view = self._panes[0].canvas.view
            pixels = self._panes[0].canvas.pixels
            self._split.set_picture(photo.width_px, photo.height_px, None, self._tiles.of(photo))
            if pixels is not None:
                self._split.set_pixels(pixels)
            self._split.set_fraction(0.5)
            self._choose_way(self._slide)
            self._split.set_view(view)
        else:
            self._choose_way(self._slide)

    def _choose_way(self, chosen: QToolButton) -> None:
        """Look at the photos in the way just chosen or given up; there is one at a time."""
        for button in (self._blink, self._subtract, self._slide):
            if button is not chosen:
                button.setChecked(False)
        self._front = 0
        if self._blink.isChecked():
            self._blink_timer.start()
        else:
            self._blink_timer.stop()
        self._arrange()

    def _show_next(self) -> None:
        self._front = (self._front + 1) % len(self._panes)
        view = self._panes[self._front - 1].canvas.view
        self._arrange()
        self._front_canvas().set_view(view)

    def _on_keep(self, pane: "_Pane") -> None:
        keep = pane.photo.photo_id
        others = [photo.photo_id for photo in self._photos if photo.photo_id != keep]
        self.close_over()
        self.keep_chosen.emit(keep, others)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the comparison."""
        key = event.key()
        number = key - int(Qt.Key.Key_1)
        step = 60.0
        moves = {
            Qt.Key.Key_Left: QPointF(step, 0),
            Qt.Key.Key_Right: QPointF(-step, 0),
            Qt.Key.Key_Up: QPointF(0, step),
            Qt.Key.Key_Down: QPointF(0, -step),
        }
        if key == Qt.Key.Key_Escape or not self._panes:
            self.close_over()
        elif self._slide.isChecked() and key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._split.is_fitted:
            self._split.set_fraction(
                self._split.fraction + (_LINE_STEP if key == Qt.Key.Key_Right else -_LINE_STEP)
            )
        elif key in moves:
            self._front_canvas().move_by(moves[Qt.Key(key)])
        elif self._may_choose and 0 <= number < len(self._panes) and not _is_held(event):
            self._on_keep(self._panes[number])
        elif not self._run(keymap.current().command(event, Room.COMPARISON)):
            super().keyPressEvent(event)

    def _run(self, command: str) -> bool:
        """Do what a command does here; False when it is none of the comparison's."""
        match command:
            case "nearer":
                self._zoom(WHEEL_STEP)
            case "farther":
                self._zoom(1 / WHEEL_STEP)
            case "fit":
                self._toggle_fit()
            case "blink":
                self._blink.click()
            case "difference" if len(self._panes) == 2:
                self._subtract.click()
            case "slide" if len(self._panes) == 2:
                self._slide.click()
            case "full_screen":
                self.toggle_full_screen()
            case "undo":
                self.undo_wanted.emit()
            case "keys":
                show_keys(self)
            case _:
                return False
        return True


def _is_held(event: QKeyEvent) -> bool:
    """Whether a key is pressed together with Ctrl or Alt."""
    return bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier))


class _Pane(QWidget):
    """One photo with its name, its stars and the facts in which it differs."""

    below_changed = Signal()
    """What is said below the picture may need another height."""

    def __init__(self, parent: QWidget, photo: Photo) -> None:
        super().__init__(parent)
        self.photo = photo
        shown_name = wording.display_name(photo.path)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE // 2)
        self.canvas = ImageCanvas(self)
        self.canvas.setAccessibleName(shown_name)
        column.addWidget(self.canvas, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        name = ElidedLabel(self, Qt.TextElideMode.ElideMiddle)
        name.setText(shown_name)
        name.setToolTip(wording.display_text(photo.path))
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(name, 1)
        self.stars = StarsEditor(self)
        self.stars.set_rating(photo.rating)
        self.stars.setAccessibleName(self.tr("Rating of {name}").format(name=shown_name))
        row.addWidget(self.stars)
        self.trash = _button(
            self, "trash", self.tr("Move to trash"), self.tr("Move this photo to the trash"), lambda: None
        )
        self.trash.setAccessibleName(self.tr("Move {name} to the trash").format(name=shown_name))
        row.addWidget(self.trash)
        self.keep = QToolButton(self)
        self.keep.setText(self.tr("Keep this one"))
        self.keep.setAccessibleName(self.tr("Keep {name}").format(name=shown_name))
        self.keep.setToolTip(self.tr("Keep this photo and mark the others for the trash (1 to 4)"))
        icons.bind(self.keep, "check")
        self.keep.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row.addWidget(self.keep)
        column.addLayout(row)
        self._line = FlowLayout()
        self._line.setSpacing(2 * theme.SPACE)  # the facts have points and blanks of their own
        column.addLayout(self._line)
        self._facts: list[QLabel] = []
        self._sentence = QLabel(self)
        self._sentence.setWordWrap(True)
        self._sentence.hide()
        column.addWidget(self._sentence)

    def show_facts(self, facts: Sequence[wording.ComparedFact], index: int) -> None:
        """Show this photo's side of the comparison."""
        known = [fact for fact in facts if fact.texts[index]]
        while len(self._facts) < len(known):
            self._facts.append(QLabel(self))
            self._line.addWidget(self._facts[-1])
        for shown, fact in zip(self._facts, known, strict=True):
            set_fact(shown, fact.label, fact.texts[index], is_better=index in fact.better, why=fact.why)
        self.below_changed.emit()

    def height_below(self, width: int) -> int:
        """Return the height that facts and sentence need at a width."""
        return self._line.natural_height(width) + self._sentence_height(width)

    def set_height_below(self, height: int, width: int) -> None:
        """Give them this much together."""
        self._line.set_least_height(height - self._sentence_height(width))

    def _sentence_height(self, width: int) -> int:
        if self._sentence.isHidden():
            return 0
        return self._sentence.heightForWidth(width) + theme.SPACE // 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.below_changed.emit()

    def start(self, pixmap: QPixmap | None, tiles: TiledPicture | None) -> None:
        self.canvas.set_picture(self.photo.width_px, self.photo.height_px, pixmap, tiles)

    def say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.show()
        self.below_changed.emit()


class _Difference(QWidget):
    """Two pictures subtracted, fitted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.setAccessibleName(self.tr("Difference"))

    def show_pair(self, first: QPixmap | QImage | None, second: QPixmap | QImage | None) -> None:
        if first is None or second is None:
            self.image = None
        else:
            larger = first if first.width() >= second.width() else second
            size = larger.size().boundedTo(QSize(2048, 2048))
            size = larger.size().scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
            self.image = difference(first, second, size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme.colours().canvas))
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        target = QRectF(self.rect())
        fitted = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target.setSize(fitted)
        target.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(target, self.image)


def difference(first: QPixmap | QImage, second: QPixmap | QImage, size: QSize) -> QImage:
    """Return the absolute difference of two pictures, both stretched to `size`, doubled so that it is seen."""
    result = QImage(size, QImage.Format.Format_RGB32)
    result.fill(Qt.GlobalColor.black)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    target = QRectF(0, 0, size.width(), size.height())
    for picture, mode in (
        (first, QPainter.CompositionMode.CompositionMode_SourceOver),
        (second, QPainter.CompositionMode.CompositionMode_Difference),
    ):
        painter.setCompositionMode(mode)
        if isinstance(picture, QPixmap):
            painter.drawPixmap(target, picture, QRectF(picture.rect()))
        else:
            painter.drawImage(target, picture, QRectF(picture.rect()))
    painter.end()
    doubled = result.copy()
    painter = QPainter(doubled)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    painter.drawImage(0, 0, result)
    painter.end()
    return doubled


def set_fact(shown: QLabel, label: str, text: str, *, is_better: bool, why: str = "") -> None:
    """Put one fact into a label; the better value is bold, coloured and ticked: colour alone is not seen by all.

    Args:
        shown: The label.
        label: Name of the fact.
        text: Its value.
        is_better: Whether it is the better one of those compared.
        why: What better means here, for the tooltip.
    """
    shown.setTextFormat(Qt.TextFormat.PlainText)
    shown.setText(f"{text} ✓" if is_better else text)
    font = QFont(shown.font())
    font.setBold(is_better)
    shown.setFont(font)
    theme.ink(shown, "success" if is_better else "muted")
    better = wording.translate("Facts", "{fact}: {value} (better)") if is_better else "{fact}: {value}"
    described = better.format(fact=label, value=text)
    shown.setAccessibleName(described)
    shown.setToolTip(f"{described}\n{why}" if why else described)


def _button(
    parent: QWidget, icon: str, name: str, tooltip: str, clicked: Callable[[], None], command: str = ""
) -> QToolButton:
    button = QToolButton(parent)
    icons.bind(button, icon)
    button.setText(name)
    button.setAccessibleName(name)
    button.setToolTip(tooltip)
    if command:
        keymap.current().show(button, command)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: clicked())
    return button
