"""What is said of a threshold that healthy test cells do not confirm, or that few cells decide."""

from __future__ import annotations

import math

from normocyte.core.percent import percent
from normocyte.results.agreement import Agreement, Between

_SURE_P = 0.001
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def agreement_said(found: Agreement, things: str, *, are_patients_known: bool) -> tuple[str, ...]:
    """That the threshold may not hold for the test cells, and that few cells decide it; each where it is so.

    `things` are the cells in the plural, such as slices.
    """
    who = "patient" if are_patients_known else "group of near-duplicates"
    return tuple(filter(None, (_may_not_hold(found, things, who), _few_decide(found, things, who))))


def _may_not_hold(found: Agreement, things: str, who: str) -> str:
    reasons = [
        *((_differ(found, things, who),) if found.scores_differ else ()),
        *((flagged_words(found, things),) if found.rate_differs else ()),
    ]
    if not reasons:
        return ""
    return (
        f"The threshold may not hold for {things} like these: {', and '.join(reasons)}. Calibrate it again "
        f"with more healthy {things}, taken as those that will be scored."
    )


def _differ(found: Agreement, things: str, who: str) -> str:
    """That the two distributions differ."""
    p_value = found.distance_p_value
    said = f"p {p_value:.3f}" if p_value >= _SURE_P else f"p < {_SURE_P}"
    is_single = found.calibration_groups + found.test_groups == found.calibration + found.test
    exchanged = f"each of the {things} for itself" if is_single else f"a {who} as one"
    return (
        f"the {found.test:,} healthy test {things} score {'higher' if found.is_higher else 'lower'} than the "
        f"{found.calibration:,} healthy {things} that it was calibrated on, by more than chance "
        f"(Kolmogorov-Smirnov distance {found.distance:.2f}, {said}, {exchanged})"
    )


def flagged_words(found: Agreement, things: str) -> str:
    """That another share is flagged than was promised."""
    return (
        f"it flags {found.flagged:,} of {found.test:,} healthy test {things} ({percent(found.rate)}), where "
        f"{_promised(found)}chance allows {_between(found.by_chance)}"
    )


def _promised(found: Agreement) -> str:
    return f"{percent(found.promised)} is promised and " if math.isfinite(found.promised) else ""


def _few_decide(found: Agreement, things: str, who: str) -> str:
    """Which score the threshold is, where few decide."""
    if not found.few_decide:
        return ""
    alike = found.deciding < found.rank
    owners = f", and the {found.rank:,} are of {_count(found.deciding, who)}" if alike else ""
    wider = " or wider" if alike else ""
    aim = f" instead of {percent(found.promised)}" if math.isfinite(found.promised) else ""
    return (
        f"Few {things} decide the threshold: it is the {_place(found.rank)}highest score of "
        f"{found.calibration:,} healthy calibration {things}{owners}. Of new healthy {things} it may flag "
        f"{_between(found.new_cells)}{aim} (95 % interval{wider}); more calibration {things} narrow this."
    )


def _count(number: int, who: str) -> str:
    """So many patients, or groups of near-duplicates."""
    first, *rest = who.split(" ", 1)
    return f"{number} {' '.join((first + 's' * (number != 1), *rest))}"


def _place(rank: int) -> str:
    """Before "highest": nothing for the first, else such as "2nd "."""
    if rank == 1:
        return ""
    ending = "th" if rank % 100 in _TEENS else _ENDINGS.get(rank % 10, "th")
    return f"{rank:,}{ending} "


def _between(bounds: Between) -> str:
    return f"{percent(bounds.low)} to {percent(bounds.high)}"
