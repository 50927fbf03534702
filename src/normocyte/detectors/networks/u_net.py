"""The small U-Net of the detectors that mend cells with something drawn on them."""

from typing import Any

from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.layers import activation, check_sides, convolution

PIXELS = 4
"""So many pixels of an image lie at one place of half its size."""


def at_half_size(image: Any, filters: tuple[int, ...], is_light: bool = False) -> Any:
    """What the U-Net sees in an image (height, width, any): (height / 2, width / 2, filters[0]).

    A light one convolves with 3 x 3 at a quarter of the size and below only, and is faster.
    """
    layers = load_keras().layers
    check_sides(image.shape[1:], len(filters))

    # Stem: half the size at once, which makes all that follows four times cheaper
    x = layers.Conv2D(filters[0], 4, strides=2, padding="same", use_bias=False)(image)
    x = activation(x)

    # Down: each level looks, is kept for later, then halves
    kept = []
    for level, number in enumerate(filters[:-1]):
        if level > 0 or not is_light:
            x = convolution(x, number)
        kept.append(x)
        x = layers.MaxPooling2D()(x)

    # At the bottom it is small and wide
    x = convolution(x, filters[-1])

    # Up: every level draws, doubles, meets what was kept and draws once more
    for level, number in reversed(list(enumerate(filters[:-1]))):
        x = convolution(x, number)
        x = layers.UpSampling2D()(x)
        x = layers.Add()([x, kept[level]])
        x = convolution(x, number, 1 if level == 0 and is_light else 3)
    return x


def at_full_size(x: Any, channels: int) -> Any:
    """Twice the size, from one number for each of the four pixels at a place."""
    return unfolded(load_keras().layers.Conv2D(PIXELS * channels, 1)(x), channels)


def unfolded(x: Any, channels: int) -> Any:
    """Twice the size: four numbers at each place become its four pixels (Shi et al., CVPR 2016)."""
    layers = load_keras().layers
    _, height, width, _ = x.shape
    x = layers.Reshape((height, width, 2, 2, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((2 * height, 2 * width, channels))(x)
