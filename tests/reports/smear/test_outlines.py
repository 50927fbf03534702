"""The outlines of a photo: they show what was found, and hide nothing."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.reports.smear.kinds import LINES, DisplayClass, way_of, ways_of
from normocyte.reports.smear.outlines import outlined
from normocyte.results.smear import Detection
from normocyte.results.verdict import Outcome, Verdict

NAN = float("nan")
KINDS = st.sampled_from(list(CellKind))
OUTCOMES = st.sampled_from(list(Outcome))
PLACES = st.integers(-30, 130)


def disc(side):
    rows, columns = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    return rows**2 + columns**2 <= 1


def detection(outcome=Outcome.HEALTHY, kind=CellKind.RED_CELL, x=40, y=40, side=40):
    verdict = (
        Verdict(outcome, 1.0, 0.5) if outcome is not Outcome.NOT_ASSESSABLE else Verdict(outcome, NAN, NAN)
    )
    return Detection(SegmentedCell(x, y, disc(side), kind), verdict, outcome is not Outcome.NOT_ASSESSABLE)


def photo(height=120, width=160):
    return np.random.default_rng(0).integers(100, 200, (height, width, 3), np.uint8)


def changed(pixels, detections):
    return (outlined(pixels, detections)[: len(pixels)] != pixels).any(axis=2)


def has(picture, way):
    return bool((picture == LINES[way].colour).all(axis=2).any())


def test_the_photo_itself_is_not_written_on():
    pixels = photo()
    before = pixels.copy()
    outlined(pixels, [detection(Outcome.SUSPICIOUS)])
    assert np.array_equal(pixels, before)


def test_without_things_the_photo_stays_and_a_legend_stands_below():
    pixels = photo()
    drawn = outlined(pixels, [])
    assert np.array_equal(drawn[: len(pixels)], pixels)
    assert len(drawn) > len(pixels)
    assert drawn[-1].min() == 255


def test_nothing_of_a_suspicious_cell_is_hidden():
    inside = np.zeros((120, 160), np.bool_)
    inside[40:80, 40:80] = disc(40)
    where = changed(photo(), [detection(Outcome.SUSPICIOUS)])
    assert where.any()
    assert not (where & inside).any()


@pytest.mark.parametrize("kind", CellKind)
def test_every_other_line_stays_in_the_rim_of_its_mask(kind):
    rim = np.zeros((120, 160), np.bool_)
    rim[40:80, 40:80] = disc(40)
    rim[43:77, 43:77] &= ~disc(34)
    where = changed(photo(), [detection(Outcome.NOT_ASSESSABLE, kind)])
    assert where.any()
    assert not (where & ~rim).any()


def test_a_suspicious_line_is_thicker_than_a_quiet_one():
    number = np.zeros((120, 160), np.bool_)
    number[38:82, 36:84] = True
    thick = changed(photo(), [detection(Outcome.SUSPICIOUS)]) & number
    assert thick.sum() > 1.8 * changed(photo(), [detection()]).sum()


def test_each_way_has_a_line_that_no_other_has():
    assert len({(line.colour, line.is_thick, line.is_dashed) for line in LINES.values()}) == len(DisplayClass)


def test_the_legend_shows_the_lines_that_stand_in_the_photo():
    pixels = photo(width=900)
    drawn = outlined(pixels, [detection(Outcome.NOT_ASSESSABLE, CellKind.PLATELET)])
    legend = drawn[len(pixels) :]
    assert [
        has(legend, way) for way in (DisplayClass.SUSPICIOUS, DisplayClass.HEALTHY, DisplayClass.PLATELET)
    ] == [True] * 3
    assert not has(legend, DisplayClass.DEBRIS)


def test_a_legend_takes_more_rows_in_a_narrow_photo():
    detections = [detection(Outcome.NOT_ASSESSABLE, kind, side=9, x=0, y=0) for kind in CellKind]
    assert len(outlined(photo(50, 60), detections)) > len(outlined(photo(50, 600), detections))


def test_a_cell_that_does_not_count_is_not_shown_as_suspicious():
    uncounted = Detection(detection().cell, Verdict(Outcome.SUSPICIOUS, 9.0, 0.01), is_counted=False)
    assert way_of(uncounted) is DisplayClass.NOT_COUNTED


def test_things_are_counted_by_what_they_are_to_the_reader():
    kinds = (CellKind.OVERLAPPING, CellKind.BORDER, CellKind.LEUCOCYTE)
    detections = [detection(Outcome.NOT_ASSESSABLE, kind) for kind in kinds]
    assert ways_of([*detections, detection()]) == {
        DisplayClass.NOT_COUNTED: 2,
        DisplayClass.LEUCOCYTE: 1,
        DisplayClass.HEALTHY: 1,
    }


@settings(max_examples=20)
@given(st.lists(st.tuples(OUTCOMES, KINDS, PLACES, PLACES, st.integers(1, 70)), max_size=6))
def test_any_things_anywhere_can_be_drawn(found):
    pixels = photo(80, 100)
    drawn = outlined(pixels, [detection(*one) for one in found])
    assert (drawn.shape[1:], drawn.dtype) == ((100, 3), np.uint8)


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3)])
def test_a_photo_of_any_shape_can_be_drawn(shape):
    assert outlined(photo(*shape), [detection(Outcome.SUSPICIOUS), detection()]).shape[1] == shape[1]


def test_a_field_of_150_cells_is_drawn_in_a_moment():
    rows, columns = np.divmod(np.arange(150), 15)
    outcomes = [Outcome.SUSPICIOUS if i % 10 == 0 else Outcome.HEALTHY for i in range(150)]
    detections = [
        detection(outcome, x=int(80 * column), y=int(90 * row), side=75)
        for outcome, row, column in zip(outcomes, rows, columns, strict=True)
    ]
    pixels = photo(960, 1280)
    outlined(pixels, detections)
    begin = time.process_time()
    outlined(pixels, detections)
    assert time.process_time() - begin < 0.3
