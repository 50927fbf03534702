"""What is decided of a cell, of a photo and of a smear."""

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


class Grade(enum.StrEnum):
    """What became of a photo; `usable` means that its cells count, but that something is unusual.

    The checks of photos give the first three. `NOT_READ`: the file could not be read. `COUNTED_BEFORE`: an
    earlier photo shows the same cells.
    """

    GOOD = "good"
    USABLE = "usable"
    UNUSABLE = "unusable"
    NOT_READ = "not read"
    COUNTED_BEFORE = "counted before"

    @property
    def is_used(self) -> bool:
        """True where the cells of the photo count."""
        return self in {Grade.GOOD, Grade.USABLE}


class Decision(enum.StrEnum):
    """What a smear asks of the person who reads it; the first that applies, in this order.

    `PARASITES_SEEN`: a reviewer confirmed one. `LOOK_AT_CELLS`: there are flagged cells that nobody has
    looked at. `UNUSABLE_PHOTOS`: no photo is good enough. `NOT_ENOUGH_CELLS`: too few cells were counted for
    a share. `NONE_SEEN`: all flagged cells were looked at and none is a parasite.
    `NOTHING_SUSPICIOUS`: no cell was flagged.
    """

    PARASITES_SEEN = "parasites seen"
    LOOK_AT_CELLS = "cells to look at"
    UNUSABLE_PHOTOS = "unusable photos"
    NOT_ENOUGH_CELLS = "not enough cells"
    NONE_SEEN = "none seen"
    NOTHING_SUSPICIOUS = "nothing suspicious"


MIN_CELLS = 500
"""With fewer counted cells of a smear no share is stated: one cell alone would be more than 0.2 %."""
