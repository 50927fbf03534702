"""The parts joined: every image gets its own verdict, in its place."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.cell_checks.exposure import Exposure
from normocyte.cell_checks.gate import Gate
from normocyte.core.errors import ConfigError, ImageError, TrainingError
from normocyte.core.types import Sample
from normocyte.datasets.drawing.look import Kind
from normocyte.pipeline.pipeline import Calibration, prepare, stack
from normocyte.results.verdict import Cause, CauseCode, Outcome, Verdict
from normocyte.thresholds.mean_plus_sigma import MeanPlusSigma
from normocyte.thresholds.quantile import Quantile
from normocyte.wording.causes import sentence


def test_a_score_above_the_cut_is_suspicious_and_the_cut_itself_is_healthy(fake, picture):
    verdicts = fake.verdicts([picture(101), picture(100), picture(1)])
    assert [verdict.outcome for verdict in verdicts] == ["suspicious", "healthy", "healthy"]
    assert [verdict.score for verdict in verdicts] == [101, 100, 1]
    assert [verdict.is_flagged for verdict in verdicts] == [True, False, False]


@pytest.mark.parametrize(("value", "p_value"), [(5, 1.0), (10, 1.0), (11, 0.9), (90, 0.2), (91, 0.1)])
def test_the_p_value_counts_the_calibration_cells_that_score_as_high(fake, picture, value, p_value):
    assert fake.verdicts([picture(value)])[0].p_value == pytest.approx(p_value)


def test_an_image_that_cannot_be_assessed_gets_its_reason_and_disturbs_nobody(fake, picture):
    first, black, last = fake.verdicts([picture(7), picture(0), picture(200)])
    assert black.outcome is Outcome.NOT_ASSESSABLE
    assert black.cause == Cause(CauseCode.NOT_PREPARED, detail="it is black; give another picture.")
    assert np.isnan([black.score, black.p_value]).all()
    assert not black.is_flagged
    assert [first, last] == fake.verdicts([picture(7), picture(200)])


def test_an_image_in_which_nothing_counts_is_not_assessable(fake, picture):
    white = fake.verdicts([picture(7), picture(255)])[1]
    assert (white.outcome, white.cause) == (Outcome.NOT_ASSESSABLE, Cause(CauseCode.NOTHING_LEFT))
    assert np.isnan([white.score, white.p_value]).all()


def test_a_map_that_is_no_number_is_not_taken_for_an_empty_cell(fake, picture, monkeypatch):
    monkeypatch.setattr(
        type(fake.shown.detector), "maps", lambda _, batch: batch.pixels[..., 0] * np.float32("nan")
    )
    verdict = fake.verdicts([picture(7)])[0]
    assert (verdict.outcome, verdict.cause) == (Outcome.NOT_ASSESSABLE, Cause(CauseCode.NO_NUMBER))


def test_no_image_gets_no_verdict_and_only_bad_ones_get_only_reasons(fake, picture):
    assert fake.verdicts([]) == []
    assert {verdict.outcome for verdict in fake.verdicts([picture(0)] * 2)} == {Outcome.NOT_ASSESSABLE}


@given(values=st.lists(st.integers(0, 255), max_size=9))
def test_verdicts_stand_in_the_order_of_their_images(fake, picture, values):
    pictures = [picture(value) for value in values]
    alone = [fake.verdicts([image])[0] for image in pictures]
    assert [told(verdict) for verdict in fake.verdicts(pictures)] == [told(one) for one in alone]


def told(verdict: Verdict) -> str:
    """A verdict as text, so that NaN equals NaN."""
    return repr(verdict)


@pytest.mark.parametrize("seed", [1, 2])
def test_verdicts_are_the_scores_by_hand(trained, drawn, seed):
    pipeline, images = trained.pipeline, drawn(6, 10 + seed) + drawn(6, 20 + seed, Kind.TROPHOZOITE)
    batch = stack([prepare(pipeline.shown.steps, image) for image in images])
    scores = pipeline.shown.score.reduce(pipeline.maps(batch), batch.masks)
    verdicts = pipeline.verdicts(images)
    assert [verdict.score for verdict in verdicts] == scores.tolist()
    assert [verdict.is_flagged for verdict in verdicts] == (scores > pipeline.threshold.cut).tolist()


def test_infected_cells_have_smaller_p_values(trained, drawn):
    healthy, infected = drawn(12, 31), drawn(12, 32, Kind.TROPHOZOITE)
    usual, strange = (
        np.mean([verdict.p_value for verdict in trained.pipeline.verdicts(images)])
        for images in (healthy, infected)
    )
    assert 2 * strange < usual


def test_an_image_of_another_size_than_was_learnt_is_not_assessable(trained, drawn):
    (member,) = trained.pipeline.members
    pipeline = replace(trained.pipeline, members=(replace(member, steps=member.steps[:1]),))
    (verdict,) = pipeline.verdicts([drawn(1, 1)[0][:40, :50]])
    assert sentence(verdict.cause) == (
        "after preprocessing it is 40 x 50 x 3, but the detector learnt from images of 32 x 32 x 1; "
        'give images of that size or train with the step "resize".'
    )


def test_a_pipeline_without_a_cut_does_not_call_everybody_healthy(fake, picture):
    with pytest.raises(TrainingError, match=r"no threshold yet \(nan\); fit its threshold"):
        replace(fake, threshold=Quantile()).verdicts([picture(7)])


def test_without_calibration_every_p_value_is_1(fake, picture):
    verdicts = replace(fake, calibration=Calibration()).verdicts([picture(7), picture(200)])
    assert [verdict.p_value for verdict in verdicts] == [1, 1]


def test_the_rule_can_be_asked_for_another_rate(fake, picture):
    lax = fake.at_rate(0.5)
    assert (lax.threshold.false_positive_rate, lax.threshold.cut) == (0.5, 50)
    assert [verdict.is_flagged for verdict in lax.verdicts([picture(49), picture(51)])] == [False, True]
    assert fake.threshold.cut == 100


def test_a_rule_without_a_rate_cannot_be_asked_for_one(fake):
    with pytest.raises(ConfigError, match=r"mean_plus_sigma has no false-positive rate that could be 0\.05"):
        replace(fake, threshold=MeanPlusSigma()).at_rate(0.05)


def test_preparing_starts_from_float_pixels_that_all_count(picture):
    sample = prepare((), picture(7))
    assert (sample.pixels.dtype, sample.mask.dtype) == (np.float32, np.uint8)
    assert (sample.pixels == 7).all()
    assert (sample.mask == 1).all()


def test_an_image_that_a_step_refuses_cannot_be_prepared(fake, picture):
    with pytest.raises(ImageError, match="it is black"):
        fake.prepare(picture(0))


def test_samples_of_several_sizes_cannot_be_stacked_and_the_way_out_is_told():
    samples = [Sample(np.zeros((side, 4, 3), np.float32), np.ones((side, 4), np.uint8)) for side in (4, 6, 5)]
    with pytest.raises(ConfigError, match=r'3 sizes, from \(4, 4\) to \(6, 4\).*add the step "resize"'):
        stack(samples)


@given(scores=st.lists(st.floats(allow_nan=False), max_size=20))
def test_calibration_cells_are_sorted_together_with_their_patients(scores):
    array = np.array(scores, dtype=float)
    names = np.array([f"P{score}" for score in scores], dtype=np.str_)
    sorted_cells = Calibration.of(array, names)
    assert sorted_cells.scores.tolist() == sorted(scores)
    assert sorted_cells.patients.tolist() == [f"P{score}" for score in sorted_cells.scores.tolist()]


def test_what_the_gate_refuses_is_not_scored_and_disturbs_nobody(fake, picture):
    gate = Gate((Exposure(),))
    gate.learn({"brightness": np.linspace(90, 110, 50, dtype=np.float32)}, patients=50)
    gated = replace(fake, gate=gate)
    first, dark, last = gated.verdicts([picture(99), picture(7), picture(101)])
    assert (dark.outcome, np.isnan(dark.score)) == (Outcome.NOT_ASSESSABLE, True)
    assert dark.cause.is_refusal
    assert sentence(dark.cause).startswith("unlike the healthy cells of the training: too dark (")
    assert [first, last] == fake.verdicts([picture(99), picture(101)])
    assert gated.at_rate(0.2).gate is gate
