"""Infected cells that are found in a field against those annotated, and what all fields together say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from normocyte.core.types import CellKind, Estimate, SegmentedCell
from normocyte.parasitaemia.beta_binomial import BetaBinomial
from normocyte.parasitaemia.contract import RED_CELLS
from normocyte.parasitaemia.inverted_test import InvertedTest
from normocyte.parasitaemia.rogan_gladen import RoganGladen
from normocyte.parasitaemia.support.cut import Counts
from normocyte.parasitaemia.support.plan import Plan
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.results.smear import Answer, Detection, PhotoResult
from normocyte.results.verdict import Grade, Outcome, Verdict
from normocyte.workflows.smear.answer import answer
from normocyte.workflows.smear.request import cut_of
from studies.kit.common import Row
from studies.kit.fields import HEALTHY, STAGES
from studies.kit.tables import Table
from studies.smears.cells import percent
from studies.smears.judged import NAME, P_VALUE, SCORE, SUSPICIOUS, VERDICT, Judged, is_counted

CALLED = "count above 95 % of healthy smears"
AS_MANY = (0, 1, 2)
"""Annotated infected cells of a field; what has more is one more class."""
LIMIT, LEVEL = 0.02, 0.05
TOGETHER = 20
"""Photos that follow each other and make one smear."""


@cache
def plan_of(bundle: Path, sensitivity: float = float("nan")) -> Plan:
    """What the calibration of a bundle says of its cut."""
    return Plan(cut_of(load_bundle(bundle).pipeline, sensitivity))


def answered(found: Judged, bundle: Path) -> Answer:
    """What `normocyte smear` says of these fields as one smear."""
    return answer([_photo(one) for one in found.fields], plan_of(bundle), LIMIT, RED_CELLS)


def estimated(found: Judged, bundle: Path) -> tuple[Estimate, ...]:
    """What the three estimators say of the count of these fields, whether the report states it or not."""
    counts = Counts(found.cells, found.flagged, plan_of(bundle).cut)
    return tuple(kind().estimate(counts) for kind in (InvertedTest, RoganGladen, BetaBinomial))


def _photo(field: Row) -> PhotoResult:
    detections = [_thing(row) for row in field["rows"] if is_counted(row)]
    return PhotoResult("", Grade(field["grade"]), (), tuple(detections))


def _thing(row: list) -> Detection:
    cell = SegmentedCell(0, 0, np.ones((1, 1), np.bool_), CellKind.RED_CELL)
    return Detection(cell, Verdict(Outcome(row[VERDICT]), row[SCORE], row[P_VALUE]), is_counted=True)


def flagged_named(found: Judged, names: tuple[str, ...]) -> np.ndarray:
    """Flagged cells of each field that have such a name, (fields,)."""
    return np.array(
        [sum(row[VERDICT] == SUSPICIOUS and row[NAME] in names for row in rows) for rows in found.counted]
    )


def by_number_table(sets: dict[str, Judged]) -> Table:
    """For each number of annotated infected cells: fields, and what is flagged in them."""
    columns = ("fields", "flagged a field", "infected flagged a field", "any flagged", "any infected flagged")
    rows = [
        [name, *row]
        for name, found in sets.items()
        for row in _by_number(found, flagged_named(found, STAGES))
    ]
    return Table.of(("cells", "infected, annotated", *columns), rows)


def _by_number(found: Judged, right: np.ndarray) -> list[list[str]]:
    most = len(AS_MANY)
    classes = {f"{number}": found.infected == number for number in AS_MANY}
    classes |= {f"{most} or more": found.infected >= most, "1 or more": found.infected >= 1}
    return [
        [
            name,
            f"{own.sum()}",
            f"{found.flagged[own].mean():.2f}",
            f"{right[own].mean():.2f}",
            percent(np.mean(found.flagged[own] > 0), 0),
            percent(np.mean(right[own] > 0), 0),
        ]
        for name, own in classes.items()
    ]


def total_table(sets: dict[str, Judged]) -> Table:
    """Flagged cells of all fields against annotated ones, and how both go together by field."""
    columns = ("annotated infected", "flagged", "of them infected", "healthy", "undecided or in no box")
    return Table.of(
        ("cells", *columns, "Pearson's r", "Spearman's"), [[name, *_total(own)] for name, own in sets.items()]
    )


def _total(found: Judged) -> list[str]:
    named = [int(flagged_named(found, names).sum()) for names in (STAGES, (HEALTHY,))]
    flagged = int(found.flagged.sum())
    return [
        *(f"{number:,}" for number in (found.infected.sum(), flagged, *named, flagged - sum(named))),
        f"{np.corrcoef(found.infected, found.flagged)[0, 1]:.2f}",
        f"{spearmanr(found.infected, found.flagged).statistic:.2f}",
    ]


def answer_table(sets: dict[str, Judged], bundles: dict[str, Path]) -> Table:
    """All fields as one smear: the answer, beside what is annotated."""
    columns = ("annotated", "`inverted_test`", "`rogan_gladen`", "`beta_binomial`", "anomalous at least", "p")
    rows = [[name, *_answer(found, bundles[name])] for name, found in sets.items()]
    return Table.of(("all fields as one smear", "cells", "flagged", *columns, CALLED), rows)


def _answer(found: Judged, bundle: Path) -> list[str]:
    said = answered(found, bundle)
    return [
        f"{found.cells.sum():,}",
        percent(found.flagged.sum() / found.cells.sum()),
        percent(found.share),
        *(_estimate(one) for one in estimated(found, bundle)),
        f"{said.min_anomalous:,}",
        f"{said.p_value:.3f}",
        "yes" if said.p_value <= LEVEL else "no",
    ]


def _estimate(one: Estimate) -> str:
    return f"{100 * one.value:.2f} ({100 * one.low:.2f} to {100 * one.high:.2f}) %"


def sequence_table(sets: dict[str, Judged], bundles: dict[str, Path]) -> Table:
    """Photos that follow each other as one smear: what is called infected, and which intervals hold."""
    columns = ("smears", "cells", "annotated", "flagged", CALLED, "interval holds annotated")
    return Table.of(
        ("bundle", *columns), [[name, *_sequence(found, bundles[name])] for name, found in sets.items()]
    )


def _sequence(found: Judged, bundle: Path) -> list[str]:
    places = np.array_split(np.arange(len(found.fields)), max(1, len(found.fields) // TOGETHER))
    smears = [found.at(own) for own in places]
    answers = [answered(one, bundle) for one in smears]
    truth = np.array([one.share for one in smears])
    flagged = np.array([one.flagged.sum() / one.cells.sum() for one in smears])
    called = sum(said.p_value <= LEVEL for said in answers)
    held = sum(
        said.low <= share <= said.high
        for said, share in zip((estimated(one, bundle)[0] for one in smears), truth, strict=True)
    )
    sizes = [int(one.cells.sum()) for one in smears]
    return [
        f"{len(smears)}",
        f"{min(sizes):,} to {max(sizes):,}",
        *(f"{percent(own.min())} to {percent(own.max())}" for own in (truth, flagged)),
        f"{called} of {len(smears)}",
        f"{held} of {len(smears)}",
    ]
