"""A comparison made after the first stands in the page of results as a section of its own."""

import copy
import json

import pytest

from normocyte.core.errors import DatasetError
from studies.kit.pages import kept_results
from studies.results import further as module
from studies.results import run

METRICS = {"auroc": "AUROC", "ap": "AP"}


def figures(auroc, ap):
    """The figures of two seeds, the same for both sets of labels."""
    one = {
        key: {"by_seed": values, "difference": {"value": -0.02}, "p_value_holm": 0.01}
        for key, values in (("auroc", auroc), ("ap", ap))
    }
    return {"failure": "", "costs": {"ms_per_cell": 2.0}, "all_labels": one, "without_doubtful": one}


def comparison(reference="base", data="5c54", **configurations):
    """What is kept of a comparison."""
    told = {"reference": reference, "seeds": 2, "metrics": METRICS, "configurations": configurations}
    done = f"- Data: cells\n- Fingerprint of the data: {data}"
    return {"told": told, "sections": {"How it was done": done}}


BASE = figures([0.9, 0.8], [0.5, 0.4])
FIRST = comparison(base=BASE, rule=BASE)
FURTHER = comparison(base=BASE, network=figures([0.7, 0.7], [0.2, 0.2]))


def test_what_a_further_comparison_adds_is_what_the_first_has_not():
    assert module.added(FIRST, FURTHER) == ["network"]


def test_configurations_with_the_same_figures_in_both_are_said_to_agree():
    assert module.agreement(FIRST["told"], FURTHER["told"]) == (
        "Both runs have `base`. Seed by seed, their figures are the same in both."
    )


def test_the_largest_difference_between_both_is_stated_metric_by_metric():
    other = comparison(base=figures([0.9, 0.803], [0.5, 0.4]), network=BASE)
    assert module.agreement(FIRST["told"], other["told"]).endswith(
        "are apart by at most 0.0030 in AUROC; they are the same in AP."
    )


def test_seeds_that_only_one_of_both_has_are_not_compared():
    other = comparison(base=figures([0.9], [0.5]), network=BASE)
    assert module.agreement(FIRST["told"], other["told"]).endswith("are the same in both.")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (comparison("network", base=BASE, network=BASE), "Run normocyte compare with --reference base."),
        (comparison(data="77aa", base=BASE, network=BASE), "Compare on the same data."),
        (comparison(base=BASE, rule=BASE), "it adds nothing to the page."),
    ],
)
def test_a_comparison_that_cannot_stand_beside_the_first_is_refused(other, why):
    with pytest.raises(DatasetError, match=why):
        module.with_further(FIRST, other)


def test_a_further_comparison_of_the_same_configuration_replaces_the_earlier_one():
    first = FIRST | {"further": [FURTHER, comparison(base=BASE, pca=BASE)]}
    again = comparison(base=BASE, network=BASE)
    kept = module.with_further(first, again)
    assert [module.added(FIRST, one) for one in kept] == [["pca"], ["network"]]
    assert kept[-1] is again


def test_a_new_first_comparison_keeps_only_what_is_further_to_it():
    known = {"further": [FURTHER, comparison(base=BASE, pca=BASE)]}
    assert module.still_further(comparison(base=BASE, network=BASE), known) == known["further"][1:]
    assert module.still_further(comparison(data="77aa", base=BASE), known) == []


@pytest.fixture(scope="module")
def with_stain_rule():
    """The kept results, with the stain rule as if it had been compared on another day."""
    first = kept_results(run.KEPT, run.SCHEMA) | {"further": []}
    own = copy.deepcopy(first) | {"made": "2031-01-02", "notes": ["- 3 test cells are left out for all."]}
    own["told"]["configurations"] = {
        name: own["told"]["configurations"][name] for name in ("local_contrast", "stain_rule")
    }
    del first["told"]["configurations"]["stain_rule"]
    return first | {"further": [own], "not_compared": ["site", "stain_rule"]}


def test_the_page_shows_a_further_comparison_with_its_day_its_command_and_its_difference(with_stain_rule):
    before, _, section = run.page(with_stain_rule, "").partition("\n## Measured in a run of its own\n")
    assert "were not measured here: `site`." in " ".join(before.split())
    assert "[A run of its own](#measured-in-a-run-of-its-own) measured `stain_rule`." in before
    assert "### `stain_rule`\n\nMade on 2031-01-02 by" in section
    assert "python -m studies.results --data DIR --further COMPARED" in section
    assert "- `stain_rule`: worse than `local_contrast` in AUROC, all labels (\u22120.007)" in section
    assert "Both runs have `local_contrast`. Seed by seed, their figures are the same in both." in section
    assert "\n##### All labels: difference from local_contrast\n" in section


def test_the_verdicts_above_are_those_of_the_first_comparison_alone(with_stain_rule):
    earned = run.page(with_stain_rule, "").partition("## Which detectors")[2].partition("\n## ")[0]
    assert "`stain_rule`" not in earned
    assert "`default`" in earned


def test_adding_a_comparison_leaves_the_first_and_its_day_as_they_were(tmp_path, monkeypatch):
    place = tmp_path / "kept.json"
    whole = json.loads(run.KEPT.read_text(encoding="utf-8"))
    first = whole["results"] | {"further": []}
    del first["told"]["configurations"]["stain_rule"]
    place.write_text(json.dumps(whole | {"made": "2031-01-01", "results": first}), encoding="utf-8")
    own = json.loads(run.KEPT.read_text(encoding="utf-8"))["results"] | {"notes": []}
    monkeypatch.setattr(run.Compared, "of", lambda folder: folder)
    monkeypatch.setattr(run, "collected", lambda *_: own)
    words = ["--data", "cells", "--further", "folder", "--keep", place, "--page", tmp_path / "page.md"]
    monkeypatch.setattr("sys.argv", ["results", *map(str, words)])
    run.main()
    found = kept_results(place, run.SCHEMA)
    assert (found["made"], len(found["further"])) == ("2031-01-01", 1)
    assert found["told"] == first["told"]
    assert "### `stain_rule`" in (tmp_path / "page.md").read_text(encoding="utf-8")
