"""What is decided of one cell."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from normocyte.results.cause import Cause


class Outcome(enum.StrEnum):
    """What a verdict says of one cell."""

    HEALTHY = "healthy"
    SUSPICIOUS = "suspicious"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one cell.

    `cause` says why it is not assessable, and is None where it is. Without it `score` and `p_value` are
    numbers; with it they are NaN, but for a cell that was set aside after it had its score.
    """

    outcome: Outcome
    score: float
    p_value: float
    cause: Cause | None = None

    @property
    def is_flagged(self) -> bool:
        """True when the cell should be looked at."""
        return self.outcome is Outcome.SUSPICIOUS
