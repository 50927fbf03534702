"""The difference between what was seen and what was expected, with a sign or of both sides."""

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.fields import described
from normocyte.core.types import Maps, Pixels

DIRECTIONS = {"higher": 1.0, "lower": -1.0}
SIGNED, TWO_SIDED = "signed", "two_sided"
READINGS = {"contrast": (-0.5, 1.0, -0.5), "green": (0.0, 1.0, 0.0)}
"""What each channel of a coloured residual counts: chromatin takes far more green than red or blue."""


def direction() -> str:
    """The field of a detector that says where its map is positive."""
    meaning = "where darker pixels lie: higher in contrast, lower in brightness"
    return described("higher", meaning, one_of=tuple(DIRECTIONS))


def reading_of_channels() -> str:
    """The field of a detector that says what the map shows of the residual."""
    meaning = (
        "what the map shows of the residual: all channels, with the sign of darker or without; "
        "green - (red + blue) / 2; or green"
    )
    return described(SIGNED, meaning, one_of=(SIGNED, TWO_SIDED, *READINGS))


def signed_residual(seen: Pixels, expected: Pixels, darker_is: str, reading: str = SIGNED) -> Maps:
    """The residual of (n, height, width, channels) pixels as one map each, positive where darker.

    "two_sided": the root of the mean square over channels, never negative: darker, lighter and another colour
    are alike, for images whose anomalies may be any of these.

    "signed": its size is the root of the mean square over channels, so that the mean of its squares is
    exactly the mean squared reconstruction error; its sign is that of the mean over channels. Of red, green
    and blue, "contrast" reads green - (red + blue) / 2 and "green" the green alone.
    """
    difference = (seen - expected) * np.float32(DIRECTIONS[darker_is])
    if reading == TWO_SIDED:
        return np.asarray(np.sqrt(np.mean(np.square(difference), axis=-1)), np.float32)
    if reading != SIGNED:
        return _weighted(difference, reading)
    if difference.shape[-1] == 1:
        return np.asarray(difference[..., 0], np.float32)
    size = np.sqrt(np.mean(np.square(difference), axis=-1))
    return np.asarray(np.copysign(size, difference.mean(axis=-1)), np.float32)


def _weighted(difference: Pixels, reading: str) -> Maps:
    weights = np.array(READINGS[reading], np.float32)
    if difference.shape[-1] != len(weights):
        raise ConfigError(
            f"The reading '{reading}' needs red, green and blue, but the detector sees "
            f"{difference.shape[-1]} channels; choose '{SIGNED}' or keep the colours."
        )
    return np.asarray(difference @ weights, np.float32)
