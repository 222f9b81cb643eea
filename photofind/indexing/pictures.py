"""The decoder processes of a library, started when the first picture is asked for, and pixels for whoever looks.

Any thread may ask. A window shows photos before anything is decoded, and a library that is only searched decodes
nothing but images from outside: so the processes are not there from the beginning. It stands over `decoder_pool`,
which answers `Failure` values as indexing wants them; here a failure is an error with a sentence, and a picture
that nobody waits for any more is not begun.
"""

import os
import threading
import weakref
from concurrent.futures import Future
from typing import TYPE_CHECKING

from photofind.errors import UserError
from photofind.records import Failure, Picture
from photofind.settings import Settings

if TYPE_CHECKING:
    from photofind.indexing.decoder_pool import DecoderPool
    from photofind.indexing.prepare import PartRequest, RenderRequest


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pictures:
    """See the module. Thread-safe.

    Args:
        settings: Say how many processes there are, and how long one file may take.
        is_read_only: One is enough, for query images.
    """

    def __init__(self, settings: Settings, *, is_read_only: bool) -> None:
        self._settings = settings
        self._is_read_only = is_read_only
        self._guard = threading.Lock()
        self._made: DecoderPool | None = None
        self._is_closed = False

    def pool(self) -> "DecoderPool":
        """Return the decoder processes.

        Raises:
            RuntimeError: The library is closed.
        """
        from photofind.indexing.decoder_pool import DecoderPool

        with self._guard:
            if self._is_closed:
                raise RuntimeError("The library is closed.")
            if self._made is None:
                wanted = int(self._settings.number("decoder_processes")) or usable_cores()
                self._made = DecoderPool(
                    1 if self._is_read_only else wanted, timeout_s=self._settings.number("decode_timeout_s")
                )
            return self._made

    def render(self, request: "RenderRequest | PartRequest") -> Future[Picture]:
        """Return the pixels somebody wants to see, before what indexing wants; UserError when there are none."""
        outer: Future[Picture] = Future()

        def done(inner: Future[Picture | Failure]) -> None:
            if not outer.set_running_or_notify_cancel():
                return
            try:
                result = inner.result()
            except BaseException as error:  # noqa: BLE001 - handed on to whoever waits
                outer.set_exception(error)
                return
            if isinstance(result, Failure):
                outer.set_exception(UserError(result.reason))
            else:
                outer.set_result(result)

        inner = self.pool().submit(request, urgent=True)
        inner.add_done_callback(done)
        # What nobody waits for any more is not begun. Weak: both would hold each other, and the pixels with them.
        asked = weakref.ref(inner)

        def given_up(outer: Future[Picture]) -> None:
            if outer.cancelled() and (inner := asked()) is not None:
                inner.cancel()

        outer.add_done_callback(given_up)
        return outer

    def end_parts(self) -> None:
        """Give back the memory of pictures whose parts were looked at."""
        with self._guard:
            if self._made is not None:
                self._made.end_parts()

    def close(self) -> None:
        """End the processes; what was asked of them is given up."""
        with self._guard:
            self._is_closed = True
            if self._made is not None:
                self._made.close()
