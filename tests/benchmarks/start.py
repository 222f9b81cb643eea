"""How soon the window and the first photos stand, and what the program costs when nothing is to be done.

    python -m tests.benchmarks.start [--photos N ...] [--directories N] [--keep FOLDER] [--repeat N] [--idle S]

Makes libraries of N photos up, straight into catalog and thumbnails, and starts the real program on them as a
process of its own (off screen, unless QT_QPA_PLATFORM says otherwise). The program's own log tells when the window
and the first page of photos stood; both are counted from the moment before the process was made, so the interpreter
and all imports are in. CPU is what the process and its decoders used until then: on a machine that others use, too,
that is the figure to compare. Idle CPU is measured over `--idle` seconds when indexing has ended.

Each library is started twice in a turn: once without the list that the last session kept (as after the command line
took photos in), once with it and with all else that a session leaves behind. The modules are compiled before, as
they are where the program is installed.

Up to 100,000 photos the files are there, empty, one inode each and as the catalog knows them, so that the scan at
start walks and compares them all. Above that the folder is away, as an unplugged drive is: what is measured is the
start, not the disk. Then only the newest 20,000 have thumbnails, and 100,000 have vectors (`--vectors`).
`--keep` keeps the libraries for the next call, in a folder each: a million photos take three minutes to make, and
the first start on them another two, which builds their index.
"""

import argparse
import compileall
import datetime
import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

import photofind
from photofind.catalog import kept_listing
from photofind.catalog.catalog import Catalog, Meaning
from photofind.catalog.thumbnail_store import ThumbnailStore
from photofind.embedding import vocabulary
from photofind.embedding.model_store import ModelStore, bundled_folder
from photofind.embedding.text_encoder import TextEncoder, encoder_folder
from photofind.photo.thumbnail import THUMBNAIL_PX
from photofind.records import FileFacts, Metadata, Prepared
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words
from tests.pictures import make_picture

ONLINE_LIMIT = 100_000
THUMBNAILS_OFFLINE = 20_000
BATCH = 2_000
PICTURES = 48
"""Different thumbnails; photos take turns."""
FIRST_TAKEN_MS = 1_000_000_000_000
CAMERAS = (("Canon", "EOS R6"), ("Apple", "iPhone 13"), ("FUJIFILM", "X-T4"))
GOALS = {100_000: "1 s", 1_000_000: "2 s"}
MEMORY_GOAL = "2048 MiB"
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Start:
    """One start: seconds by the clock and of CPU, MiB, and the share of one core when idle."""

    window_s: float
    window_cpu_s: float
    photos_s: float
    photos_cpu_s: float
    settled_s: float
    settled_cpu_s: float
    peak_mib: float
    idle_share: float


