"""Words in queries: in metadata, in pictures, by labels, in Chinese, excluded, inside filters, and all together."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from photofind.catalog.catalog import Catalog, Meaning
from photofind.embedding.manifest import Chance
from photofind.embedding.text_encoder import TextEncoder
from photofind.errors import ModelError
from photofind.records import Answer, Explanation, Filter, PhotoPart, Query, QueryPart, WordsPart
from photofind.search.explain import explain
from photofind.search.query import answer
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words
from tests.duplicates.rows import MODEL, SAME_COSINE, Rows, near, picture
from tests.words import DIMENSION, SPACE, EncoderByLot, vector_of, words

NO_FILTER = Filter()


class Album(Rows):
    """Photos that show something."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self.text_index = VectorIndex(MODEL, DIMENSION)
        self.encoder = EncoderByLot()
        self.words = words(self.text_index, encoder=self.encoder)

    def show(self, name: str, shows: NDArray[np.float32] | str, *labels: tuple[str, float]) -> int:
        """Add a photo that lies among words where `shows` does, and return its id."""
        photo_id = self.add(name)
        content = list(self.catalog.content_of([photo_id]).values())
        vector = vector_of(shows) if isinstance(shows, str) else shows
        said = Meaning(vector, labels)
        self.catalog.add_embeddings(MODEL, content, picture(1)[None], meanings=[said], labels_made_by="test")
        self.text_index.add(np.array(content), vector[None])
        return photo_id

    def ask(self, *parts: QueryPart | str, k: int = 10, filter: Filter = NO_FILTER) -> Answer:
        def nothing(part: QueryPart) -> None:
            raise AssertionError(f"{part} was embedded")

        return answer(
            Query(tuple(WordsPart(part) if isinstance(part, str) else part for part in parts), filter, k),
            catalog=self.catalog,
            index=self.index,
            embed_part=nothing,
            same_picture_cosine=SAME_COSINE,
            words=self.words,
        )

    def found(self, answer: Answer) -> list[str]:
        return self.names(tuple(hit.photo_id for hit in answer.hits))


def towards(name: str, cosine: float, seed: int = 0) -> NDArray[np.float32]:
    """A unit vector at this cosine to the vector of a name."""
    other = np.random.default_rng(seed).normal(size=DIMENSION)
    other -= (other @ vector_of(name)) * vector_of(name)
    other /= np.linalg.norm(other)
    return np.asarray(cosine * vector_of(name) + np.sqrt(1 - cosine**2) * other, dtype=np.float32)


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Album]:
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        yield Album(catalog)


def test_words_find_what_pictures_show(album: Album) -> None:
    album.show("a.jpg", towards("dog", 0.9))
    album.show("b.jpg", towards("dog", 0.7))
    album.show("c.jpg", "beach")
    found = album.ask("dog")
    assert album.found(found) == ["a.jpg", "b.jpg"]
    assert [round(hit.score, 2) for hit in found.hits] == [0.9, 0.7], "of one list alone, the cosine"
    assert all(hit.by_meaning and not hit.by_words and not hit.by_picture for hit in found.hits)
    assert found.is_exact
    assert found.model_id == MODEL
    assert found.unknown_words == ()


def test_too_far_from_the_words_is_no_answer(album: Album) -> None:
    album.show("near.jpg", towards("dog", SPACE.found_cosine + 0.02))
    album.show("far.jpg", towards("dog", SPACE.found_cosine - 0.02))
    assert album.found(album.ask("dog")) == ["near.jpg"]
    every = dataclasses.replace(SPACE, found_cosine=-1.0)
    album.words = words(album.text_index, every)
    assert album.found(album.ask("dog")) == ["near.jpg", "far.jpg"]


CURVE = Chance(10.0, -5.0)


def told(album: Album, *parts: QueryPart | str) -> dict[str, float | None]:
    """Return the chances of an answer by name."""
    found = album.ask(*parts)
    return {name: hit.shows for name, hit in zip(album.found(found), found.hits, strict=True)}


