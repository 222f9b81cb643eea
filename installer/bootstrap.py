#!/usr/bin/env python3
"""Installs and starts PhotoFind from a checkout, or runs all its checks; needs nothing but Python itself.

    python3 installer/bootstrap.py run [FOLDER...]      install what is missing, then start the program
    python3 installer/bootstrap.py test [PYTEST...]     install what is missing, then run every check
    python3 installer/bootstrap.py test-training        the tests that need PyTorch, in an environment of their own

Everything goes into `.venv` beside this folder (PyTorch, which finding photos does not need, into `.venv-train`);
deleting these folders undoes it. What pip cannot bring (Qt's system libraries, a C++ compiler for hnswlib) is
looked for first: as root on Debian or Ubuntu it is installed, elsewhere the one command to type is printed. A
stamp, written last, makes the next start quick and an interrupted one repeat.

Type annotations are quoted and the syntax is old on purpose: Python 3.6 must get as far as the sentence that says
which Python is needed. An alternative that lost: uv or poetry, for one more tool would have to be installed first.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
TRAINING_VENV = os.path.join(ROOT, ".venv-train")
STAMP_NAME = "photofind-stamp.json"
TRAINING_LIMIT_S = 1800
"""How long installing PyTorch may take: 150 s on two busy cores, most of it writing 6 GB."""
SYSTEM = platform.system()
"""Asked at run time and not through sys.platform, so that mypy reads the branches of all three systems."""

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")

# What PySide6's libraries and plugins ask of the system (readelf -d of 6.11), with Debian's and Arch's names of the
# packages; dnf and zypper find packages by the library's own name.
QT_LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libx11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": ("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "wayland"),
}


class CannotGoOnError(Exception):
    """Installing or starting is not possible; the message says what to do about it."""


def say(sentence: str) -> None:
    """Tell the person something; on stderr, since stdout belongs to the program."""
    print(sentence, file=sys.stderr, flush=True)


# --- the right Python


def find_newer_python() -> str:
    """Return the path of a Python that is new enough, or an empty string."""
    question = f"import sys; print(sys.executable if sys.version_info >= {OLDEST_PYTHON} else '')"
    commands = [[path] for path in map(shutil.which, NEWER_PYTHONS) if path]
    launcher = shutil.which("py") if SYSTEM == "Windows" else None
    if launcher:
        commands.append([launcher, "-3"])
    for command in commands:
        # A name on the PATH may be a version manager's stub that only complains, so it is asked.
        where = subprocess.run(
            [*command, "-c", question],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
        if where.returncode == 0 and where.stdout.strip():
            return where.stdout.strip()
    return ""


def continue_with_newer_python(arguments: "list[str]") -> int:
    """Start this file again with a Python that is new enough; CannotGoOnError where there is none."""
    newer = find_newer_python()
    if not newer:
        commands = {
            "apt-get": "sudo apt install python3 python3-venv",
            "dnf": "sudo dnf install python3.12",
            "pacman": "sudo pacman -S python",
            "zypper": "sudo zypper install python312",
        }
        hint = commands.get(package_manager(), "")
        if SYSTEM == "Darwin":
            hint = "brew install python@3.12"
        elif SYSTEM == "Windows":
            hint = "winget install Python.Python.3.12"
        raise CannotGoOnError(
            "PhotoFind needs Python {}.{} or newer; this is {}.{}.\nInstall one{}, then run this again.".format(
                *OLDEST_PYTHON, *sys.version_info[:2], ", for example: " + hint if hint else ""
            )
        )
    say("This Python is too old for PhotoFind; going on with " + newer)
    return replace_process([newer, os.path.abspath(__file__), *arguments])


def replace_process(command: "list[str]") -> int:
    """Become `command`; where a process cannot (Windows), run it and return its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.run(command).returncode


# --- what pip cannot bring


def package_manager() -> str:
    """Return the system's package manager among those this file knows, or an empty string."""
    if SYSTEM != "Linux":
        return ""
    return next((name for name in ("apt-get", "dnf", "pacman", "zypper") if shutil.which(name)), "")


