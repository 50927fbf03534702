"""Tells by its background that a crop went through lossy compression, and makes copies that did."""

from enum import IntEnum

import cv2
import numpy as np

from normocyte.core.types import Image8
from normocyte.foreground.cell import found_cell

QUALITIES = (75, 80, 85, 90, 95)
"""What copies are made at, one after another: from the default of Pillow to that of OpenCV."""
_PEAKS = 0.01
_PLATEAUS = 0.08
_NEAR = np.ones((7, 7), np.uint8)
_BLOCK = np.ones((23, 23), np.uint8)
_RING = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)


class Compression(IntEnum):
    """What of lossy compression a crop shows.

    `RINGING`: of a sharp edge, as a JPEG has it. `SOME`: a background that is not of one colour, in patches,
    as after lossy WebP or where the cell was blurred before.
    """

    NONE = 0
    SOME = 1
    RINGING = 2


def compression_of(image: Image8) -> Compression:
    """What a crop (height, width, 3) uint8 shows in a plain background, from 4 to 11 pixels from the cell.

    A transform of 8 x 8 pixels whose numbers are rounded leaves ripples there. Seen as the distance from the
    colour of the background, 1 % or more of the pixels are peaks, higher than the eight around them. A blur
    leaves a slope without peaks, noise one peak in 500 pixels. Where 8 % are on a plateau that no neighbour
    exceeds, it was compressed too.
    """
    cell = found_cell(image)
    if cell is None or min(cell.distance.shape) < len(_RING):
        return Compression.NONE
    away = cv2.dilate(cell.sure, _BLOCK) - cv2.dilate(cell.sure, _NEAR)
    highest, lowest = cv2.dilate(cell.distance, _RING), cv2.erode(cell.distance, _RING)
    most = max(int(np.count_nonzero(away)), 1)
    peaks = np.count_nonzero((cell.distance > highest) & (away > 0))
    plateaus = np.count_nonzero((cell.distance >= highest) & (cell.distance > lowest) & (away > 0))
    if peaks >= _PEAKS * most:
        return Compression.RINGING
    return Compression.SOME if plateaus >= _PLATEAUS * most else Compression.NONE


def jpeg_copy(image: Image8, quality: int) -> Image8:
    """An RGB picture (height, width, 3) as it comes back from a JPEG of this quality, 0 to 100."""
    bgr = np.ascontiguousarray(image[..., ::-1])
    content = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR_RGB), np.uint8)
