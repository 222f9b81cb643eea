"""Tags, flags, texts, collections and sidecars through the façade and the command line, with real photos."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from photofind import cli
from photofind.errors import UserError
from photofind.events import CollectionsChanged, Event, PhotosChanged
from photofind.library import Library
from photofind.records import Filter, ImagePart, PhotoPart, Query, SortOrder, WordsPart
from tests.conftest import PhotoFile

WAIT_S = 60


@pytest.fixture
def folder(photo_file: PhotoFile, tmp_path: Path) -> Path:
    """Three photos, a copy of the first, and the first at half the size."""
    for seed in range(3):
        photo_file(f"{seed}.jpg", seed, size=(480, 360))
    root = tmp_path / "photos"
    shutil.copy(root / "0.jpg", root / "copy.jpg")
    with Image.open(root / "0.jpg") as image:
        image.resize((240, 180)).save(root / "half.jpg", quality=85)
    return root


@pytest.fixture
def library(library_dir: Path, folder: Path) -> Iterator[Library]:
    with Library.open(library_dir) as library:
        library.add_folder(os.fsencode(folder)).result(WAIT_S)
        assert library.wait_until_indexed(WAIT_S)
        yield library


@pytest.fixture
def events(library: Library) -> list[Event]:
    heard: list[Event] = []
    library.subscribe(heard.append)
    return heard


def id_of(library: Library, path: Path) -> int:
    found = library.photo_at(os.fsencode(path))
    assert found is not None, path
    return found


def ids_of(library: Library, folder: Path, *names: str) -> tuple[int, ...]:
    return tuple(id_of(library, folder / name) for name in names)


def browsed(library: Library, order: SortOrder = SortOrder.NAME, **conditions: object) -> list[int]:
    found = library.browse(Filter(**conditions), order).result(WAIT_S)  # type: ignore[arg-type]
    return [int(photo_id) for photo_id in found.ids]


def test_every_setter_tells_of_all_copies(library: Library, folder: Path, events: list[Event]) -> None:
    first, copy = ids_of(library, folder, "0.jpg", "copy.jpg")
    both = PhotosChanged(tuple(sorted((first, copy))))
    asked = (
        library.set_flag([first], 1),
        library.add_tags([copy], ["Sea", "sun"]),
        library.remove_tags([first], ["SUN"]),
        library.rename_tag("sea", "Ocean"),
        library.set_title([first], "A title"),
        library.set_caption([copy], "A caption"),
    )
    for each in asked:
        each.result(WAIT_S)
    assert [each for each in events if isinstance(each, PhotosChanged)] == [both] * len(asked)
    events.clear()
    for photo in library.photos([first, copy]):
        assert (photo.flag, photo.tags, photo.title, photo.caption) == (1, ("Ocean",), "A title", "A caption")
        assert photo.copies == 2
    assert library.tags() == library.facets().result(WAIT_S)["tags"] == [("Ocean", 2)]
    assert sorted(browsed(library, tags=("ocean",), flag=1)) == sorted((first, copy))
    words = library.search(Query((WordsPart("ocean"),), Filter(flag=1))).result(WAIT_S)
    assert {hit.photo_id for hit in words.hits if hit.by_words} == {first, copy}
    library.set_flag([], 1).result(WAIT_S)
    assert not any(isinstance(each, PhotosChanged) for each in events)


def test_a_removed_tag_comes_back_as_it_was(library: Library, folder: Path, events: list[Event]) -> None:
    first, copy, other = ids_of(library, folder, "0.jpg", "copy.jpg", "half.jpg")
    library.add_tags([first, other], ["Sea"]).result(WAIT_S)
    library.add_tags([other], ["sun"]).result(WAIT_S)
    removed = library.remove_tag("SEA").result(WAIT_S)
    assert library.tags() == [("sun", 1)]
    assert [photo.tags for photo in library.photos([first, copy, other])] == [(), (), ("sun",)]
    assert not library.search(Query((WordsPart("sea"),))).result(WAIT_S).hits
    assert events[-1] == PhotosChanged(tuple(sorted((first, copy, other))))
    library.restore_tag(removed).result(WAIT_S)
    assert library.tags() == [("Sea", 3), ("sun", 1)]
    assert {hit.photo_id for hit in library.search(Query((WordsPart("sea"),))).result(WAIT_S).hits} >= {first, copy}
    with pytest.raises(UserError, match="no tag"):
        library.remove_tag("none").result(WAIT_S)


def test_a_tag_is_also_taken_off_what_is_not_there_now(library: Library, folder: Path) -> None:
    (gone,) = ids_of(library, folder, "half.jpg")
    library.add_tags([gone], ["Sea"]).result(WAIT_S)
    data = (folder / "half.jpg").read_bytes()
    (folder / "half.jpg").unlink()
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert library.tags() == []
    removed = library.remove_tag("Sea").result(WAIT_S)
    (folder / "half.jpg").write_bytes(data)
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert library.tags() == []
    library.restore_tag(removed).result(WAIT_S)
    assert library.tags() == [("Sea", 1)]


def test_what_cannot_be_is_a_sentence(library: Library, folder: Path, events: list[Event]) -> None:
    (first,) = ids_of(library, folder, "0.jpg")
    with pytest.raises(UserError, match="The name is empty"):
        library.add_tags([first], [" "]).result(WAIT_S)
    with pytest.raises(UserError, match="no tag"):
        library.rename_tag("none", "other").result(WAIT_S)
    with pytest.raises(UserError, match="The name is empty"):
        library.add_collection("").result(WAIT_S)
    outside = Query((ImagePart(path=os.fsencode(folder / "0.jpg")),))
    with pytest.raises(UserError, match="Add the image to the library first"):
        library.add_live_collection("Live", outside).result(WAIT_S)
    assert library.collections() == []
    assert not any(isinstance(each, PhotosChanged | CollectionsChanged) for each in events)


def test_a_collection_is_browsed_in_its_own_order(library: Library, folder: Path) -> None:
    ids = ids_of(library, folder, "1.jpg", "half.jpg", "2.jpg")
    for chosen in (ids, ids[::-1]):  # no order of ids, names or dates is both
        made = library.add_collection(str(chosen), chosen).result(WAIT_S)
        library.set_flag(chosen[:2], 1).result(WAIT_S)
        assert browsed(library, SortOrder.COLLECTION, collection_id=made.collection_id) == list(chosen)
        found = browsed(library, SortOrder.COLLECTION, collection_id=made.collection_id, flag=1)
        assert found == [each for each in chosen if each in found]
        assert len(found) >= 2


def test_collections_come_and_go(library: Library, folder: Path, events: list[Event]) -> None:
    second, first = ids_of(library, folder, "1.jpg", "0.jpg")
    best = library.add_collection("Best", [second]).result(WAIT_S)
    library.add_to_collection(best.collection_id, [first]).result(WAIT_S)
    found = browsed(library, SortOrder.COLLECTION, collection_id=best.collection_id)
    assert found == [second, *sorted(ids_of(library, folder, "0.jpg", "copy.jpg"))]
    assert [each.photo_count for each in library.collections_of(first)] == [3]
    library.remove_from_collection(best.collection_id, [second]).result(WAIT_S)
    library.rename_collection(best.collection_id, "The best").result(WAIT_S)
    assert [(each.name, each.photo_count) for each in library.collections()] == [("The best", 2)]
    library.remove_collection(best.collection_id).result(WAIT_S)
    assert library.collections() == []
    assert events.count(CollectionsChanged()) == 5


def test_a_live_collection_asks_again(library_dir: Path, library: Library, folder: Path) -> None:
    # Not 0.jpg: of two copies the saved query may name the other one.
    first, half = ids_of(library, folder, "0.jpg", "half.jpg")
    query = Query((PhotoPart(half),), Filter(directory=os.fsencode(folder)), k=3)
    live = library.add_live_collection("Like it", query).result(WAIT_S)
    assert live.is_live
    saved = library.saved_query(live.collection_id)
    assert (saved.query, saved.remarks) == (query, ())
    assert first in {hit.photo_id for hit in library.search(saved.query).result(WAIT_S).hits}
    library.close()
    with Library.open(library_dir, read_only=True) as again:
        assert again.saved_query(live.collection_id).query == query


def test_the_copy_that_stays_takes_over_and_gives_back(
    library: Library, folder: Path, events: list[Event], tmp_path: Path
) -> None:
    kept, gone = ids_of(library, folder, "0.jpg", "half.jpg")

    def move(path: bytes) -> bytes:
        target = os.fsencode(tmp_path) + b"/" + os.path.basename(path)
        os.rename(path, target)
        return target

    library.add_tags([gone], ["from half"]).result(WAIT_S)
    library.set_rating([gone], 4).result(WAIT_S)
    preview = library.merge_preview(kept, [gone])
    assert (preview.tags, preview.rating) == (("from half",), 4)
    events.clear()
    report = library.move_to_trash([gone], move, keep_a_copy=True, kept={gone: kept}).result(WAIT_S)
    assert report.failed == ()
    assert (library.photos([kept])[0].tags, library.photos([kept])[0].rating) == (("from half",), 4)
    assert PhotosChanged(tuple(sorted(ids_of(library, folder, "0.jpg", "copy.jpg")))) in events
    assert library.undo_removal().result(WAIT_S) is not None
    assert library.wait_until_indexed(WAIT_S)
    assert (library.photos([kept])[0].tags, library.photos([kept])[0].rating) == ((), None)
    assert library.photos(ids_of(library, folder, "half.jpg"))[0].tags == ("from half",)


def test_sidecars_lie_beside_the_originals(library: Library, folder: Path) -> None:
    first, copy, second = ids_of(library, folder, "0.jpg", "copy.jpg", "1.jpg")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    library.add_tags([first], ["Sea"]).result(WAIT_S)
    report = library.export_xmp([first, second, copy]).result(WAIT_S)
    sidecars = {folder / "0.jpg.xmp", folder / "copy.jpg.xmp"}
    assert {Path(os.fsdecode(path)) for path in report.written} == sidecars
    assert (report.unchanged, report.failed) == (1, ())
    assert {path: path.read_bytes() for path in folder.iterdir() if path not in sidecars} == before
    again = library.export_xmp([first, second, copy], overwrite=True).result(WAIT_S)
    assert (again.written, again.unchanged) == ((), 3)
    library.rescan()
    assert library.wait_until_indexed(WAIT_S)
    assert library.summary().photos == 5
    assert library.failures() == []
    (folder / "copy.jpg").unlink()
    ((path, reason),) = library.export_xmp([copy]).result(WAIT_S).failed
    assert (path, reason) == (os.fsencode(folder / "copy.jpg"), "The file is no longer there.")


def run(capsys: pytest.CaptureFixture[str], *words: str, expect: int = 0) -> dict[str, object]:
    arguments = cli.parse(list(words))
    assert not isinstance(arguments, cli.WindowArguments)
    assert arguments.command(arguments) == expect
    shown: dict[str, object] = json.loads(capsys.readouterr().out)
    return shown


def test_tags_and_sidecars_from_the_command_line(
    library_dir: Path, library: Library, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library.close()
    at = ("--library", str(library_dir))
    tagged = run(capsys, *at, "tag", str(folder), "--add", "all", "--add", "x", "--json")
    assert tagged == {"photos": 5, "tags": [{"tag": "all", "photos": 5}, {"tag": "x", "photos": 5}]}
    tagged = run(capsys, *at, "tag", str(folder / "0.jpg"), str(folder / "copy.jpg"), "--remove", "ALL", "--json")
    assert tagged == {"photos": 2, "tags": [{"tag": "x", "photos": 5}, {"tag": "all", "photos": 3}]}
    shown = run(capsys, *at, "photos", "--json")["photos"]
    assert isinstance(shown, list)
    assert {Path(each["path"]).name: each["tags"] for each in shown}["copy.jpg"] == ["x"]
    written = run(capsys, *at, "export", str(folder / "1.jpg"), "--json")
    assert written == {"written": [str(folder / "1.jpg.xmp")], "unchanged": 0, "failed": []}
    (folder / "2.jpg").unlink()
    written = run(capsys, *at, "export", "--json", expect=1)
    assert written["unchanged"] == 1
    assert written["failed"] == [{"path": str(folder / "2.jpg"), "reason": "The file is no longer there."}]
    arguments = cli.parse([*at, "export", str(folder / "none.jpg")])
    assert not isinstance(arguments, cli.WindowArguments)
    with pytest.raises(UserError, match="not in the library"):
        arguments.command(arguments)
