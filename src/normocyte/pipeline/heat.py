"""What is shown of a cell: its map by the threshold of its bundle, so that a colour always means the same."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from normocyte.core.types import Batch, Image8, Maps, Mask, Sample
from normocyte.detectors.contract import Detector
from normocyte.detectors.support.residual import SIGNED, TWO_SIDED
from normocyte.pipeline.pipeline import Pipeline, stack
from normocyte.results.evaluation import View
from normocyte.scores.contract import Score

Heat = npt.NDArray[np.float32]
Levels = npt.NDArray[np.float64]

_SIZES = np.logspace(-6, 6, 289)
_SIDE_PX = 8
_NAMES = 256
_OF_OWN_MOST = 2.0
_USUAL_NAMES = range(1, 9)
_FULL = 2.0
_READING = "reading"


def _unreached() -> Levels:
    return np.full(_NAMES, np.inf)


@dataclass
class HeatScale:
    """Heat 1 lies at the threshold: a region that is so unusual throughout would, or the whole cell.

    That residual is found by asking the score for constant maps of one region, darker and paler ones. Where
    no residual reaches the threshold, or none at all already does, there is no such scale.
    """

    score: Score
    cut: float
    _asked: set[int] = field(init=False, default_factory=set, repr=False)
    _darker: Levels = field(init=False, default_factory=_unreached, repr=False)
    _paler: Levels = field(init=False, default_factory=_unreached, repr=False)

    def heat(self, residual: npt.NDArray[np.float32], mask: Mask) -> tuple[Heat, bool]:
        """The heat of one map (height, width), and whether the threshold measures it.

        Else the cell's own largest residual is 2. It is 0 where nothing counts.
        """
        darker, paler = self._levels(mask)
        inside = np.where(mask > 0, np.nan_to_num(residual), 0)
        has_cut = bool(np.isfinite([darker[mask], paler[mask]]).any())
        if has_cut:
            heat = np.maximum(inside / darker[mask], -inside / paler[mask])
        else:
            heat = _OF_OWN_MOST * np.abs(inside) / (np.abs(inside).max(initial=0) or 1)
        return heat.astype(np.float32), has_cut

    def strength(self) -> float:
        """The residual at twice the threshold, in the middle of the regions; 0 where there is no scale."""
        darker, paler = self._levels(np.array(_USUAL_NAMES, np.uint8))
        levels = np.concatenate([darker, paler])
        finite = levels[np.isfinite(levels)]
        return _FULL * float(np.median(finite)) if finite.size else 0.0

    def _levels(self, mask: Mask) -> tuple[Levels, Levels]:
        """The residuals at the threshold by name of the region, each (256,); infinite without one."""
        for name in set(np.unique(mask).tolist()) - {0} - self._asked:
            self._darker[name] = self._level(name, 1.0)
            self._paler[name] = self._level(name, -1.0)
            self._asked.add(name)
        return self._darker, self._paler

    def _level(self, name: int, sign: float) -> float:
        shape = (len(_SIZES), _SIDE_PX, _SIDE_PX)
        maps: Maps = np.broadcast_to((sign * _SIZES)[:, None, None], shape).astype(np.float32)
        scores = self.score.reduce(maps, np.full(shape, name, np.uint8))
        above = np.flatnonzero(scores > self.cut)
        if not len(above) or above[0] == 0:
            return float("inf")
        pair = slice(above[0] - 1, above[0] + 1)
        return float(np.exp(np.interp(self.cut, scores[pair], np.log(_SIZES[pair]))))


def heat_scale(pipeline: Pipeline) -> HeatScale:
    """What a colour means for every cell of this pipeline."""
    return HeatScale(pipeline.shown.score, pipeline.map_cut)


def views(
    pipeline: Pipeline, scale: HeatScale, images: Sequence[Image8], samples: Sequence[Sample]
) -> list[View]:
    """One view an image, given the samples that the pipeline prepared of them; none for none."""
    if not samples:
        return []
    batch = stack(samples)
    detector = pipeline.shown.detector
    expected, is_healthy = detector.healthy(batch) if detector.gives_expected else (batch.pixels, True)
    maps = pipeline.maps(batch)
    residuals = _with_sides(detector, batch, maps)
    return [
        View(
            images[place],
            batch.pixels[place],
            expected[place],
            residuals[place],
            batch.masks[place],
            *scale.heat(maps[place], batch.masks[place]),
            has_expected=detector.gives_expected,
            is_healthy=is_healthy,
        )
        for place in range(len(samples))
    ]


def _with_sides(detector: Detector, batch: Batch, maps: Maps) -> Maps:
    """The maps to be looked at: those of a two-sided reading with the side that each pixel lies on."""
    if getattr(detector, _READING, "") != TWO_SIDED:
        return maps
    signed = copy(detector)
    vars(signed)[_READING] = SIGNED
    return signed.maps(batch)


def not_finite(view: View) -> int:
    """How many values of the map, where it counts, are no finite numbers."""
    inside: npt.NDArray[np.bool_] = view.mask > 0
    return int(np.count_nonzero(~np.isfinite(view.residual[inside])))
