"""Which photos a command is for: the one in the viewer while it is open, else those chosen in the grid.

Owned by the main window, on its thread. The viewer also goes through photos that the grid does not show, a group of
duplicates or what looks similar; a command that asked the grid would then act on another photo than the one in
sight.
"""

from collections.abc import Callable

from PySide6.QtCore import QMimeData

from photofind.gui.photo_grid import DRAG_LIMIT, PhotoGrid
from photofind.records import Photo


class Chosen:
    """See the module.

    Args:
        grid: Has the selection.
        viewed: Returns the id of the photo in the viewer; None while it is closed.
    """

    def __init__(self, grid: PhotoGrid, viewed: Callable[[], int | None]) -> None:
        self._grid = grid
        self._viewed = viewed

    @property
    def is_viewed(self) -> bool:
        """Whether the viewer is open."""
        return self._viewed() is not None

    def ids(self, limit: int | None = None) -> list[int]:
        """Return the photos meant, the grid's in its order, at most `limit`."""
        viewed = self._viewed()
        if viewed is not None:
            return [viewed]
        return self._grid.chosen_ids(limit)

    def photos(self, limit: int) -> list[Photo]:
        """Return what is known of them."""
        return self._grid.photo_model().photos(self.ids(limit))

    def current(self) -> Photo | None:
        """Return the one that has the keyboard."""
        viewed = self._viewed()
        current = self._grid.current_id() if viewed is None else viewed
        photos = self._grid.photo_model().photos([current]) if current is not None else []
        return photos[0] if photos else None

    def mime_data(self) -> QMimeData:
        """Return their files as URLs and as text; the grid tells how many are not connected and left out."""
        return self._grid.mime_data(self.ids(DRAG_LIMIT))
