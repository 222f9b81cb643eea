"""The doorway: `python -m photofind.training export | calibrate | evaluate`; see the package's docstring."""

import argparse
import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

from photofind.embedding import manifest as manifests
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import MANIFEST_NAME, Calibration, Manifest, ModelFile, probe_pixels
from photofind.errors import PhotofindError, UserError
from photofind.training import calibrate, export_onnx, networks, projection, quantize
from photofind.training.data import Shards
from photofind.training.evaluate import class_retrieval

FITTED_PHOTOS = 9000
CALIBRATION_PHOTOS = 256
CHECKED_PHOTOS = 64
TORCH_COSINE = 0.999
"""Least cosine between torch and the exported float file, per photo."""
JUDGING = {"per_class": 60, "at_least": 20}
SMALL_SOURCES = ("tiny_imagenet",)
"""64 px a side, too blurred to fit a projection or int8 ranges on."""
IMAGENET_SOURCES = ("tiny_imagenet", "imagenette", "imagenet_mini")
"""Left out when judging: networks that start from ImageNet labels have seen these classes by name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m photofind.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="weights to ONNX files and a manifest")
    export.add_argument("--network", required=True, choices=sorted(networks.RECIPES))
    export.add_argument("--weights", type=Path, help="file of weights; Lite0 has its own package")
    export.add_argument("--data", type=Path, required=True, help="folder of shards, for fitting and int8 ranges")
    export.add_argument("--out", type=Path, required=True, help="folder of the model; its name becomes the id")
    export.add_argument("--dimension", type=int, default=512, help="length of a fitted vector")
    tune = commands.add_parser("calibrate", help="measure thresholds and speed into the manifest")
    judge = commands.add_parser("evaluate", help="class mAP and precision at 10 on held-out classes")
    for command in (tune, judge):
        command.add_argument("--model", type=Path, required=True)
        command.add_argument("--data", type=Path, required=True)
    tune.add_argument("--edits", type=Path, required=True, help="pictures and edits of them, with truth.csv")
    options = parser.parse_args(arguments)
    try:
        if options.command == "export":
            run_export(
                options.network,
                options.weights,
                Shards(options.data),
                options.out,
                dimension=options.dimension,
            )
        elif options.command == "calibrate":
            run_calibrate(options.model, options.edits, Shards(options.data))
        else:
            run_evaluate(options.model, Shards(options.data))
    except PhotofindError as error:
        print(f"photofind.training: {error}", file=sys.stderr)
        return 1
    return 0


def run_export(name: str, weights: Path | None, shards: Shards, out: Path, *, dimension: int = 512) -> Manifest:
    """Export one network of `networks.RECIPES`; see the package's docstring."""
    recipe = networks.RECIPES[name]
    if name == "resnet18-start":
        if weights is None:
            raise UserError("The starting ResNet needs --weights.")
        network = networks.resnet18_start(weights)
    else:
        network = networks.efficientnet_lite0(weights, input_px=recipe.input_px)
    if recipe.fits_projection:
        photos = shards.sample(FITTED_PHOTOS, held_out=False, leave_out=SMALL_SOURCES)
        projection.fit_to(network, shards.pixels(photos, network.input_px), dimension)
    calibration = shards.sample(CALIBRATION_PHOTOS, held_out=False, seed=1, leave_out=SMALL_SOURCES)
    checked = shards.sample(CHECKED_PHOTOS, held_out=True, leave_out=SMALL_SOURCES)
    return write_model(
        network,
        recipe,
        list(shards.pixels(calibration, network.input_px)),
        np.concatenate(list(shards.pixels(checked, network.input_px))),
        out,
    )


