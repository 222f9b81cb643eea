"""The look: two sets of colours, one palette and one style sheet made from them, following the system at run time.

Owned by the application, used on the window's thread. Fusion draws the controls because it alone takes a palette on
every platform; the style sheet in `resources/style/photofind.qss` names tokens (`{accent}`) and never a colour, so
that light and dark cannot drift apart. An alternative that lost: the native style of each platform, which follows
the system by itself but leaves half the palette unused on Windows and macOS.

Another sheet, given to the application, makes Qt style every widget and tell it and all its descendants, once for
each of its ancestors: of 615 widgets 4,955 heard of it, 4,177 of another palette and 996 of another font, in 210 ms
of CPU (300 to 390 with all pages open). Both sheets differ in colours alone, so nobody needs to hear anything:
`_lay` changes the sheet while the style knows no widget, polishes each once, those that are seen now and the rest
in the turns that follow, and paints the window. That is 10 ms, 11 for the painting, and 15 for the rest in pieces
of 8. The alternatives that lost: pieces of the old way, for 210 ms of two themes side by side; a sheet of its own
on every part of the window, which menus and tooltips do not take; palette roles in the sheet, which has fifteen
colours for a dozen free roles, and keeps what it made of them until a widget is polished all the same.
"""

import time
from dataclasses import asdict, dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from photofind.settings import resource_folder

SPACE = 8
"""The unit of every margin and gap, in device-independent pixels."""

PIECE_MS = 8
"""So long are widgets that nobody sees styled at a time."""


@dataclass(frozen=True, slots=True)
class Colours:
    """One appearance. Text on `window`, `surface` and `sidebar` has a contrast of at least 4.5."""

    is_dark: bool
    window: str
    sidebar: str
    surface: str
    """Fields, cards, menus."""
    canvas: str
    """Behind photos."""
    text: str
    muted: str
    border: str
    hover: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    danger: str
    warning: str
    success: str


LIGHT = Colours(
    is_dark=False,
    window="#f5f6f7",
    sidebar="#eceef0",
    surface="#ffffff",
    canvas="#fafbfb",
    text="#1c2025",
    muted="#5b646e",
    border="#d9dde2",
    hover="#e1e5e9",
    accent="#2860c9",
    accent_hover="#2456b6",
    accent_soft="#dce7fb",
    on_accent="#ffffff",
    danger="#b3362b",
    warning="#8a5a00",
    success="#1d7448",
)
DARK = Colours(
    is_dark=True,
    window="#1d2023",
    sidebar="#191b1e",
    surface="#26292d",
    canvas="#151719",
    text="#e8eaed",
    muted="#a0a8b1",
    border="#363b41",
    hover="#31353a",
    accent="#7aa7fb",
    accent_hover="#94b8fc",
    accent_soft="#263b5f",
    on_accent="#10182a",
    danger="#f08a80",
    warning="#e3b35a",
    success="#6cc598",
)


class Theme(QObject):
    """The appearance in force, for the one application.

    Args:
        choice: "light", "dark" or "system", as in the settings.
    """

    changed = Signal()
    """The colours are others now; repaint what was tinted by hand."""

    def __init__(self, choice: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.colours = LIGHT
        self._left: list[QWidget] = []
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._style_more)

    def apply(self, choice: str | None = None) -> None:
        """Put the colours of `choice` (default: as before) in force."""
        if choice is not None:
            self._choice = choice
        is_dark = self._choice == "dark" or (self._choice == "system" and _system_is_dark())
        self.colours = DARK if is_dark else LIGHT
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._lay(app)
        self.changed.emit()

    def choose(self, choice: str) -> None:
        """Put a choice in force if it is another."""
        if choice != self._choice:
            self.apply(choice)

    def follow_system(self) -> None:
        """Change with the system from now on, as long as the choice is "system"."""
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def _on_system_changed(self) -> None:
        if self._choice == "system":
            self.apply()

    def _lay(self, app: QApplication) -> None:
        """Give the application the colours in force, and every widget what the sheet makes of them."""
        app.setPalette(_palette(self.colours))
        if not app.styleSheet():
            app.setStyleSheet(_style_sheet(self.colours))
            return
        style = app.style()
        # Unpolished, the style of sheets forgets what it made for every widget: there is nobody to tell. One that
        # did not forget would tell them all, as slow as ever.
        style.unpolish(app)
        style.polish(app)
        app.setStyleSheet(_style_sheet(self.colours))
        self._left.clear()
        for top in app.topLevelWidgets():
            if top.parentWidget() is not None:
                continue  # a dialog, which comes with its window
            # Parents before children, who inherit palettes.
            for widget in (top, *top.findChildren(QWidget)):
                if widget.isVisible():
                    style.polish(widget)
                else:
                    self._left.append(widget)
                if widget.isWindow():
                    widget.update()
        self._left.reverse()
        self._rest.start()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Style what is shown before its piece came; it is painted after this."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.style().polish(watched)
        return False

    def _style_more(self) -> None:
        until = time.thread_time() + PIECE_MS / 1000
        while self._left and time.thread_time() < until:
            widget = self._left.pop()
            if shiboken6.isValid(widget):
                widget.style().polish(widget)
        if not self._left:
            self._rest.stop()
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)


_theme: list[Theme] = []


def current() -> Theme:
    """Return the application's theme; light until `apply` is called."""
    if not _theme:
        _theme.append(Theme())
    return _theme[0]


def colours() -> Colours:
    """Return the colours in force, for those who paint by hand."""
    return current().colours


def ink(label: QWidget, role: str) -> None:
    """Write a label in a colour of the theme ("success", "warning", "danger", "muted"), also when that changes.

    A palette of its own lost: it holds a colour, and keeps it when the others go dark.
    """
    if label.property("ink") == role:
        return
    label.setProperty("ink", role)
    label.style().unpolish(label)
    label.style().polish(label)


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.window,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.danger,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.LinkVisited: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.surface,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Light: colours.surface,
        QPalette.ColorRole.Midlight: colours.hover,
        QPalette.ColorRole.Mid: colours.border,
        QPalette.ColorRole.Dark: colours.border,
        QPalette.ColorRole.Shadow: colours.border,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    faded = QColor(colours.muted)
    faded.setAlphaF(0.6)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette


def _style_sheet(colours: Colours) -> str:
    source = (resource_folder() / "style" / "photofind.qss").read_text(encoding="utf-8")
    tokens = {name: value for name, value in asdict(colours).items() if isinstance(value, str)}
    tokens["icons"] = (resource_folder() / "icons").as_posix()
    tokens["tone"] = "dark" if colours.is_dark else "light"
    for name, value in tokens.items():
        source = source.replace("{" + name + "}", value)
    return source
