"""The colours of a stained field relative to its own red cells: what is chromatin, and what is foreign."""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.types import Flags, Plane
from normocyte.segmentation.contract import Labels

_RED = 0
_THIN = 5
_DARKEST = 0.02
_CHROMATIN_TIMES, _CHROMATIN_MORE = 1.3, 0.1
_LEAST_DENSITY = 0.05
_FOREIGN_DEGREES = 20.0
_NUCLEUS, _LEUCOCYTE, _MARGIN = 0.25, 0.8, 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """Where chromatin lies, and where the colour is not that of red cells; both (height, width).

    Chromatin takes red light, haemoglobin hardly does: it is where the red optical density is above 1.3 times
    the usual cell's plus 0.1. A colour is the direction of the three optical densities (Ruifrok & Johnston,
    Anal. Quant. Cytol. Histol. 23 (2001) 291); it is foreign at more than 20 degrees from the usual cell's.
    """

    chromatin: Flags
    foreign: Flags


def light_left(missing: Plane) -> Plane:
    """The share of light that is left of what is missing, (height, width, 3), smoothed, and 0.02 at least."""
    left = cv2.blur(missing, (3, 3))
    np.subtract(1, left, out=left)
    return np.maximum(left, np.float32(_DARKEST), out=left)


def colours_of(left: Plane, stained: Flags) -> Colours:
    """The colours of a field from the share of light that is left (`light_left`)."""
    colours = Colours(np.zeros(stained.shape, bool), np.zeros(stained.shape, bool))
    places = np.flatnonzero(stained)
    if not len(places):
        return colours
    density = -np.log(left.reshape(-1, 3).take(places, axis=0))
    length = np.maximum(np.sqrt(np.einsum("nc,nc->n", density, density)), np.float32(_LEAST_DENSITY))
    usual = np.median(density[::_THIN] / length[::_THIN, np.newaxis], axis=0)
    along = density @ (usual / np.linalg.norm(usual))
    red = density[:, _RED]
    chromatin = _CHROMATIN_TIMES * float(np.median(red[::_THIN])) + _CHROMATIN_MORE
    colours.foreign.ravel()[places] = along < np.cos(np.radians(_FOREIGN_DEGREES)) * length
    colours.chromatin.ravel()[places] = red > chromatin
    return colours


def leucocytes_of(colours: Colours, stained: Flags, diameter: float) -> Labels:
    """White cells, numbered from 1: pieces in other colours, of 0.8 red cells at least, with a nucleus.

    A nucleus is chromatin of at least 0.25 red cells.
    """
    cell_area = np.pi / 4 * diameter**2
    strange = (colours.foreign | colours.chromatin).astype(np.uint8)
    solid = cv2.morphologyEx(strange, cv2.MORPH_OPEN, disc(0.2 * diameter))
    closed = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, disc(0.25 * diameter))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(closed)
    nuclei = np.bincount(labels[colours.chromatin], minlength=count)
    is_white = (facts[:, cv2.CC_STAT_AREA] >= _LEUCOCYTE * cell_area) & (nuclei >= _NUCLEUS * cell_area)
    is_white[0] = False
    if not is_white.any():
        return np.zeros(stained.shape, np.int32)
    lookup = np.where(is_white, np.cumsum(is_white), 0).astype(np.uint16)
    grown = cv2.dilate(lookup[labels], disc(_MARGIN * diameter))
    is_body = cv2.morphologyEx((lookup[labels] > 0).astype(np.uint8), cv2.MORPH_OPEN, disc(0.4 * diameter))
    near = cv2.dilate(is_body, disc(_MARGIN * diameter)) > 0
    return np.where(near & stained, grown, 0).astype(np.int32)


def disc(diameter: float) -> np.ndarray:
    """A round brush for morphology, at least 3 pixels wide."""
    side = max(3, round(diameter)) | 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
