"""Large thumbnails: for grids whose tiles show more than the ordinary thumbnail holds.

Any thread asks; a thread of their own reads the file that keeps them, has the missing made from the originals in
the decoder processes, and is the only one that writes. They are made when somebody looks, and only so many are
kept. Making them for every photo lost: several times the room of the ordinary ones, for photos nobody enlarges.
"""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.errors import PhotofindError
from photofind.records import Failure

if TYPE_CHECKING:
    from photofind.indexing.decoder_pool import DecoderPool

logger = logging.getLogger(__name__)

BOUND_BYTES = 512 * 2**20
"""Bound of those kept: about 8,000 of 512 pixels, or 2,500 of 1,024."""
_QUALITY = 84


class LargeThumbnails:
    """The large thumbnails of one library.

    Args:
        path: The file that keeps them; a cache.
        read: Returns the calling thread's read-only catalog.
        pool: Gives the decoder processes.
        read_only: Keep none; each is made anew.
    """

    def __init__(
        self, path: Path, read: Callable[[], Catalog], pool: "Callable[[], DecoderPool]", *, read_only: bool
    ) -> None:
        self._path = path
        self._is_read_only = read_only
        self._store: ThumbnailStore | None = None
        self._read = read
        self._pool = pool
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="photofind-large")

    def get(self, content_id: int, side_px: int) -> Future[bytes | None]:
        """Return the JPEG of a content, as `Library.large_thumbnail` says; None once this is being closed."""
        try:
            return self._thread.submit(self._get, content_id, side_px)
        except RuntimeError:  # being closed
            nothing: Future[bytes | None] = Future()
            nothing.set_result(None)
            return nothing

    def stop(self) -> None:
        """Take nothing more and drop what waits; what is being made may still wait for the decoder processes."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for the thread and close the file; after `stop`, and after the decoder processes were ended."""
        self._thread.shutdown()
        if self._store is not None:
            self._store.close()

    def _get(self, content_id: int, side_px: int) -> bytes | None:
        # Not when the library opens, before photos are shown.
        from PIL import Image

        from photofind.indexing.prepare import RenderRequest
        from photofind.photo.thumbnail import THUMBNAIL_PX, encode_jpeg

        catalog = self._read()
        photos = catalog.photos(catalog.photos_of([content_id]).get(content_id, ()))
        longest_px = min(side_px, max((max(photo.width_px, photo.height_px) for photo in photos), default=0))
        if longest_px <= THUMBNAIL_PX:
            return None
        if self._store is None:
            self._store = ThumbnailStore.open(self._path, read_only=self._is_read_only, bound_bytes=BOUND_BYTES)
        stored = self._store.get(content_id)
        if stored is not None and max(Image.open(BytesIO(stored)).size) >= longest_px:
            return stored
        for photo in photos:
            if not photo.is_online:
                continue
            as_taken_in = (photo.size_bytes, photo.mtime_ns)  # looked at where a disk that hangs is given up
            try:
                request = RenderRequest(photo.path, side_px, only_as=as_taken_in)
                picture = self._pool().submit(request, urgent=True).result()
            except (CancelledError, RuntimeError):
                return None  # the library is closing
            if isinstance(picture, Failure):
                continue
            size = (picture.width_px, picture.height_px)
            jpeg = encode_jpeg(Image.frombuffer("RGB", size, picture.rgbx, "raw", "RGBX", 0, 1), _QUALITY)
            try:
                self._store.put_many([(content_id, jpeg)])
            except PhotofindError as error:  # a full disk: it is shown all the same
                logger.warning("A large thumbnail is not kept: %s", error)
            return jpeg
        return None
