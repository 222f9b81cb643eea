"""What is dropped or pasted: sorted into images, folders and addresses, and what is asked about a folder.

Owned by the main window, on its thread. Files win over pixels: a file keeps its quality and its name. Pixels win
over an address of the web, which this program never fetches. Programs hand files over in many ways: as URLs, as
markup with an <img>, as plain lines of text; all of them are read here.
"""

import base64
import binascii
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, QUrl, Signal, SignalInstance
from PySide6.QtGui import QImage, QImageWriter, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from photofind.gui import icons, theme, wording
from photofind.gui.photo_model import local_path
from photofind.gui.quick_look import folders_among

_PASTED_PX = 1536
"""Pixels from the clipboard are reduced to this: more tells the network nothing, and encoding must not be felt."""
_MOST_TEXT = 32 << 20
"""Characters of markup that are looked at; a picture inside it may be long."""
_SOURCE = re.compile(r"""<(?:img|a)\b[^>]*?\b(?:src|href)\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:image/[\w.+-]+;base64,(.+)", re.DOTALL | re.IGNORECASE)


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
    """Tell, without reading pixels, whether a drag is worth a drop."""
    return data.hasUrls() or data.hasImage() or (data.hasHtml() and bool(_urls(data))) or bool(_text_urls(data))


def sort_incoming(data: QMimeData) -> Incoming:
    """Sort what was dropped or pasted."""
    urls = _urls(data)
    paths = list(dict.fromkeys(path for url in urls if (path := local_path(url)) is not None))
    folders = folders_among(paths)
    files = [path for path in paths if path not in folders]
    if files or folders:
        return Incoming(files, folders)
    if data.hasImage():
        encoded = _encoded(QImage(data.imageData()))
        if encoded is not None:
            return Incoming(image=encoded)
    embedded = _embedded(data)
    if embedded is not None:
        return Incoming(image=embedded)
    return Incoming(is_from_web=bool(urls))


def _urls(data: QMimeData) -> list[QUrl]:
    """Return the addresses in the data, whatever form they have; those of files first."""
    urls = list(data.urls()) or _text_urls(data)
    if data.hasHtml() and not any(url.isLocalFile() for url in urls):
        found = [html.unescape(text) for text in _SOURCE.findall(data.html()[:_MOST_TEXT])]
        urls += [QUrl(text) for text in found if text.startswith(("file:", "http:", "https:"))]
    return urls


def _text_urls(data: QMimeData) -> list[QUrl]:
    """Return the addresses of a text that holds nothing else: one a line, of files or of the web."""
    lines = data.text()[:_MOST_TEXT].split("\n") if data.hasText() else []
    lines = [line.strip() for line in lines if line.strip()]
    if not lines or not all(re.match(r"(?:file|https?)://\S+$", line) for line in lines):
        return []
    return [QUrl.fromEncoded(line.encode("utf-8", "replace")) for line in lines]


def _embedded(data: QMimeData) -> bytes | None:
    """Return the picture that stands inside the markup itself."""
    sources = _SOURCE.findall(data.html()[:_MOST_TEXT]) if data.hasHtml() else []
    for source in sources:
        found = _EMBEDDED.fullmatch(source)
        if found:
            try:
                return base64.b64decode(found[1], validate=False) or None
            except binascii.Error:
                continue
    return None


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


class FolderQuestion(QDialog):
    """Asks what a dropped folder is for: to be added, or only to be compared with what is here.

    Args:
        folders: What was dropped.
        is_inside: They are in the library already: then they can be shown instead of added.
    """

    add_wanted = Signal()
    show_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, folders: Sequence[bytes], *, is_inside: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("A folder was dropped"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        names = ", ".join(wording.display_name(path) or wording.display_text(path) for path in folders[:3])
        names += "…" if len(folders) > 3 else ""
        title = QLabel(self.tr("What is “{folder}” for?").format(folder=names), self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setObjectName("state-title")
        title.setWordWrap(True)
        if is_inside:
            self.add_button = self._choice(
                "photos",
                self.tr("Show it"),
                self.tr("It is in the library already; its photos are shown."),
                self.show_wanted,
            )
        else:
            self.add_button = self._choice(
                "folder-add",
                self.tr("Add to the library"),
                self.tr("Its photos become searchable and stay where they are."),
                self.add_wanted,
            )
        self.check_button = self._choice(
            "compare",
            self.tr("Which of these do I have already?"),
            self.tr("Each photo is compared with the library. Nothing is added or changed."),
            self.check_wanted,
        )
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.setToolTip(self.tr("Do nothing with the folder (Esc)"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        choices = QHBoxLayout()
        choices.setSpacing(2 * theme.SPACE)
        choices.addWidget(self.add_button, 1)
        choices.addWidget(self.check_button, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * theme.SPACE, 3 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(2 * theme.SPACE)
        column.addWidget(title)
        column.addLayout(choices)
        column.addLayout(row)
        self.add_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as a long name needs: Qt measures a dialog as if its title had two lines."""
        super().showEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _choice(self, icon: str, text: str, sentence: str, wanted: SignalInstance) -> QPushButton:
        button = _Choice(icon, text, sentence, self)
        button.clicked.connect(self.accept)
        button.clicked.connect(wanted)
        return button


class _Choice(QPushButton):
    """A button as large as a card: an icon, what it does, and a sentence on it."""

    def __init__(self, icon: str, text: str, sentence: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("choice")
        self.setAccessibleName(text)
        self.setAccessibleDescription(sentence)
        self.setToolTip(sentence)
        self.setAutoDefault(True)
        self._icon_name = icon
        self._icon = QLabel(self)
        title = QLabel(text, self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        note = QLabel(sentence, self)
        note.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE, 2 * theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (title, note):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(label)
        column.addStretch(1)
        for label in (self._icon, title, note):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        # The height is the style sheet's, whose rule for buttons would make it that of one line.
        self.setFixedWidth(32 * theme.SPACE)
        theme.current().changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        self._icon.setPixmap(icons.pixmap(self._icon_name, theme.colours().accent, 40, self.devicePixelRatioF()))
