"""Training photos from zip shards: what there is, a repeatable split by class, and pixels as the network sees them.

The pixels come from `photo.decode` and `photo.thumbnail`, the functions that indexing uses: a network calibrated
on another resampling would be calibrated for another program.
"""

import csv
import itertools
import logging
import os
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.errors import PhotoError, UserError
from photofind.photo.decode import decode, read_file
from photofind.photo.formats import has_photo_extension
from photofind.photo.thumbnail import network_input

logger = logging.getLogger(__name__)

HELD_OUT_ONE_IN = 4
"""Every so many classes judge and are never fitted on."""
HELD_OUT_PHOTOS_ONE_IN = 40
"""Every so many photos, of whatever class, judge too."""


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

    @property
    def may_train(self) -> bool:
        """Whether training may see it: neither its class nor the photo itself judges.

        Whole photos are held out by a checksum of their place, so that captions and photos without a class are
        judged on unseen ones, too.
        """
        return (
            not self.is_held_out and zlib.crc32(f"{self.shard}/{self.name}".encode()) % HELD_OUT_PHOTOS_ONE_IN != 0
        )


class Shards:
    """A folder of training photos: zip shards, or plain files.

    Args:
        folder: Holds `manifest.csv` and the shards it names; a row without a shard names a file in the folder.
            Without a manifest every photo below it is one, without labels or captions: names
            of a person's folders are no classes.

    Raises:
        UserError: There is neither a manifest that can be read nor any photo.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not (folder / "manifest.csv").exists():
            self.photos = tuple(_plain_files(folder))
            if not self.photos:
                raise UserError(f"{folder} holds no manifest.csv of training photos, and no photos.")
            return
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
        """Return up to `count` photos of one side of the split, a different seed a different sample.

        Args:
            count: How many at most.
            held_out: False for photos that training may see, True for those that judge.
            seed: Chooses the sample.
            leave_out: Sources to take nothing from.
        """
        side = [photo for photo in self.photos if photo.may_train != held_out and photo.source not in leave_out]
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
        return pixel_batches(self.files(photos), input_px, batch)

    def files(self, photos: Sequence[TrainingPhoto]) -> Iterator[bytes]:
        """Yield the encoded picture of each, in the order of `photos`."""
        open_shards: dict[str, zipfile.ZipFile] = {}
        try:
            for photo in photos:
                if not photo.shard:
                    yield (self._folder / photo.name).read_bytes()
                    continue
                if photo.shard not in open_shards:
                    open_shards[photo.shard] = zipfile.ZipFile(self._folder / photo.shard)
                yield open_shards[photo.shard].read(photo.name)
        finally:
            for shard in open_shards.values():
                shard.close()


def _plain_files(folder: Path) -> Iterator[TrainingPhoto]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(place, name)
            if not has_photo_extension(os.fsencode(name)):
                continue
            try:
                # Now, and small: a damaged photo found in the middle of a run would end it.
                decode(read_file(os.fsencode(path))[0], min_side_px=1)
            except PhotoError as error:
                logger.warning("%s is left out: %s", path, error.reason)
                continue
            yield TrainingPhoto(
                shard="", name=str(path.relative_to(folder)), source=folder.name, label="", captions=()
            )


def pixel_batches(files: Iterable[bytes], input_px: int, batch: int = 16) -> Iterator[NDArray[np.uint8]]:
    """Yield the network's input for encoded pictures, in order: uint8 [up to batch, input_px, input_px, 3]."""
    remaining = iter(files)
    while rows := [pixels_of(data, input_px) for data in itertools.islice(remaining, batch)]:
        yield np.stack(rows)


def pixels_of(data: bytes, input_px: int) -> NDArray[np.uint8]:
    """Return the network's input for one encoded picture: uint8 [input_px, input_px, 3]."""
    return network_input(decode(data, min_side_px=input_px).image, input_px)
