"""The tokenizer against the reference's recorded output, the bundled encoder against torch's, what is refused."""

import builtins
import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from photofind.embedding import vocabulary
from photofind.embedding.manifest import MANIFEST_NAME, TextSpace
from photofind.embedding.model_store import ModelStore, bundled_folder
from photofind.embedding.text_encoder import (
    ENCODERS_FOLDER,
    LABEL_SENTENCES,
    TEXT_LIMIT_CHARS,
    TextEncoder,
    WordPiece,
    centred,
    encode_typed,
    encoder_folder,
    labels_vectors,
    words_vector,
)
from photofind.embedding.vocabulary import Label
from photofind.errors import ModelError
from tests.embedding.tiny_networks import tiny_network, write_model
from tests.embedding.tiny_text_encoders import (
    DIMENSION,
    INT32,
    PIECES,
    described,
    tiny_encoder,
    write_encoder,
)

DATA = Path(__file__).resolve().parent.parent / "data"
BUNDLED = bundled_folder() / ENCODERS_FOLDER / "minilm-l6-v2"
RECORDED = json.loads((DATA / "wordpiece.json").read_text(encoding="utf-8"))
MEGABYTE = 1_000_000
LIMIT_BYTES = 25_000_000


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder(BUNDLED)


@pytest.fixture(scope="module")
def pieces() -> WordPiece:
    return WordPiece((BUNDLED / "vocab.txt").read_text(encoding="utf-8"))


def tiny_pieces(max_tokens: int = 8) -> WordPiece:
    return WordPiece("\n".join(PIECES), max_tokens)


# --- the tokenizer


@pytest.mark.parametrize("row", RECORDED, ids=range(len(RECORDED)))
def test_the_ids_are_those_of_the_reference(pieces: WordPiece, row: dict[str, Any]) -> None:
    assert pieces.ids(row["text"]) == row["ids"]


@given(st.text(max_size=400))
def test_any_text_has_ids_in_range(text: str) -> None:
    wordpiece = tiny_pieces()
    ids = wordpiece.ids(text)
    assert 2 <= len(ids) <= 8
    assert (ids[0], ids[-1]) == (2, 3)
    assert all(0 <= each < len(PIECES) and each not in (0, 2, 3) for each in ids[1:-1])


@given(st.text(st.sampled_from("adogcts run.狗É!\u0301\ud800"), max_size=40))
def test_case_accents_and_spaces_make_no_difference(text: str) -> None:
    wordpiece = tiny_pieces(64)
    assert wordpiece.ids(text.upper()) == wordpiece.ids(text) == wordpiece.ids(f"  {text}\n\n".replace(" ", "\t "))


def test_words_are_taken_apart_into_the_longest_pieces() -> None:
    names = [PIECES[each] for each in tiny_pieces(16).ids("A dog, dogs running.狗cat [SEP]")]
    expected = "[CLS] a dog [UNK] dog ##s run ##ning . 狗 cat [UNK] [UNK] [UNK] [SEP]"
    assert names == expected.split()


@pytest.mark.parametrize("unit", ["a", " ", "a ", "狗", "é", "😀", "\0", "\ufdfa", "##", "dogs running. "])
def test_a_pasted_megabyte_is_read_at_its_beginning_only(encoder: TextEncoder, unit: str) -> None:
    text = (unit * MEGABYTE)[:MEGABYTE]
    encoder.encode(["ready"])
    start = time.process_time()
    long = encoder.encode([text])
    assert time.process_time() - start < 5  # some 0.1 s; all of it would be minutes
    assert np.array_equal(long, encoder.encode([text[:TEXT_LIMIT_CHARS]]))


def test_a_list_without_the_special_pieces_is_refused() -> None:
    with pytest.raises(ModelError, match=r"lacks \[SEP\]"):
        WordPiece("[PAD]\n[UNK]\n[CLS]\na")


# --- the bundled encoder


def test_the_bundled_file_computes_what_torch_does(encoder: TextEncoder) -> None:
    expected = np.load(DATA / "minilm.npy").astype(np.float32)
    found = encoder.encode([row["text"] for row in RECORDED[: len(expected)]])
    assert np.einsum("ij,ij->i", found, expected).min() > 0.998


