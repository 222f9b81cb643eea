"""The speed of a run: only the time in which photos were taken in counts."""

from photofind.events import Progress, Stage
from photofind.indexing.pace import RunMeter


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
