"""The judge itself: each question on scores worked out by hand, and the whole on made-up shards; needs no torch."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import TextSpace
from photofind.embedding.text_encoder import LABEL_SENTENCES
from photofind.embedding.vocabulary import labels
from photofind.errors import UserError
from photofind.training import evaluate
from photofind.training.data import Shards, TrainingPhoto
from photofind.training.edits import KINDS
from photofind.training.evaluate import (
    LABELS_OF_CLASS,
    Judge,
    class_retrieval,
    label_accuracy,
    near_duplicates,
    table,
    words_retrieval,
)
from tests.embedding.tiny_networks import tiny_network, write_model
from tests.pictures import make_picture

# --- the four questions


def test_perfect_order_scores_one() -> None:
    vectors = np.repeat(np.eye(3, 8, dtype=np.float32), 4, axis=0)
    found = class_retrieval(vectors, [str(index // 4) for index in range(12)])
    assert found.mean_average_precision == pytest.approx(1)
    # Three right ones are among the first ten; there are no more.
    assert found.precision_at_10 == pytest.approx(0.3)
    assert found.queries == 12


def test_average_precision_by_hand() -> None:
    angles = np.radians([0, 10, 20, 35])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = class_retrieval(vectors, ["a", "b", "a", "a"])
    # a at 0:  b a a -> (1/2 + 2/3) / 2;  a at 20: b (10 away), a (15), a (20) -> the same;
    # a at 35: a (15), b (25), a (35) -> (1 + 2/3) / 2.  b has no other of its class and is no query.
    expected = ((1 / 2 + 2 / 3) / 2 * 2 + (1 + 2 / 3) / 2) / 3
    assert found.mean_average_precision == pytest.approx(expected)
    assert found.queries == 3


def test_chance_is_far_below_one() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(600, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = class_retrieval(vectors, [str(index % 10) for index in range(600)])
    assert 0.08 < found.mean_average_precision < 0.14


def test_near_duplicates_by_hand() -> None:
    scores = np.array([[0.9, 0.1, 0.2], [0.8, 0.7, 0.1], [0.3, 0.4, 0.5], [0.5, 0.4, 0.5]], np.float32)
    found = near_duplicates(scores, np.array([0, 1, 2, 2]), ["turn", "turn", "crop", "turn"])
    # Right, beaten by photo 0, right, and level with photo 0.
    assert found.recall_by_kind == pytest.approx({"turn": 1 / 3, "crop": 1})
    assert found.recall == pytest.approx(2 / 3)
    assert found.worst[0] == "turn"
    assert found.worst[1] == pytest.approx(1 / 3)
    assert found.photos == 3


def test_words_retrieval_by_hand() -> None:
    scores = np.tile(np.linspace(1, 0, 12, dtype=np.float32), (4, 1))
    found = words_retrieval(scores, np.array([0, 4, 9, 11]))
    assert (found.recall_at_1, found.recall_at_5, found.recall_at_10) == (0.25, 0.5, 0.75)
    assert (found.queries, found.photos) == (4, 12)


def test_label_accuracy_by_hand() -> None:
    scores = np.array([[9, 8, 1, 2, 3, 4, 5], [9, 8, 1, 2, 3, 4, 5], [9, 8, 7, 6, 5, 4, 3]], np.float32)
    right = np.zeros((3, 7), bool)
    right[0, [0, 1]] = True  # the first; that the second is right as well changes nothing
    right[1, 5] = True  # the fourth
    right[2, 6] = True  # the last
    found = label_accuracy(scores, right)
    assert found.top_1 == pytest.approx(1 / 3)
    assert found.top_5 == pytest.approx(2 / 3)
    assert found.photos == 3


def test_nothing_is_won_by_ties_or_by_vectors_that_are_no_numbers() -> None:
    for scores in (np.ones((5, 20), np.float32), np.full((5, 20), np.nan, np.float32)):
        assert near_duplicates(scores, np.arange(5), ["crop"] * 5).recall == 0
        assert words_retrieval(scores, np.arange(5)).recall_at_10 == 0
        assert label_accuracy(scores, np.eye(5, 20, dtype=bool)).top_5 == 0


# --- the split


def photo(name: str, label: str = "", captions: tuple[str, ...] = ()) -> TrainingPhoto:
    return TrainingPhoto("photos-1.zip", name, "made", label, captions)


def held_out_classes(count: int) -> list[str]:
    """Return names of labels that the split holds out."""
    return [label.name for label in labels() if photo("", label.name).is_held_out][:count]


def test_a_photo_that_judges_is_never_trained_on() -> None:
    photos = [photo(f"{number}.webp", f"class {number % 40}" if number % 2 else "") for number in range(8000)]
    assert not any(each.may_train for each in photos if each.is_held_out)
    others = [each for each in photos if not each.is_held_out]
    judging = [each for each in others if not each.may_train]
    assert len(judging) / len(others) == pytest.approx(1 / 40, rel=0.25)
    assert {bool(each.label) for each in judging} == {False, True}


def test_every_class_that_is_said_to_have_a_label_has_one() -> None:
    known = {label.name for label in labels()}
    lost = [name for name, names in LABELS_OF_CLASS.items() if known.isdisjoint(names.split(" | "))]
    assert not lost


# --- the judge


CLASSES, IN_CLASS, CAPTIONED = 3, 8, 12


@pytest.fixture
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shards:
    """Return shards that have pictures only of those that judge: nothing else may be read.

    Three held-out classes of eight photos each, and among 1,500 rows without a label those held out, the first
    twelve of them with captions.
    """
    for name, value in {"CLASS_PHOTOS": 6, "CLASS_LEAST": 4, "EDITED_PHOTOS": 3, "DISTRACTORS": 30}.items():
        monkeypatch.setattr(evaluate, name, value)
    rows = [photo(f"class/{number}", label) for label in held_out_classes(CLASSES) for number in range(IN_CLASS)]
    rows = [photo(f"{label.label}/{number}", label.label) for number, label in enumerate(rows)]
    left = CAPTIONED
    for number in range(1500):
        plain = photo(f"plain/{number}")
        if not plain.may_train and left:
            left -= 1
            plain = photo(plain.name, "", (f"one of {plain.name}", f"two of {plain.name}"))
        rows.append(plain)
    folder = tmp_path / "shards"
    folder.mkdir()
    with zipfile.ZipFile(folder / "photos-1.zip", "w") as shard:
        for seed, row in enumerate(rows):
            if not row.may_train:
                buffer = io.BytesIO()
                make_picture(seed, (72, 64)).save(buffer, "JPEG")
                shard.writestr(row.name, buffer.getvalue())
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["shard", "name", "source", "label", "captions"])
        for row in rows:
            writer.writerow([row.shard, row.name, row.source, row.label, " || ".join(row.captions)])
    return Shards(folder)


def unit(rows: NDArray[Any]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def test_the_right_vectors_score_one_and_wrong_ones_do_not(shards: Shards) -> None:
    judge = Judge(shards)
    assert not any(each.may_train for each in judge.photos)
    assert len(judge.copies) == 3 * len(KINDS)
    assert sum(len(batch) for batch in judge.copy_pixels(32)) == len(judge.copies)
    classes = sorted({each.label for each in judge.photos if each.label})
    assert len(classes) == CLASSES
    random = np.random.default_rng(0)
    own = unit(random.normal(size=(len(judge.photos), 64)))
    centres = unit(random.normal(size=(CLASSES, 64)))
    of_class = np.stack(
        [centres[classes.index(each.label)] if each.label else 0 * centres[0] for each in judge.photos]
    )
    photos = unit(own + 5 * of_class)
    originals = photos[judge._gallery[:3]]
    copies = unit(np.repeat(originals, len(KINDS), axis=0) + 0.02 * random.normal(size=(len(judge.copies), 64)))
    found = judge.vectors("good", photos, copies)
    assert found.classes is not None
    assert found.near is not None
    assert found.classes.mean_average_precision == pytest.approx(1)
    assert found.classes.queries == CLASSES * 6
    assert found.near.recall == 1
    assert set(found.near.recall_by_kind) == set(KINDS)
    assert found.near.photos == 33
    wrong = judge.vectors("wrong", own, np.roll(copies, len(KINDS), axis=0))
    assert wrong.classes is not None
    assert wrong.near is not None
    assert wrong.classes.mean_average_precision < 0.7
    assert wrong.near.recall == 0
    # Of several turns the best counts.
    turned = np.stack([unit(random.normal(size=copies.shape)), copies], axis=1)
    assert (first := judge.vectors("upside down", photos, turned[:, 0]).near)
    assert first.recall < 0.5
    best = judge.vectors("turned", photos, turned).near
    assert best is not None
    assert best.recall == 1
    assert judge.vectors("no copies", photos, None).near is None


def test_a_network_is_judged_through_its_file(shards: Shards, tmp_path: Path) -> None:
    embedder = ImageEmbedder(write_model(tmp_path / "tiny-v1", float=tiny_network()), "cpu")
    found = Judge(shards).network(embedder)
    assert (found.name, found.precision) == ("tiny-v1", "float")
    assert found.near is not None
    # Means of columns do not mind what happens along them, but a mirror image has them the wrong way round.
    assert found.near.recall_by_kind["jpeg 30"] == 1
    assert found.near.recall_by_kind["mirror"] < 1
    assert found.cpu_ms is not None
    assert found.words is None
    assert found.labels is None
    text = table([found])
    assert "| tiny-v1 | float | ." in text
    assert text.count("\n| mirror | ") == 1


class KnowsItAll:
    """Stands in for a network and a text encoder that agree: a photo lies where its caption or its label lies.

    What the encoder gives is moved by `centre`, which has to be taken off again.
    """

    input_px = 32
    model_id = "knows-it-all"
    variant = "float"
    encoder_id = "made-up"

    def __init__(self, judge: Judge, *, is_wrong: bool = False) -> None:
        random = np.random.default_rng(1)
        self._names = unit(random.normal(size=(len(labels()), 48)))
        self._photos = unit(random.normal(size=(len(judge.photos), 48)))
        place = {label.name: row for row, label in enumerate(labels())}
        for row, each in enumerate(judge.photos):
            if each.label:
                self._photos[row] = self._names[place[each.label]]
        self._row_of = {each.name: row for row, each in enumerate(judge.photos)}
        self._seen = {
            pixels.tobytes(): self._photos[(row + is_wrong) % len(self._photos)]
            for row, pixels in enumerate(np.concatenate(list(judge.pixels(self.input_px))))
        }
        self._centre = np.full(48, 0.6, np.float32)
        self.manifest = SimpleNamespace(text=TextSpace(self.encoder_id, 48, self._centre))
        self.encoded = 0

    def embed(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.stack([self._seen.get(each.tobytes(), self._photos[0]) for each in pixels])

    def embed_both(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self.embed(pixels), self.embed(pixels)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        rows = [next(row for name, row in self._row_of.items() if f"{name} " in f"{text} ") for text in texts]
        return self._photos[rows] + self._centre

    def label_vectors(self) -> NDArray[np.float32]:
        return self._names + self._centre


@pytest.mark.parametrize("is_wrong", [False, True])
def test_words_and_labels_are_judged_where_a_network_knows_them(shards: Shards, is_wrong: bool) -> None:
    judge = Judge(shards)
    both: Any = KnowsItAll(judge, is_wrong=is_wrong)
    found = judge.network(both, both)
    assert found.words is not None
    assert found.labels is not None
    assert (found.words.queries, found.words.photos) == (2 * CAPTIONED, CAPTIONED)
    assert found.labels.photos == CLASSES * IN_CLASS
    assert found.words.recall_at_1 < 0.5 if is_wrong else found.words.recall_at_1 == 1
    assert (found.labels.top_1 < 1) == is_wrong

    judge.network(both, both)
    assert both.encoded == len(LABEL_SENTENCES) * 2 * CAPTIONED  # the captions were not encoded again
    assert judge.network(both).words is None


def test_searches_by_names_find_the_photos_that_show_them(shards: Shards, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Judge(shards)
    shown, wider = sorted({each.label for each in judge.photos if each.label})[:2]
    monkeypatch.setattr(evaluate, "WIDER_NAMES", {shown: wider})
    space = TextSpace("made-up", 48, np.zeros(48, np.float32))
    place = {label.name: row for row, label in enumerate(labels())}
    names = unit(np.random.default_rng(0).normal(size=(len(labels()), 48)))

    class Names:
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            inner = [re.sub("^(?:there is a|a close up of a) | in the picture$", "", text) for text in texts]
            return names[[place[name] for name in inner]]

    photos = np.stack([names[place[each.label]] if each.label else 0 * names[0] for each in judge.photos])
    encoder: Any = Names()
    found = judge.typed_scores(photos, space, encoder)
    assert found is not None
    scores, right = found
    assert scores.shape == right.shape == (CLASSES, CLASSES * IN_CLASS)
    assert sorted(right.sum(axis=1)) == [IN_CLASS, IN_CLASS, 2 * IN_CLASS], "one name is right for two classes"
    assert (scores[right] > 0.99).sum() == CLASSES * IN_CLASS
    assert scores[~right].max() < 0.99


def test_the_right_centre_is_what_makes_words_meet_their_photos(shards: Shards) -> None:
    judge = Judge(shards)
    both: Any = KnowsItAll(judge)
    both.manifest = SimpleNamespace(text=TextSpace("made-up", 48, -8 * np.eye(1, 48, dtype=np.float32)[0]))
    found = judge.network(both, both)
    assert found.words is not None
    assert found.words.recall_at_1 < 1


def test_too_few_photos_to_judge_on_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("shard,name,source,label,captions\na.zip,1,made,,\n", encoding="utf-8")
    with pytest.raises(UserError, match="too few to judge"):
        Judge(Shards(tmp_path))


def test_photos_without_classes_and_captions_are_judged_on_copies_alone(
    shards: Shards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shards, "photos", tuple(each for each in shards.photos if not each.label and not each.captions)
    )
    judge = Judge(shards)
    vectors = np.eye(len(judge.photos), dtype=np.float32)
    found = judge.vectors("one", vectors, vectors[np.repeat(judge._gallery[:3], len(KINDS))])
    assert found.classes is None
    assert found.near is not None
    assert found.near.recall == 1
    assert "| one |  |  |  | 1.000 |" in table([found])
