"""What every autoencoder shares: it gives back healthy cells, and what it cannot give back is unusual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.fields import described
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.network import Network, TrainingPairs
from normocyte.detectors.support.onnx_graph import run_graph
from normocyte.detectors.support.residual import (
    DIRECTIONS,
    TWO_SIDED,
    direction,
    reading_of_channels,
    signed_residual,
)

ROBUST = "mse"
LOSSES = (ROBUST, "mae")


@dataclass
class Autoencoder(Network):
    """Learns to give back healthy cells; what it cannot give back is unusual.

    Where the cell is darker than the answer by more than `robust_beyond`, "mse" grows no faster than a
    logarithm, so that what is not healthy teaches little; with the reading "two_sided" where it is lighter,
    too.
    """

    loss: str = described("mse", "loss of the training", one_of=LOSSES)
    darker_is: str = direction()
    reading: str = reading_of_channels()
    robust_beyond: float = described(
        0.0,
        "where mse becomes robust; 0 for never",
        unit="units of the input",
        at_least=0,
    )

    def __post_init__(self) -> None:
        """Refuse a robust form of a loss that has none."""
        super().__post_init__()
        if self.robust_beyond and self.loss != ROBUST:
            raise ConfigError(f"robust_beyond must be 0 with the loss {self.loss}, not {self.robust_beyond}.")

    def inputs(self, healthy: Batch, rng: np.random.Generator) -> Pixels:  # noqa: ARG002 - to be mended
        """What the network sees while it learns to give these cells back: themselves, or spoilt ones."""
        return healthy.pixels

    def lesson(self, healthy: Batch, rng: np.random.Generator) -> TrainingPairs:
        return TrainingPairs(self.inputs(healthy, rng), healthy.pixels)

    def objective(self) -> Any:
        if not self.robust_beyond:
            return self.loss
        is_two_sided = self.reading == TWO_SIDED
        return forgiving_square(self.robust_beyond, None if is_two_sided else DIRECTIONS[self.darker_is])

    def expected(self, batch: Batch) -> Pixels:
        return run_graph(self.graph_, batch.pixels)

    def maps(self, batch: Batch) -> Maps:
        return signed_residual(batch.pixels, self.expected(batch), self.darker_is, self.reading)


def forgiving_square(beyond: float, darker: float | None) -> Callable[[Any, Any], Any]:
    """The mean square of wanted - answered, but where the wanted is darker by more than `beyond` a logarithm.

    Value and slope are continuous there, and the slope then falls as 1 / residual: an M-estimator that lets
    go of outliers (Huber, Ann. Math. Statist. 35 (1964) 73, is the one that only holds them; the fall is that
    of Cauchy's). Only the dark side is forgiven, for a parasite is dark: where the answer is the darker one,
    as where a synthetic parasite was left, the square remains. `darker` is 1 where a larger value is darker,
    else -1; None forgives both sides.
    """
    ops = load_keras().ops

    def loss(wanted: Any, answered: Any) -> Any:
        apart = wanted - answered
        residual = ops.abs(apart) if darker is None else darker * apart
        beyond_it = 1 + 2 * ops.log(ops.maximum(residual, beyond) / beyond)
        return ops.mean(ops.where(residual <= beyond, ops.square(residual), beyond**2 * beyond_it))

    return loss
