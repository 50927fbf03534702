"""Writes a report: a page to read, numbers for programs, figures to use elsewhere."""

from pathlib import Path

from normocyte.core.files import make_folder, write_text
from normocyte.reports.evaluation.data import metrics_json, scores_csv
from normocyte.reports.evaluation.figures import write_figures
from normocyte.reports.evaluation.page import render
from normocyte.results.evaluation import Contents
from normocyte.results.json import write_result

PAGE = "report.html"


def write_report(contents: Contents, folder: Path) -> Path:
    """Write `report.html`, `metrics.json`, `scores.csv` and `figures/` into the folder; gives the page.

    Each file is whole or not there; the page comes last. Raises OutputError when something cannot be written.
    """
    make_folder(folder)
    write_text(folder / "scores.csv", scores_csv(contents))
    write_result(folder / "metrics.json", metrics_json(contents))
    figures = write_figures(contents, make_folder(folder / "figures"))
    page = folder / PAGE
    write_text(page, render(contents, figures))
    return page
