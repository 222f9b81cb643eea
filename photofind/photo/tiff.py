"""Reads the directories of a TIFF structure: EXIF blocks, TIFF files and most raw photos share it.

Pure; runs in decoder processes. Every offset and count comes from outside and is checked, nothing raises: what
cannot be read is absent. Pillow's `Exif` lost: it warns and raises in a dozen ways on bad files and follows no
SubIFDs.
"""

import math
import struct
from collections.abc import Iterator

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
_MAGICS = {b"II*\0": "<", b"MM\0*": ">", b"IIRO": "<", b"IIRS": "<", b"MMOR": ">", b"IIU\0": "<"}

SUB_DIRECTORIES = 330
EXIF_DIRECTORY = 34665
GPS_DIRECTORY = 34853

_MOST_DIRECTORIES = 32
_MOST_ENTRIES = 1024


class Directory(dict[int, tuple[int, int, int]]):
    """One directory: tag -> (type, count, offset of the value). All readers return nothing for a missing tag."""

    def __init__(self, data: bytes, order: str) -> None:
        super().__init__()
        self._data = data
        self._order = order

    def raw(self, tag: int, limit: int = 65_536) -> bytes:
        """Return the bytes of a value, at most `limit` of them."""
        kind, count, offset = self.get(tag, (0, 0, 0))
        size = min(count * _SIZES.get(kind, 0), limit)
        return self._data[offset : offset + size]

    def numbers(self, tag: int, limit: int = 64) -> tuple[float, ...]:
        """Return a value's finite numbers, integers as int. Rationals with a zero denominator become NaN."""
        kind, count, offset = self.get(tag, (0, 0, 0))
        count = min(count, limit)
        try:
            if kind in (5, 10):
                code = "I" if kind == 5 else "i"
                parts = struct.unpack_from(f"{self._order}{2 * count}{code}", self._data, offset)
                return tuple(a / b if b else math.nan for a, b in zip(parts[::2], parts[1::2], strict=True))
            if kind in _CODES:
                return struct.unpack_from(f"{self._order}{count}{_CODES[kind]}", self._data, offset)
        except struct.error:
            pass
        return ()

    def number(self, tag: int) -> float | None:
        """Return the first number of a value if it is finite."""
        numbers = self.numbers(tag, 1)
        return numbers[0] if numbers and math.isfinite(numbers[0]) else None

    def integer(self, tag: int) -> int | None:
        """Return the first number of a value, cut to an integer."""
        number = self.number(tag)
        return None if number is None else int(number)


class Tiff:
    """The directories of one TIFF structure, each read when asked for.

    Args:
        data: The structure, its header first.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = _MAGICS.get(data[:4], "")

    def main(self) -> Directory:
        """Return IFD0, empty when there is none."""
        return self._read(self._first())[0]

    def tags(self) -> Directory:
        """Return IFD0 with the EXIF and GPS directories in one: their tags do not collide."""
        merged = self.main()
        for pointer in (EXIF_DIRECTORY, GPS_DIRECTORY):
            offset = merged.integer(pointer)
            if offset:
                merged.update(self._read(offset)[0])
        return merged

    def pictures(self) -> Iterator[Directory]:
        """Yield the directories that may describe pictures: the chain from IFD0 and all SubIFDs below."""
        waiting, seen = [self._first()], set[int]()
        while waiting and len(seen) < _MOST_DIRECTORIES:
            offset = waiting.pop(0)
            if not offset or offset in seen:
                continue
            seen.add(offset)
            directory, following = self._read(offset)
            yield directory
            waiting += [following, *(int(at) for at in directory.numbers(SUB_DIRECTORIES) if at == at)]

    def _first(self) -> int:
        if not self._order or len(self._data) < 8:
            return 0
        return int(struct.unpack_from(self._order + "I", self._data, 4)[0])

    def _read(self, offset: int) -> tuple[Directory, int]:
        """Return the directory at `offset` and the offset of the following one (0: none)."""
        data, order = self._data, self._order
        directory = Directory(data, order)
        if not offset or not order or offset + 2 > len(data):
            return directory, 0
        (count,) = struct.unpack_from(order + "H", data, offset)
        entry, end = struct.Struct(order + "HHI"), len(data)
        for number in range(min(count, _MOST_ENTRIES)):
            at = offset + 2 + 12 * number
            if at + 12 > end:
                return directory, 0
            tag, kind, items = entry.unpack_from(data, at)
            size = _SIZES.get(kind, 0) * items
            if not size:
                continue
            if size <= 4:
                value_at = at + 8
            else:
                (value_at,) = struct.unpack_from(order + "I", data, at + 8)
                if value_at >= end:
                    continue
            directory.setdefault(tag, (kind, items, value_at))
        at = offset + 2 + 12 * count
        following = struct.unpack_from(order + "I", data, at)[0] if at + 4 <= end else 0
        return directory, int(following)
