"""Writes what was decided about a photo beside it, as an XMP sidecar NAME.ext.xmp."""

from photofind.records import Photo


def write(photo: Photo, *, overwrite: bool) -> bytes | None:
    """Write the sidecar of a photo; return its path, or None where it needs no change."""
    raise NotImplementedError
