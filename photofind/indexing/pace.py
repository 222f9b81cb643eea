"""How fast photos are taken in: now, and in the last run.

`Pace` belongs to the indexer's thread. `RunMeter` is fed by the library with every `Progress`, on the thread that
emits it. Time in which indexing was paused or waited does not count; a run of a few photos says nothing and is
passed over.

Dividing what is left by the rate of the last seconds lost: photos differ by a factor of twenty in what they cost,
and the minutes left went up and down. The moment of the end is kept instead and moved slowly, so they count down.
"""

import math
import time
from collections import deque
from collections.abc import Callable

from photofind.events import Progress, Stage

LEAST_PHOTOS = 20
RATE_WINDOW_S = 10.0
LEAST_S = 1.0
"""A rate is of so long at least,"""
LEAST_LEFT_S = 3.0
"""and the time left is told after so long."""
STEADY_S = 20.0
"""In so long the expected end moves by two thirds of what it should."""


class Pace:
    """Rate and time left of what goes on."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self._began_s: float | None = None
        self._end_s: float | None = None
        self._told_s = 0.0

    def clear(self) -> None:
        """Begin anew: nothing goes on."""
        self._samples.clear()
        self._began_s = self._end_s = None

    def take(self, now_s: float, done: int, left: int | None) -> tuple[float, float | None]:
        """Return photos a second, 0 when unknown, and the seconds left, None when unknown.

        Args:
            now_s: Seconds that only grow.
            done: So many are through, ever growing.
            left: How many are not; None as long as that is not known.
        """
        if self._began_s is None or (self._samples and done < self._samples[-1][1]):
            self.clear()
            self._began_s = now_s
        self._samples.append((now_s, done))
        while len(self._samples) > 2 and self._samples[1][0] <= now_s - RATE_WINDOW_S:
            self._samples.popleft()
        start_s, before = self._samples[0]
        rate = (done - before) / (now_s - start_s) if now_s - start_s >= LEAST_S else 0.0
        if left is None or not rate:
            self._end_s = None
            return rate, None
        if now_s - self._began_s < LEAST_LEFT_S:
            return rate, None
        end_s = now_s + left / rate
        if self._end_s is None:
            self._end_s = end_s
        else:
            self._end_s += (end_s - self._end_s) * (1 - math.exp(-(now_s - self._told_s) / STEADY_S))
        self._told_s = now_s
        return rate, max(0.0, self._end_s - now_s)


class RunMeter:
    """Adds up one run after the other.

    Args:
        clock: Seconds that only grow; another one in tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: float | None = None
        self._seconds = 0.0
        self._photos = 0

    def take(self, progress: Progress) -> tuple[int, float] | None:
        """Return photos and seconds of the run that this progress ends, else None."""
        now = self._clock()
        if self._since is not None:
            self._seconds += now - self._since
        self._since = now if progress.stage is Stage.INDEXING else None
        self._photos = max(self._photos, progress.done)
        if progress.stage is not Stage.IDLE:
            return None
        photos, seconds = self._photos, self._seconds
        self._photos, self._seconds = 0, 0.0
        return (photos, seconds) if photos >= LEAST_PHOTOS and seconds > 0 else None
