"""Shows what the detector of a pipeline made of cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Image8
from normocyte.core.types import Sample
from normocyte.pipeline.heat import HeatScale
from normocyte.pipeline.pipeline import Pipeline, stack
from normocyte.results.evaluation import View


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
    expected = detector.expected(batch) if detector.gives_expected else batch.pixels
    maps = pipeline.maps(batch)
    return [
        View(
            images[place],
            batch.pixels[place],
            expected[place],
            maps[place],
            batch.masks[place],
            *scale.heat(maps[place], batch.masks[place]),
            has_expected=detector.gives_expected,
        )
        for place in range(len(samples))
    ]


def not_finite(view: View) -> int:
    """How many values of the map, where it counts, are no finite numbers."""
    inside: npt.NDArray[np.bool_] = view.mask > 0
    return int(np.count_nonzero(~np.isfinite(view.residual[inside])))
