"""What the colours of an image say at once: that it has none, or one alone."""

import numpy as np

from normocyte.core.types import Image8


def is_gray(pixels: Image8) -> bool:
    """True where red, green and blue are equal in every pixel."""
    return bool((pixels == pixels[..., :1]).all())


def is_even(pixels: Image8) -> bool:
    """True where all pixels are alike."""
    return bool(np.all(pixels == pixels[:1, :1]))
