"""What a library takes on the disk, by what it is for."""

from pathlib import Path

from photofind.catalog.disk_use import disk_use
from photofind.records import DiskUse


def test_every_file_counts_for_what_it_is(tmp_path: Path) -> None:
    sizes = {
        "catalog.db": 10, "catalog.db-wal": 5, "thumbnails.db": 20, "index-m.hnsw": 1, "index-m.0123.graph": 30,
        "words-m.hnsw": 2, "backups/catalog-2026-05-02.db": 3, "backups/catalog-2026-05-03.db": 4,
        "models/mine/model.onnx": 50, "write.lock": 7,
    }  # fmt: skip
    for name, size in sizes.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    assert disk_use(tmp_path) == DiskUse(15, 20, 31, 2, 7, 50, "2026-05-03")


def test_a_library_that_is_gone_takes_nothing(tmp_path: Path) -> None:
    assert disk_use(tmp_path / "gone") == DiskUse()
