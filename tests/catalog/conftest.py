from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.catalog.catalog import Catalog
from tests.catalog.sample import ROOT


@pytest.fixture
def path(library_dir: Path) -> Path:
    return library_dir / "catalog.db"


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    """An empty catalog with one folder; whatever the test did, it must be whole afterwards."""
    with Catalog.open(path) as opened:
        opened.add_folder(ROOT)
        yield opened
        assert opened.check() == []
