"""Scores standardised by the bulk of each patient's own cells: do patients' rates differ less?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from normocyte.core.types import Scores
from studies.error_rates.cells import Cells, Groups
from studies.error_rates.page import per_cent
from studies.kit.tables import Table
from studies.parasitaemia.worlds import RATES

LOOSE = 0.05
"""The bulk is all cells below a cut that flags so many: what is flagged must not standardise itself."""

Ways = dict[str, tuple[Callable[[Scores], float], Callable[[Scores], float]]]
WAYS: Ways = {
    "as they are": (lambda _: 0.0, lambda _: 1.0),
    "less the median": (np.median, lambda _: 1.0),
    "less the 75 % quantile": (lambda bulk: float(np.quantile(bulk, 0.75)), lambda _: 1.0),
    "less the median, over the quartiles' distance": (
        np.median,
        lambda bulk: float(np.subtract(*np.quantile(bulk, [0.75, 0.25]))),
    ),
}


def tried(cells: Cells) -> Table:
    """The spread of patients' false-positive rates, and the recall, at each cut that few cells pass."""
    columns = (
        "scores",
        *(f"{100 * rate:g} %: {what}" for rate in RATES[:3] for what in ("spread", "recall")),
    )
    return Table.of(columns, [[name, *_row(cells, name)] for name in WAYS])


def _row(cells: Cells, name: str) -> Iterator[str]:
    healthy, infected = _standardised(cells, name)
    for rate in RATES[:3]:
        cut = np.full(cells.patients, np.quantile(healthy.scores, 1 - rate))
        yield f"{_spread(healthy, cut):.2f}"
        yield per_cent(infected.above(cut).sum() / len(infected.scores), 1)


def _standardised(cells: Cells, name: str) -> tuple[Groups, Groups]:
    """Healthy and infected cells, each less its patient's level and over its patient's width."""
    own, cut = cells.healthy, np.quantile(cells.healthy.scores, 1 - LOOSE)
    bulks = [own.scores[(own.codes == code) & (own.scores <= cut)] for code in range(cells.patients)]
    levels, widths = (np.array([float(measure(bulk)) for bulk in bulks]) for measure in WAYS[name])
    return tuple(
        Groups((one.scores - levels[one.codes]) / widths[one.codes], one.codes, one.patients)
        for one in (cells.healthy, cells.infected)
    )


def _spread(healthy: Groups, cut: Scores) -> float:
    """The squared coefficient of variation of patients' rates beyond chance, from pairs of flagged cells."""
    flagged, sizes = healthy.above(cut), healthy.sizes
    pairs = np.sum(flagged * (flagged - 1)) / np.sum(flagged) ** 2
    return float(pairs * np.sum(sizes) ** 2 / np.sum(sizes * (sizes - 1.0)) - 1)
