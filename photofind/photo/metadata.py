"""Reads what a file says of its picture: EXIF, XMP and IPTC, cleaned.

Pure; runs in decoder processes. Everything here was written by strangers: text loses its control characters and
what exceeds a length, numbers must be finite and plausible, dates must exist. A wrong value is dropped, never
raised: bad metadata is no reason to refuse a photo. The order of trust follows the Metadata Working Group's
guidelines (2010): for what the camera knows EXIF, XMP, IPTC; for what a person wrote XMP, IPTC, EXIF.

XMP is parsed with the standard library; a document that declares a type or entities is refused, so nothing can be
expanded or fetched (defusedxml does the same with one more dependency).
"""

import contextlib
import math
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from datetime import datetime, timedelta

from photofind.photo import containers, raw
from photofind.photo.tiff import Directory, Tiff
from photofind.records import Metadata

_NAME_LENGTH = 200
_TITLE_LENGTH = 1_000
_CAPTION_LENGTH = 8_000
_KEYWORD_LENGTH = 100
_MOST_KEYWORDS = 200
_YEARS = range(1826, 2100)
"""The first photograph is of 1826; a later year than 2099 is a broken clock."""
_EPOCH = datetime(1970, 1, 1)

_BOILERPLATE = re.compile(
    r"(?:[\w ]*\bDIGITAL (?:STILL )?CAMERA|SONY DSC|SAMSUNG CAMERA PICTURES|DIGITAL IMAGE|UNTITLED|DEFAULT|DSC\w*\d"
    r"|DCIM.*|<?KENOX.*|.{0,3})",
    re.IGNORECASE,
)
"""What cameras write where a person's description belongs; found words would be worthless."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "iptc",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifex",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.microsoft.com/photo/1.0/": "microsoft",
    "http://ns.microsoft.com/photo/1.0": "microsoft",
}
_Xmp = dict[str, list[str]]
_Iptc = dict[int, list[str]]


def read_metadata(data: bytes) -> Metadata:
    """Return the metadata of an encoded picture; empty where there is none or it is damaged."""
    blocks = containers.find_blocks(data)
    if raw.is_raw(data) and len(blocks.exif) == 1 and not Tiff(blocks.exif[0]).tags().raw(0x9003):
        # Some makers (RW2, X3F) leave the EXIF block to the preview inside.
        preview = raw.largest_preview(data)
        if preview is not None:
            inner = containers.find_blocks(data[preview.offset : preview.offset + (1 << 20)])
            blocks = inner if inner.exif else blocks
    tags = Directory(b"", "<")
    readers: dict[int, Directory] = {}
    for block in blocks.exif:
        for tag in (part := Tiff(block).tags()):
            readers.setdefault(tag, part)
    exif = _Exif(readers, tags)
    xmp, iptc = _read_xmp(blocks.xmp), _read_iptc(blocks.iptc)

    captured, offset_min = _time(exif, xmp, iptc)
    latitude, longitude, altitude = _position(exif, xmp)
    description = exif.text(0x010E, _CAPTION_LENGTH)
    if description and (_BOILERPLATE.fullmatch(description) or description == exif.text(0x010F)):
        description = None
    return Metadata(
        captured_at_ms=captured,
        utc_offset_min=offset_min,
        camera_make=exif.text(0x010F) or _first(xmp, "tiff:Make"),
        camera_model=exif.text(0x0110) or _first(xmp, "tiff:Model"),
        lens=_lens(exif, xmp),
        exposure_s=_between(exif.number(0x829A), 1e-7, 86_400) or _apex_time(exif.number(0x9201)),
        f_number=_between(exif.number(0x829D), 0.1, 1000) or _apex_f_number(exif.number(0x9202)),
        iso=_iso(exif),
        focal_mm=_between(exif.number(0x920A), 0.1, 100_000),
        focal_35mm=_between(exif.number(0xA405), 0.1, 100_000),
        latitude=latitude,
        longitude=longitude,
        altitude_m=altitude,
        rating=_rating(exif, xmp),
        title=_first(xmp, "dc:title", _TITLE_LENGTH)
        or _first_iptc(iptc, 5, _TITLE_LENGTH)
        or exif.wide_text(0x9C9B, _TITLE_LENGTH),
        caption=_first(xmp, "dc:description", _CAPTION_LENGTH)
        or _first_iptc(iptc, 120, _CAPTION_LENGTH)
        or description
        or exif.wide_text(0x9C9C, _CAPTION_LENGTH)
        or exif.comment(),
        keywords=_keywords(exif, xmp, iptc),
        creator=", ".join(_unique(xmp.get("dc:creator", ()), _NAME_LENGTH)[:5])
        or _first_iptc(iptc, 80)
        or exif.text(0x013B),
        place=_place(xmp, iptc),
        orientation=_orientation(exif),
    )


class _Exif:
    """The EXIF tags of a file, from one or several TIFF structures, cleaned."""

    def __init__(self, readers: dict[int, Directory], nothing: Directory) -> None:
        self._readers = readers
        self._nothing = nothing

    def of(self, tag: int) -> Directory:
        return self._readers.get(tag, self._nothing)

    def number(self, tag: int) -> float | None:
        return self.of(tag).number(tag)

    def numbers(self, tag: int) -> tuple[float, ...]:
        return self.of(tag).numbers(tag)

    def text(self, tag: int, length: int = _NAME_LENGTH) -> str | None:
        return clean_text(_decoded(self.of(tag).raw(tag).split(b"\0", 1)[0]), length)

    def wide_text(self, tag: int, length: int) -> str | None:
        """Return one of Windows' UTF-16 tags."""
        return clean_text(self.of(tag).raw(tag).decode("utf-16-le", "replace").split("\0", 1)[0], length)

    def comment(self) -> str | None:
        """Return the user comment, whose first eight bytes name its coding; only codings that are text."""
        block = self.of(0x9286).raw(0x9286)
        code, body = block[:8].rstrip(b"\0 ").upper(), block[8:]
        if code == b"ASCII":
            text = clean_text(_decoded(body.split(b"\0", 1)[0]), _CAPTION_LENGTH)
        elif code == b"UNICODE":
            # The standard leaves the byte order open; the zero bytes of plain letters tell.
            big = body[::2].count(0) > body[1::2].count(0)
            text = clean_text(body.decode("utf-16-be" if big else "utf-16-le", "replace"), _CAPTION_LENGTH)
        else:
            return None
        return None if text is None or _BOILERPLATE.fullmatch(text) else text


