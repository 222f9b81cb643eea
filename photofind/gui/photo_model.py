"""What the grid shows: one array of photo ids, and the rows of those that were painted lately.

Owned by the grid, used on the window's thread. A million ids are 8 MB; rows are fetched from the library in pages
when they are painted and kept by photo id, not by row, because rows move whenever photos are added. A change of the
list resets the model: the grid itself carries selection and place over, by id. The alternative that lost, inserting
and removing rows one run at a time, costs a signal a run, and photos added in order of capture are runs of one.
"""

import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import quote_from_bytes, unquote_to_bytes

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl

from photofind.gui import wording
from photofind.records import DatedBy, Hit, Listing, Photo

PAGE = 100
"""Rows fetched at once; the library answers up to 200 within a frame."""
CACHED_PHOTOS = 4_000
_SHAPED_PHOTOS = 2_000
"""Photos of an answer whose shapes are asked for; an answer has 500."""

PHOTO_ROLE = int(Qt.ItemDataRole.UserRole) + 1

Fetch = Callable[[Sequence[int]], list[Photo]]
_Index = QModelIndex | QPersistentModelIndex


class PhotoModel(QAbstractListModel):
    """Photos by row.

    Args:
        fetch: `Library.photos`.
    """

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._listing: Listing | None = None
        self._aspect: NDArray[np.float32] | None = None
        self._hits: Mapping[int, Hit] = {}
        # None: the library has no such photo any more; remembered so that no paint asks again.
        self._photos: OrderedDict[int, Photo | None] = OrderedDict()

    @property
    def ids(self) -> NDArray[np.int64]:
        """Photo ids in the order of the rows; not to be changed."""
        return self._ids

    @property
    def listing(self) -> Listing | None:
        """What is browsed; None while an answer is shown."""
        return self._listing

    def set_photos(self, photos: NDArray[np.int64] | Listing, hits: Mapping[int, Hit] | None = None) -> None:
        """Show these photos.

        Args:
            photos: A listing, or the ids of an answer, int64 [n].
            hits: By photo id, when they are an answer.
        """
        self.beginResetModel()
        self._listing = photos if isinstance(photos, Listing) else None
        self._ids = photos.ids if isinstance(photos, Listing) else photos
        self._aspect = photos.aspect if isinstance(photos, Listing) else None
        self._hits = hits or {}
        self.endResetModel()

    def aspects(self) -> NDArray[np.float32]:
        """Return width by height of each row, float32 [n]; those of an answer are fetched with its photos."""
        if self._aspect is None:
            self._aspect = np.ones(len(self._ids), np.float32)
            if len(self._ids) <= _SHAPED_PHOTOS:
                ids = self._ids.tolist()
                shapes = {photo.photo_id: photo.width_px / max(1, photo.height_px) for photo in self.photos(ids)}
                self._aspect[:] = [shapes.get(photo_id) or 1.0 for photo_id in ids]
        return self._aspect

    def photo(self, row: int) -> Photo | None:
        """Return the photo of a row; None when it has just left the library."""
        photo_id = int(self._ids[row])
        if photo_id not in self._photos:
            first = row - row % PAGE
            self.ensure(first, first + PAGE - 1)
        return self._photos.get(photo_id)

    def ensure(self, first: int, last: int) -> None:
        """Fetch the rows `first` to `last` (inclusive) that are not here, a page at a time."""
        wanted = self._ids[max(0, first) : last + 1].tolist()
        missing: list[int] = []
        for photo_id in wanted:
            if photo_id in self._photos:
                self._photos.move_to_end(photo_id)
            else:
                missing.append(photo_id)
        for start in range(0, len(missing), PAGE):
            page = missing[start : start + PAGE]
            self._photos.update(dict.fromkeys(page))
            self._photos.update((photo.photo_id, photo) for photo in self._fetch(page))
        while len(self._photos) > max(CACHED_PHOTOS, len(wanted)):
            self._photos.popitem(last=False)

    def photos(self, photo_ids: Sequence[int]) -> list[Photo]:
        """Return photos by id, fetching those not here; up to a few hundred."""
        missing = [photo_id for photo_id in photo_ids if photo_id not in self._photos]
        for start in range(0, len(missing), PAGE):
            self._photos.update((photo.photo_id, photo) for photo in self._fetch(missing[start : start + PAGE]))
        found = (self._photos.get(photo_id) for photo_id in photo_ids)
        return [photo for photo in found if photo is not None]

    def hit(self, photo_id: int) -> Hit | None:
        """Return why a photo is here; None when the list is not an answer."""
        return self._hits.get(photo_id)

    def forget(self, photo_ids: Iterable[int]) -> None:
        """Fetch these anew when they are painted next."""
        for photo_id in photo_ids:
            self._photos.pop(photo_id, None)

    def forget_all(self) -> None:
        """Fetch everything anew."""
        self._photos.clear()

    def row_of(self, photo_id: int) -> int:
        """Return the row of a photo, -1 when it is not here (0.5 ms among a million)."""
        rows = np.flatnonzero(self._ids == photo_id)
        return int(rows[0]) if len(rows) else -1

    # QAbstractListModel

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of photos."""
        return 0 if parent.isValid() else len(self._ids)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every photo can be selected and dragged out."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name, the tooltip, or with `PHOTO_ROLE` the photo."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
            PHOTO_ROLE,
        ):
            return None
        photo = self.photo(index.row())
        if photo is None or role == PHOTO_ROLE:
            return photo
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(photo)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(photo)
        return wording.display_name(photo.path)

    def _tooltip(self, photo: Photo) -> str:
        lines = [wording.display_name(photo.path), wording.display_folder(photo.path)]
        lines.append(wording.dimensions_text(photo.width_px, photo.height_px))
        lines.append(wording.taken_text(photo))
        lines += self._states(photo)
        if not photo.is_online:
            lines.append(self.tr("Its folder is not connected now."))
        return "\n".join(lines)

    def _spoken(self, photo: Photo) -> str:
        """Return what a screen reader says of a cell, the name first."""
        parts = [wording.display_name(photo.path)]
        if photo.dated_by is not DatedBy.FILE:
            parts.append(wording.taken_text(photo))
        if photo.rating is not None and photo.rating > 0:
            parts.append(self.tr("%n star(s)", "", photo.rating))
        parts += self._states(photo)
        if not photo.is_online:
            parts.append(self.tr("not connected"))
        return self.tr(", ", "between facts of a photo").join(parts)

    def _states(self, photo: Photo) -> list[str]:
        """Return what the small signs on a photo say, in words."""
        said = []
        if photo.flag:
            said.append(self.tr("Picked") if photo.flag > 0 else self.tr("Rejected"))
        if photo.copies > 1:
            said.append(self.tr("%n copies of this file", "", photo.copies))
        hit = self._hits.get(photo.photo_id)
        if hit is not None and is_found_by_words(hit):
            if hit.by_words and hit.by_meaning:
                said.append(self.tr("Found by its words and by what it shows"))
            else:
                said.append(self.tr("Found by its words") if hit.by_words else self.tr("Found by what it shows"))
        if hit is not None and hit.same_picture is not None:
            said += wording.likeness_lines(hit)
        elif hit is not None and hit.shows is not None and hit.by_meaning:
            said.append(
                self.tr("{chance} chance that it shows the words").format(chance=wording.percent_text(hit.shows))
            )
        return said


def is_found_by_words(hit: Hit) -> bool:
    """Tell whether words found a photo; its score then knows no scale, and is not shown."""
    return hit.by_words or hit.by_meaning


def file_url(path: bytes) -> QUrl:
    """Return the URL of a file whose name need not be text."""
    if sys.platform == "win32":
        return QUrl.fromLocalFile(os.fsdecode(path))
    return QUrl.fromEncoded(b"file://" + quote_from_bytes(path).encode())


def local_path(url: QUrl) -> bytes | None:
    """Return the path a URL names on this computer, None for anything else; the inverse of `file_url`."""
    if not url.isLocalFile():
        return None
    if sys.platform == "win32":
        return os.fsencode(url.toLocalFile())
    # toLocalFile would replace bytes that are not UTF-8; only the encoded form still has them.
    return unquote_to_bytes(bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded).encode()))
