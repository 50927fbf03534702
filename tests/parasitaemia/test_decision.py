"""What is said of a smear, and how many cells it takes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError
from normocyte.parasitaemia.support.cut import Counts, Cut
from normocyte.parasitaemia.support.decision import Review, decide, upper_bound
from normocyte.parasitaemia.support.patients import Tally
from normocyte.parasitaemia.support.plan import Plan
from normocyte.results.verdict import Decision

STRICT = Cut(Tally(np.full(60, 200), np.repeat([0, 1], [55, 5])), sensitivity=0.8)
LOOSE = Cut(Tally(np.full(60, 200), np.arange(60) % 30), sensitivity=0.95)
PLAN = Plan(STRICT)


def smear(*photos: tuple[int, int], cut: Cut = STRICT) -> Counts:
    cells, flagged = np.array(photos, np.int64).reshape(-1, 2).T
    return Counts(cells, flagged, cut)


def test_flagged_cells_that_nobody_looked_at_are_to_be_looked_at():
    found = decide(smear((1000, 30), (1000, 25)), 0.01, PLAN)
    assert found.decision is Decision.LOOK_AT_CELLS
    assert found.p_value <= 0.05
    assert found.reason == (
        "55 of 2,000 red cells are flagged; in a healthy smear of this size about 1 would be. "
        "That is more than in 95 % of healthy smears."
    )


def test_where_hardly_a_cell_is_expected_that_is_said():
    assert "fewer than 1 on average would be" in decide(smear((500, 1)), 0.05, PLAN).reason


def test_one_flagged_cell_among_many_is_to_be_looked_at_and_the_number_alone_says_nothing():
    found = decide(smear((20_000, 5)), 0.05, PLAN)
    assert found.decision is Decision.LOOK_AT_CELLS
    assert found.expected == pytest.approx(20_000 * STRICT.false_rates.mean)
    assert found.reason.endswith("the number alone does not distinguish this smear from a healthy one.")


@pytest.mark.parametrize(
    ("flagged", "review", "decision"),
    [
        (0, Review(), Decision.NOTHING_SUSPICIOUS),
        (5, Review(), Decision.LOOK_AT_CELLS),
        (5, Review(looked_at=4), Decision.LOOK_AT_CELLS),
        (5, Review(looked_at=5), Decision.NONE_SEEN),
        (5, Review(looked_at=1, confirmed=1), Decision.PARASITES_SEEN),
        (5, Review(looked_at=5, confirmed=6), Decision.PARASITES_SEEN),
        (0, Review(confirmed=1), Decision.PARASITES_SEEN),
    ],
)
def test_what_a_person_saw_decides_and_what_nobody_looked_at_comes_before_the_rest(flagged, review, decision):
    assert decide(smear((20_000, flagged)), 0.05, PLAN, review=review).decision is decision


@given(
    cells=st.integers(0, 499),
    flagged=st.integers(0, 9),
    looked_at=st.integers(0, 9),
    unusable=st.integers(0, 3),
)
@settings(deadline=None, max_examples=40)
def test_with_fewer_than_500_cells_nothing_is_called_free_of_parasites(cells, flagged, looked_at, unusable):
    flagged = min(flagged, cells)
    review = Review(looked_at=min(looked_at, flagged))
    found = decide(smear((cells, flagged)), 0.05, PLAN, unusable, review).decision
    left = flagged > review.looked_at
    assert found is (Decision.LOOK_AT_CELLS if left else Decision.NOT_ENOUGH_CELLS)


def test_500_cells_without_a_flag_are_enough():
    assert decide(smear((499, 0)), 0.01, PLAN).decision is Decision.NOT_ENOUGH_CELLS
    assert decide(smear((500, 0)), 0.01, PLAN).decision is Decision.NOTHING_SUSPICIOUS


def test_photos_without_a_cell_are_not_enough():
    found = decide(smear((0, 0)), 0.01, PLAN, unusable_photos=1)
    assert found.decision is Decision.NOT_ENOUGH_CELLS
    assert found.reason == "No cell was counted."


def test_photos_that_are_all_unusable_say_so():
    found = decide(smear(), 0.01, PLAN, unusable_photos=3)
    assert found.decision is Decision.UNUSABLE_PHOTOS
    assert found.reason == "None of 3 photos is good enough; take new ones."
    assert decide(smear(), 0.01, PLAN, unusable_photos=1).reason.startswith("The photo is not good enough")


def test_where_no_number_of_cells_shows_the_limit_none_is_given():
    found = decide(smear((50_000, 100), cut=LOOSE), 0.01, Plan(LOOSE))
    assert found.cells_needed == 0
    assert "No number of cells suffices to show a parasitaemia of 1 %" in Plan(LOOSE).sentence(0.01)
    assert Plan(LOOSE).least > 0.01


def test_the_least_that_counting_shows_is_the_border_of_what_any_number_of_cells_shows():
    least = Plan(LOOSE).least
    assert Plan(LOOSE).chance_at_most(least) >= 0.95
    assert Plan(LOOSE).chance_at_most(least / 1.03) < 0.95


@pytest.mark.parametrize(("cells", "sensitivity"), [(1, 1.0), (500, 1.0), (22_903, 0.8)])
def test_at_the_bound_a_smear_without_a_flagged_infected_cell_is_as_rare_as_stated(cells, sensitivity):
    bound = upper_bound(cells, sensitivity)
    assert (1 - sensitivity * bound) ** cells == pytest.approx(0.05)


def test_where_few_infected_cells_are_flagged_the_bound_is_all():
    assert upper_bound(1, 0.5) == 1.0


def test_a_review_of_more_cells_than_are_flagged_is_refused():
    with pytest.raises(ConfigError, match="6 flagged cells were looked at, but 5 are flagged"):
        decide(smear((1000, 5)), 0.01, PLAN, review=Review(looked_at=6))
    with pytest.raises(ConfigError, match="-1 cells looked at and 0 parasites are not possible"):
        Review(looked_at=-1)


def test_the_planned_cells_reach_the_probability_and_half_of_them_do_not():
    cells = PLAN.cells(0.02)
    assert PLAN.chance(0.02, cells) >= 0.95
    assert PLAN.chance(0.02, cells // 2) < 0.95


def test_the_planned_cells_find_simulated_infected_smears():
    draw = np.random.default_rng(2)
    rates = draw.choice(STRICT.false_rates.values, 3000, p=STRICT.false_rates.weights)
    cells = PLAN.cells(0.02)
    flagged = draw.binomial(cells, 0.98 * rates + 0.02 * 0.8)
    p_values = [decide(smear((cells, one)), 0.02, PLAN).p_value for one in np.unique(flagged)]
    called = dict(zip(np.unique(flagged), p_values, strict=True))
    assert np.mean([called[one] <= 0.05 for one in flagged]) == pytest.approx(0.95, abs=0.03)


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
