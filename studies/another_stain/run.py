"""The recipes in another stain: P. vivax fields, cells cut by their boxes, fields apart, five splits.

    python -m studies.another_stain --data DIR [--nih-bundle BUNDLE] [--configs site ...] [--seeds 0 1 ...]

DIR holds images/ and annotations.json of the IML malaria fields. The cells are cut once into --out; every
recipe learns anew from the site's healthy cells, with the mask narrowed to the ellipse that a box describes.
A bundle given by --nih-bundle is used as it is, and once more with another score. Each finished run is a file
in --out, so the study can be stopped and goes on; with --no-new nothing is run, and the page shows what has
been. Prints three tables and writes them into --page.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.cell_checks.gate import Gate
from normocyte.core.files import make_folder
from normocyte.core.types import HEALTHY, Part, Record, Scores
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.folder import Folder
from normocyte.datasets.splits.split import Split, split
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.contract import Metric
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.member import Steps
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.scores.dark_top_fraction import DarkTopFraction
from normocyte.workflows.training.train import TrainingPlan, fit_members, fit_scores
from studies.another_stain.cells import Cells
from studies.kit.common import Lines, Row, kept, machine, markdown
from studies.kit.fields import STAGES, cut_cells, said_of

CONFIGS = (
    *("stain_rule", "contrast", "local_contrast", "pca", "site_pca", "patch_gaussian", "patch_memory"),
    *("conv", "variational", "transformer", "default", "site", "site_ensemble"),
)
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
LOOKED_AT = (Part.TUNING, Part.CALIBRATION)
STAGES_AT = "sens. at 99 %"
UNCHANGED = "trained on NIH, unchanged"
TOP = "trained on NIH, unchanged, dark_top_fraction"
CHOSEN_ON = (0, 1)
"""Whose tuning and calibration fields were looked at, with labels, to choose the form of `site`."""
UNSEEN = "unseen"


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
        plan = TrainingPlan(recipe, pipeline, Cohort(name, ()), Split((), ()))
        seconds = fit_members(plan, learnt, place, Lines())
        fit_scores(plan, *(own.batches for own in learnt.values()))
        pipeline.shown.detector.save(make_folder(place))
        return {**self.judged(pipeline, cells, parts), "seconds": round(seconds, 1)}

    def foreign(self, bundle: Path, name: str, seeds: Sequence[int]) -> list[Row]:
        """A bundle that has never seen this stain, on the cells that the recipes are judged on."""
        pipeline = foreign_pipeline(bundle, name)

        def measured(seed: int) -> Row:
            parts = self._parts(find_recipe(CONFIGS[-1]).seeded(seed))
            return self.judged(pipeline, self._cells(pipeline.views), parts)

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
        return fields_of(parts)

    def judged(self, pipeline: Pipeline, cells: Cells, parts: dict[Part, frozenset[str]]) -> Row:
        """The figures of tuning cells, of test cells, and of those in fields that no choice has seen."""
        base = find_recipe(CONFIGS[-1])
        looked_at = [self._parts(base.seeded(seed))[part] for seed in CHOSEN_ON for part in LOOKED_AT]
        wanted = {
            **{str(part): parts[part] for part in JUDGED},
            UNSEEN: parts[Part.TEST].difference(*looked_at),
        }
        return {
            name: figures(pipeline, cells.of(fields, with_infected=True)) for name, fields in wanted.items()
        }


def fields_of(parts: Split) -> dict[Part, frozenset[str]]:
    """The fields of each part of a split."""
    return {part: frozenset(record.patient for record in parts.part(part)) for part in Part}


def on_boxes(recipe: Recipe) -> Recipe:
    """The recipe for cells that were cut by boxes: the mask holds no more than the ellipse of the box."""
    return replace(
        recipe, members=tuple(replace(member, steps=narrowed(member.steps)) for member in recipe.members)
    )


def narrowed(steps: Steps) -> Steps:
    """The steps, with every mask narrowed to the ellipse."""
    return tuple(
        replace(step, method="otsu", ellipse=True) if isinstance(step, CellMask) else step for step in steps
    )


def foreign_pipeline(bundle: Path, name: str) -> Pipeline:
    """The pipeline of a bundle for cells cut by boxes; by the name TOP it reads its map in another way.

    Its checks of quality are left out: they know the other stain.
    """
    pipeline = load_bundle(bundle).pipeline
    members = tuple(replace(member, steps=narrowed(member.steps)) for member in pipeline.members)
    if name == TOP:
        members = (replace(members[0], score=DarkTopFraction(0.01)),)
    return replace(pipeline, members=members, gate=Gate())


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


def table(results: dict[str, list[Row]], part: str) -> str:
    """Mean and standard deviation over the splits of every metric on the cells of a part."""
    rows = []
    for name, runs in results.items():
        values = [[run[part]["metrics"][metric] for run in runs] for metric in METRICS]
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
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/another-stain.md"))
    parser.add_argument("--configs", nargs="+", default=list(CONFIGS))
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--nih-bundle", type=Path)
    parser.add_argument("--no-new", action="store_true", help="run nothing: the page shows what has been")
    options = parser.parse_args()
    results = study(options)
    tables = (table(results, Part.TEST), stages_table(results), table(results, UNSEEN))
    page = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    options.page.write_text(
        page.format(
            table=tables[0],
            stages=tables[1],
            unseen=tables[2],
            machine=machine(),
            cells=said_of(records(options)),
            given=f"--configs {' '.join(options.configs)} --nih-bundle src/normocyte/shipped",
        ),
        encoding="utf-8",
    )
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
