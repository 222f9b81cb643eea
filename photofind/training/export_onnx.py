"""From a torch network to the float ONNX file: simplified, weights stored as float16, computed in float32.

float16 storage halves the file and costs nothing: each weight passes a Cast that onnxruntime folds away when it
loads the graph. Computing in float16 lost: on a CPU it gains nothing, and some GPUs' float16 paths are wrong.
"""

import tempfile
import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from photofind.embedding.image_embedder import INPUT_NAME, OUTPUT_NAME, TEXT_OUTPUT_NAME
from photofind.training.networks import EmbeddingNetwork, fold_projection

OPSET = 17
SMALLEST_STORED_HALF = 256
"""Tensors of fewer values stay float32: constants and biases, where rounding costs and saves nothing."""


def export(network: EmbeddingNetwork) -> onnx.ModelProto:
    """Return the network as a graph.

    Its input is `pixels`, uint8 [n, px, px, 3], its output `embedding`, float32 [n, dimension], and where the
    network has a text head, a second one `text`, float32 [n, text dimension].
    """
    network.eval()
    fold_projection(network)
    side = network.input_px
    names = [OUTPUT_NAME] if network.text_head is None else [OUTPUT_NAME, TEXT_OUTPUT_NAME]
    buffer = BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter without dynamo needs no package but onnx, and announces its own retirement at every call.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.zeros(2, side, side, 3, dtype=torch.uint8),),
            buffer,
            input_names=[INPUT_NAME],
            output_names=names,
            dynamic_axes={name: {0: "n"} for name in (INPUT_NAME, *names)},
            opset_version=OPSET,
            dynamo=False,
        )
        given = network(torch.zeros(1, side, side, 3, dtype=torch.uint8))
    model = onnx.load_from_string(buffer.getvalue())
    # The tracer leaves the outputs' widths open; the embedder insists on knowing them.
    for output, vectors in zip(model.graph.output, given if isinstance(given, tuple) else (given,), strict=True):
        output.type.tensor_type.shape.dim[1].dim_value = int(vectors.shape[1])
    model = _simplify(model)
    onnx.checker.check_model(model)
    return model


def _simplify(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the graph after onnxruntime's basic passes, which hold for every machine.

    They fold constants, and give TensorFlow's one-sided padding to the convolution after it: torch has no such
    convolution and pads first, which copies the map, and once more in a quantised graph.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "simple.onnx"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(target)
        options.log_severity_level = 4
        onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        simple = onnx.load(target)
    del simple.metadata_props[:]
    # onnxruntime names every operator set it knows; the graph uses the standard one alone.
    standard = [entry for entry in simple.opset_import if entry.domain in ("", "ai.onnx")]
    del simple.opset_import[:]
    simple.opset_import.extend(standard)
    return simple


def store_as_half(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy whose large float32 weights are stored as float16 and cast to float32 where they are used."""
    stored = onnx.ModelProto()
    stored.CopyFrom(model)
    graph = stored.graph
    casts = []
    for entry in graph.initializer:
        if entry.data_type != TensorProto.FLOAT or np.prod(entry.dims) < SMALLEST_STORED_HALF:
            continue
        half = numpy_helper.to_array(entry).astype(np.float16)
        if not np.isfinite(half).all():
            continue
        name = entry.name
        entry.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [entry.name], [name], name=f"{name}.cast", to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    onnx.checker.check_model(stored)
    return stored
