"""Metadata: what is read, from where, in which order of trust, and what strangers write into it."""

import math
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from photofind.photo import containers, metadata
from photofind.records import Metadata
from tests.pictures import make_exif

SMALL = Image.new("RGB", (32, 24), "grey")


def saved(kind: str = "JPEG", **options: object) -> bytes:
    buffer = BytesIO()
    SMALL.save(buffer, kind, **options)
    return buffer.getvalue()


def of_exif(tags: Mapping[int, object], gps: Mapping[int, object] | None = None) -> Metadata:
    return metadata.read_metadata(saved(exif=make_exif(tags, gps).tobytes()))


def xmp(body: str, attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        f' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" {attributes}>{body}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def of_xmp(body: str, attributes: str = "") -> Metadata:
    return metadata.read_metadata(saved(xmp=xmp(body, attributes)))


def iptc(*records: tuple[int, int, bytes]) -> bytes:
    block = b"".join(
        b"\x1c" + struct.pack(">BBH", record, number, len(value)) + value for record, number, value in records
    )
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) & 1)


def of_iptc(*records: tuple[int, int, bytes]) -> Metadata:
    return metadata.read_metadata(with_segment(saved(), 0xED, iptc(*records)))


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc, arg-type]


FULL = {
    0x9003: "2023:07:14 18:30:05", 0x9291: "250", 0x9011: "+02:00", 0x010F: "ACME ", 0x0110: "Wonder 5",
    0xA434: "ACME 50mm f/1.8", 0x829A: IFDRational(1, 250), 0x829D: IFDRational(28, 10), 0x8827: 400,
    0x920A: IFDRational(50, 1), 0xA405: 75, 0x4746: 4, 0x010E: "A lake at dusk", 0x013B: "Jo Doe", 0x0112: 6,
}  # fmt: skip
GPS = {1: "S", 2: (33.0, 51.0, 30.0), 3: "E", 4: (151.0, 12.0, 0.0), 5: b"\1", 6: 12.5}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
def test_exif_of_every_format(kind: str) -> None:
    exif = make_exif(FULL, GPS)
    if kind == "HEIF":
        buffer = BytesIO()
        pillow_heif.from_pillow(SMALL.resize((64, 64))).save(buffer, exif=exif.tobytes())
        data = buffer.getvalue()
    else:
        data = saved(kind, exif=exif.tobytes())
    found = metadata.read_metadata(data)
    assert found.captured_at_ms == ms(2023, 7, 14, 18, 30, 5) + 250
    assert found.utc_offset_min == 120
    assert (found.camera_make, found.camera_model, found.lens) == ("ACME", "Wonder 5", "ACME 50mm f/1.8")
    assert found.exposure_s == pytest.approx(1 / 250)
    assert found.f_number == pytest.approx(2.8)
    assert (found.iso, found.focal_mm, found.focal_35mm, found.rating) == (400, 50, 75, 4)
    assert found.latitude == pytest.approx(-33.858333, abs=1e-5)
    assert found.longitude == pytest.approx(151.2)
    assert found.altitude_m == pytest.approx(-12.5)
    assert (found.caption, found.creator) == ("A lake at dusk", "Jo Doe")


def test_nothing_is_nothing() -> None:
    for data in (saved(), saved("PNG"), saved("BMP"), b"", b"no picture"):
        assert metadata.read_metadata(data) == Metadata()


# --- XMP and IPTC


