"""Networks that PhotoFind did not make: what an ONNX file takes and gives, found out with onnxruntime alone.

A file from anywhere is a program in all but name: it can crash the runtime, ask for all memory or never end. So the
library calls `answer` in a child process with limits on both, and only then copies the file and loads it itself.
What cannot be understood is refused in a sentence that says what was found and what is needed.

The alternatives that lost: reading the graph with the package onnx, 20 MB on every user's machine to learn names
and shapes that the session tells as well; and asking the person for layout, size and pooling, which the file
itself answers by running or not running. Only mean and deviation cannot be seen from outside; they are assumed,
said aloud, and can be given.
"""

import hashlib
import math
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofind.embedding import manifest as manifests
from photofind.embedding.calibration import generated_pictures
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import (
    MANIFEST_NAME,
    MODEL_LIMIT_BYTES,
    Calibration,
    InputFormat,
    Manifest,
    ModelFile,
    OutputFormat,
    TextSpace,
    probe_pixels,
)
from photofind.errors import ModelError

TIME_LIMIT_S = 120.0
"""For one look at a file. ViT-B/16, 343 MB of float32, takes 16 seconds of CPU time."""
MEMORY_LIMIT_BYTES = 6 << 30
"""For the same. ViT-B/16 takes 1.5 GB, four and a half times its file; at that rate the largest file just fits."""
TOKENIZER_LIMIT_BYTES = 100_000_000
"""The largest in use, with 250,000 pieces of a hundred languages, have 35 MB."""

IMAGE_NAME, TEXT_NAME, TOKENIZER_NAME = "model.onnx", "text.onnx", "tokenizer.json"
"""Names inside the model's folder; the person's own may hold anything."""

PICTURES = 16
"""Looked at when a file is judged: as many as the embedder runs at once, so that their memory is tried, too."""
SAME_FOR_ALL = 0.99999
"""Least cosine between any two of these pictures from which on a network tells nothing apart."""
REPEATABLE = 0.999
"""Least cosine between two runs of one picture, and between a picture alone and in company."""

_SIDES = (224, 256, 299, 288, 384, 336, 240, 260, 192, 160, 128, 448, 512, 112, 96, 64, 32)
"""Tried in this order where the file takes any size, or seems to."""
_LARGEST, _SMALLEST = 1024, 32
_SHORTEST, _LONGEST = 8, 4096
"""Range of a vector's length."""

_PIXELS: dict[str, Literal["uint8", "float32", "float16"]] = {
    "tensor(uint8)": "uint8",
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
}
_OUTPUTS = (
    "embedding",
    "embeddings",
    "image_embeds",
    "image_embedding",
    "image_embeddings",
    "image_features",
    "features",
    "pooler_output",
    "last_hidden_state",
)
"""Names of outputs that hold features, best first, where there are several."""
_CLASSIFIER = re.compile(r"logit|prob|softmax|class|score|predict", re.IGNORECASE)
_CLASSES = frozenset({1000, 1001, 21841, 21843})
"""How many classes ImageNet's two sets have, with and without one for "none of them"."""


@dataclass(frozen=True, slots=True)
class Normalisation:
    """What a float network expects of its pixels. mean and std by channel, in units of 0..255."""

    name: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


IMAGENET = Normalisation("ImageNet", (123.675, 116.28, 103.53), (58.395, 57.12, 57.375))
CLIP = Normalisation(
    "CLIP", (122.7709383, 116.7460125, 104.09373615), (68.5005327, 66.6321579, 70.32316305)
)  # openai/CLIP, clip.py: .4815, .4578, .4082 and .2686, .2613, .2758 of 255
SIGLIP = Normalisation("SigLIP", (127.5, 127.5, 127.5), (127.5, 127.5, 127.5))
LITE = Normalisation("EfficientNet-Lite", (127.0, 127.0, 127.0), (128.0, 128.0, 128.0))


@dataclass(frozen=True, slots=True)
class InspectRequest:
    """A look at one image network.

    Attributes:
        path: The file; bytes, as for the decoders, whose processes this runs in.
        mean, std: What the person says of float pixels, in units of 0..255; None assumes.
        has_words: Whether a text network comes with it, which makes it one of CLIP's kind.
        facts: Nothing; there for the processes' sake.
    """

    path: bytes
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None
    has_words: bool = False
    facts: None = None


@dataclass(frozen=True, slots=True)
class WordsRequest:
    """A look at the text network in a model's folder. `texts` are encoded."""

    path: bytes
    texts: tuple[str, ...]
    facts: None = None


