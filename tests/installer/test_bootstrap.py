"""The bootstrap on machines where something is missing: it says what, mends what it may, and can be repeated."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "installer" / "bootstrap.py"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="its stand-ins for programs are shell scripts")


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The bootstrap of a checkout of its own, on a Linux with a window."""
    spec = importlib.util.spec_from_file_location("bootstrap", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checkout = tmp_path / "checkout"
    (checkout / "installer").mkdir(parents=True)
    shutil.copy(FILE, checkout / "installer")
    shutil.copy(ROOT / "pyproject.toml", checkout)
    monkeypatch.setattr(module, "ROOT", str(checkout))
    monkeypatch.setattr(module, "VENV", str(checkout / ".venv"))
    monkeypatch.setattr(module, "TRAINING_VENV", str(checkout / ".venv-train"))
    monkeypatch.setattr(module, "SYSTEM", "Linux")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return module


def program(path: Path, script: str) -> Path:
    """Write a stand-in for a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + script, encoding="utf-8")
    path.chmod(0o755)
    return path


class Started:
    """Stands in for becoming another program."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str]) -> int:
        self.commands.append(command)
        return 0


def venv_with_python(bootstrap: ModuleType, script: str) -> Path:
    """Give the checkout a `.venv` whose Python is this script."""
    folder = Path(bootstrap.VENV)
    program(folder / "bin" / "python", script)
    (folder / "pyvenv.cfg").write_text("", encoding="utf-8")
    return folder


# --- the right Python


def test_its_syntax_is_old_enough_to_complain_in_python_3_6() -> None:
    ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_says_what_it_needs(tmp_path: Path) -> None:
    found = []
    for version in ("3.6", "3.7", "3.8", "3.9", "3.10"):
        old = shutil.which(f"python{version}")
        command = [old or "", "-c", "import sys; print(sys.executable)"]
        if not old or (where := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
            continue
        found.append(version)
        result = subprocess.run(
            [where.stdout.strip(), str(FILE), "run"],
            env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert result.returncode == 1
        assert f"PhotoFind needs Python 3.11 or newer; this is {version}." in result.stderr
        assert "Traceback" not in result.stderr
    if not found:
        pytest.skip("needs a Python older than 3.11")


def test_an_old_python_goes_on_with_a_newer_one(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Started()
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (sys.version_info[0], sys.version_info[1]))
    program(tmp_path / "bin" / "python3.13", "echo 'this version is not installed' >&2; exit 127\n")
    (tmp_path / "bin" / "python3.12").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(bootstrap, "replace_process", started)
    assert bootstrap.continue_with_newer_python(["run", "a b"]) == 0
    assert started.commands == [[started.commands[0][0], str(FILE), "run", "a b"]]
    assert Path(started.commands[0][0]).samefile(sys.executable)


def test_no_newer_python_is_a_sentence_with_a_command(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    program(tmp_path / "bin" / "dnf", "exit 1\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert bootstrap.main(["run"]) == 1
    assert "needs Python 99.0 or newer" in capsys.readouterr().err


def test_wrong_use_is_2_and_help_is_0(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main([]) == 2
    assert bootstrap.main(["install"]) == 2
    assert bootstrap.main(["--help"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("Usage:") == 3
    assert captured.err.count("test-training") == 3


# --- what pip cannot bring


def test_the_loader_itself_is_asked(bootstrap: ModuleType) -> None:
    assert bootstrap.is_loadable("libc.so.6" if sys.platform == "linux" else "libSystem.dylib")
    assert not bootstrap.is_loadable("libnotthere.so.9")


def test_what_qt_asks_for_depends_on_the_display(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "libxcb-cursor.so.0" in bootstrap.qt_libraries(for_tests=False)
    assert "libwayland-client.so.0" not in bootstrap.qt_libraries(for_tests=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "libwayland-client.so.0" in bootstrap.qt_libraries(for_tests=False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert bootstrap.qt_libraries(for_tests=False) == {}  # indexing in the terminal needs no Qt
    assert set(bootstrap.qt_libraries(for_tests=True)) == set(bootstrap.QT_LIBRARIES)
    monkeypatch.setattr(bootstrap, "SYSTEM", "Darwin")
    assert bootstrap.qt_libraries(for_tests=True) == {}


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt install g++ libegl1 libxcb-cursor0"),
        ("dnf", "sudo dnf install gcc-c++ 'libEGL.so.1()(64bit)' 'libxcb-cursor.so.0()(64bit)'"),
        ("pacman", "sudo pacman -S --needed gcc libglvnd xcb-util-cursor"),
        ("zypper", "sudo zypper install gcc-c++ 'libEGL.so.1()(64bit)' 'libxcb-cursor.so.0()(64bit)'"),
    ],
)
def test_an_ordinary_user_is_told_the_one_command(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, manager: str, command: str
) -> None:
    absent = {"libEGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(bootstrap, "package_manager", lambda: manager)
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: library not in absent)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.CannotGoOnError) as caught:
        bootstrap.provide_from_system(bootstrap.qt_libraries(for_tests=False), ["compiler"])
    assert str(caught.value).splitlines()[-1].strip() == command
    assert "a C++ compiler, libEGL.so.1, libxcb-cursor.so.0" in str(caught.value)


def test_an_unknown_system_is_told_the_names(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "package_manager", lambda: "")
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: library != "libEGL.so.1")
    with pytest.raises(bootstrap.CannotGoOnError, match="libEGL"):
        bootstrap.provide_from_system(bootstrap.qt_libraries(for_tests=True), [])


APT = """
echo "$@" >> {log}
[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 9
case "$*" in *install*) {install} ;; *) echo "the lists are old" ; exit 100 ;; esac
"""


def test_root_on_debian_installs_also_when_the_lists_cannot_be_updated(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, installed = tmp_path / "log", tmp_path / "installed"
    program(tmp_path / "bin" / "apt-get", APT.format(log=log, install=f"touch {installed}"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: library != "libGL.so.1" or installed.exists())
    bootstrap.provide_from_system(bootstrap.qt_libraries(for_tests=True), ["headers"])
    update, install = log.read_text(encoding="utf-8").splitlines()
    assert update.endswith("update")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert install.endswith(f"install -y --no-install-recommends libgl1 python{version}-dev")


def test_apt_that_fails_is_shown_whole(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(
        tmp_path / "bin" / "apt-get", APT.format(log=tmp_path / "log", install="echo E: no such thing; exit 100")
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: library != "libGL.so.1")
    with pytest.raises(bootstrap.CannotGoOnError, match=r"Missing: libGL\.so\.1"):
        bootstrap.provide_from_system(bootstrap.qt_libraries(for_tests=True), [])
    assert "E: no such thing" in capsys.readouterr().err


def test_the_compiler_is_needed_until_hnswlib_is_installed(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(bootstrap.sysconfig, "get_paths", lambda: {"include": str(tmp_path)})
    assert bootstrap.missing_tools(bootstrap.VENV) == ["compiler", "headers"]
    packages = Path(bootstrap.VENV) / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    assert bootstrap.missing_tools(bootstrap.VENV) == ["compiler", "headers"]
    (packages / "hnswlib.cpython-311-x86_64-linux-gnu.so").write_bytes(b"")
    assert bootstrap.missing_tools(bootstrap.VENV) == []


def test_debian_without_its_venv_package_is_noticed(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        bootstrap.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else find(name)
    )
    assert "venv" in bootstrap.missing_tools(bootstrap.VENV)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert bootstrap.packages_for({}, ["venv"], "apt-get") == [f"python{version}-venv"]


@pytest.mark.parametrize(("system", "words"), [("Darwin", "xcode-select --install"), ("Windows", "winget install")])
def test_other_systems_without_a_compiler_are_told_the_command(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, words: str
) -> None:
    monkeypatch.setattr(bootstrap, "SYSTEM", system)
    program(tmp_path / "bin" / "xcode-select", "exit 2\n")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(bootstrap.CannotGoOnError, match=words):
        bootstrap.missing_tools(bootstrap.VENV)


# --- .venv


def stamp_file(bootstrap: ModuleType) -> Path:
    return Path(bootstrap.VENV, bootstrap.STAMP_NAME)


def stamp(bootstrap: ModuleType, *extras: str) -> None:
    text = json.dumps({"fingerprint": bootstrap.fingerprint(), "extras": extras})
    stamp_file(bootstrap).write_text(text, encoding="utf-8")


def test_a_second_start_installs_nothing(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    venv_with_python(bootstrap, "exit 3\n")
    stamp(bootstrap, "raw", "test")
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: True)
    bootstrap.provide_environment(bootstrap.VENV, set(), for_tests=False)
    bootstrap.provide_environment(bootstrap.VENV, {"test", "raw"}, for_tests=True)


@pytest.mark.parametrize("change", ["pyproject", "stamp", "python", "no stamp", "fewer extras"])
def test_what_changed_is_installed_again(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    venv = venv_with_python(bootstrap, f'echo "$@" >> {bootstrap.ROOT}/log\n')
    stamp(bootstrap, "raw")
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: True)
    monkeypatch.setattr(bootstrap, "missing_tools", lambda venv: [])
    monkeypatch.setattr(
        bootstrap, "make_venv", lambda venv: venv_with_python(bootstrap, f'echo "$@" >> {bootstrap.ROOT}/log\n')
    )
    wanted = set()
    if change == "pyproject":
        with open(os.path.join(bootstrap.ROOT, "pyproject.toml"), "a", encoding="utf-8") as file:
            file.write("# more\n")
    elif change == "stamp":
        stamp_file(bootstrap).write_bytes(b"\0\0[")
    elif change == "python":
        (venv / "bin" / "python").unlink()
    elif change == "no stamp":
        stamp_file(bootstrap).unlink()
    else:
        wanted = {"test"}
    bootstrap.provide_environment(bootstrap.VENV, wanted, for_tests=False)
    (command,) = Path(bootstrap.ROOT, "log").read_text(encoding="utf-8").splitlines()
    kept = {"pyproject": "[raw]", "python": "[raw]", "fewer extras": "[raw,test]"}.get(change, "")
    assert command.endswith(f" --editable {bootstrap.ROOT}{kept}")
    Path(bootstrap.ROOT, "log").unlink()
    bootstrap.provide_environment(bootstrap.VENV, wanted, for_tests=False)
    assert not Path(bootstrap.ROOT, "log").exists()


def test_pip_that_fails_is_shown_whole_and_tried_again_next_time(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    venv_with_python(bootstrap, "echo first line; echo ERROR: no route >&2; exit 1\n")
    stamp(bootstrap)
    monkeypatch.setattr(bootstrap, "provide_from_system", lambda libraries, tools: None)
    monkeypatch.setattr(bootstrap, "make_venv", lambda venv: None)
    monkeypatch.setattr(
        bootstrap, "run", lambda arguments: bootstrap.provide_environment(bootstrap.VENV, {"raw"}, for_tests=False)
    )
    assert bootstrap.main(["run"]) == 1
    text = capsys.readouterr().err
    assert "first line\nERROR: no route\n" in text
    assert text.rstrip().endswith("then run this again.")
    assert not stamp_file(bootstrap).exists()


@pytest.mark.slow
def test_a_broken_environment_is_made_anew_and_a_sound_one_kept(bootstrap: ModuleType) -> None:
    folder = Path(bootstrap.VENV)
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to("/nowhere/python")
    (folder / "left-over").write_bytes(b"")
    (folder / "pyvenv.cfg").write_text("home = /nowhere\n", encoding="utf-8")
    bootstrap.make_venv(bootstrap.VENV)
    assert not (folder / "left-over").exists()
    (folder / "ours").write_bytes(b"")
    bootstrap.make_venv(bootstrap.VENV)
    assert (folder / "ours").exists()
    python = bootstrap.venv_python(bootstrap.VENV)
    result = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
    assert result.returncode == 0


def test_a_folder_that_is_no_environment_is_left_alone(bootstrap: ModuleType) -> None:
    folder = Path(bootstrap.VENV)
    folder.mkdir()
    (folder / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(bootstrap.CannotGoOnError, match="no Python environment"):
        bootstrap.make_venv(bootstrap.VENV)
    assert (folder / "holiday.jpg").read_bytes() == b"mine"


# --- the commands


def test_run_starts_the_program_with_the_folders(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    started = Started()
    monkeypatch.setattr(
        bootstrap, "provide_environment", lambda venv, extras, for_tests: started([venv, *sorted(extras)])
    )
    monkeypatch.setattr(bootstrap, "replace_process", started)
    assert bootstrap.main(["run", "-odd name", "b"]) == 0
    assert started.commands == [
        [bootstrap.VENV],
        [bootstrap.venv_python(bootstrap.VENV), "-P", "-m", "photofind", "-odd name", "b"],
    ]


@pytest.mark.parametrize("failing", ["", "ruff", "mypy", "lint-imports", "pytest"])
def test_test_runs_every_check_and_fails_when_one_did(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], failing: str
) -> None:
    log = Path(bootstrap.ROOT) / "log"
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        script = f'echo "{name} $@" >> {log}\nexit {int(name == failing)}\n'
        program(Path(bootstrap.VENV) / "bin" / name, script)
    monkeypatch.setattr(bootstrap, "provide_environment", lambda venv, extras, for_tests: None)
    assert bootstrap.main(["test", "-k", "one"]) == (1 if failing else 0)
    commands = log.read_text(encoding="utf-8").split("\n")
    assert commands == [
        "ruff check", "ruff format --check", "mypy ", "lint-imports --no-logo", "pytest -k one", ""
    ]  # fmt: skip
    assert ("Failed: " in capsys.readouterr().err) == bool(failing)


def test_training_is_tested_in_an_environment_of_its_own(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Path(bootstrap.ROOT) / "log"
    pytest_of_training = Path(bootstrap.TRAINING_VENV) / "bin" / "pytest"
    program(pytest_of_training, f'echo "$PWD: $@" > {log}\nexit 7\n')
    provided = []

    def provide(venv: str, extras: set[str], for_tests: bool, size: str, limit_s: int) -> None:
        provided.append((venv, sorted(extras), limit_s))

    monkeypatch.setattr(bootstrap, "provide_environment", provide)
    assert bootstrap.main(["test-training", "-k", "resume"]) == 7
    assert provided == [(bootstrap.TRAINING_VENV, ["test", "train"], bootstrap.TRAINING_LIMIT_S)]
    assert log.read_text(encoding="utf-8") == f"{bootstrap.ROOT}: tests/training -k resume\n"


def test_the_two_environments_do_not_know_each_other(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = f'echo "$@" >> {bootstrap.ROOT}/log\n'
    venv_with_python(bootstrap, script)
    stamp(bootstrap, "raw", "test")
    monkeypatch.setattr(bootstrap, "is_loadable", lambda library: True)
    monkeypatch.setattr(bootstrap, "missing_tools", lambda venv: [])
    monkeypatch.setattr(bootstrap, "make_venv", lambda venv: program(Path(venv) / "bin" / "python", script))
    bootstrap.provide_environment(bootstrap.TRAINING_VENV, {"train"}, for_tests=True, size="6 GB", limit_s=60)
    assert "into .venv-train (6 GB)" in capsys.readouterr().err
    (command,) = Path(bootstrap.ROOT, "log").read_text(encoding="utf-8").splitlines()
    assert command.endswith(f"{bootstrap.ROOT}[train]")  # without the extras of the other
    bootstrap.provide_environment(bootstrap.TRAINING_VENV, {"train"}, for_tests=True)
    bootstrap.provide_environment(bootstrap.VENV, {"test"}, for_tests=True)
    assert len(Path(bootstrap.ROOT, "log").read_text(encoding="utf-8").splitlines()) == 1


def test_pip_that_takes_too_long_is_ended_and_said_to_be(bootstrap: ModuleType, tmp_path: Path) -> None:
    endless = program(tmp_path / "endless", "echo Downloading torch\nexec sleep 600\n")
    code, output = bootstrap.run_quietly([str(endless)], limit_s=0.5)
    assert code != 0
    assert output == "Downloading torch\nEnded after 0.5 s, which is all the time it had.\n"
    assert bootstrap.run_quietly(["true"], limit_s=60) == (0, "")


def test_ci_and_the_readme_name_the_same_commands() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = ["python3 installer/bootstrap.py test", "python3 installer/bootstrap.py test-training"]
    assert [line.removeprefix("exec ") for line in ci[-2:]] == commands
    assert "set -euo pipefail" in ci  # the second does not run, and CI fails, where the first has failed
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in commands:
        assert f"{command} " in readme or f"{command}`" in readme
    assert "python3 installer/bootstrap.py run" in readme
