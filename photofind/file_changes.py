"""What is done to the files of photos and can be taken back: to the trash, and another name.

On the indexer's thread, once the disks are known to answer, except `last`, which any thread may ask. `duplicates`
and `originals` do it and write the journal; here both are joined to what has to follow: who is told, and where is
looked again. Joining them in the façade lost: half of it was then about files and not about wiring.
"""

import os
from collections.abc import Callable, Mapping, Sequence, Set

from photofind.catalog.catalog import Catalog
from photofind.errors import UserError
from photofind.events import CollectionsChanged, Listener, PhotosChanged, PhotosRemoved
from photofind.indexing.networks import Networks
from photofind.records import Photo, RemovalReport, Undoable

MoveToTrash = Callable[[bytes], bytes | None]
"""Moves one file to the system trash and returns its place there; OSError when that fails."""


class FileChanges:
    """See the module.

    Args:
        networks: The one that answers tells what the same picture is.
        tell: Is told what changed.
        rescan: Has a directory looked through again.
    """

    def __init__(self, networks: Networks, tell: Listener, rescan: Callable[[bytes], None]) -> None:
        self._networks = networks
        self._tell = tell
        self._rescan = rescan

    def trash(
        self,
        catalog: Catalog,
        photo_ids: Sequence[int],
        move: MoveToTrash,
        *,
        keep_a_copy: bool,
        kept: Mapping[int, int],
        along: Set[int],
    ) -> RemovalReport:
        """Move photos to the trash; arguments are those of `Library.move_to_trash`."""
        from photofind.duplicates import cleanup
        from photofind.duplicates.clusters import same_picture_finder

        engine = self._networks.engine()
        same_picture = same_picture_finder(catalog, engine.index, same_picture_cosine=engine.same_picture_cosine)
        report = cleanup.remove(
            catalog, photo_ids, move, keep_a_copy=keep_a_copy, same_picture=same_picture, kept=kept, along=along
        )
        left = {photo.photo_id for photo in catalog.photos(photo_ids)}
        self._tell(PhotosRemoved(tuple(i for i in photo_ids if i not in left)))
        self._tell_merged(report)
        return report

    def rename(self, catalog: Catalog, photo_id: int, new_name: str) -> Photo:
        """Give a photo's file another name; arguments and errors are those of `Library.rename`."""
        from photofind import originals

        if (photos := catalog.photos([photo_id])) and not photos[0].is_online:
            raise UserError("Its folder is not connected now.")
        originals.rename(catalog, photo_id, new_name)
        self._tell(PhotosChanged((photo_id,)))
        return catalog.photos([photo_id])[0]

    def undo(self, catalog: Catalog) -> RemovalReport | None:
        """Take the last batch back; None when there is none."""
        from photofind import originals
        from photofind.duplicates import cleanup

        batch = catalog.last_batch()
        if batch is None:
            return None
        if any(removal.is_rename for removal in catalog.removals(batch)):
            report = originals.undo_rename(catalog, batch)
            ids = tuple(photo_id for path in report.done if (photo_id := catalog.photo_at(path)) is not None)
            self._tell(PhotosChanged(ids))
            return report
        report = cleanup.undo(catalog, batch)
        for directory in sorted({os.path.dirname(path) for path in (*report.done, *report.along)}):
            self._rescan(directory)
        self._tell_merged(report)
        return report

    def _tell_merged(self, report: RemovalReport) -> None:
        if report.changed:
            self._tell(PhotosChanged(report.changed))
            self._tell(CollectionsChanged())


def paths_of(catalog: Catalog, photo_ids: Sequence[int]) -> list[bytes]:
    """Return the files whose disks must answer before these photos are touched."""
    return [photo.path for photo in catalog.photos(photo_ids)]


def paths_of_last(catalog: Catalog) -> list[bytes]:
    """Return the files whose disks must answer before the last batch is taken back."""
    batch = catalog.last_batch()
    return [] if batch is None else [removal.path for removal in catalog.removals(batch)]


def last(catalog: Catalog) -> Undoable | None:
    """Return what `FileChanges.undo` would take back; None when there is nothing."""
    batch = catalog.last_batch()
    lines = [] if batch is None else [each for each in catalog.removals(batch) if each.state == "done"]
    done = [each for each in lines if not each.is_companion] or lines
    return Undoable(done[0].path, len(done), done[0].is_rename) if done else None
