"""How many cells must be seen to detect a parasitaemia."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.types import UNKNOWN_PATIENT
from normocyte.parasitaemia.support.cut import Cut
from normocyte.parasitaemia.support.patients import Tally
from normocyte.parasitaemia.support.plan import Plan
from normocyte.pipeline.bundle.bundle import open_bundle
from normocyte.pipeline.bundle.folder import DEFAULT
from normocyte.pipeline.pipeline import NAN, Pipeline


@dataclass(frozen=True)
class PlanRequest:
    """The parasitaemia to be detected, a share, by a bundle; the other fields are as in a `SmearRequest`."""

    parasitaemia: float
    bundle: Path = DEFAULT
    false_positive_rate: float | None = None
    sensitivity: float | None = None


@dataclass(frozen=True)
class CellsNeeded:
    """About how many cells detect a parasitaemia, 0 where no number does, and that as a sentence."""

    cells: int
    sentence: str


def cells_needed(request: PlanRequest) -> CellsNeeded:
    """How many cells it takes; ConfigError for what is no share, DatasetError as `cut_of`."""
    pipeline = at_rate(open_bundle(request.bundle).pipeline, request.false_positive_rate)
    found = Plan(cut_of(pipeline, NAN if request.sensitivity is None else request.sensitivity))
    return CellsNeeded(found.cells(request.parasitaemia), found.sentence(request.parasitaemia))


def at_rate(pipeline: Pipeline, false_positive_rate: float | None) -> Pipeline:
    """The pipeline at this share of healthy cells flagged; None for its own."""
    return pipeline if false_positive_rate is None else pipeline.at_rate(false_positive_rate)


def cut_of(pipeline: Pipeline, sensitivity: float = NAN) -> Cut:
    """How often the pipeline's cut for cells in fields flags the healthy cells of each calibration patient.

    DatasetError when no patient is named, or too few to say how patients differ.
    """
    pipeline = pipeline.in_fields()
    calibration = pipeline.calibration
    known = calibration.patients != UNKNOWN_PATIENT
    if not known.any():
        raise DatasetError(
            f"The {len(calibration):,} calibration cells of this bundle name no patient, so that nobody "
            "knows how much patients differ; calibrate it with cells of named patients."
        )
    flagged = pipeline.threshold.decide(calibration.scores[known])
    healthy = Tally.of(flagged, calibration.patients[known])
    healthy.check_enough()
    return Cut(healthy, sensitivity=sensitivity)
