"""One sentence and one action, for whenever there are no photos to show: empty, loading, nothing found, an error.

Owned by the main window, on its thread. One page for all states, because a person should meet the same face each
time: an icon, what is the case, why, and the one thing to do about it.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from photofind.gui import icons, theme

_ICON_PX = 56


class StatePage(QWidget):
    """Centred in the place of the photos."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("state-page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon_name = "photos"
        self._act: Callable[[], None] | None = None
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(self)
        self._title.setObjectName("state-title")
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setWordWrap(True)
        self._sentence = QLabel(self)
        self._sentence.setObjectName("muted")
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setWordWrap(True)
        self._button = QPushButton(self)
        self._button.setAutoDefault(True)  # Enter presses it; outside a dialog only Space would
        self._button.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 6, theme.SPACE, theme.SPACE * 6, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addStretch(2)
        # As wide as the page: a wrapped label beside an alignment is given the height of its text at another width.
        for widget in (self._icon, self._title, self._sentence):
            column.addWidget(widget)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme.current().changed.connect(self._tint)

    def say(
        self,
        icon: str,
        title: str,
        sentence: str = "",
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        """Show a state.

        Args:
            icon: Its name.
            title: What is the case, a few words.
            sentence: Why, or what to do.
            action: Text of the button; empty for none.
            act: What the button does.
        """
        self._icon_name = icon
        self._act = act
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._tint()

    def title(self) -> str:
        """Return the state that is shown."""
        return self._title.text()

    def button(self) -> QPushButton:
        """Return the action."""
        return self._button

    def _on_clicked(self) -> None:
        if self._act is not None:
            self._act()

    def _tint(self) -> None:
        colour = theme.colours().muted
        self._icon.setPixmap(icons.pixmap(self._icon_name, colour, _ICON_PX, self.devicePixelRatioF()))
