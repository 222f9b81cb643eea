"""The window's states one after another, for tests that look at all of it.

`walk` brings a window to each state and yields its name and the widget to look at, a dialog or the window itself.
"""

import os
from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.events import Progress, Stage
from photofind.gui.main_window import MainWindow
from photofind.gui.models_page import AddPanel
from photofind.gui.removal_dialogs import FailuresDialog, PlanDialog
from photofind.gui.settings_dialog import SettingsDialog
from photofind.gui.sidebar import Place
from photofind.gui.viewer import Viewer
from photofind.records import Cluster, Failure, FailureKind, MatchKind, PhotoPart
from tests.gui.fake_library import FakeLibrary

CLUSTERS = [
    Cluster(MatchKind.IDENTICAL, (1, 2, 3)),
    Cluster(MatchKind.IDENTICAL, (4, 5)),
    Cluster(MatchKind.SAME, (6, 7)),
    Cluster(MatchKind.SIMILAR, (11, 12)),
]


def fill(library: FakeLibrary) -> None:
    """Give a library some of everything that can be shown."""
    library.clusters = list(CLUSTERS)
    library.failure_list[:] = [
        Failure(b"/photos/broken_%d.jpg" % number, kind, "The file is empty.")
        for number, kind in enumerate(kind for kind in FailureKind if kind is not FailureKind.NOT_A_PHOTO)
    ]
    library.ratings.update({3: 4, 59: 2})


def walk(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[tuple[str, QWidget]]:
    """Yield every state; the window must be attached to the library, which `fill` prepared."""
    yield "photos", window
    window.grid.setFocus()
    window.grid.select_photo(59)
    window.find_similar(59)
    qtbot.waitUntil(lambda: _details_are(window, 1) and window.query_bar.chip_count() == 1)
    window.query_bar.show_notice(window.tr("Ranked by the network {model} in {ms} ms").format(model="m", ms=1))
    window.show_label("beach")
    yield "an answer with everything", window
    window.query_bar.clear()
    window.query_bar.filters.clear()
    window.message.hide()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list") and len(window.model.ids) == len(library.ids))
    window.grid.selectAll()
    qtbot.waitUntil(lambda: _details_are(window, 2))
    library.emit(Progress(Stage.INDEXING, 12_480, 31_002, 0, 143.0, 125.0))
    qtbot.waitUntil(lambda: bool(window.status.text()))
    yield "several chosen while indexing", window
    library.emit(Progress(Stage.PAUSED, 12_480, 31_002))
    qtbot.waitUntil(lambda: "·" not in window.status.text())
    yield "paused", window
    library.emit(Progress(Stage.IDLE))
    yield from _states(qtbot, window, library)
    yield from _pages(qtbot, window, library)
    yield from _overlays(qtbot, window, library)
    yield from _dialogs(qtbot, window, library)


def _details_are(window: MainWindow, least: int) -> bool:
    return window.details.isHidden() or len(window.details.photos) >= least


def _states(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[tuple[str, QWidget]]:
    library.error = UserError("The library is closed.")
    window._ask()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.state_page)
    yield "the photos cannot be listed", window
    window.query_bar.add_part(PhotoPart(3), window._look(library.photos([3])[0]))
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list"))
    yield "a search that failed", window
    library.error = None
    window.query_bar.clear()
    ids, library.ids = library.ids, library.ids[:0]
    window.query_bar.filters.choose_labels(("beach",))
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list"))
    yield "nothing passes the filters", window
    window.query_bar.filters.clear()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list"))
    yield "no photos", window
    folders = list(library.folder_list)
    library.folder_list.clear()
    window.first_run.propose(os.fsencode("/home/somebody/Pictures"))
    window._ask()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.first_run)
    yield "the first screen", window
    library.folder_list[:] = folders
    library.ids = ids
    window._ask()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)


def _pages(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[tuple[str, QWidget]]:
    window.sidebar.choose(Place.DUPLICATES)
    view = window._duplicates_page()
    qtbot.waitUntil(lambda: not view._pending)
    yield "duplicates", window
    view.mark_all()
    yield "marked duplicates", window
    view.set_kind(MatchKind.BURST)
    yield "no bursts", window
    view.set_kind(MatchKind.SIMILAR)
    yield "similar photos", window
    view.set_kind(MatchKind.IDENTICAL)
    view.compare(CLUSTERS[0])
    assert view.compare_view is not None
    yield "the comparison", view.compare_view
    view.compare_view.close_over()
    view.show_plan()
    yield from _dialog(qtbot, "the plan", view.findChildren(PlanDialog))
    failures = FailuresDialog(((b"/photos/a.jpg", "There is no permission to read the file."),), view)
    failures.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    failures.open()
    yield from _dialog(qtbot, "what stayed", [failures])
    window.sidebar.choose(Place.PROBLEMS)
    yield "problems", window
    window.sidebar.choose(Place.NETWORKS)
    page = window._models_page()
    yield "networks", window
    panel = page.findChild(AddPanel)
    assert panel is not None
    panel.start()
    panel.is_pair.setChecked(True)
    panel.add.click()
    yield "adding a network", window
    panel.hide()
    window.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)


def _overlays(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[tuple[str, QWidget]]:
    window.open_viewer(30)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    yield "the viewer", viewer
    viewer.close_over()


def _dialogs(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[tuple[str, QWidget]]:
    window.actions_by_name["keys"].trigger()
    yield from _dialog(qtbot, "the keys", _open_dialogs(window))
    for tab in range(3):
        window.actions_by_name["settings"].trigger()
        dialog = next(dialog for dialog in _open_dialogs(window) if isinstance(dialog, SettingsDialog))
        tabs = dialog.findChild(QTabWidget)
        assert tabs is not None
        tabs.setCurrentIndex(tab)
        yield from _dialog(qtbot, f"settings, page {tab + 1}", [dialog])
    filters = window.query_bar.filters
    filters.set_facets({"cameras": [("EOS R6", 20)], "formats": [("JPEG", 60)], "years": [("2015", 20)],
                        "labels": [("beach", 4)]})  # fmt: skip
    filters.open_below(window.query_bar)
    yield "filters", filters
    filters.hide()
    window.grid.select_photo(30)
    window.actions_by_name["trash"].trigger()
    yield from _dialog(qtbot, "a question before the trash", _open_dialogs(window))
    window.sidebar.remove_wanted.emit(library.folder_list[0])
    yield from _dialog(qtbot, "a question before removing a folder", _open_dialogs(window))


def _open_dialogs(window: MainWindow) -> list[QDialog]:
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def _dialog(qtbot: QtBot, name: str, dialogs: list[QDialog]) -> Iterator[tuple[str, QWidget]]:
    assert dialogs, name
    qtbot.waitExposed(dialogs[-1])
    yield name, dialogs[-1]
    dialogs[-1].close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
