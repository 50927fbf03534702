"""Pictures of single cells: what came in, where it is unusual, what was expected, and what did not fit."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from normocyte.core.types import ANOMALY
from normocyte.reports.drawing import formatting, theme, tiling
from normocyte.results.evaluation import Contents, Picture, PictureGroup

_SIZE_PX = 128
_GAP_PX = 6
_COLUMNS = 2
_LONGEST_NAME = 10
_FATES = {
    (True, True): "found",
    (True, False): "missed",
    (False, True): "false alarm",
    (False, False): "not flagged",
}


@dataclass(frozen=True, slots=True)
class _Scale:
    """The residuals that take the full colour and, in a map, none: the same in every tile."""

    strongest: float
    faintest: float

    @classmethod
    def of(cls, groups: list[PictureGroup]) -> "_Scale":
        return cls(tiling.strongest(groups), tiling.faintest(groups))


def _tiles(picture: Picture, scale: _Scale, contents: Contents) -> dict[str, tiling.Tile]:
    return tiling.tiles(picture.view, scale.strongest, contents.unit, scale.faintest)


def lacks(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    return "" if _groups(contents) else "No pictures were kept for this report."


def draw(contents: Contents) -> Figure:
    """Two groups beside each other, one row a picture."""
    groups = _groups(contents)
    scale = _Scale.of(groups)
    lines = -(-len(groups) // _COLUMNS)
    tallest = max(len(group.pictures) for group in groups)
    figure = theme.new_figure(width=11.6, height=lines * (0.75 + 1.02 * tallest))
    figure.set_layout_engine("constrained", h_pad=0.16, w_pad=0.16)
    grid = figure.subplots(lines, _COLUMNS, squeeze=False).ravel()
    for axes, group in zip(grid, groups, strict=False):
        _draw_group(axes, group, scale, contents)
    for axes in grid[len(groups) :]:
        axes.set_axis_off()
    return figure


def words(contents: Contents) -> str:
    """What is to be seen, in words."""
    counted = sum(len(group.pictures) for group in _groups(contents))
    return (
        f"{formatting.count(counted, contents.unit)}, from left to right: as it came; where it is unusual; "
        f"{_tiles_in_words(contents)} {_advice(contents)}"
    )


def _advice(contents: Contents) -> str:
    """What to look for."""
    if not contents.has_anomalies:
        return (
            f"A good detector leaves healthy {contents.unit}s pale. Those with the highest scores are worth "
            "the longest look: some show artefacts, some may not be healthy."
        )
    return (
        f"A good detector leaves healthy ones pale and paints what sets {contents.anomaly} {contents.unit}s "
        "apart. The mistakes are worth the longest look: some show artefacts, some may "
        "carry a wrong label."
    )


def _tiles_in_words(contents: Contents) -> str:
    views = [picture.view for group in _groups(contents) for picture in group.pictures]
    measured = (
        "colours are measured by the threshold: none below half of it, green at it, yellow at twice or more."
        if all(view.has_threshold for view in views)
        else "colours end at the largest value of each map, where no threshold can measure them."
    )
    if not all(view.has_expected for view in views):
        return f"as the detector saw it; and its map, more unusual where orange. Second picture: {measured}"
    expected = (
        f"as a healthy {contents.unit} in its place was expected to look"
        if all(view.is_healthy for view in views)
        else f"{tiling.IN_PART}: what is unusual is taken off only as far as the detector is sure of it"
    )
    return (
        f"as the detector saw it; {expected}; and the difference, as far as it counts, orange where darker "
        f"than expected, violet where brighter, on one scale for all. Second picture: {measured}"
    )


def _groups(contents: Contents) -> list[PictureGroup]:
    return [group for group in contents.gallery if group.pictures]


def _draw_group(axes: Axes, group: PictureGroup, scale: _Scale, contents: Contents) -> None:
    shown = [_tiles(picture, scale, contents) for picture in group.pictures]
    names, rows = list(shown[0]), [list(tiles.values()) for tiles in shown]
    canvas = tiling.mosaic(rows, _SIZE_PX, _GAP_PX)
    axes.imshow(canvas, interpolation="none")
    middles = [_SIZE_PX / 2 + (_SIZE_PX + _GAP_PX) * place for place in range(max(len(rows), len(names)))]
    axes.set_xticks(middles[: len(names)], names)
    axes.set_yticks(middles[: len(rows)], [_beside(picture, contents) for picture in group.pictures])
    axes.tick_params(length=0, labelsize=8.5, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    axes.set_title(group.title, fontsize=11, fontweight="bold", loc="left", pad=8)
    axes.set_anchor("NW")


def _beside(picture: Picture, contents: Contents) -> str:
    """Patient, where known, and score, in so few letters that the tiles keep their place."""
    if not contents.are_patients_known:
        return formatting.score(picture.score)
    name = picture.patient
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "\N{HORIZONTAL ELLIPSIS}"
    return f"{short}\n{formatting.score(picture.score)}"


@dataclass(frozen=True, slots=True)
class Card:
    """One picture for the page: pairs of a tile's name and its address, and words below."""

    tiles: tuple[tuple[str, str], ...]
    name: str
    patient: str
    label: str
    score: str
    fate: str
    has_threshold: bool


def cards(contents: Contents) -> list[tuple[str, list[Card]]]:
    """The pictures of the page, group by group."""
    groups = _groups(contents)
    scale = _Scale.of(groups)
    return [(group.title, [_card(p, scale, contents) for p in group.pictures]) for group in groups]


def _card(picture: Picture, scale: _Scale, contents: Contents) -> Card:
    shown = _tiles(picture, scale, contents)
    is_anomaly, is_flagged = picture.label == ANOMALY, picture.score > contents.threshold
    return Card(
        tuple((name, tiling.data_address(tile)) for name, tile in shown.items()),
        picture.name,
        picture.patient,
        contents.anomaly if is_anomaly else "healthy",
        formatting.score(picture.score),
        _FATES[is_anomaly, is_flagged],
        picture.view.has_threshold,
    )
