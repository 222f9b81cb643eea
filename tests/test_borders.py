"""The border rule holds, the contracts that state it can fail, and the core needs neither Qt nor torch."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of `folder`/pyproject.toml against `folder`/photofind."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", code, "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def test_the_contracts_are_kept() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("records.py", "from photofind import settings", "The border rule"),
        (
            "catalog/__init__.py",
            "def f() -> None:\n    from photofind.search import vector_index",
            "The border rule",
        ),
        ("photo/__init__.py", "import photofind.catalog", "The border rule"),
        ("cli.py", "from photofind.gui import application", "The border rule"),
        ("library.py", "import PySide6.QtCore", "Only gui imports PySide6"),
        ("gui/__init__.py", "import photofind.catalog", "gui sees only library"),
        ("embedding/__init__.py", "import torch", "torch stays in training"),
        ("library.py", "import photofind.training", "Nothing but cli imports training"),
        ("training/__init__.py", "import photofind.catalog", "training may import"),
    ],
)
def test_each_contract_can_be_broken(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "photofind", tmp_path / "photofind", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "photofind" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    broken = [row for row in result.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), result.stdout


def test_the_core_imports_without_qt_and_torch() -> None:
    result = python(
        "import importlib, pkgutil, sys\n"
        "for name in ('PySide6', 'shiboken6', 'torch', 'torchvision', 'onnx'): sys.modules[name] = None\n"
        "import photofind\n"
        "skipped = ('photofind.gui', 'photofind.training')\n"
        "for module in pkgutil.walk_packages(photofind.__path__, 'photofind.'):\n"
        "    if not module.name.startswith(skipped): importlib.import_module(module.name); print(module.name)\n"
    )
    assert result.returncode == 0, result.stderr
    assert {"photofind.library", "photofind.cli", "photofind.__main__"} <= set(result.stdout.split())


@pytest.mark.parametrize("name", ["photofind.library", "photofind.cli", "photofind.__main__"])
def test_what_is_heavy_is_loaded_when_it_is_needed(name: str) -> None:
    """The first window and a refused command do not wait for the network's runtime."""
    result = python(f"import sys, {name}; print(*sys.modules)")
    assert result.returncode == 0, result.stderr
    loaded = set(result.stdout.split())
    assert name in loaded
    assert not loaded & {"onnxruntime", "torch", "PySide6", "rawpy"}
