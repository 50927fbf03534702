"""What in a picture is the cell: the Otsu threshold and the largest connected piece."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Mask, Plane

_PIECE = 2


def otsu_foreground(plane: Plane, mask: Mask, *, is_bright: bool) -> Mask:
    """The counted pixels on the bright or the dark side of the Otsu threshold, (height, width) of 0 and 1.

    Otsu, IEEE Trans. Syst. Man Cybern. 9 (1979) 62. Only counted pixels choose the threshold; none is
    foreground when they all have one value.
    """
    counted = mask > 0
    scaled = _to_bytes(plane, mask)
    values = scaled[counted]
    if len(values) == 0 or values.min() == values.max():
        return np.zeros(mask.shape, np.uint8)
    cut = float(cv2.threshold(values, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0])
    side = scaled > cut if is_bright else scaled <= cut
    return (side & counted).view(np.uint8)


def _to_bytes(plane: Plane, mask: Mask) -> npt.NDArray[np.uint8]:
    """The plane stretched to 0..255 over the pixels that count, so that any range of values can be cut."""
    low, high, _, _ = cv2.minMaxLoc(plane, mask)
    stretch = 255.0 / (high - low) if high > low else 0.0
    return np.asarray(np.clip((plane - low) * stretch, 0, 255), dtype=np.uint8)


def fill_holes(mask: Mask) -> Mask:
    """The mask with everything inside its outer contours filled."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(mask)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    return filled


def largest_piece(mask: Mask, guess: tuple[int, int]) -> Mask:
    """The largest 4-connected piece of a mask of 0 and 1; `guess` is an (x, y) that probably lies in it."""
    painted = mask.copy()
    if mask[guess[1], guess[0]]:
        area = cv2.floodFill(painted, None, guess, _PIECE, flags=4)[0]
        if 2 * area > cv2.countNonZero(mask):
            return np.asarray((painted == _PIECE).view(np.uint8))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count == 1:
        return mask.copy()
    largest = 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA]))
    return np.asarray((labels == largest).view(np.uint8))


def middle(mask: Mask) -> tuple[int, int]:
    """The (x, y) in the middle of a picture."""
    return mask.shape[1] // 2, mask.shape[0] // 2


def inscribed_ellipse(shape: tuple[int, ...]) -> Mask:
    """1 at the pixels whose centres lie in the largest ellipse of a picture (height, width), 0 elsewhere."""
    down, right = ((np.arange(side) + 0.5) / side * 2 - 1 for side in shape)
    inside = np.square(down)[:, np.newaxis] + np.square(right)[np.newaxis] <= 1
    return np.asarray(inside, dtype=np.uint8)
