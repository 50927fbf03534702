"""A denoising autoencoder that has learnt to take drawn parasites off healthy cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch, Pixels
from normocyte.detectors._autoencoder import Autoencoder
from normocyte.detectors._keras import load_keras
from normocyte.detectors._layers import activation, check_sides, convolution
from normocyte.detectors._residual import DIRECTIONS


@dataclass
class DenoisingAutoencoder(Autoencoder):
    """A small U-Net that sees a healthy cell with drawn parasites and noise, and gives the healthy cell back.

    It has no bottleneck (Vincent et al., JMLR 11, 2010) and learns what to take off (Zhang et al., IEEE TIP
    26, 2017), which is what does not belong to a healthy cell. It never sees a real parasite. Made for
    `chromatin_contrast`, or for the three channels of `optical_density`, each of which a drawn parasite
    darkens in its own way.

    filters: one number a level; weakest and strongest: range of the drawn darkening, in units of the
    input (behind a gain of 4, 1.2 to 12 are log ratios of .3 to 3); share: how many inputs carry parasites;
    bodies: how many of these carry one large mottled body instead, as gametocytes and old trophozoites of P.
    vivax are; noise: the strongest coarse noise.
    """

    epochs: int = 12
    patience: int = 12
    filters: tuple[int, ...] = (16, 24, 32)
    weakest: float = 1.2
    strongest: float = 12.0
    share: float = 0.8
    bodies: float = 0.0
    noise: float = 0.3

    def __post_init__(self) -> None:
        """Refuse an empty network and impossible drawings."""
        super().__post_init__()
        if len(self.filters) < 2 or min(self.filters) < 1:  # noqa: PLR2004 - a U needs two arms
            raise ConfigError(f"filters needs at least two levels above zero, not {self.filters}.")
        are_shares = 0 <= self.share <= 1 and 0 <= self.bodies <= 1
        if not (0 < self.weakest <= self.strongest and are_shares and self.noise >= 0):
            raise ConfigError(
                "weakest must be above 0 and at most strongest, share and bodies from 0 to 1 and noise at "
                f"least 0, not {self.weakest}, {self.strongest}, {self.share}, {self.bodies}, {self.noise}."
            )

    def build(self, shape: tuple[int, int, int]) -> Any:
        layers = load_keras().layers
        height, width, channels = shape
        check_sides(shape, len(self.filters))

        # Stem: half the size at once, which makes all that follows four times cheaper
        image = layers.Input(shape)
        x = layers.Conv2D(self.filters[0], 4, strides=2, padding="same", use_bias=False)(image)
        x = activation(x)

        # Down: each level looks, is kept for later, then halves
        kept = []
        for filters in self.filters[:-1]:
            x = convolution(x, filters)
            kept.append(x)
            x = layers.MaxPooling2D()(x)

        # At the bottom it is small and wide
        x = convolution(x, self.filters[-1])

        # Up: every level draws, doubles, meets what was kept and draws once more
        for filters, level in zip(reversed(self.filters[:-1]), reversed(kept), strict=True):
            x = convolution(x, filters)
            x = layers.UpSampling2D()(x)
            x = layers.Add()([x, level])
            x = convolution(x, filters)

        # Full size again: four numbers at each place become its four pixels (Shi et al., CVPR 2016)
        x = layers.Conv2D(4 * channels, 1)(x)
        x = layers.Reshape((height // 2, width // 2, 2, 2, channels))(x)
        x = layers.Permute((1, 3, 2, 4, 5))(x)
        taken = layers.Reshape(shape)(x)

        # What was drawn is taken off: to leave a cell as it is, the network need only answer nothing
        return load_keras().Model(image, layers.Subtract()([image, taken]))

    def inputs(self, healthy: Batch, chance: np.random.Generator) -> Pixels:
        from normocyte.detectors._drawn_parasites import (
            Drawing,
            with_coarse_noise,
            with_parasites,
        )  # SciPy: not to score

        sign = DIRECTIONS[self.darker_is]
        strengths = (sign * self.weakest, sign * self.strongest)
        drawn = with_parasites(healthy, chance, Drawing(strengths, self.share, self.bodies))
        return with_coarse_noise(drawn, healthy.masks, chance, self.noise)
