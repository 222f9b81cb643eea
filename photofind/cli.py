"""The command line: every question the window can ask, for other programs and for our own measurements.

Answers go to stdout, progress and complaints to stderr. With `--json` stdout holds one JSON object and nothing
else (with `--batch` one a line). Paths that are not UTF-8 are written with surrogate escapes and accepted back.

Exit codes: 0 done, 2 wrong use, 75 library busy (EX_TEMPFAIL of sysexits.h), 1 anything else.
"""

from __future__ import annotations  # Library is known to mypy alone: importing it takes as long as all of this

import argparse
import json
import logging
import os
import re
import shlex
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from photofind import __version__, log
from photofind.errors import LibraryBusyError, PhotofindError, UserError
from photofind.events import Event, Notice, PhotoFailed, Progress
from photofind.records import (
    Answer,
    CheckProgress,
    FileVerdict,
    Filter,
    Hit,
    ImagePart,
    MatchKind,
    Query,
    SortOrder,
    WordsPart,
)
from photofind.settings import Settings, config_folder, default_library, log_folder

if TYPE_CHECKING:
    from photofind.library import Library

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_BUSY = 75

PUBLISHED = (
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "vgg16",
    "inception_v3",
    "efficientnet-lite0",
    "efficientnet-lite1",
    "efficientnet-lite2",
)
"""Networks that `models add` makes by name; listed here too because their module needs torch. A test compares."""

T = TypeVar("T")

_EXCLUDED_WORD = re.compile(r"-(?!-|h$|k\d*$).")
"""`search beach -rain`: a minus excludes a word. A space put before it keeps argparse from seeing an option."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WindowArguments:
    """The bare command: open the window, with these folders added."""

    library: Path
    folders: tuple[bytes, ...]


def parse(arguments: Sequence[str]) -> WindowArguments | argparse.Namespace:
    """Read the command line; exits the process with code 2 and a sentence when it is not understood.

    A first word that is no command is a folder: `photofind FOLDER...` opens the window. A folder that is named
    like a command is written `./index`.
    """
    parser, commands = _parser()
    words = iter(arguments)
    first = next((word for word in _without_options(words) if word), None)
    if first in commands or {"-h", "--help", "--version"} & set(arguments):
        if first == "train":
            # Its options are those of the training code, which needs torch to tell them.
            return argparse.Namespace(command=_command_train, rest=arguments[list(arguments).index("train") + 1 :])
        if first == "search":
            arguments = [f" {word}" if _EXCLUDED_WORD.match(word) else word for word in arguments]
        return parser.parse_args(arguments)
    bare = argparse.ArgumentParser(prog="photofind", add_help=False)
    bare.add_argument("--library", type=Path, default=None)
    bare.add_argument("folders", nargs="*")
    chosen = bare.parse_args(arguments)
    folders = tuple(_folder(name, parser) for name in chosen.folders)
    return WindowArguments(chosen.library or default_library(), folders)


def run(arguments: argparse.Namespace) -> int:
    """Run one command; return its exit code. Every error is one sentence on stderr."""
    _prepare_process()
    return _guarded(lambda: int(arguments.command(arguments)))


def index_in_terminal(window: WindowArguments) -> int:
    """Do the window's job where no display is: index the folders and say what to do next."""
    _prepare_process()

    def work() -> int:
        with _opened(window.library) as library:
            facts = _index(library, window.folders, watch=False)
        print(
            f"{facts['photos']} photos are in the library, {facts['failed']} files could not be read."
            f" It took {facts['seconds']:.1f} seconds."
        )
        print(
            f"Next: `{_own_name()} similar IMAGE` finds what looks like a picture, `search WORDS` finds by what"
            " photos show, by name and caption, `duplicates` lists copies, `failures` tells what could not be read."
            " With a display, the window opens instead."
        )
        return EXIT_DONE

    return _guarded(work)


# -- the commands ---------------------------------------------------------------------------------------------


def _command_index(arguments: argparse.Namespace) -> int:
    with _writing(arguments) as library:
        facts = _index(library, arguments.folders, watch=arguments.watch)
    if arguments.json:
        _print_json(facts)
    else:
        print(
            f"{facts['photos']} photos, {facts['contents']} of them distinct, {facts['failed']} unreadable;"
            f" {facts['seconds']:.1f} s, {facts['photos_per_second']:.1f} photos/s"
        )
    return EXIT_DONE


