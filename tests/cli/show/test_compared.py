"""The table of a comparison on a narrow screen."""

from normocyte.cli.show.compared import _COST_HEADS, _HEADS
from normocyte.reports.comparison.words import COSTS
from normocyte.workflows.comparison.figures import compared_metrics


def test_each_metric_with_a_long_name_has_a_narrow_head():
    assert {metric.key for metric, _ in compared_metrics() if " " in metric.short} == set(_HEADS)


def test_the_heads_of_the_costs_are_their_names_in_several_lines():
    plain = [head.replace("-\n", "").replace("\n", " ") for head in _COST_HEADS]
    assert plain == list(COSTS)
