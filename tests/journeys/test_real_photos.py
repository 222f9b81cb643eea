"""The whole way on real photos: index, look at what came in, ask, edit, ask again. Skips where they are absent."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from importlib import util
from io import BytesIO
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from photofind.library import Library
from photofind.records import Filter, Hit, ImagePart, Query, SortOrder
from tests.journeys.test_command_line import as_json, photofind

pytestmark = pytest.mark.timeout(600)

RECODED = ("copy", "meta", "jpeg75", "jpeg30", "resize50", "resize25", "gray", "bcs", "webp", "png", "exif6")
"""The kinds of edit that only re-encode, resize or recolour."""


@pytest.fixture(scope="module")
def indexed(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of all photos there are, made by the command line."""
    directory = tmp_path_factory.mktemp("real") / "library"
    result = photofind(directory, "index", str(shared / "photos"), "--json")
    facts = as_json(result)
    assert facts["photos"] > 300
    return directory


@pytest.fixture
def library(indexed: Path) -> Iterator[Library]:
    with Library.open(indexed, read_only=True) as library:
        yield library


def _paths(library: Library) -> dict[bytes, int]:
    ids = [int(i) for i in library.browse(Filter(), SortOrder.NAME).result().ids]
    return {
        photo.path: photo.photo_id
        for start in range(0, len(ids), 200)
        for photo in library.photos(ids[start : start + 200])
    }


def test_every_file_is_in_or_listed_with_a_reason(library: Library, shared: Path) -> None:
    root = os.fsencode(shared / "photos")
    seen = set(_paths(library))
    failed = {failure.path: failure.reason for failure in library.failures()}
    assert not seen & set(failed)
    assert all(reason.endswith(".") and " " in reason for reason in failed.values())
    assert not [path for path in failed if path.startswith((root + b"/real/", root + b"/orientation/"))]
    for name in ("real", "orientation", "cameras"):
        there = {entry.path for entry in os.scandir(os.path.join(root, name.encode())) if entry.is_file()}
        assert there <= seen | set(failed), name
    for path in seen:
        photo = library.photos([library.photo_at(path) or 0])[0]
        thumbnail = library.thumbnail(photo.content_id)
        assert thumbnail, path
        with Image.open(BytesIO(thumbnail)) as image:
            assert max(image.size) <= 320


def test_turned_photos_look_the_same(library: Library, shared: Path) -> None:
    paths, vectors, _ = library.embeddings()
    by_name = {os.path.basename(path): vector for path, vector in zip(paths, vectors, strict=True)}
    known = _paths(library)
    for shape in ("Portrait", "Landscape"):
        names = [f"{shape}_{turn}.jpg".encode() for turn in range(9)]
        upright = by_name[names[0]]
        reference: np.ndarray | None = None
        for name in names:
            path = os.fsencode(shared / "photos" / "orientation" / os.fsdecode(name))
            photo = library.photos([known[path]])[0]
            assert (photo.width_px < photo.height_px) == (shape == "Portrait"), name
            # Each bears its own number as a large digit in the middle, which alone takes up to .075; two photos of
            # one subject lie near .5.
            assert float(by_name[name] @ upright) > 0.9, name
            with Image.open(BytesIO(library.thumbnail(photo.content_id) or b"")) as image:
                small = np.asarray(image.convert("L").resize((24, 24)), dtype=np.float32)
            reference = small if reference is None else reference
            assert np.abs(small - reference).mean() < 12, name


def test_a_photo_finds_itself_first(library: Library, shared: Path) -> None:
    chosen = random.Random(3).sample(sorted((shared / "photos" / "real").iterdir()), 25)
    for path in chosen:
        hits = library.search(Query((ImagePart(path=os.fsencode(path)),), k=5)).result().hits
        first = library.photos([hits[0].photo_id])[0]
        assert first.path == os.fsencode(path)
        assert hits[0].score == pytest.approx(1, abs=0.001)
        assert hits[0].kind == "identical"


@pytest.fixture(scope="module")
def editor(shared: Path) -> ModuleType:
    spec = util.spec_from_file_location("make_library", shared / "tools" / "make_library.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_edited_copies_lead_to_their_original(
    library: Library, shared: Path, editor: ModuleType, tmp_path: Path
) -> None:
    chosen = random.Random(4).sample(sorted((shared / "photos" / "real").glob("*.*")), 12)
    wrong: list[str] = []
    for path in chosen:
        for kind in RECODED:
            edited = tmp_path / f"{kind}{editor.EXT.get(kind, '.jpg')}"
            editor.make(str(path), str(edited), kind, 5)
            hits: tuple[Hit, ...] = library.search(Query((ImagePart(path=os.fsencode(edited)),), k=1)).result().hits
            if library.photos([hits[0].photo_id])[0].path != os.fsencode(path):
                wrong.append(f"{path.name} {kind}")
    assert not wrong


def test_batch_of_the_command_line(indexed: Path, shared: Path) -> None:
    names = sorted((shared / "photos" / "real").iterdir())[:6]
    result = subprocess.run(
        [sys.executable, "-m", "photofind", "--library", str(indexed), "similar", "--batch", "-", "-k", "1"],
        input="\n".join(map(str, names)).encode(),
        capture_output=True,
        check=True,
        timeout=100,
    )
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["hits"][0]["path"] for answer in answers] == [str(name) for name in names]
