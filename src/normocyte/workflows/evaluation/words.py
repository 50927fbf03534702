"""What a report says in words about a run."""

import json
from collections.abc import Sequence
from pathlib import Path

from normocyte.cell_checks.contract import Check
from normocyte.cell_checks.gate import Gate
from normocyte.core.config import Table, fields_table
from normocyte.core.registry import part_name
from normocyte.core.types import ANOMALY, Record
from normocyte.core.version import __version__
from normocyte.core.words import Words, numbered
from normocyte.detectors.contract import Detector
from normocyte.detectors.support.onnx_graph import count_parameters
from normocyte.metrics.support.by_patient import FalsePositives
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.pipeline.bundle.layout import TIMES
from normocyte.pipeline.member import Member
from normocyte.pipeline.pipeline import Pipeline
from normocyte.wording.articles import a
from normocyte.wording.causes import healthy_range
from normocyte.wording.patients import patients
from normocyte.workflows.evaluation.examine import Examined

UNKNOWN_PATIENTS = "unknown patients"
NOT_RECORDED = "not recorded"


def statement(words: Words, detector: Detector, *, are_patients_known: bool) -> str:
    """What was done, for somebody who reads a report first."""
    things = words.things
    learnt = _learnt(things, detector)
    judged = f"{_scored(words, draws=detector.gives_expected)}, and a threshold, chosen beforehand on further"
    if are_patients_known:
        return (
            f"{learnt} Here it is tested on {things} of other patients, healthy and {words.anomaly}. "
            f"{judged} patients, turns the score into a decision. No patient is on both sides."
        )
    return (
        f"{learnt} Here it is tested on other {things}, healthy and {words.anomaly}. {judged} {things}, "
        f"turns the score into a decision. It is not known whose the {things} are, so those of one patient "
        "may be on both sides."
    )


def _learnt(things: str, detector: Detector) -> str:
    """What the detector was trained to do."""
    if not detector.learns:
        return f"The detector is a rule that learns nothing from {things}."
    aim = f", to {detector.trained_to}" if detector.gives_expected else ""
    return f"A detector was trained on healthy {things} only{aim}."


def _scored(words: Words, *, draws: bool) -> str:
    thing, things = words.thing, words.things
    if not draws:
        return f"How far {a(thing)} {thing} lies from healthy {things} is turned into a score"
    return (
        f"Where {a(thing)} {thing} differs from what a healthy one would look like in its place, the "
        "difference is turned into a score"
    )


def statement_of_healthy(words: Words, detector: Detector) -> str:
    """The same where only healthy ones are shown."""
    things, draws = words.things, detector.gives_expected
    return (
        f"{_learnt(things, detector)} Here it is shown on the healthy {things} that its "
        f"threshold was chosen on, which {'the network' if draws else 'it'} was not trained on. "
        f"{_scored(words, draws=draws)}. No {words.thing} here is anomalous, so how many anomalies "
        "it finds cannot be known."
    )


def _beside_compare(facts: Facts) -> str:
    """Why a comparison has other figures."""
    who = "patients" if facts.are_patients_known else facts.words.things
    return (
        f"which chose the {who} of each part; normocyte compare splits with the seeds 0, 1, 2 and so on, so "
        f"the same detector has other figures there; a demo with the seed 0 judges the {who} of its first "
        "seed"
    )


def unjudged_of(test: Examined, words: Words) -> str:
    """How many gave no score, and of which kind they are."""
    if not test.unjudged_anomalies:
        return f"{len(test.faults):,}"
    return f"{len(test.faults):,}, of which {len(test.unjudged_anomalies):,} {words.anomaly}"


