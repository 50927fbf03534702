"""The page opens with one sentence, one picture and one table; all else of the evaluation is folded away."""

import json
import re

import numpy as np
import pytest

from normocyte.reports.evaluation.demo.figures import trade_curve
from normocyte.reports.evaluation.demo.write import write_demo


@pytest.fixture(scope="module")
def written(demo, tmp_path_factory):
    return write_demo(demo, tmp_path_factory.mktemp("demo")).parent


@pytest.fixture(scope="module")
def page(written):
    return (written / "report.html").read_text(encoding="utf-8")


def test_the_page_opens_with_a_sentence_a_picture_and_a_table_of_a_row_a_method(page):
    top = page[: page.index("<h2>")]
    places = [top.index(mark) for mark in ('class="verdict"', 'class="cells"', "<table")]
    assert places == sorted(places)
    assert len(re.findall("<tr>", top[top.index("<tbody>") :])) == 3


def test_rules_for_the_threshold_and_prevalences_are_folded_away(page):
    open_part = re.sub("<details>.*?</details>", "", page, flags=re.DOTALL)
    for hidden in ("prevalence", "mean plus 3 sigma", "Fact"):
        assert hidden not in open_part
    assert "mean plus 3 sigma" in page


def test_the_measures_are_explained_below_the_table(page):
    assert "AUROC: how often an infected cell scores above a healthy one." in page


def test_every_method_shows_the_same_four_cells(page):
    assert page.count('class="photo"') == 4
    assert page.count('class="method"') == 12


def test_a_cell_counts_as_rightly_judged_where_flag_and_label_agree(demo, page):
    scores, labels = (
        np.stack([[m.scores[c.row] > m.strict, c.label] for m in demo.methods for c in demo.shown])
    ).T
    assert page.count('class="right"') == np.sum(scores == labels)


def test_file_names_are_escaped(page):
    assert "<cell>" not in page
    assert "&lt;cell&gt;.png" in page


def test_what_was_done_otherwise_is_told_where_it_is_looked_for(page):
    assert page.index("The rule quantile takes its place.") > page.index("<summary>What was done")


@pytest.mark.parametrize("name", ["errors_classic", "errors_baseline_rule", "trade", "roc"])
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_every_figure_is_a_file_too(written, name, ending):
    assert (written / "figures" / f"{name}.{ending}").stat().st_size > 0


def test_numbers_that_cannot_be_said_are_null(written):
    told = json.loads((written / "methods.json").read_text(encoding="utf-8"))
    assert list(told["methods"]) == ["baseline rule", "classic", "default"]
    assert told["methods"]["classic"]["outline_share"] == 0.96


def test_cells_of_one_score_are_flagged_together():
    alarms, found = trade_curve(np.array([2.0, 1.0, 1.0, 0.0]), np.array([1, 0, 1, 0], np.int8))
    np.testing.assert_allclose(alarms, [0, 0, 0.5, 1])
    np.testing.assert_allclose(found, [0, 0.5, 1, 1])
