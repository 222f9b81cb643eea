"""What networks say of photos in words: vectors among words, labels, filters and counts by them."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photofind.catalog.catalog import Catalog, Labels, Meaning
from photofind.records import Filter, SortOrder
from tests.catalog.sample import LABELS, LABELS_MADE_BY, MODEL, add, fill, meaning, prepared, vector

ALL = Filter()
OTHER = "model-b"


def shown(*labels: tuple[str, float]) -> Meaning:
    return Meaning(vector(7)[:8], labels)


def put(catalog: Catalog, name: bytes, labels: Labels, seed: int | None = None) -> int:
    """Add a photo that shows this, and return its id."""
    photo = prepared(b"/photos/" + name, seed)
    said = {photo.digest: Meaning(vector(1)[:8], labels)}
    added = catalog.add_prepared([(photo, vector(1))], MODEL, meanings=said, labels_made_by="list 1")
    return added.photo_ids_added[0]


def content(catalog: Catalog, photo_id: int) -> int:
    return catalog.content_of([photo_id])[photo_id]


def test_what_a_network_says_is_kept_with_its_vector(catalog: Catalog) -> None:
    one, two = prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b.jpg", 2)
    added = catalog.add_prepared(
        [(one, vector(1)), (two, vector(2))],
        MODEL,
        meanings={one.digest: meaning(1), two.digest: meaning(3)},
        labels_made_by="list 1",
    )
    ids, vectors = catalog.text_embeddings(MODEL)
    assert (
        ids.tolist() == [each.content_id for each in added.contents] == catalog.text_embedding_ids(MODEL).tolist()
    )
    np.testing.assert_allclose(vectors, np.stack([meaning(1).vector, meaning(3).vector]), atol=1e-3)
    first, second = (each.text_vector for each in added.contents)
    assert first is not None
    np.testing.assert_array_equal(first, meaning(1).vector)
    assert second is not None
    assert catalog.labels_of(MODEL, ids) == {ids[0]: meaning(1).labels, ids[1]: meaning(3).labels}
    assert catalog.labels_of(OTHER, ids) == {}
    assert catalog.labels_made_by(MODEL) == "list 1"
    assert catalog.text_embeddings(OTHER)[1].shape == (0, 0)
    assert catalog.text_embeddings_of(MODEL, [ids[1], 999])[0].tolist() == [ids[1]]


def test_a_copy_and_a_move_say_nothing_new(catalog: Catalog) -> None:
    photo_id = put(catalog, b"a.jpg", (("dog", 0.8),), 1)
    (photo,) = catalog.photos([photo_id])
    again = catalog.add_prepared([(prepared(b"/photos/b.jpg", 1, known=True), None)], MODEL)
    assert again.contents == ()
    assert catalog.labels(MODEL) == [("dog", 2)]
    catalog.move_photos([(photo_id, b"/photos/there/c.jpg", prepared(b"x", 1).facts)])
    assert catalog.labels_of(MODEL, [content(catalog, photo_id)])[photo.content_id] == (("dog", 0.8),)
    assert catalog.contents_without_embedding(MODEL, 9, wants_words=True) == []


def test_a_content_that_comes_back_brings_its_vector_among_words(catalog: Catalog) -> None:
    photo_id = put(catalog, b"a.jpg", (("dog", 0.8),), 1)
    catalog.remove_photos([photo_id])
    assert catalog.text_embedding_ids(MODEL).tolist() == []
    assert catalog.labels(MODEL) == []
    (back,) = catalog.add_prepared([(prepared(b"/photos/b.jpg", 1, known=True), None)], MODEL).contents
    assert back.text_vector is not None
    np.testing.assert_allclose(back.text_vector, vector(1)[:8], atol=1e-3)
    assert catalog.labels(MODEL) == [("dog", 1)]


def test_contents_of_an_older_library_are_asked_for_until_they_have_their_words(catalog: Catalog) -> None:
    photos = [prepared(b"/photos/%d.jpg" % number, number) for number in range(3)]
    catalog.add_prepared([(photo, vector(number)) for number, photo in enumerate(photos)], MODEL)
    assert catalog.contents_without_embedding(MODEL, 9) == []
    wanted = catalog.contents_without_embedding(MODEL, 9, wants_words=True)
    assert [path for _, path in wanted] == [photo.path for photo in photos]
    ids = [content_id for content_id, _ in wanted]
    said = [shown(("dog", 0.9)), shown()]
    before = catalog.embeddings(MODEL)[1]
    vectors = np.stack([vector(5), vector(6)])
    assert catalog.add_embeddings(MODEL, ids[:2], vectors, meanings=said, labels_made_by="x") == set()
    np.testing.assert_array_equal(catalog.embeddings(MODEL)[1], before)
    assert [each[0] for each in catalog.contents_without_embedding(MODEL, 9, wants_words=True)] == ids[2:]
    assert catalog.text_embedding_ids(MODEL).tolist() == ids[:2]
    assert catalog.labels(MODEL) == [("dog", 1)]
    with pytest.raises(ValueError, match="8 dimensions"):
        catalog.add_embeddings(MODEL, ids[2:], vector(1)[None], meanings=[Meaning(vector(1), ())])


def test_other_labels_take_the_place_of_those_before(catalog: Catalog) -> None:
    photo_id = put(catalog, b"a.jpg", (("dog", 0.8), ("red", 0.6)))
    here = content(catalog, photo_id)
    same = catalog.add_embeddings(
        MODEL, [here], vector(2)[None], meanings=[shown(("cat", 0.7))], labels_made_by="list 1"
    )
    assert same == set()
    assert catalog.labels_of(MODEL, [here]) == {here: (("dog", 0.8), ("red", 0.6))}
    catalog.set_labels(MODEL, {here: (("dog", 0.5),), 999: (("dog", 0.5),)})
    assert catalog.labels_of(MODEL, [here, 999]) == {here: (("dog", 0.5),)}
    catalog.add_embeddings(OTHER, [here], vector(2)[None], meanings=[shown(("bird", 0.7))], labels_made_by="list 1")
    assert catalog.labels(MODEL) == [("dog", 1)]
    assert catalog.labels(OTHER) == [("bird", 1)]


def test_what_made_the_labels_is_remembered_while_it_holds_for_all(catalog: Catalog) -> None:
    assert catalog.labels_made_by(MODEL) == ""
    put(catalog, b"a.jpg", ())
    assert catalog.labels_made_by(MODEL) == "list 1"
    two, three = prepared(b"/photos/b.jpg", 2), prepared(b"/photos/c.jpg", 3)
    catalog.add_prepared([(two, vector(2))], MODEL, meanings={two.digest: shown()}, labels_made_by="list 2")
    assert catalog.labels_made_by(MODEL) == "list 1", "the older ones still are to be made anew"
    catalog.set_labels_made_by(MODEL, "list 2")
    assert catalog.labels_made_by(MODEL) == "list 2"
    catalog.add_prepared([(three, vector(3))], MODEL, meanings={three.digest: shown()})
    assert catalog.labels_made_by(MODEL) == "", "one has none at all"


def test_vectors_are_read_on_for_new_labels_also_of_contents_without_a_photo(catalog: Catalog) -> None:
    ids = [put(catalog, b"%d.jpg" % number, (), number) for number in range(5)]
    contents = [content(catalog, each) for each in ids]
    catalog.remove_photos(ids[1:2])
    found, after = [], 0
    while True:
        some, vectors = catalog.text_embeddings_after(MODEL, after, 2)
        if not len(some):
            break
        assert vectors.shape == (len(some), 8)
        np.testing.assert_allclose(np.linalg.norm(vectors - vector(1)[:8], axis=1), 0, atol=1e-2)
        found += some.tolist()
        after = found[-1]
    assert found == contents
    assert catalog.text_embeddings_after("unknown", 0, 9)[0].tolist() == []


def test_filters_and_ranking_by_labels(catalog: Catalog) -> None:
    sure = put(catalog, b"sure.jpg", (("dog", 0.95), ("beach", 0.6)))
    put(catalog, b"perhaps.jpg", (("dog", 0.55),))
    beach = put(catalog, b"sand.jpg", (("beach", 0.9),))
    put(catalog, b"none.jpg", ())
    catalog.add_prepared([(prepared(b"/photos/link.jpg", known=True), None)], MODEL, aliases={})
    dogs, both = Filter(labels=("dog",)), Filter(labels=("beach", "dog"))
    assert len(catalog.photo_ids(dogs, SortOrder.NAME, MODEL)) == 2
    assert len(catalog.photo_ids(both, SortOrder.NEWEST, MODEL)) == len(catalog.content_ids(both, MODEL)) == 3
    assert catalog.photo_ids(dogs, SortOrder.NAME, OTHER).tolist() == []
    assert catalog.photo_ids(dogs, SortOrder.NAME).tolist() == []
    assert [hit[0] for hit in catalog.search_text("sure", dogs, 9, MODEL)] == [sure]
    assert catalog.search_text("sand", dogs, 9, MODEL) == []
    assert catalog.labelled(MODEL, "beach", ALL, 9) == [(beach, 0.9), (sure, 0.6)]
    assert catalog.labelled(MODEL, "beach", ALL, 1) == [(beach, 0.9)]
    assert catalog.labelled(MODEL, "dog", Filter(labels=("beach",)), 9) == [(sure, 0.95)]
    assert catalog.labelled(MODEL, "none such", ALL, 9) == catalog.labelled(OTHER, "dog", ALL, 9) == []


def test_a_camera_filter_holds_beside_words(catalog: Catalog) -> None:
    fill(catalog)
    assert len(catalog.search_text("2034", Filter(cameras=("EOS 5D",)), 9)) == 1
    assert catalog.search_text("2034", Filter(cameras=("D750",)), 9) == []


def test_photos_that_excluded_words_take_out(catalog: Catalog) -> None:
    ids = add(catalog, prepared(b"/photos/rain.jpg", 1), prepared(b"/photos/sun.jpg", 2))
    link = prepared(b"/photos/a rainy link.jpg", 2, known=True)
    catalog.add_prepared([(link, None)], MODEL, aliases={link.path: ids[1]})
    assert catalog.taken_out_by_text("beach -rain") == set(ids)
    assert catalog.taken_out_by_text('-"rain"') == {ids[0]}
    assert catalog.taken_out_by_text("rain") == set()
    assert catalog.taken_out_by_text("rain", is_negative=True) == set(ids)
    assert catalog.taken_out_by_text("rain -link", is_negative=True) == {ids[0]}
    assert catalog.taken_out_by_text("-rain", is_negative=True) == set()


def test_a_forgotten_network_leaves_nothing_and_its_name_may_come_again(catalog: Catalog) -> None:
    photo_id = put(catalog, b"a.jpg", (("dog", 0.8),))
    here = content(catalog, photo_id)
    catalog.add_embeddings(OTHER, [here], vector(2)[None, :4], meanings=[shown(("bird", 0.7))], labels_made_by="x")
    catalog.forget_model(OTHER)
    catalog.forget_model("never there")
    assert catalog.labels(OTHER) == []
    assert catalog.embedding_ids(OTHER).tolist() == catalog.text_embedding_ids(OTHER).tolist() == []
    assert [each[0] for each in catalog.contents_without_embedding(OTHER, 9)] == [here]
    assert catalog.labels(MODEL) == [("dog", 1)]
    assert catalog.embedding_ids(MODEL).tolist() == [here]
    catalog.add_embeddings(OTHER, [here], vector(2)[None])  # of another length than the one before
    assert catalog.embeddings(OTHER)[1].shape == (1, 16)


def test_check_names_and_repair_mends_what_is_said_of_nothing(path: Path) -> None:
    with Catalog.open(path) as catalog:
        fill(catalog)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO text_embedding VALUES (5, x'00')")
        raw.execute("INSERT INTO content_label VALUES (1, 1, 9999, 500)")
        raw.execute("INSERT INTO content_label VALUES (77, 1, 1, 500)")
        raw.execute("UPDATE model SET text_embedded = 9")
        raw.commit()
    with Catalog.open(path, read_only=True) as reader:
        assert len(reader.check()) >= 3
    with Catalog.open(path) as catalog:
        assert catalog.check() == []
        assert catalog.contents_without_embedding(MODEL, 9, wants_words=True) == []
        assert catalog.labels_made_by(MODEL) == LABELS_MADE_BY


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 7)), max_size=16))
def test_counts_of_labels_are_those_of_the_photos(tmp_path: Path, steps: list[tuple[int, int]]) -> None:
    """Whatever comes and goes: copies, links, photos that leave and return."""
    with Catalog.open(tmp_path / str(len(list(tmp_path.iterdir()))) / "catalog.db") as catalog:
        catalog.add_folder(b"/photos")
        for place, (action, seed) in enumerate(steps):
            ids = catalog.photo_ids(ALL, SortOrder.ADDED).tolist()
            match action:
                case 0 | 1:
                    add(catalog, prepared(b"/photos/%d/%d.jpg" % (seed, place), seed))
                case 2 if ids:
                    catalog.remove_photos([ids[seed % len(ids)]])
                case 3 if ids:
                    (photo,) = catalog.photos([ids[seed % len(ids)]])
                    copy = prepared(b"/photos/copy %d.jpg" % place, int(seed))
                    catalog.add_prepared([(copy, None)], MODEL, aliases={copy.path: photo.photo_id})
                case 4 if ids:
                    contents = list(catalog.content_of(ids[:2]).values())
                    catalog.set_labels(MODEL, dict.fromkeys(contents, meaning(seed).labels))
        photos = catalog.photos(catalog.photo_ids(ALL, SortOrder.ADDED).tolist())
        labels = catalog.labels_of(MODEL, [photo.content_id for photo in photos])
        counted = Counter(name for photo in photos for name, _ in labels.get(photo.content_id, ()))
        assert dict(catalog.labels(MODEL)) == counted
        for name in LABELS:
            assert len(catalog.photo_ids(Filter(labels=(name,)), SortOrder.NEWEST, MODEL)) == counted[name]
            assert len(catalog.labelled(MODEL, name, ALL, 99)) == counted[name]
        assert catalog.check() == []
