"""What the counts of one smear, and the person who looked at its flagged cells, allow to say."""

from dataclasses import dataclass

from normocyte.core.errors import ConfigError
from normocyte.core.messages import Figure, deferred, joined, ndeferred
from normocyte.core.percent import percent
from normocyte.parasitaemia.support.cut import Counts, excess_p_value
from normocyte.parasitaemia.support.plan import Plan
from normocyte.results.verdict import MIN_CELLS, Decision

NAN = float("nan")


@dataclass(frozen=True)
class Review:
    """What a person said: how many flagged cells were looked at, and how many parasites were seen.

    `confirmed` may exceed `looked_at`: a parasite may be seen in a cell that was not flagged.
    """

    looked_at: int = 0
    confirmed: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers below 0."""
        if min(self.looked_at, self.confirmed) < 0:
            raise ConfigError(
                f"{self.looked_at!r} cells looked at and {self.confirmed!r} parasites are not possible; give "
                "numbers from 0."
            )


NO_REVIEW = Review()


@dataclass(frozen=True)
class Finding:
    """A decision with what it rests on.

    `p_value` of the test for more flagged cells than in a healthy smear, NaN where there was none;
    `cells_needed` to detect the limit by counting, 0 where no number of cells does; `expected` how many cells
    of a healthy smear of this size would be flagged on average; `reason` what the count alone says, in a
    sentence or two.
    """

    decision: Decision
    p_value: float = NAN
    cells_needed: int = 0
    expected: float = NAN
    reason: str = ""


def decide(
    counts: Counts, limit: float, plan: Plan, unusable_photos: int = 0, review: Review = NO_REVIEW
) -> Finding:
    """What is said of a smear that was looked at for a parasitaemia of `limit`, a share between 0 and 1.

    `unusable_photos` are those of which no cell was counted because the photo itself is no good; they are
    not among the counts. ConfigError for an impossible limit or number of photos, or for more cells looked
    at than there are flagged ones.
    """
    if unusable_photos < 0:
        raise ConfigError(f"{unusable_photos!r} unusable photos are not possible; give a number from 0.")
    if review.looked_at > counts.found:
        raise ConfigError(
            f"{review.looked_at:,} flagged cells were looked at, but {counts.found:,} are flagged; give the "
            "review of this smear."
        )
    decision, needed = _decision(counts, unusable_photos, review), plan.cells(limit)
    if not counts.total:
        return Finding(decision, cells_needed=needed, reason=_nothing_counted(counts, unusable_photos))
    p_value, expected = excess_p_value(counts), counts.total * counts.cut.false_rates.mean
    reason = _reason(counts, plan.level, p_value, expected)
    return Finding(decision, p_value, needed, expected, reason)


def _decision(counts: Counts, unusable_photos: int, review: Review) -> Decision:
    if review.confirmed:
        return Decision.PARASITES_SEEN
    if counts.found > review.looked_at:
        return Decision.LOOK_AT_CELLS
    if unusable_photos and not len(counts.cells):
        return Decision.UNUSABLE_PHOTOS
    if counts.total < MIN_CELLS:
        return Decision.NOT_ENOUGH_CELLS
    return Decision.NONE_SEEN if review.looked_at else Decision.NOTHING_SUSPICIOUS


def _nothing_counted(counts: Counts, unusable_photos: int) -> str:
    if not unusable_photos or len(counts.cells):
        return deferred("No cell was counted.")
    if unusable_photos > 1:
        return deferred("None of {photos} photos is good enough; take new ones.", photos=unusable_photos)
    return deferred("The photo is not good enough; take a new one.")


def _reason(counts: Counts, level: float, p_value: float, expected: float) -> str:
    """What the number of flagged cells says without a person."""
    few = deferred("fewer than 1 on average")
    about = deferred("about {cells}", cells=Figure(f"{expected:,.0f}")) if round(expected) else few
    said = ndeferred(
        "{found} of {cells} red cell is flagged; in a healthy smear of this size {about} would be.",
        "{found} of {cells} red cells are flagged; in a healthy smear of this size {about} would be.",
        counts.total,
        found=counts.found,
        cells=counts.total,
        about=about,
    )
    compared = (
        deferred("That is more than in {share} of healthy smears.", share=percent(1 - level, 3))
        if p_value <= level
        else deferred(
            "Because patients differ, the number alone does not distinguish this smear from a healthy one."
        )
    )
    return joined([said, compared])


def upper_bound(cells: int, sensitivity: float = 1.0, confidence: float = 0.95) -> float:
    """The highest parasitaemia at which no infected cell among so many is flagged at least now and then.

    Each of the `cells`, from 1, that is infected is flagged with probability `sensitivity` in (0, 1], and a
    parasitaemia above the bound leaves none flagged with a probability below 1 - `confidence`: exact, from
    (1 - sensitivity x bound)^cells = 1 - confidence. At most 1.
    """
    return float(min(1.0, (1 - (1 - confidence) ** (1 / cells)) / sensitivity))
