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

An event filter names what was delivered meanwhile, each event with the CPU from it to the next one. With a file for
stacks, every piece that lasts longer than `STACK_MS` writes those of all Python threads into it, from a thread that
needs no lock of Python's: so it shows who holds it. An override of `QApplication.notify` lost: it makes a Python
object of every receiver while Qt destroys some.
"""

import faulthandler
import itertools
import os
import time
from dataclasses import dataclass
from typing import TextIO

import numpy as np
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

GOAL_MS = 50.0
STACK_MS = 30.0
TICK_MS = 2


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
        stacks: Where the stacks of long turns are written.
    """

    def __init__(self, app: QApplication, stacks: TextIO | None = None) -> None:
        super().__init__()
        self.turns: list[Turn] = []
        self.step = ""
        self.counts: dict[str, int] = {}
        self._app = app
        self._stacks = stacks
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
        self._app.installEventFilter(self)
        self._ticker.start()

    def stop(self) -> None:
        """Record no more."""
        self._ticker.stop()
        self._app.removeEventFilter(self)
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.disconnect(self._on_awake)
        dispatcher.aboutToBlock.disconnect(self._on_block)
        if self._stacks is not None:
            faulthandler.cancel_dump_traceback_later()

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
                if self._stacks is not None and wall_ms > STACK_MS:
                    print(f"^^^ {self.turns[-1]}\n", file=self._stacks, flush=True)
        self._stamp = (wall, cpu, queued)
        self._events.clear()
        if self._stacks is not None:
            faulthandler.dump_traceback_later(STACK_MS / 1000, file=self._stacks)

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
                f" {turn.waiting_ms:6.1f} waiting  {turn.step} at {turn.at_s:.1f} s: {named}"
            )
