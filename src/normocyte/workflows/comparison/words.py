"""What a comparison says in words about how it was done."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

from normocyte.core.config import fields_table
from normocyte.core.version import __version__
from normocyte.core.words import IMAGES
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.pipeline.member import Member
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.pipeline.recipe.sweep import Named
from normocyte.wording.patients import few_patients, patients
from normocyte.workflows.comparison.figures import SeedCells, draws_for
from normocyte.workflows.comparison.run import TIMED
from normocyte.workflows.evaluation.words import UNKNOWN_PATIENTS, counted, with_fields

_FEW_NAMES = 3
_SHARES = ", ".join(f"{name} {share:g}" for name, share in fields_table(Fractions()).items())
_PACKAGES = ("numpy", "onnxruntime", "opencv-python-headless")


def parts_of(recipe: Recipe) -> str:
    """Everything that a configuration is made of, with all fields."""
    said = [_member_parts(member) for member in recipe.members]
    return f" {recipe.fusion.way} ".join(f"({parts})" for parts in said) if len(said) > 1 else said[0]


def _member_parts(member: Member) -> str:
    steps = " → ".join(with_fields(step) for step in member.steps) or "no steps"
    return f"{steps} → {with_fields(member.detector)} → {with_fields(member.score)}"


def facts_of(cohort: Cohort, tests: Sequence[SeedCells], configurations: int) -> tuple[tuple[str, str], ...]:
    """The facts of a comparison, as pairs of a name and a value."""
    things = cohort.words.or_else(IMAGES).things
    who = "patients" if cohort.are_patients_known else things
    return (
        ("Data", f"{cohort.name}, {counted(cohort.records, are_patients_known=cohort.are_patients_known)}"),
        ("Fingerprint of the data", cohort.fingerprint[:16]),
        (f"Split of every run, by {who.removesuffix('s')}", f"{_SHARES}; protocol mixed"),
        ("Seeds", f"{', '.join(str(seed) for seed in range(len(tests)))}, for the split and for learning"),
        ("Figures of a report", _beside_demo(who)),
        *((f"Test {things} of seed {seed}", _tested(cohort, test)) for seed, test in enumerate(tests)),
        (f"Draws of {who}", f"{draws_for(configurations):,}, the same for every configuration"),
        ("Correction for many comparisons", "Holm, for each metric and set of labels by itself"),
        (
            f"{things.capitalize()} for a time",
            f"{TIMED} test {things}, processor time of one process, the best of three rounds",
        ),
        ("Software", _software()),
    )


def _beside_demo(who: str) -> str:
    return (
        f"normocyte demo judges the {who} of one seed, 0 where none is given: those of the first seed here. "
        "A demo of one configuration, train and evaluate take the seed of the configuration, so that the "
        "same detector has other figures there"
    )


def has_own_split(recipe: Recipe) -> bool:
    """Whether the configuration asks for another split than that of every comparison."""
    return recipe.fractions != Fractions() or recipe.protocol != Protocol.MIXED


def notes_of(
    named: Sequence[Named], tests: Sequence[SeedCells], left_out: int, cohort: Cohort
) -> tuple[str, ...]:
    """What a reader might otherwise take amiss."""
    words = cohort.words.or_else(IMAGES)
    own = [one.name for one in named if has_own_split(one.recipe)]
    notes = []
    if own:
        who = ", ".join(own) if len(own) <= _FEW_NAMES else f"{len(own)} of {len(named)} configurations"
        verb = "asks for a [split] of its own" if len(own) == 1 else "ask for a [split] of their own"
        notes.append(
            f"{who} {verb}, set aside here so that all are judged on the same "
            f"{'patients' if cohort.are_patients_known else words.things}."
        )
    if left_out:
        cells = f"1 test {words.thing} is" if left_out == 1 else f"{left_out} test {words.things} are"
        notes.append(f"{cells} left out for all, because one of the configurations could not judge them.")
    names = [name for test in tests for name in test.patients.tolist()]
    singly = "" if cohort.are_patients_known else words.things
    few = few_patients(names, f"The test {words.things} of all seeds", singly)
    if few:
        notes.append(f"{few.removesuffix('.')}, so none are given.")
    return tuple(notes)


def _tested(cohort: Cohort, test: SeedCells) -> str:
    people = patients(len(set(test.patients.tolist()))) if cohort.are_patients_known else UNKNOWN_PATIENTS
    anomalous, doubtful = int(test.labels.sum()), int(test.doubtful.sum())
    healthy = len(test.labels) - anomalous
    kinds = f"{healthy:,} healthy, {anomalous:,} anomalous, {doubtful:,} doubtful"
    return f"{len(test.labels):,} of {people}: {kinds}"


def _software() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    cores = f"{os.cpu_count()} cores"
    own = f"Normocyte {__version__}, Python {platform.python_version()}"
    return f"{own}, {packages}; {platform.machine()}, {cores}"
