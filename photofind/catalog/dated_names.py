"""What the name of a file says of when the picture was taken.

Pure; used by the catalog to file photos whose files say no date: messengers and screenshots take it out, or never
write one, and put it into the name. The time of the file comes after that, because copying changes it. It is no
metadata: what is compared by date (bursts, keep rules) goes on believing the file alone.

A list of the names of all programs lost: they share two ways to write a day, and new programs come every year.
Numbers that only look like a day are kept out by the calendar, by the years, and by the digits beside them.
"""

import os
import re
from datetime import datetime, timedelta

_EPOCH = datetime(1970, 1, 1)
_TIME = (
    r"(?:(?:[ T_.,-]+| (?:at|um|à|a las|alle|om) | ?(?P<noon>[上下]午))"
    r"(?P<hour>[01]\d|2[0-4]|\d(?=[.:]))(?P<colon>[-.:_h]?)(?P<minute>[0-5]\d)(?P=colon)(?P<second>[0-5]\d)"
    r"(?:\d{3})?(?!\d)(?:\s*(?P<half>[AaPp])\.?[Mm]\b)?)?"
)
_NAMES = (
    # IMG_20190203_101112, 20190203-101112, PXL_20210203_101112345, IMG-20190203-WA0001, Screenshot_20200102-101112
    re.compile(r"(?<!\d)(?P<year>19[7-9]\d|20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)" + _TIME),
    # Screenshot 2020-01-02 at 10.11.12, 2019-02-03 10.11.12, photo_2019-02-03_10-11-12, signal-2019-02-03-101112
    re.compile(
        r"(?<!\d)(?P<year>1[89]\d\d|20\d\d)(?P<sep>[-_.])(?P<month>[01]?\d)(?P=sep)(?P<day>[0-3]?\d)(?!\d)" + _TIME
    ),
    # 20190203101112
    re.compile(
        r"(?<!\d)(?P<year>19[7-9]\d|20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
        r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)(?:\d{3})?(?!\d)(?P<half>)(?P<noon>)"
    ),
)
_CLOCK = re.compile(r"(?:^|FB_IMG_|mmexport|wx_camera_|microMsg\.)(1\d{12})(?!\d)")
"""Facebook and WeChat write milliseconds since 1970."""


def date_in_name(name: bytes) -> int | None:
    """Return when a file was taken by its name, as `Metadata.captured_at_ms` counts; None where it says nothing.

    Args:
        name: Without its folder. Where it says a day and no time, midnight is returned.
    """
    stem = os.fsdecode(os.path.splitext(name)[0])
    for pattern in _NAMES:
        for match in pattern.finditer(stem):
            moment = _moment(match)
            if moment is not None:
                return (moment - _EPOCH) // timedelta(milliseconds=1)
    clock = _CLOCK.search(stem)
    if clock is None:
        return None
    seconds = int(clock[1]) // 1_000
    return (datetime.fromtimestamp(seconds) - _EPOCH) // timedelta(milliseconds=1)


def _moment(match: re.Match[str]) -> datetime | None:
    """Return the day, with the time if that is one; None for a day that no calendar has."""
    try:
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    if match["hour"] is None:
        return day
    hour, half = int(match["hour"]), (match["half"] or match["noon"] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half in "Pp下")
    if hour > 23:
        return day
    return day.replace(hour=hour, minute=int(match["minute"]), second=int(match["second"]))
