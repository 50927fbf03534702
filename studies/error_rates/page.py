"""The tables of the page on error rates, from the figures of every draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from studies.error_rates.rules import LEVELS
from studies.kit.common import Row
from studies.kit.tables import Table

Figures = Mapping[str, Row]
"""For each rule, a row for each asked rate."""
CLEARLY = 1.645
"""Standard deviations above the asked rate that the sampling of test patients exceeds once in 20."""


def numbers(values: Iterable[Any]) -> npt.NDArray[np.float64]:
    """Those of the values that are numbers."""
    return np.array([value for value in values if value is not None], np.float64)


def per_cent(share: float, digits: int = 2) -> str:
    """A share in per cent."""
    return f"{100 * share:.{digits}f}"


def spread(rates: npt.NDArray[np.float64], rate: float) -> list[str]:
    """Mean, median, 5 to 95 % of the rates in per cent, and the share of draws above the asked rate."""
    low, middle, high = (per_cent(one) for one in np.quantile(rates, [0.05, 0.5, 0.95]))
    above = per_cent((rates > rate).mean(), 0)
    return [per_cent(rates.mean()), middle, f"{low} to {high}", f"{above} %"]


def real_table(found: Figures, rate: float) -> Table:
    """What each rule gave on unseen patients in many draws."""
    columns = ("rule", "mean", "median", "5 to 95 %", "above", "clearly above", "s.d. of a draw")
    more = ("pooled cells", "worst patient", "recall", "refused")
    return Table.of(
        (*columns, *more), [_real_row(name, own[f"{rate:g}"], rate) for name, own in found.items()]
    )


def _real_row(name: str, own: Row, rate: float) -> list[str]:
    rates, errors = numbers(own["rate"]), numbers(own["error"])
    refused = f"{per_cent(1 - len(rates) / len(own['rate']), 0)} %"
    if not len(rates):
        return [f"`{name}`", *["-"] * 9, refused]
    clearly = per_cent((rates > rate + CLEARLY * errors).mean(), 0)
    worst, recall = np.median(numbers(own["worst"])), numbers(own["recall"]).mean()
    judged = [per_cent(errors.mean()), per_cent(numbers(own["cells"]).mean())]
    more = [per_cent(worst, 1), per_cent(recall, 1), refused]
    return [f"`{name}`", *spread(rates, rate), f"{clearly} %", *judged, *more]


def truth_table(found: Figures) -> Table:
    """The same where the truth is known: every asked rate beside each other."""
    columns = [f"{100 * rate:g} %: {what}" for rate in LEVELS for what in ("median", "5 to 95 %", "above")]
    rows = []
    for name, own in found.items():
        given = [(numbers(own[f"{rate:g}"]["rate"]), rate) for rate in LEVELS]
        rows.append([f"`{name}`", *(cell for one in given for cell in _truth_cells(*one))])
    return Table.of(("rule", *columns), rows)


def _truth_cells(rates: npt.NDArray[np.float64], rate: float) -> list[str]:
    return spread(rates, rate)[1:] if len(rates) else ["refused", "-", "-"]


def p_value_table(found: Figures) -> Table:
    """How often a healthy cell of a new patient has a p-value up to each level, on average over the draws."""
    rows = []
    for name, own in found.items():
        rates = [numbers(own[f"{level:g}"]) for level in LEVELS]
        rows.append([f"`{name}`", *(per_cent(one.mean()) if len(one) else "refused" for one in rates)])
    return Table.of(("p-values of", *(f"p ≤ {100 * level:g} %" for level in LEVELS)), rows)


def dirt_table(found: Figures) -> Table:
    """Mean realised rate and recall at each level of infected cells among the calibration cells."""
    levels = list(next(iter(found.values())))
    rows = [[f"`{name}`", *(_dirt_cell(own[level]) for level in levels)] for name, own in found.items()]
    return Table.of(("rule", *(f"{level} % infected" for level in levels)), rows)


def _dirt_cell(own: Row) -> str:
    rates, recall = numbers(own["rate"]), numbers(own["recall"])
    return f"{per_cent(rates.mean())} / {per_cent(recall.mean(), 1)}" if len(rates) else "refused"


def discovery_table(found: Figures) -> Table:
    """False-discovery proportion and power of each procedure at each prevalence."""
    prevalences = list(next(iter(found.values())))
    columns = [f"{prevalence} %: {what}" for prevalence in prevalences for what in ("FDP", "power")]
    rows = []
    for name, own in found.items():
        values = [np.mean(own[one][what]) for one in prevalences for what in ("fdp", "power")]
        rows.append([f"`{name}`", *(per_cent(float(value), 1) for value in values)])
    return Table.of(("procedure", *columns), rows)


def speed_table(found: Mapping[str, float | None]) -> Table:
    """Seconds for the p-values of 100,000 cells."""
    rows = [[f"`{name}`", "refused" if own is None else f"{own:.3f}"] for name, own in found.items()]
    return Table.of(("rule", "seconds"), rows)
