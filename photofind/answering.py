"""Answers one query: reads its pictures, searches, and says why a photo was found.

On the query thread, one `Answering` for each question. A picture from outside is decoded in a child process as
every photo is, and seen by the network on this thread; each is read once, however often the question needs it.

Where the likeness lies takes half a second of the network and two decodes, longer than anybody should wait for the
search they typed meanwhile. So it is asked in steps (`in_steps`): between two of them goes whatever else was asked
of the query thread, and who no longer wants the answer cancels it. A thread of its own lost: it would share the
processor with the search instead of letting it go first.

It stands above `search` and `indexing` because it joins them: `search` is told how to embed a part of a query and
knows of no process that decodes. Joining them in the façade lost: three questions with the same dozen arguments.
"""

import os
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.errors import ModelError, UserError
from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.prepare import PrepareRequest, RenderRequest
from photofind.records import (
    Answer,
    Explanation,
    Failure,
    ImagePart,
    LikenessMap,
    Photo,
    PhotoPart,
    Picture,
    Prepared,
    Query,
    QueryPart,
    WordsPart,
)
from photofind.search import explain
from photofind.search.engine import Engine
from photofind.search.query import answer

T = TypeVar("T")

Steps = Generator["Future[Any] | None", None, T]
"""A long answer: it yields between its steps, a future where it wants to go on only when that is done."""

ALIKE_CHANCE = 0.5
"""Least chance of the same scene of what is shown beside a photo unasked."""
COPIES_EXPECTED = 4
"""So many hits are asked for to show one: copies of one picture are shown once."""


