"""All runs of a comparison, one after the other; a configuration that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from normocyte.core.cancel import Stopped
from normocyte.core.errors import Interrupted, NormocyteError, OutputError
from normocyte.core.progress import Progress
from normocyte.core.types import Record
from normocyte.pipeline.recipe.sweep import Named
from normocyte.workflows.comparison.run import Material, Run, judged_alike, kept_run, place_of, run

Listen = Callable[[str], AbstractContextManager[Progress]]
"""Opens somebody who listens to one piece of work, whose title is given."""


@dataclass
class Done:
    """For each configuration its runs by seed (none when it failed) and why it failed (or nothing).

    `kept` counts the runs that were there already.
    """

    runs: list[tuple[Run, ...]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    kept: int = 0


@dataclass
class _Work:
    """What all runs share, and how many are over."""

    material: Material
    tests: Sequence[Sequence[Record]]
    folder: Path
    listen: Listen
    total: int
    over: int = 0
    kept: int = 0


def all_runs(
    named: Sequence[Named],
    material: Material,
    tests: Sequence[Sequence[Record]],
    folder: Path,
    listen: Listen,
) -> Done:
    """Make every run that is not in the folder yet; `tests` are the test cells of each seed.

    Interrupted, with how many are done, when the user stops it, and OutputError when a run cannot be kept.
    """
    work = _Work(material, tests, folder, listen, len(named) * len(tests))
    done = Done()
    for one in named:
        runs, failure = _runs_of(one, work)
        done.runs.append(runs)
        done.failures.append(failure)
    done.kept = work.kept
    return done


def _runs_of(one: Named, work: _Work) -> tuple[tuple[Run, ...], str]:
    """The runs of one configuration, or none and the reason: after a failure no other seed is tried."""
    found = []
    for seed in range(len(work.tests)):
        try:
            found.append(_run(one, seed, work))
        except (Interrupted, OutputError):
            raise
        except NormocyteError as error:
            work.over += len(work.tests) - seed
            return (), f"seed {seed}: {error}"
    return tuple(found), ""


def _run(one: Named, seed: int, work: _Work) -> Run:
    recipe = judged_alike(one.recipe, seed)
    place = place_of(one.name, recipe, work.material, work.folder)
    found = kept_run(place, work.tests[seed])
    work.kept += found is not None
    found = found or _new_run(one, seed, place, work)
    work.over += 1
    return found


def _new_run(one: Named, seed: int, place: Path, work: _Work) -> Run:
    title = f"{one.name}, seed {seed} ({work.over + 1} of {work.total})"
    try:
        with work.listen(title) as progress:
            return run(judged_alike(one.recipe, seed), work.material, place, progress)
    except (Stopped, Interrupted) as error:
        raise Interrupted(
            f"Comparing was stopped after {work.over} of {work.total} runs; what is done is kept in "
            f"{work.folder}. Run the same command again and it goes on from there."
        ) from error
