"""What the counts of one smear allow to say."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from math import isnan

from normocyte.core.errors import ConfigError
from normocyte.smears._cut import Counts
from normocyte.smears._excess import excess_p_value
from normocyte.smears._plan import Plan

NAN = float("nan")


class Decision(enum.StrEnum):
    """What is said of a smear."""

    SUSPECTED = "parasites suspected"
    NO_EVIDENCE = "no evidence"
    NOT_ENOUGH_CELLS = "not enough cells"
    UNUSABLE = "unusable images"


@dataclass(frozen=True)
class Finding:
    """A decision with its grounds.

    `p_value` of the test for more flagged cells than in a healthy smear, NaN where there was none;
    `cells_needed` to detect the limit, 0 where no number of cells does; `detectable` the least parasitaemia
    that these cells would show, NaN for none; `reason` all of it in a sentence or two.
    """

    decision: Decision
    p_value: float = NAN
    cells_needed: int = 0
    detectable: float = NAN
    reason: str = ""


def decide(counts: Counts, limit: float, plan: Plan, unusable_photos: int = 0) -> Finding:
    """What is said of a smear that was looked at for a parasitaemia of `limit`, a share between 0 and 1.

    `unusable_photos` are those of which no cell was counted because the photo itself is no good; they are
    not among the counts. ConfigError for an impossible limit or number of photos.
    """
    if unusable_photos < 0:
        raise ConfigError(f"{unusable_photos!r} unusable photos are not possible; give a number from 0.")
    if unusable_photos and not len(counts.cells):
        many = f"None of {unusable_photos:,} photos is good enough; take new ones."
        one = "The photo is not good enough; take a new one."
        return Finding(Decision.UNUSABLE, reason=many if unusable_photos > 1 else one)
    needed = plan.cells(limit)
    if counts.total == 0:
        return Finding(
            Decision.NOT_ENOUGH_CELLS, NAN, needed, NAN, f"No cell was counted. {plan.sentence(limit)}"
        )
    p_value, detectable = excess_p_value(counts), plan.detectable(counts.total)
    given = (p_value, needed, detectable)
    flagged = f"{counts.found:,} of {counts.total:,} cells are flagged (p = {p_value:.2g})"
    if p_value <= plan.level:
        return Finding(Decision.SUSPECTED, *given, f"{flagged}, more than in a healthy smear.")
    if needed > counts.total:
        reason = f"{flagged}, which a healthy smear may have. {plan.sentence(limit)}"
        return Finding(Decision.NOT_ENOUGH_CELLS, *given, reason)
    return Finding(
        Decision.NO_EVIDENCE, *given, f"{flagged}, as in a healthy smear. {_shown(plan, given, limit)}"
    )


def _shown(plan: Plan, given: tuple[float, int, float], limit: float) -> str:
    """What these cells would have shown."""
    _, needed, detectable = given
    if isnan(detectable):
        return f"So many cells would show no parasitaemia at all. {plan.sentence(limit)}"
    shown = (
        f"They would show {100 * detectable:.2g} % or more with {100 * plan.probability:.3g} % probability."
    )
    return shown if needed else f"{shown} {plan.sentence(limit)}"
