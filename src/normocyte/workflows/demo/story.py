"""The demo with several recipes: a baseline, the classic autoencoder and the default on the same cells."""

from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import BundleError, TrainingError
from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.core.types import Part, Record
from normocyte.core.version import __version__
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.drawing.difficulty import REAL
from normocyte.datasets.opening.detect import drawn_cohort, open_to_learn
from normocyte.datasets.synthetic import Synthetic
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.pipeline.bundle.bundle import Bundle, load_bundle
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe, recipe_table
from normocyte.reports.demo.write import write_demo
from normocyte.results.demo import DemoContents
from normocyte.workflows.demo.demo import BUNDLE, DRAWN, REPORT, Demonstrated, learn_and_judge, supported
from normocyte.workflows.demo.methods import demo_contents
from normocyte.workflows.training.train import train
from normocyte.workflows.training.visible import check_sees

CLASSIC, DEFAULT = "classic", "default"
SYNTHETIC = Synthetic(cells=2400, patients=80, infected_fraction=0.4, difficulty=REAL)
_LEAST_UPDATES = 1800
"""So many the classic recipe needs on the few cells of the demo until it has converged."""


@dataclass(frozen=True)
class DemoRequest:
    """What a demo is asked for: its folder, its data, whose the images are, and the seed of all recipes.

    `recipes` are compared under their names, the one whose bundle is kept last; without them it is the
    classic recipe and the default.
    """

    out: Path
    data: Path | None = None
    patients: str = ""
    seed: int | None = None
    recipes: tuple[tuple[str, Recipe], ...] = ()


@dataclass(frozen=True)
class SideBySide:
    """What the methods reach, the page, what could not be judged, which cells were, and the kept bundle."""

    contents: DemoContents
    page: Path
    faults: tuple[str, ...]
    judged: str
    bundle: Path

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
    if not cohort.has_anomalies:
        name, recipe = recipes[-1]
        told = (
            f"{note} No cell is anomalous, so there is nothing to compare: only {name} was trained.".strip()
        )
        return learn_and_judge(recipe, cohort, request.out, progress, told)
    make_folder(request.out)
    bundles = {}
    for name, recipe in recipes:
        fitting, instead = supported(recipe, cohort)
        note = f"{note} {instead}".strip()
        out = request.out if name == recipes[-1][0] else request.out / name
        bundles[name] = _trained(fitting, cohort, out / BUNDLE, Named(progress, name))
    found = demo_contents(bundles, cohort, note, progress)
    page = write_demo(found.contents, request.out / REPORT)
    progress.advance()
    return SideBySide(found.contents, page, found.faults, found.judged, request.out / BUNDLE)


def _cohort(request: DemoRequest, progress: Progress) -> Cohort:
    if request.data:
        return open_to_learn(request.data, request.patients)
    cells = replace(SYNTHETIC, seed=request.seed or 0)
    return drawn_cohort(cells, request.out / DRAWN, progress, request.patients)


def recipes_for(request: DemoRequest, cohort: Cohort) -> tuple[list[tuple[str, Recipe]], str]:
    """The recipes by name, the one to keep last, and a sentence where one cannot read these images."""
    asked = [(name, recipe.seeded(request.seed)) for name, recipe in request.recipes or _usual(request)]
    seeing = [(name, recipe) for name, recipe in asked if _sees(recipe, cohort)]
    if not seeing:
        check_sees(asked[-1][1].pipeline(), _learnt_from(asked[-1][1], cohort))
    unseeing = [name for name, _ in asked if name not in dict(seeing)]
    if not unseeing:
        return seeing, ""
    return seeing, (
        f"The images are gray, and {' and '.join(unseeing)} reads colour alone: only "
        f"{' and '.join(name for name, _ in seeing)} was trained."
    )


def _usual(request: DemoRequest) -> tuple[tuple[str, Recipe], ...]:
    classic = find_recipe(CLASSIC)
    return (CLASSIC, classic if request.data else _converging(classic)), (DEFAULT, find_recipe(DEFAULT))


def _sees(recipe: Recipe, cohort: Cohort) -> bool:
    try:
        check_sees(recipe.pipeline(), _learnt_from(recipe, cohort))
    except TrainingError:
        return False
    return True


def _learnt_from(recipe: Recipe, cohort: Cohort) -> list[Record]:
    return cohort.split(recipe.fractions, recipe.seed, recipe.protocol).part(Part.TRAIN)


def _converging(recipe: Recipe) -> Recipe:
    """The recipe with as many updates as it needs where the cells are few."""
    (member,) = recipe.members
    detector = replace(member.detector, least_updates=_LEAST_UPDATES)  # type: ignore[call-arg]
    return replace(recipe, members=(replace(member, detector=detector),))


def _trained(recipe: Recipe, cohort: Cohort, out: Path, progress: Progress) -> Bundle:
    """The bundle that an earlier call has finished, or a new one."""
    kept = _kept(recipe, cohort, out)
    if kept is None:
        return train(recipe, cohort, out, progress).bundle
    progress.begin("Trained before, kept", 1)
    progress.advance()
    return kept


def _kept(recipe: Recipe, cohort: Cohort, out: Path) -> Bundle | None:
    """The bundle that lies there where recipe, data, patients and version are the same."""
    try:
        bundle = load_bundle(out)
    except BundleError:
        return None
    same = (
        recipe_table(bundle.recipe) == recipe_table(recipe),
        bundle.facts.data_fingerprint == cohort.fingerprint,
        bundle.facts.patients_by == cohort.patients_by,
        bundle.normocyte == __version__,
        not bundle.history,
    )
    return bundle if all(same) else None


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
