"""Faults 5 to 17: what folders can hold and do while they are indexed.

After each: the catalog is sound, every original is what it was, and the next start asks for nothing.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from photofind.events import PhotosAdded
from photofind.indexing import indexer
from photofind.indexing.prepare import PrepareRequest, answer
from photofind.records import FailureKind, Filter
from tests.conftest import PhotoFile
from tests.indexing.rig import TIMEOUT_S, LocalPool, Rig, facts_of_originals, rig
from tests.pictures import write_picture

SMALL = (96, 64)

Indexed = Callable[..., AbstractContextManager[Rig]]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.fixture
def indexed(tmp_path: Path) -> Indexed:
    """Index folders, run the block, and assert what must hold after every scenario."""

    @contextmanager
    def run(*folders: Path, **options: object) -> Iterator[Rig]:
        with rig(tmp_path / "library", **options) as library:
            for folder in folders:
                library.add(folder)
            yield library
            before = facts_of_originals(folders)
            library.scan()
            library.check()
            photos = [(photo.photo_id, photo.path) for photo in library.photos()]
        with rig(tmp_path / "library") as again:
            again.scan()
            again.check()
            assert [(photo.photo_id, photo.path) for photo in again.photos()] == photos
            assert (again.asked(), again.embedder.seen) == ([], 0)
        assert facts_of_originals(folders) == before

    return run


def test_5_special_files_are_passed_over(photos: Path, indexed: Indexed) -> None:
    write_picture(photos / "good.jpg", size=SMALL)
    os.mkfifo(photos / "pipe.jpg")
    (photos / "directory.jpg").mkdir()
    write_picture(photos / "directory.jpg" / "inside.jpg", 1, size=SMALL)
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        os.chdir(photos)  # a socket's path may have 108 bytes
        try:
            made.bind("socket.jpg")
        finally:
            os.chdir(here)
    os.symlink("/dev/zero", photos / "zero.jpg")
    with indexed(photos) as library:
        assert library.names() == [b"good.jpg", b"inside.jpg"]
        assert library.failures() == {}


def test_6_links_lead_nowhere(photos: Path, indexed: Indexed) -> None:
    write_picture(photos / "sub" / "a.jpg", size=SMALL)
    os.symlink("..", photos / "sub" / "up")
    os.symlink("self.jpg", photos / "self.jpg")
    os.symlink("/nonexistent/x.jpg", photos / "dangling.jpg")
    os.symlink("sub/a.jpg", photos / "link.jpg")
    with indexed(photos) as library:
        assert library.names() == [b"a.jpg"]
        assert library.failures() == {}


def test_7_a_hard_link_is_shown_once(photos: Path, indexed: Indexed) -> None:
    write_picture(photos / "a.jpg", size=SMALL)
    write_picture(photos / "b.jpg", 1, size=SMALL)
    os.link(photos / "a.jpg", photos / "other name.jpg")
    with indexed(photos) as library:
        assert library.names() == [b"a.jpg", b"b.jpg"]
        assert library.by_name()[b"a.jpg"].other_paths == (os.fsencode(photos / "other name.jpg"),)


def test_7_a_folder_added_twice_or_nested_is_one(photos: Path, indexed: Indexed) -> None:
    write_picture(photos / "sub" / "a.jpg", size=SMALL)
    write_picture(photos / "b.jpg", 1, size=SMALL)
    with indexed(photos / "sub") as library:
        before = library.by_name()[b"a.jpg"].photo_id
        library.add(photos)
        library.add(photos)
        library.add(photos / "sub")
        assert len(library.reader.folders()) == 1
        assert library.names() == [b"a.jpg", b"b.jpg"]
        assert library.by_name()[b"a.jpg"].photo_id == before
        assert library.embedder.seen == 2


BIND = """
import sys
from pathlib import Path
from tests.indexing.rig import rig
photos, mounted, library = map(Path, sys.argv[1:])
with rig(library) as made:
    made.add(photos)
    made.add(mounted)
    assert len(made.photos()) == 3, made.photos()
    assert all(len(photo.other_paths) == 1 for photo in made.photos())
    assert made.embedder.seen == 3
    assert len(made.asked()) == 3
    made.check()
    made.scan()
    assert made.asked() == []
