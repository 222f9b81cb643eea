"""`photofind models ...` as another program uses it: exit codes, stdout, stderr; and what stops a wrong call."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from photofind import cli
from photofind.embedding.manifest import load
from photofind.errors import UserError
from photofind.library import Library
from tests.pictures import write_picture

MODELS = Path(__file__).resolve().parent / "data" / "models"
WAIT_S = 200


def command(library: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "photofind", "--library", str(library), *words]


def photofind(library: Path, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(command(library, *words), capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert result.returncode == expect, result.stderr
    assert "Traceback" not in result.stderr
    return result


def as_json(result: subprocess.CompletedProcess[str]) -> Any:
    lines = result.stdout.splitlines()
    assert len(lines) == 1, "one JSON object and nothing else"
    return json.loads(lines[0])


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for seed in range(4):
        write_picture(tmp_path / "photos" / f"{seed}.jpg", seed, size=(160, 120))
    library = tmp_path / "library"
    photofind(library, "index", str(tmp_path / "photos"))
    return library


@pytest.mark.slow
def test_a_network_is_added_used_measured_and_removed(library: Path) -> None:
    before = as_json(photofind(library, "models", "--json"))
    assert as_json(photofind(library, "models", "list", "--json")) == before
    default = next(model["id"] for model in before["models"] if model["active"])
    added = as_json(photofind(library, "models", "add", str(MODELS / "map-nchw.onnx"), "--id", "mine-v1", "--json"))
    assert added["id"] == "mine-v1"
    assert any("map of 8 x 8" in sentence for sentence in added["remarks"])
    refused = photofind(library, "models", "remove", default, expect=1)
    assert "came with PhotoFind" in refused.stderr
    used = photofind(library, "models", "use", "mine-v1")
    assert "mine-v1 answers from now on." in used.stdout
    models = as_json(photofind(library, "models", "--json"))["models"]
    assert [model["id"] for model in models if model["active"]] == ["mine-v1"]
    costs = as_json(photofind(library, "models", "bench", "--json"))["costs"]
    assert {"mine-v1", default} <= {cost["id"] for cost in costs}
    assert set(costs[0]) == {"id", "provider", "variant", "cpu_ms", "photos_per_second"}
    table = photofind(library, "models", "bench").stdout
    assert "CPU ms" in table
    assert "mine-v1" in table
    assert "in use" in photofind(library, "models", "remove", "mine-v1", expect=1).stderr
    assert as_json(photofind(library, "models", "use", default, "--json")) == {"active": default}
    assert as_json(photofind(library, "models", "remove", "mine-v1", "--json")) == {"removed": "mine-v1"}
    assert as_json(photofind(library, "models", "--json")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C cannot be sent to one process there")
def test_ctrl_c_leaves_the_rest_to_the_next_start(library: Path) -> None:
    photofind(library, "models", "add", str(MODELS / "map-nchw.onnx"), "--id", "mine-v1")
    # A photo that cannot be read at once keeps the change from ending before the signal comes.
    code = (
        "import sys, threading\n"
        "from photofind.indexing.indexer import Indexer\n"
        "from photofind.__main__ import main\n"
        "begin = Indexer.set_embedder\n"
        "def paused(self, *given):\n"
        "    self.pause()\n"
        "    done = begin(self, *given)\n"
        "    print('begun', flush=True)\n"
        "    return done\n"
        "Indexer.set_embedder = paused\n"
        "sys.exit(main())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "--library", str(library), "models", "use", "mine-v1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == "begun\n"
            running.send_signal(signal.SIGINT)
            _, told = running.communicate(timeout=WAIT_S)
        finally:
            running.kill()
    assert running.returncode == 1
    assert "that goes on whenever PhotoFind" in told
    photofind(library, "index")
    models = as_json(photofind(library, "models", "--json"))["models"]
    assert [model["id"] for model in models if model["active"]] == ["mine-v1"]


def test_networks_are_listed_before_there_is_a_library(tmp_path: Path) -> None:
    found = as_json(photofind(tmp_path / "new", "models", "--json"))
    assert any(model["active"] for model in found["models"])


def test_a_file_that_is_no_network_is_a_sentence(library: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.onnx"
    text.write_text("This is a text.\n" * 50)
    assert "text.onnx is not an ONNX file" in photofind(library, "models", "add", str(text), expect=1).stderr


def in_process(library: Path, *words: str) -> int:
    arguments = cli.parse(["--library", str(library), "models", *words])
    assert not isinstance(arguments, cli.WindowArguments)
    return cli._guarded(lambda: int(arguments.command(arguments)))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "alexnet"), "neither a file nor the name"),
        (("add", str(MODELS / "map-nchw.onnx"), "--weights", "x.pth"), "belong to the name"),
        (("add", str(MODELS / "map-nchw.onnx"), "--mean", "0.5", "0.5", "0.5"), "--mean and --std together"),
        (("add", str(MODELS / "map-nchw.onnx"), "--raw", "--mean", "1", "1", "1"), "goes without"),
        (
            ("add", str(MODELS / "map-nchw.onnx"), "--mean", "0", "0", "0", "--std", "0", "1", "1"),
            "numbers above 0",
        ),
        (("add", "resnet18", "--raw"), "belong to an ONNX file"),
    ],
)
def test_wrong_use_is_told_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert in_process(tmp_path / "library", *words) == cli.EXIT_USAGE
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "mean", "std"),
    [
        (("--mean", "0.5", "0.4", "0.2", "--std", "0.2", "0.4", "1"), (127.5, 102.0, 51.0), (51.0, 102.0, 255.0)),
        (("--mean", "127", "127", "127", "--std", "128", "128", "128"), (127.0,) * 3, (128.0,) * 3),
        (("--raw",), (0.0,) * 3, (1.0,) * 3),
    ],
)
def test_pixels_are_given_as_fractions_or_up_to_255(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    mean: tuple[float, ...],
    std: tuple[float, ...],
) -> None:
    from photofind.embedding import calibration

    monkeypatch.setattr(calibration, "GENERATED", 16)
    library = tmp_path / "library"
    assert in_process(library, "add", str(MODELS / "map-nchw.onnx"), *options) == cli.EXIT_DONE
    found = load(library / "models" / "map-nchw").input
    assert found.mean == pytest.approx(mean)
    assert found.std == pytest.approx(std)


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is not None, reason="torch is installed here; tests/training tests the rest"
)
def test_without_torch_a_name_says_what_to_install(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert in_process(tmp_path / "library", "add", "resnet18") == cli.EXIT_FAILED
    told = capsys.readouterr().err
    root = Path(__file__).resolve().parents[1]
    assert f"{sys.executable} -m pip install -e '{root}[train]'" in told
    assert not os.listdir(tmp_path / "library" / "models") if (tmp_path / "library" / "models").exists() else True


def test_the_packaged_program_says_that_it_carries_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "does not carry" in cli._without_torch("resnet18", ImportError(name="torch"))


def test_a_name_is_made_with_the_librarys_own_photos_and_then_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil
    from types import ModuleType

    from photofind.embedding import calibration

    monkeypatch.setattr(calibration, "GENERATED", 16)
    library = tmp_path / "library"
    with Library.open(library) as opened:
        opened.add_model(MODELS / "tokens-of-a-grid.onnx", model_id="made").result(WAIT_S)
    asked: dict[str, Any] = {}

    def build(name: str, out: Path, **options: Any) -> None:
        asked.update(name=name, out=out, **options)
        shutil.copytree(library / "models" / "made", out)
        options["tell"]("It is being made.")

    module = ModuleType("photofind.training.torchvision_models")
    module.build = build  # type: ignore[attr-defined]
    module.CALIBRATION_PHOTOS = 256  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "photofind.training.torchvision_models", module)
    import photofind.training

    monkeypatch.setattr(photofind.training, "torchvision_models", module, raising=False)
    assert in_process(library, "add", "resnet50", "--weights", "w.pth") == cli.EXIT_DONE
    assert (asked["name"], asked["weights"], asked["photos"]) == ("resnet50", Path("w.pth"), [])
    assert not asked["out"].exists()
    assert load(library / "models" / "resnet50").dimension == 16
    told = capsys.readouterr()
    assert "It is being made." in told.err
    assert "models use resnet50" in told.out


def test_a_library_that_another_writes_to_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = tmp_path / "library"
    with Library.open(library):
        arguments = cli.parse(["--library", str(library), "--wait", "0.1", "models", "use", "any"])
        assert not isinstance(arguments, cli.WindowArguments)
        assert cli._guarded(lambda: int(arguments.command(arguments))) == cli.EXIT_BUSY
    with pytest.raises(UserError, match="no network"), Library.open(library) as opened:
        opened.use_model("any").result(WAIT_S)
