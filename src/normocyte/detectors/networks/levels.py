"""What several networks share: levels that halve the image, and parasites drawn on healthy cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.fields import Declared, described
from normocyte.core.types import Batch, Pixels
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.layers import check_sides
from normocyte.detectors.support.residual import DIRECTIONS


def levels(default: tuple[int, ...], fewest: int = 1) -> tuple[int, ...]:
    """The field of a network that says how many filters each level has."""
    meaning = "filters of each level, so that its length is the depth"
    return described(default, meaning, at_least=1, min_items=fewest)


@dataclass
class Levels(Declared):
    """A network whose levels halve the image."""

    filters: tuple[int, ...] = levels((8, 16, 32))

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        """ConfigError unless both sides of (height, width, channels) can be halved at every level."""
        check_sides(shape, len(self.filters))


@dataclass
class Drawings(Autoencoder):
    """A network that learns from healthy cells with synthetic parasites and noise.

    Behind a gain of 4, a darkening of 1.2 to 12 is a log ratio of .3 to 3. A large mottled body looks as
    gametocytes and old trophozoites of P. vivax do.
    """

    weakest: float = described(1.2, "weakest synthetic darkening", unit="units of the input", above=0)
    strongest: float = described(12.0, "strongest synthetic darkening", unit="units of the input", above=0)
    share: float = described(0.8, "share of cells with synthetic parasites", at_least=0, at_most=1)
    bodies: float = described(0.0, "share of these with one large body instead", at_least=0, at_most=1)
    noise: float = described(0.3, "strongest coarse noise", unit="units of the input", at_least=0)

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins."""
        super().__post_init__()
        if self.weakest > self.strongest:
            raise ConfigError(f"weakest must be at most strongest, not {self.weakest} and {self.strongest}.")

    @property
    def trained_to(self) -> str:
        drawn = "find and remove synthetic parasites that are drawn into them"
        return drawn if self.share else super().trained_to

    def inputs(self, healthy: Batch, rng: np.random.Generator) -> Pixels:
        """Healthy cells with parasites and noise on some of them."""
        return self.noisy(self.drawn_on(healthy, rng), healthy, rng)

    def drawn_on(self, healthy: Batch, rng: np.random.Generator) -> Pixels:
        """Healthy cells with parasites drawn on some, as strong and as many as the fields say."""
        from normocyte.detectors.support.drawn_parasites import Drawing, with_parasites

        sign = DIRECTIONS[self.darker_is]
        strengths = (sign * self.weakest, sign * self.strongest)
        return with_parasites(healthy, rng, Drawing(strengths, self.share, self.bodies))

    def noisy(self, pixels: Pixels, healthy: Batch, rng: np.random.Generator) -> Pixels:
        """The pixels with coarse noise where the cells are."""
        from normocyte.detectors.support.drawn_parasites import with_coarse_noise

        return with_coarse_noise(pixels, healthy.masks, rng, self.noise)
