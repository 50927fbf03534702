"""Cells that a bundle finds odd teach nothing, and few are left out of the calibration."""

from pathlib import Path

import numpy as np
import pytest

from normocyte.core.types import HEALTHY, Part, Record, Source
from normocyte.datasets.splits.split import Split
from normocyte.workflows.site.cut_cells import OF_CALIBRATION, OF_LEARNING, set_aside

CELLS = 1000


@pytest.fixture
def parts():
    """A thousand cells to learn from and as many to calibrate with, ten cells a patient."""
    records = tuple(
        Record(Source(Path(f"{number}.png")), HEALTHY, f"p{number // 10}") for number in range(2 * CELLS)
    )
    return Split(records, (Part.TRAIN,) * CELLS + (Part.CALIBRATION,) * CELLS)


def scores_of(parts, values):
    return {record.source.path: value for record, value in zip(parts.records, values, strict=True)}


def left_out(parts):
    return {record.source.path for record in parts.part(Part.LEFT_OUT)}


def test_the_oddest_twentieth_teaches_nothing_though_the_bundle_flags_none(parts):
    values = np.r_[np.arange(CELLS), np.zeros(CELLS)]
    kept, aside = set_aside(parts, scores_of(parts, values), cut=np.inf)
    assert aside.learning == pytest.approx(OF_LEARNING * CELLS, abs=1)
    assert left_out(kept) == {Path(f"{number}.png") for number in range(CELLS - aside.learning, CELLS)}


def test_only_flagged_cells_leave_the_calibration(parts):
    values = np.r_[np.zeros(CELLS), np.arange(CELLS)]
    kept, aside = set_aside(parts, scores_of(parts, values), cut=CELLS - 4.5)
    assert aside.calibration == 4
    assert left_out(kept) == {Path(f"{2 * CELLS - number}.png") for number in range(1, 5)}


def test_at_most_a_fiftieth_leaves_the_calibration_of_a_bundle_whose_cut_does_not_hold_here(parts):
    values = np.r_[np.zeros(CELLS), np.arange(CELLS)]
    _, aside = set_aside(parts, scores_of(parts, values), cut=-1.0)
    assert 0 < aside.calibration <= OF_CALIBRATION * CELLS


def test_the_sentence_says_by_how_much_the_rate_may_be_missed(parts):
    values = np.r_[np.zeros(CELLS), np.arange(CELLS)]
    _, aside = set_aside(parts, scores_of(parts, values), cut=CELLS - 4.5)
    assert "4 of 1,000 calibration cells" in aside.sentence
    assert "0.4 % more than it states" in aside.sentence


def test_where_no_cell_is_flagged_no_doubt_is_cast_on_the_cut(parts):
    _, aside = set_aside(parts, scores_of(parts, np.zeros(2 * CELLS)), cut=1.0)
    assert (aside.learning, aside.calibration) == (0, 0)
    assert "than it states" not in aside.sentence


def test_a_cell_without_a_score_stays(parts):
    values = np.full(2 * CELLS, np.nan)
    kept, _ = set_aside(parts, scores_of(parts, values), cut=0.0)
    assert not left_out(kept)
