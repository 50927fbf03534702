"""The numbers of a comparison: JSON, CSV with one line a number, and tables in Markdown to paste."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict

from normocyte.core.files import csv_text
from normocyte.core.types import Estimate
from normocyte.reports.comparison import words
from normocyte.reports.drawing.shortcuts import shortcuts_json
from normocyte.results.comparison import NAN, NOTHING, Comparison, Costs, Measured, Row
from normocyte.results.json import to_json
from normocyte.results.scalars import Json, interval, number
from normocyte.results.shortcuts import Shortcuts
from normocyte.wording.shortcuts import opening_of

LABELS = {False: "all_labels", True: "without_doubtful"}
COLUMNS = (
    "configuration",
    "labels",
    "metric",
    "seed",
    "value",
    "low",
    "high",
    "difference",
    "difference_low",
    "difference_high",
    "p_value",
    "p_value_holm",
    "failure",
)
_EMPTY = Measured(NOTHING, ())


def comparison_json(contents: Comparison) -> dict[str, Json]:
    """Every number, null for what cannot be said, and the comparison itself under `result`."""
    return to_json(contents, _summary(contents))


def _summary(contents: Comparison) -> dict[str, Json]:
    return {
        "opening": opening_of(contents),
        "reference": contents.reference,
        "seeds": contents.seeds,
        "facts": dict(contents.facts),
        "notes": list(contents.notes),
        "metrics": {metric.key: metric.name for metric in contents.metrics},
        "shortcuts": {one.configuration: shortcuts_json(one.shortcuts) for one in contents.beside},
        "configurations": {row.name: _row(contents, row) for row in contents.rows},
    }


def comparison_csv(contents: Comparison) -> str:
    """One line a number: the metrics (without a seed, the mean over seeds), the costs, the failures."""
    return csv_text(COLUMNS, (line for row in contents.rows for line in _lines(contents, row)))


def _row(contents: Comparison, row: Row) -> Json:
    sets: dict[str, Json] = {
        LABELS[is_undoubted]: {
            metric.key: _measured(one)
            for metric, one in zip(contents.metrics, row.labels(is_undoubted), strict=False)
        }
        for is_undoubted in LABELS
    }
    return {"parts": row.parts, "failure": row.failure, "costs": _costs(row.costs), **sets}


def _costs(costs: Costs) -> Json:
    return {name: number(value) for name, value in asdict(costs).items()}


def _measured(one: Measured) -> Json:
    return {
        **interval(one.estimate),
        "by_seed": [number(value) for value in one.by_seed],
        "difference": interval(one.difference),
        "p_value": number(one.p_value),
        "p_value_holm": number(one.corrected),
    }


def _lines(contents: Comparison, row: Row) -> Iterator[list[str]]:
    if row.failure:
        yield _line((row.name, "", "", ""), _EMPTY, row.failure)
        return
    for is_undoubted, labels in LABELS.items():
        for metric, one in zip(contents.metrics, row.labels(is_undoubted), strict=False):
            yield _line((row.name, labels, metric.key, ""), one)
            for seed, value in enumerate(one.by_seed):
                yield _line((row.name, labels, metric.key, str(seed)), _alone(value))
    for name, value in asdict(row.costs).items():
        yield _line((row.name, "", name, ""), _alone(value))


def _alone(value: float) -> Measured:
    """A number without an interval."""
    return Measured(Estimate(value, NAN, NAN), ())


def _line(place: tuple[str, ...], one: Measured, failure: str = "") -> list[str]:
    numbers = (
        *(one.estimate.value, one.estimate.low, one.estimate.high),
        *(one.difference.value, one.difference.low, one.difference.high),
        *(one.p_value, one.corrected),
    )
    return [*place, *(_text(value) for value in numbers), failure]


def _text(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""


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
            yield words.differences(contents)
            yield _metrics(contents, is_undoubted, _difference, contents.reference)
    yield from _beside(contents)
    if contents.finished:
        yield "## Costs"
        yield _markdown_costs(contents)
    if contents.failed:
        yield "## Failures"
        yield _table(("configuration", "reason"), [(row.name, row.failure) for row in contents.failed])
    yield "## How it was done"
    yield "\n".join(f"- {name}: {_cell(value)}" for name, value in contents.facts)
    if contents.notes:
        yield "\n".join(f"- {_cell(note)}" for note in contents.notes)


def _beside(contents: Comparison) -> Iterable[str]:
    for one in contents.beside:
        yield f"## Shortcut baselines beside {_cell(one.configuration)}"
        yield _shortcuts(one.shortcuts)


def _shortcuts(shortcuts: Shortcuts) -> str:
    columns = ("baseline", "fitted", "AUROC", f"{words.value(shortcuts.detector)} minus it")
    rows = [
        (
            row.title,
            "with labels" if row.uses_labels else "on healthy images",
            f"{words.value(row.auroc)} ({words.span(row.auroc)})",
            f"{words.signed(row.difference.value)} ({words.signed_span(row.difference)})",
        )
        for row in shortcuts.rows
    ]
    return _table(columns, rows) if rows else shortcuts.why_not


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


def _markdown_costs(contents: Comparison) -> str:
    columns = ("configuration", *words.cost_names(contents))
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
