"""How one cell of the grid, and one header, looks.

Used by the grid while it paints, on the window's thread. Knows nothing of rows, scrolling or selection models: it
is given a rectangle and what is in it. Text is drawn once into small pixmaps, because text in a paint of 60 cells
cost more than their photos.

Signs on a photo stand in its corners, each in its own place: top left what the person decided, top right the state
of the file, bottom left why it is here or how it is rated, bottom right what kind of file it is. Small cells show
fewer of them (`_FROM_PX`), and of two that would meet in one line the right one gives way. They are white on a
dark, slightly transparent ground, the one pair legible on every picture; the theme's colours lost on photos of its
colour.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from photofind.gui import icons, theme, wording
from photofind.gui.grid_geometry import PADDING
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Hit, MatchKind, Photo

_FROM_PX = {
    "flag": 56,
    "offline": 72,
    "failed": 72,
    "stars": 88,
    "hit": 88,
    "copies": 96,
    "format": 120,
    "kind": 132,
}
"""The least height of a cell that has room for a sign."""
_EDGE = 4
"""Between a sign and the edge of its photo, and between two signs."""
_GROUND = QColor(16, 18, 20, 184)
_PLAIN_FORMATS = frozenset({"JPEG", ""})
_SHORT_FORMATS = {"HEIF": "HEIC", "JPEG2000": "JP2", "TIFF": "TIF", "MPO": "MPO"}
_FULL_FROM_PX = 88
"""The least height of a cell whose signs have their full height."""
_SIGN_PX, _SMALL_SIGN_PX = 20, 16
_SPELT_STARS_FROM_PX = 120
_MOST_BADGES = 512
_TITLE_FACTOR = 1.1


@dataclass(frozen=True, slots=True)
class CellLook:
    """The state of one cell."""

    is_selected: bool = False
    is_hovered: bool = False
    has_focus: bool = False


class CellPainter:
    """Paints cells and headers.

    Args:
        view: Whose font and device pixels are meant.
    """

    def __init__(self, view: QWidget) -> None:
        self._view = view
        self.thumbnails: ThumbnailLoader | None = None
        self.shows_scores = True
        self._is_small = False
        self._badges: dict[tuple[str, str, str, int, float], QPixmap] = {}

    def forget(self) -> None:
        """Draw every sign anew: colours, font or screen are others now."""
        self._badges.clear()

    def box_px(self, cell: QRect, photo: Photo | None) -> int:
        """Return the longer side of a photo in its cell, in device pixels."""
        ratio = self._view.devicePixelRatioF()
        width, height = cell.width() - 2 * PADDING, cell.height() - 2 * PADDING
        if photo is None or not photo.width_px or not photo.height_px or width == height:
            return round(min(width, height) * ratio)
        scale = min(width / photo.width_px, height / photo.height_px)
        return max(1, round(max(photo.width_px, photo.height_px) * scale * ratio))

    def paint(self, painter: QPainter, cell: QRect, photo: Photo | None, hit: Hit | None, look: CellLook) -> None:
        """Paint one cell.

        Args:
            painter: On the viewport.
            cell: Its place there.
            photo: None: it has just left the library.
            hit: Why it is here, if it is part of an answer.
            look: Its state.
        """
        colours = theme.colours()
        if look.is_selected or look.is_hovered:
            ground = QColor(colours.accent_soft if look.is_selected else colours.hover)
            ground.setAlphaF(1.0 if look.is_selected else 0.55)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.accent), 2) if look.is_selected else Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 6, 6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if photo is not None:
            target = self._paint_photo(painter, cell, photo)
            self._paint_signs(painter, cell, target, photo, hit)
        if look.has_focus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = 3 if look.is_selected else 1
            painter.setPen(QPen(QColor(colours.text), 1.5))
            painter.drawRoundedRect(cell.adjusted(inset, inset, -inset, -inset), 5, 5)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_photo(self, painter: QPainter, cell: QRect, photo: Photo) -> QRectF:
        """Paint the picture, or its mean colour in its shape, and return where it is."""
        ratio = self._view.devicePixelRatioF()
        box_px = self.box_px(cell, photo)
        pixmap = self.thumbnails.pixmap(photo.content_id, box_px) if self.thumbnails is not None else None
        if pixmap is not None and max(pixmap.width(), pixmap.height()) == box_px:
            size = pixmap.size()  # the exact pixels: a plain copy
        else:
            # Never larger than its own pixels: an icon of 32 pixels is shown as one.
            full = QSize(max(1, photo.width_px), max(1, photo.height_px))
            longest = min(box_px, max(full.width(), full.height()))
            size = full.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        # Snapped to device pixels, or a ratio of 1.25 or 1.5 would blur every photo.
        left = round(cell.left() * ratio) + (round(cell.width() * ratio) - size.width()) // 2
        top = round(cell.top() * ratio) + (round(cell.height() * ratio) - size.height()) // 2
        target = QRectF(left / ratio, top / ratio, size.width() / ratio, size.height() / ratio)
        if pixmap is None:
            colour = QColor(photo.mean_rgb >> 16 & 255, photo.mean_rgb >> 8 & 255, photo.mean_rgb & 255)
            painter.fillRect(target, colour)
        elif size == pixmap.size() and ratio == 1:
            painter.drawPixmap(left, top, pixmap)
        else:
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        return target

    # Signs

    def _paint_signs(self, painter: QPainter, cell: QRect, target: QRectF, photo: Photo, hit: Hit | None) -> None:
        side = cell.height()
        if side < min(_FROM_PX.values()):
            return
        self._is_small = side < _FULL_FROM_PX
        flag, copies = photo.flag, photo.copies
        upper_left, upper_right, lower_left, lower_right = [], [], [], []
        if flag and side >= _FROM_PX["flag"]:
            upper_left.append(self._badge("", "picked" if flag > 0 else "rejected"))
        has_failed = self.thumbnails is not None and self.thumbnails.has_failed(photo.content_id)
        if has_failed and side >= _FROM_PX["failed"]:
            upper_right.append(self._badge("", "failed"))
        if not photo.is_online and side >= _FROM_PX["offline"]:
            upper_right.append(self._badge("", "offline"))
        if copies > 1 and side >= _FROM_PX["copies"]:
            upper_right.append(self._badge(str(copies), "copies"))
        if hit is not None and side >= _FROM_PX["hit"]:
            lower_left += self._signs_of_hit(hit, side)
        if not lower_left and photo.rating is not None and photo.rating > 0 and side >= _FROM_PX["stars"]:
            is_spelt = side >= _SPELT_STARS_FROM_PX
            lower_left.append(self._badge("★" * photo.rating if is_spelt else f"{photo.rating}★", "stars"))
        if photo.format not in _PLAIN_FORMATS and side >= _FROM_PX["format"]:
            lower_right.append(self._badge(_SHORT_FORMATS.get(photo.format, photo.format)[:6], "plain"))
        top, bottom = target.top() + _EDGE, target.bottom() - _EDGE
        self._paint_line(painter, target, top, upper_left, upper_right)
        self._paint_line(painter, target, bottom - self._badge_px(), lower_left, lower_right)

    def _signs_of_hit(self, hit: Hit, side: int) -> list[QPixmap]:
        looks = [look for look, is_so in (("words", hit.by_words), ("seen", hit.by_meaning)) if is_so]
        signs = [self._badge("", look) for look in looks]
        if self.shows_scores and hit.same_picture is not None:
            is_match = hit.kind in (MatchKind.IDENTICAL, MatchKind.SAME)
            is_named = is_match and side >= _FROM_PX["kind"]
            text = wording.kind_text(hit.kind) if is_named else wording.likeness_text(hit)
            signs.append(self._badge(text, "match" if is_match else "plain"))
        elif self.shows_scores and hit.shows is not None and hit.by_meaning:
            signs.append(self._badge(wording.likeness_text(hit), "plain"))
        return signs

    def _paint_line(
        self, painter: QPainter, target: QRectF, top: float, left: list[QPixmap], right: list[QPixmap]
    ) -> None:
        """Paint the signs of an upper or lower edge, from the outside in, as far as there is room."""
        begin, end = target.left() + _EDGE, target.right() - _EDGE
        for place, badge in enumerate(left):
            width = badge.deviceIndependentSize().width()
            # The first says most: it is shown even where a narrow picture leaves too little room.
            if place and begin + width > end:
                break
            painter.drawPixmap(QPointF(begin, top), badge)
            begin += width + _EDGE
        for badge in right:
            width = badge.deviceIndependentSize().width()
            if end - width < begin:
                break
            painter.drawPixmap(QPointF(end - width, top), badge)
            end -= width + _EDGE

    def _badge_font(self) -> QFont:
        font = QFont(self._view.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.86))
        return font

    def _badge_px(self) -> int:
        """Return the height of every sign."""
        if self._is_small:
            return _SMALL_SIGN_PX
        return max(_SIGN_PX, round(QFontMetricsF(self._badge_font()).height()) + 4)

    def _badge(self, text: str, look: str) -> QPixmap:
        """Return a small sign, drawn once."""
        ratio = self._view.devicePixelRatioF()
        font = self._badge_font()
        key = (text, look, font.key(), self._badge_px(), ratio)
        if key in self._badges:
            return self._badges[key]
        if len(self._badges) >= _MOST_BADGES:
            self._badges.clear()
        colours = theme.colours()
        icon = _ICONS.get(look, "")
        height = self._badge_px()
        icon_px = height - 6
        text_px = QFontMetricsF(font).horizontalAdvance(text) if text else 0.0
        width = round(text_px + 14 + (icon_px + 2 if icon else 0)) if text else height
        badge = QPixmap(round(width * ratio), round(height * ratio))
        badge.setDevicePixelRatio(ratio)
        badge.fill(Qt.GlobalColor.transparent)
        painter = QPainter(badge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent) if look == "match" else _GROUNDS.get(look, _GROUND))
        painter.drawRoundedRect(QRectF(0, 0, width, height), height / 2, height / 2)
        ink = {"match": colours.on_accent, "stars": "#ffd479", "failed": "#ffd479"}.get(look, "#ffffff")
        begin = 7.0 if text else (height - icon_px) / 2
        if look in _STROKES:
            # The icons' thin strokes do not carry at this size.
            stroke = QPen(QColor(ink), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(stroke)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for line in _STROKES[look]:
                painter.drawPolyline([QPointF(x * height, y * height) for x, y in line])
        elif icon:
            painter.drawPixmap(QPointF(begin, 3), icons.pixmap(icon, ink, icon_px, ratio))
            begin += icon_px + 1
        if text:
            painter.setPen(QColor(ink))
            painter.setFont(font)
            room = QRectF(begin, 0, width - begin - 7, height).adjusted(-4, 0, 4, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        self._badges[key] = badge
        return badge

    # Headers

    def _title_font(self) -> QFont:
        font = QFont(self._view.font())
        font.setPointSizeF(font.pointSizeF() * _TITLE_FACTOR)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def title_width(self, place: QRect, title: str) -> int:
        """Return how wide the title of a header is: the part that can be clicked."""
        return min(place.width(), round(QFontMetricsF(self._title_font()).horizontalAdvance(title)) + 2 * _EDGE)

    def paint_header(self, painter: QPainter, place: QRect, title: str, note: str, *, is_hovered: bool) -> None:
        """Paint the header of a section: its title, and muted behind it what else there is to say."""
        colours = theme.colours()
        font = self._title_font()
        metrics = QFontMetricsF(font)
        # The photos begin a little inside their cells; so does the text above them.
        line = place.adjusted(PADDING, 8, -PADDING, 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, line.width())
        painter.setFont(font)
        painter.setPen(QColor(colours.accent if is_hovered else colours.text))
        painter.drawText(line, middle, shown)
        left = line.left() + round(metrics.horizontalAdvance(shown)) + 12
        if left + 32 < line.right() and note:
            painter.setFont(self._view.font())
            painter.setPen(QColor(colours.muted))
            room = QRect(left, line.top(), line.right() - left, line.height())
            shown = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, middle, shown)


_ICONS = {
    "offline": "offline",
    "failed": "problem",
    "copies": "copy",
    "words": "words",
    "seen": "image",
}
_GROUNDS = {"picked": QColor(29, 116, 72, 232), "rejected": QColor(166, 48, 38, 232)}
_STROKES = {
    "picked": (((0.28, 0.53), (0.44, 0.68), (0.73, 0.35)),),
    "rejected": (((0.34, 0.34), (0.66, 0.66)), ((0.66, 0.34), (0.34, 0.66))),
}
"""Lines of a sign, in parts of its height."""
