"""`normocyte score`: images in, one row an image out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli._door import FAILED, door

SHIPPED = Path("shipped")


@door
def run(  # noqa: PLR0913, PLR0917 - an option each
    paths: Annotated[list[Path], typer.Argument(help="Images, folders or zips.", show_default=False)],
    bundle: Annotated[
        Path, typer.Option(help="Folder of the bundle, or the one that comes along.")
    ] = SHIPPED,
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
    quality: Annotated[
        bool, typer.Option("--quality", help="Add a column for each measure of the checks of quality.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 takes one a core.")] = 0,
) -> int:
    """Score images: columns path, score, flagged, p_value, verdict, error.

    With --maps also map, the picture of the cell. What the bundle's checks of quality refuse is "not
    assessable", and the error says why: that is an answer. Exit status 1 when some rows failed.
    """
    from normocyte.cli._bar import bar_beside
    from normocyte.pipeline.bundle import load_bundle
    from normocyte.pipeline.shipped import bundle_folder
    from normocyte.workflows._rows import COLUMNS, WITH_MAP, row_writer
    from normocyte.workflows.score import (
        MakeRows,
        WithQuality,
        all_sources,
        only_rows,
        quality_columns,
        score,
    )

    pipeline = load_bundle(bundle_folder(bundle)).pipeline
    if false_positive_rate is not None:
        pipeline = pipeline.at_rate(false_positive_rate)
    columns = WITH_MAP if maps else COLUMNS
    writer = row_writer(output, (*columns, *quality_columns(pipeline.gate)) if quality else columns)
    images = all_sources(paths)
    make_rows: MakeRows = only_rows
    if maps is not None:
        from normocyte.workflows._maps import draw_maps

        make_rows = draw_maps(pipeline, images, paths, maps)
    if quality:
        make_rows = WithQuality(make_rows, pipeline.gate)
    with bar_beside(is_screen_free=output is not None) as bar:
        tally = score(pipeline, images, writer, bar, workers, make_rows)
    typer.echo(tally.sentence, err=True)
    typer.echo(pipeline.threshold.guarantee(pipeline.calibration).sentence, err=True)
    return FAILED if tally.failed else 0
