"""The grid measured: first paint, a page of scrolling, photos coming in, and layouts, at 1,000 to 1,000,000 photos.

`python -m tests.benchmarks.grid [--counts N ...]` shows the real grid off screen (set QT_QPA_PLATFORM for another
platform) over made-up listings, in every layout, and prints CPU milliseconds of the process (the least of several
runs) and what the arrays weigh. Photos are made up when they are painted; pictures are not read.

For comparison, measured elsewhere at a million: an arithmetic view without sections or signs 5 ms to the first
paint and 2 ms a page; QListView in icon mode 2,486 ms.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

FIRST_PAINT_GOAL_MS = 20.0
PAGE_GOAL_MS = 8.0
GUI_GOAL_MS = 50.0
INSERTED = 16
RUNS = 7


def cpu_ms(act: Callable[[], object], runs: int = RUNS) -> float:
    """Return the least CPU time of several runs."""
    times = []
    for _ in range(runs):
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
    print(f"{'photos':>9} {'layout':<18} {'first paint':>11} {'page':>6} {'+16':>6} {'layout':>7} {'arrays':>8}")
    print(f"{'':>9} {'':<18} {'CPU ms':>11} {'CPU ms':>6} {'CPU ms':>6} {'CPU ms':>7} {'MB':>8}")
    missed = False
    for count in arguments.counts:
        for is_justified in (False, True):
            for has_sections in (False, True):
                missed |= _measure(count, is_justified=is_justified, has_sections=has_sections)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak_mb:.0f} MB")
    return int(missed)


def _measure(count: int, *, is_justified: bool, has_sections: bool) -> bool:
    from PySide6.QtWidgets import QApplication

    from photofind.gui.photo_grid import PhotoGrid
    from photofind.gui.photo_model import PhotoModel
    from photofind.records import SortOrder
    from tests.gui.fake_library import FakeLibrary

    library = FakeLibrary(count + INSERTED)
    library.apart_ms = 5_000_000  # 17 a day: days are sections
    after = library.listing(library.ids[::-1], SortOrder.NEWEST)
    before = after.only(np.arange(count + INSERTED) >= INSERTED)
    view = PhotoGrid(PhotoModel(library.photos))
    view.resize(1000, 800)
    view.set_justified(is_justified)
    view.set_shows_sections(has_sections)
    view.show()
    QApplication.processEvents()

    def first() -> None:
        view.photo_model().forget_all()
        view.set_photos(before, keep_place=False)
        view.viewport().repaint()

    first_ms = cpu_ms(first)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)

    def page() -> None:
        bar.setValue(bar.value() + view.viewport().height())
        view.viewport().repaint()

    page_ms = cpu_ms(page, 20)
    inserts = []
    for _ in range(RUNS):
        view.set_photos(before)
        bar.setValue(bar.maximum() // 2)
        view.viewport().repaint()
        begun = time.process_time()
        view.set_photos(after)
        view.viewport().repaint()
        inserts.append((time.process_time() - begun) * 1000)

    def lay_out() -> None:
        view._geometry = None
        view.geometry_now()

    layout_ms = cpu_ms(lay_out)
    arrays_mb = sum(a.nbytes for a in (after.ids, after.taken_ms, after.aspect, after.directory)) / 1e6
    name = ("justified rows" if is_justified else "squares") + (", days" if has_sections else "")
    print(
        f"{count:>9,} {name:<18} {first_ms:>11.1f} {page_ms:>6.1f} {min(inserts):>6.1f} {layout_ms:>7.1f}"
        f" {arrays_mb:>8.1f}"
    )
    view.hide()
    view.deleteLater()
    library.close()
    is_missed = (not is_justified and first_ms > FIRST_PAINT_GOAL_MS) or page_ms > PAGE_GOAL_MS
    return is_missed or layout_ms > GUI_GOAL_MS or min(inserts) > GUI_GOAL_MS


if __name__ == "__main__":
    sys.exit(main())
