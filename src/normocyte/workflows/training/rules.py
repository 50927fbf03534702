"""Which rule for the threshold a data set can support: better known before an hour of training."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from normocyte.core.errors import DatasetError, TrainingError
from normocyte.core.registry import part_name
from normocyte.core.types import UNKNOWN_PATIENT, Names, Part, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Split
from normocyte.pipeline.member import Member
from normocyte.thresholds.contract import RATE, Threshold
from normocyte.thresholds.quantile import Quantile


def check_rule(rule: Threshold, cohort: Cohort, parts: Split) -> None:
    """TrainingError when the cells of this split are none that a rule can be fitted on."""
    if rule.uses_labels:
        check_labels(rule, cohort, parts)
        return
    given = parts.part(Part.CALIBRATION)
    try:
        rule.check_supported(_patients(cohort, given))
    except TrainingError as error:
        raise TrainingError(f"{error}{_share_of(cohort, given)}") from error


def _share_of(cohort: Cohort, given: Sequence[Record]) -> str:
    """How many of all patients the split takes for calibration; nothing where they are unknown."""
    if not cohort.are_patients_known:
        return ""
    used, every = (len({record.patient for record in records}) for records in (given, cohort.records))
    return f" The split takes {used} of {every} patients for calibration."


def check_labels(rule: Threshold, cohort: Cohort, parts: Split) -> None:
    """TrainingError for a rule with labels where no cell is anomalous, DatasetError without tuning cells."""
    if not cohort.has_anomalies:
        raise TrainingError(
            f"The rule {part_name(rule)} needs anomalous cells, labelled, too, but all "
            f"{len(cohort.records):,} cells are healthy; choose a rule that needs no "
            "labels, such as quantile under [threshold], or give labelled cells of both kinds."
        )
    if not parts.part(Part.TUNING):
        raise DatasetError(
            f"The threshold {part_name(rule)} uses labels, but the split has 0 tuning cells; "
            "give `tuning` a share in [split] or choose a threshold that needs no labels."
        )


def check_enough(members: Sequence[Member], parts: Split) -> None:
    """DatasetError where a part that learns gets fewer healthy cells of this split than it needs.

    A score learns from the held-out cells, too.
    """
    training, held_out = (len(parts.part(part)) for part in (Part.TRAIN, Part.HELD_OUT))
    healthy = training + held_out + len(parts.part(Part.CALIBRATION))
    detectors = ((part_name(one.detector), one.detector.fewest, training) for one in members)
    scores = ((part_name(one.score), one.score.fewest, training + held_out) for one in members)
    lacking = [(name, fewest, given) for name, fewest, given in (*detectors, *scores) if given < fewest]
    for name, fewest, given in lacking[:1]:
        raise DatasetError(
            f"{name} needs at least {fewest} healthy cells to learn from, but of these {healthy} "
            f"the split gives it {given}; give {ceil(fewest * healthy / max(given, 1))} or more, or take a "
            "recipe that needs fewer, such as stain_rule or gray_levels."
        )


def rule_instead(rule: Threshold, cohort: Cohort) -> Threshold | None:
    """The rule that goes on where the recipe's refuses cells of unknown patients, or healthy cells alone."""
    if cohort.are_patients_known and cohort.has_anomalies:
        return None
    return Quantile(getattr(rule, RATE, Quantile.false_positive_rate))


def _patients(cohort: Cohort, records: Sequence[Record]) -> Names:
    """The patient of each record, (n,), nobody where that is not known."""
    are_known = cohort.are_patients_known
    return np.array([record.patient if are_known else UNKNOWN_PATIENT for record in records], np.str_)
