"""A blot of stain is debris and not several red cells; a cell cut in two is one."""

import cv2
import numpy as np
import pytest

from normocyte.core.types import CellKind
from normocyte.segmentation.stain.pieces import blots_in, whole_cells
from normocyte.segmentation.stain.shapes import Shape
from normocyte.segmentation.watershed import Watershed

WHOLE = {CellKind.RED_CELL, CellKind.OVERLAPPING}
LILAC, DARK, PINK, BROWN = (150, 125, 190), (70, 50, 60), (215, 70, 110), (190, 150, 130)


def disc(centre, radius, shape=(120, 160)):
    """A mask with one disc."""
    return cv2.circle(np.zeros(shape, np.uint8), centre, radius, 1, cv2.FILLED) > 0


def with_blot(pixels, colour, rng, middle=(410, 310)):
    """The field with a ragged blot of three cells' size."""
    layer = np.zeros(pixels.shape[:2])
    for shift in rng.normal(0, 30, (7, 2)):
        cv2.circle(layer, tuple(int(at) for at in middle + shift), int(rng.integers(18, 45)), 1, cv2.FILLED)
    noise = cv2.GaussianBlur(rng.normal(size=layer.shape), (0, 0), 4)
    ragged = cv2.GaussianBlur(layer, (0, 0), 6) + 0.15 * noise / noise.std() > 0.5
    share = cv2.GaussianBlur(ragged.astype(float), (0, 0), 1.5)[..., np.newaxis]
    return (pixels * (1 - share) + np.array(colour) * share).astype(np.uint8), ragged


def cells_near(found, x, y):
    """What was found with its middle within 45 pixels of a place."""
    return [c for c in found.cells if np.hypot(c.x + c.width / 2 - x, c.y + c.height / 2 - y) < 45]


@pytest.mark.parametrize("colour", [LILAC, DARK, PINK, BROWN])
@pytest.mark.parametrize("seed", range(2))
def test_a_ragged_blot_gives_no_red_cell(field, colour, seed):
    pixels, blot = with_blot(field[0], colour, np.random.default_rng(seed))
    cells = [c for c in Watershed().segment(pixels).cells if c.kind in WHOLE]
    stained = [np.mean(blot[c.y : c.y + c.height, c.x : c.x + c.width][c.mask]) for c in cells]
    assert sum(share > 0.5 for share in stained) == 0, [f"{share:.2f}" for share in stained if share > 0.5]


def test_a_blot_is_one_piece_of_debris(field):
    pixels, blot = with_blot(field[0], PINK, np.random.default_rng(1))
    cells = [c for c in Watershed().segment(pixels).cells if c.kind is CellKind.DEBRIS]
    shares = [np.count_nonzero(blot[c.y : c.y + c.height, c.x : c.x + c.width] & c.mask) for c in cells]
    assert max(shares) > 0.8 * np.count_nonzero(blot)


def test_two_touching_cells_that_parasites_fill_are_no_blot():
    left, right = disc((60, 60), 20), disc((98, 60), 20)
    labels = np.where(right & (np.arange(160) >= 79), 2, left).astype(np.int32)
    assert not len(blots_in(labels, left | right, 36, 1)[1])


def test_halves_of_a_round_cell_are_joined():
    whole = disc((80, 60), 25)
    labels = whole.astype(np.int32)
    labels[:, 80:] *= 2
    assert whole_cells(labels, 36).max() == 1


def test_a_drawn_schizont_with_a_pale_middle_is_one_cell(field):
    pixels = field[0].copy()
    cv2.circle(pixels, (410, 310), 52, (222, 226, 218), cv2.FILLED, cv2.LINE_AA)
    cv2.circle(pixels, (410, 310), 46, (205, 150, 195), cv2.FILLED, cv2.LINE_AA)
    for x in (387, 433):
        cv2.ellipse(pixels, (x, 310), (19, 32), 0, 0, 360, (150, 80, 160), cv2.FILLED, cv2.LINE_AA)
    cv2.line(pixels, (410, 267), (410, 353), (212, 190, 208), 16, cv2.LINE_AA)
    (cell,) = cells_near(Watershed().segment(cv2.GaussianBlur(pixels, (0, 0), 1.5)), 410, 310)
    assert cell.kind in WHOLE
    assert cell.area_px == pytest.approx(np.pi * 46**2, rel=0.1)


@pytest.mark.parametrize("apart", [18, 25, 34])
def test_two_round_cells_that_overlap_stay_two(apart):
    left, right = disc((60, 60), 18), disc((60 + apart, 60), 18)
    labels = np.where(np.arange(160) < 60 + apart / 2, left | right, 2 * (left | right)).astype(np.int32)
    assert whole_cells(labels, 36).max() == 2


def test_a_smooth_crescent_that_is_stained_all_over_is_no_blot():
    crescent = cv2.ellipse(np.zeros((160, 200), np.uint8), (100, 100), (32, 32), 0, -45, 45, 1, 13) > 0
    labels, blots = blots_in(crescent.astype(np.int32), crescent, 36, 1)
    assert not len(blots)
    assert labels.max() == 1


def test_a_disc_is_round_and_solid_whatever_its_size():
    for radius in (18, 36):
        shape = Shape.of(disc((80, 60), radius))
        assert (shape.roundness, shape.solidity) == pytest.approx((1, 1), abs=0.08)
        assert shape.length == pytest.approx(2 * radius + 1, abs=2)
