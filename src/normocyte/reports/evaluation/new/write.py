"""Writes the report on a new detector: a page to read, numbers for programs, figures to use elsewhere."""

from pathlib import Path

from normocyte.core.files import make_folder, write_text
from normocyte.reports.evaluation.data import scores_csv
from normocyte.reports.evaluation.figures import write_figures
from normocyte.reports.evaluation.new.data import new_json
from normocyte.reports.evaluation.new.page import render
from normocyte.reports.evaluation.write import PAGE
from normocyte.results.json import write_result
from normocyte.results.new import NewContents


def write_new(contents: NewContents, learnt_from: int, folder: Path) -> Path:
    """Write `report.html`, `metrics.json`, `scores.csv` and `figures/` into the folder; gives the page.

    `learnt_from` is how many healthy images the detector has learnt from. Each file is whole or not there;
    the page comes last. Raises OutputError when something cannot be written.
    """
    make_folder(folder)
    write_text(folder / "scores.csv", scores_csv(contents.evaluation))
    write_result(folder / "metrics.json", new_json(contents))
    figures = write_figures(contents.evaluation, make_folder(folder / "figures"))
    page = folder / PAGE
    write_text(page, render(contents, learnt_from, figures))
    return page
