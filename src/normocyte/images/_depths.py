"""Samples of more than 8 bits as 8 bits."""

import numpy as np
import numpy.typing as npt

from normocyte.images.contract import Fault

_FULL = 16
_NEARLY_BLACK = 2**12 - 1
_TO_8_BITS = ((np.arange(2**16) + 128) // 257).astype(np.uint8)


def to_8_bits(stored: npt.NDArray[np.uint16], bits: int = _FULL) -> npt.NDArray[np.uint8]:
    """The full range of so many bits as 0 to 255, rounded; a Fault where 16 bits hold 12 or fewer.

    Nothing but the brightest value tells that a camera filled 12 of 16 bits: 4,095 of 65,535 is nearly black.
    """
    if bits < _FULL:
        largest = 2**bits - 1
        doubled = np.minimum(stored, largest).astype(np.uint32) * 510 + largest
        return np.asarray(doubled // (2 * largest), np.uint8)
    check_filled(stored)
    return _TO_8_BITS[stored]


def check_filled(stored: npt.NDArray[np.uint16]) -> None:
    """A Fault for 16-bit samples of which none is above what 12 bits hold."""
    brightest = int(stored.max(initial=0))
    if brightest <= _NEARLY_BLACK:
        raise Fault(
            f"has 16 bits a channel but no value above {brightest:,} of 65,535: nearly black, or it holds "
            "12 bits or fewer in 16; export it with 8 bits, or stretched to the full range"
        )
