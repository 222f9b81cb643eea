"""A page that covers the window it belongs to, and gives the focus back when it closes.

Owned by the GUI thread. The viewer and the comparison lie over whatever was seen before, so that Esc returns to
exactly that: nothing below is rebuilt. A page in a stacked widget lost: it would leave sidebar and bars around a
picture that wants all the room. Without a parent an overlay is a window of its own.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


class Overlay(QWidget):
    """See the module. Hidden until `open_over`."""

    ACCESSIBLE_ROLE = QAccessible.Role.Pane

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus_before: QWidget | None = None
        self._was_full_screen = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAutoFillBackground(True)
        if parent is not None:
            self.hide()
            parent.installEventFilter(self)

    def open_over(self) -> None:
        """Cover the parent and take the keyboard."""
        if not self.isVisible():
            self._focus_before = QApplication.focusWidget()
            self._was_full_screen = self.window().isFullScreen()
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_over(self) -> None:
        """Uncover the parent and give the keyboard back."""
        if not self.isVisible():
            return
        if self.window().isFullScreen() and not self._was_full_screen:
            self.window().showNormal()
        self.hide()
        before, self._focus_before = self._focus_before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the parent."""
        parent = self.parentWidget()
        if event.type() == QEvent.Type.Resize and parent is not None and watched is parent and self.isVisible():
            self.setGeometry(parent.rect())
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Take every key before the shortcuts of the window below see it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()
            return True
        return super().event(event)
