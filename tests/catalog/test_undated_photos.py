"""Under which moment a photo stands whose file says none, and that it is told where that comes from."""

import sqlite3
from contextlib import closing
from pathlib import Path

from photofind.catalog.catalog import Catalog
from photofind.library import Library
from photofind.records import DatedBy, Filter, Metadata, SortOrder
from tests.catalog.sample import add, facts, prepared

DAY_MS = 86_400_000
FEBRUARY_MS = 1_549_188_672_000
"""2019-02-03 10:11:12."""
NAMED = b"/photos/IMG_20190203_101112.jpg"
MTIME_NS = 1_600_000_000_000_000_000


def taken(catalog: Catalog, photo_id: int) -> tuple[int, DatedBy]:
    (photo,) = catalog.photos([photo_id])
    return photo.taken_ms, photo.dated_by


def of_file(photo_ms: int, mtime_ns: int) -> bool:
    """Whether a moment is a file's, in whatever zone this runs."""
    return abs(photo_ms - mtime_ns // 1_000_000) <= 15 * 3_600_000


def test_the_file_is_believed_first_then_its_name_then_its_time(catalog: Catalog) -> None:
    said, named, undated = add(
        catalog,
        prepared(NAMED, 1, metadata=Metadata(captured_at_ms=5)),
        prepared(b"/photos/a/IMG_20190203_101112.jpg", 2),
        prepared(b"/photos/b.jpg", 3, file=facts(3, mtime_ns=MTIME_NS)),
    )
    assert taken(catalog, said) == (5, DatedBy.METADATA)
    assert taken(catalog, named) == (FEBRUARY_MS, DatedBy.NAME)
    moment, dated_by = taken(catalog, undated)
    assert dated_by is DatedBy.FILE
    assert of_file(moment, MTIME_NS)
    listing = catalog.listing(Filter(), SortOrder.OLDEST)
    assert listing.ids.tolist() == [said, named, undated]
    assert listing.taken_ms.tolist() == [5, FEBRUARY_MS, moment]
    that_day = Filter(captured_from_ms=FEBRUARY_MS // DAY_MS * DAY_MS, captured_until_ms=FEBRUARY_MS + DAY_MS)
    assert catalog.photo_ids(that_day, SortOrder.NEWEST).tolist() == [named]


def test_another_name_is_another_date(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/b.jpg", 3, file=facts(3, mtime_ns=MTIME_NS)))
    catalog.move_photos([(photo_id, NAMED, facts(3, mtime_ns=MTIME_NS))])
    assert taken(catalog, photo_id) == (FEBRUARY_MS, DatedBy.NAME)
    catalog.move_photos([(photo_id, b"/photos/b.jpg", facts(3, mtime_ns=MTIME_NS))])
    assert of_file(taken(catalog, photo_id)[0], MTIME_NS)


def test_a_file_that_was_touched_stands_where_its_time_says(catalog: Catalog) -> None:
    undated, named, said = add(
        catalog,
        prepared(b"/photos/b.jpg", 3),
        prepared(NAMED, 4),
        prepared(b"/photos/c.jpg", 5, metadata=Metadata(captured_at_ms=5)),
    )
    later = MTIME_NS + 400 * DAY_MS * 1_000_000
    catalog.touch_photos([(each, facts(each, mtime_ns=later)) for each in (undated, named, said)])
    assert of_file(taken(catalog, undated)[0], later)
    assert taken(catalog, named) == (FEBRUARY_MS, DatedBy.NAME)
    assert taken(catalog, said) == (5, DatedBy.METADATA)


def test_photos_of_before_are_dated_by_their_names_once(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library"):
        pass
    path = tmp_path / "library" / "catalog.db"
    with Catalog.open(path) as catalog:
        catalog.add_folder(b"/photos")
        named, said = add(
            catalog, prepared(NAMED, 1), prepared(b"/photos/20190203.jpg", 2, metadata=Metadata(captured_at_ms=5))
        )
    with closing(sqlite3.connect(path)) as raw:  # as a version before left it
        raw.execute("DELETE FROM state WHERE name = 'dated_by_names'")
        raw.execute("UPDATE photo SET taken_ms = 77 WHERE id = ?", (named,))
        raw.commit()
    for _time in range(2):
        with Library.open(tmp_path / "library") as library:
            assert [photo.taken_ms for photo in library.photos([named, said])] == [FEBRUARY_MS, 5]
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE photo SET taken_ms = 77 WHERE id = ?", (named,))
        raw.commit()
    with Library.open(tmp_path / "library") as library:  # no second look at all of them
        assert library.photos([named])[0].taken_ms == 77
