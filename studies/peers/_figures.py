"""How well each peer and each of our recipes ranks the test cells, by Normocyte's own metrics.

What is known of a detector is kept seed by seed as a run: the day on which it was `measured`, its `figures`,
its `costs`, or the `reason` why it has none.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity

Figures = dict[str, dict[str, float]]
Run = dict[str, Any]
Runs = dict[str, dict[str, Run]]
"""The runs by the name of the detector and the seed, which is a text as in JSON."""

METRICS = {
    "auroc": ("AUROC", Auroc(resamples=1)),
    "sensitivity_at_specificity_95": ("sens. at 95 %", SensitivityAtSpecificity(1, specificity=0.95)),
    "sensitivity_at_specificity_99": ("sens. at 99 %", SensitivityAtSpecificity(1, specificity=0.99)),
    "sensitivity_at_specificity_99.5": ("sens. at 99.5 %", SensitivityAtSpecificity(1, specificity=0.995)),
    "average_precision_1": ("AP at 1 %", AveragePrecision(1, prevalence=0.01)),
}
COMPARISON = "comparison.json"
LABELS = {"all_labels": "All labels", "without_doubtful": "Without doubtful labels"}


def of_scores(place: Path, split: Path) -> Figures:
    """Every metric of the scores of one peer on one split, on both sets of labels."""
    scores = np.load(place)
    with np.load(split) as cells:
        labels, patients, doubtful = cells["labels"], cells["patients"], cells["doubtful"]
    kept = {"all_labels": np.ones(len(labels), bool), "without_doubtful": ~doubtful}
    return {
        name: {
            key: metric.measure(scores[rows], labels[rows], patients[rows]).value
            for key, (_, metric) in METRICS.items()
        }
        for name, rows in kept.items()
    }


def of_recipe(folder: Path, config: str, seed: int) -> Figures | None:
    """The same of one of our configurations, as `normocyte compare` measured it, or None when it did not."""
    place = folder / COMPARISON
    if not place.is_file():
        return None
    compared = json.loads(place.read_text(encoding="utf-8"))
    found = compared["configurations"].get(config)
    if not found or found["failure"] or seed >= compared["seeds"]:
        return None
    return {labels: {key: found[labels][key]["by_seed"][seed] for key in METRICS} for labels in LABELS}


def day_of(place: Path) -> str:
    """The day on which a file was written, as pages state it."""
    return datetime.fromtimestamp(place.stat().st_mtime, UTC).date().isoformat()


def merged(known: Runs, new: Runs) -> Runs:
    """The known runs and the new ones; what is new of a run replaces what was known, a failure all of it."""
    found = {name: dict(by_seed) for name, by_seed in known.items()}
    for name, by_seed in new.items():
        own = found.setdefault(name, {})
        for seed, run in by_seed.items():
            before = {key: part for key, part in own.get(seed, {}).items() if key != "reason"}
            own[seed] = run if "reason" in run else before | run
    return {name: by_seed for name, by_seed in found.items() if by_seed}


def finished(runs: Runs) -> dict[str, list[Figures]]:
    """The figures of every detector that has some, the seeds in turn."""
    found = {
        name: [by_seed[seed]["figures"] for seed in sorted(by_seed, key=int) if "figures" in by_seed[seed]]
        for name, by_seed in runs.items()
    }
    return {name: figures for name, figures in found.items() if figures}


def days(runs: Runs) -> dict[str, list[str]]:
    """The detectors that were measured on each day, or in each span of days."""
    found: dict[str, list[str]] = {}
    for name, by_seed in runs.items():
        own = sorted({run["measured"] for run in by_seed.values() if "figures" in run})
        if own:
            found.setdefault(" to ".join(dict.fromkeys((own[0], own[-1]))), []).append(name)
    return dict(sorted(found.items()))


def some_seeds(name: str, runs: Sequence[Figures], seeds: int) -> str:
    """The name, and how many seeds stand behind it when not all do."""
    return name if len(runs) == seeds else f"{name} ({len(runs)} of {seeds} seeds)"


def cells_of(runs: Sequence[Figures], labels: str) -> list[str]:
    """Mean and standard deviation over the seeds of every metric, as cells of a table."""
    return [_format_value([run[labels][key] for run in runs], 4 if key == "auroc" else 3) for key in METRICS]


def rank(runs: Sequence[Figures], labels: str) -> float:
    """What a table is sorted by: the mean AUROC."""
    return statistics.fmean(run[labels]["auroc"] for run in runs)


def _format_value(values: Sequence[float], digits: int) -> str:
    mean = f"{statistics.fmean(values):.{digits}f}"
    return f"{mean} ± {statistics.pstdev(values):.{digits}f}" if len(values) > 1 else mean
