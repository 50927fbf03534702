"""What a rule gives at another site: cells of another laboratory, scored by a network that never saw one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from normocyte.core.files import write_bytes
from normocyte.core.seeds import generator
from normocyte.core.types import Names, Scores
from normocyte.datasets.folder import Folder
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration
from normocyte.workflows.evaluation.examine import examine
from studies.another_stain.findings import UNCHANGED
from studies.another_stain.run import foreign_pipeline
from studies.error_rates.cells import Cells, Groups, Rows, names_of
from studies.error_rates.rules import LEVELS, cut_of, fitted, judged
from studies.kit.common import Lines, Row
from studies.kit.fields import cut_cells

PLANS = {
    f"{size} of {fields}": (size, fields)
    for size, fields in ((25, 10), (50, 10), (100, 10), (200, 10), (100, 50), (200, 50))
}
"""How many healthy cells of the site calibrate a rule, and of how many fields they are."""
SMEARS = {f"{fields}": fields for fields in (1, 5, 20)}
"""How many fields make one smear."""
LEAST = 20
"""Healthy cells of a field that may calibrate."""
OF_A_FIELD = ("hierarchical_conformal",)
"""Rules whose p-values compare a cell with its own field too, and so say more than their cut."""
FITTED_AT = 0.1
"""For its p-values, which know no rate, a rule is fitted at one that so few fields can support."""


@dataclass(frozen=True)
class Healthy:
    """Scores that a rule is fitted on, and the patient or field of each, (n,)."""

    scores: Scores
    names: Names

    @classmethod
    def of(cls, calibration: Calibration) -> Healthy:
        """The calibration cells of a bundle."""
        return cls(calibration.scores, calibration.patients)


@dataclass(frozen=True)
class Rule:
    """A rule, and whether its verdicts are its cut's or those of its p-values of all cells of a field."""

    threshold: Threshold
    by_p_values: bool = False

    def cuts(self, rate: float, healthy: Healthy, cells: Cells) -> Scores:
        """Above which score cells of each field are flagged, (fields,); NaN where the rule refuses."""
        if not self.by_p_values:
            return np.full(cells.patients, cut_of(self.threshold, rate, healthy.scores, healthy.names))
        one, everyone = fitted(self.threshold, FITTED_AT, healthy.scores, healthy.names), together(cells)
        if one is None:
            return np.full(cells.patients, np.nan)
        held = Calibration.of(healthy.scores, healthy.names)
        found = one.p_values(everyone.scores, held, names_of(everyone.codes))
        cuts = np.full(cells.patients, everyone.scores.min() - 1)
        np.maximum.at(cuts, everyone.codes, np.where(found > rate, everyone.scores, -np.inf))
        return cuts


def site_rules(parts: dict[str, Threshold]) -> dict[str, Rule]:
    """Each rule by its cut, and some also by their p-values."""
    by_cut = {name: Rule(part) for name, part in parts.items()}
    own = {
        f"{name} p-values": Rule(part, by_p_values=True) for name, part in parts.items() if name in OF_A_FIELD
    }
    return dict(sorted({**by_cut, **own}.items()))


def together(cells: Cells) -> Groups:
    """Healthy and infected cells as one group."""
    both = (cells.healthy, cells.infected)
    return Groups(
        np.concatenate([own.scores for own in both]),
        np.concatenate([own.codes for own in both]),
        cells.patients,
    )


def before(rule: Rule, cells: Cells, healthy: Healthy) -> Row:
    """The rule as the bundle's own calibration cells fit it, on every field of the site."""
    everywhere = np.arange(cells.patients)
    return {f"{rate:g}": judged(cells, rule.cuts(rate, healthy, cells), everywhere) for rate in LEVELS}


def after(rule: Rule, cells: Cells, plan: tuple[int, int], draws: int) -> Row:
    """The rule fitted on so many healthy cells of a few fields and judged on all others, in each draw."""
    given = list(site_draws(cells, plan, draws))
    return {
        f"{rate:g}": columns([judged(cells, rule.cuts(rate, own, cells), test) for own, test in given])
        for rate in LEVELS
    }


def alone(rule: Threshold, cells: Cells, fields: int, draws: int) -> Row:
    """The rule fitted on all cells of a smear, unlabelled, and judged on the same cells, in each draw."""
    given = [generator(number, "smear").permutation(cells.patients)[:fields] for number in range(draws)]
    return {
        f"{rate:g}": columns([_on_itself(rule, rate, cells, smear) for smear in given]) for rate in LEVELS
    }


def _on_itself(rule: Threshold, rate: float, cells: Cells, smear: Rows) -> Row:
    scores, places = together(cells).of(smear)
    cut = cut_of(rule, rate, scores, names_of(places))
    return judged(cells, np.full(cells.patients, cut), smear)


def site_draws(cells: Cells, plan: tuple[int, int], draws: int) -> Iterator[tuple[Healthy, Rows]]:
    """Healthy cells of some random fields, equally many of each as far as possible, and all other fields.

    The fields of a draw are the same ones for every number of cells.
    """
    size, fields = plan
    enough = np.flatnonzero(cells.healthy.sizes >= LEAST)
    for number in range(draws):
        rng = generator(number, "site")
        chosen = rng.permutation(enough)[:fields]
        scores, places = cells.healthy.of(chosen)
        order = rng.permutation(len(scores))
        rank = _ranks(places[order])
        rows = order[rank * fields + places[order] < size]
        yield Healthy(scores[rows], names_of(places[rows])), np.setdiff1d(np.arange(cells.patients), chosen)


def _ranks(places: Rows) -> Rows:
    """The number of each among those of its own place that came before it."""
    order = np.argsort(places, kind="stable")
    sizes = np.bincount(places)
    ranks = np.empty(len(places), np.intp)
    ranks[order] = np.arange(len(places)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return ranks


def columns(rows: list[Row]) -> Row:
    """A list for each figure instead of a row for each draw."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def score_site(bundle: Path, data: Path, out: Path) -> Cells:
    """The site's cells with their scores by the bundle, which are kept in `out`; fields are the patients."""
    place = out / "site.npz"
    if not place.is_file():
        records = tuple(Folder(manifest=str(cut_cells(data, out / "site-cells"))).records())
        found = examine((foreign_pipeline(bundle, UNCHANGED),), records, Lines(), "Scoring the site")
        content = io.BytesIO()
        np.savez(
            content,
            scores=found.of(0),
            labels=found.labels,
            patients=found.patients,
            doubtful=np.zeros(len(found.labels), np.bool_),
        )
        write_bytes(place, content.getvalue())
    return Cells.load(place)
