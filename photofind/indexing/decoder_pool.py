"""The decoder processes: files from outside are decoded where a crash or a hang costs one file, not the program.

Called from any thread; answers come as futures. One thread of the pool speaks to each process: it takes the next
request (urgent ones first), sends it, waits for the answer or the time limit, and replaces a process that died.
One more process, started when first needed and not niced, serves urgent requests only: a query image must not wait
for three films named .jpg to run into the time limit. Yet another has the pictures that somebody looks at closely:
it keeps them decoded and gives parts of them, until `end_parts` takes it and its memory away.

Alternatives that lost:
- Pebble's `ProcessPool` (5.2.3): it has no memory limit, no urgent requests, and starts its processes in the way
  below. Cost did not decide: 6.13 to 6.17 ms of CPU a photo against 5.98 to 6.15 here (5.7 to 5.8 for preparing it
  in the program itself), a difference within the noise.
- `multiprocessing` or `concurrent.futures` processes: they import the program's main module again (and with it
  Qt), leave a resource tracker behind after closing, and know no time limit.
- One dispatcher thread over all pipes: Windows cannot wait for pipes and processes in one call without more code
  than a thread each.
"""

import contextlib
import logging
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, overload

import psutil

from photofind.indexing import decoder_process
from photofind.indexing.prepare import PartRequest, PrepareRequest, RenderRequest, Request
from photofind.records import Failure, FailureKind, Picture, Prepared

logger = logging.getLogger(__name__)

ANSWER = "photofind.indexing.prepare:answer"
MEMORY_BYTES = 2 << 30

_NICENESS = 10
_PEOPLES = 2
"""The first processes serve only what a person waits for: one urgent requests, one parts."""
_START_TIMEOUT_S = 60.0
_LOOK_S = 0.25
"""How often a waiting thread looks whether the pool was closed or, off Linux, whether memory runs over."""
_ALARM_FACTOR = 1.5
"""The process ends itself after this many time limits, in case the program that should do it was killed."""
_LIMITS_ITSELF = sys.platform == "linux"
"""Whether a process can be told its memory limit; elsewhere the pool watches it."""
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


