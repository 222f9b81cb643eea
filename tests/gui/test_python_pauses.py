"""Python's pauses: nothing stops the window for long, and nothing is kept that nobody can reach."""

import gc
import sys
import weakref

from pytestqt.qtbot import QtBot

from photofind.gui import python_pauses
from photofind.gui.python_pauses import short_pauses


class Ring:
    """Refers to itself, so that only the collector finds it."""

    def __init__(self) -> None:
        self.itself = self


def test_cycles_go_on_this_thread_and_soon(qtbot: QtBot) -> None:
    with short_pauses():
        assert not gc.isenabled()  # no other thread begins
        ring = weakref.ref(Ring())
        qtbot.waitUntil(lambda: ring() is None)


def test_afterwards_all_is_as_before(qtbot: QtBot) -> None:
    before = sys.getswitchinterval(), gc.isenabled(), gc.get_freeze_count()
    with short_pauses():
        assert sys.getswitchinterval() < before[0]
        assert gc.get_freeze_count() > before[2]
    assert (sys.getswitchinterval(), gc.isenabled(), gc.get_freeze_count()) == before


def test_much_at_once_is_put_aside_without_a_look(qtbot: QtBot) -> None:
    looks: list[str] = []

    def note(phase: str, _facts: dict[str, int]) -> None:
        looks.append(phase)

    with short_pauses():
        before = gc.get_freeze_count()
        much = [[number] for number in range(2 * python_pauses.MOST_OBJECTS)]
        gc.callbacks.append(note)
        try:
            qtbot.waitUntil(lambda: gc.get_freeze_count() >= before + len(much), timeout=10 * python_pauses.LOOK_MS)
            assert looks == []
        finally:
            gc.callbacks.remove(note)
