"""What a few infected cells among the "healthy" ones cost, with and without the robust options.

    python -m studies.contamination --data DIR --configs contrast --seeds 0 1 2
    python -m studies.contamination --data DIR --configs conv default --cells 2500 --epochs 8

Infected cells of the training, held-out and calibration patients, never of test patients, are put among the
healthy cells of those patients, at each of --levels per cent. A network learns once plainly and once with
`robust_beyond`; upon each, the tails of `regional_tail` are fitted plainly, told that up to .05 or .1 of the
cells may be infected, and on the healthy cells alone. --cells keeps so many healthy training cells for a net,
and --epochs shortens its training. Each finished run is a file in --out, and the page is made of all.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.files import write_text
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, Maps, Mask, Part, Scores
from normocyte.datasets.opening.detect import open_dataset
from normocyte.datasets.splits.split import Split, split
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.preprocessing.contract import Step
from normocyte.scores.contract import Score
from normocyte.thresholds.infected_quantile import InfectedQuantile
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.training.prepare import PreparedCells, prepared_cells
from studies.contamination.page import commands, sections
from studies.kit.common import Lines, Row, kept, machine

Rows = npt.NDArray[np.intp]
TAUGHT = (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION)
BEYOND = 0.3
CUTS = {"quantile": Quantile(0.01), "infected_quantile": InfectedQuantile(0.01)}
TOLD = (0.0, 0.05, 0.1)
RANKING = {
    "AUROC": Auroc(1),
    "sens. at 95 %": SensitivityAtSpecificity(1, specificity=0.95),
    "sens. at 99 %": SensitivityAtSpecificity(1, specificity=0.99),
    "sens. at 99.5 %": SensitivityAtSpecificity(1, specificity=0.995),
    "AP at 1 %": AveragePrecision(1, prevalence=0.01),
}
FILES = "{config}_{seed}_{level:g}_{loss}.json"


@dataclass(frozen=True)
class Setting:
    """One training: which recipe and seed, how many per cent of the cells infected, which loss."""

    config: str
    seed: int
    level: float
    loss: str

    def recipe(self, epochs: int | None) -> Recipe:
        """The recipe, its network with that loss and so many epochs."""
        recipe = find_recipe(self.config).seeded(self.seed)
        member = recipe.members[0]
        if not isinstance(member.detector, Autoencoder):
            return recipe
        fields = {"robust_beyond": BEYOND if self.loss == "robust" else 0.0}
        if epochs:
            fields |= {"epochs": epochs, "least_updates": 0}
        return replace(recipe, members=(replace(member, detector=replace(member.detector, **fields)),))


@dataclass(frozen=True)
class Mixed:
    """Row numbers of the cells of each part, infected ones mixed in, and of the test cells."""

    cells: PreparedCells
    rows: dict[Part, Rows]

    @classmethod
    def of(cls, cells: PreparedCells, parts: Split, setting: Setting, most: int | None) -> Mixed:
        """The same healthy cells at every level, and of the infected ones the first of one random order."""
        rng = generator(setting.seed, "contamination")
        rows = {Part.TEST: _rows(parts, (Part.TEST,))}
        for part in TAUGHT:
            healthy = rng.permutation(_rows(parts, (part,)))
            patients = np.unique(cells.patients[healthy])
            is_infected = (cells.labels == ANOMALY) & np.isin(cells.patients, patients)
            infected = rng.permutation(np.flatnonzero(is_infected))
            healthy = healthy[:most] if part is Part.TRAIN else healthy
            count = round(setting.level / (100 - setting.level) * len(healthy))
            rows[part] = np.sort(np.concatenate([healthy, infected[:count]]))
        return cls(cells, rows)

    def healthy(self, part: Part) -> Rows:
        """Those rows of a part that are healthy."""
        rows = self.rows[part]
        return rows[self.cells.labels[rows] != ANOMALY]


def _rows(parts: Split, wanted: Sequence[Part]) -> Rows:
    return np.array([row for row, part in enumerate(parts.parts) if part in wanted], np.intp)


@dataclass(frozen=True)
class Ranked:
    """One trained network: its maps of the cells in the rows of `mixed`, to be reduced by any score."""

    mixed: Mixed
    used: Rows
    maps: Maps

    @classmethod
    def of(cls, detector: Detector, mixed: Mixed) -> Ranked:
        """The maps that this detector gives."""
        used = np.unique(np.concatenate(list(mixed.rows.values())))
        return cls(mixed, used, detector.maps(mixed.cells.batch.take(used)))

    def seen(self, rows: Rows) -> tuple[Maps, Mask]:
        """Maps and masks of the cells in these rows."""
        return self.maps[np.searchsorted(self.used, rows)], self.mixed.cells.batch.masks[rows]

    def judged(self, score: Score, rows: Rows) -> Row:
        """The figures on the test cells with a score fitted on these rows."""
        score.fit(*self.seen(rows))
        test, cells = self.mixed.rows[Part.TEST], self.mixed.cells
        scores, labels = score.reduce(*self.seen(test)), cells.labels[test]
        ranking = {
            name: metric.measure(scores, labels, cells.patients[test]).value
            for name, metric in RANKING.items()
        }
        return {"ranking": ranking, "cuts": dict(self._at_cuts(score, scores, labels == ANOMALY))}

    def _at_cuts(
        self, score: Score, scores: Scores, is_infected: npt.NDArray[np.bool_]
    ) -> Iterator[tuple[str, list[float]]]:
        """False positives and recall on the test cells at the nominal cut, for each way to choose it."""
        part = Part.CALIBRATION
        for name, rows in (("reviewed", self.mixed.healthy(part)), ("mixed", self.mixed.rows[part])):
            calibration = score.reduce(*self.seen(rows))
            for rule, threshold in CUTS.items():
                threshold.fit(calibration, self.mixed.cells.patients[rows], np.zeros(len(rows), np.int8))
                flagged = threshold.decide(scores)
                shares = [flagged[~is_infected].mean(), flagged[is_infected].mean()]
                yield f"{name} {rule}", [float(share) for share in shares]


def measure(recipe: Recipe, mixed: Mixed) -> Row:
    """Learn from the mixed cells; one entry for each way to fit the tails."""
    member, batch = recipe.pipeline().shown, mixed.cells.batch
    train, held_out = mixed.rows[Part.TRAIN], mixed.rows[Part.HELD_OUT]
    member.detector.fit(batch.take(train), batch.take(held_out), Training(recipe.seed, None, Lines()))
    ranked = Ranked.of(member.detector, mixed)
    taught = np.concatenate([train, held_out])
    healthy = np.concatenate([mixed.healthy(Part.TRAIN), mixed.healthy(Part.HELD_OUT)])
    ways = {f"told {told:g}": (told, taught) for told in TOLD} | {"healthy": (0.0, healthy)}
    return {
        name: ranked.judged(replace(member.score, infected=infected), rows)
        for name, (infected, rows) in ways.items()
    }


class Study:
    """Prepares the cells of each set of steps once, and measures what is not kept yet."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.records = open_dataset(options.data).records()
        self.prepared: dict[str, PreparedCells] = {}

    def cells(self, steps: tuple[Step, ...]) -> PreparedCells:
        """All cells of the set after these steps, prepared once."""
        if repr(steps) not in self.prepared:
            cells = prepared_cells((steps,), self.records, Lines(), "Preparing")
            if cells.faults:
                raise SystemExit(f"{len(cells.faults)} images cannot be used; see normocyte data check.")
            self.prepared = {repr(steps): cells}
        return self.prepared[repr(steps)]

    def run(self, setting: Setting) -> Row:
        """The row of a setting, from its file or anew."""
        recipe = setting.recipe(self.options.epochs)
        place = self.options.out / FILES.format(**vars(setting))
        return kept(place, lambda: self._measured(setting, recipe))

    def _measured(self, setting: Setting, recipe: Recipe) -> Row:
        member = recipe.members[0]
        has_network = isinstance(member.detector, Autoencoder)
        parts = split(self.records, recipe.fractions, setting.seed, recipe.protocol)
        most = self.options.cells if has_network else None
        mixed = Mixed.of(self.cells(member.steps), parts, setting, most)
        cells = {str(part): len(rows) for part, rows in mixed.rows.items()}
        asked = {name: getattr(self.options, name) for name in ("cells", "epochs")} if has_network else {}
        given = {"cells": cells, "epochs": getattr(member.detector, "epochs", 0), "asked": asked}
        return {**vars(setting), **given, "ways": measure(recipe, mixed)}


