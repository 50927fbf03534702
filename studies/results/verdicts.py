"""Which configurations earned their place beside the reference, from the figures of a comparison."""

from collections.abc import Iterator
from dataclasses import dataclass

from normocyte.results.comparison import SURE
from studies.kit.common import Row

LABELS = {"all_labels": "all labels", "without_doubtful": "without doubtful labels"}
_FINE = 0.0005
"""Differences below it are written with a digit more."""


@dataclass(frozen=True)
class Verdict:
    """Where a configuration is better and worse than the reference by more than chance, in words."""

    name: str
    better: tuple[str, ...]
    worse: tuple[str, ...]
    times: float
    """Its time for a cell over that of the reference."""

    @property
    def cost(self) -> str:
        """How long a cell takes."""
        return f"{self.times:.1f} times the time a cell"


def verdicts(told: Row) -> list[Verdict]:
    """One for each finished configuration but the reference, in the order of the comparison."""
    rows = {name: row for name, row in told["configurations"].items() if not row["failure"]}
    base = rows[told["reference"]]["costs"]["ms_per_cell"]
    return [
        Verdict(
            name,
            tuple(_claims(row, told["metrics"], 1)),
            tuple(_claims(row, told["metrics"], -1)),
            row["costs"]["ms_per_cell"] / base,
        )
        for name, row in rows.items()
        if name != told["reference"]
    ]


def _claims(row: Row, metrics: dict[str, str], sign: int) -> Iterator[str]:
    """Each metric and set of labels where the difference has this sign and is more than chance."""
    for labels, said in LABELS.items():
        for key, title in metrics.items():
            one = row.get(labels, {}).get(key)
            if one and one["p_value_holm"] is not None and one["p_value_holm"] < SURE:
                value = one["difference"]["value"]
                if sign * value > 0:
                    yield f"{title}, {said} ({_signed(value)})"


def _signed(value: float) -> str:
    digits = 3 if abs(value) >= _FINE else 4
    return f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}")
