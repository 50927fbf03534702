"""What a training has come to: how much of healthy cells is explained, and whether it was too short."""

import math

from normocyte.core.percent import percent
from normocyte.results.training import LEAST_EXPLAINED, TrainingCurve


def explained(curve: TrainingCurve, things: str, *, are_patients_known: bool = True) -> str:
    """How much of the variance of such things is explained; nothing where that has no meaning."""
    if not math.isfinite(curve.variance_explained):
        return ""
    whose = f"healthy {things} of held-out patients" if are_patients_known else f"held-out healthy {things}"
    return (
        f"It explains {percent(curve.variance_explained, 3)} of the variance of {whose} "
        "(1 - squared error / variance around the mean training image, whole crop)."
    )


def under_trained(curve: TrainingCurve, things: str = "cells") -> str:
    """That it is under-trained, with the reasons and what to do; nothing where it is not."""
    if not curve.is_under_trained:
        return ""
    reasons = [
        *((_still_falling(curve),) if curve.is_still_falling else ()),
        *((_little(curve, things),) if curve.explains_little else ()),
    ]
    doubt = "" if curve.is_still_falling else ", unless the rest is noise"
    return f"Under-trained{doubt}: {'; '.join(reasons)}. Train for more epochs, or with a larger network."


def _still_falling(curve: TrainingCurve) -> str:
    if not math.isfinite(curve.late_gain):
        return f"the best of {count(curve)} is the last"
    return f"the best of {count(curve)} is the last, and {late_gain(curve)} (limit {_limit(curve)})"


def late_gain(curve: TrainingCurve) -> str:
    """What the last quarter of the epochs brought."""
    gain = percent(curve.late_gain)
    if curve.has_share:
        return f"the last quarter of them raised the variance explained by {gain} of all"
    return f"the held-out loss fell by {gain} over the last quarter of them"


def count(curve: TrainingCurve) -> str:
    """So many epochs."""
    number = len(curve.held_out_loss)
    return "1 epoch" if number == 1 else f"{number} epochs"


def _limit(curve: TrainingCurve) -> str:
    return percent(curve.late_gain_limit)


def _little(curve: TrainingCurve, things: str) -> str:
    share = percent(curve.variance_explained, 3)
    limit = f"limit {percent(LEAST_EXPLAINED)}"
    return f"it explains {share} of the variance of held-out healthy {things} ({limit})"
