"""`normocyte batch` and `normocyte summarise`: very many images, and what came of them."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door
from normocyte.cli.options import WorkersOption
from normocyte.pipeline.bundle.folder import DEFAULT


@door
def run(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Folder, zip, tar or Parquet file, or an address such as s3://bucket/cells.",
            show_default=False,
        ),
    ],
    to: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.", show_default=False)],
    bundle: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Folder of the bundle. Default: built-in.", show_default=False),
    ] = DEFAULT,
    workers: WorkersOption = 0,
    engine: Annotated[
        str, typer.Option(metavar="NAME", help="local for processes of this machine, or ray.")
    ] = "local",
    address: Annotated[
        str,
        typer.Option(
            metavar="HOST:PORT", help="Head of a Ray cluster. Default: Ray here.", show_default=False
        ),
    ] = "",
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="Print progress and counts as JSON, one object a line.")
    ] = False,
) -> int:
    """Score very many images into a folder of Parquet files.

    The same command goes on where it was stopped or killed. Images that have
    a row already, by content, are not scored again. Every image has a row; one
    that cannot be read has the reason in the column error. 'normocyte summarise'
    shows what came of it. Exit status 1 when a row failed.
    """
    from normocyte.cli.show.bar import bar_beside, tell
    from normocyte.cli.show.json_lines import JsonLines
    from normocyte.workflows.batch.batch import BatchRequest, batch

    request = BatchRequest(source, to, bundle, workers, engine, address)
    if json_lines:
        lines = JsonLines()
        found = batch(request, lines, hear=lines.hear)
        lines.end(found)
    else:
        with bar_beside(is_screen_free=True) as bar:
            found = batch(request, bar)
        tell(*found.sentences)
    return FAILED if found.counts.failed or found.changed else 0


@door
def summarise(
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
    from normocyte.workflows.batch.summary import SummaryRequest
    from normocyte.workflows.batch.summary import summarise as summary_of

    summary = summary_of(SummaryRequest(results, by))
    show(summary)
    if out is not None:
        from normocyte.reports.batch.write import write_summary

        typer.echo(f"Figure: {write_summary(summary, out)}")
