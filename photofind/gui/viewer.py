"""One photo as large as the window, with its neighbours a key away.

Owned by the GUI thread. The thumbnail is there at once; the whole picture is asked of the library, first at the
size of the screen, then in full when the person goes nearer. Answers carry the photo's id: one that comes after the
person went on is dropped. Decoding here lost: a damaged file would take the window with it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.elided_label import ElidedLabel
from photofind.gui.full_image import FullImages
from photofind.gui.image_canvas import WHEEL_STEP, ImageCanvas
from photofind.gui.keys import physical_key
from photofind.gui.overlay import Overlay
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.library import Library
from photofind.records import Photo

HIDE_AFTER_MS = 2500
"""In full screen the bars go away when the pointer rests so long."""
THUMBNAIL_BOX_PX = 320


class Viewer(Overlay):
    """Covers its parent while it is open.

    Args:
        library: Asked for facts and whole pictures.
        bridge: Brings the answers here.
        thumbnails: What is shown at once.
    """

    find_similar = Signal(int)
    """Photo id; the viewer has closed."""
    current_changed = Signal(int)
    """Photo id now shown, so that the grid can follow."""
    rating_changed = Signal(list, object)
    """Photo ids, and 0 to 5 or None."""

    def __init__(
        self, library: Library, bridge: Bridge, thumbnails: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._thumbnails = thumbnails
        self._images = FullImages(library, bridge, "viewer")
        self._photo_ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._position = 0
        self._step = 1
        self._photo: Photo | None = None
        self._detail_px = 0
        self._are_facts_shown = True
        self.setAccessibleName(self.tr("Viewer"))
        self.setMouseTracking(True)

        self._canvas = ImageCanvas(self)
        self._canvas.setMouseTracking(True)
        self._canvas.installEventFilter(self)
        self._canvas.detail_wanted.connect(self._on_detail_wanted)
        self._canvas.view_changed.connect(self._show_zoom)
        self._message = QLabel(self)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message.hide()
        self._build_bars()

        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.setInterval(HIDE_AFTER_MS)
        self._hide_timer.timeout.connect(self._on_pointer_rested)
        thumbnails.loaded.connect(self._on_thumbnail_loaded)
        bridge.photos_removed.connect(self._on_photos_removed)
        bridge.photos_changed.connect(self._on_photos_changed)

    def _build_bars(self) -> None:
        self._top = _Bar(self)
        row = QHBoxLayout(self._top)
        row.setContentsMargins(theme.SPACE, theme.SPACE // 2, theme.SPACE, theme.SPACE // 2)
        row.setSpacing(theme.SPACE // 2)
        back = self._button("chevron-left", self.tr("Back"), self.tr("Back to the photos (Esc)"), self.close_over)
        self._name = ElidedLabel(self._top, Qt.TextElideMode.ElideMiddle)
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name.setMinimumWidth(48)
        self._count = QLabel(self._top)
        self._count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._zoom = QLabel(self._top)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(self._zoom.fontMetrics().horizontalAdvance("1,600 %"))
        self._zoom.setAccessibleName(self.tr("Zoom"))
        similar = self._button(
            "similar", self.tr("Find similar"), self.tr("Show photos like this one (S)"), self._find_similar
        )
        similar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row.addWidget(back)
        row.addWidget(self._name, 1)
        row.addWidget(self._count)
        row.addSpacing(theme.SPACE)
        row.addWidget(similar)
        row.addSpacing(theme.SPACE)
        zoom = self._canvas.zoom_by
        row.addWidget(
            self._button("zoom-out", self.tr("Farther"), self.tr("Zoom out (-)"), lambda: zoom(1 / WHEEL_STEP))
        )
        row.addWidget(self._zoom)
        row.addWidget(self._button("zoom-in", self.tr("Nearer"), self.tr("Zoom in (+)"), lambda: zoom(WHEEL_STEP)))
        row.addWidget(
            self._button(
                "fit",
                self.tr("Whole or 1:1"),
                self.tr("Whole picture or actual pixels (Z)"),
                self._canvas.toggle_fit,
            )
        )
        row.addWidget(
            self._button("info", self.tr("Facts"), self.tr("Show or hide the facts (I)"), self._toggle_facts)
        )
        row.addWidget(
            self._button(
                "full-screen", self.tr("Full screen"), self.tr("Full screen (F11)"), self.toggle_full_screen
            )
        )

        self._facts = _Bar(self)
        column = QVBoxLayout(self._facts)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE * 2, theme.SPACE)
        column.setSpacing(2)
        self._facts_text = QLabel(self._facts)
        self._facts_text.setTextFormat(Qt.TextFormat.PlainText)
        self._facts_text.setAccessibleName(self.tr("Facts"))
        column.addWidget(self._facts_text)

        self._previous = self._button(
            "chevron-left", self.tr("Previous photo"), self.tr("Previous photo (Left)"), lambda: self.step(-1)
        )
        self._next = self._button(
            "chevron-right", self.tr("Next photo"), self.tr("Next photo (Right)"), lambda: self.step(1)
        )
        for button in (self._previous, self._next):
            button.setParent(self)
            button.setObjectName("floating")
            button.setFixedSize(40, 56)

    def _button(self, icon: str, name: str, tooltip: str, clicked: object) -> QToolButton:
        button = QToolButton(self._top)
        icons.bind(button, icon)
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tooltip)
        button.setAutoRaise(True)
        # The keys belong to the picture; Tab still reaches the buttons.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: clicked())  # type: ignore[operator]
        return button

    # What is shown

    def show_photos(self, photo_ids: Sequence[int] | NDArray[np.int64], position: int) -> None:
        """Open at one of these photos.

        Args:
            photo_ids: What the arrow keys go through, in order.
            position: Which of them is shown first.
        """
        if len(photo_ids) == 0:
            return
        self._photo_ids = np.asarray(photo_ids, np.int64)
        self._position = min(max(position, 0), len(photo_ids) - 1)
        self._step = 1
        self.open_over()
        self._show_current()

    @property
    def photo_id(self) -> int | None:
        """The photo that is shown; None while closed."""
        if not self.isVisible() or self._position >= len(self._photo_ids):
            return None
        return int(self._photo_ids[self._position])

    @property
    def canvas(self) -> ImageCanvas:
        """Where the picture is painted."""
        return self._canvas

    def step(self, by: int) -> None:
        """Go on or back; at either end nothing happens."""
        position = min(max(self._position + by, 0), len(self._photo_ids) - 1)
        if position != self._position:
            self._step = 1 if by > 0 else -1
            self._position = position
            self._show_current()

    def close_over(self) -> None:
        """Close and give the memory of the pictures back."""
        self._images.drop()
        self._images.drop("ahead")
        self._hide_timer.stop()
        super().close_over()
        self._images.forget()
        self._canvas.clear()
        self._photo = None

    def _show_current(self) -> None:
        photo_id = self.photo_id
        if photo_id is None:
            return
        self._images.drop()
        photos = self._library.photos([photo_id])
        self._photo = photos[0] if photos else None
        self._detail_px = 0
        self._previous.setVisible(self._position > 0)
        self._next.setVisible(self._position < len(self._photo_ids) - 1)
        locale = self.locale()
        self._count.setText(
            self.tr("{n} of {total}").format(
                n=locale.toString(self._position + 1), total=locale.toString(len(self._photo_ids))
            )
        )
        if self._photo is None:
            self._name.clear()
            self._canvas.clear()
            self._say(self.tr("This photo is no longer in the library."))
        else:
            photo = self._photo
            self._say("")
            self._name.setText(wording.display_name(photo.path))
            self._name.setToolTip(wording.display_text(photo.path))
            pixmap = self._thumbnails.pixmap(photo.content_id)
            self._canvas.set_picture(photo.width_px, photo.height_px, pixmap)
            if pixmap is None:
                self._thumbnails.want(self, [photo.content_id], THUMBNAIL_BOX_PX)
            self._show_facts()
        self._show_zoom()
        self._place_bars()
        self.current_changed.emit(photo_id)

    def _show_facts(self) -> None:
        photo = self._photo
        if photo is None:
            self._facts.hide()
            return
        metadata = photo.metadata
        first = [
            wording.dimensions_text(photo.width_px, photo.height_px),
            wording.size_text(photo.size_bytes),
            photo.format,
        ]
        second = [wording.camera_text(metadata), wording.exposure_line(metadata), wording.focal_text(metadata)]
        lines = [
            " · ".join(part for part in first if part),
            " · ".join(part for part in second if part),
            "" if metadata.captured_at_ms is None else wording.date_text(metadata.captured_at_ms),
            wording.stars_text(photo.rating),
        ]
        self._facts_text.setText("\n".join(line for line in lines if line))
        self._facts.setVisible(self._are_facts_shown)
        self._place_bars()

    def _show_zoom(self) -> None:
        percent = self.locale().toString(round(self._canvas.device_px_per_px * 100))
        self._zoom.setText(self.tr("{n} %", "zoom").format(n=percent) if self._photo else "")

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    # Answers

    def _on_detail_wanted(self, px: int) -> None:
        photo = self._photo
        if photo is None or not self.isVisible():
            return
        self._detail_px = px
        kept = self._images.get(photo.photo_id, px)
        if kept is not None:
            self._on_image(photo.photo_id, kept)
        elif not photo.is_online:
            self._say(self.tr("Only the thumbnail can be shown: the folder of this photo is not available."))
        else:
            self._images.load(photo.photo_id, px, self._on_image, self._on_failed)

    def _on_image(self, photo_id: int, image: QImage) -> None:
        if photo_id != self.photo_id:
            return
        self._say("")
        self._canvas.set_pixels(image)
        self._load_ahead()

    def _on_failed(self, photo_id: int, sentence: str) -> None:
        if photo_id == self.photo_id:
            self._say(self.tr("The whole picture cannot be shown: {reason}").format(reason=sentence))

    def _load_ahead(self) -> None:
        """Load the neighbour the person is about to see, at the size of the screen."""
        position = self._position + self._step
        if not self._canvas.is_fitted or not 0 <= position < len(self._photo_ids):
            return
        photos = self._library.photos([int(self._photo_ids[position])])
        if not photos or not photos[0].is_online:
            return
        side = round(max(self.width(), self.height()) * self.devicePixelRatioF())
        px = min(side, max(photos[0].width_px, photos[0].height_px))
        if self._images.get(photos[0].photo_id, px) is None:
            self._images.load(photos[0].photo_id, px, lambda _photo_id, _image: None, place="ahead")

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        if self._photo is not None and self._photo.content_id == content_id and self.isVisible():
            pixmap = self._thumbnails.pixmap(content_id)
            if pixmap is not None:
                self._canvas.set_pixels(pixmap)

    def _on_photos_removed(self, photo_ids: tuple[int, ...]) -> None:
        shown = self.photo_id
        if shown is None:
            return
        is_gone = np.isin(self._photo_ids, np.array(photo_ids, np.int64))
        if not is_gone.any():
            return
        before = int(np.count_nonzero(is_gone[: self._position]))
        self._photo_ids = self._photo_ids[~is_gone]
        if len(self._photo_ids) == 0:
            self.close_over()
            return
        self._position = min(self._position - before, len(self._photo_ids) - 1)
        self._show_current()

    def _on_photos_changed(self, photo_ids: tuple[int, ...]) -> None:
        if self._photo is not None and self._photo.photo_id in photo_ids:
            photos = self._library.photos([self._photo.photo_id])
            if photos:
                self._photo = photos[0]
                self._show_facts()

    # What the person does

    def _find_similar(self) -> None:
        photo_id = self.photo_id
        if photo_id is not None:
            self.close_over()
            self.find_similar.emit(photo_id)

    def _toggle_facts(self) -> None:
        self._are_facts_shown = not self._are_facts_shown
        self._show_facts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the viewer."""
        key = physical_key(event)
        match key:
            case Qt.Key.Key_Escape | Qt.Key.Key_Space | Qt.Key.Key_Backspace | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.close_over()
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.step(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.step(1)
            case Qt.Key.Key_Home:
                self.step(-len(self._photo_ids))
            case Qt.Key.Key_End:
                self.step(len(self._photo_ids))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._canvas.zoom_by(WHEEL_STEP)
            case Qt.Key.Key_Minus:
                self._canvas.zoom_by(1 / WHEEL_STEP)
            case Qt.Key.Key_Z:
                self._canvas.toggle_fit()
            case Qt.Key.Key_F11:
                self.toggle_full_screen()
                self._hide_timer.start()
            case Qt.Key.Key_S:
                self._find_similar()
            case Qt.Key.Key_I:
                self._toggle_facts()
            case _ if Qt.Key.Key_0 <= key <= Qt.Key.Key_5 and self._photo is not None:
                self.rating_changed.emit([self._photo.photo_id], int(key) - int(Qt.Key.Key_0))
            case _:
                super().keyPressEvent(event)

    # The bars

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Show the bars while the pointer moves over the picture."""
        if watched is self._canvas and isinstance(event, QMouseEvent):
            self._show_bars()
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _show_bars(self) -> None:
        for bar in (self._top, self._facts):
            bar.setVisible(bar is self._top or (self._are_facts_shown and self._photo is not None))
        self._previous.setVisible(self._position > 0)
        self._next.setVisible(self._position < len(self._photo_ids) - 1)
        self._canvas.unsetCursor() if self._canvas.is_fitted else None
        if self.window().isFullScreen():
            self._hide_timer.start()

    def _on_pointer_rested(self) -> None:
        if self.window().isFullScreen() and not self._top.underMouse():
            for widget in (self._top, self._facts, self._previous, self._next):
                widget.hide()
            if self._canvas.is_fitted:
                self._canvas.setCursor(Qt.CursorShape.BlankCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep canvas and bars at the edges."""
        super().resizeEvent(event)
        # In full screen the picture has all of it, and the bar lies over it while the pointer moves.
        top = 0 if self.window().isFullScreen() else self._top.sizeHint().height()
        self._canvas.setGeometry(self.rect().adjusted(0, top, 0, 0))
        self._place_bars()
        self._show_zoom()

    def _place_bars(self) -> None:
        self._top.setGeometry(0, 0, self.width(), self._top.sizeHint().height())
        self._facts.adjustSize()
        gap = theme.SPACE * 2
        self._facts.move(QPoint(gap, self.height() - self._facts.height() - gap))
        middle = (self.height() - self._next.height()) // 2
        self._previous.move(gap, middle)
        self._next.move(self.width() - self._next.width() - gap, middle)
        self._message.setGeometry(self.width() // 6, self.height() - 160, self.width() * 2 // 3, 80)
        for widget in (self._message, self._facts, self._previous, self._next, self._top):
            widget.raise_()


class _Bar(QFrame):
    """A strip over the picture: the surface's colour, so that text keeps its contrast over any photo."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(theme.colours().surface)
        colour.setAlphaF(0.92)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        parent = self.parentWidget()
        is_strip = parent is not None and self.width() == parent.width()
        radius = 0 if is_strip else theme.SPACE
        painter.drawRoundedRect(self.rect(), radius, radius)
