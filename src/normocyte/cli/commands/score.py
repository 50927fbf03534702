"""`normocyte score`: images in, one row an image out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import FAILED, door
from normocyte.pipeline.bundle.folder import DEFAULT


@door
def run(
    paths: Annotated[
        list[Path], typer.Argument(help="Images, folders, zips or CSV manifests.", show_default=False)
    ],
    bundle: Annotated[
        Path, typer.Option(help="Folder of the bundle, or the one that comes along.")
    ] = DEFAULT,
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
    workers: Annotated[int, typer.Option(min=0, help="How many work at a time; 0 takes one a core.")] = 0,
) -> int:
    """Score images: columns path, score, flagged, p_value, verdict, error, picture.

    With --maps also map, the picture of the cell. What the bundle's checks of quality refuse is "not
    assessable", and the error says why: that is an answer. Copies of one picture have the same `picture` and
    count once. Exit status 1 when some rows failed.
    """
    from normocyte.engine.begin import begin_early

    begin_early(paths, workers, "normocyte.workflows.scoring.score")
    from normocyte.cli.show.bar import bar_beside, tell
    from normocyte.workflows.scoring.score import ScoreRequest, score

    request = ScoreRequest(
        paths=paths,
        bundle=bundle,
        output=output,
        maps=maps,
        false_positive_rate=false_positive_rate,
        false_discovery_rate=false_discovery_rate,
        listed_by=listed_by,
        own_null=own_null,
        quality=quality,
        workers=workers,
    )
    with bar_beside(is_screen_free=output is not None) as bar:
        found = score(request, bar)
    tell(found.tally.copied, found.tally.sentence, *found.stated)
    return FAILED if found.tally.failed else 0
