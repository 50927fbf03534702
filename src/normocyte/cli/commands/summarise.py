"""`normocyte summarise`: what came of a batch."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


@door
def run(
    results: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of normocyte batch --to.", show_default=False)
    ],
    by: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Compare groups: day, site, or a regular expression with one group for the path. Default: "
            "day or site, where the rows have one.",
            show_default=False,
        ),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for summary.json and the figure.", show_default=False),
    ] = None,
) -> None:
    """Count the rows of a batch, and compare days or sites.

    Shows counts, the causes of images without a score, the distribution of the
    scores, and for each group its flagged share and how far its scores are
    from those of all others. Works while the batch runs, too.
    """
    from normocyte.cli.show.summarised import show
    from normocyte.workflows.batch.summary import SummaryRequest, summarise

    summary = summarise(SummaryRequest(results, by))
    show(summary)
    if out is not None:
        from normocyte.reports.batch.write import write_summary

        typer.echo(f"Figure: {write_summary(summary, out)}")
