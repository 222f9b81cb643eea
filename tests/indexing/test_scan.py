"""The comparison of disk and catalog, by itself: what it asks for, and what it must not conclude."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from photofind.catalog.catalog import Catalog
from photofind.indexing import scan
from photofind.indexing.scan import Scan, ScanStep, Target, Verdict, is_within, look_at
from photofind.records import Failure, FailureKind, FileFacts, Prepared


class Library:
    """A catalog of one folder, brought up to date by hand."""

    def __init__(self, catalog: Catalog, root: Path) -> None:
        self.catalog = catalog
        self.root = root

    def write(self, name: str | bytes, data: bytes | None = None) -> bytes:
        path = os.path.join(os.fsencode(self.root), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(os.fsencode(name) if data is None else data)
        return path

    def take_in(self, *paths: bytes) -> None:
        items = []
        for path in paths:
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).digest()
            items.append((Prepared(path, facts(path), digest, width_px=4, height_px=3, format="JPEG"), None))
        self.catalog.add_prepared(items, "m")

    def put(self, *names: str) -> list[bytes]:
        paths = [self.write(name) for name in names]
        self.take_in(*paths)
        return paths

    def look(self, *targets: Target, **options: object) -> tuple[ScanStep, Verdict]:
        """Return all steps as one, and the verdict."""
        wanted = targets or (Target(os.fsencode(self.root)),)
        comparison = Scan(self.catalog, self.catalog.folders(), wanted, **options)  # type: ignore[arg-type]
        steps = []
        for step in comparison.steps():
            assert isinstance(step, ScanStep)
            self.catalog.move_photos(step.moved)
            steps.append(step)
        whole = ScanStep(
            *([item for step in steps for item in getattr(step, field)] for field in ScanStep.__slots__)
        )
        (verdict,) = comparison.verdicts()
        assert verdict is not None
        return whole, verdict

    def id_at(self, path: bytes) -> int:
        photo_id = self.catalog.photo_at(path)
        assert photo_id is not None
        return photo_id


def facts(path: bytes) -> FileFacts:
    found = look_at(path)
    assert found is not None
    return found


def names(step: ScanStep) -> list[bytes]:
    return [os.path.basename(found.path) for found in step.to_read]


NOTHING = ScanStep([], [], [], [], [], [])


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    root = tmp_path / "photos"
    root.mkdir()
    with Catalog.open(tmp_path / "catalog.db") as catalog:
        catalog.add_folder(os.fsencode(root))
        yield Library(catalog, root)


def test_new_files_are_read_in_order_and_others_passed_over(library: Library) -> None:
    for name in ("b.jpg", "a.JPG", "notes.txt", "sub/c.png", "@eaDir/x.jpg", "no_extension", "._a.JPG"):
        library.write(name)
    step, verdict = library.look()
    assert names(step) == [b"a.JPG", b"b.jpg", b"no_extension", b"c.png"]
    assert (verdict.missing, verdict.offline_reason, verdict.is_whole) == ([], "", True)


def test_an_unchanged_folder_asks_for_nothing(library: Library) -> None:
    library.put("a.jpg", "sub/b.jpg")
    step, verdict = library.look()
    assert step == NOTHING
    assert verdict == Verdict(1, [], 0, [], "", True)


def test_each_fact_counts(library: Library) -> None:
    """Fault 14: equal size, equal mtime, replaced within one second."""
    a, b, c, _ = library.put("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    before = os.stat(a)
    other = library.write("tmp", b"A.jpg")
    os.utime(other, ns=(before.st_mtime_ns, before.st_mtime_ns))
    os.replace(other, a)
    os.utime(b, ns=(before.st_mtime_ns, before.st_mtime_ns - 1))
    os.chmod(c, 0o600)  # ctime alone: a write whose mtime was put back looks the same
    step, _ = library.look()
    assert sorted(names(step)) == [b"a.jpg", b"b.jpg", b"c.jpg"]
    assert {found.photo_id for found in step.to_read} == {library.id_at(path) for path in (a, b, c)}


def test_another_device_number_alone_reads_nothing(library: Library) -> None:
    paths = library.put("a.jpg", "b.jpg")
    moved = [(library.id_at(path), replace(facts(path), device=facts(path).device + 1)) for path in paths]
    library.catalog.touch_photos(moved)
    step, _ = library.look()
    assert step == replace(NOTHING, touched=[(library.id_at(path), facts(path)) for path in paths])


def test_a_disk_that_numbers_its_inodes_anew_is_not_read_again(library: Library) -> None:
    paths = library.put("a.jpg", "b.jpg", "c.jpg")
    renumbered = [(library.id_at(path), replace(facts(path), inode=facts(path).inode + 9)) for path in paths]
    library.catalog.touch_photos(renumbered)
    step, _ = library.look()
    assert step == replace(NOTHING, touched=[(library.id_at(path), facts(path)) for path in paths])
    # But one of several with another inode was replaced.
    library.catalog.touch_photos([(library.id_at(path), facts(path)) for path in paths[:2]])
    step, _ = library.look()
    assert names(step) == [b"c.jpg"]


def test_a_rename_keeps_the_photo(library: Library) -> None:
    (old,) = library.put("a.jpg")
    library.put("stays.jpg")
    photo_id = library.id_at(old)
    new = os.path.join(os.path.dirname(old), b"z.jpg")
    os.rename(old, new)
    step, verdict = library.look()
    assert step == replace(NOTHING, moved=[(photo_id, new, facts(new))])
    assert verdict.missing == []
    assert library.catalog.photo_at(new) == photo_id


@pytest.mark.parametrize(
    ("before", "after"), [("IMG.JPG", "img.jpg"), ("a/x.jpg", "b/x.jpg"), ("b/x.jpg", "a/x.jpg")]
)
def test_case_and_directory_may_change(library: Library, before: str, after: str) -> None:
    (old,) = library.put(before)
    photo_id = library.id_at(old)
    new = os.fsencode(library.root / after)
    os.makedirs(os.path.dirname(new), exist_ok=True)
    os.rename(old, new)
    step, verdict = library.look()
    assert (step.to_read, verdict.missing) == ([], [])
    assert library.catalog.photo_at(new) == photo_id


def test_on_a_file_system_that_ignores_case_a_new_spelling_is_no_second_name(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = library.put("IMG.JPG")
    photo_id = library.id_at(old)
    new = os.path.join(os.path.dirname(old), b"img.jpg")
    os.rename(old, new)
    real = os.lstat
    monkeypatch.setattr(os, "lstat", lambda path: real(new if path == old else path))
    step, verdict = library.look()
    assert [move[:2] for move in step.moved] == [(photo_id, new)]
    assert (step.aliases, verdict.missing) == ([], [])


def test_a_whole_directory_may_be_renamed(library: Library) -> None:
    paths = library.put("old/a.jpg", "old/deep/b.jpg", "other.jpg")
    ids = [library.id_at(path) for path in paths]
    os.rename(library.root / "old", library.root / "new")
    step, verdict = library.look()
    assert (step.to_read, verdict.missing, len(step.moved)) == ([], [], 2)
    new = [os.fsencode(library.root / name) for name in ("new/a.jpg", "new/deep/b.jpg", "other.jpg")]
    assert [library.catalog.photo_at(path) for path in new] == ids


def test_a_root_renamed_and_added_again_moves(library: Library, tmp_path: Path) -> None:
    paths = library.put(*(f"{n}.jpg" for n in range(60)))
    ids = [library.id_at(path) for path in paths]
    os.rename(library.root, tmp_path / "renamed")
    _, verdict = library.look()
    assert verdict.offline_reason
    library.catalog.set_folder_online(1, False, verdict.offline_reason)
    renamed = os.fsencode(tmp_path / "renamed")
    library.catalog.add_folder(renamed)
    step, verdict = library.look(Target(renamed))
    assert (step.to_read, len(step.moved), verdict.missing) == ([], 60, [])
    assert [library.catalog.photo_at(os.path.join(renamed, os.path.basename(p))) for p in paths] == ids


def test_a_copy_of_an_unplugged_disk_takes_nothing_from_it(library: Library, tmp_path: Path) -> None:
    """The same inodes, sizes and times on another disk are a clone, not the photos that wait unplugged."""
    (old,) = library.put("a.jpg")
    clone = tmp_path / "clone"
    os.rename(library.root, clone)
    here = facts(os.fsencode(clone / "a.jpg"))
    library.catalog.touch_photos([(library.id_at(old), replace(here, device=here.device + 1))])
    library.catalog.set_folder_online(1, False, "unplugged")
    library.catalog.add_folder(os.fsencode(clone))
    step, _ = library.look(Target(os.fsencode(clone)))
    assert (names(step), step.moved) == ([b"a.jpg"], [])


def test_files_that_swap_names_are_read(library: Library) -> None:
    a, b = library.put("a.jpg", "b.jpg")
    os.rename(a, a + b"~")
    os.rename(b, a)
    os.rename(a + b"~", b)
    step, verdict = library.look()
    assert (names(step), verdict.missing) == ([b"a.jpg", b"b.jpg"], [])


def test_a_hard_link_is_another_name(library: Library) -> None:
    (a,) = library.put("a.jpg")
    os.link(a, os.fsencode(library.root / "z.jpg"))
    step, _ = library.look()
    assert [(alias[0], alias[2]) for alias in step.aliases] == [
        (os.fsencode(library.root / "z.jpg"), library.id_at(a))
    ]
    assert names(step) == [b"a.jpg"]  # its ctime changed


def test_links_are_not_followed(library: Library, tmp_path: Path) -> None:
    """Fault 6."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "far.jpg").write_bytes(b"x")
    library.write("sub/a.jpg")
    os.symlink("..", library.root / "sub" / "up")
    os.symlink(elsewhere, library.root / "far")
    os.symlink("self.jpg", library.root / "self.jpg")
    os.symlink("nowhere.jpg", library.root / "dangling.jpg")
    os.symlink(elsewhere / "far.jpg", library.root / "link.jpg")
    step, _ = library.look()
    assert (names(step), step.failures) == ([b"a.jpg"], [])


