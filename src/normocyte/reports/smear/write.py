"""Writes what was found in a smear: a page and a sheet to read, pictures to look at, numbers for programs."""

from pathlib import Path

from normocyte.core.files import make_folder, write_bytes, write_text
from normocyte.reports.smear.data import cells_csv, review_csv, smear_json
from normocyte.reports.smear.page import render
from normocyte.reports.smear.pdf import draw_pdf
from normocyte.reports.smear.sheet import draw_sheet
from normocyte.results.json import write_result
from normocyte.results.smear import REVIEW, Smear
from normocyte.wording.language import ENGLISH, speaking

PAGE = "smear.html"
EARLIER = "review-earlier.csv"


def write_smear(smear: Smear, folder: Path, language: str = ENGLISH) -> Path:
    """Write `smear.html`, which it gives, `.pdf` and `.json`, `cells.csv`, `review.csv` and `review.png`.

    Page, PDF and picture are in the language with this code; the files for programs are English. Each file
    is whole or not there, the same bytes for the same smear; the page comes last. It shows the photos with
    outlines that lie in the folder already, by the names in `PhotoResult.outlined`. Raises OutputError when
    something cannot be written.
    """
    make_folder(folder)
    with speaking(ENGLISH):
        write_text(folder / "cells.csv", cells_csv(smear))
        _write_review(folder / REVIEW, review_csv(smear))
        write_result(folder / "smear.json", smear_json(smear))
    page = folder / PAGE
    with speaking(language):
        write_bytes(folder / "review.png", draw_sheet(smear))
        write_bytes(folder / "smear.pdf", draw_pdf(smear))
        write_text(page, render(smear))
    return page


def _write_review(place: Path, table: str) -> None:
    """Write the table to fill in; one that was edited stays beside it, with all that its editor wrote."""
    if place.is_file() and place.read_bytes() != table.encode():
        place.replace(place.with_name(EARLIER))
    write_text(place, table)
