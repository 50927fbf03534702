"""Cells by a threshold, the votes of their rims, and a watershed."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import CellKind, Flags, Image8, Numbers, Plane, SegmentedCell
from normocyte.segmentation.contract import Field, Labels, Segmenter
from normocyte.segmentation.stain.odd import odd_stain
from normocyte.segmentation.stain.pieces import blots_in, whole_cells
from normocyte.segmentation.support.annotations import Annotations, annotations_of, painted_over
from normocyte.segmentation.support.clumps import basins, borders, merged
from normocyte.segmentation.support.colours import Colours, colours_of, disc, leucocytes_of, light_left
from normocyte.segmentation.support.eyepiece import within_light
from normocyte.segmentation.support.foreground import contrast_of, filled
from normocyte.segmentation.support.kinds import Region, kind_of
from normocyte.segmentation.support.light import absorbed, green_absorbed, shrunk
from normocyte.segmentation.support.ranks import median, upper_quartile
from normocyte.segmentation.support.regions import Frame, Outline, Runs, outlined_piece
from normocyte.segmentation.support.rims import centres, usual_radius

_GREEN = 1
_OWN_LEVEL = 0.65
"""What takes away less than this share of what its own cell does is stained glass beside it."""
_IN_ONE_PIECE = 0.75
"""A level of its own that leaves less than this share of a cell in one piece cuts through the cell."""
_LEAST_CONTRAST = 0.03
_COARSE, _FINEST = 360, 1440
_SMALL_RADIUS = 5.0
_RIM_INSIDE = 1.06
_SMOOTH = 0.02
_WHOLE_AGREEMENT = 99
_SPECK, _CELL_SIZED = 0.02, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """A copy of a field in which a red cell has a known diameter, with what was measured on it."""

    left: Plane
    stained: Flags
    density: Plane
    colours: Colours
    contrast: float
    diameter: float


@dataclass
class Watershed(Segmenter):
    """Finds stained cells, splits clumps by their rims and outlines, and names what each piece is.

    The light is made even, and what takes away enough green light is stained. The usual diameter is the one
    at which edges meet best. On a copy in which a cell is `detail` pixels wide, a watershed runs on the
    distance from the outline (in radii, at most 1) plus `rims` times the agreement of edges on a centre,
    smoothed by 5 % of a diameter; a low valley divides two cells. Halves that are one round piece together
    are joined. What is stained unlike the field's red cells and is ragged, or larger or longer than a red
    cell, is debris in one piece.
    """

    level: float = described(0.4, "share of a cell's green light from which it is stained", above=0, below=1)
    detail: int = described(36, "width of a cell when divided", unit="pixels", at_least=8, at_most=200)
    rims: float = described(2.0, "weight of the agreement of edges on a centre", at_least=0, at_most=100)
    saddle: float = described(0.85, "share of the lower top that divides", at_least=0, at_most=1)

    def find(self, pixels: Image8) -> Field:
        cells, _, bar = within_light(pixels, self._found)
        areas = [cell.area_px for cell in cells if cell.kind is CellKind.RED_CELL]
        diameter = float(np.sqrt(np.median(areas) * 4 / np.pi)) if areas else float("nan")
        return Field(cells, diameter, bar)

    def _found(self, pixels: Image8) -> tuple[list[SegmentedCell], float, float]:
        """What is in a picture that is lit all over; see `Found`."""
        burnt = annotations_of(pixels)
        cells = [SegmentedCell(x, y, mask, CellKind.ANNOTATION) for x, y, mask in burnt.pieces]
        diameter = 2 * _RIM_INSIDE * _radius(pixels)
        if np.isfinite(diameter):
            cells += self._cells(pixels, burnt, diameter)
        cells.sort(key=lambda cell: (cell.y, cell.x, cell.kind))
        return cells, diameter, burnt.bar_px

    def _cells(self, pixels: Image8, burnt: Annotations, diameter: float) -> list[SegmentedCell]:
        shrink = min(1.0, self.detail / diameter)
        small = painted_over(shrunk(pixels, _size(pixels, shrink)), burnt.mask)
        scene = self._scene(small, diameter * small.shape[1] / pixels.shape[1])
        white = leucocytes_of(scene.colours, scene.stained, scene.diameter)
        labels = self._regions(scene, white)
        labels, blots = self._mended(labels, int(white.max()) + 1, scene)
        return _named(labels, int(white.max()), blots, scene, burnt.mask)

    def _mended(self, labels: Labels, first: int, scene: _Scene) -> tuple[Labels, Numbers]:
        """The regions from `first` up with halves joined and each blot in one, and the numbers of blots."""
        whole = whole_cells(labels, scene.diameter, first)
        odd = odd_stain(scene.left, whole >= first, scene.diameter)
        return blots_in(whole, odd, scene.diameter, first)

    def _scene(self, small: Image8, diameter: float) -> _Scene:
        missing = absorbed(small)
        left = light_left(missing)
        density = _smooth(np.ascontiguousarray(missing[..., _GREEN]), _SMOOTH * diameter)
        contrast = contrast_of(density)
        stained = density > self.level * contrast
        return _Scene(left, stained, density, colours_of(left, stained), contrast, diameter)

    def _regions(self, scene: _Scene, white: Labels) -> Labels:
        """The numbered pieces of a field: white cells first, then the others."""
        votes = centres(scene.density, scene.diameter / 2, scene.contrast)
        most = max(float(np.percentile(votes[scene.stained], _WHOLE_AGREEMENT)), 1e-6)
        agreement = np.minimum(votes / np.float32(most), 1)
        solid = filled(scene.stained, agreement, scene.diameter, 0.5) & (white == 0)
        whole = cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_OPEN, disc(0.12 * scene.diameter))
        distance = cv2.distanceTransform(whole, cv2.DIST_L2, 5) / np.float32(scene.diameter / 2)
        height = np.minimum(distance, 1) + np.float32(self.rims) * agreement
        smooth = cv2.GaussianBlur(height, (0, 0), 0.05 * scene.diameter)
        cell = np.pi / 4 * scene.diameter**2
        pieces = merged(basins(smooth, whole > 0), smooth, self.saddle, 2 * cell, 0.1 * cell)
        return np.where(pieces > 0, pieces + white.max(), white)


def _radius(pixels: Image8) -> float:
    """The usual radius of the round things in a picture in its pixels, NaN without any."""
    longest = max(pixels.shape)
    side = _COARSE
    while True:
        shrink = min(1.0, side / longest)
        density = _smooth(green_absorbed(pixels, _size(pixels, shrink)), 0.8)
        contrast = contrast_of(density)
        radius = usual_radius(density, contrast) if contrast >= _LEAST_CONTRAST else float("nan")
        if radius >= _SMALL_RADIUS or shrink == 1.0 or side >= _FINEST:
            return float(radius / shrink)
        side *= 2


def _size(pixels: Image8, shrink: float) -> tuple[int, int]:
    """Width and height of a smaller copy."""
    height, width = pixels.shape[:2]
    return max(1, round(shrink * width)), max(1, round(shrink * height))


def _smooth(plane: Plane, sigma: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), dtype=np.float32)


def _piece_of(region: Flags, missing: Plane) -> tuple[Flags, Outline]:
    """The largest part of what is dark enough for its own cell, or the region's where that falls apart."""
    own = region & (missing > np.float32(_OWN_LEVEL) * np.float32(median(missing[region])))
    largest, outline = outlined_piece(own)
    is_whole = np.count_nonzero(own & largest) >= _IN_ONE_PIECE * np.count_nonzero(own)
    return (largest, outline) if is_whole else outlined_piece(region)


