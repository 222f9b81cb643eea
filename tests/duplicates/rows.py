"""Photos made up row by row, without files: what the indexer would have written, every fact chosen by the test."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog
from photofind.records import FileFacts, Metadata, Photo, Prepared
from photofind.search.vector_index import VectorIndex

MODEL = "m"
DIMENSION = 48
SAME_COSINE = 0.96
ROOT = b"/photos"


def picture(seed: int) -> NDArray[np.float32]:
    """A vector as a network gives for another picture: far from all others."""
    row = np.random.default_rng(seed).normal(size=DIMENSION)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


def near(vector: NDArray[np.float32], cosine: float, seed: int = 0) -> NDArray[np.float32]:
    """A unit vector at exactly this cosine."""
    other = np.random.default_rng(1_000_000 + seed).normal(size=DIMENSION)
    other -= (other @ vector) * vector
    other /= np.linalg.norm(other)
    return np.asarray(cosine * vector + np.sqrt(1 - cosine**2) * other, dtype=np.float32)


def turns(seed: int) -> NDArray[np.uint8]:
    """Hashes of the eight turns of a picture, uint8 [8, 32]."""
    return np.random.default_rng(seed).integers(0, 256, (8, 32), dtype=np.uint8)


def flipped(hashes: NDArray[np.uint8], bits: int, seed: int = 0) -> NDArray[np.uint8]:
    """The hashes after an edit: so many bits of every turn differ."""
    unpacked = np.unpackbits(hashes, axis=1)
    places = np.random.default_rng(seed).permutation(256)[:bits]
    unpacked[:, places] ^= 1
    return np.packbits(unpacked, axis=1)


@dataclass
class Rows:
    """A catalog and an index that grow together."""

    catalog: Catalog
    index: VectorIndex = field(default_factory=lambda: VectorIndex(MODEL, DIMENSION))

    def __post_init__(self) -> None:
        self.catalog.add_folder(ROOT)

    def add(
        self,
        name: str,
        content: str | None = None,
        *,
        vector: NDArray[np.float32] | None = None,
        hashes: NDArray[np.uint8] | None = None,
        quality: int = 100,
        time_ms: int | None = None,
        camera: str | None = None,
        size: tuple[int, int] = (4000, 3000),
        bytes_: int = 1_000_000,
        format: str = "JPEG",
        alias_of: int | None = None,
        title: str | None = None,
    ) -> int:
        """Add a photo and return its id. Equal `content` is equal bytes; hash and vector follow it unless given."""
        digest = hashlib.sha256((content or name).encode()).digest()
        seed = int.from_bytes(digest[:6], "little")
        path = ROOT + b"/" + name.encode()
        prepared = Prepared(
            path,
            self.facts(path, bytes_),
            digest,
            width_px=size[0],
            height_px=size[1],
            format=format,
            metadata=Metadata(captured_at_ms=time_ms, camera_model=camera, title=title),
            perceptual_hash=(turns(seed) if hashes is None else hashes).tobytes(),
            hash_quality=quality,
            thumbnail=b"jpeg",
        )
        aliases = {} if alias_of is None else {path: alias_of}
        added = self.catalog.add_prepared(
            [(prepared, picture(seed) if vector is None else vector)], MODEL, aliases=aliases
        )
        for row in added.contents:
            if row.vector is not None:
                self.index.add(np.array([row.content_id]), row.vector[None, :])
        photo_id = self.catalog.photo_at(path)
        assert photo_id is not None
        return photo_id

    @staticmethod
    def facts(path: bytes, bytes_: int = 1_000_000) -> FileFacts:
        inode = int.from_bytes(hashlib.sha256(path).digest()[:6], "little")
        return FileFacts(bytes_, 1_600_000_000_000_000_000, 1, inode, 7)

    def photo(self, photo_id: int) -> Photo:
        (photo,) = self.catalog.photos([photo_id])
        return photo

    def names(self, photo_ids: tuple[int, ...]) -> list[str]:
        return [photo.path.decode().removeprefix("/photos/") for photo in self.catalog.photos(photo_ids)]