@dataclass(frozen=True, slots=True)
class FolderRequest:
    """A look at a folder with a manifest: a network that was described already."""

    path: bytes
    facts: None = None


Request = InspectRequest | WordsRequest | FolderRequest


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found out.

    Attributes:
        manifest: All but the id, the calibration and the words; `folder` and the file's name are the person's.
        remarks: Sentences for the person: what was assumed, what to know.
    """

    manifest: Manifest
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file cannot be used, in a sentence."""

    sentence: str


def answer(request: Request) -> "Inspection | NDArray[np.float32] | Refusal":
    """Answer one request; runs in a child process, and raises nothing that a file can be blamed for."""
    try:
        if isinstance(request, WordsRequest):
            return _encode_words(request)
        path = Path(os.fsdecode(request.path))
        if isinstance(request, FolderRequest):
            found = manifests.load(path)
            for variant, file in found.files.items():
                _judged(replace(found, files={variant: file}), file.name)
            return Inspection(found, ())
        return inspect(path, mean=request.mean, std=request.std, has_words=request.has_words)
    except ModelError as error:
        return Refusal(str(error))


def _encode_words(request: WordsRequest) -> NDArray[np.float32]:
    from photofind.embedding.text_encoder import TextEncoder

    vectors = TextEncoder(Path(os.fsdecode(request.path))).encode(request.texts)
    if not np.isfinite(vectors).all():
        raise ModelError("The text network gives no numbers for some words; it cannot be used.")
    if len(vectors) > 1 and float((vectors @ vectors.T).min()) > SAME_FOR_ALL:
        raise ModelError("The text network gives the same vector for all words; is it the right file?")
    return vectors


def inspect(
    path: Path,
    *,
    mean: tuple[float, float, float] | None = None,
    std: tuple[float, float, float] | None = None,
    has_words: bool = False,
) -> Inspection:
    """Find out how an ONNX file is to be run as an image network.

    Args:
        path: The file.
        mean: Of float pixels by channel, in units of 0..255; None assumes what networks of its name expect.
        std: The same for the deviation.
        has_words: See `InspectRequest`.

    Raises:
        ModelError: It is no such network, or none that PhotoFind can run.
    """
    data = _read(path)
    described = ModelFile(path.name, hashlib.sha256(data).hexdigest(), len(data))
    session = _open(data, path.name)
    del data
    entry = _image_input(session, path.name)
    output = _vector_output(session, path.name)
    remarks = []
    form, side, shape = _run(session, entry, output.name, path.name)
    size_is_free = not all(isinstance(length, int) for length in entry.shape[1:])
    if form.dtype != "uint8":
        if mean is None or std is None:
            assumed = _assumed(path.name, output.name, has_words)
            remarks.append(
                f"It takes float pixels and does not say which; the mean and deviation of {assumed.name} are "
                "assumed (--mean and --std say otherwise)."
            )
            mean, std = mean or assumed.mean, std or assumed.std
        form = replace(form, mean=mean, std=std)
    elif mean is not None or std is not None:
        remarks.append("It takes whole pixels from 0 to 255; the mean and deviation given are not needed.")
    if size_is_free:
        remarks.append(f"It takes photos of any size; they are given to it with {side} px a side.")
    pooling, dimension, remark = _pooling(shape, form.layout, output.name, path.name)
    remarks += [remark] if remark else []
    if len(session.get_outputs()) > 1:
        others = ", ".join(each.name for each in session.get_outputs() if each.name != output.name)
        remarks.append(f"Of its outputs {output.name!r} is used, not {others}.")
    if len(shape) == 2 and (dimension in _CLASSES or _CLASSIFIER.search(output.name)):
        remarks.append(
            f"Its {dimension} values look like a classifier's scores for its classes, not like features: it can be "
            "used, but the same network exported without its last layer finds more."
        )
    del session
    manifest = Manifest(
        folder=path.parent,
        model_id="",
        architecture=_line(f"{path.stem}, ONNX file", 200),
        input_px=side,
        dimension=dimension,
        files={"float": described},
        calibration=Calibration(same_picture_cosine=1.0, similar_cosine=1.0, same_picture_recall=0.0),
        licence="as stated where the file came from",
        source=_line(f"Added from the file {path.name}.", 4000),
        input=form,
        output=OutputFormat(output.name, pooling),
    )
    manifest, remark = _judged(manifest, path.name)
    return Inspection(manifest, (*remarks, *([remark] if remark else [])))


