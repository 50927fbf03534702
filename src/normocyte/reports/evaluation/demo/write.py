"""Writes the report of a demo: the page, and the numbers, scores and figures of the method that is kept."""

from pathlib import Path

from normocyte.core.files import make_folder, write_json, write_text
from normocyte.reports.evaluation.data import metrics_json, scores_csv
from normocyte.reports.evaluation.demo.data import demo_json
from normocyte.reports.evaluation.demo.figures import write_demo_figures
from normocyte.reports.evaluation.demo.page import render
from normocyte.reports.evaluation.figures import write_figures
from normocyte.reports.evaluation.write import PAGE
from normocyte.results.demo import DemoContents
from normocyte.results.json import write_result


def write_demo(contents: DemoContents, folder: Path) -> Path:
    """Write `report.html`, `methods.json`, `metrics.json`, `scores.csv` and `figures/`; gives the page.

    Each file is whole or not there; the page comes last. Raises OutputError when something cannot be written.
    """
    make_folder(folder)
    evaluation = contents.evaluation
    write_text(folder / "scores.csv", scores_csv(evaluation))
    write_result(folder / "metrics.json", metrics_json(evaluation))
    write_json(folder / "methods.json", demo_json(contents))
    places = make_folder(folder / "figures")
    figures = write_figures(evaluation, places) | write_demo_figures(contents, places)
    page = folder / PAGE
    write_text(page, render(contents, figures))
    return page
