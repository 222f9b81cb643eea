"""The icons: one family of our own, drawn with strokes on a 24-pixel grid, tinted at run time.

Called on the window's thread. A file in `resources/icons` says `currentColor`; that becomes a colour of the
theme, and the drawing is rendered at the scales (1x, 2x, 3x) of the screens that are there; when one of another
scale comes, icons are drawn anew as they are for other colours. All three at once lost: 47 icons took 35 of the 100
CPU-ms that building the window takes, now 10. So did a QIconEngine that draws when asked: Qt would call Python for
every paint of every button. And so did `QIcon.fromTheme`, which finds nothing on Windows and macOS and mixes
families on Linux.
"""

import math
import weakref
from functools import lru_cache
from typing import Protocol

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap, QScreen
from PySide6.QtSvg import QSvgRenderer

from photofind.gui import theme
from photofind.settings import resource_folder

ICON_PX = 20


class _Iconic(Protocol):
    def setIcon(self, icon: QIcon, /) -> None: ...


def pixmap(name: str, colour: str, side_px: int = ICON_PX, ratio: float = 1.0) -> QPixmap:
    """Draw one icon.

    Args:
        name: A file of `resources/icons` without its ending.
        colour: "#rrggbb".
        side_px: Side in device-independent pixels.
        ratio: Device pixels for each of those.
    """
    device_px = max(1, round(side_px * ratio))
    drawn = QPixmap(device_px, device_px)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode())).render(
        painter, QRectF(0, 0, device_px, device_px)
    )
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, role: str = "text") -> QIcon:
    """Return an icon in a colour of the theme in force; disabled it is faded."""
    colours = theme.colours()
    _drawn_scales.update(_scales())
    return _icon(name, str(getattr(colours, role)), colours.muted, tuple(sorted(_drawn_scales)))


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, muted: str, scales: tuple[int, ...]) -> QIcon:
    """Draw an icon at every scale: 1 ms, and many buttons have the same."""
    faded = QColor(muted)
    faded.setAlphaF(0.5)
    result = QIcon()
    for scale in scales:
        drawn = pixmap(name, colour, ICON_PX, scale)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            result.addPixmap(drawn, mode)
        result.addPixmap(_recoloured(drawn, faded), QIcon.Mode.Disabled)
    return result


def bind(target: QObject, name: str, role: str = "text") -> None:
    """Give a button, label-less action or menu its icon, and a new one whenever the colours change."""
    _bound[:] = [entry for entry in _bound if entry[0]() not in (None, target)]
    _bound.append((weakref.ref(target), name, role))
    if not _is_listening:
        _listen()
    _tint(target, name, role)


_bound: list[tuple["weakref.ref[QObject]", str, str]] = []
_is_listening: list[bool] = []
_drawn_scales: set[int] = set()


def _listen() -> None:
    _is_listening.append(True)
    theme.current().changed.connect(_tint_all)
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        application.screenAdded.connect(_on_screen_added)
        for screen in application.screens():
            screen.geometryChanged.connect(_on_screens_changed)


def _on_screen_added(screen: QScreen) -> None:
    screen.geometryChanged.connect(_on_screens_changed)
    _on_screens_changed()


def _on_screens_changed() -> None:
    """Draw everything anew if a screen has a scale that nothing was drawn for; its geometry changes with it."""
    if not _scales() <= _drawn_scales:
        theme.current().changed.emit()


def _scales() -> set[int]:
    return {max(1, math.ceil(screen.devicePixelRatio())) for screen in QGuiApplication.screens()} or {1}


def _tint_all() -> None:
    _bound[:] = [entry for entry in _bound if (target := entry[0]()) is not None and shiboken6.isValid(target)]
    for reference, name, role in list(_bound):
        target = reference()
        if target is not None:
            _tint(target, name, role)


def _tint(target: QObject, name: str, role: str) -> None:
    iconic: _Iconic = target  # type: ignore[assignment]
    iconic.setIcon(icon(name, role))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (resource_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _recoloured(drawn: QPixmap, colour: QColor) -> QPixmap:
    """Return the same strokes in another colour, which may let through what is behind."""
    result = QPixmap(drawn)
    painter = QPainter(result)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(QRectF(0, 0, ICON_PX, ICON_PX), colour)
    painter.end()
    return result
