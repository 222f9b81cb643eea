"""What a library takes on the disk, by what it is for.

A pure look at one directory; called on the slow thread, which may wait for the disk. Files are told apart by their
names, which the modules that write them give: `catalog`, `thumbnail_store`, `safekeeping`, the vector index.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from photofind.records import DiskUse


def disk_use(directory: Path) -> DiskUse:
    """Return the sizes of a library's files; what vanishes meanwhile counts as nothing."""
    sizes = {"catalog": 0, "thumbnails": 0, "index": 0, "words": 0, "backups": 0, "models": 0, "other": 0}
    for path, size_bytes in _files(directory):
        sizes[_kind(Path(os.path.relpath(path, directory)))] += size_bytes
    backups = sorted((directory / "backups").glob("catalog-*.db"))
    day = backups[-1].stem.removeprefix("catalog-") if backups else ""
    return DiskUse(
        catalog_bytes=sizes["catalog"],
        thumbnails_bytes=sizes["thumbnails"],
        index_bytes=sizes["index"],
        words_bytes=sizes["words"],
        backups_bytes=sizes["backups"],
        models_bytes=sizes["models"],
        last_backup_day=day,
    )


def _kind(path: Path) -> str:
    if len(path.parts) > 1:
        return path.parts[0] if path.parts[0] in ("backups", "models") else "other"
    if path.name.startswith("catalog."):
        return "catalog"
    if path.name.startswith("thumbnails."):
        return "thumbnails"
    if path.name.startswith(("index-", ".index-")):
        return "index"
    return "words" if path.name.startswith("words-") else "other"


def _files(directory: Path) -> Iterator[tuple[str, int]]:
    waiting = [os.fspath(directory)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                listing = list(entries)
        except OSError:
            continue
        for entry in listing:
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry.path, entry.stat(follow_symlinks=False).st_size
            except OSError:
                continue
