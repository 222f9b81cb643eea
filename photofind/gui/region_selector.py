"""A box drawn over a picture, to look for that part of it; with a dialog for pictures that are not in the viewer.

Owned by the GUI thread. The box is kept as fractions of the upright picture, as `PhotoPart.region` has it, so it
stays on its object while the picture is zoomed and moved. It lies over an `ImageCanvas` as a child, of
the same size: wheel, pinch and the middle button are the canvas's still. Drawing it inside the canvas lost: the
comparison would carry a tool it has no use for. QRubberBand lost, too: it has no handles and no keys.
"""

from enum import Flag, auto

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from photofind.gui import theme
from photofind.gui.image_canvas import ImageCanvas
from photofind.gui.keys import physical_key

translate = QCoreApplication.translate

Region = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the upright picture."""

HANDLE_PX = 8
_REACH_PX = 9
"""So near to an edge the pointer takes hold of it."""
LEAST_PX = 12
"""A box with a shorter side is a slip of the hand: it is taken away."""
LEAST_FRACTION = 0.02
_KEY_STEP = 0.02


class _Grip(Flag):
    """What of the box moves with the pointer."""

    LEFT = auto()
    TOP = auto()
    RIGHT = auto()
    BOTTOM = auto()
    ALL = LEFT | TOP | RIGHT | BOTTOM


_GRIPS = {
    (-1, -1): _Grip.LEFT | _Grip.TOP,
    (0, -1): _Grip.TOP,
    (1, -1): _Grip.RIGHT | _Grip.TOP,
    (-1, 0): _Grip.LEFT,
    (0, 0): _Grip.ALL,
    (1, 0): _Grip.RIGHT,
    (-1, 1): _Grip.LEFT | _Grip.BOTTOM,
    (0, 1): _Grip.BOTTOM,
    (1, 1): _Grip.RIGHT | _Grip.BOTTOM,
}
_CURSORS = {
    _Grip.ALL: Qt.CursorShape.SizeAllCursor,
    _Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    _Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    _Grip.TOP: Qt.CursorShape.SizeVerCursor,
    _Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    _Grip.LEFT | _Grip.TOP: Qt.CursorShape.SizeFDiagCursor,
    _Grip.RIGHT | _Grip.BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    _Grip.RIGHT | _Grip.TOP: Qt.CursorShape.SizeBDiagCursor,
    _Grip.LEFT | _Grip.BOTTOM: Qt.CursorShape.SizeBDiagCursor,
}


class RegionSelector(QWidget):
    """See the module. Hidden until `start`.

    Args:
        canvas: What it lies over.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    changed = Signal()
    """Another box, or none; see `region`."""
    accepted = Signal()
    """Enter, with a box."""
    left = Signal()
    """Esc."""

    def __init__(self, canvas: ImageCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._region: Region | None = None
        self._grip: _Grip | None = None
        self._held_at = QPointF()
        self.setAccessibleName(self.tr("Part of the picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setMouseTracking(True)
        self.hide()
        canvas.placed.connect(self._on_placed)
        canvas.installEventFilter(self)

    def start(self, region: Region | None = None) -> None:
        """Cover the canvas and take the keyboard."""
        self._set_region(region)
        self.setGeometry(self._canvas.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Go away and forget the box."""
        self._grip = None
        self.hide()
        self._set_region(None)

    @property
    def region(self) -> Region | None:
        """The box, or None while there is none."""
        return self._region

    def box_rect(self) -> QRectF:
        """Return where the box lies in the widget; empty while there is none."""
        if self._region is None:
            return QRectF()
        picture = self._canvas.picture_rect
        left, top, right, bottom = self._region
        return QRectF(
            QPointF(picture.left() + left * picture.width(), picture.top() + top * picture.height()),
            QPointF(picture.left() + right * picture.width(), picture.top() + bottom * picture.height()),
        )

    def _set_region(self, region: Region | None) -> None:
        if region != self._region:
            self._region = region
            described = ""
            if region is not None:
                left, top, right, bottom = (round(100 * edge) for edge in region)
                described = self.tr("From {left} to {right} % across, from {top} to {bottom} % down").format(
                    left=left, right=right, top=top, bottom=bottom
                )
            self.setAccessibleDescription(described)
            self.update()
            self.changed.emit()

    # The pointer

    def press(self, at: QPointF) -> None:
        """Take hold of the box or a side of it, or begin a new one."""
        grip = self._grip_at(at)
        if grip is None:
            x, y = self._fractions(at)
            self._set_region((x, y, x, y))
            grip = _Grip.RIGHT | _Grip.BOTTOM
        self._grip = grip
        self._held_at = at

    def drag(self, at: QPointF) -> None:
        """Move what is held."""
        if self._grip is None or self._region is None:
            return
        picture = self._canvas.picture_rect
        if self._grip is _Grip.ALL:
            by = at - self._held_at
            self._set_region(_moved(self._region, by.x() / picture.width(), by.y() / picture.height()))
            self._held_at = at
            return
        left, top, right, bottom = self._region
        x, y = self._fractions(at)
        left = x if _Grip.LEFT in self._grip else left
        right = x if _Grip.RIGHT in self._grip else right
        top = y if _Grip.TOP in self._grip else top
        bottom = y if _Grip.BOTTOM in self._grip else bottom
        # Pulled past the opposite side, the box is held by that side from now on.
        if left > right:
            left, right = right, left
            self._grip ^= _Grip.LEFT | _Grip.RIGHT
        if top > bottom:
            top, bottom = bottom, top
            self._grip ^= _Grip.TOP | _Grip.BOTTOM
        self._set_region((left, top, right, bottom))

    def release(self) -> None:
        """Let go; a box too small to be meant goes."""
        self._grip = None
        box = self.box_rect()
        if self._region is not None and min(box.width(), box.height()) < LEAST_PX:
            self._set_region(None)

    def _fractions(self, at: QPointF) -> tuple[float, float]:
        picture = self._canvas.picture_rect
        x = (at.x() - picture.left()) / max(picture.width(), 1e-9)
        y = (at.y() - picture.top()) / max(picture.height(), 1e-9)
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def _grip_at(self, at: QPointF) -> _Grip | None:
        box = self.box_rect()
        if box.isEmpty() or not box.adjusted(-_REACH_PX, -_REACH_PX, _REACH_PX, _REACH_PX).contains(at):
            return None
        return _GRIPS[_side(at.x(), box.left(), box.right()), _side(at.y(), box.top(), box.bottom())]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw, move or pull; other buttons belong to the picture."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.press(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on drawing, or show what a press would do."""
        if self._grip is not None:
            self.drag(event.position())
        else:
            grip = self._grip_at(event.position())
            self.setCursor(Qt.CursorShape.CrossCursor if grip is None else _CURSORS[grip])
            if event.buttons():
                event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.release()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the box as it is."""
        if event.button() == Qt.MouseButton.LeftButton and self._grip_at(event.position()) is not None:
            self.accepted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the picture."""
        self._canvas.wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """Zoom the picture by a pinch, too."""
        if event.type() == QEvent.Type.NativeGesture:
            return self._canvas.event(event)
        return super().event(event)

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the box, with Shift its lower right corner; Enter takes it, Esc leaves."""
        key = physical_key(event)
        steps = {
            Qt.Key.Key_Left: (-_KEY_STEP, 0.0),
            Qt.Key.Key_Right: (_KEY_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_KEY_STEP),
            Qt.Key.Key_Down: (0.0, _KEY_STEP),
        }
        if key in steps:
            if self._region is None:
                self._set_region((0.25, 0.25, 0.75, 0.75))
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._set_region(_resized(self._region, *steps[key]))
            else:
                self._set_region(_moved(self._region, *steps[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._region is not None:
                self.accepted.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # Looks

    def _on_placed(self) -> None:
        if self.isVisible():
            self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if event.type() == QEvent.Type.Resize and watched is self._canvas:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Darken what is not looked for; frame and handles are seen on any picture, being light inside dark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.box_rect()
        shade = QPainterPath()
        shade.addRect(self._canvas.picture_rect.intersected(QRectF(self.rect())))
        if not box.isEmpty():
            inside = QPainterPath()
            inside.addRect(box)
            shade = shade.subtracted(inside)
        painter.fillPath(shade, QColor(0, 0, 0, 115))
        accent = QColor(theme.colours().accent)
        if self.hasFocus():
            inner = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            for colour, width in ((QColor("white"), 3.0), (accent, 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawRect(inner)
        if box.isEmpty():
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 160), 4.0), (QColor("white"), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(box)
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.setBrush(accent)
        half = HANDLE_PX / 2
        for x in (box.left(), box.center().x(), box.right()):
            for y in (box.top(), box.center().y(), box.bottom()):
                if QPointF(x, y) != box.center():
                    painter.drawEllipse(QRectF(x - half, y - half, HANDLE_PX, HANDLE_PX))


def _side(value: float, low: float, high: float) -> int:
    """Return -1 at the low edge, 1 at the high one, 0 between; in a narrow box the nearer edge counts."""
    reach = min(_REACH_PX, max((high - low) / 3, 2.0))
    if value < low + reach:
        return -1
    return 1 if value > high - reach else 0


def _moved(region: Region, across: float, down: float) -> Region:
    left, top, right, bottom = region
    across = min(max(across, -left), 1 - right)
    down = min(max(down, -top), 1 - bottom)
    return (left + across, top + down, right + across, bottom + down)


def _resized(region: Region, across: float, down: float) -> Region:
    left, top, right, bottom = region
    right = min(max(right + across, left + LEAST_FRACTION), 1.0)
    bottom = min(max(bottom + down, top + LEAST_FRACTION), 1.0)
    return (left, top, right, bottom)


class RegionDialog(QDialog):
    """Chooses a part of a picture that is no photo in the viewer.

    Args:
        picture: The whole of it.
        region: The part chosen so far.
    """

    def __init__(self, picture: QImage, region: Region | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Use only a part"))
        self._canvas = ImageCanvas(self)
        self._canvas.setMinimumSize(480, 360)
        self._canvas.set_picture(picture.width(), picture.height(), QPixmap.fromImage(picture))
        self.selector = RegionSelector(self._canvas)
        self.selector.accepted.connect(self.accept)
        self.selector.left.connect(self.reject)
        self.selector.changed.connect(self._on_changed)
        hint = QLabel(region_hint(), self)
        hint.setObjectName("muted")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox(self)
        self.use = QPushButton(self.tr("Use this part"), self)
        self.use.setToolTip(self.tr("Look only for what is inside the box (Enter)"))
        self.use.setObjectName("primary")
        self.use.setDefault(True)
        self.all = QPushButton(self.tr("Use all of it"), self)
        self.all.setToolTip(self.tr("Look for the whole picture again"))
        self.all.setAutoDefault(False)
        self.all.setEnabled(region is not None)
        buttons.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.all, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.all.clicked.connect(self._on_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._canvas, 1)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.resize(800, 640)
        self.selector.start(region)
        self._on_changed()

    @property
    def region(self) -> Region | None:
        """The part that was chosen; None for all of it."""
        return self.selector.region

    def _on_changed(self) -> None:
        self.use.setEnabled(self.selector.region is not None)

    def _on_all(self) -> None:
        self.selector.stop()
        self.accept()


def region_hint() -> str:
    """Return how a box is drawn, one sentence."""
    return translate(
        "RegionSelector", "Drag a box around what you look for. Arrow keys move it, with Shift they resize it."
    )
