import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import OutputError
from normocyte.reports.comparison.pareto import Candidate, pareto_front, write_pareto

CANDIDATES = (
    Candidate("small", 0.02, 0.95, 9_000, 32),
    Candidate("middle", 0.10, 0.98, 60_000, 48),
    Candidate("slow & worse", 0.30, 0.97, 90_000, 48),
    Candidate("large", 0.40, 0.985, 140_000, 64),
)
COSTS = st.builds(
    Candidate,
    st.just("x"),
    st.floats(0.001, 10),
    st.floats(0, 1),
    st.integers(0, 10**7),
    st.sampled_from([32, 64]),
)


def test_the_front_leaves_out_what_is_slower_and_no_better():
    assert [one.name for one in pareto_front(CANDIDATES)] == ["small", "middle", "large"]


@given(st.lists(COSTS, min_size=1))
def test_nothing_beats_the_front(candidates):
    front = pareto_front(candidates)
    beaten = [
        any(f.ms_per_cell <= c.ms_per_cell and f.quality >= c.quality for f in front) for c in candidates
    ]
    assert all(beaten)
    assert np.all(np.diff([one.quality for one in front]) > 0)


def test_the_figure_is_written_twice_and_names_the_front(tmp_path):
    png, svg = write_pareto(CANDIDATES, tmp_path / "study")
    assert png.read_bytes().startswith(b"\x89PNG")
    drawn = svg.read_text(encoding="utf-8")
    assert "2  middle" in drawn
    assert "slow" not in drawn


def test_one_candidate_alone_can_be_drawn(tmp_path):
    assert write_pareto(CANDIDATES[:1], tmp_path / "one.png", "sensitivity")[1].name == "one.svg"


def test_no_candidate_is_refused(tmp_path):
    with pytest.raises(OutputError, match="0 candidates"):
        write_pareto([], tmp_path / "none")


@pytest.mark.parametrize(("time", "quality"), [(0.0, 0.9), (float("nan"), 0.9), (0.1, float("nan"))])
def test_a_candidate_that_cannot_be_drawn_is_named(tmp_path, time, quality):
    with pytest.raises(OutputError, match="'odd' takes"):
        write_pareto([Candidate("odd", time, quality, 1, 32)], tmp_path / "odd")
