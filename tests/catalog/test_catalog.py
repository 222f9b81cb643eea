"""What the catalog promises to the indexer, the search and the window."""

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photofind.catalog import connection
from photofind.catalog.catalog import Catalog, KnownFile, name_key
from photofind.errors import LibraryBusyError, UserError
from photofind.records import (
    Failure,
    FailureKind,
    FileFacts,
    Filter,
    LibrarySummary,
    Metadata,
    Photo,
    SortOrder,
)
from tests.catalog.sample import METADATA, MODEL, add, facts, fill, prepared, vector

ALL = Filter()


def paths(photos: Sequence[Photo]) -> list[bytes]:
    return [photo.path for photo in photos]


def listed(catalog: Catalog, filter: Filter = ALL, order: SortOrder = SortOrder.ADDED) -> list[bytes]:
    return paths(catalog.photos(catalog.photo_ids(filter, order).tolist()))


# --- folders


def test_a_nested_folder_is_the_one_around_it(catalog: Catalog) -> None:
    (outer,) = catalog.folders()
    assert catalog.add_folder(b"/photos/2019/") == outer
    assert catalog.add_folder(b"/photos") == outer
    assert catalog.add_folder(b"/photos2").folder_id != outer.folder_id


def test_a_parent_takes_the_photos_of_its_children_over(path: Path) -> None:
    with Catalog.open(path) as catalog:
        catalog.add_folder(b"/home/anna/trips")
        catalog.add_folder(b"/home/anna/work")
        catalog.add_folder(b"/home/ben")
        ids = add(
            catalog,
            prepared(b"/home/anna/trips/a.jpg"),
            prepared(b"/home/anna/work/b.jpg"),
            prepared(b"/home/ben/c.jpg"),
        )
        assert catalog.search_text("anna", ALL, 9) == []
        parent = catalog.add_folder(b"/home/anna")
        assert [folder.path for folder in catalog.folders()] == [b"/home/anna", b"/home/ben"]
        assert parent.photo_count == 2
        assert {photo.folder_id for photo in catalog.photos(ids[:2])} == {parent.folder_id}
        assert {hit[0] for hit in catalog.search_text("anna", ALL, 9)} == set(ids[:2])
        assert catalog.check() == []


def test_the_root_directory_can_be_a_folder(path: Path) -> None:
    with Catalog.open(path) as catalog:
        catalog.add_folder(b"/")
        add(catalog, prepared(b"/a.jpg"), prepared(b"/b/c.jpg"))
        assert listed(catalog, Filter(directory=b"/")) == [b"/b/c.jpg", b"/a.jpg"]
        assert set(catalog.known_files(b"/")) == {b"a.jpg"}


