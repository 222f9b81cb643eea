"""How bright and how coloured a picture is: the counts of its values, and the small drawing of them.

Owned by the GUI thread. Counted are the pixels that are shown, not the file: every `SAMPLED_PX`-wide sample of them
says as much as all (0.6 ms of processor time whatever the size of the picture; all of 17 Mpixel 970 ms).
They are counted when pixels come and never while painting. Luminance is Rec. 709's weighting of the encoded
values, as image programs show it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from photofind.gui import theme, wording

SAMPLED_PX = 192
_BINS = 128
_WEIGHTS = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts by value.

    Attributes:
        channels: float32 [4, 256], shares of the pixels: red, green, blue, luminance.
    """

    channels: NDArray[np.float32]

    @property
    def dark_share(self) -> float:
        """Share of the pixels that are black."""
        return float(self.channels[3, 0])

    @property
    def bright_share(self) -> float:
        """Share of the pixels of which a colour is as bright as can be, and so may have lost something."""
        return float(self.channels[:3, 255].max())


def histogram(picture: QImage | QPixmap) -> Histogram:
    """Count a picture's values."""
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    # Fast scaling takes pixels out as they are; smooth scaling would average what is to be counted.
    sample = image.scaled(
        min(image.width(), SAMPLED_PX),
        min(image.height(), SAMPLED_PX),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.FastTransformation,
    ).convertToFormat(QImage.Format.Format_RGBX8888)
    pixels = np.frombuffer(sample.constBits(), np.uint8).reshape(-1, 4)
    luminance = np.rint(pixels[:, :3] @ np.array(_WEIGHTS, np.float32)).astype(np.uint8)
    counts = [np.bincount(values, minlength=256) for values in (*pixels[:, :3].T, luminance)]
    return Histogram((np.asarray(counts) / max(len(pixels), 1)).astype(np.float32))


class HistogramView(QWidget):
    """The drawing. It has a fixed size, so that nothing around it moves when it changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shapes: list[QPolygonF] = []
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(self.tr("Histogram"))

    def sizeHint(self) -> QSize:
        """Return room for one step of brightness in two pixels."""
        return QSize(256, 64)

    @property
    def is_empty(self) -> bool:
        """True while there is nothing to draw."""
        return not self._shapes

    def set_histogram(self, counted: Histogram | None) -> None:
        """Draw other counts; None draws an empty frame."""
        self._shapes = []
        if counted is not None:
            heights = counted.channels.reshape(4, _BINS, -1).sum(2)
            # The two ends may hold half the picture; between them decides how high the drawing is.
            top = max(float(np.sort(heights[:, 1:-1], axis=None)[-4:].mean()), 1e-6)
            scaled = np.minimum(np.sqrt(heights / top), 1.0)
            self._shapes = [_outline(row) for row in scaled]
            described = self.tr("{dark} black, {bright} as bright as can be").format(
                dark=wording.percent_text(counted.dark_share), bright=wording.percent_text(counted.bright_share)
            )
            self.setAccessibleDescription(described)
            self.setToolTip(
                self.tr(
                    "How often each brightness occurs: red, green, blue, and in grey all together. {ends}"
                ).format(ends=described)
            )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the outlines, made when the counts came."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(colours.border))
        painter.drawRoundedRect(area, 4, 4)
        if not self._shapes:
            return
        painter.translate(area.topLeft())
        painter.scale(area.width(), area.height())
        painter.setPen(Qt.PenStyle.NoPen)
        red, green, blue, luminance = self._shapes
        for shape, name, opacity in (
            (luminance, colours.muted, 0.45),
            (red, "#e0453c", 0.45),
            (green, "#2f9e4f", 0.45),
            (blue, "#3b78e0", 0.45),
        ):
            colour = QColor(name)
            colour.setAlphaF(opacity)
            painter.setBrush(colour)
            painter.drawPolygon(shape)


def _outline(heights: NDArray[np.float32]) -> QPolygonF:
    """Return heights of 0 to 1 as a shape that stands on the bottom of the unit square."""
    last = len(heights) - 1
    points = [QPointF(0, 1)]
    points += [QPointF(place / last, 1 - float(height)) for place, height in enumerate(heights)]
    return QPolygonF([*points, QPointF(1, 1)])
