"""False positives patient by patient."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from normocyte.core.types import Floats, Names
from normocyte.reports.drawing import formatting, theme
from normocyte.results.evaluation import Contents

_MANY = 16


def lacks(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    if not contents.are_patients_known:
        return f"Patients unknown: it is not known whose these {contents.unit}s are."
    return (
        ""
        if len(contents.patients.patients)
        else f"No test patient has healthy {contents.unit}s, so there are no false alarms."
    )


def draw(contents: Contents) -> Figure:
    """One bar a patient, the worst first, and the median as a line."""
    rates, order = _rates(contents), _worst_first(contents)
    names = contents.patients.patients[order]
    figure, axes = theme.new_axes("", f"healthy {contents.unit}s flagged")
    places = np.arange(len(names))
    axes.vlines(
        places, 0, rates[order], color=theme.HEALTHY, lw=min(8.0, 190 / len(names)), label="one patient"
    )
    axes.plot(places, rates[order], ".", color=theme.HEALTHY, ms=4)
    median = float(np.median(rates))
    axes.axhline(median, color=theme.INK, ls="--", lw=1.4, label=f"median: {formatting.percent(median)}")
    _name(axes, names)
    axes.set_xlim(-0.8, len(names) - 0.2)
    axes.set_ylim(0, max(0.01, 1.08 * float(rates.max())))
    axes.grid(visible=False, axis="x")
    theme.percentages(axes.yaxis)
    theme.legend_below(figure)
    return figure


def words(contents: Contents) -> str:
    """How evenly the false alarms fall on patients."""
    rates, table = _rates(contents), contents.patients
    worst = _worst_first(contents)[0]
    clean = int(np.sum(table.flagged == 0))
    if not table.flagged.sum():
        return f"None of the {formatting.count(len(rates), 'patient')} has a false alarm."
    found = formatting.part_of(int(table.flagged[worst]), int(table.healthy[worst]))
    patients, median = formatting.count(len(rates), "patient"), float(np.median(rates))
    most = (
        f"Half of the {patients} have at most {formatting.percent(median)} of their healthy {contents.unit}s"
    )
    usual = (
        f"{most} flagged, {clean} have none"
        if median
        else f"{clean} of the {patients} have no healthy {contents.unit} flagged"
    )
    return (
        f"Bars of one height would mean that the {contents.unit}s of every patient fit equally well. "
        f"{usual}, and the worst, {table.patients[worst]}, has {found}: an average hides such a patient."
    )


def _name(axes: Axes, names: Names) -> None:
    """A name under each bar, or under none where they would run into each other."""
    if len(names) > _MANY:
        axes.set_xticks([])
        axes.set_xlabel(f"the {len(names)} patients, from the worst to the best")
    else:
        axes.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")


def _rates(contents: Contents) -> Floats:
    return contents.patients.flagged / contents.patients.healthy


def _worst_first(contents: Contents) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.argsort(-_rates(contents), kind="stable")
