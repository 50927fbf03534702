"""Chooses a recipe for images that nobody has described, with a reason for every choice, and learns by it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from normocyte.cell_checks.brightness import Brightness
from normocyte.cell_checks.cell_shape import CellShape
from normocyte.cell_checks.colour import Colour
from normocyte.cell_checks.contract import Check
from normocyte.cell_checks.focus import Focus
from normocyte.cell_checks.image_size import ImageSize
from normocyte.cell_checks.layout import Layout
from normocyte.core.percent import percent
from normocyte.core.progress import Progress
from normocyte.core.types import Part
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.drawing.anomalies import KINDS
from normocyte.datasets.splits.split import Fractions, Split
from normocyte.detectors.contract import Detector, Training
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.member import Member, check_members, distinct
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.results.new import Choices, Tried
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.training.choosing.candidates import (
    Backbone,
    Candidate,
    backbone_here,
    candidates_for,
    whole_cell,
)
from normocyte.workflows.training.choosing.criterion import Judged, judge
from normocyte.workflows.training.choosing.reasons import CELLS_RECIPE, Picked, reasons_for, reasons_for_cells
from normocyte.workflows.training.choosing.survey import Survey
from normocyte.workflows.training.prepare import prepared_cells

SEED = 7
CELLS = Fractions(train=0.45, held_out=0.15, calibration=0.15, tuning=0.0, test=0.25)
_TESTED = 0.25
_HELD_OUT, _CALIBRATED = 30, 60
"""Enough images to compare candidates by, and to set a threshold by."""
_RATES = (0.05, 0.1, 0.2)
"""Below 5 % the few most unusual healthy images alone would set the threshold."""
_OR_FAR_RARER = Fusion("max", weights=(1.0, 0.125))


@dataclass(frozen=True)
class Chosen:
    """A recipe, how it was chosen, and the members of it that have learnt on the way; none where none has.

    `seconds` is how long these members learnt.
    """

    recipe: Recipe
    choices: Choices
    members: tuple[Member, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Learnt:
    """A detector that has learnt, and how long that took."""

    detector: Detector
    seconds: float


def choose(survey: Survey, cohort: Cohort, seed: int | None, progress: Progress) -> Chosen:
    """The recipe for these images: that of `default` for stained red cells, else the best of candidates."""
    seed = SEED if seed is None else seed
    if survey.are_red_cells:
        backbone = backbone_here()
        recipe = find_recipe(CELLS_RECIPE).seeded(seed)
        if survey.healthy * CELLS.held_out >= Fusion.FEWEST:
            recipe = with_whole_cells(recipe, backbone.name)
        return Chosen(recipe, Choices(reasons_for_cells(survey, cohort, recipe, backbone)))
    fractions = fractions_for(survey.healthy, has_anomalies=cohort.has_anomalies)
    parts = cohort.split(fractions, seed, "mixed")
    held_out = parts.part(Part.HELD_OUT)
    backbone = backbone_here()
    candidates = candidates_for(survey, backbone.name)
    learnt: tuple[Learnt, ...] = ()
    if len(held_out) < Fusion.FEWEST:
        candidates, judged = candidates[:1], None
    else:
        learnt = learn_candidates(candidates, parts, seed, progress)
        judged = judge(candidates, held_out, seed, progress)
    chosen = candidates[judged.chosen if judged else 0]
    calibrated = len(parts.part(Part.CALIBRATION))
    recipe = Recipe(
        tuple(member.unlearnt() for member in chosen.members),
        Quantile(rate_for(calibrated)),
        seed,
        fractions=fractions,
        fusion=Fusion(weights=chosen.weights),
        cell_checks=checks_for(survey),
    )
    choices = _choices((survey, cohort, recipe, backbone), candidates, judged, promise_of(calibrated))
    members = chosen.members if judged else ()
    return Chosen(recipe, choices, members, seconds_of(members, learnt))


def fractions_for(healthy: int, *, has_anomalies: bool) -> Fractions:
    """The shares of so many healthy images: of many, more to learn from, since detectors gain by that.

    A quarter is tested where there are anomalies to compare with, else nothing.
    """
    tested = _TESTED if has_anomalies else 0.0
    held_out = _share(_HELD_OUT / healthy, 0.10, 0.15 if has_anomalies else 0.20)
    calibrated = _share(
        _CALIBRATED / healthy, 0.15 if has_anomalies else 0.25, 0.20 if has_anomalies else 0.30
    )
    learnt = round(1 - held_out - calibrated - tested, 2)
    return Fractions(learnt, held_out, calibrated, tuning=0.0, test=tested)


def _share(wanted: float, least: float, most: float) -> float:
    return round(min(max(wanted, least), most), 2)


def with_whole_cells(recipe: Recipe, backbone: str) -> Recipe:
    """The same, and beside it the whole image, since a cell may be unusual by its shape alone.

    It decides only where it is far rarer: healthy cells differ in shape from patient to patient.
    """
    members = (*recipe.members, whole_cell(backbone))
    checks = tuple(check for check in recipe.cell_checks if not isinstance(check, CellShape))
    return replace(recipe, members=members, fusion=_OR_FAR_RARER, fractions=CELLS, cell_checks=checks)


def checks_for(survey: Survey) -> tuple[Check, ...]:
    """What refuses an image as unlike the healthy ones: nothing that an anomaly itself may change.

    Texture, and the colours of coloured images, are left to the detector.
    """
    checks: tuple[Check, ...] = (ImageSize(), Brightness(), Focus(), Layout())
    return (*checks, Colour()) if survey.is_gray else checks


def rate_for(calibrated: int) -> float:
    """The lowest of some false-positive rates that so many calibration images can promise."""
    return next((rate for rate in _RATES if rate * (calibrated + 1) >= 1), _RATES[-1])


def promise_of(calibrated: int) -> str:
    """What so many calibration images can promise; nothing where they are enough for 5 %."""
    least = 1 / (calibrated + 1)
    if least <= _RATES[0]:
        return ""
    return (
        f"{calibrated} calibration images can promise a false-positive rate of {percent(least)} at best, and "
        f"on average only; {round(1 / _RATES[0]) - 1} are needed for {percent(_RATES[0])}."
    )


def _choices(
    about: tuple[Survey, Cohort, Recipe, Backbone],
    candidates: Sequence[Candidate],
    judged: Judged | None,
    promise: str,
) -> Choices:
    if judged is None:
        return Choices(reasons_for(*about, Picked(candidates[0].name)), promise=promise)
    tried = tuple(
        Tried(one.name, tuple(row), place == judged.chosen)
        for place, (one, row) in enumerate(zip(candidates, judged.aurocs.tolist(), strict=True))
    )
    picked = Picked(candidates[judged.chosen].name, tried)
    return Choices(reasons_for(*about, picked), tuple(KINDS), tried, promise)


def learn_candidates(
    candidates: Sequence[Candidate], parts: Split, seed: int, progress: Progress
) -> tuple[Learnt, ...]:
    """Every detector learns once, however many members have it; gives each with its time."""
    members = [member for one in candidates for member in one.members]
    check_members(members)
    views = distinct([member.steps for member in members])
    used = [
        prepared_cells(views, parts.part(part), progress, f"Preparing {part.replace('_', '-')}").batches
        for part in (Part.TRAIN, Part.HELD_OUT)
    ]
    learnt: list[Learnt] = []
    for member in members:
        if any(member.detector is one.detector for one in learnt):
            continue
        healthy, held_out = (batches[views.index(member.steps)] for batches in used)
        begin = time.perf_counter()
        member.detector.fit(healthy, held_out, Training(seed, progress=progress))
        learnt.append(Learnt(member.detector, time.perf_counter() - begin))
    return tuple(learnt)


def seconds_of(members: Sequence[Member], learnt: Sequence[Learnt]) -> float:
    """How long the detectors of these members learnt, each once."""
    return sum(one.seconds for one in learnt if any(one.detector is member.detector for member in members))
