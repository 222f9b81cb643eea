"""Where on two pictures their likeness lies: both side by side, what matters lit and the rest in the dark.

Opened by the main window for one hit, on the window's thread; it shows the `LikenessMap` it is given. Colours over
the pictures lost: they hide the colours that may be what is alike.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import theme
from photofind.records import LikenessMap, Picture

PICTURE_PX = 1024
"""Longer side of the pictures that are asked for."""
_DARKEST = 180
"""Of 255, over what matters not at all."""


class WhereDialog(QDialog):
    """See the module. Empty and waiting until `show_map`.

    Args:
        asked: Name of the picture looked for.
        found: Name of the hit.
        parent: The window.
    """

    def __init__(self, asked: str, found: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Where they are alike"))
        self._state = QLabel(self.tr("Looking at both pictures…"), self)
        self._state.setObjectName("muted")
        self._state.setWordWrap(True)
        self._lights = QCheckBox(self.tr("Darken what is not alike"), self)
        self._lights.setToolTip(self.tr("Off: the pictures as they are (hold Space)"))
        self._lights.setChecked(True)
        self._pictures = (_Half(self), _Half(self))
        grid = QGridLayout()
        grid.setSpacing(theme.SPACE)
        titles = (self.tr("Looked for"), self.tr("Found"))
        for column, (title, name, half) in enumerate(zip(titles, (asked, found), self._pictures, strict=True)):
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setText(f"{title}: {label.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 260)}")
            label.setToolTip(name)
            half.setAccessibleName(f"{title}: {name}")
            grid.addWidget(label, 0, column)
            grid.addWidget(half, 1, column)
            grid.setColumnStretch(column, 1)
            self._lights.toggled.connect(half.set_lit)
        grid.setRowStretch(1, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(self.tr("Close"))
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        below = QHBoxLayout()
        below.addWidget(self._lights)
        below.addWidget(self._state, 1)
        below.addWidget(buttons)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column_.setSpacing(2 * theme.SPACE)
        column_.addLayout(grid, 1)
        column_.addLayout(below)
        self._lights.setEnabled(False)
        self.resize(880, 480)

    def show_map(self, found: LikenessMap) -> None:
        """Show both pictures and the places."""
        self._pictures[0].set_picture(found.asked, found.asked_heat, found.region)
        self._pictures[1].set_picture(found.found, found.found_heat, None)
        has_places = bool(found.asked_heat.any() or found.found_heat.any())
        self._lights.setEnabled(has_places)
        self._lights.setFocus()
        self.show_state(
            "" if has_places else self.tr("No single place makes them alike: it is the picture as a whole.")
        )

    def show_state(self, sentence: str) -> None:
        """Say how far it is, or why there is nothing to see."""
        self._state.setText(sentence)

    def state(self) -> str:
        """Return what `show_state` shows."""
        return self._state.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the pictures as they are while Space is held."""
        if event.key() == Qt.Key.Key_Space and self._lights.isEnabled():
            self._lights.setChecked(False)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Light the places again."""
        if event.key() == Qt.Key.Key_Space and self._lights.isEnabled() and not event.isAutoRepeat():
            self._lights.setChecked(True)
        else:
            super().keyReleaseEvent(event)


class _Half(QWidget):
    """One picture with its veil."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = QImage()
        self._veil = QImage()
        self._region: tuple[float, float, float, float] | None = None
        self._is_lit = True
        self.setMinimumSize(200, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_picture(
        self, picture: Picture, heat: NDArray[np.float32], region: tuple[float, float, float, float] | None
    ) -> None:
        image = QImage(
            picture.rgbx, picture.width_px, picture.height_px, 4 * picture.width_px, QImage.Format.Format_RGBX8888
        )
        self._picture = image.copy()  # the bytes are the record's
        self._veil = _veil_of(heat) if heat.any() else QImage()
        self._region = region
        self.update()

    def set_lit(self, is_lit: bool) -> None:
        self._is_lit = is_lit
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme.colours().canvas))
        if self._picture.isNull():
            return
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
        )
        painter.drawImage(target, self._picture)
        if not self._is_lit or self._veil.isNull():
            return
        left, top, right, bottom = self._region or (0.0, 0.0, 1.0, 1.0)
        place = QRectF(
            target.left() + left * target.width(),
            target.top() + top * target.height(),
            (right - left) * target.width(),
            (bottom - top) * target.height(),
        )
        painter.drawImage(place, self._veil)
        if self._region is not None:
            painter.setPen(QPen(QColor(theme.colours().accent), 2))
            painter.drawRect(place)


def _veil_of(heat: NDArray[np.float32]) -> QImage:
    """Return black that is thin where the heat is, large enough that no edges of the map's cells show."""
    rows, columns = heat.shape
    alpha = np.zeros((rows, columns, 4), np.uint8)
    # The root lifts what matters half: eyes take a half-dark place for a dark one.
    alpha[..., 3] = np.round(_DARKEST * (1 - np.sqrt(np.clip(heat, 0, 1)))).astype(np.uint8)
    data = alpha.tobytes()
    small = QImage(data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()
    smooth = Qt.TransformationMode.SmoothTransformation
    return small.scaled(columns * 32, rows * 32, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
