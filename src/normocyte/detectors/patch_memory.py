"""Remembers healthy patches and measures how far a patch lies from the nearest of them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError, TrainingError, needs
from normocyte.core.fields import described
from normocyte.core.seeds import generator
from normocyte.core.types import Batch, Maps
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_maps.encoder import Encoder
from normocyte.detectors.feature_maps.memory import MemoryConfig, memory_graph
from normocyte.detectors.patches.patch_encoder import DEPTH, ROWS, Constants
from normocyte.detectors.patches.patches import JUDGED, Judge, PatchDetector, Patches, few_patches
from normocyte.detectors.support.choosing import crowded, farthest_first
from normocyte.detectors.support.onnx_graph import run_graph

CHOSEN_FROM = 40_000
_CELLS_AT_ONCE = 8
_BYTES_A_NUMBER = 4
_MEGABYTE = 2**20
_STEADY = 1e-3
_TINY = 1e-12

Array = npt.NDArray[np.float32]


@dataclass
class PatchMemory(PatchDetector):
    """Distance to the nearest of `patches` remembered healthy ones (after PatchCore, Roth et al., CVPR 2022).

    They are chosen greedily, each the one farthest from those before it, among at most 40,000 drawn by
    chance; the `isolated` share of those, farthest from their own neighbours, cannot be chosen, since among
    them are parasites that somebody took for healthy. With distance "full" the map is the distance with the
    sign of a dark spot; with "dark_spot" the part of the difference in that direction.

    With a `backbone` patches are places of its feature maps, averaged over 3 x 3, as PatchCore has them;
    about as many are drawn of each image, 20,000 in all. The map is then the distance, never below 0, and
    of the other fields only `patches`, `whitening` and `most_megabytes` count: none is left out as isolated,
    since rare healthy places are what a memory is for.

    The memory takes 4 * patches * (windows * components + 1) bytes of the bundle, or with a backbone
    4 * patches * features.
    """

    patches: int = described(500, "how many patches are remembered", at_least=1)
    isolated: float = described(0.1, "share of isolated patches left out", at_least=0, at_most=0.5)
    whitening: float = described(
        0.5, "0 keeps the spread of each feature, 1 makes all equal", at_least=0, at_most=1
    )
    depth_weight: float = described(1.0, "weight of the depth", unit="standard deviations", at_least=0)
    most_megabytes: float = described(8.0, "a larger memory is refused", unit="megabytes", above=0)

    not_with_backbone: ClassVar[tuple[str, ...]] = (
        *PatchDetector.not_with_backbone,
        "isolated",
        "depth_weight",
    )

    def __post_init__(self) -> None:
        """Refuse a memory that is too large."""
        super().__post_init__()
        if not self.backbone:
            self._check_size(self.features + 1)

    @property
    def memory_bytes(self) -> int:
        """What the remembered patches take in the bundle; scoring holds them twice, once turned over."""
        return _BYTES_A_NUMBER * self.patches * (self.features + 1)

    def _check_size(self, numbers: int) -> None:
        """ConfigError for a memory of patches of so many numbers that is too large."""
        size = _BYTES_A_NUMBER * self.patches * numbers
        if size > self.most_megabytes * _MEGABYTE:
            raise ConfigError(
                f"A memory of {self.patches:,} patches of {numbers} numbers takes "
                f"{size:,} bytes, more than most_megabytes = {self.most_megabytes:g} allow; "
                "lower patches or components, or raise it."
            )

    def fit_features(self, encoder: Encoder, healthy: Batch, training: Training) -> bytes:
        self._check_size(encoder.channels)
        config = MemoryConfig(self.patches, self.whitening)
        return memory_graph(encoder, healthy, config, training)

    def maps(self, batch: Batch) -> Maps:
        starts = range(
            0, max(len(batch), 1), _CELLS_AT_ONCE
        )  # the distances of many cells would fill gigabytes
        chunks = [run_graph(self.graph_, batch.pixels[start : start + _CELLS_AT_ONCE]) for start in starts]
        return np.concatenate(chunks)[..., 0]

    def judge(self, patches: Patches, training: Training) -> Judge:
        rng = generator(training.seed, "memory")
        drawn = few_patches(patches, CHOSEN_FROM, rng)
        rows = np.column_stack([drawn.rows, drawn.depths])
        scale = self._scale(rows)
        table = rows * scale
        table = table[crowded(table, self.isolated, rng)]
        if len(table) < self.patches:
            raise TrainingError(
                f"A memory of {self.patches} patches needs as many healthy ones, but the cells gave "
                f"{len(table)}; lower patches or add cells."
            )
        kept = table[farthest_first(table, self.patches, training, rng)]
        return _judge(kept, scale, np.append(drawn.spot, np.float32(0)) * scale, self.distance == "full")

    def _scale(self, rows: Array) -> Array:
        """What each feature is multiplied by, so that looks and depth vary as the fields say."""
        *looks, depth = rows.std(axis=0, dtype=np.float64)
        spread = np.maximum(looks, max(_STEADY * max(looks), _TINY))  # what hardly varies is not blown up
        scale = spread**-self.whitening
        typical = np.sqrt(np.mean((scale * spread) ** 2))
        return np.append(scale, self.depth_weight * typical / max(depth, _STEADY)).astype(np.float32)


def _judge(kept: Array, scale: Array, spot: Array, is_full: bool) -> Judge:
    """The difference to the nearest of the kept rows, and how much of it is dark."""
    make = needs("onnx", "train").helper.make_node
    direction = spot / max(float(np.linalg.norm(spot)), _TINY)
    constants: Constants = {
        "kept": kept,
        "twice": np.array(-2, np.float32),
        "lengths": np.sum(kept**2, axis=1),
        "scale": scale,
        "spot": direction.astype(np.float32)[:, np.newaxis],
    }
    nodes = [
        make("Concat", [ROWS, DEPTH], ["unscaled"], axis=-1),
        make("Mul", ["unscaled", "scale"], ["places"]),
        make("Transpose", ["kept"], ["across"], perm=[1, 0]),  # not a constant: the bundle keeps it once
        make("Mul", ["places", "twice"], ["doubled"]),
        make("MatMul", ["doubled", "across"], ["products"]),
        make("Add", ["products", "lengths"], ["far"]),  # the squared distance, but for the row's own length
        make("ArgMin", ["far"], ["which"], axis=-1, keepdims=0),
        make("Gather", ["kept", "which"], ["nearest"], axis=0),
        make("Sub", ["places", "nearest"], ["difference"]),
        make("MatMul", ["difference", "spot"], ["darker" if is_full else JUDGED]),
    ]
    if is_full:
        nodes += [
            make("ReduceL2", ["difference"], ["distance"], axes=[-1], keepdims=1),
            make("Sign", ["darker"], ["sign"]),
            make("Mul", ["distance", "sign"], [JUDGED]),
        ]
    return Judge(nodes, constants, kept.size + scale.size)
