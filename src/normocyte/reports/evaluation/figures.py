"""Every figure of a report, drawn once for its files and for the page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from normocyte.core.files import write_bytes
from normocyte.reports.drawing import theme
from normocyte.reports.drawing.html import for_page
from normocyte.reports.evaluation import by_patient, distribution, gallery, learning, rates, tuning
from normocyte.results.evaluation import Contents


@dataclass(frozen=True, slots=True)
class Plate:
    """One figure: `lacks` says why it cannot be drawn (or nothing), `words` what to see in it."""

    name: str
    lacks: Callable[[Contents], str]
    draw: Callable[[Contents], Figure]
    words: Callable[[Contents], str]


PLATES = (
    Plate("learning_curve", learning.lacks, learning.draw, learning.words),
    Plate("score_distribution", distribution.lacks, distribution.draw, distribution.words),
    Plate("threshold", tuning.lacks, tuning.draw, tuning.words),
    Plate("roc", rates.lacks_roc, rates.draw_roc, rates.words_roc),
    Plate(
        "precision_recall",
        rates.lacks_precision_recall,
        rates.draw_precision_recall,
        rates.words_precision_recall,
    ),
    Plate("gallery", gallery.lacks, gallery.draw, gallery.words),
    Plate("false_positives_by_patient", by_patient.lacks, by_patient.draw, by_patient.words),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it: SVG and words, or an empty SVG and the reason."""

    svg: str
    words: str


def write_figures(contents: Contents, folder: Path) -> dict[str, Shown]:
    """Write each figure as PNG and SVG, remove those of an earlier report; gives what the page needs."""
    with theme.styled():
        return {plate.name: _write(plate, contents, folder / plate.name) for plate in PLATES}


def _write(plate: Plate, contents: Contents, place: Path) -> Shown:
    png, svg = place.with_suffix(".png"), place.with_suffix(".svg")
    reason = plate.lacks(contents)
    if reason:
        png.unlink(missing_ok=True)
        svg.unlink(missing_ok=True)
        return Shown("", reason)
    figure = plate.draw(contents)
    drawn = theme.svg_of(figure)
    write_bytes(svg, drawn)
    write_bytes(png, theme.png_of(figure))
    return Shown(for_page(drawn.decode("utf-8"), plate.name), plate.words(contents))
