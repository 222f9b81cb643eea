"""Brings the library's announcements and answers to the window's thread.

Owned by the main window, lives on its thread. Listeners are called on library threads and futures finish there;
both only emit a signal with a queued connection, so that every widget is touched by its own thread alone. Answers
wait under a ticket number, and one that was overtaken by a newer question of the same topic finds no ticket and is
dropped. An alternative that lost: `QFutureWatcher`, which does not know Python futures, and a polling timer, which
is late by half its period.
"""

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from photofind.errors import PhotofindError
from photofind.events import (
    CollectionsChanged,
    Event,
    FoldersChanged,
    Notice,
    PhotoFailed,
    PhotosAdded,
    PhotosChanged,
    PhotosRemoved,
    Progress,
)

if TYPE_CHECKING:
    from photofind.library import Library

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Waiting:
    future: Future[Any]
    then: Callable[[Any], None]
    failed: Callable[[str], None] | None
    topic: str


class Bridge(QObject):
    """Announcements as signals and answers as calls, all on the window's thread.

    Args:
        library: What is listened to until `close`.
    """

    photos_added = Signal(object)
    """tuple[int, ...]: photo ids."""
    photos_changed = Signal(object)
    photos_removed = Signal(object)
    folders_changed = Signal()
    collections_changed = Signal()
    photo_failed = Signal(object)
    """records.Failure."""
    progress_changed = Signal(object)
    """events.Progress."""
    notice = Signal(str)
    """A sentence of the library for the person."""
    failed = Signal(str)
    """An answer nobody else deals with was an error; a sentence for the person."""

    _event_arrived = Signal(object)
    _answer_arrived = Signal(int)
    _value_arrived = Signal(object, object)

    def __init__(self, library: "Library", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tickets = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._topics: dict[str, int] = {}
        self._closing = threading.Lock()
        self._is_closed = False
        self._event_arrived.connect(self._on_event, Qt.ConnectionType.QueuedConnection)
        self._answer_arrived.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        self._value_arrived.connect(self._on_value, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = library.subscribe(self._announce)

    def ask(
        self,
        future: "Future[T]",
        then: Callable[[T], None],
        *,
        topic: str = "",
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Call `then` with the result, later, on this thread.

        Args:
            future: From the library.
            then: Not called when its object (a bound method's QObject) is gone by then.
            topic: A newer question of the same topic makes this one stale: its answer is dropped and its future
                cancelled. Empty: every answer counts.
            failed: Called with a sentence instead of `then`; without it `failed` is emitted.
        """
        if self._is_closed:
            future.cancel()
            return
        ticket = next(self._tickets)
        if topic:
            self.drop(topic)
            self._topics[topic] = ticket
        self._waiting[ticket] = _Waiting(future, then, failed, topic)
        future.add_done_callback(lambda _future: self._emit_answer(ticket))

    def carry(self, call: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function for library threads: what it is given reaches `call` on this thread, in order.

        Args:
            call: Not called when its object is gone by then, nor after `close`.
        """

        def send(value: T) -> None:
            with self._closing:
                if not self._is_closed:
                    self._value_arrived.emit(call, value)

        return send

    def drop(self, topic: str) -> None:
        """Forget the open question of `topic`, if there is one."""
        stale = self._waiting.pop(self._topics.pop(topic, 0), None)
        if stale is not None:
            stale.future.cancel()

    def is_waiting(self, topic: str) -> bool:
        """Tell whether the newest question of `topic` is still open."""
        return self._topics.get(topic, 0) in self._waiting

    def close(self) -> None:
        """Stop listening and forget every open question."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
        self._unsubscribe()
        for waiting in self._waiting.values():
            waiting.future.cancel()
        self._waiting.clear()
        self._topics.clear()

    # Library threads

    def _announce(self, event: Event) -> None:
        with self._closing:
            if not self._is_closed:
                self._event_arrived.emit(event)

    def _emit_answer(self, ticket: int) -> None:
        # Not under the lock: `close` cancels futures, which calls this on the thread that holds it no more.
        with self._closing:
            if not self._is_closed:
                self._answer_arrived.emit(ticket)

    # The window's thread

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if self._is_closed:
            return
        match event:
            case PhotosAdded(photo_ids):
                self.photos_added.emit(photo_ids)
            case PhotosChanged(photo_ids):
                self.photos_changed.emit(photo_ids)
            case PhotosRemoved(photo_ids):
                self.photos_removed.emit(photo_ids)
            case FoldersChanged():
                self.folders_changed.emit()
            case CollectionsChanged():
                self.collections_changed.emit()
            case PhotoFailed(failure):
                self.photo_failed.emit(failure)
            case Progress():
                self.progress_changed.emit(event)
            case Notice(message):
                self.notice.emit(message)

    @Slot(object, object)
    def _on_value(self, call: Callable[[Any], None], value: object) -> None:
        if not self._is_closed and _is_alive(call):
            call(value)

    @Slot(int)
    def _on_answer(self, ticket: int) -> None:
        waiting = self._waiting.pop(ticket, None)
        if waiting is None:
            return
        if waiting.topic:
            self._topics.pop(waiting.topic, None)
        try:
            result = waiting.future.result(timeout=0)
        except CancelledError:
            return
        except PhotofindError as error:
            self._report(waiting, str(error))
        except Exception as error:  # a bug of the library must not silence the window
            logger.critical("An answer of the library failed", exc_info=error)
            self._report(waiting, self.tr("Something went wrong; the log has the details. ({})").format(error))
        else:
            if _is_alive(waiting.then):
                waiting.then(result)

    def _report(self, waiting: _Waiting, sentence: str) -> None:
        if waiting.failed is None:
            self.failed.emit(sentence)
        elif _is_alive(waiting.failed):
            waiting.failed(sentence)


def _is_alive(call: Callable[..., None]) -> bool:
    """Tell whether the widget whose method this is still exists on Qt's side."""
    owner = getattr(call, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
