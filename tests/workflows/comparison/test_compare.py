"""The loop over runs: who listens, what a failure stops, what a stop keeps, which cells are common."""

import contextlib
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from normocyte.core.cancel import Stopped
from normocyte.core.errors import ConfigError, Interrupted, OutputError, TrainingError
from normocyte.core.progress import Silent
from normocyte.core.types import Record, Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions
from normocyte.metrics.differences.paired import holm
from normocyte.pipeline.recipe.configurations import configurations
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.pipeline.recipe.sweep import Named
from normocyte.workflows.comparison import run as runs
from normocyte.workflows.comparison.compare import CompareRequest
from normocyte.workflows.comparison.figures import (
    SeedCells,
    common_rows,
    compared_metrics,
    draws_for,
    mean_costs,
    measured,
)
from normocyte.workflows.comparison.run import (
    Measure,
    Run,
    all_runs,
    judged_alike,
    kept_run,
    place_of,
)
from normocyte.workflows.comparison.words import has_own_split

NAMED = (Named("one", find_recipe("pca")), Named("two", find_recipe("contrast")))
COHORT = Cohort("synthetic", ())
NAN = float("nan")


def made(rows=(0, 1, 2), seconds=1.0):
    return Run(np.array(rows), np.arange(float(len(rows))), Measure(seconds, 0.5, 10, 100))


@pytest.fixture
def work(monkeypatch, tmp_path):
    """Makes all runs with a fake in place of training; gives what was done, and the titles that were said."""

    def call(run, named=NAMED, seeds=2):
        titles = []

        @contextlib.contextmanager
        def listen(title):
            titles.append(title)
            yield Silent()

        monkeypatch.setattr(runs, "run", run)
        done = all_runs(named, COHORT, [[]] * seeds, tmp_path, listen)
        return done, titles

    return call


def test_each_configuration_gets_every_seed(work):
    done, titles = work(lambda recipe, *_: made(seconds=recipe.seed))
    assert [[run.measure.training_s for run in one.runs] for one in done.outcomes] == [[0, 1], [0, 1]]
    assert titles == [
        "one, seed 0 (1 of 4)",
        "one, seed 1 (2 of 4)",
        "two, seed 0 (3 of 4)",
        "two, seed 1 (4 of 4)",
    ]


def test_after_a_failure_the_next_configuration_goes_on(work):
    def run(recipe, *_):
        if "contrast_map" in str(recipe.members[0].detector.__module__):
            return made()
        raise TrainingError("The loss is not a number.")

    done, titles = work(run)
    assert [one.failure for one in done.outcomes] == ["seed 0: The loss is not a number.", ""]
    assert [len(one.runs) for one in done.outcomes] == [0, 2]
    assert titles == ["one, seed 0 (1 of 4)", "two, seed 0 (3 of 4)", "two, seed 1 (4 of 4)"]


def test_a_stop_says_how_many_runs_are_kept(work, tmp_path):
    def run(recipe, *_):
        if recipe.seed:
            raise Stopped
        return made()

    with pytest.raises(Interrupted, match=rf"after 1 of 4 runs; what is done is kept in {tmp_path}"):
        work(run)


@pytest.mark.parametrize("error", [OutputError("The disk is full."), Interrupted("Stopped.")])
def test_what_concerns_all_runs_is_no_failure_of_one(error, work):
    def run(*_):
        raise error

    with pytest.raises(type(error)):
        work(run)


def test_a_run_is_kept_by_recipe_seed_data_and_doubts(tmp_path):
    recipe = judged_alike(find_recipe("pca"), 0)
    other = Cohort("synthetic", (), frozenset({"doubted"}))
    places = [
        place_of("pca", recipe, COHORT, tmp_path),
        place_of("pca", recipe.seeded(1), COHORT, tmp_path),
        place_of("pca", judged_alike(find_recipe("contrast"), 0), COHORT, tmp_path),
        place_of("pca", recipe, other, tmp_path),
        place_of("pca", recipe, Cohort("synthetic", (Record(Source(tmp_path), 0, "P"),)), tmp_path),
    ]
    assert len(set(places)) == 5
    assert place_of("pca", recipe, COHORT, tmp_path) == places[0]


