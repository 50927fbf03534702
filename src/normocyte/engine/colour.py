"""Whether images have colours, told from some of them."""

from collections.abc import Sequence

import numpy as np

from normocyte.core.types import Floats, Image8, Record
from normocyte.engine.pool import read_all

LOOKED_AT = 32
_GRAY = 3
"""So many levels may the channels of a gray image differ by: what lossy formats make of one."""
_MOST_PIXELS = 99


def looked_at(records: Sequence[Record]) -> list[Image8]:
    """Some images, evenly drawn from these, as far as they can be read."""
    rows = np.unique(np.linspace(0, len(records) - 1, LOOKED_AT).round().astype(int)) if records else ()
    images, _ = read_all([records[row].source for row in rows])
    return images


def are_gray(images: Sequence[Image8]) -> bool:
    """Whether there are images, and all have equal channels, nearly."""
    return bool(images) and all(
        np.percentile(_colourfulness(image), _MOST_PIXELS) <= _GRAY for image in images
    )


def _colourfulness(image: Image8) -> Floats:
    """How far the channels of each pixel differ, (height, width)."""
    return np.asarray(np.ptp(image.astype(np.float64), axis=2))
