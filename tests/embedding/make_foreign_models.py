"""Makes the networks under tests/data/models: a few kB each, in every shape that networks from outside come in.

    PYTHON -m tests.embedding.make_foreign_models [FOLDER]

Needs the package onnx, which the program itself does not. The weights come from a seed and the bytes are the same
each time, so `tests/training/test_foreign_models.py` can tell whether the files are what this script makes.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).resolve().parent.parent / "data" / "models"
CHANNELS = 16
OPSET = 13

WORDS = ("a", "photo", "of", "dog", "cat", "beach", "red", "car", "the", "sky")


class Graph:
    """An ONNX graph put together node by node; each method returns the name of its result."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._nodes: list[Any] = []
        self._initializers: list[Any] = []
        self._inputs: list[Any] = []
        self._outputs: list[Any] = []

    def input(self, name: str, shape: Sequence[int | str], kind: int = TensorProto.FLOAT) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, source: str, name: str, shape: Sequence[int | str], kind: int = TensorProto.FLOAT) -> None:
        self._nodes.append(helper.make_node("Identity", [source], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, kind, shape))

    def node(self, kind: str, *sources: str, **attributes: Any) -> str:
        name = f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(sources), [name], **attributes))
        return name

    def constant(self, values: NDArray[Any] | np.float32) -> str:
        name = f"constant.{len(self._initializers)}"
        self._initializers.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def weights(self, *shape: int) -> str:
        scale = (np.prod(shape[1:]) if len(shape) > 1 else 1.0) ** -0.5
        return self.constant((self._random.normal(size=shape) * scale).astype(np.float32))

    def convolution(self, images: str, channels_in: int, channels: int, stride: int) -> str:
        """[n, channels_in, h, w] to [n, channels, h / stride, w / stride], without negative values."""
        kernel = self.weights(channels, channels_in, 3, 3)
        maps = self.node("Conv", images, kernel, strides=[stride, stride], pads=[1, 1, 1, 1])
        return self.node("Relu", maps)

    def trunk(self, images: str) -> str:
        """[n, 3, px, px] to [n, CHANNELS, px / 8, px / 8]."""
        maps = self.convolution(images, 3, 8, 4)
        return self.convolution(maps, 8, CHANNELS, 2)

    def pooled(self, maps: str) -> str:
        """[n, c, h, w] to [n, c]."""
        return self.node("Flatten", self.node("GlobalAveragePool", maps))

    def channels_first(self, pixels: str) -> str:
        floats = self.node("Cast", pixels, to=TensorProto.FLOAT)
        return self.node("Transpose", floats, perm=[0, 3, 1, 2])

    def unit(self, vectors: str) -> str:
        return self.node("LpNormalization", vectors, axis=1, p=2)

    def bytes(self) -> bytes:
        graph = helper.make_graph(
            self._nodes, "made for tests", self._inputs, self._outputs, initializer=self._initializers
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def vector_nchw_fixed() -> bytes:
    """A ResNet without its last layer: one photo at a time, one size, float."""
    graph = Graph(1)
    images = graph.input("input", [1, 3, 64, 64])
    graph.output(graph.pooled(graph.trunk(images)), "features", [1, CHANNELS])
    return graph.bytes()


def vector_nchw_dynamic() -> bytes:
    """The same, for any number of photos of any size."""
    graph = Graph(1)
    images = graph.input("input", ["batch", 3, "height", "width"])
    graph.output(graph.pooled(graph.trunk(images)), "features", ["batch", CHANNELS])
    return graph.bytes()


def vector_nhwc_uint8() -> bytes:
    """Pixels as they are, the channels last, as an in-graph preprocessing takes them; unit vectors."""
    graph = Graph(2)
    pixels = graph.input("image", ["n", 48, 48, 3], TensorProto.UINT8)
    images = graph.node("Div", graph.channels_first(pixels), graph.constant(np.float32(255)))
    graph.output(graph.unit(graph.pooled(graph.trunk(images))), "embedding", ["n", CHANNELS])
    return graph.bytes()


def like_ours_unnormalised() -> bytes:
    """Names and shapes of PhotoFind's own networks, but the vectors have any length."""
    graph = Graph(2)
    pixels = graph.input("pixels", ["n", 48, 48, 3], TensorProto.UINT8)
    images = graph.node("Div", graph.channels_first(pixels), graph.constant(np.float32(255)))
    graph.output(graph.pooled(graph.trunk(images)), "embedding", ["n", CHANNELS])
    return graph.bytes()


def map_nchw() -> bytes:
    """The last map of a network, in batches of two."""
    graph = Graph(3)
    images = graph.input("x", [2, 3, 64, 64])
    graph.output(graph.trunk(images), "map", [2, CHANNELS, 8, 8])
    return graph.bytes()


def map_nhwc_float() -> bytes:
    """The same as TensorFlow has it."""
    graph = Graph(4)
    pixels = graph.input("input_1", ["n", 64, 64, 3])
    images = graph.node("Transpose", pixels, perm=[0, 3, 1, 2])
    maps = graph.node("Transpose", graph.trunk(images), perm=[0, 2, 3, 1])
    graph.output(maps, "top_activation", ["n", 8, 8, CHANNELS])
    return graph.bytes()


def _tokens(graph: Graph, images: str) -> str:
    """[n, 3, 64, 64] to [n, 16, CHANNELS]: one token for each place of a 4 x 4 map."""
    maps = graph.convolution(graph.trunk(images), CHANNELS, CHANNELS, 2)
    flat = graph.node("Reshape", maps, graph.constant(np.array([0, CHANNELS, -1])))
    return graph.node("Transpose", flat, perm=[0, 2, 1])


def tokens_with_class() -> bytes:
    """A vision transformer: a token for the whole picture and one for each patch, and a pooled output beside."""
    graph = Graph(5)
    images = graph.input("pixel_values", ["batch_size", 3, 64, 64])
    tokens = _tokens(graph, images)
    whole = graph.node("ReduceMax", tokens, axes=[1], keepdims=1)
    states = graph.node("Concat", whole, tokens, axis=1)
    graph.output(states, "last_hidden_state", ["batch_size", 17, CHANNELS])
    graph.output(graph.node("Sigmoid", tokens), "attentions", ["batch_size", 16, CHANNELS])
    return graph.bytes()


def tokens_of_a_grid() -> bytes:
    """A transformer without such a token."""
    graph = Graph(6)
    images = graph.input("pixel_values", ["n", 3, 64, 64])
    graph.output(_tokens(graph, images), "last_hidden_state", ["n", 16, CHANNELS])
    return graph.bytes()


def classifier() -> bytes:
    """1,000 scores: one layer more than the features. The classes share 8 rows of weights to stay small."""
    graph = Graph(7)
    images = graph.input("data", ["n", 3, 64, 64])
    scores = graph.node("MatMul", graph.pooled(graph.trunk(images)), graph.weights(CHANNELS, 8))
    many = graph.node("Tile", scores, graph.constant(np.array([1, 125])))
    graph.output(many, "output", ["n", 1000])
    return graph.bytes()


def alone_only() -> bytes:
    """Says it takes any number of photos, and mixes them: each vector has the batch's mean taken off."""
    graph = Graph(8)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.pooled(graph.trunk(images))
    mean = graph.node("ReduceMean", vectors, axes=[0], keepdims=1)
    graph.output(graph.node("Add", vectors, mean), "embedding", ["n", CHANNELS])
    return graph.bytes()


def clip_image() -> bytes:
    """The picture's half of a pair."""
    graph = Graph(9)
    images = graph.input("pixel_values", ["n", 3, 64, 64])
    vectors = graph.node("MatMul", graph.pooled(graph.trunk(images)), graph.weights(CHANNELS, 12))
    graph.output(vectors, "image_embeds", ["n", 12])
    return graph.bytes()


def clip_text() -> bytes:
    """The words' half: the mean of the tokens' vectors, whatever the order."""
    graph = Graph(10)
    ids = graph.input("input_ids", ["n", "tokens"], TensorProto.INT64)
    mask = graph.input("attention_mask", ["n", "tokens"], TensorProto.INT64)
    table = graph.weights(len(WORDS) + 3, 12)
    present = graph.node("Unsqueeze", graph.node("Cast", mask, to=TensorProto.FLOAT), graph.constant(np.array([2])))
    vectors = graph.node("Mul", graph.node("Gather", table, ids), present)
    total = graph.node("ReduceSum", vectors, graph.constant(np.array([1])), keepdims=0)
    graph.output(total, "text_embeds", ["n", 12])
    return graph.bytes()


def tokenizer() -> bytes:
    """A tokenizer.json of ten words."""
    pieces = {"[PAD]": 0, "[UNK]": 1, "[END]": 2} | {word: place + 3 for place, word in enumerate(WORDS)}
    document: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": pieces, "unk_token": "[UNK]"},
    }
    return (json.dumps(document, indent=1) + "\n").encode()