def _named(labels: Labels, white: int, blots: Numbers, scene: _Scene, burnt: Flags) -> list[SegmentedCell]:
    """The cells of a field from its numbered regions, of which the first `white` are white cells."""
    frame = Frame(*labels.shape, *burnt.shape)
    touching = borders(labels, scene.density)
    count = int(labels.max()) + 1
    neighbours = np.zeros(count, int)
    longest = np.zeros(count)
    for side in (touching.first, touching.second):
        np.add.at(neighbours, side, 1)
        np.maximum.at(longest, side, touching.length)
    found = []
    is_burnt, stained = bool(burnt.any()), set(blots.tolist())
    windows = Runs.of(labels).windows
    for number, window in enumerate(windows, start=1):
        if window[0].start == window[0].stop:
            continue
        inside, missing = labels[window] == number, scene.density[window]
        is_sized = number > white and np.count_nonzero(inside) >= _CELL_SIZED * scene.diameter**2
        mask, outline = _piece_of(inside, missing) if is_sized else outlined_piece(inside)
        if np.count_nonzero(mask) < _SPECK * scene.diameter**2:
            continue
        dark = upper_quartile(missing[mask]) / max(scene.contrast, _LEAST_CONTRAST)
        is_white, is_blot = number <= white, number in stained
        region = Region(mask, outline, window, is_white, float(longest[number]), dark, is_blot)
        kind, certainty = kind_of(region, scene.colours, scene.diameter)
        x, y, large = frame.enlarged(mask, window[1].start, window[0].start)
        is_under = is_burnt and bool((burnt[y : y + large.shape[0], x : x + large.shape[1]] & large).any())
        found.append(SegmentedCell(x, y, large, kind, int(neighbours[number]), is_under, certainty))
    return found
