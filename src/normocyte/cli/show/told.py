"""What is told on standard error before the work: files that are not looked at, images that stand twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from normocyte.core.progress import Progress
    from normocyte.datasets.contract import Dataset
    from normocyte.workflows.training.copies import Copies


def tell(*sentences: str) -> None:
    """One line a sentence, without the empty ones; standard output stays free for rows and answers."""
    for sentence in sentences:
        if sentence:
            typer.echo(sentence, err=True)


def told_copies(dataset: Dataset, progress: Progress) -> Copies:
    """Find the pictures that stand twice, and tell them, and then the files that are not looked at."""
    from normocyte.workflows.training.copies import find_copies

    copies = find_copies(dataset.records(), progress)
    tell(*copies.sentences, *dataset.left_out())
    return copies
