"""How a rule does on the labelled cells that chose its threshold, and on tuning patients it had not seen."""

from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import TrainingError
from normocyte.core.seeds import generator
from normocyte.core.types import Labels, Names, Scores
from normocyte.metrics.support.confusion import confusion
from normocyte.results.evaluation import Counts, Tuned
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.validation.nested import FOLDS, nested_decisions, patient_folds

REPEATS = 20
"""With few patients, who is dealt together moves the figures more than a hundredth; the mean moves less."""


@dataclass(frozen=True)
class Fitting:
    """Cells that a rule for the threshold may be fitted on: scores (n,), patients (n,), labels (n,)."""

    scores: Scores
    patients: Names
    labels: Labels


def tuned(rule: Threshold, cells: Fitting, seed: int) -> Tuned:
    """What a fitted rule that uses labels does to its tuning cells; empty for other rules and without cells.

    The seed decides who is judged together, each time anew. Where that is not possible, `why_not` says why.
    """
    if not (rule.uses_labels and len(cells.scores)):
        return Tuned()
    apparent = Counts(*confusion(rule.decide(cells.scores), cells.labels))
    patients = len(np.unique(cells.patients))
    try:
        nested = _nested(rule, cells, generator(seed, "nested folds"))
    except TrainingError as error:
        return Tuned(apparent, patients=patients, why_not=str(error))
    return Tuned(apparent, nested, patients, min(FOLDS, patients), REPEATS)


def _nested(rule: Threshold, cells: Fitting, rng: np.random.Generator) -> Counts:
    """Every tuning cell counted once a repeat."""
    counts = []
    for _ in range(REPEATS):
        folds = patient_folds(cells.labels, cells.patients, rng)
        flagged = nested_decisions(rule, cells.scores, cells.labels, cells.patients, folds)
        counts.append(confusion(flagged, cells.labels))
    return Counts(*(sum(column) for column in zip(*counts, strict=True)))