def _command_similar(arguments: argparse.Namespace) -> int:
    if not arguments.images and not arguments.batch:
        raise _UsageError("Name at least one image, or --batch FILE.")
    with _reading(arguments) as library:
        if arguments.batch:
            for line in _lines(arguments.batch):
                _print_batch_answer(library, Query((ImagePart(path=os.path.realpath(line)),), k=arguments.k))
            return EXIT_DONE
        paths = [os.path.realpath(os.fsencode(name)) for name in arguments.images]
        answer = library.search(Query(tuple(ImagePart(path=path) for path in paths), k=arguments.k)).result()
        _show_answer(library, answer, as_json=arguments.json)
    return EXIT_DONE


def _command_search(arguments: argparse.Namespace) -> int:
    if not arguments.words and not arguments.batch:
        raise _UsageError("Give some words, or --batch FILE.")
    with _reading(arguments) as library:
        if arguments.batch:
            for line in _lines(arguments.batch):
                _print_batch_answer(library, Query((WordsPart(os.fsdecode(line)),), k=arguments.k))
            return EXIT_DONE
        notices: list[str] = []
        library.subscribe(lambda event: notices.append(event.message) if isinstance(event, Notice) else None)
        answer = library.search(Query((WordsPart(" ".join(arguments.words)),), k=arguments.k)).result()
        _show_answer(library, answer, as_json=arguments.json)
    for sentence in notices:
        print(sentence, file=sys.stderr)
    return EXIT_DONE


def _command_duplicates(arguments: argparse.Namespace) -> int:
    from photofind.duplicates.keep_rules import reason

    kind = MatchKind(arguments.kind) if arguments.kind else None
    with _reading(arguments) as library:
        clusters = library.duplicates(kind).result()
        photos = {
            photo.photo_id: photo
            for chunk in _chunks([i for cluster in clusters for i in cluster.photo_ids], 500)
            for photo in library.photos(chunk)
        }
    clusters = [cluster for cluster in clusters if photos.keys() >= set(cluster.photo_ids)]  # none gone meanwhile
    shown: list[dict[str, Any]] = [
        {
            "kind": cluster.kind.value,
            "photos": [
                {
                    "path": os.fsdecode(photos[photo_id].path),
                    "bytes": photos[photo_id].size_bytes,
                    "width": photos[photo_id].width_px,
                    "height": photos[photo_id].height_px,
                    "has_video": photo_id in cluster.with_video,
                    "decided_by": rule,
                }
                for photo_id, rule in zip(cluster.photo_ids, (None, *cluster.decided_by), strict=True)
            ],
        }
        for cluster in clusters
    ]
    if arguments.json:
        _print_json({"clusters": shown})
        return EXIT_DONE
    for cluster, entry in zip(clusters, shown, strict=True):
        print(f"{entry['kind']}:")
        first, *others = (photos[photo_id] for photo_id in cluster.photo_ids)
        why = ["", *map(reason, repeat(first), others, cluster.decided_by)]
        for photo, sentence in zip(entry["photos"], why, strict=True):
            stays = f" (the first would stay: {sentence})" if sentence else ""
            print(f"  {photo['path']}  {photo['width']} x {photo['height']}, {photo['bytes']} bytes{stays}")
    print(f"{len(shown)} groups", file=sys.stderr)
    return EXIT_DONE


def _command_photos(arguments: argparse.Namespace) -> int:
    with _reading(arguments) as library:
        ids = [int(i) for i in library.browse(Filter(), SortOrder.NAME).result().ids]
        photos = (photo for chunk in _chunks(ids, 500) for photo in library.photos(chunk))
        if not arguments.json:
            for photo in photos:
                print(os.fsdecode(photo.path))
            return EXIT_DONE
        _print_json(
            {
                "photos": [
                    {
                        "path": os.fsdecode(photo.path),
                        "bytes": photo.size_bytes,
                        "width": photo.width_px,
                        "height": photo.height_px,
                        "format": photo.format,
                        "digest": photo.digest.hex(),
                        "captured_at_ms": photo.metadata.captured_at_ms,
                        "camera": photo.metadata.camera_model,
                        "rating": photo.rating,
                        "flag": photo.flag,
                        "tags": list(photo.tags),
                        "title": photo.title,
                        "caption": photo.caption,
                        "online": photo.is_online,
                        "other_paths": [os.fsdecode(path) for path in photo.other_paths],
                    }
                    for photo in photos
                ]
            }
        )
    return EXIT_DONE


