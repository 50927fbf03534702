"""A small convolutional autoencoder: the network of the mission."""

from dataclasses import dataclass
from typing import Any

from normocyte.core.fields import described
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.layers import convolution
from normocyte.detectors.networks.levels import Levels


@dataclass
class ConvAutoencoder(Levels, Autoencoder):
    """Conv2D + MaxPooling2D down to a short code, Conv2D + UpSampling2D back up."""

    latent: int = described(32, "length of the code", at_least=1)

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
