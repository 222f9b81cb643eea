"""Who hears what a library announces.

Any thread announces, and listeners are called on it: they only pass on what they hear. What the person should know
and nobody heard yet, because the library was just opened, waits for the first listener. A queue with a thread of
its own lost: the window has its own queue, and the command line needs none.
"""

import logging
import threading
from collections.abc import Callable, Sequence

from photofind.events import Event, Listener, Notice

logger = logging.getLogger(__name__)


class Listeners:
    """See the module. Thread-safe.

    Args:
        notices: Sentences for the first listener.
    """

    def __init__(self, notices: Sequence[str]) -> None:
        self._guard = threading.Lock()
        self._listeners: list[Listener] = []
        self._unheard = list(notices)

    def add(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every event; return a function that ends it."""
        with self._guard:
            self._listeners.append(listener)
            unheard, self._unheard = self._unheard, []
        for sentence in unheard:
            listener(Notice(sentence))

        def remove() -> None:
            with self._guard:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return remove

    def tell(self, event: Event) -> None:
        """Announce an event; a listener that fails is logged, and the others hear it all the same."""
        with self._guard:
            listeners = tuple(self._listeners)
            if not listeners and isinstance(event, Notice):
                self._unheard.append(event.message)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                logger.exception("A listener failed on %s", type(event).__name__)
