"""What a start does before the first page of photos stands: only what that page takes.

The program runs as a process of its own on a library with photos. When its log says that the first photos are
shown, the process tells what it has loaded and begun by then. Nothing is timed here; `tests.benchmarks.start` does.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from tests.catalog.sample import ROOT, add, prepared
from tests.pictures import make_picture

PROGRAM = """
import gc, json, linecache, logging, os, sys, threading, traceback
had = set(sys.modules)

def tell():
    facts = {
        "modules": sorted(set(sys.modules) - had),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "files": sorted(os.listdir(sys.argv[2])),
        "looks_for_garbage": gc.isenabled(),
        "sources": sorted(name for name in linecache.cache if "photofind" in name),
    }
    import psutil
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    (window,) = (each for each in QApplication.topLevelWidgets() if type(each).__name__ == "MainWindow")
    page = window.grid.viewport().grab().toImage()
    facts["children"] = len(psutil.Process().children())
    facts["photos"] = len(window.model.ids)
    facts["chosen"] = window.grid.selected_count()
    facts["colours"] = len({page.pixel(x, y) for x in range(0, 600, 9) for y in range(0, 300, 9)})
    print(json.dumps(facts), flush=True)
    QTimer.singleShot(0, QApplication.quit)

class AtTheFirstPhotos(logging.Handler):
    def emit(self, record):
        if record.getMessage() == "The first photos are shown":
            try:
                tell()
            except BaseException:
                traceback.print_exc()
                os._exit(3)

sys.argv[0] = "photofind"
logging.getLogger().addHandler(AtTheFirstPhotos())
from photofind import __main__ as program
code = program.main()
sys.exit(code)
"""

HEAVY = (
    "hnswlib", "multiprocessing", "onnxruntime", "psutil", "rich", "sqlite_utils", "tomlkit", "watchdog",
    "xml",
    "photofind.answering", "photofind.catalog.directory_tree", "photofind.duplicates", "photofind.embedding",
    "photofind.indexing.adoption", "photofind.indexing.decoder_pool", "photofind.indexing.indexer",
    "photofind.indexing.prepare", "photofind.indexing.scan", "photofind.indexing.watch", "photofind.originals",
    "photofind.photo", "photofind.search", "photofind.gui.compare_view", "photofind.gui.duplicates_view",
    "photofind.gui.index_page", "photofind.gui.models_page", "photofind.gui.problems_page",
    "photofind.gui.settings_dialog", "photofind.gui.viewer",
)  # fmt: skip
"""Packages and modules that the first page needs nothing of. Pillow it needs: it decodes the thumbnails."""


@pytest.fixture
def filled(library_dir: Path) -> Path:
    """A library of 40 photos with thumbnails, closed as a session leaves it."""
    with (
        Catalog.open(library_dir / "catalog.db") as catalog,
        ThumbnailStore.open(library_dir / "thumbnails.db") as thumbnails,
    ):
        catalog.add_folder(ROOT)
        ids = add(catalog, *(prepared(ROOT + b"/%d.jpg" % number, number) for number in range(1, 41)))
        for content_id in catalog.content_of(ids).values():
            file = io.BytesIO()
            make_picture(content_id, (320, 240)).save(file, "JPEG")
            thumbnails.put_many([(content_id, file.getvalue())])
    return library_dir


def start(library_dir: Path, home: Path) -> dict[str, Any]:
    """Start the program until the first photos are shown; return what it told then."""
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "APPDATA"), str(home))
    command = [sys.executable, "-c", PROGRAM, "--library", str(library_dir)]
    done = subprocess.run(
        command,
        env=os.environ | homes | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def test_the_first_page_stands_before_anything_else_is_loaded(filled: Path, tmp_path: Path) -> None:
    for _ in ("for the first time", "where the last session ended"):
        shown = start(filled, tmp_path)
        assert shown["photos"] == 40
        assert shown["colours"] > 50  # pictures, and no empty cells
        loaded = [name for name in shown["modules"] if any(name == it or name.startswith(f"{it}.") for it in HEAVY)]
        assert loaded == []
        assert shown["children"] == 0
        assert not [name for name in shown["threads"] if "overview" in name or "indexer" in name]
        assert "large-thumbnails.db" not in shown["files"]
        assert shown["sources"] == []  # which PySide reads where it may
        assert not shown["looks_for_garbage"]
