"""Even light: which share of it each pixel takes away, whatever the lamp and the lens did."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.segmentation._base import Flags, Image8, Plane

Values = npt.NDArray[np.float64]

_GRID = 80
_ROUNDS = 12
_LOW = 0.05
_GLASS_ROUNDS = 3
_SPREAD = 2.5
_DARK, _CORNER = 0.15, 0.01
_LEAST = -0.5
_BINS = 255
_MOST_GLASS = 0.88


def absorbed(pixels: Image8) -> Plane:
    """The share of the light that is missing at each pixel, (height, width, 3); 0 on empty glass.

    The light on empty glass is exp(q), q a quadratic surface for each colour: first below most of the green
    optical density by asymmetric least squares (Newey & Powell, Econometrica 55 (1987) 819), then through
    what Otsu's cut takes for glass. Beyond a round eyepiece nothing is missing.
    """
    height, width = pixels.shape[:2]
    grid = np.asarray(
        cv2.resize(pixels, _grid_size(height, width), interpolation=cv2.INTER_NEAREST), np.uint8
    )
    is_seen = _in_sight(grid)
    logs = np.log(np.maximum(grid.astype(np.float64), 1))
    light = np.exp(_surfaces(logs, is_seen)).astype(np.float32)
    even = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    missing = 1 - cv2.divide(pixels.astype(np.float32), np.maximum(even, 1))
    np.maximum(missing, np.float32(_LEAST), out=missing)
    if not is_seen.all():
        outside = cv2.resize((~is_seen).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        missing[outside > 0] = 0
    return np.asarray(missing, dtype=np.float32)


def _grid_size(height: int, width: int) -> tuple[int, int]:
    shrink = min(1.0, _GRID / max(height, width))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _in_sight(grid: Image8) -> Flags:
    """False in the black surroundings that a round eyepiece leaves at the edges of a photo."""
    brightest = grid.max(axis=2)
    dark = (brightest < _DARK * np.percentile(brightest, 95)).astype(np.uint8)
    _, labels, facts, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    edges = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    large = np.flatnonzero(facts[:, cv2.CC_STAT_AREA] >= _CORNER * dark.size)
    return ~np.isin(labels, [label for label in np.intersect1d(edges, large) if label])


def _surfaces(logs: Values, is_seen: Flags) -> Values:
    """The logarithm of the light on empty glass, for each colour."""
    terms = _terms(*is_seen.shape)
    counted = is_seen.ravel()
    green = -logs[..., 1].ravel()
    excess = green - terms @ _lower_edge(terms[counted], green[counted])
    glass = counted
    for _ in range(_GLASS_ROUNDS):
        glass = counted & _is_glass(excess, counted)
        excess = green - terms @ _fit(terms[glass], green[glass])
    coefficients = _fit(terms[glass], logs.reshape(-1, 3)[glass])
    return np.asarray((terms @ coefficients).reshape(logs.shape))


def _terms(height: int, width: int) -> Values:
    """The six terms of a quadratic surface at each pixel, (height width, 6)."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)


def _lower_edge(terms: Values, values: Values) -> Values:
    weights = np.full(len(values), 0.5)
    found = np.zeros(terms.shape[1])
    for _ in range(_ROUNDS):
        weighted = terms * weights[:, np.newaxis]
        found = np.linalg.lstsq(weighted.T @ terms, weighted.T @ values, rcond=None)[0]
        weights = np.where(values < terms @ found, 1 - _LOW, _LOW)
    return found


def _is_glass(excess: Values, counted: Flags) -> Flags:
    """What lies near the middle of what is below Otsu's cut, made twice where only few lie above."""
    below = _below(excess[counted])
    if len(below) > _MOST_GLASS * np.count_nonzero(counted):
        below = _below(below)
    centre = np.median(below)
    spread = 1.4826 * float(np.median(np.abs(below - centre)))
    return np.asarray(np.abs(excess - centre) <= _SPREAD * spread + 0.01)


def _below(values: Values) -> Values:
    """The values below their Otsu cut."""
    low, high = np.percentile(values, [0.5, 99.5])
    scaled = np.clip((values - low) * (_BINS / max(high - low, 1e-6)), 0, _BINS).astype(np.uint8)
    cut = cv2.threshold(scaled, 0, _BINS, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]
    return np.asarray(values[scaled <= cut])


def _fit(terms: Values, values: Values) -> Values:
    """Least squares by the normal equations: six of them, well scaled, whatever the size of the picture."""
    return np.asarray(np.linalg.lstsq(terms.T @ terms, terms.T @ values, rcond=None)[0])
