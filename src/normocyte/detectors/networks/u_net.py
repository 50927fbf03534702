"""The small U-Net of the detectors that mend cells with something drawn on them."""

from typing import Any

from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.layers import activation, check_sides, convolution


def at_half_size(image: Any, filters: tuple[int, ...]) -> Any:
    """What the U-Net sees in an image (height, width, any): (height / 2, width / 2, filters[0])."""
    layers = load_keras().layers
    check_sides(image.shape[1:], len(filters))

    # Stem: half the size at once, which makes all that follows four times cheaper
    x = layers.Conv2D(filters[0], 4, strides=2, padding="same", use_bias=False)(image)
    x = activation(x)

    # Down: each level looks, is kept for later, then halves
    kept = []
    for number in filters[:-1]:
        x = convolution(x, number)
        kept.append(x)
        x = layers.MaxPooling2D()(x)

    # At the bottom it is small and wide
    x = convolution(x, filters[-1])

    # Up: every level draws, doubles, meets what was kept and draws once more
    for number, level in zip(reversed(filters[:-1]), reversed(kept), strict=True):
        x = convolution(x, number)
        x = layers.UpSampling2D()(x)
        x = layers.Add()([x, level])
        x = convolution(x, number)
    return x


def at_full_size(x: Any, channels: int) -> Any:
    """Twice the size: four numbers at each place become its four pixels (Shi et al., CVPR 2016)."""
    layers = load_keras().layers
    _, height, width, _ = x.shape
    x = layers.Conv2D(4 * channels, 1)(x)
    x = layers.Reshape((height, width, 2, 2, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape((2 * height, 2 * width, channels))(x)
