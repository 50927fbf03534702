"""Keeps a trained Keras model in a file, and opens it again without running code from it."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from normocyte.core.errors import BundleError
from normocyte.core.files import replacing
from normocyte.core.types import Pixels
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.support.onnx_graph import graph_shape, run_output

CLOSE = 1e-3
"""The model and the graph differ by rounding alone, at most by so much of the graph's largest answer."""
_SAMPLES = 2
_NOT_A_MODEL = (OSError, KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile)


def without_training(model: Any) -> Any:
    """The same layers without optimizer and loss, so that a file of it names no function of ours."""
    return load_keras().Model(model.input, model.output)


def save_model(model: Any, file: Path) -> None:
    """Write a model of Keras' own layers and operations; OutputError when the file cannot be written."""
    with replacing(file) as temporary, warnings.catch_warnings():
        # Keras 3.15 copies TensorFlow's numbers in a way that NumPy 2 will not have
        warnings.filterwarnings("ignore", ".*copy keyword.*", DeprecationWarning)
        model.save(temporary)


def open_model(file: Path, graph: bytes, answers: Sequence[str]) -> Any:
    """The keras.Model in a file, not compiled, with code in it refused (`safe_mode`).

    BundleError when there is none, when it cannot be read, or when it does not answer as the graph does.
    """
    if not file.is_file():
        raise BundleError(
            f"There is no Keras model at {file}; training writes it next to the bundle. Train again, or copy "
            "it there."
        )
    keras = load_keras()
    try:
        model = keras.models.load_model(file, compile=False, safe_mode=True)
        is_same = _answers_alike(model, graph, answers)
    except _NOT_A_MODEL as error:
        raise BundleError(
            f"{file} is not a Keras model that can be opened safely: {_first_line(error)} Train again."
        ) from error
    if not is_same:
        raise BundleError(
            f"{file} does not give what the network of the bundle next to it gives: it was changed, or is "
            "from another training. Train again, or open it with keras.models.load_model."
        )
    return model


def _answers_alike(model: Any, graph: bytes, answers: Sequence[str]) -> bool:
    """Whether both answer alike to the same random pixels."""
    shape = graph_shape(graph)
    if model.input_shape[1:] != shape:
        return False
    pixels = np.random.default_rng(0).standard_normal((_SAMPLES, *shape), np.float32)
    given = model(pixels)
    given = given if isinstance(given, list) else [given]
    known = [run_output(graph, pixels, name) for name in answers]
    return len(given) == len(known) and all(map(_is_close, known, map(np.asarray, given)))


def _is_close(known: Pixels, given: Pixels) -> bool:
    return known.shape == given.shape and bool(np.abs(known - given).max() <= CLOSE * np.abs(known).max())


def _first_line(error: BaseException) -> str:
    return f"{str(error).splitlines()[0] if str(error) else type(error).__name__}."
