"""Demo: from data to a report, with one recipe, or with the classic one and the default side by side."""

from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.opening.detect import drawn_cohort, open_to_learn
from normocyte.datasets.synthetic import REAL, Synthetic
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.pipeline.member import check_members
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.reports.evaluation.demo.write import write_demo
from normocyte.results.demo import DemoContents
from normocyte.results.shortcuts import Shortcuts
from normocyte.workflows.evaluation.healthy import Evaluated, judged_or_shown
from normocyte.workflows.evaluation.methods import demo_contents, need_readable
from normocyte.workflows.training.suited import check_reads, tell_unreadable, train_supported

BUNDLE = "bundle"
REPORT = "report"
DRAWN = "cells"
CLASSIC, DEFAULT = "classic", "default"
SYNTHETIC = Synthetic(cells=2400, patients=80, infected_fraction=0.4, difficulty=REAL)
_LEAST_UPDATES = 1800
"""So many the classic recipe needs on the few cells of the demo until it has converged."""
_FIRST_SEED = 0
"""That of the first run of a comparison, so that the same recipe has the same values there and here."""


@dataclass(frozen=True)
class Demonstrated:
    """What was found with one recipe, the folder with bundle and report, and what was done otherwise."""

    evaluated: Evaluated
    folder: Path
    note: str

    @property
    def has_anomalies(self) -> bool:
        """False where healthy cells alone were given."""
        return self.evaluated.contents.has_anomalies


def demo(
    recipe: Recipe,
    data: Path | None,
    out: Path,
    progress: Progress,
    find: FindCopies = with_copies,
    patients: str = "",
) -> Demonstrated:
    """Learn from the healthy cells of `data`, judge the rest, write `bundle/` and `report/` into `out`.

    Without `data` it takes the data set of the recipe; one that names no folder is drawn into `out/cells`.
    Where its calibration cells are too few for the rule of the recipe, the rule `quantile` takes its place. A
    picture that stands twice in the set counts once; `find` finds them. `patients` says whose the images are,
    see `open_cohort`. Healthy images alone are enough: the report then shows what these can show.
    """
    check_members(recipe.members)
    cohort = (
        open_to_learn(data, patients)
        if data
        else drawn_cohort(recipe.dataset, out / DRAWN, progress, patients)
    )
    cohort = find(cohort, progress)
    tell_unreadable(cohort, [recipe], progress)
    return _learnt_and_judged(recipe, cohort, out, progress)


def _learnt_and_judged(
    recipe: Recipe, cohort: Cohort, out: Path, progress: Progress, note: str = ""
) -> Demonstrated:
    """Learn from this cohort and judge the rest of it; `note` is said first of what was done otherwise."""
    bundle, instead = train_supported(recipe, cohort, out / BUNDLE, progress)
    evaluated = judged_or_shown(bundle, cohort, out / REPORT, progress)
    return Demonstrated(evaluated, out, f"{note} {instead}".strip())


@dataclass(frozen=True)
class DemoRequest:
    """What a demo is asked for: its folder, its data, whose the images are, and the seed of all recipes.

    `recipes` are compared under their names, the one whose bundle is kept last; without them it is the
    classic recipe and the default. Without a seed it is 0, that of the first run of a comparison.
    """

    out: Path
    data: Path | None = None
    patients: str = ""
    seed: int | None = None
    recipes: tuple[tuple[str, Recipe], ...] = ()


@dataclass(frozen=True)
class SideBySide:
    """What the methods reach, the page, what could not be judged, and in words which cells were."""

    contents: DemoContents
    page: Path
    faults: tuple[str, ...]
    judged: str

    @property
    def has_anomalies(self) -> bool:
        """True: without them nothing is compared."""
        return self.contents.evaluation.has_anomalies


