"""Moves one file to the system's trash; handed to the library, which decides what may go and keeps the journal.

Called on the indexer thread: `QFile.moveToTrash` is a static function without an event loop. It is here and not in
the core because Qt is the one dependency that knows the trash of every platform and says where the file went;
send2trash lost, since it does not tell the place and so cannot undo.
"""

import os

from PySide6.QtCore import QFile, QStandardPaths


def move_to_trash(path: bytes) -> bytes | None:
    """Move a file to the trash.

    Args:
        path: The file.

    Returns:
        Its place in the trash, None where the system does not tell.

    Raises:
        OSError: It stayed where it was; the message is a sentence.
    """
    name = os.fsdecode(path)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise OSError("The system's trash cannot take a file whose name is not text; rename it first.") from error
    if not os.path.lexists(path):
        raise FileNotFoundError("The file is no longer there.")
    # Qt makes the trash folder but not its parent, which a fresh account lacks.
    os.makedirs(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation), exist_ok=True)
    file = QFile(name)
    if not file.moveToTrash():
        # Qt's own error text is that of an earlier call ("Bad file descriptor"); it would mislead.
        raise OSError(
            "The system's trash did not take the file; it may be read-only or on a drive without a trash."
        )
    # After the move the object bears the file's name in the trash, where the platform knows it.
    place = file.fileName()
    return os.fsencode(place) if place and place != name else None