def test_xmp_words() -> None:
    found = of_xmp(
        "<dc:title><rdf:Alt><rdf:li xml:lang='de'>See</rdf:li>"
        "<rdf:li xml:lang='x-default'>Lake</rdf:li></rdf:Alt></dc:title>"
        "<dc:description><rdf:Alt><rdf:li>At dusk &amp; calm</rdf:li></rdf:Alt></dc:description>"
        "<dc:subject><rdf:Bag><rdf:li>water</rdf:li><rdf:li>dusk</rdf:li><rdf:li>water</rdf:li></rdf:Bag></dc:subject>"
        "<dc:creator><rdf:Seq><rdf:li>Jo</rdf:li><rdf:li>Bo</rdf:li></rdf:Seq></dc:creator>"
        "<photoshop:City>Bern</photoshop:City>",
        "xmp:Rating='5' photoshop:Country='Switzerland' Iptc4xmpCore:Location='Marzili'"
        " photoshop:DateCreated='2020-02-29T07:08:09.5-03:30'"
        " exif:GPSLatitude='46,56.85N' exif:GPSLongitude='7,26,30E'",
    )
    assert found == Metadata(
        title="Lake", caption="At dusk & calm", keywords=("water", "dusk"), creator="Jo, Bo", rating=5,
        place=("Marzili", "Bern", "Switzerland"),
        captured_at_ms=ms(2020, 2, 29, 7, 8, 9) + 500, utc_offset_min=-210,
        latitude=46 + 56.85 / 60, longitude=7 + 26 / 60 + 30 / 3600,
    )  # fmt: skip


def test_xmp_of_other_formats() -> None:
    packet = xmp("", "xmp:Rating='-1'")
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=True)
    assert metadata.read_metadata(saved("PNG", pnginfo=info)).rating == -1
    assert metadata.read_metadata(saved("WEBP", xmp=packet)).rating == -1
    assert metadata.read_metadata(saved("AVIF", xmp=packet)).rating == -1
    assert metadata.read_metadata(saved("TIFF", tiffinfo={700: packet})).rating == -1


def test_iptc_words() -> None:
    found = of_iptc(
        (1, 90, b"\x1b%G"), (2, 5, "Käfer".encode()), (2, 120, b"A beetle"), (2, 25, b"insect"), (2, 25, b"red"),
        (2, 80, b"Jo"), (2, 90, b"Ulm"), (2, 101, b"Germany"), (2, 55, b"20190506"), (2, 60, b"101112+0200"),
    )  # fmt: skip
    assert (found.title, found.caption, found.keywords) == ("Käfer", "A beetle", ("insect", "red"))
    assert (found.creator, found.place) == ("Jo", ("Ulm", "Germany"))
    assert (found.captured_at_ms, found.utc_offset_min) == (ms(2019, 5, 6, 10, 11, 12), 120)


def test_old_iptc_is_latin() -> None:
    assert of_iptc((2, 5, b"K\xe4fer")).title == "Käfer"


def test_a_person_is_trusted_in_xmp_and_a_camera_in_exif() -> None:
    data = saved(
        exif=make_exif({0x010E: "from exif", 0x9003: "2001:01:01 00:00:00"}).tobytes(),
        xmp=xmp("<dc:description>from xmp</dc:description>", "photoshop:DateCreated='2020-01-01'"),
    )
    found = metadata.read_metadata(with_segment(data, 0xED, iptc((2, 120, b"from iptc"))))
    assert found.caption == "from xmp"
    assert found.captured_at_ms == ms(2001, 1, 1)


# --- what strangers write


@pytest.mark.parametrize(
    "text", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2023:13:01 00:00:00", "2023:02:30 10:00:00", "",
             "yesterday", "9999:01:01 00:00:00",
             "1001:01:01 00:00:00", "2023:01:01 25:00:00", "-2023:01:01 00:00:00"]
)  # fmt: skip
def test_impossible_dates_are_dropped(text: str) -> None:
    assert of_exif({0x9003: text}).captured_at_ms is None


