"""The façade: what the window and the command line may rely on, with real photos, decoders and network."""

import os
import shutil
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photofind.errors import LibraryBusyError, ModelError, UserError
from photofind.events import Event, FoldersChanged, Notice, PhotosAdded, PhotosChanged, PhotosRemoved
from photofind.library import Library
from photofind.records import (
    Cluster,
    FactKind,
    Filter,
    ImagePart,
    KeepRule,
    KeepRules,
    MatchKind,
    PhotoPart,
    Query,
    SortOrder,
    WordsPart,
)
from photofind.search import engine
from tests.conftest import ExpectedLog, PhotoFile
from tests.embedding.tiny_networks import tiny_network, write_model

WAIT_S = 60


@pytest.fixture
def folder(photo_file: PhotoFile, tmp_path: Path) -> Path:
    """Five photos; 0 is there twice, and once more at half the size."""
    for seed in range(5):
        photo_file(f"trip/photo_{seed}.jpg", seed, size=(480, 360))
    root = tmp_path / "photos"
    shutil.copy(root / "trip" / "photo_0.jpg", root / "copy.jpg")
    with Image.open(root / "trip" / "photo_0.jpg") as image:
        image.resize((240, 180)).save(root / "half.jpg", quality=85)
    return root


@pytest.fixture
def library(library_dir: Path, folder: Path) -> Iterator[Library]:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


def photo_id(library: Library, path: Path) -> int:
    found = library.photo_at(os.fsencode(path))
    assert found is not None, path
    return found


def names(library: Library, ids: list[int]) -> list[str]:
    return [os.fsdecode(os.path.basename(photo.path)) for photo in library.photos(ids)]


