"""How far the levels of a whole map lie from those of healthy images: their mean and their spread."""

from dataclasses import dataclass, field

import numpy as np

from normocyte.core.errors import BundleError, TrainingError
from normocyte.core.fields import described
from normocyte.core.types import Maps, Mask, Scores, Table
from normocyte.scores.contract import Learnt, Score
from normocyte.scores.support.counting import counted, mean_of

_FEWEST = 3
_LEAST = 1e-6


def _nothing() -> Table:
    return np.empty(0)


@dataclass
class LevelDistance(Score):
    """The Mahalanobis distance of mean and standard deviation of a map from those of healthy images.

    Mahalanobis, Proc. Natl. Inst. Sci. India 2 (1936) 49. It knows nothing of where a level lies. Behind
    `grayscale` and `contrast_map` it is the plainest rule for gray images: is one as bright, and as rich in
    contrast, as healthy ones are. `fit` needs 3 healthy images.
    """

    masked: bool = described(True, "over the pixels that count, not over all")
    centre_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)
    root_: Table = field(init=False, default_factory=_nothing, repr=False, compare=False)

    @property
    def fewest(self) -> int:
        return _FEWEST

    def fit(self, maps: Maps, masks: Mask) -> None:
        levels = self._levels(maps, masks)
        levels = levels[np.isfinite(levels).all(axis=1)]
        if len(levels) < _FEWEST:
            raise TrainingError(
                f"level_distance got {len(levels)} healthy images to learn from; give it at least {_FEWEST}."
            )
        self.centre_ = levels.mean(axis=0)
        least = np.square(_LEAST * np.maximum(1.0, np.abs(self.centre_)))  # where all images are alike
        covariance = np.cov(levels, rowvar=False) + np.diag(least)
        self.root_ = np.linalg.inv(np.linalg.cholesky(covariance))

    def reduce(self, maps: Maps, masks: Mask) -> Scores:
        if self.centre_.size == 0:
            raise TrainingError(
                f"level_distance has learnt from no image yet; give fit at least {_FEWEST} maps of healthy "
                "images before it scores."
            )
        away = self._levels(maps, masks) - self.centre_
        whitened = (away[:, np.newaxis, :] * self.root_).sum(axis=2)
        return np.asarray(np.sqrt(np.square(whitened).sum(axis=1)))

    def learnt(self) -> Learnt:
        return {"centre": self.centre_, "root": self.root_} if self.centre_.size else {}

    def restore(self, learnt: Learnt) -> None:
        missing = [name for name in ("centre", "root") if name not in learnt]
        if missing:
            raise BundleError(
                f"The bundle's calibration lacks {', '.join(missing)} of level_distance; make it again."
            )
        self.centre_, self.root_ = learnt["centre"], learnt["root"]

    def _levels(self, maps: Maps, masks: Mask) -> Table:
        """Mean and standard deviation of each map, (n, 2); NaN where no pixel counts."""
        counts = counted(masks, is_masked=self.masked)
        means = mean_of(maps, counts)
        away = maps - means[:, np.newaxis, np.newaxis]
        return np.stack([means, np.sqrt(mean_of(np.square(away), counts))], axis=1)
