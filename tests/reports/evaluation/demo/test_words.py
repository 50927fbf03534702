"""The sentences of a demo follow from what was found."""

from dataclasses import replace

import pytest

from normocyte.core.types import Estimate
from normocyte.reports.evaluation.demo import words


def with_sensitivities(demo, *values):
    methods = zip(demo.methods, values, strict=True)
    changed = (replace(method, sensitivity=Estimate(value, value, value)) for method, value in methods)
    return replace(demo, methods=tuple(changed))


def test_what_each_method_sees_is_said_of_those_that_are_shown(demo):
    said = words.seen(demo)
    assert [name in said for name in ("baseline rule", "Classic", "default")] == [True] * 3
    alone = replace(demo, methods=demo.methods[:2])
    assert words.seen(alone) == ""


def test_one_sentence_says_what_each_method_finds_the_best_first(demo):
    said = words.headline(demo).replace("\N{NO-BREAK SPACE}", " ")
    assert said.endswith(
        "the default finds 90.0 % of the infected cells, the baseline rule 80.0 % and the classic "
        "autoencoder 6.0 %."
    )
    assert said.count(". ") == 0


def test_why_the_classic_fails_is_told_by_where_its_error_lies(demo):
    said = words.why(demo).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Why the classic autoencoder fails there:")
    assert "96.0 % of it lies at the outline" in said
    assert "94.0 % of the infected cells score below it" in said


def test_an_error_that_lies_inside_is_not_laid_to_the_outline(demo):
    inside = replace(demo, methods=tuple(replace(one, outline_share=0.3) for one in demo.methods))
    assert "outline" not in words.why(inside)


@pytest.mark.parametrize("values", [(0.8, 0.79, 0.85), (float("nan"),) * 3])
def test_nothing_is_explained_where_no_method_is_behind(demo, values):
    assert words.why(with_sensitivities(demo, *values)) == ""


def test_another_method_that_is_behind_is_named(demo):
    assert words.why(with_sensitivities(demo, 0.1, 0.8, 0.9)).startswith("Why the baseline rule fails there")


def test_what_tuning_trades_is_told_of_the_method_that_it_changes_most(demo):
    said = words.trade(demo)
    assert "A lower threshold finds more infected cells and flags more healthy ones" in said
    assert "takes the classic autoencoder from" in said


def test_without_labelled_cells_nothing_was_tuned(demo):
    untuned = replace(demo, methods=tuple(replace(one, after=None) for one in demo.methods))
    assert words.trade(untuned).endswith("that is the trade.")


@pytest.mark.parametrize(("names", "said"), [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b and c")])
def test_names_are_listed_as_in_a_sentence(names, said):
    assert words.listed(names) == said