def test_the_next_start_lists_without_reading_the_catalog_through(
    library: Library, library_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = library.browse(Filter(), SortOrder.NAME).result(WAIT_S)
    library.close()

    def fail(*_: object) -> None:
        raise AssertionError("the list was kept")

    with monkeypatch.context() as patched, Library.open(library_dir, shows_first=True) as again:
        patched.setattr("photofind.catalog.catalog.Catalog.listing", fail)
        assert again.browse(Filter(), SortOrder.NAME).result(WAIT_S).ids.tolist() == wanted.ids.tolist()
    with Library.open(library_dir) as again:
        again.remove_folder(again.folders()[0].folder_id).result(WAIT_S)
        assert len(again.browse(Filter(), SortOrder.NAME).result(WAIT_S)) == 0


def test_what_was_indexed_can_be_listed_filtered_and_looked_at(library: Library, folder: Path) -> None:
    assert library.summary().photos == 7
    assert library.summary().contents == library.summary().embedded == 6
    ids = [int(i) for i in library.browse(Filter(), SortOrder.NAME).result(WAIT_S).ids]
    assert sorted(names(library, ids)) == ["copy.jpg", "half.jpg", *(f"photo_{seed}.jpg" for seed in range(5))]
    below = Filter(directory=os.fsencode(folder / "trip"))
    assert len(library.browse(below, SortOrder.NEWEST).result(WAIT_S)) == 5
    assert library.facets().result(WAIT_S)["formats"] == [("JPEG", 7)]
    assert [directory.photo_count for directory in library.directories()] == [2, 5]
    photo = library.photos(ids[:1])[0]
    assert (library.thumbnail(photo.content_id) or b"").startswith(b"\xff\xd8")
    picture = library.full_image(photo.photo_id, 100).result(WAIT_S)
    assert max(picture.width_px, picture.height_px) == 100
    assert len(picture.rgbx) == picture.width_px * picture.height_px * 4
    whole = library.full_image(photo.photo_id, photo.width_px).result(WAIT_S)
    part = library.image_part(photo, (0, 16, photo.width_px, 48), (photo.width_px, 32)).result(WAIT_S)
    assert part.rgbx == whole.rgbx[16 * photo.width_px * 4 : 48 * photo.width_px * 4]
    library.end_parts()
    os.remove(photo.path)
    with pytest.raises(UserError, match="disappeared"):
        library.image_part(photo, (0, 0, 32, 32), (32, 32)).result(WAIT_S)


def test_a_large_thumbnail_is_made_of_the_original_once_and_kept(library: Library, folder: Path) -> None:
    (photo,) = library.photos([photo_id(library, folder / "trip" / "photo_1.jpg")])

    def longest_px(side_px: int, content_id: int = photo.content_id) -> int:
        jpeg = library.large_thumbnail(content_id, side_px).result(WAIT_S)
        return 0 if jpeg is None else max(Image.open(BytesIO(jpeg)).size)

    assert longest_px(400) == 400
    assert longest_px(512) == 480  # all there is
    (folder / "trip" / "photo_1.jpg").unlink()
    assert longest_px(512) == 480
    # No larger than the ordinary thumbnail, unknown, changed since it was taken in: there is none.
    (half,) = library.photos([photo_id(library, folder / "half.jpg")])
    assert longest_px(512, half.content_id) == 0
    assert longest_px(512, 999_999) == 0
    (other,) = library.photos([photo_id(library, folder / "trip" / "photo_2.jpg")])
    shutil.copy(folder / "trip" / "photo_3.jpg", folder / "trip" / "photo_2.jpg")
    assert longest_px(512, other.content_id) == 0
    library.close()
    assert library.large_thumbnail(photo.content_id, 512).result(WAIT_S) is None


def test_every_way_to_ask(library: Library, folder: Path) -> None:
    first = photo_id(library, folder / "trip" / "photo_0.jpg")
    third = photo_id(library, folder / "trip" / "photo_3.jpg")
    by_photo = library.search(Query((PhotoPart(first),))).result(WAIT_S)
    assert by_photo.is_exact
    assert by_photo.hits[0].score == pytest.approx(1, abs=0.001)
    assert {hit.kind for hit in by_photo.hits[:3]} == {MatchKind.IDENTICAL, MatchKind.SAME}
    data = (folder / "trip" / "photo_3.jpg").read_bytes()
    by_bytes = library.search(Query((ImagePart(data=data),))).result(WAIT_S)
    assert by_bytes.hits[0].photo_id == third
    both = library.search(Query((ImagePart(data=data), PhotoPart(first)), k=4)).result(WAIT_S)
    assert {hit.photo_id for hit in both.hits} >= {first, third}
    alone = library.search(Query((PhotoPart(first),))).result(WAIT_S)
    less = library.search(Query((PhotoPart(first), PhotoPart(third, weight=-1)))).result(WAIT_S)
    assert [hit.photo_id for hit in less.hits].index(third) > [hit.photo_id for hit in alone.hits].index(third)
    part = library.search(Query((PhotoPart(first, region=(0.1, 0.1, 0.9, 0.9)),))).result(WAIT_S)
    assert first in {hit.photo_id for hit in part.hits[:3]}
    assert part.hits[0].score < 0.9999
    words = library.search(Query((WordsPart("photo_3"),))).result(WAIT_S)
    assert [hit.photo_id for hit in words.hits if hit.by_words] == [third]
    assert all(hit.by_words or hit.by_meaning for hit in words.hits)
    together = library.search(Query((WordsPart("photo"), PhotoPart(third)))).result(WAIT_S)
    assert together.hits[0].photo_id == third
    assert together.hits[0].by_words
    assert together.hits[0].by_picture
    inside = Filter(directory=os.fsencode(folder / "trip"))
    filtered = library.search(Query((PhotoPart(first),), inside)).result(WAIT_S)
    assert len(filtered.hits) == 5
    assert filtered.is_exact


def test_what_is_like_a_photo_leaves_out_itself_and_its_copies(library: Library, folder: Path) -> None:
    first = photo_id(library, folder / "trip" / "photo_0.jpg")
    found = library.alike(first, 8).result(WAIT_S)
    assert os.path.basename(found[0].path) == b"half.jpg"
    contents = [photo.content_id for photo in found]
    assert len(set(contents)) == len(contents)
    assert library.photos([first])[0].content_id not in contents
    half = photo_id(library, folder / "half.jpg")
    # photo_0 stands at two places, and one of them is shown.
    beside = [os.path.basename(photo.path) for photo in library.alike(half, 8).result(WAIT_S)]
    assert len({b"photo_0.jpg", b"copy.jpg"} & set(beside[:1])) == 1
    assert not {b"photo_0.jpg", b"copy.jpg"} & set(beside[1:])
    assert library.alike(half, 1).result(WAIT_S)[0].path.endswith(beside[0])
    assert library.alike(10**9, 8).result(WAIT_S) == []


def test_a_hit_is_explained_and_shown_where_it_is_alike(library: Library, folder: Path) -> None:
    first = photo_id(library, folder / "trip" / "photo_0.jpg")
    half = photo_id(library, folder / "half.jpg")
    hits = {hit.photo_id: hit for hit in library.search(Query((PhotoPart(first),))).result(WAIT_S).hits}
    assert hits[first].same_picture == 1
    assert (hits[half].same_picture or 0) >= 0.95
    assert all((hit.same_scene or 0) >= (hit.same_picture or 0) for hit in hits.values())
    found = library.explain(Query((PhotoPart(first),)), half).result(WAIT_S)
    assert [(fact.kind, fact.number) for fact in found.facts[:2]] == [
        (FactKind.SAME_PICTURE, 0),
        (FactKind.SIZE, 0.5),
    ]
    assert found.same_picture == pytest.approx(hits[half].same_picture)
    assert found.cosine == pytest.approx(hits[half].score, abs=1e-5)
    data = (folder / "trip" / "photo_0.jpg").read_bytes()
    outside = ImagePart(data=data, region=(0.2, 0.2, 0.8, 0.8))
    for part in (PhotoPart(first), ImagePart(data=data), outside):
        shown = library.likeness_map(Query((part, WordsPart("photo"))), half, 120).result(WAIT_S)
        assert max(shown.asked.width_px, shown.asked.height_px) == 120
        assert shown.region == part.region
        assert shown.asked_heat.max() == shown.found_heat.max() == 1
    whole = library.explain(Query((ImagePart(data=data),)), first).result(WAIT_S)
    assert whole.facts[0].kind is FactKind.SAME_BYTES
    with pytest.raises(UserError, match="by picture"):
        library.likeness_map(Query((WordsPart("photo"),)), half, 120).result(WAIT_S)
    with pytest.raises(UserError, match="no longer in the library"):
        library.likeness_map(Query((PhotoPart(first),)), 10**9, 120).result(WAIT_S)


def test_a_search_goes_before_a_map_that_is_being_made(library: Library, folder: Path) -> None:
    first, half = (photo_id(library, folder / name) for name in ("trip/photo_0.jpg", "half.jpg"))
    ended: list[str] = []
    shown = library.likeness_map(Query((PhotoPart(first),)), half, 120)
    shown.add_done_callback(lambda _done: ended.append("map"))
    search = library.search(Query((PhotoPart(first),)))
    search.add_done_callback(lambda _done: ended.append("search"))
    assert shown.result(WAIT_S).found_heat.any()
    assert search.result(WAIT_S).hits
    assert ended == ["search", "map"]
    unwanted = library.likeness_map(Query((PhotoPart(first),)), half, 120)
    assert unwanted.cancel()
    assert library.search(Query((PhotoPart(first),))).result(WAIT_S).hits


def test_a_query_that_cannot_be_read_is_a_sentence(library: Library, folder: Path) -> None:
    (folder / "note.jpg").write_text("not a photo")
    with pytest.raises(UserError, match=r"note\.jpg cannot be searched with: .+\."):
        library.search(Query((ImagePart(path=os.fsencode(folder / "note.jpg")),))).result(WAIT_S)
    with pytest.raises(UserError, match="no longer in the library"):
        library.search(Query((PhotoPart(10**9),))).result(WAIT_S)


def test_events_tell_what_changed(library_dir: Path, folder: Path) -> None:
    events: list[Event] = []
    with Library.open(library_dir) as library:
        library.subscribe(events.append)
        added = library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        seen = {i for event in events if isinstance(event, PhotosAdded) for i in event.photo_ids}
        assert len(seen) == 7
        both = {photo_id(library, path) for path in (folder / "copy.jpg", folder / "trip" / "photo_0.jpg")}
        library.set_rating([min(both)], 4).result(WAIT_S)
        assert PhotosChanged(tuple(sorted(both))) in events
        library.remove_folder(added.folder_id).result(WAIT_S)
        gone = {i for event in events if isinstance(event, PhotosRemoved) for i in event.photo_ids}
        assert gone == seen
        assert FoldersChanged() in events
        assert library.summary().photos == 0


def test_decisions_hang_on_the_bytes(library: Library, folder: Path) -> None:
    chosen = photo_id(library, folder / "trip" / "photo_1.jpg")
    library.set_rating([chosen], 5).result(WAIT_S)
    (folder / "trip" / "photo_1.jpg").rename(folder / "renamed.jpg")
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert library.photos([photo_id(library, folder / "renamed.jpg")])[0].rating == 5
    half = photo_id(library, folder / "half.jpg")
    same = library.duplicates(MatchKind.SAME).result(WAIT_S)
    assert [half in cluster.photo_ids for cluster in same] == [True]
    number = library.dismiss_duplicates(same[0].photo_ids).result(WAIT_S)
    assert library.duplicates(MatchKind.SAME).result(WAIT_S) == []
    library.undo_dismissal(number).result(WAIT_S)
    assert library.duplicates(MatchKind.SAME).result(WAIT_S) == same


def test_copies_kept_on_purpose_come_back_with_a_new_one_also_after_a_restart(
    library_dir: Path, folder: Path
) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        (cluster,) = library.duplicates(MatchKind.IDENTICAL).result(WAIT_S)
        library.keep_copies(cluster.photo_ids).result(WAIT_S)
        assert library.duplicates(MatchKind.IDENTICAL).result(WAIT_S) == []
        (folder / "copy.jpg").rename(folder / "trip" / "moved copy.jpg")
        library.rescan()
        assert library.wait_until_indexed(WAIT_S)
    with Library.open(library_dir) as library:
        assert library.duplicates(MatchKind.IDENTICAL).result(WAIT_S) == []
        shutil.copy(folder / "trip" / "moved copy.jpg", folder / "third.jpg")
        library.rescan()
        assert library.wait_until_indexed(WAIT_S)
        (again,) = library.duplicates(MatchKind.IDENTICAL).result(WAIT_S)
        assert set(again.photo_ids) == {*cluster.photo_ids, photo_id(library, folder / "third.jpg")}


def test_the_keep_rules_are_the_persons_and_apply_to_what_was_found(library: Library, folder: Path) -> None:
    copy, original = photo_id(library, folder / "copy.jpg"), photo_id(library, folder / "trip" / "photo_0.jpg")
    (found,) = library.duplicates(MatchKind.IDENTICAL).result(WAIT_S)
    library.set_keep_rules(KeepRules(remove_in=(os.fsencode(folder / "trip"),)))
    assert library.keep_rules().remove_in == (os.fsencode(folder / "trip"),)
    assert library.rank_duplicates([found]).result(WAIT_S) == [
        Cluster(MatchKind.IDENTICAL, (copy, original), (KeepRule.FOLDER,))
    ]
    library.set_keep_rules(KeepRules(keep_in=(os.fsencode(folder / "trip"),)))
    expected = Cluster(MatchKind.IDENTICAL, (original, copy), (KeepRule.FOLDER,))
    assert library.rank_duplicates([found]).result(WAIT_S) == [expected]
    assert library.duplicates(MatchKind.IDENTICAL).result(WAIT_S) == [expected]


def test_duplicates_go_to_the_trash_and_come_back_after_a_restart(library_dir: Path, folder: Path) -> None:
    trash = folder.parent / "trash"
    trash.mkdir()

    def move(path: bytes) -> bytes:
        target = os.path.join(os.fsencode(trash), os.path.basename(path))
        os.rename(path, target)
        return target

    facts = (folder / "copy.jpg").stat()
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        library.wait_until_indexed(WAIT_S)
        both = [photo_id(library, folder / "copy.jpg"), photo_id(library, folder / "trip" / "photo_0.jpg")]
        last = library.move_to_trash([*both, photo_id(library, folder / "half.jpg")], move, keep_a_copy=True)
        report = last.result(WAIT_S)
        assert report.done == ()
        assert {reason for _, reason in report.failed} == {"No other copy would stay."}
        report = library.move_to_trash(both[:1], move, keep_a_copy=True).result(WAIT_S)
        assert report.done == (os.fsencode(folder / "copy.jpg"),)
        assert not (folder / "copy.jpg").exists()
        assert library.photos(both[:1]) == []
    with Library.open(library_dir) as library:
        assert library.can_undo()
        undone = library.undo_removal().result(WAIT_S)
        assert undone is not None
        assert undone.done == (os.fsencode(folder / "copy.jpg"),)
        assert library.wait_until_indexed(WAIT_S)
        assert library.photo_at(os.fsencode(folder / "copy.jpg")) is not None
        assert not library.can_undo()
    again = (folder / "copy.jpg").stat()
    assert (again.st_mtime_ns, again.st_ino, again.st_size) == (facts.st_mtime_ns, facts.st_ino, facts.st_size)


def test_a_changed_file_is_found_by_verify_and_taken_in_again_by_repair(library: Library, folder: Path) -> None:
    assert library.verify().result(WAIT_S).is_ok
    path = folder / "trip" / "photo_2.jpg"
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    report = library.verify().result(WAIT_S)
    assert not report.is_ok
    assert report.problems == (f"{path} changed since it was taken in.",)
    assert library.verify(repair=True).result(WAIT_S).repaired
    assert library.verify().result(WAIT_S).is_ok


def test_another_network_answers_when_it_has_seen_everything(library: Library, folder: Path) -> None:
    other = write_model(library.directory / "models" / "other-v1", float=tiny_network()).model_id
    library.reload_models()
    before = next(model.model_id for model in library.models() if model.is_active)
    chosen = photo_id(library, folder / "trip" / "photo_4.jpg")
    assert library.search(Query((PhotoPart(chosen),))).result(WAIT_S).model_id == before
    library.use_model(other).result(WAIT_S)
    answer = library.search(Query((PhotoPart(chosen),))).result(WAIT_S)
    assert answer.model_id == other
    assert answer.hits[0].photo_id == chosen
    assert len(answer.hits) == 7
    assert [model.model_id for model in library.models() if model.is_active] == [other]
    with pytest.raises(UserError, match="no network"):
        library.use_model("none-such").result(WAIT_S)


def test_without_its_network_a_library_still_browses_and_says_why_not_more(
    library_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, expected_log: ExpectedLog
) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        library.wait_until_indexed(WAIT_S)

    def broken(*_: object, **__: object) -> None:
        raise ModelError("The network is not the file its manifest describes.")

    monkeypatch.setattr(engine, "ImageEmbedder", broken)
    expected_log("The indexer did not start")
    told = threading.Event()
    notices: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.message)
            told.set()

    with Library.open(library_dir) as library:
        library.subscribe(listen)
        assert len(library.browse(Filter(), SortOrder.NEWEST).result(WAIT_S)) == 7
        with pytest.raises(ModelError, match="manifest"):
            library.search(Query((PhotoPart(1),))).result(WAIT_S)
        with pytest.raises(ModelError, match="manifest"):
            library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert told.wait(WAIT_S)
    assert notices == ["Photos cannot be taken in: The network is not the file its manifest describes."]


