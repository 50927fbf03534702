"""What accuracy costs: image size x filters x latent size of the convolutional autoencoder.

    python -m studies.compute_tradeoff --data DIR --out runs/compute

Everything but these three fields is as in configs/conv.toml, with 12 epochs. One seed, patients apart. Labels
of test patients are used to measure, never to fit. Each finished run is a file in --out, so the study can be
stopped and goes on.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.core.types import Batch, Part, Record
from normocyte.datasets.opening.detect import open_dataset
from normocyte.datasets.splits.split import Split, split
from normocyte.detectors.contract import Training
from normocyte.detectors.support.onnx_graph import count_parameters
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity
from normocyte.pipeline.bundle.bundle import Bundle, save_bundle
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.pipeline.pipeline import Calibration
from normocyte.pipeline.recipe.recipe import Recipe, find_recipe
from normocyte.preprocessing.resize import Resize
from normocyte.reports.comparison.chart import pareto_front
from normocyte.workflows.training.prepare import PreparedCells, prepared_cells
from studies.compute_tradeoff.figure import Measured, write_pareto
from studies.kit.common import Lines, Row, kept, machine, markdown

SIZES = (32, 48, 64)
FILTERS = ((4, 8, 16), (8, 16, 32), (16, 32, 64))
LATENTS = (16, 64)
EPOCHS = 12
PARTS = (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION, Part.TEST)


@dataclass(frozen=True)
class Setting:
    """One point of the study."""

    size: int
    filters: tuple[int, ...]
    latent: int

    @property
    def name(self) -> str:
        """Short, and fit for a file name."""
        return f"{self.size}px_{'-'.join(map(str, self.filters))}_latent{self.latent}"

    def recipe(self) -> Recipe:
        """The recipe with this size, these filters and this latent size."""
        base = find_recipe("conv")
        member = base.members[0]
        steps = tuple(
            replace(step, size=self.size) if isinstance(step, Resize) else step for step in member.steps
        )
        fields = {"filters": self.filters, "latent": self.latent, "epochs": EPOCHS}
        changed = replace(member, steps=tuple(steps), detector=replace(member.detector, **fields))
        return replace(base, members=(changed,))


def prepared(recipe: Recipe, parts: Split) -> dict[Part, PreparedCells]:
    """All cells of the parts after the steps of the recipe."""
    return {
        part: prepared_cells((recipe.members[0].steps,), parts.part(part), Lines(), f"Preparing {part}")
        for part in PARTS
    }


def measure(recipe: Recipe, parts: Split, cells: dict[Part, PreparedCells]) -> Row:
    """Train, calibrate and test one setting."""
    pipeline = recipe.pipeline()
    begin = time.perf_counter()
    pipeline.shown.detector.fit(
        cells[Part.TRAIN].batch, cells[Part.HELD_OUT].batch, Training(recipe.seed, None, Lines())
    )
    seconds = time.perf_counter() - begin
    both = [cells[part].batch for part in (Part.TRAIN, Part.HELD_OUT)]
    masks = np.concatenate([batch.masks for batch in both])
    pipeline.shown.score.fit(np.concatenate([pipeline.maps(batch) for batch in both]), masks)
    calibration, test = cells[Part.CALIBRATION], cells[Part.TEST]
    scores = pipeline.scores(calibration.batch)
    pipeline.calibration = Calibration.of(scores, calibration.patients)
    pipeline.threshold.fit(scores, calibration.patients, calibration.labels)
    ms, judged = timed_scores(pipeline, test.batch)
    given = (judged, test.labels, test.patients)
    return {
        "auroc": Auroc().measure(*given).value,
        "s99": SensitivityAtSpecificity(specificity=0.99).measure(*given).value,
        "seconds": seconds,
        "epochs": len(pipeline.shown.detector.curve_.loss),
        "ms": ms,
        "parameters": count_parameters(pipeline.shown.detector.graph_),
        "kilobytes": bundle_size(Bundle(pipeline, recipe, facts(parts))) / 1000,
    }


def timed_scores(pipeline, batch: Batch) -> tuple[float, np.ndarray]:
    """Milliseconds a cell for network and score on one core (the best of three), and the scores."""
    few = batch.take(np.arange(min(1024, len(batch))))
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        pipeline.scores(few)
        times.append((time.perf_counter() - begin) / len(few) * 1000)
    return min(times), pipeline.scores(batch)


def facts(parts: Split) -> Facts:
    """What a bundle says of its data."""
    by_part = [(part, parts.part(part)) for part in Part if part is not Part.LEFT_OUT]
    return Facts("study", "", tuple(PartFacts(str(part), len(own), patients(own)) for part, own in by_part))


def patients(records: Sequence[Record]) -> tuple[str, ...]:
    """The patients of these records, by name."""
    return tuple(sorted({record.patient for record in records}))


def bundle_size(bundle: Bundle) -> int:
    """The bytes of the bundle's files."""
    with tempfile.TemporaryDirectory() as folder:
        save_bundle(bundle, Path(folder) / "bundle")
        return sum(file.stat().st_size for file in (Path(folder) / "bundle").iterdir())


def study(data: Path, out: Path) -> list[tuple[Setting, Row]]:
    """Every setting with its measurements; the cells of a size are prepared once, and only if needed."""
    base = find_recipe("conv")
    parts = split(open_dataset(data).records(), base.fractions, base.seed, base.protocol)
    rows = []
    for size in SIZES:
        cells: dict[Part, PreparedCells] = {}
        for filters, latent in itertools.product(FILTERS, LATENTS):
            setting = Setting(size, filters, latent)
            recipe = setting.recipe()
            place = out / f"{setting.name}.json"
            if not cells and not place.is_file():
                cells = prepared(recipe, parts)
            rows.append(
                (setting, kept(place, lambda recipe=recipe, cells=cells: measure(recipe, parts, cells)))
            )
    return rows


def table(rows: list[tuple[Setting, Row]], best: set[str]) -> str:
    """The study as Markdown; settings on the Pareto front are bold."""
    columns = (
        "image",
        "filters",
        "latent",
        "AUROC",
        "sens. at 99 %",
        "training s",
        "epochs",
        "ms a cell",
        "parameters",
        "bundle kB",
    )
    lines = [
        (
            f"**{setting.size} px**" if setting.name in best else f"{setting.size} px",
            ", ".join(map(str, setting.filters)),
            str(setting.latent),
            f"{row['auroc']:.4f}",
            f"{row['s99']:.3f}",
            f"{row['seconds']:.0f}",
            str(row["epochs"]),
            f"{row['ms']:.3f}",
            f"{row['parameters']:,}",
            f"{row['kilobytes']:.0f}",
        )
        for setting, row in rows
    ]
    return markdown(columns, lines)


def main() -> None:
    """Run the study, print the table, write figure and page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/compute"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/compute-tradeoff.md"))
    options = parser.parse_args()
    rows = study(options.data, options.out)
    candidates = [
        Measured(row["ms"], row["auroc"], setting.name, row["parameters"], setting.size)
        for setting, row in rows
    ]
    best = {candidate.name for candidate in pareto_front(candidates)}
    text = table(rows, best)
    options.page.parent.mkdir(parents=True, exist_ok=True)
    figure = options.page.parent / "figures" / f"{options.page.stem}.png"
    write_pareto(candidates, figure)
    page = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    options.page.write_text(
        page.format(table=text, figure=f"figures/{figure.name}", machine=machine()), encoding="utf-8"
    )
    print(text)


if __name__ == "__main__":
    main()