def _command_failures(arguments: argparse.Namespace) -> int:
    with _reading(arguments) as library:
        failures = library.failures()
    if arguments.json:
        _print_json({"failures": [{"path": os.fsdecode(f.path), "reason": f.reason} for f in failures]})
    else:
        for failure in failures:
            print(f"{os.fsdecode(failure.path)}: {failure.reason}")
    return EXIT_DONE


def _command_check(arguments: argparse.Namespace) -> int:
    """Print verdicts as they come: a folder of a million files must not wait in memory."""
    with _reading(arguments) as library:
        lock = threading.Lock()
        begin = '{"files": ['

        def show(progress: CheckProgress) -> None:
            nonlocal begin
            found = progress.found
            matches = {
                photo.photo_id: os.fsdecode(photo.path)
                for photo in library.photos([file.photo_id for file in found if file.photo_id is not None])
            }
            with lock:
                for file in found:
                    match = matches.get(file.photo_id or 0)
                    if arguments.json:
                        facts = {"path": os.fsdecode(file.path), "verdict": file.verdict.value}
                        facts |= {"match": match} if match else {}
                        facts |= {"reason": file.reason} if file.reason else {}
                        print(begin + json.dumps(facts), end="")
                        begin = ", "
                    else:
                        beside = f"  {match or file.reason}" if match or file.reason else ""
                        print(f"{file.verdict.value:10}  {os.fsdecode(file.path)}{beside}")

        future = library.check_folder(arguments.folder, show)
        try:
            report = _wait_for(future)
        except KeyboardInterrupt:
            future.cancel()
            raise
    counts = {verdict.value: report.counts.get(verdict, 0) for verdict in FileVerdict}
    unlisted = [{"path": os.fsdecode(path), "reason": reason} for path, reason in report.unlisted]
    if arguments.json:
        rest = f'], "counts": {json.dumps(counts)}, "unlisted": {json.dumps(unlisted)}}}'
        print(rest if begin == ", " else begin + rest)
        return EXIT_DONE
    for folder in unlisted:
        print(f"{folder['path']}: {folder['reason']}", file=sys.stderr)
    print(
        f"{counts['identical']} identical, {counts['same']} the same picture,"
        f" {counts['similar']} of the same moment, {counts['new']} new, {counts['unreadable']} unreadable",
        file=sys.stderr,
    )
    return EXIT_DONE


def _command_verify(arguments: argparse.Namespace) -> int:
    opening = _writing if arguments.repair else _reading
    with opening(arguments) as library:
        report = library.verify(repair=arguments.repair).result()
    if arguments.json:
        _print_json(
            {
                "ok": report.is_ok,
                "photos_checked": report.photos_checked,
                "problems": list(report.problems),
                "repaired": list(report.repaired),
            }
        )
    else:
        for sentence in report.problems:
            print(sentence)
        for sentence in report.repaired:
            print(f"Repaired: {sentence}")
        print(f"{report.photos_checked} photos checked: {'all well' if report.is_ok else 'problems found'}.")
    return EXIT_DONE if report.is_ok else EXIT_FAILED


def _command_tag(arguments: argparse.Namespace) -> int:
    if not arguments.add and not arguments.remove:
        raise _UsageError("Name a tag to --add or to --remove.")
    with _writing(arguments) as library:
        ids = _photo_ids(library, arguments.paths)
        if arguments.add:
            _wait_for(library.add_tags(ids, arguments.add))
        if arguments.remove:
            _wait_for(library.remove_tags(ids, arguments.remove))
        tags = library.tags()
    if arguments.json:
        _print_json({"photos": len(ids), "tags": [{"tag": tag, "photos": count} for tag, count in tags]})
    else:
        print(f"{len(ids)} photos were named.")
    return EXIT_DONE


def _command_export(arguments: argparse.Namespace) -> int:
    with _reading(arguments) as library:
        report = _wait_for(library.export_xmp(_photo_ids(library, arguments.paths), overwrite=arguments.overwrite))
    if arguments.json:
        _print_json(
            {
                "written": [os.fsdecode(path) for path in report.written],
                "unchanged": report.unchanged,
                "failed": [{"path": os.fsdecode(path), "reason": reason} for path, reason in report.failed],
            }
        )
    else:
        for path in report.written:
            print(os.fsdecode(path))
        for path, reason in report.failed:
            print(f"{os.fsdecode(path)}: {reason}", file=sys.stderr)
        print(f"{len(report.written)} sidecars written, {report.unchanged} photos needed none.", file=sys.stderr)
    return EXIT_FAILED if report.failed else EXIT_DONE