def test_the_bundled_encoder_is_small_and_no_image_network(encoder: TextEncoder) -> None:
    assert (encoder.encoder_id, encoder.dimension) == ("minilm-l6-v2", 384)
    assert sum(file.stat().st_size for file in BUNDLED.glob("*.onnx")) <= LIMIT_BYTES
    store = ModelStore()
    assert store.problems == ()
    assert ENCODERS_FOLDER not in {found.folder.name for found in store.manifests()}
    assert "minilm-l6-v2" not in {found.model_id for found in store.manifests()}


def test_vectors_are_of_length_1_and_do_not_depend_on_their_companions(encoder: TextEncoder) -> None:
    texts = ["a cat", "", "a long sentence about a dog that runs along the beach " * 5, "A CAT ", *["x"] * 40]
    found = encoder.encode(texts)
    assert found.shape == (44, 384)
    assert found.dtype == np.float32
    assert not found.flags.writeable
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    singly = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.einsum("ij,ij->i", found, singly).min() > 0.99999
    assert float(found[0] @ found[3]) > 0.99999
    assert encoder.encode([]).shape == (0, 384)


def test_what_means_the_same_is_near(encoder: TextEncoder) -> None:
    dog, puppy, car = encoder.encode(["a dog runs on the beach", "a puppy at the seaside", "a red racing car"])
    assert dog @ puppy > dog @ car + 0.3


def test_half_a_surrogate_pair_is_no_error(encoder: TextEncoder) -> None:
    assert np.array_equal(encoder.encode(["beach \udcff"]), encoder.encode(["beach"]))


# --- labels


def test_the_shipped_labels_are_those_of_the_list(encoder: TextEncoder) -> None:
    labels = vocabulary.labels()
    manifest = json.loads((BUNDLED / MANIFEST_NAME).read_text(encoding="utf-8"))
    # When this fails: python -m photofind.training text-encoder --labels --out resources/models/text-encoders/...
    assert manifest["labels"]["names_sha256"] == vocabulary.labels_sha256()
    vectors = encoder.label_vectors()
    assert vectors.shape == (len(labels), 384)
    assert vectors.dtype == np.float32
    assert not vectors.flags.writeable
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.label_vectors() is vectors
    for place in range(0, len(labels), 97):
        mean = np.sum([encoder.encode([text.format(labels[place].name)])[0] for text in LABEL_SENTENCES], axis=0)
        assert float(vectors[place] @ mean / np.linalg.norm(mean)) > 0.9999


