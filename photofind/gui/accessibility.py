"""What screen readers are told of widgets that Qt does not know: their kind, and which photo has the keyboard.

Used on the GUI thread. A widget class says its role in `ACCESSIBLE_ROLE`; without one Qt calls every widget of our
own a mere area. The grid is one control, not a million: a cell is told of when the keyboard reaches it. A tree of
interfaces for the cells lost: each would be a Python object that Qt owns, kept for every photo ever met.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_installed: list[bool] = []


def install() -> None:
    """Let Qt know the roles of our own widgets; once for the program."""
    if not _installed:
        QAccessible.installFactory(_interface_of)
        _installed.append(True)


def announce(widget: QWidget, sentence: str) -> None:
    """Describe what has the keyboard inside a widget, and say it if someone listens."""
    if widget.accessibleDescription() == sentence:
        return
    widget.setAccessibleDescription(sentence)
    if sentence and widget.hasFocus() and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


def _interface_of(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    role = getattr(type(thing), "ACCESSIBLE_ROLE", None)
    return QAccessibleWidget(thing, role) if role is not None and isinstance(thing, QWidget) else None
