"""Answers in steps: what is asked meanwhile goes first, and nothing is done for an answer nobody wants."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

import pytest

from photofind.answering import Steps, in_steps
from photofind.errors import UserError

WAIT_S = 60


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def test_what_is_asked_meanwhile_goes_before_the_next_step(thread: ThreadPoolExecutor) -> None:
    done: list[str] = []
    asked = threading.Event()

    def steps() -> Steps[int]:
        done.append("first step")
        assert asked.wait(WAIT_S)
        yield None
        done.append("second step")
        yield None
        return 7

    answer = in_steps(thread, steps)
    search = thread.submit(lambda: done.append("search"))
    asked.set()
    assert answer.result(WAIT_S) == 7
    assert search.done()
    assert done == ["first step", "search", "second step"]


def test_while_it_waits_the_thread_is_free(thread: ThreadPoolExecutor) -> None:
    decoded: Future[str] = Future()

    def steps() -> Steps[str]:
        yield decoded
        return decoded.result(0)

    answer = in_steps(thread, steps)
    assert thread.submit(lambda: "search").result(WAIT_S) == "search"
    assert not answer.done()
    decoded.set_result("picture")
    assert answer.result(WAIT_S) == "picture"


def test_cancelled_between_steps_it_goes_no_further(thread: ThreadPoolExecutor) -> None:
    begun, cancelled = threading.Event(), threading.Event()
    went_on: list[bool] = []

    def steps() -> Steps[None]:
        begun.set()
        assert cancelled.wait(WAIT_S)
        yield None
        went_on.append(True)

    answer = in_steps(thread, steps)
    assert begun.wait(WAIT_S)
    assert answer.cancel()
    cancelled.set()
    thread.submit(lambda: None).result(WAIT_S)
    thread.submit(lambda: None).result(WAIT_S)
    assert not went_on


def test_an_error_is_the_answer(thread: ThreadPoolExecutor) -> None:
    def steps() -> Steps[None]:
        yield None
        raise UserError("This photo is no longer in the library.")

    with pytest.raises(UserError, match="no longer"):
        in_steps(thread, steps).result(WAIT_S)


def test_when_the_library_closes_nobody_waits_for_ever() -> None:
    begun, closed = threading.Event(), threading.Event()
    decoded: Future[None] = Future()

    def steps() -> Steps[None]:
        begun.set()
        assert closed.wait(WAIT_S)
        yield decoded

    thread = ThreadPoolExecutor(1)
    first = in_steps(thread, steps)
    second = in_steps(thread, steps)
    assert begun.wait(WAIT_S)
    thread.shutdown(wait=False, cancel_futures=True)
    closed.set()
    thread.shutdown()
    decoded.set_result(None)
    for answer in (first, second):
        with pytest.raises(CancelledError):
            answer.result(WAIT_S)
