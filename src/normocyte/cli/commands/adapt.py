"""`normocyte adapt`: photos of presumed-healthy smears in, a bundle adapted to this site out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


@door
def run(
    bundle: Annotated[Path, typer.Argument(help="Folder of the bundle, or shipped for the built-in one.")],
    photos: Annotated[
        list[Path],
        typer.Argument(
            metavar="PHOTO", help="Photos of smears presumed healthy, folders or zips.", show_default=False
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the new bundle.")],
    config: Annotated[
        str, typer.Option(metavar="CONFIG", help="Train this configuration alone instead.")
    ] = "",
    cells: Annotated[
        int, typer.Option(min=100, metavar="N", help="Use at most so many cells, 100 or more.")
    ] = 4000,
    by: Annotated[
        str, typer.Option(metavar="photo|folder", help="A patient is each photo or each folder.")
    ] = "photo",
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Seed instead of the configuration's.")
    ] = None,
) -> None:
    """Learn from photos of a site's healthy smears, without labels.

    The new bundle keeps the model of the given one and adds models of this
    site. Up to 2 % infected cells among the healthy ones are tolerated. It needs
    the extra that trains. With --config, run it again after an interruption:
    it goes on from the last epoch.
    """
    from normocyte.cli.show.bar import progress_bar, tell
    from normocyte.images.listing import listed
    from normocyte.workflows.site.adapt import AdaptOptions, adapt

    options = AdaptOptions(config, cells, by, seed)
    found = listed(photos)
    tell(found.passed_over.sentence)
    with progress_bar() as bar:
        adapted = adapt(bundle, found.images, out, options, bar)
    cut, trained = adapted.cut, adapted.trained
    count = len(cut.scores)
    for note in adapted.notes:
        typer.echo(note)
    typer.echo(f"Learnt from {count:,} cells of {cut.photos:,} photos, in {trained.seconds:.0f} s.")
    typer.echo(adapted.aside.sentence)
    typer.echo(trained.bundle.guarantee)
    for reason in cut.unusable:
        typer.echo(reason, err=True)
    typer.echo(f"Bundle: {out}   threshold {trained.bundle.pipeline.threshold.cut:.6g}")