print("done")
"""


def test_7_a_bind_mount_is_the_same_files(photos: Path, tmp_path: Path) -> None:
    for number in range(3):
        write_picture(photos / f"{number}.jpg", number, size=SMALL)
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    script = 'mount --bind "$1" "$2" && shift 0 && exec "$0" -c "$BIND" "$1" "$2" "$3"'
    ran = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", script, sys.executable, photos, mounted, tmp_path / "library"],
        env={**os.environ, "BIND": BIND}, cwd=Path(__file__).parents[2],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if "unshare:" in ran.stderr or "mount:" in ran.stderr:
        pytest.skip(f"needs user namespaces: {ran.stderr.strip()}")
    assert ran.stdout.strip() == "done", ran.stderr


def test_8_names_are_bytes(photos: Path, indexed: Indexed) -> None:
    names = sorted(
        (b"latin1_\xe9t\xe9.jpg", b"new\nline.jpg", b"quote'\"$(x)`.jpg", b"-rf.jpg", b".jpg", b"space end .jpg",
         b"a" * 251 + b".jpg", b"no_extension", b"\xff")
    )  # fmt: skip
    for seed, name in enumerate(names):
        source = write_picture(photos / "made.jpg", seed, size=SMALL)
        os.rename(source, os.path.join(os.fsencode(photos), name))
    with indexed(photos) as library:
        assert library.names() == names
        for photo in library.photos():
            assert library.reader.photo_at(photo.path) == photo.photo_id
            assert os.path.exists(photo.path)


def test_9_two_spellings_of_one_name_are_two_files(photos: Path, indexed: Indexed) -> None:
    for seed, name in enumerate(("\u00e9t\u00e9.jpg", "e\u0301te\u0301.jpg")):
        write_picture(photos / name, seed, size=SMALL)
    if len(os.listdir(photos)) == 1:
        pytest.skip("this file system has one spelling")
    with indexed(photos) as library:
        assert len(library.photos()) == len({photo.path for photo in library.photos()}) == 2


def test_10_a_name_may_change_its_case(photos: Path, indexed: Indexed) -> None:
    write_picture(photos / "IMG.JPG", size=SMALL)
    with indexed(photos) as library:
        before = library.photos()[0]
        library.asked()
        (photos / "IMG.JPG").rename(photos / "img.jpg")
        library.scan()
        (after,) = library.photos()
        assert (after.photo_id, after.path) == (before.photo_id, os.fsencode(photos / "img.jpg"))
        assert (library.asked(), library.embedder.seen) == ([], 1)


def test_10_two_files_that_differ_in_case_are_two(photos: Path, indexed: Indexed) -> None:
    write_picture(photos / "A.jpg", size=SMALL)
    write_picture(photos / "a.jpg", 1, size=SMALL)
    if len(os.listdir(photos)) == 1:
        pytest.skip("this file system ignores case")
    with indexed(photos) as library:
        assert library.names() == [b"A.jpg", b"a.jpg"]


def test_11_a_deep_folder_is_indexed_and_a_path_too_long_listed(tmp_path: Path, photos: Path) -> None:
    write_picture(photos / Path(*["deep_folder_name_of_some_length_"] * 60) / "deep.jpg", size=SMALL)
    root = os.open(photos, os.O_RDONLY)
    name = "n" * 250
    try:
        here = os.dup(root)
        for _ in range(17):
            os.mkdir(name, dir_fd=here)
            below = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(os.open("far.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.close(here)
        with rig(tmp_path / "library") as library:
            library.add(photos)
            assert library.names() == [b"deep.jpg"]
            (failure,) = library.reader.failures()
            assert failure.kind is FailureKind.UNREADABLE
            library.scan()
            assert library.reader.failures() == [failure]
            library.check()
    finally:
        shutil.rmtree(name, dir_fd=root)
        os.close(root)


@pytest.mark.slow
def test_11_a_folder_of_100_000_files_shows_its_first_photos_at_once(tmp_path: Path, photos: Path) -> None:
    first = write_picture(photos / "000000.jpg", size=SMALL)
    data = first.read_bytes()
    for number in range(1, 100_000):
        with open(photos / f"{number:06}.jpg", "wb") as file:
            if number < 100:
                file.write(data + b"%d" % number)
    with rig(tmp_path / "library") as library:
        library.indexer.submit(lambda catalog: catalog.add_folder(os.fsencode(photos))).result(TIMEOUT_S)
        start = os.times()
        library.indexer.rescan()
        library.wait_for(lambda: library.of(PhotosAdded))
        end = os.times()
        # CPU and not wall time: other work on the machine must not fail it. The wait itself is 0.25 s.
        assert (end.user - start.user) + (end.system - start.system) < 1.75
        photo_id = library.of(PhotosAdded)[0].photo_ids[0]
        assert library.thumbnails.get(library.reader.photos([photo_id])[0].content_id)
        library.indexer.stop()
        assert library.indexer.wait_idle(2.0)


MODES = """
import os, sys
from pathlib import Path
from photofind.records import FailureKind, Filter
from tests.indexing.rig import rig
photos, library = map(Path, sys.argv[1:])
try:
    open(photos / "closed.jpg", "rb")
