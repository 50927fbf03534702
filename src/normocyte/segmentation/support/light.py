"""Even light: which share of it each pixel takes away, whatever the lamp and the lens did."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Flags, Image8, Plane
from normocyte.foreground.lit import has_bright_edges, lit_disc

Values = npt.NDArray[np.float64]

_GREEN, _COLOURS = 1, 3
_GRID = 80
_ROUNDS = 12
_LOW = 0.05
_GLASS_ROUNDS = 3
_SPREAD = 2.5
_LEAST = -0.5
_STEEP, _LEAST_LOSS = 10, 0.1
_BINS = 255
_MOST_GLASS = 0.88


def absorbed(pixels: Image8) -> Plane:
    """The share of the light that is missing at each pixel, (height, width, 3); 0 on empty glass.

    The light on empty glass is exp(q), q a quadratic surface for each colour: first below most of the green
    optical density by asymmetric least squares (Newey & Powell, Econometrica 55 (1987) 819), then through
    what Otsu's threshold takes for glass. Beyond a round eyepiece nothing is missing.
    """
    lit = lit_disc(pixels)
    even = _even(_logs(pixels), lit, pixels.shape[:2])
    missing = _missing(np.asarray(cv2.divide(pixels.astype(np.float32), even, even), np.float32))
    if lit is not None:
        missing[~lit] = 0
    return missing


def green_absorbed(pixels: Image8, size: tuple[int, int]) -> Plane:
    """The green of `absorbed` of a copy of this width and height, (height, width), without red and blue."""
    if not has_bright_edges(pixels):
        return np.ascontiguousarray(absorbed(shrunk(pixels, size))[..., _GREEN])
    green = shrunk(np.asarray(cv2.extractChannel(pixels, _GREEN), np.uint8), size)
    logs = np.repeat(_logs(green)[..., np.newaxis], _COLOURS, axis=2)  # the light is fitted to green alone
    even = cv2.extractChannel(_even(logs, None, green.shape), _GREEN)
    return _missing(np.asarray(cv2.divide(green.astype(np.float32), even), np.float32))


def shrunk(pixels: Image8, size: tuple[int, int]) -> Image8:
    """A copy of this width and height, each pixel a mean."""
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _even(logs: Values, lit: Flags | None, shape: tuple[int, ...]) -> Plane:
    """The light on empty glass at each pixel, (height, width, 3), from the logarithms of a coarse copy."""
    even = cv2.resize(_light(logs, lit), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(even, 1, out=even), np.float32)


def _missing(left: Plane) -> Plane:
    """What is missing of the light of which so much is left, in the same array."""
    np.subtract(1, left, out=left)
    return np.maximum(left, np.float32(_LEAST), out=left)


def evened(pixels: Image8, lit: Flags) -> Image8:
    """The picture without the dimmer rim that an eyepiece leaves; beyond what is lit it stays as it is.

    The light on glass is fitted as in `absorbed`, times exp(a r^10), r the distance from the middle of the
    lit disc over its radius. Where a takes away 10 % of the light at the rim or more, it is made up for; else
    the same array is given.
    """
    height, width = pixels.shape[:2]
    logs = _logs(pixels)
    away = _from_middle(lit, logs.shape) ** _STEEP
    _, found = _surfaces(logs, _on_grid(lit, logs.shape), away.reshape(-1, 1))
    loss = float(found[-1].mean())
    if loss > -_LEAST_LOSS:
        return pixels
    more = cv2.resize(np.exp(-loss * away).astype(np.float32), (width, height))
    even = np.clip(np.rint(pixels * more[..., np.newaxis]), 0, 255).astype(np.uint8)
    return np.where(lit[..., np.newaxis], even, pixels)


def _from_middle(lit: Flags, shape: tuple[int, ...]) -> Values:
    """How far each place of a grid is from the middle of the lit disc, in its radii, at most 1."""
    contours, _ = cv2.findContours(lit.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    (x, y), radius = cv2.minEnclosingCircle(np.concatenate(contours))
    down, right = np.mgrid[: shape[0], : shape[1]]
    rows, columns = (down + 0.5) * lit.shape[0] / shape[0], (right + 0.5) * lit.shape[1] / shape[1]
    return np.asarray(np.minimum(np.hypot(columns - x, rows - y) / radius, 1))


def _light(logs: Values, lit: Flags | None) -> Plane:
    """The light on empty glass on a coarse grid, (rows, columns, 3), from the lit part or from everything."""
    is_seen = np.ones(logs.shape[:2], np.bool_) if lit is None else _on_grid(lit, logs.shape)
    return np.asarray(np.exp(_surfaces(logs, is_seen)[0]), np.float32)


def _logs(pixels: Image8) -> Values:
    """The logarithm of a coarse copy of a picture."""
    size = _grid_size(*pixels.shape[:2])
    grid = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    return np.log(np.maximum(grid.astype(np.float64), 1))


def _on_grid(flags: Flags, shape: tuple[int, ...]) -> Flags:
    size = shape[1], shape[0]
    return np.asarray(cv2.resize(flags.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)


def _grid_size(height: int, width: int) -> tuple[int, int]:
    shrink = min(1.0, _GRID / max(height, width))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _surfaces(logs: Values, is_seen: Flags, more: Values | None = None) -> tuple[Values, Values]:
    """The logarithm of the light on empty glass, for each colour, and the coefficients of its terms.

    Terms are those of a quadratic surface, and `more`, (places, n).
    """
    terms = _terms(*is_seen.shape)
    if more is not None:
        terms = np.column_stack([terms, more])
    counted = is_seen.ravel()
    green = -logs[..., 1].ravel()
    excess = green - terms @ _lower_edge(terms[counted], green[counted])
    glass = counted
    for _ in range(_GLASS_ROUNDS):
        glass = counted & _is_glass(excess, counted)
        excess = green - terms @ _fit(terms[glass], green[glass])
    coefficients = _fit(terms[glass], logs.reshape(-1, 3)[glass])
    return np.asarray((terms @ coefficients).reshape(logs.shape)), coefficients


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
    """What lies near the middle of what is below Otsu's threshold, made twice where only few lie above."""
    below = _below(excess[counted])
    if len(below) > _MOST_GLASS * np.count_nonzero(counted):
        below = _below(below)
    centre = np.median(below)
    spread = 1.4826 * float(np.median(np.abs(below - centre)))
    return np.asarray(np.abs(excess - centre) <= _SPREAD * spread + 0.01)


def _below(values: Values) -> Values:
    """The values below their Otsu threshold."""
    low, high = np.percentile(values, [0.5, 99.5])
    scaled = np.clip((values - low) * (_BINS / max(high - low, 1e-6)), 0, _BINS).astype(np.uint8)
    cut = cv2.threshold(scaled, 0, _BINS, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]
    return np.asarray(values[scaled <= cut])


def _fit(terms: Values, values: Values) -> Values:
    """Least squares by the normal equations: six of them, well scaled, whatever the size of the picture."""
    return np.asarray(np.linalg.lstsq(terms.T @ terms, terms.T @ values, rcond=None)[0])
