"""Which names may be photos, and which picture format some bytes are.

Pure functions; names are judged by the scan (indexer thread), bytes in the decoder processes. Bytes decide: a PNG
named x.jpg is a PNG. The alternative, `PIL.Image.open` trying each plugin in turn, lost: it takes random bytes for
TGA pictures, starts Ghostscript for EPS, and cannot tell a raw photo from its TIFF wrapper.
"""

import struct

_COMMON = (
    "jpg jpeg jpe jfif jif mpo png apng webp gif tif tiff bmp dib heic heif heics heifs hif avif avifs "
    "jp2 j2k j2c jpc jpf jpx jpm tga icb vda vst pcx ppm pgm pbm pnm pfm psd ico"
)
_RAW = (
    "3fr arw bay cap cr2 cr3 crw dcr dcs dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef ptx raf rw2 rwl "
    "sr2 srf srw x3f"
)

RAW_EXTENSIONS: frozenset[bytes] = frozenset(b"." + word.encode() for word in _RAW.split())
"""Raw photos of camera makers; lower case with the dot."""

PHOTO_EXTENSIONS: frozenset[bytes] = RAW_EXTENSIONS | {b"." + word.encode() for word in _COMMON.split()}
"""All extensions that may be photos; lower case with the dot."""

IGNORED_DIRECTORIES: frozenset[bytes] = frozenset(
    {
        b"@eadir", b"#recycle", b"#snapshot", b"$recycle.bin", b"recycler", b"system volume information",
        b".trash", b".trashes", b".dtrash", b".thumbnails", b".thumbs", b".spotlight-v100", b".fseventsd",
        b".documentrevisions-v100", b".temporaryitems", b"__macosx", b"lost+found",
        b".git", b".hg", b".svn", b".cache", b"node_modules", b"__pycache__",
    }
)  # fmt: skip
"""Directories of the system and of other programs, lower case: bins, thumbnails, snapshots, sources."""


def has_photo_extension(name: bytes) -> bool:
    """Tell whether a file's name claims to be a photo; ".jpg" alone does."""
    _, dot, extension = name.rpartition(b".")
    return bool(dot) and b"." + extension.lower() in PHOTO_EXTENSIONS


def is_candidate(name: bytes) -> bool:
    """Tell by its name whether a file is worth opening.

    A name without any extension is: old scans and recovered files have none, and the bytes decide. Names that
    only start with a dot (".DS_Store") have no claim; "._x.jpg" is macOS's shadow of a file on a foreign disk.
    """
    if name.startswith(b"._"):
        return False
    return has_photo_extension(name) or b"." not in name.rstrip(b".")


def is_ignored_directory(name: bytes) -> bool:
    """Tell whether a directory belongs to the system or to another program."""
    lower = name.lower()
    return lower in IGNORED_DIRECTORIES or lower.startswith(b".trash-") or lower.endswith(b".lrdata")


_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_RAW_STARTS = (
    b"FUJIFILMCCD-RAW",  # RAF
    b"IIRO", b"IIRS", b"MMOR",  # ORF
    b"IIU\0",  # RW2
    b"FOVb",  # X3F
    b"\0MRM",  # MRW
    b"II\x1a\0\0\0HEAPCCDR",  # CRW
)  # fmt: skip
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def sniff(data: bytes) -> str | None:
    """Return the format of an encoded picture from its first bytes.

    Returns:
        Pillow's name of the format, "RAW" for raw photos that are no TIFF, or None when this is no picture.
        TIFF-based raw photos come back as "TIFF"; `raw.is_raw` tells them apart.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[4:8] == b"ftyp":
        return _sniff_boxes(data)
    if data.startswith(_RAW_STARTS):
        return "RAW"
    if data.startswith(_TIFF_STARTS):
        return "TIFF"
    if data.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG2000"
    if data.startswith(b"8BPS"):
        return "PSD"
    # The marks of these formats are short, so their headers must make sense as well.
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124):
        return "BMP"
    if data.startswith(b"\0\0\1\0") and 0 < int.from_bytes(data[4:6], "little") <= 256 and data[9:10] == b"\0":
        return "ICO"
    if len(data) >= 3 and data[:1] == b"P" and data[1:2] in b"123456fF" and data[2:3].isspace():
        return "PPM"
    if (
        len(data) > 128
        and data[0] == 10
        and data[1] in (0, 2, 3, 4, 5)
        and data[2] in (0, 1)
        and data[3] in (1, 2, 4, 8)
    ):
        return "PCX"
    if _is_tga(data):
        return "TGA"
    return None


def _sniff_boxes(data: bytes) -> str | None:
    """Tell HEIF from AVIF, raw photos (CR3) and films, by the brands of the `ftyp` box."""
    major = data[8:12]
    if major == b"crx ":
        return "RAW"
    end = min(int.from_bytes(data[:4], "big"), 512)
    brands = {data[at : at + 4] for at in range(16, end - 3, 4)} | {major}
    if major in _AVIF_BRANDS:
        return "AVIF"
    if major in _HEIF_BRANDS:
        return "HEIF"
    if major in (b"mif1", b"msf1", b"miaf"):
        return "AVIF" if brands & _AVIF_BRANDS and not brands & _HEIF_BRANDS else "HEIF"
    if major in (b"jp2 ", b"jpx "):
        return "JPEG2000"
    return None


def _is_tga(data: bytes) -> bool:
    """Tell whether bytes are a Targa picture, which has no mark at its start, only at the end and not always."""
    if len(data) < 19:
        return False
    id_bytes, has_map, kind, _, map_length, map_bits, _, _, width, height, depth, _ = struct.unpack_from(
        "<BBBHHBHHHHBB", data
    )
    if kind not in (1, 2, 3, 9, 10, 11) or has_map > 1 or not width or not height:
        return False
    if depth not in ({1: (8,), 2: (15, 16, 24, 32), 3: (1, 8, 16)}[kind & 7]):
        return False
    if (kind & 7 == 1) != bool(has_map) or (has_map and map_bits not in (15, 16, 24, 32)):
        return False
    if data[-18:-2] == b"TRUEVISION-XFILE":
        return True
    start = 18 + id_bytes + map_length * (map_bits + 7) // 8 * has_map
    pixels = width * height
    # Run-length coding packs at most 128 pixels into a packet of 1 + depth/8 bytes.
    least = pixels * depth // 8 if kind < 8 else pixels // 128 * (1 + depth // 8)
    return bool(start + least <= len(data))
