"""Sections: what a list is divided into, what the parts are called, and where its years begin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.gui.photo_sections import place_title, sections_of, year_rows
from photofind.records import Listing, SortOrder

DAY_MS = 86_400_000
MAY_2014_MS = 1_399_000_000_000
"""2 May 2014."""


def listing(taken_ms: list[int], order: SortOrder = SortOrder.NEWEST) -> Listing:
    count = len(taken_ms)
    taken = np.sort(np.array(taken_ms, np.int64))
    return Listing(
        order,
        np.arange(1, count + 1),
        taken if order is SortOrder.OLDEST else taken[::-1].copy(),
        np.ones(count, np.float32),
        np.sort(np.arange(count, dtype=np.int32) % 3),
        (b"/photos/a", b"/photos/B", b"/"),
    )


@pytest.fixture(autouse=True)
def _look(look: None) -> None:
    """English."""


def test_many_photos_a_day_make_days() -> None:
    sections = sections_of(listing([MAY_2014_MS + n * DAY_MS // 20 for n in range(100)]))
    assert sections is not None
    assert sections.unit == "D"
    assert sections.title(0) == "Wednesday, May 7, 2014"
    assert sections.detail(0) == ""


def test_fewer_make_months_and_very_few_years() -> None:
    months = sections_of(listing([MAY_2014_MS + n * 3 * DAY_MS for n in range(60)], SortOrder.OLDEST))
    years = sections_of(listing([MAY_2014_MS + n * 40 * DAY_MS for n in range(60)]))
    assert months is not None
    assert years is not None
    assert [months.title(n) for n in (0, 1)] == ["May 2014", "June 2014"]
    assert [years.title(n) for n in (0, 1)] == ["2020", "2019"]


def test_folders_are_called_by_name_and_say_where_they_are() -> None:
    sections = sections_of(listing([MAY_2014_MS] * 9, SortOrder.FOLDER))
    assert sections is not None
    assert sections.starts.tolist() == [0, 3, 6]
    assert [sections.title(n) for n in range(3)] == ["a", "B", "/"]
    assert sections.detail(1) == "/photos/B"


@pytest.mark.parametrize("order", [SortOrder.NAME, SortOrder.SIZE, SortOrder.ADDED])
def test_other_orders_have_none(order: SortOrder) -> None:
    photos = listing([MAY_2014_MS] * 9, order)
    assert sections_of(photos) is None
    assert place_title(photos, 0) == ""
    assert year_rows(photos) == []


def test_an_empty_list_has_none() -> None:
    assert sections_of(listing([])) is None
    assert year_rows(listing([])) == []


moments = st.lists(st.integers(-2_000_000_000_000, 2_500_000_000_000), min_size=1, max_size=200)


@given(moments, st.sampled_from([SortOrder.NEWEST, SortOrder.OLDEST]))
def test_every_section_has_one_title_and_neighbours_differ(taken_ms: list[int], order: SortOrder) -> None:
    photos = listing(taken_ms, order)
    sections = sections_of(photos)
    assert sections is not None
    stops = [*sections.starts[1:].tolist(), len(photos)]
    unit = f"datetime64[{sections.unit}]"
    dates = (photos.taken_ms // DAY_MS).astype("datetime64[D]").astype(unit)
    for start, stop in zip(sections.starts.tolist(), stops, strict=True):
        assert len(set(dates[start:stop].tolist())) == 1
        assert start == 0 or dates[start - 1] != dates[start]


@given(moments, st.sampled_from([SortOrder.NEWEST, SortOrder.OLDEST]))
def test_years_begin_where_they_do(taken_ms: list[int], order: SortOrder) -> None:
    photos = listing(taken_ms, order)
    years = (photos.taken_ms // DAY_MS).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    expected: dict[int, int] = {}
    for row, year in enumerate(years.tolist()):
        expected.setdefault(year, row)
    assert year_rows(photos) == list(expected.items())
