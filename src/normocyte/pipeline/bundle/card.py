"""The card of a bundle: what a person should know before trusting it."""

from typing import Any

from normocyte.core.registry import part_name
from normocyte.core.types import Part
from normocyte.core.words import CELLS, Words
from normocyte.datasets.support.patients import UNKNOWN
from normocyte.detectors.support.onnx_graph import count_parameters
from normocyte.pipeline.pipeline import Pipeline
from normocyte.wording.articles import a
from normocyte.wording.of_the_data import in_words

_TEXT = """# {title}

Made by Normocyte {version} with seed {seed}.

**Intended use.** Research on {images} like those it was trained on. It points at {things} that do not
look healthy; it names no disease, and it is not a medical device.

**Trained on.** {data}: {train} healthy {things} of {train_patients} patients, and {held_out}
{held_out_of}. It saw no {anomaly} {thing}.{unknown}

**Threshold.** {cut:.6g}, by the rule `{threshold}` on {basis}; \
labels used: {labels_used}. A threshold does not travel: on another {place}, calibrate
again.

**Images it scores.** {gate}

**Steps.** {steps}. The network holds {parameters:,} learnt numbers.
{notes}"""


_UNKNOWN = (
    "\nPatients unknown: {things} were split one by one, so that intervals and error rates may be too good."
)
_GATED = (
    "Those that measure as its healthy cells do, by the checks {checks}; others are `not assessable`. "
    "An image of something else passes where its measures are like those of such a cell."
)
_UNGATED = "All that can be read: nothing checks whether an image shows {a_thing}."


def card(content: dict[str, Any], pipeline: Pipeline) -> str:
    """The card as Markdown, from the facts that `bundle.json` holds."""
    parts = {facts["part"]: facts for facts in content["facts"]["parts"]}
    are_known = _are_patients_known(content)
    words = Words(content["facts"].get("thing", ""), content["facts"].get("anomaly", "")).or_else(CELLS)
    tuned = Part.TUNING if content["labels_used"] else Part.CALIBRATION
    return _TEXT.format(
        title=" and ".join(
            f"{part_name(member.detector)}, read by {part_name(member.score)}" for member in pipeline.members
        ),
        threshold=part_name(pipeline.threshold),
        version=content["normocyte"],
        seed=content["recipe"]["seed"],
        data=content["facts"]["data"],
        cut=content["threshold"],
        labels_used="yes" if content["labels_used"] else "no",
        images="red-cell images" if words.thing == CELLS.thing else words.things,
        thing=words.thing,
        things=words.things,
        anomaly=words.anomaly,
        basis=in_words(words, _basis(content, parts[tuned])),
        train=parts[Part.TRAIN]["cells"],
        train_patients=len(parts[Part.TRAIN]["patients"]) if are_known else "unknown",
        held_out=parts[Part.HELD_OUT]["cells"],
        held_out_of=(
            f"of {len(parts[Part.HELD_OUT]['patients'])} other patients to decide when to stop"
            if are_known
            else "others, held out to check what was learnt"
        ),
        place="stain, camera or site" if words.thing == CELLS.thing else "camera or site",
        unknown="" if are_known else _UNKNOWN.format(things=words.things),
        notes=f"\n{notes}\n" if (notes := content["recipe"].get("notes", "").strip()) else "",
        steps="; for the next member: ".join(
            ", ".join(part_name(step) for step in member.steps) or "none" for member in pipeline.members
        ),
        gate=_gate(pipeline, words),
        parameters=sum(count_parameters(member.detector.graph_) for member in pipeline.members),
    )


def _are_patients_known(content: dict[str, Any]) -> bool:
    """Whether somebody knew whose the images were that it learnt from."""
    return bool(content["facts"].get("patients_by") != UNKNOWN)


def _basis(content: dict[str, Any], part: dict[str, Any]) -> str:
    """The cells that the threshold was chosen on."""
    cells, people = part["cells"], len(part["patients"])
    labels_used, origin = content["labels_used"], content["facts"].get("calibrated_on", {})
    if origin:
        known = f"{people} patients" if people else "unknown patients"
        return f"{cells} healthy cells of {known}\nof `{origin['data']}`, another set than it learnt from"
    kind = "labelled tuning" if labels_used else "healthy calibration"
    if not _are_patients_known(content):
        return f"{cells} further {kind} cells of unknown\npatients"
    return f"{cells} {kind} cells of {people} further\npatients"


def _gate(pipeline: Pipeline, words: Words) -> str:
    if not pipeline.gate.checks:
        is_cell = words.thing == CELLS.thing
        return _UNGATED.format(a_thing="a red blood cell" if is_cell else f"{a(words.thing)} {words.thing}")
    checks = ", ".join(part_name(check) for check in pipeline.gate.checks)
    return in_words(words, _GATED.format(checks=checks))