class Answering:
    """One question.

    Args:
        engine: Answers by picture and by words.
        catalog: A connection of the calling thread.
        pool: Gives the decoder processes; asked only when a picture must be read.
    """

    def __init__(self, engine: Engine, catalog: Catalog, pool: Callable[[], DecoderPool]) -> None:
        self._engine = engine
        self._catalog = catalog
        self._pool = pool
        self._read: dict[QueryPart, Prepared] = {}
        self._being_read: dict[QueryPart, Future[Prepared | Failure]] = {}

    def answer(self, query: Query, tell_of_words: Callable[[ModelError], None]) -> Answer:
        """Return the hits.

        Args:
            query: What is looked for.
            tell_of_words: Called when words can be looked for in metadata only, with the reason.

        Raises:
            UserError: An image of the query cannot be read.
        """
        return answer(
            query,
            catalog=self._catalog,
            index=self._engine.index,
            embed_part=self._embed,
            same_picture_cosine=self._engine.same_picture_cosine,
            chances=self._engine.chances(),
            describe_part=self._prepare,
            words=self._engine.words,
            tell=tell_of_words,
        )

    def alike(self, photo_id: int, count: int) -> list[Photo]:
        """Return other pictures that look like a photo of the library, the most alike first.

        One photo stands for all copies of its bytes, and copies of the photo itself are left out: its places are
        told elsewhere.

        Args:
            photo_id: Whose likes are wanted; one that is gone or not embedded yet has none.
            count: Most of them.
        """
        asked = self._catalog.photos([photo_id])
        if not asked:
            return []
        query = Query((PhotoPart(photo_id),), k=count * COPIES_EXPECTED)
        found = self.answer(query, lambda _error: None)
        near = [hit.photo_id for hit in found.hits if hit.same_scene is None or hit.same_scene >= ALIKE_CHANCE]
        by_content = {photo.content_id: photo for photo in reversed(self._catalog.photos(near))}
        own = {photo.content_id for photo in asked}
        order = {photo_id: rank for rank, photo_id in enumerate(near)}
        others = (photo for content_id, photo in by_content.items() if content_id not in own)
        return sorted(others, key=lambda photo: order[photo.photo_id])[:count]

    def explain(self, query: Query, photo_id: int, thumbnail: Callable[[int], bytes | None]) -> Explanation:
        """Say in plain facts why a photo answers a query with images.

        Args:
            query: With an image.
            photo_id: A hit.
            thumbnail: Returns the thumbnail of a content.

        Raises:
            UserError: An image cannot be read, or the photo is gone.
        """
        return explain.explain(
            query,
            photo_id,
            catalog=self._catalog,
            index=self._engine.index,
            embed_part=self._embed,
            same_picture_cosine=self._engine.same_picture_cosine,
            chances=self._engine.chances(),
            describe_part=self._prepare,
            thumbnail=thumbnail,
            words=self._engine.words,
        )

    def likeness_map(self, query: Query, photo_id: int, max_px: int) -> Steps[LikenessMap]:
        """Show where on a photo, and on the picture of a query that it is most like, the likeness lies; in steps.

        Args:
            query: With a positive image.
            photo_id: A hit.
            max_px: Longer side of the pictures that come with it.

        Raises:
            UserError: A picture cannot be read, or the query has no positive image.
        """
        hits = self._catalog.photos([photo_id])
        if not hits:
            raise UserError("This photo is no longer in the library.")
        for each in query.parts:
            if isinstance(each, ImagePart) and (reading := self._reading(each)) is not None:
                yield reading
        part, _ = explain.most_like(query, hits[0], self._catalog, self._engine.index, self._embed)
        if part is None or isinstance(part, WordsPart):
            raise UserError("Only a search by picture can be shown on the picture.")
        whole = self._request(replace(part, region=None))
        requests = [RenderRequest(whole.path, max_px, whole.data)] if whole is not None else []
        requests.append(RenderRequest(hits[0].path, max_px))
        rendered = [self._pool().submit(request, urgent=True) for request in requests]
        pictures: list[Picture] = []
        for future in rendered:
            yield future
            picture = future.result()
            if isinstance(picture, Failure):
                raise UserError(picture.reason)
            pictures.append(picture)
        for each in (part, PhotoPart(photo_id)):
            if (reading := self._reading(each)) is not None:
                yield reading
        asked, found = self._prepare(part), self._prepare(PhotoPart(photo_id))
        if asked is None or asked.pixels is None or found is None or found.pixels is None or len(pictures) < 2:
            raise UserError("This photo is no longer in the library.")
        asked_heat, found_heat = yield from explain.heat_maps(
            asked.pixels, found.pixels, self._engine.embedder.embed
        )
        return LikenessMap(pictures[0], pictures[1], asked_heat, found_heat, part.region)

    # --------------------------------------------------------------------------------------- the inside

    def _request(self, part: QueryPart) -> PrepareRequest | None:
        """Return how to read what a part shows; None for words, and for a photo that is gone."""
        input_px = self._engine.embedder.input_px
        if isinstance(part, PhotoPart):
            photos = self._catalog.photos([part.photo_id])
            return PrepareRequest(photos[0].path, input_px, region=part.region) if photos else None
        if isinstance(part, ImagePart):
            return PrepareRequest(part.path or b"", input_px, data=part.data, region=part.region)
        return None

    def _reading(self, part: QueryPart) -> "Future[Prepared | Failure] | None":
        """Return the reading of what a part shows, begun by now; None where there is nothing to read."""
        if part not in self._being_read:
            request = self._request(part)
            if request is None:
                return None
            self._being_read[part] = self._pool().submit(request, urgent=True)
        return self._being_read[part]

    def _prepare(self, part: QueryPart) -> Prepared | None:
        """Return what reading gave; UserError when the image cannot be read."""
        if part not in self._read:
            reading = self._reading(part)
            if reading is None:
                return None
            result = reading.result()
            if isinstance(result, Failure):
                raise UserError(f"{_name_of(part)} cannot be searched with: {result.reason}")
            self._read[part] = result
        return self._read[part]

    def _embed(self, part: QueryPart) -> NDArray[np.float32] | None:
        """Return the vector of an image; None where there is nothing to embed."""
        prepared = self._prepare(part)
        if prepared is None or prepared.pixels is None:
            return None
        vector: NDArray[np.float32] = self._engine.embedder.embed(prepared.pixels[None])[0]
        return vector


def in_steps(thread: Executor, begin: Callable[[], Steps[T]]) -> Future[T]:
    """Answer in steps on a thread of one worker: what it was asked meanwhile goes before the next step.

    Args:
        thread: The worker.
        begin: Called on it, with the first step.

    Returns:
        What can be cancelled until it is done: no further step is taken then.
    """
    answer: Future[T] = Future()  # never marked as running before its end: so it can be cancelled
    begun: list[Steps[T]] = []

    def given_up(turn: Future[None]) -> None:
        if turn.cancelled():
            answer.cancel()

    def queue() -> None:
        try:
            thread.submit(step).add_done_callback(given_up)
        except RuntimeError:  # the library is closed
            answer.cancel()

    def step() -> None:
        if answer.cancelled():
            return
        try:
            if not begun:
                begun.append(begin())
            wanted = next(begun[0])
        except StopIteration as end:
            if answer.set_running_or_notify_cancel():
                answer.set_result(end.value)
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
            if answer.set_running_or_notify_cancel():
                answer.set_exception(error)
        else:
            if wanted is None:
                queue()
            else:
                wanted.add_done_callback(lambda _done: queue())

    queue()
    return answer


def _name_of(part: QueryPart) -> str:
    if isinstance(part, ImagePart) and part.path is not None:
        return os.fsdecode(os.path.basename(part.path))
    return "This picture"