def settings(options: argparse.Namespace) -> Iterator[Setting]:
    """Every training that is asked for; what does not learn has no loss to change."""
    losses = {
        config: ("plain", "robust")
        if isinstance(find_recipe(config).members[0].detector, Autoencoder)
        else ("plain",)
        for config in options.configs
    }
    for seed, level, config in itertools.product(options.seeds, options.levels, options.configs):
        yield from (Setting(config, seed, level, loss) for loss in losses[config])


def main() -> None:
    """Run what is missing and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--configs", nargs="+", default=["contrast"])
    parser.add_argument("--levels", nargs="+", type=float, default=[0, 1, 2, 5, 10])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument(
        "--cells", type=int, help="so many healthy training cells for a network (default all)"
    )
    parser.add_argument("--epochs", type=int, help="so many epochs for a network (default the recipe's)")
    parser.add_argument("--out", type=Path, default=Path("runs/contamination"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/contamination.md"))
    options = parser.parse_args()
    study = Study(options)
    for setting in settings(options):
        study.run(setting)
    page = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    text = page.format(
        commands="\n".join(commands(options.out)),
        sections=sections(options.out),
        beyond=BEYOND,
        machine=machine(),
    )
    write_text(options.page, text)
    print(sections(options.out))


if __name__ == "__main__":
    main()