def facts_of(bundle: Bundle, judged: str, how: str, unjudged: str) -> tuple[tuple[str, str], ...]:
    """The facts of a run, as pairs of a name and a value.

    `judged` counts the cells in words, `how` says how they were chosen, `unjudged` how many gave no score.
    """
    pipeline, recipe, facts = bundle.pipeline, bundle.recipe, bundle.facts
    origin, things = facts.calibrated_on, facts.words.things
    used = (
        f"labelled tuning {things}"
        if pipeline.threshold.uses_labels
        else f"healthy calibration {things} only, no labels"
    )
    return (
        ("Data the bundle was made from", facts.data),
        *((("Data it was calibrated on", origin.data),) if origin.is_another_set else ()),
        (f"{things.capitalize()} judged", judged),
        ("How they were chosen", how),
        (f"{things.capitalize()} that could not be judged", unjudged),
        *((f"Part: {part.part.replace('_', '-')}", people_of(facts, part)) for part in facts.parts),
        ("Protocol of the split", recipe.protocol),
        ("Seed", f"{recipe.seed}, {_beside_compare(facts)}"),
        *(("Check of quality", checked(check, pipeline.gate)) for check in pipeline.gate.checks),
        *(pair for index, member in enumerate(pipeline.members, start=1) for pair in _parts(member, index)),
        *((("Fusion", with_values(pipeline.fusion)),) if pipeline.is_ensemble else ()),
        ("Time of learning", _training_time(bundle.folder)),
        ("Threshold", f"{pipeline.threshold.cut:.6g}, by {with_fields(pipeline.threshold)}, from {used}"),
        ("What the threshold states", bundle.guarantee),
        ("Normocyte", __version__),
    )


def checked(check: Check, gate: Gate) -> str:
    """A check with its fields, and the healthy ranges of what it measures."""
    names = [measure.name for measure in check.measures]
    ranges = [f"{name} {healthy_range(gate.healthy_range(name))}" for name in names]
    return f"{with_fields(check)}: {'; '.join(ranges)}"


def _parts(member: Member, place: int) -> tuple[tuple[str, str], ...]:
    """The parts of a member, the first without its number."""
    which = f" of member {place}" if place > 1 else ""
    return (
        (f"Steps{which}", " → ".join(with_fields(step) for step in member.steps)),
        (f"Detector{which}", with_fields(member.detector)),
        (f"Learnt numbers in the network{which}", f"{count_parameters(member.detector.graph_):,}"),
        (f"Score{which}", with_fields(member.score)),
    )


def rate_facts(rates: FalsePositives) -> tuple[tuple[str, str], ...]:
    """The false-positive rate by patient: the one in the middle and the worst."""
    if not len(rates.patients):
        return ()
    worst = rates.patients[rates.rates.argmax()]
    return (
        ("False-positive rate, median patient", f"{rates.median:.2%}"),
        ("False-positive rate, worst patient", f"{rates.worst:.2%} ({worst})"),
    )


def counted(records: Sequence[Record], *, are_patients_known: bool) -> str:
    """How many cells, patients, healthy and anomalous ones."""
    infected = sum(record.label == ANOMALY for record in records)
    people = patients(len({record.patient for record in records})) if are_patients_known else UNKNOWN_PATIENTS
    healthy = len(records) - infected
    return f"{len(records):,} of {people}: {healthy:,} healthy, {infected:,} anomalous"


def name_of(pipeline: Pipeline) -> str:
    """What a pipeline is called: its detector, or those of its members."""
    return " + ".join(part_name(member.detector) for member in pipeline.members)


def rule_words(table: Table) -> str:
    """A rule by its table, as a bundle keeps it."""
    fields = ", ".join(f"{key}={_short(value)}" for key, value in table.items() if key != "name")
    return f"{table['name']}({fields})" if fields else str(table["name"])


def people_of(facts: Facts, part: PartFacts) -> str:
    """How many cells of how many patients a part has."""
    if not part.cells:
        return f"0 {facts.words.things}"
    people = patients(len(part.patients)) if facts.knows_patients_of(part) else UNKNOWN_PATIENTS
    return f"{numbered(part.cells, facts.words.thing)} of {people}"


def with_fields(part: object) -> str:
    """A part by name, with all of its fields."""
    fields = with_values(part)
    return f"{part_name(part)}({fields})" if fields else part_name(part)


def with_values(part: object) -> str:
    """The fields of a part."""
    return ", ".join(f"{key}={_short(value)}" for key, value in fields_table(part).items())


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _training_time(folder: Path) -> str:
    try:
        seconds = json.loads((folder.parent / TIMES).read_text(encoding="utf-8"))["seconds"]
        return _seconds(float(seconds)) if seconds else NOT_RECORDED
    except (OSError, ValueError, KeyError, TypeError):
        return NOT_RECORDED


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds >= 1 else "less than 1 s"
