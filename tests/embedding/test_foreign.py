"""Networks from outside: each shape they come in is understood, and what cannot be used is refused in words."""

import hashlib
import os
import re
from pathlib import Path

import numpy as np
import pytest

from photofind.embedding import foreign
from photofind.embedding.foreign import CLIP, IMAGENET, LITE, SIGLIP, Inspection, InspectRequest, Refusal
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import InputFormat, OutputFormat, load
from photofind.errors import ModelError
from tests.embedding.tiny_networks import tiny_network
from tests.pictures import make_picture

MODELS = Path(__file__).resolve().parent.parent / "data" / "models"
FLOAT_64 = InputFormat("input", "nchw", "float32", IMAGENET.mean, IMAGENET.std)


def pixels(side: int, count: int = 3) -> np.ndarray:
    return np.stack([np.asarray(make_picture(seed, (side, side))) for seed in range(count)])


@pytest.mark.parametrize(
    ("name", "form", "side", "output", "remark"),
    [
        (
            "vector-nchw-fixed",
            InputFormat("input", "nchw", "float32", IMAGENET.mean, IMAGENET.std, batch=1),
            64,
            OutputFormat("features", "none"),
            "mean and deviation of ImageNet are assumed",
        ),
        ("vector-nchw-dynamic", FLOAT_64, 224, OutputFormat("features", "none"), "any size.*224 px"),
        ("vector-nhwc-uint8", InputFormat("image"), 48, OutputFormat("embedding", "none"), None),
        (
            "map-nchw",
            InputFormat("x", "nchw", "float32", IMAGENET.mean, IMAGENET.std, batch=2),
            64,
            OutputFormat("map", "mean"),
            "map of 8 x 8 places",
        ),
        (
            "map-nhwc-float",
            InputFormat("input_1", "nhwc", "float32", IMAGENET.mean, IMAGENET.std),
            64,
            OutputFormat("top_activation", "mean"),
            "map of 8 x 8 places",
        ),
        (
            "tokens-with-class",
            InputFormat("pixel_values", "nchw", "float32", IMAGENET.mean, IMAGENET.std),
            64,
            OutputFormat("last_hidden_state", "first"),
            "17 tokens; the first",
        ),
        (
            "tokens-of-a-grid",
            InputFormat("pixel_values", "nchw", "float32", IMAGENET.mean, IMAGENET.std),
            64,
            OutputFormat("last_hidden_state", "mean"),
            "16 places of a grid",
        ),
        (
            "classifier",
            InputFormat("data", "nchw", "float32", IMAGENET.mean, IMAGENET.std),
            64,
            OutputFormat("output", "none"),
            "classifier's scores",
        ),
        (
            "half-precision",
            InputFormat("input", "nchw", "float16", IMAGENET.mean, IMAGENET.std),
            64,
            OutputFormat("embedding", "mean"),
            "map of 8 x 8 places",
        ),
        (
            "clip-image",
            InputFormat("pixel_values", "nchw", "float32", CLIP.mean, CLIP.std),
            64,
            OutputFormat("image_embeds", "none"),
            "deviation of CLIP",
        ),
    ],
)
def test_each_shape_is_understood_and_runs(
    tmp_path: Path, name: str, form: InputFormat, side: int, output: OutputFormat, remark: str | None
) -> None:
    path = MODELS / f"{name}.onnx"
    found = foreign.inspect(path)
    assert (found.manifest.input, found.manifest.input_px, found.manifest.output) == (form, side, output)
    if remark is None:
        assert found.remarks == ()
    else:
        assert [sentence for sentence in found.remarks if re.search(remark, sentence)]
    written = foreign.write_model(found, tmp_path, "added-v1", path)
    assert load(tmp_path) == written
    assert written.files["float"].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    photos = pixels(side)
    vectors = ImageEmbedder(written, "cpu").embed(photos)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(ImageEmbedder(written, "cpu").embed(photos[1:2])[0], vectors[1], atol=1e-5)
    # The probe of the manifest would refuse a machine that computes something else.
    assert written.probe is not None


def test_a_network_that_mixes_photos_gets_them_singly() -> None:
    found = foreign.inspect(MODELS / "alone-only.onnx")
    assert found.manifest.input.batch == 1
    assert any("one by one" in sentence for sentence in found.remarks)


def test_a_mean_and_deviation_that_are_given_are_taken_and_nothing_is_assumed() -> None:
    found = foreign.inspect(MODELS / "clip-image.onnx", mean=(1.0, 2.0, 3.0), std=(4.0, 5.0, 6.0))
    assert found.manifest.input.mean == (1.0, 2.0, 3.0)
    assert found.manifest.input.std == (4.0, 5.0, 6.0)
    assert found.remarks == ()
    whole = foreign.inspect(MODELS / "vector-nhwc-uint8.onnx", mean=(1.0, 2.0, 3.0), std=(4.0, 5.0, 6.0))
    assert whole.manifest.input == InputFormat("image")
    assert any("not needed" in sentence for sentence in whole.remarks)


