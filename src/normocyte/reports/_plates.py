"""Every figure of a report, drawn once for its files and for the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from normocyte.core.files import write_bytes
from normocyte.reports import _by_patient, _distribution, _gallery, _learning, _rates, _style, _tuning
from normocyte.reports._html import for_page
from normocyte.reports.contents import Contents


@dataclass(frozen=True, slots=True)
class Plate:
    """One figure: `lacks` says why it cannot be drawn (or nothing), `words` what to see in it."""

    name: str
    lacks: Callable[[Contents], str]
    draw: Callable[[Contents], Figure]
    words: Callable[[Contents], str]


PLATES = (
    Plate("learning_curve", _learning.lacks, _learning.draw, _learning.words),
    Plate("score_distribution", _distribution.lacks, _distribution.draw, _distribution.words),
    Plate("threshold", _tuning.lacks, _tuning.draw, _tuning.words),
    Plate("roc", _rates.lacks_roc, _rates.draw_roc, _rates.words_roc),
    Plate(
        "precision_recall",
        _rates.lacks_precision_recall,
        _rates.draw_precision_recall,
        _rates.words_precision_recall,
    ),
    Plate("gallery", _gallery.lacks, _gallery.draw, _gallery.words),
    Plate("false_positives_by_patient", _by_patient.lacks, _by_patient.draw, _by_patient.words),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it: SVG and words, or an empty SVG and the reason."""

    svg: str
    words: str


def write_figures(contents: Contents, folder: Path) -> dict[str, Shown]:
    """Write each figure as PNG and SVG, remove those of an earlier report; gives what the page needs."""
    with _style.styled():
        return {plate.name: _write(plate, contents, folder / plate.name) for plate in PLATES}


def _write(plate: Plate, contents: Contents, place: Path) -> Shown:
    png, svg = place.with_suffix(".png"), place.with_suffix(".svg")
    reason = plate.lacks(contents)
    if reason:
        png.unlink(missing_ok=True)
        svg.unlink(missing_ok=True)
        return Shown("", reason)
    figure = plate.draw(contents)
    drawn = _style.svg_of(figure)
    write_bytes(svg, drawn)
    write_bytes(png, _style.png_of(figure))
    return Shown(for_page(drawn.decode("utf-8"), plate.name), plate.words(contents))
