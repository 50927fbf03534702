"""Few cells with a verdict do not stand for many without one."""

import math

import numpy as np
import pytest

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.photo_checks.gate import Finding
from normocyte.results.smear import Detection
from normocyte.results.verdict import Cause, CauseCode, Grade, Outcome, Verdict
from normocyte.wording.causes import sentences
from normocyte.workflows.smear.one_finding import with_share

SMALL = Cause(CauseCode.UNLIKE_HEALTHY, "size", 33, (47, math.inf), detail="too few pixels")
PLATELET = Cause(CauseCode.OTHER_KIND, detail="platelet")
GOOD = Finding(Grade.GOOD, (), ())


def detection(outcome, cause=None, kind=CellKind.RED_CELL):
    cell = SegmentedCell(0, 0, np.ones((5, 5), bool), kind)
    return Detection(cell, Verdict(outcome, 1.0, 0.5, cause), outcome is not Outcome.NOT_ASSESSABLE)


def photo(judged, refused):
    counted = [detection(Outcome.SUSPICIOUS)] * judged
    return (*counted, *[detection(Outcome.NOT_ASSESSABLE, SMALL)] * refused)


@pytest.mark.parametrize(("judged", "grade"), [(0, "unusable"), (3, "unusable"), (4, "usable"), (8, "good")])
def test_the_fewer_cells_are_judged_the_worse_is_the_photo(judged, grade):
    assert with_share(GOOD, photo(judged, 12 - judged))[0].grade == grade


def test_a_photo_of_refused_cells_counts_none_and_says_why():
    finding, detections = with_share(GOOD, photo(1, 9))
    assert sentences(finding.causes) == [
        "Only 1 of 10 red cells could be judged; most others were refused: "
        "too few pixels (size 33, healthy cells 47 and more).",
    ]
    assert not any(one.is_counted for one in detections)
    assert {str(one.verdict.outcome) for one in detections} == {"not assessable"}


def test_its_other_cells_keep_their_own_causes():
    _, detections = with_share(GOOD, photo(1, 9))
    assert [one.verdict.cause for one in detections[1:]] == [SMALL] * 9


def test_what_is_no_red_cell_has_no_say():
    platelets = [detection(Outcome.NOT_ASSESSABLE, PLATELET, CellKind.PLATELET)] * 50
    assert with_share(GOOD, (*photo(9, 1), *platelets))[0] is GOOD


def test_a_photo_without_red_cells_stays_as_it_is():
    assert with_share(GOOD, ()) == (GOOD, ())
