"""Why a photo answers: every fact where it holds and nowhere else; and where on the pictures the likeness lies."""

from collections.abc import Generator, Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photofind.catalog.catalog import Catalog
from photofind.embedding.manifest import Calibration
from photofind.photo.hashes import perceptual_hashes
from photofind.records import (
    Explanation,
    FactKind,
    FileFacts,
    ImagePart,
    Metadata,
    PhotoPart,
    Prepared,
    Query,
    QueryPart,
    WordsPart,
)
from photofind.search.chances import Chances
from photofind.search.explain import GRID, explain, heat_maps
from tests.duplicates.rows import SAME_COSINE, Rows, flipped, near, picture, turns
from tests.pictures import make_picture

DAY_MS = 86_400_000
T = TypeVar("T")


@pytest.fixture
def rows(tmp_path: Path) -> Iterator[Rows]:
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield Rows(catalog)


def why(rows: Rows, photo_id: int, *parts: QueryPart, thumbnails: dict[int, bytes] | None = None) -> Explanation:
    return explain(
        Query(parts), photo_id, catalog=rows.catalog, index=rows.index, embed_part=lambda _part: None,
        same_picture_cosine=SAME_COSINE, chances=Chances.of(Calibration(SAME_COSINE, 0.6, 0.5)),
        thumbnail=(thumbnails or {}).get,
    )  # fmt: skip


def at_last(steps: Generator[None, None, T]) -> T:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            answer: T = end.value
            return answer


def facts(found: Explanation) -> dict[FactKind, float]:
    return {fact.kind: fact.number for fact in found.facts}


def test_a_copy_is_the_same_bytes_and_nothing_more_is_said_of_its_pixels(rows: Rows) -> None:
    one = rows.add("in/a.jpg", "a", camera="EOS", time_ms=5_000)
    copy = rows.add("out/b.jpg", "a", camera="EOS", time_ms=5_000)
    found = why(rows, copy, PhotoPart(one))
    assert list(facts(found)) == [FactKind.SAME_BYTES, FactKind.SAME_SECOND, FactKind.SAME_CAMERA]
    assert found.facts[-1].texts == ("EOS",)
    assert found.same_picture == 1
    assert found.part == PhotoPart(one)


def test_a_smaller_cropped_copy_says_so(rows: Rows) -> None:
    one = rows.add("a.jpg", hashes=turns(1), size=(4000, 3000))
    half = rows.add("half.jpg", hashes=flipped(turns(1), 20), size=(2000, 1500))
    cut = rows.add("cut.jpg", hashes=flipped(turns(1), 40), size=(4000, 2000))
    assert facts(why(rows, half, PhotoPart(one))) == {
        FactKind.SAME_PICTURE: 0, FactKind.SIZE: 0.5, FactKind.SAME_FOLDER: 0
    }  # fmt: skip
    assert FactKind.OTHER_SHAPE in facts(why(rows, cut, PhotoPart(one)))
    assert FactKind.SIZE not in facts(why(rows, cut, PhotoPart(one)))


@pytest.mark.parametrize(
    ("change", "degrees", "mirrored"),
    [
        (Image.Transpose.ROTATE_270, 90, False),  # Pillow turns anticlockwise
        (Image.Transpose.ROTATE_180, 180, False),
        (Image.Transpose.ROTATE_90, 270, False),
        (Image.Transpose.FLIP_LEFT_RIGHT, None, True),
        (Image.Transpose.FLIP_TOP_BOTTOM, 180, True),
        (Image.Transpose.TRANSPOSE, 270, True),
        (Image.Transpose.TRANSVERSE, 90, True),
    ],
)
def test_a_turned_copy_says_how(rows: Rows, change: Image.Transpose, degrees: int | None, mirrored: bool) -> None:
    def hashes(image: Image.Image) -> NDArray[np.uint8]:
        return np.stack([np.frombuffer(turn, np.uint8) for turn in perceptual_hashes(image)[0]])

    image = make_picture(4)
    one = rows.add("a.jpg", hashes=hashes(image), size=image.size)
    turned = image.transpose(change)
    other = rows.add("b.jpg", hashes=hashes(turned), size=turned.size)
    found = facts(why(rows, other, PhotoPart(one)))
    assert found.get(FactKind.TURNED) == degrees
    assert (FactKind.MIRRORED in found) is mirrored
    assert FactKind.OTHER_SHAPE not in found


def test_a_grey_copy_and_a_coloured_one(rows: Rows) -> None:
    def jpeg(image: Image.Image) -> bytes:
        out = BytesIO()
        image.save(out, "JPEG", quality=80)
        return out.getvalue()

    one = rows.add("a.jpg", hashes=turns(1))
    grey = rows.add("grey.jpg", hashes=flipped(turns(1), 10))
    image = make_picture(4)
    thumbnails = {
        rows.photo(one).content_id: jpeg(image), rows.photo(grey).content_id: jpeg(image.convert("L"))
    }  # fmt: skip
    assert FactKind.GREY in facts(why(rows, grey, PhotoPart(one), thumbnails=thumbnails))
    assert FactKind.COLOURED in facts(why(rows, one, PhotoPart(grey), thumbnails=thumbnails))
    assert not {FactKind.GREY, FactKind.COLOURED} & facts(why(rows, grey, PhotoPart(one))).keys()


