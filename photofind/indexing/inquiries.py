"""What the indexer asks disks, and which roots do not answer.

Belongs to the indexer's thread, which never waits for an answer: it asks, goes on, and hears later. A root that
stays silent is asked again now and then, ever more seldom, by a question that nobody sees, and at once when a
thread that was lost to it comes back.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from photofind.indexing.disks import Alive, Disks, SilentDiskError
from photofind.indexing.standing import look_at_file

logger = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_S = 15.0
MOST_RETRY_S = 900.0
"""First and longest wait before a root that does not answer is asked again; doubled each time."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question to a disk that was not answered yet.

    Attributes:
        then: Called with the answer.
        lost: Called instead when there will be none.
        run: What it belongs to, if it is forgotten with that.
        witness: The file that it is about, if it is one.
    """

    root: bytes
    then: Callable[[Any], None]
    lost: Callable[[], object]
    run: object = None
    witness: bytes = b""


@dataclass(slots=True)
class _Silence:
    """A root that does not answer.

    Attributes:
        witness: A file of it that could not be read; empty when not even its directories could.
        due_s: When to ask it again.
        is_asked: Whether that goes on now.
    """

    witness: bytes = b""
    tries: int = 0
    due_s: float = 0.0
    is_asked: bool = False


class Inquiries:
    """Questions, answers and silent roots of one indexer.

    Args:
        disks: Asks.
        on_answer: Called, on the thread of a root, when it answered or came back: `hear` has something to do.
        on_silent: Called by `hear` with a root that does not answer, and the file that showed it, if any.
        on_back: Called by `hear` with a root that was silent and answers now.
    """

    def __init__(
        self,
        disks: Disks,
        on_answer: Callable[[], None],
        on_silent: Callable[[bytes, bytes], None],
        on_back: Callable[[bytes], None],
    ) -> None:
        self.disks = disks
        self._on_answer = on_answer
        self._on_silent = on_silent
        self._on_back = on_back
        self._open: dict[Future[Any], Inquiry] = {}
        self._silences: dict[bytes, _Silence] = {}
        # Written by the threads of the roots; a deque needs no lock for that.
        self._answered: deque[Future[Any]] = deque()
        self._returned: deque[bytes] = deque()

    # ------------------------------------------------------------------------------------------- asking

    @property
    def has_news(self) -> bool:
        """Whether `hear` has something to do."""
        return bool(self._answered or self._returned)

    def due_s(self, look_s: float) -> list[float]:
        """Return when to call `hear` next, without an answer; every `look_s` while one is waited for."""
        due = [silence.due_s for silence in self._silences.values() if not silence.is_asked]
        return [*due, time.monotonic() + look_s] if self._open else due

    def ask(self, inquiry: Inquiry, question: Callable[[Alive], T]) -> None:
        """Ask, and go on."""
        future = self.disks.ask(inquiry.root, question)
        self._open[future] = inquiry
        future.add_done_callback(self._take)

    def _take(self, future: Future[Any]) -> None:
        self._answered.append(future)
        self._on_answer()

    # ------------------------------------------------------------------------------------------ hearing

    def hear(self, run: object, may_be_repeated: Callable[[Exception], bool]) -> None:
        """Act on what was answered, and see which roots stay silent.

        Args:
            run: What goes on; inquiries of another are forgotten.
            may_be_repeated: Whether an error that acting on an answer met will pass; then it is heard again.
        """
        for root in {inquiry.root for inquiry in self._open.values()}:
            self.disks.give_up(root)  # if it is silent
        while self._returned:
            silence = self._silences.get(self._returned.popleft())
            if silence is not None:
                silence.due_s = 0.0
        while self._answered:
            future = self._answered.popleft()
            inquiry = self._open.pop(future, None)
            if inquiry is None or inquiry.run not in (None, run):
                continue
            error = future.exception()
            if error is None:
                try:
                    inquiry.then(future.result())
                except Exception as raised:
                    if may_be_repeated(raised):
                        self._open[future] = inquiry
                        self._answered.appendleft(future)
                    else:
                        inquiry.lost()
                    raise
                continue
            inquiry.lost()
            if not isinstance(error, SilentDiskError):
                logger.error("A question to a disk met a bug", exc_info=error)
            elif inquiry.root not in self._silences:
                self._on_silent(inquiry.root, inquiry.witness)

    def end(self, run: object) -> None:
        """Forget all that was asked for `run` or for none: the answers come too late."""
        inquiries = [inquiry for inquiry in self._open.values() if inquiry.run in (None, run)]
        self._open.clear()
        for inquiry in inquiries:
            inquiry.lost()

    # ------------------------------------------------------------------------------------- silent roots

    def is_silent(self, root: bytes) -> bool:
        """Return whether a root is known not to answer."""
        return root in self._silences

    def note_silence(self, root: bytes, witness: bytes = b"") -> bool:
        """Remember that a root does not answer, and when to ask it again; return whether that is news.

        Args:
            root: The root.
            witness: A file of it that could not be read, though its directories may be listed.
        """
        is_news = root not in self._silences
        silence = self._silences.setdefault(root, _Silence(witness))
        silence.is_asked = False
        silence.due_s = time.monotonic() + min(MOST_RETRY_S, RETRY_S * 2**silence.tries)
        silence.tries = min(silence.tries + 1, 32)
        self.disks.when_back(root, partial(self._return, root))
        return is_news

    def _return(self, root: bytes) -> None:
        self._returned.append(root)
        self._on_answer()

    def forget_silence(self, root: bytes) -> None:
        """A root answers, or is none any more."""
        self._silences.pop(root, None)

    def call_silent(self, roots: Callable[[], set[bytes]]) -> None:
        """Ask those silent roots again whose time has come; others than `roots` are forgotten."""
        now_s = time.monotonic()
        for root, silence in list(self._silences.items()):
            if silence.is_asked or now_s < silence.due_s:
                continue
            if root not in roots():
                self.forget_silence(root)
            elif not self.disks.can_ask(root):
                silence.due_s = now_s + MOST_RETRY_S
            else:
                silence.is_asked = True
                inquiry = Inquiry(root, partial(self._has_answered, root), partial(self.note_silence, root))
                self.ask(inquiry, partial(look_at_file, root, silence.witness or root))

    def _has_answered(self, root: bytes, _: object) -> None:
        self.forget_silence(root)
        self._on_back(root)
