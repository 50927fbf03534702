"""The choice among candidates, without a label."""

import numpy as np
import pytest

from normocyte.workflows.training.choosing.candidates import Candidate
from normocyte.workflows.training.choosing.choose import promise_of, rate_for
from normocyte.workflows.training.choosing.criterion import judged, taken

RNG = np.random.default_rng(0)
ONE, OTHER = "one", "other"
CANDIDATES = [
    Candidate("one", (ONE,)),
    Candidate("other", (OTHER,)),
    Candidate("both", (ONE, OTHER), is_usual=True),
]


def test_the_usual_ensemble_is_taken_where_another_is_only_a_little_better():
    assert taken(CANDIDATES, np.array([[0.95, 0.7], [0.6, 0.6], [0.8, 0.7]])) == 2


def test_another_candidate_is_taken_where_it_is_clearly_better():
    assert taken(CANDIDATES, np.array([[0.95, 0.9], [0.6, 0.6], [0.8, 0.7]])) == 0


def test_candidates_are_judged_by_how_they_rank_each_kind_above_healthy_images():
    healthy = RNG.normal(size=(60, 2))
    seen_by_one, seen_by_both = healthy + np.array([3, 0]), healthy + np.array([3, 3])
    found = judged(CANDIDATES, [ONE, OTHER], [healthy, seen_by_one, seen_by_both])
    assert found.aurocs.shape == (3, 2)
    assert found.aurocs[0] == pytest.approx([0.98, 0.98], abs=0.03)
    assert found.aurocs[1][0] == 0.5
    assert found.aurocs[2][0] > 0.9
    assert found.chosen == 2


@pytest.mark.parametrize(("images", "rate"), [(99, 0.01), (98, 0.05), (19, 0.05), (9, 0.1), (3, 0.2)])
def test_the_rate_is_one_that_so_many_calibration_images_can_promise(images, rate):
    assert rate_for(images) == rate


def test_what_can_be_promised_is_said_where_it_is_less_than_usual():
    assert promise_of(120) == ""
    assert promise_of(6).startswith("6 calibration images can promise a false-positive rate of 14 % at best")
