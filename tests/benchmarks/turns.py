"""Stamps every turn of the window's event loop, says what kept it and whose fault that was.

Used on the GUI thread by the benchmarks. A timer of 2 ms and the dispatcher's own signals cut the thread's time
into pieces: from a stamp to the next, or to the moment when nothing is left to do. Each piece is told apart into
four:

- computing: CPU of the thread, which is ours in any case;
- queued: ready to run and not let run, as the kernel counts it (`/proc/thread-self/schedstat`): the other processes
  of the machine, and our own other threads where there are fewer cores than work;
- waiting: the rest, asleep with something to do. Here that is Python's lock, which another thread of ours holds, or
  the disk: also ours;
- the gap by the clock is all three.

On a machine that others use, the waiting counts them, too: a thread of ours that has the lock may be in the queue
with it. Raise the priority of the run, and look at the CPU.

Why a piece took long is asked for apart, for asking costs as much again: a dialog of 170 labels is 4,000 events,
17 ms without and 40 with a filter that looks at each. An event filter then names what was delivered meanwhile, each
event with the CPU from it to the next one, and `LockWatch` says who else had Python's lock. An override of
`QApplication.notify` lost: it makes a Python object of every receiver while Qt destroys some. `faulthandler` from a
thread without the lock, which lost as well, shows the stacks of threads that run on meanwhile, and crashes.
"""

import itertools
import os
import sys
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

GOAL_MS = 50.0
TICK_MS = 2
HELD_MS = 6.0
"""Who has Python's lock for longer, with this much CPU, is noted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One piece of the thread's time, in milliseconds; `at_s` counts from the start, `step` is what was done
    then."""

    wall_ms: float
    cpu_ms: float
    queued_ms: float
    at_s: float
    step: str
    events: tuple[tuple[float, str], ...]

    @property
    def waiting_ms(self) -> float:
        """Neither computed nor queued."""
        return max(0.0, self.wall_ms - self.cpu_ms - self.queued_ms)


class Turns(QObject):
    """Records from `start` to `stop`.

    Args:
        app: Whose loop.
        asks_why: Name events and who has the lock, and take as long again.
    """

    def __init__(self, app: QApplication, *, asks_why: bool = False) -> None:
        super().__init__()
        self.turns: list[Turn] = []
        self.step = ""
        self.counts: dict[str, int] = {}
        self._app = app
        self._watch = LockWatch() if asks_why else None
        self._schedule = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self._stamp: tuple[float, float, float] | None = None
        self._is_blocked = False
        self._events: list[tuple[float, str]] = []
        self._begun = time.perf_counter()
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Record from now on."""
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._on_awake)
        dispatcher.aboutToBlock.connect(self._on_block)
        if self._watch is not None:
            self._app.installEventFilter(self)
            self._watch.start()
        self._ticker.start()

    def stop(self) -> None:
        """Record no more."""
        self._ticker.stop()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.disconnect(self._on_awake)
        dispatcher.aboutToBlock.disconnect(self._on_block)
        if self._watch is not None:
            self._app.removeEventFilter(self)
            self._watch.stop()

    def forget(self) -> None:
        """Leave out what was recorded until now."""
        self.turns.clear()
        self.counts.clear()
        self._stamp = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what is delivered."""
        self._events.append((time.thread_time(), f"{event.type().name} -> {type(watched).__name__}"))
        return False

    def _on_awake(self) -> None:
        self._take(TICK_MS if self._is_blocked else 0.0)
        self._is_blocked = False

    def _on_tick(self) -> None:
        self._take(0.0)

    def _on_block(self) -> None:
        self._take(0.0)
        self._is_blocked = True

    def _take(self, asleep_ms: float) -> None:
        """Cut here.

        Args:
            asleep_ms: For so long the thread may have slept because there was nothing to do.
        """
        wall, cpu = time.perf_counter(), time.thread_time()
        queued = int(os.pread(self._schedule, 64, 0).split()[1]) / 1e6
        if self._stamp is not None:
            wall_ms = (wall - self._stamp[0]) * 1000 - asleep_ms
            cpu_ms = (cpu - self._stamp[1]) * 1000
            queued_ms = queued - self._stamp[2]
            self.counts[self.step] = self.counts.get(self.step, 0) + 1
            if max(wall_ms, cpu_ms) > 8:
                noted = [*self._events, (cpu, "")]
                parts = [((end - began) * 1000, name) for (began, name), (end, _) in itertools.pairwise(noted)]
                longest = tuple(sorted(parts, reverse=True)[:3])
                at_s = wall - self._begun
                self.turns.append(Turn(max(wall_ms, cpu_ms), cpu_ms, queued_ms, at_s, self.step, longest))
        self._stamp = (wall, cpu, queued)
        self._events.clear()

    def print_table(self) -> None:
        """Print the longest of every step, and the longest of all with their names."""
        print(f"{'':34}{'turns':>8}{'CPU':>9}{'wait':>9}{'ours':>9}{'clock':>9}{'late':>7}")
        for step, count in self.counts.items():
            own = [turn for turn in self.turns if turn.step == step]
            late = sum(turn.wall_ms > GOAL_MS for turn in own)
            print(
                f"{step:34}{count:8}"
                f"{max((t.cpu_ms for t in own), default=0):9.1f}"
                f"{max((t.waiting_ms for t in own), default=0):9.1f}"
                f"{max((t.wall_ms - t.queued_ms for t in own), default=0):9.1f}"
                f"{max((t.wall_ms for t in own), default=0):9.1f}{late:7}"
            )
        if not self.turns:
            return
        walls = np.array([turn.wall_ms for turn in self.turns])
        ours = np.array([turn.wall_ms - turn.queued_ms for turn in self.turns])
        total = sum(self.counts.values())
        print(f"of {total} turns, longest by the clock {walls.max():.1f} ms, of our own making {ours.max():.1f} ms")
        above = int((walls > GOAL_MS).sum()), int((ours > GOAL_MS).sum())
        print(f"above {GOAL_MS:.0f} ms: {above[0]} by the clock, {above[1]} of our own making")
        print("longest of our own making:")
        for turn in sorted(self.turns, key=lambda t: t.wall_ms - t.queued_ms, reverse=True)[:25]:
            named = "; ".join(f"{ms:.1f} {name}" for ms, name in turn.events)
            print(
                f"  {turn.wall_ms:6.1f} clock {turn.cpu_ms:6.1f} cpu {turn.queued_ms:6.1f} queued"
                f" {turn.waiting_ms:6.1f} waiting  {turn.step} at {turn.at_s:.1f} s{named and ': '}{named}"
            )
        if self._watch is not None:
            self._watch.print_table()


