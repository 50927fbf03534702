"""The map that learns nothing: what preprocessing shows is what is unusual."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.networks.graphs import constant_graph
from normocyte.detectors.support.residual import direction, signed_residual

NOTHING = 0.0


@dataclass
class ContrastMap(Detector):
    """No model: the map is the image itself, as if a healthy cell showed nothing.

    Needs a step before it that is zero where nothing is unusual, such as `chromatin_contrast`. With the score
    `regional_tail` it is the strongest rule without a network.
    """

    learns: ClassVar[bool] = False

    darker_is: str = direction()

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to learn
        if not len(healthy):
            raise TrainingError("contrast_map got 0 healthy cells to know the size from; give it one.")
        self.graph_ = constant_graph(NOTHING, healthy.pixels.shape[1:])

    def expected(self, batch: Batch) -> Pixels:
        return np.full_like(batch.pixels, NOTHING)  # what the graph answers; the map also stands without it

    def maps(self, batch: Batch) -> Maps:
        return signed_residual(batch.pixels, self.expected(batch), self.darker_is)
