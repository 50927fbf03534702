import dataclasses

import pytest

from normocyte.reports.drawing import formatting
from normocyte.reports.evaluation import optimism
from normocyte.reports.evaluation.figures import PLATES, Shown
from normocyte.reports.evaluation.page import render
from normocyte.results import evaluation as shown

HEADING = "What tuning with labels promises, and what it keeps"


def page_of(contents):
    return render(contents, {plate.name: Shown("", "") for plate in PLATES})


def without_nested(contents):
    """The same report, with too few tuning patients."""
    lonely = shown.Tuned(shown.Counts(3, 1, 3, 1), patients=1, why_not="Needs 2 patients.")
    row = dataclasses.replace(contents.thresholds[2], tuned=lonely)
    return dataclasses.replace(contents, thresholds=(*contents.thresholds[:2], row))


def test_the_sentence_holds_the_three_f1_and_the_optimism(contents):
    told, _ = optimism.words(contents)
    test = contents.thresholds[2].f1
    assert "best F1 has F1 0.889 on the cells that chose its threshold" in told
    assert (
        f"0.800 on tuning patients whom the threshold had not seen, and {test:.3f} on test patients" in told
    )
    assert "Its optimism, the first less the second, is +0.089" in told
    assert f"The first less the third is {formatting.signed(160 / 180 - test)}" in told


def test_the_rule_in_use_is_told_before_others(contents):
    other = dataclasses.replace(contents.thresholds[2], rule="youden", is_in_use=True)
    told, _ = optimism.words(dataclasses.replace(contents, thresholds=(*contents.thresholds, other)))
    assert told.startswith("Tuned with labels, youden has")


def test_every_tuned_rule_stands_in_the_table_and_no_other(contents):
    ((rule, is_in_use, places),) = optimism.rows(contents)
    assert (rule, is_in_use) == ("best F1", False)
    assert [place.f1 for place in places[:2]] == ["0.889", "0.800"]
    assert [place.rest for place in places[:2]] == ["0.889 · 0.889", "0.800 · 0.800"]
    assert (places[3].f1, places[3].rest) == ("+0.089", "+0.089 · +0.089")


def test_the_page_says_into_how_many_groups_the_patients_were_dealt(contents):
    page = page_of(contents)
    assert page.count(HEADING) == 1
    assert "11\N{NO-BREAK SPACE}tuning patients were dealt into 5 groups, 20 times," in page


def test_too_few_patients_give_a_sentence_and_dashes(contents):
    told, made = optimism.words(without_nested(contents))
    ((_, _, places),) = optimism.rows(without_nested(contents))
    assert "optimism" not in told
    assert made.endswith("Needs 2 patients.")
    assert [places[place].f1 for place in (0, 1, 3)] == ["0.750", formatting.UNKNOWN, formatting.UNKNOWN]


def test_without_tuning_cells_nothing_is_said(contents):
    row = dataclasses.replace(contents.thresholds[2], tuned=shown.Tuned())
    changed = dataclasses.replace(contents, thresholds=(*contents.thresholds[:2], row))
    assert HEADING not in page_of(changed)
    assert optimism.words(changed) == ()


@pytest.mark.parametrize(
    ("difference", "said"),
    [(0.0204, "+0.020"), (-0.0204, "\N{MINUS SIGN}0.020"), (-0.0001, "0.000"), (float("nan"), "–")],  # noqa: RUF001
)
def test_a_difference_has_a_sign_unless_it_rounds_to_nothing(difference, said):
    assert formatting.signed(difference) == said
