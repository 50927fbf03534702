"""Compares small patches of a cell with those of healthy cells, in one graph."""

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import TrainingError, needs
from normocyte.core.fields import described
from normocyte.core.seeds import generator
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors.backbones.support.finding import backbone_field, find_backbone, layers_field
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.feature_maps.encoder import Encoder, check_channels, encoder_for
from normocyte.detectors.networks.graphs import made_graph
from normocyte.detectors.patches.patch_encoder import (
    DEPTH,
    ROWS,
    Constants,
    PatchConfig,
    PatchEncoder,
    describing_nodes,
    few,
    learnt_sight,
    spot_like,
    turned,
)
from normocyte.detectors.support.onnx_graph import OUTPUT, run_graph
from normocyte.detectors.support.residual import DIRECTIONS, direction

JUDGED = "judged"
WIDEST = 63
_CELLS_AT_ONCE = 64

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Patches:
    """Descriptors of healthy patches (m, features), and the share of the cell around each, (m,): its depth.

    `spot` (features,) is what a dark spot adds to a descriptor.
    """

    rows: Array
    depths: Array
    spot: Array


@dataclass(frozen=True)
class Judge:
    """Nodes from ROWS (n, down, right, features) and DEPTH (n, down, right, 1) to JUDGED, one number each."""

    nodes: list[Any]
    constants: Constants
    parameters: int


@dataclass
class PatchDetector(Detector):
    """Compares small patches with those of healthy cells; what it gives is the map itself.

    A patch is described by the first `components` principal components of healthy patches, for each of the
    `windows`, at every `step`-th pixel; healthy cells are turned and mirrored, since a cell
    has no upper side. Its position is its depth: the share of cell in a square of `depth_window` pixels
    around it, the cell being what differs from the one colour outside the masks; where there is no such
    colour, the whole image is the cell.

    With a `backbone` its feature maps describe patches, and there are no windows.

    The distance "dark_spot" counts only how far the difference looks like a dark spot, of the width `spot`;
    "full" counts every difference, with the sign of that spot, so that the map is positive where darker.
    """

    windows: tuple[int, ...] = described(
        (5, 15), "sides of the patches", unit="pixels", at_least=1, at_most=WIDEST, is_odd=True, min_items=1
    )
    components: int = described(15, "principal components that describe a patch of each window", at_least=1)
    step: int = described(2, "distance between patches", unit="pixels", at_least=1, at_most=WIDEST)
    depth_window: int = described(
        25, "side of the square that gives the depth", unit="pixels", at_least=1, at_most=WIDEST, is_odd=True
    )
    spot: float = described(2.0, "sigma of a dark spot", unit="pixels", at_least=0.1, at_most=WIDEST)
    distance: str = described("dark_spot", "what counts as a difference", one_of=("dark_spot", "full"))
    darker_is: str = direction()
    backbone: str = backbone_field("")
    layers: tuple[str, ...] = layers_field()

    gives_expected: ClassVar[bool] = False
    needs_to_learn: ClassVar[tuple[str, ...]] = ("onnx",)
    is_seeded: ClassVar[bool] = True

    not_with_backbone: ClassVar[tuple[str, ...]] = (
        "windows",
        "components",
        "step",
        "depth_window",
        "spot",
        "distance",
        "darker_is",
    )
    """The fields that do not count with a backbone."""

    @property
    def unused_fields(self) -> tuple[str, ...]:
        return self.not_with_backbone if self.backbone else ()

    @abstractmethod
    def fit_features(self, encoder: Encoder, healthy: Batch, training: Training) -> bytes:
        """The graph that judges patches as a backbone describes them."""

    @abstractmethod
    def judge(self, patches: Patches, training: Training) -> Judge:
        """What tells the unusual patch; TrainingError where there are too few to learn from."""

    @property
    def features(self) -> int:
        """How many numbers describe a patch, its depth aside."""
        return len(self.windows) * self.components

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to stop
        if self.backbone:
            encoder = encoder_for(find_backbone(self.backbone).features(self.layers), healthy)
            self.graph_ = self.fit_features(encoder, healthy, training)
            return
        self._check(healthy)
        cells = turned(healthy, generator(training.seed, "turns"))
        look = PatchConfig(self.windows, self.components, self.step, self.depth_window)
        sight = learnt_sight(cells, look, generator(training.seed, "kernels"))
        patches = self._described(sight, cells, training)
        self.graph_ = _whole_graph(sight, self.judge(patches, training), healthy.pixels.shape[1:])

    @property
    def remembers(self) -> bool:
        return bool(self.backbone)

    def check_can_learn(self) -> None:
        super().check_can_learn()
        if self.backbone:
            find_backbone(self.backbone).check_installed()

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        if self.backbone:
            check_channels(shape)

    def expected(self, batch: Batch) -> Pixels:
        return batch.pixels

    def maps(self, batch: Batch) -> Maps:
        return run_graph(self.graph_, batch.pixels)[..., 0]

    def _check(self, healthy: Batch) -> None:
        values = min(self.windows) ** 2 * healthy.pixels.shape[-1]
        if values < self.components:
            raise TrainingError(
                f"{self.components} components need as many values a patch, but a window of "
                f"{min(self.windows)} pixels has {values}; lower components or use larger windows."
            )
        if not np.any(healthy.masks):
            raise TrainingError(
                f"The {len(healthy)} healthy cells have no pixel in their masks to learn from; add cells."
            )
        bad = int(np.count_nonzero(~np.isfinite(healthy.pixels)))
        if bad:
            raise TrainingError(
                f"{bad} pixel values of the healthy cells are not finite numbers; check the steps before it."
            )

    def _described(self, sight: PatchEncoder, cells: Batch, training: Training) -> Patches:
        """Every patch whose middle lies in the mask."""
        graph = _describing_graph(sight, cells.pixels.shape[1:])
        seen = cells.masks[:, :: self.step, :: self.step] > 0
        training.progress.begin("Describing patches", len(cells))
        chunks = []
        for start in range(0, len(cells), _CELLS_AT_ONCE):
            rows = slice(start, start + _CELLS_AT_ONCE)
            chunks.append(run_graph(graph, cells.pixels[rows])[seen[rows]])
            training.cancel.check()
            training.progress.advance(len(seen[rows]))
        table = np.concatenate(chunks)
        return Patches(table[:, :-1], table[:, -1], self._dark_spot(sight))

    def _dark_spot(self, sight: PatchEncoder) -> Array:
        spots = [np.tensordot(kernel, spot_like(kernel, self.spot), 3) for kernel in sight.kernels]
        return np.concatenate(spots).astype(np.float32) * np.float32(DIRECTIONS[self.darker_is])


