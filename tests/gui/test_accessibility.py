"""Everything can be reached without a mouse, is seen to have the focus, and is named for those who do not see."""

from collections.abc import Iterator

import numpy as np
import pytest
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLineEdit,
    QMenu,
    QMessageBox,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from photofind.gui import accessibility, theme
from photofind.gui.main_window import MainWindow
from tests.gui.fake_library import FakeLibrary
from tests.gui.showing import fill, walk

Role = QAccessible.Role
NEEDS_NAME = {
    Role.Button, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.Slider,
    Role.SpinBox, Role.EditableText, Role.Tree, Role.Table, Role.List, Role.ProgressBar, Role.PageTab,
    Role.MenuItem, Role.HotkeyField,
}  # fmt: skip
NO_ROLE = {Role.NoRole, Role.Client}


@pytest.fixture(autouse=True)
def _roles() -> None:
    accessibility.install()


@pytest.fixture
def window(window: MainWindow, library: FakeLibrary) -> MainWindow:
    fill(library)
    return window


def interfaces(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """Yield every interface that is not hidden, from the widget's own down."""

    def down(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
        if not interface.isValid() or interface.state().invisible:
            return
        yield interface
        for number in range(min(interface.childCount(), 200)):
            child = interface.child(number)
            if child is not None:
                yield from down(child)

    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    yield from down(root)


def controls(widget: QWidget) -> Iterator[QWidget]:
    """Yield what is seen and can have the focus by Tab."""
    for child in (widget, *widget.findChildren(QWidget)):
        can_have_it = child.isEnabled() and bool(child.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if child is not widget and child.isVisibleTo(widget) and can_have_it and child.focusProxy() is None:
            yield child


def described(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} {widget.objectName()} {text!r}"


def unnamed(widget: QWidget) -> list[str]:
    wrong = []
    for interface in interfaces(widget):
        thing = interface.object()
        kind = type(thing).__name__ if thing is not None else "item"
        if isinstance(thing, QScrollBar):
            continue
        role, name = interface.role(), interface.text(QAccessible.Text.Name).strip()
        if interface.state().focusable and thing is not widget:
            # Of what Qt brings itself it knows no better role; nothing else may be a mere area.
            if role in NO_ROLE and type(thing) not in (QScrollArea, QTabWidget):
                wrong.append(f"no role: {kind} {name!r}")
            if not name and thing is not None:  # an empty cell has none
                wrong.append(f"no name: {kind} {role.name}")
        elif role in NEEDS_NAME and not name:
            wrong.append(f"no name: {kind} {role.name}")
    return wrong


def without_tooltip(widget: QWidget) -> list[str]:
    """Return the options and buttons that nothing explains.

    Not those of a question: there the text beside the button says it.
    """
    wrong = []
    options = (QAbstractButton, QComboBox, QAbstractSpinBox, QAbstractSlider, QLineEdit)
    for child in widget.findChildren(QWidget):
        if not isinstance(child, options) or isinstance(child, QScrollBar) or not child.isVisibleTo(widget):
            continue
        parents = _parents(child)
        if any(isinstance(parent, QMessageBox | QDialogButtonBox) for parent in parents):
            continue
        if any(isinstance(parent, QComboBox | QAbstractSpinBox | QTabBar) for parent in parents):
            continue  # a part of the control that has the tooltip
        if any(parent.objectName() in ("state-page", "message-bar") for parent in parents):
            continue
        if isinstance(child.parent(), QLineEdit) or any(parent.toolTip() for parent in parents[:1]):
            continue
        if not child.toolTip():
            wrong.append(f"no tooltip: {described(child)}")
    return wrong


def _expect_none(wrong: list[str]) -> None:
    if wrong:
        pytest.fail("\n".join(sorted(set(wrong))), pytrace=False)


def _parents(widget: QWidget) -> list[QWidget]:
    parents = []
    parent = widget.parentWidget()
    while parent is not None:
        parents.append(parent)
        parent = parent.parentWidget()
    return parents


def mnemonics(widget: QWidget) -> list[str]:
    """Return letters that two visible buttons, or two lines of a menu, want with Alt."""
    groups = [[b.text() for b in widget.findChildren(QAbstractButton) if b.isVisibleTo(widget)]]
    groups += [[action.text() for action in menu.actions()] for menu in widget.findChildren(QMenu)]
    wrong = []
    for texts in groups:
        keys = [key.toString() for text in texts if not (key := QKeySequence.mnemonic(text)).isEmpty()]
        wrong += [f"twice: {key}" for key in set(keys) if keys.count(key) > 1]
    return wrong


def test_every_control_has_name_role_and_tooltip_and_is_reached_by_tab(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot
) -> None:
    """In every state; each control that is on for Tab has the focus once before the round begins again."""
    wrong = []
    seen = []
    for name, widget in walk(qtbot, window, library):
        seen.append(name)
        _activate(widget, qtbot)
        found = unnamed(widget) + without_tooltip(widget) + mnemonics(widget) + not_reached(widget, qtbot)
        wrong += [f"{name}: {what}" for what in found]
    assert len(seen) > 25
    _expect_none(wrong)


def not_reached(widget: QWidget, qtbot: QtBot) -> list[str]:
    """Press Tab until it comes round, and return what it passed over."""
    wanted = {control for control in controls(widget) if not control.visibleRegion().isEmpty()}
    if not wanted:
        return []
    start = next(iter(wanted))
    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached = set()
    for _step in range(200):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in reached and focus is start:
            break
        reached.add(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    missed = {control for control in wanted - reached if not _is_tab_stop_of_group(control)}
    return [f"not reached: {described(control)}" for control in missed]


def test_actions_of_menus_are_named(window: MainWindow) -> None:
    window.grid.select_photo(3)
    menus = [window.photo_menu(), window.query_bar.view_menu, window.query_bar.menu_button.menu()]
    for menu in menus:
        for action in menu.actions():
            assert action.isSeparator() or action.text()


def _activate(widget: QWidget, qtbot: QtBot) -> None:
    """Give a window the keyboard; off screen nobody gives it back when a dialog closes."""
    widget.window().activateWindow()
    qtbot.waitUntil(widget.window().isActiveWindow)


def _is_tab_stop_of_group(control: QWidget) -> bool:
    """Of buttons that exclude each other Tab reaches the chosen one, and the arrows the rest."""
    return isinstance(control, QAbstractButton) and control.autoExclusive()


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_the_focus_is_seen_on_every_control(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, tone: str
) -> None:
    theme.current().apply(tone)
    try:
        wrong = []
        looked_at = set()
        for name, widget in walk(qtbot, window, library):
            _activate(widget, qtbot)
            for control in list(controls(widget)):
                if control.visibleRegion().isEmpty() or control.width() < 4:
                    continue
                # Most of the window is the same in every state.
                is_on = isinstance(control, QAbstractButton) and control.isChecked()
                place = QRect(control.mapTo(control.window(), QPoint(0, 0)), control.size())
                look = (shiboken6.getCppPointer(control), place.getRect(), described(control), is_on)
                if look in looked_at:
                    continue
                looked_at.add(look)
                if _focus_is_seen(control):
                    continue
                # An answer that came between the two looks may have changed or replaced it: once more, then.
                QApplication.processEvents()
                if not shiboken6.isValid(control) or control.visibleRegion().isEmpty():
                    continue
                if not _focus_is_seen(control):
                    wrong.append(f"{name}: {described(control)}")
        _expect_none(wrong)
    finally:
        theme.current().apply("light")


def _focus_is_seen(control: QWidget) -> bool:
    """Return whether some pixels change by a contrast of 3 when the control has the keyboard."""
    before = QApplication.focusWidget()
    if before is control:
        before.clearFocus()
    without = _as_seen(control)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    if not control.hasFocus() and (control.focusWidget() is None or not control.focusWidget().hasFocus()):
        return False
    with_focus = _as_seen(control)
    control.clearFocus()
    if without.size() != with_focus.size():
        return True
    one, other = _rgb(without), _rgb(with_focus)
    differs = (one != other).any(axis=-1)
    pairs = np.stack([_luminances(one[differs]), _luminances(other[differs])])
    contrasts = (pairs.max(axis=0) + 0.05) / (pairs.min(axis=0) + 0.05)
    return int(np.count_nonzero(contrasts >= 2.0)) >= 12


def _rgb(image: QImage) -> NDArray[np.uint8]:
    """Return the pixels of a picture in Format_RGB32, uint8 [height, width, 3]."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return np.ascontiguousarray(rows[:, : image.width(), 2::-1])


def _luminances(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return what `_luminance` does, for colours uint8 [n, 3]."""
    channels = colours / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), np.float64)


def _as_seen(control: QWidget) -> QImage:
    """Return the control with what is behind it: by itself it is drawn on a ground that nobody sees."""
    top = control.window()
    place = QRect(control.mapTo(top, QPoint(0, 0)), control.size())
    return top.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB32)


# Colours


def _luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


SURFACES = ("window", "sidebar", "surface", "canvas")
TEXTS = ("text", "muted", "danger", "warning", "success", "accent")


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_has_contrast(colours: theme.Colours, surface: str, text: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, surface)) >= 4.5


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("on_accent", "accent"), ("on_accent", "accent_hover"), ("text", "accent_soft"), ("text", "hover"),
        ("accent", "accent_soft"), ("muted", "hover"),
    ],
)  # fmt: skip
def test_text_on_buttons_and_choices_has_contrast(colours: theme.Colours, text: str, surface: str) -> None:
    assert contrast(getattr(colours, text), getattr(colours, surface)) >= 4.5


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", [*SURFACES, "hover", "accent_soft"])
def test_the_focus_ring_and_icons_have_contrast(colours: theme.Colours, surface: str) -> None:
    for ink in ("accent", "text", "muted"):
        assert contrast(getattr(colours, ink), getattr(colours, surface)) >= 3


