"""A scale bar that is burned into a picture, as cameras do."""

from __future__ import annotations

import cv2

from normocyte.datasets.drawing.field import Box, Picture

SCALE_BAR = "scale bar"

_RED_CELL_UM = 7.5
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def burn_scale_bar(picture: Picture, red_radius_px: float, length_um: float = 10.0) -> Box:
    """Draw a bar of this length with its label into the lower right corner, in place; gives their box.

    A red cell of this radius is 7.5 micrometres wide.
    """
    height, width = picture.shape[:2]
    length = round(length_um * 2 * red_radius_px / _RED_CELL_UM)
    thick, size = max(2, round(width / 320)), width / 1280
    label = f"{length_um:g} um"
    (across, up), _ = cv2.getTextSize(label, _FONT, size, thick)
    right, bottom = width - round(0.03 * width), height - round(0.05 * height)
    left = right - length
    cv2.rectangle(picture, (left, bottom - 2 * thick), (right, bottom), (0, 0, 0), -1)
    text = (left + (length - across) // 2, bottom - 5 * thick)
    cv2.putText(picture, label, text, _FONT, size, (0, 0, 0), thick, cv2.LINE_AA)
    x, y = min(left, text[0]), text[1] - up
    return Box(SCALE_BAR, x, y, max(right, text[0] + across) - x, bottom - y + 1)
