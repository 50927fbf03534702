"""The recipes in another stain: P. vivax fields, cells cut by their boxes, fields apart, five splits.

    python benchmarks/another_stain.py --data DIR [--nih-bundle BUNDLE] [--configs site ...] [--seeds 0 1 ...]

DIR holds images/ and annotations.json of the IML malaria fields. The cells are cut once into --out; every
recipe learns anew from the site's healthy cells, with the mask narrowed to the ellipse that a box describes.
A bundle given by --nih-bundle is used as it is, and once more with another score. Each finished run is a file
in --out, so the study can be stopped and goes on; with --no-new nothing is run, and the page shows what has
been. Prints two tables and writes them into --page.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from _common import Lines, Row, kept, machine, markdown
from _fields import STAGES, cut_cells, said_of
from normocyte.core.files import make_folder
from normocyte.core.types import HEALTHY, Batch, Labels, Names, Part, Record, Scores
from normocyte.datasets._splits import split
from normocyte.datasets.folder import Folder
from normocyte.detectors._base import Training
from normocyte.metrics._base import Metric
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.pipeline.bundle import load_bundle
from normocyte.pipeline.member import Steps
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe import Recipe, find_recipe
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.scores.dark_top_fraction import DarkTopFraction
from normocyte.workflows._prepare import PreparedCells, prepared_cells
from normocyte.workflows.train import _fit_detectors, _fit_scores

CONFIGS = ("stain_rule", "contrast", "pca", "denoising", "default", "site_pca", "site")
SEEDS = (0, 1, 2, 3, 4)
ONE = 1
"""The number of resamples: spread is over splits here, not within them."""
METRICS = {
    "AUROC": Auroc(ONE),
    "sens. at 95 %": SensitivityAtSpecificity(ONE, specificity=0.95),
    "sens. at 99 %": SensitivityAtSpecificity(ONE, specificity=0.99),
    "sens. at 99.5 %": SensitivityAtSpecificity(ONE, specificity=0.995),
    "AP at 1 %": AveragePrecision(ONE, prevalence=0.01),
}
LEARNT = (Part.TRAIN, Part.HELD_OUT)
JUDGED = (Part.TUNING, Part.TEST)
STAGES_AT = "sens. at 99 %"
UNCHANGED = "trained on NIH, unchanged"
TOP = "trained on NIH, unchanged, dark_top_fraction"


@dataclass(frozen=True)
class Cells:
    """All cells in each view of a recipe, with label, field and stage of each, (n,)."""

    batches: tuple[Batch, ...]
    labels: Labels
    fields: Names
    stages: Names

    @classmethod
    def prepared(cls, views: tuple[Steps, ...], records: Sequence[Record]) -> Cells:
        """The cells of these records that can be assessed, healthy ones first."""
        kinds = ("", *STAGES)
        by_kind = [[record for record in records if record.group == kind] for kind in kinds]
        found = [
            prepared_cells(views, own, Lines(), kind or "healthy")
            for kind, own in zip(kinds, by_kind, strict=True)
        ]
        return cls(
            tuple(joined(own) for own in zip(*(cells.batches for cells in found), strict=True)),
            np.concatenate([own.labels for own in found]),
            np.concatenate([own.patients for own in found]),
            np.repeat(kinds, [len(own.labels) for own in found]),
        )

    def of(self, fields: frozenset[str], with_infected: bool) -> Cells:
        """The cells of these fields, with the infected ones or without."""
        is_there = np.isin(self.fields, sorted(fields)) & (with_infected | (self.labels == HEALTHY))
        rows = np.flatnonzero(is_there)
        batches = tuple(batch.take(rows) for batch in self.batches)
        return Cells(batches, self.labels[rows], self.fields[rows], self.stages[rows])

    def to_learn_from(self) -> PreparedCells:
        """The same cells as a training takes them."""
        return PreparedCells(self.batches, self.fields, self.labels, ())


def joined(batches: Sequence[Batch]) -> Batch:
    """Several batches as one."""
    return Batch(
        np.concatenate([batch.pixels for batch in batches]),
        np.concatenate([batch.masks for batch in batches]),
    )


@dataclass
class Study:
    """The cells, where the runs are kept, and the cells of the recipe that was prepared last."""

    records: tuple[Record, ...]
    out: Path
    last: tuple[tuple[Steps, ...], Cells] | None = None

    def runs(self, name: str, seeds: Sequence[int]) -> list[Row]:
        """One recipe, trained on the healthy cells of each split and judged on other fields."""
        places = {seed: self.out / Path(name).stem / f"{seed}.json" for seed in seeds}
        return [kept(place, lambda seed=seed: self._trained(name, seed)) for seed, place in places.items()]

    def _trained(self, name: str, seed: int) -> Row:
        recipe = on_boxes(find_recipe(name).seeded(seed))
        pipeline = recipe.pipeline()
        cells, parts = self._cells(pipeline.views), self._parts(recipe)
        learnt = {part: cells.of(parts[part], with_infected=False).to_learn_from() for part in LEARNT}
        place = make_folder(self.out / Path(name).stem / str(seed))
        seconds = _fit_detectors(pipeline, learnt, Training(seed, place, Lines()))
        _fit_scores(pipeline, *(own.batches for own in learnt.values()))
        pipeline.detector.save(make_folder(place))
        return {**judged(pipeline, cells, parts), "seconds": round(seconds, 1)}

    def foreign(self, bundle: Path, name: str, seeds: Sequence[int]) -> list[Row]:
        """A bundle that has never seen this stain, on the cells that the recipes are judged on."""
        pipeline = foreign_pipeline(bundle, name)

        def measured(seed: int) -> Row:
            parts = self._parts(replace(find_recipe(CONFIGS[-1]), seed=seed))
            return judged(pipeline, self._cells(pipeline.views), parts)

        folder = self.out / folder_of(name)
        places = {seed: folder / f"{seed}.json" for seed in seeds}
        return [kept(place, lambda seed=seed: measured(seed)) for seed, place in places.items()]

    def _cells(self, views: tuple[Steps, ...]) -> Cells:
        """All cells in these views, prepared only when others were asked for before."""
        if self.last is None or self.last[0] != views:
            self.last = None  # room for the next
            self.last = (views, Cells.prepared(views, self.records))
        return self.last[1]

    def _parts(self, recipe: Recipe) -> dict[Part, frozenset[str]]:
        """The fields of each part of a split."""
        parts = split(self.records, recipe.fractions, recipe.seed, recipe.protocol)
        return {part: frozenset(record.patient for record in parts.part(part)) for part in JUDGED + LEARNT}


def on_boxes(recipe: Recipe) -> Recipe:
    """The recipe for cells that were cut by boxes: the mask holds no more than the ellipse of the box."""
    beside = tuple(replace(member, steps=narrowed(member.steps)) for member in recipe.beside)
    return replace(recipe, steps=narrowed(recipe.steps), beside=beside)


def narrowed(steps: Steps) -> Steps:
    """The steps, with every mask narrowed to the ellipse."""
    return tuple(
        replace(step, method="otsu", ellipse=True) if isinstance(step, CellMask) else step for step in steps
    )


def foreign_pipeline(bundle: Path, name: str) -> Pipeline:
    """The pipeline of a bundle for cells cut by boxes; by the name TOP it reads its map in another way."""
    pipeline = load_bundle(bundle).pipeline
    beside = tuple(replace(member, steps=narrowed(member.steps)) for member in pipeline.beside)
    pipeline = replace(pipeline, steps=narrowed(pipeline.steps), beside=beside)
    return replace(pipeline, score=DarkTopFraction(0.01), beside=()) if name == TOP else pipeline


def judged(pipeline: Pipeline, cells: Cells, parts: dict[Part, frozenset[str]]) -> Row:
    """The figures of tuning and of test cells."""
    return {str(part): figures(pipeline, cells.of(parts[part], with_infected=True)) for part in JUDGED}


def figures(pipeline: Pipeline, cells: Cells) -> Row:
    """Each metric of all stages together, and of each stage against all healthy cells."""
    scores = pipeline.scores(*cells.batches)
    judgeable = np.isfinite(scores)
    healthy = cells.labels == HEALTHY
    found = {
        stage: value(METRICS[STAGES_AT], cells, scores, judgeable & (healthy | (cells.stages == stage)))
        for stage in STAGES
    }
    return {
        "metrics": {name: value(metric, cells, scores, judgeable) for name, metric in METRICS.items()},
        "stages": {
            stage: [found[stage], int((judgeable & (cells.stages == stage)).sum())] for stage in STAGES
        },
        "healthy": int((judgeable & healthy).sum()),
        "not assessable": int((~judgeable).sum()),
    }


def value(metric: Metric, cells: Cells, scores: Scores, rows: np.ndarray) -> float | None:
    """The metric of these rows, or None where it is undefined."""
    found = metric.measure(scores[rows], cells.labels[rows], cells.fields[rows]).value
    return None if np.isnan(found) else found


def table(results: dict[str, list[Row]]) -> str:
    """Mean and standard deviation over the splits of every metric on test cells."""
    rows = []
    for name, runs in results.items():
        values = [[run["test"]["metrics"][metric] for run in runs] for metric in METRICS]
        cells = [f"{statistics.fmean(own):.3f} ± {statistics.pstdev(own):.3f}" for own in values]
        rows.append([spoken(name), str(len(runs)), *cells])
    return markdown(("recipe", "splits", *METRICS), rows)


def spoken(name: str) -> str:
    """A configuration by its name in a table."""
    return name if name in (UNCHANGED, TOP) else f"`{Path(name).stem}`"


def stages_table(results: dict[str, list[Row]]) -> str:
    """How many test cells of each stage are found at 99 % specificity, over all splits."""
    rows = [[spoken(name), *map(found_of(runs), STAGES)] for name, runs in results.items()]
    return markdown(("recipe", *STAGES), rows)


def found_of(runs: Sequence[Row]) -> Callable[[str], str]:
    """Says how many cells of a stage are found in these runs."""

    def said(stage: str) -> str:
        counts = [run["test"]["stages"][stage] for run in runs]
        total = sum(count for _, count in counts)
        found = sum((share or 0) * count for share, count in counts)
        return f"{found / max(total, 1):.2f} of {total}"

    return said


def study(options: argparse.Namespace) -> dict[str, list[Row]]:
    """Every recipe on every split, in the order of the table."""
    work = Study(records(options), options.out)
    names = (*options.configs, *((UNCHANGED, TOP) if options.nih_bundle else ()))
    if options.no_new:
        found = {name: finished(options.out, name, options.seeds) for name in names}
        return {name: runs for name, runs in found.items() if runs}
    results = {name: work.runs(name, options.seeds) for name in options.configs}
    foreign = names[len(options.configs) :]
    return results | {name: work.foreign(options.nih_bundle, name, options.seeds) for name in foreign}


def records(options: argparse.Namespace) -> tuple[Record, ...]:
    """The cells, cut by their boxes when that was not done before."""
    return tuple(Folder(manifest=str(cut_cells(options.data, options.out / "cells"))).records())


def finished(out: Path, name: str, seeds: Sequence[int]) -> list[Row]:
    """The runs of a recipe that are there already."""
    folder = out / (folder_of(name) if name in (UNCHANGED, TOP) else Path(name).stem)
    places = [folder / f"{seed}.json" for seed in seeds]
    return [json.loads(place.read_text(encoding="utf-8")) for place in places if place.is_file()]


def folder_of(name: str) -> str:
    """Where the runs of a bundle that has never seen the stain are kept."""
    return name.replace(" ", "_").replace(",", "")


def main() -> None:
    """Run what is missing and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/another-stain"))
    parser.add_argument("--page", type=Path, default=Path("docs/another-stain.md"))
    parser.add_argument("--configs", nargs="+", default=list(CONFIGS))
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--nih-bundle", type=Path)
    parser.add_argument("--no-new", action="store_true", help="run nothing: the page shows what has been")
    options = parser.parse_args()
    results = study(options)
    tables = (table(results), stages_table(results))
    page = Path(__file__).with_name("another_stain.md.in").read_text(encoding="utf-8")
    options.page.write_text(
        page.format(
            table=tables[0],
            stages=tables[1],
            machine=machine(),
            cells=said_of(records(options)),
            given=f"--configs {' '.join(options.configs)} --nih-bundle src/normocyte/shipped",
        ),
        encoding="utf-8",
    )
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
