"""Pictures of a cell as tiles of one size, and the colours of what is unusual laid over them."""

import base64
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from normocyte.core.types import Floats, Image8, Plane
from normocyte.images.writing import jpeg_bytes, png_bytes
from normocyte.reports.drawing.heat_colours import heat_colours
from normocyte.results.evaluation import PictureGroup, View
from normocyte.results.smear import Suspect

Tile = npt.NDArray[np.uint8]

_COLOURS = 3
_USUAL = (1.0, 99.0)
_STRONG = 99.5
_NARROWEST = 1e-6
_ENLARGED = 3
Pixels = TypeVar("Pixels", np.uint8, np.float32)
IN_PART = "in part mended"
"""What a picture is called that still shows a part of what is unusual."""
FAINTEST, BRIGHTEST = 0.5, 2.0
_MOST_COVER = 0.8
_INSIDE = 0.5
_PLAIN = 208
_HEAT_COLOURS = heat_colours()
_WHITE = 255


def strongest(groups: Iterable[PictureGroup]) -> float:
    """The residual that takes the full colour in every tile, so that tiles can be compared."""
    views = [picture.view for group in groups for picture in group.pictures]
    inside = [np.abs(view.residual[_counts(view)]) for view in views]
    finite = np.concatenate([*inside, np.zeros(1)])
    return float(np.percentile(finite[np.isfinite(finite)], _STRONG)) or 1.0


def faintest(groups: Iterable[PictureGroup]) -> float:
    """The least that maps without anything expected show, from which their colour begins in every tile."""
    views = [picture.view for group in groups for picture in group.pictures]
    inside = [view.residual[_counts(view)] for view in views]
    finite = np.concatenate([*inside, np.zeros(0)])
    finite = finite[np.isfinite(finite)]
    return float(np.percentile(finite, _USUAL[0])) if finite.size else 0.0


def tiles(view: View, strength: float, unit: str = "cell", faint: float = 0.0) -> dict[str, Tile]:
    """Each tile by its name.

    The cell as it came, called by `unit`, where it is unusual, what was seen of it, what was expected, and
    the difference as far as it counts; instead of the last two, the map of a detector that expects nothing
    to look at, in colours that begin at `faint`.
    """
    photographs = {unit: _opaque(view.image), "unusual": _opaque(heated(view.image, view.heat, view.mask))}
    size = _size(view)
    return photographs | {name: blocky(tile, *size) for name, tile in _made(view, strength, faint).items()}


def _made(view: View, strength: float, faint: float) -> dict[str, Tile]:
    """What the detector made of it, in the size that it sees."""
    low, high = _range(view, strength)
    counts = _counts(view)
    seen = {"seen": _shown(view.seen, low, high, counts)}
    if not view.has_expected:
        span = max(strength - faint, _NARROWEST)
        return seen | {"map": rising(view.residual - faint, counts, span)}
    differs = difference(view.residual, counts, strength)
    name = "expected" if view.is_healthy else IN_PART
    return seen | {name: _shown(view.expected, low, high, counts), "difference": differs}


def _size(view: View) -> tuple[int, int]:
    """Height and width in the shape of the photograph, large enough that no pixel of the map is lost."""
    sides = view.mask.shape
    if sides[0] * view.image.shape[1] == sides[1] * view.image.shape[0]:
        return sides[0], sides[1]
    return fitting(view.image.shape, _ENLARGED * max(sides))


def data_address(tile: Tile) -> str:
    """The tile as a PNG inside an address, for a page without files beside it."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(tile)).decode("ascii")


def photo_address(image: Image8) -> str:
    """A picture of a cell as a fine JPEG inside an address; a PNG is larger, and takes longer to write."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg_bytes(image, is_fine=True)).decode("ascii")


def mosaic(rows: Sequence[Sequence[Tile]], size_px: int, gap_px: int) -> Tile:
    """Tiles in rows, each brought to one size by repeating pixels, with clear gaps between them."""
    step = size_px + gap_px
    canvas = np.zeros((len(rows) * step - gap_px, len(rows[0]) * step - gap_px, 4), np.uint8)
    for number, row in enumerate(rows):
        for index, tile in enumerate(row):
            canvas[number * step :, index * step :][:size_px, :size_px] = centred(
                blocky(tile, *fitting(tile.shape, size_px)), size_px, 0
            )
    return canvas


def difference(residual: npt.NDArray[np.float32], counts: npt.NDArray[np.bool_], strength: float) -> Tile:
    """Orange where darker than expected, violet where brighter, clear where nothing counts."""
    from matplotlib import colormaps  # a smear has no differences, and does not wait for it

    unit: Floats = np.clip(np.nan_to_num(residual) / strength, -1, 1).astype(np.float64)
    coloured = np.asarray(colormaps["PuOr_r"](0.5 + unit / 2, bytes=True), np.uint8)
    coloured[..., 3] = np.where(counts, 255, 0)
    return coloured


def rising(residual: npt.NDArray[np.float32], counts: npt.NDArray[np.bool_], strength: float) -> Tile:
    """Pale where hardly anything is unusual, the more orange the more is, clear where nothing counts."""
    return difference(np.maximum(residual, 0), counts, strength)


def _counts(view: View) -> npt.NDArray[np.bool_]:
    return view.mask > 0