def test_the_window_follows_the_system_while_it_runs(
    window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = theme.Theme("system")
    follower.follow_system()
    is_dark = [True]
    monkeypatch.setattr(theme, "_system_is_dark", lambda: is_dark[0])
    try:
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert follower.colours is theme.DARK
        assert qapp.palette().window().color().name() == theme.DARK.window
        is_dark[0] = False
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
        assert follower.colours is theme.LIGHT
        follower.apply("dark")
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
        assert follower.colours is theme.DARK  # chosen by the person
    finally:
        follower.deleteLater()
        theme.current().apply("light")


# What a screen reader is told


def test_the_photo_that_has_the_keyboard_is_told(window: MainWindow, qtbot: QtBot) -> None:
    window.grid.setFocus()
    window.grid.select_photo(60)
    qtbot.keyClick(window.grid, Qt.Key.Key_Right)
    told = window.grid.accessibleDescription()
    assert told.startswith("IMG_00059.jpg, ")
    assert "2014" in told
    assert told.endswith(", 2 of 60")


def test_our_own_widgets_have_roles(window: MainWindow) -> None:
    grid = QAccessible.queryAccessibleInterface(window.grid)
    assert grid is not None
    assert grid.role() == Role.List
    assert grid.text(QAccessible.Text.Name) == "Photos"