def demo_side_by_side(
    request: DemoRequest, progress: Progress, find: FindCopies = with_copies
) -> SideBySide | Demonstrated:
    """Train the classic recipe and the default on the same split, and show them beside a baseline.

    Without data, synthetic cells as hard as real ones are made in `out/cells`. `out/bundle` is the default's,
    `out/classic/bundle` that of the other. Where all images are gray, which the default cannot read, the
    classic recipe is the only one; where no cell is anomalous, nothing can be compared, and one is trained.
    A training that is complete is kept when the same call is made again.
    """
    cohort = find(_cohort(request, progress), progress)
    recipes, note = recipes_for(request, cohort)
    tell_unreadable(cohort, [recipe for _, recipe in recipes], progress)
    kept = recipes[-1][0]
    if not cohort.has_anomalies:
        said = f"{note} No cell is anomalous, so there is nothing to compare: only {kept} was trained."
        return _learnt_and_judged(recipes[-1][1], cohort, request.out, progress, said.strip())
    need_readable(recipes[-1][1], cohort)
    make_folder(request.out)
    bundles, notes = {}, [note]
    for name, recipe in recipes:
        out = (request.out if name == kept else request.out / name) / BUNDLE
        bundles[name], instead = train_supported(recipe, cohort, out, Named(progress, name), is_kept=True)
        notes.append(instead)
    found = demo_contents(bundles, cohort, " ".join(filter(None, notes)), progress)
    contents = found.contents if request.data else _of_one_program(found.contents)
    page = write_demo(contents, request.out / REPORT)
    progress.advance()
    return SideBySide(contents, page, found.faults, found.judged)


def _of_one_program(contents: DemoContents) -> DemoContents:
    """The same without shortcut baselines: what differs between synthetic cells is what was drawn on them."""
    none = Shortcuts(why_not="One program made all of these cells, so that no camera can differ.")
    return replace(contents, evaluation=replace(contents.evaluation, shortcuts=none))


def _cohort(request: DemoRequest, progress: Progress) -> Cohort:
    if request.data:
        return open_to_learn(request.data, request.patients)
    cells = replace(SYNTHETIC, seed=request.seed or 0)
    return drawn_cohort(cells, request.out / DRAWN, progress, request.patients)


def recipes_for(request: DemoRequest, cohort: Cohort) -> tuple[list[tuple[str, Recipe]], str]:
    """The recipes by name, the one to keep last, and a sentence where one cannot read these images."""
    seed = _FIRST_SEED if request.seed is None else request.seed
    asked = [(name, recipe.seeded(seed)) for name, recipe in request.recipes or _usual(request)]
    reading = [(name, recipe) for name, recipe in asked if _reads(recipe, cohort)]
    if not reading:
        check_reads(asked[-1][1], cohort)
    blind = [name for name, _ in asked if name not in dict(reading)]
    if not blind:
        return reading, ""
    left = " and ".join(name for name, _ in reading)
    return reading, (
        f"The images are gray, and {' and '.join(blind)} reads colour alone: only {left} was trained."
    )


def _usual(request: DemoRequest) -> tuple[tuple[str, Recipe], ...]:
    classic = find_recipe(CLASSIC)
    return (CLASSIC, classic if request.data else _converging(classic)), (DEFAULT, find_recipe(DEFAULT))


def _converging(recipe: Recipe) -> Recipe:
    """The recipe with as many updates as it needs where the cells are few."""
    (member,) = recipe.members
    detector = replace(member.detector, least_updates=_LEAST_UPDATES)  # type: ignore[call-arg]
    return replace(recipe, members=(replace(member, detector=detector),))


def _reads(recipe: Recipe, cohort: Cohort) -> bool:
    try:
        check_reads(recipe, cohort)
    except DatasetError:
        return False
    return True


@dataclass(frozen=True)
class Named:
    """Tells somebody who listens of tasks under the name of what they belong to."""

    listener: Progress
    name: str

    def begin(self, task: str, total: int) -> None:
        """A task of `total` steps begins."""
        self.listener.begin(f"{self.name}: {task}", total)

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Some more steps are done."""
        self.listener.advance(steps, note)

    def tell(self, sentence: str) -> None:
        """A sentence for the user."""
        self.listener.tell(sentence)