@pytest.mark.parametrize(
    ("name", "expected", "side"),
    [
        ("SigLIP-base.onnx", SIGLIP, 224),
        ("mobileclip_s0_256.onnx", CLIP, 256),
        ("efficientnet_lite0.onnx", LITE, 224),
        ("vit-s-16-384.onnx", IMAGENET, 384),
        ("resnet50-2048.onnx", IMAGENET, 224),
    ],
)
def test_the_name_tells_what_the_file_does_not(
    tmp_path: Path, name: str, expected: foreign.Normalisation, side: int
) -> None:
    path = tmp_path / name
    path.write_bytes((MODELS / "vector-nchw-dynamic.onnx").read_bytes())
    found = foreign.inspect(path).manifest
    assert (found.input.mean, found.input.std, found.input_px) == (expected.mean, expected.std, side)


def test_with_a_text_network_beside_it_a_network_is_one_of_clips_kind() -> None:
    found = foreign.inspect(MODELS / "vector-nchw-fixed.onnx", has_words=True)
    assert found.manifest.input.mean == CLIP.mean


def test_one_of_our_own_is_run_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(tiny_network())
    found = foreign.inspect(tmp_path / "tiny.onnx")
    assert not found.manifest.is_foreign
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("not-a-number", "without a direction"),
        ("zeros", "without a direction"),
        ("same-for-all", "every photo the same vector"),
        ("random-each-time", "evaluation mode"),
        ("two-inputs", r"2 inputs \('pixel_values', 'input_ids'\).*--text"),
        ("one-channel", r"float32 \[n, 1, 64, 64\], pictures of 1 channels"),
        ("not-square", "64 x 48 pixels"),
        ("sound", r"float32 \[n, 64\].*four dimensions"),
        ("two-answers", "2 values for a photo.*features before the last layer"),
        ("boxes", r"\[1, 48, 16\] as 'boxes'"),
        ("whole-numbers", r"int64 \[n\].*output of float32"),
        ("like-ours-unnormalised", "not of length 1"),
        ("double-precision", r"float64 \[n, 3, 64, 64\].*inputs of float32"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_was_found(name: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as refused:
        foreign.inspect(MODELS / f"{name}.onnx")
    assert str(refused.value).endswith(".")


def test_files_that_are_no_network_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = (MODELS / "vector-nchw-fixed.onnx").read_bytes()

    def refusal(data: bytes, name: str = "model.onnx") -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ModelError) as refused:
            foreign.inspect(tmp_path / name)
        return str(refused.value)

    assert "is not an ONNX file" in refusal(b"A text file that somebody gave another name.\n" * 20)
    assert "is not an ONNX file" in refusal(good[:-700])
    assert "is empty" in refusal(b"")
    monkeypatch.setattr(foreign, "MODEL_LIMIT_BYTES", 1000)
    assert "larger than 1 GiB" in refusal(good)
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        foreign.inspect(tmp_path / "absent.onnx")
    with pytest.raises(ModelError, match="is not a file"):
        foreign.inspect(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    with pytest.raises(ModelError, match="is not a file"):
        foreign.inspect(tmp_path / "pipe.onnx")


def test_every_cut_of_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    data = (MODELS / "vector-nchw-fixed.onnx").read_bytes()
    path = tmp_path / "cut.onnx"
    for length in range(1, len(data), 211):
        path.write_bytes(data[:length])
        with pytest.raises(ModelError, match=r"cut\.onnx"):
            foreign.inspect(path)


def test_the_answer_from_the_other_process_is_a_value_and_never_an_error(tmp_path: Path) -> None:
    good = foreign.answer(InspectRequest(os.fsencode(MODELS / "map-nchw.onnx")))
    assert isinstance(good, Inspection)
    bad = foreign.answer(InspectRequest(os.fsencode(tmp_path / "absent.onnx")))
    assert isinstance(bad, Refusal)
    assert "cannot be read" in bad.sentence


def test_a_file_that_changes_after_the_look_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes((MODELS / "map-nchw.onnx").read_bytes())
    found = foreign.inspect(path)
    path.write_bytes((MODELS / "zeros.onnx").read_bytes())
    (tmp_path / "folder").mkdir()
    with pytest.raises(ModelError, match="changed while it was read"):
        foreign.write_model(found, tmp_path / "folder", "added-v1", path)
    assert not (tmp_path / "folder" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ViT-B 16 (1)", "vit-b-16-1"),
        ("resnet50.v2_final", "resnet50.v2_final"),
        ("..hidden", "hidden"),
        ("模型", "network"),
        ("a" * 80, "a" * 64),
    ],
)
def test_an_id_is_made_of_the_name(name: str, expected: str) -> None:
    assert foreign.model_id_from(name) == expected


def test_a_pair_has_its_words_described(tmp_path: Path) -> None:
    found = foreign.inspect(MODELS / "clip-image.onnx", has_words=True)
    written = foreign.write_model(
        found,
        tmp_path,
        "pair-v1",
        MODELS / "clip-image.onnx",
        MODELS / "clip-text.onnx",
        MODELS / "tokenizer.json",
    )
    assert load(tmp_path) == written
    assert written.text is not None
    assert (written.text.encoder, written.text.dimension) == ("pair-v1", 12)
    assert set(written.text_files) == {"text", "tokenizer"}
    pytest.importorskip("tokenizers", reason="the package tokenizers reads a tokenizer.json")
    words = foreign.answer(foreign.WordsRequest(os.fsencode(tmp_path), ("a photo of a dog", "the red car")))
    assert isinstance(words, np.ndarray)
    assert words.shape == (2, 12)
    assert not np.allclose(words[0], words[1], atol=0.01)
