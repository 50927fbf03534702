"""What is missing of the light in green alone is what the whole photo tells of its green."""

import cv2
import numpy as np
import pytest

from normocyte.foreground.lit import has_bright_edges
from normocyte.segmentation.support.light import absorbed, green_absorbed, shrunk


def through_an_eyepiece(pixels):
    disc = cv2.circle(np.zeros(pixels.shape[:2], np.uint8), (410, 310), 290, 1, cv2.FILLED)
    return pixels * disc[..., np.newaxis]


def under_uneven_light(pixels):
    return (pixels * np.linspace(0.7, 1, pixels.shape[1])[:, np.newaxis]).astype(np.uint8)


@pytest.mark.parametrize("change", [np.copy, under_uneven_light, through_an_eyepiece])
def test_green_alone_is_the_green_of_all_colours(field, change):
    pixels, size = change(field[0]), (410, 310)
    whole = absorbed(shrunk(pixels, size))
    np.testing.assert_array_equal(green_absorbed(pixels, size), whole[..., 1])


def test_a_field_is_read_by_its_green_alone_and_an_eyepiece_by_all_colours(field):
    assert has_bright_edges(field[0])
    assert not has_bright_edges(through_an_eyepiece(field[0]))
