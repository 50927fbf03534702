"""A run lists the files of its data set once, and splits it once for each seed."""

import pytest

from normocyte.core.inputs import sources
from normocyte.datasets.splits.assignment import Assignment


@pytest.fixture
def counted(monkeypatch):
    """Counts how often the files of a folder or zip are listed, and how often records are split."""
    counts = {"listed": 0, "split": 0}

    def count(key, call):
        def counting(*given):
            counts[key] += 1
            return call(*given)

        return counting

    for name in ("_files", "_members"):
        monkeypatch.setattr(sources, name, count("listed", getattr(sources, name)))
    monkeypatch.setattr(Assignment, "run", count("split", Assignment.run))
    return counts


@pytest.mark.parametrize("form", ["cells", "zipped"])
def test_the_demo_lists_and_splits_once(call, counted, recipes, tmp_path, request, form):
    data = request.getfixturevalue(form)
    outcome = call("demo", "--data", data, "--config", recipes["pca"], "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert counted == {"listed": 1, "split": 1}


def test_a_comparison_lists_once_and_splits_once_a_seed(call, counted, cells, recipes, tmp_path):
    configs = (recipes["pca"], "contrast", "stain_rule")
    outcome = call("compare", *configs, "--seeds", 2, "--data", cells, "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert counted == {"listed": 1, "split": 2}


def test_training_evaluating_and_checking_each_list_once(call, counted, cells, bundle, recipes, tmp_path):
    for words in (
        ("train", recipes["pca"], "--data", cells, "--out", tmp_path / "bundle"),
        ("evaluate", bundle, cells, "--out", tmp_path / "report"),
        ("data", "check", cells),
    ):
        counted["listed"] = 0
        assert call(*words).exit_code == 0
        assert counted["listed"] == 1, words
