"""What the page on choosing says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.workflows.training.choosing.criterion import CLEARLY
from studies.kit.measured import Page, Tables

NEAR = 0.02
KIND, FEATURES = "kind", "features"
CHOSEN, BEST, LOSS, NAIVE = "chosen", "best candidate", "loss", "loss of the best by synthetic anomalies"
RULE, MEAN, WORST, WITHIN = "rule", "mean loss", "largest loss", "kinds within"


def findings(tables: Tables) -> dict[str, Any]:
    """How often what is chosen is near the best, and what taking the best by synthetic anomalies loses."""
    losses, naive = tables["chosen"].numbers(LOSS), tables["chosen"].numbers(NAIVE)
    left_out = tables["left_out"].numbers(LOSS)
    return {
        "cases": len(losses),
        "near": sum(loss <= NEAR for loss in losses),
        "near_naive": sum(loss <= NEAR for loss in naive),
        "largest": max(losses),
        "largest_naive": max(naive),
        "left_out_near": sum(loss <= NEAR for loss in left_out),
        "left_out_cases": len(left_out),
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "choosing.md",
    {"within": NEAR, "clearly": CLEARLY, "loss": LOSS, "chosen_title": CHOSEN, "best": BEST},
    findings,
)
