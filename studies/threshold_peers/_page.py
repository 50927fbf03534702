"""The page on other people's rules: tables of the figures of all draws."""

from __future__ import annotations

import argparse

import _catalogue as peers
import _ours as ours
import numpy as np

from studies.error_rates.cells import Cells
from studies.error_rates.page import per_cent, spread
from studies.kit.common import Row, machine
from studies.kit.tables import Table
from studies.threshold_peers.findings import PAGE

REASON = "reason"


def write_page(found: dict[str, Row], cells: Cells, options: argparse.Namespace) -> str:
    """Write the page, and give its tables."""
    ran = {name: row for name, row in found.items() if REASON not in row}
    jobs = {**ours.jobs(), **peers.jobs()}
    is_list = set(peers.NONCONFORM_LISTS) | {name for name in jobs if name.startswith(ours.LISTS)}
    kinds = {
        "rates": {name for name, job in jobs.items() if job.kind != peers.SMEAR and job.rates == peers.RATES},
        "healthy": {
            name
            for name, job in jobs.items()
            if job.kind != peers.SMEAR and job.rates == peers.NO_RATE and name not in is_list
        },
        "smears": {name for name, job in jobs.items() if job.kind == peers.SMEAR},
        "lists": is_list,
    }
    tables = {kind: _table(ran, names, kind) for kind, names in kinds.items()}
    facts = {
        "failures": _failures(found),
        "draws": options.draws,
        "calibrating": options.calibrating,
        "left": cells.patients - options.calibrating,
        "patients": cells.patients,
        "machine": machine(),
    }
    PAGE.keep(tables, facts)
    PAGE.write(options.page)
    return "\n\n".join(map(str, tables.values()))


def _table(ran: dict[str, Row], names: set[str], kind: str) -> Table:
    """The rules of one kind, one row for each asked rate."""
    by_prevalence = [f"{what} at 1, 3, 5 %" for what in ("flagged", "recall", "precision")]
    calibrated = ("mean", "5 to 95 %", "above", "recall", by_prevalence[2], "refused", "ms")
    columns, cells = {
        "rates": (("rule", "asked", *calibrated), _asked_cells),
        "healthy": (("rule", "mean", "5 to 95 %", "recall", by_prevalence[2], "ms"), _fixed_cells),
        "smears": (("rule", "asked", *by_prevalence, "refused", "ms"), _smear_cells),
        "lists": (("list", by_prevalence[1], by_prevalence[2], "ms"), _list_cells),
    }[kind]
    rows = [
        [f"`{name}`", *cells(row, float(rate))]
        for name, own in ran.items()
        if name in names
        for rate, row in own.items()
    ]
    return Table.of(columns, rows)


def _asked_cells(row: Row, rate: float) -> list[str]:
    """A rule that is asked for a rate, fitted on healthy cells."""
    given = _given(row, "1")
    asked, refused = f"{100 * rate:g} %", _refused(row, "1")
    if not given:
        return [asked, *["-"] * 5, refused, "-"]
    rates = np.array([one["rate"] for one in given])
    mean, _, middle, above = spread(rates, rate)
    return [asked, mean, middle, above, _mean(row, "5", "recall"), _each(row, "precision"), refused, _ms(row)]


def _fixed_cells(row: Row, _: float) -> list[str]:
    """A rule without a rate, fitted once on cells of calibration patients."""
    rates = np.array([one["rate"] for one in _given(row, "1")])
    mean, _median, middle, _above = spread(rates, 0.0)
    return [mean, middle, _mean(row, "5", "recall"), _each(row, "precision"), _ms(row)]


def _smear_cells(row: Row, rate: float) -> list[str]:
    """A rule that is fitted on the smear that it judges."""
    figures = [_each(row, what) for what in ("rate", "recall", "precision")]
    return [f"{100 * rate:g} %" if rate else "-", *figures, _refused(row, "5"), _ms(row)]


def _list_cells(row: Row, _: float) -> list[str]:
    """A list, which is asked for a share of healthy cells in it."""
    return [_each(row, "recall"), _each(row, "precision"), _ms(row)]


def _given(row: Row, prevalence: str) -> list[Row]:
    """The draws in which the rule did not refuse."""
    return [one for one in row[prevalence] if REASON not in one]


def _refused(row: Row, prevalence: str) -> str:
    return f"{per_cent(1 - len(_given(row, prevalence)) / len(row[prevalence]), 0)} %"


def _mean(row: Row, prevalence: str, what: str) -> str:
    """The mean over the draws, nothing flagged counting for no precision."""
    values = [one[what] for one in _given(row, prevalence) if one[what] is not None]
    return per_cent(float(np.mean(values)), 2 if what == "rate" else 1) if values else "-"


def _each(row: Row, what: str) -> str:
    return " / ".join(_mean(row, f"{prevalence}", what) for prevalence in peers.PREVALENCES)


def _ms(row: Row) -> str:
    """The middle time of a call, in milliseconds of one core."""
    seconds = [one["seconds"] for prevalence in row for one in _given(row, prevalence)]
    return f"{1000 * float(np.median(seconds)):.1f}" if seconds else "-"


def _failures(found: dict[str, Row]) -> dict[str, str]:
    """Why a rule has no figures."""
    return {name: row[REASON] for name, row in found.items() if REASON in row} | peers.UNABLE
