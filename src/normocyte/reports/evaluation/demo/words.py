"""The sentences of a demo, computed from what it found."""

import math

from normocyte.core.types import Estimate
from normocyte.reports.drawing import formatting
from normocyte.results.demo import DemoContents, Method
from normocyte.wording.articles import a
from normocyte.wording.training import explained, under_trained

_MUCH = 0.5
_CLEARLY = 0.1
"""A method that finds so much less than the best is called behind."""


def title(contents: DemoContents) -> str:
    """What the page shows."""
    unit, anomaly = contents.evaluation.unit, contents.evaluation.anomaly
    return f"Finding {anomaly} {unit}s by learning what healthy ones look like"


def headline(contents: DemoContents) -> str:
    """What an autoencoder does, and what each method finds, in one sentence."""
    unit, anomaly = contents.evaluation.unit, contents.evaluation.anomaly
    best, *others = sorted(contents.methods, key=lambda one: -_or_zero(one.sensitivity.value))
    rest = listed([f"{the(one)} {_short(one.sensitivity)}" for one in others])
    return (
        f"An autoencoder learns from healthy {unit}s alone to redraw a healthy {unit}; what it cannot "
        f"redraw is its error; where 1 healthy {unit} in 100 may be flagged, {the(best)} finds "
        f"{_short(best.sensitivity)} of the {anomaly} {unit}s{f', {rest}' if rest else ''}."
    )


def seen(contents: DemoContents) -> str:
    """What each method is given to see, which differs; nothing of a method that is not among them."""
    unit = contents.evaluation.unit
    known = {
        "baseline rule": f"The baseline rule sees each colour relative to the median of the {unit}, and "
        "expects that median everywhere.",
        "classic": f"Classic sees how bright the {unit} is.",
        "default": f"The default sees how strongly the {unit} is stained, so a dark spot is bright there.",
    }
    names = [method.name for method in contents.methods]
    if "default" not in names:
        return ""
    said = [sentence for name, sentence in known.items() if name in names]
    return " ".join([*said, "Each picture has a gray scale of its own."])


def why(contents: DemoContents) -> str:
    """Why the classic autoencoder finds so few at 99 % specificity; nothing where it is not behind."""
    worst = behind(contents)
    if worst is None:
        return ""
    unit, anomaly = contents.evaluation.unit, contents.evaluation.anomaly
    missed = formatting.percent(1 - worst.sensitivity.value)
    return (
        f"Why {the(worst)} fails there: {_cause(worst, unit)} The threshold that leaves 99 of 100 healthy "
        f"{unit}s unflagged is as high as these errors, and {missed} of the {anomaly} {unit}s score "
        "below it: they are missed."
    )


def behind(contents: DemoContents) -> Method | None:
    """The method that finds clearly less than the best at 99 % specificity; None where there is none."""
    found = [one for one in contents.methods if math.isfinite(one.sensitivity.value)]
    if len(found) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    best = max(one.sensitivity.value for one in found)
    worst = min(found, key=lambda one: one.sensitivity.value)
    return worst if worst.sensitivity.value < best - _CLEARLY else None


def _cause(method: Method, unit: str) -> str:
    """Where the error of the hardest healthy cells lies."""
    share = method.outline_share
    if math.isfinite(share) and share > _MUCH:
        return (
            f"its error is added up over the whole picture, and in the healthy {unit}s with the largest "
            f"error {formatting.percent(share)} of it lies at the outline, because odd shapes are hard to "
            "redraw."
        )
    return (
        f"its error is added up over the whole picture, and some healthy {unit}s have as much of it as those "
        "that are looked for."
    )


def trade(contents: DemoContents) -> str:
    """What a threshold trades, and what tuning for F1 changed for the method that it changed most."""
    unit, anomaly = contents.evaluation.unit, contents.evaluation.anomaly
    first = (
        f"A {unit} is flagged when its error lies above the threshold. A lower threshold finds more "
        f"{anomaly} {unit}s and flags more healthy ones: that is the trade."
    )
    most = max(contents.methods, key=_new_alarms)
    return f"{first} {_change(most, unit, anomaly)}".strip()


def _new_alarms(method: Method) -> float:
    """How much tuning adds to the share of healthy cells flagged."""
    return abs(method.after.false_positive_rate - method.before.false_positive_rate) if method.after else -1.0


def _change(method: Method, unit: str, anomaly: str) -> str:
    before, after = method.before, method.after
    if after is None:
        return ""
    return (
        f"Tuning for F1 on labelled {unit}s of other patients takes {the(method)} from "
        f"{formatting.percent(before.recall)} to {formatting.percent(after.recall)} of the {anomaly} {unit}s "
        f"found, and from {formatting.percent(before.false_positive_rate)} to "
        f"{formatting.percent(after.false_positive_rate)} of the healthy ones flagged."
    )


def errors(method: Method, contents: DemoContents) -> str:
    """How far the errors of both kinds overlap."""
    unit, anomaly = contents.evaluation.unit, contents.evaluation.anomaly
    if not math.isfinite(method.auroc.value):
        return ""
    return (
        f"{100 * method.auroc.value:.1f} times in 100 the error of {a(anomaly)} {anomaly} {unit} is larger "
        f"than that of a healthy one (AUROC {formatting.figure(method.auroc.value)})."
    )


def at_99(contents: DemoContents) -> str:
    """What each method finds at 99 % specificity, with intervals."""
    found = [f"{the(one)} {_with_span(one.sensitivity)}" for one in contents.methods]
    return (
        f"At 99 % specificity, where 1 healthy {contents.evaluation.unit} in 100 is flagged, these shares of "
        f"the {contents.evaluation.anomaly} {contents.evaluation.unit}s are found: {listed(found)}."
    )


def needed(method: Method, contents: DemoContents) -> str:
    """What a method learns from, and whether it has learnt enough."""
    things = f"{contents.evaluation.unit}s"
    said = filter(None, (explained(method.training, things), under_trained(method.training)))
    told = " ".join(said)
    return f"{method.name.capitalize()}: {told}" if told else ""


def the(method: Method) -> str:
    """The method in the middle of a sentence."""
    return {"classic": "the classic autoencoder", "default": "the default"}.get(
        method.name, f"the {method.name}"
    )


def listed(words: list[str]) -> str:
    """The words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def _short(estimate: Estimate) -> str:
    return formatting.percent(estimate.value)


def _with_span(estimate: Estimate) -> str:
    value = formatting.percent(estimate.value)
    if not math.isfinite(estimate.low):
        return value
    return (
        f"{value} (95 % interval {formatting.percent(estimate.low)} to {formatting.percent(estimate.high)})"
    )


def _or_zero(value: float) -> float:
    return value if math.isfinite(value) else 0.0
