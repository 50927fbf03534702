"""The recipes of configs/ on one labelled set, averaged over seeds, patients apart.

    python benchmarks/recipes.py --data DIR [--configs classic conv ...] [--seeds 0 1 2] --out runs/recipes

Each run is `normocyte demo` with another configuration and seed; its report stays in --out, and a finished
run is not repeated. The stain rule, which every report judges on the same cells, is averaged over the same
splits. Prints two tables, all labels and without doubtful ones, and writes them into --page.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from _common import Lines, Row, kept, machine, markdown
from normocyte.core.files import write_text
from normocyte.pipeline.recipe import find_recipe
from normocyte.workflows.demo import demo

COLUMNS = {
    "auroc": "AUROC",
    "sensitivity_at_specificity_95": "sens. at 95 %",
    "sensitivity_at_specificity_99": "sens. at 99 %",
    "sensitivity_at_specificity_99.5": "sens. at 99.5 %",
    "average_precision_1": "AP at 1 %",
    "specificity": "specificity at the cut",
    "recall": "recall at the cut",
    "f1": "F1 at the cut",
}
LABELS = {"all_labels": "All labels", "without_doubtful": "Without doubtful labels"}
BASELINE = "stain_rule"


def run(config: str, seed: int, data: Path, out: Path) -> Row:
    """One training and evaluation; the metrics of its report."""
    folder = out / config / str(seed)
    done = demo(find_recipe(config).seeded(seed), data, folder, Lines())
    report = json.loads((done.evaluated.page.parent / "metrics.json").read_text(encoding="utf-8"))
    return {"metrics": report["metrics"], "detectors": report["detectors"]}


def means(runs: list[Row], detector: int, labels: str) -> dict[str, tuple[float, float]]:
    """The mean and the standard deviation over seeds of every metric of one detector."""
    found = {}
    for key in COLUMNS:
        cells = [run["metrics"][key][labels].get(run["detectors"][detector], {}) for run in runs]
        values = [cell["value"] for cell in cells if cell.get("value") is not None]
        if len(values) == len(runs):
            found[key] = (statistics.fmean(values), statistics.pstdev(values))
    return found


def line(name: str, found: dict[str, tuple[float, float]]) -> list[str]:
    """One row of a table."""
    digits = {"auroc": 4}
    cells = [
        f"{found[key][0]:.{digits.get(key, 3)}f} ± {found[key][1]:.{digits.get(key, 3)}f}"
        if key in found
        else "-"
        for key in COLUMNS
    ]
    return [name, *cells]


def table(results: dict[str, list[Row]], labels: str) -> str:
    """All recipes, and the stain rule once, from the last recipe's runs, with its rule for the cut."""
    rows = []
    for config, runs in results.items():
        rows.append(line(config, means(runs, 0, labels)))
    beside = [runs for runs in results.values() if len(runs[0]["detectors"]) > 1]
    if beside and BASELINE not in results:
        rows.insert(0, line(BASELINE, means(beside[-1], 1, labels)))
    return markdown(("recipe", *COLUMNS.values()), rows)


def main() -> None:
    """Run what is missing and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--configs", nargs="+", default=["classic", "pca", "conv", "contrast", "default"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("runs/recipes"))
    parser.add_argument("--page", type=Path, default=Path("docs/results.md"))
    options = parser.parse_args()
    results = {
        config: [
            kept(
                options.out / config / f"{seed}.json",
                lambda config=config, seed=seed: run(config, seed, options.data, options.out),
            )
            for seed in options.seeds
        ]
        for config in options.configs
    }
    tables = "\n\n".join(
        f"## {title}\n\nMean ± s.d. over {len(options.seeds)} seeds.\n\n{table(results, labels)}"
        for labels, title in LABELS.items()
    )
    page = Path(__file__).with_name("recipes.md.in").read_text(encoding="utf-8")
    seeds = " ".join(map(str, options.seeds))
    given = f"--configs {' '.join(options.configs)} --seeds {seeds}"
    write_text(options.page, page.format(tables=tables, given=given, machine=machine()))
    print(tables)


if __name__ == "__main__":
    main()