@pytest.fixture
def two_labels(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make the list of labels one of two, and return their names."""
    monkeypatch.setattr(vocabulary, "labels", lambda: (Label("dog", "狗", "animal"), Label("cat", "猫", "animal")))
    monkeypatch.setattr(vocabulary, "labels_sha256", lambda: "5" * 64)
    return ["dog", "cat"]


def label_file(folder: Path, array: NDArray[Any], names_sha256: str) -> dict[str, Any]:
    folder.mkdir()
    np.save(folder / "labels.npy", array)
    data = (folder / "labels.npy").read_bytes()
    return {"names_sha256": names_sha256, **described(folder / "labels.npy", data)}


def test_labels_of_another_list_are_computed(tmp_path: Path, two_labels: list[str]) -> None:
    stored = np.eye(2, DIMENSION, dtype=np.float16)
    write_encoder(tmp_path / "same", changes={"labels": label_file(tmp_path / "same", stored, "5" * 64)})
    assert np.array_equal(TextEncoder(tmp_path / "same").label_vectors(), stored)
    write_encoder(tmp_path / "other", changes={"labels": label_file(tmp_path / "other", stored, "6" * 64)})
    other = TextEncoder(tmp_path / "other")
    write_encoder(tmp_path / "none")
    expected = TextEncoder(tmp_path / "none").label_vectors()
    assert np.array_equal(other.label_vectors(), expected)
    assert [PIECES[place] for place in other.encode_labels(["{}"])[:, 4:7].argmax(axis=1) + 4] == two_labels


def test_labels_that_do_not_fit_are_refused(tmp_path: Path, two_labels: list[str]) -> None:
    write_encoder(
        tmp_path / "few", changes={"labels": label_file(tmp_path / "few", np.eye(3, DIMENSION), "5" * 64)}
    )
    with pytest.raises(ModelError, match="does not fit the list"):
        TextEncoder(tmp_path / "few").label_vectors()
    entry = label_file(tmp_path / "altered", np.eye(2, DIMENSION, dtype=np.float16), "5" * 64)
    write_encoder(tmp_path / "altered", changes={"labels": entry})
    encoder = TextEncoder(tmp_path / "altered")
    (tmp_path / "altered" / "labels.npy").write_bytes(bytes(entry["bytes"]))
    with pytest.raises(ModelError, match="not the file its manifest describes"):
        encoder.label_vectors()
    text = {"names_sha256": "5" * 64, **described(tmp_path / "altered" / "labels.npy", b"no array")}
    write_encoder(tmp_path / "altered", changes={"labels": text})
    with pytest.raises(ModelError, match="is not an array"):
        TextEncoder(tmp_path / "altered").label_vectors()


# --- words among pictures


def test_words_are_centred_in_a_networks_space(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    tiny = TextEncoder(tmp_path)
    plain = TextSpace(encoder="tiny", dimension=DIMENSION)
    assert np.allclose(words_vector(tiny, plain, "a dog"), tiny.encode(["a dog"])[0])
    common = tiny.encode(["a"])[0]
    space = dataclasses.replace(plain, centre=common)
    expected = tiny.encode([sentence.format("dog") for sentence in LABEL_SENTENCES]).mean(axis=0) - common
    found = words_vector(tiny, space, "dog")
    assert np.allclose(found, expected / np.linalg.norm(expected), atol=1e-6)
    for same in ("a dog", " The dog"):
        assert np.array_equal(words_vector(tiny, space, same), found), "an article changes nothing"
    assert np.allclose(centred(encode_typed(tiny, space, ["cat", "a {dog}", "dog"]), space)[2], found, atol=1e-6)
    with pytest.raises(ModelError, match="made for 384"):
        words_vector(tiny, TextSpace(encoder="tiny", dimension=384), "a dog")


def test_labels_are_centred_by_their_own_mean(tmp_path: Path, two_labels: list[str]) -> None:
    write_encoder(tmp_path)
    tiny = TextEncoder(tmp_path)
    plain = TextSpace(encoder="tiny", dimension=DIMENSION)
    assert np.allclose(labels_vectors(tiny, plain), tiny.label_vectors())
    found = labels_vectors(tiny, dataclasses.replace(plain, centre=tiny.encode(["a"])[0]))
    assert np.allclose(found[0], -found[1], atol=1e-5)  # of two, the mean lies in the middle
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert found[0, PIECES.index("dog")] > 0.5


def test_the_folder_is_the_bundled_one_or_the_pairs_own(tmp_path: Path) -> None:
    image = write_model(tmp_path / "mine-v1", float=tiny_network())
    with pytest.raises(ModelError, match="knows no words"):
        encoder_folder(image)
    space = TextSpace(encoder="minilm-l6-v2", dimension=384)
    assert encoder_folder(dataclasses.replace(image, text=space)) == BUNDLED
    own = TextSpace(encoder="mine-v1", dimension=96)
    assert encoder_folder(dataclasses.replace(image, text=own)) == tmp_path / "mine-v1"


# --- what is refused


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"manifest_version": 2}, "made for a newer PhotoFind"),
        ({"kind": "image"}, "does not describe a text encoder"),
        ({"id": "../x"}, "id should be"),
        ({"dimension": 5}, "dimension should be"),
        ({"dimension": 64}, r"should give float \[n, 64\]"),
        ({"network": {"name": "../model.onnx"}}, r"network\.name should be"),
        ({"network": {"sha256": "0" * 64}}, "not the file its manifest describes"),
        ({"tokenizer": {"bytes": 3}}, "not the file its manifest describes"),
        ({"tokenizer": {"kind": "sentencepiece"}}, r"tokenizer\.kind should be one of"),
        ({"tokenizer": {"max_tokens": 1}}, r"tokenizer\.max_tokens should be"),
        ({"tokenizer": {"padded_to": 4}}, r"tokenizer\.padded_to should be at least max_tokens"),
        ({"tokenizer": {"name": "manifest.json"}}, r"tokenizer\.name should be"),
        ({"inputs": {"ids": "tokens"}}, "should take token ids"),
        ({"output": "sentence"}, "should give float"),
    ],
)
def test_a_manifest_that_is_wrong_is_a_sentence(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    write_encoder(tmp_path)
    TextEncoder(tmp_path)
    write_encoder(tmp_path, changes=changes)
    with pytest.raises(ModelError, match=sentence):
        TextEncoder(tmp_path)


@pytest.mark.parametrize("name", ["model.onnx", "vocab.txt"])
def test_an_altered_or_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    write_encoder(tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[-1] ^= 1
    (tmp_path / name).write_bytes(bytes(data))
    with pytest.raises(ModelError, match=f"{name} is not the file its manifest describes"):
        TextEncoder(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match=f"{name} cannot be read"):
        TextEncoder(tmp_path)


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (b"not a network", "not a network that onnxruntime can load"),
        (tiny_encoder(more_inputs=("pixel_values",)), "at most an attention mask, not .*pixel_values"),
        (tiny_encoder(dimension=7, table=np.eye(DIMENSION, 7, dtype=np.float32)), r"should give float \[n, 12\]"),
        (tiny_network(input_name="input_ids"), "should take token ids"),
        (tiny_encoder(output="vectors"), "should give float"),
    ],
    ids=["rubbish", "an image as well", "another length", "an image", "another name"],
)
def test_a_network_that_is_no_text_encoder_is_refused(tmp_path: Path, network: bytes, sentence: str) -> None:
    write_encoder(tmp_path, network)
    with pytest.raises(ModelError, match=sentence):
        TextEncoder(tmp_path)


def test_failing_while_it_runs_is_a_sentence(tmp_path: Path) -> None:
    write_encoder(tmp_path, tiny_encoder(table=np.eye(5, DIMENSION, dtype=np.float32)))
    few = TextEncoder(tmp_path)  # five vectors: the id of "cat" is out of range
    with pytest.raises(ModelError, match="text encoder tiny failed"):
        few.encode(["cat"])
    write_encoder(tmp_path, tiny_encoder(table=np.zeros((DIMENSION, DIMENSION), dtype=np.float32)))
    with pytest.raises(ModelError, match="without a direction"):
        TextEncoder(tmp_path).encode(["cat"])
    write_encoder(tmp_path, tiny_encoder(table=np.eye(DIMENSION, 20, dtype=np.float32)))
    with pytest.raises(ModelError, match=r"gives \[1, 20\] for 1 texts|failed"):
        TextEncoder(tmp_path).encode(["cat"])


# --- other forms


def counted(vectors: NDArray[np.float32]) -> list[list[str]]:
    """Return the names of the tokens that a tiny network has seen, by text."""
    return [[PIECES[place] for place in np.flatnonzero(row)] for row in vectors]


def test_texts_are_filled_up_where_the_manifest_says_so(tmp_path: Path) -> None:
    maskless, inputs = tiny_encoder(mask=None), {"ids": "input_ids", "mask": None}
    write_encoder(tmp_path, maskless, changes={"inputs": inputs})
    assert counted(TextEncoder(tmp_path).encode(["dog"])) == [["[CLS]", "[SEP]", "dog"]]
    write_encoder(tmp_path, maskless, changes={"inputs": inputs, "tokenizer": {"padded_to": 8, "pad_id": 6}})
    filled = TextEncoder(tmp_path).encode(["dog"])
    assert counted(filled) == [["[CLS]", "[SEP]", "dog", "cat"]]
    assert filled[0, 6] / filled[0, 5] == pytest.approx(5)


def test_a_mask_hides_what_a_text_is_filled_up_with(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    assert counted(TextEncoder(tmp_path).encode(["dog", "a cat runs running ."])) == [
        ["[CLS]", "[SEP]", "dog"],
        ["[CLS]", "[SEP]", "a", "cat", "##s", "run", "##ning"],
    ]


@pytest.mark.parametrize("batch", [1, 3])
def test_a_batch_and_a_length_fixed_in_the_graph_are_kept(tmp_path: Path, batch: int) -> None:
    write_encoder(tmp_path, tiny_encoder(ids_type=INT32, shape=(batch, 8)))
    found = TextEncoder(tmp_path).encode(["dog", "cat", "a", "dogs"])
    assert counted(found) == [[*("[CLS]", "[SEP]"), *names] for names in (["dog"], ["cat"], ["a"], ["dog", "##s"])]


# --- tokenizer.json, which takes the optional package


def clip_like(context: int | None = 6) -> bytes:
    """Return a tokenizer.json of whole words, lower case, that says its length and what fills it up."""
    special = [{"id": place, "special": True, "content": PIECES[place]} for place in range(4)]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    document: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [entry | flags for entry in special],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {
                name: {"id": name, "ids": [PIECES.index(name)], "tokens": [name]} for name in ("[CLS]", "[SEP]")
            },
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {name: i for i, name in enumerate(PIECES)}, "unk_token": "[UNK]"},
    }
    if context is not None:
        document["truncation"] = {
            "max_length": context, "strategy": "LongestFirst", "stride": 0, "direction": "Right"
        }  # fmt: skip
        document["padding"] = {
            "strategy": {"Fixed": context}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 4,
            "pad_type_id": 0, "pad_token": "a",
        }  # fmt: skip
    return json.dumps(document).encode()


def write_pair(folder: Path, network: bytes, tokenizer: bytes) -> Path:
    """Write an image network's folder that came with its text encoder, and return it."""
    image = write_model(folder, float=tiny_network(), dimension=96)
    space = TextSpace(encoder=image.model_id, dimension=DIMENSION)
    document = json.loads(dataclasses.replace(image, text=space).to_json())
    document["text_files"] = {
        "text": described(folder / "text.onnx", network),
        "tokenizer": described(folder / "tokenizer.json", tokenizer),
    }
    (folder / MANIFEST_NAME).write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_without_the_package_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "tokenizers":
            raise ImportError(name)
        return real(name, *rest, **named)

    write_encoder(tmp_path, None, ("tokenizer.json", clip_like()))
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelError, match=r"tokenizer\.json needs the package tokenizers; install it with: pip"):
        TextEncoder(tmp_path)


