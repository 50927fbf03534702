"""A Gaussian of healthy patches for every depth below the border, and how far a patch lies from it."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import TrainingError, needs
from normocyte.core.fields import described
from normocyte.core.seeds import generator
from normocyte.core.types import Batch, Table
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_maps.encoder import Encoder
from normocyte.detectors.feature_maps.position_gaussian import PositionConfig, position_graph
from normocyte.detectors.patches.patch_encoder import DEPTH, ROWS, Constants
from normocyte.detectors.patches.patches import JUDGED, Judge, PatchDetector, Patches, few_patches

LEARNT_FROM = 200_000
_TINY = 1e-8
_BEYOND = 1e30

Array = npt.NDArray[np.float32]


@dataclass
class PatchGaussian(PatchDetector):
    """Mahalanobis distance from a Gaussian per class of depth (after PaDiM, Defard et al., ICPR 2021).

    PaDiM learns a Gaussian for every position; a cell has no upper side, so here all positions of about one
    depth share theirs: `classes` of them, with about as many healthy patches each. With distance "full" the
    map is the Mahalanobis distance with the sign of a dark spot; with "dark_spot" it is the part of the
    difference in that direction, in standard deviations of healthy patches: what a matched filter gives.

    With a `backbone` it is PaDiM itself, for images whose parts have their place: a Gaussian for every
    position of the feature maps, of `dimensions` features drawn by chance, whose covariance is moved by
    `shrinkage` towards the mean of all positions. The map is then the distance, never below 0, and no other
    field counts.
    """

    classes: int = described(8, "classes of depth, each with a Gaussian of its own", at_least=1)
    shrinkage: float = described(0.3, "how far covariances are made alike", at_least=0, at_most=1)
    dimensions: int = described(48, "features of the backbone that are compared, by chance", at_least=1)

    not_with_backbone: ClassVar[tuple[str, ...]] = (*PatchDetector.not_with_backbone, "classes")

    def fit_features(self, encoder: Encoder, healthy: Batch, training: Training) -> bytes:
        config = PositionConfig(self.dimensions, self.shrinkage)
        return position_graph(encoder, healthy, config, training)

    def judge(self, patches: Patches, training: Training) -> Judge:
        drawn = few_patches(patches, LEARNT_FROM, generator(training.seed, "patches"))
        rows, depths = drawn.rows, drawn.depths
        edges = _edges(depths, self.classes)
        own = np.searchsorted(edges, depths, side="right")
        training.progress.begin("Learning depths", len(edges) + 1)
        gaussians = []
        for index in range(len(edges) + 1):
            gaussians.append(self._gaussian(rows[own == index], index))
            training.cancel.check()
            training.progress.advance()
        return _judge(gaussians, patches.spot, edges, is_full=self.distance == "full")

    def _gaussian(self, rows: Array, index: int) -> tuple[Table, Table]:
        """Mean (features,) and inverse covariance (features, features) of one class."""
        count, features = rows.shape
        if count <= features:
            raise TrainingError(
                f"Depth class {index + 1} has {count} healthy patches, but a Gaussian of {features} features "
                "needs more; add cells or lower classes or components."
            )
        exact = rows.astype(np.float64)
        covariance = np.atleast_2d(np.cov(exact.T))
        even = np.trace(covariance) / features + _TINY  # cells that are all alike still have an inverse
        shrunk = (1 - self.shrinkage) * covariance + (self.shrinkage + _TINY) * even * np.eye(features)
        return exact.mean(axis=0), np.linalg.inv(shrunk)


def _edges(depths: Array, classes: int) -> Array:
    """The least depth of every class but the first; equal depths stay together, no class is nearly empty."""
    share, edges, filled, left = len(depths) / classes, [], 0, len(depths)
    for depth, count in zip(*np.unique(depths, return_counts=True), strict=True):
        if filled >= share and left >= share / 2:
            edges.append(depth)
            filled = 0
        filled += count
        left -= count
    return np.array(edges, np.float32)


def _judge(
    gaussians: list[tuple[Table, Table]],
    spot: Array,
    edges: Array,
    *,
    is_full: bool,
) -> Judge:
    """The distances from all Gaussians, of which the one of the patch's own class counts."""
    make = needs("onnx", "train").helper.make_node
    filters = np.stack([_matched(inverse, spot) for _, inverse in gaussians])
    offsets = np.array([mean @ row for (mean, _), row in zip(gaussians, filters, strict=True)])
    constants: Constants = {
        "filters": _single(filters.T),
        "offsets": _single(offsets),
        "lowest": np.append(np.float32(-_BEYOND), edges).astype(np.float32),
        "below": np.append(edges, np.float32(_BEYOND)).astype(np.float32),
        "last": np.array([-1], np.int64),
    }
    nodes = [
        make("GreaterOrEqual", [DEPTH, "lowest"], ["is_deep"]),
        make("Less", [DEPTH, "below"], ["is_shallow"]),
        make("And", ["is_deep", "is_shallow"], ["is_own"]),
        make("Cast", ["is_own"], ["own"], to=1),
        make("MatMul", [ROWS, "filters"], ["filtered"]),
        make("Sub", ["filtered", "offsets"], ["darker"]),
    ]
    parameters = filters.size + offsets.size + edges.size
    if is_full:
        more, learnt = _full_distance(gaussians)
        constants |= learnt
        nodes += more
        parameters += learnt["roots"].size + learnt["means"].size
    distances = "signed" if is_full else "darker"
    nodes += [
        make("Mul", [distances, "own"], ["owned"]),
        make("ReduceSum", ["owned", "last"], [JUDGED], keepdims=1),
    ]
    return Judge(nodes, constants, parameters)


def _matched(inverse: Table, spot: Array) -> Table:
    """The filter whose answer to healthy patches has a standard deviation of 1, and rises with the spot."""
    direction = inverse @ spot.astype(np.float64)
    return np.asarray(direction / np.sqrt(max(float(spot @ direction), _TINY)))


def _full_distance(gaussians: list[tuple[Table, Table]]) -> tuple[list[Any], Constants]:
    """The Mahalanobis distance from every class, (n, down, right, classes), with the sign of `darker`."""
    make = needs("onnx", "train").helper.make_node
    roots = [np.linalg.cholesky(inverse) for _, inverse in gaussians]
    means = [mean @ root for (mean, _), root in zip(gaussians, roots, strict=True)]
    constants: Constants = {
        "roots": _single(np.concatenate(roots, axis=1)),
        "means": _single(np.concatenate(means)),
        "apart": np.array([0, 0, 0, len(gaussians), -1], np.int64),
    }
    nodes = [
        make("MatMul", [ROWS, "roots"], ["turned"]),
        make("Sub", ["turned", "means"], ["whitened"]),
        make("Reshape", ["whitened", "apart"], ["by_class"]),
        make("ReduceL2", ["by_class"], ["distance"], axes=[-1], keepdims=0),
        make("Sign", ["darker"], ["sign"]),
        make("Mul", ["distance", "sign"], ["signed"]),
    ]
    return nodes, constants


def _single(table: Table) -> Array:
    return np.ascontiguousarray(table, np.float32)
