"""Hands commands to the indexer, also while it does not run yet.

Any thread may give a command, the window's first: giving one never waits. The indexer starts only when its network
is loaded, which takes seconds; what is asked for before is kept here and told in the same order when it comes, or
refused with the reason why it never will. A library open for searching only refuses every command at once.

The alternative that lost: starting the indexer at once, with a network that comes later. Then each of its commands
asks first whether it has one, and the reason why it has none is told by a thread that cannot work.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from photofind.catalog.catalog import Catalog
from photofind.errors import UserError

if TYPE_CHECKING:
    from photofind.indexing.indexer import Indexer

T = TypeVar("T")


class CommandQueue:
    """The commands to one indexer. Thread-safe.

    Args:
        on_waiting: Called when a command has to wait, to have the indexer started soon.
        is_read_only: There will never be an indexer.
    """

    def __init__(self, on_waiting: Callable[[], None], *, is_read_only: bool) -> None:
        self._on_waiting = on_waiting
        self._is_read_only = is_read_only
        self._guard = threading.RLock()
        self._indexer: Indexer | None = None
        self._error: BaseException | None = None
        self._waiting: list[tuple[Callable[[Indexer], object], Callable[[BaseException], None]]] = []

    @property
    def indexer(self) -> "Indexer | None":
        """The indexer, if it runs."""
        return self._indexer

    @property
    def is_waiting(self) -> bool:
        """Whether something was asked for that no indexer has been told yet."""
        return bool(self._waiting)

    def require_writable(self) -> None:
        """Raise UserError when the library is open for searching only."""
        if self._is_read_only:
            raise UserError("This library is open for searching only.")

    def tell(
        self, tell: "Callable[[Indexer], object]", refused: Callable[[BaseException], None] = lambda _: None
    ) -> None:
        """Call `tell` now or as soon as the indexer runs.

        Args:
            tell: Called with the indexer.
            refused: Called instead, with the reason, when there will be none.

        Raises:
            UserError: The library is open for searching only.
        """
        self.require_writable()
        with self._guard:  # held while telling: what was asked first is told first
            if self._indexer is not None:
                tell(self._indexer)
            elif self._error is not None:
                refused(self._error)
            else:
                self._on_waiting()
                self._waiting.append((tell, refused))

    def ask(self, begin: "Callable[[Indexer], Future[T]]") -> Future[T]:
        """Return what the indexer answers; its Future raises why there is no indexer, when there is none.

        Raises:
            UserError: The library is open for searching only.
        """
        outer: Future[T] = Future()
        outer.set_running_or_notify_cancel()  # a write that was asked for is done

        def hand_over(inner: Future[T]) -> None:
            error = inner.exception()
            if error is not None:
                outer.set_exception(error)
            else:
                outer.set_result(inner.result())

        self.tell(lambda indexer: begin(indexer).add_done_callback(hand_over), outer.set_exception)
        return outer

    def submit(self, work: Callable[[Catalog], T]) -> Future[T]:
        """Run a write on the indexer's thread, before its next batch; as `ask`."""
        return self.ask(lambda indexer: indexer.submit(work))

    def submit_on_disk(
        self, find_paths: Callable[[Catalog], Sequence[bytes]], work: Callable[[Catalog], T]
    ) -> Future[T]:
        """Run what does something to files, once their disks are known to answer; see `Indexer.submit_on_disk`."""
        return self.ask(lambda indexer: indexer.submit_on_disk(find_paths, work))

    def serve(self, indexer: "Indexer") -> None:
        """Tell a running indexer all that waits, and whatever comes."""
        with self._guard:
            self._indexer = indexer
            waiting, self._waiting = self._waiting, []
            for tell, _ in waiting:
                tell(indexer)

    def refuse(self, error: BaseException) -> None:
        """Refuse all that waits, and whatever comes: there will be no indexer."""
        with self._guard:
            self._error = error
            waiting, self._waiting = self._waiting, []
            for _, refused in waiting:
                refused(error)
