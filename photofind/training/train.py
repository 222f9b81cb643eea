"""The training loop: photos in, a better network out; it can be stopped at any step and goes on exactly there.

Each step draws photos, makes a weak and a strong view of each, and pulls both to the teacher's vector of the whole
photo and to its text vector (`losses`). What a step does depends only on the seed and the number of the step, never
on what ran before, so that a resumed run is the run that was not interrupted. The learning rate falls along a
cosine, by steps or by wall time.

An alternative that lost: a training framework. What is left of the loop when it is taken away is this page.
"""

import copy
import dataclasses
import json
import logging
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from photofind.errors import UserError
from photofind.training import losses
from photofind.training.augment import STRONG, WEAK, augment
from photofind.training.networks import EmbeddingNetwork

logger = logging.getLogger(__name__)

CHECKPOINT_VERSION = 1
LOG_EVERY = 20
"""Steps between two lines of the log."""


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos of one size with what is known of each.

    Attributes:
        pixels: uint8 [n, h, w, 3], possibly a memory map.
        vectors: The teacher's embeddings, float [n, d], rows of length 1, or None.
        text_vectors: The teacher's text vectors, float [n, t], rows of length 1, or None.
        captions: Vectors of captions, float [m, t], rows of length 1; () without any.
        captions_of: Rows of `captions` of each photo that has some.
        labels: int64 [n], -1 for none.
        share: How often these photos are drawn, against other sets.
    """

    pixels: NDArray[np.uint8]
    vectors: NDArray[np.floating] | None = None
    text_vectors: NDArray[np.floating] | None = None
    captions: NDArray[np.floating] | None = None
    captions_of: dict[int, tuple[int, ...]] = field(default_factory=dict)
    labels: NDArray[np.int64] | None = None
    share: float = 1.0
    weights: NDArray[np.floating] | None = None
    """Relative chance of each photo, [n]; None: all alike."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run goes.

    Attributes:
        minutes, steps: How long, one of the two; with minutes the learning rate follows the clock.
        batch: Photos in a step; each gives two views.
        side_px: Side of the views. Smaller than the network's input on purpose: cut-outs show things larger than
            whole photos do, which a larger input evens out (Touvron et al., "Fixing the train-test resolution
            discrepancy", 2019).
        trunk_rate, head_rate: Highest learning rates of AdamW.
        weight_decay: On matrices and convolutions.
        warm_up: Share of the run in which the rate rises.
        average: Decay of the exponential moving average of the weights, which is what is exported.
        frozen_stages: So many stages of the trunk, and the stem, keep their weights; needs no gradient there.
        seed: Of everything random.
        distil, text, relation, contrast, caption, label: Weights of the losses.
    """

    minutes: float | None = None
    steps: int | None = None
    batch: int = 32
    side_px: int = 128
    trunk_rate: float = 3e-4
    head_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warm_up: float = 0.03
    average: float = 0.998
    frozen_stages: int = 0
    seed: int = 0
    distil: float = 4.0
    text: float = 2.0
    relation: float = 0.5
    contrast: float = 0.3
    caption: float = 0.15
    label: float = 1.0

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.steps is None):
            raise UserError("A training run needs either minutes or steps.")


class Trainer:
    """One run.

    Args:
        network: Trained in place; `averaged` is the one to export.
        sets: What it learns from.
        plan: How.
        folder: Checkpoint, log and curve go there; made if need be. A checkpoint that lies there is gone on from.
        device: "cpu" or "cuda".

    Raises:
        UserError: The checkpoint belongs to another network or plan, or a newer program wrote it.
    """

    def __init__(
        self, network: EmbeddingNetwork, sets: Sequence[Photos], plan: Plan, folder: Path, device: str = "cpu"
    ) -> None:
        self.plan = plan
        self.step = 0
        self.seconds = 0.0
        self._sets = sets
        self._folder = folder
        self._device = torch.device(device)
        self._shares = np.array([part.share for part in sets], np.float64)
        self._shares /= self._shares.sum()
        self._chances = [
            None if part.weights is None else np.cumsum(part.weights, dtype=np.float64) / part.weights.sum()
            for part in sets
        ]
        self.network = network.to(self._device, memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.network)
        self._freeze()
        self._optimiser = self._make_optimiser()
        self._history: list[dict[str, float]] = []
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "checkpoint.pt").is_file():
            self._restore()

    def run(self, *, save_every_s: float = 300.0, until_step: int | None = None) -> None:
        """Train until the plan's end (or `until_step`), saving now and then and at the end.

        Raises:
            UserError: The loss is no number any more; the checkpoint before is kept.
        """
        self.network.train()
        started, before = time.monotonic(), self.seconds
        saved = started
        while not self._is_done() and (until_step is None or self.step < until_step):
            figures = self._learn()
            self.seconds = before + time.monotonic() - started
            if self.step % LOG_EVERY == 0 or self.step == 1:
                if not math.isfinite(figures["loss"]):
                    raise UserError(f"The loss is no number any more at step {self.step}; try a lower rate.")
                self._log(figures)
            if time.monotonic() - saved > save_every_s:
                self.save()
                saved = time.monotonic()
        self.save()

    def save(self) -> None:
        """Write the checkpoint, the log and the curve; the checkpoint by a temporary file, so that none is half."""
        temporary = self._folder / "checkpoint.tmp"
        torch.save(
            {
                "version": CHECKPOINT_VERSION,
                "plan": json.dumps(dataclasses.asdict(self.plan)),
                "step": self.step,
                "seconds": self.seconds,
                "network": self.network.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimiser": self._optimiser.state_dict(),
                "history": json.dumps(self._history),
            },
            temporary,
        )
        os.replace(temporary, self._folder / "checkpoint.pt")
        if self._history:
            draw_curve(self._history, self._folder / "curve.png")

    # ------------------------------------------------------------------------------------------ the inside

    def _restore(self) -> None:
        path = self._folder / "checkpoint.pt"
        kept = torch.load(path, map_location=self._device, weights_only=True)
        if kept.get("version") != CHECKPOINT_VERSION:
            raise UserError(f"{path} was written by another version of the training code.")
        before = json.loads(kept["plan"])
        now = dataclasses.asdict(self.plan)
        # Longer is fine, that is what resuming is for; everything else would be another run under the same name.
        differing = [name for name in now if name not in ("minutes", "steps") and before.get(name) != now[name]]
        if differing:
            raise UserError(f"{path} belongs to a run with another plan ({', '.join(differing)}).")
        try:
            self.network.load_state_dict(kept["network"])
            self.averaged.load_state_dict(kept["averaged"])
            self._optimiser.load_state_dict(kept["optimiser"])
        except (RuntimeError, ValueError) as error:
            raise UserError(f"{path} belongs to another network.") from error
        self.step, self.seconds = kept["step"], kept["seconds"]
        self._history = json.loads(kept["history"])

    def _freeze(self) -> None:
        if not self.plan.frozen_stages:
            return
        trunk = self.network.trunk
        for part in [trunk.stem, *trunk.stages[: self.plan.frozen_stages]]:
            for parameter in part.parameters():
                parameter.requires_grad_(False)

    def _make_optimiser(self) -> Any:
        trunk: dict[bool, list[Any]] = {True: [], False: []}
        heads: dict[bool, list[Any]] = {True: [], False: []}
        for name, parameter in self.network.named_parameters():
            if parameter.requires_grad:
                group = trunk if name.startswith("trunk.") else heads
                group[parameter.ndim > 1].append(parameter)
        groups = [
            {
                "params": chosen[is_matrix],
                "weight_decay": self.plan.weight_decay if is_matrix else 0.0,
                "peak": rate,
            }
            for chosen, rate in ((trunk, self.plan.trunk_rate), (heads, self.plan.head_rate))
            for is_matrix in (True, False)
        ]
        return torch.optim.AdamW(groups, betas=(0.9, 0.98))

    def _progress(self) -> float:
        """Share of the run that is over, 0 to 1."""
        if self.plan.steps is not None:
            return min(1.0, self.step / self.plan.steps)
        assert self.plan.minutes is not None
        return min(1.0, self.seconds / (self.plan.minutes * 60))

    def _is_done(self) -> bool:
        return self._progress() >= 1.0

    def _learn(self) -> dict[str, float]:
        progress = self._progress()
        factor = min(1.0, (progress + 1e-3) / self.plan.warm_up) * 0.5 * (1 + math.cos(math.pi * progress))
        for group in self._optimiser.param_groups:
            group["lr"] = group["peak"] * factor
        random = np.random.default_rng((self.plan.seed, self.step))
        generator = torch.Generator().manual_seed(int(random.integers(2**62)))
        photos, known = self._draw(random)
        weak = augment(photos, self.plan.side_px, WEAK, generator)
        strong = augment(photos, self.plan.side_px, STRONG, generator)
        views = torch.cat([weak, strong])
        images = (views - self.network.mean) * self.network.scale
        images = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._halves()):
            given = self.network.embed_images(images)
        vectors, texts = given if isinstance(given, tuple) else (given, None)
        parts = self._losses(vectors.float(), None if texts is None else texts.float(), known)
        loss = sum(getattr(self.plan, name) * value for name, value in parts.items())
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 3.0)
        self._optimiser.step()
        self._average()
        self.step += 1
        figures = {name: float(value.detach()) for name, value in parts.items()}
        return {"loss": float(loss.detach()), **figures, "rate": factor}

    def _halves(self) -> bool:
        """bfloat16 where the processor multiplies it: every CUDA device in question, and CPUs with avx512_bf16."""
        return bool(self._device.type == "cuda" or torch.cpu._is_avx512_bf16_supported())

    def _draw(self, random: np.random.Generator) -> tuple[Any, "_Known"]:
        """Return the photos of one step, all from one set, and what is known of them."""
        which = int(random.choice(len(self._sets), p=self._shares))
        part, chances = self._sets[which], self._chances[which]
        count = min(self.plan.batch, len(part.pixels))
        if chances is None:
            rows = random.choice(len(part.pixels), count, replace=False)
        else:
            rows = np.unique(np.searchsorted(chances, random.random(count)).clip(max=len(chances) - 1))
        rows = np.sort(rows)  # a memory map is read in order
        photos = torch.from_numpy(np.ascontiguousarray(part.pixels[rows])).permute(0, 3, 1, 2).to(self._device)
        captioned, captions = [], []
        if part.captions is not None:
            for place, row in enumerate(rows.tolist()):
                if row in part.captions_of:
                    captioned.append(place)
                    captions.append(part.captions[int(random.choice(part.captions_of[row]))])
        return photos, _Known(
            vectors=self._tensor(part.vectors, rows),
            text_vectors=self._tensor(part.text_vectors, rows),
            labels=None if part.labels is None else torch.from_numpy(part.labels[rows]).to(self._device),
            captioned=captioned,
            captions=torch.from_numpy(np.stack(captions).astype(np.float32)).to(self._device) if captions else None,
        )

    def _tensor(self, values: NDArray[np.floating] | None, rows: NDArray[np.int64]) -> Any:
        if values is None:
            return None
        return functional.normalize(torch.from_numpy(values[rows].astype(np.float32)).to(self._device), dim=1)

    def _losses(self, vectors: Any, texts: Any, known: "_Known") -> dict[str, Any]:
        half = len(vectors) // 2
        weak, strong = vectors[:half], vectors[half:]
        parts = {"contrast": losses.view_contrast(weak, strong, known.vectors)}
        if known.vectors is not None:
            twice = torch.cat([known.vectors, known.vectors])
            parts["distil"] = losses.distillation(vectors, twice)
            parts["relation"] = losses.relation(weak, known.vectors) + losses.relation(strong, known.vectors)
        elif known.labels is not None:
            parts["label"] = losses.supervised_contrast(vectors, torch.cat([known.labels, known.labels]))
        if texts is not None and known.text_vectors is not None:
            parts["text"] = losses.distillation(texts, torch.cat([known.text_vectors, known.text_vectors]))
        if texts is not None and len(known.captioned) > 1:
            parts["caption"] = losses.caption_contrast(texts[known.captioned], known.captions)
        return parts

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _average(self) -> None:
        # Young averages follow faster: the first weights are no better than any.
        decay = min(self.plan.average, (1 + self.step) / (10 + self.step))
        for kept, now in zip(self.averaged.state_dict().values(), self.network.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(now, 1 - decay)
            else:
                kept.copy_(now)

    def _log(self, figures: dict[str, float]) -> None:
        line = {"step": self.step, "minutes": round(self.seconds / 60, 2)}
        line |= {name: round(value, 4) for name, value in figures.items()}
        self._history.append(line)
        logger.info(" ".join(f"{name} {value:g}" for name, value in line.items()))
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(slots=True)
class _Known:
    """What is known of the photos of one step; tensors on the device."""

    vectors: Any
    text_vectors: Any
    labels: Any
    captioned: list[int]
    captions: Any


def draw_curve(history: Sequence[dict[str, float]], path: Path) -> None:
    """Draw the losses over the steps into a PNG, each smoothed by a running mean."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 5), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    names = [name for name in history[-1] if name not in ("step", "minutes", "rate")]
    for name in names:
        points = [(line["step"], line[name]) for line in history if name in line]
        values = np.array([value for _, value in points])
        width = max(1, len(values) // 40)
        smooth = np.convolve(np.pad(values, (width - 1, 0), mode="edge"), np.ones(width) / width, mode="valid")
        axes.plot([step for step, _ in points], smooth, label=name)
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path)
