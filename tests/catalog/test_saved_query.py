"""Kept queries come back as they were, whatever they ask, and what cannot be read says so in a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.catalog.saved_query import VERSION, from_text, to_text, with_tag_renamed
from photofind.errors import UserError
from photofind.records import ChanceOf, Cut, Filter, ImagePart, PhotoPart, Query, SavedQuery, WordsPart

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
PHOTOS = st.builds(
    PhotoPart, st.integers(1, 99), NUMBERS, st.none() | st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
)
FILTERS = st.builds(
    Filter,
    directory=st.none() | st.binary(),
    captured_from_ms=st.none() | st.integers(),
    captured_until_ms=st.none() | st.integers(),
    cameras=st.lists(TEXTS).map(tuple),
    formats=st.lists(TEXTS).map(tuple),
    min_rating=st.none() | st.integers(0, 5),
    orientation=st.sampled_from([None, "landscape", "portrait", "square"]),
    labels=st.lists(TEXTS).map(tuple),
    tags=st.lists(TEXTS).map(tuple),
    flag=st.sampled_from([None, -1, 0, 1]),
    collection_id=st.none() | st.integers(1),
)
CUTS = st.builds(Cut, st.floats(0, 1), st.sampled_from(ChanceOf))
QUERIES = st.builds(
    Query,
    st.lists(PHOTOS | st.builds(WordsPart, TEXTS, NUMBERS)).map(tuple),
    FILTERS,
    st.integers(1, 10_000),
    st.none() | CUTS,
)


def digest_of(photo_id: int) -> bytes:
    return b"%032d" % photo_id


@given(QUERIES)
def test_every_query_comes_back(query: Query) -> None:
    assert from_text(to_text(query, digest_of), int) == SavedQuery(query)


@given(QUERIES)
def test_every_condition_of_a_filter_is_tried(query: Query) -> None:
    """A new condition belongs into `FILTERS`."""
    kept = json.loads(to_text(query, digest_of))
    assert len(kept["filter"]) == sum(
        getattr(query.filter, name) != getattr(Filter(), name) for name in Filter.__dataclass_fields__
    )
    assert set(Filter.__dataclass_fields__) == {
        "directory", "captured_from_ms", "captured_until_ms", "cameras", "formats", "min_rating", "orientation",
        "labels", "tags", "flag", "collection_id",
    }  # fmt: skip


def test_a_photo_that_left_is_left_out_with_a_sentence() -> None:
    text = to_text(Query((PhotoPart(1), WordsPart("sea"), PhotoPart(2))), digest_of)
    kept = from_text(text, lambda digest: None if int(digest) == 1 else int(digest))
    assert kept.query.parts == (WordsPart("sea"), PhotoPart(2))
    assert kept.remarks == ("A photo of this query is no longer in the library and was left out.",)
    none = from_text(text, lambda _: None)
    assert none.query.parts == (WordsPart("sea"),)
    assert none.remarks == ("2 photos of this query are no longer in the library and were left out.",)


def test_pictures_from_outside_are_never_kept() -> None:
    for part in (ImagePart(path=b"/a.jpg"), ImagePart(data=b"jpeg")):
        with pytest.raises(UserError, match="Add the image to the library first"):
            to_text(Query((part,)), digest_of)


def test_a_photo_that_is_gone_cannot_be_kept() -> None:
    with pytest.raises(UserError, match="no longer in the library"):
        to_text(Query((PhotoPart(1),)), lambda _: None)


def test_what_a_newer_program_wrote_is_refused() -> None:
    text = to_text(Query((), Filter(flag=1), cut=Cut(0.5, ChanceOf.WORDS)), digest_of)
    for newer in (
        text.replace(f'"version": {VERSION}', f'"version": {VERSION + 1}'),
        text.replace('"flag"', '"mood"'),
    ):
        assert newer != text
        with pytest.raises(UserError, match="newer"):
            from_text(newer, int)


def test_what_an_older_program_can_show_it_may_read() -> None:
    """It knows no cut; a query without one is of its version, and its own queries have none."""
    plain = to_text(Query((WordsPart("sea"),)), digest_of)
    assert json.loads(plain)["version"] == 1
    assert "cut" not in json.loads(plain)
    assert json.loads(to_text(Query((), cut=Cut(0.4, ChanceOf.WORDS)), digest_of))["version"] == 2
    assert from_text('{"version": 1, "parts": [], "filter": {}, "k": 5}', int).query == Query((), k=5)


@pytest.mark.parametrize("cut", ['{"chance": 0.5}', '{"chance": 0.5, "of": "luck"}', '{"of": "words"}', "0.5"])
def test_a_cut_that_is_none_is_called_damaged(cut: str) -> None:
    with pytest.raises(UserError, match="damaged"):
        from_text(f'{{"version": 2, "parts": [], "filter": {{}}, "k": 5, "cut": {cut}}}', int)


@given(
    st.text() | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)).map(json.dumps)
)
def test_anything_else_is_called_damaged(text: str) -> None:
    with pytest.raises(UserError, match="damaged"):
        from_text(text, int)


def test_a_renamed_tag_is_renamed_in_queries() -> None:
    text = to_text(Query((), Filter(tags=("sea", "Ocean", "lake"))), digest_of)
    renamed = with_tag_renamed(text, lambda tag: tag == "sea", "Ocean")
    assert from_text(renamed, int).query.filter.tags == ("Ocean", "lake")
    untouched = to_text(Query((WordsPart("sea"),)), digest_of)
    assert with_tag_renamed(untouched, lambda _: True, "x") == untouched
