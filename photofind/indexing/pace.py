"""How fast photos were taken in during the last run, from the progress that is announced anyway.

Fed by the library with every `Progress`, on the thread that emits it. Time in which indexing was paused or waited
does not count; a run of a few photos says nothing and is passed over.
"""

import time
from collections.abc import Callable

from photofind.events import Progress, Stage

LEAST_PHOTOS = 20


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
