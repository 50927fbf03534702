"""The cut put on the site's own cells: healthy ones of a few fields, or the judged cells themselves."""

from __future__ import annotations

import numpy as np

from studies.error_rates import sites
from studies.error_rates.cells import Cells, Groups
from studies.error_rates.rules import rules
from studies.error_rates.sites_page import at_levels
from studies.kit.common import Row
from studies.kit.fields import HEALTHY, STAGES
from studies.kit.tables import Table
from studies.smears.judged import NAME, SCORE, Judged

RATES = (0.01, 0.05)
PLANS = {name: sites.PLANS[name] for name in ("100 of 10", "100 of 50")}
CALIBRATED = ("quantile", "calibration_conditional", "hierarchical_conformal", "empirical_null")
ITSELF = "empirical_null"
DRAWS = 200
ANY = (HEALTHY, *STAGES)


def cells_of(found: Judged) -> Cells:
    """The annotated cells that have a verdict, with their scores; fields stand for patients."""
    return Cells(*(_group(found, names) for names in ((HEALTHY,), STAGES)))


def used(found: Judged) -> Judged:
    """The fields that have an annotated cell with a verdict."""
    return found.at(np.flatnonzero([any(_named(rows, ANY)) for rows in found.counted]))


def _named(rows: list[list], names: tuple[str, ...]) -> list[list]:
    return [row for row in rows if row[NAME] in names]


def _group(found: Judged, names: tuple[str, ...]) -> Groups:
    own = [(row[SCORE], index) for index, rows in enumerate(found.counted) for row in _named(rows, names)]
    scores, codes = zip(*own, strict=True)
    return Groups(np.array(scores), np.array(codes, np.intp), len(found.fields))


def calibrated(found: Judged) -> dict[str, dict[str, Row]]:
    """Each rule fitted on 100 healthy cells of some fields and judged on all others, in each draw."""
    cells, parts = cells_of(used(found)), sites.site_rules({name: rules()[name] for name in CALIBRATED})
    return {
        name: {plan: sites.after(rule, cells, PLANS[plan], DRAWS) for plan in PLANS}
        for name, rule in parts.items()
    }


def on_itself(found: Judged) -> dict[str, dict[str, Row]]:
    """The rule that needs no label, fitted on the cells of some fields and judged on the same cells."""
    cells = cells_of(used(found))
    everywhere = {f"{cells.patients}": cells.patients}
    given = {
        name: sites.alone(rules()[ITSELF], cells, fields, DRAWS) for name, fields in sites.SMEARS.items()
    }
    given |= {name: sites.alone(rules()[ITSELF], cells, fields, 1) for name, fields in everywhere.items()}
    return {ITSELF: given}


def site_tables(found: dict[str, dict[str, dict[str, Row]]], kind: str, unit: str) -> dict[str, Table]:
    """A table for each set of fields and each asked rate, by the kind of calibration."""
    tables: dict[str, Table] = {}
    for name, own in found.items():
        tables |= at_levels(own, f"{kind}, {name}", unit, RATES)
    return tables
