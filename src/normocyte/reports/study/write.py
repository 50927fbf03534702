"""Writes what was found in several smears: a page with one row a smear, and its numbers for programs."""

from pathlib import Path

from normocyte.core.files import make_folder, write_text
from normocyte.reports.study.data import study_csv, study_json
from normocyte.reports.study.page import render
from normocyte.results.json import STUDY_FILE, write_result
from normocyte.results.study import Study
from normocyte.wording.language import ENGLISH, speaking

PAGE = "study.html"
FILES = (STUDY_FILE, "study.csv", PAGE)


def keep_study(study: Study, folder: Path) -> None:
    """Write `study.json` alone, from which a study that was stopped goes on; OutputError when that fails."""
    with speaking(ENGLISH):
        write_result(make_folder(folder) / STUDY_FILE, study_json(study))


def write_study(study: Study, folder: Path) -> Path:
    """Write `study.json`, `study.csv` and `study.html`, which leads to each smear's page; gives the page.

    The same bytes for the same study. OutputError when something cannot be written.
    """
    keep_study(study, folder)
    page = folder / PAGE
    with speaking(ENGLISH):  # the page over all smears is not translated
        write_text(folder / "study.csv", study_csv(study))
        write_text(page, render(study))
    return page
