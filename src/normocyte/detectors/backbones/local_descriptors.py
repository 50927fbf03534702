"""Gradient directions and plain statistics of small squares: no learning, no weights, no further package."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError
from normocyte.detectors.backbones.contract import PLANES, Backbone, FeatureMap, Features
from normocyte.detectors.backbones.support.drawing import Drawing
from normocyte.detectors.backbones.support.naming import named_apart

_SIDE = 128
_CELL = 8
_DIRECTIONS = 8
_SHARPNESS = 4
_SCALES = (1, 2, 4)
_TINY = 1e-4
_NOISE = 2.0
_LUMINANCE = (0.299, 0.587, 0.114)
_OPPONENTS = ((0.5, -0.5, 0.0), (0.25, 0.25, -0.5))
_AVERAGE = 1 / 9

Array = npt.NDArray[np.float32]


@dataclass
class LocalDescriptors(Backbone):
    """Histograms of gradient directions and statistics of brightness and colour, in squares of 8 x 8 pixels.

    Of each scale, 1, 2 and 4 pixels: how much gradient of which direction there is (after HOG, Dalal &
    Triggs, CVPR 2005: soft bins, the root of their share in the neighbourhood), and the log power of what is
    finer than three pixels of that scale. Of brightness and of two differences of colours: the mean, and the
    log of the variance.
    """

    def check_installed(self) -> None:
        """Nothing is needed."""

    def features(self, layers: Sequence[str] = ()) -> Features:
        if layers:
            raise ConfigError(f"local_descriptors has no layers to choose from, not {', '.join(layers)}.")
        drawing = _Drawing()
        gray = drawing.mixed(PLANES, "gray", (_LUMINANCE,))
        parts = [drawing.statistics(gray, "gray_cells", 1)]
        parts.append(drawing.statistics(drawing.mixed(PLANES, "opponents", _OPPONENTS), "colour_cells", 2))
        for scale in _SCALES:
            seen = drawing.shrunk(gray, scale)
            parts.append(drawing.directions(seen, scale))
            parts.append(drawing.detail(seen, scale))
        made = drawing.joined([name for name, _ in parts])
        channels = sum(count for _, count in parts)
        places = _SIDE // _CELL
        maps = (FeatureMap(made, channels, places, places),)
        return named_apart(Features(_SIDE, maps, drawing.nodes, drawing.constants), "local")


@dataclass
class _Drawing(Drawing):
    """The descriptors as nodes; each method gives the name of a tensor, or that and its channels."""

    def mixed(self, tensor: str, name: str, weights: Any) -> str:
        """Sums of the channels with these weights, as 0 to 1."""
        table = np.array(weights, np.float32)[:, :, np.newaxis, np.newaxis] / 255
        return self.add("Conv", [tensor, self.constant(f"{name}_weights", table)], name)

    def shrunk(self, tensor: str, scale: int) -> str:
        """The mean of squares of so many pixels."""
        if scale == 1:
            return tensor
        return self.add(
            "AveragePool", [tensor], f"shrunk_{scale}", kernel_shape=[scale] * 2, strides=[scale] * 2
        )

    def statistics(self, tensor: str, name: str, channels: int) -> tuple[str, int]:
        """Mean and log standard deviation of each square."""
        cells = {"kernel_shape": [_CELL] * 2, "strides": [_CELL] * 2}
        mean = self.add("AveragePool", [tensor], f"{name}_mean", **cells)
        squares = self.add("Mul", [tensor, tensor], f"{name}_squares")
        power = self.add("AveragePool", [squares], f"{name}_power", **cells)
        away = self.add("Sub", [power, self.add("Mul", [mean, mean], f"{name}_level")], f"{name}_variance")
        return self.joined([mean, self.logarithm(away, name)], name), 2 * channels

    def logarithm(self, tensor: str, name: str) -> str:
        """A quarter of the log of a variance, with noise of half a gray level added."""
        some = self.add("Relu", [tensor], f"{name}_positive")
        more = self.add("Add", [some, self.constant(f"{name}_noise", (_NOISE / 255) ** 2)], f"{name}_noisy")
        logs = self.add("Log", [more], f"{name}_log")
        return self.add("Mul", [logs, self.constant(f"{name}_unit", 0.1)], f"{name}_spread")

    def detail(self, tensor: str, scale: int) -> tuple[str, int]:
        """The log power of what is finer than three pixels of this scale."""
        name, side = f"detail_{scale}", _CELL // scale
        kernel = np.full((1, 1, 3, 3), -_AVERAGE)
        kernel[0, 0, 1, 1] += 1
        weights = self.constant(f"{name}_kernel", kernel)
        fine = self.add("Conv", [self.framed(tensor, name), weights], f"{name}_fine")
        power = self.add("Mul", [fine, fine], f"{name}_power")
        cells = self.add("AveragePool", [power], f"{name}_cells", kernel_shape=[side] * 2, strides=[side] * 2)
        return self.logarithm(cells, name), 1

    def framed(self, tensor: str, name: str) -> str:
        """One more pixel at each edge, as the one beside it."""
        self.constants[f"{name}_frame"] = np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int64)
        return self.add("Pad", [tensor, f"{name}_frame"], f"{name}_framed", mode="edge")

    def directions(self, tensor: str, scale: int) -> tuple[str, int]:
        """How much gradient of each direction, as the root of its share in the neighbourhood."""
        name, side = f"directions_{scale}", _CELL // scale
        angles = np.arange(_DIRECTIONS) * np.pi / _DIRECTIONS
        across = np.outer([1, 2, 1], [-1, 0, 1]) / 8
        kernels = [np.cos(angle) * across + np.sin(angle) * across.T for angle in angles]
        weights = self.constant(f"{name}_kernels", np.array(kernels)[:, np.newaxis])
        slopes = self.add("Conv", [self.framed(tensor, name), weights], f"{name}_slopes")
        power = self.add("Mul", [slopes, slopes], f"{name}_power")
        share = self.constant(f"{name}_share", np.full((1, _DIRECTIONS, 1, 1), 2 / _DIRECTIONS))
        total = self.add("Conv", [power, share], f"{name}_total")  # the squared length of the gradient
        safe = self.add("Add", [total, self.constant(f"{name}_tiny", _TINY**2)], f"{name}_safe")
        cosine = self.add("Div", [power, safe], f"{name}_cosine")
        sharp = self.add("Pow", [cosine, self.constant(f"{name}_sharpness", _SHARPNESS / 2)], f"{name}_sharp")
        length = self.add("Sqrt", [safe], f"{name}_length")
        votes = self.add("Mul", [sharp, length], f"{name}_votes")
        cells = self.add("AveragePool", [votes], f"{name}_cells", kernel_shape=[side] * 2, strides=[side] * 2)
        return self.normalised(cells, name), _DIRECTIONS

    def normalised(self, cells: str, name: str) -> str:
        """The root of each bin's share of what stands in 3 x 3 squares."""
        ones = self.constant(f"{name}_ones", np.full((1, _DIRECTIONS, 3, 3), _AVERAGE))
        around = self.add("Conv", [self.framed(cells, f"{name}_around"), ones], f"{name}_near")
        enough = self.add("Add", [around, self.constant(f"{name}_noise", _NOISE / 255)], f"{name}_enough")
        return self.add("Sqrt", [self.add("Div", [cells, enough], f"{name}_shares")], f"{name}_roots")

    def joined(self, tensors: list[str], name: str = "descriptors") -> str:
        """The channels of several tensors, one after the other."""
        return self.add("Concat", tensors, name, axis=1)
