"""The recipes in another stain: P. vivax fields, cells cut by their boxes, fields apart, five splits.

    python benchmarks/another_stain.py --data DIR [--nih-bundle BUNDLE] [--configs site ...] [--seeds 0 1 ...]

DIR holds images/ and annotations.json of the IML malaria fields. The cells are cut once into --out; every
recipe learns anew from the site's healthy cells, with the mask narrowed to the ellipse that a box describes.
A bundle given by --nih-bundle is used as it is, and once more with another score. Each finished run is a file
in --out, so the study can be stopped and goes on. Prints two tables and writes them into --page.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from _common import Lines, Row, kept, machine, markdown
from _fields import STAGES, cut_cells
from normocyte.core.types import HEALTHY, Part, Record
from normocyte.datasets._splits import Split, split
from normocyte.datasets.folder import Folder
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.pipeline.bundle import load_bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe import Recipe, find_recipe
from normocyte.preprocessing._base import Step
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.scores.dark_top_fraction import DarkTopFraction
from normocyte.workflows._examine import Examined, examine
from normocyte.workflows.train import train

CONFIGS = ("stain_rule", "contrast", "pca", "default", "site_pca", "site")
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
STAGES_AT = "sens. at 99 %"
UNCHANGED = "trained on NIH, unchanged"
TOP = "trained on NIH, unchanged, dark_top_fraction"


@dataclass(frozen=True)
class Study:
    """The cells, and where the runs are kept."""

    dataset: Folder
    records: tuple[Record, ...]
    out: Path

    def parts(self, recipe: Recipe) -> Split:
        """The split of a recipe."""
        return split(self.records, recipe.fractions, recipe.seed, recipe.protocol)

    def run(self, name: str, seed: int) -> Row:
        """One recipe, trained on the healthy cells of one split and judged on the others."""
        folder = self.out / name / str(seed)
        return kept(folder / "figures.json", lambda: self._trained(name, seed, folder))

    def _trained(self, name: str, seed: int, folder: Path) -> Row:
        recipe = on_boxes(find_recipe(name).seeded(seed))
        done = train(recipe, self.dataset, folder / "bundle", Lines())
        return {**judged(done.bundle.pipeline, done.split), "seconds": round(done.seconds, 1)}

    def foreign(self, bundle: Path, name: str, seed: int) -> Row:
        """A bundle that has never seen this stain, on the cells that a recipe is judged on."""
        parts = self.parts(find_recipe(CONFIGS[-1]).seeded(seed))
        pipeline = load_bundle(bundle).pipeline
        if name == TOP:
            pipeline = replace(pipeline, score=DarkTopFraction(0.01))
        return kept(self.out / name / str(seed) / "figures.json", lambda: judged(pipeline, parts))


def on_boxes(recipe: Recipe) -> Recipe:
    """The recipe for cells that were cut by boxes: the mask holds no more than the ellipse of the box."""
    return replace(recipe, steps=tuple(narrowed(step) for step in recipe.steps))


def narrowed(step: Step) -> Step:
    """The step; a mask is narrowed to the ellipse."""
    return replace(step, method="otsu", ellipse=True) if isinstance(step, CellMask) else step


def judged(pipeline: Pipeline, parts: Split) -> Row:
    """The figures of tuning and of test cells."""
    return {
        str(part): figures(examine((pipeline,), parts.part(part), Lines(), f"Scoring {part}"))
        for part in (Part.TUNING, Part.TEST)
    }


def figures(cells: Examined) -> Row:
    """Each metric of all stages together, and of each stage against all healthy cells."""
    groups = np.array([record.group for record in cells.records])
    everything = np.ones(len(groups), np.bool_)
    stages = {stage: (groups == stage) | (cells.labels == HEALTHY) for stage in STAGES}
    return {
        "metrics": {name: value(metric, cells, everything) for name, metric in METRICS.items()},
        "stages": {
            stage: [value(METRICS[STAGES_AT], cells, rows), int((groups == stage).sum())]
            for stage, rows in stages.items()
        },
        "healthy": int((cells.labels == HEALTHY).sum()),
        "not assessable": len(cells.faults),
    }


def value(metric, cells: Examined, rows: np.ndarray) -> float | None:
    """The metric of these rows, or None where it is undefined."""
    found = metric.measure(cells.of(0)[rows], cells.labels[rows], cells.patients[rows]).value
    return None if np.isnan(found) else found


def table(results: dict[str, list[Row]]) -> str:
    """Mean and standard deviation over the splits of every metric on test cells."""
    rows = []
    for name, runs in results.items():
        values = [[run["test"]["metrics"][metric] for run in runs] for metric in METRICS]
        cells = [f"{statistics.fmean(own):.3f} ± {statistics.pstdev(own):.3f}" for own in values]
        rows.append([f"`{name}`" if name in CONFIGS else name, *cells])
    return markdown(("recipe", *METRICS), rows)


def stages_table(results: dict[str, list[Row]]) -> str:
    """How many test cells of each stage are found at 99 % specificity, over all splits."""
    rows = [
        [f"`{name}`" if name in CONFIGS else name, *map(found_of(runs), STAGES)]
        for name, runs in results.items()
    ]
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
    manifest = cut_cells(options.data, options.out / "cells")
    dataset = Folder(manifest=str(manifest))
    work = Study(dataset, tuple(dataset.records()), options.out)
    results = {name: [work.run(name, seed) for seed in options.seeds] for name in options.configs}
    if options.nih_bundle:
        for name in (UNCHANGED, TOP):
            results[name] = [work.foreign(options.nih_bundle, name, seed) for seed in options.seeds]
    return results


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
    options = parser.parse_args()
    results = study(options)
    tables = (table(results), stages_table(results))
    page = Path(__file__).with_name("another_stain.md.in").read_text(encoding="utf-8")
    options.page.write_text(
        page.format(table=tables[0], stages=tables[1], machine=machine()), encoding="utf-8"
    )
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
