"""Train: healthy cells in, a bundle out, which also knows how cells and their neighbours score together."""

import contextlib
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.cell_checks.gate import joined
from normocyte.core.errors import DatasetError, TrainingError
from normocyte.core.files import make_folder, write_json, write_text
from normocyte.core.percent import percent
from normocyte.core.progress import Progress
from normocyte.core.registry import part_name
from normocyte.core.types import UNKNOWN_PATIENT, Batch, Part
from normocyte.core.words import IMAGES
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Split
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.network import Network
from normocyte.detectors.support.explained import variance_explained
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.pipeline.alike import check_differs, check_scores
from normocyte.pipeline.bundle.bundle import Bundle, save_bundle
from normocyte.pipeline.bundle.layout import TIMES, check_place, keras_file, member_folder
from normocyte.pipeline.member import Member, check_members
from normocyte.pipeline.pipeline import Calibration, Pipeline
from normocyte.pipeline.recipe.recipe import Recipe, recipe_toml
from normocyte.thresholds.contract import RATE, Threshold
from normocyte.wording.of_the_data import in_words, told_in
from normocyte.workflows.training.facts import facts_of
from normocyte.workflows.training.neighbours import with_neighbours
from normocyte.workflows.training.prepare import PreparedCells, prepared_cells
from normocyte.workflows.training.rules import check_enough, check_labels, check_rule, rule_instead
from normocyte.workflows.training.unreadable import check_learnable, tell_unreadable
from normocyte.workflows.training.visible import check_sees

SPLIT = "split.csv"
RESOLVED = "recipe.toml"
_MODEL = "model.keras"
_KEPT = "Networks that have learnt are kept: the same call with another [threshold] goes on from there."


@dataclass(frozen=True)
class Trained:
    """A bundle, the split it was made with, how long the detector learnt and what could not be read.

    `refusal` is what the recipe's rule said where another took its place.
    """

    bundle: Bundle
    split: Split
    seconds: float
    faults: tuple[str, ...]
    refusal: str = ""


def replaced_words(trained: Trained) -> str:
    """That a rule took the place of the recipe's, and why; empty where none did."""
    if not trained.refusal:
        return ""
    rule = trained.bundle.pipeline.threshold
    which = f"The rule {part_name(rule)} at {percent(getattr(rule, RATE))} takes its place"
    refusal = in_words(trained.bundle.facts.words, trained.refusal)
    return f"{refusal} {which}, which holds on average only."


@dataclass(frozen=True)
class TrainingPlan:
    """What is learnt from: a recipe, its pipeline, the data set and its split.

    The first `known` members of the pipeline have learnt before and stay as they are; where that was part of
    the same training, it took `known_s` seconds. The rule `instead` takes the place of the recipe's where
    that one refuses these calibration cells.
    """

    recipe: Recipe
    pipeline: Pipeline
    cohort: Cohort
    parts: Split
    known: int = 0
    instead: Threshold | None = None
    known_s: float = 0.0


def train(
    recipe: Recipe, cohort: Cohort, out: Path, progress: Progress, find: FindCopies = with_copies
) -> Trained:
    """Split by patient, learn from healthy cells, calibrate, and write the bundle into `out`.

    `split.csv`, `recipe.toml`, `training.json` and the Keras model are written beside the bundle. A training
    that was cut short goes on from its last whole epoch when the same call is made again. A picture that
    stands twice in the set counts once; `find` finds them, and with them the images that cannot be read.
    """
    check_place(out)  # better refused now than after an hour of training
    check_members(recipe.members)
    is_told = cohort.has_copies_known
    cohort = find(cohort, progress)
    with told_in(cohort.words.or_else(IMAGES)):
        if not is_told:
            tell_unreadable(cohort, [recipe], progress)
        parts = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
        instead = rule_instead(recipe.threshold, cohort)
        plan = TrainingPlan(recipe, recipe.pipeline(), cohort, parts, instead=instead)
        return learn(plan, out, progress)


