"""What a training came to: its losses, how much it explains, and whether it was too short."""

import math
from dataclasses import dataclass

LATE_SHARE = 0.01
"""A training has not converged where the share of variance explained rose by more in its last quarter."""
LATE_FALL = 0.05
"""The same of a loss, as the share by which it fell, where the variance explained is not known."""
LEAST_EXPLAINED = 0.6
"""A detector that explains less of the variance of held-out healthy cells has not learnt enough."""


@dataclass(frozen=True, slots=True)
class TrainingCurve:
    """The loss after each epoch; `best_epoch` counts from 1; empty for a detector without epochs.

    `variance_explained` is of the healthy cells of held-out patients; NaN where that has no meaning. Unless
    `draws_anew`, the network only takes something off a cell: it has no such share, and how much of a cell
    it gives back does not say whether it was trained for long enough.
    """

    loss: tuple[float, ...] = ()
    held_out_loss: tuple[float, ...] = ()
    best_epoch: int = 0
    variance_explained: float = float("nan")
    draws_anew: bool = True

    @property
    def ends_at_its_best(self) -> bool:
        """The best epoch is the last, so that further epochs might have been better."""
        return 0 < len(self.held_out_loss) == self.best_epoch

    @property
    def has_share(self) -> bool:
        """Whether the variance explained is known."""
        return math.isfinite(self.variance_explained)

    @property
    def late_gain(self) -> float:
        """What the last quarter of the epochs brought; NaN for one epoch and for losses below 0.

        By how much the share of variance explained rose, or, where that is not known, the share by which the
        held-out loss fell.
        """
        losses = self.held_out_loss
        before = min(losses[: len(losses) - math.ceil(len(losses) / 4)], default=0.0)
        if min(losses, default=0.0) <= 0 or not before:
            return float("nan")
        fell = 1 - min(losses) / before
        return fell / (1 - fell) * (1 - self.variance_explained) if self.has_share else fell

    @property
    def late_gain_limit(self) -> float:
        """A late gain above this is worth further epochs."""
        return LATE_SHARE if self.has_share else LATE_FALL

    @property
    def is_still_falling(self) -> bool:
        """The best epoch is the last, and the last quarter of them still brought something."""
        is_single = len(self.held_out_loss) == 1
        return self.ends_at_its_best and (is_single or self.late_gain > self.late_gain_limit)

    @property
    def explains_little(self) -> bool:
        """Less of the variance is explained than by a detector that has converged."""
        return self.variance_explained < LEAST_EXPLAINED

    @property
    def is_under_trained(self) -> bool:
        """More training, or a larger network, would give back more of a healthy cell."""
        return self.draws_anew and (self.is_still_falling or self.explains_little)
