"""Rims that vote: every dark-inside edge points at the centre of the disc that it bounds."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Plane

Places = npt.NDArray[np.float64]

_RADII = 16
_SMALLEST_RADIUS, _LARGEST_SHARE = 3.5, 0.2
_SPREAD = 0.15
_STEEPEST = 75
_LEAST_SLOPE = 0.02
_FEWEST = 50
_CLEAR = 1.25


@dataclass(frozen=True, slots=True)
class Rims:
    """Pixels on an edge: where they are, the unit vector towards the dark side, and how much each counts."""

    x: Places
    y: Places
    right: Places
    down: Places
    weight: Places
    shape: tuple[int, int]

    def votes(self, distance: float, shrink: float) -> Plane:
        """The weights that meet this far on the dark side, on a grid that is `shrink` times coarser."""
        height, width = (int(side / shrink) + 2 for side in self.shape)
        columns = _met(self.x, self.right, distance, shrink)
        places = _met(self.y, self.down, distance, shrink)
        is_beyond = (columns.view(np.uint32) >= width) | (places.view(np.uint32) >= height)  # also below 0
        places *= width
        places += columns
        np.putmask(places, is_beyond, height * width)
        counts = np.bincount(places, self.weight, height * width + 1)[:-1]
        return np.asarray(counts.reshape(height, width), dtype=np.float32)


def _met(start: Places, way: Places, distance: float, shrink: float) -> npt.NDArray[np.int32]:
    """Where a grid is met this far from the start, rounded; each step in the same array."""
    at = way * distance
    at += start
    at /= shrink
    at += 0.5
    return at.astype(np.int32)


def rims(plane: Plane, slope: float, most: float) -> Rims:
    """The pixels of a plane that are steeper than `slope` a pixel; none counts for more than `most`."""
    right = cv2.Sobel(plane, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(plane, cv2.CV_32F, 0, 1, scale=1 / 8)
    steepness = cv2.magnitude(right, down)
    places = np.flatnonzero(steepness > slope)
    rows, columns = np.divmod(places.astype(np.int32), np.int32(plane.shape[1]))
    steep = steepness.ravel()[places]
    return Rims(
        columns.astype(np.float64),
        rows.astype(np.float64),
        (right.ravel()[places] / steep).astype(np.float64),
        (down.ravel()[places] / steep).astype(np.float64),
        np.minimum(steep, np.float32(most)).astype(np.float64),
        plane.shape,
    )


def centres(plane: Plane, radius: float, contrast: float) -> Plane:
    """How many rims of about this radius agree on each pixel as their centre; 1 where nearly all do.

    A circular Hough transform with the direction of the edge (Kimme, Ballard & Sklansky, Commun. ACM 18
    (1975) 120), radii from 0.75 to 1.2 of the one given.
    """
    slope = contrast / (2 * radius)
    found = rims(plane, 0.3 * slope, 1.5 * slope)
    votes = sum((found.votes(share * radius, 2) for share in np.linspace(0.75, 1.2, 5)), start=np.float32(0))
    smooth = cv2.GaussianBlur(np.asarray(votes, dtype=np.float32), (0, 0), max(0.09 * radius, 0.5))
    height, width = plane.shape
    large = cv2.resize(smooth, (smooth.shape[1] * 2, smooth.shape[0] * 2), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(large[:height, :width])


def usual_radius(plane: Plane, contrast: float) -> float:
    """The radius at which rims meet best, in pixels; NaN where they meet no better than by chance.

    For each radius the votes are gathered on a grid as coarse as the radius asks, and their mean square is
    compared with that of votes cast to the bright side, where no centres lie.
    """
    slopes = cv2.Sobel(plane, cv2.CV_32F, 1, 0, scale=1 / 8)[::3, ::3]
    steep = float(np.percentile(np.abs(slopes), _STEEPEST))
    found = rims(plane, max(steep, _LEAST_SLOPE * contrast), max(2 * steep, 2 * _LEAST_SLOPE * contrast))
    largest = _LARGEST_SHARE * min(plane.shape)
    if len(found.x) < _FEWEST or largest <= _SMALLEST_RADIUS:
        return float("nan")
    radii = np.geomspace(_SMALLEST_RADIUS, largest, _RADII)
    meeting = np.array([[_agreement(found, side * radius) for side in (1, -1)] for radius in radii])
    gain = meeting[:, 0] - meeting[:, 1]
    best = int(np.argmax(gain))
    if meeting[best, 0] < _CLEAR * meeting[best, 1]:
        return float("nan")
    return float(radii[best] * (radii[1] / radii[0]) ** _top(gain, best))


def _agreement(found: Rims, distance: float) -> float:
    """The mean square of the votes relative to evenly spread ones."""
    votes = cv2.GaussianBlur(found.votes(distance, max(1.0, _SPREAD * abs(distance))), (0, 0), 1)
    return float(np.mean(np.square(votes)) / np.square(np.mean(votes) + 1e-12))


def _top(values: npt.NDArray[np.float64], best: int) -> float:
    """Where between its neighbours the top of a parabola through three values lies, -0.5 to 0.5."""
    if not 0 < best < len(values) - 1:
        return 0.0
    before, middle, after = values[best - 1 : best + 2]
    bend = before - 2 * middle + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0