def _photo_ids(library: Library, names: Sequence[str]) -> list[int]:
    """Return the photos of files and folders; all of the library where none is named."""
    if not names:
        return [int(i) for i in library.browse(Filter(), SortOrder.NAME).result().ids]
    found: dict[int, None] = {}
    for name in names:
        path = os.path.abspath(os.fsencode(name))
        for each in (path, os.path.realpath(path)):  # as it was named when it was taken in
            photo_id = library.photo_at(each)
            if photo_id is not None:
                ids = [photo_id]
            else:
                ids = [int(i) for i in library.browse(Filter(directory=each), SortOrder.NAME).result().ids]
            if ids:
                break
        else:
            raise UserError(f"{name} is not in the library.")
        found |= dict.fromkeys(ids)
    return list(found)


def _command_embeddings(arguments: argparse.Namespace) -> int:
    import numpy as np

    with _reading(arguments) as library:
        paths, vectors, model_id = library.embeddings()
    out = Path(arguments.out).absolute()
    try:
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=".photofind-", suffix=".npz")
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            names = np.array([os.fsdecode(path) for path in paths], dtype=np.str_)
            np.savez(file, paths=names, vectors=vectors, model_id=np.array(model_id))
        os.replace(temporary, out)
    except BaseException:
        os.unlink(temporary)
        raise
    print(f"{len(paths)} vectors of {model_id} were written to {out}.", file=sys.stderr)
    return EXIT_DONE


def _command_models(arguments: argparse.Namespace) -> int:
    with _reading_or_new(arguments) as library:
        models = library.models()
    if arguments.json:
        _print_json(
            {
                "models": [
                    {
                        "id": model.model_id,
                        "architecture": model.architecture,
                        "active": model.is_active,
                        "bundled": model.is_bundled,
                        "input_px": model.input_px,
                        "dimension": model.dimension,
                        "bytes": model.size_bytes,
                    }
                    for model in models
                ]
            }
        )
        return EXIT_DONE
    for model in models:
        mark = "*" if model.is_active else " "
        print(
            f"{mark} {model.model_id}  {model.architecture}, {model.input_px} px, {model.dimension} values,"
            f" {model.size_bytes / 1e6:.1f} MB"
        )
        if model.provider:
            print(f"    runs on {model.provider}. {model.provider_note}".rstrip())
        if not model.is_active and model.embedded > 0:
            print(f"    has seen {model.embedded} of {model.total} photos")
    return EXIT_DONE


def _command_models_add(arguments: argparse.Namespace) -> int:
    file = Path(arguments.network)
    mean, std = _pixel_values(arguments)
    notices: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.message)

    with _writing(arguments) as library, tempfile.TemporaryDirectory(prefix="photofind-") as made:
        if not file.exists() and arguments.network not in PUBLISHED:
            raise _UsageError(
                f"{arguments.network} is neither a file nor the name of a network; the names are"
                f" {', '.join(PUBLISHED)}."
            )
        if arguments.network in PUBLISHED and not file.is_file():
            if arguments.text or mean or std:
                raise _UsageError("--text, --mean, --std and --raw belong to an ONNX file, not to a name.")
            file = _export(library, arguments, Path(made))
        elif arguments.weights or arguments.data:
            raise _UsageError("--weights and --data belong to the name of a network, not to a file.")
        print("The network is examined and measured; that takes a minute.", file=sys.stderr)
        unsubscribe = library.subscribe(listen)
        try:
            model_id = _wait_for(
                library.add_model(
                    file,
                    model_id=arguments.id,
                    text=arguments.text,
                    tokenizer=arguments.tokenizer,
                    mean=mean,
                    std=std,
                )
            )
        finally:
            unsubscribe()
    if arguments.json:
        _print_json({"id": model_id, "remarks": notices})
        return EXIT_DONE
    for sentence in notices:
        print(sentence)
    print(f"{model_id} is added. `{_own_name()} models use {model_id}` lets it read your photos and answer.")
    return EXIT_DONE


