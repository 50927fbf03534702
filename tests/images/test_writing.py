"""Pictures for people."""

import numpy as np

from normocyte.images.reading import decode
from normocyte.images.writing import jpeg_bytes


def test_a_jpeg_shows_what_was_written():
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30] = (200, 40, 90)
    back = decode(jpeg_bytes(pixels), "picture")
    assert back.shape == pixels.shape
    assert np.abs(back[:, :20].astype(int) - (200, 40, 90)).max() <= 6
    assert back[:, 40:].max() <= 6


def test_the_same_pixels_give_the_same_bytes():
    pixels = np.full((8, 8, 3), 77, np.uint8)
    assert jpeg_bytes(pixels) == jpeg_bytes(pixels.copy())
