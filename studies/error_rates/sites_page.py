"""The page on another site: its pieces are kept as files, its tables and its figure made of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.thresholds.contract import Threshold
from studies.error_rates import sites
from studies.error_rates.cells import Cells
from studies.error_rates.figure import write_figure
from studies.error_rates.findings import asked
from studies.error_rates.page import numbers, per_cent, spread
from studies.error_rates.rules import LEVELS
from studies.error_rates.sites_findings import DRAWN_AT, PAGE, within_twice
from studies.kit.common import Row, kept, machine
from studies.kit.tables import Table

Pieces = dict[str, dict[str, Row]]
"""For each rule, a row for each thing that it was fitted on."""
DRAWN = ("25 of 10", "100 of 10", "100 of 50", "200 of 50")
NOTHING = {"": None}


def write_site_page(options: argparse.Namespace, parts: dict[str, Threshold]) -> None:
    """Measure what is missing, write the figure and the page."""
    cells = sites.score_site(options.site_bundle, options.site_data, options.out)
    calibration = load_bundle(options.site_bundle).pipeline.calibration
    own, rules, draws = sites.Healthy.of(calibration), sites.site_rules(parts), options.draws
    first = pieces(
        options.out / "site-before", rules, NOTHING, lambda rule, _: sites.before(rule, cells, own)
    )
    then = pieces(
        options.out / "site-after",
        rules,
        sites.PLANS,
        lambda rule, plan: sites.after(rule, cells, plan, draws),
    )
    alone = pieces(
        options.out / "site-alone",
        parts,
        sites.SMEARS,
        lambda rule, fields: sites.alone(rule, cells, fields, draws),
    )
    figure(then, options.site_page.parent / "figures" / f"{options.site_page.stem}.png")
    tables = {
        "before": before_table(first),
        **at_levels(then, "after", "healthy cells of fields"),
        **at_levels(alone, "alone", "fields"),
    }
    PAGE.keep(tables, {**facts(options, cells), "calibration": f"{len(calibration):,}"})
    PAGE.write(options.site_page)


def pieces(
    folder: Path, parts: dict[str, Any], given: dict[str, Any], measure: Callable[[Any, Any], Row]
) -> Pieces:
    """The row of each part for each thing that it is given, from its file or anew."""

    def one(name: str, what: str) -> Row:
        place = folder / f"{name} {what}.json".replace(" ", "-")
        return kept(place, lambda: measure(parts[name], given[what]))

    return {name: {what: one(name, what) for what in given} for name in parts}


def said(name: str) -> str:
    """A rule by its name in a table, and that its p-values decide where they do."""
    rule, _, decided_by = name.partition(" ")
    return f"`{rule}`" + (f", {decided_by}" if decided_by else "")


def before_table(found: Pieces) -> Table:
    """What each rule flags with the calibration cells of the other laboratory."""
    figures = ("flagged", "worst field", "recall")
    columns = [f"{100 * rate:g} %: {what}" for rate in LEVELS for what in figures]
    rows = []
    for name, own in found.items():
        given = [own[""][f"{rate:g}"] for rate in LEVELS]
        rows.append([said(name), *(cell for row in given for cell in _before_cells(row))])
    return Table.of(("rule", *columns), rows)


def _before_cells(row: Row) -> list[str]:
    if row["rate"] is None:
        return ["refused", "-", "-"]
    return [per_cent(row["rate"]), per_cent(row["worst"], 1), per_cent(row["recall"], 1)]


def at_levels(found: Pieces, name: str, unit: str, rates: Sequence[float] = LEVELS) -> dict[str, Table]:
    """One table for each asked rate."""
    return {f"{name} {asked(rate)}": level_table(found, unit, rate) for rate in rates}


def level_table(found: Pieces, unit: str, rate: float) -> Table:
    """What each rule gave for one asked rate; a note tells who refused in every draw."""
    columns = ("mean", "median", "5 to 95 %", "above", "within 0.5-2x", "recall", "refused")
    rows, silent = [], {name: "" for name in found}
    for name, own in found.items():
        for what, row in own.items():
            has_figures = len(numbers(row[f"{rate:g}"]["rate"])) > 0
            rows += [[said(name), what, *_cells(row[f"{rate:g}"], rate)]] if has_figures else []
            silent[name] += "" if has_figures else f", {what}"
    refusing = ", ".join(f"{said(name)} ({own[2:]})" for name, own in silent.items() if own)
    note = f"Refused in every draw: {refusing}." if refusing else ""
    return Table.of(("rule", unit, *columns), rows, note)


def _cells(row: Row, rate: float) -> list[str]:
    rates, recall = numbers(row["rate"]), numbers(row["recall"])
    refused = f"{per_cent(1 - len(rates) / len(row['rate']), 0)} %"
    within = per_cent(float(np.mean([within_twice(one, rate) for one in rates])), 0)
    return [*spread(rates, rate), f"{within} %", per_cent(recall.mean(), 1), refused]


def figure(found: Pieces, place: Path) -> None:
    """The draws of every rule at every number of healthy cells."""
    panels = {
        f"{plan} fields": {name: numbers(own[plan][f"{DRAWN_AT:g}"]["rate"]) for name, own in found.items()}
        for plan in DRAWN
    }
    write_figure(panels, dict.fromkeys(panels, DRAWN_AT), place)


def facts(options: argparse.Namespace, cells: Cells) -> Row:
    """The numbers that the page's sentences name."""
    sizes = np.sort(cells.healthy.sizes)
    return {
        "healthy": f"{len(cells.healthy.scores):,}",
        "infected": f"{len(cells.infected.scores):,}",
        "fields": cells.patients,
        "usual": int(np.median(sizes)),
        "draws": options.draws,
        "machine": machine(),
    }
