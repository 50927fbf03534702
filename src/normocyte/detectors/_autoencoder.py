"""What every autoencoder shares: it gives back healthy cells, and what it cannot give back is unusual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors._network import Lesson, Network
from normocyte.detectors._onnx import run_graph
from normocyte.detectors._residual import SIGNED, check_direction, check_reading, signed_residual

LOSSES = ("mse", "mae")


@dataclass
class Autoencoder(Network):
    """Learns to give back healthy cells; what it cannot give back is unusual.

    loss: "mse" or "mae"; darker_is: "higher" where a larger pixel value means darker (contrast), "lower" for
    brightness; reading: what the map shows of several channels, "signed" (the size of the error in all),
    "contrast" (green - (red + blue) / 2) or "green".
    """

    loss: str = "mse"
    darker_is: str = "higher"
    reading: str = SIGNED

    def __post_init__(self) -> None:
        """Refuse impossible fields."""
        check_direction(self.darker_is)
        check_reading(self.reading)
        if self.loss not in LOSSES:
            raise ConfigError(f"loss must be one of {', '.join(LOSSES)}, not '{self.loss}'.")
        super().__post_init__()

    def inputs(self, healthy: Batch, chance: np.random.Generator) -> Pixels:  # noqa: ARG002 - to be mended
        """What the network sees while it learns to give these cells back: themselves, or spoilt ones."""
        return healthy.pixels

    def lesson(self, healthy: Batch, chance: np.random.Generator) -> Lesson:
        return Lesson(self.inputs(healthy, chance), healthy.pixels)

    def objective(self) -> str:
        return self.loss

    def expected(self, batch: Batch) -> Pixels:
        return run_graph(self.graph_, batch.pixels)

    def maps(self, batch: Batch) -> Maps:
        return signed_residual(batch.pixels, self.expected(batch), self.darker_is, self.reading)
