"""Networks that know words, small: an encoder whose vectors are drawn by lot, and a network that sees colours."""

import dataclasses
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from photofind.embedding import vocabulary
from photofind.embedding.manifest import MANIFEST_NAME, Chance, Manifest, TextSpace, load
from photofind.embedding.model_store import bundled_folder
from photofind.embedding.text_encoder import ENCODERS_FOLDER, LABEL_SENTENCES, TextEncoder
from photofind.search.vector_index import VectorIndex
from photofind.search.words import Words
from tests.embedding.tiny_networks import (
    DIMENSION as COLUMNS,
)
from tests.embedding.tiny_networks import (
    PX,
    _field,
    _integer_attribute,
    _integers_attribute,
    _number,
    _value,
    write_model,
)

DIMENSION = 160
"""So many that the vectors of two names are never nearer than .37: 1,500 of them are drawn."""
SPACE = TextSpace("by-lot", DIMENSION, label=Chance(40.0, -20.0), found_cosine=0.4)
SEEN = ("beach", "dog", "cat")
"""What the network that sees colours takes red, green and blue for."""
_FLOAT, _UINT8 = 1, 2


@cache
def vector_of(name: str) -> NDArray[np.float32]:
    """Return the unit vector of a name."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    row = np.random.default_rng(seed).normal(size=DIMENSION)
    return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


class EncoderByLot:
    """A text has the vector of its name, or where it is no label the mean of its words'."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        known = {label.name for label in vocabulary.labels()}
        texts = [_name_in(text) for text in texts]
        rows = [vector_of(t) if t in known else np.sum([vector_of(word) for word in t.split()], 0) for t in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)

    def label_vectors(self) -> NDArray[np.float32]:
        return np.stack([vector_of(label.name) for label in vocabulary.labels()])


def _name_in(text: str) -> str:
    """Return the name in one of the sentences that are encoded for it."""
    for sentence in reversed(LABEL_SENTENCES):
        before, after = sentence.split("{}")
        if text.startswith(before) and text.endswith(after):
            return text[len(before) : len(text) - len(after)]
    return text


def words(index: VectorIndex | None = None, space: TextSpace = SPACE, encoder: EncoderByLot | None = None) -> Words:
    """Return the words of such a network, over this index or an empty one."""
    return Words(
        space,
        lambda: cast(TextEncoder, encoder or EncoderByLot()),
        lambda: VectorIndex("m", space.dimension) if index is None else index,
    )


def write_colour_network(folder: Path) -> Manifest:
    """Write a network to which red is a beach, green a dog and blue a cat.

    The encoder is the bundled one, so this is a whole way from typed words to photos.
    """
    encoder = TextEncoder(bundled_folder() / ENCODERS_FOLDER / "minilm-l6-v2")
    places = [next(i for i, label in enumerate(vocabulary.labels()) if label.name == name) for name in SEEN]
    table = encoder.label_vectors()[places]
    nodes = [
        _node("Cast", ["pixels"], "floats", _integer_attribute("to", _FLOAT)),
        _node(
            "ReduceMean", ["floats"], "means", _integers_attribute("axes", [1]), _integer_attribute("keepdims", 0)
        ),
        _node("Flatten", ["means"], "flat", _integer_attribute("axis", 1)),
        _normalised("flat", "embedding"),
        _node(
            "ReduceMean",
            ["floats"],
            "colour",
            _integers_attribute("axes", [1, 2]),
            _integer_attribute("keepdims", 0),
        ),
        _node("MatMul", ["colour", "table"], "mixed"),
        _normalised("mixed", "text"),
    ]
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"colours")
    tensor = b"".join(_number(1, side) for side in table.shape) + _number(2, _FLOAT)
    graph += _field(5, tensor + _field(8, b"table") + _field(9, table.astype("<f4").tobytes()))
    graph += _field(11, _value("pixels", _UINT8, ["n", PX, PX, 3]))
    graph += _field(12, _value("embedding", _FLOAT, ["n", COLUMNS]))
    graph += _field(12, _value("text", _FLOAT, ["n", encoder.dimension]))
    data = _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 13))
    # Above what two of these have in common, which is .56 for dog and cat.
    space = TextSpace(encoder.encoder_id, encoder.dimension, label=Chance(100.0, -93.0), found_cosine=0.7)
    space = dataclasses.replace(space, shows=Chance(100.0, -80.0))
    manifest = dataclasses.replace(write_model(folder, float=data), text=space)
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return load(folder)


def _node(kind: str, sources: list[str], target: str, *attributes: bytes) -> bytes:
    node = b"".join(_field(1, source.encode()) for source in sources) + _field(2, target.encode())
    return node + _field(4, kind.encode()) + b"".join(_field(5, attribute) for attribute in attributes)


def _normalised(source: str, target: str) -> bytes:
    return _node("LpNormalization", [source], target, _integer_attribute("axis", 1), _integer_attribute("p", 2))
