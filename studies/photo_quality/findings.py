"""What the page on photos of fields says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from normocyte.photo_checks.grading.parts import MOST
from normocyte.photo_checks.support.view import DIAMETER
from studies.kit.measured import Page, Tables
from studies.photo_quality.limits import COUNTED, GOOD, MARGIN, USABLE, WIDE

LABS = {"IML": "iml-malaria-fields/images", "BCCD": "bccd-fields/JPEGImages"}
DRAWINGS = 10
UNUSABLE = "unusable"
NEARLY_ALL = 95.0


def findings(tables: Tables) -> dict[str, Any]:
    """Which shares of real fields, of damaged ones and of other photos are unusable."""
    checked, others, damaged = (tables[name] for name in ("checked", "others", "damaged"))
    return {
        "real_unusable": checked.numbers(UNUSABLE),
        "elsewhere_unusable": tables["elsewhere"].numbers(UNUSABLE),
        "others_unusable": min(others.numbers(UNUSABLE)),
        "damages": damaged.names()[1:],
        "damages_refused": damaged.where(UNUSABLE, lambda share: share >= NEARLY_ALL),
    }


PAGE = Page(
    Path(__file__).with_name("page"),
    "field-quality.md",
    {
        "cell_px": DIAMETER,
        "good": [f"{100 * share:g} %" for share in (GOOD, 1 - GOOD)],
        "usable": [f"{100 * share:g} %" for share in (USABLE, 1 - USABLE)],
        "margin": MARGIN,
        "wide": WIDE,
        "counted": f"{COUNTED:g}",
        "drawings": DRAWINGS,
        "nearly_all": f"{NEARLY_ALL:g} %",
        "stitched": MOST,
    },
    findings,
)