def write_model(
    inspection: Inspection,
    folder: Path,
    model_id: str,
    image: Path,
    text: Path | None = None,
    tokenizer: Path | None = None,
) -> Manifest:
    """Copy the files into an empty folder and write the manifest there.

    Args:
        inspection: Of `image`.
        folder: Exists.
        model_id: What the network is called from now on.
        image: The file that was inspected.
        text: The text network of a pair, if it is one.
        tokenizer: Its tokenizer.json.

    Raises:
        ModelError: A file cannot be read, is too large, or is not the one that was inspected.
        OSError: The folder cannot be written to.
    """
    inspected = inspection.manifest
    file = _copy(image, folder / IMAGE_NAME, MODEL_LIMIT_BYTES)
    if file.sha256 != inspected.files["float"].sha256:
        raise ModelError(f"{image.name} changed while it was read; try again when nothing writes to it.")
    manifest = replace(inspected, folder=folder, model_id=model_id, files={"float": file})
    if text is not None and tokenizer is not None:
        manifest = replace(
            manifest,
            text=TextSpace(encoder=model_id, dimension=manifest.dimension),
            text_files={
                "text": _copy(text, folder / TEXT_NAME, MODEL_LIMIT_BYTES),
                "tokenizer": _copy(tokenizer, folder / TOKENIZER_NAME, TOKENIZER_LIMIT_BYTES),
            },
        )
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def copy_model(source: Path, folder: Path, model_id: str) -> Manifest:
    """Copy a network that has a manifest, of this program or another library, into an empty folder.

    Args:
        source: Its folder.
        folder: Exists.
        model_id: What it is called from now on.

    Raises:
        ModelError: The manifest or a file is not what it should be.
        OSError: The folder cannot be written to.
    """
    described = manifests.load(source)
    for file in (*described.files.values(), *described.text_files.values()):
        if _copy(source / file.name, folder / file.name, file.size_bytes) != file:
            raise ModelError(f"{source / file.name} is not the file its manifest describes.")
    text = described.text
    if text is not None and text.encoder == described.model_id:
        text = replace(text, encoder=model_id)
    manifest = replace(described, folder=folder, model_id=model_id, text=text)
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def model_id_from(name: str) -> str:
    """Return a model id made of a file's name: "ViT-B 16 (1)" becomes "vit-b-16-1"."""
    return re.sub(r"[^a-z0-9._]+", "-", name.casefold()).strip("-._")[:64].rstrip("-._") or "network"


# --- reading


