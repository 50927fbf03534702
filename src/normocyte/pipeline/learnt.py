"""What a detector kept of its training, as results hold it."""

from normocyte.detectors.contract import Detector
from normocyte.results.training import TrainingCurve


def training_curve(detector: Detector) -> TrainingCurve:
    """What a detector kept of its training, as a report shows it."""
    curve = detector.curve_
    share = float("nan") if curve.variance_explained is None else curve.variance_explained
    return TrainingCurve(curve.loss, curve.held_out_loss, curve.best_epoch, share, detector.draws_anew)