def _range(view: View, strength: float) -> tuple[float, float]:
    """From which value to which a tile goes from dark to bright, the same for what was seen and expected.

    Nearly all of what was seen of the cell, but, lest noise look like something, at least half of
    `strength` where that has its unit.
    """
    inside = view.seen[_counts(view)]
    values = inside[np.isfinite(inside)]
    if not values.size:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(values, _USUAL))
    least = strength / 2 if view.has_expected else _NARROWEST
    missing = max(least - (high - low), _NARROWEST) / 2
    return low - missing, high + missing


def _shown(array: npt.NDArray[np.float32], low: float, high: float, counts: npt.NDArray[np.bool_]) -> Tile:
    """Gray for one channel, colour for three, the mean for any other number; clear where nothing counts."""
    channels = array if array.ndim == _COLOURS else array[..., None]
    if channels.shape[-1] != _COLOURS:
        channels = np.repeat(channels.mean(axis=-1, keepdims=True), _COLOURS, axis=-1)
    unit = np.clip((np.nan_to_num(channels) - low) / (high - low), 0, 1)
    return np.dstack([(255 * unit).round().astype(np.uint8), np.where(counts, 255, 0).astype(np.uint8)])


def _opaque(pixels: npt.NDArray[np.uint8]) -> Tile:
    return np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)], axis=-1)


def smooth(array: npt.NDArray[Pixels], height: int, width: int) -> npt.NDArray[Pixels]:
    """Colours (rows, columns, channels) uint8 or values (rows, columns) float32 at this size.

    Linear when enlarging, a weighted mean when shrinking.
    """
    return _resized(array, height, width, Image.Resampling.BILINEAR)


def blocky(array: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """Colours (rows, columns, channels) at this size by repeating or leaving out pixels."""
    return _resized(array, height, width, Image.Resampling.NEAREST)


def fitting(shape: tuple[int, ...], side: int) -> tuple[int, int]:
    """The largest height and width of this shape in a square of this side, each at least 1."""
    longest = max(shape[:2])
    height, width = (max(1, round(side * length / longest)) for length in shape[:2])
    return height, width


def centred(array: npt.NDArray[np.uint8], side: int, fill: int) -> npt.NDArray[np.uint8]:
    """Colours in the middle of a square of this side, which is filled with one value around them."""
    height, width = array.shape[:2]
    square = np.full((side, side, array.shape[2]), fill, np.uint8)
    square[(side - height) // 2 :, (side - width) // 2 :][:height, :width] = array
    return square


def _resized(
    array: npt.NDArray[Pixels], height: int, width: int, how: Image.Resampling
) -> npt.NDArray[Pixels]:
    resized = Image.fromarray(array).resize((width, height), how)
    return np.asarray(resized, array.dtype)


def heated(image: Image8, heat: Plane, mask: npt.NDArray[np.uint8]) -> Image8:
    """The picture (height, width, 3) with its heat laid over it, but only where the mask counts.

    Heat and mask (rows, columns) are stretched to the picture.
    """
    shape = image.shape[:2]
    bright = smooth(np.clip(np.nan_to_num(heat), 0, BRIGHTEST).astype(np.float32), *shape)
    where = (bright > FAINTEST) & (smooth((mask > 0).astype(np.float32), *shape) >= _INSIDE)
    place, below = _place(bright[where]), image[where]
    cover = (_MOST_COVER * np.minimum(2 * place, 1)).astype(np.float32)[:, None]
    mixed = below + cover * (_HEAT_COLOURS[(255 * place).round().astype(np.uint8)] - below)
    found = image.copy()
    found[where] = mixed.round().astype(np.uint8)
    return found


def heat_bar(height: int, width: int) -> Image8:
    """All colours from the faintest to the brightest, over a plain gray."""
    rising = FAINTEST * (BRIGHTEST / FAINTEST) ** np.linspace(0, 1, width, dtype=np.float32)
    heat = np.tile(rising, (height, 1))
    return heated(np.full((height, width, 3), _PLAIN, np.uint8), heat, np.ones((height, width), np.uint8))


def _place(heat: Plane) -> Plane:
    """Where a heat stands between the faintest, 0, and the brightest, 1, in equal ratios."""
    ratio = np.log(np.maximum(heat, FAINTEST) / FAINTEST) / np.log(BRIGHTEST / FAINTEST)
    return np.asarray(np.minimum(ratio, 1), np.float32)


def pair(suspect: Suspect, side: int) -> tuple[Image8, Image8]:
    """Photo and heat, each as large as fits into a square of this side in pixels."""
    view = suspect.view
    return photo_tile(suspect.image, side), heated(photo_tile(view.image, side), view.heat, view.mask)


def squares(suspect: Suspect, side: int) -> tuple[Image8, Image8]:
    """Photo and heat, each in the middle of a white square of this side in pixels."""
    photo, heat = pair(suspect, side)
    return centred(photo, side, _WHITE), centred(heat, side, _WHITE)


def photo_tile(image: Image8, side: int) -> Image8:
    """A picture as large as fits into a square of this side in pixels; one without pixels is white."""
    if not image.size:
        return np.full((side, side, 3), _WHITE, np.uint8)
    return smooth(image, *fitting(image.shape, side))
