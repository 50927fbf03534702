"""What is told on standard error before the work: files that are not looked at, images that stand twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from normocyte.core.progress import Progress
    from normocyte.datasets.cohort.cohort import Cohort


def tell(*sentences: str) -> None:
    """One line a sentence, without the empty ones; standard output stays free for rows and answers."""
    for sentence in sentences:
        if sentence:
            typer.echo(sentence, err=True)


def told_copies(cohort: Cohort, progress: Progress) -> Cohort:
    """Find the pictures that stand twice, and tell them, and then the files that are not looked at."""
    from normocyte.engine.copies import with_copies

    cohort = with_copies(cohort, progress)
    tell(*cohort.copies.sentences, *cohort.left_out)
    return cohort
