"""What the page on damaged files says of its table, and the constants that its sentences name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from studies.kit.measured import Page, Tables

COLUMNS = ("file", "mutations", "read", "refused", "tracebacks", "hangs", "slowest, s")
HANG_S = 5.0


def findings(tables: Tables) -> dict[str, Any]:
    """How many mutations there were, and whether each was read or refused."""
    table = tables["files"]
    total, tracebacks, hangs = (round(sum(table.numbers(COLUMNS[index]))) for index in (1, 4, 5))
    return {
        "total": f"{total:,}",
        "tracebacks": tracebacks,
        "hangs": hangs,
        "all_are_fine": not tracebacks and not hangs,
        "slowest": max(table.numbers(COLUMNS[6])),
    }


PAGE = Page(Path(__file__).with_name("page"), "mutations.md", {"limit_s": f"{HANG_S:g}"}, findings)
