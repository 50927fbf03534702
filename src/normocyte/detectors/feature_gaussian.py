"""A Gaussian of what feature maps look like in a whole picture, and how far a picture lies from it."""

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
from normocyte.detectors.feature_maps.shrinkage import shrunk


@dataclass
class FeatureGaussian(PooledDetector):
    """Mahalanobis distance of pooled features (after Rippel, Mertens & Merhof, ICPR 2020).

    A picture is described by the mean of each feature of the backbone in `areas` x `areas` parts of it; of
    healthy pictures these are a Gaussian, whose covariance is shrunk as Ledoit & Wolf (J. Multivariate Anal.
    88 (2004) 365) say. The first `directions` have a variance of their own, all others share theirs. The map
    is what each place adds to the distance, below 0 where it makes the picture more usual; its mean is the
    distance itself, so that the score of this detector is `mean`.

    One area for texture, wherever it lies; many for what belongs into its place.
    """

    areas: int = 1

    def distance(self, table: Table) -> Distance:
        standard = standard_of(table)
        variances, shared = shrunk(standard, table, self.directions)
        standard = standard.few(self.directions)
        constants = standard.constants() | {
            "weights": (1 / variances - 1 / shared).astype(np.float32),
            "rest": np.array(1 / shared, np.float32),
        }
        make = needs("onnx", "train").helper.make_node
        nodes = [
            *standardising_nodes(),
            make("Mul", ["along", "weights"], ["weighted"]),
            make("MatMul", ["weighted", "directions"], ["more_than_rest"]),
            make("Mul", ["away", "rest"], ["evenly"]),
            make("Add", ["more_than_rest", "evenly"], ["pull"]),
            make("Mul", ["pull", "away"], ["products"]),
            *length_nodes("products", "distance"),
            make("Mul", ["pull", "scales"], ["pull_scaled"]),
            make("Div", ["pull_scaled", "distance"], [SLOPES]),
            make("Identity", ["means"], [CENTRE]),
        ]
        return Distance(nodes, constants, standard.parameters + len(variances) + 1)
