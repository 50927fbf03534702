"""The linear autoencoder: principal components of healthy cells."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from normocyte.core.errors import TrainingError, needs
from normocyte.core.fields import described
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.networks.graphs import linear_graph
from normocyte.detectors.support.onnx_graph import run_graph
from normocyte.detectors.support.residual import direction, reading_of_channels, signed_residual


@dataclass
class Pca(Detector):
    """Reproduces a cell from principal components of healthy cells (Pearson, Phil. Mag. 2, 1901)."""

    needs_to_learn: ClassVar[tuple[str, ...]] = ("sklearn",)
    is_seeded: ClassVar[bool] = True

    components: int = described(32, "how many principal components", at_least=1)
    darker_is: str = direction()
    reading: str = reading_of_channels()

    @property
    def fewest(self) -> int:
        return self.components + 1

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to stop
        cells = healthy.pixels.reshape(len(healthy), math.prod(healthy.pixels.shape[1:]))
        self._check(cells)
        decomposition = needs("sklearn.decomposition", "train")
        model = decomposition.PCA(self.components, svd_solver="randomized", random_state=training.seed)
        with np.errstate(divide="ignore", invalid="ignore"):  # where all cells are alike
            model.fit(cells)
        self.graph_ = linear_graph(
            model.mean_.astype(np.float32), model.components_.astype(np.float32), healthy.pixels.shape[1:]
        )

    def _check(self, cells: Pixels) -> None:
        count, length = cells.shape
        if count <= self.components or length < self.components:
            raise TrainingError(
                f"{self.components} components need more healthy cells than that, and as many pixel values a "
                f"cell, but got {count} cells of {length} values; lower components or add cells."
            )
        bad = int(np.count_nonzero(~np.isfinite(cells)))
        if bad:
            raise TrainingError(
                f"{bad} pixel values of the healthy cells are not finite numbers; check the steps before it."
            )

    def expected(self, batch: Batch) -> Pixels:
        return run_graph(self.graph_, batch.pixels)

    def maps(self, batch: Batch) -> Maps:
        return signed_residual(batch.pixels, self.expected(batch), self.darker_is, self.reading)
