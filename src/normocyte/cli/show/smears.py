"""What `normocyte smear` shows: the answer to one smear, or a narrow table of several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from normocyte.cli.show.bar import progress_bar
from normocyte.cli.show.told import tell

if TYPE_CHECKING:
    from normocyte.core.types import Source
    from normocyte.results.study import Study
    from normocyte.workflows.smear.smear import Question
    from normocyte.workflows.smear.study import Judge

OF_ONE_SMEAR = ("Patient", "Slide")
WIDTH = 100
"""Columns of the table where no terminal says how many there are, and at most."""


def one_smear(judge: Judge, photos: list[Source], question: Question, out: Path) -> None:
    """Judge the photos together and print the answer."""
    from normocyte.reports.smear.words import screen
    from normocyte.reports.smear.write import write_smear
    from normocyte.workflows.smear.smear import smear

    with progress_bar() as bar:
        found = smear(judge.pipeline, photos, question, (out, judge.bundle), bar)
    page = write_smear(found, out)  # before a word is said: who reads the words may be gone
    for sentence in screen(found):
        typer.echo(sentence)
    typer.echo(f"Page: {page}")


def many_smears(judge: Judge, photos: list[Source], question: Question, out: Path) -> None:
    """Judge each folder of photos and print a row for each."""
    from normocyte.reports.study import words
    from normocyte.workflows.smear.study import study

    with progress_bar() as bar:
        done = study(judge, photos, question, out, bar)
    tell(*done.study.careful)
    console = Console()
    console = console if console.is_terminal and console.width < WIDTH else Console(width=WIDTH)
    typer.echo(f"{words.title(done.study)}. {words.counted(done.study)}.")
    console.print(_table(done.study))
    for sentence in filter(None, (words.many_tests(done.study), words.guaranteed(done.study))):
        typer.echo(sentence)
    if done.kept:
        typer.echo(f"{done.kept} of {done.study.smears} smears had been judged before and are kept.")
    typer.echo(f"Page: {done.page}")


def check_shared(question: Question, review: Path | None) -> None:
    """ConfigError where a question to several smears holds what belongs to one of them."""
    from normocyte.core.errors import ConfigError

    if review is not None:
        raise ConfigError(
            f"--review {review} is of one smear; with --by folder fill in the column seen of review.csv in "
            "the folder of each smear and run this again without --review."
        )
    own = [f"--{name.lower()} {value}" for name, value in question.labels if name in OF_ONE_SMEAR]
    if own:
        raise ConfigError(f"{', '.join(own)} is of one smear; leave it out with --by folder.")


def _table(study: Study) -> Table:
    from normocyte.reports.study import words

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("smear", overflow="fold", min_width=8)
    table.add_column("decision", overflow="fold", min_width=10)
    for head in ("photos", "cells", "flagged", "p"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("parasitaemia", min_width=12)
    for row in study.sorted():
        interval = f", {words.between(row)}" if words.between(row) else ""
        counts = (f"{row.usable:,}/{row.photos:,}", f"{row.cells:,}", f"{row.flagged:,}", words.p_value(row))
        table.add_row(Text(words.name_of(row)), str(row.decision), *counts, words.share(row) + interval)
    return table
