"""Read-only connections to one catalog, one for each thread that asks.

SQLite's connections are not shared between threads, and opening one costs more than most questions. Each thread
gets its own at its first question and keeps it until all are closed with the library.
"""

import threading
from pathlib import Path

from photofind.catalog.catalog import Catalog


class Readers:
    """See the module. Any thread.

    Args:
        path: Of the catalog.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._all: list[Catalog] = []
        self._guard = threading.Lock()

    def here(self) -> Catalog:
        """Return this thread's connection."""
        reader: Catalog | None = getattr(self._own, "catalog", None)
        if reader is None:
            reader = self._own.catalog = self.another()
            with self._guard:
                self._all.append(reader)
        return reader

    def another(self) -> Catalog:
        """Return a connection to be closed by whoever asks, for a thread that soon ends."""
        return Catalog.open(self._path, read_only=True)

    def close(self) -> None:
        """Close those that the threads kept."""
        for reader in self._all:
            reader.close()
