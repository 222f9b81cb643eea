"""When a picture was taken, by the name of its file."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofind.catalog.dated_names import date_in_name


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the zone cannot be set here")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def said(name: str) -> str:
    taken_ms = date_in_name(os.fsencode(name))
    if taken_ms is None:
        return ""
    return datetime.fromtimestamp(taken_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("IMG_20190203_101112.jpg", "2019-02-03 10:11:12"),
        ("20190203_101112.jpg", "2019-02-03 10:11:12"),
        ("20190203_101112(0).jpg", "2019-02-03 10:11:12"),
        ("PXL_20210203_101112345.MP.jpg", "2021-02-03 10:11:12"),
        ("IMG_20190203_101112_Bokeh.heic", "2019-02-03 10:11:12"),
        ("IMG20190203101112.jpg", "2019-02-03 10:11:12"),
        ("IMG-20190203-WA0001.jpg", "2019-02-03 00:00:00"),
        ("Screenshot_20200102-101112.png", "2020-01-02 10:11:12"),
        ("Screenshot_2020-01-02-10-11-12-345_com.app.png", "2020-01-02 10:11:12"),
        ("Screenshot_20200102_101112_Maps.jpg", "2020-01-02 10:11:12"),
        ("Screenshot 2020-01-02 at 9.11.12.png", "2020-01-02 09:11:12"),
        ("Screen Shot 2020-01-02 at 9.11.12 PM.png", "2020-01-02 21:11:12"),
        ("Screenshot 2020-01-02 at 12.11.12\u202fAM.png", "2020-01-02 00:11:12"),
        ("Bildschirmfoto 2020-01-02 um 09.11.12.png", "2020-01-02 09:11:12"),
        ("截屏2020-01-02 下午3.11.12.png", "2020-01-02 15:11:12"),
        ("WhatsApp Image 2019-02-03 at 10.11.12.jpeg", "2019-02-03 10:11:12"),
        ("photo_2019-02-03_10-11-12.jpg", "2019-02-03 10:11:12"),
        ("signal-2019-02-03-101112.jpg", "2019-02-03 10:11:12"),
        ("2019-02-03 10.11.12-2.jpg", "2019-02-03 10:11:12"),
        ("1954-7-9 Grandmother.tif", "1954-07-09 00:00:00"),
        ("caf\udce9 2019.02.03.png", "2019-02-03 00:00:00"),
        # Of several, the first that is a day.
        ("20191332_20190203.jpg", "2019-02-03 00:00:00"),
    ],
)
def test_names_that_say_when(name: str, taken: str) -> None:
    assert said(name) == taken


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("name", ["FB_IMG_1549185072000.jpg", "mmexport1549185072000.jpg", "1549185072000.jpg"])
def test_milliseconds_since_1970_are_told_by_the_wall_clock_here(name: str) -> None:
    assert said(name) == "2019-02-03 10:11:12"


@pytest.mark.parametrize(
    "name",
    [
        "", "IMG_1234.jpg", "DSC_20193.jpg", "IMG_20190230_101112.jpg", "IMG_20191301.jpg", "12345678.jpg",
        "120190203.jpg", "201902031.jpg", "summer_beach-2019.jpg", "2019-02.jpg", "2019-02-031.jpg", "v1.2.3.png",
        "1920x1080.jpg", "received_1549185072000.jpg", "15491850720001.jpg",
    ],
)  # fmt: skip
def test_names_that_say_nothing(name: str) -> None:
    assert said(name) == ""


def test_a_counter_behind_the_day_is_no_time() -> None:
    assert said("IMG_20190203_12345.jpg") == said("IMG_20190203_996112.jpg") == "2019-02-03 00:00:00"


@given(st.binary(max_size=80))
def test_no_name_is_too_odd(name: bytes) -> None:
    date_in_name(name)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)))
def test_a_time_that_is_written_is_read(moment: datetime) -> None:
    assert said(moment.strftime("IMG_%Y%m%d_%H%M%S.jpg")) == f"{moment:%Y-%m-%d %H:%M:%S}"
