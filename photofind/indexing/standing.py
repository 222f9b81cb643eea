"""How a file stands that could not be read, or is to be read again: questions for the thread of its root (`disks`).

The indexer asks them. They hang where the disk does, which is how it learns that one does not answer.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from photofind.indexing.disks import Alive
from photofind.indexing.scan import available, is_gone, look_at
from photofind.records import FileFacts


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands that could not be read.

    Attributes:
        is_root_away: Its root is gone.
        is_gone: It is gone.
        facts: None when it cannot be looked at.
    """

    is_root_away: bool
    is_gone: bool
    facts: FileFacts | None


def facts_at(path: bytes, _alive: Alive = lambda: None) -> FileFacts | None:
    """Return the facts of a regular file, None when there is none to be seen."""
    try:
        return look_at(path)
    except OSError:
        return None


def look_at_file(root: bytes, path: bytes, alive: Alive) -> Standing:
    """Say how a file stands, and return only when its disk gives bytes of it, if it is a file."""
    is_root_away = bool(available(root))
    alive()
    facts = facts_at(path)
    alive()
    if facts is None:
        return Standing(is_root_away, is_gone(path), None)
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        with open(path, "rb", buffering=0, opener=lambda name, _: os.open(name, flags)) as file:
            file.seek(max(0, facts.size_bytes - 1))  # what was read of it before may be in memory, its end is not
            file.read(1)
    except OSError:
        pass  # an answer as well
    return Standing(is_root_away, False, facts)


def look_at_failed(paths: Sequence[bytes], alive: Alive) -> list[tuple[bytes, FileFacts | None, bool, bool]]:
    """Return of each path its facts, whether it is a directory, and whether it is gone."""
    found = []
    for path in paths:
        is_directory = os.path.isdir(path)
        facts = None if is_directory else facts_at(path)
        found.append((path, facts, is_directory, facts is None and not is_directory and is_gone(path)))
        alive()
    return found
