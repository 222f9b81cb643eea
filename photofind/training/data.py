"""Training photos from zip shards: what there is, a repeatable split by class, and pixels as the network sees them.

The pixels come from `photo.decode` and `photo.thumbnail`, the functions that indexing uses: a network calibrated
on another resampling would be calibrated for another program.
"""

import csv
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.errors import UserError
from photofind.photo.decode import decode
from photofind.photo.thumbnail import network_input

HELD_OUT_ONE_IN = 4
"""Every so many classes judge and are never fitted on."""


@dataclass(frozen=True, slots=True)
class TrainingPhoto:
    """One row of the shards' manifest. `label` is empty and `captions` () where there are none."""

    shard: str
    name: str
    source: str
    label: str
    captions: tuple[str, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether its class judges; by a checksum of the label, so that a class has one side in every source."""
        return bool(self.label) and zlib.crc32(self.label.casefold().encode()) % HELD_OUT_ONE_IN == 0


class Shards:
    """A folder of zip shards.

    Args:
        folder: Holds `manifest.csv` and the shards it names.

    Raises:
        UserError: There is no such manifest.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
                self.photos = tuple(
                    TrainingPhoto(
                        shard=row["shard"],
                        name=row["name"],
                        source=row["source"],
                        label=row["label"],
                        captions=tuple(filter(None, row["captions"].split(" || "))),
                    )
                    for row in csv.DictReader(file)
                )
        except (OSError, KeyError) as error:
            raise UserError(f"{folder} holds no manifest.csv of training photos: {error}") from error

    def sample(
        self, count: int, *, held_out: bool, seed: int = 0, leave_out: Sequence[str] = ()
    ) -> list[TrainingPhoto]:
        """Return up to `count` photos of one side of the split, a different seed a different sample."""
        side = [photo for photo in self.photos if photo.is_held_out == held_out and photo.source not in leave_out]
        chosen = np.random.default_rng(seed).permutation(len(side))[:count]
        return [side[index] for index in sorted(chosen)]

    def classes(self, *, per_class: int, at_least: int, leave_out: Sequence[str] = ()) -> list[TrainingPhoto]:
        """Return the judging photos: from every held-out class with `at_least` photos, up to `per_class`."""
        by_label: dict[str, list[TrainingPhoto]] = defaultdict(list)
        for photo in self.photos:
            if photo.is_held_out and photo.source not in leave_out:
                by_label[photo.label.casefold()].append(photo)
        generator = np.random.default_rng(0)
        judged: list[TrainingPhoto] = []
        for _, photos in sorted(by_label.items()):
            if len(photos) >= at_least:
                chosen = generator.permutation(len(photos))[:per_class]
                judged.extend(photos[index] for index in sorted(chosen))
        return judged

    def pixels(
        self, photos: Sequence[TrainingPhoto], input_px: int, batch: int = 16
    ) -> Iterator[NDArray[np.uint8]]:
        """Yield uint8 [up to batch, input_px, input_px, 3] in the order of `photos`."""
        open_shards: dict[str, zipfile.ZipFile] = {}
        try:
            for start in range(0, len(photos), batch):
                rows = []
                for photo in photos[start : start + batch]:
                    if photo.shard not in open_shards:
                        open_shards[photo.shard] = zipfile.ZipFile(self._folder / photo.shard)
                    rows.append(pixels_of(open_shards[photo.shard].read(photo.name), input_px))
                yield np.stack(rows)
        finally:
            for shard in open_shards.values():
                shard.close()


def pixels_of(data: bytes, input_px: int) -> NDArray[np.uint8]:
    """Return the network's input for one encoded picture: uint8 [input_px, input_px, 3]."""
    return network_input(decode(data, min_side_px=input_px).image, input_px)
