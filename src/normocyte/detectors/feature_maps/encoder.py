"""From pictures to a table of numbers for every place, by the feature maps of a backbone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError, TrainingError, needs
from normocyte.core.types import Batch, Pixels
from normocyte.detectors.backbones.contract import PLANES, FeatureMap, Features
from normocyte.detectors.contract import Training
from normocyte.detectors.networks.graphs import made_graph
from normocyte.detectors.support.onnx_graph import INPUT, OUTPUT, run_graph

PLACES = "places"
"""(n, down, right, features): the numbers that describe each place."""
JUDGED = "judged"
"""(n, down, right, 1): how unusual each place is."""
_COLOURS = 3
_CHANNELS = (1, _COLOURS)
_WHITE = 255.0
_NEARLY = 1.01
_EXTREME = (0.1, 99.9)
_PICTURES_AT_ONCE = 16
_AT_ONCE = 1
"""A graph with a backbone takes one picture, which stays in the cache of a core."""
_SAMPLE = 200
_ACROSS, _ROW = 2, 3
"""The axis from left to right: of pictures, and of planes."""

Array = npt.NDArray[np.float32]
Constants = dict[str, Any]
Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Encoder:
    """The nodes from INPUT to PLACES, for pictures of one shape.

    `gain` and `offset` bring their pixels to 0..255. One that `is_mirrored` describes the mirror image of
    each picture, too: PLACES then has two rows, and the verdict is the mean of both.
    """

    shape: Shape
    gain: float
    offset: float
    features: Features
    is_smooth: bool = True
    is_mirrored: bool = False

    @property
    def finest(self) -> FeatureMap:
        """The feature map with the most places; the others are brought to its size."""
        return self.features.maps[0]

    @property
    def channels(self) -> int:
        """How many numbers describe a place."""
        return sum(one.channels for one in self.features.maps)

    @property
    def grid(self) -> tuple[int, int]:
        """How many places there are, down and right."""
        return self.finest.height, self.finest.width

    def nodes(self) -> tuple[list[Any], Constants]:
        """The nodes and their constants."""
        drawn, constants = self._planes()
        drawn += self.features.nodes
        constants |= self.features.constants
        make = needs("onnx", "train").helper.make_node
        names = []
        for index, one in enumerate(self.features.maps):
            tensor = one.tensor
            if self.is_smooth:
                pool = {"kernel_shape": [3, 3], "pads": [1] * 4, "strides": [1, 1]}
                drawn.append(make("AveragePool", [tensor], [f"smooth_{index}"], **pool))
                tensor = f"smooth_{index}"
            if (one.height, one.width) != self.grid:
                growth = [1, 1, self.grid[0] / one.height, self.grid[1] / one.width]
                constants[f"growth_{index}"] = np.array(growth, np.float32)
                drawn.append(
                    make("Resize", [tensor, "", f"growth_{index}"], [f"grown_{index}"], mode="linear")
                )
                tensor = f"grown_{index}"
            names.append(tensor)
        drawn.append(make("Concat", names, ["described"], axis=1))
        drawn.append(make("Transpose", ["described"], [PLACES], perm=[0, 2, 3, 1]))
        return drawn, constants

    def _planes(self) -> tuple[list[Any], Constants]:
        """The pictures as PLANES: three colours from 0 to 255, of the side that the backbone is made for."""
        make = needs("onnx", "train").helper.make_node
        height, width, channels = self.shape
        constants: Constants = {
            "gain": np.array(self.gain, np.float32),
            "offset": np.array(self.offset, np.float32),
        }
        drawn, seen = [], INPUT
        if self.is_mirrored:
            constants |= _backwards(_ACROSS)
            drawn.append(make("Slice", [INPUT, *_backwards(_ACROSS)], ["mirror_image"]))
            drawn.append(make("Concat", [INPUT, "mirror_image"], ["both_images"], axis=0))
            seen = "both_images"
        drawn += [
            make("Mul", [seen, "gain"], ["stretched"]),
            make("Add", ["stretched", "offset"], ["levels"]),
            make("Transpose", ["levels"], ["upright"], perm=[0, 3, 1, 2]),
            make("Concat", ["upright"] * (_COLOURS // channels), ["colours"], axis=1),
        ]
        if (height, width) == (self.features.side, self.features.side):
            return [*drawn, make("Identity", ["colours"], [PLANES])], constants
        constants["plane"] = np.array([_COLOURS, self.features.side, self.features.side], np.int64)
        drawn += [
            make("Shape", ["colours"], ["count"], start=0, end=1),
            make("Concat", ["count", "plane"], ["sizes"], axis=0),
            make("Resize", ["colours", "", "", "sizes"], [PLANES], mode="linear"),
        ]
        return drawn, constants

    def places(self, batch: Batch, training: Training) -> Iterator[tuple[Array, npt.NDArray[np.bool_]]]:
        """The numbers of a few pictures at a time, (m, down, right, features), and which places count.

        One that is mirrored gives those of the mirror images after all others.
        """
        if self.is_mirrored:
            plain = replace(self, is_mirrored=False)
            yield from plain.places(batch, training)
            yield from plain.places(_mirrored(batch), training)
            return
        nodes, constants = self.nodes()
        make = needs("onnx", "train").helper.make_node
        nodes.append(make("Identity", [PLACES], [OUTPUT]))
        shapes = self.shape, (*self.grid, self.channels)
        graph = made_graph(nodes, constants, shapes, 0, self.features.opset, _AT_ONCE)
        down, right = (
            np.minimum((np.arange(count) + 0.5) * length / count, length - 1).astype(np.intp)
            for count, length in zip(self.grid, self.shape[:2], strict=True)
        )
        training.progress.begin("Describing images", len(batch))
        for start in range(0, len(batch), _PICTURES_AT_ONCE):
            rows = slice(start, start + _PICTURES_AT_ONCE)
            described = run_graph(graph, batch.pixels[rows])
            yield described, batch.masks[rows][:, down][:, :, right] > 0
            training.cancel.check()
            training.progress.advance(len(described))

    def whole_graph(self, judging: list[Any], constants: Constants, parameters: int) -> bytes:
        """Describe, judge by these nodes from PLACES to JUDGED, and draw the verdicts over all pixels."""
        make = needs("onnx", "train").helper.make_node
        nodes, own = self.nodes()
        height, width = self.shape[:2]
        own["picture"] = np.array([1, height, width], np.int64)
        drawn = [make("Transpose", [JUDGED], ["verdicts"], perm=[0, 3, 1, 2])]
        if self.is_mirrored:
            own |= _backwards(_ROW) | {"half": np.array(0.5, np.float32)}
            drawn += [
                make("Split", ["verdicts"], ["verdict", "of_mirror"], axis=0),
                make("Slice", ["of_mirror", *_backwards(_ROW)], ["turned_back"]),
                make("Add", ["verdict", "turned_back"], ["of_both"]),
                make("Mul", ["of_both", "half"], ["coarse"]),
            ]
        else:
            drawn.append(make("Identity", ["verdicts"], ["coarse"]))
        drawn += [
            make("Shape", ["coarse"], ["pictures"], start=0, end=1),
            make("Concat", ["pictures", "picture"], ["drawn_sizes"], axis=0),
            make("Resize", ["coarse", "", "", "drawn_sizes"], ["fine"], mode="linear"),
            make("Transpose", ["fine"], [OUTPUT], perm=[0, 2, 3, 1]),
        ]
        whole = own | constants
        shapes = self.shape, (height, width, 1)
        return made_graph(
            [*nodes, *judging, *drawn], whole, shapes, parameters, self.features.opset, _AT_ONCE
        )


def _backwards(axis: int) -> Constants:
    """What a node Slice needs to turn an axis round, in the order of its inputs."""
    numbers = {"first": -1, "end": np.iinfo(np.int64).min, "axis": axis, "step": -1}
    return {f"{name}_back_{axis}": np.array([number], np.int64) for name, number in numbers.items()}


def _mirrored(batch: Batch) -> Batch:
    return replace(batch, pixels=batch.pixels[:, :, ::-1], masks=batch.masks[:, :, ::-1])


def encoder_for(
    features: Features, healthy: Batch, *, is_smooth: bool = True, is_mirrored: bool = False
) -> Encoder:
    """The encoder for pictures like these; TrainingError where their pixels cannot be described.

    Pixels within 0..1 and within 0..255 are taken for shares of white and for gray levels; all others are
    stretched, so that all but 0.2 % of them lie within 0..255.
    """
    shape = healthy.pixels.shape[1:]
    check_channels(shape)
    bad = int(np.count_nonzero(~np.isfinite(healthy.pixels)))
    if bad:
        raise TrainingError(
            f"{bad} pixel values of the healthy images are not finite numbers; check the steps before it."
        )
    gain, offset = _levels(healthy.pixels[:: max(1, len(healthy) // _SAMPLE)])
    return Encoder(shape, gain, offset, features, is_smooth, is_mirrored)


def check_channels(shape: tuple[int, ...]) -> None:
    """ConfigError for pictures of other than one or three channels."""
    if shape[-1] not in _CHANNELS:
        raise ConfigError(
            f"A backbone describes gray images and colour images, but these have {shape[-1]} channels after "
            "preprocessing; leave out the step that makes them."
        )


def _levels(pixels: Pixels) -> tuple[float, float]:
    """What brings pixels to 0..255: a factor, and what is added."""
    low, high = float(pixels.min()), float(pixels.max())
    if low >= 0 and high <= _WHITE * _NEARLY:
        return (_WHITE if high <= _NEARLY else 1.0), 0.0
    low, high = (float(level) for level in np.percentile(pixels, _EXTREME))
    gain = _WHITE / max(high - low, 1e-6)
    return gain, -low * gain
