"""How strongly an image was compressed as JPEG, by its file and by its pixels."""

import math
from collections.abc import Sequence
from typing import ClassVar, final

import numpy as np

from normocyte.core.inputs.stored import StoredFile, StoredImage
from normocyte.core.types import Floats, Image8
from normocyte.shortcuts.contract import Shortcut

_BLOCK = 8
_MOST = 512
_LOSSLESS = 100.0
_STANDARD = np.array(
    [
        [16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40],
        [26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51],
        [56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87],
        [95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99],
    ]
).ravel()
"""The table of the JPEG standard (ITU-T T.81, K.1) in zigzag order, which is the quality 50 of libjpeg."""


@final
class JpegQuality(Shortcut):
    """The quality, 1 to 100, that libjpeg would call the quantisation table, and the edges of blocks.

    Blocks of 8 pixels stay visible where a JPEG was saved again in another format: by how much neighbours
    across the edge of a block differ more than others, in logarithms.
    """

    title: ClassVar[str] = "JPEG quality"
    measures: ClassVar[tuple[str, ...]] = ("JPEG quality", "JPEG block pattern")

    def measure(self, image: StoredImage) -> Sequence[float]:
        """Quality, 100 for another format and NaN in memory, and blocks."""
        quality = _quality(image.file) if image.file else _LOSSLESS
        plane = image.gray[:_MOST, :_MOST]
        return quality, (_blocks(plane) + _blocks(plane.T)) / 2


def _quality(file: StoredFile) -> float:
    """By how much the table is that of the standard, turned into the number that libjpeg would need."""
    if not file.quantisation:
        return _LOSSLESS
    percent = 100 * float(np.mean(np.asarray(file.quantisation) / _STANDARD))
    return (200 - percent) / 2 if percent <= 100 else 5000 / percent  # noqa: PLR2004 - as libjpeg has it


def _blocks(plane: Image8) -> float:
    """How much more columns differ at the edge of a block than inside; 0 where there is no edge."""
    steps = np.abs(np.diff(plane.astype(np.int16), axis=1)).mean(axis=0)
    at_edge = np.arange(len(steps)) % _BLOCK == _BLOCK - 1
    if not at_edge.any():
        return 0.0
    return math.log((_mean(steps[at_edge]) + 0.1) / (_mean(steps[~at_edge]) + 0.1))


def _mean(values: Floats) -> float:
    return float(values.mean())