def _command_models_use(arguments: argparse.Namespace) -> int:
    with _writing(arguments) as library, _progress_bar() as show:
        unsubscribe = library.subscribe(show)
        try:
            _wait_for(library.use_model(arguments.id))
        except KeyboardInterrupt:
            raise UserError(
                "Stopped. The network before it answers until all photos are read; that goes on whenever PhotoFind"
                " runs."
            ) from None
        finally:
            unsubscribe()
    if arguments.json:
        _print_json({"active": arguments.id})
    else:
        print(f"{arguments.id} answers from now on.")
    return EXIT_DONE


def _command_models_remove(arguments: argparse.Namespace) -> int:
    with _writing(arguments) as library:
        _wait_for(library.remove_model(arguments.id))
    if arguments.json:
        _print_json({"removed": arguments.id})
    else:
        print(f"{arguments.id} is removed.")
    return EXIT_DONE


def _command_models_bench(arguments: argparse.Namespace) -> int:
    with _reading_or_new(arguments) as library, _progress_bar() as show:
        unsubscribe = library.subscribe(show)
        try:
            costs = _wait_for(library.bench_models())
        finally:
            unsubscribe()
    if arguments.json:
        _print_json(
            {
                "costs": [
                    {
                        "id": cost.model_id,
                        "provider": cost.provider,
                        "variant": cost.variant,
                        "cpu_ms": cost.cpu_ms,
                        "photos_per_second": cost.photos_per_second,
                    }
                    for cost in costs
                ]
            }
        )
        return EXIT_DONE
    from rich.console import Console
    from rich.table import Table

    table = Table("Network", "Runs on", "File")
    table.add_column("CPU ms a photo", justify="right")
    table.add_column("photos/s", justify="right")
    for cost in costs:
        table.add_row(
            cost.model_id, cost.provider, cost.variant, f"{cost.cpu_ms:.2f}", f"{cost.photos_per_second:.1f}"
        )
    Console().print(table)
    return EXIT_DONE


def _command_train(arguments: argparse.Namespace) -> int:
    try:
        from photofind.training.__main__ import main
    except ImportError as error:
        raise UserError(_without_torch("a network of your own", error)) from error
    return main(["train", *arguments.rest])


def _export(library: Library, arguments: argparse.Namespace, folder: Path) -> Path:
    """Make a published network with PyTorch, in a folder with a manifest."""
    try:
        from photofind.training import torchvision_models
    except ImportError as error:
        raise UserError(_without_torch(arguments.network, error)) from error
    photos = library.sample_thumbnails(torchvision_models.CALIBRATION_PHOTOS).result()
    out: Path = folder / (arguments.id or arguments.network)
    torchvision_models.build(
        arguments.network,
        out,
        weights=arguments.weights,
        photos=photos,
        data=arguments.data,
        tell=lambda sentence: print(sentence, file=sys.stderr),
    )
    return out


def _without_torch(name: str, error: ImportError) -> str:
    missing = error.name or "PyTorch"
    if getattr(sys, "frozen", False):
        return (
            f"Making {name} needs PyTorch ({missing} is missing), which the packaged program does not carry. Add it"
            f" as an ONNX file, or run PhotoFind from its source."
        )
    # By its folder: no index of packages carries PhotoFind, and whatever bears its name there is not ours.
    source = f"{Path(__file__).resolve().parents[1]}[train]"
    return (
        f"Making {name} needs PyTorch ({missing} is missing). Install it, about 6 GB, with: {sys.executable} -m pip"
        f" install -e {shlex.quote(source)}"
    )


