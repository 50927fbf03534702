"""The runs of a comparison: one configuration with one seed, trained, judged and timed, kept as one file.

They are made one after the other; a configuration that fails does not stop the others.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.cancel import Stopped
from normocyte.core.errors import DatasetError, Interrupted, NormocyteError, OutputError
from normocyte.core.files import sha256_of, write_text
from normocyte.core.progress import Progress
from normocyte.core.registry import own_file
from normocyte.core.types import Part, Record, Scores
from normocyte.core.version import __version__
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.detectors.support.onnx_graph import count_parameters
from normocyte.engine.pool import CHUNK, MOST_UNREADABLE, read_all
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe.recipe import Recipe, recipe_table
from normocyte.pipeline.recipe.sweep import Named
from normocyte.thresholds.validation.agreement import Healthy
from normocyte.workflows.comparison.thresholds import Decided, decided, restored, written
from normocyte.workflows.evaluation.examine import Chosen, Examined, choose, examine
from normocyte.workflows.evaluation.needed import need_both
from normocyte.workflows.training.train import train

SCHEMA = 1
FILE = "run.json"
BUNDLE = "bundle"
TIMED = 256
_ROUNDS = 3
_LONGEST_NAME = 60
_NO_RUN = (OSError, ValueError, KeyError, TypeError)
NAN = float("nan")
Listen = Callable[[str], AbstractContextManager[Progress]]
"""Opens somebody who listens to one piece of work, whose title is given."""


@dataclass(frozen=True)
class Measure:
    """What a run costs; NaN for what could not be measured."""

    training_s: float
    ms_per_cell: float
    parameters: float
    bundle_bytes: float


@dataclass(frozen=True)
class Run:
    """The scores of the test cells that could be judged (n,), where those stand among all (n,), the costs.

    `decided` is what the threshold makes of them.
    """

    rows: npt.NDArray[np.intp]
    scores: Scores
    measure: Measure
    decided: Decided | None = None


def judged_alike(recipe: Recipe, seed: int) -> Recipe:
    """The recipe with the split of every comparison and this seed; what its card says changes no run."""
    return replace(recipe, fractions=Fractions(), protocol=Protocol.MIXED.value, notes="").seeded(seed)


def cells_of_seed(cohort: Cohort, seed: int) -> list[Record]:
    """The test cells of every run with this seed, in the order of the set."""
    return cohort.split(Fractions(), seed, Protocol.MIXED).part(Part.TEST)


def place_of(name: str, recipe: Recipe, cohort: Cohort, runs: Path) -> Path:
    """The folder of a run: another recipe, seed, data set, version or code of an own part has another one.

    The same recipe under two names is run once, in the folder of the first.
    """
    facts: list[Any] = [SCHEMA, __version__, recipe_table(recipe)]
    facts += [cohort.fingerprint, sorted(cohort.doubtful), *_own_code(recipe)]
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    ending = f"-seed{recipe.seed}-{key[:16]}"
    kept = sorted(runs.glob(f"*{ending}/{FILE}"))
    if kept:
        return kept[0].parent
    spoken = re.sub(r"[^\w.=]+", "-", name).replace("=-", "=").strip("-")[:_LONGEST_NAME]
    return runs / f"{spoken}{ending}"


def _own_code(recipe: Recipe) -> list[str]:
    """The hashes of the own parts of a recipe; nothing where all are of Normocyte."""
    parts = [part for one in recipe.members for part in (*one.steps, one.detector, one.score)]
    files = map(own_file, (*parts, recipe.threshold, *recipe.cell_checks))
    return sorted(sha256_of(file) for file in files if file)


def run(recipe: Recipe, cohort: Cohort, folder: Path, progress: Progress) -> Run:
    """Train, judge and time; the result is written into the folder, beside the bundle.

    Raises whatever training and judging raise, and DatasetError when more than 2 % of the test cells cannot
    be judged.
    """
    out = folder / BUNDLE
    was_stopped = out.with_name(f"{BUNDLE}.training").exists()
    trained = train(recipe, cohort, out, progress)
    chosen = choose(trained.bundle, cohort, has_new_patients=False)
    test = chosen.test
    found = examine((trained.bundle.pipeline,), test, progress, "Scoring test")
    _check(found, test)
    measure = Measure(
        training_s=NAN if was_stopped else round(trained.seconds, 3),
        ms_per_cell=ms_per_cell(trained.bundle.pipeline, test, progress),
        parameters=parameters(trained.bundle.pipeline),
        bundle_bytes=sum(file.stat().st_size for file in out.rglob("*") if file.is_file()),
    )
    where = {record.source: row for row, record in enumerate(test)}
    rows = np.array([where[record.source] for record in found.records], np.intp)
    result = Run(rows, found.of(0), measure, _decided(trained.bundle, cohort, (found, chosen), progress))
    write_text(folder / FILE, json.dumps(_content(result, found, cohort), allow_nan=False) + "\n")
    return result


def _decided(
    bundle: Bundle, cohort: Cohort, cells: tuple[Examined, Chosen], progress: Progress
) -> Decided | None:
    """What the threshold makes of the test cells; near-duplicates of unknown patients are one group."""
    (found, chosen), pipeline = cells, bundle.pipeline
    known = Healthy(pipeline.calibration.scores, pipeline.calibration.patients)
    if not cohort.are_patients_known:
        again = cohort.in_groups(chosen.calibration)
        scored = examine((pipeline,), again, progress, "Scoring calibration")
        known = Healthy(scored.of(0), scored.patients)
    groups = np.array([record.patient for record in cohort.in_groups(found.records)], np.str_)
    return decided(pipeline.threshold, known, (found.of(0), found.labels, groups), bundle.recipe.seed)


def need_test_cells(test: Sequence[Record]) -> None:
    """DatasetError when these cells are not of both kinds."""
    need_both(test, ())


def _check(found: Examined, test: Sequence[Record]) -> None:
    need_both(found.records, found.faults)
    if len(found.faults) > MOST_UNREADABLE * len(test):
        raise DatasetError(
            f"{len(found.faults)} of {len(test)} test cells cannot be judged, more than "
            f"{MOST_UNREADABLE:.0%}, the first: {found.faults[0]}. Change the steps, or mend the images."
        )


def parameters(pipeline: Pipeline) -> int:
    """How many numbers the pipeline has learnt."""
    return sum(count_parameters(member.detector.graph_) for member in pipeline.members)


def ms_per_cell(pipeline: Pipeline, records: Sequence[Record], progress: Progress) -> float:
    """Milliseconds a cell for all but decoding, over 256 cells, the best of three rounds.

    It is the processor's time in one process, which others on the same machine hardly change.
    """
    few = [records[row].source for row in np.linspace(0, len(records) - 1, TIMED).round().astype(int)]
    images, _ = read_all(few)
    progress.begin("Timing", _ROUNDS)
    times = []
    for _ in range(_ROUNDS):
        begin = time.process_time()
        for start in range(0, len(images), CHUNK):
            pipeline.verdicts(images[start : start + CHUNK])
        times.append(time.process_time() - begin)
        progress.advance()
    return round(min(times) / len(images) * 1000, 5) if images else NAN


def _content(result: Run, found: Examined, cohort: Cohort) -> dict[str, Any]:
    """The run as JSON; NaN, which JSON does not know, is null."""
    costs = {name: None if np.isnan(value) else value for name, value in asdict(result.measure).items()}
    return {
        "schema": SCHEMA,
        "costs": costs,
        "threshold": written(result.decided),
        "unjudged": list(found.faults),
        "cells": {
            "row": result.rows.tolist(),
            "file": [record.source.name for record in found.records],
            "patient": found.patients.tolist(),
            "label": found.labels.tolist(),
            "doubtful": cohort.is_doubtful(found.records).tolist(),
            "score": result.scores.tolist(),
        },
    }


def kept_run(folder: Path, test: Sequence[Record]) -> Run | None:
    """The run that a folder holds, or None when there is none, or none of these test cells."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return _restored(content, test)
    except _NO_RUN:
        return None


def _restored(content: dict[str, Any], test: Sequence[Record]) -> Run | None:
    cells, costs = content["cells"], content["costs"]
    told = [(test[row].source.name, test[row].patient, test[row].label) for row in cells["row"]]
    if told != list(zip(cells["file"], cells["patient"], cells["label"], strict=True)):
        return None
    scores = np.array(cells["score"], np.float64)
    measure = Measure(**{name: NAN if value is None else value for name, value in costs.items()})
    own = restored(content.get("threshold"))
    return Run(np.array(cells["row"], np.intp), scores, measure, own) if len(scores) == len(told) else None


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
    named: Sequence[Named], cohort: Cohort, tests: Sequence[Sequence[Record]], folder: Path, listen: Listen
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
