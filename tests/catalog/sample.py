"""A small library made up for tests; `python -m tests.catalog.sample` writes the fixture of the present version.

`tests/data/libraries/vN.db` is a catalog as version N of the schema left it. When a migration is added, the
fixtures of the versions before stay as they are, and this program writes the new one.
"""

import hashlib
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog, Meaning
from photofind.catalog.migrations import migrations
from photofind.records import (
    Failure,
    FailureKind,
    FileFacts,
    Filter,
    Metadata,
    PhotoPart,
    Prepared,
    Query,
    WordsPart,
)

LIBRARIES = Path(__file__).parent.parent / "data" / "libraries"
MODEL = "model-a"
DIMENSION = 16
TEXT_DIMENSION = 8
LABELS = ("beach", "dog", "night sky", "red")
LABELS_MADE_BY = "sample"
ROOT = b"/photos"


def facts(inode: int = 1, *, size: int = 1_000, mtime_ns: int = 1_600_000_000_000_000_000) -> FileFacts:
    return FileFacts(size, mtime_ns, mtime_ns + 1, inode, 42)


def prepared(
    path: bytes,
    seed: int | None = None,
    *,
    file: FileFacts | None = None,
    metadata: Metadata | None = None,
    size: tuple[int, int] = (400, 300),
    format: str = "JPEG",
    known: bool = False,
) -> Prepared:
    """Return what reading a file would give; equal seeds are equal bytes. The inode is the seed's by default."""
    seed = abs(hash(path)) if seed is None else seed
    digest = hashlib.sha256(b"%d" % seed).digest()
    file = file or facts(seed)
    if known:
        return Prepared(path, file, digest, is_known=True)
    return Prepared(
        path,
        file,
        digest,
        width_px=size[0],
        height_px=size[1],
        format=format,
        metadata=metadata or Metadata(),
        perceptual_hash=digest * 8,
        hash_quality=seed % 101,
        mean_rgb=seed & 0xFFFFFF,
        thumbnail=b"thumbnail %d" % seed,
    )


def vector(seed: int) -> NDArray[np.float32]:
    values = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return values / np.float32(np.linalg.norm(values))


def meaning(seed: int) -> Meaning:
    """Return a vector among words and one to four labels, the first surest."""
    labels = [(LABELS[(seed + place) % 4], 0.9 - 0.1 * place) for place in range(1 + seed % 4)]
    words = vector(seed)[:TEXT_DIMENSION]
    return Meaning(words / np.float32(np.linalg.norm(words)), tuple(labels))


def add(catalog: Catalog, *items: Prepared) -> tuple[int, ...]:
    """Take photos in, with vectors and labels where they are not known, and return the ids of those added."""
    pairs = [(each, None if each.is_known else vector(each.digest[0])) for each in items]
    meanings = {each.digest: meaning(each.digest[0]) for each in items if not each.is_known}
    return catalog.add_prepared(pairs, MODEL, meanings=meanings, labels_made_by=LABELS_MADE_BY).photo_ids_added


METADATA = Metadata(
    captured_at_ms=1_262_304_000_000,
    utc_offset_min=60,
    camera_make="Canon",
    camera_model="EOS 5D",
    lens="50 mm",
    exposure_s=0.01,
    f_number=1.8,
    iso=400,
    focal_mm=50.0,
    focal_35mm=50.0,
    latitude=52.5,
    longitude=13.4,
    altitude_m=34.0,
    rating=3,
    title="海滩日落",
    caption="A long evening",
    keywords=("beach", "sun set"),
    creator="Anna",
    place=("Mitte", "Berlin", "Germany"),
    orientation=6,
)


QUERY = Query(
    (PhotoPart(2, 0.5, (0.0, 0.0, 0.5, 1.0)), WordsPart("sea")), Filter(directory=ROOT, tags=("holiday",))
)
"""With the first id that `fill` gives to the photo of seed 2."""


def fill(catalog: Catalog) -> None:
    """Put one of everything into an empty catalog."""
    catalog.add_folder(ROOT)
    ids = add(
        catalog,
        prepared(b"/photos/IMG_2034.jpg", 1, metadata=METADATA),
        prepared(b"/photos/2019/summer_beach-2019.jpg", 2, size=(300, 400)),
        prepared(b"/photos/2019/copy.jpg", 2),
        prepared(b"/photos/2019/caf\xe9.png", 3, format="PNG"),
        prepared(b"/photos/away.jpg", 4),
    )
    link = prepared(b"/photos/2019/link.jpg", 1, known=True)
    catalog.add_prepared([(link, None)], MODEL, aliases={link.path: ids[0]})
    catalog.set_rating([ids[1]], 5)
    catalog.dismiss([ids[0], ids[1]])
    catalog.keep_copies([ids[1], ids[2]])
    decisions = catalog.decisions
    decisions.set_flag([ids[3]], 1)
    decisions.add_tags([ids[0], ids[1]], ["Holiday", "海边"])
    decisions.set_title([ids[1]], "First swim")
    decisions.set_caption([ids[1]], "Cold,\nbut blue")
    decisions.add_collection("Best", [ids[3], ids[0]])
    decisions.add_collection("Swimming", query=QUERY)
    catalog.record_failures([Failure(b"/photos/bad.jpg", FailureKind.DAMAGED, "It ends too early.", facts(9))])
    (removal,) = catalog.plan_removals([ids[4]])
    catalog.finish_removal(removal.removal_id, b"/trash/away.jpg")


def main() -> None:
    """Write the fixture of the present version."""
    target = LIBRARIES / f"v{len(migrations._migrations)}.db"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.db"
        with Catalog.open(path) as catalog:
            fill(catalog)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


if __name__ == "__main__":
    main()
