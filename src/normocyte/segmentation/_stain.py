"""Where a field is stained in another way than its own red cells are."""

from __future__ import annotations

import cv2
import numpy as np

from normocyte.segmentation._base import Flags, Plane
from normocyte.segmentation._colours import disc

_RED, _GREEN, _BLUE = range(3)
_DARKEST, _LEAST_DENSITY = 0.02, 0.03
_APART, _NARROWEST = 3.0, 0.02
_STAINED = 0.35
_CONSISTENT = 1.4826
_RIM, _SPECK = 0.15, 0.06


def odd_stain(missing: Plane, red: Flags, diameter: float) -> Flags:
    """Where the stain is not that of the field's red cells, (height, width).

    `missing` is the share of light that is missing, (height, width, 3); `red` says where red cells lie. Three
    measures of a pixel are compared with those of the red cells away from their rims: the optical densities
    of red and of blue light over that of green, and that of green. What is more than 3 robust deviations
    away (from the median, over 1.4826 median absolute deviations), or as much denser, is odd; what is
    thinner than 6 % of a diameter is left out: the rims of cells have colours of the lens.
    """
    density = -np.log(np.maximum(1 - cv2.blur(missing, (3, 3)), np.float32(_DARKEST)))
    green = np.maximum(density[..., _GREEN], np.float32(_LEAST_DENSITY))
    looks = np.stack([density[..., _RED] / green, density[..., _BLUE] / green, green], axis=-1)
    inside = cv2.erode(red.astype(np.uint8), disc(_RIM * diameter)) > 0
    if not inside.any():
        return np.zeros(red.shape, np.bool_)
    known = looks[inside]
    usual = np.median(known, axis=0)
    spread = _CONSISTENT * np.median(np.abs(known - usual), axis=0) + _NARROWEST
    apart = (looks - usual) / spread
    odd = (np.abs(apart[..., :2]).max(axis=-1) > _APART) | (apart[..., 2] > _APART)
    odd &= green > _STAINED * usual[2]
    return np.asarray(cv2.morphologyEx(odd.astype(np.uint8), cv2.MORPH_OPEN, disc(_SPECK * diameter)) > 0)
