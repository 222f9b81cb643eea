"""Nothing the window says is cut off, in either language, and in Chinese nothing is left in English.

The walk of `showing` at three sizes; once more in a process of its own where a pixel of the window is two of the
screen. What is drawn by hand or elided on purpose is not looked at: it has its whole text in a tooltip.
"""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, QRect, QSize, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from photofind.gui import translation
from photofind.gui.elided_label import ElidedLabel
from photofind.gui.main_window import MainWindow
from photofind.settings import Settings, resource_folder
from tests.gui.conftest import MakeWindow
from tests.gui.fake_library import CAMERAS, FakeLibrary
from tests.gui.showing import fill, walk

SIZES = (QSize(1024, 700), QSize(720, 480), QSize(2560, 1440))


@pytest.fixture(params=translation.LANGUAGES)
def language(request: pytest.FixtureRequest, qapp: QApplication, look: None) -> Iterator[str]:
    before, font = QLocale(), qapp.font()
    held = set(qapp.findChildren(QTranslator))
    assert translation.install(qapp, request.param) == request.param
    yield request.param
    for translator in set(qapp.findChildren(QTranslator)) - held:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)
    qapp.setFont(font)


@pytest.fixture
def window(language: str, make_window: MakeWindow, library: FakeLibrary) -> MainWindow:
    fill(library)
    return make_window(library, Settings())


# Room


def cut_off(widget: QWidget) -> list[str]:
    """Return the visible texts of a widget and all in it that have less room than they need."""
    wrong = []
    for child in (widget, *widget.findChildren(QWidget)):
        if child.isVisibleTo(widget) and not child.visibleRegion().isEmpty():
            for text, needed, room in _needs(child):
                if needed.width() > room.width() or needed.height() > room.height():
                    wrong.append(
                        f"{type(child).__name__} {child.objectName()} {text!r}: {needed.width()}x{needed.height()} "
                        f"in {room.width()}x{room.height()}"
                    )
    return wrong


def overlapping(widget: QWidget) -> list[str]:
    """Return the visible buttons beside each other that share some pixels."""
    by_parent: dict[QWidget, list[QPushButton]] = {}
    for button in widget.findChildren(QPushButton):
        if button.isVisibleTo(widget) and (parent := button.parentWidget()) is not None:
            by_parent.setdefault(parent, []).append(button)
    return [
        f"{one.text() or one.accessibleName()!r} lies over {other.text() or other.accessibleName()!r}"
        for beside in by_parent.values()
        for one, other in itertools.combinations(beside, 2)
        if one.geometry().intersects(other.geometry())
    ]


def _needs(widget: QWidget) -> Iterator[tuple[str, QSize, QSize]]:
    """Yield text, the room it needs and the room it has."""
    match widget:
        case ElidedLabel():
            if widget.shown_text() != widget.text() and widget.text() not in widget.toolTip():
                yield widget.text(), QSize(1, 1), QSize(0, 0)
        case QLabel():
            if widget.text() and widget.pixmap().isNull():
                yield _need_of_label(widget)
        case QPushButton() | QCheckBox():
            yield widget.text(), _least(widget), widget.size()
        case QToolButton():
            if isinstance(widget.parent(), QTabBar):
                yield "tabs that must be scrolled", QSize(1, 1), QSize(0, 0)
            elif widget.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly or widget.icon().isNull():
                yield widget.text(), _least(widget), widget.size()
        case QComboBox():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            field = widget.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
            )
            width = widget.fontMetrics().horizontalAdvance(widget.currentText())
            yield widget.currentText(), QSize(width, 0), field.size()
        case QTabBar():
            for tab in range(widget.count()):
                place: QRect = widget.tabRect(tab)
                width = widget.fontMetrics().horizontalAdvance(widget.tabText(tab))
                yield widget.tabText(tab), QSize(width, 0), (place & widget.rect()).size()
        case QHeaderView():
            model = widget.model()
            for section in range(widget.count()):
                text = str(model.headerData(section, widget.orientation()) or "")
                width = widget.fontMetrics().horizontalAdvance(text)
                if not widget.isSectionHidden(section):
                    yield text, QSize(width, 0), QSize(widget.sectionSize(section), widget.height())
        case QLineEdit():
            if not widget.text() and widget.placeholderText() and widget.objectName() != "words":
                width = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
                yield widget.placeholderText(), QSize(width, 0), widget.size()
        case QGroupBox():
            yield widget.title(), QSize(widget.fontMetrics().horizontalAdvance(widget.title()), 0), widget.size()
        case _:
            pass


def _least(button: QAbstractButton) -> QSize:
    """Return the size a button asks for, less what is only air between text and edge."""
    return button.sizeHint() - QSize(4, 4)