def has_display() -> bool:
    """Return whether the program will try to open a window."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return SYSTEM != "Linux" or any(os.environ.get(name) for name in variables)


def qt_libraries(for_tests: bool) -> "dict[str, tuple[str, str]]":
    """Return the system libraries that Qt will ask for here, with the packages they come from."""
    if SYSTEM != "Linux" or not (for_tests or has_display()):
        return {}
    wanted = dict(QT_LIBRARIES)
    if os.environ.get("DISPLAY"):
        wanted.update(X11_LIBRARIES)
    if os.environ.get("WAYLAND_DISPLAY"):
        wanted.update(WAYLAND_LIBRARIES)
    return wanted


def is_loadable(library: str) -> bool:
    """Return whether the system's loader finds this library; that is the very question Qt will ask."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def packages_for(libraries: "dict[str, tuple[str, str]]", tools: "list[str]", manager: str) -> "list[str]":
    """Return this package manager's names for missing libraries and tools ("compiler", "headers", "venv")."""
    version = "{}.{}".format(*sys.version_info[:2])
    names = {
        "apt-get": {"compiler": "g++", "headers": f"python{version}-dev", "venv": f"python{version}-venv"},
        "dnf": {"compiler": "gcc-c++", "headers": f"python{version}-devel", "venv": "python3-libs"},
        "pacman": {"compiler": "gcc", "headers": "python", "venv": "python"},
        "zypper": {"compiler": "gcc-c++", "headers": f"python{version.replace('.', '')}-devel", "venv": "python3"},
    }[manager]
    if manager == "apt-get":
        found = [deb for deb, _ in libraries.values()]
    elif manager == "pacman":
        found = [arch for _, arch in libraries.values()]
    else:
        found = [name + "()(64bit)" for name in libraries]
    return sorted({*found, *(names[tool] for tool in tools)})


def missing_tools(venv: str) -> "list[str]":
    """Return what is missing to make `venv` and to compile hnswlib, which comes as source: see `packages_for`."""
    missing = []
    if importlib.util.find_spec("ensurepip") is None and not os.path.exists(venv_python(venv)):
        missing.append("venv")
    if has_hnswlib(venv):
        return missing
    compilers = (os.environ.get("CXX", "").split(" ")[0], "c++", "g++", "clang++")
    if SYSTEM == "Linux" and not any(name and shutil.which(name) for name in compilers):
        missing.append("compiler")
    header = os.path.join(sysconfig.get_paths()["include"], "Python.h")
    if SYSTEM == "Linux" and not os.path.exists(header):
        missing.append("headers")
    if SYSTEM == "Darwin" and subprocess.run(["xcode-select", "-p"], stdout=subprocess.DEVNULL).returncode:
        raise CannotGoOnError(
            "A C++ compiler is needed to install hnswlib. Type this, then run this again:\n"
            "    xcode-select --install"
        )
    if SYSTEM == "Windows" and not has_visual_cpp():
        raise CannotGoOnError(
            "A C++ compiler is needed to install hnswlib. Type this, then run this again:\n"
            "    winget install Microsoft.VisualStudio.2022.BuildTools --override "
            '"--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"'
        )
    return missing


def has_hnswlib(venv: str) -> bool:
    """Return whether `venv` has hnswlib already, so that no compiler is needed."""
    for folder, _, files in os.walk(os.path.join(venv, "Lib" if SYSTEM == "Windows" else "lib")):
        if os.path.basename(folder) == "site-packages":
            return any(name.startswith("hnswlib") for name in files)
    return False


def has_visual_cpp() -> bool:
    """Return whether Microsoft's compiler is installed, asked the way setuptools will look for it."""
    if shutil.which("cl"):
        return True
    programs = os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)")
    finder = os.path.join(programs, "Microsoft Visual Studio", "Installer", "vswhere.exe")
    if not os.path.exists(finder):
        return False
    question = [finder, "-latest", "-prerelease", "-products", "*", "-property", "installationPath"]
    question += ["-requires", "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"]
    answer = subprocess.run(question, stdout=subprocess.PIPE, universal_newlines=True)
    return bool(answer.stdout.strip())


