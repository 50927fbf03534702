"""The recipe for images of any kind, as it comes along, on cells."""

from dataclasses import replace

import numpy as np
import pytest

from normocyte.core.progress import Silent
from normocyte.core.types import Part
from normocyte.datasets.drawing.look import Kind
from normocyte.pipeline.bundle.bundle import Bundle, load_bundle, save_bundle
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.pipeline import Calibration, stacked
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.training.prepare import PreparedCells
from normocyte.workflows.training.train import TrainingPlan, fit_members, fit_scores


@pytest.fixture(scope="module")
def views(drawn):
    """Drawn cells as the recipe's members see them, by their number, seed and kind."""
    pipeline = find_recipe("features").pipeline()
    return lambda *which: stacked(list(pipeline.prepare_views(drawn(*which))))


@pytest.fixture(scope="module")
def learnt(views, tmp_path_factory):
    """The recipe with 300 patches to remember, learnt from 40 cells and 24 held-out ones."""
    recipe = find_recipe("features")
    first = replace(recipe.members[0], detector=replace(recipe.members[0].detector, patches=300))
    recipe = replace(recipe, members=(first, *recipe.members[1:]))
    plan = TrainingPlan(recipe, recipe.pipeline(), None, None)
    cells = {
        part: PreparedCells(views(number, seed), np.array(["C1"] * number), np.zeros(number, np.int8), ())
        for part, number, seed in ((Part.TRAIN, 40, 1), (Part.HELD_OUT, 24, 2))
    }
    fit_members(plan, cells, tmp_path_factory.mktemp("checkpoints"), Silent())
    fit_scores(plan, cells[Part.TRAIN].batches, cells[Part.HELD_OUT].batches)
    return plan


def test_what_was_learnt_from_is_less_unusual_than_other_healthy_cells(learnt, views):
    known, other = (np.median(learnt.pipeline.member_scores(*views(24, seed)), axis=0) for seed in (1, 2))
    assert (known < other).all()


def test_tails_come_from_held_out_cells_where_a_detector_remembers_its_own(learnt, views):
    alone = Fusion()
    alone.fit(learnt.pipeline.member_scores(*views(24, 2)))
    np.testing.assert_array_equal(learnt.pipeline.fusion.grid_, alone.grid_)


def test_infected_cells_are_more_unusual_than_healthy_ones(learnt, views):
    healthy = learnt.pipeline.scores(*views(24, 3))
    infected = learnt.pipeline.scores(*views(24, 4, Kind.TROPHOZOITE))
    assert np.mean(infected[:, np.newaxis] > healthy) > 0.85


def test_a_bundle_gives_the_same_scores(learnt, views, trained, tmp_path):
    pipeline, healthy = learnt.pipeline, views(24, 3)
    scores, patients = pipeline.scores(*healthy), np.array(["C1", "C2"] * 12)
    pipeline.calibration = Calibration.of(scores, patients)
    pipeline.threshold.fit(scores, patients, np.zeros(24, np.int8))
    save_bundle(Bundle(pipeline, learnt.recipe, trained.facts), tmp_path / "bundle")
    again = load_bundle(tmp_path / "bundle").pipeline.scores(*healthy)
    np.testing.assert_array_equal(again, scores)
