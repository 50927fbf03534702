"""Pictures of single cells: what came in, what was expected, and what did not fit."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from normocyte.core.types import ANOMALY
from normocyte.reports import _numbers, _style, _tiles
from normocyte.reports.contents import Contents, Picture, PictureGroup

_SIZE_PX = 128
_GAP_PX = 6
_COLUMNS = 2


def lacks(contents: Contents) -> str:
    return "" if _groups(contents) else "No pictures were kept for this report."


def draw(contents: Contents) -> Figure:
    """Two groups beside each other, one row a picture."""
    groups = _groups(contents)
    strength = _tiles.strongest(groups)
    lines = -(-len(groups) // _COLUMNS)
    tallest = max(len(group.pictures) for group in groups)
    figure = _style.new_figure(width=9.6, height=lines * (0.75 + 0.98 * tallest))
    figure.set_layout_engine("constrained", h_pad=0.16, w_pad=0.16)
    grid = figure.subplots(lines, _COLUMNS, squeeze=False).flat
    for axes, group in zip(grid, groups, strict=False):
        _draw_group(axes, group, strength)
    for axes in list(grid)[len(groups) :]:
        axes.set_axis_off()
    return figure


def words(contents: Contents) -> str:
    counted = sum(len(group.pictures) for group in _groups(contents))
    return (
        f"{_numbers.count(counted, contents.unit)}, from left to right: as it came, as the detector saw "
        f"it, as a healthy {contents.unit} in its place was expected to look, and the difference. Orange "
        "is darker than expected, violet is brighter, pale fits; one scale holds for all. A good detector "
        f"leaves healthy ones pale and paints what makes a {contents.unit} {contents.anomaly} orange. The "
        "mistakes are worth the longest look: some show dirt, some may carry a wrong label."
    )


def _groups(contents: Contents) -> list[PictureGroup]:
    return [group for group in contents.gallery if group.pictures]


def _draw_group(axes: Axes, group: PictureGroup, strength: float) -> None:
    rows = [_tiles.tiles(picture, strength) for picture in group.pictures]
    canvas = _tiles.mosaic(rows, _SIZE_PX, _GAP_PX)
    axes.imshow(canvas, interpolation="none")
    middles = [
        _SIZE_PX / 2 + (_SIZE_PX + _GAP_PX) * place for place in range(max(len(rows), len(_tiles.NAMES)))
    ]
    axes.set_xticks(middles[: len(_tiles.NAMES)], _tiles.NAMES)
    axes.set_yticks(middles[: len(rows)], [f"{p.patient}\n{_numbers.score(p.score)}" for p in group.pictures])
    axes.tick_params(length=0, labelsize=8.5, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    axes.set_title(group.title, fontsize=11, fontweight="bold", loc="left", pad=8)
    axes.set_anchor("NW")


@dataclass(frozen=True, slots=True)
class Card:
    """One picture for the page: pairs of a tile's name and its address, and words below."""

    tiles: tuple[tuple[str, str], ...]
    name: str
    patient: str
    label: str
    score: str


def cards(contents: Contents) -> list[tuple[str, list[Card]]]:
    """The pictures of the page, group by group."""
    groups = _groups(contents)
    strength = _tiles.strongest(groups)
    return [(group.title, [_card(p, strength, contents.anomaly) for p in group.pictures]) for group in groups]


def _card(picture: Picture, strength: float, anomaly: str) -> Card:
    addresses = [_tiles.data_address(tile) for tile in _tiles.tiles(picture, strength)]
    label = anomaly if picture.label == ANOMALY else "healthy"
    pairs = tuple(zip(_tiles.NAMES, addresses, strict=True))
    return Card(pairs, picture.name, picture.patient, label, _numbers.score(picture.score))
