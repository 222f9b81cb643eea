"""The window's states one after another, for tests that look at all of it.

`walk` brings a window to each state and yields its name and the widget to look at, a dialog or the window itself.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from photofind.errors import UserError
from photofind.events import Progress, Stage
from photofind.gui.copy_dialog import CopyDialog
from photofind.gui.folder_check_dialog import FolderCheckDialog
from photofind.gui.incoming import FolderQuestion
from photofind.gui.main_window import MainWindow
from photofind.gui.models_page import AddPanel
from photofind.gui.query_bar import ChipLook
from photofind.gui.region_selector import RegionDialog
from photofind.gui.removal_dialogs import FailuresDialog, PlanDialog
from photofind.gui.rename_dialog import RenameDialog
from photofind.gui.settings_dialog import SettingsDialog
from photofind.gui.sidebar import Place
from photofind.gui.tag_name_dialog import TagNameDialog
from photofind.gui.translation import core_sentence
from photofind.gui.viewer import Viewer
from photofind.gui.where_dialog import WhereDialog
from photofind.records import (
    NOT_ANSWERING,
    CheckedFile,
    Cluster,
    Failure,
    FailureKind,
    FileVerdict,
    MatchKind,
    Merge,
    PhotoPart,
    Query,
    SavedQuery,
    WordsPart,
)
from tests.gui.fake_library import FakeLibrary

CLUSTERS = [
    Cluster(MatchKind.IDENTICAL, (1, 2, 3), with_video=frozenset({1, 2})),
    Cluster(MatchKind.IDENTICAL, (4, 5)),
    Cluster(MatchKind.SAME, (6, 7)),
    Cluster(MatchKind.SIMILAR, (11, 12)),
]
TAGS = ("假期", "祖母的生日", "海边的小屋", "长长的标签长长的标签长长的标签")
"""As a person wrote them, in no language of the window."""
COLLECTION, LIVE, EMPTY = "2015 ★★★", "★ 2014", "∅"

State = tuple[str, QWidget]
D = TypeVar("D", bound=QDialog)


def fill(library: FakeLibrary) -> None:
    """Give a library some of everything that can be shown."""
    library.clusters = list(CLUSTERS)
    for number, ending in ((1, ".MOV"), (2, ".MOV"), (5, ".MP4"), (60, ".MOV"), (60, ".xmp"), (59, ".AAE")):
        library.add_companion(number, ending)
    library.failure_list[:] = [
        Failure(b"/photos/broken_%d.jpg" % number, kind, "The file is empty.")
        for number, kind in enumerate(kind for kind in FailureKind if kind is not FailureKind.NOT_A_PHOTO)
    ]
    library.ratings.update({3: 4, 59: 2})
    library.flags.update({59: 1, 58: -1})
    library.tags_of.update({59: TAGS, 58: TAGS[:1], 60: TAGS[1:3]})
    library.titles[59] = "祖母的八十岁生日" * 4
    library.captions[59] = "我们都在海边的小屋里。" * 12
    library.merge = Merge(TAGS, 4, 1, "祖母的八十岁生日", "我们都在海边的小屋里。", (COLLECTION,))
    for number, (name, members) in enumerate(((COLLECTION, [59, 58]), (LIVE, []), (EMPTY, [])), 1):
        library.collection_names[number] = name
        if name != LIVE:
            library.collection_members[number] = members
    library.saved_queries[2] = SavedQuery(Query((PhotoPart(59),)))


def walk(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    """Yield every state; the window must be attached to the library, which `fill` prepared."""
    details, asked = window.chosen_details, ("companions", "why", "alike")
    details._alike.setInterval(0)  # else it comes while a state is looked at, and moves what is below
    for state in _all(qtbot, window, library):
        if not library.is_held:
            qtbot.waitUntil(lambda: not details.is_waiting() and not details._alike.isActive())
            qtbot.waitUntil(lambda: not any(window.bridge.is_waiting(topic) for topic in asked))
        yield state


def _all(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    window._update_counts()
    qtbot.waitUntil(lambda: window.sidebar.collections_heading().childCount() == 3)
    yield "photos", window
    yield from _grid(qtbot, window, library)
    yield from _search(qtbot, window, library)
    yield from _status(qtbot, window, library)
    yield from _states(qtbot, window, library)
    yield from _pages(qtbot, window, library)
    yield from _overlays(qtbot, window, library)
    yield from _dialogs(qtbot, window, library)
    yield from _in_and_out(qtbot, window, library)


def _details_are(window: MainWindow, least: int) -> bool:
    return window.details.isHidden() or len(window.details.photos) >= least


@contextmanager
def _details_open(qtbot: QtBot, window: MainWindow) -> Iterator[None]:
    """Show the details, also where a narrow window hides them until they are asked for."""
    is_hidden = window.details.isHidden()
    if is_hidden:
        window.actions_by_name["info"].trigger()
    qtbot.waitUntil(window.details.isVisible)
    yield
    if is_hidden:
        window.actions_by_name["info"].trigger()


@contextmanager
def _held(library: FakeLibrary) -> Iterator[None]:
    """Let what is asked meanwhile wait, and answer it at the end."""
    library.is_held = True
    yield
    library.is_held = False
    while library.held_count:
        library.release()


def _listed(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list"))


def _grid(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    bar = window.query_bar
    window.grid.setFocus()
    bar.set_layout("rows", has_sections=False)
    bar.layout_changed.emit("rows")
    bar.sections_changed.emit(False)
    yield "justified rows without sections", window
    bar.set_layout("squares", has_sections=True)
    bar.layout_changed.emit("squares")
    bar.sections_changed.emit(True)
    with _details_open(qtbot, window):
        window.grid.select_photo(59)
        qtbot.waitUntil(lambda: [photo.photo_id for photo in window.details.photos] == [59])
        yield "one photo with all that was decided", window
        window.grid.selectAll()
        qtbot.waitUntil(lambda: len(window.details.photos) > 2)
        yield "several photos with tags", window
    yield from _menu("the menu of many photos", window, window.photo_menu)
    window.grid.select_photo(59)
    yield from _menu("the menu of a photo", window, window.photo_menu)
    window.sidebar.choose(Place.RECENT)
    _listed(qtbot, window)
    yield "recently added", window
    for name, shown in ((COLLECTION, "a collection"), (LIVE, "a live collection"), (EMPTY, "an empty collection")):
        (item,) = window.sidebar.tree().findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
        window.sidebar.tree().setCurrentItem(item)
        _listed(qtbot, window)
        yield shown, window
        yield from _menu(f"the menu of photos of {shown}", window, window.photo_menu)
        collection = window.sidebar.collection()
        assert collection is not None
        yield from _menu(f"the menu of {shown}", window, partial(window.sidebar.collection_menu, collection))
    window.sidebar.choose(Place.ALL)
    _listed(qtbot, window)
    path = library.folder_list[0].path
    yield from _menu("the menu of a folder", window, lambda: window.sidebar.folder_menu(path, is_root=True))


def _menu(name: str, window: MainWindow, make: Callable[[], QMenu]) -> Iterator[State]:
    menu = make()
    yield name, window
    menu.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _search(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    bar = window.query_bar
    window.grid.select_photo(59)
    window.image_search.find_similar(59)
    qtbot.waitUntil(lambda: _details_are(window, 1) and bar.chip_count() == 1)
    bar.show_notice(window.tr("Ranked by the network {model} in {ms} ms").format(model="m", ms=1))
    window.show_label("beach")
    yield "an answer with everything", window
    bar.filters.clear()
    window.message.hide()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list") and bar.likeness.isVisible())
    with _details_open(qtbot, window):
        window.grid.select_photo(58)
        button = window.details.why.findChild(QPushButton)
        assert button is not None
        qtbot.waitUntil(button.isVisible)  # the photo itself, explained before, has none
        yield "why it matched", window
        qtbot.waitUntil(button.isVisible)  # an answer may have come in between
        button.click()
        where = _dialog_of(qtbot, window, WhereDialog)
        qtbot.waitUntil(lambda: not where.state())
        yield from _dialog(qtbot, "where it is alike", [where])
        window.grid.select_photo(59)
        qtbot.waitUntil(lambda: len(window.details.why.lines()) == 1)
        yield "why the photo itself matched", window
    photos = library.photos(range(50, 57))
    parts = [(PhotoPart(photo.photo_id), window.image_search.look(photo)) for photo in photos]
    parts.append((PhotoPart(50, -0.5, (0.1, 0.1, 0.6, 0.6)), ChipLook("IMG_00050.jpg" * 4)))
    bar.set_parts([*parts, (WordsPart("海边的小屋"), ChipLook("海边的小屋"))])
    QTest.keyClicks(bar.words, "2015")
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list") and bar.likeness.isVisible())
    yield "a tray of several lines", window
    bar.likeness.handle.setValue(1)
    yield "only what is very alike", window
    chances, library.chances = library.chances, lambda _rank: (0.2, 0.3)
    window._ask()
    _listed(qtbot, window)
    yield "nothing is that alike", window
    library.chances = chances
    bar.likeness.handle.setValue(bar.likeness.handle.maximum())
    for part in (PhotoPart(50), PhotoPart(50, region=(0.1, 0.1, 0.6, 0.6))):
        bar.region_wanted.emit(part)
        yield from _dialog(qtbot, "a part of a picture", [_dialog_of(qtbot, window, RegionDialog)])
    window.actions_by_name["save_search"].trigger()
    yield from _dialog(qtbot, "the name of a saved search", _open_dialogs(window))
    bar.clear()
    _listed(qtbot, window)
    library.has_names = False
    for name, most in (("words that some show", 1.0), ("words none shows", 0.05)):
        library.words_chances = partial(_chance, most)
        bar.set_parts([(WordsPart("海"), ChipLook("海"))])
        _listed(qtbot, window)
        yield name, window
    library.words_chances, library.has_names = None, True
    bar.clear()
    window.show_tag(TAGS[0])
    _listed(qtbot, window)
    yield "photos with a tag", window
    bar.filters.clear()
    window.message.hide()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("list") and len(window.model.ids) == len(library.ids))


def _chance(most: float, rank: int) -> float:
    return most * (1 - rank / 60)


def _status(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    window.grid.selectAll()
    qtbot.waitUntil(lambda: _details_are(window, 2))
    for name, progress in (
        ("scanning", Progress(Stage.SCANNING, 0, 31_002)),
        ("several chosen while indexing", Progress(Stage.INDEXING, 12_480, 31_002, 0, 143.0, 125.0)),
        ("waiting", Progress(Stage.WAITING, 12_480, 31_002, message="Indexing waits for mains power.")),
        ("paused", Progress(Stage.PAUSED, 12_480, 31_002)),
        ("stopped", Progress(Stage.IDLE, 12_480, 31_002, 17)),
        ("done", Progress(Stage.IDLE)),
    ):
        before = window.status.text()
        library.emit(progress)
        qtbot.waitUntil(lambda before=before: window.status.text() != before)  # type: ignore[misc]
        yield name, window
    window.message.say(
        window.intake.tr(
            "PhotoFind does not use the internet, and this is only an address on the web. Drag the picture "
            "itself, or copy it and paste it here."
        ),
        window.tr("Show the others again"),
    )
    yield "a long message", window
    window.message.hide()


def _states(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    library.error = UserError("The library is closed.")
    window._ask()
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.state_page)
    yield "the photos cannot be listed", window
    window.query_bar.add_part(PhotoPart(3), window.image_search.look(library.photos([3])[0]))
    _listed(qtbot, window)
    yield "a search that failed", window
    library.error = None
    window.query_bar.clear()
    ids, library.ids = library.ids, library.ids[:0]
    window.query_bar.filters.choose_labels(("beach",))
    _listed(qtbot, window)
    yield "nothing passes the filters", window
    window.query_bar.filters.clear()
    _listed(qtbot, window)
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


def _pages(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    yield from _duplicates(qtbot, window)
    window.sidebar.choose(Place.PROBLEMS)
    yield "problems", window
    online = library.folder_list[0]
    library.folder_list[0] = replace(
        online, is_online=False, offline_reason="The folder is empty. Is its disk connected?"
    )
    window.late_pages.problems().refresh()
    window._update_counts()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("overview"))
    yield "problems with a folder that is away", window
    away, library.folder_list[0] = (
        library.folder_list[0],
        replace(online, is_online=False, offline_reason=NOT_ANSWERING),
    )
    window.late_pages.problems().refresh()
    window._update_counts()
    qtbot.waitUntil(lambda: bool(window.status._silent))
    yield "a folder that does not answer", window
    library.folder_list[0] = away
    window.late_pages.problems().refresh()
    window._update_counts()
    qtbot.waitUntil(lambda: not window.status._silent)
    yield from _menu(
        "the menu of a folder that is away",
        window,
        lambda: window.sidebar.folder_menu(online.path, is_root=True),
    )
    window.folder_actions.ask_forget(library.folder_list[0])
    yield from _dialog(qtbot, "a question before forgetting", _open_dialogs(window))
    library.folder_list[0] = online
    window.late_pages.problems().refresh()
    window._update_counts()
    yield from _tags(qtbot, window, library)
    yield from _networks(qtbot, window, library)
    yield from _index(qtbot, window, library)
    window.sidebar.choose(Place.ALL)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.grid)


def _tags(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    window._update_counts()
    window.sidebar.choose_tag(TAGS[0])
    _listed(qtbot, window)
    yield "a tag", window
    yield from _menu("the menu of a tag", window, lambda: window.sidebar.tag_menu(TAGS[0]))
    window.sidebar.choose(Place.TAGS)
    page = window.late_pages.tags()
    page.choose(TAGS[1])
    yield "all tags", window
    page.field.setText("没有")
    yield "no tag is found", window
    page.field.clear()
    tags_of = dict(library.tags_of)
    library.tags_of.clear()
    window._update_counts()
    qtbot.waitUntil(lambda: not page.table.model().rowCount())
    yield "no tags yet", window
    library.tags_of.update(tags_of)
    window._update_counts()
    qtbot.waitUntil(lambda: bool(page.table.model().rowCount()))
    window.tag_actions.ask_new_name(TAGS[0])
    dialog = _dialog_of(qtbot, window, TagNameDialog)
    dialog.field.setText(TAGS[3])
    yield from _dialog(qtbot, "a tag that becomes one with another", [dialog])
    window.tag_actions.ask_removal(TAGS[0])
    yield from _dialog(qtbot, "a question before removing a tag", _open_dialogs(window))


def _duplicates(qtbot: QtBot, window: MainWindow) -> Iterator[State]:
    window.sidebar.choose(Place.DUPLICATES)
    view = window.late_pages.duplicates()
    qtbot.waitUntil(lambda: not view._pending)
    yield "duplicates", window
    view.mark_all()
    yield "marked duplicates", window
    view.show_rules()
    assert view.rules_dialog is not None
    view.rules_dialog.add_folder(b"/photos/" + "很长的文件夹名称".encode() * 6, is_kept=True)
    qtbot.waitUntil(lambda: not any(window.bridge.is_waiting(f"duplicates:rank:{kind}") for kind in MatchKind))
    yield from _dialog(qtbot, "what to keep", [view.rules_dialog])
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
    plans = view.findChildren(PlanDialog)
    qtbot.waitUntil(lambda: plans[-1].is_complete)
    yield from _dialog(qtbot, "the plan, with what is taken over", plans)
    failures = FailuresDialog(((b"/photos/a.jpg", "There is no permission to read the file."),), view)
    failures.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    failures.open()
    yield from _dialog(qtbot, "what stayed", [failures])


def _networks(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    models = list(library.model_list)
    window.sidebar.choose(Place.NETWORKS)
    page = window.late_pages.models()
    yield "networks", window
    panel = page.findChild(AddPanel)
    assert panel is not None
    panel.start()
    panel.is_pair.setChecked(True)
    panel.add.click()
    yield "adding a network", window
    panel.hide()
    page.cards[1].remove.click()
    yield from _dialog(qtbot, "a question before removing a network", _open_dialogs(window))
    with _held(library):
        page.cards[1].use.click()
        yield "another network reads the photos", window
    qtbot.waitUntil(lambda: library.model_list[1].is_active)
    yield "another network answers", window
    library.model_list = models


def _index(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    window.sidebar.choose(Place.INDEX)
    page = window.late_pages.index()
    qtbot.waitUntil(lambda: bool(page.figures) and not window.bridge.is_waiting("index-report"))
    yield "the index", window
    with _held(library):
        library.built = (12_480, 31_002)
        page.rebuild()
        page.check()
        yield "the index while it is made anew and checked", window
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("rebuild-index"))
    page.remake_thumbnails()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("rebuild-thumbnails"))
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("verify-index"))
    yield "the index after a check", window
    inexact = replace(library.index_result, is_exact=False, contents=library.index_result.contents + 3)
    library.index_result = inexact
    page.refresh()
    qtbot.waitUntil(lambda: not window.bridge.is_waiting("index-report"))
    yield "an index that may miss some", window


def _overlays(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    window.open_viewer(30)
    viewer = window.findChild(Viewer)
    assert viewer is not None
    qtbot.waitUntil(lambda: viewer.canvas.pixels is not None)
    yield "the viewer", viewer
    qtbot.keyClick(viewer, Qt.Key.Key_B)
    yield "the viewer, before a box is drawn", viewer
    qtbot.keyClick(viewer.selector, Qt.Key.Key_Right)
    yield "the viewer, with a box", viewer
    qtbot.keyClick(viewer.selector, Qt.Key.Key_Escape)
    qtbot.keyClick(viewer, Qt.Key.Key_T)
    yield "the viewer without the filmstrip", viewer
    qtbot.keyClick(viewer, Qt.Key.Key_T)
    qtbot.keyClick(viewer, Qt.Key.Key_Delete)
    yield from _dialog(qtbot, "a question before the trash, from the viewer", _open_dialogs(window))
    viewer.close_over()
    view = window.late_pages.compare()
    view.show_photos(library.photos([2, 8]))
    qtbot.waitUntil(lambda: all(canvas.pixels is not None for canvas in view.canvases))
    yield "the comparison of two", view
    for key, name in ((Qt.Key.Key_S, "a line"), (Qt.Key.Key_D, "the difference"), (Qt.Key.Key_B, "turns")):
        qtbot.keyClick(view, key)
        yield f"the comparison by {name}", view
        qtbot.keyClick(view, key)
    view.show_photos(library.photos([2, 8, 14, 20]))
    yield "the comparison of four", view
    view.close_over()


def _dialogs(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    window.actions_by_name["keys"].trigger()
    yield from _dialog(qtbot, "the keys", _open_dialogs(window))
    for tab in range(3):
        window.actions_by_name["settings"].trigger()
        dialog = _dialog_of(qtbot, window, SettingsDialog)
        tabs = dialog.findChild(QTabWidget)
        assert tabs is not None
        tabs.setCurrentIndex(tab)
        if tab == 1:
            dialog.keys_page.choose_command("copy")
            dialog.keys_page.field.setKeySequence(QKeySequence("S"))
        yield from _dialog(qtbot, f"settings, page {tab + 1}", [dialog])
    filters = window.query_bar.filters
    filters.set_facets({"cameras": [("EOS R6", 20)], "formats": [("JPEG", 60)], "years": [("2015", 20)],
                        "labels": [("beach", 4)], "tags": [(tag, 20) for tag in TAGS]})  # fmt: skip
    filters.open_below(window.query_bar)
    yield "filters", filters
    filters.hide()
    window.grid.select_photo(30)
    window.actions_by_name["trash"].trigger()
    yield from _dialog(qtbot, "a question before the trash", _open_dialogs(window))
    window.sidebar.remove_wanted.emit(library.folder_list[0])
    yield from _dialog(qtbot, "a question before removing a folder", _open_dialogs(window))
    collection = library.collections()[0]
    window.decisions.ask_collection([30])
    yield from _dialog(qtbot, "the name of a new collection", _open_dialogs(window))
    window.decisions.ask_new_name(collection)
    yield from _dialog(qtbot, "another name of a collection", _open_dialogs(window))
    window.decisions.ask_removal(collection)
    yield from _dialog(qtbot, "a question before removing a collection", _open_dialogs(window))


def _in_and_out(qtbot: QtBot, window: MainWindow, library: FakeLibrary) -> Iterator[State]:
    folder = b"/photos/" + "很长的文件夹名称".encode() * 6
    for is_inside in (False, True):
        question = FolderQuestion([folder], is_inside=is_inside, parent=window)
        question.open()
        yield from _dialog(qtbot, "what a dropped folder is for", [question])
    library.checked = [
        CheckedFile(folder + b"/same.jpg", 5_000, FileVerdict.SAME, 3),
        CheckedFile(folder + b"/identical.jpg", 5_000, FileVerdict.IDENTICAL, 4),
        CheckedFile(folder + b"/new.jpg", 5_000, FileVerdict.NEW),
        CheckedFile(folder + b"/moment.jpg", 5_000, FileVerdict.SIMILAR, 5),
        CheckedFile(folder + b"/broken.jpg", 5_000, FileVerdict.UNREADABLE, None, "The file is empty."),
    ]
    with _held(library):
        window.folder_actions.check((folder,))
        check = _dialog_of(qtbot, window, FolderCheckDialog)
        yield "a folder is compared", check
    qtbot.waitUntil(lambda: check.is_over)
    for tab in range(3):
        check.tabs.setCurrentIndex(tab)
        yield f"a compared folder, page {tab + 1}", check
    yield from _dialog(qtbot, "a compared folder", [check])
    library.uncopied = {photo.path for photo in library.photos([3, 4])}
    with _held(library):
        copying = CopyDialog(
            window.bridge, folder, lambda tell: library.copy_files([3, 4, 5], folder, tell), window
        )
        copying.show()
        line = copying.line()
        qtbot.waitUntil(lambda: copying.line() != line)
        yield "photos are copied", copying
    qtbot.waitUntil(copying.reasons.isVisible)
    yield from _dialog(qtbot, "what was not copied", [copying])
    library.error = UserError("There is not enough room: 900 MB are needed, 2 MB are free.")
    copying = CopyDialog(window.bridge, folder, lambda tell: library.copy_files([5], folder, tell), window)
    copying.show()
    qtbot.waitUntil(lambda: "900" in copying.line())
    yield from _dialog(qtbot, "nothing was copied", [copying])
    library.error = None
    renaming = RenameDialog(library.photos([30])[0].path, window)
    renaming.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    renaming.open()
    yield "another name of a photo", renaming
    renaming.show_problem(core_sentence("There is not enough room: 900 MB are needed, 2 MB are free."))
    yield from _dialog(qtbot, "a name that cannot be had", [renaming])


def _open_dialogs(window: MainWindow) -> list[QDialog]:
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def _dialog_of(qtbot: QtBot, window: MainWindow, kind: type[D]) -> D:
    """Wait for a dialog of this kind."""
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(kind)))
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def _dialog(qtbot: QtBot, name: str, dialogs: list[D]) -> Iterator[State]:
    assert dialogs, name
    qtbot.waitExposed(dialogs[-1])
    yield name, dialogs[-1]
    dialogs[-1].close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
