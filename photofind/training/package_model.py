"""From a finished torch network to a model's folder: both ONNX files, the manifest, and the weights to go on from.

What is written is checked against torch before anything believes it; thresholds stay cautious until `calibrate` has
measured them on the files themselves.
"""

import dataclasses
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from photofind.embedding import manifest as manifests
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import (
    MANIFEST_NAME,
    Calibration,
    Manifest,
    ModelFile,
    TextSpace,
    probe_pixels,
)
from photofind.errors import UserError
from photofind.training import export_onnx, heads, quantize
from photofind.training.networks import EmbeddingNetwork

logger = logging.getLogger(__name__)

TORCH_COSINE = 0.999
"""Least cosine between torch and the exported float file, per photo."""
WEIGHTS_NAME = "weights.safetensors"
TEXT_HEAD = "text_head."


@dataclass(frozen=True, slots=True)
class ModelNote:
    """What the manifest says of a network that its weights do not."""

    architecture: str
    licence: str
    source: str
    float_convolutions: int = 0
    """See `quantize.quantize`."""


def write_model(
    network: EmbeddingNetwork,
    note: ModelNote,
    calibration: Sequence[NDArray[np.uint8]],
    checked: NDArray[np.uint8],
    out: Path,
    *,
    text: TextSpace | None = None,
) -> Manifest:
    """Write both ONNX files and the manifest of a network, and check them against torch.

    Args:
        network: Ready, in eval mode.
        note: What the manifest says of it.
        calibration: Batches of pixels for the int8 ranges, uint8 [n, px, px, 3]; without any only the float file is
            made.
        checked: Pixels on which the files are compared with torch, uint8 [n, px, px, 3].
        out: The model's folder; made if need be. Its name becomes the id.
        text: The space of the text head, where the network has one.

    Raises:
        ModelError: A file is none that PhotoFind can run.
        UserError: A file does not compute what torch does.
    """
    plain = export_onnx.export(network)
    models = {"float": export_onnx.store_as_half(plain)}
    if calibration:
        models["int8"] = quantize.quantize(plain, calibration, float_convolutions=note.float_convolutions)
    out.mkdir(parents=True, exist_ok=True)
    files = {}
    for variant in sorted(models, reverse=True):
        path = out / f"model-{variant}.onnx"
        onnx.save(models[variant], path)
        data = path.read_bytes()
        files[variant] = ModelFile(path.name, hashlib.sha256(data).hexdigest(), len(data))
    expected = _embed(network, checked)
    probe = _embed(network, probe_pixels(network.input_px))[0]
    manifest = Manifest(
        folder=out,
        model_id=out.name,
        architecture=note.architecture,
        input_px=network.input_px,
        dimension=int(expected.shape[1]),
        files=files,
        # Nothing counts as the same picture before `calibrate` has measured.
        calibration=Calibration(same_picture_cosine=1.0, similar_cosine=1.0, same_picture_recall=0.0),
        licence=note.licence,
        source=note.source,
        probe=probe,
        text=text if network.text_head is not None else None,
    )
    save_manifest(manifest)
    manifest = manifests.load(out)
    measured = {}
    for variant in files:
        vectors = ImageEmbedder(only(manifest, variant), "cpu").embed(checked)
        own = np.einsum("ij,ij->i", vectors, expected)
        logger.info("%s: cosine to torch mean %.5f, least %.5f", variant, own.mean(), own.min())
        if variant == "float" and own.min() < TORCH_COSINE:
            raise UserError(f"The float file strays from torch: least cosine {own.min():.5f}.")
        if variant == "int8":
            measured["int8_to_float_cosine"] = round(float(own.mean()), 4)
            measured["int8_to_float_cosine_least"] = round(float(own.min()), 4)
    manifest = dataclasses.replace(manifest, measured=measured)
    save_manifest(manifest)
    return manifest


def save_manifest(manifest: Manifest) -> None:
    """Write a manifest into its model's folder."""
    (manifest.folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")


def only(manifest: Manifest, variant: str) -> Manifest:
    """Return a manifest that knows but one of its files."""
    return dataclasses.replace(manifest, files={variant: manifest.files[variant]})


def save_weights(network: EmbeddingNetwork, path: Path) -> None:
    """Write a network's weights as float16, from which training can go on anywhere."""
    from safetensors.torch import save_file

    state = {name: tensor.detach().cpu() for name, tensor in network.state_dict().items()}
    save_file({name: _half(tensor) for name, tensor in state.items()}, path)


def load_weights(network: EmbeddingNetwork, path: Path) -> None:
    """Put weights of `save_weights` into a network of the same shape, in place, all but the text head.

    That head is fitted in closed form when the training is over, and has another shape until then.

    Raises:
        UserError: They belong to another network.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        kept = {name: tensor.float() for name, tensor in load_file(path).items() if not name.startswith(TEXT_HEAD)}
        own = {name: tensor for name, tensor in network.state_dict().items() if name.startswith(TEXT_HEAD)}
        network.load_state_dict(kept | own)
    except (RuntimeError, OSError, SafetensorError) as error:
        raise UserError(f"{path} does not hold the weights of this network: {error}") from error


def load_text_head(path: Path) -> heads.TextHead | None:
    """Return the text head among weights of `save_weights`; None where the network knows no words."""
    from safetensors.torch import load_file

    kept = {
        name.removeprefix(TEXT_HEAD): tensor.float()
        for name, tensor in load_file(path).items()
        if name.startswith(TEXT_HEAD)
    }
    if "names.weight" not in kept:
        return None
    layers = (
        torch.nn.Linear(*reversed(kept[f"{part}.weight"].shape)) for part in ("captions", "classifier", "names")
    )
    head = heads.TextHead(*layers)
    head.load_state_dict(kept)
    return head


def _half(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.half().contiguous() if tensor.ndim > 1 else tensor.contiguous()


def _embed(network: EmbeddingNetwork, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    made = []
    with torch.no_grad():
        for start in range(0, len(pixels), 16):
            given = network(torch.from_numpy(pixels[start : start + 16]))
            made.append((given[0] if isinstance(given, tuple) else given).numpy())
    return np.concatenate(made)
