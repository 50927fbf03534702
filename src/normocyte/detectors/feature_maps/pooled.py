"""What feature maps look like in whole areas of the picture, and how far that lies from healthy pictures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError, needs
from normocyte.core.types import Batch, Table
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_maps.encoder import JUDGED, PLACES, Constants, Encoder

_TINY = 1e-6
_STEADY = 1e-2

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Areas:
    """The picture in `side` x `side` areas of (high, wide) places each."""

    side: int
    high: int
    wide: int

    @property
    def places(self) -> int:
        """How many places an area has; one alone has no standard deviation."""
        return self.high * self.wide

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


def pooled_table(encoder: Encoder, healthy: Batch, areas: Areas, training: Training) -> Table:
    """Mean and standard deviation of each feature in each area, (images, areas * 2 * features)."""
    rows = []
    for described, _ in encoder.places(healthy, training):
        apart = described.reshape(len(described), areas.side, areas.high, areas.side, areas.wide, -1)
        found = [apart.mean(axis=(2, 4)), *([apart.std(axis=(2, 4))] if areas.places > 1 else [])]
        rows.append(np.concatenate(found, axis=3).reshape(len(described), -1))
    return np.concatenate(rows).astype(np.float64)


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian of (features,): standardised, then `directions` (k, features) with `weights` (k,).

    The inverse of the covariance is `rest` in every direction, and `weights` more in those named.
    """

    means: Table
    scales: Table
    directions: Table
    weights: Table
    rest: float

    def distances(self, table: Table) -> Table:
        """The Mahalanobis distance of each row."""
        away = (table - self.means) * self.scales
        along = away @ self.directions.T
        return np.asarray(np.sqrt(np.square(away).sum(axis=1) * self.rest + np.square(along) @ self.weights))


def shrunk_gaussian(table: Table, most: int) -> Gaussian:
    """A Gaussian whose covariance is shrunk as Ledoit & Wolf (J. Multivariate Anal. 88 (2004) 365) say.

    At most so many directions, those of the largest variance, have one of their own; all others share theirs.
    """
    means, spreads = table.mean(axis=0), table.std(axis=0)
    scales = 1 / np.maximum(spreads, max(_STEADY * float(spreads.max()), _TINY))
    away = (table - means) * scales
    count, features = away.shape
    directions, variances = _directions(away)
    even = float(np.square(away).sum()) / (count * features) + _TINY
    share = _shrinkage(away, even)
    own = (1 - share) * variances[:most] + share * even
    left = max(features - len(own), 1)
    shared = share * even + (1 - share) * float(variances[most:].sum()) / left
    return Gaussian(means, scales, directions[:most], 1 / own - 1 / shared, 1 / shared)


def _directions(away: Table) -> tuple[Table, Table]:
    """The principal directions of centred rows, each a row, and their variances, falling."""
    _, sizes, directions = np.linalg.svd(away, full_matrices=False)
    keep = sizes > _TINY * max(float(sizes.max(initial=0)), _TINY)
    return directions[keep], np.square(sizes[keep]) / len(away)


def _shrinkage(away: Table, even: float) -> float:
    """How far the covariance of centred rows is best moved towards `even` times the identity, 0 to 1."""
    count, features = away.shape
    gram = away @ away.T
    squared = float(np.square(gram).sum()) / count**2  # the squared Frobenius norm of the covariance
    spread = squared / features - even**2
    noise = (float(np.square(np.diag(gram)).sum()) / count - squared) / (count * features)
    return float(np.clip(noise / spread, 0, 1)) if spread > 0 else 1.0


def pooled_nodes(encoder: Encoder, areas: Areas, gaussian: Gaussian) -> tuple[list[Any], Constants]:
    """The nodes from PLACES to JUDGED: what each place adds to the distance of the whole picture.

    The mean of all is the distance itself.
    """
    down, right = encoder.grid
    side, features = areas.side, encoder.channels
    kinds = 2 if areas.places > 1 else 1
    constants: Constants = {
        "apart": np.array([-1, side, areas.high, side, areas.wide, features], np.int64),
        "places_of_area": np.array([-1, side * side, areas.places, features], np.int64),
        "one_row": np.array([-1, side * side * kinds * features], np.int64),
        "one_column": np.array([-1, side * side, kinds * features, 1], np.int64),
        "grid_apart": np.array([-1, side, side, areas.high, areas.wide], np.int64),
        "grid": np.array([-1, down, right, 1], np.int64),
        "share": np.array(1 / areas.places, np.float32),
        "areas": np.array(side * side, np.float32),
        "tiny": np.array(_TINY, np.float32),
        "means": gaussian.means.astype(np.float32),
        "scales": gaussian.scales.astype(np.float32),
        "directions": np.ascontiguousarray(gaussian.directions, np.float32),
        "weights": gaussian.weights.astype(np.float32),
        "rest": np.array(gaussian.rest, np.float32),
        "second": np.array([2], np.int64),
        "last": np.array([-1], np.int64),
    }
    return [*_pooled(kinds), *_slopes(), *_parts()], constants


