"""Threads for what may take hours, or for ever: copies of many photos, comparisons with a whole disk.

The program ends without a thread that hangs in a disk that does not answer: all are daemons, which those of an
executor are not, and nobody waits for them without a limit.

Each long run has a thread of its own, so that neither a search nor the next run waits behind it. Its Future can be
cancelled until it is done, which those of an executor cannot once they run: that is how a person stops it.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class LongRuns:
    """The long runs of one library.

    Args:
        is_closing: Asked by the runs; True stops them all.
    """

    def __init__(self, is_closing: Callable[[], bool]) -> None:
        self._is_closing = is_closing
        self._threads: list[threading.Thread] = []

    def start(self, name: str, work: Callable[[Callable[[], bool]], T]) -> Future[T]:
        """Run `work`; cancelling its Future, or closing, stops it.

        Args:
            name: Of the thread.
            work: Called with what tells it to stop, which it asks several times a second.
        """
        outer: Future[T] = Future()
        run = partial(_run, outer, work, self._is_closing)
        thread = threading.Thread(target=run, name=f"photofind-{name}", daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        thread.start()
        return outer

    def join(self, timeout_s: float | None = None) -> bool:
        """Block until every run has ended.

        Returns:
            False when `timeout_s` ran out.
        """
        end_s = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(None if end_s is None else max(0.0, end_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)


class OneByOne:
    """A thread that does one long thing after the other, in the order asked.

    Args:
        name: Of the thread, which starts with the first of them.
        is_closing: As for `LongRuns`.
    """

    def __init__(self, name: str, is_closing: Callable[[], bool]) -> None:
        self._name = name
        self._is_closing = is_closing
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    def start(self, work: Callable[[Callable[[], bool]], T]) -> Future[T]:
        """Do `work` when its turn comes; as `LongRuns.start`.

        Raises:
            RuntimeError: This is closed.
        """
        outer: Future[T] = Future()
        with self._guard:
            if self._is_closed:
                raise RuntimeError("Nothing more is taken.")
            self._waiting.put(partial(_run, outer, work, self._is_closing))
            if self._thread is None:
                self._thread = threading.Thread(target=self._main, name=self._name, daemon=True)
                self._thread.start()
        return outer

    def close(self, timeout_s: float) -> None:
        """Drop what waits, and wait so long at most for what is being done."""
        with self._guard:
            self._is_closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _main(self) -> None:
        while (run := self._waiting.get()) is not None:
            run()
            del run


def _run(outer: "Future[T]", work: Callable[[Callable[[], bool]], T], is_closing: Callable[[], bool]) -> None:
    """Do `work`, whose Future is never marked as running before its end: so it can be cancelled."""
    error: BaseException | None = None
    if outer.cancelled():
        outer.set_running_or_notify_cancel()
        return
    try:
        result = work(lambda: outer.cancelled() or is_closing())
    except BaseException as raised:  # noqa: BLE001 - belongs to whoever asked
        error = raised
    if not outer.set_running_or_notify_cancel():
        return
    if error is not None:
        outer.set_exception(error)
    else:
        outer.set_result(result)
