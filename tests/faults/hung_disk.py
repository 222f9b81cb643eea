"""A disk that stops answering: whatever is asked about files below it waits until it is let go.

The calls of the system are held inside this process, so the threads that make them hang as they would in a dead
network share, except that a test can free them. Decoder processes are other processes; they are not held.

Patience is made short where this is used, and a busy machine may let a thread wait longer than that: only a root
whose thread is really held is silent here.
"""

import builtins
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from photofind.indexing import disks
from photofind.indexing.scan import is_within

TIMEOUT_S = 60.0
CALLS = ("stat", "lstat", "scandir", "listdir", "open", "readlink", "rename", "link", "unlink")


class HungDisk:
    """One folder that can be made to hang, and the threads that hang in it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = os.fsencode(root)
        self.held: list[str] = []
        """Names of the threads that were held so far."""
        self._answers = threading.Event()
        self._answers.set()
        self._news = threading.Condition()
        self._calls: tuple[str, ...] = CALLS
        self._hanging: set[threading.Thread] = set()
        is_silent = disks._Asker.is_silent
        monkeypatch.setattr(
            disks._Asker, "is_silent", lambda asker: asker.thread in self._hanging and is_silent(asker)
        )
        for name in CALLS:
            monkeypatch.setattr(os, name, self._holding(name, getattr(os, name)))
        monkeypatch.setattr(builtins, "open", self._holding("open", builtins.open))

    def hang(self, *calls: str) -> None:
        """Answer nothing from now on, or nothing of some calls: a system may still know what a directory held."""
        self._calls = calls or CALLS
        self._answers.clear()

    def answers_within(self, seconds: float) -> bool:
        """Wait as a decoder process does, which is ended when its time is up."""
        return self._answers.wait(seconds)

    def answer(self) -> None:
        """Answer, also what was asked meanwhile."""
        self._answers.set()

    def wait_until_asked(self) -> None:
        """Block until a thread hangs."""
        with self._news:
            assert self._news.wait_for(lambda: self.held, TIMEOUT_S)

    def _holding(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any = ".", *args: Any, **options: Any) -> Any:
            if not self._answers.is_set() and name in self._calls and self._is_below(path):
                thread = threading.current_thread()
                with self._news:
                    self.held.append(thread.name)
                    self._hanging.add(thread)
                    self._news.notify_all()
                self._answers.wait()
                self._hanging.discard(thread)
            return real(path, *args, **options)

        return call

    def _is_below(self, path: Any) -> bool:
        return isinstance(path, (str, bytes, os.PathLike)) and is_within(os.fsencode(path), self.root)
