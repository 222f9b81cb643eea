"""Which files beside a photo belong to it, by their names: the video of a live photo, and sidecars.

Pure but for one listing of a directory; called on the thread of a disk, on the indexer thread before files move,
and on that of copying. A live photo is IMG_1234.HEIC with IMG_1234.MOV (iPhone) or IMG_1234.MP4 (Google's export);
sidecars are NAME.ext.xmp (darktable, digiKam), NAME.xmp (Adobe) and NAME.AAE (Apple's edits). What bears only the
stem belongs to every photo of that stem, so it goes with the last of them.

Names decide, and a size: the video of a live photo lasts three seconds, so a film beside its poster, which bears
the same name, is left alone. Opening each video for the identifier that Apple writes into both files lost: Google's
export has none, and over a network it costs 5 ms a file. The catalog does not know of companions: they come and go
without the photo changing, and one listing finds all of a directory.
"""

import os

from photofind.photo.formats import RAW_EXTENSIONS, has_photo_extension

VIDEO_EXTENSIONS = frozenset({b".mov", b".mp4"})
"""Of the videos of live photos; lower case with the dot."""
VIDEO_MOST_BYTES = 32 << 20
"""A larger video is a film of its own; those of iPhones have 2 to 10 MB."""

_WITH_VIDEO = frozenset({b".heic", b".heif", b".hif", b".jpg", b".jpeg"})
_SIDECAR = b".xmp"
_STEM_SIDECARS = frozenset({_SIDECAR, b".aae"})


def is_video(name: bytes) -> bool:
    """Tell whether the name of a companion is that of a video."""
    return _extension(name) in VIDEO_EXTENSIONS


class Beside:
    """The photos of one directory and what may belong to them.

    Attributes:
        sizes: Size in bytes of each companion that was asked for.

    Args:
        directory: Listed at once.

    Raises:
        OSError: It cannot be listed.
    """

    def __init__(self, directory: bytes) -> None:
        self.directory = directory
        self._by_stem: dict[bytes, list[bytes]] = {}
        self.sizes: dict[bytes, int] = {}
        with os.scandir(directory) as entries:
            for entry in entries:
                name = entry.name
                extension = _extension(name)
                is_companion = extension in _STEM_SIDECARS or extension in VIDEO_EXTENSIONS
                if (is_companion and entry.is_file(follow_symlinks=False)) or has_photo_extension(name):
                    self._by_stem.setdefault(os.path.splitext(name)[0], []).append(name)
        for names in self._by_stem.values():
            names.sort()

    def others(self, name: bytes) -> list[bytes]:
        """Return the names of the other photos with the stem of this one."""
        return [other for other in self._same_stem(name) if other != name and has_photo_extension(other)]

    def own(self, name: bytes) -> list[bytes]:
        """Return the sidecars that bear the whole name of a file."""
        return [other for other in self._by_stem.get(name, ()) if _extension(other) == _SIDECAR]

    def shared(self, name: bytes) -> list[bytes]:
        """Return what belongs to every photo of the stem of this one: video, sidecars, and those of the video."""
        found: list[bytes] = []
        may_be_live = any(_extension(photo) in _WITH_VIDEO for photo in (name, *self.others(name)))
        for other in self._same_stem(name):
            if _extension(other) in _STEM_SIDECARS:
                found.append(other)
            elif is_video(other) and may_be_live and self.size(other) <= VIDEO_MOST_BYTES:
                found += [other, *self.own(other)]
        return found

    def video(self, name: bytes) -> bytes | None:
        """Return the name of the video that makes a photo a live one."""
        if _extension(name) not in _WITH_VIDEO:
            return None
        return next((other for other in self.shared(name) if is_video(other)), None)

    def size(self, name: bytes) -> int:
        """Return how large a companion is; larger than any once it is gone."""
        if name not in self.sizes:
            try:
                self.sizes[name] = os.lstat(os.path.join(self.directory, name)).st_size
            except OSError:
                return VIDEO_MOST_BYTES + 1
        return self.sizes[name]

    def videos(self) -> frozenset[bytes]:
        """Return the names of all live photos here."""
        names = (name for names in self._by_stem.values() for name in names if len(names) > 1)
        return frozenset(name for name in names if self.video(name) is not None)

    def _same_stem(self, name: bytes) -> list[bytes]:
        return self._by_stem.get(os.path.splitext(name)[0], [])


def is_raw(name: bytes) -> bool:
    """Tell whether a name is that of a camera's RAW file."""
    return _extension(name) in RAW_EXTENSIONS


def _extension(name: bytes) -> bytes:
    return os.path.splitext(name)[1].lower()
