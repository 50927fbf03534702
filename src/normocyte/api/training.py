"""Training from Python."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from normocyte.api.bundle import Bundle
from normocyte.api.inputs import PathLike
from normocyte.api.labelled import Labelled, cells_to_learn
from normocyte.api.running import lost, running, told
from normocyte.api.support.checks import check_labelled, check_patients, check_place, check_whole
from normocyte.api.support.folders import Folder
from normocyte.core.errors import ConfigError
from normocyte.core.fields import settable
from normocyte.core.progress import Progress
from normocyte.core.types import Part
from normocyte.datasets.contract import Dataset
from normocyte.datasets.opening.detect import drawn_cohort
from normocyte.pipeline.bundle.layout import FACTS
from normocyte.pipeline.learnt import training_curve
from normocyte.pipeline.member import Member
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.workflows.training.train import Trained, replaced_words
from normocyte.workflows.training.train import train as run_training

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Run:
    """A training that is done.

    Attributes:
        bundle: what was trained, ready to score.
        folder: where the bundle, the split and the recipe are kept.
        data: the labelled cells: what was given, or the folder of synthetic ones.
        seconds: how long the detector learnt.
        unreadable: images that could not be used, with reasons; `train` warns.

    Example:
        >>> run.bundle.folder == run.folder / "bundle"
        True
        >>> run.data, run.unreadable
        ('cells/', ())
    """

    def __init__(self, trained: Trained, folder: Folder, data: Labelled) -> None:
        self.data = data
        self.bundle = Bundle(trained.bundle, folder)
        self.seconds = trained.seconds
        self.unreadable = trained.faults
        self._folder = folder
        self._detector = trained.bundle.pipeline.shown.detector
        self._curve = self._detector.curve_

    def __repr__(self) -> str:
        """The bundle and how long it took."""
        return f"<normocyte.Run {self.bundle.name!r}, learnt in {self.seconds:.1f} s>"

    @property
    def folder(self) -> Path:
        """Where the bundle, the split and the recipe are kept."""
        return self._folder.path

    @property
    def history(self) -> pd.DataFrame:
        """One row an epoch: epoch from 1, loss, held_out_loss, is_best; empty where there are no epochs."""
        epochs = np.arange(1, len(self._curve.loss) + 1)
        return pd.DataFrame(
            {
                "epoch": epochs,
                "loss": np.array(self._curve.loss, float),
                "held_out_loss": np.array(self._curve.held_out_loss, float),
                "is_best": epochs == self._curve.best_epoch,
            }
        )

    def keras_model(self, member: int = 1) -> Any:
        """The trained network as a keras.Model, not compiled; tuning it does not change the bundle.

        Args:
            member: which member of an ensemble, from 1.

        Returns:
            A new model of what lies in `bundle.keras` beside the bundle; `nc.load(...)` gives it again later.

        Raises:
            ConfigError: for a detector that is no Keras network, or a member that is not there.
            BundleError: when the file is missing, damaged, or of another training.

        Example:
            >>> import normocyte as nc
            >>> run = nc.train("conv", data="cells/", filters=(4, 8), epochs=1, least_updates=0)
            >>> model, cells = run.keras_model(), run.bundle.reconstruct("healthy/").seen
            >>> model.compile("adam", "mse")
            >>> history = model.fit(cells, cells, verbose=0)
        """
        return self.bundle.keras_model(member)

    def plot_history(self, ax: Axes | None = None) -> Axes:
        """Draw the losses by epoch; gives the axes.

        Example:
            >>> axes = run.plot_history()
        """
        from normocyte.api.plots import plot_history

        return plot_history(training_curve(self._detector), ax)


def train(
    recipe: PathLike = "default",
    *,
    data: Labelled | None = None,
    out: PathLike | None = None,
    patients: str = "",
    seed: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    **fields: Any,
) -> Run:
    """Learn from the healthy cells of a data set, as `normocyte train` does. Needs the extra "train".

    Args:
        recipe: a TOML file, or the name of a built-in recipe, such as "classic".
        data: folder, zip or CSV manifest of healthy cells, with others beside them or alone, or a DataFrame:
            path, label, patient; None for the recipe's own set, synthetic cells.
        out: folder for the results, the bundle in its subfolder `bundle`; None for one that is deleted with
            the result. The same call goes on with a training that was stopped; another run there is replaced,
            with a warning.
        patients: whose the cells are: file, folder, one, unknown, or a regular expression with one group,
            searched in file names; empty to find it from the data.
        seed: instead of the recipe's, 0 to 2**32 - 1.
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        progress: a listener; None shows sentences as warnings.
        **fields: fields of the recipe's detector to change, such as `epochs=5`.

    Returns:
        The bundle, the learning curve, and where they are kept.

    Raises:
        ConfigError: for an unknown recipe or field, or an impossible value.
        DatasetError: for data that cannot be used, or are too few.

    Example:
        >>> import normocyte as nc
        >>> run = nc.train("pca", data="cells/", components=8)
        >>> len(run.bundle.score("cells/")) > 0
        True
    """
    check_place(recipe, "recipe")
    if seed is not None:
        check_whole(seed, "seed", 0)
    check_patients(patients)
    if data is not None:
        check_labelled(data, "data")
    asked = with_fields(find_recipe(str(recipe)).seeded(seed), fields)
    folder = Folder(out)
    place = folder.path / "bundle"
    with running(progress, workers) as listener:
        drawn, earlier = folder.path / "cells", _facts(place)
        cohort = (
            drawn_cohort(asked.dataset, drawn, listener, patients)
            if data is None
            else cells_to_learn(data, patients)
        )
        used = data if data is not None else _place_of(asked.dataset) or drawn
        trained = run_training(asked, told(cohort, listener), place, listener)
        listener.tell(replaced_words(trained))
        used_parts = (trained.split.part(part) for part in (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION))
        listener.tell(lost(trained.faults, sum(map(len, used_parts)), "images could not be used"))
        if earlier and earlier != _facts(place):
            listener.tell(f"The earlier run in {folder.path} was another one, and this one replaced it.")
    return Run(trained, folder, used)


def _facts(bundle: Path) -> bytes:
    """What a bundle that lies there says of itself; empty where none does."""
    file = bundle / FACTS
    return file.read_bytes() if file.is_file() else b""


def _place_of(dataset: Dataset) -> str:
    """Where a recipe's own data set lies; empty for synthetic cells without a place."""
    return str(getattr(dataset, "manifest", "") or getattr(dataset, "folder", ""))


def with_fields(recipe: Recipe, fields: dict[str, Any]) -> Recipe:
    """The recipe with fields of its first detector changed; ConfigError for one that it does not have."""
    if not fields:
        return recipe
    first, *others = recipe.members
    known = settable(type(first.detector))
    strange = sorted(fields.keys() - known.keys())
    if strange:
        raise ConfigError(
            f"The detector has no field '{strange[0]}'. Choose from: {', '.join(known) or 'none'}."
        )
    changed = Member(first.steps, replace(first.detector, **fields), first.score)
    return replace(recipe, members=(changed, *others))