def write_model(
    network: networks.EmbeddingNetwork,
    recipe: networks.Recipe,
    calibration: Sequence[np.ndarray],
    checked: np.ndarray,
    out: Path,
) -> Manifest:
    """Write both ONNX files and the manifest of a network, and check them against torch.

    Args:
        network: Ready, in eval mode.
        recipe: What the manifest says of it.
        calibration: Batches of pixels for the int8 ranges.
        checked: Pixels on which the files are compared with torch, uint8 [n, px, px, 3].
        out: The model's folder; made if need be.

    Raises:
        ModelError, UserError: A file does not compute what torch does.
    """
    plain = export_onnx.export(network)
    models = {
        "float": export_onnx.store_as_half(plain),
        "int8": quantize.quantize(plain, calibration, float_convolutions=recipe.float_convolutions),
    }
    out.mkdir(parents=True, exist_ok=True)
    files = {}
    for variant in ("int8", "float"):
        path = out / f"model-{variant}.onnx"
        onnx.save(models[variant], path)
        data = path.read_bytes()
        files[variant] = ModelFile(path.name, hashlib.sha256(data).hexdigest(), len(data))
    with torch.no_grad():
        expected = np.concatenate(
            [network(torch.from_numpy(checked[i : i + 16])).numpy() for i in range(0, len(checked), 16)]
        )
        probe = network(torch.from_numpy(probe_pixels(network.input_px))).numpy()[0]
    manifest = Manifest(
        folder=out,
        model_id=out.name,
        architecture=recipe.architecture,
        input_px=network.input_px,
        dimension=int(expected.shape[1]),
        files=files,
        # Nothing counts as the same picture before `calibrate` has measured.
        calibration=Calibration(same_picture_cosine=1.0, similar_cosine=1.0, same_picture_recall=0.0),
        licence=recipe.licence,
        source=recipe.source,
        probe=probe,
    )
    (out / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    manifest = manifests.load(out)
    cosines = {}
    for variant in files:
        single = dataclasses.replace(manifest, files={variant: files[variant]})
        vectors = ImageEmbedder(single, "cpu").embed(checked)
        own = np.einsum("ij,ij->i", vectors, expected)
        cosines[variant] = own
        print(f"{variant}: cosine to torch mean {own.mean():.5f}, least {own.min():.5f}", file=sys.stderr)
    if cosines["float"].min() < TORCH_COSINE:
        raise UserError(f"The float file strays from torch: least cosine {cosines['float'].min():.5f}.")
    measured = {
        "int8_to_float_cosine": round(float(cosines["int8"].mean()), 4),
        "int8_to_float_cosine_least": round(float(cosines["int8"].min()), 4),
    }
    manifest = dataclasses.replace(manifest, measured=measured)
    (out / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def run_calibrate(folder: Path, edits_folder: Path, shards: Shards) -> None:
    """Measure thresholds and CPU time and write them into the manifest of the model in `folder`."""
    manifest = manifests.load(folder)
    embedder = ImageEmbedder(manifest, "cpu")
    photos = shards.classes(**JUDGING, leave_out=SMALL_SOURCES)
    edits = calibrate.embed_edits(embedder, edits_folder)
    others = calibrate.embed_shards(embedder, shards, photos)
    found = calibrate.calibrate(edits, others, [photo.label.casefold() for photo in photos])
    measured = dict(manifest.measured)
    for variant in manifest.files:
        measured[f"cpu_ms_{variant}"] = calibrate.cpu_ms(calibrate.only_variant(embedder, variant))
    manifest = dataclasses.replace(manifest, calibration=found.calibration, measured=measured)
    (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    print(f"{manifest.model_id}: {found.calibration}")
    print(f"highest cosine of different pictures {found.highest_different:.4f}; cpu {measured}")
    for kind, recall in found.recall_by_kind.items():
        print(f"  {kind:10} {recall:.3f}")


def run_evaluate(folder: Path, shards: Shards) -> None:
    """Print class mAP and P@10 of every file of the model in `folder`."""
    embedder = ImageEmbedder(manifests.load(folder), "cpu")
    photos = shards.classes(**JUDGING, leave_out=IMAGENET_SOURCES)
    labels = [photo.label.casefold() for photo in photos]
    for variant in embedder.manifest.files:
        vectors = calibrate.embed_shards(calibrate.only_variant(embedder, variant), shards, photos)
        found = class_retrieval(vectors, labels)
        print(
            f"{embedder.model_id} {variant}: mAP {found.mean_average_precision:.4f}, "
            f"P@10 {found.precision_at_10:.4f}, {found.queries} photos of {len(set(labels))} classes"
        )


if __name__ == "__main__":
    sys.exit(main())
