"""What scikit-learn hands over as X, y and groups: one image, label and patient a row."""

from __future__ import annotations

import contextlib
import numbers
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from sklearn.utils.validation import validate_data

from normocyte.api.inputs import PATH, given
from normocyte.api.support.given import Given
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.progress import Silent
from normocyte.core.types import HEALTHY, UNKNOWN_PATIENT, Flags, MemorySource, Source
from normocyte.datasets.support.manifest import LABELS

Shape: TypeAlias = tuple[int, int, int]
PATIENT, LABEL = "patient", "label"
"""The columns of a DataFrame that name patients, where no groups are given, and labels, as in a manifest."""
HEALTHY_LABEL, ANOMALY_LABEL = 1, -1
_IMAGE_DIMENSIONS, _TABLE_DIMENSIONS, _CHANNELS = 3, 2, 3


class RefusedInput(DatasetError, ValueError):
    """A `DatasetError` that scikit-learn's tools take for the `ValueError` that they expect."""


class RefusedParameter(ConfigError, ValueError):
    """A `ConfigError` that is a `ValueError`, too, as scikit-learn refuses parameters."""


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """A block in which data and parameters that cannot be used are refused as a ValueError, too."""
    try:
        yield
    except DatasetError as error:
        raise RefusedInput(error.message) from error
    except ConfigError as error:
        raise RefusedParameter(error.message) from error


def images_of(X: Any, estimator: Any, *, reset: bool) -> Given:
    """The images of X, one a row.

    Flattened rows are counted in the estimator's `n_features_in_`, which `reset` sets anew.
    """
    _check_columns(X)
    if isinstance(X, pd.DataFrame) and (PATH in X.columns or estimator.image_shape is None):
        return _files(given(X, Silent()).sources)
    X = _plain(X)
    if _holds(X, str | os.PathLike):
        return _files([Source(Path(path)) for path in X])
    if _holds(X, bytes):
        raise DatasetError("X is a list of bytes; give paths as text: [os.fsdecode(path) for path in X].")
    if isinstance(X, str | os.PathLike):
        raise DatasetError(f"X is one path, '{X}'; give a list of paths, one image a row.")
    if not _is_table(X) or _holds(X, np.ndarray) or np.ndim(X) > _TABLE_DIMENSIONS:
        return given(X, Silent())
    return _flattened(validate_data(estimator, X, reset=reset, dtype=None), estimator.image_shape)


def _check_columns(X: Any) -> None:
    """DatasetError where a DataFrame has a column that is read here more than once."""
    for name in (PATH, PATIENT, LABEL) if isinstance(X, pd.DataFrame) else ():
        count = list(X.columns).count(name)
        if count > 1:
            raise DatasetError(f"The DataFrame has {count} columns '{name}'; keep one.")


def _plain(X: Any) -> Any:
    """A Series and an array of one dimension as lists, what is like an array as one, all else as it is."""
    if hasattr(X, "__array__") and not isinstance(X, pd.DataFrame):
        X = np.asarray(X)
        return X.tolist() if X.ndim == 1 else X
    return X


def _holds(X: Any, kind: Any) -> bool:
    return isinstance(X, list | tuple) and len(X) > 0 and all(isinstance(one, kind) for one in X)


def _is_table(X: Any) -> bool:
    """True for what scikit-learn takes for a table, or refuses in its own words: arrays, lists."""
    return hasattr(X, "shape") or (isinstance(X, list | tuple) and len(X) > 0)


def _files(sources: Sequence[Source]) -> Given:
    missing = [source for source in sources if not source.path.is_file()]
    if missing:
        raise DatasetError(
            f"{len(missing)} of {len(sources)} paths are no files, such as {missing[0]}; give an image a row."
        )
    return Given(sources=tuple(sources))


def _flattened(table: Any, shape: Any) -> Given:
    if shape is None:
        raise DatasetError(
            f"X is a table {table.shape}, not images (n, height, width, 3); where each row is a flattened "
            "image, give its `image_shape`."
        )
    if not _is_shape(shape) or int(np.prod(shape)) != table.shape[1]:
        raise DatasetError(
            f"`image_shape` must be (height, width, 3) with as many values as a row, {table.shape[1]}, "
            f"not {shape!r}.{_for_gray(shape, table.shape[1])}"
        )
    return given(table.reshape(-1, *shape), Silent())


