"""What is known of a threshold, and what an estimate with it means."""

import numpy as np
import pytest

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.types import Estimate
from normocyte.parasitaemia.contract import per_microlitre
from normocyte.parasitaemia.support.cut import Counts, Cut
from normocyte.parasitaemia.support.patients import Tally

HEALTHY = Tally(np.full(20, 100), np.arange(20) % 3)
INFECTED = Tally(np.full(12, 50), np.full(12, 45))


def test_without_labelled_cells_the_estimate_is_of_what_is_flagged_beyond_the_false_ones():
    cut = Cut(HEALTHY)
    assert not cut.is_sensitivity_known
    assert "the parasitaemia is higher where the threshold misses infected cells" in cut.meaning


def test_labelled_cells_say_how_many_are_found():
    assert Cut(HEALTHY, INFECTED).true_rate == pytest.approx(0.9)
    assert "a sensitivity of 90 % (as in 12 patients with labelled cells)." in Cut(HEALTHY, INFECTED).meaning


def test_an_assumed_sensitivity_is_named_as_such():
    assert "a sensitivity of 85 % (assumed)." in Cut(HEALTHY, sensitivity=0.85).meaning


@pytest.mark.parametrize("sensitivity", [0.0, -0.1, 1.1, 90])
def test_a_sensitivity_that_is_no_share_is_refused(sensitivity):
    with pytest.raises(ConfigError, match=f"A sensitivity of {sensitivity} is not possible; choose a share"):
        Cut(HEALTHY, sensitivity=sensitivity)


def test_two_sensitivities_are_refused():
    with pytest.raises(
        ConfigError, match=r"given twice, as 0\.9 and by infected cells of 12 patients; leave"
    ):
        Cut(HEALTHY, INFECTED, sensitivity=0.9)


def test_a_cut_that_flags_healthy_cells_as_often_as_infected_ones_is_refused():
    with pytest.raises(DatasetError, match="flags 90 % of healthy and 90 % of infected cells; choose one"):
        Cut(INFECTED, INFECTED)


@pytest.mark.parametrize(
    ("cells", "flagged", "message"),
    [
        ([100], [101], "A photo has 101 flagged cells of 100; give at most"),
        ([np.nan], [0], "nan cells of a photo are not possible; give whole numbers"),
        ([-5], [0], "-5.0 cells of a photo are not possible"),
        ([10, 10], [1], r"have the shapes \(2,\) and \(1,\); give one number a photo"),
    ],
)
def test_photos_that_cannot_be_are_refused(cells, flagged, message):
    with pytest.raises(DatasetError, match=message):
        Counts(np.array(cells), np.array(flagged), Cut(HEALTHY))


def test_parasites_in_a_microlitre_follow_the_red_cells():
    assert per_microlitre(Estimate(0.01, 0.005, 0.02)) == Estimate(50_000, 25_000, 100_000)
    assert per_microlitre(Estimate(0.01, 0.0, 0.02), 4e6).value == 40_000


@pytest.mark.parametrize("red_cells", [0, -1.0, float("nan"), float("inf")])
def test_an_impossible_number_of_red_cells_is_refused(red_cells):
    with pytest.raises(ConfigError, match=f"{red_cells} red cells per microlitre are not possible; choose"):
        per_microlitre(Estimate(0.01, 0.0, 0.02), red_cells)