def clean_text(text: str, length: int) -> str | None:
    """Return text fit to be shown and stored, or None when nothing is left.

    Control, formatting (also the ones that turn the direction of writing) and unassigned characters and lone
    surrogates go; line ends and tabs become single spaces or line ends; the rest is composed (NFC) and cut.
    """
    text = text[: 4 * length]
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = "".join(
            letter if letter == "\n" or unicodedata.category(letter)[0] != "C" else " " if letter == "\t" else ""
            for letter in text
        )
    return text[:length].strip() or None


def _decoded(data: bytes) -> str:
    """Decode bytes of an unknown coding: UTF-8 if they are, else Windows' Latin, which takes all else."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _between(number: float | None, low: float, high: float) -> float | None:
    return float(number) if number is not None and low <= number <= high else None


def _apex_time(value: float | None) -> float | None:
    """Return seconds from an APEX shutter speed (EXIF 2.32, annex C)."""
    return _between(2.0**-value, 1e-7, 86_400) if value is not None and -20 < value < 24 else None


def _apex_f_number(value: float | None) -> float | None:
    """Return the f-number from an APEX aperture (EXIF 2.32, annex C)."""
    return _between(round(2.0 ** (value / 2), 1), 0.1, 1000) if value is not None and 0 < value < 20 else None


def _iso(exif: _Exif) -> int | None:
    for tag in (0x8827, 0x8832, 0x8833, 0x8831):  # 65535 in the first says: too large for me, see the others
        number = exif.number(tag)
        if number is not None and 1 <= number <= 100_000_000 and number != 65_535:
            return int(number)
    return None


def _lens(exif: _Exif, xmp: _Xmp) -> str | None:
    named = exif.text(0xA434) or _first(xmp, "exifex:LensModel") or _first(xmp, "aux:Lens")
    if named and named.strip("- "):
        return named
    numbers = exif.numbers(0xA432)
    if len(numbers) < 4 or not all(math.isfinite(number) and number > 0 for number in numbers[:2]):
        return None
    near, far, wide, tele = numbers[:4]
    zoom = f"{near:g}" if near == far else f"{near:g}-{far:g}"
    if not (math.isfinite(wide) and math.isfinite(tele) and wide > 0):
        return f"{zoom} mm"
    return f"{zoom} mm f/{wide:g}" if wide == tele or tele <= 0 else f"{zoom} mm f/{wide:g}-{tele:g}"


def _orientation(exif: _Exif) -> int:
    number = exif.number(0x0112)
    return int(number) if number is not None and number in range(1, 9) else 1


def _rating(exif: _Exif, xmp: _Xmp) -> int | None:
    with contextlib.suppress(ValueError, OverflowError):
        number = float(_first(xmp, "xmp:Rating") or "nan")
        if -1 <= number <= 5:
            return int(number)
    number_or_none = exif.number(0x4746)
    if number_or_none is not None and 0 <= number_or_none <= 5:
        return int(number_or_none)
    percent = exif.number(0x4749)
    if percent is None:
        with contextlib.suppress(ValueError):
            percent = float(_first(xmp, "microsoft:Rating") or "nan")
    if percent is not None and 0 <= percent <= 100:
        return min(5, math.ceil(percent / 20 - 0.2)) if percent else 0  # Windows writes 1, 25, 50, 75, 99
    return None


# Time


def _time(exif: _Exif, xmp: _Xmp, iptc: _Iptc) -> tuple[int | None, int | None]:
    """Return when the photo was taken: wall clock in ms, and its offset from UTC in minutes.

    In the order of trust: taken, digitised (EXIF); the same and "created" (XMP); created (IPTC); changed (EXIF).
    """
    for date, fraction, zone in ((0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012)):
        found = _parse_time(exif.text(date), exif.text(fraction), exif.text(zone))
        if found is not None:
            moment, offset = found
            return _ms(moment), offset if offset is not None else _offset_by_gps(exif, moment)
    for name in ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate", "exif:DateTimeDigitized"):
        found = _parse_time(_first(xmp, name))
        if found is not None:
            return _ms(found[0]), found[1]
    day, clock = _first_iptc(iptc, 55) or "", _first_iptc(iptc, 60) or ""
    if re.fullmatch(r"\d{8}", day):
        hour, minute, second, zone_text = clock[:2] or "00", clock[2:4] or "00", clock[4:6] or "00", clock[6:11]
        found = _parse_time(f"{day[:4]}-{day[4:6]}-{day[6:]}T{hour}:{minute}:{second}{zone_text}")
        if found is not None:
            return _ms(found[0]), found[1]
    found = _parse_time(exif.text(0x0132), exif.text(0x9290), exif.text(0x9010))
    return (None, None) if found is None else (_ms(found[0]), found[1])


_TIME = re.compile(
    r"(\d{4})[:./-](\d{1,2})[:./-](\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?"
    r"\s*(Z|[+-]\d{1,2}:?\d{2})?"
)


def _parse_time(
    text: str | None, fraction: str | None = None, zone: str | None = None
) -> tuple[datetime, int | None] | None:
    """Return the wall clock and its offset of an EXIF or ISO 8601 time; None when it is none or impossible."""
    match = _TIME.match(text or "")
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if year not in _YEARS:
        return None
    digits = match[7] or (fraction if fraction and fraction.isdecimal() and fraction.isascii() else "") or "0"
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59), int(digits[:6].ljust(6, "0")))
    except ValueError:
        return None
    return moment, _parse_zone(match[8] or zone)


def _parse_zone(text: str | None) -> int | None:
    if text == "Z":
        return 0
    match = re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})", text or "", re.ASCII)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return (-minutes if match[1] == "-" else minutes) if minutes <= 14 * 60 and int(match[3]) < 60 else None


def _offset_by_gps(exif: _Exif, moment: datetime) -> int | None:
    """Return the offset from UTC by the satellites' clock, where it differs by near a quarter of an hour."""
    hours = exif.number(0x882A)  # TIFF/EP: whole hours
    if hours is not None and -12 <= hours <= 14 and hours:
        return int(hours) * 60
    clock = exif.numbers(0x0007)
    found = _parse_time(exif.text(0x001D))
    if found is None or len(clock) < 3 or not all(math.isfinite(part) and 0 <= part < 61 for part in clock[:3]):
        return None
    utc = found[0] + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])
    minutes = (moment - utc).total_seconds() / 60
    offset = round(minutes / 15) * 15
    # A GPS fix may be old, a camera's clock wrong: only a near miss of a real zone counts.
    return offset if abs(minutes - offset) <= 2 and -12 * 60 <= offset <= 14 * 60 else None


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


