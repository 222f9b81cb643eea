"""When Python looks for garbage, and how long its threads keep each other waiting.

Used by the application for as long as the window lives. Python's collector stops every thread while it looks, and
it begins on whichever thread happens to make the next object: reading 50,000 directories on the overview thread
held the window for 145 ms (71 of CPU), time after time, and found nothing. A widget in a cycle would even be
destroyed on that thread. So the collector itself is off, and a timer of the window's thread looks instead, each
time only at what is new; what has been looked at once is put aside for good (`gc.freeze`), but still goes as soon
as nobody refers to it. What stays behind is a cycle that was alive when it was put aside, a dialog that was open in
that moment. Where very much was made it is put aside without a look, for 110,000 objects take 22 ms: what the start
made, and the watches of 50,000 directories.

A thread that computes in Python gives the lock up after 5 ms when another waits, and the window's thread takes it
anew with every drawing: twelve of them beside two busy threads waited 12 ms in the median and 104 at most. With 0.2
ms it is 1.4 and 6, and the busy threads get a tenth less done; with 0.5 ms 3.7 and 12. The alternatives that lost:
large thresholds, which make the collector's stop rare and longer; another process for the library, with every photo
sent across.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

LOOK_MS = 1_000
SWITCH_S = 0.0002
_LOOKS_TO_ALL = 10
"""Every so many looks go through all that is not put aside, and put it aside."""
MOST_OBJECTS = 40_000
"""Looked at in one go, which takes 8 ms."""


@contextmanager
def short_pauses() -> Iterator[None]:
    """Keep Python's pauses short; a QApplication must live."""
    switch_s, was_enabled = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(SWITCH_S)
    gc.disable()
    gc.freeze()
    looks = made = 0

    def look() -> None:
        nonlocal looks, made
        looks += 1
        young = gc.get_count()[0]
        made += young
        is_last = looks % _LOOKS_TO_ALL == 0
        if young > MOST_OBJECTS or (is_last and made > MOST_OBJECTS):
            gc.freeze()
        elif is_last:
            gc.collect()
            gc.freeze()
        else:
            gc.collect(0)
            return
        made = 0

    timer = QTimer(interval=LOOK_MS)
    timer.timeout.connect(look)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.unfreeze()
        if was_enabled:
            gc.enable()
        sys.setswitchinterval(switch_s)
