"""The tables of a comparison as Markdown, fit to be pasted into a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from normocyte.reports.comparison import words
from normocyte.results.comparison import Comparison, Measured


def comparison_markdown(contents: Comparison) -> str:
    """All tables, each under a heading, with what must be known to read them."""
    return "\n\n".join(_blocks(contents)) + "\n"


def _blocks(contents: Comparison) -> Iterable[str]:
    yield "# Comparison"
    yield _cell(words.outcome(contents))
    for is_undoubted, title in words.titles(contents).items():
        yield f"## {title}"
        yield words.means(contents)
        yield _metrics(contents, is_undoubted, _value)
        if contents.has_differences:
            yield f"### {title}: difference from {_cell(contents.reference)}"
            yield words.DIFFERENCES
            yield _metrics(contents, is_undoubted, _difference, contents.reference)
    if contents.finished:
        yield "## Costs"
        yield _costs(contents)
    if contents.failed:
        yield "## Failures"
        yield _table(("configuration", "reason"), [(row.name, row.failure) for row in contents.failed])
    yield "## How it was done"
    yield "\n".join(f"- {name}: {_cell(value)}" for name, value in contents.facts)
    if contents.notes:
        yield "\n".join(f"- {_cell(note)}" for note in contents.notes)


def _metrics(
    contents: Comparison, is_undoubted: bool, said: Callable[[Measured], str], without: str = ""
) -> str:
    columns = ("configuration", *(metric.short for metric in contents.metrics))
    rows = [row for row in contents.finished if row.name != without]
    return _table(columns, [(row.name, *map(said, row.labels(is_undoubted))) for row in rows])


def _value(one: Measured) -> str:
    span = words.span(one.estimate)
    return f"{words.value(one.estimate)} ({span})" if span else words.value(one.estimate)


def _difference(one: Measured) -> str:
    said = f"{words.signed(one.difference.value)} ({words.signed_span(one.difference)}, {words.p(one)})"
    return f"**{said}**" if one.is_better or one.is_worse else said


def _costs(contents: Comparison) -> str:
    columns = ("configuration", *words.COSTS)
    return _table(columns, [(row.name, *words.costs(row)) for row in contents.finished])


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column to the left, numbers to the right, and everything to the left in a table of words."""
    rest = [":--"] if columns[-1] == "reason" else ["--:"] * (len(columns) - 1)
    lines = [list(map(_cell, columns)), [":--", *rest], *(list(map(_cell, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """Text that cannot break a table, nor be taken for a link."""
    for sign in ("\\", "|", "[", "]"):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
