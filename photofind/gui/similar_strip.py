"""Small pictures of what looks like the chosen photo, in its details, shown without being asked for.

Owned by the details panel, on the window's thread. The window asks the library once the choice has rested, and
hands the photos over. It is there to lead on: one look tells whether "Find similar" is worth it, and a click shows
the photo.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from photofind.gui import theme, wording
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.records import Photo

COLUMNS = 4
MOST = 2 * COLUMNS
_RADIUS = 4.0


class SimilarStrip(QWidget):
    """See the module. Hidden while there is nothing to show.

    Args:
        thumbnails: Pictures of the tiles.
    """

    chosen = Signal(int)
    """Position of the tile that was clicked; `photos` tells which they are."""

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._photos: list[Photo] = []
        self._tiles: list[_Tile] = []
        heading = QLabel(self.tr("Looks similar"), self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.SPACE // 2)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, theme.SPACE, 0, 0)
        column_of_all.setSpacing(theme.SPACE)
        column_of_all.addWidget(heading)
        column_of_all.addLayout(self._grid)
        thumbnails.loaded.connect(self._on_loaded)
        self.hide()

    @property
    def photos(self) -> list[Photo]:
        """What is shown, the most alike first."""
        return self._photos

    def set_photos(self, photos: Sequence[Photo]) -> None:
        """Show these, `MOST` at most; none takes the section away."""
        self._photos = list(photos[:MOST])
        while len(self._tiles) < len(self._photos):
            self._add_tile()
        for place, tile in enumerate(self._tiles):
            tile.set_photo(self._photos[place] if place < len(self._photos) else None)
        self.setVisible(bool(self._photos))
        self._want()

    def _add_tile(self) -> None:
        place = len(self._tiles)
        tile = _Tile(self._thumbnails, self)
        tile.clicked.connect(lambda _checked=False: self.chosen.emit(place))
        self._tiles.append(tile)
        self._grid.addWidget(tile, place // COLUMNS, place % COLUMNS)

    def _want(self) -> None:
        box = round(_Tile.SIDE_PX * 2 * self.devicePixelRatioF())  # cut to a square: the shorter side must suffice
        self._thumbnails.want(self, [photo.content_id for photo in self._photos], box)

    def _on_loaded(self, content_id: int) -> None:
        for tile, photo in zip(self._tiles, self._photos, strict=False):
            if photo.content_id == content_id:
                tile.update()


class _Tile(QAbstractButton):
    """One photo, cut to a square."""

    SIDE_PX = 64

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._photo: Photo | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_photo(self, photo: Photo | None) -> None:
        self._photo = photo
        name = wording.display_name(photo.path) if photo is not None else ""
        self.setAccessibleName(name)
        self.setToolTip(self.tr("Show {name}").format(name=name))
        self.setVisible(photo is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.SIDE_PX, self.SIDE_PX)

    def heightForWidth(self, width: int) -> int:
        return width

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._photo is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(area, _RADIUS, _RADIUS)
        painter.setClipPath(shape)
        pixmap = self._thumbnails.pixmap(self._photo.content_id)
        if pixmap is None:
            painter.fillRect(area, QColor.fromRgb(self._photo.mean_rgb))
        else:
            side = min(pixmap.width(), pixmap.height())
            cut = QRectF((pixmap.width() - side) / 2, (pixmap.height() - side) / 2, side, side)
            painter.drawPixmap(area, pixmap, cut)
        if self.hasFocus() or self.underMouse():
            painter.setClipping(False)
            # Within the ring a line of the ground: over a photo as bright as the ring, the ring alone is not seen.
            for colour, inset, width in ((theme.colours().surface, 2.5, 1), (theme.colours().accent, 1, 2)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