def learn(course: TrainingPlan, out: Path, progress: Progress) -> Trained:
    """Learn from a split as it is, calibrate, and write the bundle into `out`; else as `train`."""
    recipe, pipeline, parts = course.recipe, course.pipeline, course.parts
    check_learnable(course.cohort, recipe, parts)
    _check_rule(course)
    check_enough(pipeline.members[course.known :], parts)
    check_sees(pipeline, parts.part(Part.TRAIN))
    used = {part: _cells(course, part, progress) for part in (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION)}
    check_differs(used[Part.TRAIN].batches)
    results = make_folder(out.parent)
    parts.save(results / SPLIT)
    write_text(results / RESOLVED, recipe_toml(recipe))
    _fit_gate(pipeline, used)
    used[Part.CALIBRATION] = used[Part.CALIBRATION].passing(pipeline.gate)
    _check_left(course, used[Part.CALIBRATION])
    checkpoints = out.with_name(f"{out.name}.training")
    seconds = course.known_s + fit_members(course, used, checkpoints, progress)
    fit_scores(course, used[Part.TRAIN].batches, used[Part.HELD_OUT].batches)
    recipe, refusal = _fit_rule(course, used[Part.CALIBRATION], progress)
    if course.cohort.are_patients_known:  # of others nothing is learnt
        pipeline = with_neighbours(pipeline, parts.part(Part.CALIBRATION), progress)
    faults = tuple(fault for cells in used.values() for fault in cells.faults)
    facts = facts_of(course.cohort, parts, len(faults))
    bundle = save_bundle(Bundle(pipeline, recipe, facts), out)
    write_text(results / RESOLVED, recipe_toml(recipe))
    write_json(results / TIMES, {"seconds": round(seconds, 2), "unreadable": list(faults)})
    _keep_models(checkpoints, out, len(pipeline.members))
    shutil.rmtree(checkpoints, ignore_errors=True)
    return Trained(bundle, parts, seconds, faults, refusal)


def _check_rule(course: TrainingPlan) -> None:
    try:
        check_rule(course.recipe.threshold, course.cohort, course.parts)
    except TrainingError as refusal:
        if not course.instead:
            raise DatasetError(str(refusal)) from refusal


def _check_left(course: TrainingPlan, calibration: PreparedCells) -> None:
    """DatasetError where the gate left too few calibration cells: known before anything learns."""
    rule = course.recipe.threshold
    if rule.uses_labels or course.instead:
        return
    try:
        rule.check_supported(calibration.patients)
    except TrainingError as refusal:
        raise DatasetError(f"{refusal} So many were left by the checks of quality.") from refusal


def _cells(course: TrainingPlan, part: Part, progress: Progress) -> PreparedCells:
    task = f"Preparing {part.replace('_', '-')}"
    pipeline, records = course.pipeline, course.parts.part(part)
    cells = prepared_cells(pipeline.views, records, progress, task, pipeline.gate)
    if course.cohort.are_patients_known:
        return cells
    return replace(cells, patients=np.full(len(cells.patients), UNKNOWN_PATIENT))


def _fit_gate(pipeline: Pipeline, used: dict[Part, PreparedCells]) -> None:
    """The gate learns from the detectors' cells; calibration cells that it refuses are then left out.

    It was fitted on other patients, so it chooses among calibration cells as it does among new ones, and what
    passes of both remains alike.
    """
    both = [used[part] for part in (Part.TRAIN, Part.HELD_OUT)]
    patients = {name for cells in both for name in cells.patients.tolist()}
    known = [one for cells in both for one in (cells.measures, cells.copies)]
    pipeline.gate.learn(joined(known), 0 if patients == {UNKNOWN_PATIENT} else len(patients))


def fit_members(
    course: TrainingPlan, used: dict[Part, PreparedCells], checkpoints: Path, progress: Progress
) -> float:
    """Every member that has learnt nothing yet learns; gives how many seconds that took.

    Those of a call that was stopped count, as far as what it learnt was kept.
    """
    begin, kept = time.perf_counter(), 0.0
    pipeline, views = course.pipeline, course.pipeline.views
    for index in range(course.known, len(pipeline.members)):
        member = pipeline.members[index]
        same = _learnt_alike(member, pipeline.members[course.known : index])
        if same:
            member.detector = same.detector
            continue
        healthy, held_out = (
            used[part].batches[views.index(member.steps)] for part in (Part.TRAIN, Part.HELD_OUT)
        )
        folder = make_folder(member_folder(checkpoints, index))
        try:
            training = Training(course.recipe.seed, folder, progress, keras_file=folder / _MODEL)
            _start(member.detector, progress)
            member.detector.fit(healthy, held_out, training)
            kept += member.detector.kept_s_
            explained = variance_explained(member.detector, healthy, held_out)
            member.detector.curve_ = replace(member.detector.curve_, variance_explained=explained)
        finally:
            with contextlib.suppress(OSError):
                folder.rmdir()  # when nothing was kept there
    return kept + time.perf_counter() - begin


