"""Takes in networks that PhotoFind did not make: looks at them, copies them, measures what their cosines mean here.

The library's slow thread calls it, one network at a time; it takes a minute. A file from anywhere is examined in a
child process with limits, as a photo is, and only what passed is loaded here. What it is measured on are the
library's own photos, read from the catalog and the thumbnails, because cosines that tell a hundred kinds of things
apart may not tell one family's beaches apart.

It stands beside the indexer because both own decoder processes. The alternative that lost: the façade doing it, two
hundred lines that need nothing of the engine that answers.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofind.catalog.catalog import Catalog
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.embedding import calibration, foreign, vocabulary
from photofind.embedding.cost import measure_cost
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import MANIFEST_NAME, Manifest
from photofind.embedding.model_store import ModelStore
from photofind.errors import ModelError
from photofind.indexing.decoder_pool import DecoderPool
from photofind.photo.decode import decode
from photofind.photo.likeness import BOTH_BITS, turn_distances
from photofind.photo.thumbnail import THUMBNAIL_PX, network_input
from photofind.records import Failure, FailureKind, Filter

OWN_PHOTOS = 192
"""Photos of the library that an added network is calibrated on, in runs of three that were taken in together: a
third of all pairs of one scene in a library are neighbours so."""
CALIBRATION_S = 60.0
"""About as long the edits of photos are embedded for it; a slow network gets fewer."""
SCENE_MS = 60_000
"""Two photos of one camera within so long show one scene, for calibration."""
COMPARED_LABELS = 200
"""Words that a pair of networks is measured with: as many of the list of labels."""
FOUND_QUANTILE = 0.99
"""A photo is an answer to words where only one in a hundred pairs of any photo and any label comes nearer."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that somebody wants to add.

    Attributes:
        file: An ONNX file from anywhere, or a folder with a network and its manifest.
        model_id: What it is to be called.
        text: The ONNX file that belongs to it and takes words, where it is one of a pair; not without `tokenizer`.
        tokenizer: The tokenizer.json of that.
        mean, std: Of float pixels by channel, in units of 0..255; assumed when None.
    """

    file: Path
    model_id: str
    text: Path | None = None
    tokenizer: Path | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None


class Adoption:
    """Adopts networks for one library.

    Args:
        models: Where they are put.
        read: Returns the calling thread's read-only catalog.
        thumbnails: Of the library's photos.
        forget: Removes all vectors of an earlier network of that id.
        check_open: Raises UserError when the library is being closed; asked several times a second.
    """

    def __init__(
        self,
        models: ModelStore,
        read: Callable[[], Catalog],
        thumbnails: ThumbnailStore,
        *,
        forget: Callable[[str], None],
        check_open: Callable[[], None],
    ) -> None:
        self._models = models
        self._read = read
        self._thumbnails = thumbnails
        self._forget = forget
        self._check_open = check_open

    def adopt(self, candidate: Candidate) -> tuple[str, ...]:
        """Examine, copy and calibrate a network, and put it among the others.

        Returns:
            Sentences for the person: what was assumed of it, what to know.

        Raises:
            ModelError: It is no network that can be used.
            UserError: Its id is taken or cannot be, or the library is being closed.
            OSError: The library's folder cannot be written to.
        """
        file, model_id = candidate.file, candidate.model_id
        self._models.check_is_free(model_id)
        with self._models.workplace() as folder:
            if (file / MANIFEST_NAME).is_file():
                manifest = foreign.copy_model(file, folder, model_id)
                self._examine(foreign.FolderRequest(os.fsencode(folder)), file.name)
                remarks: tuple[str, ...] = ()
            else:
                request = foreign.InspectRequest(
                    os.fsencode(file), candidate.mean, candidate.std, has_words=candidate.text is not None
                )
                inspection = cast(foreign.Inspection, self._examine(request, file.name))
                manifest = foreign.write_model(
                    inspection, folder, model_id, file, candidate.text, candidate.tokenizer
                )
                remarks = inspection.remarks
            manifest = self._calibrated(manifest)
            (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
            # Vectors of an earlier network of this name would be taken for its own.
            self._forget(model_id)
            self._models.put(folder, model_id)
        return remarks

    def sample(self, count: int, run: int = 1) -> list[tuple[int, bytes]]:
        """Return content ids and thumbnails of photos spread over the library, `run` that follow each other."""
        ids = self._read().content_ids(Filter())
        if len(ids) > count:
            starts = np.linspace(0, len(ids) - run, count // run).astype(np.int64)
            ids = ids[np.unique((starts[:, None] + np.arange(run)).ravel())]
        chosen = [int(i) for i in ids]
        found = self._thumbnails.get_many(chosen)
        return [(content_id, found[content_id]) for content_id in chosen if content_id in found]

    def calibration_sample(self) -> calibration.Sample:
        """Return photos of the library, with what is known of which of them belong together."""
        found = self.sample(OWN_PHOTOS, run=3)
        ids = [content_id for content_id, _ in found]
        place = {content_id: row for row, content_id in enumerate(ids)}
        may_match = np.zeros((len(ids), len(ids)), dtype=bool)
        scenes = []
        reader = self._read()
        hashed, turns, quality = reader.hashes_of(ids)
        rows = np.array([place[int(content_id)] for content_id in hashed], dtype=np.int64)
        for row, turn, worth in zip(rows, turns, quality, strict=True):
            near = turn_distances(turn[None], worth[None], turns, quality) <= BOTH_BITS
            may_match[row, rows[near]] = may_match[rows[near], row] = True
        moments = [(place[i], at_ms, camera) for i, at_ms, camera in reader.moments(ids) if at_ms and camera]
        for first, (row, at_ms, camera) in enumerate(moments):
            for other, other_ms, other_camera in moments[first + 1 :]:
                apart_ms = abs(at_ms - other_ms)
                if camera != other_camera or apart_ms > SCENE_MS:
                    continue
                if apart_ms and not may_match[row, other]:
                    scenes.append((row, other))
                may_match[row, other] = may_match[other, row] = True
        pictures = [decode(jpeg, min_side_px=THUMBNAIL_PX).image for _, jpeg in found]
        return calibration.Sample(pictures, may_match, np.array(scenes, dtype=np.int64).reshape(-1, 2))

    # ------------------------------------------------------------------------------------------ the inside

    def _examine(self, request: foreign.Request, name: str) -> "foreign.Inspection | NDArray[np.float32]":
        """Let a child process with limits look at a file that may crash, hang or eat whoever loads it."""
        with DecoderPool(
            1,
            timeout_s=foreign.TIME_LIMIT_S,
            memory_bytes=foreign.MEMORY_LIMIT_BYTES,
            answer="photofind.embedding.foreign:answer",
        ) as pool:
            future: Future[Any] = pool.submit(cast(Any, request))
            while True:
                self._check_open()
                try:
                    reply = future.result(0.2)
                    break
                except TimeoutError:
                    continue
        if isinstance(reply, foreign.Refusal):
            raise ModelError(reply.sentence)
        if isinstance(reply, Failure):
            if reply.kind is FailureKind.TIMED_OUT:
                raise ModelError(
                    f"{name} takes longer than {foreign.TIME_LIMIT_S:g} seconds for some pictures; it cannot be "
                    "used here."
                )
            if reply.kind is FailureKind.OUT_OF_MEMORY:
                limit_gib = foreign.MEMORY_LIMIT_BYTES >> 30
                raise ModelError(f"{name} needs more than {limit_gib} GiB of memory; it cannot be used here.")
            raise ModelError(f"{name} crashes the program that runs it; it cannot be used here.")
        return cast("foreign.Inspection | NDArray[np.float32]", reply)

    def _calibrated(self, manifest: Manifest) -> Manifest:
        """Measure what the cosines of an added network mean; one that brought its calibration keeps it."""
        embedder = ImageEmbedder(manifest, "cpu")
        (cost,) = measure_cost(manifest, "cpu")
        measured = dict(manifest.measured) | {f"cpu_ms_{cost.variant}": cost.cpu_ms}
        sample = self.calibration_sample()

        def embed(pictures: Sequence[Image.Image]) -> NDArray[np.float32]:
            self._check_open()
            return embedder.embed(np.stack([network_input(picture, manifest.input_px) for picture in pictures]))

        if manifest.calibration.same_picture_recall == 0:
            edited = int(max(32, min(128, 1000 * CALIBRATION_S / (6 * max(cost.cpu_ms, 1.0)))))
            try:
                found = calibration.calibrate(embed, sample, edited=edited)
            except ValueError as error:
                raise ModelError(
                    f"{manifest.model_id} finds edits of a picture less like it than other pictures; it cannot be "
                    "used to find photos."
                ) from error
            measured["calibrated_on_photos"] = len(sample.pictures)
            manifest = replace(manifest, calibration=found)
        manifest = replace(manifest, measured=measured)
        if manifest.text is None or manifest.text.encoder != manifest.model_id:
            return manifest
        chosen = vocabulary.labels()[:: max(1, len(vocabulary.labels()) // COMPARED_LABELS)]
        texts = tuple(f"a photo of a {label.name}" for label in chosen)
        words = self._examine(foreign.WordsRequest(os.fsencode(manifest.folder), texts), "The text network")
        assert isinstance(words, np.ndarray)
        if words.shape[1] != manifest.text.dimension:
            raise ModelError(
                f"The text network gives {words.shape[1]} values and the image network {manifest.text.dimension}; "
                "they are no pair."
            )
        # No curve for labels (`text.label`), so such a pair gives none. Nothing here tells the truth about these
        # photos: the labels of the network that answers would hand its mistakes on as chances, most of all where
        # the pair sees better. And labels need the vectors of all names, three sentences each, for which a pair's
        # manifest has no place: they would be computed anew at every start.
        pictures = sample.pictures or calibration.generated_pictures(calibration.GENERATED)
        shown = np.concatenate([embed(pictures[at : at + 32]) for at in range(0, len(pictures), 32)])
        space = replace(manifest.text, found_cosine=round(float(np.quantile(shown @ words.T, FOUND_QUANTILE)), 4))
        return replace(manifest, text=space)
