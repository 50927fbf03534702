"""`normocyte adapt`: photos of presumed-healthy smears in, a bundle that knows this site's cells out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door


@door
def run(
    bundle: Annotated[
        Path,
        typer.Argument(help="What is known already: a bundle, or shipped, the one that comes along."),
    ],
    photos: Annotated[
        list[Path],
        typer.Argument(help="Photos of smears presumed healthy, folders or zips.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the new bundle.")],
    config: Annotated[
        str, typer.Option(help="Train this recipe alone instead: a TOML file, or a name.")
    ] = "",
    cells: Annotated[int, typer.Option(min=100, help="Learn from at most so many cells.")] = 4000,
    by: Annotated[
        str, typer.Option(help="What stands for a patient: photo, or folder, where patients have folders.")
    ] = "photo",
    seed: Annotated[int | None, typer.Option(min=0, help="Seed instead of the recipe's.")] = None,
) -> None:
    """Learn a site's own cells from photos of its healthy smears, without any label, and write a bundle.

    What the given bundle knows stays and gets neighbours that know this site. Up to 2 % infected cells among
    the healthy ones are tolerated. Needs the extra that trains. With --config, run it again after a stop and
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
    typer.echo(f"Bundle: {out}   cut {trained.bundle.pipeline.threshold.cut:.6g}")
