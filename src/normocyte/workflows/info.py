"""Info: what a bundle is, in pairs of a name and a value."""

from collections.abc import Iterator
from pathlib import Path

from normocyte.datasets.cohort.cohort import patients_unknown
from normocyte.detectors.contract import Detector
from normocyte.detectors.support.onnx_graph import count_parameters
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.pipeline.bundle.facts import Facts
from normocyte.pipeline.learnt import training_curve
from normocyte.pipeline.member import Member
from normocyte.pipeline.pipeline import Pipeline
from normocyte.thresholds.support.calibration import Calibration, cells_of_patients
from normocyte.wording.of_the_data import in_words
from normocyte.wording.training import explained, under_trained
from normocyte.workflows.evaluation.words import checked, people_of, rule_words, with_fields, with_values


def info(name: Path) -> list[tuple[str, str]]:
    """What a bundle says of itself, given by folder or name; BundleError when it is not whole."""
    bundle = open_bundle(name)
    pipeline, recipe, facts = bundle.pipeline, bundle.recipe, bundle.facts
    size = sum(file.stat().st_size for file in bundle.folder.rglob("*") if file.is_file())
    threshold, curve = pipeline.threshold, pipeline.shown.detector.curve_
    return [
        ("folder", str(bundle.folder)),
        ("fingerprint", bundle.digest),
        ("size", f"{size / 1e6:.2f} MB, {_parameters(pipeline):,} learnt numbers"),
        *(("quality", checked(check, pipeline.gate)) for check in pipeline.gate.checks),
        *(pair for index, member in enumerate(pipeline.members, start=1) for pair in _parts(member, index)),
        *((("fusion", with_values(pipeline.fusion)),) if pipeline.is_ensemble else ()),
        ("threshold rule", with_fields(threshold)),
        ("threshold", f"{threshold.cut:.6g}, labels used: {'yes' if threshold.uses_labels else 'no'}"),
        ("guarantee", bundle.guarantee),
        ("calibration", in_words(facts.words, calibrated(pipeline.calibration))),
        ("in photos", in_words(facts.words, in_photos(pipeline))),
        ("seed", str(recipe.seed)),
        ("data", f"{facts.data}, fingerprint {facts.data_fingerprint[:16]}"),
        *((("patients", patients_unknown(facts.words)),) if not facts.are_patients_known else ()),
        *((f"part {part.part}", people_of(facts, part)) for part in facts.parts),
        *_calibrations(bundle),
        *((("epochs", f"{len(curve.loss)}, best {curve.best_epoch}"),) if curve.loss else ()),
        *((name, words) for name, words in _training(pipeline.shown.detector, facts) if words),
    ]


def _training(detector: Detector, facts: Facts) -> tuple[tuple[str, str], ...]:
    """What the training of the first member came to; empty sentences where nothing is to be said."""
    learnt, things = training_curve(detector), facts.words.things
    said = explained(learnt, things, are_patients_known=facts.are_patients_known)
    return ("explained", said), ("careful", under_trained(learnt, things))


def _calibrations(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Where the calibration comes from, if from another set, and what it took the place of, newest first."""
    origin = bundle.facts.calibrated_on
    if origin.is_another_set:
        told = f"{origin.data}, fingerprint {origin.data_fingerprint[:16]}, patients: {origin.patients_by}"
        yield "calibrated on", told
    for past in reversed(bundle.history):
        where = f"{past.origin.data}, fingerprint {past.origin.data_fingerprint[:16]}"
        cells = in_words(bundle.facts.words, cells_of_patients(past.calibration))
        yield (
            "before",
            f"threshold {past.cut:.6g}, {rule_words(past.rule)}, {cells}, {where}, by {past.normocyte}",
        )
        yield "  guarantee", in_words(bundle.facts.words, past.guarantee)


def calibrated(calibration: Calibration) -> str:
    """How many cells of how many patients, and the smallest conformal p-value that they can give."""
    return f"{cells_of_patients(calibration)}, smallest p-value {1 / (len(calibration) + 1):.2g}"


def in_photos(pipeline: Pipeline) -> str:
    """Whether cells of a photo are compared with each other, and from which threshold they are flagged."""
    own = pipeline.neighbours
    if not own.has_learnt:
        return (
            "each cell is judged alone, by the threshold above: a comparison with neighbours was not "
            "calibrated, "
            "which takes a rule without labels and enough calibration patients with 8 or more cells each"
        )
    known = cells_of_patients(own.calibration)
    return f"cells are compared with their neighbours, threshold {own.cut:.6g} from {known}"


def _parameters(pipeline: Pipeline) -> int:
    return sum(count_parameters(member.detector.graph_) for member in pipeline.members)


def _parts(member: Member, place: int) -> list[tuple[str, str]]:
    which = f"member {place} " if place > 1 else ""
    return [
        *((f"{which}step {order}", with_fields(step)) for order, step in enumerate(member.steps, start=1)),
        (f"{which}detector", with_fields(member.detector)),
        (f"{which}score", with_fields(member.score)),
    ]