def test_removing_a_folder_keeps_contents_vectors_and_decisions(catalog: Catalog) -> None:
    ids = add(catalog, prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b/b.jpg", 2))
    catalog.record_failures([Failure(b"/photos/b/bad.jpg", FailureKind.DAMAGED, "bad")])
    catalog.set_rating(ids, 4)
    assert catalog.remove_folder(catalog.folders()[0].folder_id) == ids
    assert catalog.folders() == []
    assert catalog.failures() == []
    assert catalog.directories() == []
    assert catalog.summary(MODEL) == LibrarySummary(0, 0, 0, 0)
    assert len(catalog.embedding_ids(MODEL)) == len(catalog.hashes()[0]) == 0

    catalog.add_folder(b"/elsewhere")
    added = catalog.add_prepared([(prepared(b"/elsewhere/c.jpg", 1, known=True), None)], MODEL)
    (photo,) = catalog.photos(added.photo_ids_added)
    assert photo.rating == 4
    assert photo.photo_id not in ids
    assert catalog.summary(MODEL) == LibrarySummary(1, 1, 0, 1)
    (content,) = added.contents  # the index, which may have dropped it, gets the vector it had
    assert content.content_id == photo.content_id
    assert content.vector is not None
    np.testing.assert_allclose(content.vector, vector(photo.digest[0]), atol=1e-3)


def test_removing_a_folder_that_is_gone_is_no_error(catalog: Catalog) -> None:
    assert catalog.remove_folder(77) == ()


def test_offline_folders_keep_their_photos(catalog: Catalog) -> None:
    ids = add(catalog, prepared(b"/photos/a.jpg"))
    folder_id = catalog.folders()[0].folder_id
    generation = catalog.generation()
    assert catalog.set_folder_online(folder_id, False, "The disk is away.")
    assert catalog.generation() > generation
    assert not catalog.set_folder_online(folder_id, False, "The disk is away.")
    assert catalog.folders()[0].offline_reason == "The disk is away."
    assert not catalog.photos(ids)[0].is_online
    assert listed(catalog) == [b"/photos/a.jpg"]
    assert catalog.set_folder_online(folder_id, True)
    assert catalog.folders()[0].offline_reason == ""


def test_files_outside_all_folders_are_passed_over(catalog: Catalog) -> None:
    assert add(catalog, prepared(b"/elsewhere/a.jpg"), prepared(b"/photosx/a.jpg")) == ()


# --- adding, changing


def test_a_photo_comes_back_as_it_was_read(catalog: Catalog) -> None:
    one = prepared(b"/photos/a.jpg", 1, metadata=METADATA)
    (photo_id,) = add(catalog, one)
    (photo,) = catalog.photos([photo_id])
    assert photo.metadata == METADATA
    assert (photo.path, photo.digest, photo.format, photo.mean_rgb) == (one.path, one.digest, "JPEG", one.mean_rgb)
    assert (photo.width_px, photo.height_px, photo.size_bytes, photo.rating) == (400, 300, 1_000, 3)
    ids, turns, quality = catalog.hashes()
    assert ids.tolist() == [photo.content_id]
    assert turns.tobytes() == one.perceptual_hash
    assert quality.tolist() == [one.hash_quality]
    assert catalog.hashes_of([photo.content_id, 99])[1].tobytes() == one.perceptual_hash
    assert catalog.moments([photo.content_id]) == [(photo.content_id, METADATA.captured_at_ms, "EOS 5D")]


def test_a_copy_shares_content_and_vector(catalog: Catalog) -> None:
    a, b = prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b.jpg", 1)
    added = catalog.add_prepared([(a, vector(1)), (b, None)], MODEL)
    assert len(added.photo_ids_added) == 2
    assert [content.thumbnail for content in added.contents] == [a.thumbnail]
    assert catalog.summary(MODEL) == LibrarySummary(2, 1, 0, 1)
    assert catalog.photos_of(catalog.content_ids(ALL)) == {added.contents[0].content_id: added.photo_ids_added}

    again = catalog.add_prepared([(prepared(b"/photos/c.jpg", 1, known=True), None)], MODEL)
    assert len(again.photo_ids_added) == 1
    assert again.contents == ()


def test_the_known_copy_may_come_before_the_decoded_one(catalog: Catalog) -> None:
    items = [(prepared(b"/photos/a.jpg", 1, known=True), None), (prepared(b"/photos/b.jpg", 1), vector(1))]
    assert len(catalog.add_prepared(items, MODEL).photo_ids_added) == 2


def test_a_known_digest_that_is_unknown_is_passed_over(catalog: Catalog) -> None:
    assert add(catalog, prepared(b"/photos/a.jpg", 1, known=True)) == ()


def test_other_bytes_at_a_path_change_the_photo(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1, format="PNG", metadata=METADATA))
    added = catalog.add_prepared([(prepared(b"/photos/a.jpg", 2), vector(2))], MODEL)
    assert (added.photo_ids_added, added.photo_ids_changed) == ((), (photo_id,))
    (photo,) = catalog.photos([photo_id])
    assert (photo.format, photo.metadata) == ("JPEG", Metadata())
    assert catalog.search_text("海滩", ALL, 9) == []
    assert catalog.formats() == [("JPEG", 1)]
    assert catalog.summary(MODEL).contents == 1


def test_the_same_bytes_again_are_no_change(catalog: Catalog) -> None:
    add(catalog, prepared(b"/photos/a.jpg", 1))
    newer = facts(1, mtime_ns=5)
    added = catalog.add_prepared([(prepared(b"/photos/a.jpg", 1, file=newer, known=True), None)], MODEL)
    assert (added.photo_ids_added, added.photo_ids_changed) == ((), ())
    assert catalog.known_files(b"/photos")[b"a.jpg"].facts == newer


