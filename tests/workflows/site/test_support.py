"""What so many cells can support: the smallest rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError
from normocyte.thresholds.calibration_conditional import CalibrationConditional
from normocyte.thresholds.hierarchical_conformal import HierarchicalConformal
from normocyte.thresholds.mad import Mad
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.support.calibration import Calibration
from normocyte.workflows.site.support import RATES, fitted, smallest_rate, smallest_rates

COUNTS = st.integers(2, 400)


def cells(count, people=0):
    """So many cells with rising scores, of so many people in turn, or of unknown ones."""
    names = [f"P{number % people}" if people else "" for number in range(count)]
    return Calibration(np.arange(count, dtype=np.float64), np.array(names))


@given(COUNTS)
def test_the_smallest_rate_is_supported_and_the_next_smaller_one_is_not(count):
    known = cells(count)
    rate = smallest_rate(Quantile(), known).rate
    assert fitted(Quantile(rate), known).cut == known.scores[-1]
    with pytest.raises(DatasetError, match=f"but got {count:,} healthy cells of unknown patients"):
        fitted(Quantile(RATES[RATES.index(rate) - 1]), known)


def test_with_confidence_so_many_cells_support_what_the_bound_of_zero_flagged_says():
    found = smallest_rate(CalibrationConditional(bound="cells"), cells(100))
    assert (found.rate, found.confidence) == (0.023, 0.9)  # 1 - 0.1 ** (1 / 100) = 0.0228


def test_patients_are_counted_as_soon_as_ten_are_known():
    assert [smallest_rates(Mad(), cells(300, people))[0].are_patients_counted for people in (0, 9, 10)] == [
        *(False, False, True)
    ]


def test_a_rule_that_counts_patients_wants_their_names():
    with pytest.raises(
        DatasetError, match=r"it is not known whose the 300 cells are; name them with `patients`"
    ):
        fitted(HierarchicalConformal(0.9), cells(300))
