"""The sentences of a comparison, and its numbers as a reader wants them."""

import math
from collections.abc import Callable

from normocyte.core.types import Estimate
from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import KeyNumber
from normocyte.results.comparison import SURE, Comparison, Measured, Row
from normocyte.wording.articles import a
from normocyte.wording.shortcuts import opening_of

_DIGITS = 3
_FEW_MS = 10


def differences(contents: Comparison) -> str:
    """How a table of differences is read."""
    return (
        f"In brackets the 95 % interval over {contents.who} and the p-value after Holm's correction for the "
        f"number of configurations in the column; bold where it is below {SURE:g}."
    )


def cost_names(contents: Comparison) -> tuple[str, ...]:
    """What the costs are called."""
    return ("training s", f"ms {a(contents.unit)} {contents.unit}", "parameters", "bundle kB")


def value(estimate: Estimate) -> str:
    """The value alone."""
    return formatting.figure(estimate.value, _DIGITS)


span = formatting.span
signed = formatting.signed


def signed_span(estimate: Estimate) -> str:
    """The interval of a difference."""
    return f"{signed(estimate.low)} to {signed(estimate.high)}"


def p(one: Measured) -> str:
    """The corrected p-value."""
    if not math.isfinite(one.corrected):
        return f"p {formatting.UNKNOWN}"
    return f"p {one.corrected:.3f}" if one.corrected >= 0.001 else "p < 0.001"  # noqa: PLR2004 - three digits


def seeds(count: int) -> str:
    """So many seeds."""
    return "1 seed" if count == 1 else f"{count} seeds"


def means(contents: Comparison) -> str:
    """What a table of figures shows."""
    first = f"Mean of {seeds(contents.seeds)}" if contents.seeds > 1 else "One seed"
    return f"{first}, with the 95 % interval over {contents.who}."


def titles(contents: Comparison) -> dict[bool, str]:
    """The heading of each set of labels that there are figures for."""
    found = {False: "All labels"}
    if contents.has_undoubted:
        found[True] = "Without doubtful labels"
    return found if contents.finished else {}


def costs(row: Row) -> tuple[str, ...]:
    """What a configuration costs, in the order of `cost_names`."""
    own = row.costs
    return (
        _unless_unknown(own.training_s, lambda s: f"{s:,.1f}" if s < _FEW_MS else f"{s:,.0f}"),
        _unless_unknown(own.ms_per_cell, lambda ms: f"{ms:.3f}" if ms < _FEW_MS else f"{ms:,.1f}"),
        _unless_unknown(own.parameters, lambda count: f"{count:,.0f}"),
        _unless_unknown(own.bundle_bytes, lambda size: f"{size / 1000:,.0f}"),
    )


def _unless_unknown(number: float, said: Callable[[float], str]) -> str:
    return said(number) if math.isfinite(number) else formatting.UNKNOWN


def outcome(contents: Comparison) -> str:
    """What came out, in two or three sentences."""
    if not contents.finished:
        return f"None of the {len(contents.rows)} configurations could be trained and judged."
    sentences = (opening_of(contents), _best(contents), _sure(contents), _failed(contents))
    return " ".join(sentence for sentence in sentences if sentence)


def best(contents: Comparison, place: int, is_undoubted: bool = False) -> Row | None:
    """The finished configuration with the highest value of a metric; None for several, and for 0."""
    highest = _highest(contents, place, is_undoubted)
    is_one = len(highest) == 1 and highest[0].labels(is_undoubted)[place].estimate.value != 0
    return highest[0] if is_one else None


def _highest(contents: Comparison, place: int, is_undoubted: bool = False) -> list[Row]:
    """The finished configurations with the highest value of a metric."""
    values = {
        row.name: row.labels(is_undoubted)[place].estimate.value
        for row in contents.finished
        if row.labels(is_undoubted)
    }
    top = max((number for number in values.values() if math.isfinite(number)), default=math.nan)
    return [row for row in contents.finished if values.get(row.name) == top]


def _best(contents: Comparison) -> str:
    rows = _highest(contents, contents.place)
    if not rows:
        return "Their figures are not known."
    estimate = rows[0].all_labels[contents.place].estimate
    many = len(contents.finished)
    if many > 1 and estimate.value == 0:
        return f"None of {many} configurations has a {contents.metrics[contents.place].name} above 0."
    mean = f"all labels, {'mean of ' * (contents.seeds > 1)}{seeds(contents.seeds)}"
    interval = f", 95 % interval {span(estimate)}" if span(estimate) and len(rows) == 1 else ""
    which = f"{_who(contents, rows)}{contents.metrics[contents.place].name}"
    return f"{which}: {value(estimate)} ({mean}{interval})."


def _who(contents: Comparison, highest: list[Row]) -> str:
    """The beginning of the sentence on those with the highest value."""
    many, names = len(contents.finished), [row.name for row in highest]
    if many == 1:
        return f"{names[0]} has a "
    if len(names) == many:
        return f"All {many} configurations have the same "
    return f"Of {many} configurations, {_and(names)} {'has' if len(names) == 1 else 'have'} the highest "


def _sure(contents: Comparison) -> str:
    """Which differences from the reference are more than chance."""
    if not contents.has_differences:
        return ""
    metric = contents.metrics[contents.place]
    rows = [row for row in contents.finished if row.name != contents.reference]
    better = [row.name for row in rows if row.all_labels[contents.place].is_better]
    worse = [row.name for row in rows if row.all_labels[contents.place].is_worse]
    sides = [f"{_listed(names)} better" for names in (better,) if names]
    sides += [f"{_listed(names)} worse" for names in (worse,) if names]
    if not any(math.isfinite(row.all_labels[contents.place].corrected) for row in rows):
        return f"Whether others differ from {contents.reference} by more than chance is not known."
    if not sides:
        return f"No other differs from {contents.reference} in it by more than chance."
    rest = len(rows) - len(better) - len(worse)
    others = (
        f"; for the other {rest if rest > 1 else 'one'}, chance would explain the difference" if rest else ""
    )
    return f"By more than chance, {_and(sides)} than {contents.reference} in {metric.name}{others}."


def _listed(names: list[str]) -> str:
    """Up to three names, or how many there are."""
    few = 3
    verb = "is" if len(names) == 1 else "are"
    return f"{_and(names) if len(names) <= few else f'{len(names)} configurations'} {verb}"


def _and(items: list[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _failed(contents: Comparison) -> str:
    count = len(contents.failed)
    return f"{count} of {len(contents.rows)} failed; the reasons are below." if count else ""


def key_numbers(contents: Comparison) -> list[KeyNumber]:
    """The numbers that a reader looks for first: the best of three metrics, and the fastest."""
    found = []
    for place in dict.fromkeys((contents.place, 0, len(contents.metrics) - 1)):
        row = best(contents, place)
        if row:
            estimate = row.all_labels[place].estimate
            found.append(KeyNumber(value(estimate), f"best {contents.metrics[place].name}", row.name))
    fastest = _fastest(contents)
    if fastest:
        found.append(KeyNumber(costs(fastest)[1], f"{cost_names(contents)[1]}, the fastest", fastest.name))
    return found


def _fastest(contents: Comparison) -> Row | None:
    rows = [row for row in contents.finished if math.isfinite(row.costs.ms_per_cell)]
    return min(rows, key=lambda row: row.costs.ms_per_cell, default=None)
