"""The page on cross-validation and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path

from normocyte.pipeline.recipe.recipe import find_recipe
from studies.kit.measured import Page

FOLDS = 5

PAGE = Page(
    Path(__file__).with_name("page"),
    "cross-validation.md",
    {"folds": FOLDS, "rate": f"{100 * find_recipe('pca').threshold.false_positive_rate:g} %"},
)
