"""`normocyte score`: images in, one row an image out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door
from normocyte.pipeline.bundle.folder import SHIPPED


@door
def run(
    paths: Annotated[list[Path], typer.Argument(help="Images, folders or zips.", show_default=False)],
    bundle: Annotated[Path, typer.Option(help="Folder of the bundle, or the one that comes along.")] = Path(
        SHIPPED
    ),
    output: Annotated[
        Path | None,
        typer.Option(help="CSV, JSON lines or Parquet by its ending. Default: CSV on the screen."),
    ] = None,
    maps: Annotated[
        Path | None,
        typer.Option(help="Folder for one picture a cell of where it is unusual. Default: none drawn."),
    ] = None,
    false_positive_rate: Annotated[
        float | None,
        typer.Option(help="Decide at this rate of healthy cells flagged. Default: the bundle's own cut."),
    ] = None,
    false_discovery_rate: Annotated[
        float | None,
        typer.Option(help="Take the images for one smear; flag a list with this share of healthy cells."),
    ] = None,
    listed_by: Annotated[str, typer.Option(help="The rule that makes this list.")] = "benjamini_hochberg",
    own_null: Annotated[
        bool,
        typer.Option(
            "--own-null", help="Take the images for one smear, judged by the bulk of its own cells."
        ),
    ] = False,
    quality: Annotated[
        bool, typer.Option("--quality", help="Add a column for each measure of the checks of quality.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 takes one a core.")] = 0,
) -> int:
    """Score images: columns path, score, flagged, p_value, verdict, error, picture.

    With --maps also map, the picture of the cell. What the bundle's checks of quality refuse is "not
    assessable", and the error says why: that is an answer. Copies of one picture have the same `picture` and
    count once. Exit status 1 when some rows failed.
    """
    from dataclasses import replace

    from normocyte.cli.show.bar import bar_beside
    from normocyte.cli.show.told import tell
    from normocyte.images.listing import listed
    from normocyte.pipeline.bundle.bundle import open_bundle
    from normocyte.tables.writing import COLUMNS, WITH_MAP, row_writer
    from normocyte.workflows.scoring.score import ScoreOptions, WithQuality, only_rows, quality_columns, score
    from normocyte.workflows.scoring.together import DecisionOptions

    decision = DecisionOptions(false_positive_rate, false_discovery_rate, listed_by, own_null)
    together = decision.together(has_maps=maps is not None)
    pipeline = decision.at_rate(open_bundle(bundle).pipeline)
    columns = WITH_MAP if maps else COLUMNS
    writer = row_writer(output, (*columns, *quality_columns(pipeline.gate)) if quality else columns)
    found = listed(paths)
    tell(found.passed_over.sentence)
    images = found.images
    options = ScoreOptions(workers, only_rows, together)
    if maps is not None:
        from normocyte.workflows.scoring.maps import draw_maps

        options = ScoreOptions(workers, draw_maps(pipeline, images, paths, maps))
    if quality:
        options = replace(options, make_rows=WithQuality(options.make_rows, pipeline.gate))
    with bar_beside(is_screen_free=output is not None) as bar:
        tally = score(pipeline, images, writer, bar, options)
    tell(tally.copied, tally.sentence)
    for sentence in decision.stated(pipeline, together) if tally.scored else ():
        typer.echo(sentence, err=True)
    return FAILED if tally.failed else 0
