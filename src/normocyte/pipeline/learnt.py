"""What a detector kept of its training, as results hold it."""

from normocyte.detectors.contract import Curve
from normocyte.results.training import TrainingCurve


def training_curve(curve: Curve) -> TrainingCurve:
    """What a detector kept of its training, as a report shows it."""
    share = float("nan") if curve.variance_explained is None else curve.variance_explained
    return TrainingCurve(curve.loss, curve.held_out_loss, curve.best_epoch, share)