def _pixel_values(
    arguments: argparse.Namespace,
) -> tuple[tuple[float, float, float] | None, tuple[float, float, float] | None]:
    """Return mean and deviation in units of 0..255, from options in those or in fractions of white."""
    if arguments.raw:
        if arguments.mean or arguments.std:
            raise _UsageError("--raw says that pixels go in from 0 to 255; it goes without --mean and --std.")
        return (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    if not arguments.mean and not arguments.std:
        return None, None
    if not arguments.mean or not arguments.std:
        raise _UsageError("Give --mean and --std together.")
    unit = 255.0 if max(*arguments.mean, *arguments.std) <= 1 else 1.0
    if min(arguments.std) <= 0:
        raise _UsageError("--std takes three numbers above 0.")
    red, green, blue = (unit * value for value in arguments.mean)
    red_std, green_std, blue_std = (unit * value for value in arguments.std)
    return (red, green, blue), (red_std, green_std, blue_std)


def _wait_for(future: Future[T]) -> T:
    """Wait so that Ctrl+C is heard; on Windows a wait without an end is deaf."""
    while True:
        try:
            return future.result(0.5)
        except TimeoutError:
            if future.done():
                raise


def _reading_or_new(arguments: argparse.Namespace) -> Library:
    """Open for reading, and make an empty library where there is none yet: networks can be looked at before."""
    is_new = not (arguments.library / "catalog.db").exists()
    return _writing(arguments) if is_new else _reading(arguments)


# -- indexing with progress -----------------------------------------------------------------------------------


def _index(library: Library, folders: Sequence[bytes], *, watch: bool) -> dict[str, Any]:
    """Index and report as `index --json` does."""
    if not folders and not library.folders():
        raise _UsageError("Name a folder of photos: the library is empty.")
    started = time.perf_counter()
    before = library.summary().photos
    with _progress_bar() as show:
        unsubscribe = library.subscribe(show)
        try:
            for folder in folders:
                library.add_folder(folder).result()
            if watch or not folders:
                library.start_indexing(watch=watch)
            try:
                library.wait_until_indexed()
                if watch:
                    threading.Event().wait()
            except KeyboardInterrupt:
                if not watch:
                    raise UserError("Stopped. What was indexed so far is kept; run again to go on.") from None
        finally:
            unsubscribe()
    seconds = time.perf_counter() - started
    summary = library.summary()
    return {
        "photos": summary.photos,
        "contents": summary.contents,
        "failed": summary.failed,
        "seconds": round(seconds, 3),
        "photos_per_second": round(max(0, summary.photos - before) / seconds, 2),
    }


class _progress_bar:  # noqa: N801 - reads as a function where it is used
    """A rich progress bar on stderr that listens to the library; silent when stderr is no terminal."""

    def __enter__(self) -> Callable[[Event], None]:
        self._bar: Any = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._task = self._bar.add_task("Looking", total=None, rate="")
            self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _show(self, event: Event) -> None:
        if isinstance(event, Notice):
            print(event.message, file=sys.stderr)
        if self._bar is None:
            return
        if isinstance(event, Progress):
            self._bar.update(
                self._task,
                description=event.message or event.stage.value.capitalize(),
                completed=event.done,
                total=event.total or None,
                rate=f"{event.per_second:.0f} photos/s" if event.per_second else "",
            )
        elif isinstance(event, PhotoFailed):
            logger.info("%r: %s", event.failure.path, event.failure.reason)


# -- small parts ----------------------------------------------------------------------------------------------


class _UsageError(Exception):
    """Wrong use that only the command itself can see."""


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except _UsageError as error:
        print(f"photofind: {error}", file=sys.stderr)
        return EXIT_USAGE
    except LibraryBusyError as error:
        print(f"photofind: {error}", file=sys.stderr)
        return EXIT_BUSY
    except PhotofindError as error:
        print(f"photofind: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("photofind: stopped.", file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        # The reader of our output went away (`| head`). Point stdout elsewhere, or
        # Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def _writing(arguments: argparse.Namespace) -> Library:
    return _opened(arguments.library, wait_s=arguments.wait)


def _reading(arguments: argparse.Namespace) -> Library:
    directory: Path = arguments.library
    if not (directory / "catalog.db").exists():
        raise UserError(f"There is no library in {directory} yet; `photofind index FOLDER` makes one.")
    return _opened(directory, read_only=True)


def _opened(directory: Path, **how: Any) -> Library:
    # Here and not at the top: the arguments of a window are read by this module, and it need not wait for that.
    from photofind.library import Library

    return Library.open(directory, _settings(), **how)


def _own_name() -> str:
    """Return what to type to call this program again; the virtual environment need not be on the path."""
    if Path(sys.argv[0]).stem == "photofind":
        return "photofind"
    return f"{os.path.relpath(sys.executable)} -m photofind"


def _settings() -> Settings:
    return Settings(config_folder() / "settings.toml")


def _prepare_process() -> None:
    """Start the log, end properly when told to, and let stdout and stderr carry names that are not UTF-8."""
    log.start(log_folder(), console_level=logging.ERROR)
    # As Ctrl+C: a service manager that stops `index --watch` must not cost a batch.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="surrogateescape")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=True), flush=True)


def _answer_json(library: Library, answer: Answer) -> dict[str, Any]:
    photos = {photo.photo_id: photo for photo in library.photos([hit.photo_id for hit in answer.hits])}
    has_words = any(isinstance(part, WordsPart) for part in answer.query.parts)
    shown: dict[str, Any] = {
        "model": answer.model_id,
        "exact": answer.is_exact,
        "hits": [
            {
                "path": os.fsdecode(photos[hit.photo_id].path),
                "score": round(hit.score, 6),
                "kind": hit.kind.value,
            }
            | _chances(hit)
            | ({"found_by": _found_by(hit)} if has_words else {})
            for hit in answer.hits
            if hit.photo_id in photos
        ],
    }
    return shown | ({"unknown_words": list(answer.unknown_words)} if has_words else {})


def _chances(hit: Hit) -> dict[str, float]:
    """Return the chances that the network tells of a hit."""
    told = {"same_picture": hit.same_picture, "same_scene": hit.same_scene, "shows": hit.shows}
    return {name: round(chance, 4) for name, chance in told.items() if chance is not None}


def _found_by(hit: Hit) -> list[str]:
    """Return what found a photo: words in its metadata, what its picture shows, or both."""
    return ["words"] * hit.by_words + ["picture"] * (hit.by_meaning or hit.by_picture)


def _show_answer(library: Library, answer: Answer, *, as_json: bool) -> None:
    shown = _answer_json(library, answer)
    if as_json:
        _print_json(shown)
        return
    for hit in shown["hits"]:
        found = " + ".join(hit["found_by"]) if "found_by" in hit else hit["kind"]
        print(f"{hit['score']:.3f}  {found:{15 if 'found_by' in hit else 9}}  {hit['path']}")
    if answer.unknown_words:
        print(
            f"Not among the words known here, and looked for in names and descriptions only:"
            f" {', '.join(answer.unknown_words)}. Other words for the same may find more.",
            file=sys.stderr,
        )


def _print_batch_answer(library: Library, query: Query) -> None:
    """Answer one line; a line that cannot be answered gives an object with `error`, so the order holds."""
    try:
        _print_json(_answer_json(library, library.search(query).result()))
    except UserError as error:
        _print_json({"error": str(error)})


def _lines(name: str) -> Iterator[bytes]:
    try:
        with open(0 if name == "-" else name, "rb", closefd=name != "-") as file:
            for line in file:
                if line.strip():
                    yield line.rstrip(b"\r\n")
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.") from error


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _folder(name: str, parser: argparse.ArgumentParser) -> bytes:
    path = os.path.abspath(os.fsencode(name))
    if not os.path.isdir(path):
        _fail_usage(parser, f"{name} is neither a command nor a folder.")
    return path


def _fail_usage(parser: argparse.ArgumentParser, sentence: str) -> NoReturn:
    parser.exit(EXIT_USAGE, f"photofind: {sentence}\n")


def _existing_folder(name: str) -> bytes:
    return os.path.abspath(os.fsencode(name))


def _k(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100_000:
        raise argparse.ArgumentTypeError("k lies between 1 and 100000")
    return value


def _without_options(words: Iterator[str]) -> Iterator[str]:
    """Yield the positional words, stepping over options and their values."""
    for word in words:
        if word in ("--library", "--wait"):
            next(words, None)
        elif not word.startswith("-"):
            yield word


def _parser() -> tuple[argparse.ArgumentParser, frozenset[str]]:
    parser = argparse.ArgumentParser(
        prog="photofind",
        description="Find any photo on your own disks. Without a command the window opens: photofind [FOLDER...]",
    )
    parser.add_argument("--version", action="version", version=f"photofind {__version__}")
    parser.add_argument(
        "--library",
        type=Path,
        default=default_library(),
        help="the library directory (default: %(default)s)",
    )
    parser.add_argument(
        "--wait",
        type=float,
        default=10.0,
        metavar="SECONDS",
        help="how long to wait while another PhotoFind writes to the library (default: %(default)s)",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, work: Callable[[argparse.Namespace], int], sentence: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=sentence, description=sentence)
        sub.set_defaults(command=work)
        sub.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else there")
        return sub

    index = command("index", _command_index, "Take folders of photos into the library, or look again.")
    index.add_argument("folders", nargs="*", metavar="FOLDER", type=_existing_folder)
    index.add_argument("--watch", action="store_true", help="go on watching until interrupted")

    similar = command("similar", _command_similar, "Find what looks like one or several images.")
    similar.add_argument("images", nargs="*", metavar="IMAGE")
    search = command(
        "search", _command_search, "Find by words: for what photos show, and in names, captions, keywords."
    )
    search.add_argument("words", nargs="*", metavar="WORDS")
    for sub in (similar, search):
        sub.add_argument("-k", type=_k, default=20, help="how many hits (default: %(default)s)")
        sub.add_argument("--batch", metavar="FILE", help="one query a line, one JSON object a line out; - is stdin")

    duplicates = command("duplicates", _command_duplicates, "List groups of copies and of like photos.")
    duplicates.add_argument("--kind", choices=[kind.value for kind in MatchKind])
    check = command("check", _command_check, "Tell which photos of a folder outside the library are in it already.")
    check.add_argument("folder", metavar="FOLDER", type=_existing_folder)
    command("photos", _command_photos, "List every photo of the library.")
    command("failures", _command_failures, "List the files that could not be read, with reasons.")
    verify = command("verify", _command_verify, "Check the library against itself and against the disk.")
    verify.add_argument("--repair", action="store_true", help="mend what can be mended")
    tag = command("tag", _command_tag, "Give photos tags, or take tags off them.")
    tag.add_argument("paths", nargs="+", metavar="PATH", help="a photo, or a folder with all photos below it")
    tag.add_argument("--add", action="append", metavar="TAG", help="may be given several times")
    tag.add_argument("--remove", action="append", metavar="TAG", help="may be given several times")
    export = command(
        "export", _command_export, "Write ratings, tags, titles and captions beside the photos, as NAME.ext.xmp."
    )
    export.add_argument("paths", nargs="*", metavar="PATH", help="photos or folders (default: all photos)")
    export.add_argument(
        "--overwrite", action="store_true", help="also write over what sidecars that are there say of these"
    )
    embeddings = command("embeddings", _command_embeddings, "Write paths and vectors to a NumPy file.")
    embeddings.add_argument("out", metavar="OUT.npz")
    command("train", _command_train, "Train a network of your own; `train --help` tells how.")
    _add_models(command("models", _command_models, "List, add, choose, remove and measure networks."))
    return parser, frozenset(commands.choices)


def _add_models(models: argparse.ArgumentParser) -> None:
    """Add the actions on networks; without one, they are listed."""
    actions = models.add_subparsers(metavar="ACTION")

    def action(name: str, work: Callable[[argparse.Namespace], int], sentence: str) -> argparse.ArgumentParser:
        sub = actions.add_parser(name, help=sentence, description=sentence)
        sub.set_defaults(command=work)
        # Not given here, it may have been given before the action.
        sub.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="one JSON object on stdout, nothing else"
        )
        return sub

    action("list", _command_models, "List the networks; the one that answers is marked.")
    add = action("add", _command_models_add, "Add a network: an ONNX file of an image network, or one by name.")
    add.add_argument(
        "network",
        metavar="FILE_OR_NAME",
        help=f"an ONNX file, a folder with a network and its manifest, or one of {', '.join(PUBLISHED)}",
    )
    add.add_argument("--id", help="what to call it (default: from the file's name)")
    add.add_argument("--text", type=Path, metavar="FILE.onnx", help="the text network of a pair, as CLIP is one")
    add.add_argument("--tokenizer", type=Path, metavar="tokenizer.json", help="the tokenizer of --text")
    for name in ("--mean", "--std"):
        add.add_argument(
            name,
            type=float,
            nargs=3,
            metavar=("R", "G", "B"),
            help="what it expects of its pixels, as fractions of white, or from 0 to 255 if one is above 1",
        )
    add.add_argument("--raw", action="store_true", help="the network takes float pixels from 0 to 255 as they are")
    add.add_argument("--weights", type=Path, metavar="FILE", help="a name's weights, instead of downloading them")
    add.add_argument("--data", type=Path, metavar="FOLDER", help="training photos, for a network by name")
    use = action("use", _command_models_use, "Let a network read all photos, and answer with it then.")
    use.add_argument("id", metavar="ID")
    remove = action("remove", _command_models_remove, "Remove an added network and what it computed.")
    remove.add_argument("id", metavar="ID")
    action("bench", _command_models_bench, "Measure what each network costs on this computer.")