def test_a_bad_date_gives_way_to_a_good_one() -> None:
    found = of_exif({0x9003: "0000:00:00 00:00:00", 0x9004: "2020:01:02 03:04:05", 0x0132: "2021:01:01 00:00:00"})
    assert found.captured_at_ms == ms(2020, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("zone", ["+25:00", "+1", "somewhere", "+02:99"])
def test_impossible_zones_are_dropped(zone: str) -> None:
    found = of_exif({0x9003: "2020:01:02 03:04:05", 0x9011: zone})
    assert (found.captured_at_ms, found.utc_offset_min) == (ms(2020, 1, 2, 3, 4, 5), None)


def test_the_zone_follows_from_the_satellites_clock() -> None:
    gps = {7: (12.0, 34.0, 50.0), 29: "2020:01:02"}
    assert of_exif({0x9003: "2020:01:02 18:05:05"}, gps).utc_offset_min == 330
    assert of_exif({0x9003: "2020:01:02 18:13:05"}, gps).utc_offset_min is None


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (7.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (IFDRational(1, 0), 0.0, 0.0), 3: "E", 4: (7.0, 0.0, 0.0)},
        {1: "N", 2: (46.0, 0.0, 0.0)},
        {2: (46.0, 0.0, 0.0), 4: (7.0, 0.0, 0.0)},
        {1: "N", 2: (46.0, 0.0, 0.0), 3: "E", 4: (181.0, 0.0, 0.0)},
    ],
)
def test_impossible_places_are_dropped(gps: dict[int, object]) -> None:
    found = of_exif({0x010F: "ACME"}, gps)
    assert (found.camera_make, found.latitude, found.longitude) == ("ACME", None, None)


def test_impossible_numbers_are_dropped() -> None:
    found = of_exif(
        {0x829A: IFDRational(0, 0), 0x829D: IFDRational(0, 1), 0x8827: 0, 0x920A: IFDRational(1, 0), 0x4746: 77}
    )
    assert found == Metadata()


def test_apex_values_stand_in() -> None:
    found = of_exif({0x9201: IFDRational(8, 1), 0x9202: IFDRational(6, 1)})
    assert found.exposure_s == pytest.approx(1 / 256)
    assert found.f_number == pytest.approx(8)


def test_control_characters_and_tricks_of_direction_go() -> None:
    assert of_exif({0x0110: "Won\x07der\x1b[31m 5\x00hidden"}).camera_model == "Wonder[31m 5"
    assert of_iptc((1, 90, b"\x1b%G"), (2, 5, "safe\u202egnp.exe\u200b".encode())).title == "safegnp.exe"
    assert of_iptc((2, 120, b"one\r\ntwo\tthree\x00")).caption == "one\ntwo three"
    assert metadata.clean_text("a\ud800b", 10) == "ab"
    assert metadata.clean_text(" \x00 ", 10) is None


def test_long_texts_and_lists_are_cut() -> None:
    assert len(of_exif({0x010E: "x" * 60_000}).caption or "") == 8_000
    body = "".join(f"<rdf:li>word {number} {'y' * 300}</rdf:li>" for number in range(150))
    keywords = of_xmp(f"<dc:subject><rdf:Bag>{body}</rdf:Bag></dc:subject>").keywords
    assert 0 < len(keywords) <= 200
    assert max(map(len, keywords)) <= 100


def test_ten_megabytes_of_tag() -> None:
    text = b"x" * 10_000_000
    tiff = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x010E, 2, len(text), 26) + bytes(4) + text
    png = saved("PNG", exif=b"Exif\0\0" + tiff)
    assert len(metadata.read_metadata(png).caption or "") == 8_000
    assert metadata.read_metadata(saved("WEBP", xmp=xmp(f"<dc:title>{'x' * 10_000_000}</dc:title>"))) == Metadata()


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_xml_entities_are_refused(head: str) -> None:
    packet = xmp("<dc:title>&a;</dc:title>", "xmp:Rating='3'").decode()
    packet = packet[packet.index("<x:xmpmeta") :]
    for data in (
        (head + packet).encode(),
        (head + packet).encode("utf-16-le"),
        b"\xff\xfe" + (head + packet).encode("utf-16-le"),
    ):
        assert metadata.read_metadata(saved("WEBP", xmp=data)) == Metadata()
    assert metadata.read_metadata(saved("WEBP", xmp=packet.replace("&a;", "").encode("utf-16-le"))).rating == 3


