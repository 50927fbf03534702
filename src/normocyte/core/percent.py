"""Shares in per cent, as sentences say them."""

import math

from normocyte.core.messages import Figure


def percent(share: float, digits: int = 2, space: str = " ") -> Figure:
    """A share with so many figures that count, in plain digits: 0.4 %, 12 %, 100 %; a dash for NaN."""
    if not math.isfinite(share):
        return Figure("\N{EN DASH}")
    return Figure(f"{float(f'{100 * share:.{digits}g}'):.10g}{space}%")