def test_every_hit_carries_the_chance_that_it_shows_the_words(album: Album) -> None:
    album.words = words(album.text_index, dataclasses.replace(SPACE, shows=CURVE))
    album.show("sure.jpg", towards("dog", 0.9))
    album.show("perhaps.jpg", towards("dog", 0.5))
    album.show("dog by name.jpg", towards("dog", 0.1))
    album.show("by label.jpg", towards("dog", 0.2), ("dog", 0.8))
    album.add("dog not looked at yet.jpg")
    chances = told(album, "dog")
    assert chances["sure.jpg"] == pytest.approx(CURVE.probability(0.9), abs=0.01)
    assert chances["perhaps.jpg"] == pytest.approx(0.5, abs=0.01)
    assert chances["dog by name.jpg"] == pytest.approx(CURVE.probability(0.1), abs=0.01), "found by its name alone"
    assert chances["by label.jpg"] == pytest.approx(0.8), "the label is surer"
    assert chances["dog not looked at yet.jpg"] is None
    both = told(album, "dog", "beach")
    assert both["sure.jpg"] == pytest.approx(chances["sure.jpg"]), "of several words, the likeliest"
    assert told(album, "狗")["sure.jpg"] == pytest.approx(chances["sure.jpg"])


def test_without_a_curve_or_without_meaning_there_is_no_chance(album: Album) -> None:
    album.show("asdf.jpg", towards("dog", 0.9))
    assert told(album, "dog") == {"asdf.jpg": None}
    album.words = words(album.text_index, dataclasses.replace(SPACE, shows=CURVE))
    assert told(album, "asdf") == {"asdf.jpg": None}
    assert told(album, "dog", WordsPart("asdf", weight=-1.0)) == {}
    assert set(told(album, WordsPart("cat", weight=-1.0), "dog")) == {"asdf.jpg"}


def test_why_says_which_words_and_how_likely(album: Album) -> None:
    with_curve = words(album.text_index, dataclasses.replace(SPACE, shows=CURVE))
    photo_id = album.show("a.jpg", towards("dog", 0.9))

    def why(*texts: str, words: Words | None) -> Explanation:
        return explain(
            Query(tuple(map(WordsPart, texts))),
            photo_id,
            catalog=album.catalog,
            index=album.index,
            embed_part=lambda _part: None,
            same_picture_cosine=SAME_COSINE,
            words=words,
        )

    found = why("beach", "dog", words=with_curve)
    assert found.words == "dog"
    assert found.shows == pytest.approx(CURVE.probability(0.9), abs=0.01)
    assert found.part is None
    for nothing in (why("asdf", words=with_curve), why("dog", words=album.words), why("dog", words=None)):
        assert nothing == Explanation(photo_id)


def test_metadata_pictures_and_labels_are_fused(album: Album) -> None:
    album.show("shown.jpg", towards("dog", 0.9))
    album.show("dog by name.jpg", "beach")
    album.show("dog by all.jpg", towards("dog", 0.8), ("dog", 0.9))
    album.show("by label.jpg", "beach", ("dog", 0.6))
    album.show("none.jpg", "beach", ("beach", 0.9))
    found = album.ask("dog")
    assert album.found(found)[0] == "dog by all.jpg"
    assert set(album.found(found)) == {"shown.jpg", "dog by name.jpg", "dog by all.jpg", "by label.jpg"}
    flags = {name: (hit.by_words, hit.by_meaning) for name, hit in zip(album.found(found), found.hits, strict=True)}
    assert flags == {
        "dog by all.jpg": (True, True),
        "shown.jpg": (False, True),
        "dog by name.jpg": (True, False),
        "by label.jpg": (False, True),
    }
    shown, by_name = (hit.score for hit in found.hits if hit.photo_id in (1, 2))
    assert shown == pytest.approx(1 / 61), "the first of one list, at the rank it has there"
    assert found.hits[0].score > shown + by_name


