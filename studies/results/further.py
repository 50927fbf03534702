"""A comparison made after the first: what it adds, and whether both agree on what stands in both."""

from __future__ import annotations

import re
from typing import Any

from normocyte.core.errors import DatasetError
from studies.kit.common import Row
from studies.kit.words import listed
from studies.results.about import about
from studies.results.explained import explained_table
from studies.results.verdicts import LABELS, Verdict, verdicts

DONE = "How it was done"
SHOWN = ("All labels", "Without doubtful labels", "Costs", "Failures")
SAME = 0.00005
"""Figures that are no farther apart are printed the same."""

Found = dict[str, Any]


def added(first: Found, further: Found) -> list[str]:
    """The configurations of a further comparison that the first has not."""
    return [name for name in further["told"]["configurations"] if name not in first["told"]["configurations"]]


def check_further(first: Found, further: Found) -> None:
    """DatasetError unless the further comparison adds something to the first and can be set beside it."""
    reference = first["told"]["reference"]
    if further["told"]["reference"] != reference:
        raise DatasetError(
            f"The further comparison has the reference {further['told']['reference']}, the first has "
            f"{reference}. Run normocyte compare with --reference {reference}."
        )
    if _fingerprint(first) != _fingerprint(further):
        raise DatasetError(
            "The further comparison is of other data than the first. Compare on the same data."
        )
    if not added(first, further):
        raise DatasetError(
            "Every configuration of the further comparison stands in the first: it adds nothing to the page."
        )


def with_further(first: Found, further: Found) -> list[Found]:
    """The further comparisons once this one is among them; it replaces those that add nothing else."""
    check_further(first, further)
    own = set(added(first, further))
    return [*(one for one in first.get("further", ()) if set(added(first, one)) - own), further]


def still_further(first: Found, known: Found) -> list[Found]:
    """Those kept beside an earlier first comparison that still add something to a new one."""
    return [
        one
        for one in known.get("further", ())
        if added(first, one)
        and _fingerprint(first) == _fingerprint(one)
        and one["told"]["reference"] == first["told"]["reference"]
    ]


def _fingerprint(found: Found) -> str:
    (line,) = re.findall(r"^- Fingerprint of the data: (\w+)$", found["sections"][DONE], re.MULTILINE)
    return str(line)


def shown(first: Found, further: Found) -> Row:
    """What the page shows of a further comparison: its fields for the template."""
    told, names = further["told"], added(first, further)
    known = [row for row in further["explained"] if row["name"] in names]
    return {
        "names": listed(names),
        "made": further["made"],
        "command": further["command"],
        "seeds": told["seeds"],
        "outcome": further["sections"][""],
        "verdicts": [(one, _claim(one, told["reference"])) for one in verdicts(told) if one.name in names],
        "about": about(told),
        "agreement": agreement(first["told"], told),
        "notes": further["notes"],
        "explained": explained_table(known) if known else "",
        "tables": _tables(further["sections"]),
    }


def _claim(one: Verdict, reference: str) -> str:
    """Where it is better and worse than the reference by more than chance."""
    claims = {"better": one.better, "worse": one.worse}
    said = [f"{word} than `{reference}` in {'; '.join(where)}" for word, where in claims.items() if where]
    return "; ".join(said) or f"no difference from `{reference}` that chance would not explain"


def agreement(first: Row, further: Row) -> str:
    """How far the figures of the configurations in both comparisons are apart, seed by seed."""
    rows = {
        name: (first["configurations"][name], row)
        for name, row in further["configurations"].items()
        if name in first["configurations"] and not row["failure"]
    }
    pairs = list(rows.values())
    apart = {title: _apart(pairs, key) for key, title in further["metrics"].items()}
    both = f"Both runs have {listed(list(rows))}. Seed by seed, their figures"
    if max(apart.values()) < SAME:
        return f"{both} are the same in both."
    most = ", ".join(f"{value:.4f} in {title}" for title, value in apart.items() if value >= SAME)
    equal = [title for title, value in apart.items() if value < SAME]
    same = f"; they are the same in {listed(equal, code=False)}" if equal else ""
    return f"{both} are apart by at most {most}{same}."


def _apart(pairs: list[tuple[Row, Row]], key: str) -> float:
    """The largest difference in one metric over configurations, labels and the seeds that both have."""
    found = [
        abs(before - after)
        for one, other in pairs
        for labels in LABELS
        if key in one[labels] and key in other[labels]
        for before, after in zip(one[labels][key]["by_seed"], other[labels][key]["by_seed"], strict=False)
    ]
    return max(found, default=0.0)


def _tables(sections: dict[str, str]) -> str:
    """The tables of the comparison, two levels of headings further down."""
    texts = [f"## {title}\n\n{sections[title]}" for title in SHOWN if sections.get(title)]
    return re.sub(r"^(#+ )", r"##\1", "\n\n".join(texts), flags=re.MULTILINE)