def provide_from_system(libraries: "dict[str, tuple[str, str]]", tools: "list[str]") -> None:
    """Install what is missing, or say how.

    Raises:
        CannotGoOnError: Something is missing and this process may not, or cannot, install it.
    """
    missing = {name: packages for name, packages in libraries.items() if not is_loadable(name)}
    if not missing and not tools:
        return
    manager = package_manager()
    words = {"compiler": "a C++ compiler", "headers": "Python's header files", "venv": "Python's venv module"}
    things = ", ".join([words[tool] for tool in tools] + sorted(missing))
    if not manager:
        raise CannotGoOnError(
            f"Please install these with your system's package manager, then run this again:\n    {things}"
        )
    packages = packages_for(missing, tools, manager)
    if manager == "apt-get" and os.geteuid() == 0:
        say("Installing from the system's packages: " + " ".join(packages))
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
        # A failing update is not the end: the lists on the disk may do, and the install says what is wrong.
        run_quietly([*apt, "update"], environment)
        code, output = run_quietly([*apt, "install", "-y", "--no-install-recommends", *packages], environment)
        still = sorted(name for name in missing if not is_loadable(name))
        if code == 0 and not still:
            return
        say(output)
        raise CannotGoOnError(
            "The system's packages could not be installed: the lines above say why. Missing: "
            + (", ".join(still) or things)
        )
    verbs = {
        "apt-get": "apt install",
        "dnf": "dnf install",
        "pacman": "pacman -S --needed",
        "zypper": "zypper install",
    }
    command = "sudo {} {}".format(verbs[manager], " ".join(map(shlex.quote, packages)))
    raise CannotGoOnError(f"Missing on this system: {things}.\nType this, then run this again:\n    {command}")


# --- the environments


def venv_python(venv: str) -> str:
    """Return where the Python of an environment is."""
    if SYSTEM == "Windows":
        return os.path.join(venv, "Scripts", "python.exe")
    return os.path.join(venv, "bin", "python")


def fingerprint() -> str:
    """Return a digest of all that decides what is installed: pyproject.toml, this file, this Python, this place."""
    parts = [sys.version, platform.machine(), ROOT]
    for name in ("pyproject.toml", os.path.join("installer", "bootstrap.py")):
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            parts.append(file.read())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def installed_extras(venv: str) -> "tuple[bool, set[str]]":
    """Return whether an environment is complete and up to date, and which extras it was made with."""
    try:
        with open(os.path.join(venv, STAMP_NAME), encoding="utf-8") as file:
            stamp = json.load(file)
        extras = {str(name) for name in stamp["extras"]}
        return stamp["fingerprint"] == fingerprint() and os.path.exists(venv_python(venv)), extras
    except (OSError, ValueError, TypeError, KeyError):
        return False, set()


def provide_environment(
    venv: str, extras: "set[str]", for_tests: bool, size: str = "1 GB", limit_s: "int | None" = None
) -> None:
    """Make an environment have this project and these extras, and the system what they need; quick when it does.

    Args:
        venv: Its folder.
        extras: Names from pyproject.toml.
        for_tests: Whether the window will be tested, which needs Qt's libraries even without a display.
        size: What all that takes on the disk.
        limit_s: How long pip may take.

    Raises:
        CannotGoOnError: Something is missing and could not be installed.
    """
    is_current, present = installed_extras(venv)
    if is_current and extras <= present:
        provide_from_system(qt_libraries(for_tests), [])
        return
    provide_from_system(qt_libraries(for_tests), missing_tools(venv))
    started = time.monotonic()
    name = os.path.basename(venv)
    say(f"Installing PhotoFind and what it needs into {name} ({size}); this takes a few minutes the first time.")
    stamp = os.path.join(venv, STAMP_NAME)
    if os.path.exists(stamp):
        os.unlink(stamp)  # from here until the end the environment may be half made
    make_venv(venv)
    # The extras that were there stay: `run` between two `test`s must not make the second one install again.
    extras = extras | present
    target = ROOT + ("[{}]".format(",".join(sorted(extras))) if extras else "")
    pip = [
        venv_python(venv),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar",
        "off",
    ]
    code, output = run_quietly([*pip, "--editable", target], show_progress=True, limit_s=limit_s)
    if code:
        say(output)
        raise CannotGoOnError(
            "The packages could not be installed; the lines above are what pip said. Most often the network is\n"
            f"not reachable or the disk is full (about {size} is needed). Mend that, then run this again."
        )
    with open(stamp, "w", encoding="utf-8") as file:
        json.dump({"fingerprint": fingerprint(), "extras": sorted(extras)}, file)
    say(f"Installed in {time.monotonic() - started:.0f} s.")


def make_venv(venv: str) -> None:
    """Make an environment, or keep the one that is there if its Python is this one and its pip works."""
    if os.path.lexists(venv):
        question = "import sys, pip; print(sys.version)"
        try:
            answer = subprocess.run(
                [venv_python(venv), "-c", question],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                universal_newlines=True,
            )
        except OSError:
            answer = None
        if answer is not None and answer.returncode == 0 and answer.stdout.strip() == sys.version.strip():
            return
        foreign = set(os.listdir(venv)) - {"bin", "include", "lib", "lib64", "share", "Include", "Lib", "Scripts"}
        if foreign and not os.path.exists(os.path.join(venv, "pyvenv.cfg")):
            raise CannotGoOnError(f"{venv} is no Python environment. Move it away, then run this again.")
        shutil.rmtree(venv)
    code, output = run_quietly([sys.executable, "-m", "venv", venv])
    if code:
        shutil.rmtree(venv, ignore_errors=True)
        say(output)
        raise CannotGoOnError(f"The environment {venv} could not be made; the lines above say why.")


