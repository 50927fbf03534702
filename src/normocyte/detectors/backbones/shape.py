"""The outline of what stands before the background, and its brightness from the middle to the rim."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError
from normocyte.detectors.backbones.contract import PLANES, Backbone, FeatureMap, Features
from normocyte.detectors.backbones.support.drawing import Drawing
from normocyte.detectors.backbones.support.naming import named_apart

_SIDE = 64
_LEVELS = 64
_SECTORS = 32
_HARMONICS = 8
_RINGS = 8
_REACH = 1.2
_LUMINANCE = (0.299, 0.587, 0.114)
_TINY = 1e-6
_POWERS = ((2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))

Array = npt.NDArray[np.float32]


@dataclass
class Shape(Backbone):
    """Numbers of one outline, the same for the whole image: a backbone of a single place.

    The foreground is the side of Otsu's threshold that fills less of the edge of the image. Of it, with its
    holes filled: the root of its share of the image; Hu's first four moments (IRE Trans. Inf. Theory 8 (1962)
    179) and its eccentricity; the first 8 harmonics of how far the outline lies from the middle; the share
    that is no hole; and the mean brightness in 8 rings from the middle to the rim, less that of the whole.
    The central pallor of a red cell is in the first of them. Nothing changes when the image is turned.
    """

    def check_installed(self) -> None:
        """Nothing is needed."""

    def features(self, layers: Sequence[str] = ()) -> Features:
        if layers:
            raise ConfigError(f"shape has no layers to choose from, not {', '.join(layers)}.")
        drawing = _Drawing()
        gray = drawing.gray()
        found = drawing.foreground(gray)
        rough = drawing.middle(found, "rough")
        filled = drawing.filled(found, rough)
        figure = drawing.middle(filled, "figure")
        parts = [drawing.share(figure), *drawing.moments(filled, figure)]
        parts += [drawing.outline(filled, figure), drawing.solidity(rough, figure)]
        parts.append(drawing.rings(gray, filled, figure))
        numbers = drawing.add("Concat", parts, "numbers", axis=1)
        made = drawing.add(
            "Reshape", [numbers, drawing.whole("as_map", [-1, drawing.count, 1, 1])], "shape_map"
        )
        maps = (FeatureMap(made, drawing.count, 1, 1),)
        return named_apart(Features(_SIDE, maps, drawing.nodes, drawing.constants), "shape")


@dataclass(frozen=True)
class _Figure:
    """Names of tensors: the area of a figure in pixels, (n, 1), and of each pixel, (n, pixels), how far it
    lies right of the middle, below it and from it, in roots of the area.
    """

    area: str
    across: str
    down: str
    radius: str


@dataclass
class _Drawing(Drawing):
    """The numbers as nodes; rows of pixels are (n, pixels)."""

    count: int = 0

    def whole(self, name: str, value: Any) -> str:
        """One constant of whole numbers more."""
        self.constants[name] = np.asarray(value, np.int64)
        return name

    def total(self, tensor: str, name: str) -> str:
        """The sum over the last axis, which stays."""
        return self.add("ReduceSum", [tensor, self.whole("last_axis", [-1])], name, keepdims=1)

    def over(self, tensor: str, below: str, name: str) -> str:
        """The quotient, where what is below may be 0."""
        safe = self.add("Add", [below, self.constant("tiny_number", _TINY)], f"{name}_safe")
        return self.add("Div", [tensor, safe], name)

    def gray(self) -> str:
        """The luminance, (n, pixels), 0 to 255."""
        weights = np.array(_LUMINANCE, np.float32)[np.newaxis, :, np.newaxis, np.newaxis]
        mixed = self.add("Conv", [PLANES, self.constant("luminance", weights)], "luminance_map")
        return self.add("Reshape", [mixed, self.whole("as_row", [-1, _SIDE**2])], "gray_row")

    def foreground(self, gray: str) -> str:
        """1 on the side of Otsu's threshold that fills less of the edge of the image, (n, pixels)."""
        levels = (np.arange(1, _LEVELS) * 255 / _LEVELS).astype(np.float32)
        self.constant("levels_down", levels[:, np.newaxis])
        self.constant("level_list", levels)
        once = self.add("Unsqueeze", [gray, self.whole("first_axis", [1])], "gray_once")
        below = self.add("Cast", [self.add("Less", [once, "levels_down"], "is_below")], "below", to=1)
        count = self.total(below, "below_count")
        light = self.total(self.add("Mul", [below, once], "below_gray"), "below_light")
        pixels = self.constant("pixels_count", _SIDE**2)
        mean = self.add("Div", [self.total(once, "all_light"), pixels], "mean_light")
        off = self.add("Sub", [light, self.add("Mul", [count, mean], "due_light")], "off_light")
        rest = self.add("Mul", [count, self.add("Sub", [pixels, count], "above_count")], "both_counts")
        between = self.over(self.add("Mul", [off, off], "off_squared"), rest, "between")
        best = self.add("ArgMax", [between], "best_level", axis=1, keepdims=0)
        threshold = self.add("Gather", ["level_list", best], "otsu_level", axis=0)
        dark = self.add("Cast", [self.add("Less", [gray, threshold], "is_dark")], "dark", to=1)
        return self._other_than_edge(dark)

    def _other_than_edge(self, dark: str) -> str:
        edge = np.ones((_SIDE, _SIDE), np.float32)
        edge[1:-1, 1:-1] = 0
        share = self.constant("edge_share", edge.reshape(-1, 1) / edge.sum())
        half = self.constant("half", 0.5)
        is_edge = self.add("Greater", [self.add("MatMul", [dark, share], "dark_edge"), half], "is_edge_dark")
        turned = self.add("Cast", [is_edge], "edge_dark", to=1)
        other = self.add("Sub", [self.constant("one", 1), dark], "light")
        chosen = self.add("Mul", [turned, other], "light_chosen")
        kept = self.add("Mul", [self.add("Sub", ["one", turned], "edge_light"), dark], "dark_chosen")
        return self.add("Add", [chosen, kept], "inside")

    def middle(self, inside: str, name: str) -> _Figure:
        """Where the middle of a figure is."""
        down, across = np.mgrid[:_SIDE, :_SIDE].reshape(2, 1, -1)
        some = self.constant("nearly_none", 1e-3)
        area = self.add("Add", [self.total(inside, f"{name}_count"), some], f"{name}_area")
        root = self.add("Sqrt", [area], f"{name}_root")
        places = []
        for way, steps in (("across", across), ("down", down)):
            here = self.constant(f"{way}_steps", steps)
            total = self.total(self.add("Mul", [inside, here], f"{name}_{way}_inside"), f"{name}_{way}_total")
            middle = self.add("Div", [total, area], f"{name}_{way}_middle")
            away = self.add("Sub", [here, middle], f"{name}_{way}_away")
            places.append(self.add("Div", [away, root], f"{name}_{way}"))
        return _Figure(area, places[0], places[1], self.length(places[0], places[1], f"{name}_radius"))

    def sectors(self, figure: _Figure) -> str:
        """Which pixels lie in which direction, (n, directions, pixels) of 0 and 1."""
        angles = np.arange(_SECTORS)[:, np.newaxis] * 2 * np.pi / _SECTORS
        cosines, sines = self.constant("cosines", np.cos(angles)), self.constant("sines", np.sin(angles))
        right = self.add("Mul", [self.once(figure.across), cosines], f"{figure.across}_along")
        below = self.add("Mul", [self.once(figure.down), sines], f"{figure.down}_along")
        along = self.add("Add", [right, below], f"{figure.radius}_along")
        least = self.times(
            self.once(figure.radius), float(np.cos(np.pi / _SECTORS)), f"{figure.radius}_least"
        )
        is_there = self.add("GreaterOrEqual", [along, least], f"{figure.radius}_is_there")
        return self.add("Cast", [is_there], f"{figure.radius}_sectors", to=1)

    def reach(self, inside: str, figure: _Figure, sectors: str) -> str:
        """How far the outline lies from the middle in each direction, (n, directions, 1)."""
        filled = self.add("Mul", [figure.radius, inside], f"{figure.radius}_inside")
        far = self.add("Mul", [sectors, self.once(filled)], f"{figure.radius}_far")
        return self.add("ReduceMax", [far], f"{figure.radius}_reach", axes=[2], keepdims=1)

    def filled(self, inside: str, figure: _Figure) -> str:
        """The figure without holes: all that lies nearer to the middle than its outline does there."""
        sectors = self.sectors(figure)
        reach = self.reach(inside, figure, sectors)
        is_near = self.add("LessOrEqual", [self.once(figure.radius), reach], "is_near")
        near = self.add("Mul", [self.add("Cast", [is_near], "near", to=1), sectors], "near_there")
        anywhere = self.add("ReduceMax", [near], "near_anywhere", axes=[1], keepdims=0)
        return self.add("Max", [anywhere, inside], "filled")

    def counted(self, tensor: str, numbers: int) -> str:
        """The tensor, with so many numbers counted as features."""
        self.count += numbers
        return tensor

    def share(self, figure: _Figure) -> str:
        """The root of the share of the image."""
        share = self.add("Div", [figure.area, "pixels_count"], "figure_share")
        return self.counted(self.add("Sqrt", [share], "share_root"), 1)

    def solidity(self, found: _Figure, filled: _Figure) -> str:
        """The share of the figure that is no hole."""
        return self.counted(self.add("Div", [found.area, filled.area], "solidity"), 1)

    def moments(self, inside: str, figure: _Figure) -> list[str]:
        """Hu's first four moments, each of the size of a length, and the eccentricity."""
        eta = {}
        for right, below in _POWERS:
            name, product = f"eta_{right}{below}", inside
            for step, place in enumerate([figure.across] * right + [figure.down] * below):
                product = self.add("Mul", [product, place], f"{name}_{step}")
            eta[right, below] = self.add("Div", [self.total(product, f"{name}_sum"), figure.area], name)
        first = self.add("Add", [eta[2, 0], eta[0, 2]], "hu_1")
        apart = self.add("Sub", [eta[2, 0], eta[0, 2]], "axes_apart")
        second = self.length(apart, self.times(eta[1, 1], 2, "twice_eta_11"), "hu_2")
        third = self.length(
            self.add("Sub", [eta[3, 0], self.times(eta[1, 2], 3, "thrice_eta_12")], "hu_3_across"),
            self.add("Sub", [self.times(eta[2, 1], 3, "thrice_eta_21"), eta[0, 3]], "hu_3_down"),
            "hu_3",
        )
        fourth = self.length(
            self.add("Add", [eta[3, 0], eta[1, 2]], "hu_4_across"),
            self.add("Add", [eta[2, 1], eta[0, 3]], "hu_4_down"),
            "hu_4",
        )
        eccentricity = self.over(second, first, "eccentricity")
        return [self.counted(one, 1) for one in (first, second, third, fourth, eccentricity)]

    def times(self, tensor: str, factor: float, name: str) -> str:
        """The tensor times a number."""
        return self.add("Mul", [tensor, self.constant(f"{name}_factor", factor)], name)

    def length(self, across: str, down: str, name: str) -> str:
        """The root of the sum of two squares."""
        squares = [self.add("Mul", [one, one], f"{name}_square_{one}") for one in (across, down)]
        return self.add("Sqrt", [self.add("Add", squares, f"{name}_squares")], name)

    def outline(self, inside: str, figure: _Figure) -> str:
        """The strength of the first harmonics of the outline's distance from the middle, less its mean."""
        reach = self.reach(inside, figure, self.sectors(figure))
        row = self.add("Reshape", [reach, self.whole("as_directions", [-1, _SECTORS])], "reach_row")
        mean = self.add("ReduceMean", [row], "mean_reach", axes=[1], keepdims=1)
        relative = self.over(row, mean, "relative_reach")
        turns = np.outer(np.arange(_SECTORS) * 2 * np.pi / _SECTORS, np.arange(1, _HARMONICS + 1))
        even, odd = (
            self.add("MatMul", [relative, self.constant(name, wave(turns) / _SECTORS)], f"{name}_wave")
            for name, wave in (("even", np.cos), ("odd", np.sin))
        )
        return self.counted(self.length(even, odd, "harmonics"), _HARMONICS)

    def once(self, tensor: str) -> str:
        """(n, pixels) as (n, 1, pixels)."""
        name = f"{tensor}_once"
        known = {output for node in self.nodes for output in node.output}
        return name if name in known else self.add("Unsqueeze", [tensor, "first_axis"], name)

    def rings(self, gray: str, inside: str, figure: _Figure) -> str:
        """The mean brightness of each ring from the middle to the rim, less that of the whole."""
        edges = np.linspace(0, _REACH / np.sqrt(np.pi), _RINGS + 1, dtype=np.float32)[:, np.newaxis]
        radius = self.once(figure.radius)
        beyond = self.add("GreaterOrEqual", [radius, self.constant("ring_from", edges[:-1])], "is_beyond")
        within = self.add("Less", [radius, self.constant("ring_to", edges[1:])], "is_within")
        is_ring = self.add("And", [beyond, within], "is_ring")
        ring = self.add("Mul", [self.add("Cast", [is_ring], "any_ring", to=1), self.once(inside)], "ring")
        light = self.total(self.add("Mul", [gray, inside], "inside_gray"), "inside_light")
        mean = self.add("Div", [light, figure.area], "inside_mean")
        more = self.add(
            "Div", [self.add("Sub", [gray, mean], "more_gray"), self.constant("white", 255)], "more"
        )
        total = self.total(self.add("Mul", [ring, self.once(more)], "ring_more"), "ring_total")
        count = self.add("Add", [self.total(ring, "ring_count"), "one"], "ring_some")
        shade = self.add("Div", [total, count], "ring_shade")
        rows = self.add("Reshape", [shade, self.whole("as_rings", [-1, _RINGS])], "rings")
        return self.counted(rows, _RINGS)
