"""The linear autoencoder: principal components of healthy cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.extras import needs
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors._base import Detector, Training
from normocyte.detectors._graphs import linear_graph
from normocyte.detectors._onnx import run_graph
from normocyte.detectors._residual import check_direction, signed_residual


@dataclass
class Pca(Detector):
    """Gives back what the first principal components of healthy cells can say (Pearson, Phil. Mag. 2, 1901).

    components: how many; darker_is: "higher" where a larger pixel value means darker, "lower" for brightness.
    """

    components: int = 32
    darker_is: str = "higher"

    def __post_init__(self) -> None:
        """Refuse no components."""
        check_direction(self.darker_is)
        if self.components < 1:
            raise ConfigError(f"components must be at least 1, not {self.components}.")

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to stop
        if len(healthy) <= self.components:
            raise TrainingError(
                f"{self.components} components need more than that many healthy cells, but got "
                f"{len(healthy)}; "
                "lower components or add cells."
            )
        decomposition = needs("sklearn.decomposition", "train")
        model = decomposition.PCA(self.components, svd_solver="randomized", random_state=training.seed)
        model.fit(healthy.pixels.reshape(len(healthy), -1))
        self.graph_ = linear_graph(
            model.mean_.astype(np.float32), model.components_.astype(np.float32), healthy.pixels.shape[1:]
        )

    def expected(self, batch: Batch) -> Pixels:
        return run_graph(self.graph_, batch.pixels)

    def maps(self, batch: Batch) -> Maps:
        return signed_residual(batch.pixels, self.expected(batch), self.darker_is)
