"""Queries: pictures, words and filters together, every photo of a content, and the kind of each hit."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.embedding.manifest import Calibration, Chance
from photofind.errors import UserError
from photofind.records import (
    Answer,
    FileFacts,
    Filter,
    Hit,
    ImagePart,
    MatchKind,
    PhotoPart,
    Prepared,
    Query,
    QueryPart,
    WordsPart,
)
from photofind.search.chances import Chances
from photofind.search.query import answer, combine
from tests.duplicates.rows import SAME_COSINE, Rows, flipped, near, picture, turns

NO_FILTER = Filter()


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield Rows(catalog)


def nothing(part: QueryPart) -> NDArray[np.float32] | None:
    raise AssertionError(f"{part} was embedded")


def ask(rows: Rows, *parts: QueryPart, k: int = 10, filter: Filter = NO_FILTER) -> Answer:
    return answer(
        Query(parts, filter, k),
        catalog=rows.catalog,
        index=rows.index,
        embed_part=nothing,
        same_picture_cosine=SAME_COSINE,
    )


def names(rows: Rows, found: Answer) -> list[str]:
    return rows.names(tuple(hit.photo_id for hit in found.hits))


def test_a_photo_of_the_library_comes_back_first_with_score_one(rows: Rows) -> None:
    ids = [rows.add(f"{number}.jpg") for number in range(30)]
    found = ask(rows, PhotoPart(ids[7]))
    assert len(found.hits) == 10
    assert found.hits[0].photo_id == ids[7]
    assert found.hits[0].score == pytest.approx(1, abs=1e-3)
    assert found.hits[0].kind is MatchKind.IDENTICAL
    assert found.hits[0].by_picture
    assert not found.hits[0].by_words
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert found.is_exact
    assert found.model_id == "m"
    assert found.milliseconds > 0


def test_every_photo_of_a_content_is_a_hit_and_aliases_are_none(rows: Rows) -> None:
    first = rows.add("a.jpg", "one")
    second = rows.add("b.jpg", "one")
    rows.add("link.jpg", "one", alias_of=first)
    rows.add("other.jpg")
    found = ask(rows, PhotoPart(second))
    assert [hit.photo_id for hit in found.hits[:2]] == [first, second]
    assert found.hits[0].score == found.hits[1].score
    assert len(found.hits) == 3


def test_k_photos_come_even_where_contents_have_none_left(rows: Rows) -> None:
    ids = [
        rows.add(f"{number}.jpg", vector=near(picture(0), 0.99 - number / 1_000, number)) for number in range(150)
    ]
    rows.catalog.remove_photos(ids[1:101])  # still in the index: the catalog has the last word
    found = ask(rows, PhotoPart(ids[0]), k=40)
    assert found.hits[0].photo_id == ids[0]
    assert len(found.hits) == 40
    assert not {hit.photo_id for hit in found.hits} & set(ids[1:101])
    assert len(ask(rows, PhotoPart(ids[0]), k=1_000).hits) == 50


def test_copies_come_before_what_is_merely_like_it(rows: Rows) -> None:
    query = rows.add("a.jpg", vector=picture(1), hashes=turns(1))
    rows.add("turned.jpg", vector=near(picture(1), 0.6, 1), hashes=flipped(turns(1), 20), size=(300, 400))
    for number in range(30):
        rows.add(f"{number}.jpg", vector=near(picture(1), 0.8, 10 + number))
    found = ask(rows, PhotoPart(query), k=5)
    assert names(rows, found)[:2] == ["a.jpg", "turned.jpg"]
    assert found.hits[1].kind is MatchKind.SAME
    assert len(found.hits) == 5
    less = rows.add("less.jpg", vector=picture(2))
    mixed = ask(rows, PhotoPart(query), PhotoPart(less, weight=-0.1), k=5)
    assert "turned.jpg" not in names(rows, mixed)


def test_kinds_of_hits(rows: Rows) -> None:
    taken = {"camera": "EOS", "size": (4000, 3000)}
    query = rows.add("a.jpg", "a", vector=picture(1), hashes=turns(1), time_ms=1_000, **taken)  # type: ignore[arg-type]
    rows.add("copy.jpg", "a")
    rows.add("small.jpg", vector=near(picture(1), 0.7, 1), hashes=flipped(turns(1), 30), size=(400, 300))
    rows.add("crop.jpg", vector=near(picture(1), 0.97, 2), size=(400, 300))
    rows.add("next.jpg", vector=near(picture(1), 0.98, 3), hashes=turns(1), time_ms=1_500, **taken)  # type: ignore[arg-type]
    rows.add("later.jpg", vector=near(picture(1), 0.98, 4), hashes=turns(1), time_ms=90_000, **taken)  # type: ignore[arg-type]
    rows.add("other.jpg", vector=near(picture(1), 0.5, 5))
    found = ask(rows, PhotoPart(query))
    kinds = {name: str(hit.kind) for name, hit in zip(names(rows, found), found.hits, strict=True)}
    assert kinds == {
        "a.jpg": "identical",
        "copy.jpg": "identical",
        "small.jpg": "same",
        "crop.jpg": "same",
        "next.jpg": "burst",
        "later.jpg": "similar",
        "other.jpg": "similar",
    }


def test_an_image_from_outside(rows: Rows) -> None:
    original = rows.photo(rows.add("a.jpg", vector=picture(1), hashes=turns(1)))
    rows.add("b.jpg")
    part = ImagePart(data=b"encoded")
    read = Prepared(
        b"",
        FileFacts(0, 0, 0, 0, 0),
        original.digest,
        width_px=4000,
        height_px=3000,
        perceptual_hash=turns(1).tobytes(),
        hash_quality=90,
    )

    def found(describe: Prepared | None) -> Answer:
        return answer(
            Query((part,)), catalog=rows.catalog, index=rows.index, embed_part=lambda _part: 5 * picture(1),
            same_picture_cosine=SAME_COSINE, describe_part=lambda _part: describe,
        )  # fmt: skip

    assert [hit.kind for hit in found(read).hits] == [MatchKind.IDENTICAL, MatchKind.SIMILAR]
    assert [hit.kind for hit in found(None).hits] == [MatchKind.SAME, MatchKind.SIMILAR]
    assert found(None).hits[0].score == pytest.approx(1, abs=1e-3)


def test_a_part_of_a_photo_is_embedded_and_says_nothing_of_the_whole(rows: Rows) -> None:
    photo_id = rows.add("a.jpg", vector=picture(1))
    part = PhotoPart(photo_id, region=(0.1, 0.1, 0.5, 0.5))
    found = answer(
        Query((part,)), catalog=rows.catalog, index=rows.index, embed_part=lambda _part: picture(1),
        same_picture_cosine=SAME_COSINE,
    )  # fmt: skip
    assert [hit.kind for hit in found.hits] == [MatchKind.SIMILAR]


def test_several_images_are_added_and_negative_ones_subtracted(rows: Rows) -> None:
    between = picture(1) + picture(2)
    ids = [
        rows.add("1.jpg", vector=picture(1)),
        rows.add("2.jpg", vector=picture(2)),
        rows.add("between.jpg", vector=between / np.linalg.norm(between)),
        rows.add("far.jpg", vector=-picture(1)),
    ]
    both = ask(rows, PhotoPart(ids[0]), PhotoPart(ids[1]))
    assert names(rows, both)[0] == "between.jpg"
    assert both.hits[0].score == pytest.approx(1, abs=2e-3)
    less = ask(rows, PhotoPart(ids[2]), PhotoPart(ids[1], weight=-0.9))
    assert names(rows, less)[:3] == ["between.jpg", "1.jpg", "2.jpg"]
    more = ask(rows, PhotoPart(ids[2]), PhotoPart(ids[1], weight=0.9))
    assert names(rows, more)[:3] == ["between.jpg", "2.jpg", "1.jpg"]
    assert names(rows, ask(rows, PhotoPart(ids[0], weight=-1.0)))[0] == "far.jpg"


@pytest.mark.parametrize("bad", [None, np.full(48, np.nan, np.float32), np.zeros(48, np.float32)])
def test_a_part_without_direction_is_passed_over(rows: Rows, bad: NDArray[np.float32] | None) -> None:
    photo_id = rows.add("a.jpg")
    query = Query((ImagePart(data=b"x"), PhotoPart(photo_id)))
    options = {"catalog": rows.catalog, "index": rows.index, "same_picture_cosine": SAME_COSINE}
    assert len(answer(query, embed_part=lambda _part: bad, **options).hits) == 1  # type: ignore[arg-type]
    alone = Query((ImagePart(data=b"x"),))
    assert answer(alone, embed_part=lambda _part: bad, **options).hits == ()  # type: ignore[arg-type]


def test_a_photo_that_is_gone_is_a_sentence(rows: Rows) -> None:
    with pytest.raises(UserError, match="no longer"):
        ask(rows, PhotoPart(99))


# --- what weights promise, for any vectors


UNIT = arrays(np.float64, 6, elements=st.floats(-1, 1, width=16)).filter(lambda row: np.linalg.norm(row) > 0.1)
UNITS = UNIT.map(lambda row: np.asarray(row / np.linalg.norm(row), dtype=np.float32))
WEIGHTS = st.sampled_from([-1.0, -0.5, 0.5, 1.0, 2.0])
PARTS = st.lists(st.tuples(WEIGHTS, UNITS), max_size=5)


def lead(
    parts: list[tuple[float, NDArray[np.float32]]], own: NDArray[np.float32], other: NDArray[np.float32]
) -> float:
    """How far one photo stands before another in the ranking by these parts; the sign is what counts."""
    vector = combine(parts)
    return 0.0 if vector is None else float(vector.astype(np.float64) @ (own.astype(np.float64) - other))


@given(parts=PARTS, own=UNITS, other=UNITS, weight=st.sampled_from([0.5, 1.0, 2.0]))
def test_one_more_example_brings_its_own_photo_forward(
    parts: list[tuple[float, NDArray[np.float32]]],
    own: NDArray[np.float32],
    other: NDArray[np.float32],
    weight: float,
) -> None:
    before = lead(parts, own, other)
    after = lead([*parts, (weight, own)], own, other)
    assert after >= before - 1e-5
    assert lead([*parts, (2 * weight, own)], own, other) >= after - 1e-5


@given(parts=PARTS, own=UNITS, other=UNITS, weight=st.sampled_from([-0.5, -1.0, -2.0]))
def test_one_more_counterexample_sends_its_own_photo_back(
    parts: list[tuple[float, NDArray[np.float32]]],
    own: NDArray[np.float32],
    other: NDArray[np.float32],
    weight: float,
) -> None:
    before = lead(parts, own, other)
    after = lead([*parts, (weight, own)], own, other)
    assert after <= before + 1e-5
    assert lead([*parts, (2 * weight, own)], own, other) <= after + 1e-5


@given(parts=PARTS)
def test_the_order_of_parts_does_not_matter(parts: list[tuple[float, NDArray[np.float32]]]) -> None:
    forwards, backwards = combine(parts), combine(parts[::-1])
    if forwards is None or backwards is None:
        assert not parts
    else:
        np.testing.assert_allclose(forwards, backwards, atol=1e-6)


def test_not_like_its_neighbour_still_finds_what_is_like_it(rows: Rows) -> None:
    """At full weight the little in which both differ would be asked for, and strangers came first."""
    wanted = rows.add("wanted.jpg", vector=picture(1))
    unwanted = rows.add("unwanted.jpg", vector=near(picture(1), 0.9, 1))
    rows.add("alike.jpg", vector=near(picture(1), 0.8, 2))
    rows.add("alike too.jpg", vector=near(picture(1), 0.7, 3))
    for number in range(100):
        rows.add(f"{number}.jpg")
    found = ask(rows, PhotoPart(wanted), PhotoPart(unwanted, weight=-1.0), k=5)
    assert set(names(rows, found)[:4]) == {"wanted.jpg", "unwanted.jpg", "alike.jpg", "alike too.jpg"}


# --- what likeness means


CHANCES = Chances.of(
    Calibration(SAME_COSINE, 0.6, 0.5, Chance(slope=30.0, intercept=-14.0), Chance(slope=9.0, intercept=-3.0))
)


def judge(rows: Rows, *parts: QueryPart, k: int = 10) -> dict[str, Hit]:
    found = answer(
        Query(parts, NO_FILTER, k), catalog=rows.catalog, index=rows.index, embed_part=nothing,
        same_picture_cosine=SAME_COSINE, chances=CHANCES,
    )  # fmt: skip
    return dict(zip(names(rows, found), found.hits, strict=True))


def test_hits_carry_the_chances_of_the_best_of_the_positive_images(rows: Rows) -> None:
    one = rows.add("one.jpg", vector=picture(1))
    two = rows.add("two.jpg", vector=picture(2))
    rows.add("near one.jpg", vector=near(picture(1), 0.78, 1))
    rows.add("near two.jpg", vector=near(picture(2), 0.97, 2))
    found = judge(rows, PhotoPart(one), PhotoPart(two, 0.5))
    assert found["near one.jpg"].same_picture == pytest.approx(0.5, abs=0.01)
    assert found["near one.jpg"].same_scene == pytest.approx(1 / (1 + np.exp(-(9 * 0.78 - 3))), abs=0.01)
    assert found["near two.jpg"].same_picture == pytest.approx(0.95, abs=0.001)
    assert found["one.jpg"].same_picture == 1
    assert all((hit.same_scene or 0) >= (hit.same_picture or 0) for hit in found.values())
    only_less = judge(rows, PhotoPart(one, -1.0))
    assert all(hit.same_picture is None and hit.same_scene is None for hit in only_less.values())


def test_bytes_hashes_and_the_camera_know_better_than_the_cosine(rows: Rows) -> None:
    taken = {"camera": "EOS", "size": (4000, 3000)}
    query = rows.add("a.jpg", "a", vector=picture(1), hashes=turns(1), time_ms=1_000, **taken)  # type: ignore[arg-type]
    rows.add("turned.jpg", vector=near(picture(1), 0.2, 1), hashes=flipped(turns(1), 20), size=(300, 400))
    rows.add("next.jpg", vector=near(picture(1), 0.98, 3), hashes=turns(1), time_ms=1_500, **taken)  # type: ignore[arg-type]
    rows.add("later.jpg", vector=near(picture(1), 0.98, 4), hashes=turns(1), time_ms=90_000, **taken)  # type: ignore[arg-type]
    found = judge(rows, PhotoPart(query))
    assert found["turned.jpg"].same_picture == pytest.approx(0.95)
    assert found["next.jpg"].same_picture == pytest.approx(0.01)
    assert (found["next.jpg"].same_scene or 0) >= 0.99
    assert found["later.jpg"].same_picture == pytest.approx(0.01)


def test_photos_found_by_words_are_compared_with_the_picture_too(rows: Rows) -> None:
    query = rows.add("query.jpg", vector=picture(1))
    rows.add("beach far.jpg", vector=-picture(1))
    found = judge(rows, PhotoPart(query), WordsPart("beach"))
    assert found["beach far.jpg"].same_scene == pytest.approx(0, abs=0.01)


def test_an_answer_tells_whether_more_may_match(rows: Rows) -> None:
    ids = [rows.add(f"{number}.jpg") for number in range(30)]
    assert ask(rows, PhotoPart(ids[0]), k=10).is_cut
    assert not ask(rows, PhotoPart(ids[0]), k=31).is_cut
    assert not ask(rows, WordsPart("7.jpg"), k=31).is_cut


def test_words_alone(rows: Rows) -> None:
    rows.add("beach.jpg")
    rows.add("forest.jpg")
    found = ask(rows, WordsPart("beach"))
    assert names(rows, found) == ["beach.jpg"]
    assert found.hits[0].by_words
    assert not found.hits[0].by_picture
    assert found.is_exact
    assert found.model_id == ""
    assert ask(rows, WordsPart("   ")).hits == ()
    assert ask(rows).hits == ()
    assert ask(rows, WordsPart('"(unfinished AND *')).hits == ()


def test_words_and_pictures_rank_together(rows: Rows) -> None:
    query = rows.add("query.jpg", vector=picture(1))
    rows.add("nearest.jpg", vector=near(picture(1), 0.95, 1))
    rows.add("beach near.jpg", vector=near(picture(1), 0.9, 2))
    rows.add("beach far.jpg", vector=-picture(1))
    found = ask(rows, PhotoPart(query), WordsPart("beach"))
    order = names(rows, found)
    assert order[0] == "beach near.jpg"  # in both lists
    assert set(order) == {"query.jpg", "nearest.jpg", "beach near.jpg", "beach far.jpg"}
    both = next(hit for hit, name in zip(found.hits, order, strict=True) if name == "beach near.jpg")
    assert both.by_picture
    assert both.by_words


def test_negative_words_take_photos_out(rows: Rows) -> None:
    query = rows.add("query.jpg", vector=picture(1))
    rows.add("beach.jpg", vector=near(picture(1), 0.95, 1))
    rows.add("forest.jpg", vector=near(picture(1), 0.9, 2))
    found = ask(rows, PhotoPart(query), WordsPart("beach", weight=-1.0), k=2)
    assert names(rows, found) == ["query.jpg", "forest.jpg"]


def test_a_filter_is_exact_and_hides_the_other_copies(rows: Rows) -> None:
    first = rows.add("in/a.jpg", "one")
    rows.add("out/a.jpg", "one")
    second = rows.add("in/b.jpg")
    rows.add("out/b.jpg")
    for number in range(80):
        rows.add(f"out/{number}.jpg")
    rows.index._exact_limit = 1
    rows.index.build()
    everywhere = ask(rows, PhotoPart(first), PhotoPart(second), k=1)  # one alone looks at 200 for copies
    assert not everywhere.is_exact
    found = ask(rows, PhotoPart(first), filter=Filter(directory=b"/photos/in"))
    assert names(rows, found) == ["in/a.jpg", "in/b.jpg"]
    assert found.is_exact
    assert names(rows, ask(rows, WordsPart("b"), filter=Filter(directory=b"/photos/in"))) == ["in/b.jpg"]
    assert ask(rows, PhotoPart(first), filter=Filter(directory=b"/nowhere")).hits == ()
