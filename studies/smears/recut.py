"""Smears of fields drawn with a cut that healthy cells of other fields of the site calibrate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.seeds import generator
from normocyte.parasitaemia.support.cut import Cut, critical
from normocyte.parasitaemia.support.patients import Tally
from studies.error_rates.cells import Cells, names_of
from studies.error_rates.rules import cut_of, rules
from studies.error_rates.sites import LEAST
from studies.kit.tables import Table
from studies.parasitaemia.measures import LEVEL, USUAL
from studies.parasitaemia.worlds import RULE
from studies.smears.cells import percent
from studies.smears.drawn import COLUMNS, Drawn
from studies.smears.judged import Judged
from studies.smears.site import cells_of, used

RATES = (0.01, 0.002)
FIELDS = 50
DRAWS, SMEARS = 20, 10
KINDS = {"no infected cell": 0, "any field": None, "two infected cells or more": 2}


@dataclass(frozen=True)
class Site:
    """A cut calibrated on some fields of the site, and the other fields as it flags them."""

    cut: Cut
    others: Judged

    @classmethod
    def of(cls, found: Judged, cells: Cells, rate: float, number: int) -> Site:
        """All healthy cells of random fields calibrate; each field counts as a patient."""
        enough = np.flatnonzero(cells.healthy.sizes >= LEAST)
        chosen = generator(number, "site").permutation(enough)[:FIELDS]
        scores, places = cells.healthy.of(chosen)
        score = cut_of(rules()[RULE], rate, scores, names_of(places))
        others = found.at(np.setdiff1d(np.arange(cells.patients), chosen))
        return cls(Cut(Tally.of(scores > score, names_of(places))), others.recut(score))

    def smears(self, kind: int | None, number: int) -> Drawn:
        """Smears of those of the other fields that have so many infected cells: none, any number, or two."""
        own = self.others
        if kind is not None:
            own = own.at(np.flatnonzero(own.infected >= kind if kind else own.is_healthy))
        return Drawn.of(own, USUAL, range(number * SMEARS, (number + 1) * SMEARS))


def recut_table(sets: dict[str, Judged]) -> Table:
    """A row for each asked rate and kind of field."""
    rows = [[name, *row] for name, own in sets.items() for rate in RATES for row in _rows(used(own), rate)]
    return Table.of(("bundle", "threshold", "smears of", *COLUMNS), rows)


def _rows(found: Judged, rate: float) -> list[list[str]]:
    cells = cells_of(found)
    sites = [Site.of(found, cells, rate, number) for number in range(DRAWS)]
    least = np.median([critical(site.cut, USUAL, LEVEL) for site in sites]) / USUAL
    return [[f"{100 * rate:g} %", name, *_row(sites, kind, least)] for name, kind in KINDS.items()]


def _row(sites: list[Site], kind: int | None, least: float) -> list[str]:
    smears = [site.smears(kind, number) for number, site in enumerate(sites)]
    both = list(zip(sites, smears, strict=True))
    counts = np.concatenate([own.counts for own in smears])
    return [
        percent(np.mean([own.shares.mean() for own in smears])),
        percent(counts[:, 1].sum() / counts[:, 0].sum()),
        percent(least),
        percent(np.mean([own.called(site.cut) for site, own in both]), 0),
        percent(np.mean([own.held(site.cut) for site, own in both]), 0),
    ]
