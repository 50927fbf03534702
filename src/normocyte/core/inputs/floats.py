"""Floating-point pixels as 8 bits, for every format that stores them."""

import numpy as np
import numpy.typing as npt

_HIGHEST = 255


class NoPicture(ValueError):
    """Why numbers are no picture, and what to do; who reads the file puts its name before it."""


def in_8_bits(values: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Shares from 0 to 1 times 255, or values from 0 to 255 as they are, rounded; NoPicture for others."""
    wide = values.astype(np.float64)
    odd = int(np.count_nonzero(~np.isfinite(wide)))
    if odd:
        pixels = "1 pixel that is" if odd == 1 else f"{odd:,} pixels that are"
        raise NoPicture(f"has {pixels} no number (NaN or infinite); replace them")
    low, high = float(wide.min(initial=0)), float(wide.max(initial=0))
    if low < 0 or high > _HIGHEST:
        raise NoPicture(f"has values from {low:g} to {high:g}; store 0 to 1, or 0 to 255")
    is_share = values.dtype.kind in "fb" and high <= 1
    return np.asarray(np.rint(wide * (_HIGHEST if is_share else 1)), np.uint8)
