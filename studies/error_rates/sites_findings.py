"""What the page on another site says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.error_rates import findings as first
from studies.error_rates.rules import LEVELS
from studies.error_rates.sites import LEAST, PLANS, SMEARS
from studies.kit.measured import Page, Tables

DRAWN_AT = 0.05
TWICE = 2.0
_FEWER, _MORE = "100 of 10", "100 of 50"
_RULES = ("quantile", "hierarchical_conformal, p-values", "empirical_null")


def within_twice(rate: float, asked: float) -> bool:
    """Whether a rate lies between half and twice the asked one."""
    return asked / TWICE <= rate <= asked * TWICE


def findings(tables: Tables) -> dict[str, Any]:
    """Whether a rate holds before calibration, and whether more fields help."""
    before, after = tables["before"], tables[f"after {first.asked(LEVELS[0])}"]
    flagged = (before.number("quantile", f"{first.asked(rate)}: flagged") for rate in LEVELS)
    within = [[after.number(rule, plan, "within 0.5-2x") for plan in (_FEWER, _MORE)] for rule in _RULES]
    given = [row for row in after.rows if row[0].strip("`") == "calibration_conditional"]
    return {
        "before_holds": all(within_twice(own, 100 * rate) for own, rate in zip(flagged, LEVELS, strict=True)),
        "more_fields_help": all(more > fewer for fewer, more in within),
        "conditional_above": max(after.number("calibration_conditional", row[1], "above") for row in given),
    }


PAGE = Page(
    Path(__file__).with_name("sites_page"),
    "error-rates-sites.md",
    {
        **{name: first.PAGE.constants[name] for name in ("levels", "allowed")},
        "plans": list(PLANS),
        "smears": list(SMEARS),
        "drawn_at": first.asked(DRAWN_AT),
        "least": LEAST,
    },
    findings,
)