except PermissionError:
    pass
else:
    sys.exit("modes are not obeyed")
with rig(library) as made:
    made.add(photos)
    assert made.names() == [b"good.jpg"], made.names()
    kinds = {name: failure.kind for name, failure in made.failures().items()}
    assert kinds == {b"closed.jpg": FailureKind.UNREADABLE, b"locked": FailureKind.UNREADABLE,
                     b"blind": FailureKind.UNREADABLE}, kinds
    made.asked()
    made.scan()
    assert made.asked() == []
    assert len(made.failures()) == 3
    for name in ("closed.jpg", "locked", "blind"):
        os.chmod(photos / name, 0o755)
    made.scan()
    assert made.names() == [b"a.jpg", b"b.jpg", b"closed.jpg", b"good.jpg"], made.names()
    assert made.failures() == {}, made.failures()
    os.chmod(photos / "locked", 0)
    os.chmod(photos / "blind", 0o400)
    made.asked()
    made.scan()
    assert made.names() == [b"a.jpg", b"b.jpg", b"closed.jpg", b"good.jpg"], made.names()
    assert made.asked() == []
    made.check()
print("done")
"""


def test_12_what_may_not_be_read_is_listed_and_the_rest_goes_on(photos: Path, tmp_path: Path) -> None:
    for seed, name in enumerate(("good.jpg", "closed.jpg", "locked/a.jpg", "blind/b.jpg")):
        write_picture(photos / name, seed, size=SMALL)
    (photos / "closed.jpg").chmod(0)
    (photos / "locked").chmod(0)
    (photos / "blind").chmod(0o400)  # its names can be read, but nothing of its files
    command: list[str | Path] = [sys.executable, "-c", MODES, photos, tmp_path / "library"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may read everything, and there is no setpriv to give that up")
        command[:0] = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    ran = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False
    )
    for name in ("closed.jpg", "locked", "blind"):
        (photos / name).chmod(0o755)
    assert ran.stdout.strip() == "done", ran.stdout + ran.stderr


def test_13_a_file_that_grows_while_it_is_read_comes_in_whole(
    photos: Path, indexed: Indexed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "QUIET_S", 0.05)
    whole = write_picture(photos / "whole.jpg", size=(640, 480)).read_bytes()
    growing = photos / "growing.jpg"
    os.rename(photos / "whole.jpg", growing)
    growing.write_bytes(whole[:1000])
    left = [whole[1000:5000], whole[5000:]]

    def read(request: PrepareRequest) -> object:
        real = os.fstat

        def grow_after(handle: int) -> os.stat_result:
            status = real(handle)
            if left:
                with open(growing, "ab") as file:
                    file.write(left.pop(0))
            return status

        with monkeypatch.context() as patch:
            patch.setattr(os, "fstat", grow_after)
            return answer(request)

    with indexed(photos, pool=LocalPool(read)) as library:
        assert library.failures() == {}
        (photo,) = library.photos()
        assert (photo.size_bytes, photo.width_px) == (len(whole), 640)
        assert 1 < len(library.asked()) <= 1 + indexer.CHANGING_ATTEMPTS


def test_14_a_replacement_of_equal_size_and_time_is_noticed(photos: Path, indexed: Indexed) -> None:
    path = write_picture(photos / "a.jpg", size=SMALL)
    padded = path.read_bytes().ljust(20_000, b"\0")
    path.write_bytes(padded)
    os.utime(path, ns=(10**18, 10**18))
    with indexed(photos) as library:
        before = library.photos()[0]
        other = write_picture(photos / "tmp" / "b.jpg", 1, size=SMALL).read_bytes().ljust(20_000, b"\0")
        shutil.rmtree(photos / "tmp")
        path.write_bytes(other)  # in place: the same inode, size and mtime; only ctime tells
        os.utime(path, ns=(10**18, 10**18))
        library.scan()
        after = library.photos()[0]
        assert (after.photo_id, after.digest != before.digest) == (before.photo_id, True)


def test_15_a_file_that_vanishes_is_no_problem(photos: Path, tmp_path: Path, indexed: Indexed) -> None:
    for number in range(10):
        write_picture(photos / f"{number}.jpg", number, size=SMALL)

    def read(request: PrepareRequest) -> object:
        if request.path.endswith(b"/4.jpg"):
            os.unlink(request.path)
        return answer(request)

    with indexed(photos, pool=LocalPool(read)) as library:
        assert len(library.photos()) == 9
        assert library.failures() == {}


def test_16_a_root_that_is_gone_at_the_start_keeps_its_photos(photos: Path, tmp_path: Path) -> None:
    for number in range(5):
        write_picture(photos / f"{number}.jpg", number, size=SMALL)
    with rig(tmp_path / "library") as library:
        library.add(photos)
        ids = [photo.photo_id for photo in library.photos()]
    photos.rename(tmp_path / "unplugged")
    with rig(tmp_path / "library") as library:
        library.scan()
        assert not library.folder().is_online
        assert [photo.photo_id for photo in library.photos()] == ids
        assert not any(photo.is_online for photo in library.photos())
        assert library.reader.search_text("jpg", Filter(), 10)
        assert len(library.index) == 5
        (tmp_path / "unplugged").rename(photos)
        library.scan()
        assert library.folder().is_online
        assert [photo.photo_id for photo in library.photos()] == ids
        assert (library.asked(), library.embedder.seen) == ([], 0)
        library.check()


@pytest.mark.parametrize("left", [0, 39])
def test_17_an_empty_mount_point_or_the_loss_of_many_deletes_nothing(
    photos: Path, tmp_path: Path, left: int
) -> None:
    for number in range(50):
        write_picture(photos / f"{number}.jpg", number, size=SMALL)
    with rig(tmp_path / "library") as library:
        folder = library.add(photos)
        away = tmp_path / "away"
        away.mkdir()
        for number in range(left, 50):
            (photos / f"{number}.jpg").rename(away / f"{number}.jpg")
        library.scan()
        assert (len(library.photos()), library.folder().is_online) == (50, False)
        reason = library.folder().offline_reason
        assert ("empty" if left == 0 else "11 of 50") in reason
        library.asked()
        for path in away.iterdir():
            path.rename(photos / path.name)
        library.scan()
        assert (len(library.photos()), library.folder().is_online) == (50, True)
        # Renaming changed their ctime: they are read once more, and nothing is computed.
        assert library.embedder.seen == 50
        shutil.rmtree(photos)
        photos.mkdir()
        library.scan()
        library.indexer.forget_missing(folder.folder_id)
        library.indexer.submit(lambda _: None).result(TIMEOUT_S)
        library.settle()
        assert library.photos() == []


def test_the_hostile_folder_comes_in_whole(
    photos: Path, photo_file: PhotoFile, tmp_path: Path, shared: Path, indexed: Indexed
) -> None:
    """Everything at once, as `make_faults.py` has it, but for the bombs (they have tests of their own)."""
    base = photo_file("base.jpg", folder=tmp_path)
    out = tmp_path / "hostile"
    subprocess.run(
        [sys.executable, shared / "tools" / "make_faults.py", out, base, "--special"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    for bomb in (*out.glob("bomb*"), *out.glob("huge*")):
        bomb.unlink()
    with indexed(out) as library:
        failed = set(library.failures())
        assert failed >= {b"zero.jpg", b"one_byte.jpg", b"text_as.jpg", b"html_as.jpg", b"zero_dims.png"}
        assert not failed & {b"fifo.jpg", b"sock.jpg", b"self.jpg", b"dangling.jpg"}
        names = set(library.names())
        assert names >= {b"good1.jpg", b"garbage_tail.jpg", b"is_png_named.jpg", b"is_jpeg_named.png", b".jpg",
                         b"latin1_\xe9t\xe9.jpg", b"-rf.jpg", b"new\nline.jpg", b"no_extension"}  # fmt: skip
        assert not failed & names
