"""What is decided of one cell."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Outcome(enum.StrEnum):
    """What a verdict says of one cell."""

    HEALTHY = "healthy"
    SUSPICIOUS = "suspicious"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one cell.

    `score` and `p_value` are NaN and `reason` is filled when it is not assessable.
    """

    outcome: Outcome
    score: float
    p_value: float
    reason: str = ""

    @property
    def is_flagged(self) -> bool:
        """True when the cell should be looked at."""
        return self.outcome is Outcome.SUSPICIOUS
