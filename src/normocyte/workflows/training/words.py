"""What a training says of itself: how much it explains, and what to be careful of."""

from collections.abc import Iterator

from normocyte.core.registry import part_name
from normocyte.core.types import Part
from normocyte.pipeline.learnt import training_curve
from normocyte.wording.patients import few_calibrated
from normocyte.wording.training import explained, under_trained
from normocyte.workflows.training.train import Trained


def told(trained: Trained) -> Iterator[str]:
    """Sentences on each detector, named where there are several, and on the calibration patients."""
    pipeline, facts = trained.bundle.pipeline, trained.bundle.facts
    things, are_known = facts.words.things, facts.are_patients_known
    for member in pipeline.members:
        curve = training_curve(member.detector)
        who = f"{part_name(member.detector)}: " if pipeline.is_ensemble else ""
        said = (explained(curve, things, are_patients_known=are_known), under_trained(curve, things))
        yield from (f"{who}{words}" for words in said if words)
    few = few_calibrated((record.patient for record in trained.split.part(Part.CALIBRATION)), things)
    if few and are_known and not pipeline.threshold.uses_labels:
        yield few
