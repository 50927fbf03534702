"""Adapt: photos of smears that are presumed healthy in, a bundle that has learnt this site's cells out."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.percent import percent
from normocyte.core.progress import Progress
from normocyte.core.types import Part, Source
from normocyte.core.words import CELLS
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.folder import Folder
from normocyte.datasets.splits.assignment import HEALTHY_PARTS
from normocyte.datasets.splits.split import Fractions, Split
from normocyte.datasets.support.patients import FOLDER
from normocyte.detectors.pca import Pca
from normocyte.parasitaemia.support.patients import FEWEST_PATIENTS
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.pipeline.bundle.folder import check_outside
from normocyte.pipeline.bundle.layout import check_place
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.member import Member, check_members
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.site.cut_cells import Cut, SetAside, cut_cells, set_aside
from normocyte.workflows.training.train import Trained, TrainingPlan, learn

HELD_OUT, CALIBRATION, MOST_CALIBRATION = 0.05, 0.25, 0.6
PHOTO = "photo"
CALIBRATING = 12
"""So many patients are to calibrate where there are not many: `normocyte smear` asks for ten."""
BESIDE = "site_contrasts"
"""The recipe whose members learn the site's cells and stand beside those of the bundle."""
INSTEAD = Quantile(0.01)
"""The rule that gives the threshold where the recipe's own refuses so few cells."""
_CELLS_A_COMPONENT = 5
_WANTED = round(CALIBRATING / MOST_CALIBRATION)
_SHOWN = 3


@dataclass(frozen=True)
class AdaptOptions:
    """What a site may ask for.

    A recipe to train in place of what the bundle knows, by its name or path, at most so many `cells` to learn
    from, what stands for a patient, `photo` or `folder`, and a seed. ConfigError for another word.
    """

    recipe: str = ""
    cells: int = 4000
    by: str = PHOTO
    seed: int | None = None

    def __post_init__(self) -> None:
        """Refuse what stands for no patient."""
        if self.by not in {PHOTO, FOLDER}:
            raise ConfigError(f"`by='{self.by}'` is not possible; choose {PHOTO} or {FOLDER}.")

    @property
    def by_folder(self) -> bool:
        """True where the photos of one folder are of one patient."""
        return self.by == FOLDER

    @property
    def unit(self) -> str:
        """What stands for a patient."""
        return "folder of photos" if self.by_folder else "photo"

    def counted(self, patients: int) -> str:
        """So many patients, as what stands for them: photos, or folders of photos."""
        if patients == 1:
            return f"1 {self.unit}"
        return f"{patients} {'folders of photos' if self.by_folder else 'photos'}"


@dataclass(frozen=True)
class Adapted:
    """The new bundle, what it was learnt from, what was left out, and what else is otherwise than asked."""

    trained: Trained
    cut: Cut
    aside: SetAside
    notes: tuple[str, ...]


def adapt(
    bundle: Path | Bundle, photos: Sequence[Source], out: Path, options: AdaptOptions, progress: Progress
) -> Adapted:
    """Cut the cells out of the photos, learn from them, and write a bundle into `out`.

    The bundle's own members stay as they are. Beside them stand new ones that learn the site's cells, and
    their numbers are fused by how rare each is among these; cell checks and threshold are set anew. With a
    recipe, that recipe alone is trained. Cells that the given bundle finds odd teach nothing (`set_aside`).

    The cells lie in `<out>.cells` until the bundle stands, so that a training that was stopped goes on when
    the same call is made again. DatasetError when no photo can be used or too few are there to divide.
    """
    check_place(out)
    check_outside(out)
    given = open_bundle(bundle)
    recipe, known = _recipe(given.recipe, options)
    check_members(recipe.members[known:])
    folder = out.with_name(f"{out.name}.cells")
    cut = cut_cells(given.pipeline, photos, folder, options.cells, options.by_folder, progress)
    try:
        adapted = adapt_to(given, cut, out, options, progress)
    except DatasetError:  # other photos are needed, so that no training goes on with these cells
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    return adapted