def _need_of_label(label: QLabel) -> tuple[str, QSize, QSize]:
    room = label.contentsRect().size()
    if label.wordWrap():
        height = label.heightForWidth(label.width()) if label.width() > 0 else 0
        # Qt asks for the leading of the last line, too; nothing is drawn there.
        return label.text(), QSize(0, height - 4), label.size()
    if label.textFormat() == Qt.TextFormat.RichText:
        return label.text(), label.sizeHint(), label.size()
    lines = label.text().split("\n")
    metrics = label.fontMetrics()
    width = max(metrics.horizontalAdvance(line) for line in lines)
    return label.text(), QSize(width, metrics.height() * len(lines) - 2), room


def _settle() -> None:
    """Let what asked for room have it: a label that wraps tells its height only when it knows its width."""
    for _turn in range(5):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    # What came in with the last turn asks for room, too, and is not painted before it has it.
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_nothing_is_cut_off_or_left_in_english(
    window: MainWindow, library: FakeLibrary, qtbot: QtBot, size: QSize, language: str
) -> None:
    wrong = []
    window.resize(size)
    for name, widget in walk(qtbot, window, library):
        _settle()
        assert window.size() == size, name
        wrong += [f"{name}: {what}" for what in cut_off(widget) + overlapping(widget)]
        if language != "en" and size == SIZES[0]:
            wrong += [f"{name}: in English: {text!r}" for text in said(widget) if in_english(text)]
    if wrong:
        pytest.fail("\n".join(sorted(set(wrong))), pytrace=False)


@pytest.mark.timeout(600)  # about a hundred states, on a machine that may be busy
def test_nothing_is_cut_off_on_a_sharp_screen() -> None:
    """The same with two pixels of the screen for each of the window, where fonts have other widths."""
    if "QT_SCALE_FACTOR" in os.environ:
        pytest.skip("this is that process")
    here = Path(__file__)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(here),
            "-k",
            "nothing_is_cut_off and 1024",
        ],
        cwd=here.parents[2],
        env=os.environ | {"QT_SCALE_FACTOR": "2"},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_no_state_makes_text_bold() -> None:
    """Qt measures a button without `:default`, `:focus` and the like: what they made bold would be cut."""
    sheet = (resource_folder() / "style" / "photofind.qss").read_text(encoding="utf-8")
    sheet = re.sub(r"\{\w+\}", "", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    assert len(rules) > 50
    assert [selectors for selectors, body in rules if ":" in selectors and "font-weight" in body] == []


# Words

ALLOWED = (
    r"PhotoFind|photos|English|NVIDIA CUDA|DirectML|Core ML|OpenVINO|MIT|Apache-2\.0|BSD-3-Clause|Picture \d+",
    r".*\.(jpg|onnx|json|AAE|MOV|MP4|xmp)|.*/photos.*|.*/home/.*",
    r"JPEG( .*)?|ISO \d+|\d+ mm|.* px|[\d.]+ [MG]B( ✓)?|.* · [\d.]+ MP( ✓| · .*)?|f/.*|.* s|beach、summer",
    r"(fake|mine)-\d|No GPU was found\.|(EfficientNet|ResNet)-.*",  # as its maker calls it
    # Keys.
    r"([,\s+/-]|Ctrl|Shift|Alt|Esc|Space|Return|Enter|Backspace|Del|Home|End|PgUp|PgDown|Left|Right|Up|Down|Menu|F\d+"
    r"|[A-Z0-9=])*",
)
"""Names, formats, units, paths and keys."""


def said(widget: QWidget) -> Iterator[str]:
    """Yield every text that is shown, told or written on a menu."""
    for child in (widget, *widget.findChildren(QWidget)):
        if not child.isVisibleTo(widget):
            continue
        yield child.toolTip()
        yield child.accessibleName()
        yield child.accessibleDescription()
        match child:
            case QLabel():
                yield child.text()
            case QAbstractButton():
                yield child.text()
            case QComboBox():
                yield from (child.itemText(place) for place in range(child.count()))
            case QTabBar():
                for tab in range(child.count()):
                    yield from (child.tabText(tab), child.tabToolTip(tab))
            case QLineEdit():
                yield from (child.placeholderText(), child.text())
            case QMessageBox():
                yield from (child.windowTitle(), child.text(), child.informativeText())
            case _:
                pass
        if isinstance(child, QHeaderView) and not child.isHidden():
            yield from (str(child.model().headerData(n, child.orientation()) or "") for n in range(child.count()))
    for menu in widget.findChildren(QMenu):
        yield from (action.text() for action in menu.actions())


def in_english(text: str) -> bool:
    """Return whether a line of a text has English words and no Chinese."""
    names = [name for camera in CAMERAS for name in camera]
    return any(
        re.search(r"[A-Za-z]{2}", line) is not None
        and re.search(r"[\u4e00-\u9fff]", line) is None
        and not any(re.fullmatch(pattern, line) for pattern in ALLOWED)
        and not any(name in line for name in names)
        for line in text.split("\n")
    )
