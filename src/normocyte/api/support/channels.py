"""Arrays whose red and blue seem to be exchanged, as OpenCV gives them."""

from collections.abc import Sequence

import numpy as np

from normocyte.cell_checks.gate import Gate
from normocyte.core.types import Image8

RED, BLUE = "red_to_green", "blue_to_green"
_SAMPLE = 16
_FAR = 0.35
"""The least distance from the known stain, a sum of logarithms, that is told."""
_MOST = 0.8


def channels_said(gate: Gate, images: Sequence[Image8]) -> str:
    """What to say where most images fit the known stain much better in BGR; else empty.

    It is told for clear cases alone: many stains are as near to their mirror image as to the known one.
    """
    if RED not in {measure.name for measure in gate.known} or not len(images):
        return ""
    sample = images[:: -(-len(images) // _SAMPLE)]
    found = gate.measures(sample)
    red, blue = (np.log(found[name]) for name in (RED, BLUE))
    usual_red, usual_blue = (np.log(gate.usual(name)) for name in (RED, BLUE))
    given = np.abs(red - usual_red) + np.abs(blue - usual_blue)
    exchanged = np.abs(blue - usual_red) + np.abs(red - usual_blue)
    if np.mean((given > _FAR) & (exchanged < given / 2)) < _MOST:
        return ""
    return (
        "With red and blue exchanged these arrays fit the stain of the bundle much better, as arrays in BGR "
        "do. If they come from OpenCV, give images[..., ::-1]: arrays are RGB."
    )
