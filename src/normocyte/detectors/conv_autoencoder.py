"""A small convolutional autoencoder: the network of the mission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from normocyte.core.errors import ConfigError
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.layers import check_sides, convolution


@dataclass
class ConvAutoencoder(Autoencoder):
    """Conv2D + MaxPooling2D down to a short code, Conv2D + UpSampling2D back up.

    filters: one number a level, so its length is the depth; latent: length of the code between.
    """

    filters: tuple[int, ...] = (8, 16, 32)
    latent: int = 32

    def __post_init__(self) -> None:
        """Refuse an empty network."""
        super().__post_init__()
        if not self.filters or min(self.filters) < 1 or self.latent < 1:
            raise ConfigError(f"filters and latent must be above zero, not {self.filters} and {self.latent}.")

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        check_sides(shape, len(self.filters))

    def build(self, shape: tuple[int, int, int]) -> Any:
        layers = load_keras().layers
        self.check_shape(shape)

        # Encoder: each level looks, then halves
        image = layers.Input(shape)
        x = image
        for filters in self.filters:
            x = convolution(x, filters)
            x = layers.MaxPooling2D()(x)

        # Code: the bottleneck that leaves no room for what is rare
        small = x.shape[1:]
        x = layers.Flatten()(x)
        x = layers.Dense(self.latent)(x)

        # Decoder: each level draws, then doubles (drawing first costs a quarter of doubling first)
        x = layers.Dense(small[0] * small[1] * small[2], activation="relu")(x)
        x = layers.Reshape(small)(x)
        for filters in reversed(self.filters):
            x = convolution(x, filters)
            x = layers.UpSampling2D()(x)
        return load_keras().Model(image, layers.Conv2D(shape[2], 3, padding="same")(x))
