"""What the indexer writes of words: vectors and labels with the embedding, later for libraries of before, anew."""

import dataclasses
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from photofind.catalog.catalog import Catalog
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Chance
from photofind.embedding.text_encoder import TextEncoder
from photofind.errors import ModelError
from photofind.events import PhotosAdded
from photofind.indexing import indexer
from photofind.records import Filter, SortOrder
from photofind.search.words import Words
from tests.conftest import ExpectedLog, PhotoFile
from tests.indexing.rig import NAMES, TIMEOUT_S, QuickEmbedder, Rig, WordyEmbedder, rig, write
from tests.words import SPACE, vector_of


def shown(library: Rig) -> dict[str, int]:
    return dict(library.reader.labels(library.embedder.model_id))


def test_an_empty_library_has_nothing_to_label(tmp_path: Path, photos: Path) -> None:
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        assert library.notices() == []


def test_each_photo_is_taken_in_with_its_words(tmp_path: Path, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 12)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        assert sum(shown(library).values()) == library.embedder.seen == 12
        assert set(shown(library)) == set(NAMES)
        library.check()
        assert library.words is not None
        ids, scores, _ = library.words.index().search(vector_of("dog"), 12)
        assert int((scores > 0.99).sum()) == shown(library)["dog"]
        filtered = library.reader.photo_ids(Filter(labels=("dog",)), SortOrder.NAME, "quick")
        dogs = {photo.content_id for photo in library.reader.photos(filtered.tolist())}
        assert dogs == set(ids[scores > 0.99].tolist())


