"""The tree of a library's directories, with the photos below each added up.

Called on the thread that reads the overview, never on the window's: 50,000 directories take 0.2 CPU-seconds. A pure
function of what the catalog has. Adding up in SQL lost: it joins every directory with all above it by prefix, which
is slower than one walk up for each.
"""

import os
from collections.abc import Sequence

from photofind.records import Directory, DirectoryTree, Folder


def grow(folders: Sequence[Folder], directories: Sequence[Directory]) -> DirectoryTree:
    """Return the tree of these; directories between that hold no photo themselves are filled in."""
    roots = {folder.folder_id: folder.path for folder in folders}
    children: dict[bytes, list[bytes]] = {}
    counts = {folder.path: 0 for folder in folders}
    owners = {folder.path: folder.folder_id for folder in folders}
    for directory in directories:
        root = roots.get(directory.folder_id)
        if root is None:
            continue
        path = directory.path
        while True:
            is_new = path not in counts
            counts[path] = counts.get(path, 0) + directory.photo_count
            owners[path] = directory.folder_id
            parent = os.path.dirname(path)
            if path == root or len(parent) < len(root):
                break
            if is_new:
                children.setdefault(parent, []).append(path)
            path = parent
    in_order = {
        path: tuple(sorted(below, key=lambda each: (each.lower(), each))) for path, below in children.items()
    }
    return DirectoryTree(in_order, counts, owners, hash(frozenset(counts)))
