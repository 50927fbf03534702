"""What so many healthy cells of so many patients can support: which rates, and how surely."""

import math
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.errors import ConfigError, DatasetError, TrainingError
from normocyte.core.percent import percent
from normocyte.core.registry import part_name
from normocyte.core.types import Names
from normocyte.thresholds.calibration_conditional import CELLS, CalibrationConditional
from normocyte.thresholds.contract import RATE, Guarantee, Threshold
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients

RATES = tuple(round(step * 10.0**-power, power) for power in (6, 5, 4, 3, 2) for step in range(10, 100))[:-49]
"""The rates that are tried, two figures each, from 0.001 to 50 %."""
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Support:
    """The smallest rate that a rule can state on these cells; NaN where none up to 50 %.

    `confidence` as in its `Guarantee`: NaN where the rate holds on average only. Where patients are not
    counted, cells are taken for independent.
    """

    rule: str
    rate: float
    confidence: float
    are_patients_counted: bool


def check_counts(threshold: Threshold, patients: Names) -> None:
    """DatasetError where so many cells of these patients (n,) support the rate with no scores whatever.

    The rule is tried on scores that suit it best: every patient's cells are spread alike over all scores.
    """
    _, codes, sizes = np.unique(patients, return_inverse=True, return_counts=True)
    order = np.argsort(codes, kind="stable")
    within = np.arange(len(patients)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    spread = patients[order[np.argsort((within + 0.5) / sizes[codes[order]], kind="stable")]]
    scores = -np.log1p(-(np.arange(len(patients)) + 0.5) / max(len(patients), 1))
    fitted(threshold, Calibration.of(scores, spread))


def fitted(threshold: Threshold, calibration: Calibration) -> Threshold:
    """The rule with its threshold; DatasetError, with advice, when these cells cannot support its rate."""
    if threshold.counts_patients and not calibration.are_patients_known:
        raise DatasetError(
            f"{part_name(threshold)} counts patients, but it is not known whose the {len(calibration)} cells "
            "are; name them with `patients` or a CSV manifest, or choose `rule='quantile'`."
        )
    try:
        threshold, guarantee = _stated(threshold, calibration)
    except TrainingError as error:
        raise DatasetError(f"{error} {_smallest(threshold, calibration)}") from error
    rate = getattr(threshold, RATE, math.inf)
    if guarantee.rate > rate + _ROUNDING:
        needed = math.ceil(1 / rate - 1 - _ROUNDING)
        raise DatasetError(
            f"{part_name(threshold)} needs {needed:,} healthy cells for a false-positive rate of "
            f"{percent(rate)}, but got {cells_of_patients(calibration)}; calibrate on more, or ask for a "
            f"higher rate. {_smallest(threshold, calibration)}"
        )
    return threshold


def _stated(threshold: Threshold, calibration: Calibration) -> tuple[Threshold, Guarantee]:
    threshold = replace(threshold)
    threshold.fit(calibration.scores, calibration.patients, np.zeros(len(calibration), np.int8))
    return threshold, threshold.guarantee(calibration)


def smallest_rates(threshold: Threshold, calibration: Calibration) -> tuple[Support, ...]:
    """The smallest rate of the rule itself, if it states one, and the smallest with 90 % confidence."""
    by_patient = CalibrationConditional()
    fits = calibration.are_patients_known and not math.isnan(smallest_rate(by_patient, calibration).rate)
    sure = by_patient if fits else CalibrationConditional(bound=CELLS)
    own = (threshold,) if hasattr(threshold, RATE) and not isinstance(threshold, type(sure)) else ()
    return tuple(smallest_rate(rule, calibration) for rule in (*own, sure))


def smallest_rate(threshold: Threshold, calibration: Calibration) -> Support:
    """The smallest of `RATES` at which the rule can be fitted and states no more than that rate.

    Rates that no p-value of so many cells reaches, 1 / (n + 1), are not tried.
    """
    for rate in (rate for rate in RATES if rate * (len(calibration) + 1) >= 1 - _ROUNDING):
        try:
            _, guarantee = _stated(threshold.at_rate(rate), calibration)
        except TrainingError:
            continue
        except ConfigError:  # a rule that knows no rate so high
            break
        if guarantee.rate <= rate + _ROUNDING:
            return Support(part_name(threshold), rate, guarantee.confidence, threshold.counts_patients)
    return Support(part_name(threshold), math.nan, math.nan, threshold.counts_patients)


def _smallest(threshold: Threshold, calibration: Calibration) -> str:
    rate = smallest_rate(threshold, calibration).rate if hasattr(threshold, RATE) else math.nan
    if math.isnan(rate):
        return f"These cells support no rate up to {percent(RATES[-1])} by this rule."
    return f"The smallest rate that these support by this rule is {percent(rate)}."
