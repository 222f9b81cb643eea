"""Every state of the real window as a picture, to be looked at: `python -m tests.gallery OUT [--only NAME...]`.

Tests prove that things work; whether they are aligned, legible and pleasant is judged by eye. Each state is reached
by what a person would do (a place in the sidebar, a command, a key), over a real library of invented photos, which
the default network has read, and waits until the window has come to rest. States of one scale and language share a
process, for both are settled when Qt starts. The pictures of the README are the states `readme-...`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from photofind.library import Library
from photofind.records import Filter, Photo, Query, SortOrder, WordsPart
from photofind.settings import Settings
from tests.scenes import write_library

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QApplication, QDialog, QWidget

    from photofind.gui.sidebar import Place

PHOTOS = 130
PATIENCE_S = 60.0
"""A state that is not reached by then is a fault."""
LEAST_PX = 700
"""Every invented photo is larger than that, and every thumbnail smaller."""
REST_S = 0.9
"""A window that looks the same for so long has come to rest: counts are read anew every 0.7 s."""
FONTS = ("Inter", "Segoe UI", "Noto Sans", "Cantarell", "Noto Sans CJK SC", "DejaVu Sans")
"""The first that is installed is used, so that the pictures of two computers can be compared."""


@dataclass(frozen=True, slots=True)
class State:
    """One picture.

    Attributes:
        act: Brings the window there.
        settings: That differ from the defaults.
    """

    name: str
    act: Callable[["Stage"], None]
    theme: str = "light"
    language: str = "en"
    size: tuple[int, int] = (1440, 900)
    scale: int = 1
    settings: tuple[tuple[str, str | int | bool], ...] = ()
    is_empty: bool = False


STATES: list[State] = []


def _state(name: str, **options: object) -> Callable[[Callable[["Stage"], None]], Callable[["Stage"], None]]:
    def declare(act: Callable[["Stage"], None]) -> Callable[["Stage"], None]:
        STATES.append(State(name, act, **options))  # type: ignore[arg-type]
        return act

    return declare


# The library


def make_library(home: Path) -> None:
    """Write the invented photos and take them in, with what a person decided about them."""
    write_library(home / "Pictures", PHOTOS)
    write_library(home / "Archive", 16, seed=23)
    damaged = home / "Pictures" / "2020" / "Old phone"
    damaged.mkdir()
    (damaged / "DSC_0001.jpg").write_bytes(b"")
    (damaged / "DSC_0002.jpg").write_bytes(b"This is no picture at all.")
    whole = next((home / "Pictures").rglob("*.jpg")).read_bytes()
    (damaged / "DSC_0003.jpg").write_bytes(whole[: len(whole) // 3])
    (damaged / "DSC_0004.jpg").write_bytes(whole[:200])
    card = home / "Card"
    write_library(card, 10, seed=99)
    for number, path in enumerate(sorted((home / "Pictures" / "2024").rglob("*.jpg"))[:14]):
        shutil.copyfile(path, card / f"IMG_{3000 + number}.jpg")
    with Library.open(home / "library") as library:
        library.start_indexing(watch=False)
        for name in ("Pictures", "Archive"):
            library.add_folder(os.fsencode(home / name)).result(60)
        assert library.wait_until_indexed(600)
        _decide(library)
    (home / "Archive").rename(home / "Archive (put away)")


def _decide(library: Library) -> None:
    """Add tags, stars, flags and collections, as somebody does who has used the program for a while."""
    ids = [int(photo_id) for photo_id in library.browse(Filter(), SortOrder.NEWEST).result(60).ids]
    photos = library.photos(ids)

    def having(*words: str) -> list[int]:
        return [photo.photo_id for photo in photos if any(word in _caption(photo) for word in words)]

    for tags, words in (
        (["Sailing", "Summer"], ("sails", "Sailing")),
        (["Summer"], ("beach", "Parasols")),
        (["Family"], ("Ana", "Tom", "Grandmother", "Ingrid")),
        (["Wallpaper"], ("Last light", "Over the valley")),
    ):
        library.add_tags(having(*words), tags).result(60)
    for number, photo_id in enumerate(ids):
        if number % 4 == 1:
            library.set_rating([photo_id], 5 - number % 3).result(60)
        if number % 9 in (2, 5):
            library.set_flag([photo_id], 1 if number % 9 == 2 else -1).result(60)
    library.set_title(having("Ana sails")[:1], "Out of the harbour").result(60)
    library.add_collection("Best of 2024", ids[:14]).result(60)
    library.add_collection("For the calendar", having("Last light", "Over the valley", "Poppies")).result(60)
    library.add_live_collection("Balloons", Query((WordsPart("balloons"),), Filter())).result(60)


def _caption(photo: Photo) -> str:
    return photo.caption or ""


# The stage


class Stage:
    """One window over the library, and what a state needs to drive it."""

    def __init__(self, app: "QApplication", library: Library, settings: Settings, home: Path) -> None:
        from photofind.gui.main_window import MainWindow

        self.app = app
        self.library = library
        self.home = home
        self.window = MainWindow(settings, move=lambda path: path)

    def show(self, state: State) -> None:
        """Show the window with its photos and folders, the pointer far away."""
        from PySide6.QtGui import QCursor

        window, pictures = self.window, os.fsencode(self.home / "Pictures")
        window.resize(*state.size)
        QCursor.setPos(self.app.primaryScreen().geometry().bottomRight())
        window.show()
        window.activateWindow()
        window.attach(self.library)
        if not state.is_empty:
            self.wait(lambda: len(window.model.ids), "the photos")
            self.wait(lambda: window.sidebar.photo_count(pictures), "the folders")
        window.grid.setFocus()

    def wait(self, is_reached: Callable[[], object], what: str) -> None:
        """Let the window live until something is so."""
        from PySide6.QtCore import QEventLoop

        until = time.monotonic() + PATIENCE_S
        while not is_reached():
            if time.monotonic() > until:
                raise TimeoutError(f"not reached: {what}")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
            self.app.sendPostedEvents()

    def picture(self) -> "QPixmap":
        """Return the window with its dialogs and popups on it."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtGui import QPainter
        from PySide6.QtWidgets import QApplication, QDialog

        whole = self.window.grab()
        painter = QPainter(whole)
        tops = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top is not self.window]
        for top in sorted(tops, key=lambda top: isinstance(top.windowType(), Qt.WindowType)):
            place = self.window.mapFromGlobal(top.mapToGlobal(QPoint(0, 0)))
            if isinstance(top, QDialog):
                _paint_frame(painter, top, place)
            painter.drawPixmap(place, top.grab())
        painter.end()
        return whole

    def rest(self) -> "QPixmap":
        """Return the picture of the window once it stays the same."""
        from photofind.events import Stage as Doing

        self.wait(lambda: self.library.progress().stage is Doing.IDLE, "the library has nothing to do")
        bridge = self.window.bridge
        self.wait(lambda: not any(map(bridge.is_waiting, ("list", "overview", "why", "where"))), "every answer")
        last, since = self.picture(), time.monotonic()

        def is_at_rest() -> bool:
            nonlocal last, since
            now = self.picture()
            if now.toImage() != last.toImage():
                last, since = now, time.monotonic()
            return time.monotonic() - since > REST_S

        self.wait(is_at_rest, "the window is at rest")
        return last

    # Steps of several states

    def sharp(self) -> None:
        """Wait until the photos that are shown large are whole: their thumbnails come first, and may stay long."""
        from photofind.gui.image_canvas import ImageCanvas

        def is_sharp(canvas: ImageCanvas) -> bool:
            pixels, size = canvas.pixels, canvas.picture_rect.size()
            wanted = min(0.9 * max(size.width(), size.height()) * canvas.devicePixelRatioF(), LEAST_PX)
            return pixels is not None and max(pixels.width(), pixels.height()) >= wanted

        def shown() -> list[ImageCanvas]:
            return [canvas for canvas in self.window.findChildren(ImageCanvas) if canvas.isVisible()]

        self.wait(lambda: shown() and all(map(is_sharp, shown())), "whole photos")

    def photos(self, *words: str) -> list[int]:
        """Return the photos of the list whose captions have one of the words, in the order of the list."""
        chosen = self.library.photos([int(photo_id) for photo_id in self.window.model.ids])
        return [photo.photo_id for photo in chosen if any(word in _caption(photo) for word in words)]

    def choose(self, place: "Place") -> None:
        """Choose in the sidebar."""
        self.window.sidebar.tree().setFocus()
        self.window.sidebar.choose(place)

    def look_for(self, words: str) -> None:
        """Type words, and wait for their answer."""
        field = self.window.query_bar.words
        field.setText(words)
        field.textEdited.emit(words)
        self.answered()

    def answered(self) -> None:
        """Wait until what is asked for has its answer."""
        bridge, bar = self.window.bridge, self.window.query_bar
        self.wait(lambda: bar.parts() and self._is_shown(), "the query is taken")
        self.wait(lambda: not bridge.is_waiting("list"), "the answer")

    def _is_shown(self) -> bool:
        shown = self.window.shown.question
        return shown is not None and shown.parts == self.window.query_bar.parts()

    def dialog(self) -> "QDialog":
        """Return the dialog that is open."""
        from PySide6.QtWidgets import QDialog

        def opened() -> list[QDialog]:
            return [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]

        self.wait(opened, "a dialog")
        return opened()[-1]

    def press(self, widget: "QWidget", key: str) -> None:
        """Press a key on a widget."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.keyClick(widget, getattr(Qt.Key, f"Key_{key}"))


def _paint_frame(painter: "QPainter", dialog: "QDialog", place: "QPoint") -> None:
    """Draw what the system would draw around a dialog: a bar with the title, and a shadow."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor

    from photofind.gui import theme

    colours = theme.colours()
    whole = QRect(place, dialog.size()).adjusted(-1, -32, 1, 1)
    for step in range(12, 0, -1):
        painter.fillRect(whole.adjusted(-step, 4 - step, step, 4 + step), QColor(0, 0, 0, 6))
    painter.fillRect(whole, QColor(colours.border))
    painter.fillRect(whole.adjusted(1, 1, -1, -1), QColor(colours.sidebar))
    painter.setPen(QColor(colours.text))
    painter.drawText(
        whole.adjusted(0, 0, 0, 32 - whole.height()), Qt.AlignmentFlag.AlignCenter, dialog.windowTitle()
    )


