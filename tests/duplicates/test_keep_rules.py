"""Keep rules: an order, and a reason that can be checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.catalog.catalog import Catalog
from photofind.duplicates.keep_rules import KeepRule, best_first, reason
from tests.duplicates.rows import Rows


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield Rows(catalog)


@pytest.mark.parametrize(
    ("better", "worse", "words"),
    [
        (
            {"size": (4000, 3000)},
            {"size": (2000, 1500), "bytes_": 9_000_000},
            "4000 x 3000 pixels, not 2000 x 1500",
        ),
        ({"format": "RAW"}, {"bytes_": 9_000_000}, "RAW"),
        ({"title": "Beach"}, {"bytes_": 9_000_000}, "knows more"),
        ({"bytes_": 2_000_000}, {}, "2,000,000 bytes, not 1,000,000"),
    ],
)
def test_the_first_rule_that_tells_apart_decides(
    rows: Rows, better: dict[str, object], worse: dict[str, object], words: str
) -> None:
    last = rows.photo(rows.add("aaa.jpg", **worse))  # type: ignore[arg-type]
    first = rows.photo(rows.add("zzz-longer-name.jpg", **better))  # type: ignore[arg-type]
    assert best_first([last, first]) == [first, last]
    assert words in reason(first, last)


def test_the_order_of_rules_is_the_users(rows: Rows) -> None:
    small = rows.photo(rows.add("s.jpg", size=(800, 600), bytes_=9_000_000))
    large = rows.photo(rows.add("l.jpg", size=(4000, 3000), bytes_=1))
    assert best_first([small, large])[0] == large
    assert best_first([small, large], [KeepRule.LARGEST_FILE])[0] == small
    assert best_first([large, small], [])[0] == large  # by path
    assert reason(large, small, []) == "nothing tells the two apart"


def test_a_rating_counts_and_an_absent_drive_comes_last(rows: Rows) -> None:
    plain, rated = rows.add("plain.jpg", bytes_=9_000_000), rows.add("rated.jpg")
    rows.catalog.set_rating([rated], 4)
    assert best_first([rows.photo(plain), rows.photo(rated)])[0].photo_id == rated
    assert "4, not unrated" in reason(rows.photo(rated), rows.photo(plain))


def test_equal_photos_are_ordered_by_path(rows: Rows) -> None:
    first, second = rows.photo(rows.add("a/1.jpg", "x")), rows.photo(rows.add("b/1.jpg", "x"))
    assert best_first([second, first]) == best_first([first, second]) == [first, second]
