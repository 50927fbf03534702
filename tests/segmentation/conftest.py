"""What the tests of this room share: a drawn field with one cell of known place and size."""

import cv2
import numpy as np
import pytest


@pytest.fixture
def field():
    """Sixty round cells on even glass, 60 pixels wide, and their centres."""
    pixels = np.full((620, 820, 3), (222, 226, 218), np.uint8)
    centres = [(50 + 80 * column, 60 + 100 * row) for row in range(6) for column in range(10)]
    for centre in centres:
        cv2.circle(pixels, centre, 30, (196, 140, 158), cv2.FILLED, cv2.LINE_AA)
    return cv2.GaussianBlur(pixels, (0, 0), 1.5), centres
