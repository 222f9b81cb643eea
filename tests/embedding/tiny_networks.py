"""Tiny ONNX files written by hand, protobuf field by field: the program itself needs no package that writes ONNX.

A good one takes uint8 [n, 32, 32, 3] and gives the column means as a unit vector of 96 values; the others differ
from it in one point each.
"""

import hashlib
from pathlib import Path

from photofind.embedding.manifest import MANIFEST_NAME, Calibration, Manifest, ModelFile, load

PX = 32
DIMENSION = 96
_UINT8, _FLOAT = 2, 1


def tiny_network(
    *,
    input_name: str = "pixels",
    output_name: str = "embedding",
    input_type: int = _UINT8,
    px: int = PX,
    dimension: int = DIMENSION,
    batch: str | int = "n",
    is_normalised: bool = True,
    more_inputs: tuple[str, ...] = (),
) -> bytes:
    """Return the bytes of an ONNX file."""
    flat = "flat" if is_normalised else output_name
    nodes = [
        _node("Cast", input_name, "floats", _integer_attribute("to", _FLOAT)),
        _node("ReduceMean", "floats", "means", _integers_attribute("axes", [1]), _integer_attribute("keepdims", 0)),
        _node("Flatten", "means", flat, _integer_attribute("axis", 1)),
    ]
    if is_normalised:
        nodes.append(
            _node("LpNormalization", "flat", output_name, _integer_attribute("axis", 1), _integer_attribute("p", 2))
        )
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"tiny")
    graph += _field(11, _value(input_name, input_type, [batch, px, px, 3]))
    for name in more_inputs:
        graph += _field(11, _value(name, _FLOAT, [1]))
    graph += _field(12, _value(output_name, _FLOAT, [batch, dimension]))
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 13))


def write_model(folder: Path, *, dimension: int = DIMENSION, **files: bytes) -> Manifest:
    """Write a model folder with these files by variant, and a manifest that is right about them."""
    folder.mkdir(parents=True, exist_ok=True)
    described = {}
    for variant, data in files.items():
        name = f"model-{variant}.onnx"
        (folder / name).write_bytes(data)
        described[variant] = ModelFile(name, hashlib.sha256(data).hexdigest(), len(data))
    manifest = Manifest(
        folder=folder,
        model_id=folder.name,
        architecture="column means",
        input_px=PX,
        dimension=dimension,
        files=described,
        calibration=Calibration(same_picture_cosine=0.9, similar_cosine=0.5, same_picture_recall=0.5),
        licence="CC0-1.0",
        source="made in a test",
    )
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return load(folder)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _node(kind: str, source: str, target: str, *attributes: bytes) -> bytes:
    node = _field(1, source.encode()) + _field(2, target.encode()) + _field(4, kind.encode())
    return node + b"".join(_field(5, attribute) for attribute in attributes)


def _integer_attribute(name: str, value: int) -> bytes:
    return _field(1, name.encode()) + _number(3, value) + _number(20, 2)


def _integers_attribute(name: str, values: list[int]) -> bytes:
    return _field(1, name.encode()) + b"".join(_number(8, value) for value in values) + _number(20, 7)


def _value(name: str, kind: int, shape: list[str | int]) -> bytes:
    sides = [_field(2, side.encode()) if isinstance(side, str) else _number(1, side) for side in shape]
    tensor = _number(1, kind) + _field(2, b"".join(_field(1, side) for side in sides))
    return _field(1, name.encode()) + _field(2, _field(1, tensor))
