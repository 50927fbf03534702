"""`normocyte smear`: photos of a thin film in, a report of one page out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door
from normocyte.cli.options import WorkersOption
from normocyte.cli.work import smear
from normocyte.pipeline.bundle.folder import DEFAULT

_REPORT, _STATISTICS = "Printed on the report", "Statistics"


@door
def run(
    photos: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PHOTO", help="Photos of a smear, folders or zips.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the results. Default: NAME-smear."),
    ] = None,
    bundle: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Folder of the bundle. Default: built-in.", show_default=False),
    ] = DEFAULT,
    false_positive_rate: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Share of healthy cells flagged, at most.", rich_help_panel=_STATISTICS
        ),
    ] = None,
    limit: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="Parasitaemia not to miss (default .02).",
            show_default=False,
            rich_help_panel=_STATISTICS,
        ),
    ] = 0.02,
    sensitivity: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Known share of infected cells flagged.",
            rich_help_panel=_STATISTICS,
        ),
    ] = None,
    red_cells: Annotated[
        float,
        typer.Option(
            metavar="N",
            help="Red cells per microlitre (default 5e6).",
            show_default=False,
            rich_help_panel=_STATISTICS,
        ),
    ] = 5e6,
    plan: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Only state the cells needed to see this.",
            rich_help_panel=_STATISTICS,
        ),
    ] = None,
    boxes: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Boxes: CSV, COCO, BBBC041, Pascal VOC, YOLO."),
    ] = None,
    by: Annotated[
        str,
        typer.Option(metavar="all|folder", help="A smear is all photos or each folder.", show_default=False),
    ] = "all",
    review: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A review.csv that you have filled in."),
    ] = None,
    patient: Annotated[
        str, typer.Option(metavar="TEXT", help="Name or number of the patient.", rich_help_panel=_REPORT)
    ] = "",
    date: Annotated[str, typer.Option(metavar="TEXT", help="Date.", rich_help_panel=_REPORT)] = "",
    slide: Annotated[
        str, typer.Option(metavar="TEXT", help="Number of the slide.", rich_help_panel=_REPORT)
    ] = "",
    operator: Annotated[
        str, typer.Option(metavar="TEXT", help="Name of the operator.", rich_help_panel=_REPORT)
    ] = "",
    language: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help="Language, such as fr. Default: as LANG.",
            show_default=False,
            rich_help_panel=_REPORT,
        ),
    ] = "",
    workers: WorkersOption = 0,
) -> int:
    """Find the red cells of a smear and show those to look at.

    Counting alone shows a parasitaemia from about 2 % on, some 100,000 infected
    red cells per microlitre; looking at the flagged cells can show less. Write
    parasite or no parasite into the column seen of review.csv and run the
    command again: the report then states what you saw. Exit status 1 when
    no photo can be read, or photos and boxes do not name each other.
    For research use only: not for clinical use.
    """
    return smear.run(
        photos,
        out,
        bundle,
        false_positive_rate,
        limit,
        sensitivity,
        red_cells,
        plan,
        boxes,
        by,
        review,
        patient,
        date,
        slide,
        operator,
        language,
        workers,
    )
