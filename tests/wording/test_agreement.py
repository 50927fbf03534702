"""What is said of a threshold that healthy test images do not confirm."""

from dataclasses import replace

from normocyte.results.agreement import Agreement, Between
from normocyte.wording.agreement import agreement_said

AGREES = Agreement(400, 200, 400, 200, 0.05, 0.9, False, 10, 0.05, Between(0.02, 0.08), 1.0, 20, 20)
FEW = replace(
    AGREES, calibration=40, calibration_groups=40, rank=2, deciding=2, new_cells=Between(0.0061, 0.132)
)


def said(found, **known):
    return agreement_said(found, "slices", are_patients_known=False, **known)


def test_nothing_is_said_where_all_agrees():
    assert said(AGREES) == said(Agreement()) == ()


def test_scores_that_differ_and_a_rate_outside_the_promise_are_one_sentence_with_advice():
    found = replace(AGREES, distance=0.314, distance_p_value=0.004, flagged=0, rate_p_value=0.0002)
    assert said(found) == (
        "The threshold may not hold for slices like these: the 200 healthy test slices score lower than the "
        "400 healthy slices that it was calibrated on, by more than chance (Kolmogorov-Smirnov distance "
        "0.31, p 0.004, each of the slices for itself), and it flags 0 of 200 healthy test slices (0 %), "
        "where 5 % is promised and chance allows 2 % to 8 %. Calibrate it again with more healthy slices, "
        "taken as those that will be scored.",
    )


def test_it_is_said_by_what_cells_were_exchanged():
    found = replace(AGREES, calibration_groups=30, distance_p_value=0.0001, is_higher=True)
    assert "score higher" in said(found)[0]
    assert "p < 0.001, a group of near-duplicates as one)" in said(found)[0]
    assert "a patient as one)" in agreement_said(found, "cells", are_patients_known=True)[0]


def test_the_rank_that_decides_is_said_where_few_do():
    assert said(FEW) == (
        "Few slices decide the threshold: it is the 2nd highest score of 40 healthy calibration slices. Of "
        "new healthy slices it may flag 0.61 % to 13 % instead of 5 % (95 % interval); more calibration "
        "slices narrow this.",
    )


def test_that_one_patient_decides_is_said():
    one = replace(FEW, rank=30, deciding=1)
    assert (
        "the 30th highest score of 40 healthy calibration cells, and the 30 are of 1 patient."
        in (agreement_said(one, "cells", are_patients_known=True)[0])
    )
    assert "the 30 are of 2 groups of near-duplicates." in said(replace(one, deciding=2))[0]
    assert "(95 % interval or wider)" in said(one)[0]


def test_the_largest_score_is_called_the_highest():
    assert "it is the highest score of 40" in said(replace(FEW, rank=1, deciding=1))[0]
