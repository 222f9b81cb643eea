"""What README and CONTRIBUTING say of the program is so."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_each_dependency_has_its_reason_and_no_reason_has_lost_its_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[<>=;~! ]", requirement)[0] for requirement in wanted}
    table = CONTRIBUTING.split("## Why each dependency is there")[1].split("\n## ")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")][2:]
    listed = {name.strip() for row in rows for name in re.sub(r"\(.*?\)", "", row).split(",")}
    assert listed == names


def test_the_map_names_every_room() -> None:
    rooms = {path.name for path in (ROOT / "photofind").iterdir() if path.suffix == ".py"} - {"__init__.py"}
    rooms |= {f"{path.parent.name}/" for path in (ROOT / "photofind").glob("*/__init__.py")}
    listed = set(re.findall(r"^  (\S+?(?:\.py|/)) ", CONTRIBUTING, re.MULTILINE))
    assert listed == rooms


@pytest.mark.skipif(sys.platform != "linux", reason="compares Linux's row of the table")
def test_the_readme_shows_the_real_paths(own_home: Path) -> None:
    from photofind import settings

    for folder in (settings.default_library(), settings.config_folder(), settings.log_folder()):
        assert f"`~/{folder.relative_to(own_home).as_posix()}`" in README


def test_the_readme_shows_the_real_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from photofind import cli

    (tmp_path / "FOLDER").mkdir()
    monkeypatch.chdir(tmp_path)

    block = README.split("## The command line")[1].split("similar and search take")[0]
    lines = re.findall(r"^    photofind (?!\[|--library)(.*?)(?:   .*)?$", block, re.MULTILINE)
    for line in lines:
        plain = re.sub(r"\[(.*?)\]", r"\1", line.replace("...", ""))
        commands, options = plain.partition(" --json")[::2] if " | " in plain else (plain, None)
        for command in commands.split(" | "):
            words = re.sub(r"(\w)\|[\w|]+", r"\1", command).split()
            cli.parse([*words, *(["--json"] if options is not None else [])])  # exits when it is not understood
    assert len(lines) == 16
    for command in ("similar", "search"):
        cli.parse([command, "--batch", "FILE", "--json"])
    assert f"{cli.EXIT_BUSY} the library is busy" in README
