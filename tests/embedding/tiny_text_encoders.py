"""Tiny text encoders written by hand, as tiny_networks are: the mean of each token's own vector.

Token i has the vector that is 1 at place i, so what a network was given can be read off what it gives.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from photofind.embedding.manifest import MANIFEST_NAME
from tests.embedding.tiny_networks import _field, _integer_attribute, _integers_attribute, _number, _value

FLOAT, INT32, INT64 = 1, 6, 7
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "dog", "cat", "##s", "run", "##ning", ".", "狗")
DIMENSION = len(PIECES)
Shape = list[str | int]


def tiny_encoder(
    *,
    ids: str = "input_ids",
    mask: str | None = "attention_mask",
    output: str = "text",
    ids_type: int = INT64,
    shape: tuple[str | int, str | int] = ("n", "t"),
    dimension: int = DIMENSION,
    more_inputs: tuple[str, ...] = (),
    more_outputs: tuple[str, ...] = (),
    table: Any = None,
) -> bytes:
    """Return the bytes of an ONNX file; without a mask every token counts, those filled up with included."""
    table = np.eye(DIMENSION, dtype=np.float32) if table is None else table
    rows = "rows" if mask else "weighted"
    nodes = [_node("Gather", ["table", ids], rows)]
    if mask:
        nodes += [
            _node("Cast", [mask], "counts", _integer_attribute("to", FLOAT)),
            _node("Unsqueeze", ["counts"], "weights", _integers_attribute("axes", [2])),
            _node("Mul", ["rows", "weights"], "weighted"),
        ]
    for name in (output, *more_outputs):
        kept = _integer_attribute("keepdims", 0)
        nodes.append(_node("ReduceSum", ["weighted"], name, _integers_attribute("axes", [1]), kept))
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"tiny")
    tensor = b"".join(_number(1, side) for side in table.shape) + _number(2, FLOAT)
    graph += _field(5, tensor + _field(8, b"table") + _field(9, table.astype("<f4").tobytes()))
    for name in (ids, *([mask] if mask else []), *more_inputs):
        graph += _field(11, _value(name, ids_type, list(shape)))
    for name in (*more_outputs, output):
        graph += _field(12, _value(name, FLOAT, [shape[0], dimension]))
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 11))


def write_encoder(
    folder: Path,
    network: bytes | None = None,
    tokenizer: tuple[str, bytes] = ("vocab.txt", "\n".join(PIECES).encode() + b"\n"),
    changes: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Write an encoder's folder with a manifest that is right about it but for `changes`; returns the manifest.

    A change that is a dictionary changes a section; what is None in it is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name, data = tokenizer
    is_list = name.endswith(".txt")
    manifest: dict[str, Any] = {
        "kind": "text-encoder",
        "manifest_version": 1,
        "id": "tiny",
        "dimension": DIMENSION,
        "network": described(folder / "model.onnx", tiny_encoder() if network is None else network),
        "tokenizer": {
            "kind": "wordpiece" if is_list else "tokenizer.json",
            "max_tokens": 8,
            "pad_id": 0,
            **described(folder / name, data),
        },
        "inputs": {"ids": "input_ids", "mask": "attention_mask"},
        "output": "text",
        "licence": "CC0-1.0",
        "source": "made in a test",
    }
    for field, value in (changes or {}).items():
        if isinstance(value, dict):
            section = manifest.get(field, {}) | value
            manifest[field] = {name: entry for name, entry in section.items() if entry is not None}
        else:
            manifest[field] = value
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")
    return manifest


def described(path: Path, data: bytes) -> dict[str, Any]:
    """Write a file and return what a manifest says of it."""
    path.write_bytes(data)
    return {"name": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _node(kind: str, sources: list[str], target: str, *attributes: bytes) -> bytes:
    node = b"".join(_field(1, source.encode()) for source in sources) + _field(2, target.encode())
    return node + _field(4, kind.encode()) + b"".join(_field(5, attribute) for attribute in attributes)
