"""What the core says of networks that are added is known to the window, each sentence as itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofind.gui import translation
from photofind.gui.network_sentences import NETWORK_SENTENCES

PACKAGE = Path(translation.__file__).resolve().parents[1]
SAID_BY = ("embedding/foreign.py", "indexing/adoption.py")
"""All that is said here can be said while a network is added."""


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(value.value) if isinstance(value, ast.Constant) else "{}" for value in node.values)
    return ""


def _said(file: Path) -> Iterator[str]:
    """Yield the literals of errors, of remarks, and of what is returned beside something else."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
            "ModelError",
            "UserError",
            "append",
        ):
            found = node.args
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "remark":
            found = [node.value]
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            found = node.value.elts
        yield from (text for text in map(_literal, found) if " " in text)


@pytest.mark.parametrize("name", SAID_BY)
def test_every_sentence_is_known_here(name: str) -> None:
    said = set(_said(PACKAGE / name))
    assert len(said) > 3
    assert sorted(said - set(map(str, translation.CORE_SENTENCES))) == [], "add these to NETWORK_SENTENCES"


@pytest.mark.parametrize("source", [str(sentence) for sentence in NETWORK_SENTENCES])
def test_each_is_taken_for_itself(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence before it in the list may be so loose that it fits this one, too."""
    monkeypatch.setattr(translation, "translate", lambda _context, text: text.replace("{}", "<{}>"))
    pieces = [f"x{place}.onnx" for place in range(source.count("{}"))]
    said = source.format(*pieces)
    assert translation.core_sentence(said) == source.format(*(f"<{piece}>" for piece in pieces))


def test_a_sentence_within_another_is_translated_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "translate", lambda _context, text: text.replace("is empty", "ist leer"))
    said = translation.core_sentence("The chosen network cannot be used: model.onnx is empty.")
    assert said == "The chosen network cannot be used: model.onnx ist leer."
