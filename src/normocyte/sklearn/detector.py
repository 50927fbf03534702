"""An outlier detector for scikit-learn around recipes and bundles."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted

from normocyte.api.bundle import Bundle
from normocyte.api.inputs import PATH
from normocyte.api.running import running
from normocyte.api.support.folders import Folder
from normocyte.api.training import with_fields
from normocyte.core.errors import BundleError, ConfigError, DatasetError
from normocyte.core.files import make_folder
from normocyte.core.types import ANOMALY, HEALTHY, Record, Scores
from normocyte.pipeline.bundle.bundle import open_bundle
from normocyte.pipeline.bundle.layout import FACTS, hashed_files
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.results.verdict import CauseCode
from normocyte.sklearn.inputs import Shape, healthy_rows, images_of, patients_of, refusing, sources_of
from normocyte.workflows.training.healthy import train_on_healthy

LOWEST = float(np.finfo(np.float32).min)
"""The score of an image that is refused: finite, and below that of every image that is scored."""
_REFUSED = {"lowest": LOWEST, "nan": float("nan")}
_FILES = "_files"
_BUNDLE = "bundle"


class HealthyOnlyDetector(OutlierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Learns healthy cells; high scores are normal, a negative decision is an outlier, predict is +1 or -1.

    Args:
        recipe: the name of a built-in recipe, such as "classic", or a TOML file.
        seed: instead of the recipe's, 0 to 2**32 - 1.
        refused: the score of an image that the recipe refuses to assess: "lowest" (-3.4e38, the most
            anomalous, so that every metric can be computed) or "nan". It is predicted as -1 in both cases.
        image_shape: (height, width, 3), where X is a table of flattened images (n, height * width * 3).
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        **fields: fields of the recipe's (first) detector to change, such as `latent=16`. `get_params` lists
            those that were given; `set_params` and a parameter grid take any.

    Attributes:
        bundle_: the `normocyte.Bundle` that was learnt; `bundle_.guarantee` says what its threshold promises.
        offset_: the threshold as a score: `decision_function` is `score_samples` less this.
        n_features_in_: how many values a row of a table has; only where X was one.

    X is one of: RGB uint8 images (n, height, width, 3), a list of such images, a list, array or Series of
    paths, a DataFrame with a column `path` (and, as in a manifest, `patient` and `label`, where 0 is healthy
    and 1 an anomaly), or a table with `image_shape`.

    Example:
        >>> from pathlib import Path
        >>> from normocyte.sklearn import HealthyOnlyDetector
        >>> healthy = sorted(Path("healthy").glob("*.png"))
        >>> patients = [path.name.split("_")[0] for path in healthy]
        >>> detector = HealthyOnlyDetector("pca", components=8).fit(healthy, groups=patients)
        >>> set(detector.predict(healthy).tolist()) <= {1, -1}
        True
    """

    def __init__(
        self,
        recipe: str = "default",
        *,
        seed: int | None = None,
        refused: str = "lowest",
        image_shape: Shape | None = None,
        workers: int = 1,
        **fields: Any,
    ) -> None:
        self.recipe = recipe
        self.seed = seed
        self.refused = refused
        self.image_shape = image_shape
        self.workers = workers
        self._fields = fields

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters and those fields of the detector that were given."""
        return {**super().get_params(deep), **self._fields}

    def set_params(self, **params: Any) -> Self:
        """Set parameters and fields of the detector; `fit` refuses a field that it does not have."""
        own = {name: params.pop(name) for name in self._get_param_names() if name in params}
        super().set_params(**own)
        self._fields = {**self._fields, **params}
        return self

    def fit(self, X: Any, y: Any = None, groups: Any = None) -> Self:
        """Learn from the healthy rows of X; part of them, of other patients, gives the threshold.

        Args:
            X: images, see above.
            y: None where all are healthy; else 1 for a healthy cell and -1 for an anomaly, from which it
                does not learn. Other labels are refused.
            groups: the patient of each row; else the column `patient` of a DataFrame; else unknown, with a
                warning: cells are then taken for independent.

        Returns:
            The detector itself.

        Raises:
            DatasetError: (and ValueError) for what is no image, label or patient, or too little of it.
            ConfigError: (and ValueError) for an unknown recipe or field, or an impossible value.
            TrainingError: for too few cells.
            MissingExtraError: when the detector needs the extra "train" and it is not installed.
        """
        with refusing():
            recipe = self._recipe()
            if hasattr(self, "n_features_in_"):
                del self.n_features_in_
            sources = sources_of(images_of(X, self, reset=True))
            labels = np.where(healthy_rows(X, y, len(sources)), HEALTHY, ANOMALY).tolist()
            records = list(map(Record, sources, labels, patients_of(X, groups, len(sources))))
            folder = Folder(None)
            with running(None, self.workers) as listener:
                trained = train_on_healthy(recipe, records, folder.path / _BUNDLE, listener)
        self.bundle_ = Bundle(trained.bundle, folder)
        self.offset_ = -self.bundle_.threshold
        return self

    def fit_predict(self, X: Any, y: Any = None, groups: Any = None) -> npt.NDArray[np.int64]:
        """Learn from the healthy rows of X, and predict all of them."""
        return self.fit(X, y, groups).predict(X)

    def score_samples(self, X: Any) -> Scores:
        """How normal each image is, (n,): the anomaly score of the bundle with the other sign.

        An image that cannot be assessed gets what `refused` says; DatasetError (and ValueError) for one that
        cannot be read.
        """
        check_is_fitted(self)
        with refusing():
            substitute = self._substitute()
            images = images_of(X, self, reset=False)
            given = list(images.arrays) or pd.DataFrame({PATH: images.names})
            table = self.bundle_.score(given, workers=self.workers)
            _check_read(table)
        scores = -table.score.to_numpy(np.float64)
        return np.where(np.isnan(scores), substitute, scores)

    def decision_function(self, X: Any) -> Scores:
        """How far each image is on the normal side of the threshold, (n,): below 0 is an outlier."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> npt.NDArray[np.int64]:
        """+1 for each image that looks healthy and -1 for each other, (n,)."""
        return np.where(self.decision_function(X) >= 0, 1, -1)

    def _recipe(self) -> Recipe:
        self._substitute()
        fields = {name: _plain(value) for name, value in self._fields.items()}
        return with_fields(find_recipe(str(self.recipe)).seeded(_plain(self.seed)), fields)

    def _substitute(self) -> float:
        """The score of an image that is refused."""
        if self.refused not in tuple(_REFUSED):
            raise ConfigError(f"refused must be one of {', '.join(_REFUSED)}, not {self.refused!r}.")
        return _REFUSED[self.refused]

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: the parameters, and the files of the bundle as bytes."""
        state = dict(super().__getstate__())
        bundle = state.pop("bundle_", None)
        return state if bundle is None else {**state, _FILES: _files_of(bundle)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The same, with the bundle in a folder of its own."""
        super().__setstate__({name: value for name, value in state.items() if name != _FILES})
        if _FILES in state:
            folder = Folder(None)
            place = folder.path / _BUNDLE
            for name, content in state[_FILES].items():
                make_folder((place / name).parent).joinpath(Path(name).name).write_bytes(content)
            self.bundle_ = Bundle(open_bundle(place), folder)


def _plain(value: Any) -> Any:
    """A number of NumPy, as grids hold them, as one of Python."""
    return value.item() if isinstance(value, np.generic) else value


def _files_of(bundle: Bundle) -> dict[str, bytes]:
    """The files of a bundle; BundleError where some are gone: it could not be opened again."""
    folder = bundle.folder
    names = (FACTS, *hashed_files(len(bundle._bundle.pipeline.members)))
    gone = [name for name in names if not (folder / name).is_file()]
    if gone:
        raise BundleError(
            f"The detector cannot be pickled: {folder / gone[0]} of its bundle is gone, which a cleaner of "
            "temporary files may have deleted. Fit it again."
        )
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _check_read(table: pd.DataFrame) -> None:
    unread = table[table.cause == CauseCode.NOT_READ.value]
    if len(unread):
        raise DatasetError(
            f"{len(unread)} of {len(table)} images cannot be read: {unread.error.iloc[0]} Remove them."
        )
