"""What `normocyte smear` shows: the answer to one smear, or a narrow table of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from normocyte.cli.show.bar import progress_bar, say, tell
from normocyte.wording.language import counted, gettext, pgettext, translated

if TYPE_CHECKING:
    from rich.table import Table

    from normocyte.results.study import Study
    from normocyte.workflows.smear.request import SmearRequest

WIDTH = 100
"""Columns of the table where no terminal says how many there are, and at most."""


def one_smear(request: SmearRequest) -> bool:
    """Judge the photos together and print the answer; False where not one of them could be read.

    Also False where photos and boxes do not name each other.
    """
    from normocyte.reports.smear.words import screen
    from normocyte.results.verdict import Grade
    from normocyte.workflows.smear.smear import smear

    with progress_bar() as bar:
        done = smear(request, bar)
    for sentence in screen(done.smear):
        say(sentence)
    say(gettext("Page: {page}", page=done.page))
    is_read = any(photo.grade != Grade.NOT_READ for photo in done.smear.photos)
    return is_read and not done.unmatched


def many_smears(request: SmearRequest) -> bool:
    """Judge each folder of photos and print a row for each; False where photos and boxes differ in names."""
    from rich.console import Console

    from normocyte.reports.study import words
    from normocyte.workflows.smear.study import study

    with progress_bar() as bar:
        done = study(request, bar)
    tell(*map(translated, done.study.careful))
    console = Console()
    console = console if console.is_terminal and console.width < WIDTH else Console(width=WIDTH)
    say(f"{words.title(done.study)}. {words.counted(done.study)}.")
    console.print(_table(done.study))
    for sentence in filter(None, (words.many_tests(done.study), words.guaranteed(done.study))):
        say(sentence)
    if done.kept:
        say(
            gettext(
                "{part} of {smears} smears had been judged before and are kept.",
                part=done.kept,
                smears=done.study.smears,
            )
        )
    say(gettext("Page: {page}", page=done.page))
    return not done.unmatched


def _table(study: Study) -> Table:
    from rich.table import Table
    from rich.text import Text

    from normocyte.reports.smear.decisions import DECISIONS
    from normocyte.reports.study import words

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(pgettext("column", "smear"), overflow="fold", min_width=8)
    table.add_column(pgettext("column", "decision"), overflow="fold", min_width=10)
    counts = pgettext("column", "photos"), pgettext("column", "cells"), pgettext("column", "flagged"), "p"
    for head in counts:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column(pgettext("column", "parasitaemia"), min_width=12)
    for row in study.sorted():
        interval = f", {words.between(row)}" if words.between(row) else ""
        photos = f"{counted(row.usable)}/{counted(row.photos)}"
        numbers = photos, counted(row.cells), counted(row.flagged), words.p_value(row)
        told = translated(DECISIONS[row.decision])
        table.add_row(Text(words.name_of(row)), told, *numbers, words.share(row) + interval)
    return table
