"""Every error PhotoFind raises on purpose, sorted by who can act on it.

Anything else that is raised is a bug and keeps its traceback in the log. One bad photo is neither: it becomes
a `records.Failure` row, because it must never stop the rest.
"""


class PhotofindError(Exception):
    """Base of all errors raised on purpose; the message is a sentence a person can act on."""


class UserError(PhotofindError):
    """The request cannot be done as asked: a wrong path, an unreadable query image, an unknown model."""


class LibraryBusyError(PhotofindError):
    """Another process is writing to this library."""


class LibraryDamagedError(PhotofindError):
    """The catalog cannot be read and could not be restored by itself."""


class LibraryTooNewError(PhotofindError):
    """A newer PhotoFind wrote this file; it is left untouched."""


class LibraryReadOnlyError(PhotofindError):
    """The library lies where nothing can be written; it can still be opened for reading."""


class DiskFullError(PhotofindError):
    """The disk of the library is full; nothing of the last step was written."""


class CacheDamagedError(PhotofindError):
    """A cache file (index, thumbnails) is missing, damaged or foreign; its owner rebuilds it."""


class ModelError(PhotofindError):
    """A network or its manifest is missing, altered, or not of the form PhotoFind needs."""


class PhotoError(PhotofindError):
    """One photo cannot be read; carries the kind that its `records.Failure` will have.

    Args:
        kind: One of the values of `records.FailureKind`.
        reason: One sentence for a person, without the path.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
