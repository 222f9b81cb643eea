"""The speed of a run, and what is said of it meanwhile: only the time in which photos were taken in counts."""

import bisect
import itertools
import random

from photofind.events import Progress, Stage
from photofind.indexing.pace import LEAST_LEFT_S, Pace, RunMeter


def test_waiting_and_pauses_do_not_count() -> None:
    now = [0.0]
    meter = RunMeter(lambda: now[0])

    def at(second: float, stage: Stage, done: int) -> tuple[int, float] | None:
        now[0] = second
        return meter.take(Progress(stage, done, 100))

    assert at(0, Stage.SCANNING, 0) is None
    assert at(5, Stage.INDEXING, 0) is None
    assert at(15, Stage.PAUSED, 50) is None
    assert at(500, Stage.INDEXING, 50) is None
    assert at(510, Stage.IDLE, 100) == (100, 20.0)
    assert at(600, Stage.IDLE, 100) is None  # nothing was done since


def test_a_few_photos_say_nothing() -> None:
    now = [0.0]
    meter = RunMeter(lambda: now[0])
    meter.take(Progress(Stage.INDEXING, 0, 3))
    now[0] = 1.0
    assert meter.take(Progress(Stage.IDLE, 3, 3)) is None


def told(costs_s: list[float], step_s: float = 0.25) -> list[tuple[float, float | None]]:
    """Return what is said every `step_s` while photos of these costs come in, one after the other."""
    pace, said = Pace(), []
    ends: list[float] = list(itertools.accumulate(costs_s))
    now_s = 0.0
    while now_s < ends[-1]:
        done = bisect.bisect_right(ends, now_s)
        said.append(pace.take(now_s, done, len(ends) - done))
        now_s += step_s
    return said


def test_the_time_left_counts_down_though_photos_differ() -> None:
    """Photos from telephones and from scanners in turn: the minutes shown must not go up and down."""
    draw = random.Random(5)
    costs = [draw.choice((0.02, 0.02, 0.02, 0.4)) * draw.uniform(0.6, 1.4) for _ in range(3000)]
    said = told(costs)
    total_s = sum(costs)
    left = [(number * 0.25, seconds) for number, (_, seconds) in enumerate(said) if seconds is not None]
    assert left[0][0] <= LEAST_LEFT_S + 0.25
    minutes = [round(seconds / 60) for _, seconds in left]
    ups = sum(after > before for before, after in itertools.pairwise(minutes))
    assert ups <= 3, minutes
    settled = [(now_s, seconds) for now_s, seconds in left if now_s > 30]
    assert all(abs(now_s + seconds - total_s) < 0.25 * total_s for now_s, seconds in settled)


def test_a_standstill_shows_and_what_is_not_known_is_not_said() -> None:
    pace = Pace()
    assert pace.take(0.0, 0, 100) == (0.0, None)
    for second in range(1, 6):
        rate, left = pace.take(float(second), 10 * second, 100 - 10 * second)
    assert (rate, round(left or 0)) == (10.0, 5)
    assert pace.take(6.0, 50, None) == (50 / 6, None)  # a scan goes on: nobody knows how many there are
    for second in range(7, 18):
        rate, left = pace.take(float(second), 50, 50)
    assert (rate, left) == (0.0, None)
    pace.clear()
    assert pace.take(100.0, 50, 50) == (0.0, None)
