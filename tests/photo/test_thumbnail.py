"""Thumbnail, mean colour and network input."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from photofind.photo import thumbnail
from tests.pictures import make_picture


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((640, 480), (320, 240)),
        ((480, 640), (240, 320)),
        ((100, 50), (100, 50)),
        ((1, 5000), (1, 320)),
        ((5000, 2), (320, 1)),
    ],
)
def test_thumbnail_fits(size: tuple[int, int], expected: tuple[int, int]) -> None:
    with Image.open(BytesIO(thumbnail.make_thumbnail(Image.new("RGB", size, "olive")))) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", expected)


def test_thumbnail_looks_like_the_picture() -> None:
    picture = make_picture(4)
    with Image.open(BytesIO(thumbnail.make_thumbnail(picture))) as image:
        small = np.asarray(image, int)
    assert np.abs(small - np.asarray(picture.resize((320, 240)), int)).mean() < 4


def test_mean_colour() -> None:
    assert thumbnail.mean_rgb(Image.new("RGB", (50, 40), (0x12, 0x34, 0x56))) == 0x123456
    half = Image.new("RGB", (50, 40), (0, 0, 0))
    half.paste((200, 100, 50), (25, 0, 50, 40))
    assert thumbnail.mean_rgb(half) == 0x643219


@pytest.mark.parametrize("input_px", [128, 160, 224, 260])
def test_network_input_is_the_whole_photo_squashed(input_px: int) -> None:
    image = Image.new("RGB", (600, 300), "black")
    image.paste("white", (300, 0, 600, 300))
    pixels = thumbnail.network_input(image, input_px)
    assert pixels.shape == (input_px, input_px, 3)
    assert pixels.dtype == np.uint8
    assert not pixels.flags.writeable
    assert pixels[:, : input_px // 2 - 2].max() == 0
    assert pixels[:, input_px // 2 + 2 :].min() == 255
