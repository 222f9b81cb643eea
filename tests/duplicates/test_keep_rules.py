"""Keep rules: an order, and a reason that can be checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.catalog.catalog import Catalog
from photofind.duplicates.keep_rules import best_first, decider, reason
from photofind.records import KeepRule, KeepRules, Photo
from tests.duplicates.rows import Rows


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield Rows(catalog)


def why(kept: Photo, other: Photo, rules: KeepRules = KeepRules()) -> str:  # noqa: B008 - frozen
    return reason(kept, other, decider(kept, other, rules))


def only(*rules: KeepRule) -> KeepRules:
    return KeepRules((*rules, *(rule for rule in KeepRule if rule not in rules)), frozenset(KeepRule) - set(rules))


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
    assert words in why(first, last)


def test_the_order_of_rules_is_the_users(rows: Rows) -> None:
    small = rows.photo(rows.add("s.jpg", size=(800, 600), bytes_=9_000_000))
    large = rows.photo(rows.add("l.jpg", size=(4000, 3000), bytes_=1))
    assert best_first([small, large])[0] == large
    assert best_first([small, large], only(KeepRule.LARGEST_FILE))[0] == small
    by_file_first = KeepRules((KeepRule.LARGEST_FILE, *(r for r in KeepRule if r is not KeepRule.LARGEST_FILE)))
    assert best_first([large, small], by_file_first)[0] == small
    assert decider(small, large, by_file_first) is KeepRule.LARGEST_FILE
    assert best_first([large, small], only())[0] == large  # by path
    assert decider(large, small, only()) is None
    assert why(large, small, only()) == "nothing tells the two apart"


def test_folders_decide_and_the_innermost_counts(rows: Rows) -> None:
    inbox, old, album = (
        rows.photo(rows.add(f"{name}/1.jpg", "x")) for name in ("a/inbox", "a/inbox/old", "z/album")
    )
    rules = KeepRules(keep_in=(b"/photos/z",), remove_in=(b"/photos/a/inbox",))
    assert best_first([inbox, old, album], rules)[0] == album
    assert decider(album, inbox, rules) is KeepRule.FOLDER
    assert "prefer" in why(album, inbox, rules)
    assert decider(inbox, old, rules) is not KeepRule.FOLDER
    inner = KeepRules(keep_in=(b"/photos/a/inbox/old",), remove_in=(b"/photos/a",))
    assert best_first([inbox, old, album], inner) == [old, album, inbox]
    # A name that only begins alike is another directory.
    assert best_first([inbox, album], KeepRules(keep_in=(b"/photos/z/al", b"/photos/a/in")))[0] == inbox


def test_a_pick_stays_and_a_reject_goes(rows: Rows) -> None:
    plain, picked, rejected = (rows.add(f"{n}.jpg", bytes_=9_000 - n) for n in range(3))
    rows.catalog.decisions.set_flag([picked], 1)
    rows.catalog.decisions.set_flag([rejected], -1)
    photos = [rows.photo(each) for each in (rejected, plain, picked)]
    assert [photo.photo_id for photo in best_first(photos)] == [picked, plain, rejected]
    assert why(photos[2], photos[1]) == "you picked it"
    assert why(photos[1], photos[0]) == "you rejected the other"


def test_every_rule_has_a_reason_and_every_photo_has_a_best(rows: Rows) -> None:
    one, other = rows.photo(rows.add("a/1.jpg", "x")), rows.photo(rows.add("b/1.jpg", "x"))
    for rule in KeepRule:
        assert reason(one, other, rule)
    assert decider(one, other, KeepRules()) is KeepRule.FIRST_PATH


def test_a_rating_counts_and_an_absent_drive_comes_last(rows: Rows) -> None:
    plain, rated = rows.add("plain.jpg", bytes_=9_000_000), rows.add("rated.jpg")
    rows.catalog.set_rating([rated], 4)
    assert best_first([rows.photo(plain), rows.photo(rated)])[0].photo_id == rated
    assert "4, not unrated" in why(rows.photo(rated), rows.photo(plain))


def test_equal_photos_are_ordered_by_path(rows: Rows) -> None:
    first, second = rows.photo(rows.add("a/1.jpg", "x")), rows.photo(rows.add("b/1.jpg", "x"))
    assert best_first([second, first]) == best_first([first, second]) == [first, second]
