"""Which network answers: loads it when a library opens, and exchanges it for another.

The chosen network answers, or, as long as another has seen more photos, that one: so a library answers at once
after a change that was not ended, or after a program that brought another network, and the change goes on behind.
Loading takes seconds and has a thread of its own; browsing never waits for it. A change is begun on the query
thread and ended on the indexer's, which has by then read all photos anew; the old network answers meanwhile.

It stands beside the indexer because a change is the indexer's work. What lost: the old network going at once. Then
searches find nothing for as long as 300,000 photos take.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING

from photofind.catalog.catalog import Catalog
from photofind.errors import ModelError, UserError
from photofind.events import Listener, Notice
from photofind.indexing.command_queue import CommandQueue
from photofind.records import ModelFacts
from photofind.settings import Settings

if TYPE_CHECKING:
    from photofind.embedding.model_store import ModelStore
    from photofind.search.engine import Engine

logger = logging.getLogger(__name__)

WAIT_S = 10.0
"""A library opened for a window loads its network after so long, if nothing asked for it before: indexing does when
the first photos are shown. Sooner it would take disk and processor from them."""


class Networks:
    """The networks of one library, and the one of them that answers. Thread-safe.

    Args:
        store: Gives all networks at hand; asked only when one is needed, for the first time it reads files.
        directory: Of the library.
        settings: Says which network is chosen, and what runs it.
        read: Returns the calling thread's read-only catalog.
        queries: The query thread.
        commands: To the indexer, which reads all photos anew for a change.
        tell: Is told what the person should know.
        is_read_only: Answer with what is there; change nothing.

    Attributes:
        coming: The id of the network that reads all photos to answer afterwards; empty when there is none.
    """

    def __init__(
        self,
        store: "Callable[[], ModelStore]",
        directory: Path,
        settings: Settings,
        read: Callable[[], Catalog],
        queries: Executor,
        commands: CommandQueue,
        tell: Listener,
        *,
        is_read_only: bool,
    ) -> None:
        self.coming = ""
        self._store = store
        self._directory = directory
        self._settings = settings
        self._read = read
        self._queries = queries
        self._commands = commands
        self._tell = tell
        self._is_read_only = is_read_only
        self._answering: Future[Engine] = Future()
        self._is_wanted = threading.Event()
        self._is_closing = False
        self._loading = threading.Thread(target=self._load, name="photofind-loading")

    # ------------------------------------------------------------------------------ opening and closing

    def start(self, on_loaded: "Callable[[Future[Engine]], None]") -> None:
        """Load the network as soon as it is wanted, or after `WAIT_S`.

        Args:
            on_loaded: Called once on the loading thread, also when there is no network to answer.
        """
        self._answering.add_done_callback(on_loaded)
        self._loading.start()

    def want(self) -> None:
        """Load now; returns at once."""
        self._is_wanted.set()

    def wait_loaded(self, timeout_s: float | None = None) -> None:
        """Load now, and block until that is done, or has failed, or `timeout_s` is over."""
        self.want()
        self._loading.join(timeout_s)

    def stop_loading(self) -> None:
        """Load nothing any more but for commands that wait, and block until what is being loaded is there."""
        self._is_closing = True
        self.wait_loaded()

    def close(self) -> None:
        """Close what answers; after `stop_loading`, and when nobody asks any more."""
        if (engine := self.loaded()) is not None:
            engine.close()

    # ------------------------------------------------------------------------------------- what answers

    def engine(self, timeout_s: float | None = None) -> "Engine":
        """Return what answers; blocks while it is loaded.

        Raises:
            ModelError: The network cannot be used.
            TimeoutError: It is not there after `timeout_s`.
            UserError: The library was closed before.
        """
        self.want()
        return self._answering.result(timeout_s)

    def loaded(self) -> "Engine | None":
        """Return what answers if it is loaded already."""
        done = self._answering
        return done.result() if done.done() and done.exception() is None else None

    def active_id(self) -> str:
        """Return the network that answers, or will: the chosen one, unless another has seen more photos."""
        if (engine := self.loaded()) is not None:
            return engine.model_id
        chosen = self._chosen_id()
        catalog = self._read()
        seen = {each.model_id: catalog.summary(each.model_id).embedded for each in self._store().manifests()}
        most = max(seen, key=lambda model_id: seen[model_id])
        return most if seen[most] > seen[chosen] else chosen

    def facts(self) -> list[ModelFacts]:
        """Return the networks at hand."""
        active, engine = self.active_id(), self.loaded()
        catalog = self._read()
        facts = []
        for manifest in self._store().manifests():
            counts = catalog.summary(manifest.model_id)
            is_active = manifest.model_id == active
            facts.append(
                ModelFacts(
                    manifest.model_id,
                    manifest.architecture,
                    is_active,
                    self._store().is_bundled(manifest.model_id),
                    manifest.input_px,
                    manifest.dimension,
                    sum(file.size_bytes for file in (*manifest.files.values(), *manifest.text_files.values())),
                    engine.embedder.provider if engine and is_active else "",
                    engine.embedder.provider_note if engine and is_active else "",
                    licence=manifest.licence,
                    has_words=manifest.text is not None,
                    embedded=counts.embedded,
                    total=counts.contents,
                    measured=manifest.measured,
                    is_coming=manifest.model_id == self.coming,
                    name=self._store().name(manifest.model_id),
                )
            )
        return facts

    # --------------------------------------------------------------------------------- changing networks

    def use(self, model_id: str) -> Future[None]:
        """Answer with another network as soon as it has read all photos; as `Library.use_model`.

        Raises:
            UserError: The library is open for searching only.
        """
        self._commands.require_writable()
        done: Future[None] = Future()
        done.set_running_or_notify_cancel()

        def exchange() -> None:
            try:
                current = self.loaded()
                is_back = current is not None and current.model_id == model_id
                engine = current if current is not None and is_back else self._open(model_id)
            except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
                done.set_exception(error)
                return
            self._choose(model_id)
            if is_back and not self.coming:
                done.set_result(None)
                return
            self.coming = model_id
            self._commands.tell(
                lambda indexer: indexer.set_embedder(engine.embedder, engine.index, engine.words).add_done_callback(
                    lambda embedded: answer_with(engine, embedded)
                ),
                done.set_exception,
            )

        def answer_with(engine: "Engine", embedded: Future[None]) -> None:
            before = self.loaded()
            if (error := embedded.exception()) is not None:
                if engine is not before:
                    engine.close()
                done.set_exception(error)
                return
            self.coming = ""
            if engine is not before:
                after: Future[Engine] = Future()
                after.set_result(engine)
                self._answering = after
                if before is not None:
                    before.close()
            done.set_result(None)

        self._queries.submit(exchange)
        return done

    def remove(self, catalog: Catalog, model_id: str) -> None:
        """Remove an added network and all vectors of it; on the indexer's thread.

        Raises:
            UserError: It came with the program, is in use, or its folder cannot be removed.
        """
        if self._store().is_bundled(model_id):
            raise UserError(f"{model_id} came with PhotoFind and stays.")
        if model_id in (self.active_id(), self.coming):
            raise UserError(f"{model_id} is in use; choose another network first, then remove it.")
        self.forget_vectors(catalog, model_id)
        try:
            self._store().take_out(model_id)
        except OSError as error:
            raise UserError(f"The network {model_id} cannot be removed: {error.strerror}.") from error

    def forget_vectors(self, catalog: Catalog, model_id: str) -> None:
        """Remove all vectors of a network that nobody uses; on the indexer's thread."""
        from photofind.search import engine

        catalog.forget_model(model_id)
        engine.remove_files(self._directory, model_id)

    # --------------------------------------------------------------------------------------- the inside

    def _load(self) -> None:
        self._is_wanted.wait(WAIT_S)
        if self._is_closing and not self._commands.is_waiting:
            self._answering.set_exception(UserError("The library is closed."))
            return
        try:
            active, chosen = self.active_id(), self._chosen_id()
            try:
                engine = self._open(active)
            except ModelError:
                if active == chosen:
                    raise
                engine = self._open(chosen)
        except BaseException as error:  # noqa: BLE001 - handed on to every query
            self._answering.set_exception(error)
            return
        self._answering.set_result(engine)
        if engine.model_id != chosen and not self._is_read_only:
            # A change that the last session did not end, or a program that brought another network.
            self.use(chosen).add_done_callback(self._tell_failed_change)

    def _open(self, model_id: str) -> "Engine":
        from photofind.search.engine import Engine  # not before photos are shown: it brings the index's library

        return Engine.open(
            self._store().manifest(model_id),
            self._directory,
            self._read,
            provider=self._settings.text("provider"),
            writable=not self._is_read_only,
        )

    def _tell_failed_change(self, done: Future[None]) -> None:
        error = done.exception()
        if error is not None and not isinstance(error, CancelledError | UserError):
            self._tell(Notice(f"The chosen network cannot be used: {error}"))

    def _chosen_id(self) -> str:
        chosen = self._settings.text("model")
        known = {manifest.model_id for manifest in self._store().manifests()}
        return chosen if chosen in known else self._store().default_id()

    def _choose(self, model_id: str) -> None:
        try:
            self._settings.set("model", model_id)
        except OSError as failed:
            logger.warning("The choice of network could not be saved: %s", failed)
