"""Hostile files, as they reach the decoder processes (faults 1 to 5, and untrusted metadata).

Every bad file is one failure in words, every good one beside it is prepared, and the originals stay as they were.
"""

import hashlib
import os
import random
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from PIL import Image

from photofind.indexing.decoder_pool import DecoderPool
from photofind.indexing.prepare import PrepareRequest
from photofind.records import Failure, FailureKind, Prepared
from tests.conftest import PhotoFile
from tests.pictures import make_picture

WAIT_S = 60.0
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


def jpeg(seed: int = 1, **options: object) -> bytes:
    buffer = BytesIO()
    make_picture(seed).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def png(width: int, height: int, packed_rows: bytes, *, bits: int = 1, colour: int = 0) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed_rows) + chunk(b"IEND", b"")


def prepare_all(paths: list[Path], pool: DecoderPool) -> dict[str, Prepared | Failure]:
    futures = {path.name: pool.submit(PrepareRequest(os.fsencode(path), 160)) for path in paths}
    return {name: future.result(WAIT_S) for name, future in futures.items()}


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    with DecoderPool(1) as opened:
        yield opened


@pytest.fixture
def measuring_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[DecoderPool]:
    """Return a pool whose requests "peak:PATH" answer with the result and the process's largest memory."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "indexing"))
    with DecoderPool(1, answer="hostile_decoders:misbehave") as opened:
        yield opened


def measured(pool: DecoderPool, path: Path) -> tuple[Prepared | Failure, int]:
    reply: object = pool.submit(PrepareRequest(b"peak:" + os.fsencode(path), 160)).result(WAIT_S)
    assert isinstance(reply, tuple), reply
    return reply


# --- 1


def test_bad_files_among_good_ones(tmp_path: Path, pool: DecoderPool) -> None:
    good = jpeg()
    flipped = bytearray(good)
    dice = random.Random(7)
    for _ in range(40):
        flipped[dice.randrange(700, len(flipped))] = dice.randrange(256)
    picture = make_picture(2)
    bad = {
        "zero.jpg": (b"", FailureKind.EMPTY),
        "one_byte.jpg": (b"\xff", FailureKind.NOT_AN_IMAGE),
        "half.jpg": (good[: len(good) // 2], FailureKind.DAMAGED),
        "header.jpg": (good[:60], FailureKind.DAMAGED),
        "text.jpg": (b"this is not a photo\n" * 50, FailureKind.NOT_AN_IMAGE),
        "page.jpg": (b"<!doctype html><html><body>404 Not Found</body></html>", FailureKind.NOT_AN_IMAGE),
    }
    fine = {
        "good1.jpg": good,
        "good2.jpg": jpeg(3),
        "garbage_tail.jpg": good + bytes(dice.randrange(256) for _ in range(5000)),
        "orientation99.jpg": jpeg(4, exif=_exif(99)),
        "bad_exif.jpg": jpeg(5, exif=b"Exif\0\0II*\0\xff\xff\xff\x7f"),
        "png_named.jpg": _saved(picture, "PNG"),
        "jpeg_named.png": jpeg(6),
        "bad_icc.png": _saved(picture, "PNG", icc_profile=b"garbage" * 30),
        "cmyk.jpg": _saved(picture.convert("CMYK"), "JPEG"),
        "palette.gif": _saved(picture.convert("P"), "GIF"),
        "frames.gif": _saved(
            picture, "GIF", save_all=True, append_images=[picture.rotate(angle) for angle in (5, 9)]
        ),
        "1x1.png": _saved(Image.new("RGB", (1, 1), "red"), "PNG"),
        "1x5000.png": _saved(Image.new("RGB", (1, 5000), "red"), "PNG"),
    }
    either = {"bitflips.jpg": bytes(flipped), "zeros_tail.jpg": good[: len(good) // 3].ljust(len(good), b"\0")}
    contents = {name: data for name, (data, _) in bad.items()} | fine | either
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in tmp_path.iterdir()}

    replies = prepare_all(sorted(tmp_path.iterdir()), pool)

    assert replies.keys() == contents.keys()
    for name, (_, kind) in bad.items():
        reply = replies[name]
        assert isinstance(reply, Failure), name
        assert (reply.kind, reply.path) == (kind, os.fsencode(tmp_path / name))
        assert reply.reason.endswith(".")
        assert len(reply.reason.split()) >= 4
    for name in fine:
        assert isinstance(replies[name], Prepared), (name, replies[name])
    for path in tmp_path.iterdir():
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == before[path.name]
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(contents[path.name]).digest()


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return exif.tobytes()


# --- 2


@linux_only
@pytest.mark.parametrize(
    "make",
    [
        lambda: png(20_000, 20_000, zlib.compress(b"\0" * (2501 * 20_000), 9)),
        lambda: png(50_000, 50_000, zlib.compress(b"\0" * 10_000)),
        lambda: png(2**31 - 1, 2**31 - 1, b"", bits=8, colour=2),
        lambda: _gif_header(65_535, 65_535),
        lambda: _bmp_header(50_000, 50_000),
        lambda: _webp_header(16_383, 16_383),
        lambda: _jpeg_of_size(jpeg(), 65_500, 65_500),
    ],
    ids=["400 Mpixel", "2.5 Gpixel", "2^31", "gif", "bmp", "webp", "jpeg"],
)
def test_bombs_are_refused_from_the_header(
    tmp_path: Path, measuring_pool: DecoderPool, photo_file: PhotoFile, make: Callable[[], bytes]
) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(make())
    good = photo_file("good.jpg", 1)
    assert isinstance(measured(measuring_pool, good)[0], Prepared)
    processes = psutil.Process().children()
    reply, peak = measured(measuring_pool, path)
    assert isinstance(reply, Failure)
    assert reply.kind == FailureKind.TOO_LARGE, reply
    assert "large" in reply.reason
    assert peak < 500 << 20
    assert isinstance(measured(measuring_pool, good)[0], Prepared)
    assert psutil.Process().children() == processes, "it cost a process, which must be started anew"


def _gif_header(width: int, height: int) -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return screen + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00;"


def _bmp_header(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        + b"\0" * 50
    )


def _webp_header(width: int, height: int) -> bytes:
    frame = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + b"\0" * 20
    body = b"WEBPVP8L" + struct.pack("<I", len(frame)) + frame + b"\0" * (len(frame) & 1)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _jpeg_of_size(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


# --- 3


@linux_only
@pytest.mark.slow
def test_a_200_megapixel_photo_is_taken_in(tmp_path: Path, measuring_pool: DecoderPool) -> None:
    path = tmp_path / "phone.jpg"
    small = tmp_path / "small.png"
    make_picture(3, (1020, 765)).save(small)
    code = (
        "import sys; from PIL import Image; image = Image.open(sys.argv[1]);"
        "image.resize((16320, 12240), Image.Resampling.NEAREST).save(sys.argv[2], quality=85)"
    )
    subprocess.run([sys.executable, "-c", code, str(small), str(path)], check=True, timeout=WAIT_S)
    reply, peak = measured(measuring_pool, path)
    assert isinstance(reply, Prepared), reply
    assert (reply.width_px, reply.height_px) == (16_320, 12_240)
    assert peak < 1 << 30


# --- 4: tests/indexing/test_decoder_pool.py has each misfortune alone; here they come together


def test_crash_hang_and_greed_among_good_photos(photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "indexing"))
    good = [os.fsencode(photo_file(f"{number}.jpg", number)) for number in range(8)]
    evil = [b"segfault", b"hang", b"exit", f"allocate:{20 << 30}".encode()]
    mixed = [path for pair in zip(good[:4], evil, strict=True) for path in pair] + good[4:]
    with DecoderPool(2, timeout_s=5, answer="hostile_decoders:misbehave") as pool:
        futures = [pool.submit(PrepareRequest(path, 160)) for path in mixed]
        replies = [future.result(WAIT_S) for future in futures]
    kinds = [reply.kind for reply in replies if isinstance(reply, Failure)]
    assert kinds == [
        FailureKind.CRASHED, FailureKind.TIMED_OUT, FailureKind.CRASHED, FailureKind.OUT_OF_MEMORY,
    ]  # fmt: skip
    assert [reply.path for reply in replies if isinstance(reply, Prepared)] == good


# --- 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_what_is_no_file_is_never_opened(
    tmp_path: Path, pool: DecoderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    os.mkfifo("fifo.jpg")
    os.mkdir("folder.jpg")
    os.symlink("loop.jpg", "loop.jpg")
    os.symlink("/nonexistent/x.jpg", "dangling.jpg")
    paths = [tmp_path / name for name in ("fifo.jpg", "folder.jpg", "loop.jpg", "dangling.jpg", "socket.jpg")]
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.jpg")
        replies = prepare_all([*paths, Path("/dev/zero")], pool)
    for name, reply in replies.items():
        assert isinstance(reply, Failure), name
        assert (reply.kind, reply.reason) == (FailureKind.NOT_AN_IMAGE, "This is not a regular file.")


# --- untrusted metadata


def test_hostile_metadata_is_cleaned_and_excludes_nothing(tmp_path: Path, pool: DecoderPool) -> None:
    exif = Image.Exif()
    exif[0x010F] = "AC\x07ME\x1b[2J"
    exif[0x010E] = "long " * 12_000
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = "2023:99:99 99:99:99"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (999.0, 0.0, 0.0), 3: "E", 4: (7.0, 0.0, 0.0)})
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
        ) + ']><x:xmpmeta xmlns:x="adobe:ns:meta/">&j;</x:xmpmeta>'
    )  # fmt: skip
    (tmp_path / "a.jpg").write_bytes(jpeg(exif=exif.tobytes(), xmp=bomb.encode()))
    reply = prepare_all([tmp_path / "a.jpg"], pool)["a.jpg"]
    assert isinstance(reply, Prepared)
    found = reply.metadata
    assert found.camera_make == "ACME[2J"
    assert found.caption is not None
    assert len(found.caption) <= 8_000
    assert (found.captured_at_ms, found.latitude, found.longitude, found.title) == (None, None, None, None)
