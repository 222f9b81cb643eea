"""Two dozen made-up photos as a family has them: years and folders, a burst, copies, a drawing; for journeys.

Painted once a session and copied for each journey: painting takes longer than all that is done to them.
"""

import datetime
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

from tests import scenes
from tests.pictures import make_exif

SIZE = (600, 400)
_PAINTED_SIZE = (720, 480)
"""Of the scenes; as large as those of the gallery they would take nine seconds, not two and a half."""

_PAINTED = (
    ("2021/Lisbon", "street", scenes.city, 4, (2021, 5, 3)),
    ("2022/Harbour", "sea", scenes.sea, 4, (2022, 7, 14)),
    ("2023/Alps", "ridge", scenes.mountains, 4, (2023, 2, 20)),
    ("2024/Home", "fruit", scenes.table, 3, (2024, 11, 2)),
    ("2024/Garden", "blossom", scenes.flowers, 3, (2024, 4, 27)),
)

BURST = ("2024/Garden/burst 1.jpg", "2024/Garden/burst 2.jpg", "2024/Garden/burst 3.jpg")
COPY = "2022/Harbour/sea 1 (1).jpg"
"""The same bytes as "sea 1.jpg"."""
SMALLER = "2022/Harbour/sea 2-WA0001.jpg"
""""sea 2.jpg" at half the size, as a messenger leaves it."""
DRAWING = "2024/Home/plan.png"
COUNT = 24


def paint(folder: Path) -> None:
    """Write all of them below a folder."""
    for place, name, painter, count, day in _PAINTED:
        for number in range(count):
            picture = painter(random.Random(f"{name} {number}"), _PAINTED_SIZE).resize(
                SIZE, Image.Resampling.LANCZOS
            )
            taken = datetime.datetime(*day, 9 + number, 30)
            _save(picture, folder / place / f"{name} {number + 1}.jpg", taken)
    whole = scenes.flowers(random.Random("burst"), _PAINTED_SIZE)
    for number, name in enumerate(BURST):
        moved = whole.crop((10 * number, 4 * number, 560 + 10 * number, 380 + 4 * number))
        taken = datetime.datetime(2024, 4, 28, 15, 0, number)
        _save(moved.resize(SIZE, Image.Resampling.LANCZOS), folder / name, taken)
    shutil.copyfile(folder / "2022/Harbour/sea 1.jpg", folder / COPY)
    with Image.open(folder / "2022/Harbour/sea 2.jpg") as image:
        taken = datetime.datetime(2022, 7, 14, 10, 30)
        _save(image.resize((300, 200), Image.Resampling.LANCZOS), folder / SMALLER, taken)
    scenes.city(random.Random("plan"), _PAINTED_SIZE).resize((400, 500)).save(folder / DRAWING)


def _save(picture: Image.Image, path: Path, taken: datetime.datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = taken.strftime("%Y:%m:%d %H:%M:%S")
    picture.save(path, quality=90, exif=make_exif({0x010F: "Canon", 0x0110: "Canon EOS R6", 0x9003: text}))


def lay(album: Path, folder: Path, places: Iterable[str] = ("",)) -> None:
    """Copy folders or files of the painted album, times included, below another folder."""
    for place in places:
        source, target = album / place, folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