@pytest.mark.parametrize(
    ("apart_ms", "kind"),
    [
        (999, FactKind.SAME_SECOND),
        (1_000, FactKind.SAME_MINUTE),
        (60_000, FactKind.SAME_DAY),
        (DAY_MS, None),
    ],
)
def test_times_by_the_clock_on_the_wall(rows: Rows, apart_ms: int, kind: FactKind | None) -> None:
    one = rows.add("a.jpg", time_ms=20 * DAY_MS)
    other = rows.add("b.jpg", time_ms=20 * DAY_MS + apart_ms)
    times = {FactKind.SAME_SECOND, FactKind.SAME_MINUTE, FactKind.SAME_DAY}
    assert times & facts(why(rows, other, PhotoPart(one))).keys() == ({kind} if kind else set())


def test_frames_of_one_burst(rows: Rows) -> None:
    one = rows.add("a.jpg", vector=picture(1), time_ms=1_000, camera="EOS")
    other = rows.add("b.jpg", vector=near(picture(1), 0.97), time_ms=3_000, camera="EOS")
    found = why(rows, other, PhotoPart(one))
    assert found.facts[0].kind is FactKind.BURST
    assert found.cosine == pytest.approx(0.97, abs=1e-3)
    assert (found.same_picture or 1) < 0.05


def test_what_the_network_sees_on_both_is_named(rows: Rows) -> None:
    one, other = rows.add("a.jpg"), rows.add("x/b.jpg")
    contents = [rows.photo(one).content_id, rows.photo(other).content_id]
    rows.catalog.set_labels("m", {contents[0]: (("dog", 0.9), ("beach", 0.8)), contents[1]: (("dog", 0.7),)})
    found = why(rows, other, PhotoPart(one))
    assert [(fact.kind, fact.texts) for fact in found.facts] == [(FactKind.SAME_LABELS, ("dog",))]


def test_the_most_like_of_several_images_is_compared_with(rows: Rows) -> None:
    ids = [rows.add(f"{n}/a.jpg", vector=picture(n)) for n in range(3)]
    hit = rows.add("hit/a.jpg", vector=near(picture(2), 0.7))
    found = why(rows, hit, PhotoPart(ids[1]), PhotoPart(ids[2], 0.5), PhotoPart(ids[0], -1.0), WordsPart("a"))
    assert found.part == PhotoPart(ids[2], 0.5)


def test_places_by_position_and_by_name(rows: Rows) -> None:
    hit = rows.add("a.jpg")
    rows.catalog._connection.execute("UPDATE content SET latitude = 48.8584, longitude = 2.2945")
    rows.catalog._connection.commit()

    def place(metadata: Metadata) -> list[tuple[int, tuple[str, ...]]]:
        read = Prepared(b"", FileFacts(0, 0, 0, 0, 0), b"other", metadata=metadata)
        found = explain(
            Query((ImagePart(data=b"x"),)), hit, catalog=rows.catalog, index=rows.index,
            embed_part=lambda _part: None, same_picture_cosine=SAME_COSINE, describe_part=lambda _part: read,
        )  # fmt: skip
        return [(round(each.number), each.texts) for each in found.facts if each.kind is FactKind.SAME_PLACE]

    assert place(Metadata(latitude=48.8584, longitude=2.2958)) == [(95, ())]
    assert place(Metadata(latitude=48.8684, longitude=2.2945)) == []
    assert place(Metadata()) == []


def test_without_a_picture_or_without_the_photo_there_is_nothing_to_say(rows: Rows) -> None:
    one = rows.add("a.jpg")
    assert why(rows, one, WordsPart("a")) == Explanation(one)
    assert why(rows, 99, PhotoPart(one)) == Explanation(99)


# --- where


def test_the_map_shows_the_place_that_both_have_in_common() -> None:
    """A network of one wish: how much of the picture is red."""

    def embed(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        means = (pictures.reshape(len(pictures), -1, 3) > 200).mean(axis=1) + 0.01
        rows: NDArray[np.float32] = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
        return rows

    asked = np.zeros((60, 60, 3), np.uint8)
    asked[10:30, 10:30, 0] = 255
    found = np.zeros((60, 60, 3), np.uint8)
    found[30:50, 30:50, 0] = 255
    asked_heat, found_heat = at_last(heat_maps(asked, found, embed))
    for heat in (asked_heat, found_heat):
        assert heat.shape == (GRID, GRID)
        assert 0 <= heat.min() <= heat.max() == 1
    assert asked_heat[1:3, 1:3].min() > 3 * asked_heat[4:, 4:].max()
    assert found_heat[3:5, 3:5].min() > 3 * found_heat[:2, :2].max()


def test_two_flat_pictures_have_no_such_place() -> None:
    flat = np.full((48, 48, 3), 90, np.uint8)
    ones = np.ones((1, 4), np.float32) / 2
    asked_heat, found_heat = at_last(heat_maps(flat, flat, lambda pictures: np.repeat(ones, len(pictures), axis=0)))
    assert not asked_heat.any()
    assert not found_heat.any()