@pytest.mark.parametrize("inside", ["@eaDir", ".git/objects", "link"])
def test_a_hint_does_not_lead_where_a_walk_would_not_go(library: Library, tmp_path: Path, inside: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", library.root / "link")
    library.write(f"{inside}/a.jpg")
    library.write("b.jpg")
    step, _ = library.look(Target(os.fsencode(library.root / inside)), Target(os.fsencode(library.root), False))
    assert names(step) == [b"b.jpg"]


def test_special_files_are_passed_over(library: Library) -> None:
    """Fault 5; opening the pipe would wait for ever."""
    os.mkfifo(library.root / "pipe.jpg")
    os.mkdir(library.root / "directory.jpg")
    library.write("directory.jpg/inside.jpg")
    step, _ = library.look()
    assert (names(step), step.failures) == ([b"inside.jpg"], [])


def test_a_photo_that_became_something_else_is_missing(library: Library) -> None:
    a, *_ = library.put("a.jpg", *(f"{n}.jpg" for n in range(9)))
    photo_id = library.id_at(a)
    os.unlink(a)
    os.mkdir(a)
    assert library.look()[1].missing == [photo_id]


def test_missing_photos_and_directories_are_named(library: Library) -> None:
    a, b, *_ = library.put("a.jpg", "sub/deep/b.jpg", *(f"{n}.jpg" for n in range(9)))
    ids = {library.id_at(a), library.id_at(b)}
    os.unlink(a)
    shutil.rmtree(library.root / "sub")
    _, verdict = library.look()
    assert set(verdict.missing) == ids
    assert not verdict.offline_reason


def test_a_part_is_looked_at_alone(library: Library) -> None:
    a, b, c = library.put("one/a.jpg", "two/b.jpg", "two/below/c.jpg")
    gone = library.id_at(b)
    for path in (a, b, c):
        os.unlink(path)
    library.write("one/new.jpg")
    step, verdict = library.look(Target(os.fsencode(library.root / "two"), is_recursive=False))
    assert (names(step), verdict.missing, verdict.is_whole) == ([], [gone], False)


def test_a_hint_at_a_directory_that_vanished_finds_its_photos_missing(library: Library) -> None:
    b, *_ = library.put("sub/deep/b.jpg", "a.jpg", "c.jpg")
    photo_id = library.id_at(b)
    shutil.rmtree(library.root / "sub")
    _, verdict = library.look(Target(os.fsencode(library.root / "sub" / "deep")))
    assert verdict.missing == [photo_id]


def test_a_directory_that_cannot_be_listed_keeps_its_photos(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fault 12."""
    library.put("a.jpg", "locked/b.jpg", "locked/deep/c.jpg")
    locked = os.fsencode(library.root / "locked")
    shutil.rmtree(locked)
    os.mkdir(locked)
    real = os.scandir

    def refuse(path: bytes) -> object:
        if path == locked:
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    step, verdict = library.look()
    assert [(f.path, f.kind) for f in step.failures] == [(locked, FailureKind.UNREADABLE)]
    assert "Permission denied" in step.failures[0].reason
    assert verdict.missing == []
    # Listed once, and no longer when it can be listed again.
    library.catalog.record_failures(step.failures)
    assert library.look()[0].failures == []
    assert library.look(Target(locked))[0].failures == []
    monkeypatch.undo()
    step, verdict = library.look()
    assert step.recovered == [locked]
    assert len(verdict.missing) == 2


@pytest.mark.parametrize("photos", [scan.MASS_LOSS_PHOTOS - 1, scan.MASS_LOSS_PHOTOS])
def test_the_loss_of_many_takes_the_folder_offline(library: Library, photos: int) -> None:
    """Fault 17, on both sides of the limit."""
    paths = library.put(*(f"{n}.jpg" for n in range(photos)))
    for path in paths[: photos // 5 + 1]:
        os.unlink(path)
    _, verdict = library.look()
    if photos < scan.MASS_LOSS_PHOTOS:
        assert (len(verdict.missing), verdict.offline_reason) == (10, "")
    else:
        assert (verdict.missing, verdict.missing_count) == ((), 11)
        assert verdict.offline_reason == "11 of 50 photos are missing."
        _, verdict = library.look(forget=frozenset({1}))
        assert len(verdict.missing) == 11


def test_a_fifth_of_many_may_go(library: Library) -> None:
    for path in library.put(*(f"{n}.jpg" for n in range(50)))[:10]:
        os.unlink(path)
    assert len(library.look()[1].missing) == 10


@pytest.mark.parametrize("harm", ["gone", "empty", "a file"])
def test_a_root_that_is_not_there_keeps_its_photos(library: Library, harm: str) -> None:
    """Fault 16, and 17: a mount point with nothing mounted."""
    library.put("a.jpg", "sub/b.jpg")
    shutil.rmtree(library.root)
    if harm == "empty":
        library.root.mkdir()
    elif harm == "a file":
        library.root.write_bytes(b"")
    step, verdict = library.look()
    assert step == NOTHING
    assert verdict.missing == ()
    assert verdict.offline_reason


def test_an_empty_folder_without_photos_is_available(library: Library) -> None:
    assert library.look()[1].offline_reason == ""


def test_a_disk_that_is_not_mounted_below_the_root_keeps_its_photos(library: Library) -> None:
    _, *mounted = library.put("own.jpg", "disk/a.jpg", "disk/deep/b.jpg")
    elsewhere = [(library.id_at(path), replace(facts(path), device=facts(path).device + 1)) for path in mounted]
    library.catalog.touch_photos(elsewhere)
    shutil.rmtree(library.root / "disk")
    (library.root / "disk").mkdir()
    _, verdict = library.look()
    assert verdict.missing == []
    _, verdict = library.look(forget=frozenset({1}))
    assert len(verdict.missing) == 2


def test_what_is_missing_is_looked_for_once_more(library: Library) -> None:
    a, _ = library.put("a.jpg", "b.jpg")
    os.unlink(a)
    comparison = Scan(library.catalog, library.catalog.folders(), [Target(os.fsencode(library.root))])
    assert list(comparison.steps())
    library.write("a.jpg")
    assert [verdict.missing for verdict in comparison.verdicts() if verdict is not None] == [[]]


def test_a_root_that_goes_while_it_is_walked_keeps_its_photos(library: Library) -> None:
    """Fault 18."""
    library.put("a.jpg", "b.jpg")
    comparison = Scan(library.catalog, library.catalog.folders(), [Target(os.fsencode(library.root))])
    list(comparison.steps())
    shutil.rmtree(library.root)
    (verdict,) = comparison.verdicts()
    assert verdict is not None
    assert (verdict.missing, bool(verdict.offline_reason)) == ((), True)


def test_a_file_that_failed_is_read_again_only_when_it_changed(library: Library) -> None:
    bad = library.write("bad.jpg")
    library.catalog.record_failures([Failure(bad, FailureKind.DAMAGED, "It is damaged.", facts(bad))])
    assert library.look()[0] == NOTHING
    os.utime(bad, ns=(1, 1))
    assert names(library.look()[0]) == [b"bad.jpg"]
    os.unlink(bad)
    assert library.look()[1].recovered == [bad]


def test_failures_in_a_directory_that_vanished_are_forgotten(library: Library) -> None:
    library.put("a.jpg")
    bad = library.write("sub/bad.jpg")
    library.catalog.record_failures([Failure(bad, FailureKind.DAMAGED, "It is damaged.", facts(bad))])
    shutil.rmtree(library.root / "sub")
    assert library.look()[1].recovered == [bad]


def test_a_photo_that_cannot_be_read_any_more_is_not_read_at_every_scan(library: Library) -> None:
    (a,) = library.put("a.jpg")
    os.utime(a, ns=(1, 1))
    library.catalog.record_failures([Failure(a, FailureKind.DAMAGED, "It is damaged.", facts(a))])
    assert library.look()[0] == NOTHING


def test_depth_and_length_are_no_trouble(library: Library) -> None:
    """Fault 11: 60 levels; a path above 4,096 bytes is listed as unreadable, and its neighbours are found."""
    deep = library.root.joinpath(*["level"] * 60)
    library.write(os.fsencode(deep.relative_to(library.root)) + b"/deep.jpg")
    library.write("after.jpg")
    before = os.open(library.root, os.O_RDONLY)
    name = "n" * 200
    try:
        here = os.dup(before)
        for _ in range(22):
            os.mkdir(name, dir_fd=here)
            below = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(os.open("far.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.close(here)
        step, verdict = library.look()
        assert names(step) == [b"after.jpg", b"deep.jpg"]
        assert [failure.kind for failure in step.failures] == [FailureKind.UNREADABLE]
        assert verdict.offline_reason == ""
    finally:
        shutil.rmtree(name, dir_fd=before)
        os.close(before)


def test_one_large_directory_comes_in_small_steps(library: Library) -> None:
    count = 3 * scan.STEP_FILES + 1
    for number in range(count):
        library.write(f"{number}.jpg", b"")
    steps = list(Scan(library.catalog, library.catalog.folders(), [Target(os.fsencode(library.root))]).steps())
    sizes = [len(step.to_read) for step in steps if isinstance(step, ScanStep)]
    assert sum(sizes) == count
    assert max(sizes) == scan.STEP_FILES


def test_names_are_bytes(library: Library) -> None:
    """Faults 8 and 9."""
    strange = sorted(
        (
            b"latin\xe9.jpg",
            b"new\nline.jpg",
            b"-rf.jpg",
            b"'\"$(x).jpg",
            b".jpg",
            b"a" * 251 + b".jpg",
            "nfc_\u00e9.jpg".encode(),
            "nfd_e\u0301.jpg".encode(),
        )
    )
    for name in strange:
        library.write(name)
    assert names(library.look()[0]) == strange


@pytest.mark.parametrize(
    ("path", "directory", "expected"),
    [
        (b"/a/b", b"/a", True),
        (b"/a", b"/a", True),
        (b"/ab", b"/a", False),
        (b"/a", b"/", True),
        (b"/", b"/a", False),
    ],
)
def test_is_within(path: bytes, directory: bytes, expected: bool) -> None:
    assert is_within(path, directory) is expected


def test_directories_outside_all_folders_are_ignored(library: Library, tmp_path: Path) -> None:
    comparison = Scan(library.catalog, library.catalog.folders(), [Target(os.fsencode(tmp_path))])
    assert (list(comparison.steps()), list(comparison.verdicts())) == ([], [])