def test_one_writes_the_others_search(library: Library, library_dir: Path, folder: Path) -> None:
    with pytest.raises(LibraryBusyError):
        Library.open(library_dir, wait_s=0.1)
    with Library.open(library_dir, read_only=True) as reader:
        hits = reader.search(Query((PhotoPart(photo_id(library, folder / "half.jpg")),))).result(WAIT_S).hits
        assert len(hits) == 7
        with pytest.raises(UserError, match="searching only"):
            reader.set_rating([1], 3)
        paths, vectors, _ = reader.embeddings()
        assert len(paths) == vectors.shape[0] == 7
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_closing_in_the_middle_loses_nothing_that_was_said(library_dir: Path, folder: Path) -> None:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
    with Library.open(library_dir) as library:
        assert [folder.path for folder in library.folders()] == [os.fsencode(folder)]
        library.start_indexing(watch=False)
        assert library.wait_until_indexed(WAIT_S)
        assert library.summary().photos == 7


def test_a_folder_that_is_none(library: Library, folder: Path) -> None:
    with pytest.raises(UserError, match="is not a folder"):
        library.add_folder(os.fsencode(folder / "half.jpg")).result(WAIT_S)
    again = library.add_folder(os.fsencode(folder / "trip")).result(WAIT_S)
    assert again.path == os.fsencode(folder), "a folder inside a root is that root"
    assert len(library.folders()) == 1


def test_a_folder_keeps_the_name_it_was_given(library_dir: Path, folder: Path) -> None:
    (folder.parent / "way").symlink_to(folder.parent)
    named = folder.parent / "way" / "photos"
    with Library.open(library_dir) as library:
        first = library.add_folder(os.fsencode(named)).result(WAIT_S)
        assert first.path == os.fsencode(named)
        again = library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert again.folder_id == first.folder_id
        library.wait_until_indexed(WAIT_S)
        assert library.summary().photos == 7
        assert library.photo_at(os.fsencode(named / "half.jpg")) is not None
    (folder.parent / "link").symlink_to(folder)
    with Library.open(library_dir.parent / "second") as library:
        linked = library.add_folder(os.fsencode(folder.parent / "link")).result(WAIT_S)
        assert linked.path == os.fsencode(folder)


def test_a_library_is_free_after_another_thread_closed_it(library_dir: Path) -> None:
    opened: list[Library] = []
    opening = threading.Thread(target=lambda: opened.append(Library.open(library_dir)))
    opening.start()
    opening.join()
    opened[0].close()
    with Library.open(library_dir, wait_s=0):
        pass