# The states


@_state("first-run", is_empty=True)
@_state("first-run-zh", is_empty=True, language="zh_CN")
@_state("first-run-dark-small", is_empty=True, theme="dark", size=(1024, 700))
def _first_run(stage: Stage) -> None:
    stage.wait(lambda: stage.window.pages.currentWidget() is stage.window.first_run, "the first screen")


@_state("all-light")
@_state("all-dark", theme="dark")
@_state("all-small", size=(1024, 700))
@_state("all-large", size=(2560, 1440), settings=(("cell_px", 224),))
@_state("all-2x", size=(1200, 800), scale=2)
@_state("all-zh", language="zh_CN")
@_state("all-squares-plain", settings=(("grid_sections", False),))
@_state("rows", settings=(("grid_layout", "rows"), ("cell_px", 200)))
@_state(
    "rows-dark-plain", theme="dark", settings=(("grid_layout", "rows"), ("grid_sections", False), ("cell_px", 232))
)
@_state("folder-order", settings=(("sort_order", "folder"), ("grid_layout", "rows")))
def _all(stage: Stage) -> None:
    stage.window.grid.select_photo(int(stage.window.model.ids[4]))


@_state("scrubber", settings=(("grid_layout", "rows"), ("cell_px", 160)))
@_state("scrubber-dark", theme="dark", settings=(("cell_px", 128),))
def _scrubber(stage: Stage) -> None:
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent

    bar = stage.window.grid.verticalScrollBar()
    at = QPointF(bar.width() / 2, bar.height() * 0.45)
    event = QMouseEvent(
        QEvent.Type.MouseButtonPress, at, bar.mapToGlobal(at), Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    stage.app.sendEvent(bar, event)
    bar.setValue(bar.maximum() * 45 // 100)


@_state("by-image")
@_state("by-image-2x", size=(1200, 800), scale=2, theme="dark")
@_state("by-image-small", size=(1024, 700))
def _by_image(stage: Stage) -> None:
    stage.window.grid.select_photo(stage.photos("Over the valley")[0])
    stage.window.actions_by_name["similar"].trigger()
    stage.answered()
    stage.window.query_bar.likeness.handle.setValue(13)
    stage.window.grid.setFocus()


@_state("readme-window", settings=(("grid_layout", "rows"), ("cell_px", 152)))
def _readme_window(stage: Stage) -> None:
    grid = stage.window.grid
    sail = next(p for p in stage.window.model.photos(stage.photos("Ana sails")) if p.title)
    grid.select_photo(sail.photo_id)
    header = grid.geometry_now().header(2)
    grid.verticalScrollBar().setValue(header.top())


@_state("readme-search", settings=(("cell_px", 212),))
def _readme_search(stage: Stage) -> None:
    _by_image(stage)
    stage.window.query_bar.likeness.handle.setValue(6)
    stage.window.grid.select_photo(int(stage.window.model.ids[3]))
    stage.wait(stage.window.details.why.lines, "the facts")


@_state("words")
def _words(stage: Stage) -> None:
    stage.look_for("flowers in the garden")


@_state("words-zh", language="zh_CN")
def _words_zh(stage: Stage) -> None:
    stage.look_for("雪山 小屋")
    stage.window.grid.select_photo(int(stage.window.model.ids[0]))


@_state("words-unknown-dark-zh", language="zh_CN", theme="dark")
def _words_unknown(stage: Stage) -> None:
    stage.look_for("海边 饕餮")


@_state("tray")
@_state("tray-dark", theme="dark", size=(1024, 700))
@_state("tray-zh", language="zh_CN")
def _tray(stage: Stage) -> None:
    from photofind.records import PhotoPart

    window = stage.window
    sails, beach, town = stage.photos("Ana sails"), stage.photos("beach"), stage.photos("town", "city")
    window.image_search.find_similar(sails[0])
    stage.answered()
    photos = window.model.photos([beach[0], town[0], sails[-1]])
    for photo, weight in zip(photos, (0.5, -1.0, 1.0), strict=True):
        region = (0.1, 0.2, 0.6, 0.7) if weight == 1.0 else None
        window.query_bar.add_part(PhotoPart(photo.photo_id, weight, region), window.image_search.look(photo))
    stage.look_for("sunset")
    window.query_bar.words.pinned.emit()
    stage.answered()
    window.grid.select_photo(int(window.model.ids[3]))


@_state("why")
@_state("why-dark", theme="dark")
@_state("why-zh", language="zh_CN")
def _why(stage: Stage) -> None:
    window = stage.window
    copies = [photo for photo in stage.photos("") if b"edited" in window.model.photos([photo])[0].path]
    window.image_search.find_similar(copies[0])
    stage.answered()
    window.grid.select_photo(int(window.model.ids[1]))
    stage.wait(window.details.why.lines, "the facts")


@_state("where")
@_state("where-dark", theme="dark")
def _where(stage: Stage) -> None:
    from PySide6.QtWidgets import QPushButton

    from photofind.gui.where_dialog import WhereDialog

    _why(stage)
    buttons = [button for button in stage.window.details.why.findChildren(QPushButton) if button.isVisible()]
    buttons[0].click()
    dialog = stage.dialog()
    assert isinstance(dialog, WhereDialog)
    stage.wait(lambda: not dialog.state(), "the map")


@_state("viewer-dark", theme="dark")
@_state("viewer-light")
@_state("viewer-small-zh", language="zh_CN", size=(1024, 700))
@_state("viewer-2x", scale=2, size=(1200, 800), theme="dark")
def _viewer(stage: Stage) -> None:
    _open_viewer(stage)


def _open_viewer(stage: Stage) -> None:
    stage.window.open_viewer(stage.photos("Over the valley")[1])
    stage.sharp()


@_state("readme-viewer", theme="dark")
def _readme_viewer(stage: Stage) -> None:
    stage.window.open_viewer(stage.photos("Alfama")[0])
    stage.sharp()


@_state("part", theme="dark")
@_state("part-zh", language="zh_CN")
def _part(stage: Stage) -> None:
    from photofind.gui.viewer import Viewer

    _open_viewer(stage)
    viewer = stage.window.findChild(Viewer)
    assert isinstance(viewer, Viewer)
    stage.press(viewer, "B")
    viewer.selector.start((0.3, 0.2, 0.62, 0.66))
    viewer.selector.changed.emit()


@_state("compare-slide", theme="dark")
@_state("compare-slide-light")
def _compare_slide(stage: Stage) -> None:
    from photofind.gui.compare_view import CompareView

    window = stage.window
    edited = next(photo for photo in window.model.photos(stage.photos("")) if b"edited" in photo.path)
    stem = edited.path.replace(b"_edited", b"")
    original = stage.library.photo_at(stem)
    assert original is not None
    _select(stage, [original, edited.photo_id])
    window.actions_by_name["compare"].trigger()
    view = window.findChild(CompareView)
    assert isinstance(view, CompareView)
    stage.sharp()
    stage.press(view, "S")


@_state("compare-four", theme="dark")
@_state("compare-four-light")
@_state("compare-four-zh-small", language="zh_CN", size=(1024, 700))
def _compare_four(stage: Stage) -> None:
    _select(stage, stage.photos("beach", "Parasols")[:4])
    stage.window.actions_by_name["compare"].trigger()
    stage.sharp()


@_state("compare-two")
def _compare_two(stage: Stage) -> None:
    _select(stage, stage.photos("beach", "Parasols")[:2])
    stage.window.actions_by_name["compare"].trigger()
    stage.sharp()


def _select(stage: Stage, photo_ids: Sequence[int]) -> None:
    from PySide6.QtCore import QItemSelectionModel

    model, grid = stage.window.model, stage.window.grid
    grid.select_photo(photo_ids[0])
    for photo_id in photo_ids[1:]:
        index = model.index(model.row_of(photo_id), 0)
        grid.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


@_state("duplicates")
@_state("duplicates-dark", theme="dark")
@_state("readme-duplicates", theme="dark")
@_state("duplicates-zh-small", language="zh_CN", size=(1024, 700))
def _duplicates(stage: Stage) -> None:
    from photofind.records import MatchKind

    _open_duplicates(stage, MatchKind.SAME)


def _open_duplicates(stage: Stage, kind: object) -> None:
    from photofind.gui.sidebar import Place
    from photofind.records import MatchKind

    assert isinstance(kind, MatchKind)
    stage.choose(Place.DUPLICATES)
    view = stage.window.late_pages.duplicates()
    view.set_kind(kind)
    stage.wait(lambda: view.clusters, "the groups")
    view.mark_all()


@_state("duplicates-burst", theme="dark")
def _bursts(stage: Stage) -> None:
    from photofind.records import MatchKind

    _open_duplicates(stage, MatchKind.BURST)


@_state("keep-rules")
@_state("keep-rules-2x", theme="dark", size=(1200, 800), scale=2)
@_state("keep-rules-zh-small", language="zh_CN", size=(1024, 700))
def _keep_rules(stage: Stage) -> None:
    from photofind.gui.keep_rules_dialog import KeepRulesDialog
    from photofind.records import MatchKind

    _open_duplicates(stage, MatchKind.IDENTICAL)
    stage.window.late_pages.duplicates().show_rules()
    dialog = stage.dialog()
    assert isinstance(dialog, KeepRulesDialog)
    dialog.rule_list.setCurrentRow(3)
    dialog.add_folder(stage.library.folders()[0].path, is_kept=True)


@_state("duplicates-identical", size=(2560, 1440))
@_state("duplicates-identical-2x", theme="dark", size=(1200, 800), scale=2)
@_state("duplicates-identical-small", size=(1024, 700))
def _identical(stage: Stage) -> None:
    from photofind.records import MatchKind

    _open_duplicates(stage, MatchKind.IDENTICAL)


@_state("plan")
@_state("plan-dark", theme="dark")
@_state("plan-zh", language="zh_CN")
def _plan(stage: Stage) -> None:
    from photofind.gui.removal_dialogs import PlanDialog
    from photofind.records import MatchKind

    _open_duplicates(stage, MatchKind.SAME)
    stage.window.late_pages.duplicates().show_plan()
    dialog = stage.dialog()
    assert isinstance(dialog, PlanDialog)
    stage.wait(lambda: dialog.is_complete, "the plan")


@_state("collection")
@_state("collection-dark", theme="dark")
@_state("collection-zh", language="zh_CN")
def _collection(stage: Stage) -> None:
    window = stage.window
    chosen = next(c for c in stage.library.collections() if c.name == "Best of 2024")
    stage.wait(lambda: window.sidebar.choose_collection(chosen.collection_id), "the collection")
    stage.wait(lambda: len(window.model.ids) == 14, "its photos")
    window.grid.select_photo(next(photo.photo_id for photo in window.model.photos(stage.photos("")) if photo.tags))


@_state("tag")
@_state("tag-dark", theme="dark", size=(1024, 700))
def _tag(stage: Stage) -> None:
    stage.wait(lambda: stage.window.sidebar._tag_items(), "the tags")
    stage.window.sidebar.tree().setFocus()
    stage.window.sidebar.choose_tag("Summer")


@_state("tags")
@_state("tags-dark-2x", theme="dark", size=(1200, 800), scale=2)
@_state("tags-zh-small", language="zh_CN", size=(1024, 700))
def _tags(stage: Stage) -> None:
    from photofind.gui.sidebar import Place

    stage.wait(lambda: stage.window.sidebar._tag_items(), "the tags")
    stage.choose(Place.TAGS)
    page = stage.window.late_pages.tags()
    page.choose("Sailing")
    page.table.setFocus()


@_state("tag-merge")
@_state("tag-merge-dark", theme="dark")
def _tag_merge(stage: Stage) -> None:
    from photofind.gui.tag_name_dialog import TagNameDialog

    _tags(stage)
    stage.press(stage.window.late_pages.tags().table, "F2")
    dialog = stage.dialog()
    assert isinstance(dialog, TagNameDialog)
    dialog.field.setText("summer")


@_state("live-collection")
def _live(stage: Stage) -> None:
    window = stage.window
    chosen = next(c for c in stage.library.collections() if c.is_live)
    stage.wait(lambda: window.sidebar.choose_collection(chosen.collection_id), "the collection")
    stage.answered()


@_state("several")
@_state("several-dark-zh", theme="dark", language="zh_CN")
def _several(stage: Stage) -> None:
    _select(stage, [int(photo_id) for photo_id in stage.window.model.ids[2:9]])


@_state("filters")
@_state("filters-dark", theme="dark")
@_state("filters-zh", language="zh_CN")
def _filters(stage: Stage) -> None:
    bar = stage.window.query_bar
    bar._filters_button.click()
    stage.wait(lambda: not stage.window.bridge.is_waiting("facets"), "the facets")


@_state("filtered")
def _filtered(stage: Stage) -> None:
    stage.window.show_tag("Summer")


@_state("view-menu", theme="dark")
@_state("view-menu-zh", language="zh_CN")
def _view_menu(stage: Stage) -> None:
    from PySide6.QtCore import QPoint

    button, menu = stage.window.query_bar._view_button, stage.window.query_bar.view_menu
    menu.popup(button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height())))


