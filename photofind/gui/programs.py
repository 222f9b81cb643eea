"""Which programs may open a photo, and opening it with one of them.

Called on the window's thread when the menu opens; nothing here waits for the program it starts. On Linux the
programs come from the desktop entries that claim the photo's type (freedesktop.org "Association between MIME types
and applications" 1.0 and "Desktop Entry" 1.5); a few small files are read, some milliseconds. Windows has a dialog
of its own for this, macOS opens with any application that is chosen; no list is made there.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLocale, QMimeDatabase, QProcess

MOST_PROGRAMS = 12


@dataclass(frozen=True, slots=True)
class Program:
    """One program of the menu.

    Attributes:
        name: As the desktop shows it.
        command: Words of its command line, with the field codes of a desktop entry (%f, %U ...).
    """

    name: str
    command: tuple[str, ...]


def programs_for(path: bytes) -> list[Program]:
    """Return the programs that say they open such files, the preferred one first; empty off Linux."""
    if sys.platform in ("win32", "darwin"):
        return []
    name = os.fsdecode(path).encode("utf-8", "replace").decode()
    kind = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase.MatchMode.MatchExtension)
    found: list[Program] = []
    for entry in _entries_for([kind.name(), *kind.aliases(), *kind.allAncestors()]):
        program = _program(entry)
        if program is not None and program.command not in {other.command for other in found}:
            found.append(program)
        if len(found) == MOST_PROGRAMS:
            break
    return found


def open_with(program: Program, path: bytes) -> bool:
    """Start a program on a file; False when the system refuses."""
    words: list[str] = []
    has_place = False
    for word in program.command:
        if word in ("%f", "%F", "%u", "%U"):
            words.append(os.fsdecode(path))
            has_place = True
        elif word == "%c":
            words.append(program.name)
        elif not (len(word) == 2 and word.startswith("%") and word != "%%"):
            words.append(word.replace("%%", "%"))
    if not has_place:
        words.append(os.fsdecode(path))
    return bool(QProcess.startDetached(words[0], words[1:])[0])


def open_with_file(chosen: str, path: bytes) -> bool:
    """Start the program that lies in a file (an application bundle on macOS) on a photo."""
    if sys.platform == "darwin":
        return bool(QProcess.startDetached("/usr/bin/open", ["-a", chosen, os.fsdecode(path)])[0])
    return bool(QProcess.startDetached(chosen, [os.fsdecode(path)])[0])


def ask_windows(path: bytes) -> bool:
    """Show the system's own dialog for choosing a program; Windows only."""
    return bool(QProcess.startDetached("rundll32.exe", ["shell32.dll,OpenAs_RunDLL", os.fsdecode(path)])[0])


def _data_folders() -> list[Path]:
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    rest = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder) / "applications" for folder in [home, *rest.split(":")] if folder]


def _lists() -> Iterator[Path]:
    """Yield the files that tell which programs open what, the person's own first."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    rest = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    for folder in [home, *rest.split(":")]:
        yield Path(folder) / "mimeapps.list"
    for applications in _data_folders():
        yield applications / "mimeapps.list"
        yield applications / "mimeinfo.cache"


def _entries_for(kinds: Sequence[str]) -> list[str]:
    """Return the names of desktop entries for these types, defaults first, then the nearer type."""
    chosen: list[str] = []
    added: dict[str, list[str]] = {kind: [] for kind in kinds}
    removed: set[tuple[str, str]] = set()
    for file in _lists():
        for group, key, value in _lines(file):
            names = [name for name in value.split(";") if name]
            if key not in added:
                continue
            if group == "Default Applications":
                chosen += names if key == kinds[0] else []
            elif group in ("Added Associations", "MIME Cache"):
                added[key] += [name for name in names if (key, name) not in removed]
            elif group == "Removed Associations":
                removed |= {(key, name) for name in names}
    return list(dict.fromkeys(chosen + [name for kind in kinds for name in added[kind]]))


def _program(entry: str) -> Program | None:
    """Read one desktop entry; None when it is hidden, needs a terminal, or its program is not there."""
    path = next((folder / entry for folder in _data_folders() if (folder / entry).is_file()), None)
    if path is None:
        return None
    values = {key: value for group, key, value in _lines(path) if group == "Desktop Entry"}
    try:
        command = tuple(shlex.split(values.get("Exec", "")))
    except ValueError:
        return None
    is_hidden = "true" in (values.get("Hidden"), values.get("Terminal"))
    if is_hidden or not command or shutil.which(values.get("TryExec") or command[0]) is None:
        return None
    language = QLocale().name()
    name = values.get(f"Name[{language}]") or values.get(f"Name[{language[:2]}]") or values.get("Name") or entry
    return Program(name, command)


def _lines(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield group, key and value of each line; nothing for a file that cannot be read."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    group = ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line.strip()[1:-1]
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            yield group, key.strip(), value.strip()
