"""Decoder processes: whatever a file does to one, it costs one file."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from photofind.indexing import decoder_pool
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.prepare import PartRequest, PrepareRequest, RenderRequest
from photofind.records import Failure, FailureKind, FileFacts, Picture, Prepared
from tests.conftest import ExpectedLog, PhotoFile

HOSTILE = "hostile_decoders:misbehave"
WAIT_S = 60.0
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

pytestmark = pytest.mark.usefixtures("_hostile_decoders_importable")


@pytest.fixture
def _hostile_decoders_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(__file__))


@pytest.fixture
def open_pool() -> Iterator[Callable[..., DecoderPool]]:
    pools: list[DecoderPool] = []

    def make(processes: int = 1, **options: Any) -> DecoderPool:
        pools.append(DecoderPool(processes, **{"answer": HOSTILE, **options}))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def ask(pool: DecoderPool, what: str, *, urgent: bool = False) -> "Future[Any]":
    return pool.submit(PrepareRequest(what.encode(), 160, facts=FileFacts(1, 2, 3, 4, 5)), urgent=urgent)


def failure(future: "Future[Any]") -> FailureKind:
    reply = future.result(WAIT_S)
    assert isinstance(reply, Failure)
    assert reply.reason.endswith(".")
    assert reply.facts == FileFacts(1, 2, 3, 4, 5)
    return reply.kind


def pid_of(pool: DecoderPool) -> int:
    """Return the number of the process; asked again where a busy machine took longer than a short time limit."""
    end = time.monotonic() + WAIT_S
    while isinstance(reply := ask(pool, "pid").result(WAIT_S), Failure):
        assert time.monotonic() < end, reply
    return int(reply)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end
        threading.Event().wait(0.01)


# --- work


def test_photos_are_prepared_in_other_processes(photo_file: PhotoFile) -> None:
    paths = [os.fsencode(photo_file(f"{number}.jpg", number)) for number in range(6)]
    with DecoderPool(2) as pool:
        futures = [pool.submit(PrepareRequest(path, 160)) for path in paths]
        replies = [future.result(WAIT_S) for future in futures]
        assert pool.submit(RenderRequest(paths[0], 100)).result(WAIT_S)
    for path, reply in zip(paths, replies, strict=True):
        assert isinstance(reply, Prepared)
        assert reply.path == path
        assert reply.pixels is not None
        assert reply.pixels.shape == (160, 160, 3)


def part_of(path: bytes, box: tuple[int, int, int, int]) -> PartRequest:
    return PartRequest(path, (640, 480), box, (box[2] - box[0], box[3] - box[1]))


def test_parts_come_from_one_process_that_ends_when_nobody_looks_any_more(photo_file: PhotoFile) -> None:
    paths = [os.fsencode(photo_file(f"{number}.jpg", number)) for number in range(2)]
    before = set(psutil.Process().children())
    with DecoderPool(1) as pool:
        whole = pool.submit(RenderRequest(paths[0], 640)).result(WAIT_S)
        others = set(psutil.Process().children()) - before
        parts = [pool.submit(part_of(path, (0, 32, 640, 96))) for path in paths for _ in range(3)]
        first, *_, last = [part.result(WAIT_S) for part in parts]
        assert isinstance(whole, Picture)
        assert isinstance(first, Picture)
        assert isinstance(last, Picture)
        assert first.rgbx == whole.rgbx[32 * 640 * 4 : 96 * 640 * 4]
        assert last.rgbx != first.rgbx
        (process,) = set(psutil.Process().children()) - before - others
        waiting = pool.submit(part_of(paths[0], (0, 0, 64, 64)))
        pool.end_parts()
        assert isinstance(waiting.result(WAIT_S), Picture)
        until(lambda: not process.is_running())
        # Whoever looks again is served again, and what was asked for since keeps its process.
        assert isinstance(pool.submit(part_of(paths[1], (0, 0, 64, 64))).result(WAIT_S), Picture)


def test_a_file_written_anew_gives_parts_of_the_new_picture(photo_file: PhotoFile) -> None:
    path = photo_file("a.jpg", 1)
    request = part_of(os.fsencode(path), (0, 0, 64, 64))
    with DecoderPool(1) as pool:
        first = pool.submit(request).result(WAIT_S)
        photo_file("a.jpg", 2)
        second = pool.submit(request).result(WAIT_S)
        path.write_bytes(b"text")
        third = pool.submit(request).result(WAIT_S)
    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert first.rgbx != second.rgbx
    assert isinstance(third, Failure)


def test_a_bad_photo_is_a_failure_and_no_exception(tmp_path: Path) -> None:
    path = tmp_path / "bad.jpg"
    path.write_bytes(b"text")
    with DecoderPool(1) as pool:
        reply = pool.submit(PrepareRequest(os.fsencode(path), 160)).result(WAIT_S)
    assert isinstance(reply, Failure)
    assert reply.kind == FailureKind.NOT_AN_IMAGE


def test_a_process_is_small_and_modest(open_pool: Callable[..., DecoderPool]) -> None:
    pool = open_pool()
    modules = set(ask(pool, "modules").result(WAIT_S))
    assert not modules & {
        "PySide6",
        "onnxruntime",
        "torch",
        "hnswlib",
        "sqlite3",
        "photofind.cli",
        "photofind.library",
    }
    assert ask(pool, "threads").result(WAIT_S) == ("1", "1")


@posix_only
def test_urgent_work_is_not_niced(open_pool: Callable[..., DecoderPool], tmp_path: Path) -> None:
    pool = open_pool()
    busy = ask(pool, f"wait-for:{tmp_path / 'go'}")
    until(busy.running)
    assert ask(pool, "nice", urgent=True).result(WAIT_S) == os.nice(0)
    (tmp_path / "go").touch()
    busy.result(WAIT_S)
    until(lambda: ask(pool, "nice").result(WAIT_S) == min(19, os.nice(0) + 10))


def test_urgent_requests_overtake(open_pool: Callable[..., DecoderPool], tmp_path: Path) -> None:
    pool = open_pool()
    first = ask(pool, f"wait-for:{tmp_path / 'go'}")
    until(first.running)
    waiting = [ask(pool, "pid") for _ in range(20)]
    assert ask(pool, "pid", urgent=True).result(WAIT_S)
    assert not any(future.done() for future in waiting)
    (tmp_path / "go").touch()
    assert len({future.result(WAIT_S) for future in waiting}) == 1


def test_a_cancelled_request_is_not_worked_on(open_pool: Callable[..., DecoderPool], tmp_path: Path) -> None:
    pool = open_pool()
    first = ask(pool, f"wait-for:{tmp_path / 'go'}")
    until(first.running)
    unwanted = ask(pool, f"note:{tmp_path / 'done'}")
    assert unwanted.cancel()
    (tmp_path / "go").touch()
    assert ask(pool, "pid").result(WAIT_S)
    assert not (tmp_path / "done").exists()


def test_noise_goes_nowhere(open_pool: Callable[..., DecoderPool], capfd: pytest.CaptureFixture[str]) -> None:
    ask(open_pool(), "print").result(WAIT_S)
    assert capfd.readouterr() == ("", "")


# --- misfortune


@pytest.mark.parametrize("how", ["hang", pytest.param("hang-holding-the-interpreter", marks=posix_only)])
def test_a_hang_costs_one_file(open_pool: Callable[..., DecoderPool], how: str) -> None:
    pool = open_pool(timeout_s=1)
    before = pid_of(pool)
    hanging, after = ask(pool, how), ask(pool, "pid")
    assert failure(hanging) == FailureKind.TIMED_OUT
    assert after.result(WAIT_S) != before
    assert pid_of(pool) != before
    until(lambda: not psutil.pid_exists(before))


@pytest.mark.parametrize("how", ["exit", "segfault"])
def test_a_crash_costs_one_file(open_pool: Callable[..., DecoderPool], how: str) -> None:
    pool = open_pool()
    crashing, after = ask(pool, how), ask(pool, "pid")
    assert failure(crashing) == FailureKind.CRASHED
    assert after.result(WAIT_S)


def test_others_go_on_meanwhile(open_pool: Callable[..., DecoderPool]) -> None:
    pool = open_pool(2, timeout_s=600)
    hanging = ask(pool, "hang")
    until(hanging.running)
    assert all(future.result(WAIT_S) for future in [ask(pool, "pid") for _ in range(30)])
    assert not hanging.done()


def test_a_crash_of_unknown_cause_is_forgiven_once(open_pool: Callable[..., DecoderPool], tmp_path: Path) -> None:
    assert ask(open_pool(), f"crash-once:{tmp_path / 'mark'}").result(WAIT_S) == "second"


def test_an_idle_process_may_die(open_pool: Callable[..., DecoderPool]) -> None:
    pool = open_pool()
    pid = ask(pool, "pid").result(WAIT_S)
    psutil.Process(pid).kill()
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    assert ask(pool, "pid").result(WAIT_S) != pid


@pytest.mark.skipif(sys.platform != "linux", reason="the system sets the limit")
def test_twenty_gigabytes_cost_one_file(open_pool: Callable[..., DecoderPool]) -> None:
    pool = open_pool()
    assert failure(ask(pool, f"allocate:{20 << 30}")) == FailureKind.OUT_OF_MEMORY
    assert ask(pool, "allocate:1000000").result(WAIT_S) == 1_000_000


def test_where_no_limit_can_be_set_the_pool_watches(
    open_pool: Callable[..., DecoderPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder_pool, "_LIMITS_ITSELF", False)
    monkeypatch.setattr(decoder_pool, "_LOOK_S", 0.02)
    pool = open_pool(memory_bytes=10 << 20)  # an interpreter alone has more
    assert failure(ask(pool, "hang")) == FailureKind.OUT_OF_MEMORY


def test_a_bug_keeps_its_traceback(open_pool: Callable[..., DecoderPool], expected_log: ExpectedLog) -> None:
    expected_log("KeyError: 'a bug'")
    pool = open_pool()
    assert failure(ask(pool, "fault")) == FailureKind.CRASHED
    assert ask(pool, "pid").result(WAIT_S)


def test_a_process_that_cannot_start_says_why(
    open_pool: Callable[..., DecoderPool], expected_log: ExpectedLog
) -> None:
    expected_log("No module named 'nothing_here'")
    assert failure(ask(open_pool(answer="nothing_here:f"), "pid")) == FailureKind.CRASHED


# --- the end


def children() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ends just now
            if "decoder_process" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.parametrize("state", ["unused", "idle", "hanging"])
def test_close_leaves_nothing(open_pool: Callable[..., DecoderPool], state: str) -> None:
    handles = psutil.Process().num_fds() if sys.platform != "win32" else 0
    threads = threading.active_count()
    pool = open_pool(2, timeout_s=600)
    futures = []
    if state != "unused":
        [future.result(WAIT_S) for future in [ask(pool, "pid"), ask(pool, "pid"), ask(pool, "pid", urgent=True)]]
    if state == "hanging":
        futures = [ask(pool, "hang") for _ in range(5)]
        until(lambda: sum(future.running() for future in futures) == 2)
    pool.close()  # which waits for no file
    until(lambda: children() == [] and threading.active_count() == threads)
    if sys.platform != "win32":
        until(lambda: psutil.Process().num_fds() == handles)
    for future in futures:
        with pytest.raises(CancelledError):
            future.result(WAIT_S)
    pool.close()
    with pytest.raises(RuntimeError):
        ask(pool, "pid")


def program(tmp_path: Path, rest: str, timeout_s: float = 30) -> str:
    """Return a program whose main module must never be imported by a decoder process."""
    script = tmp_path / "program.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, sys
            sys.path[:0] = [{os.path.dirname(__file__)!r}]
            print("main", __name__, flush=True)
            from photofind.indexing.decoder_pool import DecoderPool
            from photofind.indexing.prepare import PrepareRequest
            pool = DecoderPool(1, answer={HOSTILE!r}, timeout_s={timeout_s})
            while not isinstance(pid := pool.submit(PrepareRequest(b"pid", 160)).result(), int):
                pass  # a busy machine took longer than a short time limit
            print("pid", pid, flush=True)
            """
        )
        + textwrap.dedent(rest)
    )
    return str(script)