# Place


def _position(exif: _Exif, xmp: _Xmp) -> tuple[float | None, float | None, float | None]:
    latitude = _degrees(exif.numbers(0x0002), exif.text(0x0001), "NS", 90)
    longitude = _degrees(exif.numbers(0x0004), exif.text(0x0003), "EW", 180)
    if latitude is None or longitude is None:
        latitude = _xmp_degrees(_first(xmp, "exif:GPSLatitude"), "NS", 90)
        longitude = _xmp_degrees(_first(xmp, "exif:GPSLongitude"), "EW", 180)
    # Exactly 0, 0 is what a receiver without a fix writes.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None, None
    altitude = _between(exif.number(0x0006), 0, 100_000)
    if altitude is not None and exif.number(0x0005) == 1:
        altitude = -altitude if altitude <= 12_000 else None
    return latitude, longitude, altitude


def _degrees(numbers: tuple[float, ...], side: str | None, sides: str, limit: int) -> float | None:
    """Return degrees from degrees, minutes, seconds and a letter for the half of the globe."""
    if not numbers or not side or side[0].upper() not in sides:
        return None
    parts = [*numbers[:3], 0.0, 0.0][:3]
    if len(numbers) > 2 and math.isnan(parts[2]):  # 0/0 seconds: no seconds
        parts[2] = 0.0
    if not all(math.isfinite(part) and part >= 0 for part in parts):
        return None
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    return (value if side[0].upper() == sides[0] else -value) if value <= limit else None


