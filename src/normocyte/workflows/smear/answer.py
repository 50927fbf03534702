"""What the counts of a smear's photos say, and what a person saw in them."""

from collections.abc import Sequence
from math import isnan

import numpy as np

from normocyte.core.messages import deferred, joined, ndeferred
from normocyte.core.percent import percent
from normocyte.core.types import Estimate
from normocyte.false_discovery.support.closed_testing import fewest_anomalies
from normocyte.parasitaemia.beta_binomial import BetaBinomial
from normocyte.parasitaemia.contract import per_microlitre
from normocyte.parasitaemia.inverted_test import InvertedTest
from normocyte.parasitaemia.rogan_gladen import RoganGladen
from normocyte.parasitaemia.support.cut import Counts, share_interval
from normocyte.parasitaemia.support.decision import Finding, decide, upper_bound
from normocyte.parasitaemia.support.plan import Plan
from normocyte.results.smear import PARASITE, UNKNOWN_SHARE, Answer, PhotoResult
from normocyte.results.verdict import MIN_CELLS, Decision
from normocyte.workflows.smear.review import review_of

NAN = float("nan")
CONFIDENCE = 0.95
_STATES_A_SHARE = (Decision.PARASITES_SEEN, Decision.LOOK_AT_CELLS)
_STATES_A_BOUND = (Decision.NONE_SEEN, Decision.NOTHING_SUSPICIOUS)


def answer(photos: Sequence[PhotoResult], plan: Plan, limit: float, red_cells: float) -> Answer:
    """What the counts of these photos say, and what a person saw in them.

    `limit` is the parasitaemia that must not be missed, a share; there are `red_cells` in a microlitre.
    """
    used = [photo for photo in photos if photo.is_used]
    counts = Counts(
        np.array([photo.cells for photo in used], np.int64),
        np.array([photo.flagged for photo in used], np.int64),
        plan.cut,
    )
    review = review_of(photos)
    finding = decide(counts, limit, plan, len(photos) - len(used), review)
    counted, corrected, bayesian = _by_count(counts, finding.decision)
    share = _seen_share(photos) if review.confirmed and counts.total >= MIN_CELLS else counted
    aside = sum(
        detection.seen == PARASITE and not detection.is_counted
        for photo in photos
        for detection in photo.detections
    )
    p_values = np.array([t.verdict.p_value for photo in used for t in photo.detections if t.is_counted])
    min_anomalous = fewest_anomalies(p_values, CONFIDENCE) if len(p_values) else 0
    bound = _bound(counts, finding)
    return Answer(
        decision=finding.decision,
        reason=finding.reason,
        p_value=finding.p_value,
        limit=limit,
        cells_needed=finding.cells_needed,
        parasitaemia=share,
        rogan_gladen=corrected,
        bayesian=bayesian,
        meaning=_seen_meaning(counts.found - review.looked_at, aside)
        if review.confirmed
        else plan.cut.meaning,
        per_microlitre=per_microlitre(share, red_cells),
        red_cells=red_cells,
        min_anomalous=min_anomalous,
        min_anomalous_text=deferred(
            "At least {part} of {cells} cells are anomalous, with {confidence} confidence, if the healthy "
            "cells of this smear are like the calibration cells.",
            part=min_anomalous,
            cells=counts.total,
            confidence=percent(CONFIDENCE),
        ),
        expected=finding.expected,
        least_shown=plan.least,
        looked_at=review.looked_at,
        confirmed=review.confirmed,
        by_count=counted,
        bound=bound,
        bound_sentence="" if isnan(bound) else _bound_sentence(bound, counts),
    )


def _by_count(counts: Counts, decision: Decision) -> tuple[Estimate, ...]:
    """The three estimates; NaN where too few cells count, or where the decision states no share."""
    if counts.total < MIN_CELLS or decision not in _STATES_A_SHARE:
        return UNKNOWN_SHARE, UNKNOWN_SHARE, UNKNOWN_SHARE
    return tuple(kind().estimate(counts) for kind in (InvertedTest, RoganGladen, BetaBinomial))


def _seen_share(photos: Sequence[PhotoResult]) -> Estimate:
    """The share of counted red cells in which a person saw a parasite, with its Clopper-Pearson interval.

    NaN where parasites were seen in other things only: of these nobody knows how many there are.
    """
    cells = [detection for photo in photos for detection in photo.detections if detection.is_counted]
    seen = sum(detection.seen == PARASITE for detection in cells)
    if not seen:
        return UNKNOWN_SHARE
    return Estimate(seen / len(cells), *share_interval(seen, len(cells), (1 - CONFIDENCE) / 2))


def _seen_meaning(left: int, aside: int) -> str:
    """Of what the share is that a person saw."""
    of_what = deferred(
        "The share is of counted red cells in which a person saw a parasite. Parasites in cells that no one "
        "looked at are not in it, and the interval is of counting alone: it does not include them."
    )
    beside = deferred(
        "Parasites in objects that do not count, {cells} here, are not in it, either.", cells=aside
    )
    open_cells = ndeferred(
        "Of the flagged cells {cells} was not looked at yet.",
        "Of the flagged cells {cells} were not looked at yet.",
        left,
        cells=left,
    )
    return joined([of_what, *[beside] * bool(aside), *[open_cells] * bool(left)])


def _bound(counts: Counts, finding: Finding) -> float:
    """The parasitaemia that is excluded where nothing was found, else NaN."""
    if finding.decision not in _STATES_A_BOUND:
        return NAN
    return upper_bound(counts.total, counts.cut.true_rate, CONFIDENCE)


def _bound_sentence(bound: float, counts: Counts) -> str:
    """The bound with its condition."""
    values = {"confidence": percent(CONFIDENCE), "bound": percent(bound)}
    if counts.cut.is_sensitivity_known:
        return deferred(
            "With {confidence} confidence fewer than {bound} of red cells are infected, if the threshold "
            "flags "
            "{share} of infected cells.",
            share=percent(counts.cut.true_rate, 3),
            **values,
        )
    return deferred(
        "With {confidence} confidence fewer than {bound} of red cells are infected, if the threshold flags "
        "every infected cell. How many it misses here is not known: if it flags half of them, the bound is "
        "twice as high.",
        **values,
    )
