"""The blocks of a small vision transformer, in layers that export to ONNX."""

from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.detectors.networks.keras_model import load_keras

AXES = 4
"""A place is told by sine and cosine of its row and of its column, each on a quarter of the width."""
_LONGEST = 100.0
_EPSILON = 1e-5
_FAINT = 0.3
_WIDER = 2
_SAY = 0.2
"""What a block adds counts so little, so that at first a patch stays as it is (Touvron et al., ICCV 2021)."""


def block(x: Any, heads: int) -> Any:
    """Each patch asks the others, then thinks for itself; (n, patches, width) in and out.

    Normalised before each step (Dosovitskiy et al., ICLR 2021), with ReLU: it is cheaper than GELU.
    """
    layers = load_keras().layers
    width = x.shape[-1]
    x = x + _SAY * _attended(_normalised(x), heads)
    y = layers.Dense(_WIDER * width, activation="relu")(_normalised(x))
    return x + _SAY * layers.Dense(width)(y)


def _normalised(x: Any) -> Any:
    """Every patch with mean 0 and variance 1, then scaled and shifted by what is learnt."""
    return load_keras().layers.LayerNormalization(epsilon=_EPSILON)(x)


def _attended(x: Any, heads: int) -> Any:
    """What each patch gets from all, by several heads that each have their share of the width."""
    keras = load_keras()
    layers, ops = keras.layers, keras.ops
    patches, width = x.shape[1:]
    share = width // heads
    asked = layers.Dense(3 * width, use_bias=False)(x)
    asked = ops.transpose(ops.reshape(asked, (-1, patches, 3, heads, share)), (2, 0, 3, 1, 4))
    query, key, value = asked[0] * share**-0.5, asked[1], asked[2]
    weight = ops.softmax(ops.matmul(query, ops.transpose(key, (0, 1, 3, 2))))
    given = ops.transpose(ops.matmul(weight, value), (0, 2, 1, 3))
    return layers.Dense(width)(ops.reshape(given, (-1, patches, width)))


def places(down: int, right: int, width: int) -> npt.NDArray[np.float32]:
    """A code for the place of each of down x right patches, (patches, width): sines and cosines.

    Of Vaswani et al. (NeurIPS 2017), half for the row and half for the column.
    """
    rates = _LONGEST ** -(np.arange(width // AXES) / (width // AXES))
    row, column = np.indices((down, right)).reshape(2, -1, 1) * rates
    code = np.concatenate([np.sin(row), np.cos(row), np.sin(column), np.cos(column)], axis=1)
    return np.asarray(_FAINT * code, np.float32)