def _xmp_degrees(text: str | None, sides: str, limit: int) -> float | None:
    """Return degrees from XMP's "48,51.5N" or "48,51,30N"."""
    match = re.fullmatch(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])", text or "", re.ASCII)
    if match is None:
        return None
    return _degrees((float(match[1]), float(match[2]), float(match[3] or 0)), match[4], sides, limit)


def _place(xmp: _Xmp, iptc: _Iptc) -> tuple[str, ...]:
    names: Iterable[tuple[str, int]] = (
        ("iptc:Location", 92), ("photoshop:City", 90), ("photoshop:State", 95), ("photoshop:Country", 101),
    )  # fmt: skip
    return tuple(
        _unique((_first(xmp, name) or _first_iptc(iptc, number) or "" for name, number in names), _NAME_LENGTH)
    )


# Words


def _keywords(exif: _Exif, xmp: _Xmp, iptc: _Iptc) -> tuple[str, ...]:
    windows = (exif.wide_text(0x9C9E, _CAPTION_LENGTH) or "").split(";")
    words = _unique([*xmp.get("dc:subject", ()), *iptc.get(25, ()), *windows], _KEYWORD_LENGTH)
    return tuple(words[:_MOST_KEYWORDS])


def _unique(texts: Iterable[str], length: int) -> list[str]:
    cleaned = (clean_text(text.replace("\n", " "), length) for text in texts)
    return list(dict.fromkeys(text for text in cleaned if text))


def _first(xmp: _Xmp, name: str, length: int = _NAME_LENGTH) -> str | None:
    values = xmp.get(name)
    return clean_text(values[0], length) if values else None


def _first_iptc(iptc: _Iptc, number: int, length: int = _NAME_LENGTH) -> str | None:
    values = iptc.get(number)
    return clean_text(values[0], length) if values else None


def _read_iptc(block: bytes) -> _Iptc:
    """Return the texts of the application record (2) by number (IPTC-IIM 4.2)."""
    found: _Iptc = {}
    at, is_utf8 = block.find(b"\x1c"), False
    while at >= 0 and at + 5 <= len(block) and block[at] == 0x1C:
        record, number = block[at + 1], block[at + 2]
        length, start = int.from_bytes(block[at + 3 : at + 5], "big"), at + 5
        if length & 0x8000:
            wide = length & 0x7FFF
            length, start = int.from_bytes(block[start : start + wide], "big"), start + wide
        value = block[start : start + length]
        if record == 1 and number == 90:
            is_utf8 = value == b"\x1b%G"
        elif record == 2 and len(found.setdefault(number, [])) < _MOST_KEYWORDS:
            value = value[: 4 * _CAPTION_LENGTH]
            found[number].append(value.decode("utf-8", "replace") if is_utf8 else _decoded(value))
        at = start + length
    return found


def _read_xmp(block: bytes) -> _Xmp:
    """Return the simple values and lists of an XMP packet, named "prefix:Name"."""
    if not block or len(block) > containers.XMP_LIMIT:
        return {}
    try:
        text = block.decode(_xmp_coding(block)).rstrip("\0").lstrip("\ufeff")
    except UnicodeDecodeError:
        return {}
    if "<!" in text.replace("<!--", "").replace("<![CDATA[", ""):  # a document type, and with it entities
        return {}
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  declarations were refused above
    except (ElementTree.ParseError, ValueError, RecursionError):
        return {}
    found: _Xmp = {}
    for description in root.iter(_RDF + "Description"):
        for name, value in description.attrib.items():
            _note(found, name, [value])
        for element in description:
            items = list(element.iter(_RDF + "li"))
            if items:
                # Of the languages of a text, the default one comes first.
                items.sort(key=lambda item: item.get(_LANG, "x-default") != "x-default")
                _note(found, element.tag, [item.text or "" for item in items])
            else:
                _note(found, element.tag, [element.text or ""])
    return found


def _xmp_coding(block: bytes) -> str:
    if block.startswith((b"\xff\xfe", b"<\0")):
        return "utf-16-le"
    if block.startswith((b"\xfe\xff", b"\0<")):
        return "utf-16-be"
    return "utf-8"


def _note(found: _Xmp, name: str, values: list[str]) -> None:
    uri, _, local = name[1:].partition("}")
    prefix = _PREFIXES.get(uri)
    if prefix is not None and any(value.strip() for value in values):
        found.setdefault(f"{prefix}:{local}", values)
