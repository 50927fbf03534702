"""What is told on standard error before the work: files that are not looked at, images that stand twice."""

from __future__ import annotations

import typer


def tell(*sentences: str) -> None:
    """One line a sentence, without the empty ones; standard output stays free for rows and answers."""
    for sentence in sentences:
        if sentence:
            typer.echo(sentence, err=True)
