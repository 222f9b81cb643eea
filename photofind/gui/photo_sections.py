"""Where a list of photos is divided, and what each part is called: by day, month or year, or by folder.

Used by the grid and its scrubber, on the window's thread. Only orders that mean something for sections have any:
newest and oldest first, and by folder. Days, months or years are chosen by how many photos come to each, for the
whole list, so that headers neither stand over single photos nor are screens apart. A choice month by month lost:
headers of both kinds, mixed, read as a mistake.

A million photos are divided in 1.5 ms: only where the day changes is a date ever made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QDate, QLocale

from photofind.gui import wording
from photofind.records import Listing, SortOrder

translate = QCoreApplication.translate

DAY_PHOTOS = 8
"""Photos that come to a day on the average, or more: days are sections."""
MONTH_PHOTOS = 4
_DAY_MS = 86_400_000
_DATED = (SortOrder.NEWEST, SortOrder.OLDEST)


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """The parts of a listing.

    Attributes:
        listing: What is divided.
        starts: First row of each part, int64 [m], ascending from 0.
        unit: What a part is: "D", "M" or "Y" (day, month, year, as numpy calls them), or "" for a folder.
    """

    listing: Listing
    starts: NDArray[np.int64]
    unit: str

    def title(self, section: int) -> str:
        """Return what a part is called."""
        row = int(self.starts[section])
        if self.unit:
            return date_title(int(self.listing.taken_ms[row]), self.unit)
        return wording.display_name(_folder(self.listing, row)) or self.detail(section)

    def detail(self, section: int) -> str:
        """Return where a folder is; "" for a date."""
        return "" if self.unit else wording.display_text(_folder(self.listing, int(self.starts[section])))


def sections_of(listing: Listing) -> Sections | None:
    """Divide a listing; None when its order has no sections."""
    if not len(listing):
        return None
    if listing.order is SortOrder.FOLDER:
        return Sections(listing, _changes(listing.directory), "")
    if listing.order not in _DATED:
        return None
    days = listing.taken_ms // _DAY_MS
    starts = _changes(days)
    if len(listing) >= DAY_PHOTOS * len(starts):
        return Sections(listing, starts, "D")
    dates = days[starts].astype("datetime64[D]")
    for unit, photos in (("M", MONTH_PHOTOS), ("Y", 0)):
        found = starts[_changes(dates.astype(f"datetime64[{unit}]"))]
        if len(listing) >= photos * len(found):
            return Sections(listing, found, unit)
    raise AssertionError  # a year takes any number


def place_title(listing: Listing, row: int) -> str:
    """Return what is at a row, for someone who looks for a place in the list; "" where nothing is to be said."""
    if listing.order in _DATED:
        return date_title(int(listing.taken_ms[row]), "M")
    if listing.order is SortOrder.FOLDER:
        return wording.display_name(_folder(listing, row)) or wording.display_text(_folder(listing, row))
    return ""


def year_rows(listing: Listing) -> list[tuple[int, int]]:
    """Return each year with its first row, in the order of the list; empty unless it is one of dates.

    A search by halves in the sorted dates: nothing is computed for a million photos.
    """
    if listing.order not in _DATED or not len(listing):
        return []
    ends = (int(listing.taken_ms[0]), int(listing.taken_ms[-1]))
    first, last = (int(_date(ms).year()) for ms in (min(ends), max(ends)))
    years = list(range(first, last + 1))
    new_years = [_new_year_ms(year) for year in years]
    if listing.order is SortOrder.OLDEST:
        rows = np.searchsorted(listing.taken_ms, new_years).tolist()
    else:
        # Sorted the other way: a year begins behind all that was taken after it.
        ends_ms = [*new_years[1:], _new_year_ms(last + 1)]
        rows = (len(listing) - np.searchsorted(listing.taken_ms[::-1], ends_ms)).tolist()
        years, rows = years[::-1], rows[::-1]
    stops = [*rows[1:], len(listing)]
    return [(year, row) for year, row, stop in zip(years, rows, stops, strict=True) if row < stop]


def date_title(taken_ms: int, unit: str) -> str:
    """Return a day, month or year in words."""
    date, locale = _date(taken_ms), QLocale()
    if unit == "D":
        return locale.toString(date, QLocale.FormatType.LongFormat)
    if unit == "M":
        return locale.toString(date, translate("Sections", "MMMM yyyy", "a month as Qt writes dates: May 2014"))
    return locale.toString(date, translate("Sections", "yyyy", "a year as Qt writes dates"))


def _date(taken_ms: int) -> QDate:
    return QDate(1970, 1, 1).addDays(taken_ms // _DAY_MS)


def _new_year_ms(year: int) -> int:
    return QDate(1970, 1, 1).daysTo(QDate(year, 1, 1)) * _DAY_MS


def _folder(listing: Listing, row: int) -> bytes:
    return listing.directories[int(listing.directory[row])]


def _changes(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return the places where a value differs from the one before, the first place included."""
    begins = np.empty(len(values), np.bool_)
    begins[0] = True
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    return np.flatnonzero(begins)