def test_labels_rank_by_confidence(album: Album) -> None:
    for number, chance in enumerate((0.6, 0.9, 0.75)):
        album.show(f"{number}.jpg", "beach", ("polar bear", chance))
    album.show("other.jpg", "beach", ("bear", 0.95))
    assert album.found(album.ask("a Polar bear")) == ["1.jpg", "2.jpg", "0.jpg"]
    assert [hit.score for hit in album.ask("polar bear").hits] == [0.9, 0.75, 0.6]
    assert album.found(album.ask("北极熊")) == ["1.jpg", "2.jpg", "0.jpg"]
    assert album.found(album.ask('"polar bear" -other')) == ["1.jpg", "2.jpg", "0.jpg"]


@pytest.mark.parametrize("text", ["a polar bear on ice", "polar bear beach", "polar", "bears", "the"])
def test_only_words_that_are_a_label_find_by_it(album: Album, text: str) -> None:
    """What else is said of a bear the photo's vector knows, its labels do not."""
    album.show("a.jpg", "cat", ("polar bear", 0.9))
    assert album.ask(text).hits == ()


def test_chinese_words(album: Album) -> None:
    album.show("shown.jpg", towards("dog", 0.9))
    album.show("狗.jpg", "beach")
    found = album.ask("狗")
    assert set(album.found(found)) == {"shown.jpg", "狗.jpg"}
    assert {album.found(found)[i]: hit.by_words for i, hit in enumerate(found.hits)} == {
        "shown.jpg": False,
        "狗.jpg": True,
    }
    assert found.unknown_words == ()
    assert album.encoder.asked == ["dog"]


def test_chinese_words_that_are_in_no_list_are_named(album: Album) -> None:
    album.show("shown.jpg", towards("dog", 0.9))
    album.show("龘龘.jpg", "beach")
    found = album.ask("龘龘")
    assert album.found(found) == ["龘龘.jpg"]
    assert found.unknown_words == ("龘龘",)
    assert found.model_id == ""
    assert album.encoder.asked == []
    both = album.ask("狗 龘龘")
    assert album.found(both) == ["shown.jpg"]
    assert both.unknown_words == ("龘龘",)


def test_quotes_and_excluded_words(album: Album) -> None:
    album.show("a.jpg", towards("dog", 0.9))
    album.show("rain.jpg", towards("dog", 0.8), ("dog", 0.9))
    album.show("shows.jpg", towards("dog", 0.7), ("rain", 0.9))
    found = album.ask('"dog" -rain')
    assert album.found(found) == ["a.jpg", "shows.jpg"], "excluded by metadata, not by what it shows"
    assert album.encoder.asked == ["dog"]
    assert album.found(album.ask("-rain")) == ["shows.jpg", "a.jpg"]
    assert album.encoder.asked == ["dog"], "nothing is wanted of the picture"
    assert album.found(album.ask("dog", WordsPart("rain", weight=-1.0))) == ["a.jpg", "shows.jpg"]
    assert album.ask(WordsPart("dog", weight=-1.0)).hits == ()


