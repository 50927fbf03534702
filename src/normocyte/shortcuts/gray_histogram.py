"""How many pixels have which gray level."""

from typing import ClassVar, final

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Floats
from normocyte.shortcuts.contract import Shortcut

_BINS = 64


@final
class GrayHistogram(Shortcut):
    """The roots of the shares of pixels in 64 ranges of gray levels, wherever in the image these lie."""

    title: ClassVar[str] = "gray histogram"

    def measure(self, image: StoredImage) -> Floats:
        """The roots, (64,)."""
        counts = np.bincount(image.gray.ravel() // (256 // _BINS), minlength=_BINS)
        return np.sqrt(counts / image.gray.size)
