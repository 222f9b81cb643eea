"""What the indexer's tests share beside their rig."""

from pathlib import Path

import pytest


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """An empty folder where `photo_file` writes."""
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder
