"""The exam that every estimator of parasitaemia passes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError
from normocyte.core.registry import part_class, part_names
from normocyte.parasitaemia.support.cut import Counts, Cut
from normocyte.parasitaemia.support.patients import Tally

NAMES = part_names("parasitaemia")
DRAW = np.random.default_rng(3)
HEALTHY = Tally(np.full(30, 70), DRAW.binomial(70, DRAW.beta(1, 99, 30)))
INFECTED = Tally(np.full(20, 50), DRAW.binomial(50, DRAW.beta(18, 2, 20)))
CUTS = {
    "labelled": Cut(HEALTHY, INFECTED),
    "assumed": Cut(HEALTHY, sensitivity=0.9),
    "unknown": Cut(HEALTHY),
}


def smear(cells: int, flagged: int, kind: str = "labelled") -> Counts:
    """A smear of one photo."""
    return Counts(np.array([cells]), np.array([flagged]), CUTS[kind])


@pytest.fixture(params=NAMES)
def estimator(request):
    """An estimator with its own defaults."""
    return part_class("parasitaemia", request.param)()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", CUTS)
@settings(max_examples=15, deadline=None)
@given(cells=st.integers(1, 100_000), share=st.floats(0, 1))
def test_the_estimate_is_a_share_and_lies_in_its_interval(name, kind, cells, share):
    found = part_class("parasitaemia", name)().estimate(smear(cells, int(share * cells), kind))
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None)
@given(cells=st.integers(10, 20_000), share=st.floats(0, 0.9), more=st.integers(1, 500))
def test_more_flagged_cells_give_no_smaller_estimate(name, cells, share, more):
    flagged = int(share * cells)
    both = [smear(cells, count) for count in (flagged, min(flagged + more, cells))]
    fewer, larger = (part_class("parasitaemia", name)().estimate(one) for one in both)
    assert larger.value >= fewer.value - 1e-9
    assert larger.high >= fewer.high - 0.005


def test_photos_of_one_smear_count_together(estimator):
    photos = Counts(np.array([300, 0, 700]), np.array([10, 0, 40]), CUTS["labelled"])
    assert estimator.estimate(photos) == estimator.estimate(smear(1000, 50))


def test_many_cells_of_a_smear_do_not_undo_that_patients_differ(estimator):
    found = estimator.estimate(smear(10_000_000, 300_000))
    assert found.high - found.low > 0.01


def test_a_smear_as_healthy_ones_are_may_be_free_of_parasites(estimator):
    assert estimator.estimate(smear(2000, 20)).low < 0.001


def test_a_smear_full_of_infected_cells_is_seen_as_such(estimator):
    found = estimator.estimate(smear(2000, 1000))
    assert found.value == pytest.approx((0.5 - HEALTHY.rate) / (INFECTED.rate - HEALTHY.rate), abs=0.03)


def test_an_assumed_sensitivity_raises_the_estimate(estimator):
    unknown, assumed = (estimator.estimate(smear(2000, 200, kind)) for kind in ("unknown", "assumed"))
    assert assumed.value == pytest.approx(unknown.value / 0.9, rel=0.03)


def test_the_same_counts_give_the_same_estimate(estimator):
    assert estimator.estimate(smear(2000, 77)) == estimator.estimate(smear(2000, 77))


def test_the_interval_holds_the_truth_of_simulated_patients(estimator):
    draw, held = np.random.default_rng(8), []
    for truth in np.repeat([0.0, 0.01, 0.05, 0.1], 20):
        rate = (1 - truth) * draw.beta(1, 99) + truth * draw.beta(18, 2)
        found = estimator.estimate(smear(2000, draw.binomial(2000, rate)))
        held.append(found.low <= truth <= found.high)
    assert np.mean(held) >= 0.92


def test_a_smear_without_cells_is_refused(estimator):
    with pytest.raises(DatasetError, match=r"The 1 photos of the smear have 0 cells .*; give at least 1"):
        estimator.estimate(smear(0, 0))


def test_a_calibration_of_one_patient_is_refused(estimator):
    counts = Counts(np.array([100]), np.array([9]), Cut(Tally(np.array([70]), np.array([1]))))
    with pytest.raises(DatasetError, match="Counts of 1 patients do not show how patients differ; give at"):
        estimator.estimate(counts)