def _describing_graph(sight: PatchEncoder, shape: tuple[int, ...]) -> bytes:
    """The graph that gives features and depth of every patch."""
    nodes, constants = describing_nodes(sight)
    make = needs("onnx", "train").helper.make_node
    nodes.append(make("Concat", [ROWS, DEPTH], [OUTPUT], axis=-1))
    down, right = (math.ceil(side / sight.look.step) for side in shape[:2])
    features = sum(len(kernel) for kernel in sight.kernels)
    return made_graph(nodes, constants, (shape, (down, right, features + 1)), 0)


def _whole_graph(sight: PatchEncoder, judge: Judge, shape: tuple[int, ...]) -> bytes:
    """Describe, judge, and draw the verdicts over all pixels between the grid's."""
    nodes, constants = describing_nodes(sight)
    make = needs("onnx", "train").helper.make_node
    height, width = shape[:2]
    drawn = [
        make("Transpose", [JUDGED], ["coarse"], perm=[0, 3, 1, 2]),
        make(
            "Resize",
            ["coarse", "", "growth"],
            ["fine"],
            mode="linear",
            coordinate_transformation_mode="asymmetric",
        ),
        make("Slice", ["fine", "begin", "end", "axes"], ["cut"]),
        make("Transpose", ["cut"], [OUTPUT], perm=[0, 2, 3, 1]),
    ]
    growth = {
        "growth": np.array([1, 1, sight.look.step, sight.look.step], np.float32),
        "begin": np.zeros(2, np.int64),
        "end": np.array([height, width], np.int64),
        "axes": np.array([2, 3], np.int64),
    }
    learnt = sum(kernel.size for kernel in sight.kernels) + judge.parameters
    whole = constants | judge.constants | growth
    return made_graph([*nodes, *judge.nodes, *drawn], whole, (shape, (height, width, 1)), learnt)


def few_patches(patches: Patches, most: int, rng: np.random.Generator) -> Patches:
    """At most so many of them, by chance."""
    rows = few(len(patches.rows), most, rng)
    return Patches(patches.rows[rows], patches.depths[rows], patches.spot)
