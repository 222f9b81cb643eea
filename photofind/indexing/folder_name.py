"""The one name of a folder: as the person named it, or as the library knows it already.

On threads that may wait, because the disk is asked. A folder has many paths, through links, mounts and the case of
letters, and a library that takes it in under two of them has all its photos twice. Resolving every link lost: a
walk never follows one, and answers would name places that the person never heard of.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from photofind.errors import UserError
from photofind.indexing.disks import Disks, SilentDiskError
from photofind.records import NOT_ANSWERING, Folder


def as_named(path: bytes, folders: Sequence[Folder], disks: Disks, should_stop: Callable[[], bool]) -> bytes:
    """Return the path of a folder, of a root as the person named it, so that answers name it so, too.

    Only a link is followed, because a walk never follows one, and a root that is known by another name keeps that.

    Args:
        path: The folder.
        folders: The roots of the library.
        disks: Asks them.
        should_stop: Asked several times a second.

    Raises:
        UserError: It is no folder, or does not answer.
    """

    def identity(path: bytes, _: object) -> tuple[int, int]:
        found = os.stat(path)
        return found.st_dev, found.st_ino

    def look(_: object) -> tuple[bytes, tuple[int, int]] | None:
        if not os.path.isdir(path):
            return None
        named = os.path.realpath(path) if os.path.islink(path) else os.path.abspath(path)
        return named, identity(named, None)

    try:
        found = disks.wait_for(path, look, should_stop)
    except SilentDiskError as error:
        raise UserError(NOT_ANSWERING) from error
    except OSError:
        found = None
    if found is None:
        raise UserError(f"{os.fsdecode(path)!r} is not a folder.")
    for folder in folders:
        with suppress(OSError, SilentDiskError):  # it is offline
            is_there = not folder.is_silent
            if is_there and found[1] == disks.wait_for(folder.path, partial(identity, folder.path), should_stop):
                return folder.path
    return found[0]