# --- what is refused


def not_a_number() -> bytes:
    """The logarithm of negative features."""
    graph = Graph(11)
    images = graph.input("input", ["n", 3, 64, 64])
    negative = graph.node("Neg", graph.pooled(graph.trunk(images)))
    one = graph.constant(np.float32(1e-3))
    graph.output(graph.node("Log", graph.node("Sub", negative, one)), "embedding", ["n", CHANNELS])
    return graph.bytes()


def zeros() -> bytes:
    """A vector without a direction."""
    graph = Graph(12)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.pooled(graph.trunk(images))
    graph.output(graph.node("Mul", vectors, graph.constant(np.float32(0))), "embedding", ["n", CHANNELS])
    return graph.bytes()


def same_for_all() -> bytes:
    """Nothing of the picture reaches the output."""
    graph = Graph(13)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.node("Mul", graph.pooled(graph.trunk(images)), graph.constant(np.float32(0)))
    graph.output(graph.node("Add", vectors, graph.weights(CHANNELS)), "embedding", ["n", CHANNELS])
    return graph.bytes()


def random_each_time() -> bytes:
    """A network in training mode."""
    graph = Graph(14)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.pooled(graph.trunk(images))
    noise = graph.node("RandomNormalLike", vectors, scale=10.0)
    graph.output(graph.node("Add", vectors, noise), "embedding", ["n", CHANNELS])
    return graph.bytes()


