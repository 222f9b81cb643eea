"""Queries: pictures, words and filters together, every photo of a content, and the kind of each hit."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.errors import UserError
from photofind.records import (
    Answer,
    FileFacts,
    Filter,
    ImagePart,
    MatchKind,
    PhotoPart,
    Prepared,
    Query,
    QueryPart,
    WordsPart,
)
from photofind.search.query import answer
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


def test_several_images_are_averaged_and_negative_ones_subtracted(rows: Rows) -> None:
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
    assert names(rows, less)[0] == "1.jpg"
    assert names(rows, ask(rows, PhotoPart(ids[0], weight=-1.0)))[0] == "far.jpg"
    nothing_left = ask(rows, PhotoPart(ids[0]), PhotoPart(ids[0], weight=-1.0))
    assert nothing_left.hits == ()


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
