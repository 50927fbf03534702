"""`normocyte score`: images in, one row an image out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door
from normocyte.cli.options import WorkersOption
from normocyte.cli.work import score
from normocyte.pipeline.bundle.folder import DEFAULT


@door
def run(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH", help="Images, folders, zips or CSV manifests.", show_default=False),
    ],
    bundle: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Folder of the bundle. Default: built-in.", show_default=False),
    ] = DEFAULT,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File .csv, .jsonl or .parquet. Default: CSV on the screen."),
    ] = None,
    maps: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for a map of each cell. Default: no maps."),
    ] = None,
    false_positive_rate: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE", help="Share of healthy cells that may be flagged. Default: that of the bundle."
        ),
    ] = None,
    false_discovery_rate: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Of one smear, list cells of which this share may be healthy."),
    ] = None,
    listed_by: Annotated[
        str, typer.Option(metavar="RULE", help="Rule that makes the list.")
    ] = "benjamini_hochberg",
    own_null: Annotated[
        bool,
        typer.Option("--own-null", help="Compare each cell with the bulk of the cells of this smear."),
    ] = False,
    quality: Annotated[
        bool, typer.Option("--quality", help="Add columns with the measures of the cell checks.")
    ] = False,
    workers: WorkersOption = 0,
) -> int:
    """Score images of cells and flag the unusual ones.

    Columns: path, score, flagged, p_value, verdict, error, picture; with --maps
    also map. An image that the cell checks refuse is "not assessable", and the
    column error gives the reason. Copies of one image share the same picture
    and count once. Exit status 1 when a row failed.
    """
    return score.run(
        paths,
        bundle,
        output,
        maps,
        false_positive_rate,
        false_discovery_rate,
        listed_by,
        own_null,
        quality,
        workers,
    )
