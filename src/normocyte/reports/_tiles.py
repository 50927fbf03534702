"""Arrays of a picture as tiles of one kind: (height, width, 4) uint8, clear where nothing counts."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.image import imsave

from normocyte.reports.contents import Floats, Picture, PictureGroup

Tile = npt.NDArray[np.uint8]

NAMES = ("cell", "seen", "expected", "difference")
_DIFFERENCES = colormaps["PuOr_r"]
_COLOURS = 3
_USUAL = (1.0, 99.0)
_STRONG = 99.5


def strongest(groups: Iterable[PictureGroup]) -> float:
    """The residual that takes the full colour in every tile, so that tiles can be compared."""
    inside = [np.abs(picture.residual[_counts(picture)]) for group in groups for picture in group.pictures]
    finite = np.concatenate([*inside, np.zeros(1)])
    return float(np.percentile(finite[np.isfinite(finite)], _STRONG)) or 1.0


def tiles(picture: Picture, strength: float) -> tuple[Tile, ...]:
    """The cell as it came, what was seen of it, what was expected, and the difference."""
    low, high = _range(picture)
    shown = (_shown(array, low, high) for array in (picture.seen, picture.expected))
    return (_opaque(picture.image), *shown, _difference(picture, strength))


def data_address(tile: Tile) -> str:
    """The tile as a PNG inside an address, for a page without files beside it."""
    content = io.BytesIO()
    imsave(content, tile, format="png")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode("ascii")


def mosaic(rows: Sequence[tuple[Tile, ...]], size_px: int, gap_px: int) -> Tile:
    """Tiles in rows, each brought to one size by repeating pixels, with clear gaps between them."""
    step = size_px + gap_px
    canvas = np.zeros((len(rows) * step - gap_px, len(rows[0]) * step - gap_px, 4), np.uint8)
    for number, row in enumerate(rows):
        for place, tile in enumerate(row):
            canvas[number * step :, place * step :][:size_px, :size_px] = _resized(tile, size_px)
    return canvas


def _counts(picture: Picture) -> npt.NDArray[np.bool_]:
    return picture.mask > 0


def _range(picture: Picture) -> tuple[float, float]:
    """From which value to which a tile goes from dark to bright, the same for what was seen and expected."""
    inside = picture.seen[_counts(picture)]
    values = inside[np.isfinite(inside)]
    if not values.size:
        return 0.0, 1.0
    low, high = np.percentile(values, _USUAL)
    return float(low), max(float(high), float(low) + 1e-6)


def _shown(array: npt.NDArray[np.float32], low: float, high: float) -> Tile:
    """Gray for one channel, colour for three, the mean for any other number."""
    channels = array if array.ndim == _COLOURS else array[..., None]
    if channels.shape[-1] != _COLOURS:
        channels = np.repeat(channels.mean(axis=-1, keepdims=True), _COLOURS, axis=-1)
    unit = np.clip((np.nan_to_num(channels) - low) / (high - low), 0, 1)
    return _opaque((255 * unit).round().astype(np.uint8))


def _difference(picture: Picture, strength: float) -> Tile:
    """Orange where darker than expected, violet where brighter, clear outside the mask."""
    unit: Floats = np.clip(np.nan_to_num(picture.residual) / strength, -1, 1).astype(np.float64)
    coloured = np.asarray(_DIFFERENCES(0.5 + unit / 2, bytes=True), np.uint8)
    coloured[..., 3] = np.where(_counts(picture), 255, 0)
    return coloured


def _opaque(pixels: npt.NDArray[np.uint8]) -> Tile:
    return np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)], axis=-1)


def _resized(tile: Tile, size_px: int) -> Tile:
    """The tile in the middle of a clear square of this size, its shape kept."""
    height, width = tile.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 4), np.uint8)
    square[(side - height) // 2 :, (side - width) // 2 :][:height, :width] = tile
    places = np.arange(size_px) * side // size_px
    return np.asarray(square[places[:, None], places])
