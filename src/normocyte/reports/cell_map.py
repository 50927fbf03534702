"""One picture a cell: as it came, where it is unusual, what the detector saw and expected, the difference."""

import functools
from dataclasses import dataclass, replace

import numpy as np

from normocyte.images.writing import names_software, png_bytes
from normocyte.reports.drawing import formatting, theme, tiling
from normocyte.reports.drawing.lettering import Canvas, Pen, fitted, width_of, write
from normocyte.reports.drawing.theme import rgb
from normocyte.reports.drawing.tiling import blocky, fitting, heat_bar, smooth
from normocyte.results.evaluation import View

SOFTWARE = "normocyte score --maps"
HEAD_BYTES = 128
"""So many bytes of a file say whether it is such a picture."""

_TILE_PX, _GAP_PX, _MARGIN_PX, _BAR_PX = 192, 10, 14, 8
_NAME_Y, _WORDS_Y, _CAPTIONS_Y, _TILES_Y = 28, 50, 78, 84
_BARS_Y = _TILES_Y + _TILE_PX + 10
_TICKS_Y = _BARS_Y + _BAR_PX + 14
_HEIGHT_PX = _TICKS_Y + 12
_WHITE = 255
_FAINT = 0.25
"""The share of `strength` where the colours of a map begin: as those of *unusual*, at half the threshold."""


_NAME = Pen(16, rgb(theme.INK), is_bold=True)
_WORDS = Pen(14, rgb(theme.MUTED))
_CAPTION = Pen(13, rgb(theme.INK))
_TICK = Pen(11, rgb(theme.MUTED))
_VERDICTS = {True: replace(_NAME, size_px=14, colour=rgb(theme.ANOMALOUS)), False: _WORDS}


@dataclass(frozen=True, slots=True)
class CellMap:
    """What the picture shows.

    `strength` is the residual that takes the full colour in the difference, the same for all cells of one
    bundle; 0 takes the cell's own largest. `unit` is what the picture is called: cell, image.
    """

    view: View
    name: str
    verdict: str
    is_flagged: bool
    score: float
    threshold: float
    p_value: float
    strength: float = 0.0
    unit: str = "cell"


def draw_cell_map(cell: CellMap) -> bytes:
    """The picture as PNG, the same bytes for the same cell; its size depends on the number of tiles alone."""
    faint = _FAINT * cell.strength if cell.strength else _own_least(cell.view)
    tiles = tiling.tiles(_enlarged(cell.view), cell.strength or _own_strength(cell.view), cell.unit, faint)
    canvas = _frame(tuple(tiles), cell.view.has_threshold).copy()
    _write_words(canvas, cell)
    for index, tile in enumerate(tiles.values()):
        _put(canvas, tile, _left(index), fitting(cell.view.image.shape, _TILE_PX))
    return png_bytes(canvas, SOFTWARE)


def is_cell_map(head: bytes) -> bool:
    """True when a file that begins with these bytes is a picture of this kind."""
    return names_software(head[:HEAD_BYTES], SOFTWARE)


def _enlarged(view: View) -> View:
    """The view with its photograph, smoothly, at the size of a tile."""
    return replace(view, image=smooth(view.image, *fitting(view.image.shape, _TILE_PX)))


def _own_strength(view: View) -> float:
    return float(np.abs(view.residual[view.mask > 0]).max(initial=0)) or 1.0


def _own_least(view: View) -> float:
    inside = view.residual[view.mask > 0]
    return float(np.nanmin(inside)) if np.isfinite(inside).any() else 0.0


def _left(place: int) -> int:
    return _MARGIN_PX + place * (_TILE_PX + _GAP_PX)


@functools.lru_cache(maxsize=4)
def _frame(names: tuple[str, ...], has_threshold: bool) -> Canvas:
    """What is the same in every picture: captions and scales."""
    canvas = np.full((_HEIGHT_PX, _left(len(names)) - _GAP_PX + _MARGIN_PX, 3), _WHITE, np.uint8)
    for index, name in enumerate(names):
        write(canvas, name, (_left(index), _CAPTIONS_Y), _CAPTION)
    _put_bar(canvas, list(names).index("unusual"), heat_bar(_BAR_PX, _TILE_PX))
    ends = (
        ("\N{VULGAR FRACTION ONE HALF}", "threshold", "2 \N{MULTIPLICATION SIGN}")
        if has_threshold
        else ("\N{VULGAR FRACTION ONE QUARTER}", "", "its own most")
    )
    _write_ticks(canvas, list(names).index("unusual"), ends)
    has_difference = "difference" in names
    rising = np.linspace(-has_difference, 1, _TILE_PX, dtype=np.float32)[None].repeat(_BAR_PX, axis=0)
    coloured = tiling.difference(rising, np.ones_like(rising, np.bool_), 1.0)
    _put_bar(canvas, len(names) - 1, coloured[..., :3])
    differs = ("brighter", "as expected", "darker") if has_difference else ("less", "", "more unusual")
    _write_ticks(canvas, len(names) - 1, differs)
    return canvas


def _put_bar(canvas: Canvas, place: int, bar: Canvas) -> None:
    canvas[_BARS_Y:, _left(place) :][:_BAR_PX, :_TILE_PX] = bar


def _write_ticks(canvas: Canvas, place: int, words: tuple[str, str, str]) -> None:
    """Words under the left end, the middle and the right end of a scale."""
    for share, word in zip((0.0, 0.5, 1.0), words, strict=True):
        left = _left(place) + round(share * (_TILE_PX - width_of(word, _TICK)))
        write(canvas, word, (left, _TICKS_Y), _TICK)


def _write_words(canvas: Canvas, cell: CellMap) -> None:
    name = fitted(cell.name, canvas.shape[1] - 2 * _MARGIN_PX, _NAME)
    write(canvas, name, (_MARGIN_PX, _NAME_Y), _NAME)
    width = write(canvas, cell.verdict, (_MARGIN_PX, _WORDS_Y), _VERDICTS[cell.is_flagged])
    numbers = (
        f"score {formatting.score(cell.score)} (threshold {formatting.score(cell.threshold)})"
        f"   p-value {formatting.score(float(f'{cell.p_value:.2g}'))}"
    )
    write(canvas, numbers, (_MARGIN_PX + width + 16, _WORDS_Y), _WORDS)


def _put(canvas: Canvas, tile: tiling.Tile, left: int, size: tuple[int, int]) -> None:
    """Lay a tile, at this size, into the middle of its square."""
    top = _TILES_Y + (_TILE_PX - size[0]) // 2
    left += (_TILE_PX - size[1]) // 2
    large = blocky(tile, *size)
    np.copyto(canvas[top:, left:][: size[0], : size[1]], large[..., :3], where=large[..., 3:] > 0)
