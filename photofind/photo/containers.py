"""Finds the EXIF, XMP and IPTC blocks inside an encoded picture.

Pure; runs in decoder processes on bytes from outside: every length is checked, nothing raises, what cannot be
found is empty. Taking the blocks from Pillow's `info` lost: some plugins show them only after the whole picture is
decoded, HEIF ones are edited by its plugin, and raw photos and JPEG 2000 have none.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from photofind.photo import formats
from photofind.photo.tiff import Tiff

XMP_LIMIT = 1 << 20
"""XMP beyond this many bytes is not read: the largest honest ones (Lightroom masks) have a few hundred KB."""

_CANON = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF_UUID = b"JpgTiffExif->JP2"
_XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"
_MOST_BOXES = 4096


@dataclass(frozen=True, slots=True)
class Blocks:
    """The metadata blocks of one file.

    Attributes:
        exif: TIFF structures, to be read as one; for TIFF files and most raw photos the file itself.
        xmp: One XMP packet.
        iptc: IPTC-IIM records.
    """

    exif: tuple[bytes, ...] = ()
    xmp: bytes = b""
    iptc: bytes = b""


def find_blocks(data: bytes) -> Blocks:
    """Return the metadata blocks of an encoded picture."""
    match formats.sniff(data):
        case "JPEG":
            return _in_jpeg(data)
        case "PNG":
            return _in_png(data)
        case "WEBP":
            return _in_webp(data)
        case "HEIF" | "AVIF":
            return _in_heif(data)
        case "JPEG2000":
            return _in_jp2(data)
        case "TIFF":
            return in_tiff(data)
        case "RAW":
            return _in_raw(data)
        case "PSD":
            return _in_psd(data)
        case "GIF":
            return _in_gif(data)
        case _:
            return Blocks()


def without_exif_mark(block: bytes) -> bytes:
    """Return an EXIF block without the "Exif" mark that JPEG puts before it."""
    return block[6:] if block.startswith(b"Exif\0") else block


def _in_jpeg(data: bytes) -> Blocks:
    exif, xmp, resources = b"", b"", b""
    at, end = 2, len(data)
    while at + 4 <= end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in (0xD8, 0x01) or 0xD0 <= marker <= 0xD7:
            at += 2
            continue
        if marker in (0xDA, 0xD9):
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xE1 and data.startswith(b"Exif\0", at + 4):
            exif = exif or data[at + 10 : at + 2 + length]
        elif marker == 0xE1 and data.startswith(_XMP_NAME, at + 4):
            xmp = xmp or data[at + 4 + len(_XMP_NAME) : at + 2 + length]
        elif marker == 0xED and data.startswith(b"Photoshop 3.0\0", at + 4):
            resources += data[at + 18 : at + 2 + length]
        at += 2 + max(length, 2)
    return Blocks((exif,) if exif else (), xmp, _resources(resources).get(1028, b""))


def _in_png(data: bytes) -> Blocks:
    exif, xmp, iptc = b"", b"", b""
    at, end = 8, len(data)
    while at + 12 <= end:
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"eXIf":
            exif = without_exif_mark(data[at + 8 : at + 8 + length])
        elif kind == b"iTXt" and data.startswith(b"XML:com.adobe.xmp\0", at + 8) and length <= XMP_LIMIT:
            body = data[at + 8 + 18 : at + 8 + length]
            text = body[2:].split(b"\0", 2)[-1]  # after the language and the translated keyword
            xmp = text if body[:1] == b"\0" else _inflate(text)
        elif kind in (b"zTXt", b"tEXt") and data.startswith(b"Raw profile type ", at + 8):  # ImageMagick's way
            name, _, body = data[at + 25 : at + 8 + min(length, XMP_LIMIT)].partition(b"\0")
            profile = _hex_profile(_inflate(body[1:]) if kind == b"zTXt" else body)
            if name in (b"exif", b"APP1") and profile.startswith(b"Exif\0"):
                exif = exif or profile[6:]
            elif name == b"iptc":
                iptc = _resources(profile).get(1028, profile)
            elif name == b"xmp":
                xmp = xmp or profile
        elif kind == b"IEND":
            break
        at += 12 + length
    return Blocks((exif,) if exif else (), xmp, iptc)


def _in_webp(data: bytes) -> Blocks:
    exif, xmp = b"", b""
    at, end = 12, len(data)
    while at + 8 <= end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind == b"EXIF":
            exif = without_exif_mark(data[at + 8 : at + 8 + length])
        elif kind == b"XMP ":
            xmp = data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
    return Blocks((exif,) if exif else (), xmp)


def in_tiff(data: bytes) -> Blocks:
    """Return the blocks of a TIFF file or a raw photo built like one."""
    main = Tiff(data).main()
    iptc = main.raw(33723)
    if iptc and iptc[:1] != b"\x1c" and iptc[3:4] == b"\x1c":  # written as LONGs in the other byte order
        iptc = b"".join(iptc[i : i + 4][::-1] for i in range(0, len(iptc), 4))
    return Blocks((data,), main.raw(700, XMP_LIMIT), iptc or _resources(main.raw(34377, XMP_LIMIT)).get(1028, b""))


def _in_psd(data: bytes) -> Blocks:
    at = 26
    at += 4 + int.from_bytes(data[at : at + 4], "big")  # the palette
    length = int.from_bytes(data[at : at + 4], "big")
    found = _resources(data[at + 4 : at + 4 + length])
    exif = found.get(1058, b"")
    return Blocks((exif,) if exif else (), found.get(1060, b""), found.get(1028, b""))


def _in_gif(data: bytes) -> Blocks:
    start = data.find(b"XMP DataXMP")
    if start < 0:
        return Blocks()
    end = data.find(b"<?xpacket end", start, start + XMP_LIMIT)
    return Blocks(xmp=data[start + 11 : data.find(b"?>", end) + 2]) if end > 0 else Blocks()


def _in_jp2(data: bytes) -> Blocks:
    exif, xmp = b"", b""
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"uuid" and data.startswith(_EXIF_UUID, start):
            exif = without_exif_mark(data[start + 16 : end])
        elif kind == b"uuid" and data.startswith(_XMP_UUID, start):
            xmp = data[start + 16 : end]
    return Blocks((exif,) if exif else (), xmp)


def _in_raw(data: bytes) -> Blocks:
    if data[4:8] == b"ftyp":
        return _in_cr3(data)
    if data.startswith(b"FUJIFILMCCD-RAW"):
        at = int.from_bytes(data[84:88], "big")
        return _in_jpeg(data[at : at + int.from_bytes(data[88:92], "big")])
    if data.startswith(b"\0MRM"):  # blocks of 4 letters and a length; TTW holds a TIFF
        at = 8
        while at + 8 <= len(data) and data[at : at + 1] == b"\0":
            length = int.from_bytes(data[at + 4 : at + 8], "big")
            if data[at : at + 4] == b"\0TTW":
                return Blocks((data[at + 8 : at + 8 + length],))
            at += 8 + length
        return Blocks()
    return in_tiff(data)


def _in_cr3(data: bytes) -> Blocks:
    """Canon keeps IFD0, EXIF and GPS in TIFF structures of their own (CMT1, CMT2, CMT4)."""
    parts: list[bytes] = []
    xmp = b""
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"uuid" and data.startswith(_XMP_UUID, start):
            xmp = data[start + 16 : end]
        if kind != b"moov":
            continue
        for inner, inner_start, inner_end in _boxes(data, start, end):
            if inner == b"uuid" and data.startswith(_CANON, inner_start):
                for name, part_start, part_end in _boxes(data, inner_start + 16, inner_end):
                    if name in (b"CMT1", b"CMT2", b"CMT4"):
                        parts.append(data[part_start:part_end])
    return Blocks(tuple(parts), xmp)


def _in_heif(data: bytes) -> Blocks:
    meta = next((box for box in _boxes(data, 0, len(data)) if box[0] == b"meta"), None)
    if meta is None:
        return Blocks()
    wanted: dict[int, str] = {}
    places: dict[int, tuple[int, int, int]] = {}
    idat = 0
    for kind, start, end in _boxes(data, meta[1] + 4, meta[2]):
        if kind == b"iinf":
            wanted = _heif_items(data, start, end)
        elif kind == b"iloc":
            places = _heif_places(data, start, end)
        elif kind == b"idat":
            idat = start
    exif, xmp = b"", b""
    for item, what in wanted.items():
        method, offset, length = places.get(item, (0, 0, 0))
        if not length:
            continue
        offset += idat if method == 1 else 0
        block = data[offset : offset + length]
        if what == "exif":
            skip = int.from_bytes(block[:4], "big")
            exif = exif or without_exif_mark(block[4:] if block[4:9] == b"Exif\0" else block[4 + skip :])
        else:
            xmp = xmp or block
    return Blocks((exif,) if exif else (), xmp)


def _heif_items(data: bytes, start: int, end: int) -> dict[int, str]:
    """Return the ids of the Exif and XMP items that an `iinf` box declares."""
    wanted: dict[int, str] = {}
    for kind, at, item_end in _boxes(data, start + (6 if data[start : start + 1] == b"\0" else 8), end):
        version = data[at] if at < item_end else 0
        if kind != b"infe" or version < 2:
            continue
        wide = 2 if version == 2 else 4
        item = int.from_bytes(data[at + 4 : at + 4 + wide], "big")
        name = at + 4 + wide + 2
        if data[name : name + 4] == b"Exif":
            wanted[item] = "exif"
        elif data[name : name + 4] == b"mime" and b"application/rdf+xml" in data[name + 4 : item_end]:
            wanted[item] = "xmp"
    return wanted


def _heif_places(data: bytes, start: int, end: int) -> dict[int, tuple[int, int, int]]:
    """Return (method, offset, length) of the first extent of every item of an `iloc` box."""
    places: dict[int, tuple[int, int, int]] = {}
    if start + 8 > end:
        return places
    version = data[start]
    sizes = (data[start + 4] >> 4, data[start + 4] & 15, data[start + 5] >> 4, data[start + 5] & 15)
    offset_size, length_size, base_size, index_size = sizes
    at = start + 6

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(data[at - size : at], "big")

    for _ in range(min(number(2 if version < 2 else 4), _MOST_BOXES)):
        if at >= end:
            break
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version in (1, 2) else 0
        number(2)  # data reference
        base = number(base_size)
        for extent in range(number(2)):
            if at >= end:
                break
            if version in (1, 2):
                number(index_size)
            offset, length = number(offset_size), number(length_size)
            if extent == 0:
                places[item] = (method, base + offset, length)
    return places


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end of the content) of the boxes of an ISO base media file in [at, end)."""
    end = min(end, len(data))
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        size, kind, start = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = end - at
        if size < start - at:
            return
        yield kind, start, min(at + size, end)
        at += size


def _resources(data: bytes) -> dict[int, bytes]:
    """Return Photoshop's image resources by number: 1028 IPTC, 1058 EXIF, 1060 XMP."""
    found: dict[int, bytes] = {}
    at = 0
    while data[at : at + 4] == b"8BIM" and at + 12 <= len(data):
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        at += 6 + (data[at + 6] + 2 & ~1)  # a Pascal string, padded to an even length
        length = int.from_bytes(data[at : at + 4], "big")
        found.setdefault(number, data[at + 4 : at + 4 + length])
        at += 4 + length + (length & 1)
    return found


def _inflate(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, XMP_LIMIT)
    except zlib.error:
        return b""


def _hex_profile(body: bytes) -> bytes:
    """Return the bytes of ImageMagick's "raw profile": a name, a length, then lines of hex digits."""
    words = body.split()
    try:
        return bytes.fromhex(b"".join(words[2:]).decode("ascii"))
    except ValueError:  # no hex, or no ASCII
        return b""
