"""`normocyte train`: healthy cells in, a bundle out."""

from pathlib import Path
from typing import Annotated

import typer

from normocyte.cli.door import door
from normocyte.cli.options import PatientsOption


@door
def run(
    config: Annotated[
        str, typer.Argument(help="Name of a configuration (see normocyte list configs), or a TOML file.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the new bundle.")],
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Folder, zip or CSV manifest of cells, labelled or all healthy. Default: the data set of "
            "the configuration.",
        ),
    ] = None,
    patients: PatientsOption = "",
    seed: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Seed instead of the configuration's.")
    ] = None,
) -> None:
    """Learn from healthy cells and write a bundle.

    After an interruption, run it again: it goes on from the last epoch.
    """
    from normocyte.cli.show.bar import progress_bar, tell, told_copies
    from normocyte.core.words import numbered
    from normocyte.datasets.opening.detect import drawn_cohort, open_to_learn
    from normocyte.pipeline.recipe.recipe import find_recipe
    from normocyte.workflows.training.train import replaced_words, train
    from normocyte.workflows.training.words import told

    recipe = find_recipe(config).seeded(seed)
    with progress_bar() as bar:
        cohort = (
            open_to_learn(data, patients)
            if data
            else drawn_cohort(recipe.dataset, out.parent / "cells", bar, patients)
        )
        trained = train(recipe, cohort, out, bar, told_copies)
    threshold = trained.bundle.pipeline.threshold.cut
    typer.echo(f"Bundle: {out}   threshold {threshold:.6g}, trained in {trained.seconds:.0f} s")
    tell(replaced_words(trained))
    for sentence in told(trained):
        typer.echo(sentence)
    if trained.faults:
        images = numbered(len(trained.faults), "image")
        typer.echo(f"{images} could not be used, the first: {trained.faults[0]}", err=True)
