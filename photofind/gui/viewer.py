"""One photo as large as the window, with its neighbours a key away.

Owned by the GUI thread. The thumbnail is there at once; the whole picture is asked of the library at the size of
the screen, and what is seen of it in tiles (`picture_tiles`) when the person goes nearer. Answers carry the photo's
id: one that comes after the person went on is dropped. Decoding here lost: a damaged file would take the window
with it.

A held arrow key goes through the thumbnails only; the whole picture is asked for where it comes to rest, since
every one of them costs a decode that nobody would see. Figures are in `tests/benchmarks/viewer.py`.
"""

import itertools
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, keymap, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.elided_label import ElidedLabel
from photofind.gui.filmstrip import THUMBNAIL_BOX_PX, Filmstrip
from photofind.gui.full_image import FullImages
from photofind.gui.histogram import HistogramView, histogram
from photofind.gui.image_canvas import WHEEL_STEP, ImageCanvas
from photofind.gui.keys_dialog import show_keys
from photofind.gui.overlay import Overlay
from photofind.gui.picture_tiles import PictureTiles
from photofind.gui.region_selector import RegionSelector, region_hint
from photofind.gui.shortcuts import Room
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.library import Library
from photofind.records import Photo

HIDE_AFTER_MS = 2500
_OF_THE_PHOTO = frozenset(
    {"copy", "copy_image", "copy_path", "copy_to", "rename", "pick", "reject", "unflag"}
    | {f"rate_{stars}" for stars in range(6)}
)
"""Commands of the window that are for the photo in sight."""
"""In full screen the bars go away when the pointer rests so long."""
REST_MS = 120
"""Photos that follow each other faster are gone through, not looked at."""
_SAYING_MS = 5000
NARROW_PX = 880
"""A viewer less wide has no words on its buttons."""


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
    trash_wanted = Signal(list)
    """Photo ids; whoever listens asks the person first."""
    undo_wanted = Signal()
    command_wanted = Signal(str)
    """The name of a command of the window for the photo in sight."""
    menu_requested = Signal(QPoint)
    """Where on the screen its menu is wanted."""
    find_part = Signal(int, object)
    """Photo id and region (left, top, right, bottom as fractions of the upright picture); the viewer has closed."""
    filmstrip_toggled = Signal(bool)
    """The person showed or hid the filmstrip."""

    def __init__(
        self, library: Library, bridge: Bridge, thumbnails: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._thumbnails = thumbnails
        self._images = FullImages(library, bridge, "viewer")
        self._tiles = PictureTiles(library, bridge, "viewer-tiles", self._on_failed)
        self._photo_ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._position = 0
        self._step = 1
        self._photo: Photo | None = None
        self._detail_px = 0
        self._stepped_at = 0.0
        self._are_facts_shown = True
        self._is_filmstrip_shown = True
        self._is_passing = False
        self._is_drawing = False
        self._is_resting = False
        self._pointer_at = QPointF()
        self._trashing: set[int] = set()
        self.setAccessibleName(self.tr("Viewer"))
        self.setMouseTracking(True)

        self._canvas = ImageCanvas(self)
        self._canvas.setMouseTracking(True)
        self._canvas.installEventFilter(self)
        self._canvas.detail_wanted.connect(self._on_detail_wanted)
        self._canvas.view_changed.connect(self._show_zoom)
        self._canvas.pixels_changed.connect(self._count_soon)
        self._selector = RegionSelector(self._canvas)
        self._selector.changed.connect(self._on_region_changed)
        self._selector.accepted.connect(self._find_part)
        self._selector.left.connect(self._leave_region_tool)
        self._message = QLabel(self)
        self._message.setObjectName("over-picture")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message.hide()
        self._filmstrip = Filmstrip(library, thumbnails, self)
        self._filmstrip.chosen.connect(lambda position: self.step(position - self._position))
        self._build_top()
        self._build_facts()
        self._build_part_bar()
        self._build_steps()
        self._order_tabs()

        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.setInterval(HIDE_AFTER_MS)
        self._hide_timer.timeout.connect(self._on_pointer_rested)
        self._rest_timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest_timer.timeout.connect(self._load_detail)
        self._count_timer = QTimer(self, singleShot=True, interval=0)
        self._count_timer.timeout.connect(self._show_histogram)
        self._saying_timer = QTimer(self, singleShot=True, interval=_SAYING_MS)
        self._saying_timer.timeout.connect(lambda: self._say(""))
        thumbnails.loaded.connect(self._on_thumbnail_loaded)
        bridge.photos_removed.connect(self._on_photos_removed)
        bridge.photos_changed.connect(self._on_photos_changed)

    def _build_top(self) -> None:
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
            "similar", self.tr("Find similar"), self.tr("Show photos like this one"), self._find_similar, "similar"
        )
        self._part = self._button(
            "region",
            self.tr("Find a part"),
            self.tr("Draw a box and look for what is in it; Shift and drag does the same"),
            self._toggle_region_tool,
            "region",
        )
        self._part.setCheckable(True)
        self._worded = (similar, self._part)
        trash = self._button(
            "trash", self.tr("Move to trash"), self.tr("Move this photo to the trash"), self._trash, "trash"
        )
        row.addWidget(back)
        row.addWidget(self._name, 1)
        row.addWidget(self._count)
        row.addSpacing(theme.SPACE)
        row.addWidget(similar)
        row.addWidget(self._part)
        row.addWidget(trash)
        row.addSpacing(theme.SPACE)
        zoom = self._canvas.zoom_by
        row.addWidget(
            self._button(
                "zoom-out", self.tr("Farther"), self.tr("Zoom out"), lambda: zoom(1 / WHEEL_STEP), "farther"
            )
        )
        row.addWidget(self._zoom)
        row.addWidget(
            self._button("zoom-in", self.tr("Nearer"), self.tr("Zoom in"), lambda: zoom(WHEEL_STEP), "nearer")
        )
        row.addWidget(
            self._button(
                "fit",
                self.tr("Whole or 1:1"),
                self.tr("Whole picture or actual pixels"),
                self._canvas.toggle_fit,
                "fit",
            )
        )
        self._facts_button = self._button(
            "info", self.tr("Facts"), self.tr("Show or hide the facts"), self._toggle_facts, "info"
        )
        self._facts_button.setCheckable(True)
        self._facts_button.setChecked(True)
        self._strip_button = self._button(
            "filmstrip",
            self.tr("Filmstrip"),
            self.tr("Show or hide the photos before and after"),
            self._toggle_filmstrip,
            "filmstrip",
        )
        self._strip_button.setCheckable(True)
        self._strip_button.setChecked(True)
        row.addWidget(self._facts_button)
        row.addWidget(self._strip_button)
        row.addWidget(
            self._button(
                "full-screen",
                self.tr("Full screen"),
                self.tr("Fill the screen"),
                self.toggle_full_screen,
                "full_screen",
            )
        )

    def _build_facts(self) -> None:
        self._facts = _Bar(self)
        column = QVBoxLayout(self._facts)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 3 // 2, theme.SPACE * 2, theme.SPACE * 3 // 2)
        column.setSpacing(theme.SPACE)
        self._facts_text = QLabel(self._facts)
        self._facts_text.setTextFormat(Qt.TextFormat.PlainText)
        self._facts_text.setAccessibleName(self.tr("Facts"))
        column.addWidget(self._facts_text)
        self._histogram = HistogramView(self._facts)
        column.addWidget(self._histogram)

    def _build_part_bar(self) -> None:
        """Build what is said and offered while a box is drawn."""
        self._part_bar = _Bar(self)
        row = QHBoxLayout(self._part_bar)
        row.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE, theme.SPACE)
        row.setSpacing(theme.SPACE)
        row.addWidget(QLabel(region_hint(), self._part_bar))
        self._find_button = QPushButton(self.tr("Find this part"), self._part_bar)
        self._find_button.setObjectName("primary")
        self._find_button.setToolTip(self.tr("Show photos that have what is in the box (Enter)"))
        self._find_button.clicked.connect(self._find_part)
        row.addWidget(self._find_button)
        row.addWidget(
            self._button("close", self.tr("Cancel"), self.tr("Put the box away (Esc)"), self._leave_region_tool)
        )
        self._part_bar.hide()

    def _build_steps(self) -> None:
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

    def _order_tabs(self) -> None:
        """Let Tab go from the top to the bottom, as things lie on the screen."""
        layout = self._top.layout()
        assert layout is not None
        items = (layout.itemAt(place) for place in range(layout.count()))
        widgets = (item.widget() for item in items if item is not None)
        top = [widget for widget in widgets if isinstance(widget, QToolButton)]
        part = [self._find_button, *self._part_bar.findChildren(QToolButton)]
        order: list[QWidget] = [*top, self._previous, self._next, self._selector, *part, self._filmstrip]
        for before, after in itertools.pairwise(order):
            self.setTabOrder(before, after)

    def _button(
        self, icon: str, name: str, tooltip: str, clicked: Callable[[], None], command: str = ""
    ) -> QToolButton:
        button = QToolButton(self._top)
        icons.bind(button, icon)
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tooltip)
        if command:
            keymap.current().show(button, command)
        button.setAutoRaise(True)
        # The keys belong to the picture; Tab still reaches the buttons.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: clicked())
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
        self._stepped_at = 0.0
        self.open_over()
        self._filmstrip.set_photos(self._photo_ids, self._position)
        self._lay_out()
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

    @property
    def filmstrip(self) -> Filmstrip:
        """The row of neighbours."""
        return self._filmstrip

    @property
    def selector(self) -> RegionSelector:
        """The box of the part that is looked for."""
        return self._selector

    @property
    def is_filmstrip_shown(self) -> bool:
        """Whether the person wants the row of neighbours."""
        return self._is_filmstrip_shown

    def set_filmstrip_shown(self, shown: bool) -> None:
        """Show the row of neighbours, or give the picture its room."""
        self._is_filmstrip_shown = shown
        self._strip_button.setChecked(shown)
        self._lay_out()

    def step(self, by: int) -> None:
        """Go on or back; at either end nothing happens."""
        position = min(max(self._position + by, 0), len(self._photo_ids) - 1)
        if position != self._position:
            self._step = 1 if by > 0 else -1
            self._position = position
            self._filmstrip.set_position(position)
            self._show_current()

    def close_over(self) -> None:
        """Close and give the memory of the pictures back."""
        self._images.drop_all()
        for timer in (self._hide_timer, self._rest_timer, self._count_timer, self._saying_timer):
            timer.stop()
        self._leave_region_tool()
        super().close_over()
        self._images.forget()
        self._canvas.clear()
        self._tiles.forget()
        self._photo = None

    def _show_current(self) -> None:
        photo_id = self.photo_id
        if photo_id is None:
            return
        self._images.drop()
        self._rest_timer.stop()
        self._leave_region_tool()
        now = time.monotonic()
        is_passing = now - self._stepped_at < REST_MS / 1000
        self._stepped_at = now
        photos = self._library.photos([photo_id])
        self._photo = photos[0] if photos else None
        self._detail_px = 0
        self._is_passing = is_passing
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
            self._show_name(photo)
            pixmap = self._thumbnails.pixmap(photo.content_id, THUMBNAIL_BOX_PX)
            self._canvas.set_picture(photo.width_px, photo.height_px, pixmap, self._tiles.of(photo))
            self._thumbnails.want(self, [photo.content_id], THUMBNAIL_BOX_PX)
            self._show_facts()
        self._show_zoom()
        if not self._is_resting:
            self._show_bars()
        self._place_bars()
        self.current_changed.emit(photo_id)

    def _show_name(self, photo: Photo) -> None:
        self._name.setText(wording.display_name(photo.path))
        self._name.setToolTip(wording.display_text(photo.path))

    def _show_facts(self) -> None:
        photo = self._photo
        if photo is None:
            self._facts.hide()
            return
        metadata = photo.metadata
        size = [
            wording.dimensions_text(photo.width_px, photo.height_px),
            wording.size_text(photo.size_bytes),
            photo.format,
        ]
        camera = [wording.camera_text(metadata), metadata.lens or ""]
        taken = [wording.exposure_line(metadata), wording.focal_text(metadata)]
        lines = [
            *(" · ".join(part for part in parts if part) for parts in (size, camera, taken)),
            wording.taken_text(photo),
            wording.place_text(metadata),
            wording.marks_text(photo),
        ]
        metrics = self._facts_text.fontMetrics()
        most_px = max(self._histogram.width(), min(480, self.width() // 2))
        self._facts_text.setText(
            "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, most_px) for line in lines if line)
        )
        self._facts_text.setToolTip(wording.position_text(metadata))
        self._facts.setVisible(self._are_facts_shown and not self._is_resting and not self._selector.isVisible())
        self._place_bars()

    def _show_zoom(self) -> None:
        percent = self.locale().toString(round(self._canvas.device_px_per_px * 100))
        self._zoom.setText(self.tr("{n} %", "zoom").format(n=percent) if self._photo else "")

    def say(self, sentence: str) -> None:
        """Show for a while what the window has to say, which the viewer covers."""
        if self.isVisible():
            self._say(sentence, passes=True)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the photo, at the pointer or in its middle."""
        if self.photo_id is None or self._selector.isVisible():
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu_requested.emit(self.mapToGlobal(self.rect().center()) if by_key else event.globalPos())

    def _say(self, sentence: str, *, passes: bool = False) -> None:
        """Show a sentence over the picture; one that passes goes by itself."""
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))
        self._place_bars()
        if passes:
            self._saying_timer.start()
        else:
            self._saying_timer.stop()

    def _count_soon(self) -> None:
        """Count the shown pixels when nothing else is to be done, once for the last of several."""
        if self._are_facts_shown and self.isVisible():
            self._count_timer.start()

    def _show_histogram(self) -> None:
        pixels = self._canvas.pixels
        self._histogram.set_histogram(None if pixels is None else histogram(pixels))

    # Answers

    def _on_detail_wanted(self, px: int) -> None:
        self._detail_px = px
        if self._photo is not None and self._is_passing and self._images.get(self._photo.photo_id, px) is None:
            self._rest_timer.start()
        else:
            self._load_detail()

    def _load_detail(self) -> None:
        photo, px = self._photo, self._detail_px
        if photo is None or not self.isVisible():
            return
        self._is_passing = False
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
        if not self._saying_timer.isActive():
            self._say("")
        self._canvas.set_pixels(image)
        self._load_neighbours()

    def _on_failed(self, photo_id: int, sentence: str) -> None:
        if photo_id == self.photo_id:
            self._say(self.tr("The whole picture cannot be shown: {reason}").format(reason=sentence))

    def _load_neighbours(self) -> None:
        """Load what the person is about to see at the size of the screen: first where they go, then where from."""
        if not self._canvas.is_fitted:
            return
        for place, position in (("ahead", self._position + self._step), ("behind", self._position - self._step)):
            if not 0 <= position < len(self._photo_ids):
                continue
            photos = self._library.photos([int(self._photo_ids[position])])
            if not photos or not photos[0].is_online:
                continue
            px = self._canvas.fitted_px(photos[0].width_px, photos[0].height_px)
            if self._images.get(photos[0].photo_id, px) is None:
                self._images.load(photos[0].photo_id, px, lambda _photo_id, _image: None, place=place)

    def _on_thumbnail_loaded(self, content_id: int) -> None:
        if self._photo is not None and self._photo.content_id == content_id and self.isVisible():
            pixmap = self._thumbnails.pixmap(content_id, THUMBNAIL_BOX_PX)
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
        was_trashed = not self._trashing.isdisjoint(photo_ids)
        self._trashing.difference_update(photo_ids)
        self._filmstrip.set_photos(self._photo_ids, self._position)
        self._show_current()
        if was_trashed:
            self._say(self.tr("Moved to the trash. Ctrl+Z brings it back."), passes=True)

    def _on_photos_changed(self, photo_ids: tuple[int, ...]) -> None:
        if self.isVisible():
            self._filmstrip.forget(photo_ids)
        before = self._photo
        if before is None or before.photo_id not in photo_ids:
            return
        photos = self._library.photos([before.photo_id])
        if not photos:
            return
        if photos[0].content_id != before.content_id:
            self._images.forget()  # another program wrote the file anew
            self._tiles.forget()
            self._show_current()
            return
        self._photo = photos[0]
        self._show_name(photos[0])
        self._show_facts()
        marks = wording.marks_text(photos[0])
        if marks != wording.marks_text(before) and not self._are_facts_shown:
            self._say(marks or self.tr("No mark and no stars"), passes=True)

    # What the person does

    def _find_similar(self) -> None:
        photo_id = self.photo_id
        if photo_id is not None:
            self.close_over()
            self.find_similar.emit(photo_id)

    def _toggle_facts(self) -> None:
        self._show_bars()
        self._are_facts_shown = not self._are_facts_shown
        self._facts_button.setChecked(self._are_facts_shown)
        self._show_facts()
        self._count_soon()

    def _toggle_filmstrip(self) -> None:
        self._show_bars()
        self.set_filmstrip_shown(not self._is_filmstrip_shown)
        self.filmstrip_toggled.emit(self._is_filmstrip_shown)

    def _trash(self) -> None:
        photo_id = self.photo_id
        if photo_id is not None:
            self._trashing.add(photo_id)
            self.trash_wanted.emit([photo_id])

    # A part of the photo

    def _toggle_region_tool(self) -> None:
        if self._selector.isVisible():
            self._leave_region_tool()
        else:
            self._enter_region_tool()

    def _enter_region_tool(self) -> bool:
        """Begin to draw a box.

        Returns:
            False where that would lead nowhere; why is said.
        """
        photo = self._photo
        self._part.setChecked(photo is not None and photo.is_online)
        if photo is None or not photo.is_online:
            # The part is cut out of the file itself: a thumbnail has too few pixels of it.
            self._say(
                self.tr("A part of this photo can be looked for once its folder is available again."), passes=True
            )
            return False
        if not self._selector.isVisible():
            self._selector.start()
            self._on_region_changed()
            self._show_bars()
            self._place_bars()
        return True

    def _leave_region_tool(self) -> None:
        if not self._selector.isVisible():
            return
        had_focus = self._part_bar.isAncestorOf(self.focusWidget() or self) or self._selector.hasFocus()
        self._selector.stop()
        self._part_bar.hide()
        self._part.setChecked(False)
        if had_focus and self.isVisible():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_bars()

    def _on_region_changed(self) -> None:
        self._find_button.setEnabled(self._selector.region is not None)

    def _find_part(self) -> None:
        photo_id, region = self.photo_id, self._selector.region
        if photo_id is not None and region is not None:
            self.close_over()
            self.find_part.emit(photo_id, region)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the viewer."""
        match event.key() if not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else None:
            case Qt.Key.Key_Escape | Qt.Key.Key_Backspace:
                self.close_over()
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.step(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.step(1)
            case Qt.Key.Key_Home:
                self.step(-len(self._photo_ids))
            case Qt.Key.Key_End:
                self.step(len(self._photo_ids))
            case _ if not self._run(keymap.current().command(event, Room.VIEWER)):
                super().keyPressEvent(event)

    def _run(self, command: str) -> bool:
        """Do what a command does here; False when it is none of the viewer's."""
        match command:
            case "preview" | "open":  # what opens the viewer closes it
                self.close_over()
            case "nearer":
                self._canvas.zoom_by(WHEEL_STEP)
            case "farther":
                self._canvas.zoom_by(1 / WHEEL_STEP)
            case "fit":
                self._canvas.toggle_fit()
            case "full_screen":
                self.toggle_full_screen()
                self._hide_timer.start()
            case "similar":
                self._find_similar()
            case "info":
                self._toggle_facts()
            case "filmstrip":
                self._toggle_filmstrip()
            case "region":
                self._toggle_region_tool()
            case "trash":
                self._trash()
            case "undo":
                self.undo_wanted.emit()
            case _ if command in _OF_THE_PHOTO and self._photo is not None:
                self.command_wanted.emit(command)
            case "keys":
                show_keys(self)
            case _:
                return False
        return True

    # The bars

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Show the bars while the pointer moves over the picture; with Shift it draws a box."""
        if watched is self._canvas and isinstance(event, QMouseEvent):
            # What goes away under the pointer makes Qt report a move that was none.
            if event.globalPosition() != self._pointer_at or event.type() != QEvent.Type.MouseMove:
                self._pointer_at = event.globalPosition()
                self._show_bars()
            if self._draws(event):
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _draws(self, event: QMouseEvent) -> bool:
        """Take a drag with Shift: it began on the picture, so its events go on coming there."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonPress:
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._is_drawing = is_left and with_shift and self._enter_region_tool()
            if self._is_drawing:
                self._selector.press(event.position())
            return self._is_drawing
        if not self._is_drawing:
            return False
        if event.type() == QEvent.Type.MouseMove:
            self._selector.drag(event.position())
        elif event.type() == QEvent.Type.MouseButtonRelease and is_left:
            self._is_drawing = False
            self._selector.release()
        return True

    def _show_bars(self) -> None:
        self._is_resting = False
        self._top.show()
        is_drawing = self._selector.isVisible()
        # What lies over the picture would lie over what is to be framed.
        self._facts.setVisible(self._are_facts_shown and self._photo is not None and not is_drawing)
        self._part_bar.setVisible(is_drawing)
        self._filmstrip.setVisible(self._is_filmstrip_shown)
        self._previous.setVisible(self._position > 0 and not is_drawing)
        self._next.setVisible(self._position < len(self._photo_ids) - 1 and not is_drawing)
        if self._canvas.is_fitted:
            self._canvas.unsetCursor()
        if self.window().isFullScreen():
            self._hide_timer.start()

    def _on_pointer_rested(self) -> None:
        pointer = self.mapFromGlobal(QCursor.pos())
        is_over_bar = any(
            bar.isVisible() and bar.geometry().contains(pointer) for bar in (self._top, self._filmstrip)
        )
        is_busy = self._selector.isVisible() or is_over_bar
        if self.window().isFullScreen() and not is_busy:
            self._is_resting = True
            for widget in (self._top, self._facts, self._previous, self._next, self._filmstrip):
                widget.hide()
            if self._canvas.is_fitted:
                self._canvas.setCursor(Qt.CursorShape.BlankCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep canvas and bars at the edges."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Give every part its place."""
        self._filmstrip.setVisible(self._is_filmstrip_shown and not self._is_resting)
        is_narrow = self.width() < NARROW_PX
        for button in self._worded:
            style = Qt.ToolButtonStyle
            button.setToolButtonStyle(style.ToolButtonIconOnly if is_narrow else style.ToolButtonTextBesideIcon)
        strip = self._filmstrip.sizeHint().height()
        self._filmstrip.setGeometry(0, self.height() - strip, self.width(), strip)
        # In full screen the picture has all of it, and the bars lie over it while the pointer moves.
        is_full = self.window().isFullScreen()
        top = 0 if is_full else self._top.sizeHint().height()
        bottom = strip if self._is_filmstrip_shown and not is_full else 0
        self._canvas.setGeometry(self.rect().adjusted(0, top, 0, -bottom))
        self._place_bars()
        self._show_zoom()

    def _place_bars(self) -> None:
        top = self._top.sizeHint().height()
        self._top.setGeometry(0, 0, self.width(), top)
        self._facts.adjustSize()
        gap = theme.SPACE * 2
        strip = self._filmstrip.height() if self._is_filmstrip_shown else 0
        bottom = self.height() - strip - gap
        middle = (top + self.height() - strip - self._next.height()) // 2
        facts_top = bottom - self._facts.height()
        # In a low window the facts stand beside the button, not under it.
        is_beside = facts_top < middle + self._next.height() + gap
        self._facts.move(QPoint(gap + (self._previous.width() + gap if is_beside else 0), facts_top))
        self._previous.move(gap, middle)
        self._next.move(self.width() - self._next.width() - gap, middle)
        self._part_bar.adjustSize()
        self._part_bar.move((self.width() - self._part_bar.width()) // 2, bottom - self._part_bar.height())
        self._message.setGeometry(self._message_rect(top + gap))
        for widget in (
            self._message, self._facts, self._part_bar, self._previous, self._next, self._filmstrip, self._top
        ):  # fmt: skip
            widget.raise_()

    def _message_rect(self, top: int) -> QRect:
        """Return room for the sentence below the top bar, as wide as it needs."""
        most = min(self.width() - 4 * theme.SPACE, 640)
        needed = self._message.fontMetrics().horizontalAdvance(self._message.text()) + 4 * theme.SPACE
        width = min(needed, most)
        height = self._message.heightForWidth(width)
        return QRect((self.width() - width) // 2, top, width, height)


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