def _learnt_alike(member: Member, others: Sequence[Member]) -> Member | None:
    """The one of these members whose detector is no network and has learnt just what this one would."""
    alike = (one for one in others if one.unlearnt().sees_as(member))
    return next((one for one in alike if not isinstance(one.detector, Network)), None)


def _keep_models(checkpoints: Path, out: Path, members: int) -> None:
    """Put the Keras models beside the bundle, in place of those of an earlier training."""
    for index in range(members):
        made, place = member_folder(checkpoints, index) / _MODEL, keras_file(out, index)
        place.unlink(missing_ok=True)
        if made.is_file():
            made.replace(place)


def _start(detector: Detector, progress: Progress) -> None:
    """Load what a network learns with, which takes seconds, as a task of its own."""
    if isinstance(detector, Network):
        progress.begin("Starting TensorFlow", 1)
        load_keras()
        progress.advance()


def fit_scores(course: TrainingPlan, healthy: Sequence[Batch], held_out: Sequence[Batch]) -> None:
    """The scores learn on the detectors' cells, so that no fit touches the calibration cells.

    What makes one number of several is fitted on held-out cells alone where a detector remembers its own.
    """
    both = [
        Batch(np.concatenate([one.pixels, other.pixels]), np.concatenate([one.masks, other.masks]))
        for one, other in zip(healthy, held_out, strict=True)
    ]
    pipeline, views = course.pipeline, course.pipeline.views
    for member in pipeline.members[course.known :]:
        batch = both[views.index(member.steps)]
        member.score.fit(member.maps(batch), batch.masks)
    if pipeline.is_ensemble:
        is_known = any(member.detector.remembers for member in pipeline.members)
        is_enough = len(held_out[0]) >= pipeline.fusion.FEWEST
        pipeline.fusion.fit(pipeline.member_scores(*(held_out if is_known and is_enough else both)))


def _fit_rule(course: TrainingPlan, calibration: PreparedCells, progress: Progress) -> tuple[Recipe, str]:
    """The recipe with the rule that was fitted, and what its own said where that one refused the cells."""
    pipeline, instead = course.pipeline, course.instead
    try:
        _fit_threshold(course, calibration, progress)
    except TrainingError as refusal:
        if not instead:
            refusal.add_note(_KEPT)
            raise
        pipeline.threshold = replace(instead)
        _fit_threshold(course, calibration, progress)
        return replace(course.recipe, threshold=instead), str(refusal)
    return course.recipe, ""


def _fit_threshold(course: TrainingPlan, calibration: PreparedCells, progress: Progress) -> None:
    pipeline = course.pipeline
    scores = pipeline.scores(*calibration.batches)
    usable = np.isfinite(scores)
    check_scores(scores[usable])
    pipeline.calibration = Calibration.of(scores[usable], calibration.patients[usable])
    measured = pipeline.gate.named(calibration.measures)
    pipeline.measured = {name: column[usable] for name, column in measured.items()}
    if not pipeline.threshold.uses_labels:
        labels = np.zeros(int(usable.sum()), np.int8)
        pipeline.threshold.fit(scores[usable], calibration.patients[usable], labels)
        return
    check_labels(pipeline.threshold, course.cohort, course.parts)
    tuning = course.parts.part(Part.TUNING)
    cells = prepared_cells(pipeline.views, tuning, progress, "Preparing tuning", pipeline.gate)
    cells = cells.passing(pipeline.gate)
    scores = pipeline.scores(*cells.batches)
    usable = np.isfinite(scores)
    pipeline.threshold.fit(scores[usable], cells.patients[usable], cells.labels[usable])