def two_inputs() -> bytes:
    """A whole CLIP in one file."""
    graph = Graph(15)
    images = graph.input("pixel_values", ["n", 3, 64, 64])
    graph.input("input_ids", ["n", 16], TensorProto.INT64)
    graph.output(graph.pooled(graph.trunk(images)), "image_embeds", ["n", CHANNELS])
    return graph.bytes()


def one_channel() -> bytes:
    """Digits, in grey."""
    graph = Graph(16)
    images = graph.input("input", ["n", 1, 64, 64])
    maps = graph.convolution(images, 1, CHANNELS, 8)
    graph.output(graph.pooled(maps), "embedding", ["n", CHANNELS])
    return graph.bytes()


def not_square() -> bytes:
    """Video frames."""
    graph = Graph(17)
    images = graph.input("input", ["n", 3, 48, 64])
    graph.output(graph.pooled(graph.trunk(images)), "embedding", ["n", CHANNELS])
    return graph.bytes()


def sound() -> bytes:
    """A second of sound."""
    graph = Graph(18)
    samples = graph.input("audio", ["n", 64])
    graph.output(graph.node("MatMul", samples, graph.weights(64, CHANNELS)), "embedding", ["n", CHANNELS])
    return graph.bytes()


def two_answers() -> bytes:
    """Yes and no."""
    graph = Graph(19)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.pooled(graph.trunk(images))
    graph.output(graph.node("MatMul", vectors, graph.weights(CHANNELS, 2)), "answer", ["n", 2])
    return graph.bytes()


