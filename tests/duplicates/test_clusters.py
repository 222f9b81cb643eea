"""Groups: four kinds kept apart, every member like the centre, the same groups whatever the order."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from photofind.catalog.catalog import Catalog
from photofind.duplicates.clusters import find_clusters, group, ranked, same_picture_finder
from photofind.records import Cluster, KeepRule, KeepRules, MatchKind
from tests.duplicates.rows import SAME_COSINE, Rows, flipped, near, picture, turns


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield Rows(catalog)


def clusters(rows: Rows, kind: MatchKind | None = None) -> list[Cluster]:
    return find_clusters(rows.catalog, rows.index, kind, same_picture_cosine=SAME_COSINE)


def names(rows: Rows, kind: MatchKind) -> list[list[str]]:
    return [sorted(rows.names(cluster.photo_ids)) for cluster in clusters(rows, kind)]


def test_an_empty_library_has_no_groups(rows: Rows) -> None:
    assert clusters(rows) == []


def test_different_pictures_are_in_no_group(rows: Rows) -> None:
    for number in range(30):
        rows.add(f"{number}.jpg")
    assert clusters(rows) == []


def test_equal_bytes_are_identical_and_nothing_else(rows: Rows) -> None:
    rows.add("a.jpg", "one")
    rows.add("b/a.jpg", "one")
    rows.add("other.jpg")
    assert names(rows, MatchKind.IDENTICAL) == [["a.jpg", "b/a.jpg"]]
    assert [cluster.kind for cluster in clusters(rows)] == [MatchKind.IDENTICAL]


def test_another_name_of_the_same_file_is_no_duplicate(rows: Rows) -> None:
    first = rows.add("a.jpg", "one")
    rows.add("link.jpg", "one", alias_of=first)
    assert clusters(rows) == []


@pytest.mark.parametrize(("bits", "is_same"), [(0, True), (64, True), (65, False), (120, False)])
def test_the_hash_decides_at_its_threshold(rows: Rows, bits: int, is_same: bool) -> None:
    rows.add("a.jpg", hashes=turns(1))
    rows.add("b.jpg", hashes=flipped(turns(1), bits))
    assert names(rows, MatchKind.SAME) == ([["a.jpg", "b.jpg"]] if is_same else [])


def test_a_turned_copy_is_the_same_picture(rows: Rows) -> None:
    original = turns(1)
    turned = turns(2)
    turned[0], turned[5] = original[5], original[0]
    rows.add("a.jpg", hashes=original)
    rows.add("turned.jpg", hashes=turned)
    assert names(rows, MatchKind.SAME) == [["a.jpg", "turned.jpg"]]


def test_flat_pictures_are_not_judged_by_their_hash(rows: Rows) -> None:
    rows.add("white.jpg", hashes=turns(1), quality=3)
    rows.add("black.jpg", hashes=turns(1), quality=3)
    assert clusters(rows) == []


@pytest.mark.parametrize(("cosine", "is_same"), [(0.97, True), (0.95, False)])
def test_the_network_decides_at_its_calibration(rows: Rows, cosine: float, is_same: bool) -> None:
    rows.add("a.jpg", vector=picture(1))
    rows.add("crop.jpg", vector=near(picture(1), cosine), size=(2000, 2000))
    assert names(rows, MatchKind.SAME) == ([["a.jpg", "crop.jpg"]] if is_same else [])


def test_both_together_decide_what_neither_does_alone(rows: Rows) -> None:
    rows.add("a.jpg", vector=picture(1), hashes=turns(1))
    rows.add("border.jpg", vector=near(picture(1), 0.92), hashes=flipped(turns(1), 85))
    rows.add("c.jpg", vector=picture(2), hashes=turns(2))
    rows.add("hash-only.jpg", vector=near(picture(2), 0.5), hashes=flipped(turns(2), 85))
    rows.add("e.jpg", vector=picture(3), hashes=turns(3))
    rows.add("network-only.jpg", vector=near(picture(3), 0.92), hashes=flipped(turns(3), 110))
    assert names(rows, MatchKind.SAME) == [["a.jpg", "border.jpg"]]
    assert names(rows, MatchKind.SIMILAR) == [["e.jpg", "network-only.jpg"]]


@pytest.mark.parametrize("apart_ms", [100, 1_000, 10_000])
def test_frames_of_a_burst_are_never_the_same_picture(rows: Rows, apart_ms: int) -> None:
    """Even a tripod's frames, alike to the bit: two times are two pictures."""
    for frame in range(3):
        vector = near(picture(1), 0.999, frame)
        rows.add(f"{frame}.jpg", vector=vector, hashes=turns(1), time_ms=frame * apart_ms // 2, camera="EOS")
    assert names(rows, MatchKind.SAME) == []
    assert names(rows, MatchKind.BURST) == [["0.jpg", "1.jpg", "2.jpg"]]


def test_a_minute_later_is_similar_and_no_burst(rows: Rows) -> None:
    rows.add("a.jpg", vector=picture(1), hashes=turns(1), time_ms=0, camera="EOS")
    rows.add("b.jpg", vector=near(picture(1), 0.99), hashes=turns(1), time_ms=60_000, camera="EOS")
    assert [cluster.kind for cluster in clusters(rows)] == [MatchKind.SIMILAR]


def test_two_frames_of_one_second_are_a_burst_and_a_copy_of_one_is_not(rows: Rows) -> None:
    """EXIF often tells whole seconds only."""
    rows.add("1.jpg", vector=picture(1), hashes=turns(1), time_ms=5_000, camera="EOS")
    rows.add("2.jpg", vector=near(picture(1), 0.98, 2), hashes=flipped(turns(1), 40), time_ms=5_000, camera="EOS")
    rows.add("1-saved-again.jpg", vector=near(picture(1), 0.98, 3), hashes=flipped(turns(1), 6, 9), time_ms=5_000,
             camera="EOS")  # fmt: skip
    rows.add("1-small.jpg", vector=near(picture(1), 0.98, 4), hashes=flipped(turns(1), 40, 8), time_ms=5_000,
             camera="EOS", size=(800, 600))  # fmt: skip
    assert names(rows, MatchKind.SAME) == [["1-saved-again.jpg", "1-small.jpg", "1.jpg"]]
    (burst,) = names(rows, MatchKind.BURST)
    assert {"1.jpg", "2.jpg"} <= set(burst)


def test_two_cameras_at_one_moment_are_no_burst(rows: Rows) -> None:
    rows.add("a.jpg", vector=picture(1), time_ms=0, camera="EOS")
    rows.add("b.jpg", vector=near(picture(1), 0.94), time_ms=500, camera="D70")
    assert names(rows, MatchKind.BURST) == []


def test_chains_are_not_groups(rows: Rows) -> None:
    """Each resembles the next; the ends have nothing in common."""
    for number in range(12):
        rows.add(
            f"{number:02}.jpg", hashes=flipped(turns(1), 40 * (number % 2), number // 2) if number < 2 else None
        )
    chain = [turns(1)]
    for number in range(1, 8):
        unpacked = np.unpackbits(chain[-1], axis=1)
        unpacked[:, number * 32 - 32 : number * 32 + 16] ^= 1  # 48 bits from the last, other ones each time
        chain.append(np.packbits(unpacked, axis=1))
    for number, hashes in enumerate(chain):
        rows.add(f"chain{number}.jpg", hashes=hashes)
    found = [group_ for group_ in names(rows, MatchKind.SAME) if group_[0].startswith("chain")]
    assert found
    for members in found:
        numbers = sorted(int(name[5]) for name in members)
        assert numbers[-1] - numbers[0] <= 2, members


def test_groups_do_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    photos = {
        "a.jpg": (turns(1), picture(1), (4000, 3000)),
        "a-small.jpg": (flipped(turns(1), 10), near(picture(1), 0.9, 1), (400, 300)),
        "a-crop.jpg": (turns(5), near(picture(1), 0.97, 2), (3000, 3000)),
        "a-between.jpg": (flipped(turns(1), 60, 3), picture(9), (2000, 1500)),
        "b-between.jpg": (flipped(turns(2), 60, 3), picture(8), (2000, 1500)),
        "b.jpg": (turns(2), picture(2), (4000, 3000)),
    }
    results = set()
    for order in itertools.islice(itertools.permutations(photos), 0, 720, 97):
        path = tmp_path / "-".join(order)[:60]
        path.mkdir(exist_ok=True)
        with Catalog.open(path / "catalog.db") as catalog:
            rows = Rows(catalog)
            for name in order:
                hashes, vector, size = photos[name]
                rows.add(name, hashes=hashes, vector=vector, size=size)
            results.add(str([rows.names(cluster.photo_ids) for cluster in clusters(rows)]))
    assert len(results) == 1
    assert "a-crop.jpg" in results.pop()


def test_a_photo_between_two_groups_goes_to_the_nearer() -> None:
    left = np.array([0, 0, 0, 1, 1, 1])
    right = np.array([2, 3, 6, 4, 5, 6])
    strength = np.array([0.99, 0.99, 0.95, 0.99, 0.99, 0.97], dtype=np.float32)
    assert group(7, left, right, strength) == [[0, 2, 3], [1, 4, 5, 6]]


def test_every_member_matches_the_centre() -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        count = int(random.integers(2, 40))
        matrix = np.triu(random.random((count, count)) < 0.15, 1)
        left, right = np.nonzero(matrix)
        groups = group(count, left, right, random.random(left.size).astype(np.float32))
        seen: set[int] = set()
        for centre, *members in groups:
            assert members
            for member in members:
                assert matrix[min(centre, member), max(centre, member)]
            assert not seen & {centre, *members}
            seen |= {centre, *members}


def test_dismissed_pairs_stay_away_until_a_new_member_joins(rows: Rows) -> None:
    first = rows.add("a.jpg", hashes=turns(1))
    second = rows.add("b.jpg", hashes=flipped(turns(1), 10, 1))
    assert names(rows, MatchKind.SAME) == [["a.jpg", "b.jpg"]]
    rows.catalog.dismiss([first, second])
    assert names(rows, MatchKind.SAME) == []
    # A move changes nothing: the verdict hangs on the bytes.
    rows.add("moved/b.jpg", "b.jpg", hashes=flipped(turns(1), 10, 1))
    assert names(rows, MatchKind.SAME) == []
    rows.add("c.jpg", hashes=flipped(turns(1), 10, 2))
    assert names(rows, MatchKind.SAME) == [["a.jpg", "b.jpg", "c.jpg", "moved/b.jpg"]]


def test_raw_and_jpeg_are_one_unit(rows: Rows) -> None:
    facts = {"hashes": turns(1), "time_ms": 5_000, "camera": "EOS"}
    rows.add("IMG_1.CR2", format="RAW", **facts)  # type: ignore[arg-type]
    rows.add("IMG_1.JPG", format="JPEG", **facts)  # type: ignore[arg-type]
    assert clusters(rows) == []
    # With a third file they are one side of the comparison, and the other half of the unit is not offered.
    rows.add("small.jpg", size=(800, 600), **facts)  # type: ignore[arg-type]
    (cluster,) = clusters(rows, MatchKind.SAME)
    assert rows.names(cluster.photo_ids) == ["IMG_1.CR2", "small.jpg"]


def test_files_of_one_name_without_a_common_time_are_no_unit(rows: Rows) -> None:
    rows.add("a.png", hashes=turns(1), format="PNG")
    rows.add("a.jpg", hashes=turns(1), format="JPEG")
    assert names(rows, MatchKind.SAME) == [["a.jpg", "a.png"]]


def test_the_best_comes_first_and_the_largest_gain_first(rows: Rows) -> None:
    rows.add("small.jpg", hashes=turns(1), size=(800, 600), bytes_=10)
    rows.add("large.jpg", hashes=flipped(turns(1), 4), size=(4000, 3000), bytes_=1_000)
    rows.add("x.jpg", hashes=turns(2), bytes_=5_000)
    rows.add("y.jpg", hashes=flipped(turns(2), 4), bytes_=4_000)
    found = clusters(rows, MatchKind.SAME)
    assert [rows.names(cluster.photo_ids) for cluster in found] == [["x.jpg", "y.jpg"], ["large.jpg", "small.jpg"]]


def test_photos_that_are_gone_are_in_no_group(rows: Rows) -> None:
    rows.add("a.jpg", hashes=turns(1))
    gone = rows.add("b.jpg", hashes=turns(1))
    rows.catalog.remove_photos([gone])
    assert clusters(rows) == []


def test_photos_without_a_vector_are_judged_by_their_hash(rows: Rows) -> None:
    rows.add("a.jpg", hashes=turns(1))
    rows.add("b.jpg", hashes=turns(1))
    rows.index.remove(rows.catalog.embedding_ids("m"))
    assert names(rows, MatchKind.SAME) == [["a.jpg", "b.jpg"]]


def test_stopping_ends_the_search(rows: Rows) -> None:
    for number in range(20):
        rows.add(f"{number}.jpg", hashes=turns(1))
    asked = []

    def stop() -> bool:
        asked.append(1)
        return True

    assert (
        find_clusters(rows.catalog, rows.index, MatchKind.SAME, same_picture_cosine=SAME_COSINE, should_stop=stop)
        == []
    )
    assert len(asked) <= 4


def test_the_finder_names_the_same_picture_only(rows: Rows) -> None:
    original = rows.photo(rows.add("a.jpg", hashes=turns(1), vector=picture(1), time_ms=0, camera="EOS"))
    by_hash = rows.photo(rows.add("b.jpg", hashes=flipped(turns(1), 30), time_ms=0, camera="EOS", size=(800, 600)))
    by_network = rows.photo(rows.add("c.jpg", vector=near(picture(1), 0.98)))
    rows.add("burst.jpg", hashes=turns(1), vector=near(picture(1), 0.99, 5), time_ms=900, camera="EOS")
    rows.add("other.jpg")
    find = same_picture_finder(rows.catalog, rows.index, same_picture_cosine=SAME_COSINE)
    assert find(original.content_id) == sorted([by_hash.content_id, by_network.content_id])
    assert find(999_999) == []


def test_other_rules_put_the_photos_otherwise_and_leave_the_groups_in_their_order(rows: Rows) -> None:
    rows.add("small.jpg", hashes=turns(1), size=(800, 600), bytes_=9_000)
    rows.add("large.jpg", hashes=flipped(turns(1), 4), size=(4000, 3000), bytes_=8_000)
    rows.add("a/x.jpg", "x", bytes_=10)
    rows.add("b/x.jpg", "x", bytes_=10)
    found = clusters(rows)
    assert [cluster.decided_by for cluster in found] == [(KeepRule.FIRST_PATH,), (KeepRule.LARGEST_PICTURE,)]
    assert [cluster.superfluous for cluster in found] == [cluster.photo_ids[1:] for cluster in found]
    order = (KeepRule.LARGEST_FILE, *(rule for rule in KeepRule if rule is not KeepRule.LARGEST_FILE))
    rules = KeepRules(order, frozenset({KeepRule.FIRST_PATH, KeepRule.NEWEST}))
    again = ranked(rows.catalog, found, rules)
    assert [rows.names(cluster.photo_ids) for cluster in again] == [
        ["a/x.jpg", "b/x.jpg"],
        ["small.jpg", "large.jpg"],
    ]
    assert [cluster.decided_by for cluster in again] == [(None,), (KeepRule.LARGEST_FILE,)]
    assert again[0].superfluous == ()  # no rule, no proposal
    assert find_clusters(rows.catalog, rows.index, same_picture_cosine=SAME_COSINE, rules=rules) == again
    rows.catalog.remove_photos(again[1].photo_ids[:1])
    assert [len(cluster.photo_ids) for cluster in ranked(rows.catalog, found, rules)] == [2, 1]


def test_copies_kept_on_purpose_come_back_when_another_joins(rows: Rows) -> None:
    both = [rows.add("a.jpg", "one"), rows.add("b/a.jpg", "one")]
    number = rows.catalog.keep_copies(both)
    assert names(rows, MatchKind.IDENTICAL) == []
    # One that is moved is no other; neither is one that goes.
    rows.catalog.move_photos([(both[1], b"/photos/c/renamed.jpg", rows.facts(b"/photos/c/renamed.jpg"))])
    assert names(rows, MatchKind.IDENTICAL) == []
    third = rows.add("d/a.jpg", "one")
    assert names(rows, MatchKind.IDENTICAL) == [["a.jpg", "c/renamed.jpg", "d/a.jpg"]]
    rows.catalog.remove_photos([third])
    assert names(rows, MatchKind.IDENTICAL) == []
    rows.catalog.undo_dismissal(number)
    assert names(rows, MatchKind.IDENTICAL) == [["a.jpg", "c/renamed.jpg"]]


def test_a_dismissal_is_taken_back_and_an_older_one_stays(rows: Rows) -> None:
    first, second = rows.add("a.jpg", hashes=turns(1)), rows.add("b.jpg", hashes=flipped(turns(1), 10, 1))
    rows.catalog.dismiss([first, second])
    third = rows.add("c.jpg", hashes=flipped(turns(1), 10, 2))
    rows.catalog.undo_dismissal(rows.catalog.dismiss([first, second, third]))
    assert names(rows, MatchKind.SAME) == [["a.jpg", "b.jpg", "c.jpg"]]
    assert len(rows.catalog.dismissed_pairs()) == 1
