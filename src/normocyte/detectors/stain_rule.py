"""The rule that learns nothing: how far green falls below the cell's own median."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.networks.graphs import constant_graph

GREEN = 1
MEDIAN = 1.0


@dataclass
class StainRule(Detector):
    """A rule: how much darker than the cell's own median the green channel is, which chromatin darkens most.

    Needs the step `stain_ratio` before it, so that the median is 1. With the score `dark_top_fraction` at
    fraction 0 (the darkest pixel), this is -min(green / median green) in the mask, up to a constant.
    """

    learns: ClassVar[bool] = False

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        if shape[-1] != GREEN + 2:
            raise ConfigError(
                f"stain_rule reads the green of three channels, but got {shape[-1]}; "
                "use stain_ratio before it and leave out grayscale."
            )

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to learn
        self.check_shape(healthy.pixels.shape[1:])
        self.graph_ = constant_graph(MEDIAN, healthy.pixels.shape[1:])

    def expected(self, batch: Batch) -> Pixels:
        return np.full_like(batch.pixels, MEDIAN)  # what the graph answers; the rule also stands without it

    def maps(self, batch: Batch) -> Maps:
        return np.float32(MEDIAN) - batch.pixels[..., GREEN]
