"""Train on all healthy cells: whoever asks has set cells to test with aside, as a cross-validation does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.progress import Progress
from normocyte.core.registry import part_name
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.cohort.near import NearDuplicates
from normocyte.datasets.splits.assignment import HEALTHY_PARTS
from normocyte.datasets.splits.split import Protocol
from normocyte.engine.copies import with_copies
from normocyte.pipeline.member import check_members
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.thresholds.contract import RATE
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.training.train import Trained, TrainingPlan, learn, replaced_words

NAME = "healthy_cells"
"""What the bundle calls a set that has no name."""


def train_on_healthy(recipe: Recipe, records: Sequence[Record], out: Path, progress: Progress) -> Trained:
    """Divide healthy cells into those to learn from, to stop by and to calibrate with, and learn.

    The three parts keep the proportions of the recipe; nothing is set aside to test or to tune. Patients are
    kept whole. Anomalies are left out, by the protocol "clean_patients" with their patients. Where nothing
    names a patient, `UNKNOWN_PATIENT` in all records, cells are divided one by one and taken for independent.
    Where the recipe's rule cannot be had from so few patients, `quantile` at its rate takes its place, and
    the listener is told. DatasetError for fewer than three patients or cells.
    """
    check_members(recipe.members)
    recipe = replace(recipe, fractions=recipe.fractions.without_labels())
    if recipe.threshold.uses_labels:
        raise ConfigError(
            f"The rule {part_name(recipe.threshold)} needs labelled tuning cells, but only healthy cells are "
            "learnt from here; give a recipe with a rule that needs none, such as quantile."
        )
    healthy = _teaching(recipe, records)
    instead = Quantile(getattr(recipe.threshold, RATE, Quantile().false_positive_rate))
    are_known = all(record.patient != UNKNOWN_PATIENT for record in healthy)
    _check_enough(healthy, are_known)
    cohort = with_copies(Cohort(NAME, healthy).told(), progress)
    cohort = replace(cohort, near=NearDuplicates(len(healthy)))  # rows are taken for independent, as is told
    parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
    if not are_known:
        progress.tell(_independent(len(healthy)))
        recipe = replace(recipe, threshold=instead) if recipe.threshold.counts_patients else recipe
    trained = learn(TrainingPlan(recipe, recipe.pipeline(), cohort, parts, instead=instead), out, progress)
    progress.tell(replaced_words(trained))
    return trained


def _teaching(recipe: Recipe, records: Sequence[Record]) -> tuple[Record, ...]:
    """The healthy records, by "clean_patients" those of patients in whom no anomaly was found."""
    is_clean_only = recipe.protocol == Protocol.CLEAN_PATIENTS
    infected = {record.patient for record in records if record.label == ANOMALY and is_clean_only}
    return tuple(one for one in records if one.label == HEALTHY and one.patient not in infected)


def _check_enough(healthy: Sequence[Record], are_known: bool) -> None:
    fewest = len(HEALTHY_PARTS)
    patients = len({record.patient for record in healthy}) if are_known else fewest
    if min(patients, len(healthy)) >= fewest:
        return
    raise DatasetError(
        f"There are {len(healthy)} healthy cells of {patients if are_known else 'unknown'} patients, but "
        f"{fewest} of each are needed: to learn from, to know when to stop, and to calibrate with. Give "
        "more, best of 20 patients and more."
    )


def _independent(cells: int) -> str:
    return (
        f"It is not known whose the {cells:,} healthy cells are: they are divided one by one and taken for "
        "independent, so that the threshold may flag more of a new patient's healthy cells than it states. "
        "Name the patients with `groups`."
    )
