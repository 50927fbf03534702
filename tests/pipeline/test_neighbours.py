"""Whether a cell is compared with the others of its photo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.pipeline.bundle.bundle import load_bundle, save_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.pipeline.neighbours import FEWEST, Neighbours, looks
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.info import in_photos

RED, BLUE = (190, 120, 130), (112, 108, 168)


def cell(colour, seed=0, noise=3.0, light=1.0):
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[:60, :60] - 29.5
    pixels = np.clip((np.array(colour) + rng.normal(0, noise, (60, 60, 1))) * light, 1, 255)
    return (pixels * (np.hypot(down, right) < 27)[..., np.newaxis]).astype(np.uint8)


@pytest.fixture
def learnt():
    rng = np.random.default_rng(1)
    patients = np.repeat([f"P{number}" for number in range(20)], 30)
    shifts = np.repeat(rng.normal(0, 0.3, (20, 3)), 30, axis=0)
    neighbours = Neighbours()
    neighbours.learn(rng.exponential(size=600), shifts + rng.normal(0, 0.02, (600, 3)), patients)
    return neighbours.cut_by(Quantile(0.01))


def test_a_lamp_of_another_brightness_changes_no_look():
    one, other = looks(Thumbnails.of([cell(RED), cell(RED, light=0.8)]))
    np.testing.assert_allclose(one, other, atol=0.01)


def test_a_cell_of_another_colour_than_its_neighbours_is_above_the_cut(learnt):
    field = [*(cell(RED, seed) for seed in range(20)), cell(BLUE)]
    scores = learnt.scores(np.ones(21), looks(Thumbnails.of(field)))
    assert scores[-1] > learnt.cut
    assert scores[:-1].max() < learnt.cut


def test_another_stain_of_the_whole_field_changes_nothing(learnt):
    table = np.random.default_rng(2).normal(0, 0.02, (30, 3))
    scores = np.linspace(0, 3, 30)
    np.testing.assert_allclose(learnt.scores(scores, table), learnt.scores(scores, table + 5.0))


def test_few_cells_are_compared_with_the_calibration_cells(learnt):
    table = np.zeros((FEWEST - 1, 3))
    table[0] = 30.0
    scores = learnt.scores(np.ones(FEWEST - 1), table)
    assert scores[0] > learnt.cut > scores[1]


def test_a_cell_without_a_score_stays_without_one(learnt):
    scores = learnt.scores(np.array([np.nan, *np.ones(9)]), np.zeros((10, 3)))
    assert np.isnan(scores).tolist() == [True, *[False] * 9]


def test_the_cut_flags_its_rate_of_healthy_cells_in_fields(learnt):
    assert np.mean(learnt.calibration.scores > learnt.cut) == pytest.approx(0.01, abs=0.002)


def test_nothing_is_learnt_from_cells_of_nobody_known():
    neighbours = Neighbours()
    neighbours.learn(np.ones(100), np.zeros((100, 3)), np.full(100, "", np.str_))
    assert not neighbours.has_learnt


def test_what_comes_along_judges_fields_and_survives_being_kept(tmp_path: Path):
    bundle = load_bundle(bundle_folder(Path("shipped")))
    save_bundle(bundle, tmp_path / "kept")
    kept = load_bundle(tmp_path / "kept").pipeline.in_fields()
    assert kept.is_in_fields
    assert kept.threshold.cut == bundle.pipeline.neighbours.cut != bundle.pipeline.threshold.cut
    np.testing.assert_array_equal(kept.calibration.scores, bundle.pipeline.in_fields().calibration.scores)


def test_a_flagged_cell_in_fields_has_a_p_value_below_the_rate():
    pipeline = load_bundle(bundle_folder(Path("shipped"))).pipeline.in_fields()
    (verdict,) = pipeline.decide(np.array([np.nextafter(pipeline.threshold.cut, np.inf)]))
    assert verdict.is_flagged
    assert verdict.p_value <= 0.01


def test_a_pipeline_that_learnt_no_neighbours_judges_each_cell_alone():
    pipeline = load_bundle(bundle_folder(Path("shipped"))).pipeline
    pipeline.neighbours = Neighbours()
    assert pipeline.in_fields() is pipeline


def test_info_says_whether_cells_of_a_photo_are_compared_with_each_other():
    shipped = load_bundle(bundle_folder(Path("shipped"))).pipeline
    assert in_photos(shipped).startswith("cells are compared with their neighbours, threshold ")
    assert in_photos(replace(shipped, neighbours=Neighbours())).startswith("each cell is judged alone")
