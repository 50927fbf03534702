"""Layers that the networks share."""

from typing import Any

from normocyte.core.errors import ConfigError
from normocyte.detectors.networks.keras_model import load_keras


def convolution(x: Any, filters: int, side: int = 3) -> Any:
    """A convolution of side x side pixels and its activation."""
    return activation(load_keras().layers.Conv2D(filters, side, padding="same", use_bias=False)(x))


def doubled(x: Any, filters: int) -> Any:
    """Twice the size, and then a convolution with its activation.

    Doubled after it, each pixel would stand there four times, and show in the answer as a chessboard.
    """
    return convolution(load_keras().layers.UpSampling2D()(x), filters)


def activation(x: Any) -> Any:
    """Batch normalisation, with a short memory for small sets, and ReLU."""
    layers = load_keras().layers
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


def check_sides(shape: tuple[int, int, int], halvings: int) -> None:
    """ConfigError unless both sides of (height, width, channels) can be halved so often."""
    reduction = 2**halvings
    if shape[0] % reduction or shape[1] % reduction:
        raise ConfigError(
            f"These filters halve the image {halvings} times, so its sides must be multiples of {reduction}, "
            f"not {shape[0]} x {shape[1]}; resize it or use fewer filters."
        )