def test_thousands_that_are_excluded_leave_no_gap(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.search.query.FUSION_DEPTH", 3)
    for number in range(50):
        album.show(f"rain {number}.jpg", towards("dog", 0.9, number))
    album.show("last.jpg", towards("dog", 0.5))
    assert album.found(album.ask("dog -rain", k=2)) == ["last.jpg"]


def test_words_and_a_photo(album: Album) -> None:
    query = album.add("query.jpg", vector=picture(1))
    for name, cosine in (("like.jpg", 0.9), ("both.jpg", 0.8)):
        album.add(name, vector=near(picture(1), cosine))
    (content,) = album.catalog.content_of([album.photo(3).photo_id]).values()
    said = Meaning(vector_of("dog"))
    album.catalog.add_embeddings(MODEL, [content], picture(1)[None], meanings=[said])
    album.text_index.add(np.array([content]), vector_of("dog")[None])
    found = album.ask(PhotoPart(query), "dog")
    assert album.found(found)[0] == "both.jpg"
    assert found.hits[0].by_picture
    assert found.hits[0].by_meaning


def test_filters_are_exact_for_words_too(album: Album) -> None:
    for number in range(60):
        album.show(f"out/{number}.jpg", towards("dog", 0.9, number))
    album.show("in/a.jpg", towards("dog", 0.6), ("beach", 0.8))
    album.show("in/b.jpg", towards("dog", 0.5))
    album.text_index._exact_limit = 1
    album.text_index.build()
    inside = album.ask("dog", filter=Filter(directory=b"/photos/in"))
    assert album.found(inside) == ["in/a.jpg", "in/b.jpg"]
    assert inside.is_exact
    assert album.found(album.ask("dog", filter=Filter(labels=("beach",)))) == ["in/a.jpg"]
    assert album.ask("dog", filter=Filter(labels=("cat",))).hits == ()
    assert album.ask("beach", filter=Filter(directory=b"/nowhere")).hits == ()


def test_a_graph_is_not_called_exact(album: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photofind.search.query.FUSION_DEPTH", 1)
    for number in range(120):
        album.show(f"{number}.jpg", towards("dog", 0.9, number))
    assert album.ask("dog", k=1).is_exact
    album.text_index._exact_limit = 1
    album.text_index.build()
    found = album.ask("dog", k=1)
    assert not found.is_exact
    assert len(found.hits) == 1


def test_every_photo_of_a_content_is_found_by_words(album: Album) -> None:
    first = album.show("a.jpg", "dog")
    second = album.add("copy.jpg", "a.jpg")
    found = album.ask("dog")
    assert [hit.photo_id for hit in found.hits] == [first, second]
    assert found.hits[0].score == found.hits[1].score
    album.catalog.remove_photos([first])
    assert [hit.photo_id for hit in album.ask("dog").hits] == [second]


def test_without_its_encoder_metadata_is_searched_and_somebody_is_told(album: Album) -> None:
    album.show("dog.jpg", "dog")
    album.show("other.jpg", "dog")

    def broken() -> TextEncoder:
        raise ModelError("The text encoder is missing.")

    told: list[ModelError] = []
    found = answer(
        Query((WordsPart("dog"),)),
        catalog=album.catalog,
        index=album.index,
        embed_part=lambda _part: None,
        same_picture_cosine=SAME_COSINE,
        words=Words(SPACE, broken, lambda: album.text_index),
        tell=told.append,
    )
    assert album.found(found) == ["dog.jpg"]
    assert [str(error) for error in told] == ["The text encoder is missing."]
    assert found.model_id == ""


def test_a_network_without_words_searches_metadata(album: Album) -> None:
    album.show("dog.jpg", "dog")
    album.show("other.jpg", "dog")
    found = answer(
        Query((WordsPart("dog 龘"),)), catalog=album.catalog, index=album.index, embed_part=lambda _part: None,
        same_picture_cosine=SAME_COSINE,
    )  # fmt: skip
    assert found.hits == ()
    assert found.unknown_words == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.lists(st.sampled_from(["dog", "-rain", '"a', "狗", "龘", "-", '"'])).map(" ".join))
def test_any_text_is_a_query(album: Album, text: str) -> None:
    if not len(album.text_index):
        album.show("dog rain.jpg", "dog", ("dog", 0.9))
        album.show("狗.jpg", "beach")
    found = album.ask(text, filter=Filter(labels=("dog",)))
    assert len({hit.photo_id for hit in found.hits}) == len(found.hits) <= 1
    assert all(hit.by_words or hit.by_meaning for hit in found.hits)
