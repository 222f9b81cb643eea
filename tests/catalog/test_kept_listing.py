"""The list that the next start finds: the same to the last number, or none at all."""

from pathlib import Path

import numpy as np
import pytest

from photofind.catalog.catalog import Catalog
from photofind.catalog.kept_listing import NAME, KeptListing
from photofind.records import Filter, Listing, Metadata, SortOrder
from tests.catalog.sample import add, prepared

ALL = Filter()
BELOW = Filter(directory=b"/photos/deep")


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Photos in three directories, one of them no text, of several shapes and days."""
    for number, directory in enumerate((b"/photos", b"/photos/deep", b"/photos/odd \xff\n")):
        for seed in range(3):
            taken = Metadata(captured_at_ms=1_262_304_000_000 - 86_400_000 * (seed * 7 + number))
            add(
                catalog,
                prepared(
                    directory + b"/%d.jpg" % seed, number * 10 + seed, metadata=taken, size=(400 + 90 * seed, 300)
                ),
            )
    return catalog


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SortOrder]:
    """What the catalog was asked to list."""
    asked: list[SortOrder] = []
    real = Catalog.listing

    def listing(catalog: Catalog, filter: Filter, order: SortOrder, model_id: str = "") -> Listing:
        asked.append(order)
        return real(catalog, filter, order, model_id)

    monkeypatch.setattr(Catalog, "listing", listing)
    return asked


def keep(catalog: Catalog, directory: Path, filter: Filter = ALL, order: SortOrder = SortOrder.NEWEST) -> Listing:
    kept = KeptListing(directory, read_only=False)
    listing = kept.listing(catalog, filter, order)
    kept.keep(lambda: catalog)
    return listing


def assert_same(found: Listing, wanted: Listing) -> None:
    assert (found.order, found.directories) == (wanted.order, wanted.directories)
    for name in ("ids", "taken_ms", "aspect", "directory"):
        ours, theirs = getattr(found, name), getattr(wanted, name)
        assert ours.dtype == theirs.dtype
        assert not ours.flags.writeable
        assert ours.flags.aligned
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("filter", [ALL, BELOW])
@pytest.mark.parametrize("order", [SortOrder.NEWEST, SortOrder.NAME, SortOrder.FOLDER])
def test_the_list_of_the_last_time_is_the_same(
    filled: Catalog, tmp_path: Path, asked: list[SortOrder], filter: Filter, order: SortOrder
) -> None:
    wanted = keep(filled, tmp_path, filter, order)
    assert len(wanted) == (9 if filter is ALL else 3)
    again = KeptListing(tmp_path, read_only=False)
    assert_same(again.listing(filled, filter, order), wanted)
    assert_same(again.listing(filled, filter, order), wanted)
    assert asked == [order]
    again.keep(lambda: filled)
    assert_same(KeptListing(tmp_path, read_only=True).listing(filled, filter, order), wanted)
    assert asked == [order]


def test_an_empty_library_is_kept_too(catalog: Catalog, tmp_path: Path, asked: list[SortOrder]) -> None:
    keep(catalog, tmp_path)
    assert len(KeptListing(tmp_path, read_only=False).listing(catalog, ALL, SortOrder.NEWEST)) == 0
    assert asked == [SortOrder.NEWEST]


def test_another_question_is_answered_anew_and_kept_instead(
    filled: Catalog, tmp_path: Path, asked: list[SortOrder]
) -> None:
    keep(filled, tmp_path)
    kept = KeptListing(tmp_path, read_only=False)
    assert len(kept.listing(filled, BELOW, SortOrder.NEWEST)) == 3
    assert kept.listing(filled, ALL, SortOrder.OLDEST).order is SortOrder.OLDEST
    kept.keep(lambda: filled)
    assert len(asked) == 3
    KeptListing(tmp_path, read_only=False).listing(filled, ALL, SortOrder.OLDEST)
    assert len(asked) == 3


def test_a_change_of_the_catalog_ends_it(filled: Catalog, tmp_path: Path, asked: list[SortOrder]) -> None:
    keep(filled, tmp_path)
    add(filled, prepared(b"/photos/new.jpg", 99))
    kept = KeptListing(tmp_path, read_only=False)
    assert len(kept.listing(filled, ALL, SortOrder.NEWEST)) == 10
    assert len(asked) == 2
    filled.remove_photos(filled.photo_ids(ALL, SortOrder.NEWEST)[:1].tolist())
    kept.keep(lambda: filled)  # it was changed after it was listed
    assert not (tmp_path / NAME).exists()


def test_what_is_filtered_by_decisions_is_never_kept(
    filled: Catalog, tmp_path: Path, asked: list[SortOrder]
) -> None:
    keep(filled, tmp_path, Filter(tags=("holiday",)))
    assert not (tmp_path / NAME).exists()
    kept = KeptListing(tmp_path, read_only=False)
    for _ in range(2):
        kept.listing(filled, Filter(flag=1), SortOrder.NEWEST)
    assert len(asked) == 3


def test_a_damaged_file_is_not_believed(filled: Catalog, tmp_path: Path, asked: list[SortOrder]) -> None:
    wanted = keep(filled, tmp_path)
    whole = (tmp_path / NAME).read_bytes()
    damaged = [b"", b"\n", b"{}\n", b"[]\n", whole[:-1], whole[: len(whole) // 2], whole + b"\0"]
    for place in range(len(whole)):
        damaged.append(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    for data in damaged:
        (tmp_path / NAME).write_bytes(data)
        assert_same(KeptListing(tmp_path, read_only=False).listing(filled, ALL, SortOrder.NEWEST), wanted)


def test_a_library_open_for_searching_writes_nothing(filled: Catalog, tmp_path: Path) -> None:
    kept = KeptListing(tmp_path, read_only=True)
    kept.listing(filled, ALL, SortOrder.NEWEST)
    kept.keep(lambda: filled)
    kept.forget()
    assert not (tmp_path / NAME).exists()
    keep(filled, tmp_path)
    KeptListing(tmp_path, read_only=True).forget()
    assert (tmp_path / NAME).exists()


def test_a_place_that_cannot_be_written_is_no_error(filled: Catalog, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.draft").mkdir()
    keep(filled, tmp_path)
    assert not (tmp_path / NAME).exists()


def test_nothing_is_touched_where_nothing_was_listed(filled: Catalog, tmp_path: Path) -> None:
    keep(filled, tmp_path)

    def fail() -> Catalog:
        raise AssertionError("nobody listed anything")

    KeptListing(tmp_path, read_only=False).keep(fail)
    assert (tmp_path / NAME).exists()
