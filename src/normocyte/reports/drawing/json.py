"""Numbers for programs."""

from __future__ import annotations

import math

Json = dict[str, "Json"] | list["Json"] | str | float | bool | None


def number(value: float) -> float | None:
    """The value, or None where it is not finite, because JSON knows no NaN."""
    return float(value) if math.isfinite(value) else None
