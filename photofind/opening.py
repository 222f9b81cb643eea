"""Opens the directory of a library: takes the write lock, and brings the catalog up to date.

On the thread that opens, before there is a `Library`; what it returns is the library's until `close`. What a crash
interrupted is settled here, before anybody can see it half done. An alternative that lost: doing it inside the
façade's constructor, where every failure would have to take apart what stands already.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from photofind.catalog.catalog import Catalog
from photofind.catalog.kept_listing import KeptListing
from photofind.errors import LibraryBusyError, UserError
from photofind.indexing.disks import Disks, SilentDiskError
from photofind.settings import Settings

BUSY = "Another PhotoFind is writing to this library; wait for it, or close it, and try again."


@dataclass(frozen=True, slots=True)
class Opened:
    """A directory that is open.

    Attributes:
        directory: Where the library is.
        lock: Held while this process writes; None where it only searches.
        disks: Asks the disks of the originals.
        notices: Sentences for the person on what was found.
    """

    directory: Path
    lock: FileLock | None
    disks: Disks
    notices: tuple[str, ...]

    def close(self) -> None:
        """Let the disks and the lock go."""
        self.disks.close()
        if self.lock is not None:
            self.lock.release()


def open_directory(directory: Path, settings: Settings, *, read_only: bool, wait_s: float) -> Opened:
    """Open a directory, or make an empty library in it; arguments and errors are those of `Library.open`."""
    lock: FileLock | None = None
    notices: list[str] = list(settings.problems)
    if not read_only:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            # Not of one thread: the window opens the library on another than it closes it.
            lock = FileLock(directory / "write.lock", thread_local=False)
            lock.acquire(timeout=wait_s)
        except Timeout as error:
            raise LibraryBusyError(BUSY) from error
        except OSError as error:
            if not (directory / "catalog.db").exists():
                raise UserError(f"The library {directory} cannot be made: {error.strerror}.") from error
            lock = None
            notices.append("The library cannot be written to; it is open for searching only.")
    disks = Disks()
    try:
        if lock is not None:
            with Catalog.open(directory / "catalog.db") as catalog:
                notices += catalog.notices
                if catalog.notices:
                    KeptListing(directory, read_only=False).forget()  # of the catalog before
                if catalog.has_planned_removals():
                    notices += _settle(catalog, _answers(disks))
                catalog.settle_dates()
    except BaseException:
        Opened(directory, lock, disks, ()).close()
        raise
    return Opened(directory, lock, disks, tuple(notices))


def _settle(catalog: Catalog, answers: Callable[[bytes], bool]) -> list[str]:
    """Finish what a crash interrupted; return sentences on it.

    Args:
        catalog: Has the journal.
        answers: Tells of a path whether its disk answers.
    """
    from photofind import originals
    from photofind.duplicates import cleanup

    notices = cleanup.settle(catalog, answers)
    originals.settle(catalog, answers)
    return notices


def _answers(disks: Disks) -> Callable[[bytes], bool]:
    """Return what says whether the disk of a path answers."""
    known: dict[bytes, bool] = {}

    def answers(path: bytes) -> bool:
        directory = os.path.dirname(path)
        if directory not in known:
            try:
                disks.wait_for(directory, lambda _: os.path.lexists(path))
            except SilentDiskError:
                known[directory] = False
            else:
                known[directory] = True
        return known[directory]

    return answers
