"""Shortcut baselines beside a detector: planted differences are found, and nothing is claimed of nothing."""

import functools

import numpy as np
import pytest

from normocyte.core.inputs.stored import StoredFile, StoredImage
from normocyte.engine.shortcuts.beside import contrasts_of, shortcuts_beside
from normocyte.engine.shortcuts.measured import Judge, Learnt, Measures, measured


def image(seed, brighter=0, size_bytes=2000):
    pixels = np.random.default_rng(seed).normal(120 + brighter, 25, (24, 24, 1)).clip(0, 255).astype(np.uint8)
    return StoredImage(np.repeat(pixels, 3, axis=2), StoredFile(size_bytes + seed % 50, "PNG"))


@functools.cache
def measures(anomalous, learnt=60, in_memory=False):
    healthy = [image(seed) for seed in range(learnt + 40)]
    every = [*healthy, *anomalous]
    rows = tuple(measured([StoredImage(one.pixels) for one in every] if in_memory else every))
    names = np.array([f"C{number}" for number in range(len(rows))])
    labels = np.repeat([0, 1], [40, len(anomalous)]).astype(np.int8)
    before = Learnt(rows[:learnt], tuple(names[:learnt].tolist()))
    return Measures(labels, names[learnt:], rows[learnt:], before)


SAME = tuple(image(seed) for seed in range(500, 540))
LARGER = tuple(image(seed, size_bytes=2100) for seed in range(500, 540))
BRIGHTER = tuple(image(seed, brighter=4) for seed in range(500, 540))


def differing(cells):
    return {one.name for one in contrasts_of(cells) if one.differs}


def test_what_is_planted_is_named():
    assert differing(measures(LARGER)) == {"file_size"}
    assert "brightness" in differing(measures(BRIGHTER))


def test_nothing_planted_is_nothing_found():
    assert differing(measures(SAME)) == set()


def test_a_baseline_as_good_as_the_detector_comes_close_and_a_worse_one_does_not():
    cells = measures(LARGER)
    found = shortcuts_beside(cells.labels + np.random.default_rng(0).normal(0, 0.01, 80), cells)
    assert {row.name for row in found.close} == {"file_size"}
    assert found.best.name == "file_size"
    assert found.best.auroc.value == pytest.approx(1, abs=0.05)


def test_a_detector_at_random_is_better_than_none():
    found = shortcuts_beside(np.random.default_rng(0).normal(size=80), measures(SAME))
    assert len(found.close) == len(found.rows)


def test_baselines_for_which_all_images_are_alike_have_no_row():
    found = shortcuts_beside(np.arange(80.0), measures(SAME))
    names = {row.name for row in found.rows}
    assert not names & {"file_format", "image_size", "colour_cast", "colour_histogram"}
    assert {"file format", "image size"} <= set(found.alike)


def test_images_in_memory_have_no_file_to_judge():
    cells = measures(SAME, in_memory=True)
    assert {judge.name for judge in cells.scores()} & {"file_size", "file_format"} == set()
    assert {"gray_histogram", "border"} <= {judge.name for judge in cells.scores()}


def test_without_learnt_images_the_healthy_test_images_of_other_folds_say_what_is_usual():
    cells = measures(BRIGHTER, learnt=0)
    found = cells.scores()
    assert not cells.is_learnt_before
    assert Judge("brightness", uses_labels=False) in found
    assert not any(judge.name == "near_duplicates" for judge in found)


def test_too_few_healthy_images_are_said():
    few = measures(SAME)
    rows = [*np.flatnonzero(few.labels == 1)[:20].tolist(), 0, 1, 2]
    cells = Measures(few.labels[rows], few.patients[rows], tuple(few.measured[row] for row in rows), Learnt())
    assert shortcuts_beside(np.arange(23.0), cells).why_not.endswith("and 3 are at hand.")


def test_scores_of_an_image_do_not_depend_on_its_own_label():
    cells = measures(SAME)
    flipped = cells.labels.copy()
    flipped[0] = 1
    other = Measures(flipped, cells.patients, cells.measured, cells.learnt)
    judge = Judge("gray_histogram", uses_labels=True)
    assert other.scores()[judge][0] == pytest.approx(cells.scores()[judge][0])
