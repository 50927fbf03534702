"""Cross-validation by patient with scikit-learn, on real cells.

    python -m studies.cross_validation --data DIR [--cells 4000] [--recipes stain_rule pca]

Takes every k-th cell of the set, so that about --cells remain. In each of five folds of patients
(`GroupKFold`) a `HealthyOnlyDetector` learns from the healthy cells of the other patients, and judges all
cells of its own. Then `GridSearchCV` chooses the components of `pca` in the same way. Prints the tables and
writes the page.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import make_scorer, recall_score
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate

from normocyte.core.files import write_text
from normocyte.core.types import HEALTHY
from normocyte.datasets.opening.detect import open_cohort
from normocyte.sklearn import HealthyOnlyDetector
from studies.kit.common import machine, markdown

FOLDS = 5
COMPONENTS = (8, 32, 128)
SCORING = {
    "AUROC": "roc_auc",
    "sensitivity": make_scorer(recall_score, pos_label=-1),
    "specificity": make_scorer(recall_score, pos_label=1),
}


def cells_of(data: Path, wanted: int) -> tuple[pd.DataFrame, np.ndarray]:
    """About so many cells with their patients, and their labels, 1 for a healthy cell and -1 for another."""
    records = open_cohort(data).records
    chosen = records[:: max(1, len(records) // wanted)]
    table = pd.DataFrame({"path": [record.source.path for record in chosen]})
    table["patient"] = [record.patient for record in chosen]
    return table, np.array([1 if record.label == HEALTHY else -1 for record in chosen])


def folds_table(recipes: list[str], table: pd.DataFrame, y: np.ndarray) -> str:
    """The mean over the folds of each measure, with the lowest and the highest fold."""
    rows = []
    for recipe in recipes:
        found = cross_validate(
            HealthyOnlyDetector(recipe), table, y, groups=table.patient, cv=GroupKFold(FOLDS), scoring=SCORING
        )
        values = [found[f"test_{name}"] for name in SCORING]
        told = [f"{one.mean():.3f} ({one.min():.3f} to {one.max():.3f})" for one in values]
        rows.append((f"`{recipe}`", *told))
    return markdown(("recipe", *SCORING), rows)


def grid_table(table: pd.DataFrame, y: np.ndarray) -> tuple[str, int]:
    """The mean AUROC for each number of components of `pca`, and the number that `GridSearchCV` takes."""
    search = GridSearchCV(
        HealthyOnlyDetector("pca"),
        {"components": COMPONENTS},
        scoring="roc_auc",
        cv=GroupKFold(FOLDS),
        refit=False,
    ).fit(table, y, groups=table.patient)
    means = search.cv_results_["mean_test_score"]
    rows = [(str(number), f"{mean:.3f}") for number, mean in zip(COMPONENTS, means, strict=True)]
    return markdown(("components", "AUROC"), rows), search.best_params_["components"]


def main() -> None:
    """Measure, print the tables and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cells", type=int, default=4000)
    parser.add_argument("--recipes", nargs="+", default=["stain_rule", "pca"])
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/cross-validation.md"))
    options = parser.parse_args()
    table, y = cells_of(options.data, options.cells)
    folds = folds_table(options.recipes, table, y)
    grid, best = grid_table(table, y)
    template = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    said = {
        "cells": f"{len(y):,}",
        "healthy": f"{int(np.sum(y == 1)):,}",
        "patients": table.patient.nunique(),
        "folds": FOLDS,
        "best": best,
    }
    write_text(options.page, template.format(**said, fold_table=folds, grid_table=grid, machine=machine()))
    print(folds, grid, sep="\n\n")


if __name__ == "__main__":
    main()
