"""What the page on detectors beside `new` says of its tables, and the constants that its sentences name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from studies.kit.measured import Page, Tables
from studies.kit.tables import bare

IMAGES, DETECTOR, AUROC, MORE = "images", "detector", "AUROC", "`new` has more by"
FITTED_ON, HEALTHY, LABELS = "fitted on", "healthy images", "labels"
NEW = "new"
SIDE = 224
DRAWN, BANK = 20_000, 2_000
"""As in the catalogue of the peers, which stands in no package."""
CHANCE = "chance could explain the difference"


def findings(tables: Tables) -> dict[str, Any]:
    """A sentence for each kind of image and detector beside `new`, and one for the best baseline."""
    rows = tables["figures"].rows
    return {
        "peers": [sentence(row) for row in rows if bare(row[1]) != NEW],
        "baselines": [
            _best(kind, tables["baselines"].rows) for kind in dict.fromkeys(row[0] for row in rows)
        ],
    }


def sentence(row: Sequence[str]) -> str:
    """What one row of the figures says in words."""
    kind, name, auroc, more = row
    return f"On {kind}, {bare(name)} reaches {auroc.split()[0]}: {verdict(more)}."


def verdict(more: str) -> str:
    """Who is better, by how much, and whether chance could explain it; of a printed value with its interval.

    >>> verdict("0.020 [-0.010, 0.050]"), verdict("0.020 [0.010, 0.030]")
    ('chance could explain the difference from `new`', '`new` is better by 0.020')
    """
    value, low, high = (float(one.strip("[],")) for one in more.split())
    if low > 0:
        return f"`new` is better by {value:.3f}"
    if high < 0:
        return f"`new` is worse by {-value:.3f}"
    return f"{CHANCE} from `new`"


def _best(kind: str, rows: Sequence[Sequence[str]]) -> str:
    """The best baseline of one kind of image."""
    own = [row for row in rows if row[0] == kind]
    if not own:
        return f"On {kind} no baseline was measured."
    _, title, fitted_on, auroc, more = max(own, key=lambda row: float(row[3].split()[0]))
    reached = auroc.split()[0]
    return (
        f"On {kind}, the best baseline ({title}, fitted on {fitted_on}) reaches {reached}: {verdict(more)}."
    )


PAGE = Page(
    Path(__file__).with_name("page"),
    "beside-new.md",
    {"side": SIDE, "drawn": f"{DRAWN:,}", "bank": f"{BANK:,}"},
    findings,
)
