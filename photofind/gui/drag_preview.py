"""What hangs on the pointer while photos are dragged out: up to three of them in a stack, and how many there are.

Drawn on the window's thread when a drag begins, from thumbnails that are there already. A drag must not wait for
one that is not; a grey card stands for it.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from photofind.gui import theme

MOST_SHOWN = 3
_SIDE_PX = 112
_BOX_PX = 88
_STEP_PX = 10
_BADGE_PX = 24
HOT_SPOT = QPoint(_SIDE_PX // 2, _SIDE_PX - _BADGE_PX // 2)


def drag_preview(pictures: Sequence[QPixmap | None], count: int, ratio: float) -> QPixmap:
    """Return the stack.

    Args:
        pictures: The first few photos, the topmost first; None where there is no thumbnail yet.
        count: Of all photos dragged.
        ratio: Device pixels for each pixel.
    """
    colours = theme.colours()
    shown = list(pictures[:MOST_SHOWN])
    result = QPixmap(round(_SIDE_PX * ratio), round(_SIDE_PX * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for depth in range(len(shown) - 1, -1, -1):
        picture = shown[depth]
        side = _BOX_PX - 4 * depth
        card = QRectF(0, 0, side, side * 0.75)
        if picture is not None and not picture.isNull():
            size = picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
            card = QRectF(0, 0, size.width(), size.height())
        # The lower ones look out above and to the right.
        card.moveCenter(QPointF(_BOX_PX / 2 + 2 + depth * _STEP_PX, _SIDE_PX - _BOX_PX / 2 - 4 - depth * _STEP_PX))
        painter.setOpacity(1 - 0.18 * depth)
        if picture is None or picture.isNull():
            painter.fillRect(card, QColor(colours.hover))
        else:
            painter.drawPixmap(card, picture, QRectF(picture.rect()))
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.drawRect(card)
    painter.setOpacity(1)
    if count > 1:
        _draw_count(painter, str(count))
    painter.end()
    return result


def _draw_count(painter: QPainter, text: str) -> None:
    colours = theme.colours()
    font = QFont(painter.font())
    font.setPointSizeF(9.5)
    font.setWeight(QFont.Weight.DemiBold)
    width = max(_BADGE_PX, QFontMetricsF(font).horizontalAdvance(text) + 12)
    badge = QRectF(_SIDE_PX - width - 1, _SIDE_PX - _BADGE_PX - 1, width, _BADGE_PX)
    painter.setPen(QPen(QColor("white"), 1.5))
    painter.setBrush(QColor(colours.accent))
    painter.drawRoundedRect(badge, _BADGE_PX / 2, _BADGE_PX / 2)
    painter.setFont(font)
    painter.setPen(QColor(colours.on_accent))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
