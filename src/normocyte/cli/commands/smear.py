"""`normocyte smear`: photos of a thin film in, the answer on one page out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door

SHIPPED = Path("shipped")


@door
def run(
    photos: Annotated[
        list[Path] | None, typer.Argument(help="Photos of a smear, folders or zips.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the page, the tables and the pictures.")
    ] = None,
    bundle: Annotated[
        Path, typer.Option(help="Folder of the bundle, or the one that comes along.")
    ] = SHIPPED,
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
    from dataclasses import replace

    from normocyte.cli.show.smears import check_shared, many_smears, one_smear
    from normocyte.cli.show.told import tell
    from normocyte.core.errors import ConfigError
    from normocyte.core.files import sha256_of
    from normocyte.images.listing import listed
    from normocyte.pipeline.bundle.bundle import load_bundle
    from normocyte.pipeline.bundle.folder import bundle_folder
    from normocyte.pipeline.bundle.layout import FACTS
    from normocyte.workflows.scoring.maps import keep_apart, keep_outside
    from normocyte.workflows.scoring.together import DecisionOptions
    from normocyte.workflows.smear.boxes import unmatched
    from normocyte.workflows.smear.review import review_for
    from normocyte.workflows.smear.smear import Question, cut_of
    from normocyte.workflows.smear.study import Judge

    if by not in {"all", "folder"}:
        raise ConfigError(f"--by {by} is not possible; choose all or folder.")
    pipeline = DecisionOptions(false_positive_rate).at_rate(load_bundle(bundle_folder(bundle)).pipeline)
    known = float("nan") if sensitivity is None else sensitivity
    if plan is not None:
        from normocyte.parasitaemia.support.plan import Plan

        typer.echo(Plan(cut_of(pipeline, known)).sentence(plan))
        return 0
    if not photos or out is None:
        raise ConfigError(
            f"{len(photos or [])} photos and {'no' if out is None else 'a'} folder for the report are given; "
            "give photos and --out DIR, or --plan with a parasitaemia."
        )
    keep_apart(out, photos)
    keep_outside(out, photos)
    found = listed(photos)
    told = {"Patient": patient, "Date": date, "Slide": slide, "Operator": operator}
    labels = tuple((name, value) for name, value in told.items() if value)
    question = Question(
        limit,
        known,
        red_cells,
        workers,
        boxes or Path(),
        labels=labels,
        passed_over=found.passed_over.sentence,
    )
    judge = Judge(pipeline, str(bundle), sha256_of(bundle_folder(bundle) / FACTS))
    tell(found.passed_over.sentence)
    strange = unmatched(question.boxes, found.photos)
    tell(*strange)
    if by == "folder":
        check_shared(question, review)
        many_smears(judge, found.photos, question, out)
    else:
        one_smear(judge, found.photos, replace(question, seen=review_for(review, out)), out)
    return FAILED if strange else 0
