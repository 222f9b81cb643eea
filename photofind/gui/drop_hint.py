"""What is dropped or pasted: sorted into images, folders and addresses, and the veil that says what a drop does.

Owned by the main window, on its thread. Files win over pixels: a file keeps its quality and its name. Pixels win
over an address of the web, which this program never fetches.
"""

import os
from dataclasses import dataclass, field

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from photofind.gui import icons, theme
from photofind.gui.photo_model import local_path

_PASTED_PX = 1536
"""Pixels from the clipboard are reduced to this: more tells the network nothing, and encoding must not be felt."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a drop or a paste holds, sorted.

    Attributes:
        files: Files, which may be images.
        folders: Directories.
        image: Encoded pixels, when there are no files.
        is_from_web: True when there is nothing but an address of the web.
    """

    files: list[bytes] = field(default_factory=list)
    folders: list[bytes] = field(default_factory=list)
    image: bytes | None = None
    is_from_web: bool = False

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to act on."""
        return not (self.files or self.folders or self.image or self.is_from_web)


def may_hold(data: QMimeData) -> bool:
    """Tell, without reading it, whether a drag is worth a drop."""
    return data.hasUrls() or data.hasImage()


def sort_incoming(data: QMimeData) -> Incoming:
    """Sort what was dropped or pasted."""
    paths = [path for url in data.urls() if (path := local_path(url)) is not None]
    folders = [path for path in paths if os.path.isdir(path)]
    files = [path for path in paths if path not in folders]
    if files or folders:
        return Incoming(files, folders)
    if data.hasImage():
        encoded = _encoded(QImage(data.imageData()))
        if encoded is not None:
            return Incoming(image=encoded)
    return Incoming(is_from_web=data.hasUrls())


def _encoded(image: QImage) -> bytes | None:
    if image.isNull():
        return None
    if max(image.width(), image.height()) > _PASTED_PX:
        image = image.scaled(
            _PASTED_PX, _PASTED_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"PNG"))
    # Quality 100 of PNG means: do not compress. It is read again at once, in a decoder process.
    writer.setQuality(100)
    return bytes(buffer.data().data()) if writer.write(image) else None


class DropHint(QWidget):
    """A veil over the window while something is dragged above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_text(self, text: str) -> None:
        """Cover the parent and say what a drop would do."""
        self._text = text
        self.setGeometry(0, 0, self._covered.width(), self._covered.height())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the veil."""
        colours = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.canvas)
        veil.setAlphaF(0.86)
        painter.fillRect(self.rect(), veil)
        pen = QPen(QColor(colours.accent), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(self.rect().adjusted(12, 12, -13, -13), 12, 12)
        centre = self.rect().center()
        icon = icons.pixmap("image-search", colours.accent, 64, self.devicePixelRatioF())
        painter.drawPixmap(centre.x() - 32, centre.y() - 72, icon)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        below = QRect(0, centre.y() + 8, self.width(), 48)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._text)
