"""A quiet bar with one sentence and at most one action: undo, a question about a dropped folder, trouble.

Owned by the main window, on its thread. It takes its own line below the photos instead of a dialog, which would
stop the hand, and instead of a floating note, which would cover photos. One message at a time; the next replaces
it.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from photofind.gui import icons, theme

_SHOWN_MS = 12_000


class MessageBar(QFrame):
    """Hidden until it has something to say."""

    said = Signal(str)
    """The sentence, for a page that covers the bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        self._act: Callable[[], None] | None = None
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton(self)
        self._button.setObjectName("message-action")
        self._button.clicked.connect(self._on_clicked)
        self._close = QToolButton(self)
        self._close.setObjectName("cross")
        self._close.setIconSize(QSize(16, 16))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close this message"))
        icons.bind(self._close, "close")
        self._close.clicked.connect(self.hide)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_time)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.SPACE, theme.SPACE // 2, theme.SPACE, theme.SPACE // 2)
        row.setSpacing(theme.SPACE)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self.hide()

    def say(
        self, sentence: str, action: str = "", act: Callable[[], None] | None = None, *, stays: bool = False
    ) -> None:
        """Show a sentence.

        Args:
            sentence: For the person.
            action: Text of the button; empty for none.
            act: What the button does; the bar is hidden first.
            stays: True until it is answered or closed; else it goes by itself after a while.
        """
        self._act = act
        self._text.setText(sentence)
        self._text.setAccessibleName(sentence)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.show()
        self.said.emit(sentence)
        self._timer.stop()
        if not stays:
            self._timer.start(_SHOWN_MS)

    def text(self) -> str:
        """Return what is shown, empty while hidden."""
        return self._text.text() if not self.isHidden() else ""

    def button(self) -> QPushButton:
        """Return the action."""
        return self._button

    def _on_clicked(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()

    def _on_time(self) -> None:
        # Not from under a pointer that is on its way to the button.
        if self.underMouse():
            self._timer.start(_SHOWN_MS // 4)
        else:
            self.hide()
