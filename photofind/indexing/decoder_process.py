"""What runs inside one decoder process: a loop that takes requests from a pipe and answers them.

The process belongs to `decoder_pool`, which starts it as a fresh interpreter. It is kept small (no Qt, no network,
no catalog) and dies by itself in every case: at the end of the pipe when the program is gone, by its own alarm when
a decoder hangs and nobody is left to kill it.
"""

import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SWITCH = "--decoder-process"
"""First argument by which a frozen program knows that it is to be a decoder process."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception met while answering: want of memory, or a bug, whose traceback goes into the program's log."""

    traceback: str
    is_want_of_memory: bool = False


def run_if_asked(arguments: list[str]) -> None:
    """Be a decoder process, and end with it, if the command line of a frozen program says so.

    Called first of all by the program's entry, with `sys.argv`.
    """
    if arguments[1:2] == [SWITCH]:
        main(arguments[2:])
        sys.exit(0)


def main(arguments: list[str]) -> None:
    """Answer requests until the pipe ends.

    Args:
        arguments: Handle of the pipe, "module:function" that answers, seconds after which the alarm kills, bytes of
            memory (0: not limited from inside), niceness.
    """
    handle, name, alarm_s, memory_bytes, niceness = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's business
    connection = _open(int(handle))
    _be_modest(int(memory_bytes), int(niceness))
    try:
        module, function = name.split(":")
        answer: Callable[[object], object] = getattr(importlib.import_module(module), function)
    except Exception:  # noqa: BLE001  reported to the program, which logs it
        connection.send(Fault(traceback.format_exc()))
        return
    with contextlib.suppress(EOFError, OSError):  # the program closed the pipe, or is gone
        connection.send(None)
        while True:
            request = connection.recv()
            _set_alarm(float(alarm_s))
            try:
                reply = answer(request)
            except MemoryError:
                reply = Fault("", is_want_of_memory=True)
            except Exception:  # noqa: BLE001  reported to the program, which logs it
                reply = Fault(traceback.format_exc())
            _set_alarm(0)
            connection.send(reply)


def _open(handle: int) -> Any:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return PipeConnection(handle)
    from multiprocessing.connection import Connection

    return Connection(handle)


def _be_modest(memory_bytes: int, niceness: int) -> None:
    """Take no more than the share of memory and time that is granted, and leave no core dump behind."""
    if sys.platform == "win32":
        return  # the pool sets the priority when it starts the process, and watches its memory
    import resource

    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        # DATA, not AS: libraries map far more addresses than they use.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    if sys.platform == "linux":
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")  # when memory ends, this process goes before the program


def _set_alarm(seconds: float) -> None:
    """Let the system end this process after so many seconds, whatever it does; 0 calls that off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
