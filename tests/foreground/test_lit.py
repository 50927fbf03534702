"""The lit disc of an eyepiece is found whatever the gray around it, and nothing else is taken for one."""

import cv2
import numpy as np
import pytest

from normocyte.foreground.lit import box_of, discs_kept, has_bright_edges, lit_disc


@pytest.fixture
def field():
    """Round cells on glass, 480 x 640."""
    pixels = np.full((480, 640, 3), (222, 226, 218), np.uint8)
    for row in range(30, 480, 60):
        for column in range(30, 640, 60):
            cv2.circle(pixels, (column, row), 22, (196, 140, 158), -1, cv2.LINE_AA)
    return pixels


def seen(field, border, centre=(320, 240), radius=220):
    """The field through an eyepiece, and where it is lit."""
    disc = cv2.circle(np.zeros(field.shape[:2], np.uint8), centre, radius, 1, -1) > 0
    return np.where(disc[..., None], field, border).astype(np.uint8), disc


def noise(shape, level, deviation):
    return np.clip(np.random.default_rng(1).normal(level, deviation, shape), 0, 255)


PLACES = {"whole": ((320, 240), 220), "off centre": ((240, 250), 200), "cut": ((320, 260), 300)}
PLACES |= {"corners alone": ((320, 240), 360)}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("border", [0, 16, 60])
def test_the_disc_is_found_but_for_its_rim(field, border, place):
    pixels, disc = seen(field, border, *PLACES[place])
    found = lit_disc(pixels)
    assert (found & ~disc).sum() <= 1e-3 * disc.sum()
    assert (found & disc).sum() >= 0.96 * disc.sum()


@pytest.mark.parametrize("level", [10, 30, 60])
def test_a_noisy_border_is_a_border(field, level):
    pixels, disc = seen(field, noise(field.shape, level, 8))
    found = lit_disc(pixels)
    assert (found & disc).sum() >= 0.96 * disc.sum()
    assert not (found & ~disc).any()


def test_a_dim_and_soft_rim_is_left_out_and_the_rest_is_found(field):
    y, x = np.mgrid[:480, :640]
    share = np.clip((220 - np.hypot(x - 320, y - 240)) / 12 + 0.5, 0, 1)[..., None]
    found = lit_disc((field * share + 20 * (1 - share)).astype(np.uint8))
    assert 0.9 <= found.sum() / (np.pi * 220**2) <= 1.01


def barred(field):
    return np.pad(field[:, 80:-80], ((0, 0), (80, 80), (0, 0)))


def turned(field):
    corners = cv2.boxPoints(((320, 240), (400, 300), 30)).astype(np.int32)
    inside = cv2.fillConvexPoly(np.zeros(field.shape[:2], np.uint8), corners, 1)
    return field * inside[..., None]


def with_a_dark_corner(field):
    return field * (1 - cv2.circle(np.zeros(field.shape[:2], np.uint8), (0, 0), 120, 1, -1))[..., None]


OTHERS = [np.copy, barred, turned, with_a_dark_corner, np.zeros_like]


@pytest.mark.parametrize("change", OTHERS)
def test_what_is_no_disc_is_none(field, change):
    assert lit_disc(change(field)) is None


def test_the_smallest_pictures_have_no_disc():
    assert lit_disc(np.zeros((1, 1, 3), np.uint8)) is None
    assert lit_disc(np.random.default_rng(0).integers(0, 256, (3, 5, 3), np.uint8)) is None


def test_the_box_of_a_disc_is_as_large_as_it_is(field):
    _, disc = seen(field, 0, (240, 250), 200)
    rows, columns = box_of(disc)
    assert (rows.start, rows.stop, columns.start, columns.stop) == (50, 451, 40, 441)


def test_a_disc_that_is_asked_for_again_in_a_block_is_the_same_and_after_it_made_anew(field):
    pixels, _ = seen(field, 0)
    with discs_kept():
        first = lit_disc(pixels)
        assert lit_disc(pixels) is first
        assert lit_disc(field) is None
    assert lit_disc(pixels) is not first
    np.testing.assert_array_equal(lit_disc(pixels), first)


@pytest.mark.parametrize("place", PLACES)
def test_the_edges_of_a_field_are_bright_and_those_around_an_eyepiece_are_not(field, place):
    assert has_bright_edges(field)
    assert not has_bright_edges(seen(field, 60, *PLACES[place])[0])


def test_one_dark_pixel_at_the_edge_is_enough_to_search_for_a_disc(field):
    field[0, 5] = 0
    assert not has_bright_edges(field)
    assert lit_disc(field) is None