def main() -> int:
    """Make the library, start the program, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--directories", type=int, default=0, help="how many hold them; one for 500 photos if 0")
    parser.add_argument("--vectors", type=int, default=ONLINE_LIMIT, help="photos that have vectors, at most")
    parser.add_argument("--keep", type=Path, help="makes the libraries there, or uses those made there before")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--idle", type=float, default=20.0, help="seconds to look at the idle program; 0 leaves it")
    arguments = parser.parse_args()
    compileall.compile_dir(Path(photofind.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="photofind-start-") as temporary:
        for photos in arguments.photos:
            place = (arguments.keep or Path(temporary)) / str(photos)
            directories = arguments.directories or max(1, photos // 500)
            if not (place / "made").exists():
                place.mkdir(parents=True, exist_ok=True)
                make_library(place, photos, directories, arguments.vectors)
                (place / "made").touch()
            with tempfile.TemporaryDirectory(prefix="photofind-home-") as home:
                _print(photos, *_start_all(place, Path(home), arguments.repeat, arguments.idle))
    return 0


def _start_all(place: Path, home: Path, repeat: int, idle_s: float) -> tuple[list[Start], list[Start]]:
    """Start without and with the list of the session before, in turns; after one start that is not counted."""
    start_once(place, home, 0.0)
    fresh, kept = [], []
    for _ in range(repeat):
        (place / "library" / kept_listing.NAME).unlink(missing_ok=True)
        fresh.append(start_once(place, home, 0.0))
        kept.append(start_once(place, home, idle_s))
    return fresh, kept


# ------------------------------------------------------------------------------------------- the library


def make_library(place: Path, photos: int, directories: int, vectors: int) -> None:
    """Make a library in `place / "library"` and, when it is to be online, its files in `place / "photos"`."""
    root = place / "photos"
    is_online = photos <= ONLINE_LIMIT
    if is_online:
        root.mkdir()
    store = ModelStore(bundled_folder())
    manifest = store.manifest(store.default_id())
    space = manifest.text
    labels_made_by = ""
    if space is not None:
        words = Words(space, lambda: TextEncoder(encoder_folder(manifest)), _no_index)
        labels_made_by = words.labels_made_by
    names = [label.name for label in vocabulary.labels()]
    thumbnails = [_jpeg(seed) for seed in range(PICTURES)]
    random = np.random.default_rng(1)
    centres = random.standard_normal((200, manifest.dimension)).astype(np.float32)
    (place / "library").mkdir()
    begun = time.perf_counter()
    with (
        Catalog.open(place / "library" / "catalog.db") as catalog,
        ThumbnailStore.open(place / "library" / "thumbnails.db") as thumbnail_store,
    ):
        folder = catalog.add_folder(os.fsencode(root))
        for first in range(0, photos, BATCH):
            numbers = range(first, min(first + BATCH, photos))
            rows = centres[random.integers(0, 200, len(numbers))]
            rows = _unit(rows + random.standard_normal(rows.shape).astype(np.float32))
            items = []
            meanings = {}
            for place_in_batch, number in enumerate(numbers):
                prepared = _photo(root, number, photos, directories, is_online)
                has_vector = number < vectors
                items.append((prepared, rows[place_in_batch] if has_vector else None))
                if has_vector and space is not None:
                    said = tuple((names[int(n)], 0.6) for n in random.choice(len(names), 3, replace=False))
                    meanings[prepared.digest] = Meaning(
                        _unit(rows[place_in_batch, : space.dimension][None])[0], said
                    )
            added = catalog.add_prepared(items, manifest.model_id, meanings=meanings, labels_made_by=labels_made_by)
            if is_online or first >= photos - THUMBNAILS_OFFLINE:
                thumbnail_store.put_many(
                    (each.content_id, thumbnails[each.content_id % PICTURES]) for each in added.contents
                )
            print(f"\r{numbers.stop} photos, {time.perf_counter() - begun:.0f} s", end="", file=sys.stderr)
        if not is_online:
            catalog.set_folder_online(folder.folder_id, False, "The folder is not there. Is its disk connected?")
    print(file=sys.stderr)


def _photo(root: Path, number: int, photos: int, directories: int, is_online: bool) -> Prepared:
    directory = number * directories // photos
    path = root / f"{2000 + directory * 25 // directories}" / f"{directory:05}" / f"IMG_{number:07}.jpg"
    if is_online:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        found = path.stat()
        facts = FileFacts(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
    else:
        facts = FileFacts(3_000_000 + number, (FIRST_TAKEN_MS + number) * 1_000_000, 1, number + 1, 7)
    make, model = CAMERAS[number % len(CAMERAS)]
    return Prepared(
        os.fsencode(path),
        facts,
        hashlib.sha256(b"%d" % number).digest(),
        width_px=4032,
        height_px=3024,
        format="JPEG",
        metadata=Metadata(
            captured_at_ms=FIRST_TAKEN_MS + number * 7_000_000, camera_make=make, camera_model=model, iso=200
        ),
        perceptual_hash=hashlib.sha256(b"%d" % number).digest() * 8,
        hash_quality=80,
        mean_rgb=number * 97 & 0xFFFFFF,
        thumbnail=b"-",
    )


def _no_index() -> VectorIndex:
    raise AssertionError("nobody searches here")


def _unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _jpeg(seed: int) -> bytes:
    file = io.BytesIO()
    make_picture(seed, (THUMBNAIL_PX, THUMBNAIL_PX * 3 // 4)).save(file, "JPEG", quality=80)
    return file.getvalue()


# --------------------------------------------------------------------------------------------- starting


def start_once(place: Path, home: Path, idle_s: float) -> Start:
    """Start the program once on the library in `place`, look at it, and end it as a session does."""
    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"), str(home))
    environment = os.environ | homes | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    command = [sys.executable, "-m", "photofind", "--library", str(place / "library")]
    for log in home.rglob("photofind.log"):
        log.unlink()
    begun = time.time()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        return _watch(process, home, begun, idle_s)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _watch(process: subprocess.Popen[bytes], home: Path, begun: float, idle_s: float) -> Start:
    program = psutil.Process(process.pid)
    window_cpu_s = photos_cpu_s = 0.0
    until = begun + PATIENCE_S
    stamps: dict[str, float] = {}
    while time.time() < until and process.poll() is None:
        stamps = _stamps(home)
        if not window_cpu_s and "window" in stamps:
            window_cpu_s = _cpu_s(program)
        if not photos_cpu_s and "photos" in stamps:
            photos_cpu_s = _cpu_s(program)
        if "photos" in stamps and "settled" in stamps:
            break
        time.sleep(0.01)
    if "photos" not in stamps:
        raise SystemExit("The photos never stood.")
    settled_cpu_s = _cpu_s(program)
    idle_share = 0.0
    if idle_s:
        time.sleep(5)  # what follows the end of indexing: counts, the list anew
        before, since = _cpu_s(program), time.perf_counter()
        time.sleep(idle_s)
        idle_share = (_cpu_s(program) - before) / (time.perf_counter() - since)
    peak_kib = next(
        int(line.split()[1])
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )
    return Start(
        stamps["window"] - begun,
        window_cpu_s,
        stamps["photos"] - begun,
        photos_cpu_s,
        stamps.get("settled", until) - begun,
        settled_cpu_s,
        peak_kib / 1024,
        idle_share,
    )


_MARKS = {
    "The window is shown": "window",
    "The first photos are shown": "photos",
    "Everything is taken in": "settled",
}


def _stamps(home: Path) -> dict[str, float]:
    """Return when the program logged that something stood, in seconds of `time.time`."""
    stamps: dict[str, float] = {}
    for file in home.rglob("photofind.log"):
        for line in file.read_text(errors="replace").splitlines():
            for mark, name in _MARKS.items():
                if mark in line:
                    stamp = datetime.datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f").astimezone()
                    stamps.setdefault(name, stamp.timestamp())
    return stamps


def _cpu_s(program: psutil.Process) -> float:
    used = 0.0
    for each in (program, *program.children(recursive=True)):
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system
    return used


def _print(photos: int, fresh: list[Start], kept: list[Start]) -> None:
    goal = GOALS.get(photos, "")
    load = os.getloadavg()[0]
    print(f"{photos} photos, best and worst of {len(kept)} starts; load of the machine {load:.1f}")
    rows = (
        ("window shown", [each.window_s for each in kept], "{:.2f} s", ""),
        ("CPU until then", [each.window_cpu_s for each in kept], "{:.2f} s", ""),
        ("first photos shown", [each.photos_s for each in kept], "{:.2f} s", goal),
        ("CPU until then", [each.photos_cpu_s for each in kept], "{:.2f} s", ""),
        ("without the kept list", [each.photos_s for each in fresh], "{:.2f} s", goal),
        ("CPU until then", [each.photos_cpu_s for each in fresh], "{:.2f} s", ""),
        ("all looked through", [each.settled_s for each in kept], "{:.2f} s", ""),
        ("CPU until then", [each.settled_cpu_s for each in kept], "{:.2f} s", ""),
        ("peak memory", [each.peak_mib for each in fresh + kept], "{:.0f} MiB", MEMORY_GOAL),
        ("idle CPU", [each.idle_share * 100 for each in kept], "{:.2f} %", "1 %"),
    )
    for name, values, form, wanted in rows:
        best, worst = form.format(min(values)), form.format(max(values))
        print(f"{name:24} {best:>12} {worst:>12} {('goal ' + wanted) if wanted else ''}")


if __name__ == "__main__":
    sys.exit(main())