def boxes() -> bytes:
    """What a detector gives: so many boxes of so many numbers."""
    graph = Graph(20)
    images = graph.input("images", ["n", 3, 64, 64])
    tokens = _tokens(graph, images)
    graph.output(graph.node("Concat", tokens, tokens, tokens, axis=1), "boxes", ["n", 48, CHANNELS])
    return graph.bytes()


def whole_numbers() -> bytes:
    """Classes by number."""
    graph = Graph(21)
    images = graph.input("input", ["n", 3, 64, 64])
    found = graph.node("ArgMax", graph.pooled(graph.trunk(images)), axis=1, keepdims=0)
    graph.output(found, "class", ["n"], TensorProto.INT64)
    return graph.bytes()


def half_precision() -> bytes:
    """Float16 in and out."""
    graph = Graph(22)
    images = graph.input("input", ["n", 3, 64, 64], TensorProto.FLOAT16)
    maps = graph.trunk(graph.node("Cast", images, to=TensorProto.FLOAT))
    # So large that their sum over 64 places is no float16 any more.
    large = graph.node("Mul", maps, graph.constant(np.float32(8000)))
    halves = graph.node("Cast", large, to=TensorProto.FLOAT16)
    graph.output(halves, "embedding", ["n", CHANNELS, 8, 8], TensorProto.FLOAT16)
    return graph.bytes()


def double_precision() -> bytes:
    """Float64 in."""
    graph = Graph(22)
    images = graph.input("input", ["n", 3, 64, 64], TensorProto.DOUBLE)
    vectors = graph.pooled(graph.trunk(graph.node("Cast", images, to=TensorProto.FLOAT)))
    graph.output(vectors, "embedding", ["n", CHANNELS])
    return graph.bytes()


def endless() -> bytes:
    """A loop of some hundred thousand years."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go on"], ["going on"]),
            helper.make_node("Sin", ["before"], ["after"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("before", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("going on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("after", TensorProto.FLOAT, None),
        ],
    )
    graph = Graph(23)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.pooled(graph.trunk(images))
    rounds, go_on = graph.constant(np.array(1 << 60)), graph.constant(np.array(True))
    graph.output(graph.node("Loop", rounds, go_on, vectors, body=body), "embedding", ["n", CHANNELS])
    return graph.bytes()


def huge() -> bytes:
    """Asks for 64 GiB while it runs: no file is too small for that."""
    graph = Graph(24)
    images = graph.input("input", ["n", 3, 64, 64])
    vectors = graph.pooled(graph.trunk(images))
    count = graph.node("Shape", vectors)
    size = graph.node("Mul", count, graph.constant(np.array([1 << 17, 1 << 13])))
    large = graph.node("Expand", graph.node("ReduceSum", vectors, keepdims=1), size)
    graph.output(
        graph.node("Mul", vectors, graph.node("ReduceMax", large, keepdims=1)), "embedding", ["n", CHANNELS]
    )
    return graph.bytes()


GOOD = (
    vector_nchw_fixed,
    vector_nchw_dynamic,
    vector_nhwc_uint8,
    map_nchw,
    map_nhwc_float,
    tokens_with_class,
    tokens_of_a_grid,
    classifier,
    alone_only,
    half_precision,
    clip_image,
    clip_text,
)
BAD = (
    like_ours_unnormalised,
    not_a_number,
    zeros,
    same_for_all,
    random_each_time,
    two_inputs,
    one_channel,
    not_square,
    sound,
    two_answers,
    boxes,
    whole_numbers,
    double_precision,
    endless,
    huge,
)


def all_files() -> dict[str, bytes]:
    """Return the bytes of every file by name."""
    files = {f"{make.__name__.replace('_', '-')}.onnx": make() for make in (*GOOD, *BAD)}
    return files | {"tokenizer.json": tokenizer()}


def main() -> None:
    """Write all files."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in all_files().items():
        (folder / name).write_bytes(data)
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
