"""Healthy pictures that are remembered by their feature maps, and how far a picture lies from the nearest."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import needs
from normocyte.core.types import Table
from normocyte.detectors.feature_maps.pooled import (
    CENTRE,
    SLOPES,
    Distance,
    PooledDetector,
    length_nodes,
    standard_of,
    standardising_nodes,
)

_MOST_PICTURES = 5000
_HALF_WHITENED = -0.25


@dataclass
class FeatureNeighbours(PooledDetector):
    """Distance to the nearest of the healthy pictures, by pooled features.

    A picture is described as by `feature_gaussian`; its numbers are compared along the first `directions`,
    half whitened: divided by the root of the standard deviation of each. At most 5,000 pictures are
    remembered. For healthy pictures of several kinds, of which none is the mean. The map is what each place
    adds to the distance; its mean is the distance itself, so that the score of this detector is `mean`.
    """

    def distance(self, table: Table) -> Distance:
        standard = standard_of(table).few(self.directions)
        weights = standard.variances**_HALF_WHITENED
        every = -(-len(table) // _MOST_PICTURES)
        remembered = (standard.away(table[::every]) @ standard.directions.T * weights).astype(np.float32)
        constants = standard.constants() | {
            "weights": weights.astype(np.float32),
            "inverse_weights": (1 / weights).astype(np.float32),
            "inverse_scales": (1 / standard.scales).astype(np.float32),
            "remembered": remembered,
            "lengths": np.sum(remembered**2, axis=1),
            "twice": np.array(-2, np.float32),
        }
        make = needs("onnx", "train").helper.make_node
        nodes = [
            *standardising_nodes(),
            make("Mul", ["along", "weights"], ["compared"]),
            make("Transpose", ["remembered"], ["remembered_across"], perm=[1, 0]),
            make("Mul", ["compared", "twice"], ["doubled"]),
            make("MatMul", ["doubled", "remembered_across"], ["alike"]),
            make("Add", ["alike", "lengths"], ["far"]),  # the squared distance, but for the picture's length
            make("ArgMin", ["far"], ["which"], axis=-1, keepdims=0),
            make("Gather", ["remembered", "which"], ["nearest"], axis=0),
            make("Sub", ["compared", "nearest"], ["difference"]),
            make("Mul", ["difference", "difference"], ["squares"]),
            *length_nodes("squares", "distance"),
            make("Mul", ["difference", "weights"], ["weighted"]),
            make("MatMul", ["weighted", "directions"], ["pull"]),
            make("Mul", ["pull", "scales"], ["pull_scaled"]),
            make("Div", ["pull_scaled", "distance"], [SLOPES]),
            # the nearest picture, as far as the directions show it
            make("Mul", ["nearest", "inverse_weights"], ["nearest_along"]),
            make("MatMul", ["nearest_along", "directions"], ["nearest_away"]),
            make("Mul", ["nearest_away", "inverse_scales"], ["nearest_off"]),
            make("Add", ["nearest_off", "means"], [CENTRE]),
        ]
        return Distance(nodes, constants, standard.parameters + len(weights) + remembered.size)
