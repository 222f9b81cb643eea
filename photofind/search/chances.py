"""What a likeness means to a person: the chance that a hit is the same picture, and that it shows the same scene.

Pure functions on arrays; the query thread calls them. The chance of "same scene" is the manifest's own curve,
fitted on pairs that stand side by side in an answer. That of "same picture" is not: the manifest's was fitted on
edits against pictures of other subjects, and two daisies are not the same picture. Here the curve goes through the
two thresholds, one in ten at `similar_cosine`, nine in ten at `same_picture_cosine`, and nowhere above the
manifest's.

Measured with Lite2 on 1,500 photos of 190 kinds and 720 edits of 120 of them, among the six nearest of each: at a
cosine of .6, .7, .8 and .9 the share of edits was .27, .46, .87 and .99; this curve says .26, .48, .71 and .87, the
manifest's .97, 1.00, 1.00 and 1.00. It errs on the side of two pictures.

Evidence beats the network. Equal bytes are the same picture, and what the hashes call so nearly surely, whatever
the cosine of a turned copy; where the camera says that two frames were taken, they are two pictures however alike.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from photofind.embedding.manifest import Calibration, Chance
from photofind.records import MatchKind

AT_SIMILAR = 0.1
AT_SAME = 0.9
LEAST_WIDTH = 0.02
"""Networks whose two thresholds lie nearer to each other get a curve as if they were so far apart."""

FLOORS = {MatchKind.IDENTICAL: 1.0, MatchKind.SAME: 0.95}
"""Least chance of the same picture by kind. Hashes that agree are wrong in none of a million pairs, but a hit can
be of this kind by its cosine alone, too."""
TWO_FRAMES = 0.01
"""Most chance of the same picture where the camera says that there are two."""
BURST_SCENE = 0.99
"""Least chance of the same scene of what one camera took within seconds and the network finds near."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of n hits beside their cosine, as bounds of chances: float64 [n] each."""

    picture_floor: NDArray[np.float64]
    picture_ceiling: NDArray[np.float64]
    scene_floor: NDArray[np.float64]

    @classmethod
    def none(cls, count: int) -> Self:
        """Return what leaves everything to the cosine."""
        return cls(np.zeros(count), np.ones(count), np.zeros(count))

    @classmethod
    def of(cls, kinds: Sequence[MatchKind], are_other_shots: NDArray[np.bool_]) -> Self:
        """Return what follows from the kind of each hit, and from what the camera says."""
        floor = np.array([FLOORS.get(kind, 0.0) for kind in kinds])
        is_burst = np.array([kind is MatchKind.BURST for kind in kinds], dtype=bool)
        two = (are_other_shots | is_burst) & (floor == 0)
        return cls(floor, np.where(two, TWO_FRAMES, 1.0), np.where(is_burst, BURST_SCENE, 0.0))

    def spread(self, rows: NDArray[np.int64], count: int) -> "Evidence":
        """Return the same for `count` hits, of which these are the given rows and the others have no evidence."""
        whole = Evidence.none(count)
        whole.picture_floor[rows] = self.picture_floor
        whole.picture_ceiling[rows] = self.picture_ceiling
        whole.scene_floor[rows] = self.scene_floor
        return whole


@dataclass(frozen=True, slots=True)
class Chances:
    """What the cosines of one network mean.

    Attributes:
        picture: Chance of "same picture", cautious.
        fitted: The manifest's own, if it has one.
        scene: Chance of "same scene", if the network tells it.
    """

    picture: Chance
    fitted: Chance | None
    scene: Chance | None

    @classmethod
    def of(cls, calibration: Calibration) -> Self:
        """Return the curves of a network."""
        high = calibration.same_picture_cosine
        low = min(calibration.similar_cosine, high - LEAST_WIDTH)
        slope = (_exponent(AT_SAME) - _exponent(AT_SIMILAR)) / (high - low)
        cautious = Chance(slope, _exponent(AT_SAME) - slope * high)
        return cls(cautious, calibration.same_picture, calibration.same_scene)

    @property
    def tells_scenes(self) -> bool:
        """Whether there is a chance of "same scene"."""
        return self.scene is not None

    def same_picture(self, cosines: NDArray[np.float32], evidence: Evidence) -> NDArray[np.float64]:
        """Return the chances that hits are the same picture, float64 [n]."""
        chances = at(self.picture, cosines)
        if self.fitted is not None:
            chances = np.minimum(chances, at(self.fitted, cosines))
        return np.clip(chances, evidence.picture_floor, evidence.picture_ceiling)

    def same_scene(self, cosines: NDArray[np.float32], evidence: Evidence) -> NDArray[np.float64]:
        """Return the chances that hits show the same scene, float64 [n]; never less than of the same picture."""
        chances = at(self.scene, cosines) if self.scene is not None else np.zeros(len(cosines))
        return np.maximum(np.maximum(chances, evidence.scene_floor), self.same_picture(cosines, evidence))


def _exponent(chance: float) -> float:
    return math.log(chance / (1 - chance))


def at(curve: Chance, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the chances of a curve at these cosines, float64 [n]."""
    with np.errstate(over="ignore"):  # a steep curve far below its middle: the chance is 0
        return np.asarray(1 / (1 + np.exp(-(curve.slope * cosines.astype(np.float64) + curve.intercept))))
