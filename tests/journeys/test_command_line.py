"""The command line as another program uses it: a child process, its exit code, its stdout, its stderr."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photofind.catalog.catalog import Catalog
from tests.pictures import make_picture


def photofind(
    library: Path, *words: str | bytes, expect: int = 0, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a user would and check its exit code."""
    result = subprocess.run(
        [sys.executable, "-m", "photofind", "--library", str(library), *words],
        capture_output=True,
        input=stdin,
        timeout=200,
        check=False,
    )
    assert result.returncode == expect, result.stderr.decode(errors="replace")
    assert b"Traceback" not in result.stderr
    return result


def as_json(result: subprocess.CompletedProcess[bytes]) -> Any:
    lines = result.stdout.splitlines()
    assert len(lines) == 1, "one JSON object and nothing else"
    return json.loads(lines[0])


def save_picture(path: bytes | Path, seed: int, size: tuple[int, int] = (480, 360), **options: Any) -> None:
    """Write the picture of this seed; another size of it is the same picture, resized."""
    make_picture(seed, (480, 360)).resize(size, Image.Resampling.LANCZOS).save(os.fsdecode(path), **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six photos, a copy, a resized one, a broken one and a name that is not UTF-8."""
    folder = tmp_path / "photos"
    (folder / "summer").mkdir(parents=True)
    for seed in range(6):
        save_picture(folder / "summer" / f"beach_{seed}.jpg", seed, quality=92)
    (folder / "copy of beach.jpg").write_bytes((folder / "summer" / "beach_0.jpg").read_bytes())
    save_picture(folder / "small.jpg", 1, (240, 180), quality=80)
    (folder / "broken.jpg").write_bytes(b"this is not a photo\n" * 20)
    save_picture(os.path.join(os.fsencode(folder), b"caf\xe9.png"), 77)
    return folder


def test_check_tells_what_a_folder_holds_that_the_library_has(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    photofind(library, "index", str(folder))
    card = tmp_path / "card"
    card.mkdir()
    (card / "copy.jpg").write_bytes((folder / "summer" / "beach_2.jpg").read_bytes())
    save_picture(card / "resized.jpg", 3, (240, 180), quality=80)
    save_picture(card / "unknown.jpg", 1234)
    (card / "broken.jpg").write_bytes(b"this is not a photo\n" * 20)
    told = as_json(photofind(library, "check", str(card), "--json"))
    verdicts = {os.path.basename(file["path"]): file for file in told["files"]}
    assert {name: file["verdict"] for name, file in verdicts.items()} == {
        "copy.jpg": "identical", "resized.jpg": "same", "unknown.jpg": "new", "broken.jpg": "unreadable",
    }  # fmt: skip
    assert verdicts["copy.jpg"]["match"] == str(folder / "summer" / "beach_2.jpg")
    assert verdicts["resized.jpg"]["match"] == str(folder / "summer" / "beach_3.jpg")
    assert "image" in verdicts["broken.jpg"]["reason"]
    assert told["counts"] == {"identical": 1, "same": 1, "similar": 0, "new": 1, "unreadable": 1}
    empty = tmp_path / "empty"
    empty.mkdir()
    assert as_json(photofind(library, "check", str(empty), "--json"))["files"] == []
    text = photofind(library, "check", str(card))
    assert len(text.stdout.splitlines()) == 4
    assert b"1 new" in text.stderr
    photofind(library, "check", str(tmp_path / "missing"), expect=1)


def test_index_then_every_command(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    before = {path: path.stat() for path in folder.rglob("*") if path.is_file()}

    facts = as_json(photofind(library, "index", str(folder), "--json"))
    assert set(facts) == {"photos", "contents", "failed", "seconds", "photos_per_second"}
    assert (facts["photos"], facts["contents"], facts["failed"]) == (9, 8, 1)

    shown = as_json(photofind(library, "photos", "--json"))["photos"]
    assert len(shown) == 9
    odd = next(photo["path"] for photo in shown if "caf" in photo["path"])
    assert os.fsencode(odd).endswith(b"caf\xe9.png"), "surrogate escapes give the bytes back"

    answer = as_json(photofind(library, "similar", odd, "-k", "3", "--json"))
    assert set(answer) == {"model", "exact", "hits"}
    assert answer["exact"] is True
    assert answer["hits"][0]["path"] == odd
    assert answer["hits"][0]["score"] == pytest.approx(1, abs=0.001)
    assert answer["hits"][0]["kind"] == "identical"

    query = str(folder / "summer" / "beach_1.jpg")
    hits = as_json(photofind(library, "similar", query, "--json"))["hits"]
    assert [Path(hit["path"]).name for hit in hits[:2]] == ["beach_1.jpg", "small.jpg"]
    assert hits[1]["kind"] == "same"

    found = as_json(photofind(library, "search", "beach", "-copy", "--json"))["hits"]
    by_words = {Path(hit["path"]).name for hit in found if "words" in hit["found_by"]}
    assert by_words == {f"beach_{seed}.jpg" for seed in range(6)}
    assert "copy of beach.jpg" not in {Path(hit["path"]).name for hit in found}

    clusters = as_json(photofind(library, "duplicates", "--kind", "identical", "--json"))["clusters"]
    assert [c["kind"] for c in clusters] == ["identical"]
    assert {Path(p["path"]).name for p in clusters[0]["photos"]} == {"beach_0.jpg", "copy of beach.jpg"}
    assert set(clusters[0]["photos"][0]) == {"path", "bytes", "width", "height", "has_video", "decided_by"}
    assert clusters[0]["photos"][0]["decided_by"] is None
    assert clusters[0]["photos"][1]["decided_by"] in ("oldest", "shortest-path")
    assert b"(the first would stay: its " in photofind(library, "duplicates", "--kind", "identical").stdout
    same = as_json(photofind(library, "duplicates", "--kind", "same", "--json"))["clusters"]
    assert [{Path(p["path"]).name for p in c["photos"]} for c in same] == [{"beach_1.jpg", "small.jpg"}]

    failures = as_json(photofind(library, "failures", "--json"))["failures"]
    assert [Path(f["path"]).name for f in failures] == ["broken.jpg"]
    assert failures[0]["reason"].endswith(".")

    assert as_json(photofind(library, "verify", "--json"))["ok"] is True

    photofind(library, "embeddings", str(tmp_path / "out.npz"))
    with np.load(tmp_path / "out.npz", allow_pickle=False) as out:
        assert out["vectors"].dtype == np.float32
        assert out["vectors"].shape[0] == len(out["paths"]) == 9
        np.testing.assert_allclose(np.linalg.norm(out["vectors"], axis=1), 1, atol=1e-3)
        assert odd in out["paths"].tolist()
        assert str(out["model_id"]) == answer["model"]

    models = as_json(photofind(library, "models", "--json"))["models"]
    assert [m["id"] for m in models if m["active"]] == [answer["model"]]
    assert {"id", "architecture", "active", "bundled", "input_px", "dimension", "bytes"} == set(models[0])

    for path, stat in before.items():
        after = path.stat()
        assert (after.st_mtime_ns, after.st_ino, after.st_size) == (stat.st_mtime_ns, stat.st_ino, stat.st_size)


def test_batch_answers_in_order_and_goes_on_after_a_bad_line(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    photofind(library, "index", str(folder))
    lines = [folder / "summer" / "beach_3.jpg", folder / "broken.jpg", folder / "summer" / "beach_2.jpg"]
    text = "\n".join(map(str, lines)).encode()
    result = photofind(library, "similar", "--batch", "-", "-k", "1", stdin=text)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [a["hits"][0]["path"] if "hits" in a else "error" for a in answers] == [
        str(lines[0]),
        "error",
        str(lines[2]),
    ]
    (tmp_path / "words").write_text("beach_4\nnothing-of-the-kind\n")
    result = photofind(library, "search", "--batch", str(tmp_path / "words"))
    answers = [json.loads(line)["hits"] for line in result.stdout.splitlines()]
    assert [sum("words" in hit["found_by"] for hit in hits) for hits in answers] == [1, 0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["similar"], 2),
        (["similar", "x.jpg", "-k", "0"], 2),
        (["no-such-command"], 2),
        (["index"], 2),
        (["index", "/nowhere/at/all"], 1),
        (["search", "--batch", "/nowhere/at/all"], 1),
        (["similar", "/nowhere/at/all.jpg"], 1),
    ],
)
def test_every_complaint_is_one_sentence(words: list[str], code: int, tmp_path: Path) -> None:
    library = tmp_path / "library"
    if code == 1:
        (tmp_path / "one").mkdir()
        save_picture(tmp_path / "one" / "a.jpg", 1)
        photofind(library, "index", str(tmp_path / "one"))
    result = photofind(library, *words, expect=code)
    assert result.stdout == b""
    assert result.stderr.strip()
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_question_before_anything_is_indexed(tmp_path: Path) -> None:
    result = photofind(tmp_path / "library", "search", "beach", expect=1)
    assert b"photofind index FOLDER" in result.stderr


def test_the_library_is_busy(tmp_path: Path, folder: Path) -> None:
    from filelock import FileLock

    library = tmp_path / "library"
    photofind(library, "index", str(folder))
    with FileLock(library / "write.lock"):
        result = photofind(library, "--wait", "0.5", "index", str(folder), expect=75)
        assert len(result.stderr.strip().splitlines()) == 1
        photofind(library, "search", "beach")  # reading goes on


def test_moved_folder_embeds_nothing_again(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    photofind(library, "index", str(folder))
    first = {p["path"]: p["digest"] for p in as_json(photofind(library, "photos", "--json"))["photos"]}
    with Catalog.open(library / "catalog.db", read_only=True) as catalog:
        ids = catalog.photo_at(os.fsencode(folder / "small.jpg"))
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    photofind(library, "index", str(moved))
    second = {p["path"]: p["digest"] for p in as_json(photofind(library, "photos", "--json"))["photos"]}
    assert {path.replace(str(folder), str(moved)): digest for path, digest in first.items()} == second
    with Catalog.open(library / "catalog.db", read_only=True) as catalog:
        assert catalog.photo_at(os.fsencode(moved / "small.jpg")) == ids, "the row itself moved"


def test_without_a_display_the_bare_command_indexes(folder: Path, tmp_path: Path) -> None:
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    result = subprocess.run(
        [sys.executable, "-m", "photofind", "--library", str(tmp_path / "library"), str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=200,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "No display" in result.stderr
    assert "9 photos" in result.stdout
    assert "-m photofind similar" in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_watching_takes_in_what_comes_and_ends_properly_when_told_to(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    command = [
        sys.executable,
        "-m",
        "photofind",
        "--library",
        str(library),
        "index",
        str(folder),
        "--watch",
        "--json",
    ]

    def seen() -> int:
        if not (library / "catalog.db").exists():
            return 0
        result = photofind(library, "photos", "--json")
        return len(as_json(result)["photos"])

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 120
        while seen() != count:  # each look is a process of its own and takes longer than any pause
            assert time.monotonic() < deadline
            assert watching.poll() is None

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watching:
        try:
            wait_for(9)
            save_picture(folder / "late.jpg", 50)
            (folder / "small.jpg").unlink()
            (folder / "summer" / "beach_2.jpg").rename(folder / "moved.jpg")
            save_picture(folder / "summer" / "later.jpg", 51)
            wait_for(10)
        finally:
            watching.terminate()
            out, err = watching.communicate(timeout=60)
    assert watching.returncode == 0, err
    assert b"Traceback" not in err
    assert json.loads(out)["photos"] == 10