def test_what_cameras_write_is_no_caption() -> None:
    for text in ("OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "DCIM\\100MEDIA\\DJI_0001.JPG", "DSC00019"):
        assert of_exif({0x010E: text}).caption is None
    assert of_exif({0x010E: "SAMSUNG", 0x010F: "SAMSUNG"}).caption is None
    assert of_exif({0x010E: "My digital camera and I"}).caption == "My digital camera and I"


def test_windows_texts() -> None:
    wide: dict[int, object] = {
        tag: text.encode("utf-16-le") + b"\0\0"
        for tag, text in ((0x9C9B, "Titel"), (0x9C9E, "a;b; a"), (0x9C9C, "日本"))
    }
    found = of_exif(wide)
    assert (found.title, found.keywords, found.caption) == ("Titel", ("a", "b"), "日本")


def test_lens_from_its_numbers() -> None:
    numbers = (IFDRational(18), IFDRational(55), IFDRational(35, 10), IFDRational(56, 10))
    assert of_exif({0xA432: numbers}).lens == "18-55 mm f/3.5-5.6"
    assert (
        of_exif({0xA432: (IFDRational(50), IFDRational(50), IFDRational(0, 0), IFDRational(0, 0))}).lens == "50 mm"
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(SAMPLES)))
    sample = bytearray(SAMPLES[kind])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(sample) - 1))
        sample[at] = data.draw(st.integers(0, 255))
    found = metadata.read_metadata(bytes(sample[: data.draw(st.integers(1, len(sample)))]))
    numbers = (found.exposure_s, found.f_number, found.latitude, found.longitude, found.altitude_m, found.focal_mm)
    assert all(number is None or math.isfinite(number) for number in numbers)
    assert found.rating is None or -1 <= found.rating <= 5


def _samples() -> dict[str, bytes]:
    exif = make_exif(FULL, GPS)
    heif = BytesIO()
    pillow_heif.from_pillow(SMALL.resize((64, 64))).save(heif, exif=exif.tobytes(), xmp=xmp("", "xmp:Rating='3'"))
    samples = {
        kind: saved(kind, exif=exif.tobytes(), xmp=xmp("", "xmp:Rating='3'")) for kind in ("JPEG", "WEBP", "AVIF")
    }
    samples["JPEG"] = with_segment(samples["JPEG"], 0xED, iptc((2, 5, b"title"), (2, 25, b"word")))
    return samples | {
        "PNG": saved("PNG", exif=exif.tobytes()),
        "TIFF": saved("TIFF", exif=exif.tobytes()),
        "HEIF": heif.getvalue(),
    }


SAMPLES = _samples()


def test_real_camera_files(shared: Path) -> None:
    folder = shared / "photos"
    iphone = metadata.read_metadata((folder / "formats" / "IMG_2927.HEIC").read_bytes())
    assert (iphone.camera_model, iphone.utc_offset_min) == ("iPhone 11 Pro", -240)
    assert iphone.captured_at_ms == ms(2020, 5, 4, 18, 39, 11) + 644
    nikon = metadata.read_metadata((folder / "cameras" / "Nikon D5000.jpg").read_bytes())
    assert nikon.lens == "18.0-55.0 mm f/3.5-5.6"
    assert nikon.latitude == pytest.approx(48.888726, abs=1e-5)
    cameras = [metadata.read_metadata(path.read_bytes()) for path in sorted((folder / "cameras").iterdir())]
    assert sum(found.camera_model is not None for found in cameras) >= 36
    assert sum(found.captured_at_ms is not None for found in cameras) >= 36


def test_canon_cr3_has_its_exif_in_parts() -> None:
    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + kind + body

    def tiff(tag: int, text: bytes) -> bytes:
        return b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", tag, 2, len(text), 26) + bytes(4) + text

    parts = box(b"CMT1", tiff(0x0110, b"Canon EOS R5\0")) + box(b"CMT2", tiff(0x9003, b"2022:01:02 03:04:05\0"))
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + parts)
    data = box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", canon)
    assert len(containers.find_blocks(data).exif) == 2
    found = metadata.read_metadata(data)
    assert (found.camera_model, found.captured_at_ms) == ("Canon EOS R5", ms(2022, 1, 2, 3, 4, 5))