def _for_gray(shape: Any, values: int) -> str:
    """How to give rows of gray images, where the shape is that of such an image; else empty."""
    match shape:
        case (height, width) | (height, width, 1) if _is_shape((height, width, _CHANNELS)):
            if height * width == values:
                rgb = (int(height), int(width), _CHANNELS)
                return f" For gray images, write np.repeat(X, 3, axis=1) and give `image_shape={rgb}`."
    return ""


def _is_shape(shape: Any) -> bool:
    shape = shape.tolist() if isinstance(shape, np.ndarray) else shape
    is_whole = isinstance(shape, list | tuple) and all(_is_whole(one) and one > 0 for one in shape)
    return is_whole and len(shape) == _IMAGE_DIMENSIONS and shape[-1] == _CHANNELS


def _is_whole(number: Any) -> bool:
    return isinstance(number, numbers.Integral) and not isinstance(number, bool)


def sources_of(images: Given) -> Sequence[Source]:
    """Each image as a source that the workflows read: a file, or the pixels in memory."""
    named = zip(images.names, images.arrays, strict=False)
    return images.sources or [MemorySource(Path(name), pixels=pixels) for name, pixels in named]


def healthy_rows(X: Any, y: Any, rows: int) -> Flags:
    """Which rows are healthy, (rows,): by y and by the column `label` of a DataFrame; all without either."""
    found = _healthy_by_column(X, rows) & _healthy_by_labels(y, rows)
    if not found.any():
        raise DatasetError(f"None of the {rows} rows is labelled healthy; give healthy cells to learn from.")
    return found


def _healthy_by_column(X: Any, rows: int) -> Flags:
    """By the column `label`, whose words are those of a manifest; all where there is none."""
    if not isinstance(X, pd.DataFrame) or LABEL not in X.columns:
        return np.ones(rows, np.bool_)
    labels = X[LABEL].map(lambda label: LABELS.get(str(label).lower().removesuffix(".0")))
    if labels.isna().any():
        raise DatasetError(
            f"The column 'label' holds '{X[LABEL][labels.isna()].iloc[0]}'; write 0 for healthy and 1 for an "
            "anomaly, as in a manifest, or leave it out."
        )
    return np.asarray(labels == HEALTHY)


def _healthy_by_labels(y: Any, rows: int) -> Flags:
    """By y, 1 for a healthy cell and -1 for an anomaly; all where there is none."""
    if y is None:
        return np.ones(rows, np.bool_)
    labels = np.asarray(y)
    if labels.shape != (rows,):
        raise DatasetError(f"y has the shape {labels.shape}, but X has {rows} rows; give one label a row.")
    found = {repr(label): label for label in labels.tolist()}.values()
    if not all(map(_is_label, found)):
        said = ", ".join(map(repr, sorted(found, key=str)[:5]))
        raise DatasetError(
            f"y holds {said}, but a healthy cell is labelled 1 and an anomaly -1, as scikit-learn has it for "
            "outliers; where 0 is healthy, give np.where(y == 0, 1, -1). For cross_val_predict, which "
            "numbers labels anew, give a DataFrame with a column 'label' (0 is healthy) and no y."
        )
    return np.asarray(labels == HEALTHY_LABEL)


def _is_label(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and value in (HEALTHY_LABEL, ANOMALY_LABEL)


def patients_of(X: Any, groups: Any, rows: int) -> list[str]:
    """The patient of each row: by groups, else by the column `patient` of a DataFrame, else unknown."""
    if groups is None and isinstance(X, pd.DataFrame) and PATIENT in X.columns:
        groups = X[PATIENT]
    if groups is None:
        return [UNKNOWN_PATIENT] * rows
    given_names = np.asarray(groups, object)
    if given_names.ndim != 1:
        raise DatasetError(f"groups has the shape {given_names.shape}; give one patient a row, ({rows},).")
    names = pd.Series(given_names)
    if len(names) != rows:
        raise DatasetError(f"There are {len(names)} groups for {rows} rows of X; give one patient a row.")
    texts = names.map(str).to_numpy()
    empty = np.flatnonzero(names.isna().to_numpy() | (texts == ""))
    if len(empty):
        raise DatasetError(f"Row {empty[0]} names no patient; name the patient of every row, or of none.")
    return [str(text) for text in texts]