def test_vectors_are_kept_per_network(catalog: Catalog) -> None:
    ids = add(catalog, *(prepared(b"/photos/%d.jpg" % i, i) for i in range(5)))
    contents = sorted(catalog.content_of(ids).values())
    other = np.stack([vector(100 + i)[:8] for i in range(3)])
    assert [c for c, _ in catalog.contents_without_embedding("model-b", 9)] == contents
    catalog.add_embeddings("model-b", contents[:3], other)
    assert catalog.contents_without_embedding("model-b", 1) == [(contents[3], b"/photos/3.jpg")]
    found, vectors = catalog.embeddings("model-b")
    assert found.tolist() == contents[:3]
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, other, atol=1e-3)
    assert catalog.embeddings(MODEL)[1].shape == (5, 16)
    assert catalog.embeddings_of("model-b", [contents[2], contents[0], 999])[0].tolist() == [
        contents[0],
        contents[2],
    ]
    assert catalog.embeddings("unknown")[0].shape == (0,)
    assert catalog.embeddings_of("unknown", contents)[1].shape == (0, 0)
    with pytest.raises(ValueError, match="8 dimensions"):
        catalog.add_embeddings("model-b", contents[:1], np.zeros((1, 4), np.float32))


def test_contents_of_a_folder_that_is_away_are_not_online(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = catalog.add_folder(b"/away")
    ids = add(catalog, prepared(b"/photos/a.jpg", 1), prepared(b"/away/b.jpg", 2), prepared(b"/away/a.jpg", 1))
    here, there, _copy = (catalog.content_of([photo_id])[photo_id] for photo_id in ids)
    assert catalog.contents_online().tolist() == sorted((here, there))
    catalog.set_folder_online(away.folder_id, False, "away")
    assert catalog.contents_online().tolist() == [here]
    monkeypatch.setattr("photofind.catalog.catalog._CHUNK_ROWS", 1)  # many are missing
    assert [content_id for content_id, _path in catalog.contents_without_embedding("model-b", 9)] == [here]


def test_a_vector_is_not_asked_for_twice(catalog: Catalog) -> None:
    ids = add(catalog, prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b.jpg", 2))
    wanted = catalog.contents_without_embedding("model-b", 9)
    catalog.record_failures([Failure(wanted[0][1], FailureKind.UNREADABLE, "gone")])
    assert catalog.contents_without_embedding("model-b", 9) == wanted[1:]
    catalog.set_folder_online(catalog.folders()[0].folder_id, False, "away")
    assert catalog.contents_without_embedding("model-b", 9) == []
    assert len(ids) == 2


# --- other names of one file


def test_aliases_are_hidden_and_named(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    link = prepared(b"/photos/links/b.jpg", 1, known=True)
    added = catalog.add_prepared([(link, None)], MODEL, aliases={link.path: photo_id})
    assert added.photo_ids_added == ()
    assert listed(catalog) == [b"/photos/a.jpg"]
    assert catalog.photos([photo_id])[0].other_paths == (link.path,)
    alias = catalog.photo_at(link.path)
    assert alias is not None
    assert catalog.photos([alias])[0].other_paths == (b"/photos/a.jpg",)
    assert catalog.search_text("links", ALL, 9)[0][0] == photo_id
    assert [directory.photo_count for directory in catalog.directories()] == [1, 0]
    assert catalog.summary(MODEL) == LibrarySummary(1, 1, 0, 1)


def test_an_alias_takes_the_place_of_a_removed_photo(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    links = [prepared(b"/photos/%d.jpg" % i, 1, known=True) for i in range(3)]
    catalog.add_prepared([(each, None) for each in links], MODEL, aliases={each.path: photo_id for each in links})
    first = catalog.photo_at(b"/photos/0.jpg")
    second = catalog.photo_at(b"/photos/1.jpg")
    assert first is not None
    assert catalog.remove_photos([photo_id, first]) == (second,)
    assert listed(catalog) == [b"/photos/1.jpg"]
    assert second is not None
    assert catalog.photos([second])[0].other_paths == (b"/photos/2.jpg",)


def test_a_broken_link_becomes_a_photo_of_its_own(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    link = prepared(b"/photos/b.jpg", 1, known=True)
    catalog.add_prepared([(link, None)], MODEL, aliases={link.path: photo_id})
    catalog.add_prepared([(prepared(b"/photos/a.jpg", 2), vector(2))], MODEL)
    assert sorted(listed(catalog)) == [b"/photos/a.jpg", b"/photos/b.jpg"]


def test_an_alias_of_an_alias_is_one_of_the_photo(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    for name, of in ((b"/photos/b.jpg", b"/photos/a.jpg"), (b"/photos/c.jpg", b"/photos/b.jpg")):
        primary = catalog.photo_at(of)
        assert primary is not None
        catalog.add_prepared([(prepared(name, 1, known=True), None)], MODEL, aliases={name: primary})
    assert catalog.photos([photo_id])[0].other_paths == (b"/photos/b.jpg", b"/photos/c.jpg")


# --- moves


def test_a_move_keeps_the_photo_and_its_vector(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/old/a.jpg", 1))
    moved = facts(1, mtime_ns=7)
    catalog.move_photos([(photo_id, b"/photos/new/IMG_7.jpg", moved)])
    assert listed(catalog) == [b"/photos/new/IMG_7.jpg"]
    assert catalog.known_files(b"/photos/new") == {b"IMG_7.jpg": KnownFile(photo_id, moved)}
    assert [directory.path for directory in catalog.directories()] == [b"/photos/new"]
    assert catalog.search_text("old", ALL, 9) == []
    assert catalog.search_text("new img", ALL, 9)[0][0] == photo_id
    assert catalog.summary(MODEL).embedded == 1


def test_photos_may_swap_names(catalog: Catalog) -> None:
    a, b = add(catalog, prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b.jpg", 2))
    catalog.move_photos([(a, b"/photos/b.jpg", facts(1)), (b, b"/photos/a.jpg", facts(2))])
    assert paths(catalog.photos([a, b])) == [b"/photos/b.jpg", b"/photos/a.jpg"]


def test_a_photo_moved_over_another_replaces_it(catalog: Catalog) -> None:
    a, b = add(catalog, prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b.jpg", 2))
    catalog.move_photos([(a, b"/photos/b.jpg", facts(1))])
    assert [photo.photo_id for photo in catalog.photos([a, b])] == [a]


def test_a_photo_moved_out_of_the_library_is_removed(catalog: Catalog) -> None:
    (a,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    catalog.move_photos([(a, b"/elsewhere/a.jpg", facts(1))])
    assert catalog.photos([a]) == []


def test_a_moved_file_is_found_by_its_inode_whatever_the_device(catalog: Catalog) -> None:
    big = FileFacts(5, 2**63 + 5, 2**64, 2**80 + 1, 2**65)  # beyond 64 bits: ReFS inodes, times after 2262
    ids = add(catalog, prepared(b"/photos/a.jpg", 1, file=big), prepared(b"/photos/b.jpg", 2))
    assert catalog.known_files(b"/photos")[b"a.jpg"].facts == big
    assert catalog.find_by_inode(replace(big, device=1, ctime_ns=1)) == [(ids[0], b"/photos/a.jpg")]
    assert catalog.find_by_inode(replace(big, mtime_ns=1)) == []
    assert catalog.find_by_inode(replace(facts(), inode=0)) == []


# --- failures


def test_failures_count_their_attempts(catalog: Catalog) -> None:
    path = b"/photos/a.jpg"
    for attempt in (1, 2):
        catalog.record_failures([Failure(path, FailureKind.DAMAGED, "bad", facts(1))])
        assert catalog.known_files(b"/photos")[b"a.jpg"] == KnownFile(None, facts(1), attempt)
    catalog.record_failures([Failure(path, FailureKind.CHANGING, "grows", facts(1, size=2))])
    assert catalog.known_files(b"/photos")[b"a.jpg"].attempts == 1
    catalog.record_failures([Failure(path, FailureKind.CHANGING, "grows", facts(1, size=3))])
    assert catalog.known_files(b"/photos")[b"a.jpg"].attempts == 2
    assert catalog.failures() == [Failure(path, FailureKind.CHANGING, "grows", facts(1, size=3))]
    catalog.clear_failures([path])
    assert catalog.known_files(b"/photos") == {}


def test_a_failure_of_another_version_is_tried_again(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog.record_failures([Failure(b"/photos/a.jpg", FailureKind.CRASHED, "crash", facts(1))])
    monkeypatch.setattr("photofind.__version__", "99")
    assert catalog.known_files(b"/photos")[b"a.jpg"] == KnownFile(None, None, 0)


def test_a_photo_that_fails_later_keeps_its_row(catalog: Catalog) -> None:
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    catalog.record_failures([Failure(b"/photos/a.jpg", FailureKind.DAMAGED, "bad", facts(2))])
    assert catalog.known_files(b"/photos")[b"a.jpg"] == KnownFile(photo_id, facts(2), 1)
    add(catalog, prepared(b"/photos/a.jpg", 2))
    assert catalog.failures() == []


def test_failures_are_of_the_directories_of_a_folder(catalog: Catalog) -> None:
    catalog.record_failures([Failure(b"/photos/x/bad", FailureKind.UNREADABLE, "no", None)])
    catalog.record_failures([Failure(b"/elsewhere/bad", FailureKind.UNREADABLE, "no", None)])
    add(catalog, prepared(b"/photos/y/a.jpg"))
    assert catalog.directories_of(catalog.folders()[0].folder_id) == {b"/photos/x", b"/photos/y"}


# --- lists


def test_orders_and_their_ties(catalog: Catalog) -> None:
    def one(name: bytes, captured_at_ms: int | None, size: int) -> int:
        item = prepared(b"/photos/" + name, file=facts(size=size), metadata=Metadata(captured_at_ms=captured_at_ms))
        return add(catalog, item)[0]

    a = one(b"IMG_10.jpg", 2_000, 5)
    b = one(b"img_9.jpg", 1_000, 5)
    c = one(b"Zoo.jpg", 2_000, 9)
    d = one(b"apple.jpg", None, 1)  # then the file's time, 2020
    order = {each: catalog.photo_ids(ALL, each).tolist() for each in SortOrder}
    assert order[SortOrder.NEWEST] == [d, c, a, b]
    assert order[SortOrder.OLDEST] == [b, a, c, d]
    assert order[SortOrder.ADDED] == [d, c, b, a]
    assert order[SortOrder.NAME] == [d, b, a, c]
    assert order[SortOrder.SIZE] == [c, b, a, d]


def test_a_listing_says_when_where_and_what_shape(catalog: Catalog) -> None:
    add(
        catalog,
        prepared(b"/photos/b/2.jpg", 1, metadata=Metadata(captured_at_ms=5_000), size=(400, 200)),
        prepared(b"/photos/B/10.jpg", 2, metadata=Metadata(captured_at_ms=9_000), size=(100, 400)),
        prepared(b"/photos/a/z.jpg", 1),
        prepared(b"/photos/x.jpg", 3, metadata=Metadata(captured_at_ms=7_000)),
        prepared(b"/photos/B/9.jpg", 4, metadata=Metadata(captured_at_ms=1_000)),
    )
    for order in SortOrder:
        listing = catalog.listing(ALL, order)
        assert listing.order is order
        assert len(listing) == 5
        assert listing.ids.tolist() == catalog.photo_ids(ALL, order).tolist()
        for place, photo in enumerate(catalog.photos(listing.ids.tolist())):
            assert listing.taken_ms[place] == photo.metadata.captured_at_ms
            assert listing.aspect[place] == photo.width_px / photo.height_px
            assert listing.directories[listing.directory[place]] == photo.path.rpartition(b"/")[0]
        assert not listing.ids.flags.writeable
    by_folder = catalog.photos(catalog.listing(ALL, SortOrder.FOLDER).ids.tolist())
    assert paths(by_folder) == [
        b"/photos/x.jpg", b"/photos/a/z.jpg", b"/photos/B/9.jpg", b"/photos/B/10.jpg", b"/photos/b/2.jpg",
    ]  # fmt: skip


def test_a_listing_knows_the_shapes_of_what_came_later_and_obeys_filters(catalog: Catalog) -> None:
    assert len(catalog.listing(ALL, SortOrder.NEWEST)) == 0
    assert catalog.listing(ALL, SortOrder.FOLDER).directories == ()
    for seed, size in enumerate([(400, 200), (300, 300), (200, 400)], 1):
        add(catalog, prepared(b"/photos/%d/a.jpg" % seed, seed, size=size))
        listing = catalog.listing(ALL, SortOrder.ADDED)
        assert listing.aspect[0] == size[0] / size[1]
    wide = catalog.listing(Filter(orientation="landscape"), SortOrder.NAME)
    assert wide.aspect.tolist() == [2.0]
    assert wide.directories == (b"/photos/1",)
    stays = listing.only(np.array([True, False, True]))
    assert stays.ids.tolist() == listing.ids[[0, 2]].tolist()
    assert stays.aspect.tolist() == listing.aspect[[0, 2]].tolist()
    assert stays.directories == listing.directories


def test_a_filtered_list_is_the_whole_one_without_the_rest(catalog: Catalog) -> None:
    random = np.random.default_rng(0)
    add(
        catalog,
        *(
            prepared(
                b"/photos/%d/%d.jpg" % (i % 3, i),
                i,
                size=((400, 300), (300, 400), (300, 300))[i % 3],
                format=("JPEG", "PNG")[i % 2],
                metadata=Metadata(
                    captured_at_ms=int(random.integers(0, 50)),
                    camera_model=(None, "A", "B")[int(random.integers(3))],
                    rating=(None, -1, 0, 3, 5)[int(random.integers(5))],
                ),
            )
            for i in range(200)
        ),
    )
    everything = {
        photo.photo_id: photo for photo in catalog.photos(catalog.photo_ids(ALL, SortOrder.ADDED).tolist())
    }
    cases = [
        (Filter(directory=b"/photos/1"), lambda p: p.path.startswith(b"/photos/1/")),
        (Filter(directory=b"/photos/"), lambda p: True),
        (Filter(directory=b"/phot"), lambda p: False),
        (Filter(captured_from_ms=10, captured_until_ms=20), lambda p: 10 <= p.metadata.captured_at_ms < 20),
        (Filter(cameras=("A",)), lambda p: p.metadata.camera_model == "A"),
        (Filter(cameras=("A", "B")), lambda p: p.metadata.camera_model is not None),
        (Filter(formats=("PNG",)), lambda p: p.format == "PNG"),
        (Filter(min_rating=3), lambda p: (p.rating or 0) >= 3),
        (Filter(orientation="portrait"), lambda p: p.height_px > p.width_px),
        (Filter(orientation="square"), lambda p: p.height_px == p.width_px),
        (
            Filter(orientation="landscape", formats=("PNG", "GIF"), cameras=("B",)),
            lambda p: p.height_px < p.width_px and p.format == "PNG" and p.metadata.camera_model == "B",
        ),
    ]
    for filter_, holds in cases:
        for order in SortOrder:
            whole = catalog.photo_ids(ALL, order).tolist()
            expected = [each for each in whole if holds(everything[each])]  # type: ignore[no-untyped-call]
            assert catalog.photo_ids(filter_, order).tolist() == expected, (filter_, order)
        contents = sorted({everything[each].content_id for each in expected})
        assert catalog.content_ids(filter_).tolist() == contents


def test_facets_count_photos(catalog: Catalog) -> None:
    add(
        catalog,
        prepared(b"/photos/a.jpg", 1, metadata=METADATA),
        prepared(b"/photos/b.jpg", 1),
        prepared(b"/photos/c.png", 2, format="PNG"),
    )
    assert catalog.cameras() == [("EOS 5D", 2)]
    assert catalog.formats() == [("JPEG", 2), ("PNG", 1)]
    assert catalog.years() == [("2020", 1), ("2010", 2)]


def test_photos_come_in_the_order_asked_for(catalog: Catalog) -> None:
    ids = add(catalog, *(prepared(b"/photos/%d.jpg" % i) for i in range(5)))
    wanted = [ids[3], 999_999, ids[0], ids[3]]
    assert [photo.photo_id for photo in catalog.photos(wanted)] == [ids[3], ids[0], ids[3]]


def test_the_generation_grows_with_every_change(catalog: Catalog) -> None:
    seen = [catalog.generation()]
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1))
    seen.append(catalog.generation())
    catalog.add_embeddings("model-b", list(catalog.content_of([photo_id]).values()), np.ones((1, 4), np.float32))
    seen.append(catalog.generation())
    catalog.set_rating([photo_id], 2)
    seen.append(catalog.generation())
    catalog.remove_photos([photo_id])
    seen.append(catalog.generation())
    assert seen == sorted(set(seen))


# --- decisions


def test_ratings_belong_to_the_bytes(catalog: Catalog) -> None:
    ids = add(catalog, prepared(b"/photos/a.jpg", 1, metadata=METADATA), prepared(b"/photos/b.jpg", 1))
    catalog.set_rating(ids[:1], 5)
    assert [photo.rating for photo in catalog.photos(ids)] == [5, 5]
    assert catalog.photo_ids(Filter(min_rating=4), SortOrder.ADDED).tolist() == list(reversed(ids))
    assert catalog.photos(ids)[0].metadata.rating == 3
    catalog.set_rating(ids, None)
    assert [photo.rating for photo in catalog.photos(ids)] == [3, 3]
    with pytest.raises(ValueError, match="between"):
        catalog.set_rating(ids, 6)


def test_a_dismissal_survives_a_rebuilt_library(catalog: Catalog) -> None:
    items = [prepared(b"/photos/%d.jpg" % i, i) for i in range(3)]
    ids = add(catalog, *items)
    catalog.dismiss(ids)
    catalog.dismiss(ids[:2])
    catalog.dismiss(ids[:1])
    catalog.remove_photos(ids)
    contents = list(catalog.content_of(add(catalog, *items)).values())
    assert catalog.dismissed_pairs() == {(min(a, b), max(a, b)) for a in contents for b in contents if a != b}


def test_the_journal_of_removals(catalog: Catalog) -> None:
    a, b = add(catalog, prepared(b"/photos/a.jpg", 1), prepared(b"/photos/b.jpg", 2))
    planned = catalog.plan_removals([a, b, 999, a])
    assert [(each.path, each.state) for each in planned] == [
        (b"/photos/a.jpg", "planned"),
        (b"/photos/b.jpg", "planned"),
    ]
    assert catalog.last_batch() is None
    photo_id, digest, known = catalog.removal_facts(planned[0].removal_id) or (0, b"", None)
    assert (photo_id, digest, known) == (a, prepared(b"x", 1).digest, facts(1))
    catalog.finish_removal(planned[0].removal_id, b"/trash/a.jpg")
    catalog.finish_removal(planned[1].removal_id, None, "It is in use.")
    assert [(each.state, each.trash_path, each.reason) for each in catalog.removals(planned[0].batch_id)] == [
        ("done", b"/trash/a.jpg", ""),
        ("failed", None, "It is in use."),
    ]
    assert listed(catalog) == [b"/photos/b.jpg"]
    assert catalog.last_batch() == planned[0].batch_id
    catalog.mark_undone(planned[0].removal_id, "The trash is away.")
    assert catalog.last_batch() == planned[0].batch_id
    catalog.mark_undone(planned[0].removal_id)
    assert catalog.last_batch() is None
    assert [each.state for each in catalog.removals()] == ["undone", "failed"]


# --- names


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.binary(min_size=1, max_size=255).filter(lambda name: b"/" not in name and b"\0" not in name),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_names_are_kept_to_the_byte(catalog: Catalog, names: list[bytes]) -> None:
    wanted = [b"/photos/" + name for name in names]
    wanted += [b"/photos/" + name + b"/" + name for name in names]
    ids = add(catalog, *(prepared(path) for path in wanted))
    try:
        assert paths(catalog.photos(ids)) == wanted
        assert [catalog.photo_at(path) for path in wanted] == list(ids)
        for name in names:
            assert name in catalog.known_files(b"/photos")
            below = catalog.photo_ids(Filter(directory=b"/photos/" + name), SortOrder.NAME)
            assert paths(catalog.photos(below.tolist())) == [b"/photos/" + name + b"/" + name]
        catalog.record_failures([Failure(path, FailureKind.DAMAGED, "bad") for path in wanted])
        assert {failure.path for failure in catalog.failures()} == set(wanted)
    finally:
        catalog.remove_photos(ids)
        catalog.clear_failures(wanted)


def test_both_spellings_of_an_accent_are_two_photos(catalog: Catalog) -> None:
    names = ["/photos/caf\u00e9.jpg".encode(), "/photos/cafe\u0301.jpg".encode()]
    ids = add(catalog, prepared(names[0], 1), prepared(names[1], 2))
    assert paths(catalog.photos(ids)) == names
    assert {hit[0] for hit in catalog.search_text("café", ALL, 9)} == set(ids)


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.sampled_from([b"IMG_%d.jpg", b"%d", b"a%db"]))
def test_numbers_sort_by_value(a: int, b: int, pattern: bytes) -> None:
    assert (name_key(pattern % a) < name_key(pattern % b)) == (a < b)


def test_metadata_that_sqlite_cannot_store_does_no_harm(catalog: Catalog) -> None:
    odd = Metadata(
        iso=2**70, exposure_s=float("inf"), f_number=float("nan"), title="\ud800 a\0b", keywords=("\udfff", "'; --")
    )
    (photo_id,) = add(catalog, prepared(b"/photos/a.jpg", 1, metadata=odd))
    found = catalog.photos([photo_id])[0].metadata
    assert (found.iso, found.exposure_s, found.f_number) == (None, None, None)
    assert found.title == "? a\0b"
    assert found.keywords == ("?", "'; --")


# --- several connections


def test_a_reader_sees_whole_transactions_while_another_writes(catalog: Catalog, path: Path) -> None:
    """Photos come in pairs of a batch; no reader may ever see one without the other."""
    is_over = threading.Event()
    seen: list[tuple[int, int]] = []
    ready = threading.Event()

    def read() -> None:
        with Catalog.open(path, read_only=True) as reader:
            while True:
                last = is_over.is_set()
                counts = reader.summary(MODEL)
                seen.append((counts.photos, len(reader.photo_ids(ALL, SortOrder.NEWEST))))
                ready.set()
                if last:
                    return

    thread = threading.Thread(target=read)
    thread.start()
    assert ready.wait(60)
    for i in range(40):
        add(catalog, prepared(b"/photos/%da.jpg" % i, 2 * i), prepared(b"/photos/%db.jpg" % i, 2 * i + 1))
    is_over.set()
    thread.join()
    assert all(photos % 2 == 0 and listed % 2 == 0 for photos, listed in seen)
    assert seen == sorted(seen)
    assert seen[-1] == (80, 80)


def test_a_reader_cannot_write(catalog: Catalog, path: Path) -> None:
    with Catalog.open(path, read_only=True) as reader:
        assert reader.folders() == catalog.folders()
        with pytest.raises(Exception, match="cannot be written"):
            reader.add_folder(b"/other")


def test_a_reader_does_not_make_a_library(path: Path) -> None:
    with pytest.raises(UserError, match="no library"):
        Catalog.open(path, read_only=True)
    assert not path.exists()


def test_another_program_that_holds_the_file_is_waited_for_and_named(
    catalog: Catalog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 20."""
    add(catalog, prepared(b"/photos/a.jpg", 1))
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.05)
    other = sqlite3.connect(path, check_same_thread=False)
    with Catalog.open(path) as impatient:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError):
            impatient.set_rating([1], 3)
        assert impatient.photos([1])[0].rating is None  # reading goes on
        letting_go = threading.Timer(0.3, other.rollback)
        letting_go.start()
        catalog.set_rating([1], 3)  # waits up to 30 s
        assert not other.in_transaction
        letting_go.join()
        assert impatient.photos([1])[0].rating == 3
    other.close()


def test_closing_twice_is_no_error(path: Path) -> None:
    catalog = Catalog.open(path)
    catalog.close()
    catalog.close()


def test_a_batch_that_fails_leaves_nothing(catalog: Catalog) -> None:
    good = prepared(b"/photos/a.jpg", 1)
    with pytest.raises(ValueError, match="dimensions"):
        catalog.add_prepared([(good, vector(1)), (prepared(b"/photos/b.jpg", 2), vector(2)[:3])], MODEL)
    assert catalog.summary(MODEL) == LibrarySummary(0, 0, 0, 0)
    assert len(add(catalog, good)) == 1


def test_check_names_and_repair_mends(path: Path) -> None:
    with Catalog.open(path) as catalog:
        fill(catalog)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE directory SET photo_count = 9")
        raw.execute("UPDATE state SET value = 7 WHERE name = 'contents'")
        raw.execute("DELETE FROM photo_text WHERE rowid = 1")
        raw.execute("UPDATE photo SET alias_of = 999 WHERE alias_of IS NOT NULL")
        raw.execute("INSERT INTO embedding VALUES (5, x'00')")
    raw.close()
    with Catalog.open(path, read_only=True) as reader:
        assert len(reader.check()) >= 4
    with Catalog.open(path) as catalog:  # another program wrote the file: it is looked over at the start
        assert catalog.check() == []
        assert catalog.search_text("2034", ALL, 9) != []
        assert catalog.repair() == []
