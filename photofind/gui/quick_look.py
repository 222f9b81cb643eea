"""Tells folders from files on the window's thread, which must not wait for a disk.

Called with paths that a person dropped, pasted or chose before. A thread looks, and is left behind when its disk
does not answer: then the path is no folder as far as the window knows, and whoever reads it says what is wrong.
Asking the library and going on with its answer lost: a drag must be answered while it hovers.
"""

import os
import threading
from collections.abc import Sequence

PATIENCE_S = 0.15
"""The longest the window stands still for it. A disk that was just shown in a file manager answers in a thousandth
of that; the rest is for a machine that is busy."""


def folders_among(paths: Sequence[bytes]) -> list[bytes]:
    """Return those of the paths that are folders, as far as their disks say so at once."""
    folders: list[bytes] = []

    def look() -> None:
        for path in paths:
            if os.path.isdir(path):
                folders.append(path)

    if paths:
        thread = threading.Thread(target=look, name="quick-look", daemon=True)
        thread.start()
        thread.join(PATIENCE_S)
    return list(folders)
