"""The table of a comparison on a narrow screen."""

import pytest

from normocyte.cli.show.compared import _HEADS, _cost_heads
from normocyte.reports.comparison.words import cost_names
from normocyte.results.comparison import Comparison
from normocyte.workflows.comparison.figures import compared_metrics


def test_each_metric_with_a_long_name_has_a_narrow_head():
    assert {metric.key for metric, _ in compared_metrics() if " " in metric.short} == set(_HEADS)


@pytest.mark.parametrize(("unit", "time"), [("cell", "ms a cell"), ("image", "ms an image")])
def test_the_heads_of_the_costs_are_their_names_in_several_lines(unit, time):
    plain = [head.replace("-\n", "").replace("\n", " ") for head in _cost_heads(unit)]
    assert plain == list(cost_names(Comparison((), (), "", 1, (), unit=unit)))
    assert time in plain
