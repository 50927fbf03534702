"""What is said of a result that a baseline without any detector comes close to."""

import math
from dataclasses import dataclass

from normocyte.core.types import Estimate
from normocyte.core.words import numbered
from normocyte.results.comparison import Comparison
from normocyte.results.shortcuts import MeasuredContrast, ShortcutRow, Shortcuts

MAY_SHOW = "this result may show how the images were taken or stored, not disease"
_SHOWN = 4
_SURE_P = 0.001
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Kinds:
    """What healthy and anomalous images are called, in the plural."""

    healthy: str
    anomalous: str

    @classmethod
    def of(cls, unit: str, anomaly: str) -> "Kinds":
        """Such as healthy slices and tumour slices."""
        return cls(f"healthy {unit}s", f"{anomaly} {unit}s")


def opening(shortcuts: Shortcuts, detector: str = "the detector") -> str:
    """The sentence that a result opens with where a baseline comes close to the detector; else nothing."""
    if not shortcuts.close:
        return ""
    others = len(shortcuts.close) - 1
    more = (
        f" {others} more {'baseline comes' if others == 1 else 'baselines come'} as close." if others else ""
    )
    return f"{_compared(shortcuts.close[0], shortcuts.detector, detector)}: {MAY_SHOW}.{more}"


def opening_of(comparison: Comparison) -> str:
    """The same of a comparison: beside the best configuration, and which others are not better either."""
    best = comparison.best_beside
    if best is None:
        return ""
    first = opening(best.shortcuts, best.configuration)
    others = [one.configuration for one in comparison.beside if one.shortcuts.close and one is not best]
    if not others:
        return first
    which = ", ".join(others) if len(others) <= _SHOWN else f"{len(others)} other configurations"
    verb = "is" if len(others) == 1 else "are"
    return f"{first} {which} {verb} not better than a shortcut baseline by more than chance.".strip()


def _compared(row: ShortcutRow, own: Estimate, detector: str) -> str:
    """Baseline and detector beside each other."""
    said, difference = f"{_alone(row)} reaches AUROC {figure(row.auroc.value)}", row.difference
    if not math.isfinite(difference.low):
        return f"{said}, {detector} {figure(own.value)}, and by how much they differ is not known"
    if difference.value <= 0:
        return f"{said}, and {detector} no more than {figure(own.value)}"
    return (
        f"{said}, {detector} {figure(own.value)}, and chance could explain the difference "
        f"({interval(difference)})"
    )


def _alone(row: ShortcutRow) -> str:
    return f"The {row.title} alone{', fitted with labels,' * row.uses_labels}"


def beaten(shortcuts: Shortcuts, detector: str = "the detector") -> str:
    """That the detector is better than the best baseline; nothing where one comes close or there is none."""
    best = shortcuts.best
    if best is None or shortcuts.close:
        return ""
    return (
        f"{_alone(best)} reaches AUROC {figure(best.auroc.value)}, the most of all shortcut baselines; "
        f"{detector} is better by {figure(best.difference.value)} ({interval(best.difference)})."
    )


def differing(shortcuts: Shortcuts, kinds: Kinds) -> tuple[str, ...]:
    """A line for each measure in which healthy and anomalous images differ, the strongest first."""
    return tuple(_differs(one, kinds) for one in shortcuts.differing)


def few_differing(shortcuts: Shortcuts, kinds: Kinds) -> tuple[str, ...]:
    """The first of these lines, and how many more there are."""
    lines = differing(shortcuts, kinds)
    left = len(lines) - _SHOWN
    more = (f"So {'does 1 more measure' if left == 1 else f'do {left} more measures'}, see the report.",)
    return (*lines[:_SHOWN], *(more if left > 0 else ()))


def _differs(one: MeasuredContrast, kinds: Kinds) -> str:
    return (
        f"{_capital(one.title)} differs between {kinds.healthy} and {kinds.anomalous} "
        f"(AUROC {figure(one.strength)}, p {p_value(one.p_value)})."
    )


def how_many_differ(shortcuts: Shortcuts, kinds: Kinds) -> str:
    """In how many of all measures both kinds differ, in one sentence; nothing where none was tested."""
    every, found = len(shortcuts.measures), len(shortcuts.differing)
    if not every:
        return ""
    measures = numbered(every, "measure")
    which = f"{found or 'none'} of {measures}"
    if found == every:
        which = f"all {measures}" if every > 1 else "the only measure"
    return f"{_capital(kinds.healthy)} and {kinds.anomalous} differ by more than chance in {which}."


def not_differing(shortcuts: Shortcuts) -> str:
    """The measures in which no difference was found, in one sentence; nothing where there is none."""
    titles = [one.title for one in shortcuts.measures if not one.differs]
    return f"No difference was found in: {', '.join(titles)}." if titles else ""


def p_value(value: float) -> str:
    """A p-value with three digits, or below what it lies."""
    return f"{value:.3f}" if value >= _SURE_P else f"< {_SURE_P}"


def _capital(title: str) -> str:
    return title[0].upper() + title[1:]


def interval(estimate: Estimate) -> str:
    """The 95 % interval of a difference in words."""
    return f"95 % interval {_signed(estimate.low)} to {_signed(estimate.high)}"


def figure(value: float) -> str:
    """A share with three digits."""
    return f"{value:.3f}" if math.isfinite(value) else "unknown"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", _MINUS)