class LockWatch:
    """Asks for Python's lock every millisecond, and notes which thread computed while it had to wait.

    The thread's stack is of the moment when it let go: the line says what came after the long call. The window's
    thread is left out: a frame of it that is held keeps a QPainter alive, and Qt crashes.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._longest_ms: dict[str, float] = {}
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._main, name="lock watch", daemon=True)

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._is_stopped.set()
        self._thread.join()

    def print_table(self) -> None:
        """Print who had the lock for long, with the most CPU of a time, and how often."""
        print("had Python's lock, or computed beside it:")
        for place, most_ms in sorted(self._longest_ms.items(), key=lambda entry: -entry[1])[:25]:
            print(f"  {most_ms:6.1f} cpu {self._counts[place]:5} times  {place}")

    def _main(self) -> None:
        own, window = threading.get_ident(), threading.main_thread().ident
        while not self._is_stopped.is_set():
            names = {thread.ident: thread.name for thread in threading.enumerate()}
            before = {ident: _cpu_ms(ident) for ident in names if ident not in (None, own, window)}
            asked = time.perf_counter()
            time.sleep(0.001)
            if (time.perf_counter() - asked) * 1000 < HELD_MS:
                continue
            frames = sys._current_frames()
            frames.pop(window or 0, None)
            used = {ident: _cpu_ms(ident) - began for ident, began in before.items() if ident in frames}
            busiest = max(used, key=lambda ident: used[ident], default=None)
            if busiest is not None and used[busiest] > HELD_MS:
                stack = traceback.extract_stack(frames[busiest], limit=4)[::-1]
                lines = (f"{os.path.basename(each.filename)}:{each.lineno} {each.name}" for each in stack)
                place = f"{names[busiest]}: {' < '.join(lines)}"
                self._counts[place] += 1
                self._longest_ms[place] = max(used[busiest], self._longest_ms.get(place, 0.0))
            frames.clear()


def _cpu_ms(ident: int | None) -> float:
    """Return the CPU a thread has used; 0 for one that ended."""
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(ident or 0)) * 1000
    except OSError:
        return 0.0