def test_a_tokenizer_json_is_read(tmp_path: Path) -> None:
    pytest.importorskip("tokenizers", reason="the optional package tokenizers is not installed")
    write_encoder(tmp_path, None, ("tokenizer.json", clip_like()))
    encoder = TextEncoder(tmp_path)
    assert counted(encoder.encode(["A Dog", "", "dog \udcff", "cat . " * 50])) == [
        ["[CLS]", "[SEP]", "a", "dog"],
        ["[CLS]", "[SEP]"],
        ["[UNK]", "[CLS]", "[SEP]", "dog"],
        ["[CLS]", "[SEP]", "cat", "."],
    ]
    write_encoder(tmp_path, None, ("tokenizer.json", b"{}"))
    with pytest.raises(ModelError, match=r"tokenizer\.json is not a tokenizer"):
        TextEncoder(tmp_path)


@pytest.mark.parametrize(
    ("network", "tokenizer", "filled"),
    [
        (lambda: tiny_encoder(mask=None), clip_like, (4, 3)),  # what the tokenizer says
        (lambda: tiny_encoder(mask=None, shape=(1, 9)), clip_like, (4, 6)),  # the graph's length goes before it
        (lambda: tiny_encoder(mask=None), lambda: clip_like(None), (0, 61)),  # neither says: the usual ones
        (lambda: tiny_encoder(output="text_embeds", more_outputs=("hidden",)), lambda: clip_like(None), (0, 0)),
    ],
    ids=["tokenizer", "graph", "neither", "mask"],
)
def test_the_text_side_of_a_pair_is_understood(
    tmp_path: Path, network: Callable[[], bytes], tokenizer: Callable[[], bytes], filled: tuple[int, int]
) -> None:
    pytest.importorskip("tokenizers", reason="the optional package tokenizers is not installed")
    encoder = TextEncoder(write_pair(tmp_path / "pair-v1", network(), tokenizer()))
    assert (encoder.encoder_id, encoder.dimension) == ("pair-v1", DIMENSION)
    vector = encoder.encode(["dog"])[0]
    pad, count = filled
    assert vector[pad] / vector[5] == pytest.approx(count, abs=1e-4)
    assert encoder.encode(["dog " * 500]).shape == (1, DIMENSION)


def test_a_folder_of_an_image_network_alone_is_refused(tmp_path: Path) -> None:
    write_model(tmp_path / "mine-v1", float=tiny_network())
    with pytest.raises(ModelError, match="does not describe a text encoder"):
        TextEncoder(tmp_path / "mine-v1")
