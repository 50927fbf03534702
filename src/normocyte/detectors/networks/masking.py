"""Which patches of a picture are hidden in which turn, and a loss that looks at these alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.detectors.networks.keras_model import load_keras

Stripes = npt.NDArray[np.float32]

STEP = 2
TURNS = STEP * STEP
"""In so many turns every patch is hidden once, each time with all its eight neighbours in sight."""


def stripes(height: int, width: int, patch: int) -> tuple[Stripes, Stripes]:
    """For each turn 1 on the rows, (4, 1, height, 1, 1), and columns, (4, 1, 1, width, 1), of hidden patches.

    They are every second row and column of patches; what lies in both is hidden.
    """
    rows, columns = (_every_second(length, patch) for length in (height, width))
    return (
        rows.repeat(STEP, axis=0).reshape(TURNS, 1, height, 1, 1),
        np.tile(columns, (STEP, 1)).reshape(TURNS, 1, 1, width, 1),
    )


def _every_second(length: int, patch: int) -> Stripes:
    is_hidden = np.arange(length) // patch % STEP == np.arange(STEP)[:, np.newaxis]
    return np.asarray(is_hidden, np.float32)


def turns(height: int, width: int, patch: int) -> Stripes:
    """The mask of each turn, (4, height, width, 1): 1 on what is hidden."""
    rows, columns = stripes(height, width, patch)
    return np.asarray((rows * columns)[:, 0], np.float32)


def filled_in(model: Any, patch: int) -> Any:
    """The keras.Model that hides each patch of a picture in one of four turns and joins what is answered.

    `model` takes pictures (n, height, width, channels + 1), the last channel a mark on what is hidden, and
    answers pictures (n, height, width, channels). No pixel has a say in what is expected in its patch.
    """
    keras = load_keras()
    ops = keras.ops
    shape = model.output_shape[1:]
    rows, columns = stripes(shape[0], shape[1], patch)
    picture = keras.layers.Input(shape)
    every = ops.expand_dims(picture, 0)
    seen = every - every * rows * columns
    marks = ops.ones_like(every[..., :1]) * rows * columns
    shown = ops.reshape(ops.concatenate([seen, marks], axis=-1), (-1, *model.input_shape[1:]))
    answered = ops.reshape(model(shown), (TURNS, -1, *shape))
    return keras.Model(picture, ops.sum(answered * rows * columns, axis=0))


def on_hidden(loss: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The loss on what was hidden; the wanted picture carries the marks as a further channel, the last."""

    def judged(wanted: Any, answered: Any) -> Any:
        hidden = wanted[..., -1:]
        return TURNS * loss(wanted[..., :-1] * hidden, answered * hidden)

    return judged
