"""The mean of each feature in whole areas of the picture, and what each place adds to a distance of these."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError, TrainingError, needs
from normocyte.core.fields import described
from normocyte.core.types import Batch, Maps, Pixels, Table
from normocyte.detectors.backbones.support.finding import backbone_field, find_backbone, layers_field
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.feature_maps.encoder import (
    JUDGED,
    PLACES,
    Constants,
    Encoder,
    check_channels,
    encoder_for,
)
from normocyte.detectors.support.onnx_graph import run_graph

ROW, SLOPES, CENTRE = "row", "slopes", "centre"
_TINY = 1e-6
_STEADY = 1e-2
_ROUNDED = 1e-3
"""What varies less than this, as a share of the values, is mostly rounding."""
_NOUGHT = 1e-10
_MOST_NUMBERS = 16_000_000
_FEWEST = 3

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Standard:
    """The numbers of a picture less their `means`, times their `scales`, along `directions` (k, numbers)."""

    means: Table
    scales: Table
    directions: Table
    variances: Table

    def few(self, count: int) -> "Standard":
        """The same with so many directions, those of the largest variances."""
        return Standard(self.means, self.scales, self.directions[:count], self.variances[:count])

    def constants(self) -> Constants:
        """What the nodes of a distance need of it."""
        return {
            "means": self.means[np.newaxis].astype(np.float32),
            "scales": self.scales.astype(np.float32),
            "directions": np.ascontiguousarray(self.directions, np.float32),
            "tiny": np.array(_TINY, np.float32),
            "last": np.array([-1], np.int64),
        }

    @property
    def parameters(self) -> int:
        """How many numbers were learnt."""
        return self.means.size + self.scales.size + self.directions.size

    def away(self, table: Table) -> Table:
        """The standardised rows."""
        return np.asarray((table - self.means) * self.scales)


@dataclass(frozen=True)
class Distance:
    """Nodes from ROW (n, numbers) to SLOPES (n, numbers) and CENTRE (n or 1, numbers).

    The distance of a picture is the sum of its slopes times what its row has more than the centre.
    """

    nodes: list[Any]
    constants: Constants
    parameters: int


@dataclass
class PooledDetector(Detector):
    """Compares whole pictures; its map is what each place adds to the distance.

    A place makes the picture more usual where its map is below 0, and the mean of the map is the distance
    itself, so that its score is `mean`.
    """

    backbone: str = backbone_field("local_descriptors")
    layers: tuple[str, ...] = layers_field()
    areas: int = described(4, "parts of the picture, down and across, each pooled", at_least=1, at_most=32)
    directions: int = described(100, "principal directions that are looked at one by one", at_least=1)
    mirrored: bool = described(False, "learn from mirror images, too, and judge by the mean of both")

    gives_expected: ClassVar[bool] = False
    needs_to_learn: ClassVar[tuple[str, ...]] = ("onnx",)

    @abstractmethod
    def distance(self, table: Table) -> Distance:
        """What tells an unusual picture, of the numbers of healthy ones, (pictures, numbers)."""

    @property
    def fewest(self) -> int:
        return _FEWEST

    @property
    def remembers(self) -> bool:
        return True

    def check_can_learn(self) -> None:
        super().check_can_learn()
        find_backbone(self.backbone).check_installed()

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        check_channels(shape)

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to stop
        if len(healthy) < _FEWEST:
            raise TrainingError(
                f"There are {len(healthy)} healthy images to compare others with; give at least {_FEWEST}."
            )
        features = find_backbone(self.backbone).features(self.layers)
        encoder = encoder_for(features, healthy, is_smooth=False, is_mirrored=self.mirrored)
        areas = Areas.of(encoder, self.areas)
        numbers = areas.side**2 * encoder.channels * (2 if self.mirrored else 1)
        most = max(_FEWEST, _MOST_NUMBERS // numbers)
        distance = self.distance(pooled_table(encoder, _evenly(healthy, most), areas, training))
        nodes, constants = _judging(encoder, areas)
        judging = [*_pooled(), *distance.nodes, *nodes]
        self.graph_ = encoder.whole_graph(judging, constants | distance.constants, distance.parameters)

    def expected(self, batch: Batch) -> Pixels:
        return batch.pixels

    def maps(self, batch: Batch) -> Maps:
        return run_graph(self.graph_, batch.pixels)[..., 0]


@dataclass(frozen=True)
class Areas:
    """The picture in `side` x `side` areas of (high, wide) places each."""

    side: int
    high: int
    wide: int

    @classmethod
    def of(cls, encoder: Encoder, side: int) -> "Areas":
        """ConfigError where the places cannot be divided so."""
        down, right = encoder.grid
        if down % side or right % side:
            fitting = ", ".join(str(n) for n in range(1, down + 1) if not (down % n or right % n))
            raise ConfigError(
                f"{down} x {right} places of this backbone cannot be divided into areas = {side} x {side}; "
                f"choose one of {fitting}."
            )
        return cls(side, down // side, right // side)


def _evenly(healthy: Batch, most: int) -> Batch:
    """At most so many of the images, evenly through their order."""
    if len(healthy) <= most:
        return healthy
    return healthy.take(np.linspace(0, len(healthy) - 1, most).astype(np.intp))


def pooled_table(encoder: Encoder, healthy: Batch, areas: Areas, training: Training) -> Table:
    """The mean of each feature in each area, (pictures, areas * features)."""
    rows = []
    for described_places, _ in encoder.places(healthy, training):
        shape = len(described_places), areas.side, areas.high, areas.side, areas.wide, -1
        rows.append(described_places.reshape(shape).mean(axis=(2, 4)).reshape(len(described_places), -1))
    return np.concatenate(rows).astype(np.float64)


def standard_of(table: Table) -> Standard:
    """Means, scales and principal directions of rows; what hardly varies is not blown up."""
    means, spreads = table.mean(axis=0), table.std(axis=0)
    typical = float(np.sqrt(np.mean(np.square(table))))
    scales = 1 / np.maximum(spreads, max(_STEADY * float(spreads.max()), _ROUNDED * typical, _TINY))
    directions, variances = _principal((table - means) * scales)
    return Standard(means, scales, directions, variances)


def _principal(away: Table) -> tuple[Table, Table]:
    """The principal directions of centred rows and their variances, falling, but for those of nothing."""
    count, numbers = away.shape
    is_wide = numbers > count
    values, vectors = np.linalg.eigh(away @ away.T if is_wide else away.T @ away)
    keep = values > _NOUGHT * max(float(values.max(initial=0)), _TINY)
    values, vectors = values[keep][::-1], vectors[:, keep][:, ::-1]
    directions = vectors.T @ away / np.sqrt(values)[:, np.newaxis] if is_wide else vectors.T
    return directions, values / count


def standardising_nodes() -> list[Any]:
    """From ROW to "away", standardised, and "along", (n, k), what it has of each direction."""
    make = needs("onnx", "train").helper.make_node
    return [
        make("Sub", [ROW, "means"], ["off"]),
        make("Mul", ["off", "scales"], ["away"]),
        make("Transpose", ["directions"], ["across"], perm=[1, 0]),  # not a constant: kept once
        make("MatMul", ["away", "across"], ["along"]),
    ]


def length_nodes(name: str, length: str) -> list[Any]:
    """The root of the sum of each row, (n, 1), never quite 0."""
    make = needs("onnx", "train").helper.make_node
    return [
        make("ReduceSum", [name, "last"], [f"{name}_sum"], keepdims=1),
        make("Add", [f"{name}_sum", "tiny"], [f"{name}_safe"]),
        make("Sqrt", [f"{name}_safe"], [length]),
    ]


def _pooled() -> list[Any]:
    """From PLACES to the places of each area, "listed", and the means of all areas, ROW."""
    make = needs("onnx", "train").helper.make_node
    return [
        make("Reshape", [PLACES, "apart"], ["apart_places"]),
        make("Transpose", ["apart_places"], ["by_area"], perm=[0, 1, 3, 2, 4, 5]),
        make("Reshape", ["by_area", "places_of_area"], ["listed"]),
        make("ReduceSum", ["listed", "second"], ["total"], keepdims=1),
        make("Mul", ["total", "share"], ["mean"]),
        make("Reshape", ["mean", "one_row"], [ROW]),
    ]


def _judging(encoder: Encoder, areas: Areas) -> tuple[list[Any], Constants]:
    """From SLOPES and CENTRE to JUDGED: the slopes times what a place has more than the centre."""
    make = needs("onnx", "train").helper.make_node
    down, right = encoder.grid
    side, features = areas.side, encoder.channels
    constants: Constants = {
        "apart": np.array([-1, side, areas.high, side, areas.wide, features], np.int64),
        "places_of_area": np.array([-1, side * side, areas.high * areas.wide, features], np.int64),
        "one_row": np.array([-1, side * side * features], np.int64),
        "rows_of_areas": np.array([-1, side * side, 1, features], np.int64),
        "columns_of_areas": np.array([-1, side * side, features, 1], np.int64),
        "grid_apart": np.array([-1, side, side, areas.high, areas.wide], np.int64),
        "grid": np.array([-1, down, right, 1], np.int64),
        "share": np.array(1 / (areas.high * areas.wide), np.float32),
        "areas": np.array(side * side, np.float32),
        "second": np.array([2], np.int64),
    }
    nodes = [
        make("Reshape", [CENTRE, "rows_of_areas"], ["usual"]),
        make("Sub", ["listed", "usual"], ["more"]),
        make("Reshape", [SLOPES, "columns_of_areas"], ["columns"]),
        make("MatMul", ["more", "columns"], ["raised"]),
        make("Mul", ["raised", "areas"], ["added"]),
        make("Reshape", ["added", "grid_apart"], ["areas_apart"]),
        make("Transpose", ["areas_apart"], ["areas_together"], perm=[0, 1, 3, 2, 4]),
        make("Reshape", ["areas_together", "grid"], [JUDGED]),
    ]
    return nodes, constants
