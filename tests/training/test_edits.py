"""The edits that judge networks: each does what its name says, and the same again for the same seed."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photofind.training.edits import KINDS, edited
from tests.pictures import make_picture

SIZE = (240, 160)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    return image


def pixels(image: Image.Image) -> NDArray[np.float32]:
    return np.asarray(image, dtype=np.float32)


def edit(kind: str, seed: int = 0, size: tuple[int, int] = SIZE) -> Image.Image:
    return opened(edited(make_picture(3, size), kind, seed))


ORIGINAL = pixels(make_picture(3, SIZE))


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_is_repeatable_and_changes_the_picture(kind: str) -> None:
    picture = make_picture(3, SIZE)
    before = picture.tobytes()
    first, again = edited(picture, kind, 5), edited(picture, kind, 5)
    assert first == again
    assert picture.tobytes() == before
    result = opened(first)
    if result.size == SIZE:
        assert np.abs(pixels(result) - ORIGINAL).mean() > 1


@pytest.mark.parametrize("kind", ["crop 30 %", "quarter turn", "brightness", "text", "pasted corner", "colours"])
def test_another_seed_gives_another_edit(kind: str) -> None:
    picture = make_picture(3, SIZE)
    assert len({edited(picture, kind, seed) for seed in range(8)}) > 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (3, 90), (90, 3)])
def test_tiny_pictures_do_not_fail(kind: str, size: tuple[int, int]) -> None:
    assert min(edit(kind, size=size).size) >= 1


def test_twenty_kinds() -> None:
    assert len(KINDS) == 20


def test_worse_jpeg_is_smaller_and_further_away() -> None:
    sizes, errors = [], []
    for kind in ("jpeg 30", "jpeg 8"):
        data = edited(make_picture(3, SIZE), kind)
        sizes.append(len(data))
        errors.append(float(np.abs(pixels(opened(data)) - ORIGINAL).mean()))
    assert sizes[0] > 1.3 * sizes[1]
    assert errors[0] < errors[1]


def test_a_quarter_has_a_quarter_of_each_side_but_never_less_than_64_px() -> None:
    assert edit("quarter size", size=(640, 480)).size == (160, 120)
    assert edit("quarter size", size=(128, 192)).size == (64, 96)
    assert edit("quarter size", size=(50, 40)).size == (50, 40)


@pytest.mark.parametrize("removed", [10, 30, 50])
def test_crops_keep_what_is_left_of_the_area_and_show_a_part(removed: int) -> None:
    crop = edit(f"crop {removed} %")
    width, height = crop.size
    assert width * height == pytest.approx((100 - removed) / 100 * SIZE[0] * SIZE[1], rel=0.02)
    found = pixels(crop)
    errors = [
        np.abs(ORIGINAL[y : y + height, x : x + width] - found).mean()
        for y in range(SIZE[1] - height + 1)
        for x in range(SIZE[0] - width + 1)
    ]
    assert min(errors) < 5 < np.median(errors)


def test_turns_and_mirror_are_exact_but_for_jpeg() -> None:
    turned = edit("quarter turn")
    assert turned.size == (SIZE[1], SIZE[0])
    candidates = [
        pixels(turned.transpose(back)) for back in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)
    ]
    assert min(np.abs(each - ORIGINAL).mean() for each in candidates) < 5
    assert np.abs(pixels(edit("mirror"))[:, ::-1] - ORIGINAL).mean() < 5


def test_a_tilted_photo_is_whole_on_black() -> None:
    tilted = edit("tilt 5")
    assert tilted.width > SIZE[0]
    assert tilted.height > SIZE[1]
    assert max(tilted.getpixel(place)[0] for place in [(0, 0), (tilted.width - 1, 0)]) < 20  # type: ignore[index]


@pytest.mark.parametrize("kind", ["border", "letterbox", "screenshot"])
@pytest.mark.parametrize("size", [(240, 160), (160, 240)])
def test_frames_hold_the_whole_photo(kind: str, size: tuple[int, int]) -> None:
    original = pixels(make_picture(3, size))
    framed = pixels(edit(kind, size=size))
    height, width = original.shape[:2]
    assert framed.shape[0] * framed.shape[1] > 1.1 * height * width
    errors = [
        np.abs(framed[y : y + height, x : x + width] - original).mean()
        for y in range(framed.shape[0] - height + 1)
        for x in range(framed.shape[1] - width + 1)
    ]
    assert min(errors) < 5


def test_grey_has_no_colour_and_the_colours_edit_has() -> None:
    assert np.ptp(pixels(edit("grey")), axis=2).max() < 4
    assert np.ptp(ORIGINAL, axis=2).mean() > 20
    means = ORIGINAL.mean(axis=(0, 1))
    red, _, blue = (pixels(edit("colours")).mean(axis=(0, 1)) / means).tolist()
    assert abs(red / blue - 1) > 0.1


@pytest.mark.parametrize("kind", ["brightness", "gamma"])
def test_light_goes_both_ways(kind: str) -> None:
    means = {np.sign(pixels(edit(kind, seed)).mean() - ORIGINAL.mean()) for seed in range(8)}
    assert means == {-1.0, 1.0}


def test_blur_takes_detail_and_noise_adds_it() -> None:
    def detail(image: NDArray[np.float32]) -> float:
        return float(np.abs(np.diff(image, axis=1)).mean())

    assert detail(pixels(edit("blur"))) < 0.7 * detail(ORIGINAL)
    assert detail(pixels(edit("noise"))) > 1.5 * detail(ORIGINAL)


def test_a_sticker_covers_one_corner_and_nothing_else() -> None:
    changed = np.abs(pixels(edit("pasted corner")) - ORIGINAL).mean(axis=2) > 40
    rows, columns = np.nonzero(changed)
    assert 0.3 * (SIZE[1] / 3) ** 2 < len(rows)
    for found, side in ((rows, SIZE[1]), (columns, SIZE[0])):
        at_start = np.median(found) < side / 2
        share = (found < SIZE[1] / 3 + 2) if at_start else (found > side - SIZE[1] / 3 - 2)
        assert share.mean() > 0.95