def test_a_name_that_is_no_file_name_gets_a_folder_all_the_same(tmp_path):
    place = place_of('a/b:c*"' + "x" * 300, judged_alike(find_recipe("pca"), 0), COHORT, tmp_path)
    assert place.parent == tmp_path
    assert place.name.startswith("a-b-c-xxx")
    assert len(place.name) < 100


def test_a_split_of_its_own_is_set_aside(tmp_path):
    text = (configurations() / "pca.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(f'{text}\n[split]\nprotocol = "clean_patients"\n', encoding="utf-8")
    recipe = find_recipe(str(tmp_path / "own.toml"))
    alike = judged_alike(recipe, 5)
    assert (has_own_split(recipe), has_own_split(alike)) == (True, False)
    assert (alike.seed, alike.protocol, alike.fractions) == (5, "mixed", Fractions())


def test_no_run_is_kept_where_there_is_none(tmp_path):
    assert kept_run(tmp_path, []) is None


def test_only_cells_that_all_could_judge_count():
    runs = [(made((0, 1, 2)), made((0, 3))), (made((1, 2, 4)), made((0, 3)))]
    assert [rows.tolist() for rows in common_rows(runs)] == [[1, 2], [0, 3]]


def cells_and_runs():
    """Forty patients of one seed, a good and a useless configuration."""
    random = np.random.default_rng(3)
    labels = np.tile([0, 1], 200).astype(np.int8)
    patients = np.repeat([f"C{number:02}" for number in range(40)], 10)
    test = SeedCells(labels, patients, np.zeros(400, np.bool_))
    scores = (labels + 0.3 * random.normal(size=400), random.normal(size=400))
    costs = Measure(1.0, 0.5, 10, 100)
    return test, [(Run(np.arange(400), own, costs),) for own in scores]


def test_a_useless_configuration_is_surely_worse_than_a_good_one():
    test, runs = cells_and_runs()
    good, useless = measured(runs, [test], common_rows(runs), 0, Silent())
    assert len(good) == len(compared_metrics())
    assert all(one.is_worse for one in useless)
    assert not any(one.is_worse or one.is_better for one in good)


def test_without_a_reference_nothing_is_compared():
    test, runs = cells_and_runs()
    rows = measured(runs, [test], common_rows(runs), -1, Silent())
    assert np.isnan([one.p_value for row in rows for one in row]).all()


@pytest.mark.parametrize("configurations", [1, 12, 64, 400])
def test_there_are_draws_enough_for_a_corrected_p_value_to_be_small(configurations):
    smallest = 2 / (1 + draws_for(configurations))
    assert holm([smallest] * configurations)[0] < 0.05


def test_a_time_that_is_not_known_is_left_out_of_the_mean():
    costs = mean_costs([Measure(NAN, 1.0, 10, 100), Measure(4.0, 3.0, 10, 300)])
    assert (costs.training_s, costs.ms_per_cell, costs.bundle_bytes) == (4.0, 2.0, 200.0)


def test_the_first_configuration_is_the_reference():
    assert CompareRequest.of(["contrast", "pca"]).reference == "contrast"


def test_names_that_stand_twice_are_all_told():
    with pytest.raises(ConfigError, match="'pca', 'contrast' would be compared twice; give every"):
        CompareRequest.of(["pca", "contrast", "pca", "contrast"])


def test_doubts_go_by_the_stem_of_the_file():
    records = [SimpleNamespace(source=SimpleNamespace(name=name)) for name in ("a.png", "b.png")]
    assert Cohort("synthetic", (), frozenset({"b"})).is_doubtful(records).tolist() == [False, True]


def test_a_recipe_under_another_name_or_with_other_notes_is_not_run_again(tmp_path):
    recipe = judged_alike(find_recipe("pca"), 1)
    place = place_of("pca", recipe, COHORT, tmp_path)
    place.mkdir()
    (place / "run.json").touch()
    again = judged_alike(replace(find_recipe("pca"), notes="Read me."), 1)
    assert place_of("mine", again, COHORT, tmp_path) == place
    assert place_of("pca", judged_alike(recipe, 2), COHORT, tmp_path) != place
