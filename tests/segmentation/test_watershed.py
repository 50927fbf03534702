"""What the watershed makes of clumps, white cells, platelets, a bar with text, and a round eyepiece."""

import cv2
import numpy as np
import pytest

from normocyte.core.types import CellKind
from normocyte.segmentation.support.eyepiece import evenly_lit
from normocyte.segmentation.watershed import Watershed

NUCLEUS, PLATELET = (96, 60, 150), (150, 120, 190)


def kinds_at(pixels, x, y):
    """The kinds of the cells whose mask holds a place."""
    cells = Watershed().segment(pixels).cells
    inside = [c for c in cells if 0 <= x - c.x < c.width and 0 <= y - c.y < c.height]
    return [c.kind for c in inside if c.mask[y - c.y, x - c.x]]


def painted(field, centre, radius, colour):
    """The field with a disc, as sharp as the other cells."""
    layer = np.zeros(field.shape[:2], np.float32)
    cv2.circle(layer, centre, radius, 1, cv2.FILLED, cv2.LINE_AA)
    share = cv2.GaussianBlur(layer, (0, 0), 1.5)[..., np.newaxis]
    return (field * (1 - share) + np.array(colour) * share).astype(np.uint8)


@pytest.mark.parametrize("apart", [60, 50, 40])
def test_two_cells_in_a_clump_are_told_apart(field, apart):
    alone = painted(field[0], (130, 60), 40, (222, 226, 218))
    pixels = painted(alone, (50 + apart, 60), 30, (196, 140, 158))
    cells = Watershed().segment(pixels).cells
    middles = [(c.x + c.width / 2, c.y + c.height / 2) for c in cells if c.y < 80]
    near = [x for x, _ in middles if x < 50 + apart + 10]
    assert len(near) == 2


def test_cells_that_touch_count_each_other_as_neighbours(field):
    alone = painted(field[0], (130, 60), 40, (222, 226, 218))
    pixels = painted(alone, (50 + 56, 60), 30, (196, 140, 158))
    cells = {c.x: c.neighbours for c in Watershed().segment(pixels).cells if c.y < 80}
    assert [cells[x] for x in sorted(cells)[:2]] == [1, 1]
    assert cells[max(cells)] == 0


def test_a_pale_middle_belongs_to_its_cell(field):
    pixels = painted(field[0], (370, 260), 10, (221, 225, 217))
    assert kinds_at(pixels, 370, 260) == [CellKind.RED_CELL]


def test_a_large_cell_with_a_nucleus_is_a_leucocyte(field):
    body = painted(field[0], (410, 310), 52, (205, 190, 220))
    assert kinds_at(painted(body, (410, 310), 34, NUCLEUS), 410, 310) == [CellKind.LEUCOCYTE]


def test_a_red_cell_that_a_parasite_fills_is_no_leucocyte(field):
    pixels = painted(field[0], (410, 310), 33, (140, 125, 190))
    assert kinds_at(pixels, 410, 310) in ([CellKind.RED_CELL], [CellKind.OVERLAPPING])


def test_what_is_set_aside_says_how_sure_that_is_and_a_red_cell_does_not(field):
    pixels = painted(field[0], (90, 110), 9, PLATELET)
    sure = {cell.kind: cell.certainty for cell in Watershed().segment(pixels).cells}
    assert 0.5 <= sure[CellKind.PLATELET] <= 1
    assert np.isnan(sure[CellKind.RED_CELL])


def test_a_small_purple_thing_is_a_platelet(field):
    assert kinds_at(painted(field[0], (90, 110), 9, PLATELET), 90, 110) == [CellKind.PLATELET]


def test_a_small_thing_of_another_colour_is_debris(field):
    assert kinds_at(painted(field[0], (90, 110), 9, (190, 135, 150)), 90, 110) == [CellKind.DEBRIS]


@pytest.fixture
def labelled(field):
    """A field with a black bar of 120 pixels and a word burnt over its last rows."""
    pixels = field[0].copy()
    cv2.rectangle(pixels, (640, 540), (759, 543), (0, 0, 0), cv2.FILLED)
    cv2.putText(pixels, "50 um", (650, 580), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2)
    return pixels


def test_a_bar_is_found_with_its_length(labelled):
    assert Watershed().segment(labelled).bar_px == 120


def test_a_bar_and_text_are_annotations_and_the_cells_below_cannot_be_assessed(labelled):
    cells = Watershed().segment(labelled).cells
    annotations = [c for c in cells if c.kind is CellKind.ANNOTATION]
    below = [c for c in cells if c.is_covered]
    assert all(c.y > 530 and c.x > 630 for c in annotations)
    assert below
    assert {(round((c.x + c.width / 2) / 10), c.kind) for c in below} == {(69, "red_cell"), (77, "red_cell")}


def test_a_field_without_a_bar_has_none(field):
    assert np.isnan(Watershed().segment(field[0]).bar_px)


def through_an_eyepiece(pixels, border=6, falloff=0.0):
    """The field within 300 pixels of its middle, dimmer at the rim by this share, and gray around it."""
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    away = np.hypot(x - 400, y - 310)[..., np.newaxis] / 300
    light = 1 - falloff * np.minimum(away, 1) ** 8
    return np.where(away > 1, border, pixels * light).astype(np.uint8)


@pytest.mark.parametrize(("border", "falloff"), [(0, 0), (16, 0), (60, 0), (20, 0.4)])
def test_through_an_eyepiece_the_same_cells_are_found_and_its_rim_makes_border_cells(field, border, falloff):
    cells = Watershed().segment(through_an_eyepiece(field[0], border, falloff)).cells
    whole = {(c.x + c.width // 2, c.y + c.height // 2) for c in cells if c.kind is CellKind.RED_CELL}
    away = {centre: np.hypot(centre[0] - 400, centre[1] - 310) for centre in field[1]}
    inside = [centre for centre in field[1] if away[centre] < 258]
    cut = sum(280 < distance < 320 for distance in away.values())
    assert all(min(np.hypot(x - u, y - v) for u, v in whole) < 3 for x, y in inside)
    assert len(whole) == len([1 for distance in away.values() if distance < 266])
    assert sum(c.kind is CellKind.BORDER for c in cells) >= cut > 5
    assert all(np.hypot(c.x + c.width / 2 - 400, c.y + c.height / 2 - 310) < 300 for c in cells)


def test_a_picture_without_a_border_is_judged_as_it_is_and_one_with_a_dim_rim_evenly_lit(field):
    assert evenly_lit(field[0]) is field[0]
    even = evenly_lit(through_an_eyepiece(field[0], 20, 0.4)).astype(int)
    y, x = np.mgrid[: even.shape[0], : even.shape[1]]
    rim = (np.abs(np.hypot(x - 400, y - 310) - 285) < 5) & (field[0][..., 1] > 215)
    assert np.median(even[rim][:, 1]) == pytest.approx(226, abs=12)
    assert (even[:20, :20] == 20).all()


def test_uneven_light_moves_no_cell(field):
    y, x = np.mgrid[: field[0].shape[0], : field[0].shape[1]]
    light = 1 - 0.3 * ((x - 300) ** 2 + (y - 200) ** 2) / 500**2
    dimmed = (field[0] * light[..., np.newaxis]).astype(np.uint8)
    assert sum(c.kind is CellKind.RED_CELL for c in Watershed().segment(dimmed).cells) == len(field[1])
