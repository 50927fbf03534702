"""`normocyte smear`: photos of a thin film in, the answer on one page out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door
from normocyte.pipeline.bundle.folder import DEFAULT


@door
def run(
    photos: Annotated[
        list[Path] | None, typer.Argument(help="Photos of a smear, folders or zips.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the page, the tables and the pictures. Default: NAME-smear in the current "
            "folder, by the name of the first photo or folder; other photos get NAME-smear-2."
        ),
    ] = None,
    bundle: Annotated[
        Path, typer.Option(help="Folder of the bundle, or the one that comes along.")
    ] = DEFAULT,
    false_positive_rate: Annotated[
        float | None,
        typer.Option(help="Decide at this rate of healthy cells flagged. Default: the bundle's own cut."),
    ] = None,
    limit: Annotated[float, typer.Option(help="The parasitaemia that must not be missed, a share.")] = 0.02,
    sensitivity: Annotated[
        float | None,
        typer.Option(help="The share of infected cells that the cut flags, where it is known."),
    ] = None,
    red_cells: Annotated[float, typer.Option(help="Red cells in a microlitre of this blood.")] = 5e6,
    plan: Annotated[
        float | None,
        typer.Option(help="Say how many cells must be seen to detect this parasitaemia, and stop."),
    ] = None,
    boxes: Annotated[
        Path | None,
        typer.Option(
            help="Boxes of the cells instead of a segmentation: CSV, COCO, BBBC041, Pascal VOC or YOLO."
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(
            help="What is one smear: all, the photos together, or folder, where smears have folders."
        ),
    ] = "all",
    review: Annotated[
        Path | None,
        typer.Option(help="A review.csv in whose column seen you wrote parasite or no parasite."),
    ] = None,
    patient: Annotated[str, typer.Option(help="Printed on the report.")] = "",
    date: Annotated[str, typer.Option(help="Printed on the report.")] = "",
    slide: Annotated[str, typer.Option(help="Printed on the report.")] = "",
    operator: Annotated[str, typer.Option(help="Printed on the report.")] = "",
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 takes one a core.")] = 0,
) -> int:
    """Sort the red cells of a smear: the page shows which ones a person has to look at.

    Writes smear.html, smear.pdf, smear.json, cells.csv, review.csv, review.png and photos with outlines.
    Write parasite or no parasite into the column seen of review.csv and run the same command again: the page
    then says what you saw, and in which share of red cells. Counting alone shows a parasitaemia from about
    2 % on, some 100,000 infected red cells per microlitre. Looking at the flagged cells can show less.
    With --by folder each folder of photos is a smear, which gets all that in a folder of its own, and
    study.html, study.csv and study.json show them together; run it again after a stop and it goes on.
    Exit status 1 when photos and boxes do not name each other.
    For research use only: not for clinical use.
    """
    from normocyte.cli.show.smears import many_smears, one_smear
    from normocyte.core.errors import ConfigError
    from normocyte.workflows.smear.place import mark, place_for
    from normocyte.workflows.smear.request import FOLDER, Labels, PlanRequest, SmearRequest, cells_needed

    if plan is not None:
        typer.echo(cells_needed(PlanRequest(plan, bundle, false_positive_rate, sensitivity)).sentence)
        return 0
    if not photos:
        raise ConfigError("0 photos are given; give photos, or --plan with a parasitaemia.")
    place = out or place_for(photos)
    request = SmearRequest(
        photos=photos,
        out=place,
        bundle=bundle,
        false_positive_rate=false_positive_rate,
        limit=limit,
        sensitivity=sensitivity,
        red_cells=red_cells,
        boxes=boxes,
        by=by,
        review=review,
        labels=Labels(patient, date, slide, operator),
        workers=workers,
    )
    try:
        unmatched = many_smears(request) if by == FOLDER else one_smear(request)
    finally:
        if out is None:
            mark(place, photos)
    return FAILED if unmatched else 0