@_state("photo-menu")
@_state("photo-menu-zh-dark", language="zh_CN", theme="dark")
def _photo_menu(stage: Stage) -> None:
    from PySide6.QtCore import QPoint

    window = stage.window
    window.grid.select_photo(int(window.model.ids[3]))
    window.photo_menu().popup(window.grid.mapToGlobal(QPoint(360, 60)))


def _page(place: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        from photofind.gui.sidebar import Place

        stage.choose(Place(place))

    return act


for _place in ("index", "networks", "problems"):
    STATES += [
        State(_place, _page(_place)),
        State(f"{_place}-dark", _page(_place), theme="dark"),
        State(f"{_place}-zh-small", _page(_place), language="zh_CN", size=(1024, 700)),
    ]


@_state("offline-folder")
@_state("offline-folder-dark-zh", theme="dark", language="zh_CN")
def _offline(stage: Stage) -> None:
    from photofind.gui.sidebar import Place

    path, sidebar = os.fsencode(stage.home / "Archive"), stage.window.sidebar

    def is_away() -> bool:
        folder = sidebar.folder_at(path)
        return folder is not None and not folder.is_online

    stage.wait(is_away, "the folder is away")
    sidebar.choose(Place.FOLDER, path)
    stage.wait(lambda: stage.window.model.ids.size in range(1, 30), "its photos")
    stage.window.grid.select_photo(int(stage.window.model.ids[1]))


@_state("empty-search")
@_state("empty-search-dark-zh", theme="dark", language="zh_CN")
def _empty_search(stage: Stage) -> None:
    stage.window.query_bar.filters.choose_tag("Wallpaper")
    stage.window.query_bar.filters.set_filter(Filter(tags=("Wallpaper",), formats=("PNG",)))


@_state("nothing-alike")
def _nothing_alike(stage: Stage) -> None:
    stage.window.image_search.find_similar(stage.photos("Ana sails")[0])
    stage.answered()
    stage.window.query_bar.filters.choose_tag("Wallpaper")
    stage.answered()
    stage.window.query_bar.likeness.handle.setValue(0)


def _settings(page: int) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        from PySide6.QtWidgets import QTabWidget

        stage.window.actions_by_name["settings"].trigger()
        tabs = stage.dialog().findChild(QTabWidget)
        assert isinstance(tabs, QTabWidget)
        tabs.setCurrentIndex(page)

    return act


STATES += [
    State("settings", _settings(0)),
    State("settings-dark-zh", _settings(0), theme="dark", language="zh_CN"),
    State("settings-keys", _settings(1)),
    State("settings-keys-dark-zh", _settings(1), theme="dark", language="zh_CN"),
    State("settings-library", _settings(2), theme="dark"),
]


@_state("f1")
@_state("f1-dark-zh", theme="dark", language="zh_CN")
def _f1(stage: Stage) -> None:
    stage.window.actions_by_name["keys"].trigger()
    stage.dialog()


@_state("folder-question")
@_state("folder-question-dark-zh", theme="dark", language="zh_CN")
def _folder_question(stage: Stage) -> None:
    from photofind.gui.incoming import Incoming

    stage.window.intake.take_in(Incoming(folders=[os.fsencode(stage.home / "Card")]))
    stage.dialog()


@_state("folder-check")
@_state("folder-check-dark", theme="dark")
@_state("folder-check-zh", language="zh_CN")
def _folder_check(stage: Stage) -> None:
    from photofind.gui.folder_check_dialog import FolderCheckDialog

    stage.window.folder_actions.check((os.fsencode(stage.home / "Card"),))
    dialog = stage.dialog()
    assert isinstance(dialog, FolderCheckDialog)
    stage.wait(lambda: dialog.is_over, "everything is compared")
    dialog.tabs.setCurrentIndex(1)


@_state("copying")
@_state("copying-dark-zh", theme="dark", language="zh_CN")
def _copying(stage: Stage) -> None:
    from concurrent.futures import Future

    from photofind.gui.copy_dialog import CopyDialog
    from photofind.records import CopyProgress, CopyReport

    def start(tell: Callable[[CopyProgress], None]) -> "Future[CopyReport]":
        tell(CopyProgress(31, 84, 61_300_000, 166_400_000, b""))
        return Future()  # one that stays in the middle

    target = os.fsencode(stage.home / "Desktop" / "For the calendar")
    dialog = CopyDialog(stage.window.bridge, target, start, stage.window)
    dialog.show()
    stage.wait(lambda: dialog.line().strip(), "the progress")


# Taking the pictures


def _shrink(path: Path) -> None:
    """Make a picture smaller than the README bears: the grain of photos is rounded, the window's own colours stay.

    256 colours for all, the usual way, dulled what is red or yellow and drew bands across the skies.
    """
    pixels = np.asarray(Image.open(path).convert("RGB"))
    _colours, which, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    is_window = (counts[which] > 150).reshape(pixels.shape[:2])
    rounded = np.clip(np.rint(pixels / 6) * 6, 0, 255).astype(np.uint8)
    Image.fromarray(np.where(is_window[..., None], pixels, rounded)).save(path, optimize=True)


def take(out: Path, home: Path, states: Sequence[State]) -> None:
    """Take these pictures, all of one scale and language, in this process."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtWidgets import QApplication

    from photofind.gui import accessibility, theme, translation

    app = QApplication(["photofind"])
    app.setStyle("Fusion")
    installed = set(QFontDatabase.families())
    app.setFont(QFont(next(family for family in FONTS if family in installed), 10))
    app.setCursorFlashTime(0)
    translation.install(app, states[0].language)
    accessibility.install()
    libraries: dict[bool, Library] = {}
    for state in states:
        if state.is_empty not in libraries:
            place = home / ("empty" if state.is_empty else "library")
            libraries[state.is_empty] = library = Library.open(place)
            library.start_indexing(watch=False)
            library.wait_until_indexed(PATIENCE_S)
        settings = Settings()
        for name, value in (("theme", state.theme), ("language", state.language), *state.settings):
            settings.set(name, value)
        theme.current().apply(state.theme)
        stage = Stage(app, libraries[state.is_empty], settings, home)
        stage.show(state)
        try:
            state.act(stage)
            path = out / f"{state.name}.png"
            stage.rest().save(str(path))
            if state.name.startswith("readme"):
                _shrink(path)
            print(state.name, flush=True)
        except (TimeoutError, AssertionError, IndexError, StopIteration) as error:
            print(f"{state.name}: {error!r}", file=sys.stderr, flush=True)
        for top in QApplication.topLevelWidgets():
            top.close()
            top.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for library in libraries.values():
        library.close()


def main() -> int:
    """Make the library where it is missing, then take the pictures, one process for each scale and language."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder of the pictures")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="states, or the beginnings of their names"
    )
    parser.add_argument("--home", type=Path, help="where the photos are, or are made (default: OUT/home)")
    parser.add_argument("--here", nargs="+", metavar="NAME", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    home = (arguments.home or out / "home").resolve()
    states = [s for s in STATES if not arguments.only or s.name.startswith(tuple(arguments.only))]
    if arguments.here:
        take(out, home, [state for state in STATES if state.name in arguments.here])
        return 0
    out.mkdir(parents=True, exist_ok=True)
    if not (home / "library" / "catalog.db").exists():
        make_library(home)
    screen = out / "screen.json"
    screen.write_text(json.dumps({"screens": [{"name": "large", "x": 0, "y": 0, "width": 5120, "height": 2880}]}))
    failed = 0
    for scale, language in sorted({(state.scale, state.language) for state in states}):
        names = [state.name for state in states if (state.scale, state.language) == (scale, language)]
        environment = {
            **os.environ, "QT_SCALE_FACTOR": str(scale), "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
            "HOME": str(home),
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.gallery", str(out), "--home", str(home), "--here", *names]
        failed += subprocess.run(command, env=environment, check=False).returncode != 0
    with suppress(OSError):
        screen.unlink()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