def _read(path: Path) -> bytes:
    try:
        # A pipe would block for ever, and a directory has another message on every system.
        if not stat.S_ISREG(path.stat().st_mode):
            raise ModelError(f"{path.name} is not a file; name the ONNX file of a network.")
        with path.open("rb") as stream:
            data = stream.read(MODEL_LIMIT_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > MODEL_LIMIT_BYTES:
        raise ModelError(f"{path.name} is larger than 1 GiB; choose a smaller network.")
    if not data:
        raise ModelError(f"{path.name} is empty.")
    return data


def _copy(source: Path, target: Path, limit_bytes: int) -> ModelFile:
    digest, size = hashlib.sha256(), 0
    try:
        with source.open("rb") as stream, target.open("wb") as out:
            while chunk := stream.read(1 << 20):
                size += len(chunk)
                if size > limit_bytes:
                    raise ModelError(f"{source.name} is larger than {limit_bytes / 1e6:.0f} MB.")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        if error.filename is not None and os.fspath(error.filename) != os.fspath(source):
            raise
        raise ModelError(f"{source} cannot be read: {error.strerror or error}.") from error
    if not size:
        raise ModelError(f"{source.name} is empty.")
    return ModelFile(target.name, digest.hexdigest(), size)


def _open(data: bytes, name: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(
            data, sess_options=options, providers=["CPUExecutionProvider"], enable_fallback=0
        )
    except Exception as error:  # onnxruntime raises a dozen kinds, plain RuntimeError among them
        text = str(error)
        if "INVALID_PROTOBUF" in text or "ModelProto does not have a graph" in text:
            raise ModelError(
                f"{name} is not an ONNX file, or only a part of one; PhotoFind takes networks exported to ONNX."
            ) from error
        if "external" in text.casefold():
            raise ModelError(
                f"{name} keeps its weights in another file; export it again as one file (below 1 GiB)."
            ) from error
        raise ModelError(f"{name} cannot be run by the onnxruntime installed here: {_first_line(error)}") from error


# --- the input


def _image_input(session: Any, name: str) -> Any:
    inputs = session.get_inputs()
    if len(inputs) != 1:
        found = ", ".join(f"{entry.name!r}" for entry in inputs) or "none"
        raise ModelError(
            f"{name} has {len(inputs)} inputs ({found}); an image network has one, for the picture. Of a network "
            "for images and words export the two halves into a file each, and give the other with --text."
        )
    entry = inputs[0]
    if entry.type not in _PIXELS:
        raise ModelError(
            f"{name} takes {_kind(entry)} as {entry.name!r}; PhotoFind can give float32, float16 or uint8 pixels. "
            "Export it with inputs of float32."
        )
    if len(entry.shape) != 4:
        raise ModelError(
            f"{name} takes {_kind(entry)}; a network for images takes four dimensions: [photos, 3, height, width] "
            "or [photos, height, width, 3]."
        )
    batch = entry.shape[0]
    if isinstance(batch, int) and not 1 <= batch <= 1024:
        raise ModelError(f"{name} takes {batch} photos at once; PhotoFind can give 1 to 1024.")
    return entry


def _layouts(entry: Any, name: str) -> list[Literal["nchw", "nhwc"]]:
    """Return the layouts that the shape allows, the likelier first."""
    _, second, third, fourth = (length if isinstance(length, int) else None for length in entry.shape)
    found: list[Literal["nchw", "nhwc"]] = []
    if second in (3, None):
        found.append("nchw")
    if fourth in (3, None) and second != 3:
        found.append("nhwc")
    if fourth == 3 and second is None:
        found.reverse()
    if not found:
        channels = second if third == fourth else fourth
        raise ModelError(
            f"{name} takes {_kind(entry)}, pictures of {channels} channels; PhotoFind gives colour photos, whose 3 "
            "channels stand in the second or the last place."
        )
    return found


def _sides(entry: Any, layout: str, name: str) -> list[int]:
    """Return the sides of the square to try."""
    lengths = entry.shape[2:4] if layout == "nchw" else entry.shape[1:3]
    fixed = sorted({length for length in lengths if isinstance(length, int)})
    if len(fixed) > 1:
        raise ModelError(
            f"{name} takes pictures of {lengths[1]} x {lengths[0]} pixels; PhotoFind gives square ones."
        )
    if fixed:
        if not _SMALLEST <= fixed[0] <= _LARGEST:
            raise ModelError(
                f"{name} takes pictures of {fixed[0]} px a side; PhotoFind gives {_SMALLEST} to {_LARGEST}."
            )
        return fixed
    named = [int(number) for number in re.findall(r"(?<!\d)\d{2,4}(?!\d)", name)]
    likely = [number for number in named if number in _SIDES and number >= 96]
    return list(dict.fromkeys([*likely, *_SIDES]))


def _run(session: Any, entry: Any, output: str, name: str) -> tuple[InputFormat, int, tuple[int, ...]]:
    """Run the network until a layout and a size fit; return them and the output's shape."""
    dtype = _PIXELS[entry.type]
    batch = entry.shape[0] if isinstance(entry.shape[0], int) else None
    reason = ""
    for layout in _layouts(entry, name):
        for side in _sides(entry, layout, name):
            pixels: NDArray[Any] = np.repeat(probe_pixels(side), batch or 1, axis=0)
            if dtype != "uint8":
                pixels = ((pixels - np.float32(127.5)) / np.float32(127.5)).astype(dtype)
            if layout == "nchw":
                pixels = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
            try:
                (found,) = session.run([output], {entry.name: pixels})
            except Exception as error:  # noqa: BLE001  see _open
                reason = reason or _first_line(error)
                continue
            if not isinstance(found, np.ndarray) or found.shape[:1] != (batch or 1,):
                what = list(found.shape) if isinstance(found, np.ndarray) else "no array"
                raise ModelError(
                    f"{name} gives {what} as {output!r} for {batch or 1} photos; a network that PhotoFind can use "
                    "gives one vector for each photo."
                )
            return InputFormat(entry.name, layout, dtype, batch=batch), side, found.shape
    raise ModelError(f"{name} fails on pictures of every size that was tried: {reason}")


def _assumed(name: str, output: str, has_words: bool) -> Normalisation:
    """Return what networks of such a name expect."""
    plain = name.casefold().replace("_", "-")
    if "siglip" in plain:
        return SIGLIP
    if "clip" in plain or has_words or output == "image_embeds":
        return CLIP
    if "efficientnet-lite" in plain:
        return LITE
    return IMAGENET


# --- the output


def _vector_output(session: Any, name: str) -> Any:
    """Return the output that holds features."""
    outputs = session.get_outputs()
    usable = [entry for entry in outputs if entry.type in ("tensor(float)", "tensor(float16)")]
    if not usable:
        found = ", ".join(_kind(entry) for entry in outputs)
        raise ModelError(f"{name} gives {found}; PhotoFind needs an output of float32 or float16.")

    def rank(entry: Any) -> tuple[int, int]:
        named = _OUTPUTS.index(entry.name) if entry.name in _OUTPUTS else len(_OUTPUTS)
        return named, 0 if len(entry.shape) == 2 else 1

    return min(usable, key=rank)


def _pooling(
    shape: Sequence[int], layout: str, output: str, name: str
) -> tuple[Literal["none", "mean", "first"], int, str]:
    """Return how one vector comes of an output of this shape, its length, and a sentence to say so."""
    pooling: Literal["none", "mean", "first"] = "none"
    remark = ""
    if len(shape) == 2 or (len(shape) == 4 and tuple(shape[2:]) == (1, 1)):
        dimension = shape[1]
    elif len(shape) == 4:
        # Maps are square, channels are not; where all three are alike the input's layout tells.
        is_first, is_last = shape[2] == shape[3], shape[1] == shape[2]
        if is_first == is_last:
            is_last = layout == "nhwc"
        dimension, places = (shape[3], shape[1:3]) if is_last else (shape[1], shape[2:4])
        pooling = "mean"
        remark = f"It gives a map of {places[0]} x {places[1]} places; their mean is used."
    elif len(shape) == 3 and _is_grid(shape[1]):
        dimension, pooling = shape[2], "mean"
        remark = f"It gives {shape[1]} places of a grid; their mean is used."
    elif len(shape) == 3 and any(_is_grid(shape[1] - more) for more in (1, 2, 5)):
        # One token for the whole picture stands first; DeiT has one more, DINOv2 with registers four more.
        dimension, pooling = shape[2], "first"
        remark = f"It gives {shape[1]} tokens; the first, which stands for the whole picture, is used."
    else:
        raise ModelError(
            f"{name} gives {list(shape)} as {output!r}; PhotoFind needs a vector for each photo, a map of features "
            "or the tokens of a transformer. Export the network with such an output."
        )
    if not _SHORTEST <= dimension <= _LONGEST:
        raise ModelError(
            f"{name} gives {dimension} values for a photo as {output!r}; PhotoFind needs {_SHORTEST} to "
            f"{_LONGEST}, the features before the last layer. Export it with those."
        )
    return pooling, dimension, remark


def _is_grid(count: int) -> bool:
    return count > 1 and math.isqrt(count) ** 2 == count


# --- judging


def _judged(manifest: Manifest, name: str) -> tuple[Manifest, str]:
    """Run the network as it will be run; return its manifest with the probe's vector, and a remark or ""."""
    side = manifest.input_px
    pictures = [np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR)) for picture in _pictures()]
    pixels = np.stack([*pictures, probe_pixels(side)[0]])
    embedder = ImageEmbedder(replace(manifest, model_id=model_id_from(name)), "cpu")
    alone = np.concatenate([embedder.embed(picture[None]) for picture in pixels])
    if float(embedder.embed(pixels[:1])[0] @ alone[0]) < REPEATABLE:
        raise ModelError(
            f"{name} gives one photo another vector each time; it was probably exported in training mode. Export "
            "it in evaluation mode."
        )
    if float((alone @ alone.T).min()) > SAME_FOR_ALL:
        raise ModelError(f"{name} gives every photo the same vector; its weights are missing or not trained.")
    manifest = replace(manifest, probe=alone[-1])
    try:
        together = embedder.embed(pixels)
    except ModelError:
        is_sociable = False
    else:
        is_sociable = float(np.einsum("ij,ij->i", alone, together).min()) >= REPEATABLE
    if is_sociable:
        return manifest, ""
    if manifest.input.batch is not None:
        raise ModelError(f"{name} mixes the photos that it takes at once; export it for one photo at a time.")
    manifest = replace(manifest, input=replace(manifest.input, batch=1))
    return manifest, "It fails on several photos at once, or mixes them; they are given to it one by one."


def _pictures() -> Iterator[Image.Image]:
    yield from generated_pictures(PICTURES - 1, seed=1)


# --- words


def _kind(entry: Any) -> str:
    """Return type and shape as people write them: "float32 [n, 3, 224, 224]"."""
    names = {"float": "float32", "double": "float64"}
    kind = entry.type.removeprefix("tensor(").removesuffix(")")
    shape = ", ".join(str(length) if isinstance(length, int) else str(length or "?") for length in entry.shape)
    return f"{names.get(kind, kind)} [{shape}]"


def _line(text: str, limit: int) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:limit]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
