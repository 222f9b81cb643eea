"""What answers by picture and by words: one network, its vectors, and the words it knows.

An `Engine` belongs to one network and one library, and goes when another network answers. Opening it takes seconds
at 300,000 photos, so a thread of its own does that; queries, the indexer and checks share it afterwards. The files
of its vectors are caches named after the network, beside the catalog that they are made from.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from photofind.catalog.catalog import Catalog
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Manifest, TextSpace
from photofind.embedding.text_encoder import TextEncoder, encoder_folder
from photofind.search.chances import Chances
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words


@dataclass(frozen=True, slots=True)
class Engine:
    """One network, ready to answer.

    Attributes:
        embedder: The network.
        index: Its vectors of the library's photos.
        words: None where the network knows no words.
    """

    embedder: ImageEmbedder
    index: VectorIndex
    words: Words | None

    @classmethod
    def open(
        cls, manifest: Manifest, directory: Path, read: Callable[[], Catalog], *, provider: str, writable: bool
    ) -> Self:
        """Load a network and its vectors.

        Args:
            manifest: Which network.
            directory: Of the library; the files of vectors are there.
            read: Returns the calling thread's read-only catalog.
            provider: As for `ImageEmbedder`.
            writable: False where another process writes the files of vectors.

        Raises:
            ModelError: The network cannot be used.
        """
        embedder = ImageEmbedder(manifest, provider=provider)
        model_id = embedder.model_id
        index = VectorIndex.open(
            directory / f"index-{model_id}.hnsw",
            model_id,
            embedder.dimension,
            load=lambda: read().embeddings(model_id),
            ids=read().embedding_ids(model_id),
            load_some=lambda ids: read().embeddings_of(model_id, ids),
            writable=writable,
        )

        def open_words(space: TextSpace) -> VectorIndex:
            return VectorIndex.open(
                directory / f"words-{model_id}.hnsw",
                model_id,
                space.dimension,
                load=lambda: read().text_embeddings(model_id),
                ids=read().text_embedding_ids(model_id),
                load_some=lambda ids: read().text_embeddings_of(model_id, ids),
                writable=writable,
            )

        space = manifest.text
        if space is None:
            return cls(embedder, index, None)
        words = Words(space, lambda: TextEncoder(encoder_folder(manifest)), lambda: open_words(space))
        return cls(embedder, index, words)

    @property
    def model_id(self) -> str:
        """The network's id."""
        return self.embedder.model_id

    @property
    def same_picture_cosine(self) -> float:
        """From here on the network calls two photos the same picture."""
        return self.embedder.manifest.calibration.same_picture_cosine

    def chances(self) -> Chances:
        """Return what the network's cosines mean."""
        return Chances.of(self.embedder.manifest.calibration)

    def rebuild(self, catalog: Catalog, should_stop: Callable[[], bool]) -> None:
        """Take all vectors of photos from the catalog again, build their graph anew and save it.

        Args:
            catalog: A connection of the calling thread.
            should_stop: Asked several times a second; what is left is built later.

        Raises:
            OSError: The files cannot be written.
        """
        self.index.renew(
            lambda: catalog.embedding_ids(self.model_id), lambda ids: catalog.embeddings_of(self.model_id, ids)
        )
        self.index.build(should_stop)
        self.index.save()

    def close(self) -> None:
        """Save and close the vectors."""
        self.index.close()
        if self.words is not None:
            self.words.close()


def remove_files(directory: Path, model_id: str) -> None:
    """Remove the files of a network's vectors from a library's directory; nobody has them open."""
    pattern = re.compile(rf"(index|words)-{re.escape(model_id)}\.(hnsw|[0-9a-f]{{16}}\.graph)")
    for path in directory.iterdir():
        if pattern.fullmatch(path.name):
            path.unlink(missing_ok=True)
