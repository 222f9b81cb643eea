"""The words of one network: loaded when first needed, labels by their chance, an index that misses nothing."""

import dataclasses
import threading
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from photofind.embedding import vocabulary
from photofind.embedding.manifest import Chance
from photofind.embedding.text_encoder import TextEncoder
from photofind.errors import ModelError
from photofind.search import words as words_module
from photofind.search.vector_index import Ids, VectorIndex, Vectors
from photofind.search.words import LEAST_CHANCE, MOST_LABELS, Words
from tests.words import DIMENSION, SPACE, EncoderByLot, vector_of, words

WAIT_S = 60


def test_nothing_is_loaded_before_it_is_needed() -> None:
    loaded: list[str] = []

    def load() -> TextEncoder:
        loaded.append("encoder")
        return cast(TextEncoder, EncoderByLot())

    def open_index() -> VectorIndex:
        loaded.append("index")
        return VectorIndex("m", DIMENSION)

    made = Words(SPACE, load, open_index)
    made.add(np.array([1]), vector_of("dog")[None])
    made.save()
    assert made.build(lambda: False)
    assert loaded == []
    made.index()
    made.vector("dog")
    made.vector("cat")
    made.labels(vector_of("dog")[None])
    made.index()
    assert loaded == ["index", "encoder"]
    made.close()
    with pytest.raises(ModelError, match="search again"):
        made.index()


def test_a_centred_space_turns_the_vector_of_words() -> None:
    centre = 0.5 * vector_of("dog")
    plain, centred = words(), words(space=dataclasses.replace(SPACE, centre=centre))
    np.testing.assert_allclose(plain.vector("cat"), vector_of("cat"), atol=1e-6)
    expected = vector_of("cat") - centre
    np.testing.assert_allclose(centred.vector("cat"), expected / np.linalg.norm(expected), atol=1e-6)


def test_labels_are_those_more_likely_than_not_the_surest_first() -> None:
    mixed = vector_of("dog") + 0.9 * vector_of("beach")
    mixed /= np.linalg.norm(mixed)
    rows = np.stack([mixed, vector_of("cat"), -vector_of("cat")]).astype(np.float32)
    both, one, none = words().labels(rows)
    assert SPACE.label is not None
    assert [name for name, _ in both] == ["dog", "beach"]
    assert both[0][1] == pytest.approx(SPACE.label.probability(float(mixed @ vector_of("dog"))), abs=1e-4)
    assert [name for name, _ in one] == ["cat"]
    assert none == ()
    assert all(chance >= LEAST_CHANCE for labels in (both, one) for _, chance in labels)


def test_a_photo_gets_the_surest_few() -> None:
    easy = words(space=dataclasses.replace(SPACE, label=Chance(10.0, 20.0)))
    (found,) = easy.labels(vector_of("dog")[None])
    cosines = {label.name: float(vector_of(label.name) @ vector_of("dog")) for label in vocabulary.labels()}
    best = sorted(cosines, key=lambda name: -cosines[name])[:MOST_LABELS]
    assert [name for name, _ in found] == best
    assert words(space=dataclasses.replace(SPACE, label=None)).labels(vector_of("dog")[None]) == [()]


def test_the_mark_changes_with_whatever_changes_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = {
        words().labels_made_by,
        words(space=dataclasses.replace(SPACE, label=Chance(40.0, -21.0))).labels_made_by,
        words(space=dataclasses.replace(SPACE, encoder="other")).labels_made_by,
        words(space=dataclasses.replace(SPACE, centre=vector_of("dog"))).labels_made_by,
    }
    monkeypatch.setattr(words_module, "LEAST_CHANCE", 0.6)
    marks.add(words().labels_made_by)
    monkeypatch.undo()
    monkeypatch.setattr(vocabulary, "labels_sha256", lambda: "another list")
    marks.add(words().labels_made_by)
    monkeypatch.undo()
    assert len(marks) == 6
    assert words(space=dataclasses.replace(SPACE, found_cosine=0.9)).labels_made_by in marks


def test_an_encoder_that_fails_is_asked_once() -> None:
    asked = 0

    def broken() -> TextEncoder:
        nonlocal asked
        asked += 1
        raise ModelError("The text encoder is missing.")

    made = Words(SPACE, broken, lambda: VectorIndex("m", DIMENSION))
    for _ in range(3):
        with pytest.raises(ModelError, match="missing"):
            made.vector("dog")
        with pytest.raises(ModelError, match="missing"):
            made.labels(vector_of("dog")[None])
    assert asked == 1


def test_what_is_added_while_the_index_opens_is_not_lost(tmp_path: Path) -> None:
    """The catalog is read, then the indexer commits and adds, then the opening ends."""
    stored = {1: vector_of("dog")}
    has_read, may_end = threading.Event(), threading.Event()

    def load() -> tuple[Ids, Vectors]:
        found = np.array(sorted(stored)), np.stack([stored[i] for i in sorted(stored)])
        has_read.set()
        assert may_end.wait(WAIT_S)
        return found

    def open_index() -> VectorIndex:
        return VectorIndex.open(
            tmp_path / "words-m.hnsw", "m", DIMENSION, load, np.array([1]), lambda _ids: load(), writable=True
        )

    made = words()
    made._open_index = open_index
    opening = threading.Thread(target=made.index)
    opening.start()
    assert has_read.wait(WAIT_S)
    stored[2] = vector_of("cat")
    adding = threading.Thread(target=lambda: made.add(np.array([2]), vector_of("cat")[None]))
    adding.start()
    may_end.set()
    opening.join()
    adding.join()
    assert made.index().known(np.array([1, 2])).all()
    made.close()
