import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from normocyte.reports.comparison.chart import Candidate, pareto_front

SMALL, MIDDLE, SLOW_AND_WORSE, LARGE = (
    Candidate(0.02, 0.95),
    Candidate(0.10, 0.98),
    Candidate(0.30, 0.97),
    Candidate(0.40, 0.985),
)
COSTS = st.builds(Candidate, st.floats(0.001, 10), st.floats(0, 1))


def test_the_front_leaves_out_what_is_slower_and_no_better():
    assert pareto_front([LARGE, SMALL, SLOW_AND_WORSE, MIDDLE]) == [SMALL, MIDDLE, LARGE]


@given(st.lists(COSTS, min_size=1))
def test_nothing_beats_the_front(candidates):
    front = pareto_front(candidates)
    beaten = [
        any(f.ms_per_cell <= c.ms_per_cell and f.quality >= c.quality for f in front) for c in candidates
    ]
    assert all(beaten)
    assert np.all(np.diff([one.quality for one in front]) > 0)
