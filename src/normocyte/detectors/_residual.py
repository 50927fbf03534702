"""The difference between what was seen and what was expected, with a sign."""

from __future__ import annotations

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.types import Maps, Pixels

DIRECTIONS = {"higher": 1.0, "lower": -1.0}


def check_direction(darker_is: str) -> None:
    """ConfigError unless `darker_is` is one of the two directions."""
    if darker_is not in DIRECTIONS:
        raise ConfigError(
            f"darker_is must be 'higher' (contrast) or 'lower' (brightness), not '{darker_is}'."
        )


def signed_residual(seen: Pixels, expected: Pixels, darker_is: str) -> Maps:
    """The residual of (n, height, width, channels) pixels as one map each, positive where darker.

    Its size is the root of the mean square over channels, so that the mean of its squares is exactly the
    mean squared reconstruction error; its sign is that of the mean over channels.
    """
    difference = (seen - expected) * np.float32(DIRECTIONS[darker_is])
    if difference.shape[-1] == 1:
        return np.asarray(difference[..., 0], np.float32)
    size = np.sqrt(np.mean(np.square(difference), axis=-1))
    return np.asarray(np.copysign(size, difference.mean(axis=-1)), np.float32)