class DecoderPool:
    """Processes that prepare and render photos.

    Args:
        processes: How many work side by side; one more may be started for urgent requests.
        timeout_s: A file that takes longer is given up, and its process ended.
        memory_bytes: What one process may take.
        answer: "module:function" that answers a request inside the process.
    """

    def __init__(
        self,
        processes: int,
        timeout_s: float = 20.0,
        memory_bytes: int = MEMORY_BYTES,
        *,
        answer: str = ANSWER,
    ) -> None:
        lock = threading.Lock()
        self._work = threading.Condition(lock)
        self._urgent_work = threading.Condition(lock)
        self._part_work = threading.Condition(lock)
        self._jobs: deque[_Job] = deque()
        self._urgent_jobs: deque[_Job] = deque()
        self._part_jobs: deque[_Job | None] = deque()
        self._is_closed = False
        self._workers = [
            _Worker(_Terms(answer, timeout_s, memory_bytes, 0 if number < _PEOPLES else _NICENESS))
            for number in range(max(1, processes) + _PEOPLES)
        ]
        nexts = (self._next_urgent, self._next_part)
        self._threads = [
            threading.Thread(
                target=self._serve,
                args=(worker, nexts[number] if number < _PEOPLES else self._next),
                name=f"decoder-{number}",
                daemon=True,
            )
            for number, worker in enumerate(self._workers)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "DecoderPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @overload
    def submit(self, request: PrepareRequest, *, urgent: bool = False) -> "Future[Prepared | Failure]": ...

    @overload
    def submit(self, request: RenderRequest, *, urgent: bool = False) -> "Future[Picture | Failure]": ...

    @overload
    def submit(self, request: PartRequest, *, urgent: bool = False) -> "Future[Picture | Failure]": ...

    def submit(self, request: Request, *, urgent: bool = False) -> "Future[Any]":
        """Ask for one photo; urgent requests go before all others. Parts are served apart, in order.

        Returns:
            A future that never fails for a bad photo: it then holds a `Failure`. It is cancelled when the pool
            closes first.

        Raises:
            RuntimeError: The pool is closed.
        """
        job = _Job(request, Future())
        with self._work:
            if self._is_closed:
                raise RuntimeError("The decoder pool is closed.")
            if isinstance(request, PartRequest):
                self._part_jobs.append(job)
                self._part_work.notify()
                return job.future
            (self._urgent_jobs if urgent else self._jobs).append(job)
            self._work.notify()
            if urgent:
                self._urgent_work.notify()
        return job.future

    def end_parts(self) -> None:
        """Nobody looks closely any more: give the memory of those pictures back. What waits is answered before."""
        with self._work:
            self._part_jobs.append(None)
            self._part_work.notify()

    def close(self) -> None:
        """End all processes and threads, within a second; what was not answered is cancelled."""
        with self._work:
            self._is_closed = True
            left = [*self._urgent_jobs, *self._jobs, *(job for job in self._part_jobs if job is not None)]
            self._urgent_jobs.clear()
            self._jobs.clear()
            self._part_jobs.clear()
            self._work.notify_all()
            self._urgent_work.notify_all()
            self._part_work.notify_all()
        for job in left:
            job.future.cancel()
        for worker in self._workers:
            worker.kill()
        end = time.monotonic() + 1
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _serve(self, worker: "_Worker", next_job: "Callable[[_Worker], _Job | None]") -> None:
        """Body of one thread."""
        while (job := next_job(worker)) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            reply = worker.ask(job.request)
            # A second try in a fresh process: the first may have died of something else, like the system's want of
            # memory. What crashes twice is the file's doing.
            if reply is _CRASH:
                reply = worker.ask(job.request)
            if isinstance(reply, _Death):
                if self._is_closed:
                    job.future.set_exception(CancelledError())
                    continue
                reply = Failure(job.request.path, reply.kind, reply.reason, job.request.facts)
            job.future.set_result(reply)
        worker.end()

    def _next(self, _worker: "_Worker") -> "_Job | None":
        """Wait for the next request; None when the pool is closed."""
        with self._work:
            while not self._is_closed:
                if self._urgent_jobs or self._jobs:
                    return (self._urgent_jobs or self._jobs).popleft()
                self._work.wait()
        return None

    def _next_urgent(self, _worker: "_Worker") -> "_Job | None":
        with self._urgent_work:
            while not self._is_closed:
                if self._urgent_jobs:
                    return self._urgent_jobs.popleft()
                self._urgent_work.wait()
        return None

    def _next_part(self, worker: "_Worker") -> "_Job | None":
        while True:
            with self._part_work:
                self._part_work.wait_for(lambda: self._part_jobs or self._is_closed)
                if self._is_closed:
                    return None
                job = self._part_jobs.popleft()
                if job is not None:
                    return job
                is_last = not self._part_jobs
            if is_last:
                worker.end()


@dataclass(frozen=True, slots=True)
class _Job:
    request: Request
    future: "Future[Any]"


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a process is started with."""

    answer: str
    timeout_s: float
    memory_bytes: int
    niceness: int


@dataclass(frozen=True, slots=True)
class _Death:
    """Why there is no answer."""

    kind: FailureKind
    reason: str


_CRASH = _Death(FailureKind.CRASHED, "The program that reads photos crashed on this file.")
_FAULT = _Death(
    FailureKind.CRASHED, "The file could not be read because of a fault in PhotoFind; the log tells more."
)
_NOT_STARTED = _Death(FailureKind.CRASHED, "The program that reads photos could not be started.")
_NO_MEMORY = _Death(FailureKind.OUT_OF_MEMORY, "The picture needs too much memory.")


class _Worker:
    """One decoder process after another; used by one thread, killed by any."""

    def __init__(self, terms: _Terms) -> None:
        self._terms = terms
        self._lock = threading.Lock()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None

    def kill(self) -> None:
        """Kill the process and start no other; from any thread. The one that asks then sees the pipe end."""
        with self._lock:
            self._is_closed = True
            if self._process is not None:
                self._process.kill()

    def ask(self, request: Request) -> object:
        """Return the process's answer, or the `_Death` it died."""
        for _ in range(2):
            death = self._start()
            if death is not None:
                return death
            assert self._connection is not None
            try:
                self._connection.send(request)
            except OSError:  # it died while it had nothing to do; no file's fault
                self.end()
                continue
            return self._wait(self._connection)
        return _NOT_STARTED

    def _wait(self, connection: "Connection[Any, Any]") -> object:
        seconds = self._terms.timeout_s
        end = time.monotonic() + seconds
        death = _Death(FailureKind.TIMED_OUT, f"Reading took longer than {seconds:g} seconds.")
        while not _has_news(connection, min(_LOOK_S, max(0.0, end - time.monotonic()))):
            if not _LIMITS_ITSELF and self._memory_bytes() > self._terms.memory_bytes:
                death = _NO_MEMORY
            elif time.monotonic() < end and not self._is_closed:
                continue
            self.end()
            return death
        try:
            reply = connection.recv()
        except (EOFError, OSError):
            self.end()
            return _CRASH
        if isinstance(reply, decoder_process.Fault):
            if reply.is_want_of_memory:
                return _NO_MEMORY
            logger.error("A fault while reading a photo:\n%s", reply.traceback)
            return _FAULT
        return reply

    def _start(self) -> _Death | None:
        """Make sure that there is a living process."""
        if self._process is not None:
            if self._process.poll() is None:
                return None
            self.end()
        ours, theirs = multiprocessing.Pipe()
        self._connection = ours
        try:
            with self._lock:
                if not self._is_closed:
                    self._process = _spawn(theirs.fileno(), self._terms)
        except OSError as error:
            logger.error("A decoder process cannot be started: %s", error)  # noqa: TRY400  no bug, no traceback
        finally:
            theirs.close()
        if self._process is not None and _has_news(ours, _START_TIMEOUT_S):
            with contextlib.suppress(EOFError, OSError):
                hello = ours.recv()
                if hello is None:
                    return None
                logger.error("A decoder process cannot be started:\n%s", hello.traceback)
        self.end()
        return _NOT_STARTED

    def end(self) -> None:
        """Kill the process, wait for its end, and forget it; called by the thread that asks."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            try:
                process.wait(0.5)
            except subprocess.TimeoutExpired:
                # Inside a dead network mount, or on a busy machine, it does not die at once. Nobody waits, but
                # somebody is there when it does: else it stays a zombie.
                threading.Thread(target=process.wait, name="decoder-end", daemon=True).start()

    def _memory_bytes(self) -> int:
        process = self._process
        if process is None:
            return 0
        try:
            return int(psutil.Process(process.pid).memory_info().rss)
        except psutil.Error:
            return 0


def _has_news(connection: "Connection[Any, Any]", seconds: float) -> bool:
    """Wait for an answer or the end of the process."""
    try:
        return connection.poll(seconds)
    except OSError:  # a broken pipe on Windows; reading it will tell
        return True


def _spawn(handle: int, terms: _Terms) -> "subprocess.Popen[bytes]":
    """Start a decoder process that inherits one end of a pipe and nothing else."""
    memory_bytes = terms.memory_bytes if _LIMITS_ITSELF else 0
    arguments = [
        str(handle),
        terms.answer,
        str(terms.timeout_s * _ALARM_FACTOR + 1),
        str(memory_bytes),
        str(terms.niceness),
    ]
    if getattr(sys, "frozen", False):
        command = [sys.executable, decoder_process.SWITCH, *arguments]
    else:
        # The same search path, and never the program's main module: that one may import Qt.
        code = (
            f"import sys; sys.path[:] = {sys.path!r}; from photofind.indexing import decoder_process;"
            " decoder_process.main(sys.argv[1:])"
        )
        command = [sys.executable, "-c", code, *arguments]
    options: dict[str, Any] = {}
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})
        quiet = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if terms.niceness else 0
        options = {"startupinfo": startup, "creationflags": quiet | priority}
    else:
        # A group of its own: Ctrl+C in the terminal is meant for the program alone.
        options = {"pass_fds": (handle,), "process_group": 0}
    return subprocess.Popen(  # noqa: S603  the command is our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # decoders written in C print as they please
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_ONE_THREAD},
        **options,
    )
