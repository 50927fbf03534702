"""A small convolutional autoencoder: the network of the mission."""

import math
from dataclasses import dataclass
from typing import Any

from normocyte.core.errors import TrainingError
from normocyte.core.fields import described
from normocyte.core.types import Batch, Pixels
from normocyte.detectors.contract import Training
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.layers import convolution, doubled
from normocyte.detectors.networks.levels import Levels

LINEAR, SIGMOID = "linear", "sigmoid"


@dataclass
class ConvAutoencoder(Levels, Autoencoder):
    """Conv2D + MaxPooling2D down to a short code, UpSampling2D + Conv2D back up.

    Of pixels from 0 to 1, such as those of `normalise`, it learns far faster with a sigmoid at its end, which
    draws the edge of a cell on black.
    """

    latent: int = described(
        32, "length of the dense code; 0 for none, the code then is the small image itself", at_least=0
    )
    output: str = described(
        LINEAR, "activation at the end; sigmoid is for pixels from 0 to 1", one_of=(LINEAR, SIGMOID)
    )

    def build(self, shape: tuple[int, int, int]) -> Any:
        layers = load_keras().layers
        self.check_shape(shape)

        # Encoder: each level looks, then halves
        image = layers.Input(shape)
        x = image
        for filters in self.filters:
            x = convolution(x, filters)
            x = layers.MaxPooling2D()(x)

        # Code: the small image, or the few numbers that it is squeezed into
        if self.latent:
            x = self._squeezed(x)

        # Decoder: each level doubles, then draws
        for filters in reversed(self.filters):
            x = doubled(x, filters)
        x = layers.Conv2D(shape[2], 3, padding="same", activation=self.output)(x)
        return load_keras().Model(image, x)

    def _squeezed(self, x: Any) -> Any:
        """The small image from `latent` numbers, the bottleneck that has no place for what is rare."""
        layers = load_keras().layers
        small = x.shape[1:]
        x = layers.Flatten()(x)
        x = layers.Dense(self.latent)(x)
        x = layers.Dense(math.prod(small), activation="relu")(x)
        return layers.Reshape(small)(x)

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:
        if self.output == SIGMOID:
            _check_unit(healthy.pixels)
        super().fit(healthy, held_out, training)


def _check_unit(pixels: Pixels) -> None:
    """TrainingError for pixels that a sigmoid can never give back."""
    if ((pixels < 0) | (pixels > 1)).any():
        raise TrainingError(
            f"The output sigmoid needs pixels from 0 to 1, but they range from {pixels.min():g} to "
            f'{pixels.max():g}; add the step "normalise" or set output = "linear".'
        )
