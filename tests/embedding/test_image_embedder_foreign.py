"""Networks that PhotoFind did not make, run as they are, and networks with a second output for words."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from photofind.embedding.image_embedder import RUN_LIMIT, ImageEmbedder
from photofind.embedding.manifest import InputFormat, Manifest, OutputFormat, TextSpace
from photofind.errors import ModelError
from tests.embedding.tiny_networks import (
    DIMENSION,
    PX,
    _field,
    _integer_attribute,
    _integers_attribute,
    _node,
    _number,
    _value,
    tiny_network,
    write_model,
)

UINT8, FLOAT, INT64, HALF = 2, 1, 7, 10
Shape = list[str | int]
MEAN, STD = (120.0, 110.0, 100.0), (60.0, 50.0, 40.0)
IMAGE = InputFormat("image", "nchw", "float32", MEAN, STD)
NCHW: Shape = ["n", 3, PX, PX]
NHWC: Shape = ["n", PX, PX, 3]


def network(
    nodes: list[bytes],
    *outputs: tuple[str, Shape],
    takes: tuple[str, int, Shape] = ("image", FLOAT, NCHW),
    output_type: int = FLOAT,
) -> bytes:
    """Return the bytes of an ONNX file of opset 13."""
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"foreign") + _field(11, _value(*takes))
    for name, shape in outputs:
        graph += _field(12, _value(name, output_type, shape))
    return _number(1, 8) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 13))


def flat(source: str, target: str) -> bytes:
    return _node("Flatten", source, target, _integer_attribute("axis", 1))


def mean(source: str, target: str, axes: list[int], keepdims: int = 0) -> bytes:
    return _node(
        "ReduceMean", source, target, _integers_attribute("axes", axes), _integer_attribute("keepdims", keepdims)
    )


def turned(source: str, target: str, perm: list[int]) -> bytes:
    return _node("Transpose", source, target, _integers_attribute("perm", perm))


def foreign(
    folder: Path, data: bytes, dimension: int, form: InputFormat = IMAGE, pooling: Any = "none"
) -> Manifest:
    """Return the manifest of a network whose output is named features."""
    manifest = write_model(folder, float=data)
    return dataclasses.replace(manifest, dimension=dimension, input=form, output=OutputFormat("features", pooling))


def random_pixels(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(0, 256, (count, PX, PX, 3), dtype=np.uint8)


def unit(rows: NDArray[Any]) -> NDArray[Any]:
    flat_rows = rows.reshape(len(rows), -1)
    return np.asarray(flat_rows / np.linalg.norm(flat_rows, axis=1, keepdims=True))


def scaled(pixels: NDArray[np.uint8]) -> NDArray[Any]:
    return np.asarray((pixels.astype(np.float64) - MEAN) / STD)


def nchw(array: NDArray[Any]) -> NDArray[Any]:
    return array.transpose(0, 3, 1, 2)


WHOLE = 3 * PX * PX


# --- input


@pytest.mark.parametrize(
    ("form", "kind", "shape", "expected"),
    [
        pytest.param(IMAGE, FLOAT, NCHW, lambda p: nchw(scaled(p)), id="nchw float"),
        pytest.param(dataclasses.replace(IMAGE, layout="nhwc"), FLOAT, NHWC, scaled, id="nhwc float"),
        pytest.param(InputFormat("image", "nchw"), UINT8, NCHW, nchw, id="nchw uint8"),
        pytest.param(InputFormat("image"), UINT8, NHWC, lambda p: p, id="nhwc uint8"),
        pytest.param(IMAGE, FLOAT, ["n", 3, "h", "w"], lambda p: nchw(scaled(p)), id="sides left open"),
    ],
)
def test_pixels_arrive_as_the_network_takes_them(
    tmp_path: Path,
    form: InputFormat,
    kind: int,
    shape: Shape,
    expected: Callable[[NDArray[np.uint8]], NDArray[Any]],
) -> None:
    nodes = [_node("Cast", "image", "floats", _integer_attribute("to", FLOAT)), flat("floats", "features")]
    data = network(nodes, ("features", ["n", "d"]), takes=("image", kind, shape))
    embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, WHOLE, form), "cpu")
    pixels = random_pixels(RUN_LIMIT + 3)
    vectors = embedder.embed(pixels)
    assert vectors.dtype == np.float32
    assert not vectors.flags.writeable
    assert np.allclose(vectors, unit(expected(pixels).astype(np.float64)), atol=1e-5)


@pytest.mark.parametrize("count", [1, 4, 6])
def test_a_fixed_batch_is_filled_up_and_what_fills_it_left_out(tmp_path: Path, count: int) -> None:
    data = network([flat("image", "features")], ("features", [4, WHOLE]), takes=("image", FLOAT, [4, 3, PX, PX]))
    form = dataclasses.replace(IMAGE, batch=4)
    embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, WHOLE, form), "cpu")
    pixels = random_pixels(count)
    assert np.allclose(embedder.embed(pixels), unit(nchw(scaled(pixels))), atol=1e-5)
    assert embedder.run_limit == 4


def test_half_precision_is_cast_on_both_sides(tmp_path: Path) -> None:
    nodes = [flat("image", "features")]
    data = network(nodes, ("features", ["n", "d"]), takes=("image", HALF, NCHW), output_type=HALF)
    form = dataclasses.replace(IMAGE, dtype="float16")
    embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, WHOLE, form), "cpu")
    pixels = random_pixels(3)
    vectors = embedder.embed(pixels)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, unit(nchw(scaled(pixels))), atol=1e-4)


# --- output


COLUMNS = (1, 3)
"""What is averaged over in [n, rows, columns, colours] to get one number for each column."""


@pytest.mark.parametrize(
    ("nodes", "pooling", "layout"),
    [
        pytest.param([mean("image", "features", [1])], "mean", "nchw", id="tokens, one for each row"),
        pytest.param([turned("image", "features", [0, 3, 1, 2])], "mean", "nchw", id="map, channels first"),
        # Rows are as many as columns here: only the layout tells which of them are the channels.
        pytest.param([turned("image", "features", [0, 1, 3, 2])], "mean", "nhwc", id="map, channels last"),
        pytest.param([mean("image", "features", [1, 2], 1)], "mean", "nchw", id="map of nchw, channels last"),
        pytest.param(
            [mean("image", "columns", [1, 2], 1), turned("columns", "features", [0, 3, 1, 2])],
            "none",
            "nchw",
            id="map of one place",
        ),
    ],
)
def test_maps_and_tokens_are_pooled(tmp_path: Path, nodes: list[bytes], pooling: str, layout: Any) -> None:
    form = dataclasses.replace(IMAGE, layout=layout)
    data = network(nodes, ("features", []), takes=("image", FLOAT, NCHW if layout == "nchw" else NHWC))
    embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, PX, form, pooling), "cpu")
    pixels = random_pixels(5)
    assert np.allclose(embedder.embed(pixels), unit(scaled(pixels).mean(axis=COLUMNS)), atol=1e-5)


def test_the_first_token_is_taken(tmp_path: Path) -> None:
    data = network([mean("image", "features", [1])], ("features", ["n", PX, PX]))
    embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, PX, pooling="first"), "cpu")
    pixels = random_pixels(5)
    assert np.allclose(embedder.embed(pixels), unit(scaled(pixels).mean(axis=3)[:, 0]), atol=1e-5)


def test_lengths_from_tiny_to_huge_are_made_1(tmp_path: Path) -> None:
    data = network([flat("image", "features")], ("features", ["n", WHOLE]))
    for scale in (1e-20, 1.0, 1e20):
        form = dataclasses.replace(IMAGE, std=(scale,) * 3)
        embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, WHOLE, form), "cpu")
        assert np.allclose(np.linalg.norm(embedder.embed(random_pixels(3)), axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("node", "form"),
    [
        pytest.param(None, dataclasses.replace(IMAGE, mean=(0.0,) * 3), id="zeros"),
        pytest.param("Log", dataclasses.replace(IMAGE, mean=(0.0,) * 3), id="infinite"),
        pytest.param("Sqrt", dataclasses.replace(IMAGE, mean=(1.0,) * 3), id="no numbers"),
    ],
)
def test_a_vector_without_direction_is_an_error(tmp_path: Path, node: str | None, form: InputFormat) -> None:
    nodes = [flat("image", "features")] if node is None else [_node(node, "image", "x"), flat("x", "features")]
    embedder = ImageEmbedder(
        foreign(tmp_path / "foreign-v1", network(nodes, ("features", ["n", WHOLE])), WHOLE, form)
    )
    black = np.zeros((2, PX, PX, 3), np.uint8)
    grey = black + np.uint8(90)
    assert np.isfinite(embedder.embed(grey)).all()
    with pytest.raises(ModelError, match="without a direction"):
        embedder.embed(black)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"takes": ("input", FLOAT, NCHW)}, "one input 'image'", id="another input"),
        pytest.param({"takes": ("image", UINT8, NCHW)}, "should take float32", id="another type"),
        pytest.param(
            {"takes": ("image", FLOAT, NHWC)}, r"should take float32 \[n, 3, 32, 32\]", id="another layout"
        ),
        pytest.param({"takes": ("image", FLOAT, ["n", 3, 64, 64])}, "should take", id="another size"),
        pytest.param({"takes": ("image", FLOAT, [1, 3, PX, PX])}, "any number of photos", id="one photo only"),
        pytest.param({"takes": ("image", FLOAT, ["n", WHOLE])}, "should take", id="no picture"),
        pytest.param({"dimension": WHOLE - 1}, "as its manifest says", id="another dimension"),
        pytest.param({"pooling": "first"}, "nothing to pool", id="no tokens"),
        pytest.param({"pooling": "mean"}, "nothing to pool", id="no map"),
        pytest.param({"output_name": "logits"}, "the output 'features'", id="another output"),
    ],
)
def test_a_foreign_network_that_is_not_as_described_is_a_sentence(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    takes = changes.get("takes", ("image", FLOAT, NCHW))
    source, _, _ = takes
    output = changes.get("output_name", "features")
    nodes = [_node("Cast", source, "floats", _integer_attribute("to", FLOAT)), flat("floats", output)]
    data = network(nodes, (output, ["n", "d"]), takes=takes)
    manifest = foreign(
        tmp_path / "bad-v1", data, changes.get("dimension", WHOLE), pooling=changes.get("pooling", "none")
    )
    with pytest.raises(ModelError, match=message) as caught:
        ImageEmbedder(manifest, "cpu")
    assert str(caught.value).endswith(".")


def test_a_foreign_output_of_whole_numbers_is_refused(tmp_path: Path) -> None:
    nodes = [_node("Cast", "image", "whole", _integer_attribute("to", INT64)), flat("whole", "features")]
    data = network(nodes, ("features", ["n", WHOLE]), output_type=INT64)
    with pytest.raises(ModelError, match="should give float"):
        ImageEmbedder(foreign(tmp_path / "bad-v1", data, WHOLE), "cpu")


def test_further_outputs_are_passed_over(tmp_path: Path) -> None:
    nodes = [flat("image", "features"), mean("image", "hidden", [1])]
    data = network(nodes, ("hidden", ["n", PX, PX]), ("features", ["n", WHOLE]))
    embedder = ImageEmbedder(foreign(tmp_path / "foreign-v1", data, WHOLE), "cpu")
    assert embedder.embed(random_pixels(2)).shape == (2, WHOLE)


# --- the second output


def two_outputs(*, text_name: str = "text", text_dimension: int = DIMENSION, is_normalised: bool = True) -> bytes:
    """Return our kind of network: column means as the embedding, row means as the vector of words."""
    norm = (_integer_attribute("axis", 1), _integer_attribute("p", 2))
    nodes = [
        _node("Cast", "pixels", "floats", _integer_attribute("to", FLOAT)),
        mean("floats", "columns", [1]),
        flat("columns", "flat columns"),
        _node("LpNormalization", "flat columns", "embedding", *norm),
        mean("floats", "rows", [2]),
        flat("rows", "flat rows"),
        _node(
            "LpNormalization" if is_normalised else "Identity", "flat rows", text_name, *norm[: 2 * is_normalised]
        ),
    ]
    return network(
        nodes, ("embedding", ["n", DIMENSION]), (text_name, ["n", text_dimension]), takes=("pixels", UINT8, NHWC)
    )


def worded(folder: Path, data: bytes, encoder: str = "minilm-l6-v2", dimension: int = DIMENSION) -> Manifest:
    return dataclasses.replace(write_model(folder, float=data), text=TextSpace(encoder, dimension))


def test_both_vectors_come_of_one_run(tmp_path: Path) -> None:
    embedder = ImageEmbedder(worded(tmp_path / "worded-v1", two_outputs()), "cpu")
    pixels = random_pixels(RUN_LIMIT + 5)
    vectors, words = embedder.embed_both(pixels)
    assert words is not None
    assert np.allclose(vectors, unit(pixels.mean(axis=1)), atol=1e-5)
    assert np.allclose(words, unit(pixels.mean(axis=2)), atol=1e-5)
    assert np.array_equal(vectors, embedder.embed(pixels))
    assert words.dtype == np.float32
    assert not words.flags.writeable
    assert np.allclose(np.linalg.norm(words, axis=1), 1, atol=1e-6)


def test_no_photos_have_no_words(tmp_path: Path) -> None:
    embedder = ImageEmbedder(worded(tmp_path / "worded-v1", two_outputs()), "cpu")
    vectors, words = embedder.embed_both(np.empty((0, PX, PX, 3), np.uint8))
    assert words is not None
    assert vectors.shape == words.shape == (0, DIMENSION)


def test_a_network_that_knows_no_words_says_so(tmp_path: Path) -> None:
    for data in (tiny_network(), two_outputs()):
        embedder = ImageEmbedder(write_model(tmp_path / "wordless-v1", float=data), "cpu")
        vectors, words = embedder.embed_both(random_pixels(3))
        assert words is None
        assert np.allclose(vectors, unit(random_pixels(3).mean(axis=1)), atol=1e-5)


def test_of_a_pair_of_networks_the_one_vector_serves_both(tmp_path: Path) -> None:
    data = network([flat("image", "features")], ("features", ["n", WHOLE]))
    manifest = dataclasses.replace(foreign(tmp_path / "pair-v1", data, WHOLE), text=TextSpace("pair-v1", WHOLE))
    pixels = random_pixels(3)
    vectors, words = ImageEmbedder(manifest, "cpu").embed_both(pixels)
    assert words is not None
    assert np.allclose(vectors, unit(nchw(scaled(pixels))), atol=1e-5)
    assert np.array_equal(words, vectors)
    with pytest.raises(ModelError, match="dimensions"):
        ImageEmbedder(dataclasses.replace(manifest, text=TextSpace("pair-v1", WHOLE - 1)), "cpu")


@pytest.mark.parametrize(
    ("data", "dimension", "message"),
    [
        pytest.param(
            two_outputs(text_name="words"), DIMENSION, "should have an output 'text'", id="no such output"
        ),
        pytest.param(two_outputs(), DIMENSION - 1, "as 'text', not", id="another dimension"),
        pytest.param(two_outputs(is_normalised=False), DIMENSION, "not of length 1", id="no unit vectors"),
    ],
)
def test_a_second_output_that_is_not_as_described_is_a_sentence(
    tmp_path: Path, data: bytes, dimension: int, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        ImageEmbedder(worded(tmp_path / "bad-v1", data, dimension=dimension), "cpu")
