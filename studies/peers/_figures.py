"""How well each peer and each of our recipes ranks the test cells, by Normocyte's own metrics."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from normocyte.metrics.auroc import Auroc
from normocyte.metrics.average_precision import AveragePrecision
from normocyte.metrics.sensitivity_at_specificity import SensitivityAtSpecificity

Figures = dict[str, dict[str, float]]

METRICS = {
    "auroc": ("AUROC", Auroc(resamples=1)),
    "sensitivity_at_specificity_95": ("sens. at 95 %", SensitivityAtSpecificity(1, specificity=0.95)),
    "sensitivity_at_specificity_99": ("sens. at 99 %", SensitivityAtSpecificity(1, specificity=0.99)),
    "sensitivity_at_specificity_99.5": ("sens. at 99.5 %", SensitivityAtSpecificity(1, specificity=0.995)),
    "average_precision_1": ("AP at 1 %", AveragePrecision(1, prevalence=0.01)),
}
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
    place = folder / "comparison.json"
    if not place.is_file():
        return None
    compared = json.loads(place.read_text(encoding="utf-8"))
    found = compared["configurations"].get(config)
    if not found or found["failure"] or seed >= compared["seeds"]:
        return None
    return {labels: {key: found[labels][key]["by_seed"][seed] for key in METRICS} for labels in LABELS}


def cells_of(runs: Sequence[Figures], labels: str) -> list[str]:
    """Mean and standard deviation over the seeds of every metric, as cells of a table."""
    return [_format_value([run[labels][key] for run in runs], 4 if key == "auroc" else 3) for key in METRICS]


def rank(runs: Sequence[Figures], labels: str) -> float:
    """What a table is sorted by: the mean AUROC."""
    return statistics.fmean(run[labels]["auroc"] for run in runs)


def _format_value(values: Sequence[float], digits: int) -> str:
    mean = f"{statistics.fmean(values):.{digits}f}"
    return f"{mean} ± {statistics.pstdev(values):.{digits}f}" if len(values) > 1 else mean
