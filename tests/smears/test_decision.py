"""What is said of a smear, and how many cells it takes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.smears._cut import Counts, Cut
from normocyte.smears._decision import Decision, decide
from normocyte.smears._patients import Tally
from normocyte.smears._plan import Plan

STRICT = Cut(Tally(np.full(60, 200), np.repeat([0, 1], [55, 5])), sensitivity=0.8)
LOOSE = Cut(Tally(np.full(60, 200), np.arange(60) % 30), sensitivity=0.95)
PLAN = Plan(STRICT)


def smear(*photos: tuple[int, int], cut: Cut = STRICT) -> Counts:
    cells, flagged = np.array(photos, np.int64).reshape(-1, 2).T
    return Counts(cells, flagged, cut)


def test_many_flagged_cells_make_a_smear_suspected():
    found = decide(smear((1000, 30), (1000, 25)), 0.01, PLAN)
    assert found.decision is Decision.SUSPECTED
    assert found.p_value <= 0.05
    assert found.reason.startswith("55 of 2,000 cells are flagged (p = ")


def test_enough_cells_with_few_flags_are_no_evidence():
    found = decide(smear((20_000, 5)), 0.05, PLAN)
    assert found.decision is Decision.NO_EVIDENCE
    assert found.detectable < 0.05
    assert "They would show " in found.reason


def test_few_cells_with_few_flags_are_not_enough():
    found = decide(smear((30, 0)), 0.01, PLAN)
    assert found.decision is Decision.NOT_ENOUGH_CELLS
    assert found.cells_needed > 30
    assert f"About {found.cells_needed:,} cells show a parasitaemia of 1 %" in found.reason


def test_photos_without_a_cell_are_not_enough():
    found = decide(smear((0, 0)), 0.01, PLAN)
    assert found.decision is Decision.NOT_ENOUGH_CELLS
    assert found.reason.startswith("No cell was counted. About ")


def test_photos_that_are_all_unusable_say_so():
    found = decide(smear(), 0.01, PLAN, unusable_photos=3)
    assert found.decision is Decision.UNUSABLE
    assert found.reason == "None of 3 photos is good enough; take new ones."
    assert decide(smear(), 0.01, PLAN, unusable_photos=1).reason.startswith("The photo is not good enough")


def test_where_no_number_of_cells_suffices_no_evidence_is_not_said_without_that():
    found = decide(smear((50_000, 100), cut=LOOSE), 0.01, Plan(LOOSE))
    assert found.decision is Decision.NO_EVIDENCE
    assert found.cells_needed == 0
    assert "No number of cells suffices to show a parasitaemia of 1 %" in found.reason
    assert "patients' own rates differ more than that" in found.reason


def test_the_planned_cells_reach_the_probability_and_half_of_them_do_not():
    cells = PLAN.cells(0.02)
    assert PLAN.chance(0.02, cells) >= 0.95
    assert PLAN.chance(0.02, cells // 2) < 0.95


def test_the_planned_cells_find_simulated_infected_smears():
    draw = np.random.default_rng(2)
    rates = draw.choice(STRICT.false_rates.values, 3000, p=STRICT.false_rates.weights)
    cells = PLAN.cells(0.02)
    flagged = draw.binomial(cells, 0.98 * rates + 0.02 * 0.8)
    called = [decide(smear((cells, one)), 0.02, PLAN).decision for one in np.unique(flagged)]
    shares = dict(zip(np.unique(flagged), called, strict=True))
    assert np.mean([shares[one] is Decision.SUSPECTED for one in flagged]) == pytest.approx(0.95, abs=0.03)


def test_the_detectable_parasitaemia_is_what_so_many_cells_detect():
    least = PLAN.detectable(3000)
    assert PLAN.chance(least, 3000) >= 0.95
    assert PLAN.chance(0.9 * least, 3000) < 0.95


def test_one_cell_detects_nothing():
    assert np.isnan(Plan(LOOSE).detectable(1))


@settings(max_examples=10, deadline=None)
@given(low=st.floats(0.001, 0.4), factor=st.floats(1.0, 2.0), cells=st.integers(1, 20_000))
def test_a_higher_parasitaemia_is_seen_no_less_often(low, factor, cells):
    assert PLAN.chance(low * factor, cells) >= PLAN.chance(low, cells) - 1e-9


def test_a_plan_without_a_known_sensitivity_says_what_it_takes_for_granted():
    open_cut = Cut(STRICT.healthy)
    assert Plan(open_cut).sentence(0.02).endswith(", if every infected cell is flagged.")


@pytest.mark.parametrize(("name", "value"), [("level", 0.0), ("probability", 1.0), ("level", float("nan"))])
def test_a_plan_with_a_share_that_is_none_is_refused(name, value):
    with pytest.raises(ConfigError, match=f"{name} = {value} is not possible; choose a share"):
        Plan(STRICT, **{name: value})


@pytest.mark.parametrize("limit", [0.0, 1.0, 2, float("nan")])
def test_a_limit_that_is_no_share_is_refused(limit):
    with pytest.raises(ConfigError, match=f"parasitaemia = {limit} is not possible; choose a share"):
        decide(smear((100, 1)), limit, PLAN)


def test_fewer_than_no_unusable_photos_are_refused():
    with pytest.raises(ConfigError, match="-1 unusable photos are not possible; give a number from 0"):
        decide(smear((100, 1)), 0.01, PLAN, unusable_photos=-1)
