"""The list that was shown last, kept in a file, so that the next start need not read the catalog through for it.

Owned by the library: asked on the query thread, written when the library is closed. To list a million photos takes
1.1 CPU-seconds the first time, and from a cold disk half a gigabyte of rows; `catalog.listing` holds the same list
in 24 MB and is read in 25 ms.

It is a cache. It holds as long as nothing was written to the catalog since, which the catalog's generation tells;
it carries a checksum, is replaced whole, and is thrown away as soon as it does not fit. Lists with a filter but a
directory are not kept: what decides on them is not all counted by the generation.

What lost: showing the first page before the rest of the list is there. A scroll bar, a selection and a count that
are all wrong for a second are worse than an empty second. And an index that holds all columns: 50 MB more in every
library, written with every photo, and two thirds of the work are left, which is making a list of its rows.
"""

import json
import logging
import os
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import photofind
from photofind.catalog.catalog import Catalog
from photofind.errors import PhotofindError
from photofind.records import Filter, Listing, SortOrder

logger = logging.getLogger(__name__)

NAME = "catalog.listing"

_COLUMNS = (("ids", "<i8"), ("taken_ms", "<i8"), ("aspect", "<f4"), ("directory", "<i4"))
_CRC_LENGTH = 8
"""Hexadecimal digits at the beginning; then come the facts in JSON, up to the end of the line, and the numbers."""
_HEADER_LIMIT = 100_000
"""A path may have 4,096 bytes, each of which may be six characters in JSON."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A list, what was asked for, and the generation of the catalog that it was read from, or an earlier one."""

    question: str
    generation: int
    listing: Listing


class KeptListing:
    """The list of one library. Thread-safe.

    Args:
        directory: Of the library.
        read_only: Another process owns the file: it is read and never written.
    """

    def __init__(self, directory: Path, *, read_only: bool) -> None:
        self._path = directory / NAME
        self._is_read_only = read_only
        self._guard = threading.Lock()
        self._is_read = False
        self._latest: _Kept | None = None
        self._is_in_file = False

    def listing(self, catalog: Catalog, filter: Filter, order: SortOrder, model_id: str = "") -> Listing:
        """Return what `Catalog.listing` does, from the file if it was kept there and nothing changed since."""
        question = _question(filter, order)
        # Asked before: what is written meanwhile makes the list newer than its number, and so it is not kept.
        generation = catalog.generation()
        with self._guard:
            if not self._is_read:
                self._is_read = True
                self._latest = self._read()
                self._is_in_file = self._latest is not None
            latest = self._latest
        if latest is not None and question and (latest.question, latest.generation) == (question, generation):
            return latest.listing
        listing = catalog.listing(filter, order, model_id)
        with self._guard:
            self._latest = _Kept(question, generation, listing) if question else None
            self._is_in_file = False
        return listing

    def forget(self) -> None:
        """Throw the file away: the catalog is another one."""
        if not self._is_read_only:
            self._path.unlink(missing_ok=True)

    def keep(self, read: Callable[[], Catalog]) -> None:
        """Write down the list that was asked for last, if it still holds; for when nobody writes or asks any more.

        Args:
            read: Returns a catalog; called only if there is a list.
        """
        latest = self._latest
        if self._is_read_only or not self._is_read:
            return
        try:
            if latest is None or latest.generation != read().generation():
                self.forget()  # it would fit again only by chance
            elif not self._is_in_file:
                self._write(latest)
        except (OSError, PhotofindError) as error:  # the next start takes longer
            logger.info("The list of photos is not kept: %s", error)

    def _read(self) -> _Kept | None:
        try:
            data = self._path.read_bytes()
        except OSError:
            return None
        try:
            if int(data[:_CRC_LENGTH], 16) != zlib.crc32(memoryview(data)[_CRC_LENGTH:]):
                logger.info("The kept list of photos is damaged")
                return None
            end = data.index(b"\n", 0, _HEADER_LIMIT)
            header = json.loads(data[_CRC_LENGTH:end])
            count, place, columns = int(header["count"]), end + 1, {}
            for name, kind in _COLUMNS:
                columns[name] = np.frombuffer(data, kind, count, place).astype(kind[1:], copy=False)
                place += columns[name].nbytes
            paths = tuple(data[place:].split(b"\0")[:-1])
            listing = Listing(SortOrder(header["order"]), **columns, directories=paths)
            return _Kept(str(header["question"]), int(header["generation"]), listing)
        except (ValueError, KeyError, TypeError) as error:
            logger.info("The kept list of photos is of no use: %s", error)
            return None

    def _write(self, kept: _Kept) -> None:
        listing = kept.listing
        header = json.dumps(
            {
                "question": kept.question,
                "generation": kept.generation,
                "order": listing.order.value,
                "count": len(listing),
            }
        ).encode()
        # Numbers lie at multiples of their size.
        parts = [memoryview(header + b" " * (-(_CRC_LENGTH + len(header) + 1) % 8) + b"\n")]
        parts += [np.ascontiguousarray(getattr(listing, name), kind).data for name, kind in _COLUMNS]
        parts.append(memoryview(b"".join(path + b"\0" for path in listing.directories)))
        crc = 0
        for part in parts:
            crc = zlib.crc32(part, crc)
        draft = self._path.with_name(f"{NAME}.draft")
        try:
            with draft.open("wb") as file:
                file.write(b"%08x" % crc)
                for part in parts:
                    file.write(part)
            os.replace(draft, self._path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _question(filter: Filter, order: SortOrder) -> str:
    """Return what is asked for as text; "" for what is not kept. Another version may list otherwise."""
    if filter != Filter(directory=filter.directory):
        return ""
    return repr((photofind.__version__, order.value, filter.directory))
