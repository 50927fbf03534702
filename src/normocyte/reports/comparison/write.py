"""Writes a comparison: a page to read, tables to paste, numbers for programs, a figure to use elsewhere."""

from pathlib import Path

from normocyte.core.files import make_folder, write_bytes, write_text
from normocyte.reports.comparison import chart
from normocyte.reports.comparison.data import comparison_csv, comparison_json, comparison_markdown
from normocyte.reports.comparison.page import render
from normocyte.reports.drawing import theme
from normocyte.reports.drawing.html import for_page
from normocyte.results.comparison import Comparison
from normocyte.results.json import write_result

NAME = "comparison"
FIGURE = "pareto"


def write_comparison(contents: Comparison, folder: Path) -> Path:
    """Write `comparison.html`, `.json`, `.csv`, `.md` and `figures/pareto.*` into the folder; gives the page.

    Each file is whole or not there; the page comes last. Raises OutputError when something cannot be written.
    """
    make_folder(folder)
    write_result(folder / f"{NAME}.json", comparison_json(contents))
    write_text(folder / f"{NAME}.csv", comparison_csv(contents))
    write_text(folder / f"{NAME}.md", comparison_markdown(contents))
    drawn = _figure(contents, folder / "figures")
    page = folder / f"{NAME}.html"
    write_text(page, render(contents, drawn))
    return page


def _figure(contents: Comparison, folder: Path) -> str:
    """Write the figure with its names; gives it without them, for the page, whose tables name the numbers."""
    paths = (folder / f"{FIGURE}.png", folder / f"{FIGURE}.svg")
    if chart.lacks(contents):
        for path in paths:
            path.unlink(missing_ok=True)
        return ""
    with theme.styled():
        alone = chart.draw(contents, has_names=True)
        write_bytes(paths[0], theme.png_of(alone))
        write_bytes(paths[1], theme.svg_of(alone))
        drawn = theme.svg_of(chart.draw(contents, has_names=False))
    return for_page(drawn.decode("utf-8"), FIGURE)
