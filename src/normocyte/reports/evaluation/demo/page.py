"""The page of a demo: one file that needs no other, with every name escaped."""

from dataclasses import dataclass

from normocyte.core.types import ANOMALY
from normocyte.reports.drawing import tiling
from normocyte.reports.drawing.html import environment
from normocyte.reports.evaluation.demo import words
from normocyte.reports.evaluation.demo.figures import errors_name
from normocyte.reports.evaluation.figures import Shown
from normocyte.reports.evaluation.page import page_values
from normocyte.results.demo import DemoContents, Method, ShownCell
from normocyte.results.evaluation import Picture, PictureGroup, View

_CALM = 4.0
"""So much wider is the range of gray of what is seen and expected, lest noise look like something."""
_COLOURED = ("difference", "map")


@dataclass(frozen=True, slots=True)
class Seen:
    """How one method sees a cell: tiles by name, and whether it flags the cell at 99 % specificity."""

    method: str
    tiles: tuple[tuple[str, str], ...]
    is_flagged: bool
    is_right: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One cell of the picture: its words, its photograph, and how each method sees it."""

    title: str
    name: str
    is_anomalous: bool
    photograph: str
    seen: tuple[Seen, ...]


def render(contents: DemoContents, figures: dict[str, Shown]) -> str:
    """The HTML of the demo."""
    about = contents.evaluation
    return (
        environment()
        .get_template("evaluation/demo/page.html.j2")
        .render(
            **page_values(about, figures),
            demo=contents,
            words=words,
            errors_name=errors_name,
            picture=picture(contents),
        )
    )


def picture(contents: DemoContents) -> list[Column]:
    """The cells of the picture, each as every method sees it."""
    strengths = [_strength(method) for method in contents.methods]
    columns = []
    for place, cell in enumerate(contents.shown):
        pairs = zip(contents.methods, strengths, strict=True)
        seen = tuple(_seen(method, method.views[place], strength, cell) for method, strength in pairs)
        photograph = tiling.data_address(tiling.tiles(contents.methods[0].views[place], 1.0)["cell"])
        columns.append(Column(cell.title, cell.name, cell.label == ANOMALY, photograph, seen))
    return columns


def _strength(method: Method) -> float:
    """The error that takes the full colour in every tile of this method."""
    pictures = tuple(Picture(view, "", "", 0, 0.0) for view in method.views)
    return tiling.strongest([PictureGroup("", pictures)])


def _seen(method: Method, view: View, strength: float, cell: ShownCell) -> Seen:
    calm = tiling.tiles(view, _CALM * strength)
    made = calm | {name: tile for name, tile in tiling.tiles(view, strength).items() if name in _COLOURED}
    shown = [(name, tile) for name, tile in made.items() if name not in {"cell", "unusual"}]
    is_flagged = bool(method.scores[cell.row] > method.strict)
    tiles = tuple((name, tiling.data_address(tile)) for name, tile in shown)
    return Seen(method.name, tiles, is_flagged, is_flagged == (cell.label == ANOMALY))
