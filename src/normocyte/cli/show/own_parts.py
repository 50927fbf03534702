"""The checks of own parts on the terminal: a line a part, and one for whatever does not hold of it."""

import typer

from normocyte.workflows.parts import CheckedPart, CheckedParts


def show(checked: CheckedParts) -> None:
    """A line for each part, below it what failed."""
    for one in checked.parts:
        typer.echo(f"{one.part}: {_said(one)}")
        for failed in one.failed:
            typer.echo(f"  does not hold: {failed.should} ({failed.reason})")


def _said(one: CheckedPart) -> str:
    if one.fault:
        return one.fault
    if one.failed:
        return f"{len(one.failed)} of its checks failed, {one.passed} passed"
    return f"all {one.passed} checks passed"
