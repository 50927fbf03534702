"""A small photograph-like picture and a way to save it in any format."""

import io

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="session")
def picture():
    """A (24, 32, 3) uint8 picture with a gradient in each channel: every mix-up of axes or channels shows."""
    rows, columns = np.mgrid[0:24, 0:32]
    return np.stack([rows * 10, columns * 7, 255 - rows * 3 - columns * 2], axis=2).astype(np.uint8)


@pytest.fixture(scope="session")
def saved():
    """Saves an array, or a Pillow image, in a format and gives the bytes."""

    def save(pixels, kind, mode=None, **options):
        image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
        image = image.convert(mode) if mode else image
        stream = io.BytesIO()
        image.save(stream, kind, **options)
        return stream.getvalue()

    return save