def test_vector_words_and_labels_are_one_transaction(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    expected_log("could not be written")
    write(photo_file, 3)

    def fail(*_: object) -> None:
        raise ZeroDivisionError("between the vector and its labels")

    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        with monkeypatch.context() as patch:
            patch.setattr(Catalog, "_insert_labels", fail)
            library.add(photos)
        assert library.photos() == []
        assert library.reader.embedding_ids("quick").tolist() == []


def test_the_second_index_grows_only_once_it_is_open(tmp_path: Path, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 5)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        assert library.words is not None
        assert library.words._index is None, "nobody searched by words yet"
        assert len(library.words.index()) == 5
        write(photo_file, 4, start=5)
        library.scan()
        assert len(library.words.index()) == 9
        library.check()


def test_copies_moves_and_renames_say_nothing_again(tmp_path: Path, photos: Path, photo_file: PhotoFile) -> None:
    first, second, *_ = write(photo_file, 6)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        before = sum(shown(library).values())
        shutil.copy(first, photos / "copy.jpg")
        second.rename(photos / "renamed.jpg")
        library.scan()
        assert library.embedder.seen == 6
        assert sum(shown(library).values()) == before + 1, "labels are counted by photos"
        data = first.read_bytes()
        first.unlink()
        (photos / "copy.jpg").unlink()
        library.scan()
        first.write_bytes(data)
        library.scan()
        assert library.embedder.seen == 6
        library.check()


def test_a_photo_that_comes_back_after_a_restart_is_found_by_words(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    first, *_ = write(photo_file, 5)
    data = first.read_bytes()
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        first.unlink()
        library.scan()
    first.write_bytes(data)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        assert library.words is not None
        assert len(library.words.index()) == 4
        library.scan()
        assert len(library.words.index()) == 5
        assert library.embedder.seen == 0
        library.check()


def test_a_library_of_before_gets_its_words_in_the_background(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(photo_file, 12)
    with rig(tmp_path / "library", embedder=QuickEmbedder()) as library:
        library.add(photos)
        before = library.reader.embeddings("quick")[1]
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        assert len(library.index) == 12, "likeness answers at once"
        assert library.words is not None
        assert len(library.words.index()) == 0
        again: list[object] = []
        monkeypatch.setattr(library.index, "add", lambda *vectors: again.append(vectors))
        library.pool.may_go_on.clear()
        library.indexer.rescan()
        library.wait_for(lambda: library.pool.asked)
        assert library.indexer.submit(lambda catalog: len(catalog.folders())).result(TIMEOUT_S) == 1
        library.pool.may_go_on.set()
        library.settle()
        assert library.embedder.seen == 12
        np.testing.assert_array_equal(library.reader.embeddings("quick")[1], before)
        assert again == [], "what it has of likeness stays as it is"
        assert library.of(PhotosAdded) == []
        library.check()
        library.asked()
        library.scan()
        assert library.asked() == []


def test_a_photo_that_was_away_when_the_library_got_its_words(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    first, *_ = write(photo_file, 3)
    data = first.read_bytes()
    with rig(tmp_path / "library", embedder=QuickEmbedder()) as library:
        library.add(photos)
        first.unlink()
        library.scan()
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.scan()
        assert library.embedder.seen == 2
        assert library.words is not None
        assert len(library.words.index()) == 2
        first.write_bytes(data)
        library.scan(os.fsencode(photos))
        assert library.embedder.seen == 3
        library.check()


def test_a_stop_in_the_middle_goes_on_at_the_next_start(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 14)
    with rig(tmp_path / "library", embedder=QuickEmbedder()) as library:
        library.add(photos)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.indexer.rescan()
        library.wait_for(lambda: len(library.reader.text_embedding_ids("quick")) > 0)
        library.indexer.close()
        first = library.embedder.seen
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.scan()
        assert first + library.embedder.seen == 14
        library.check()


def test_another_network_brings_words_of_its_own(tmp_path: Path, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 10)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        before = shown(library)
        other = WordyEmbedder("other")
        index, words = library.open_index(other), library.words_of(other)
        done = library.indexer.set_embedder(cast(ImageEmbedder, other), index, words)
        done.result(TIMEOUT_S)
        library.settle()
        assert (other.seen, library.embedder.seen) == (10, 10)
        assert dict(library.reader.labels("other")) == before == shown(library), "the one before goes on answering"
        assert len(words.index()) == len(index) == 10
        silent = QuickEmbedder("silent")
        index_3 = library.open_index(silent)
        library.indexer.set_embedder(cast(ImageEmbedder, silent), index_3).result(TIMEOUT_S)
        assert silent.seen == 10
        assert library.reader.text_embedding_ids("silent").tolist() == []
        for each in (index, words, index_3):
            cast(Words, each).close()


def test_another_list_of_labels_labels_anew_without_reading_a_photo(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "LABEL_CONTENTS", 7)
    first, *_ = write(photo_file, 20)
    data = first.read_bytes()
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
        before = shown(library)
        first.unlink()  # labels of what is away are made anew, too
        library.scan()
    strict = dataclasses.replace(SPACE, label=Chance(40.0, -60.0))
    with rig(tmp_path / "library", embedder=WordyEmbedder(), space=strict) as library:
        library.asked()
        library.scan()
        assert library.asked() == []
        assert shown(library) == {}, "nothing is that sure"
        library.check()
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.scan()
        first.write_bytes(data)
        library.scan()
        assert shown(library) == before
        assert library.embedder.seen == 0
        library.check()


def test_a_network_without_a_calibration_of_labels_gives_none(
    tmp_path: Path, photos: Path, photo_file: PhotoFile
) -> None:
    write(photo_file, 3)
    with rig(
        tmp_path / "library", embedder=WordyEmbedder(), space=dataclasses.replace(SPACE, label=None)
    ) as library:
        library.add(photos)
        assert shown(library) == {}
        assert library.encoder.asked == []
        library.check()


def test_without_its_encoder_photos_are_taken_in_and_labelled_when_it_is_back(
    tmp_path: Path, photos: Path, photo_file: PhotoFile, expected_log: ExpectedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_log("get no labels")
    write(photo_file, 8)

    def broken(*_: Any) -> TextEncoder:
        raise ModelError("The text encoder is missing.")

    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        assert library.words is not None
        library.words._load_encoder = broken
        library.add(photos)
        assert len(library.photos()) == 8
        assert library.reader.text_embedding_ids("quick").size == 8
        assert shown(library) == {}
        assert library.notices() == ["Photos get no labels: The text encoder is missing."]
        library.scan()
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.scan()
        assert sum(shown(library).values()) == 8
        assert library.embedder.seen == 0
        library.check()


def test_the_catalog_holds_words_as_half_floats(tmp_path: Path, photos: Path, photo_file: PhotoFile) -> None:
    write(photo_file, 2)
    with rig(tmp_path / "library", embedder=WordyEmbedder()) as library:
        library.add(photos)
    with closing(sqlite3.connect(tmp_path / "library" / "catalog.db")) as raw:
        sizes = raw.execute("SELECT DISTINCT length(vector) FROM text_embedding").fetchall()
    assert sizes == [(2 * SPACE.dimension,)]
