"""What stands around the photos: counts, folders, collections, tags; and what could not be taken in.

Read on the overview thread, all at once, because the window shows all of it side by side: asked for one by one,
numbers that belong together would come from different moments.
"""

from photofind.catalog import directory_tree
from photofind.catalog.catalog import Catalog
from photofind.records import LibraryOverview, Problems


def overview(catalog: Catalog, model_id: str) -> LibraryOverview:
    """Return what stands around the photos; reading 50,000 directories takes a third of a second.

    Args:
        catalog: A connection of the calling thread.
        model_id: The network that answers.
    """
    folders = catalog.folders()
    tree = directory_tree.grow(folders, catalog.directories())
    can_undo = catalog.last_batch() is not None
    return LibraryOverview(
        catalog.summary(model_id),
        tuple(folders),
        tree,
        can_undo,
        tuple(catalog.decisions.collections()),
        tuple(catalog.decisions.tags()),
    )


def problems(catalog: Catalog) -> Problems:
    """Return what could not be taken in, by path, and which folders are away."""
    failures = sorted(catalog.failures(), key=lambda failure: failure.path)
    return Problems(tuple(failures), tuple(folder for folder in catalog.folders() if not folder.is_online))
