"""The distance of every place to the nearest of remembered healthy ones (PatchCore)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import TrainingError, needs
from normocyte.core.seeds import generator
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_maps.encoder import JUDGED, PLACES, Constants, Encoder
from normocyte.detectors.support.choosing import farthest_first

_CHOSEN_FROM = 20_000
_PROJECTED = 32
_STEADY = 1e-3
_TINY = 1e-12

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class MemoryConfig:
    """How many places are remembered, and how far features are made alike."""

    places: int
    whitening: float


def memory_graph(encoder: Encoder, healthy: Batch, config: MemoryConfig, training: Training) -> bytes:
    """The graph that gives the distance to the nearest of so many healthy places.

    Of each image as many places are drawn by chance, 20,000 in all; among these the remembered ones are
    chosen, each the farthest from those before it in a random projection. Few images give fewer places.
    """
    rng = generator(training.seed, "memory")
    table = _drawn(encoder, healthy, training, rng)
    scale = _scale(table, config.whitening)
    table *= scale
    width = min(_PROJECTED, table.shape[1])
    projection = rng.standard_normal((table.shape[1], width)).astype(np.float32)
    kept = table[farthest_first(table @ projection, min(config.places, len(table)), training, rng)]
    nodes, constants = _nearest(kept, scale)
    return encoder.whole_graph(nodes, constants, kept.size + scale.size)


def _drawn(encoder: Encoder, healthy: Batch, training: Training, rng: np.random.Generator) -> Array:
    """Places of all images that count, about as many of each."""
    share = -(-_CHOSEN_FROM // len(healthy))
    drawn = [
        described[one][rng.permutation(int(counts[one].sum()))[:share]]
        for many, seen in encoder.places(healthy, training)
        for described, counts, one in ((many[index], seen[index], seen[index]) for index in range(len(many)))
    ]
    table = np.concatenate(drawn)
    if not len(table):
        raise TrainingError("No pixel of the healthy images counts; check the steps that make the mask.")
    return table[np.sort(rng.permutation(len(table))[:_CHOSEN_FROM])]


def _scale(table: Array, whitening: float) -> Array:
    """What each feature is multiplied by."""
    spread = table.std(axis=0, dtype=np.float64)
    spread = np.maximum(spread, max(_STEADY * float(spread.max()), _TINY))
    scale = spread**-whitening
    return np.asarray(scale / np.sqrt(np.sum((scale * spread) ** 2)), np.float32)


def _nearest(kept: Array, scale: Array) -> tuple[list[Any], Constants]:
    """The distance to the nearest of the kept places, by a matrix product; it is exact for that one."""
    make = needs("onnx", "train").helper.make_node
    constants: Constants = {
        "kept": kept,
        "twice": np.array(-2, np.float32),
        "lengths": np.sum(kept**2, axis=1),
        "scale": scale,
        "last": np.array([-1], np.int64),
    }
    nodes = [
        make("Mul", [PLACES, "scale"], ["scaled"]),
        make("Transpose", ["kept"], ["across"], perm=[1, 0]),  # not a constant: the bundle keeps it once
        make("Mul", ["scaled", "twice"], ["doubled"]),
        make("MatMul", ["doubled", "across"], ["products"]),
        make("Add", ["products", "lengths"], ["far"]),  # the squared distance, but for the place's own length
        make("ArgMin", ["far"], ["which"], axis=-1, keepdims=0),
        make("Gather", ["kept", "which"], ["nearest"], axis=0),
        make("Sub", ["scaled", "nearest"], ["difference"]),
        make("Mul", ["difference", "difference"], ["squares"]),
        make("ReduceSum", ["squares", "last"], ["square"], keepdims=1),
        make("Sqrt", ["square"], [JUDGED]),
    ]
    return nodes, constants
