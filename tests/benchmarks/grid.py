"""The grid measured: whatever can be done to it in one turn of the event loop, at 1,000 to 1,000,000 photos.

`python -m tests.benchmarks.grid [--counts N ...]` shows the real grid off screen (set QT_QPA_PLATFORM for another
platform) over made-up listings, in every layout, and prints CPU milliseconds of the process (the least of several
runs) beside the goals. The last lines are the whole window's: an answer of the library, with what the status bar
and the panel of details make of it. Ids are in no order, as in a library that grew. Photos are made up when they
are painted; pictures are not read.

For comparison, measured elsewhere at a million: an arithmetic view without sections or signs 5 ms to the first
paint and 2 ms a page; QListView in icon mode 2,486 ms.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from photofind.gui.photo_grid import PhotoGrid
    from photofind.records import Listing

FIRST_PAINT_GOAL_MS = 20.0
PAGE_GOAL_MS = 8.0
UPDATE_GOAL_MS = 20.0
GUI_GOAL_MS = 50.0
CHANGED = 16
RUNS = 7
BAND_LINES = 1000

Act = Callable[[], object]


def cpu_ms(act: Act, runs: int = RUNS, before: Act = lambda: None) -> float:
    """Return the least CPU time of several runs, without what is done before each."""
    times = []
    for _ in range(runs):
        before()
        begun = time.process_time()
        act()
        times.append(time.process_time() - begun)
    return min(times) * 1000


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    arguments = parser.parse_args()

    from PySide6.QtWidgets import QApplication

    from photofind.gui import theme

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    theme.current().apply("light")
    missed = False
    for count in arguments.counts:
        measured = [
            list(_measure(count, is_justified=is_justified, has_sections=has_sections))
            for is_justified in (False, True)
            for has_sections in (False, True)
        ]
        print(f"{count:,} photos, CPU ms")
        print(f"{'':<34} {'goal':>6} {'squares':>9} {'+ days':>9} {'rows':>9} {'+ days':>9}")
        for each in zip(*measured, strict=True):
            name, goal_ms, _ = each[0]
            print(f"{name:<34} {goal_ms:>6.0f}" + "".join(f" {took_ms:>9.1f}" for _, _, took_ms in each))
            missed |= any(took_ms > goal_ms for _, _, took_ms in each)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak_mb:.0f} MB")
    return int(missed)


def _measure(count: int, *, is_justified: bool, has_sections: bool) -> Iterator[tuple[str, float, float]]:
    """Yield what was done, its goal and how long it took."""
    from PySide6.QtWidgets import QApplication

    from photofind.gui.main_window import MainWindow
    from photofind.records import SortOrder
    from photofind.settings import Settings
    from tests.gui.fake_library import FakeLibrary

    library = FakeLibrary(count + CHANGED, is_held=True)
    library.apart_ms = 5_000_000  # 17 a day: days are sections
    random = np.random.default_rng(0)
    full = library.listing(library.ids[::-1], SortOrder.NEWEST)
    full = replace(full, ids=random.permutation(full.ids))
    newest = full.only(np.arange(count + CHANGED) >= CHANGED)
    here_and_there = np.ones(count + CHANGED, np.bool_)
    here_and_there[random.choice(count + CHANGED, CHANGED, replace=False)] = False

    window = MainWindow(Settings(), move=lambda path: path)
    window.resize(1400, 900)
    window.show()
    window.attach(library)
    QApplication.processEvents()
    view = window.grid
    window.pages.setCurrentWidget(view)
    view.set_justified(is_justified)
    view.set_shows_sections(has_sections)
    QApplication.processEvents()
    yield from _shown(view, newest)
    yield from _changed(view, newest, full, "+16 at the front")
    yield from _changed(view, full.only(here_and_there), full, "+16 here and there")
    yield from _changed(view, full, full.only(here_and_there), "-16 here and there")
    yield from _turned(view)
    yield from _selected(view, newest, full)
    question = window.asking.question()

    def arrive(listing: "Listing") -> None:
        window.shown._on_browsed(question, listing)
        QApplication.processEvents()

    def middle() -> None:
        arrive(newest)
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
        QApplication.processEvents()

    middle()
    yield "window: +16", GUI_GOAL_MS, cpu_ms(lambda: arrive(full), before=middle)
    gone = tuple(full.ids[~here_and_there].tolist())

    def remove() -> None:
        window._on_photos_removed(gone)
        QApplication.processEvents()

    yield "window: -16", GUI_GOAL_MS, cpu_ms(remove, before=lambda: arrive(full))
    window.close()
    window.deleteLater()
    library.close()


def _shown(view: "PhotoGrid", listing: "Listing") -> Iterator[tuple[str, float, float]]:
    bar = view.verticalScrollBar()

    def first() -> None:
        view.photo_model().forget_all()
        view.set_photos(listing, keep_place=False)
        view.viewport().repaint()

    yield "first paint", FIRST_PAINT_GOAL_MS, cpu_ms(first)
    _to_the_middle(view)

    def page() -> None:
        bar.setValue(bar.value() + view.viewport().height())
        view.viewport().repaint()

    yield "a page of scrolling", PAGE_GOAL_MS, cpu_ms(page, 20)
    places = iter(np.random.default_rng(1).random(20).tolist())

    def jump() -> None:
        bar.setValue(bar.minimum() + int(next(places) * (bar.maximum() - bar.minimum())))
        view.viewport().repaint()

    yield "a jump to anywhere", PAGE_GOAL_MS, cpu_ms(jump, 20)
    yield "years along the scroll bar", GUI_GOAL_MS, cpu_ms(view._year_places)


def _to_the_middle(view: "PhotoGrid") -> None:
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    view.viewport().repaint()


def _changed(
    view: "PhotoGrid", before: "Listing", after: "Listing", name: str
) -> Iterator[tuple[str, float, float]]:
    def begin() -> None:
        view.set_photos(before)
        _to_the_middle(view)

    def change() -> None:
        view.set_photos(after)
        view.viewport().repaint()

    yield name, UPDATE_GOAL_MS, cpu_ms(change, before=begin)


def _turned(view: "PhotoGrid") -> Iterator[tuple[str, float, float]]:
    sizes = iter([180, 190, 200, 210, 64, 512, 300, 176])
    _to_the_middle(view)

    def turn() -> None:
        view.set_cell_size(next(sizes))
        view.viewport().repaint()

    yield "a turn of the size", GUI_GOAL_MS, cpu_ms(turn, 8)
    widths = iter(range(1390, 1300, -10))

    def narrow() -> None:
        view.window().resize(next(widths), 900)
        view.viewport().repaint()

    yield "another width", GUI_GOAL_MS, cpu_ms(narrow)


def _selected(view: "PhotoGrid", before: "Listing", after: "Listing") -> Iterator[tuple[str, float, float]]:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    none, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = none) -> Act:
        def act() -> None:
            QTest.keyClick(view, key, modifiers)
            QApplication.processEvents()

        return act

    view.set_photos(before)
    yield "End", GUI_GOAL_MS, cpu_ms(press(Qt.Key.Key_End), before=press(Qt.Key.Key_Home))
    yield "Home", GUI_GOAL_MS, cpu_ms(press(Qt.Key.Key_Home), before=press(Qt.Key.Key_End))
    yield "PgDn", GUI_GOAL_MS, cpu_ms(press(Qt.Key.Key_PageDown))
    yield "Shift+End", GUI_GOAL_MS, cpu_ms(press(Qt.Key.Key_End, shift), before=press(Qt.Key.Key_Home))

    def select_all() -> None:
        view.selectAll()
        QApplication.processEvents()

    yield "Ctrl+A", GUI_GOAL_MS, cpu_ms(select_all, before=view.clearSelection)
    yield "ids of all that is selected", GUI_GOAL_MS, cpu_ms(view.chosen_ids)

    def all_before() -> None:
        view.set_photos(before)
        view.selectAll()

    yield "+16 while all are selected", GUI_GOAL_MS, cpu_ms(lambda: view.set_photos(after), before=all_before)
    shuffled = replace(before, ids=np.random.default_rng(2).permutation(before.ids))
    yield (
        "another order, all selected",
        GUI_GOAL_MS,
        cpu_ms(lambda: view.set_photos(shuffled), before=all_before),
    )
    view.set_photos(before)
    view.clearSelection()
    ranges = [(row, row + 1) for row in range(0, min(len(before), 10_000) - 1, 10)]

    def some_before() -> None:
        view.set_photos(before)
        flag = view.selectionModel().SelectionFlag.ClearAndSelect
        view.selectionModel().select(view._ranges(ranges), flag)

    yield "+16 with 1,000 runs selected", GUI_GOAL_MS, cpu_ms(lambda: view.set_photos(after), before=some_before)
    view.clearSelection()
    _to_the_middle(view)
    ends = iter(range(RUNS))

    def band_before() -> None:
        height = min(view.geometry_now().height, BAND_LINES * view.cell_size())
        view._band_start = QPoint(40, view.verticalOffset() - height)
        view._stretch_band(QPoint(500, 300))

    band_before()

    def band() -> None:
        view._stretch_band(QPoint(200 + 100 * next(ends), 310))
        view.viewport().repaint()

    yield "rubber band over 1,000 lines", GUI_GOAL_MS, cpu_ms(band)
    view._end_band()
    view.clearSelection()

    def type_ahead() -> None:
        view.photo_model().forget_all()
        view._typed = ""
        view._type_ahead("~")

    yield "a letter that nothing begins with", GUI_GOAL_MS, cpu_ms(type_ahead)


if __name__ == "__main__":
    sys.exit(main())