def _pooled(kinds: int) -> list[Any]:
    """From PLACES to the places of each area, "parts" of its mean and its standard deviation, and "row"."""
    make = needs("onnx", "train").helper.make_node
    listed = [
        make("Reshape", [PLACES, "apart"], ["apart_places"]),
        make("Transpose", ["apart_places"], ["by_area"], perm=[0, 1, 3, 2, 4, 5]),
        make("Reshape", ["by_area", "places_of_area"], ["listed"]),
        make("ReduceSum", ["listed", "second"], ["total"], keepdims=1),
        make("Mul", ["total", "share"], ["mean"]),
    ]
    if kinds == 1:
        return [
            *listed,
            make("Identity", ["listed"], ["parts"]),
            make("Reshape", ["mean", "one_row"], ["row"]),
        ]
    return [
        *listed,
        make("Sub", ["listed", "mean"], ["centred"]),
        make("Mul", ["centred", "centred"], ["squared"]),
        make("ReduceSum", ["squared", "second"], ["power"], keepdims=1),
        make("Mul", ["power", "share"], ["variance"]),
        make("Sqrt", ["variance"], ["spread"]),
        make("Concat", ["mean", "spread"], ["pooled"], axis=-1),
        make("Reshape", ["pooled", "one_row"], ["row"]),
        make("Add", ["spread", "tiny"], ["spread_safe"]),
        make("Div", ["squared", "spread_safe"], ["part_of_spread"]),
        make("Concat", ["listed", "part_of_spread"], ["parts"], axis=-1),
    ]


def _slopes() -> list[Any]:
    """From "row" to "slopes": how much the distance grows with each number of the row, its centre at zero."""
    make = needs("onnx", "train").helper.make_node
    return [
        make("Sub", ["row", "means"], ["off"]),
        make("Mul", ["off", "scales"], ["away"]),
        make("Transpose", ["directions"], ["across"], perm=[1, 0]),  # not a constant: kept once
        make("MatMul", ["away", "across"], ["along"]),
        make("Mul", ["along", "weights"], ["weighted"]),
        make("MatMul", ["weighted", "directions"], ["more"]),
        make("Mul", ["away", "rest"], ["evenly"]),
        make("Add", ["more", "evenly"], ["pull"]),
        make("Mul", ["pull", "away"], ["products"]),
        make("ReduceSum", ["products", "last"], ["square"], keepdims=1),
        make("Add", ["square", "tiny"], ["square_safe"]),
        make("Sqrt", ["square_safe"], ["distance"]),
        make("Mul", ["pull", "scales"], ["pull_scaled"]),
        make("Div", ["pull_scaled", "distance"], ["slopes"]),
    ]


def _parts() -> list[Any]:
    """From "parts" and "slopes" to JUDGED: the slopes times what a place has more than is usual."""
    make = needs("onnx", "train").helper.make_node
    return [
        make("Reshape", ["slopes", "one_column"], ["columns"]),
        make("MatMul", ["parts", "columns"], ["raised"]),
        make("Mul", ["slopes", "means"], ["usual_parts"]),
        make("Reshape", ["usual_parts", "one_column"], ["usual_columns"]),
        make("ReduceSum", ["usual_columns", "second"], ["usual"], keepdims=1),
        make("Sub", ["raised", "usual"], ["added"]),
        make("Mul", ["added", "areas"], ["added_in_all"]),
        make("Reshape", ["added_in_all", "grid_apart"], ["areas_apart"]),
        make("Transpose", ["areas_apart"], ["areas_together"], perm=[0, 1, 3, 2, 4]),
        make("Reshape", ["areas_together", "grid"], [JUDGED]),
    ]
