"""A Gaussian of healthy features for every position, and how far a place lies from its own (PaDiM)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import needs
from normocyte.core.seeds import generator
from normocyte.core.types import Batch, Table
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_maps.encoder import JUDGED, PLACES, Constants, Encoder

_TINY = 1e-6

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class PositionConfig:
    """How many features are compared, and how far the covariances of positions are made alike."""

    features: int
    shrinkage: float


def position_graph(encoder: Encoder, healthy: Batch, config: PositionConfig, training: Training) -> bytes:
    """The graph that gives the Mahalanobis distance from the Gaussian of each place's position."""
    rng = generator(training.seed, "features")
    chosen = np.sort(rng.permutation(encoder.channels)[: config.features])
    sums = _Sums()
    for described, _ in encoder.places(healthy, training):
        sums.add(described[..., chosen])
    means, roots = sums.gaussians(config.shrinkage)
    training.cancel.check()
    nodes, constants = _distances(means, roots, chosen)
    return encoder.whole_graph(nodes, constants, means.size + roots.size)


class _Sums:
    """Sums of features and of their products, for every position, so that no image need be kept."""

    def __init__(self) -> None:
        self.count = 0
        self.first: Table = np.zeros(0)
        self.second: Table = np.zeros(0)

    def add(self, described: Array) -> None:
        """Add some images, (m, down, right, features)."""
        places = described.transpose(1, 2, 0, 3).astype(np.float64)
        products = places.swapaxes(-1, -2) @ places
        if self.count == 0:
            self.first, self.second = np.zeros(places.shape[:2] + places.shape[-1:]), np.zeros(products.shape)
        self.first += places.sum(axis=2)
        self.second += products
        self.count += len(described)

    def gaussians(self, shrinkage: float) -> tuple[Table, Table]:
        """The mean of each position (down, right, features), and what whitens it, (..., features) more."""
        means = self.first / self.count
        covariances = self.second / self.count - means[..., :, np.newaxis] * means[..., np.newaxis, :]
        typical = covariances.mean(axis=(0, 1))
        even = np.trace(typical) / len(typical) * np.eye(len(typical))
        shrunk = (1 - shrinkage) * covariances + shrinkage * typical + _TINY * (even + np.eye(len(typical)))
        return means, np.linalg.cholesky(np.linalg.inv(shrunk))


def _distances(means: Table, roots: Table, chosen: npt.NDArray[np.intp]) -> tuple[list[Any], Constants]:
    make = needs("onnx", "train").helper.make_node
    down, right, features = means.shape
    constants: Constants = {
        "chosen": chosen.astype(np.int64),
        "means": means.reshape(down * right, 1, features).astype(np.float32),
        "roots": roots.reshape(down * right, features, features).astype(np.float32),
        "by_position": np.array([-1, down * right, features], np.int64),
        "last": np.array([-1], np.int64),
        "grid": np.array([-1, down, right, 1], np.int64),
    }
    nodes = [
        make("Gather", [PLACES, "chosen"], ["compared"], axis=-1),
        make("Reshape", ["compared", "by_position"], ["listed"]),
        make("Transpose", ["listed"], ["positions"], perm=[1, 0, 2]),
        make("Sub", ["positions", "means"], ["away"]),
        make("MatMul", ["away", "roots"], ["whitened"]),
        make("Mul", ["whitened", "whitened"], ["squares"]),
        make("ReduceSum", ["squares", "last"], ["square"], keepdims=0),
        make("Sqrt", ["square"], ["distance"]),
        make("Transpose", ["distance"], ["turned"], perm=[1, 0]),
        make("Reshape", ["turned", "grid"], [JUDGED]),
    ]
    return nodes, constants