def run_quietly(
    command: "list[str]",
    environment: "dict[str, str] | None" = None,
    show_progress: bool = False,
    limit_s: "int | None" = None,
) -> "tuple[int, str]":
    """Run a command and return its exit code and all it wrote, which is shown only when it fails.

    Args:
        command: Program and arguments.
        environment: Its variables; None for those of this process.
        show_progress: Keep the last line of what it writes in sight on a terminal, cut to its width.
        limit_s: After so many seconds it is ended, and what it wrote says so.
    """
    lines = []
    started = time.monotonic()
    is_terminal = show_progress and sys.stderr.isatty()
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        clock = threading.Timer(limit_s or 0, process.kill)
        if limit_s is not None:
            clock.start()
        for line in process.stdout:
            lines.append(line)
            if is_terminal:
                width = shutil.get_terminal_size().columns - 1
                print("\r" + line.strip()[:width].ljust(width), end="", file=sys.stderr, flush=True)
        clock.cancel()
    if limit_s is not None and time.monotonic() - started >= limit_s:
        lines.append(f"Ended after {limit_s} s, which is all the time it had.\n")
    if is_terminal:
        print("\r" + " " * (shutil.get_terminal_size().columns - 1) + "\r", end="", file=sys.stderr, flush=True)
    return process.returncode, "".join(lines)


# --- the commands


def run(arguments: "list[str]") -> int:
    """Install what is missing and start the program with these arguments."""
    provide_environment(VENV, set(), for_tests=False)
    # -P keeps the folder one stands in off the import path: it may hold photos, and anything else.
    return replace_process([venv_python(VENV), "-P", "-m", "photofind", *arguments])


def test(arguments: "list[str]") -> int:
    """Install what is missing and run every check, also after one has failed; 0 when all passed.

    pytest comes last, so that its closing line is the last one when all is well.
    """
    provide_environment(VENV, {"test", "raw"}, for_tests=True)
    scripts = os.path.dirname(venv_python(VENV))
    checks = [
        ("ruff check", ["ruff", "check"]),
        ("ruff format", ["ruff", "format", "--check"]),
        ("mypy", ["mypy"]),
        ("import borders", ["lint-imports", "--no-logo"]),
        ("pytest", ["pytest", *arguments]),
    ]
    failed = []
    for name, command in checks:
        say(f"--- {name}: {' '.join(command)}")
        program = os.path.join(scripts, command[0])
        if subprocess.run([program, *command[1:]], cwd=ROOT).returncode:
            failed.append(name)
    if failed:
        say("Failed: " + ", ".join(failed))
    return 1 if failed else 0


def test_training(arguments: "list[str]") -> int:
    """Install what is missing, PyTorch among it, and run the tests of training; those skip in `.venv`.

    In an environment of its own: what a person runs every day must not depend on PyTorch by mistake.
    """
    provide_environment(TRAINING_VENV, {"test", "train"}, for_tests=True, size="6 GB", limit_s=TRAINING_LIMIT_S)
    command = ["pytest", "tests/training", *arguments]
    say(f"--- {' '.join(command)}")
    program = os.path.join(os.path.dirname(venv_python(TRAINING_VENV)), command[0])
    return subprocess.run([program, *command[1:]], cwd=ROOT).returncode


def main(arguments: "list[str]") -> int:
    """Run one of the commands; return the process's exit code."""
    commands = {"run": run, "test": test, "test-training": test_training}
    if not arguments or arguments[0] not in commands:
        say("Usage: python3 installer/bootstrap.py run [FOLDER...]")
        say("       python3 installer/bootstrap.py test [PYTEST...]")
        say("       python3 installer/bootstrap.py test-training [PYTEST...]")
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        if sys.version_info < OLDEST_PYTHON:
            return continue_with_newer_python(arguments)
        return commands[arguments[0]](arguments[1:])
    except CannotGoOnError as problem:
        say(str(problem))
    except OSError as error:
        say(f"Installing stopped: {error}")
    except KeyboardInterrupt:
        say("Interrupted. Run this again to go on.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
