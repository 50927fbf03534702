"""Where a field is stained in another way than its own red cells are."""

import cv2
import numpy as np

from normocyte.core.types import Flags, Plane
from normocyte.segmentation.support.colours import disc

_GREEN = 1
_LEAST_DENSITY = 0.03
_APART, _NARROWEST = 3.0, 0.02
_STAINED = 0.35
_THIN = 3
_CONSISTENT = 1.4826
_RIM, _SPECK = 0.15, 0.06


def odd_stain(left: Plane, red: Flags, diameter: float) -> Flags:
    """Where the stain is not that of the field's red cells, (height, width).

    `left` is the share of light that is left (`light_left`); `red` says where red cells lie. Three
    measures of a pixel are compared with those of the red cells away from their rims: the optical densities
    of red and of blue light over that of green, and that of green. What is more than 3 robust deviations
    away (from the median, over 1.4826 median absolute deviations), or as much denser, is odd; what is
    thinner than 6 % of a diameter is left out: the rims of cells have colours of the lens.
    """
    inside = np.flatnonzero(cv2.erode(red.astype(np.uint8), disc(_RIM * diameter)))[::_THIN]
    if not len(inside):
        return np.zeros(red.shape, np.bool_)
    pixels = left.reshape(-1, 3)
    known = _looks(pixels[inside])
    usual = np.median(known, axis=1, keepdims=True)
    spread = _CONSISTENT * np.median(np.abs(known - usual), axis=1, keepdims=True) + _NARROWEST
    lightest = np.exp(-_STAINED * usual[_GREEN, 0])
    dark = np.flatnonzero(pixels[:, _GREEN] < lightest)
    red_to_green, green, blue_to_green = (_looks(pixels[dark]) - usual) / spread
    is_odd = (np.abs(red_to_green) > _APART) | (np.abs(blue_to_green) > _APART) | (green > _APART)
    odd = np.zeros(red.shape, np.uint8)
    odd.ravel()[dark[is_odd]] = 1
    return np.asarray(cv2.morphologyEx(odd, cv2.MORPH_OPEN, disc(_SPECK * diameter)) > 0)


def _looks(left: Plane) -> Plane:
    """Red over green density, green density, and blue over green density of pixels (n, 3), as (3, n)."""
    red, green, blue = -np.log(np.ascontiguousarray(left.T))
    green = np.maximum(green, np.float32(_LEAST_DENSITY))
    return np.stack([red / green, green, blue / green])
