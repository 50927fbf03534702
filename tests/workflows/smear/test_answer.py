"""What the counts of photos and a review say: no share without cells, and what was seen in its share."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.stats import binomtest

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.parasitaemia.support.cut import Cut
from normocyte.parasitaemia.support.patients import Tally
from normocyte.parasitaemia.support.plan import Plan
from normocyte.results.smear import Detection, PhotoResult
from normocyte.results.verdict import Cause, CauseCode, Decision, Grade, Outcome, Verdict
from normocyte.workflows.smear.answer import answer

HEALTHY = Tally(np.full(60, 200), np.repeat([0, 1], [55, 5]))
CELL = SegmentedCell(0, 0, np.ones((9, 9), np.bool_), CellKind.RED_CELL)
FINE, FLAGGED = (
    Detection(CELL, Verdict(outcome, score, p_value), is_counted=True)
    for outcome, score, p_value in ((Outcome.HEALTHY, 1.0, 0.5), (Outcome.SUSPICIOUS, 9.0, 0.001))
)
SEEN, NOT_SEEN = (dataclasses.replace(FLAGGED, seen=said) for said in ("parasite", "no parasite"))
WHITE = Detection(
    dataclasses.replace(CELL, kind=CellKind.LEUCOCYTE),
    Verdict(Outcome.NOT_ASSESSABLE, math.nan, math.nan, Cause(CauseCode.OTHER_KIND, detail="leucocyte")),
    is_counted=False,
)


def said(*detections, sensitivity=math.nan):
    photo = PhotoResult("one.jpg", Grade.GOOD, (), detections)
    return answer([photo], Plan(Cut(HEALTHY, sensitivity=sensitivity)), 0.02, 5e6)


@pytest.mark.parametrize("cells", [1, 7, 499])
def test_of_fewer_than_500_cells_no_share_is_stated_whatever_is_flagged(cells):
    found = said(*[FINE] * (cells - 1), FLAGGED)
    assert found.decision is Decision.LOOK_AT_CELLS
    assert math.isnan(found.parasitaemia.value)
    assert math.isnan(found.per_microlitre.value)


def test_of_many_cells_the_count_states_a_share():
    found = said(*[FINE] * 950, *[FLAGGED] * 50)
    assert found.parasitaemia.low <= found.parasitaemia.value == pytest.approx(0.05, abs=0.01)
    assert not found.is_reviewed


def test_after_a_review_the_share_is_of_the_cells_with_parasites():
    found = said(*[FINE] * 950, *[SEEN] * 20, *[NOT_SEEN] * 30)
    assert (found.decision, found.looked_at, found.confirmed) == (Decision.PARASITES_SEEN, 50, 20)
    assert found.parasitaemia.value == 0.02
    assert found.per_microlitre.value == 100_000
    assert found.meaning.endswith("it does not include them.")
    assert found.by_count.value != 0.02


def test_flagged_cells_that_are_left_are_told_beside_the_share():
    one, two = (said(*[FINE] * 998, SEEN, *[FLAGGED] * left).meaning for left in (1, 2))
    assert one.endswith("Of the flagged cells 1 was not looked at yet.")
    assert two.endswith("Of the flagged cells 2 were not looked at yet.")


def test_a_parasite_in_what_does_not_count_is_told_and_not_in_the_share():
    aside = dataclasses.replace(WHITE, seen="parasite")
    found = said(*[FINE] * 998, *[SEEN] * 2, aside)
    assert (found.decision, found.confirmed) == (Decision.PARASITES_SEEN, 3)
    assert found.parasitaemia.value == 2 / 1000
    assert "Parasites in objects that do not count, 1 here, are not in it" in found.meaning
    assert math.isnan(said(*[FINE] * 1000, aside).parasitaemia.value)


@pytest.mark.parametrize("detections", [[FINE] * 1000, [FINE] * 995 + [NOT_SEEN] * 5])
def test_where_no_parasite_was_found_there_is_a_bound_and_no_share(detections):
    found = said(*detections)
    assert math.isnan(found.parasitaemia.value)
    assert found.bound == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert found.bound_sentence.startswith(
        "With 95 % confidence fewer than 0.3 % of red cells are infected, if"
    )
    assert "How many it misses here is not known" in found.bound_sentence


def test_a_known_sensitivity_is_in_the_bound():
    found = said(*[FINE] * 1000, sensitivity=0.5)
    assert found.bound == pytest.approx(2 * (1 - 0.05 ** (1 / 1000)))
    assert found.bound_sentence.endswith("if the threshold flags 50 % of infected cells.")


def test_photos_that_are_not_used_count_nothing():
    blank = PhotoResult("blank.jpg", Grade.UNUSABLE, (), (dataclasses.replace(FLAGGED, is_counted=False),))
    found = answer([blank], Plan(Cut(HEALTHY)), 0.02, 5e6)
    assert found.decision is Decision.UNUSABLE_PHOTOS


@pytest.mark.parametrize(("seen", "cells"), [(1, 500), (20, 1000), (499, 500), (500, 500)])
def test_the_interval_of_what_was_seen_is_that_of_clopper_and_pearson(seen, cells):
    found = said(*[FINE] * (cells - seen), *[SEEN] * seen).parasitaemia
    expected = binomtest(seen, cells).proportion_ci(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
