"""All runs of a comparison, one after the other; a configuration that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from normocyte.core.cancel import Stopped
from normocyte.core.errors import Interrupted, NormocyteError, OutputError
from normocyte.core.progress import Progress
from normocyte.core.types import Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.recipe.sweep import Named
from normocyte.workflows.comparison.run import Run, judged_alike, kept_run, place_of, run

Listen = Callable[[str], AbstractContextManager[Progress]]
"""Opens somebody who listens to one piece of work, whose title is given."""


@dataclass(frozen=True)
class Outcome:
    """A configuration with its runs by seed, or why it failed."""

    named: Named
    runs: tuple[Run, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class Done:
    """What became of each configuration, and how many runs were there already."""

    outcomes: tuple[Outcome, ...]
    kept: int


@dataclass
class _Work:
    """What all runs share, and how many are over."""

    cohort: Cohort
    tests: Sequence[Sequence[Record]]
    folder: Path
    listen: Listen
    total: int
    over: int = 0
    kept: int = 0


def all_runs(
    named: Sequence[Named],
    cohort: Cohort,
    tests: Sequence[Sequence[Record]],
    folder: Path,
    listen: Listen,
) -> Done:
    """Make every run that is not in the folder yet; `tests` are the test cells of each seed.

    Interrupted, with how many are done, when the user stops it, and OutputError when a run cannot be kept.
    """
    work = _Work(cohort, tests, folder, listen, len(named) * len(tests))
    outcomes = tuple(_outcome(one, work) for one in named)
    return Done(outcomes, work.kept)


def _outcome(one: Named, work: _Work) -> Outcome:
    """The runs of one configuration, or the reason why it failed: after that no other seed is tried."""
    found = []
    for seed in range(len(work.tests)):
        try:
            found.append(_run(one, seed, work))
        except (Interrupted, OutputError):
            raise
        except NormocyteError as error:
            work.over += len(work.tests) - seed
            return Outcome(one, failure=f"seed {seed}: {error}")
    return Outcome(one, tuple(found))


def _run(one: Named, seed: int, work: _Work) -> Run:
    recipe = judged_alike(one.recipe, seed)
    place = place_of(one.name, recipe, work.cohort, work.folder)
    found = kept_run(place, work.tests[seed])
    work.kept += found is not None
    found = found or _new_run(one, seed, place, work)
    work.over += 1
    return found


def _new_run(one: Named, seed: int, place: Path, work: _Work) -> Run:
    title = f"{one.name}, seed {seed} ({work.over + 1} of {work.total})"
    try:
        with work.listen(title) as progress:
            return run(judged_alike(one.recipe, seed), work.cohort, place, progress)
    except (Stopped, Interrupted) as error:
        raise Interrupted(
            f"Comparing was stopped after {work.over} of {work.total} runs; what is done is kept in "
            f"{work.folder}. Run the same command again and it goes on from there."
        ) from error