def lines_of(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().strip() for _ in range(count)]


@pytest.mark.parametrize(
    "rest", ["pool.close()", "import signal; os.kill(os.getpid(), signal.SIGTERM)", "sys.exit(3)"]
)
def test_started_from_any_program(tmp_path: Path, rest: str) -> None:
    # No guard by __name__: `multiprocessing` would run the script again in each child.
    done = subprocess.run([sys.executable, program(tmp_path, rest)], capture_output=True, text=True, timeout=60)
    assert done.stdout.count("main __main__") == 1
    assert done.stderr == ""
    pid = int(done.stdout.split()[-1])
    until(lambda: not psutil.pid_exists(pid))


@posix_only
@pytest.mark.parametrize("doing", ["pid", "hang"])
def test_children_die_with_a_killed_parent(tmp_path: Path, doing: str) -> None:
    rest = f"""
    busy = pool.submit(PrepareRequest({doing!r}.encode(), 160))
    while not busy.running() and not busy.done(): pass
    print("ready", flush=True)
    sys.stdin.read()
    """
    code = program(tmp_path, rest, timeout_s=0.5 if doing == "hang" else 30)
    with subprocess.Popen(
        [sys.executable, code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        pid = int(lines_of(parent, 3)[1].split()[1])
        parent.kill()
    until(lambda: not psutil.pid_exists(pid))


@posix_only
def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    # It looks up now and then: an interrupt in the moment before Python begins to wait would wait with it.
    rest = """
    from concurrent.futures import wait
    future = pool.submit(PrepareRequest(b"hang", 160))
    try:
        print("ready", flush=True)
        while not wait([future], 0.1).done: pass
    except KeyboardInterrupt:
        pool.close()
        print("bye")
    """
    with subprocess.Popen(
        [sys.executable, program(tmp_path, rest, timeout_s=600)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as parent:  # fmt: skip
        try:
            lines_of(parent, 3)
            os.killpg(parent.pid, signal.SIGINT)  # as a terminal does
            out, err = parent.communicate(timeout=WAIT_S)
        finally:
            parent.kill()
    assert (out.strip(), err, parent.returncode) == ("bye", "", 0)


def test_a_frozen_program_becomes_a_decoder_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen program has no `-c`; its entry hands over when the first argument says so."""
    entry = tmp_path / "frozen"
    entry.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:] = {sys.path!r}\n"
        "from photofind.indexing.decoder_process import run_if_asked\nrun_if_asked(sys.argv)\nsys.exit('no')\n"
    )
    entry.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(entry))
    with DecoderPool(1, answer=HOSTILE) as pool:
        assert ask(pool, "pid").result(WAIT_S)
