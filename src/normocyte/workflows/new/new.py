"""New: healthy images of anything in; a recipe, a bundle and a report out, with a reason for every choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Part
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.recipe.recipe import MOST_SEED
from normocyte.reports.evaluation.new.write import write_new
from normocyte.results.evaluation import Contents, Curve
from normocyte.results.new import Choices, NewContents
from normocyte.wording.of_the_data import told_in
from normocyte.workflows.evaluation.healthy import Evaluated, judged_or_shown
from normocyte.workflows.new.opening import called, fewer, opened, readable
from normocyte.workflows.new.place import BUNDLE, begin, check_folder, keep, kept_choice
from normocyte.workflows.training.choosing.learning import SEED, Chosen, choose, learn_chosen, survey_of

REPORT = "report"
THIS = "this detector"
"""What tables of the report call the new detector."""


@dataclass(frozen=True)
class NewRequest:
    """What is asked for.

    `out` is the folder of the new detector. `healthy` holds healthy images, `anomalous` others, to judge by.
    `patients` says whose they are, see `healthy_cells`. `seed` decides all that is drawn by chance.
    """

    out: Path
    healthy: Path
    anomalous: tuple[Path, ...] = ()
    patients: str = ""
    seed: int = SEED


@dataclass(frozen=True)
class New:
    """What was learnt: the folder, how it was chosen, what it reaches, and what was done otherwise."""

    folder: Path
    choices: Choices
    evaluated: Evaluated
    note: str

    @property
    def bundle(self) -> Path:
        """Where the bundle lies."""
        return self.folder / BUNDLE


def _ignored(choices: Choices) -> None:
    """Nobody listens."""


def new(
    request: NewRequest,
    progress: Progress,
    find: FindCopies = with_copies,
    hear: Callable[[Choices], None] = _ignored,
) -> New:
    """Look at the images, choose how to learn from them, learn, calibrate and judge.

    Writes `recipe.toml`, `bundle/` and `report/` into the folder. `hear` is called with what was chosen,
    before anything is learnt by it. The same call goes on where it was stopped.

    Raises OutputError where the folder holds something else or belongs to another data set, and DatasetError
    for images that cannot be learnt from.
    """
    if request.seed > MOST_SEED:
        raise ConfigError(f"seed must be a whole number from 0 to {MOST_SEED}, not {request.seed}.")
    check_folder(request.out)
    found = opened(request.healthy, request.anomalous, request.patients)
    for sentence in found.told:
        progress.tell(sentence)
    cohort, chosen = _chosen(request, found.cohort, progress, find)
    hear(chosen.choices)
    bundle, note = learn_chosen(chosen, cohort, request.out / BUNDLE, progress)
    keep(request.out, found.cohort, chosen.recipe, chosen.choices)
    evaluated = judged_or_shown(bundle, cohort, None, progress)
    contents = _renamed(evaluated.contents)
    progress.begin("Writing the report", 1)
    page = write_new(NewContents(contents, chosen.choices), _learnt_from(bundle), request.out / REPORT)
    progress.advance()
    return New(request.out, chosen.choices, replace(evaluated, contents=contents, page=page), note)


def _renamed(contents: Contents) -> Contents:
    """The same with a short name for the detector, which may have many members."""
    return replace(
        contents,
        detectors=(THIS, *contents.detectors[1:]),
        roc=_first_renamed(contents.roc),
        precision_recall=_first_renamed(contents.precision_recall),
    )


def _first_renamed(curves: tuple[Curve, ...]) -> tuple[Curve, ...]:
    return (replace(curves[0], name=THIS), *curves[1:]) if curves else ()


def _learnt_from(bundle: Bundle) -> int:
    """How many images the detectors have learnt from."""
    return sum(part.cells for part in bundle.facts.parts if part.part == Part.TRAIN)


def _chosen(
    request: NewRequest, cohort: Cohort, progress: Progress, find: FindCopies
) -> tuple[Cohort, Chosen]:
    """The images that are used, without copies, and how to learn from them."""
    kept = kept_choice(request.out, cohort, request.seed)
    healthy = [record for record in cohort.records if record.label == HEALTHY]
    survey = survey_of(healthy, len(cohort.records) - len(healthy), progress)
    if survey.is_constant:
        raise DatasetError(
            f"Each of the {len(survey.looked):,} healthy images that were looked at is of one colour, so "
            "that there is nothing to learn; check how they were exported."
        )
    if kept is None:
        begin(request.out, cohort, request.seed)
    used = called(cohort, are_red_cells=survey.are_red_cells)
    used = find(used if survey.are_red_cells else fewer(used, request.seed), progress)
    used, told = readable(used)
    if told:
        progress.tell(told)
        survey = survey.recounted(used.records)
    if kept is not None:
        recipe, choices = kept
        return used, Chosen(recipe, choices)
    with told_in(used.words):
        chosen = choose(survey, used, request.seed, progress)
    keep(request.out, cohort, chosen.recipe, chosen.choices)
    return used, chosen
