"""The strictness of `conftest.py` itself: each kind of leftover must fail the test that left it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

CASES = {
    "thread": "threading.Thread(target=threading.Event().wait, args=(4,), daemon=True).start()",
    "process": "kept.append(subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE))",
    "temporary file": "os.close(tempfile.mkstemp(prefix='forgotten-')[0])",
    "Unexpected in the log": "logging.getLogger('photofind.catalog').warning('surprise')",
    "never written": "expected_log('something that does not come')",
    "Qt messages": "from PySide6.QtCore import qWarning; qWarning('surprise')",
    "DeprecationWarning": "import warnings; warnings.warn('old', DeprecationWarning)",
}


def _run(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on one made-up test below the real conftest, in a process of its own."""
    tests = folder / "tests"
    tests.mkdir()
    for name in ("__init__.py", "conftest.py", "pictures.py"):
        (tests / name).write_bytes((ROOT / "tests" / name).read_bytes())
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tests / "test_one.py").write_text(
        "import logging, os, subprocess, sys, tempfile, threading\nkept = []\n\n"
        f"def test_one(expected_log):\n    {body}\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTEST_DEBUG_TEMPROOT": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", _RUNNER, "-q", "-p", "no:cacheprovider"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


_RUNNER = """
import sys, pytest
import tests.conftest
tests.conftest.GRACE_S = 0.2
code = pytest.main(sys.argv[1:])
kept = sys.modules["tests.test_one"].kept
for process in kept:
    process.communicate()
sys.exit(code)
"""


@pytest.mark.parametrize("leftover", CASES)
def test_what_a_test_leaves_behind_fails_it(tmp_path: Path, leftover: str) -> None:
    result = _run(tmp_path, CASES[leftover])
    assert result.returncode == 1, result.stdout + result.stderr
    assert leftover in result.stdout


def test_a_tidy_test_passes_and_an_expected_record_is_allowed(tmp_path: Path) -> None:
    result = _run(tmp_path, "expected_log('hm$'); logging.getLogger('photofind.x').warning('hm')")
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_test_sees_the_home_of_the_person(own_home: Path) -> None:
    from photofind import settings

    assert Path.home() == own_home
    assert not list(own_home.rglob("*.toml"))
    for folder in (settings.config_folder(), settings.default_library(), settings.log_folder()):
        assert folder.is_relative_to(own_home)