def adapt_to(given: Bundle, cut: Cut, out: Path, options: AdaptOptions, progress: Progress) -> Adapted:
    """The same from cells that were cut out, and scored by the given bundle, before.

    DatasetError where fewer than three photos, or folders of photos, gave cells.
    """
    recipe, known = _recipe(given.recipe, options)
    cohort = replace(Cohort.of(Folder(manifest=str(cut.manifest))), words=CELLS)
    patients = len({record.patient for record in cohort.records})
    _check_enough(patients, cut, options)
    recipe = replace(recipe, fractions=_fractions(patients))
    whole = cohort.split(recipe.fractions, recipe.seed, recipe.protocol)
    parts, aside = set_aside(whole, cut.scores, given.pipeline.threshold.cut)
    recipe = replace(_narrowed(recipe, known, parts), notes=f"{_taken_over(known, given)}{aside.sentence}")
    pipeline = recipe.pipeline()
    pipeline.members = (*given.pipeline.members[:known], *pipeline.members[known:])
    course = TrainingPlan(recipe, pipeline, cohort, parts, known, INSTEAD)
    trained = learn(course, out, progress)
    return Adapted(trained, cut, aside, (*_refused(trained.refusal, options), *_too_few(parts, options)))


def _recipe(given: Recipe, options: AdaptOptions) -> tuple[Recipe, int]:
    """What is to be made, and how many members are taken over as they are.

    A bundle that was adapted before keeps its first members, and its former neighbours learn anew.
    """
    if options.recipe:
        recipe, known = find_recipe(options.recipe), 0
    else:
        beside = find_recipe(BESIDE).members
        kept = tuple(member for member in given.members if not _is_among(member, beside)) or given.members
        recipe, known = replace(given, members=(*kept, *beside), fusion=Fusion()), len(kept)
    return recipe.seeded(options.seed), known


def _fractions(patients: int) -> Fractions:
    """A quarter of the cells calibrate, or more where so few patients are there."""
    calibration = min(MOST_CALIBRATION, max(CALIBRATION, CALIBRATING / patients))
    return Fractions(1 - HELD_OUT - calibration, HELD_OUT, calibration, tuning=0.0, test=0.0)


def _taken_over(known: int, given: Bundle) -> str:
    """What the card says of members that were there before."""
    if not known:
        return ""
    which = "member is" if known == 1 else f"{known} members are"
    return (
        f"The first {which} taken over as it was from a bundle that had learnt from the set "
        f"`{given.facts.data}` (fingerprint {given.facts.data_fingerprint}); the others have learnt the "
        "cells of this site. "
    )


def _is_among(member: Member, others: Sequence[Member]) -> bool:
    """True for a member that sees and learns as one of these do, whatever the number of its components."""
    return any(
        member.steps == other.steps and type(member.detector) is type(other.detector) for other in others
    )


def _narrowed(recipe: Recipe, known: int, parts: Split) -> Recipe:
    """The recipe with as few principal components beside the known members as so few cells can teach."""
    if not known:
        return recipe
    most = max(1, len(parts.part(Part.TRAIN)) // _CELLS_A_COMPONENT)
    narrowed = (_with_components(member, most) for member in recipe.members[known:])
    return replace(recipe, members=(*recipe.members[:known], *narrowed))


def _with_components(member: Member, most: int) -> Member:
    detector = member.detector
    if not isinstance(detector, Pca):
        return member
    return replace(member, detector=replace(detector, components=min(detector.components, most)))


def _check_enough(patients: int, cut: Cut, options: AdaptOptions) -> None:
    if patients >= len(HEALTHY_PARTS):
        return
    ungrouped = f", or leave out `by='{FOLDER}'`" if options.by_folder else ""
    others = f" Not used: {' '.join(cut.unusable[:_SHOWN])}" if cut.unusable else ""
    raise DatasetError(
        f"Cells were cut out of {options.counted(patients)}, but {len(HEALTHY_PARTS)} are needed: to learn "
        f"from, to know when to stop, and to calibrate with. Give {_WANTED} photos or more, best of several "
        f"smears{ungrouped}.{others}"
    )


def _refused(refusal: str, options: AdaptOptions) -> tuple[str, ...]:
    """That another rule than the recipe's gave the threshold, where that one refused so few cells."""
    if not refusal:
        return ()
    rate = percent(INSTEAD.false_positive_rate)
    return (
        f"{refusal} Here a {options.unit} counts as a patient. The rule quantile at {rate} takes its place, "
        "which holds on average only.",
    )


def _too_few(parts: Split, options: AdaptOptions) -> tuple[str, ...]:
    """What follows where hardly any photo was left to calibrate with."""
    patients = len({record.patient for record in parts.part(Part.CALIBRATION)})
    if patients >= FEWEST_PATIENTS:
        return ()
    return (
        f"The cells of {options.counted(patients)} calibrate this bundle, and normocyte smear asks for "
        f"{FEWEST_PATIENTS}: give {options.counted(_WANTED)} or more to judge smears with it.",
    )
