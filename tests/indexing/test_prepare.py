"""One read and one decode give all that the catalog and the network need."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.errors import PhotoError
from photofind.indexing.prepare import PrepareRequest, RenderRequest, answer, prepare
from photofind.photo import decode, hashes
from photofind.records import Failure, FailureKind, FileFacts, Picture, Prepared
from tests.conftest import PhotoFile
from tests.pictures import make_picture

T = Image.Transpose


def prepared(path: Path, **options: object) -> Prepared:
    reply = answer(PrepareRequest(os.fsencode(path), 160, **options))  # type: ignore[arg-type]
    assert isinstance(reply, Prepared), reply
    return reply


def test_everything_comes_from_one_read(photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch) -> None:
    path = photo_file("a.jpg", 1, size=(1200, 800), exif={0x0110: "Wonder", 0x9003: "2020:01:02 03:04:05"})
    reads: list[bytes] = []
    real = decode.read_file

    def read_file(name: bytes) -> tuple[bytes, FileFacts]:
        reads.append(name)
        return real(name)

    monkeypatch.setattr(decode, "read_file", read_file)
    found = prepared(path)
    assert reads == [os.fsencode(path)]
    status = path.stat()
    assert found.path == os.fsencode(path)
    assert (found.facts.size_bytes, found.facts.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert found.digest == hashes.digest(path.read_bytes())
    assert (found.width_px, found.height_px, found.format, found.is_known) == (1200, 800, "JPEG", False)
    assert found.metadata.camera_model == "Wonder"
    assert len(found.perceptual_hash) == 8 * 32
    assert 0 < found.hash_quality <= 100
    assert 0 < found.mean_rgb < 1 << 24
    with Image.open(BytesIO(found.thumbnail)) as thumbnail:
        assert thumbnail.size == (320, 213)
    assert found.pixels is not None
    assert found.pixels.shape == (160, 160, 3)
    assert not found.pixels.flags.writeable


def test_a_known_digest_needs_no_decoding(photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch) -> None:
    path = photo_file()
    digest = hashes.digest(path.read_bytes())
    monkeypatch.setattr(decode, "decode", lambda *_, **__: pytest.fail("decoded"))
    found = prepared(path, known_digests=(b"x" * 32, digest))
    assert found == Prepared(path=os.fsencode(path), facts=found.facts, digest=digest, is_known=True)


def test_a_pasted_picture_takes_the_same_way(photo_file: PhotoFile) -> None:
    path = photo_file()
    from_file, from_bytes = prepared(path), prepared(Path("pasted"), data=path.read_bytes())
    assert from_bytes.digest == from_file.digest
    assert from_bytes.perceptual_hash == from_file.perceptual_hash
    assert from_bytes.thumbnail == from_file.thumbnail
    np.testing.assert_array_equal(from_bytes.pixels, from_file.pixels)


def test_a_region_is_like_a_photo_of_that_part(tmp_path: Path) -> None:
    picture = make_picture(6, (1600, 1200))
    picture.save(tmp_path / "whole.png")
    picture.crop((800, 300, 1600, 900)).save(tmp_path / "part.png")
    part, region = prepared(tmp_path / "part.png"), prepared(tmp_path / "whole.png", region=(0.5, 0.25, 1.0, 0.75))
    assert (region.width_px, region.height_px) == (1600, 1200)
    assert part.pixels is not None
    assert region.pixels is not None
    assert np.abs(part.pixels.astype(int) - region.pixels.astype(int)).mean() < 2


def test_a_copy_saved_smaller_stays_the_same_picture(tmp_path: Path) -> None:
    picture = make_picture(8, (1600, 1200))
    picture.save(tmp_path / "a.png")
    picture.resize((700, 525)).save(tmp_path / "b.jpg", quality=70)
    picture.transpose(T.ROTATE_90).save(tmp_path / "c.jpg", quality=90)
    a, b, c = (prepared(tmp_path / name) for name in ("a.png", "b.jpg", "c.jpg"))
    rows = [np.frombuffer(each.perceptual_hash, np.uint8).reshape(8, 32) for each in (a, b, c)]
    assert hashes.hamming(rows[0][:1], rows[1][:1])[0, 0] <= 31
    assert hashes.hamming(rows[0], rows[2][:1]).min() <= 31


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FailureKind.EMPTY),
        (b"text" * 100, FailureKind.NOT_AN_IMAGE),
        (b"\xff\xd8\xff\xe0\0\x10", FailureKind.DAMAGED),
    ],
)
def test_a_bad_photo_is_an_answer(tmp_path: Path, content: bytes, kind: FailureKind) -> None:
    path = tmp_path / "bad.jpg"
    path.write_bytes(content)
    reply = answer(PrepareRequest(os.fsencode(path), 160))
    assert isinstance(reply, Failure)
    assert (reply.path, reply.kind) == (os.fsencode(path), kind)
    assert reply.reason
    assert reply.facts == decode.facts_of(path.stat())
    with pytest.raises(PhotoError):
        prepare(PrepareRequest(os.fsencode(path), 160))


def test_a_file_that_is_gone_keeps_the_facts_of_the_scan(tmp_path: Path) -> None:
    facts = FileFacts(1, 2, 3, 4, 5)
    reply = answer(PrepareRequest(os.fsencode(tmp_path / "gone.jpg"), 160, facts=facts))
    assert isinstance(reply, Failure)
    assert (reply.kind, reply.facts) == (FailureKind.CHANGING, facts)


def test_want_of_memory_is_an_answer(photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def decode_too_much(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(decode, "_decode", decode_too_much)
    reply = answer(PrepareRequest(os.fsencode(photo_file()), 160))
    assert isinstance(reply, Failure)
    assert reply.kind == FailureKind.OUT_OF_MEMORY


@pytest.mark.parametrize(("max_px", "expected"), [(500, (500, 333)), (4000, (1200, 800))])
def test_render_for_the_viewer(photo_file: PhotoFile, max_px: int, expected: tuple[int, int]) -> None:
    path = photo_file("a.jpg", 2, size=(1200, 800))
    reply = answer(RenderRequest(os.fsencode(path), max_px))
    assert isinstance(reply, Picture)
    assert (reply.width_px, reply.height_px) == expected
    pixels = np.frombuffer(reply.rgbx, np.uint8).reshape(reply.height_px, reply.width_px, 4)
    small = np.asarray(make_picture(2, (1200, 800)).resize(expected, Image.Resampling.BOX), int)
    assert np.abs(pixels[..., :3].astype(int) - small).mean() < 4


def test_render_of_a_bad_photo_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    reply = answer(RenderRequest(os.fsencode(tmp_path / "bad.jpg"), 500))
    assert isinstance(reply, Failure)


def test_all_shared_photos(shared: Path) -> None:
    counts: dict[str, list[int]] = {}
    for path in sorted((shared / "photos").rglob("*")):
        if not path.is_file() or path.parent.name == "real":
            continue
        reply = answer(PrepareRequest(os.fsencode(path), 160))
        good, bad = counts.setdefault(path.parent.name, [0, 0])
        if isinstance(reply, Failure):
            assert reply.reason.endswith(".")
            assert reply.facts is not None
            bad += 1
        else:
            assert isinstance(reply, Prepared)
            assert reply.pixels is not None
            good += 1
        counts[path.parent.name] = [good, bad]
    assert counts["orientation"] == [18, 0]
    assert counts["cameras"] == [43, 0]
    assert counts["formats"][0] >= 28
    assert counts["damaged"][0] >= 80
